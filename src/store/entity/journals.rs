//! The last number given in a journal and year: table `journals`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journals")]
pub struct Model {
    /// References `organisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Journal.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub journal: String,
    /// Year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i64,
    /// Last number.
    pub last_number: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
