//! New versions and which votes stand for them, added approvers, votes taken back, and what an
//! administrator may do to a run.

use chancery_types::FieldValue;
use chancery_workflow::{CloseReason, Definition, Effect, Outcome, Phase, State};

use crate::support::*;

/// A board of three whose votes stand while the amount does, then one who signs.
fn carrying(rest: &str, carry: &str) -> String {
    with_stages(&format!(
        "{rest}stages:
  - id: board
    type: approve
    title: {{ ru: а, en: a }}
    assignees: [{{ user: irina }}, {{ user: anna }}]
    carry: \"{carry}\"
  - {{ id: chief, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ user: lev }}], decisions: [approve, return] }}
  - {{ id: last, type: sign, title: {{ ru: в, en: c }}, assignees: [{{ user: svetlana }}] }}
"
    ))
}

fn started(source: &str) -> Play {
    let mut play = Play::new(define(source), contract("100.00"));
    play.must("olga starts");
    play
}

/// Goal: votes stand for a version that left alone what the file says, and for no other.
#[test]
fn votes_are_carried_over_where_the_rule_holds_of_what_changed() {
    let source = carrying("", "!changed('doc.amount', 'file.main')");
    let mut play = started(&source);
    play.must("irina approves board\nanna approves board\nlev returns chief");
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(11));
    play.must("olga edits 2");
    let carried = |play: &Play| {
        let all = play.effects.iter();
        all.filter(|effect| matches!(effect, Effect::CarryVote { .. }))
            .count()
    };
    assert_eq!(carried(&play), 2);
    check(
        &mut play,
        "
        olga resubmits         | Running 2 [4 chief lev]
        lev returns chief      | Rework 2 []
        ",
    );
    // The second version's votes are carried on; a carried vote is a vote.
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(12));
    play.must("olga edits 3\nolga resubmits");
    assert_eq!(play.now(), "Running 3 [5 chief lev]");
    play.must("lev returns chief");
    // The caller says nothing of the card: the engine compares the cards itself.
    play.card
        .insert("amount".to_owned(), money("200.00", "RUB"));
    play.must("olga edits 4\nolga resubmits");
    assert_eq!(play.now(), "Running 4 [6 board irina, 7 board anna]");
    assert_eq!(carried(&play), 0);
    let mut play = started(&source);
    play.must("irina approves board\nanna approves board\nlev returns chief\nolga revises 2");
    play.must("olga resubmits");
    assert_eq!(
        play.now(),
        "Running 2 [4 board irina, 5 board anna]",
        "the file has changed"
    );
}

/// Goal: what the file says once holds for every stage that does not say otherwise.
#[test]
fn defaults_hold_for_stages_that_do_not_say_otherwise() {
    let rest = "defaults: { carry: \"!changed('doc.amount')\", on_reject: { rework: { to: initiator } }, \
                allow: [add_approver] }\n";
    let source = carrying(rest, "never");
    let mut play = started(&source);
    play.must("irina approves board\nanna approves board\nlev approves chief");
    play.must("svetlana rejects last");
    assert_eq!(play.state.phase, Phase::Rework, "the default sends it back");
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(11));
    play.must("olga edits 2\nolga resubmits");
    assert_eq!(
        play.now(),
        "Running 2 [5 board irina, 6 board anna]",
        "the board never carries"
    );
    play.must("irina adds nina board beside\nnina approves board");
    play.must("irina approves board\nanna approves board");
    assert_eq!(
        play.now(),
        "Running 2 [8 last svetlana]",
        "the chief's vote was carried"
    );
}

/// Goal: whoever edits the document loses their carried vote, and their slot goes to their manager.
#[test]
fn the_author_s_own_vote_is_not_carried_over() {
    let mut play = started(&carrying("", "!changed('file.main')"));
    play.must("irina approves board\nanna approves board\nlev returns chief");
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(11));
    play.must("irina edits 2\nolga resubmits");
    assert_eq!(
        play.now(),
        "Running 2 [4 board lev]",
        "anna's vote stands, irina is the author"
    );
}

/// Goal: an error in `carry` carries nothing. Method: a division by what the new card says is zero.
#[test]
fn an_error_in_carry_carries_nothing() {
    let mut play = started(&carrying("", "10 / doc.payment_days > 0"));
    play.must("irina approves board\nanna approves board\nlev returns chief");
    play.card
        .insert("payment_days".to_owned(), FieldValue::Integer(0));
    play.must("olga edits 2\nolga resubmits");
    assert_eq!(play.now(), "Running 2 [4 board irina, 5 board anna]");
}

/// Goal: a new version while the run goes on starts the walk anew; old tasks ask about nothing.
#[test]
fn a_new_version_in_flight_closes_the_old_tasks_and_starts_anew() {
    let mut play = started(&carrying("", "!changed('doc.amount')"));
    play.must("irina approves board");
    play.must("olga revises 2");
    assert_eq!(
        play.now(),
        "Running 1 [3 board anna]",
        "irina's vote stands"
    );
    let closed = play.effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::CloseTask {
                reason: CloseReason::NewVersion,
                ..
            }
        )
    });
    assert!(closed, "{:?}", play.effects);
    check(
        &mut play,
        "
        anna approves board (stale) | refused: the decision is about another version than the present one
        anna approves board    | Running 1 [4 chief lev]
        lev approves chief     | Running 1 [5 last svetlana]
        svetlana signs last    | Completed 1 []
        olga revises 3         | refused: this is not possible while the run is Completed
        ",
    );
}

/// Goal: where a resubmitted document goes on is what the file says.
#[test]
fn a_resubmission_goes_on_where_the_file_says() {
    let source = |resume: &str| {
        carrying(
            &format!("rework: {{ max_rounds: 3, resume: {resume} }}\n"),
            "!changed('file.main')",
        )
    };
    let played = |resume: &str, script: &str| {
        let mut play = started(&source(resume));
        play.must("irina approves board\nanna approves board\nlev returns chief");
        play.must(script);
        play.now()
    };
    let same = "olga resubmits answering";
    let new = "olga revises 2\nolga resubmits";
    assert_eq!(played("first_unsatisfied", same), "Running 2 [4 chief lev]");
    assert_eq!(
        played("first_unsatisfied", new),
        "Running 2 [4 board irina, 5 board anna]"
    );
    assert_eq!(
        played("restart", same),
        "Running 2 [4 board irina, 5 board anna]"
    );
    assert_eq!(played("\"stage:chief\"", same), "Running 2 [4 chief lev]");
    assert_eq!(
        played("\"stage:board\"", same),
        "Running 2 [4 board irina, 5 board anna]"
    );
    assert_eq!(played("refusers_only", new), "Running 2 [4 chief lev]");
}

/// Goal: a signature is of one version. Where every approval stands for a changed document, whoever
/// has signed the former one is asked to sign again, and their signature is never called carried.
#[test]
fn a_signature_is_never_carried_where_every_approval_is() {
    let mut play = started(&with_stages(
        "rework: { max_rounds: 3, resume: refusers_only }
stages:
  - { id: board, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: ours, type: sign, title: { ru: б, en: b }, assignees: [{ user: svetlana }] }
  - { id: theirs, type: sign, title: { ru: в, en: c }, assignees: [{ user: boris }] }
",
    ));
    play.must("irina approves board\nsvetlana signs ours\nboris returns theirs\nolga revises 2");
    let carried: Vec<u32> = play.state.carried.keys().map(|task| task.0).collect();
    assert_eq!(carried, [1], "the board's vote alone");
    check(
        &mut play,
        "
        olga resubmits       | Running 2 [4 ours svetlana]
        svetlana signs ours  | Running 2 [5 theirs boris]
        boris signs theirs   | Completed 2 []
        ",
    );
}

/// Goal: a return too many ends the run where the file says so.
#[test]
fn an_exhausted_rework_may_end_the_run() {
    let rework = "rework: { max_rounds: 1, on_exhausted: { finish: rejected } }\n";
    let mut play = started(&carrying(rework, "!changed('file.main')"));
    play.must("irina returns board\nolga resubmits answering\nanna returns board");
    assert_eq!(
        (play.state.phase, play.state.outcome),
        (Phase::Rejected, Some(Outcome::Rejected))
    );
}

/// A stage of two that lets them ask for others.
fn asking(mode: &str, quorum: &str) -> String {
    with_stages(&format!(
        "stages:
  - id: board
    type: approve
    title: {{ ru: а, en: a }}
    assignees: [{{ user: irina }}, {{ user: anna }}]
    mode: {mode}
    quorum: {quorum}
    allow: [add_approver]
    on_reject: {{ count: true }}
  - {{ id: chief, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ user: lev }}] }}
"
    ))
}

/// Goal: beside the others, before them, after them; the added one's agreement is needed, and
/// counts for nobody else's.
#[test]
fn an_approver_may_be_added_before_beside_and_after() {
    let mut play = started(&asking("parallel", "any"));
    check(
        &mut play,
        "
        anna adds nina board beside  | Running 1 [1 board irina, 2 board anna, 3 board nina]
        nina approves board          | Running 1 [1 board irina, 2 board anna]
        irina approves board         | Running 1 [4 chief lev]
        ",
    );
    let mut play = started(&asking("parallel", "any"));
    check(
        &mut play,
        "
        anna adds nina board before  | Running 1 [1 board irina, 2 board anna, 3 board nina]
        irina approves board         | refused: stage board waits for an approver who was put before the others
        nina approves board          | Running 1 [1 board irina, 2 board anna]
        irina approves board         | Running 1 [4 chief lev]
        ",
    );
    let mut play = started(&asking("parallel", "any"));
    check(
        &mut play,
        "
        anna adds nina board after   | Running 1 [1 board irina, 2 board anna]
        irina approves board         | Running 1 [2 board anna, 3 board nina]
        anna approves board          | Running 1 [3 board nina]
        nina rejects board           | Rejected 1 []
        ",
    );
    let mut play = started(&asking("sequential", "all"));
    check(
        &mut play,
        "
        irina adds nina board before | Running 1 [1 board irina, 2 board nina]
        nina approves board          | Running 1 [1 board irina]
        irina adds boris board beside | Running 1 [1 board irina, 3 board boris]
        irina approves board         | Running 1 [3 board boris, 4 board anna]
        anna approves board          | Running 1 [3 board boris]
        boris approves board         | Running 1 [5 chief lev]
        ",
    );
}

/// Goal: an opinion that is not needed holds nobody up.
#[test]
fn an_optional_approver_is_not_waited_for() {
    let mut play = started(&asking("parallel", "any"));
    play.must("anna adds nina board beside optional");
    play.must("nina rejects board");
    assert_eq!(play.now(), "Running 1 [1 board irina, 2 board anna]");
    play.must("irina approves board");
    assert_eq!(play.now(), "Running 1 [4 chief lev]");
}

#[test]
fn an_approver_is_added_only_by_and_to_the_right_people() {
    let mut play = started(&asking("parallel", "all"));
    check(
        &mut play,
        "
        lev adds nina board beside   | refused: this actor may not change who is asked in stage board
        olga adds nina board beside  | refused: this actor may not change who is asked in stage board
        anna adds olga board beside  | refused: separation of duties: rule initiator of stage board
        anna adds irina board beside | refused: the new assignee already takes part in stage board
        anna adds gone board beside  | refused: the person is unknown or not active
        lev adds nina chief beside   | refused: stage chief is not open
        tom adds nina board beside   | Running 1 [1 board irina, 2 board anna, 3 board nina]
        anna drops nina board        | refused: this actor may not change who is asked in stage board
        nina approves board          | Running 1 [1 board irina, 2 board anna]
        tom drops nina board         | refused: this person was not added to stage board, or has voted
        tom drops boris board        | refused: this person was not added to stage board, or has voted
        ",
    );
    let mut play = started(&asking("parallel", "all"));
    check(
        &mut play,
        "
        anna adds nina board beside  | Running 1 [1 board irina, 2 board anna, 3 board nina]
        irina drops nina board       | refused: this actor may not change who is asked in stage board
        irina approves board         | Running 1 [2 board anna, 3 board nina]
        anna approves board          | Running 1 [3 board nina]
        anna drops nina board        | Running 1 [4 chief lev]
        ",
    );
    let closed = play.effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::CloseTask {
                reason: CloseReason::Dropped,
                ..
            }
        )
    });
    assert!(closed, "{:?}", play.effects);
    let source = asking("parallel", "all").replace("    allow: [add_approver]\n", "");
    let mut play = started(&source);
    assert_eq!(
        play.line("anna adds nina board beside"),
        "refused: this actor may not change who is asked in stage board"
    );
}

/// Goal: an author does not get rid of an added approver by a new version or another round.
#[test]
fn an_added_approver_stays_for_new_versions_and_rounds() {
    let mut play = started(&asking("parallel", "any"));
    play.must("anna adds nina board beside\nirina returns board\nolga revises 2\nolga resubmits");
    assert_eq!(
        play.now(),
        "Running 2 [4 board nina, 5 board irina, 6 board anna]"
    );
    play.must("irina approves board");
    assert_eq!(
        play.now(),
        "Running 2 [4 board nina, 6 board anna]",
        "nina has not agreed"
    );
    // Nina edits the document herself: her manager decides in her place, and is needed.
    play.must("nina revises 3");
    assert_eq!(
        play.now(),
        "Running 2 [7 board svetlana, 8 board irina, 9 board anna]"
    );
    play.must("irina approves board\nsvetlana approves board");
    assert_eq!(play.now(), "Running 2 [10 chief lev]");
    let stored = serde_json::to_string(&play.state).expect("a text");
    assert_eq!(
        serde_json::from_str::<State>(&stored).expect("a state"),
        play.state
    );
}

/// Goal: a slip is taken back while the stage is open, and never afterwards.
#[test]
fn a_vote_is_taken_back_while_the_stage_is_open() {
    let mut play = started(&asking("parallel", "all"));
    check(
        &mut play,
        "
        irina approves board   | Running 1 [2 board anna]
        anna revokes board     | refused: the run has no task 999
        irina revokes board    | Running 1 [2 board anna, 3 board irina]
        irina revokes board    | refused: the vote in task 1 can no longer be taken back
        irina rejects board    | Rejected 1 []
        ",
    );
    let mut play = started(&asking("parallel", "all"));
    play.must("irina approves board\nanna approves board");
    assert_eq!(
        play.line("anna revokes board"),
        "refused: the vote in task 2 can no longer be taken back"
    );
}

/// Goal: an administrator stops a run, lets it go on, and ends it; nobody else does.
#[test]
fn an_administrator_stops_and_ends_a_run() {
    let mut play = started(&asking("parallel", "all"));
    check(
        &mut play,
        "
        olga suspends          | refused: only an administrator or the owner of the workflow may do this
        tom resumes            | refused: the run is not suspended
        tom suspends           | Running 1 [1 board irina, 2 board anna]
        irina approves board   | refused: the run is suspended
        irina adds nina board beside | refused: the run is suspended
        olga revises 2         | refused: the run is suspended
        tom passes board to boris | Running 1 [1 board boris, 2 board anna]
        olga resumes           | refused: only an administrator or the owner of the workflow may do this
        tom resumes            | Running 1 [1 board boris, 2 board anna]
        boris approves board   | Running 1 [2 board anna]
        olga cancels           | refused: only an administrator or the owner of the workflow may do this
        tom suspends           | Running 1 [2 board anna]
        tom cancels            | Withdrawn 1 []
        tom resumes            | refused: this is not possible while the run is Withdrawn
        ",
    );
    assert_eq!(play.state.outcome, Some(Outcome::Cancelled));
    assert_eq!(play.state.suspension, None);
}

/// Goal: a rule names who decides in place of whom it excludes.
#[test]
fn a_rule_may_name_its_replacement() {
    let source = |conflict: &str| {
        with_stages(&format!(
            "sod: [{{ id: four-eyes, stages: [second], rule: \"!(actor in voters('first'))\"{conflict} }}]
stages:
  - {{ id: first, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}] }}
  - {{ id: second, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ user: irina }}, {{ user: anna }}] }}
"
        ))
    };
    for (conflict, who) in [
        ("", "lev"),
        (", on_conflict: { replace: { manager_of: elector } }", "lev"),
        (", on_conflict: { replace: { role: cfo } }", "boris"),
    ] {
        let mut play = started(&source(conflict));
        play.must("irina approves first");
        assert_eq!(
            play.now(),
            format!("Running 1 [2 second {who}, 3 second anna]")
        );
    }
}

/// Goal: a chain takes the documents that `document.when` says and no others: neither at the start
/// nor by a version that comes later, and what it takes is known when its conditions are checked.
#[test]
fn a_chain_takes_only_documents_of_its_own() {
    let source = with_stages(
        "stages:
  - { id: desk, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: last, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
",
    )
    .replace(
        "{ type: contract }",
        "{ type: contract, when: \"doc.payment_days <= 10\" }",
    );
    let with_days = |days| {
        let mut card = contract("1");
        card.insert("payment_days".to_owned(), FieldValue::Integer(days));
        card
    };
    let mut play = Play::new(define(&source), with_days(11));
    let refused = "refused: the workflow does not take such a document";
    assert_eq!(play.line("olga starts"), refused);
    play.card = with_days(10);
    play.must("olga starts");
    play.must("irina approves desk");
    let before = play.state.clone();
    play.card = with_days(11);
    assert_eq!(play.line("olga edits 2"), refused);
    assert_eq!(play.state, before, "a refusal changes nothing");
    play.card = with_days(9);
    play.must("olga edits 2");
    // Within what is taken, a condition that asks the same again always holds.
    let doubled = source.replace(
        "{ id: last,",
        "{ id: last, when: \"doc.payment_days <= 10\",",
    );
    let warned = define(&doubled);
    let keys: Vec<&str> = warned.warnings().iter().map(|found| found.key).collect();
    assert!(keys.contains(&"guard-always-inside"), "{keys:?}");
    // A path without any approval that only documents outside take is nobody's.
    let guarded = doubled.replace(
        "{ id: desk,",
        "{ id: desk, when: \"doc.payment_days <= 10\",",
    );
    define(&guarded);
    let all = guarded.replace(", when: \"doc.payment_days <= 10\" }", " }");
    let found = Definition::parse(&all, &kinds(), &vocabulary()).expect_err("an open path");
    assert!(found.iter().any(|one| one.code == "W113"), "{found:?}");
}
