//! Decisions and signatures.

use chancery_types::Digest;
use chancery_types::id::MandateId;
use chancery_types::name::{NameError, check_text};

use super::Run;
use super::behalf::Voter;
use super::duties::conflict;
use super::opening::decided_by;
use crate::definition::{OnExhausted, OnReject, Stage, StageKind};
use crate::event::{Actor, CloseReason, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, Phase, Place, Seat, StagePhase, TaskNumber, TaskState};

/// The longest comment, remark or reason, in graphemes.
pub(super) const TEXT_GRAPHEMES_MAX: usize = 4000;
/// The most remarks of one decision.
const REMARKS_MAX: usize = 100;

/// What an assignee said.
pub(super) struct Said<'a> {
    pub(super) decision: Decision,
    pub(super) comment: Option<&'a str>,
    pub(super) remarks: &'a [String],
}

impl Run<'_> {
    pub(super) fn decide(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
        said: &Said<'_>,
    ) -> Result<(), Refusal> {
        let voter = self.check_vote(actor, number, seen)?;
        let decision = said.decision;
        let stage = self.stage(&self.task(number)?.stage)?;
        // A signature comes with its own event, which the shell sends only after verifying it.
        if decision == Decision::Sign || !stage.decisions.contains(&decision) {
            return Err(Refusal::DecisionNotOffered {
                stage: stage.path.clone(),
                decision,
            });
        }
        if !(stage.allows.remarks || said.remarks.is_empty()) {
            return Err(Refusal::RemarksNotOffered { decision });
        }
        let remarks = check_words(said)?;
        self.check_form(stage, decision)?;
        if decision == Decision::Hold {
            return self.hold(number, said);
        }
        if self.reworks(stage, decision)
            && self.is_exhausted()
            && !self.may_go_round_more()
            && self.definition.rework().on_exhausted != OnExhausted::Reject
        {
            let max = self.rounds_max();
            return Err(Refusal::RoundsExhausted { max });
        }
        let mandate = self.mandate_of(number, &voter, decision)?;
        self.record(number, voter, decision, mandate);
        if !remarks.is_empty() {
            self.effects.push(Effect::RecordRemarks {
                task: number,
                remarks,
            });
        }
        self.conclude(number, decision)
    }

    const fn reworks(&self, stage: &Stage, decision: Decision) -> bool {
        match decision {
            Decision::Return => true,
            Decision::Reject => matches!(stage.on_reject, OnReject::Rework),
            _ => false,
        }
    }

    /// Whether what a stage sends back goes back, and does not end the run.
    fn goes_back(&self) -> bool {
        !self.is_exhausted() || self.may_go_round_more()
    }

    /// The task stays open and keeps its stage from closing.
    fn hold(&mut self, number: TaskNumber, said: &Said<'_>) -> Result<(), Refusal> {
        let at = self.at;
        let stage = self.stage(&self.task(number)?.stage)?;
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.held_at = Some(at);
        }
        self.effects.push(Effect::HoldTask {
            task: number,
            comment: said.comment.unwrap_or_default().to_owned(),
        });
        self.arm_hold(number, stage)
    }

    pub(super) fn sign(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
    ) -> Result<(), Refusal> {
        let voter = self.check_vote(actor, number, seen)?;
        if self.stage(&self.task(number)?.stage)?.kind != StageKind::Sign {
            return Err(Refusal::NotASigningTask { task: number });
        }
        self.check_form(self.stage(&self.task(number)?.stage)?, Decision::Sign)?;
        let mandate = self.mandate_of(number, &voter, Decision::Sign)?;
        self.record(number, voter, Decision::Sign, mandate);
        self.conclude(number, Decision::Sign)
    }

    /// Whether the actor may vote in this task on the version they saw.
    pub(super) fn check_vote(
        &self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
    ) -> Result<Voter, Refusal> {
        let task = self.open_task(number)?;
        let voter = self.voter(actor, number)?;
        if task.version_digest != seen {
            return Err(Refusal::StaleVersion {
                given: seen,
                present: task.version_digest,
            });
        }
        let stage = self.stage(&task.stage)?;
        let is_put_first = |seat: &Seat| seat.added.is_some_and(|it| it.place == Place::Before);
        let is_first_asked = self.seats(stage).iter().any(is_put_first);
        if is_first_asked
            && self.tally(stage)?.waits_for_first()
            && !self.is_first(stage, task.elector)
        {
            let stage = stage.path.clone();
            return Err(Refusal::WaitsForApprover { stage });
        }
        if let Assignee::Person(person) = voter.by
            && self.directory.active(person).is_none()
        {
            return Err(Refusal::PersonNotActive);
        }
        // Duties are separate through every hand that the task went through.
        let own = decided_by(voter.by, task);
        for person in own.chain(voter.stands_for.iter().copied()) {
            if let Some(rule) = conflict(self, stage, person)? {
                return Err(Refusal::SeparationOfDuties {
                    stage: stage.path.clone(),
                    rule,
                });
            }
        }
        Ok(voter)
    }

    /// Whether a slot was put before the others.
    fn is_first(&self, stage: &Stage, slot: Assignee) -> bool {
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return false;
        };
        let index = entry.electorate.iter().position(|sits| *sits == slot);
        let seat = index.and_then(|index| entry.seats.get(index));
        let place = seat.and_then(|seat| seat.added.map(|added| added.place));
        place == Some(Place::Before)
    }

    /// By which mandate somebody agrees or signs, where the seat was given by one. Whoever refuses
    /// needs none.
    fn mandate_of(
        &self,
        number: TaskNumber,
        voter: &Voter,
        decision: Decision,
    ) -> Result<Option<MandateId>, Refusal> {
        let task = self.task(number)?;
        match voter.by {
            Assignee::Person(person) if decision.is_favourable() => {
                let stage = self.stage(&task.stage)?;
                self.mandate_in_seat(stage, task.elector, person)
            }
            Assignee::Person(_) | Assignee::Contact(_) => Ok(None),
        }
    }

    fn record(
        &mut self,
        number: TaskNumber,
        voter: Voter,
        decision: Decision,
        mandate: Option<MandateId>,
    ) {
        let (at, by) = (self.at, voter.by);
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.mandate = mandate;
            task.held_at = None;
            task.on_behalf_of.extend(voter.stands_for);
            task.state = TaskState::Decided {
                decision,
                by,
                at,
                set_aside: false,
            };
        }
        let reason = CloseReason::Decided(decision);
        self.effects.push(Effect::CloseTask {
            task: number,
            reason,
        });
        // Who else was asked in this seat is not asked any more.
        if let Some(decided) = self.state.tasks.get(&number).cloned() {
            self.close_tasks(CloseReason::SeatTaken, |task| {
                task.stage == decided.stage && task.elector == decided.elector
            });
        }
    }

    /// What the decision means for its stage, and then for the run.
    fn conclude(&mut self, number: TaskNumber, decision: Decision) -> Result<(), Refusal> {
        let stage = self.stage(&self.task(number)?.stage)?;
        match decision {
            _ if self.reworks(stage, decision) => {
                let phase = if self.goes_back() {
                    StagePhase::Returned
                } else {
                    StagePhase::Rejected
                };
                self.refuse_stage(stage, phase);
            }
            Decision::Reject if stage.on_reject == OnReject::Finish => {
                self.refuse_stage(stage, StagePhase::Rejected);
            }
            _ => self.count_vote(stage, decision)?,
        }
        // A non-blocking acknowledgement may come after the end and moves nothing.
        if self.state.phase == Phase::Running {
            self.advance()
        } else {
            Ok(())
        }
    }
}

impl Run<'_> {
    fn refuse_stage(&mut self, stage: &Stage, phase: StagePhase) {
        let reason = if phase == StagePhase::Returned {
            CloseReason::Returned
        } else {
            CloseReason::Rejected
        };
        self.close_tasks(reason, |task| task.stage == stage.path);
        self.stage_state(&stage.path).phase = phase;
    }

    /// After a vote: the stage closes, has rejected, or asks whoever is next.
    fn count_vote(&mut self, stage: &Stage, decision: Decision) -> Result<(), Refusal> {
        if self.stage_phase(&stage.path) != StagePhase::Active {
            return Ok(());
        }
        let votes = self.votes(stage)?;
        if !self.tally_of(stage, &votes).is_reachable() {
            if decision == Decision::Abstain {
                let stage = stage.path.clone();
                return Err(Refusal::AbstentionLeavesTooFew { stage });
            }
            let goes_back = stage.on_reject == OnReject::CountThenRework && self.goes_back();
            let phase = if goes_back {
                StagePhase::Returned
            } else {
                StagePhase::Rejected
            };
            self.refuse_stage(stage, phase);
            return Ok(());
        }
        self.close_if_agreed(stage, &votes);
        if self.stage_phase(&stage.path) != StagePhase::Active {
            return Ok(());
        }
        self.ask_whose_turn_it_is(stage, &votes)
    }
}

fn check_words(said: &Said<'_>) -> Result<Vec<String>, Refusal> {
    let decision = said.decision;
    let refuses = decision.is_refusal();
    match said.comment {
        Some(comment) => {
            check(comment)?;
        }
        None if refuses || decision == Decision::Hold => {
            return Err(Refusal::CommentRequired { decision });
        }
        None => {}
    }
    if said.remarks.len() > REMARKS_MAX {
        return Err(Refusal::TooManyRemarks { max: REMARKS_MAX });
    }
    if decision == Decision::ApproveWithRemarks && said.remarks.is_empty() {
        return Err(Refusal::RemarksRequired);
    }
    if !(said.remarks.is_empty() || refuses || decision == Decision::ApproveWithRemarks) {
        return Err(Refusal::RemarksNotOffered { decision });
    }
    said.remarks.iter().map(|remark| check(remark)).collect()
}

/// A text that a person gave.
pub(super) fn check(text: &str) -> Result<String, Refusal> {
    check_text(text, TEXT_GRAPHEMES_MAX).map_err(|why: NameError| Refusal::Text { why })
}
