//! A question asked through a link: table `questions`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "questions")]
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
    /// References `links`.
    pub link_id: Uuid,
    /// References `contacts`.
    pub contact_id: Uuid,
    /// Text.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// When: microseconds since the epoch.
    pub asked_at: i64,
    /// Answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    /// References `people`.
    pub answered_by_id: Option<Uuid>,
    /// When: microseconds since the epoch.
    pub answered_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
