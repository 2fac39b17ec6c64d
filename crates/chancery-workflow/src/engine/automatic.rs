//! Stages that ask nobody: questions elsewhere, their answers, the way on, and what fails on it.
//!
//! An answer belongs to the asking it was given to: a new version, or another round, asks anew, and
//! an answer that comes late is not heard. Whatever the service itself starts and cannot go through
//! with (no answer, nobody for the next stage) stands as an incident until an administrator tries
//! it again: a run never waits for nobody.

use chancery_types::Instant;
use chancery_types::field::Card;

use super::Run;
use super::card::fits;
use crate::deed::Occasion;
use crate::definition::{Automatic, Lookup, Node, OnError};
use crate::event::{Actor, Effect, LookupAnswer, SkipReason};
use crate::refusal::Refusal;
use crate::state::{Asked, AutomaticState, Heard, Incident, Phase, StagePhase};

/// The longest reason of a failure that is kept, in characters.
const WHY_CHARS_MAX: usize = 400;

impl<'a> Run<'a> {
    /// Opens an automatic stage whose turn has come, lets it choose its way once everything is
    /// answered, and says whether the run waits for it.
    pub(super) fn waits_at(&mut self, automatic: &Automatic) -> Result<bool, Refusal> {
        let path = &automatic.path;
        if self.automatic_phase(path) == StagePhase::Pending {
            let applies = self.condition(automatic.when.as_ref(), path)?;
            let entry = self.automatic_state(path);
            if applies {
                entry.phase = StagePhase::Active;
                entry.activation = entry.activation.saturating_add(1);
            } else {
                entry.phase = StagePhase::Skipped(SkipReason::Condition);
            }
        }
        if self.automatic_phase(path) != StagePhase::Active {
            return Ok(false);
        }
        let asked = &self.state.asked;
        let is_answered = |name: &String| asked.get(name).is_some_and(|it| it.values().is_some());
        if !automatic.need.iter().all(is_answered) {
            return Ok(true);
        }
        let mut taken = None;
        for (index, arm) in (0_u32..).zip(&automatic.route) {
            if self.condition(Some(&arm.when), path)? {
                taken = Some((index, arm.goto.clone()));
                break;
            }
        }
        let (way, to) = taken.map_or((None, None), |(index, goto)| (Some(index), goto));
        let entry = self.automatic_state(path);
        entry.phase = StagePhase::Satisfied;
        entry.taken = way;
        if let Some(to) = &to {
            self.jump(path, to);
        }
        self.effects.push(Effect::TakeWay {
            path: path.clone(),
            way,
            to,
        });
        Ok(false)
    }

    /// Leaves out every step between an automatic stage and the one it goes to.
    fn jump(&mut self, path: &str, to: &str) {
        let definition = self.definition;
        let Some(list) = siblings(definition.nodes(), path) else {
            return;
        };
        let after = list.iter().skip_while(|node| node.path() != path).skip(1);
        for node in after.take_while(|node| node.id() != to) {
            for stage in node.stages() {
                if self.stage_phase(&stage.path) == StagePhase::Pending {
                    self.skip(&stage.path, SkipReason::WayOn);
                }
            }
            self.skip_automatic(node, SkipReason::WayOn);
        }
    }

    /// Marks the automatic stages in a node that does not apply.
    pub(super) fn skip_automatic(&mut self, node: &Node, reason: SkipReason) {
        for automatic in node.automatics() {
            if self.automatic_phase(&automatic.path) == StagePhase::Pending {
                self.automatic_state(&automatic.path).phase = StagePhase::Skipped(reason);
            }
        }
    }

    pub(super) fn automatic_phase(&self, path: &str) -> StagePhase {
        let entry = self.state.automatic.get(path);
        entry.map_or(StagePhase::Pending, |entry| entry.phase.clone())
    }

    fn automatic_state(&mut self, path: &str) -> &mut AutomaticState {
        self.state.automatic.entry(path.to_owned()).or_default()
    }

    /// After every event: what open automatic stages need is asked, unless it was.
    pub(super) fn ask_elsewhere(&mut self) -> Result<(), Refusal> {
        if self.state.phase != Phase::Running || self.state.suspension.is_some() {
            return Ok(());
        }
        let definition = self.definition;
        let open =
            |automatic: &&Automatic| self.automatic_phase(&automatic.path) == StagePhase::Active;
        let open: Vec<&Automatic> = definition.automatics().filter(open).collect();
        for automatic in open {
            for name in &automatic.need {
                let asked = self.state.asked.get(name);
                if asked.is_none_or(|asked| asked.heard == Heard::Void) {
                    self.ask_one(name, &automatic.path)?;
                }
            }
        }
        Ok(())
    }

    fn ask_one(&mut self, name: &str, path: &str) -> Result<(), Refusal> {
        let lookup = self.lookup(name)?;
        let card = &self.subject()?.card;
        let args = lookup.args.iter().filter_map(|(arg, field)| {
            let value = card.get(field)?;
            Some((arg.clone(), value.clone()))
        });
        let args: Card = args.collect();
        let parts = lookup.timeout.budget().parts;
        let at = self.at;
        let times = self.state.asked.get(name).map_or(0, |asked| asked.times);
        let times = times.saturating_add(1);
        let asked = Asked {
            times,
            stage: path.to_owned(),
            at,
            heard: Heard::Nothing,
        };
        self.state.asked.insert(name.to_owned(), asked);
        self.effects.push(Effect::AskLookup {
            lookup: name.to_owned(),
            times,
            call: lookup.call.clone(),
            args,
            until: Instant::from_micros(at.micros().saturating_add(parts)),
        });
        Ok(())
    }

    fn lookup(&self, name: &str) -> Result<&'a Lookup, Refusal> {
        let found = self.definition.lookups().get(name);
        found.ok_or_else(|| Refusal::Corrupt {
            what: format!("lookup {name}"),
        })
    }

    /// An answer has come, or will not come. To what nobody asks any more it means nothing.
    pub(super) fn hear(
        &mut self,
        actor: Actor,
        name: &str,
        times: u32,
        answer: &LookupAnswer,
    ) -> Result<(), Refusal> {
        if actor != Actor::System {
            return Err(Refusal::NotTheService);
        }
        let waits = |asked: &&Asked| asked.times == times && asked.heard == Heard::Nothing;
        let Some(asked) = self.state.asked.get(name).filter(waits) else {
            return Ok(());
        };
        let (at, stage) = (self.at, asked.stage.clone());
        let lookup = self.lookup(name)?;
        let heard = heard(lookup, answer, at);
        let failed = match &heard {
            Heard::Failure { why, .. } => Some(why.clone()),
            _ => None,
        };
        if let Some(asked) = self.state.asked.get_mut(name) {
            asked.heard = heard;
        }
        if let Some(why) = failed {
            self.open_incident(&stage, why);
        }
        self.go_on(&stage)
    }

    /// Goes on without anybody who could be told no: what refuses it becomes an incident.
    pub(super) fn go_on(&mut self, stage: &str) -> Result<(), Refusal> {
        if self.state.phase != Phase::Running || self.state.suspension.is_some() {
            return Ok(());
        }
        let (before, effects) = (self.state.clone(), self.effects.len());
        match self.advance() {
            Ok(()) => Ok(()),
            Err(refusal @ Refusal::Corrupt { .. }) => Err(refusal),
            Err(refusal) => {
                self.state = before;
                self.effects.truncate(effects);
                self.open_incident(stage, refusal.to_string());
                Ok(())
            }
        }
    }

    pub(super) fn open_incident(&mut self, stage: &str, why: String) {
        // One is enough to call an administrator, who tries everything again.
        if self.state.incident.is_some() {
            return;
        }
        let number = self.state.incidents_given.saturating_add(1);
        self.state.incidents_given = number;
        self.state.incident = Some(Incident {
            number,
            stage: stage.to_owned(),
            why: why.clone(),
            at: self.at,
        });
        self.effects.push(Effect::OpenIncident {
            number,
            path: stage.to_owned(),
            why,
        });
        self.perform(Occasion::Incident, number);
    }

    fn close_incident(&mut self) {
        if let Some(incident) = self.state.incident.take() {
            let number = incident.number;
            self.effects.push(Effect::CloseIncident { number });
        }
    }

    /// What could not go on has gone on, unless an answer is still missing.
    pub(super) fn settle_incident(&mut self) {
        let mut asked = self.state.asked.values();
        let failed = asked.any(|asked| matches!(asked.heard, Heard::Failure { .. }));
        if !failed && !self.stands_for_children() {
            self.close_incident();
        }
    }

    /// An administrator has put right what was wrong: what failed is asked again.
    pub(super) fn retry(&mut self, actor: Actor) -> Result<(), Refusal> {
        self.keeper(actor)?;
        if self.state.incident.is_none() {
            return Err(Refusal::NoIncident);
        }
        self.close_incident();
        for asked in self.state.asked.values_mut() {
            if matches!(asked.heard, Heard::Failure { .. }) {
                asked.heard = Heard::Void;
            }
        }
        self.pass_over_refused();
        self.advance()
    }

    /// Nobody wants to know any more what stages that `which` picks have asked.
    pub(super) fn leave_automatic(&mut self, which: impl Fn(&str) -> bool) {
        for (path, entry) in &mut self.state.automatic {
            if entry.phase == StagePhase::Active && which(path) {
                entry.phase = StagePhase::Cancelled;
            }
        }
        for asked in self.state.asked.values_mut() {
            let is_open = matches!(asked.heard, Heard::Nothing | Heard::Failure { .. });
            if is_open && which(&asked.stage) {
                asked.heard = Heard::Void;
            }
        }
        let incident = self.state.incident.as_ref();
        if incident.is_some_and(|incident| which(&incident.stage)) {
            self.close_incident();
        }
    }

    /// From the first step again: every answer was about what was.
    pub(super) fn forget_answers(&mut self) {
        self.leave_automatic(|_| true);
        self.forget_waits();
        for entry in self.state.automatic.values_mut() {
            entry.phase = StagePhase::Pending;
        }
        for asked in self.state.asked.values_mut() {
            asked.heard = Heard::Void;
        }
    }
}

/// What an answer amounts to, by what the file says of the question.
fn heard(lookup: &Lookup, answer: &LookupAnswer, at: Instant) -> Heard {
    let why = match answer {
        LookupAnswer::Given { values } if is_whole(lookup, values) => {
            return Heard::Answer {
                values: values.clone(),
                at,
            };
        }
        LookupAnswer::Given { .. } => {
            "the answer does not have the parts that it should".to_owned()
        }
        LookupAnswer::Failed { why } => why.chars().take(WHY_CHARS_MAX).collect(),
    };
    match &lookup.on_error {
        OnError::Incident => Heard::Failure { why, at },
        OnError::Assume(values) => Heard::Assumed {
            values: values.clone(),
            why,
            at,
        },
    }
}

/// Whether an answer has each of its parts, of the right type, and nothing else.
fn is_whole(lookup: &Lookup, values: &Card) -> bool {
    let has =
        |(part, wanted): (&String, &_)| values.get(part).is_some_and(|value| fits(value, *wanted));
    values.len() == lookup.answer.len() && lookup.answer.iter().all(has)
}

/// The list in which the node at this path stands.
fn siblings<'d>(nodes: &'d [Node], path: &str) -> Option<&'d [Node]> {
    if nodes.iter().any(|node| node.path() == path) {
        return Some(nodes);
    }
    nodes
        .iter()
        .find_map(|node| siblings(node.children(), path))
}
