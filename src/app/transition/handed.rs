//! The letters about a task that was handed on, or that goes back.

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::{Assignee, Event};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use uuid::Uuid;

use super::letters::Post;
use super::{LoadedRun, corrupt};
use crate::app::outbox::MailKind;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{tasks, versions};

/// What is told of a task that changes hands.
#[derive(Clone, Debug)]
pub(crate) enum HandedOver {
    /// It goes on to somebody who decides in its holder's name.
    On {
        /// What its holder said with it.
        comment: Option<String>,
    },
    /// It goes back.
    Back {
        /// From whom.
        from: Option<PersonId>,
    },
    /// Nobody is told.
    Nobody,
}

impl App {
    /// Tells whoever did not do it themselves, in the caller's transaction: who has the task now,
    /// or who has it no more. `by` is the name of whoever did it.
    pub(crate) async fn write_handed_over(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        task: Uuid,
        by: &str,
        told: &HandedOver,
        event: &Event,
    ) -> Result<(), AppError> {
        let (organisation, at) = (run.row.organisation_id, event.at);
        let row = store::tasks::find_task(tx, organisation, task).await?;
        let row = row.ok_or_else(|| AppError::internal(format!("no task {task}")))?;
        let actor = event.actor.assignee();
        let is_actor = |person: PersonId| actor == Some(Assignee::Person(person));
        let holder = row.person_id.map(PersonId::from);
        let (kind, reader, comment) = match told {
            HandedOver::On { comment } => (MailKind::TaskDelegated, holder, comment.as_deref()),
            HandedOver::Back { from } if holder.is_some_and(is_actor) => {
                (MailKind::DelegationTakenBack, *from, None)
            }
            HandedOver::Back { .. } => (MailKind::DelegationEnded, holder, None),
            HandedOver::Nobody => return Ok(()),
        };
        let post = Post::open(self, tx, run, &self.version_asked(tx, run, &row).await?).await?;
        let Some(person) = reader else {
            return Ok(());
        };
        let Some(reader) = post.person(person).await? else {
            return Ok(());
        };
        let key = format!("n:{}:hand:{}", row.id, run.row.seq);
        let values = json!({
            "initiator_name": post.initiator_name(),
            "stage_title": post.stage_title(&row.path, reader.locale),
            "stage_kind": row.stage_kind,
            "due_at": row.due_at.map(Instant::from_micros),
            "close_reason": null,
            "holder_name": by,
            "comment": comment,
            "url": self.url(&format!("/tasks/{}", row.id)),
        });
        post.send(at, kind, reader, key, values).await
    }

    /// The version that a task asks about.
    pub(super) async fn version_asked(
        &self,
        tx: &DatabaseTransaction,
        run: &LoadedRun,
        task: &tasks::Model,
    ) -> Result<versions::Model, AppError> {
        versions::Entity::find_by_id(task.version_id)
            .filter(versions::Column::OrganisationId.eq(task.organisation_id))
            .one(tx)
            .await?
            .ok_or_else(|| corrupt(&run.row, "its version is absent".to_owned()))
    }
}
