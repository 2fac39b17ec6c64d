//! Work for our own worker: table `jobs`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// One of `render_pages`, `sweep`, `recheck`, `extend`, `daily_letters`, `create_document`,
    /// `count_children`.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Payload.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// One of `ready`, `running`, `done`, `failed`.
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
