//! Whether a later revision is written so that every reader follows its cross-references.
//!
//! A reader that finds a section odd searches the whole file for objects instead, and takes the
//! last of each number, wherever it stands: in bytes that were signed and lead nowhere, too. What
//! is odd differs from reader to reader, so of a later revision only the plain form is taken.

use crate::lexer::{is_regular, is_space};
use crate::object::Object;
use crate::reader::{Indirect, Pdf, Place};
use crate::revision::Revision;
use crate::taken_whole::{NUMBER_MAX, has_lone_sign, is_plain_trailer};
use crate::xref::{Section, XrefEntry, XrefKind, has_narrow_fields};

/// How other readers may take the cross-references of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As they stand.
    Plainly,
    /// Some search for objects instead, because of its `/Size`.
    Oddly,
    /// Some read other entries, or search for objects.
    Ambiguously,
}

impl Pdf<'_> {
    /// How `revision`, the last of this file, is written; `before` is the file without it.
    #[must_use]
    pub fn written(&self, revision: &Revision, before: &Pdf<'_>) -> Written {
        let sections: Vec<_> = self.sections_of_last(revision.start).collect();
        let plain = sections.iter().all(|section| self.is_plain(section));
        if !plain || !self.ends_plainly(revision) || !self.leads_to_dictionaries() {
            return Written::Ambiguously;
        }
        let sizes = before.sections().next().map_or(0, |one| one.size);
        let fits = |section: &&std::sync::Arc<Section>| {
            let top = section.entries.numbers().last().copied().unwrap_or(0);
            section.size >= sizes && (top == 0 || top < section.size)
        };
        match sections.iter().all(fits) {
            true => Written::Plainly,
            false => Written::Oddly,
        }
    }

    /// Whether an object is a number with `endobj` right behind it, in which some readers see
    /// nothing.
    #[must_use]
    pub fn is_glued(&self, indirect: &Indirect) -> bool {
        let (Object::Integer(_) | Object::Real(_), Place::File { end, .. }) =
            (&indirect.object, indirect.place)
        else {
            return false;
        };
        self.bytes.get(end).is_some_and(|byte| is_regular(*byte))
    }

    /// Whether some reader may search the file for objects, because of how its tables are written
    /// or how many objects they say there are, and finds others then.
    #[must_use]
    pub fn is_searched_in_vain(&self) -> bool {
        let newest = self.sections().next().map_or(0, |one| one.size);
        let is_odd = |section: &std::sync::Arc<Section>| {
            let top = section.entries.numbers().last().copied().unwrap_or(0);
            section.is_irregular || section.size == 0 || top >= section.size.max(newest)
        };
        self.sections().any(is_odd) && !self.is_found_by_search()
    }

    fn is_plain(&self, section: &Section) -> bool {
        let start = usize::try_from(section.offset).unwrap_or(usize::MAX);
        let text = self.bytes.get(start..).unwrap_or(&[]).trim_ascii_start();
        let begins = match section.kind {
            XrefKind::Stream => text.first().is_some_and(u8::is_ascii_digit),
            XrefKind::Table | XrefKind::Hybrid => {
                let behind = text.strip_prefix(b"xref").unwrap_or(&[]);
                let end = behind.iter().find(|byte| **byte != b' ');
                matches!(end, Some(b'\r' | b'\n'))
            }
        };
        let top = section.entries.numbers().last().copied().unwrap_or(0);
        let plain = || match section.read_trailer(self.bytes, &self.limits) {
            Ok(trailer) => {
                let text = self.bytes.get(section.trailer.clone()).unwrap_or(&[]);
                has_narrow_fields(&trailer) && is_plain_trailer(&trailer) && !has_lone_sign(text)
            }
            Err(_) => false,
        };
        begins
            && !section.is_irregular
            && !section.is_contradictory
            && section.size > 0
            && top <= NUMBER_MAX
            && plain()
            && self.places_numbers(section)
    }

    /// Whether a number stands wherever the section says that an object begins, and nothing is said
    /// of object 0 but that it is free.
    fn places_numbers(&self, section: &Section) -> bool {
        section.entries.iter().all(|(number, entry)| {
            let XrefEntry::InFile { offset, .. } = entry else {
                return number > 0 || entry == XrefEntry::Free;
            };
            let text = usize::try_from(offset).ok();
            let text = text.and_then(|offset| self.bytes.get(offset..));
            let first = text.and_then(|text| text.iter().find(|byte| !is_space(**byte)));
            number > 0 && first.is_some_and(u8::is_ascii_digit)
        })
    }

    /// Whether nothing but `startxref`, its number and the marker follow, with white space; writers
    /// put a comment of their own before.
    fn ends_plainly(&self, revision: &Revision) -> bool {
        let Some(end) = revision.marker_end else {
            return false;
        };
        let sections = self.sections_of_last(revision.start);
        let start = sections.map(|section| section.end).max().unwrap_or(end);
        let text = self.bytes.get(start..end).unwrap_or(&[]);
        let lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
        let mut words: Vec<&[u8]> = Vec::new();
        for line in lines {
            let is_comment = line.trim_ascii_start().starts_with(b"%") && words.is_empty();
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            if !is_comment {
                words.extend(line.split(blank).filter(|word| !word.is_empty()));
            }
        }
        match words.as_slice() {
            [b"startxref", offset, b"%%EOF"] => {
                let zeros = offset.iter().take_while(|byte| **byte == b'0').count();
                offset.get(zeros..) == Some(revision.startxref.to_string().as_bytes())
            }
            _ => false,
        }
    }

    /// Whether what the trailer leads to is there.
    fn leads_to_dictionaries(&self) -> bool {
        [&b"Root"[..], b"Info"].iter().all(|key| {
            let value = self.trailer().get(key);
            value.is_none_or(|value| matches!(self.resolve(value), Ok(Object::Dictionary(_))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// A file of a catalog, a page tree and a number, whose table is written as `lines` say; what
    /// `beside` says stands behind them and nothing leads to it.
    fn file(beside: &str, size: u32, lines: impl Fn(&[usize]) -> String) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        let tree = "<</Type/Pages/Kids[]/Count 0>>";
        for (number, text) in [(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, tree), (3, "8")] {
            places.push(file.len());
            let end = if number == 3 { "" } else { "\n" };
            file.extend(format!("{number} 0 obj\n{text}{end}endobj\n").bytes());
        }
        file.extend(beside.bytes());
        let table = file.len();
        let lines = lines(&places);
        file.extend(format!("xref\n{lines}trailer\n<</Size {size}/Root 1 0 R>>\n").bytes());
        file.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
        file
    }

    fn regular(places: &[usize]) -> String {
        let rows = places.iter().map(|place| format!("{place:010} 00000 n \n"));
        format!("0 4\n0000000000 65535 f \n{}", rows.collect::<String>())
    }

    /// One byte less a row.
    fn narrow(places: &[usize]) -> String {
        regular(places).replace(" \n", "\n")
    }

    fn gap(places: &[usize]) -> String {
        format!("4294967290 0\n{}", regular(places))
    }

    #[test]
    fn readers_that_search_must_find_the_same() {
        let other = "2 0 obj\n<</Type/Pages/Kids[]/Count 0/Rotate 90>>\nendobj\n";
        let vain = |beside: &str, size: u32, lines: fn(&[usize]) -> String| {
            let file = file(beside, size, lines);
            Pdf::open(&file, &Limits::default())
                .unwrap()
                .is_searched_in_vain()
        };
        assert!(!vain("", 4, regular) && !vain("", 4, narrow) && !vain("", 3, regular));
        assert!(!vain(other, 4, regular), "nobody has a reason to search");
        for (size, lines) in [
            (4, narrow as fn(&[usize]) -> String),
            (4, gap),
            (3, regular),
            (9_000_000, regular),
        ] {
            assert!(vain(other, size, lines), "{size}");
        }
    }

    #[test]
    fn a_number_ends_before_the_word_behind_it() {
        let file = file("", 4, regular);
        let pdf = Pdf::open(&file, &Limits::default()).unwrap();
        let glued = |number: u32| pdf.is_glued(&pdf.by_number(number).unwrap());
        assert!(glued(3) && !glued(2));
    }
}
