//! Rows of `counterparties` and `contacts`.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::{contacts, counterparties};

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
    let mut select = counterparties::Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(archived);
    if let Some((name, id)) = after {
        let same_name = Condition::all()
            .add(Column::Name.eq(name))
            .add(Column::Id.gt(id));
        select = select.filter(Condition::any().add(Column::Name.gt(name)).add(same_name));
    }
    let found = select
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?;
    Ok(found)
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
    counterparties::Entity::find_by_id(id)
        .filter(counterparties::Column::OrganisationId.eq(organisation))
        .one(connection)
        .await?
        .ok_or(StoreError::Absent {
            table: "counterparties",
        })
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
    let version = row.row_version;
    let changed = counterparties::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Country, Expr::value(row.country))
        .col_expr(Column::Inn, Expr::value(row.inn))
        .col_expr(Column::Kpp, Expr::value(row.kpp))
        .col_expr(Column::VatId, Expr::value(row.vat_id))
        .col_expr(Column::Address, Expr::value(row.address))
        .col_expr(Column::ArchivedAt, Expr::value(row.archived_at))
        .col_expr(Column::RowVersion, Expr::value(version.saturating_add(1)))
        .filter(Column::OrganisationId.eq(row.organisation_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::RowVersion.eq(version))
        .exec(connection)
        .await?;
    if changed.rows_affected == 0 {
        return Err(StoreError::Stale);
    }
    Ok(())
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
    let archived = if is_archived {
        contacts::Column::ArchivedAt.is_not_null()
    } else {
        contacts::Column::ArchivedAt.is_null()
    };
    let found = contacts::Entity::find()
        .filter(contacts::Column::OrganisationId.eq(organisation))
        .filter(contacts::Column::CounterpartyId.eq(counterparty))
        .filter(archived)
        .order_by_asc(contacts::Column::Name)
        .order_by_asc(contacts::Column::Id)
        .all(connection)
        .await?;
    Ok(found)
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
    contacts::Entity::find_by_id(id)
        .filter(contacts::Column::OrganisationId.eq(organisation))
        .one(connection)
        .await?
        .ok_or(StoreError::Absent { table: "contacts" })
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
    let version = row.row_version;
    let changed = contacts::Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Position, Expr::value(row.position))
        .col_expr(Column::Email, Expr::value(row.email))
        .col_expr(Column::Locale, Expr::value(row.locale))
        .col_expr(Column::ArchivedAt, Expr::value(row.archived_at))
        .col_expr(Column::RowVersion, Expr::value(version.saturating_add(1)))
        .filter(Column::OrganisationId.eq(row.organisation_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::RowVersion.eq(version))
        .exec(connection)
        .await?;
    if changed.rows_affected == 0 {
        return Err(StoreError::Stale);
    }
    Ok(())
}

/// Every contact of the organisation's counterparties, archived or not.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_all_contacts(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<contacts::Model>, StoreError> {
    Ok(contacts::Entity::find()
        .filter(contacts::Column::OrganisationId.eq(organisation))
        .all(connection)
        .await?)
}
