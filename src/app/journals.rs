//! Journals: documents that effects of workflows have entered, each with a number of its own.
//!
//! Numbers count from one in each journal and year, without a gap: the count is a row that stays
//! locked until the step that entered the document is there as a whole.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::DocumentId;
use chancery_types::{Instant, Locale};
use chancery_workflow::{Journal, Vocabulary};
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::app::audit_log::{after, day_start};
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::registration::year_in;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{documents, journal_entries, organisations};
use crate::store::journal_entries::EntryFilter;

/// The most entries of one export.
pub const EXPORT_MAX: u64 = 20_000;

/// A journal in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Its identifier.
    pub id: String,
    /// Its title in the reader's language; the identifier of one that the vocabulary does not have
    /// any more.
    pub title: String,
    /// How many documents are entered in it.
    pub count: i64,
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default)]
pub struct EntryQuery {
    /// Only of this year.
    pub year: Option<i64>,
    /// From the beginning of this day in the organisation's time zone.
    pub from: Option<Date>,
    /// To the end of this day.
    pub until: Option<Date>,
}

/// A document in a journal.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// Its number there, as it is written.
    pub number: String,
    /// When it was entered.
    pub entered_at: Instant,
    /// The document.
    pub document: documents::Model,
    /// The other side, if there is one.
    pub counterparty: Option<String>,
}

/// A journal with some of its entries.
#[derive(Clone, Debug)]
pub struct JournalSheet {
    /// The journal.
    pub journal: JournalLine,
    /// The years in which it has entries, the newest first.
    pub years: Vec<i64>,
    /// The entries, the greatest number first.
    pub entries: Page<EntryLine>,
}

/// A document's number in a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEntry {
    /// The journal's identifier.
    pub journal: String,
    /// Its title in the reader's language.
    pub title: String,
    /// The number.
    pub number: String,
    /// When it was entered.
    pub entered_at: Instant,
}

/// What is entered.
pub(crate) struct NewEntry<'a> {
    /// Made of meaning: the same is entered once.
    pub(crate) key: String,
    /// The journal, as the run's workflow knows it.
    pub(crate) journal: &'a Journal,
    /// The document.
    pub(crate) document_id: Uuid,
    /// The run.
    pub(crate) run_id: Uuid,
    /// The version.
    pub(crate) version_id: Uuid,
}

/// Enters a document, once for its key, and answers the entry. Part of the caller's transaction: if
/// that fails, the number was never taken.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn enter(
    tx: &DatabaseTransaction,
    organisation: &organisations::Model,
    new: NewEntry<'_>,
    now: Instant,
) -> Result<journal_entries::Model, AppError> {
    let known = store::journal_entries::find_by_key(tx, organisation.id, &new.key).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let numbering = new.journal.numbering();
    let year = year_in(now, &organisation.time_zone);
    let taken =
        store::journals::update_journal(tx, organisation.id, numbering.journal(), year).await?;
    let entry = journal_entries::Model {
        id: entropy::id(now),
        organisation_id: organisation.id,
        key: new.key,
        journal: numbering.journal().to_owned(),
        year: i64::from(year),
        number: taken,
        text: numbering.format(year, u64::try_from(taken).unwrap_or(0)),
        document_id: new.document_id,
        run_id: new.run_id,
        version_id: new.version_id,
        entered_at: now.micros(),
    };
    store::journal_entries::insert(tx, entry.clone()).await?;
    Ok(entry)
}

fn title_of(vocabulary: &Vocabulary, id: &str, locale: Locale) -> String {
    let known = vocabulary.journals().get(id);
    known.map_or(id, |journal| journal.title(locale)).to_owned()
}

impl App {
    /// The journals of the vocabulary, and those that have entries from before.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see journals.
    pub async fn list_journals(&self, actor: &Actor) -> Result<Vec<JournalLine>, AppError> {
        allow_whole(actor, Action::SeeJournals)?;
        let organisation = actor.organisation.uuid();
        let reader = self.store.reader();
        let counted = store::journal_entries::count_by_journal(reader, organisation).await?;
        let counts: BTreeMap<String, i64> = counted.into_iter().collect();
        let vocabulary = self.chains.vocabulary();
        let ids: BTreeSet<&String> = vocabulary.journals().keys().chain(counts.keys()).collect();
        let lines = ids.into_iter().map(|id| JournalLine {
            id: id.clone(),
            title: title_of(vocabulary, id, actor.locale),
            count: counts.get(id).copied().unwrap_or(0),
        });
        let mut lines: Vec<JournalLine> = lines.collect();
        lines.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(lines)
    }

    /// A journal with the entries that are asked for, the greatest number first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see journals, or if there is no such journal;
    /// [`AppError::Invalid`] for a strange cursor.
    pub async fn load_journal(
        &self,
        actor: &Actor,
        journal: &str,
        query: &EntryQuery,
        page: &PageRequest,
    ) -> Result<JournalSheet, AppError> {
        let journals = self.list_journals(actor).await?;
        let known = journals.into_iter().find(|line| line.id == journal);
        let known = known.ok_or(AppError::Hidden)?;
        let mut filter = self.entry_filter(actor, journal, query).await?;
        filter.after = page.after.as_ref().map(place).transpose()?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows_max = page.rows_max.saturating_add(1);
        let rows = store::journal_entries::list(reader, organisation, &filter, rows_max).await?;
        let found = Page::of(rows, page.rows_max, |row| {
            Cursor::after(format!("{}.{}", row.year, row.number), row.id)
        });
        let (rows, next) = (found.rows, found.next);
        Ok(JournalSheet {
            journal: known,
            years: store::journal_entries::list_years(reader, organisation, journal).await?,
            entries: Page {
                rows: self.entry_lines(actor, rows).await?,
                next,
            },
        })
    }

    /// Every entry that is asked for, the greatest number first.
    ///
    /// # Errors
    ///
    /// As [`App::load_journal`]; `journal-too-long` if they are more than [`EXPORT_MAX`].
    pub async fn export_journal(
        &self,
        actor: &Actor,
        journal: &str,
        query: &EntryQuery,
    ) -> Result<(JournalLine, Vec<EntryLine>), AppError> {
        let page = PageRequest {
            after: None,
            rows_max: EXPORT_MAX,
        };
        let sheet = self.load_journal(actor, journal, query, &page).await?;
        if sheet.entries.next.is_some() {
            let max = EXPORT_MAX.to_string();
            return Err(AppError::refused_with("journal-too-long", [("max", max)]));
        }
        Ok((sheet.journal, sheet.entries.rows))
    }

    async fn entry_filter(
        &self,
        actor: &Actor,
        journal: &str,
        query: &EntryQuery,
    ) -> Result<EntryFilter, AppError> {
        let zone = self.time_zone(actor).await?;
        let start = |day: Date| day_start(day, &zone);
        Ok(EntryFilter {
            journal: journal.to_owned(),
            year: query.year,
            from: query.from.map(start).transpose()?,
            until: query.until.map(after).map(|day| start(day?)).transpose()?,
            after: None,
        })
    }

    async fn entry_lines(
        &self,
        actor: &Actor,
        rows: Vec<journal_entries::Model>,
    ) -> Result<Vec<EntryLine>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let concerned: BTreeSet<Uuid> = rows.iter().map(|row| row.document_id).collect();
        let mut documents = BTreeMap::new();
        // So many parameters at once at most, as databases take them.
        let concerned: Vec<Uuid> = concerned.into_iter().collect();
        for some in concerned.chunks(500) {
            let some: BTreeSet<Uuid> = some.iter().copied().collect();
            let found = store::documents::list_by_ids(reader, organisation, some).await?;
            documents.extend(found.into_iter().map(|row| (row.id, row)));
        }
        let all: Vec<documents::Model> = documents.values().cloned().collect();
        let mut names = BTreeMap::new();
        for some in all.chunks(500) {
            names.extend(self.counterparty_names(actor, some).await?);
        }
        let lines = rows.into_iter().filter_map(|row| {
            let document = documents.get(&row.document_id)?.clone();
            let counterparty = document.counterparty_id;
            Some(EntryLine {
                number: row.text,
                entered_at: Instant::from_micros(row.entered_at),
                counterparty: counterparty.and_then(|id| names.get(&id).cloned()),
                document,
            })
        });
        Ok(lines.collect())
    }

    /// A document's numbers in journals, for whoever may see the document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn document_entries(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<Vec<OwnEntry>, AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let reader = self.store.reader();
        self.own_entries(reader, &row, actor.locale).await
    }

    pub(crate) async fn own_entries(
        &self,
        connection: &impl ConnectionTrait,
        document: &documents::Model,
        locale: Locale,
    ) -> Result<Vec<OwnEntry>, AppError> {
        let (organisation, id) = (document.organisation_id, document.id);
        let rows = store::journal_entries::list_of_document(connection, organisation, id).await?;
        let vocabulary = self.chains.vocabulary();
        let own = rows.into_iter().map(|row| OwnEntry {
            title: title_of(vocabulary, &row.journal, locale),
            journal: row.journal,
            number: row.text,
            entered_at: Instant::from_micros(row.entered_at),
        });
        Ok(own.collect())
    }
}

/// The year and number that a cursor stands for.
fn place(cursor: &Cursor) -> Result<(i64, i64), AppError> {
    let read = || {
        let (year, number) = cursor.key.split_once('.')?;
        Some((year.parse().ok()?, number.parse().ok()?))
    };
    read().ok_or_else(|| AppError::invalid("cursor", "cursor"))
}
