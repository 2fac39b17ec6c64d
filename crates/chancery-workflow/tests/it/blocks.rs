//! Blocks within blocks: sequences as branches, and joins that need only some of the branches.

use crate::support::*;

/// A block of two branches: lawyers, then the board; or the accountant alone.
fn two_ways(join: &str, refusal: &str, first_when: &str) -> String {
    with_stages(&format!(
        "stages:
  - id: review
    title: {{ ru: Проверка, en: Review }}
    parallel:
      join: {join}
      on_branch_reject: {refusal}
      branches:
        - id: legal_way
          title: {{ ru: Юристы, en: Legal }}
          {first_when}
          sequence:
            - {{ id: lawyer, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}] }}
            - {{ id: chief, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ user: lev }}] }}
        - id: money
          type: approve
          title: {{ ru: в, en: c }}
          assignees: [{{ user: anna }}]
        - id: office
          type: approve
          title: {{ ru: г, en: d }}
          assignees: [{{ user: nina }}]
  - {{ id: last, type: sign, title: {{ ru: д, en: e }}, assignees: [{{ user: svetlana }}] }}
"
    ))
}

#[test]
fn a_sequence_is_one_branch_and_the_block_waits_for_all() {
    let mut play = Play::new(define(&two_ways("all", "finish_others", "")), contract("1"));
    check(
        &mut play,
        "
        olga starts            | Running 1 [1 review/legal_way/lawyer irina, 2 review/money anna, 3 review/office nina]
        anna approves money    | Running 1 [1 review/legal_way/lawyer irina, 3 review/office nina]
        irina approves lawyer  | Running 1 [3 review/office nina, 4 review/legal_way/chief lev]
        nina approves office   | Running 1 [4 review/legal_way/chief lev]
        lev returns chief      | Rework 1 []
        olga resubmits answering | Running 2 [5 review/legal_way/chief lev]
        lev approves chief     | Running 2 [6 last svetlana]
        svetlana signs last    | Completed 2 []
        ",
    );
}

/// Goal: one branch is enough; the others are closed, and what they had not reached never opens.
#[test]
fn any_branch_ends_the_block_and_closes_the_others() {
    let mut play = Play::new(define(&two_ways("any", "finish_others", "")), contract("1"));
    check(
        &mut play,
        "
        olga starts            | Running 1 [1 review/legal_way/lawyer irina, 2 review/money anna, 3 review/office nina]
        irina approves lawyer  | Running 1 [2 review/money anna, 3 review/office nina, 4 review/legal_way/chief lev]
        anna approves money    | Running 1 [5 last svetlana]
        lev approves chief     | refused: task 4 is closed
        nina approves office   | refused: task 3 is closed
        svetlana signs last    | Completed 1 []
        ",
    );
}

/// Goal: a lost branch is only lost while enough others can still agree.
#[test]
fn two_of_three_branches_bear_one_refusal_and_no_second() {
    for refusal in ["finish_others", "cancel_others"] {
        let source = two_ways("{ count: 2 }", refusal, "");
        let mut play = Play::new(define(&source), contract("1"));
        play.must("olga starts\nanna rejects money");
        assert_eq!(
            play.now(),
            "Running 1 [1 review/legal_way/lawyer irina, 3 review/office nina]"
        );
        play.must("nina returns office");
        let waits = "Running 1 [1 review/legal_way/lawyer irina]";
        let now = if refusal == "finish_others" {
            waits
        } else {
            "Rejected 1 []"
        };
        assert_eq!(play.now(), now, "{refusal}");
        if refusal == "finish_others" {
            play.must("irina approves lawyer\nlev approves chief");
            assert_eq!(play.now(), "Rejected 1 []");
        }
        let mut play = Play::new(define(&source), contract("1"));
        play.must("olga starts\nanna rejects money\nnina approves office\nirina approves lawyer");
        play.must("lev approves chief");
        assert_eq!(play.now(), "Running 1 [5 last svetlana]", "{refusal}");
    }
}

/// Goal: a branch that does not apply is neither for nor against: of one branch, one is enough.
#[test]
fn a_branch_that_does_not_apply_is_not_counted() {
    let source = two_ways(
        "{ count: 3 }",
        "finish_others",
        "when: \"doc.payment_days > 100\"",
    );
    let mut play = Play::new(define(&source), contract("1"));
    check(
        &mut play,
        "
        olga starts            | Running 1 [1 review/money anna, 2 review/office nina]
        anna approves money    | Running 1 [2 review/office nina]
        nina approves office   | Running 1 [3 last svetlana]
        ",
    );
}

/// Goal: a block within a block, under one condition, is skipped as a whole.
#[test]
fn a_nested_block_is_skipped_with_everything_in_it() {
    let source = with_stages(
        "stages:
  - id: outer
    title: { ru: Всё, en: All }
    sequence:
      - { id: first, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
      - id: inner
        title: { ru: Внутри, en: Inner }
        when: \"doc.payment_days > 100\"
        parallel:
          branches:
            - { id: left, type: approve, title: { ru: б, en: b }, assignees: [{ user: anna }] }
            - { id: right, type: approve, title: { ru: в, en: c }, assignees: [{ user: nina }] }
",
    );
    let definition = define(&source);
    let diagram = definition.diagram(chancery_types::Locale::En);
    for part in ["s_first", "s_left", "s_right", "fork_0", "doc.payment_days"] {
        assert!(diagram.contains(part), "{diagram}");
    }
    let mut play = Play::new(definition, contract("1"));
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 outer/first irina]
        irina approves first  | Completed 1 []
        ",
    );
    play = Play::new(define(&source.replace("> 100", "< 100")), contract("1"));
    play.must("olga starts\nirina approves first");
    assert_eq!(
        play.now(),
        "Running 1 [2 outer/inner/left anna, 3 outer/inner/right nina]"
    );
    let view = play.state.nodes(&play.definition);
    let paths: Vec<&str> = view[0]
        .stages
        .iter()
        .map(|stage| stage.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["outer/first", "outer/inner/left", "outer/inner/right"]
    );
}

/// Goal: voters of an earlier step of the same sequence are known; those of another branch are not.
#[test]
fn a_rule_may_ask_for_an_earlier_step_of_the_same_branch() {
    let with_rule = |asked: &str| {
        let rule = format!(
            "sod: [{{ id: r, stages: [chief], \
             rule: \"!(actor in voters('{asked}'))\" }}]\nstages:\n"
        );
        two_ways("all", "finish_others", "").replacen("stages:\n", &rule, 1)
    };
    define(&with_rule("lawyer"));
    let found = chancery_workflow::Definition::parse(&with_rule("money"), &kinds(), &vocabulary());
    let keys: Vec<&str> = found
        .expect_err("a refusal")
        .iter()
        .map(|it| it.key)
        .collect();
    assert_eq!(keys, ["voters-not-earlier"]);
}
