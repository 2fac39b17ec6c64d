//! Who a task may be given to.

use chancery_types::id::{PersonId, TaskId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::app::directory::load_directory;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store::entity::people;

/// Somebody a task may be given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their position.
    pub position: Option<String>,
}

impl App {
    /// Active people whom the task may be given to, by name: everybody but its holder and the
    /// initiator. The engine has the last word.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`] for whoever may not reassign the task.
    pub async fn list_colleagues(
        &self,
        actor: &Actor,
        task_id: TaskId,
    ) -> Result<Vec<Colleague>, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::ReassignTask)
            .await?;
        let directory = load_directory(reader, actor.organisation, self.now()).await?;
        let rows = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(actor.organisation.uuid()))
            .filter(people::Column::State.eq("active"))
            .order_by_asc(people::Column::Name)
            .all(reader)
            .await?;
        Ok(rows
            .into_iter()
            .filter(|row| Some(row.id) != task.row.person_id)
            .filter(|row| row.id != task.document.initiator_id)
            .filter(|row| directory.active(row.id.into()).is_some())
            .map(|row| Colleague {
                id: row.id.into(),
                name: row.name,
                position: row.position,
            })
            .collect())
    }
}
