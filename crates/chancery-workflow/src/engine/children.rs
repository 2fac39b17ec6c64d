//! Waiting for documents that belong to the run's own: `subdocuments`.
//!
//! What is heard of them is always the whole set, counted anew: an event that is lost or comes
//! twice changes nothing that the next count does not put right. A wait begins when the turn of its
//! step comes, and only what is counted after that decides; once it is met it stays so for the
//! round.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::DocumentId;

use super::Run;
use super::advance::Gate;
use crate::definition::{Join, Node, OnChildRejected, Subdocument};
use crate::event::{Actor, Effect};
use crate::refusal::Refusal;
use crate::state::{Awaited, Child, Fate, Phase, WaitPhase};

/// The most documents that one count may bring.
pub const CHILDREN_MAX: usize = 1_000;

/// What the documents of a wait amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Met,
    Waits,
    /// One of them did not end in completion.
    Stands,
    /// One of them was rejected, and so is the run.
    Rejects,
}

/// How many documents of a wait there are, those aside without which it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) open: u32,
    pub(crate) completed: u32,
    pub(crate) rejected: u32,
    pub(crate) withdrawn: u32,
}

impl Counted {
    /// Of what was seen last.
    pub(crate) fn of(one: &Subdocument, children: &[Child], entry: Option<&Awaited>) -> Self {
        let mut counted = Self::default();
        let is_passed = |id| entry.is_some_and(|entry| entry.passed_over.contains(id));
        let own = children.iter().filter(|child| child.kind == one.kind);
        for child in own.filter(|child| !is_passed(&child.document)) {
            let place = match child.fate {
                Fate::Open => &mut counted.open,
                Fate::Completed => &mut counted.completed,
                Fate::Rejected => &mut counted.rejected,
                Fate::Withdrawn => &mut counted.withdrawn,
            };
            *place = place.saturating_add(1);
        }
        counted
    }

    fn verdict(self, one: &Subdocument) -> Verdict {
        let ignores = one.on_rejected == OnChildRejected::Ignore;
        let lost = self.rejected > 0 || self.withdrawn > 0;
        let is_met = match one.join {
            // None at all is nothing that anybody has agreed to.
            Join::All => self.completed > 0 && self.open == 0 && (ignores || !lost),
            Join::Any => self.completed > 0,
            Join::Count(count) => self.completed >= count,
        };
        match one.on_rejected {
            _ if is_met => Verdict::Met,
            OnChildRejected::Reject if self.rejected > 0 => Verdict::Rejects,
            // Whoever takes one back must not end this one with it.
            OnChildRejected::Reject | OnChildRejected::Incident if lost => Verdict::Stands,
            _ => Verdict::Waits,
        }
    }
}

impl Run<'_> {
    /// What the waits before a step of the top level, whose turn has come, let the walk do.
    pub(super) fn wait_before(&mut self, node: &Node) -> Result<Gate, Refusal> {
        let all = self.definition.subdocuments().iter();
        let own: Vec<&Subdocument> = all.filter(|one| one.before == node.id()).collect();
        if own.is_empty() {
            return Ok(Gate::Pass);
        }
        // What is open already waits for nothing; what does not apply never opens.
        if !self.is_untouched(node) || !self.condition(node.when(), node.id())? {
            self.leave_waits(|one| own.iter().any(|own| own.name == one));
            return Ok(Gate::Pass);
        }
        let mut gate = Gate::Pass;
        for one in own {
            if !self.condition(one.when.as_ref(), &one.name)? {
                self.leave_waits(|name| name == one.name);
                continue;
            }
            match self.judge_wait(one) {
                Verdict::Met => {}
                Verdict::Rejects => return Ok(Gate::Rejected),
                Verdict::Waits => gate = Gate::Wait,
                Verdict::Stands => {
                    gate = Gate::Wait;
                    let why = format!("`{}` did not end in completion", one.name);
                    self.open_incident(node.id(), why);
                }
            }
        }
        Ok(gate)
    }

    fn judge_wait(&mut self, one: &Subdocument) -> Verdict {
        let at = self.at;
        let counted = Counted::of(one, &self.state.children, self.state.awaited.get(&one.name));
        let entry = self.state.awaited.entry(one.name.clone()).or_default();
        let verdict = match entry.phase {
            WaitPhase::Met => return Verdict::Met,
            WaitPhase::Pending => {
                entry.times = entry.times.saturating_add(1);
                entry.since = Some(at);
                entry.is_counted = false;
                self.effects.push(Effect::AwaitChildren {
                    name: one.name.clone(),
                    kind: one.kind.clone(),
                    times: entry.times,
                });
                Verdict::Waits
            }
            WaitPhase::Waiting | WaitPhase::Refused if entry.is_counted => counted.verdict(one),
            WaitPhase::Waiting | WaitPhase::Refused => Verdict::Waits,
        };
        entry.phase = match verdict {
            Verdict::Met => WaitPhase::Met,
            Verdict::Waits => WaitPhase::Waiting,
            Verdict::Stands | Verdict::Rejects => WaitPhase::Refused,
        };
        if verdict == Verdict::Met {
            let name = one.name.clone();
            self.effects.push(Effect::PassChildren { name });
        }
        verdict
    }

    /// The documents were counted. To a run that waits for none it means nothing.
    pub(super) fn count_children(
        &mut self,
        actor: Actor,
        children: &[Child],
    ) -> Result<(), Refusal> {
        if actor != Actor::System {
            return Err(Refusal::NotTheService);
        }
        let what = "children";
        let ids: BTreeSet<DocumentId> = children.iter().map(|child| child.document).collect();
        if children.len() > CHILDREN_MAX || ids.len() != children.len() {
            return Err(Refusal::Corrupt {
                what: what.to_owned(),
            });
        }
        if self.state.phase != Phase::Running {
            return Ok(());
        }
        let Some(step) = self.waits_at_step() else {
            return Ok(());
        };
        let all = self.definition.subdocuments().iter();
        let kinds: BTreeSet<&str> = all.map(|one| one.kind.as_str()).collect();
        // In one order, whoever counts: equal counts are equal states.
        let own = children.iter();
        let own: BTreeMap<DocumentId, &Child> = own
            .filter(|child| kinds.contains(child.kind.as_str()))
            .map(|child| (child.document, child))
            .collect();
        self.state.children = own.into_values().cloned().collect();
        for entry in self.state.awaited.values_mut() {
            entry.is_counted |= entry.phase.is_open();
        }
        self.go_on(&step)
    }

    /// The step before which the run waits, if it does.
    pub(super) fn waits_at_step(&self) -> Option<String> {
        let awaited = &self.state.awaited;
        let is_open = |name: &str| awaited.get(name).is_some_and(|entry| entry.phase.is_open());
        let mut all = self.definition.subdocuments().iter();
        all.find(|one| is_open(&one.name))
            .map(|one| one.before.clone())
    }

    /// Whether the run stands still for a document that did not end in completion.
    pub(super) fn stands_for_children(&self) -> bool {
        let mut entries = self.state.awaited.values();
        entries.any(|entry| entry.phase == WaitPhase::Refused)
    }

    /// The run's keepers let it go on without what did not end in completion.
    pub(super) fn pass_over_refused(&mut self) {
        for one in self.definition.subdocuments() {
            let Some(entry) = self.state.awaited.get_mut(&one.name) else {
                continue;
            };
            if entry.phase != WaitPhase::Refused {
                continue;
            }
            let children = self.state.children.iter();
            let lost = children.filter(|child| {
                let is_lost = matches!(child.fate, Fate::Rejected | Fate::Withdrawn);
                child.kind == one.kind && is_lost
            });
            entry.passed_over.extend(lost.map(|child| child.document));
            entry.phase = WaitPhase::Waiting;
        }
    }

    /// The run waits no more for what `which` picks.
    pub(super) fn leave_waits(&mut self, which: impl Fn(&str) -> bool) {
        for (name, entry) in &mut self.state.awaited {
            if entry.phase.is_open() && which(name) {
                entry.phase = WaitPhase::Pending;
            }
        }
    }

    /// From the first step again: whatever is waited for is counted anew.
    pub(super) fn forget_waits(&mut self) {
        for entry in self.state.awaited.values_mut() {
            entry.phase = WaitPhase::Pending;
        }
    }
}
