//! The desk: `GET /tasks`.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::view::{decided_key, pool_verb};
use crate::app::desk::{Desk as Tasks, DeskQuery, DeskTask, DueSpan, OwedWork, Want};
use crate::app::page::Cursor;
use crate::app::{App, AppError};
use crate::web::{Answer, Desk, Shell, present};

/// The most characters of a question that a line shows; its document shows all of it.
const WORDS_SHOWN_MAX: usize = 200;

#[derive(Template)]
#[template(path = "pages/desk.html")]
struct DeskPage<'a> {
    shell: &'a Shell,
    desk: &'a Tasks,
    lines: Vec<Line>,
    recent: Vec<Line>,
    /// What waits for the reader as the initiator …
    owed: Vec<OwedLine>,
    /// … and their drafts, which wait for nobody.
    drafts: Vec<OwedLine>,
    next: String,
    chosen_kind: String,
    is_all: bool,
    is_urgent: bool,
    is_overdue: bool,
    /// How many tasks are due within a day and not overdue.
    soon_count: i64,
    last_done: String,
    /// Whether any line may be agreed to among others.
    is_bulk: bool,
}

/// One line, ready to print.
pub(super) struct Line {
    pub(super) task_id: String,
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) gist: String,
    pub(super) ask: String,
    pub(super) in_place_of: String,
    /// `claim` or `unclaim`; empty if it is of no pool.
    pub(super) pool: &'static str,
    pub(super) changed: String,
    /// Whether it may be agreed to among others.
    pub(super) is_bulk: bool,
    pub(super) is_marked_urgent: bool,
    pub(super) waits: String,
    pub(super) due: String,
    pub(super) due_class: &'static str,
}

/// What a document of the reader's own wants, ready to print.
struct OwedLine {
    href: String,
    title: String,
    number: String,
    ask: String,
    words: String,
    waits: String,
}

impl OwedLine {
    /// The drafts among them, and the others.
    fn all(shell: &Shell, works: &[OwedWork]) -> (Vec<Self>, Vec<Self>) {
        let line = |work: &OwedWork| Self::new(shell, work);
        let (drafts, others): (Vec<_>, Vec<_>) =
            works.iter().partition(|work| work.want == Want::Start);
        (
            drafts.into_iter().map(line).collect(),
            others.into_iter().map(line).collect(),
        )
    }

    fn new(shell: &Shell, work: &OwedWork) -> Self {
        let (place, ask, words) = match &work.want {
            Want::Rework { by, comment } => (
                String::new(),
                shell.t1("desk-owed-rework", "name", by.as_str()),
                comment.chars().take(WORDS_SHOWN_MAX).collect(),
            ),
            Want::Start => (String::new(), shell.t("desk-owed-start"), String::new()),
            Want::Remarks { count } => (
                "#remarks".to_owned(),
                shell.t1("desk-owed-remarks", "count", *count),
                String::new(),
            ),
            Want::Answer {
                question_id,
                contact_name,
                text,
            } => (
                format!("#question-{question_id}"),
                shell.t1("desk-owed-answer", "name", contact_name.as_str()),
                text.chars().take(WORDS_SHOWN_MAX).collect(),
            ),
        };
        Self {
            href: format!("/documents/{}{place}", work.document_id),
            title: work.title.clone(),
            number: work.registration_number.clone().unwrap_or_default(),
            ask,
            words,
            waits: shell.t1(
                "desk-waits",
                "duration",
                shell.formats.duration(shell.now.seconds_since(work.since)),
            ),
        }
    }
}

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(super) struct DeskAddress {
    kind: Option<String>,
    /// Due within a day.
    urgent: Option<String>,
    /// Overdue.
    overdue: Option<String>,
    cursor: Option<String>,
}

impl DeskAddress {
    fn query(&self) -> Result<DeskQuery, AppError> {
        let after = self.cursor.as_deref().map(Cursor::decode).transpose()?;
        let after = after.map(|cursor| {
            let due = cursor
                .key
                .parse()
                .map_err(|_| AppError::invalid("cursor", "cursor"))?;
            Ok::<_, AppError>((due, cursor.id))
        });
        Ok(DeskQuery {
            kind: self.kind.clone().filter(|kind| !kind.is_empty()),
            due: match (self.overdue.is_some(), self.urgent.is_some()) {
                (true, _) => DueSpan::Overdue,
                (false, true) => DueSpan::Soon,
                (false, false) => DueSpan::Any,
            },
            after: after.transpose()?,
        })
    }

    fn next(&self, desk: &Tasks) -> String {
        let Some((due, id)) = desk.next else {
            return String::new();
        };
        let mut address = format!("/tasks?cursor={}", Cursor::after(due, id).encode());
        if let Some(kind) = desk
            .kinds
            .iter()
            .find(|kind| Some(&kind.kind) == self.kind.as_ref())
        {
            address.push_str(&format!("&kind={}", kind.kind));
        }
        if self.urgent.is_some() {
            address.push_str("&urgent=1");
        }
        if self.overdue.is_some() {
            address.push_str("&overdue=1");
        }
        address
    }
}

impl Line {
    pub(super) fn new(shell: &Shell, task: &DeskTask) -> Self {
        let formats = &shell.formats;
        let amount = task.amount.as_ref().map(|amount| formats.money(amount));
        let parts = [
            Some(task.kind_title.clone()),
            task.counterparty_name.clone(),
            amount,
        ];
        let due_key = if task.is_overdue {
            "task-overdue"
        } else {
            "task-due"
        };
        let ask = match task.stage_kind.as_str() {
            "sign" => "desk-asks-sign",
            "acknowledge" => "desk-asks-acknowledge",
            _ => "desk-asks-approve",
        };
        Self {
            task_id: task.task_id.to_string(),
            class: if task.is_overdue {
                "late"
            } else if task.is_urgent {
                "soon"
            } else {
                "calm"
            },
            title: task.title.clone(),
            number: task.registration_number.clone().unwrap_or_default(),
            gist: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            ask: shell.t2(
                ask,
                "stage",
                task.stage_title.as_str(),
                "version",
                task.version_number,
            ),
            in_place_of: task.in_place_of.as_ref().map_or_else(String::new, |name| {
                shell.t1("person-on-behalf-of", "names", name.as_str())
            }),
            pool: pool_verb(task.pool),
            is_bulk: task.is_bulk,
            changed: task.changed_since.map_or_else(String::new, |since| {
                shell.t1("desk-changed", "version", since)
            }),
            is_marked_urgent: task.is_marked_urgent,
            waits: shell.t1(
                "desk-waits",
                "duration",
                formats.duration(shell.now.seconds_since(task.opened_at)),
            ),
            due: task.due_at.map_or_else(String::new, |due| {
                shell.t1(due_key, "when", formats.moment(due))
            }),
            due_class: if task.is_urgent { "late" } else { "muted" },
        }
    }

    /// What is asked and of what, in lines.
    pub(super) fn about(self) -> Vec<String> {
        let lines = [self.gist, self.ask, self.changed, self.due];
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }

    fn done(shell: &Shell, task: &DeskTask) -> Self {
        let decision = task.decision.as_deref().and_then(known_decision);
        Self {
            ask: decision
                .map(|decision| shell.t(decided_key(decision)))
                .unwrap_or_default(),
            waits: task
                .closed_at
                .map_or_else(String::new, |at| shell.formats.relative(at, shell.now)),
            ..Self::new(shell, task)
        }
    }
}

fn known_decision(code: &str) -> Option<chancery_workflow::Decision> {
    serde_json::from_value(serde_json::Value::from(code)).ok()
}

/// When the reader last decided something, for an empty desk.
fn last_done(shell: &Shell, tasks: &Tasks) -> String {
    let last = tasks.recent.first().and_then(|task| task.closed_at);
    last.map_or_else(String::new, |at| {
        shell.t1("desk-last-done", "when", shell.formats.moment(at))
    })
}

/// `GET /tasks`: what waits for the reader.
pub(super) async fn get_desk(app: Data<App>, desk: Desk, address: Query<DeskAddress>) -> Answer {
    let query = address.query()?;
    let tasks = app.list_my_tasks(&desk.actor, &query).await?;
    let shell = &desk.shell;
    let (open, recent) = (tasks.tasks.iter(), tasks.recent.iter());
    let (drafts, owed) = OwedLine::all(shell, &tasks.owed);
    let page = DeskPage {
        lines: open.map(|task| Line::new(shell, task)).collect(),
        is_bulk: tasks.tasks.iter().any(|task| task.is_bulk),
        recent: recent.map(|task| Line::done(shell, task)).collect(),
        owed,
        drafts,
        next: address.next(&tasks),
        chosen_kind: query.kind.clone().unwrap_or_default(),
        is_all: query.kind.is_none() && query.due == DueSpan::Any,
        is_urgent: query.due == DueSpan::Soon,
        is_overdue: query.due == DueSpan::Overdue,
        soon_count: tasks.urgent_count.saturating_sub(tasks.overdue_count),
        last_done: last_done(shell, &tasks),
        desk: &tasks,
        shell,
    };
    present::page(shell, &page)
}
