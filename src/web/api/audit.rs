//! `/api/v1/audit`: the organisation's audit log.

use actix_web::web::{self, Data, Query};
use serde::Serialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::audit_log::AuditRow;
use crate::web::pages::audit::AuditParameters;
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_audit), components(schemas(AuditEventView)))]
pub struct Api;

/// One event of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEventView {
    /// The event.
    id: String,
    /// When, RFC 3339.
    at: String,
    /// `person`, `contact`, `system`, `operator` or `visitor`.
    actor_kind: String,
    /// Which person or contact.
    actor_id: Option<String>,
    /// Their name at that time.
    actor_name: String,
    /// What happened: `document.created`.
    action: String,
    /// The noun of the subject.
    subject_kind: String,
    /// The subject.
    subject_id: String,
    /// The document in whose history it stands.
    document_id: Option<String>,
    /// That document's title, as it is now.
    document_title: Option<String>,
    /// The digest of the version concerned.
    version_digest: Option<String>,
    /// Where from.
    address: Option<String>,
    /// The request, as the log lines have it.
    request_id: Option<String>,
    /// The values of the event.
    details: Value,
    /// The hash of its canonical bytes.
    leaf_hash: String,
}

impl From<AuditRow> for AuditEventView {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id.to_string(),
            at: row.at.to_string(),
            actor_kind: row.actor_kind,
            actor_id: row.actor_id.map(|id| id.to_string()),
            actor_name: row.actor_name,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id.to_string(),
            document_id: row.document_id.map(|id| id.to_string()),
            document_title: row.document.map(|document| document.title),
            version_digest: row.version_digest,
            address: row.address,
            request_id: row.request_id,
            details: row.details,
            leaf_hash: row.leaf_hash,
        }
    }
}

/// The audit log, newest first, for auditors and compliance officers.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditParameters),
    responses((status = 200, description = "A page", body = ListBody<AuditEventView>),
        (status = 404, description = "Not for this role")))]
async fn get_audit(app: Data<App>, caller: PersonOnly, query: Query<AuditParameters>) -> Answer {
    app.allow_audit(&caller.actor)?;
    let found = app
        .list_audit(
            &caller.actor,
            &query.wanted()?,
            &query.page().request(&app)?,
        )
        .await?;
    present::json(&ListBody::<AuditEventView>::from(found))
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/api/v1/audit", Audience::Person, || {
    web::get().to(get_audit)
})];
