//! A page that could not be drawn: table `undrawable_pages`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "undrawable_pages")]
pub struct Model {
    /// References `organisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub file_digest: String,
    /// Page.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: i64,
    /// Renderer.
    #[sea_orm(column_type = "Text")]
    pub renderer: String,
    /// When: microseconds since the epoch.
    pub failed_at: i64,
}

/// None: queries name what they join.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
