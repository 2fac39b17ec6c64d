//! What the queries of several tables have in common: one row of an organisation, an edit that
//! counts only if nobody edited meanwhile, a list in the order of names.

use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, UpdateMany,
};
use uuid::Uuid;

use super::StoreError;

/// A table with an identifier and an organisation.
pub(super) trait Owned: EntityTrait {
    /// The identifier.
    const ID: Self::Column;
    /// Whose row it is; of `organisations`, the identifier itself.
    const ORGANISATION: Self::Column;
}

/// A table whose rows are edited by compare-and-set on `row_version`.
pub(super) trait Edited: Owned {
    /// The lock.
    const ROW_VERSION: Self::Column;
}

/// A table that is listed by name.
pub(super) trait Named: Owned {
    /// The name.
    const NAME: Self::Column;
}

/// The row of this organisation, if there is one.
pub(super) async fn find<E: Owned>(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<E::Model>, StoreError> {
    let found = E::find()
        .filter(E::ID.eq(id))
        .filter(E::ORGANISATION.eq(organisation));
    Ok(found.one(connection).await?)
}

/// Locks what is read until the transaction ends. (SQLite has one writer: no lock is needed, and
/// none is written.) `FOR NO KEY UPDATE`: we never change a key, and the stronger lock would
/// conflict with the `KEY SHARE` that every insert of a row which refers to this one takes, so that
/// two transactions that only add rows to one organisation would stall or deadlock.
pub(super) fn locked<E: EntityTrait>(rows: Select<E>) -> Select<E> {
    rows.lock(LockType::NoKeyUpdate)
}

/// The row of this organisation.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub(super) async fn load<E: Owned>(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<E::Model, StoreError> {
    let table = E::default().table_name();
    find::<E>(connection, organisation, id)
        .await?
        .ok_or(StoreError::Absent { table })
}

/// Which row an edit replaces, and the version that it was made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// Whose.
    pub organisation: Uuid,
    /// Which.
    pub id: Uuid,
    /// Made of which version.
    pub row_version: i64,
}

/// Runs `edit` on the row if it still has the version that the edit was made of; the version grows.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub(super) async fn update<E: Edited>(
    connection: &impl ConnectionTrait,
    before: Before,
    edit: UpdateMany<E>,
) -> Result<(), StoreError> {
    let version = before.row_version;
    let changed = edit
        .col_expr(E::ROW_VERSION, Expr::value(version.saturating_add(1)))
        .filter(E::ORGANISATION.eq(before.organisation))
        .filter(E::ID.eq(before.id))
        .filter(E::ROW_VERSION.eq(version))
        .exec(connection)
        .await?;
    if changed.rows_affected == 0 {
        return Err(StoreError::Stale);
    }
    Ok(())
}

/// Rows by name, after the name and identifier of the last one shown.
pub(super) async fn list_by_name<E: Named>(
    connection: &impl ConnectionTrait,
    mut rows: Select<E>,
    after: Option<(&str, Uuid)>,
    rows_max: Option<u64>,
) -> Result<Vec<E::Model>, StoreError> {
    if let Some((name, id)) = after {
        let same_name = Condition::all().add(E::NAME.eq(name)).add(E::ID.gt(id));
        rows = rows.filter(Condition::any().add(E::NAME.gt(name)).add(same_name));
    }
    let rows = rows.order_by_asc(E::NAME).order_by_asc(E::ID);
    Ok(rows.limit(rows_max).all(connection).await?)
}

/// Says which columns of a table are which.
macro_rules! columns {
    (
        $table:ident: $organisation:ident $(, edited by $version:ident)? $(, named by $name:ident)?
    ) => {
        impl Owned for $table::Entity {
            const ID: $table::Column = $table::Column::Id;
            const ORGANISATION: $table::Column = $table::Column::$organisation;
        }
        $(impl Edited for $table::Entity {
            const ROW_VERSION: $table::Column = $table::Column::$version;
        })?
        $(impl Named for $table::Entity {
            const NAME: $table::Column = $table::Column::$name;
        })?
    };
}

use super::entity::{
    absences, calls, contacts, counterparties, departments, documents, editions, jobs, mandates,
    organisations, outbox, people, runs, versions,
};

columns!(absences: OrganisationId);
columns!(calls: OrganisationId);
columns!(contacts: OrganisationId, edited by RowVersion, named by Name);
columns!(counterparties: OrganisationId, edited by RowVersion, named by Name);
columns!(departments: OrganisationId, edited by RowVersion, named by Name);
columns!(documents: OrganisationId, edited by RowVersion);
columns!(editions: OrganisationId, edited by RowVersion);
columns!(jobs: OrganisationId);
columns!(mandates: OrganisationId);
columns!(organisations: Id, edited by RowVersion, named by Name);
columns!(outbox: OrganisationId);
columns!(people: OrganisationId, edited by RowVersion, named by Name);
columns!(runs: OrganisationId);
columns!(versions: OrganisationId);
