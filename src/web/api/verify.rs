//! `/api/v1/verify`: a file's validation report, for anybody. Nothing is kept.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::validation::WrittenReport;
use crate::i18n::Formats;
use crate::web::api::revisions::SeenCallView;
use crate::web::limits::Limiter;
use crate::web::pages::verify::{Since, Wanted, judge_upload, receive, stranger};
use crate::web::protocol::{self, Form};
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, PostedForm, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(post_verify), components(schemas(VerifyBody)))]
pub struct Api;

/// The parts of an upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes a multipart body, which is read as a stream"
)]
struct VerifyBody {
    /// The signed file, or a detached signature.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// What a detached signature signs.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    content: Option<String>,
    /// A machine-readable power of attorney of who signed, XML, up to 256 KB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    power: Option<String>,
    /// The signature of the power, if it does not stand in it, up to 256 KB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    power_signature: Option<String>,
    /// If the power was passed on: the powers that it comes from and their signatures, each file as
    /// a part of its own, in any order, up to 256 KB each; what belongs together is found by what
    /// is signed.
    #[schema(value_type = Vec<String>)]
    parents: Vec<Vec<u8>>,
    /// The INN or OGRN of the organisation for which the file is signed.
    organisation: Option<String>,
    /// The code of the power that is needed.
    power_code: Option<String>,
    /// `json` (the default), or a protocol for people: `pdf` or `html`; `revision` for the file as
    /// a signature found it, `comparison` for what is seen otherwise in it now.
    form: Option<String>,
    /// Which signature is meant by the last two, by its number from 1; timestamps are not counted.
    /// Without it, the one that was made first.
    signature_number: Option<String>,
}

/// Check the signatures of a file.
///
/// The answer is the object that `chancery verify --json` prints for one file. It is judged now, by
/// the roots of this server; the file is not kept. `"swapped": true` says that the signature came
/// as `content` and what it signs as `file`, and that they were judged the right way round.
/// `power` adds `authority`: what that power of attorney allows the signer, which is no part of the
/// verdict. `compared_with` is the place of the signature, from 0, that it was compared with;
/// unless `compared_indication` is `TOTAL-PASSED`, whose that signature is stays open. Without
/// `organisation` and `power_code` its `result` is never `confirmed`; nor is that of a power that
/// was passed on without the `parents` it comes from, which are told by their numbers. While
/// `register_asked` is false, `confirmed` says nothing of whether the power was taken back.
/// `form` asks for a protocol for people instead, in the language of `Accept-Language`; for the
/// file as a signature found it, to the byte; or for what is seen otherwise in it since (an object
/// as that of `/api/v1/documents/{document}/signatures/{signature}/comparison`).
#[utoipa::path(post, path = "/api/v1/verify", tag = "verify",
    request_body(content = VerifyBody, content_type = "multipart/form-data"),
    responses((status = 200, description = "The validation report, an object of the form \
        `chancery/verification-report/1` (`docs/verification-report.schema.json`, which \
        `chancery verify --schema` prints), or the protocol", body = Object),
        (status = 413, description = "Larger than limits.verify_bytes_max"),
        (status = 422, description = "No part `file`, no such `form`, `content` beside its own, \
            a `power` or a parent that is none or larger than 256 KB, nothing to compare: \
            comparison-no-pdf, comparison-beside, comparison-no-signature, comparison-changed, \
            no-such-signature, no-revision"),
        (status = 429, description = "Too many checks"),
        (status = 503, description = "Too many comparisons")))]
async fn post_verify(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let mut typed = PostedForm::default();
    let upload = receive(&app, &limiter, &request, parts, &mut typed).await?;
    let form = match upload.wanted {
        Wanted::Revision(place) => return Ok(Since::read(&app, upload, place).await?.revision()),
        Wanted::Comparison(place) => {
            let since = Since::read(&app, upload, place).await?;
            let (_, facts) = app_and_facts(&request)?;
            let place = since.place();
            let (judged, seen) = since.seen(&app, &stranger(&facts)).await?;
            let view = SeenCallView::of(&seen, &judged.checked.report, place);
            return present::json(&view);
        }
        Wanted::Protocol(form) => Some(form),
        Wanted::Page => None,
    };
    let mut judged = judge_upload(&app, upload).await?;
    let (_, facts) = app_and_facts(&request)?;
    let formats = Formats::new(facts.locale, "UTC");
    if let Some(form @ (Form::Pdf | Form::Html)) = form {
        let (name, size_bytes) = (&judged.name, judged.size_bytes);
        let by = (&formats, app.config.server.public_url.as_str());
        return protocol::answer(&judged.checked, name, size_bytes, by, form);
    }
    judged.checked.report.file = Some(judged.name);
    present::json(&WrittenReport::of(judged.checked, &formats))
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::post("/api/v1/verify", Audience::Everyone, || {
    web::post().to(post_verify)
})];
