//! Where the documents that are under way stand: the initiator's view, and that of whoever heads
//! those who start them.

use actix_web::web::{self, Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::app::page::{Cursor, PageRequest};
use crate::app::progress::{Progress, ProgressLine, ProgressQuery, Scope, Stands};
use crate::app::{App, AppError};
use crate::web::edge::urlencode;
use crate::web::pagination::{PageQuery, next_path};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, Shell, present};

#[derive(Template)]
#[template(path = "pages/progress.html")]
struct ProgressPage<'a> {
    shell: &'a Shell,
    /// What the documents that are not the reader's own are called; empty for those who see none.
    wide_title: String,
    is_department: bool,
    only_late: bool,
    holder: String,
    /// The same list with what is late alone, or again with all.
    late_path: String,
    /// The same list of everybody.
    everybody_path: String,
    /// Before the identifier of a holder: the same list of them.
    holder_path: String,
    progress: &'a Progress,
    /// Beside each of the holders: how long they took on average, in words; may be empty.
    means: Vec<String>,
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
            Stands::Rework { names } if names.is_empty() => {
                (shell.t("progress-rework"), initiator())
            }
            Stands::Rework { names } => (shell.t("progress-rework"), names.join(", ")),
            Stands::Stages {
                titles,
                names,
                asking,
            } if asking.is_empty() => (titles.join("; "), names.join(", ")),
            Stands::Stages {
                titles,
                names,
                asking,
            } => {
                let (titles, who) = (titles.join("; "), asking.join(", "));
                let stands = shell.t2("progress-asked", "stage", titles, "who", who);
                let moves = std::iter::once(initiator()).chain(names.iter().cloned());
                (stands, moves.collect::<Vec<_>>().join(", "))
            }
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

    /// The address of this list with these filters instead.
    fn path(&self, of: &str, late: &str, holder: &str) -> String {
        let fields = [("of", of), ("late", late), ("holder", holder)];
        let fields = fields.iter().filter(|(_, text)| !text.is_empty());
        let fields: Vec<String> = fields
            .map(|(name, text)| format!("{name}={}", urlencode(text)))
            .collect();
        format!("/progress?{}", fields.join("&"))
    }

    fn request(&self, app: &App) -> Result<PageRequest, AppError> {
        let page = PageQuery {
            cursor: self.cursor.clone(),
            limit: None,
        };
        page.request(app)
    }

    fn next(&self, of: &str, cursor: Option<&Cursor>) -> String {
        let fields = [("of", of), ("late", &self.late), ("holder", &self.holder)];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let cursor = cursor.map(Cursor::encode);
        cursor.map_or_else(String::new, |cursor| {
            next_path("/progress", &fields, &cursor)
        })
    }
}

/// What is asked for. Whoever has nothing of their own under way and sees more is shown that,
/// unless they ask for their own.
async fn asked_for(
    app: &App,
    desk: &Desk,
    address: &ProgressAddress,
) -> Result<(ProgressQuery, Progress), AppError> {
    let (mut query, request) = (address.query()?, address.request(app)?);
    let progress = app.list_progress(&desk.actor, &query, &request).await?;
    let is_open = address.of.is_empty() && progress.documents_count == 0;
    if !is_open || !app.sees_department(&desk.actor) {
        return Ok((query, progress));
    }
    query.scope = Scope::Department;
    let progress = app.list_progress(&desk.actor, &query, &request).await?;
    Ok((query, progress))
}

/// `GET /progress`
async fn get_progress(app: Data<App>, desk: Desk, address: Query<ProgressAddress>) -> Answer {
    let (query, progress) = asked_for(&app, &desk, &address).await?;
    let wide_title = wide_title(&app, &desk);
    let page = progress_page(&desk.shell, wide_title, (&query, &progress), &address);
    present::page(&desk.shell, &page)
}

/// The page as it is asked for.
fn progress_page<'a>(
    shell: &'a Shell,
    wide_title: String,
    (query, progress): (&ProgressQuery, &'a Progress),
    address: &ProgressAddress,
) -> ProgressPage<'a> {
    let is_department = query.scope == Scope::Department;
    let holder = query.holder.and_then(|id| {
        let mut holders = progress.holders.iter();
        holders.find(|line| line.id == id)
    });
    let (of, late) = (scope_code(query.scope), address.late.as_str());
    ProgressPage {
        wide_title,
        is_department,
        only_late: query.only_late,
        holder: holder.map_or_else(String::new, |line| line.name.clone()),
        late_path: address.path(of, if query.only_late { "" } else { "1" }, &address.holder),
        everybody_path: address.path(of, late, ""),
        holder_path: format!("{}&holder=", address.path(of, late, "")),
        lines: (progress.page.rows.iter())
            .map(|line| Line::new(shell, line, is_department))
            .collect(),
        means: (progress.holders.iter())
            .map(|line| match line.mean_seconds {
                Some(seconds) => shell.formats.duration(seconds),
                None => String::new(),
            })
            .collect(),
        next: address.next(of, progress.page.next.as_ref()),
        progress,
        shell,
    }
}

const fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::Mine => "mine",
        Scope::Department => "department",
    }
}

/// What the documents that are not the reader's own are called.
fn wide_title(app: &App, desk: &Desk) -> String {
    let key = match app.sees_organisation(&desk.actor) {
        true => "progress-organisation",
        false if app.sees_department(&desk.actor) => "progress-department",
        false => return String::new(),
    };
    desk.shell.t(key)
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/progress", Audience::Person, || {
    web::get().to(get_progress)
})];
