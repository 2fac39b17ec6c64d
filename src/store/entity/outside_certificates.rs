//! The certificate of an outside key, as its holder presented it: table `outside_certificates`.
//! Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outside_certificates")]
pub struct Model {
    /// References `signings`: what it was presented for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub signing_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Its serial number, hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub serial: String,
    /// Whom it names.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The whole name of its subject.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// The whole name of its issuer.
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    /// SHA-256 of its key, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub key_digest: String,
    /// The certificate, DER.
    #[sea_orm(column_type = "Blob")]
    pub der: Vec<u8>,
    /// Further certificates that came with it, PEM one after another.
    #[sea_orm(column_type = "Text")]
    pub chain: String,
    /// When: microseconds since the epoch.
    pub not_before: i64,
    /// When: microseconds since the epoch.
    pub not_after: i64,
    /// When: microseconds since the epoch.
    pub presented_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
