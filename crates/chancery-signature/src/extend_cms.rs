//! CAdES B-LT and B-LTA (EN 319 122-1, 6.3): certificates and revocation information in the
//! structure itself, and archive-time-stamp-v3 over all of it (5.5.3).

use crate::algorithm::DigestAlgorithm;
use crate::cms::SignedData;
use crate::cms_edit::OpenedCms;
use crate::encode;
use crate::evidence_given::GivenEvidence;
use crate::extend::{ExtendError, Extended, Extension, LongTermLevel, check_timestamped};
use crate::extend_ground::ground;
use crate::extend_needed::needed;
use crate::extend_pdf::imprint;
use crate::gather::gather_cms;
use crate::oid;
use crate::sign::attribute;
use crate::timestamp::verify_token;

/// Raises the level of a detached signature over `content`; answers the whole new structure.
///
/// Every certificate of every path goes into `SignedData.certificates`, lists and OCSP answers into
/// `SignedData.crls` (RFC 5940). For B-LTA each signer gets an archive timestamp, once more if
/// there is one. `timestamp` is as for [`extend_pdf`](crate::extend_pdf()), called once for each
/// signer.
///
/// # Errors
///
/// An [`ExtendError`] that names what is missing; nothing is written then.
pub fn extend_cms(
    cms: &[u8],
    content: &[u8],
    wanted: &Extension<'_>,
    mut timestamp: impl FnMut(&[u8; 32]) -> Result<Vec<u8>, String>,
) -> Result<Extended, ExtendError> {
    let facts = gather_cms(cms, Some(content), wanted.limits);
    check_timestamped(&facts)?;
    let evidence = needed(&facts, wanted)?;
    let ended = ground(&facts, wanted).ends;
    let mut opened = OpenedCms::parse(cms)?;
    evidence
        .certificates
        .iter()
        .for_each(|der| opened.add_certificate(der));
    evidence.crls.iter().for_each(|der| opened.add_crl(der));
    evidence.ocsps.iter().for_each(|der| opened.add_ocsp(der));
    let kept = opened.encode();
    let facts = gather_cms(&kept, Some(content), wanted.limits);
    let report = wanted.prove(&facts, wanted.at, &GivenEvidence::none())?;
    if wanted.level == LongTermLevel::Lt {
        return Ok(Extended {
            bytes: kept,
            report,
            ground: ground(&facts, wanted),
            ended,
        });
    }
    let (structure, _) = SignedData::parse(&kept)?;
    let mut latest = wanted.at;
    for place in 0..opened.signer_count() {
        let message = archived(&opened, &structure, content, place);
        let parts: Vec<&[u8]> = message.iter().map(Vec::as_slice).collect();
        let token = timestamp(&imprint(&parts)).map_err(ExtendError::Timestamp)?;
        latest = latest.max(verify_token(&token, &parts)?.gen_time);
        // The index goes along in the token, beside what its authority signed.
        let mut stamp = OpenedCms::parse(&token)?;
        let [_, _, _, index] = &message;
        stamp.add_unsigned(0, attribute(oid::ATS_HASH_INDEX_V3, index));
        let stamp = attribute(oid::ARCHIVE_TIMESTAMP_V3, &stamp.encode());
        opened.add_unsigned(place, stamp);
    }
    let bytes = opened.encode();
    let facts = gather_cms(&bytes, Some(content), wanted.limits);
    let ground = ground(&facts, wanted);
    ground.check_key(wanted.policy, latest)?;
    let report = wanted.prove(&facts, latest, wanted.evidence)?;
    Ok(Extended {
        bytes,
        report,
        ground,
        ended,
    })
}

/// What an archive timestamp over the signer at `place` is over (5.5.3): the type of the content,
/// its digest, the signer up to its value, and the index of everything else.
fn archived(
    opened: &OpenedCms<'_>,
    structure: &SignedData<'_>,
    content: &[u8],
    place: usize,
) -> [Vec<u8>; 4] {
    let (to_value, unsigned) = opened.signer(place).unwrap_or_default();
    [
        encode::oid(structure.content_type),
        DigestAlgorithm::Sha256.digest(&[content]),
        to_value.to_vec(),
        hash_index(opened, &attribute_values(unsigned)),
    ]
}

/// `ATSHashIndexV3` over SHA-256 (5.5.2).
fn hash_index(opened: &OpenedCms<'_>, attributes: &[Vec<u8>]) -> Vec<u8> {
    let hashes = |parts: &[Vec<u8>]| {
        let hash = |part: &Vec<u8>| encode::octets(&DigestAlgorithm::Sha256.digest(&[part]));
        let hashes: Vec<Vec<u8>> = parts.iter().map(hash).collect();
        encode::sequence(&[&hashes.concat()])
    };
    encode::sequence(&[
        &encode::sequence(&[&encode::oid(oid::SHA256)]),
        &hashes(opened.certificates()),
        &hashes(opened.crls()),
        &hashes(attributes),
    ])
}

/// The type of an attribute before each of its values, as the index hashes them.
fn attribute_values(attributes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut pairs = Vec::new();
    for raw in attributes {
        let Ok(parsed) = crate::cms::attribute_of(raw) else {
            continue;
        };
        let kind = parsed.kind_raw;
        let values = parsed.values.iter();
        pairs.extend(values.map(|value| [kind, value.raw].concat()));
    }
    pairs
}
