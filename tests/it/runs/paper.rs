//! A contract in the house, and the short words of the tests about runs. Its rows are written
//! plainly: tests of runs do not depend on how documents are made.

use chancery::app::AppError;
use chancery::app::tasks::{TaskDecision, TaskOutcome};
use chancery::entropy;
use chancery::store::entity::{audit_events, documents, outbox, runs, tasks, versions};
use chancery_types::Digest;
use chancery_types::id::{DocumentId, TaskId};
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{House, TestApp};

/// A document of «Вектор» with the house it lies in.
pub struct Paper<'h> {
    pub house: &'h TestApp,
    pub id: DocumentId,
}

/// What a refusal is known by: its code, or the field that is invalid.
pub fn code(error: &AppError) -> String {
    match error {
        AppError::Refused { code, .. } => (*code).to_owned(),
        AppError::Invalid { fields } => {
            let first = fields.first().expect("a field");
            format!("{}: {}", first.field, first.code)
        }
        AppError::Hidden => "hidden".to_owned(),
        AppError::Denied => "denied".to_owned(),
        AppError::OutOfScope => "token-only-reads".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn card(house: &House, amount: &str) -> String {
    let reference = |id: Uuid| json!({ "type": "reference", "value": id });
    json!({
        "counterparty": reference(house.counterparty.uuid()),
        "counterparty_contact": reference(house.contact.uuid()),
        "subject": { "type": "text", "value": "Поставка бумаги" },
        "amount": { "type": "money", "value": { "amount": amount, "currency": "RUB" } },
        "payment_days": { "type": "integer", "value": 10 },
        "department": reference(house.departments["sales"].uuid()),
        "executor": reference(house.person("clerk").uuid()),
    })
    .to_string()
}

impl<'h> Paper<'h> {
    /// A draft contract of `amount` roubles, with one version, by the initiator.
    pub async fn draft(house: &'h TestApp, amount: &str) -> Self {
        Self::draft_in(house, &house.vector, amount).await
    }

    /// The same in any of the two organisations.
    pub async fn draft_in(house: &'h TestApp, home: &House, amount: &str) -> Self {
        let now = house.app.now();
        let id = entropy::id(now);
        let row = documents::ActiveModel {
            id: Set(id),
            organisation_id: Set(home.organisation.uuid()),
            kind: Set("contract".to_owned()),
            title: Set("Договор поставки".to_owned()),
            card: Set(card(home, amount)),
            state: Set("draft".to_owned()),
            initiator_id: Set(home.person("initiator").uuid()),
            department_id: Set(Some(home.departments["sales"].uuid())),
            counterparty_id: Set(Some(home.counterparty.uuid())),
            registration_number: Set(None),
            registered_at: Set(None),
            current_version_id: Set(None),
            search_text: Set("договор поставки".to_owned()),
            created_at: Set(now.micros()),
            updated_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(house.app.store.writer())
            .await
            .expect("a document");
        let paper = Self {
            house,
            id: id.into(),
        };
        paper.brings_version(home, amount, 1).await;
        paper
    }

    /// A started contract.
    pub async fn started(house: &'h TestApp, amount: &str) -> Self {
        let paper = Self::draft(house, amount).await;
        house
            .app
            .start_run(&house.actor("initiator"), paper.id)
            .await
            .expect("started");
        paper
    }

    /// Writes the rows of a version.
    pub async fn brings_version(&self, home: &House, amount: &str, number: i64) {
        self.brings_content(home, amount, number, number).await;
    }

    /// Writes the rows of a version with the content of version `of`.
    pub async fn brings_content(&self, home: &House, amount: &str, number: i64, of: i64) {
        let now = self.house.app.now();
        let id = entropy::id(now);
        let digest = Digest::of(format!("{} {amount} {of}", self.id).as_bytes()).hex();
        let writer = self.house.app.store.writer();
        let row = versions::ActiveModel {
            id: Set(id),
            organisation_id: Set(home.organisation.uuid()),
            document_id: Set(self.id.uuid()),
            number: Set(number),
            digest: Set(digest.clone()),
            author_id: Set(home.person("initiator").uuid()),
            comment: Set(None),
            card: Set(card(home, amount)),
            main_digest: Set(digest),
            main_name: Set("contract.pdf".to_owned()),
            main_size_bytes: Set(1000),
            pages_count: Set(1),
            created_at: Set(now.micros()),
        };
        row.insert(writer).await.expect("a version");
        let mut document: documents::ActiveModel = self.document().await.into();
        document.current_version_id = Set(Some(id));
        document.update(writer).await.expect("the document");
    }

    /// The document's row.
    pub async fn document(&self) -> documents::Model {
        let found = documents::Entity::find_by_id(self.id.uuid());
        found
            .one(self.house.app.store.writer())
            .await
            .expect("rows")
            .expect("the document")
    }

    /// The run's row.
    pub async fn run(&self) -> runs::Model {
        let found = runs::Entity::find().filter(runs::Column::DocumentId.eq(self.id.uuid()));
        found
            .one(self.house.app.store.writer())
            .await
            .expect("rows")
            .expect("the run")
    }

    /// The digest of the newest version.
    pub async fn digest(&self) -> Digest {
        let id = self.document().await.current_version_id.expect("a version");
        let found = versions::Entity::find_by_id(id);
        let version = found
            .one(self.house.app.store.writer())
            .await
            .expect("rows");
        version
            .expect("the version")
            .digest
            .parse()
            .expect("a digest")
    }

    /// Every task, by number.
    pub async fn tasks(&self) -> Vec<tasks::Model> {
        tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(self.id.uuid()))
            .order_by_asc(tasks::Column::Number)
            .all(self.house.app.store.writer())
            .await
            .expect("tasks")
    }

    /// Who waits: `manager: head`, in alphabetical order.
    pub async fn waiting(&self) -> String {
        let mut lines = Vec::new();
        for task in self.tasks().await {
            if task.state == "open" {
                lines.push(format!("{}: {}", task.path, self.who(&task)));
            }
        }
        lines.sort();
        lines.join(", ")
    }

    fn who(&self, task: &tasks::Model) -> String {
        const KEYS: [&str; 13] = [
            "initiator",
            "head",
            "lawyer",
            "second_lawyer",
            "finance",
            "accountant",
            "cfo",
            "signatory",
            "security",
            "compliance",
            "clerk",
            "auditor",
            "administrator",
        ];
        let found = KEYS
            .into_iter()
            .find(|key| Some(self.house.vector.person(key).uuid()) == task.person_id);
        found.unwrap_or("contact").to_owned()
    }

    /// The person's newest task in the document, open or not.
    pub async fn task_of(&self, key: &str) -> TaskId {
        let person = self.house.vector.person(key).uuid();
        let tasks = self.tasks().await;
        let found = tasks
            .iter()
            .rev()
            .find(|task| task.person_id == Some(person));
        found
            .unwrap_or_else(|| panic!("{key} has no task"))
            .id
            .into()
    }

    /// A decision on the newest version, as a person sends it.
    pub async fn decision(&self, decision: Decision, words: &str) -> TaskDecision {
        let said = (!words.is_empty()).then(|| words.to_owned());
        let with_remarks = decision == Decision::ApproveWithRemarks;
        TaskDecision {
            decision,
            version_digest: self.digest().await,
            comment: said.clone().filter(|_| !with_remarks),
            remarks: said.filter(|_| with_remarks).into_iter().collect(),
            said: Vec::new(),
        }
    }

    /// `key` decides.
    pub async fn try_decide(
        &self,
        key: &str,
        decision: Decision,
        words: &str,
    ) -> Result<TaskOutcome, AppError> {
        let given = self.decision(decision, words).await;
        let task = self.task_of(key).await;
        self.house
            .app
            .decide_task(&self.house.actor(key), task, given)
            .await
    }

    /// `key` decides, and it is accepted.
    pub async fn decides(&self, key: &str, decision: Decision, words: &str) -> TaskOutcome {
        let answer = self.try_decide(key, decision, words).await;
        answer.unwrap_or_else(|error| panic!("{key} {decision}: {error:?}"))
    }

    /// `key` approves.
    pub async fn approves(&self, key: &str) -> TaskOutcome {
        self.decides(key, Decision::Approve, "").await
    }

    /// The document's audit events by action, in alphabetical order: the clock of a test stands
    /// still, so time does not order them.
    pub async fn events(&self) -> Vec<String> {
        let rows = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(self.id.uuid()))
            .all(self.house.app.store.writer())
            .await
            .expect("events");
        let mut actions: Vec<String> = rows.into_iter().map(|row| row.action).collect();
        actions.sort();
        actions
    }

    /// The letters about the document, `kind → login`, in alphabetical order.
    pub async fn letters(&self) -> Vec<String> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(self.id.uuid()))
            .all(self.house.app.store.writer())
            .await
            .expect("letters");
        let mut lines: Vec<String> = rows
            .into_iter()
            .map(|row| {
                let reader = row
                    .to_address
                    .split('@')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                format!("{} → {reader}", row.kind)
            })
            .collect();
        lines.sort();
        lines
    }
}

/// How many audit events there are in the house.
pub async fn events_count(house: &TestApp) -> u64 {
    let counted = audit_events::Entity::find()
        .count(house.app.store.writer())
        .await;
    counted.expect("a number")
}
