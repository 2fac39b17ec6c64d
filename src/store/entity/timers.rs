//! When a run is to be rung: table `timers`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timers")]
pub struct Model {
    /// References `runs`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    /// The timer's number in the run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Which of its arms.
    pub generation: i64,
    /// References `tasks`.
    pub task_id: Uuid,
    /// When it fires: microseconds since the epoch.
    pub due_at: i64,
    /// The first year of that reckoning that the calendar does not cover.
    pub beyond: Option<i64>,
    /// When it is tried (again): microseconds since the epoch.
    pub rings_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
