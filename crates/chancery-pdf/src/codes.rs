//! What the codes of a font stand for, as texts are searched and copied (ISO 32000-2, 9.10.2).

use std::collections::HashMap;

use crate::lexer::Parser;
use crate::lexer::content::Token;
use crate::object::{Dictionary, Object};
use crate::reader::Pdf;

/// Largest table that is read, in bytes, and most codes of it.
const TABLE_BYTES_MAX: usize = 256 * 1024;
const CODES_MAX: usize = 65_536;
/// The names of the signs of ASCII that are no letters (annex D.2).
const SIGNS: &[(&[u8], char)] = &[
    (b"space", ' '),
    (b"exclam", '!'),
    (b"quotedbl", '"'),
    (b"numbersign", '#'),
    (b"dollar", '$'),
    (b"percent", '%'),
    (b"ampersand", '&'),
    (b"quotesingle", '\''),
    (b"parenleft", '('),
    (b"parenright", ')'),
    (b"asterisk", '*'),
    (b"plus", '+'),
    (b"comma", ','),
    (b"hyphen", '-'),
    (b"period", '.'),
    (b"slash", '/'),
    (b"zero", '0'),
    (b"one", '1'),
    (b"two", '2'),
    (b"three", '3'),
    (b"four", '4'),
    (b"five", '5'),
    (b"six", '6'),
    (b"seven", '7'),
    (b"eight", '8'),
    (b"nine", '9'),
    (b"colon", ':'),
    (b"semicolon", ';'),
    (b"less", '<'),
    (b"equal", '='),
    (b"greater", '>'),
    (b"question", '?'),
    (b"at", '@'),
    (b"bracketleft", '['),
    (b"backslash", '\\'),
    (b"bracketright", ']'),
    (b"asciicircum", '^'),
    (b"underscore", '_'),
    (b"grave", '`'),
    (b"braceleft", '{'),
    (b"bar", '|'),
    (b"braceright", '}'),
    (b"asciitilde", '~'),
];
/// What is not known by its code.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// The codes of a font.
#[derive(Debug)]
pub(crate) enum Codes {
    /// One byte each.
    Bytes(Vec<char>),
    /// Two bytes each, by the font's own table.
    Pairs(HashMap<u32, String>),
    /// One byte each, by the font's own table.
    Told(HashMap<u32, String>),
}

impl Codes {
    /// Nothing where nobody can tell them.
    pub(crate) fn of(pdf: &Pdf<'_>, font: &Dictionary) -> Option<Self> {
        let kind = pdf.value(font, b"Subtype").ok()?;
        let told = told(pdf, font);
        if kind.as_name() == Some(b"Type0") {
            return told.map(Self::Pairs);
        }
        match told {
            Some(told) => Some(Self::Told(told)),
            None => simple(pdf, font).map(Self::Bytes),
        }
    }

    /// What reading them has cost, in bytes.
    pub(crate) fn cost(&self) -> u64 {
        match self {
            Self::Bytes(_) => 0,
            Self::Pairs(table) | Self::Told(table) => (table.len() as u64).saturating_mul(16),
        }
    }

    /// Adds what some codes stand for.
    pub(crate) fn read(&self, codes: &[u8], text: &mut String) {
        let told =
            |table: &HashMap<u32, String>, code: u32, text: &mut String| match table.get(&code) {
                Some(letters) => text.push_str(letters),
                None => text.push(UNKNOWN),
            };
        match self {
            Self::Bytes(letters) => {
                let letter = |code: &u8| letters.get(usize::from(*code)).copied();
                text.extend(codes.iter().map(|code| letter(code).unwrap_or(UNKNOWN)));
            }
            Self::Told(table) => codes
                .iter()
                .for_each(|code| told(table, u32::from(*code), text)),
            Self::Pairs(table) => codes.chunks(2).for_each(|pair| {
                let code = pair.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                told(table, code, text);
            }),
        }
    }
}

/// The letters of a simple font (9.6.5).
fn simple(pdf: &Pdf<'_>, font: &Dictionary) -> Option<Vec<char>> {
    let encoding = pdf.value(font, b"Encoding").ok()?;
    let descriptor = pdf.value(font, b"FontDescriptor").ok()?;
    let entries = descriptor
        .as_dictionary()
        .map_or(&[][..], Dictionary::entries);
    let embedded = entries
        .iter()
        .any(|entry| entry.key.starts_with(b"FontFile"));
    let base = match &encoding {
        Object::Dictionary(own) => pdf.value(own, b"BaseEncoding").ok()?,
        base => base.clone(),
    };
    // The own codes of a font that the file brings may be any.
    let known = base.as_name().is_some() || !embedded;
    let letter = |code: u8| match code {
        32..=126 if known => char::from(code),
        // Blanks of one kind or another; nobody draws the others.
        0..32 | 160 if known => ' ',
        _ => UNKNOWN,
    };
    let mut letters: Vec<char> = (0..=u8::MAX).map(letter).collect();
    let Object::Dictionary(own) = &encoding else {
        return Some(letters);
    };
    let differences = pdf.value(own, b"Differences").ok()?;
    let mut code = 0_i64;
    for one in differences.as_array().unwrap_or(&[]).iter().take(CODES_MAX) {
        match one {
            Object::Integer(next) => code = *next,
            Object::Name(name) => {
                let place = usize::try_from(code).ok();
                if let Some(place) = place.and_then(|place| letters.get_mut(place)) {
                    *place = named(name);
                }
                code = code.saturating_add(1);
            }
            _ => return None,
        }
    }
    Some(letters)
}

/// The letter of a name.
fn named(name: &[u8]) -> char {
    if let [letter] = name
        && letter.is_ascii_alphabetic()
    {
        return char::from(*letter);
    }
    let sign = SIGNS.iter().find(|(known, _)| *known == name);
    let number = name.strip_prefix(b"uni").filter(|rest| rest.len() == 4);
    let number = number.and_then(|rest| std::str::from_utf8(rest).ok());
    let number = number.and_then(|rest| u32::from_str_radix(rest, 16).ok());
    let letter = number.and_then(char::from_u32);
    sign.map(|(_, sign)| *sign).or(letter).unwrap_or(UNKNOWN)
}

/// The table `/ToUnicode` (9.10.3).
fn told(pdf: &Pdf<'_>, font: &Dictionary) -> Option<HashMap<u32, String>> {
    let id = font.get(b"ToUnicode")?.as_reference()?;
    let Object::Stream(stream) = pdf.get(id).ok()? else {
        return None;
    };
    let bytes = pdf.stream_bytes(id, &stream).ok()?;
    if bytes.len() > TABLE_BYTES_MAX {
        return None;
    }
    table(&bytes)
}

fn table(bytes: &[u8]) -> Option<HashMap<u32, String>> {
    let mut parser = Parser::new(bytes, 0, 8, TABLE_BYTES_MAX as u64);
    let (mut codes, mut operands) = (HashMap::new(), Vec::new());
    while let Some(token) = parser.token().ok()? {
        let word = match token {
            Token::Operand(operand) => {
                operands.push(operand);
                continue;
            }
            Token::Operator(word) => word,
        };
        match word {
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let [from, to] = pair {
                        codes.insert(number(from)?, letters(to)?);
                    }
                }
            }
            b"endbfrange" => {
                for three in operands.chunks_exact(3) {
                    if let [from, to, letters] = three {
                        range(&mut codes, number(from)?, number(to)?, letters)?;
                    }
                }
            }
            _ => {}
        }
        if codes.len() > CODES_MAX {
            return None;
        }
        operands.clear();
    }
    Some(codes)
}

fn range(codes: &mut HashMap<u32, String>, from: u32, to: u32, told: &Object) -> Option<()> {
    let count = usize::try_from(to.checked_sub(from)?).ok()?;
    if count >= CODES_MAX {
        return None;
    }
    match told {
        Object::Array(each) => {
            for (code, one) in (from..=to).zip(each.iter()) {
                codes.insert(code, letters(one)?);
            }
        }
        first => {
            // The last unit of the first one counts on.
            let mut text: Vec<char> = letters(first)?.chars().collect();
            let last = u32::from(text.pop()?);
            let before: String = text.iter().collect();
            for (code, step) in (from..=to).zip(0_u32..) {
                let letter = char::from_u32(last.checked_add(step)?).unwrap_or(UNKNOWN);
                codes.insert(code, format!("{before}{letter}"));
            }
        }
    }
    Some(())
}

fn number(code: &Object) -> Option<u32> {
    let code = code.as_string().filter(|code| code.len() <= 4)?;
    Some(code.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

fn letters(told: &Object) -> Option<String> {
    let told = told.as_string().filter(|told| told.len() <= 64)?;
    let units = told.chunks(2).map(|unit| {
        unit.iter()
            .fold(0_u16, |sum, byte| sum << 8 | u16::from(*byte))
    });
    let letters = char::decode_utf16(units).map(|unit| unit.unwrap_or(UNKNOWN));
    Some(letters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_what_codes_stand_for() {
        let told = table(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <ff> \
            endcodespacerange 2 beginbfchar <01> <0041> <02> <00660069> endbfchar \
            2 beginbfrange <10> <12> <0430> <20> <21> [<0031> <0032>] endbfrange end",
        );
        let codes = Codes::Told(told.unwrap());
        let mut text = String::new();
        codes.read(&[1, 2, 0x10, 0x12, 0x21, 3], &mut text);
        assert_eq!(text, "Afiав2\u{fffd}");
        assert_eq!(
            table(b"1 beginbfrange <0000> <ffffffff> <0041> endbfrange"),
            None
        );
        assert_eq!(table(b"1 beginbfchar (a"), None);
    }

    #[test]
    fn names_are_the_letters_that_they_name() {
        let letters = [&b"a"[..], b"nine", b"uni0416", b"g12"].map(named);
        assert_eq!(letters, ['a', '9', 'Ж', UNKNOWN]);
    }
}
