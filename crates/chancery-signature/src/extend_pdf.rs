//! PAdES B-LT and B-LTA (EN 319 142-1, 6.3): the evidence store, and a document timestamp over it.

use chancery_pdf::{append_evidence, prepare_timestamp};

use crate::algorithm::DigestAlgorithm;
use crate::evidence_given::GivenEvidence;
use crate::extend::{
    ExtendError, Extended, Extension, LongTermLevel, TOKEN_BYTES, check_timestamped,
};
use crate::extend_ground::ground;
use crate::extend_needed::needed;
use crate::gather_pdf::gather_pdf;
use crate::timestamp::verify_token;

/// Raises the level of a signed PDF by appending to it: the file's bytes are the result's first.
///
/// The store gets every certificate of every path, and what the evidence says of them; for B-LTA
/// a document timestamp follows. A file of level B-LTA gets the evidence for its last timestamp
/// and one more. `timestamp` is given SHA-256 of what is stamped and answers the authority's token
/// (RFC 3161, DER), or why there is none; it is called once, for B-LTA, after the evidence was
/// found to be enough.
///
/// # Errors
///
/// An [`ExtendError`] that names what is missing; nothing is written then.
pub fn extend_pdf(
    file: &[u8],
    wanted: &Extension<'_>,
    timestamp: impl FnOnce(&[u8; 32]) -> Result<Vec<u8>, String>,
) -> Result<Extended, ExtendError> {
    let facts = gather_pdf(file, wanted.limits);
    check_timestamped(&facts)?;
    let evidence = needed(&facts, wanted)?;
    let ended = ground(&facts, wanted).ends;
    let limits = &wanted.limits.pdf;
    let stored = append_evidence(file, limits, &evidence)?.unwrap_or_default();
    let whole = [file, &stored].concat();
    let facts = gather_pdf(&whole, wanted.limits);
    let report = wanted.prove(&facts, wanted.at, &GivenEvidence::none())?;
    if wanted.level == LongTermLevel::Lt {
        return Ok(Extended {
            bytes: stored,
            report,
            ground: ground(&facts, wanted),
            ended,
        });
    }
    let mut prepared = prepare_timestamp(&whole, limits, TOKEN_BYTES)?;
    let spans = prepared.signed_spans(&whole);
    let token = timestamp(&imprint(&spans)).map_err(ExtendError::Timestamp)?;
    let read = verify_token(&token, &spans)?;
    prepared.embed(&token)?;
    let stamped = [whole, prepared.tail.clone()].concat();
    let facts = gather_pdf(&stamped, wanted.limits);
    // The token may be a little younger than the moment that the caller read from its clock.
    let at = wanted.at.max(read.gen_time);
    let ground = ground(&facts, wanted);
    ground.check_key(wanted.policy, at)?;
    let report = wanted.prove(&facts, at, wanted.evidence)?;
    Ok(Extended {
        bytes: [stored, prepared.tail].concat(),
        report,
        ground,
        ended,
    })
}

/// SHA-256 of parts, one after another.
pub(crate) fn imprint(parts: &[&[u8]]) -> [u8; 32] {
    let digest = DigestAlgorithm::Sha256.digest(parts);
    // SHA-256 has 32 bytes.
    digest.try_into().unwrap_or([0; 32])
}
