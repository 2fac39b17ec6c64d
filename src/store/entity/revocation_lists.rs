//! The newest list of an issuer: table `revocation_lists`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revocation_lists")]
pub struct Model {
    /// References `authority_keys`: whose list it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub authority_key_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// SHA-256 of the issuer's certificate, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub fingerprint: String,
    /// Its number.
    pub number: i64,
    /// How many certificates it names.
    pub entries_count: i64,
    /// The list, DER.
    #[sea_orm(column_type = "Blob")]
    pub der: Vec<u8>,
    /// When: microseconds since the epoch.
    pub made_at: i64,
    /// By when the next one comes: microseconds since the epoch.
    pub next_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
