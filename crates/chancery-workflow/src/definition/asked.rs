//! What a stage asks for, and whether the run waits for it.

use super::StageKind;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings};
use crate::yaml::{Node, Value};

/// The words of `type` for stages that ask somebody.
pub(super) const TYPES: [&str; 4] = ["approve", "review", "sign", "acknowledge"];

/// What a stage asks for, as files write it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) kind: StageKind,
    pub(super) is_review: bool,
}

pub(super) fn read_blocking(fields: &Fields<'_>, asked: Asked, findings: &mut Findings) -> bool {
    let blocking = fields
        .get("blocking")
        .and_then(|node| read::boolean(node, findings))
        .unwrap_or(true);
    if !blocking && asked.kind != StageKind::Acknowledge && !asked.is_review {
        findings.push(Diagnostic::error(
            "W114",
            "must-block",
            fields.key_at("blocking"),
        ));
    }
    blocking
}

pub(super) fn read_kind(node: &Node, findings: &mut Findings) -> Option<Asked> {
    if let Value::Scalar(scalar) = &node.value
        && scalar.text == "automatic"
    {
        findings.push(later_value(node, "type", &scalar.text));
        return None;
    }
    let word = read::word(node, &TYPES, findings)?;
    let kind = match word {
        "approve" | "review" => StageKind::Approve,
        "sign" => StageKind::Sign,
        _ => StageKind::Acknowledge,
    };
    Some(Asked {
        kind,
        is_review: word == "review",
    })
}

fn later_value(node: &Node, key: &str, value: &str) -> Diagnostic {
    Diagnostic::error("W010", "later-value", node.at)
        .arg("key", key)
        .arg("value", value)
}
