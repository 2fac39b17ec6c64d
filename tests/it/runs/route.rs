//! The desk and the route as pages read them.

use std::collections::BTreeSet;

use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::desk::{DeskQuery, DueSpan, Want};
use chancery::entropy;
use chancery::store::entity::{documents, versions};
use chancery_workflow::{Decision, StagePhase};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::{TestApp, on_both};

/// Goal: before the start the route names who will be asked and what will be skipped; afterwards
/// who decided. Method: read the route of a small contract twice.
#[tokio::test]
async fn a_route_forecasts_and_then_tells() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let route = app
            .document_route(&initiator, paper.id)
            .await
            .expect("a route");
        assert!(route.may.start && route.run.is_none());
        assert_eq!(route.nodes.len(), 8);
        assert_eq!(
            route.nodes[1].stages.len(),
            2,
            "one block with two branches"
        );
        assert!(matches!(
            route.nodes[3].stages[0].phase,
            StagePhase::Skipped(_)
        ));
        assert_eq!(route.nodes[0].stages[0].people[0].name, "Павел Громов");
        assert_eq!(
            route.nodes[6].stages[0].people[0].beside.as_deref(),
            Some("ООО «Ромашка»")
        );
        let hidden = app.document_route(&house.actor("cfo"), paper.id).await;
        assert_eq!(code(&hidden.expect_err("not concerned")), "hidden");

        app.start_run(&initiator, paper.id).await.expect("started");
        paper.decides("head", Decision::Approve, "").await;
        let route = app
            .document_route(&house.actor("lawyer"), paper.id)
            .await
            .expect("a route");
        let manager = &route.nodes[0].stages[0];
        assert_eq!(manager.people[0].decision, Some(Decision::Approve));
        let mine = route.my_task.expect("the lawyer's task");
        assert_eq!(mine.version_digest, paper.digest().await.hex());
        assert_eq!(route.waits_for, ["Ирина Орлова", "Степан Лосев"]);
        assert!(!route.may.withdraw, "not the lawyer's to withdraw");
    })
    .await;
}

/// Goal: before they press Start, the initiator reads why a stage is needed or not, with the values
/// of the card, who is away and who stands in; and sees the route as a picture, before and after.
/// Method: the page of a small and of a large contract; the head is away with and without somebody
/// in their place.
#[actix_web::test]
async fn the_page_says_why_before_the_start() {
    let house = TestApp::single().await;
    let served = house.serve();
    let now = house.app.now();
    let head = house.vector.person("head");
    let mut away = AbsenceDraft {
        from: now,
        until: now.plus_seconds(5 * 24 * 3600),
        substitute: None,
        kinds: BTreeSet::new(),
        powers: Powers::Decide,
    };
    let (app, actor) = (&house.app, house.actor("head"));
    let alone = app.record_absence(&actor, head, &away).await;
    let alone = alone.expect("recorded");
    let small = Paper::draft(&house, "50000.00").await;
    let initiator = house.vector.person("initiator");
    let browser = Browser::of(&house, &served, initiator).await;
    let read = async |paper: &Paper<'_>| {
        let answer = browser.get(&format!("/documents/{}", paper.id)).await;
        assert_eq!(answer.status, 200);
        answer.body
    };
    let page = read(&small).await;
    let not_needed = "Условие не выполнено. В карточке: Сумма: 50\u{a0}000,00\u{a0}₽";
    assert!(page.contains(not_needed), "{page}");
    let condition = "«Отсрочка платежа, дней» больше 30";
    assert!(page.contains(condition), "{page}");
    assert!(!page.contains("doc.") && !page.contains("param("), "{page}");
    assert!(page.contains("никто не замещает"), "{page}");
    assert!(page.contains("Кто и почему будет решать"), "{page}");
    assert!(
        page.contains("class=\"diagram-box diagram-skipped\""),
        "the CFO is not asked"
    );
    assert!(page.contains("– не нужен"), "{page}");

    app.end_absence(&actor, alone).await.expect("ended");
    away.substitute = Some(house.vector.person("accountant"));
    app.record_absence(&actor, head, &away)
        .await
        .expect("recorded");
    let large = Paper::draft(&house, "6000000.00").await;
    let page = read(&large).await;
    assert!(
        page.contains("Условие выполнено. В карточке: Сумма: 6\u{a0}000\u{a0}000,00\u{a0}₽"),
        "{page}"
    );
    assert!(page.contains("замещает: Зоя Карпова"), "{page}");
    let start = house.actor("initiator");
    app.start_run(&start, large.id).await.expect("started");
    let page = read(&large).await;
    assert!(
        page.contains("class=\"diagram-box diagram-open\""),
        "{page}"
    );
    assert!(page.contains("● идёт сейчас"), "{page}");
    assert!(!page.contains(" style="), "nothing that the policy refuses");
    served.stop().await;
}

/// Goal: why a stage applies is said by the words of the form, not by the codes of its choices.
/// Method: an agreement of a kind whose conditions read choices, in both languages of the reader.
#[actix_web::test]
async fn choices_are_told_by_their_titles() {
    let house = TestApp::single().await;
    let served = house.serve();
    let paper = Paper::draft(&house, "50000.00").await;
    let writer = house.app.store.writer();
    let row = documents::Entity::find_by_id(paper.id.uuid()).one(writer);
    let mut row = row
        .await
        .expect("read")
        .expect("a draft")
        .into_active_model();
    let text = |value: &str| json!({ "type": "text", "value": value });
    let reference = |id: Uuid| json!({ "type": "reference", "value": id });
    let home = &house.vector;
    let card = json!({
        "counterparty": reference(home.counterparty.uuid()),
        "counterparty_contact": reference(home.contact.uuid()),
        "department": reference(home.departments["sales"].uuid()),
        "purpose": text("Тендер"), "text_of": text("theirs"),
        "law": text("foreign"), "secrecy": text("personal"),
    });
    let found = versions::Entity::find()
        .filter(versions::Column::DocumentId.eq(paper.id.uuid()))
        .one(writer);
    let mut version = found.await.expect("read").expect("a version");
    version.id = entropy::id(house.app.now());
    version.number = 2;
    version.card = card.to_string();
    row.kind = Set("nda".to_owned());
    row.card = Set(card.to_string());
    let row = row.update(writer).await.expect("another kind");
    let initiator = house.vector.person("initiator");
    let browser = Browser::of(&house, &served, initiator).await;
    let page = browser.get(&format!("/documents/{}", paper.id)).await.body;
    let missing = "В карточке не заполнено или заполнено неверно поле «Применимое право».";
    assert!(page.contains(missing), "{page}");
    let mut row = row.into_active_model();
    row.current_version_id = Set(Some(version.id));
    let version = version.into_active_model().reset_all();
    version.insert(writer).await.expect("another version");
    row.update(writer).await.expect("its version");
    let page = browser.get(&format!("/documents/{}", paper.id)).await.body;
    for words in [
        "Применимое право: Иностранное",
        "Чей текст: Текст контрагента",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("право: foreign"), "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: an administrator reads each workflow: picture, examples, text. Nobody else does.
#[actix_web::test]
async fn an_administrator_reads_the_workflows() {
    let house = TestApp::single().await;
    let served = house.serve();
    let administrator = house.vector.person("administrator");
    let browser = Browser::of(&house, &served, administrator).await;
    let list = browser.get("/workflows").await.body;
    assert!(list.contains("/workflows/contract") && list.contains("/workflows/invoice"));
    let page = browser.get("/workflows/contract").await.body;
    assert!(
        page.contains("<svg class=\"diagram\" role=\"img\""),
        "{page}"
    );
    assert!(page.contains("a new price asks everybody again"), "{page}");
    assert!(!page.contains("расходится"), "every example holds");
    assert!(page.contains("apiVersion: approvals/v1"), "{page}");
    assert_eq!(browser.get("/workflows/nothing").await.status, 404);
    let initiator = house.vector.person("initiator");
    let other = Browser::of(&house, &served, initiator).await;
    assert_eq!(other.get("/workflows").await.status, 404);
    assert_eq!(other.get("/workflows/contract").await.status, 404);
    served.stop().await;
}

/// Goal: a running route still names who will be asked and says what its condition will skip; a run
/// that is over promises nothing. Method: read it on the way, after a return and after a rejection.
#[tokio::test]
async fn a_route_names_who_comes_until_nobody_does() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let read = async || app.document_route(&initiator, paper.id).await;
        let route = read().await.expect("a route");
        let (skipped, signs) = (&route.nodes[3].stages[0], &route.nodes[5].stages[0]);
        assert!(matches!(skipped.phase, StagePhase::Skipped(_)) && skipped.is_unreached);
        assert_eq!(signs.phase, StagePhase::Pending);
        assert_eq!(signs.people[0].name, "Виктор Егоров");
        assert_eq!(
            route.nodes[6].stages[0].people[0].beside.as_deref(),
            Some("ООО «Ромашка»")
        );
        let titles = [&route.nodes[1], &route.nodes[5], &route.nodes[6]]
            .map(|node| node.title.as_ref().unwrap_or(&node.stages[0].title));
        assert!(route.next.iter().eq(titles), "{:?}", route.next);

        paper.decides("head", Decision::Return, "Дорого").await;
        let route = read().await.expect("a route");
        assert!(route.may.resubmit && !route.may.is_revised);
        paper.brings_version(&house.vector, "6000000.00", 2).await;
        let route = read().await.expect("a route");
        assert!(route.may.is_revised);
        app.resubmit_run(&initiator, paper.id, None)
            .await
            .expect("resubmitted");
        let route = read().await.expect("a route");
        let cfo = &route.nodes[3].stages[0];
        assert_eq!(cfo.phase, StagePhase::Pending, "the new amount asks for it");
        assert!(!cfo.people.is_empty());

        paper.decides("head", Decision::Reject, "Не берём").await;
        let route = read().await.expect("a route");
        let later = &route.nodes[5].stages[0];
        assert_eq!(later.phase, StagePhase::Cancelled);
        assert!(later.is_unreached && later.people.is_empty());
        assert!(route.next.is_empty());
    })
    .await;
}

/// Goal: what one's own documents want stands on the desk, and is gone when it is done. Method: a
/// returned contract, read by its initiator and by somebody else.
#[tokio::test]
async fn a_desk_tells_initiators_what_their_documents_want() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let lawyer = house.actor("lawyer");
        let desk = async |actor| {
            app.list_my_tasks(actor, &DeskQuery::default())
                .await
                .expect("a desk")
        };
        assert!(desk(&initiator).await.owed.is_empty());
        paper.decides("head", Decision::Return, "Дорого").await;
        let owed = desk(&initiator).await.owed;
        assert_eq!(owed.len(), 1);
        assert_eq!(owed[0].document_id, paper.id);
        let (by, comment) = ("Павел Громов".to_owned(), "Дорого".to_owned());
        assert_eq!(owed[0].want, Want::Rework { by, comment });
        let counted = app.count_own_work(&initiator).await;
        assert_eq!(counted.expect("a count"), 1);
        assert!(desk(&lawyer).await.owed.is_empty());
        app.resubmit_run(&initiator, paper.id, Some("Цена верна"))
            .await
            .expect("resubmitted");
        assert!(desk(&initiator).await.owed.is_empty());
    })
    .await;
}

/// Goal: remarks that wait for an answer stand on their initiator's desk, by page too, until they
/// are answered or the document has ended. Method: an approval with two remarks; one is answered,
/// then the document is withdrawn.
#[tokio::test]
async fn open_remarks_wait_on_the_desk_until_they_are_answered_or_the_document_ends() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let mut given = paper
            .decision(Decision::ApproveWithRemarks, "Опечатка")
            .await;
        given.remarks.push("Нет даты".to_owned());
        let task = paper.task_of("head").await;
        let decided = app.decide_task(&house.actor("head"), task, given).await;
        decided.expect("decided");
        let wants = async |actor| {
            let desk = app.list_my_tasks(actor, &DeskQuery::default()).await;
            let owed = desk.expect("a desk").owed;
            let count = app.count_own_work(actor).await.expect("a count");
            (
                owed.into_iter().map(|work| work.want).collect::<Vec<_>>(),
                count,
            )
        };
        assert_eq!(
            wants(&initiator).await,
            (vec![Want::Remarks { count: 2 }], 1)
        );
        let head = house.actor("head");
        let (others, _) = wants(&head).await;
        assert!(others.is_empty(), "{others:?}");
        let remarks = app.list_remarks(&initiator, paper.id).await;
        let id = remarks.expect("remarks")[0].row.id.into();
        app.close_remark(&initiator, id, "Исправим")
            .await
            .expect("closed");
        let (left, _) = wants(&initiator).await;
        assert_eq!(left, [Want::Remarks { count: 1 }]);
        app.withdraw_document(&initiator, paper.id, "Не нужен")
            .await
            .expect("withdrawn");
        assert_eq!(wants(&initiator).await, (vec![], 0));
    })
    .await;
}

/// Goal: a draft waits for its initiator until it is sent or given up; given up, it takes nothing
/// more and says so. Method: the desk, the button, the use case, the history.
#[tokio::test]
async fn a_draft_waits_for_its_initiator_and_may_be_given_up() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let owed = async || {
            let desk = app.list_my_tasks(&initiator, &DeskQuery::default()).await;
            desk.expect("a desk").owed
        };
        assert_eq!(owed().await[0].want, Want::Start);
        let route = app.document_route(&initiator, paper.id).await;
        assert!(route.expect("a route").may.withdraw);
        let other = house.actor("head");
        let refused = app.withdraw_document(&other, paper.id, "").await;
        assert_eq!(code(&refused.expect_err("not theirs")), "denied");
        app.withdraw_document(&initiator, paper.id, "Ошибся")
            .await
            .expect("withdrawn");
        assert!(owed().await.is_empty());
        let sheet = app.document_sheet(&initiator, paper.id, None).await;
        let sheet = sheet.expect("a sheet");
        assert_eq!(sheet.document.state, "withdrawn");
        let last = sheet.history.first().expect("an event");
        assert_eq!(last.action, "document.withdrawn");
        assert_eq!(last.details["reason"], "Ошибся");
        for refused in [
            app.withdraw_document(&initiator, paper.id, "Опять").await,
            app.start_run(&initiator, paper.id).await.map(|_| ()),
        ] {
            let refused = code(&refused.expect_err("it is over"));
            assert!(
                ["no-live-run", "document-not-draft"].contains(&&*refused),
                "{refused}"
            );
        }
    })
    .await;
}

/// Goal: what one branch returned while the other still decides is not told as if it went on.
/// Method: a lawyer returns, the accountant is still asked: what comes next, in the route and on
/// the page.
#[tokio::test]
async fn a_route_tells_that_a_document_will_come_back() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "200000.00").await;
        paper.decides("head", Decision::Approve, "").await;
        let app = &house.app;
        let route = async || {
            let route = app
                .document_route(&house.actor("initiator"), paper.id)
                .await;
            route.expect("a route")
        };
        assert!(!route().await.next.is_empty());
        paper.decides("lawyer", Decision::Return, "Цена").await;
        let now = route().await;
        assert!(now.next.is_empty(), "{:?}", now.next);
        assert_eq!(now.waits_for.len(), 1);
    })
    .await;
}

/// Goal: the desk shows what waits, the soonest due first, what is urgent, and what changed since
/// one last decided. Method: two contracts, a clock, a rework.
#[tokio::test]
async fn a_desk_says_what_waits_and_what_changed() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let first = Paper::started(house, "50000.00").await;
        house.advance_seconds(3600);
        let second = Paper::started(house, "60000.00").await;
        let head = house.actor("head");
        let desk = app
            .list_my_tasks(&head, &DeskQuery::default())
            .await
            .expect("a desk");
        let listed: Vec<_> = desk.tasks.iter().map(|task| task.document_id).collect();
        assert_eq!(listed, [first.id, second.id]);
        assert_eq!((desk.open_count, desk.urgent_count), (2, 2));
        assert_eq!(desk.kinds[0].title, "Договор");
        let line = &desk.tasks[0];
        assert_eq!(line.counterparty_name.as_deref(), Some("ООО «Ромашка»"));
        assert_eq!(
            line.amount.as_ref().map(ToString::to_string).as_deref(),
            Some("RUB 50000.00")
        );
        assert_eq!(line.stage_title, "Руководитель инициатора");

        house.advance_seconds(86_400 - 1800);
        let desk = app
            .list_my_tasks(&head, &DeskQuery::default())
            .await
            .expect("a desk");
        assert!(desk.tasks[0].is_overdue && !desk.tasks[1].is_overdue);
        // What is late is not counted among what will be due.
        assert_eq!((desk.urgent_count, desk.overdue_count), (2, 1));
        for (due, expected) in [
            (DueSpan::Any, vec![first.id, second.id]),
            (DueSpan::Urgent, vec![first.id, second.id]),
            (DueSpan::Overdue, vec![first.id]),
            (DueSpan::Soon, vec![second.id]),
        ] {
            let query = DeskQuery {
                due,
                ..DeskQuery::default()
            };
            let desk = app.list_my_tasks(&head, &query).await.expect("a desk");
            let listed: Vec<_> = desk.tasks.iter().map(|task| task.document_id).collect();
            assert_eq!(listed, expected, "{due:?}");
        }
        first.decides("head", Decision::Return, "Дорого").await;
        first.brings_version(&house.vector, "40000.00", 2).await;
        app.resubmit_run(&house.actor("initiator"), first.id, None)
            .await
            .expect("resubmitted");
        let desk = app
            .list_my_tasks(&head, &DeskQuery::default())
            .await
            .expect("a desk");
        let again = desk
            .tasks
            .iter()
            .find(|task| task.document_id == first.id)
            .expect("listed");
        assert_eq!((again.version_number, again.changed_since), (2, Some(1)));
        assert_eq!(desk.recent.len(), 1);
        let none = DeskQuery {
            kind: Some("invoice".to_owned()),
            ..DeskQuery::default()
        };
        let desk = app.list_my_tasks(&head, &none).await.expect("a desk");
        assert_eq!((desk.tasks.len(), desk.open_count), (0, 2));
    })
    .await;
}

/// Goal: registration numbers have no gap: a start that is refused takes none. Method: one contract
/// without a manager to ask between two good ones… the refused one has no version.
#[tokio::test]
async fn a_refused_start_takes_no_number() {
    on_both(async |house: &TestApp| {
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let first = Paper::started(house, "50000.00").await;
        let broken = Paper::draft(house, "50000.00").await;
        let stranger = app.start_run(&house.actor("head"), broken.id).await;
        assert_eq!(code(&stranger.expect_err("not the initiator")), "denied");
        let twice = app.start_run(&initiator, first.id).await;
        assert_eq!(code(&twice.expect_err("started")), "document-not-draft");
        let second = Paper::started(house, "50000.00").await;
        let number = second.document().await.registration_number;
        assert_eq!(number.as_deref(), Some("Д-2026-00002"));
    })
    .await;
}
