//! What a document's run asked and told outside, in the reader's words:
//! `partials/document/calls.html` takes it as `calls`.

use chancery_types::id::DocumentId;
use chancery_types::{FieldValue, Instant};
use chancery_workflow::Heard;

use super::view::When;
use crate::app::calls::{AskedLine, DocumentCalls, StandStill};
use crate::app::journals::OwnEntry;
use crate::app::{App, AppError};
use crate::web::pages::calls::state_pill;
use crate::web::{Desk, Shell};

/// Everything outside about a document.
pub struct CallsView {
    /// Its numbers in journals.
    pub entries: Vec<OwnEntry>,
    /// Whether the reader may open journals.
    pub sees_journals: bool,
    /// Why its run stands still.
    pub stands: Option<StandView>,
    /// The questions.
    pub asked: Vec<AskedView>,
    /// Who was told: name, pill, when.
    pub told: Vec<ToldView>,
}

/// A run that stands still.
pub struct StandView {
    /// Why, and where.
    pub stand: StandStill,
    /// Since when.
    pub at: When,
}

/// A question.
pub struct AskedView {
    /// Its name, and who was asked.
    pub name: String,
    /// What became of it, in words.
    pub heard: String,
    /// The pill.
    pub pill: &'static str,
    /// The parts of the answer.
    pub values: Vec<(String, String)>,
    /// Why there is none; may be empty.
    pub why: String,
    /// When it was asked.
    pub at: When,
}

/// A webhook.
pub struct ToldView {
    /// Its name.
    pub name: String,
    /// The pill and its text.
    pub pill: (&'static str, String),
    /// When it was written down.
    pub at: When,
}

impl CallsView {
    /// Of a document.
    pub async fn of(app: &App, desk: &Desk, id: DocumentId) -> Result<Self, AppError> {
        let found = app.document_calls(&desk.actor, id).await?;
        let entries = app.document_entries(&desk.actor, id).await?;
        Ok(Self::new(&desk.shell, found, entries))
    }

    fn new(shell: &Shell, found: DocumentCalls, entries: Vec<OwnEntry>) -> Self {
        Self {
            entries,
            sees_journals: shell
                .reader
                .as_ref()
                .is_some_and(|reader| reader.sees_journals),
            stands: found.stands.map(|stand| StandView {
                at: When::new(shell, stand.at.micros()),
                stand,
            }),
            asked: found.asked.iter().map(|one| asked(shell, one)).collect(),
            told: found
                .told
                .iter()
                .map(|line| ToldView {
                    name: line.name.clone(),
                    pill: state_pill(shell, line),
                    at: When::new(shell, line.created_at.micros()),
                })
                .collect(),
        }
    }

    /// Whether there is anything to show of calls.
    pub fn has_calls(&self) -> bool {
        !self.asked.is_empty() || !self.told.is_empty()
    }
}

fn asked(shell: &Shell, line: &AskedLine) -> AskedView {
    let (code, pill, why) = match &line.heard {
        Heard::Nothing => ("nothing", "going", ""),
        Heard::Answer { .. } => ("answer", "good", ""),
        Heard::Assumed { why, .. } => ("assumed", "attention", why.as_str()),
        Heard::Failure { why, .. } => ("failure", "bad", why.as_str()),
        Heard::Void => ("void", "plain", ""),
    };
    let values = line.values().into_iter().flatten();
    AskedView {
        name: format!("{} · {}", line.name, line.call),
        heard: shell.t(&format!("calls-heard-{code}")),
        pill,
        values: values
            .map(|(name, value)| (name.clone(), told(shell, value)))
            .collect(),
        why: why.to_owned(),
        at: When::new(shell, heard_at(line).micros()),
    }
}

const fn heard_at(line: &AskedLine) -> Instant {
    match &line.heard {
        Heard::Answer { at, .. } | Heard::Assumed { at, .. } | Heard::Failure { at, .. } => *at,
        Heard::Nothing | Heard::Void => line.at,
    }
}

fn told(shell: &Shell, value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Money(money) => shell.formats.money(money),
        FieldValue::Date(day) => shell.formats.civil_date(*day),
        FieldValue::Boolean(true) => shell.t("document-yes"),
        FieldValue::Boolean(false) => shell.t("document-no"),
        FieldValue::Reference(id) => id.to_string(),
    }
}
