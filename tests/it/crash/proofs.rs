//! What must be true of rows, files and letters while the server is dead.

use std::collections::{BTreeMap, BTreeSet};

use chancery::app::App;
use chancery::clock::Clock;
use chancery::jobs::Runner;
use chancery::store::entity::{
    audit_events, blobs, consents, documents, link_visits, links, outbox, remarks, run_events,
    runs, signatures, signed_copies, tasks, versions,
};
use chancery_signature::{Anchors, Indication, Limits, ValidationPolicy, gather_pdf, judge};
use chancery_types::Digest;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::life::{Fact, Visited};
use crate::support::TestApp;

/// Everything that is there.
struct Rows {
    events: Vec<audit_events::Model>,
    documents: BTreeMap<Uuid, documents::Model>,
    versions: BTreeMap<Uuid, versions::Model>,
    runs: BTreeMap<Uuid, runs::Model>,
    run_events: Vec<run_events::Model>,
    tasks: BTreeMap<Uuid, tasks::Model>,
    remarks: BTreeMap<Uuid, remarks::Model>,
    consents: Vec<consents::Model>,
    signatures: BTreeMap<Uuid, signatures::Model>,
    copies: Vec<signed_copies::Model>,
    links: BTreeMap<Uuid, links::Model>,
    visits: Vec<link_visits::Model>,
    blobs: Vec<blobs::Model>,
    letters: Vec<outbox::Model>,
}

async fn all<E: EntityTrait>(house: &TestApp) -> Vec<E::Model> {
    let found = E::find().all(house.app.store.reader()).await;
    found.expect("rows")
}

impl Rows {
    async fn of(house: &TestApp) -> Self {
        Self {
            events: all::<audit_events::Entity>(house).await,
            documents: by(all::<documents::Entity>(house).await, |row| row.id),
            versions: by(all::<versions::Entity>(house).await, |row| row.id),
            runs: by(all::<runs::Entity>(house).await, |row| row.id),
            run_events: all::<run_events::Entity>(house).await,
            tasks: by(all::<tasks::Entity>(house).await, |row| row.id),
            remarks: by(all::<remarks::Entity>(house).await, |row| row.id),
            consents: all::<consents::Entity>(house).await,
            signatures: by(all::<signatures::Entity>(house).await, |row| row.id),
            copies: all::<signed_copies::Entity>(house).await,
            links: by(all::<links::Entity>(house).await, |row| row.id),
            visits: all::<link_visits::Entity>(house).await,
            blobs: all::<blobs::Entity>(house).await,
            letters: all::<outbox::Entity>(house).await,
        }
    }

    /// How many events say that `action` happened to `subject`.
    fn told(&self, action: &str, subject: Uuid) -> usize {
        let told =
            |event: &&audit_events::Model| event.action == action && event.subject_id == subject;
        self.events.iter().filter(told).count()
    }

    fn has_letter(&self, key: &str) -> bool {
        self.letters.iter().any(|letter| letter.key == key)
    }
}

fn by<M>(rows: Vec<M>, id: impl Fn(&M) -> Uuid) -> BTreeMap<Uuid, M> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

fn id(text: &str) -> Uuid {
    text.parse().expect("an identifier")
}

/// Checks after each kill; remembers which files it has read.
#[derive(Default)]
pub struct Proofs {
    read: BTreeSet<String>,
    signatures_seen: usize,
}

impl Proofs {
    pub const fn signatures_seen(&self) -> usize {
        self.signatures_seen
    }

    /// Every promise, at once.
    pub async fn check(&mut self, house: &TestApp, facts: &[Fact]) {
        let rows = Rows::of(house).await;
        for fact in facts {
            check_fact(&rows, fact);
        }
        check_documents(&rows);
        check_runs(&rows);
        check_events(&rows);
        self.check_files(house, &rows).await;
        self.signatures_seen = rows.signatures.len();
        check_letters(house).await;
    }

    /// Every file that a version or a signed copy names is there, with its digest. A row of `blobs`
    /// alone is a claim, written before the bytes: a death in between leaves it to the sweep.
    async fn check_files(&mut self, house: &TestApp, rows: &Rows) {
        let named: BTreeSet<&str> = rows.blobs.iter().map(|row| row.digest.as_str()).collect();
        for version in rows.versions.values() {
            assert!(named.contains(version.main_digest.as_str()), "{version:?}");
        }
        for copy in &rows.copies {
            assert!(named.contains(copy.digest.as_str()), "{copy:?}");
        }
        let main = rows.versions.values().map(|row| row.main_digest.as_str());
        let copies = rows.copies.iter().map(|row| row.digest.as_str());
        let owed: BTreeSet<&str> = main.chain(copies).collect();
        for blob in &rows.blobs {
            let is_owed = owed.contains(blob.digest.as_str());
            if !self.read.contains(&blob.digest) {
                let digest: Digest = blob.digest.parse().expect("a digest");
                let kept = house.app.blobs.get(blob.organisation_id.into(), &digest);
                let kept = match kept.await {
                    Ok(kept) => kept,
                    Err(why) => {
                        assert!(!is_owed, "{blob:?}: {why}");
                        continue;
                    }
                };
                self.read.insert(blob.digest.clone());
                assert_eq!(Digest::of(&kept), digest);
                assert_eq!(kept.len() as i64, blob.size_bytes);
            }
        }
    }

    /// Both signatures of every contract that went its whole way pass.
    pub async fn check_verdicts(&self, house: &TestApp) {
        let app = &house.app;
        let now = Clock::System.now();
        let mut anchors = Anchors::none();
        for der in app.list_anchors().await.expect("roots") {
            anchors.extend(Anchors::from_pem_or_der(&der).expect("a root"));
        }
        let mut whole = 0;
        for copy in all::<signed_copies::Entity>(house).await {
            let digest = copy.digest.parse().expect("a digest");
            let kept = app.blobs.get(copy.organisation_id.into(), &digest);
            let kept = kept.await.expect("a signed copy");
            let facts = gather_pdf(&kept, &Limits::default());
            let report = judge(&facts, &ValidationPolicy::default(), now, &anchors);
            let passed: Vec<Indication> =
                report.signatures.iter().map(|one| one.indication).collect();
            let count = usize::try_from(copy.signatures_count).expect("a count");
            // The hour may have struck, and the server raised the copy by an archive timestamp.
            let stamps = usize::from(copy.level == "B-LTA");
            assert_eq!(passed, vec![Indication::TotalPassed; count + stamps]);
            whole += usize::from(count == 2);
        }
        assert!(
            whole >= super::LIVES,
            "{whole} contracts went their whole way"
        );
    }
}

fn check_fact(rows: &Rows, fact: &Fact) {
    match fact {
        Fact::Created {
            document,
            main_digest,
        } => {
            let document = &rows.documents[&id(document)];
            let of_it = |version: &&versions::Model| version.document_id == document.id;
            let version = rows.versions.values().find(of_it).expect("a version");
            assert_eq!(&version.main_digest, main_digest);
            assert_eq!(rows.told("document.created", document.id), 1, "{fact:?}");
        }
        Fact::Started { run } => {
            assert_eq!(
                rows.told("run.started", rows.runs[&id(run)].id),
                1,
                "{fact:?}"
            );
        }
        Fact::Decided { task, decision } => {
            let task = &rows.tasks[&id(task)];
            assert_eq!(task.decision.as_deref(), Some(*decision), "{task:?}");
            assert_eq!(rows.told("task.decided", task.id), 1, "{fact:?}");
        }
        Fact::RemarkClosed { remark } => {
            let remark = &rows.remarks[&id(remark)];
            assert_eq!(remark.state, "closed");
            assert_eq!(rows.told("remark.closed", remark.id), 1, "{fact:?}");
        }
        Fact::Consented { task } => {
            let of_it = rows.consents.iter().filter(|row| row.task_id == id(task));
            assert_eq!(of_it.count(), 2, "{fact:?}");
            assert_eq!(rows.told("consent.given", id(task)), 1, "{fact:?}");
        }
        Fact::Signed {
            signature,
            copy_digest,
        } => {
            let signature = &rows.signatures[&id(signature)];
            assert_eq!(&signature.copy_digest, copy_digest);
            assert_eq!(rows.told("document.signed", signature.id), 1, "{fact:?}");
        }
        Fact::Visited { document, step } => {
            let mut visits = rows
                .visits
                .iter()
                .filter(|visit| rows.links[&visit.link_id].document_id == id(document));
            let is_there = visits.any(|visit| match step {
                Visited::Entered => true,
                Visited::Proved => visit.verified_at.is_some(),
                Visited::Read => visit.pages_read.contains("\"1\":"),
            });
            assert!(is_there, "{fact:?}");
        }
    }
}

/// No document is half there.
fn check_documents(rows: &Rows) {
    for document in rows.documents.values() {
        let version = document.current_version_id.expect("a current version");
        assert_eq!(rows.versions[&version].document_id, document.id);
        assert_eq!(
            rows.told("document.created", document.id),
            1,
            "{document:?}"
        );
        let in_run = rows.runs.values().any(|run| run.document_id == document.id);
        assert_eq!(in_run, document.state != "draft", "{document:?}");
    }
    for signature in rows.signatures.values() {
        let copy = rows
            .copies
            .iter()
            .find(|copy| copy.version_id == signature.version_id);
        let of_it = rows.signatures.values();
        let of_it = of_it.filter(|other| other.version_id == signature.version_id);
        let copy = copy.expect("a signed copy");
        assert_eq!(copy.signatures_count, of_it.count() as i64, "{copy:?}");
        assert_eq!(
            rows.tasks[&signature.task_id].state, "done",
            "{signature:?}"
        );
    }
}

/// A run waits for somebody or is over; whoever it waits for has a letter.
fn check_runs(rows: &Rows) {
    for run in rows.runs.values() {
        let mut of_it = rows.tasks.values().filter(|task| task.run_id == run.id);
        let waits = of_it.any(|task| task.state == "open");
        assert!(waits || run.finished_at.is_some(), "{run:?}");
        let events = rows
            .run_events
            .iter()
            .filter(|event| event.run_id == run.id);
        assert_eq!(events.count() as i64, run.seq, "{run:?}");
    }
    for task in rows.tasks.values() {
        let keys: Vec<String> = match task.contact_id {
            Some(_) => {
                let of_it = rows.links.values().filter(|link| link.task_id == task.id);
                of_it.map(|link| format!("l:{}", link.id)).collect()
            }
            None => vec![format!("n:{}:open", task.id)],
        };
        assert!(!keys.is_empty(), "no link: {task:?}");
        for key in keys {
            assert!(rows.has_letter(&key), "no letter {key}: {task:?}");
        }
    }
}

/// Every change left exactly one event.
fn check_events(rows: &Rows) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &rows.events {
        *counts.entry(event.action.as_str()).or_default() += 1;
    }
    let count = |actions: &[&str]| -> usize {
        actions.iter().filter_map(|action| counts.get(action)).sum()
    };
    assert_eq!(count(&["document.created"]), rows.documents.len());
    assert_eq!(count(&["run.started"]), rows.runs.len());
    let moves = count(&["run.started", "task.decided", "document.signed"]);
    assert_eq!(moves, rows.run_events.len(), "{counts:?}");
    assert_eq!(count(&["document.signed"]), rows.signatures.len());
    assert_eq!(count(&["consent.given"]) * 2, rows.consents.len());
}

/// No letter is lost. Method: another worker takes over an hour later, when every lease of the dead
/// one has run out; then each letter lies in the mailbox once, under the Message-ID of its row.
async fn check_letters(house: &TestApp) {
    let later = App {
        clock: Clock::held(Clock::System.now().plus_seconds(3600)),
        ..house.app.clone()
    };
    Runner::new(later).drain().await.expect("drained");
    let mut expected = BTreeSet::new();
    for letter in all::<outbox::Entity>(house).await {
        assert_eq!(letter.state, "sent", "{letter:?}");
        assert!(expected.insert(letter.message_id.clone()), "{letter:?}");
    }
    let mails = house.mails();
    let of_mail = |mail: &String| {
        let line = mail
            .lines()
            .find_map(|line| line.strip_prefix("Message-ID: "));
        line.expect("a Message-ID").trim().to_owned()
    };
    let found: Vec<String> = mails.iter().map(of_mail).collect();
    assert_eq!(found.len(), expected.len(), "a letter lies there twice");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    for path in super::files_in(&house.mail_folder()) {
        assert!(path.extension().is_some_and(|end| end == "eml"), "{path:?}");
    }
}
