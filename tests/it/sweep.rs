//! The daily sweep: what nothing names goes, what anything names stays, and so does the log.

use bytes::Bytes;
use chancery::blob::BlobSource;
use chancery::jobs::Runner;
use chancery::store::entity::{
    audit_events, blobs, idempotency_keys, jobs, link_codes, link_visits, outbox, page_images,
    sessions, shown_pages, signed_copies, signings, versions,
};
use chancery_types::Digest;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, PaginatorTrait as _};

use crate::guards::world::World;
use crate::support::{TestApp, on_both};

const HOUR: i64 = 3600;

async fn sweep(house: &TestApp) {
    house.app.enqueue_sweeps().await.expect("written down");
    house.app.enqueue_sweeps().await.expect("and only once");
    let drained = Runner::new(house.app.clone()).drain().await;
    let jobs = drained.expect("drained").jobs;
    // One an organisation; what else was due is drawing.
    assert!(jobs.done >= 2, "{jobs:?}");
    assert_eq!((jobs.delayed, jobs.failed), (0, 0));
}

async fn put(house: &TestApp, text: &'static str) -> Digest {
    let bytes = Bytes::from_static(text.as_bytes());
    let digest = Digest::of(&bytes);
    let organisation = house.vector.organisation;
    let put = house.app.blobs.put(
        organisation,
        &digest,
        BlobSource::Bytes(bytes),
        "text/plain",
    );
    put.await.expect("put");
    digest
}

async fn is_there(house: &TestApp, digest: &str) -> bool {
    let digest = digest.parse().expect("a digest");
    let there = house.app.blobs.exists(house.vector.organisation, &digest);
    there.await.expect("asked")
}

macro_rules! all {
    ($house:ident, $table:ident) => {
        $table::Entity::find()
            .all($house.app.store.reader())
            .await
            .expect("rows")
    };
}

/// Goal: bytes of a lost request and prepared files of ended signatures go after a day; versions,
/// pages and signed copies stay. Method: a house where everything has happened, and the clock
/// moved.
#[tokio::test]
async fn bytes_that_nothing_names_go_and_all_others_stay() {
    on_both(async |house: &TestApp| {
        World::of(house).await;
        let stray = put(house, "a lost request").await.hex();
        // An image that a signer saw before a newer renderer drew the page again.
        let seen = put(house, "an image of an older renderer").await.hex();
        let shown = shown_pages::ActiveModel {
            organisation_id: Set(house.vector.organisation.uuid()),
            viewer_id: Set(chancery::entropy::id(house.app.now())),
            file_digest: Set(seen.clone()),
            page: Set(1),
            image_digest: Set(seen.clone()),
            shown_at: Set(house.app.now().micros()),
        };
        shown.insert(house.app.store.writer()).await.expect("shown");
        sweep(house).await;
        assert!(is_there(house, &stray).await, "it has only just been seen");
        house.advance_seconds(23 * HOUR);
        sweep(house).await;
        assert!(is_there(house, &stray).await, "it is not old");
        house.advance_seconds(26 * HOUR);
        sweep(house).await;
        assert!(!is_there(house, &stray).await);
        assert!(is_there(house, &seen).await, "what a signer saw");
        for row in all!(house, versions) {
            assert!(is_there(house, &row.main_digest).await, "a version");
        }
        for row in all!(house, page_images) {
            assert!(is_there(house, &row.image_digest).await, "a page");
        }
        for row in all!(house, signed_copies) {
            assert!(is_there(house, &row.digest).await, "a signed copy");
        }
        let prepared = all!(house, signings);
        assert!(prepared.iter().any(|row| row.state == "prepared"));
        assert!(prepared.iter().any(|row| row.state == "completed"));
        for row in prepared {
            assert!(
                !is_there(house, &row.prepared_digest).await,
                "{}",
                row.state
            );
        }
        let kept: Vec<String> = all!(house, blobs)
            .into_iter()
            .map(|row| row.digest)
            .collect();
        for digest in kept {
            assert!(is_there(house, &digest).await, "a row without its bytes");
        }
    })
    .await;
}

/// Goal: bytes that come again just before the sweep stay, though they were nobody's for long.
/// Method: an old stray is uploaded with a document.
#[tokio::test]
async fn bytes_that_come_again_are_young_again() {
    on_both(async |house: &TestApp| {
        let file = crate::support::pdfs::contract("again");
        let digest = Digest::of(&file);
        let source = BlobSource::Bytes(Bytes::from(file.clone()));
        let organisation = house.vector.organisation;
        let put = house
            .app
            .blobs
            .put(organisation, &digest, source, "application/pdf");
        put.await.expect("put");
        sweep(house).await;
        house.advance_seconds(40 * HOUR);
        crate::documents::paper::create(house, &file)
            .await
            .expect("a document");
        sweep(house).await;
        assert!(is_there(house, &digest.hex()).await);
    })
    .await;
}

/// Goal: rows that have served go after their time, and never the log. Method: counts before and
/// after the time.
#[tokio::test]
async fn rows_that_have_served_go_and_the_log_stays() {
    on_both(async |house: &TestApp| {
        World::of(house).await;
        sweep(house).await;
        let reader = house.app.store.reader();
        let log = audit_events::Entity::find().count(reader).await;
        let log = log.expect("counted");
        assert!(!all!(house, sessions).is_empty());
        assert!(!all!(house, link_visits).is_empty());
        assert!(!all!(house, link_codes).is_empty());
        house.advance_seconds(32 * 24 * HOUR);
        sweep(house).await;
        assert_eq!(all!(house, sessions), []);
        assert_eq!(all!(house, link_visits), []);
        assert_eq!(all!(house, link_codes), []);
        assert_eq!(all!(house, idempotency_keys), []);
        let mails = all!(house, outbox);
        assert!(!mails.is_empty());
        let secrets = mails.iter().filter(|row| row.sealed.is_some());
        assert!(secrets.into_iter().all(|row| row.state == "ready"));
        let after = audit_events::Entity::find().count(reader).await;
        // What was due meanwhile has rung; nothing went.
        assert!(after.expect("counted") >= log);
        let sweeps = all!(house, jobs);
        assert_eq!(sweeps.iter().filter(|row| row.kind == "sweep").count(), 2);
    })
    .await;
}
