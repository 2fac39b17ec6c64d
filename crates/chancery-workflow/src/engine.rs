//! The one function: from what is, and what happened, to what follows.

mod absorb;
mod advance;
mod approvers;
mod assignees;
mod automatic;
mod behalf;
mod card;
mod change;
mod children;
mod decide;
mod dues;
mod duties;
mod escalate;
mod extra_round;
mod foresee;
mod forms;
mod mandates;
mod migrate;
mod opening;
mod perform;
mod pick;
mod rebudget;
mod reseat;
mod reworkers;
mod rights;
pub(crate) mod tally;
mod timers;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::field::Card;
use chancery_types::id::PersonId;

use crate::deed::Occasion;
use crate::definition::{Definition, Stage};
use crate::directory::Directory;
use crate::event::{Actor, CloseReason, Effect, Event, EventKind, Outcome, SkipReason, Step};
use crate::expression::{Expression, Given};
use crate::refusal::Refusal;
use crate::state::{
    AddedSeat, Assignee, Phase, STATE_SCHEMA, StagePhase, StageState, State, Subject, Task,
    TaskNumber, TaskState, Version,
};

use assignees::people;
use card::check_card;

pub use behalf::stand_ins;
pub use children::CHILDREN_MAX;
pub(crate) use children::Counted;
pub(crate) use foresee::{forecast, forecast_extra_round, forecast_waits};
pub use mandates::check_mandate;
pub use rights::{Rights, rights};

/// The most tasks of one run: a bound that no workflow within its rounds comes near.
const TASKS_MAX: u32 = 100_000;

/// Applies one event to one run.
///
/// # Errors
///
/// A [`Refusal`] if the event has no arrow from this phase, or its guard says no. The state is
/// then unchanged.
pub fn apply(
    definition: &Definition,
    state: &State,
    event: &Event,
    directory: &Directory,
) -> Result<Step, Refusal> {
    let mut run = Run {
        definition,
        directory,
        at: event.at,
        is_foreseen: false,
        state: state.clone(),
        effects: Vec::new(),
    };
    run.put_aside(event.actor, &event.kind)?;
    check_state(definition, &run.state)?;
    run.take(event)?;
    run.ask_elsewhere()?;
    run.settle_timers()?;
    run.tell_substitutes()?;
    Ok(Step {
        state: run.state,
        effects: run.effects,
    })
}

/// A state is of this definition if it has its schema and names only its stages.
fn check_state(definition: &Definition, state: &State) -> Result<(), Refusal> {
    let corrupt = |what: String| Err(Refusal::Corrupt { what });
    if state.schema != STATE_SCHEMA {
        return corrupt(format!("schema {}", state.schema));
    }
    if (state.phase == Phase::Draft) != state.subject.is_none() {
        return corrupt("subject".to_owned());
    }
    let tasks = state.tasks.values().map(|task| &task.stage);
    let known = |path: &String| definition.automatics().any(|one| one.path == *path);
    if let Some(path) = state.automatic.keys().find(|path| !known(path)) {
        return corrupt(format!("stage {path}"));
    }
    let known = |name: &str| definition.subdocuments().iter().any(|one| one.name == name);
    if let Some(name) = state.awaited.keys().find(|name| !known(name)) {
        return corrupt(format!("subdocuments {name}"));
    }
    // Tasks of one stage follow each other, thousands of them perhaps: it is looked up once.
    let mut last = "";
    let mut is_unknown = |path: &'_ String| {
        let is_last = path == last;
        !is_last
            && definition.stage(path).is_none_or(|stage| {
                last = &stage.path;
                false
            })
    };
    match state
        .stages
        .keys()
        .chain(tasks)
        .find(|path| is_unknown(path))
    {
        Some(path) => corrupt(format!("stage {path}")),
        None => Ok(()),
    }
}

/// What an administrator's stop does not keep from happening.
const fn goes_on_suspended(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Resumed
            | EventKind::Cancelled { .. }
            | EventKind::Withdrawn { .. }
            | EventKind::Reassigned { .. }
            | EventKind::ApproverDropped { .. }
            | EventKind::TimerFired { .. }
            | EventKind::CalendarChanged { .. }
            | EventKind::AbsenceBegan { .. }
            | EventKind::LookupAnswered { .. }
            | EventKind::ChildrenCounted { .. }
    )
}

/// A run while an event is applied to it: the next state and what follows, until it is a [`Step`].
struct Run<'a> {
    definition: &'a Definition,
    directory: &'a Directory,
    at: Instant,
    /// Whether nothing happens, and `at` is no instant.
    is_foreseen: bool,
    state: State,
    effects: Vec<Effect>,
}

impl<'a> Run<'a> {
    /// The arrows: which event exists in which phase.
    fn take(&mut self, event: &Event) -> Result<(), Refusal> {
        let actor = event.actor;
        let phase = self.state.phase;
        let lives = matches!(phase, Phase::Running | Phase::Rework);
        if self.state.suspension.is_some() && !goes_on_suspended(&event.kind) {
            return Err(Refusal::Suspended);
        }
        match &event.kind {
            EventKind::Started { card, version } if phase == Phase::Draft => {
                self.start(actor, card, version)
            }
            EventKind::NewVersion {
                version,
                card,
                changed,
            } if lives => self.add_version(actor, version, card, changed),
            EventKind::Resubmitted { comment } if phase == Phase::Rework => {
                self.resubmit(actor, comment.as_deref())
            }
            EventKind::Withdrawn { reason } if lives => self.withdraw(actor, reason),
            EventKind::Cancelled { reason } if lives => self.cancel(actor, reason),
            EventKind::Suspended { reason } if lives => self.suspend(actor, reason),
            EventKind::Resumed if lives => self.resume(actor),
            EventKind::ApproverDropped { stage, person } if lives => {
                self.drop_approver(actor, stage, *person)
            }
            EventKind::ApproverAdded {
                stage,
                person,
                place,
                required,
            } if phase == Phase::Running => {
                let (place, required) = (*place, *required);
                self.add_approver(actor, stage, *person, AddedSeat { place, required })
            }
            EventKind::TimerFired { timer, generation } if phase != Phase::Draft => {
                self.fire(actor, *timer, *generation)
            }
            EventKind::LookupAnswered {
                lookup,
                times,
                answer,
            } if phase != Phase::Draft => self.hear(actor, lookup, *times, answer),
            EventKind::ChildrenCounted { children } if phase != Phase::Draft => {
                self.count_children(actor, children)
            }
            EventKind::IncidentRetried if phase == Phase::Running => self.retry(actor),
            EventKind::AbsenceBegan { .. } if phase != Phase::Draft => match actor {
                // Who is told of it follows from the directory, whatever has happened.
                Actor::System => Ok(()),
                Actor::Person(_) | Actor::Contact(_) => Err(Refusal::NotTheService),
            },
            EventKind::CalendarChanged { digest } if phase != Phase::Draft => {
                self.change_calendar(actor, *digest)
            }
            EventKind::Migrated { plan, .. } if lives => self.migrate(actor, plan),
            kind if phase != Phase::Draft => self.take_of_task(actor, kind),
            _ => Err(Refusal::NotInThisPhase { phase }),
        }
    }

    /// What happens to a task. Whatever the phase, the task itself says whether it is open: a late
    /// click is told so.
    fn take_of_task(&mut self, actor: Actor, kind: &EventKind) -> Result<(), Refusal> {
        match kind {
            EventKind::Decided {
                task,
                decision,
                version_digest,
                comment,
                remarks,
            } => {
                let (decision, comment) = (*decision, comment.as_deref());
                let said = decide::Said {
                    decision,
                    comment,
                    remarks,
                };
                self.decide(actor, *task, *version_digest, &said)
            }
            EventKind::Signed {
                task,
                version_digest,
            } => self.sign(actor, *task, *version_digest),
            EventKind::FormFilled {
                task,
                version_digest,
                fields,
            } => self.fill_form(actor, *task, *version_digest, fields),
            EventKind::Reassigned { task, to } => self.reassign(actor, *task, *to),
            EventKind::VoteRevoked { task } => self.revoke(actor, *task),
            EventKind::Claimed { task } => self.claim(actor, *task),
            EventKind::Unclaimed { task } => self.unclaim(actor, *task),
            EventKind::Delegated { task, to } => self.delegate(actor, *task, *to),
            EventKind::DelegationEnded { task } => self.end_delegation(actor, *task),
            EventKind::Started { .. }
            | EventKind::NewVersion { .. }
            | EventKind::Resubmitted { .. }
            | EventKind::Withdrawn { .. }
            | EventKind::Cancelled { .. }
            | EventKind::Suspended { .. }
            | EventKind::Resumed
            | EventKind::ApproverAdded { .. }
            | EventKind::ApproverDropped { .. }
            | EventKind::TimerFired { .. }
            | EventKind::AbsenceBegan { .. }
            | EventKind::LookupAnswered { .. }
            | EventKind::ChildrenCounted { .. }
            | EventKind::IncidentRetried
            | EventKind::Migrated { .. }
            | EventKind::CalendarChanged { .. } => Err(Refusal::NotInThisPhase {
                phase: self.state.phase,
            }),
        }
    }

    fn start(&mut self, actor: Actor, card: &Card, version: &Version) -> Result<(), Refusal> {
        self.prepare(actor, card, version)?;
        self.effects.push(Effect::OpenRound { round: 1 });
        self.rehearse()?;
        self.check_extra_round()?;
        self.perform(Occasion::Started, 1);
        self.advance()
    }

    /// Everything of a start but opening stages.
    fn prepare(&mut self, actor: Actor, card: &Card, version: &Version) -> Result<(), Refusal> {
        let initiator = self.active_person(actor)?;
        check_card(self.definition, card)?;
        if !self.directory.people.contains_key(&version.author) {
            return Err(Refusal::PersonNotActive);
        }
        self.state.phase = Phase::Running;
        self.state.round = 1;
        self.state.subject = Some(Subject {
            initiator,
            card: card.clone(),
            version: version.clone(),
            changed: BTreeSet::new(),
            revised: false,
        });
        self.check_taken()?;
        let subject = self.subject()?;
        let starters = self.definition.starters();
        let finds = |starter| people(self, subject, starter).contains(&initiator);
        if starters.is_empty() || starters.iter().any(finds) {
            Ok(())
        } else {
            Err(Refusal::MayNotStart)
        }
    }

    /// Whether the chain takes the document as it is now.
    fn check_taken(&self) -> Result<(), Refusal> {
        if self.condition(self.definition.takes(), "document")? {
            Ok(())
        } else {
            Err(Refusal::NotTaken)
        }
    }

    fn subject(&self) -> Result<&Subject, Refusal> {
        self.state.subject.as_ref().ok_or_else(|| Refusal::Corrupt {
            what: "subject".to_owned(),
        })
    }

    fn stage(&self, path: &str) -> Result<&'a Stage, Refusal> {
        self.definition.stage(path).ok_or_else(|| Refusal::Corrupt {
            what: path.to_owned(),
        })
    }

    fn stage_state(&mut self, path: &str) -> &mut StageState {
        self.state.stages.entry(path.to_owned()).or_default()
    }

    fn stage_phase(&self, path: &str) -> StagePhase {
        self.state
            .stages
            .get(path)
            .map_or(StagePhase::Pending, |stage| stage.phase.clone())
    }

    fn condition(&self, when: Option<&Expression>, subject: &str) -> Result<bool, Refusal> {
        let Some(when) = when else {
            return Ok(true);
        };
        let given = self.given()?;
        when.holds(&given).map_err(|why| Refusal::Condition {
            subject: subject.to_owned(),
            why,
        })
    }

    fn given(&self) -> Result<Given<'_>, Refusal> {
        let subject = self.subject()?;
        Ok(Given {
            card: &subject.card,
            initiator: subject.initiator,
            version: &subject.version,
            round: self.state.round,
            directory: self.directory,
            actor: None,
            changed: None,
            voters: None,
            asked: Some(&self.state.asked),
        })
    }

    /// Who decided on the present version, by the stage's id, and in whose name: a rule that keeps
    /// the voters of one stage out of another keeps out both.
    fn voters(&self) -> BTreeMap<String, BTreeSet<PersonId>> {
        let mut by_path: BTreeMap<&str, BTreeSet<PersonId>> = BTreeMap::new();
        for (number, task) in &self.state.tasks {
            let TaskState::Decided {
                by: Assignee::Person(person),
                ..
            } = &task.state
            else {
                continue;
            };
            if self.state.is_on_present_version(*number) {
                let voters = by_path.entry(&task.stage).or_default();
                voters.insert(*person);
                voters.extend(&task.on_behalf_of);
            }
        }
        let mut voters: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
        for (path, those) in by_path {
            if let Some(stage) = self.definition.stage(path) {
                voters.entry(stage.id.clone()).or_default().extend(those);
            }
        }
        voters
    }

    fn active_person(&self, actor: Actor) -> Result<PersonId, Refusal> {
        let Actor::Person(id) = actor else {
            return Err(Refusal::NotAPerson);
        };
        self.directory
            .active(id)
            .map(|person| person.id)
            .ok_or(Refusal::PersonNotActive)
    }

    /// The active initiator, if the actor is that.
    fn initiator(&self, actor: Actor) -> Result<(), Refusal> {
        let person = self.active_person(actor)?;
        if person == self.subject()?.initiator {
            Ok(())
        } else {
            Err(Refusal::NotInitiator)
        }
    }

    fn task(&self, number: TaskNumber) -> Result<&Task, Refusal> {
        self.state
            .tasks
            .get(&number)
            .ok_or(Refusal::TaskUnknown { task: number })
    }

    /// The task, if it is open.
    fn open_task(&self, number: TaskNumber) -> Result<&Task, Refusal> {
        let task = self.task(number)?;
        match task.state {
            TaskState::Open => Ok(task),
            TaskState::Decided { .. } => Err(Refusal::AlreadyDecided { task: number }),
            TaskState::Closed { .. } => Err(Refusal::TaskClosed { task: number }),
        }
    }

    /// Closes without a decision every open task that `which` picks.
    fn close_tasks(&mut self, reason: CloseReason, which: impl Fn(&Task) -> bool) {
        for (number, task) in &mut self.state.tasks {
            if task.is_open() && which(task) {
                task.state = TaskState::Closed {
                    reason,
                    at: self.at,
                };
                self.effects.push(Effect::CloseTask {
                    task: *number,
                    reason,
                });
            }
        }
    }

    fn finish(&mut self, outcome: Outcome) {
        self.state.phase = match outcome {
            Outcome::Completed => Phase::Completed,
            Outcome::Rejected => Phase::Rejected,
            Outcome::Withdrawn | Outcome::Cancelled | Outcome::Expired => Phase::Withdrawn,
        };
        self.state.outcome = Some(outcome);
        self.state.reworkers.clear();
        self.effects.push(Effect::Finish { outcome });
        self.perform(Occasion::of(outcome), 1);
    }

    fn skip(&mut self, path: &str, reason: SkipReason) {
        self.stage_state(path).phase = StagePhase::Skipped(reason);
        self.effects.push(Effect::SkipStage {
            path: path.to_owned(),
            reason,
        });
    }
}
