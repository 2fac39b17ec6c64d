//! An immutable version of a document: table `versions`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "versions")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// Number.
    pub number: i64,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// References `people`.
    pub author_id: Uuid,
    /// Comment.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// Card.
    #[sea_orm(column_type = "Text")]
    pub card: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub main_digest: String,
    /// Main name.
    #[sea_orm(column_type = "Text")]
    pub main_name: String,
    /// Main size bytes.
    pub main_size_bytes: i64,
    /// Pages count.
    pub pages_count: i64,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
