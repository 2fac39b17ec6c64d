//! The part of a content stream that says what is painted with: colours, patterns, gradients, and
//! how paint mixes (ISO 32000-2, 8.4.5, 8.6 and 8.7).

use crate::error::PdfError;
use crate::ink::{Colour, Ink, Space};
use crate::letter::six_numbers;
use crate::object::Object;
use crate::painter::{Painter, Run, damaged};
use crate::plane::{Matrix, Region};
use crate::resources::{Named, Resources};
use crate::shown::{Area, Body, Mass, Shape};

/// Shortest gradient, in points, that is an even ground and no edge.
const GRADIENT_MIN: f64 = 36.0;

impl Painter<'_, '_, '_> {
    /// `sh`: a gradient wherever paint is let through.
    pub(crate) fn shade(&mut self, run: &Run<'_>, operands: &[Object]) -> Result<(), PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let named = self.named(run.resources, b"Shading", name)?.here();
        let shading = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        let clip = run.state.clip;
        if self.is_even(&shading, &run.state.place)? && !run.state.mixing.masked {
            return self.add(Shape::Flood(clip));
        }
        let region = clip.region.unwrap_or(Region::ENDLESS);
        let (mass, body) = (Mass::Image, Body::Solid);
        self.push(Area::of(region, mass, body))
    }

    /// The colour that an operator sets, named as the one for filling is.
    pub(crate) fn ink(
        &mut self,
        run: &Run<'_>,
        old: Ink,
        word: &[u8],
        operands: &[Object],
    ) -> Result<Ink, PdfError> {
        let numbers: Option<Vec<f64>> = operands.iter().map(Object::as_number).collect();
        let colour = |space| {
            let numbers = numbers.as_deref().filter(|_| !run.remaps);
            Ink::of(
                space,
                numbers.and_then(|numbers| Colour::of(space, numbers)),
            )
        };
        Ok(match (word, operands) {
            (b"g", _) => colour(Space::Gray),
            (b"rg", _) => colour(Space::Rgb),
            (b"k", _) => colour(Space::Cmyk),
            (b"cs", [name]) => Ink::of(self.space(run.resources, name)?, None),
            (b"scn", [.., name @ Object::Name(_)]) => Ink {
                space: old.space,
                colour: None,
                pattern: self.is_pattern(run, name)?,
            },
            _ => colour(old.space),
        })
    }

    pub(crate) fn space(
        &mut self,
        resources: &Resources<'_>,
        name: &Object,
    ) -> Result<Space, PdfError> {
        match name.as_name() {
            Some(b"DeviceGray" | b"G") => return Ok(Space::Gray),
            Some(b"DeviceRGB" | b"RGB") => return Ok(Space::Rgb),
            Some(b"DeviceCMYK" | b"CMYK") => return Ok(Space::Cmyk),
            _ => {}
        }
        let named = self.named(resources, b"ColorSpace", name)?.here();
        Ok(match named.as_ref() {
            Some(Object::Reference(id)) => Space::Own(*id),
            Some(Object::Array(parts)) => match &parts[..] {
                [_, Object::Reference(id)] => Space::Own(*id),
                _ => Space::Unknown,
            },
            _ => Space::Unknown,
        })
    }

    pub(crate) fn graphics_state(
        &mut self,
        run: &mut Run<'_>,
        operands: &[Object],
    ) -> Result<(), PdfError> {
        let [name] = operands else {
            return Err(damaged());
        };
        let named = match self.named(run.resources, b"ExtGState", name)? {
            Named::Here(named) => Some(named),
            Named::Nowhere => None,
            Named::Around(_) | Named::Unknown => return Err(damaged()),
        };
        let named = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        let Some(entries) = named.as_dictionary() else {
            return Ok(());
        };
        if let Some([font, size]) = self.pdf.value(entries, b"Font")?.as_array() {
            run.state.font = self.letters(Some(font))?;
            run.state.size = self.pdf.resolve(size)?.as_number().ok_or_else(damaged)?;
        }
        if let Some(width) = self.pdf.value(entries, b"LW")?.as_number() {
            run.state.width = width;
        }
        if let Some(most) = self.pdf.value(entries, b"ML")?.as_number() {
            run.state.corners.most = most;
        }
        if let Some(way) = self.pdf.value(entries, b"LJ")?.as_number() {
            run.state.corners.way = way;
        }
        self.limits.spend(entries.entries().len() as u64 / 8)?;
        run.state.mixing.set(self.pdf, entries)
    }

    /// Whether a colour is a pattern that may show letters.
    pub(crate) fn is_pattern(&mut self, run: &Run<'_>, name: &Object) -> Result<bool, PdfError> {
        let named = self.named(run.resources, b"Pattern", name)?.here();
        let pattern = self.pdf.resolve(named.as_ref().unwrap_or(&Object::Null))?;
        let Some(pattern) = pattern.as_dictionary() else {
            return Ok(true);
        };
        let shading = self.pdf.value(pattern, b"Shading")?;
        let own = self.pdf.value(pattern, b"Matrix")?;
        let own = six_numbers(self.pdf, &own)?.map_or(Matrix::IDENTITY, Matrix);
        Ok(!self.is_even(&shading, &own.then(run.base))?)
    }

    /// Whether a gradient has no edge: it goes along a line and on behind its ends, from one colour
    /// to another, within half an inch or more (8.7.4.5.3).
    pub(crate) fn is_even(&self, shading: &Object, place: &Matrix) -> Result<bool, PdfError> {
        let Some(shading) = shading.as_dictionary() else {
            return Ok(false);
        };
        if self.pdf.value(shading, b"ShadingType")?.as_integer() != Some(2) {
            return Ok(false);
        }
        let extends = self.pdf.value(shading, b"Extend")?;
        let goes_on = extends.as_array() == Some(&[Object::Boolean(true), Object::Boolean(true)]);
        let function = self.pdf.value(shading, b"Function")?;
        let function = function.as_dictionary();
        let (Some(function), Some([x, y, to_x, to_y])) =
            (function, self.pdf.rectangle(shading, b"Coords")?)
        else {
            return Ok(false);
        };
        let kind = self.pdf.value(function, b"FunctionType")?.as_integer();
        let straight = self.pdf.value(function, b"N")?.as_number() == Some(1.0);
        let (from, to) = (place.point((x, y)), place.point((to_x, to_y)));
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let narrowed = shading.get(b"BBox").is_some() || shading.get(b"Domain").is_some();
        Ok(goes_on && kind == Some(2) && straight && length >= GRADIENT_MIN && !narrowed)
    }
}
