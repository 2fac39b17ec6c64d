//! A rendered page with its text: table `page_images`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "page_images")]
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
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub image_digest: String,
    /// Width.
    pub width: i64,
    /// Height.
    pub height: i64,
    /// Renderer.
    #[sea_orm(column_type = "Text")]
    pub renderer: String,
    /// Text.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
