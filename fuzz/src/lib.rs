//! What fuzzing calls: one function a target, from bytes that nobody vouches for to a report.
//!
//! The targets under `fuzz_targets/` hand them what libFuzzer makes. The test `replay` of
//! `chancery-trust` includes this file and hands them every seed and every case that was found, so
//! that a stable toolchain covers both.
//!
//! Each function panics if a promise is broken that holds for any input: that facts can be stored
//! and read again, that the same facts give the same report, that nothing passes whose arithmetic
//! does not. Panics of the crates themselves, too much time and too much memory are seen by whoever
//! calls.

use std::sync::LazyLock;

use chancery_pdf::intake::{ActiveContentRule, IntakePolicy, examine};
use chancery_pdf::sign::{FieldTarget, SubFilter};
use chancery_pdf::{Pdf, SignaturePlan, prepare_signature};
use chancery_signature as sig;
use chancery_signature::facts::{Facts, Piece};
use chancery_trust::{
    AuthorityPolicy, Grant, Identity, ListPolicy, Organisation, Outcome, OwnSignature, PowerSought,
    Question, judge_authority, parse_trusted_list, read_power_of_attorney, read_trusted_list,
};
use chancery_types::Instant;
use sig::facts::Der;
use sig::listed::ListedIssue;
use sig::{Anchors, Answer, GivenEvidence, Indication, Limits, ValidationPolicy};

/// What the detached seeds sign.
pub const CONTENT: &[u8] = b"Chancery\n";
/// A structure of ours whose facts are given hostile certificates, lists, answers and tokens.
const STRUCTURE: &[u8] = include_bytes!("../seeds/cms/detached-b-t.p7s");
/// The signature of a power of ours, for powers that bring none.
const POWER_SIGNATURE: &[u8] =
    include_bytes!("../../crates/chancery-trust/tests/fixtures/power.p7s");
/// Whom that power names.
const REPRESENTATIVE: &[u8] =
    include_bytes!("../../crates/chancery-trust/tests/fixtures/representative.der");

/// Its facts, gathered once: most of what an input costs would go there.
static FACTS: LazyLock<Facts> =
    LazyLock::new(|| sig::gather_cms(STRUCTURE, Some(CONTENT), &Limits::default()));

fn now() -> Instant {
    "2026-07-31T12:30:00Z".parse().expect("a moment")
}

/// Every certificate that the facts bring is trusted: trust must not be what stops the judge early.
fn own_anchors(facts: &Facts) -> Anchors {
    let signers = facts.signatures.iter().flat_map(|one| &one.signer);
    let tokens = signers.flat_map(|signer| &signer.tokens);
    let own = facts.signatures.iter().flat_map(|one| &one.certificates);
    let stored = facts.evidence.certificates.iter().map(|piece| &piece.der);
    let all = own
        .chain(tokens.flat_map(|token| &token.certificates))
        .chain(stored);
    let mut anchors = Anchors::none();
    for der in all.take(64) {
        if let Ok(more) = Anchors::from_pem_or_der(&der.0) {
            anchors.extend(more);
        }
    }
    anchors
}

/// Judges facts, with and without trust, and asks what must hold of every report.
fn conclude(facts: &Facts) {
    let stored = serde_json::to_string(facts).expect("facts can be stored");
    let again: Facts = serde_json::from_str(&stored).expect("and read again");
    assert!(again == *facts, "stored facts differ");
    let policy = ValidationPolicy::default();
    let none = GivenEvidence::none();
    let judge = |facts, anchors| sig::judge_with(facts, &policy, now(), anchors, &none);
    let own = own_anchors(facts);
    let trusted = judge(facts, &own);
    assert!(
        trusted == judge(&again, &own),
        "two reports on the same facts"
    );
    for report in [trusted, judge(facts, &Anchors::none())] {
        serde_json::to_string(&report).expect("a report can be sent");
        let is_yes = |answer| answer == Answer::Yes;
        assert!(!is_yes(report.intact) || is_yes(report.crypto));
        assert!(report.indication != Indication::TotalPassed || is_yes(report.intact));
        for one in &report.signatures {
            assert!(!is_yes(one.intact) || is_yes(one.crypto));
            assert!(one.indication != Indication::TotalPassed || is_yes(one.intact));
        }
    }
}

/// A PDF: judged, examined at the door, prepared for a signature of ours.
pub fn pdf(bytes: &[u8]) {
    let limits = Limits::default();
    let facts = sig::gather_pdf(bytes, &limits);
    conclude(&facts);
    let policy = IntakePolicy {
        active_content: ActiveContentRule::Report,
        ..IntakePolicy::default()
    };
    if examine(bytes, &limits.pdf, &policy).is_err() {
        return;
    }
    let pdf = Pdf::open(bytes, &limits.pdf).expect("the door opened it");
    let _ = pdf.unused_objects();
    let plan = SignaturePlan {
        field_name: "Fuzz".to_owned(),
        target: FieldTarget::New,
        contents_bytes: 2048,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000Z".to_owned(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    };
    if let Ok(mut prepared) = prepare_signature(bytes, &limits.pdf, &plan) {
        prepared.embed(STRUCTURE).expect("there is room");
        let signed = [bytes, &prepared.tail].concat();
        Pdf::open(&signed, &limits.pdf).expect("what we write can be read");
    }
}

/// CMS: with its content inside, and beside it.
pub fn cms(bytes: &[u8]) {
    for content in [None, Some(CONTENT)] {
        conclude(&sig::gather_cms(bytes, content, &Limits::default()));
    }
    let limits = Limits::default();
    let facts = sig::gather_cms(bytes, Some(CONTENT), &limits);
    let wanted = sig::Extension {
        level: sig::LongTermLevel::Lta,
        evidence: &GivenEvidence::none(),
        anchors: &own_anchors(&facts),
        policy: &ValidationPolicy::default(),
        at: now(),
        limits: &limits,
    };
    let _ = sig::extend_cms(bytes, CONTENT, &wanted, |_| Err("none here".to_owned()));
}

/// A timestamp token: as the answer of an authority, as that of a signature, as that of a file.
pub fn timestamp(bytes: &[u8]) {
    let read = sig::parse_token(bytes);
    let verified = sig::verify_token(bytes, &[CONTENT]);
    assert!(verified.is_err() || verified.ok() == read.ok());
    let token = sig::gather_timestamp(bytes, &[CONTENT]);
    let mut facts = FACTS.clone();
    for signature in &mut facts.signatures {
        signature.token = token.token.clone();
        if let Some(signer) = &mut signature.signer {
            signer.tokens = vec![token.clone()];
        }
    }
    conclude(&facts);
}

/// Certificates, revocation lists and OCSP answers, one after another: each by itself, and all of
/// them beside a signature.
pub fn certificate(bytes: &[u8]) {
    let _ = Anchors::from_pem_or_der(bytes);
    let _ = GivenEvidence::none().add(bytes);
    let mut facts = FACTS.clone();
    let pieces = pieces(bytes);
    for piece in &pieces {
        let _ = sig::describe_certificate(piece);
        let _ = sig::subject_attributes(piece);
        let _ = sig::self_signed(piece);
        let _ = Identity::of_certificate(piece);
        let evidence = Piece {
            der: Der::from(piece.to_vec()),
            revision: None,
            signed: false,
        };
        facts.evidence.certificates.push(evidence.clone());
        facts.evidence.crls.push(evidence.clone());
        facts.evidence.ocsps.push(evidence);
    }
    conclude(&facts);
    // And as the certificates of the signer: the first one is whose.
    for signature in &mut facts.signatures {
        signature.certificates = pieces
            .iter()
            .map(|piece| Der::from(piece.to_vec()))
            .collect();
        if let Some(signer) = &mut signature.signer {
            signer.certificate = Some(0);
        }
    }
    conclude(&facts);
}

/// Splits at the ends of the outermost DER values; the rest is a piece of its own.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while !rest.is_empty() && found.len() < 8 {
        let length = match *rest {
            [_, short @ 0..=0x7f, ..] => usize::from(short) + 2,
            [_, 0x81, one, ..] => usize::from(one) + 3,
            [_, 0x82, one, two, ..] => usize::from(u16::from_be_bytes([one, two])) + 4,
            _ => rest.len(),
        };
        let (piece, after) = rest.split_at(length.min(rest.len()));
        found.push(piece);
        rest = after;
    }
    found
}

/// A power of attorney; behind a zero byte, which no XML has, may stand its detached signature.
pub fn power_of_attorney(bytes: &[u8]) {
    let limits = chancery_xades::Limits::default();
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let power = parts.next().unwrap_or_default();
    let detached = parts.next().unwrap_or(POWER_SIGNATURE);
    if let Ok(read) = read_power_of_attorney(power, &limits) {
        let stored = serde_json::to_string(&read).expect("a power can be stored");
        let again = serde_json::from_str(&stored).expect("and read again");
        assert!(read == again, "a stored power differs");
    }
    let signer = Identity::of_certificate(REPRESENTATIVE);
    let organisation = Organisation {
        inn: Some("7700000016".to_owned()),
        ogrn: None,
    };
    let sought = PowerSought {
        codes: vec!["BBB_2_001".to_owned()],
        words: vec!["договор".to_owned()],
    };
    let parents = [Grant {
        power,
        signature: OwnSignature::Enveloped,
    }];
    for signature in [
        OwnSignature::Enveloped,
        OwnSignature::Detached(detached),
        OwnSignature::Missing,
    ] {
        let question = Question {
            grant: Grant { power, signature },
            parents: &parents,
            signer: signer.as_ref(),
            organisation: Some(&organisation),
            sought: Some(&sought),
            registry: None,
            evidence: &GivenEvidence::none(),
            at: now(),
            now: now(),
        };
        let policy = AuthorityPolicy::default();
        let report = judge_authority(&question, &policy, &Anchors::none(), &limits);
        serde_json::to_string(&report).expect("a report can be sent");
        assert!(report.result != Outcome::Confirmed, "nobody is trusted");
    }
}

/// Signatures in XML.
pub fn xml_signature(bytes: &[u8]) {
    conclude(&chancery_xades::gather_xml(
        bytes,
        &chancery_xades::Limits::default(),
    ));
}

/// A trusted list: read without asking who signed it, with all that is made of one that was signed,
/// and as one that nobody may sign.
pub fn trusted_list(bytes: &[u8]) {
    let limits = chancery_xades::Limits::default();
    let (now, policy) = (Instant::from_seconds(1_782_907_200), ListPolicy::default());
    let report = read_trusted_list(bytes, &[], &policy, now, &limits);
    assert_ne!(report.result, Outcome::Confirmed, "nobody may sign it");
    assert_eq!(report.list, None);
    let Ok(mut list) = parse_trusted_list(bytes, &limits) else {
        return;
    };
    // Of a country where the law is known.
    list.territory = Some("DE".to_owned());
    let stored = serde_json::to_vec(&list.issue()).expect("an issue is stored");
    let read: Option<ListedIssue> = serde_json::from_slice(&stored).expect("and read");
    assert_eq!(read, list.issue(), "the same issue");
    for authority in read.iter().flat_map(|issue| &issue.authorities) {
        let spans = authority.spans.iter();
        let ends = spans.clone().map(|span| span.until).collect::<Vec<_>>();
        let begins = spans.skip(1).map(|span| Some(span.since));
        assert!(
            begins.chain([None]).eq(ends),
            "one after another, the last one open"
        );
    }
    let _ = list.anchors_at(now);
}
