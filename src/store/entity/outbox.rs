//! A mail to send: table `outbox`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Kind.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// One of `ru`, `en`.
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    /// To address.
    #[sea_orm(column_type = "Text")]
    pub to_address: String,
    /// To name.
    #[sea_orm(column_type = "Text")]
    pub to_name: String,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// References `documents`.
    pub document_id: Option<Uuid>,
    /// Payload.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// Sealed.
    #[sea_orm(column_type = "Blob", nullable)]
    pub sealed: Option<Vec<u8>>,
    /// One of `ready`, `sending`, `sent`, `failed`.
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
    /// Message id.
    #[sea_orm(column_type = "Text")]
    pub message_id: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub sent_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
