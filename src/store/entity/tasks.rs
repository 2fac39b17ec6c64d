//! What one assignee must do: table `tasks`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `runs`.
    pub run_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`.
    pub version_id: Uuid,
    /// Number.
    pub number: i64,
    /// Path.
    #[sea_orm(column_type = "Text")]
    pub path: String,
    /// One of `approve`, `sign`, `acknowledge`.
    #[sea_orm(column_type = "Text")]
    pub stage_kind: String,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// One of `open`, `done`, `closed`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// One of `approve`, `approve_with_remarks`, `return`, `reject`, `sign`, `acknowledge`.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision: Option<String>,
    /// Comment.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// Close reason.
    #[sea_orm(column_type = "Text", nullable)]
    pub close_reason: Option<String>,
    /// Round.
    pub round: i64,
    /// When: microseconds since the epoch.
    pub opened_at: i64,
    /// When: microseconds since the epoch.
    pub due_at: Option<i64>,
    /// When: microseconds since the epoch.
    pub closed_at: Option<i64>,
    /// When: microseconds since the epoch.
    pub reminded_at: Option<i64>,
    /// References `people`: who decided, if not whoever holds it.
    pub decided_by_id: Option<Uuid>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
