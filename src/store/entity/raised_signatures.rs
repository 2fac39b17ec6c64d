//! What a detached signature has become: table `raised_signatures`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "raised_signatures")]
pub struct Model {
    /// References `detached_signatures`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub detached_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// SHA-256 of the structure as it is now, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// What it was raised to: one of `B-LT`, `B-LTA`. Nothing as long as it is what came.
    #[sea_orm(column_type = "Text", nullable)]
    pub level: Option<String>,
    /// How long it carries by itself, if it was raised: microseconds since the epoch.
    pub lasts_until: Option<i64>,
    /// The digests that it rests on, if it was raised: `,SHA-256,SHA-384,`.
    #[sea_orm(column_type = "Text", nullable)]
    pub rests_on: Option<String>,
    /// The shortest RSA key that it rests on, in bits, if it was raised: 0 if none is RSA.
    pub rests_on_rsa_bits: Option<i64>,
    /// It is not tried to be raised before: microseconds since the epoch.
    pub raise_after: i64,
    /// Why it could not be raised, if so: a code.
    #[sea_orm(column_type = "Text", nullable)]
    pub raise_problem: Option<String>,
    /// When: microseconds since the epoch.
    pub updated_at: i64,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
