//! Stages whose signatures are files of their own, beside a file that keeps every byte.

use std::path::Path;
use std::process::Command;

use chancery::app::signing::detached::{DetachedForm, DetachedRow};
use chancery::app::signing::outside::Given;
use chancery::app::signing::presented::Presented;
use chancery::config::SigningAlgorithm;
use chancery::mail::{MailKind, attachments_of};
use chancery::store::entity::{audit_events, detached_signatures, signatures, signings};
use chancery_signature::Indication;
use chancery_types::{Digest, Locale};
use chancery_workflow::SignatureForm;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::Value;

use super::contract::{Contract, bytes_of, code};
use super::elsewhere::Elsewhere;
use super::lasting::round;
use super::openssl::{KEYS, OpenSsl};
use super::visitor::Visitor;
use crate::guards::Browser;
use crate::runs::own::{house_like, house_with};
use crate::support::{Backend, TestApp, has_openssl};

const BESIDE: &str = "signature: { form: detached }";
/// As a certificate writes the signatory of the house: `Виктор Егоров`.
const SIGNATORY: &str = "Егоров Виктор Петрович";

/// Both sides sign; what each signature is.
fn chain(ours: &str, theirs: &str) -> String {
    format!(
        "  - id: ours
    type: sign
    title: {{ ru: Мы, en: We }}
    assignees: [{{ role: signatory }}]
    quorum: any
    {ours}
  - id: theirs
    type: sign
    title: {{ ru: Они, en: They }}
    assignees: [{{ contact: doc.counterparty_contact }}]
    via: link
    quorum: any
    {theirs}
"
    )
}

async fn started(house: &TestApp) -> Contract<'_> {
    let contract = Contract::drafted(house).await;
    let initiator = house.actor("initiator");
    let run = house.app.start_run(&initiator, contract.id).await;
    run.expect("started");
    contract
}

async fn rows(contract: &Contract<'_>) -> Vec<DetachedRow> {
    let house = contract.house;
    let initiator = house.actor("initiator");
    let listed = house.app.list_detached(&initiator, contract.id).await;
    listed.expect("listed")
}

async fn saved(contract: &Contract<'_>, row: &DetachedRow, form: DetachedForm) -> Vec<u8> {
    let house = contract.house;
    let initiator = house.actor("initiator");
    let file = house
        .app
        .open_detached(&initiator, contract.id, row.signature.id, form);
    bytes_of(file.await.expect("a file")).await.to_vec()
}

/// Demands that OpenSSL verifies a signature over a file by the organisation's own roots.
async fn openssl_verifies(house: &TestApp, cms: &[u8], content: &[u8]) {
    if !has_openssl() {
        return;
    }
    let organisation = house.vector.organisation;
    let pem = house.app.anchors_pem(organisation).await.expect("anchors");
    let folder = tempfile::tempdir().expect("a folder");
    let said = openssl(folder.path(), house, pem.as_bytes(), cms, content);
    assert!(said.contains("successful"), "{said}");
    let mut other = content.to_vec();
    other.push(b'\n');
    let said = openssl(folder.path(), house, pem.as_bytes(), cms, &other);
    assert!(!said.contains("successful"), "{said}");
}

fn openssl(folder: &Path, house: &TestApp, pem: &[u8], cms: &[u8], content: &[u8]) -> String {
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("written");
    };
    write("ca.pem", pem);
    write("file", content);
    write("file.p7s", cms);
    let moment = house.app.now().seconds().to_string();
    let run = Command::new("openssl")
        .current_dir(folder)
        .args(["cms", "-verify", "-cades", "-binary", "-inform", "DER"])
        .args(["-in", "file.p7s", "-content", "file", "-CAfile", "ca.pem"])
        .args(["-attime", &moment, "-purpose", "any", "-out", "out"])
        .output()
        .expect("it runs");
    String::from_utf8_lossy(&run.stderr).into_owned()
}

async fn signed_events(contract: &Contract<'_>) -> Vec<Value> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::DocumentId.eq(contract.id.uuid()))
        .filter(audit_events::Column::Action.eq("document.signed"))
        .all(contract.house.app.store.reader())
        .await
        .expect("events");
    let details = rows.iter().map(|row| serde_json::from_str(&row.details));
    details.map(|details| details.expect("JSON")).collect()
}

/// Goal: both sides sign beside a file that keeps every byte, the run ends, the rows, the evidence
/// and the letters say so, OpenSSL verifies each, and each is raised. Method: a person with a
/// browser's key and a contact through the link, on both databases.
#[tokio::test]
async fn both_sides_sign_beside_the_file() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, &chain(BESIDE, BESIDE)).await;
        let contract = started(&house).await;
        let ours = contract.signatory_signs().await;
        assert_eq!(ours.form, SignatureForm::Detached);
        assert_eq!(ours.copy_digest, Digest::of(&contract.file).hex());
        let theirs = contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");
        let initiator = house.actor("initiator");
        let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
        assert_eq!(code(&copy.await.map(|_| ()).expect_err("none")), "hidden");

        let made = rows(&contract).await;
        let [first, second] = made.as_slice() else {
            panic!("{made:?}");
        };
        let (one, other) = (&first.signature, &second.signature);
        assert_eq!((one.id, other.id), (ours.id.uuid(), theirs.id.uuid()));
        assert_eq!(one.name, "contract.pdf.p7s");
        assert_eq!(other.name, "contract.pdf.2.p7s");
        assert_eq!(one.signer_name, "Виктор Егоров");
        assert_eq!(one.person_id, Some(house.vector.person("signatory").uuid()));
        assert_eq!((one.contact_id, other.person_id), (None, None));
        assert_eq!(other.contact_id, Some(house.vector.contact.uuid()));
        for row in &made {
            assert!(row.signature.signing_id.is_some());
            assert_eq!(row.signature.covers, "main");
            assert_eq!(row.signature.indication, "TOTAL-PASSED");
            let report = row.report.as_ref().expect("judged");
            assert_eq!(report.indication, Indication::TotalPassed, "{report:?}");
            assert!(report.signatures[0].time.claimed.is_some());
            let evidence: Value = serde_json::from_str(&row.signature.evidence).expect("JSON");
            assert_eq!(evidence["made_as"], "detached");
            assert_eq!(evidence["key_made_in"], "browser");
            assert_eq!(
                evidence["covers"]["sha256"],
                Digest::of(&contract.file).hex()
            );
            assert_eq!(evidence["consents"].as_array().map(Vec::len), Some(2));
            let bytes = saved(&contract, row, DetachedForm::Now).await;
            openssl_verifies(&house, &bytes, &contract.file).await;
        }
        let told = signed_events(&contract).await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0]["made_as"], "detached");
        assert_eq!(told[1]["covered_sha256"], ours.copy_digest);

        for (kind, login, payload) in contract.letters().await {
            if kind == "completed" && ["initiator", "ivanov"].contains(&login.as_str()) {
                let files = attachments_of(MailKind::Completed, &payload);
                let names: Vec<&str> = files.iter().map(|(file, _)| file.name.as_str()).collect();
                let wanted = ["contract.pdf.p7s", "contract.pdf", "contract.pdf.2.p7s"];
                assert_eq!(names, wanted, "{login}");
            }
        }
        round(&house).await;
        for row in rows(&contract).await {
            assert_eq!(row.raised.level.as_deref(), Some("B-LTA"), "{row:?}");
            let first = saved(&contract, &row, DetachedForm::AsItCame).await;
            let now = saved(&contract, &row, DetachedForm::Now).await;
            assert!(now.len() > first.len());
            openssl_verifies(&house, &now, &contract.file).await;
        }
        house.close().await;
    }
}

/// Goal: a signature beside is over what its signatory is shown, which others sign in before and
/// after, and it stands in the way of none, not of a certification either. Method: inside then
/// beside; beside then certifying; every signature passes.
#[tokio::test]
async fn it_stands_beside_the_copy_that_others_sign_in() {
    let (house, _folder) = house_with(&Backend::single(), &chain("", BESIDE)).await;
    let contract = started(&house).await;
    let ours = contract.signatory_signs().await;
    assert_eq!(ours.form, SignatureForm::Embedded);
    let theirs = contract.counterparty_signs().await;
    assert_eq!(theirs.copy_digest, ours.copy_digest, "the copy stays");
    let made = rows(&contract).await;
    assert_eq!(made[0].signature.covers, "signed_copy");
    assert_eq!(made[0].signature.name, "contract.signed.pdf.p7s");
    let initiator = house.actor("initiator");
    let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
    let copy = bytes_of(copy.await.expect("a copy")).await;
    assert_eq!(Digest::of(&copy).hex(), ours.copy_digest);
    let bytes = saved(&contract, &made[0], DetachedForm::Now).await;
    openssl_verifies(&house, &bytes, &copy).await;
    house.close().await;

    let certifies = "signature: { certify: no_changes }";
    let (house, _folder) = house_with(&Backend::single(), &chain(BESIDE, certifies)).await;
    let contract = started(&house).await;
    contract.signatory_signs().await;
    let theirs = contract.counterparty_signs().await;
    assert_eq!(theirs.form, SignatureForm::Embedded);
    assert_eq!(contract.state().await, "effective");
    let made = rows(&contract).await;
    assert_eq!(made[0].signature.covers, "main");
    let report = made[0].report.as_ref().expect("judged");
    assert_eq!(report.indication, Indication::TotalPassed);
    house.close().await;
}

/// Goal: every key signs beside: the server's, an RSA one of the browser, one that stays outside by
/// its value and by a whole structure, and one that is brought. What is wrong is kept nowhere, and
/// a repeated call is told the same. Method: a house each.
#[tokio::test]
async fn every_key_signs_beside() {
    let (house, _folder) = house_with(&Backend::single(), &chain(BESIDE, BESIDE)).await;
    let contract = started(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let (signing, value) = contract.prepared(&actor, task).await.expect("prepared");
    let mut wrong = value.clone();
    wrong[10] ^= 1;
    let refused = house.app.complete_signature(&actor, signing, &wrong).await;
    assert_eq!(code(&refused.expect_err("wrong")), "signature-wrong");
    assert!(rows(&contract).await.is_empty());
    let first = house.app.complete_signature(&actor, signing, &value).await;
    let again = house.app.complete_signature(&actor, signing, &value).await;
    let (first, again) = (first.expect("signed"), again.expect("told again"));
    assert_eq!(
        (first.id, first.form, first.copy_digest, first.copy_size),
        (again.id, again.form, again.copy_digest, again.copy_size)
    );
    assert_eq!(rows(&contract).await.len(), 1);

    house.advance_seconds(60);
    let contract = started(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let done = house.app.sign_with_server_key(&actor, task).await;
    assert_eq!(done.expect("signed").form, SignatureForm::Detached);
    let made = rows(&contract).await;
    assert!(
        made[0]
            .signature
            .evidence
            .contains("\"key_made_in\":\"server\"")
    );
    let bytes = saved(&contract, &made[0], DetachedForm::Now).await;
    openssl_verifies(&house, &bytes, &contract.file).await;

    house.advance_seconds(60);
    let contract = started(&house).await;
    let (actor, _) = contract.signatory_may_sign().await;
    let signer = Elsewhere::named(SIGNATORY, house.app.now());
    let bytes = signer.detached(&contract.file, house.app.now());
    let taken = contract.brings_signature(&actor, &bytes).await;
    assert!(taken.expect("taken").is_completing);
    house.close().await;

    let rsa = |config: &mut chancery::config::Config| {
        config.signing.algorithm = SigningAlgorithm::RsaPkcs1;
    };
    let (house, _folder) = house_like(&Backend::single(), &chain(BESIDE, BESIDE), rsa).await;
    let contract = started(&house).await;
    contract.signatory_signs().await;
    let made = rows(&contract).await;
    let bytes = saved(&contract, &made[0], DetachedForm::Now).await;
    openssl_verifies(&house, &bytes, &contract.file).await;
    house.close().await;

    // OpenSSL's `cms` is not asked: the versions of the day differ in what they know of Ed25519.
    let ed25519 = |config: &mut chancery::config::Config| {
        config.signing.algorithm = SigningAlgorithm::Ed25519;
    };
    let (house, _folder) = house_like(&Backend::single(), &chain(BESIDE, BESIDE), ed25519).await;
    let contract = started(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let done = house.app.sign_with_server_key(&actor, task).await;
    assert_eq!(done.expect("signed").form, SignatureForm::Detached);
    let made = rows(&contract).await;
    let report = made[0].report.as_ref().expect("judged");
    assert_eq!(report.indication, Indication::TotalPassed, "{report:?}");
    let algorithm = report.signatures[0].algorithm.as_ref();
    let oid = algorithm.map(|algorithm| algorithm.signature.as_str());
    assert_eq!(oid, Some("1.3.101.112"), "RFC 8410: id-Ed25519");
    house.close().await;
}

/// Goal: a key that stays outside signs the whole file, by the value alone and by a structure that
/// its program made, and a structure over other bytes is refused. Method: OpenSSL as the program.
#[tokio::test]
async fn a_key_that_stays_outside_signs_beside() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, &chain(BESIDE, BESIDE)).await;
        for (name, of, is_whole) in [("p384", 2, false), ("rsa", 0, true)] {
            house.advance_seconds(60);
            let contract = started(&house).await;
            let (actor, task) = contract.signatory_may_sign().await;
            openssl.key(name, KEYS[of].1);
            let valid = ("20260101000000Z", "20300101000000Z");
            let certificate = openssl.certificate(name, SIGNATORY, "signer", valid);
            let presented = Presented {
                certificates: vec![certificate],
                algorithm: None,
            };
            let made = house.app.prepare_outside(&actor, task, &presented).await;
            let prepared = made.expect("prepared").prepared;
            let length = u64::try_from(contract.file.len()).expect("small");
            assert_eq!(prepared.form, SignatureForm::Detached);
            assert_eq!(prepared.byte_range, [0, length, length, 0]);
            assert_eq!(prepared.prepared_digest, Digest::of(&contract.file).hex());
            let id = prepared.id.uuid();
            let done = if is_whole {
                let other = openssl.cms(name, b"something else");
                let refused = house
                    .app
                    .complete_with(&actor, id, Given::Cms(&other))
                    .await;
                assert_eq!(code(&refused.expect_err("other")), "cms-digest-differs");
                let cms = openssl.cms(name, &contract.file);
                house.app.complete_with(&actor, id, Given::Cms(&cms)).await
            } else {
                let value = openssl.signs(name, &prepared.signed_attributes, &["-sha384"]);
                let given = Given::Value(&value);
                house.app.complete_with(&actor, id, given).await
            };
            done.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            let made = rows(&contract).await;
            let row = &made[0].signature;
            assert_eq!(row.signer_name, SIGNATORY);
            assert_eq!(row.indication, "INDETERMINATE", "nobody vouches for it");
            let evidence: Value = serde_json::from_str(&row.evidence).expect("JSON");
            assert_eq!(evidence["key_made_in"], "outside");
            assert_eq!(evidence["certificate"]["names_agree"], true);
            assert_eq!(evidence["certificates"][0]["names_agree"], true);
            let report = made[0].report.as_ref().expect("judged");
            assert!(report.signatures[0].time.proven.is_some(), "{name}");
        }
        house.close().await;
    }
}

/// Goal: nothing is written down of a signature that does not land: a preparation that another one
/// took the place of. Method: two preparations for one task; the first value comes late.
#[tokio::test]
async fn an_abandoned_preparation_leads_to_nothing() {
    let (house, _folder) = house_with(&Backend::single(), &chain(BESIDE, BESIDE)).await;
    let contract = started(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let (early, value) = contract.prepared(&actor, task).await.expect("prepared");
    let (late, second) = contract.prepared(&actor, task).await.expect("prepared");
    let refused = house.app.complete_signature(&actor, early, &value).await;
    assert_eq!(code(&refused.expect_err("given up")), "signing-abandoned");
    let done = house.app.complete_signature(&actor, late, &second).await;
    done.expect("signed");
    let reader = house.app.store.reader();
    let count = detached_signatures::Entity::find().count(reader).await;
    assert_eq!(count.expect("a count"), 1);
    let inside = signatures::Entity::find().count(reader).await;
    assert_eq!(inside.expect("a count"), 0);
    let completed = signings::Entity::find()
        .filter(signings::Column::State.eq("completed"))
        .filter(signings::Column::Form.eq("detached"))
        .count(reader)
        .await;
    assert_eq!(completed.expect("a count"), 1);
    house.close().await;
}

/// Goal: pages say before and after that the signature is a file beside the document, and give
/// both. Method: the signatory's page and the document's; the counterparty through the link, in a
/// browser without scripts.
#[tokio::test]
async fn the_pages_say_that_it_is_a_file_beside_the_document() {
    let (house, _folder) = house_with(&Backend::single(), &chain(BESIDE, BESIDE)).await;
    let contract = started(&house).await;
    let served = house.serve();
    let signatory = Browser::of(&house, &served, house.vector.person("signatory")).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let page = signatory.get(&format!("/tasks/{task}/sign")).await;
    for text in [
        "ваша подпись ляжет отдельным файлом рядом с документом",
        "Подпись сохранится отдельным файлом",
        "data-form=\"detached\"",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("лист подписей"), "{}", page.body);
    contract.signs(&actor, task).await.expect("signed");
    let page = signatory.get(&format!("/documents/{}", contract.id)).await;
    for text in [
        "ключ создан в браузере подписанта: Виктор Егоров",
        "contract.pdf.p7s",
        "evidence.json",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }

    let visitor = Visitor::new(&served, Locale::Ru);
    let front = visitor.comes_in(&contract).await;
    let read = visitor.proves_the_mailbox(&contract, &front).await;
    assert_eq!(visitor.get("/s/file").await.status, 200);
    let span = [("from", "1"), ("to", "1")];
    let consents = visitor.post(&read, "/s/read", &span).await;
    let both = [("electronic_signature", "yes"), ("personal_data", "yes")];
    let seat = visitor.post(&consents, "/s/consents", &both).await;
    seat.see("ваша подпись ляжет отдельным файлом рядом с документом");
    let proof = visitor.post(&seat, "/s/sign", &[]).await;
    let made = rows(&contract).await;
    let id = made[1].signature.id;
    proof
        .see("Подпись лежит рядом с ним отдельным файлом.")
        .see("Ваша подпись лежит отдельным файлом рядом с документом.")
        .see(&format!("/s/detached/{id}\""))
        .see("contract.pdf.2.p7s")
        .see(&format!("/s/detached/{id}/file"))
        .see("Подписи отдельными файлами")
        .see("contract.pdf.p7s")
        .see_not("Подписи лежат внутри файла.")
        .see_not("/s/signed.pdf");
    let cms = visitor.get(&format!("/s/detached/{id}")).await.bytes;
    let file = visitor.get(&format!("/s/detached/{id}/file")).await.bytes;
    assert_eq!(file, contract.file);
    openssl_verifies(&house, &cms, &file).await;
    let evidence = visitor.get("/s/evidence.json").await;
    let evidence: Value = serde_json::from_slice(&evidence.bytes).expect("JSON");
    assert_eq!(evidence["form"], "detached");
    assert_eq!(evidence["detached_id"], id.to_string());
    assert_eq!(evidence["copy_sha256"], Digest::of(&contract.file).hex());
    assert_eq!(evidence["evidence"]["key_made_in"], "server");
    served.stop().await;
    house.close().await;
}
