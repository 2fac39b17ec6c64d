//! The definitions that runs are pinned to.

use std::sync::Arc;

use chancery_types::Instant;
use chancery_workflow::Definition;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{definitions, runs};

/// What is kept of a definition that runs are pinned to: its text, and what lists ask of it.
pub(crate) fn definition_row(
    organisation_id: Uuid,
    definition: &Definition,
    digest: &str,
    source: &str,
    now: Instant,
) -> definitions::Model {
    let owner = definition.owner();
    definitions::Model {
        organisation_id,
        digest: digest.to_owned(),
        workflow_id: definition.id().to_owned(),
        kind: definition.kind().to_owned(),
        source: source.to_owned(),
        created_at: now.micros(),
        owner_role: owner.map(|owner| owner.role.clone()),
        owner_department: owner.and_then(|owner| owner.department.clone()),
    }
}

impl App {
    /// The definition that a run is pinned to.
    pub(crate) async fn pinned_definition(
        &self,
        connection: &impl ConnectionTrait,
        row: &runs::Model,
    ) -> Result<Arc<Definition>, AppError> {
        self.definition_of(connection, row.organisation_id, &row.definition_digest)
            .await
    }

    /// The definition of an organisation with this digest.
    pub(crate) async fn definition_of(
        &self,
        connection: &impl ConnectionTrait,
        organisation_id: Uuid,
        digest: &str,
    ) -> Result<Arc<Definition>, AppError> {
        if let Some(known) = self.chains.known(digest) {
            return Ok(known);
        }
        let kept: definitions::Model =
            store::definitions::load_definition(connection, organisation_id, digest).await?;
        let parsed = self.chains.pinned(digest, &kept.source);
        parsed.map_err(|why| {
            AppError::from(StoreError::Corrupt {
                table: "definitions",
                id: digest.to_owned(),
                why,
            })
        })
    }
}
