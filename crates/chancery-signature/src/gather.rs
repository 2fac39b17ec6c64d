//! From bytes to [`Facts`]: CMS structures and what is common to all forms.

use std::borrow::Cow;

use base64::Engine as _;

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::asn1::{self, Asn1Error, Node, tag};
use crate::certificate::Certificate;
use crate::cms::{Attribute, SignedData, SignerId, SignerInfo};
use crate::facts::{
    Agreement, AttributeFacts, CoverageFacts, Der, Facts, FileFormat, InnerContent, SignatureFacts,
    SignatureForm, SignerFacts, TokenFacts, Unreadable,
};
use crate::oid;
use crate::public_key::PublicKey;
use crate::timestamp::TimestampToken;

/// Bounds on what one file may cost. The PDF reader keeps its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// What the PDF reader may spend.
    pub pdf: chancery_pdf::Limits,
    /// What signatures may cost.
    pub signatures: SignatureLimits,
}

/// Bounds on signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLimits {
    /// Largest CMS structure that is parsed, its own content aside, in bytes.
    pub cms_bytes_max: usize,
    /// Most signatures in one file.
    pub signatures_max: usize,
    /// Most revisions after the first signed one that are compared with their predecessors.
    pub compared_revisions_max: usize,
}

impl Default for SignatureLimits {
    fn default() -> Self {
        Self {
            cms_bytes_max: 128 * 1024 * 1024,
            signatures_max: 256,
            compared_revisions_max: 64,
        }
    }
}

/// Most timestamp tokens of one signer that are read.
const TOKENS_MAX: usize = 16;

/// Gathers from a CMS file: DER, BER, PEM or Base64; `content` is what it signs if that is not
/// inside it.
#[must_use]
pub fn gather_cms(bytes: &[u8], content: Option<&[u8]>, limits: &Limits) -> Facts {
    let mut facts = Facts::of(bytes, FileFormat::Cms);
    let unarmoured = unarmour(bytes);
    if unarmoured.len() > limits.signatures.cms_bytes_max {
        facts.unreadable = Some(Unreadable::new("limit_exceeded", "cms_bytes_max"));
        return facts;
    }
    let (structure, rest) = match SignedData::parse(&unarmoured) {
        Ok(parsed) => parsed,
        Err(error) => {
            facts.unreadable = Some(Unreadable::new("not_cms", error));
            return facts;
        }
    };
    let excess_bytes = rest.len() as u64;
    if structure.signers.is_empty() {
        facts.unreadable = Some(Unreadable::new("no_signer", "there is no signer"));
    }
    let (inner, signed) = match (&structure.content, content) {
        (Some(inner), None) => (InnerContent::Signed, Some(inner.as_ref())),
        (None, outer) => (InnerContent::Absent, outer),
        (Some(inner), Some(outer)) if inner.as_ref() == outer => {
            (InnerContent::Signed, Some(outer))
        }
        (Some(inner), Some(outer)) if inner.is_empty() => (InnerContent::Empty, Some(outer)),
        (Some(inner), Some(_)) => (InnerContent::Other, Some(inner.as_ref())),
    };
    let parts = signed.map(|signed| vec![signed]);
    for signer_info in &structure.signers {
        let mut signature = SignatureFacts::empty(SignatureForm::Cms);
        let length = signed.map_or(0, <[u8]>::len) as u64;
        signature.coverage = match signed {
            Some(_) => Ok(CoverageFacts {
                byte_range: [0, length, length, 0],
                revision: 0,
                whole_file: true,
            }),
            None => Err("no_content".to_owned()),
        };
        signature.excess_bytes = excess_bytes;
        signature.inner_content = inner;
        signature.signers = 1;
        signature.certificates = structure
            .certificates
            .iter()
            .map(|raw| Der(raw.to_vec()))
            .collect();
        let signer = gather_signer(&structure, signer_info, parts.as_deref(), TokenDepth::Outer);
        let claimed = signer
            .attributes
            .as_ref()
            .and_then(|attributes| attributes.signing_time);
        signature.claimed_time = claimed.map(|instant| instant.to_string());
        signature.signer = Some(signer);
        facts.signatures.push(signature);
    }
    facts
}

/// The bytes inside PEM or Base64, or the bytes themselves.
fn unarmour(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.first() == Some(&tag::SEQUENCE) {
        return Cow::Borrowed(bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Cow::Borrowed(bytes);
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with("-----") && !line.contains(':'))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    match base64::engine::general_purpose::STANDARD.decode(body.as_bytes()) {
        Ok(decoded) => Cow::Owned(decoded),
        Err(_) => Cow::Borrowed(bytes),
    }
}

impl Facts {
    pub(crate) fn of(bytes: &[u8], format: FileFormat) -> Self {
        Self {
            sha256: hex::encode(DigestAlgorithm::Sha256.digest(&[bytes])),
            bytes: bytes.len() as u64,
            format,
            unreadable: None,
            pdf: None,
            signatures: Vec::new(),
        }
    }
}

impl Unreadable {
    pub(crate) fn new(code: &str, detail: impl std::fmt::Display) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.to_string(),
        }
    }
}

impl SignatureFacts {
    pub(crate) fn empty(form: SignatureForm) -> Self {
        Self {
            form,
            field: None,
            sub_filter: None,
            claimed_time: None,
            certification: None,
            lock_permission: None,
            coverage: Err("no_content".to_owned()),
            excess_bytes: 0,
            malformed: None,
            certificates: Vec::new(),
            signers: 0,
            inner_content: InnerContent::Absent,
            signer: None,
            token: None,
        }
    }
}

/// Whether tokens of this signer are read too; a token's own tokens are not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenDepth {
    Outer,
    Inner,
}

/// Gathers one signer over the parts of the signed content, or without content.
pub(crate) fn gather_signer(
    structure: &SignedData<'_>,
    signer_info: &SignerInfo<'_>,
    content: Option<&[&[u8]]>,
    depth: TokenDepth,
) -> SignerFacts {
    let chosen = choose_certificate(structure, &signer_info.signer);
    let certificate = chosen.as_ref().map(|(_, certificate)| certificate);
    let digest = DigestAlgorithm::from_oid(signer_info.digest_algorithm.oid);
    let scheme = algorithm::scheme_of(&signer_info.signature_algorithm, digest);
    let attributes = signer_info.signed.as_ref().map(|signed| {
        let content_digest = digest.and_then(|digest| Some(digest.digest(content?)));
        read_attributes(
            structure,
            &signed.list,
            content_digest.as_deref(),
            certificate,
        )
    });
    let key = certificate.map(|certificate| PublicKey::parse(certificate.spki));
    let mut in_order = true;
    let value = match (&key, &scheme) {
        (_, Err(error)) => error.clone().into(),
        (None, _) => Verification::Unsupported {
            algorithm: "no_certificate".to_owned(),
        },
        (Some(Err(_)), _) => Verification::Inconsistent,
        (Some(Ok(key)), Ok(scheme)) => match (&signer_info.signed, content) {
            (Some(signed), _) => {
                let sent = signed.as_sent();
                let outcome = algorithm::verify(key, *scheme, &[&sent], &signer_info.value);
                let sorted = signed.as_der().unwrap_or_else(|_| sent.clone());
                in_order = sorted == sent;
                if outcome == Verification::Invalid && !in_order {
                    algorithm::verify(key, *scheme, &[&sorted], &signer_info.value)
                } else {
                    outcome
                }
            }
            (None, Some(content)) => algorithm::verify(key, *scheme, content, &signer_info.value),
            (None, None) => Verification::Unsupported {
                algorithm: "no_content".to_owned(),
            },
        },
    };
    let bare = signer_info.signed.is_none() && content.is_some_and(reads_as_attributes);
    SignerFacts {
        certificate: chosen
            .as_ref()
            .and_then(|(index, _)| u32::try_from(*index).ok()),
        digest_oid: signer_info.digest_algorithm.oid.to_string(),
        digest,
        signature_oid: signer_info.signature_algorithm.oid.to_string(),
        signature_digest: scheme.ok().and_then(algorithm::Scheme::digest),
        attributes,
        content_reads_as_attributes: bare,
        value,
        attributes_in_order: in_order,
        tokens: match depth {
            TokenDepth::Outer => gather_tokens(signer_info),
            TokenDepth::Inner => Vec::new(),
        },
    }
}

/// The certificate that the signer identifier names, never the one at some position.
fn choose_certificate<'a>(
    structure: &SignedData<'a>,
    id: &SignerId<'_>,
) -> Option<(usize, Certificate<'a>)> {
    let parsed = structure.certificates.iter().enumerate();
    let mut parsed = parsed.filter_map(|(index, raw)| Some((index, Certificate::parse(raw).ok()?)));
    parsed.find(|(_, certificate)| match id {
        SignerId::IssuerAndSerial { issuer, serial } => {
            certificate.issuer.raw == *issuer && certificate.serial == *serial
        }
        SignerId::KeyId(id) => certificate.extensions.subject_key_id == Some(*id),
    })
}

fn read_attributes(
    structure: &SignedData<'_>,
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
        Some(node) if node.oid() == Ok(structure.content_type) => Agreement::Agrees,
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
    let named = single(oid::SIGNING_CERTIFICATE_V2)
        .map(|node| (node, Ess::V2))
        .or_else(|| single(oid::SIGNING_CERTIFICATE).map(|node| (node, Ess::V1)));
    let signing_certificate = match (named, certificate) {
        (None, _) => Agreement::Absent,
        (Some(_), None) => Agreement::Unknown,
        (Some((node, version)), Some(certificate)) => {
            names_certificate(node, version, certificate).unwrap_or(Agreement::Differs)
        }
    };
    AttributeFacts {
        content_type,
        message_digest,
        signing_certificate,
        repeated,
        signing_time: single(oid::SIGNING_TIME).and_then(|node| node.time().ok()),
    }
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
        (Ess::V2, Some(named)) => {
            DigestAlgorithm::from_oid(algorithm::AlgorithmId::parse(named)?.oid)
        }
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
        reader.next()?;
        if reader.next()?.integer()? != certificate.serial {
            return Ok(Agreement::Differs);
        }
    }
    Ok(Agreement::Agrees)
}

/// Content that is itself `SET OF Attribute` with a message-digest is a signature taken from its
/// attributes: the value over them would fit.
fn reads_as_attributes(parts: &[&[u8]]) -> bool {
    let whole = match parts {
        [whole] => Cow::Borrowed(*whole),
        parts => Cow::Owned(parts.concat()),
    };
    // An attribute set is small; a large content is not one.
    if whole.len() > 1024 * 1024 {
        return false;
    }
    let Ok(set) = asn1::read_all(&whole, tag::SET) else {
        return false;
    };
    let Ok(list) = set.children(256) else {
        return false;
    };
    list.iter().any(|node| {
        let kind = node
            .expect(tag::SEQUENCE)
            .and_then(|node| node.reader().next()?.oid());
        kind == Ok(oid::MESSAGE_DIGEST)
    })
}

fn gather_tokens(signer_info: &SignerInfo<'_>) -> Vec<TokenFacts> {
    let stamps = signer_info
        .unsigned
        .iter()
        .filter(|kind| kind.kind == oid::SIGNATURE_TIMESTAMP);
    let values = stamps.flat_map(|attribute| &attribute.values);
    values
        .take(TOKENS_MAX)
        .map(|node| gather_token(node.raw, &[&signer_info.value]))
        .collect()
}

/// Gathers a token over `message`.
pub(crate) fn gather_token(raw: &[u8], message: &[&[u8]]) -> TokenFacts {
    let mut facts = TokenFacts {
        token: None,
        imprint: Agreement::Unknown,
        certificates: Vec::new(),
        signer: None,
    };
    let Ok((structure, _)) = SignedData::parse(raw) else {
        return facts;
    };
    facts.certificates = structure
        .certificates
        .iter()
        .map(|raw| Der(raw.to_vec()))
        .collect();
    let content = structure
        .content
        .as_deref()
        .filter(|_| structure.content_type == oid::TST_INFO);
    let (Some(content), [signer_info]) = (content, structure.signers.as_slice()) else {
        return facts;
    };
    facts.signer = Some(Box::new(gather_signer(
        &structure,
        signer_info,
        Some(&[content]),
        TokenDepth::Inner,
    )));
    facts.token = TimestampToken::from_tst_info(content).ok();
    facts.imprint = match &facts.token {
        Some(token) if token.imprint_algorithm.is_none() => Agreement::Unknown,
        Some(token) if token.is_over(message) => Agreement::Agrees,
        Some(_) => Agreement::Differs,
        None => Agreement::Unknown,
    };
    facts
}
