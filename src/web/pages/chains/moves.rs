//! Documents under way by other texts than the one in force: what would happen to each, a page
//! that asks once more, and what came of it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chancery_types::id::RunId;

use crate::app::moves::{Fate, MoveLine, MoveOutcome, MoveSheet, Moving, RouteText};
use crate::app::{App, AppError, FieldProblem};
use crate::web::{Answer, Desk, FormView, PostedForm, Problem, Shell, present};

#[derive(Template)]
#[template(path = "pages/moves.html")]
struct MovesPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    text: String,
    lines: Vec<LineView>,
    /// How many of them can be moved.
    ready: usize,
    next: Option<RunId>,
    /// How many were moved before this page was shown.
    done: usize,
}

#[derive(Template)]
#[template(path = "pages/moves-confirm.html")]
struct ConfirmPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    text: String,
    digest: String,
    form: FormView,
    /// Those that can be moved.
    lines: Vec<LineView>,
    /// Those that were chosen and cannot.
    staying: Vec<LineView>,
    /// The controls that become weaker for any of them, each once.
    weaker: Vec<String>,
}

/// One document, ready to print.
struct LineView {
    run: RunId,
    seq: i64,
    /// Its title and number; empty for a document that the reader may not see.
    title: String,
    /// Where it is read; empty for the same.
    href: String,
    number: String,
    started: String,
    text: String,
    stands: String,
    /// What happens, a sentence each; why it stays.
    fate: Vec<String>,
    stays: String,
}

fn text_in_words(shell: &Shell, text: RouteText) -> String {
    match text {
        RouteText::Edition(number) => shell.t1("moves-text-edition", "number", number),
        RouteText::File => shell.t("moves-text-file"),
        RouteText::Same => shell.t("moves-text-same"),
        RouteText::Earlier => shell.t("moves-text-earlier"),
    }
}

fn fate_in_words(shell: &Shell, fate: &Fate) -> Vec<String> {
    let names = |all: &std::collections::BTreeSet<String>| {
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        all.join(", ")
    };
    let mut words = vec![shell.t("moves-goes-on")];
    if !fate.asked.is_empty() {
        words.push(shell.t1("moves-asks", "names", names(&fate.asked)));
    }
    if !fate.released.is_empty() {
        words.push(shell.t1("moves-releases", "names", names(&fate.released)));
    }
    for (before, after) in &fate.renamed {
        let (before, after) = (before.as_str(), after.as_str());
        words.push(shell.t2("moves-renamed", "before", before, "after", after));
    }
    if !fate.reopened.is_empty() {
        let stages = fate.reopened.join(", ");
        words.push(shell.t1("moves-reopens", "stages", stages));
    }
    if !fate.set_aside.is_empty() {
        let stages = fate.set_aside.join(", ");
        words.push(shell.t1("moves-sets-aside", "stages", stages));
    }
    words
}

impl LineView {
    fn of(shell: &Shell, line: MoveLine) -> Self {
        let (fate, stays) = match line.fate {
            Ok(fate) => (fate_in_words(shell, &fate), String::new()),
            Err(error) => (Vec::new(), why(shell, error)),
        };
        let is_seen = line.about.is_some();
        let (title, number) = line.about.unwrap_or_default();
        Self {
            run: line.run,
            seq: line.seq,
            title,
            number: number.unwrap_or_default(),
            href: match is_seen {
                true => format!("/documents/{}", line.document),
                false => String::new(),
            },
            started: shell.formats.moment(line.started_at),
            text: text_in_words(shell, line.text),
            stands: match line.stands.is_empty() {
                true => shell.t("moves-returned"),
                false => line.stands.join(", "),
            },
            fate,
            stays,
        }
    }

    fn of_outcome(shell: &Shell, outcome: MoveOutcome) -> Option<Self> {
        let error = outcome.done.err()?;
        let fate = Err(error);
        Some(Self::of(
            shell,
            MoveLine {
                fate,
                ..outcome.line
            },
        ))
    }
}

fn why(shell: &Shell, error: AppError) -> String {
    match error {
        AppError::Stale => shell.t("moves-changed"),
        other => Problem::from(other).facts().detail(shell.locale()),
    }
}

fn moves_page<'a>(shell: &'a Shell, id: &str, sheet: MoveSheet, done: usize) -> MovesPage<'a> {
    let lines = sheet.lines.into_iter();
    let lines: Vec<LineView> = lines.map(|line| LineView::of(shell, line)).collect();
    MovesPage {
        id: id.to_owned(),
        title: sheet.title,
        text: text_in_words(shell, sheet.text),
        ready: lines.iter().filter(|line| line.stays.is_empty()).count(),
        lines,
        next: sheet.next,
        done,
        shell,
    }
}

/// Where a list goes on.
#[derive(Debug, serde::Deserialize)]
pub(super) struct After {
    after: Option<RunId>,
}

/// `GET /workflows/{workflow}/moves`
pub(super) async fn get_moves(
    app: Data<App>,
    desk: Desk,
    id: Path<String>,
    query: Query<After>,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let sheet = app.list_moves(&desk.actor, &id, query.after).await?;
    present::page(&desk.shell, &moves_page(&desk.shell, &id, sheet, 0))
}

async fn confirm_page<'a>(
    app: &App,
    desk: &'a Desk,
    (id, form): (&str, FormView),
    chosen: &[RunId],
) -> Result<ConfirmPage<'a>, AppError> {
    let shell = &desk.shell;
    let sheet = app.look_at_moves(&desk.actor, id, chosen).await?;
    let mut weaker = Vec::new();
    for line in sheet.lines.iter().filter(|line| line.fate.is_ok()) {
        for finding in &line.weaker {
            let text = finding.text(shell.locale());
            if !weaker.contains(&text) {
                weaker.push(text);
            }
        }
    }
    let lines = sheet.lines.into_iter();
    let lines = lines.map(|line| LineView::of(shell, line));
    let (lines, staying) = lines.partition(|line| line.stays.is_empty());
    Ok(ConfirmPage {
        id: id.to_owned(),
        title: sheet.title,
        text: text_in_words(shell, sheet.text),
        digest: sheet.digest,
        form,
        lines,
        staying,
        weaker,
        shell,
    })
}

/// `GET /workflows/{workflow}/moves/confirm?run=…&run=…`
pub(super) async fn get_confirm(
    app: Data<App>,
    desk: Desk,
    id: Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let chosen = query.iter().filter(|(name, _)| name == "run");
    let chosen: Vec<RunId> = chosen.filter_map(|(_, id)| id.parse().ok()).collect();
    let empty = FormView::of::<String, String>([]);
    let page = confirm_page(&app, &desk, (&id, empty), &chosen).await?;
    present::page(&desk.shell, &page)
}

/// What was chosen: `run` for each, `seq-{run}` as the page showed it.
fn moving(form: &PostedForm) -> Result<Moving, AppError> {
    let locks = form.under("seq-");
    let wrong = || AppError::invalid("run", "not-a-choice");
    let mut runs = Vec::new();
    for text in form.all("run") {
        let id: RunId = text.parse().map_err(|_| wrong())?;
        let seq = locks.get(text).and_then(|seq| seq.parse().ok());
        runs.push((id, seq.ok_or_else(wrong)?));
    }
    Ok(Moving {
        digest: form.text("digest").to_owned(),
        runs,
        has_seen_weaker: form.text("weaker") == "yes",
    })
}

/// `POST /workflows/{workflow}/moves`
pub(super) async fn post_moves(
    app: Data<App>,
    desk: Desk,
    id: Path<String>,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let shell = &desk.shell;
    let moving = moving(&form)?;
    let outcomes = match app.move_documents(&desk.actor, &id, &moving).await {
        Ok(outcomes) => outcomes,
        Err(AppError::Invalid { fields }) if !moving.runs.is_empty() => {
            return asked_again(&app, &desk, (&id, &form), (&moving, &fields)).await;
        }
        Err(error) => return Err(error.into()),
    };
    let chosen = outcomes.len();
    let refused = outcomes.into_iter();
    let refused = refused.filter_map(|outcome| LineView::of_outcome(shell, outcome));
    let refused: Vec<LineView> = refused.collect();
    let done = chosen.saturating_sub(refused.len());
    if refused.is_empty() {
        let (path, count) = (format!("/workflows/{id}/moves"), done.to_string());
        return present::see_other(&path, "flash-documents-moved", &[("count", &count)]);
    }
    let sheet = app.list_moves(&desk.actor, &id, None).await?;
    let mut page = moves_page(shell, &id, sheet, done);
    page.ready = 0;
    page.next = None;
    page.lines = refused;
    present::page_with(HttpResponse::Conflict(), shell, &page)
}

async fn asked_again(
    app: &App,
    desk: &Desk,
    (id, form): (&str, &PostedForm),
    (moving, fields): (&Moving, &[FieldProblem]),
) -> Answer {
    let chosen: Vec<RunId> = moving.runs.iter().map(|(run, _)| *run).collect();
    let filled = form.view(desk.shell.locale(), fields);
    let page = confirm_page(app, desk, (id, filled), &chosen).await?;
    present::page_with_errors(&desk.shell, &page)
}
