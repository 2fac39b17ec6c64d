//! What stands where on a page: the places of text, images and drawings, without drawing them.
//!
//! A mark that is put on a signed page may hide what was signed. Whether there is anything beneath
//! it is told here from the page's content stream, its forms and its annotations.
//!
//! Places are those of the page's own space, before it is turned. What is told may reach further
//! than what is seen: clipping, invisible letters and layers that are switched off count as shown.

use crate::error::PdfError;
use crate::letter::six_numbers;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::painter::Painter;
use crate::pen::State;
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;

/// What counts as touching: text and a mark beside it may share an edge, in points.
const EDGE: f64 = 0.5;
/// Most lines and boxes that are a drawing of no letters.
const LINES_MAX: usize = 32;
/// Least width and height, in points, of a mark that a figure may be the frame of. A smaller one
/// may lie within the outline of a letter, and make an 8 a 0.
const FRAMED_MIN: f64 = 36.0;
/// Annotations that show nothing of their own on the page.
const SILENT: &[&[u8]] = &[b"Link", b"Popup"];
/// Flags of an annotation that is not shown: hidden, and not to be viewed (ISO 32000-2, 12.5.3).
const HIDDEN: i64 = 2 | 32;

/// What reading pages may cost, over all that are read with it.
#[derive(Clone, Debug)]
pub struct ShownLimits {
    /// Operators, and what else takes as long.
    pub operators_left: u64,
    /// Bytes of content streams, decoded; one that is used twice counts twice.
    pub bytes_left: u64,
}

impl Default for ShownLimits {
    fn default() -> Self {
        Self {
            operators_left: 2_000_000,
            bytes_left: 32 * 1024 * 1024,
        }
    }
}

impl ShownLimits {
    pub(crate) fn spend(&mut self, count: u64) -> Result<(), PdfError> {
        spend(&mut self.operators_left, count, "operators_left")
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
    /// Lines and boxes, such as those of a table.
    Line,
    /// A drawing that may show letters: curves, or many lines.
    Figure,
    /// An image, or whatever else may show anything.
    Image,
    /// Text.
    Text,
}

/// A place with something on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) region: Region,
    pub(crate) mass: Mass,
}

impl Area {
    /// Something that fills whatever it is clipped to.
    pub(crate) fn everywhere() -> Self {
        let end = f64::MAX;
        Self {
            region: Region([-end, -end, end, end]),
            mass: Mass::Image,
        }
    }
}

/// What a page or an annotation shows.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    areas: Vec<Area>,
}

impl Shown {
    /// One place, left, bottom, right, top, filled with something.
    fn whole(rect: [f64; 4], mass: Mass) -> Self {
        let region = Region::of(rect);
        Self {
            areas: vec![Area { region, mass }],
        }
    }

    /// Takes in what something else shows on the same page.
    pub fn extend(&mut self, other: Self) {
        self.areas.extend(other.areas);
    }

    /// The gravest of what stands beneath `rect`; nothing where lines and boxes are all there is.
    #[must_use]
    pub fn beneath(&self, rect: [f64; 4]) -> Option<Mass> {
        let rect = Region::of(rect);
        let inner = rect.within(EDGE);
        let Region([left, bottom, right, top]) = rect;
        let is_framed = right - left >= FRAMED_MIN && top - bottom >= FRAMED_MIN;
        let mut lines = 0_usize;
        let mut gravest = None;
        for area in self.areas.iter().filter(|one| one.region.meets(&inner)) {
            let found = match area.mass {
                Mass::Line => {
                    // What reaches out of the mark is seen beside it.
                    lines = lines.saturating_add(usize::from(rect.holds(&area.region)));
                    (lines > LINES_MAX).then_some(Mass::Figure)
                }
                // A frame around the mark.
                Mass::Figure if is_framed && area.region.holds(&rect) => None,
                mass => Some(mass),
            };
            gravest = gravest.max(found);
        }
        gravest
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
        painter.run(&content, &resources, State::at(Matrix::IDENTITY), 0)?;
        Ok(Shown {
            areas: painter.areas,
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
        let kind = self.value(annotation, b"Subtype")?;
        let kind = kind.as_name().unwrap_or_default();
        let flags = self.value(annotation, b"F")?.as_integer().unwrap_or(0);
        let Some(rect) = self.rectangle(annotation, b"Rect")? else {
            return Ok(Shown::default());
        };
        if SILENT.contains(&kind) || flags & HIDDEN != 0 {
            return Ok(Shown::default());
        }
        let appearance = self.value(annotation, b"AP")?;
        let Some(appearance) = appearance.as_dictionary() else {
            let bare = kind == b"Widget" && !self.is_filled(annotation)?;
            return Ok(match bare {
                true => Shown::default(),
                // Readers draw it themselves.
                false => Shown::whole(rect, Mass::Text),
            });
        };
        let mut painter = Painter::new(self, limits);
        for (id, stream) in self.normal_appearances(appearance)? {
            let state = State::at(self.fit(&stream, rect)?);
            painter.form(id, &stream, &Dictionary::default(), &state, 0)?;
        }
        Ok(Shown {
            areas: painter.areas,
        })
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
    fn fit(&self, form: &Stream, rect: [f64; 4]) -> Result<Matrix, PdfError> {
        let matrix = self.value(&form.dictionary, b"Matrix")?;
        let matrix = six_numbers(self, &matrix)?.map_or(Matrix::IDENTITY, Matrix);
        let own = self.rectangle(&form.dictionary, b"BBox")?;
        let own = own.ok_or(PdfError::WrongType { what: "/BBox" })?;
        let [left, bottom, right, top] = matrix.region(&Region::of(own))?.0;
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

    /// Whether a widget without an appearance belongs to a field with a value to show.
    fn is_filled(&self, widget: &Dictionary) -> Result<bool, PdfError> {
        let mut node = widget.clone();
        for _ in 0..self.limits.depth_max {
            if self.value(&node, b"FT")?.as_name() == Some(b"Sig") {
                return Ok(false);
            }
            if self.value(&node, b"V")? != Object::Null {
                return Ok(true);
            }
            match self.value(&node, b"Parent")? {
                Object::Dictionary(parent) => node = parent,
                _ => return Ok(false),
            }
        }
        Err(self.limit("depth_max", self.limits.depth_max))
    }
}
