//! Where the documents that are under way stand: the initiator's view, and that of whoever heads
//! those who start them.

use actix_web::web::{self, Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::app::page::{Cursor, PageRequest};
use crate::app::progress::{Progress, ProgressLine, ProgressQuery, Scope, Stands};
use crate::app::{App, AppError};
use crate::web::pagination::{PageQuery, next_path};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};

#[derive(Template)]
#[template(path = "pages/progress.html")]
struct ProgressPage<'a> {
    shell: &'a Shell,
    /// How the reader came to see more than their own documents; empty for those who do not.
    is_wide: bool,
    is_department: bool,
    only_late: bool,
    holder: String,
    progress: &'a Progress,
    lines: Vec<Line>,
    next: String,
}

/// One line, ready to print.
struct Line {
    id: String,
    class: &'static str,
    title: String,
    gist: String,
    stands: String,
    moves: String,
    waits: String,
    due: String,
    due_class: &'static str,
}

impl Line {
    fn new(shell: &Shell, line: &ProgressLine, is_department: bool) -> Self {
        let formats = &shell.formats;
        let parts = [
            Some(line.kind_title.clone()),
            line.registration_number.clone(),
            is_department.then(|| shell.t1("progress-by", "name", line.initiator_name.as_str())),
        ];
        let initiator = || match is_department {
            true => line.initiator_name.clone(),
            false => shell.t("run-you"),
        };
        let (stands, moves) = match &line.stands {
            Stands::Rework => (shell.t("progress-rework"), initiator()),
            Stands::Stages { titles, names } => (titles.join("; "), names.join(", ")),
            Stands::Incident => (
                shell.t("progress-incident"),
                shell.t("progress-administrator"),
            ),
            Stands::Machine => (shell.t("progress-machine"), String::new()),
        };
        let due_key = match line.is_late {
            true => "task-overdue",
            false => "task-due",
        };
        Self {
            id: line.id.to_string(),
            class: if line.is_late { "late" } else { "calm" },
            title: line.title.clone(),
            gist: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            stands,
            moves,
            waits: shell.t1(
                "progress-waits",
                "duration",
                formats.duration(shell.now.seconds_since(line.since)),
            ),
            due: line.due_at.map_or_else(String::new, |due| {
                shell.t1(due_key, "when", formats.moment(due))
            }),
            due_class: if line.is_late { "late" } else { "muted" },
        }
    }
}

/// What the address asks for: `?of=department&late=1&holder=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize)]
struct ProgressAddress {
    #[serde(default)]
    of: String,
    #[serde(default)]
    late: String,
    #[serde(default)]
    holder: String,
    cursor: Option<String>,
}

impl ProgressAddress {
    fn query(&self) -> Result<ProgressQuery, AppError> {
        let holder = self.holder.as_str();
        let holder = (!holder.is_empty()).then(|| holder.parse());
        Ok(ProgressQuery {
            scope: match self.of.as_str() {
                "department" => Scope::Department,
                _ => Scope::Mine,
            },
            only_late: !self.late.is_empty(),
            holder: holder.transpose().map_err(|_| AppError::Hidden)?,
        })
    }

    fn request(&self, app: &App) -> Result<PageRequest, AppError> {
        let page = PageQuery {
            cursor: self.cursor.clone(),
            limit: None,
        };
        page.request(app)
    }

    fn next(&self, cursor: Option<&Cursor>) -> String {
        let fields = [
            ("of", &self.of),
            ("late", &self.late),
            ("holder", &self.holder),
        ]
        .map(|(name, text)| (name.to_owned(), text.clone()));
        let cursor = cursor.map(Cursor::encode);
        cursor.map_or_else(String::new, |cursor| {
            next_path("/progress", &fields, &cursor)
        })
    }
}

/// `GET /progress`
async fn get_progress(app: Data<App>, desk: Desk, address: Query<ProgressAddress>) -> Answer {
    let query = address.query()?;
    let progress = app
        .list_progress(&desk.actor, &query, &address.request(&app)?)
        .await?;
    let shell = &desk.shell;
    let is_department = query.scope == Scope::Department;
    let holder = query.holder.and_then(|id| {
        let mut holders = progress.holders.iter();
        holders.find(|line| line.id == id)
    });
    let page = ProgressPage {
        is_wide: app.sees_department(&desk.actor),
        is_department,
        only_late: query.only_late,
        holder: holder.map_or_else(String::new, |line| line.name.clone()),
        lines: (progress.page.rows.iter())
            .map(|line| Line::new(shell, line, is_department))
            .collect(),
        next: address.next(progress.page.next.as_ref()),
        progress: &progress,
        shell,
    };
    present::page(shell, &page)
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/progress", Audience::Person, || {
    web::get().to(get_progress)
})];
