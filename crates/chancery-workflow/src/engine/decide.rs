//! Decisions and signatures.

use chancery_types::Digest;
use chancery_types::name::{NameError, check_text};

use super::Run;
use super::assignees::conflict;
use crate::definition::StageKind;
use crate::event::{Actor, CloseReason, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, Phase, StagePhase, TaskNumber, TaskState};

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
        let by = self.check_vote(actor, number, seen)?;
        let decision = said.decision;
        let stage = self.stage(&self.task(number)?.stage)?;
        // A signature comes with its own event, which the shell sends only after verifying it.
        if decision == Decision::Sign || !stage.decisions.contains(&decision) {
            return Err(Refusal::DecisionNotOffered {
                stage: stage.path.clone(),
                decision,
            });
        }
        let remarks = check_words(said)?;
        if decision == Decision::Return && self.state.round > self.definition.rework_max() {
            return Err(Refusal::RoundsExhausted {
                max: self.definition.rework_max(),
            });
        }
        self.record(number, by, decision);
        if !remarks.is_empty() {
            self.effects.push(Effect::RecordRemarks {
                task: number,
                remarks,
            });
        }
        self.conclude(number, decision)
    }

    pub(super) fn sign(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
    ) -> Result<(), Refusal> {
        let by = self.check_vote(actor, number, seen)?;
        if self.stage(&self.task(number)?.stage)?.kind != StageKind::Sign {
            return Err(Refusal::NotASigningTask { task: number });
        }
        self.record(number, by, Decision::Sign);
        self.conclude(number, Decision::Sign)
    }

    /// Whether the actor may vote in this task on the version they saw.
    fn check_vote(
        &self,
        actor: Actor,
        number: TaskNumber,
        seen: Digest,
    ) -> Result<Assignee, Refusal> {
        let task = self.open_task(number)?;
        let by = actor
            .assignee()
            .filter(|by| *by == task.assignee)
            .ok_or(Refusal::NotAssignee { task: number })?;
        if task.version_digest != seen {
            return Err(Refusal::StaleVersion {
                given: seen,
                present: task.version_digest,
            });
        }
        if let Assignee::Person(person) = by {
            if self.directory.active(person).is_none() {
                return Err(Refusal::PersonNotActive);
            }
            let stage = self.stage(&task.stage)?;
            if let Some(rule) = conflict(self, stage, person)? {
                return Err(Refusal::SeparationOfDuties {
                    stage: stage.path.clone(),
                    rule,
                });
            }
        }
        Ok(by)
    }

    fn record(&mut self, number: TaskNumber, by: Assignee, decision: Decision) {
        let at = self.at;
        if let Some(task) = self.state.tasks.get_mut(&number) {
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
    }

    /// What the decision means for its stage, and then for the run.
    fn conclude(&mut self, number: TaskNumber, decision: Decision) -> Result<(), Refusal> {
        let stage = self.stage(&self.task(number)?.stage)?;
        let refused = match decision {
            Decision::Return => Some((StagePhase::Returned, CloseReason::Returned)),
            Decision::Reject => Some((StagePhase::Rejected, CloseReason::Rejected)),
            Decision::Approve
            | Decision::ApproveWithRemarks
            | Decision::Acknowledge
            | Decision::Sign => None,
        };
        if let Some((phase, reason)) = refused {
            self.close_tasks(reason, |task| task.stage == stage.path);
            self.stage_state(&stage.path).phase = phase;
        } else {
            self.close_if_satisfied(stage)?;
        }
        // A non-blocking acknowledgement may come after the end and moves nothing.
        if self.state.phase == Phase::Running {
            self.advance()
        } else {
            Ok(())
        }
    }
}

fn check_words(said: &Said<'_>) -> Result<Vec<String>, Refusal> {
    let decision = said.decision;
    let unfavourable = !decision.is_favourable();
    match said.comment {
        Some(comment) => {
            check(comment)?;
        }
        None if unfavourable => return Err(Refusal::CommentRequired { decision }),
        None => {}
    }
    if said.remarks.len() > REMARKS_MAX {
        return Err(Refusal::TooManyRemarks { max: REMARKS_MAX });
    }
    if decision == Decision::ApproveWithRemarks && said.remarks.is_empty() {
        return Err(Refusal::RemarksRequired);
    }
    if !(said.remarks.is_empty() || unfavourable || decision == Decision::ApproveWithRemarks) {
        return Err(Refusal::RemarksNotOffered { decision });
    }
    said.remarks.iter().map(|remark| check(remark)).collect()
}

/// A text that a person gave.
pub(super) fn check(text: &str) -> Result<String, Refusal> {
    check_text(text, TEXT_GRAPHEMES_MAX).map_err(|why: NameError| Refusal::Text { why })
}
