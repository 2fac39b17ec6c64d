//! A file read as it grew: one revision after another, each section parsed once.
//!
//! To open every revision of a file anew costs as the square of their number. What a reader of one
//! revision knows is nearly all that a reader of the next must know.

use std::sync::Arc;

use crate::reader::Pdf;
use crate::recent::Recent;
use crate::revision::Revision;
use crate::xref::{Section, XrefKind};

/// Most bytes between a section and the end of its revision: a reader of the revision must find its
/// `startxref`, as everybody does, near the end.
const ENDING_MAX: usize = 512;

impl<'a> Pdf<'a> {
    /// Turns a file that is cut at the end of a revision of `whole` into the one that is cut at the
    /// end of the next. The result reads as if it had been opened anew, but that the list of untrue
    /// entries is kept up only for the newest section, and that decoded object streams stay so.
    ///
    /// Answers whether it could: only revisions that stand in order behind one another can be
    /// joined, and a hybrid one cannot, nor one that enciphers in another way. If not, the file is
    /// as it was.
    #[must_use]
    pub fn advance(&mut self, whole: &Pdf<'a>) -> bool {
        let Some((revision, section, bytes)) = self.next_of(whole) else {
            return false;
        };
        let Ok(trailer) = section.read_trailer(bytes, &self.limits) else {
            return false;
        };
        if !self.keeps_cipher(&section, &trailer) {
            return false;
        }
        (self.bytes, self.trailer) = (bytes, trailer);
        for (number, entry) in section.entries.iter() {
            self.take_entry(number, entry);
        }
        self.forget_containers(&section);
        // What stays at its place is found again by it; what was kept is not to pile up.
        *self.recent.get_mut() = Recent::default();
        self.parsed_start = self.limits.parsed_bytes(bytes.len());
        self.parsed_left.set(self.parsed_start);
        self.dishonest = self.dishonest_in(&section);
        // `next_of` has shown that it stands behind everything that was there.
        self.settled = self.sections.len();
        self.sections.push(section);
        self.revisions.push(revision);
        true
    }

    /// Forgets the object streams that the section writes anew, and those that depend on objects
    /// which it may. Costs no more than these.
    fn forget_containers(&mut self, section: &Section) {
        let dependent = std::mem::take(self.dependent.get_mut());
        for number in section.entries.numbers().iter().copied().chain(dependent) {
            self.forget_container(number);
        }
        let kept = self.containers_weight.get();
        self.decoded_start = self.limits.decoded_bytes_max.saturating_sub(kept);
        self.decoded_left.set(self.decoded_start);
    }

    /// How many bytes were parsed and decoded since the file was opened or grew, repeated reading
    /// included.
    #[must_use]
    pub fn read_bytes(&self) -> u64 {
        let parsed = self.parsed_start.saturating_sub(self.parsed_left.get());
        let decoded = self.decoded_start.saturating_sub(self.decoded_left.get());
        parsed.saturating_add(decoded)
    }

    /// How many rows the tables of all sections have: to open a file costs as much.
    #[must_use]
    pub fn table_rows(&self) -> u64 {
        let rows = self.sections.iter();
        rows.map(|section| section.entries.numbers().len() as u64)
            .sum()
    }

    /// From here on parses no more than so many bytes, until the file grows.
    pub fn parse_at_most(&mut self, bytes: u64) {
        let left = self.parsed_left.get_mut();
        let less = left.saturating_sub(bytes);
        *left = left.saturating_sub(less);
        self.parsed_start = self.parsed_start.saturating_sub(less);
    }

    /// Holds what is the same in `whole` once: sections and revisions from the first on, as far as
    /// this file is a beginning of that one.
    pub fn share_with(&mut self, whole: &Pdf<'a>) {
        self.share_cipher(whole);
        for (own, known) in self.sections.iter_mut().zip(&whole.sections) {
            if own == known {
                *own = Arc::clone(known);
            }
        }
        for (own, known) in self.revisions.iter_mut().zip(&whole.revisions) {
            if own == known {
                *own = Arc::clone(known);
            }
        }
    }

    /// The revision of `whole` behind the last one here, with its section and the file up to its
    /// end.
    fn next_of(&self, whole: &Pdf<'a>) -> Option<(Arc<Revision>, Arc<Section>, &'a [u8])> {
        let index = self.revisions.len();
        let last = self.revisions.last()?;
        let next = whole.revisions.get(index)?;
        // Every revision but the first has one section.
        let newer = whole.revisions.len().checked_sub(index)?;
        let section = whole
            .sections
            .get(whole.sections.len().checked_sub(newer)?)?;
        let offset = usize::try_from(section.offset).ok()?;
        let (end, marker_end) = (next.end?, next.marker_end?);
        let in_order = whole.revisions.get(index.checked_sub(1)?)? == last
            && last.end == Some(self.bytes.len())
            && next.start == self.bytes.len()
            && section.offset == next.startxref
            && section.previous == Some(last.startxref)
            && section.kind != XrefKind::Hybrid
            && offset >= next.start
            && section.end > offset
            && marker_end >= section.end
            && marker_end.saturating_sub(section.end) <= ENDING_MAX;
        let bytes = whole.bytes.get(..end).filter(|_| in_order)?;
        Some((Arc::clone(next), Arc::clone(section), bytes))
    }
}
