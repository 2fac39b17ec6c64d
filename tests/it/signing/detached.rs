//! Detached signatures that were made elsewhere: what they are bound to, whom they sign for, and
//! what is refused.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::signing::detached::{Bringing, Covers, DetachedForm, TakenSignature};
use chancery::app::spool::{Spool, Upload};
use chancery::domain::actor::Actor;
use chancery::store::entity::{audit_events, detached_signatures};
use chancery_types::Digest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::Value;

use super::contract::{Contract, bytes_of, code, shown, small_pdf};
use super::disagreements::as_person;
use super::elsewhere::{Elsewhere, pem};
use crate::guards::{Browser, MULTIPART, multipart};
use crate::support::{TestApp, on_both};

const SIGNATORY: &str = "Егоров Виктор";

fn upload(bytes: &[u8]) -> Upload {
    let mut file = Spool::new("signature", "contract.pdf.p7s", 10_000_000).expect("a file");
    file.write(&Bytes::copy_from_slice(bytes)).expect("written");
    file.finish().expect("a file")
}

impl Contract<'_> {
    pub async fn brings_signature(
        &self,
        actor: &Actor,
        bytes: &[u8],
    ) -> Result<TakenSignature, AppError> {
        let app = &self.house.app;
        app.take_detached(actor, self.id, Some(upload(bytes)), Vec::new())
            .await
    }

    async fn detached_rows(&self) -> Vec<detached_signatures::Model> {
        let rows = detached_signatures::Entity::find()
            .filter(detached_signatures::Column::DocumentId.eq(self.id.uuid()))
            .all(self.house.app.store.reader())
            .await;
        rows.expect("rows")
    }

    async fn last_event(&self) -> audit_events::Model {
        let found = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(self.id.uuid()))
            .order_by_desc(audit_events::Column::Id)
            .one(self.house.app.store.reader())
            .await;
        found.expect("asked").expect("an event")
    }
}

/// Goal: who holds the task may sign in another program; the signature is found to be over the
/// present file, completes the task, and stays beside the document with how it came. Method: each
/// armour in a house of its own.
#[tokio::test]
async fn the_signatory_brings_what_they_signed_elsewhere() {
    on_both(async |house: &TestApp| {
        for armour in ["DER", "PKCS7", "Base64"] {
            house.advance_seconds(60);
            let contract = Contract::approved(house).await;
            let signer = Elsewhere::named(SIGNATORY, house.app.now());
            let der = signer.detached(&contract.file, house.app.now());
            let bytes = match armour {
                "DER" => der,
                "PKCS7" => pem("PKCS7", &der).into_bytes(),
                _ => {
                    let text = pem("CMS", &der);
                    let body = text.lines().filter(|line| !line.starts_with("-----"));
                    body.collect::<Vec<&str>>().join("\n").into_bytes()
                }
            };
            let early = contract
                .brings_signature(&house.actor("signatory"), &bytes)
                .await;
            assert_eq!(
                code(&early.expect_err("first the consents")),
                "consents-needed"
            );
            let (actor, _) = contract.signatory_may_sign().await;
            let may = house
                .app
                .may_bring(&actor, contract.id)
                .await
                .expect("asked");
            assert_eq!(may, Some(Bringing::Own));
            let taken = contract.brings_signature(&actor, &bytes).await;
            let taken = taken.unwrap_or_else(|error| panic!("{armour}: {error:?}"));
            assert_eq!(
                (
                    taken.covers,
                    taken.version_number,
                    taken.is_completing,
                    taken.indication
                ),
                (Covers::Main, 1, true, "INDETERMINATE"),
                "{armour}"
            );
            let invited = contract.told("signing-invitation").await;
            assert!(!invited.is_empty(), "the run has moved on");
            let event = contract.last_event().await;
            assert_eq!(event.action, "document.signed");
            let details: Value = serde_json::from_str(&event.details).expect("JSON");
            assert_eq!(details["came_as"], "detached");
            let rows = contract.detached_rows().await;
            let evidence: Value = serde_json::from_str(&rows[0].evidence).expect("JSON");
            assert_eq!(evidence["key_made_in"], "outside");
            assert_eq!(evidence["brought_by"]["as"], "signer");
            assert_eq!(evidence["certificates"][0]["names_agree"], true);
            assert_eq!(evidence["consents"].as_array().map(Vec::len), Some(2));
            let file = house
                .app
                .open_detached(&actor, contract.id, taken.id, DetachedForm::AsItCame)
                .await;
            assert_eq!(bytes_of(file.expect("the file")).await, bytes);
        }
    })
    .await;
}

/// Goal: what a counterparty's signatory sends to the initiator is kept and judged, and is nobody's
/// decision; whoever else sees the document brings nothing. Method: over the main file and over the
/// signed copy, by each of them; the task is still open.
#[tokio::test]
async fn the_initiator_keeps_a_counterpartys_signature_and_signs_for_nobody() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let now = house.app.now();
        let signer = Elsewhere::named("Иван Иванов", now);
        let main = signer.detached(&contract.file, now);
        let initiator = house.actor("initiator");
        for (who, refusal) in [("lawyer", "denied"), ("accountant", "hidden")] {
            let given = contract.brings_signature(&house.actor(who), &main).await;
            assert_eq!(code(&given.expect_err(who)), refusal, "{who}");
        }
        let mut reads = initiator.clone();
        if let chancery::domain::actor::Who::Person(person) = &mut reads.who {
            person.scopes = Some(vec!["read".to_owned()]);
        }
        let given = contract.brings_signature(&reads, &main).await;
        assert_eq!(code(&given.expect_err("only reads")), "token-only-reads");
        let taken = contract
            .brings_signature(&initiator, &main)
            .await
            .expect("kept");
        assert_eq!((taken.covers, taken.is_completing), (Covers::Main, false));
        let event = contract.last_event().await;
        assert_eq!(event.action, "signature.brought");
        let again = contract.brings_signature(&initiator, &main).await;
        assert_eq!(code(&again.expect_err("twice")), "detached-known");

        let copy = house
            .app
            .signed_copy(&initiator, contract.id.uuid(), 1)
            .await;
        let copy = bytes_of(copy.expect("a copy")).await;
        let over_copy = signer.detached(&copy, now);
        let taken = contract
            .brings_signature(&initiator, &over_copy)
            .await
            .expect("kept");
        assert_eq!(taken.covers, Covers::SignedCopy);
        assert_eq!(
            contract.state().await,
            "in_run",
            "nobody's task was completed"
        );

        // The copy grows, time passes, what nothing names is swept away; and what was signed is
        // still there to be judged.
        contract.counterparty_signs().await;
        house.advance_seconds(60 * 86_400);
        let swept = house.app.sweep(house.vector.organisation).await;
        swept.expect("swept");
        let listed = house.app.list_detached(&initiator, contract.id).await;
        let listed = listed.expect("listed");
        assert_eq!(listed.len(), 2);
        for row in listed {
            let report = row.report.expect("judged");
            assert_eq!(report.crypto, chancery_signature::Answer::Yes);
            assert_eq!(report.intact, chancery_signature::Answer::Yes);
        }
    })
    .await;
}

/// Goal: what binds to nothing that is signed now is refused by its reason, and nothing is kept.
/// Method: one of each kind.
#[tokio::test]
async fn what_covers_nothing_present_is_refused_by_its_reason() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let (actor, _) = contract.signatory_may_sign().await;
        let now = house.app.now();
        let signer = Elsewhere::named(SIGNATORY, now);
        let good = signer.detached(&contract.file, now);
        let mut broken = good.clone();
        let at = broken.len() - 4;
        broken[at] ^= 1;
        let cases = [
            (
                signer.detached(b"another file", now),
                "detached-covers-nothing",
            ),
            (small_pdf(), "detached-unreadable"),
            (b"-----BEGIN CMS-----".to_vec(), "detached-unreadable"),
            (broken, "signature-failed"),
            (
                Elsewhere::named("Семён Печаткин", now).detached(&contract.file, now),
                "certificate-name-differs",
            ),
        ];
        for (bytes, refusal) in cases {
            let given = contract.brings_signature(&actor, &bytes).await;
            assert_eq!(code(&given.expect_err(refusal)), refusal);
        }
        let large = vec![0x30; 4 * 1024 * 1024 + 1];
        let given = contract.brings_signature(&actor, &large).await;
        assert!(matches!(given, Err(AppError::TooLarge { .. })));
        let none = house
            .app
            .take_detached(&actor, contract.id, None, Vec::new());
        assert_eq!(code(&none.await.expect_err("no file")), "invalid");
        assert!(contract.detached_rows().await.is_empty());
    })
    .await;
}

/// Goal: a signature over an earlier version says so, and is not taken for the present one. Method:
/// a second version with another main file.
#[tokio::test]
async fn a_signature_over_an_earlier_version_is_told_from_one_over_none() {
    on_both(async |house: &TestApp| {
        let contract = Contract::drafted(house).await;
        let initiator = house.actor("initiator");
        let now = house.app.now();
        let signer = Elsewhere::named("Иван Иванов", now);
        let first = signer.detached(&contract.file, now);
        let second = [contract.file.as_ref(), b"\n"].concat();
        contract.brings_file(2, &second).await;
        let given = contract.brings_signature(&initiator, &first).await;
        let Err(AppError::Refused { code, args }) = given else {
            panic!("{given:?}");
        };
        assert_eq!(
            (code, args["number"].as_str()),
            ("detached-covers-old", "1")
        );
        let present = signer.detached(&second, now);
        let taken = contract
            .brings_signature(&initiator, &present)
            .await
            .expect("kept");
        assert_eq!(taken.version_number, 2);
    })
    .await;
}

/// Goal: our signatory gives the consents with the file that they bring, and need not choose it a
/// second time; without them nothing is taken, and afterwards they are not asked for again. Method:
/// the form of the document's page, without the consents, with one and with both.
#[tokio::test]
async fn consents_are_given_with_the_file_that_is_brought() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let actor = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    house.app.base_file(&actor, task).await.expect("the file");
    let now = house.app.now();
    let signature = Elsewhere::named(SIGNATORY, now).detached(&contract.file, now);
    let signature = pem("CMS", &signature);
    let served = house.serve();
    let person = house.vector.person("signatory");
    let browser = Browser::of(&house, &served, person).await;
    let document = format!("/documents/{}", contract.id);
    let page = browser.get(&document).await.body;
    let consents = shown(&house, &actor).await;
    for consent in &consents {
        let field = format!("name=\"{}_sha256\"", consent.kind.code());
        assert!(page.contains(&field), "{field}: {page}");
    }
    let names: Vec<(&str, String)> = consents
        .iter()
        .map(|one| (one.kind.code(), format!("{}_sha256", one.kind.code())))
        .collect();
    let bring = format!("{document}/detached-signatures");
    for (ticked, status) in [(0, 422), (1, 422), (2, 303)] {
        let mut parts = vec![("_csrf", None, browser.token.as_str())];
        for (at, (name, digest)) in names.iter().enumerate() {
            parts.extend((at < ticked).then_some((*name, None, "yes")));
            parts.push((digest.as_str(), None, consents[at].text_digest.as_str()));
        }
        parts.push(("signature", Some("own.p7s"), signature.as_str()));
        let answer = browser.upload(&bring, &[], &parts).await;
        assert_eq!(answer.status, status, "{ticked}: {}", answer.body);
        assert_eq!(
            contract.detached_rows().await.len(),
            usize::from(ticked == 2)
        );
    }
    let page = browser.get(&document).await.body;
    assert!(!page.contains("_sha256\""), "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: page and call do the same, list it with its verdict, and a repeated call is done once.
#[tokio::test]
async fn it_is_brought_by_page_and_by_call_and_listed_with_its_verdict() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let now = house.app.now();
    let signer = Elsewhere::named("Иван Иванов", now);
    let first = pem("CMS", &signer.detached(&contract.file, now));
    let other = Elsewhere::with_key("Пётр Петров", 44, now);
    let second = pem("CMS", &other.detached(&contract.file, now));
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let page = format!("/documents/{}/detached-signatures", contract.id);
    let form = multipart(&[
        ("_csrf", None, browser.token.as_str()),
        ("signature", Some("Иванов.sig"), first.as_str()),
    ]);
    let kind = ("content-type", MULTIPART);
    let answer = browser.send("POST", &page, &[kind], form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    let call = format!("/api/v1{page}");
    let form = multipart(&[("signature", Some("second.p7s"), second.as_str())]);
    let headers = [
        kind,
        ("idempotency-key", "once"),
        ("x-csrf-token", browser.token.as_str()),
    ];
    let answer = browser.send("POST", &call, &headers, form.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let taken: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(
        (&taken["covers"], &taken["is_completing"]),
        (&"main".into(), &false.into())
    );
    let again = browser.send("POST", &call, &headers, form).await;
    assert_eq!((again.status, &again.body), (201, &answer.body));
    assert_eq!(contract.detached_rows().await.len(), 2);

    let listed = format!("/api/v1/documents/{}/signatures", contract.id);
    let listed = browser.get(&listed).await;
    let listed: Value = serde_json::from_str(&listed.body).expect("JSON");
    let forms: Vec<&str> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["form"].as_str().expect("a form"))
        .collect();
    assert_eq!(forms, ["embedded", "detached", "detached"]);
    assert_eq!(listed[1]["verdict"]["indication"], "INDETERMINATE");
    assert_eq!(listed[1]["verdict"]["intact"], "yes");
    assert_eq!(listed[1]["certificate_name"], "Иван Иванов");
    assert_eq!(listed[1]["verdict"]["level"], "B-LT");
    assert_eq!(listed[1]["level"], "B-LT");
    let path = listed[2]["file_url"].as_str().expect("a path");
    let file = browser.get(&format!("{path}?form=as_it_came")).await;
    assert_eq!((file.status, file.body), (200, second));

    let shown = format!("/documents/{}", contract.id);
    let page = as_person(&house, &served, house.vector.person("lawyer"), &shown).await;
    page.see("CAdES B-LT")
        .see("Иванов.sig")
        .see("Пётр Петров")
        .see("Чужую подпись принёс инициатор");
    served.stop().await;
    house.close().await;
}

/// Goal: what completes a task has a proof of its time (docs/adr/0009): a signature that comes
/// without one gets ours, what came stays beside; one that brings its own is kept as it is. Method:
/// both kinds, on both databases.
#[tokio::test]
async fn a_signature_without_a_proof_of_its_time_gets_one_when_it_comes() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let (actor, _) = contract.signatory_may_sign().await;
        let signer = Elsewhere::named(SIGNATORY, house.app.now());
        let bare = signer.detached(&contract.file, house.app.now());
        let taken = contract.brings_signature(&actor, &bare).await;
        let id = taken.expect("taken").id;
        let app = &house.app;
        let bytes = async |form| {
            let file = app.open_detached(&actor, contract.id, id, form).await;
            bytes_of(file.expect("a file")).await
        };
        let now = bytes(DetachedForm::Now).await;
        assert_eq!(bytes(DetachedForm::AsItCame).await, bare);
        assert_ne!(now, bare);
        let listed = app
            .list_detached(&actor, contract.id)
            .await
            .expect("listed");
        let report = listed[0].report.as_deref().expect("judged");
        assert_eq!(report.signatures[0].time.proven, Some(app.now()));
        let evidence: Value = serde_json::from_str(&listed[0].signature.evidence).expect("JSON");
        assert_eq!(evidence["file"]["sha256"], Digest::of(&bare).hex());
        assert_eq!(evidence["stamped_sha256"], Digest::of(&now).hex());
        assert!(
            evidence["certificates"][0]["proven_at"].is_string(),
            "{evidence:#}"
        );
        house.advance_seconds(60 * 86_400);
        app.sweep(house.vector.organisation).await.expect("swept");
        assert_eq!(bytes(DetachedForm::Now).await, now);
        assert_eq!(bytes(DetachedForm::AsItCame).await, bare);
    })
    .await;
}

/// Goal: a signature that does not name its certificate within what is signed is told so where it
/// is shown. Method: the bare attributes of RFC 5652.
#[tokio::test]
async fn a_signature_that_does_not_bind_its_certificate_says_so_on_the_page() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (actor, _) = contract.signatory_may_sign().await;
    let signer = Elsewhere::named(SIGNATORY, house.app.now());
    let unbound = signer.unbound(&contract.file);
    let taken = contract.brings_signature(&actor, &unbound).await;
    taken.expect("taken");
    let served = house.serve();
    let shown = format!("/documents/{}", contract.id);
    let page = as_person(&house, &served, house.vector.person("lawyer"), &shown).await;
    page.see("Что ещё важно знать")
        .see("она не защищает свой сертификат от подмены");
    served.stop().await;
    house.close().await;
}
