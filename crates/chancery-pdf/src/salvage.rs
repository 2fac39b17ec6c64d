//! Signature dictionaries found by their bytes, in files whose cross-references cannot be followed.
//!
//! Nothing found here is trusted: a validator tells with it whether the values in a broken or
//! forged file verify, which is another question than whether the file is what was signed.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::error::PdfError;
use crate::form::{Contents, SignatureDictionary};
use crate::lexer::{Parser, is_space};
use crate::limits::Limits;
use crate::object::{Dictionary, Object, decode_text};
use crate::reader::{Pdf, Place};
use crate::xref::XrefEntry;

/// Most dictionaries that are tried.
const TRIED_MAX: usize = 1_024;
/// Most bytes of the header of an object, `N G obj`.
const HEADER_MAX: usize = 32;

/// Every direct dictionary after `N G obj` that has both `/ByteRange` and `/Contents`, in the order
/// of the file. What its entries refer to is not looked up.
#[must_use]
pub fn salvage_signatures(bytes: &[u8], limits: &Limits) -> Vec<SignatureDictionary> {
    if bytes.len() as u64 > limits.bytes_max {
        return Vec::new();
    }
    let mut found: Vec<SignatureDictionary> = Vec::new();
    let mut parsed_left = limits.parsed_bytes(bytes.len());
    let mut passed = 0;
    for at in places(bytes, b"/ByteRange").take(TRIED_MAX) {
        // Inside the dictionary that was read last.
        if at < passed {
            continue;
        }
        let header = object_before(bytes, passed, at);
        // The next one's header stands behind this entry: no byte is searched twice.
        passed = at;
        let Some(start) = header else {
            continue;
        };
        let mut parser = Parser::new(bytes, start, limits.depth_max, limits.values_max);
        let object = parser.object();
        let spent = parser.cost_since(start) as u64;
        let Some(left) = parsed_left.checked_sub(spent) else {
            break;
        };
        parsed_left = left;
        let Ok(Object::Dictionary(dictionary)) = object else {
            continue;
        };
        passed = passed.max(parser.position);
        if dictionary.get(b"ByteRange").is_some() && dictionary.get(b"Contents").is_some() {
            found.push(describe(dictionary, start..parser.position));
        }
    }
    found
}

impl Pdf<'_> {
    /// Signature dictionaries that earlier revisions had at places that a later one gave up: the
    /// number stands for something else now, or for nothing.
    ///
    /// # Errors
    ///
    /// [`PdfError::LimitExceeded`]: places may lie within one another.
    pub fn earlier_signatures(&self) -> Result<Vec<SignatureDictionary>, PdfError> {
        let mut offsets = BTreeSet::new();
        for section in self.sections() {
            for (number, entry) in section.entries.iter() {
                if let XrefEntry::InFile { offset, .. } = entry
                    && self.entry(number) != Some(entry)
                    && offsets.len() < TRIED_MAX
                {
                    offsets.insert(offset);
                }
            }
        }
        let mut found = Vec::new();
        for offset in offsets {
            let Ok(offset) = usize::try_from(offset) else {
                continue;
            };
            let header = offset.saturating_add(HEADER_MAX).min(self.bytes().len());
            let Some(start) = object_from(self.bytes(), offset, header) else {
                continue;
            };
            let mut parser = Parser::new(
                self.bytes(),
                start,
                self.limits.depth_max,
                self.limits.values_max,
            );
            self.may_parse()?;
            let object = parser.object();
            self.spend_parsing(parser.cost_since(start))?;
            if let Ok(Object::Dictionary(dictionary)) = object
                && dictionary.get(b"ByteRange").is_some()
                && dictionary.get(b"Contents").is_some()
            {
                found.push(describe(dictionary, start..parser.position));
            }
        }
        Ok(found)
    }
}

/// The byte after the first `obj` from an offset on, within what a header takes.
fn object_from(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let window = bytes.get(from..to)?;
    let at = window.windows(3).position(|three| three == b"obj")?;
    from.checked_add(at)?.checked_add(3)
}

fn places<'b>(bytes: &'b [u8], word: &'static [u8]) -> impl Iterator<Item = usize> + 'b {
    let windows = bytes.windows(word.len()).enumerate();
    windows
        .filter(move |(_, window)| *window == word)
        .map(|(at, _)| at)
}

/// The byte after the last `obj` between `from` and `before` that is not the end of `endobj`.
fn object_before(bytes: &[u8], from: usize, before: usize) -> Option<usize> {
    let window = bytes.get(from..before)?;
    let windows = window.windows(4).enumerate().rev();
    let mut headers = windows.filter(|(_, four)| is_space(four[0]) && &four[1..] == b"obj");
    let (at, _) = headers.next()?;
    from.checked_add(at)?.checked_add(4)
}

fn describe(mut dictionary: Dictionary, span: Range<usize>) -> SignatureDictionary {
    let contents = dictionary.take_string(b"Contents");
    let contents = contents.map(|(string, span)| Contents {
        span,
        bytes: string.bytes,
        form: string.form,
    });
    let name = |key: &[u8]| {
        let value = dictionary.get(key).and_then(Object::as_name);
        value.map(|name| String::from_utf8_lossy(name).into_owned())
    };
    let text = |key: &[u8]| {
        dictionary
            .get(key)
            .and_then(Object::as_string)
            .map(decode_text)
    };
    SignatureDictionary {
        id: None,
        place: Place::File {
            offset: span.start,
            end: span.end,
        },
        contents,
        sub_filter: name(b"SubFilter"),
        filter: name(b"Filter"),
        name: text(b"Name"),
        reason: text(b"Reason"),
        location: text(b"Location"),
        signing_time: text(b"M"),
        certification: None,
        dictionary,
        span,
    }
}
