//! The workflows of the house, as an administrator has them: what each is for, its picture, its
//! examples, its text, and the texts that are written in its place.

mod checked;
mod editing;
mod edition;
mod moves;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_workflow::{Definition, Drawing};

use super::templates::words::Words;
use crate::app::App;
use crate::app::editions::{Edition, EditionState, WorkflowSheet};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};
use checked::{ExampleView, FindingView, examples, findings};

/// A workflow in the list.
struct ChainLine {
    id: String,
    title: String,
    kind: String,
    stages: usize,
    /// That it is not as the file has it, or that a text waits.
    marks: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/chains.html")]
struct ChainsPage<'a> {
    shell: &'a Shell,
    chains: Vec<ChainLine>,
}

/// `GET /workflows`
async fn get_chains(app: Data<App>, desk: Desk) -> Answer {
    super::require_administrator(&desk)?;
    let published = app.published_workflows(&desk.actor).await?;
    let open = app.open_editions(&desk.actor).await?;
    let shell = &desk.shell;
    let kinds = app.chains.kinds();
    let chains = app.chains.chains().iter().map(|(id, chain)| {
        let own = published.get(id);
        let definition = &own.unwrap_or(chain).definition;
        let kind = kinds.get(definition.kind());
        let own = own.map(|_| ("plain", shell.t("workflow-own")));
        let waits = open.get(id).map(|edition| state_pill(shell, edition));
        ChainLine {
            id: id.clone(),
            title: definition.title(shell.locale()).to_owned(),
            kind: kind.map_or_else(String::new, |kind| kind.title(shell.locale()).to_owned()),
            stages: definition.stages().count(),
            marks: own.into_iter().chain(waits).collect(),
        }
    });
    let page = ChainsPage {
        chains: chains.collect(),
        shell,
    };
    present::page(shell, &page)
}

/// How an edition stands: tone and word.
fn state_pill(shell: &Shell, edition: &Edition) -> (&'static str, String) {
    let tone = match edition.state {
        EditionState::Draft | EditionState::Discarded => "plain",
        EditionState::Proposed => "attention",
        EditionState::Published => "good",
    };
    let key = match edition.is_ahead(shell.now) {
        true => "edition-state-ahead".to_owned(),
        false => format!("edition-state-{}", edition.state.code()),
    };
    (tone, shell.t(&key))
}

/// An edition in the list of a workflow.
struct EditionLine {
    number: i64,
    pill: (&'static str, String),
    author: String,
    note: String,
    when: String,
}

fn edition_line(shell: &Shell, edition: &Edition) -> EditionLine {
    let at = edition.effective_at.unwrap_or(edition.saved_at);
    EditionLine {
        number: edition.number,
        pill: state_pill(shell, edition),
        author: edition.author_name.clone(),
        note: edition.note.clone(),
        when: shell.formats.moment(at),
    }
}

#[derive(Template)]
#[template(path = "pages/chain.html")]
struct ChainPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    kind: String,
    digest: String,
    /// Which edition is in force; none if it is the file.
    number: Option<i64>,
    /// What is wrong with an edition that the house does not accept any more.
    errors: Vec<FindingView>,
    drawing: String,
    warnings: Vec<FindingView>,
    examples: Vec<ExampleView>,
    source: String,
    editions: Vec<EditionLine>,
    /// The one that is written or waits, if it is not the reader's own.
    others: Option<EditionLine>,
    has_publisher: bool,
    /// How many documents run by another text.
    moves: u64,
}

/// `GET /workflows/{workflow}`
async fn get_chain(app: Data<App>, desk: Desk, id: Path<String>) -> Answer {
    super::require_administrator(&desk)?;
    let sheet = app.load_workflow(&desk.actor, &id).await?;
    let moves = app.count_moves(&desk.actor, &id, &sheet.in_force).await?;
    let page = chain_page(&app, &desk.shell, &id, (&sheet, moves));
    present::page(&desk.shell, &page)
}

fn chain_page<'a>(
    app: &App,
    shell: &'a Shell,
    id: &str,
    (sheet, moves): (&WorkflowSheet, u64),
) -> ChainPage<'a> {
    let (file, in_force) = (&sheet.file.definition, &sheet.in_force);
    let chain = in_force.chain.as_ref().ok();
    let definition = chain.map_or(file, |chain| &chain.definition);
    let kind = app.chains.kinds().get(definition.kind());
    let source = &in_force.source;
    let wrong = in_force.chain.as_ref().err();
    let mut open = sheet.editions.iter().filter(|one| one.state.is_open());
    let others = open.find(|one| !shell.is_reader(&one.author));
    let lines = sheet.editions.iter().map(|one| edition_line(shell, one));
    ChainPage {
        id: id.to_owned(),
        title: definition.title(shell.locale()).to_owned(),
        kind: kind.map_or_else(String::new, |kind| kind.title(shell.locale()).to_owned()),
        digest: definition.digest().hex(),
        number: in_force.number,
        errors: wrong.map_or_else(Vec::new, |found| findings(shell, found, source)),
        drawing: chain.map_or_else(String::new, |_| drawing(app, shell, definition)),
        warnings: match chain {
            Some(_) => {
                let known = [definition.warnings(), &sheet.today].concat();
                findings(shell, &known, source)
            }
            None => Vec::new(),
        },
        examples: examples(shell, &chancery_workflow::trial::test(definition)),
        source: source.clone(),
        others: others.map(|one| edition_line(shell, one)),
        editions: lines.collect(),
        has_publisher: sheet.publishers > 0,
        moves,
        shell,
    }
}

/// The picture of a workflow, its conditions in words.
fn drawing(app: &App, shell: &Shell, definition: &Definition) -> String {
    let words = app.chains.kinds().get(definition.kind()).map(|kind| Words {
        shell,
        kind,
        vocabulary: app.chains.vocabulary(),
        definition,
    });
    let drawing = Drawing {
        conditions: words.map(|words| words.conditions()).unwrap_or_default(),
        prefix: "workflow".to_owned(),
        ..Drawing::default()
    };
    definition.drawing(&drawing, shell.locale())
}

/// `GET /workflows/{workflow}/model.bpmn`: what is in force as a model of BPMN 2.0, for programs
/// that draw or compare processes.
async fn get_model(app: Data<App>, desk: Desk, id: Path<String>) -> Answer {
    super::require_administrator(&desk)?;
    let sheet = app.load_workflow(&desk.actor, &id).await?;
    let chain = sheet.in_force.chain.as_ref().unwrap_or(&sheet.file);
    let definition = &chain.definition;
    let saved = format!("attachment; filename=\"{}.bpmn\"", definition.id());
    Ok(HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, saved))
        .body(definition.bpmn(desk.shell.locale())))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/workflows", Audience::Person, || web::get().to(get_chains)),
    Route::get("/workflows/{workflow}", Audience::Person, || {
        web::get().to(get_chain)
    }),
    Route::get("/workflows/{workflow}/model.bpmn", Audience::Person, || {
        web::get().to(get_model)
    }),
    Route::get("/workflows/{workflow}/moves", Audience::Person, || {
        web::get().to(moves::get_moves)
    }),
    Route::get(
        "/workflows/{workflow}/moves/confirm",
        Audience::Person,
        || web::get().to(moves::get_confirm),
    ),
    Route::post("/workflows/{workflow}/moves", Audience::Person, || {
        web::post().to(moves::post_moves)
    }),
    Route::get("/workflows/{workflow}/edit", Audience::Person, || {
        web::get().to(editing::get_edit)
    }),
    Route::post("/workflows/{workflow}/edit", Audience::Person, || {
        web::post().to(editing::post_edit)
    }),
    Route::post("/workflows/{workflow}/check", Audience::Person, || {
        web::post().to(editing::post_check)
    }),
    Route::get(
        "/workflows/{workflow}/editions/{number}",
        Audience::Person,
        || web::get().to(edition::get_edition),
    ),
    Route::post(
        "/workflows/{workflow}/editions/{number}/publish",
        Audience::Person,
        || web::post().to(edition::post_publish),
    ),
    Route::post(
        "/workflows/{workflow}/editions/{number}/return",
        Audience::Person,
        || web::post().to(edition::post_return),
    ),
    Route::post(
        "/workflows/{workflow}/editions/{number}/discard",
        Audience::Person,
        || web::post().to(edition::post_discard),
    ),
];
