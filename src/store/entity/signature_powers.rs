//! A power of attorney beside a stored signature: table `signature_powers`. Plain columns, no
//! behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signature_powers")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `documents`.
    pub document_id: Uuid,
    /// References `versions`: that of the signature.
    pub version_id: Uuid,
    /// References `detached_signatures`; nothing if the signature stands in the version's file.
    pub detached_id: Option<Uuid>,
    /// What the signature stands in: the version or the detached signature.
    pub subject_id: Uuid,
    /// Which signature of the version's file, from 0; 0 for a detached one.
    pub place: i64,
    /// Which power of this signature, from 1: the highest counts.
    pub ordinal: i64,
    /// References `people`: who added it.
    pub person_id: Uuid,
    /// The name of the signature's field in a PDF.
    #[sea_orm(column_type = "Text", nullable)]
    pub field_name: Option<String>,
    /// Whom the signature's certificates name.
    #[sea_orm(column_type = "Text")]
    pub signer_name: String,
    /// The certificates of who signed, by the place of their signature (JSON).
    #[sea_orm(column_type = "Text")]
    pub signers: String,
    /// The number of the power, as its file has it.
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    /// The ИНН or ОГРН of the organisation that it must be given for.
    #[sea_orm(column_type = "Text", nullable)]
    pub asked_organisation: Option<String>,
    /// The code of the power that is needed.
    #[sea_orm(column_type = "Text", nullable)]
    pub asked_code: Option<String>,
    /// When: microseconds since the epoch.
    pub added_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
