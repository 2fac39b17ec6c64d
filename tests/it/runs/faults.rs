//! A transition is all or nothing: each row that it writes fails in its turn, and nothing remains.

use chancery::app::AppError;
use chancery_workflow::Decision;
use sea_orm::{ConnectionTrait as _, Statement};

use super::paper::Paper;
use crate::support::{TestApp, faults, on_both};

/// Every table that a transition writes to.
const TABLES: [&str; 9] = [
    "audit_events",
    "definitions",
    "documents",
    "journals",
    "outbox",
    "remarks",
    "run_events",
    "runs",
    "tasks",
];

/// Every row of every table, as one text.
async fn everything(house: &TestApp) -> String {
    let mut all = String::new();
    let writer = house.app.store.writer();
    for table in TABLES {
        let statement = format!("SELECT * FROM {table} ORDER BY 1, 2, 3");
        let statement = Statement::from_string(writer.get_database_backend(), statement);
        let rows = writer.query_all_raw(statement).await.expect("rows");
        all.push_str(&format!("{table}: {rows:?}\n"));
    }
    all
}

/// Fails each row of `change` in its turn, comparing everything before and after; then lets it be.
/// Answers how many rows it writes.
async fn fail_each(house: &TestApp, change: impl AsyncFn() -> Result<(), AppError>) -> u64 {
    let before = everything(house).await;
    for turn in 1..100 {
        faults::set(house, turn).await;
        match change().await {
            Err(error) => {
                assert!(
                    matches!(error, AppError::Unavailable { .. }),
                    "{turn}: {error:?}"
                );
                assert!(
                    before == everything(house).await,
                    "row {turn} left something behind"
                );
            }
            Ok(()) => {
                faults::set(house, 0).await;
                return turn - 1;
            }
        }
    }
    panic!("it writes more than a hundred rows, or never succeeds");
}

/// Goal: rule 3: whichever row of a start, an approval that opens the next stage, a return, a
/// resubmission and an approval with remarks fails, nothing remains, and the same change
/// succeeds afterwards. Method: triggers that fail the n-th row.
#[tokio::test]
async fn whichever_row_of_a_transition_fails_nothing_remains() {
    on_both(async |house: &TestApp| {
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let paper = Paper::draft(house, "50000.00").await;
        faults::arm(house).await;
        let started = fail_each(house, async || {
            app.start_run(&initiator, paper.id).await.map(drop)
        });
        let started = started.await;
        let decides = async |key: &str, decision: Decision, words: &str| {
            fail_each(house, async || {
                paper.try_decide(key, decision, words).await.map(drop)
            })
            .await
        };
        let approved = decides("head", Decision::Approve, "").await;
        let returned = decides("lawyer", Decision::Return, "Изменить").await;
        paper.brings_version(&house.vector, "40000.00", 2).await;
        let resubmitted = fail_each(house, async || {
            app.resubmit_run(&initiator, paper.id, None).await
        });
        let resubmitted = resubmitted.await;
        decides("head", Decision::Approve, "").await;
        let remarked = decides("lawyer", Decision::ApproveWithRemarks, "Опечатка").await;
        let rows = [started, approved, returned, resubmitted, remarked];
        eprintln!("rows written: {rows:?}");
        assert!(rows.iter().all(|rows| *rows >= 5), "{rows:?}");
        assert_eq!(paper.waiting().await, "sign_internal: signatory");
    })
    .await;
}
