//! A call to a system outside: table `calls`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// One of `webhook`, `lookup`.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Name, by which the configuration knows whom to call.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `runs`.
    pub run_id: Uuid,
    /// Payload: what is sent.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// Until when an answer is wanted: microseconds since the epoch.
    pub until: Option<i64>,
    /// One of `ready`, `calling`, `done`, `failed`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Attempts.
    pub attempts: i64,
    /// When: microseconds since the epoch.
    pub next_at: i64,
    /// When: microseconds since the epoch.
    pub lease_until: Option<i64>,
    /// Fence.
    pub fence: i64,
    /// Last error.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub done_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
