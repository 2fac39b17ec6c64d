//! Texts of workflows in place of the files: table `editions`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "editions")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// The identifier of the workflow, as the file has it.
    #[sea_orm(column_type = "Text")]
    pub workflow_id: String,
    /// Which edition of this workflow, from 1.
    pub number: i64,
    /// The YAML text.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// What the author says of the change.
    #[sea_orm(column_type = "Text")]
    pub note: String,
    /// One of `draft`, `proposed`, `published`, `discarded`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// References `people`: who wrote it.
    pub author_id: Uuid,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When its text was saved last: microseconds since the epoch.
    pub saved_at: i64,
    /// References `people`: who published, returned or discarded it last.
    pub decided_by_id: Option<Uuid>,
    /// When: microseconds since the epoch.
    pub decided_at: Option<i64>,
    /// Why it was returned.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// From when new runs take it: microseconds since the epoch.
    pub effective_at: Option<i64>,
    /// The optimistic lock.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
