//! Objects that nothing leads to: what a later revision could bring to light.

use std::collections::HashSet;

use crate::error::PdfError;
use crate::object::{Object, ObjectId};
use crate::reader::Pdf;

impl Pdf<'_> {
    /// Objects in use that neither the trailer nor anything beneath it refers to, for a warning
    /// before signing: shadow attacks hide there what they show afterwards. The containers of
    /// objects and cross-references are not counted.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`]. An object that cannot be read is passed over.
    pub fn unused_objects(&self) -> Result<Vec<ObjectId>, PdfError> {
        let mut reached: HashSet<u32> = HashSet::new();
        let mut waiting: Vec<Object> = Vec::new();
        for entry in self.trailer().entries() {
            waiting.push(entry.value.clone());
        }
        while let Some(object) = waiting.pop() {
            match &object {
                Object::Reference(id) => {
                    if reached.insert(id.number)
                        && let Ok(value) = self.get(*id)
                    {
                        waiting.push(value);
                    }
                }
                Object::Array(array) => waiting.extend(array.iter().cloned()),
                _ => {
                    let entries = object.as_dictionary().map_or(&[][..], |one| one.entries());
                    waiting.extend(entries.iter().map(|entry| entry.value.clone()));
                }
            }
        }
        let mut unused = Vec::new();
        for (number, _) in self.numbers() {
            if reached.contains(&number) {
                continue;
            }
            match self.by_number(number) {
                Ok(indirect) if !is_container(&indirect.object) => unused.push(indirect.id),
                Err(limit @ PdfError::LimitExceeded { .. }) => return Err(limit),
                _ => {}
            }
        }
        Ok(unused)
    }
}

fn is_container(object: &Object) -> bool {
    object.as_dictionary().is_some_and(|dictionary| {
        let kinds: [&[u8]; 2] = [b"ObjStm", b"XRef"];
        kinds.iter().any(|kind| dictionary.is_name(b"Type", kind))
    })
}
