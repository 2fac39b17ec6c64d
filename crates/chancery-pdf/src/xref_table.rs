//! Entries of a cross-reference table, read leniently, and whether all readers read them alike.

use std::ops::Range;

use crate::error::PdfError;
use crate::lexer::Parser;
use crate::xref::{XrefEntry, damaged};

/// Whether this is a table as 7.5.4 has it: `first count`, and that many entries of twenty bytes,
/// one behind the other. White space may stand before the first and behind the last: between them
/// it makes some readers search the file, as a second blank behind `first count` does.
pub(crate) fn is_regular_table(body: &[u8]) -> bool {
    let mut rest = body.trim_ascii_start();
    while !rest.trim_ascii_start().is_empty() {
        let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            return false;
        };
        let (line, behind) = rest.split_at(end);
        let line = line.strip_suffix(b" ").unwrap_or(line);
        let mut words = line.split(|byte| *byte == b' ');
        let numbers = [words.next(), words.next()].map(|word| word.and_then(whole_number));
        let [Some(first), Some(count)] = numbers else {
            return false;
        };
        if count == 0 && first > 0 {
            return false;
        }
        let behind = match behind {
            [b'\r', b'\n', behind @ ..] | [_, behind @ ..] => behind,
            [] => return false,
        };
        let length = usize::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(20));
        let split = length.and_then(|length| behind.split_at_checked(length));
        let Some((entries, next)) = split else {
            return false;
        };
        let (entries, _) = entries.as_chunks::<20>();
        // Some readers take such a part for one that begins at 0, and move every row of it.
        let is_moved = first == 1
            && entries
                .first()
                .is_some_and(|row| row.get(17) == Some(&b'f'));
        if is_moved {
            return false;
        }
        if words.next().is_some() || !entries.iter().all(is_regular_entry) {
            return false;
        }
        rest = next;
    }
    true
}

fn whole_number(word: &[u8]) -> Option<u64> {
    let digits = word.iter().all(u8::is_ascii_digit).then_some(word)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn is_regular_entry(entry: &[u8; 20]) -> bool {
    let is_number = |range: Range<usize>| {
        let digits = entry.get(range);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    };
    is_number(0..10)
        && is_number(11..16)
        && matches!(
            entry,
            [
                ..,
                b' ',
                _,
                _,
                _,
                _,
                _,
                b' ',
                b'n' | b'f',
                b' ',
                b'\r' | b'\n'
            ] | [.., b' ', _, _, _, _, _, b' ', b'n' | b'f', b'\r', b'\n']
        )
}

pub(crate) fn table_entry(parser: &mut Parser<'_>) -> Result<XrefEntry, PdfError> {
    let at = parser.position;
    let (Some(offset), Some(generation)) = (parser.unsigned(), parser.unsigned()) else {
        return damaged("a cross-reference table", at);
    };
    if parser.keyword(b"f") {
        return Ok(XrefEntry::Free);
    }
    match u16::try_from(generation) {
        Ok(generation) if parser.keyword(b"n") => Ok(XrefEntry::InFile { offset, generation }),
        _ => damaged("a cross-reference table", at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some readers take a part that begins at 1 with a free row for one that begins at 0.
    #[test]
    fn a_part_does_not_begin_at_1_with_a_free_row() {
        let free = "0000000000 65535 f \n";
        let used = "0000000100 00000 n \n";
        for (body, is_regular) in [
            (format!("0 1\n{free}1 1\n{used}"), true),
            (format!("1 2\n{used}{free}"), true),
            (format!("2 1\n{free}"), true),
            (format!("1 1\n{free}"), false),
            (format!("0 1\n{free}1 2\n{free}{used}"), false),
        ] {
            assert_eq!(is_regular_table(body.as_bytes()), is_regular, "{body}");
        }
    }
}
