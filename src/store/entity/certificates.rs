//! A certificate that our authority issued: table `certificates`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificates")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Serial.
    #[sea_orm(column_type = "Text")]
    pub serial: String,
    /// Subject name.
    #[sea_orm(column_type = "Text")]
    pub subject_name: String,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// Email.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub key_digest: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub version_digest: String,
    /// Der.
    #[sea_orm(column_type = "Blob")]
    pub der: Vec<u8>,
    /// When: microseconds since the epoch.
    pub not_before: i64,
    /// When: microseconds since the epoch.
    pub not_after: i64,
    /// When: microseconds since the epoch.
    pub issued_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
