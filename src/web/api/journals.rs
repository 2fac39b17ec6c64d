//! `/api/v1/journals`: journals and the documents entered in them.

use actix_web::web::{self, Data, Path, Query};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::journals::{EntryLine, JournalLine};
use crate::web::pages::journals::EntryParameters;
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_journals, get_entries),
    components(schemas(JournalView, JournalEntryView))
)]
pub struct Api;

/// A journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalView {
    /// Its identifier.
    id: String,
    /// Its title in the caller's language.
    title: String,
    /// How many documents are entered in it.
    count: i64,
}

impl From<JournalLine> for JournalView {
    fn from(line: JournalLine) -> Self {
        Self {
            id: line.id,
            title: line.title,
            count: line.count,
        }
    }
}

/// A document in a journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalEntryView {
    /// Its number there.
    number: String,
    /// When it was entered, RFC 3339.
    entered_at: String,
    /// The document.
    document_id: String,
    /// Its title.
    title: String,
    /// Its kind.
    kind: String,
    /// Its registration number.
    registration_number: Option<String>,
    /// The other side.
    counterparty: Option<String>,
}

impl From<EntryLine> for JournalEntryView {
    fn from(line: EntryLine) -> Self {
        Self {
            number: line.number,
            entered_at: line.entered_at.to_string(),
            document_id: line.document.id.to_string(),
            title: line.document.title,
            kind: line.document.kind,
            registration_number: line.document.registration_number,
            counterparty: line.counterparty,
        }
    }
}

/// The organisation's journals.
#[utoipa::path(get, path = "/api/v1/journals", tag = "journals",
    responses((status = 200, description = "All of them", body = Vec<JournalView>),
        (status = 404, description = "Not for this role")))]
async fn get_journals(app: Data<App>, caller: PersonOnly) -> Answer {
    let found = app.list_journals(&caller.actor).await?;
    let all: Vec<JournalView> = found.into_iter().map(JournalView::from).collect();
    present::json(&all)
}

/// The entries of a journal, the greatest number first.
#[utoipa::path(get, path = "/api/v1/journals/{journal}", tag = "journals",
    params(("journal" = String, Path), EntryParameters),
    responses((status = 200, description = "A page", body = ListBody<JournalEntryView>)))]
async fn get_entries(
    app: Data<App>,
    caller: PersonOnly,
    journal: Path<String>,
    query: Query<EntryParameters>,
) -> Answer {
    let page = query.page().request(&app)?;
    let wanted = query.wanted()?;
    let found = app.load_journal(&caller.actor, &journal, &wanted, &page);
    present::json(&ListBody::<JournalEntryView>::from(found.await?.entries))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/journals", Audience::Person, || {
        web::get().to(get_journals)
    }),
    Route::get("/api/v1/journals/{journal}", Audience::Person, || {
        web::get().to(get_entries)
    }),
];
