//! What stands beside the tasks of a run, ready to print.

use crate::app::route::Keeping;
use crate::web::Shell;

/// What stands beside the tasks of a run: `partials/document/route.html` prints it.
#[derive(Clone, Debug)]
pub struct KeepingView {
    /// Who stopped the run, when and why, in words; empty if nobody did.
    pub stopped: String,
    /// Whether the reader may stop it and end it.
    pub may_keep: bool,
    /// Whether the reader may let it try again.
    pub may_retry: bool,
    /// Approvers whom others asked for.
    pub added: Vec<AddedLine>,
}

/// An approver whom somebody asked for.
#[derive(Clone, Debug)]
pub struct AddedLine {
    /// Who asked for whom, in words.
    pub told: String,
    /// The path of the stage, for the form.
    pub stage: String,
    /// Who, for the form.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Whether the reader may drop them.
    pub may_drop: bool,
}

impl KeepingView {
    pub(super) fn new(shell: &Shell, keeping: &Keeping) -> Self {
        let stopped = keeping.stopped.as_ref().map(|stopped| {
            let when = shell.formats.exact(stopped.at);
            let name = stopped.by.as_str();
            let who = shell.t2("run-stopped", "name", name, "at", when.as_str());
            format!("{who} {}", stopped.reason)
        });
        let added = keeping.added.iter().map(|added| AddedLine {
            told: shell.t2(
                "run-added",
                "name",
                added.by.as_str(),
                "stage",
                added.stage_title.as_str(),
            ),
            stage: added.stage.clone(),
            person: added.person.to_string(),
            name: added.name.clone(),
            may_drop: added.may_drop,
        });
        Self {
            stopped: stopped.unwrap_or_default(),
            may_keep: keeping.may_keep,
            may_retry: keeping.may_keep && keeping.has_incident,
            added: added.collect(),
        }
    }
}
