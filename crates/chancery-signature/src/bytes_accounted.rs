//! Whether every byte of a revision belongs to something that its cross-references lead to.
//!
//! Readers that repair files search for objects instead of following the table. Bytes between the
//! objects could show them another document than the one that was signed.

use chancery_pdf::reader::Place;
use chancery_pdf::xref::{XrefEntry, XrefKind};
use chancery_pdf::{Object, Pdf, PdfError, Revision};

use crate::lookalikes::Dividers;

/// Bytes of a revision that belong to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub bytes: u64,
    /// Whether the revision is hybrid: the stream half of its section is an object that its table
    /// need not name, so the bytes may be innocent.
    pub hybrid: bool,
    /// Whether something within an object looks like another one.
    pub decoys: bool,
}

/// How many bytes of `revision`, which must be the last of `pdf`, belong to nothing.
pub(crate) fn hidden_bytes(pdf: &Pdf<'_>, revision: &Revision) -> Result<Hidden, PdfError> {
    let bytes = pdf.bytes();
    let end = revision.end.unwrap_or(bytes.len());
    let (mut spans, mut known) = (Vec::new(), Dividers::default());
    let mut hybrid = false;
    for section in pdf.sections_of_last(revision.start) {
        let start = usize::try_from(section.offset).unwrap_or(usize::MAX);
        hybrid |= section.kind == XrefKind::Hybrid;
        spans.push((start, section.end));
        known.section(bytes, start, section.trailer.start, section.end);
        for (number, entry) in section.entries.iter() {
            let XrefEntry::InFile { offset, .. } = entry else {
                continue;
            };
            if usize::try_from(offset).is_ok_and(|offset| offset >= revision.start) {
                let indirect = pdf.shared(number)?;
                if let Place::File { offset, end } = indirect.place {
                    let (stop, ends) = object_end(pdf, &indirect.object, end)?;
                    known.object(bytes, offset, &ends);
                    spans.push((offset, stop));
                }
            }
        }
    }
    let decoys = known.hides_others(bytes, revision.start..end);
    // `startxref`, its number and the marker are known to follow the last section directly.
    if let Some(last) = spans.iter().map(|(_, end)| *end).max() {
        spans.push((last, end));
    }
    spans.sort_unstable();
    let (mut at, mut hidden) = (revision.start, 0_u64);
    for (start, stop) in spans {
        if start > at {
            hidden = hidden.saturating_add(unexplained(bytes.get(at..start).unwrap_or(&[])));
        }
        at = at.max(stop);
    }
    Ok(Hidden {
        bytes: hidden,
        hybrid,
        decoys,
    })
}

/// The byte after `endobj`, and where the words stand that end the stream and the object.
fn object_end(
    pdf: &Pdf<'_>,
    object: &Object,
    value_end: usize,
) -> Result<(usize, Vec<usize>), PdfError> {
    let bytes = pdf.bytes();
    let (mut at, mut words) = (value_end, Vec::new());
    let mut pass = |at: usize, word: &[u8]| {
        let end = keyword_end(bytes, at, word);
        words.extend((end > at).then(|| end.saturating_sub(word.len())));
        end
    };
    if let Object::Stream(stream) = object {
        let raw = pdf.stream_raw(stream)?;
        at = pass(stream.start.saturating_add(raw.len()), b"endstream");
    }
    at = pass(at, b"endobj");
    Ok((at, words))
}

fn keyword_end(bytes: &[u8], at: usize, keyword: &[u8]) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let spaces = rest.iter().take_while(|byte| is_space(**byte)).count();
    match rest.get(spaces..) {
        Some(rest) if rest.starts_with(keyword) => {
            at.saturating_add(spaces).saturating_add(keyword.len())
        }
        _ => at,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// How many bytes are neither white space nor a comment; a comment that speaks of objects counts.
fn unexplained(bytes: &[u8]) -> u64 {
    let mut hidden = 0_u64;
    for line in bytes.split(|byte| matches!(byte, b'\r' | b'\n')) {
        let blank = line.iter().take_while(|byte| is_space(**byte)).count();
        let text = line.get(blank..).unwrap_or(&[]);
        let comment = text.first() == Some(&b'%')
            && text.len() < 128
            && !text.windows(3).any(|window| window == b"obj");
        if !comment {
            hidden = hidden.saturating_add(text.len() as u64);
        }
    }
    hidden
}
