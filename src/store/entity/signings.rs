//! A prepared signature: table `signings`. Plain columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signings")]
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
    /// References `tasks`.
    pub task_id: Uuid,
    /// References `links`.
    pub link_id: Option<Uuid>,
    /// References `people`.
    pub person_id: Option<Uuid>,
    /// References `contacts`.
    pub contact_id: Option<Uuid>,
    /// One of `prepared`, `completed`, `abandoned`.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub base_digest: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub prepared_digest: String,
    /// Byte range.
    #[sea_orm(column_type = "Text")]
    pub byte_range: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub content_digest: String,
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
    /// References `certificates`; null for an outside key: see `outside_certificates`.
    pub certificate_id: Option<Uuid>,
    /// Signed attributes.
    #[sea_orm(column_type = "Blob")]
    pub signed_attributes: Vec<u8>,
    /// Evidence.
    #[sea_orm(column_type = "Text")]
    pub evidence: String,
    /// When: microseconds since the epoch.
    pub prepared_at: i64,
    /// When: microseconds since the epoch.
    pub expires_at: i64,
    /// One of `embedded`, `detached`: where the signature is to stand.
    #[sea_orm(column_type = "Text")]
    pub form: String,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
