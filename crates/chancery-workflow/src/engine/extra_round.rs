//! What happens when a document was returned as often as it may be, and the file lets somebody
//! decide whether it goes round once more.
//!
//! Meanwhile the run runs, waits in one stage of its own, and takes no new version: an author
//! gets no round by uploading something. Each extra round is asked for anew, and there are at most
//! as many as the file says, so that every run ends.

use super::Run;
use super::assignees::resolve;
use crate::event::{CloseReason, Outcome};
use crate::refusal::Refusal;
use crate::state::{StagePhase, TaskState};

impl Run<'_> {
    /// How often the document may be returned: as the file says, and as it was let go round since.
    pub(super) const fn rounds_max(&self) -> u32 {
        let own = self.definition.rework_max();
        own.saturating_add(self.state.extra_rounds)
    }

    /// Whether the document was returned as often as it may be.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.state.round > self.rounds_max()
    }

    /// Whether somebody may be asked for an extra round.
    pub(super) fn may_go_round_more(&self) -> bool {
        let extra = self.definition.extra_round();
        extra.is_some_and(|(_, max)| self.state.extra_rounds < max)
    }

    /// Whether that is being asked.
    pub(super) fn asks_for_round(&self) -> bool {
        let extra = self.definition.extra_round();
        extra.is_some_and(|(stage, _)| self.stage_phase(&stage.path) == StagePhase::Active)
    }

    /// Closes everything and asks whether there is one more round.
    pub(super) fn ask_for_round(&mut self) -> Result<(), Refusal> {
        let Some((stage, _)) = self.definition.extra_round() else {
            let what = "rounds".to_owned();
            return Err(Refusal::Corrupt { what });
        };
        let roll = resolve(self, stage)?;
        self.close_tasks(CloseReason::Returned, |_| true);
        self.cancel_active();
        self.open_stage(stage, roll)
    }

    /// Whether whoever would be asked is there: no run starts that would get stuck.
    pub(super) fn check_extra_round(&self) -> Result<(), Refusal> {
        let extra = self.definition.extra_round();
        extra.map_or(Ok(()), |(stage, _)| resolve(self, stage).map(|_| ()))
    }

    /// Waits for the answer or carries it out; false where nobody was asked.
    pub(super) fn follow_extra_round(&mut self) -> bool {
        let Some((stage, _)) = self.definition.extra_round() else {
            return false;
        };
        match self.stage_phase(&stage.path) {
            StagePhase::Active => {}
            StagePhase::Satisfied => {
                self.state.extra_rounds = self.state.extra_rounds.saturating_add(1);
                self.stage_state(&stage.path).phase = StagePhase::Pending;
                // It was about this round alone.
                for task in self.state.tasks.values_mut() {
                    if let TaskState::Decided { set_aside, .. } = &mut task.state {
                        *set_aside |= task.stage == stage.path;
                    }
                }
                self.open_rework();
            }
            StagePhase::Rejected => {
                self.close_tasks(CloseReason::Rejected, |_| true);
                self.finish(Outcome::Rejected);
            }
            _ => return false,
        }
        true
    }
}
