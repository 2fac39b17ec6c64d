//! Evidence of revocation beside a signed copy that cannot grow yet: table `kept_evidence`. Plain
//! columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row: a certificate, a revocation list, or an OCSP answer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_evidence")]
pub struct Model {
    /// The version whose copy it is for: references `versions`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub digest: String,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// When it was kept: microseconds since the epoch.
    pub kept_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
