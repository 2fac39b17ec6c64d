//! What the owner of a workflow may do to its runs, and whoever the workflow lets withdraw.

use chancery::app::documents::DocumentQuery;
use chancery::app::page::PageRequest;
use chancery::store::entity::{definitions, person_roles};
use chancery_workflow::{Decision, Phase};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tempfile::TempDir;

use super::own::chains_like;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::{Backend, TestApp};

/// The house's contracts, for which the accountants of finance answer, and which lawyers withdraw
/// too.
async fn owned(backend: &Backend) -> (TestApp, TempDir) {
    let folder = chains_like(|chain| {
        let withdraw = "withdraw: { until: sign_internal }\n";
        assert!(chain.contains(withdraw));
        let more = "owner: { role: accountant, department: finance }\n\
            withdraw: { who: [initiator, { role: lawyer }], until: sign_internal }\n";
        chain.replacen(withdraw, more, 1)
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| config.workflows.directory = directory);
    (house.await, folder)
}

fn everything() -> PageRequest {
    PageRequest {
        after: None,
        rows_max: 50,
    }
}

async fn sees(paper: &Paper<'_>, key: &str) -> bool {
    let (app, actor) = (&paper.house.app, paper.house.actor(key));
    let route = app.document_route(&actor, paper.id).await;
    let listed = app
        .list_documents(&actor, &DocumentQuery::default(), &everything())
        .await;
    let listed = listed.expect("a list").rows;
    assert_eq!(route.is_ok(), !listed.is_empty(), "{key}: list and page");
    route.is_ok()
}

/// Goal: the owner sees the runs of their workflow from the start on, in lists and alone, stops
/// them, lets them go on, moves their tasks and ends them; nobody else does, and an owner no longer
/// is nobody. Method: each of these by the owner, the head who holds a task, a colleague of the
/// owner's and the initiator; then the role is taken away.
#[tokio::test]
async fn the_owner_of_a_workflow_keeps_its_runs() {
    for backend in Backend::all() {
        let (house, _folder) = owned(&backend).await;
        let app = &house.app;
        let owner = house.actor("accountant");
        let paper = Paper::draft(&house, "50000.00").await;
        assert!(!sees(&paper, "accountant").await, "a draft has no owner");
        app.start_run(&house.actor("initiator"), paper.id)
            .await
            .expect("started");
        assert!(sees(&paper, "accountant").await);
        assert!(!sees(&paper, "finance").await, "another role");
        let kept = definitions::Entity::find().one(app.store.reader()).await;
        let kept = kept.expect("read").expect("a definition");
        assert_eq!(kept.owner_role.as_deref(), Some("accountant"));

        for (key, refused) in [
            ("head", "denied"),
            ("initiator", "denied"),
            ("finance", "hidden"),
            ("cfo", "hidden"),
        ] {
            let actor = house.actor(key);
            let tried = app.suspend_run(&actor, paper.id, "Проверка").await;
            assert_eq!(code(&tried.expect_err(key)), refused, "{key}");
            let tried = app.cancel_run(&actor, paper.id, "Ошибка").await;
            assert_eq!(code(&tried.expect_err(key)), refused, "{key}");
        }
        let tried = app.suspend_run(&owner, paper.id, "").await;
        assert_eq!(code(&tried.expect_err("no reason")), "comment: empty");
        app.suspend_run(&owner, paper.id, "Проверка")
            .await
            .expect("suspended");
        let head = house.actor("head");
        let decision = paper.decision(Decision::Approve, "").await;
        let tried = app
            .decide_task(&head, paper.task_of("head").await, decision)
            .await;
        assert_eq!(code(&tried.expect_err("it stands")), "suspended");
        let route = app.document_route(&head, paper.id).await.expect("seen");
        assert!(!route.keeping.may_keep && !route.may.withdraw);
        let stopped = route.keeping.stopped.expect("everybody reads why");
        assert_eq!(stopped.reason, "Проверка");
        let tried = app.resume_run(&head, paper.id).await;
        assert_eq!(code(&tried.expect_err("not theirs")), "denied");
        app.resume_run(&owner, paper.id).await.expect("resumed");
        let tried = app.resume_run(&owner, paper.id).await;
        assert_eq!(code(&tried.expect_err("it goes on")), "not-suspended");
        let tried = app.retry_run_of(&owner, paper.id).await;
        assert_eq!(code(&tried.expect_err("nothing failed")), "no-incident");

        let task = paper.task_of("head").await;
        let to = house.vector.person("security");
        app.reassign_task(&owner, task, to).await.expect("moved");
        assert_eq!(paper.waiting().await, "manager: security");

        // Without the role, what was done makes no part in the document.
        let held = person_roles::Column::PersonId.eq(house.vector.person("accountant").uuid());
        let role = person_roles::Column::Role.eq("accountant");
        let taken = person_roles::Entity::delete_many()
            .filter(held)
            .filter(role);
        taken.exec(app.store.writer()).await.expect("taken away");
        assert!(!sees(&paper, "accountant").await);
        let tried = app.cancel_run(&owner, paper.id, "Ошибка").await;
        assert_eq!(code(&tried.expect_err("no owner any more")), "hidden");

        // An administrator puts it right unread.
        let administrator = house.actor("administrator");
        assert!(!sees(&paper, "administrator").await);
        app.suspend_run(&administrator, paper.id, "Сбой")
            .await
            .expect("suspended");
        app.cancel_run(&administrator, paper.id, "Ошибка")
            .await
            .expect("ended");
        assert!(!sees(&paper, "administrator").await);
        assert_eq!(paper.document().await.state, "withdrawn");
        assert_eq!(paper.waiting().await, "");
        let told = paper.events().await;
        let wanted = [
            "run.cancelled",
            "run.resumed",
            "run.started",
            "run.suspended",
            "run.suspended",
            "task.reassigned_from_outside",
        ];
        assert_eq!(told, wanted);
        house.close().await;
    }
}

/// Goal: whom the workflow names withdraws until the step, as far as they see the document; the
/// page offers what the call does. Method: the lawyer before and after they see it, the head, the
/// initiator; a second contract that is past the step.
#[tokio::test]
async fn whoever_the_workflow_names_withdraws() {
    for backend in Backend::all() {
        let (house, _folder) = owned(&backend).await;
        let app = &house.app;
        let lawyer = house.actor("lawyer");
        let paper = Paper::started(&house, "50000.00").await;
        let tried = app.withdraw_document(&lawyer, paper.id, "Я").await;
        assert_eq!(code(&tried.expect_err("not seen yet")), "hidden");
        paper.approves("head").await;
        for (key, may) in [("lawyer", true), ("initiator", true), ("head", false)] {
            let route = app.document_route(&house.actor(key), paper.id).await;
            assert_eq!(route.expect("seen").may.withdraw, may, "{key}");
        }
        let head = house.actor("head");
        let tried = app.withdraw_document(&head, paper.id, "Я").await;
        assert_eq!(code(&tried.expect_err("not named")), "denied");
        app.withdraw_document(&lawyer, paper.id, "Договор не нужен")
            .await
            .expect("withdrawn");
        assert_eq!(paper.document().await.state, "withdrawn");

        let late = Paper::started(&house, "50000.00").await;
        late.approves("head").await;
        late.approves("lawyer").await;
        assert_eq!(late.waiting().await, "sign_internal: signatory");
        let route = app.document_route(&lawyer, late.id).await.expect("seen");
        assert!(!route.may.withdraw);
        let tried = app.withdraw_document(&lawyer, late.id, "Поздно").await;
        assert_eq!(code(&tried.expect_err("too late")), "too-late-to-withdraw");
        house.close().await;
    }
}

/// Goal: the document's page offers its owner to stop and end the run, and says to everybody that
/// it is stopped. Method: the owner's browser and the initiator's; the forms are sent.
#[tokio::test]
async fn the_page_of_a_document_has_what_its_owner_needs() {
    let (house, _folder) = owned(&Backend::single()).await;
    let paper = Paper::started(&house, "50000.00").await;
    let served = house.serve();
    let owner = Browser::of(&house, &served, house.vector.person("accountant")).await;
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let path = format!("/documents/{}", paper.id);
    let own = owner.get(&path).await;
    assert_eq!(own.status, 200);
    assert!(own.body.contains("Приостановить"), "{}", own.body);
    let other = initiator.get(&path).await;
    assert!(!other.body.contains("Приостановить"));
    assert_eq!(
        initiator.get(&format!("{path}/run/suspend")).await.status,
        403
    );
    assert_eq!(owner.get(&format!("{path}/run/suspend")).await.status, 200);
    let answer = owner
        .post(
            &format!("{path}/run/suspend"),
            "comment=%D0%A1%D1%82%D0%BE%D0%BF",
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let told = initiator.get(&path).await;
    assert!(told.body.contains("Согласование приостановлено"));
    assert!(told.body.contains("Стоп"));
    let again = owner
        .post(&format!("{path}/run/suspend"), "comment=a")
        .await;
    assert_eq!(again.status, 409, "it stands already");
    let answer = owner.post(&format!("{path}/run/resume"), "").await;
    assert_eq!(answer.status, 303);
    let answer = owner.post(&format!("{path}/run/cancel"), "comment=a").await;
    assert_eq!(answer.status, 303);
    let run = paper.run().await;
    assert_eq!(run.phase, "withdrawn");
    assert!(matches!(
        house.app.document_route(&house.actor("accountant"), paper.id).await,
        Ok(route) if route.run.as_ref().is_some_and(|run| run.phase == Phase::Withdrawn)
    ));
    served.stop().await;
    house.close().await;
}
