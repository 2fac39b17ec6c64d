//! Whether a later revision is written so that every reader follows its cross-references.
//!
//! A reader that finds a section odd searches the whole file for objects instead, and takes the
//! last of each number, wherever it stands: in bytes that were signed and lead nowhere, too. What
//! is odd differs from reader to reader, so of a later revision only the plain form is taken.

use std::collections::HashMap;

use memchr::memmem;

use crate::object::Object;
use crate::reader::Pdf;
use crate::revision::Revision;
use crate::xref::{Section, XrefEntry, XrefKind, has_narrow_fields};

/// The highest object number of the format (ISO 32000-1, annex C).
const NUMBER_MAX: u32 = 8_388_607;

/// How other readers may take the cross-references of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As they stand.
    Plainly,
    /// Some search for objects instead, because of its `/Size`.
    Oddly,
    /// Some read other entries, or search for objects.
    Ambiguously,
}

impl Pdf<'_> {
    /// How `revision`, the last of this file, is written; `before` is the file without it.
    #[must_use]
    pub fn written(&self, revision: &Revision, before: &Pdf<'_>) -> Written {
        let sections: Vec<_> = self.sections_of_last(revision.start).collect();
        let plain = sections.iter().all(|section| self.is_plain(section));
        if !plain || !self.ends_plainly(revision) || !self.leads_to_dictionaries() {
            return Written::Ambiguously;
        }
        let sizes = before.sections().next().map_or(0, |one| one.size);
        let fits = |section: &&std::sync::Arc<Section>| {
            let top = section.entries.numbers().last().copied().unwrap_or(0);
            section.size >= sizes && (top == 0 || top < section.size)
        };
        match sections.iter().all(fits) {
            true => Written::Plainly,
            false => Written::Oddly,
        }
    }

    fn is_plain(&self, section: &Section) -> bool {
        let start = usize::try_from(section.offset).unwrap_or(usize::MAX);
        let text = self.bytes.get(start..).unwrap_or(&[]).trim_ascii_start();
        let begins = match section.kind {
            XrefKind::Stream => text.first().is_some_and(u8::is_ascii_digit),
            XrefKind::Table | XrefKind::Hybrid => {
                let behind = text.strip_prefix(b"xref").unwrap_or(&[]);
                let end = behind.iter().find(|byte| **byte != b' ');
                matches!(end, Some(b'\r' | b'\n'))
            }
        };
        let top = section.entries.numbers().last().copied().unwrap_or(0);
        let narrow = || match section.read_trailer(self.bytes, &self.limits) {
            Ok(trailer) => has_narrow_fields(&trailer),
            Err(_) => false,
        };
        begins
            && !section.is_irregular
            && !section.is_contradictory
            && section.size > 0
            && top <= NUMBER_MAX
            && narrow()
    }

    /// Whether nothing but `startxref`, its number and the marker follow, with white space; writers
    /// put a comment of their own before.
    fn ends_plainly(&self, revision: &Revision) -> bool {
        let Some(end) = revision.marker_end else {
            return false;
        };
        let sections = self.sections_of_last(revision.start);
        let start = sections.map(|section| section.end).max().unwrap_or(end);
        let text = self.bytes.get(start..end).unwrap_or(&[]);
        let lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
        let mut words: Vec<&[u8]> = Vec::new();
        for line in lines {
            let is_comment = line.trim_ascii_start().starts_with(b"%") && words.is_empty();
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            if !is_comment {
                words.extend(line.split(blank).filter(|word| !word.is_empty()));
            }
        }
        match words.as_slice() {
            [b"startxref", offset, b"%%EOF"] => {
                let zeros = offset.iter().take_while(|byte| **byte == b'0').count();
                offset.get(zeros..) == Some(revision.startxref.to_string().as_bytes())
            }
            _ => false,
        }
    }

    /// Whether what the trailer leads to is there.
    fn leads_to_dictionaries(&self) -> bool {
        [&b"Root"[..], b"Info"].iter().all(|key| {
            let value = self.trailer().get(key);
            value.is_none_or(|value| matches!(self.resolve(value), Ok(Object::Dictionary(_))))
        })
    }

    /// Whether a reader that searches for objects finds those that the cross-references lead to:
    /// of each number the last one that stands anywhere in the bytes.
    #[must_use]
    pub fn is_found_by_search(&self) -> bool {
        let mut last: HashMap<u32, usize> = HashMap::new();
        for at in memmem::find_iter(self.bytes, b"obj") {
            if let Some((number, start)) = header_before(self.bytes, at) {
                last.insert(number, start);
            }
        }
        let place = |container: u32| match self.entry(container) {
            Some(XrefEntry::InFile { offset, .. }) => offset,
            _ => 0,
        };
        last.into_iter().all(|(number, start)| {
            let start = start as u64;
            match self.entry(number) {
                Some(XrefEntry::InFile { offset, .. }) => start <= offset.saturating_add(1),
                Some(XrefEntry::InStream { container, .. }) => start <= place(container),
                Some(XrefEntry::Free) | None => false,
            }
        })
    }
}

/// The number in `N G` before `at`, and where it begins.
fn header_before(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = bytes.get(..at)?;
    let digits = |text: &[u8]| {
        let count = text.iter().rev().take_while(|byte| byte.is_ascii_digit());
        let start = text.len().saturating_sub(count.count());
        (start < text.len()).then_some(start)
    };
    let rest = rest.trim_ascii_end();
    let generation = rest.get(..digits(rest)?)?;
    let rest = generation.trim_ascii_end();
    (rest.len() < generation.len()).then_some(())?;
    let start = digits(rest)?;
    let number = std::str::from_utf8(rest.get(start..)?).ok()?;
    Some((number.parse().ok()?, start))
}
