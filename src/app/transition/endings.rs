//! The letters of a run's end: who is told that everybody agreed, or that somebody did not.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_workflow::kind::CompletedMail;
use chancery_workflow::{
    Assignee, CloseReason, Decision, Effect, Event, EventKind, Outcome, TaskState,
};
use serde_json::{Value, json};

use super::effects::{Scribe, is_decision};
use crate::app::AppError;
use crate::app::outbox::{MailKind, MailTo};
use crate::app::signing::detached::{NamedFile, Places};
use crate::store::entity::tasks;

/// The signatures of the present version, as a letter may have them.
enum SignedFiles {
    /// They go along.
    Attached(Places),
    /// They are larger than what goes along.
    TooLarge(Places),
    /// There are none, or the kind keeps them from travelling.
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

    /// The signatures, if the kind lets them travel by mail. Read last: the signature that
    /// completes the run has been written in this transaction.
    async fn signed_files(&self) -> Result<SignedFiles, AppError> {
        let kind = self.app.chains.kinds().get(&self.run.document.kind);
        if kind.is_none_or(|kind| kind.completed_mail() != CompletedMail::SignedPdf) {
            return Ok(SignedFiles::Kept);
        }
        let places = Places::of(self.tx, self.version).await?;
        let files = places.files();
        if files.is_empty() {
            return Ok(SignedFiles::Kept);
        }
        let sizes = files.iter().map(|file| u64::try_from(file.size_bytes));
        let size = sizes.fold(0_u64, |sum, size| {
            sum.saturating_add(size.unwrap_or(u64::MAX))
        });
        if size > self.app.config.mail.attachment_bytes_max {
            return Ok(SignedFiles::TooLarge(places));
        }
        Ok(SignedFiles::Attached(places))
    }

    /// To the initiator, to whoever approved, and to the signatories of both sides. The files go
    /// to the initiator and the signatories.
    async fn tell_of_completion(&self, now: Instant) -> Result<(), AppError> {
        let key = format!("n:{}:completed", self.run.row.id);
        let signers = self.with_decision(|decision| decision == Decision::Sign);
        let kind = if signers.is_empty() {
            MailKind::Approved
        } else {
            MailKind::Completed
        };
        let files = self.signed_files().await?;
        let own = self.completed_values(kind, &files, None);
        self.post.to_initiator(now, kind, key.clone(), own).await?;
        for assignee in self.agreed() {
            let Some((reader, id)) = self.reader(assignee).await? else {
                continue;
            };
            let files = if signers.contains(&assignee) {
                &files
            } else {
                &SignedFiles::Kept
            };
            let values = self.completed_values(kind, files, Some(assignee));
            let key = format!("{key}:{id}");
            self.post.send(now, kind, reader, key, values).await?;
        }
        Ok(())
    }

    fn completed_values(
        &self,
        kind: MailKind,
        files: &SignedFiles,
        reader: Option<Assignee>,
    ) -> Value {
        if kind != MailKind::Completed {
            return json!({ "is_over": true });
        }
        let mut values = match files {
            SignedFiles::Attached(places) => placed(places, false),
            SignedFiles::TooLarge(places) => placed(places, true),
            SignedFiles::Kept => json!({}),
        };
        if let Some(Assignee::Contact(_)) = reader {
            values["entry_url"] = json!(self.app.url("/s"));
        }
        values
    }
}

/// Where the signatures stand, for [`crate::mail::message::Completed`].
fn placed(places: &Places, is_too_large: bool) -> Value {
    let named = |file: &NamedFile| json!({ "digest": file.digest, "name": file.name });
    let beside = places.beside.iter().map(|one| {
        json!({
            "signer_name": one.signer_name,
            "signature": named(&one.now),
            "covered": named(&one.covered),
            "indication": one.indication,
            "leaves_revocation_open": one.leaves_revocation_open,
        })
    });
    let beside: Vec<Value> = beside.collect();
    let mut values = json!({
        "attachment": places.copy.as_ref().map(named),
        "inside_count": places.inside_count,
        "beside": beside,
    });
    if is_too_large {
        values["is_too_large"] = json!(true);
        values["attachment"] = Value::Null;
    }
    values
}
