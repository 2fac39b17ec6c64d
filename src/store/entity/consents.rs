//! A consent given before signing: table `consents`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `versions`.
    pub version_id: Uuid,
    /// References `tasks`.
    pub task_id: Uuid,
    /// References `links`.
    pub link_id: Option<Uuid>,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// One of `electronic_signature`, `personal_data`.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub text_digest: String,
    /// One of `ru`, `en`.
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    /// When: microseconds since the epoch.
    pub given_at: i64,
    /// Address.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
