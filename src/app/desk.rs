//! The desk: what waits for one person, how urgent it is, and what they did last; beside it what
//! their own documents want of them.

mod handed;
mod owed;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::id::{DocumentId, PersonId, TaskId};
use chancery_types::{FieldValue, Instant, Locale, Money};
use chancery_workflow::definition::Pick;
use chancery_workflow::{State, Task};
use uuid::Uuid;

use crate::app::absences::AbsenceRow;
use crate::app::directory::stage_picks;
use crate::app::page::Cursor;
use crate::app::route::{PoolMove, pool_move};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::desk::{DeskFilter, DeskPlace, DeskRow, Seat};

pub use owed::{OwedWork, Want};

/// How soon a task must be due to be urgent, in seconds: a day.
pub const URGENT_SECONDS: i64 = 86_400;
/// How many tasks that were done last are shown.
const RECENT_MAX: u64 = 5;
/// In how many people's place somebody may decide, as far as the desk tells them apart.
const HOLDERS_MAX: u64 = 50;

/// A place in the list of tasks, as the wire has it.
#[must_use]
pub fn cursor_of_place(place: &DeskPlace) -> String {
    Cursor::after(format!("{} {}", place.due, place.kind), place.id).encode()
}

/// Reads what [`cursor_of_place`] wrote.
///
/// # Errors
///
/// [`AppError::Invalid`] on the field `cursor`.
pub fn place_of_cursor(text: &str) -> Result<DeskPlace, AppError> {
    let cursor = Cursor::decode(text)?;
    let read = || {
        let (due, kind) = cursor.key.split_once(' ')?;
        Some(DeskPlace {
            kind: kind.to_owned(),
            due: due.parse().ok()?,
            id: cursor.id,
        })
    };
    read().ok_or_else(|| AppError::invalid("cursor", "cursor"))
}

/// What a person wants to see of their desk.
#[derive(Clone, Debug, Default)]
pub struct DeskQuery {
    /// Only documents of this kind.
    pub kind: Option<String>,
    /// Only what is due so.
    pub due: DueSpan,
    /// Only what this person holds: the actor, or somebody in whose place they may decide.
    pub holder: Option<PersonId>,
    /// Whether tasks are listed by kind first, and by urgency within each.
    pub is_by_kind: bool,
    /// Where the page before ended: [`Desk::next`].
    pub after: Option<DeskPlace>,
}

/// Whose tasks wait for the actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderTasks {
    /// The holder.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// How many.
    pub tasks_count: i64,
}

/// When a task is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DueSpan {
    /// At any time, or at none.
    #[default]
    Any,
    /// Overdue, or due within [`URGENT_SECONDS`].
    Urgent,
    /// Overdue.
    Overdue,
    /// Due within [`URGENT_SECONDS`], and not overdue.
    Soon,
}

impl DueSpan {
    /// What is urgent, or everything.
    #[must_use]
    pub const fn urgent_only(is_so: bool) -> Self {
        if is_so { Self::Urgent } else { Self::Any }
    }
}

/// One line of the desk.
#[derive(Clone, Debug)]
pub struct DeskTask {
    /// The task.
    pub task_id: TaskId,
    /// Its document.
    pub document_id: DocumentId,
    /// The document's title.
    pub title: String,
    /// The kind's identifier.
    pub kind: String,
    /// The kind's title in the reader's language.
    pub kind_title: String,
    /// The registration number.
    pub registration_number: Option<String>,
    /// With whom.
    pub counterparty_name: Option<String>,
    /// The amount, if the kind has one.
    pub amount: Option<Money>,
    /// The stage's title in the reader's language.
    pub stage_title: String,
    /// What is asked: `approve`, `sign`, `acknowledge`.
    pub stage_kind: String,
    /// Who holds it, if the person may decide, or decided, in their place.
    pub in_place_of: Option<String>,
    /// Who holds it, if the person handed it on.
    pub held_by: Option<String>,
    /// What may be done with it, if it is of a pool.
    pub pool: Option<PoolMove>,
    /// Whether it may be agreed to among others, without opening its document.
    pub is_bulk: bool,
    /// The version asked about.
    pub version_number: i64,
    /// Its digest.
    pub version_digest: String,
    /// The version that this person decided on last, if it is another one: the document changed.
    pub changed_since: Option<i64>,
    /// What was decided, if the task is done.
    pub decision: Option<String>,
    /// Since when it waits.
    pub opened_at: Instant,
    /// By when it is due.
    pub due_at: Option<Instant>,
    /// When it was done.
    pub closed_at: Option<Instant>,
    /// Whether the document's card says that it is urgent.
    pub is_marked_urgent: bool,
    /// Whether it is due within [`URGENT_SECONDS`] or overdue.
    pub is_urgent: bool,
    /// Whether it is overdue.
    pub is_overdue: bool,
}

/// How many open tasks there are of one kind of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindCount {
    /// The kind's identifier.
    pub kind: String,
    /// Its title in the reader's language.
    pub title: String,
    /// How many.
    pub tasks_count: i64,
}

/// A person's desk.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The open tasks that the query asks for, the soonest due first.
    pub tasks: Vec<DeskTask>,
    /// Where the next page begins, if there is one.
    pub next: Option<DeskPlace>,
    /// How many open tasks there are in all.
    pub open_count: i64,
    /// How many of them are urgent: overdue, or due within [`URGENT_SECONDS`].
    pub urgent_count: i64,
    /// How many of those are overdue.
    pub overdue_count: i64,
    /// How many of each kind.
    pub kinds: Vec<KindCount>,
    /// Whose they are, by name: the person's own, and those that they may decide in the place of
    /// others.
    pub holders: Vec<HolderTasks>,
    /// What the person did last, newest first.
    pub recent: Vec<DeskTask>,
    /// What they handed on and others decide in their name, the soonest due first.
    pub handed: Vec<DeskTask>,
    /// When they are or will be away themselves, the first first.
    pub absences: Vec<AbsenceRow>,
    /// What their own documents want of them, the longest waiting first, drafts last.
    pub owed: Vec<OwedWork>,
}

/// What a line of the desk says of its stage, by task.
#[derive(Default)]
struct Around {
    /// The stage's title in the reader's language.
    stages: BTreeMap<Uuid, String>,
    /// What may be done with a task of a pool.
    pools: BTreeMap<Uuid, PoolMove>,
    /// What may be agreed to among others.
    bulk: BTreeSet<Uuid>,
}

impl App {
    /// The actor's own open tasks. Needs no right but being a person.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever is not a person of the organisation.
    pub async fn list_my_tasks(&self, actor: &Actor, query: &DeskQuery) -> Result<Desk, AppError> {
        let own = actor.person().ok_or(AppError::Hidden)?.id;
        let person = own.uuid();
        let organisation = actor.organisation.uuid();
        let reader = self.store.reader();
        let now = self.now();
        let soon = now.plus_seconds(URGENT_SECONDS).micros();
        let rows_max = self.config.limits.page_rows_max.max(1);
        let filter = DeskFilter {
            kind: query.kind.clone(),
            ids: None,
            due_from: match query.due {
                DueSpan::Soon => Some(now.micros()),
                DueSpan::Any | DueSpan::Urgent | DueSpan::Overdue => None,
            },
            due_until: match query.due {
                DueSpan::Any => None,
                DueSpan::Urgent | DueSpan::Soon => Some(soon),
                DueSpan::Overdue => Some(now.micros()),
            },
            holder_id: query.holder.map(|holder| holder.uuid()),
            is_by_kind: query.is_by_kind,
            after: query.after.clone(),
        };
        let seat = self.seat_of(actor).await?;
        let mut rows =
            store::desk::list_open_tasks(reader, &seat, &filter, rows_max.saturating_add(1))
                .await?;
        let page = usize::try_from(rows_max).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let last = rows.last().map(|row| DeskPlace {
            kind: row.kind.clone(),
            due: row.due_at.unwrap_or(i64::MAX),
            id: row.id,
        });
        let counts = store::desk::list_open_counts(reader, &seat, soon).await?;
        let overdue = store::desk::list_open_counts(reader, &seat, now.micros()).await?;
        let holders = store::desk::list_open_holders(reader, &seat, HOLDERS_MAX).await?;
        let recent = store::desk::list_done_tasks(reader, organisation, person, RECENT_MAX).await?;
        Ok(Desk {
            next: last.filter(|_| more),
            tasks: self.desk_lines(actor, rows).await?,
            open_count: counts.iter().map(|count| count.tasks_count).sum(),
            urgent_count: counts.iter().map(|count| count.urgent_count).sum(),
            overdue_count: overdue.iter().map(|count| count.urgent_count).sum(),
            kinds: counts
                .into_iter()
                .map(|count| KindCount {
                    title: self.kind_title(&count.kind, actor.locale),
                    kind: count.kind,
                    tasks_count: count.tasks_count,
                })
                .collect(),
            holders: holders
                .into_iter()
                .map(|row| HolderTasks {
                    id: row.holder_id.into(),
                    name: row.name,
                    tasks_count: row.tasks_count,
                })
                .collect(),
            recent: self.desk_lines(actor, recent).await?,
            handed: self.list_handed(actor, own).await?,
            absences: self.absences_of(actor.organisation, own).await?,
            owed: self.list_owed(organisation, person).await?,
        })
    }

    /// Tasks as the desk says them.
    pub(super) async fn desk_lines(
        &self,
        actor: &Actor,
        rows: Vec<DeskRow>,
    ) -> Result<Vec<DeskTask>, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let documents: Vec<Uuid> = rows.iter().map(|row| row.document_id).collect();
        let acted: BTreeMap<Uuid, i64> =
            store::desk::list_versions_acted_on(reader, organisation, person, &documents)
                .await?
                .into_iter()
                .collect();
        let around = self.around(actor, rows.iter()).await?;
        let now = self.now();
        let lines = rows.into_iter().map(|row| {
            // Of what they did in another's place the history tells.
            let holder = row.holder_name.clone();
            let holder = holder.filter(|_| row.holder_id.is_some_and(|id| id != person));
            let pool = around.pools.get(&row.id).copied();
            let task = self.desk_task(row, &acted, &around, actor.locale, now);
            DeskTask {
                is_bulk: task.is_bulk && pool != Some(PoolMove::Take),
                pool,
                in_place_of: holder,
                ..task
            }
        });
        Ok(lines.collect())
    }

    /// What the definitions and the runs say of these tasks.
    async fn around<'r>(
        &self,
        actor: &Actor,
        rows: impl Iterator<Item = &'r DeskRow>,
    ) -> Result<Around, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let person = actor.person().map(|person| person.id.uuid());
        let mut around = Around::default();
        for row in rows {
            let definition = self
                .definition_of(reader, organisation, &row.definition_digest)
                .await?;
            let stage = definition.stage(&row.path);
            let title = stage.and_then(|stage| stage.title.get(actor.locale));
            let title = title.unwrap_or(&row.path).to_owned();
            around.stages.insert(row.id, title);
            if stage.is_some_and(|stage| stage.allows.bulk) && row.decision.is_none() {
                around.bulk.insert(row.id);
            }
            let is_pooled = stage.is_some_and(|stage| stage_picks(stage, Pick::Pool));
            if is_pooled && row.holder_id == person && row.decision.is_none() {
                let may = self.pool_of(organisation, row).await?;
                around.pools.extend(may.map(|may| (row.id, may)));
            }
        }
        Ok(around)
    }

    /// What may be done with an open task of a pool.
    async fn pool_of(
        &self,
        organisation: Uuid,
        row: &DeskRow,
    ) -> Result<Option<PoolMove>, AppError> {
        let state = self.state_of(organisation, row).await?;
        Ok(open_task(&state, row).and_then(|task| pool_move(&state, task)))
    }

    /// The state of the run that a task is of.
    async fn state_of(&self, organisation: Uuid, row: &DeskRow) -> Result<State, AppError> {
        let reader = self.store.reader();
        let run = store::runs::load_run(reader, organisation, row.run_id).await?;
        serde_json::from_str(&run.state)
            .map_err(|error| AppError::internal(format!("run {}: {error}", run.id)))
    }

    /// Whose open tasks `actor` may decide.
    pub(super) async fn seat_of(&self, actor: &Actor) -> Result<Seat, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?.id;
        let reader = self.store.reader();
        Ok(Seat {
            organisation_id: actor.organisation.uuid(),
            person_id: person.uuid(),
            standing: self
                .list_standing(reader, actor.organisation, person)
                .await?,
        })
    }

    /// How many tasks, returned documents, documents with open remarks and questions wait for the
    /// actor.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn count_own_work(&self, actor: &Actor) -> Result<u64, AppError> {
        let Some(person) = actor.person() else {
            return Ok(0);
        };
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let seat = self.seat_of(actor).await?;
        let tasks = store::desk::count_open_tasks(reader, &seat).await?;
        let owed = store::owed::count_owed(reader, organisation, person.id.uuid()).await?;
        Ok(tasks.saturating_add(owed))
    }

    pub(super) fn kind_title(&self, kind: &str, locale: Locale) -> String {
        let known = self.chains.kinds().get(kind);
        known.map_or(kind, |kind| kind.title(locale)).to_owned()
    }

    fn desk_task(
        &self,
        row: DeskRow,
        acted: &BTreeMap<Uuid, i64>,
        around: &Around,
        locale: Locale,
        now: Instant,
    ) -> DeskTask {
        let card: Card = serde_json::from_str(&row.card).unwrap_or_default();
        let kind = self.chains.kinds().get(&row.kind);
        let field = kind.and_then(|kind| kind.list().amount.clone());
        let amount = match field.and_then(|name| card.get(&name).cloned()) {
            Some(FieldValue::Money(money)) => Some(money),
            _ => None,
        };
        let urgent = kind.and_then(|kind| kind.list().urgent.as_ref());
        let is_marked_urgent =
            urgent.and_then(|name| card.get(name)) == Some(&FieldValue::Boolean(true));
        let due_at = row.due_at.map(Instant::from_micros);
        let before = acted.get(&row.document_id).copied();
        DeskTask {
            task_id: row.id.into(),
            document_id: row.document_id.into(),
            kind_title: self.kind_title(&row.kind, locale),
            stage_title: around.stages.get(&row.id).unwrap_or(&row.path).clone(),
            title: row.title,
            kind: row.kind,
            registration_number: row.registration_number,
            counterparty_name: row.counterparty_name,
            amount,
            stage_kind: row.stage_kind,
            in_place_of: None,
            held_by: None,
            pool: None,
            is_bulk: around.bulk.contains(&row.id),
            version_number: row.version_number,
            version_digest: row.version_digest,
            changed_since: before.filter(|number| *number < row.version_number),
            decision: row.decision,
            opened_at: Instant::from_micros(row.opened_at),
            closed_at: row.closed_at.map(Instant::from_micros),
            is_marked_urgent,
            is_urgent: due_at.is_some_and(|due| due <= now.plus_seconds(URGENT_SECONDS)),
            is_overdue: due_at.is_some_and(|due| due < now),
            due_at,
        }
    }
}

/// A task in the state of its run, while it is open.
fn open_task<'s>(state: &'s State, row: &DeskRow) -> Option<&'s Task> {
    let mut open = state.open_tasks();
    let found = open.find(|(number, _)| i64::from(number.0) == row.number);
    found.map(|(_, task)| task)
}
