//! Whether all readers read from a later revision what is compared.

use std::collections::HashSet;

use chancery_pdf::plain::Written;
use chancery_pdf::taken_whole::is_taken_whole;
use chancery_pdf::xref::{XrefEntry, XrefKind};
use chancery_pdf::{ObjectId, Pdf, PdfError, Revision};

use crate::changes::Comparison;
use crate::changes_walk::{Keys, references, repeats_a_key};

/// Bytes that are searched in the time of reading one object.
const BYTES_A_STEP: u64 = 4096;

/// What a reference leads to.
enum Target {
    Object,
    /// An object of that number and of another generation.
    Other,
    Nothing,
}

fn target(pdf: &Pdf<'_>, id: ObjectId) -> Target {
    match pdf.entry(id.number) {
        Some(XrefEntry::InFile { generation, .. }) if generation == id.generation => Target::Object,
        Some(XrefEntry::InStream { .. }) if id.generation == 0 => Target::Object,
        Some(XrefEntry::Free) | None => Target::Nothing,
        Some(_) => Target::Other,
    }
}

impl Comparison<'_, '_> {
    /// An object that some readers leave half read, or in which they do not find what we do.
    pub(crate) fn reads_alike(&mut self, number: u32) -> Result<(), PdfError> {
        let indirect = self.after.shared(number)?;
        if self.after.is_glued(&indirect) {
            self.unexplained(number, "a number that does not end");
        }
        if !is_taken_whole(&indirect.object) {
            self.unexplained(number, "what some readers leave half read");
        }
        if self.after.has_lone_sign(&indirect)? {
            self.unexplained(number, "a number without digits");
        }
        Ok(())
    }

    /// Of what stands twice one reader takes the first and another the last, so nothing that is
    /// compared here says what is shown.
    pub(crate) fn two_readings(&mut self, revision: &Revision) -> Result<(), PdfError> {
        for number in self.touched.clone() {
            if repeats_a_key(&self.after.shared(number)?.object) {
                self.unexplained(number, "a key that stands twice");
            }
        }
        let odd = match self.after.written(revision, self.before) {
            Written::Plainly => false,
            Written::Oddly => !self.after.is_found_by_search(),
            Written::Ambiguously => true,
        };
        if odd {
            self.unexplained(0, "cross-references that say two things");
        }
        for section in self.after.sections_of_last(revision.start) {
            let is_used = |number: &u32| {
                let entry = self.before.entry(*number);
                entry.is_some_and(|entry| entry != XrefEntry::Free)
            };
            if section.put_back.iter().any(is_used) {
                self.unexplained(0, "cross-references that say two things");
            }
        }
        Ok(())
    }

    /// References that lead nowhere, or to an object of another generation, make some readers
    /// search the file for objects: all that a later revision brings, and all that there are where
    /// a table follows a stream, since behind a stream nobody searches.
    pub(crate) fn leads_nowhere(&mut self) -> Result<(), PdfError> {
        let mut nowhere = false;
        for number in self.touched.clone() {
            let (old, new) = (self.before.shared(number)?, self.after.shared(number)?);
            let (mut known, mut brought) = (HashSet::new(), Vec::new());
            references(&old.object, Keys::All, &mut |id| {
                known.insert(id);
            });
            references(&new.object, Keys::All, &mut |id| brought.push(id));
            for id in brought {
                match target(self.after, id) {
                    _ if known.contains(&id) => {}
                    Target::Object => {}
                    Target::Nothing => nowhere = true,
                    Target::Other => {
                        self.unexplained(number, "a reference to another generation");
                    }
                }
            }
        }
        let kinds = (self.before.xref_kind(), self.after.xref_kind());
        if kinds.0 == XrefKind::Stream && kinds.1 != XrefKind::Stream {
            let mentions = self.known.around.as_ref().map(|around| &around.mentions);
            let mut numbers = mentions.into_iter().flat_map(|all| all.keys());
            nowhere |= numbers.any(|number| {
                let entry = self.after.entry(*number);
                entry.is_none_or(|entry| entry == XrefEntry::Free)
            });
        }
        if nowhere {
            let steps = self.after.bytes().len() as u64 / BYTES_A_STEP;
            self.known.walked = self.known.walked.saturating_add(steps);
            if !self.after.is_found_by_search() {
                self.unexplained(0, "a reference to nothing");
            }
        }
        Ok(())
    }
}
