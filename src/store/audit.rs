//! Reading the audit log. Writing is `app::audit::append` alone.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::audit_events;

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

/// The organisation's events, newest first, at most `rows_max`, older than `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_events(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    before: Option<AuditCursor>,
    rows_max: u64,
) -> Result<Vec<audit_events::Model>, StoreError> {
    let filter = Condition::all().add(audit_events::Column::OrganisationId.eq(organisation_id));
    list(connection, filter, before, rows_max).await
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
