//! The letters of a run's end: who is told that everybody agreed, or that somebody did not.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_workflow::kind::CompletedMail;
use chancery_workflow::{
    Assignee, CloseReason, Decision, Effect, Event, EventKind, Outcome, TaskState,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::effects::{Scribe, is_decision};
use crate::app::AppError;
use crate::app::links::files::signed_name;
use crate::app::outbox::{MailKind, MailTo};
use crate::store::entity::{signed_copies, tasks};

/// The signed copy of the present version, as a letter may have it.
enum SignedFile {
    /// It goes along.
    Attached(Value),
    /// It is larger than what goes along.
    TooLarge,
    /// There is none, or the kind keeps it from travelling.
    Kept,
}

impl Scribe<'_> {
    /// Tells of the end of the run; `effects` are those of the step that ended it.
    pub(super) async fn tell_of_end(
        &self,
        last: &Event,
        outcome: Outcome,
        effects: &[Effect],
    ) -> Result<(), AppError> {
        match outcome {
            // Whoever had an open task was told why it is closed; somebody did it by hand.
            Outcome::Withdrawn | Outcome::Cancelled => Ok(()),
            Outcome::Expired => self.tell_of_expiry(last).await,
            Outcome::Rejected => self.tell_of_rejection(last, effects).await,
            Outcome::Completed => self.tell_of_completion(last.at).await,
        }
    }

    /// To the initiator, to whoever had agreed, and to contacts who were still asked. The step may
    /// end with another branch's approval or signature after the rejection.
    async fn tell_of_rejection(&self, last: &Event, effects: &[Effect]) -> Result<(), AppError> {
        let (EventKind::Decided { task, .. } | EventKind::Signed { task, .. }) = &last.kind else {
            return Ok(());
        };
        let row = match self.rejection() {
            Some(row) => row,
            None => self.task(*task)?,
        };
        let key = format!("n:{}:rejected", self.run.row.id);
        let verdict = self.verdict(row, self.post.initiator_locale()).await?;
        let (kind, values) = if row.contact_id.is_some() {
            let values = json!({
                "contact_name": verdict["person_name"].as_str().unwrap_or_default(),
                "reason": row.comment.as_deref().unwrap_or_default(),
            });
            (MailKind::Refused, values)
        } else {
            (MailKind::Rejected, verdict)
        };
        self.post
            .to_initiator(last.at, kind, key.clone(), values)
            .await?;
        let mut told = self.agreed();
        told.extend(self.asked_contacts(effects)?);
        for assignee in told {
            let Some((reader, id)) = self.reader(assignee).await? else {
                continue;
            };
            // What our people said to one another is not the contact's to read.
            let values = match assignee {
                Assignee::Person(_) => self.verdict(row, reader.locale).await?,
                Assignee::Contact(_) => json!({}),
            };
            let key = format!("{key}:{id}");
            self.post
                .send(last.at, MailKind::Rejected, reader, key, values)
                .await?;
        }
        Ok(())
    }

    /// The task that was rejected, of the present round.
    fn rejection(&self) -> Option<&tasks::Model> {
        self.rows().find(|row| {
            is_decision(row, Decision::Reject) && row.round == i64::from(self.after.round)
        })
    }

    /// Contacts whose open task the rejection closed.
    fn asked_contacts(&self, effects: &[Effect]) -> Result<Vec<Assignee>, AppError> {
        let mut asked = Vec::new();
        for effect in effects {
            let Effect::CloseTask {
                task,
                reason: CloseReason::Rejected,
            } = effect
            else {
                continue;
            };
            let contact = self.task(*task)?.contact_id;
            asked.extend(contact.map(|id| Assignee::Contact(id.into())));
        }
        Ok(asked)
    }

    /// Who approved or signed the present version, as far as it counts.
    fn agreed(&self) -> BTreeSet<Assignee> {
        self.with_decision(|decision| {
            matches!(
                decision,
                Decision::Approve | Decision::ApproveWithRemarks | Decision::Sign
            )
        })
    }

    /// Who gave such a decision on the present version, as far as it counts.
    fn with_decision(&self, wanted: impl Fn(Decision) -> bool) -> BTreeSet<Assignee> {
        let tasks = self.after.tasks.iter();
        tasks
            .filter(|(number, _)| self.after.is_on_present_version(**number))
            .filter_map(|(_, task)| match &task.state {
                TaskState::Decided {
                    decision,
                    by,
                    set_aside: false,
                    ..
                } if wanted(*decision) => Some(*by),
                _ => None,
            })
            .collect()
    }

    /// Whom a letter to `assignee` goes to, and the identifier that its key bears. Nobody who does
    /// not work here any more.
    pub(super) async fn reader(
        &self,
        assignee: Assignee,
    ) -> Result<Option<(MailTo, String)>, AppError> {
        Ok(match assignee {
            Assignee::Person(id) if self.run.directory.active(id).is_none() => None,
            Assignee::Person(id) => {
                let reader = self.post.person(id).await?;
                reader.map(|reader| (reader, id.to_string()))
            }
            Assignee::Contact(id) => {
                let reader = self.post.contact(id).await?;
                reader.map(|reader| (reader, id.to_string()))
            }
        })
    }

    /// The signed copy, if the kind lets it travel by mail. Read last: the signature that completes
    /// the run has written it in this transaction.
    async fn signed_file(&self) -> Result<SignedFile, AppError> {
        let kind = self.app.chains.kinds().get(&self.run.document.kind);
        if kind.is_none_or(|kind| kind.completed_mail() != CompletedMail::SignedPdf) {
            return Ok(SignedFile::Kept);
        }
        let copy = signed_copies::Entity::find_by_id(self.version.id)
            .filter(signed_copies::Column::OrganisationId.eq(self.version.organisation_id))
            .one(self.tx)
            .await?;
        let Some(copy) = copy else {
            return Ok(SignedFile::Kept);
        };
        let size = u64::try_from(copy.size_bytes).unwrap_or(u64::MAX);
        if size > self.app.config.mail.attachment_bytes_max {
            return Ok(SignedFile::TooLarge);
        }
        let attached = json!({
            "digest": copy.digest, "name": signed_name(&self.version.main_name),
        });
        Ok(SignedFile::Attached(attached))
    }

    /// To the initiator, to whoever approved, and to the signatories of both sides. The file goes
    /// to the initiator and the signatories.
    async fn tell_of_completion(&self, now: Instant) -> Result<(), AppError> {
        let key = format!("n:{}:completed", self.run.row.id);
        let signers = self.with_decision(|decision| decision == Decision::Sign);
        let kind = if signers.is_empty() {
            MailKind::Approved
        } else {
            MailKind::Completed
        };
        let file = self.signed_file().await?;
        let own = self.completed_values(kind, &file, None);
        self.post.to_initiator(now, kind, key.clone(), own).await?;
        for assignee in self.agreed() {
            let Some((reader, id)) = self.reader(assignee).await? else {
                continue;
            };
            let file = if signers.contains(&assignee) {
                &file
            } else {
                &SignedFile::Kept
            };
            let values = self.completed_values(kind, file, Some(assignee));
            let key = format!("{key}:{id}");
            self.post.send(now, kind, reader, key, values).await?;
        }
        Ok(())
    }

    fn completed_values(
        &self,
        kind: MailKind,
        file: &SignedFile,
        reader: Option<Assignee>,
    ) -> Value {
        if kind != MailKind::Completed {
            return json!({ "is_over": true });
        }
        let mut values = match file {
            SignedFile::Attached(file) => json!({ "attachment": file }),
            SignedFile::TooLarge => json!({ "is_too_large": true }),
            SignedFile::Kept => json!({}),
        };
        if let Some(Assignee::Contact(_)) = reader {
            values["entry_url"] = json!(self.app.url("/s"));
        }
        values
    }
}
