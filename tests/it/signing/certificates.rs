//! One key, one certificate, one signature: what is issued, who is told, and what is refused.

use bytes::Bytes;
use chancery::app::signing::SignerKey;
use chancery::blob::BlobSource;
use chancery::config::SigningAlgorithm;
use chancery::store::entity::{audit_events, blobs, certificates, signed_copies};
use chancery_types::{Digest, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};

use super::contract::{Contract, code, shown};
use super::visitor::Visitor;
use crate::support::{Backend, TestApp, on_both};

/// Goal: a certificate lives a day at most, needs no revocation, bears the name that the inviter
/// stated and the address that was verified; its subject is told of key and document, once an
/// issue.
#[tokio::test]
async fn a_certificate_is_for_a_day_without_revocation_and_its_subject_is_told() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        // Letters are told apart by their time: ours has one of this kind too.
        house.advance_seconds(1);
        let (visit, actor) = contract.comes_verified().await;
        let (app, task) = (&house.app, visit.link.task_id);
        app.give_consents(&actor, task, &shown(house, &actor).await)
            .await
            .expect("consents");
        contract.signs(&actor, task).await.expect("signed");
        let row = certificates::Entity::find()
            .filter(certificates::Column::ContactId.is_not_null())
            .one(app.store.reader())
            .await;
        let row = row.expect("rows").expect("a certificate");
        assert!(row.not_after - row.not_before <= 24 * 3_600_000_000);
        // id-ce-noRevAvail, 2.5.29.56 (RFC 9608).
        let mark = b"\x06\x03\x55\x1d\x38";
        assert!(row.der.windows(mark.len()).any(|window| window == mark));
        assert_eq!(row.subject_name, "Иван Иванов");
        assert_eq!(row.email, "ivanov@romashka.example");

        let (letter, _) = contract.letter("certificate-issued").await;
        assert_eq!(letter.to_address, "ivanov@romashka.example");
        assert!(
            letter.payload.contains(&row.key_digest),
            "{}",
            letter.payload
        );
        let document = Digest::of(&contract.file).hex();
        assert!(letter.payload.contains(&document), "{}", letter.payload);
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("certificate.issued"))
            .filter(audit_events::Column::SubjectId.eq(row.id))
            .all(app.store.reader())
            .await;
        assert_eq!(events.expect("events").len(), 1);
        let key_rows = format!("{row:?}");
        assert!(!key_rows.contains("PRIVATE"), "no key is kept");
    })
    .await;
}

/// The copy grows, as if somebody else had signed in between.
async fn grows(house: &TestApp) {
    let app = &house.app;
    let copy = signed_copies::Entity::find().one(app.store.reader()).await;
    let copy = copy.expect("rows").expect("a copy");
    let organisation = house.vector.organisation;
    let digest: Digest = copy.digest.parse().expect("a digest");
    let bytes = app.blobs.get(organisation, &digest).await.expect("bytes");
    let longer = Bytes::from([bytes.as_ref(), b"\n"].concat());
    let (digest, size) = (
        Digest::of(&longer),
        i64::try_from(longer.len()).expect("small"),
    );
    app.blobs
        .put(
            organisation,
            &digest,
            BlobSource::Bytes(longer),
            "application/pdf",
        )
        .await
        .expect("kept");
    let row = blobs::ActiveModel {
        organisation_id: Set(organisation.uuid()),
        digest: Set(digest.hex()),
        size_bytes: Set(size),
        media_type: Set("application/pdf".to_owned()),
        created_at: Set(app.now().micros()),
    };
    row.insert(app.store.writer()).await.expect("a blob");
    let row_version = copy.row_version + 1;
    let mut grown = copy.into_active_model();
    grown.digest = Set(digest.hex());
    grown.size_bytes = Set(size);
    grown.row_version = Set(row_version);
    grown.update(app.store.writer()).await.expect("grown");
}

/// Goal: a signature that was prepared on an older copy is refused by name, and preparing again
/// signs the copy as it is.
#[tokio::test]
async fn a_signature_on_a_stale_copy_is_refused_and_prepared_again() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let (app, task) = (&house.app, visit.link.task_id);
        app.give_consents(&actor, task, &shown(house, &actor).await)
            .await
            .expect("consents");
        let key = chancery::app::authority::fresh_key(app.key_kind());
        let spki_der = key.spki_der();
        let prepared = app
            .prepare_signature(&actor, task, &SignerKey::Browser { spki_der })
            .await
            .expect("prepared");
        grows(house).await;
        let value = key.sign(&prepared.signed_attributes).expect("a value");
        let refused = app
            .complete_signature(&actor, prepared.id.uuid(), &value)
            .await;
        assert_eq!(code(&refused.expect_err("stale")), "signing-stale");
        assert_eq!(contract.state().await, "in_run");
        contract.signs(&actor, task).await.expect("signed");
        assert_eq!(contract.state().await, "effective");
    })
    .await;
}

/// Goal: Ed25519 is a choice of the configuration, it signs, and the page says what it costs.
#[tokio::test]
async fn an_ed25519_signature_is_labelled_as_not_accepted_everywhere() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.signing.algorithm = SigningAlgorithm::Ed25519;
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let seat = visitor.comes_verified(&contract).await;
    let both = [("personal_data", "yes"), ("electronic_signature", "yes")];
    let seat = visitor.post(&seat, "/s/consents", &both).await;
    seat.see("Подпись Ed25519 понимают не все программы просмотра.")
        .see("data-algorithm=\"ed25519\"");
    let done = visitor.post(&seat, "/s/sign", &[]).await;
    done.see("Вы подписали документ");
    let initiator = house.actor("initiator");
    let found = house
        .app
        .document_signatures(&initiator, contract.id.uuid())
        .await
        .expect("seen");
    let algorithms: Vec<&str> = found
        .signatures
        .iter()
        .map(|row| row.signature.algorithm.as_str())
        .collect();
    assert_eq!(algorithms, ["ed25519", "ed25519"]);
    served.stop().await;
    house.close().await;
}

/// Goal: RSA is a choice of the configuration: both ways of making the key sign, the copy passes,
/// and the page asks the browser for such a key.
#[tokio::test]
async fn an_rsa_signature_is_made_and_passes() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.signing.algorithm = SigningAlgorithm::RsaPkcs1;
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let seat = visitor.comes_verified(&contract).await;
    let both = [("personal_data", "yes"), ("electronic_signature", "yes")];
    let seat = visitor.post(&seat, "/s/consents", &both).await;
    seat.see("data-algorithm=\"rsa_pkcs1\"");
    let done = visitor.post(&seat, "/s/sign", &[]).await;
    done.see("Вы подписали документ");
    let initiator = house.actor("initiator");
    let found = house
        .app
        .document_signatures(&initiator, contract.id.uuid())
        .await
        .expect("seen");
    let algorithms: Vec<&str> = found
        .signatures
        .iter()
        .map(|row| row.signature.algorithm.as_str())
        .collect();
    assert_eq!(algorithms, ["rsa_pkcs1", "rsa_pkcs1"]);
    let copy = super::lasting::file(&contract).await;
    let told = super::lasting::own_verdicts(&house, &copy, house.app.now()).await;
    assert!(told.len() >= 2, "both have signed");
    assert!(
        told.iter()
            .all(|one| *one == chancery_signature::Indication::TotalPassed)
    );
    served.stop().await;
    house.close().await;
}
