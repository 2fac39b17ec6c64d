//! The organisation's audit log, for auditors and compliance officers.

use actix_web::web::{self, Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::app::audit_log::{AuditQuery, AuditRow};
use crate::app::page::{Cursor, Page};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::audit_actions;
use crate::web::pagination::{PageQuery, next_path, period};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, history, present};

/// What is asked for: `?who=…&action=…&document=…&from=…&until=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct AuditParameters {
    /// Part of a name.
    #[serde(default)]
    pub who: String,
    /// An action: `document.created`.
    #[serde(default)]
    pub action: String,
    /// A document's identifier, or words of its number and title.
    #[serde(default)]
    pub document: String,
    /// From the beginning of this day (YYYY-MM-DD) in the organisation's time zone.
    #[serde(default)]
    pub from: String,
    /// To the end of this day.
    #[serde(default)]
    pub until: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub limit: Option<u64>,
}

impl AuditParameters {
    /// What is asked of the use case.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a day that is none.
    pub fn wanted(&self) -> Result<AuditQuery, AppError> {
        let mut fields = Vec::new();
        let (from, until) = period(&self.from, &self.until, &mut fields);
        if !fields.is_empty() {
            return Err(AppError::Invalid { fields });
        }
        Ok(AuditQuery {
            who: self.who.clone(),
            action: Some(self.action.clone()).filter(|action| !action.is_empty()),
            document: self.document.clone(),
            from,
            until,
        })
    }

    /// Which rows of the list are asked for.
    #[must_use]
    pub fn page(&self) -> PageQuery {
        PageQuery {
            cursor: self.cursor.clone(),
            limit: self.limit,
        }
    }

    fn fields(&self) -> Vec<(String, String)> {
        [
            ("who", &self.who),
            ("action", &self.action),
            ("document", &self.document),
            ("from", &self.from),
            ("until", &self.until),
        ]
        .map(|(name, text)| (name.to_owned(), text.clone()))
        .into()
    }

    fn path(&self, cursor: &str) -> String {
        next_path("/audit", &self.fields(), cursor)
    }
}

/// The actions of one noun, as the choice groups them.
struct ActionGroup {
    title: String,
    actions: Vec<(&'static str, String)>,
}

/// An event in the reader's words.
struct AuditLine {
    text: String,
    about: String,
    actor: String,
    is_contact: bool,
    details: String,
    row: AuditRow,
}

#[derive(Template)]
#[template(path = "pages/audit.html")]
struct AuditPage<'a> {
    shell: &'a Shell,
    form: FormView,
    groups: Vec<ActionGroup>,
    is_filtered: bool,
    lines: Vec<AuditLine>,
    next: String,
}

fn groups(shell: &Shell) -> Vec<ActionGroup> {
    let mut groups: Vec<ActionGroup> = Vec::new();
    let mut last = "";
    for action in audit_actions::ALL {
        let noun = audit_actions::noun(action);
        if noun != last {
            last = noun;
            groups.push(ActionGroup {
                title: shell.t(&format!("audit-noun-{noun}")),
                actions: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.actions.push((*action, history::title(shell, action)));
        }
    }
    groups
}

/// What the subject was called then, where the event itself says it; else what it is called now.
fn about(row: &AuditRow) -> String {
    let named = |key| row.details.get(key).and_then(serde_json::Value::as_str);
    let of_subject = || row.names.of(row.subject_id);
    let name = named("name").or_else(|| named("title")).or_else(of_subject);
    name.unwrap_or_default().to_owned()
}

fn line(shell: &Shell, row: AuditRow) -> AuditLine {
    let is_empty = row
        .details
        .as_object()
        .is_none_or(serde_json::Map::is_empty);
    AuditLine {
        text: history::sentence(shell, &row.action, &row.details, &row.names),
        about: about(&row),
        actor: history::actor(shell, &row.action, &row.actor_kind, &row.actor_name),
        is_contact: row.actor_kind == "contact",
        details: if is_empty {
            String::new()
        } else {
            serde_json::to_string_pretty(&row.names.told(&row.details)).unwrap_or_default()
        },
        row,
    }
}

async fn find(app: &App, desk: &Desk, query: &AuditParameters) -> Result<Page<AuditRow>, AppError> {
    let page = query.page().request(app)?;
    app.list_audit(&desk.actor, &query.wanted()?, &page).await
}

/// `GET /audit`
async fn get_audit(app: Data<App>, desk: Desk, query: Query<AuditParameters>) -> Answer {
    app.allow_audit(&desk.actor)?;
    let shell = &desk.shell;
    match find(&app, &desk, &query).await {
        Ok(found) => present::page(shell, &audit_page(shell, &query, &[], found)),
        Err(AppError::Invalid { fields }) => {
            let none = Page {
                rows: Vec::new(),
                next: None,
            };
            present::page_with_errors(shell, &audit_page(shell, &query, &fields, none))
        }
        Err(error) => Err(error.into()),
    }
}

fn audit_page<'a>(
    shell: &'a Shell,
    query: &AuditParameters,
    problems: &[FieldProblem],
    found: Page<AuditRow>,
) -> AuditPage<'a> {
    let next = found.next.as_ref().map(Cursor::encode);
    AuditPage {
        shell,
        form: PostedForm::of(query.fields()).view(shell.locale(), problems),
        groups: groups(shell),
        is_filtered: query.fields().iter().any(|(_, text)| !text.is_empty()),
        next: next.map_or_else(String::new, |next| query.path(&next)),
        lines: found.rows.into_iter().map(|row| line(shell, row)).collect(),
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/audit", Audience::Person, || {
    web::get().to(get_audit)
})];
