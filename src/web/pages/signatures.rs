//! Every stored signature as it was checked last, for compliance officers.

use actix_web::web::{self, Data, Query};
use askama::Template;
use chancery_signature::report::{Code, Reason};
use chancery_types::Instant;
use serde::Deserialize;

use crate::app::page::{Cursor, Page};
use crate::app::worklist::{
    CONCERNS, CopyLevel, DAYS, SignatureCounts, SignatureLine, SignatureQuery, VERDICTS,
};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::verdict::{reason_text, verdict_word};
use crate::web::pagination::{PageQuery, filtered_path, next_path, period};
use crate::web::routes::{Audience, Route};
use crate::web::table::Table;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// What is asked for: `?words=…&verdict=…&concern=…&days=…&from=…&until=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct SignatureParameters {
    /// Only those whose signer (name or organisation) or document (title, number, counterparty) has
    /// all these words.
    #[serde(default)]
    pub words: String,
    /// Only these: `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    #[serde(default)]
    pub verdict: String,
    /// Only these: `changed` (the verdict has changed at some time), `ending` or `ended` (the
    /// certificate, which no archive timestamp outlives), `proof-ending` (what the copy carries by
    /// itself), `not-raised` (to a level that lasts), `revoked`, `without-timestamp`, `weak` (an
    /// algorithm or key).
    #[serde(default)]
    pub concern: String,
    /// For `ending` and `proof-ending`: within so many days (30; 3650 at most).
    #[serde(default)]
    pub days: String,
    /// Proven to be signed from the beginning of this day (YYYY-MM-DD) in the organisation's time
    /// zone.
    #[serde(default)]
    pub from: String,
    /// Proven to be signed to the end of this day.
    #[serde(default)]
    pub until: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub limit: Option<u64>,
}

impl SignatureParameters {
    /// What is asked of the use case.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for days that are no number, and for dates that are none.
    pub fn wanted(&self) -> Result<SignatureQuery, AppError> {
        let days = self.days.trim();
        let read = days.parse().ok();
        let mut fields = Vec::new();
        if read.is_none() && !days.is_empty() {
            fields.push(FieldProblem::new("days", "not-a-number"));
        }
        let (from, until) = period(&self.from, &self.until, &mut fields);
        if !fields.is_empty() {
            return Err(AppError::Invalid { fields });
        }
        Ok(SignatureQuery {
            words: self.words.clone(),
            from,
            until,
            verdict: self.verdict.clone(),
            concern: self.concern.clone(),
            days: read,
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
            ("words", &self.words),
            ("verdict", &self.verdict),
            ("concern", &self.concern),
            ("days", &self.days),
            ("from", &self.from),
            ("until", &self.until),
        ]
        .map(|(name, text)| (name.to_owned(), text.clone()))
        .into()
    }

    fn path(&self, cursor: &str) -> String {
        next_path("/signatures", &self.fields(), cursor)
    }
}

/// A signature in the reader's words.
struct Line {
    pill: (&'static str, String),
    before: String,
    reason: String,
    marks: Vec<String>,
    /// Where the signature is, in words.
    place: String,
    /// What the copy carries by itself; empty without one.
    copy: String,
    signed_at: Option<Instant>,
    ends_at: Option<Instant>,
    /// What follows of the certificate's end, where that is past; else empty.
    ended: String,
    checked_at: Instant,
    row: SignatureLine,
}

#[derive(Template)]
#[template(path = "pages/signatures.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    form: FormView,
    counts: SignatureCounts,
    verdicts: Vec<(&'static str, String)>,
    concerns: Vec<(&'static str, String)>,
    days: String,
    is_filtered: bool,
    lines: Vec<Line>,
    next: String,
    export: String,
}

fn pill(shell: &Shell, indication: &str, is_open: bool) -> (&'static str, String) {
    if is_open {
        return ("attention", shell.t("verify-word-open"));
    }
    let class = match indication {
        "TOTAL-PASSED" => "good",
        "TOTAL-FAILED" => "bad",
        _ => "attention",
    };
    (class, verdict_word(shell.locale(), indication))
}

fn line(shell: &Shell, row: SignatureLine) -> Line {
    let check = &row.check;
    let ends_at = check.certificate_ends_at.map(Instant::from_micros);
    let is_revoked = check.revoked_at.is_some();
    // Revoked after it was used, as is proven.
    let is_later = is_revoked && check.indication == "TOTAL-PASSED";
    let flags = [
        (is_revoked && !is_later, "revoked"),
        (is_later, "revoked-later"),
        (check.proven_at.is_none(), "without-timestamp"),
        (check.weak_algorithm.is_some(), "weak"),
    ];
    let flags = flags.into_iter().filter(|(is_so, _)| *is_so);
    let before = check.previous_indication.as_deref();
    let reason = row.reason.as_ref();
    // It passed because nobody asks whether its certificates were revoked.
    let is_open = check.indication == "TOTAL-PASSED"
        && reason.is_some_and(|reason| reason.code == Code::RevocationWaived);
    let reason = reason.filter(|_| is_open || check.indication != "TOTAL-PASSED");
    Line {
        pill: pill(shell, &check.indication, is_open),
        before: before.map_or_else(String::new, |before| verdict_word(shell.locale(), before)),
        reason: reason.map_or_else(String::new, |reason: &Reason| {
            reason_text(reason, &shell.formats)
        }),
        marks: flags
            .map(|(_, name)| shell.t(&format!("worklist-mark-{name}")))
            .collect(),
        place: place(shell, &row),
        copy: row
            .copy
            .as_ref()
            .map_or_else(String::new, |copy| copy_text(shell, copy)),
        signed_at: check.proven_at.map(Instant::from_micros),
        ended: match (ends_at, check.proven_at.map(Instant::from_micros)) {
            (Some(end), None) if end <= shell.now => shell.t("worklist-ended"),
            (Some(end), Some(proven)) if end <= shell.now && proven <= end => {
                shell.t("worklist-ended-proven")
            }
            _ => String::new(),
        },
        ends_at,
        checked_at: Instant::from_micros(check.checked_at),
        row,
    }
}

fn place(shell: &Shell, row: &SignatureLine) -> String {
    let version = row.check.version_number;
    match &row.detached_name {
        Some(name) => shell.t2(
            "worklist-place-detached",
            "version",
            version,
            "name",
            name.as_str(),
        ),
        None => shell.t2(
            "worklist-place",
            "version",
            version,
            "signature",
            row.check.ordinal,
        ),
    }
}

/// What a copy carries by itself.
fn copy_text(shell: &Shell, copy: &CopyLevel) -> String {
    // A level is one word: it is not broken at the end of a line.
    let level = copy.level.replace('-', "\u{2011}");
    let level = level.as_str();
    let problem = copy.problem.as_ref();
    let problem = problem.map(|code| shell.t(&format!("raise-{code}")));
    if level.is_empty() {
        return problem.unwrap_or_default();
    }
    let text = match copy.lasts_until {
        Some(at) => {
            let date = shell.formats.date(at);
            shell.t2("worklist-copy-until", "level", level, "at", date)
        }
        None if copy.level == "B-T" => shell.t1("worklist-copy-b-t", "level", level),
        None => shell.t1("worklist-copy", "level", level),
    };
    match problem {
        Some(problem) => format!("{text} {problem}"),
        None => text,
    }
}

async fn find(
    app: &App,
    desk: &Desk,
    query: &SignatureParameters,
) -> Result<Page<SignatureLine>, AppError> {
    let page = query.page().request(app)?;
    app.list_signatures(&desk.actor, &query.wanted()?, &page)
        .await
}

fn list_page<'a>(
    shell: &'a Shell,
    query: &SignatureParameters,
    problems: &[FieldProblem],
    counts: SignatureCounts,
    found: Page<SignatureLine>,
) -> ListPage<'a> {
    let next = found.next.as_ref().map(Cursor::encode);
    let fields = query.fields();
    let concern = |name| (name, shell.t(&format!("worklist-concern-{name}")));
    ListPage {
        shell,
        form: PostedForm::of(query.fields()).view(shell.locale(), problems),
        counts,
        verdicts: VERDICTS
            .map(|code| (code, verdict_word(shell.locale(), code)))
            .into(),
        concerns: CONCERNS.map(concern).into(),
        days: match query.days.is_empty() {
            true => DAYS.to_string(),
            false => query.days.clone(),
        },
        // Days alone narrow nothing.
        is_filtered: fields
            .iter()
            .any(|(name, text)| name != "days" && !text.is_empty()),
        export: filtered_path("/signatures/export.csv", &fields),
        next: next.map_or_else(String::new, |next| query.path(&next)),
        lines: found.rows.into_iter().map(|row| line(shell, row)).collect(),
    }
}

/// `GET /signatures`
async fn get_signatures(app: Data<App>, desk: Desk, query: Query<SignatureParameters>) -> Answer {
    let counts = app.count_signatures(&desk.actor).await?;
    let shell = &desk.shell;
    match find(&app, &desk, &query).await {
        Ok(found) => present::page(shell, &list_page(shell, &query, &[], counts, found)),
        Err(AppError::Invalid { fields }) => {
            let none = Page {
                rows: Vec::new(),
                next: None,
            };
            let page = list_page(shell, &query, &fields, counts, none);
            present::page_with_errors(shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /signatures/export.csv`
async fn get_export(app: Data<App>, desk: Desk, query: Query<SignatureParameters>) -> Answer {
    app.allow_signatures(&desk.actor)?;
    let found = app.export_signatures(&desk.actor, &query.wanted()?).await?;
    Ok(table(&desk.shell, found).saved_as("signatures"))
}

/// The signatures as a table.
fn table(shell: &Shell, found: Vec<SignatureLine>) -> Table {
    const HEADS: [&str; 14] = [
        "document",
        "number",
        "where",
        "signer",
        "organisation",
        "verdict",
        "before-head",
        "reason",
        "concern",
        "signed",
        "certificate",
        "ends",
        "checked",
        "sha256",
    ];
    let head = HEADS.map(|name| shell.t(&format!("worklist-{name}")));
    let mut table = Table::new(shell.locale(), &head);
    let exact = |at: Option<Instant>| at.map_or_else(String::new, |at| shell.formats.exact(at));
    for row in found {
        let line = line(shell, row);
        let ended = Some(line.ended).filter(|text| !text.is_empty());
        let concerns: Vec<String> = line.marks.into_iter().chain(ended).collect();
        let (document, check) = (line.row.document, line.row.check);
        let (title, number) = document.map_or_else(Default::default, |one| {
            (one.title, one.number.unwrap_or_default())
        });
        table.push(&[
            title,
            number,
            line.place,
            check.signer_name.unwrap_or_default(),
            check.signer_organisation.unwrap_or_default(),
            line.pill.1,
            line.before,
            line.reason,
            concerns.join("; "),
            exact(line.signed_at),
            exact(line.ends_at),
            line.copy,
            exact(Some(line.checked_at)),
            check.digest,
        ]);
    }
    table
}

/// `POST /signatures/recheck`: a second click finds the check going on, and changes nothing.
async fn post_recheck(app: Data<App>, desk: Desk, _form: PostedForm) -> Answer {
    let said = match app.ask_recheck(&desk.actor).await {
        Ok(()) => "flash-recheck-asked",
        Err(AppError::Refused {
            code: "recheck-going-on",
            ..
        }) => "flash-recheck-going-on",
        Err(error) => return Err(error.into()),
    };
    present::see_other("/signatures", said, &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/signatures", Audience::Person, || {
        web::get().to(get_signatures)
    }),
    Route::get("/signatures/export.csv", Audience::Person, || {
        web::get().to(get_export)
    }),
    Route::post("/signatures/recheck", Audience::Person, || {
        web::post().to(post_recheck)
    }),
];
