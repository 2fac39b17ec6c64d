//! The desk's list: its groups, and what may be chosen of it.

use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::desk::{DeskQuery, cursor_of_place, place_of_cursor};
use chancery::jobs::Runner;
use chancery::store::entity::{documents, tasks};
use chancery_types::id::{DocumentId, PersonId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Lets the head's task on a paper be due so many seconds from now, or never.
async fn due_in(paper: &Paper<'_>, seconds: Option<i64>) {
    let now = paper.house.app.now();
    let due = seconds.map(|seconds| now.plus_seconds(seconds).micros());
    tasks::Entity::update_many()
        .col_expr(tasks::Column::DueAt, Expr::value(due))
        .filter(tasks::Column::DocumentId.eq(paper.id.uuid()))
        .exec(paper.house.app.store.writer())
        .await
        .expect("kept");
}

/// Calls a paper by another kind.
async fn is_of(paper: &Paper<'_>, kind: &str) {
    documents::Entity::update_many()
        .col_expr(documents::Column::Kind, Expr::value(kind))
        .filter(documents::Column::Id.eq(paper.id.uuid()))
        .exec(paper.house.app.store.writer())
        .await
        .expect("kept");
}

/// Lets the accountant stand in for the head from now on.
async fn stands_in(house: &TestApp) {
    let from = house.app.now();
    let draft = AbsenceDraft {
        from,
        until: from.plus_seconds(5 * DAY),
        substitute: Some(house.vector.person("accountant")),
        kinds: std::collections::BTreeSet::new(),
        powers: Powers::Decide,
    };
    let (actor, head) = (house.actor("head"), house.vector.person("head"));
    let recorded = house.app.record_absence(&actor, head, &draft).await;
    recorded.expect("recorded");
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained");
}

/// Every page of the head's list, a task at a time.
async fn paged(house: &TestApp, is_by_kind: bool) -> Vec<DocumentId> {
    let mut query = DeskQuery {
        is_by_kind,
        ..DeskQuery::default()
    };
    let mut listed = Vec::new();
    for _ in 0..9 {
        let desk = house.app.list_my_tasks(&house.actor("head"), &query).await;
        let desk = desk.expect("a desk");
        listed.extend(desk.tasks.iter().map(|task| task.document_id));
        let Some(next) = desk.next else { break };
        // As the wire has it.
        query.after = Some(place_of_cursor(&cursor_of_place(&next)).expect("a place"));
    }
    listed
}

/// Goal: both orders of the list are whole over its pages, nothing twice and nothing left out.
/// Method: five papers of two kinds, two of them due at one instant and two never, a page of one.
#[tokio::test]
async fn a_paged_list_is_whole_in_either_order() {
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.limits.page_rows_max = 1;
        })
        .await;
        let mut papers = Vec::new();
        for due in [None, Some(DAY), Some(HOUR), Some(DAY), None] {
            let paper = Paper::started(&house, "50000.00").await;
            due_in(&paper, due).await;
            papers.push(paper);
        }
        for at in [1, 4] {
            is_of(&papers[at], "invoice").await;
        }
        let by_due = paged(&house, false).await;
        let by_kind = paged(&house, true).await;
        let at = |list: &[DocumentId]| -> Vec<usize> {
            let place = |id: &DocumentId| papers.iter().position(|paper| paper.id == *id);
            list.iter().map(|id| place(id).expect("one")).collect()
        };
        let (by_due, by_kind) = (at(&by_due), at(&by_kind));
        assert!(
            by_due == [2, 1, 3, 0, 4]
                || by_due == [2, 3, 1, 0, 4]
                || by_due == [2, 1, 3, 4, 0]
                || by_due == [2, 3, 1, 4, 0],
            "{by_due:?}"
        );
        assert_eq!(by_kind, [2, 3, 0, 1, 4], "contracts, then invoices");
        let wrong = place_of_cursor("AAAA").expect_err("no place");
        assert_eq!(code(&wrong), "cursor: cursor");
        house.close().await;
    }
}

/// Goal: what came to me in another's place is told apart and may be listed alone; whoever I do not
/// stand in for gives nothing. Method: the accountant in the head's place.
#[tokio::test]
async fn tasks_in_anothers_place_are_listed_alone() {
    on_both(async |house: &TestApp| {
        let _paper = Paper::started(house, "50000.00").await;
        stands_in(house).await;
        let accountant = house.actor("accountant");
        let of = async |holder: Option<PersonId>| {
            let query = DeskQuery {
                holder,
                ..DeskQuery::default()
            };
            let desk = house.app.list_my_tasks(&accountant, &query).await;
            desk.expect("a desk")
        };
        let all = of(None).await;
        let holders: Vec<(&str, i64)> = (all.holders.iter())
            .map(|one| (one.name.as_str(), one.tasks_count))
            .collect();
        assert_eq!(holders, [("Павел Громов", 1)]);
        let head = house.vector.person("head");
        assert_eq!(of(Some(head)).await.tasks.len(), 1);
        for other in ["accountant", "lawyer"] {
            let theirs = of(Some(house.vector.person(other))).await;
            assert!(theirs.tasks.is_empty(), "{other}");
        }
    })
    .await;
}

/// Goal: the page groups by urgency in words of the reader's own day and week, or by kind; filters
/// keep each other and are taken off by themselves. Method: five papers, due before now, today, on
/// Wednesday, in three weeks and never, on a Monday.
#[actix_web::test]
async fn the_desk_groups_by_urgency_and_by_kind() {
    let house = TestApp::single().await;
    let served = house.serve();
    let dues = [
        Some(-HOUR),
        Some(2 * HOUR),
        Some(2 * DAY),
        Some(21 * DAY),
        None,
    ];
    for due in dues {
        let paper = Paper::started(&house, "50000.00").await;
        due_in(&paper, due).await;
        if due.is_none() {
            is_of(&paper, "invoice").await;
        }
    }
    let head = Browser::of(&house, &served, house.vector.person("head")).await;
    let headings = async |path: &str| {
        let page = head.get(path).await.body;
        let parts = page.split("<h2 class=\"desk-group\">").skip(1);
        let titles = parts.map(|part| part.split("</h2>").next().unwrap_or_default().to_owned());
        (titles.collect::<Vec<String>>(), page)
    };
    let (titles, page) = headings("/tasks").await;
    let urgency = [
        "Просрочено",
        "Сегодня",
        "На этой неделе",
        "Позже",
        "Без срока",
    ];
    assert_eq!(titles, urgency, "{page}");
    assert!(page.contains("href=\"/tasks?by=kind\""), "{page}");
    let (titles, page) = headings("/tasks?by=kind").await;
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(
        page.contains("href=\"/tasks?overdue=1&#38;by=kind\""),
        "{page}"
    );
    let (titles, page) = headings("/tasks?overdue=1&by=kind").await;
    assert_eq!(titles.len(), 1, "{titles:?}");
    let off = "href=\"/tasks?by=kind\" aria-current=\"true\"";
    assert!(page.contains(off), "{page}");
    let (titles, page) = headings("/tasks?overdue=1&kind=invoice").await;
    assert!(
        titles.is_empty() && page.contains("Таких задач нет"),
        "{page}"
    );
    assert_eq!(head.get("/tasks?of=nobody").await.status, 404);
    assert_eq!(head.get("/tasks?cursor=AAAA").await.status, 422);
    served.stop().await;
    house.close().await;
}
