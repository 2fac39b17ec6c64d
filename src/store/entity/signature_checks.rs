//! What the last check of a stored signature came to: table `signature_checks`. Derived: the checks
//! fill it again. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signature_checks")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`: the file that it stands in, or that it is over.
    pub version_id: Uuid,
    /// The version's number.
    pub version_number: i64,
    /// Which signature of the file, from 1; document timestamps are not counted.
    pub ordinal: i64,
    /// SHA-256 of the file that was checked, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// One of `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED`.
    #[sea_orm(column_type = "Text")]
    pub indication: String,
    /// Its reason by the standard: `REVOKED`.
    #[sea_orm(column_type = "Text", nullable)]
    pub sub_indication: Option<String>,
    /// What weighs most against it, as a code of the report, or of `app::recheck`.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Whom the certificate names.
    #[sea_orm(column_type = "Text", nullable)]
    pub signer_name: Option<String>,
    /// The organisation that the certificate names.
    #[sea_orm(column_type = "Text", nullable)]
    pub signer_organisation: Option<String>,
    /// The end of the signer's certificate: microseconds since the epoch.
    pub certificate_ends_at: Option<i64>,
    /// Since when a certificate of the path is revoked or on hold: microseconds since the epoch.
    pub revoked_at: Option<i64>,
    /// The moment that a trusted timestamp proves: microseconds since the epoch.
    pub proven_at: Option<i64>,
    /// What the signer claims as the moment of signing, as it is written.
    #[sea_orm(column_type = "Text", nullable)]
    pub claimed_at: Option<String>,
    /// The algorithm or key that is too weak, or was good enough only then.
    #[sea_orm(column_type = "Text", nullable)]
    pub weak_algorithm: Option<String>,
    /// When it was checked: microseconds since the epoch.
    pub checked_at: i64,
    /// The verdict before the last change of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_indication: Option<String>,
    /// When the verdict changed last: microseconds since the epoch.
    pub changed_at: Option<i64>,
    /// When it was checked first: microseconds since the epoch.
    pub created_at: i64,
    /// As that of `checked_files`: the version, or the detached signature.
    pub subject_id: Uuid,
    /// References `detached_signatures`; null for a signature in a version's file.
    pub detached_id: Option<Uuid>,
    /// What a search looks into: the signer's name and organisation, case-folded.
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
