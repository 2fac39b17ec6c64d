//! A signatory of ours brings a detached signature, and the counterparty signs in the file: nobody
//! is told that all signatures are inside, and everybody who has the one has the other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chancery::app::links::files::BesidePart;
use chancery::app::signing::detached::{DetachedForm, Places};
use chancery::app::signing::powers::SignatureName;
use chancery::i18n::Formats;
use chancery::mail::letter::compose;
use chancery::mail::{MailKind, attachments_of};
use chancery::pdf_worker::Whose;
use chancery::store;
use chancery::store::entity::{detached_signatures, raised_signatures, signature_checks, versions};
use chancery::web::pages::signing::beside::{BesideView, LINK_BASE};
use chancery_signature::{Anchors, Answer, Limits, ValidationPolicy, gather_cms, judge};
use chancery_types::{Digest, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use serde_json::Value;
use uuid::Uuid;

use super::contract::{Contract, bytes_of, code};
use super::elsewhere::Elsewhere;
use super::powers::posted;
use super::visitor::Visitor;
use crate::support::powers::power_until;
use crate::support::{Backend, TestApp, on_both};
use crate::verify::ca::Draft;

const SIGNATORY: &str = "Егоров Виктор";

/// Our signatory has brought their signature, the counterparty is asked.
async fn brought(house: &TestApp) -> (Contract<'_>, Uuid, Vec<u8>) {
    let contract = Contract::approved(house).await;
    let signer = Elsewhere::named(SIGNATORY, house.app.now());
    let signature = signer.detached(&contract.file, house.app.now());
    let (actor, _) = contract.signatory_may_sign().await;
    let taken = contract.brings_signature(&actor, &signature).await;
    (contract, taken.expect("taken").id, signature)
}

fn words(kind: MailKind, locale: Locale, payload: &Value) -> String {
    let letter = compose(kind, locale, payload, None).expect("a letter");
    let facts = letter
        .facts
        .iter()
        .map(|fact| format!("{}: {}", fact.label, fact.value));
    let all: Vec<String> = facts.chain(letter.notes).collect();
    all.join("\n")
}

/// Goal: the sheet of the signed copy names whoever signed in a file of their own, with that file
/// and its day, has no empty frame for them, and promises of other programs only what is in the
/// file. Method: the sheet's text, as the worker reads it.
#[tokio::test]
async fn the_sheet_names_who_signed_in_a_file_of_their_own() {
    let house = TestApp::single().await;
    let (contract, _, _) = brought(&house).await;
    contract.counterparty_signs().await;
    let initiator = house.actor("initiator");
    let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
    let copy: Bytes = bytes_of(copy.await.expect("a copy")).await;
    let whose = Whose {
        owner: contract.id.uuid(),
        file: Digest::of(&copy),
    };
    let place = house.app.pdf.place(whose).await.expect("a place");
    let mut file = place.open(copy).expect("taken");
    assert_eq!(file.pages_count().await, Ok(2));
    let sheet = file.text(1).await.expect("text").text;
    let flat = sheet.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Подписано отдельными файлами",
        SIGNATORY,
        "contract.pdf.p7s, 23 ноября 2026",
        "Подписи внутри файла покажет любая программа проверки PAdES",
        "У подписи отдельным файлом (.p7s) знака нет",
    ] {
        assert!(flat.contains(words), "{words}: {sheet}");
    }
    let numbers = sheet
        .lines()
        .filter(|line| ["1", "2"].contains(&line.trim()));
    assert_eq!(numbers.count(), 0, "a frame with a number: {sheet}");
    house.close().await;
}

/// Goal: the letter has every signature and what each is over, and says how many stand where.
#[tokio::test]
async fn the_letter_brings_the_signatures_that_stand_in_no_file() {
    on_both(async |house: &TestApp| {
        let (contract, id, _) = brought(house).await;
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");
        let now = raised_signatures::Entity::find_by_id(id)
            .one(house.app.store.reader())
            .await;
        let now = now.expect("asked").expect("a row").digest;
        let now: Digest = now.parse().expect("a digest");
        let mut told = Vec::new();
        for (kind, login, payload) in contract.letters().await {
            if kind != "completed" {
                continue;
            }
            let files = attachments_of(MailKind::Completed, &payload);
            if !["initiator", "signatory", "ivanov"].contains(&login.as_str()) {
                assert!(files.is_empty(), "{login}");
                continue;
            }
            told.push(login);
            let named: Vec<(&str, &str)> = files
                .iter()
                .map(|(file, media_type)| (file.name.as_str(), *media_type))
                .collect();
            let pdf = "application/pdf";
            assert_eq!(
                named,
                [
                    ("contract.signed.pdf", pdf),
                    ("contract.pdf.p7s", "application/pkcs7-signature"),
                    ("contract.pdf", pdf),
                ]
            );
            assert_eq!(files[1].0.digest, now);
            assert_eq!(files[2].0.digest, Digest::of(&contract.file));
            let said = words(MailKind::Completed, Locale::Ru, &payload);
            for part in [
                "Подписей внутри файла: 1. Подписей отдельными файлами: 1.",
                "contract.pdf.p7s (Егоров Виктор), подписан файл contract.pdf. \
                 Наша проверка при получении: Проверена не до конца",
            ] {
                assert!(said.contains(part), "{part:?}: {said}");
            }
            assert!(!said.contains("Сохраните его"), "{said}");
            let said = words(MailKind::Completed, Locale::En, &payload);
            let part = "Signatures inside the file: 1. Signatures in files of their own: 1.";
            assert!(said.contains(part), "{said}");
            assert!(!said.contains("the signatures are inside"), "{said}");
        }
        told.sort();
        assert_eq!(told, ["initiator", "ivanov", "signatory"]);
    })
    .await;
}

/// Goal: the link's page never says that all signatures are inside, gives each that is not with the
/// file that it is over, before the reader signs and after; nobody else has them, and of another
/// document there are none. Method: pages as a browser without scripts sees them.
#[tokio::test]
async fn the_link_gives_them_and_says_truly_where_they_stand() {
    let house = TestApp::single().await;
    let (contract, id, signature) = brought(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let path = format!("/s/detached/{id}");
    let front = visitor.comes_in(&contract).await;
    assert_eq!(visitor.get(&path).await.status, 404, "before the code");
    let read = visitor.proves_the_mailbox(&contract, &front).await;
    assert_eq!(visitor.get("/s/file").await.status, 200);
    let consents = visitor
        .post(&read, "/s/read", &[("from", "1"), ("to", "1")])
        .await;
    consents
        .see("<div class=\"rules\"><p>Правила подписания</p></div>")
        .see("Ещё 1 подпись этого документа лежит отдельным файлом:")
        .see(&path);
    let came = format!("{path}?form=as_it_came");
    assert_eq!(visitor.get(&came).await.bytes, signature);
    let both = [("electronic_signature", "yes"), ("personal_data", "yes")];
    let seat = visitor.post(&consents, "/s/consents", &both).await;
    let proof = visitor.post(&seat, "/s/sign", &[]).await;
    proof
        .see("внутри этого файла их 1, отдельными файлами — 1")
        .see(SIGNATORY)
        .see("contract.pdf.p7s")
        .see(&format!("{path}/file"))
        .see_not("Подписи лежат внутри файла.");
    assert_eq!(visitor.get(&came).await.bytes, signature);
    let now = visitor.get(&path).await.bytes;
    assert_ne!(now, signature, "it has a timestamp");
    let covered = visitor.get(&format!("{path}/file")).await;
    assert_eq!(covered.bytes, contract.file.as_ref());
    for other in [Uuid::nil().to_string(), contract.id.to_string()] {
        for path in [
            format!("/s/detached/{other}"),
            format!("/s/detached/{other}/file"),
        ] {
            assert_eq!(visitor.get(&path).await.status, 404, "{path}");
        }
    }
    let later = Visitor::new(&served, Locale::En);
    later.comes_in(&contract).await.see_not("contract.pdf.p7s");
    assert_eq!(later.get(&path).await.status, 404, "before the code");

    let evidence = visitor.get("/s/evidence.json").await;
    let evidence: Value = serde_json::from_slice(&evidence.bytes).expect("JSON");
    assert_eq!(evidence["signatures_inside"], 1);
    let one = &evidence["detached_signatures"][0];
    assert_eq!(one["covered_sha256"], Digest::of(&contract.file).hex());
    let content = one["content"].as_str().expect("Base64");
    let content = STANDARD.decode(content).expect("Base64");
    assert_eq!(one["sha256"], Digest::of(&content).hex());
    assert_eq!(content, now);
    let facts = gather_cms(&content, Some(&contract.file), &Limits::default());
    let policy = ValidationPolicy::default();
    let report = judge(&facts, &policy, house.app.now(), &Anchors::none());
    assert_eq!((report.crypto, report.intact), (Answer::Yes, Answer::Yes));
    served.stop().await;
    house.close().await;
}

/// Goal: a signature that passes only because the rules do not ask for revocation is nowhere called
/// valid without a word: not in the letter, not on the link's page, not in the answer to the call;
/// one from before this was kept is told by its last check, and without one as open. Method: a
/// house with such rules, a certificate of which nobody says anything.
#[tokio::test]
async fn one_whose_revocation_is_open_is_told_so_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let (policy, root) = (
        folder.path().join("lax.toml"),
        folder.path().join("root.der"),
    );
    std::fs::write(&policy, "revocation_required = false\n").expect("written");
    let ca = Draft {
        is_authority: true,
        ..Draft::new("Другой центр", 41)
    };
    let ca = ca.by(None);
    std::fs::write(&root, &ca.certificate).expect("written");
    let holder = Draft::new(SIGNATORY, 60).by(Some(&ca));
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.trust.policy.clone_from(&policy);
            config.trust.anchors = vec![root.clone()];
        })
        .await;
        let contract = Contract::approved(&house).await;
        let signer = Elsewhere {
            root: ca.certificate.clone(),
            certificate: holder.certificate.clone(),
            key: holder.key.clone(),
        };
        let signature = signer.detached(&contract.file, house.app.now());
        let (actor, _) = contract.signatory_may_sign().await;
        let taken = contract.brings_signature(&actor, &signature).await;
        let taken = taken.expect("taken");
        assert_eq!(taken.indication, "TOTAL-PASSED");
        assert!(taken.leaves_revocation_open);
        // Whoever signed so is nobody's proven representative.
        let power = posted(&power_until("2027-01-09", house.app.now()), &[]);
        let name = SignatureName::Id(taken.id);
        let added = contract.adds_power(&actor, name, power).await;
        assert!(!added.expect("kept").is_of_proven_signer);
        contract.counterparty_signs().await;
        let mut letters = contract.letters().await.into_iter();
        let letter = letters.find(|(kind, login, _)| kind == "completed" && login == "initiator");
        let (_, _, payload) = letter.expect("a letter");
        let said = words(MailKind::Completed, Locale::Ru, &payload);
        let part = "Наша проверка при получении: Действительна, отзыв не известен";
        assert!(said.contains(part), "{said}");

        let (reader, writer) = (house.app.store.reader(), house.app.store.writer());
        super::lasting::recheck_only(&house).await;
        let row = detached_signatures::Entity::find_by_id(taken.id).one(reader);
        let row = row.await.expect("asked").expect("a row");
        let raised = raised_signatures::Entity::find_by_id(taken.id).one(reader);
        let raised = raised.await.expect("asked").expect("a row");
        let version = versions::Entity::find_by_id(row.version_id).one(reader);
        let version = version.await.expect("asked").expect("a version");
        let is_open = async |id: Uuid| {
            let places = Places::of(reader, &version).await.expect("places");
            let formats = Formats::new(Locale::En, "UTC");
            let all = BesideView::all(&formats, LINK_BASE, &places.beside);
            let mut all = all.into_iter();
            let found = all.find(|one| one.path.ends_with(&id.to_string()));
            let one = found.expect("it is there");
            let words = "nobody said whether its certificate was revoked";
            assert_eq!(
                one.is_valid,
                !one.known[0].contains(words),
                "{:?}",
                one.known
            );
            !one.is_valid
        };
        assert!(is_open(taken.id).await);
        // Rows are never changed: others of which that was kept, or was not.
        let other = async |seed: u128, revocation: Option<&str>| {
            let mut other = row.clone();
            other.id = Uuid::from_u128(seed);
            other.digest = Digest::of(&seed.to_be_bytes()).hex();
            other.revocation = revocation.map(str::to_owned);
            let id = other.id;
            let other = store::detached_signatures::insert_signature(writer, other);
            other.await.expect("kept");
            let mut raised = raised.clone();
            raised.detached_id = id;
            let raised = store::raised_signatures::insert(writer, raised);
            raised.await.expect("kept");
            id
        };
        assert!(!is_open(other(1, Some("known")).await).await);
        let old = other(2, None).await;
        assert!(is_open(old).await, "never checked");
        let check = signature_checks::Entity::find()
            .filter(signature_checks::Column::SubjectId.eq(taken.id))
            .one(reader);
        let mut check = check.await.expect("asked").expect("a check");
        check.id = Uuid::from_u128(3);
        (check.subject_id, check.detached_id) = (old, Some(old));
        let check = check.into_active_model().reset_all();
        let check = signature_checks::Entity::insert(check);
        check.exec_without_returning(writer).await.expect("kept");
        assert!(is_open(old).await, "checked");
        let closed = signature_checks::Entity::update_many()
            .col_expr(
                signature_checks::Column::Reason,
                Expr::value(None::<String>),
            )
            .filter(signature_checks::Column::SubjectId.eq(old))
            .exec(writer);
        closed.await.expect("kept");
        assert!(!is_open(old).await, "nothing was open");
        house.close().await;
    }
}

/// Goal: what was raised is given raised, and as it came on demand; a link of another document
/// gives neither.
#[tokio::test]
async fn a_raised_one_is_given_raised() {
    on_both(async |house: &TestApp| {
        let (contract, id, signature) = brought(house).await;
        contract.counterparty_signs().await;
        let app = &house.app;
        let raised = b"raised".to_vec();
        let digest = Digest::of(&raised);
        let kept = app.blobs.put(
            house.vector.organisation,
            &digest,
            chancery::blob::BlobSource::Bytes(raised.clone().into()),
            "application/pkcs7-signature",
        );
        kept.await.expect("kept");
        let row = raised_signatures::Entity::find_by_id(id)
            .one(app.store.reader())
            .await;
        let mut row = row.expect("asked").expect("a row").into_active_model();
        row.digest = Set(digest.hex());
        row.size_bytes = Set(6);
        row.update(app.store.writer()).await.expect("raised");
        let (visit, _) = contract.comes_with_code().await;
        for (form, wanted) in [
            (DetachedForm::Now, &raised),
            (DetachedForm::AsItCame, &signature),
        ] {
            let file = app.link_beside_file(&visit, id, BesidePart::Signature(form));
            assert_eq!(bytes_of(file.await.expect("a file")).await, *wanted);
        }
        house.advance_seconds(60);
        let other = Contract::at_counterparty(house).await;
        let (visit, _) = other.comes_with_code().await;
        assert!(app.link_beside(&visit).await.expect("asked").is_empty());
        let part = BesidePart::Covered;
        let refused = app.link_beside_file(&visit, id, part).await;
        assert_eq!(code(&refused.map(|_| ()).expect_err("another's")), "hidden");
    })
    .await;
}

/// Goal: a raised one is due again when a digest that it rests on ages, and no other one; one of
/// which that is not known only where the day is ahead. Method: rows that rest on each, asked
/// for by each.
#[tokio::test]
async fn a_raised_one_is_due_when_a_digest_ages() {
    use chancery::store::raised::Wanted;
    on_both(async |house: &TestApp| {
        let (_contract, id, _) = brought(house).await;
        let (app, now) = (&house.app, house.app.now().micros());
        for (rests_on, aged, are_unknown_due, count) in [
            (Some(",SHA-1,SHA-256,"), &["MD5", "SHA-1"][..], false, 1),
            (Some(",SHA-1,SHA-256,"), &["MD5"], true, 0),
            (Some(",SHA-1,SHA-256,"), &[], true, 0),
            (Some(",SHA3-256,"), &["SHA-256"], true, 0),
            (None, &["SHA-1"], false, 0),
            (None, &["SHA-1"], true, 1),
        ] {
            let row = raised_signatures::Entity::find_by_id(id)
                .one(app.store.reader())
                .await;
            let mut row = row.expect("asked").expect("a row").into_active_model();
            row.level = Set(Some("B-LTA".to_owned()));
            row.lasts_until = Set(Some(i64::MAX));
            row.rests_on = Set(rests_on.map(str::to_owned));
            row.update(app.store.writer()).await.expect("kept");
            let wanted = Wanted {
                below: &["B-T", "B-LT"],
                ends_by: now,
                would_end: i64::MAX,
                aged,
                are_unknown_due,
                rsa_bits_below: 0,
                are_unknown_keys_due: false,
            };
            let (reader, organisation) = (app.store.reader(), house.vector.organisation);
            let due = chancery::store::raised_signatures::list_due(
                reader,
                organisation.uuid(),
                wanted,
                now,
                16,
            );
            let due = due.await.expect("asked").len();
            assert_eq!(due, count, "{rests_on:?} {aged:?} {are_unknown_due}");
        }
    })
    .await;
}

/// Goal: a raised one is due again when a key that it rests on ages, and no longer one; one of
/// which that is not known only where the day is ahead. Method: rows that rest on each, asked for
/// by each.
#[tokio::test]
async fn a_raised_one_is_due_when_a_key_ages() {
    use chancery::store::raised::Wanted;
    on_both(async |house: &TestApp| {
        let (_contract, id, _) = brought(house).await;
        let (app, now) = (&house.app, house.app.now().micros());
        for (bits, rsa_bits_below, are_unknown_keys_due, count) in [
            (Some(2048), 3072, false, 1),
            (Some(3072), 3072, true, 0),
            (Some(0), 3072, true, 0),
            (Some(2048), 0, true, 0),
            (None, 3072, false, 0),
            (None, 3072, true, 1),
        ] {
            let row = raised_signatures::Entity::find_by_id(id)
                .one(app.store.reader())
                .await;
            let mut row = row.expect("asked").expect("a row").into_active_model();
            row.level = Set(Some("B-LTA".to_owned()));
            row.lasts_until = Set(Some(i64::MAX));
            row.rests_on = Set(Some(",SHA-256,".to_owned()));
            row.rests_on_rsa_bits = Set(bits);
            row.update(app.store.writer()).await.expect("kept");
            let wanted = Wanted {
                below: &["B-T", "B-LT"],
                ends_by: now,
                would_end: i64::MAX,
                aged: &[],
                are_unknown_due: true,
                rsa_bits_below,
                are_unknown_keys_due,
            };
            let (reader, organisation) = (app.store.reader(), house.vector.organisation);
            let due = chancery::store::raised_signatures::list_due(
                reader,
                organisation.uuid(),
                wanted,
                now,
                16,
            );
            let due = due.await.expect("asked").len();
            assert_eq!(
                due, count,
                "{bits:?} {rsa_bits_below} {are_unknown_keys_due}"
            );
        }
    })
    .await;
}
