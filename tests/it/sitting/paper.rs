//! The document of an invented run, and what the tables have of it.

use std::collections::{BTreeMap, BTreeSet};

use chancery::entropy;
use chancery::store::entity::{
    documents, outbox, reworkers, run_events, runs, tasks, timers, versions,
};
use chancery_types::field::Card;
use chancery_types::id::{DocumentId, OrganisationId};
use chancery_workflow::{Assignee, Event, EventKind, Version};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};
use uuid::Uuid;

use crate::shared::company::{COUNTERPARTY, department, person};
use crate::support::TestApp;

/// Tables of which every row is counted: nothing may be in them that no step has written.
const COUNTED: [&str; 12] = [
    "audit_events",
    "run_events",
    "remarks",
    "definitions",
    "detached_signatures",
    "documents",
    "jobs",
    "links",
    "outbox",
    "runs",
    "stand_ins",
    "tasks",
];

/// A document.
pub struct Paper<'h> {
    house: &'h TestApp,
    organisation: OrganisationId,
    pub id: DocumentId,
}

/// What is stored of a document and its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub document: documents::Model,
    pub run: Option<runs::Model>,
    pub tasks: Vec<tasks::Model>,
    pub timers: Vec<timers::Model>,
    pub reworkers: BTreeSet<Uuid>,
    /// The digests of its versions, by row.
    pub versions: BTreeMap<Uuid, (i64, String)>,
    /// The keys of the letters about it.
    pub letters: BTreeSet<String>,
    /// How many rows there are in all, by table.
    pub counts: BTreeMap<&'static str, i64>,
}

impl<'h> Paper<'h> {
    /// A draft without a version.
    pub async fn draft(house: &'h TestApp, organisation: OrganisationId) -> Self {
        let id = entropy::id(house.app.now());
        let row = documents::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation.uuid()),
            kind: Set("contract".to_owned()),
            title: Set("Договор".to_owned()),
            card: Set("{}".to_owned()),
            state: Set("draft".to_owned()),
            initiator_id: Set(person("olga").uuid()),
            department_id: Set(Some(department("sales").uuid())),
            counterparty_id: Set(Some(COUNTERPARTY)),
            registration_number: Set(None),
            registered_at: Set(None),
            current_version_id: Set(None),
            search_text: Set("договор".to_owned()),
            created_at: Set(0),
            updated_at: Set(0),
            row_version: Set(0),
        };
        let writer = house.app.store.writer();
        row.insert(writer).await.expect("a document");
        Self {
            house,
            organisation,
            id: id.into(),
        }
    }

    /// Writes what must be there before an event can arrive: the draft of whoever starts it, the
    /// version that somebody brings, which gets the next number, as it does in the house. Says
    /// whether there was anything to write.
    pub async fn prepare(&self, event: &mut Event, stored: &Stored, present: u32) -> bool {
        match &mut event.kind {
            EventKind::Started { card, version } if stored.run.is_none() => {
                let Some(Assignee::Person(by)) = event.actor.assignee() else {
                    return false;
                };
                let row = self.bring_version(version, card).await;
                documents::Entity::update_many()
                    .col_expr(documents::Column::InitiatorId, Expr::value(by.uuid()))
                    .col_expr(documents::Column::CurrentVersionId, Expr::value(Some(row)))
                    .filter(documents::Column::Id.eq(self.id.uuid()))
                    .exec(self.house.app.store.writer())
                    .await
                    .expect("the document");
                true
            }
            EventKind::NewVersion { version, card, .. } if version.number > present => {
                self.bring_version(version, card).await;
                true
            }
            _ => false,
        }
    }

    /// The row of a version: the last one, if that is it, else a new one.
    async fn bring_version(&self, version: &mut Version, card: &Card) -> Uuid {
        let writer = self.house.app.store.writer();
        let last = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(self.id.uuid()))
            .order_by_desc(versions::Column::Number)
            .one(writer)
            .await
            .expect("versions");
        let (digest, card) = (version.digest.hex(), serde_json::to_string(card));
        let (author, card) = (version.author.uuid(), card.expect("a card"));
        let next = last.as_ref().map_or(1, |row| row.number + 1);
        let same =
            last.filter(|row| (&row.digest, row.author_id, &row.card) == (&digest, author, &card));
        if let Some(row) = same.filter(|row| row.number >= i64::from(version.number)) {
            version.number = u32::try_from(row.number).expect("small");
            return row.id;
        }
        version.number = u32::try_from(next).expect("small");
        let id = entropy::id(self.house.app.now());
        let row = versions::ActiveModel {
            id: Set(id),
            organisation_id: Set(self.organisation.uuid()),
            document_id: Set(self.id.uuid()),
            number: Set(next),
            digest: Set(digest.clone()),
            author_id: Set(author),
            comment: Set(None),
            card: Set(card),
            main_digest: Set(digest),
            main_name: Set("contract.pdf".to_owned()),
            main_size_bytes: Set(1),
            pages_count: Set(1),
            created_at: Set(0),
        };
        row.insert(writer).await.expect("a version");
        id
    }

    /// Waits until nothing of a request that was dropped is under way any more: it has committed or
    /// it was rolled back.
    pub async fn settle(&self) {
        let store = &self.house.app.store;
        let tx = store.begin().await.expect("a transaction");
        if store.backend() != DbBackend::Sqlite {
            documents::Entity::find_by_id(self.id.uuid())
                .lock_exclusive()
                .one(&tx)
                .await
                .expect("the document");
        }
        tx.rollback().await.expect("rolled back");
    }

    /// The events of its run behind `seq`.
    pub async fn events_after(&self, run: Uuid, seq: i64) -> Vec<(i64, Event)> {
        let rows = run_events::Entity::find()
            .filter(run_events::Column::RunId.eq(run))
            .filter(run_events::Column::Seq.gt(seq))
            .order_by_asc(run_events::Column::Seq)
            .all(self.house.app.store.reader())
            .await;
        let rows = rows.expect("events").into_iter();
        rows.map(|row| (row.seq, serde_json::from_str(&row.body).expect("an event")))
            .collect()
    }

    /// The run, if it was started.
    pub async fn run(&self) -> Option<runs::Model> {
        runs::Entity::find()
            .filter(runs::Column::DocumentId.eq(self.id.uuid()))
            .one(self.house.app.store.reader())
            .await
            .expect("rows")
    }

    /// Everything.
    pub async fn read(&self) -> Stored {
        let (reader, id) = (self.house.app.store.reader(), self.id.uuid());
        let document = documents::Entity::find_by_id(id).one(reader).await;
        let run = self.run().await;
        let of_run = run.as_ref().map_or(Uuid::nil(), |run| run.id);
        let tasks = tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(id))
            .order_by_asc(tasks::Column::Number)
            .all(reader);
        let timers = timers::Entity::find()
            .filter(timers::Column::RunId.eq(of_run))
            .order_by_asc(timers::Column::Number)
            .all(reader);
        let reworkers = reworkers::Entity::find()
            .filter(reworkers::Column::RunId.eq(of_run))
            .all(reader);
        let versions = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(id))
            .all(reader);
        let letters = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Key)
            .filter(outbox::Column::DocumentId.eq(id))
            .into_tuple::<String>()
            .all(reader);
        Stored {
            document: document.expect("rows").expect("the document"),
            run,
            tasks: tasks.await.expect("tasks"),
            timers: timers.await.expect("timers"),
            reworkers: reworkers
                .await
                .expect("reworkers")
                .into_iter()
                .map(|row| row.person_id)
                .collect(),
            versions: versions
                .await
                .expect("versions")
                .into_iter()
                .map(|row| (row.id, (row.number, row.digest)))
                .collect(),
            letters: letters.await.expect("letters").into_iter().collect(),
            counts: self.count().await,
        }
    }

    async fn count(&self) -> BTreeMap<&'static str, i64> {
        let counts = COUNTED.map(|table| format!("(SELECT count(*) FROM {table}) AS {table}"));
        let reader = self.house.app.store.reader();
        let backend = self.house.app.store.backend();
        let statement = Statement::from_string(backend, format!("SELECT {}", counts.join(", ")));
        let row = reader.query_one_raw(statement).await.expect("a row");
        let row = row.expect("a row");
        COUNTED
            .into_iter()
            .map(|table| (table, row.try_get("", table).expect("a count")))
            .collect()
    }
}
