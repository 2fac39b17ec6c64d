//! What happened since a person's last visit: what others did on documents that concern them, since
//! the mark that the person moves on themselves (ADR 0016).

use std::collections::BTreeMap;

use chancery_types::Instant;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::reading::HistoryEvent;
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, Resource, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{documents, news_marks};
use crate::store::news::NewsFilter;

/// The most events that are told.
pub const EVENTS_MAX: u64 = 60;
/// How far back whoever never moved their mark is told, in seconds: a week.
const FIRST_SECONDS: i64 = 7 * 86_400;
/// How far back anybody is told, in seconds: what is older is in the documents' histories.
const SECONDS_MAX: i64 = 30 * 86_400;

/// What an initiator is told of.
const ON_OWN: [&str; 22] = [
    "comment.added",
    "document.drafted",
    "document.not_started",
    "document.signed",
    "question.asked",
    "remark.closed",
    "run.approver_added",
    "run.cancelled",
    "run.migrated",
    "run.resubmitted",
    "run.resumed",
    "run.suspended",
    "run.withdrawn",
    "signature.brought",
    "signature.verdict_changed",
    "task.decided",
    "task.delegated",
    "task.reassigned",
    "task.reassigned_from_outside",
    "task.revoked",
    "task.signed",
    "version.added",
];
/// What whoever holds a task is told of: it changes what they are to decide.
const ON_HELD: [&str; 7] = [
    "comment.added",
    "remark.closed",
    "run.resubmitted",
    "run.resumed",
    "run.suspended",
    "task.decided",
    "version.added",
];
/// What whoever has decided is told of: how it went on, not every step.
const ON_DECIDED: [&str; 5] = [
    "document.signed",
    "remark.closed",
    "run.cancelled",
    "run.resubmitted",
    "run.withdrawn",
];

/// A decision that ends the round or the run. What people write stands in quotation marks that are
/// escaped there, so that nobody's words are taken for it.
const AGAINST: [&str; 2] = [r#""decision":"reject""#, r#""decision":"return""#];

/// What happened on one document.
#[derive(Clone, Debug)]
pub struct DocumentNews {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// What happened, newest first.
    pub events: Vec<HistoryEvent>,
}

/// What happened since the person's mark.
#[derive(Clone, Debug)]
pub struct News {
    /// Since when it is told.
    pub since: Instant,
    /// Until when: what the person has seen once they say that they have.
    pub until: Instant,
    /// By document, the one with the newest event first.
    pub documents: Vec<DocumentNews>,
    /// How many events are told, at most [`EVENTS_MAX`].
    pub events_count: usize,
    /// Whether there are older ones since the mark.
    pub has_more: bool,
}

impl App {
    /// What others did since the actor's mark on documents that concern the actor.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is no person of the organisation.
    pub async fn list_news(&self, actor: &Actor) -> Result<News, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let until = self.now();
        let mark = store::news::find_mark(reader, organisation, person.id.uuid()).await?;
        let first = until.plus_seconds(-FIRST_SECONDS);
        let since = mark.map_or(first, Instant::from_micros);
        let since = since.max(until.plus_seconds(-SECONDS_MAX));
        let filter = NewsFilter {
            person_id: person.id.uuid(),
            seen_by: self.seen_by(actor, person).await?,
            since: since.micros(),
            until: until.micros(),
            on_own: &ON_OWN,
            on_held: &ON_HELD,
            on_decided: &ON_DECIDED,
            against: ("task.decided", &AGAINST),
            mention: "comment.added",
        };
        let asked = EVENTS_MAX.saturating_add(1);
        let mut rows = store::news::list_news(reader, organisation, &filter, asked).await?;
        let told = usize::try_from(EVENTS_MAX).unwrap_or(usize::MAX);
        let has_more = rows.len() > told;
        rows.truncate(told);
        let events_count = rows.len();
        let of: Vec<Uuid> = rows.iter().filter_map(|row| row.document_id).collect();
        let events = self.told_events(organisation, rows).await?;
        Ok(News {
            since,
            until,
            documents: self.by_document(organisation, &of, events).await?,
            events_count,
            has_more,
        })
    }

    /// Events by document; `of` says of which each is.
    async fn by_document(
        &self,
        organisation: Uuid,
        of: &[Uuid],
        events: Vec<HistoryEvent>,
    ) -> Result<Vec<DocumentNews>, AppError> {
        let rows = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(organisation))
            .filter(documents::Column::Id.is_in(of.iter().copied()))
            .all(self.store.reader())
            .await?;
        let mut known: BTreeMap<Uuid, documents::Model> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let mut told: Vec<DocumentNews> = Vec::new();
        for (id, event) in of.iter().zip(events) {
            if let Some(row) = known.remove(id) {
                told.push(DocumentNews {
                    id: row.id.into(),
                    title: row.title,
                    registration_number: row.registration_number,
                    events: Vec::new(),
                });
            }
            let document = told.iter_mut().find(|one| one.id.uuid() == *id);
            if let Some(document) = document {
                document.events.push(event);
            }
        }
        Ok(told)
    }

    /// Moves the actor's mark on to `until`, which [`App::list_news`] told, or to now. It never
    /// goes back, nor past now. No event: it says nothing of the house, only what one has read.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is no person; [`AppError::Denied`] for a token that only
    /// reads.
    pub async fn see_news(&self, actor: &Actor, until: Option<Instant>) -> Result<(), AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?;
        let whole = Resource::Organisation(actor.organisation);
        allow(decide(actor, Action::ManageOwnProfile, &whole))?;
        let now = self.now();
        let row = news_marks::Model {
            person_id: person.id.uuid(),
            organisation_id: actor.organisation.uuid(),
            seen_at: until.unwrap_or(now).min(now).micros(),
        };
        store::news::update_mark(self.store.writer(), row).await?;
        Ok(())
    }
}
