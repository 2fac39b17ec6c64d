//! Reading `form`, which fields of the card a stage fills, and `absorb`.

use std::collections::BTreeSet;

use super::StageKind;
use super::consequence_read::read_field;
use super::stage::Shared;
use crate::diagnostic::Diagnostic;
use crate::means::Ability;
use crate::read::{self, Fields, Findings, Keys};

pub(super) const FORM_KEYS: Keys = Keys {
    known: &["required"],
    later: &[],
};

/// `same_person`, only of a signature: whoever signs need not approve before.
pub(super) fn read_absorb(
    fields: &Fields<'_>,
    kind: StageKind,
    shared: &Shared<'_>,
    findings: &mut Findings,
) -> bool {
    let can = shared
        .means
        .admits(Ability::Absorption, fields, &["absorb"], findings);
    let Some(node) = fields.get("absorb").filter(|_| can) else {
        return false;
    };
    if kind != StageKind::Sign {
        findings.push(Diagnostic::error("W124", "absorb-only-sign", node.at));
    }
    read::word(node, &["same_person"], findings).is_some()
}

/// `{ required: [doc.posting_account] }`: the fields, each of which must be there before anybody
/// agrees. None of them is material: filling it would make a version on which nobody has voted.
pub(super) fn read_form(
    fields: &Fields<'_>,
    shared: &Shared<'_>,
    findings: &mut Findings,
) -> BTreeSet<String> {
    let mut form = BTreeSet::new();
    let can = shared
        .means
        .admits(Ability::Forms, fields, &["form"], findings);
    let node = fields.get("form").filter(|_| can);
    let required = node
        .and_then(|node| Fields::open(node, FORM_KEYS, findings))
        .and_then(|fields| fields.require("required", findings));
    let Some(node) = required else {
        return form;
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    for node in nodes {
        let Some(name) = read_field(node, shared.kind, findings) else {
            continue;
        };
        if shared.material.fields.contains(&name) {
            let finding = Diagnostic::error("W212", "form-field-material", node.at);
            findings.push(finding.arg("name", &name));
        }
        let is_there = |name: &str| shared.kind.field(name).is_some_and(|field| field.required);
        if is_there(&name) {
            let finding = Diagnostic::warning("W212", "form-field-always", node.at);
            findings.push(finding.arg("name", &name));
        }
        form.insert(name);
    }
    form
}
