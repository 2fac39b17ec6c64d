//! Where the documents that are under way stand: for whoever started them, and for whoever heads
//! those who did.

use std::collections::BTreeMap;

use chancery_types::Instant;
use chancery_types::id::{DocumentId, PersonId};
use uuid::Uuid;

use crate::app::documents::departments_seen;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::progress::{AskedRow, MoveRow, ProgressFilter, ProgressRow};

/// How many people are told of at most.
const HOLDERS_MAX: u64 = 200;
/// How far back decisions are counted, in days.
pub const PACE_DAYS: i64 = 30;

/// Whose documents are told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those that the reader started.
    #[default]
    Mine,
    /// Those of the departments that the reader heads or may read; of the whole organisation for
    /// those who see everything.
    Department,
}

/// What a reader wants to see.
#[derive(Clone, Debug, Default)]
pub struct ProgressQuery {
    /// Whose documents.
    pub scope: Scope,
    /// Only what is late.
    pub only_late: bool,
    /// Only what waits for this person.
    pub holder: Option<PersonId>,
}

/// A document under way.
#[derive(Clone, Debug)]
pub struct ProgressLine {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its kind's title in the reader's language.
    pub kind_title: String,
    /// Its number.
    pub registration_number: Option<String>,
    /// Who started it.
    pub initiator_name: String,
    /// Where it stands.
    pub stands: Stands,
    /// Since when it waits.
    pub since: Instant,
    /// By when the next decision is due.
    pub due_at: Option<Instant>,
    /// Whether that instant is past.
    pub is_late: bool,
}

/// Where a document stands, and whose move it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It was returned: these people's, by name; its initiator's, if nobody is named.
    Rework {
        /// To whom it was returned.
        names: Vec<String>,
    },
    /// These stages, by their titles, and who decides there, by name.
    Stages {
        /// The open stages.
        titles: Vec<String>,
        /// Their holders, but for a counterparty whose question waits.
        names: Vec<String>,
        /// Counterparties whose questions wait: then it is the initiator's move.
        asking: Vec<String>,
    },
    /// An administrator's: the run stands still since an incident.
    Incident,
    /// Nobody's: a stage without people waits for an answer from elsewhere.
    Machine,
}

/// What one person holds.
#[derive(Clone, Debug)]
pub struct HolderLine {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// How many tasks wait for them.
    pub tasks_count: i64,
    /// How many of them are late.
    pub late_count: i64,
    /// Since when the oldest waits, if any does.
    pub since: Option<Instant>,
    /// How many tasks they did in the last [`PACE_DAYS`].
    pub done_count: i64,
    /// How long those waited for them on average, in seconds, by the calendar; if there were any.
    pub mean_seconds: Option<i64>,
}

/// The documents under way, as one reader sees them.
#[derive(Clone, Debug)]
pub struct Progress {
    /// A page of the documents asked for, what is due first first.
    pub page: Page<ProgressLine>,
    /// How many there are of the scope in all.
    pub documents_count: u64,
    /// How many of them are late, of those of the person who was asked for if one was.
    pub late_count: u64,
    /// Who holds what of the scope; empty for one's own documents.
    pub holders: Vec<HolderLine>,
}

impl App {
    /// Whether `actor` sees more documents than their own.
    #[must_use]
    pub fn sees_department(&self, actor: &Actor) -> bool {
        let person = actor.person();
        person.is_some_and(|person| departments_seen(person).is_none_or(|all| !all.is_empty()))
    }

    /// Whether those are all of the organisation, and not of some departments.
    #[must_use]
    pub fn sees_organisation(&self, actor: &Actor) -> bool {
        let person = actor.person();
        person.is_some_and(|person| departments_seen(person).is_none())
    }

    /// Where the documents that are under way stand.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is no person, and for the departments' documents whoever
    /// sees none.
    pub async fn list_progress(
        &self,
        actor: &Actor,
        query: &ProgressQuery,
        request: &PageRequest,
    ) -> Result<Progress, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let now = self.now();
        let scope = match query.scope {
            Scope::Mine => ProgressFilter {
                initiator_id: Some(person.id.uuid()),
                ..ProgressFilter::default()
            },
            Scope::Department if self.sees_department(actor) => ProgressFilter {
                departments: departments_seen(person),
                ..ProgressFilter::default()
            },
            Scope::Department => return Err(AppError::Hidden),
        };
        let late = ProgressFilter {
            due_before: Some(now.micros()),
            holder_id: query.holder.map(|person| person.uuid()),
            ..scope.clone()
        };
        let after = request.after.as_ref();
        let after = after.map(|cursor| Ok::<_, AppError>((cursor.micros()?, cursor.id)));
        let filter = ProgressFilter {
            due_before: query.only_late.then_some(now.micros()),
            holder_id: query.holder.map(|person| person.uuid()),
            after: after.transpose()?,
            ..scope.clone()
        };
        let asked = request.rows_max.saturating_add(1);
        let rows = store::progress::list_progress(reader, organisation, &filter, asked).await?;
        let rows = Page::of(rows, request.rows_max, |row| {
            Cursor::after(row.due_at.unwrap_or(i64::MAX), row.id)
        });
        Ok(Progress {
            page: Page {
                rows: self.progress_lines(actor, rows.rows, now).await?,
                next: rows.next,
            },
            documents_count: store::progress::count_progress(reader, organisation, &scope).await?,
            late_count: store::progress::count_progress(reader, organisation, &late).await?,
            holders: match query.scope {
                Scope::Mine => Vec::new(),
                Scope::Department => self.list_holders(organisation, &scope, now).await?,
            },
        })
    }

    async fn progress_lines(
        &self,
        actor: &Actor,
        rows: Vec<ProgressRow>,
        now: Instant,
    ) -> Result<Vec<ProgressLine>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut moves: BTreeMap<Uuid, Moves> = BTreeMap::new();
        for row in store::progress::list_moves(reader, organisation, &ids).await? {
            moves.entry(row.document_id).or_default().open.push(row);
        }
        for row in store::progress::list_asked(reader, organisation, &ids).await? {
            moves.entry(row.document_id).or_default().asked.push(row);
        }
        let mut lines = Vec::with_capacity(ids.len());
        for row in rows {
            let moves = moves.remove(&row.id).unwrap_or_default();
            lines.push(self.progress_line(actor, row, &moves, now).await?);
        }
        Ok(lines)
    }

    async fn list_holders(
        &self,
        organisation: Uuid,
        scope: &ProgressFilter,
        now: Instant,
    ) -> Result<Vec<HolderLine>, AppError> {
        let reader = self.store.reader();
        let rows =
            store::progress::list_holders(reader, organisation, scope, now.micros(), HOLDERS_MAX)
                .await?;
        let lines = rows.into_iter().map(|row| HolderLine {
            id: row.person_id.into(),
            name: row.name,
            tasks_count: row.tasks_count,
            late_count: row.late_count,
            since: Some(Instant::from_micros(row.opened_at)),
            done_count: 0,
            mean_seconds: None,
        });
        let mut lines: Vec<HolderLine> = lines.collect();
        let since = now.plus_seconds(-PACE_DAYS * 86_400).micros();
        let paces =
            store::progress::list_paces(reader, organisation, scope, since, HOLDERS_MAX).await?;
        for pace in paces {
            let mean_seconds = pace.waited_seconds.checked_div(pace.done_count);
            let known = lines
                .iter_mut()
                .find(|line| line.id.uuid() == pace.person_id);
            match known {
                Some(line) => {
                    (line.done_count, line.mean_seconds) = (pace.done_count, mean_seconds);
                }
                None => lines.push(HolderLine {
                    id: pace.person_id.into(),
                    name: pace.name,
                    tasks_count: 0,
                    late_count: 0,
                    since: None,
                    done_count: pace.done_count,
                    mean_seconds,
                }),
            }
        }
        Ok(lines)
    }

    async fn progress_line(
        &self,
        actor: &Actor,
        row: ProgressRow,
        moves: &Moves,
        now: Instant,
    ) -> Result<ProgressLine, AppError> {
        let stands = match (row.state.as_str(), row.incident_at, moves.open.as_slice()) {
            (_, Some(_), _) => Stands::Incident,
            ("rework", None, _) => self.returned_to(actor, &row).await?,
            (_, None, []) => Stands::Machine,
            (_, None, _) => self.open_stages(actor, &row, moves).await?,
        };
        Ok(ProgressLine {
            id: row.id.into(),
            kind_title: self.kind_title(&row.kind, actor.locale),
            title: row.title,
            registration_number: row.registration_number,
            initiator_name: row.initiator_name,
            stands,
            since: Instant::from_micros(match row.incident_at {
                Some(since) => since,
                None => moves.since().unwrap_or(row.updated_at),
            }),
            due_at: row.due_at.map(Instant::from_micros),
            is_late: row.due_at.is_some_and(|due| due < now.micros()),
        })
    }

    async fn returned_to(&self, actor: &Actor, row: &ProgressRow) -> Result<Stands, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let reworkers = store::reworkers::list_reworkers(reader, organisation, row.id).await?;
        if reworkers.is_empty() {
            return Ok(Stands::Rework { names: Vec::new() });
        }
        let names = self.names_of_document(reader, organisation, row.id).await?;
        let people: Vec<PersonId> = reworkers.into_iter().map(Into::into).collect();
        let names = names.all(&people);
        Ok(Stands::Rework { names })
    }

    async fn open_stages(
        &self,
        actor: &Actor,
        row: &ProgressRow,
        moves: &Moves,
    ) -> Result<Stands, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let kept = self.definition_of(reader, organisation, &row.definition_digest);
        let definition = match kept.await {
            Ok(definition) => Some(definition),
            // One that cannot be read keeps nobody from the rest of the list.
            Err(AppError::Internal(why)) => {
                let document = row.id;
                tracing::error!(%document, "a kept definition cannot be read: {why}");
                None
            }
            Err(other) => return Err(other),
        };
        let (mut titles, mut names, mut asking) = (Vec::new(), Vec::new(), Vec::new());
        for open in &moves.open {
            let stage = definition.as_ref().and_then(|kept| kept.stage(&open.path));
            let title = stage.and_then(|stage| stage.title.get(actor.locale));
            let title = title.unwrap_or(&open.path).to_owned();
            let name = open.person_name.as_ref().or(open.contact_name.as_ref());
            push_new(&mut titles, Some(title));
            match moves.question_of(open) {
                Some(_) => push_new(&mut asking, name.cloned()),
                None => push_new(&mut names, name.cloned()),
            }
        }
        Ok(Stands::Stages {
            titles,
            names,
            asking,
        })
    }
}

/// Whose move it is in one document.
#[derive(Debug, Default)]
struct Moves {
    /// Its open tasks, the oldest first.
    open: Vec<MoveRow>,
    /// Questions of counterparties that nobody has answered.
    asked: Vec<AskedRow>,
}

impl Moves {
    /// The question of a counterparty who holds a task: until it is answered, they wait.
    fn question_of(&self, open: &MoveRow) -> Option<&AskedRow> {
        let contact = open.contact_id?;
        self.asked.iter().find(|asked| asked.contact_id == contact)
    }

    /// Since when somebody's move is waited for, in microseconds.
    fn since(&self) -> Option<i64> {
        let moves = self.open.iter();
        let since = moves.map(|open| match self.question_of(open) {
            Some(asked) => asked.asked_at,
            None => open.opened_at,
        });
        since.min()
    }
}

/// Adds a word that is not there yet.
fn push_new(words: &mut Vec<String>, word: Option<String>) {
    if let Some(word) = word.filter(|word| !words.contains(word)) {
        words.push(word);
    }
}
