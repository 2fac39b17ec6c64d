//! Powers of attorney beside stored signatures: kept, judged, checked again, never a part of the
//! verdict on the signature.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::signing::outside::Given;
use chancery::app::signing::powers::{AddedPower, PostedPower, SignatureName};
use chancery::app::signing::presented::Presented;
use chancery::app::spool::{Spool, Upload};
use chancery::domain::actor::{Actor, Who};
use chancery::mail::{MailKind, unread_fields};
use chancery::store::entity::{
    audit_events, detached_signatures, power_checks, raised_signatures, signature_power_files,
    signature_powers, signatures,
};
use chancery_signature::Indication;
use chancery_trust::Outcome;
use chancery_types::Digest;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::contract::{Contract, bytes_of, code};
use super::disagreements::as_person;
use super::elsewhere::pem;
use super::lasting::recheck_only;
use crate::guards::{Browser, MULTIPART, multipart};
use crate::support::powers::{
    CODE, ORGANISATION, Person, Signed, changed_power, keep_certificates, passed_on, power_until,
};
use crate::support::{Backend, TestApp};

const DAY: i64 = 24 * 3600;
const GOOD_UNTIL: &str = "2027-01-09";

/// A house that trusts the people of the powers.
async fn trusting(backend: &Backend, folder: &TempDir) -> TestApp {
    keep_certificates(folder.path());
    let anchors = folder.path().to_owned();
    TestApp::start_with(backend, |config| config.trust.anchors = vec![anchors]).await
}

async fn on_each(body: impl AsyncFn(&TestApp)) {
    for backend in Backend::all() {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let house = trusting(&backend, &folder).await;
        body(&house).await;
        house.close().await;
    }
}

fn upload(field: &str, name: &str, bytes: &[u8]) -> Upload {
    let mut file = Spool::new(field, name, 10_000_000).expect("a file");
    file.write(&Bytes::copy_from_slice(bytes)).expect("written");
    file.finish().expect("a file")
}

pub(super) fn posted(power: &Signed, parents: &[Signed]) -> PostedPower {
    let mut files = vec![
        upload("power", "power.xml", &power.power),
        upload("power_signature", "power.xml.sig", &power.signature),
    ];
    for parent in parents {
        files.push(upload("parents", "first.sig", &parent.signature));
        files.push(upload("parents", "first.xml", &parent.power));
    }
    PostedPower {
        files,
        problems: Vec::new(),
        organisation: ORGANISATION.to_owned(),
        code: CODE.to_owned(),
    }
}

impl Contract<'_> {
    pub(super) async fn adds_power(
        &self,
        actor: &Actor,
        name: SignatureName,
        posted: PostedPower,
    ) -> Result<AddedPower, AppError> {
        self.house.app.add_power(actor, self.id, name, posted).await
    }

    /// A detached signature of `person` over the main file, brought by the initiator.
    async fn signed_beside_by(&self, person: &Person) -> SignatureName {
        let signature = person.signs(&self.file, self.house.app.now());
        let initiator = self.house.actor("initiator");
        let taken = self.brings_signature(&initiator, &signature).await;
        SignatureName::Id(taken.expect("kept").id)
    }

    async fn events(&self, action: &str) -> Vec<audit_events::Model> {
        let found = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(self.id.uuid()))
            .filter(audit_events::Column::Action.eq(action))
            .order_by_asc(audit_events::Column::Id)
            .all(self.house.app.store.reader());
        found.await.expect("events")
    }
}

async fn rows(house: &TestApp) -> Vec<signature_powers::Model> {
    let found = signature_powers::Entity::find()
        .order_by_asc(signature_powers::Column::Ordinal)
        .all(house.app.store.reader());
    found.await.expect("rows")
}

async fn files_of(house: &TestApp, power: Uuid) -> Vec<signature_power_files::Model> {
    let found = signature_power_files::Entity::find()
        .filter(signature_power_files::Column::PowerId.eq(power))
        .order_by_asc(signature_power_files::Column::Position)
        .all(house.app.store.reader());
    found.await.expect("rows")
}

async fn check_of(house: &TestApp, power: Uuid) -> power_checks::Model {
    let found = power_checks::Entity::find_by_id(power).one(house.app.store.reader());
    found.await.expect("asked").expect("a check")
}

/// As detached signatures were kept that came before they got a timestamp when they come: nothing
/// proves their time, and a power beside them is judged as of now.
async fn without_proof(house: &TestApp) {
    let writer = house.app.store.writer();
    let brought = detached_signatures::Entity::find().all(writer).await;
    for row in brought.expect("rows") {
        let now = raised_signatures::Entity::find_by_id(row.id).one(writer);
        let now = now.await.expect("asked").expect("a row");
        let mut now: raised_signatures::ActiveModel = now.into();
        now.digest = Set(row.digest);
        now.size_bytes = Set(row.size_bytes);
        now.update(writer).await.expect("as it came");
    }
}

/// What the page would show: the verdict on the detached signature and the result beside it.
async fn told(contract: &Contract<'_>, actor: &Actor) -> (Indication, Option<Outcome>) {
    let app = &contract.house.app;
    let listed = app.list_detached(actor, contract.id).await.expect("listed");
    let report = listed[0].report.clone().expect("judged");
    let powers = app.list_powers(actor, contract.id).await.expect("listed");
    let judged = match powers.of(listed[0].signature.id, 0).next() {
        Some(kept) => app.judged_power(kept, &report).await,
        None => None,
    };
    (report.indication, judged.map(|judged| judged.report.result))
}

/// Goal: a power beside a detached signature is kept with its files, judged at once and again with
/// the signature, and never moves the verdict; another one takes its place and nothing goes.
/// Method: added, swept over, ended by time and rechecked, replaced.
#[tokio::test]
async fn a_power_is_kept_beside_a_signature_and_checked_again_with_it() {
    on_each(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let initiator = house.actor("initiator");
        let name = contract.signed_beside_by(&Person::representative(52)).await;
        without_proof(house).await;
        assert_eq!(
            told(&contract, &initiator).await,
            (Indication::TotalPassed, None)
        );
        let good = power_until(GOOD_UNTIL, house.app.now());
        let added = contract
            .adds_power(&initiator, name, posted(&good, &[]))
            .await;
        let added = added.expect("kept");
        assert_eq!(
            (added.result, added.is_of_proven_signer),
            (Outcome::Confirmed, true)
        );
        assert_eq!(
            told(&contract, &initiator).await,
            (Indication::TotalPassed, Some(Outcome::Confirmed))
        );
        let files = files_of(house, added.id).await;
        let kept: Vec<(&str, &str)> = files
            .iter()
            .map(|file| (file.role.as_str(), file.digest.as_str()))
            .collect();
        let (power, signature) = (
            Digest::of(&good.power).hex(),
            Digest::of(&good.signature).hex(),
        );
        assert_eq!(
            kept,
            [("power", power.as_str()), ("signature", signature.as_str())]
        );
        let events = contract.events("power.added").await;
        assert_eq!(events.len(), 1);
        let details: Value = serde_json::from_str(&events[0].details).expect("JSON");
        assert_eq!(details["result"], "confirmed");
        assert_eq!(details["files"][0]["sha256"], power);
        assert_eq!(details["in_place_of"], Value::Null);
        let again = contract
            .adds_power(&initiator, name, posted(&good, &[]))
            .await;
        assert_eq!(code(&again.expect_err("twice")), "power-known");
        recheck_only(house).await;
        assert_eq!(check_of(house, added.id).await.changed_at, None);
        assert!(contract.events("power.result_changed").await.is_empty());

        // Its last day passes; what nothing names is swept away; and the signature is as it was.
        house.advance_seconds(60 * DAY);
        house
            .app
            .sweep(house.vector.organisation)
            .await
            .expect("swept");
        recheck_only(house).await;
        let check = check_of(house, added.id).await;
        assert_eq!(
            (check.result.as_str(), check.previous_result.as_deref()),
            ("refused", Some("confirmed"))
        );
        assert!(check.reason.expect("a reason").contains("expired"));
        let events = contract.events("power.result_changed").await;
        let details: Value = serde_json::from_str(&events[0].details).expect("JSON");
        assert_eq!(
            (&details["before"], &details["after"]),
            (&"confirmed".into(), &"refused".into())
        );
        assert_eq!(contract.told("power-changed").await, ["compliance"]);
        let (letter, _) = contract.letter("power-changed").await;
        let payload: Value = serde_json::from_str(&letter.payload).expect("JSON");
        assert_eq!(payload["changes"][0]["after"], "refused");
        let unread = unread_fields(MailKind::PowerChanged, &payload, None);
        assert_eq!(unread.expect("of its kind"), [""; 0]);
        assert_eq!(
            told(&contract, &initiator).await,
            (Indication::TotalPassed, Some(Outcome::Refused))
        );
        recheck_only(house).await;
        assert_eq!(contract.told("power-changed").await.len(), 1, "told once");
        assert_eq!(
            contract.events("power.result_changed").await.len(),
            1,
            "told once"
        );

        let longer = power_until("2028-01-09", house.app.now());
        let next = contract
            .adds_power(&initiator, name, posted(&longer, &[]))
            .await;
        assert_eq!(next.expect("kept").result, Outcome::Confirmed);
        let ordinals: Vec<i64> = rows(house).await.iter().map(|row| row.ordinal).collect();
        assert_eq!(ordinals, [1, 2]);
        let events = contract.events("power.added").await;
        let details: Value = serde_json::from_str(&events[1].details).expect("JSON");
        assert_eq!(details["in_place_of"], added.id.to_string());
        for file in files {
            let open = house
                .app
                .open_power_file(&initiator, contract.id, added.id, file.position);
            let bytes = bytes_of(open.await.expect("the file before")).await;
            assert_eq!(Digest::of(&bytes).hex(), file.digest);
        }
    })
    .await;
}

/// Goal: a row that does not tell whose signature its power stands beside is not taken for one
/// without signers: nothing is confirmed by it. Method: the same power again, in a row spoilt by
/// hand, rechecked.
#[tokio::test]
async fn a_power_whose_row_cannot_be_read_confirms_nothing() {
    on_each(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let initiator = house.actor("initiator");
        let name = contract.signed_beside_by(&Person::representative(52)).await;
        let good = power_until(GOOD_UNTIL, house.app.now());
        let added = contract
            .adds_power(&initiator, name, posted(&good, &[]))
            .await;
        let added = added.expect("kept");
        let (writer, id) = (house.app.store.writer(), Uuid::from_u128(77));
        let row = rows(house).await.remove(0);
        let row = signature_powers::Model {
            id,
            ordinal: row.ordinal + 1,
            signers: "[{".to_owned(),
            ..row
        };
        let row: signature_powers::ActiveModel = row.into();
        row.reset_all().insert(writer).await.expect("spoilt");
        for file in files_of(house, added.id).await {
            let file = signature_power_files::Model {
                power_id: id,
                ..file
            };
            let file: signature_power_files::ActiveModel = file.into();
            file.reset_all().insert(writer).await.expect("a file");
        }
        house.advance_seconds(60 * DAY);
        recheck_only(house).await;
        assert_eq!(check_of(house, id).await.result, "undecided");
        let (_, result) = told(&contract, &initiator).await;
        assert_eq!(result, None, "nothing is said of it now");
    })
    .await;
}

/// The signatory signs with the representative's certificate, whom this house vouches for.
async fn signed_within_by(contract: &Contract<'_>, person: &Person) -> (Actor, SignatureName) {
    let app = &contract.house.app;
    let (actor, task) = contract.signatory_may_sign().await;
    let presented = Presented {
        certificates: vec![pem("CERTIFICATE", &person.certificate)],
        algorithm: None,
    };
    let made = app.prepare_outside(&actor, task, &presented).await;
    let prepared = made.expect("prepared").prepared;
    let value = person
        .key
        .sign(&prepared.signed_attributes)
        .expect("a value");
    let done = app
        .complete_with(&actor, prepared.id.uuid(), Given::Value(&value))
        .await;
    done.expect("signed");
    let made = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(contract.id.uuid()))
        .one(app.store.reader());
    let made = made.await.expect("asked").expect("a signature");
    (actor, SignatureName::Id(made.id))
}

/// Goal: a signature within a PDF takes a power as a detached one does, by its identifier or its
/// place, from whoever made it; as the copy grows it stays with its signature.
#[tokio::test]
async fn a_signature_within_the_copy_takes_a_power_too() {
    on_each(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let person = Person::representative(52);
        let (actor, by_id) = signed_within_by(&contract, &person).await;
        let now = house.app.now();
        let ended = power_until("2026-06-30", now);
        let added = contract
            .adds_power(&actor, by_id, posted(&ended, &[]))
            .await;
        assert_eq!(added.expect("kept").result, Outcome::Refused);
        let by_place = SignatureName::Within {
            version: 1,
            place: 0,
        };
        let good = power_until(GOOD_UNTIL, now);
        let added = contract
            .adds_power(&actor, by_place, posted(&good, &[]))
            .await;
        let added = added.expect("kept");
        assert_eq!(
            (added.result, added.is_of_proven_signer),
            (Outcome::Confirmed, true)
        );
        let kept = rows(house).await;
        let subjects: Vec<(Uuid, i64, i64)> = kept
            .iter()
            .map(|row| (row.subject_id, row.place, row.ordinal))
            .collect();
        assert_eq!(
            subjects,
            [(kept[0].version_id, 0, 1), (kept[0].version_id, 0, 2)]
        );

        contract.counterparty_signs().await;
        recheck_only(house).await;
        assert_eq!(check_of(house, added.id).await.result, "confirmed");
        assert_eq!(
            check_of(house, kept[0].id).await.checked_at,
            kept[0].added_at
        );
        // The counterparty's signature names nobody with the numbers of the power.
        let other = SignatureName::Within {
            version: 1,
            place: 1,
        };
        let given = contract
            .adds_power(&house.actor("initiator"), other, posted(&good, &[]))
            .await;
        assert_eq!(given.expect("kept").result, Outcome::Refused);
        let verdict = house
            .app
            .version_verdict(&actor, contract.id, Some(1))
            .await;
        let verdict = verdict.expect("a verdict");
        let told = house
            .app
            .authorities_of(&actor, contract.id, &verdict)
            .await
            .expect("told");
        let told: Vec<(Option<usize>, Outcome)> = told
            .iter()
            .map(|one| (one.compared_with, one.report.result))
            .collect();
        assert_eq!(
            told,
            [(Some(0), Outcome::Confirmed), (Some(1), Outcome::Refused)]
        );
    })
    .await;
}

/// Goal: who may bring a signature, and who made or brought this one, adds a power; others who see
/// the document do not, and for the rest there is no such document. Method: each of them, a token
/// that only reads, names of signatures that are not there.
#[tokio::test]
async fn only_who_answers_for_a_signature_adds_a_power() {
    on_each(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let name = contract.signed_beside_by(&Person::representative(52)).await;
        let good = power_until(GOOD_UNTIL, house.app.now());
        let own = SignatureName::Within {
            version: 1,
            place: 0,
        };
        for (who, name, refusal) in [
            ("lawyer", name, "denied"),
            ("auditor", name, "denied"),
            ("accountant", name, "hidden"),
            ("administrator", name, "hidden"),
            // Their own task is done, and they did not bring this one.
            ("signatory", name, "denied"),
            ("lawyer", own, "denied"),
        ] {
            let given = contract
                .adds_power(&house.actor(who), name, posted(&good, &[]))
                .await;
            assert_eq!(code(&given.expect_err(who)), refusal, "{who}");
        }
        let mut reads = house.actor("initiator");
        if let Who::Person(person) = &mut reads.who {
            person.scopes = Some(vec!["read".to_owned()]);
        }
        let given = contract.adds_power(&reads, name, posted(&good, &[])).await;
        assert_eq!(code(&given.expect_err("only reads")), "token-only-reads");
        let initiator = house.actor("initiator");
        for name in [
            SignatureName::Within {
                version: 1,
                place: 7,
            },
            SignatureName::Within {
                version: 2,
                place: 0,
            },
            SignatureName::Id(Uuid::from_u128(7)),
        ] {
            let given = contract
                .adds_power(&initiator, name, posted(&good, &[]))
                .await;
            assert_eq!(code(&given.expect_err("absent")), "hidden", "{name}");
        }
        assert!(rows(house).await.is_empty());
        let signatory = house.actor("signatory");
        let given = contract
            .adds_power(&signatory, own, posted(&good, &[]))
            .await;
        assert_eq!(given.expect("their own").result, Outcome::Refused);
    })
    .await;
}

/// Goal: what is no power, or too large, is told at its field in words, by page and by call, keeps
/// nothing, and what was typed stays; what gives no authority is kept and says why. Method: each
/// kind, in both languages.
#[tokio::test]
async fn what_is_wrong_with_a_power_is_told_in_words() {
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    let house = trusting(&Backend::single(), &folder).await;
    let contract = Contract::at_counterparty(&house).await;
    let name = contract.signed_beside_by(&Person::representative(52)).await;
    let now = house.app.now();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let armoured = |bytes: &[u8]| pem("CMS", bytes);
    let good = power_until(GOOD_UNTIL, now);
    let (power, signature) = (text(&good.power), armoured(&good.signature));
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let path = format!("/documents/{}/signatures/{name}/powers", contract.id);
    let form = browser.get(&path).await;
    assert_eq!(form.status, 200, "{}", form.body);
    assert!(form.body.contains("Пробный Иван Петрович"), "{}", form.body);
    let large = " ".repeat(256 * 1024 + 1);
    let long = "1".repeat(61);
    let cases = [
        (
            "power",
            power[..power.len() / 2].to_owned(),
            signature.clone(),
            "",
            "power-unreadable",
        ),
        (
            "power",
            "<a/>".to_owned(),
            signature.clone(),
            "",
            "power-other",
        ),
        (
            "power",
            large.clone(),
            signature.clone(),
            "",
            "power-too-large",
        ),
        (
            "power_signature",
            power.clone(),
            "nonsense".to_owned(),
            "",
            "power-signature-unreadable",
        ),
        (
            "power_signature",
            power.clone(),
            large,
            "",
            "power-too-large",
        ),
        (
            "power_code",
            power.clone(),
            signature.clone(),
            long.as_str(),
            "too-long",
        ),
    ];
    let kind = ("content-type", MULTIPART);
    for (field, power, signature, typed, refusal) in cases {
        let parts = [
            ("power", Some("p.xml"), power.as_str()),
            ("power_signature", Some("p.sig"), signature.as_str()),
            ("organisation", None, ORGANISATION),
            ("power_code", None, typed),
        ];
        let headers = [
            kind,
            ("idempotency-key", refusal),
            ("x-csrf-token", browser.token.as_str()),
        ];
        let call = format!("/api/v1{path}");
        let answer = browser
            .send("POST", &call, &headers, multipart(&parts))
            .await;
        assert_eq!(answer.status, 422, "{refusal}: {}", answer.body);
        let told: Value = serde_json::from_str(&answer.body).expect("JSON");
        let found = &told["fields"][0];
        assert_eq!(
            (&found["field"], &found["code"]),
            (&field.into(), &refusal.into())
        );
        let token = [("_csrf", None, browser.token.as_str())];
        let form = multipart(&[&token[..], &parts].concat());
        let answer = browser.send("POST", &path, &[kind], form).await;
        assert_eq!(answer.status, 422, "{refusal}");
        let html = answer.body;
        assert!(
            html.contains(&format!("id=\"{field}-error\">")),
            "{refusal}: {html}"
        );
        assert!(!html.contains(refusal), "{refusal} is shown");
        let kept = format!("name=\"organisation\" type=\"text\" value=\"{ORGANISATION}\"");
        assert!(html.contains(&kept), "{refusal}: {html}");
    }
    let none = multipart(&[
        ("_csrf", None, browser.token.as_str()),
        ("organisation", None, ""),
    ]);
    let answer = browser.send("POST", &path, &[kind], none).await;
    assert!(answer.status == 422 && answer.body.contains("id=\"power-error\">"));
    assert!(rows(&house).await.is_empty());

    let stranger = armoured(&Person::second().signs(&good.power, now));
    let ended = power_until("2026-06-30", now);
    let other = changed_power(
        &[
            ("ИННФЛ=\"770000020201\"", "ИННФЛ=\"500100732259\""),
            ("123-456-789 64", "087-654-303 00"),
            ("Фамилия=\"Пробный\"", "Фамилия=\"Другой\""),
        ],
        now,
    );
    let kept = [
        (
            text(&good.power),
            stranger,
            "не действует",
            "does not act for",
        ),
        (
            text(&ended.power),
            armoured(&ended.signature),
            "истёк",
            "ended on",
        ),
        (
            text(&other.power),
            armoured(&other.signature),
            "другому человеку",
            "somebody else",
        ),
        (
            text(&good.power),
            armoured(&ended.signature),
            "не сходится",
            "does not fit",
        ),
    ];
    let page = format!("/documents/{}", contract.id);
    for (power, signature, ru, en) in kept {
        let form = multipart(&[
            ("_csrf", None, browser.token.as_str()),
            ("power", Some("p.xml"), &power),
            ("power_signature", Some("p.sig"), &signature),
            ("organisation", None, ORGANISATION),
            ("power_code", None, CODE),
        ]);
        let answer = browser.send("POST", &path, &[kind], form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        for (language, words) in [("ru", ru), ("en", en)] {
            let set = format!("language={language}&to=/&_csrf={}", browser.token);
            let _ = browser.post("/language", &set).await;
            let html = browser.get(&page).await.body;
            assert!(html.contains("data-authority=\"bad\""), "{html}");
            assert!(
                html.contains(words),
                "{language}: {words} is missing in {html}"
            );
        }
    }
    served.stop().await;
    house.close().await;
}

/// Goal: page, call, protocols and evidence tell the same of a power, its chain and the files, each
/// by the reader's language; a repeated call is done once.
#[tokio::test]
async fn page_call_and_protocols_tell_of_it() {
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    let house = trusting(&Backend::single(), &folder).await;
    let contract = Contract::at_counterparty(&house).await;
    let now = house.app.now();
    let name = contract.signed_beside_by(&Person::second()).await;
    let SignatureName::Id(detached) = name else {
        panic!("{name}")
    };
    let (first, second) = (power_until(GOOD_UNTIL, now), passed_on(&[], now));
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let call = format!("/api/v1/documents/{}/signatures/{name}/powers", contract.id);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let (own, its) = (text(&second.power), pem("CMS", &second.signature));
    let (parent, its_own) = (text(&first.power), pem("CMS", &first.signature));
    let mut parts = vec![
        ("power", Some("own.xml"), own.as_str()),
        ("power_signature", Some("own.sig"), its.as_str()),
        ("organisation", None, ORGANISATION),
        ("power_code", None, CODE),
    ];
    let send = async |key: &str, parts: &[(&str, Option<&str>, &str)]| {
        let headers = [
            ("content-type", MULTIPART),
            ("idempotency-key", key),
            ("x-csrf-token", browser.token.as_str()),
        ];
        let answer = browser
            .send("POST", &call, &headers, multipart(parts))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).expect("JSON")
    };
    let alone = send("alone", &parts).await;
    assert_eq!(alone["result"], "undecided");
    parts.push(("parents", Some("first.sig"), its_own.as_str()));
    parts.push(("parents", Some("first.xml"), parent.as_str()));
    let whole = send("whole", &parts).await;
    assert_eq!(whole["result"], "confirmed");
    assert_eq!(send("whole", &parts).await, whole);
    assert_eq!(rows(&house).await.len(), 2);

    let listed = browser.get(whole["url"].as_str().expect("a path")).await;
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    let current: Vec<bool> = [0, 1].map(|at| listed[at]["is_current"] == true).into();
    assert_eq!(current, [false, true], "{listed:#}");
    assert_eq!(listed[0]["check"]["reason"]["code"], "parent_missing");
    assert_eq!(listed[0]["authority"], Value::Null);
    assert_eq!(listed[1]["authority"]["result"], "confirmed");
    assert_eq!(listed[1]["authority"]["parents"][0]["result"], "confirmed");
    assert_eq!(listed[1]["detached_signature"], detached.to_string());
    let files = listed[1]["files"].as_array().expect("files");
    let roles: Vec<&str> = files
        .iter()
        .filter_map(|one| one["role"].as_str())
        .collect();
    assert_eq!(roles, ["power", "signature", "parent", "parent_signature"]);
    assert_eq!(
        (&files[1]["signs_position"], &files[3]["signs_position"]),
        (&1.into(), &3.into())
    );
    for (file, content) in files.iter().zip([&own, &its, &parent, &its_own]) {
        let got = browser.get(file["url"].as_str().expect("a path")).await;
        assert_eq!((got.status, &got.body), (200, content));
    }
    let listed = browser
        .get(&format!("/api/v1/documents/{}/signatures", contract.id))
        .await;
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    assert_eq!(listed[0]["authority"], Value::Null);
    assert_eq!(listed[1]["authority"]["result"], "confirmed");
    assert_eq!(listed[1]["verdict"]["indication"], "TOTAL-PASSED");

    let document = format!("/documents/{}", contract.id);
    let protocol = format!("{document}/detached-signatures/{detached}/protocol");
    let json = browser.get(&format!("/api/v1{protocol}?form=json")).await;
    let json: Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(json["authorities"][0]["result"], "confirmed");
    let covered = Digest::of(&contract.file).hex();
    assert_eq!(json["covered_file"]["sha256"], covered.as_str(), "{json:#}");
    assert_eq!(json["covered_file"]["name"], "contract.pdf");
    let html = browser.get(&format!("{protocol}?form=html")).await.body;
    assert!(html.contains(&covered), "{html}");
    assert!(
        html.contains("Полномочия: Полномочия подтверждены, кроме одного: в реестре не спросили"),
        "{html}"
    );
    assert!(html.contains("Исходная доверенность"), "{html}");
    assert_eq!(browser.get(&protocol).await.status, 200);
    let evidence = browser.get(&format!("{document}/evidence.json")).await.body;
    let evidence: Value = serde_json::from_str(&evidence).expect("JSON");
    assert_eq!(evidence[1]["authority"]["result"], "confirmed");

    let reader = house.vector.person("lawyer");
    let page = as_person(&house, &served, reader, &document).await;
    page.see("Полномочия подтверждены, кроме одного: в реестре не спросили")
        .see("Чужой Петр Петрович")
        .see("own.xml")
        .see("1 прежняя доверенность")
        .see_not("Добавить доверенность");
    let page = as_person(&house, &served, house.vector.person("initiator"), &document).await;
    page.see("Добавить другую доверенность")
        .see("Добавить доверенность (МЧД)");
    let file = files[0]["url"]
        .as_str()
        .expect("a path")
        .replace("/api/v1", "");
    let hidden = house.vector.person("accountant");
    for path in [
        file,
        protocol,
        format!("{document}/signatures/{name}/powers"),
    ] {
        let browser = Browser::of(&house, &served, hidden).await;
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    served.stop().await;
    house.close().await;
}
