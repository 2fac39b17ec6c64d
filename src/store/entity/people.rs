//! A person of an organisation: table `people`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Login.
    #[sea_orm(column_type = "Text")]
    pub login: String,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Position.
    #[sea_orm(column_type = "Text", nullable)]
    pub position: Option<String>,
    /// Email.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// References `departments`.
    pub department_id: Option<Uuid>,
    /// References `people`.
    pub manager_id: Option<Uuid>,
    /// One of `ru`, `en`.
    #[sea_orm(column_type = "Text", nullable)]
    pub locale: Option<String>,
    /// One of `system`, `light`, `dark`.
    #[sea_orm(column_type = "Text")]
    pub theme: String,
    /// One of `each`, `daily`: how tasks are told of.
    #[sea_orm(column_type = "Text")]
    pub letters: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    /// One of `invited`, `active`, `disabled`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// When: microseconds since the epoch.
    pub created_at: i64,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
