//! Certificates that our own authority revokes: the lists, and what the checks make of them.

use std::process::Command;

use chancery::app::authority::Revocation;
use chancery::app::validation::Stored;
use chancery::domain::actor::Actor;
use chancery::store::entity::{audit_events, authority_keys, certificates};
use chancery_signature::{Indication, RevocationReason};
use chancery_types::{Digest, Locale};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::contract::Contract;
use super::contract::code;
use super::lasting::{file, recheck_only, signed};
use crate::support::{TestApp, on_both};

const DAY: i64 = 24 * 3600;

fn revocation(certificate: &str) -> Revocation {
    Revocation {
        certificate: certificate.to_owned(),
        reason: RevocationReason::KeyCompromise,
        since: None,
    }
}

async fn keys(house: &TestApp) -> Vec<authority_keys::Model> {
    let rows = authority_keys::Entity::find()
        .filter(authority_keys::Column::OrganisationId.eq(house.vector.organisation.uuid()))
        .order_by_asc(authority_keys::Column::CreatedAt)
        .all(house.app.store.reader());
    rows.await.expect("rows")
}

/// What the checks of now say of a contract's signatures.
async fn verdicts(house: &TestApp, contract: &Contract<'_>) -> Vec<Indication> {
    let copy = Stored::File(Digest::of(&file(contract).await));
    let judged = house
        .app
        .judge_afresh(house.vector.organisation, copy)
        .await;
    let report = judged.expect("judged").expect("a file");
    assert_eq!(report.signatures.len(), 2, "both have signed");
    report.signatures.iter().map(|one| one.indication).collect()
}

/// The certificates of signatures, the oldest first.
async fn leaves(house: &TestApp) -> Vec<certificates::Model> {
    let rows = certificates::Entity::find()
        .filter(certificates::Column::OrganisationId.eq(house.vector.organisation.uuid()))
        .order_by_asc(certificates::Column::Id)
        .all(house.app.store.reader());
    rows.await.expect("rows")
}

fn fingerprint(key: &authority_keys::Model) -> String {
    Digest::of(&key.certificate).hex()
}

/// Goal: a certificate that is revoked since before its signature makes the signature fail, in the
/// checks of today and in those by schedule; one revoked since later leaves what is proven to be
/// older as it is. Method: two contracts, one revocation back in time, one of now.
#[tokio::test]
async fn a_revoked_certificate_fails_what_is_not_proven_to_be_older() {
    on_both(async |house: &TestApp| {
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        let (first, second) = (signed(house).await, signed(house).await);
        house.advance_seconds(3600);
        let issued = leaves(house).await;
        assert_eq!(issued.len(), 4);
        let back = Revocation {
            since: Some(chancery_types::Instant::from_micros(issued[0].not_before)),
            ..revocation(&issued[0].serial)
        };
        house
            .app
            .revoke_certificate(&operator, &back)
            .await
            .expect("revoked");
        let now = revocation(&issued[2].serial.to_uppercase());
        house
            .app
            .revoke_certificate(&operator, &now)
            .await
            .expect("revoked");
        let told = verdicts(house, &first).await;
        assert_ne!(told[0], Indication::TotalPassed, "{told:?}");
        assert_eq!(told[1], Indication::TotalPassed);
        let told = verdicts(house, &second).await;
        assert!(
            told.iter().all(|one| *one == Indication::TotalPassed),
            "{told:?}"
        );
        recheck_only(house).await;
        let counted = house.app.count_signatures(&house.actor("compliance")).await;
        let counted = counted.expect("counted");
        assert_eq!(
            (counted.passed, counted.failed + counted.indeterminate),
            (3, 1)
        );

        let again = house.app.revoke_certificate(&operator, &now).await;
        assert_eq!(
            code(&again.expect_err("twice")),
            "certificate-revoked-already"
        );
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("certificate.revoked"))
            .all(house.app.store.reader());
        assert_eq!(events.await.expect("events").len(), 2);
    })
    .await;
}

/// Goal: a revoked issuing certificate takes its later signatures with it and leaves the older
/// ones, which are proven by their timestamps. Method: a contract before, the issuing certificate
/// revoked an hour later, and the same contract judged as if it were signed after.
#[tokio::test]
async fn a_revoked_issuer_is_trusted_for_what_is_older() {
    on_both(async |house: &TestApp| {
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        let before = signed(house).await;
        house.advance_seconds(DAY);
        let after = signed(house).await;
        let issuing = keys(house).await;
        let issuing = issuing.iter().find(|key| key.purpose == "issuing");
        let issuing = issuing.expect("an issuing key");
        let since = house.app.now().plus_seconds(-DAY / 2);
        house.advance_seconds(3600);
        let wanted = Revocation {
            since: Some(since),
            ..revocation(&fingerprint(issuing))
        };
        house
            .app
            .revoke_certificate(&operator, &wanted)
            .await
            .expect("revoked");
        let told = verdicts(house, &before).await;
        assert!(
            told.iter().all(|one| *one == Indication::TotalPassed),
            "{told:?}"
        );
        let told = verdicts(house, &after).await;
        assert!(
            told.iter().all(|one| *one != Indication::TotalPassed),
            "{told:?}"
        );
    })
    .await;
}

/// Goal: anybody fetches the list of each issuer, OpenSSL verifies it and finds the certificate
/// revoked; it is renewed before it ends; an issuer that is replaced leaves a last one.
#[tokio::test]
async fn the_lists_are_published_renewed_and_outlive_their_keys() {
    on_both(async |house: &TestApp| {
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        signed(house).await;
        let present = keys(house).await;
        let issuing = present
            .iter()
            .find(|key| key.purpose == "issuing")
            .expect("one");
        let address = format!("/crl/{}.crl", fingerprint(issuing));
        let served = house.serve();
        let get = async |path: &str| {
            let answer = reqwest::get(served.url(path)).await.expect("an answer");
            let kind = answer.headers().get("content-type").cloned();
            let status = answer.status().as_u16();
            (status, kind, answer.bytes().await.expect("a body"))
        };
        assert_eq!(get(&address).await.0, 404, "none is made yet");
        house.app.publish_lists().await.expect("published");
        let (status, kind, empty) = get(&address).await;
        assert_eq!(
            (status, kind.expect("a kind").as_bytes()),
            (200, &b"application/pkix-crl"[..])
        );
        house.app.publish_lists().await.expect("nothing to do");
        assert_eq!(get(&address).await.2, empty, "the same list");
        house.advance_seconds(16 * DAY);
        house.app.publish_lists().await.expect("renewed");
        assert_ne!(get(&address).await.2, empty, "another one");

        signed(house).await;
        let leaf = leaves(house).await.pop().expect("one");
        house
            .app
            .revoke_certificate(&operator, &revocation(&leaf.serial))
            .await
            .expect("revoked");
        let (_, _, list) = get(&address).await;
        let folder = tempfile::tempdir().expect("a folder");
        let (crl, ca) = (folder.path().join("list.crl"), folder.path().join("ca.pem"));
        std::fs::write(&crl, &list).expect("written");
        let pem = house
            .app
            .anchors_pem(house.vector.organisation)
            .await
            .expect("anchors");
        std::fs::write(&ca, pem).expect("written");
        let read = Command::new("openssl")
            .args(["crl", "-inform", "DER", "-noout", "-text", "-in"])
            .arg(&crl)
            .arg("-CAfile")
            .arg(&ca)
            .output()
            .expect("openssl");
        let (words, verdict) = (
            String::from_utf8_lossy(&read.stdout).into_owned(),
            String::from_utf8_lossy(&read.stderr).into_owned(),
        );
        assert!(verdict.contains("verify OK"), "{verdict}");
        assert!(words.contains(&leaf.serial.to_uppercase()), "{words}");

        house
            .app
            .rotate_authority(&operator, true)
            .await
            .expect("replaced");
        let (status, _, last) = get(&address).await;
        assert_eq!(status, 200);
        assert_ne!(last, list, "the last list");
        house.advance_seconds(400 * DAY);
        house.app.publish_lists().await.expect("of the new ones");
        assert_eq!(get(&address).await.2, last, "nothing follows it");
        let late = house
            .app
            .revoke_certificate(&operator, &revocation(&leaf.serial))
            .await;
        assert_eq!(
            code(&late.expect_err("late")),
            "certificate-issuer-replaced"
        );
        for wrong in ["/crl/x.crl", "/crl/x", &address.replace(".crl", ".der")] {
            assert_eq!(get(wrong).await.0, 404, "{wrong}");
        }
        served.stop().await;
    })
    .await;
}

/// Goal: who may not, and what cannot be, is refused by name and changes nothing.
#[tokio::test]
async fn what_cannot_be_revoked_is_refused() {
    let house = TestApp::single().await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    signed(&house).await;
    let leaf = leaves(&house).await.pop().expect("one");
    let refused = async |actor: &Actor, wanted: &Revocation| {
        let done = house.app.revoke_certificate(actor, wanted).await;
        code(&done.expect_err("refused"))
    };
    let lawyer = house.actor("lawyer");
    assert_eq!(refused(&lawyer, &revocation(&leaf.serial)).await, "hidden");
    let elsewhere = Actor::operator(house.northwind.organisation, Locale::En);
    assert_eq!(
        refused(&elsewhere, &revocation(&leaf.serial)).await,
        "certificate-unknown"
    );
    assert_eq!(
        refused(&operator, &revocation("00ff")).await,
        "certificate-unknown"
    );
    let present = keys(&house).await;
    let root = present
        .iter()
        .find(|key| key.purpose == "root")
        .expect("one");
    assert_eq!(
        refused(&operator, &revocation(&fingerprint(root))).await,
        "certificate-is-root"
    );
    let beginning = chancery_types::Instant::from_micros(leaf.not_before);
    for moment in [house.app.now().plus_seconds(60), beginning.plus_seconds(-1)] {
        let wanted = Revocation {
            since: Some(moment),
            ..revocation(&leaf.serial)
        };
        assert_eq!(refused(&operator, &wanted).await, "revocation-moment");
    }
    let filled = chancery::store::revocations::list_filled(house.app.store.reader()).await;
    assert!(filled.expect("lists").is_empty(), "no list names anybody");
    house.close().await;
}
