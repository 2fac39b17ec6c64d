//! Signed copies are raised to a level that lasts, once, when nobody signs them any more.

use bytes::Bytes;
use chancery::blob::BlobSource;
use chancery::config::SigningLevel;
use chancery::jobs::Runner;
use chancery::store::entity::{audit_events, authority_keys, signed_copies};
use chancery_signature::{Anchors, Indication, Limits, ValidationPolicy, gather_pdf, judge};
use chancery_types::{Digest, Instant};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::contract::{Contract, bytes_of, shown};
use super::worklist::ask;
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};
use crate::verify::signed::Authority;

const DAY: i64 = 24 * 3600;

/// A contract that both have signed.
pub async fn signed(house: &TestApp) -> Contract<'_> {
    let contract = Contract::at_counterparty(house).await;
    let (visit, actor) = contract.comes_verified().await;
    let task = visit.link.task_id;
    let consents = shown(house, &actor).await;
    let given = house.app.give_consents(&actor, task, &consents).await;
    given.expect("consents");
    contract.signs(&actor, task).await.expect("signed");
    assert_eq!(contract.state().await, "effective");
    contract
}

/// What the schedule makes due now, done.
pub async fn round(house: &TestApp) {
    house.app.enqueue_extensions().await.expect("written down");
    house.app.enqueue_extensions().await.expect("and only once");
    let drained = Runner::new(house.app.clone()).drain().await;
    let jobs = drained.expect("drained").jobs;
    assert_eq!((jobs.delayed, jobs.failed, jobs.lost), (0, 0, 0));
}

pub async fn recheck_only(house: &TestApp) {
    house.app.enqueue_rechecks().await.expect("written down");
    let drained = Runner::new(house.app.clone()).drain().await;
    assert_eq!(drained.expect("drained").jobs.failed, 0);
}

/// Both signatures are checked and pass, and no officer was told of a change.
async fn recheck(house: &TestApp) {
    recheck_only(house).await;
    house.advance_seconds(3600);
    let counted = house.app.count_signatures(&house.actor("compliance")).await;
    let counted = counted.expect("counted");
    assert_eq!(
        (counted.passed, counted.indeterminate, counted.failed),
        (2, 0, 0)
    );
    assert_eq!(counted.unchecked_files, 0);
    let changed = audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq("signature.verdict_changed"))
        .all(house.app.store.reader());
    assert_eq!(changed.await.expect("rows"), Vec::new());
}

async fn row(house: &TestApp) -> signed_copies::Model {
    let rows = signed_copies::Entity::find().all(house.app.store.reader());
    rows.await.expect("rows").remove(0)
}

async fn events(house: &TestApp) -> Vec<Value> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq("document.extended"))
        .all(house.app.store.reader())
        .await
        .expect("rows");
    let details = |row: audit_events::Model| serde_json::from_str(&row.details).expect("JSON");
    rows.into_iter().map(details).collect()
}

pub async fn file(contract: &Contract<'_>) -> Bytes {
    let house = contract.house;
    let initiator = house.actor("initiator");
    let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
    bytes_of(copy.await.expect("a copy")).await
}

/// The document's page, as a lawyer sees it.
async fn page(contract: &Contract<'_>) -> String {
    let house = contract.house;
    let served = house.serve();
    let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
    let answer = lawyer.get(&format!("/documents/{}", contract.id)).await;
    assert_eq!(answer.status, 200);
    served.stop().await;
    answer.body
}

/// The roots alone, as others have them.
pub async fn roots(house: &TestApp) -> Anchors {
    let mut anchors = Anchors::none();
    let roots = authority_keys::Entity::find()
        .filter(authority_keys::Column::Purpose.eq("root"))
        .all(house.app.store.reader());
    for root in roots.await.expect("roots") {
        anchors.extend(Anchors::from_pem_or_der(&root.certificate).expect("a root"));
    }
    anchors
}

/// By the root alone: what else is needed must stand in the file.
pub async fn verdicts(house: &TestApp, file: &[u8], at: Instant) -> Vec<Indication> {
    verdicts_by(&roots(house).await, file, at)
}

/// By the roots and those whom they let issue, as this server trusts them itself: of a copy that
/// was not raised, which holds nothing of revocation.
pub async fn own_verdicts(house: &TestApp, file: &[u8], at: Instant) -> Vec<Indication> {
    let mut anchors = Anchors::none();
    for der in house.app.list_anchors().await.expect("anchors") {
        anchors.extend(Anchors::from_pem_or_der(&der).expect("an anchor"));
    }
    verdicts_by(&anchors, file, at)
}

fn verdicts_by(anchors: &Anchors, file: &[u8], at: Instant) -> Vec<Indication> {
    let facts = gather_pdf(file, &Limits::default());
    let report = judge(&facts, &ValidationPolicy::default(), at, anchors);
    report.signatures.iter().map(|one| one.indication).collect()
}

/// Goal: a contract's copy is raised once nobody signs it any more, every earlier byte stays, all
/// of it passes now and in fifteen years, the page says until when, and it is done once. Method:
/// rounds of the schedule before the last signature, after it, and a day later.
#[tokio::test]
async fn a_copy_is_raised_when_nobody_signs_it_any_more_and_only_then() {
    on_both(async |house: &TestApp| {
        let waiting = Contract::at_counterparty(house).await;
        round(house).await;
        assert_eq!(row(house).await.level, "B-T");
        drop(waiting);
    })
    .await;
    on_both(async |house: &TestApp| {
        let contract = signed(house).await;
        let before = file(&contract).await;
        recheck(house).await;
        round(house).await;
        // The verdict is what it was: nobody is told of a change.
        recheck(house).await;

        let raised = row(house).await;
        let after = file(&contract).await;
        assert_eq!(raised.level, "B-LTA");
        assert!(after.len() > before.len() && after.starts_with(&before));
        assert_eq!(raised.digest, Digest::of(&after).hex());
        let passed = vec![Indication::TotalPassed; 3];
        let later = house.app.now().plus_seconds(15 * 366 * DAY);
        assert_eq!(verdicts(house, &after, house.app.now()).await, passed);
        assert_eq!(verdicts(house, &after, later).await, passed);
        assert!(raised.lasts_until > Some(later.micros()));

        // The certificates are over after a day, and the archive timestamp carries on.
        house.advance_seconds(2 * DAY);
        round(house).await;
        assert_eq!(row(house).await, raised);
        for concern in ["ending", "ended", "proof-ending", "not-raised"] {
            assert_eq!(ask(house, "", concern).await.len(), 0, "{concern}");
        }
        house.advance_seconds((20 * 366 - 10) * DAY);
        assert_eq!(ask(house, "", "proof-ending").await.len(), 2);
        house.advance_seconds(-(20 * 366 - 10) * DAY);
        let told = events(house).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0]["level"], "B-LTA");
        assert_eq!(told[0]["base_sha256"], Digest::of(&before).hex());
        assert_eq!(told[0]["copy_sha256"], raised.digest);

        let page = page(&contract).await;
        assert!(page.contains("Экземпляр уровня B-LTA"), "{page}");
        assert_eq!(page.matches("<dd>PAdES B-LTA</dd>").count(), 2, "{page}");
        assert!(
            page.contains("добавлен штамп времени на весь файл"),
            "{page}"
        );
    })
    .await;
}

/// Goal: a copy is raised again, once, before the policy takes a digest that it rests on no more,
/// and so is one of which that is not known; one that rests on others is not. Method: a policy by
/// which SHA-1 ends in four hundred days, and a copy whose row says that it rests on it.
#[tokio::test]
async fn a_copy_is_raised_again_before_a_digest_ages() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("ours.toml");
    let start = crate::support::START.parse::<Instant>().expect("a moment");
    let until = start.plus_seconds(400 * DAY);
    std::fs::write(&policy, format!("sha1_until = \"{until}\"\n")).expect("written");
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.trust.policy.clone_from(&policy);
        })
        .await;
        let contract = signed(&house).await;
        round(&house).await;
        let organisation = house.vector.organisation;
        let raised = async || {
            let done = house.app.extend_some(organisation).await.expect("done");
            assert_eq!(done.refused.len(), 0);
            done.raised.len()
        };
        let rests = async |on: Option<&str>| {
            let mut copy: signed_copies::ActiveModel = row(&house).await.into();
            copy.rests_on = Set(on.map(str::to_owned));
            copy.update(house.app.store.writer()).await.expect("kept");
        };
        let own = row(&house).await.rests_on;
        assert_eq!(own.as_deref(), Some(",SHA-256,"), "{backend:?}");
        rests(Some(",SHA-1,SHA-256,")).await;
        house.advance_seconds(30 * DAY);
        assert_eq!(raised().await, 0, "a year and five days before");
        house.advance_seconds(10 * DAY);
        assert_eq!(raised().await, 1, "{backend:?}");
        assert_eq!(row(&house).await.rests_on, own);
        assert_eq!(raised().await, 0, "once");
        rests(None).await;
        assert_eq!(raised().await, 1, "not known");
        assert_eq!((raised().await, row(&house).await.rests_on), (0, own));
        let passed = vec![Indication::TotalPassed; 5];
        let later = house.app.now().plus_seconds(15 * 366 * DAY);
        let whole = file(&contract).await;
        assert_eq!(verdicts(&house, &whole, later).await, passed);
        house.close().await;
    }
}

/// Goal: a copy is raised again, once, before the policy takes a key that it rests on no more, and
/// so is one of which that is not known; one that rests on a longer key, or on none of that kind,
/// is not. Method: a policy by which RSA keys of 2,048 bits end in four hundred days, and a copy
/// whose row says on how long a key it rests.
#[tokio::test]
async fn a_copy_is_raised_again_before_a_key_ages() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("ours.toml");
    let start = crate::support::START.parse::<Instant>().expect("a moment");
    let until = start.plus_seconds(400 * DAY);
    let rules =
        format!("rsa_bits_min = 3072\nrsa_until = [{{ bits = 2048, until = \"{until}\" }}]\n");
    std::fs::write(&policy, rules).expect("written");
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.trust.policy.clone_from(&policy);
        })
        .await;
        let contract = signed(&house).await;
        round(&house).await;
        let organisation = house.vector.organisation;
        let raised = async || {
            let done = house.app.extend_some(organisation).await.expect("done");
            assert_eq!(done.refused.len(), 0);
            done.raised.len()
        };
        let rests = async |bits: Option<i64>| {
            let mut copy: signed_copies::ActiveModel = row(&house).await.into();
            copy.rests_on_rsa_bits = Set(bits);
            copy.update(house.app.store.writer()).await.expect("kept");
        };
        assert_eq!(row(&house).await.rests_on_rsa_bits, Some(0), "{backend:?}");
        rests(Some(2048)).await;
        house.advance_seconds(30 * DAY);
        assert_eq!(raised().await, 0, "a year and five days before");
        house.advance_seconds(10 * DAY);
        assert_eq!(raised().await, 1, "{backend:?}");
        assert_eq!(row(&house).await.rests_on_rsa_bits, Some(0));
        for (bits, count) in [(Some(0), 0), (Some(3072), 0), (Some(3071), 1), (None, 1)] {
            rests(bits).await;
            assert_eq!(raised().await, count, "{bits:?} {backend:?}");
            assert_eq!(raised().await, 0, "once: {bits:?}");
        }
        let passed = vec![Indication::TotalPassed; 6];
        let later = house.app.now().plus_seconds(15 * 366 * DAY);
        let whole = file(&contract).await;
        assert_eq!(verdicts(&house, &whole, later).await, passed);
        house.close().await;
    }
}

/// Goal: two workers raise a copy once. Method: both at the same moment.
#[tokio::test]
async fn two_workers_raise_a_copy_once() {
    on_both(async |house: &TestApp| {
        let contract = signed(house).await;
        let organisation = house.vector.organisation;
        let (one, other) = tokio::join!(
            house.app.extend_some(organisation),
            house.app.extend_some(organisation)
        );
        let count = one.expect("done").raised.len() + other.expect("done").raised.len();
        assert_eq!(count, 1);
        assert_eq!(events(house).await.len(), 1);
        assert_eq!(
            row(house).await.digest,
            Digest::of(&file(&contract).await).hex()
        );
    })
    .await;
}

/// Goal: what cannot be proven is not raised, the reason is noted and shown, and it is tried again
/// in a week and not before. Method: somebody's signature in the copy whom nobody trusts.
#[tokio::test]
async fn what_cannot_be_raised_is_noted_and_tried_again() {
    let house = TestApp::single().await;
    let contract = signed(&house).await;
    let whole = file(&contract).await;
    let foreign = Authority::new().sign_pdf(&whole);
    let digest = Digest::of(&foreign);
    let source = BlobSource::Bytes(Bytes::from(foreign));
    let organisation = house.vector.organisation;
    let blobs = &house.app.blobs;
    let kept = blobs.put(organisation, &digest, source, "application/pdf");
    kept.await.expect("kept");
    let mut copy: signed_copies::ActiveModel = row(&house).await.into();
    copy.digest = Set(digest.hex());
    copy.update(house.app.store.writer()).await.expect("kept");

    round(&house).await;
    let noted = row(&house).await;
    assert_eq!((noted.level.as_str(), noted.digest), ("B-T", digest.hex()));
    assert_eq!(noted.raise_problem.as_deref(), Some("path-missing"));
    let page = page(&contract).await;
    let words = "Для одной из подписей нет цепочки сертификатов до доверенного.";
    assert!(page.contains(words), "{page}");

    recheck_only(&house).await;
    let stuck = ask(&house, "", "not-raised").await;
    let problem = stuck.iter().filter_map(|line| line.copy.as_ref());
    let problems: Vec<_> = problem.map(|copy| copy.problem.as_deref()).collect();
    assert_eq!(problems, vec![Some("path-missing"); stuck.len()]);
    assert!(!stuck.is_empty());

    for (days, tries) in [(6, 0), (2, 1)] {
        house.advance_seconds(days * DAY);
        let done = house.app.extend_some(organisation).await.expect("done");
        assert_eq!(
            (done.raised.len(), done.refused.len()),
            (0, tries),
            "{days}"
        );
    }
    assert_eq!(events(&house).await, Vec::<Value>::new());
    house.close().await;
}

/// Goal: the settings decide. Method: the same contract under each.
#[tokio::test]
async fn the_level_is_that_of_the_settings() {
    for (level, code, signatures_count) in
        [(SigningLevel::BT, "B-T", 2), (SigningLevel::BLt, "B-LT", 2)]
    {
        let house = TestApp::start_with(&Backend::single(), |config| {
            config.signing.level = level;
        })
        .await;
        let contract = signed(&house).await;
        round(&house).await;
        assert_eq!(row(&house).await.level, code);
        let passed = vec![Indication::TotalPassed; signatures_count];
        let (now, copy) = (house.app.now(), file(&contract).await);
        assert_eq!(own_verdicts(&house, &copy, now).await, passed);
        let alone = verdicts(&house, &copy, now).await;
        assert_eq!(
            alone == passed,
            level != SigningLevel::BT,
            "{code}: {alone:?}"
        );
        house.close().await;
    }
}
