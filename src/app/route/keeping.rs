//! What stands beside the tasks of a run: that it was stopped, who asked for whom, and what the
//! reader may do about that.

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::{Assignee, Rights, State, TaskState, rights};

use super::may;
use crate::app::names::Names;
use crate::app::transition::LoadedRun;
use crate::domain::access::{Action, DocumentFacts};
use crate::domain::actor::Actor;

/// What stands beside the tasks of a run that goes on.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    /// Whether the reader may stop it, let it go on, end it.
    pub may_keep: bool,
    /// Who stopped it, if somebody did.
    pub stopped: Option<Stopped>,
    /// Whether it stands still since an incident.
    pub has_incident: bool,
    /// Approvers whom others asked for, in that order.
    pub added: Vec<Added>,
}

/// A run that was stopped.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// An approver whom somebody asked for.
#[derive(Clone, Debug)]
pub struct Added {
    /// The path of the stage.
    pub stage: String,
    /// Its title in the reader's language.
    pub stage_title: String,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Who asked for them.
    pub by: String,
    /// Whether the reader may drop them.
    pub may_drop: bool,
}

/// What the reader may do to the run beside their tasks.
pub(super) fn rights_of(actor: &Actor, run: &LoadedRun, facts: &DocumentFacts) -> Rights {
    let Some(person) = actor.person() else {
        return Rights::default();
    };
    let own = rights(&run.definition, &run.state, person.id, &run.directory);
    Rights {
        withdraw: own.withdraw && may(actor, Action::MoveRun, facts),
        keep: own.keep && may(actor, Action::KeepRun, facts),
        ..own
    }
}

/// Whom [`Keeping::of`] names.
pub(super) fn mentioned(state: &State) -> impl Iterator<Item = Assignee> + '_ {
    let stopped = state.suspension.iter().map(|stopped| stopped.by);
    let added = state.added.iter();
    let added = added.flat_map(|added| [added.person, added.added_by]);
    stopped.chain(added).map(Assignee::Person)
}

impl Keeping {
    pub(super) fn of(actor: &Actor, run: &LoadedRun, rights: Rights, names: &Names) -> Self {
        let state = &run.state;
        if run.row.finished_at.is_some() {
            return Self::default();
        }
        let name = |person| names.of(Assignee::Person(person));
        let reader = actor.person().map(|person| person.id);
        let has_voted = |stage: &str, person| {
            state.tasks.values().any(|task| {
                let counts = matches!(
                    task.state,
                    TaskState::Decided {
                        set_aside: false,
                        ..
                    }
                );
                counts && task.stage == stage && task.elector == Assignee::Person(person)
            })
        };
        let added = state.added.iter().map(|added| {
            let stage = run.definition.stage(&added.stage);
            let title = stage.and_then(|stage| stage.title.get(actor.locale));
            Added {
                stage: added.stage.clone(),
                stage_title: title.unwrap_or(&added.stage).to_owned(),
                person: added.person,
                name: name(added.person),
                by: name(added.added_by),
                may_drop: (rights.keep || reader == Some(added.added_by))
                    && !has_voted(&added.stage, added.person),
            }
        });
        Self {
            may_keep: rights.keep,
            stopped: state.suspension.as_ref().map(|stopped| Stopped {
                by: name(stopped.by),
                reason: stopped.reason.clone(),
                at: stopped.at,
            }),
            has_incident: state.incident.is_some(),
            added: added.collect(),
        }
    }
}
