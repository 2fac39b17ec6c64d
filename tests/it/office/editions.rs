//! Texts of workflows in place of the files: written by one administrator, published by another;
//! what is on its way keeps what it started with.

use chancery::app::AppError;
use chancery::app::editions::{EditionDraft, Publishing, digest};
use chancery::domain::actor::{Actor, Who};
use chancery::store::entity::{editions, person_roles, runs};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::mail_room::drain;
use crate::guards::Browser;
use crate::runs::paper::Paper;
use crate::support::{House, TestApp, on_both};

const WORKFLOW: &str = "contract";

/// Makes the lawyer an administrator besides, and answers both of them.
pub async fn administrators(house: &TestApp, home: &House) -> (Actor, Actor) {
    let role = person_roles::ActiveModel {
        id: Set(chancery::entropy::id(house.app.now())),
        organisation_id: Set(home.organisation.uuid()),
        person_id: Set(home.person("lawyer").uuid()),
        role: Set("administrator".to_owned()),
        department_id: Set(None),
    };
    role.insert(house.app.store.writer()).await.expect("kept");
    let mut second = home.actor("lawyer");
    if let Who::Person(person) = &mut second.who {
        person.roles.push(("administrator".to_owned(), None));
    }
    (home.actor("administrator"), second)
}

/// The file's text where any of the initiator's managers is enough: a control is weaker.
pub fn weaker(house: &TestApp) -> String {
    let source = house.app.chains.chains()[WORKFLOW].definition.source();
    let changed = source.replacen("    quorum: all\n", "    quorum: any\n", 1);
    assert_ne!(changed, source, "the file has the stage");
    changed
}

pub fn draft(source: &str, opened: Option<(i64, i64)>) -> EditionDraft {
    EditionDraft {
        source: source.to_owned(),
        note: "The manager only reads it".to_owned(),
        opened,
    }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    match done {
        Err(AppError::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// The file's text with another title: nothing is weaker.
pub fn retitled(house: &TestApp) -> String {
    let source = house.app.chains.chains()[WORKFLOW].definition.source();
    let changed = source.replacen("Contract approval and signing", "Contract in our way", 1);
    assert_ne!(changed, source);
    changed
}

pub async fn row_version(house: &TestApp, number: i64) -> i64 {
    let found = editions::Entity::find()
        .filter(editions::Column::OrganisationId.eq(house.vector.organisation.uuid()))
        .filter(editions::Column::Number.eq(number))
        .one(house.app.store.reader())
        .await;
    found.expect("rows").expect("the edition").row_version
}

pub async fn publishing(house: &TestApp, number: i64) -> Publishing {
    let actor = house.actor("administrator");
    let sheet = house.app.load_workflow(&actor, WORKFLOW).await.expect("it");
    Publishing {
        row_version: row_version(house, number).await,
        against: digest(&sheet.in_force.source),
        from: None,
        has_seen_weaker: true,
    }
}

async fn digest_of_run(house: &TestApp, paper: &Paper<'_>) -> String {
    let found = runs::Entity::find()
        .filter(runs::Column::DocumentId.eq(paper.id.uuid()))
        .one(house.app.store.reader())
        .await;
    found.expect("rows").expect("a run").definition_digest
}

/// Goal: a text that is written here is in force only once another administrator published it, for
/// this organisation alone, and only for runs that start then. Method: each step in its order, and
/// each before its time; a document before and one after; another organisation's.
#[tokio::test]
async fn a_text_is_published_by_a_second_person_for_runs_to_come() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let before = Paper::started(house, "50000.00").await;
        let text = weaker(house);

        let number = app
            .save_edition(&author, WORKFLOW, &draft(&text, None))
            .await;
        assert_eq!(number.expect("saved"), 1);
        let again = app
            .save_edition(&author, WORKFLOW, &draft(&text, None))
            .await;
        assert_eq!(code(again), "edition-open");
        let others = draft(&text, Some((1, 0)));
        let others = app.save_edition(&second, WORKFLOW, &others).await;
        assert_eq!(code(others), "edition-open");
        let early = publishing(house, 1).await;
        let early = app.publish_edition(&second, WORKFLOW, 1, &early).await;
        assert_eq!(code(early), "edition-not-proposed");
        let wrong = text.replacen(
            "id: manager\n    type: approve",
            "id: manager\n    type: aprove",
            1,
        );
        let wrong = draft(&wrong, Some((1, 0)));
        let wrong = app.propose_edition(&author, WORKFLOW, &wrong).await;
        assert_eq!(code(wrong), "edition-not-accepted");
        let file = app.chains.chains()[WORKFLOW].definition.source();
        let same = draft(file, Some((1, 0)));
        let same = app.propose_edition(&author, WORKFLOW, &same).await;
        assert_eq!(code(same), "edition-changes-nothing");

        let good = draft(&text, Some((1, 0)));
        let proposed = app.propose_edition(&author, WORKFLOW, &good).await;
        proposed.expect("proposed");
        let own = publishing(house, 1).await;
        let own = app.publish_edition(&author, WORKFLOW, 1, &own).await;
        assert_eq!(code(own), "edition-own");
        let mut unseen = publishing(house, 1).await;
        unseen.has_seen_weaker = false;
        let unseen = app.publish_edition(&second, WORKFLOW, 1, &unseen).await;
        assert!(
            matches!(unseen, Err(AppError::Invalid { .. })),
            "{unseen:?}"
        );
        let mut stale = publishing(house, 1).await;
        stale.row_version -= 1;
        let stale = app.publish_edition(&second, WORKFLOW, 1, &stale).await;
        assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
        let mut other = publishing(house, 1).await;
        other.against = digest("another text");
        let other = app.publish_edition(&second, WORKFLOW, 1, &other).await;
        assert_eq!(code(other), "edition-compared-with-another");
        let mut later = publishing(house, 1).await;
        later.from = Some(app.now().plus_seconds(3600));
        let published = app.publish_edition(&second, WORKFLOW, 1, &later).await;
        published.expect("published");

        let meanwhile = Paper::started(house, "60000.00").await;
        let of_file = app.chains.chains()[WORKFLOW].digest.clone();
        assert_eq!(digest_of_run(house, &meanwhile).await, of_file);
        house.advance_seconds(3601);
        let after = Paper::started(house, "70000.00").await;
        assert_ne!(digest_of_run(house, &after).await, of_file);
        assert_eq!(digest_of_run(house, &before).await, of_file);
        let initiator = house.northwind.actor("initiator");
        let theirs = app.chain_in_force(&initiator, WORKFLOW).await;
        assert_eq!(theirs.expect("the file").digest, of_file);

        drain(house).await;
        let mails = house.mails().join("\n");
        for address in ["lawyer@vector.example", "administrator@vector.example"] {
            assert!(mails.contains(address), "{address}: {mails}");
        }
    })
    .await;
}

/// Goal: a text that is published for a later day takes the place of none that was never compared
/// with it: nothing else is published before its day, unless it is withdrawn, of which the others
/// are told. Method: one ahead, another proposed; before its day, after it was withdrawn, and an
/// edition in force that nobody can withdraw.
#[tokio::test]
async fn nothing_is_published_while_another_text_is_ahead() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let ahead = draft(&weaker(house), None);
        let proposed = app.propose_edition(&author, WORKFLOW, &ahead).await;
        proposed.expect("proposed");
        let mut later = publishing(house, 1).await;
        later.from = Some(app.now().plus_seconds(3600));
        let published = app.publish_edition(&second, WORKFLOW, 1, &later).await;
        published.expect("published");
        let between = draft(&retitled(house), None);
        let proposed = app.propose_edition(&author, WORKFLOW, &between).await;
        proposed.expect("proposed");

        let now = publishing(house, 2).await;
        let refused = app.publish_edition(&second, WORKFLOW, 2, &now).await;
        assert_eq!(code(refused), "edition-ahead");
        drain(house).await;
        let told = |house: &TestApp| {
            let mails = house.mails().join("\n");
            mails.matches("<administrator@vector.example>").count()
        };
        let before = told(house);
        let which = (1, row_version(house, 1).await);
        let withdrawn = app.discard_edition(&second, WORKFLOW, which).await;
        assert!(withdrawn.expect("withdrawn"), "it was ahead");
        drain(house).await;
        assert_eq!(told(house), before + 1, "{}", house.mails().join("\n"));
        let now = publishing(house, 2).await;
        let published = app.publish_edition(&second, WORKFLOW, 2, &now).await;
        published.expect("published");
        house.advance_seconds(3601);
        let sheet = app.load_workflow(&author, WORKFLOW).await.expect("it");
        assert_eq!(sheet.in_force.number, Some(2), "the first one never came");
        let which = (2, row_version(house, 2).await);
        let in_force = app.discard_edition(&second, WORKFLOW, which).await;
        assert_eq!(code(in_force), "edition-closed");
    })
    .await;
}

/// Goal: what another administrator gives back is the author's draft again, with the reason; what
/// is given up gives way to a new one; only administrators know of any. Method: each, and the same
/// asked by others.
#[tokio::test]
async fn a_text_goes_back_with_a_reason_or_is_given_up() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let (author, second) = administrators(house, &house.vector).await;
        let text = retitled(house);
        let proposed = app
            .propose_edition(&author, WORKFLOW, &draft(&text, None))
            .await;
        assert_eq!(proposed.expect("proposed"), 1);
        for key in ["initiator", "auditor", "lawyer"] {
            let reader = house.actor(key);
            let seen = app.load_edition(&reader, WORKFLOW, 1).await;
            assert!(matches!(seen, Err(AppError::Hidden)), "{key}");
            let saved = app
                .save_edition(&reader, WORKFLOW, &draft(&text, None))
                .await;
            assert!(matches!(saved, Err(AppError::Hidden)), "{key}");
        }
        let foreign = house.northwind.actor("administrator");
        let seen = app.load_edition(&foreign, WORKFLOW, 1).await;
        assert!(matches!(seen, Err(AppError::Hidden)));

        let version = row_version(house, 1).await;
        let words = (version, "The title is not ours");
        let own = app.return_edition(&author, WORKFLOW, 1, words).await;
        assert_eq!(code(own), "edition-own");
        let silent = app
            .return_edition(&second, WORKFLOW, 1, (version, " "))
            .await;
        assert!(matches!(silent, Err(AppError::Invalid { .. })));
        app.return_edition(&second, WORKFLOW, 1, words)
            .await
            .expect("returned");
        let back = app.load_edition(&author, WORKFLOW, 1).await.expect("it");
        assert_eq!(back.reason.as_deref(), Some("The title is not ours"));
        assert_eq!(back.state, chancery::app::editions::EditionState::Draft);

        let closed = (1, back.row_version);
        app.discard_edition(&second, WORKFLOW, closed)
            .await
            .expect("given up");
        let twice = app.discard_edition(&second, WORKFLOW, closed).await;
        assert_eq!(code(twice), "edition-closed");
        let next = app
            .save_edition(&second, WORKFLOW, &draft(&text, None))
            .await;
        assert_eq!(next.expect("saved"), 2);
    })
    .await;
}

/// Goal: the page shows what is wrong at its line while it is written, loses nothing that was
/// typed, and shows the second person what changes and what becomes weaker. Method: the forms as a
/// browser sends them.
#[tokio::test]
async fn the_pages_say_what_is_wrong_and_what_becomes_weaker() {
    let house = TestApp::single().await;
    let (_, _) = administrators(&house, &house.vector).await;
    let served = house.serve();
    let author = house.vector.person("administrator");
    let author = Browser::of(&house, &served, author).await;
    let second = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let outsider = Browser::of(&house, &served, house.vector.person("initiator")).await;
    for path in ["/workflows/contract/edit", "/workflows/contract/editions/1"] {
        assert_eq!(outsider.get(path).await.status, 404, "{path}");
    }
    assert_eq!(author.get("/workflows/none/edit").await.status, 404);
    let page = author.get("/workflows/contract/edit").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Ошибок в тексте нет"), "{}", page.body);

    let text = weaker(&house);
    let wrong = text.replacen(
        "id: manager\n    type: approve",
        "id: manager\n    type: aprove",
        1,
    );
    let line = 1 + wrong
        .lines()
        .position(|line| line.contains("aprove"))
        .expect("it");
    let fields = |text: &str, action: &str| {
        let source = text.replace('\n', "\r\n");
        let source: String = url_encoded(&source);
        format!("action={action}&note=because&number=&row_version=&source={source}")
    };
    let part = author
        .post("/workflows/contract/check", &fields(&wrong, "check"))
        .await;
    assert_eq!(part.status, 200);
    assert!(
        part.body.contains(&format!("data-line=\"{line}\"")),
        "{}",
        part.body
    );
    assert!(part.body.contains("<mark>aprove</mark>"), "{}", part.body);
    for _ in 1..120 {
        let again = fields("id: x", "check");
        let again = second.post("/workflows/contract/check", &again).await;
        assert_eq!(again.status, 200);
    }
    let many = fields("id: x", "check");
    let many = second.post("/workflows/contract/check", &many).await;
    assert_eq!(many.status, 200, "each person has their own count");
    let many = second.post("/workflows/contract/check", "source=").await;
    assert_eq!(many.status, 429);
    let refused = author
        .post("/workflows/contract/edit", &fields(&wrong, "propose"))
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("type: aprove"),
        "what was typed stays"
    );
    assert!(
        refused.body.contains("Текст пока не принимается"),
        "{}",
        refused.body
    );

    let proposed = author
        .post("/workflows/contract/edit", &fields(&text, "propose"))
        .await;
    assert_eq!(proposed.status, 303, "{}", proposed.body);
    let own = author.get("/workflows/contract/editions/1").await.body;
    assert!(
        !own.contains("editions/1/publish"),
        "the author decides nothing"
    );
    assert!(
        second
            .get("/workflows")
            .await
            .body
            .contains("ждёт другого администратора")
    );
    let page = second.get("/workflows/contract/editions/1").await.body;
    assert!(
        page.contains("Что становится слабее") && page.contains("W701"),
        "{page}"
    );
    assert!(
        page.contains("class=\"removed\"") && page.contains("class=\"added\""),
        "{page}"
    );
    let value = |name: &str| {
        let from = page
            .find(&format!("name=\"{name}\" value=\""))
            .expect("a field");
        let rest = page.get(from..).expect("text").split('"').nth(3);
        rest.expect("a value").to_owned()
    };
    let fields = format!(
        "row_version={}&against={}&effective_from=",
        value("row_version"),
        value("against")
    );
    let untold = second
        .post("/workflows/contract/editions/1/publish", &fields)
        .await;
    assert_eq!(untold.status, 422);
    let fields = format!("{fields}&weaker=yes");
    let done = second
        .post("/workflows/contract/editions/1/publish", &fields)
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = second.get("/workflows/contract").await.body;
    assert!(page.contains("по редакции 1"), "{page}");
    served.stop().await;
    house.close().await;
}

fn url_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The text of `source` that is in force from a day on.
fn dated(source: &str, day: &str) -> String {
    source.replacen("\nrework:", &format!("\neffective_from: {day}\nrework:"), 1)
}

/// Goal: a text that says from which day it is in force is published for that day at the earliest,
/// by the organisation's clock; what was in force goes on until then.
#[tokio::test]
async fn a_text_is_published_for_the_day_that_it_says() {
    on_both(async |house: &TestApp| {
        let (author, second) = administrators(house, &house.vector).await;
        let source = dated(&retitled(house), "2099-02-01");
        let number = super::moves::publish(house, &source, (&author, &second)).await;
        let row = editions::Entity::find()
            .filter(editions::Column::Number.eq(number))
            .one(house.app.store.writer())
            .await
            .expect("rows")
            .expect("the edition");
        let begins: chancery_types::Instant = "2099-01-31T21:00:00Z".parse().expect("midnight");
        assert_eq!(row.effective_at, Some(begins.micros()), "in Moscow");
        let paper = Paper::started(house, "50000.00").await;
        let file = &house.app.chains.chains()[WORKFLOW];
        assert_eq!(digest_of_run(house, &paper).await, file.digest);
    })
    .await;
}

/// Goal: whoever is the only administrator is not told that others were told: the page asks this.
#[tokio::test]
async fn nobody_is_said_to_be_told_where_nobody_is() {
    let house = TestApp::single().await;
    let author = house.actor("administrator");
    let others = house.app.has_other_administrators(&author).await;
    assert!(!others.expect("an answer"));
    let (_, _) = administrators(&house, &house.vector).await;
    let others = house.app.has_other_administrators(&author).await;
    assert!(others.expect("an answer"));
    house.close().await;
}

/// Goal: nothing starts by a file before the day that it says, and the refusal names the day.
#[tokio::test]
async fn nothing_starts_by_a_file_before_its_day() {
    for (day, refused) in [("2099-02-01", true), ("2020-02-01", false)] {
        let folder = crate::runs::own::chains_like(|chain| dated(chain, day));
        let directory = folder.path().to_owned();
        let house = TestApp::start_with(&crate::support::Backend::single(), |config| {
            config.workflows.directory = directory;
        })
        .await;
        let paper = Paper::draft(&house, "50000.00").await;
        let tried = house
            .app
            .start_run(&house.actor("initiator"), paper.id)
            .await;
        match (refused, tried) {
            (true, Err(AppError::Refused { code, args })) => {
                assert_eq!((code, args["day"].as_str()), ("workflow-not-yet", day));
            }
            (refused, tried) => assert!(!refused && tried.is_ok(), "{day}: {tried:?}"),
        }
        house.close().await;
    }
}
