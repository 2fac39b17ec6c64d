//! The decision bar, ready to print.

use std::collections::BTreeMap;

use chancery_workflow::{Decision, StageKind};

use super::view::pool_verb;
use crate::app::route::MyTask;
use crate::web::Shell;

/// The decision bar: `partials/document/decision.html` takes it as `decision`.
#[derive(Clone, Debug)]
pub struct DecisionView {
    /// The task.
    pub task_id: String,
    /// The digest of the version that is shown.
    pub version_digest: String,
    /// What is asked, in words.
    pub asks: String,
    /// By when, in words; may be empty.
    pub due: String,
    /// In whose place the reader decides, in words; may be empty.
    pub in_place_of: String,
    /// `claim` or `unclaim`; empty if the task is of no pool.
    pub pool: &'static str,
    /// Whether handing the task on, to decide in the reader's name, is offered.
    pub delegate: bool,
    /// Whether giving back what was handed on is offered.
    pub give_back: bool,
    /// Whether the stage fills fields of the card.
    pub form: bool,
    /// Whether some of them are not filled: then nobody agrees yet.
    pub is_form_open: bool,
    /// Whether giving the task to somebody else is offered: to its holder.
    pub reassign: bool,
    /// Whether asking one more person in the stage is offered.
    pub add_approver: bool,
    /// Whether approving is offered.
    pub approve: bool,
    /// Whether approving with remarks is offered.
    pub approve_with_remarks: bool,
    /// Whether returning is offered.
    pub returns: bool,
    /// Whether rejecting is offered.
    pub reject: bool,
    /// Whether abstaining is offered.
    pub abstain: bool,
    /// Whether waiting is offered.
    pub hold: bool,
    /// What the buttons say, by the decision's code.
    labels: BTreeMap<&'static str, String>,
    /// Whether it asks to confirm having read.
    pub acknowledge: bool,
    /// Whether it asks for a signature: a page of its own.
    pub sign: bool,
}

/// What a button says unless the workflow calls it otherwise.
const DECISIONS: [(Decision, &str); 7] = [
    (Decision::Approve, "decide-approve"),
    (Decision::ApproveWithRemarks, "decide-approve-with-remarks"),
    (Decision::Return, "decide-return"),
    (Decision::Reject, "decide-reject"),
    (Decision::Abstain, "decide-abstain"),
    (Decision::Hold, "decide-hold"),
    (Decision::Acknowledge, "decide-acknowledge"),
];

/// In whose name the reader decides, in words; empty if in their own.
fn behind(shell: &Shell, task: &MyTask) -> String {
    let names: Vec<&str> = task
        .in_place_of
        .iter()
        .chain(&task.handed_on_by)
        .map(String::as_str)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => shell.t1("person-on-behalf-of", "names", names.join(", ")),
    }
}

impl DecisionView {
    /// What the button of a decision says.
    #[must_use]
    pub fn label(&self, code: &str) -> &str {
        self.labels.get(code).map_or("", String::as_str)
    }

    /// The bar for the reader's open task.
    #[must_use]
    pub fn new(shell: &Shell, task: &MyTask) -> Self {
        let offers = |decision| task.decisions.contains(&decision);
        let approves = task.kind == StageKind::Approve;
        let is_form_open = !task.is_form_filled;
        let overdue = task.due_at.is_some_and(|due| due < shell.now);
        let key = if overdue { "task-overdue" } else { "task-due" };
        Self {
            task_id: task.id.to_string(),
            version_digest: task.version_digest.clone(),
            asks: shell.t1("decision-stage", "stage", task.stage_title.as_str()),
            due: task.due_at.map_or_else(String::new, |due| {
                shell.t1(key, "when", shell.formats.moment(due))
            }),
            in_place_of: behind(shell, task),
            pool: pool_verb(task.pool),
            delegate: task.may_delegate,
            give_back: !task.handed_on_by.is_empty(),
            form: !task.form.is_empty(),
            is_form_open,
            reassign: task.may_reassign && task.handed_on_by.is_empty(),
            add_approver: task.may_add,
            approve: approves && offers(Decision::Approve) && !is_form_open,
            approve_with_remarks: approves && offers(Decision::ApproveWithRemarks) && !is_form_open,
            returns: offers(Decision::Return),
            reject: offers(Decision::Reject),
            abstain: approves && offers(Decision::Abstain),
            hold: approves && offers(Decision::Hold),
            labels: DECISIONS
                .map(|(decision, key)| {
                    let own = task.titles.get(&decision).cloned();
                    (decision.code(), own.unwrap_or_else(|| shell.t(key)))
                })
                .into(),
            acknowledge: task.kind == StageKind::Acknowledge && !is_form_open,
            sign: task.kind == StageKind::Sign && !is_form_open,
        }
    }
}
