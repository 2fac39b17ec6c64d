//! The definitions that runs are pinned to.

use std::sync::Arc;

use chancery_workflow::Definition;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{definitions, runs};

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
