//! Journals: their list, one with its entries, and its entries as a table for a spreadsheet.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::Locale;
use jiff::civil::Date;
use serde::Deserialize;

use crate::app::journals::{EntryLine, EntryQuery, JournalLine, JournalSheet};
use crate::app::page::{Cursor, Page};
use crate::app::{App, AppError, FieldProblem};
use crate::web::pagination::{PageQuery, next_path};
use crate::web::routes::{Audience, Route};
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
        let mut day = |field: &str, text: &str| -> Option<Date> {
            let text = text.trim();
            let read = text.parse().ok();
            if read.is_none() && !text.is_empty() {
                fields.push(FieldProblem::new(field, "not-a-date"));
            }
            read
        };
        let (from, until) = (day("from", &self.from), day("until", &self.until));
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            fields.push(FieldProblem::new("until", "before-from"));
        }
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
    let export = next_path(&format!("{list}/export.csv"), &fields, "");
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
        // Without the cursor that the list's own pages have.
        export: export
            .trim_end_matches("cursor=")
            .trim_end_matches(['?', '&'])
            .to_owned(),
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
    let saved = format!("attachment; filename=\"{}.csv\"", journal.id);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", saved))
        .body(table(&app, &desk.shell, &entries)))
}

/// The entries as a table, with a mark of its encoding for spreadsheets.
fn table(app: &App, shell: &Shell, entries: &[EntryLine]) -> String {
    const HEADS: [&str; 6] = [
        "number",
        "entered",
        "document",
        "kind",
        "registered",
        "counterparty",
    ];
    let mut text = String::from('\u{feff}');
    let head = HEADS.map(|name| shell.t(&format!("journal-{name}")));
    push_row(&mut text, shell.locale(), &head);
    for entry in entries {
        let document = &entry.document;
        let row = [
            entry.number.clone(),
            shell.formats.moment(entry.entered_at),
            document.title.clone(),
            kind_of(app, shell, entry),
            document.registration_number.clone().unwrap_or_default(),
            entry.counterparty.clone().unwrap_or_default(),
        ];
        push_row(&mut text, shell.locale(), &row);
    }
    text
}

/// A row as RFC 4180 has it (2), but for what stands between its fields: spreadsheets of Russian
/// readers expect a semicolon.
fn push_row(text: &mut String, locale: Locale, fields: &[String; 6]) {
    let between = match locale {
        Locale::Ru => ";",
        Locale::En => ",",
    };
    let fields = fields.each_ref().map(|field| quoted(field));
    text.push_str(&fields.join(between));
    text.push_str("\r\n");
}

/// A field in quotation marks. What a spreadsheet would take for a formula has an apostrophe before
/// it: titles are typed by people.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", field.replace('"', "\"\""))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_no_formula_and_ends_where_it_ends() {
        assert_eq!(quoted("ООО «Ромашка»"), "\"ООО «Ромашка»\"");
        assert_eq!(quoted("a \"b\"; c"), "\"a \"\"b\"\"; c\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        let mut text = String::new();
        let row = ["1", "2", "3", "4", "5", "6"].map(str::to_owned);
        push_row(&mut text, Locale::Ru, &row);
        push_row(&mut text, Locale::En, &row);
        assert_eq!(
            text,
            "\"1\";\"2\";\"3\";\"4\";\"5\";\"6\"\r\n\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"\r\n"
        );
    }
}
