//! The pages where a decision gets its words. What was typed is never lost: a refusal shows the
//! form again, filled.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chancery_types::id::{PersonId, TaskId};
use chancery_workflow::Decision;
use serde::Deserialize;

use super::desk::Line;
use super::{decided, posted, titled};
use crate::app::comments::KnownComment;
use crate::app::route::MyTask;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::web::pages::documents::place::place_words;
use crate::web::{Answer, Desk, FormView, PostedForm, Problem, Shell, present};

/// One page with one field.
#[derive(Template)]
#[template(path = "pages/task/words.html")]
pub(super) struct WordsPage<'a> {
    pub(super) shell: &'a Shell,
    pub(super) form: FormView,
    pub(super) heading: String,
    pub(super) title: String,
    /// What is decided about, in lines.
    pub(super) about: Vec<String>,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) explains: String,
    pub(super) field: &'static str,
    pub(super) label: &'static str,
    pub(super) required: bool,
    pub(super) submit: String,
    pub(super) is_dangerous: bool,
    pub(super) asks_for_person: bool,
    pub(super) asks_for_words: bool,
    pub(super) people: Vec<(String, String)>,
    pub(super) refused: String,
    /// What to think of before it is done; may be empty.
    pub(super) warns: String,
    /// What the reader said of the document and may take as remarks: identifier, where, words.
    pub(super) said: Vec<(String, String, String)>,
}

/// What needs words or a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Approve,
    Acknowledge,
    Remarks,
    Return,
    Reject,
    Abstain,
    Hold,
    Reassign,
    Delegate,
}

impl Verb {
    const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Acknowledge => "acknowledge",
            Self::Remarks => "remarks",
            Self::Return => "return",
            Self::Reject => "reject",
            Self::Abstain => "abstain",
            Self::Hold => "hold",
            Self::Reassign => "reassign",
            Self::Delegate => "delegation",
        }
    }

    const fn decision(self) -> Option<Decision> {
        match self {
            Self::Approve => Some(Decision::Approve),
            Self::Acknowledge => Some(Decision::Acknowledge),
            Self::Remarks => Some(Decision::ApproveWithRemarks),
            Self::Return => Some(Decision::Return),
            Self::Reject => Some(Decision::Reject),
            Self::Abstain => Some(Decision::Abstain),
            Self::Hold => Some(Decision::Hold),
            Self::Reassign | Self::Delegate => None,
        }
    }
}

/// Which version the reader saw when they chose.
#[derive(Deserialize)]
pub(super) struct SeenVersion {
    version: Option<String>,
}

/// The page of `verb` for a task, as `form` has it.
async fn page<'a>(
    app: &App,
    actor: &Actor,
    shell: &'a Shell,
    task: TaskId,
    verb: Verb,
    form: FormView,
) -> Result<WordsPage<'a>, AppError> {
    let sheet = app.task_sheet(actor, task).await?;
    let code = verb.code();
    let people = match verb {
        Verb::Reassign | Verb::Delegate => app.list_colleagues(actor, task).await?,
        Verb::Approve
        | Verb::Acknowledge
        | Verb::Remarks
        | Verb::Return
        | Verb::Reject
        | Verb::Abstain
        | Verb::Hold => Vec::new(),
    };
    let waiting = app.list_waiting(actor, &[task]).await?;
    let about = waiting.first().map(|task| Line::new(shell, task).about());
    let beside =
        |position: Option<String>| position.map_or_else(String::new, |p| format!(" · {p}"));
    let takes = |mine: &MyTask| mine.decisions.contains(&Decision::ApproveWithRemarks);
    let said = match sheet.route.my_task.as_ref().is_some_and(takes) {
        true => said(app, actor, shell, (task, verb)).await?,
        false => Vec::new(),
    };
    Ok(WordsPage {
        form,
        heading: shell.t(&format!("words-{code}-title")),
        title: titled(&sheet.title, sheet.registration_number.as_deref()),
        about: about.into_iter().flatten().collect(),
        back: format!("/tasks/{task}"),
        action: format!("/tasks/{task}/{code}"),
        explains: shell.t(&format!("words-{code}-text")),
        field: if verb == Verb::Remarks {
            "remarks"
        } else {
            "comment"
        },
        label: if verb == Verb::Remarks {
            "words-remarks"
        } else {
            "words-comment"
        },
        // Whoever abstains owes nobody a reason, nor whoever hands a task on.
        required: !matches!(verb, Verb::Abstain | Verb::Delegate)
            && (verb != Verb::Remarks || said.is_empty()),
        said,
        submit: shell.t(&format!("words-{code}-submit")),
        is_dangerous: verb == Verb::Reject,
        asks_for_person: matches!(verb, Verb::Reassign | Verb::Delegate),
        asks_for_words: !matches!(verb, Verb::Approve | Verb::Acknowledge | Verb::Reassign),
        people: people
            .into_iter()
            .map(|person| {
                (
                    person.id.to_string(),
                    format!("{}{}", person.name, beside(person.position)),
                )
            })
            .collect(),
        refused: String::new(),
        warns: String::new(),
        shell,
    })
}

/// What the reader said of the document before and may take as remarks: identifier, where, words.
async fn said(
    app: &App,
    actor: &Actor,
    shell: &Shell,
    (task, verb): (TaskId, Verb),
) -> Result<Vec<(String, String, String)>, AppError> {
    if !matches!(verb, Verb::Remarks | Verb::Return) {
        return Ok(Vec::new());
    }
    let said = app.list_takeable(actor, task).await?.into_iter();
    let line = |one: KnownComment| {
        let key = one.row.id.to_string();
        let about = (one.place, one.mark, key.as_str());
        let document = one.row.document_id.into();
        let (place, _) = place_words(shell, document, one.version_number, about);
        (key, place, one.row.text)
    };
    Ok(said.map(line).collect())
}

async fn show(app: &App, desk: &Desk, task: TaskId, verb: Verb, seen: Option<String>) -> Answer {
    if let Some(decision) = verb.decision() {
        app.require_open_task(&desk.actor, task, Action::ActOnTask)
            .await?;
        let sheet = app.task_sheet(&desk.actor, task).await?;
        let mine = sheet.route.my_task.filter(|mine| mine.id == task);
        if mine.is_some_and(|mine| !mine.decisions.contains(&decision)) {
            return Err(AppError::refused("decision-not-here").into());
        }
    }
    if verb == Verb::Reassign {
        let sheet = app.task_sheet(&desk.actor, task).await?;
        let mine = sheet.route.my_task.filter(|mine| mine.id == task);
        if mine.is_some_and(|mine| !mine.may_reassign) {
            return Err(AppError::refused("may-not-reassign").into());
        }
    }
    if verb == Verb::Delegate {
        let sheet = app.task_sheet(&desk.actor, task).await?;
        let mine = sheet.route.my_task.filter(|mine| mine.id == task);
        if mine.is_some_and(|mine| !mine.may_delegate) {
            return Err(AppError::refused("may-not-delegate").into());
        }
    }
    let form = FormView::of([("version_digest", seen.unwrap_or_default())]);
    let page = page(app, &desk.actor, &desk.shell, task, verb, form).await?;
    present::page(&desk.shell, &page)
}

/// Shows `page` again with what went wrong; anything but a refusal or invalid fields goes on.
pub(super) fn again(mut page: WordsPage<'_>, form: &PostedForm, error: AppError) -> Answer {
    let shell = page.shell;
    match error {
        AppError::Invalid { fields } => {
            page.form = form.view(shell.locale(), &fields);
            present::page_with_errors(shell, &page)
        }
        AppError::Refused { .. } => {
            page.form = form.view(shell.locale(), &[]);
            page.refused = Problem::from(error).facts().detail(shell.locale());
            present::page_with(HttpResponse::Conflict(), shell, &page)
        }
        other => Err(other.into()),
    }
}

async fn post(app: &App, desk: &Desk, task: TaskId, verb: Verb, form: &PostedForm) -> Answer {
    let done = match verb.decision() {
        Some(decision) => match posted(form, decision) {
            Ok(given) => app.decide_task(&desk.actor, task, given).await,
            Err(error) => Err(error),
        },
        None => match form.parse::<PersonId>("person") {
            Ok(to) if verb == Verb::Delegate => {
                let comment = form.optional("comment").map(str::to_owned);
                app.delegate_task(&desk.actor, task, to, comment).await
            }
            Ok(to) => app.reassign_task(&desk.actor, task, to).await,
            Err(error) => Err(error),
        },
    };
    match (done, verb.decision()) {
        (Ok(outcome), Some(decision)) => decided(decision, &outcome),
        (Ok(outcome), None) => {
            let (to, title) = (outcome.given_to.as_str(), outcome.title.as_str());
            let args = [("title", title), ("names", to)];
            let flash = match verb {
                Verb::Delegate => "flash-task-delegated",
                _ if title.is_empty() => "flash-task-reassigned-unread",
                _ => "flash-task-reassigned",
            };
            present::see_other("/tasks", flash, &args)
        }
        (Err(error), _) => {
            let filled = form.view(desk.shell.locale(), &[]);
            let page = page(app, &desk.actor, &desk.shell, task, verb, filled).await?;
            again(page, form, error)
        }
    }
}

macro_rules! pair {
    ($get:ident, $post:ident, $verb:expr, $path:literal) => {
        #[doc = concat!("`GET /tasks/{task}/", $path, "`")]
        pub(super) async fn $get(
            app: Data<App>,
            desk: Desk,
            task: Path<TaskId>,
            seen: Query<SeenVersion>,
        ) -> Answer {
            show(&app, &desk, *task, $verb, seen.into_inner().version).await
        }

        #[doc = concat!("`POST /tasks/{task}/", $path, "`")]
        pub(super) async fn $post(
            app: Data<App>,
            desk: Desk,
            task: Path<TaskId>,
            form: PostedForm,
        ) -> Answer {
            post(&app, &desk, *task, $verb, &form).await
        }
    };
}

pair!(get_approve, post_approve, Verb::Approve, "approve");
pair!(
    get_acknowledge,
    post_acknowledge,
    Verb::Acknowledge,
    "acknowledge"
);
pair!(get_remarks, post_remarks, Verb::Remarks, "remarks");
pair!(get_return, post_return, Verb::Return, "return");
pair!(get_reject, post_reject, Verb::Reject, "reject");
pair!(get_abstain, post_abstain, Verb::Abstain, "abstain");
pair!(get_hold, post_hold, Verb::Hold, "hold");
pair!(get_reassign, post_reassign, Verb::Reassign, "reassign");
pair!(
    get_delegation,
    post_delegation,
    Verb::Delegate,
    "delegation"
);
