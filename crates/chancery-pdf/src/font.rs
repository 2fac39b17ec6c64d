//! A typeface for marks: only the glyphs used, embedded so that text shows and can be copied.
//!
//! Type 0 with `Identity-H` (ISO 32000-2:2020, 9.7): the code of a glyph is its number in the
//! subset. TrueType outlines become `CIDFontType2`, CFF outlines `CIDFontType0`. There is no
//! shaping, so scripts that need it (Arabic, Devanagari) come out letter by letter.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider as _, Tag};
use subsetter::GlyphRemapper;

use crate::append::Update;
use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::write;

/// What stands for a character that the typeface lacks or that would not be visible.
const REPLACEMENT: char = '\u{FFFD}';

/// The table of compact outlines (OpenType).
const CFF: Tag = Tag::new(b"CFF ");

/// A typeface and the glyphs used of it so far.
pub(crate) struct Typeface<'f> {
    bytes: &'f [u8],
    face: FontRef<'f>,
    remapper: GlyphRemapper,
    /// Glyph of the subset to the character it shows.
    shown: BTreeMap<u16, char>,
}

impl<'f> Typeface<'f> {
    pub(crate) fn new(bytes: &'f [u8]) -> Result<Self, PdfError> {
        let face = FontRef::new(bytes).map_err(|_| PdfError::Font {
            why: "it is damaged",
        })?;
        let remapper = GlyphRemapper::new();
        Ok(Self {
            bytes,
            face,
            remapper,
            shown: BTreeMap::new(),
        })
    }

    /// The glyph of `wanted`, and the character it will be copied as.
    fn glyph(&self, wanted: char) -> (u16, char) {
        let wanted = if hidden(wanted) { REPLACEMENT } else { wanted };
        let letters = self.face.charmap();
        let of = |letter: char| {
            let glyph = letters.map(letter)?.to_u32();
            u16::try_from(glyph).ok().map(|glyph| (glyph, letter))
        };
        of(wanted)
            .or_else(|| of(REPLACEMENT))
            .or_else(|| of('?'))
            .unwrap_or((0, '?'))
    }

    /// The width of `text` in points at `size` points.
    pub(crate) fn width(&self, text: &str, size: f64) -> f64 {
        let units: f64 = text
            .chars()
            .map(|letter| self.advance(self.glyph(letter).0))
            .sum();
        units * size / 1000.0
    }

    /// In thousandths of the size.
    fn advance(&self, glyph: u16) -> f64 {
        let widths = self
            .face
            .glyph_metrics(Size::new(1000.0), LocationRef::default());
        f64::from(widths.advance_width(glyph.into()).unwrap_or(0.0))
    }

    /// The codes of `text`, two bytes each, remembering the glyphs for the subset.
    pub(crate) fn codes(&mut self, text: &str) -> Vec<u8> {
        let mut codes = Vec::with_capacity(text.len().saturating_mul(2));
        for letter in text.chars() {
            let (glyph, shown) = self.glyph(letter);
            let code = self.remapper.remap(glyph);
            self.shown.entry(code).or_insert(shown);
            codes.extend(code.to_be_bytes());
        }
        codes
    }

    /// Adds the font's objects; answers the Type 0 font.
    pub(crate) fn embed(self, update: &mut Update<'_, '_>) -> Result<ObjectId, PdfError> {
        let subset =
            subsetter::subset(self.bytes, 0, &self.remapper).map_err(|_| PdfError::Font {
                why: "it cannot be subset",
            })?;
        let cff = self.face.table_data(CFF).is_some();
        let name = self.tagged_name(&subset);
        let (file, file_key, subtype) = if cff {
            let table = FontRef::new(&subset)
                .ok()
                .and_then(|face| face.table_data(CFF))
                .ok_or(PdfError::Font {
                    why: "it cannot be subset",
                })?;
            let table = table.as_bytes();
            let kind = Dictionary::new().with("Subtype", Object::name("CIDFontType0C"));
            (update.add_stream(kind, table)?, "FontFile3", "CIDFontType0")
        } else {
            let length = i64::try_from(subset.len()).unwrap_or(i64::MAX);
            let kind = Dictionary::new().with("Length1", length);
            (
                update.add_stream(kind, &subset)?,
                "FontFile2",
                "CIDFontType2",
            )
        };
        let descriptor = self.descriptor(&name).with(file_key, file);
        let descriptor = update.add(descriptor);
        let system = Dictionary::new()
            .with("Registry", Object::text("Adobe"))
            .with("Ordering", Object::text("Identity"))
            .with("Supplement", 0);
        let mut descendant = Dictionary::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name(subtype))
            .with("BaseFont", Object::name(&name))
            .with("CIDSystemInfo", system)
            .with("FontDescriptor", descriptor)
            .with("W", vec![Object::Integer(0), Object::from(self.widths())]);
        if !cff {
            descendant.set(b"CIDToGIDMap", Object::name("Identity"));
        }
        let descendant = update.add(descendant);
        let to_unicode = update.add_stream(Dictionary::new(), &self.to_unicode())?;
        let font = Dictionary::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type0"))
            .with("BaseFont", Object::name(&name))
            .with("Encoding", Object::name("Identity-H"))
            .with("DescendantFonts", vec![Object::Reference(descendant)])
            .with("ToUnicode", to_unicode);
        Ok(update.add(font))
    }

    /// The PostScript name behind the six letters that mark a subset (9.9.2).
    fn tagged_name(&self, subset: &[u8]) -> String {
        let tag: String = Sha256::digest(subset)
            .iter()
            .take(6)
            .map(|byte| char::from(b'A'.saturating_add(byte % 26)))
            .collect();
        let names = self.face.localized_strings(StringId::POSTSCRIPT_NAME);
        let name = names.english_or_first();
        let name: String = name
            .iter()
            .flat_map(skrifa::string::LocalizedString::chars)
            .filter(char::is_ascii_graphic)
            .take(60)
            .collect();
        format!("{tag}+{}", if name.is_empty() { "Embedded" } else { &name })
    }

    fn descriptor(&self, name: &str) -> Dictionary {
        let metrics = self.face.metrics(Size::new(1000.0), LocationRef::default());
        let scaled = |thousandths: f32| Object::Real(f64::from(thousandths).round());
        let bounds = metrics.bounds.unwrap_or_default();
        let capital = metrics.cap_height.unwrap_or(metrics.ascent);
        Dictionary::new()
            .with("Type", Object::name("FontDescriptor"))
            .with("FontName", Object::name(name))
            // Symbolic: the codes are glyph numbers, not letters (9.8.2).
            .with("Flags", 4)
            .with(
                "FontBBox",
                vec![
                    scaled(bounds.x_min),
                    scaled(bounds.y_min),
                    scaled(bounds.x_max),
                    scaled(bounds.y_max),
                ],
            )
            .with("ItalicAngle", 0)
            .with("Ascent", scaled(metrics.ascent))
            .with("Descent", scaled(metrics.descent))
            .with("CapHeight", scaled(capital))
            .with("StemV", 80)
    }

    fn widths(&self) -> Vec<Object> {
        let glyphs = self.remapper.remapped_gids();
        glyphs
            .map(|glyph| Object::Real(self.advance(glyph).round()))
            .collect()
    }

    /// The `CMap` by which readers copy and search (9.10.3).
    fn to_unicode(&self) -> Vec<u8> {
        let mut out = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
            /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n\
            /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
            1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            .to_vec();
        let pairs: Vec<(u16, char)> = self
            .shown
            .iter()
            .map(|(code, shown)| (*code, *shown))
            .collect();
        // At most a hundred pairs in one block.
        for block in pairs.chunks(100) {
            write::text(&mut out, format_args!("{} beginbfchar\n", block.len()));
            for (code, shown) in block {
                write::text(&mut out, format_args!("<{code:04X}> <"));
                for unit in shown.encode_utf16(&mut [0; 2]) {
                    write::text(&mut out, format_args!("{unit:04X}"));
                }
                out.extend(b">\n");
            }
            out.extend(b"endbfchar\n");
        }
        out.extend(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        out
    }
}

/// Characters that show nothing but change what is read: a name must not turn its neighbours
/// around or hide a part of itself.
fn hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_or_missing_letter_becomes_a_visible_one() {
        let face = Typeface::new(dejavu::sans::regular()).unwrap();
        for letter in ['\u{202E}', '\u{200B}', '\n', '\u{FEFF}', '株'] {
            assert_eq!(face.glyph(letter).1, REPLACEMENT, "{letter:?}");
        }
        for letter in ['Ё', 'ё', '№', '₽', '«', '»', '—', 'ß', 'Ғ'] {
            assert_eq!(face.glyph(letter).1, letter);
        }
        assert!(Typeface::new(b"no font").is_err());
    }

    #[test]
    fn equal_letters_share_a_code_and_codes_begin_after_the_missing_glyph() {
        let mut face = Typeface::new(dejavu::sans::regular()).unwrap();
        assert_eq!(face.codes("ёжё"), [0, 1, 0, 2, 0, 1]);
        let map = String::from_utf8(face.to_unicode()).unwrap();
        assert!(
            map.contains("2 beginbfchar\n<0001> <0451>\n<0002> <0436>\n"),
            "{map}"
        );
        assert_eq!(face.widths().len(), 3);
    }
}
