//! Runs as scripts: one event a line, beside it what became of it.

use chancery_types::id::ContactId;
use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Actor, CloseReason, Effect, Event, EventKind, Outcome, Refusal, StagePhase, State, TaskNumber,
    apply,
};
use uuid::Uuid;

use crate::support::*;

/// Goal: the whole life of a small contract, from the manager to the counterparty, and the
/// acknowledgement that does not hold it up.
#[test]
fn a_small_contract_goes_from_its_manager_to_both_signatures() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    check(
        &mut play,
        "
        pavel approves manager       | refused: this is not possible while the run is Draft
        olga starts                  | Running 1 [1 manager pavel]
        olga starts                  | refused: this is not possible while the run is Running
        irina approves manager       | refused: task 1 is assigned to somebody else
        pavel approves manager (stale) | refused: the decision is about another version than the present one
        pavel approves manager       | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        pavel approves manager       | refused: task 1 was decided already
        irina remarks legal          | Running 1 [4 sign_internal svetlana]
        lev approves legal           | refused: task 3 is closed
        olga withdraws               | refused: the document can no longer be withdrawn: stage sign_internal was reached
        svetlana approves sign_internal | refused: stage sign_internal does not offer the decision approve
        svetlana signs sign_internal | Running 1 [5 sign_counterparty carl]
        carl signs sign_counterparty | Completed 1 [6 ack pavel]
        carl signs sign_counterparty | refused: task 5 was decided already
        pavel approves ack           | refused: stage ack does not offer the decision approve
        pavel reads ack              | Completed 1 []
        pavel reads ack              | refused: task 6 was decided already
        ",
    );
    assert_eq!(play.state.outcome, Some(Outcome::Completed));
    assert_eq!(
        play.state.stages["expertise/finance"].phase,
        StagePhase::Skipped(chancery_workflow::SkipReason::Condition)
    );
}

/// Goal: all remarks of the parallel experts come back at once; a new version takes every vote
/// away; the manager is asked again.
#[test]
fn a_return_waits_for_the_other_branch_and_a_new_version_starts_from_the_beginning() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    check(
        &mut play,
        "
        olga starts                | Running 1 [1 manager pavel]
        pavel approves manager     | Running 1 [2 expertise/legal irina, 3 expertise/legal lev, 4 expertise/finance anna]
        irina returns-silently legal | refused: the decision return needs a comment
        irina returns legal        | Running 1 [4 expertise/finance anna]
        anna approves finance      | Rework 1 []
        lev approves legal         | refused: task 3 is closed
        olga resubmits             | refused: a resubmission needs a new version or a comment
        pavel resubmits answering  | refused: only the initiator may do this
        olga revises 1             | refused: the number of the new version must be greater than 1
        olga revises 2             | Rework 1 []
        olga resubmits             | Running 2 [5 manager pavel]
        pavel approves manager     | Running 2 [6 expertise/legal irina, 7 expertise/legal lev, 8 expertise/finance anna]
        lev approves legal         | Running 2 [8 expertise/finance anna]
        anna approves finance      | Running 2 [9 sign_internal svetlana]
        ",
    );
}

/// Goal: what goes back to an earlier content is a new version: neither the approvals nor our
/// signature of the first round count for it. Method: two returns by the counterparty, the third
/// version being the first again.
#[test]
fn a_version_with_an_earlier_content_revives_no_vote() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    play.must(
        "olga starts
         pavel approves manager
         irina approves legal
         svetlana signs sign_internal
         carl returns sign_counterparty
         olga revises 2
         olga resubmits
         pavel approves manager
         irina approves legal
         svetlana signs sign_internal
         carl returns sign_counterparty",
    );
    check(
        &mut play,
        "
        olga reverts 3 1           | Rework 2 []
        olga resubmits             | Running 3 [11 manager pavel]
        pavel approves manager     | Running 3 [12 expertise/legal irina, 13 expertise/legal lev]
        irina approves legal       | Running 3 [14 sign_internal svetlana]
        svetlana signs sign_internal | Running 3 [15 sign_counterparty carl]
        carl signs sign_counterparty | Completed 3 [16 ack pavel]
        ",
    );
    let view = play.state.nodes(&play.definition);
    let manager: Vec<bool> = view[0].stages[0].tasks.iter().map(|t| t.counts).collect();
    assert_eq!(manager, [false, false, true]);
}

/// Goal: a returned version that was edited and edited back goes round again, and is decided on
/// anew.
#[test]
fn a_returned_content_may_be_sent_again_as_a_new_version() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    check(
        &mut play,
        "
        olga starts             | Running 1 [1 manager pavel]
        pavel approves manager  | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        irina returns legal     | Rework 1 []
        olga reverts 3 1        | Rework 1 []
        olga resubmits          | Running 2 [4 manager pavel]
        ",
    );
}

/// Goal: a run that was stored before tasks kept the number of their version is read, its votes
/// stand for their version and for no later one.
#[test]
fn an_old_state_keeps_its_votes_and_revives_none() {
    let old = |play: &mut Play| {
        let mut stored = serde_json::to_value(&play.state).expect("a state");
        for task in stored["tasks"].as_object_mut().expect("tasks").values_mut() {
            let task = task.as_object_mut().expect("a task");
            task.remove("version_number").expect("a number");
        }
        play.state = serde_json::from_value(stored).expect("an old state");
    };
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    play.must("olga starts\npavel approves manager\nirina returns legal");
    old(&mut play);
    check(
        &mut play,
        "
        olga resubmits answering  | Running 2 [4 expertise/legal irina, 5 expertise/legal lev]
        irina returns legal       | Rework 2 []
        ",
    );
    old(&mut play);
    check(
        &mut play,
        "
        olga revises 2          | Rework 2 []
        olga resubmits          | Running 3 [6 manager pavel]
        pavel returns manager   | Rework 3 []
        ",
    );
    old(&mut play);
    check(
        &mut play,
        "
        olga reverts 3 1        | Rework 3 []
        olga resubmits          | Running 4 [7 manager pavel]
        ",
    );
}

/// Goal: a stage whose standing votes are enough asks nobody again: no task is opened to be closed
/// in the same step.
#[test]
fn a_resubmission_with_an_answer_opens_nothing_where_the_quorum_stands() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    play.must(
        "olga starts
         pavel approves manager
         irina approves legal
         anna returns finance",
    );
    play.must("olga resubmits answering");
    assert_eq!(play.now(), "Running 2 [5 expertise/finance anna]");
    let touched: Vec<&Effect> = play
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::CloseTask { .. }))
        .collect();
    assert!(touched.is_empty(), "{touched:?}");
    play.must(
        "anna approves finance\nsvetlana signs sign_internal\ncarl returns sign_counterparty",
    );
    play.must("olga resubmits answering");
    assert_eq!(play.now(), "Running 3 [8 sign_counterparty carl]");
}

/// Goal: a resubmission of the same version with an answer keeps the approvals and asks only
/// those who refused.
#[test]
fn a_resubmission_of_the_same_version_asks_only_those_who_have_not_agreed() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    check(
        &mut play,
        "
        olga starts               | Running 1 [1 manager pavel]
        pavel approves manager    | Running 1 [2 expertise/legal irina, 3 expertise/legal lev, 4 expertise/finance anna]
        anna approves finance     | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        irina returns legal       | Rework 1 []
        olga resubmits answering  | Running 2 [5 expertise/legal irina, 6 expertise/legal lev]
        irina approves legal      | Running 2 [7 sign_internal svetlana]
        ",
    );
    let view = play.state.nodes(&play.definition);
    let manager = &view[0].stages[0];
    assert_eq!(
        (manager.phase.clone(), manager.approvals, manager.needed),
        (StagePhase::Satisfied, 1, 1)
    );
    let legal = &view[1].stages[0];
    let counted: Vec<bool> = legal.tasks.iter().map(|task| task.counts).collect();
    assert_eq!(
        counted,
        [false, false, true, false],
        "the return was set aside"
    );
}

/// Goal: whoever made the new version stops being an approver of it: the slot goes to the manager
/// above, and the author's own older approval is gone with the older version.
#[test]
fn the_author_of_a_new_version_no_longer_approves_it() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    check(
        &mut play,
        "
        olga starts            | Running 1 [1 manager pavel]
        pavel returns manager  | Rework 1 []
        pavel revises 2        | Rework 1 []
        olga resubmits         | Running 2 [2 manager svetlana]
        pavel approves manager | refused: task 2 is assigned to somebody else
        ",
    );
}

#[test]
fn a_rejection_ends_the_run_and_closes_what_was_open() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    play.must("olga starts\npavel approves manager\nirina rejects legal");
    assert_eq!(
        play.now(),
        "Running 1 [4 expertise/finance anna]",
        "the other branch finishes"
    );
    check(
        &mut play,
        "
        anna approves finance    | Rejected 1 []
        anna approves finance    | refused: task 4 was decided already
        olga withdraws           | refused: this is not possible while the run is Rejected
        olga resubmits answering | refused: this is not possible while the run is Rejected
        ",
    );
}

/// Goal: `cancel_others` closes the other branches at once and says why.
#[test]
fn a_refusal_may_cancel_the_other_branches() {
    let source = read_chain("contract").replace("finish_others", "cancel_others");
    let mut play = Play::new(define(&source), contract("200000.00"));
    play.must("olga starts\npavel approves manager\nirina returns legal");
    assert_eq!(play.now(), "Rework 1 []");
    let closed = Effect::CloseTask {
        task: TaskNumber(4),
        reason: CloseReason::Returned,
    };
    assert!(play.effects.contains(&closed), "{:?}", play.effects);
    assert_eq!(
        play.state.stages["expertise/finance"].phase,
        StagePhase::Cancelled
    );
}

/// Goal: the counterparty may return with a protocol of disagreements or refuse; the signatory of
/// ours then signs the next version again.
#[test]
fn the_counterparty_s_disagreement_returns_the_run_and_no_signature_is_carried_over() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    play.must(
        "olga starts
         pavel approves manager
         irina approves legal
         svetlana signs sign_internal
         carl returns sign_counterparty
         olga revises 2
         olga resubmits
         pavel approves manager
         irina approves legal",
    );
    assert_eq!(play.now(), "Running 2 [9 sign_internal svetlana]");
    play.must("svetlana signs sign_internal\ncarl rejects sign_counterparty");
    assert_eq!(play.state.outcome, Some(Outcome::Rejected));
}

#[test]
fn the_number_of_returns_is_limited() {
    let source = read_chain("contract").replace("max_rounds: 5", "max_rounds: 1");
    let mut play = Play::new(define(&source), contract("90000.00"));
    check(
        &mut play,
        "
        olga starts              | Running 1 [1 manager pavel]
        pavel returns manager    | Rework 1 []
        olga resubmits answering | Running 2 [2 manager pavel]
        pavel returns manager    | refused: the document was returned 1 times already
        pavel rejects manager    | Rejected 2 []
        ",
    );
}

/// Goal: a task moves only by its holder, somebody above or an administrator, and only to somebody
/// who may decide and has no second hat.
#[test]
fn a_task_is_reassigned_only_by_and_to_the_right_people() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    check(
        &mut play,
        "
        olga starts                         | Running 1 [1 manager pavel]
        pavel approves manager              | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        anna passes legal to anna           | refused: task 2 may not be reassigned by this actor
        irina passes legal to lev           | refused: the new assignee already takes part in stage expertise/legal
        irina passes legal to olga          | refused: separation of duties: rule initiator of stage expertise/legal
        irina passes legal to gone          | refused: the person is unknown or not active
        irina passes legal to carl          | refused: task 2 cannot go to an assignee of another sort
        irina passes legal to nina          | Running 1 [2 expertise/legal nina, 3 expertise/legal lev]
        irina approves legal                | refused: task 2 is assigned to somebody else
        tom passes legal to irina           | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        svetlana passes legal to anna       | Running 1 [2 expertise/legal anna, 3 expertise/legal lev]
        anna approves legal                 | Running 1 [4 sign_internal svetlana]
        svetlana signs sign_internal        | Running 1 [5 sign_counterparty carl]
        carl passes sign_counterparty to dora | Running 1 [5 sign_counterparty dora]
        carl signs sign_counterparty        | refused: task 5 is assigned to somebody else
        olga passes sign_counterparty to carl | Running 1 [5 sign_counterparty carl]
        carl signs sign_counterparty        | Completed 1 [6 ack pavel]
        ",
    );
}

#[test]
fn the_initiator_may_withdraw_before_the_named_stage_and_nobody_else_may() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    check(
        &mut play,
        "
        olga starts            | Running 1 [1 manager pavel]
        pavel withdraws        | refused: only the initiator may do this
        pavel approves manager | Running 1 [2 expertise/legal irina, 3 expertise/legal lev]
        olga withdraws         | Withdrawn 1 []
        irina approves legal   | refused: task 3 is closed
        ",
    );
}

/// Goal: a quorum of two of three closes the stage; the third task is closed and said.
#[test]
fn a_count_closes_a_stage_and_takes_no_more_decisions() {
    let source = with_stages(
        "stages:
  - id: board
    type: approve
    title: { ru: Комиссия, en: Board }
    assignees: [{ group: contract_board }]
    quorum: { count: 2 }
    due: 4h
",
    );
    let mut play = Play::new(define(&source), contract("1"));
    check(
        &mut play,
        "
        olga starts          | Running 1 [1 board irina, 2 board anna, 3 board nina]
        irina approves board | Running 1 [2 board anna, 3 board nina]
        irina approves board | refused: task 2 is assigned to somebody else
        nina approves board  | Completed 1 []
        anna approves board  | refused: task 3 was decided already
        ",
    );
    let closed = Effect::CloseTask {
        task: TaskNumber(2),
        reason: CloseReason::QuorumReached,
    };
    assert!(play.effects.contains(&closed), "{:?}", play.effects);
    let due = play.state.tasks[&TaskNumber(1)].due_at;
    assert_eq!(due, Some(Instant::from_seconds(60 + 4 * 3600)));
}

/// Goal: a person who voted in one stage is left out of another by a rule, and their manager is
/// asked instead.
#[test]
fn a_rule_of_the_file_keeps_the_voters_of_one_stage_out_of_another() {
    let source = with_stages(
        "sod: [{ id: four-eyes, stages: [second], rule: \"!(actor in voters('first'))\" }]
stages:
  - { id: first, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: second, type: approve, title: { ru: б, en: b }, assignees: [{ user: irina }, { user: anna }] }
",
    );
    let mut play = Play::new(define(&source), contract("1"));
    check(
        &mut play,
        "
        olga starts                 | Running 1 [1 first irina]
        irina approves first        | Running 1 [2 second lev, 3 second anna]
        lev passes second to irina  | refused: separation of duties: rule four-eyes of stage second
        ",
    );
}

/// Goal: an error in a condition is not false: the start is refused and nothing is skipped.
#[test]
fn a_condition_that_cannot_be_evaluated_refuses_the_event() {
    let source = with_stages(
        "stages:
  - { id: one, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - id: two
    type: approve
    title: { ru: б, en: b }
    when: \"100 / doc.payment_days > 5\"
    assignees: [{ user: anna }]
",
    );
    let mut card = contract("1");
    card.insert("payment_days".to_owned(), FieldValue::Integer(0));
    let mut play = Play::new(define(&source), card);
    assert_eq!(
        play.line("olga starts"),
        "refused: the condition of two cannot be evaluated: a division by zero"
    );
    assert_eq!(play.state, State::draft());
}

/// Goal: when a stage has lost everybody since the start, the decision before it is refused and
/// can be given again when the directory is right.
#[test]
fn a_stage_that_lost_its_people_refuses_the_decision_before_it_and_loses_nothing() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    play.must("olga starts\npavel approves manager");
    let roles = std::mem::take(
        &mut play
            .directory
            .people
            .get_mut(&person("svetlana"))
            .expect("svetlana")
            .roles,
    );
    check(
        &mut play,
        "irina approves legal | refused: stage sign_internal has no assignee",
    );
    play.directory
        .people
        .get_mut(&person("svetlana"))
        .expect("svetlana")
        .roles = roles;
    check(
        &mut play,
        "irina approves legal | Running 1 [4 sign_internal svetlana]",
    );
}

#[test]
fn a_card_that_does_not_fit_its_kind_starts_nothing() {
    let mut card = contract("1");
    card.remove("payment_days");
    let mut play = Play::new(chain("contract"), card);
    let wanted = "refused: field payment_days of the card is absent or of another type";
    assert_eq!(play.line("olga starts"), wanted);
    play.card
        .insert("payment_days".to_owned(), FieldValue::Text("30".to_owned()));
    assert_eq!(play.line("olga starts"), wanted);
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(30));
    play.card
        .insert("extra".to_owned(), FieldValue::Integer(30));
    assert_eq!(
        play.line("olga starts"),
        "refused: field extra of the card is absent or of another type"
    );
}

/// Goal: the state survives its stored form byte for byte, and a state of another definition or
/// another form is refused by name.
#[test]
fn a_stored_state_is_read_back_and_a_foreign_one_is_refused() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    play.must("olga starts\npavel approves manager\nirina returns legal\nanna remarks finance");
    let stored = serde_json::to_string(&play.state).expect("a text");
    let read: State = serde_json::from_str(&stored).expect("the same state");
    assert_eq!(read, play.state);
    assert_eq!(serde_json::to_string(&read).expect("a text"), stored);

    let event = play.event("olga resubmits answering");
    let other = apply(&chain("invoice"), &read, &event, &play.directory);
    assert!(matches!(other, Err(Refusal::Corrupt { .. })), "{other:?}");
    let newer = State { schema: 2, ..read };
    let other = apply(&play.definition, &newer, &event, &play.directory);
    assert_eq!(
        other,
        Err(Refusal::Corrupt {
            what: "schema 2".to_owned()
        })
    );
}

/// Goal: what a run does not use is not stored, so that a run of the plain language is kept as it
/// always was, and one that was stored then is read now.
#[test]
fn a_plain_run_is_stored_as_it_always_was() {
    let mut play = Play::new(chain("contract"), contract("200000.00"));
    play.must("olga starts\npavel approves manager\nirina returns legal\nanna remarks finance");
    let stored = serde_json::to_value(&play.state).expect("a value");
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(
        keys(&stored),
        [
            "schema", "phase", "round", "subject", "stages", "tasks", "outcome"
        ]
    );
    for stage in stored["stages"].as_object().expect("stages").values() {
        let wanted = ["phase", "activation", "opened_at", "due_at", "electorate"];
        assert_eq!(keys(stage), wanted);
    }
    for task in stored["tasks"].as_object().expect("tasks").values() {
        let all = keys(task);
        assert!(!all.contains(&"held_at".to_owned()), "{all:?}");
    }
}

#[test]
fn an_outsider_and_the_service_itself_start_and_decide_nothing() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    let mut event = play.event("olga starts");
    event.actor = Actor::System;
    let refused = |play: &Play, event: &Event| {
        apply(&play.definition, &play.state, event, &play.directory).expect_err("a refusal")
    };
    assert_eq!(refused(&play, &event), Refusal::NotAPerson);
    event.actor = Actor::Contact(ContactId(Uuid::from_u128(1001)));
    assert_eq!(refused(&play, &event), Refusal::NotAPerson);
    event.actor = actor("gone");
    assert_eq!(refused(&play, &event), Refusal::PersonNotActive);
    play.must("olga starts");
    let mut event = play.event("pavel approves manager");
    event.actor = Actor::System;
    assert_eq!(
        refused(&play, &event),
        Refusal::NotAssignee {
            task: TaskNumber(1)
        }
    );
}

#[test]
fn words_are_checked_before_they_are_kept() {
    let mut play = Play::new(chain("contract"), contract("90000.00"));
    play.must("olga starts");
    let code = |change: &dyn Fn(&mut Option<String>, &mut Vec<String>), line: &str| {
        let mut event = play.event(line);
        if let EventKind::Decided {
            comment, remarks, ..
        } = &mut event.kind
        {
            change(comment, remarks);
        }
        match apply(&play.definition, &play.state, &event, &play.directory) {
            Ok(_) => "accepted",
            Err(refusal) => refusal.code(),
        }
    };
    let approves = "pavel approves manager";
    let remarks = "pavel remarks manager";
    assert_eq!(code(&|_, _| {}, approves), "accepted");
    assert_eq!(
        code(&|comment, _| *comment = Some("\u{202e}x".into()), approves),
        "text-not-accepted"
    );
    assert_eq!(
        code(&|comment, _| *comment = Some("  ".into()), approves),
        "text-not-accepted"
    );
    assert_eq!(
        code(&|_, remarks| remarks.push("x".into()), approves),
        "remarks-not-offered"
    );
    assert_eq!(
        code(&|_, remarks| remarks.clear(), remarks),
        "remarks-required"
    );
    assert_eq!(
        code(&|_, all| *all = vec!["x".into(); 101], remarks),
        "too-many-remarks"
    );
    assert_eq!(
        code(&|_, all| all.push("\u{0}".into()), remarks),
        "text-not-accepted"
    );
    assert_eq!(
        code(&|comment, _| *comment = None, "pavel rejects manager"),
        "comment-required"
    );
}

/// Goal: fewer people than the quorum, and more than a stage may have, refuse the start by name.
#[test]
fn a_stage_with_too_few_or_too_many_people_refuses_the_start() {
    let source = |assignees: &str, quorum: &str| {
        with_stages(&format!(
            "stages: [{{ id: one, type: approve, title: {{ ru: а, en: a }}, \
             assignees: [{assignees}], quorum: {quorum} }}]\n"
        ))
    };
    let few = define(&source("{ role: lawyer }", "{ count: 3 }"));
    let mut play = Play::new(few, contract("1"));
    assert_eq!(
        play.line("olga starts"),
        "refused: stage one needs 3 approvals but has 2 assignees"
    );
    let mut play = Play::new(
        define(&source("{ department: legal }", "any")),
        contract("1"),
    );
    for number in 0..5_000 {
        let id = chancery_types::id::PersonId(Uuid::from_u128(9000 + number));
        let mut copy = play.directory.people[&person("irina")].clone();
        copy.id = id;
        copy.login = format!("lawyer{number}");
        play.directory.people.insert(id, copy);
    }
    assert_eq!(
        play.line("olga starts"),
        "refused: stage one has more than 5000 assignees"
    );
}
