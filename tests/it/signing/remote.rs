//! Keys that stay outside: what is prepared for them, what is taken back, and what is said of the
//! names in their certificates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery::app::AppError;
use chancery::app::signing::CompletedSignature;
use chancery::app::signing::outside::{Given, PreparedOutside};
use chancery::app::signing::presented::Presented;
use chancery::domain::actor::Actor;
use chancery::store::entity::{audit_events, outbox, signatures, signings};
use chancery_signature as sig;
use chancery_signature::Answer;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{Contract, bytes_of, code, shown};
use super::disagreements::as_person;
use super::elsewhere::{Elsewhere, pem};
use super::openssl::{KEYS, OpenSsl};
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};

/// While the tests play.
const VALID: (&str, &str) = ("20260101000000Z", "20300101000000Z");
/// As a certificate writes the signatory of the house: `Виктор Егоров`.
const SIGNATORY: &str = "Егоров Виктор Петрович";

impl Elsewhere {
    /// Signs what was prepared, with the value alone.
    async fn signs(
        &self,
        house: &TestApp,
        actor: &Actor,
        task: Uuid,
    ) -> Result<CompletedSignature, AppError> {
        let app = &house.app;
        let made = app.prepare_outside(actor, task, &self.presented()).await?;
        let prepared = made.prepared;
        let value = self.key.sign(&prepared.signed_attributes).expect("a value");
        app.complete_with(actor, prepared.id.uuid(), Given::Value(&value))
            .await
    }
}

/// The report on the last signature of a signed copy, by its roots.
fn judged(file: &[u8], roots: &[Vec<u8>], house: &TestApp) -> sig::report::SignatureReport {
    let mut anchors = sig::Anchors::none();
    for der in roots {
        anchors.extend(sig::Anchors::from_pem_or_der(der).expect("a root"));
    }
    let facts = sig::gather_pdf(file, &sig::Limits::default());
    let policy = sig::ValidationPolicy::default();
    let report = sig::judge(&facts, &policy, house.app.now(), &anchors);
    report.signatures.last().expect("a signature").clone()
}

async fn only_row(contract: &Contract<'_>) -> signatures::Model {
    let rows = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(contract.id.uuid()))
        .all(contract.house.app.store.reader())
        .await;
    let mut rows = rows.expect("rows");
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

async fn signatures_count(house: &TestApp) -> u64 {
    let counted = signatures::Entity::find().count(house.app.store.reader());
    counted.await.expect("a count")
}

/// Goal: whose key never came near us signs all the same, and everything that is kept says so.
/// Method: a certificate of another authority, the value alone; the rows, the event, the file by
/// both roots, the letters, and the run.
#[tokio::test]
async fn an_outside_key_signs_and_the_evidence_says_whose_it_is() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let signer = Elsewhere::named(SIGNATORY, house.app.now());
        let done = signer.signs(house, &actor, task).await.expect("signed");

        let row = only_row(&contract).await;
        assert_eq!(
            (
                row.key_place.as_str(),
                row.algorithm.as_str(),
                row.certificate_id
            ),
            ("outside", "ecdsa_p256", None)
        );
        let evidence: Value = serde_json::from_str(&row.evidence).expect("JSON");
        assert_eq!(evidence["key_made_in"], "outside");
        assert_eq!(evidence["given_as"], "value");
        assert_eq!(evidence["certificate"]["name"], SIGNATORY);
        assert_eq!(evidence["certificate"]["stated_name"], "Виктор Егоров");
        assert_eq!(evidence["certificate"]["names_agree"], true);
        // Nobody here trusts that authority, and that is not hidden.
        assert_eq!(evidence["verdict"]["indication"], "INDETERMINATE");
        assert_eq!(evidence["verdict"]["reasons"][0], "chain_missing");

        let copy = house.app.signed_copy(&actor, contract.id.uuid(), 1).await;
        let file = bytes_of(copy.expect("a copy")).await;
        assert_eq!(chancery_types::Digest::of(&file).hex(), done.copy_digest);
        let mut roots = house.app.list_anchors().await.expect("roots");
        let report = judged(&file, &roots, house);
        assert_eq!((report.crypto, report.intact), (Answer::Yes, Answer::Yes));
        roots.push(signer.root.clone());
        let report = judged(&file, &roots, house);
        assert_eq!(
            report.indication,
            sig::Indication::TotalPassed,
            "{report:?}"
        );
        assert!(report.time.proven.is_some());

        let letters = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(contract.id.uuid()))
            .filter(outbox::Column::Kind.eq("certificate-issued"))
            .count(house.app.store.reader())
            .await;
        assert_eq!(letters.expect("a count"), 0, "we have issued nothing");
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(contract.id.uuid()))
            .all(house.app.store.reader())
            .await
            .expect("events");
        let of = |action: &str| events.iter().filter(|row| row.action == action).count();
        assert_eq!(
            (
                of("certificate.presented"),
                of("document.signed"),
                of("certificate.issued")
            ),
            (1, 1, 0)
        );
        assert!(
            !contract.told("signing-invitation").await.is_empty(),
            "the run has moved on"
        );
    })
    .await;
}

/// Goal: every kind of key that is promised signs, whole messages and digests alike. Method: keys,
/// certificates and values of OpenSSL.
#[tokio::test]
async fn every_kind_of_outside_key_signs() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    let house = TestApp::single().await;
    for (name, how) in KEYS {
        openssl.key(name, how);
    }
    let pss = [
        "-sha256",
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:32",
    ];
    let by_digest = ["digest", "-pkeyopt", "digest:sha256"];
    let ways: [(&str, Option<&str>, &str, &[&str]); 7] = [
        ("rsa", None, "rsa_pkcs1", &["-sha256"]),
        ("rsa", Some("rsa_pkcs1"), "rsa_pkcs1", &by_digest),
        ("rsa", Some("rsa_pss"), "rsa_pss", &pss),
        ("p256", None, "ecdsa_p256", &["digest"]),
        ("p384", None, "ecdsa_p384", &["digest"]),
        ("p521", Some("ecdsa_p521"), "ecdsa_p521", &["-sha512"]),
        ("ed25519", None, "ed25519", &["whole"]),
    ];
    for (key, wished, algorithm, how) in ways {
        house.advance_seconds(60);
        let contract = Contract::approved(&house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let presented = Presented {
            certificates: vec![
                openssl.certificate(key, SIGNATORY, "signer", VALID),
                openssl.root(),
            ],
            algorithm: wished.map(str::to_owned),
        };
        let made = house.app.prepare_outside(&actor, task, &presented).await;
        let made = made.unwrap_or_else(|error| panic!("{algorithm}: {error:?}"));
        assert_eq!(made.scheme.code(), algorithm);
        let message = match how {
            ["digest", ..] => digest_to_sign(&made),
            _ => made.prepared.signed_attributes.clone(),
        };
        let value = openssl.signs(key, &message, how);
        let id = made.prepared.id.uuid();
        let given = Given::Value(&value);
        let done = house.app.complete_with(&actor, id, given).await;
        done.unwrap_or_else(|error| panic!("{algorithm}: {error:?}"));
        let row = only_row(&contract).await;
        assert_eq!(
            (row.algorithm.as_str(), row.key_place.as_str()),
            (algorithm, "outside")
        );
        let copy = house.app.signed_copy(&actor, contract.id.uuid(), 1).await;
        let report = judged(&bytes_of(copy.expect("a copy")).await, &[], &house);
        let answers = (report.crypto, report.intact);
        assert_eq!(
            answers,
            (Answer::Yes, Answer::Yes),
            "{algorithm}: {report:?}"
        );
    }
    house.close().await;
}

fn digest_to_sign(made: &PreparedOutside) -> Vec<u8> {
    assert!(made.scheme.signs_digests());
    let attributes = made.prepared.signed_attributes.as_slice();
    made.scheme.digest_algorithm().digest(&[attributes])
}

/// Goal: a program that makes whole structures is served too, and what it made keeps its bytes; a
/// structure over anything else, or by anybody else, is refused by name. Method: OpenSSL's CMS.
#[tokio::test]
async fn a_whole_structure_is_taken_only_for_what_was_prepared() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    for (name, of) in [("rsa", 0), ("p256", 1)] {
        openssl.key(name, KEYS[of].1);
    }
    let certificate = openssl.certificate("rsa", SIGNATORY, "signer", VALID);
    openssl.certificate("p256", SIGNATORY, "signer", VALID);
    let presented = Presented {
        certificates: vec![certificate],
        algorithm: None,
    };
    let made = house.app.prepare_outside(&actor, task, &presented).await;
    let prepared = made.expect("prepared").prepared;
    let id = prepared.id.uuid();
    let file = bytes_of(house.app.prepared_file(&actor, id).await.expect("it")).await;
    let [_, to, from, rest] = prepared
        .byte_range
        .map(|at| usize::try_from(at).expect("small"));
    let covered = [&file[..to], &file[from..from + rest]].concat();

    let right = openssl.cms("rsa", &covered);
    let mut behind = right.clone();
    behind.push(0);
    let cases = [
        (openssl.cms("rsa", &file), "cms-digest-differs"),
        (openssl.cms("p256", &covered), "cms-certificate-differs"),
        (b"nothing of the kind".to_vec(), "cms-unreadable"),
        (behind, "cms-unreadable"),
    ];
    for (cms, refusal) in cases {
        let given = house.app.complete_with(&actor, id, Given::Cms(&cms)).await;
        assert_eq!(code(&given.expect_err(refusal)), refusal);
    }
    assert_eq!(signatures_count(&house).await, 0);
    let armoured = pem("CMS", &right);
    let given = Given::Cms(armoured.as_bytes());
    let done = house.app.complete_with(&actor, id, given).await;
    done.expect("signed");
    let row = only_row(&contract).await;
    assert!(
        row.evidence.contains("\"given_as\":\"cms\""),
        "{}",
        row.evidence
    );
    let copy = house.app.signed_copy(&actor, contract.id.uuid(), 1).await;
    let report = judged(&bytes_of(copy.expect("a copy")).await, &[], &house);
    assert_eq!(
        (report.crypto, report.intact),
        (Answer::Yes, Answer::Yes),
        "{report:?}"
    );
    house.close().await;
}

/// Goal: what our rules call wrong never comes to be signed with. Method: one certificate of each
/// kind, by OpenSSL; the house's clock past its end.
#[tokio::test]
async fn a_certificate_that_is_not_in_order_is_refused_by_name() {
    let Some(openssl) = OpenSsl::new() else {
        return;
    };
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    openssl.key("p256", KEYS[1].1);
    openssl.key(
        "weak",
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    );
    openssl.key("x448", &["-algorithm", "ED448"]);
    let made = |key: &str, kind: &str, valid| openssl.certificate(key, SIGNATORY, kind, valid);
    let over = ("20260101000000Z", "20260601000000Z");
    let early = ("20270101000000Z", "20280101000000Z");
    let good = made("p256", "signer", VALID);
    let cases = [
        (
            vec![made("p256", "signer", over)],
            None,
            "certificate-expired",
        ),
        (
            vec![made("p256", "signer", early)],
            None,
            "certificate-not-yet-valid",
        ),
        (
            vec![made("p256", "encrypting", VALID)],
            None,
            "certificate-not-for-signing",
        ),
        (vec![openssl.root()], None, "certificate-not-for-signing"),
        (
            vec![made("p256", "stranger", VALID)],
            None,
            "certificate-rule-unknown",
        ),
        (
            vec![made("weak", "signer", VALID)],
            None,
            "certificate-key-weak",
        ),
        (
            vec![made("x448", "signer", VALID)],
            None,
            "certificate-key-unsupported",
        ),
        (vec!["AAAA".to_owned()], None, "certificate-unreadable"),
        (vec![], None, "certificate-unreadable"),
        (vec![good.clone(); 11], None, "certificates-too-many"),
        (vec![good.clone()], Some("rsa_pss"), "algorithm-not-of-key"),
    ];
    for (certificates, algorithm, refusal) in cases {
        let presented = Presented {
            certificates,
            algorithm: algorithm.map(str::to_owned),
        };
        let refused = house.app.prepare_outside(&actor, task, &presented).await;
        assert_eq!(code(&refused.expect_err(refusal)), refusal);
    }
    let kept = signings::Entity::find().count(house.app.store.reader());
    assert_eq!(kept.await.expect("a count"), 0, "nothing was prepared");
    house.close().await;
}

/// Goal: a name in a certificate that is not the signer's is refused where nobody vouches for it,
/// and taken and told everywhere where somebody does. Method: the same certificate in two houses.
#[tokio::test]
async fn another_name_is_refused_or_told_by_who_vouches_for_it() {
    let stranger = |house: &TestApp| Elsewhere::named("Семён Печаткин", house.app.now());
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    let refused = stranger(&house).signs(&house, &actor, task).await;
    assert_eq!(
        code(&refused.expect_err("nobody vouches")),
        "certificate-name-differs"
    );
    assert_eq!(signatures_count(&house).await, 0);
    house.close().await;

    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("root.pem");
    let start = crate::support::START.parse().expect("a moment");
    let root = Elsewhere::named("Anybody", start);
    std::fs::write(&trusted, pem("CERTIFICATE", &root.root)).expect("written");
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = vec![trusted];
    })
    .await;
    let contract = Contract::approved(&house).await;
    let (actor, task) = contract.signatory_may_sign().await;
    stranger(&house)
        .signs(&house, &actor, task)
        .await
        .expect("vouched for");
    let row = only_row(&contract).await;
    let evidence: Value = serde_json::from_str(&row.evidence).expect("JSON");
    assert_eq!(evidence["certificate"]["names_agree"], false);
    assert_eq!(evidence["verdict"]["indication"], "TOTAL-PASSED");
    let served = house.serve();
    let path = format!("/documents/{}", contract.id);
    let page = as_person(&house, &served, house.vector.person("initiator"), &path).await;
    page.see("в сертификате другое имя: Семён Печаткин")
        .see("Виктор Егоров");
    served.stop().await;
    house.close().await;
}

/// Goal: nothing wrong is kept, a lost answer is given again, and nobody signs with another's
/// preparation. Method: a value over something else, one of another key, the same twice, another
/// actor; a structure for a key that we certified.
#[tokio::test]
async fn only_the_right_value_by_the_right_person_completes_it() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let (actor, task) = contract.signatory_may_sign().await;
        let app = &house.app;
        let (own, _) = contract.prepared(&actor, task).await.expect("prepared");
        let given = app.complete_with(&actor, own, Given::Cms(b"x")).await;
        assert_eq!(
            code(&given.expect_err("a value is wanted")),
            "signing-not-outside"
        );

        let signer = Elsewhere::named(SIGNATORY, app.now());
        let other = Elsewhere::with_key(SIGNATORY, 43, app.now());
        let made = app.prepare_outside(&actor, task, &signer.presented()).await;
        let prepared = made.expect("prepared").prepared;
        let id = prepared.id.uuid();
        let abandoned = app.complete_signature(&actor, own, b"x").await;
        assert_eq!(code(&abandoned.expect_err("given up")), "signing-abandoned");
        let attributes = &prepared.signed_attributes;
        for wrong in [
            signer.key.sign(b"something else").expect("a value"),
            other.key.sign(attributes).expect("a value"),
            vec![0; 64],
            vec![],
        ] {
            let given = app.complete_with(&actor, id, Given::Value(&wrong)).await;
            assert_eq!(code(&given.expect_err("wrong")), "signature-wrong");
        }
        assert_eq!(signatures_count(house).await, 0);
        let value = signer.key.sign(attributes).expect("a value");
        let lawyer = house.actor("lawyer");
        let given = app.complete_with(&lawyer, id, Given::Value(&value)).await;
        assert_eq!(code(&given.expect_err("not theirs")), "hidden");
        let complete = || app.complete_with(&actor, id, Given::Value(&value));
        let first = complete().await.expect("signed");
        let again = complete().await.expect("the same answer");
        assert_eq!((first.id, first.copy_digest), (again.id, again.copy_digest));
        assert_eq!(signatures_count(house).await, 1);
    })
    .await;
}

/// Goal: a program does all of it by two calls, and what it is told suffices to sign. Method: a
/// browser's session, what is wrong in a body first; the same completion twice.
#[tokio::test]
async fn a_program_signs_by_two_calls() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (_, task) = contract.signatory_may_sign().await;
    let signer = Elsewhere::named(SIGNATORY, house.app.now());
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("signatory")).await;
    let post = async |path: &str, key: &str, body: Value| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
            ("x-csrf-token", browser.token.as_str()),
        ];
        let answer = browser.send("POST", path, &headers, body.to_string()).await;
        let read: Value = serde_json::from_str(&answer.body).expect("JSON");
        (answer.status, read)
    };
    let prepare = format!("/api/v1/tasks/{task}/remote-signing");
    let certificates = json!([signer.base64(), pem("CERTIFICATE", &signer.root)]);
    let level = json!({ "certificates": certificates, "level": "B-LTA" });
    let (status, told) = post(&prepare, "1", level).await;
    assert_eq!(
        (status, &told["fields"][0]["code"]),
        (422, &"level-not-offered".into())
    );
    let (status, told) = post(&prepare, "2", json!({ "certificates": ["?"] })).await;
    assert_eq!(
        (status, &told["code"]),
        (409, &"certificate-unreadable".into())
    );
    let body = json!({ "certificates": certificates, "level": "B-T" });
    let (status, made) = post(&prepare, "3", body).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(
        (
            &made["algorithm"],
            &made["digest_algorithm"],
            &made["names_agree"]
        ),
        (&"ecdsa_p256".into(), &"SHA-256".into(), &true.into())
    );
    let attributes = made["signed_attributes"].as_str().expect("Base64");
    let attributes = STANDARD.decode(attributes).expect("Base64");
    let digest = chancery_types::Digest::of(&attributes).hex();
    assert_eq!(made["attributes_digest"], digest.as_str());
    let file = browser
        .get(made["file_url"].as_str().expect("a path"))
        .await;
    assert_eq!(file.status, 200);

    let complete = "/api/v1/remote-signings/completion";
    let neither = json!({ "signing_id": made["signing_id"] });
    let (status, told) = post(complete, "4", neither).await;
    assert_eq!(
        (status, &told["fields"][0]["code"]),
        (422, &"one-of-two".into())
    );
    let value = STANDARD.encode(signer.key.sign(&attributes).expect("a value"));
    let body = json!({ "signing_id": made["signing_id"], "signature": value });
    let (status, done) = post(complete, "5", body.clone()).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(post(complete, "5", body.clone()).await, (200, done.clone()));
    assert_eq!(
        post(complete, "6", body).await,
        (200, done),
        "told the same"
    );

    let listed = format!("/api/v1/documents/{}/signatures", contract.id);
    let listed: Value = serde_json::from_str(&browser.get(&listed).await.body).expect("JSON");
    assert_eq!(listed[0]["key_made_in"], "outside");
    assert_eq!(listed[0]["certificate_name"], SIGNATORY);
    assert_eq!(listed[0]["names_agree"], true);
    assert_eq!(listed[0]["certificate_serial"], "2a".repeat(16));
    served.stop().await;
    house.close().await;
}

/// Goal: a visitor's key stays outside too, and the proof that they keep names their certificate.
#[tokio::test]
async fn a_visitor_signs_with_a_key_of_their_own() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let (app, task) = (&house.app, visit.link.task_id);
        let signer = Elsewhere::named("Иван Иванов", app.now());
        let early = signer.signs(house, &actor, task).await;
        assert_eq!(
            code(&early.expect_err("first the consents")),
            "consents-needed"
        );
        let both = shown(house, &actor).await;
        app.give_consents(&actor, task, &both).await.expect("given");
        signer.signs(house, &actor, task).await.expect("signed");
        assert_eq!(contract.state().await, "effective");
        let (visit, _) = contract.comes_with_code().await;
        let proof = app
            .link_proof(&visit)
            .await
            .expect("asked")
            .expect("a proof");
        assert_eq!(proof.certificate, signer.certificate);
        assert_eq!(proof.evidence["way_in"]["by"], "link");
    })
    .await;
}
