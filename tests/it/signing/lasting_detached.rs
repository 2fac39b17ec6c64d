//! Detached signatures that were brought are raised to a level that lasts, and stay as they came.

use chancery::app::signing::detached::{DetachedForm, DetachedRow};
use chancery::store::entity::audit_events;
use chancery_signature::report::SignatureLevel;
use chancery_signature::{Anchors, Indication, Limits, ValidationPolicy, gather_cms, judge};
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::contract::{Contract, bytes_of};
use super::elsewhere::Elsewhere;
use super::lasting::{recheck_only, round};
use super::worklist::ask;
use crate::guards::Browser;
use crate::support::{Backend, TestApp};
use crate::verify::signed::Authority;

const DAY: i64 = 24 * 3600;
const YEAR: i64 = 366 * DAY;

async fn rows(contract: &Contract<'_>) -> Vec<DetachedRow> {
    let house = contract.house;
    let initiator = house.actor("initiator");
    let listed = house.app.list_detached(&initiator, contract.id).await;
    listed.expect("listed")
}

async fn saved(contract: &Contract<'_>, row: &DetachedRow, form: DetachedForm) -> Vec<u8> {
    let house = contract.house;
    let initiator = house.actor("initiator");
    let id = row.signature.id;
    let file = house.app.open_detached(&initiator, contract.id, id, form);
    bytes_of(file.await.expect("a file")).await.to_vec()
}

/// By the roots alone: what else is needed must stand in the structure.
async fn verdict(house: &TestApp, cms: &[u8], content: &[u8], at: Instant) -> Indication {
    let trusted = Authority::new().root_pem();
    let mut anchors = Anchors::from_pem_or_der(trusted.as_bytes()).expect("a root");
    anchors.extend(super::lasting::roots(house).await);
    let facts = gather_cms(cms, Some(content), &Limits::default());
    judge(&facts, &ValidationPolicy::default(), at, &anchors).indication
}

/// Goal: what was brought with a timestamp is raised once, passes by itself when its certificates
/// have ended, is renewed before its archive timestamp ends, and what came stays to be saved; what
/// nobody whom we trust vouches for is noted. Method: one of each kind over the same file, on both
/// databases.
#[tokio::test]
async fn a_detached_signature_is_raised_and_stays_as_it_came() {
    for backend in Backend::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let trusted = folder.path().join("trusted.pem");
        std::fs::write(&trusted, Authority::new().root_pem()).expect("written");
        let house = TestApp::start_with(&backend, |config| {
            config.trust.anchors = vec![trusted];
        })
        .await;
        let contract = Contract::at_counterparty(&house).await;
        let initiator = house.actor("initiator");
        let came = Authority::new().sign(&[&contract.file]);
        let bare = Elsewhere::named("Пётр Петров", house.app.now());
        let bare = bare.detached(&contract.file, house.app.now());
        for bytes in [&came, &bare] {
            let taken = contract.brings_signature(&initiator, bytes).await;
            taken.expect("kept");
        }
        recheck_only(&house).await;
        round(&house).await;

        let listed = rows(&contract).await;
        let [raised, noted] = listed.as_slice() else {
            panic!("{listed:?}");
        };
        assert_eq!(raised.raised.level.as_deref(), Some("B-LTA"));
        assert_eq!(raised.raised.raise_problem, None);
        assert_eq!(noted.raised.level, None);
        let why = noted.raised.raise_problem.as_deref();
        assert_eq!(why, Some("path-missing"));
        let report = raised.report.as_deref().expect("judged");
        assert_eq!(report.indication, Indication::TotalPassed);
        assert_eq!(report.signatures[0].level, Some(SignatureLevel::Lta));

        let now = saved(&contract, raised, DetachedForm::Now).await;
        assert_eq!(saved(&contract, raised, DetachedForm::AsItCame).await, came);
        assert_eq!(saved(&contract, noted, DetachedForm::AsItCame).await, bare);
        assert_ne!(now, came);
        assert_eq!(Digest::of(&now).hex(), raised.raised.digest);
        let later = house.app.now().plus_seconds(15 * YEAR);
        let told = verdict(&house, &now, &contract.file, later).await;
        assert_eq!(told, Indication::TotalPassed);

        // Once, whatever time passes; the check of what it has become stands in the list.
        recheck_only(&house).await;
        for concern in ["ending", "ended"] {
            house.advance_seconds(DAY);
            let found = ask(&house, "TOTAL-PASSED", concern).await;
            assert!(found.iter().all(|line| line.detached_name.is_none()));
        }
        round(&house).await;
        assert_eq!(rows(&contract).await[0].raised, raised.raised);
        let stuck = ask(&house, "", "not-raised").await;
        let problems: Vec<_> = stuck
            .iter()
            .filter(|line| line.detached_name.is_some())
            .filter_map(|line| line.copy.as_ref()?.problem.as_deref())
            .collect();
        assert_eq!(problems, ["path-missing"]);
        let swept = house.app.sweep(house.vector.organisation).await;
        swept.expect("swept");
        assert_eq!(saved(&contract, raised, DetachedForm::Now).await, now);
        assert_eq!(saved(&contract, raised, DetachedForm::AsItCame).await, came);

        let events = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("signature.extended"))
            .all(house.app.store.reader())
            .await
            .expect("events");
        assert_eq!(events.len(), 1);
        let details: Value = serde_json::from_str(&events[0].details).expect("JSON");
        assert_eq!(details["level"], "B-LTA");
        assert_eq!(details["base_sha256"], Digest::of(&came).hex());
        assert_eq!(details["sha256"], raised.raised.digest);

        let served = house.serve();
        let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
        let page = lawyer
            .get(&format!("/documents/{}", contract.id))
            .await
            .body;
        for text in [
            "Поднята до уровня B-LTA",
            "CAdES B-LTA",
            "?form=as_it_came",
            "До уровня, который переживёт сертификаты, поднять не удалось.",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        served.stop().await;
        house.close().await;
    }
}
