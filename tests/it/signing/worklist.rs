//! The compliance officer's worklist: what stands in it, and that a changed verdict is told once.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::page::PageRequest;
use chancery::app::worklist::{SignatureCounts, SignatureLine, SignatureQuery};
use chancery::blob::BlobSource;
use chancery::jobs::Runner;
use chancery::mail::{MailKind, unread_fields};
use chancery::store::entity::{
    audit_events, checked_files, jobs, raised_signatures, signature_checks, signed_copies,
};
use chancery_types::Digest;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{Contract, code};
use super::elsewhere::{Elsewhere, pem};
use crate::documents::paper::create;
use crate::guards::Browser;
use crate::office::call;
use crate::support::{Backend, TestApp, on_both};
use crate::verify::signed::{Authority, small_pdf};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// What the schedule makes due now, done.
async fn round(house: &TestApp) {
    house.app.enqueue_rechecks().await.expect("written down");
    house.app.enqueue_rechecks().await.expect("and only once");
    drain(house).await;
}

async fn drain(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    let jobs = drained.expect("drained").jobs;
    assert_eq!((jobs.delayed, jobs.failed, jobs.lost), (0, 0, 0));
}

pub async fn ask(house: &TestApp, verdict: &str, concern: &str) -> Vec<SignatureLine> {
    asked(house, verdict, concern, "").await
}

/// As [`ask`], and only those that have all these words.
async fn asked(house: &TestApp, verdict: &str, concern: &str, words: &str) -> Vec<SignatureLine> {
    let query = SignatureQuery {
        verdict: verdict.to_owned(),
        concern: concern.to_owned(),
        words: words.to_owned(),
        ..SignatureQuery::default()
    };
    let page = PageRequest {
        after: None,
        rows_max: 50,
    };
    let found = house
        .app
        .list_signatures(&house.actor("compliance"), &query, &page)
        .await;
    found.expect("a list").rows
}

async fn counts(house: &TestApp) -> SignatureCounts {
    let counted = house.app.count_signatures(&house.actor("compliance")).await;
    counted.expect("counted")
}

/// The events of changed verdicts.
async fn told(house: &TestApp) -> Vec<Value> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq("signature.verdict_changed"))
        .all(house.app.store.reader())
        .await
        .expect("rows");
    let details = |row: audit_events::Model| serde_json::from_str(&row.details).expect("JSON");
    rows.into_iter().map(details).collect()
}

async fn copy_of(house: &TestApp) -> signed_copies::Model {
    let rows = signed_copies::Entity::find().all(house.app.store.reader());
    rows.await.expect("rows").remove(0)
}

/// What a hand in the database and the storage could do: another file in the place of the copy.
async fn replace_copy(house: &TestApp, digest: &Digest) {
    let mut row: signed_copies::ActiveModel = copy_of(house).await.into();
    row.digest = Set(digest.hex());
    row.update(house.app.store.writer()).await.expect("kept");
}

/// Changes the text of the signed copy, behind our back.
async fn tamper(house: &TestApp) {
    let digest = copy_of(house).await.digest.parse().expect("a digest");
    let organisation = house.vector.organisation;
    let good = house.app.blobs.get(organisation, &digest).await;
    let mut changed = good.expect("the copy").to_vec();
    let word = b"(Contract)";
    let mut windows = changed.windows(word.len());
    let at = windows.position(|window| window == word).expect("the word");
    changed[at + 1] = b'K';
    let digest = Digest::of(&changed);
    let source = BlobSource::Bytes(Bytes::from(changed));
    let blobs = &house.app.blobs;
    let kept = blobs.put(organisation, &digest, source, "application/pdf");
    kept.await.expect("kept");
    replace_copy(house, &digest).await;
}

/// Goal: our own signature and a stranger's stand in the list as they are, each question finds the
/// right ones, and nothing is told of a first check. Method: one of each, a round of the schedule,
/// and a day later.
#[tokio::test]
async fn every_stored_signature_stands_in_the_list_with_what_needs_a_look() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let stranger = Authority::new().sign_pdf(&small_pdf());
        let foreign = create(house, &stranger).await.expect("a document").id;
        assert_eq!(counts(house).await.unchecked_files, 2);
        round(house).await;
        let counted = counts(house).await;
        assert_eq!((counted.passed, counted.indeterminate), (1, 1));
        assert_eq!((counted.failed, counted.unchecked_files), (0, 0));

        let passed = ask(house, "TOTAL-PASSED", "").await;
        assert_eq!(passed.len(), 1);
        assert_eq!(passed[0].document_id, contract.id);
        let check = &passed[0].check;
        assert_eq!(check.signer_name.as_deref(), Some("Виктор Егоров"));
        assert_eq!(check.proven_at, Some(house.app.now().micros()));
        assert_eq!((check.ordinal, check.version_number), (1, 1));
        assert_eq!(check.digest, copy_of(house).await.digest);
        let undecided = ask(house, "INDETERMINATE", "without-timestamp").await;
        assert_eq!(undecided.len(), 1);
        assert_eq!(undecided[0].document_id, foreign);
        assert!(undecided[0].reason.is_some());
        for (concern, found) in [("ended", 0), ("revoked", 0), ("weak", 0), ("changed", 0)] {
            assert_eq!(ask(house, "", concern).await.len(), found, "{concern}");
        }
        let ending = ask(house, "", "ending").await;
        assert!(ending.iter().any(|line| line.document_id == contract.id));
        // By the signer, by the document, by a word of each; not by another's document.
        let number = {
            let document = passed[0].document.as_ref().expect("a document");
            document.number.clone().expect("registered")
        };
        for (words, found) in [
            ("егоров", 1),
            ("ЕГОРОВ виктор", 1),
            (number.as_str(), 1),
            (format!("{number} Егоров").as_str(), 1),
            ("егоров петров", 0),
            ("100%", 0),
            ("_", 0),
        ] {
            let lines = asked(house, "", "", words).await;
            assert_eq!(lines.len(), found, "{words}");
        }
        // A certificate for a day: over tomorrow, and the timestamp still proves the signature.
        house.advance_seconds(2 * DAY);
        let ended = ask(house, "TOTAL-PASSED", "ended").await;
        assert_eq!(ended.len(), 1);
        let level = ended[0].copy.as_ref().map(|copy| copy.level.as_str());
        assert_eq!(level, Some("B-T"));
        for concern in ["proof-ending", "not-raised"] {
            assert_eq!(ask(house, "", concern).await.len(), 0, "{concern}");
        }
        assert_eq!(told(house).await, Vec::<Value>::new());
    })
    .await;
}

/// Goal: a signature does not wait for the schedule to be checked: the check is written down with
/// it, once. Method: one is made, no hour passes, and the worker does what is there.
#[tokio::test]
async fn a_signature_is_checked_as_soon_as_it_is_stored() {
    on_both(async |house: &TestApp| {
        Contract::at_counterparty(house).await;
        let written = jobs::Entity::find()
            .filter(jobs::Column::Kind.eq("recheck"))
            .all(house.app.store.reader())
            .await
            .expect("rows");
        assert_eq!(written.len(), 1);
        drain(house).await;
        let counted = counts(house).await;
        assert_eq!((counted.passed, counted.unchecked_files), (1, 0));
    })
    .await;
}

/// Goal: a signature that is judged otherwise than before is one event and a letter to each
/// compliance officer, and to nobody else; told once, and again when it changes again. Method: the
/// copy is changed behind our back, two rounds, then it is lost.
#[tokio::test]
async fn a_changed_verdict_is_an_event_and_letters_to_compliance_officers_once() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        round(house).await;
        tamper(house).await;
        house.advance_seconds(HOUR);
        round(house).await;
        house.advance_seconds(8 * DAY);
        round(house).await;
        let events = told(house).await;
        assert_eq!(events.len(), 1, "{events:?}");
        let changes = json!([{
            "signature": 1, "signer": "Виктор Егоров",
            "before": "TOTAL-PASSED", "after": "TOTAL-FAILED",
        }]);
        assert_eq!(events[0]["changes"], changes);
        assert_eq!(contract.told("verdict-changed").await, ["compliance"]);
        let (letter, _) = contract.letter("verdict-changed").await;
        let payload = serde_json::from_str(&letter.payload).expect("JSON");
        let unread = unread_fields(MailKind::VerdictChanged, &payload, None);
        assert_eq!(unread.expect("of its kind"), [""; 0]);
        let line = ask(house, "TOTAL-FAILED", "changed").await.remove(0);
        let before = line.check.previous_indication;
        assert_eq!(before.as_deref(), Some("TOTAL-PASSED"));

        replace_copy(house, &Digest::of(b"never stored")).await;
        house.advance_seconds(HOUR);
        round(house).await;
        let lost = ask(house, "INDETERMINATE", "changed").await.remove(0);
        assert_eq!(lost.check.signer_name.as_deref(), Some("Виктор Егоров"));
        assert_eq!(told(house).await.len(), 2);
        assert_eq!(contract.told("verdict-changed").await.len(), 2);
        let mail = house.mails().into_iter();
        let mail = mail.filter(|mail| mail.contains("compliance@"));
        assert_eq!(mail.count(), 2);
    })
    .await;
}

/// Goal: two workers check each file once and tell a change once. Method: both at the same moment,
/// and one that took a file in hand and died.
#[tokio::test]
async fn two_workers_never_check_one_file_twice() {
    on_both(async |house: &TestApp| {
        Contract::at_counterparty(house).await;
        round(house).await;
        tamper(house).await;
        let organisation = house.vector.organisation;
        let nothing = json!({});
        let (one, other) = futures::join!(
            house.app.recheck(organisation, &nothing),
            house.app.recheck(organisation, &nothing)
        );
        one.expect("done");
        other.expect("done");
        assert_eq!(told(house).await.len(), 1);
        let checked = checked_files::Entity::find().all(house.app.store.reader());
        let checked = checked.await.expect("rows");
        assert_eq!((checked.len(), checked[0].fence), (1, 2));

        let mut dead: checked_files::ActiveModel = checked[0].clone().into();
        dead.claimed_until = Set(Some(house.app.now().plus_seconds(900).micros()));
        dead.update(house.app.store.writer()).await.expect("kept");
        house.advance_seconds(1);
        let all = json!({ "before": house.app.now().micros() });
        let fence = async || {
            house.app.recheck(organisation, &all).await.expect("done");
            let row = checked_files::Entity::find().one(house.app.store.reader());
            row.await.expect("rows").expect("the file").fence
        };
        assert_eq!(fence().await, 2, "it is in another's hand");
        house.advance_seconds(900);
        assert_eq!(fence().await, 3);
    })
    .await;
}

/// Goal: what was checked lately is passed over, what is old is checked, and whoever asks has all
/// checked now; asking twice changes nothing. Method: the clock, and the moments in the list.
#[tokio::test]
async fn the_schedule_passes_over_what_is_fresh_and_whoever_asks_has_all_checked() {
    on_both(async |house: &TestApp| {
        Contract::at_counterparty(house).await;
        round(house).await;
        let first = house.app.now();
        let checked = async || ask(house, "", "").await.remove(0).check.checked_at;
        house.advance_seconds(6 * DAY);
        round(house).await;
        assert_eq!(checked().await, first.micros());
        house.advance_seconds(2 * DAY);
        round(house).await;
        assert_eq!(checked().await, house.app.now().micros());

        house.advance_seconds(60);
        let officer = house.actor("compliance");
        house.app.ask_recheck(&officer).await.expect("asked");
        let again = house.app.ask_recheck(&officer).await;
        assert_eq!(code(&again.expect_err("it goes on")), "recheck-going-on");
        assert!(counts(house).await.is_going_on);
        drain(house).await;
        assert_eq!(checked().await, house.app.now().micros());
        assert!(!counts(house).await.is_going_on);
        assert_eq!(counts(house).await.checked_since, Some(house.app.now()));
        house.app.ask_recheck(&officer).await.expect("once more");
        for role in ["auditor", "administrator", "initiator", "clerk"] {
            let refused = house.app.ask_recheck(&house.actor(role)).await;
            assert!(matches!(refused, Err(AppError::Hidden)), "{role}");
        }
    })
    .await;
}

/// Goal: page and call say the same to the officer and nothing to anybody else, another house's
/// officer sees their own list alone, and the button works once. Method: a house with one
/// signature.
#[tokio::test]
async fn the_list_is_a_page_and_a_call_for_compliance_officers_alone() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    round(&house).await;
    let served = house.serve();
    let officer = Browser::of(&house, &served, house.vector.person("compliance")).await;
    let page = officer.get("/signatures").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let link = format!("/documents/{}?version=1#signatures", contract.id);
    for text in [
        "Проверена 1 подпись.",
        "Действительны: 1.",
        "Виктор Егоров",
        "версия 1, подпись 1",
        link.as_str(),
        "Проверить все снова",
        "href=\"/signatures\"",
    ] {
        assert!(page.body.contains(text), "no {text:?} in {}", page.body);
    }
    let none = officer.get("/signatures?concern=revoked").await;
    assert!(none.body.contains("Таких подписей нет"), "{}", none.body);
    for wrong in [
        "verdict=GOOD",
        "concern=odd",
        "concern=ending&days=0",
        "days=x",
        "from=yesterday",
        "from=2026-05-02&until=2026-05-01",
    ] {
        let answer = officer.get(&format!("/signatures?{wrong}")).await;
        assert_eq!(answer.status, 422, "{wrong}");
        let path = format!("/api/v1/signatures?{wrong}");
        assert_eq!(call(&officer, "GET", &path, Value::Null).await.status, 422);
    }
    let today = house.app.now().to_string();
    let today = &today[..10];
    for (question, is_found) in [
        (format!("words=егоров&from={today}&until={today}"), true),
        (format!("until={today}"), true),
        ("from=2039-01-01".to_owned(), false),
        ("until=2001-01-01".to_owned(), false),
        ("words=петров".to_owned(), false),
    ] {
        let page = officer.get(&format!("/signatures?{question}")).await.body;
        assert_eq!(page.contains("Виктор Егоров"), is_found, "{question}");
        let path = format!("/signatures/export.csv?{question}");
        assert_eq!(page.contains("/signatures/export.csv?"), is_found);
        let saved = officer.get(&path).await;
        assert_eq!(saved.status, 200);
        let rows: Vec<&str> = saved.body.lines().skip(1).collect();
        assert_eq!(rows.len(), usize::from(is_found), "{question}: {rows:?}");
        for row in rows {
            for text in [
                "\"Виктор Егоров\"",
                "\"Действительна\"",
                "версия 1, подпись 1",
            ] {
                assert!(row.contains(text), "no {text} in {row}");
            }
        }
    }
    let told = call(
        &officer,
        "GET",
        "/api/v1/signatures?words=петров",
        Value::Null,
    )
    .await;
    assert_eq!(told.body["rows"], json!([]), "{}", told.body);
    let told = call(&officer, "GET", "/api/v1/signatures", Value::Null).await;
    assert_eq!(told.body["counts"]["passed"], 1, "{}", told.body);
    assert_eq!(told.body["rows"][0]["indication"], "TOTAL-PASSED");
    assert_eq!(told.body["rows"][0]["document_id"], contract.id.to_string());

    let stranger = Browser::of(&house, &served, house.northwind.person("compliance")).await;
    let theirs = stranger.get("/signatures").await;
    assert!(
        theirs.body.contains("No signature has been checked yet."),
        "{}",
        theirs.body
    );
    assert!(!theirs.body.contains("Егоров"));
    let auditor = Browser::of(&house, &served, house.vector.person("auditor")).await;
    assert_eq!(auditor.get("/signatures").await.status, 404);
    assert_eq!(auditor.get("/api/v1/signatures").await.status, 404);

    house.advance_seconds(1);
    let asked = call(&officer, "POST", "/api/v1/signatures/recheck", json!({})).await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    let again = call(&officer, "POST", "/api/v1/signatures/recheck", json!({})).await;
    assert_eq!(
        (again.status, &again.body["code"]),
        (409, &json!("recheck-going-on"))
    );
    let page = officer.get("/signatures").await.body;
    assert!(
        page.contains("Идёт новая проверка всех подписей."),
        "{page}"
    );
    served.stop().await;
    house.close().await;
}

/// Goal: what passed because nobody asks whether its certificates were revoked is not green in the
/// list, and says why. Method: a row as a check by such rules leaves it.
#[tokio::test]
async fn what_passed_with_its_revocation_open_is_not_green_in_the_list() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    round(&house).await;
    let served = house.serve();
    let officer = Browser::of(&house, &served, house.vector.person("compliance")).await;
    let before = officer.get("/signatures").await.body;
    assert!(
        !before.contains("Действительна, отзыв не известен"),
        "{before}"
    );
    let reason = json!({ "code": "revocation_waived", "args": { "subject": "CN=Издатель" } });
    let changed = signature_checks::Entity::update_many()
        .col_expr(
            signature_checks::Column::Reason,
            Expr::value(reason.to_string()),
        )
        .filter(signature_checks::Column::DocumentId.eq(contract.id.uuid()))
        .exec(house.app.store.writer());
    assert_eq!(changed.await.expect("changed").rows_affected, 1);
    let page = officer.get("/signatures").await.body;
    assert!(page.contains("Действительна, отзыв не известен"), "{page}");
    assert!(
        page.contains("Не отозван ли сертификат «Издатель», неизвестно"),
        "{page}"
    );
    served.stop().await;
    house.close().await;
}

/// Goal: rows of rounds that are done do not pile up. Method: a round, and a sweep a week later.
#[tokio::test]
async fn rounds_that_are_done_are_swept() {
    let house = TestApp::single().await;
    round(&house).await;
    house.advance_seconds(8 * DAY);
    house.app.enqueue_sweeps().await.expect("written down");
    drain(&house).await;
    let left = jobs::Entity::find()
        .filter(jobs::Column::Kind.eq("recheck"))
        .all(house.app.store.reader());
    assert_eq!(left.await.expect("rows").len(), 0);
    house.close().await;
}

/// What a detached signature is now, by its digest.
async fn detached_now(house: &TestApp, id: Uuid) -> String {
    let row = raised_signatures::Entity::find_by_id(id)
        .one(house.app.store.reader())
        .await;
    row.expect("asked").expect("a row").digest
}

/// Goal: a detached signature that was brought stands in the list as it is, and no copy's archive
/// timestamps speak for it. Method: a stranger's over the main file, a round, each question.
#[tokio::test]
async fn a_detached_signature_stands_in_the_list_beside_those_in_copies() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let signer = Elsewhere::named("Иван Иванов", house.app.now());
        let signature = signer.detached(&contract.file, house.app.now());
        let initiator = house.actor("initiator");
        let taken = contract.brings_signature(&initiator, &signature).await;
        let taken = taken.expect("kept");
        assert_eq!(counts(house).await.unchecked_files, 2);
        round(house).await;
        let counted = counts(house).await;
        assert_eq!((counted.passed, counted.indeterminate), (1, 1));
        assert_eq!(counted.unchecked_files, 0);
        let found = ask(house, "INDETERMINATE", "").await;
        assert_eq!(found.len(), 1);
        let line = &found[0];
        assert_eq!(line.check.detached_id, Some(taken.id));
        assert_eq!(line.detached_name.as_deref(), Some("contract.pdf.p7s"));
        assert_eq!(line.check.signer_name.as_deref(), Some("Иван Иванов"));
        assert_eq!(line.check.digest, detached_now(house, taken.id).await);
        assert!(line.copy.is_none(), "a copy says nothing of it");
        let mut copy: signed_copies::ActiveModel = copy_of(house).await.into();
        let long = house.app.now().plus_seconds(9_000 * DAY).micros();
        copy.lasts_until = Set(Some(long));
        copy.update(house.app.store.writer()).await.expect("kept");
        let ending = ask(house, "", "ending").await;
        assert_eq!(ending.len(), 1);
        assert!(ending[0].detached_name.is_some());
        assert_eq!(ask(house, "INDETERMINATE", "proof-ending").await.len(), 0);
        assert_eq!(told(house).await, Vec::<Value>::new());
    })
    .await;
}

/// Goal: a detached signature is judged again by the schedule and on demand, and a change of its
/// verdict is one event and letters that name it. Method: whoever issued its certificate is
/// trusted; then the file that it is over is lost from storage.
#[tokio::test]
async fn a_detached_signature_is_checked_again_and_its_change_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("root.pem");
    let start = crate::support::START.parse().expect("a moment");
    let root = Elsewhere::named("Anybody", start).root;
    std::fs::write(&trusted, pem("CERTIFICATE", &root)).expect("written");
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = vec![trusted];
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let signer = Elsewhere::named("Иван Иванов", house.app.now());
    let signature = signer.detached(&contract.file, house.app.now());
    let taken = contract
        .brings_signature(&house.actor("initiator"), &signature)
        .await;
    let taken = taken.expect("kept");
    round(&house).await;
    assert_eq!(counts(&house).await.passed, 2);

    let main = Digest::of(&contract.file);
    let organisation = house.vector.organisation;
    let lost = house.app.blobs.delete(organisation, &main).await;
    lost.expect("deleted");
    house.advance_seconds(HOUR);
    let officer = house.actor("compliance");
    house.app.ask_recheck(&officer).await.expect("asked");
    drain(&house).await;
    house.advance_seconds(8 * DAY);
    round(&house).await;
    let events = told(&house).await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["came_as"], "detached");
    assert_eq!(events[0]["sha256"], detached_now(&house, taken.id).await);
    assert_eq!(events[0]["covered_sha256"], main.hex());
    assert_eq!(events[0]["changes"][0]["before"], "TOTAL-PASSED");
    assert_eq!(events[0]["changes"][0]["after"], "INDETERMINATE");
    let line = ask(&house, "INDETERMINATE", "changed").await.remove(0);
    assert_eq!(line.check.signer_name.as_deref(), Some("Иван Иванов"));
    assert_eq!(contract.told("verdict-changed").await, ["compliance"]);
    let (letter, _) = contract.letter("verdict-changed").await;
    let payload: Value = serde_json::from_str(&letter.payload).expect("JSON");
    assert_eq!(payload["detached"], "contract.pdf.p7s");
    let unread = unread_fields(MailKind::VerdictChanged, &payload, None);
    assert_eq!(unread.expect("of its kind"), [""; 0]);

    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("compliance")).await;
    let page = browser.get("/signatures?concern=changed").await;
    let place = "версия 1, отсоединённая подпись contract.pdf.p7s";
    assert!(page.body.contains(place), "{}", page.body);
    let listed = browser.get("/api/v1/signatures?concern=changed").await;
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    let line = listed.pointer("/items/0").or(listed.pointer("/rows/0"));
    let line = line.expect("a line");
    assert_eq!(line["form"], "detached");
    let file = browser
        .get(line["file_url"].as_str().expect("a path"))
        .await;
    assert_eq!(file.status, 200);
    served.stop().await;
    house.close().await;
}

/// Goal: a detached signature is judged again only if the file that it is over is of a size that is
/// judged, as any other stored file. Method: the limits made smaller than that file and larger than
/// the signature itself; the check says so, and nothing looks proven.
#[tokio::test]
async fn a_detached_signature_over_a_file_that_is_too_large_is_not_judged_again() {
    on_both(async |house: &TestApp| {
        let contract = Contract::drafted(house).await;
        let large = [contract.file.as_ref(), &[b'\n'; 4_000]].concat();
        contract.brings_file(2, &large).await;
        let signer = Elsewhere::named("Иван Иванов", house.app.now());
        let over = signer.detached(&large, house.app.now());
        assert!(over.len() < large.len(), "{} bytes", over.len());
        let taken = contract
            .brings_signature(&house.actor("initiator"), &over)
            .await
            .expect("kept");
        let mut small = house.app.clone();
        let mut config = (*small.config).clone();
        let bytes_max = u64::try_from(over.len()).expect("small");
        config.limits.upload_bytes_max = bytes_max;
        config.limits.verify_bytes_max = bytes_max;
        small.config = std::sync::Arc::new(config);
        small.enqueue_rechecks().await.expect("written down");
        let drained = Runner::new(small).drain().await.expect("drained");
        assert_eq!(drained.jobs.failed, 0);
        let checked = checked_files::Entity::find_by_id(taken.id)
            .one(house.app.store.reader())
            .await;
        let checked = checked.expect("asked").expect("a check");
        assert_eq!(checked.outcome.as_deref(), Some("too_large"));
    })
    .await;
}

/// Goal: that a certificate of a day has ended since is no news of a signature whose time is
/// proven. Method: a contract of ours, looked at three days later.
#[tokio::test]
async fn a_certificate_that_ended_after_a_proven_signature_is_not_told_as_ended() {
    let house = TestApp::single().await;
    Contract::at_counterparty(&house).await;
    house.advance_seconds(3 * DAY);
    round(&house).await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("compliance")).await;
    let page = browser.get("/signatures").await.body;
    assert!(page.contains("Сертификат до"), "{page}");
    assert!(page.contains("сведений об отзыве в нём нет"), "{page}");
    assert!(!page.contains("<b>истёк</b>"), "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: the list says until when a copy that was not raised proves, why a number of days is none,
/// and once that a check goes on. Method: a contract signed today; days out of range; the button.
#[tokio::test]
async fn the_list_says_until_when_and_each_thing_once() {
    let house = TestApp::single().await;
    Contract::at_counterparty(&house).await;
    round(&house).await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("compliance")).await;
    let page = browser.get("/signatures").await.body;
    let until = "время подписи доказано, а сведений об отзыве в нём нет";
    assert!(page.contains(until), "{page}");
    for days in ["0", "3651", "-1"] {
        let path = format!("/signatures?concern=ending&days={days}");
        let refused = browser.get(&path).await;
        assert_eq!(refused.status, 422);
        let words = "Напишите целое число дней от 1 до 3650.";
        let told = refused.body.replace('\u{a0}', " ");
        assert!(told.contains(words), "{told}");
    }
    let asked = browser.post("/signatures/recheck", "").await;
    assert_eq!(asked.status, 303);
    let mut answered = Browser::of(&house, &served, house.vector.person("compliance")).await;
    answered.keep_cookie(&asked);
    let (begun, going_on) = ("Проверка всех подписей начата.", "Идёт новая проверка");
    let first = answered.get("/signatures").await.body;
    assert!(
        first.contains(begun) && !first.contains(going_on),
        "{first}"
    );
    let later = browser.get("/signatures").await.body;
    assert!(
        later.contains(going_on) && !later.contains(begun),
        "{later}"
    );
    served.stop().await;
    house.close().await;
}
