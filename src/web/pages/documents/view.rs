//! A document in the reader's words.

use std::collections::BTreeMap;

use chancery_types::id::DocumentId;
use chancery_types::{FieldValue, Instant, Locale};
use chancery_workflow::Kind;
use chancery_workflow::kind::Field;
use uuid::Uuid;

use super::place::PlacesView;
use super::relatives::RelativesView;
use crate::app::catalogue::card_of_row;
use crate::app::documents::Duplicate;
use crate::app::pages::PagePlace;
use crate::app::reading::{DocumentSheet, HistoryEvent};
use crate::app::{App, AppError};
use crate::domain::document::DocumentState;
use crate::store::entity::documents;
use crate::web::{Desk, Shell, history};

/// The kinds that documents may be started of, with their titles: those of the base pack in its
/// order, then the others by title; all by identifier where there are no packs.
pub fn kinds(app: &App, locale: Locale) -> Vec<(String, String)> {
    let mut kinds: Vec<(String, String)> = app
        .offered_kinds()
        .map(|kind| (kind.id().to_owned(), kind.title(locale).to_owned()))
        .collect();
    if let Some(base) = app.chains.packs().get("base") {
        let place = |id: &str| base.kinds().iter().position(|name| name == id);
        kinds.sort_by_key(|(id, title)| (place(id).unwrap_or(usize::MAX), title.to_lowercase()));
    }
    kinds
}

/// The states with their words.
pub fn states(shell: &Shell) -> Vec<(String, String)> {
    let states = DocumentState::ALL.into_iter();
    states
        .map(|state| (state.code().to_owned(), state_text(shell, state.code())))
        .collect()
}

fn state_text(shell: &Shell, code: &str) -> String {
    shell.t(&format!("document-state-{}", code.replace('_', "-")))
}

/// The state in words; `awaits_signature` if nobody decides any more.
fn state_now(shell: &Shell, code: &str, awaits_signature: bool) -> String {
    match awaits_signature {
        true => shell.t("document-state-in-run-signing"),
        false => state_text(shell, code),
    }
}

fn pill_of(code: &str) -> &'static str {
    match DocumentState::from_code(code) {
        Some(DocumentState::InRun) => "going",
        Some(DocumentState::Rework) => "attention",
        Some(DocumentState::Effective) => "good",
        Some(DocumentState::Rejected) => "bad",
        Some(DocumentState::Draft | DocumentState::Withdrawn) | None => "plain",
    }
}

/// A moment in the three ways that pages show it.
pub struct When {
    /// For `datetime`.
    pub machine: String,
    /// On hover.
    pub exact: String,
    /// As it is read.
    pub relative: String,
}

impl When {
    /// In the reader's words.
    pub fn new(shell: &Shell, micros: i64) -> Self {
        let at = Instant::from_micros(micros);
        Self {
            machine: shell.formats.machine(at),
            exact: shell.formats.exact(at),
            relative: shell.formats.relative(at, shell.now),
        }
    }
}

/// A line of the list.
pub struct DocumentLine {
    /// The document.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its number; may be empty.
    pub number: String,
    /// Its kind's title.
    pub kind: String,
    /// The counterparty; may be empty.
    pub counterparty: String,
    /// The amount; may be empty.
    pub amount: String,
    /// Its state in words.
    pub state: String,
    /// The state's pill.
    pub pill: &'static str,
    /// When it was changed.
    pub changed: When,
}

/// The list's lines.
pub async fn lines(
    app: &App,
    desk: &Desk,
    rows: &[documents::Model],
) -> Result<Vec<DocumentLine>, AppError> {
    let shell = &desk.shell;
    let names = app.counterparty_names(&desk.actor, rows).await?;
    let signing = app.awaiting_signature(&desk.actor, rows).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let kind = app.kind_of_row(&row.kind)?;
        let card = card_of_row(&row.card)?;
        let amount = kind
            .list()
            .amount
            .as_ref()
            .and_then(|field| card.get(field));
        let counterparty = row.counterparty_id.and_then(|id| names.get(&id));
        lines.push(DocumentLine {
            id: row.id.to_string(),
            title: row.title.clone(),
            number: row.registration_number.clone().unwrap_or_default(),
            kind: kind.title(shell.locale()).to_owned(),
            counterparty: counterparty.cloned().unwrap_or_default(),
            amount: match amount {
                Some(FieldValue::Money(money)) => shell.formats.money(money),
                _ => String::new(),
            },
            state: state_now(shell, &row.state, signing.contains(&row.id)),
            pill: pill_of(&row.state),
            changed: When::new(shell, row.updated_at),
        });
    }
    Ok(lines)
}

/// A version in the list of versions.
pub struct VersionLine {
    /// Its number.
    pub number: i64,
    /// Who brought it.
    pub author: String,
    /// When.
    pub at: When,
    /// What changed; may be empty.
    pub comment: String,
    /// The main file's name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// The first characters of the version's digest.
    pub digest: String,
    /// Whether it is the one shown.
    pub is_shown: bool,
}

/// A further file.
pub struct AttachmentLine {
    /// Its place, from 1.
    pub position: i64,
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: String,
}

/// An event in words.
pub struct HistoryLine {
    /// When.
    pub at: When,
    /// Who.
    pub actor: String,
    /// What.
    pub text: String,
    /// What they said with it.
    pub words: Vec<String>,
}

/// What was said with the step that led to the present state.
struct LastWords;

impl LastWords {
    /// Whether `event` is such a step for a document in `state`.
    fn belongs(state: Option<DocumentState>, event: &HistoryEvent) -> bool {
        let decision = event.details.get("decision").and_then(|code| code.as_str());
        match state {
            // Where a stage says so, a rejection sends it back as a return does.
            Some(DocumentState::Rework) => matches!(decision, Some("return" | "reject")),
            Some(DocumentState::Rejected) => decision == Some("reject"),
            Some(DocumentState::Withdrawn) => {
                matches!(
                    event.action.as_str(),
                    "run.withdrawn" | "run.cancelled" | "document.withdrawn"
                )
            }
            // Somebody may have returned it although others still decide.
            Some(DocumentState::InRun) => {
                event.action == "run.resubmitted" || matches!(decision, Some("return" | "reject"))
            }
            Some(DocumentState::Draft | DocumentState::Effective) | None => false,
        }
    }

    /// Those of the present round, newest first: several may have returned a document at once.
    fn of(shell: &Shell, state: &str, history: &[HistoryEvent]) -> Vec<HistoryLine> {
        let state = DocumentState::from_code(state);
        let mut lines = Vec::new();
        for event in history {
            if Self::belongs(state, event) {
                lines.push(line(shell, event));
            }
            if event.action == "run.started" || event.action == "run.resubmitted" {
                break;
            }
        }
        lines.retain(|line| !line.words.is_empty());
        lines
    }
}

/// Everything beside the route.
pub struct SheetView {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its number; may be empty.
    pub number: String,
    /// Its kind's title.
    pub kind: String,
    /// Its state in words.
    pub state: String,
    /// The state's pill.
    pub pill: &'static str,
    /// Label and value of every filled field.
    pub card: Vec<(String, String)>,
    /// Who created it.
    pub initiator: String,
    /// The version shown.
    pub version: i64,
    /// Whether it is not the newest.
    pub is_old: bool,
    /// Its pages.
    pub pages: Vec<PagePlace>,
    /// Every version.
    pub versions: Vec<VersionLine>,
    /// The shown version's attachments.
    pub attachments: Vec<AttachmentLine>,
    /// Other documents with the same file.
    pub duplicates: Vec<Duplicate>,
    /// What belongs to it, and what it belongs to.
    pub relatives: RelativesView,
    /// What happened.
    pub history: Vec<HistoryLine>,
    /// Why it was returned, rejected or withdrawn, or what the initiator answered.
    pub last_words: Vec<HistoryLine>,
    /// The class of that notice.
    pub last_words_class: &'static str,
    /// Whether it is over without having come into effect: a new one may be made of its card.
    pub is_over: bool,
    /// Whether it is being prepared, approved or reworked.
    pub is_underway: bool,
    /// The version that the reader last acted on; 0 if none is older.
    pub compare_from: i64,
    /// Whether the reader may change it.
    pub is_editable: bool,
    /// What is said of places on its pages.
    pub places: PlacesView,
}

/// A card's value in the reader's words.
pub fn value_text(
    shell: &Shell,
    field: Option<&Field>,
    value: &FieldValue,
    names: &BTreeMap<Uuid, String>,
) -> String {
    match value {
        FieldValue::Text(text) => {
            let mut choices = field.into_iter().flat_map(|field| &field.choices);
            let choice = choices.find(|choice| choice.code == *text);
            let title = choice.and_then(|choice| choice.title.get(shell.locale()));
            title.unwrap_or(text).to_owned()
        }
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Money(money) => shell.formats.money(money),
        FieldValue::Date(date) => shell.formats.civil_date(*date),
        FieldValue::Boolean(true) => shell.t("document-yes"),
        FieldValue::Boolean(false) => shell.t("document-no"),
        FieldValue::Reference(id) => names.get(id).cloned().unwrap_or_default(),
    }
}

impl SheetView {
    /// In the reader's words.
    pub fn new(shell: &Shell, kind: &Kind, sheet: DocumentSheet) -> Self {
        let name = |id: &Uuid| sheet.names.get(id).cloned().unwrap_or_default();
        let size = |bytes: i64| shell.formats.size(u64::try_from(bytes).unwrap_or(0));
        let state = DocumentState::from_code(&sheet.document.state);
        let newest = sheet.versions.first().map_or(0, |version| version.number);
        let versions = sheet.versions.iter().map(|version| VersionLine {
            number: version.number,
            author: name(&version.author_id),
            at: When::new(shell, version.created_at),
            comment: version.comment.clone().unwrap_or_default(),
            name: version.main_name.clone(),
            size: size(version.main_size_bytes),
            digest: version.main_digest.chars().take(12).collect(),
            is_shown: version.number == sheet.version.number,
        });
        let attachments = sheet.attachments.iter().map(|file| AttachmentLine {
            position: file.position,
            name: file.name.clone(),
            size: size(file.size_bytes),
        });
        let card = kind.fields().iter().filter_map(|field| {
            let label = field.label.get(shell.locale()).unwrap_or(&field.name);
            let value = sheet.card.get(&field.name)?;
            let value = value_text(shell, Some(field), value, &sheet.names);
            Some((label.to_owned(), value))
        });
        Self {
            id: sheet.document.id.into(),
            title: sheet.document.title.clone(),
            number: sheet
                .document
                .registration_number
                .clone()
                .unwrap_or_default(),
            kind: kind.title(shell.locale()).to_owned(),
            state: state_now(shell, &sheet.document.state, sheet.awaits_signature),
            pill: pill_of(&sheet.document.state),
            card: card.collect(),
            initiator: name(&sheet.document.initiator_id),
            version: sheet.version.number,
            is_old: sheet.version.number < newest,
            versions: versions.collect(),
            attachments: attachments.collect(),
            history: sheet
                .history
                .iter()
                .map(|event| line(shell, event))
                .collect(),
            last_words: LastWords::of(shell, &sheet.document.state, &sheet.history),
            last_words_class: match state {
                Some(DocumentState::Rejected) => "bad",
                Some(DocumentState::Rework) => "attention",
                _ => "plain",
            },
            is_over: matches!(
                state,
                Some(DocumentState::Rejected | DocumentState::Withdrawn)
            ),
            is_underway: matches!(
                state,
                Some(DocumentState::Draft | DocumentState::InRun | DocumentState::Rework)
            ),
            compare_from: sheet.compare_from.unwrap_or(0),
            is_editable: sheet.is_editable,
            places: PlacesView::default(),
            pages: sheet.pages,
            duplicates: sheet.duplicates,
            relatives: RelativesView::new(shell, sheet.relatives),
        }
    }
}

fn line(shell: &Shell, event: &HistoryEvent) -> HistoryLine {
    let mut words = history::words(&event.details);
    // What the workflow says to whoever reworks a document that was rejected.
    let note = event.details.get("note");
    let note = note.and_then(|note| note.get(shell.lang())?.as_str());
    words.extend(note.map(str::to_owned));
    HistoryLine {
        at: When::new(shell, event.at.micros()),
        actor: history::actor(shell, &event.action, &event.actor_kind, &event.actor_name),
        text: history::sentence(shell, &event.action, &event.details, &event.names),
        words,
    }
}
