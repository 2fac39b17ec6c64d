//! Who was told that they may decide in a task's holder's place: table `stand_ins`. Plain columns,
//! no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stand_ins")]
pub struct Model {
    /// References `tasks`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: Uuid,
    /// References `people`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// When: microseconds since the epoch.
    pub told_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
