//! A code mailed to a link's reader: table `link_codes`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_codes")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `links`.
    pub link_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub code_hash: String,
    /// When: microseconds since the epoch.
    pub sent_at: i64,
    /// When: microseconds since the epoch.
    pub expires_at: i64,
    /// Tries.
    pub tries: i64,
    /// When: microseconds since the epoch.
    pub used_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
