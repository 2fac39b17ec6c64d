//! What an approver wants changed: table `remarks`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "remarks")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`.
    pub version_id: Uuid,
    /// References `tasks`.
    pub task_id: Option<Uuid>,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// Text.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// Page.
    pub page: Option<i64>,
    /// Where on the page: ten-thousandths of its width from the left edge.
    pub place_x: Option<i64>,
    /// Ten-thousandths of its height from the upper edge.
    pub place_y: Option<i64>,
    /// References `comments`: what it was said as before the decision.
    pub comment_id: Option<Uuid>,
    /// One of `open`, `closed`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub closed_at: Option<i64>,
    /// References `people`.
    pub closed_by_id: Option<Uuid>,
    /// Answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
