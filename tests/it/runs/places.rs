//! What people say of a place on a page: chosen without a script, marked, made a remark, let the
//! counterparty see.

use chancery::app::AppError;
use chancery::app::comments::{CommentDraft, PlaceDraft};
use chancery::app::tasks::TaskDecision;
use chancery::domain::place::Place;
use chancery::store::entity::remarks;
use chancery_types::id::DocumentId;
use chancery_workflow::Decision;
use sea_orm::EntityTrait as _;
use uuid::Uuid;

use super::discussion::{says, says_as};
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::guards::world::World;
use crate::support::{TestApp, on_both};

fn at(version_number: i64, page: i64, at: Option<(i64, i64)>) -> PlaceDraft {
    PlaceDraft {
        version_number,
        place: Place { page, at },
    }
}

async fn says_of(
    house: &TestApp,
    key: &str,
    id: DocumentId,
    (text, place): (&str, PlaceDraft),
) -> Result<Uuid, AppError> {
    let draft = CommentDraft {
        place: Some(place),
        ..says(text)
    };
    says_as(house, key, id, draft).await
}

/// Goal: what is said of a place is kept with it and numbered; a place that is on no page is
/// refused, and so is whoever does not see the document. Method: places within and without, on
/// both databases.
#[tokio::test]
async fn a_comment_has_its_place_on_a_page() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let middle = Some((5_000, 2_500));
        for (text, place) in [("Тут", at(1, 1, middle)), ("Вся страница", at(1, 1, None))]
        {
            let said = says_of(house, "initiator", paper.id, (text, place)).await;
            said.expect("said");
        }
        for wrong in [
            at(1, 0, None),
            at(1, 99, middle),
            at(2, 1, middle),
            at(1, 1, Some((10_001, 0))),
            at(1, 1, Some((0, -1))),
        ] {
            let said = says_of(house, "initiator", paper.id, ("Где?", wrong)).await;
            let refused = code(&said.expect_err("no such place"));
            assert_eq!(refused, "place: place-not-there", "{wrong:?}");
        }
        let hidden = says_of(house, "accountant", paper.id, ("Я", at(1, 1, None))).await;
        assert!(matches!(hidden, Err(AppError::Hidden)));
        let seen = house.app.discussion(&house.actor("head"), paper.id).await;
        let seen = seen.expect("seen").comments;
        let places: Vec<_> = seen.iter().map(|one| (one.place, one.mark)).collect();
        let first = Place {
            page: 1,
            at: middle,
        };
        assert_eq!(places, [(Some(first), 1), (Some(Place::on(1)), 2)]);
    })
    .await;
}

/// Goal: whoever decides takes what they said as remarks, each with its place, once, and nothing of
/// anybody else's or struck out. Method: a lawyer with three comments, one struck out, beside the
/// initiator's; then the rows and the remarks as read.
#[tokio::test]
async fn what_was_said_of_a_place_becomes_a_remark() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        paper.decides("head", Decision::Approve, "").await;
        let place = at(1, 1, Some((1_000, 9_000)));
        let own = says_of(house, "lawyer", paper.id, ("Неустойка", place)).await;
        let own = own.expect("said");
        let plain = says_as(house, "lawyer", paper.id, says("Подсудность")).await;
        let plain = plain.expect("said");
        let struck = says_of(house, "lawyer", paper.id, ("Оговорка", place)).await;
        let struck = struck.expect("said");
        let lawyer = house.actor("lawyer");
        let gone = house.app.strike_comment(&lawyer, struck).await;
        gone.expect("struck");
        let other = says_of(house, "initiator", paper.id, ("Моё", place)).await;
        let other = other.expect("said");
        let task = paper.task_of("lawyer").await;
        let offered = house.app.list_takeable(&lawyer, task).await;
        let offered: Vec<Uuid> = offered.expect("offered").iter().map(|c| c.row.id).collect();
        assert_eq!(offered, [own, plain]);

        let given = TaskDecision {
            said: vec![own, plain],
            remarks: vec!["И срок".to_owned()],
            ..paper.decision(Decision::ApproveWithRemarks, "x").await
        };
        for wrong in [other, struck, Uuid::nil()] {
            let wrong = TaskDecision {
                said: vec![own, wrong],
                ..given.clone()
            };
            let refused = house.app.decide_task(&lawyer, task, wrong).await;
            let refused = code(&refused.expect_err("not theirs"));
            assert_eq!(refused, "said: said-not-takeable");
        }
        let decided = house.app.decide_task(&lawyer, task, given.clone()).await;
        decided.expect("decided");
        let again = house.app.decide_task(&lawyer, task, given).await;
        assert_eq!(code(&again.expect_err("one decision")), "already-decided");

        let rows = remarks::Entity::find().all(house.app.store.reader()).await;
        assert_eq!(rows.expect("rows").len(), 3);
        let known = house
            .app
            .list_remarks(&house.actor("initiator"), paper.id)
            .await;
        let mut known: Vec<_> = (known.expect("remarks").into_iter())
            .map(|one| (one.row.text, one.place, one.mark, one.row.comment_id))
            .collect();
        known.sort_by(|one, next| one.0.cmp(&next.0));
        let expected = [
            ("И срок".to_owned(), None, 0, None),
            ("Неустойка".to_owned(), Some(place.place), 1, Some(own)),
            ("Подсудность".to_owned(), None, 0, Some(plain)),
        ];
        assert_eq!(known, expected);
    })
    .await;
}

/// Goal: a place is chosen by pressing the image, without a script, at both sizes; the form keeps
/// it through a refusal; the document's page marks it, and both lead to each other. Method: the
/// addresses that a browser makes.
#[actix_web::test]
async fn a_place_is_chosen_by_pressing_the_page() {
    let house = TestApp::single().await;
    let world = World::of(&house).await;
    let served = house.serve();
    let reader = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let document = format!("/documents/{}", world.asked);
    let page = format!("{document}/place?version=1&page=1");
    let shown = reader.get(&document).await.body;
    assert!(shown.contains(&page.replace('&', "&amp;")), "{shown}");
    assert!(!shown.contains("leaf-marks"), "nothing is marked");
    let blank = reader.get(&page).await.body;
    assert_eq!(blank.matches("type=\"image\"").count(), 2, "{blank}");
    assert!(!blank.contains("name=\"at_x\""), "{blank}");
    for (width, x) in [(320, 80), (720, 180)] {
        let pressed = reader
            .get(&format!("{page}&shown={width}&at.x={x}&at.y=1"))
            .await;
        assert!(
            pressed.body.contains("name=\"at_x\" value=\"2500\""),
            "{}",
            pressed.body
        );
    }
    for whole in ["&whole=1", "&shown=320&at.x=0&at.y=0"] {
        let whole = reader.get(&format!("{page}{whole}")).await.body;
        assert!(whole.contains("name=\"at_page\" value=\"1\""), "{whole}");
        assert!(!whole.contains("name=\"at_x\""), "{whole}");
    }
    let place = "at_version=1&at_page=1&at_x=2500&at_y=100";
    let comments = format!("{document}/comments");
    let refused = reader.post(&comments, &format!("{place}&text=%20")).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("name=\"at_x\" value=\"2500\""),
        "{}",
        refused.body
    );
    let broken = reader
        .post(&comments, "at_version=1&at_page=x&text=a")
        .await;
    assert_eq!(broken.status, 422);
    let said = reader.post(&comments, &format!("{place}&text=Here")).await;
    assert_eq!(said.status, 303, "{}", said.body);
    let shown = reader.get(&document).await.body;
    let key = shown.split("id=\"mark-").nth(1).expect("a mark");
    let key = key.split('"').next().expect("its end");
    for part in [
        format!("href=\"#comment-{key}\""),
        format!("id=\"comment-{key}\""),
        format!("{document}?version=1#mark-{key}"),
        "cx=\"25.00%\" cy=\"1.00%\"".to_owned(),
    ] {
        assert!(shown.contains(&part), "{part}: {shown}");
    }
    for gone in ["version=9&page=1", "version=1&page=99", "version=1&page=0"] {
        let answer = reader.get(&format!("{document}/place?{gone}")).await;
        assert_eq!(answer.status, 404, "{gone}");
    }
    let stranger = Browser::of(&house, &served, house.vector.person("accountant")).await;
    assert_eq!(stranger.get(&page).await.status, 404);
    served.stop().await;
    house.close().await;
}

/// Goal: the counterparty reads on the page itself what the initiator let it see, and nothing that
/// the house says among itself. Method: two comments on the page that its link shows.
#[actix_web::test]
async fn the_counterparty_sees_the_places_meant_for_it() {
    let house = TestApp::single().await;
    let world = World::of(&house).await;
    let place = at(1, 1, Some((2_500, 5_000)));
    let inside = says_of(&house, "initiator", world.sent, ("Между нами", place)).await;
    inside.expect("said");
    let outside = CommentDraft {
        place: Some(place),
        is_for_counterparty: true,
        ..says("Взгляните на этот пункт")
    };
    let outside = says_as(&house, "initiator", world.sent, outside).await;
    let outside = outside.expect("said");
    let served = house.serve();
    let visitor = Browser::of_visit(&served, &world.visit);
    let page = visitor.get("/s/read?from=1").await.body;
    for part in [
        "Взгляните на этот пункт",
        "Ольга Соколова",
        "cx=\"25.00%\" cy=\"50.00%\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Между нами"), "{page}");
    assert_eq!(page.matches("<circle").count(), 1, "{page}");
    let front = visitor.get("/s/document").await.body;
    assert!(front.contains("/s/read?from=1#page-1"), "{front}");
    let author = house.actor("initiator");
    let gone = house.app.strike_comment(&author, outside).await;
    gone.expect("struck");
    let page = visitor.get("/s/read?from=1").await.body;
    assert!(
        !page.contains("Взгляните") && !page.contains("<circle"),
        "{page}"
    );
    served.stop().await;
    house.close().await;
}
