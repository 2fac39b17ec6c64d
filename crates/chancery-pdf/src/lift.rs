//! Before the first signature, annotations and fields that a file holds as direct dictionaries
//! become objects of their own, and a `null` among them goes.
//!
//! The standard allows both forms (ISO 32000-2, 12.5.2 and 12.7.3), but a validator that compares
//! revisions knows an annotation by its object number: pyHanko calls every later revision of a
//! file with direct ones a forbidden change. Nothing that is seen changes.

use std::sync::Arc;

use crate::append::Update;
use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::page::Page;

/// Lifts the annotations of `pages` and the fields of the form.
///
/// # Errors
///
/// If a page or the catalogue cannot be read.
pub fn direct_objects(update: &mut Update<'_, '_>, pages: &[Page]) -> Result<(), PdfError> {
    for page in pages {
        let Object::Dictionary(mut dictionary) = update.get(page.id)? else {
            continue;
        };
        if lift(update, &mut dictionary, b"Annots")? {
            update.put(page.id, dictionary);
        }
    }
    let root = update.pdf().catalog_id()?;
    let mut catalog = update.dictionary(root, "the catalogue")?;
    match catalog.get(b"AcroForm").cloned() {
        Some(Object::Reference(id)) => lift_of(update, id),
        Some(Object::Dictionary(mut form)) => {
            if lift(update, &mut form, b"Fields")? {
                catalog.set(b"AcroForm", Object::Dictionary(form));
                update.put(root, catalog);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn lift_of(update: &mut Update<'_, '_>, form: ObjectId) -> Result<(), PdfError> {
    if let Object::Dictionary(mut dictionary) = update.get(form)?
        && lift(update, &mut dictionary, b"Fields")?
    {
        update.put(form, dictionary);
    }
    Ok(())
}

/// Lifts what the array under `key` holds directly; answers whether `owner` itself was changed.
fn lift(update: &mut Update<'_, '_>, owner: &mut Dictionary, key: &[u8]) -> Result<bool, PdfError> {
    let (array, separate) = match owner.get(key) {
        Some(Object::Array(array)) => (array.to_vec(), None),
        Some(&Object::Reference(id)) => match update.get(id)? {
            Object::Array(array) => (Arc::unwrap_or_clone(array), Some(id)),
            _ => return Ok(false),
        },
        _ => return Ok(false),
    };
    let is_direct = |element: &Object| matches!(element, Object::Dictionary(_) | Object::Null);
    if !array.iter().any(is_direct) {
        return Ok(false);
    }
    let lifted = array.into_iter().filter_map(|element| match element {
        // A `null` stands for nothing (7.3.9).
        Object::Null => None,
        Object::Dictionary(_) => Some(Object::Reference(update.add(element))),
        element => Some(element),
    });
    let lifted: Vec<_> = lifted.collect();
    match separate {
        Some(id) => update.put(id, lifted),
        None => owner.set(key, Object::from(lifted)),
    }
    Ok(separate.is_none())
}
