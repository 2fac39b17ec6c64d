//! An event of the audit log: table `audit_events`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// When: microseconds since the epoch.
    pub at: i64,
    /// One of `person`, `contact`, `system`, `operator`, `visitor`.
    #[sea_orm(column_type = "Text")]
    pub actor_kind: String,
    /// Actor id.
    pub actor_id: Option<Uuid>,
    /// Actor name.
    #[sea_orm(column_type = "Text")]
    pub actor_name: String,
    /// Action.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// Subject kind.
    #[sea_orm(column_type = "Text")]
    pub subject_kind: String,
    /// Subject id.
    pub subject_id: Uuid,
    /// Document id.
    pub document_id: Option<Uuid>,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text", nullable)]
    pub version_digest: Option<String>,
    /// Address.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    /// Request id.
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
    /// Details.
    #[sea_orm(column_type = "Text")]
    pub details: String,
    /// Canonical.
    #[sea_orm(column_type = "Blob")]
    pub canonical: Vec<u8>,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub leaf_hash: String,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
