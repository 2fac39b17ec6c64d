//! Where documents that are under way stand, for their initiators and for heads.

use chancery::app::page::PageRequest;
use chancery::app::progress::{Progress, ProgressQuery, Scope, Stands};
use chancery::domain::actor::Actor;
use chancery::store::entity::{definitions, questions};
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};

use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::signing::contract::Contract;
use crate::support::{TestApp, on_both};

const DAY: i64 = 24 * 3600;

fn all(rows_max: u64) -> PageRequest {
    PageRequest {
        after: None,
        rows_max,
    }
}

async fn seen(house: &TestApp, actor: &Actor, query: &ProgressQuery) -> Progress {
    let progress = house.app.list_progress(actor, query, &all(50)).await;
    progress.expect("seen")
}

/// Goal: whoever started documents sees where each stands, whose move it is, since when and what is
/// late; what is over is not told of. Method: a document with the head, one that was returned, a
/// draft; a week passes; a page of one row goes on to the other.
#[tokio::test]
async fn an_initiator_sees_whose_move_it_is() {
    on_both(async |house: &TestApp| {
        let initiator = house.actor("initiator");
        let mine = ProgressQuery::default();
        let nothing = seen(house, &initiator, &mine).await;
        assert_eq!((nothing.documents_count, nothing.late_count), (0, 0));
        let going = Paper::draft(house, "50000.00").await;
        let returned = Paper::draft(house, "60000.00").await;
        let _draft = Paper::draft(house, "70000.00").await;
        for paper in [&going, &returned] {
            let started = house.app.start_run(&initiator, paper.id).await;
            started.expect("started");
        }
        returned.decides("head", Decision::Return, "the sum").await;
        let progress = seen(house, &initiator, &mine).await;
        assert_eq!((progress.documents_count, progress.late_count), (2, 0));
        let [first, second] = progress.page.rows.as_slice() else {
            panic!("two documents: {progress:?}");
        };
        assert_eq!((first.id, second.id), (going.id, returned.id));
        let Stands::Stages { names, titles, .. } = &first.stands else {
            panic!("a stage: {first:?}");
        };
        assert_eq!(
            (names.as_slice(), titles.len()),
            (&["Павел Громов".to_owned()][..], 1)
        );
        assert_eq!(second.stands, Stands::Rework { names: Vec::new() });
        assert!(second.due_at.is_none() && progress.holders.is_empty());

        house.advance_seconds(30 * DAY);
        let late = ProgressQuery {
            only_late: true,
            ..ProgressQuery::default()
        };
        let late = seen(house, &initiator, &late).await;
        assert_eq!((late.documents_count, late.late_count), (2, 1));
        assert!(
            late.page
                .rows
                .iter()
                .all(|line| line.is_late && line.id == going.id)
        );
        assert_eq!(late.page.rows.len(), 1);

        let one = house.app.list_progress(&initiator, &mine, &all(1)).await;
        let one = one.expect("a page").page;
        assert_eq!(one.rows.len(), 1);
        let rest = PageRequest {
            after: one.next,
            rows_max: 1,
        };
        let rest = house.app.list_progress(&initiator, &mine, &rest).await;
        let rest = rest.expect("the other page").page;
        assert!(rest.rows[0].id == returned.id && rest.next.is_none());
    })
    .await;
}

/// Goal: a head sees the documents of their department, who holds how many and who is late; whoever
/// heads nothing and reads nobody's sees only their own, and of another organisation nobody sees
/// anything. Method: lists of the head, the cfo and the other organisation's initiator.
#[tokio::test]
async fn a_head_sees_the_department() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "50000.00").await;
        let initiator = house.actor("initiator");
        let started = house.app.start_run(&initiator, paper.id).await;
        started.expect("started");
        paper.decides("head", Decision::Approve, "").await;
        house.advance_seconds(30 * DAY);
        let head = house.actor("head");
        let of_department = ProgressQuery {
            scope: Scope::Department,
            ..ProgressQuery::default()
        };
        let progress = seen(house, &head, &of_department).await;
        assert_eq!((progress.documents_count, progress.late_count), (1, 1));
        let holders: Vec<(&str, i64, i64)> = (progress.holders.iter())
            .map(|line| (line.name.as_str(), line.tasks_count, line.late_count))
            .collect();
        assert_eq!(holders, [("Ирина Орлова", 1, 1), ("Степан Лосев", 1, 1)]);
        for (holder, count) in [
            (progress.holders[0].id, 1),
            (house.vector.person("head"), 0),
        ] {
            let theirs = ProgressQuery {
                holder: Some(holder),
                ..of_department.clone()
            };
            let theirs = seen(house, &head, &theirs).await;
            assert_eq!(theirs.page.rows.len(), count);
        }
        assert_eq!(
            seen(house, &head, &ProgressQuery::default())
                .await
                .documents_count,
            0
        );
        let refused = house
            .app
            .list_progress(&initiator, &of_department, &all(50))
            .await;
        assert_eq!(code(&refused.expect_err("heads nothing")), "hidden");
        let auditor = seen(house, &house.actor("auditor"), &of_department).await;
        assert_eq!(auditor.documents_count, 1, "who sees everything");
    })
    .await;
}

/// Goal: the page says it in words, on the way from the documents and the menu. Method: the pages
/// of the initiator and the head, with an address that names nobody.
#[actix_web::test]
async fn the_page_tells_where_documents_stand() {
    let house = TestApp::single().await;
    let served = house.serve();
    let paper = Paper::draft(&house, "50000.00").await;
    let started = house
        .app
        .start_run(&house.actor("initiator"), paper.id)
        .await;
    started.expect("started");
    house.advance_seconds(30 * DAY);
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    assert!(
        initiator
            .get("/documents")
            .await
            .body
            .contains("href=\"/progress\"")
    );
    let page = initiator.get("/progress").await.body;
    for words in [
        "Движение документов",
        "<strong>Павел Громов</strong>",
        "срок прошёл",
        "Просрочено 1",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("of=department"));
    assert_eq!(initiator.get("/progress?of=department").await.status, 404);
    assert_eq!(initiator.get("/progress?holder=nobody").await.status, 404);
    let head = Browser::of(&house, &served, house.vector.person("head")).await;
    let page = head.get("/progress?of=department&late=1").await.body;
    for words in ["У кого сколько", "инициатор ", "holder="] {
        assert!(page.contains(words), "{words}: {page}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: while a counterparty's question waits for an answer it is the initiator's move, and the
/// counterparty's again when it is answered. Method: the list and the page, on both databases.
#[tokio::test]
async fn a_waiting_question_is_the_initiators_move() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let initiator = house.actor("initiator");
        let (visit, contact) = contract.comes_verified().await;
        let mine = ProgressQuery::default();
        let stands = async || seen(house, &initiator, &mine).await.page.rows[0].clone();
        let Stands::Stages { names, asking, .. } = stands().await.stands else {
            panic!("a stage");
        };
        assert_eq!((names.len(), asking.len()), (1, 0), "{names:?}");
        house.advance_seconds(3600);
        let asked = house.app.ask_question(&contact, &visit, "Когда поставка?");
        asked.await.expect("asked");
        let line = stands().await;
        assert_eq!(line.since, house.app.now(), "since it was asked");
        let Stands::Stages {
            names: left,
            asking,
            ..
        } = line.stands
        else {
            panic!("a stage");
        };
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(asking, names);
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("initiator")).await;
        let page = browser.get("/progress").await.body;
        for words in ["вопрос задал контрагент", "<strong>вы</strong>"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        served.stop().await;
        let row = questions::Entity::find()
            .one(house.app.store.reader())
            .await;
        let question = row.expect("asked").expect("a question").id;
        let answered = house.app.answer_question(&initiator, question, "В марте");
        answered.await.expect("answered");
        let Stands::Stages { names: again, .. } = stands().await.stands else {
            panic!("a stage");
        };
        assert_eq!(again, names);
    })
    .await;
}

/// Goal: whoever heads others and started nothing lands on what there is; filters keep each other;
/// of whoever sees everything nothing is called a department's. Method: the pages of the head and
/// the auditor.
#[actix_web::test]
async fn a_head_lands_on_the_department_and_filters_keep_each_other() {
    let house = TestApp::single().await;
    let served = house.serve();
    let paper = Paper::draft(&house, "50000.00").await;
    let initiator = house.actor("initiator");
    let started = house.app.start_run(&initiator, paper.id);
    started.await.expect("started");
    house.advance_seconds(30 * DAY);
    let holder = house.vector.person("head");
    let head = Browser::of(&house, &served, holder).await;
    let page = head.get("/progress").await.body;
    for words in [
        "У кого сколько",
        "<strong>Павел Громов</strong>",
        "Документы подразделения 1",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let own = head.get("/progress?of=mine").await.body;
    assert!(!own.contains("Павел Громов</strong>"), "{own}");
    let theirs = format!("/progress?of=department&#38;late=1&#38;holder={holder}");
    let page = head
        .get(&format!("/progress?of=department&holder={holder}"))
        .await
        .body;
    assert!(page.contains(&format!("href=\"{theirs}\"")), "{page}");
    let late = head.get(&theirs.replace("&#38;", "&")).await.body;
    for path in [
        "href=\"/progress?of=department&#38;late=1\"".to_owned(),
        format!("href=\"/progress?of=department&#38;holder={holder}\""),
    ] {
        assert!(late.contains(&path), "{path}: {late}");
    }
    let auditor = Browser::of(&house, &served, house.vector.person("auditor")).await;
    let page = auditor.get("/progress").await.body;
    assert!(page.contains("Документы организации 1"), "{page}");
    assert!(!page.contains("Документы подразделения"), "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: a definition that cannot be read hides no document: its stages go by their paths. Method:
/// a run that is pinned to one, beside another run.
#[tokio::test]
async fn a_definition_that_cannot_be_read_hides_no_document() {
    let house = TestApp::single().await;
    let broken = Paper::started(&house, "50000.00").await;
    let whole = Paper::started(&house, "60000.00").await;
    let writer = house.app.store.writer();
    let kept = definitions::Entity::find().one(writer).await;
    let unreadable = definitions::Model {
        digest: "0".repeat(64),
        source: "{}".to_owned(),
        ..kept.expect("read").expect("a definition")
    };
    let unreadable = unreadable.into_active_model().reset_all();
    unreadable.insert(writer).await.expect("kept");
    let mut run = broken.run().await.into_active_model();
    run.definition_digest = Set("0".repeat(64));
    run.update(writer).await.expect("broken");
    let mine = ProgressQuery::default();
    let progress = seen(&house, &house.actor("initiator"), &mine).await;
    for (paper, is_titled) in [(&broken, false), (&whole, true)] {
        let rows = progress.page.rows.iter();
        let line = rows.clone().find(|line| line.id == paper.id);
        let Stands::Stages { titles, names, .. } = &line.expect("told of").stands else {
            panic!("a stage: {line:?}");
        };
        assert_eq!(names.as_slice(), ["Павел Громов"]);
        let title = titles[0].as_str();
        assert_eq!(title == "Руководитель инициатора", is_titled, "{title}");
    }
    house.close().await;
}

/// Goal: a head sees how fast decisions were made lately, by whom, of documents that are over as
/// well; after a month they count no more. Method: the head decides within two hours, a lawyer
/// within an hour of that; the list, on both databases, and the page.
#[tokio::test]
async fn a_head_sees_how_long_decisions_took() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "50000.00").await;
        let initiator = house.actor("initiator");
        let started = house.app.start_run(&initiator, paper.id).await;
        started.expect("started");
        house.advance_seconds(7_200);
        paper.decides("head", Decision::Approve, "").await;
        house.advance_seconds(3_600);
        paper.decides("lawyer", Decision::Return, "Срок").await;
        let of_department = ProgressQuery {
            scope: Scope::Department,
            ..ProgressQuery::default()
        };
        let head = house.actor("head");
        let paces = async || {
            let progress = seen(house, &head, &of_department).await;
            let lines = progress.holders.into_iter();
            let mut lines: Vec<_> = lines
                .map(|line| (line.name, line.done_count, line.mean_seconds))
                .filter(|(_, count, _)| *count > 0)
                .collect();
            lines.sort();
            lines
        };
        let expected = [
            ("Ирина Орлова".to_owned(), 1, Some(3_600)),
            ("Павел Громов".to_owned(), 1, Some(7_200)),
        ];
        assert_eq!(paces().await, expected);
        let withdrawn = house
            .app
            .withdraw_document(&initiator, paper.id, "Не нужно")
            .await;
        withdrawn.expect("withdrawn");
        assert_eq!(paces().await, expected, "of what is over as well");
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("head")).await;
        let page = browser.get("/progress?of=department").await.body;
        for words in ["В среднем за", "Павел Громов"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        house.advance_seconds(31 * DAY);
        assert!(paces().await.is_empty());
        // Not before: connections that its threads have opened end with them.
        served.stop().await;
    })
    .await;
}
