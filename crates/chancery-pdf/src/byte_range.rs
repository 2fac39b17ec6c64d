//! The spans of bytes that a signature covers.

use std::ops::Range;

/// Two spans of a file with a gap between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    entry: [u64; 4],
    file_len: u64,
}

/// Why four numbers are no byte range of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ByteRangeError {
    /// The second span starts inside or before the first.
    #[error("the second span starts inside or before the first")]
    Backwards,
    /// A span ends beyond the file.
    #[error("a span ends beyond the end of the file")]
    PastEnd,
}

impl ByteRange {
    /// Reads a `/ByteRange` entry against a file of `file_len` bytes.
    ///
    /// `entry` is `[start₁ length₁ start₂ length₂]`, in bytes from the first byte of the file. The
    /// gap between the spans holds the signature itself, which cannot cover its own bytes. Ending
    /// before the end of the file is legal (something was appended after signing): ask
    /// [`ByteRange::covers_whole_file`].
    ///
    /// # Errors
    ///
    /// * [`ByteRangeError::Backwards`]: the second span starts inside or before the first.
    /// * [`ByteRangeError::PastEnd`]: a span ends beyond the file. Never clamped: a signature that
    ///   claims bytes we do not have is not a signature of this file.
    ///
    /// # Source
    ///
    /// ISO 32000-2:2020, 12.8.1. That the gap holds nothing but `/Contents` is checked by
    /// [`signature_coverage`](crate::coverage::signature_coverage).
    ///
    /// # Example
    ///
    /// ```
    /// use chancery_pdf::{ByteRange, ByteRangeError};
    ///
    /// let range = ByteRange::new([0, 840, 960, 240], 1200)?;
    /// assert_eq!(range.gap(), 840..960);
    /// assert_eq!(ByteRange::new([0, 961, 960, 240], 1200), Err(ByteRangeError::Backwards));
    /// # Ok::<(), ByteRangeError>(())
    /// ```
    pub fn new(entry: [u64; 4], file_len: u64) -> Result<ByteRange, ByteRangeError> {
        let [start, length, restart, relength] = entry;
        let first_end = start.checked_add(length).ok_or(ByteRangeError::PastEnd)?;
        let second_end = restart
            .checked_add(relength)
            .ok_or(ByteRangeError::PastEnd)?;
        if restart < first_end {
            return Err(ByteRangeError::Backwards);
        }
        if first_end > file_len || second_end > file_len {
            return Err(ByteRangeError::PastEnd);
        }
        Ok(ByteRange { entry, file_len })
    }

    /// The four numbers as they stand in the file.
    #[must_use]
    pub fn entry(&self) -> [u64; 4] {
        self.entry
    }

    /// The two spans covered.
    #[must_use]
    pub fn spans(&self) -> [Range<u64>; 2] {
        let [start, length, restart, relength] = self.entry;
        // `new` has shown that neither sum overflows.
        [
            start..start.saturating_add(length),
            restart..restart.saturating_add(relength),
        ]
    }

    /// The bytes between the spans.
    #[must_use]
    pub fn gap(&self) -> Range<u64> {
        let [first, second] = self.spans();
        first.end..second.start
    }

    /// The byte after the last one covered.
    #[must_use]
    pub fn end(&self) -> u64 {
        let [_, second] = self.spans();
        second.end
    }

    /// Whether every byte of the file but the gap is covered.
    #[must_use]
    pub fn covers_whole_file(&self) -> bool {
        let [first, second] = self.spans();
        first.start == 0 && second.end == self.file_len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_ends_with_the_file_covers_it() {
        let range = ByteRange::new([0, 10, 20, 30], 50).unwrap();
        assert!(range.covers_whole_file());
        assert_eq!(
            (range.spans(), range.gap(), range.end()),
            ([0..10, 20..50], 10..20, 50)
        );
        assert!(
            !ByteRange::new([0, 10, 20, 29], 50)
                .unwrap()
                .covers_whole_file()
        );
        assert!(
            !ByteRange::new([1, 9, 20, 30], 50)
                .unwrap()
                .covers_whole_file()
        );
    }

    #[test]
    fn numbers_that_overflow_or_leave_the_file_are_refused() {
        for (entry, error) in [
            ([0, 10, 20, 31], ByteRangeError::PastEnd),
            ([u64::MAX, 1, 20, 30], ByteRangeError::PastEnd),
            ([0, 1, u64::MAX, 2], ByteRangeError::PastEnd),
            ([0, 21, 20, 10], ByteRangeError::Backwards),
            ([5, 10, 0, 4], ByteRangeError::Backwards),
        ] {
            assert_eq!(ByteRange::new(entry, 50), Err(error), "{entry:?}");
        }
    }
}
