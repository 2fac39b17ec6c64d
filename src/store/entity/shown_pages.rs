//! A page image that was served to a signer: table `shown_pages`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shown_pages")]
pub struct Model {
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// The visit through a link, or the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub viewer_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub file_digest: String,
    /// The page, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: i64,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub image_digest: String,
    /// When: microseconds since the epoch.
    pub shown_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
