//! The letter about a document that goes back to its initiator.

use chancery_types::{Instant, Locale};
use chancery_workflow::{Decision, Effect, TaskNumber};
use serde_json::json;

use crate::app::AppError;
use crate::app::outbox::MailKind;
use crate::app::transition::effects::Scribe;
use crate::app::transition::letters::MailTo;
use crate::store;
use crate::store::entity::tasks;

impl Scribe<'_> {
    /// Tells whoever is to rework the document, with who returned it and why: its initiator, or
    /// whom the workflow names.
    pub(super) async fn tell_of_rework(
        &self,
        now: Instant,
        effect: &Effect,
    ) -> Result<(), AppError> {
        let Effect::OpenRework {
            round,
            returned_by,
            to,
        } = effect
        else {
            return Ok(());
        };
        let key = format!("n:{}:returned:{round}", self.run.row.id);
        if to.is_empty() {
            let reader = self.post.initiator_reader();
            return self.tell_reworker(now, returned_by, reader, key).await;
        }
        for person in to {
            if let Some(reader) = self.post.person(*person).await? {
                let key = format!("{key}:{person}");
                self.tell_reworker(now, returned_by, reader, key).await?;
            }
        }
        Ok(())
    }

    async fn tell_reworker(
        &self,
        now: Instant,
        returned_by: &[TaskNumber],
        reader: MailTo,
        key: String,
    ) -> Result<(), AppError> {
        let locale = reader.locale;
        let mut returns = Vec::new();
        for number in returned_by {
            let row = self.task(*number)?;
            let mut verdict = self.verdict(row, locale).await?;
            verdict["protocol_name"] = json!(self.protocol_name(row).await?);
            verdict["note"] = json!(self.rework_note(row, locale));
            returns.push(verdict);
        }
        let values = json!({ "returns": returns });
        self.post
            .send(now, MailKind::Returned, reader, key, values)
            .await
    }

    /// What the workflow says to whoever reworks what this task has rejected.
    fn rework_note(&self, row: &tasks::Model, locale: Locale) -> Option<&str> {
        let is_rejected = row.decision.as_deref() == Some(Decision::Reject.code());
        let stage = self.run.definition.stage(&row.path).filter(|_| is_rejected);
        stage?.rework_note.as_ref()?.get(locale)
    }

    /// The name of the protocol of disagreements that came with a contact's return. Read last: the
    /// return has written it in this transaction.
    async fn protocol_name(&self, row: &tasks::Model) -> Result<Option<String>, AppError> {
        if row.contact_id.is_none() {
            return Ok(None);
        }
        let found =
            store::disagreements::find_of_task(self.tx, row.organisation_id, row.id).await?;
        Ok(found.map(|protocol| protocol.name))
    }
}
