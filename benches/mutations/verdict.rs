//! What we say of a file, in a line.

use chancery_signature as sig;
use sig::facts::Change;
use sig::{Anchors, Answer, Limits, ValidationPolicy};

/// `intact crypto reasons changes milliseconds`, between tabs; `panic` where there is no answer.
pub fn of(bytes: &[u8]) -> String {
    let before = std::time::Instant::now();
    let judged = std::panic::catch_unwind(|| judged(bytes));
    let judged = judged.unwrap_or_else(|_| "panic\tpanic\tpanic\t-".to_owned());
    format!("{judged}\t{}", before.elapsed().as_millis())
}

fn judged(bytes: &[u8]) -> String {
    let facts = sig::gather(bytes, None, &Limits::default());
    let policy = ValidationPolicy::default();
    let moment = "2026-07-31T12:30:00Z".parse().expect("a moment");
    let report = sig::judge(&facts, &policy, moment, &own_anchors(&facts));
    let own = report.reasons.iter();
    let all = own.chain(report.signatures.iter().flat_map(|one| &one.reasons));
    let mut reasons: Vec<&str> = all
        .filter(|reason| !reason.code.concerns_trust())
        .map(|reason| reason.code.key())
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    let changes = facts.pdf.iter().flat_map(|pdf| &pdf.changes);
    let mut changes: Vec<&str> = changes
        .flat_map(|revision| &revision.changes)
        .map(word_of)
        .collect();
    changes.sort_unstable();
    changes.dedup();
    let words = |words: Vec<&str>| match words.is_empty() {
        true => "-".to_owned(),
        false => words.join(" "),
    };
    format!(
        "{}\t{}\t{}\t{}",
        answer(report.intact),
        answer(report.crypto),
        words(reasons),
        words(changes)
    )
}

fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Undecided => "undecided",
    }
}

fn word_of(change: &Change) -> &'static str {
    match change {
        Change::SignatureAdded { .. } => "signature_added",
        Change::SignatureFieldAdded { .. } => "signature_field_added",
        Change::FieldFilled { .. } => "field_filled",
        Change::FieldLetters { .. } => "field_letters",
        Change::AnnotationAdded { .. } => "annotation_added",
        Change::PermissionsChanged => "permissions_changed",
        Change::EvidenceAdded => "evidence_added",
        Change::MetadataChanged => "metadata_changed",
        Change::ContentChanged { .. } => "content_changed",
        Change::PagesChanged { .. } => "pages_changed",
        Change::ActionAdded { .. } => "action_added",
        Change::HiddenBytes { .. } => "hidden_bytes",
        Change::OrphanAdded { .. } => "orphan_added",
        Change::Unexplained { .. } => "unexplained",
    }
}

/// Every certificate that a file brings is trusted: trust must not be what stops a forgery.
fn own_anchors(facts: &sig::Facts) -> Anchors {
    let signers = facts.signatures.iter().flat_map(|one| &one.signer);
    let tokens = signers.flat_map(|signer| &signer.tokens);
    let own = facts.signatures.iter().flat_map(|one| &one.certificates);
    let mut anchors = Anchors::none();
    for der in own.chain(tokens.flat_map(|token| &token.certificates)) {
        if let Ok(more) = Anchors::from_pem_or_der(&der.0) {
            anchors.extend(more);
        }
    }
    anchors
}
