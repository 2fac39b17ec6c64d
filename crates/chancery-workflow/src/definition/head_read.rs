//! Reading what a workflow's file says of itself.

use chancery_types::Localized;
use jiff::civil::Date;

use super::Definition;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings};

/// Under what a file says that no approval is meant.
pub(super) const ALLOW_NO_APPROVAL: &str = "allow_no_approval";

/// `apiVersion`.
fn read_form(top: &Fields<'_>, findings: &mut Findings) {
    if let Some(node) = top.require("apiVersion", findings)
        && let Some(written) = read::text(node, findings)
        && written != "approvals/v1"
    {
        findings.push(Diagnostic::error("W009", "api-version", node.at).arg("text", written));
    }
}

/// `effective_from: 2027-01-01`: the first day on which runs start by the text.
fn read_effective_from(top: &Fields<'_>, findings: &mut Findings) -> Option<Date> {
    let node = top.get("effective_from")?;
    let written = read::text(node, findings)?;
    let day = written.parse().ok();
    if day.is_none() {
        findings.push(Diagnostic::error("W412", "bad-date", node.at).arg("text", written));
    }
    day
}

/// What a file says of itself.
pub(super) struct Head {
    pub(super) id: Option<String>,
    pub(super) title: Option<Localized>,
    /// From which day the text is in force.
    pub(super) effective_from: Option<Date>,
    /// Whether a run may go through it without an approval.
    pub(super) allows_no_approval: bool,
}

/// The identifier, the title and the rest of the head; the form of the file is checked.
pub(super) fn read_head(top: &Fields<'_>, findings: &mut Findings) -> Head {
    read_form(top, findings);
    let id = top
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let waived = top.get(ALLOW_NO_APPROVAL);
    Head {
        id,
        title,
        effective_from: read_effective_from(top, findings),
        allows_no_approval: waived.and_then(|node| read::boolean(node, findings)) == Some(true),
    }
}

impl Definition {
    /// The first day, by the organisation's clock, on which runs start by it; any, if it says none.
    #[must_use]
    pub const fn effective_from(&self) -> Option<Date> {
        self.effective_from
    }

    /// Whether a run may be completed by it without an approval and without a signature, because
    /// the file says so.
    #[must_use]
    pub const fn allows_no_approval(&self) -> bool {
        self.allows_no_approval
    }
}
