//! What rows of many tables are called, by identifier: for whoever reads events, which name things
//! by their identifiers.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{
    api_tokens, calls, certificates, comments, contacts, counterparties, departments,
    disagreements, documents, editions, links, mandates, organisations, outbox, people, questions,
    remarks,
};

/// The names of those among `ids` that are people, contacts, counterparties, departments,
/// documents, editions (by their workflow), mandates (by their basis), links (by their contact),
/// letters (by their reader), tokens, calls (by whom they go to), certificates (by their subject),
/// protocols, comments, questions and remarks (by their words) of an organisation, or itself.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_names(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let mut names = BTreeMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    macro_rules! from {
        ($table:ident, $name:ident) => {
            from!($table, $name, OrganisationId)
        };
        ($table:ident, $name:ident, $owner:ident) => {
            let columns = (
                $table::Column::Id,
                $table::Column::$owner,
                $table::Column::$name,
            );
            names.extend(called::<$table::Entity>(connection, columns, organisation, ids).await?)
        };
    }
    from!(people, Name);
    from!(contacts, Name);
    from!(counterparties, Name);
    from!(departments, Name);
    from!(documents, Title);
    from!(editions, WorkflowId);
    from!(mandates, Basis);
    from!(links, ContactName);
    from!(outbox, ToName);
    from!(api_tokens, Name);
    from!(calls, Name);
    from!(certificates, SubjectName);
    from!(disagreements, Name);
    from!(comments, Text);
    from!(questions, Text);
    from!(remarks, Text);
    from!(organisations, Name, Id);
    Ok(names)
}

async fn called<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    (id, owner, name): (E::Column, E::Column, E::Column),
    organisation: Uuid,
    ids: &BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    Ok(E::find()
        .select_only()
        .column(id)
        .column(name)
        .filter(owner.eq(organisation))
        .filter(id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?)
}
