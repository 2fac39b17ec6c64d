//! What changed between two versions' texts, by words, page by page of the newer one.
//!
//! First lines are compared, over the whole document, so that an inserted page does not make every
//! later one look changed; then words within what differs, so that a paragraph that merely breaks
//! its lines elsewhere shows no change. What is too different to compare cheaply is shown as
//! replaced as a whole.

pub mod lines;
pub mod looks;
pub mod marks;
pub mod parts;

use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// The most lines of one document that are compared; what comes after is not.
const LINES_MAX: usize = 20_000;
/// The most words of a differing part, old times new, that are compared one by one.
const WORD_PAIRS_MAX: usize = 4_000_000;

/// How a piece of text stands in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Same,
    /// Only in the newer.
    Added,
    /// Only in the older.
    Removed,
}

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How it stands.
    pub change: Change,
    /// The words, single spaces between; lines end by a line feed.
    pub text: String,
}

/// One page of the newer version, with what was removed where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedPage {
    /// The page of the newer version, from 1.
    pub number: usize,
    /// The text in order.
    pub pieces: Vec<Piece>,
}

impl ComparedPage {
    /// Whether anything was added or removed here.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.pieces.iter().any(|piece| piece.change != Change::Same)
    }
}

/// One line with the page it stands on, from 1.
struct Line<'a> {
    page: usize,
    words: Vec<&'a str>,
}

fn lines_of(pages: &[String]) -> Vec<Line<'_>> {
    let numbered = pages.iter().enumerate().flat_map(|(index, text)| {
        text.lines().map(move |line| Line {
            page: index.saturating_add(1),
            words: line.split_whitespace().collect(),
        })
    });
    numbered
        .filter(|line| !line.words.is_empty())
        .take(LINES_MAX)
        .collect()
}

/// Compares the texts of two versions, each a text a page.
#[must_use]
pub fn compare(older: &[String], newer: &[String]) -> Vec<ComparedPage> {
    let (old_lines, new_lines) = (lines_of(older), lines_of(newer));
    let old_keys: Vec<&[&str]> = old_lines.iter().map(|line| line.words.as_slice()).collect();
    let new_keys: Vec<&[&str]> = new_lines.iter().map(|line| line.words.as_slice()).collect();
    let mut pages = Pages::new(newer.len());
    for step in capture_diff_slices(Algorithm::Patience, &old_keys, &new_keys) {
        let old = old_lines.get(step.old_range()).unwrap_or_default();
        let new = new_lines.get(step.new_range()).unwrap_or_default();
        if step.tag() == similar::DiffTag::Equal {
            for line in new {
                pages.push(line.page, Change::Same, &line.words, "\n");
            }
        } else {
            compare_words(old, new, &mut pages);
        }
    }
    pages.done
}

/// A word with its page and what follows it.
type PlacedWord<'a> = (usize, &'a str, &'static str);

fn words_of<'a>(lines: &[Line<'a>]) -> Vec<PlacedWord<'a>> {
    let mut words = Vec::new();
    for line in lines {
        let last = line.words.len().saturating_sub(1);
        for (index, word) in line.words.iter().enumerate() {
            words.push((line.page, *word, if index == last { "\n" } else { " " }));
        }
    }
    words
}

fn compare_words(old: &[Line<'_>], new: &[Line<'_>], pages: &mut Pages) {
    let (old, new) = (words_of(old), words_of(new));
    if old.len().saturating_mul(new.len()) > WORD_PAIRS_MAX {
        for (_, word, end) in &old {
            pages.push_here(Change::Removed, word, end);
        }
        for (page, word, end) in &new {
            pages.push(*page, Change::Added, &[word], end);
        }
        return;
    }
    let old_keys: Vec<&str> = old.iter().map(|(_, word, _)| *word).collect();
    let new_keys: Vec<&str> = new.iter().map(|(_, word, _)| *word).collect();
    for step in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        for change in step.iter_changes(&old_keys, &new_keys) {
            match change.tag() {
                ChangeTag::Delete => {
                    if let Some((_, word, end)) = change.old_index().and_then(|i| old.get(i)) {
                        pages.push_here(Change::Removed, word, end);
                    }
                }
                tag => {
                    let kind = if tag == ChangeTag::Equal {
                        Change::Same
                    } else {
                        Change::Added
                    };
                    if let Some((page, word, end)) = change.new_index().and_then(|i| new.get(i)) {
                        pages.push(*page, kind, &[word], end);
                    }
                }
            }
        }
    }
}

/// The pages as they fill; what was removed stands on the page that is being filled.
struct Pages {
    done: Vec<ComparedPage>,
    current: usize,
}

impl Pages {
    fn new(count: usize) -> Self {
        let page = |number| ComparedPage {
            number,
            pieces: Vec::new(),
        };
        Self {
            done: (1..=count.max(1)).map(page).collect(),
            current: 1,
        }
    }

    fn push(&mut self, page: usize, change: Change, words: &[&str], end: &str) {
        self.current = page;
        self.push_here(change, &words.join(" "), end);
    }

    fn push_here(&mut self, change: Change, text: &str, end: &str) {
        let index = self.current.saturating_sub(1);
        let Some(page) = self.done.get_mut(index) else {
            return;
        };
        match page.pieces.last_mut() {
            Some(last) if last.change == change => {
                last.text.push_str(text);
                last.text.push_str(end);
            }
            _ => page.pieces.push(Piece {
                change,
                text: format!("{text}{end}"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(older: &[&str], newer: &[&str]) -> String {
        let own = |pages: &[&str]| {
            pages
                .iter()
                .map(|page| (*page).to_owned())
                .collect::<Vec<_>>()
        };
        let mut out = String::new();
        for page in compare(&own(older), &own(newer)) {
            out.push_str(&format!("[{}]", page.number));
            for piece in &page.pieces {
                let text = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
                match piece.change {
                    Change::Same => out.push_str(&format!(" {text}")),
                    Change::Added => out.push_str(&format!(" +{text}+")),
                    Change::Removed => out.push_str(&format!(" -{text}-")),
                }
            }
        }
        out
    }

    #[test]
    fn a_changed_word_is_found_and_nothing_else() {
        let old = "Поставщик обязуется\nпоставить бумагу за 10 дней";
        let new = "Поставщик обязуется\nпоставить бумагу за 30 дней";
        assert_eq!(
            shown(&[old], &[new]),
            "[1] Поставщик обязуется поставить бумагу за -10- +30+ дней"
        );
    }

    #[test]
    fn other_line_breaks_are_no_change() {
        assert_eq!(shown(&["a b\nc d"], &["a\nb c d"]), "[1] a b c d");
    }

    #[test]
    fn an_inserted_page_leaves_the_others_alone() {
        assert_eq!(
            shown(&["one\ntwo", "three"], &["one\ntwo", "new page", "three"]),
            "[1] one two[2] +new page+[3] three"
        );
        assert_eq!(shown(&["one", "two"], &["one"]), "[1] one -two-");
        assert_eq!(shown(&["one"], &[]), "[1] -one-");
    }

    #[test]
    fn what_is_entirely_other_is_replaced_as_a_whole() {
        let words = |prefix: &str| {
            (0..2_500)
                .map(|n| format!("{prefix}{n}\n"))
                .collect::<String>()
        };
        let compared = compare(&[words("a")], &[words("b")]);
        let kinds: Vec<Change> = compared[0]
            .pieces
            .iter()
            .map(|piece| piece.change)
            .collect();
        assert_eq!(kinds, [Change::Removed, Change::Added]);
    }
}
