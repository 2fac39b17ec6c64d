//! A department: table `departments`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// References `departments`.
    pub parent_id: Option<Uuid>,
    /// Head id.
    pub head_id: Option<Uuid>,
    /// When: microseconds since the epoch.
    pub archived_at: Option<i64>,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
