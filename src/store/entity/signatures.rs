//! A completed signature: table `signatures`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signatures")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`.
    pub version_id: Uuid,
    /// References `signings`.
    pub signing_id: Uuid,
    /// References `tasks`.
    pub task_id: Uuid,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// References `certificates`; null for an outside key: see `outside_certificates`.
    pub certificate_id: Option<Uuid>,
    /// Signer name.
    #[sea_orm(column_type = "Text")]
    pub signer_name: String,
    /// Field name.
    #[sea_orm(column_type = "Text")]
    pub field_name: String,
    /// One of `browser`, `server`, `outside`.
    #[sea_orm(column_type = "Text")]
    pub key_place: String,
    /// One of `ecdsa_p256`, `ed25519`; of an outside key also `ecdsa_p384`, `ecdsa_p521`,
    /// `rsa_pkcs1`, `rsa_pss`.
    #[sea_orm(column_type = "Text")]
    pub algorithm: String,
    /// One of `B-B`, `B-T`.
    #[sea_orm(column_type = "Text")]
    pub level: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub base_digest: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub copy_digest: String,
    /// Evidence.
    #[sea_orm(column_type = "Text")]
    pub evidence: String,
    /// When: microseconds since the epoch.
    pub signed_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
