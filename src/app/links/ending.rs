//! How a link ends without a signature: refused. Returned with disagreements is in `disagreement`,
//! handed over to who signs instead in `hand_over`.

use chancery_types::Instant;
use chancery_workflow::{Decision, Event, EventKind, TaskNumber};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::open::digest_start;
use super::outcome::check_words;
use super::visit::Visit;
use crate::app::outbox::{self, Letter, MailKind};
use crate::app::runs::engine_actor;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::disagreements;

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
        let event = self.decided(actor, visit, Decision::Reject, reason.clone())?;
        let at = event.at.micros();
        self.move_run(
            actor,
            visit.link.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, _| {
                let letter = receipt(visit, event.at, &reason, None);
                outbox::enqueue(tx, self, visit.link.organisation_id, event.at, letter).await?;
                close_link(tx, visit.link.id, "refused", at).await
            },
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

/// What the reader of a link keeps of what they answered instead of signing.
pub(super) fn receipt(
    visit: &Visit,
    at: Instant,
    words: &str,
    protocol: Option<&disagreements::Model>,
) -> Letter {
    let subject = &visit.subject;
    Letter {
        key: format!("l:{}:answer", visit.link.id),
        kind: MailKind::AnswerRecorded,
        to: subject.reader(),
        document_id: Some(subject.document.id),
        payload: json!({
            "organisation_name": subject.organisation.name,
            "time_zone": subject.organisation.time_zone,
            "document_title": subject.document.title,
            "registration_number": subject.document.registration_number,
            "recorded_at": at,
            "digest_start": digest_start(&subject.version.main_digest),
            "words": words,
            "protocol_name": protocol.map(|row| &row.name),
            "protocol_digest": protocol.map(|row| &row.digest),
        }),
        secret: None,
    }
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
