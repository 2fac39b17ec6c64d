//! What people do: they start documents, decide in their own or in another's place, sign, come
//! through links, send round again and take back.

use std::collections::BTreeMap;

use chancery::app::AppError;
use chancery::app::tasks::TaskDecision;
use chancery::domain::actor::Actor;
use chancery::store::entity::{runs, tasks};
use chancery_types::{FieldType, FieldValue};
use chancery_workflow::{Decision, StageKind};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use uuid::Uuid;

use super::papers::{Draft, plain};
use super::{Act, HOUR, Month};

impl Month {
    /// Lets somebody do what they were going to do.
    pub(super) async fn take(&mut self, act: Act) {
        match act {
            Act::Start(number) => self.start(number).await,
            Act::Decide(task) => self.decide(task).await,
            Act::Claim(task) => self.claim(task).await,
            Act::HandOn(task) => self.hand_on(task).await,
            Act::Suspend(document) => self.suspend(document).await,
            Act::Resume(document) => self.resume(document).await,
            Act::Resubmit(document) => self.resubmit(document).await,
            Act::Withdraw(document) => self.withdraw(document).await,
        }
    }

    async fn start(&mut self, number: usize) {
        let app = self.app.clone();
        let kinds: Vec<_> = app.chains.kinds().values().collect();
        let draft = Draft {
            kind: kinds[number % kinds.len()],
            is_widest: number < kinds.len(),
        };
        let paper = draft.write(&app, &self.company, &mut self.drawn).await;
        let initiator = self.company.people[&paper.initiator].actor.clone();
        let document = paper.id;
        let is_patient = paper.is_patient;
        self.papers.insert(document, paper);
        let started = app.start_run(&initiator, document.into()).await;
        let kind = draft.kind.id();
        if let Err(error) = started {
            panic!("{kind} {document} cannot start: {error:?}");
        }
        let at = app.now().plus_seconds(self.drawn.between(HOUR, 40 * HOUR));
        if !is_patient && self.drawn.falls(4) {
            self.will(at, Act::Withdraw(document));
        } else if !is_patient && self.drawn.falls(15) {
            self.will(at, Act::Suspend(document));
        }
    }

    async fn decide(&mut self, id: Uuid) {
        let found = tasks::Entity::find_by_id(id).one(self.app.store.reader());
        let task = found.await.expect("asked").expect("a task");
        if task.state != "open" || self.waits_for_resumption(task.document_id, Act::Decide(id)) {
            return;
        }
        let signs = task.stage_kind == "sign";
        if task.contact_id.is_some() {
            return self.answer_link(&task).await;
        }
        let holder = task.person_id.expect("a holder");
        let who = match self.stand_in(holder) {
            Some(substitute) if !signs => substitute,
            _ => holder,
        };
        let actor = self.company.people[&who].actor.clone();
        if signs && !self.drawn.falls(4) {
            self.sign(&actor, task.id).await;
            self.note(&task, who, "sign");
            return;
        }
        let decision = self.choice(&task);
        let done = self.say(&actor, &task, decision).await;
        match done {
            Ok(()) => {
                self.note(&task, who, decision.code());
                // What it waits for comes, or does not come before the hold is over.
                if decision == Decision::Hold && self.drawn.falls(50) {
                    self.quiet.push(task.id);
                } else if decision == Decision::Hold {
                    self.known.remove(&task.id);
                }
            }
            Err(error) => self.note_refusal(&task, decision, &error),
        }
    }

    /// Whether the run stands: then whoever comes does so again when it goes on.
    fn waits_for_resumption(&mut self, document: Uuid, act: Act) -> bool {
        let Some(until) = self.stopped.get(&document).copied() else {
            return false;
        };
        let at = until.plus_seconds(self.drawn.between(60, 2 * HOUR));
        self.will(at, act);
        true
    }

    async fn open_task(&self, id: Uuid) -> Option<tasks::Model> {
        let found = tasks::Entity::find_by_id(id).one(self.app.store.reader());
        let task = found.await.expect("asked").expect("a task");
        let stands = self.stopped.contains_key(&task.document_id);
        (task.state == "open" && !stands).then_some(task)
    }

    async fn claim(&mut self, id: Uuid) {
        let Some(task) = self.open_task(id).await else {
            return;
        };
        let actor = &self.company.people[&task.person_id.expect("a holder")].actor;
        let claimed = self.app.claim_task(actor, id.into()).await;
        if let Err(error) = claimed {
            self.refused_to("claim", &error);
        }
    }

    async fn hand_on(&mut self, id: Uuid) {
        let Some(task) = self.open_task(id).await else {
            return;
        };
        let holder = task.person_id.expect("a holder");
        let actor = self.company.people[&holder].actor.clone();
        let to = *self.drawn.one_of(&self.company.ordinary);
        let app = &self.app;
        let handed = app.delegate_task(&actor, id.into(), to.into(), None).await;
        if let Err(error) = handed {
            return self.refused_to("hand on", &error);
        }
        self.told.push(json!({
            "row": "handed", "task": id, "at": app.now().micros(), "from": holder, "to": to,
        }));
    }

    async fn suspend(&mut self, document: Uuid) {
        let actor = self.company.administrator().clone();
        let why = "Проверка";
        let stopped = self.app.suspend_run(&actor, document.into(), why).await;
        if let Err(error) = stopped {
            return self.refused_to("suspend", &error);
        }
        let now = self.app.now();
        let until = now.plus_seconds(self.drawn.between(HOUR, 100 * HOUR));
        self.stopped.insert(document, until);
        self.will(until, Act::Resume(document));
        let until = (until < self.plan.until).then_some(until.micros());
        self.told.push(json!({
            "row": "stood", "document": document, "from": now.micros(), "until": until,
        }));
    }

    async fn resume(&mut self, document: Uuid) {
        let actor = self.company.administrator().clone();
        let resumed = self.app.resume_run(&actor, document.into()).await;
        resumed.expect("it goes on");
        self.stopped.remove(&document);
    }

    fn refused_to(&mut self, what: &str, error: &AppError) {
        let what = format!("{what}: {}", super::refusal_of(error));
        *self.refused.entry(what).or_default() += 1;
    }

    /// Who decides for somebody who is away now.
    fn stand_in(&mut self, holder: Uuid) -> Option<Uuid> {
        let now = self.app.now().micros();
        let absences = self.company.absences.iter();
        let away = absences.filter(|row| row.from_at <= now && now < row.until_at);
        let mut away = away.filter(|row| row.person_id == holder);
        let substitute = away.next()?.substitute_id;
        substitute.filter(|_| self.drawn.falls(70))
    }

    /// What is decided: mostly agreement.
    fn choice(&mut self, task: &tasks::Model) -> Decision {
        let chance = match self.papers[&task.document_id].is_patient {
            true => 99,
            false => self.drawn.between(0, 100),
        };
        let stage = self.stage(task);
        let wanted = match chance {
            0..5 => Decision::Return,
            5..8 => Decision::Reject,
            8..12 => Decision::ApproveWithRemarks,
            12..15 => Decision::Abstain,
            15..40 => Decision::Hold,
            _ => Decision::Approve,
        };
        // A hold that stops no clock would be a task that nobody decides.
        let is_there = stage.decisions.contains(&wanted)
            && (wanted != Decision::Hold || stage.timing.hold_max.is_some());
        match stage.kind {
            _ if is_there => wanted,
            StageKind::Acknowledge => Decision::Acknowledge,
            StageKind::Approve => Decision::Approve,
            StageKind::Sign => Decision::Reject,
        }
    }

    async fn say(
        &mut self,
        actor: &Actor,
        task: &tasks::Model,
        decision: Decision,
    ) -> Result<(), AppError> {
        let digest = self.papers[&task.document_id].digest.clone();
        let digest = digest.parse().expect("a digest");
        let agrees = matches!(decision, Decision::Approve | Decision::ApproveWithRemarks);
        let typed = self.typed(task);
        if agrees && !typed.is_empty() {
            let filled = self.app.fill_form(actor, task.id.into(), digest, &typed);
            filled.await?;
        }
        let explains = decision.is_refusal() || decision == Decision::Hold;
        let remarks = decision == Decision::ApproveWithRemarks;
        let given = TaskDecision {
            decision,
            version_digest: digest,
            comment: explains.then(|| "Нет расчёта".to_owned()),
            remarks: remarks
                .then(|| "Уточнить срок".to_owned())
                .into_iter()
                .collect(),
            said: Vec::new(),
        };
        let decided = self.app.decide_task(actor, task.id.into(), given).await;
        decided.map(|_| ())
    }

    /// What is typed into the fields that a stage fills.
    fn typed(&mut self, task: &tasks::Model) -> BTreeMap<String, String> {
        let form = self.stage(task).form.clone();
        let paper = &self.papers[&task.document_id];
        let kind = self.app.chains.kinds()[&paper.kind].clone();
        let mut typed = BTreeMap::new();
        for field in kind
            .fields()
            .iter()
            .filter(|field| form.contains(&field.name))
        {
            let other = &self.company.contacts[0];
            let given = match field.field_type {
                FieldType::Counterparty => FieldValue::Reference(other.counterparty),
                FieldType::Contact => FieldValue::Reference(other.id),
                _ => plain(field, None, &mut self.drawn),
            };
            let value = match given {
                FieldValue::Money(money) => {
                    let text = money.to_string();
                    let (currency, amount) = text.split_once(' ').expect("an amount");
                    typed.insert(format!("{}.currency", field.name), currency.to_owned());
                    amount.to_owned()
                }
                FieldValue::Integer(number) => number.to_string(),
                FieldValue::Date(date) => date.to_string(),
                FieldValue::Boolean(truth) => truth.to_string(),
                FieldValue::Text(text) => text.chars().take(16).collect(),
                FieldValue::Reference(id) => id.to_string(),
            };
            typed.insert(field.name.clone(), value);
        }
        typed
    }

    async fn resubmit(&mut self, document: Uuid) {
        if self.waits_for_resumption(document, Act::Resubmit(document)) {
            return;
        }
        let mut paper = self.papers[&document].clone();
        let run = runs::Entity::find().filter(runs::Column::DocumentId.eq(document));
        let run = run.one(self.app.store.reader()).await.expect("asked");
        if run.expect("a run").phase != "rework" {
            return;
        }
        let is_new = self.drawn.falls(50);
        if is_new {
            paper.brings_version(&self.app).await;
        }
        let actor = self.company.people[&paper.initiator].actor.clone();
        let comment = (!is_new).then_some("Всё так и должно быть");
        let sent = self
            .app
            .resubmit_run(&actor, document.into(), comment)
            .await;
        sent.expect("sent round again");
        self.papers.insert(document, paper);
    }

    async fn withdraw(&mut self, document: Uuid) {
        if self.waits_for_resumption(document, Act::Withdraw(document)) {
            return;
        }
        let paper = &self.papers[&document];
        let actor = self.company.people[&paper.initiator].actor.clone();
        let why = "Больше не нужно";
        let withdrawn = self
            .app
            .withdraw_document(&actor, document.into(), why)
            .await;
        if let Err(error) = withdrawn {
            // It has come too far, or to its end.
            self.refused_to("withdraw", &error);
        }
    }

    /// Notes what somebody decided.
    pub(super) fn note(&mut self, task: &tasks::Model, who: Uuid, decision: &str) {
        self.told.push(json!({
            "row": "act", "at": self.app.now().micros(), "who": who, "task": task.id,
            "run": task.run_id, "document": task.document_id, "decision": decision,
        }));
    }

    fn note_refusal(&mut self, task: &tasks::Model, decision: Decision, error: &AppError) {
        let kind = &self.papers[&task.document_id].kind;
        let code = super::refusal_of(error);
        let what = format!("{kind} {} {}: {code}", task.path, decision.code());
        *self.refused.entry(what).or_default() += 1;
    }
}
