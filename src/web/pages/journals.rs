//! Journals: their list, one with its entries, and its entries as a table for a spreadsheet.

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::app::journals::{EntryLine, EntryQuery, JournalLine, JournalSheet};
use crate::app::page::{Cursor, Page};
use crate::app::{App, AppError, FieldProblem};
use crate::web::pagination::{PageQuery, filtered_path, next_path, period};
use crate::web::routes::{Audience, Route};
use crate::web::table::Table;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// What is asked for: `?year=…&from=…&until=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct EntryParameters {
    /// Only of this year.
    #[serde(default)]
    pub year: String,
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

impl EntryParameters {
    /// What is asked of the use case.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a year or a day that is none.
    pub fn wanted(&self) -> Result<EntryQuery, AppError> {
        let mut fields = Vec::new();
        let (from, until) = period(&self.from, &self.until, &mut fields);
        let year = self.year.trim().parse().ok();
        if year.is_none() && !self.year.trim().is_empty() {
            fields.push(FieldProblem::new("year", "not-a-number"));
        }
        match fields.is_empty() {
            true => Ok(EntryQuery { year, from, until }),
            false => Err(AppError::Invalid { fields }),
        }
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
            ("year", &self.year),
            ("from", &self.from),
            ("until", &self.until),
        ]
        .map(|(name, text)| (name.to_owned(), text.clone()))
        .into()
    }
}

#[derive(Template)]
#[template(path = "pages/journals.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    journals: Vec<JournalLine>,
}

/// An entry in the reader's words.
struct Line {
    kind: String,
    entry: EntryLine,
}

#[derive(Template)]
#[template(path = "pages/journal.html")]
struct JournalPage<'a> {
    shell: &'a Shell,
    journal: JournalLine,
    years: Vec<i64>,
    form: FormView,
    is_filtered: bool,
    lines: Vec<Line>,
    next: String,
    export: String,
}

/// `GET /journals`
async fn get_journals(app: Data<App>, desk: Desk) -> Answer {
    let shell = &desk.shell;
    let journals = app.list_journals(&desk.actor).await?;
    present::page(shell, &ListPage { shell, journals })
}

fn kind_of(app: &App, shell: &Shell, entry: &EntryLine) -> String {
    let kind = app.chains.kinds().get(&entry.document.kind);
    let title = kind.map(|kind| kind.title(shell.locale()));
    title.unwrap_or(&entry.document.kind).to_owned()
}

/// `GET /journals/{journal}`
async fn get_journal(
    app: Data<App>,
    desk: Desk,
    journal: Path<String>,
    query: Query<EntryParameters>,
) -> Answer {
    let shell = &desk.shell;
    let page = query.page().request(&app)?;
    let (wanted, problems) = match query.wanted() {
        Ok(wanted) => (wanted, Vec::new()),
        Err(AppError::Invalid { fields }) => (EntryQuery::default(), fields),
        Err(error) => return Err(error.into()),
    };
    let found = app
        .load_journal(&desk.actor, &journal, &wanted, &page)
        .await?;
    let mut page = journal_page(&app, shell, &query, &problems, found);
    if problems.is_empty() {
        return present::page(shell, &page);
    }
    page.lines.clear();
    page.next.clear();
    present::page_with_errors(shell, &page)
}

fn journal_page<'a>(
    app: &App,
    shell: &'a Shell,
    query: &EntryParameters,
    problems: &[FieldProblem],
    found: JournalSheet,
) -> JournalPage<'a> {
    let list = format!("/journals/{}", found.journal.id);
    let Page { rows, next } = found.entries;
    let next = next.as_ref().map(Cursor::encode);
    let fields = query.fields();
    let export = filtered_path(&format!("{list}/export.csv"), &fields);
    JournalPage {
        journal: found.journal,
        years: found.years,
        form: PostedForm::of(fields.clone()).view(shell.locale(), problems),
        is_filtered: fields.iter().any(|(_, text)| !text.is_empty()),
        lines: rows
            .into_iter()
            .map(|entry| Line {
                kind: kind_of(app, shell, &entry),
                entry,
            })
            .collect(),
        next: next.map_or_else(String::new, |next| next_path(&list, &fields, &next)),
        export,
        shell,
    }
}

/// `GET /journals/{journal}/export.csv`
async fn get_export(
    app: Data<App>,
    desk: Desk,
    journal: Path<String>,
    query: Query<EntryParameters>,
) -> Answer {
    let wanted = query.wanted()?;
    let found = app.export_journal(&desk.actor, &journal, &wanted).await?;
    let (journal, entries) = found;
    Ok(table(&app, &desk.shell, &entries).saved_as(&journal.id))
}

/// The entries as a table.
fn table(app: &App, shell: &Shell, entries: &[EntryLine]) -> Table {
    const HEADS: [&str; 6] = [
        "number",
        "entered",
        "document",
        "kind",
        "registered",
        "counterparty",
    ];
    let head = HEADS.map(|name| shell.t(&format!("journal-{name}")));
    let mut table = Table::new(shell.locale(), &head);
    for entry in entries {
        let document = &entry.document;
        table.push(&[
            entry.number.clone(),
            shell.formats.moment(entry.entered_at),
            document.title.clone(),
            kind_of(app, shell, entry),
            document.registration_number.clone().unwrap_or_default(),
            entry.counterparty.clone().unwrap_or_default(),
        ]);
    }
    table
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/journals", Audience::Person, || {
        web::get().to(get_journals)
    }),
    Route::get("/journals/{journal}", Audience::Person, || {
        web::get().to(get_journal)
    }),
    Route::get("/journals/{journal}/export.csv", Audience::Person, || {
        web::get().to(get_export)
    }),
];
