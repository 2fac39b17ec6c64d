//! A change of verdict, of a signature or of a power of attorney beside one, told to the
//! organisation's compliance officers.

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Change;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::people::holders_of;
use crate::app::signing::powers::PowerChange;
use crate::app::{App, AppError};
use crate::store;
use crate::store::checked_files::{DueFile, DueForm};
use crate::store::entity::{documents, organisations};
use crate::store::signature_checks as rows;

const DAY_MICROS: i64 = 86_400_000_000;
/// How many files with changes are mailed in a day, one by one; the list has the others. A root
/// that is taken away changes every verdict at once.
const FILES_A_DAY_MAX: u64 = 20;

/// The same of powers of attorney.
const POWERS_A_DAY_MAX: u64 = 20;

/// What a letter tells.
struct Changed {
    kind: MailKind,
    /// What came to something else, each as its kind of mail has it.
    changes: Vec<Value>,
    /// Whether further changes of the day are not mailed.
    is_last: bool,
    /// Where all of them are listed, if they are.
    list_url: Option<String>,
}

/// The beginning of the day, in UTC: microseconds since the epoch.
const fn day_of(now: Instant) -> i64 {
    let days = now.micros().div_euclid(DAY_MICROS);
    days.saturating_mul(DAY_MICROS)
}

/// How keys of such letters begin.
const fn key_of(kind: MailKind) -> &'static str {
    match kind {
        MailKind::PowerChanged => "w",
        _ => "v",
    }
}

impl App {
    /// Writes to every compliance officer of the whole organisation, in the transaction of the
    /// change. The last letter of a day says that it is the last.
    pub(super) async fn write_to_officers(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        file: &DueFile,
        changes: &[Change],
        now: Instant,
    ) -> Result<(), AppError> {
        let id = organisation.uuid();
        let files_today = rows::count_files_changed(tx, id, day_of(now)).await?;
        if files_today > FILES_A_DAY_MAX {
            return Ok(());
        }
        let changed = Changed {
            kind: MailKind::VerdictChanged,
            changes: changes.iter().map(Change::value).collect(),
            is_last: files_today == FILES_A_DAY_MAX,
            list_url: Some(self.url("/signatures")),
        };
        self.write_of(tx, id, (file, changed), now).await
    }

    /// The same of powers of attorney that came to something else, one letter for those beside one
    /// file.
    pub(super) async fn write_of_powers(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        file: &DueFile,
        changes: &[PowerChange],
        now: Instant,
    ) -> Result<(), AppError> {
        let id = organisation.uuid();
        let today = store::signature_powers::count_changed(tx, id, day_of(now)).await?;
        let own = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        let before = today.saturating_sub(own);
        if before >= POWERS_A_DAY_MAX {
            return Ok(());
        }
        let changed = Changed {
            kind: MailKind::PowerChanged,
            changes: changes.iter().map(PowerChange::value).collect(),
            is_last: today >= POWERS_A_DAY_MAX,
            list_url: None,
        };
        self.write_of(tx, id, (file, changed), now).await
    }

    async fn write_of(
        &self,
        tx: &DatabaseTransaction,
        organisation: Uuid,
        (file, changed): (&DueFile, Changed),
        now: Instant,
    ) -> Result<(), AppError> {
        let document = store::documents::list_by_ids(tx, organisation, [file.document_id]).await?;
        let document = document.into_iter().next();
        let document = document.ok_or_else(|| AppError::internal("a version of no document"))?;
        let house = store::organisations::load(tx, organisation).await?;
        let kind = changed.kind;
        let payload = self.payload(&house, &document, file, changed);
        for officer in holders_of(tx, house.id, "compliance_officer").await? {
            let (subject, at) = (file.subject_id, now.micros());
            let letter = Letter {
                key: format!("{}:{subject}:{at}:{}", key_of(kind), officer.id),
                kind,
                to: MailTo::of_person(&house, &officer),
                document_id: Some(file.document_id),
                payload: payload.clone(),
                secret: None,
            };
            outbox::enqueue(tx, self, house.id, now, letter).await?;
        }
        Ok(())
    }

    fn payload(
        &self,
        house: &organisations::Model,
        document: &documents::Model,
        file: &DueFile,
        changed: Changed,
    ) -> Value {
        let detached = match &file.form {
            DueForm::Main | DueForm::Copy => None,
            DueForm::Detached { name, .. } => Some(name),
        };
        let mut payload = json!({
            "organisation_name": house.name,
            "time_zone": house.time_zone,
            "document_title": document.title,
            "registration_number": document.registration_number,
            "registered_at": document.registered_at.map(Instant::from_micros),
            "url": self.url(&format!("/documents/{}", document.id)),
            "version": file.number,
            "detached": detached,
            "changes": changed.changes,
            "is_last_of_day": changed.is_last,
        });
        if let Some(url) = changed.list_url {
            payload["list_url"] = json!(url);
        }
        payload
    }
}
