//! Bytes in storage, by digest: table `blobs`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blobs")]
pub struct Model {
    /// References `organisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub digest: String,
    /// Size bytes.
    pub size_bytes: i64,
    /// Media type.
    #[sea_orm(column_type = "Text")]
    pub media_type: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
