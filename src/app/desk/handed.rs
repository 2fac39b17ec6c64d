//! Tasks that a person handed on and that wait for somebody else now.

use chancery_types::id::PersonId;
use uuid::Uuid;

use super::{DeskTask, open_task};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::desk::DeskRow;

/// Most of them that are shown.
const HANDED_MAX: u64 = 50;

impl App {
    /// The tasks that others decide in the actor's name, each with whoever holds it.
    pub(super) async fn list_handed(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<Vec<DeskTask>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows =
            store::desk::list_handed_tasks(reader, organisation, person.uuid(), HANDED_MAX).await?;
        let mut theirs = Vec::new();
        for row in rows {
            if self.is_handed_by(organisation, &row, person).await? {
                theirs.push(row);
            }
        }
        let lines = self.desk_lines(actor, theirs).await?;
        // What is done with them is done by whoever holds them.
        let lines = lines.into_iter().map(|line| DeskTask {
            held_by: line.in_place_of,
            in_place_of: None,
            is_bulk: false,
            ..line
        });
        Ok(lines.collect())
    }

    /// Whether a task is decided in this person's name still: it may have gone back further.
    async fn is_handed_by(
        &self,
        organisation: Uuid,
        row: &DeskRow,
        person: PersonId,
    ) -> Result<bool, AppError> {
        let state = self.state_of(organisation, row).await?;
        let task = open_task(&state, row);
        Ok(task.is_some_and(|task| task.on_behalf_of.contains(&person)))
    }
}
