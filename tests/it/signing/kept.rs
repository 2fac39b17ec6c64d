//! A signature by a key outside waits for others while its certificate ends: what was said of the
//! certificate while it could be asked about is kept, and raises the copy.

use chancery::app::signing::CompletedSignature;
use chancery::app::signing::outside::Given;
use chancery::config::SigningAlgorithm;
use chancery::store::entity::{blobs, jobs, kept_evidence, signed_copies};
use chancery_signature as sig;
use chancery_types::Instant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::contract::{Contract, bytes_of};
use super::elsewhere::Elsewhere;
use super::lasting::round;
use crate::support::{Backend, TestApp};
use crate::verify::ca::Draft;
use crate::verify::responder::{Manner, Responder, held};

const DAY: i64 = 86_400;
/// As a certificate writes the signatory of the house: `Виктор Егоров`.
const SIGNATORY: &str = "Егоров Виктор Петрович";

/// A house that trusts `responder` and may ask it.
async fn house_of(backend: &Backend, responder: &Responder, root: &std::path::Path) -> TestApp {
    let (anchors, host) = (vec![root.to_owned()], responder.host.clone());
    TestApp::start_with(backend, |config| {
        config.trust.anchors = anchors;
        config.trust.online = vec![host];
        config.trust.online_may_be_private = true;
        config.signing.algorithm = SigningAlgorithm::EcdsaP256;
    })
    .await
}

/// Our signatory signs with a key outside, whose certificate lives two days more and says who is
/// asked about it.
async fn outside_signs(contract: &Contract<'_>, responder: &Responder) -> CompletedSignature {
    let drafted = Draft {
        responders: vec![responder.responder_url()],
        lists: vec![responder.list_url()],
        days: 2,
        ..Draft::new(SIGNATORY, 60)
    };
    let holder = drafted.by(Some(&responder.ca));
    let signer = Elsewhere {
        root: responder.ca.certificate.clone(),
        certificate: holder.certificate,
        key: holder.key,
    };
    let (actor, task) = contract.signatory_may_sign().await;
    let app = &contract.house.app;
    let made = app.prepare_outside(&actor, task, &signer.presented()).await;
    let prepared = made.expect("prepared").prepared;
    let value = signer.key.sign(&prepared.signed_attributes);
    let value = value.expect("a value");
    let given = Given::Value(&value);
    let done = app.complete_with(&actor, prepared.id.uuid(), given).await;
    done.expect("signed")
}

async fn kept(house: &TestApp) -> Vec<kept_evidence::Model> {
    let rows = kept_evidence::Entity::find().all(house.app.store.reader());
    rows.await.expect("rows")
}

async fn row(house: &TestApp) -> signed_copies::Model {
    let row = signed_copies::Entity::find().one(house.app.store.reader());
    row.await.expect("read").expect("a copy")
}

/// By roots alone: what else is needed must stand in the file.
async fn verdicts(house: &TestApp, file: &[u8], root: &[u8], at: Instant) -> Vec<sig::Indication> {
    let mut anchors = sig::Anchors::from_pem_or_der(root).expect("a root");
    for der in house.app.list_anchors().await.expect("roots") {
        anchors.extend(sig::Anchors::from_pem_or_der(&der).expect("a root"));
    }
    let facts = sig::gather_pdf(file, &sig::Limits::default());
    let policy = sig::ValidationPolicy::default();
    let report = sig::judge(&facts, &policy, at, &anchors);
    report.signatures.iter().map(|one| one.indication).collect()
}

/// Goal: a copy is raised although the certificate of one who signed early has ended and nobody
/// answers for it any more, and passes by what the file holds; without what was kept it is not.
/// Method: a key outside, a second signatory on the third day, a responder that fails from then on;
/// once with the rows of what was kept taken away before.
#[tokio::test]
async fn a_copy_that_waited_is_raised_by_what_was_kept() {
    for backend in Backend::all() {
        for is_kept in [false, true] {
            let clock = held();
            let responder = Responder::open(&clock);
            let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
            let root = folder.path().join("root.der");
            std::fs::write(&root, &responder.ca.certificate).expect("kept");
            let mut house = house_of(&backend, &responder, &root).await;
            house.app.clock = clock.clone();
            let contract = Contract::approved(&house).await;
            outside_signs(&contract, &responder).await;
            let written = jobs::Entity::find()
                .filter(jobs::Column::Kind.eq("extend"))
                .count(house.app.store.reader());
            assert_eq!(written.await.expect("counted"), 1, "looked for at once");
            let organisation = house.vector.organisation;
            // The letters are left alone: the counterparty's link stands in one of them.
            let works = async || house.app.extend_due(organisation).await.expect("done");
            works().await;
            let pieces = kept(&house).await;
            assert!(!pieces.is_empty(), "{backend:?}");
            // Nothing is left to be had, and no certificate is to be asked about later.
            assert_eq!(row(&house).await.evidence_after, i64::MAX);
            let asked = responder.asked();
            house.advance_seconds(3 * DAY);
            works().await;
            assert_eq!(responder.asked(), asked, "nobody is asked twice");
            assert_eq!(kept(&house).await, pieces);
            // What is kept is named: the sweep leaves it.
            house.app.sweep(organisation).await.expect("swept");
            for piece in &pieces {
                let key = (piece.organisation_id, piece.digest.clone());
                let blob = blobs::Entity::find_by_id(key).one(house.app.store.reader());
                assert!(blob.await.expect("read").is_some());
            }

            responder.behave(Manner::Fails, Manner::Fails);
            contract.counterparty_signs().await;
            assert_eq!(contract.state().await, "effective");
            if !is_kept {
                let gone = kept_evidence::Entity::delete_many().exec(house.app.store.writer());
                gone.await.expect("taken away");
            }
            round(&house).await;
            let raised = row(&house).await;
            let (level, problem) = match is_kept {
                true => ("B-LTA", None),
                false => ("B-T", Some("not-proven")),
            };
            let found = (raised.level.as_str(), raised.raise_problem.as_deref());
            assert_eq!(found, (level, problem), "{backend:?}");
            if is_kept {
                assert_eq!(kept(&house).await, [], "the file holds it now");
                let initiator = house.actor("initiator");
                let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
                let file = bytes_of(copy.await.expect("a copy")).await;
                let passed = vec![sig::Indication::TotalPassed; 3];
                let ca = &responder.ca.certificate;
                let now = house.app.now();
                assert_eq!(verdicts(&house, &file, ca, now).await, passed);
                let later = now.plus_seconds(15 * 366 * DAY);
                assert_eq!(verdicts(&house, &file, ca, later).await, passed);
            }
            responder.stop().await;
            house.close().await;
        }
    }
}

/// Goal: what cannot be had yet is looked for again each day, as long as it can be had; what is
/// signed with our own certificates needs nothing. Method: a responder that fails for a day.
#[tokio::test]
async fn what_cannot_be_had_is_looked_for_again() {
    for backend in Backend::all() {
        let clock = held();
        let responder = Responder::open(&clock);
        let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
        let root = folder.path().join("root.der");
        std::fs::write(&root, &responder.ca.certificate).expect("kept");
        let mut house = house_of(&backend, &responder, &root).await;
        house.app.clock = clock.clone();
        responder.behave(Manner::Fails, Manner::Fails);
        let contract = Contract::approved(&house).await;
        outside_signs(&contract, &responder).await;
        let organisation = house.vector.organisation;
        let looked = async || {
            let looked = house.app.keep_some_evidence(organisation).await;
            let looked = looked.expect("looked");
            let told = looked.iter().map(|one| (one.pieces_count, one.is_open));
            told.collect::<Vec<_>>()
        };
        let first = looked().await;
        let [(count, true)] = first.as_slice() else {
            panic!("{backend:?}: {first:?}");
        };
        assert_eq!(looked().await, [], "not before a day");
        responder.behave(Manner::Good, Manner::Good);
        house.advance_seconds(DAY);
        assert_eq!(looked().await, [(count + 1, false)], "{backend:?}");
        house.advance_seconds(DAY);
        assert_eq!(looked().await, []);
        responder.stop().await;
        house.close().await;

        let house = TestApp::start(&backend).await;
        Contract::at_counterparty(&house).await;
        let looked = house.app.keep_some_evidence(house.vector.organisation);
        let looked = looked.await.expect("looked");
        let told = looked.iter().map(|one| (one.pieces_count, one.is_open));
        assert_eq!(told.collect::<Vec<_>>(), [(0, false)]);
        assert_eq!(kept(&house).await, []);
        assert_eq!(row(&house).await.evidence_after, i64::MAX);
        house.close().await;
    }
}
