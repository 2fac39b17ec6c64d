//! Returned documents: to whom they go, and what happens when the rounds are used up.

use chancery::app::desk::{DeskQuery, Want};
use chancery::app::page::PageRequest;
use chancery::app::progress::{ProgressQuery, Stands};
use chancery::store::entity::reworkers;
use chancery_workflow::{Decision, EXTRA_ROUND, Phase};
use sea_orm::EntityTrait as _;
use tempfile::TempDir;

use super::own::chains_like;
use super::paper::{Paper, code};
use crate::support::{Backend, TestApp};

const STAGES: &str = "  - id: manager
    type: approve
    title: { ru: Руководитель, en: Manager }
    assignees: [{ role: cfo }]
  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ head_of: legal }]
    on_reject: { rework: { to: { role: accountant }, note: { ru: Поправьте смету, en: Mend the estimate } } }
";

/// A house whose contracts take these stages, with this `rework`.
async fn house(backend: &Backend, rework: &str) -> (TestApp, TempDir) {
    let folder = chains_like(|chain| {
        let (head, _) = chain.split_once("\nparticipants:\n").expect("participants");
        let own = |line: &&str| !line.starts_with("withdraw:") && !line.starts_with("rework:");
        let head: Vec<&str> = head.lines().filter(own).collect();
        format!("{}\nrework: {rework}\nstages:\n{STAGES}", head.join("\n"))
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| config.workflows.directory = directory).await;
    (house, folder)
}

async fn owed(house: &TestApp, key: &str) -> Vec<Want> {
    let desk = house
        .app
        .list_my_tasks(&house.actor(key), &DeskQuery::default())
        .await
        .expect("a desk");
    desk.owed.into_iter().map(|work| work.want).collect()
}

/// Goal: a document that a stage returns to somebody else than its initiator is theirs: they are
/// told, find it on their desk, see and change it, and send it round again; then it is not theirs
/// any more.
#[tokio::test]
async fn whom_the_workflow_names_reworks_the_document() {
    for backend in Backend::all() {
        let (house, _folder) = house(&backend, "{ max_rounds: 5 }").await;
        let app = &house.app;
        let paper = Paper::started(&house, "50000.00").await;
        let accountant = house.actor("accountant");
        let hidden = app.document_route(&accountant, paper.id).await;
        assert_eq!(code(&hidden.expect_err("not yet")), "hidden");
        paper.approves("cfo").await;
        let outcome = paper.decides("lawyer", Decision::Reject, "Нет сметы").await;
        assert_eq!(outcome.phase, Phase::Rework);
        assert_eq!(outcome.waits_for, ["Зоя Карпова"]);
        let letters = paper.letters().await;
        assert!(
            letters.contains(&"returned → accountant".to_owned()),
            "{letters:?}"
        );
        assert!(!letters.contains(&"returned → initiator".to_owned()));
        assert!(matches!(
            owed(&house, "accountant").await.as_slice(),
            [Want::Rework { comment, .. }] if comment == "Нет сметы"
        ));
        assert!(owed(&house, "initiator").await.is_empty());
        let news = app.list_news(&accountant).await.expect("news");
        let told = news.documents.first().expect("what happened to it");
        assert!(told.events.iter().any(|one| one.action == "task.decided"));
        let line = app
            .list_progress(
                &house.actor("initiator"),
                &ProgressQuery::default(),
                &PageRequest {
                    after: None,
                    rows_max: 10,
                },
            )
            .await
            .expect("told");
        let names = vec!["Зоя Карпова".to_owned()];
        assert_eq!(line.page.rows[0].stands, Stands::Rework { names });

        let route = app
            .document_route(&accountant, paper.id)
            .await
            .expect("seen");
        assert!(route.may.resubmit && !route.may.withdraw);
        assert_eq!(route.waits_for, ["Зоя Карпова"]);
        app.editable_document(&accountant, paper.id)
            .await
            .expect("theirs to change");
        let lawyer = house.actor("lawyer");
        let tried = app.editable_document(&lawyer, paper.id).await;
        assert_eq!(code(&tried.expect_err("not theirs")), "denied");
        let other = house.actor("second_lawyer");
        let tried = app.resubmit_run(&other, paper.id, Some("Вот")).await;
        assert_eq!(code(&tried.expect_err("not theirs")), "hidden");
        // The author of a version and who sends it on may be two.
        paper.brings_version(&house.vector, "50000.00", 2).await;
        app.resubmit_run(&accountant, paper.id, None)
            .await
            .expect("sent round again");
        assert_eq!(paper.waiting().await, "manager: cfo");
        let kept = reworkers::Entity::find().all(app.store.writer()).await;
        assert!(kept.expect("rows").is_empty());
        assert!(owed(&house, "accountant").await.is_empty());
        // They had to do with it, and still see it, but change nothing.
        app.document_route(&accountant, paper.id)
            .await
            .expect("seen");
        let tried = app.resubmit_run(&accountant, paper.id, None).await;
        assert_eq!(code(&tried.expect_err("over")), "denied");
        house.close().await;
    }
}

/// Goal: the initiator may rework what was returned to somebody else.
#[tokio::test]
async fn the_initiator_may_always_rework() {
    for backend in Backend::all() {
        let (house, _folder) = house(&backend, "{ max_rounds: 5, to: { role: clerk } }").await;
        let paper = Paper::started(&house, "50000.00").await;
        let outcome = paper.decides("cfo", Decision::Return, "Нет сметы").await;
        assert_eq!(outcome.waits_for, ["Анна Рябова"]);
        house
            .app
            .resubmit_run(&house.actor("initiator"), paper.id, Some("Смета приложена"))
            .await
            .expect("sent round again");
        assert_eq!(paper.waiting().await, "manager: cfo");
        house.close().await;
    }
}

/// Goal: when the rounds are used up, whom the workflow names gets a task, and what they say
/// happens; meanwhile the document takes no version. Method: one document that goes round once more
/// and ends, with the letters and the pages' words.
#[tokio::test]
async fn somebody_decides_whether_there_is_one_more_round() {
    for backend in Backend::all() {
        let rework =
            "{ max_rounds: 1, on_exhausted: { escalate: { to: { role: clerk }, max: 2 } } }";
        let (house, _folder) = house(&backend, rework).await;
        let app = &house.app;
        let paper = Paper::started(&house, "50000.00").await;
        let initiator = house.actor("initiator");
        let again = async || {
            app.resubmit_run(&initiator, paper.id, Some("Смета приложена"))
                .await
                .expect("sent round again");
        };
        paper.decides("cfo", Decision::Return, "Нет сметы").await;
        again().await;
        let outcome = paper.decides("cfo", Decision::Return, "Опять").await;
        assert_eq!(outcome.phase, Phase::Running);
        assert_eq!(paper.waiting().await, format!("{EXTRA_ROUND}: clerk"));
        assert!(
            paper
                .letters()
                .await
                .contains(&"task-opened → clerk".to_owned())
        );
        let route = app
            .document_route(&initiator, paper.id)
            .await
            .expect("seen");
        let last = route.nodes.last().and_then(|node| node.stages.last());
        assert_eq!(
            last.expect("a stage").title,
            "Дополнительный цикл согласования"
        );
        assert_eq!(paper.document().await.state, "in_run");
        let outcome = paper.approves("clerk").await;
        assert_eq!(outcome.phase, Phase::Rework);
        assert_eq!(paper.document().await.state, "rework");
        again().await;
        paper.decides("cfo", Decision::Return, "И снова").await;
        let silent = paper.try_decide("clerk", Decision::Reject, "").await;
        assert_eq!(code(&silent.expect_err("why?")), "comment: empty");
        let outcome = paper.decides("clerk", Decision::Reject, "Хватит").await;
        assert_eq!(outcome.phase, Phase::Rejected);
        assert_eq!(paper.document().await.state, "rejected");
        house.close().await;
    }
}
