//! A contract with a real PDF, brought to its signing stages by the real engine.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::links::visit::{LinkKey, Visit};
use chancery::app::signing::{CompletedSignature, ShownConsent, SignerKey};
use chancery::app::spool::Spool;
use chancery::app::tasks::TaskDecision;
use chancery::app::versions::FileToServe;
use chancery::blob::BlobSource;
use chancery::domain::actor::{Actor, Origin};
use chancery::entropy;
use chancery::store::entity::{documents, organisations, outbox, tasks, versions};
use chancery_types::id::{DocumentId, TaskId};
use chancery_types::{Digest, Locale};
use chancery_workflow::Decision;
use futures::StreamExt as _;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

/// A contract of «Вектор» with «Ромашка».
pub struct Contract<'h> {
    pub house: &'h TestApp,
    pub id: DocumentId,
    pub file: Bytes,
}

/// One page, a classic table, text in Latin letters: small and honest.
pub fn small_pdf() -> Vec<u8> {
    let content = b"BT /F1 24 Tf 72 700 Td (Contract) Tj ET";
    let stream = format!(
        "<</Length {}>>stream\n{}\nendstream",
        content.len(),
        String::from_utf8_lossy(content)
    );
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        stream,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(file.len());
        file.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    file.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .into_bytes(),
    );
    file
}

/// Both consents to the texts of the actor's organisation, in their language.
pub async fn shown(house: &TestApp, actor: &Actor) -> [ShownConsent; 2] {
    let organisation = organisations::Entity::find_by_id(actor.organisation.uuid())
        .one(house.app.store.reader())
        .await;
    let organisation = organisation.expect("asked").expect("an organisation");
    ShownConsent::both(&organisation, actor.locale)
}

/// All of a file on its way to a reader.
pub async fn bytes_of(file: FileToServe) -> Bytes {
    let mut stream = Box::pin(file.stream.into_stream());
    let mut whole = Vec::new();
    while let Some(chunk) = stream.next().await {
        whole.extend_from_slice(&chunk.expect("a chunk"));
    }
    whole.into()
}

/// A refusal's code.
pub fn code(error: &AppError) -> &'static str {
    match error {
        AppError::Refused { code, .. } => code,
        AppError::Hidden => "hidden",
        AppError::Denied => "denied",
        AppError::OutOfScope => "token-only-reads",
        AppError::Invalid { .. } => "invalid",
        AppError::TooMany { .. } => "too-many",
        AppError::Unavailable { .. } => "unavailable",
        other => panic!("{other:?}"),
    }
}

impl<'h> Contract<'h> {
    /// Approved by everybody, waiting for our signatory.
    pub async fn approved(house: &'h TestApp) -> Self {
        let contract = Self::started(house).await;
        contract.decides("head").await;
        contract.decides("lawyer").await;
        contract
    }

    /// Signed by our signatory, waiting for the counterparty.
    pub async fn at_counterparty(house: &'h TestApp) -> Self {
        let contract = Self::approved(house).await;
        contract.signatory_signs().await;
        contract
    }

    /// Waiting for its initiator's head.
    pub async fn started(house: &'h TestApp) -> Self {
        let contract = Self::drafted(house).await;
        house
            .app
            .start_run(&house.actor("initiator"), contract.id)
            .await
            .expect("started");
        contract
    }

    /// A draft with its file.
    pub async fn drafted(house: &'h TestApp) -> Self {
        let app = &house.app;
        let now = app.now();
        let file = Bytes::from(small_pdf());
        let digest = Digest::of(&file);
        app.blobs
            .put(
                house.vector.organisation,
                &digest,
                BlobSource::Bytes(file.clone()),
                "application/pdf",
            )
            .await
            .expect("kept");
        let (id, version) = (entropy::id(now), entropy::id(now));
        let reference = |id: Uuid| json!({ "type": "reference", "value": id });
        let card = json!({
            "counterparty": reference(house.vector.counterparty.uuid()),
            "counterparty_contact": reference(house.vector.contact.uuid()),
            "subject": { "type": "text", "value": "Поставка бумаги" },
            "amount": { "type": "money", "value": { "amount": "50000.00", "currency": "RUB" } },
            "payment_days": { "type": "integer", "value": 10 },
            "department": reference(house.vector.departments["sales"].uuid()),
            "executor": reference(house.vector.person("clerk").uuid()),
        })
        .to_string();
        let initiator = house.vector.person("initiator").uuid();
        let document = documents::ActiveModel {
            id: Set(id),
            organisation_id: Set(house.vector.organisation.uuid()),
            kind: Set("contract".to_owned()),
            title: Set("Договор поставки бумаги".to_owned()),
            card: Set(card.clone()),
            state: Set("draft".to_owned()),
            initiator_id: Set(initiator),
            department_id: Set(Some(house.vector.departments["sales"].uuid())),
            counterparty_id: Set(Some(house.vector.counterparty.uuid())),
            registration_number: Set(None),
            registered_at: Set(None),
            current_version_id: Set(Some(version)),
            search_text: Set(String::new()),
            created_at: Set(now.micros()),
            updated_at: Set(now.micros()),
            row_version: Set(0),
        };
        document
            .insert(app.store.writer())
            .await
            .expect("a document");
        let row = versions::ActiveModel {
            id: Set(version),
            organisation_id: Set(house.vector.organisation.uuid()),
            document_id: Set(id),
            number: Set(1),
            digest: Set(Digest::of(id.as_bytes()).hex()),
            author_id: Set(initiator),
            comment: Set(None),
            card: Set(card),
            main_digest: Set(digest.hex()),
            main_name: Set("contract.pdf".to_owned()),
            main_size_bytes: Set(i64::try_from(file.len()).expect("small")),
            pages_count: Set(1),
            created_at: Set(now.micros()),
        };
        row.insert(app.store.writer()).await.expect("a version");
        Self {
            house,
            id: id.into(),
            file,
        }
    }

    /// The digest that decisions are about.
    pub async fn version_digest(&self) -> Digest {
        let row = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(self.id.uuid()))
            .order_by_desc(versions::Column::Number)
            .one(self.house.app.store.reader())
            .await
            .expect("asked")
            .expect("a version");
        row.digest.parse().expect("a digest")
    }

    /// The open task of the present stage that this person holds.
    pub async fn task_of(&self, key: &str) -> TaskId {
        let person = self.house.vector.person(key).uuid();
        let row = tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(self.id.uuid()))
            .filter(tasks::Column::PersonId.eq(person))
            .filter(tasks::Column::State.eq("open"))
            .one(self.house.app.store.reader())
            .await
            .expect("asked");
        row.unwrap_or_else(|| panic!("{key} has no open task"))
            .id
            .into()
    }

    /// A task that this person holds or held, whatever became of it.
    pub async fn task_row(&self, key: &str) -> TaskId {
        let person = self.house.vector.person(key).uuid();
        let row = tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(self.id.uuid()))
            .filter(tasks::Column::PersonId.eq(person))
            .one(self.house.app.store.reader())
            .await;
        row.expect("asked").expect("a task").id.into()
    }

    /// The holder of an open task approves.
    pub async fn decides(&self, key: &str) {
        self.decides_with(key, Decision::Approve, &[]).await;
    }

    /// The holder of an open task decides, with remarks.
    pub async fn decides_with(&self, key: &str, decision: Decision, remarks: &[&str]) {
        let task = self.task_of(key).await;
        let words = matches!(decision, Decision::Return | Decision::Reject);
        let decision = TaskDecision {
            decision,
            version_digest: self.version_digest().await,
            comment: words.then(|| "Нет сметы".to_owned()),
            remarks: remarks.iter().map(|text| (*text).to_owned()).collect(),
            said: Vec::new(),
        };
        let actor = self.house.actor(key);
        self.house
            .app
            .decide_task(&actor, task, decision)
            .await
            .expect("approved");
    }

    /// Our signatory signs with a key of a browser.
    pub async fn signatory_signs(&self) -> CompletedSignature {
        let (actor, task) = self.signatory_may_sign().await;
        self.signs(&actor, task).await.expect("signed")
    }

    /// Our signatory has read and consented.
    pub async fn signatory_may_sign(&self) -> (Actor, Uuid) {
        let actor = self.house.actor("signatory");
        let task = self.task_of("signatory").await.uuid();
        let app = &self.house.app;
        let both = shown(self.house, &actor).await;
        app.base_file(&actor, task).await.expect("the file");
        let given = app.give_consents(&actor, task, &both).await;
        given.expect("consents");
        (actor, task)
    }

    /// What a browser does: make a key, prepare, check, sign, complete.
    pub async fn signs(&self, actor: &Actor, task: Uuid) -> Result<CompletedSignature, AppError> {
        let (signing, value) = self.prepared(actor, task).await?;
        let app = &self.house.app;
        app.complete_signature(actor, signing, &value).await
    }

    /// All of that but the last step: the prepared signature, and the value that completes it.
    pub async fn prepared(&self, actor: &Actor, task: Uuid) -> Result<(Uuid, Vec<u8>), AppError> {
        let app = &self.house.app;
        let key = chancery::app::authority::fresh_key(app.key_kind());
        let spki_der = key.spki_der();
        let prepared = app
            .prepare_signature(actor, task, &SignerKey::Browser { spki_der })
            .await?;
        let file = bytes_of(app.prepared_file(actor, prepared.id.uuid()).await?).await;
        assert!(
            file.starts_with(&self.file),
            "it begins with what was shown"
        );
        let value = key.sign(&prepared.signed_attributes).expect("signed");
        Ok((prepared.id.uuid(), value))
    }

    /// The newest letter of a kind, with its sealed part opened as the worker opens it.
    pub async fn letter(&self, kind: &str) -> (outbox::Model, Value) {
        let row = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(self.id.uuid()))
            .filter(outbox::Column::Kind.eq(kind))
            .order_by_desc(outbox::Column::Id)
            .one(self.house.app.store.reader())
            .await
            .expect("asked")
            .unwrap_or_else(|| panic!("no letter {kind}"));
        let secret = match &row.sealed {
            Some(sealed) => {
                let plain = self
                    .house
                    .app
                    .vault
                    .open(row.id.as_bytes(), sealed)
                    .expect("opened");
                serde_json::from_slice(&plain).expect("JSON")
            }
            None => Value::Null,
        };
        (row, secret)
    }

    /// Comes in through the mailed link.
    pub async fn enters(&self) -> (Visit, Actor) {
        let (_, secret) = self.letter("signing-invitation").await;
        let url = secret["link_url"].as_str().expect("a link");
        let (_, fragment) = url.split_once('#').expect("a fragment");
        self.enters_by(&LinkKey::Secret(fragment.to_owned()))
            .await
            .expect("entered")
    }

    /// Comes in by any key.
    pub async fn enters_by(&self, key: &LinkKey) -> Result<(Visit, Actor), AppError> {
        let app = &self.house.app;
        let entered = app.enter_link(key, &origin(), Locale::Ru).await?;
        self.visits(&entered.cookie_secret).await
    }

    /// The visit of a cookie.
    pub async fn visits(&self, cookie: &str) -> Result<(Visit, Actor), AppError> {
        let visit = self.house.app.find_visit(cookie).await?;
        let actor = visit.actor(origin(), Locale::Ru);
        Ok((visit, actor))
    }

    /// Comes in, gives the mailed code, and reads everything.
    pub async fn comes_verified(&self) -> (Visit, Actor) {
        let (cookie, visit, actor) = self.comes_by_code().await;
        let app = &self.house.app;
        app.link_file(&actor, &visit).await.expect("the file");
        app.read_pages(&actor, &visit, 1..=1).await.expect("read");
        self.visits(&cookie).await.expect("a visit")
    }

    /// Comes in and gives the mailed code.
    pub async fn comes_with_code(&self) -> (Visit, Actor) {
        let (_, visit, actor) = self.comes_by_code().await;
        (visit, actor)
    }

    async fn comes_by_code(&self) -> (String, Visit, Actor) {
        let app = &self.house.app;
        let (_, secret) = self.letter("signing-invitation").await;
        let url = secret["link_url"].as_str().expect("a link").to_owned();
        let (_, fragment) = url.split_once('#').expect("a fragment");
        let key = LinkKey::Secret(fragment.to_owned());
        let entered = app
            .enter_link(&key, &origin(), Locale::Ru)
            .await
            .expect("entered");
        let (visit, actor) = self.visits(&entered.cookie_secret).await.expect("a visit");
        app.send_code(&actor, &visit).await.expect("sent");
        let (_, secret) = self.letter("code").await;
        let typed = secret["code"].as_str().expect("a code").to_owned();
        app.give_code(&actor, &visit, &typed).await.expect("right");
        let (visit, actor) = self.visits(&entered.cookie_secret).await.expect("a visit");
        (entered.cookie_secret, visit, actor)
    }

    /// Writes a further version of the same file, with the content of version `of`.
    pub async fn brings_version(&self, number: i64, of: i64) {
        self.brings(number, of, None).await;
    }

    /// Writes a further version with another main file.
    pub async fn brings_file(&self, number: i64, file: &[u8]) {
        let digest = Digest::of(file);
        let source = BlobSource::Bytes(Bytes::copy_from_slice(file));
        let organisation = self.house.vector.organisation;
        let blobs = &self.house.app.blobs;
        let kept = blobs.put(organisation, &digest, source, "application/pdf");
        kept.await.expect("kept");
        self.brings(number, number, Some((digest, file.len())))
            .await;
    }

    async fn brings(&self, number: i64, of: i64, main: Option<(Digest, usize)>) {
        let app = &self.house.app;
        let first = versions::Entity::find()
            .filter(versions::Column::DocumentId.eq(self.id.uuid()))
            .filter(versions::Column::Number.eq(1_i64))
            .one(app.store.reader())
            .await
            .expect("asked")
            .expect("a version");
        let id = entropy::id(app.now());
        let digest = match of {
            1 => first.digest.clone(),
            _ => Digest::of(format!("{} {of}", self.id).as_bytes()).hex(),
        };
        let mut row = versions::ActiveModel {
            id: Set(id),
            number: Set(number),
            digest: Set(digest),
            ..first.into_active_model().reset_all()
        };
        if let Some((digest, size)) = main {
            row.main_digest = Set(digest.hex());
            row.main_size_bytes = Set(i64::try_from(size).expect("small"));
        }
        let writer = app.store.writer();
        row.insert(writer).await.expect("a version");
        let document = documents::Entity::find_by_id(self.id.uuid()).one(writer);
        let mut document = document
            .await
            .expect("asked")
            .expect("a document")
            .into_active_model();
        document.current_version_id = Set(Some(id));
        document.update(writer).await.expect("the document");
    }

    /// Comes in by the newest link and returns the document.
    pub async fn counterparty_returns(&self) {
        let (visit, actor) = self.comes_verified().await;
        let mut file = Spool::new("protocol", "p.pdf", 1_000_000).expect("a file");
        file.write(&Bytes::from(small_pdf())).expect("written");
        let file = file.finish().expect("a file");
        self.house
            .app
            .return_with_disagreements(&actor, &visit, "Не та сумма", Some(file), Vec::new())
            .await
            .expect("returned");
    }

    /// Comes in by the newest link and signs.
    pub async fn counterparty_signs(&self) -> CompletedSignature {
        let (visit, actor) = self.comes_verified().await;
        let task = visit.link.task_id;
        let shown = shown(self.house, &actor).await;
        self.house
            .app
            .give_consents(&actor, task, &shown)
            .await
            .expect("consents");
        self.signs(&actor, task).await.expect("signed")
    }

    /// The letters about the document as they were enqueued: kind, login and payload.
    pub async fn letters(&self) -> Vec<(String, String, Value)> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(self.id.uuid()))
            .order_by_asc(outbox::Column::Id)
            .all(self.house.app.store.reader())
            .await
            .expect("letters");
        let letter = |row: outbox::Model| {
            let login = row.to_address.split('@').next().unwrap_or_default();
            let payload = serde_json::from_str(&row.payload).expect("JSON");
            (row.kind, login.to_owned(), payload)
        };
        rows.into_iter().map(letter).collect()
    }

    /// Who got a letter of this kind, in alphabetical order.
    pub async fn told(&self, kind: &str) -> Vec<String> {
        let letters = self.letters().await.into_iter();
        let mut logins: Vec<String> = letters
            .filter(|(of, _, _)| of == kind)
            .map(|(_, login, _)| login)
            .collect();
        logins.sort();
        logins
    }

    /// The document's state.
    pub async fn state(&self) -> String {
        documents::Entity::find_by_id(self.id.uuid())
            .one(self.house.app.store.reader())
            .await
            .expect("asked")
            .expect("a document")
            .state
    }
}

/// Where a visitor of the tests comes from.
pub fn origin() -> Origin {
    Origin {
        address: Some("198.51.100.7".to_owned()),
        request_id: Some("request-of-a-visitor".to_owned()),
        agent: Some("a phone".to_owned()),
        repeat: None,
    }
}
