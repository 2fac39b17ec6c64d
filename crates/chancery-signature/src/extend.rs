//! Levels that last longer: a signature that can be judged when its certificates have ended and
//! nobody answers for them any more (EN 319 142-1, 6.1; EN 319 122-1, 6.1).
//!
//! ```text
//! B-T  ── certificates, lists, answers ──►  B-LT  ── a timestamp over all of it ──►  B-LTA
//!                                                    B-LTA ── once more ──► B-LTA
//! ```
//!
//! The caller fetches the evidence and asks the timestamping authority; what is added is judged
//! here before it is given out, by the very rules of [`judge`](crate::judge()) and by nothing but
//! what the file holds; only for the newest timestamp, whose evidence the next one will cover, by
//! the evidence at hand too. A level that would not carry is refused, never written.

use chancery_pdf::{EmbedError, PdfError};
use chancery_types::Instant;

use crate::asn1::Asn1Error;
use crate::chain::Anchors;
use crate::evidence_given::GivenEvidence;
use crate::extend_ground::Ground;
use crate::facts::{Facts, SignatureFacts, SignatureForm};
use crate::gather::Limits;
use crate::judge;
use crate::policy::ValidationPolicy;
use crate::reason::Weight;
use crate::report::{Indication, ValidationReport};
use crate::timestamp::TokenError;

/// How many bytes are kept for a document timestamp's token; real ones have 2,000 to 8,000.
pub const TOKEN_BYTES: usize = 16 * 1024;

/// The level to raise to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongTermLevel {
    /// B-LT: everything to judge by is in the file. It lasts as long as the certificate of the
    /// timestamping authority.
    Lt,
    /// B-LTA: B-LT with a timestamp over all of it. It is asked for again before the last
    /// timestamp's certificate ends.
    Lta,
}

/// How to raise a level.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// The level to raise to.
    pub level: LongTermLevel,
    /// Certificates, revocation lists and OCSP answers at hand. What the paths do not need is left
    /// out; certificates that declare that no revocation comes (RFC 9608) need none.
    pub evidence: &'a GivenEvidence,
    /// Who is trusted.
    pub anchors: &'a Anchors,
    /// The rules; that revocation is known is demanded whatever they say.
    pub policy: &'a ValidationPolicy,
    /// The moment: now.
    pub at: Instant,
    /// Bounds for reading the file.
    pub limits: &'a Limits,
}

/// What was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Extended {
    /// For a PDF the bytes to append to it, empty if it has the level already. For CMS the whole
    /// structure.
    pub bytes: Vec<u8>,
    /// The verdict on the result.
    pub report: ValidationReport,
    /// What everything rests on, and how long.
    pub ground: Ground,
    /// Until when what it was raised from carried, by the same rules.
    pub ended: Option<Instant>,
}

/// Why a level was not raised. Nothing is written then.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExtendError {
    /// The file has no signature that can be read.
    #[error("there is no signature to extend")]
    NothingSigned,
    /// A signature has no timestamp: long-term levels stand on B-T.
    #[error("the signature {signature} has no timestamp")]
    NotTimestamped {
        /// Its field in a PDF, else its number from 1.
        signature: String,
    },
    /// No path leads from a certificate to an anchor.
    #[error("no certificates lead from {subject:?} to a trusted one")]
    PathMissing {
        /// The subject of the certificate.
        subject: String,
    },
    /// With everything at hand the signatures would still not pass: the report says why, for
    /// example that nobody says of a certificate whether it is revoked.
    #[error("the signatures would not pass by what the file holds: {}", first_reason(.0))]
    NotProven(Box<ValidationReport>),
    /// The file cannot be added to.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The structure cannot be read.
    #[error("the signature structure cannot be read: {0}")]
    Cms(#[from] Asn1Error),
    /// The timestamping authority gave no token; its own words, or those of the transport.
    #[error("no timestamp was given: {0}")]
    Timestamp(String),
    /// The token is not one, or over something else.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The new timestamp rests on an RSA key that the policy takes no more.
    #[error("the timestamp rests on an RSA key of {bits} bits, taken until {until} alone")]
    StampKey {
        /// Its size.
        bits: u32,
        /// From when on it is not taken.
        until: Instant,
    },
    /// The token is larger than [`TOKEN_BYTES`].
    #[error(transparent)]
    Room(#[from] EmbedError),
}

/// The weightiest words of a report that did not pass.
fn first_reason(report: &ValidationReport) -> String {
    let failed = report.signatures.iter();
    let mut failed = failed.filter(|one| one.indication != Indication::TotalPassed);
    let reasons = failed.next().map_or(&report.reasons, |one| &one.reasons);
    let mut objections = reasons.iter();
    let first = objections.find(|one| one.code.weight() != Weight::Warns);
    first.map_or("unknown", |one| one.code.key()).to_owned()
}

impl Extension<'_> {
    /// Judges what was gathered by itself and by what is `given`; an error unless all passes.
    pub(crate) fn prove(
        &self,
        facts: &Facts,
        at: Instant,
        given: &GivenEvidence,
    ) -> Result<ValidationReport, ExtendError> {
        let policy = ValidationPolicy {
            revocation_required: true,
            ..self.policy.clone()
        };
        let report = judge::judge_with(facts, &policy, at, self.anchors, given);
        match report.indication {
            Indication::TotalPassed => Ok(report),
            _ => Err(ExtendError::NotProven(Box::new(report))),
        }
    }
}

/// Whether every signature has a timestamp, its own or one over the whole file after it.
pub(crate) fn check_timestamped(facts: &Facts) -> Result<(), ExtendError> {
    if facts.signatures.is_empty() || facts.unreadable.is_some() {
        return Err(ExtendError::NothingSigned);
    }
    let revision = |one: &SignatureFacts| Some(one.coverage.as_ref().ok()?.revision);
    let stamps = facts.signatures.iter();
    let stamps = stamps.filter(|one| one.form == SignatureForm::DocumentTimestamp);
    let last = stamps.filter_map(revision).max();
    for (index, one) in facts.signatures.iter().enumerate() {
        let counts = matches!(one.form, SignatureForm::Pdf | SignatureForm::Cms);
        let signer = one.signer.as_ref();
        let stamped = signer.is_some_and(|signer| !signer.tokens.is_empty());
        let covered = one.form == SignatureForm::Pdf && revision(one) < last;
        if counts && !stamped && !covered {
            let number = || index.saturating_add(1).to_string();
            return Err(ExtendError::NotTimestamped {
                signature: one.field.clone().unwrap_or_else(number),
            });
        }
    }
    Ok(())
}
