//! How a link ends without a signature: refused. Returned with disagreements is in `disagreement`,
//! handed over to who signs instead in `hand_over`.

use chancery_workflow::{Decision, Event, EventKind, TaskNumber};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::outcome::check_words;
use super::visit::Visit;
use crate::app::runs::engine_actor;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;

/// Who signs instead, as the reader of a link named them.
#[derive(Clone, Debug)]
pub struct NewSignatory {
    /// Their name.
    pub name: String,
    /// Their address: the new link and code go there.
    pub email: String,
    /// Their position.
    pub position: Option<String>,
}

impl App {
    /// Refuses to sign, with a reason: the run ends as its workflow says.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; an invalid reason; the engine's refusal.
    pub async fn refuse_to_sign(
        &self,
        actor: &Actor,
        visit: &Visit,
        reason: &str,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let reason = check_words("reason", reason)?;
        let event = self.decided(actor, visit, Decision::Reject, reason)?;
        let at = event.at.micros();
        self.move_run(
            actor,
            visit.link.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, _| close_link(tx, visit.link.id, "refused", at).await,
        )
        .await?;
        Ok(())
    }

    /// The event of a reader's decision about the version that their link is bound to.
    pub(super) fn decided(
        &self,
        actor: &Actor,
        visit: &Visit,
        decision: Decision,
        comment: String,
    ) -> Result<Event, AppError> {
        let digest = &visit.subject.version.digest;
        let corrupt = || AppError::internal(format!("link {} has no version", visit.link.id));
        Ok(Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind: EventKind::Decided {
                task: task_number(visit)?,
                decision,
                version_digest: digest.parse().map_err(|_| corrupt())?,
                comment: Some(comment),
                remarks: Vec::new(),
            },
        })
    }
}

pub(super) fn task_number(visit: &Visit) -> Result<TaskNumber, AppError> {
    let number = u32::try_from(visit.subject.task.number);
    number
        .map(TaskNumber)
        .map_err(|_| AppError::internal("a task's number is out of range"))
}

/// Ends a link in the transaction that ends what it was for.
///
/// # Errors
///
/// `link-not-active` if somebody else ended it first.
pub(crate) async fn close_link(
    tx: &DatabaseTransaction,
    link: Uuid,
    state: &'static str,
    at: i64,
) -> Result<(), AppError> {
    match store::links::close(tx, link, "active", state, at).await? {
        0 => Err(AppError::refused("link-not-active")),
        _ => Ok(()),
    }
}
