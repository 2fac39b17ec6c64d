//! The templates by which documents are started: which are switched on, and each in words. For
//! whoever may start a document, and for administrators.

mod people;
pub mod words;

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_types::Locale;
use chancery_workflow::definition::{Node, Withdrawer};
use chancery_workflow::{Definition, Drawing, Join, Kind, OnExhausted, Pack, Reworker, StageKind};

use crate::app::chains::Chain;
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};
use words::Words;

#[derive(Template)]
#[template(path = "pages/templates.html")]
struct TemplatesPage<'a> {
    shell: &'a Shell,
    packs: Vec<PackView>,
    off: Vec<PackView>,
}

#[derive(Template)]
#[template(path = "pages/template.html")]
struct TemplatePage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    workflow: String,
    drawing: String,
    steps: Vec<StepView>,
    thresholds: Vec<(String, String)>,
    rules: Vec<String>,
}

/// A pack with what it switches on.
struct PackView {
    id: String,
    title: String,
    description: String,
    templates: Vec<TemplateLine>,
}

/// What the lines are read from.
struct House<'a> {
    app: &'a App,
    /// The workflows that are not as the files have them.
    published: BTreeMap<String, Chain>,
    locale: Locale,
}

impl<'a> House<'a> {
    async fn of(app: &'a App, desk: &Desk) -> Result<Self, AppError> {
        Ok(Self {
            app,
            published: app.published_workflows(&desk.actor).await?,
            locale: desk.shell.locale(),
        })
    }
}

struct TemplateLine {
    id: String,
    title: String,
    workflow: String,
    stages: usize,
}

/// A step in words. The steps of a block follow it, one level deeper.
struct StepView {
    title: String,
    /// How many blocks stand around it.
    depth: usize,
    /// What it asks for; of a block, how its branches go.
    asks: String,
    is_block: bool,
    when: String,
    people: String,
    time: Vec<String>,
    refusals: Vec<String>,
    notes: Vec<String>,
}

fn allow(desk: &Desk) -> Result<(), AppError> {
    if desk.shell.sees_templates() {
        Ok(())
    } else {
        Err(AppError::Hidden)
    }
}

/// `GET /templates`
async fn get_templates(app: Data<App>, desk: Desk) -> Answer {
    allow(&desk)?;
    let shell = &desk.shell;
    let house = House::of(&app, &desk).await?;
    let on: Vec<&Pack> = app
        .chains
        .switched_on(&app.config.workflows.packs)
        .collect();
    let mut packs: Vec<PackView> = on.iter().map(|pack| pack_view(&house, pack)).collect();
    packs.sort_by_key(|pack| (pack.id != "base", pack.title.to_lowercase()));
    let others = others(&house, shell);
    if !others.templates.is_empty() {
        packs.push(others);
    }
    let off = app.chains.packs().values();
    let off = off.filter(|pack| shell.is_administrator() && !on.contains(pack));
    let page = TemplatesPage {
        shell,
        packs,
        off: off.map(|pack| pack_view(&house, pack)).collect(),
    };
    present::page(shell, &page)
}

/// The kinds that no pack names.
fn others(house: &House<'_>, shell: &Shell) -> PackView {
    let app = house.app;
    let packs = app.chains.packs();
    let named = |kind: &Kind| {
        let mut kinds = packs.values().flat_map(|pack| pack.kinds());
        kinds.any(|name| name == kind.id())
    };
    let kinds = app.offered_kinds().filter(|kind| !named(kind));
    let title = if packs.is_empty() {
        "templates-all"
    } else {
        "templates-others"
    };
    PackView {
        id: String::new(),
        title: shell.t(title),
        description: String::new(),
        templates: kinds.filter_map(|kind| line(house, kind)).collect(),
    }
}

fn pack_view(house: &House<'_>, pack: &Pack) -> PackView {
    let (kinds, locale) = (house.app.chains.kinds(), house.locale);
    let kinds = pack.kinds().iter().filter_map(|name| kinds.get(name));
    PackView {
        id: pack.id().to_owned(),
        title: pack.title(locale).to_owned(),
        description: pack.description(locale).to_owned(),
        templates: kinds.filter_map(|kind| line(house, kind)).collect(),
    }
}

fn line(house: &House<'_>, kind: &Kind) -> Option<TemplateLine> {
    let file = house.app.chains.chain_of_kind(kind.id())?;
    let published = house.published.get(file.definition.id());
    let (definition, locale) = (&published.unwrap_or(file).definition, house.locale);
    Some(TemplateLine {
        id: kind.id().to_owned(),
        title: kind.title(locale).to_owned(),
        workflow: definition.title(locale).to_owned(),
        stages: definition.stages().count(),
    })
}

/// `GET /templates/{kind}`
async fn get_template(app: Data<App>, desk: Desk, id: Path<String>) -> Answer {
    allow(&desk)?;
    let shell = &desk.shell;
    let kind = app.kind(&id).map_err(|_| AppError::Hidden)?;
    let chain = app.chain_in_force(&desk.actor, kind.id()).await?;
    let words = Words {
        shell,
        kind,
        vocabulary: app.chains.vocabulary(),
        definition: &chain.definition,
    };
    present::page(shell, &told(shell, &words))
}

/// The page of a template.
fn told<'a>(shell: &'a Shell, words: &Words<'_>) -> TemplatePage<'a> {
    let (locale, definition) = (shell.locale(), words.definition);
    let mut steps = Vec::new();
    for node in definition.nodes() {
        tell(words, node, 0, &mut steps);
    }
    let thresholds = definition.parameters().values().map(|parameter| {
        let title = parameter.title(locale).to_owned();
        (title, words.parameter(parameter.value()))
    });
    let drawing = Drawing {
        conditions: words.conditions(),
        prefix: "workflow".to_owned(),
        ..Drawing::default()
    };
    TemplatePage {
        shell,
        id: words.kind.id().to_owned(),
        title: words.kind.title(locale).to_owned(),
        workflow: definition.title(locale).to_owned(),
        drawing: definition.drawing(&drawing, locale),
        thresholds: thresholds.collect(),
        rules: rules(words, definition),
        steps,
    }
}

/// What holds for the whole workflow.
fn rules(words: &Words<'_>, definition: &Definition) -> Vec<String> {
    let shell = words.shell;
    let rework = definition.rework();
    let mut said = Vec::new();
    if let Some(takes) = definition.takes() {
        said.push(shell.t1("template-takes", "condition", words.condition(takes)));
    }
    if let Some(own) = definition.self_start() {
        said.push(match &own.when {
            None => shell.t("template-starts-itself"),
            Some(when) => shell.t1(
                "template-starts-itself-when",
                "condition",
                words.condition(when),
            ),
        });
    }
    said.push(shell.t("template-rule-initiator"));
    said.push(shell.t("template-rule-refusals"));
    said.extend(definition.rules().iter().map(|rule| words.rule(rule)));
    let key = match rework.on_exhausted {
        OnExhausted::Refuse | OnExhausted::Escalate { .. } => "template-rework",
        OnExhausted::Reject => "template-rework-ends",
    };
    said.push(shell.t1(key, "count", rework.rounds_max));
    said.extend(extra_round(words, definition));
    if rework.to != Reworker::Initiator {
        said.push(words.reworks(&rework.to));
    }
    said.extend(withdrawal(words, definition));
    if let Some(owner) = definition.owner() {
        said.push(shell.t1("template-owner", "who", words.who(&owner.resolver())));
    }
    said
}

/// Who decides on one more round when the rounds are used up, where the file asks somebody.
fn extra_round(words: &Words<'_>, definition: &Definition) -> Option<String> {
    let (stage, rounds_max) = definition.extra_round()?;
    let who = stage.assignees.iter().map(|one| words.who(one)).collect();
    let who = words.list(who, "template-or");
    let shell = words.shell;
    Some(shell.t2("template-extra-round", "who", who, "count", rounds_max))
}

/// Who may take a document back and until when, where the file says anything of it.
fn withdrawal(words: &Words<'_>, definition: &Definition) -> Option<String> {
    let (shell, withdraw) = (words.shell, definition.withdraw());
    let who = withdraw.who.iter().map(|one| match one {
        Withdrawer::Initiator => shell.t("template-withdrawer-initiator"),
        Withdrawer::Found(resolver) => words.who(resolver),
    });
    let who = words.list(who.collect(), "template-or");
    let until = withdraw.until.as_deref().map(|until| {
        let mut nodes = definition.nodes().iter();
        let node = nodes.find(|node| node.id() == until);
        let title = node.and_then(|node| title_of(node, shell.locale()));
        title.unwrap_or_else(|| until.to_owned())
    });
    match (withdraw.is_initiators(), until) {
        (true, None) => None,
        (true, Some(title)) => Some(shell.t1("template-withdraw", "stage", title)),
        (false, None) => Some(shell.t1("template-withdraw-by", "who", who)),
        (false, Some(title)) => {
            Some(shell.t2("template-withdraw-by-until", "who", who, "stage", title))
        }
    }
}

fn title_of(node: &Node, locale: Locale) -> Option<String> {
    let title = match node {
        Node::Stage(stage) => &stage.title,
        Node::Parallel(block) => &block.title,
        Node::Sequence(block) => &block.title,
        Node::Automatic(automatic) => &automatic.title,
    };
    title.get(locale).map(str::to_owned)
}

/// Tells a node and everything in it.
fn tell(words: &Words<'_>, node: &Node, depth: usize, steps: &mut Vec<StepView>) {
    let shell = words.shell;
    let mut step = StepView {
        title: title_of(node, shell.locale()).unwrap_or_default(),
        depth,
        asks: String::new(),
        is_block: true,
        when: node
            .when()
            .map(|when| words.condition(when))
            .unwrap_or_default(),
        people: String::new(),
        time: Vec::new(),
        refusals: Vec::new(),
        notes: Vec::new(),
    };
    match node {
        Node::Stage(stage) => {
            step.is_block = false;
            step.asks = shell.t(match stage.kind {
                StageKind::Approve if stage.is_review => "template-review",
                StageKind::Approve => "template-approve",
                StageKind::Sign => "template-sign",
                StageKind::Acknowledge => "template-acknowledge",
            });
            step.people = words.people(stage);
            step.time = words.time(stage);
            step.refusals = words.refusals(stage);
            step.notes = words.notes(stage);
        }
        Node::Parallel(block) => {
            step.asks = match block.join {
                Join::All => shell.t("template-parallel-all"),
                Join::Any => shell.t("template-parallel-any"),
                Join::Count(count) => shell.t1("template-parallel-count", "count", count),
            };
        }
        Node::Sequence(_) => step.asks = shell.t("template-sequence"),
        Node::Automatic(_) => step.asks = shell.t("template-automatic"),
    }
    steps.push(step);
    for child in node.children() {
        tell(words, child, depth.saturating_add(1), steps);
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/templates", Audience::Person, || web::to(get_templates)),
    Route::get("/templates/{kind}", Audience::Person, || {
        web::to(get_template)
    }),
];
