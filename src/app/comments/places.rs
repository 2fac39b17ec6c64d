//! What is said of a place on a page, and how it becomes a remark.

use std::collections::BTreeSet;

use chancery_types::Digest;
use chancery_types::id::TaskId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::KnownComment;
use crate::app::runs::current_version;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::domain::place::Place;
use crate::store::entity::{comments, documents, tasks, versions};
use crate::store::{self, StoreError};

/// The most comments that one decision makes into remarks.
pub const TAKEN_MAX: usize = 50;

/// A place on a page of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceDraft {
    /// The number of the version.
    pub version_number: i64,
    /// The place.
    pub place: Place,
}

/// The version that a comment is said of: the one with the place, the newest without.
///
/// # Errors
///
/// [`AppError::Invalid`] for a version that is not there and a place that is on none of its pages.
pub(super) async fn version_of(
    connection: &impl ConnectionTrait,
    document: &documents::Model,
    draft: Option<PlaceDraft>,
) -> Result<versions::Model, AppError> {
    let Some(draft) = draft else {
        return current_version(connection, document).await;
    };
    let (organisation, number) = (document.organisation_id, draft.version_number);
    let found =
        store::versions::find_version(connection, organisation, document.id, number).await?;
    found
        .filter(|version| draft.place.is_within(version.pages_count))
        .ok_or_else(|| AppError::invalid("place", "place-not-there"))
}

impl App {
    /// What the actor said of the version that a task asks about and may take as remarks when
    /// deciding it: not struck out, and no remark yet; oldest first, with the numbers of marks.
    ///
    /// # Errors
    ///
    /// As [`App::discussion`].
    pub async fn list_takeable(
        &self,
        actor: &Actor,
        task_id: TaskId,
    ) -> Result<Vec<KnownComment>, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let organisation = actor.organisation.uuid();
        let reader = self.store.reader();
        let task = store::tasks::find_task(reader, organisation, task_id.uuid()).await?;
        let task = task.ok_or(AppError::Hidden)?;
        let discussion = self.discussion(actor, task.document_id.into()).await?;
        let ids: Vec<Uuid> = discussion.comments.iter().map(|one| one.row.id).collect();
        let taken = store::remarks::list_taken(reader, organisation, &ids).await?;
        let taken: BTreeSet<Uuid> = taken.into_iter().collect();
        let mut own = discussion.comments;
        own.retain(|one| {
            let row = &one.row;
            row.person_id == person
                && row.version_id == task.version_id
                && row.struck_at.is_none()
                && !taken.contains(&row.id)
        });
        own.truncate(TAKEN_MAX);
        Ok(own)
    }

    /// The comments with these identifiers, if the actor may take them as remarks when deciding
    /// `task` at the version with this digest.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for any other.
    pub(in crate::app) async fn taken(
        &self,
        actor: &Actor,
        task: &tasks::Model,
        ids: &[Uuid],
        digest: &Digest,
    ) -> Result<Vec<comments::Model>, AppError> {
        // Of a task that was decided the engine says so.
        if ids.is_empty() || task.state != "open" {
            return Ok(Vec::new());
        }
        let offered = self.list_takeable(actor, task.id.into()).await?;
        let version = self.version_of_task(task).await?;
        let wanted: BTreeSet<Uuid> = ids.iter().copied().collect();
        let taken = offered.into_iter().map(|one| one.row);
        let taken: Vec<_> = taken.filter(|row| wanted.contains(&row.id)).collect();
        if taken.len() != wanted.len() {
            return Err(AppError::invalid("said", "said-not-takeable"));
        }
        match version.digest == digest.hex() {
            true => Ok(taken),
            false => Err(AppError::refused("version-changed")),
        }
    }

    async fn version_of_task(&self, task: &tasks::Model) -> Result<versions::Model, AppError> {
        let reader = self.store.reader();
        Ok(store::versions::load_version(reader, task.organisation_id, task.version_id).await?)
    }
}

/// Says of the remarks that a decision has just made which were comments before, and where they are
/// on their pages. Remarks and comments have the same words: both are checked alike.
///
/// # Errors
///
/// [`AppError::Invalid`] if another decision took one of them meanwhile.
pub(in crate::app) async fn place_remarks(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
    taken: &[comments::Model],
) -> Result<(), AppError> {
    let mut made = store::remarks::list_unplaced(connection, task.organisation_id, task.id).await?;
    for comment in taken {
        let found = made.iter().position(|remark| remark.text == comment.text);
        let Some(at) = found else { continue };
        let remark = made.swap_remove(at);
        match store::remarks::update_remark_place(connection, remark.id, comment).await {
            Err(StoreError::Duplicate) => {
                return Err(AppError::invalid("said", "said-not-takeable"));
            }
            other => other?,
        }
    }
    Ok(())
}
