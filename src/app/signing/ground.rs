//! What a key signs of a file: the file with a hole that the signature goes into, or all of it as
//! it is, where the signature stands in a file of its own.

use bytes::{Bytes, BytesMut};
use chancery_pdf::{Prepared, SignaturePlan, prepare_signature};
use chancery_signature::DigestAlgorithm;
use chancery_types::{Instant, Locale};
use chancery_workflow::SignatureForm;

use super::detached::BesideSignature;
use super::mark;
use super::pen::Pen;
use super::prepare::{blocking, pdf_refusal};
use super::seal::Seal;
use super::seat::SigningSeat;
use crate::app::AppError;
use crate::app::validation::limits_for;
use crate::store::entity::signings;

/// What is signed.
pub(super) enum Ground {
    /// The file with what is appended to it, but for the hole in that.
    Hole(Prepared),
    /// The file as it is.
    Whole,
}

impl Ground {
    /// Appends to a file what a signature in it needs. The first one's sheet tells of the
    /// signatures `beside` the file.
    pub async fn dig(
        base: &Bytes,
        (seat, beside): (&SigningSeat, Vec<BesideSignature>),
        (pen, seal): (&Pen, Seal),
        (now, locale): (Instant, Locale),
    ) -> Result<Self, AppError> {
        let (base, seat, pen) = (base.clone(), seat.clone(), pen.clone());
        let prepared = blocking(move || {
            let mut words = mark::plan((&seat, &beside), pen.serial(), now, locale);
            pen.write_on(&mut words.mark, locale);
            let plan = plan(&seat, now, (words, seal), pen.contents_bytes());
            prepare_signature(&base, &limits_for(base.len()).pdf, &plan)
        });
        Ok(Self::Hole(prepared.await?.map_err(pdf_refusal)?))
    }

    /// Where the signature will stand.
    pub const fn form(&self) -> SignatureForm {
        match self {
            Self::Hole(_) => SignatureForm::Embedded,
            Self::Whole => SignatureForm::Detached,
        }
    }

    /// The field that it will stand in; none for a file of its own.
    pub fn field_name(&self) -> &str {
        match self {
            Self::Hole(prepared) => &prepared.field_name,
            Self::Whole => "",
        }
    }

    /// `[0, a, b, c]` over [`Ground::file`]; of a file as it is, `[0, n, n, 0]` with its `n` bytes.
    pub fn byte_range(&self, base: &Bytes) -> [u64; 4] {
        match self {
            Self::Hole(prepared) => prepared.byte_range.entry(),
            Self::Whole => {
                let length = u64::try_from(base.len()).unwrap_or(u64::MAX);
                [0, length, length, 0]
            }
        }
    }

    /// The digest of what is signed.
    pub fn digest(&self, base: &Bytes, algorithm: DigestAlgorithm) -> Vec<u8> {
        match self {
            Self::Hole(prepared) => algorithm.digest(&prepared.signed_spans(base)),
            Self::Whole => algorithm.digest(&[base]),
        }
    }

    /// The file that the range is over: with its hole still empty.
    pub fn file(&self, base: &Bytes) -> Bytes {
        let Self::Hole(prepared) = self else {
            return base.clone();
        };
        let length = base.len().saturating_add(prepared.tail.len());
        let mut file = BytesMut::with_capacity(length);
        file.extend_from_slice(base);
        file.extend_from_slice(&prepared.tail);
        file.freeze()
    }
}

fn plan<'f>(
    seat: &SigningSeat,
    now: Instant,
    (mark, seal): (chancery_pdf::sheet::MarkPlan<'f>, Seal),
    contents_bytes: usize,
) -> SignaturePlan<'f> {
    SignaturePlan {
        field_name: "Signature1".to_owned(),
        target: chancery_pdf::FieldTarget::New,
        contents_bytes,
        sub_filter: chancery_pdf::sign::SubFilter::EtsiCadesDetached,
        signing_time: pdf_time(now),
        name: Some(seat.signer.name.clone()),
        reason: None,
        location: None,
        contact: None,
        certification: seal.certification,
        lock: seal.lock,
        mark: Some(mark),
        kept_fields: seal.kept_fields,
    }
}

/// A PDF date in UTC (ISO 32000-2, 7.9.4): `D:20261123184000Z00'00'`.
fn pdf_time(at: Instant) -> String {
    let time = at.timestamp();
    time.strftime("D:%Y%m%d%H%M%SZ").to_string()
}

/// The form of a row of `signings`.
///
/// # Errors
///
/// [`AppError::Internal`] for a word that is none.
pub(super) fn form_of(signing: &signings::Model) -> Result<SignatureForm, AppError> {
    match signing.form.as_str() {
        "embedded" => Ok(SignatureForm::Embedded),
        "detached" => Ok(SignatureForm::Detached),
        _ => Err(AppError::internal(format!(
            "signing {} has no form",
            signing.id
        ))),
    }
}
