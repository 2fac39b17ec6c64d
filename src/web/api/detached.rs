//! `/api/v1`: detached signatures: those that were made elsewhere are brought, and all are given
//! back as files.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data, Path, Query};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::signing::{SignatureVerdict, SignatureView};
use crate::app::App;
use crate::app::signing::detached::{DetachedRow, FIELD, TakenSignature};
use crate::app::signing::evidence::KeyPlace;
use crate::web::pages::documents::detached::FormParameters;
use crate::web::pages::documents::files::download;
use crate::web::pages::documents::outside::moment;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present, upload};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(post_signature, get_signature),
    components(schemas(TakenSignatureView))
)]
pub struct Api;

/// A detached signature as a form.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
struct DetachedForm {
    /// CMS (CAdES): DER, BER, PEM or Base64; at most 4 MB.
    #[schema(value_type = String, format = Binary)]
    signature: Vec<u8>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenSignatureView {
    /// The signature.
    pub id: Uuid,
    /// The number of the version that it covers.
    pub version_number: i64,
    /// Which file of it: `main`, as it came in, or `signed_copy`.
    pub covers: &'static str,
    /// Whether it completed the caller's sign task.
    pub is_completing: bool,
    /// The verdict: `TOTAL-PASSED` or `INDETERMINATE`.
    pub indication: &'static str,
    /// Whether it passed although nobody knows whether a certificate that it rests on was revoked:
    /// the rules of this server do not ask.
    pub leaves_revocation_open: bool,
    /// Where its file is.
    pub file_url: String,
}

impl From<TakenSignature> for TakenSignatureView {
    fn from(taken: TakenSignature) -> Self {
        Self {
            id: taken.id,
            version_number: taken.version_number,
            covers: taken.covers.code(),
            is_completing: taken.is_completing,
            indication: taken.indication,
            leaves_revocation_open: taken.leaves_revocation_open,
            file_url: file_url(taken.document_id, taken.id),
        }
    }
}

/// Where the file of a detached signature is.
pub(super) fn file_url(document: Uuid, signature: Uuid) -> String {
    format!("/api/v1/documents/{document}/detached-signatures/{signature}/file")
}

impl From<DetachedRow> for SignatureView {
    fn from(row: DetachedRow) -> Self {
        let report = row.report.as_deref();
        let first = report.and_then(|report| report.signatures.first());
        let key = first.and_then(|one| one.algorithm.as_ref()?.key.as_ref());
        let signer = first.and_then(|one| one.signer.as_ref());
        let level = first.and_then(|one| one.level);
        let signature = row.signature;
        let evidence: serde_json::Value =
            serde_json::from_str(&signature.evidence).unwrap_or_default();
        let key_place = evidence["key_made_in"].as_str();
        let key_place = key_place.unwrap_or(KeyPlace::Outside.code()).to_owned();
        Self {
            id: signature.id,
            version_number: row.version_number,
            form: "detached",
            covers: signature.covers,
            certificate_name: (key_place == KeyPlace::Outside.code())
                .then(|| signature.signer_name.clone()),
            names_agree: evidence["certificates"][0]["names_agree"].as_bool(),
            signer_name: signature.signer_name,
            signed_at: moment(signature.received_at),
            level: level.map_or_else(String::new, |level| level.name().to_owned()),
            algorithm: key.map(|key| key.algorithm.clone()).unwrap_or_default(),
            key_made_in: key_place,
            certificate_serial: signer.map(|one| one.serial.clone()).unwrap_or_default(),
            key_sha256: String::new(),
            copy_sha256: signature.covered_digest,
            file_url: Some(file_url(signature.document_id, signature.id)),
            verdict: report.and_then(|report| {
                // The worst of its signers decides, as in the report.
                let worst = report.signatures.iter().max_by_key(|one| one.indication)?;
                Some(SignatureVerdict {
                    leaves_revocation_open: report.leaves_revocation_open(),
                    ..SignatureVerdict::of(worst, report)
                })
            }),
            authority: None,
            evidence,
        }
    }
}

/// Brings a detached signature over the document's present file, or over its signed copy: which, is
/// found by the digest that it signs.
///
/// Whoever holds the open sign task completes it by this. The initiator brings another's, which is
/// kept and completes nothing.
#[utoipa::path(post, path = "/api/v1/documents/{document}/detached-signatures", tag = "signing",
    request_body(content = DetachedForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Kept", body = TakenSignatureView),
        (status = 403, description = "Neither the holder of a sign task nor the initiator"),
        (status = 409, description = "consents-needed, detached-unreadable, \
            detached-holds-content, detached-without-digest, detached-digests-differ, \
            detached-covers-nothing, detached-covers-old, detached-not-stamped, \
            detached-known, signature-failed, certificate-name-differs"),
        (status = 422, description = "There is no file")))]
async fn post_signature(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<Uuid>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_call(&app, &request, parts).await?;
    let mut files = posted.files.into_iter();
    let file = files.find(|file| file.field == FIELD);
    let taken = app.take_detached(&caller.actor, (*document).into(), file, posted.problems);
    let view = TakenSignatureView::from(taken.await?);
    present::created(&view.file_url, &view)
}

/// The file of a detached signature, raised to a level that lasts if it was; by `?form=as_it_came`
/// the one that was brought.
#[utoipa::path(get,
    path = "/api/v1/documents/{document}/detached-signatures/{signature}/file",
    tag = "signing", params(FormParameters),
    responses((status = 200, description = "The file",
            content_type = "application/pkcs7-signature"),
        (status = 404, description = "Absent or hidden")))]
async fn get_signature(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(Uuid, Uuid)>,
    query: Query<FormParameters>,
) -> Answer {
    let (document, id) = path.into_inner();
    let file = app
        .open_detached(&caller.actor, document.into(), id, query.form()?)
        .await?;
    Ok(download(file))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/api/v1/documents/{document}/detached-signatures",
        Audience::Person,
        || web::post().to(post_signature),
    ),
    Route::get(
        "/api/v1/documents/{document}/detached-signatures/{signature}/file",
        Audience::Person,
        || web::get().to(get_signature),
    ),
];
