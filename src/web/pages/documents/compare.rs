//! Two versions side by side: the card, the attachments, the text.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use chancery_types::id::DocumentId;
use chancery_workflow::Kind;
use serde::Deserialize;

use super::view::value_text;
use crate::app::App;
use crate::app::comparison::Comparison;
use crate::domain::comparison::{Change, ComparedPage};
use crate::web::{Answer, Desk, Shell, present};

#[derive(Template)]
#[template(path = "pages/documents/compare.html")]
struct ComparePage<'a> {
    shell: &'a Shell,
    id: DocumentId,
    title: String,
    from: i64,
    to: i64,
    numbers: Vec<i64>,
    /// What is the same, in words; empty if the text differs.
    notice: &'static str,
    /// How many pages changed, in words.
    changed: String,
    fields: Vec<FieldLine>,
    attachments: Vec<FileLine>,
    pages: Vec<ComparedPage>,
}

/// A field that differs.
struct FieldLine {
    label: String,
    before: String,
    after: String,
}

/// An attachment that differs.
struct FileLine {
    name: String,
    change: String,
    before: String,
    after: String,
}

/// Which versions.
#[derive(Deserialize)]
pub(super) struct CompareQuery {
    from: Option<i64>,
    to: Option<i64>,
}

/// `GET /documents/{document}/compare`
pub(super) async fn get_comparison(
    app: Data<App>,
    desk: Desk,
    id: Path<DocumentId>,
    query: Query<CompareQuery>,
) -> Answer {
    let found = app
        .compare_versions(&desk.actor, *id, query.from, query.to)
        .await?;
    let kind = app.kind_of_row(&found.document.kind)?;
    let shell = &desk.shell;
    let page = ComparePage {
        shell,
        id: *id,
        notice: notice(&found),
        changed: changed(shell, &found),
        fields: field_lines(shell, kind, &found),
        attachments: file_lines(shell, &found),
        title: found.document.title,
        from: found.from.number,
        to: found.to.number,
        numbers: found.numbers,
        pages: found.pages,
    };
    present::page(shell, &page)
}

/// How many pages changed, of how many; empty if none did.
fn changed(shell: &Shell, found: &Comparison) -> String {
    let count = found.pages.iter().filter(|page| page.is_changed()).count();
    match count {
        0 => String::new(),
        count => shell.t2("compare-pages", "count", count, "pages", found.pages.len()),
    }
}

/// The key of what is said when no word of the text differs.
fn notice(found: &Comparison) -> &'static str {
    let rest = found.fields.is_empty() && found.attachments.is_empty();
    match (found.is_text_changed(), found.is_main_replaced(), rest) {
        (true, _, _) => "",
        (false, false, true) => "compare-all-same",
        (false, false, false) => "compare-file-same",
        (false, true, _) => "compare-same",
    }
}

fn field_lines(shell: &Shell, kind: &Kind, found: &Comparison) -> Vec<FieldLine> {
    let lines = found.fields.iter().map(|change| {
        let mut fields = kind.fields().iter();
        let field = fields.find(|field| field.name == change.name);
        let label = field.and_then(|field| field.label.get(shell.locale()));
        let text = |value: Option<&chancery_types::FieldValue>| match value {
            Some(value) => value_text(shell, field, value, &found.names),
            None => shell.t("compare-empty"),
        };
        FieldLine {
            label: label.unwrap_or(&change.name).to_owned(),
            before: text(change.before.as_ref()),
            after: text(change.after.as_ref()),
        }
    });
    lines.collect()
}

fn file_lines(shell: &Shell, found: &Comparison) -> Vec<FileLine> {
    let start = |digest: Option<&String>| match digest {
        Some(digest) => digest.chars().take(12).collect(),
        None => shell.t("compare-empty"),
    };
    let lines = found.attachments.iter().map(|change| FileLine {
        name: change.name.clone(),
        change: shell.t(&format!("compare-file-{}", change.code())),
        before: start(change.before.as_ref()),
        after: start(change.after.as_ref()),
    });
    lines.collect()
}
