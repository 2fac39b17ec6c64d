//! Quorums of every kind, one after another or at once, abstentions, holds and vetoes.

use chancery_types::Locale;
use chancery_workflow::{Decision, Definition, Effect, EventKind, SkipReason, StagePhase, apply};

use crate::support::*;

/// One stage with these lines, before an acknowledgement that asks nobody else.
fn one_stage(lines: &str) -> String {
    let lines: Vec<String> = lines
        .lines()
        .map(|line| format!("    {}\n", line.trim()))
        .collect();
    with_stages(&format!(
        "stages:\n  - id: board\n    type: approve\n    title: {{ ru: Комиссия, en: Board }}\n{}",
        lines.concat()
    ))
}

fn played(lines: &str) -> Play {
    Play::new(define(&one_stage(lines)), contract("1"))
}

/// The five people of these tests: irina, lev, anna, boris, nina.
const FIVE: &str =
    "assignees: [{ user: irina }, { user: lev }, { user: anna }, { user: boris }, { user: nina }]";

/// Goal: 60 per cent of five are three, of all who are asked and not of those who voted.
#[test]
fn a_percentage_is_of_everybody_who_is_asked() {
    let lines = format!("{FIVE}\nquorum: {{ percent: 60, min: 2 }}\non_reject: {{ count: true }}");
    check(
        &mut played(&lines),
        "
        olga starts           | Running 1 [1 board irina, 2 board lev, 3 board anna, 4 board boris, 5 board nina]
        irina rejects board   | Running 1 [2 board lev, 3 board anna, 4 board boris, 5 board nina]
        lev approves board    | Running 1 [3 board anna, 4 board boris, 5 board nina]
        anna rejects board    | Running 1 [4 board boris, 5 board nina]
        boris approves board  | Running 1 [5 board nina]
        nina approves board   | Completed 1 []
        ",
    );
    let mut play = played(&lines);
    play.must("olga starts\nirina rejects board\nlev rejects board\nanna rejects board");
    assert_eq!(
        play.now(),
        "Rejected 1 []",
        "two are left and three are needed"
    );
    let half = lines.replace("percent: 60, min: 2", "percent: 50");
    let mut play = played(&half);
    play.must("olga starts\nirina approves board\nlev approves board");
    let phase = &play.state.stages["board"].phase;
    assert_eq!(*phase, StagePhase::Active, "half of five is three");
    let small = lines.replace("percent: 60, min: 2", "percent: 1, min: 2");
    let mut play = played(&small);
    play.must("olga starts\nirina approves board");
    assert_eq!(
        play.state.stages["board"].phase,
        StagePhase::Active,
        "at least two"
    );
}

/// Goal: a chief weighs three; the rest one each; three are needed.
#[test]
fn weights_are_added_up() {
    let lines = format!(
        "{FIVE}\nquorum: {{ weight: 3 }}\nweights: [{{ who: {{ user: boris }}, weight: 3 }}, \
         {{ who: {{ user: nina }}, weight: 0 }}]"
    );
    let mut play = played(&lines);
    play.must("olga starts\nnina approves board\nirina approves board\nlev approves board");
    let view = play.state.nodes(&play.definition);
    assert_eq!(
        (view[0].stages[0].approvals, view[0].stages[0].needed),
        (2, 3)
    );
    play.must("boris approves board");
    assert_eq!(play.now(), "Completed 1 []");
}

/// Goal: one of the lawyers and one of finance, whoever is first.
#[test]
fn each_group_gives_its_own_approvals() {
    let lines = "assignees: [{ role: lawyer }, { department: finance }]\nquorum: { each_group: 1 }";
    check(
        &mut played(lines),
        "
        olga starts           | Running 1 [1 board irina, 2 board lev, 3 board anna, 4 board boris]
        irina approves board  | Running 1 [2 board lev, 3 board anna, 4 board boris]
        lev approves board    | Running 1 [3 board anna, 4 board boris]
        anna approves board   | Completed 1 []
        ",
    );
    // Irina is the only one of the second group and sits for the first already.
    let twice = "assignees: [{ role: lawyer }, { user: irina }]\nquorum: { each_group: 1 }";
    assert_eq!(
        played(twice).line("olga starts"),
        "refused: stage board needs 1 approvals but has 0 assignees"
    );
    let mut play = played(&format!("{twice}\ndedupe: same_person"));
    play.must("olga starts\nlev approves board");
    assert_eq!(play.state.stages["board"].phase, StagePhase::Active);
    play.must("irina approves board");
    assert_eq!(play.now(), "Completed 1 []");
}

/// Goal: with `dedupe` one vote counts for both of a person's slots, without it they have one.
#[test]
fn somebody_asked_twice_counts_twice_only_where_the_file_says_so() {
    let lines =
        "assignees: [{ user: irina }, { head_of: legal }, { role: lawyer }]\nquorum: { count: 4 }";
    assert_eq!(
        played(lines).line("olga starts"),
        "refused: stage board needs 4 approvals but has 2 assignees"
    );
    let mut play = played(&format!("{lines}\ndedupe: same_person"));
    play.must("olga starts\nirina approves board");
    assert_eq!(play.now(), "Running 1 [2 board lev]");
    play.must("lev approves board");
    assert_eq!(play.now(), "Completed 1 []");
}

/// Goal: a veto is needed whatever the quorum, and a rejection by its holder ends the stage.
#[test]
fn nothing_goes_on_against_a_veto() {
    let lines = format!(
        "{FIVE}\nquorum: {{ count: 2, veto: [{{ role: cfo }}] }}\non_reject: {{ count: true }}"
    );
    let mut play = played(&lines);
    play.must("olga starts\nirina approves board\nlev approves board\nanna approves board");
    assert_eq!(
        play.now(),
        "Running 1 [4 board boris, 5 board nina]",
        "boris has not agreed"
    );
    play.must("nina rejects board\nboris approves board");
    assert_eq!(play.now(), "Completed 1 []");
    let mut play = played(&lines);
    play.must("olga starts\nirina approves board\nboris rejects board");
    assert_eq!(play.now(), "Rejected 1 []");
    let mut play = played(&lines.replace("role: cfo", "role: auditor"));
    assert_eq!(
        play.line("olga starts"),
        "refused: nobody with a veto is asked in stage board"
    );
    // Boris starts it himself: his seat, and his veto with it, go to his manager.
    let mut play = played(&lines);
    play.must("boris starts\nirina approves board\nlev approves board");
    assert_eq!(
        play.now(),
        "Running 1 [3 board anna, 4 board svetlana, 5 board nina]"
    );
    play.must("svetlana approves board");
    assert_eq!(play.now(), "Completed 1 []");
}

/// Goal: the quorum depends on the document, and is frozen when the stage opens.
#[test]
fn a_quorum_may_depend_on_the_document() {
    let lines = format!(
        "{FIVE}\nquorum: {{ when: [{{ if: \"doc.payment_days > 20\", use: all }}, \
         {{ if: \"doc.payment_days > 5\", use: {{ count: 2 }} }}, {{ else: any }}] }}"
    );
    let mut play = played(&lines);
    play.must("olga starts\nirina approves board");
    assert_eq!(play.state.stages["board"].phase, StagePhase::Active);
    play.must("lev approves board");
    assert_eq!(play.now(), "Completed 1 []");
    let mut play = played(&lines);
    play.card.insert(
        "payment_days".to_owned(),
        chancery_types::FieldValue::Integer(1),
    );
    play.must("olga starts\nirina approves board");
    assert_eq!(play.now(), "Completed 1 []");
}

/// Goal: one after another, in the order of the file; whoever has a conflict is replaced in place.
#[test]
fn a_sequence_asks_one_after_another() {
    let lines =
        "assignees: [{ user: irina }, { user: anna }, { user: nina }]\nmode: sequential\ndue: 2d";
    let mut play = played(lines);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 board irina]
        anna approves board   | refused: task 1 is assigned to somebody else
        irina passes board to nina | refused: the new assignee already takes part in stage board
        irina approves board  | Running 1 [2 board anna]
        anna returns board    | Rework 1 []
        olga resubmits answering | Running 2 [3 board anna]
        anna approves board   | Running 2 [4 board nina]
        nina approves board   | Completed 2 []
        ",
    );
    let due: Vec<i64> = play
        .state
        .tasks
        .values()
        .map(|task| {
            task.due_at
                .map_or(0, |due| due.seconds_since(task.opened_at))
        })
        .collect();
    assert_eq!(due, [172_800; 4], "each has the whole time");
}

/// Goal: an abstention is neither for nor against; one that leaves too few is refused.
#[test]
fn an_abstention_counts_for_nobody() {
    let lines = "assignees: [{ user: irina }, { user: lev }, { user: anna }]\n\
                 decisions: [approve, reject, abstain]";
    check(
        &mut played(lines),
        "
        olga starts           | Running 1 [1 board irina, 2 board lev, 3 board anna]
        irina abstains board  | Running 1 [2 board lev, 3 board anna]
        lev approves board    | Running 1 [3 board anna]
        anna abstains board   | Completed 1 []
        ",
    );
    let mut play = played(lines);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 board irina, 2 board lev, 3 board anna]
        irina abstains board  | Running 1 [2 board lev, 3 board anna]
        lev abstains board    | Running 1 [3 board anna]
        anna abstains board   | refused: without this vote stage board could no longer reach its quorum
        anna returns board    | refused: stage board does not offer the decision return
        anna approves board   | Completed 1 []
        ",
    );
    let mut play = played(&format!("{lines}\nquorum: {{ count: 3 }}"));
    play.must("olga starts");
    assert_eq!(
        play.line("irina abstains board"),
        "refused: without this vote stage board could no longer reach its quorum"
    );
}

/// Goal: whoever holds keeps the stage open although the quorum is met, until they decide.
#[test]
fn a_hold_keeps_the_stage_waiting() {
    let lines = "assignees: [{ user: irina }, { user: lev }]\nquorum: any\n\
                 decisions: [approve, reject, hold]";
    let mut play = played(lines);
    play.must("olga starts\nirina holds board");
    assert!(
        matches!(play.effects.as_slice(), [Effect::HoldTask { .. }]),
        "{:?}",
        play.effects
    );
    let view = play.state.nodes(&play.definition);
    assert!(view[0].stages[0].tasks[0].held_at.is_some());
    check(
        &mut play,
        "
        lev approves board    | Running 1 [1 board irina]
        irina holds board     | Running 1 [1 board irina]
        irina approves board  | Completed 1 []
        ",
    );
    let mut silent = played(lines);
    silent.must("olga starts");
    let mut event = silent.event("irina holds board");
    if let EventKind::Decided { comment, .. } = &mut event.kind {
        *comment = None;
    }
    let answer = apply(&silent.definition, &silent.state, &event, &silent.directory);
    assert_eq!(answer.expect_err("a refusal").code(), "comment-required");
}

/// Goal: a rejection may send the document back, or be a vote, in place of ending the run.
#[test]
fn a_rejection_does_what_the_file_says() {
    let rework = format!("{FIVE}\non_reject: {{ rework: {{ to: initiator }} }}");
    let mut play = played(&rework);
    play.must("olga starts\nanna rejects board");
    assert_eq!(play.now(), "Rework 1 []");
    let opened = play.effects.iter().any(
        |effect| matches!(effect, Effect::OpenRework { returned_by, .. } if returned_by.len() == 1),
    );
    assert!(opened, "{:?}", play.effects);
    play.must("olga resubmits answering");
    assert_eq!(play.state.round, 2);
    let ends = format!("{FIVE}\non_reject: {{ finish: rejected }}");
    let mut play = played(&ends);
    play.must("olga starts\nanna rejects board");
    assert_eq!(play.now(), "Rejected 1 []");
}

/// Goal: a stage that may be skipped for want of people is, by name; others go on.
#[test]
fn a_stage_is_skipped_for_want_of_people_only_where_the_file_says_so() {
    let source = with_stages(
        "stages:
  - { id: audit, type: approve, title: { ru: а, en: a }, assignees: [{ role: auditor }], if_empty: skip }
  - { id: board, type: approve, title: { ru: б, en: b }, assignees: [{ user: irina }] }
",
    );
    let mut play = Play::new(define(&source), contract("1"));
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 board irina]");
    let skipped = StagePhase::Skipped(SkipReason::NobodyFound);
    assert_eq!(play.state.stages["audit"].phase, skipped);
    let mut strict = Play::new(
        define(&source.replace(", if_empty: skip", "")),
        contract("1"),
    );
    assert_eq!(
        strict.line("olga starts"),
        "refused: stage audit has no assignee"
    );
}

/// Goal: an assignee with a condition is asked only where it holds.
#[test]
fn an_assignee_may_have_a_condition() {
    let lines =
        "assignees: [{ user: irina }, { who: { user: anna }, when: \"doc.payment_days > 9\" }]";
    let mut play = played(lines);
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 board irina, 2 board anna]");
    let mut play = played(&lines.replace("> 9", "> 90"));
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 board irina]");
}

#[test]
fn decisions_may_have_titles_of_their_own() {
    let lines = format!(
        "{FIVE}\ndecisions: [approve, \
         {{ id: reject, title: {{ ru: Отказать в оплате, en: Refuse payment }} }}]"
    );
    let definition = define(&one_stage(&lines));
    let stage = definition.stage("board").expect("the stage");
    assert_eq!(
        stage.decision_title(Decision::Reject, Locale::En),
        Some("Refuse payment")
    );
    assert_eq!(stage.decision_title(Decision::Approve, Locale::En), None);
    assert_eq!(stage.decisions.len(), 2);
}

/// Goal: a quorum may want as many as a stage asks at most, and an example invents as many of them.
#[test]
fn a_quorum_may_want_hundreds() {
    let source = |count: u32, example: &str| {
        let lines = format!("assignees: [{{ role: lawyer }}]\nquorum: {{ count: {count} }}");
        format!("{}{example}", one_stage(&lines))
    };
    let script = |expect: &str| {
        format!("tests:\n  - {{ name: all, doc: {{ amount: RUB 1.00 }}, {expect} }}\n")
    };
    define(&source(
        300,
        &script("expect: { path: [board], outcome: completed }"),
    ));
    define(&source(5_000, ""));
    let found = Definition::parse(&source(5_001, ""), &kinds(), &vocabulary());
    let found = found.expect_err("more than anybody asks");
    assert!(
        found[0].text(Locale::En).contains("5000"),
        "{}",
        found[0].text(Locale::En)
    );
}
