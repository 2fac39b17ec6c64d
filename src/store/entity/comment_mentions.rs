//! Whom a comment tells: table `comment_mentions`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment_mentions")]
pub struct Model {
    /// References `comments`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub comment_id: Uuid,
    /// References `people`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
