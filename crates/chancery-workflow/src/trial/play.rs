//! A run that is played: people are invented, and the clock jumps to whatever is due next.

mod begins;
mod children;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::{Digest, Instant};

use super::card::{complete, form};
use super::company::Company;
use super::steps::{Move, MoveKind, Named, Scene};
use crate::definition::{Definition, Stage, StageKind};
use crate::engine::apply;
use crate::event::{Actor, Decision, Effect, Event, EventKind, LookupAnswer};
use crate::refusal::Refusal;
use crate::span::{Measure, Span};
use crate::state::{
    Assignee, Child, State, TaskNumber, TaskState, TimerKind, TimerNumber, Version,
};

pub(crate) use begins::begins;

/// The most events of one trial: a timer that arms itself for ever ends here.
pub const EVENTS_MAX: usize = 20_000;
/// What is said where the engine wants words.
const WORDS: &str = "?";

/// One event of a trial and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The event.
    pub event: Event,
    /// What followed, or why it was refused.
    pub answer: Result<Vec<Effect>, Refusal>,
}

/// Why a step of a script cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The engine refuses it.
    Refused(Refusal),
    /// It should have been refused, and was not.
    Accepted,
    /// It was refused for another reason than the script says.
    OtherwiseRefused(Refusal),
    /// Nobody is asked in the stage, or not this one.
    NotAsked,
    /// There is nobody of this name.
    Nobody(String),
    /// More happens than one trial follows.
    TooMuch,
}

/// A run that is played.
#[derive(Clone, Debug)]
pub struct Trial<'d> {
    definition: &'d Definition,
    /// Whoever takes part.
    pub company: Company,
    /// The run.
    pub state: State,
    /// What the clock shows.
    pub at: Instant,
    /// Everything that has happened, in order.
    pub history: Vec<Happened>,
    /// What each timer that ever ran is, or was, for.
    pub kinds: BTreeMap<TimerNumber, TimerKind>,
    scene: Scene,
    /// The documents that belong to this one.
    children: Vec<Child>,
}

impl<'d> Trial<'d> {
    /// Everybody is in their place; nothing has happened. `moves` are asked for whom they name.
    #[must_use]
    pub fn new(definition: &'d Definition, scene: &Scene, moves: &[Move]) -> Self {
        let scene = complete(definition, scene);
        let named: Vec<Named> = moves.iter().flat_map(named_by).cloned().collect();
        Self {
            company: Company::new(definition, &scene, &named),
            definition,
            state: State::draft(),
            at: begins(definition, scene.at),
            history: Vec::new(),
            kinds: BTreeMap::new(),
            children: Vec::new(),
            scene,
        }
    }

    /// The document that is played with, with whatever was invented for it.
    #[must_use]
    pub const fn card(&self) -> &Card {
        &self.scene.card
    }

    /// The initiator starts the run, or it starts by itself in their name.
    ///
    /// # Errors
    ///
    /// The engine's refusal.
    pub fn start(&mut self) -> Result<(), Obstacle> {
        let kind = EventKind::Started {
            card: self.scene.card.clone(),
            version: self.version(1),
        };
        self.happen(Actor::Person(self.company.initiator), kind)
    }

    /// Does one step.
    ///
    /// # Errors
    ///
    /// The [`Obstacle`], if it cannot be; the run is then unchanged.
    pub fn take(&mut self, step: &Move) -> Result<(), Obstacle> {
        let done = self.perform(&step.kind);
        let Some(code) = &step.refused else {
            return done;
        };
        match done {
            Ok(()) => Err(Obstacle::Accepted),
            Err(Obstacle::Refused(refusal)) => match code {
                Some(code) if code != refusal.code() => Err(Obstacle::OtherwiseRefused(refusal)),
                _ => Ok(()),
            },
            // Whoever is not asked is refused as well.
            Err(Obstacle::NotAsked) if code.is_none() => Ok(()),
            Err(other) => Err(other),
        }
    }

    fn perform(&mut self, kind: &MoveKind) -> Result<(), Obstacle> {
        let initiator = Actor::Person(self.company.initiator);
        let administrator = Actor::Person(self.company.administrator);
        let words = || WORDS.to_owned();
        match kind {
            MoveKind::Decide {
                decision,
                stage,
                by,
            } => self.decide(stage, by.as_deref(), *decision),
            MoveKind::Revoke { stage, by } => self.revoke(stage, by.as_deref()),
            MoveKind::Version { card, files, .. } => self.revise(card, files),
            MoveKind::Resubmit => {
                let comment = Some(words());
                self.happen(initiator, EventKind::Resubmitted { comment })
            }
            MoveKind::Withdraw => {
                let reason = words();
                self.happen(initiator, EventKind::Withdrawn { reason })
            }
            MoveKind::Cancel => {
                let reason = words();
                self.happen(administrator, EventKind::Cancelled { reason })
            }
            MoveKind::Suspend => {
                let reason = words();
                self.happen(administrator, EventKind::Suspended { reason })
            }
            MoveKind::Resume => self.happen(administrator, EventKind::Resumed),
            MoveKind::Answer { lookup, answer } => self.answer(lookup, answer),
            MoveKind::Child { name, fate } => self.child(name, *fate),
            MoveKind::Wait(span) => self.wait(*span),
        }
    }

    fn somebody(&self, name: &str) -> Result<Assignee, Obstacle> {
        let found = self.company.find(name);
        found.ok_or_else(|| Obstacle::Nobody(name.to_owned()))
    }

    fn decide(
        &mut self,
        stage: &str,
        by: Option<&str>,
        decision: Decision,
    ) -> Result<(), Obstacle> {
        let by = by.map(|name| self.somebody(name)).transpose()?;
        let open = self.state.open_tasks();
        let open = open.filter(|(_, task)| task.stage == stage);
        let open: Vec<(TaskNumber, Assignee)> =
            open.map(|(number, task)| (number, task.assignee)).collect();
        let own = open.iter().find(|(_, holder)| Some(*holder) == by);
        // Somebody who is not asked tries all the same: the engine says why not.
        let task = own.or_else(|| open.first()).copied();
        let (number, holder) = task.ok_or(Obstacle::NotAsked)?;
        self.decide_task(number, by.unwrap_or(holder), decision)
    }

    /// The holder of a task decides, having filled the form of its stage.
    pub(crate) fn decide_task(
        &mut self,
        task: TaskNumber,
        by: Assignee,
        decision: Decision,
    ) -> Result<(), Obstacle> {
        let (actor, version_digest) = (actor_of(by), self.present());
        let card = self.state.subject.as_ref().map(|subject| &subject.card);
        let stage = self.state.tasks.get(&task);
        let stage = stage.and_then(|task| self.definition.stage(&task.stage));
        if let Some((card, stage)) = card.zip(stage)
            && decision.is_favourable()
        {
            let fields = form(self.definition, stage, card);
            if !fields.is_empty() {
                let kind = EventKind::FormFilled {
                    task,
                    version_digest,
                    fields,
                };
                self.happen(actor, kind)?;
            }
        }
        let kind = if decision == Decision::Sign {
            EventKind::Signed {
                task,
                version_digest,
            }
        } else {
            let speaks = decision.is_refusal() || decision == Decision::Hold;
            let remarks = decision == Decision::ApproveWithRemarks;
            EventKind::Decided {
                task,
                decision,
                version_digest,
                comment: speaks.then(|| WORDS.to_owned()),
                remarks: remarks.then(|| WORDS.to_owned()).into_iter().collect(),
            }
        };
        self.happen(actor, kind)
    }

    fn revoke(&mut self, stage: &str, by: Option<&str>) -> Result<(), Obstacle> {
        let by = by.map(|name| self.somebody(name)).transpose()?;
        let votes = self.state.tasks.iter().rev();
        let mut votes = votes.filter_map(|(number, task)| match &task.state {
            TaskState::Decided { by: voter, .. } if task.stage == stage => Some((*number, *voter)),
            _ => None,
        });
        let vote = votes.find(|(_, voter)| by.is_none_or(|by| by == *voter));
        let (task, voter) = vote.ok_or(Obstacle::NotAsked)?;
        self.happen(actor_of(voter), EventKind::VoteRevoked { task })
    }

    fn revise(&mut self, changes: &Card, files: &[String]) -> Result<(), Obstacle> {
        let subject = self.state.subject.as_ref().ok_or(Obstacle::NotAsked)?;
        let mut card = subject.card.clone();
        card.extend(changes.clone());
        let kind = EventKind::NewVersion {
            version: self.version(subject.version.number.saturating_add(1)),
            card,
            changed: files.iter().cloned().collect::<BTreeSet<_>>(),
        };
        self.happen(Actor::Person(self.company.initiator), kind)
    }

    fn answer(&mut self, lookup: &str, answer: &LookupAnswer) -> Result<(), Obstacle> {
        let asked = self.state.asked.get(lookup).ok_or(Obstacle::NotAsked)?;
        let kind = EventKind::LookupAnswered {
            lookup: lookup.to_owned(),
            times: asked.times,
            answer: answer.clone(),
        };
        self.happen(Actor::System, kind)
    }

    /// A version of the document, made by the initiator.
    #[must_use]
    pub fn version(&self, number: u32) -> Version {
        Version {
            number,
            digest: Digest::of(format!("version {number}").as_bytes()),
            author: self.company.initiator,
        }
    }

    fn present(&self) -> Digest {
        let subject = self.state.subject.as_ref();
        subject.map_or_else(|| Digest::of(b""), |subject| subject.version.digest)
    }

    /// Time passes: what falls due on the way happens at its instant.
    fn wait(&mut self, span: Span) -> Result<(), Obstacle> {
        let budget = span.budget();
        let until = match self.definition.calendar() {
            Some(calendar) if budget.measure != Measure::Clock => {
                calendar.after(self.at, budget).at
            }
            _ => Instant::from_micros(self.at.micros().saturating_add(budget.parts)),
        };
        self.wait_until(until)
    }

    /// As [`Trial::take`] of a wait, until an instant.
    ///
    /// # Errors
    ///
    /// A refusal of a timer, or too many of them.
    pub fn wait_until(&mut self, until: Instant) -> Result<(), Obstacle> {
        while let Some((number, generation, due)) = self.next_timer(until) {
            self.at = self.at.max(due);
            let kind = EventKind::TimerFired {
                timer: number,
                generation,
            };
            self.happen(Actor::System, kind)?;
        }
        self.at = self.at.max(until);
        Ok(())
    }

    /// Time passes up to the moment at which something is due, and that is not yet late.
    pub(super) fn arrive(&mut self, due: Instant) -> Result<(), Obstacle> {
        self.wait_until(Instant::from_micros(due.micros().saturating_sub(1)))?;
        self.at = self.at.max(due);
        Ok(())
    }

    /// The initiator makes a new version that changes everything a little, so that no vote stands
    /// that need not, and sends it round.
    pub(super) fn revise_and_resubmit(&mut self) -> Result<(), Obstacle> {
        let subject = self.state.subject.as_ref().ok_or(Obstacle::NotAsked)?;
        let fields = subject.card.keys().map(|name| format!("doc.{name}"));
        let changed: Vec<String> = fields.chain(["file.main".to_owned()]).collect();
        self.revise(&Card::new(), &changed)?;
        self.perform(&MoveKind::Resubmit)
    }

    /// Whoever holds a task, if it is open.
    pub(super) fn holder_of(&self, task: TaskNumber) -> Option<Assignee> {
        let mut open = self.state.open_tasks();
        let found = open.find(|(number, _)| *number == task);
        found.map(|(_, task)| task.assignee)
    }

    fn next_timer(&self, until: Instant) -> Option<(TimerNumber, u32, Instant)> {
        let timers = self.state.timers.iter();
        timers
            .filter_map(|(number, timer)| Some((*number, timer.generation, timer.due_at?)))
            .filter(|(_, _, due)| *due <= until)
            .min_by_key(|(number, _, due)| (*due, *number))
    }

    /// Applies an event, and then gives the answers that are known to what it asks elsewhere.
    fn happen(&mut self, actor: Actor, kind: EventKind) -> Result<(), Obstacle> {
        if self.history.len() >= EVENTS_MAX {
            return Err(Obstacle::TooMuch);
        }
        let at = self.at;
        let event = Event { at, actor, kind };
        let step = apply(
            self.definition,
            &self.state,
            &event,
            &self.company.directory,
        );
        let asked: Vec<(String, u32)> = match &step {
            Ok(step) => step.effects.iter().filter_map(asked).collect(),
            Err(_) => Vec::new(),
        };
        let waits = step
            .as_ref()
            .is_ok_and(|step| step.effects.iter().any(waits));
        let answer = step.map(|step| {
            self.state = step.state;
            step.effects
        });
        let timers = self.state.timers.iter();
        self.kinds
            .extend(timers.map(|(number, timer)| (*number, timer.kind)));
        let refusal = answer.as_ref().err().cloned();
        self.history.push(Happened { event, answer });
        if let Some(refusal) = refusal {
            return Err(Obstacle::Refused(refusal));
        }
        if waits && !self.children.is_empty() {
            self.count_children()?;
        }
        for (lookup, times) in asked {
            let Some(values) = self.scene.answers.get(&lookup).cloned() else {
                continue;
            };
            let answer = LookupAnswer::Given { values };
            let kind = EventKind::LookupAnswered {
                lookup,
                times,
                answer,
            };
            self.happen(Actor::System, kind)?;
        }
        Ok(())
    }

    /// Everybody who is asked agrees, until nobody is asked any more.
    ///
    /// # Errors
    ///
    /// What keeps somebody from it.
    pub fn agree(&mut self) -> Result<(), Obstacle> {
        loop {
            let next = self.state.open_tasks().next();
            let Some((number, holder, path)) =
                next.map(|(number, task)| (number, task.assignee, task.stage.clone()))
            else {
                if self.complete_children()? {
                    continue;
                }
                return Ok(());
            };
            let stage = self.definition.stage(&path).ok_or(Obstacle::NotAsked)?;
            self.decide_task(number, holder, agreement(stage))?;
        }
    }

    /// The stages that have asked somebody, in the order of the file.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        self.stages_of(|_| true)
    }

    /// The stages that wait for somebody, in the order of the file.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        self.stages_of(crate::state::Task::is_open)
    }

    fn stages_of(&self, which: impl Fn(&crate::state::Task) -> bool) -> Vec<String> {
        let asks = |stage: &&Stage| {
            let mut tasks = self.state.tasks.values();
            tasks.any(|task| task.stage == stage.path && which(task))
        };
        let stages = self.definition.every_stage().filter(asks);
        stages.map(|stage| stage.path.clone()).collect()
    }
}

/// The decision with which somebody agrees in a stage.
#[must_use]
pub(crate) fn agreement(stage: &Stage) -> Decision {
    match stage.kind {
        StageKind::Sign => Decision::Sign,
        StageKind::Acknowledge => Decision::Acknowledge,
        StageKind::Approve if stage.decisions.contains(&Decision::Approve) => Decision::Approve,
        StageKind::Approve => Decision::ApproveWithRemarks,
    }
}

fn asked(effect: &Effect) -> Option<(String, u32)> {
    match effect {
        Effect::AskLookup { lookup, times, .. } => Some((lookup.clone(), *times)),
        _ => None,
    }
}

const fn waits(effect: &Effect) -> bool {
    matches!(effect, Effect::AwaitChildren { .. })
}

const fn actor_of(assignee: Assignee) -> Actor {
    match assignee {
        Assignee::Person(id) => Actor::Person(id),
        Assignee::Contact(id) => Actor::Contact(id),
    }
}

fn named_by(step: &Move) -> &[Named] {
    match &step.kind {
        MoveKind::Version { named, .. } => named,
        _ => &[],
    }
}

/// Whatever the scene answers, as the engine keeps it.
pub(super) fn answered(answers: &BTreeMap<String, Card>) -> BTreeMap<String, crate::state::Asked> {
    let at = Instant::from_seconds(0);
    let answered = |values: &Card| crate::state::Asked {
        times: 1,
        stage: String::new(),
        at,
        heard: crate::state::Heard::Answer {
            values: values.clone(),
            at,
        },
    };
    let all = answers.iter();
    all.map(|(name, values)| (name.clone(), answered(values)))
        .collect()
}
