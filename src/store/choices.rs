//! What a form offers in its lists: names with their identifiers, found by letters, never all.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::StoreError;
use super::called;
use super::entity::{contacts, counterparties, departments, people};

/// What of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Whose list.
    pub organisation: Uuid,
    /// Only names with these letters, in whichever case; all if there are none.
    pub letters: &'a str,
    /// Only these; all without.
    pub only: Option<&'a [Uuid]>,
    /// Only contacts of this counterparty; of all without.
    pub counterparty: Option<Uuid>,
    /// Offered even from the archive: what a document refers to already.
    pub kept: &'a [Uuid],
    /// At most so many.
    pub rows_max: u64,
}

/// People who are not disabled.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_people(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use people::Column;
    let rows = people::Entity::find()
        .filter(Column::OrganisationId.eq(wanted.organisation))
        .filter(Column::State.ne("disabled"));
    named(connection, rows, (Column::Id, Column::Name), wanted).await
}

/// Departments that are not in the archive.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_departments(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use departments::Column;
    let offered = Condition::any()
        .add(Column::ArchivedAt.is_null())
        .add(Column::Id.is_in(wanted.kept.iter().copied()));
    let rows = departments::Entity::find()
        .filter(Column::OrganisationId.eq(wanted.organisation))
        .filter(offered);
    named(connection, rows, (Column::Id, Column::Name), wanted).await
}

/// Counterparties that are not in the archive.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_counterparties(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use counterparties::Column;
    let offered = Condition::any()
        .add(Column::ArchivedAt.is_null())
        .add(Column::Id.is_in(wanted.kept.iter().copied()));
    let rows = counterparties::Entity::find()
        .filter(Column::OrganisationId.eq(wanted.organisation))
        .filter(offered);
    named(connection, rows, (Column::Id, Column::Name), wanted).await
}

async fn named<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    mut rows: Select<E>,
    (id, name): (E::Column, E::Column),
    wanted: &Wanted<'_>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use sea_orm::ColumnTrait as _;
    if !wanted.letters.is_empty() {
        let backend = connection.get_database_backend();
        let column = (E::default(), name);
        rows = rows.filter(called::has(backend, column, wanted.letters));
    }
    if let Some(only) = wanted.only {
        rows = rows.filter(id.is_in(only.iter().copied()));
    }
    Ok(rows
        .select_only()
        .column(id)
        .column(name)
        .order_by_asc(name)
        .limit(wanted.rows_max)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Contacts that neither are in the archive nor whose counterparty is; each with its
/// counterparty's name, by which it is found too, and its address.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_contacts(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<(Uuid, String, String, String)>, StoreError> {
    let owner = contacts::Entity::belongs_to(counterparties::Entity)
        .from(contacts::Column::CounterpartyId)
        .to(counterparties::Column::Id);
    let offered = Condition::all()
        .add(contacts::Column::ArchivedAt.is_null())
        .add(counterparties::Column::ArchivedAt.is_null());
    let kept = contacts::Column::Id.is_in(wanted.kept.iter().copied());
    let mut rows = contacts::Entity::find()
        .join(JoinType::InnerJoin, owner.into())
        .filter(contacts::Column::OrganisationId.eq(wanted.organisation))
        .filter(Condition::any().add(offered).add(kept));
    if let Some(counterparty) = wanted.counterparty {
        rows = rows.filter(contacts::Column::CounterpartyId.eq(counterparty));
    }
    if !wanted.letters.is_empty() {
        let backend = connection.get_database_backend();
        let own = (contacts::Entity, contacts::Column::Name);
        let owners = (counterparties::Entity, counterparties::Column::Name);
        let found = Condition::any()
            .add(called::has(backend, own, wanted.letters))
            .add(called::has(backend, owners, wanted.letters));
        rows = rows.filter(found);
    }
    if let Some(only) = wanted.only {
        rows = rows.filter(contacts::Column::Id.is_in(only.iter().copied()));
    }
    Ok(rows
        .select_only()
        .column(contacts::Column::Id)
        .column_as(
            Expr::col((counterparties::Entity, counterparties::Column::Name)),
            "owner",
        )
        .column(contacts::Column::Name)
        .column(contacts::Column::Email)
        .order_by_asc(counterparties::Column::Name)
        .order_by_asc(contacts::Column::Name)
        .limit(wanted.rows_max)
        .into_tuple()
        .all(connection)
        .await?)
}
