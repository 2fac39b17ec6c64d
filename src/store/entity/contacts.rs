//! A person at a counterparty: table `contacts`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `counterparties`.
    pub counterparty_id: Uuid,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Position.
    #[sea_orm(column_type = "Text", nullable)]
    pub position: Option<String>,
    /// Email.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// One of `ru`, `en`.
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    /// When: microseconds since the epoch.
    pub archived_at: Option<i64>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
