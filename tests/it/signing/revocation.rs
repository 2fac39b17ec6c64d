//! Certificates that our own authority revokes: the lists, and what the checks make of them.

use std::process::Command;
use std::time::Duration;

use chancery::app::authority::Revocation;
use chancery::app::validation::Stored;
use chancery::domain::actor::Actor;
use chancery::jobs::Runner;
use chancery::store;
use chancery::store::checked_files;
use chancery::store::entity::{audit_events, authority_keys, certificates};
use chancery_signature::{Indication, RevocationReason};
use chancery_types::{Digest, Locale};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, Statement,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::contract::Contract;
use super::contract::code;
use super::elsewhere::pem;
use super::lasting::{file, recheck_only, signed};
use crate::support::{Backend, TestApp, on_both};

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

/// Goal: a revocation makes the stored signatures that it concerns due at once, and the officers
/// are told why the verdict is another. Method: two contracts, checked and in order; a signer's
/// certificate of the first is revoked back in time while a worker has its file in hand, then the
/// issuer; only the work that is written down is done, and no clock moves.
#[tokio::test]
async fn a_revocation_has_the_stored_signatures_checked_again() {
    on_both(async |house: &TestApp| {
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        let (first, second) = (signed(house).await, signed(house).await);
        house.advance_seconds(3600);
        recheck_only(house).await;
        house.advance_seconds(3600);
        let (reader, writer) = (house.app.store.reader(), house.app.store.writer());
        let organisation = house.vector.organisation.uuid();
        let now = house.app.now().micros();
        let due = async || {
            let due = checked_files::list_due(reader, organisation, i64::MIN, now, 16);
            due.await.expect("listed")
        };
        assert!(due().await.is_empty(), "all is checked");
        let mut all = checked_files::list_due(reader, organisation, i64::MAX, now, 16)
            .await
            .expect("listed");
        all.retain(|file| file.document_id == first.id.uuid());
        let in_hand = all.pop().expect("a file");
        let claimed = checked_files::claim(writer, organisation, &in_hand, now, i64::MAX);
        let fence = claimed.await.expect("claimed").expect("a fence");

        let leaf = leaves(house).await.remove(0);
        let back = Revocation {
            since: Some(chancery_types::Instant::from_micros(leaf.not_before)),
            ..revocation(&leaf.serial)
        };
        let revoked = house.app.revoke_certificate(&operator, &back).await;
        revoked.expect("revoked");
        let concerned = due().await;
        let concerned: Vec<_> = concerned.iter().map(|file| file.subject_id).collect();
        assert!(concerned.contains(&in_hand.subject_id), "{concerned:?}");
        let stale = checked_files::FileResult {
            digest: &in_hand.digest,
            outcome: "judged",
            signatures_count: 2,
            checked_at: now,
        };
        let kept = checked_files::update_claimed(writer, in_hand.subject_id, fence, &stale).await;
        assert!(kept.is_err(), "judged by what was known before");
        Runner::new(house.app.clone())
            .drain()
            .await
            .expect("drained");
        assert!(due().await.is_empty());
        let counted = house.app.count_signatures(&house.actor("compliance")).await;
        assert_eq!(counted.expect("counted").passed, 3);
        let told = first.told("verdict-changed").await;
        assert_eq!(told, ["compliance"]);
        let (letter, _) = first.letter("verdict-changed").await;
        let payload: serde_json::Value = serde_json::from_str(&letter.payload).expect("JSON");
        assert_eq!(
            payload["changes"][0]["revoked_at"],
            serde_json::json!(back.since)
        );

        let issuing = keys(house).await;
        let issuing = issuing.iter().find(|key| key.purpose == "issuing");
        let issuing = revocation(&fingerprint(issuing.expect("an issuing key")));
        let revoked = house.app.revoke_certificate(&operator, &issuing).await;
        revoked.expect("revoked");
        assert_eq!(due().await.len(), 2, "its path holds it everywhere");
        assert_eq!(second.told("verdict-changed").await.len(), 0);
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

        // Nobody is given it as an anchor any more, and nobody is certified by it.
        let revoked = pem("CERTIFICATE", &issuing.certificate);
        let export = house.app.anchors_pem(house.vector.organisation).await;
        let export = export.expect("anchors");
        assert!(!export.contains(&revoked) && export.contains("BEGIN CERTIFICATE"));
        let cards = house.app.list_authority(&operator).await.expect("listed");
        let shown: Vec<&str> = cards
            .iter()
            .filter(|card| card.is_revoked)
            .map(|card| card.purpose.as_str())
            .collect();
        assert_eq!(shown, ["issuing"]);
        let waiting = Contract::approved(house).await;
        let (actor, task) = waiting.signatory_may_sign().await;
        let refused = waiting.signs(&actor, task).await;
        assert_eq!(code(&refused.expect_err("revoked")), "authority-revoked");
        let count = leaves(house).await.len();
        assert_eq!(count, 4, "no certificate was made for it");
        let rotated = house.app.rotate_authority(&operator, false).await;
        rotated.expect("replaced");
        let fresh = keys(house).await.into_iter();
        let mut fresh = fresh.filter(|key| key.purpose == "issuing" && key.retired_at.is_none());
        let fresh = fresh.next().expect("a new key");
        let list = store::revocations::find_list(house.app.store.reader(), fresh.id).await;
        assert!(list.expect("asked").is_some(), "its list is there at once");
        waiting.signs(&actor, task).await.expect("signed");
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

/// Far longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether the issuer's present list names a certificate.
async fn names(house: &TestApp, issuing: &authority_keys::Model, serial: &str) -> bool {
    let list = house.app.published_list(&fingerprint(issuing)).await;
    let serial = hex::decode(serial).expect("digits");
    let der = list.expect("a list").der;
    der.windows(serial.len()).any(|at| at == serial)
}

async fn issuing_key(house: &TestApp) -> authority_keys::Model {
    let all = keys(house).await.into_iter();
    let mut issuing = all.filter(|key| key.purpose == "issuing");
    issuing.next().expect("an issuing key")
}

/// A house with a list that is half over, and the certificate of a signature.
async fn with_an_old_list(house: &TestApp) -> (authority_keys::Model, String) {
    signed(house).await;
    house.app.publish_lists().await.expect("published");
    house.advance_seconds(16 * DAY);
    signed(house).await;
    let leaf = leaves(house).await.pop().expect("one");
    (issuing_key(house).await, leaf.serial)
}

/// Waits until so many connections to this database wait for a lock of another.
async fn until_waiting(house: &TestApp, count: i64) {
    let asked = "SELECT count(*) AS waiting FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let asked = Statement::from_string(DbBackend::Postgres, asked);
    loop {
        let row = house.app.store.reader().query_one_raw(asked.clone()).await;
        let row = row.expect("asked").expect("a row");
        if row.try_get::<i64>("", "waiting").expect("a count") >= count {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Goal: a renewal that was begun before a revocation ended never takes the place of its list.
/// Method: the row of the list is held, so that a revocation waits to write it; a renewal begins
/// beside it; then the row is let go. Without a lock that both take, the renewal would write last
/// what it read before.
#[tokio::test]
async fn a_renewal_beside_a_revocation_takes_nobody_off_the_list() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let house = TestApp::start(&backend).await;
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let (issuing, serial) = with_an_old_list(&house).await;
    let held = house.app.store.begin().await.expect("a transaction");
    let hold = "SELECT 1 FROM revocation_lists WHERE authority_key_id = $1 FOR UPDATE";
    let hold = Statement::from_sql_and_values(DbBackend::Postgres, hold, [issuing.id.into()]);
    held.execute_raw(hold).await.expect("held");
    let wanted = revocation(&serial);
    let revoking = house.app.revoke_certificate(&operator, &wanted);
    let renewing = async {
        until_waiting(&house, 1).await;
        house.app.publish_lists().await
    };
    let letting_go = async {
        until_waiting(&house, 2).await;
        held.rollback().await
    };
    let all = async { futures::join!(revoking, renewing, letting_go) };
    let (revoked, renewed, let_go) = timeout(PATIENCE, all).await.expect("nobody waits for ever");
    revoked.expect("revoked");
    renewed.expect("renewed");
    let_go.expect("let go");
    assert!(names(&house, &issuing, &serial).await, "taken off the list");
    house.close().await;
}

/// Goal: the same by both orders on both databases: whichever is first, the list that stands at the
/// end names the certificate.
#[tokio::test]
async fn a_renewal_and_a_revocation_at_once_leave_a_list_that_names_it() {
    for is_first in [true, false] {
        on_both(async |house: &TestApp| {
            let operator = Actor::operator(house.vector.organisation, Locale::En);
            let (issuing, serial) = with_an_old_list(house).await;
            let wanted = revocation(&serial);
            let revoking = house.app.revoke_certificate(&operator, &wanted);
            let renewing = house.app.publish_lists();
            let (revoked, renewed) = if is_first {
                futures::join!(revoking, renewing)
            } else {
                let (renewed, revoked) = futures::join!(renewing, revoking);
                (revoked, renewed)
            };
            revoked.expect("revoked");
            renewed.expect("renewed");
            assert!(names(house, &issuing, &serial).await, "first: {is_first}");
        })
        .await;
    }
}

/// Goal: the worker makes the lists by itself, by its schedule. Method: a worker, and nobody who
/// asks for a list until it is there.
#[tokio::test]
async fn the_workers_schedule_publishes_the_lists() {
    on_both(async |house: &TestApp| {
        // The authority is made with the first signature.
        signed(house).await;
        let issuing = fingerprint(&issuing_key(house).await);
        let absent = house.app.published_list(&issuing).await;
        assert_eq!(code(&absent.expect_err("none yet")), "hidden");
        let stop = CancellationToken::new();
        let runner = Runner::new(house.app.clone());
        let published = async {
            while house.app.published_list(&issuing).await.is_err() {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let both = async { futures::join!(runner.run(stop.clone()), published) };
        timeout(PATIENCE, both).await.expect("published by itself");
    })
    .await;
}
