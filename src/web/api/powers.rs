//! `/api/v1`: powers of attorney beside the stored signatures of a document.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data, Path};
use chancery_signature::ValidationReport;
use chancery_types::id::DocumentId;
use serde::Serialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::signing::judged::Known;
use crate::app::signing::powers::{KeptPower, PowersOfDocument, result_code};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store::entity::{power_checks, signature_power_files};
use crate::web::pages::documents::files::download;
use crate::web::pages::documents::outside::moment;
use crate::web::pages::documents::powers::{named, posted_power};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present, upload};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_powers, post_power, get_power_file),
    components(schemas(PowerView, AddedPowerView))
)]
pub struct Api;

/// A power of attorney as a form.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
struct PowerForm {
    /// The machine-readable power of attorney, XML, up to 256 KB.
    #[schema(value_type = String, format = Binary)]
    power: Vec<u8>,
    /// Its signature, if it does not stand in it, up to 256 KB.
    #[schema(value_type = Option<String>, format = Binary)]
    power_signature: Option<Vec<u8>>,
    /// If it was passed on: the powers that it comes from and their signatures, each file as a
    /// part of its own, in any order, up to 256 KB each; what belongs together is found by what is
    /// signed.
    #[schema(value_type = Vec<String>)]
    parents: Vec<Vec<u8>>,
    /// The INN or OGRN of the organisation for which the signature was made.
    organisation: Option<String>,
    /// The code of the power that is needed.
    power_code: Option<String>,
}

/// A power that was put beside a signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedPowerView {
    /// The power.
    pub id: Uuid,
    /// What it came to: `confirmed`, `undecided` or `refused`. The register of powers is not asked:
    /// `confirmed` says nothing of whether it was taken back.
    pub result: &'static str,
    /// Whether the signature that it was compared with is `TOTAL-PASSED`: if not, its certificate
    /// may name anybody.
    pub is_of_proven_signer: bool,
    /// Where all powers of the document are told.
    pub url: String,
}

/// A file of a power.
#[derive(Debug, Serialize, ToSchema)]
pub struct PowerFileView {
    /// `power`, `signature`, `parent` or `parent_signature`.
    pub role: String,
    /// Of a signature, the position of the file that it signs, from 1.
    pub signs_position: Option<i64>,
    /// Its name.
    pub name: String,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Where it is.
    pub url: String,
}

/// What the last check of a power came to: made when it was added, and whenever its signature is
/// checked again.
#[derive(Debug, Serialize, ToSchema)]
pub struct PowerCheckView {
    /// `confirmed`, `undecided` or `refused`. The register of powers is not asked: `confirmed` says
    /// nothing of whether it was taken back.
    pub result: String,
    /// The weightiest reason as a code, with its values.
    #[schema(value_type = Option<Object>)]
    pub reason: Option<Value>,
    /// When, RFC 3339.
    pub checked_at: String,
    /// What it came to before the last change.
    pub previous_result: Option<String>,
    /// When it last came to something else, RFC 3339.
    pub changed_at: Option<String>,
}

/// A power beside a stored signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct PowerView {
    /// The power.
    pub id: Uuid,
    /// The number of the version that is signed.
    pub version_number: i64,
    /// The detached signature that it stands beside; absent if that stands in the version's file.
    pub detached_signature: Option<Uuid>,
    /// The place of the signature, from 0, in the report on its file.
    pub place: i64,
    /// Whom the signature's certificates name.
    pub signer_name: String,
    /// Whether it counts: no other came after it.
    pub is_current: bool,
    /// Its number in the register.
    pub number: Option<String>,
    /// The INN or OGRN that was asked for.
    pub organisation: Option<String>,
    /// The code that was asked for.
    pub power_code: Option<String>,
    /// Who added it.
    pub added_by: String,
    /// When, RFC 3339.
    pub added_at: String,
    /// Its files.
    pub files: Vec<PowerFileView>,
    /// Its last check.
    pub check: Option<PowerCheckView>,
    /// What it comes to now, as in `POST /api/v1/verify`; absent for one that does not count, while
    /// the signature is still being judged, and where a file cannot be read.
    #[schema(value_type = Option<Object>)]
    pub authority: Option<Value>,
}

impl PowerView {
    fn of(kept: &KeptPower, is_current: bool) -> Self {
        let power = &kept.power;
        Self {
            id: power.id,
            version_number: kept.version_number,
            detached_signature: power.detached_id,
            place: power.place,
            signer_name: power.signer_name.clone(),
            is_current,
            number: power.number.clone(),
            organisation: power.asked_organisation.clone(),
            power_code: power.asked_code.clone(),
            added_by: kept.added_by.clone(),
            added_at: moment(power.added_at),
            files: kept
                .files
                .iter()
                .map(|file| file_view(file, power.document_id))
                .collect(),
            check: kept.check.as_ref().map(PowerCheckView::from),
            authority: None,
        }
    }
}

fn file_view(file: &signature_power_files::Model, document: Uuid) -> PowerFileView {
    PowerFileView {
        role: file.role.clone(),
        signs_position: file.signs_position,
        name: file.name.clone(),
        sha256: file.digest.clone(),
        size_bytes: file.size_bytes,
        url: format!(
            "/api/v1/documents/{document}/powers/{}/files/{}",
            file.power_id, file.position
        ),
    }
}

impl From<&power_checks::Model> for PowerCheckView {
    fn from(check: &power_checks::Model) -> Self {
        let reason = check.reason.as_deref();
        Self {
            result: check.result.clone(),
            reason: reason.and_then(|reason| serde_json::from_str(reason).ok()),
            checked_at: moment(check.checked_at),
            previous_result: check.previous_result.clone(),
            changed_at: check.changed_at.map(moment),
        }
    }
}

/// What the power that counts beside a signature comes to now.
///
/// # Errors
///
/// [`AppError::Internal`].
pub(super) async fn authority_now(
    app: &App,
    powers: &PowersOfDocument,
    (subject, place): (Uuid, usize),
    report: &Arc<ValidationReport>,
) -> Result<Option<Value>, AppError> {
    let Some(kept) = powers.of(subject, place).next() else {
        return Ok(None);
    };
    let Some(judged) = app.judged_power(kept, report).await else {
        return Ok(None);
    };
    let told = serde_json::to_value(judged.as_ref());
    Ok(Some(
        told.map_err(|error| AppError::Internal(error.into()))?,
    ))
}

/// The reports on what the powers stand beside, by the version or the detached signature.
async fn reports(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    powers: &PowersOfDocument,
) -> Result<BTreeMap<Uuid, Arc<ValidationReport>>, AppError> {
    let mut found = BTreeMap::new();
    for kept in powers.all() {
        let subject = kept.power.subject_id;
        if found.contains_key(&subject) {
            continue;
        }
        let verdict = match kept.power.detached_id {
            Some(id) => app.detached_verdict(actor, document, id).await?,
            None => {
                let number = Some(kept.version_number);
                app.version_verdict(actor, document, number).await?
            }
        };
        if let Known::Report(report) = verdict.known {
            found.insert(subject, report);
        }
    }
    Ok(found)
}

/// The powers of attorney beside a document's signatures, in the order in which they came.
#[utoipa::path(get, path = "/api/v1/documents/{document}/powers", tag = "signing",
    responses((status = 200, description = "Powers", body = Vec<PowerView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_powers(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let document = DocumentId::from(*document);
    let powers = app.list_powers(&caller.actor, document).await?;
    let reports = reports(&app, &caller.actor, document, &powers).await?;
    let mut views = Vec::new();
    for kept in powers.all() {
        let mut view = PowerView::of(kept, powers.is_current(kept));
        let beside = (
            kept.power.subject_id,
            usize::try_from(kept.power.place).unwrap_or(usize::MAX),
        );
        if let (true, Some(report)) = (view.is_current, reports.get(&beside.0)) {
            view.authority = authority_now(&app, &powers, beside, report).await?;
        }
        views.push(view);
    }
    present::json(&views)
}

/// Puts a machine-readable power of attorney beside a stored signature.
///
/// `{signature}` is the identifier of a signature that was made or brought here, or, for one in a
/// file that came in signed, the number of its version and its place, from 0, in the report:
/// `1-0`. The power is judged at once, beside the verdict on the signature, and never changes it; a
/// power that is refused is kept too. The one before stays, and counts no longer.
#[utoipa::path(post, path = "/api/v1/documents/{document}/signatures/{signature}/powers",
    tag = "signing",
    request_body(content = PowerForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Kept", body = AddedPowerView),
        (status = 403, description = "Neither the initiator nor who signs, made or brought it"),
        (status = 409, description = "power-known, power-too-many, power-signer-unnamed, \
            verdict-later, verdict-too-large"),
        (status = 412, description = "Another power was added meanwhile"),
        (status = 422, description = "power-missing, power-unreadable, power-other, \
            power-too-large, power-signature-unreadable, power-parent-unreadable, \
            power-parent-attached, power-parent-loose, power-parents-too-many; a number that is \
            none")))]
async fn post_power(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(Uuid, String)>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let (document, name) = path.into_inner();
    let name = named(&name)?;
    let posted = posted_power(upload::read_call(&app, &request, parts).await?);
    let added = app.add_power(&caller.actor, document.into(), name, posted);
    let added = added.await?;
    let view = AddedPowerView {
        id: added.id,
        result: result_code(added.result),
        is_of_proven_signer: added.is_of_proven_signer,
        url: format!("/api/v1/documents/{document}/powers"),
    };
    present::created(&view.url, &view)
}

/// A file of a power.
#[utoipa::path(get, path = "/api/v1/documents/{document}/powers/{power}/files/{position}",
    tag = "signing",
    responses((status = 200, description = "The file", content_type = "application/xml"),
        (status = 404, description = "Absent or hidden")))]
async fn get_power_file(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(Uuid, Uuid, i64)>,
) -> Answer {
    let (document, power, position) = path.into_inner();
    let file = app.open_power_file(&caller.actor, document.into(), power, position);
    Ok(download(file.await?))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/powers",
        Audience::Person,
        || web::get().to(get_powers),
    ),
    Route::post(
        "/api/v1/documents/{document}/signatures/{signature}/powers",
        Audience::Person,
        || web::post().to(post_power),
    ),
    Route::get(
        "/api/v1/documents/{document}/powers/{power}/files/{position}",
        Audience::Person,
        || web::get().to(get_power_file),
    ),
];
