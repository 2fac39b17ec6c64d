//! `/api/v1`: the file as a signature found it, and what is seen otherwise in it now.

use actix_web::web::{self, Data, Path};
use chancery_signature::ValidationReport;
use chancery_types::id::DocumentId;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::recheck::indication_code;
use crate::app::revisions::Seen;
use crate::web::pages::documents::powers::named;
use crate::web::pages::documents::revision::answer;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_revision, get_comparison))]
pub struct Api;

/// What is seen otherwise since a signature was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenCallView {
    /// Whether the signature covers the whole file: nothing was added after it.
    pub is_whole: bool,
    /// Whether every page of both was drawn, and every picture and text is the same. That says
    /// nothing of the signature: see `indication`.
    pub is_same: bool,
    /// What the check of that signature came to: `TOTAL-PASSED`, `TOTAL-FAILED`, `INDETERMINATE`.
    pub indication: &'static str,
    /// The pages, in order; none if the signature covers the whole file.
    pub pages: Vec<SeenPageView>,
}

/// A page in both states.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenPageView {
    /// From 1.
    pub number: usize,
    /// `same`, `differs`, `other_text` (the same picture over another text), `added`, `removed`, or
    /// `unknown` if it could not be drawn or was not (of long files the first 100 pages are).
    pub look: &'static str,
}

impl SeenCallView {
    /// Of a comparison with what a signature covers, at its place of the report on it.
    #[must_use]
    pub fn of(seen: &Seen, report: &ValidationReport, place: usize) -> Self {
        let pages = seen.pages.iter().map(|page| SeenPageView {
            number: page.seen.number,
            look: page.seen.look.code(),
        });
        Self {
            is_whole: seen.is_whole,
            is_same: seen.is_same(),
            indication: indication_code(
                report
                    .signatures
                    .get(place)
                    .map_or(report.indication, |one| one.indication),
            ),
            pages: pages.collect(),
        }
    }
}

/// Exactly the bytes that a signature covers: the file as it was signed. Of a detached signature,
/// the file that it is over.
#[utoipa::path(get, path = "/api/v1/documents/{document}/signatures/{signature}/revision",
    tag = "signing",
    params(("document" = String, Path),
        ("signature" = String, Path, description = "Its identifier, or the number of the version \
            and the place in the report on its file, from 0: `1-0`")),
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 404, description = "Absent or hidden, or it covers no sound range"),
        (status = 409, description = "verdict-later, verdict-too-large")))]
async fn get_revision(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(DocumentId, String)>,
) -> Answer {
    Ok(answer(&app, &caller.actor, path.into_inner()).await?)
}

/// What is seen otherwise in the present file, page by page: by the drawings and by the texts.
#[utoipa::path(get, path = "/api/v1/documents/{document}/signatures/{signature}/comparison",
    tag = "signing",
    params(("document" = String, Path),
        ("signature" = String, Path, description = "As for the revision")),
    responses((status = 200, description = "The pages", body = SeenCallView),
        (status = 404, description = "Absent or hidden, or it covers no sound range"),
        (status = 409, description = "verdict-later, verdict-too-large, page-not-drawable")))]
async fn get_comparison(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(DocumentId, String)>,
) -> Answer {
    let (id, signature) = path.into_inner();
    let name = named(&signature)?;
    let found = app.compare_revision(&caller.actor, id, name).await?;
    let signature = &found.signature;
    let view = SeenCallView::of(&found.seen, &signature.report, signature.place);
    present::json(&view)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/signatures/{signature}/revision",
        Audience::Person,
        || web::get().to(get_revision),
    ),
    Route::get(
        "/api/v1/documents/{document}/signatures/{signature}/comparison",
        Audience::Person,
        || web::get().to(get_comparison),
    ),
];
