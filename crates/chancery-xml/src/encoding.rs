//! From bytes to text: UTF-8, UTF-16 with its mark, and two old tables of one byte a character.
//!
//! Line ends become line feeds here, before anything else is read (XML 1.0, 2.11).

use crate::characters::is_char;
use crate::error::XmlError;
use crate::limits::Limits;

/// How far the XML declaration may reach, in bytes.
const DECLARATION_BYTES_MAX: usize = 512;

/// Windows-1251 from 0x80, as Unicode's mapping table has it; 0x98 is nothing.
const WINDOWS_1251: [u16; 64] = [
    0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039,
    0x040a, 0x040c, 0x040b, 0x040f, 0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x0000, 0x2122, 0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f, 0x00a0, 0x040e, 0x045e, 0x0408,
    0x00a4, 0x0490, 0x00a6, 0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407,
    0x00b0, 0x00b1, 0x0406, 0x0456, 0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb,
    0x0458, 0x0405, 0x0455, 0x0457,
];

/// Decodes a document and normalises its line ends.
///
/// # Errors
///
/// An encoding that is not read here, bytes that are not of it, a character that XML forbids, more
/// bytes than the limits allow.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<String, XmlError> {
    if bytes.len() > limits.bytes_max {
        return Err(XmlError::Limit { limit: "bytes_max" });
    }
    // Some readers follow the mark and some the declaration: both must say the same.
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => marked(utf16(rest, u16::from_be_bytes)?, "utf-16")?,
        [0xff, 0xfe, rest @ ..] => marked(utf16(rest, u16::from_le_bytes)?, "utf-16")?,
        [0xef, 0xbb, 0xbf, rest @ ..] => marked(utf8(rest)?, "utf-8")?,
        _ => by_declaration(bytes)?,
    };
    if let Some((at, _)) = text.char_indices().find(|(_, c)| !is_char(*c)) {
        let what = "a character that XML forbids";
        return Err(XmlError::Syntax { what, at });
    }
    if text.contains('\r') {
        return Ok(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Ok(text)
}

/// A text that a mark says the encoding of: it declares the same one or none.
fn marked(text: String, encoding: &str) -> Result<String, XmlError> {
    match declared(text.as_bytes())? {
        Some(name) if !name.eq_ignore_ascii_case(encoding) => Err(XmlError::EncodingUnsupported),
        _ => Ok(text),
    }
}

fn by_declaration(bytes: &[u8]) -> Result<String, XmlError> {
    let Some(name) = declared(bytes)? else {
        return utf8(bytes);
    };
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => utf8(bytes),
        "us-ascii" | "ascii" if bytes.is_ascii() => utf8(bytes),
        "us-ascii" | "ascii" => Err(XmlError::EncodingBroken),
        "windows-1251" | "cp1251" => table(bytes, windows_1251),
        "iso-8859-1" | "latin1" => table(bytes, latin),
        _ => Err(XmlError::EncodingUnsupported),
    }
}

/// The name in `<?xml … encoding="…" …?>`, if there is one. What is no declaration to the letter is
/// refused: programs find the name in different ways, and in different lengths of it.
fn declared(bytes: &[u8]) -> Result<Option<&str>, XmlError> {
    let Some(rest) = bytes.strip_prefix(b"<?xml") else {
        return Ok(None);
    };
    if !rest.first().is_some_and(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let refused = XmlError::EncodingUnsupported;
    let head = rest.get(..DECLARATION_BYTES_MAX).unwrap_or(rest);
    let end = head.windows(2).position(|pair| pair == b"?>");
    let head = end.and_then(|end| std::str::from_utf8(head.get(..end)?).ok());
    let mut rest = head.ok_or_else(|| refused.clone())?.trim_ascii();
    let mut found = None;
    while !rest.is_empty() {
        let (name, value, after) = attribute(rest).ok_or_else(|| refused.clone())?;
        if !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(refused);
        }
        if name == "encoding" && found.replace(value).is_some() {
            return Err(refused);
        }
        rest = after.trim_ascii_start();
    }
    Ok(found)
}

/// `name="value"`, with its name, its value and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_ascii_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest.get(1..)?.split_once(quote)?;
    Some((name.trim_ascii_end(), value, after))
}

fn utf8(bytes: &[u8]) -> Result<String, XmlError> {
    let text = std::str::from_utf8(bytes).map_err(|_| XmlError::EncodingBroken)?;
    Ok(text.to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, XmlError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(XmlError::EncodingBroken);
    }
    let decoded = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let text: Result<String, _> = decoded.collect();
    text.map_err(|_| XmlError::EncodingBroken)
}

fn table(bytes: &[u8], of_byte: fn(u8) -> Option<char>) -> Result<String, XmlError> {
    let text: Option<String> = bytes.iter().map(|byte| of_byte(*byte)).collect();
    text.ok_or(XmlError::EncodingBroken)
}

/// ISO 8859-1. What it has from 0x80 to 0x9f, browsers read by Windows-1252.
fn latin(byte: u8) -> Option<char> {
    (!matches!(byte, 0x80..=0x9f)).then(|| char::from(byte))
}

fn windows_1251(byte: u8) -> Option<char> {
    let code = match byte {
        0..=0x7f => u32::from(byte),
        0x80..=0xbf => u32::from(*WINDOWS_1251.get(usize::from(byte) - 0x80)?),
        0xc0..=0xff => u32::from(byte) - 0xc0 + 0x0410,
    };
    char::from_u32(code).filter(|_| byte == 0 || code != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, XmlError> {
        decode(bytes, &Limits::default())
    }

    #[test]
    fn the_declared_table_is_used() {
        let text = read(b"<?xml version='1.0' encoding='windows-1251'?><\xc0\xff\xb8/>");
        assert!(text.expect("a text").ends_with("<Аяё/>"));
        let text = read(b"\xff\xfe<\0a\0/\0>\0");
        assert_eq!(text.as_deref(), Ok("<a/>"));
    }

    #[test]
    fn bytes_of_another_encoding_are_refused() {
        assert_eq!(read(b"<\xc0/>"), Err(XmlError::EncodingBroken));
        let broken = b"<?xml version='1.0' encoding='windows-1251'?><a>\x98</a>";
        assert_eq!(read(broken), Err(XmlError::EncodingBroken));
        let ebcdic = b"<?xml version='1.0' encoding='cp037'?><a/>";
        assert_eq!(read(ebcdic), Err(XmlError::EncodingUnsupported));
        assert!(matches!(read(b"<a>\0</a>"), Err(XmlError::Syntax { .. })));
    }

    #[test]
    fn a_declaration_that_readers_may_find_otherwise_is_refused() {
        let far = format!(
            "<?xml version='1.0'{} encoding='UTF-7'?><a/>",
            " ".repeat(600)
        );
        for text in [
            far.as_str(),
            "\u{feff}<?xml version='1.0' encoding='KOI8-R'?><a/>",
            "\u{feff}<?xml version='1.0' encoding='windows-1251'?><a/>",
            "<?xml version='1.0' encoding='UTF-8' encoding='UTF-7'?><a/>",
            "<?xml version='1.0' x encoding='UTF-7'?><a/>",
        ] {
            assert_eq!(
                read(text.as_bytes()),
                Err(XmlError::EncodingUnsupported),
                "{text}"
            );
        }
        let same = "\u{feff}<?xml version='1.0' encoding='utf-8'?><a/>";
        assert!(read(same.as_bytes()).is_ok());
        let wide: Vec<u8> = "\u{feff}<?xml version='1.0' encoding='KOI8-R'?><a/>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&wide), Err(XmlError::EncodingUnsupported));
        let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><a>\x80</a>";
        assert_eq!(read(latin), Err(XmlError::EncodingBroken));
    }

    #[test]
    fn line_ends_are_line_feeds() {
        assert_eq!(read(b"<a>\r\n\r</a>").as_deref(), Ok("<a>\n\n</a>"));
    }
}
