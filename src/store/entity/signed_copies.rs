//! The one signed copy of a version: table `signed_copies`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signed_copies")]
pub struct Model {
    /// References `versions`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// Size bytes.
    pub size_bytes: i64,
    /// Signatures count.
    pub signatures_count: i64,
    /// When: microseconds since the epoch.
    pub updated_at: i64,
    /// One of `B-T`, `B-LT`, `B-LTA`.
    #[sea_orm(column_type = "Text")]
    pub level: String,
    /// How long it carries by itself, if it was raised: microseconds since the epoch.
    pub lasts_until: Option<i64>,
    /// The digests that it rests on, if it was raised: `,SHA-256,SHA-384,`.
    #[sea_orm(column_type = "Text", nullable)]
    pub rests_on: Option<String>,
    /// The shortest RSA key that it rests on, in bits, if it was raised: 0 if none is RSA.
    pub rests_on_rsa_bits: Option<i64>,
    /// It is not tried to be raised before: microseconds since the epoch.
    pub raise_after: i64,
    /// Evidence for it is not looked for before: microseconds since the epoch.
    pub evidence_after: i64,
    /// Why it could not be raised, if so: a code.
    #[sea_orm(column_type = "Text", nullable)]
    pub raise_problem: Option<String>,
    /// Optimistic lock of this row.
    pub row_version: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
