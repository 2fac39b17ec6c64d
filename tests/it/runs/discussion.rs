//! What people say of a document outside any decision.

use chancery::app::comments::{CommentDraft, PER_HOUR_MAX};
use chancery::app::{AppError, comments::COMMENTS_MAX};
use chancery::store::entity::{audit_events, comments};
use chancery_types::id::DocumentId;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _};
use sea_orm::{PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::guards::Browser;
use crate::guards::world::World;
use crate::signing::contract::{Contract, code};
use crate::support::{TestApp, on_both};

pub fn says(text: &str) -> CommentDraft {
    CommentDraft {
        text: text.to_owned(),
        people: Vec::new(),
        is_for_counterparty: false,
        place: None,
    }
}

pub async fn says_as(
    house: &TestApp,
    key: &str,
    id: DocumentId,
    draft: CommentDraft,
) -> Result<Uuid, AppError> {
    let actor = house.actor(key);
    house.app.add_comment(&actor, id, &draft).await
}

/// What is wrong with the text.
fn wrong(said: Result<Uuid, AppError>) -> &'static str {
    match said {
        Err(AppError::Invalid { fields }) => fields[0].code,
        other => panic!("refused for its text: {other:?}"),
    }
}

async fn written(house: &TestApp) -> u64 {
    let counted = comments::Entity::find().count(house.app.store.reader());
    counted.await.expect("a count")
}

/// Goal: people talk on a document and tell each other by name, each is mailed once, and a mention
/// lets nobody in. Method: a contract with the head; whoever has no part in it is named, does not
/// see it, and is neither mailed nor let in.
#[tokio::test]
async fn a_mention_is_mailed_and_lets_nobody_in() {
    on_both(async |house: &TestApp| {
        let contract = Contract::started(house).await;
        let id = contract.id;
        let draft = CommentDraft {
            people: vec![house.vector.person("head")],
            ..says("@павел громов, посмотрите п. 4")
        };
        says_as(house, "initiator", id, draft).await.expect("said");
        assert_eq!(contract.told("mentioned").await.len(), 1, "told once");
        let (letter, _) = contract.letter("mentioned").await;
        assert!(letter.payload.contains("посмотрите п. 4"));
        assert_eq!(letter.person_id, Some(house.vector.person("head").uuid()));
        says_as(house, "head", id, says("Смотрю"))
            .await
            .expect("answered");
        let seen = house.app.discussion(&house.actor("head"), id).await;
        let seen = seen.expect("seen");
        let texts: Vec<&str> = seen
            .comments
            .iter()
            .map(|one| one.row.text.as_str())
            .collect();
        assert_eq!(texts, ["@павел громов, посмотрите п. 4", "Смотрю"]);
        assert_eq!(seen.comments[0].mentioned, ["Павел Громов"]);
        assert!(!seen.comments[0].may_strike && seen.comments[1].may_strike);
        assert!(!seen.may_tell_counterparty);

        let before = written(house).await;
        let hidden = CommentDraft {
            people: vec![house.vector.person("accountant")],
            ..says("Что скажете?")
        };
        let said = says_as(house, "initiator", id, hidden).await;
        assert_eq!(wrong(said), "mention-hidden");
        let stranger = CommentDraft {
            people: vec![house.northwind.person("head")],
            ..says("Что скажете?")
        };
        let said = says_as(house, "initiator", id, stranger).await;
        assert_eq!(wrong(said), "not-a-choice", "of another organisation");
        for (text, why) in [("@Никто Никогда", "mention-unknown"), ("  ", "empty")] {
            assert_eq!(
                wrong(says_as(house, "initiator", id, says(text)).await),
                why
            );
        }
        let long = "я".repeat(4001);
        let said = says_as(house, "initiator", id, says(&long)).await;
        assert_eq!(wrong(said), "too-long");
        let said = says_as(house, "accountant", id, says("Я тоже")).await;
        assert!(matches!(said, Err(AppError::Hidden)), "{said:?}");
        let read = house.app.discussion(&house.actor("accountant"), id).await;
        assert!(matches!(read, Err(AppError::Hidden)));
        assert_eq!(written(house).await, before);
        assert_eq!(contract.told("mentioned").await.len(), 1);
    })
    .await;
}

/// Goal: what was said is struck out by its author alone, once, and both are in the log without the
/// words.
#[tokio::test]
async fn an_author_strikes_out_and_nobody_else() {
    on_both(async |house: &TestApp| {
        let contract = Contract::started(house).await;
        let said = says_as(house, "initiator", contract.id, says("Оговорился"));
        let said = said.await.expect("said");
        let (author, head) = (house.actor("initiator"), house.actor("head"));
        let strange = house.actor("accountant");
        let strange = house.app.strike_comment(&strange, said).await;
        assert!(matches!(strange, Err(AppError::Hidden)));
        let other = house.app.strike_comment(&head, said).await;
        assert!(matches!(other, Err(AppError::Denied)));
        house
            .app
            .strike_comment(&author, said)
            .await
            .expect("struck");
        let again = house.app.strike_comment(&author, said).await;
        assert_eq!(code(&again.expect_err("struck before")), "comment-struck");
        let seen = house
            .app
            .discussion(&head, contract.id)
            .await
            .expect("seen");
        assert_eq!(seen.comments[0].row.text, "Оговорился");
        assert!(seen.comments[0].row.struck_at.is_some());
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::SubjectKind.eq("comment"))
            .all(house.app.store.reader())
            .await
            .expect("events");
        let mut names: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["comment.added", "comment.struck"]);
        assert!(
            events
                .iter()
                .all(|event| !event.details.contains("Оговорился"))
        );
    })
    .await;
}

/// Goal: only the initiator lets the counterparty see what is said, only where it has a link, and
/// it is read on the link after the code and until it is struck out.
#[tokio::test]
async fn the_counterparty_sees_what_is_meant_for_it() {
    on_both(async |house: &TestApp| {
        let outside = |text: &str| CommentDraft {
            is_for_counterparty: true,
            ..says(text)
        };
        let early = Contract::started(house).await;
        let said = says_as(house, "initiator", early.id, outside("Рано")).await;
        assert_eq!(code(&said.expect_err("no link")), "comment-nobody-outside");

        let contract = Contract::at_counterparty(house).await;
        let said = says_as(house, "head", contract.id, outside("От начальника")).await;
        assert!(matches!(said, Err(AppError::Denied)), "{said:?}");
        says_as(house, "head", contract.id, says("Между нами"))
            .await
            .expect("said");
        let said = says_as(
            house,
            "initiator",
            contract.id,
            outside("Смета в приложении"),
        );
        let said = said.await.expect("said");
        let (unverified, _) = contract.enters().await;
        let nothing = house.app.said_outside(&unverified).await.expect("asked");
        assert!(nothing.is_empty(), "the mailbox was not proved");
        let (visit, _) = contract.comes_verified().await;
        let seen = house.app.said_outside(&visit).await.expect("seen");
        let seen: Vec<&str> = seen.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(seen, ["Смета в приложении"]);
        let author = house.actor("initiator");
        house
            .app
            .strike_comment(&author, said)
            .await
            .expect("struck");
        let seen = house.app.said_outside(&visit).await.expect("seen");
        assert!(seen.is_empty());
    })
    .await;
}

/// Goal: nobody floods a discussion. Method: as many as an hour takes, and one more; an hour later
/// it works again until the document is full.
#[tokio::test]
async fn a_discussion_has_limits() {
    let house = TestApp::single().await;
    let contract = Contract::started(&house).await;
    for _ in 0..PER_HOUR_MAX {
        let said = says_as(&house, "initiator", contract.id, says("Ещё")).await;
        said.expect("said");
    }
    let said = says_as(&house, "initiator", contract.id, says("Лишнее")).await;
    assert!(matches!(said, Err(AppError::TooMany { .. })), "{said:?}");
    house.advance_seconds(3601);
    says_as(&house, "initiator", contract.id, says("Через час"))
        .await
        .expect("said");
    let row = comments::Entity::find().one(house.app.store.reader()).await;
    let row = row.expect("rows").expect("a comment");
    let count = written(&house).await;
    for number in count..COMMENTS_MAX {
        let twin = comments::Model {
            id: Uuid::from_u128(u128::from(number)),
            created_at: 1,
            ..row.clone()
        };
        let written = twin.into_active_model().reset_all();
        written
            .insert(house.app.store.writer())
            .await
            .expect("a row");
    }
    let said = says_as(&house, "initiator", contract.id, says("Полно")).await;
    assert_eq!(code(&said.expect_err("full")), "comments-full");
    let seen = house
        .app
        .discussion(&house.actor("head"), contract.id)
        .await;
    let seen = seen.expect("seen");
    assert!(seen.has_more && seen.comments.len() == 200);
    assert_eq!(seen.comments[199].row.text, "Через час");
    house.close().await;
}

/// Goal: what the counterparty may see stands on the page of its link with who says it, beside its
/// own question, and nothing else does. Method: the page, by the holder of the link; then the
/// author strikes it out by the document's page.
#[tokio::test]
async fn the_link_s_page_shows_what_was_said_to_the_counterparty() {
    let house = TestApp::single().await;
    let world = World::of(&house).await;
    says_as(&house, "head", world.sent, says("Между нами"))
        .await
        .expect("said");
    let served = house.serve();
    let visitor = Browser::of_visit(&served, &world.visit);
    let page = visitor.get("/s/document").await;
    for text in ["Ждём подписи", "Ольга Соколова", "Когда?"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("Между нами"));
    let author = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let shown = author.get(&format!("/documents/{}", world.sent)).await;
    let strike = format!("/comments/{}/strike", world.comment);
    assert!(shown.body.contains(&strike) && shown.body.contains("name=\"counterparty\""));
    let struck = author.post(&strike, "").await;
    assert_eq!(struck.status, 303);
    let page = visitor.get("/s/document").await;
    assert!(!page.body.contains("Ждём подписи") && page.body.contains("Когда?"));
    served.stop().await;
    house.close().await;
}
