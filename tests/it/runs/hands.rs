//! Tasks that change hands and stay whose they are: handed on and back, taken out of a pool, given
//! to whoever has least to do; signatures that stand for approvals.

use std::collections::BTreeSet;

use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::desk::DeskQuery;
use chancery::app::route::PoolMove;
use chancery::mail::MailKind;
use chancery_workflow::Decision;

use super::own::house_with;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::signing::letters::check_letters;
use crate::support::{Backend, TestApp};

const ONE: &str = "  - id: manager
    type: approve
    title: { ru: Руководитель, en: Manager }
    assignees: [{ manager_of: initiator }]
    allow: [delegate]
";

const POOL: &str = "  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ role: lawyer, pick: pool }]
";

const LEAST: &str = "  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ role: lawyer, pick: least_loaded }]
";

const IN_TURN: &str = "  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ role: lawyer, pick: round_robin }]
";

const ABSORBING: &str = "  - id: heads
    type: approve
    title: { ru: Руководители, en: Heads }
    assignees: [{ manager_of: initiator }, { role: signatory }]
    quorum: all
  - id: sign
    type: sign
    title: { ru: Подписание, en: Signing }
    assignees: [{ role: signatory }]
    quorum: all
    absorb: same_person
";

async fn letters(paper: &Paper<'_>, kinds: &[&str]) -> Vec<String> {
    let all = paper.letters().await.into_iter();
    all.filter(|line| kinds.iter().any(|kind| line.starts_with(kind)))
        .collect()
}

const HANDED: [&str; 4] = ["task-delegated", "delegation", "task-withdrawn", "stands"];

/// Goal: what is handed on is decided in the holder's name by another, goes back when either of
/// them says so, each told once, and both names stay. Method: there, back by the one, there again,
/// back by the other, there a third time and decided; others are refused.
#[tokio::test]
async fn a_task_goes_on_and_back_and_both_names_stay() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, ONE).await;
        let paper = Paper::started(&house, "50000.00").await;
        let app = &house.app;
        let (head, clerk) = (house.actor("head"), house.actor("accountant"));
        let task = paper.task_of("head").await;
        let to = house.vector.person("accountant");
        let on = async |comment: &str| {
            app.delegate_task(&head, task, to, Some(comment.to_owned()))
                .await
        };
        let refused = app
            .delegate_task(&house.actor("lawyer"), task, to, None)
            .await;
        assert_eq!(code(&refused.expect_err("not theirs")), "hidden");
        let own = house.vector.person("initiator");
        let refused = app.delegate_task(&head, task, own, None).await;
        assert_eq!(
            code(&refused.expect_err("their own document")),
            "separation-of-duties"
        );

        let outcome = on("Я в поездке").await.expect("handed on");
        assert_eq!(outcome.given_to, "Зоя Карпова");
        assert_eq!(paper.waiting().await, "manager: accountant");
        assert_eq!(
            letters(&paper, &HANDED).await,
            ["task-delegated → accountant"]
        );
        let refused = app.end_delegation(&house.actor("initiator"), task).await;
        assert_eq!(code(&refused.expect_err("neither of the two")), "denied");

        let route = app.document_route(&head, paper.id).await.expect("a route");
        assert!(route.my_task.is_none());
        assert_eq!(route.handed_on[0].to, "Зоя Карпова");
        let desk = app.list_my_tasks(&head, &DeskQuery::default()).await;
        let handed = desk.expect("a desk").handed;
        assert_eq!(handed.len(), 1);
        assert_eq!(handed[0].held_by.as_deref(), Some("Зоя Карпова"));
        let desk = app.list_my_tasks(&clerk, &DeskQuery::default()).await;
        assert!(desk.expect("a desk").handed.is_empty(), "theirs to decide");
        let route = app.document_route(&clerk, paper.id).await.expect("a route");
        let mine = route.my_task.expect("a task");
        assert_eq!(mine.handed_on_by, ["Павел Громов"]);

        app.end_delegation(&head, task).await.expect("taken back");
        assert_eq!(paper.waiting().await, "manager: head");
        let desk = app.list_my_tasks(&head, &DeskQuery::default()).await;
        assert!(desk.expect("a desk").handed.is_empty(), "it is back");
        on("Снова").await.expect("again");
        app.end_delegation(&clerk, task).await.expect("given back");
        assert_eq!(paper.waiting().await, "manager: head");
        let refused = app.end_delegation(&head, task).await;
        assert_eq!(
            code(&refused.expect_err("with its holder")),
            "not-delegated"
        );
        let kinds: Vec<String> = letters(&paper, &HANDED).await;
        let kinds: Vec<&str> = kinds
            .iter()
            .filter_map(|line| line.split(' ').next())
            .collect();
        assert_eq!(
            kinds,
            [
                "delegation-ended",
                "delegation-taken-back",
                "task-delegated",
                "task-delegated"
            ]
        );

        on("И ещё раз").await.expect("again");
        paper.decides("accountant", Decision::Approve, "").await;
        let auditor = house.actor("auditor");
        let history = app
            .document_history(&auditor, paper.id)
            .await
            .expect("a history");
        let of = |action: &str| {
            let found = history.iter().filter(|event| event.action == action);
            found.cloned().collect::<Vec<_>>()
        };
        let on = of("task.delegated");
        assert_eq!(on.len(), 3);
        assert!(
            on.iter()
                .any(|event| event.details["comment"] == "Я в поездке")
        );
        assert_eq!(of("task.delegation_ended").len(), 2);
        let decided = &of("task.decided")[0];
        assert_eq!(decided.actor_name, "Зоя Карпова");
        let behind = decided
            .names
            .all_of_value(decided.details.get("on_behalf_of"));
        assert_eq!(behind, ["Павел Громов"]);
        let (kinds, _) = check_letters(&house).await;
        for kind in [
            MailKind::TaskDelegated,
            MailKind::DelegationEnded,
            MailKind::DelegationTakenBack,
        ] {
            assert!(kinds.contains(&kind), "{kind:?}");
        }
        house.close().await;
    }
}

/// Goal: a task is handed on only where the file says so. Method: the shipped kind of stage without
/// the key.
#[tokio::test]
async fn without_the_key_nothing_is_handed_on() {
    let stages = ONE.replace("    allow: [delegate]\n", "");
    let (house, _folder) = house_with(&Backend::single(), &stages).await;
    let paper = Paper::started(&house, "50000.00").await;
    let task = paper.task_of("head").await;
    let to = house.vector.person("cfo");
    let refused = house
        .app
        .delegate_task(&house.actor("head"), task, to, None)
        .await;
    assert_eq!(code(&refused.expect_err("not here")), "may-not-delegate");
    house.close().await;
}

async fn pool_of(house: &TestApp, key: &str) -> Option<PoolMove> {
    let desk = house
        .app
        .list_my_tasks(&house.actor(key), &DeskQuery::default())
        .await;
    let desk = desk.expect("a desk");
    desk.tasks.first().and_then(|task| task.pool)
}

/// Goal: all of a pool see its task, who takes it has it alone, the others see who, who gives it
/// back shows it to all again, and who decides first decides for all. Method: two lawyers.
#[tokio::test]
async fn a_task_of_a_pool_is_taken_given_back_and_decided_once() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, POOL).await;
        let paper = Paper::started(&house, "50000.00").await;
        let app = &house.app;
        let both = "legal: lawyer, legal: second_lawyer";
        assert_eq!(paper.waiting().await, both);
        assert_eq!(pool_of(&house, "lawyer").await, Some(PoolMove::Take));
        let (first, second) = (house.actor("lawyer"), house.actor("second_lawyer"));
        let other = paper.task_of("second_lawyer").await;
        app.claim_task(&first, paper.task_of("lawyer").await)
            .await
            .expect("taken");
        assert_eq!(paper.waiting().await, "legal: lawyer");
        let late = app.claim_task(&second, other).await;
        assert_eq!(code(&late.expect_err("somebody was faster")), "task-closed");
        assert_eq!(pool_of(&house, "lawyer").await, Some(PoolMove::GiveBack));
        assert_eq!(pool_of(&house, "second_lawyer").await, None);
        let route = app
            .document_route(&second, paper.id)
            .await
            .expect("a route");
        let people = &route.nodes[0].stages[0].people;
        let taken = people.iter().find(|person| person.is_taken).expect("taken");
        assert_eq!(taken.name, "Ирина Орлова");
        assert!(people.iter().any(|person| person.is_taken_by_another));

        app.unclaim_task(&first, paper.task_of("lawyer").await)
            .await
            .expect("given back");
        assert_eq!(paper.waiting().await, both);
        paper.approves("second_lawyer").await;
        assert_eq!(paper.waiting().await, "");
        let events = paper.events().await;
        for action in ["task.claimed", "task.unclaimed", "task.decided"] {
            let count = events.iter().filter(|event| *event == action).count();
            assert_eq!(count, 1, "{action}: {events:?}");
        }
        house.close().await;
    }
}

/// Goal: whoever has least to do is asked, and of them whoever is there. Method: three contracts in
/// a row; then one lawyer is away.
#[tokio::test]
async fn whoever_has_least_to_do_is_asked() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, LEAST).await;
        let first = Paper::started(&house, "50000.00").await.waiting().await;
        let second = Paper::started(&house, "50000.00").await.waiting().await;
        let mut asked = [first, second];
        asked.sort();
        assert_eq!(asked, ["legal: lawyer", "legal: second_lawyer"]);

        let busy = Paper::started(&house, "50000.00").await.waiting().await;
        let busy = busy.trim_start_matches("legal: ").to_owned();
        let free = ["lawyer", "second_lawyer"]
            .into_iter()
            .find(|key| *key != busy);
        let free = free.expect("the other one");
        let now = house.app.now();
        let away = chancery::app::absences::AbsenceDraft {
            from: now,
            until: now.plus_seconds(3600),
            substitute: None,
            kinds: std::collections::BTreeSet::new(),
            powers: chancery::app::absences::Powers::Decide,
        };
        let person = house.vector.person(free);
        let recorded = house
            .app
            .record_absence(&house.actor(free), person, &away)
            .await;
        recorded.expect("recorded");
        let asked = Paper::started(&house, "50000.00").await.waiting().await;
        assert_eq!(
            asked,
            format!("legal: {busy}"),
            "whoever is away is asked last"
        );
        house.close().await;
    }
}

/// Goal: whoever signs later is not asked to approve before. Method: the signatory among the heads.
#[tokio::test]
async fn a_signature_stands_for_the_approval_of_its_giver() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, ABSORBING).await;
        let paper = Paper::started(&house, "50000.00").await;
        assert_eq!(paper.waiting().await, "heads: head");
        paper.approves("head").await;
        assert_eq!(paper.waiting().await, "sign: signatory");
        house.close().await;
    }
}

/// Goal: the pages offer and do all of it. Method: a manager hands on with a word; the colleague's
/// page says for whom, and gives it back; a pool is taken on the desk.
#[actix_web::test]
async fn pages_hand_on_and_take_out_of_a_pool() {
    let stages = format!("{ONE}{POOL}");
    let (house, _folder) = house_with(&Backend::single(), &stages).await;
    let served = house.serve();
    let paper = Paper::started(&house, "50000.00").await;
    let task = paper.task_of("head").await;
    let head = Browser::of(&house, &served, house.vector.person("head")).await;
    let page = head.get(&format!("/tasks/{task}")).await.body;
    assert!(
        page.contains(&format!("/tasks/{task}/delegation")),
        "{page}"
    );
    let form = head.get(&format!("/tasks/{task}/delegation")).await.body;
    assert!(form.contains("Поручить решение"), "{form}");
    let to = house.vector.person("accountant");
    let path = format!("/tasks/{task}/delegation");
    let answer = head.post(&path, "person=&comment=Еду").await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Еду"), "what was typed stays");
    let answer = head.post(&path, &format!("person={to}&comment=Еду")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let document = head.get(&format!("/documents/{}", paper.id)).await.body;
    assert!(
        document.contains("За вас решает: Зоя Карпова"),
        "{document}"
    );

    let desk = head.get("/tasks").await.body;
    assert!(
        desk.contains("Передано вами")
            && desk.contains("сейчас у: Зоя Карпова")
            && !desk.contains("ждёт вас"),
        "{desk}"
    );

    let colleague = Browser::of(&house, &served, to).await;
    let page = colleague.get(&format!("/tasks/{task}")).await.body;
    assert!(page.contains("за: Павел Громов"), "{page}");
    assert!(
        !page.contains(&format!("/tasks/{task}/reassign")),
        "handed on, not theirs"
    );
    let back = format!("/tasks/{task}/delegation/end");
    assert!(page.contains(&back));
    assert_eq!(colleague.post(&back, "").await.status, 303);
    let again = colleague.post(&back, "").await;
    assert_eq!(again.status, 403, "it is with the manager");

    paper.approves("head").await;
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let task = paper.task_of("lawyer").await;
    let desk = lawyer.get("/tasks").await.body;
    let take = format!("/tasks/{task}/claim");
    assert!(
        desk.contains(&take) && desk.contains("Взять в работу"),
        "{desk}"
    );
    assert_eq!(lawyer.post(&take, "").await.status, 303);
    let desk = lawyer.get("/tasks").await.body;
    assert!(desk.contains("Вернуть в общую очередь"), "{desk}");
    let other = Browser::of(&house, &served, house.vector.person("second_lawyer")).await;
    let theirs = paper.task_of("second_lawyer").await;
    assert!(!other.get("/tasks").await.body.contains(&theirs.to_string()));
    let late = other.post(&format!("/tasks/{theirs}/claim"), "").await;
    assert_eq!(late.status, 303, "told where the route says who has it");
    let document = other.get(&format!("/documents/{}", paper.id)).await.body;
    for words in ["взято в работу из общей очереди", "взял другой"]
    {
        assert!(document.contains(words), "{words}: {document}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: whoever was asked the longest ago is asked, and somebody who is away is passed over while
/// another is there. Method: four documents one after another; then one of the two is away.
#[tokio::test]
async fn a_task_goes_to_whoever_has_the_turn() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, IN_TURN).await;
        let mut asked = Vec::new();
        for _ in 0..4 {
            let paper = Paper::started(&house, "50000.00").await;
            asked.push(paper.waiting().await);
            house.advance_seconds(60);
        }
        assert_ne!(asked[0], asked[1]);
        assert_eq!(asked[0], asked[2]);
        assert_eq!(asked[1], asked[3]);
        let next = asked[0].strip_prefix("legal: ").expect("who").to_owned();
        let away = AbsenceDraft {
            from: house.app.now(),
            until: house.app.now().plus_seconds(86_400),
            substitute: None,
            kinds: BTreeSet::new(),
            powers: Powers::Decide,
        };
        let actor = house.actor(&next);
        let person = house.vector.person(&next);
        let recorded = house.app.record_absence(&actor, person, &away).await;
        recorded.expect("away");
        let paper = Paper::started(&house, "50000.00").await;
        assert_eq!(paper.waiting().await, asked[1], "the other one again");
        house.close().await;
    }
}
