//! What stands where on a page: the places of text, images and drawings, without drawing them.
//!
//! A mark that is put on a signed page may hide what was signed. Whether there is anything beneath
//! it is told here from the page's content stream, its forms and its annotations.
//!
//! Places are those of the page's own space, before it is turned. What is told may reach further
//! than what is seen: text that is clipped, invisible letters and layers that are switched off
//! count as shown.

use std::collections::HashMap;

use crate::error::PdfError;
use crate::letter::six_numbers;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::painter::Painter;
use crate::pen::State;
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;
use crate::resources::{Outer, Resources};
pub(crate) use crate::shape::{Area, Body, Shape};

/// How many shapes are looked at in the time of one operator.
pub(crate) const LOOKS_A_STEP: u64 = 16;
/// Least width and height, in points, of a mark that a figure may be the frame of. A smaller one
/// may lie within the outline of a letter, and make an 8 a 0.
pub(crate) const FRAMED_MIN: f64 = 36.0;
/// Annotations that show nothing of their own on the page.
const SILENT: &[&[u8]] = &[b"Popup"];
/// Flags of annotations (ISO 32000-2, 12.5.3): hidden, printed, not to be viewed.
const HIDDEN: i64 = 2;
const PRINT: i64 = 4;
const NO_VIEW: i64 = 32;

/// The flags of the format, all at once (12.5.3).
const FLAGS_MAX: i64 = 0x3ff;

/// Whether an annotation with these flags is shown nowhere, on no screen and on no paper. Of what
/// are no flags readers take the lower bits, or none.
#[must_use]
pub const fn is_hidden(flags: i64) -> bool {
    let are_flags = 0 <= flags && flags <= FLAGS_MAX;
    are_flags && (flags & HIDDEN != 0 || flags & NO_VIEW != 0 && flags & PRINT == 0)
}

/// What reading pages may cost, over all that are read with it.
#[derive(Clone, Debug)]
pub struct ShownLimits {
    /// Operators, and what else takes as long.
    pub operators_left: u64,
    /// Bytes of content streams, decoded; one that is used twice counts twice.
    pub bytes_left: u64,
    /// Bytes of the programs that draw Type 1 and compact outlines, each as often as it is run.
    pub letters_left: u64,
    /// How far the letters of fonts reach that were drawn already, by the object of each.
    pub(crate) programs: HashMap<ObjectId, Option<Region>>,
}

impl Default for ShownLimits {
    fn default() -> Self {
        Self {
            operators_left: 2_000_000,
            bytes_left: 32 * 1024 * 1024,
            letters_left: 20_000_000,
            programs: HashMap::new(),
        }
    }
}

impl ShownLimits {
    /// Takes off what something costs, in operators.
    ///
    /// # Errors
    ///
    /// [`PdfError::LimitExceeded`]: no more may be done.
    pub fn spend(&mut self, count: u64) -> Result<(), PdfError> {
        spend(&mut self.operators_left, count, "operators_left")
    }

    pub(crate) fn spend_letters(&mut self, count: usize) -> Result<(), PdfError> {
        spend(&mut self.letters_left, count as u64, "letters_left")
    }

    pub(crate) fn spend_bytes(&mut self, count: usize) -> Result<(), PdfError> {
        spend(&mut self.bytes_left, count as u64, "bytes_left")
    }
}

fn spend(left: &mut u64, count: u64, limit: &'static str) -> Result<(), PdfError> {
    let rest = left.checked_sub(count);
    // What is spent is spent: the next page must not find more than this one did.
    *left = rest.unwrap_or(0);
    rest.map(|_| ())
        .ok_or(PdfError::LimitExceeded { limit, max: 0 })
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mass {
    /// Something drawn that is more than a ground and rules of a table.
    Figure,
    /// An image, or whatever else may show anything.
    Image,
    /// Text.
    Text,
}

/// What is put over a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A mark: it may be opaque.
    Mark,
    /// A field that is filled in: pages draw its box, and lines between its letters.
    Field,
}

/// What a page or an annotation shows, in the order in which it is painted.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    shapes: Vec<Shape>,
}

impl Shown {
    #[cfg(test)]
    pub(crate) fn of(shapes: Vec<Shape>) -> Self {
        Self { shapes }
    }

    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Whether nothing is shown at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Takes in what something else shows on the same page.
    pub fn extend(&mut self, other: Self) {
        self.shapes.extend(other.shapes);
    }
}

impl Pdf<'_> {
    /// What the content of a page shows, without its annotations.
    ///
    /// # Errors
    ///
    /// Content that cannot be read to its end, for whatever reason: then nothing is known of it.
    pub fn shown_by_page(
        &self,
        page: ObjectId,
        limits: &mut ShownLimits,
    ) -> Result<Shown, PdfError> {
        let Object::Dictionary(page) = self.get(page)? else {
            return Err(PdfError::WrongType { what: "a page" });
        };
        let resources = self.page_resources(&page)?;
        let mut painter = Painter::new(self, limits);
        let mut content = Vec::new();
        for part in self.content_parts(&page)? {
            let Object::Stream(stream) = self.get(part)? else {
                return Err(PdfError::WrongType {
                    what: "a content stream",
                });
            };
            content.extend(painter.content(part, &stream)?);
            // The parts are one stream, and words end with each (7.8.2).
            content.push(b'\n');
        }
        let resources = Resources {
            own: &resources,
            outer: Outer::Nothing,
        };
        painter.run(&content, &resources, State::at(Matrix::IDENTITY), 0)?;
        Ok(Shown {
            shapes: painter.shapes,
        })
    }

    fn content_parts(&self, page: &Dictionary) -> Result<Vec<ObjectId>, PdfError> {
        let wrong = PdfError::WrongType { what: "/Contents" };
        let Some(contents) = page.get(b"Contents") else {
            return Ok(Vec::new());
        };
        match (contents, self.resolve(contents)?) {
            (_, Object::Null) => Ok(Vec::new()),
            (Object::Reference(id), Object::Stream(_)) => Ok(vec![*id]),
            (_, Object::Array(parts)) => {
                let parts = parts.iter().map(Object::as_reference);
                parts.collect::<Option<_>>().ok_or(wrong)
            }
            _ => Err(wrong),
        }
    }

    /// The resources of a page, its own or those of the nodes above it.
    fn page_resources(&self, page: &Dictionary) -> Result<Dictionary, PdfError> {
        let mut node = page.clone();
        for _ in 0..self.limits.depth_max {
            if let Object::Dictionary(resources) = self.value(&node, b"Resources")? {
                return Ok(resources);
            }
            match self.value(&node, b"Parent")? {
                Object::Dictionary(parent) => node = parent,
                _ => return Ok(Dictionary::default()),
            }
        }
        Err(self.limit("depth_max", self.limits.depth_max))
    }

    /// What the annotations of a page show, those hidden left out.
    ///
    /// # Errors
    ///
    /// As [`Pdf::shown_by_page`].
    pub fn shown_by_annotations(
        &self,
        page: ObjectId,
        limits: &mut ShownLimits,
    ) -> Result<Shown, PdfError> {
        let Object::Dictionary(page) = self.get(page)? else {
            return Err(PdfError::WrongType { what: "a page" });
        };
        let mut shown = Shown::default();
        let list = self.value(&page, b"Annots")?;
        for annotation in list.as_array().unwrap_or(&[]) {
            limits.spend(1)?;
            if let Object::Dictionary(annotation) = self.resolve(annotation)? {
                shown.extend(self.shown_by_annotation(&annotation, limits)?);
            }
        }
        Ok(shown)
    }

    /// What one annotation shows, in the space of its page; nothing if it is hidden.
    ///
    /// # Errors
    ///
    /// As [`Pdf::shown_by_page`].
    pub fn shown_by_annotation(
        &self,
        annotation: &Dictionary,
        limits: &mut ShownLimits,
    ) -> Result<Shown, PdfError> {
        self.shown_by(annotation, limits, false)
    }

    /// As [`Pdf::shown_by_annotation`], with a look at how transparent its images are.
    ///
    /// # Errors
    ///
    /// As [`Pdf::shown_by_page`].
    pub fn shown_by_mark(
        &self,
        annotation: &Dictionary,
        limits: &mut ShownLimits,
    ) -> Result<Shown, PdfError> {
        self.shown_by(annotation, limits, true)
    }

    fn shown_by(
        &self,
        annotation: &Dictionary,
        limits: &mut ShownLimits,
        veils: bool,
    ) -> Result<Shown, PdfError> {
        let kind = self.value(annotation, b"Subtype")?;
        let kind = kind.as_name().unwrap_or_default();
        let flags = self.value(annotation, b"F")?.as_integer().unwrap_or(0);
        if is_hidden(flags) {
            return Ok(Shown::default());
        }
        let Some(rect) = self.rectangle(annotation, b"Rect")? else {
            if self.value(annotation, b"AP")? != Object::Null && !self.is_blank(annotation)? {
                // Some readers draw it over the whole page.
                return Err(PdfError::WrongType { what: "/Rect" });
            }
            return Ok(Shown::default());
        };
        if self.value(annotation, b"FixedPrint")? != Object::Null {
            // It stands by the sheet of paper, and on a screen somewhere (12.5.6.22).
            return Err(PdfError::WrongType {
                what: "/FixedPrint",
            });
        }
        let appearance = self.value(annotation, b"AP")?;
        let none = Dictionary::default();
        let appearance = appearance.as_dictionary().unwrap_or(&none);
        let normal = self.normal_appearances(appearance)?;
        if normal.is_empty() {
            if SILENT.contains(&kind) {
                return Ok(Shown::default());
            }
            let shape = self.drawn_by_readers(annotation, kind, rect)?;
            return Ok(Shown {
                shapes: shape.into_iter().collect(),
            });
        }
        let anew = match kind {
            b"Widget" if self.draws_anew(limits)? => {
                self.drawn_by_readers(annotation, kind, rect)?
            }
            _ => None,
        };
        let mut painter = Painter::new(self, limits);
        painter.shapes.extend(anew);
        painter.veils = veils;
        painter.cuts = true;
        // Some readers go on to the resources of the form, others to those of the page.
        let resources = Resources {
            own: &none,
            outer: Outer::Unknown,
        };
        let layered = annotation.get(b"OC").is_some();
        for (id, stream) in normal {
            let mut state = State::at(self.fit(&stream, rect, veils)?);
            // Of several states one is shown.
            state.layered = layered
                || appearance
                    .get(b"N")
                    .is_some_and(|one| !matches!(self.resolve(one), Ok(Object::Stream(_))));
            painter.form(id, &stream, &resources, &state, 0)?;
        }
        Ok(Shown {
            shapes: painter.shapes,
        })
    }

    /// Whether every appearance of an annotation is an empty program.
    ///
    /// # Errors
    ///
    /// As [`Pdf::resolve`].
    pub fn is_blank(&self, annotation: &Dictionary) -> Result<bool, PdfError> {
        let appearance = self.value(annotation, b"AP")?;
        let Some(appearance) = appearance.as_dictionary() else {
            return Ok(false);
        };
        for entry in appearance.entries() {
            let mut states = vec![entry.value.clone()];
            if let Object::Dictionary(each) = self.resolve(&entry.value)? {
                states = each.entries().iter().map(|one| one.value.clone()).collect();
            }
            for state in states {
                let (Some(id), Object::Stream(stream)) =
                    (state.as_reference(), self.resolve(&state)?)
                else {
                    return Ok(false);
                };
                let content = self.stream_bytes(id, &stream)?;
                if !content.iter().all(u8::is_ascii_whitespace) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whether the form asks readers to draw its fields themselves: not all do (12.7.3).
    fn draws_anew(&self, limits: &mut ShownLimits) -> Result<bool, PdfError> {
        let form = self.form()?.unwrap_or_default();
        let fields = form.get(b"Fields").and_then(Object::as_array);
        limits.spend(fields.map_or(0, <[_]>::len) as u64 / LOOKS_A_STEP)?;
        Ok(self.value(&form, b"NeedAppearances")? == Object::Boolean(true))
    }

    /// The normal appearance, or those of all states: any may be chosen.
    fn normal_appearances(
        &self,
        appearance: &Dictionary,
    ) -> Result<Vec<(ObjectId, Box<Stream>)>, PdfError> {
        let Some(normal) = appearance.get(b"N") else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let states = match self.resolve(normal)? {
            Object::Dictionary(states) => {
                let states = states.entries().iter();
                states.map(|entry| entry.value.clone()).collect()
            }
            _ => vec![normal.clone()],
        };
        for state in states {
            if let Object::Reference(id) = state
                && let Object::Stream(stream) = self.get(id)?
            {
                found.push((id, stream));
            }
        }
        Ok(found)
    }

    /// How a form is fitted into the rectangle of its annotation (ISO 32000-2, 12.5.5).
    fn fit(&self, form: &Stream, rect: [f64; 4], strict: bool) -> Result<Matrix, PdfError> {
        let matrix = self.value(&form.dictionary, b"Matrix")?;
        let six = six_numbers(self, &matrix)?;
        if strict && six.is_none() && matrix != Object::Null {
            return Err(PdfError::WrongType { what: "/Matrix" });
        }
        let matrix = six.map_or(Matrix::IDENTITY, Matrix);
        let own = self.rectangle(&form.dictionary, b"BBox")?;
        let own = own.ok_or(PdfError::WrongType { what: "/BBox" })?;
        let (width, height) = Region::of(own).size();
        if strict && (width <= 0.0 || height <= 0.0) {
            // To some readers a box of no size shows nothing, to others everything.
            return Err(PdfError::WrongType { what: "/BBox" });
        }
        let [left, bottom, right, top] = matrix.region(&Region::of(own))?.0;
        if strict && (right - left <= 0.0 || top - bottom <= 0.0) {
            return Err(PdfError::WrongType { what: "/Matrix" });
        }
        let [to_left, to_bottom, to_right, to_top] = Region::of(rect).0;
        let ratio = |to: f64, from: f64| match from > 0.0 {
            true => to / from,
            // Nothing to be stretched.
            false => 1.0,
        };
        let across = ratio(to_right - to_left, right - left);
        let up = ratio(to_top - to_bottom, top - bottom);
        let (x, y) = (to_left - left * across, to_bottom - bottom * up);
        Ok(Matrix([across, 0.0, 0.0, up, x, y]))
    }
}
