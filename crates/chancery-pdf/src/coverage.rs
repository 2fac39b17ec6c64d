//! Whether a signature covers the bytes it seems to cover.
//!
//! These are the checks that stop universal signature forgery, incremental saving and signature
//! wrapping as far as bytes can; what later revisions changed is judged elsewhere.

use crate::byte_range::{ByteRange, ByteRangeError};
use crate::form::SignatureDictionary;
use crate::object::{Object, StringForm};
use crate::reader::{Pdf, Place};

/// What a soundly placed signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The spans.
    pub byte_range: ByteRange,
    /// The index, from 0, of the revision whose end is the end of the spans.
    pub revision: usize,
    /// Whether nothing at all was appended afterwards.
    pub whole_file: bool,
}

/// Why a signature's spans cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverageFailure {
    /// The dictionary is inside an object stream, where no byte range can point.
    #[error("the signature dictionary is inside an object stream")]
    NotInFile,
    /// A key stands twice; readers disagree which one counts.
    #[error("a key stands twice in the signature dictionary")]
    DuplicateKeys,
    /// `/ByteRange` is missing.
    #[error("there is no /ByteRange")]
    NoByteRange,
    /// `/ByteRange` is not a direct array of four whole non-negative numbers.
    #[error("/ByteRange is not four whole non-negative numbers")]
    MalformedByteRange,
    /// The numbers are no range of this file.
    #[error(transparent)]
    ByteRange(#[from] ByteRangeError),
    /// The first span does not begin with the file.
    #[error("the first span does not begin with the file")]
    NotFromStart,
    /// `/Contents` is missing or not a direct string.
    #[error("there is no /Contents")]
    NoContents,
    /// `/Contents` is empty or nothing but zeros.
    #[error("/Contents is empty")]
    EmptyContents,
    /// `/Contents` is written otherwise than in plain hexadecimal.
    #[error("/Contents is not plain hexadecimal")]
    ContentsNotHexadecimal,
    /// The gap is not exactly the token of `/Contents` with its `<` and `>`.
    #[error("the gap between the spans is not exactly /Contents")]
    GapIsNotContents,
    /// The spans end where no revision ends.
    #[error("the covered bytes do not end with a revision")]
    NotARevisionEnd,
}

/// Checks by bytes what `signature` covers in `pdf`.
///
/// # Errors
///
/// The first [`CoverageFailure`] met; any of them means that the signature is not valid.
///
/// # Source
///
/// ISO 32000-2:2020, 12.8.1: four direct numbers, the first 0, the gap exactly the hexadecimal
/// string of `/Contents` with both delimiters, the end that of a revision.
pub fn signature_coverage(
    pdf: &Pdf<'_>,
    signature: &SignatureDictionary,
) -> Result<Coverage, CoverageFailure> {
    if !matches!(signature.place, Place::File { .. }) {
        return Err(CoverageFailure::NotInFile);
    }
    if signature.dictionary.has_duplicate_keys() {
        return Err(CoverageFailure::DuplicateKeys);
    }
    let entry = four_numbers(signature)?;
    let byte_range = ByteRange::new(entry, pdf.bytes().len() as u64)?;
    if entry[0] != 0 {
        return Err(CoverageFailure::NotFromStart);
    }
    let contents = signature
        .contents
        .as_ref()
        .ok_or(CoverageFailure::NoContents)?;
    if contents.bytes.iter().all(|byte| *byte == 0) {
        return Err(CoverageFailure::EmptyContents);
    }
    let token = pdf.bytes().get(contents.span.clone()).unwrap_or(&[]);
    let plain = match token {
        [b'<', digits @ .., b'>'] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    };
    if contents.form != StringForm::Hexadecimal || !plain {
        return Err(CoverageFailure::ContentsNotHexadecimal);
    }
    if byte_range.gap() != (contents.span.start as u64..contents.span.end as u64) {
        return Err(CoverageFailure::GapIsNotContents);
    }
    let end = byte_range.end();
    let revision = pdf
        .revisions()
        .iter()
        .position(|revision| revision.ends_at(end));
    let revision = revision.ok_or(CoverageFailure::NotARevisionEnd)?;
    Ok(Coverage {
        byte_range,
        revision,
        whole_file: byte_range.covers_whole_file(),
    })
}

fn four_numbers(signature: &SignatureDictionary) -> Result<[u64; 4], CoverageFailure> {
    let entry = signature
        .dictionary
        .get(b"ByteRange")
        .ok_or(CoverageFailure::NoByteRange)?;
    let Some([first, second, third, fourth]) = entry.as_array() else {
        return Err(CoverageFailure::MalformedByteRange);
    };
    let mut numbers = [0; 4];
    for (number, object) in numbers.iter_mut().zip([first, second, third, fourth]) {
        let value = match object {
            Object::Integer(value) => u64::try_from(*value).ok(),
            _ => None,
        };
        *number = value.ok_or(CoverageFailure::MalformedByteRange)?;
    }
    Ok(numbers)
}
