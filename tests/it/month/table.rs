//! What happened, as a plain table: a line of JSON for each run, task, alarm, decision and letter.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chancery::store::entity::{audit_events, outbox, runs, tasks, versions};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Month;

impl Month {
    /// The table.
    pub(super) async fn table(&self) -> String {
        let mut rows = vec![json!({
            "row": "month", "name": self.plan.name, "zone": self.plan.zone,
            "from": self.plan.from.micros(), "until": self.plan.until.micros(),
        })];
        rows.extend(self.company.told());
        rows.extend(self.run_rows().await);
        let tasks = self.task_rows().await;
        rows.extend(tasks.iter().map(task_row));
        rows.extend(self.alarm_rows().await);
        rows.extend(self.told.iter().cloned());
        rows.extend(self.mail_rows(&tasks).await);
        let mut text = String::new();
        for row in rows {
            writeln!(text, "{row}").expect("written");
        }
        text
    }

    async fn run_rows(&self) -> Vec<Value> {
        let reader = self.app.store.reader();
        let found = runs::Entity::find().order_by_asc(runs::Column::StartedAt);
        let mut rows = Vec::new();
        for run in found.all(reader).await.expect("runs") {
            let version = versions::Entity::find_by_id(run.version_id).one(reader);
            let version = version.await.expect("asked").expect("a version");
            let card: Value = serde_json::from_str(&version.card).expect("a card");
            rows.push(json!({
                "row": "run", "run": run.id, "document": run.document_id,
                "kind": self.papers[&run.document_id].kind, "workflow": run.workflow_id,
                "initiator": run.initiator_id, "phase": run.phase, "round": run.round,
                "version": run.version_id, "started": run.started_at,
                "finished": run.finished_at, "card": card,
            }));
        }
        rows
    }

    async fn task_rows(&self) -> Vec<tasks::Model> {
        let found = tasks::Entity::find()
            .order_by_asc(tasks::Column::RunId)
            .order_by_asc(tasks::Column::Number);
        found.all(self.app.store.reader()).await.expect("tasks")
    }

    /// Every alarm that was heard, as the history tells it.
    async fn alarm_rows(&self) -> Vec<Value> {
        let found = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("run.timer_fired"))
            .order_by_asc(audit_events::Column::At)
            .all(self.app.store.reader())
            .await
            .expect("events");
        let row = |event: audit_events::Model| {
            let details: Value = serde_json::from_str(&event.details).expect("JSON");
            json!({
                "row": "alarm", "at": event.at, "document": event.document_id,
                "what": details["what"], "stage": details["stage"], "of": details["to"]["id"],
            })
        };
        found.into_iter().map(row).collect()
    }

    /// Every letter that the mail server took, with what it was about. What was written and did not
    /// come stands there too, without a moment at which it came.
    async fn mail_rows(&self, tasks: &[tasks::Model]) -> Vec<Value> {
        let found = outbox::Entity::find().all(self.app.store.reader()).await;
        let mut written: BTreeMap<String, outbox::Model> = BTreeMap::new();
        for row in found.expect("letters") {
            written.insert(row.message_id.clone(), row);
        }
        let of_run: BTreeMap<Uuid, Uuid> = tasks
            .iter()
            .map(|task| (task.run_id, task.document_id))
            .collect();
        let row = |letter: &outbox::Model, to: &str, at: Option<i64>| {
            // A key is made of meaning: its second word is the task or the run that it is about.
            let words = letter.key.split(':');
            let named = words.filter_map(|word| word.parse::<Uuid>().ok()).next();
            let is_known =
                |id: &Uuid| of_run.contains_key(id) || tasks.iter().any(|task| task.id == *id);
            let subject = named
                .filter(is_known)
                .or(letter.document_id)
                .or(letter.person_id);
            json!({
                "row": "mail", "kind": letter.kind, "to": to, "about": subject, "at": at,
                "written": letter.created_at, "message": letter.message_id,
            })
        };
        let mut rows = Vec::new();
        let mut came = std::collections::BTreeSet::new();
        for letter in &self.delivered {
            let known = &written[&letter.message_id];
            came.insert(&letter.message_id);
            rows.push(row(known, &letter.to, Some(letter.at.micros())));
        }
        for (id, letter) in &written {
            if !came.contains(id) {
                rows.push(row(letter, &letter.to_address, None));
            }
        }
        rows
    }
}

fn task_row(task: &tasks::Model) -> Value {
    json!({
        "row": "task", "task": task.id, "run": task.run_id, "number": task.number,
        "stage": task.path, "kind": task.stage_kind, "round": task.round,
        "version": task.version_id, "holder": task.person_id, "contact": task.contact_id,
        "state": task.state, "decision": task.decision, "reason": task.close_reason,
        "by": task.decided_by_id, "opened": task.opened_at, "due": task.due_at,
        "closed": task.closed_at,
    })
}
