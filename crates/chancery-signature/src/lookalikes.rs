//! What readers find that search a file for objects instead of following its table.
//!
//! They do so for many reasons: an offset that is wrong, a table of another shape, a `/Size`. Then
//! the last `N G obj` counts, wherever it stands: in a string, in the bytes of a certificate. So
//! each word that divides a file stands, in what comes after a signature, where it is one.

use std::collections::HashSet;
use std::ops::Range;

use chancery_pdf::searched::{objects_seen, trailers_seen};
use memchr::memmem;

/// Where the words stand that divide a file, by its cross-references.
#[derive(Default)]
pub(crate) struct Dividers {
    /// Each `obj`.
    objects: HashSet<usize>,
    /// Each `endstream` and `endobj`.
    ends: HashSet<usize>,
    /// Each `xref`.
    tables: HashSet<usize>,
    /// Each dictionary of a trailer.
    trailers: HashSet<usize>,
    /// The end of the last section, behind which `startxref` stands.
    last: usize,
}

impl Dividers {
    /// An object whose numbers begin at `start`, and the ends of it and of its stream.
    pub fn object(&mut self, bytes: &[u8], start: usize, ends: &[usize]) {
        self.objects.extend(object_word(bytes, start));
        self.ends.extend(ends);
    }

    /// A section that begins at `start`, with its trailer, and ends at `end`.
    pub fn section(&mut self, bytes: &[u8], start: usize, trailer: usize, end: usize) {
        let rest = bytes.get(start..).unwrap_or(&[]);
        let begin = start.saturating_add(spaces(rest));
        match bytes.get(begin..) {
            Some([b'0'..=b'9', ..]) => {
                let text = bytes.get(..end).unwrap_or(bytes);
                self.object(bytes, begin, &ends_before(text));
            }
            _ => {
                self.tables.insert(begin);
            }
        }
        self.trailers.insert(trailer);
        self.last = self.last.max(end);
    }

    /// Whether one of these words stands within `range` anywhere else.
    pub fn hides_others(&self, bytes: &[u8], range: Range<usize>) -> bool {
        let text = bytes.get(..range.end).unwrap_or(bytes);
        let within = |word: &'static [u8]| {
            let rest = text.get(range.start..).unwrap_or(&[]);
            memmem::find_iter(rest, word).map(move |at| range.start.saturating_add(at))
        };
        let is_table = |at: usize| {
            let before = text.get(..at).unwrap_or(&[]);
            match before.ends_with(b"start") {
                true => at >= self.last,
                false => self.tables.contains(&at),
            }
        };
        let (objects, trailers) = (
            objects_seen(bytes, range.clone()),
            trailers_seen(bytes, range.clone()),
        );
        !(objects.iter().all(|at| self.objects.contains(at))
            && trailers.iter().all(|at| self.trailers.contains(at))
            && within(b"endstream").all(|at| self.ends.contains(&at))
            && within(b"endobj").all(|at| self.ends.contains(&at))
            && within(b"xref").all(is_table))
    }
}

/// Where `obj` stands behind the two numbers that begin at `start`, with white space alone.
fn object_word(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for digits in [true, true, false] {
        at = at.saturating_add(spaces(bytes.get(at..)?));
        if digits {
            let rest = bytes.get(at..)?;
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit());
            at = at.saturating_add(count.count());
        }
    }
    bytes.get(at..)?.starts_with(b"obj").then_some(at)
}

/// The words that end a stream and its object, where `text` ends with both.
fn ends_before(text: &[u8]) -> Vec<usize> {
    let Some(inner) = text.strip_suffix(b"endobj") else {
        return Vec::new();
    };
    let blank = inner.iter().rev().take_while(|byte| is_space(**byte));
    let stop = inner.len().saturating_sub(blank.count());
    let stream = inner
        .get(..stop)
        .and_then(|text| text.strip_suffix(b"endstream"));
    let stream = stream.map(<[u8]>::len);
    std::iter::once(inner.len()).chain(stream).collect()
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_space(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(text: &str) -> bool {
        let file = format!("1 0 obj {text} endobj xref trailer << >> startxref 1");
        let bytes = file.as_bytes();
        let place = |word: &str| file.rfind(word).unwrap();
        let mut known = Dividers::default();
        known.object(bytes, 0, &[place("endobj")]);
        let end = place(" startxref");
        known.section(bytes, place("xref trailer"), place("<<"), end);
        known.hides_others(bytes, 0..bytes.len())
    }

    #[test]
    fn words_that_divide_a_file_are_found_wherever_they_stand() {
        let long = "x".repeat(5000);
        for text in [
            "(4 0 obj)",
            "4\x0b0\x0bobj",
            &format!("4 0 %{long}\nobj"),
            "% 4 0 obj",
            "trailer\n<< /Root 4 0 R >>",
            "trailer %\n<< /Root 4 0 R >>",
            "endobj 1 0 obj",
            "(endstream)",
            "(endobj)",
            "(startxref 7)",
            "xref",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in [
            "",
            "obj",
            "4 obj",
            "a trailer of two axles",
            "4 0 R",
            "XRef",
        ] {
            assert!(!hides(text), "{text}");
        }
    }

    /// What stands before a header is no part of it: another header, which a reader may find.
    #[test]
    fn a_header_begins_with_its_number() {
        let bytes = b" %\n 1 0 obj";
        let mut known = Dividers::default();
        known.object(bytes, 0, &[]);
        assert!(known.hides_others(bytes, 0..bytes.len()));
        known.object(bytes, 3, &[]);
        assert!(!known.hides_others(bytes, 0..bytes.len()));
    }
}
