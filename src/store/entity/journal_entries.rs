//! A document in a journal: table `journal_entries`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entries")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Journal.
    #[sea_orm(column_type = "Text")]
    pub journal: String,
    /// Year.
    pub year: i64,
    /// Number, from one in each journal and year.
    pub number: i64,
    /// The number as it is written.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `runs`.
    pub run_id: Uuid,
    /// References `versions`.
    pub version_id: Uuid,
    /// When: microseconds since the epoch.
    pub entered_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
