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

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use similar::{Algorithm, ChangeTag, capture_diff_slices};
use unicode_normalization::UnicodeNormalization as _;

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

/// A word as it stands, and as it is compared.
#[derive(Clone, Debug)]
struct Word<'a> {
    shown: &'a str,
    key: Cow<'a, str>,
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Word<'_> {}

impl Hash for Word<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl PartialOrd for Word<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl<'a> Word<'a> {
    fn new(shown: &'a str) -> Self {
        let key = match shown.is_ascii() {
            true => Cow::Borrowed(shown),
            false => Cow::Owned(folded(shown)),
        };
        Self { shown, key }
    }
}

/// A word without what programs write in several ways and nobody sees: ligatures of letters, marks
/// that stand apart from their letter, places where a word may break. What looks alike and means
/// something else, such as 10² and 102, stays apart.
fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.nfc() {
        match letter {
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            'ﬅ' | 'ﬆ' => out.push_str("st"),
            other => out.push(other),
        }
    }
    out
}

/// One line with the page it stands on, from 1.
struct Line<'a> {
    page: usize,
    words: Vec<Word<'a>>,
}

fn lines_of(pages: &[String]) -> Vec<Line<'_>> {
    let numbered = pages.iter().enumerate().flat_map(|(index, text)| {
        text.lines().map(move |line| Line {
            page: index.saturating_add(1),
            words: line.split_whitespace().map(Word::new).collect(),
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
    let old_keys: Vec<&[Word<'_>]> = old_lines.iter().map(|line| line.words.as_slice()).collect();
    let new_keys: Vec<&[Word<'_>]> = new_lines.iter().map(|line| line.words.as_slice()).collect();
    let mut pages = Pages::new(newer.len());
    for step in capture_diff_slices(Algorithm::Patience, &old_keys, &new_keys) {
        let old = old_lines.get(step.old_range()).unwrap_or_default();
        let new = new_lines.get(step.new_range()).unwrap_or_default();
        if step.tag() == similar::DiffTag::Equal {
            for line in new {
                let words: Vec<&str> = line.words.iter().map(|word| word.shown).collect();
                pages.push(line.page, Change::Same, &words, "\n");
            }
        } else {
            compare_words(old, new, &mut pages);
        }
    }
    pages.done
}

/// A word with its page and what follows it.
type PlacedWord<'a> = (usize, Word<'a>, &'static str);

fn words_of<'a>(lines: &[Line<'a>]) -> Vec<PlacedWord<'a>> {
    let mut words = Vec::new();
    for line in lines {
        let last = line.words.len().saturating_sub(1);
        for (index, word) in line.words.iter().enumerate() {
            let end = if index == last { "\n" } else { " " };
            words.push((line.page, word.clone(), end));
        }
    }
    words
}

fn compare_words(old: &[Line<'_>], new: &[Line<'_>], pages: &mut Pages) {
    let (old, new) = (words_of(old), words_of(new));
    if old.len().saturating_mul(new.len()) > WORD_PAIRS_MAX {
        for (_, word, end) in &old {
            pages.push_here(Change::Removed, word.shown, end);
        }
        for (page, word, end) in &new {
            pages.push(*page, Change::Added, &[word.shown], end);
        }
        return;
    }
    let old_keys: Vec<&Word<'_>> = old.iter().map(|(_, word, _)| word).collect();
    let new_keys: Vec<&Word<'_>> = new.iter().map(|(_, word, _)| word).collect();
    for step in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        for change in step.iter_changes(&old_keys, &new_keys) {
            match change.tag() {
                ChangeTag::Delete => {
                    if let Some((_, word, end)) = change.old_index().and_then(|i| old.get(i)) {
                        pages.push_here(Change::Removed, word.shown, end);
                    }
                }
                tag => {
                    let kind = if tag == ChangeTag::Equal {
                        Change::Same
                    } else {
                        Change::Added
                    };
                    if let Some((page, word, end)) = change.new_index().and_then(|i| new.get(i)) {
                        pages.push(*page, kind, &[word.shown], end);
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

    /// A program writes «fi» as one letter, й as и and a mark, and hyphens that nobody sees.
    #[test]
    fn the_same_word_written_otherwise_is_no_change() {
        let told = shown(
            &["o\u{fb01}ce Мои\u{306} дого\u{ad}вор"],
            &["office Мой договор"],
        );
        assert_eq!(told, "[1] -o\u{fb01}ce- +office+ Мой договор");
        let told = shown(&["e\u{fb03}cient"], &["efficient"]);
        assert_eq!(told, "[1] efficient");
        assert_eq!(shown(&["10² m"], &["102 m"]), "[1] -10²- +102+ m");
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
