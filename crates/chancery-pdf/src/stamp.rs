//! The place of a document timestamp (ISO 32000-2:2020, 12.8.5; EN 319 142-1, 5.4.3): a signature
//! field that nobody sees, whose value is a token over the whole file.
//!
//! Every level of certification and every lock lets it in (12.8.2.2.2): it changes nothing that a
//! reader shows.

use crate::append::Update;
use crate::error::PdfError;
use crate::limits::Limits;
use crate::reader::Pdf;
use crate::sign::Prepared;
use crate::sign_dictionary::{self, CONTENTS_BYTES_MAX};
use crate::sign_field::{self, NewField};

/// The name of a timestamp's field; a number is added if it is taken.
const FIELD_NAME: &str = "Timestamp";

/// Prepares a document timestamp over `original` as one more revision.
///
/// `token_bytes` are reserved for the token, at most 1 MiB. The token is over what
/// [`Prepared::signed_spans`] answers.
///
/// # Errors
///
/// Whatever [`Pdf::open`] and [`Update::new`] refuse, and [`PdfError::PlanInvalid`] if
/// `token_bytes` is zero or too much.
pub fn prepare_timestamp(
    original: &[u8],
    limits: &Limits,
    token_bytes: usize,
) -> Result<Prepared, PdfError> {
    if token_bytes == 0 || token_bytes > CONTENTS_BYTES_MAX {
        return Err(PdfError::PlanInvalid {
            field: "token_bytes",
        });
    }
    let pdf = Pdf::open(original, limits)?;
    let mut update = Update::new(&pdf)?;
    let taken: Vec<String> = pdf.fields()?.into_iter().map(|field| field.name).collect();
    let name = sign_field::free_name(FIELD_NAME, &taken);
    let signature = update.reserve();
    let field = NewField {
        name: &name,
        signature: Some(signature),
        placed: None,
        lock: None,
    };
    let mark = sign_field::add(&mut update, &pdf.pages()?, &field)?;
    let (bytes, holes) = sign_dictionary::timestamp_bytes(token_bytes);
    update.put_raw(signature, bytes);
    let written = update.write()?;
    let body = written.bodies.get(&signature).map_or(0, |body| body.start);
    let mut prepared = sign_dictionary::finish(original, written.tail, body, &holes)?;
    (prepared.field_name, prepared.mark) = (name, mark);
    Ok(prepared)
}
