//! One signer of a structure: its certificate, its value, its attributes, and what hangs on it.

use const_oid::ObjectIdentifier;

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::archive::{digest_of, gather_archives};
use crate::certificate::Certificate;
use crate::cms::{SignedData, SignerId, SignerInfo};
use crate::content::Content;
use crate::evidence;
use crate::facts::{Agreement, Der, EvidenceFacts, SignerFacts, TokenFacts};
use crate::gather_attributes::{read_attributes, reads_as_attributes};
use crate::oid;
use crate::public_key::PublicKey;
use crate::scheme;
use crate::timestamp::TimestampToken;

/// Most timestamp tokens of one signer that are read.
const TOKENS_MAX: usize = 16;

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
    content: Option<Content<'_>>,
    depth: TokenDepth,
) -> SignerFacts {
    gather_over(
        structure,
        signer_info,
        Some(structure.content_type),
        content,
        depth,
    )
}

/// Gathers a counter-signature: a signer over the value of another one, whose content has no type
/// (RFC 5652, 11.4).
pub(crate) fn gather_counter_signer(
    structure: &SignedData<'_>,
    signer_info: &SignerInfo<'_>,
    signed_value: &[u8],
) -> SignerFacts {
    gather_over(
        structure,
        signer_info,
        None,
        Some(Content::of(&[signed_value])),
        TokenDepth::Outer,
    )
}

fn gather_over(
    structure: &SignedData<'_>,
    signer_info: &SignerInfo<'_>,
    content_type: Option<ObjectIdentifier>,
    content: Option<Content<'_>>,
    depth: TokenDepth,
) -> SignerFacts {
    let chosen = choose_certificate(structure, &signer_info.signer);
    let certificate = chosen.as_ref().map(|(_, certificate)| certificate);
    let named = signer_info.digest_algorithm.oid;
    // Without attributes the digest serves the value alone, and PKCS#7 of old names the whole
    // scheme in its place.
    let digest = match &signer_info.signed {
        None => DigestAlgorithm::from_oid(named).or_else(|| scheme::digest_in_scheme(named)),
        Some(_) => DigestAlgorithm::from_oid(named),
    };
    // An identifier of something else than a digest contradicts itself: nothing can fit it.
    let scheme = if digest.is_none() && scheme::is_no_digest(named) {
        Err(scheme::SchemeError::Inconsistent)
    } else {
        scheme::scheme_of(&signer_info.signature_algorithm, digest)
    };
    let attributes = signer_info.signed.as_ref().map(|signed| {
        let content_digest = digest.and_then(|digest| Some(content?.digest(digest)));
        read_attributes(
            content_type,
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
        (Some(Ok(key)), Ok(scheme)) => {
            verify_signer(key, *scheme, signer_info, content, &mut in_order)
        }
    };
    let bare =
        signer_info.signed.is_none() && content.is_some_and(|one| reads_as_attributes(one.parts));
    SignerFacts {
        certificate: chosen
            .as_ref()
            .and_then(|(index, _)| u32::try_from(*index).ok()),
        digest_oid: signer_info.digest_algorithm.oid.to_string(),
        digest,
        signature_oid: signer_info.signature_algorithm.oid.to_string(),
        signature_digest: scheme.as_ref().ok().and_then(|scheme| scheme.digest()),
        attributes,
        content_reads_as_attributes: bare,
        value,
        value_plain: scheme
            .as_ref()
            .is_ok_and(|scheme| algorithm::is_plain_pair(*scheme, &signer_info.value)),
        attributes_in_order: in_order,
        tokens: match depth {
            TokenDepth::Outer => gather_tokens(signer_info),
            TokenDepth::Inner => Vec::new(),
        },
        archives: match depth {
            TokenDepth::Outer => gather_archives(structure, signer_info, content),
            TokenDepth::Inner => Vec::new(),
        },
    }
}

/// Verifies the value over the attributes, as sent and as DER, or over the content itself.
fn verify_signer(
    key: &PublicKey,
    scheme: scheme::Scheme,
    signer_info: &SignerInfo<'_>,
    content: Option<Content<'_>>,
    in_order: &mut bool,
) -> Verification {
    match (&signer_info.signed, content) {
        (Some(signed), _) => {
            let sent = signed.as_sent();
            let outcome = algorithm::verify(key, scheme, &[&sent], &signer_info.value);
            let sorted = signed.as_der().unwrap_or_else(|_| sent.clone());
            *in_order = sorted == sent;
            if outcome == Verification::Invalid && !*in_order {
                algorithm::verify(key, scheme, &[&sorted], &signer_info.value)
            } else {
                outcome
            }
        }
        (None, Some(content)) => algorithm::verify(key, scheme, content.parts, &signer_info.value),
        (None, None) => Verification::Unsupported {
            algorithm: "no_content".to_owned(),
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
        sha256: digest_of(raw),
        token: None,
        imprint: Agreement::Unknown,
        certificates: Vec::new(),
        signer: None,
        evidence: EvidenceFacts::default(),
    };
    let Ok((structure, _)) = SignedData::parse(raw) else {
        return facts;
    };
    facts.certificates = structure
        .certificates
        .iter()
        .map(|raw| Der::from(raw.to_vec()))
        .collect();
    let content = structure
        .content
        .as_deref()
        .filter(|_| structure.content_type == oid::TST_INFO);
    let (Some(content), [signer_info]) = (content, structure.signers.as_slice()) else {
        return facts;
    };
    facts.evidence = evidence::of_structure(&structure, Some(signer_info));
    facts.signer = Some(Box::new(gather_signer(
        &structure,
        signer_info,
        Some(Content::of(&[content])),
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
