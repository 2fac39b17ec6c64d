//! A key of our own authority, sealed: table `authority_keys`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authority_keys")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// One of `root`, `issuing`, `timestamp`.
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// Algorithm.
    #[sea_orm(column_type = "Text")]
    pub algorithm: String,
    /// Certificate.
    #[sea_orm(column_type = "Blob")]
    pub certificate: Vec<u8>,
    /// Sealed key.
    #[sea_orm(column_type = "Blob")]
    pub sealed_key: Vec<u8>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub retired_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
