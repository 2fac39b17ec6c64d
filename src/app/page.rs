//! Lists a page at a time: an opaque cursor names the last row that was shown.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::app::AppError;

/// The last row of a page: the value the list is ordered by, and the identifier that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The value that orders the list: microseconds, a name.
    pub key: String,
    /// The row.
    pub id: Uuid,
}

/// The longest cursor taken from outside, in bytes.
const CURSOR_BYTES_MAX: usize = 2_000;

impl Cursor {
    /// After the row `id` of a list that is ordered by `key`.
    #[must_use]
    pub fn after(key: impl ToString, id: impl Into<Uuid>) -> Self {
        Self {
            key: key.to_string(),
            id: id.into(),
        }
    }

    /// As the wire has it.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = self.id.as_bytes().to_vec();
        bytes.extend(self.key.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on the field `cursor`.
    pub fn decode(text: &str) -> Result<Self, AppError> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (id, key) = bytes.split_at_checked(16)?;
            let id = Uuid::from_slice(id).ok()?;
            let key = std::str::from_utf8(key).ok()?.to_owned();
            Some(Self { key, id })
        };
        (text.len() <= CURSOR_BYTES_MAX)
            .then(read)
            .flatten()
            .ok_or_else(|| AppError::invalid("cursor", "cursor"))
    }

    /// The ordering value as microseconds.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on the field `cursor`, if it is of another list.
    pub fn micros(&self) -> Result<i64, AppError> {
        self.key
            .parse()
            .map_err(|_| AppError::invalid("cursor", "cursor"))
    }
}

/// Which rows of a list are wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// After this row; from the beginning without.
    pub after: Option<Cursor>,
    /// At most so many rows.
    pub rows_max: u64,
}

/// Some rows of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of what was found when one row more than `rows_max` was asked for.
    #[must_use]
    pub fn of(mut found: Vec<T>, rows_max: u64, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let rows_max = usize::try_from(rows_max).unwrap_or(usize::MAX);
        let more = found.len() > rows_max;
        found.truncate(rows_max);
        let next = found.last().filter(|_| more).map(cursor);
        Self { rows: found, next }
    }

    /// The same page of other rows.
    #[must_use]
    pub fn map<U>(self, with: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(with).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor::after("Ромашка", Uuid::from_u128(7));
        assert_eq!(Cursor::decode(&cursor.encode()).expect("a cursor"), cursor);
        assert!(Cursor::decode("not one").is_err());
        assert!(Cursor::decode(&"A".repeat(4_000)).is_err());
        assert!(cursor.micros().is_err());
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let cut = |found: Vec<u128>| {
            let page = Page::of(found, 2, |row| Cursor::after(row, Uuid::from_u128(*row)));
            (page.rows, page.next.map(|next| next.key))
        };
        assert_eq!(cut(vec![1, 2]), (vec![1, 2], None));
        assert_eq!(cut(vec![1, 2, 3]), (vec![1, 2], Some("2".to_owned())));
    }
}
