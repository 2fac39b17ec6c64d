//! One more person in a stage, whom somebody of it asks for.

use chancery_types::id::{PersonId, TaskId};
use chancery_workflow::{Assignee as Holder, EventKind, Place};

use super::TaskOutcome;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;

/// As forms and calls name a place.
pub const PLACES: [(&str, Place); 3] = [
    ("before", Place::Before),
    ("beside", Place::Beside),
    ("after", Place::After),
];

/// When an approver decides, by its code.
///
/// # Errors
///
/// [`AppError::Invalid`] for a code that is none.
pub fn place_of(code: &str) -> Result<Place, AppError> {
    let found = PLACES.iter().find(|(known, _)| *known == code);
    found
        .map(|(_, place)| *place)
        .ok_or_else(|| AppError::invalid("place", "not-a-choice"))
}

/// Whom somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct ApproverDraft {
    /// Who.
    pub person: PersonId,
    /// When they decide.
    pub place: Place,
    /// Whether the stage needs their agreement.
    pub required: bool,
}

impl App {
    /// Asks one more person in the stage of an open task. They get a task, perhaps later.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`] for anybody but its holder;
    /// `may-not-change-approvers` where the workflow does not let them, `separation-of-duties`,
    /// `already-takes-part`, `stage-not-open` and the engine's other refusals.
    pub async fn add_approver(
        &self,
        actor: &Actor,
        task_id: TaskId,
        draft: ApproverDraft,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::ActOnTask)
            .await?;
        let kind = EventKind::ApproverAdded {
            stage: task.row.path.clone(),
            person: draft.person,
            place: draft.place,
            required: draft.required,
        };
        let advanced = self.move_by(actor, task.run(), kind).await?;
        self.outcome_for(&advanced, Some(Holder::Person(draft.person)))
            .await
    }
}
