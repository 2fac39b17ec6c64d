//! Forms: fields of the card that a stage fills before it agrees.

use std::collections::BTreeMap;

use chancery_workflow::Decision;

use super::own::house_with;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::Backend;

const POSTING: &str = "  - id: posting
    type: approve
    title: { ru: Бухгалтерия, en: Accounting }
    assignees: [{ role: accountant }]
    form: { required: [doc.account] }
  - id: check
    type: approve
    title: { ru: Проверка, en: Check }
    assignees: [{ role: cfo }]
";

fn typed(value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("account".to_owned(), value.to_owned())])
}

/// Goal: nobody agrees before the form is filled, what is filled is checked as the card is, stands
/// on the document, makes no version and takes no vote away. Method: an accountant, on both.
#[tokio::test]
async fn a_stage_fills_its_fields_before_it_agrees() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, POSTING).await;
        let paper = Paper::started(&house, "50000.00").await;
        let (app, accountant) = (&house.app, house.actor("accountant"));
        let task = paper.task_of("accountant").await;
        let early = paper.try_decide("accountant", Decision::Approve, "").await;
        assert_eq!(
            code(&early.expect_err("nothing is filled")),
            "form-incomplete"
        );
        let digest = paper.digest().await;
        let fill = async |fields: &BTreeMap<String, String>| {
            let filled = app.fill_form(&accountant, task, digest, fields).await;
            filled.map_err(|error| code(&error)).map(|_| ())
        };
        assert_eq!(
            fill(&typed(" ")).await,
            Err("card.account: required".to_owned())
        );
        let long = typed("012345678901234567890");
        assert_eq!(fill(&long).await, Err("card.account: too-long".to_owned()));
        let other = BTreeMap::from([
            ("account".to_owned(), "60.01".to_owned()),
            ("payment_days".to_owned(), "700".to_owned()),
        ]);
        assert_eq!(
            fill(&other).await,
            Err("card.payment_days: unknown".to_owned())
        );
        let stranger = app
            .fill_form(&house.actor("cfo"), task, digest, &typed("1"))
            .await;
        assert_eq!(code(&stranger.expect_err("not theirs")), "hidden");

        fill(&typed("60.01")).await.expect("filled");
        let route = app
            .document_route(&accountant, paper.id)
            .await
            .expect("a route");
        assert!(route.my_task.expect("a task").is_form_filled);
        paper.approves("accountant").await;
        assert_eq!(paper.digest().await, digest, "no new version");
        assert_eq!(paper.waiting().await, "check: cfo");
        let sheet = app
            .document_sheet(&accountant, paper.id, None)
            .await
            .expect("a sheet");
        let account = sheet.card.get("account").expect("filled");
        assert_eq!(
            account,
            &chancery_types::FieldValue::Text("60.01".to_owned())
        );
        assert_eq!(sheet.versions.len(), 1);
        let events = paper.events().await;
        assert_eq!(
            events
                .iter()
                .filter(|event| *event == "task.form_filled")
                .count(),
            1
        );
        let late = app.fill_form(&accountant, task, digest, &typed("2")).await;
        assert_eq!(code(&late.expect_err("decided")), "already-decided");
        let here = app
            .task_form(&house.actor("cfo"), paper.task_of("cfo").await)
            .await;
        assert_eq!(code(&here.expect_err("no form")), "form-not-here");
        house.close().await;
    }
}

/// Goal: whoever refuses need not fill anything. Method: a return with an empty form.
#[tokio::test]
async fn whoever_refuses_fills_nothing() {
    let (house, _folder) = house_with(&Backend::single(), POSTING).await;
    let paper = Paper::started(&house, "50000.00").await;
    paper
        .decides("accountant", Decision::Return, "Нет счёта")
        .await;
    assert_eq!(paper.document().await.state, "rework");
    house.close().await;
}

/// Goal: the page asks first for the fields, keeps what is typed wrong, and then offers to approve.
/// Method: a browser.
#[actix_web::test]
async fn the_page_asks_for_the_fields_first() {
    let (house, _folder) = house_with(&Backend::single(), POSTING).await;
    let served = house.serve();
    let paper = Paper::started(&house, "50000.00").await;
    let task = paper.task_of("accountant").await;
    let person = house.vector.person("accountant");
    let accountant = Browser::of(&house, &served, person).await;
    let page = accountant.get(&format!("/tasks/{task}")).await.body;
    let path = format!("/tasks/{task}/form");
    assert!(
        page.contains(&path) && page.contains("Заполнить поля"),
        "{page}"
    );
    assert!(
        !page.contains(&format!("/tasks/{task}/approve")),
        "not before"
    );
    let form = accountant.get(&path).await.body;
    assert!(
        form.contains("Счёт проводки") && !form.contains("card.amount"),
        "{form}"
    );
    let digest = paper.digest().await.hex();
    let wrong = format!("version_digest={digest}&card.account=012345678901234567890");
    let answer = accountant.post(&path, &wrong).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("012345678901234567890"),
        "{}",
        answer.body
    );
    let right = format!("version_digest={digest}&card.account=60.01");
    let answer = accountant.post(&path, &right).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = accountant.get(&format!("/tasks/{task}")).await.body;
    assert!(page.contains(&format!("/tasks/{task}/approve")), "{page}");
    assert!(page.contains("60.01"), "on the card: {page}");
    served.stop().await;
    house.close().await;
}
