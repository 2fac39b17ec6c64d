//! Locks of rows that others refer to: two who work beside each other neither stall nor deadlock.

use std::time::Duration;

use chancery::app::work::enqueue_job;
use chancery::store::entity::runs;
use chancery::store::{people, runs as run_rows};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _};
use serde_json::json;
use tokio::time::timeout;

use crate::signing::contract::Contract;
use crate::support::{Backend, TestApp};

/// Far longer than a lock that is free takes.
const PATIENCE: Duration = Duration::from_secs(20);

async fn with_a_row(house: &TestApp, key: &str) -> DatabaseTransaction {
    let tx = house.app.store.begin().await.expect("a transaction");
    let (organisation, now) = (house.vector.organisation, house.app.now());
    enqueue_job(&tx, organisation, now, "sweep", key.to_owned(), &json!({}))
        .await
        .expect("a row that refers to the organisation");
    tx
}

async fn lock_and_commit(house: &TestApp, tx: DatabaseTransaction) {
    people::lock_directory(&tx, house.vector.organisation.uuid())
        .await
        .expect("locked");
    tx.commit().await.expect("committed");
}

/// Goal: two transactions that have added rows to an organisation may both lock its directory.
/// Method: each adds a row (and so holds the organisation's key), then each locks: with a lock that
/// conflicts with that hold, each waits for the other.
#[tokio::test]
async fn two_who_added_rows_to_an_organisation_lock_its_directory_one_after_the_other() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let house = TestApp::start(&backend).await;
    let (first, second) = (with_a_row(&house, "a").await, with_a_row(&house, "b").await);
    let both = async {
        futures::join!(
            lock_and_commit(&house, first),
            lock_and_commit(&house, second)
        )
    };
    timeout(PATIENCE, both)
        .await
        .expect("neither waits for ever");
    house.close().await;
}

/// Goal: somebody who adds a row that refers to a run does not hold up who moves it. Method: a hold
/// on the run's key, as an insert takes it, beside the lock of a move.
#[tokio::test]
async fn a_run_is_locked_while_another_adds_what_refers_to_it() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let house = TestApp::start(&backend).await;
    Contract::started(&house).await;
    let run = runs::Entity::find().one(house.app.store.reader()).await;
    let run = run.expect("asked").expect("a run");
    let other = house.app.store.begin().await.expect("a transaction");
    other
        .execute_unprepared("SELECT 1 FROM runs FOR KEY SHARE")
        .await
        .expect("held");
    let tx = house.app.store.begin().await.expect("a transaction");
    let locking = run_rows::lock_run(&tx, run.organisation_id, run.id);
    let locked = timeout(PATIENCE, locking).await.expect("at once");
    locked.expect("locked");
    tx.rollback().await.expect("let go");
    other.rollback().await.expect("let go");
    house.close().await;
}
