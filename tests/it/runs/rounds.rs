//! Returned and sent again: with another content, with the same, with an answer only.

use chancery::store::entity::documents;
use chancery_workflow::{Decision, Phase};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

use super::paper::{Paper, code};
use crate::support::{Backend, TestApp, on_both};

/// Goal: a content that was edited and edited back may be sent again: whoever agreed to it has
/// agreed to it, and whoever returned it is asked anew.
#[tokio::test]
async fn a_content_edited_back_goes_round_again() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        paper.approves("head").await;
        paper.decides("lawyer", Decision::Return, "Нет сметы").await;
        paper.brings_content(&house.vector, "50000.00", 2, 2).await;
        paper.brings_content(&house.vector, "50000.00", 3, 1).await;
        let initiator = house.actor("initiator");
        house
            .app
            .resubmit_run(&initiator, paper.id, None)
            .await
            .expect("resubmitted");
        let lawyers = "expertise/legal: lawyer, expertise/legal: second_lawyer";
        assert_eq!(paper.waiting().await, lawyers);
        let outcome = paper.approves("lawyer").await;
        assert_eq!(outcome.phase, Phase::Running);
    })
    .await;
}

/// Goal: a resubmission with an answer only keeps what was agreed, and writes to nobody who is not
/// asked: no task opens to be closed in the same step.
#[tokio::test]
async fn an_answer_alone_asks_only_who_has_not_agreed() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "200000.00").await;
        paper.approves("head").await;
        paper.approves("lawyer").await;
        paper
            .decides("accountant", Decision::Return, "Нет сметы")
            .await;
        let before = paper.letters().await;
        let initiator = house.actor("initiator");
        house
            .app
            .resubmit_run(&initiator, paper.id, Some("Смета приложена"))
            .await
            .expect("resubmitted");
        assert_eq!(paper.waiting().await, "expertise/finance: accountant");
        let mut after = paper.letters().await;
        for line in &before {
            let known = after.iter().position(|other| other == line);
            after.remove(known.expect("letters stay"));
        }
        assert_eq!(after, ["task-opened → accountant"]);
        paper.approves("accountant").await;
        assert_eq!(paper.waiting().await, "sign_internal: signatory");
    })
    .await;
}

/// Goal: a transition needs no second connection while it holds one. Method: a pool of one.
#[tokio::test]
async fn a_resubmission_holds_one_connection() {
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.database.connections_max = 1;
            config.database.acquire_timeout_ms = 1000;
        })
        .await;
        let paper = Paper::started(&house, "50000.00").await;
        paper.decides("head", Decision::Return, "Нет сметы").await;
        paper.brings_version(&house.vector, "50000.00", 2).await;
        let initiator = house.actor("initiator");
        house
            .app
            .resubmit_run(&initiator, paper.id, None)
            .await
            .expect("resubmitted");
        assert_eq!(paper.waiting().await, "manager: head");
        house.close().await;
    }
}

/// Goal: a number that another document bears already is refused by name and takes nothing: the
/// document stays a draft, the journal keeps its place.
#[tokio::test]
async fn a_taken_number_is_refused_by_name() {
    on_both(async |house: &TestApp| {
        let other = Paper::draft(house, "50000.00").await;
        let number = |number: Option<&str>| Set(number.map(str::to_owned));
        let writer = house.app.store.writer();
        let mut row: documents::ActiveModel = other.document().await.into_active_model();
        row.registration_number = number(Some("Д-2026-00001"));
        row.update(writer).await.expect("numbered");

        let paper = Paper::draft(house, "50000.00").await;
        let initiator = house.actor("initiator");
        let tried = house.app.start_run(&initiator, paper.id).await;
        assert_eq!(
            code(&tried.expect_err("taken")),
            "registration-number-taken"
        );
        assert_eq!(paper.document().await.state, "draft");

        let mut row: documents::ActiveModel = other.document().await.into_active_model();
        row.registration_number = number(Some("Д-2026-09999"));
        row.update(writer).await.expect("numbered");
        let tried = house.app.start_run(&initiator, paper.id).await;
        tried.expect("started");
        let given = paper.document().await.registration_number;
        assert_eq!(given.as_deref(), Some("Д-2026-00001"));
    })
    .await;
}
