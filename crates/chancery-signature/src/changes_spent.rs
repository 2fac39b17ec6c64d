//! What comparing revisions costs, and where it ends.

/// Most bytes of names in the changes of one revision, and of all: a name is written once and may
/// be named by each of ten thousand revisions.
pub(crate) const TEXT_MAX: usize = 4 * 1024 * 1024;

/// Most rows of cross-reference tables that are read to open revisions anew.
const ROWS_MAX: u64 = 4 * 1024 * 1024;

/// How much comparing may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComparisonLimits {
    /// Most revisions that are compared.
    pub revisions_max: usize,
    /// Most of them that must be opened anew, because they do not stand in order. As many are
    /// compared however many objects they read.
    pub reopened_max: usize,
    /// Most objects that are read for the others, over all of them, beside those they wrote.
    pub objects_max: u64,
    /// Most bytes that are parsed and decoded for the others, over all of them.
    pub bytes_max: u64,
    /// Most changes that are listed, over all revisions.
    pub changes_max: usize,
}

/// What comparing has cost so far.
#[derive(Default)]
pub(crate) struct Spent {
    pub reopened: usize,
    pub rows: u64,
    pub objects: u64,
    pub bytes: u64,
    pub changes: usize,
    pub text: usize,
}

impl Spent {
    /// Whether one more revision may be compared.
    pub fn allows(&self, compared: usize, most: &ComparisonLimits) -> bool {
        let cheap = self.objects <= most.objects_max || compared < most.reopened_max;
        compared < most.revisions_max
            && self.changes <= most.changes_max
            && self.text <= TEXT_MAX
            && self.bytes <= most.bytes_max
            && cheap
    }

    /// Whether one more revision may be opened anew.
    pub fn reopens(&self, most: &ComparisonLimits) -> bool {
        self.reopened < most.reopened_max && self.rows <= ROWS_MAX
    }

    /// How many bytes may still be parsed of each of two revisions.
    pub fn left_for_each(&self, most: &ComparisonLimits) -> u64 {
        most.bytes_max.saturating_sub(self.bytes) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_37_long_tables_are_not_read_for_every_revision() {
        let most = ComparisonLimits {
            revisions_max: 9,
            reopened_max: 9,
            objects_max: 9,
            bytes_max: 9,
            changes_max: 9,
        };
        let after = |rows: u64| Spent {
            rows,
            ..Spent::default()
        };
        assert!(after(ROWS_MAX).reopens(&most));
        assert!(!after(ROWS_MAX + 1).reopens(&most));
        // What is spent is spent by both revisions.
        assert_eq!(after(0).left_for_each(&most), 4);
    }
}
