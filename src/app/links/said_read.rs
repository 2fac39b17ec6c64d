//! Which pages a link's reader says they have read, and when they said so. That they were sent the
//! page first, and when, is known from `signing::shown`; whether they read it, only they know.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chancery_types::Instant;

use crate::app::AppError;

/// Page (from 1) and the moment of its first mention, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidRead(BTreeMap<i64, i64>);

impl SaidRead {
    /// As `link_visits.pages_read` keeps it. What it does not say counts as unread: the reader is
    /// asked once more.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// For the row.
    ///
    /// # Errors
    ///
    /// None that could happen: numbers by numbers are JSON.
    pub fn to_text(&self) -> Result<String, AppError> {
        serde_json::to_string(&self.0).map_err(|error| AppError::Internal(error.into()))
    }

    /// Adds pages that were not said before.
    pub fn add(&mut self, pages: RangeInclusive<i64>, now: Instant) {
        for page in pages {
            self.0.entry(page).or_insert(now.micros());
        }
    }

    /// The pages, ascending.
    pub fn pages(&self) -> impl Iterator<Item = i64> {
        self.0.keys().copied()
    }

    /// The pages, each with the moment.
    pub fn moments(&self) -> impl Iterator<Item = (i64, Instant)> {
        let pages = self.0.iter();
        pages.map(|(page, at)| (*page, Instant::from_micros(*at)))
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has this page.
    #[must_use]
    pub fn has(&self, page: i64) -> bool {
        self.0.contains_key(&page)
    }

    /// Whether it has the first `count` pages.
    #[must_use]
    pub fn has_all(&self, count: i64) -> bool {
        (1..=count).all(|page| self.has(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_the_moment_of_its_first_mention() {
        let at = Instant::from_micros;
        let mut said = SaidRead::parse("{}");
        said.add(1..=2, at(5));
        said.add(2..=4, at(9));
        let said = SaidRead::parse(&said.to_text().expect("JSON"));
        let moments: Vec<_> = said.moments().collect();
        assert_eq!(moments, [(1, at(5)), (2, at(5)), (3, at(9)), (4, at(9))]);
        assert!(said.has_all(4) && !said.has_all(5));
    }

    #[test]
    fn what_cannot_be_read_counts_as_unread() {
        for text in ["", "[1,2]", "{\"one\":1}"] {
            assert!(SaidRead::parse(text).is_empty(), "{text}");
        }
    }
}
