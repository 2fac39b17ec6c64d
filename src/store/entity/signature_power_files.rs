//! A file of a power of attorney beside a stored signature: table `signature_power_files`. Plain
//! columns, no behaviour.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signature_power_files")]
pub struct Model {
    /// References `signature_powers`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub power_id: Uuid,
    /// Its place among the files of the power, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// References `organisations`.
    pub organisation_id: Uuid,
    /// One of `power`, `signature`, `parent`, `parent_signature`.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// Which of the files a signature signs.
    pub signs_position: Option<i64>,
    /// The name that it came under.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256, 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
}

/// No relations are declared: queries join by hand in `store`.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
