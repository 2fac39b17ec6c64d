//! Documents under way go on by the text in force: what would happen to each is listed, each is
//! moved for itself, and nobody takes a control away alone.

use chancery::app::AppError;
use chancery::app::moves::{MoveLine, MoveSheet, Moving, RouteText};
use chancery::domain::actor::Actor;
use chancery::store;
use chancery::store::entity::definitions;
use chancery_workflow::{Decision, Event, EventKind, State, apply};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use super::call;
use super::editions::{administrators, draft, publishing, retitled, weaker};
use crate::guards::Browser;
use crate::runs::paper::{Paper, code};
use crate::support::{TestApp, on_both};

const WORKFLOW: &str = "contract";

/// Publishes a text: written by the one, published by the other.
pub async fn publish(house: &TestApp, source: &str, (author, second): (&Actor, &Actor)) -> i64 {
    let app = &house.app;
    let number = app
        .propose_edition(author, WORKFLOW, &draft(source, None))
        .await;
    let number = number.expect("proposed");
    let given = publishing(house, number).await;
    let published = app.publish_edition(second, WORKFLOW, number, &given).await;
    published.expect("published");
    number
}

/// The file's text without its examples, which are of the stages that it has.
pub fn own(house: &TestApp) -> String {
    let source = house.app.chains.chains()[WORKFLOW].definition.source();
    let (stages, _) = source.split_once("\ntests:\n").expect("examples");
    format!("{stages}\n")
}

/// The file with one more stage behind the experts.
fn longer(house: &TestApp) -> String {
    let source = own(house);
    let more = "  - id: guard\n    type: approve\n    title: { ru: Безопасность, en: Security }\n    \
                assignees: [{ role: security_officer }]\n    quorum: any\n\n  - id: cfo\n";
    let changed = source.replacen("  - id: cfo\n", more, 1);
    assert_ne!(changed, source);
    changed
}

/// The file with the security officer before everybody.
fn earlier(house: &TestApp) -> String {
    let source = own(house);
    let more = "stages:\n  - id: guard\n    type: approve\n    title: { ru: Безопасность, en: Security }\n    \
                assignees: [{ role: security_officer }]\n    quorum: any\n\n";
    source.replacen("stages:\n", more, 1)
}

/// The file without the manager, whom nobody starts with then.
pub fn shorter(house: &TestApp) -> String {
    let source = own(house).replace("  initiator_manager: { manager_of: initiator }\n", "");
    let (before, rest) = source.split_once("  - id: manager\n").expect("the manager");
    let (_, after) = rest.split_once("  - id: expertise\n").expect("the experts");
    format!("{before}  - id: expertise\n{after}")
}

pub async fn sheet(house: &TestApp, actor: &Actor) -> MoveSheet {
    let listed = house.app.list_moves(actor, WORKFLOW, None).await;
    listed.expect("listed")
}

pub fn all(sheet: &MoveSheet) -> Moving {
    Moving {
        digest: sheet.digest.clone(),
        runs: sheet
            .lines
            .iter()
            .map(|line| (line.run, line.seq))
            .collect(),
        has_seen_weaker: false,
    }
}

pub fn line<'s>(sheet: &'s MoveSheet, paper: &Paper<'_>) -> &'s MoveLine {
    let mut lines = sheet.lines.iter();
    lines
        .find(|line| line.document == paper.id)
        .expect("listed")
}

/// The events of a run, played anew from its start under the definitions that they name.
pub async fn replayed(paper: &Paper<'_>) -> (State, State) {
    let (app, run) = (&paper.house.app, paper.run().await);
    let reader = app.store.reader();
    let organisation = run.organisation_id;
    let rows = store::runs::list_run_events(reader, organisation, run.id).await;
    let mut digest = app.chains.chains()[WORKFLOW].digest.clone();
    let loaded = app
        .load_run(reader, organisation.into(), run.id.into())
        .await;
    let loaded = loaded.expect("the run");
    let mut state = State::draft();
    for row in rows.expect("events") {
        let event: Event = serde_json::from_str(&row.body).expect("an event");
        if let EventKind::Migrated {
            pinned_from,
            pinned_to,
            ..
        } = &event.kind
        {
            assert_eq!(pinned_from.hex(), digest, "the one before is named");
            digest = pinned_to.hex();
        }
        let kept = store::definitions::load_definition(reader, organisation, &digest).await;
        let source = kept.expect("kept").source;
        let definition = app.chains.pinned(&digest, &source).expect("read");
        let step = apply(&definition, &state, &event, &loaded.directory);
        state = step.expect("accepted before").state;
    }
    (state, loaded.state)
}

/// Goal: a document goes on by the text in force from where it stands: what was decided stands,
/// nobody is told twice of a task that stays theirs, the initiator is told, the history says what
/// and who, and the record can be played anew. Method: two documents, one moved while the head has
/// it, both databases; then on to the stage that only the new text has.
#[tokio::test]
async fn a_document_goes_on_by_the_text_in_force() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let paper = Paper::started(house, "50000.00").await;
        let further = Paper::started(house, "60000.00").await;
        further.approves("head").await;
        let nothing = sheet(house, &author).await;
        assert_eq!(nothing.lines.len(), 0, "everything goes by the file");

        let number = publish(house, &longer(house), (&author, &second)).await;
        let listed = sheet(house, &author).await;
        assert_eq!(listed.text, RouteText::Edition(number));
        assert_eq!((listed.lines.len(), listed.next), (2, None));
        let one = line(&listed, &paper);
        assert_eq!(one.text, RouteText::File);
        assert_eq!(one.stands, ["Руководитель инициатора"]);
        assert_eq!(one.about, None, "an administrator sees no document");
        let fate = one.fate.as_ref().expect("it can be moved");
        assert!(fate.asked.is_empty() && fate.released.is_empty());
        assert_eq!(paper.run().await.seq, one.seq, "nothing was written");

        let before = paper.letters().await;
        let outcomes = app.move_documents(&author, WORKFLOW, &all(&listed)).await;
        let outcomes = outcomes.expect("moved");
        assert!(outcomes.iter().all(|one| one.done.is_ok()), "{outcomes:?}");
        assert_eq!(paper.run().await.definition_digest, listed.digest);
        assert_eq!(paper.waiting().await, "manager: head");
        let mut after = paper.letters().await;
        let told = after
            .iter()
            .position(|one| one == "route-changed → initiator");
        after.remove(told.expect("the initiator is told"));
        assert_eq!(after, before, "and nobody else");
        assert_eq!(paper.events().await, ["run.migrated", "run.started"]);
        let seen = app.foresee_run(&author, paper.id).await;
        assert!(matches!(seen, Err(AppError::Hidden)), "no part in it");
        let sheet = sheet(house, &author).await;
        assert_eq!(sheet.lines.len(), 0);

        further.approves("lawyer").await;
        assert_eq!(further.waiting().await, "guard: security");
        paper.approves("head").await;
        for moved in [&paper, &further] {
            let (again, kept) = replayed(moved).await;
            assert_eq!(again, kept);
        }
    })
    .await;
}

/// Goal: whoever gets a task by the move is told as of any other, whoever loses one is told why,
/// and whoever keeps theirs is told nothing. Method: the lawyers' stage asks one of them and the
/// security officer instead of both.
#[tokio::test]
async fn whoever_gets_or_loses_a_task_is_told() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let paper = Paper::started(house, "50000.00").await;
        paper.approves("head").await;
        let keeps = format!("{{ user: {} }}", "second_lawyer@vector.example");
        let others = format!("          assignees: [{keeps}, {{ role: security_officer }}]");
        let changed = own(house).replace("          assignees: [lawyer]", &others);
        let changed = changed.replace("  lawyer: { role: lawyer }\n", "");
        publish(house, &changed, (&author, &second)).await;
        let before = paper.letters().await;
        let listed = sheet(house, &author).await;
        let fate = line(&listed, &paper)
            .fate
            .as_ref()
            .expect("it can be moved");
        let names = |all: &std::collections::BTreeSet<String>| -> Vec<String> {
            all.iter().cloned().collect()
        };
        assert_eq!(names(&fate.asked), ["Глеб Титов"]);
        assert_eq!(names(&fate.released), ["Ирина Орлова"]);
        let mut moving = all(&listed);
        moving.has_seen_weaker = true;
        let outcomes = app.move_documents(&author, WORKFLOW, &moving).await;
        let outcomes = outcomes.expect("answered");
        assert!(outcomes[0].done.is_ok(), "{outcomes:?}");
        let mut told = paper.letters().await;
        for one in &before {
            let place = told.iter().position(|other| other == one);
            told.remove(place.expect("it stays"));
        }
        let wanted = [
            "route-changed → initiator",
            "task-opened → security",
            "task-withdrawn → lawyer",
        ];
        assert_eq!(told, wanted);
        let tasks = paper.tasks().await;
        let reasons = tasks.iter().filter_map(|task| task.close_reason.as_deref());
        assert_eq!(reasons.collect::<Vec<_>>(), ["route_changed"]);
    })
    .await;
}

/// Goal: where somebody would be left behind, or the document changed meanwhile, it stays, the
/// others go through, and each is told with its reason. Method: one before and one behind a stage
/// that is added; one that the head decides on between the list and the move.
#[tokio::test]
async fn one_that_stays_keeps_none_of_the_others_back() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let passed = Paper::started(house, "50000.00").await;
        let changed = Paper::started(house, "60000.00").await;
        let returned = Paper::started(house, "70000.00").await;
        returned.decides("head", Decision::Return, "the sum").await;
        publish(house, &earlier(house), (&author, &second)).await;
        let listed = sheet(house, &author).await;
        let refused = line(&listed, &passed).fate.as_ref().expect_err("it stays");
        assert_eq!(code(refused), "stage-passed");
        assert_eq!(line(&listed, &returned).stands, [""; 0]);
        assert!(line(&listed, &returned).fate.is_ok());

        changed.approves("head").await;
        let outcomes = app.move_documents(&author, WORKFLOW, &all(&listed)).await;
        let outcomes = outcomes.expect("answered");
        let of = |paper: &Paper<'_>| {
            let mut all = outcomes.iter();
            let found = all.find(|one| one.line.document == paper.id);
            &found.expect("told").done
        };
        let stays = of(&passed).as_ref().expect_err("stays");
        assert_eq!(code(stays), "stage-passed");
        assert!(matches!(of(&changed), Err(AppError::Stale)));
        assert!(of(&returned).is_ok());
        let initiator = house.actor("initiator");
        let again = app
            .resubmit_run(&initiator, returned.id, Some("mended"))
            .await;
        again.expect("sent round");
        assert_eq!(returned.waiting().await, "guard: security");
        assert_eq!(passed.waiting().await, "manager: head");
        assert_eq!(passed.events().await, ["run.started"]);

        let mut other = all(&listed);
        other.digest = "0".repeat(64);
        let answer = app.move_documents(&author, WORKFLOW, &other).await;
        assert_eq!(code(&answer.expect_err("another")), "move-to-another");
        let none = Moving {
            runs: Vec::new(),
            ..all(&listed)
        };
        let answer = app.move_documents(&author, WORKFLOW, &none).await;
        assert_eq!(code(&answer.expect_err("nothing")), "run: empty");
        let many = Moving {
            runs: vec![all(&listed).runs[0]; 51],
            ..all(&listed)
        };
        let answer = app.move_documents(&author, WORKFLOW, &many).await;
        assert_eq!(code(&answer.expect_err("too many")), "run: too-many");
    })
    .await;
}

/// Goal: a control is not taken from running documents by the one who took it out of the text, nor
/// by a file alone, nor without note of it. Method: an edition with a lower quorum, moved by its
/// author and by the other; back to a file that is weaker than the edition in force before.
#[tokio::test]
async fn nobody_takes_a_control_from_running_documents_alone() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let paper = Paper::started(house, "50000.00").await;
        publish(house, &weaker(house), (&author, &second)).await;
        let own = sheet(house, &author).await;
        assert_eq!(line(&own, &paper).weaker.len(), 1);
        let refused = line(&own, &paper).fate.as_ref().expect_err("stays");
        assert_eq!(code(refused), "move-own-edition");
        let outcomes = app.move_documents(&author, WORKFLOW, &all(&own)).await;
        let outcomes = outcomes.expect("answered");
        let done = outcomes[0].done.as_ref().expect_err("stays");
        assert_eq!(code(done), "move-own-edition");

        let theirs = sheet(house, &second).await;
        assert!(line(&theirs, &paper).fate.is_ok());
        let mut moving = all(&theirs);
        let untold = app.move_documents(&second, WORKFLOW, &moving).await;
        assert_eq!(code(&untold.expect_err("not noted")), "weaker: not-noted");
        assert_eq!(paper.events().await, ["run.started"]);
        moving.has_seen_weaker = true;
        let outcomes = app.move_documents(&second, WORKFLOW, &moving).await;
        assert!(outcomes.expect("answered")[0].done.is_ok());
        assert_eq!(paper.run().await.definition_digest, theirs.digest);
    })
    .await;
}

/// Goal: a file that is weaker than what a document goes by moves nothing: nobody stands behind it.
/// Method: a document that started by a file of before, which had one more stage.
#[tokio::test]
async fn a_weaker_file_moves_no_document() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let paper = Paper::started(house, "50000.00").await;
        let before = app.chains.read_edition(WORKFLOW, &longer(house));
        let before = before.expect("accepted");
        let run = paper.run().await;
        let kept = definitions::ActiveModel {
            organisation_id: Set(run.organisation_id),
            digest: Set(before.digest.clone()),
            workflow_id: Set(WORKFLOW.to_owned()),
            kind: Set("contract".to_owned()),
            source: Set(before.pinned),
            created_at: Set(run.started_at),
            owner_role: Set(None),
            owner_department: Set(None),
        };
        let writer = app.store.writer();
        kept.insert(writer).await.expect("kept");
        let mut run = run.into_active_model();
        run.definition_digest = Set(before.digest);
        run.update(writer).await.expect("pinned");

        let administrator = house.actor("administrator");
        let listed = sheet(house, &administrator).await;
        assert_eq!(listed.text, RouteText::File);
        let one = line(&listed, &paper);
        assert_eq!((one.text, one.weaker.len()), (RouteText::Earlier, 1));
        let refused = one.fate.as_ref().expect_err("it stays");
        assert_eq!(code(refused), "move-weaker-file");
        let mut moving = all(&listed);
        moving.has_seen_weaker = true;
        let outcomes = app.move_documents(&administrator, WORKFLOW, &moving).await;
        let done = &outcomes.expect("answered")[0].done;
        assert_eq!(code(done.as_ref().expect_err("stays")), "move-weaker-file");
        assert_eq!(paper.events().await, ["run.started"]);
    })
    .await;
}

/// Goal: a stage that is finished and is not in the new text is kept, and everything that was done
/// in it is read as before. Method: a document past the manager; its pages, the manager's own task;
/// a return, and the next round without them.
#[tokio::test]
async fn what_the_new_text_does_not_have_is_kept_and_read() {
    let house = TestApp::single().await;
    let app = &house.app;
    let (author, second) = administrators(&house, &house.vector).await;
    let paper = Paper::started(&house, "50000.00").await;
    paper.approves("head").await;
    publish(&house, &shorter(&house), (&author, &second)).await;
    let mut moving = all(&sheet(&house, &second).await);
    moving.has_seen_weaker = true;
    let outcomes = app.move_documents(&second, WORKFLOW, &moving).await;
    let outcomes = outcomes.expect("answered");
    assert!(outcomes[0].done.is_ok(), "{outcomes:?}");
    let served = house.serve();
    for key in ["initiator", "head", "lawyer"] {
        let reader = Browser::of(&house, &served, house.vector.person(key)).await;
        let document = format!("/documents/{}", paper.id);
        let task = format!("/tasks/{}", paper.task_of("head").await);
        for path in [document, "/tasks".to_owned()] {
            let page = reader.get(&path).await;
            assert_eq!(page.status, 200, "{key} {path}: {}", page.body);
        }
        assert_eq!(reader.get(&task).await.status, 200, "{key}");
    }
    paper.decides("lawyer", Decision::Return, "the term").await;
    let initiator = house.actor("initiator");
    let again = app.resubmit_run(&initiator, paper.id, Some("mended")).await;
    again.expect("sent round");
    assert!(
        !paper.waiting().await.contains("manager"),
        "{}",
        paper.waiting().await
    );
    let (again, kept) = replayed(&paper).await;
    assert_eq!(again, kept);
    assert_eq!(kept.moved.len(), 1);
    served.stop().await;
    house.close().await;
}

/// Goal: only administrators of the house know of any of it. Method: everybody else asks; another
/// organisation's administrator names a run of ours.
#[tokio::test]
async fn only_the_administrators_of_the_house_move_its_documents() {
    let house = TestApp::single().await;
    let app = &house.app;
    let (author, second) = administrators(&house, &house.vector).await;
    let paper = Paper::started(&house, "50000.00").await;
    publish(&house, &retitled(&house), (&author, &second)).await;
    let listed = sheet(&house, &author).await;
    for key in ["initiator", "auditor", "head"] {
        let reader = house.actor(key);
        let seen = app.list_moves(&reader, WORKFLOW, None).await;
        assert!(matches!(seen, Err(AppError::Hidden)), "{key}");
        let moved = app.move_documents(&reader, WORKFLOW, &all(&listed)).await;
        assert!(matches!(moved, Err(AppError::Hidden)), "{key}");
    }
    let foreign = house.northwind.actor("administrator");
    let theirs = sheet(&house, &foreign).await;
    assert_eq!(theirs.lines.len(), 0);
    let mut moving = all(&listed);
    moving.digest.clone_from(&theirs.digest);
    let moved = app.move_documents(&foreign, WORKFLOW, &moving).await;
    assert!(matches!(moved, Err(AppError::Hidden)));
    let unknown = app.list_moves(&author, "none", None).await;
    assert!(matches!(unknown, Err(AppError::Hidden)));
    assert_eq!(paper.events().await, ["run.started"]);
    house.close().await;
}

/// Goal: the pages list, ask once more and tell what came of it; the calls do the same. Method: as
/// a browser sends them; what was chosen, what was not, and a document that changed meanwhile.
#[tokio::test]
async fn the_pages_and_calls_list_ask_and_move() {
    let house = TestApp::single().await;
    let (author, second) = administrators(&house, &house.vector).await;
    let paper = Paper::started(&house, "50000.00").await;
    let other = Paper::started(&house, "60000.00").await;
    publish(&house, &weaker(&house), (&author, &second)).await;
    let served = house.serve();
    let own = Browser::of(&house, &served, house.vector.person("administrator")).await;
    let browser = Browser::of(&house, &served, house.vector.person("lawyer")).await;

    let chain = browser.get("/workflows/contract").await.body;
    assert!(chain.contains("2 документа в пути"), "{chain}");
    let page = browser.get("/workflows/contract/moves").await.body;
    assert!(page.contains("Руководитель инициатора"), "{page}");
    assert_eq!(page.matches("name=\"run\"").count(), 2);
    let stays = own.get("/workflows/contract/moves").await.body;
    assert_eq!(stays.matches("name=\"run\"").count(), 0);
    assert!(stays.contains("другой администратор"), "{stays}");

    let run = paper.run().await.id;
    let confirm = format!("/workflows/contract/moves/confirm?run={run}");
    let asked = browser.get(&confirm).await.body;
    assert!(asked.contains("Перевести 1 документ"), "{asked}");
    assert!(asked.contains("Что станет для них слабее"), "{asked}");
    let empty = browser.get("/workflows/contract/moves/confirm").await.body;
    assert!(empty.contains("Ничего не выбрано"), "{empty}");
    let digest = sheet(&house, &second).await.digest;
    let fields = |run: uuid::Uuid, seq: i64, rest: &str| {
        format!("run={run}&seq-{run}={seq}&digest={digest}{rest}")
    };
    let untold = browser
        .post("/workflows/contract/moves", &fields(run, 1, ""))
        .await;
    assert_eq!(untold.status, 422);
    assert!(untold.body.contains("Отметьте"), "{}", untold.body);
    let done = browser
        .post("/workflows/contract/moves", &fields(run, 1, "&weaker=yes"))
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(paper.run().await.definition_digest, digest);

    let listed = call(
        &browser,
        "GET",
        "/api/v1/workflows/contract/moves",
        Value::Null,
    )
    .await;
    assert_eq!(listed.status, 200);
    let first = &listed.body["items"][0];
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(first["goes_by"]["kind"], "file");
    assert_eq!(
        listed.body["in_force"],
        json!({ "kind": "edition", "edition": 1 })
    );
    assert_eq!(first["stays"], Value::Null);
    other.approves("head").await;
    let late = other.run().await.id;
    let refused = browser
        .post("/workflows/contract/moves", &fields(late, 1, "&weaker=yes"))
        .await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.body.contains("за это время изменился"),
        "{}",
        refused.body
    );
    let body = |seq: i64| {
        let runs = [json!({ "run_id": late, "seq": seq })];
        json!({ "digest": digest, "runs": runs, "weaker_noted": true })
    };
    let path = "/api/v1/workflows/contract/moves";
    let stale = call(&browser, "POST", path, body(1)).await;
    assert_eq!(stale.body["items"][0]["stays"]["code"], "stale");
    let moved = call(&browser, "POST", path, body(2)).await;
    assert_eq!(
        (moved.status, &moved.body["items"][0]["is_moved"]),
        (200, &json!(true))
    );

    let lawyer = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let told = lawyer.get(&format!("/documents/{}", other.id)).await.body;
    let words = "Маршрут сменён: файл сервера → редакция 1";
    assert!(told.contains(words), "{told}");
    served.stop().await;
    house.close().await;
}
