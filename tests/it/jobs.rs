//! Background jobs: done, put off, given up, and never by two workers at once.

use std::collections::BTreeMap;

use chancery::app::App;
use chancery::app::work::{Attempt, Outcome, enqueue_job};
use chancery::jobs::{Counts, Job, JobError, JobFunction, Progress, Runner};
use chancery::store::entity::jobs;
use futures::future::BoxFuture;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

const KIND: &str = "render_pages";

/// A job whose payload says how it ends.
fn obey(_: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move {
        match job.payload["end"].as_str() {
            Some("done") => Ok(Progress::Finished),
            Some("panic") => panic!("as told"),
            Some("later") => Err(JobError::Later("not now".to_owned())),
            _ => Err(JobError::Never("no use".to_owned())),
        }
    })
}

fn runner(house: &TestApp) -> Runner {
    let kinds = BTreeMap::from([(KIND, obey as JobFunction)]);
    Runner::with_kinds(house.app.clone(), kinds)
}

async fn enqueue(house: &TestApp, key: &str, payload: Value) {
    let app = &house.app;
    let tx = app.store.begin().await.expect("a transaction");
    let organisation = house.vector.organisation;
    enqueue_job(&tx, organisation, app.now(), KIND, key.to_owned(), &payload)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
}

async fn states(house: &TestApp) -> Vec<(String, String)> {
    let rows = jobs::Entity::find().all(house.app.store.reader()).await;
    let mut states: Vec<(String, String)> = rows
        .expect("rows")
        .into_iter()
        .map(|row| (row.key, row.state))
        .collect();
    states.sort();
    states
}

#[tokio::test]
async fn a_job_is_done_put_off_or_given_up_as_it_says() {
    on_both(async |house: &TestApp| {
        for end in ["done", "later", "never"] {
            enqueue(house, end, json!({ "end": end })).await;
            enqueue(house, end, json!({ "end": "done" })).await;
        }
        let drained = runner(house).drain().await.expect("drained");
        let expected = Counts {
            done: 1,
            delayed: 1,
            failed: 1,
            lost: 0,
        };
        assert_eq!(drained.jobs, expected);
        let state = |key: &str, state: &str| (key.to_owned(), state.to_owned());
        let expected = [
            state("done", "done"),
            state("later", "ready"),
            state("never", "failed"),
        ];
        assert_eq!(states(house).await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up_after_its_attempts() {
    on_both(async |house: &TestApp| {
        enqueue(house, "deadly", json!({ "end": "done" })).await;
        for _ in 0..house.app.config.worker.attempts_max {
            let claimed = house.app.claim_jobs(&[KIND], 1).await.expect("claimed");
            assert_eq!(claimed.len(), 1, "and the worker is gone");
            house.advance_seconds(3600);
        }
        let drained = runner(house).drain().await.expect("drained");
        assert_eq!(drained.jobs.failed, 1);
        assert_eq!(states(house).await[0].1, "failed");
    })
    .await;
}

#[tokio::test]
async fn a_late_worker_cannot_overwrite_what_another_did() {
    on_both(async |house: &TestApp| {
        enqueue(house, "slow", json!({ "end": "done" })).await;
        let slow = house
            .app
            .claim_jobs(&[KIND], 1)
            .await
            .expect("claimed")
            .remove(0);
        house.advance_seconds(3600);
        assert_eq!(runner(house).drain().await.expect("drained").jobs.done, 1);
        let never = Attempt::Never("too late".to_owned());
        let late = house.app.finish_job(&slow, &never).await.expect("answered");
        assert_eq!(late, Outcome::Lost);
        assert_eq!(states(house).await[0].1, "done");
    })
    .await;
}

/// Goal: a fault in one job ends neither the worker nor the other jobs. Method: one that panics
/// beside one that is done.
#[tokio::test]
async fn a_job_that_panics_is_a_failed_attempt_and_no_more() {
    on_both(async |house: &TestApp| {
        enqueue(house, "panic", json!({ "end": "panic" })).await;
        enqueue(house, "sound", json!({ "end": "done" })).await;
        let drained = runner(house).drain().await.expect("drained").jobs;
        assert_eq!((drained.done, drained.delayed), (1, 1));
        let rows = jobs::Entity::find().all(house.app.store.reader()).await;
        let rows = rows.expect("rows");
        let row = rows.iter().find(|row| row.key == "panic").expect("its row");
        assert_eq!((row.state.as_str(), row.attempts), ("ready", 1));
        let why = row.last_error.as_deref().expect("why");
        assert!(why.contains("panicked"), "{why}");
    })
    .await;
}

/// Goal: a long file gives way: it is drawn in parts, each with a lease of its own, and attempts
/// count only what got nowhere. Method: 25 pages, and the fence of the job.
#[tokio::test]
async fn a_long_file_is_drawn_in_parts_to_its_end() {
    let house = TestApp::single().await;
    let lines: Vec<String> = (1..=25).map(|page| format!("page {page}")).collect();
    let pages: Vec<[&str; 1]> = lines.iter().map(|line| [line.as_str()]).collect();
    let pages: Vec<&[&str]> = pages.iter().map(<[&str; 1]>::as_slice).collect();
    let file = crate::support::pdfs::with_lines(&pages);
    let created = crate::documents::paper::create(&house, &file).await;
    let created = created.expect("a document");
    let drained = Runner::new(house.app.clone()).drain().await;
    let drained = drained.expect("drained").jobs;
    assert_eq!((drained.done, drained.delayed, drained.failed), (1, 0, 0));
    let rows = jobs::Entity::find().all(house.app.store.reader()).await;
    let row = rows.expect("rows").remove(0);
    assert_eq!(
        (row.state.as_str(), row.attempts, row.fence),
        ("done", 1, 3)
    );
    let initiator = house.actor("initiator");
    let version = house.app.see_version(&initiator, created.id, None).await;
    let places = house.app.page_places(&version.expect("a version")).await;
    let places = places.expect("places");
    assert_eq!(places.len(), 25);
    assert!(places.iter().all(|place| place.text.is_some()));
    house.close().await;
}
