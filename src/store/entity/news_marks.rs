//! Until when a person has seen what happened on documents that concern them: table `news_marks`.
//! Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "news_marks")]
pub struct Model {
    /// References `people`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Until when: microseconds since the epoch.
    pub seen_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
