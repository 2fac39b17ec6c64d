//! The slots of a signature sheet that is in a file already: which are free, which were left for
//! this signature.

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::page::Page;
use crate::reader::Pdf;
use crate::sheet::{PAGE_HEIGHT, PAGE_WIDTH, SLOT_HEIGHT, SLOT_WIDTH, SLOTS_MAX, Slot};

/// The next free slot of a sheet that an earlier signature of ours added.
///
/// A hostile file may imitate a sheet. It gains a mark of our size inside its own last pages, which
/// it could have drawn itself; a mark proves nothing (only the signature does).
pub(crate) fn free_slot(pdf: &Pdf<'_>, pages: &[Page]) -> Result<Option<Slot>, PdfError> {
    for (dictionary, slots) in leaves_of(pdf, pages)? {
        let taken = annotation_rectangles(pdf, &dictionary)?;
        let mut slots = slots.into_iter();
        let free = slots.find(|slot| !taken.iter().any(|(_, rect)| overlap(&slot.rect, rect)));
        if free.is_some() {
            return Ok(free);
        }
    }
    Ok(None)
}

/// The next slot whose widget, one of `empty`, an earlier signature of ours left for this one.
pub(crate) fn kept_slot(
    pdf: &Pdf<'_>,
    pages: &[Page],
    empty: &[ObjectId],
) -> Result<Option<(ObjectId, Slot)>, PdfError> {
    for (dictionary, slots) in leaves_of(pdf, pages)? {
        let widgets = annotation_rectangles(pdf, &dictionary)?;
        for slot in slots {
            let mut on_it = widgets.iter().filter(|(_, rect)| overlap(&slot.rect, rect));
            // A slot with anything else on it is not free.
            if let (Some((Some(id), rect)), None) = (on_it.next(), on_it.next())
                && empty.contains(id)
                && is_same(&slot.rect, rect)
            {
                return Ok(Some((*id, slot)));
            }
        }
    }
    Ok(None)
}

/// The pages of the sheet with their slots.
fn leaves_of(pdf: &Pdf<'_>, pages: &[Page]) -> Result<Vec<(Dictionary, Vec<Slot>)>, PdfError> {
    let from = pages.len().saturating_sub(usize::from(SLOTS_MAX));
    let mut leaves = Vec::new();
    for (index, page) in pages.iter().enumerate().skip(from) {
        let Object::Dictionary(dictionary) = pdf.get(page.id)? else {
            continue;
        };
        let page_index = u32::try_from(index).unwrap_or(u32::MAX);
        let slots = slots_of(pdf, &dictionary)?.into_iter();
        let slots: Vec<Slot> = slots
            .map(|rect| Slot {
                page: page.id,
                page_index,
                rect,
            })
            .collect();
        if !slots.is_empty() {
            leaves.push((dictionary, slots));
        }
    }
    Ok(leaves)
}

fn slots_of(pdf: &Pdf<'_>, page: &Dictionary) -> Result<Vec<[f64; 4]>, PdfError> {
    let mut current = pdf.value(page, b"PieceInfo")?;
    for key in [b"Chancery".as_slice(), b"Private", b"Slots"] {
        let Some(dictionary) = current.as_dictionary() else {
            return Ok(Vec::new());
        };
        current = pdf.value(dictionary, key)?;
    }
    let listed = current
        .as_array()
        .unwrap_or(&[])
        .iter()
        .take(usize::from(SLOTS_MAX));
    let numbers = listed.filter_map(|slot| {
        let [left, bottom, right, top] = slot.as_array()? else {
            return None;
        };
        let all = [
            left.as_number()?,
            bottom.as_number()?,
            right.as_number()?,
            top.as_number()?,
        ];
        Some(all)
    });
    Ok(numbers.filter(is_slot).collect())
}

/// Our size, on our page: a rectangle of anybody else's is none of ours.
fn is_slot([left, bottom, right, top]: &[f64; 4]) -> bool {
    let close = |one: f64, other: f64| (one - other).abs() < 0.1;
    close(right - left, SLOT_WIDTH)
        && close(top - bottom, SLOT_HEIGHT)
        && *left >= 0.0
        && *bottom >= 0.0
        && *right <= PAGE_WIDTH
        && *top <= PAGE_HEIGHT
}

/// An annotation that may be an object of its own, and where it is.
type Placed = (Option<ObjectId>, [f64; 4]);

/// Where the annotations of a page are.
fn annotation_rectangles(pdf: &Pdf<'_>, page: &Dictionary) -> Result<Vec<Placed>, PdfError> {
    let annotations = pdf.value(page, b"Annots")?;
    let mut rectangles = Vec::new();
    for annotation in annotations.as_array().unwrap_or(&[]).iter().take(10_000) {
        let id = annotation.as_reference();
        if let Object::Dictionary(annotation) = pdf.resolve(annotation)? {
            let rect = pdf.rectangle(&annotation, b"Rect")?;
            rectangles.extend(rect.map(|rect| (id, rect)));
        }
    }
    Ok(rectangles)
}

fn is_same(one: &[f64; 4], other: &[f64; 4]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| (one - other).abs() < 0.1)
}

fn overlap(one: &[f64; 4], other: &[f64; 4]) -> bool {
    let [left, bottom, right, top] = one;
    let [other_left, other_bottom, other_right, other_top] = other;
    left < other_right && other_left < right && bottom < other_top && other_bottom < top
}
