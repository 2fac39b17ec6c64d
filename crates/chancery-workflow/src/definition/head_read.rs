//! Reading what a workflow's file says of itself.

use chancery_types::Localized;

use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings};

/// `apiVersion`.
pub(super) fn read_form(top: &Fields<'_>, findings: &mut Findings) {
    if let Some(node) = top.require("apiVersion", findings)
        && let Some(written) = read::text(node, findings)
        && written != "approvals/v1"
    {
        findings.push(Diagnostic::error("W009", "api-version", node.at).arg("text", written));
    }
}

/// The identifier and the title.
pub(super) fn read_name(
    top: &Fields<'_>,
    findings: &mut Findings,
) -> (Option<String>, Option<Localized>) {
    let id = top
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    (id, title)
}
