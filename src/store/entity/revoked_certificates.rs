//! A certificate that its issuer revoked: table `revoked_certificates`. Plain columns.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revoked_certificates")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// References `authority_keys`: who issued it.
    pub authority_key_id: Uuid,
    /// References `authority_keys`: whose certificate it is, if it is an authority's.
    pub revoked_key_id: Option<Uuid>,
    /// Its serial number, hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub serial: String,
    /// One of `key_compromise`, `affiliation_changed`, `superseded`, `cessation_of_operation`.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Since when it counts for nothing: microseconds since the epoch.
    pub since: i64,
    /// When: microseconds since the epoch.
    pub created_at: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
