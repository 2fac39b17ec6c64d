//! What a stage allows beside deciding: asking one more person, giving a task away, remarks, the
//! discussion; and what a rejection says to whoever reworks the document.

use chancery::app::comments::CommentDraft;
use chancery::app::tasks::ApproverDraft;
use chancery::store::entity::outbox;
use chancery_workflow::{Decision, Place};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::own::house_with;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::Backend;

const STAGES: &str = "  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ head_of: legal }]
    allow: [add_approver, remarks]
  - id: chief
    type: approve
    title: { ru: Директор, en: Chief }
    assignees: [{ role: signatory }]
    allow: [reassign, comment]
    on_reject: { rework: { to: initiator, note: { ru: Приложите расчёт, en: Attach the estimate } } }
";

fn words(text: &str) -> CommentDraft {
    CommentDraft {
        text: text.to_owned(),
        people: Vec::new(),
        is_for_counterparty: false,
        place: None,
    }
}

/// Goal: each word of `allow` is what the house lets people do in a stage. Method: a stage that
/// allows remarks and one more approver, and one that allows the discussion and giving away; each
/// of the four is tried in each.
#[tokio::test]
async fn a_stage_lets_people_do_what_it_allows() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, STAGES).await;
        let app = &house.app;
        let lawyer = house.actor("lawyer");
        let paper = Paper::started(&house, "50000.00").await;
        assert_eq!(paper.waiting().await, "legal: lawyer");
        let task = paper.task_of("lawyer").await;
        let to = house.vector.person("second_lawyer");
        let tried = app.reassign_task(&lawyer, task, to).await;
        assert_eq!(code(&tried.expect_err("not allowed")), "may-not-reassign");
        let tried = app.add_comment(&lawyer, paper.id, &words("Почему?")).await;
        assert_eq!(code(&tried.expect_err("not here")), "comment-not-in-stage");
        let talk = app.discussion(&lawyer, paper.id).await.expect("read");
        assert!(!talk.may_comment, "the page offers what may be done");
        let initiator = house.actor("initiator");
        app.add_comment(&initiator, paper.id, &words("Прошу согласовать"))
            .await
            .expect("who is not asked talks");

        let draft = ApproverDraft {
            person: house.vector.person("security"),
            place: Place::Before,
            required: true,
        };
        app.add_approver(&lawyer, task, draft).await.expect("asked");
        assert_eq!(paper.waiting().await, "legal: lawyer, legal: security");
        let twice = app.add_approver(&lawyer, task, draft).await;
        assert_eq!(code(&twice.expect_err("twice")), "already-takes-part");
        let early = paper.try_decide("lawyer", Decision::Approve, "").await;
        assert_eq!(code(&early.expect_err("waits")), "waits-for-approver");
        let route = app.document_route(&lawyer, paper.id).await.expect("seen");
        let added = route.keeping.added.first().expect("told");
        assert!(added.may_drop && added.stage == "legal", "{added:?}");
        let other = app
            .document_route(&initiator, paper.id)
            .await
            .expect("seen");
        assert!(!other.keeping.added[0].may_drop, "not who asked");
        let security = house.vector.person("security");
        let tried = app.drop_approver(&initiator, paper.id, "legal", security);
        assert_eq!(
            code(&tried.await.expect_err("no")),
            "may-not-change-approvers"
        );
        app.drop_approver(&lawyer, paper.id, "legal", security)
            .await
            .expect("dropped");
        assert_eq!(paper.waiting().await, "legal: lawyer");
        paper.approves("lawyer").await;

        let signatory = house.actor("signatory");
        assert_eq!(paper.waiting().await, "chief: signatory");
        let tried = paper
            .try_decide("signatory", Decision::ApproveWithRemarks, "Срок")
            .await;
        assert_eq!(
            code(&tried.expect_err("not offered")),
            "decision-not-offered"
        );
        let task = paper.task_of("signatory").await;
        let tried = app.add_approver(&signatory, task, draft).await;
        let refused = tried.expect_err("not allowed");
        assert_eq!(code(&refused), "may-not-change-approvers");
        app.add_comment(&signatory, paper.id, &words("Где расчёт?"))
            .await
            .expect("allowed here");
        let cfo = house.vector.person("cfo");
        app.reassign_task(&signatory, task, cfo)
            .await
            .expect("given");
        assert_eq!(paper.waiting().await, "chief: cfo");
        house.close().await;
    }
}

/// Goal: what the workflow says to whoever reworks a document stands in the letter and on the page,
/// beside what the person said. Method: a rejection in the second stage.
#[tokio::test]
async fn a_rejection_that_sends_back_tells_what_is_needed() {
    let (house, _folder) = house_with(&Backend::single(), STAGES).await;
    let paper = Paper::started(&house, "50000.00").await;
    paper.approves("lawyer").await;
    let back = paper.decides("signatory", Decision::Reject, "Дорого").await;
    assert_eq!(back.waits_for, ["Ольга Соколова"]);
    assert_eq!(paper.document().await.state, "rework");
    let letter = outbox::Entity::find()
        .filter(outbox::Column::DocumentId.eq(paper.id.uuid()))
        .filter(outbox::Column::Kind.eq("returned"))
        .one(house.app.store.reader())
        .await;
    let letter = letter.expect("read").expect("a letter");
    let payload: serde_json::Value = serde_json::from_str(&letter.payload).expect("JSON");
    assert_eq!(
        payload["returns"][0]["note"], "Приложите расчёт",
        "{payload}"
    );
    let served = house.serve();
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let page = initiator.get(&format!("/documents/{}", paper.id)).await;
    assert!(page.body.contains("Дорого"), "{}", page.body);
    assert!(page.body.contains("Приложите расчёт"), "{}", page.body);
    served.stop().await;
    house.close().await;
}

/// Goal: the page of a task offers what its stage allows, and its form asks one more person.
#[tokio::test]
async fn the_page_of_a_task_asks_one_more_person() {
    let (house, _folder) = house_with(&Backend::single(), STAGES).await;
    let paper = Paper::started(&house, "50000.00").await;
    let served = house.serve();
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let task = paper.task_of("lawyer").await;
    let page = lawyer.get(&format!("/tasks/{task}")).await;
    assert!(page.body.contains("Спросить ещё одного"), "{}", page.body);
    assert!(!page.body.contains(&format!("/tasks/{task}/reassign")));
    let path = format!("/tasks/{task}/approver");
    assert_eq!(lawyer.get(&path).await.status, 200);
    let person = house.vector.person("security");
    let wrong = lawyer.post(&path, "person=&place=beside").await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let fields = format!("person={person}&place=after&required=yes");
    let asked = lawyer.post(&path, &fields).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let again = lawyer.post(&path, &fields).await;
    assert_eq!(again.status, 409, "{}", again.body);
    paper.approves("lawyer").await;
    assert_eq!(paper.waiting().await, "legal: security", "after the others");
    served.stop().await;
    house.close().await;
}
