//! Reading the audit log. Writing is `app::audit::append` alone.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::called;
use crate::store::documents::with_words;
use crate::store::entity::{audit_events, contacts, people};

/// Where a page of the log ends: instant and identifier of its last event.
pub type AuditCursor = (i64, Uuid);

/// A document's events, newest first, at most `rows_max`, older than `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_document_events(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    before: Option<AuditCursor>,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    let filter = Condition::all()
        .add(audit_events::Column::OrganisationId.eq(organisation_id))
        .add(audit_events::Column::DocumentId.eq(document_id));
    list(connection, filter, before, rows_max).await
}

/// The events of an action on a subject of a document, oldest first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_subject(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    (action, subject_id): (&str, Uuid),
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    Ok(audit_events::Entity::find()
        .filter(audit_events::Column::OrganisationId.eq(organisation_id))
        .filter(audit_events::Column::DocumentId.eq(document_id))
        .filter(audit_events::Column::Action.eq(action))
        .filter(audit_events::Column::SubjectId.eq(subject_id))
        .order_by_asc(audit_events::Column::At)
        .order_by_asc(audit_events::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// The events of an action on a subject since a moment (microseconds), newest first, at most
/// `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_since(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    (action, subject_id): (&str, Uuid),
    since: i64,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    let filter = Condition::all()
        .add(audit_events::Column::OrganisationId.eq(organisation_id))
        .add(audit_events::Column::Action.eq(action))
        .add(audit_events::Column::SubjectId.eq(subject_id))
        .add(audit_events::Column::At.gte(since));
    list(connection, filter, None, rows_max).await
}

/// Which events of the organisation are wanted. An empty filter wants all.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only what was done by whoever has these letters in their name, now or at that time; by
    /// anybody without.
    pub actor_name: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only of this document's history.
    pub document_id: Option<Uuid>,
    /// Only of documents whose case-folded search text has all these words.
    pub document_words: Vec<String>,
    /// Not earlier, in microseconds.
    pub from: Option<i64>,
    /// Earlier than this, in microseconds.
    pub until: Option<i64>,
}

/// The organisation's events, newest first, at most `rows_max`, older than `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_events(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    wanted: &AuditFilter,
    before: Option<AuditCursor>,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    use audit_events::Column;
    let mut filter = Condition::all().add(Column::OrganisationId.eq(organisation_id));
    if let Some(name) = &wanted.actor_name {
        filter = filter.add(is_named(
            connection.get_database_backend(),
            organisation_id,
            name,
        ));
    }
    if let Some(action) = &wanted.action {
        filter = filter.add(Column::Action.eq(action.as_str()));
    }
    if let Some(document) = wanted.document_id {
        filter = filter.add(Column::DocumentId.eq(document));
    }
    if !wanted.document_words.is_empty() {
        let found = with_words(organisation_id, &wanted.document_words);
        filter = filter.add(Column::DocumentId.in_subquery(found));
    }
    if let Some(from) = wanted.from {
        filter = filter.add(Column::At.gte(from));
    }
    if let Some(until) = wanted.until {
        filter = filter.add(Column::At.lt(until));
    }
    list(connection, filter, before, rows_max).await
}

/// An event of somebody called so: the log has the name of that time, the directory today's.
fn is_named(backend: DbBackend, organisation_id: Uuid, name: &str) -> Condition {
    use audit_events::Column;
    let people = Query::select()
        .column(people::Column::Id)
        .from(people::Entity)
        .and_where(Expr::col(people::Column::OrganisationId).eq(organisation_id))
        .and_where(called::has(backend, people::Column::Name, name))
        .to_owned();
    let contacts = Query::select()
        .column(contacts::Column::Id)
        .from(contacts::Entity)
        .and_where(Expr::col(contacts::Column::OrganisationId).eq(organisation_id))
        .and_where(called::has(backend, contacts::Column::Name, name))
        .to_owned();
    let at_that_time = (audit_events::Entity, Column::ActorName);
    Condition::any()
        .add(called::has(backend, at_that_time, name))
        .add(Column::ActorId.in_subquery(people))
        .add(Column::ActorId.in_subquery(contacts))
}

async fn list(
    connection: &impl ConnectionTrait,
    mut filter: Condition,
    before: Option<AuditCursor>,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    if let Some((at, id)) = before {
        let older = Condition::any().add(audit_events::Column::At.lt(at)).add(
            Condition::all()
                .add(audit_events::Column::At.eq(at))
                .add(audit_events::Column::Id.lt(id)),
        );
        filter = filter.add(older);
    }
    Ok(audit_events::Entity::find()
        .filter(filter)
        .order_by_desc(audit_events::Column::At)
        .order_by_desc(audit_events::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}
