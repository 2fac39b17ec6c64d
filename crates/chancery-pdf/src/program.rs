//! How far the letters of an embedded font reach: what its program draws, whatever it says of
//! itself (ISO 32000-2, 9.9).
//!
//! A mark over an empty place hides letters that a font draws far from where they stand. So every
//! outline is drawn once, into a box.

use std::cell::Cell;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlineGlyphFormat, OutlinePen};
use skrifa::raw::model::Error;
use skrifa::raw::ps::Transform;
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::raw::ps::cff::index::Index;
use skrifa::raw::ps::charstring::{
    CharstringContext, CharstringKind, ControlBoundsSink, NopFilterSink, TransformSink, evaluate,
};
use skrifa::raw::ps::type1::Type1Font;
use skrifa::raw::types::{BoundingBox, Fixed};
use skrifa::{FontRef, GlyphId, MetadataProvider as _, Tag};

use crate::error::PdfError;
use crate::letter::unclear;
use crate::object::{Dictionary, Object};
use crate::plane::Region;
use crate::reader::Pdf;
use crate::shown::ShownLimits;
use crate::type1_letters;

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
        draw_older(program, &mut drawn, limits)?;
    } else if is_bare(program) {
        draw_compact(program, &mut drawn, limits)?;
    } else {
        let font = FontRef::new(program).map_err(|_| unclear("a font"))?;
        if let Some(compact) = font.table_data(Tag::new(b"CFF ")) {
            draw_compact(compact.as_bytes(), &mut drawn, limits)?;
            return Ok(drawn.region());
        }
        let outlines = font.outline_glyphs();
        if outlines.format() != Some(OutlineGlyphFormat::Glyf) {
            return Err(unclear("a font"));
        }
        for (glyph, outline) in outlines.iter() {
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

/// The outlines of a Type 1 program.
fn draw_older(program: &[u8], drawn: &mut Reach, limits: &mut ShownLimits) -> Result<(), PdfError> {
    let font = Type1Font::new(program).map_err(|_| unclear("a font"))?;
    let outlines = type1_letters::outlines(program).ok_or_else(|| unclear("a font"))?;
    for outline in &outlines {
        run(&font, outline, font.transform(Some(EM)), drawn, limits)?;
    }
    Ok(())
}

/// Compact outlines.
fn draw_compact(
    program: &[u8],
    drawn: &mut Reach,
    limits: &mut ShownLimits,
) -> Result<(), PdfError> {
    let failed = |_| unclear("a font");
    let font = CffFontRef::new_cff(program, 0, None).map_err(failed)?;
    for glyph in 0..font.num_glyphs() {
        let glyph = GlyphId::new(glyph);
        let own = font.subfont_index(glyph).ok_or_else(|| unclear("a font"))?;
        let own = font.subfont(own, &[]).map_err(failed)?;
        let at = usize::try_from(own.subrs_offset()).unwrap_or(usize::MAX);
        let local = match at {
            0 => Index::Empty,
            _ => {
                let from = program.get(at..).ok_or_else(|| unclear("a font"))?;
                Index::new(from, false).map_err(failed)?
            }
        };
        let index = usize::try_from(glyph.to_u32()).unwrap_or(usize::MAX);
        let outline = font.charstrings().get(index);
        let outline = outline.ok_or_else(|| unclear("a font"))?;
        let context = (program, font.charstrings(), font.global_subrs(), &local);
        let transform = font.transform(&own, Some(EM));
        run(&context, outline, transform, drawn, limits)?;
    }
    Ok(())
}

/// Draws one outline. Each is a program that may call others, a million operators long: what it
/// runs is counted before it is run.
fn run(
    font: &impl CharstringContext,
    outline: &[u8],
    transform: Transform,
    drawn: &mut Reach,
    limits: &mut ShownLimits,
) -> Result<(), PdfError> {
    limits.spend_letters(outline.len().saturating_add(1))?;
    let metered = Metered {
        font,
        left: Cell::new(limits.letters_left),
    };
    let mut bounds = ControlBoundsSink::new();
    let mut filter = NopFilterSink::new(&mut bounds);
    let mut moved = TransformSink::new(&mut filter, transform);
    let run = evaluate(&metered, None, outline, &mut moved);
    limits.letters_left = metered.left.get();
    run.map_err(|_| unclear("a font"))?;
    drawn.take(bounds.bounding_box().map(|around| BoundingBox {
        x_min: around.x_min.to_f32(),
        y_min: around.y_min.to_f32(),
        x_max: around.x_max.to_f32(),
        y_max: around.y_max.to_f32(),
    }));
    Ok(())
}

/// The programs that an outline may call, each counted by its length when it is called.
struct Metered<'a, Font> {
    font: &'a Font,
    left: Cell<u64>,
}

impl<Font> Metered<'_, Font> {
    fn spend<'b>(&self, program: &'b [u8]) -> Result<&'b [u8], Error> {
        let count = u64::try_from(program.len()).unwrap_or(u64::MAX);
        let left = self.left.get().checked_sub(count.saturating_add(1));
        self.left.set(left.unwrap_or(0));
        left.map(|_| program).ok_or(Error::LimitExceeded)
    }
}

impl<Font: CharstringContext> CharstringContext for Metered<'_, Font> {
    fn kind(&self) -> CharstringKind {
        self.font.kind()
    }

    fn seac_components(&self, base: i32, accent: i32) -> Result<[&[u8]; 2], Error> {
        let [base, accent] = self.font.seac_components(base, accent)?;
        Ok([self.spend(base)?, self.spend(accent)?])
    }

    fn global_subr(&self, index: i32) -> Result<&[u8], Error> {
        self.spend(self.font.global_subr(index)?)
    }

    fn subr(&self, index: i32) -> Result<&[u8], Error> {
        self.spend(self.font.subr(index)?)
    }

    fn weight_vector(&self) -> &[Fixed] {
        self.font.weight_vector()
    }

    fn build_char_len(&self) -> usize {
        self.font.build_char_len()
    }
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
        compact_of(&[28, high, low, 139, 21, 239, 139, 5, 14], &[])
    }

    /// An index of the format: a count, offsets of two bytes, the parts.
    fn index(parts: &[Vec<u8>]) -> Vec<u8> {
        let count = u16::try_from(parts.len()).unwrap();
        let mut index = count.to_be_bytes().to_vec();
        if count == 0 {
            return index;
        }
        index.push(2);
        let mut at = 1_u16;
        index.extend(at.to_be_bytes());
        for part in parts {
            at += u16::try_from(part.len()).unwrap();
            index.extend(at.to_be_bytes());
        }
        index.extend(parts.concat());
        index
    }

    /// The same with one letter of these bytes, which may call `programs`.
    fn compact_of(letter: &[u8], programs: &[Vec<u8>]) -> Vec<u8> {
        let programs = index(programs);
        let [high, low] = u16::try_from(30 + programs.len()).unwrap().to_be_bytes();
        let mut font = vec![1, 0, 4, 1, 0, 1, 1, 1, 2, b'A', 0, 1, 1, 1, 14];
        // Private: none; the letters stand behind the programs.
        font.extend([29, 0, 0, high, low, 17, 139, 29, 0, 0, 0, 0, 18]);
        font.extend([0, 0]);
        font.extend(programs);
        font.extend(index(&[letter.to_vec()]));
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
        // 0 500 hsbw x 0 rmoveto 100 0 rlineto closepath endchar
        let mut letter = vec![139, 248, 136, 13, 255];
        letter.extend(x.to_be_bytes());
        letter.extend([139, 21, 239, 139, 5, 9, 14]);
        older_of(&[(".notdef", letter)], &[])
    }

    fn find(text: &[u8], key: &[u8]) -> usize {
        let mut windows = text.windows(key.len());
        windows.position(|window| window == key).unwrap()
    }

    fn enciphered(outline: &[u8]) -> Vec<u8> {
        encrypted(&[&[0; 4], outline].concat(), 4330)
    }

    fn older_of(letters: &[(&str, Vec<u8>)], programs: &[Vec<u8>]) -> Vec<u8> {
        let mut private = b"xxxxdup /Private 8 dict dup begin\n/lenIV 4 def\n".to_vec();
        private.extend(format!("/Subrs {} array\n", programs.len()).into_bytes());
        for (at, program) in programs.iter().enumerate() {
            let program = enciphered(program);
            private.extend(format!("dup {at} {} RD ", program.len()).into_bytes());
            private.extend(program);
            private.extend(b" NP\n");
        }
        let count = letters.len();
        private.extend(format!("ND\n2 index /CharStrings {count} dict dup begin\n").into_bytes());
        for (name, letter) in letters {
            let letter = enciphered(letter);
            private.extend(format!("/{name} {} RD ", letter.len()).into_bytes());
            private.extend(letter);
            private.extend(b" ND\n");
        }
        private.extend(b"end\nend\nmark currentfile closefile\n");
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
        for font in [older(300), compact(300)] {
            limits.letters_left = 3;
            let limit = draw(&font, &mut limits);
            assert!(matches!(limit, Err(PdfError::LimitExceeded { .. })));
        }
    }

    /// Goal: programs that call one another are counted as often as they run. Method: a letter
    /// whose program calls one that calls another sixteen times, three levels deep, with enough
    /// left for a run and a half.
    #[test]
    fn programs_that_call_one_another_cost_what_they_run() {
        // The numbers of the first 1240 count from -107, which is the byte 32.
        let level = |next: u8| {
            let calls = [next, 29].repeat(16);
            [calls, vec![11]].concat()
        };
        let programs = [level(33), level(34), vec![11]];
        let letter = [139, 139, 21, 32, 29, 239, 139, 5, 14];
        let compact = compact_of(&letter, &programs);
        // In the older form numbers count from 0, and another operator calls.
        let older_level = |next: u8| {
            let calls = [139 + next, 10].repeat(16);
            [calls, vec![11]].concat()
        };
        let programs = [older_level(1), older_level(2), vec![11]];
        let letter = vec![139, 139, 13, 139, 10, 14];
        let older = older_of(&[(".notdef", letter)], &programs);
        // What is run: the letter, the first, sixteen times the second, 256 times the last.
        let called = 34 + 16 * 34 + 256 * 2;
        for (font, whole) in [(compact, 10 + called), (older, 7 + called)] {
            for (left, holds) in [(whole, true), (whole - 1, false)] {
                let mut limits = ShownLimits {
                    letters_left: left,
                    ..ShownLimits::default()
                };
                assert_eq!(draw(&font, &mut limits).is_ok(), holds, "{left}");
                assert_eq!(limits.letters_left, 0);
            }
        }
    }

    /// Goal: fonts with many letters are read, whichever form they have, and of two letters with
    /// one name both. Method: 2,000 letters, the last of which reaches far; the same in segments
    /// of which the last is cut off; a name that stands twice; a font that ends in a letter.
    #[test]
    fn programs_with_many_letters_are_drawn() {
        let letter = |x: i32| {
            let far = [&[139, 248, 136, 13, 255], &x.to_be_bytes()[..]].concat();
            [far, vec![139, 21, 239, 139, 5, 9, 14]].concat()
        };
        let names: Vec<String> = (0..2000).map(|at| format!("a{at}")).collect();
        let letters = |last: i32| -> Vec<(&str, Vec<u8>)> {
            let x = |at| if at == 1999 { last } else { 300 };
            let each = names.iter().enumerate();
            each.map(|(at, name)| (name.as_str(), letter(x(at))))
                .collect()
        };
        let font = older_of(&letters(9000), &[]);
        let (clear, secret) = font.split_at(find(&font, b"eexec") + 6);
        let segment = |kind, length: usize| {
            let length = u32::try_from(length).unwrap();
            [&[0x80, kind], &length.to_le_bytes()[..]].concat()
        };
        let (first, second) = (segment(1, clear.len()), segment(2, secret.len()));
        let segments = [&first, clear, &second, secret, &segment(1, 532), b"000"].concat();
        let twice = older_of(&[("a", letter(9000)), ("a", letter(300))], &[]);
        for font in [&font, &segments, &twice] {
            let Region([.., right, _]) = drawn(font).unwrap();
            assert!((right - 9.1).abs() < 0.001, "{right}");
        }
        let cut = font.get(..font.len() - 60).unwrap_or_default();
        assert!(draw(cut, &mut ShownLimits::default()).is_err());
    }
}
