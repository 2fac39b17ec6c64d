//! Whether all readers take a value of a later revision whole, and a trailer as it is meant.
//!
//! A reader that gives up within a list goes on behind it, and takes for keys of the dictionary
//! around it what stood in the list: an older section, another catalog.

use crate::error::PdfError;
use crate::lexer::is_regular;
use crate::object::{Dictionary, Object};
use crate::reader::{Indirect, Pdf, Place};

/// The highest object number of the format (ISO 32000-1, annex C).
pub(crate) const NUMBER_MAX: u32 = 8_388_607;
/// Deepest nesting of what comes later. Some readers give up at 64.
const DEPTH_MAX: u32 = 50;

/// Whether a value is no deeper, and refers no further, than all readers follow.
#[must_use]
pub fn is_taken_whole(object: &Object) -> bool {
    let mut waiting = vec![(object, 0)];
    while let Some((object, depth)) = waiting.pop() {
        if depth > DEPTH_MAX {
            return false;
        }
        if let Object::Array(array) = object {
            waiting.extend(array.iter().map(|one| (one, depth + 1)));
        } else if let Some(dictionary) = object.as_dictionary() {
            let values = dictionary.entries().iter().map(|entry| &entry.value);
            waiting.extend(values.map(|one| (one, depth + 1)));
        } else if object
            .as_reference()
            .is_some_and(|id| id.number > NUMBER_MAX)
        {
            return false;
        }
    }
    true
}

/// Whether every standard entry of a trailer is what it should be, so that nobody leaves a part.
pub(crate) fn is_plain_trailer(trailer: &Dictionary) -> bool {
    let integers = |value: &Object| {
        let list = value.as_array();
        list.is_some_and(|list| list.iter().all(|one| one.as_integer().is_some()))
    };
    let each = |value: &Object, is_good: fn(&Object) -> bool| match value {
        Object::Array(list) => list.iter().all(is_good),
        one => is_good(one),
    };
    trailer.entries().iter().all(|entry| {
        let value = &entry.value;
        is_taken_whole(value)
            && match entry.key.as_slice() {
                b"ID" => value.as_array().is_some_and(|halves| {
                    halves.len() == 2 && halves.iter().all(|one| one.as_string().is_some())
                }),
                b"Size" | b"Prev" | b"XRefStm" | b"Length" => value.as_integer().is_some(),
                b"Root" => value.as_reference().is_some(),
                b"Info" => matches!(value, Object::Reference(_) | Object::Null),
                b"Type" => value.as_name().is_some(),
                b"W" | b"Index" => integers(value),
                b"Filter" => each(value, |one| matches!(one, Object::Name(_) | Object::Null)),
                b"DecodeParms" => each(value, is_plain_parameters),
                _ => true,
            }
    })
}

fn is_plain_parameters(value: &Object) -> bool {
    let plain = |value: &Object| matches!(value, Object::Integer(_) | Object::Boolean(_));
    match value {
        Object::Dictionary(one) => one.entries().iter().all(|entry| plain(&entry.value)),
        other => *other == Object::Null,
    }
}

/// Whether the stream beside a table says nothing that the trailer of the table does not say: some
/// readers take from the one what they do not find in the other.
pub(crate) fn says_no_more(hidden: &Dictionary, trailer: &Dictionary) -> bool {
    const OWN: [&[u8]; 7] = [
        b"Type",
        b"W",
        b"Index",
        b"Size",
        b"Length",
        b"Filter",
        b"DecodeParms",
    ];
    is_plain_trailer(hidden)
        && hidden.entries().iter().all(|entry| {
            OWN.contains(&entry.key.as_slice()) || trailer.get(&entry.key) == Some(&entry.value)
        })
}

/// Whether a sign or a point stands for a number in some value: we take it for nothing, others give
/// up and search the file.
pub(crate) fn has_lone_sign(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let skipped = match first {
            b'%' => tail.iter().position(|byte| matches!(byte, b'\r' | b'\n')),
            b'(' => end_of_string(tail),
            b'<' if tail.first() == Some(&b'<') => Some(1),
            b'<' => tail.iter().position(|byte| *byte == b'>'),
            b'/' => Some(run_of(tail)),
            byte if is_regular(*byte) => {
                let run = rest.get(..run_of(rest)).unwrap_or(rest);
                if run.iter().all(|byte| matches!(byte, b'+' | b'-' | b'.')) {
                    return true;
                }
                Some(run.len().saturating_sub(1))
            }
            _ => Some(0),
        };
        rest = skipped.and_then(|count| tail.get(count..)).unwrap_or(&[]);
    }
    false
}

fn run_of(text: &[u8]) -> usize {
    let end = text.iter().position(|byte| !is_regular(*byte));
    end.unwrap_or(text.len())
}

/// How long a literal string is behind its first bracket, with the last.
fn end_of_string(text: &[u8]) -> Option<usize> {
    let (mut open, mut is_escaped) = (1_u64, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => open = open.saturating_add(1),
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return at.checked_add(1);
        }
    }
    None
}

impl Pdf<'_> {
    /// Whether a sign or a point stands for a number in an object, or in what an object stream
    /// holds.
    ///
    /// # Errors
    ///
    /// As [`Pdf::stream_bytes`].
    pub fn has_lone_sign(&self, indirect: &Indirect) -> Result<bool, PdfError> {
        if let Place::File { offset, end } = indirect.place
            && has_lone_sign(self.bytes().get(offset..end).unwrap_or(&[]))
        {
            return Ok(true);
        }
        match &indirect.object {
            Object::Stream(stream) if stream.dictionary.is_name(b"Type", b"ObjStm") => {
                Ok(has_lone_sign(&self.stream_bytes(indirect.id, stream)?))
            }
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_sign_is_found_where_numbers_stand() {
        for text in ["[-/x]", "<</A .>>", "+", "(a)-", "/A -/B 1", "[--]", "%\n-"] {
            assert!(has_lone_sign(text.as_bytes()), "{text}");
        }
        for text in [
            "[-1 +2 .5 6.]",
            "(- . +)",
            "(a\\) - )",
            "((-) -)",
            "/- /.",
            "<</A-/B.>>",
            "% - \n",
            "<2D>",
        ] {
            assert!(!has_lone_sign(text.as_bytes()), "{text}");
        }
    }
}
