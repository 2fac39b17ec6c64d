//! What makes a new version of a document: what its chain says, or where that says nothing, its
//! kind.
//!
//! A document under way goes by the chain that its run is pinned to, a draft by the one in force.
//! So a draft that is started later, by another text, keeps the versions that it has.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::OrganisationId;
use chancery_workflow::{Definition, Kind};
use sea_orm::ConnectionTrait;

use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::documents;

/// What makes a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Material {
    fields: BTreeSet<String>,
    /// Whether the attachments do. The main file always does.
    pub(crate) attachments: bool,
}

impl Material {
    /// As a kind has it.
    fn of_kind(kind: &Kind) -> Self {
        let fields = kind.fields().iter().filter(|field| field.material);
        Self {
            fields: fields.map(|field| field.name.clone()).collect(),
            attachments: true,
        }
    }

    /// As a chain has it.
    fn of_chain(definition: &Definition) -> Self {
        Self {
            fields: definition.material().clone(),
            attachments: definition.has_material_attachments(),
        }
    }

    /// The material fields of a card.
    pub(crate) fn fields_of(&self, card: &Card) -> Card {
        let fields = card.iter().filter(|(name, _)| self.fields.contains(*name));
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

impl App {
    /// What makes a version of a new document of a kind.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub(crate) async fn material_of_kind(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
        kind: &Kind,
    ) -> Result<Material, AppError> {
        match self.chain_for(connection, organisation, kind.id()).await {
            Ok(chain) => Ok(Material::of_chain(&chain.definition)),
            // A draft is written before anybody mends the chain.
            Err(AppError::Refused { .. } | AppError::Hidden) => Ok(Material::of_kind(kind)),
            Err(other) => Err(other),
        }
    }

    /// What makes a new version of a document.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub(crate) async fn material_of(
        &self,
        connection: &impl ConnectionTrait,
        document: &documents::Model,
    ) -> Result<Material, AppError> {
        let (organisation, id) = (document.organisation_id, document.id);
        let run = match document.state.as_str() {
            "draft" => None,
            _ => store::runs::find_newest_run(connection, organisation, id).await?,
        };
        let Some(run) = run else {
            let kind = self.kind_of_row(&document.kind)?;
            return self
                .material_of_kind(connection, organisation.into(), kind)
                .await;
        };
        let definition = self.pinned_definition(connection, &run).await?;
        Ok(Material::of_chain(&definition))
    }
}
