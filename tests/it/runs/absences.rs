//! Who is away, and who stands in: what they see, decide and are told, and how long.

use std::collections::BTreeSet;

use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::desk::{DeskQuery, DeskTask};
use chancery::app::documents::DocumentQuery;
use chancery::app::page::PageRequest;
use chancery::app::tasks::TaskOutcome;
use chancery::app::{App, AppError};
use chancery::jobs::Runner;
use chancery::mail::MailKind;
use chancery::store::entity::outbox;
use chancery_types::id::AbsenceId;
use chancery_workflow::Decision;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::signing::letters::check_letters;
use crate::support::{TestApp, on_both};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// An absence of `days` that begins after `from` hours, with `key` in their place.
fn draft(house: &TestApp, (from, days): (i64, i64), key: &str) -> AbsenceDraft {
    let start = house.app.now().plus_seconds(from * HOUR);
    AbsenceDraft {
        from: start,
        until: start.plus_seconds(days * DAY),
        substitute: Some(house.vector.person(key)),
        kinds: BTreeSet::new(),
        powers: Powers::Decide,
    }
}

/// `key` records an absence of their own.
async fn record(house: &TestApp, key: &str, draft: &AbsenceDraft) -> Result<AbsenceId, AppError> {
    let (actor, person) = (house.actor(key), house.vector.person(key));
    house.app.record_absence(&actor, person, draft).await
}

async fn drain(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    let drained = drained.expect("drained");
    assert_eq!((drained.mails.failed, drained.jobs.failed), (0, 0));
}

async fn desk(house: &TestApp, key: &str) -> Vec<DeskTask> {
    let actor = house.actor(key);
    let desk = house.app.list_my_tasks(&actor, &DeskQuery::default()).await;
    desk.expect("a desk").tasks
}

/// Whether `key` sees the document: on its own and in the list, which must agree.
async fn sees(paper: &Paper<'_>, key: &str) -> bool {
    let (app, actor) = (&paper.house.app, paper.house.actor(key));
    let sheet = app.document_route(&actor, paper.id).await;
    let page = PageRequest {
        after: None,
        rows_max: 50,
    };
    let listed = app
        .list_documents(&actor, &DocumentQuery::default(), &page)
        .await;
    let listed = listed.expect("a list").rows;
    let listed = listed.iter().any(|row| row.id == paper.id.uuid());
    assert_eq!(
        sheet.is_ok(),
        listed,
        "{key}: the list and the document disagree"
    );
    if let Err(error) = sheet {
        assert_eq!(code(&error), "hidden");
    }
    listed
}

/// `key` decides the task of `holder`.
async fn decides_for(
    paper: &Paper<'_>,
    key: &str,
    holder: &str,
    decision: Decision,
) -> Result<TaskOutcome, AppError> {
    let given = paper.decision(decision, "").await;
    let task = paper.task_of(holder).await;
    let actor = paper.house.actor(key);
    paper.house.app.decide_task(&actor, task, given).await
}

async fn standing_letters(paper: &Paper<'_>) -> Vec<String> {
    let letters = paper.letters().await;
    let own = letters.into_iter();
    own.filter(|line| line.starts_with("stands-in")).collect()
}

/// Goal: whoever stands in sees an open task from the moment the absence begins, is told of it
/// once, decides it in the absent one's place, and both names stay. Method: the manager goes away
/// at noon, the accountant stands in; the desk, the letters, the history, the route.
#[tokio::test]
async fn whoever_stands_in_decides_and_both_names_stay() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        record(house, "head", &draft(house, (5, 5), "accountant"))
            .await
            .expect("recorded");
        drain(house).await;
        assert!(!sees(&paper, "accountant").await, "not away yet");
        assert_eq!(standing_letters(&paper).await, [""; 0]);

        house.advance_seconds(5 * HOUR);
        drain(house).await;
        assert!(sees(&paper, "accountant").await);
        let told = ["stands-in → accountant"];
        assert_eq!(standing_letters(&paper).await, told);
        drain(house).await;
        assert_eq!(standing_letters(&paper).await, told, "told once");
        let lines = desk(house, "accountant").await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].in_place_of.as_deref(), Some("Павел Громов"));
        let own = desk(house, "head").await;
        assert_eq!(own.len(), 1, "the absent one may decide as well");
        assert_eq!(own[0].in_place_of, None);
        let counted = house.app.count_own_work(&house.actor("accountant")).await;
        assert_eq!(counted.expect("a count"), 1);

        let accountant = house.actor("accountant");
        let route = house.app.document_route(&accountant, paper.id).await;
        let route = route.expect("a route");
        let manager = &route.nodes[0].stages[0].people[0];
        assert_eq!(manager.stand_ins, ["Зоя Карпова"]);
        let mine = route.my_task.expect("the manager's task");
        assert_eq!(mine.in_place_of.as_deref(), Some("Павел Громов"));

        decides_for(&paper, "accountant", "head", Decision::Approve)
            .await
            .expect("decided");
        let late = decides_for(&paper, "head", "head", Decision::Approve).await;
        assert_eq!(code(&late.expect_err("one vote")), "already-decided");
        let task = paper.tasks().await.remove(0);
        assert_eq!(task.person_id, Some(house.vector.person("head").uuid()));
        assert_eq!(
            task.decided_by_id,
            Some(house.vector.person("accountant").uuid())
        );
        let route = house.app.document_route(&accountant, paper.id).await;
        let manager = &route.expect("a route").nodes[0].stages[0].people[0];
        let (kinds, _) = check_letters(house).await;
        assert!(kinds.contains(&MailKind::StandsIn), "{kinds:?}");
        assert_eq!(
            (manager.name.as_str(), manager.on_behalf_of.as_slice()),
            ("Зоя Карпова", &["Павел Громов".to_owned()][..])
        );

        let auditor = house.actor("auditor");
        let history = house.app.document_history(&auditor, paper.id).await;
        let history = history.expect("a history");
        let decided = history.iter().find(|event| event.action == "task.decided");
        let decided = decided.expect("an event");
        assert_eq!(decided.actor_name, "Зоя Карпова");
        let behind = decided
            .names
            .all_of_value(decided.details.get("on_behalf_of"));
        assert_eq!(behind, ["Павел Громов"]);
        let began = history
            .iter()
            .find(|event| event.action == "run.absence_began");
        let began = began.expect("an event");
        assert_eq!(
            began.names.of_value(began.details.get("from")),
            Some("Павел Громов")
        );
        assert_eq!(
            began.names.of_value(began.details.get("to")),
            Some("Зоя Карпова")
        );
        assert!(
            sees(&paper, "accountant").await,
            "who decided sees what comes of it"
        );
    })
    .await;
}

/// Goal: what opens while somebody is away reaches whoever stands in at once; when the absence ends
/// they see and decide nothing more, unless they decided. Method: the lawyer is away, the absence
/// is ended early; another ends by itself.
#[tokio::test]
async fn what_an_absence_lets_do_ends_with_it() {
    on_both(async |house: &TestApp| {
        let absence = record(house, "lawyer", &draft(house, (0, 5), "accountant"))
            .await
            .expect("recorded");
        drain(house).await;
        let paper = Paper::started(house, "50000.00").await;
        assert!(
            !sees(&paper, "accountant").await,
            "nothing of the lawyer's is open"
        );
        paper.approves("head").await;
        assert!(sees(&paper, "accountant").await);
        assert_eq!(standing_letters(&paper).await, ["stands-in → accountant"]);

        let stranger = house
            .app
            .end_absence(&house.actor("accountant"), absence)
            .await;
        assert_eq!(code(&stranger.expect_err("not theirs")), "hidden");
        house
            .app
            .end_absence(&house.actor("administrator"), absence)
            .await
            .expect("ended");
        let twice = house.app.end_absence(&house.actor("lawyer"), absence).await;
        assert_eq!(code(&twice.expect_err("once")), "absence-ended");
        assert!(!sees(&paper, "accountant").await);
        assert!(desk(house, "accountant").await.is_empty());
        let refused = decides_for(&paper, "accountant", "lawyer", Decision::Approve).await;
        assert_eq!(code(&refused.expect_err("over")), "hidden");

        record(house, "lawyer", &draft(house, (0, 2), "accountant"))
            .await
            .expect("again");
        drain(house).await;
        assert!(sees(&paper, "accountant").await);
        assert_eq!(
            standing_letters(&paper).await,
            ["stands-in → accountant"],
            "told once"
        );
        house.advance_seconds(2 * DAY - 1);
        assert!(sees(&paper, "accountant").await);
        house.advance_seconds(1);
        assert!(!sees(&paper, "accountant").await);
        assert_eq!(
            house
                .app
                .list_absences(&house.actor("clerk"), house.vector.person("lawyer"))
                .await
                .expect("a list")
                .len(),
            0
        );
    })
    .await;
}

/// Goal: nobody decides through somebody else what they may not decide themselves, and nobody signs
/// for an absent signatory without being let. Method: the initiator stands in for the manager; a
/// stand-in of two lawyers of one stage; the signatory's absence without and with signing.
#[tokio::test]
async fn rules_hold_through_whoever_stands_in() {
    on_both(async |house: &TestApp| {
        record(house, "head", &draft(house, (0, 9), "initiator"))
            .await
            .expect("recorded");
        let mut signing = draft(house, (0, 9), "accountant");
        record(house, "signatory", &signing)
            .await
            .expect("recorded");
        let paper = Paper::started(house, "50000.00").await;
        drain(house).await;
        assert_eq!(
            standing_letters(&paper).await,
            [""; 0],
            "the initiator approves nothing"
        );
        let refused = decides_for(&paper, "initiator", "head", Decision::Approve).await;
        assert_eq!(code(&refused.expect_err("their own document")), "denied");
        assert!(desk(house, "initiator").await.is_empty());

        paper.approves("head").await;
        paper.approves("lawyer").await;
        drain(house).await;
        let open = paper.waiting().await;
        assert!(open.contains("signatory"), "{open}");
        assert!(
            !sees(&paper, "accountant").await,
            "decides, but does not sign"
        );
        signing.powers = Powers::Sign;
        signing.substitute = Some(house.vector.person("cfo"));
        record(house, "signatory", &signing)
            .await
            .expect("recorded");
        drain(house).await;
        assert!(sees(&paper, "cfo").await);
        let seat = house
            .app
            .signing_seat(&house.actor("cfo"), paper.task_of("signatory").await.uuid())
            .await
            .expect("a seat");
        assert_eq!(seat.signer.name, "Андрей Зимин", "in their own name");
    })
    .await;
}

async fn refused(house: &TestApp, key: &str, draft: &AbsenceDraft) -> String {
    code(&record(house, key, draft).await.expect_err("refused"))
}

/// Goal: what the engine would not follow is refused when it is recorded, in words at its field,
/// and others' absences are nobody's to record. Method: one draft a rule.
#[tokio::test]
async fn what_cannot_be_is_refused_when_it_is_recorded() {
    on_both(async |house: &TestApp| {
        let good = draft(house, (0, 5), "cfo");
        let until = |days: i64| AbsenceDraft {
            until: good.from.plus_seconds(days * DAY),
            ..good.clone()
        };
        let head = async |draft: &AbsenceDraft| refused(house, "head", draft).await;
        assert_eq!(head(&until(0)).await, "away_until: before-from");
        assert_eq!(head(&until(400)).await, "away_until: absence-too-long");
        assert_eq!(
            head(&draft(house, (-40 * 24, 50), "cfo")).await,
            "away_from: absence-long-ago"
        );
        assert_eq!(
            head(&draft(house, (-9 * 24, 2), "cfo")).await,
            "away_until: absence-over"
        );
        assert_eq!(
            head(&draft(house, (0, 5), "head")).await,
            "substitute: absence-oneself"
        );
        let mut unknown = good.clone();
        unknown.kinds = BTreeSet::from(["poem".to_owned()]);
        assert_eq!(head(&unknown).await, "kinds: not-a-choice");

        record(house, "cfo", &draft(house, (0, 5), "lawyer"))
            .await
            .expect("one");
        let circle = draft(house, (4 * 24, 9), "cfo");
        record(house, "lawyer", &draft(house, (3 * 24, 9), "head"))
            .await
            .expect("two");
        assert_eq!(head(&circle).await, "substitute: absence-circle");
        record(house, "head", &draft(house, (6 * 24, 9), "cfo"))
            .await
            .expect("the first is back");
        record(house, "accountant", &draft(house, (0, 9), "cfo"))
            .await
            .expect("three far");
        let far = draft(house, (0, 9), "accountant");
        assert_eq!(
            refused(house, "finance", &far).await,
            "substitute: absence-too-far"
        );

        let other = house.vector.person("clerk");
        let app: &App = &house.app;
        let stranger = app.record_absence(&house.actor("head"), other, &good).await;
        assert_eq!(code(&stranger.expect_err("not theirs")), "hidden");
        let administrator = house.actor("administrator");
        app.record_absence(&administrator, other, &good)
            .await
            .expect("recorded");
        let known = app
            .list_absences(&house.actor("head"), other)
            .await
            .expect("a list");
        assert_eq!(known[0].substitute_name.as_deref(), Some("Андрей Зимин"));
    })
    .await;
}

/// Goal: whoever records an absence of somebody else gains nothing by it, not by way of others nor
/// a signature, and both whom it is about are told at once; of an own one nobody is told. Method:
/// the administrator as recorder, one draft a way, the outbox.
#[tokio::test]
async fn whoever_records_for_others_gains_nothing_and_they_are_told() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        let clerk = house.vector.person("clerk");
        let recorded = async |draft: &AbsenceDraft| {
            let recorded = house.app.record_absence(&administrator, clerk, draft).await;
            recorded.map_err(|error| code(&error))
        };
        let told = async || {
            let letters = outbox::Entity::find()
                .filter(outbox::Column::Kind.eq("absence-recorded"))
                .all(house.app.store.reader())
                .await
                .expect("rows");
            let mut readers: Vec<_> = letters.into_iter().map(|row| row.to_name).collect();
            readers.sort();
            readers
        };
        let own = draft(house, (0, 5), "administrator");
        let refused = Err("substitute: absence-recorder".to_owned());
        assert_eq!(recorded(&own).await, refused);
        record(house, "finance", &own)
            .await
            .expect("their own word");
        record(house, "lawyer", &draft(house, (0, 5), "finance"))
            .await
            .expect("their own word");
        for through in ["finance", "lawyer"] {
            assert_eq!(recorded(&draft(house, (1, 3), through)).await, refused);
        }
        let signs = AbsenceDraft {
            powers: Powers::Sign,
            ..draft(house, (0, 5), "cfo")
        };
        let refused = Err("powers: absence-sign-own".to_owned());
        assert_eq!(recorded(&signs).await, refused);
        assert_eq!(told().await, [""; 0], "nothing was recorded for others");

        recorded(&draft(house, (0, 5), "cfo"))
            .await
            .expect("recorded");
        let name = async |key: &str| {
            let id = house.vector.person(key);
            let person = house.app.load_person(&administrator, id).await;
            person.expect("a person").draft.name
        };
        let mut both = [name("clerk").await, name("cfo").await];
        both.sort();
        assert_eq!(told().await, both);
        record(house, "head", &signs).await.expect("their own word");
        assert_eq!(told().await, both, "nobody is told of one's own");
        drain(house).await;
    })
    .await;
}

/// Goal: an administrator hands a task that they may not read to nobody for whom they stand in.
/// Method: a colleague away with the administrator in their place, now, later, and no more.
#[tokio::test]
async fn an_unread_task_comes_to_its_mover_by_no_absence() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let administrator = house.actor("administrator");
        let cfo = house.vector.person("cfo");
        let task = paper.task_of("head").await;
        for days in [(0, 5), (20, 25)] {
            let away = draft(house, days, "administrator");
            let id = record(house, "cfo", &away).await.expect("their own word");
            let refused = house.app.reassign_task(&administrator, task, cfo).await;
            assert_eq!(code(&refused.expect_err("back to them")), "task-to-oneself");
            let ended = house.app.end_absence(&house.actor("cfo"), id).await;
            ended.expect("ended");
        }
        let moved = house.app.reassign_task(&administrator, task, cfo).await;
        assert_eq!(moved.expect("moved").title, "", "unread");
        drain(house).await;
    })
    .await;
}

/// Goal: the pages say and do all of it. Method: the manager records an absence on their page by
/// days, whoever stands in decides on the task's page, the history names both; a wrong day comes
/// back at its field; the manager ends it.
#[actix_web::test]
async fn pages_record_end_and_tell() {
    let house = TestApp::single().await;
    let served = house.serve();
    let paper = Paper::started(&house, "50000.00").await;
    let head = house.vector.person("head");
    let manager = Browser::of(&house, &served, head).await;
    let page = format!("/people/{head}/absences");
    let profile = manager.get("/profile").await;
    assert!(profile.body.contains(&page), "the profile leads there");
    let substitute = house.vector.person("accountant");
    let wrong = format!("away_from=2026-11-25&away_until=2026-11-24&substitute={substitute}");
    let answer = manager.post(&page, &wrong).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("away_until-error"), "{}", answer.body);
    assert!(
        answer.body.contains("value=\"2026-11-25\""),
        "what was typed stays"
    );
    let right =
        format!("away_from=2026-11-23&away_until=2026-11-27&substitute={substitute}&signs=yes");
    let answer = manager.post(&page, &right).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let again = manager.post(&page, &right).await;
    assert_eq!(again.status, 303, "{}", again.body);
    drain(&house).await;
    let shown = manager.get(&page).await.body;
    let ends = shown.matches("/end\"").count();
    assert_eq!(ends, 1, "recorded once: {shown}");
    assert!(
        shown.contains("27\u{a0}ноября 2026 включительно"),
        "the last day is whole: {shown}"
    );
    assert!(
        shown.contains("замещает: Зоя Карпова (и подписывает)"),
        "{shown}"
    );
    let desk = manager.get("/tasks").await.body;
    assert!(
        desk.contains("Записано, что вас нет") && desk.contains("замещает: Зоя Карпова"),
        "{desk}"
    );

    let deputy = Browser::of(&house, &served, substitute).await;
    let desk = deputy.get("/tasks").await.body;
    assert!(desk.contains("за: Павел Громов"), "{desk}");
    let task = paper.task_of("head").await;
    let task_page = deputy.get(&format!("/tasks/{task}")).await;
    assert_eq!(task_page.status, 200);
    assert!(task_page.body.contains("за: Павел Громов"));
    assert!(
        !task_page.body.contains("/reassign"),
        "only the holder gives it away"
    );
    let digest = paper.digest().await.hex();
    let approved = deputy
        .post(
            &format!("/tasks/{task}/approve"),
            &format!("version_digest={digest}"),
        )
        .await;
    assert_eq!(approved.status, 303, "{}", approved.body);
    let document = deputy.get(&format!("/documents/{}", paper.id)).await.body;
    assert!(
        document.contains("Согласовано · за: Павел Громов"),
        "{document}"
    );
    let auditor = Browser::of(&house, &served, house.vector.person("auditor")).await;
    let log = auditor.get("/audit").await.body;
    for words in [
        "Записано отсутствие, замещает: Зоя Карпова",
        "Согласовано · за: Павел Громов",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }

    let absence = house
        .app
        .list_absences(&house.actor("head"), head)
        .await
        .expect("a list");
    let path = format!("/absences/{}/end", absence[0].id);
    assert_eq!(deputy.post(&path, "").await.status, 404, "not theirs");
    assert_eq!(manager.post(&path, "").await.status, 303);
    let again = manager.post(&path, "").await;
    assert_eq!(again.status, 409);
    assert!(again.body.contains("уже закончилось"), "{}", again.body);
    served.stop().await;
    house.close().await;
}
