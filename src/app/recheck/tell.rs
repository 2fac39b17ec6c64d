//! A change of verdict, told to the organisation's compliance officers.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Change;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError};
use crate::store;
use crate::store::checked_files::{DueFile, DueForm};
use crate::store::entity::{organisations, people, versions};
use crate::store::signature_checks as rows;

const DAY_MICROS: i64 = 86_400_000_000;
/// How many files with changes are mailed in a day, one by one; the list has the others. A root
/// that is taken away changes every verdict at once.
const FILES_A_DAY_MAX: u64 = 20;

/// What changed, and where.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    /// The file that was checked.
    pub file: &'a DueFile,
    /// Its version.
    pub version: &'a versions::Model,
    /// The verdicts that are not what they were.
    pub changes: &'a [Change],
}

impl App {
    /// Writes to every compliance officer of the whole organisation, in the transaction of the
    /// change. The last letter of a day says that it is the last.
    pub(super) async fn write_to_officers(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        told: Told<'_>,
        now: Instant,
    ) -> Result<(), AppError> {
        let id = organisation.uuid();
        let day = now
            .micros()
            .div_euclid(DAY_MICROS)
            .saturating_mul(DAY_MICROS);
        let files_today = rows::count_files_changed(tx, id, day).await?;
        if files_today > FILES_A_DAY_MAX {
            return Ok(());
        }
        let is_last = files_today == FILES_A_DAY_MAX;
        let house = store::organisations::load(tx, id).await?;
        let payload = self.payload(tx, &house, told, is_last).await?;
        for officer in officers(tx, id).await? {
            let letter = Letter {
                key: format!("v:{}:{}:{}", told.file.subject_id, now.micros(), officer.id),
                kind: MailKind::VerdictChanged,
                to: MailTo::of_person(&house, &officer),
                document_id: Some(told.file.document_id),
                payload: payload.clone(),
                secret: None,
            };
            outbox::enqueue(tx, self, id, now, letter).await?;
        }
        Ok(())
    }

    async fn payload(
        &self,
        tx: &DatabaseTransaction,
        house: &organisations::Model,
        told: Told<'_>,
        is_last: bool,
    ) -> Result<Value, AppError> {
        let ids = [told.file.document_id];
        let document = store::documents::list_by_ids(tx, house.id, ids).await?;
        let document = document.into_iter().next();
        let document = document.ok_or_else(|| AppError::internal("a version of no document"))?;
        let changes: Vec<Value> = told.changes.iter().map(Change::value).collect();
        let detached = match &told.file.form {
            DueForm::Main | DueForm::Copy => None,
            DueForm::Detached { name, .. } => Some(name),
        };
        Ok(json!({
            "organisation_name": house.name,
            "time_zone": house.time_zone,
            "document_title": document.title,
            "registration_number": document.registration_number,
            "registered_at": document.registered_at.map(Instant::from_micros),
            "url": self.url(&format!("/documents/{}", document.id)),
            "version": told.version.number,
            "detached": detached,
            "changes": changes,
            "is_last_of_day": is_last,
            "list_url": self.url("/signatures"),
        }))
    }
}

/// People who may ask for the list: the role within one department does not reach.
async fn officers(
    tx: &DatabaseTransaction,
    organisation: Uuid,
) -> Result<Vec<people::Model>, AppError> {
    let roles = store::people::list_roles(tx, organisation, None).await?;
    let holders: BTreeSet<Uuid> = roles
        .into_iter()
        .filter(|held| held.role == "compliance_officer" && held.department_id.is_none())
        .map(|held| held.person_id)
        .collect();
    let everybody = store::people::list_all(tx, organisation).await?;
    let active = everybody.into_iter();
    let active = active.filter(|person| person.state == "active" && holders.contains(&person.id));
    Ok(active.collect())
}
