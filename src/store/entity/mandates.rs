//! Who may act for which of our legal entities: table `mandates`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandates")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `people`: who may act.
    pub person_id: Uuid,
    /// The key of one of our entities; null for each of them.
    #[sea_orm(column_type = "Text", nullable)]
    pub entity: Option<String>,
    /// In which role; null for signing.
    #[sea_orm(column_type = "Text", nullable)]
    pub role: Option<String>,
    /// The limit's amount, exact, as a decimal; null for any amount.
    #[sea_orm(column_type = "Text", nullable)]
    pub limit_amount: Option<String>,
    /// The limit's currency.
    #[sea_orm(column_type = "Text", nullable)]
    pub limit_currency: Option<String>,
    /// When: microseconds since the epoch.
    pub from_at: i64,
    /// Until when: microseconds since the epoch.
    pub until_at: Option<i64>,
    /// By what.
    #[sea_orm(column_type = "Text")]
    pub basis: String,
    /// When: microseconds since the epoch.
    pub recorded_at: i64,
    /// When it was ended early: microseconds since the epoch.
    pub ended_at: Option<i64>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
