//! `type: review`: read with remarks or without, never refused.

use chancery_types::Locale;
use chancery_workflow::{Decision, Definition, weakenings};

use crate::support::*;

fn chain(kind: &str, blocking: &str) -> Definition {
    define(&with_stages(&format!(
        "stages:
  - {{ id: read, type: {kind}, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}]{blocking} }}
  - {{ id: last, type: approve, title: {{ ru: б, en: b }}, assignees: [{{ user: anna }}] }}
"
    )))
}

/// Goal: a review holds the run up until it is read, takes remarks, which are kept, and no refusal;
/// its two answers have words of their own in both languages. Method: scripts.
#[test]
fn a_review_takes_remarks_and_no_refusal() {
    let definition = chain("review", "");
    let mut play = Play::new(definition.clone(), contract("1"));
    check(
        &mut play,
        "
        olga starts          | Running 1 [1 read irina]
        irina rejects read   | refused: stage read does not offer the decision reject
        irina returns read   | refused: stage read does not offer the decision return
        irina remarks read   | Running 1 [2 last anna]
        anna approves last   | Completed 1 []
        ",
    );
    let stage = definition.stage("read").expect("a stage");
    let title = |decision, locale| stage.decision_title(decision, locale).expect("a title");
    assert_eq!(title(Decision::Approve, Locale::Ru), "Без замечаний");
    assert_eq!(
        title(Decision::ApproveWithRemarks, Locale::En),
        "There are remarks"
    );
    let mut play = Play::new(definition, contract("1"));
    play.must("olga starts");
    assert_eq!(play.line("irina approves read"), "Running 1 [2 last anna]");
}

/// Goal: one that does not block is read beside the others, and after the end too, and moves
/// nothing.
#[test]
fn a_review_beside_the_run_holds_nobody_up() {
    let mut play = Play::new(chain("review", ", blocking: false"), contract("1"));
    check(
        &mut play,
        "
        olga starts          | Running 1 [1 read irina, 2 last anna]
        anna approves last   | Completed 1 [1 read irina]
        irina rejects read   | refused: stage read does not offer the decision reject
        irina remarks read   | Completed 1 []
        ",
    );
}

/// Goal: a review is no control: one in place of an approval is a weaker workflow.
#[test]
fn a_review_in_place_of_an_approval_is_weaker() {
    let (approved, read) = (chain("approve", ""), chain("review", ""));
    let keys = |before, after| -> Vec<&str> {
        let found = weakenings(before, after);
        found.iter().map(|finding| finding.key).collect()
    };
    assert_eq!(keys(&approved, &read), ["control-removed"]);
    assert!(keys(&read, &approved).is_empty());
    assert!(approved.warnings().is_empty() && read.warnings().is_empty());
}
