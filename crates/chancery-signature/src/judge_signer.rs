//! The rules for one signature by itself: structure, digest, value, attributes, algorithms.

use chancery_types::Instant;

use crate::algorithm::{DigestAlgorithm, Verification};
use crate::certificate::{Certificate, CertificateDescription};
use crate::chain;
use crate::claimed::claimed_time;
use crate::facts::{
    Agreement, AttributeFacts, InnerContent, SignatureFacts, SignatureForm, SignerFacts,
};
use crate::oid;
use crate::policy::ValidationPolicy;
use crate::report::{AlgorithmReport, Answer, Code, Reason, RightsReport};
use crate::xml_facts::xml_reasons;

/// Everything that can be said without trust and without what came after.
pub(crate) fn own_reasons(
    facts: &SignatureFacts,
    policy: &ValidationPolicy,
    proven: Option<Instant>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match &facts.coverage {
        Ok(_) => {}
        Err(why) if why == "no_content" => reasons.push(Code::ContentMissing.into()),
        Err(why) => reasons.push(Reason::new(Code::CoverageUnsound, &[("why", why)])),
    }
    match facts.malformed.as_deref() {
        None => {}
        Some("sub_filter_unsupported") => {
            let sub_filter = facts.sub_filter.as_deref().unwrap_or("");
            reasons.push(Reason::new(
                Code::KindUnsupported,
                &[("sub_filter", sub_filter)],
            ));
        }
        Some(why) => reasons.push(Reason::new(Code::StructureMalformed, &[("why", why)])),
    }
    reasons.extend(facts.xml.iter().flat_map(xml_reasons));
    if facts.direct {
        reasons.push(Code::DictionaryDirect.into());
    }
    if facts.excess_bytes > 0 {
        let bytes = facts.excess_bytes.to_string();
        reasons.push(Reason::new(Code::ExcessBytes, &[("bytes", &bytes)]));
    }
    if let Some(what) = &facts.carries_other {
        reasons.push(Reason::new(Code::CarriesOther, &[("what", what)]));
    }
    if let Some(how) = &facts.other_content {
        reasons.push(Reason::new(Code::OtherContent, &[("how", how)]));
    }
    if facts.signers > 1 {
        let count = facts.signers.to_string();
        reasons.push(Reason::new(Code::SeveralSigners, &[("count", &count)]));
    }
    match facts.inner_content {
        InnerContent::Absent | InnerContent::Signed => {}
        InnerContent::Empty => reasons.push(Code::InnerContentEmpty.into()),
        InnerContent::Other => reasons.push(Code::InnerContentDiffers.into()),
    }
    if let Some(signer) = &facts.signer {
        let old = facts
            .sub_filter
            .as_deref()
            .is_some_and(|name| name.starts_with("adbe."));
        reasons.extend(signer_reasons(signer, old, facts.form));
        let demands = facts.form == SignatureForm::DocumentTimestamp
            || facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached");
        reasons.extend(binding_reason(signer, demands));
        let certificate = chain::at_index(&facts.certificates, signer.certificate);
        // In XML the digests of the references and that of the scheme are chosen apart.
        if facts.form != SignatureForm::Xml {
            reasons.extend(disagreement_reason(signer));
        }
        let age = Age {
            proven,
            claimed: claimed_within(facts, certificate.as_ref()),
        };
        reasons.extend(weak_digests(facts, signer, policy, age));
    }
    reasons
}

/// `old` forms (PKCS#7 as PDF had it before PAdES) may do without attributes: a PDF never reads as
/// attributes itself.
fn signer_reasons(signer: &SignerFacts, old: bool, form: SignatureForm) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    match &signer.value {
        Verification::Valid => {}
        Verification::Invalid => reasons.push(Code::ValueWrong.into()),
        Verification::Inconsistent => reasons.push(Code::ValueInconsistent.into()),
        Verification::Unsupported { algorithm } if algorithm == "no_certificate" => {
            reasons.push(Code::CertificateMissing.into());
        }
        Verification::Unsupported { algorithm } if algorithm == "no_content" => {}
        Verification::Unsupported { algorithm } => {
            let args = [("algorithm", algorithm.as_str())];
            reasons.push(Reason::new(Code::ValueUnsupported, &args));
        }
    }
    match &signer.attributes {
        Some(attributes) => reasons.extend(attribute_reasons(attributes, signer, form)),
        None if signer.content_reads_as_attributes => {
            reasons.push(Code::ContentReadsAsAttributes.into());
        }
        None if old => reasons.push(Code::AttributesAbsent.into()),
        None => reasons.push(Code::AttributesMissing.into()),
    }
    if signer.value_plain && signer.value == Verification::Valid {
        reasons.push(Code::ValuePlain.into());
    }
    if !signer.attributes_in_order {
        reasons.push(Code::AttributesUnordered.into());
    }
    reasons
}

fn attribute_reasons(
    attributes: &AttributeFacts,
    signer: &SignerFacts,
    form: SignatureForm,
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    if attributes.repeated {
        reasons.push(Code::AttributeRepeated.into());
    }
    // RFC 5652, 11.1 and 11.4: content-type must be there, and must not in a counter-signature.
    match (form, attributes.content_type) {
        (SignatureForm::CounterSignature, Agreement::Absent) => {}
        (SignatureForm::CounterSignature, _) => reasons.push(Code::ContentTypeForbidden.into()),
        (_, Agreement::Agrees) => {}
        _ => reasons.push(Code::ContentTypeWrong.into()),
    }
    match attributes.message_digest {
        Agreement::Agrees => {}
        Agreement::Differs => reasons.push(Code::DigestDiffers.into()),
        Agreement::Absent => reasons.push(Code::DigestMissing.into()),
        Agreement::Unknown if signer.digest.is_none() => {
            let args = [("algorithm", signer.digest_oid.as_str())];
            reasons.push(Reason::new(Code::DigestUnsupported, &args));
        }
        // What each reference came to is said by itself.
        Agreement::Unknown if form == SignatureForm::Xml => {}
        Agreement::Unknown => reasons.push(Code::ContentMissing.into()),
    }
    reasons
}

/// Whether the certificate itself is signed, so that it cannot be exchanged for another one.
fn binding_reason(signer: &SignerFacts, demands: bool) -> Option<Reason> {
    let binding = signer.attributes.as_ref()?.signing_certificate;
    match binding {
        Agreement::Agrees => None,
        Agreement::Differs => Some(Code::SigningCertificateDiffers.into()),
        Agreement::Absent if demands => Some(Code::SigningCertificateMissing.into()),
        Agreement::Absent => Some(Code::SigningCertificateUnbound.into()),
        // No certificate to compare with is said elsewhere; an unknown digest binds nothing.
        Agreement::Unknown if signer.certificate.is_none() => None,
        Agreement::Unknown => Some(Code::SigningCertificateMissing.into()),
    }
}

/// When a signature was made, as far as anybody says.
#[derive(Clone, Copy)]
struct Age {
    proven: Option<Instant>,
    /// By the signer alone, within the life of the certificate.
    claimed: Option<Instant>,
}

/// The claimed time, if the certificate was valid then: a claim outside its life is no claim. A
/// timestamp claims the time in its token.
fn claimed_within(
    facts: &SignatureFacts,
    certificate: Option<&Certificate<'_>>,
) -> Option<Instant> {
    let stamped = facts.token.as_ref().map(|token| token.gen_time);
    let claimed = match stamped {
        Some(stamped) => stamped,
        None => claimed_time(facts.claimed_time.as_deref()?)?,
    };
    certificate
        .filter(|certificate| certificate.is_valid_at(claimed))
        .map(|_| claimed)
}

/// Broken digests, judged by when they were used (ETSI TS 119 312, 8).
fn weak_digests(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    policy: &ValidationPolicy,
    age: Age,
) -> Vec<Reason> {
    // The form adbe.pkcs7.sha1 takes SHA-1 of the file whatever the signer's digest is.
    let form = facts.sub_filter.as_deref() == Some("adbe.pkcs7.sha1");
    // Of a timestamp, what it is over can be exchanged if the digest of that is broken.
    let imprint = facts
        .token
        .as_ref()
        .and_then(|token| token.imprint_algorithm);
    let used = [signer.digest, signer.signature_digest, imprint];
    let table = [
        (DigestAlgorithm::Md5, policy.md5_until, false),
        (DigestAlgorithm::Sha1, policy.sha1_until, form),
        (DigestAlgorithm::Gost94, policy.gost94_until, false),
    ];
    let weak = table
        .into_iter()
        .filter(|(digest, _, by_form)| *by_form || used.contains(&Some(*digest)));
    weak.map(|(digest, until, _)| {
        let before = |moment: Option<Instant>| {
            matches!((until, moment), (Some(until), Some(moment)) if moment < until)
        };
        let code = if before(age.proven) {
            Code::DigestAged
        } else if age.proven.is_none() && before(age.claimed) {
            Code::DigestAgedUnproven
        } else {
            Code::DigestWeak
        };
        Reason::new(code, &[("algorithm", digest.name())])
    })
    .collect()
}

fn disagreement_reason(signer: &SignerFacts) -> Option<Reason> {
    let (digest, by_signature) = disagreement(signer)?;
    let args = [("digest", digest.as_str()), ("signature", by_signature)];
    Some(Reason::new(Code::DigestsDisagree, &args))
}

/// The digest named for the content and the one that the scheme needs, where they are not one.
fn disagreement(signer: &SignerFacts) -> Option<(String, &'static str)> {
    let digest = signer.digest?;
    let scheme = signer.signature_oid.as_str();
    // RFC 8419, 3: with signed attributes Ed25519 goes with SHA-512 and Ed448 with SHAKE256.
    let inside = match scheme {
        _ if signer.attributes.is_none() => None,
        _ if scheme == oid::ED25519.to_string() => Some(DigestAlgorithm::Sha512),
        _ if scheme == oid::ED448.to_string() => Some(DigestAlgorithm::Shake256),
        _ => None,
    };
    let needed = signer.signature_digest.or(inside)?;
    (needed != digest).then(|| (digest_name(signer), needed.name()))
}

/// The digest's name, or its object identifier.
pub(crate) fn digest_name(signer: &SignerFacts) -> String {
    let name = signer.digest.map(|digest| digest.name().to_owned());
    name.unwrap_or_else(|| signer.digest_oid.clone())
}

/// What it does to the file beyond standing in it.
pub(crate) fn rights_of(facts: &SignatureFacts) -> Option<RightsReport> {
    let rights = RightsReport {
        certification: facts.certification,
        lock_permission: facts.lock_permission,
        locks: facts.locks.clone(),
    };
    (rights != RightsReport::default()).then_some(rights)
}

/// How it was signed, with the key that the certificate describes.
pub(crate) fn algorithm_of(
    facts: &SignatureFacts,
    described: Option<&CertificateDescription>,
) -> Option<AlgorithmReport> {
    let signer = facts.signer.as_ref()?;
    Some(AlgorithmReport {
        key: described.map(|one| one.key.clone()),
        digest: digest_name(signer),
        signature: signer.signature_oid.clone(),
    })
}

/// Whether the value verifies over the bytes that it names, whatever else is wrong.
pub(crate) fn crypto_answer(facts: &SignatureFacts) -> Answer {
    let Some(signer) = &facts.signer else {
        return match facts.malformed.as_deref() {
            Some("sub_filter_unsupported" | "limit_exceeded") => Answer::Undecided,
            _ => Answer::No,
        };
    };
    // A PDF signature that names no bytes of its file verifies over nothing.
    let nothing = matches!(&signer.value, Verification::Unsupported { algorithm }
        if algorithm == "no_content");
    let unnamed = facts.form == SignatureForm::Pdf
        && facts.coverage.is_err()
        && (nothing
            || signer.attributes.as_ref().is_some_and(|one| {
                one.message_digest == Agreement::Unknown && signer.digest.is_some()
            }));
    if unnamed {
        return Answer::No;
    }
    let value = match signer.value {
        Verification::Valid => Answer::Yes,
        Verification::Invalid | Verification::Inconsistent => Answer::No,
        Verification::Unsupported { .. } => Answer::Undecided,
    };
    let digest = match (facts.inner_content, &signer.attributes) {
        (InnerContent::Other, _) => Answer::No,
        (_, None) => Answer::Yes,
        (_, Some(attributes)) => match attributes.message_digest {
            Agreement::Agrees => Answer::Yes,
            Agreement::Differs | Agreement::Absent => Answer::No,
            Agreement::Unknown => Answer::Undecided,
        },
    };
    match (value, digest) {
        (Answer::No, _) | (_, Answer::No) => Answer::No,
        (Answer::Yes, Answer::Yes) => Answer::Yes,
        _ => Answer::Undecided,
    }
}
