//! `/api/v1/workflows/{workflow}`: what is in force, and texts that are written in its place.

use actix_web::HttpRequest;
use actix_web::web::{self, Data, Json, Path};
use chancery_types::{Instant, Locale};
use chancery_workflow::{Diagnostic, Severity};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::editions::{Checked, Edition, EditionDraft, Publishing, WorkflowSheet, digest};
use crate::app::{App, AppError};
use crate::web::limits::Limiter;
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_workflow,
        post_check,
        post_edition,
        get_edition,
        post_publication,
        post_return,
        post_discard
    ),
    components(schemas(
        WorkflowView,
        EditionView,
        FindingView,
        CheckView,
        ExampleView,
        TextBody,
        EditionBody,
        PublicationBody,
        ReturnBody,
        DiscardBody
    ))
)]
pub struct Api;

/// A workflow as the organisation has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowView {
    id: String,
    /// Its title in the caller's language.
    title: String,
    /// The edition in force; none while it is the server's file.
    edition: Option<i64>,
    /// The text in force.
    source: String,
    /// SHA-256 of that text: `against` of a publication.
    digest: String,
    /// Whether runs may start by it: an edition may not fit the server's files any more.
    fits: bool,
    /// Its editions, the newest first, at most 50, without their texts.
    editions: Vec<EditionView>,
}

/// An edition of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionView {
    workflow: String,
    /// Which one, from 1.
    number: i64,
    /// `draft`, `proposed`, `published` or `discarded`.
    state: &'static str,
    author_id: String,
    author_name: String,
    /// What is changed and why.
    note: String,
    /// When its text was saved last (RFC 3339).
    saved_at: String,
    /// Who published, returned or discarded it last.
    decided_by_name: Option<String>,
    /// When.
    decided_at: Option<String>,
    /// Why it was returned.
    reason: Option<String>,
    /// From when new runs take it.
    effective_at: Option<String>,
    /// The optimistic lock, for the next step.
    row_version: i64,
    /// Its text; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// What is to be said of a place in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// A code that stays: `W203`.
    code: &'static str,
    /// `error` or `warning`.
    severity: &'static str,
    /// The line, from 1.
    line: u32,
    /// The column, from 1, in characters.
    column: u32,
    /// How many characters are meant.
    length: u32,
    /// In the caller's language.
    message: String,
    /// What to do.
    help: Option<String>,
}

/// An example of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleView {
    name: String,
    /// What does not hold; nothing if it passes.
    findings: Vec<FindingView>,
}

/// What is to be said of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    /// Whether it may be proposed.
    is_good: bool,
    /// What is wrong, or else odd.
    findings: Vec<FindingView>,
    /// The controls that become weaker than in what is in force.
    weaker: Vec<FindingView>,
    examples: Vec<ExampleView>,
}

/// A text to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextBody {
    /// The YAML text.
    source: String,
}

/// A text to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionBody {
    /// The YAML text.
    source: String,
    /// What is changed and why; must be there to propose it.
    #[serde(default)]
    note: String,
    /// One's own open edition, if it is not a new one, …
    number: Option<i64>,
    /// … with its lock.
    row_version: Option<i64>,
    /// Whether it is to wait for another administrator.
    #[serde(default)]
    propose: bool,
}

/// A decision to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationBody {
    /// The lock of the edition that was read.
    row_version: i64,
    /// `digest` of the workflow that it was compared with.
    against: String,
    /// From when new runs take it (RFC 3339); at once without.
    #[schema(value_type = Option<String>)]
    effective_at: Option<Instant>,
    /// That note was taken of the controls that become weaker.
    #[serde(default)]
    weaker_noted: bool,
}

/// A decision to give it back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    /// The lock of the edition that was read.
    row_version: i64,
    /// Why.
    reason: String,
}

/// A decision to give it up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscardBody {
    /// The lock of the edition that was read.
    row_version: i64,
}

impl EditionView {
    fn of(edition: Edition, with_source: bool) -> Self {
        Self {
            workflow: edition.workflow,
            number: edition.number,
            state: edition.state.code(),
            author_id: edition.author.to_string(),
            author_name: edition.author_name,
            note: edition.note,
            saved_at: edition.saved_at.to_string(),
            decided_by_name: edition.decided_by_name,
            decided_at: edition.decided_at.map(|at| at.to_string()),
            reason: edition.reason,
            effective_at: edition.effective_at.map(|at| at.to_string()),
            row_version: edition.row_version,
            source: with_source.then_some(edition.source),
        }
    }
}

impl WorkflowView {
    fn of(id: String, sheet: WorkflowSheet, locale: Locale) -> Self {
        let in_force = sheet.in_force;
        let chain = in_force.chain.as_ref().unwrap_or(&sheet.file);
        let editions = sheet.editions.into_iter();
        Self {
            title: chain.definition.title(locale).to_owned(),
            digest: digest(&in_force.source),
            fits: in_force.chain.is_ok(),
            edition: in_force.number,
            source: in_force.source,
            editions: editions.map(|one| EditionView::of(one, false)).collect(),
            id,
        }
    }
}

fn findings(found: &[Diagnostic], locale: Locale) -> Vec<FindingView> {
    let views = found.iter().map(|finding| FindingView {
        code: finding.code,
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        line: finding.line,
        column: finding.column,
        length: finding.length,
        message: finding.text(locale),
        help: finding.help(locale),
    });
    views.collect()
}

impl CheckView {
    fn of(checked: &Checked, locale: Locale) -> Self {
        let mut said = findings(&checked.errors, locale);
        said.extend(findings(&checked.warnings, locale));
        let examples = checked.examples.iter().map(|example| ExampleView {
            name: example.name.clone(),
            findings: findings(&example.findings, locale),
        });
        Self {
            is_good: checked.is_good(),
            findings: said,
            weaker: findings(&checked.weaker, locale),
            examples: examples.collect(),
        }
    }
}

/// A workflow with its editions, for administrators.
#[utoipa::path(get, path = "/api/v1/workflows/{workflow}", tag = "workflows",
    params(("workflow" = String, Path)),
    responses((status = 200, description = "What is in force", body = WorkflowView)))]
async fn get_workflow(app: Data<App>, caller: PersonOnly, id: Path<String>) -> Answer {
    let sheet = app.load_workflow(&caller.actor, &id).await?;
    present::json(&WorkflowView::of(
        id.into_inner(),
        sheet,
        caller.actor.locale,
    ))
}

/// Says what is wrong with a text, what is odd and what becomes weaker; keeps nothing.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/check", tag = "workflows",
    params(("workflow" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = TextBody,
    responses((status = 200, description = "What is to be said", body = CheckView),
        (status = 429, description = "More than 120 in a minute")))]
async fn post_check(
    (app, limiter): (Data<App>, Data<Limiter>),
    request: HttpRequest,
    caller: PersonOnly,
    id: Path<String>,
    body: Json<TextBody>,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    limiter.check_text(&caller.actor, &facts)?;
    let checked = app.check_edition(&caller.actor, &id, &body.source).await?;
    present::json(&CheckView::of(&checked, caller.actor.locale))
}

/// Saves a text as a new edition or as one's own that is open, and asks another administrator to
/// publish it if that is said.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/editions", tag = "workflows",
    params(("workflow" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = EditionBody,
    responses((status = 201, description = "Saved", body = EditionView),
        (status = 409, description = "edition-open, edition-closed, edition-not-accepted, \
            edition-changes-nothing")))]
async fn post_edition(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<String>,
    body: Json<EditionBody>,
) -> Answer {
    let body = body.into_inner();
    if body.number.is_some() != body.row_version.is_some() {
        return Err(AppError::invalid("row_version", "empty").into());
    }
    let draft = EditionDraft {
        source: body.source,
        note: body.note,
        opened: body.number.zip(body.row_version),
    };
    let number = match body.propose {
        true => app.propose_edition(&caller.actor, &id, &draft).await?,
        false => app.save_edition(&caller.actor, &id, &draft).await?,
    };
    let edition = app.load_edition(&caller.actor, &id, number).await?;
    let path = format!("/api/v1/workflows/{id}/editions/{number}");
    present::created(&path, &EditionView::of(edition, true))
}

/// An edition with its text.
#[utoipa::path(get, path = "/api/v1/workflows/{workflow}/editions/{number}", tag = "workflows",
    params(("workflow" = String, Path), ("number" = i64, Path)),
    responses((status = 200, description = "The edition", body = EditionView)))]
async fn get_edition(app: Data<App>, caller: PersonOnly, place: Path<(String, i64)>) -> Answer {
    let edition = app.load_edition(&caller.actor, &place.0, place.1).await?;
    present::json(&EditionView::of(edition, true))
}

/// Publishes a proposed edition of somebody else: runs that start from then on take it.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/editions/{number}/publication",
    tag = "workflows",
    params(("workflow" = String, Path), ("number" = i64, Path),
        ("Idempotency-Key" = String, Header)),
    request_body = PublicationBody,
    responses((status = 204, description = "Published"),
        (status = 409, description = "edition-own, edition-not-proposed, \
            edition-compared-with-another, edition-not-accepted")))]
async fn post_publication(
    app: Data<App>,
    caller: PersonOnly,
    place: Path<(String, i64)>,
    body: Json<PublicationBody>,
) -> Answer {
    let body = body.into_inner();
    let publishing = Publishing {
        row_version: body.row_version,
        against: body.against,
        from: body.effective_at,
        has_seen_weaker: body.weaker_noted,
    };
    app.publish_edition(&caller.actor, &place.0, place.1, &publishing)
        .await?;
    present::no_content()
}

/// Gives a proposed edition back to its author.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/editions/{number}/return",
    tag = "workflows",
    params(("workflow" = String, Path), ("number" = i64, Path),
        ("Idempotency-Key" = String, Header)),
    request_body = ReturnBody,
    responses((status = 204, description = "Given back"),
        (status = 409, description = "edition-own, edition-not-proposed")))]
async fn post_return(
    app: Data<App>,
    caller: PersonOnly,
    place: Path<(String, i64)>,
    body: Json<ReturnBody>,
) -> Answer {
    let words = (body.row_version, body.reason.as_str());
    app.return_edition(&caller.actor, &place.0, place.1, words)
        .await?;
    present::no_content()
}

/// Gives an open edition up, or one that is published for a later day.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/editions/{number}/discard",
    tag = "workflows",
    params(("workflow" = String, Path), ("number" = i64, Path),
        ("Idempotency-Key" = String, Header)),
    request_body = DiscardBody,
    responses((status = 204, description = "Given up"),
        (status = 409, description = "edition-closed")))]
async fn post_discard(
    app: Data<App>,
    caller: PersonOnly,
    place: Path<(String, i64)>,
    body: Json<DiscardBody>,
) -> Answer {
    let which = (place.1, body.row_version);
    app.discard_edition(&caller.actor, &place.0, which).await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/workflows/{workflow}", Audience::Person, || {
        web::get().to(get_workflow)
    }),
    Route::post(
        "/api/v1/workflows/{workflow}/check",
        Audience::Person,
        || web::post().to(post_check),
    ),
    Route::post(
        "/api/v1/workflows/{workflow}/editions",
        Audience::Person,
        || web::post().to(post_edition),
    ),
    Route::get(
        "/api/v1/workflows/{workflow}/editions/{number}",
        Audience::Person,
        || web::get().to(get_edition),
    ),
    Route::post(
        "/api/v1/workflows/{workflow}/editions/{number}/publication",
        Audience::Person,
        || web::post().to(post_publication),
    ),
    Route::post(
        "/api/v1/workflows/{workflow}/editions/{number}/return",
        Audience::Person,
        || web::post().to(post_return),
    ),
    Route::post(
        "/api/v1/workflows/{workflow}/editions/{number}/discard",
        Audience::Person,
        || web::post().to(post_discard),
    ),
];
