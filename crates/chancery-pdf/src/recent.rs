//! Objects that were read a moment ago and will be again: those that a revision wrote.
//!
//! A comparison asks for each of them many times, once as the newer and once as the older. What is
//! kept is little and forgotten with the next revision but one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::PdfError;
use crate::object::ObjectId;
use crate::reader::{Indirect, Pdf, Place};

/// Most bytes of the file whose objects are kept: as objects they may be fifty times as large.
const BYTES_MAX: usize = 256 * 1024;

/// The objects kept, by number.
#[derive(Default)]
pub(crate) struct Recent {
    objects: HashMap<u32, Arc<Indirect>>,
    bytes: usize,
}

impl Recent {
    /// The object, if it is kept and was read at this place.
    pub(crate) fn at(&self, id: ObjectId, offset: u64) -> Option<&Arc<Indirect>> {
        let kept = self.objects.get(&id.number)?;
        let Place::File { offset: known, .. } = kept.place else {
            return None;
        };
        (kept.id == id && known as u64 == offset).then_some(kept)
    }

    fn keep(&mut self, indirect: &Arc<Indirect>) {
        let Place::File { offset, end } = indirect.place else {
            return;
        };
        let bytes = self.bytes.saturating_add(end.saturating_sub(offset));
        if end > 0 && bytes <= BYTES_MAX {
            self.bytes = bytes;
            self.objects
                .insert(indirect.id.number, Arc::clone(indirect));
        }
    }
}

impl<'a> Pdf<'a> {
    /// As [`Pdf::by_number`], for an object that is asked for again and again: it is parsed once,
    /// as long as there is room.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn shared(&self, number: u32) -> Result<Arc<Indirect>, PdfError> {
        if let Some(crate::xref::XrefEntry::InFile { offset, generation }) = self.entry(number) {
            let id = ObjectId { number, generation };
            if let Some(known) = self.recent.borrow().at(id, offset) {
                return Ok(Arc::clone(known));
            }
        }
        let indirect = Arc::new(self.by_number(number)?);
        self.recent.borrow_mut().keep(&indirect);
        Ok(indirect)
    }

    /// Takes over what `newer` keeps, once this file has grown to the end of `newer`.
    pub fn take_recent(&mut self, newer: &mut Pdf<'a>) {
        *self.recent.get_mut() = std::mem::take(newer.recent.get_mut());
    }

    /// Whether some object stream that was opened refers to other objects, so that what is in it
    /// may change when they do.
    #[must_use]
    pub fn has_dependent_streams(&self) -> bool {
        self.any_dependent.get()
    }
}
