//! The first answer to a repeated request: table `idempotency_keys`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// References `organisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Actor id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: Uuid,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// Route.
    #[sea_orm(column_type = "Text")]
    pub route: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub request_digest: String,
    /// Status code.
    pub status_code: Option<i64>,
    /// Response.
    #[sea_orm(column_type = "Text", nullable)]
    pub response: Option<String>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// The audit event of the change that the request made, written in the change's transaction.
    pub event_id: Option<Uuid>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
