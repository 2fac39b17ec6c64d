//! The chain of incremental updates: which bytes each revision added.

use std::ops::Range;
use std::sync::Arc;

use crate::lexer::{Parser, is_space};
use crate::object::{Dictionary, Object};
use crate::reader::Pdf;
use crate::xref::{Section, XrefKind};

/// One revision: the file as it was when its end was the end of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The first byte that this revision added.
    pub start: usize,
    /// The byte after its `%%EOF`; absent if no `startxref … %%EOF` naming this very section
    /// follows it, which makes the revision impossible to cut out.
    pub marker_end: Option<usize>,
    /// The byte after the end of line that may follow `%%EOF`.
    pub end: Option<usize>,
    /// The offset of the cross-reference section a reader of this revision starts from.
    pub startxref: u64,
    /// The form of that section.
    pub kind: XrefKind,
    /// The numbers of the objects that this revision wrote or freed.
    pub numbers: Arc<[u32]>,
}

impl Revision {
    /// Whether a signature that ends at `offset` covers exactly up to this revision's end.
    #[must_use]
    pub fn ends_at(&self, offset: u64) -> bool {
        match (self.marker_end, self.end) {
            (Some(marker_end), Some(end)) => (marker_end as u64..=end as u64).contains(&offset),
            _ => false,
        }
    }
}

impl Pdf<'_> {
    /// The revisions, oldest first. A linearized file's two sections are one revision.
    #[must_use]
    pub fn revisions(&self) -> &[Arc<Revision>] {
        &self.revisions
    }

    pub(crate) fn find_revisions(&self) -> Vec<Arc<Revision>> {
        let sections = self.sections.iter();
        let mut oldest_first: Vec<&Section> = sections.map(AsRef::as_ref).collect();
        let mut revisions = Vec::new();
        let mut start = 0;
        if let [main, first_page, ..] = oldest_first.as_slice()
            && self.is_linearized()
            && first_page.offset < main.offset
        {
            let numbers = [main, first_page].map(|one| one.entries.numbers().iter());
            let numbers = numbers.into_iter().flatten().copied().collect();
            let revision = self.revision(start, first_page, main.end, numbers);
            start = revision.end.unwrap_or(main.end);
            revisions.push(Arc::new(revision));
            oldest_first.drain(..2);
        }
        for section in oldest_first {
            let numbers = Arc::clone(section.entries.numbers());
            let revision = self.revision(start, section, section.end, numbers);
            start = revision.end.unwrap_or(section.end);
            revisions.push(Arc::new(revision));
        }
        revisions
    }

    fn revision(
        &self,
        start: usize,
        section: &Section,
        after: usize,
        numbers: Arc<[u32]>,
    ) -> Revision {
        let marker_end = self.marker_end(after, section.offset);
        let end = marker_end.map(|end| match self.bytes.get(end..) {
            Some([b'\r', b'\n', ..]) => end.saturating_add(2),
            Some([b'\r' | b'\n', ..]) => end.saturating_add(1),
            _ => end,
        });
        let (startxref, kind) = (section.offset, section.kind);
        Revision {
            start,
            marker_end,
            end,
            startxref,
            kind,
            numbers,
        }
    }

    /// Expects `startxref`, the offset `section` and `%%EOF` right after `position`.
    fn marker_end(&self, position: usize, section: u64) -> Option<usize> {
        let mut parser = Parser::new(self.bytes, position, 1, 1);
        if !parser.keyword(b"startxref") || parser.unsigned()? != section {
            return None;
        }
        let rest = self.bytes.get(parser.position..)?;
        let spaces = rest.iter().take_while(|byte| is_space(**byte)).count();
        let marker = rest.get(spaces..)?.strip_prefix(b"%%EOF")?;
        self.bytes.len().checked_sub(marker.len())
    }

    /// The bytes after the last revision's end: white space in a sound file. Everything, if the
    /// last revision has no end.
    #[must_use]
    pub fn trailing(&self) -> Range<usize> {
        let end = self.revisions().last().and_then(|revision| revision.end);
        end.unwrap_or(0)..self.bytes.len()
    }

    /// Whether the first object declares the file linearized (ISO 32000-2:2020, annex F).
    #[must_use]
    pub fn is_linearized(&self) -> bool {
        self.linearization().is_some()
    }

    /// Whether it is, and as long as it says: then readers begin with its first section
    /// (ISO 32000-2:2020, F.3.3).
    #[must_use]
    pub fn is_linearized_whole(&self) -> bool {
        let length = self
            .linearization()
            .and_then(|one| one.get(b"L")?.as_number());
        length.is_some_and(|length| (length - self.bytes.len() as f64).abs() < 1.0)
    }

    fn linearization(&self) -> Option<Dictionary> {
        let window = self.bytes.get(..self.bytes.len().min(2048)).unwrap_or(&[]);
        let mut parser = Parser::new(window, 0, 4, 100);
        parser.object_header()?;
        match parser.body() {
            Ok(Object::Dictionary(first)) => first.get(b"Linearized").is_some().then_some(first),
            _ => None,
        }
    }
}
