//! What the history says of a step: one event, with what its readers need.

use chancery_workflow::{Assignee, Decision, Event, EventKind, LookupAnswer, State, TaskNumber};
use serde_json::{Map, Value, json};

use super::effects::Scribe;
use super::{LoadedRun, times};
use crate::app::audit::Happening;

/// What the history says of a step.
pub(super) fn happening(
    run: &LoadedRun,
    event: &Event,
    after: &State,
    scribe: &Scribe<'_>,
) -> Happening {
    let (action, task) = match &event.kind {
        EventKind::Started { .. } => ("run.started", None),
        EventKind::Decided { task, .. } => ("task.decided", Some(*task)),
        EventKind::Signed { task, .. } => ("task.signed", Some(*task)),
        EventKind::NewVersion { .. } => ("run.version_taken", None),
        EventKind::Resubmitted { .. } => ("run.resubmitted", None),
        EventKind::Reassigned { task, .. } if is_own(run, event, *task) => {
            ("task.reassigned", Some(*task))
        }
        EventKind::Reassigned { task, .. } => ("task.reassigned_from_outside", Some(*task)),
        EventKind::Withdrawn { .. } => ("run.withdrawn", None),
        EventKind::ApproverAdded { .. } => ("run.approver_added", None),
        EventKind::ApproverDropped { .. } => ("run.approver_dropped", None),
        EventKind::VoteRevoked { task } => ("task.revoked", Some(*task)),
        EventKind::Cancelled { .. } => ("run.cancelled", None),
        EventKind::Suspended { .. } => ("run.suspended", None),
        EventKind::Resumed => ("run.resumed", None),
        EventKind::TimerFired { .. } => ("run.timer_fired", None),
        EventKind::CalendarChanged { .. } => ("run.calendar_changed", None),
        EventKind::Migrated { .. } => ("run.migrated", None),
        EventKind::FormFilled { task, .. } => ("task.form_filled", Some(*task)),
        EventKind::Claimed { task } => ("task.claimed", Some(*task)),
        EventKind::Unclaimed { task } => ("task.unclaimed", Some(*task)),
        EventKind::Delegated { task, .. } => ("task.delegated", Some(*task)),
        EventKind::DelegationEnded { task } => ("task.delegation_ended", Some(*task)),
        EventKind::AbsenceBegan { .. } => ("run.absence_began", None),
        EventKind::LookupAnswered { .. } => ("run.lookup_answered", None),
        EventKind::ChildrenCounted { .. } => ("run.children_counted", None),
        EventKind::IncidentRetried => ("run.incident_retried", None),
    };
    let subject = task.and_then(|number| scribe.task_id(number));
    let made = match subject {
        Some(id) => Happening::to(action, "task", id),
        None => Happening::to(action, "run", run.row.id),
    };
    let digest = after
        .subject
        .as_ref()
        .map(|subject| subject.version.digest.hex());
    let mut made = made
        .on_document(run.row.document_id)
        .with(details(run, event, after));
    made.version_digest = digest;
    made
}

/// Whether who moves a task has to do with it: its holder, or the run's initiator.
fn is_own(run: &LoadedRun, event: &Event, task: TaskNumber) -> bool {
    let mover = event.actor.assignee();
    let holder = run.state.tasks.get(&task).map(|task| task.assignee);
    let initiator = Assignee::Person(run.row.initiator_id.into());
    mover.is_some() && (mover == holder || mover == Some(initiator))
}

fn details(run: &LoadedRun, event: &Event, after: &State) -> Value {
    let stage = |task| {
        let task = after.tasks.get(task)?;
        Some(task.stage.clone())
    };
    let before = |task| run.state.tasks.get(task).map(|task| task.assignee);
    let mut details = match &event.kind {
        EventKind::Started { .. } => json!({
            "workflow": run.definition.id(),
            "definition_digest": run.row.definition_digest,
        }),
        EventKind::Decided {
            task,
            decision,
            comment,
            remarks,
            ..
        } => json!({
            "stage": stage(task),
            "decision": decision.code(),
            "comment": comment,
            "remarks": remarks,
        }),
        EventKind::Signed { task, .. } => json!({ "stage": stage(task), "decision": "sign" }),
        EventKind::NewVersion { version, .. } => json!({ "version": version.number }),
        EventKind::Resubmitted { comment } => json!({ "comment": comment }),
        EventKind::Reassigned { task, to } => json!({
            "stage": stage(task),
            "from": before(task),
            "to": to,
        }),
        EventKind::Withdrawn { reason }
        | EventKind::Cancelled { reason }
        | EventKind::Suspended { reason } => json!({ "reason": reason }),
        EventKind::ApproverAdded {
            stage,
            person,
            place,
            required,
        } => json!({ "stage": stage, "person": person, "place": place, "required": required }),
        EventKind::ApproverDropped { stage, person } => json!({ "stage": stage, "person": person }),
        EventKind::FormFilled { task, fields, .. } => {
            json!({ "stage": stage(task), "fields": fields })
        }
        EventKind::Delegated { task, .. } | EventKind::DelegationEnded { task } => json!({
            "stage": stage(task),
            "from": before(task),
            "to": after.tasks.get(task).map(|task| task.assignee),
        }),
        EventKind::VoteRevoked { task }
        | EventKind::Claimed { task }
        | EventKind::Unclaimed { task } => json!({ "stage": stage(task) }),
        EventKind::AbsenceBegan { person } => json!({ "from": person }),
        EventKind::LookupAnswered { lookup, answer, .. } => answered(lookup, answer),
        EventKind::ChildrenCounted { .. } => waits(run, after),
        EventKind::Resumed | EventKind::IncidentRetried => json!({}),
        EventKind::TimerFired { timer, .. } => times::told(run, *timer),
        EventKind::CalendarChanged { digest } => json!({ "calendar_digest": digest.hex() }),
        EventKind::Migrated {
            pinned_from,
            pinned_to,
            ..
        } => json!({ "from_digest": pinned_from.hex(), "to_digest": pinned_to.hex() }),
    };
    if let Value::Object(values) = &mut details {
        add_common(values, run, event, after);
    }
    details
}

/// What every step says besides.
fn add_common(values: &mut Map<String, Value>, run: &LoadedRun, event: &Event, after: &State) {
    if let EventKind::Decided { task, decision, .. } = &event.kind
        && *decision == Decision::Reject
        && let Some(task) = after.tasks.get(task)
        && let Some(stage) = run.definition.stage(&task.stage)
        && let Some(note) = &stage.rework_note
    {
        values.insert("note".to_owned(), json!(note));
    }
    if let EventKind::Decided { task, .. } | EventKind::Signed { task, .. } = &event.kind
        && let Some(task) = after.tasks.get(task)
        && !task.on_behalf_of.is_empty()
    {
        values.insert("on_behalf_of".to_owned(), json!(task.on_behalf_of));
    }
    let mandates = mandates_of(run, event, after);
    if !mandates.is_empty() {
        values.insert("mandates".to_owned(), json!(mandates));
    }
    let known = run.state.incident.as_ref().map(|incident| incident.number);
    let opened = after.incident.as_ref();
    let opened = opened.filter(|incident| Some(incident.number) != known);
    if let Some(incident) = opened {
        values.insert("reason".to_owned(), json!(incident.why));
    }
    values.insert("phase".to_owned(), json!(after.phase));
    values.insert("round".to_owned(), json!(after.round));
}

/// The rows of the register by which this step asks somebody, or by which its actor has acted.
fn mandates_of(run: &LoadedRun, event: &Event, after: &State) -> Vec<Value> {
    let mut told = Vec::new();
    if let EventKind::Decided { task, .. } | EventKind::Signed { task, .. } = &event.kind
        && let Some(mandate) = after.tasks.get(task).and_then(|task| task.mandate)
    {
        told.push(json!({ "mandate": mandate, "acts": true }));
    }
    let opened = after.open_tasks();
    for (_, task) in opened.filter(|(number, _)| !run.state.tasks.contains_key(number)) {
        let Some(stage) = after.stages.get(&task.stage) else {
            continue;
        };
        let seats = stage.electorate.iter().zip(&stage.seats);
        let mut own = seats.filter(|(sits, _)| **sits == task.elector);
        if let Some(mandate) = own.find_map(|(_, seat)| seat.mandate) {
            told.push(json!({ "mandate": mandate, "stage": task.stage, "to": task.assignee }));
        }
    }
    told
}

/// How many documents there are of each sort that is waited for, and no more: who reads the history
/// may not be one who sees them.
fn waits(run: &LoadedRun, after: &State) -> Value {
    let nodes = after.nodes(&run.definition).into_iter();
    let waits = nodes.flat_map(|node| node.waits).map(|wait| {
        let told = json!({
            "kind": wait.kind,
            "phase": wait.phase,
            "open": wait.open,
            "completed": wait.completed,
            "lost": wait.lost,
        });
        (wait.name, told)
    });
    let waits: Map<String, Value> = waits.collect();
    json!({ "waits": waits })
}

fn answered(lookup: &str, answer: &LookupAnswer) -> Value {
    match answer {
        LookupAnswer::Given { values } => {
            json!({ "lookup": lookup, "what": lookup, "values": values })
        }
        LookupAnswer::Failed { why } => {
            json!({ "lookup": lookup, "what": lookup, "reason": why })
        }
    }
}
