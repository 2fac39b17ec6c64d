//! What readers find that search a file for objects instead of following its cross-references.
//!
//! They do so for many reasons: an offset that is wrong, a table of another shape, a `/Size`, a
//! reference to nothing. Then the last `N G obj` of each number counts, wherever it stands, and
//! what lies packed in object streams is found by some of them only.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::lexer::is_space;
use crate::object::Object;
use crate::reader::Pdf;
use crate::xref::{Section, XrefEntry, XrefKind};

/// What some reader takes for white space: also a vertical tab, and bytes beyond ASCII.
const fn is_space_to_some(byte: u8) -> bool {
    matches!(byte, 0 | 9..=13 | b' ' | 0x80 | 0x85 | 0xa0 | 0xff)
}

/// What some reader takes for a part of a whole number.
const fn is_numeric_to_some(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.')
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// What may have been read of `N G obj` up to some byte, in every way of reading it: one bit each.
/// A comment may begin anywhere and ends with its line, since nobody knows where a reader that
/// searches begins to read.
mod read {
    pub const NUMBER: u8 = 1;
    pub const GAP: u8 = 1 << 1;
    pub const COMMENT: u8 = 1 << 2;
    pub const GENERATION: u8 = 1 << 3;
    pub const SECOND_GAP: u8 = 1 << 4;
    pub const SECOND_COMMENT: u8 = 1 << 5;
}

fn step(state: u8, byte: u8) -> u8 {
    let has = |which: u8| state & which != 0;
    let mut next = 0;
    if is_numeric_to_some(byte) {
        next |= read::NUMBER;
        if has(read::GAP | read::GENERATION) {
            next |= read::GENERATION;
        }
    }
    if is_space_to_some(byte) {
        if has(read::NUMBER | read::GAP) {
            next |= read::GAP;
        }
        if has(read::GENERATION | read::SECOND_GAP) {
            next |= read::SECOND_GAP;
        }
    }
    if byte == b'%' {
        if has(read::NUMBER | read::GAP) {
            next |= read::COMMENT;
        }
        if has(read::GENERATION | read::SECOND_GAP) {
            next |= read::SECOND_COMMENT;
        }
    }
    let ends = is_line_end(byte);
    if has(read::COMMENT) {
        next |= if ends { read::GAP } else { read::COMMENT };
    }
    if has(read::SECOND_COMMENT) {
        next |= if ends {
            read::SECOND_GAP
        } else {
            read::SECOND_COMMENT
        };
    }
    next
}

/// Where the word `obj` stands within `range` behind two numbers, with anything between them that
/// some reader passes over.
pub fn objects_seen(bytes: &[u8], range: Range<usize>) -> Vec<usize> {
    let (mut state, mut found) = (0_u8, Vec::new());
    let text = bytes.get(range.clone()).unwrap_or(&[]);
    for (at, byte) in text.iter().enumerate() {
        if *byte == b'o'
            && state & (read::GENERATION | read::SECOND_GAP) != 0
            && text.get(at..).is_some_and(|rest| rest.starts_with(b"obj"))
        {
            found.push(range.start.saturating_add(at));
        }
        state = step(state, *byte);
    }
    found
}

/// Where dictionaries begin within `range` that some reader takes for a trailer.
pub fn trailers_seen(bytes: &[u8], range: Range<usize>) -> Vec<usize> {
    let text = bytes.get(range.clone()).unwrap_or(&[]);
    // Behind the word, and in a comment behind it: one of many words may lead on.
    let (mut behind, mut commented) = (false, false);
    let mut found = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        let rest = text.get(at..).unwrap_or(&[]);
        if behind && rest.starts_with(b"<<") {
            found.push(range.start.saturating_add(at));
        }
        let ends = commented && is_line_end(*byte);
        commented = (commented && !ends) || (behind && *byte == b'%');
        behind = ends
            || (behind && is_space_to_some(*byte))
            || (*byte == b'r'
                && text
                    .get(..=at)
                    .is_some_and(|read| read.ends_with(b"trailer")));
    }
    found
}

/// The word that ends a stream.
const END: &[u8] = b"endstream";

/// Whether each `endstream` within `range` begins its line and ends with white space behind it: so
/// all readers see it that search for it.
#[must_use]
pub fn ends_streams_alone(bytes: &[u8], range: Range<usize>) -> bool {
    let text = bytes.get(range.clone()).unwrap_or(&[]);
    memchr::memmem::find_iter(text, END)
        .all(|at| is_end_alone(bytes, range.start.saturating_add(at)))
}

fn is_end_alone(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let behind = bytes.get(at.saturating_add(END.len()));
    before.is_some_and(|byte| is_line_end(*byte)) && behind.is_none_or(|byte| is_space(*byte))
}

/// What a search of a file finds, and where that is not what its cross-references say. It goes on
/// where the file grows.
#[derive(Debug, Default)]
pub struct Searched {
    /// How much of the file was searched.
    until: usize,
    /// The last object of each number.
    last: HashMap<u32, Header>,
    /// Where the word stands that ends streams, to any reader.
    ends: Vec<usize>,
    /// Numbers for which something else is found, or nothing.
    astray: HashSet<u32>,
    /// Numbers that the table of a hybrid file frees, so that these readers never see them.
    freed: HashSet<u32>,
    /// Where the last trailer stands, and the catalog that it names.
    root: (usize, Option<u32>),
    /// Whether something stands there that each reader takes in its own way.
    odd: bool,
}

impl Searched {
    /// Searches what `pdf` has gained since the last time. Answers how many bytes and objects that
    /// took.
    pub fn grow(&mut self, pdf: &Pdf<'_>) -> u64 {
        let from = self.until;
        let sections: Vec<&Arc<Section>> = pdf
            .sections()
            .take_while(|one| one.offset >= from as u64 || from == 0)
            .collect();
        let mut changed: HashSet<u32> = HashSet::new();
        for section in sections.iter().rev() {
            changed.extend(section.entries.numbers().iter());
            self.freed.extend(section.put_back.iter());
            self.show(section);
            let trailer = section.read_trailer(pdf.bytes(), &pdf.limits);
            let root = trailer
                .ok()
                .and_then(|one| one.get(b"Root")?.as_reference());
            if section.trailer.start >= self.root.0 {
                self.root = (section.trailer.start, root.map(|id| id.number));
            }
        }
        for at in objects_seen(pdf.bytes(), from..pdf.bytes().len()) {
            match header_before(pdf.bytes(), at) {
                Some((number, header)) => {
                    self.last.insert(number, header);
                    changed.insert(number);
                }
                None => self.odd = true,
            }
        }
        let text = pdf.bytes().get(from..).unwrap_or(&[]);
        let ends = memchr::memmem::find_iter(text, END);
        self.ends.extend(ends.map(|at| from.saturating_add(at)));
        let known: HashSet<usize> = sections.iter().map(|one| one.trailer.start).collect();
        let trailers = trailers_seen(pdf.bytes(), from..pdf.bytes().len());
        self.odd |= trailers.iter().any(|at| !known.contains(at));
        for number in &changed {
            match self.is_found(pdf, *number) {
                true => self.astray.remove(number),
                false => self.astray.insert(*number),
            };
        }
        self.until = pdf.bytes().len();
        (self.until.saturating_sub(from) as u64).saturating_add(changed.len() as u64)
    }

    /// Whether the objects that are found are those of the cross-references of `pdf`, for which
    /// this was grown.
    #[must_use]
    pub fn finds_the_same(&self, pdf: &Pdf<'_>) -> bool {
        let root = pdf.trailer().get(b"Root").and_then(Object::as_reference);
        let root = root.map(|id| id.number);
        !self.odd && self.astray.is_empty() && self.root.1 == root
    }

    /// What a stream packs openly, those had before who follow it: the table that hid it is old.
    fn show(&mut self, section: &Section) {
        if section.kind == XrefKind::Stream && !self.freed.is_empty() {
            for (number, entry) in section.entries.iter() {
                if matches!(entry, XrefEntry::InStream { .. }) {
                    self.freed.remove(&number);
                }
            }
        }
    }

    fn is_found(&self, pdf: &Pdf<'_>, number: u32) -> bool {
        let found = self.last.get(&number);
        match (pdf.entry(number), found) {
            // No object stands where a file begins.
            (Some(XrefEntry::InFile { offset: 0, .. }), found) => found.is_none(),
            (Some(XrefEntry::InFile { offset, generation }), Some(header)) => {
                let blank = usize::try_from(offset)
                    .ok()
                    .and_then(|offset| pdf.bytes().get(offset..header.start));
                header.generation == generation
                    && blank.is_some_and(|text| text.iter().all(|one| is_space(*one)))
                    && header.is_plain(pdf.bytes())
                    && self.ends_alike(pdf, number)
            }
            // Nobody who searches had it before.
            (Some(XrefEntry::InStream { .. }), None) => self.freed.contains(&number),
            (Some(XrefEntry::Free) | None, None) => true,
            // Nothing is where it is said to be.
            (Some(XrefEntry::InFile { .. }), None) => pdf.shared(number).is_err(),
            _ => false,
        }
    }

    /// Whether the first word behind the beginning of a stream that ends one is its own.
    fn ends_alike(&self, pdf: &Pdf<'_>, number: u32) -> bool {
        let Ok(indirect) = pdf.shared(number) else {
            return true;
        };
        let Object::Stream(stream) = &indirect.object else {
            return true;
        };
        let Ok(raw) = pdf.stream_raw(stream) else {
            return false;
        };
        let next = self.ends.partition_point(|end| *end < stream.start);
        let end = stream.start.saturating_add(raw.len());
        self.ends.get(next).is_some_and(|next| {
            let blank = pdf.bytes().get(end..*next);
            blank.is_some_and(|text| text.iter().all(|one| is_space(*one)))
                && is_end_alone(pdf.bytes(), *next)
        })
    }
}

/// `N G obj`, as far as the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    generation: u16,
    start: usize,
    /// Where the word stands.
    word: usize,
}

/// Most blanks before an object in its line: some readers take long lines for several.
const BLANKS_MAX: usize = 64;

impl Header {
    /// Whether every reader that searches finds it: it is in one line, and the first there.
    fn is_plain(&self, bytes: &[u8]) -> bool {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let before = bytes.get(..self.start).unwrap_or(&[]);
        let blanks = before.iter().rev().take_while(|byte| is_blank(byte));
        let blanks = blanks.count();
        let last = before.len().checked_sub(blanks.saturating_add(1));
        let begins = last
            .and_then(|at| before.get(at))
            .is_none_or(|byte| is_line_end(*byte));
        let own = bytes.get(self.start..self.word).unwrap_or(&[]);
        begins
            && blanks <= BLANKS_MAX
            && own.len() <= BLANKS_MAX
            && own
                .iter()
                .all(|byte| is_blank(byte) || byte.is_ascii_digit())
    }
}

/// `N G` before `at`, with white space alone.
fn header_before(bytes: &[u8], at: usize) -> Option<(u32, Header)> {
    let rest = bytes.get(..at)?;
    let blank = |text: &[u8]| {
        let spaces = text
            .iter()
            .rev()
            .take_while(|byte| is_space_to_some(**byte));
        text.len().saturating_sub(spaces.count())
    };
    let digits = |text: &[u8]| {
        let count = text.iter().rev().take_while(|byte| byte.is_ascii_digit());
        text.len().saturating_sub(count.count())
    };
    let value = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u32>().ok();
    let rest = rest.get(..blank(rest))?;
    let (rest, generation) = rest.split_at_checked(digits(rest))?;
    let before = rest.get(..blank(rest))?;
    (before.len() < rest.len()).then_some(())?;
    let start = digits(before);
    let number = value(before.get(start..)?)?;
    let generation = u16::try_from(value(generation)?).ok()?;
    let header = Header {
        generation,
        start,
        word: at,
    };
    Some((number, header))
}

impl Pdf<'_> {
    /// Whether a reader that searches for objects finds those that the cross-references lead to.
    #[must_use]
    pub fn is_found_by_search(&self) -> bool {
        let mut searched = Searched::default();
        searched.grow(self);
        searched.finds_the_same(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_object_is_seen_wherever_it_stands() {
        let long = "x".repeat(5000);
        for text in [
            "(4 0 obj)",
            "4\n0\robj",
            "4\x0b0\x0bobj",
            "x4 0 obj",
            "+4 0. obj",
            "4 0 % a comment\nobj",
            &format!("4 0 %{long}\nobj"),
            &format!("4 0 {}obj", "%\n".repeat(100)),
            "4%\n%5\r\n0obj",
            "4 0 % 7\nobj",
            "% 4 0 obj",
        ] {
            let seen = objects_seen(text.as_bytes(), 0..text.len());
            assert_eq!(seen, vec![text.rfind("obj").unwrap()], "{text}");
        }
        for text in [
            "",
            "obj",
            "4 obj",
            "4 x 0 obj",
            "40 endobj",
            "4 0 R",
            "4 0 % obj",
        ] {
            assert!(
                objects_seen(text.as_bytes(), 0..text.len()).is_empty(),
                "{text}"
            );
        }
        let bytes = b"4\xa00\x80obj";
        assert_eq!(objects_seen(bytes, 0..bytes.len()), vec![4]);
    }

    /// A file of a catalog with a tree of pages, and what stands beside them.
    fn file(beside: &str) -> Vec<u8> {
        let first = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";
        let second = "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n";
        let (place, table) = (first.len(), first.len() + second.len() + beside.len());
        let rows = format!("0000000009 00000 n \n{place:010} 00000 n \n");
        let end = format!("trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        let table = format!("xref\n0 3\n0000000000 65535 f \n{rows}");
        [first, second, beside, &table, &end].concat().into_bytes()
    }

    /// A file is searched once, however often it is asked; each way to find something else counts.
    #[test]
    fn a_search_goes_on_where_it_was() {
        let limits = crate::limits::Limits::default();
        for (beside, same) in [
            ("", true),
            ("%a comment of an object\n", true),
            ("%2 0 obj\n", false),
            ("%2 0 %\nobj\n", false),
            ("%4294967298 0 obj\n", false),
            ("%7 0 obj\n", false),
            ("%trailer\n<</Root 2 0 R>>\n", false),
        ] {
            let file = file(beside);
            let pdf = Pdf::open(&file, &limits).unwrap();
            let mut searched = Searched::default();
            assert!(searched.grow(&pdf) > file.len() as u64);
            assert_eq!(searched.finds_the_same(&pdf), same, "{beside}");
            assert_eq!(searched.grow(&pdf), 0, "nothing is new");
            assert_eq!(searched.finds_the_same(&pdf), same, "{beside}");
        }
    }

    #[test]
    fn a_heap_of_words_in_comments_is_passed_over_once() {
        for word in ["trailer%", "trailer%\n", "trailer \n%", "1 0 %obj "] {
            let text = word.repeat(400_000);
            assert_eq!(trailers_seen(text.as_bytes(), 0..text.len()), []);
            assert_eq!(objects_seen(text.as_bytes(), 0..text.len()), []);
        }
    }

    #[test]
    fn what_looks_like_a_trailer_is_seen_behind_comments() {
        for text in ["trailer<<", "trailer \x0b<<", "trailer %c\n%<<\r <<"] {
            let seen = trailers_seen(text.as_bytes(), 0..text.len());
            assert_eq!(seen, vec![text.rfind("<<").unwrap()], "{text}");
        }
        for text in [
            "trailer",
            "trailer of two axles",
            "trailer %<<",
            "trailer <4>",
        ] {
            assert!(
                trailers_seen(text.as_bytes(), 0..text.len()).is_empty(),
                "{text}"
            );
        }
    }
}
