//! `/api/v1`: consents, signatures, questions: what the signing pages do, as calls.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path};
use chancery_signature::report::{Answer as ReportAnswer, Reason, SignatureLevel, SignatureReport};
use chancery_signature::{Indication, SubIndication, ValidationReport};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::powers::authority_now;
use crate::app::links::open::text_digest;
use crate::app::signing::ShownConsent;
use crate::app::signing::consent::{ConsentKind, has_consents_for};
use crate::app::signing::detached::Covers;
use crate::app::signing::list::SignatureRow;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::web::pages::documents::files::download;
use crate::web::pages::signing::{
    CompleteBody, CompletedView, PrepareBody, PreparedView, complete, prepare,
};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_consents,
        post_consents,
        post_signature,
        post_signing,
        get_prepared,
        get_base,
        post_completion,
        get_signatures,
        get_signed_copy,
        post_answer,
        get_root
    ),
    components(schemas(PreparedView, CompletedView, SignatureView))
)]
pub struct Api;

/// Consents before a signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentsBody {
    /// To sign electronically by the organisation's published rules.
    pub electronic_signature: bool,
    /// To the processing of personal data.
    pub personal_data: bool,
    /// SHA-256 of the rules that were shown, hexadecimal: as the call before gave it.
    pub electronic_signature_sha256: String,
    /// SHA-256 of the text about personal data that was shown, hexadecimal.
    pub personal_data_sha256: String,
}

impl ConsentsBody {
    /// The consents that are given.
    #[must_use]
    pub fn given(&self) -> Vec<ShownConsent> {
        let given = [
            (
                self.electronic_signature,
                ConsentKind::ElectronicSignature,
                &self.electronic_signature_sha256,
            ),
            (
                self.personal_data,
                ConsentKind::PersonalData,
                &self.personal_data_sha256,
            ),
        ];
        given
            .into_iter()
            .filter(|(is_given, ..)| *is_given)
            .map(|(_, kind, digest)| ShownConsent {
                kind,
                text_digest: digest.to_lowercase(),
            })
            .collect()
    }
}

/// What is to be consented to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentsView {
    /// Whether both consents are there.
    pub is_given: bool,
    /// The organisation's published rules of electronic signatures.
    pub electronic_signature: String,
    /// The text about personal data.
    pub personal_data: String,
    /// SHA-256 of the rules, hexadecimal: to be sent with the consent.
    pub electronic_signature_sha256: String,
    /// SHA-256 of the text about personal data, hexadecimal.
    pub personal_data_sha256: String,
}

impl ConsentsView {
    /// Of a sign task, for the one who holds it, in their language.
    ///
    /// # Errors
    ///
    /// As [`App::signing_seat`].
    pub async fn of(app: &App, actor: &Actor, task: Uuid) -> Result<Self, AppError> {
        let seat = app.signing_seat(actor, task).await?;
        let text = |kind: ConsentKind| kind.text(&seat.organisation, actor.locale).to_owned();
        let rules = text(ConsentKind::ElectronicSignature);
        let personal_data = text(ConsentKind::PersonalData);
        Ok(Self {
            is_given: has_consents_for(app, &seat).await?,
            electronic_signature_sha256: text_digest(&rules),
            personal_data_sha256: text_digest(&personal_data),
            electronic_signature: rules,
            personal_data,
        })
    }
}

/// A signature of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureView {
    /// The signature.
    pub id: Uuid,
    /// The number of the version that is signed.
    pub version_number: i64,
    /// `embedded` in the signed copy, or `detached`: a file of its own.
    pub form: &'static str,
    /// What it covers: `signed_copy`, or `main`, the file as it came in.
    pub covers: String,
    /// Who signed: whom the task asked; of a detached one, whom its certificates name.
    pub signer_name: String,
    /// Whom the certificate names, where it is not one of ours.
    pub certificate_name: Option<String>,
    /// Whether that is the one whom the task asked, as far as a machine can tell; absent where
    /// nobody was asked, or the certificate is ours.
    pub names_agree: Option<bool>,
    /// When, RFC 3339; of a detached one, when it was made here or came.
    pub signed_at: String,
    /// That it had when it was made: `B-T`. Of a detached one, its level now; empty where it has
    /// none.
    pub level: String,
    /// `ecdsa_p256`, `ecdsa_p384`, `ecdsa_p521`, `ed25519`, `rsa_pkcs1` or `rsa_pss`; of a detached
    /// one, its key as the validator names it.
    pub algorithm: String,
    /// `browser`, `server` or `outside`.
    pub key_made_in: String,
    /// The certificate's serial number, hexadecimal.
    pub certificate_serial: String,
    /// SHA-256 of the public key, hexadecimal; empty for a detached one.
    pub key_sha256: String,
    /// SHA-256 of the signed copy with this signature, or of the file that a detached one covers;
    /// hexadecimal.
    pub copy_sha256: String,
    /// Where the file of a detached one is.
    pub file_url: Option<String>,
    /// What our validator says of it now; absent while it is still being judged or cannot be.
    pub verdict: Option<SignatureVerdict>,
    /// What the power of attorney beside it comes to now, as in `POST /api/v1/verify`: no part of
    /// the verdict. Absent if there is none, and while the signature is still being judged.
    #[schema(value_type = Option<Object>)]
    pub authority: Option<Value>,
    /// What is known about the moment of signing.
    #[schema(value_type = Object)]
    pub evidence: Value,
}

/// What our validator says of a signature now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureVerdict {
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    #[schema(value_type = String)]
    pub indication: Indication,
    /// Why it is not passed, as EN 319 102-1 names it.
    #[schema(value_type = Option<String>)]
    pub sub_indication: Option<SubIndication>,
    /// Whether it passed although nobody knows whether a certificate that it rests on was revoked:
    /// the rules of this server do not ask.
    pub leaves_revocation_open: bool,
    /// How far it carries by what its file holds now: `B-B`, `B-T`, `B-LT` or `B-LTA`; nothing of
    /// what has no such level.
    pub level: Option<&'static str>,
    /// Whether what was signed is unchanged.
    #[schema(value_type = String)]
    pub intact: ReportAnswer,
    /// The reasons as codes, with their values.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Vec<Reason>,
    /// When it was judged, RFC 3339.
    pub judged_at: String,
}

impl SignatureVerdict {
    /// Of the signature in `field`, if the report has it.
    fn find(report: &ValidationReport, field: &str) -> Option<Self> {
        let mut all = report.signatures.iter();
        let found = all.find(|one| one.field.as_deref() == Some(field))?;
        Some(Self::of(found, report))
    }

    /// Of one signature of a report.
    #[must_use]
    pub fn of(found: &SignatureReport, report: &ValidationReport) -> Self {
        Self {
            indication: found.indication,
            sub_indication: found.sub_indication,
            leaves_revocation_open: found.leaves_revocation_open(),
            level: found.level.map(SignatureLevel::name),
            intact: found.intact,
            reasons: found.reasons.clone(),
            judged_at: report.judged_at.to_string(),
        }
    }
}

impl SignatureView {
    /// Of a row, with what is known of it by now.
    fn new(row: SignatureRow, report: Option<&ValidationReport>) -> Self {
        let evidence: Value = serde_json::from_str(&row.signature.evidence).unwrap_or_default();
        let signed_at = row.signed_at().to_string();
        Self {
            form: "embedded",
            covers: Covers::SignedCopy.code().to_owned(),
            certificate_name: row.certificate_name,
            names_agree: evidence["certificate"]["names_agree"].as_bool(),
            file_url: None,
            verdict: report
                .and_then(|report| SignatureVerdict::find(report, &row.signature.field_name)),
            id: row.signature.id,
            version_number: row.version_number,
            signed_at,
            signer_name: row.signature.signer_name,
            level: row.signature.level,
            algorithm: row.signature.algorithm,
            key_made_in: row.signature.key_place,
            certificate_serial: row.serial,
            key_sha256: row.key_digest,
            copy_sha256: row.signature.copy_digest,
            authority: None,
            evidence,
        }
    }
}

/// An answer to a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The answer.
    pub answer: String,
}

/// Gives both consents for a sign task.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/consents", tag = "signing",
    request_body = ConsentsBody,
    responses((status = 204, description = "Recorded"), (status = 404, description = "Not yours"),
        (status = 422, description = "A consent is missing")))]
async fn post_consents(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<Uuid>,
    body: Json<ConsentsBody>,
) -> Answer {
    app.give_consents(&caller.actor, *task, &body.given())
        .await?;
    present::no_content()
}

/// The texts to consent to, in the caller's language, and whether that was done.
#[utoipa::path(get, path = "/api/v1/tasks/{task}/consents", tag = "signing",
    responses((status = 200, description = "The texts", body = ConsentsView),
        (status = 409, description = "task-not-sign, task-not-open")))]
async fn get_consents(app: Data<App>, caller: PersonOnly, task: Path<Uuid>) -> Answer {
    present::json(&ConsentsView::of(&app, &caller.actor, *task).await?)
}

/// Signs with a key that the server makes for this one signature and forgets; the evidence says so.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/signature", tag = "signing",
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "consents-needed, pages-unopened, task-not-open, …")))]
async fn post_signature(app: Data<App>, caller: PersonOnly, task: Path<Uuid>) -> Answer {
    let done = app.sign_with_server_key(&caller.actor, *task).await?;
    let page = format!("/documents/{}", done.document_id);
    present::json(&CompletedView::at(&page, &done))
}

/// Certifies a key and prepares a signature with it.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/signing", tag = "signing",
    request_body = PrepareBody,
    responses((status = 200, description = "What to sign", body = PreparedView),
        (status = 404, description = "Not yours"),
        (status = 409, description = "Not possible now")))]
async fn post_signing(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<Uuid>,
    body: Json<PrepareBody>,
) -> Answer {
    let prepared = prepare(&app, &caller.actor, *task, &body, "/api/v1/signings").await?;
    present::json(&prepared)
}

/// The prepared file.
#[utoipa::path(get, path = "/api/v1/signings/{signing}/file", tag = "signing",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Not yours")))]
async fn get_prepared(app: Data<App>, caller: PersonOnly, signing: Path<Uuid>) -> Answer {
    Ok(download(app.prepared_file(&caller.actor, *signing).await?))
}

/// The exact file that the signature extends: the one that came in, or the signed copy so far.
#[utoipa::path(get, path = "/api/v1/tasks/{task}/signing/file", tag = "signing",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Not yours"),
        (status = 409, description = "task-not-sign, task-not-open")))]
async fn get_base(app: Data<App>, caller: PersonOnly, task: Path<Uuid>) -> Answer {
    Ok(download(app.base_file(&caller.actor, *task).await?))
}

/// Completes a prepared signature.
#[utoipa::path(post, path = "/api/v1/signings/completion", tag = "signing",
    request_body = CompleteBody,
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "Stale, expired or wrong")))]
async fn post_completion(app: Data<App>, caller: PersonOnly, body: Json<CompleteBody>) -> Answer {
    let done = complete(&app, &caller.actor, &body).await?;
    let page = format!("/documents/{}", done.document_id);
    present::json(&CompletedView::at(&page, &done))
}

/// The signatures of a document: those in its signed copies, and after them the detached ones;
/// each oldest first.
#[utoipa::path(get, path = "/api/v1/documents/{document}/signatures", tag = "signing",
    responses((status = 200, description = "Signatures", body = Vec<SignatureView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_signatures(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    present::json(&signatures_of(&app, &caller.actor, *document).await?)
}

/// The signatures of a document with their evidence: those in its signed copies, then the detached
/// ones, each oldest first.
///
/// # Errors
///
/// [`AppError::Hidden`].
pub async fn signatures_of(
    app: &App,
    actor: &Actor,
    document: Uuid,
) -> Result<Vec<SignatureView>, AppError> {
    let found = app.document_signatures(actor, document).await?;
    let numbers = found.signatures.iter().map(|row| row.version_number);
    let numbers = numbers.collect();
    let reports = app.copy_reports(actor, document.into(), numbers).await?;
    let powers = app.list_powers(actor, document.into()).await?;
    let mut views = Vec::new();
    for row in found.signatures {
        let report = reports.get(&row.version_number);
        let place = report.and_then(|report| place_of(report, &row.signature.field_name));
        let authority = match (report, place) {
            (Some(report), Some(place)) => {
                let beside = (row.signature.version_id, place);
                authority_now(app, &powers, beside, report).await?
            }
            _ => None,
        };
        views.push(SignatureView {
            authority,
            ..SignatureView::new(row, report.map(AsRef::as_ref))
        });
    }
    for row in app.list_detached(actor, document.into()).await? {
        let authority = match &row.report {
            Some(report) => authority_now(app, &powers, (row.signature.id, 0), report).await?,
            None => None,
        };
        views.push(SignatureView {
            authority,
            ..SignatureView::from(row)
        });
    }
    Ok(views)
}

/// The place in a report of the signature in `field`.
fn place_of(report: &ValidationReport, field: &str) -> Option<usize> {
    let mut all = report.signatures.iter();
    all.position(|one| one.field.as_deref() == Some(field))
}

/// The signed copy of a version.
#[utoipa::path(get, path = "/api/v1/documents/{document}/versions/{number}/signed", tag = "signing",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Absent, hidden or not signed")))]
async fn get_signed_copy(app: Data<App>, caller: PersonOnly, path: Path<(Uuid, i64)>) -> Answer {
    let (document, number) = path.into_inner();
    let copy = app.signed_copy(&caller.actor, document, number).await?;
    Ok(download(copy))
}

/// Answers a question that was asked through a link.
#[utoipa::path(post, path = "/api/v1/questions/{question}/answer", tag = "signing",
    request_body = AnswerBody,
    responses((status = 204, description = "Answered"), (status = 404, description = "Not yours"),
        (status = 409, description = "Answered already")))]
async fn post_answer(
    app: Data<App>,
    caller: PersonOnly,
    question: Path<Uuid>,
    body: Json<AnswerBody>,
) -> Answer {
    app.answer_question(&caller.actor, *question, &body.answer)
        .await?;
    present::no_content()
}

/// The organisation's root certificate.
#[utoipa::path(get, path = "/api/v1/ca.pem", tag = "signing",
    responses((status = 200, description = "PEM", content_type = "application/x-pem-file")))]
async fn get_root(app: Data<App>, caller: PersonOnly) -> Answer {
    caller.actor.person().ok_or(AppError::Hidden)?;
    let pem = app.anchors_pem(caller.actor.organisation).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/x-pem-file")
        .insert_header(("Content-Disposition", "attachment; filename=\"ca.pem\""))
        .body(pem))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/tasks/{task}/consents", Audience::Person, || {
        web::get().to(get_consents)
    }),
    Route::post("/api/v1/tasks/{task}/signature", Audience::Person, || {
        web::post().to(post_signature)
    }),
    Route::post("/api/v1/tasks/{task}/consents", Audience::Person, || {
        web::post().to(post_consents)
    }),
    Route::post("/api/v1/tasks/{task}/signing", Audience::Person, || {
        web::post().to(post_signing)
    }),
    Route::get(
        "/api/v1/tasks/{task}/signing/file",
        Audience::Person,
        || web::get().to(get_base),
    ),
    Route::get("/api/v1/signings/{signing}/file", Audience::Person, || {
        web::get().to(get_prepared)
    }),
    Route::post("/api/v1/signings/completion", Audience::Person, || {
        web::post().to(post_completion)
    }),
    Route::get(
        "/api/v1/documents/{document}/signatures",
        Audience::Person,
        || web::get().to(get_signatures),
    ),
    Route::get(
        "/api/v1/documents/{document}/versions/{number}/signed",
        Audience::Person,
        || web::get().to(get_signed_copy),
    ),
    Route::post(
        "/api/v1/questions/{question}/answer",
        Audience::Person,
        || web::post().to(post_answer),
    ),
    Route::get("/api/v1/ca.pem", Audience::Person, || {
        web::get().to(get_root)
    }),
];
