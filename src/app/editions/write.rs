//! A text is written: saved as often as its author likes, then proposed or given up.

use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::tell::Told;
use super::{EditionState, NOTE_MAX, SOURCE_BYTES_MAX, editor};
use crate::app::audit::{self, Happening};
use crate::app::checks::Checks;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::editions;

/// A text as it is typed.
#[derive(Clone, Debug, Default)]
pub struct EditionDraft {
    /// The YAML text.
    pub source: String,
    /// What is changed and why.
    pub note: String,
    /// The edition that was opened, with its optimistic lock; none for a new one.
    pub opened: Option<(i64, i64)>,
}

impl EditionDraft {
    fn check(&self, needs_note: bool) -> Result<Self, AppError> {
        let mut checks = Checks::default();
        let note = match needs_note || !self.note.trim().is_empty() {
            true => checks.text("note", &self.note, NOTE_MAX),
            false => String::new(),
        };
        checks.require(!self.source.trim().is_empty(), "source", "empty");
        checks.done()?;
        if self.source.len() > SOURCE_BYTES_MAX {
            let max_bytes = u64::try_from(SOURCE_BYTES_MAX).unwrap_or(u64::MAX);
            return Err(AppError::TooLarge { max_bytes });
        }
        Ok(Self {
            // Browsers send CR LF; files have LF, and what is compared is compared by lines.
            source: self.source.replace("\r\n", "\n"),
            note,
            opened: self.opened,
        })
    }
}

impl App {
    /// Saves a text for the workflow `id`: a new edition, or the author's own that is open. A text
    /// that was proposed is a draft again.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators; [`AppError::Invalid`];
    /// `edition-open` if somebody else's is open, `edition-closed`; [`AppError::Stale`].
    pub async fn save_edition(
        &self,
        actor: &Actor,
        id: &str,
        draft: &EditionDraft,
    ) -> Result<i64, AppError> {
        let draft = draft.check(false)?;
        let tx = self.store.begin().await?;
        let row = self
            .put_text(&tx, actor, id, &draft, EditionState::Draft)
            .await?;
        tx.commit().await?;
        Ok(row.number)
    }

    /// Saves a text and asks another administrator to publish it.
    ///
    /// # Errors
    ///
    /// As [`App::save_edition`]; `edition-not-accepted` if anything is wrong with it,
    /// `edition-changes-nothing` if it is what is in force.
    pub async fn propose_edition(
        &self,
        actor: &Actor,
        id: &str,
        draft: &EditionDraft,
    ) -> Result<i64, AppError> {
        editor(actor)?;
        let draft = draft.check(true)?;
        let (reader, now) = (self.store.reader(), self.now());
        let in_force = self
            .workflow_in_force(reader, actor.organisation, id)
            .await?;
        if in_force.source == draft.source {
            return Err(AppError::refused("edition-changes-nothing"));
        }
        if !self.checked(id, &draft.source, in_force).await?.is_good() {
            return Err(AppError::refused("edition-not-accepted"));
        }
        let tx = self.store.begin().await?;
        let row = self
            .put_text(&tx, actor, id, &draft, EditionState::Proposed)
            .await?;
        self.tell_of_edition(&tx, &row, Told::Proposed, now).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(row.number)
    }

    async fn put_text(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        id: &str,
        draft: &EditionDraft,
        state: EditionState,
    ) -> Result<editions::Model, AppError> {
        let author = editor(actor)?;
        if !self.chains.chains().contains_key(id) {
            return Err(AppError::Hidden);
        }
        let (now, organisation) = (self.now(), actor.organisation.uuid());
        // Numbers have no gap, and two who begin at once see one another.
        store::people::lock_directory(tx, organisation).await?;
        let row = match draft.opened {
            None => {
                let newest = store::editions::list_of(tx, organisation, id, 1).await?;
                let newest = newest.first().map_or(0, |row| row.number);
                let row = editions::Model {
                    id: entropy::id(now),
                    organisation_id: organisation,
                    workflow_id: id.to_owned(),
                    number: newest.saturating_add(1),
                    source: draft.source.clone(),
                    note: draft.note.clone(),
                    state: state.code().to_owned(),
                    author_id: author.uuid(),
                    created_at: now.micros(),
                    saved_at: now.micros(),
                    decided_by_id: None,
                    decided_at: None,
                    reason: None,
                    effective_at: None,
                    row_version: 0,
                };
                match store::editions::insert(tx, row.clone()).await {
                    Err(StoreError::Duplicate) => return Err(AppError::refused("edition-open")),
                    other => other?,
                }
                row
            }
            Some((number, row_version)) => {
                let mut row = self.edition_row(tx, actor, id, number).await?;
                if !EditionState::of(&row).is_open() {
                    return Err(AppError::refused("edition-closed"));
                }
                if row.author_id != author.uuid() {
                    return Err(AppError::refused("edition-open"));
                }
                draft.source.clone_into(&mut row.source);
                draft.note.clone_into(&mut row.note);
                state.code().clone_into(&mut row.state);
                row.saved_at = now.micros();
                row.row_version = row_version;
                store::editions::update(tx, &row).await?;
                row
            }
        };
        let action = match state {
            EditionState::Proposed => "edition.proposed",
            _ => "edition.saved",
        };
        audit::append(tx, actor, now, happening(action, &row)).await?;
        Ok(row)
    }
}

/// What is written down of an edition: which text it was is told by its digest.
pub(super) fn happening(action: &'static str, row: &editions::Model) -> Happening {
    let digest = chancery_types::Digest::of(row.source.as_bytes()).hex();
    Happening::to(action, "edition", row.id).with(json!({
        "workflow": row.workflow_id, "number": row.number, "digest": digest, "note": row.note,
    }))
}
