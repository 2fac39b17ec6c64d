//! `/api/v1/signatures`: every stored signature as it was checked last, for compliance officers.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Query};
use chancery_types::Instant;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::detached::file_url;
use crate::app::App;
use crate::app::worklist::{SignatureCounts, SignatureLine};
use crate::web::pages::signatures::SignatureParameters;
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_signatures, post_recheck),
    components(schemas(StoredSignatureView, SignatureCountsView, StoredSignaturesBody))
)]
pub struct Api;

/// What the last check of a stored signature came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredSignatureView {
    /// The document.
    document_id: String,
    /// Its title, as it is now.
    document_title: Option<String>,
    /// Its number, as it is now.
    registration_number: Option<String>,
    /// The number of the version whose file was checked.
    version: i64,
    /// Which signature of the file, from 1.
    signature: i64,
    /// `embedded` in the version's file, or `detached`: a file of its own.
    form: &'static str,
    /// Where the file of a detached one is.
    file_url: Option<String>,
    /// SHA-256 of the file that was checked.
    sha256: String,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    indication: String,
    /// Its reason by EN 319 102-1: `REVOKED`.
    sub_indication: Option<String>,
    /// What weighs most against it, or should be known of it, as a code of the report.
    reason: Option<String>,
    /// Whom the certificate names.
    signer_name: Option<String>,
    /// The organisation that the certificate names.
    signer_organisation: Option<String>,
    /// The end of the signer's certificate, RFC 3339.
    certificate_ends_at: Option<String>,
    /// Since when a certificate of the path is revoked or on hold, RFC 3339.
    revoked_at: Option<String>,
    /// The moment of signing that a trusted timestamp proves, RFC 3339.
    proven_at: Option<String>,
    /// The moment of signing that the signer claims, as it is written.
    claimed_at: Option<String>,
    /// The algorithm or key that is too weak, or was good enough only then.
    weak_algorithm: Option<String>,
    /// The level of the signed copy: `B-T`, `B-LT` or `B-LTA`. Nothing for a file that came signed.
    copy_level: Option<String>,
    /// Until when the copy carries its signatures by itself, RFC 3339.
    copy_lasts_until: Option<String>,
    /// Why the copy could not be raised, as a code.
    copy_problem: Option<String>,
    /// When it was checked, RFC 3339.
    checked_at: String,
    /// The verdict before the last change of it.
    previous_indication: Option<String>,
    /// When the verdict changed last, RFC 3339.
    changed_at: Option<String>,
}

impl From<SignatureLine> for StoredSignatureView {
    fn from(line: SignatureLine) -> Self {
        let check = line.check;
        let at = |micros: i64| Instant::from_micros(micros).to_string();
        let (title, number) = match line.document {
            Some(document) => (Some(document.title), document.number),
            None => (None, None),
        };
        Self {
            document_id: line.document_id.to_string(),
            document_title: title,
            registration_number: number,
            version: check.version_number,
            signature: check.ordinal,
            form: match check.detached_id {
                Some(_) => "detached",
                None => "embedded",
            },
            file_url: check.detached_id.map(|id| file_url(check.document_id, id)),
            sha256: check.digest,
            indication: check.indication,
            sub_indication: check.sub_indication,
            reason: line.reason.map(|reason| reason.code.key().to_owned()),
            signer_name: check.signer_name,
            signer_organisation: check.signer_organisation,
            certificate_ends_at: check.certificate_ends_at.map(at),
            revoked_at: check.revoked_at.map(at),
            proven_at: check.proven_at.map(at),
            claimed_at: check.claimed_at,
            weak_algorithm: check.weak_algorithm,
            copy_lasts_until: line
                .copy
                .as_ref()
                .and_then(|copy| copy.lasts_until)
                .map(|at| at.to_string()),
            copy_problem: line.copy.as_ref().and_then(|copy| copy.problem.clone()),
            copy_level: line.copy.map(|copy| copy.level),
            checked_at: at(check.checked_at),
            previous_indication: check.previous_indication,
            changed_at: check.changed_at.map(at),
        }
    }
}

/// How many stored signatures have which verdict.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureCountsView {
    /// Proven right.
    passed: u64,
    /// Not decided.
    indeterminate: u64,
    /// Proven wrong.
    failed: u64,
    /// Files that were never checked as they are now.
    unchecked_files: u64,
    /// Whether a check of everything that somebody asked for goes on.
    is_going_on: bool,
    /// When the one was checked that waits longest for its next check.
    checked_since: Option<String>,
}

impl From<SignatureCounts> for SignatureCountsView {
    fn from(counts: SignatureCounts) -> Self {
        Self {
            passed: counts.passed,
            indeterminate: counts.indeterminate,
            failed: counts.failed,
            unchecked_files: counts.unchecked_files,
            is_going_on: counts.is_going_on,
            checked_since: counts.checked_since.map(|at| at.to_string()),
        }
    }
}

/// A page of the list, with the counts over all of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredSignaturesBody {
    /// Over all stored signatures, whatever is asked for.
    counts: SignatureCountsView,
    /// The page.
    #[serde(flatten)]
    page: ListBody<StoredSignatureView>,
}

/// Every stored signature as it was checked last, those that were seen last first; for compliance
/// officers.
#[utoipa::path(get, path = "/api/v1/signatures", tag = "signing", params(SignatureParameters),
    responses((status = 200, description = "A page", body = StoredSignaturesBody),
        (status = 404, description = "Not for this role"),
        (status = 422, description = "No such verdict or concern; days out of their range")))]
async fn get_signatures(
    app: Data<App>,
    caller: PersonOnly,
    query: Query<SignatureParameters>,
) -> Answer {
    let actor = &caller.actor;
    let counts = app.count_signatures(actor).await?;
    let page = query.page().request(&app)?;
    let found = app.list_signatures(actor, &query.wanted()?, &page).await?;
    present::json(&StoredSignaturesBody {
        counts: counts.into(),
        page: found.into(),
    })
}

/// Ask for a check of every stored signature.
///
/// A worker does it; while it goes on, `counts.is_going_on` of the list says so. A changed verdict
/// is an event, and a letter to the compliance officers.
#[utoipa::path(post, path = "/api/v1/signatures/recheck", tag = "signing",
    params(("Idempotency-Key" = String, Header)),
    responses((status = 202, description = "It is written down and will be done"),
        (status = 404, description = "Not for this role"),
        (status = 409, description = "Refused by name: recheck-going-on")))]
async fn post_recheck(app: Data<App>, caller: PersonOnly) -> Answer {
    app.ask_recheck(&caller.actor).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/signatures", Audience::Person, || {
        web::get().to(get_signatures)
    }),
    Route::post("/api/v1/signatures/recheck", Audience::Person, || {
        web::post().to(post_recheck)
    }),
];
