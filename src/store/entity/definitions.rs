//! A workflow as it was when a run started: table `definitions`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "definitions")]
pub struct Model {
    /// References `organisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub digest: String,
    /// Workflow id.
    #[sea_orm(column_type = "Text")]
    pub workflow_id: String,
    /// Kind.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Source.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// The role that answers for it, if one does.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_role: Option<String>,
    /// The key of the department in which that role counts, if only in one.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_department: Option<String>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
