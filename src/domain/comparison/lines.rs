//! What changed between two texts, by lines, each change with some lines around it.

use similar::{ChangeTag, TextDiff};

use super::Change;

/// The most lines of both texts together that are compared one by one; beyond, all of the older is
/// taken away and all of the newer added.
const LINES_MAX: usize = 40_000;

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedLine {
    /// How it stands.
    pub change: Change,
    /// Its number in the older text, from 1.
    pub before: Option<usize>,
    /// Its number in the newer text, from 1.
    pub after: Option<usize>,
    /// The text, without its end of line.
    pub text: String,
}

/// The changes that stand near one another, in the order of the texts.
pub type Hunk = Vec<ComparedLine>;

/// The changes from `older` to `newer`, each with at most `around` lines before and after it.
/// Nothing for texts that are the same.
#[must_use]
pub fn compare_lines(older: &str, newer: &str, around: usize) -> Vec<Hunk> {
    if older == newer {
        return Vec::new();
    }
    let lines = older.lines().count().saturating_add(newer.lines().count());
    if lines > LINES_MAX {
        return vec![replaced(older, newer)];
    }
    let compared = TextDiff::from_lines(older, newer);
    let line = |change: similar::Change<&str>| ComparedLine {
        change: match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Insert => Change::Added,
            ChangeTag::Delete => Change::Removed,
        },
        before: change.old_index().map(|index| index.saturating_add(1)),
        after: change.new_index().map(|index| index.saturating_add(1)),
        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
    };
    let groups = compared.grouped_ops(around);
    let hunks = groups.iter().map(|group| {
        let changes = group.iter().flat_map(|part| compared.iter_changes(part));
        changes.map(line).collect()
    });
    hunks.collect()
}

fn replaced(older: &str, newer: &str) -> Hunk {
    let numbered = |text: &str, change: Change| -> Vec<ComparedLine> {
        let lines = text.lines().zip(1..);
        lines
            .map(|(text, number)| ComparedLine {
                change,
                before: (change == Change::Removed).then_some(number),
                after: (change == Change::Added).then_some(number),
                text: text.to_owned(),
            })
            .collect()
    };
    let mut all = numbered(older, Change::Removed);
    all.extend(numbered(newer, Change::Added));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told<'a> = (Change, Option<usize>, Option<usize>, &'a str);

    fn told(hunks: &[Hunk]) -> Vec<Vec<Told<'_>>> {
        let line = |line: &ComparedLine| (line.change, line.before, line.after);
        let hunks = hunks.iter().map(|hunk| {
            let lines = hunk.iter().map(|one| {
                let (change, before, after) = line(one);
                (change, before, after, one.text.as_str())
            });
            lines.collect()
        });
        hunks.collect()
    }

    #[test]
    fn changes_far_apart_are_two_and_each_line_has_its_number_on_either_side() {
        let older = "a\nb\nc\nd\ne\nf\ng\n";
        let newer = "a\nB\nc\nd\ne\nf\ng\nh";
        let hunks = compare_lines(older, newer, 1);
        assert_eq!(
            told(&hunks),
            [
                vec![
                    (Change::Same, Some(1), Some(1), "a"),
                    (Change::Removed, Some(2), None, "b"),
                    (Change::Added, None, Some(2), "B"),
                    (Change::Same, Some(3), Some(3), "c"),
                ],
                vec![
                    (Change::Same, Some(7), Some(7), "g"),
                    (Change::Added, None, Some(8), "h"),
                ],
            ]
        );
        assert!(compare_lines(older, older, 3).is_empty());
    }

    #[test]
    fn what_is_too_long_is_replaced_as_a_whole() {
        let older = "x\n".repeat(LINES_MAX);
        let hunks = compare_lines(&older, "y\n", 3);
        assert_eq!(hunks.len(), 1);
        assert_eq!(hunks[0].len(), LINES_MAX + 1);
        assert!(hunks[0].iter().all(|line| line.change != Change::Same));
    }
}
