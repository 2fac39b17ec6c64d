//! `/api/v1/link`: what a counterparty's person does through a link, as calls.
//!
//! The link's secret, or the short code of its mail, goes into the body of one POST; its answer is
//! the visit's own secret, which every other call carries in `Authorization: Bearer`. No cookie is
//! read here, so no other site can act in a visitor's name; and no secret stands in a path.

mod beside;
mod views;
mod ways;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::web::{self, Data, Json, Path};
use actix_web::{FromRequest, HttpRequest};
use chancery_workflow::SignatureForm;
use utoipa::OpenApi;
use uuid::Uuid;

use crate::app::links::visit::{LinkKey, Visit};
use crate::app::signing::CompletedSignature;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::web::api::signing::{ConsentsBody, ConsentsView};
use crate::web::extract::{bearer, repeat_key};
use crate::web::limits::Limiter;
use crate::web::pages::documents::files;
use crate::web::pages::links::proof::EvidenceView;
use crate::web::pages::signing::{
    CompleteBody, CompletedView, PrepareBody, PreparedView, complete, prepare,
};
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, Problem, present};
use views::{CodeBody, EntryBody, EntryView, LinkPageView, ReadingBody, ReadingView, VisitView};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        post_visit,
        get_document,
        post_code_sending,
        post_code,
        get_pages,
        get_page,
        post_reading,
        get_file,
        get_attachment,
        get_consents,
        post_consents,
        post_signing,
        get_prepared,
        post_completion,
        post_signature,
        get_signed,
        get_evidence,
        beside::get_list,
        beside::get_signature,
        beside::get_covered,
        get_base,
        ways::post_question,
        ways::post_refusal,
        ways::post_disagreements,
        ways::post_handover,
        ways::post_renewal
    ),
    components(schemas(PreparedView, CompletedView))
)]
pub struct Api;

/// The most pages that one call says were read: as many as the page shows at once.
const PAGES_AT_ONCE: i64 = 5;

/// Who comes through a link, by the visit's secret.
#[derive(Clone, Debug)]
pub struct VisitOnly {
    /// The visit.
    pub visit: Visit,
    /// The visitor as an actor.
    pub actor: Actor,
}

impl VisitOnly {
    /// Finds out whose visit it is.
    ///
    /// # Errors
    ///
    /// 401 for nobody's, and for one that has ended.
    pub async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let (app, facts) = app_and_facts(request)?;
        let secret = bearer(request).ok_or(AppError::Unauthenticated)?;
        let visit = app.find_visit(&secret).await?;
        // What the caller asks for first, then what their inviter stated.
        let locale = if request.headers().contains_key(ACCEPT_LANGUAGE) {
            facts.locale
        } else {
            visit.subject.locale()
        };
        let mut actor = visit.actor(facts.origin(), locale);
        actor.origin.repeat = repeat_key(request);
        Ok(Self { visit, actor })
    }
}

impl FromRequest for VisitOnly {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

/// Counts a try from this address: the same counters as the pages.
fn count(app: &App, limiter: &Limiter, request: &HttpRequest, kind: &'static str) -> Answered {
    let (_, facts) = app_and_facts(request)?;
    let per_minute = app.config.rate_limits.link_per_minute;
    Ok(limiter.check_address(kind, &facts, per_minute)?)
}

type Answered = Result<(), Problem>;

/// Comes in: by the link's secret, or by the short code of its mail.
#[utoipa::path(post, path = "/api/v1/link/visits", tag = "link", request_body = EntryBody,
    responses((status = 201, description = "A visit has begun", body = EntryView),
        (status = 409, description = "link-unknown, link-revoked, link-handed-over, link-over"),
        (status = 429, description = "Too many tries")))]
async fn post_visit(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    body: Json<EntryBody>,
) -> Answer {
    count(&app, &limiter, &request, "link")?;
    let (_, facts) = app_and_facts(&request)?;
    let key = match body.into_inner() {
        EntryBody {
            secret: Some(secret),
            code: None,
        } => LinkKey::Secret(secret),
        EntryBody {
            secret: None,
            code: Some(code),
        } => LinkKey::Typed(code),
        _ => return Err(AppError::invalid("secret", "link-one-key").into()),
    };
    let entered = app.enter_link(&key, &facts.origin(), facts.locale).await?;
    present::created("/api/v1/link/document", &EntryView::from(entered))
}

/// What the link asks for, and how far the visit has come.
#[utoipa::path(get, path = "/api/v1/link/document", tag = "link",
    responses((status = 200, description = "The document's gist", body = VisitView)))]
async fn get_document(app: Data<App>, caller: VisitOnly) -> Answer {
    let attachments = match caller.visit.require_verified() {
        Ok(()) => app.link_attachments(&caller.visit).await?,
        Err(_) => Vec::new(),
    };
    present::json(&VisitView::new(&caller.visit, attachments))
}

/// Mails a six-digit code to the address that the link was sent to.
#[utoipa::path(post, path = "/api/v1/link/code/sending", tag = "link",
    responses((status = 204, description = "Mailed"),
        (status = 409, description = "link-not-active, code-link-spent"),
        (status = 429, description = "Too many codes for this link, or calls from this address")))]
async fn post_code_sending(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    caller: VisitOnly,
) -> Answer {
    count(&app, &limiter, &request, "code-sending")?;
    app.send_code(&caller.actor, &caller.visit).await?;
    present::no_content()
}

/// Gives the mailed code: the visit is verified then.
#[utoipa::path(post, path = "/api/v1/link/code", tag = "link", request_body = CodeBody,
    responses((status = 204, description = "Verified"),
        (status = 409, description = "code-absent, code-exhausted, code-wrong, code-link-spent, \
            link-not-active"),
        (status = 429, description = "Too many tries")))]
async fn post_code(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    caller: VisitOnly,
    body: Json<CodeBody>,
) -> Answer {
    count(&app, &limiter, &request, "code")?;
    app.give_code(&caller.actor, &caller.visit, &body.code)
        .await?;
    present::no_content()
}

/// The document's pages: sizes, and texts as far as they are drawn.
#[utoipa::path(get, path = "/api/v1/link/pages", tag = "link",
    responses((status = 200, description = "The pages", body = [LinkPageView]),
        (status = 409, description = "link-not-verified, link-not-active")))]
async fn get_pages(app: Data<App>, caller: VisitOnly) -> Answer {
    let count = caller.visit.subject.version.pages_count;
    let places = app.link_pages(&caller.visit, 1..=count).await?;
    let views: Vec<LinkPageView> = places.into_iter().map(LinkPageView::from).collect();
    present::json(&views)
}

/// A page as an image.
#[utoipa::path(get, path = "/api/v1/link/pages/{page}.png", tag = "link",
    params(("page" = i64, Path, description = "From 1")),
    responses((status = 200, description = "The image", content_type = "image/png"),
        (status = 409, description = "link-not-verified, link-not-active")))]
async fn get_page(
    app: Data<App>,
    caller: VisitOnly,
    page: Path<i64>,
    request: HttpRequest,
) -> Answer {
    let shown = app
        .link_page_image(&caller.actor, &caller.visit, *page)
        .await?;
    Ok(files::image(&request, shown))
}

/// Says which pages were read, at most five at once: all must be before a signature.
///
/// A page counts as read only after its image, or the main file, was fetched in this visit.
#[utoipa::path(post, path = "/api/v1/link/reading", tag = "link", request_body = ReadingBody,
    responses((status = 200, description = "The pages read so far", body = ReadingView),
        (status = 409, description = "link-not-verified, link-not-active, pages-unopened")))]
async fn post_reading(app: Data<App>, caller: VisitOnly, body: Json<ReadingBody>) -> Answer {
    let (from, to) = (body.from, body.to);
    if from < 1 || to < from || to.saturating_sub(from) >= PAGES_AT_ONCE {
        return Err(AppError::invalid("to", "link-pages-at-once").into());
    }
    app.read_pages(&caller.actor, &caller.visit, from..=to)
        .await?;
    let mut said = caller.visit.said_read();
    let count = caller.visit.subject.version.pages_count;
    said.add(from..=to.min(count), app.now());
    present::json(&ReadingView {
        is_all_read: said.has_all(count),
        pages_read: said.pages().collect(),
    })
}

/// The exact main file.
#[utoipa::path(get, path = "/api/v1/link/file", tag = "link",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 409, description = "link-not-verified, link-not-active")))]
async fn get_file(app: Data<App>, caller: VisitOnly) -> Answer {
    Ok(files::download(
        app.link_file(&caller.actor, &caller.visit).await?,
    ))
}

/// An attachment.
#[utoipa::path(get, path = "/api/v1/link/attachments/{position}", tag = "link",
    params(("position" = i64, Path, description = "From 1")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 409, description = "link-not-verified, link-not-active")))]
async fn get_attachment(app: Data<App>, caller: VisitOnly, position: Path<i64>) -> Answer {
    let file = app.link_attachment(&caller.visit, *position).await?;
    Ok(files::download(file))
}

/// The texts to consent to, in the caller's language, and whether that was done.
#[utoipa::path(get, path = "/api/v1/link/consents", tag = "link",
    responses((status = 200, description = "The texts", body = ConsentsView),
        (status = 409, description = "link-not-verified, link-not-active, task-not-open")))]
async fn get_consents(app: Data<App>, caller: VisitOnly) -> Answer {
    caller.visit.require_verified()?;
    let task = caller.visit.link.task_id;
    present::json(&ConsentsView::of(&app, &caller.actor, task).await?)
}

/// Gives both consents.
#[utoipa::path(post, path = "/api/v1/link/consents", tag = "link", request_body = ConsentsBody,
    responses((status = 204, description = "Recorded"),
        (status = 409, description = "link-not-verified, link-not-active, task-not-open"),
        (status = 422, description = "A consent is missing")))]
async fn post_consents(app: Data<App>, caller: VisitOnly, body: Json<ConsentsBody>) -> Answer {
    caller.visit.require_verified()?;
    app.give_consents(&caller.actor, caller.visit.link.task_id, &body.given())
        .await?;
    present::no_content()
}

/// Certifies the caller's key and prepares a signature with it.
#[utoipa::path(post, path = "/api/v1/link/signing", tag = "link", request_body = PrepareBody,
    responses((status = 200, description = "What to sign", body = PreparedView),
        (status = 409, description = "consents-needed, pages-unopened, pages-unread, \
            key-invalid, …")))]
async fn post_signing(app: Data<App>, caller: VisitOnly, body: Json<PrepareBody>) -> Answer {
    caller.visit.require_verified()?;
    let task = caller.visit.link.task_id;
    let base = "/api/v1/link/signings";
    present::json(&prepare(&app, &caller.actor, task, &body, base).await?)
}

/// The prepared file, to be checked before it is signed.
#[utoipa::path(get, path = "/api/v1/link/signings/{signing}/file", tag = "link",
    params(("signing" = String, Path, description = "From `/api/v1/link/signing`")),
    responses((status = 200, description = "PDF", content_type = "application/pdf")))]
async fn get_prepared(app: Data<App>, caller: VisitOnly, signing: Path<Uuid>) -> Answer {
    caller.visit.require_verified()?;
    let file = app.prepared_file(&caller.actor, *signing).await?;
    Ok(files::download(file))
}

/// The exact file that the signature extends: the one that came in, or the signed copy so far.
#[utoipa::path(get, path = "/api/v1/link/signing/file", tag = "link",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 409, description = "link-not-verified, link-not-active, task-not-open")))]
async fn get_base(app: Data<App>, caller: VisitOnly) -> Answer {
    caller.visit.require_verified()?;
    let task = caller.visit.link.task_id;
    Ok(files::download(app.base_file(&caller.actor, task).await?))
}

/// Completes a prepared signature.
#[utoipa::path(post, path = "/api/v1/link/signings/completion", tag = "link",
    request_body = CompleteBody,
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "signing-stale, signing-expired, signature-wrong, …")))]
async fn post_completion(app: Data<App>, caller: VisitOnly, body: Json<CompleteBody>) -> Answer {
    caller.visit.require_verified()?;
    let done = complete(&app, &caller.actor, &body).await?;
    present::json(&completed(&done))
}

/// Signs with a key that the server makes for this one signature and forgets; the evidence says so.
#[utoipa::path(post, path = "/api/v1/link/signature", tag = "link",
    responses((status = 200, description = "Stored", body = CompletedView),
        (status = 409, description = "consents-needed, pages-unopened, pages-unread, …")))]
async fn post_signature(app: Data<App>, caller: VisitOnly) -> Answer {
    caller.visit.require_verified()?;
    let task = caller.visit.link.task_id;
    let done = app.sign_with_server_key(&caller.actor, task).await?;
    present::json(&completed(&done))
}

/// A signature that the link's reader has just made, with where it is.
pub(super) fn completed(done: &CompletedSignature) -> CompletedView {
    let place = match done.form {
        SignatureForm::Embedded => "/api/v1/link/signed".to_owned(),
        SignatureForm::Detached => format!("/api/v1/link/detached-signatures/{}", done.id),
    };
    CompletedView::at(&place, done)
}

/// The signed copy, once this link's reader has signed.
#[utoipa::path(get, path = "/api/v1/link/signed", tag = "link",
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Not signed through this link")))]
async fn get_signed(app: Data<App>, caller: VisitOnly) -> Answer {
    Ok(files::download(app.link_signed_copy(&caller.visit).await?))
}

/// What is written down about the reader's signature, and its certificate.
#[utoipa::path(get, path = "/api/v1/link/evidence", tag = "link",
    responses((status = 200, description = "The evidence", body = EvidenceView),
        (status = 404, description = "Not signed through this link")))]
async fn get_evidence(app: Data<App>, caller: VisitOnly) -> Answer {
    present::json(&EvidenceView::of(&app, &caller.visit).await?)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post("/api/v1/link/visits", Audience::Everyone, || {
        web::post().to(post_visit)
    }),
    Route::get("/api/v1/link/document", Audience::Link, || {
        web::get().to(get_document)
    }),
    Route::post("/api/v1/link/code/sending", Audience::Link, || {
        web::post().to(post_code_sending)
    }),
    Route::post("/api/v1/link/code", Audience::Link, || {
        web::post().to(post_code)
    }),
    Route::get("/api/v1/link/pages", Audience::Link, || {
        web::get().to(get_pages)
    }),
    Route::get("/api/v1/link/pages/{page}.png", Audience::Link, || {
        web::get().to(get_page)
    }),
    Route::post("/api/v1/link/reading", Audience::Link, || {
        web::post().to(post_reading)
    }),
    Route::get("/api/v1/link/file", Audience::Link, || {
        web::get().to(get_file)
    }),
    Route::get(
        "/api/v1/link/attachments/{position}",
        Audience::Link,
        || web::get().to(get_attachment),
    ),
    Route::get("/api/v1/link/consents", Audience::Link, || {
        web::get().to(get_consents)
    }),
    Route::post("/api/v1/link/consents", Audience::Link, || {
        web::post().to(post_consents)
    }),
    Route::post("/api/v1/link/signing", Audience::Link, || {
        web::post().to(post_signing)
    }),
    Route::get(
        "/api/v1/link/signings/{signing}/file",
        Audience::Link,
        || web::get().to(get_prepared),
    ),
    Route::post("/api/v1/link/signings/completion", Audience::Link, || {
        web::post().to(post_completion)
    }),
    Route::post("/api/v1/link/signature", Audience::Link, || {
        web::post().to(post_signature)
    }),
    Route::get("/api/v1/link/signing/file", Audience::Link, || {
        web::get().to(get_base)
    }),
    Route::get("/api/v1/link/evidence", Audience::Link, || {
        web::get().to(get_evidence)
    }),
    Route::get("/api/v1/link/detached-signatures", Audience::Link, || {
        web::get().to(beside::get_list)
    }),
    Route::get(
        "/api/v1/link/detached-signatures/{signature}",
        Audience::Link,
        || web::get().to(beside::get_signature),
    ),
    Route::get(
        "/api/v1/link/detached-signatures/{signature}/file",
        Audience::Link,
        || web::get().to(beside::get_covered),
    ),
    Route::get("/api/v1/link/signed", Audience::Link, || {
        web::get().to(get_signed)
    }),
    Route::post("/api/v1/link/questions", Audience::Link, || {
        web::post().to(ways::post_question)
    }),
    Route::post("/api/v1/link/refusal", Audience::Link, || {
        web::post().to(ways::post_refusal)
    }),
    Route::post("/api/v1/link/disagreements", Audience::Link, || {
        web::post().to(ways::post_disagreements)
    }),
    Route::post("/api/v1/link/handover", Audience::Link, || {
        web::post().to(ways::post_handover)
    }),
    Route::post("/api/v1/link/renewal", Audience::Link, || {
        web::post().to(ways::post_renewal)
    }),
];
