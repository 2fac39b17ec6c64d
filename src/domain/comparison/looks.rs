//! What is seen otherwise in one state of a file than in another: page by page, by the drawings and
//! by the texts.

use chancery_types::Digest;

use super::{ComparedPage, Piece, compare};

/// How a page of the later state stands beside the same page of the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Drawn to the last pixel as before, with the same text.
    Same,
    /// Drawn otherwise.
    Differs,
    /// Drawn as before, over another text: what is searched, copied and read aloud.
    OtherText,
    /// Not there before.
    Added,
    /// Not there any more.
    Removed,
    /// One of the two could not be drawn, or was not: nothing can be said.
    Unknown,
}

impl Look {
    /// As pages and calls name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::OtherText => "other_text",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Unknown => "unknown",
        }
    }
}

/// One page of one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// It has this picture, by its digest: the same pixels give the same picture.
    As(Digest),
    /// It could not be drawn, or was not.
    Not,
}

/// A page as it is seen in both states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPage {
    /// The page, from 1.
    pub number: usize,
    /// How the two stand.
    pub look: Look,
    /// The text of the later state, with what was removed; empty if it is the same.
    pub pieces: Vec<Piece>,
}

/// One state of a file, page by page.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The pictures.
    pub drawn: Vec<Drawn>,
    /// The texts, as far as pages were read.
    pub texts: Vec<String>,
}

/// Compares the pages of two states, each with the page of the same number.
#[must_use]
pub fn compare_looks(older: &State, newer: &State) -> Vec<SeenPage> {
    let count = older.drawn.len().max(newer.drawn.len());
    (0..count).map(|index| see(older, newer, index)).collect()
}

fn see(older: &State, newer: &State, index: usize) -> SeenPage {
    let (before, now) = (older.drawn.get(index), newer.drawn.get(index));
    let is_drawn = |page: Option<&Drawn>| page != Some(&Drawn::Not);
    // A page that is not there has no words.
    let text = |state: &State| [state.texts.get(index).cloned().unwrap_or_default()];
    let text = (is_drawn(before) && is_drawn(now))
        .then(|| compare(&text(older), &text(newer)))
        .and_then(|pages| pages.into_iter().next())
        .filter(ComparedPage::is_changed);
    let look = match (before, now) {
        _ if !is_drawn(before) || !is_drawn(now) => Look::Unknown,
        (None, _) => Look::Added,
        (_, None) => Look::Removed,
        (before, now) if before != now => Look::Differs,
        _ if text.is_some() => Look::OtherText,
        _ => Look::Same,
    };
    SeenPage {
        number: index.saturating_add(1),
        look,
        pieces: text.map(|text| text.pieces).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pages: &[&str]) -> Vec<Drawn> {
        let page = |text: &&str| match *text {
            "?" => Drawn::Not,
            text => Drawn::As(Digest::of(text.as_bytes())),
        };
        pages.iter().map(page).collect()
    }

    fn looks(older: &[&str], newer: &[&str], texts: (&[&str], &[&str])) -> Vec<Look> {
        let own = |pages: &[&str]| {
            pages
                .iter()
                .map(|one| (*one).to_owned())
                .collect::<Vec<_>>()
        };
        let state = |pages: &[&str], texts: &[&str]| State {
            drawn: drawn(pages),
            texts: own(texts),
        };
        let seen = compare_looks(&state(older, texts.0), &state(newer, texts.1));
        seen.into_iter().map(|page| page.look).collect()
    }

    #[test]
    fn a_page_is_the_same_only_if_pixels_and_words_are() {
        let same: (&[&str], &[&str]) = (&["one", "two"], &["one", "two"]);
        assert_eq!(looks(&["a", "b"], &["a", "b"], same), [Look::Same; 2]);
        assert_eq!(
            looks(&["a", "b"], &["a", "c"], same),
            [Look::Same, Look::Differs]
        );
        let other: (&[&str], &[&str]) = (&["one", "two"], &["one", "three"]);
        assert_eq!(
            looks(&["a", "b"], &["a", "b"], other),
            [Look::Same, Look::OtherText]
        );
        assert_eq!(
            looks(&["a"], &["a", "b"], (&["one"], &["one", "two"])),
            [Look::Same, Look::Added]
        );
        assert_eq!(
            looks(&["a", "b"], &["a"], (&["one", ""], &["one"])),
            [Look::Same, Look::Removed]
        );
    }

    #[test]
    fn what_was_not_compared_is_never_called_the_same() {
        let same: (&[&str], &[&str]) = (&["one", "two"], &["one", "two"]);
        assert_eq!(
            looks(&["a", "?"], &["a", "?"], same),
            [Look::Same, Look::Unknown]
        );
        let unread: (&[&str], &[&str]) = (&["one"], &["one", "two"]);
        assert_eq!(
            looks(&["a", "?"], &["a", "b"], unread),
            [Look::Same, Look::Unknown]
        );
    }
}
