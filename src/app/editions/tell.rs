//! Letters about editions: to those who may publish one, and back to its author.

use chancery_types::Instant;
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::people::{ADMINISTRATOR, holders_of};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::editions;

/// What happened to an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It waits for another administrator.
    Proposed,
    /// New runs take it.
    Published,
    /// It came back to its author.
    Returned,
    /// It was published for a later day, and will not come into force.
    Withdrawn,
}

impl Told {
    const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl App {
    /// Whether anybody but this administrator is told of what they propose or withdraw.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn has_other_administrators(&self, actor: &Actor) -> Result<bool, AppError> {
        let organisation = actor.organisation.uuid();
        let all = holders_of(self.store.reader(), organisation, ADMINISTRATOR).await?;
        let own = actor.person().map(|person| person.id.uuid());
        Ok(all.iter().any(|person| Some(person.id) != own))
    }

    /// Writes to whom it concerns, in the transaction of what happened.
    pub(super) async fn tell_of_edition(
        &self,
        tx: &DatabaseTransaction,
        row: &editions::Model,
        told: Told,
        now: Instant,
    ) -> Result<(), AppError> {
        let organisation = row.organisation_id;
        let house = store::organisations::load(tx, organisation).await?;
        let everybody = store::people::list_all(tx, organisation).await?;
        let name = |id: Option<Uuid>| {
            let found = everybody.iter().find(|person| Some(person.id) == id);
            found.map_or_else(String::new, |person| person.name.clone())
        };
        let (readers, person_name, words) = match told {
            Told::Proposed => {
                let mut readers = holders_of(tx, organisation, ADMINISTRATOR).await?;
                readers.retain(|person| person.id != row.author_id);
                (readers, name(Some(row.author_id)), Some(row.note.clone()))
            }
            Told::Withdrawn => {
                let mut readers = holders_of(tx, organisation, ADMINISTRATOR).await?;
                readers.retain(|person| Some(person.id) != row.decided_by_id);
                (readers, name(row.decided_by_id), None)
            }
            Told::Published | Told::Returned => {
                let author = everybody.iter().filter(|one| one.id == row.author_id);
                let author = author.filter(|one| one.state == "active").cloned();
                let by = name(row.decided_by_id);
                (author.collect(), by, row.reason.clone())
            }
        };
        let path = format!("/workflows/{}/editions/{}", row.workflow_id, row.number);
        for reader in readers {
            let to = MailTo::of_person(&house, &reader);
            let file = self.chains.chains().get(&row.workflow_id);
            let title = file.map(|chain| chain.definition.title(to.locale).to_owned());
            let letter = Letter {
                key: format!(
                    "d:{}:{}:{}:{}",
                    row.id,
                    told.code(),
                    now.micros(),
                    reader.id
                ),
                kind: MailKind::Edition,
                to,
                document_id: None,
                payload: json!({
                    "what": told.code(),
                    "organisation_name": house.name,
                    "time_zone": house.time_zone,
                    "workflow_title": title.unwrap_or_else(|| row.workflow_id.clone()),
                    "number": row.number,
                    "person_name": person_name,
                    "words": words,
                    "effective_at": row.effective_at.map(Instant::from_micros),
                    "url": self.url(&path),
                }),
                secret: None,
            };
            outbox::enqueue(tx, self, organisation, now, letter).await?;
        }
        Ok(())
    }
}
