//! The desk: `GET /tasks`.

use actix_web::web::{Data, Query};
use askama::Template;
use chancery_types::Instant;
use jiff::civil::Weekday;
use serde::Deserialize;

use super::news::NewsView;
use super::view::{decided_key, pool_verb};
use crate::app::desk::{
    Desk as Tasks, DeskQuery, DeskTask, DueSpan, OwedWork, Want, cursor_of_place, place_of_cursor,
};
use crate::app::{App, AppError};
use crate::web::edge::urlencode;
use crate::web::pages::absences::{self, AbsenceLine};
use crate::web::{Answer, Desk, Shell, present};

/// The most characters of a question that a line shows; its document shows all of it.
const WORDS_SHOWN_MAX: usize = 200;

#[derive(Template)]
#[template(path = "pages/desk.html")]
struct DeskPage<'a> {
    shell: &'a Shell,
    desk: &'a Tasks,
    /// What happened since the last visit; on the first page of all tasks alone.
    news: Option<NewsView>,
    groups: Vec<Group>,
    chips: Vec<Chip>,
    /// Whether nothing is chosen.
    is_all: bool,
    is_by_kind: bool,
    /// The same list grouped the other way.
    other_grouping: String,
    recent: Vec<Line>,
    /// What the reader handed on, with whoever holds it.
    handed: Vec<(Line, String)>,
    /// When the reader is or will be away.
    absences: Vec<AbsenceLine>,
    /// What waits for the reader as the initiator …
    owed: Vec<OwedLine>,
    /// … and their drafts, which wait for nobody.
    drafts: Vec<OwedLine>,
    next: String,
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

/// What the address asks for: `?kind=…&urgent=1&of=…&by=kind&cursor=…`.
#[derive(Default, Deserialize)]
pub(super) struct DeskAddress {
    #[serde(default)]
    kind: String,
    /// Due within a day.
    #[serde(default)]
    urgent: String,
    /// Overdue.
    #[serde(default)]
    overdue: String,
    /// Held by this person.
    #[serde(default)]
    of: String,
    /// `kind`: by kind first.
    #[serde(default)]
    by: String,
    cursor: Option<String>,
}

impl DeskAddress {
    fn query(&self) -> Result<DeskQuery, AppError> {
        let holder = (!self.of.is_empty()).then(|| self.of.parse());
        Ok(DeskQuery {
            kind: (!self.kind.is_empty()).then(|| self.kind.clone()),
            due: match (self.overdue.is_empty(), self.urgent.is_empty()) {
                (false, _) => DueSpan::Overdue,
                (true, false) => DueSpan::Soon,
                (true, true) => DueSpan::Any,
            },
            holder: holder.transpose().map_err(|_| AppError::Hidden)?,
            is_by_kind: self.by == "kind",
            after: self.cursor.as_deref().map(place_of_cursor).transpose()?,
        })
    }

    /// The address of this list grouped the other way.
    fn other_grouping(&self, is_by_kind: bool) -> String {
        self.with(&[("by", if is_by_kind { "" } else { "kind" })])
    }

    /// The address of this list with other values of some fields: each filter keeps the others.
    fn with(&self, changed: &[(&str, &str)]) -> String {
        let fields = [
            ("kind", self.kind.as_str()),
            ("urgent", &self.urgent),
            ("overdue", &self.overdue),
            ("of", &self.of),
            ("by", &self.by),
            ("cursor", ""),
        ];
        let fields = fields.map(|(name, own)| {
            let other = changed.iter().find(|(field, _)| *field == name);
            (name, other.map_or(own, |(_, value)| *value))
        });
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={}", urlencode(value)))
            .collect();
        match fields.is_empty() {
            true => "/tasks".to_owned(),
            false => format!("/tasks?{}", fields.join("&")),
        }
    }

    fn next(&self, desk: &Tasks) -> String {
        let next = desk.next.as_ref().map(cursor_of_place);
        next.map_or_else(String::new, |cursor| self.with(&[("cursor", &cursor)]))
    }

    /// What may be chosen, each with what it leads to; what is chosen leads back.
    fn chips(&self, shell: &Shell, desk: &Tasks) -> Vec<Chip> {
        let chip = |text: String, count: i64, field: &str, value: &str, is_on: bool| Chip {
            text: format!("{text} {count}"),
            href: self.with(&[(field, if is_on { "" } else { value })]),
            is_on,
        };
        let soon_count = desk.urgent_count.saturating_sub(desk.overdue_count);
        let due = [
            ("overdue", "desk-overdue", desk.overdue_count, &self.overdue),
            ("urgent", "desk-urgent", soon_count, &self.urgent),
        ];
        let due = due.into_iter().filter_map(|(field, key, count, own)| {
            let is_on = !own.is_empty();
            // One of the two: what is overdue is not due soon.
            let mut changed = [("overdue", ""), ("urgent", "")];
            let wanted = changed.iter_mut().find(|(name, _)| *name == field);
            wanted
                .into_iter()
                .for_each(|(_, value)| *value = if is_on { "" } else { "1" });
            (count > 0 || is_on).then(|| Chip {
                text: format!("{} {count}", shell.t(key)),
                href: self.with(&changed),
                is_on,
            })
        });
        let others = desk.holders.iter().any(|one| !shell.is_reader(&one.id));
        let holders = desk.holders.iter().filter(|_| others).map(|one| {
            let text = match shell.is_reader(&one.id) {
                true => shell.t("desk-own"),
                false => shell.t1("person-on-behalf-of", "names", one.name.as_str()),
            };
            let id = one.id.to_string();
            chip(text, one.tasks_count, "of", &id, self.of == id)
        });
        let kinds = desk.kinds.iter().filter(|_| desk.kinds.len() > 1);
        let kinds = kinds.map(|one| {
            let is_on = self.kind == one.kind;
            chip(one.title.clone(), one.tasks_count, "kind", &one.kind, is_on)
        });
        due.chain(holders).chain(kinds).collect()
    }
}

/// One thing that may be chosen.
struct Chip {
    text: String,
    href: String,
    is_on: bool,
}

/// Tasks under one heading.
struct Group {
    /// What they have in common, in words.
    title: String,
    lines: Vec<Line>,
}

/// How urgent a task is, as the desk groups them: the key of its heading.
fn urgency(shell: &Shell, due: Option<Instant>) -> &'static str {
    let Some(due) = due else {
        return "desk-due-never";
    };
    let (day, today) = (shell.formats.day(due), shell.formats.day(shell.now));
    if due < shell.now {
        return "desk-overdue";
    }
    if day == today {
        return "desk-due-today";
    }
    let mut sunday = today;
    while sunday.weekday() != Weekday::Sunday {
        match sunday.tomorrow() {
            Ok(next) => sunday = next,
            Err(_) => break,
        }
    }
    match day <= sunday {
        true => "desk-due-week",
        false => "desk-due-later",
    }
}

/// The tasks of a page under their headings, in the order of the list.
fn groups(shell: &Shell, tasks: &[DeskTask], is_by_kind: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for task in tasks {
        let title = match is_by_kind {
            true => task.kind_title.clone(),
            false => shell.t(urgency(shell, task.due_at)),
        };
        let line = Line::new(shell, task);
        match groups.last_mut() {
            Some(group) if group.title == title => group.lines.push(line),
            _ => groups.push(Group {
                title,
                lines: vec![line],
            }),
        }
    }
    groups
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

    /// What waits for somebody else.
    fn handed(shell: &Shell, task: &DeskTask) -> Self {
        let seconds = shell.now.seconds_since(task.opened_at);
        Self {
            waits: shell.t1(
                "desk-handed-waits",
                "duration",
                shell.formats.duration(seconds),
            ),
            ..Self::new(shell, task)
        }
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

/// Whether nothing is chosen.
fn is_all(query: &DeskQuery) -> bool {
    query.kind.is_none() && query.due == DueSpan::Any && query.holder.is_none()
}

impl<'a> DeskPage<'a> {
    /// `news` where they are told.
    fn new(
        (app, shell): (&App, &'a Shell),
        address: &DeskAddress,
        (query, tasks): (&DeskQuery, &'a Tasks),
        news: Option<NewsView>,
    ) -> Self {
        let (drafts, owed) = OwedLine::all(shell, &tasks.owed);
        Self {
            news,
            groups: groups(shell, &tasks.tasks, query.is_by_kind),
            chips: address.chips(shell, tasks),
            is_all: is_all(query),
            is_by_kind: query.is_by_kind,
            other_grouping: address.other_grouping(query.is_by_kind),
            is_bulk: tasks.tasks.iter().any(|task| task.is_bulk),
            recent: (tasks.recent.iter())
                .map(|task| Line::done(shell, task))
                .collect(),
            handed: (tasks.handed.iter())
                .map(|task| {
                    let holder = task.held_by.as_deref().unwrap_or_default();
                    let held = shell.t1("desk-handed-to", "name", holder);
                    (Line::handed(shell, task), held)
                })
                .collect(),
            absences: absences::lines(app, shell, &tasks.absences),
            owed,
            drafts,
            next: address.next(tasks),
            last_done: last_done(shell, tasks),
            desk: tasks,
            shell,
        }
    }
}

/// `GET /tasks`: what waits for the reader.
pub(super) async fn get_desk(app: Data<App>, desk: Desk, address: Query<DeskAddress>) -> Answer {
    let query = address.query()?;
    let tasks = app.list_my_tasks(&desk.actor, &query).await?;
    let shell = &desk.shell;
    let news = match is_all(&query) && query.after.is_none() {
        true => NewsView::of(shell, &app.list_news(&desk.actor).await?),
        false => None,
    };
    let page = DeskPage::new((&app, shell), &address, (&query, &tasks), news);
    present::page(shell, &page)
}
