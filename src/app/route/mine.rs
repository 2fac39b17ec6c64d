//! What the reader of a route may do: their open task, and tasks that they handed on.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::{DocumentId, PersonId, TaskId};
use chancery_workflow::{Assignee, Decision, StageKind};

use super::seat::{PoolMove, own_seat, pool_move};
use crate::app::allow;
use crate::app::names::Names;
use crate::app::tasks::assignee_of;
use crate::app::transition::LoadedRun;
use crate::domain::access::{Action, DocumentFacts, Resource, TaskFacts, decide};
use crate::domain::actor::Actor;
use crate::store::entity::tasks;

/// The reader's open task, as the decision bar needs it.
#[derive(Clone, Debug)]
pub struct MyTask {
    /// The task.
    pub id: TaskId,
    /// The document.
    pub document_id: DocumentId,
    /// The stage's title.
    pub stage_title: String,
    /// What is asked.
    pub kind: StageKind,
    /// What may be decided; empty for a signature, which has its own page.
    pub decisions: BTreeSet<Decision>,
    /// How the workflow calls a decision, in the reader's language, where it has a name of its own.
    pub titles: BTreeMap<Decision, String>,
    /// The digest that the decision must carry.
    pub version_digest: String,
    /// The version's number.
    pub version_number: u32,
    /// Since when it waits.
    pub opened_at: Instant,
    /// By when.
    pub due_at: Option<Instant>,
    /// Who holds it, if the reader may decide because they are away.
    pub in_place_of: Option<String>,
    /// In whose name the reader decides what was handed on to them.
    pub handed_on_by: Vec<String>,
    /// Whether the reader may hand it on.
    pub may_delegate: bool,
    /// Whether the reader may give it to somebody else, who decides in their own name.
    pub may_reassign: bool,
    /// Whether the reader may ask one more person in its stage.
    pub may_add: bool,
    /// What may be done with it, if it is of a pool.
    pub pool: Option<PoolMove>,
    /// The fields that the stage fills; empty if none.
    pub form: Vec<String>,
    /// Whether they are there.
    pub is_form_filled: bool,
}

/// A task that the reader handed on and may take back.
#[derive(Clone, Debug)]
pub struct HandedOn {
    /// The task.
    pub id: TaskId,
    /// Who decides it now.
    pub to: String,
}

/// Tasks that `person` handed on and that are open.
pub(super) fn handed_on(
    run: &LoadedRun,
    person: PersonId,
    rows: &[tasks::Model],
    names: &Names,
) -> Vec<HandedOn> {
    let open = run.state.open_tasks();
    let own = open.filter(|(_, task)| task.on_behalf_of.contains(&person));
    own.filter_map(|(number, task)| {
        let row = rows.iter().find(|row| row.number == i64::from(number.0))?;
        Some(HandedOn {
            id: row.id.into(),
            to: names.of(task.assignee),
        })
    })
    .collect()
}

/// The open task that the reader may decide.
pub(super) fn my_task(
    actor: &Actor,
    run: &LoadedRun,
    facts: &DocumentFacts,
    rows: &[tasks::Model],
    names: &Names,
    now: Instant,
) -> Option<MyTask> {
    let person = actor.person()?.id;
    let seat = own_seat(run, person, now)?;
    let (number, task) = (seat.number, seat.task);
    let row = rows.iter().find(|row| row.number == i64::from(number.0))?;
    let task_facts = TaskFacts {
        id: row.id.into(),
        document: facts.clone(),
        assignee: assignee_of(row).ok()?,
        handed_on_by: Vec::new(),
    };
    allow(decide(
        actor,
        Action::ActOnTask,
        &Resource::Task(task_facts),
    ))
    .ok()?;
    let stage = run.definition.stage(&task.stage)?;
    let subject = run.state.subject.as_ref()?;
    let is_own = seat.in_place_of.is_none();
    let behind = task.on_behalf_of.iter().copied();
    let behind = behind.filter(|_| is_own).map(Assignee::Person);
    Some(MyTask {
        id: row.id.into(),
        document_id: row.document_id.into(),
        stage_title: stage
            .title
            .get(actor.locale)
            .unwrap_or(&stage.path)
            .to_owned(),
        kind: stage.kind,
        decisions: stage.decisions.clone(),
        titles: stage
            .decision_titles
            .iter()
            .filter_map(|(decision, title)| {
                let title = title.get(actor.locale)?;
                Some((*decision, title.to_owned()))
            })
            .collect(),
        version_digest: subject.version.digest.hex(),
        version_number: subject.version.number,
        opened_at: task.opened_at,
        due_at: task.due_at,
        in_place_of: seat.in_place_of.map(|holder| names.of(holder)),
        handed_on_by: behind.map(|hand| names.of(hand)).collect(),
        may_delegate: is_own && stage.allows.delegation,
        may_reassign: is_own && stage.allows.reassignment,
        may_add: is_own && stage.allows.approvers && stage.kind == StageKind::Approve,
        pool: pool_move(&run.state, task).filter(|_| is_own),
        is_form_filled: stage
            .form
            .iter()
            .all(|name| subject.card.contains_key(name)),
        form: stage.form.iter().cloned().collect(),
    })
}
