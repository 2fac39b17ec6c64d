//! A request that is cut off takes nothing of others with it.

use sea_orm::{ConnectionTrait as _, Database, Statement};

use crate::support::{Backend, TestApp, cut};

/// The most times that a beginning transaction is polled.
const POLLS_MAX: u64 = 100;

/// Goal: whoever goes away while their transaction begins leaves no connection within it: the next
/// statement on that connection would be acknowledged and then lost. Method: one connection; the
/// beginning is dropped at each place where it waits; what is written next is seen from outside.
#[tokio::test]
async fn what_is_written_after_a_beginning_that_was_cut_off_is_there() {
    for backend in Backend::all() {
        let one = |config: &mut chancery::config::Config| config.database.connections_max = 1;
        let house = TestApp::start_with(&backend, one).await;
        let (store, url) = (&house.app.store, &house.app.config.database.url);
        let outside = Database::connect(url.reveal()).await.expect("a connection");
        let mut is_whole = false;
        for polls in 0..POLLS_MAX {
            is_whole = cut::after(polls, store.begin()).await.is_some();
            let write = format!("UPDATE organisations SET row_version = {}", polls + 1);
            let written = store.writer().execute_unprepared(&write).await;
            written.expect("written");
            let read = "SELECT min(row_version) AS seen FROM organisations";
            let read = Statement::from_string(store.backend(), read);
            let row = outside.query_one_raw(read).await.expect("rows");
            let seen: i64 = row.expect("a row").try_get("", "seen").expect("a number");
            assert_eq!(seen.unsigned_abs(), polls + 1, "{backend:?}, {polls} polls");
            if is_whole {
                break;
            }
        }
        assert!(is_whole, "it begins");
        outside.close().await.expect("closed");
        house.close().await;
    }
}
