//! Rows of `organisations` and `departments`.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::StoreError;
use super::entity::{departments, organisations};
use super::rows::{self, Before};

/// An organisation.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn load(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<organisations::Model, StoreError> {
    rows::load::<organisations::Entity>(connection, id, id).await
}

/// Every organisation, by name: for the operator.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_all(
    connection: &impl ConnectionTrait,
) -> Result<Vec<organisations::Model>, StoreError> {
    rows::list_by_name(connection, organisations::Entity::find(), None, None).await
}

/// Replaces an organisation's row if it still has the version that `row` was made of.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub async fn update(
    connection: &impl ConnectionTrait,
    row: organisations::Model,
) -> Result<(), StoreError> {
    use organisations::Column;
    let before = Before {
        organisation: row.id,
        id: row.id,
        row_version: row.row_version,
    };
    let edit = organisations::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Country, Expr::value(row.country))
        .col_expr(Column::Inn, Expr::value(row.inn))
        .col_expr(Column::Kpp, Expr::value(row.kpp))
        .col_expr(Column::VatId, Expr::value(row.vat_id))
        .col_expr(Column::Locale, Expr::value(row.locale))
        .col_expr(Column::TimeZone, Expr::value(row.time_zone))
        .col_expr(Column::SigningRulesRu, Expr::value(row.signing_rules_ru))
        .col_expr(Column::SigningRulesEn, Expr::value(row.signing_rules_en))
        .col_expr(Column::PersonalDataRu, Expr::value(row.personal_data_ru))
        .col_expr(Column::PersonalDataEn, Expr::value(row.personal_data_en));
    rows::update(connection, before, edit).await
}

/// The departments that are not archived, by name.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_departments(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<departments::Model>, StoreError> {
    let kept = departments::Entity::find()
        .filter(departments::Column::OrganisationId.eq(organisation))
        .filter(departments::Column::ArchivedAt.is_null());
    rows::list_by_name(connection, kept, None, None).await
}

/// The departments in the archive, by name.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_archived_departments(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<departments::Model>, StoreError> {
    let archived = departments::Entity::find()
        .filter(departments::Column::OrganisationId.eq(organisation))
        .filter(departments::Column::ArchivedAt.is_not_null());
    rows::list_by_name(connection, archived, None, None).await
}

/// A department of the organisation, archived or not.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn load_department(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<departments::Model, StoreError> {
    rows::load::<departments::Entity>(connection, organisation, id).await
}

/// Replaces a department's row if it still has the version that `row` was made of.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub async fn update_department(
    connection: &impl ConnectionTrait,
    row: departments::Model,
) -> Result<(), StoreError> {
    use departments::Column;
    let before = Before {
        organisation: row.organisation_id,
        id: row.id,
        row_version: row.row_version,
    };
    let edit = departments::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::ParentId, Expr::value(row.parent_id))
        .col_expr(Column::HeadId, Expr::value(row.head_id))
        .col_expr(Column::ArchivedAt, Expr::value(row.archived_at));
    rows::update(connection, before, edit).await
}
