//! A detached signature, made here or made elsewhere and brought: table `detached_signatures`.
//! Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "detached_signatures")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`: what it covers.
    pub version_id: Uuid,
    /// References `tasks`: the sign task that it completed, if it did.
    pub task_id: Option<Uuid>,
    /// References `people`: who made it here or brought it.
    pub person_id: Option<Uuid>,
    /// One of `main`, `signed_copy`: which file of the version.
    #[sea_orm(column_type = "Text")]
    pub covers: String,
    /// SHA-256 of that file, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub covered_digest: String,
    /// The name that it goes by: what was made elsewhere, by the name that it came under.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256 of the signature's own file, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Whom its certificates name.
    #[sea_orm(column_type = "Text")]
    pub signer_name: String,
    /// One of `TOTAL-PASSED`, `INDETERMINATE`: the verdict when it came.
    #[sea_orm(column_type = "Text")]
    pub indication: String,
    /// What is known of how it was made or came.
    #[sea_orm(column_type = "Text")]
    pub evidence: String,
    /// When: microseconds since the epoch.
    pub received_at: i64,
    /// References `contacts`: who made it here, where it was no person of ours.
    pub contact_id: Option<Uuid>,
    /// References `signings`: what led to it, if it was made here.
    pub signing_id: Option<Uuid>,
    /// One of `known`, `open`: it passed when it came although nobody knew whether a certificate
    /// that it rests on was revoked. Nothing for one that came before this was kept.
    #[sea_orm(column_type = "Text", nullable)]
    pub revocation: Option<String>,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
