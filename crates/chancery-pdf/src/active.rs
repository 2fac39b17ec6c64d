//! Content that acts: scripts, programs to start, forms to send.
//!
//! Every object of the file is looked at, reachable or not. A walk over the known places would
//! miss the place we did not know; a scan cannot.

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::reader::Pdf;

/// What kind of action was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActiveKind {
    /// A script: `/S /JavaScript`, or a `/JS` entry.
    JavaScript,
    /// Starts a program or opens a file: `/S /Launch`.
    Launch,
    /// Sends the form somewhere: `/S /SubmitForm`.
    SubmitForm,
    /// Reads a file into the form: `/S /ImportData`.
    ImportData,
    /// An XFA form, a program of its own.
    Xfa,
    /// A rich-media annotation, or an action upon one.
    RichMedia,
}

/// One piece of active content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveContent {
    /// What it is.
    pub kind: ActiveKind,
    /// The indirect object that holds it.
    pub object: ObjectId,
}

/// What a scan of all objects found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveScan {
    /// The active content, in the order of object numbers.
    pub found: Vec<ActiveContent>,
    /// Objects that embed a file. They do nothing by themselves, so they are not active content.
    pub embedded_files: Vec<ObjectId>,
}

/// No list of findings is longer: the file is refused after the first one anyway.
const FOUND_MAX: usize = 1_000;

impl Pdf<'_> {
    /// Looks through every object for active content.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`]: what cannot be read cannot be called harmless.
    pub fn active_content(&self) -> Result<ActiveScan, PdfError> {
        let mut scan = ActiveScan::default();
        let form = self
            .catalog()?
            .get(b"AcroForm")
            .and_then(Object::as_reference);
        for (number, _) in self.numbers() {
            let indirect = self.by_number(number)?;
            let id = indirect.id;
            if Some(id) == form
                && let Some(form) = indirect.object.as_dictionary()
            {
                look_at_form(form, id, &mut scan);
            }
            look(&indirect.object, id, &mut scan);
        }
        let catalog = self.catalog()?;
        if let Some(form) = catalog.get(b"AcroForm").and_then(Object::as_dictionary) {
            look_at_form(form, self.catalog_id()?, &mut scan);
        }
        Ok(scan)
    }
}

fn note(scan: &mut ActiveScan, kind: ActiveKind, object: ObjectId) {
    let content = ActiveContent { kind, object };
    if scan.found.len() < FOUND_MAX && scan.found.last() != Some(&content) {
        scan.found.push(content);
    }
}

fn look_at_form(form: &Dictionary, id: ObjectId, scan: &mut ActiveScan) {
    let empty = match form.get(b"XFA") {
        None | Some(Object::Null) => true,
        Some(Object::Array(parts)) => parts.is_empty(),
        Some(_) => false,
    };
    if !empty {
        note(scan, ActiveKind::Xfa, id);
    }
}

/// Walks one object with an own stack; its depth is already bounded by the parser.
fn look(object: &Object, id: ObjectId, scan: &mut ActiveScan) {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Array(array) => waiting.extend(array.iter()),
            Object::Dictionary(_) | Object::Stream(_) => {
                let Some(dictionary) = object.as_dictionary() else {
                    continue;
                };
                look_at_dictionary(dictionary, id, scan);
                waiting.extend(dictionary.entries().iter().map(|entry| &entry.value));
            }
            _ => {}
        }
    }
}

fn look_at_dictionary(dictionary: &Dictionary, id: ObjectId, scan: &mut ActiveScan) {
    // Every entry counts, not only the last of equal keys: another reader may take another one.
    for entry in dictionary.entries() {
        let kind = match (entry.key.as_slice(), entry.value.as_name()) {
            (b"S", Some(b"JavaScript")) | (b"JS", _) => ActiveKind::JavaScript,
            (b"S", Some(b"Launch")) => ActiveKind::Launch,
            (b"S", Some(b"SubmitForm")) => ActiveKind::SubmitForm,
            (b"S", Some(b"ImportData")) => ActiveKind::ImportData,
            (b"S", Some(b"RichMediaExecute")) => ActiveKind::RichMedia,
            (b"Subtype", Some(b"RichMedia")) => ActiveKind::RichMedia,
            (b"EF", None) => {
                let listed = scan.embedded_files.last() == Some(&id);
                if !listed && scan.embedded_files.len() < FOUND_MAX {
                    scan.embedded_files.push(id);
                }
                continue;
            }
            _ => continue,
        };
        note(scan, kind, id);
    }
}
