//! The fonts in which a filled field may show its value: those whose codes mean what they say.
//!
//! A font that was there at signing may have been prepared: one in which a 1 is drawn as a 9.

use std::collections::BTreeSet;

use chancery_pdf::{Dictionary, Object, PdfError, TEXT_FAMILIES};

use crate::changes::Comparison;
use crate::fill_look::Look;

/// Encodings whose letters and digits are those of ASCII (ISO 32000-2, annex D).
const ENCODINGS: &[&[u8]] = &[
    b"WinAnsiEncoding",
    b"MacRomanEncoding",
    b"StandardEncoding",
    b"PDFDocEncoding",
];
/// Most fonts of one appearance that are asked whether the file brings them.
const FONTS_MAX: usize = 32;
/// What a letter and a digit may measure, in thousandths of its size.
const WIDTHS: std::ops::RangeInclusive<f64> = 150.0..=1200.0;
const WIDTHS_OF_DIGITS: std::ops::RangeInclusive<f64> = 400.0..=700.0;
/// The names of the signs from 32 to 126 that are no letters.
const SIGNS: &[(i64, &str)] = &[
    (32, "space"),
    (33, "exclam"),
    (34, "quotedbl"),
    (35, "numbersign"),
    (36, "dollar"),
    (37, "percent"),
    (38, "ampersand"),
    (39, "quotesingle"),
    (39, "quoteright"),
    (40, "parenleft"),
    (41, "parenright"),
    (42, "asterisk"),
    (43, "plus"),
    (44, "comma"),
    (45, "hyphen"),
    (45, "minus"),
    (46, "period"),
    (47, "slash"),
    (48, "zero"),
    (49, "one"),
    (50, "two"),
    (51, "three"),
    (52, "four"),
    (53, "five"),
    (54, "six"),
    (55, "seven"),
    (56, "eight"),
    (57, "nine"),
    (58, "colon"),
    (59, "semicolon"),
    (60, "less"),
    (61, "equal"),
    (62, "greater"),
    (63, "question"),
    (64, "at"),
    (91, "bracketleft"),
    (92, "backslash"),
    (93, "bracketright"),
    (94, "asciicircum"),
    (95, "underscore"),
    (96, "grave"),
    (96, "quoteleft"),
    (123, "braceleft"),
    (124, "bar"),
    (125, "braceright"),
    (126, "asciitilde"),
];

impl Comparison<'_, '_> {
    /// Known fonts for all that is shown, and nothing that can paint by itself.
    pub(crate) fn harmless_resources(
        &self,
        form: &Dictionary,
        look: &Look,
    ) -> Result<bool, PdfError> {
        let resources = self.after.value(form, b"Resources")?;
        let entries = resources
            .as_dictionary()
            .map_or(&[][..], Dictionary::entries);
        if resources
            .as_dictionary()
            .is_some_and(Dictionary::has_duplicate_keys)
        {
            return Ok(false);
        }
        let mut fonts = Dictionary::default();
        for entry in entries {
            let value = self.after.resolve(&entry.value)?;
            match (entry.key.as_slice(), value) {
                (b"ProcSet", _) => {}
                (b"Font", Object::Dictionary(own)) if !own.has_duplicate_keys() => fonts = own,
                (_, Object::Dictionary(other)) if other.entries().is_empty() => {}
                _ => return Ok(false),
            }
        }
        let mut shown = look.fonts.iter().filter(|(_, codes)| !codes.is_empty());
        shown.try_fold(true, |good, (name, codes)| {
            let font = self.after.value(&fonts, name)?;
            let font = font.as_dictionary();
            Ok(good && font.map_or(Ok(false), |font| self.harmless_font(font, codes))?)
        })
    }

    pub(crate) fn harmless_font(
        &self,
        font: &Dictionary,
        codes: &BTreeSet<u8>,
    ) -> Result<bool, PdfError> {
        let kind = self.after.value(font, b"Subtype")?;
        let name = self.after.value(font, b"BaseFont")?;
        let name = name.as_name().unwrap_or_default();
        let known = TEXT_FAMILIES.iter().any(|family| name.starts_with(family));
        let simple = matches!(kind.as_name(), Some(b"Type1" | b"TrueType" | b"MMType1"));
        Ok(known
            && simple
            && !font.has_duplicate_keys()
            // Whoever searches or has it read aloud gets what this says (9.10.3).
            && font.get(b"ToUnicode").is_none()
            && !self.is_embedded(font)?
            && self.is_plain_encoding(font)?
            && self.knows_letters(font, codes)?
            && self.has_widths(font, codes)?)
    }

    /// Whether a widget shows text in a font that the file brings. Its letters, the codes that draw
    /// them and the texts that the codes stand for are all by the hand of whoever wrote the file:
    /// that they agree with one another proves nothing.
    pub(crate) fn shows_own_letters(&self, widget: &Dictionary) -> Result<bool, PdfError> {
        let looks = self.after.value(widget, b"AP")?;
        let looks = looks.as_dictionary().cloned().unwrap_or_default();
        let Object::Stream(look) = self.after.value(&looks, b"N")? else {
            return Ok(false);
        };
        let resources = self.after.value(&look.dictionary, b"Resources")?;
        let resources = resources.as_dictionary().cloned().unwrap_or_default();
        let fonts = self.after.value(&resources, b"Font")?;
        let fonts = fonts.as_dictionary().map_or(&[][..], Dictionary::entries);
        for entry in fonts.iter().take(FONTS_MAX) {
            let font = self.after.resolve(&entry.value)?;
            let font = font.as_dictionary().cloned().unwrap_or_default();
            let kind = self.after.value(&font, b"Subtype")?;
            if matches!(kind.as_name(), Some(b"Type0" | b"Type3")) || self.is_embedded(&font)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the font brings letters of its own, which only a renderer can tell from those of
    /// its name.
    fn is_embedded(&self, font: &Dictionary) -> Result<bool, PdfError> {
        let descriptor = self.after.value(font, b"FontDescriptor")?;
        let entries = descriptor
            .as_dictionary()
            .map_or(&[][..], Dictionary::entries);
        Ok(entries
            .iter()
            .any(|entry| entry.key.starts_with(b"FontFile")))
    }

    fn is_plain_encoding(&self, font: &Dictionary) -> Result<bool, PdfError> {
        let named = |value: &Object| {
            value
                .as_name()
                .is_some_and(|name| ENCODINGS.contains(&name))
        };
        let encoding = match self.after.value(font, b"Encoding")? {
            // The encoding of the font itself: that of every font of text that readers have.
            Object::Null => return Ok(true),
            Object::Dictionary(encoding) => encoding,
            other => return Ok(named(&other)),
        };
        let base = self.after.value(&encoding, b"BaseEncoding")?;
        let differences = self.after.value(&encoding, b"Differences")?;
        let mut code = 0_i64;
        let count = differences.as_array().map_or(0, <[Object]>::len);
        self.looks.spend_elements(count);
        for one in differences.as_array().unwrap_or(&[]) {
            match self.after.resolve(one)? {
                Object::Integer(next) => code = next,
                Object::Name(name) if keeps_meaning(code, &name) => code = code.saturating_add(1),
                _ => return Ok(false),
            }
        }
        Ok((base == Object::Null || named(&base)) && !encoding.has_duplicate_keys())
    }

    /// Whether codes beyond ASCII are the letters of Latin-1 that they are taken for: the font's
    /// own encoding and others have other signs there.
    fn knows_letters(&self, font: &Dictionary, codes: &BTreeSet<u8>) -> Result<bool, PdfError> {
        if codes.iter().all(u8::is_ascii) {
            return Ok(true);
        }
        let encoding = self.after.value(font, b"Encoding")?;
        Ok(matches!(
            encoding.as_name(),
            Some(b"WinAnsiEncoding" | b"PDFDocEncoding")
        ))
    }

    /// Whether each shown letter has a place of its own.
    fn has_widths(&self, font: &Dictionary, codes: &BTreeSet<u8>) -> Result<bool, PdfError> {
        let widths = self.after.value(font, b"Widths")?;
        let Some(widths) = widths.as_array() else {
            return Ok(true);
        };
        let first = self
            .after
            .value(font, b"FirstChar")?
            .as_integer()
            .unwrap_or(0);
        for code in codes.iter().filter(|code| code.is_ascii_graphic()) {
            let place = usize::try_from(i64::from(*code).saturating_sub(first)).ok();
            let width = place.and_then(|place| widths.get(place));
            let width = self.after.resolve(width.unwrap_or(&Object::Null))?;
            let foreseen = match code {
                b'0'..=b'9' => WIDTHS_OF_DIGITS,
                _ => WIDTHS,
            };
            if !width
                .as_number()
                .is_some_and(|width| foreseen.contains(&width))
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a code of ASCII keeps its sign, and no other code takes one of its letters and digits.
fn keeps_meaning(code: i64, name: &[u8]) -> bool {
    let letter = match name {
        [letter] if letter.is_ascii_alphabetic() => Some(i64::from(*letter)),
        _ => None,
    };
    if (32..=126).contains(&code) {
        let mut signs = SIGNS.iter();
        return letter == Some(code)
            || signs.any(|(of, sign)| *of == code && sign.as_bytes() == name);
    }
    let mut signs = SIGNS.iter();
    letter.is_none() && !signs.any(|(of, sign)| *of > 32 && sign.as_bytes() == name)
}
