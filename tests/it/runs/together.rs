//! Decisions that need no document's page: among others where the workflow allows it, and from a
//! letter; both ask once more, and a GET decides nothing.

use chancery::app::desk::DeskQuery;
use chancery_types::Digest;
use chancery_types::id::TaskId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use chancery::store::entity::{outbox, tasks};

use super::own::house_with;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};

/// The first stage lets tasks be decided among others, the second does not.
const STAGES: &str = "  - id: check
    type: approve
    title: { ru: Проверка, en: Check }
    assignees: [{ role: cfo }]
    quorum: any
    allow: [bulk]
  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ role: lawyer }]
    quorum: any
";

async fn digest_of(paper: &Paper<'_>, key: &str) -> (TaskId, Digest) {
    (paper.task_of(key).await, paper.digest().await)
}

/// Goal: what is chosen is decided each by itself, at the version that was seen; a refusal keeps
/// none of the others back; what the workflow does not allow, or waits for somebody else, is never
/// decided so. Method: three tasks of the cfo, one with another digest; then the lawyers' tasks, by
/// a lawyer and by the cfo.
#[tokio::test]
async fn tasks_are_decided_together_where_the_workflow_allows_it() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, STAGES).await;
        let (app, cfo, lawyer) = (&house.app, house.actor("cfo"), house.actor("lawyer"));
        let mut papers = Vec::new();
        let mut given = Vec::new();
        for amount in ["1000.00", "2000.00", "3000.00"] {
            let paper = Paper::started(&house, amount).await;
            given.push(digest_of(&paper, "cfo").await);
            papers.push(paper);
        }
        let desk = app.list_my_tasks(&cfo, &DeskQuery::default()).await;
        let desk = desk.expect("a desk").tasks;
        assert!(desk.len() == 3 && desk.iter().all(|task| task.is_bulk));
        given[2].1 = Digest::of(b"another version");
        let outcomes = app.decide_together(&cfo, &given).await.expect("outcomes");
        let said: Vec<String> = (outcomes.iter())
            .map(|outcome| match &outcome.outcome {
                Ok(done) => done.waits_for.join(", "),
                Err(error) => code(error),
            })
            .collect();
        assert_eq!(
            said.iter()
                .filter(|said| *said == "version-changed")
                .count(),
            1
        );
        assert_eq!(
            said.iter().filter(|said| said.contains("Орлова")).count(),
            2,
            "{said:?}"
        );
        let left = app.list_my_tasks(&cfo, &DeskQuery::default()).await;
        assert_eq!(left.expect("a desk").open_count, 1);

        // Said once more, what is decided is left out.
        let again = app.decide_together(&cfo, &given[..2]).await;
        assert!(again.expect("nothing").is_empty());
        let theirs = [digest_of(&papers[0], "lawyer").await];
        for actor in [&lawyer, &cfo] {
            let nothing = app.decide_together(actor, &theirs).await;
            assert!(nothing.expect("left out").is_empty());
        }
        assert_eq!(papers[0].waiting().await, papers[1].waiting().await);
        let many = vec![theirs[0].0; 1000];
        let refused = app.list_tasks_together(&lawyer, &many).await;
        assert_eq!(
            code(&refused.expect_err("too many")),
            "task: too-many-tasks"
        );
        house.close().await;
    }
}

/// Goal: the desk offers a choice, the page asks once more, the answer says how many; a task that
/// was decided meanwhile is said. Method: a browser of the cfo, twice with the same form.
#[actix_web::test]
async fn the_desk_offers_to_decide_together() {
    let (house, _folder) = house_with(&Backend::single(), STAGES).await;
    let served = house.serve();
    let paper = Paper::started(&house, "1000.00").await;
    let other = Paper::started(&house, "2000.00").await;
    let ((first, digest), (second, other_digest)) = (
        digest_of(&paper, "cfo").await,
        digest_of(&other, "cfo").await,
    );
    let cfo = Browser::of(&house, &served, house.vector.person("cfo")).await;
    let desk = cfo.get("/tasks").await.body;
    assert!(
        desk.contains(&format!("name=\"task\" value=\"{first}\"")),
        "{desk}"
    );
    let page = cfo
        .get(&format!("/tasks/together?task={first}&task={second}"))
        .await;
    let digest_field = format!("name=\"digest-{first}\" value=\"{}\"", digest.hex());
    assert!(page.body.contains(&digest_field) && page.body.contains("Решить вместе"));
    assert_eq!(
        paper.waiting().await,
        other.waiting().await,
        "a GET decides nothing"
    );
    let form = format!(
        "task={first}&digest-{first}={}&task={second}&digest-{second}={}",
        digest.hex(),
        other_digest.hex()
    );
    // Without a script too, all that the list shows are chosen by one button.
    let all = format!("/tasks/together?shown={first}&shown={second}&all=1");
    let all = cfo.get(&all).await.body;
    for task in [first, second] {
        let shown = format!("name=\"shown\" value=\"{task}\"");
        assert!(desk.contains(&shown), "{shown}: {desk}");
        let chosen = format!("name=\"task\" value=\"{task}\" checked");
        assert!(all.contains(&chosen), "{chosen}: {all}");
    }
    assert!(desk.contains("name=\"all\" value=\"1\""), "{desk}");
    let done = cfo.post("/tasks/together", &form).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let history = cfo.get(&format!("/documents/{}", paper.id)).await.body;
    assert!(history.contains("в списке, вместе с другими"), "{history}");
    let again = cfo.post("/tasks/together", &form).await;
    assert_eq!(again.status, 409);
    assert!(
        again.body.contains("отмеченные задачи вас больше не ждут"),
        "{}",
        again.body
    );
    let without = format!("task={first}");
    assert_eq!(cfo.post("/tasks/together", &without).await.status, 422);
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    assert!(
        !lawyer
            .get("/tasks")
            .await
            .body
            .contains("type=\"checkbox\"")
    );
    served.stop().await;
    house.close().await;
}

/// The ways of the letter about a task of `key`.
async fn ways(house: &TestApp, task: TaskId) -> Vec<String> {
    let row = tasks::Entity::find_by_id(task.uuid())
        .one(house.app.store.reader())
        .await;
    let row = row.expect("read").expect("a task");
    let letters = outbox::Entity::find()
        .filter(outbox::Column::OrganisationId.eq(row.organisation_id))
        .all(house.app.store.reader())
        .await
        .expect("letters");
    let payload = |letter: &outbox::Model| -> Option<serde_json::Value> {
        serde_json::from_str(&letter.payload).ok()
    };
    let mine = letters.iter().filter_map(payload);
    let mut mine = mine.filter(|payload| {
        let url = payload["url"].as_str().unwrap_or_default();
        url.ends_with(&format!("/tasks/{task}"))
    });
    let ways = mine.next().expect("a letter")["ways"].clone();
    let ways = ways.as_array().expect("ways").iter();
    ways.map(|way| way["url"].as_str().expect("an address").to_owned())
        .collect()
}

/// Goal: the letter about a task leads to a page that asks once more about the version that the
/// letter speaks of; when a newer one came, it decides nothing. Method: the letter's addresses, on
/// both databases, followed by its reader; the same page with another version's digest.
#[actix_web::test]
async fn a_letter_leads_to_a_page_that_asks_once_more() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let paper = Paper::started(house, "50000.00").await;
        let task = paper.task_of("head").await;
        let ways = ways(house, task).await;
        let digest = paper.digest().await.hex();
        let approve = format!("/tasks/{task}/approve?version={digest}");
        let back = format!("/tasks/{task}/return?version={digest}");
        assert!(
            ways.len() == 2 && ways[0].ends_with(&approve) && ways[1].ends_with(&back),
            "{ways:?}"
        );
        let head = Browser::of(house, &served, house.vector.person("head")).await;
        let page = head.get(&approve).await;
        assert!(
            page.status == 200 && page.body.contains(&digest),
            "{}",
            page.body
        );
        assert!(page.body.contains("50\u{a0}000,00\u{a0}₽"), "{}", page.body);
        assert_eq!(paper.task_of("head").await, task, "a GET decides nothing");
        let post = format!("/tasks/{task}/approve");
        let stale = Digest::of(b"older").hex();
        let refused = head.post(&post, &format!("version_digest={stale}")).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert_eq!(
            head.get(&format!("/tasks/{task}/acknowledge")).await.status,
            409
        );
        let done = head.post(&post, &format!("version_digest={digest}")).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let again = head.get(&approve).await;
        assert_eq!(
            again.status, 409,
            "what is decided is not offered: {}",
            again.body
        );
        let other = Browser::of(house, &served, house.vector.person("cfo")).await;
        assert_eq!(other.get(&approve).await.status, 404);
        served.stop().await;
    })
    .await;
}
