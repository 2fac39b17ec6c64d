//! A house where each object that a path can name really exists, and can be put back as it was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::comments::CommentDraft;
use chancery::app::editions::EditionDraft;
use chancery::app::links::visit::LinkKey;
use chancery::app::mandates::MandateDraft;
use chancery::app::outbox::{self, Letter, MailKind, MailTo};
use chancery::app::signing::SignerKey;
use chancery::app::signing::powers::{PostedPower, SignatureName};
use chancery::app::spool::Spool;
use chancery::app::tokens::Scope;
use chancery::blob::BlobSource;
use chancery::domain::actor::Who;
use chancery::jobs::Runner;
use chancery::store::entity::{
    attachments, audit_events, definitions, disagreements, editions, outbox as rows, questions,
    remarks, runs, tasks, versions,
};
use chancery::{app::authority::fresh_key, entropy};
use chancery_types::Digest;
use chancery_types::id::DocumentId;
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, Statement,
};
use uuid::Uuid;

use crate::signing::contract::{Contract, origin, shown};
use crate::signing::elsewhere::{Elsewhere, pem};
use crate::support::TestApp;
use crate::support::powers::{ORGANISATION, power_until};

/// What is in the house, by what paths call it.
pub struct World {
    /// A draft of the initiator's, with an attachment.
    pub draft: DocumentId,
    /// With the head, who is to approve it.
    pub asked: DocumentId,
    /// The head's task.
    pub approval: Uuid,
    /// What the head's decision must carry.
    pub asked_digest: String,
    /// Approved with a remark of the lawyer's; waits for our signatory, who has prepared.
    pub approved: DocumentId,
    /// The signatory's task.
    pub signature: Uuid,
    /// The lawyer's remark.
    pub remark: Uuid,
    /// What the signatory prepared.
    pub signing: Uuid,
    /// Signed by us; its link is open and a question was asked.
    pub sent: DocumentId,
    /// The question.
    pub question: Uuid,
    /// What the initiator said in the discussion.
    pub comment: Uuid,
    /// A protocol of disagreements that came by that link.
    pub disagreement: Uuid,
    /// The secret of the link.
    pub link_secret: String,
    /// The secret of a verified visit in which all was read and consented to.
    pub visit: String,
    /// What that visit prepared.
    pub link_signing: Uuid,
    /// An absence of the accountant's that is to come.
    pub absence: Uuid,
    /// A mandate of the chief financial officer's.
    pub mandate: Uuid,
    /// A session of the initiator's.
    pub session: Uuid,
    /// A token of the initiator's.
    pub token: Uuid,
    /// A letter that was given up.
    pub letter: Uuid,
    /// A public key that nobody signs with, as a script sends it.
    pub spki: String,
    /// The task of the counterparty's contact.
    pub invited: Uuid,
    /// Digests of the texts to consent to: the rules, personal data.
    pub texts: [String; 2],
    /// A certificate of an authority that is not ours, for a key that nobody here has; Base64.
    pub outside_certificate: String,
    /// A detached signature that was brought to `sent`.
    pub detached: Uuid,
    /// A power of attorney beside that signature, unsigned.
    pub power: Uuid,
    /// Edition 1 of the contracts' workflow, which waits for another administrator.
    pub edition: Uuid,
    /// The digest of the text in force beside it.
    pub in_force: String,
    /// The run of `asked`, which goes by another text than the one in force, how far it is, and the
    /// digest of that one.
    pub moved: (Uuid, i64, String),
    /// The same file, which with nothing else was not added yet.
    pub power_file: String,
    /// Another one over the same file, PEM, which nobody has brought yet.
    pub detached_file: String,
}

impl World {
    /// Fills a house.
    pub async fn of(house: &TestApp) -> Self {
        // First, while there is no other letter to be delivered.
        let letter = given_up(house).await;
        let draft = Contract::drafted(house).await;
        attach(house, draft.id).await;
        let asked = Contract::started(house).await;
        let approved = Contract::started(house).await;
        approved.decides_with("head", Decision::Approve, &[]).await;
        let remark = ["Уточнить срок"];
        let decision = Decision::ApproveWithRemarks;
        approved.decides_with("lawyer", decision, &remark).await;
        let sent = Contract::at_counterparty(house).await;
        let link_secret = secret_of(&sent).await;
        let (visit, link_signing) = visit(house, &sent, &link_secret).await;
        let initiator = house.vector.person("initiator");
        let session = house.app.open_session(initiator, origin()).await;
        let actor = house.actor("initiator");
        let token = house.app.create_token(&actor, "t", Scope::Read, 9).await;
        let texts = shown(house, &actor).await.map(|one| one.text_digest);
        let now = house.app.now();
        let signer = Elsewhere::named("Иван Иванов", now);
        let other = Elsewhere::with_key("Иван Иванов", 43, now);
        let detached = brought(house, &sent, &signer).await;
        let power_file = power_until("2027-01-09", now).power;
        Self {
            outside_certificate: signer.base64(),
            power: power_of(house, &sent, detached, &power_file).await,
            power_file: String::from_utf8(power_file).expect("text"),
            detached,
            detached_file: pem("CMS", &other.detached(&sent.file, now)),
            invited: invited_of(house, sent.id).await,
            texts,
            draft: draft.id,
            approval: asked.task_of("head").await.uuid(),
            asked_digest: asked.version_digest().await.hex(),
            asked: asked.id,
            signature: approved.task_of("signatory").await.uuid(),
            remark: remark_of(house, approved.id).await,
            signing: prepared(&approved).await,
            approved: approved.id,
            question: question_of(house, sent.id).await,
            comment: comment_of(house, sent.id).await,
            disagreement: disagreement_of(house, &sent, &visit, asked.task_of("head").await).await,
            sent: sent.id,
            link_secret,
            visit,
            link_signing,
            absence: absence_of(house).await,
            mandate: mandate_of(house).await,
            session: session.expect("a session").session.uuid(),
            token: token.expect("a token").id.uuid(),
            letter,
            edition: edition_of(house).await,
            moved: older(house, asked.id).await,
            in_force: Digest::of(contract(house).as_bytes()).hex(),
            spki: STANDARD.encode(fresh_key(house.app.key_kind()).spki_der()),
        }
    }
}

/// The text of the contracts' workflow.
fn contract(house: &TestApp) -> &str {
    house.app.chains.chains()["contract"].definition.source()
}

/// Lets a document have started by another text.
async fn older(house: &TestApp, document: DocumentId) -> (Uuid, i64, String) {
    let source = format!("# Older.\n{}", contract(house));
    let chain = house.app.chains.read_edition("contract", &source);
    let chain = chain.expect("accepted");
    let (reader, writer) = (house.app.store.reader(), house.app.store.writer());
    let run = runs::Entity::find()
        .filter(runs::Column::DocumentId.eq(document.uuid()))
        .one(reader)
        .await;
    let run = run.expect("rows").expect("its run");
    let row = definitions::ActiveModel {
        organisation_id: Set(run.organisation_id),
        digest: Set(chain.digest.clone()),
        workflow_id: Set("contract".to_owned()),
        kind: Set("contract".to_owned()),
        source: Set(chain.pinned),
        created_at: Set(run.started_at),
        owner_role: Set(None),
        owner_department: Set(None),
    };
    row.insert(writer).await.expect("kept");
    let moved = (run.id, run.seq, run.definition_digest.clone());
    let mut run = run.into_active_model();
    run.definition_digest = Set(chain.digest);
    run.update(writer).await.expect("pinned");
    moved
}

/// By somebody who was an administrator then.
async fn edition_of(house: &TestApp) -> Uuid {
    let mut author = house.actor("second_lawyer");
    if let Who::Person(person) = &mut author.who {
        person.roles.push(("administrator".to_owned(), None));
    }
    let draft = EditionDraft {
        source: format!("# Ours.\n{}", contract(house)),
        note: "Ours".to_owned(),
        opened: None,
    };
    let proposed = house.app.propose_edition(&author, "contract", &draft).await;
    assert_eq!(proposed.expect("proposed"), 1);
    let row = editions::Entity::find().one(house.app.store.reader()).await;
    row.expect("rows").expect("the edition").id
}

async fn mandate_of(house: &TestApp) -> Uuid {
    let actor = house.actor("administrator");
    let draft = MandateDraft {
        person: house.vector.person("cfo"),
        entity: None,
        role: None,
        limit: None,
        from: house.app.now(),
        until: None,
        basis: "Charter".to_owned(),
    };
    let recorded = house.app.record_mandate(&actor, &draft).await;
    recorded.expect("recorded").uuid()
}

async fn absence_of(house: &TestApp) -> Uuid {
    let from = house.app.now().plus_seconds(86_400);
    let draft = AbsenceDraft {
        from,
        until: from.plus_seconds(86_400),
        substitute: None,
        kinds: std::collections::BTreeSet::new(),
        powers: Powers::Decide,
    };
    let (actor, person) = (house.actor("accountant"), house.vector.person("accountant"));
    let recorded = house.app.record_absence(&actor, person, &draft).await;
    recorded.expect("recorded").uuid()
}

/// The secret in the fragment of the mailed link.
pub async fn secret_of(contract: &Contract<'_>) -> String {
    let (_, sealed) = contract.letter("signing-invitation").await;
    let url = sealed["link_url"].as_str().expect("a link");
    url.split_once('#').expect("a fragment").1.to_owned()
}

/// A letter of «Вектор» to nobody, tried as often as is tried.
async fn given_up(house: &TestApp) -> Uuid {
    let app = &house.app;
    let letter = Letter {
        key: "n:1".to_owned(),
        kind: MailKind::Approved,
        to: MailTo {
            address: "no address".to_owned(),
            name: "Иван Иванов".to_owned(),
            locale: chancery_types::Locale::Ru,
            person_id: None,
            contact_id: None,
        },
        document_id: None,
        payload: serde_json::json!({ "document_title": "Договор № 17" }),
        secret: None,
    };
    let tx = app.store.begin().await.expect("a transaction");
    let organisation = house.vector.organisation.uuid();
    let written = outbox::enqueue(&tx, app, organisation, app.now(), letter).await;
    written.expect("enqueued");
    tx.commit().await.expect("committed");
    Runner::new(app.clone()).drain().await.expect("drained");
    let row = rows::Entity::find().one(app.store.reader()).await;
    row.expect("rows").expect("the letter").id
}

async fn attach(house: &TestApp, document: DocumentId) {
    let bytes = bytes::Bytes::from_static(b"an attachment");
    let digest = Digest::of(&bytes);
    let organisation = house.vector.organisation;
    let source = BlobSource::Bytes(bytes);
    let kept = house
        .app
        .blobs
        .put(organisation, &digest, source, "text/plain");
    kept.await.expect("kept");
    let version = versions::Entity::find()
        .filter(versions::Column::DocumentId.eq(document.uuid()))
        .one(house.app.store.reader());
    let version = version.await.expect("asked").expect("a version");
    let row = attachments::ActiveModel {
        id: Set(entropy::id(house.app.now())),
        organisation_id: Set(organisation.uuid()),
        version_id: Set(version.id),
        position: Set(1),
        name: Set("a.txt".to_owned()),
        digest: Set(digest.hex()),
        size_bytes: Set(13),
        media_type: Set("text/plain".to_owned()),
    };
    row.insert(house.app.store.writer()).await.expect("a row");
}

/// A detached signature over the main file, brought by the initiator.
async fn brought(house: &TestApp, sent: &Contract<'_>, signer: &Elsewhere) -> Uuid {
    let now = house.app.now();
    let bytes = signer.detached(&sent.file, now);
    let mut file = Spool::new("signature", "c.p7s", 1_000_000).expect("a file");
    file.write(&bytes::Bytes::from(bytes)).expect("written");
    let file = file.finish().expect("a file");
    let actor = house.actor("initiator");
    let taken = house
        .app
        .take_detached(&actor, sent.id, Some(file), Vec::new());
    taken.await.expect("taken").id
}

/// A power beside the signature, added by the initiator for an organisation.
async fn power_of(house: &TestApp, sent: &Contract<'_>, signature: Uuid, power: &[u8]) -> Uuid {
    let mut file = Spool::new("power", "p.xml", 1_000_000).expect("a file");
    file.write(&bytes::Bytes::copy_from_slice(power))
        .expect("written");
    let posted = PostedPower {
        files: vec![file.finish().expect("a file")],
        organisation: ORGANISATION.to_owned(),
        ..PostedPower::default()
    };
    let (app, actor) = (&house.app, house.actor("initiator"));
    let added = app.add_power(&actor, sent.id, SignatureName::Id(signature), posted);
    added.await.expect("added").id
}

async fn prepared(contract: &Contract<'_>) -> Uuid {
    let app = &contract.house.app;
    let actor = contract.house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    app.give_consents(&actor, task, &shown(contract.house, &actor).await)
        .await
        .expect("consents");
    app.base_file(&actor, task).await.expect("the file");
    // Given up by what is prepared next: one seat, one pen.
    let outside = Elsewhere::named("Егоров Виктор", app.now()).presented();
    let given_up = app.prepare_outside(&actor, task, &outside).await;
    given_up.expect("prepared");
    let spki_der = fresh_key(app.key_kind()).spki_der();
    let key = SignerKey::Browser { spki_der };
    let prepared = app.prepare_signature(&actor, task, &key).await;
    prepared.expect("prepared").id.uuid()
}

async fn visit(house: &TestApp, sent: &Contract<'_>, secret: &str) -> (String, Uuid) {
    let app = &house.app;
    let key = LinkKey::Secret(secret.to_owned());
    let from = origin();
    let entered = app.enter_link(&key, &from, chancery_types::Locale::Ru);
    let secret = entered.await.expect("entered").cookie_secret;
    let (visit, actor) = sent.visits(&secret).await.expect("a visit");
    app.send_code(&actor, &visit).await.expect("sent");
    let (_, sealed) = sent.letter("code").await;
    let code = sealed["code"].as_str().expect("a code");
    app.give_code(&actor, &visit, code).await.expect("right");
    let (visit, actor) = sent.visits(&secret).await.expect("a visit");
    app.link_file(&actor, &visit).await.expect("the file");
    app.read_pages(&actor, &visit, 1..=1).await.expect("read");
    app.ask_question(&actor, &visit, "Когда?")
        .await
        .expect("asked");
    let task = visit.link.task_id;
    app.give_consents(&actor, task, &shown(house, &actor).await)
        .await
        .expect("consents");
    let spki_der = fresh_key(app.key_kind()).spki_der();
    let key = SignerKey::Browser { spki_der };
    let prepared = app.prepare_signature(&actor, task, &key).await;
    (secret, prepared.expect("prepared").id.uuid())
}

/// A protocol as a row, for another task: the link's own is still open.
async fn disagreement_of(
    house: &TestApp,
    sent: &Contract<'_>,
    visit: &str,
    task: chancery_types::id::TaskId,
) -> Uuid {
    let (visit, _) = sent.visits(visit).await.expect("a visit");
    let now = house.app.now();
    let row = disagreements::ActiveModel {
        id: Set(entropy::id(now)),
        organisation_id: Set(visit.link.organisation_id),
        document_id: Set(visit.link.document_id),
        version_id: Set(visit.link.version_id),
        run_id: Set(visit.link.run_id),
        task_id: Set(task.uuid()),
        link_id: Set(visit.link.id),
        contact_id: Set(visit.link.contact_id),
        comment: Set("Нет".to_owned()),
        name: Set("protocol.pdf".to_owned()),
        digest: Set(Digest::of(&sent.file).hex()),
        size_bytes: Set(i64::try_from(sent.file.len()).expect("small")),
        media_type: Set("application/pdf".to_owned()),
        created_at: Set(now.micros()),
    };
    let written = row.insert(house.app.store.writer()).await;
    written.expect("a protocol").id
}

async fn remark_of(house: &TestApp, document: DocumentId) -> Uuid {
    let found = remarks::Entity::find()
        .filter(remarks::Column::DocumentId.eq(document.uuid()))
        .one(house.app.store.reader());
    found.await.expect("asked").expect("a remark").id
}

async fn invited_of(house: &TestApp, document: DocumentId) -> Uuid {
    let found = tasks::Entity::find()
        .filter(tasks::Column::DocumentId.eq(document.uuid()))
        .filter(tasks::Column::ContactId.is_not_null())
        .one(house.app.store.reader());
    found.await.expect("asked").expect("a contact's task").id
}

async fn question_of(house: &TestApp, document: DocumentId) -> Uuid {
    let found = questions::Entity::find()
        .filter(questions::Column::DocumentId.eq(document.uuid()))
        .one(house.app.store.reader());
    found.await.expect("asked").expect("a question").id
}

async fn comment_of(house: &TestApp, document: DocumentId) -> Uuid {
    let draft = CommentDraft {
        text: "Ждём подписи".to_owned(),
        people: Vec::new(),
        is_for_counterparty: true,
        place: None,
    };
    let initiator = house.actor("initiator");
    let said = house.app.add_comment(&initiator, document, &draft).await;
    said.expect("said")
}

/// How many audit events there are.
pub async fn events(house: &TestApp) -> u64 {
    let counted = audit_events::Entity::find().count(house.app.store.reader());
    counted.await.expect("a count")
}

/// A house as it was, to be put back after each question that changed it.
pub struct Snapshot {
    /// What puts every row back, in one transaction.
    restoring: String,
}

impl Snapshot {
    /// Copies every row aside.
    pub async fn take(house: &TestApp) -> Self {
        match house.app.store.backend() {
            DbBackend::Sqlite => Self::take_sqlite(house).await,
            _ => Self::take_postgres(house).await,
        }
    }

    /// The triggers that keep rows from being taken away go, so that they can be put back: other
    /// tests see that those triggers hold.
    async fn take_sqlite(house: &TestApp) -> Self {
        let mail = house.mail_folder();
        let file = mail.with_file_name("seed.db").display().to_string();
        run(house, &format!("VACUUM INTO '{file}'")).await;
        run(house, &format!("ATTACH DATABASE '{file}' AS seed")).await;
        let listed = "SELECT name FROM main.sqlite_master WHERE type =";
        for trigger in names(house, &format!("{listed} 'trigger'")).await {
            run(house, &format!("DROP TRIGGER {trigger}")).await;
        }
        let mut tables = names(house, &format!("{listed} 'table'")).await;
        tables.retain(|name| !name.starts_with("sqlite_"));
        let copied = copies(&tables, "main");
        Self {
            restoring: format!(
                "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; {copied} COMMIT; \
                 PRAGMA foreign_keys = ON;"
            ),
        }
    }

    /// As a replica, PostgreSQL fires neither triggers nor checks of references.
    async fn take_postgres(house: &TestApp) -> Self {
        run(house, "CREATE SCHEMA seed").await;
        let listed = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'";
        let tables = names(house, listed).await;
        for table in &tables {
            run(
                house,
                &format!("CREATE TABLE seed.{table} AS TABLE public.{table}"),
            )
            .await;
        }
        let copied = copies(&tables, "public");
        Self {
            restoring: format!(
                "BEGIN; SET LOCAL session_replication_role = replica; {copied} COMMIT;"
            ),
        }
    }

    /// Puts every row back.
    pub async fn restore(&self, house: &TestApp) {
        run(house, &self.restoring).await;
    }
}

fn copies(tables: &[String], schema: &str) -> String {
    let copied = tables.iter().map(|table| {
        format!(
            "DELETE FROM {schema}.{table}; INSERT INTO {schema}.{table} SELECT * FROM seed.{table};"
        )
    });
    copied.collect()
}

async fn run(house: &TestApp, sql: &str) {
    let writer = house.app.store.writer();
    writer.execute_unprepared(sql).await.expect("done");
}

/// The column `name` of what `sql` finds.
async fn names(house: &TestApp, sql: &str) -> Vec<String> {
    let asked = Statement::from_string(house.app.store.backend(), sql);
    let rows = house.app.store.writer().query_all_raw(asked).await;
    let rows = rows.expect("rows");
    let names: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("", "name")).collect();
    names.expect("names")
}
