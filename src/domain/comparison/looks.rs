//! What is seen otherwise in one state of a file than in another: page by page, by the drawings and
//! by the texts.

use chancery_types::Digest;

use super::{ComparedPage, Piece};

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

/// Compares the pages of two states. `texts` are those of the later one, as [`super::compare`]
/// gives them; of a page that is not drawn they say nothing.
#[must_use]
pub fn compare_looks(older: &[Drawn], newer: &[Drawn], texts: Vec<ComparedPage>) -> Vec<SeenPage> {
    let mut texts = texts.into_iter();
    let count = older.len().max(newer.len());
    let pages = (0..count).map(|index| {
        let text = texts.next().filter(ComparedPage::is_changed);
        let look = match (older.get(index), newer.get(index)) {
            (None, _) => Look::Added,
            (_, None) => Look::Removed,
            (Some(Drawn::As(before)), Some(Drawn::As(now))) if before != now => Look::Differs,
            (Some(Drawn::As(_)), Some(Drawn::As(_))) if text.is_some() => Look::OtherText,
            (Some(Drawn::As(_)), Some(Drawn::As(_))) => Look::Same,
            _ => Look::Unknown,
        };
        SeenPage {
            number: index.saturating_add(1),
            look,
            pieces: match look {
                Look::Unknown => Vec::new(),
                _ => text.map(|text| text.pieces).unwrap_or_default(),
            },
        }
    });
    pages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::comparison::compare;

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
        let texts = compare(&own(texts.0), &own(texts.1));
        let seen = compare_looks(&drawn(older), &drawn(newer), texts);
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
