//! Bytes of a CMS structure that nobody signed and that nobody can read as what they claim to be.
//!
//! Whatever file of another kind there is, it needs room among them. Certificates, lists, answers
//! and tokens are signed by somebody; references to them are short.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Node, tag};
use crate::certificate::Certificate;
use crate::cms::{Attribute, SignedData, SignerInfo};
use crate::crl::Crl;
use crate::ocsp::OcspAnswer;
use crate::oid;
use crate::scheme::AlgorithmId;

/// Most of them in one structure.
const LOOSE_MAX: usize = 4096;
/// Most values of a list that are looked at: what comes behind them is loose.
const VALUES_MAX: usize = 1024;

/// Whether more of them stand in a structure than honest ones have.
pub(crate) fn is_loose(structure: &SignedData<'_>) -> bool {
    let choices = structure.certificate_choices.iter();
    let certificates = choices.filter(|raw| !is_certificate(raw));
    let lists = structure.crls.iter().filter(|node| !is_list(node));
    let attributes = structure.signers.iter().flat_map(|one| {
        let own = one.unsigned.iter();
        own.map(|attribute| loose_in(attribute, one))
    });
    let loose = certificates
        .map(|raw| raw.len())
        .chain(lists.map(|node| node.raw.len()))
        .chain(attributes);
    loose.fold(0, usize::saturating_add) > LOOSE_MAX
}

/// Whether bytes are evidence of some kind: a certificate, a revocation list, an OCSP answer, or a
/// timestamp token.
pub(crate) fn is_evidence(raw: &[u8]) -> bool {
    Certificate::parse(raw).is_ok()
        || Crl::parse(raw).is_ok()
        || OcspAnswer::parse(raw).is_ok()
        || is_token(raw)
}

fn is_token(raw: &[u8]) -> bool {
    SignedData::parse(raw).is_ok_and(|(_, rest)| rest.is_empty())
}

/// A certificate, or one of attributes (RFC 5755, 4.1) in its wrapping: a value, how it was signed,
/// and the signature.
fn is_certificate(raw: &[u8]) -> bool {
    let Ok((node, _)) = asn1::read(raw) else {
        return false;
    };
    if node.tag == tag::SEQUENCE {
        return Certificate::parse(raw).is_ok();
    }
    let attributes = [1, 2].map(tag::context_constructed).contains(&node.tag);
    attributes
        && node.children(3).is_ok_and(|parts| {
            let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
            tags == [tag::SEQUENCE, tag::SEQUENCE, tag::BIT_STRING]
        })
}

/// A revocation list, or an answer in the wrapping of RFC 5940, by whatever name.
fn is_list(node: &Node<'_>) -> bool {
    if node.tag != tag::context_constructed(1) {
        return Crl::parse(node.raw).is_ok();
    }
    let parts = node.children(2).unwrap_or_default();
    let answer = parts.get(1);
    answer.is_some_and(|answer| OcspAnswer::parse(answer.raw).is_ok())
}

/// How many bytes of an unsigned attribute of a signer are neither evidence, nor a signature, nor
/// what the signer signed a digest of.
fn loose_in(attribute: &Attribute<'_>, signer: &SignerInfo<'_>) -> usize {
    let values = attribute.values.iter();
    let loose = values.map(|value| match attribute.kind {
        oid::CERTIFICATE_VALUES => loose_in_list(*value, 0),
        oid::REVOCATION_VALUES | oid::ADOBE_REVOCATION => loose_in_list(*value, 2),
        oid::COUNTER_SIGNATURE if SignerInfo::parse(*value).is_ok() => 0,
        oid::POLICY_STORE if is_policy_signed(*value, signer) => 0,
        _ if is_evidence(value.raw) => 0,
        _ => value.raw.len(),
    });
    loose.fold(0, usize::saturating_add)
}

/// Whether the policy that a value holds (EN 319 122-1, 5.2.10) is the one whose digest its signer
/// signed (5.2.9): of all its bytes, or of what stands before its own digest.
fn is_policy_signed(value: Node<'_>, signer: &SignerInfo<'_>) -> bool {
    let said = || {
        let signed = &signer.signed.as_ref()?.list;
        let mut named = signed.iter().filter(|one| one.kind == oid::POLICY_ID);
        let policy = named.next()?.values.first()?;
        let mut digest = policy.children(3).ok()?.get(1)?.reader();
        let algorithm = AlgorithmId::parse(digest.next().ok()?).ok()?;
        let algorithm = DigestAlgorithm::from_oid(algorithm.oid)?;
        Some((algorithm, digest.next().ok()?.octets().ok()?))
    };
    let (Some((algorithm, expected)), Ok(parts)) = (said(), value.children(2)) else {
        return false;
    };
    let Some(policy) = parts.get(1).filter(|one| one.tag == tag::OCTET_STRING) else {
        return false;
    };
    let within = asn1::read_all(policy.content, tag::SEQUENCE);
    let within = within.and_then(|node| node.children(3)).unwrap_or_default();
    let before = match within.as_slice() {
        [algorithm, what, own] if own.content == expected.as_ref() => vec![algorithm.raw, what.raw],
        _ => vec![policy.content],
    };
    algorithm.digest(&before) == expected.as_ref()
}

/// The same of lists of evidence, which stand in `depth` wrappings.
fn loose_in_list(value: Node<'_>, depth: u32) -> usize {
    let Ok(parts) = value.children(VALUES_MAX) else {
        return value.raw.len();
    };
    let loose = parts.iter().map(|part| match depth.checked_sub(1) {
        Some(depth) => loose_in_list(*part, depth),
        None if is_evidence(part.raw) => 0,
        None => part.raw.len(),
    });
    loose.fold(0, usize::saturating_add)
}
