//! From which document a workflow has drafted another: table `document_origins`. Plain columns, no
//! behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document_origins")]
pub struct Model {
    /// References `documents`: what was drafted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`: whose workflow drafted it.
    pub origin_id: Uuid,
    /// References `runs`.
    pub run_id: Uuid,
    /// Made of meaning: the same is drafted once.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
