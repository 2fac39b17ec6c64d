//! Documents: the list, one document, its files and pages, the forms that change it.

mod calls;
mod compare;
pub mod detached;
mod discussion;
pub(crate) mod fields;
pub(crate) mod files;
mod forms;
pub(crate) mod outside;
pub(crate) mod place;
pub(crate) mod powers;
mod protocol;
mod relatives;
pub(crate) mod revision;
mod signatures;
pub(crate) mod view;

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::id::DocumentId;
use serde::Deserialize;

use crate::app::App;
use crate::app::documents::DocumentQuery;
use crate::app::page::Cursor;
use crate::domain::document::DocumentState;
use crate::web::edge::urlencode;
use crate::web::pages::tasks::decision::DecisionView;
use crate::web::pages::tasks::remarks::RemarksView;
use crate::web::pages::tasks::view::RouteView;
use crate::web::pages::templates::words::Words;
use crate::web::pagination::PageQuery;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};
use calls::CallsView;
use detached::OutsideKeysView;
use discussion::DiscussionView;
use files::VersionQuery;
use outside::OutsideView;
use place::PlacesView;
use powers::PowerDesk;
use signatures::SignaturesView;
use view::{DocumentLine, SheetView};

#[derive(Template)]
#[template(path = "pages/documents/list.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    rows: Vec<DocumentLine>,
    kinds: Vec<(String, String)>,
    states: Vec<(String, String)>,
    query: ListQuery,
    is_filtered: bool,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/documents/document.html")]
struct DocumentPage<'a> {
    shell: &'a Shell,
    sheet: SheetView,
    route: RouteView,
    remarks: RemarksView,
    talk: DiscussionView,
    outside: OutsideView,
    signatures: SignaturesView,
    keys: OutsideKeysView,
    calls: CallsView,
    decision: Option<DecisionView>,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    mine: String,
    cursor: Option<String>,
}

impl ListQuery {
    fn wanted(&self) -> DocumentQuery {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        DocumentQuery {
            is_mine: !self.mine.is_empty(),
            kind: given(&self.kind),
            state: DocumentState::from_code(&self.state),
            words: self.q.clone(),
        }
    }

    fn path(&self, cursor: &str) -> String {
        format!(
            "/documents?q={}&kind={}&state={}&mine={}&cursor={cursor}",
            urlencode(&self.q),
            urlencode(&self.kind),
            urlencode(&self.state),
            urlencode(&self.mine),
        )
    }
}

/// `GET /documents`
async fn get_documents(app: Data<App>, desk: Desk, query: Query<ListQuery>) -> Answer {
    let query = query.into_inner();
    let page = PageQuery {
        cursor: query.cursor.clone(),
        limit: None,
    };
    let wanted = query.wanted();
    let found = app
        .list_documents(&desk.actor, &wanted, &page.request(&app)?)
        .await?;
    let next = found.next.as_ref().map(Cursor::encode);
    let shell = &desk.shell;
    let page = ListPage {
        rows: view::lines(&app, &desk, &found.rows).await?,
        kinds: view::kinds(&app, shell.locale()),
        states: view::states(shell),
        is_filtered: wanted.is_mine
            || wanted.kind.is_some()
            || wanted.state.is_some()
            || !wanted.words.trim().is_empty(),
        next: next.map_or_else(String::new, |next| query.path(&next)),
        query,
        shell,
    };
    present::page(shell, &page)
}

/// `GET /documents/{document}`
async fn get_document(
    app: Data<App>,
    desk: Desk,
    id: Path<DocumentId>,
    query: Query<VersionQuery>,
) -> Answer {
    show(&app, &desk, *id, query.version).await
}

/// The page of a document at a version (the newest without `number`), with the reader's own open
/// task if they have one.
///
/// # Errors
///
/// 404 for whoever may not see the document.
pub async fn show(app: &App, desk: &Desk, id: DocumentId, number: Option<i64>) -> Answer {
    let sheet = app.document_sheet(&desk.actor, id, number).await?;
    let route = app.document_route(&desk.actor, id).await?;
    let remarks = app.list_remarks(&desk.actor, id).await?;
    let verdict = app.version_verdict(&desk.actor, id, number).await?;
    let shell = &desk.shell;
    let kind = app.kind_of_row(&sheet.document.kind)?;
    let state = sheet.document.state.clone();
    let mut view = SheetView::new(shell, kind, sheet);
    // Of a kind whose pack is off nothing is begun again.
    view.is_over &= app.kind(kind.id()).is_ok();
    let made = app.document_signatures(&desk.actor, id.uuid()).await?;
    let made = made.signatures.as_slice();
    let powers = PowerDesk {
        app,
        shell,
        document: id,
        powers: app.list_powers(&desk.actor, id).await?,
    };
    let signatures = SignaturesView::new(shell, id, &verdict);
    let keys = (made, &powers);
    let conditions = route.definition.as_deref().map(|definition| {
        let vocabulary = app.chains.vocabulary();
        let words = Words {
            shell,
            kind,
            vocabulary,
            definition,
        };
        words.conditions()
    });
    let talk = app.discussion(&desk.actor, id).await?;
    view.places = PlacesView::new(shell, view.version, &talk);
    let page = DocumentPage {
        keys: OutsideKeysView::of(app, &desk.actor, shell, id, &state, keys).await?,
        calls: CallsView::of(app, desk, id).await?,
        sheet: view,
        route: RouteView::new(shell, id, &route, conditions.unwrap_or_default()),
        remarks: RemarksView::new(shell, &remarks),
        talk: DiscussionView::new(shell, id, talk),
        outside: OutsideView::of(app, &desk.actor, shell, id).await?,
        signatures: signatures.with_powers(&powers, &verdict, made).await,
        decision: route
            .my_task
            .as_ref()
            .map(|task| DecisionView::new(shell, task)),
        shell,
    };
    present::page(shell, &page)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/documents", Audience::Person, || {
        web::get().to(get_documents)
    }),
    Route::post("/documents", Audience::Person, || {
        web::post().to(forms::post_document)
    }),
    Route::get("/documents/new", Audience::Person, || {
        web::get().to(forms::get_new)
    }),
    Route::get("/documents/{document}", Audience::Person, || {
        web::get().to(get_document)
    }),
    Route::get("/documents/{document}/edit", Audience::Person, || {
        web::get().to(forms::get_edit)
    }),
    Route::post("/documents/{document}/edit", Audience::Person, || {
        web::post().to(forms::post_edit)
    }),
    Route::get("/documents/{document}/compare", Audience::Person, || {
        web::get().to(compare::get_comparison)
    }),
    Route::get(
        "/documents/{document}/versions/new",
        Audience::Person,
        || web::get().to(forms::get_version),
    ),
    Route::get(
        "/documents/{document}/versions/{version}/protocol",
        Audience::Person,
        || web::get().to(protocol::get_protocol),
    ),
    Route::get(
        "/documents/{document}/evidence.json",
        Audience::Person,
        || web::get().to(protocol::get_evidence),
    ),
    Route::post("/documents/{document}/comments", Audience::Person, || {
        web::post().to(discussion::post_comment)
    }),
    Route::get("/documents/{document}/place", Audience::Person, || {
        web::get().to(place::get_place)
    }),
    Route::post("/comments/{comment}/strike", Audience::Person, || {
        web::post().to(discussion::post_strike)
    }),
    Route::post("/documents/{document}/versions", Audience::Person, || {
        web::post().to(forms::post_version)
    }),
    Route::post(
        "/documents/{document}/detached-signatures",
        Audience::Person,
        || web::post().to(detached::post_signature),
    ),
    Route::get(
        "/documents/{document}/detached-signatures/{signature}",
        Audience::Person,
        || web::get().to(detached::get_signature),
    ),
    Route::get(
        "/documents/{document}/detached-signatures/{signature}/protocol",
        Audience::Person,
        || web::get().to(protocol::get_detached_protocol),
    ),
    Route::get(
        "/documents/{document}/signatures/{signature}/powers",
        Audience::Person,
        || web::get().to(powers::get_power),
    ),
    Route::post(
        "/documents/{document}/signatures/{signature}/powers",
        Audience::Person,
        || web::post().to(powers::post_power),
    ),
    Route::get(
        "/documents/{document}/signatures/{signature}/revision",
        Audience::Person,
        || web::get().to(revision::get_revision),
    ),
    Route::get(
        "/documents/{document}/signatures/{signature}/comparison",
        Audience::Person,
        || web::get().to(revision::get_comparison),
    ),
    Route::get(
        "/documents/{document}/powers/{power}/files/{position}",
        Audience::Person,
        || web::get().to(powers::get_power_file),
    ),
    Route::get(
        "/documents/{document}/pages/{page}.png",
        Audience::Person,
        || web::get().to(files::get_page),
    ),
    Route::get(
        "/documents/{document}/versions/{version}/file",
        Audience::Person,
        || web::get().to(files::get_file),
    ),
    Route::get(
        "/documents/{document}/disagreements/{disagreement}",
        Audience::Person,
        || web::get().to(outside::get_disagreement),
    ),
    Route::get(
        "/documents/{document}/versions/{version}/attachments/{position}",
        Audience::Person,
        || web::get().to(files::get_attachment),
    ),
];
