//! A protocol of disagreements returned through a link: table `disagreements`. Plain columns, no
//! behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disagreements")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`: what is disagreed with.
    pub version_id: Uuid,
    /// References `runs`: what is returned.
    pub run_id: Uuid,
    /// References `tasks`.
    pub task_id: Uuid,
    /// References `links`.
    pub link_id: Uuid,
    /// References `contacts`.
    pub contact_id: Uuid,
    /// What its sender says beside the file.
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    /// The file's name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// The file's size in bytes.
    pub size_bytes: i64,
    /// The file's media type, told from its content.
    #[sea_orm(column_type = "Text")]
    pub media_type: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
