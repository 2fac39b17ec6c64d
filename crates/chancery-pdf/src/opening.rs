//! The first look at a file: its header, its end, and the chain of sections between them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::PdfError;
use crate::lexer::{decimal, is_space};
use crate::limits::Limits;
use crate::xref::{Section, SectionReader};

/// The header must begin within this many bytes.
const HEADER_WITHIN: usize = 1024;
/// `startxref` and `%%EOF` must stand within this many bytes of the end.
const TRAILER_WITHIN: usize = 1024;

/// Where the header begins, which readers look for in the first bytes of a file.
#[must_use]
pub fn header_offset(bytes: &[u8]) -> Option<usize> {
    find(bytes.get(..bytes.len().min(HEADER_WITHIN))?, b"%PDF-")
}

/// The version that the header claims.
pub(crate) fn header_version(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..bytes.len().min(HEADER_WITHIN))?;
    let at = find(window, b"%PDF-")?;
    let rest = window.get(at.checked_add(5)?..)?;
    let run: Vec<u8> = rest
        .iter()
        .copied()
        .take_while(|byte| !is_space(*byte))
        .take(8)
        .collect();
    String::from_utf8(run).ok()
}

/// The value of the last `startxref`, which must stand with its `%%EOF` near the end.
pub(crate) fn last_startxref(bytes: &[u8]) -> Result<u64, PdfError> {
    let from = bytes.len().saturating_sub(TRAILER_WITHIN);
    let window = bytes.get(from..).unwrap_or(&[]);
    let marker = rfind(window, b"%%EOF").ok_or(PdfError::Truncated)?;
    let before = window.get(..marker).unwrap_or(&[]);
    let at = rfind(before, b"startxref").ok_or(PdfError::Truncated)?;
    let text = before.get(at.saturating_add(9)..).unwrap_or(&[]);
    // Nothing but one number: `12 34` is 12 to one reader and 1234 to another.
    let from_left = text.iter().position(|byte| !is_space(*byte)).unwrap_or(0);
    let to_right = text
        .iter()
        .rposition(|byte| !is_space(*byte))
        .map_or(0, |last| last + 1);
    let digits = text.get(from_left..to_right).unwrap_or(&[]);
    decimal(digits).ok_or(PdfError::Damaged {
        what: "startxref",
        offset: from.saturating_add(at),
    })
}

/// Every section, the oldest first.
pub(crate) fn chain(
    reader: &mut SectionReader<'_>,
    start: u64,
    limits: &Limits,
) -> Result<Vec<Arc<Section>>, PdfError> {
    let mut sections = Vec::new();
    let mut visited = HashSet::new();
    let mut next = Some(start);
    while let Some(offset) = next {
        if !visited.insert(offset) {
            return Err(PdfError::RevisionLoop { offset });
        }
        if sections.len() as u64 >= u64::from(limits.revisions_max) {
            return Err(PdfError::LimitExceeded {
                limit: "revisions_max",
                max: u64::from(limits.revisions_max),
            });
        }
        let section = reader.section(offset)?;
        next = section.previous;
        sections.push(Arc::new(section));
    }
    sections.reverse();
    Ok(sections)
}

/// The first place of `needle`.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The last place of `needle`.
fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_startxref_is_one_number_before_the_last_marker() {
        let at = |text: &str| last_startxref(text.as_bytes());
        assert_eq!(at("startxref\n116\n%%EOF\n"), Ok(116));
        assert_eq!(
            at("startxref 1 %%EOF startxref\r\n 7 \0%%EOF garbage"),
            Ok(7)
        );
        assert_eq!(at("startxref\n116\n"), Err(PdfError::Truncated));
        assert_eq!(at("%%EOF"), Err(PdfError::Truncated));
        for text in [
            "startxref %%EOF",
            "startxref 1 2 %%EOF",
            "startxref -1 %%EOF",
        ] {
            assert!(matches!(at(text), Err(PdfError::Damaged { .. })), "{text}");
        }
        let far = format!("startxref 1 %%EOF{}", " ".repeat(1024));
        assert_eq!(at(&far), Err(PdfError::Truncated));
    }

    #[test]
    fn the_header_may_follow_a_little_and_says_its_version() {
        assert_eq!(header_version(b"\n%PDF-1.7\nrest").as_deref(), Some("1.7"));
        assert_eq!(header_version(b"%PDF-2.0").as_deref(), Some("2.0"));
        assert_eq!(header_version(b"<html>"), None);
        assert_eq!(
            header_version(&[&[b' '; 1024], b"%PDF-1.7".as_slice()].concat()),
            None
        );
    }
}
