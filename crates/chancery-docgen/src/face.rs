//! A typeface of which only the used letters go into a file: Type 0, `Identity-H`, with `ToUnicode`
//! (ISO 32000-2, 9.7 and 9.10.3).

use std::collections::BTreeMap;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};
use subsetter::GlyphRemapper;

use crate::file::stream;

/// The built-in typeface cannot be used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the built-in typeface cannot be {0}")]
pub struct FaceError(&'static str);

/// A typeface and its letters used so far.
pub struct Face {
    /// The name that pages use.
    pub key: &'static str,
    /// The PostScript name behind the six letters that mark a subset (9.9.2).
    name: &'static str,
    bytes: &'static [u8],
    face: FontRef<'static>,
    letters: Charmap<'static>,
    /// At a size of a thousand.
    widths: GlyphMetrics<'static>,
    remapper: GlyphRemapper,
    shown: BTreeMap<u16, char>,
}

impl Face {
    /// Reads a typeface.
    ///
    /// # Errors
    ///
    /// [`FaceError`] if it is damaged.
    pub fn new(
        key: &'static str,
        name: &'static str,
        bytes: &'static [u8],
    ) -> Result<Self, FaceError> {
        let face = FontRef::new(bytes).map_err(|_| FaceError("read"))?;
        Ok(Self {
            key,
            name,
            bytes,
            letters: face.charmap(),
            widths: face.glyph_metrics(Size::new(1000.0), LocationRef::default()),
            face,
            remapper: GlyphRemapper::new(),
            shown: BTreeMap::new(),
        })
    }

    /// The width of `text` in points at `size` points.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let units: f64 = text
            .chars()
            .map(|letter| self.advance(self.glyph(letter)))
            .sum();
        units * size / 1000.0
    }

    /// Breaks a word into pieces no wider than `width` points, at least one letter each: all but
    /// the last go to `lines`.
    pub fn break_word(&self, word: &str, width: f64, size: f64, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        let mut wide = 0.0;
        for letter in word.chars() {
            let advance = self.advance(self.glyph(letter)) * size / 1000.0;
            if wide + advance > width && !piece.is_empty() {
                lines.push(std::mem::take(&mut piece));
                wide = 0.0;
            }
            piece.push(letter);
            wide += advance;
        }
        piece
    }

    fn glyph(&self, letter: char) -> u16 {
        let letters = &self.letters;
        let found = letters.map(letter).or_else(|| letters.map('?'));
        found
            .and_then(|glyph| u16::try_from(glyph.to_u32()).ok())
            .unwrap_or(0)
    }

    /// In thousandths of the size.
    fn advance(&self, glyph: u16) -> f64 {
        f64::from(self.widths.advance_width(glyph.into()).unwrap_or(0.0))
    }

    /// `text` as a hexadecimal string of glyph codes.
    pub fn codes(&mut self, text: &str) -> String {
        let mut codes = String::from("<");
        for letter in text.chars() {
            let code = self.remapper.remap(self.glyph(letter));
            self.shown.entry(code).or_insert(letter);
            codes.push_str(&format!("{code:04X}"));
        }
        codes.push('>');
        codes
    }

    /// Five objects, the first of which (numbered `first`) is the font that pages name.
    ///
    /// # Errors
    ///
    /// [`FaceError`] if the letters cannot be cut out.
    pub fn objects(&self, first: usize) -> Result<[Vec<u8>; 5], FaceError> {
        let subset = subsetter::subset(self.bytes, 0, &self.remapper)
            .map_err(|_| FaceError("cut to its used letters"))?;
        let number = |offset: usize| format!("{} 0 R", first.saturating_add(offset));
        let name = self.name;
        let widths: Vec<String> = self
            .remapper
            .remapped_gids()
            .map(|glyph| format!("{:.0}", self.advance(glyph)))
            .collect();
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{}]/ToUnicode {}>>",
            number(1),
            number(2)
        );
        let descendant = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {}/W[0[{}]]>>",
            number(3),
            widths.join(" ")
        );
        let metrics = self.face.metrics(Size::new(1000.0), LocationRef::default());
        let bounds = metrics.bounds.unwrap_or_default();
        let descriptor = format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{:.0} {:.0} {:.0} {:.0}]\
             /ItalicAngle 0/Ascent {:.0}/Descent {:.0}/CapHeight 729/StemV 80/FontFile2 {}>>",
            bounds.x_min,
            bounds.y_min,
            bounds.x_max,
            bounds.y_max,
            metrics.ascent,
            metrics.descent,
            number(4)
        );
        Ok([
            font.into_bytes(),
            descendant.into_bytes(),
            stream("", self.to_unicode().as_bytes()),
            descriptor.into_bytes(),
            stream(&format!("/Length1 {}", subset.len()), &subset),
        ])
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let pairs: Vec<_> = self.shown.iter().collect();
        // At most a hundred pairs in one block.
        for block in pairs.chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", block.len()));
            for (code, letter) in block {
                map.push_str(&format!("<{code:04X}> <"));
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    map.push_str(&format!("{unit:04X}"));
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}
