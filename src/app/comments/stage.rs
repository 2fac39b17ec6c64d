//! Where a stage lets nobody of it take part in the discussion.

use chancery_workflow::rights;
use sea_orm::ConnectionTrait;

use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::documents;

impl App {
    /// Whether what waits for the actor on this document lets them take part in its discussion.
    pub(super) async fn may_comment(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<bool, AppError> {
        let (organisation, id) = (document.organisation_id, document.id);
        let run = store::runs::find_newest_run(connection, organisation, id).await?;
        let Some((person, row)) = actor.person().zip(run) else {
            return Ok(true);
        };
        let run = self.complete_run(connection, row).await?;
        let own = rights(&run.definition, &run.state, person.id, &run.directory);
        Ok(own.comment)
    }
}
