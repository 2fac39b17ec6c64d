//! What happened to a run: table `run_events`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_events")]
pub struct Model {
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `runs`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    /// Seq.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// When: microseconds since the epoch.
    pub at: i64,
    /// Body.
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
