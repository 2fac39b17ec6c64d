//! How far the letters of an embedded font reach: what its program draws, whatever it says of
//! itself (ISO 32000-2, 9.9).
//!
//! A mark over an empty place hides letters that a font draws far from where they stand. So every
//! outline is drawn once, into a box.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::raw::ps::type1::Type1Font;
use skrifa::raw::types::BoundingBox;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::error::PdfError;
use crate::letter::unclear;
use crate::object::{Dictionary, Object};
use crate::plane::Region;
use crate::reader::Pdf;
use crate::shown::ShownLimits;

/// The entries of a descriptor that hold a program.
const PROGRAMS: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
/// Points of outlines that are drawn in the time of one operator.
const POINTS_A_STEP: u64 = 16;
/// Units of an em.
const EM: f32 = 1000.0;

/// Around all that the programs of `descriptor` draw, in ems from the origin of each letter;
/// nothing, where it has none or none of them draws anything.
///
/// # Errors
///
/// A program that cannot be drawn here: readers may draw it, or take another font.
pub(crate) fn reach(
    pdf: &Pdf<'_>,
    descriptor: &Dictionary,
    limits: &mut ShownLimits,
) -> Result<Option<Region>, PdfError> {
    let mut around: Option<Region> = None;
    for key in PROGRAMS {
        let Some(Object::Reference(id)) = descriptor.get(key) else {
            continue;
        };
        let own = match limits.programs.get(id) {
            Some(known) => *known,
            None => {
                let Object::Stream(stream) = pdf.get(*id)? else {
                    continue;
                };
                let bytes = pdf.stream_bytes(*id, &stream)?;
                limits.spend_bytes(bytes.len())?;
                let drawn = draw(&bytes, limits)?;
                limits.programs.insert(*id, drawn);
                drawn
            }
        };
        around = match (around, own) {
            (Some(one), Some(other)) => Some(one.around_both(&other)),
            (one, other) => one.or(other),
        };
    }
    Ok(around)
}

/// Around every outline of a program, in ems.
fn draw(program: &[u8], limits: &mut ShownLimits) -> Result<Option<Region>, PdfError> {
    let mut drawn = Reach::default();
    let is_text = program.starts_with(b"%!") || program.first() == Some(&0x80);
    if is_text {
        let font = Type1Font::new(program).map_err(|_| unclear("a font"))?;
        limits.spend_outlines(font.num_glyphs())?;
        for glyph in 0..font.num_glyphs() {
            let extents = font.extents(GlyphId::new(glyph), Some(EM));
            drawn.take(extents.map_err(|_| unclear("a font"))?);
        }
    } else if is_bare(program) {
        let font = CffFontRef::new(program, 0, None).map_err(|_| unclear("a font"))?;
        limits.spend_outlines(font.num_glyphs())?;
        for glyph in 0..font.num_glyphs() {
            let glyph = GlyphId::new(glyph);
            let own = font.subfont_index(glyph).ok_or_else(|| unclear("a font"))?;
            let own = font.subfont(own, &[]).map_err(|_| unclear("a font"))?;
            let extents = font.extents(&own, glyph, &[], Some(EM));
            drawn.take(extents.map_err(|_| unclear("a font"))?);
        }
    } else {
        let font = FontRef::new(program).map_err(|_| unclear("a font"))?;
        let outlines = font.outline_glyphs();
        let postscript = outlines.format() != Some(skrifa::outline::OutlineGlyphFormat::Glyf);
        for (glyph, outline) in outlines.iter() {
            if postscript {
                limits.spend_outlines(1)?;
            }
            let before = drawn.points;
            let settings = DrawSettings::unhinted(Size::new(EM), LocationRef::default());
            let done = outline.draw(settings, &mut drawn);
            done.map_err(|_| unclear("a font"))?;
            let points = drawn.points.saturating_sub(before);
            limits.spend(points / POINTS_A_STEP + u64::from(glyph.to_u32() % 4 == 0))?;
        }
    }
    Ok(drawn.region())
}

/// Whether a program is compact outlines without a wrapping: version 1, a short header.
fn is_bare(program: &[u8]) -> bool {
    matches!(program, [1, 0, 4..=16, 1..=4, ..])
}

/// A pen that leaves nothing but a box.
#[derive(Default)]
struct Reach {
    around: Option<BoundingBox<f32>>,
    points: u64,
    /// Whether something lies nowhere.
    lost: bool,
}

impl Reach {
    fn take(&mut self, one: Option<BoundingBox<f32>>) {
        if let Some(one) = one {
            self.point(one.x_min, one.y_min);
            self.point(one.x_max, one.y_max);
        }
    }

    fn point(&mut self, x: f32, y: f32) {
        self.points = self.points.saturating_add(1);
        self.lost |= !(x.is_finite() && y.is_finite());
        let mut around = self.around.unwrap_or(BoundingBox {
            x_min: x,
            y_min: y,
            x_max: x,
            y_max: y,
        });
        around.x_min = around.x_min.min(x);
        around.y_min = around.y_min.min(y);
        around.x_max = around.x_max.max(x);
        around.y_max = around.y_max.max(y);
        self.around = Some(around);
    }

    fn region(&self) -> Option<Region> {
        if self.lost {
            return Some(Region::ENDLESS);
        }
        let around = self.around?;
        let edges = [around.x_min, around.y_min, around.x_max, around.y_max];
        Some(Region(edges.map(|edge| f64::from(edge / EM))))
    }
}

impl OutlinePen for Reach {
    fn move_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.point(cx0, cy0);
        self.point(x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.point(cx0, cy0);
        self.point(cx1, cy1);
        self.point(x, y);
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(program: &[u8]) -> Option<Region> {
        draw(program, &mut ShownLimits::default()).unwrap()
    }

    /// Compact outlines with one letter: a stroke from (`x`, 0) to 100 units beside it.
    fn compact(x: i16) -> Vec<u8> {
        let [high, low] = x.to_be_bytes();
        let letter = [28, high, low, 139, 21, 239, 139, 5, 14];
        let mut font = vec![1, 0, 4, 1, 0, 1, 1, 1, 2, b'A', 0, 1, 1, 1, 14];
        font.extend([29, 0, 0, 0, 32, 17, 139, 29, 0, 0, 0, 37, 18]);
        font.extend([0, 0, 0, 0, 0, 1, 1, 1, 10]);
        font.extend(letter);
        font
    }

    fn encrypted(plain: &[u8], key: u16) -> Vec<u8> {
        let mut key = key;
        let step = |byte: &u8| {
            let cipher = byte ^ key.to_be_bytes()[0];
            key = u16::from(cipher)
                .wrapping_add(key)
                .wrapping_mul(52_845)
                .wrapping_add(22_719);
            cipher
        };
        plain.iter().map(step).collect()
    }

    /// The same in the older form.
    fn older(x: i32) -> Vec<u8> {
        let mut letter = vec![0; 4];
        // 0 500 hsbw x 0 rmoveto 100 0 rlineto closepath endchar
        letter.extend([139, 248, 136, 13, 255]);
        letter.extend(x.to_be_bytes());
        letter.extend([139, 21, 239, 139, 5, 9, 14]);
        let letter = encrypted(&letter, 4330);
        let mut private = b"xxxxdup /Private 8 dict dup begin\n/lenIV 4 def\n".to_vec();
        let head = format!(
            "2 index /CharStrings 1 dict dup begin\n/.notdef {} RD ",
            letter.len()
        );
        private.extend(head.into_bytes());
        private.extend(letter);
        private.extend(b" ND\nend\nend\nmark currentfile closefile\n");
        let mut font = b"%!PS-AdobeFont-1.0: Own\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n\
            /Encoding StandardEncoding def\ncurrentfile eexec\n"
            .to_vec();
        font.extend(encrypted(&private, 55_665));
        font
    }

    #[test]
    fn programs_of_each_form_are_drawn() {
        let near = |found: Option<Region>, right: f64| {
            let Region([.., to, _]) = found.unwrap();
            assert!((to - right).abs() < 0.001, "{to}");
        };
        near(drawn(&compact(300)), 0.4);
        near(drawn(&compact(9000)), 9.1);
        near(drawn(&older(300)), 0.4);
        near(drawn(&older(9000)), 9.1);
        let Region([left, bottom, right, top]) = drawn(dejavu::sans::regular()).unwrap();
        assert!(left < 0.0 && bottom < 0.0 && right > 1.0 && top > 0.9 && right < 4.0);
    }

    #[test]
    fn programs_that_cannot_be_drawn_are_no_answer() {
        let mut limits = ShownLimits::default();
        for program in [&b""[..], b"%!PS", &[1, 0, 4, 1], b"\0\x01\0\0", b"nothing"] {
            assert!(
                draw(program, &mut limits).is_err(),
                "{}",
                program.escape_ascii()
            );
        }
        limits.outlines_left = 0;
        let limit = draw(&compact(300), &mut limits);
        assert!(matches!(limit, Err(PdfError::LimitExceeded { .. })));
    }
}
