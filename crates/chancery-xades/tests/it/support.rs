//! Judging a document whose signer is trusted because it is.

use chancery_signature::{Anchors, ValidationPolicy, ValidationReport, judge};
use chancery_types::Instant;
use chancery_xades::{Limits, XmlSignature, gather_xml, read_signatures};
use chancery_xml::Document;

pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a fixture")
}

pub fn at() -> Instant {
    "2026-07-01T00:00:00Z".parse().expect("a moment")
}

/// The report, with the first signature's own certificate as the only anchor.
pub fn report(document: &str) -> ValidationReport {
    let facts = gather_xml(document.as_bytes(), &Limits::default());
    let first = facts
        .signatures
        .first()
        .and_then(|one| one.certificates.first());
    let anchors = first.and_then(|der| Anchors::from_pem_or_der(&der.0).ok());
    judge(
        &facts,
        &ValidationPolicy::default(),
        at(),
        &anchors.unwrap_or_default(),
    )
}

pub fn signatures(document: &str) -> Vec<XmlSignature> {
    let read = Document::parse(document.as_bytes(), &chancery_xml::Limits::default());
    let read = read.expect("a document");
    read_signatures(&read, &Limits::default()).expect("within limits")
}

/// What the first signature covers, as texts.
pub fn covered(document: &str) -> Vec<String> {
    let all = signatures(document);
    let first = all.first().expect("a signature");
    let octets = first.covered().iter().map(|one| one.octets.clone());
    octets
        .map(|one| String::from_utf8(one).expect("a text"))
        .collect()
}

/// Every code of the first signature's reasons and warnings.
pub fn codes(report: &ValidationReport) -> Vec<&'static str> {
    let first = report.signatures.first().expect("a signature");
    let all = first.reasons.iter().chain(&first.warnings);
    all.map(|reason| reason.code.key()).collect()
}
