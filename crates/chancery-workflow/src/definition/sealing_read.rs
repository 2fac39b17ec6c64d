//! Reading `signature`, and whether its stage stands where it can hold.

use std::collections::BTreeSet;

use super::check::{Order, Read, most};
use super::nodes::ReadNode;
use super::sealing::{Certify, DemandedKind, DemandedLevel, LockedForm, Sealing, SignatureForm};
use super::stage::StagePlace;
use super::{Quorum, Stage, StageKind};
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

pub(super) const SIGNATURE_KEYS: Keys = Keys {
    known: &["form", "certify", "lock", "kind", "format", "detached"],
    later: &[],
};
/// The words of `kind`.
pub(super) const KINDS: [&str; 4] = ["any", "simple", "advanced", "qualified"];
/// The words of `format`: a signature has these when it is made.
pub(super) const FORMATS: [&str; 4] = ["CAdES-B", "CAdES-T", "PAdES-B", "PAdES-T"];
/// What a signature is raised to later.
const FORMATS_LATER: [&str; 4] = ["CAdES-LT", "CAdES-LTA", "PAdES-LT", "PAdES-LTA"];
/// Most names of fields in one lock.
pub(super) const FIELDS_MAX: usize = 100;
/// The longest full name of a field, in characters.
pub(super) const NAME_CHARS_MAX: usize = 200;

/// `{ form: detached }` or `{ certify: fill_and_sign, lock: [payer.account] }`, only of a
/// signature.
pub(super) fn read_sealing(
    fields: &Fields<'_>,
    kind: StageKind,
    findings: &mut Findings,
) -> Option<Sealing> {
    let node = fields.get("signature")?;
    if kind != StageKind::Sign {
        let at = fields.key_at("signature");
        findings.push(Diagnostic::error("W126", "signature-only-sign", at));
    }
    let fields = Fields::open(node, SIGNATURE_KEYS, findings)?;
    if fields.pairs().is_empty() {
        findings.push(Diagnostic::error("W006", "signature-empty", node.at));
    }
    let (form, level) = read_stands(&fields, findings);
    let kind = fields.get("kind").and_then(|node| {
        let word = read::word(node, &KINDS, findings)?;
        let mut all = DemandedKind::ALL.into_iter();
        all.find(|kind| kind.code() == word)
    });
    let certify = fields.get("certify").and_then(|node| {
        let word = read::word(node, &["no_changes", "fill_and_sign", "annotate"], findings)?;
        Some(match word {
            "no_changes" => Certify::NoChanges,
            "fill_and_sign" => Certify::FillAndSign,
            _ => Certify::Annotate,
        })
    });
    let lock = fields
        .get("lock")
        .and_then(|node| read_lock(node, findings));
    let sealing = Sealing {
        form,
        certify,
        lock,
        kind: kind.unwrap_or_default(),
        level,
    };
    if sealing.is_detached() {
        for key in ["certify", "lock"] {
            if fields.get(key).is_some() {
                let finding = Diagnostic::error("W126", "detached-binds", fields.key_at(key));
                findings.push(finding.arg("key", key));
            }
        }
    }
    Some(sealing)
}

/// Where the signatures stand, and how far each must carry: `form`, or what `detached` and `format`
/// say of the same. They say one thing.
fn read_stands(
    fields: &Fields<'_>,
    findings: &mut Findings,
) -> (SignatureForm, Option<DemandedLevel>) {
    let of = |is_detached: bool| match is_detached {
        true => SignatureForm::Detached,
        false => SignatureForm::Embedded,
    };
    let mut said = Vec::new();
    if let Some(node) = fields.get("form") {
        let word = read::word(node, &["embedded", "detached"], findings);
        said.extend(word.map(|word| ("form", of(word == "detached"))));
    }
    if let Some(node) = fields.get("detached") {
        let answer = read::boolean(node, findings);
        said.extend(answer.map(|answer| ("detached", of(answer))));
    }
    let mut level = None;
    if let Some(node) = fields.get("format")
        && let Some(word) = read_format(node, findings)
    {
        said.push(("format", of(word.starts_with("CAdES"))));
        level = Some(match word.ends_with("-T") {
            true => DemandedLevel::T,
            false => DemandedLevel::B,
        });
    }
    let Some((first, form)) = said.first().copied() else {
        return (SignatureForm::default(), level);
    };
    if let Some((other, _)) = said.iter().find(|(_, other)| *other != form) {
        let finding = Diagnostic::error("W126", "form-contradicts", fields.key_at(other));
        findings.push(finding.arg("key", other).arg("first", first));
    }
    (form, level)
}

fn read_format(node: &Node, findings: &mut Findings) -> Option<&'static str> {
    let written = read::text(node, findings)?;
    if FORMATS_LATER.contains(&written) {
        findings.push(Diagnostic::error("W126", "format-later", node.at).arg("format", written));
        return None;
    }
    read::word(node, &FORMATS, findings)
}

fn read_lock(node: &Node, findings: &mut Findings) -> Option<LockedForm> {
    match &node.value {
        Value::Scalar(written) if written.text == "all" => return Some(LockedForm::All),
        // Whoever writes one name means a list of one.
        Value::Scalar(written) => {
            let finding = Diagnostic::error("W006", "lock-word", node.at);
            findings.push(finding.arg("text", &written.text));
            return None;
        }
        _ => {}
    }
    let nodes = read::list(node, findings)?;
    if nodes.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    if nodes.len() > FIELDS_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", FIELDS_MAX));
        return None;
    }
    let mut names = BTreeSet::new();
    for node in nodes {
        let Some(name) = read::text(node, findings) else {
            continue;
        };
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let finding = Diagnostic::error("W006", "lock-name", node.at);
            findings.push(finding.arg("max", NAME_CHARS_MAX));
        }
        names.insert(name.to_owned());
    }
    Some(LockedForm::Fields(names))
}

/// A certification is the first signature of a file, and what closes a file is the last: where the
/// file of the chain lets another stage or another signer come in between, it would be refused
/// only on the day of the signature. One that stands in a file of its own is neither before nor
/// after: it changes nothing in the file.
pub(super) fn check_sealing(read: &Read<'_, '_>, order: &Order, findings: &mut Findings) {
    let stages: Vec<_> = read.nodes.iter().flat_map(ReadNode::stages).collect();
    let signing = |stage: &&(&Stage, &StagePlace<'_>)| stage.0.kind == StageKind::Sign;
    for (stage, place) in stages.iter().filter(signing) {
        let bound = stage.sealing.as_ref().filter(|one| !one.is_detached());
        let Some(sealing) = bound else {
            continue;
        };
        let at = place.fields.key_at("signature");
        let others = || {
            stages
                .iter()
                .filter(signing)
                .filter(|(other, _)| other.id != stage.id && !signs_beside(other))
        };
        let before = others().find(|(other, _)| !order.is_earlier(&stage.id, &other.id));
        if let (Some(_), Some((other, _))) = (sealing.certify, before) {
            let finding = Diagnostic::error("W126", "certify-not-first", at);
            findings.push(finding.arg("stage", &stage.id).arg("other", &other.id));
        }
        if !sealing.is_final() {
            continue;
        }
        let after = others().find(|(other, _)| !order.is_earlier(&other.id, &stage.id));
        if let Some((other, _)) = after {
            let finding = Diagnostic::error("W126", "closes-before", at);
            findings.push(finding.arg("stage", &stage.id).arg("other", &other.id));
        } else if !is_one_signature(stage, place) {
            findings.push(Diagnostic::error("W126", "closes-among", at).arg("stage", &stage.id));
        }
    }
}

/// Whether the signatures of a stage stand in files of their own.
fn signs_beside(stage: &Stage) -> bool {
    stage.sealing.as_ref().is_some_and(Sealing::is_detached)
}

/// Whether one signature is sure to be enough.
fn is_one_signature(stage: &Stage, place: &StagePlace<'_>) -> bool {
    let one_is_enough = |quorum: Quorum| match quorum {
        Quorum::Any | Quorum::Count(1) => true,
        Quorum::All => most(&stage.assignees) == Some(1) && most(&stage.if_empty) <= Some(1),
        _ => false,
    };
    place.rule.all().all(one_is_enough) && stage.veto.is_empty() && !stage.allows.approvers
}
