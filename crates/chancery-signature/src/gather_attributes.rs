//! From signed attributes to facts: each once, and agreeing with what they speak of.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Asn1Error, Node, tag};
use crate::certificate::Certificate;
use crate::cms::Attribute;
use crate::facts::{Agreement, AttributeFacts};
use crate::names::NameKey;
use crate::oid;
use crate::scheme::AlgorithmId;

/// Most names of one issuer that are read: `IssuerSerial` has one (RFC 5035, 5.4).
const ISSUERS_MAX: usize = 8;

pub(crate) fn read_attributes(
    content_type: Option<ObjectIdentifier>,
    list: &[Attribute<'_>],
    content_digest: Option<&[u8]>,
    certificate: Option<&Certificate<'_>>,
) -> AttributeFacts {
    let count = |kind| {
        list.iter()
            .filter(|attribute| attribute.kind == kind)
            .count()
    };
    let single = |kind| -> Option<Node<'_>> {
        let attribute = list.iter().find(|attribute| attribute.kind == kind)?;
        match attribute.values.as_slice() {
            [value] => Some(*value),
            _ => None,
        }
    };
    let once = [
        oid::CONTENT_TYPE,
        oid::MESSAGE_DIGEST,
        oid::SIGNING_CERTIFICATE,
        oid::SIGNING_CERTIFICATE_V2,
        oid::SIGNING_TIME,
    ];
    let repeated = once.iter().any(|kind| {
        let values = list.iter().filter(|attribute| attribute.kind == *kind);
        count(*kind) > 1 || values.clone().any(|attribute| attribute.values.len() != 1)
    });
    let content_type = match single(oid::CONTENT_TYPE) {
        None => Agreement::Absent,
        Some(node) if Some(node.oid()) == content_type.map(Ok) => Agreement::Agrees,
        Some(_) => Agreement::Differs,
    };
    let message_digest = match (single(oid::MESSAGE_DIGEST), content_digest) {
        (None, _) => Agreement::Absent,
        (Some(_), None) => Agreement::Unknown,
        (Some(node), Some(digest)) => match node.octets() {
            Ok(sent) if sent.as_ref() == digest => Agreement::Agrees,
            _ => Agreement::Differs,
        },
    };
    let all: Vec<&Attribute<'_>> = list.iter().collect();
    let signing_certificate = names_signer(&all, certificate);
    AttributeFacts {
        content_type,
        message_digest,
        signing_certificate,
        repeated,
        signing_time: single(oid::SIGNING_TIME).and_then(|node| node.time().ok()),
    }
}

/// Whether signing-certificate names the certificate. Where both forms are there each must (RFC
/// 5035, 5: they are evaluated independently).
pub(crate) fn names_signer(
    list: &[&Attribute<'_>],
    certificate: Option<&Certificate<'_>>,
) -> Agreement {
    let kinds = [
        (oid::SIGNING_CERTIFICATE_V2, Ess::V2),
        (oid::SIGNING_CERTIFICATE, Ess::V1),
    ];
    let mut found = Agreement::Absent;
    for (kind, version) in kinds {
        let attribute = list.iter().find(|attribute| attribute.kind == kind);
        let Some([value]) = attribute.map(|attribute| attribute.values.as_slice()) else {
            continue;
        };
        let own = certificate.map(|certificate| {
            names_certificate(*value, version, certificate).unwrap_or(Agreement::Differs)
        });
        found = match (found, own.unwrap_or(Agreement::Unknown)) {
            (Agreement::Differs, _) | (_, Agreement::Differs) => Agreement::Differs,
            (Agreement::Agrees, _) | (_, Agreement::Agrees) => Agreement::Agrees,
            _ => Agreement::Unknown,
        };
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ess {
    /// SHA-1 (RFC 2634).
    V1,
    /// SHA-256 or another that is named (RFC 5035).
    V2,
}

/// The first `ESSCertID` must be the signer's certificate.
fn names_certificate(
    node: Node<'_>,
    version: Ess,
    certificate: &Certificate<'_>,
) -> Result<Agreement, Asn1Error> {
    let mut reader = node.expect(tag::SEQUENCE)?.reader();
    let first = reader
        .expect(tag::SEQUENCE)?
        .reader()
        .expect(tag::SEQUENCE)?;
    let mut fields = first.reader();
    let digest = match (version, fields.optional(tag::SEQUENCE)?) {
        (Ess::V1, _) => Some(DigestAlgorithm::Sha1),
        (Ess::V2, None) => Some(DigestAlgorithm::Sha256),
        (Ess::V2, Some(named)) => DigestAlgorithm::from_oid(AlgorithmId::parse(named)?.oid),
    };
    let hash = fields.next()?.octets()?;
    let Some(digest) = digest else {
        return Ok(Agreement::Unknown);
    };
    if digest.digest(&[certificate.raw]) != hash.as_ref() {
        return Ok(Agreement::Differs);
    }
    // Issuer and serial are a hint (RFC 5035, 5.4), but a hint at another certificate is a lie.
    if let Some(issuer_serial) = fields.optional(tag::SEQUENCE)? {
        let mut reader = issuer_serial.reader();
        let issuers = reader.expect(tag::SEQUENCE)?.children(ISSUERS_MAX)?;
        let named = issuers
            .iter()
            .filter(|name| name.tag == tag::context_constructed(4));
        let own = certificate.issuer.raw;
        let mut other = named.filter(|name| {
            name.content != own && NameKey::of(name.content) != certificate.issuer_key()
        });
        if other.next().is_some() || reader.next()?.integer()? != certificate.serial {
            return Ok(Agreement::Differs);
        }
    }
    Ok(Agreement::Agrees)
}

/// Content that is itself `SET OF Attribute` with a message-digest is a signature taken from its
/// attributes: the value over them would fit.
pub(crate) fn reads_as_attributes(parts: &[&[u8]]) -> bool {
    let first = parts.iter().find_map(|part| part.first());
    if first != Some(&tag::SET) {
        return false;
    }
    let whole = match parts {
        [whole] => Cow::Borrowed(*whole),
        parts => Cow::Owned(parts.concat()),
    };
    let Ok(set) = asn1::read_all(&whole, tag::SET) else {
        return false;
    };
    let mut attributes = set.reader();
    std::iter::from_fn(|| attributes.next().ok()).any(|node| {
        let kind = node
            .expect(tag::SEQUENCE)
            .and_then(|node| node.reader().next()?.oid());
        kind == Ok(oid::MESSAGE_DIGEST)
    })
}
