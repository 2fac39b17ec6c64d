//! Bytes to objects: a parser without recursion on the machine's stack beyond `depth_max`.
//!
//! It reads what ISO 32000-2:2020, 7.2 and 7.3 describe and refuses the rest. It never looks
//! outside the slice it was given and follows no reference.

use std::ops::Range;

use crate::error::PdfError;
use crate::object::{
    Dictionary, Entry, NAME_BYTES_MAX, NUMBER_BYTES_MAX, Object, ObjectId, PdfString, Stream,
    StringForm,
};

/// A position in bytes, with the bounds that hold for one object.
pub(crate) struct Parser<'a> {
    bytes: &'a [u8],
    pub(crate) position: usize,
    depth_left: u32,
    values_left: u64,
    depth_max: u32,
    values_max: u64,
}

/// NUL, tab, line feed, form feed, carriage return, space (7.2.3, table 1).
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

pub(crate) fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

/// Bytes that end a name or a word for some readers, as white space does.
pub(crate) const fn is_blank_to_some(byte: u8) -> bool {
    matches!(byte, 0x80 | 0xff)
}

impl<'a> Parser<'a> {
    pub(crate) fn new(bytes: &'a [u8], position: usize, depth_max: u32, values_max: u64) -> Self {
        Self {
            bytes,
            position,
            depth_left: depth_max,
            values_left: values_max,
            depth_max,
            values_max,
        }
    }

    fn damaged<T>(&self, what: &'static str) -> Result<T, PdfError> {
        Err(PdfError::Damaged {
            what,
            offset: self.position,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.position.checked_add(ahead)?).copied()
    }

    fn advance(&mut self, count: usize) {
        self.position = self.position.saturating_add(count).min(self.bytes.len());
    }

    /// Passes white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.advance(1);
            } else if byte == b'%' {
                while self
                    .peek()
                    .is_some_and(|byte| byte != b'\n' && byte != b'\r')
                {
                    self.advance(1);
                }
            } else {
                return;
            }
        }
    }

    /// The run of regular characters here, which may be empty.
    fn regular_run(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let length = rest.iter().position(|byte| !is_regular(*byte));
        let run = rest.get(..length.unwrap_or(rest.len())).unwrap_or(&[]);
        self.advance(run.len());
        run
    }

    /// Passes white space and then exactly the keyword `word`; otherwise stays where it was.
    pub(crate) fn keyword(&mut self, word: &[u8]) -> bool {
        let before = self.position;
        self.skip_space();
        if self.regular_run() == word {
            return true;
        }
        self.position = before;
        false
    }

    /// Passes white space and an unsigned whole number; otherwise stays where it was.
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let before = self.position;
        self.skip_space();
        let number = decimal(self.regular_run());
        if number.is_none() {
            self.position = before;
        }
        number
    }

    /// What reading since `start` has cost, in bytes: a value takes room and time, however short.
    pub(crate) fn cost_since(&self, start: usize) -> usize {
        let values = self.values_max.saturating_sub(self.values_left);
        let values = usize::try_from(values).unwrap_or(usize::MAX);
        let bytes = self.position.saturating_sub(start);
        bytes.saturating_add(values.saturating_mul(VALUE_COST))
    }

    /// Reads `N G obj`.
    pub(crate) fn object_header(&mut self) -> Option<ObjectId> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        let generation = u16::try_from(self.unsigned()?).ok()?;
        let before = self.position;
        self.skip_space();
        // `obj` may be followed directly by a digit or letter in no sound file, but by a delimiter.
        if self.regular_run() != b"obj" {
            self.position = before;
            return None;
        }
        Some(ObjectId { number, generation })
    }

    /// Reads one object. At the top of an indirect object a dictionary may turn out a stream.
    pub(crate) fn object(&mut self) -> Result<Object, PdfError> {
        self.skip_space();
        self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or(PdfError::LimitExceeded {
                limit: "values_max",
                max: self.values_max,
            })?;
        match self.peek() {
            None => self.damaged("an object"),
            Some(b'/') => self.name().map(Object::Name),
            Some(b'(') => self.literal_string(),
            Some(b'[') => self.array(),
            Some(b'<') if self.peek_at(1) == Some(b'<') => {
                self.dictionary().map(Object::Dictionary)
            }
            Some(b'<') => self.hexadecimal_string(),
            Some(byte) if byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.') => {
                self.number_or_reference()
            }
            Some(_) => self.word(),
        }
    }

    /// Reads one object that may be a stream: the body of an indirect object.
    pub(crate) fn body(&mut self) -> Result<Object, PdfError> {
        let object = self.object()?;
        let Object::Dictionary(dictionary) = object else {
            return Ok(object);
        };
        if !self.keyword(b"stream") {
            return Ok(Object::Dictionary(dictionary));
        }
        // 7.3.8.1: the keyword is followed by CR LF or LF, not by CR alone.
        match (self.peek(), self.peek_at(1)) {
            (Some(b'\r'), Some(b'\n')) => self.advance(2),
            (Some(b'\n'), _) => self.advance(1),
            _ => return self.damaged("the beginning of a stream"),
        }
        Ok(Object::Stream(Box::new(Stream {
            dictionary,
            start: self.position,
            own_bytes: None,
            key_of: None,
        })))
    }

    fn word(&mut self) -> Result<Object, PdfError> {
        let before = self.position;
        match self.regular_run() {
            b"true" => Ok(Object::Boolean(true)),
            b"false" => Ok(Object::Boolean(false)),
            b"null" => Ok(Object::Null),
            _ => {
                self.position = before;
                self.damaged("an object")
            }
        }
    }

    fn number_or_reference(&mut self) -> Result<Object, PdfError> {
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        if let Some((id, length)) = quick::reference(rest) {
            self.advance(length);
            return Ok(Object::Reference(id));
        }
        let before = self.position;
        let mut run = self.regular_run();
        // Scanners write `74191endobj` for lengths; elsewhere readers disagree, see `is_glued`.
        if let Some(digits) = run.strip_suffix(b"endobj") {
            run = digits;
            self.position = self.position.saturating_sub(b"endobj".len());
        }
        let after = self.position;
        if let Some(number) = decimal(run).and_then(|number| u32::try_from(number).ok()) {
            if let Some(generation) = self.unsigned().and_then(|value| u16::try_from(value).ok())
                && self.keyword(b"R")
            {
                return Ok(Object::Reference(ObjectId { number, generation }));
            }
            self.position = after;
        }
        match number(run) {
            Some(object) => Ok(object),
            None => {
                self.position = before;
                self.damaged("a number")
            }
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, PdfError> {
        self.advance(1);
        let run = self.regular_run();
        if run.len() > NAME_BYTES_MAX || run.iter().any(|byte| is_blank_to_some(*byte)) {
            return self.damaged("a name");
        }
        if !run.contains(&b'#') {
            return Ok(run.to_vec());
        }
        // 7.3.5: any character but null. Readers in C end the name there.
        if run.windows(3).any(|three| three == b"#00") {
            return self.damaged("a name");
        }
        let mut name = Vec::with_capacity(run.len());
        let mut rest = run;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match (byte, tail) {
                (b'#', [high, low, after @ ..]) => match (nibble(*high), nibble(*low)) {
                    (Some(high), Some(low)) => {
                        name.push(high << 4 | low);
                        rest = after;
                    }
                    _ => name.push(byte),
                },
                _ => name.push(byte),
            }
        }
        Ok(name)
    }

    fn literal_string(&mut self) -> Result<Object, PdfError> {
        self.advance(1);
        let mut bytes = Vec::new();
        let mut form = StringForm::Literal;
        let mut open = 1_u64;
        while let Some(byte) = self.peek() {
            self.advance(1);
            match byte {
                b'(' => open = open.saturating_add(1),
                b')' => open = open.saturating_sub(1),
                b'\\' => {
                    form = self.escape(&mut bytes).unwrap_or(form);
                    continue;
                }
                // 7.3.4.2: an end of line inside the string is one LF, however it was written.
                b'\r' => {
                    form = StringForm::Folded;
                    if self.peek() == Some(b'\n') {
                        self.advance(1);
                    }
                    bytes.push(b'\n');
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(Object::String(PdfString {
                    bytes,
                    form,
                    enciphered: false,
                }));
            }
            bytes.push(byte);
        }
        self.damaged("a string")
    }

    /// What stands behind a backslash; the form of the string, if readers differ over it.
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<StringForm> {
        let byte = self.peek();
        self.advance(1);
        match byte.unwrap_or(b'\n') {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.advance(1);
                }
            }
            first @ b'0'..=b'7' => {
                let mut value = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.advance(1);
                    value = value << 3 | u32::from(digit - b'0');
                }
                // 7.3.4.2: high-order overflow is ignored; some make another character of it.
                bytes.push(value.to_le_bytes()[0]);
                return (value > 0xFF).then_some(StringForm::Folded);
            }
            other => bytes.push(other),
        }
        None
    }

    fn hexadecimal_string(&mut self) -> Result<Object, PdfError> {
        self.advance(1);
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        if let Some((bytes, length)) = quick::hexadecimal(rest) {
            self.advance(length);
            return Ok(Object::String(PdfString {
                bytes,
                form: StringForm::Hexadecimal,
                enciphered: false,
            }));
        }
        let mut bytes = Vec::new();
        let mut pending: Option<u8> = None;
        while let Some(byte) = self.peek() {
            self.advance(1);
            if byte == b'>' {
                // 7.3.4.3: a missing last digit is 0.
                bytes.extend(pending.map(|high| high << 4));
                return Ok(Object::String(PdfString {
                    bytes,
                    form: StringForm::Hexadecimal,
                    enciphered: false,
                }));
            }
            if is_space(byte) {
                continue;
            }
            let Some(digit) = nibble(byte) else {
                return self.damaged("a hexadecimal string");
            };
            pending = match pending {
                None => Some(digit),
                Some(high) => {
                    bytes.push(high << 4 | digit);
                    None
                }
            };
        }
        self.damaged("a hexadecimal string")
    }

    fn deeper(&mut self) -> Result<(), PdfError> {
        self.depth_left = self
            .depth_left
            .checked_sub(1)
            .ok_or(PdfError::LimitExceeded {
                limit: "depth_max",
                max: u64::from(self.depth_max),
            })?;
        Ok(())
    }

    fn array(&mut self) -> Result<Object, PdfError> {
        self.deeper()?;
        self.advance(1);
        let mut array = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.advance(1);
                self.depth_left = self.depth_left.saturating_add(1);
                // Half a million of one element would take the room of two millions.
                array.shrink_to_fit();
                return Ok(Object::from(array));
            }
            array.push(self.object()?);
        }
    }

    pub(crate) fn dictionary(&mut self) -> Result<Dictionary, PdfError> {
        self.skip_space();
        let start = self.position;
        if self.bytes.get(start..start.saturating_add(2)) != Some(b"<<") {
            return self.damaged("a dictionary");
        }
        self.deeper()?;
        self.advance(2);
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            match (self.peek(), self.peek_at(1)) {
                (Some(b'>'), Some(b'>')) => {
                    self.advance(2);
                    self.depth_left = self.depth_left.saturating_add(1);
                    entries.shrink_to_fit();
                    return Ok(Dictionary::from_parsed(entries, start..self.position));
                }
                (Some(b'/'), _) => entries.push(self.entry()?),
                _ => return self.damaged("a dictionary"),
            }
        }
    }

    fn entry(&mut self) -> Result<Entry, PdfError> {
        let key = self.name()?;
        self.skip_space();
        let start = self.position;
        let value = self.object()?;
        let value_span: Range<usize> = start..self.position;
        Ok(Entry {
            key,
            value,
            value_span,
        })
    }
}

/// What one value costs beside its own bytes.
const VALUE_COST: usize = 16;

/// Digits only, at least one, at most nineteen.
pub(crate) fn decimal(run: &[u8]) -> Option<u64> {
    if run.is_empty() || run.len() > 19 || !run.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(run).ok()?.parse().ok()
}

/// A PDF number: sign, digits, one point. No exponent (7.3.3).
fn number(run: &[u8]) -> Option<Object> {
    if run.len() > NUMBER_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(run).ok()?;
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'))
    {
        return None;
    }
    if !text.contains('.')
        && let Ok(value) = text.parse()
    {
        return Some(Object::Integer(value));
    }
    // Beyond 64 bits readers count in ways of their own.
    if !text.contains('.') && text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_start_matches(['+', '-']);
    if digits == "." || digits.is_empty() {
        // Seen from several makers: a lone point or sign meaning zero.
        return (text.len() == 1).then_some(Object::Real(0.0));
    }
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .map(Object::Real)
}

/// The value of a hexadecimal digit.
pub(crate) fn nibble(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

pub(crate) mod content;
mod quick;
#[cfg(test)]
mod tests;
