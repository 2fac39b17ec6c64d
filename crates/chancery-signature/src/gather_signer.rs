//! One signer of a structure: its certificate, its value, its attributes, and what hangs on it.

use const_oid::ObjectIdentifier;

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::archive::{digest_of, gather_archives};
use crate::asn1::Node;
use crate::certificate::Certificate;
use crate::cms::{Attribute, SignedData, SignerInfo};
use crate::content::Content;
use crate::evidence;
use crate::facts::{Agreement, EvidenceFacts, SignerFacts, TokenFacts};
use crate::gather_attributes::{names_signer, read_attributes, reads_as_attributes};
use crate::oid;
use crate::opened::Opened;
use crate::public_key::PublicKey;
use crate::scheme::{self, Scheme, SchemeError};
use crate::timestamp::TimestampToken;
use crate::work::Work;

/// Most timestamp tokens of one signer that are read.
const TOKENS_MAX: usize = 16;
/// Most certificates of one identifier that are tried.
const CERTIFICATES_TRIED_MAX: usize = 8;

/// Gathers one signer over the parts of the signed content, or without content.
pub(crate) fn gather_signer(
    opened: &Opened<'_, '_>,
    signer_info: &SignerInfo<'_>,
    content: Option<Content<'_>>,
) -> SignerFacts {
    gather_over(
        opened,
        signer_info,
        Some(opened.structure.content_type),
        content,
    )
}

/// Gathers a counter-signature: a signer over the value of another one, whose content has no type
/// (RFC 5652, 11.4).
pub(crate) fn gather_counter_signer(
    opened: &Opened<'_, '_>,
    signer_info: &SignerInfo<'_>,
    signed_value: &[u8],
) -> SignerFacts {
    gather_over(
        opened,
        signer_info,
        None,
        Some(Content::of(&[signed_value])),
    )
}

fn gather_over(
    opened: &Opened<'_, '_>,
    signer_info: &SignerInfo<'_>,
    content_type: Option<ObjectIdentifier>,
    content: Option<Content<'_>>,
) -> SignerFacts {
    let named = opened.named(&signer_info.signer);
    let chosen = choose(&named, signer_info, content, opened.work);
    let mut facts = gather_of(opened.work, signer_info, content_type, content, chosen);
    facts.content_tokens = gather_content_tokens(opened, signer_info, content);
    facts.tokens = gather_tokens(opened, signer_info);
    facts.archives = gather_archives(opened, signer_info, content);
    facts
}

/// A certificate and its place in its list.
type Chosen<'c, 'a> = Option<(usize, &'c Certificate<'a>)>;

/// The certificate that the signer identifier names, never the one at some position. Of several it
/// is the one that the signed attributes name (EN 319 102-1, 5.2.3.4), or else one whose key fits:
/// who puts another certificate beside it changes nothing.
fn choose<'c, 'a>(
    named: &[(usize, &'c Certificate<'a>)],
    signer_info: &SignerInfo<'_>,
    content: Option<Content<'_>>,
    work: &Work,
) -> Chosen<'c, 'a> {
    if named.len() < 2 {
        return named.first().copied();
    }
    let signed = signer_info.signed.iter().flat_map(|signed| &signed.list);
    let signed: Vec<&Attribute<'_>> = signed.collect();
    let bound = named
        .iter()
        .find(|(_, certificate)| names_signer(&signed, Some(certificate)) == Agreement::Agrees);
    let fitting = || {
        let mut tried = named.iter().take(CERTIFICATES_TRIED_MAX);
        tried.find(|(_, certificate)| {
            let scheme = Scheming::of(signer_info);
            verify_with(certificate, &scheme, signer_info, content, work).0 == Verification::Valid
        })
    };
    bound.or_else(fitting).or(named.first()).copied()
}

/// What a signer says of how the value was made.
struct Scheming {
    digest: Option<DigestAlgorithm>,
    scheme: Result<Scheme, SchemeError>,
}

impl Scheming {
    fn of(signer_info: &SignerInfo<'_>) -> Self {
        let named = signer_info.digest_algorithm.oid;
        // Without attributes the digest serves the value alone, and PKCS#7 of old names the whole
        // scheme in its place.
        let digest = match &signer_info.signed {
            None => DigestAlgorithm::from_oid(named).or_else(|| scheme::digest_in_scheme(named)),
            Some(_) => DigestAlgorithm::from_oid(named),
        };
        // An identifier of something else than a digest contradicts itself: nothing can fit it.
        let scheme = if digest.is_none() && scheme::is_no_digest(named) {
            Err(SchemeError::Inconsistent)
        } else {
            scheme::scheme_of(&signer_info.signature_algorithm, digest)
        };
        Self { digest, scheme }
    }
}

/// Whether the value fits the key of a certificate, and whether the attributes stand in order.
fn verify_with(
    certificate: &Certificate<'_>,
    scheming: &Scheming,
    signer_info: &SignerInfo<'_>,
    content: Option<Content<'_>>,
    work: &Work,
) -> (Verification, bool) {
    let mut in_order = true;
    let value = match &scheming.scheme {
        Err(error) => error.clone().into(),
        Ok(_) if !work.verifies(certificate.spki) => limit_exceeded(),
        Ok(scheme) => match PublicKey::parse(certificate.spki) {
            Err(_) => Verification::Inconsistent,
            Ok(key) => verify_signer(&key, *scheme, signer_info, (content, work), &mut in_order),
        },
    };
    (value, in_order)
}

fn unsupported(what: &str) -> Verification {
    Verification::Unsupported {
        algorithm: what.to_owned(),
    }
}

fn limit_exceeded() -> Verification {
    unsupported("limit_exceeded")
}

/// Gathers a signer with the certificate that was chosen, without what hangs on it.
fn gather_of(
    work: &Work,
    signer_info: &SignerInfo<'_>,
    content_type: Option<ObjectIdentifier>,
    content: Option<Content<'_>>,
    chosen: Chosen<'_, '_>,
) -> SignerFacts {
    let certificate = chosen.map(|(_, certificate)| certificate);
    let scheming = Scheming::of(signer_info);
    let attributes = signer_info.signed.as_ref().map(|signed| {
        let digest = scheming.digest;
        let content_digest = digest.and_then(|digest| content?.digest(digest));
        read_attributes(
            content_type,
            &signed.list,
            content_digest.as_deref(),
            certificate,
        )
    });
    let (value, in_order) = match (certificate, &scheming.scheme) {
        (Some(one), _) => verify_with(one, &scheming, signer_info, content, work),
        (None, Err(error)) => (error.clone().into(), true),
        (None, Ok(_)) => (unsupported("no_certificate"), true),
    };
    let bare =
        signer_info.signed.is_none() && content.is_some_and(|one| reads_as_attributes(one.parts));
    let scheme = scheming.scheme.as_ref().ok();
    SignerFacts {
        certificate: chosen.and_then(|(index, _)| u32::try_from(index).ok()),
        digest_oid: signer_info.digest_algorithm.oid.to_string(),
        digest: scheming.digest,
        signature_oid: signer_info.signature_algorithm.oid.to_string(),
        signature_digest: scheme.and_then(|scheme| scheme.digest()),
        attributes,
        content_reads_as_attributes: bare,
        value,
        value_plain: scheme
            .is_some_and(|scheme| algorithm::is_plain_pair(*scheme, &signer_info.value)),
        attributes_in_order: in_order,
        content_tokens: Vec::new(),
        tokens: Vec::new(),
        archives: Vec::new(),
    }
}

/// Verifies the value over the attributes, as sent and as DER, or over the content itself.
fn verify_signer(
    key: &PublicKey,
    scheme: Scheme,
    signer_info: &SignerInfo<'_>,
    (content, work): (Option<Content<'_>>, &Work),
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
        (None, Some(content)) => {
            let hashes_inside = matches!(scheme, Scheme::Ed25519 | Scheme::Ed448);
            if hashes_inside && !work.reads_again(content.bytes()) {
                return limit_exceeded();
            }
            let own = scheme.digest();
            let made = own.and_then(|digest| content.digest(digest));
            if own.is_some() && made.is_none() {
                return limit_exceeded();
            }
            let hashed = |digest: DigestAlgorithm| match &made {
                Some(made) if own == Some(digest) => made.clone(),
                _ => digest.digest(content.parts),
            };
            algorithm::verify_hashed(key, scheme, content.parts, &signer_info.value, &hashed)
        }
        (None, None) => unsupported("no_content"),
    }
}

/// The timestamps over the content, which the signer signed with it (EN 319 122-1, 5.2.8).
fn gather_content_tokens(
    opened: &Opened<'_, '_>,
    signer_info: &SignerInfo<'_>,
    content: Option<Content<'_>>,
) -> Vec<TokenFacts> {
    let signed = signer_info.signed.iter().flat_map(|signed| &signed.list);
    let values = tokens_in(opened, signed, oid::CONTENT_TIMESTAMP).into_iter();
    let gathered = values.map(|node| {
        let mut token = gather_token(
            node.raw,
            content.unwrap_or(Content::of(&[])),
            opened.work,
            Some(opened),
        );
        if content.is_none() {
            token.imprint = Agreement::Unknown;
        }
        token
    });
    gathered.collect()
}

fn gather_tokens(opened: &Opened<'_, '_>, signer_info: &SignerInfo<'_>) -> Vec<TokenFacts> {
    let unsigned = signer_info.unsigned.iter();
    let values = tokens_in(opened, unsigned, oid::SIGNATURE_TIMESTAMP).into_iter();
    let parts: [&[u8]; 1] = [&signer_info.value];
    let gathered =
        values.map(|node| gather_token(node.raw, Content::of(&parts), opened.work, Some(opened)));
    gathered.collect()
}

/// The tokens in attributes of one kind. Those that cannot be read come last: a heap of them hides
/// no other.
fn tokens_in<'l, 'n: 'l>(
    opened: &Opened<'_, '_>,
    attributes: impl Iterator<Item = &'l Attribute<'n>>,
    kind: ObjectIdentifier,
) -> Vec<&'l Node<'n>> {
    let values = attributes.filter(|attribute| attribute.kind == kind);
    let values = values.flat_map(|attribute| &attribute.values);
    let (mut tokens, others): (Vec<_>, Vec<_>) = values.partition(|node| {
        SignedData::parse(node.raw).is_ok_and(|(token, _)| token.content_type == oid::TST_INFO)
    });
    if tokens.len() > TOKENS_MAX {
        opened.work.exceed("timestamps_max", TOKENS_MAX as u64);
        tokens.truncate(TOKENS_MAX);
    }
    // One stands for all that are none.
    tokens.extend(others.into_iter().take(1));
    tokens
}

/// Gathers a token by itself over `message`.
pub(crate) fn gather_token_alone(raw: &[u8], message: &[&[u8]]) -> TokenFacts {
    gather_token(raw, Content::of(message), &Work::default(), None)
}

/// Gathers a token over `message`. Its authority's certificate may stand in the structure `around`
/// it: whoever asked for the token need not have asked for that (RFC 3161, 2.4.1, `certReq`).
pub(crate) fn gather_token(
    raw: &[u8],
    message: Content<'_>,
    work: &Work,
    around: Option<&Opened<'_, '_>>,
) -> TokenFacts {
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
    let opened = Opened::new(&structure, work);
    facts.certificates.clone_from(&opened.certificates);
    let content = structure
        .content
        .as_deref()
        .filter(|_| structure.content_type == oid::TST_INFO);
    let (Some(content), [signer_info]) = (content, structure.signers.as_slice()) else {
        return facts;
    };
    facts.evidence = evidence::of_structure(&structure, Some(signer_info));
    let parts = [content];
    let inside = Some(Content::of(&parts));
    let mut named = opened.named(&signer_info.signer);
    if named.is_empty()
        && let Some(around) = around
    {
        for (index, certificate) in around.named(&signer_info.signer) {
            let Some(der) = around.certificates.get(index) else {
                continue;
            };
            named.push((facts.certificates.len(), certificate));
            facts.certificates.push(der.clone());
        }
    }
    let chosen = choose(&named, signer_info, inside, work);
    let kind = Some(structure.content_type);
    let signer = gather_of(work, signer_info, kind, inside, chosen);
    facts.signer = Some(Box::new(signer));
    facts.token = TimestampToken::from_tst_info(content).ok();
    facts.imprint = match &facts.token {
        Some(token) if token.imprint_algorithm.is_none() => Agreement::Unknown,
        Some(token) => match token.is_over_content(&message) {
            Some(true) => Agreement::Agrees,
            Some(false) => Agreement::Differs,
            None => Agreement::Unknown,
        },
        None => Agreement::Unknown,
    };
    facts
}
