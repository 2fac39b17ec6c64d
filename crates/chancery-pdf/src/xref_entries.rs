//! What one cross-reference section says about each object.

use std::sync::Arc;

use crate::xref::XrefEntry;

/// What a section says about each object, by number: two lists and not a tree, because a file may
/// have thousands of sections that say a word about three objects each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    numbers: Arc<[u32]>,
    places: Box<[XrefEntry]>,
    /// Objects for which two places were given.
    conflicting: Box<[u32]>,
}

impl Entries {
    /// From entries in any order; of two about one object the first is meant.
    pub(crate) fn of(mut listed: Vec<(u32, XrefEntry)>) -> Self {
        listed.sort_by_key(|(number, _)| *number);
        let differs = |pair: &[(u32, XrefEntry)]| match pair {
            [first, second] => first.0 == second.0 && first.1 != second.1,
            _ => false,
        };
        let conflicts = listed.windows(2).filter(|pair| differs(pair));
        let conflicting = conflicts.filter_map(|pair| Some(pair.first()?.0)).collect();
        listed.dedup_by_key(|(number, _)| *number);
        Self {
            numbers: listed.iter().map(|(number, _)| *number).collect(),
            places: listed.into_iter().map(|(_, place)| place).collect(),
            conflicting,
        }
    }

    /// The objects for which two places were given.
    #[must_use]
    pub fn conflicting(&self) -> &[u32] {
        &self.conflicting
    }

    /// Whether two places were given for some object.
    pub(crate) fn is_contradictory(&self) -> bool {
        !self.conflicting.is_empty()
    }

    /// Each object with its place, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, XrefEntry)> + '_ {
        self.numbers
            .iter()
            .copied()
            .zip(self.places.iter().copied())
    }

    /// The numbers alone, in order.
    #[must_use]
    pub fn numbers(&self) -> &Arc<[u32]> {
        &self.numbers
    }
}
