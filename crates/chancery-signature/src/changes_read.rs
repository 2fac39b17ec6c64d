//! Whether all readers read from a later revision what is compared.

use std::collections::HashSet;

use chancery_pdf::plain::Written;
use chancery_pdf::searched::ends_streams_alone;
use chancery_pdf::taken_whole::is_taken_whole;
use chancery_pdf::xref::{XrefEntry, XrefKind};
use chancery_pdf::{Object, ObjectId, Pdf, PdfError, Revision};

use crate::changes::Comparison;
use crate::changes_walk::{Keys, references, repeats_a_key};
use crate::surroundings::{Surroundings, is_nothing};

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
        entry if is_nothing(entry) => Target::Nothing,
        Some(XrefEntry::InFile { generation, .. }) if generation == id.generation => Target::Object,
        Some(XrefEntry::InStream { .. }) if id.generation == 0 => Target::Object,
        _ => Target::Other,
    }
}

/// A catalog or a tree of pages, whatever it calls itself: wherever it is hung up, a reader that
/// searches may take it for that of the file.
fn begins_a_document(object: &Object) -> bool {
    let Object::Dictionary(own) = object else {
        return false;
    };
    let has = |key: &[u8]| own.get(key).is_some();
    let named = |kind: &[u8]| own.is_name(b"Type", kind);
    has(b"Pages") || has(b"Kids") && has(b"Count") || named(b"Catalog") || named(b"Pages")
}

impl Comparison<'_, '_> {
    fn is_absent(&self, number: u32) -> Result<bool, PdfError> {
        Ok(self.before.shared(number)?.object == Object::Null)
    }

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
        let is_own = self.after.catalog_id()?.number == number;
        if !is_own && begins_a_document(&indirect.object) && self.is_absent(number)? {
            self.unexplained(number, "another document within this one");
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
            Written::Oddly => !self.is_found_by_search(),
            Written::Ambiguously => true,
        };
        if odd {
            self.unexplained(0, "cross-references that say two things");
        }
        // Readers that search end a stream at a word by itself, wherever the next one stands.
        let end = revision.end.unwrap_or(self.after.bytes().len());
        if !ends_streams_alone(self.after.bytes(), revision.start..end) {
            self.unexplained(0, "a stream whose end is no word by itself");
        }
        // What a table frees is free to most readers, whatever the stream beside it says.
        let mut sections = self.after.sections_of_last(revision.start);
        if sections.any(|section| !section.put_back.is_empty()) {
            self.unexplained(0, "cross-references that say two things");
        }
        Ok(())
    }

    /// Whether a reader that searches the later file finds what its cross-references lead to.
    fn is_found_by_search(&mut self) -> bool {
        let steps = self.known.searched.grow(self.after) / BYTES_A_STEP;
        self.known.walked = self.known.walked.saturating_add(steps);
        self.known.searched.finds_the_same(self.after)
    }

    /// References that lead nowhere, or to an object of another generation, make some readers
    /// search the file for objects. A later revision brings none: how such readers take the file
    /// then differs in too many ways. Those that there were count where a table follows a stream,
    /// since behind a stream nobody searches.
    pub(crate) fn leads_nowhere(&mut self) -> Result<(), PdfError> {
        let (mut nowhere, mut brings) = (false, false);
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
                    Target::Nothing => brings = true,
                    Target::Other => {
                        self.unexplained(number, "a reference to another generation");
                    }
                }
            }
        }
        // Behind a stream nobody searches; behind a table for whatever is read.
        if self.after.xref_kind() != XrefKind::Stream {
            let around = self.known.around.as_ref();
            nowhere |= around.is_some_and(Surroundings::leads_nowhere);
            nowhere |= self
                .written
                .iter()
                .any(|number| is_nothing(self.after.entry(*number)) && self.mentions(*number) > 0);
        }
        if brings || nowhere && !self.is_found_by_search() {
            self.unexplained(0, "a reference to nothing");
        }
        Ok(())
    }
}
