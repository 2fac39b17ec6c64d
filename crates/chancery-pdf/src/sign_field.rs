//! The field that holds a signature: a new one with its widget, or an empty one that was there.

use crate::append::Update;
use crate::canvas::rectangle;
use crate::error::PdfError;
use crate::lock::FieldLock;
use crate::object::{Dictionary, Object, ObjectId};
use crate::page::Page;
use crate::sheet::Slot;
use crate::sign::MarkPlace;

/// A field in the making.
pub(crate) struct NewField<'p> {
    pub name: &'p str,
    /// The signature dictionary; a field without one is left empty for a later signature.
    pub signature: Option<ObjectId>,
    /// Where it can be seen, with what is seen there and what a screen reader says instead.
    pub placed: Option<(Slot, Option<ObjectId>, &'p str)>,
    pub lock: Option<&'p FieldLock>,
}

/// Adds a field with its widget to a page and to the form; answers where it can be seen.
pub(crate) fn add(
    update: &mut Update<'_, '_>,
    pages: &[Page],
    field: &NewField<'_>,
) -> Result<MarkPlace, PdfError> {
    let widget = update.reserve();
    let mut dictionary = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(field.name));
    if let Some(signature) = field.signature {
        dictionary.set(b"V", Object::Reference(signature));
    }
    // Print and Locked (12.5.3).
    dictionary.set(b"F", Object::Integer(132));
    let (page, mark) = match &field.placed {
        Some((slot, appearance, name)) => {
            let (page_index, rect) = (slot.page_index, slot.rect);
            dictionary.set(b"Rect", rectangle(rect));
            if let Some(appearance) = appearance {
                let appearances = Dictionary::new().with("N", *appearance);
                dictionary.set(b"AP", Object::Dictionary(appearances));
                // What a screen reader says instead of the field's name (12.7.4.1, table 226).
                dictionary.set(b"TU", Object::text(name));
            }
            (slot.page, MarkPlace::Sheet { page_index, rect })
        }
        None => {
            dictionary.set(b"Rect", Object::from(vec![Object::Integer(0); 4]));
            let first = pages.first().ok_or(PdfError::WrongType {
                what: "the first page",
            })?;
            (first.id, MarkPlace::Invisible)
        }
    };
    dictionary.set(b"P", Object::Reference(page));
    if let Some(lock) = field.lock {
        // Table 236: an indirect reference.
        let lock = update.add(lock.dictionary("SigFieldLock"));
        dictionary.set(b"Lock", Object::Reference(lock));
    }
    update.put(widget, dictionary);
    update.push(page, b"Annots", Object::Reference(widget))?;
    enter(update, Some(widget))?;
    Ok(mark)
}

/// Gives an empty field its signature, and what is seen of it; changes nothing else of it.
pub(crate) fn fill(
    update: &mut Update<'_, '_>,
    field: ObjectId,
    signature: ObjectId,
    appearance: Option<ObjectId>,
) -> Result<(), PdfError> {
    let mut dictionary = update.dictionary(field, "the field to sign")?;
    dictionary.set(b"V", Object::Reference(signature));
    if let Some(appearance) = appearance {
        let appearances = Dictionary::new().with("N", appearance);
        dictionary.set(b"AP", Object::Dictionary(appearances));
    }
    update.put(field, dictionary);
    enter(update, None)
}

/// A name that is not taken: the wanted one, or it with a number.
pub(crate) fn free_name(wanted: &str, taken: &[String]) -> String {
    if !taken.iter().any(|name| name == wanted) {
        return wanted.to_owned();
    }
    // There is a free number among one more than are taken.
    let numbered = (2..taken.len().saturating_add(3)).map(|number| format!("{wanted} {number}"));
    let mut free = numbered.filter(|name| !taken.contains(name));
    free.next().unwrap_or_else(|| wanted.to_owned())
}

/// Tells the form that there are signatures, and of a new field; the form is made if there is none.
fn enter(update: &mut Update<'_, '_>, field: Option<ObjectId>) -> Result<(), PdfError> {
    let catalog_id = update.pdf().catalog_id()?;
    let mut catalog = update.dictionary(catalog_id, "the catalog")?;
    let present = catalog.get(b"AcroForm").cloned().unwrap_or(Object::Null);
    let (mut form, separate) = match present {
        Object::Dictionary(form) => (form, None),
        Object::Reference(id) => match update.get(id)? {
            Object::Dictionary(form) => (form, Some(id)),
            _ => (Dictionary::new(), None),
        },
        _ => (Dictionary::new(), None),
    };
    // SignaturesExist and AppendOnly (12.7.3, table 225).
    let flags = update.pdf().value(&form, b"SigFlags")?.as_integer();
    let flags = flags.unwrap_or(0);
    match field {
        Some(field) => {
            update.push_within(&mut form, b"Fields", Object::Reference(field))?;
        }
        None if flags & 3 == 3 => return Ok(()),
        None => {}
    }
    form.set(b"SigFlags", Object::Integer(flags | 3));
    match separate {
        Some(id) => update.put(id, form),
        None => {
            let id = update.add(form);
            catalog.set(b"AcroForm", Object::Reference(id));
            update.put(catalog_id, catalog);
        }
    }
    Ok(())
}
