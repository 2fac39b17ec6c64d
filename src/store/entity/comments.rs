//! What somebody says about a document: table `comments`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`: the newest when it was said.
    pub version_id: Uuid,
    /// References `people`: who says it.
    pub person_id: Uuid,
    /// Text.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// One of `inside`, `counterparty`.
    #[sea_orm(column_type = "Text")]
    pub audience: String,
    /// The page it is about, from 1; with the two below or without them.
    pub page: Option<i64>,
    /// Where on the page: ten-thousandths of its width from the left edge.
    pub place_x: Option<i64>,
    /// Ten-thousandths of its height from the upper edge.
    pub place_y: Option<i64>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When its author struck it out: microseconds since the epoch.
    pub struck_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
