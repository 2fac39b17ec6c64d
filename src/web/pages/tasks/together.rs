//! Tasks that are agreed to together: the page that asks once more, and what came of each.

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use chancery_types::Digest;
use chancery_types::id::TaskId;

use super::desk::Line;
use crate::app::together::TogetherOutcome;
use crate::app::{App, AppError};
use crate::web::{Answer, Desk, PostedForm, Problem, Shell, present};

#[derive(Template)]
#[template(path = "pages/task/together.html")]
struct TogetherPage<'a> {
    shell: &'a Shell,
    lines: Vec<TogetherLine>,
    /// How many were decided before this page was shown again.
    done: usize,
    /// How many were chosen that wait for the reader no more.
    gone: usize,
    /// Whether nothing was chosen, or nothing of it waits any more.
    is_empty: bool,
}

/// One task, ready to print.
struct TogetherLine {
    line: Line,
    version_digest: String,
    /// Why it was not decided; empty before.
    refused: String,
}

/// `GET /tasks/together?task=…&task=…`, or `?all=1&shown=…&shown=…` for all that the list showed
pub(super) async fn get_together(
    app: Data<App>,
    desk: Desk,
    query: Query<Vec<(String, String)>>,
) -> Answer {
    let has_all = query.iter().any(|(name, _)| name == "all");
    let chosen = if has_all { "shown" } else { "task" };
    let ids = query.iter().filter(|(name, _)| name == chosen);
    let ids: Vec<TaskId> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
    let tasks = app.list_tasks_together(&desk.actor, &ids).await?;
    let shell = &desk.shell;
    let lines = tasks.iter().map(|task| TogetherLine {
        line: Line::new(shell, task),
        version_digest: task.version_digest.clone(),
        refused: String::new(),
    });
    let lines: Vec<TogetherLine> = lines.collect();
    let page = TogetherPage {
        shell,
        done: 0,
        gone: 0,
        is_empty: lines.is_empty(),
        lines,
    };
    present::page(shell, &page)
}

/// What was chosen: `task` for each, `digest-{task}` as the page showed it.
fn chosen(form: &PostedForm) -> Result<Vec<(TaskId, Digest)>, AppError> {
    let digests = form.under("digest-");
    let mut given = Vec::new();
    for text in form.all("task") {
        let id: TaskId = text
            .parse()
            .map_err(|_| AppError::invalid("task", "not-a-choice"))?;
        let digest = digests.get(text).and_then(|digest| digest.parse().ok());
        let digest: Digest = digest.ok_or_else(|| AppError::invalid("task", "not-a-choice"))?;
        given.push((id, digest));
    }
    Ok(given)
}

/// `POST /tasks/together`
pub(super) async fn post_together(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let given = chosen(&form)?;
    let outcomes = app.decide_together(&desk.actor, &given).await?;
    let shell = &desk.shell;
    let decided = outcomes.len();
    let lines: Vec<TogetherLine> = outcomes
        .into_iter()
        .filter_map(|outcome| refused(shell, outcome))
        .collect();
    let done = decided.saturating_sub(lines.len());
    if lines.is_empty() && decided == given.len() && done > 0 {
        let count = done.to_string();
        return present::see_other("/tasks", "flash-tasks-together", &[("count", &count)]);
    }
    let page = TogetherPage {
        shell,
        done,
        gone: given.len().saturating_sub(decided),
        is_empty: lines.is_empty(),
        lines,
    };
    present::page_with(HttpResponse::Conflict(), shell, &page)
}

/// The line of a task that was not decided, with the reason.
fn refused(shell: &Shell, outcome: TogetherOutcome) -> Option<TogetherLine> {
    let error = outcome.outcome.err()?;
    Some(TogetherLine {
        line: Line::new(shell, &outcome.task),
        version_digest: outcome.task.version_digest,
        refused: Problem::from(error).facts().detail(shell.locale()),
    })
}
