//! A link that sets a password: table `person_links`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_links")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `people`.
    pub person_id: Uuid,
    /// One of `invitation`, `password_reset`.
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub expires_at: i64,
    /// When: microseconds since the epoch.
    pub used_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
