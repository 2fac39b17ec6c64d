//! Playing a workflow before anybody depends on it: one script, or every decision up to a bound.
//!
//! Both are [`apply`] and nothing else, so what they show is what a run does.

mod branch;
mod canonical;
mod children;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Digest, FieldType, FieldValue, Instant};

use crate::definition::{Definition, Lookup, OnError, Stage};
use crate::directory::Directory;
use crate::engine::apply;
use crate::event::{Actor, Decision, Effect, Event, EventKind, LookupAnswer, Outcome};
use crate::refusal::Refusal;
use crate::state::{Assignee, Heard, Phase, State, TaskNumber, TaskState, Version};

use canonical::{Canon, Key};
pub(crate) use children::invented_child;

/// The most states that one exploration looks at, whatever it is asked for.
const STATES_MAX: usize = 20_000;
/// The most answers that are tried to one question.
const ANSWERS_MAX: usize = 16;
/// What is said where the engine wants words.
const WORDS: &str = "?";

/// One event of a script and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedEvent {
    /// The event.
    pub event: Event,
    /// What followed, or why it was refused.
    pub answer: Result<Vec<Effect>, Refusal>,
}

/// A played script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The events with their answers, in order.
    pub events: Vec<PlayedEvent>,
    /// The run at the end.
    pub state: State,
}

/// Plays events from a draft. A refused one changes nothing, and the next is played all the same.
#[must_use]
pub fn simulate(definition: &Definition, directory: &Directory, events: &[Event]) -> Played {
    let mut state = State::draft();
    let mut played = Vec::with_capacity(events.len());
    for event in events {
        let answer = apply(definition, &state, event, directory).map(|step| {
            state = step.state;
            step.effects
        });
        played.push(PlayedEvent {
            event: event.clone(),
            answer,
        });
    }
    Played {
        events: played,
        state,
    }
}

/// Where an exploration starts and how far it goes.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The document's card.
    pub card: Card,
    /// Who starts the run and makes its version.
    pub initiator: PersonId,
    /// In how many rounds decisions are tried; what returns later is left there.
    pub rounds_max: u32,
    /// How many states are looked at, at most 20 000.
    pub states_max: usize,
}

/// What every possible decision leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explored {
    /// How a run can end, each with a shortest way there.
    pub ends: BTreeMap<Outcome, Vec<Taken>>,
    /// The stages, by path, that ask nobody whatever is decided.
    pub never_reached: BTreeSet<String>,
    /// A way to completion on which nobody approved and nobody signed, if there is one.
    pub without_approval: Option<Vec<Taken>>,
    /// A way to a state in which nothing that was tried is accepted, though the run is not over.
    pub stuck: Option<Vec<Taken>>,
    /// The refusals that were met, by code.
    pub refusals: BTreeSet<&'static str>,
    /// How many different states were looked at.
    pub states: usize,
    /// Whether there were more states than were looked at.
    pub is_cut: bool,
}

/// One decision of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The stage, by path; empty for a resubmission.
    pub stage: String,
    /// Who; `None` for an answer from elsewhere.
    pub by: Option<Assignee>,
    /// What; `None` for a resubmission and for an answer.
    pub decision: Option<Decision>,
}

/// Walks every decision from the start, breadth first: whatever is open, by its holder, each
/// decision that its stage offers. After a return the initiator sends the same version again; and
/// everywhere they try to take the document back.
///
/// # Errors
///
/// The refusal of the start, if no run can start.
pub fn explore(
    definition: &Definition,
    directory: &Directory,
    bound: &Bound,
) -> Result<Explored, Refusal> {
    explore_while(definition, directory, bound, &mut || true)
}

/// As [`explore`], as long as `goes_on` says so; then it is cut.
pub(crate) fn explore_while(
    definition: &Definition,
    directory: &Directory,
    bound: &Bound,
    goes_on: &mut dyn FnMut() -> bool,
) -> Result<Explored, Refusal> {
    let version = Version {
        number: 1,
        digest: Digest::of(b"explored"),
        author: bound.initiator,
    };
    // A day that calendars know: what is due by a date of the card is reckoned from it.
    let at = crate::trial::begins(definition, None);
    let start = Event {
        at,
        actor: Actor::Person(bound.initiator),
        kind: EventKind::Started {
            card: bound.card.clone(),
            version,
        },
    };
    let first = apply(definition, &State::draft(), &start, directory)?.state;
    let mut walk = Walk {
        definition,
        at,
        directory,
        bound,
        canon: Canon::new(definition, directory, bound),
        seen: BTreeSet::new(),
        withdrawn: BTreeSet::new(),
        found: Explored {
            ends: BTreeMap::new(),
            never_reached: definition
                .stages()
                .map(|stage| stage.path.clone())
                .collect(),
            without_approval: None,
            stuck: None,
            refusals: BTreeSet::new(),
            states: 0,
            is_cut: false,
        },
        waiting: VecDeque::new(),
    };
    walk.meet(first, &[], None);
    while let Some((state, way)) = walk.waiting.pop_front() {
        if !goes_on() {
            walk.found.is_cut = true;
            break;
        }
        walk.go_on(&state, &way);
    }
    walk.found.states = walk.seen.len();
    Ok(walk.found)
}

struct Walk<'a> {
    definition: &'a Definition,
    /// The moment at which everything happens.
    at: Instant,
    directory: &'a Directory,
    bound: &'a Bound,
    canon: Canon<'a>,
    seen: BTreeSet<Key>,
    /// From where it was tried to take the document back.
    withdrawn: BTreeSet<Vec<u8>>,
    found: Explored,
    waiting: VecDeque<(State, Vec<Taken>)>,
}

impl Walk<'_> {
    /// Notes a state that was not met before, to which a decision has led.
    fn meet(&mut self, state: State, before: &[Taken], taken: Option<Taken>) {
        let key = self.canon.key(&state);
        if self.seen.contains(&key) {
            return;
        }
        if self.seen.len() >= self.bound.states_max.min(STATES_MAX) {
            self.found.is_cut = true;
            return;
        }
        self.seen.insert(key);
        let way: Vec<Taken> = before.iter().cloned().chain(taken).collect();
        for task in state.tasks.values() {
            self.found.never_reached.remove(&task.stage);
        }
        if let Some(outcome) = state.outcome {
            if outcome == Outcome::Completed && !has_control(self.definition, &state) {
                self.found.without_approval.get_or_insert(way.clone());
            }
            self.found.ends.entry(outcome).or_insert(way);
            return;
        }
        self.waiting.push_back((state, way));
    }

    /// The initiator takes the document back, if they may: an end that leads nowhere. Whether they
    /// may depends on how far the run is, and on nothing that was decided.
    fn withdraw(&mut self, state: &State, way: &[Taken]) {
        if !self.withdrawn.insert(self.canon.course(state, None)) {
            return;
        }
        let event = Event {
            at: self.at,
            actor: Actor::Person(self.bound.initiator),
            kind: EventKind::Withdrawn {
                reason: WORDS.to_owned(),
            },
        };
        match apply(self.definition, state, &event, self.directory) {
            Ok(step) => {
                if let Some(outcome) = step.state.outcome {
                    let ends = self.found.ends.entry(outcome);
                    ends.or_insert_with(|| way.to_vec());
                }
            }
            Err(refusal) => {
                self.found.refusals.insert(refusal.code());
            }
        }
    }

    fn go_on(&mut self, state: &State, way: &[Taken]) {
        self.withdraw(state, way);
        let mut accepted = false;
        for (event, taken) in self.events(state) {
            match apply(self.definition, state, &event, self.directory) {
                Ok(step) => {
                    accepted = true;
                    self.meet(step.state, way, Some(taken));
                }
                Err(refusal) => {
                    self.found.refusals.insert(refusal.code());
                }
            }
        }
        let is_left = state.phase == Phase::Rework && state.round >= self.bound.rounds_max;
        if !accepted && !is_left {
            self.found.stuck.get_or_insert(way.to_vec());
        }
    }

    /// Everything that may be tried in a state.
    fn events(&self, state: &State) -> Vec<(Event, Taken)> {
        let at = self.at;
        let mut events = Vec::new();
        if state.phase == Phase::Rework && state.round < self.bound.rounds_max {
            let by = Some(Assignee::Person(self.bound.initiator));
            let kind = EventKind::Resubmitted {
                comment: Some(WORDS.to_owned()),
            };
            let actor = Actor::Person(self.bound.initiator);
            let stage = String::new();
            events.push((
                Event { at, actor, kind },
                Taken {
                    stage,
                    by,
                    decision: None,
                },
            ));
        }
        events.extend(self.answers(state, at));
        events.extend(self.children(state, at));
        let is_alone = state.phase == Phase::Running && events.is_empty();
        let branch = is_alone.then(|| branch::to_follow(self.definition, state));
        let branch = branch.flatten();
        let follows = |path: &String| branch.is_none_or(|branch| branch::holds(branch, path));
        let tasks = self.canon.distinct_tasks(state);
        for (number, task) in tasks.into_iter().filter(|(_, task)| follows(&task.stage)) {
            let Some(stage) = self.definition.stage(&task.stage) else {
                continue;
            };
            let actor = match task.assignee {
                Assignee::Person(id) => Actor::Person(id),
                Assignee::Contact(id) => Actor::Contact(id),
            };
            // A hold leads nowhere by itself, and remarks change nothing of the way.
            let passive = [Decision::Hold, Decision::ApproveWithRemarks];
            for decision in stage.decisions.iter().filter(|one| !passive.contains(one)) {
                let kind = decided(number, *decision, task.version_digest);
                let taken = Taken {
                    stage: task.stage.clone(),
                    by: Some(task.assignee),
                    decision: Some(*decision),
                };
                events.push((Event { at, actor, kind }, taken));
            }
        }
        events
    }
}

impl Walk<'_> {
    /// What may be heard of what is asked elsewhere: no answer where the file goes on without one,
    /// and answers with each part that is yes or no either way.
    fn answers(&self, state: &State, at: Instant) -> Vec<(Event, Taken)> {
        let mut events = Vec::new();
        let waiting = state.asked.iter();
        for (name, asked) in waiting.filter(|(_, asked)| asked.heard == Heard::Nothing) {
            let Some(lookup) = self.definition.lookups().get(name) else {
                continue;
            };
            let given = possible(lookup).into_iter();
            let mut answers: Vec<LookupAnswer> =
                given.map(|values| LookupAnswer::Given { values }).collect();
            if matches!(lookup.on_error, OnError::Assume(_)) {
                let why = WORDS.to_owned();
                answers.push(LookupAnswer::Failed { why });
            }
            for answer in answers {
                let kind = EventKind::LookupAnswered {
                    lookup: name.clone(),
                    times: asked.times,
                    answer,
                };
                let actor = Actor::System;
                let taken = Taken {
                    stage: asked.stage.clone(),
                    by: None,
                    decision: None,
                };
                events.push((Event { at, actor, kind }, taken));
            }
        }
        events
    }
}

/// The answers that are tried: at most [`ANSWERS_MAX`], in every other part the plainest value.
fn possible(lookup: &Lookup) -> Vec<Card> {
    let mut all = vec![Card::new()];
    for (part, wanted) in &lookup.answer {
        let values = match wanted {
            FieldType::Boolean if all.len() < ANSWERS_MAX => {
                vec![FieldValue::Boolean(true), FieldValue::Boolean(false)]
            }
            FieldType::Boolean => vec![FieldValue::Boolean(false)],
            FieldType::Integer => vec![FieldValue::Integer(0)],
            FieldType::Date => vec![FieldValue::Date(jiff::civil::Date::ZERO)],
            FieldType::Text | FieldType::LongText | FieldType::Choice => {
                vec![FieldValue::Text(String::new())]
            }
            // Nobody declares these; then nothing can be answered.
            FieldType::Money
            | FieldType::Person
            | FieldType::Department
            | FieldType::Counterparty
            | FieldType::Contact => Vec::new(),
        };
        let longer = all.iter().flat_map(|card| {
            values.iter().map(|value| {
                let mut card = card.clone();
                card.insert(part.clone(), value.clone());
                card
            })
        });
        all = longer.collect();
    }
    all
}

fn decided(task: TaskNumber, decision: Decision, version_digest: Digest) -> EventKind {
    if decision == Decision::Sign {
        return EventKind::Signed {
            task,
            version_digest,
        };
    }
    EventKind::Decided {
        task,
        decision,
        version_digest,
        comment: decision.is_refusal().then(|| WORDS.to_owned()),
        remarks: Vec::new(),
    }
}

/// Whether somebody approved or signed, and it counts.
fn has_control(definition: &Definition, state: &State) -> bool {
    state.tasks.iter().any(|(number, task)| {
        let decides = definition.stage(&task.stage).is_some_and(Stage::is_control);
        let agrees = matches!(
            &task.state,
            TaskState::Decided { decision, set_aside: false, .. } if decision.is_favourable()
        );
        decides && agrees && state.is_on_present_version(*number)
    })
}
