//! One document going through one workflow: table `runs`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// Workflow id.
    #[sea_orm(column_type = "Text")]
    pub workflow_id: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub definition_digest: String,
    /// State.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Seq.
    pub seq: i64,
    /// One of `running`, `rework`, `completed`, `rejected`, `withdrawn`.
    #[sea_orm(column_type = "Text")]
    pub phase: String,
    /// Round.
    pub round: i64,
    /// References `versions`.
    pub version_id: Uuid,
    /// References `people`.
    pub initiator_id: Uuid,
    /// When: microseconds since the epoch.
    pub started_at: i64,
    /// When: microseconds since the epoch.
    pub finished_at: Option<i64>,
    /// Since when it has stood still until an administrator tries again: microseconds since the
    /// epoch.
    pub incident_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
