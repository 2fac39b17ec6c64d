//! A signing link: table `links`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "links")]
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
    /// References `runs`.
    pub run_id: Uuid,
    /// References `tasks`.
    pub task_id: Uuid,
    /// References `contacts`.
    pub contact_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub typed_code_hash: String,
    /// One of `active`, `signed`, `refused`, `returned`, `handed_over`, `expired`, `revoked`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub expires_at: i64,
    /// When: microseconds since the epoch.
    pub opened_at: Option<i64>,
    /// When: microseconds since the epoch.
    pub closed_at: Option<i64>,
    /// References `links`.
    pub replaces_id: Option<Uuid>,
    /// The contact's name when the link was opened.
    #[sea_orm(column_type = "Text")]
    pub contact_name: String,
    /// The contact's address when the link was opened: its letters and codes go to no other.
    #[sea_orm(column_type = "Text")]
    pub contact_email: String,
    /// Why it was revoked, in the initiator's words.
    #[sea_orm(column_type = "Text", nullable)]
    pub close_reason: Option<String>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
