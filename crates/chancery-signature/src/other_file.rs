//! One run of bytes that is a signed file to us and another file to a program that opens it, and
//! one signature that fits two files.
//!
//! A signature over a PDF leaves a gap out: it is as well a signature over the file that the
//! covered bytes are without the gap, and nothing in it says for which of the two it was made.

use chancery_pdf::Pdf;
use chancery_pdf::xref::XrefEntry;
use memchr::{memchr_iter, memmem};

use crate::cms::SignedData;
use crate::elements::{has_element, has_element_in_pdf};
use crate::loose::is_loose;
use crate::placed::placed;
use crate::work::Work;

/// How far from the end of a file its last `startxref` is looked for.
const END: usize = 2048;
/// What it costs to look through the table of a file, in passes over it.
const SURVEY_WEIGHT: u64 = 16;
/// The longest comment behind the directory of a ZIP.
const COMMENT_MAX: usize = 0xffff;
/// The end of the directory of a ZIP. Which disks it names, programs do not look at.
const DIRECTORY_END: &[u8] = b"PK\x05\x06";

/// What a file of another kind has in its beginning or at its end.
const MARKS: &[(&[u8], &str)] = &[
    (b"%PDF", "pdf"),
    (b"startxref", "pdf"),
    (b"%%EOF", "pdf"),
    (b"%!PS-", "postscript"),
    (DIRECTORY_END, "archive"),
    (b"PK\x01\x02", "archive"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x06\x06", "archive"),
    (b"PK\x06\x07", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"{\\rtf1", "text"),
];
/// Those of them that no later revision of a PDF has.
const MARKS_IN_PDF: &[&[u8]] = &[
    b"%PDF",
    DIRECTORY_END,
    b"PK\x06\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
];

/// What another file stands in a CMS structure outside everything that is signed, if one does:
/// `bytes` are the whole file. Programs look for the beginning of a PDF within its first kilobyte,
/// for that of an archive anywhere, and take any bytes before an element for text.
pub(crate) fn carried(bytes: &[u8], structure: &SignedData<'_>) -> Option<&'static str> {
    if !structure.names_plain_digests() {
        return Some("parameters");
    }
    // What one of several signed is to the others what anybody may have put there.
    let one = match structure.signers.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    let attributes = one.into_iter().filter_map(|one| one.signed.as_ref());
    let signed = attributes.map(|one| one.raw()).chain(structure.content_raw);
    let mut signed: Vec<(usize, usize)> = signed
        .filter_map(|part| {
            let start = part.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
            let end = start.checked_add(part.len())?;
            (end <= bytes.len()).then_some((start, end))
        })
        .collect();
    signed.sort_unstable();
    let (mut at, mut loose) = (0, Vec::new());
    for (start, end) in signed {
        loose.extend((at < start).then_some(at..start));
        at = at.max(end);
    }
    loose.push(at..bytes.len());
    let runs = loose.iter().filter_map(|run| bytes.get(run.clone()));
    let found = runs.clone().find_map(begun);
    found
        .or_else(|| placed(bytes, &loose))
        .or_else(|| is_loose(structure).then_some("loose"))
}

/// Of what kind a file is that begins or ends in `bytes`, wherever it does.
pub(crate) fn begun(bytes: &[u8]) -> Option<&'static str> {
    let plain = MARKS
        .iter()
        .find(|(mark, _)| memmem::find(bytes, mark).is_some());
    if let Some((_, kind)) = plain {
        return Some(kind);
    }
    if has_object(bytes) {
        return Some("pdf");
    }
    has_element(bytes).then_some("page")
}

/// The same for what came to a PDF after signing, where objects, text and images have their place.
fn begun_in_pdf(bytes: &[u8]) -> bool {
    MARKS_IN_PDF
        .iter()
        .any(|mark| memmem::find(bytes, mark).is_some())
        || has_element_in_pdf(bytes)
}

/// Whether what stands behind `end` in a PDF, `pieces` of evidence among it, is of another file.
pub(crate) fn added_to_pdf<'p>(
    bytes: &[u8],
    end: usize,
    mut pieces: impl Iterator<Item = &'p [u8]>,
) -> bool {
    let added = end..bytes.len();
    // What a store of evidence holds is no rich text.
    bytes.get(end..).is_some_and(begun_in_pdf)
        || pieces.any(has_element)
        || placed(bytes, std::slice::from_ref(&added)).is_some()
}

/// Whether two numbers stand before `obj`: programs that mend a PDF find objects by that alone.
/// Between them may stand what any of them passes over, comments of any length as well.
fn has_object(bytes: &[u8]) -> bool {
    // How many numbers the bytes so far end with, and whether something parts them from the next.
    let (mut numbers, mut is_parted) = (0_u8, true);
    // The same where a comment was begun that goes on: what stands in it is read as well.
    let mut commented = 0_u8;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                numbers = numbers.saturating_add(u8::from(is_parted));
                is_parted = false;
            }
            b'\r' | b'\n' => {
                numbers = numbers.max(std::mem::take(&mut commented));
                is_parted = true;
            }
            b'%' => {
                commented = commented.max(numbers);
                (numbers, is_parted) = (0, true);
            }
            // Signs and points are of a number to some, wherever they stand.
            b'+' | b'-' | b'.' => {}
            0..=b' ' | 0x7f | 0x80 | 0x85 | 0xa0 | 0xff => is_parted = true,
            b'o' if numbers > 1 && is_parted => {
                if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"obj")) {
                    return true;
                }
                numbers = 0;
            }
            _ => (numbers, is_parted) = (0, true),
        }
    }
    false
}

/// Whether the bytes around a gap are a file without it: a PDF whose end leads to a table, or an
/// archive. The signature may have been made for that one.
///
/// A table that stands before the gap is where it was, as in a linearized file: then some object
/// behind the gap must be where it says.
pub(crate) fn is_file_without_gap(
    first: &[u8],
    second: &[u8],
    (limits, work): (&chancery_pdf::Limits, &Work),
) -> bool {
    let joined = Joined(first, second);
    let tail = joined.from(
        joined.len().saturating_sub(COMMENT_MAX.saturating_add(22)),
        usize::MAX,
    );
    // Earlier revisions before the gap end as well, and lead where they led.
    let end = second.get(second.len().saturating_sub(END)..);
    let end = end.unwrap_or_default();
    let mut leads = memmem::find_iter(end, b"startxref")
        .filter_map(|at| number(end.get(at.saturating_add(9)..)?).map(|(number, _)| number));
    let leads_to_file =
        |at| joined.is_table(at) && (at >= first.len() || joined.is_placed(limits, work));
    leads.any(leads_to_file) || is_archive_to(&tail)
}

/// Whether the directory of an archive ends where the bytes do.
fn is_archive_to(tail: &[u8]) -> bool {
    memmem::find_iter(tail, DIRECTORY_END).any(|at| {
        let length = tail.get(at.saturating_add(20)..at.saturating_add(22));
        let rest = tail.len().checked_sub(at.saturating_add(22));
        match (length, rest) {
            (Some(&[low, high]), Some(rest)) => {
                usize::from(u16::from_le_bytes([low, high])) == rest
            }
            _ => false,
        }
    })
}

/// Two runs of bytes read as one.
struct Joined<'a>(&'a [u8], &'a [u8]);

impl Joined<'_> {
    fn len(&self) -> usize {
        self.0.len().saturating_add(self.1.len())
    }

    /// At most `most` bytes from `at` on.
    fn from(&self, at: usize, most: usize) -> Vec<u8> {
        let first = self.0.get(at..).unwrap_or_default();
        let second = self
            .1
            .get(at.saturating_sub(self.0.len())..)
            .unwrap_or_default();
        first.iter().chain(second).take(most).copied().collect()
    }

    /// Whether the second run has an object where the table of both says. What costs too much to
    /// tell is told by the limit.
    fn is_placed(&self, limits: &chancery_pdf::Limits, work: &Work) -> bool {
        if !work.reads_again((self.len() as u64).saturating_mul(SURVEY_WEIGHT)) {
            return false;
        }
        let whole = [self.0, self.1].concat();
        let Ok(pdf) = Pdf::survey(&whole, limits) else {
            return false;
        };
        let is_there = |number: u32, offset: u64| {
            let at = usize::try_from(offset).ok()?;
            let (found, rest) = object_header(whole.get(at..)?)?;
            let is_object = found == usize::try_from(number).ok()? && rest.starts_with(b"obj");
            (is_object && at >= self.0.len()).then_some(())
        };
        pdf.numbers().any(|(number, entry)| match entry {
            XrefEntry::InFile { offset, .. } => is_there(number, offset).is_some(),
            XrefEntry::Free | XrefEntry::InStream { .. } => false,
        })
    }

    /// Whether a table of cross-references begins there, white space aside.
    fn is_table(&self, at: usize) -> bool {
        let head = self.from(at, 64);
        let head = skip_blank(&head);
        let is_object = object_header(head).is_some_and(|(_, rest)| rest.starts_with(b"obj"));
        head.starts_with(b"xref") || is_object
    }
}

/// Whether content is what a signature of a PDF covers, put together without its gap: an array in
/// it, `[0 b c d]`, says so of this very length. The signature was made for the file with the gap.
pub(crate) fn names_gap(content: &[u8]) -> bool {
    memchr_iter(b'[', content).any(|at| {
        let rest = content.get(at.saturating_add(1)..).unwrap_or_default();
        let range = || {
            let (zero, rest) = number(rest)?;
            let (before, rest) = number(rest)?;
            let (resume, rest) = number(rest)?;
            let (after, rest) = number(rest)?;
            let closed = skip_blank(rest).first() == Some(&b']');
            Some((zero, before, resume, after)).filter(|_| closed)
        };
        range().is_some_and(|(zero, before, resume, after)| {
            zero == 0 && before < resume && before.checked_add(after) == Some(content.len())
        })
    })
}

fn skip_blank(bytes: &[u8]) -> &[u8] {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let count = bytes.iter().take_while(|byte| blank(byte)).count();
    bytes.get(count..).unwrap_or_default()
}

/// The number of an object, and what follows its generation.
fn object_header(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number_of_it, rest) = number(bytes)?;
    let (_, rest) = number(rest)?;
    Some((number_of_it, skip_blank(rest)))
}

/// The whole number that follows white space, and what comes after it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let rest = skip_blank(bytes);
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at_checked(count)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_11_a_table_before_the_gap_must_place_what_is_behind_it() {
        let judged = |shift: usize| {
            let head = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";
            let table = |second: usize| {
                format!(
                    "{head}xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n\
                        {second:010} 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n"
                )
            };
            let first = table(table(0).len() + shift);
            let second = format!(
                "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\nstartxref\n{}\n%%EOF\n",
                head.len()
            );
            let (limits, work) = (chancery_pdf::Limits::default(), Work::default());
            is_file_without_gap(first.as_bytes(), second.as_bytes(), (&limits, &work))
        };
        assert!(judged(0));
        assert!(!judged(2));
        assert!(!judged(12_002));
    }
}
