//! Another administrator decides on a text: publishes it, or gives it back with a reason. Whoever
//! wrote it, or any administrator, may give it up.

use chancery_types::Instant;
use serde_json::json;

use super::tell::Told;
use super::write::happening;
use super::{EditionState, NOTE_MAX, editor};
use crate::app::audit;
use crate::app::checks::Checks;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::editions;

/// What is published, and what its reader saw when they decided.
#[derive(Clone, Debug)]
pub struct Publishing {
    /// The optimistic lock of the edition that was read.
    pub row_version: i64,
    /// SHA-256 of the text that was in force beside it, 64 hexadecimal digits.
    pub against: String,
    /// From when new runs take it; at once if that is past or not said. Never before the day that
    /// the text says.
    pub from: Option<Instant>,
    /// Whether they took note of the controls that become weaker.
    pub has_seen_weaker: bool,
}

impl App {
    /// Publishes a proposed edition: runs that start from then on take it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators; `edition-own` for its author,
    /// `edition-not-proposed`, `edition-ahead` if another one is published for a later day,
    /// `edition-compared-with-another` if something else was published meanwhile,
    /// `edition-not-accepted` if the house does not accept it any more;
    /// [`AppError::Invalid`] `weaker` if controls become weaker and nobody took note;
    /// [`AppError::Stale`].
    pub async fn publish_edition(
        &self,
        actor: &Actor,
        workflow: &str,
        number: i64,
        publishing: &Publishing,
    ) -> Result<(), AppError> {
        let person = editor(actor)?;
        let now = self.now();
        let read = self.load_edition(actor, workflow, number).await?;
        let reader = self.store.reader();
        let in_force = self
            .workflow_in_force(reader, actor.organisation, workflow)
            .await?;
        let checked = self.checked(workflow, &read.source, in_force).await?;
        let tx = self.store.begin().await?;
        store::people::lock_directory(&tx, actor.organisation.uuid()).await?;
        let mut row = self.proposed(&tx, actor, workflow, number).await?;
        if row.author_id == person.uuid() {
            return Err(AppError::refused("edition-own"));
        }
        if row.source != read.source || row.row_version != publishing.row_version {
            return Err(AppError::Stale);
        }
        // It would take this one's place on its day, and was compared with what stands before it.
        let (organisation, at) = (actor.organisation.uuid(), now.micros());
        if let Some(ahead) = store::editions::find_ahead(&tx, organisation, workflow, at).await? {
            let args = [("number", ahead.number.to_string())];
            return Err(AppError::refused_with("edition-ahead", args));
        }
        let present = self
            .workflow_in_force(&tx, actor.organisation, workflow)
            .await?;
        if digest(&present.source) != publishing.against {
            return Err(AppError::refused("edition-compared-with-another"));
        }
        if !checked.is_good() {
            return Err(AppError::refused("edition-not-accepted"));
        }
        if !checked.weaker.is_empty() && !publishing.has_seen_weaker {
            return Err(AppError::invalid("weaker", "not-noted"));
        }
        let from = publishing.from.filter(|from| *from > now).unwrap_or(now);
        let day = checked.chain.as_ref();
        let from = match day.and_then(|chain| chain.definition.effective_from()) {
            Some(day) => from.max(self.begins(&tx, actor.organisation, day).await?),
            None => from,
        };
        EditionState::Published.code().clone_into(&mut row.state);
        row.decided_by_id = Some(person.uuid());
        row.decided_at = Some(now.micros());
        row.effective_at = Some(from.micros());
        row.reason = None;
        store::editions::update(&tx, &row).await?;
        let mut published = happening("edition.published", &row);
        if let Some(details) = published.details.as_object_mut() {
            let weaker = checked.weaker.iter().map(|one| one.key);
            details.insert("effective_at".to_owned(), json!(from));
            details.insert("weaker".to_owned(), json!(weaker.collect::<Vec<_>>()));
        }
        audit::append(&tx, actor, now, published).await?;
        self.tell_of_edition(&tx, &row, Told::Published, now)
            .await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Gives a proposed edition back to its author, who may change it and propose it again.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators; `edition-own`, `edition-not-proposed`;
    /// [`AppError::Invalid`] without a reason; [`AppError::Stale`].
    pub async fn return_edition(
        &self,
        actor: &Actor,
        workflow: &str,
        number: i64,
        (row_version, reason): (i64, &str),
    ) -> Result<(), AppError> {
        let person = editor(actor)?;
        let mut checks = Checks::default();
        let reason = checks.text("reason", reason, NOTE_MAX);
        checks.done()?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let mut row = self.proposed(&tx, actor, workflow, number).await?;
        if row.author_id == person.uuid() {
            return Err(AppError::refused("edition-own"));
        }
        EditionState::Draft.code().clone_into(&mut row.state);
        row.decided_by_id = Some(person.uuid());
        row.decided_at = Some(now.micros());
        row.reason = Some(reason);
        row.row_version = row_version;
        store::editions::update(&tx, &row).await?;
        audit::append(&tx, actor, now, happening("edition.returned", &row)).await?;
        self.tell_of_edition(&tx, &row, Told::Returned, now).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Gives an edition up: an open one, or one that is published for a later day, of which every
    /// other administrator is told. Answers whether it was such a one.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators; `edition-closed`; [`AppError::Stale`].
    pub async fn discard_edition(
        &self,
        actor: &Actor,
        workflow: &str,
        (number, row_version): (i64, i64),
    ) -> Result<bool, AppError> {
        let person = editor(actor)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let mut row = self.edition_row(&tx, actor, workflow, number).await?;
        let is_ahead = is_ahead(&row, now);
        if !is_ahead && !EditionState::of(&row).is_open() {
            return Err(AppError::refused("edition-closed"));
        }
        EditionState::Discarded.code().clone_into(&mut row.state);
        row.decided_by_id = Some(person.uuid());
        row.decided_at = Some(now.micros());
        row.row_version = row_version;
        store::editions::update(&tx, &row).await?;
        let action = match is_ahead {
            true => "edition.withdrawn",
            false => "edition.discarded",
        };
        audit::append(&tx, actor, now, happening(action, &row)).await?;
        if is_ahead {
            self.tell_of_edition(&tx, &row, Told::Withdrawn, now)
                .await?;
        }
        tx.commit().await?;
        self.wake_jobs();
        Ok(is_ahead)
    }

    async fn proposed(
        &self,
        tx: &sea_orm::DatabaseTransaction,
        actor: &Actor,
        workflow: &str,
        number: i64,
    ) -> Result<editions::Model, AppError> {
        let row = self.edition_row(tx, actor, workflow, number).await?;
        match EditionState::of(&row) {
            EditionState::Proposed => Ok(row),
            _ => Err(AppError::refused("edition-not-proposed")),
        }
    }
}

/// Whether it is published for a moment that has not come.
fn is_ahead(row: &editions::Model, now: Instant) -> bool {
    let from = row.effective_at.map(Instant::from_micros);
    EditionState::of(row) == EditionState::Published && from.is_some_and(|from| from > now)
}

/// SHA-256 of a text, as forms carry it.
#[must_use]
pub fn digest(source: &str) -> String {
    chancery_types::Digest::of(source.as_bytes()).hex()
}
