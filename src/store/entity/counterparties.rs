//! Another organisation we exchange with: table `counterparties`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counterparties")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Country.
    #[sea_orm(column_type = "Text")]
    pub country: String,
    /// Inn.
    #[sea_orm(column_type = "Text", nullable)]
    pub inn: Option<String>,
    /// Kpp.
    #[sea_orm(column_type = "Text", nullable)]
    pub kpp: Option<String>,
    /// Vat id.
    #[sea_orm(column_type = "Text", nullable)]
    pub vat_id: Option<String>,
    /// Address.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    /// When: microseconds since the epoch.
    pub archived_at: Option<i64>,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
