//! A document: table `documents`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "documents")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Kind.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Title.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Card.
    #[sea_orm(column_type = "Text")]
    pub card: String,
    /// One of `draft`, `in_run`, `rework`, `effective`, `rejected`, `withdrawn`; `annulled` is
    /// kept free for later.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// References `people`.
    pub initiator_id: Uuid,
    /// References `departments`.
    pub department_id: Option<Uuid>,
    /// References `counterparties`.
    pub counterparty_id: Option<Uuid>,
    /// Registration number.
    #[sea_orm(column_type = "Text", nullable)]
    pub registration_number: Option<String>,
    /// When: microseconds since the epoch.
    pub registered_at: Option<i64>,
    /// Current version id.
    pub current_version_id: Option<Uuid>,
    /// Search text.
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// When: microseconds since the epoch.
    pub updated_at: i64,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
