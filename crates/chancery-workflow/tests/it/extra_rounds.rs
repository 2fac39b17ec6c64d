//! What happens when the rounds are used up and the file asks somebody.

use chancery_types::Locale;
use chancery_workflow::{
    Decision, EXTRA_ROUND, Effect, Outcome, Phase, Refusal, StagePhase, explain, migration, trial,
};

use crate::support::*;

const CHAIN: &str =
    "rework: { max_rounds: 1, on_exhausted: { escalate: { to: { role: cfo }, max: 2 } } }
stages:
  - { id: manager, type: approve, title: { ru: а, en: a }, assignees: [{ user: pavel }] }
  - { id: lawyers, type: approve, title: { ru: б, en: b }, assignees: [{ role: lawyer }] }
";

fn played() -> Play {
    Play::new(define(&with_stages(CHAIN)), contract("90000.00"))
}

/// Goal: the rounds are used up, somebody is asked, and only what they say goes on; there are no
/// more extra rounds than the file allows. Method: one run to its very end.
#[test]
fn somebody_decides_on_each_round_more_and_there_are_no_more_than_the_file_allows() {
    let mut play = played();
    check(
        &mut play,
        "
        olga starts                         | Running 1 [1 manager pavel]
        pavel approves manager              | Running 1 [2 lawyers irina, 3 lawyers lev]
        irina returns lawyers               | Rework 1 []
        olga revises 2                      | Rework 1 []
        olga resubmits                      | Running 2 [4 manager pavel]
        pavel approves manager              | Running 2 [5 lawyers irina, 6 lawyers lev]
        irina returns lawyers               | Running 2 [7 rework.on_exhausted boris]
        olga revises 3                      | refused: whether there is one more round is being asked
        olga resubmits answering            | refused: this is not possible while the run is Running
        olga approves rework.on_exhausted   | refused: task 7 is assigned to somebody else
        boris returns rework.on_exhausted   | refused: stage rework.on_exhausted does not offer the decision return
        boris approves rework.on_exhausted  | Rework 2 []
        olga revises 3                      | Rework 2 []
        olga resubmits                      | Running 3 [8 manager pavel]
        pavel returns manager               | Running 3 [9 rework.on_exhausted boris]
        boris approves rework.on_exhausted  | Rework 3 []
        olga resubmits answering            | Running 4 [10 manager pavel]
        pavel returns manager               | refused: the document was returned 3 times already
        pavel rejects manager               | Rejected 4 []
        ",
    );
}

/// Goal: whoever is asked may end it, and it ends as a rejection does.
#[test]
fn whoever_is_asked_may_end_the_run() {
    let mut play = played();
    play.must(
        "olga starts
         pavel returns manager
         olga resubmits answering
         pavel returns manager",
    );
    assert_eq!(play.now(), "Running 2 [3 rework.on_exhausted boris]");
    let phase = |play: &Play| play.state.stages[EXTRA_ROUND].phase.clone();
    assert_eq!(phase(&play), StagePhase::Active);
    play.must("boris rejects rework.on_exhausted");
    assert_eq!(play.state.outcome, Some(Outcome::Rejected));
    assert_eq!(phase(&play), StagePhase::Rejected);
    let nodes = play.state.nodes(&play.definition);
    assert_eq!(nodes.last().map(|node| node.id.as_str()), Some(EXTRA_ROUND));
}

/// Goal: who returned it is told to whoever reworks it, also when somebody was asked in between;
/// and the answer is not kept for the next time.
#[test]
fn the_rework_names_who_returned_and_the_answer_is_about_one_round() {
    let mut play = played();
    play.must(
        "olga starts
         pavel returns manager
         olga resubmits answering
         pavel returns manager
         boris approves rework.on_exhausted",
    );
    let told = play.effects.iter().find_map(|effect| match effect {
        Effect::OpenRework {
            round, returned_by, ..
        } => Some((*round, returned_by.clone())),
        _ => None,
    });
    let (round, returned_by) = told.expect("a rework");
    assert_eq!((round, returned_by.len()), (2, 1));
    assert_eq!(play.state.tasks[&returned_by[0]].stage, "manager");
    assert_eq!(play.state.extra_rounds, 1);
    // Nothing stands last in the route while nobody is asked.
    let nodes = play.state.nodes(&play.definition);
    assert_eq!(nodes.last().map(|node| node.id.as_str()), Some("lawyers"));
    // The same version again: what was said of the round before is no answer for this one.
    play.must("olga resubmits answering\npavel returns manager");
    assert_eq!(play.now(), "Running 3 [5 rework.on_exhausted boris]");
}

/// Goal: a vote against that only counts goes the same way when the quorum is lost.
#[test]
fn votes_against_that_send_back_ask_too() {
    let counted = CHAIN.replace(
        "assignees: [{ role: lawyer }] }",
        "assignees: [{ role: lawyer }], on_reject: { count: true, then: rework } }",
    );
    let mut play = Play::new(define(&with_stages(&counted)), contract("90000.00"));
    play.must(
        "olga starts
         pavel returns manager
         olga resubmits answering
         pavel approves manager
         lev rejects lawyers",
    );
    assert_eq!(play.now(), "Running 2 [5 rework.on_exhausted boris]");
}

/// Goal: nobody starts a run in which nobody could be asked, and the initiator is never the one.
#[test]
fn nobody_who_may_decide_refuses_the_start() {
    let own = CHAIN.replace("{ role: cfo }", "{ user: svetlana }");
    let mut play = Play::new(define(&with_stages(&own)), contract("90000.00"));
    assert_eq!(
        play.line("svetlana starts"),
        format!(
            "refused: {}",
            Refusal::StageHasNoAssignee {
                stage: EXTRA_ROUND.to_owned()
            }
        )
    );
    // Somebody above is asked in place of the initiator.
    let mut play = played();
    play.definition = define(&with_stages(&CHAIN.replace("user: pavel", "user: lev")));
    play.must("boris starts\nlev returns manager\nboris resubmits answering\nlev returns manager");
    assert_eq!(play.now(), "Running 2 [3 rework.on_exhausted svetlana]");
}

/// Goal: meanwhile the run can be taken back, and is moved to no other text.
#[test]
fn a_run_that_waits_for_the_answer_is_not_moved_and_may_be_taken_back() {
    let mut play = played();
    play.must(
        "olga starts
         pavel returns manager
         olga resubmits answering
         pavel returns manager",
    );
    let after = define(&with_stages(&CHAIN.replace("max: 2", "max: 3")));
    assert_eq!(
        migration::plan(&play.definition, &after, &play.state),
        Err(Refusal::ExtraRoundAsked)
    );
    play.must("olga withdraws");
    assert_eq!(play.state.phase, Phase::Withdrawn);
}

/// Goal: rounds that somebody has let happen are no obstacle to a move.
#[test]
fn rounds_that_were_let_happen_are_counted_in_a_move() {
    let mut play = played();
    play.must(
        "olga starts
         pavel returns manager
         olga resubmits answering
         pavel returns manager
         boris approves rework.on_exhausted",
    );
    let after = define(&with_stages(&CHAIN.replace("id: lawyers", "id: legal")));
    assert!(migration::plan(&play.definition, &after, &play.state).is_ok());
}

/// Goal: the example of a file and the explanation know the stage.
#[test]
fn examples_and_explanations_know_the_stage() {
    let source = with_stages(&format!(
        "{CHAIN}tests:
  - name: the third return is asked about
    doc: {{ amount: \"RUB 1.00\" }}
    people: {{ cfo: [boris] }}
    script:
      - return manager
      - resubmit
      - return manager
    expect: {{ open: [rework.on_exhausted], outcome: running }}
"
    ));
    let definition = define(&source);
    let tested = trial::test(&definition);
    assert!(
        tested.iter().all(|one| one.findings.is_empty()),
        "{tested:?}"
    );
    let told = explain(
        &definition,
        &contract("90000.00"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    );
    let told = told.expect("told");
    let last = told.last().expect("the last");
    assert_eq!(last.path, EXTRA_ROUND);
    assert_eq!(last.named, [("role: cfo".to_owned(), None)]);
    let stage = definition.stage(EXTRA_ROUND).expect("a stage");
    for locale in Locale::ALL {
        assert!(stage.decision_title(Decision::Approve, locale).is_some());
        assert!(stage.title.get(locale).is_some());
    }
}
