//! The workflows of the house, as an administrator reads them: what each is for, its picture, its
//! examples, its text.

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_workflow::trial::test;
use chancery_workflow::{Definition, Drawing, Kind};

use super::templates::words::Words;
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};

/// A workflow in the list.
struct ChainLine {
    id: String,
    title: String,
    kind: String,
    stages: usize,
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
    let locale = desk.shell.locale();
    let kinds = app.chains.kinds();
    let chains = app.chains.chains().iter().map(|(id, chain)| {
        let definition = &chain.definition;
        let kind = kinds.get(definition.kind());
        ChainLine {
            id: id.clone(),
            title: definition.title(locale).to_owned(),
            kind: kind.map_or_else(String::new, |kind| kind.title(locale).to_owned()),
            stages: definition.stages().count(),
        }
    });
    let page = ChainsPage {
        chains: chains.collect(),
        shell: &desk.shell,
    };
    present::page(&desk.shell, &page)
}

#[derive(Template)]
#[template(path = "pages/chain.html")]
struct ChainPage<'a> {
    shell: &'a Shell,
    title: String,
    kind: String,
    digest: String,
    drawing: String,
    warnings: Vec<String>,
    /// The examples with whether they hold.
    examples: Vec<(String, bool)>,
    source: String,
}

/// `GET /workflows/{workflow}`
async fn get_chain(app: Data<App>, desk: Desk, id: Path<String>) -> Answer {
    super::require_administrator(&desk)?;
    let chain = app.chains.chains().get(id.as_str());
    let definition = &chain.ok_or(AppError::Hidden)?.definition;
    let kind = app.chains.kinds().get(definition.kind());
    let words = kind.map(|kind| Words {
        shell: &desk.shell,
        kind,
        vocabulary: app.chains.vocabulary(),
        definition,
    });
    let conditions = words.map(|words| words.conditions()).unwrap_or_default();
    let page = chain_page(&desk.shell, definition, kind, conditions);
    present::page(&desk.shell, &page)
}

fn chain_page<'a>(
    shell: &'a Shell,
    definition: &Definition,
    kind: Option<&Kind>,
    conditions: BTreeMap<String, String>,
) -> ChainPage<'a> {
    let locale = shell.locale();
    let drawing = Drawing {
        conditions,
        prefix: "workflow".to_owned(),
        ..Drawing::default()
    };
    let warnings = definition.warnings().iter();
    let tested = test(definition).into_iter();
    ChainPage {
        title: definition.title(locale).to_owned(),
        kind: kind.map_or_else(String::new, |kind| kind.title(locale).to_owned()),
        digest: definition.digest().hex(),
        drawing: definition.drawing(&drawing, locale),
        warnings: warnings
            .map(|found| format!("{}: {}", found.line, found.text(locale)))
            .collect(),
        examples: tested
            .map(|example| (example.name, example.findings.is_empty()))
            .collect(),
        source: definition.source().to_owned(),
        shell,
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/workflows", Audience::Person, || web::get().to(get_chains)),
    Route::get("/workflows/{workflow}", Audience::Person, || {
        web::get().to(get_chain)
    }),
];
