//! PDF objects as values, each dictionary and string knowing the bytes it came from.
//!
//! Spans are kept because signatures are judged by bytes: that `/Contents` is the gap of
//! `/ByteRange` is a statement about offsets, not about values.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The name of an indirect object: `number generation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// From 1.
    pub number: u32,
    /// 0 unless the number was freed and used again.
    pub generation: u16,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.number, self.generation)
    }
}

/// A PDF object (ISO 32000-2:2020, 7.3).
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`, and every reference to nothing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number that fits 64 bits.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A string, decoded from its literal or hexadecimal form.
    String(PdfString),
    /// A name without its slash, `#xx` decoded.
    Name(Vec<u8>),
    /// An array. A copy shares its elements: lists of fields and of annotations are long, and asked
    /// for often.
    Array(Arc<Vec<Object>>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A stream: its dictionary and where its bytes begin.
    Stream(Box<Stream>),
    /// `N G R`.
    Reference(ObjectId),
}

/// The longest name, as it is written: some readers cut a longer one. Annex C of ISO 32000-1 has
/// 127.
pub const NAME_BYTES_MAX: usize = 250;
/// The longest number: readers cut a longer word at places of their own.
pub const NUMBER_BYTES_MAX: usize = 48;

/// A string and the form it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfString {
    /// The bytes meant.
    pub bytes: Vec<u8>,
    /// How they were, or are to be, written.
    pub form: StringForm,
    /// Whether the bytes are enciphered still, because the file's key cannot be had or does not fit
    /// them. They say nothing then.
    pub enciphered: bool,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringForm {
    /// `(text)`.
    Literal,
    /// `<48656C6C6F>`.
    Hexadecimal,
    /// A literal with a carriage return in it, or an octal number beyond a byte. The standard makes
    /// one line feed of the one and of what may follow, and leaves the other's first bit away
    /// (7.3.4.2); some readers keep the bytes, or take another character.
    Folded,
}

/// One key of a dictionary with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key without its slash.
    pub key: Vec<u8>,
    /// The value.
    pub value: Object,
    /// The bytes of the value, delimiters included; empty for a value made by us.
    pub value_span: Range<usize>,
}

/// A dictionary in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary {
    entries: Vec<Entry>,
    span: Range<usize>,
}

/// A stream's dictionary and the offset of its first raw byte.
///
/// The length is not resolved here: it may be a reference. Ask [`Pdf::stream_bytes`].
///
/// [`Pdf::stream_bytes`]: crate::Pdf::stream_bytes
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The stream dictionary.
    pub dictionary: Dictionary,
    /// Where the raw bytes begin in the file; for a stream made by us see `own_bytes`.
    pub start: usize,
    /// The raw (encoded) bytes of a stream that is to be written; absent for one that was read.
    pub own_bytes: Option<Vec<u8>>,
    /// The object whose key its bytes are enciphered with, in an enciphered file.
    pub key_of: Option<ObjectId>,
}

impl Dictionary {
    /// An empty dictionary, to be written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn from_parsed(entries: Vec<Entry>, span: Range<usize>) -> Self {
        Self { entries, span }
    }

    /// The value of `key`. Of several equal keys the last one, as most readers do; ask
    /// [`Dictionary::has_duplicate_keys`] where that matters.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The whole entry of `key`, with the bytes of its value.
    #[must_use]
    pub fn entry(&self, key: &[u8]) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    /// All entries in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }

    /// The bytes of the dictionary, `<<` and `>>` included; empty for one made by us.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether some key stands twice, which readers resolve differently.
    #[must_use]
    pub fn has_duplicate_keys(&self) -> bool {
        let mut keys: Vec<&[u8]> = self
            .entries
            .iter()
            .map(|entry| entry.key.as_slice())
            .collect();
        keys.sort_unstable();
        keys.windows(2)
            .any(|pair| matches!(pair, [left, right] if left == right))
    }

    /// Sets `key`, replacing every earlier value of it.
    pub fn set(&mut self, key: &[u8], value: Object) {
        self.entries.retain(|entry| entry.key != key);
        self.entries.push(Entry {
            key: key.to_vec(),
            value,
            value_span: 0..0,
        });
    }

    /// Takes the string of `key` out and leaves `null` in its place; the entry keeps its span.
    pub(crate) fn take_string(&mut self, key: &[u8]) -> Option<(PdfString, Range<usize>)> {
        let mut entries = self.entries.iter_mut().rev();
        let entry = entries.find(|entry| entry.key == key)?;
        match std::mem::replace(&mut entry.value, Object::Null) {
            Object::String(string) => Some((string, entry.value_span.clone())),
            other => {
                entry.value = other;
                None
            }
        }
    }

    /// The same dictionary with one more entry: for building.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.set(key.as_bytes(), value.into());
        self
    }

    /// Whether `key` is the name `name`.
    #[must_use]
    pub fn is_name(&self, key: &[u8], name: &[u8]) -> bool {
        self.get(key).and_then(Object::as_name) == Some(name)
    }
}

impl Object {
    /// A name, to be written.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A text string, to be written: ASCII as it is, anything else as UTF-16BE with its mark
    /// (ISO 32000-2:2020, 7.9.2.2).
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.is_ascii() {
            let bytes = text.as_bytes().to_vec();
            return Self::String(PdfString {
                bytes,
                form: StringForm::Literal,
                enciphered: false,
            });
        }
        let mut bytes = vec![0xFE, 0xFF];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        Self::String(PdfString {
            bytes,
            form: StringForm::Hexadecimal,
            enciphered: false,
        })
    }

    /// The number, if it is a whole one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, whole or not.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "page geometry needs no 53rd bit"
    )]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The name, without its slash.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The string's bytes.
    #[must_use]
    pub fn as_string(&self) -> Option<&[u8]> {
        match self {
            Self::String(string) => Some(&string.bytes),
            _ => None,
        }
    }

    /// The string as a text; nothing for one that could not be deciphered.
    #[must_use]
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::String(string) if !string.enciphered => Some(decode_text(&string.bytes)),
            _ => None,
        }
    }

    /// Whether it is a string that could not be deciphered.
    #[must_use]
    pub fn is_enciphered(&self) -> bool {
        matches!(self, Self::String(string) if string.enciphered)
    }

    /// The array's elements.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The dictionary, of a stream too.
    #[must_use]
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The reference.
    #[must_use]
    pub fn as_reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }
}

impl From<i64> for Object {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<f64> for Object {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl From<ObjectId> for Object {
    fn from(id: ObjectId) -> Self {
        Self::Reference(id)
    }
}
impl From<Vec<Object>> for Object {
    fn from(array: Vec<Object>) -> Self {
        Self::Array(Arc::new(array))
    }
}
impl From<Dictionary> for Object {
    fn from(dictionary: Dictionary) -> Self {
        Self::Dictionary(dictionary)
    }
}

/// Decodes a text string: UTF-16BE and UTF-8 by their marks, otherwise byte for character
/// (PDFDocEncoding's upper half is read as Latin-1, which differs only in rare punctuation).
#[must_use]
pub fn decode_text(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        let units = rest
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| u16::from_be_bytes(*pair));
        return char::decode_utf16(units)
            .map(|unit| unit.unwrap_or('\u{FFFD}'))
            .collect();
    }
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_come_back_as_they_went() {
        for text in ["plain (ascii)", "Ёлкина № 1, 5 ₽ «да»", "𝄞", ""] {
            let Object::String(string) = Object::text(text) else {
                panic!()
            };
            assert_eq!(decode_text(&string.bytes), text);
        }
        assert_eq!(decode_text(b"\xEF\xBB\xBF\xD0\x81"), "Ё");
        assert_eq!(decode_text(b"\xFE\xFF\xD8\x00\x00A"), "\u{FFFD}A");
        assert_eq!(decode_text(b"caf\xE9"), "café");
    }
}
