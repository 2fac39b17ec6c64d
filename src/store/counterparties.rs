//! Rows of `counterparties` and `contacts`.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::StoreError;
use super::entity::{contacts, counterparties};
use super::rows::{self, Before};

/// Counterparties by name, after the last one shown: those in the archive, or those that are not.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    is_archived: bool,
    after: Option<(&str, Uuid)>,
    rows_max: u64,
) -> Result<Vec<counterparties::Model>, StoreError> {
    use counterparties::Column;
    let archived = if is_archived {
        Column::ArchivedAt.is_not_null()
    } else {
        Column::ArchivedAt.is_null()
    };
    let listed = counterparties::Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(archived);
    rows::list_by_name(connection, listed, after, Some(rows_max)).await
}

/// A counterparty of the organisation.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<counterparties::Model, StoreError> {
    rows::load::<counterparties::Entity>(connection, organisation, id).await
}

/// Replaces a counterparty's row if it still has the version that `row` was made of.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub async fn update(
    connection: &impl ConnectionTrait,
    row: counterparties::Model,
) -> Result<(), StoreError> {
    use counterparties::Column;
    let before = Before {
        organisation: row.organisation_id,
        id: row.id,
        row_version: row.row_version,
    };
    let edit = counterparties::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Country, Expr::value(row.country))
        .col_expr(Column::Inn, Expr::value(row.inn))
        .col_expr(Column::Kpp, Expr::value(row.kpp))
        .col_expr(Column::VatId, Expr::value(row.vat_id))
        .col_expr(Column::Address, Expr::value(row.address))
        .col_expr(Column::ArchivedAt, Expr::value(row.archived_at));
    rows::update(connection, before, edit).await
}

/// The contacts of a counterparty by name: those in the archive, or those that are not.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_contacts(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    counterparty: Uuid,
    is_archived: bool,
) -> Result<Vec<contacts::Model>, StoreError> {
    use contacts::Column;
    let archived = if is_archived {
        Column::ArchivedAt.is_not_null()
    } else {
        Column::ArchivedAt.is_null()
    };
    let listed = contacts::Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::CounterpartyId.eq(counterparty))
        .filter(archived);
    rows::list_by_name(connection, listed, None, None).await
}

/// A contact of the organisation's counterparties.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn load_contact(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<contacts::Model, StoreError> {
    rows::load::<contacts::Entity>(connection, organisation, id).await
}

/// Replaces a contact's row if it still has the version that `row` was made of.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub async fn update_contact(
    connection: &impl ConnectionTrait,
    row: contacts::Model,
) -> Result<(), StoreError> {
    use contacts::Column;
    let before = Before {
        organisation: row.organisation_id,
        id: row.id,
        row_version: row.row_version,
    };
    let edit = contacts::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Position, Expr::value(row.position))
        .col_expr(Column::Email, Expr::value(row.email))
        .col_expr(Column::Locale, Expr::value(row.locale))
        .col_expr(Column::ArchivedAt, Expr::value(row.archived_at));
    rows::update(connection, before, edit).await
}
