//! What readers draw for annotations that bring no appearance (ISO 32000-2, 12.5.5 and 12.5.6).
//!
//! Each reader draws them in its own way: what is told is where any of it may stand.

use crate::error::PdfError;
use crate::ground::{Drawn, Look, Stroke};
use crate::ink::Clip;
use crate::object::{Dictionary, Object};
use crate::outline::Path;
use crate::plane::{Matrix, Region};
use crate::reader::Pdf;
use crate::shown::{Area, Body, Mass, Shape};

/// Entries with the points that an annotation is drawn by, which need not lie in its rectangle.
const POINTS: [&[u8]; 5] = [b"L", b"InkList", b"Vertices", b"QuadPoints", b"CL"];
/// How far beside its points a line is drawn (12.5.6.7).
const LEADERS: [&[u8]; 3] = [b"LL", b"LLE", b"LLO"];
/// Most numbers of them.
const NUMBERS_MAX: usize = 100_000;
/// How far the ends of a line reach, in widths of it: arrows and diamonds.
const ENDS: f64 = 10.0;
/// Annotations that are shown as a sign of one size, whatever their rectangle says.
const ICONS: [&[u8]; 4] = [b"Text", b"FileAttachment", b"Sound", b"Caret"];
/// How large that is at most, and a letter of a caption, in points.
const ICON: f64 = 36.0;
const LETTER: f64 = 14.0;
/// Entries of `/MK` by which a widget shows something without a value: a ground, captions, icons.
const SHOWING: [&[u8]; 7] = [b"BG", b"CA", b"RC", b"AC", b"I", b"RI", b"IX"];
/// The one by which it shows a border.
const BORDER: &[u8] = b"BC";

impl Pdf<'_> {
    /// What readers draw for an annotation without an appearance.
    pub(crate) fn drawn_by_readers(
        &self,
        annotation: &Dictionary,
        kind: &[u8],
        rect: [f64; 4],
    ) -> Result<Option<Shape>, PdfError> {
        let region = Region::of(rect);
        let width = self.border_width(annotation)?;
        match kind {
            // A frame around what the page itself shows.
            b"Link" if width == 0.0 => Ok(None),
            b"Link" => frame(rect, width).map(Some),
            b"Widget" if self.is_filled(annotation)? => Ok(Some(text(region))),
            b"Widget" => {
                let look = self.value(annotation, b"MK")?;
                let says = |key: &[u8]| {
                    look.as_dictionary()
                        .is_some_and(|look| look.get(key).is_some())
                };
                let (mass, body) = (Mass::Figure, Body::Solid);
                if SHOWING.iter().any(|key| says(key)) {
                    return Ok(Some(Shape::Area(Area::of(region, mass, body))));
                }
                // Some readers draw its border, which stands within.
                let width = width * self.border_sides(annotation)?;
                match says(BORDER) && width > 0.0 {
                    true => frame(region.within(width / 2.0).0, width).map(Some),
                    false => Ok(None),
                }
            }
            _ => {
                let mut points = Vec::new();
                for key in POINTS {
                    let list = self.value(annotation, key)?;
                    self.points(&list, 0, &mut points)?;
                }
                let pairs = points.chunks_exact(2);
                let around = Region::around(pairs.filter_map(|pair| match pair {
                    [x, y] => Some((*x, *y)),
                    _ => None,
                }));
                let region = around.map_or(region, |around| around.around_both(&region));
                let mut margin = width * ENDS;
                if ICONS.contains(&kind) {
                    margin += ICON;
                }
                margin += self.caption(annotation)?;
                for key in LEADERS {
                    let leader = self.value(annotation, key)?.as_number();
                    margin += leader.unwrap_or(0.0).abs();
                }
                Ok(Some(text(region.grown(margin))))
            }
        }
    }

    /// How far the words along a line may stand beside it (12.5.6.7).
    fn caption(&self, annotation: &Dictionary) -> Result<f64, PdfError> {
        if self.value(annotation, b"Cap")? != Object::Boolean(true) {
            return Ok(0.0);
        }
        let mut offset = Vec::new();
        self.points(&self.value(annotation, b"CO")?, 0, &mut offset)?;
        let beside: f64 = offset.iter().map(|one| one.abs()).sum();
        let words = self.value(annotation, b"Contents")?;
        let letters = words.as_string().map_or(0, <[u8]>::len).min(NUMBERS_MAX);
        let letters = f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
        Ok(beside + LETTER * (letters + 2.0))
    }

    /// The numbers of a list, and of the lists in it.
    fn points(&self, list: &Object, depth: u32, points: &mut Vec<f64>) -> Result<(), PdfError> {
        if depth > 2 || points.len() > NUMBERS_MAX {
            return Err(PdfError::LimitExceeded {
                limit: "points_max",
                max: NUMBERS_MAX as u64,
            });
        }
        for one in list.as_array().unwrap_or(&[]) {
            let one = self.resolve(one)?;
            match one.as_number() {
                Some(number) => points.push(number),
                None => self.points(&one, depth.saturating_add(1), points)?,
            }
        }
        Ok(())
    }

    /// How wide a border is, in points; one, where nothing is said.
    fn border_width(&self, annotation: &Dictionary) -> Result<f64, PdfError> {
        let style = self.value(annotation, b"BS")?;
        if let Some(style) = style.as_dictionary() {
            return Ok(self.value(style, b"W")?.as_number().unwrap_or(1.0).abs());
        }
        let border = self.value(annotation, b"Border")?;
        let width = match border.as_array().and_then(|border| border.get(2)) {
            Some(width) => self.resolve(width)?.as_number(),
            None => None,
        };
        Ok(width.unwrap_or(1.0).abs())
    }

    /// How many times its width a border takes: those that look raised or sunk have a second line.
    fn border_sides(&self, annotation: &Dictionary) -> Result<f64, PdfError> {
        let style = self.value(annotation, b"BS")?;
        let style = style.as_dictionary();
        let kind = style.map_or(Ok(Object::Null), |style| self.value(style, b"S"))?;
        Ok(match kind.as_name() {
            Some(b"B" | b"I") => 2.0,
            _ => 1.0,
        })
    }

    /// Whether a widget without an appearance belongs to a field with a value to show.
    fn is_filled(&self, widget: &Dictionary) -> Result<bool, PdfError> {
        let mut node = widget.clone();
        for _ in 0..self.limits.depth_max {
            if self.value(&node, b"FT")?.as_name() == Some(b"Sig") {
                return Ok(false);
            }
            // A list shows what may be chosen from it.
            let list = self.value(&node, b"Opt")? != Object::Null;
            if list || self.value(&node, b"V")? != Object::Null {
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

fn text(region: Region) -> Shape {
    let (mass, body) = (Mass::Text, Body::Solid);
    Shape::Area(Area::of(region, mass, body))
}

fn frame(rect: [f64; 4], width: f64) -> Result<Shape, PdfError> {
    let Region([left, bottom, right, top]) = Region::of(rect);
    let mut path = Path::default();
    let sides = [left, bottom, right - left, top - bottom].map(Object::Real);
    path.draw(b"re", &sides, &Matrix::IDENTITY)?;
    Ok(Shape::Drawn(Box::new(Drawn {
        figures: path.figures,
        region: Region::of(rect).grown(width / 2.0),
        fill: None,
        stroke: Some(Stroke {
            width,
            corners: None,
            colour: None,
            look: Look::default(),
        }),
        clip: Clip::default(),
        always: true,
    })))
}
