//! What readers find that search a file for objects instead of following its table.
//!
//! They do so for many reasons: an offset that is wrong, a table of another shape, a `/Size`. Then
//! the last `N G obj` counts, wherever it stands: in a string, in the bytes of a certificate.

use std::ops::Range;

use memchr::memmem;

/// Most bytes of a line that are searched for the beginning of a comment.
const LINE_MAX: usize = 256;
/// Most comments between two words: beyond, two words are taken to belong together.
const COMMENTS_MAX: usize = 16;

/// Whether something within `range` looks like an object, or like a trailer, that is none of
/// these; each stands where it is said to begin, or behind white space.
pub(crate) fn hides_objects(
    bytes: &[u8],
    range: Range<usize>,
    objects: &[usize],
    trailers: &[usize],
) -> bool {
    let text = bytes.get(..range.end).unwrap_or(bytes);
    let within = |word: &[u8]| -> Vec<usize> {
        let rest = text.get(range.start..).unwrap_or(&[]);
        let found = memmem::find_iter(rest, word).map(|at| range.start + at);
        found.collect()
    };
    let is_known = |start: usize| {
        let before = objects.partition_point(|offset| *offset <= start);
        let offset = before.checked_sub(1).and_then(|at| objects.get(at));
        offset.is_some_and(|offset| is_blank(text.get(*offset..start).unwrap_or(&[0])))
    };
    let stray = |at: &usize| numbered(text, *at, range.start).is_some_and(|start| !is_known(start));
    let leads = |at: &usize| {
        let behind = at.saturating_add(b"trailer".len());
        let rest = text.get(behind..).unwrap_or(&[]);
        let start = rest.len().saturating_sub(rest.trim_ascii_start().len());
        let is_dictionary = rest
            .get(start..)
            .is_some_and(|rest| rest.starts_with(b"<<"));
        is_dictionary && !trailers.contains(&behind.saturating_add(start))
    };
    within(b"obj").iter().any(stray) || within(b"trailer").iter().any(leads)
}

/// Where the two numbers begin that end before `at`, not before `floor`.
fn numbered(bytes: &[u8], at: usize, floor: usize) -> Option<usize> {
    gaps(bytes, at, floor).find_map(|end| {
        let between = digits_before(bytes, end, floor)?;
        gaps(bytes, between, floor)
            .find_map(|end| digits_before(bytes, end, floor).filter(|_| end < between))
    })
}

/// Where the digits begin that end before `at`, if there are any.
fn digits_before(bytes: &[u8], at: usize, floor: usize) -> Option<usize> {
    let rest = bytes.get(floor..at)?;
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let count = digits.count();
    (count > 0).then(|| at.saturating_sub(count))
}

/// Where the white space begins that ends before `at`; and the same with more and more comments.
fn gaps(bytes: &[u8], at: usize, floor: usize) -> impl Iterator<Item = usize> {
    let blank = move |at: usize| {
        let rest = bytes.get(floor..at).unwrap_or(&[]);
        let blank = rest.iter().rev().take_while(|byte| is_space(**byte));
        at.saturating_sub(blank.count())
    };
    let mut end = at;
    let longer = move |start: &usize| {
        // A comment ends with its line.
        let spaces = bytes.get(*start..end)?;
        spaces.iter().find(|byte| is_line_end(**byte))?;
        let from = floor.max(start.saturating_sub(LINE_MAX));
        let line = bytes.get(from..*start)?;
        let last = line.iter().rposition(|byte| is_line_end(*byte));
        let from = last.map_or(from, |last| from.saturating_add(last).saturating_add(1));
        let comment = bytes
            .get(from..*start)?
            .iter()
            .position(|byte| *byte == b'%')?;
        end = from.saturating_add(comment);
        Some(blank(end))
    };
    std::iter::successors(Some(blank(at)), longer).take(COMMENTS_MAX)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn is_blank(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| is_line_end(*byte));
    lines.all(|line| {
        let text = line.iter().position(|byte| !is_space(*byte));
        text.is_none_or(|at| line.get(at) == Some(&b'%'))
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(text: &str) -> bool {
        let bytes = format!("1 0 obj {text} endobj trailer << >> startxref");
        let trailer = bytes.len() - "<< >> startxref".len();
        hides_objects(bytes.as_bytes(), 0..bytes.len(), &[0], &[trailer])
    }

    #[test]
    fn what_looks_like_an_object_is_found_wherever_it_stands() {
        for text in [
            "(4 0 obj)",
            "4\n0\robj",
            "x4 0 obj",
            "4 0 % a comment\nobj",
            "4%\n%5\r\n0obj",
            "4 0 % 7\nobj",
            "% 4 0 obj",
            "trailer\n<< /Root 4 0 R >>",
            "endobj 1 0 obj",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in [
            "",
            "obj",
            "4 obj",
            "4 x 0 obj",
            "40 endobj",
            "a trailer of two axles",
            "4 0 R",
            "4 0 % obj",
        ] {
            assert!(!hides(text), "{text}");
        }
        let behind_space = b" %\n 1 0 obj";
        assert!(!hides_objects(behind_space, 0..12, &[0], &[]));
    }
}
