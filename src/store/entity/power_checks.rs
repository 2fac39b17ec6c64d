//! What the last check of a power of attorney beside a stored signature came to: table
//! `power_checks`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "power_checks")]
pub struct Model {
    /// References `signature_powers`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub power_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// One of `confirmed`, `undecided`, `refused`.
    #[sea_orm(column_type = "Text")]
    pub result: String,
    /// The weightiest reason (JSON).
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When: microseconds since the epoch.
    pub checked_at: i64,
    /// What it came to before the last change.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_result: Option<String>,
    /// When it last came to something else: microseconds since the epoch.
    pub changed_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
