//! One letter a day about all tasks, for whoever chose it.

use chancery::app::people::{Letters, ProfileDraft, Theme};
use chancery::jobs::Runner;
use chancery::store::entity::outbox;
use chancery_types::Locale;
use chancery_workflow::Decision;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::own::chains_like;
use super::paper::Paper;
use crate::guards::Browser;
use crate::signing::letters::check_letters;
use crate::support::{Backend, TestApp, on_both};

const DAY: i64 = 24 * 3600;

/// The kinds of the letters to a person, with the subjects' counts of daily ones.
async fn letters(house: &TestApp, key: &str) -> Vec<String> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::PersonId.eq(house.vector.person(key).uuid()))
        .order_by_asc(outbox::Column::CreatedAt)
        .order_by_asc(outbox::Column::Id)
        .all(house.app.store.reader())
        .await
        .expect("letters");
    let told = rows.into_iter().map(|row| {
        let payload: serde_json::Value = serde_json::from_str(&row.payload).expect("an object");
        match payload["tasks_count"].as_i64() {
            Some(count) => format!("{} {count} {}", row.kind, payload["late_count"]),
            None => row.kind,
        }
    });
    told.collect()
}

/// Brings the day's letters to be written, and drains the queue.
async fn morning(house: &TestApp) {
    house
        .app
        .enqueue_daily_letters()
        .await
        .expect("written down");
    Runner::new(house.app.clone())
        .drain()
        .await
        .expect("drained");
}

async fn chooses(house: &TestApp, key: &str, letters: Letters) {
    let draft = ProfileDraft {
        locale: Some(Locale::Ru),
        theme: Some(Theme::System),
        letters: Some(letters),
    };
    let chosen = house.app.edit_own_profile(&house.actor(key), draft).await;
    chosen.expect("chosen");
}

/// Goal: whoever chose one letter a day is not told of each task, nor that one is gone of which
/// they were not told; gets one letter on each weekday's morning, none twice, none when nothing
/// waits; whoever did not choose it is told as ever. Method: two contracts with the lawyers, who
/// have two days; one of them chose; hours and days pass.
#[tokio::test]
async fn one_letter_a_day_tells_of_all_tasks() {
    on_both(async |house: &TestApp| {
        chooses(house, "lawyer", Letters::Daily).await;
        let mut papers = Vec::new();
        for amount in ["50000.00", "60000.00"] {
            let paper = Paper::started(house, amount).await;
            paper.decides("head", Decision::Approve, "").await;
            papers.push(paper);
        }
        assert_eq!(letters(house, "lawyer").await, Vec::<String>::new());
        let other = letters(house, "second_lawyer").await;
        assert_eq!(other, ["task-opened", "task-opened"]);

        // Monday and Tuesday, ten o'clock; on Tuesday at five everybody is reminded.
        let days = [(1, DAY / 2, DAY / 2), (2, DAY / 4, 0)];
        for (count, hours, night) in days {
            let expected = vec!["task-digest 2 0"; count];
            morning(house).await;
            morning(house).await;
            assert_eq!(letters(house, "lawyer").await, expected, "one a day");
            house.advance_seconds(hours);
            morning(house).await;
            assert_eq!(
                letters(house, "lawyer").await,
                expected,
                "nor later in the day"
            );
            house.advance_seconds(night);
        }
        for paper in &papers {
            paper.decides("second_lawyer", Decision::Approve, "").await;
        }
        let told = letters(house, "lawyer").await;
        assert_eq!(
            told, ["task-digest 2 0"; 2],
            "never told of it, nor that it is gone"
        );
        check_letters(house).await;
        let count = letters(house, "lawyer").await.len();
        for _ in 0..4 {
            house.advance_seconds(DAY);
            morning(house).await;
        }
        assert_eq!(letters(house, "lawyer").await.len(), count, "nothing waits");
    })
    .await;
}

/// Goal: a task that is due before the next letter is told of at once, and then also that it is
/// gone. Method: the head, whose stage gives a day of the clock, before the weekend.
#[tokio::test]
async fn what_is_due_before_the_letter_is_told_at_once() {
    for backend in Backend::all() {
        let folder = chains_like(|chain| chain.replacen("    due: 1bd\n", "    due: 1d\n", 1));
        let directory = folder.path().to_owned();
        let house = TestApp::start_with(&backend, |config| config.workflows.directory = directory);
        let house = &house.await;
        chooses(house, "head", Letters::Daily).await;
        // To a Saturday's noon by the clock of Moscow: the next letter is two days away.
        let now = house.app.now().timestamp();
        let local = jiff::tz::TimeZone::get("Europe/Moscow")
            .expect("a zone")
            .to_datetime(now);
        let days = 13 - i64::from(local.weekday().to_monday_zero_offset());
        let noon = local.date().at(12, 0, 0, 0).duration_since(local).as_secs();
        house.advance_seconds((days - 1) * DAY + noon);
        let paper = Paper::started(house, "50000.00").await;
        assert_eq!(letters(house, "head").await, ["task-opened"]);
        let initiator = house.actor("initiator");
        house
            .app
            .withdraw_document(&initiator, paper.id, "later")
            .await
            .expect("withdrawn");
        assert_eq!(
            letters(house, "head").await,
            ["task-opened", "task-withdrawn"]
        );
        morning(house).await;
        assert_eq!(
            letters(house, "head").await.len(),
            2,
            "no letter at the weekend"
        );
    }
}

/// Goal: a person chooses it in their profile, and the page says what was chosen. Method: the form.
#[actix_web::test]
async fn the_profile_offers_the_choice() {
    let house = TestApp::single().await;
    let served = house.serve();
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let page = lawyer.get("/profile").await.body;
    assert!(page.contains("<option value=\"each\" selected>"), "{page}");
    let form = "locale=ru&theme=system&letters=daily";
    assert_eq!(lawyer.post("/profile", form).await.status, 303);
    let page = lawyer.get("/profile").await.body;
    assert!(page.contains("<option value=\"daily\" selected>"), "{page}");
    let wrong = lawyer
        .post("/profile", "locale=ru&theme=system&letters=never")
        .await;
    assert_eq!(wrong.status, 422);
    served.stop().await;
    house.close().await;
}
