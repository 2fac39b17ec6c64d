//! What a decision leads to, and who may not give it.

use chancery::app::AppError;
use chancery_types::Digest;
use chancery_workflow::{Decision, Phase};

use super::paper::{Paper, code, events_count};
use crate::support::{TestApp, on_both};

/// Goal: a contract of six million travels manager → legal ‖ finance → cfo → our signature, and
/// each step leaves its tasks, its letters and one audit event. Method: a script with what waits
/// after each line.
#[tokio::test]
async fn a_contract_travels_its_route_to_the_signature() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "6000000.00").await;
        assert_eq!(paper.waiting().await, "manager: head");
        let document = paper.document().await;
        assert_eq!(document.state, "in_run");
        assert_eq!(
            document.registration_number.as_deref(),
            Some("Д-2026-00001")
        );

        let outcome = paper.approves("head").await;
        assert_eq!(outcome.phase, Phase::Running);
        assert_eq!(outcome.waits_for.len(), 3, "{:?}", outcome.waits_for);
        assert_eq!(
            paper.waiting().await,
            "expertise/finance: accountant, expertise/legal: lawyer, \
             expertise/legal: second_lawyer"
        );
        let with_remarks = Decision::ApproveWithRemarks;
        paper
            .decides("second_lawyer", with_remarks, "Уточнить п. 4.2")
            .await;
        assert_eq!(paper.waiting().await, "expertise/finance: accountant");
        paper.approves("accountant").await;
        assert_eq!(paper.waiting().await, "cfo: cfo");
        paper.approves("cfo").await;
        assert_eq!(paper.waiting().await, "sign_internal: signatory");

        assert_eq!(
            paper.events().await,
            [
                "run.started",
                "task.decided",
                "task.decided",
                "task.decided",
                "task.decided"
            ]
        );
        assert_eq!(
            paper.letters().await,
            [
                "approved → initiator",
                "remarks → initiator",
                "task-opened → accountant",
                "task-opened → cfo",
                "task-opened → head",
                "task-opened → lawyer",
                "task-opened → second_lawyer",
                "task-opened → signatory",
                "task-withdrawn → lawyer",
            ]
        );
    })
    .await;
}

/// Goal: only an open task of one's own, on the present version, with the words it needs, may be
/// decided; everything else is refused by name and changes nothing. Method: a table.
#[tokio::test]
async fn a_decision_that_may_not_be_is_refused_by_name_and_leaves_nothing() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let app = &house.app;
        let task = paper.task_of("head").await;
        let before = events_count(house).await;
        let approve = paper.decision(Decision::Approve, "").await;

        for (who, answer) in [
            ("cfo", "hidden"),
            ("initiator", "denied"),
            ("clerk", "denied"),
        ] {
            let tried = app
                .decide_task(&house.actor(who), task, approve.clone())
                .await;
            assert_eq!(code(&tried.expect_err(who)), answer, "{who}");
        }
        let stranger = house.northwind.actor("head");
        let tried = app.decide_task(&stranger, task, approve.clone()).await;
        assert_eq!(code(&tried.expect_err("a stranger")), "hidden");

        let mut other = approve.clone();
        other.version_digest = Digest::of(b"another page");
        let tried = app.decide_task(&house.actor("head"), task, other).await;
        assert_eq!(
            code(&tried.expect_err("another version")),
            "version-changed"
        );
        for (decision, answer) in [
            (Decision::Return, "comment: empty"),
            (Decision::Reject, "comment: empty"),
            (Decision::ApproveWithRemarks, "remarks: empty"),
        ] {
            let tried = paper.try_decide("head", decision, "  ").await;
            assert_eq!(code(&tried.expect_err("no words")), answer);
        }
        let hidden = paper
            .try_decide("head", Decision::Reject, "Нет\u{202e}")
            .await;
        assert_eq!(
            code(&hidden.expect_err("U+202E")),
            "comment: invisible-character"
        );
        assert_eq!(events_count(house).await, before);
        assert_eq!(paper.run().await.seq, 1);

        paper.approves("head").await;
        let again = paper.try_decide("head", Decision::Approve, "").await;
        assert_eq!(code(&again.expect_err("a second click")), "already-decided");
        assert_eq!(events_count(house).await, before + 1);
    })
    .await;
}

/// Goal: a return opens rework with all remarks of the parallel branches; a new version starts the
/// approvals anew, on its own digest; an old page is refused. Method: a script.
#[tokio::test]
async fn a_returned_contract_comes_back_with_a_new_version_and_is_approved_anew() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "200000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        paper.approves("head").await;
        paper
            .decides("lawyer", Decision::Return, "Изменить срок оплаты")
            .await;
        assert_eq!(
            paper.document().await.state,
            "in_run",
            "finance still speaks"
        );
        let outcome = paper.approves("accountant").await;
        assert_eq!(outcome.phase, Phase::Rework);
        assert_eq!(paper.document().await.state, "rework");
        assert_eq!(outcome.waits_for, ["Ольга Соколова"]);
        assert!(
            paper
                .letters()
                .await
                .contains(&"returned → initiator".to_owned())
        );

        let old_page = paper.decision(Decision::Approve, "").await;
        let silent = app.resubmit_run(&initiator, paper.id, Some(" ")).await;
        assert_eq!(
            code(&silent.expect_err("nothing changed")),
            "comment: empty"
        );
        paper.brings_version(&house.vector, "190000.00", 2).await;
        app.resubmit_run(&initiator, paper.id, None)
            .await
            .expect("resubmitted");

        assert_eq!(paper.waiting().await, "manager: head");
        assert_eq!(paper.document().await.state, "in_run");
        let task = paper.task_of("head").await;
        let tried = app.decide_task(&house.actor("head"), task, old_page).await;
        assert_eq!(code(&tried.expect_err("an old page")), "version-changed");
        paper.approves("head").await;
        let events = paper.events().await;
        assert_eq!(
            events
                .iter()
                .filter(|event| *event == "run.resubmitted")
                .count(),
            1
        );
        let run = paper.run().await;
        assert_eq!((run.seq, run.round), (7, 2));
    })
    .await;
}

/// Goal: a resubmission with a comment alone keeps approvals and asks only who returned. Method:
/// one return, one comment.
#[tokio::test]
async fn a_comment_alone_asks_again_only_who_returned() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        paper.approves("head").await;
        paper.decides("lawyer", Decision::Return, "Зачем?").await;
        let initiator = house.actor("initiator");
        let answered = Some("Так решил директор");
        house
            .app
            .resubmit_run(&initiator, paper.id, answered)
            .await
            .expect("resubmitted");
        assert!(
            paper.waiting().await.starts_with("expertise/legal: "),
            "not the manager"
        );
    })
    .await;
}

/// Goal: a rejection ends the run, closes what is open and tells the initiator; a second start is
/// refused. Method: reject at the first stage.
#[tokio::test]
async fn a_rejection_ends_the_run_for_good() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let outcome = paper.decides("head", Decision::Reject, "Не нужен").await;
        assert_eq!(outcome.phase, Phase::Rejected);
        assert_eq!(paper.waiting().await, "");
        assert_eq!(paper.document().await.state, "rejected");
        assert!(paper.run().await.finished_at.is_some());
        assert!(
            paper
                .letters()
                .await
                .contains(&"rejected → initiator".to_owned())
        );
        let again = house
            .app
            .start_run(&house.actor("initiator"), paper.id)
            .await;
        assert_eq!(code(&again.expect_err("rejected")), "document-not-draft");
    })
    .await;
}

/// Goal: only the initiator takes a document back, and not after our signature was asked for.
/// Method: try in both places.
#[tokio::test]
async fn only_the_initiator_withdraws_and_only_in_time() {
    on_both(async |house: &TestApp| {
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let late = Paper::started(house, "50000.00").await;
        for key in ["head", "lawyer"] {
            late.approves(key).await;
        }
        assert_eq!(late.waiting().await, "sign_internal: signatory");
        let tried = app
            .withdraw_document(&initiator, late.id, "Передумали")
            .await;
        assert_eq!(code(&tried.expect_err("too late")), "too-late-to-withdraw");

        let paper = Paper::started(house, "50000.00").await;
        let tried = app
            .withdraw_document(&house.actor("head"), paper.id, "Я")
            .await;
        assert_eq!(code(&tried.expect_err("not the initiator")), "denied");
        app.withdraw_document(&initiator, paper.id, "Передумали")
            .await
            .expect("withdrawn");
        assert_eq!(paper.document().await.state, "withdrawn");
        assert_eq!(paper.waiting().await, "");
        assert_eq!(
            paper.letters().await,
            ["task-opened → head", "task-withdrawn → head"]
        );
    })
    .await;
}

/// Goal: a task goes to a colleague with both told; never to the initiator. Method: the lawyer
/// hands over to the compliance officer.
#[tokio::test]
async fn a_task_is_handed_over_but_never_to_the_initiator() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let app = &house.app;
        let task = paper.task_of("head").await;
        let to = |key: &str| house.vector.person(key);
        let head = house.actor("head");
        let tried = app.reassign_task(&head, task, to("initiator")).await;
        assert_eq!(
            code(&tried.expect_err("the initiator")),
            "separation-of-duties"
        );
        let stranger = app
            .reassign_task(&head, task, house.northwind.person("head"))
            .await;
        assert_eq!(
            code(&stranger.expect_err("a stranger")),
            "person-not-active"
        );
        let tried = app
            .reassign_task(&house.actor("initiator"), task, to("cfo"))
            .await;
        assert_eq!(code(&tried.expect_err("not the holder")), "denied");

        app.reassign_task(&head, task, to("cfo"))
            .await
            .expect("handed over");
        assert_eq!(paper.waiting().await, "manager: cfo");
        let old = app
            .decide_task(&head, task, paper.decision(Decision::Approve, "").await)
            .await;
        assert!(
            matches!(old, Err(AppError::Denied)),
            "still sees it, may not decide: {old:?}"
        );
        assert_eq!(
            paper.letters().await,
            [
                "task-opened → cfo",
                "task-opened → head",
                "task-withdrawn → head"
            ]
        );
        paper.approves("cfo").await;
        assert!(paper.waiting().await.contains("lawyer"));
        assert_eq!(
            paper.events().await,
            ["run.started", "task.decided", "task.reassigned"]
        );
    })
    .await;
}

/// Goal: a holder is reminded by hand once an hour at most. Method: move the clock.
#[tokio::test]
async fn a_task_is_reminded_of_at_most_once_an_hour() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let task = paper.task_of("head").await;
        let denied = app.remind_task(&house.actor("head"), task).await;
        assert_eq!(code(&denied.expect_err("not the initiator")), "denied");
        app.remind_task(&initiator, task).await.expect("reminded");
        let again = app.remind_task(&initiator, task).await;
        assert_eq!(code(&again.expect_err("at once")), "reminded-lately");
        house.advance_seconds(3600);
        app.remind_task(&initiator, task).await.expect("reminded");
        let reminders = paper.letters().await;
        let count = reminders
            .iter()
            .filter(|line| line.starts_with("reminder"))
            .count();
        assert_eq!(count, 2);
        assert_eq!(
            paper.events().await,
            ["run.started", "task.reminded", "task.reminded"]
        );
    })
    .await;
}

/// Goal: remarks are kept with their author and version and are closed once, with an answer.
/// Method: approve with a remark, close it twice.
#[tokio::test]
async fn a_remark_is_closed_once_with_an_answer() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let with_remarks = Decision::ApproveWithRemarks;
        let mut given = paper.decision(with_remarks, "Опечатка на стр. 2").await;
        given.remarks.push("Нет даты".to_owned());
        let task = paper.task_of("head").await;
        let decided = app.decide_task(&house.actor("head"), task, given).await;
        decided.expect("decided");
        let remarks = app
            .list_remarks(&initiator, paper.id)
            .await
            .expect("remarks");
        let [remark, other] = &remarks[..] else {
            panic!("{remarks:?}");
        };
        assert_eq!(remark.row.text, "Опечатка на стр. 2");
        assert_eq!(
            (remark.author_name.as_str(), remark.version_number),
            ("Павел Громов", 1)
        );
        let id = remark.row.id.into();
        let silent = app.close_remark(&initiator, id, " ").await;
        assert_eq!(code(&silent.expect_err("no answer")), "answer: empty");
        let hidden = app.close_remark(&house.actor("cfo"), id, "Нет").await;
        assert_eq!(code(&hidden.expect_err("not concerned")), "hidden");
        // Who was asked too, and did not make it, does not silence who did.
        let lawyer = house.actor("lawyer");
        let seen = app.list_remarks(&lawyer, paper.id).await.expect("remarks");
        assert!(seen.iter().all(|remark| !remark.may_close));
        let denied = app.close_remark(&lawyer, id, "Нет").await;
        assert_eq!(code(&denied.expect_err("not theirs")), "denied");
        let other = other.row.id.into();
        app.close_remark(&house.actor("head"), other, "Дата есть на стр. 1")
            .await
            .expect("taken back by who made it");
        app.close_remark(&initiator, id, "Исправили")
            .await
            .expect("closed");
        let again = app.close_remark(&initiator, id, "Ещё раз").await;
        assert_eq!(code(&again.expect_err("closed")), "remark-closed");
        assert_eq!(
            paper.events().await,
            [
                "remark.closed",
                "remark.closed",
                "run.started",
                "task.decided"
            ]
        );
    })
    .await;
}
