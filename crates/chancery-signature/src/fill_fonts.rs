//! The fonts in which a filled field may show its value: those whose codes mean what they say.
//!
//! A font that was there at signing may have been prepared: one in which a 1 is drawn as a 9.

use std::rc::Rc;

use chancery_pdf::{Dictionary, Object, PdfError, TEXT_FAMILIES};

use crate::changes::Comparison;
use crate::fill_signs::{foreseen, named, own, usual, windows};

/// Most fonts of one appearance that are asked whether the file brings them.
const FONTS_MAX: usize = 32;
/// Names that stand beyond ASCII, too, and cannot be taken for a letter or a digit.
const ELSEWHERE: &[&[u8]] = &[b"space", b"hyphen", b"minus", b"quoteleft", b"quoteright"];
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

/// What a font draws for each code.
pub(crate) struct Face {
    letters: Vec<Option<Letter>>,
}

/// What is drawn for a code.
#[derive(Clone, Copy)]
pub(crate) struct Letter {
    pub sign: char,
    /// Of its size.
    pub least: f64,
    pub most: f64,
}

impl Face {
    /// What is drawn for a code; nothing where readers differ, or nobody knows.
    pub fn letter(&self, code: u8) -> Option<Letter> {
        self.letters.get(usize::from(code)).copied().flatten()
    }

    /// How a sign is drawn; nothing if the font has it at no code.
    pub fn sign(&self, sign: char) -> Option<Letter> {
        let mut letters = self.letters.iter().flatten();
        letters.find(|letter| letter.sign == sign).copied()
    }

    #[cfg(test)]
    pub fn helvetica() -> Self {
        let letter = |code: u8| {
            let sign = windows(code).filter(|_| code >= 32)?;
            let (least, most) = usual(b"Helvetica", sign);
            Some(Letter { sign, least, most })
        };
        Self {
            letters: (0..=u8::MAX).map(letter).collect(),
        }
    }
}

impl Comparison<'_, '_> {
    /// The fonts of a form that can paint nothing but text.
    pub(crate) fn only_fonts(&self, form: &Dictionary) -> Result<Option<Dictionary>, PdfError> {
        let resources = self.after.value(form, b"Resources")?;
        let entries = resources
            .as_dictionary()
            .map_or(&[][..], Dictionary::entries);
        if resources
            .as_dictionary()
            .is_some_and(Dictionary::has_duplicate_keys)
        {
            return Ok(None);
        }
        let mut fonts = Dictionary::default();
        for entry in entries {
            let value = self.after.resolve(&entry.value)?;
            match (entry.key.as_slice(), value) {
                (b"ProcSet", _) => {}
                (b"Font", Object::Dictionary(own)) if !own.has_duplicate_keys() => fonts = own,
                (_, Object::Dictionary(other)) if other.entries().is_empty() => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(fonts))
    }

    /// What a font draws, if its codes mean what they say to every reader.
    pub(crate) fn face(
        &self,
        fonts: &Dictionary,
        name: &[u8],
    ) -> Result<Option<Rc<Face>>, PdfError> {
        let font = self.after.value(fonts, name)?;
        let Some(font) = font.as_dictionary() else {
            return Ok(None);
        };
        let kind = self.after.value(font, b"Subtype")?;
        let name = self.after.value(font, b"BaseFont")?;
        let name = name.as_name().unwrap_or_default();
        let known = TEXT_FAMILIES.iter().any(|family| name.starts_with(family));
        let simple = matches!(kind.as_name(), Some(b"Type1" | b"TrueType" | b"MMType1"));
        let plain = known
            && simple
            && !font.has_duplicate_keys()
            // Whoever searches or has it read aloud gets what this says (9.10.3).
            && font.get(b"ToUnicode").is_none()
            && !self.is_embedded(font)?;
        if !plain {
            return Ok(None);
        }
        let Some(signs) = self.signs_of(font)? else {
            return Ok(None);
        };
        let letters = self.measured(font, name, &signs)?;
        Ok(Some(Rc::new(Face { letters })))
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

    /// The signs of a font by their codes (ISO 32000-2, 9.6.5.1 and annex D).
    fn signs_of(&self, font: &Dictionary) -> Result<Option<Vec<Option<char>>>, PdfError> {
        let encoding = self.after.value(font, b"Encoding")?;
        let Object::Dictionary(encoding) = encoding else {
            return Ok(signs_in(&encoding));
        };
        let base = self.after.value(&encoding, b"BaseEncoding")?;
        let Some(mut signs) = signs_in(&base).filter(|_| !encoding.has_duplicate_keys()) else {
            return Ok(None);
        };
        let differences = self.after.value(&encoding, b"Differences")?;
        let count = differences.as_array().map_or(0, <[Object]>::len);
        self.looks.spend_elements(count);
        let mut code = 0_i64;
        for one in differences.as_array().unwrap_or(&[]) {
            match self.after.resolve(one)? {
                Object::Integer(next) => code = next,
                Object::Name(name) if keeps_meaning(code, &name) => {
                    let place = usize::try_from(code).ok();
                    let Some(place) = place.and_then(|place| signs.get_mut(place)) else {
                        return Ok(None);
                    };
                    if !(32..=126).contains(&code) {
                        *place = match name.as_slice() {
                            b"space" => Some(' '),
                            name => named(name),
                        };
                    }
                    code = code.saturating_add(1);
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(signs))
    }

    /// The signs with their widths: those that the font states, if they are such as fonts of text
    /// have, or else those of its name.
    fn measured(
        &self,
        font: &Dictionary,
        name: &[u8],
        signs: &[Option<char>],
    ) -> Result<Vec<Option<Letter>>, PdfError> {
        let widths = self.after.value(font, b"Widths")?;
        let first = self.after.value(font, b"FirstChar")?;
        let first = first.as_integer().unwrap_or(0);
        self.looks.spend_elements(signs.len());
        let mut letters = Vec::with_capacity(signs.len());
        for (code, sign) in signs.iter().enumerate() {
            let Some(sign) = *sign else {
                letters.push(None);
                continue;
            };
            let (mut least, mut most) = usual(name, sign);
            if widths != Object::Null {
                let code = i64::try_from(code).unwrap_or(i64::MAX);
                let place = usize::try_from(code.saturating_sub(first)).ok();
                let widths = widths.as_array().unwrap_or(&[]);
                let width = place.and_then(|place| widths.get(place));
                let width = self.after.resolve(width.unwrap_or(&Object::Null))?;
                let width = width.as_number().map_or(0.0, |width| width / 1000.0);
                let (narrow, wide) = foreseen(name, sign);
                if !(narrow..=wide).contains(&width) {
                    letters.push(None);
                    continue;
                }
                (least, most) = (width, width);
            }
            letters.push(Some(Letter { sign, least, most }));
        }
        Ok(letters)
    }
}

/// The signs of an encoding by its name; nothing for one that has other signs than ASCII.
fn signs_in(encoding: &Object) -> Option<Vec<Option<char>>> {
    let beyond: fn(u8) -> Option<char> = match encoding {
        // The encoding of the font itself: that of every font of text that readers have.
        Object::Null => own,
        other => match other.as_name()? {
            b"WinAnsiEncoding" => windows,
            b"StandardEncoding" => own,
            // One of texts and not of fonts: readers take the font's own, or that of Windows.
            b"MacRomanEncoding" | b"PDFDocEncoding" => |_| None,
            _ => return None,
        },
    };
    let sign = |code: u8| match code {
        32..=126 => Some(char::from(code)),
        128.. => beyond(code),
        _ => None,
    };
    Some((0..=u8::MAX).map(sign).collect())
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
    let of_ascii = signs.any(|(_, sign)| sign.as_bytes() == name);
    letter.is_none() && (!of_ascii || ELSEWHERE.contains(&name))
}
