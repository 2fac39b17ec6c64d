//! `material.files`: attachments that make no version take no vote away.

use crate::support::*;

fn play(material: &str) -> Play {
    let stage = |id: &str, who: &str| {
        format!(
            "  - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: {who} }}], \
             decisions: [approve, return, reject] }}\n"
        )
    };
    let source = format!(
        "{material}rework: {{ max_rounds: 3 }}\nstages:\n{}{}{}",
        stage("legal", "irina"),
        stage("money", "anna"),
        "  - { id: last, type: sign, title: { ru: п, en: s }, assignees: [{ user: svetlana }], \
         decisions: [sign, return] }\n"
    );
    let mut play = Play::new(define(&with_stages(&source)), contract("100.00"));
    play.must("olga starts\nirina approves legal");
    play
}

const LEFT_OUT: &str = "material: { files: [main] }\n";

/// Goal: in rework and while it runs, votes stand over new attachments where they are left out, and
/// only there; the same file under a changed main file is a version for everybody.
#[test]
fn votes_stand_over_attachments_that_make_no_version() {
    let mut out = play(LEFT_OUT);
    check(
        &mut out,
        "
        anna returns money       | Rework 1 []
        olga attaches 2          | Rework 1 []
        olga resubmits answering | Running 2 [3 money anna]
        olga attaches 3          | Running 2 [4 money anna]
        anna approves money      | Running 2 [5 last svetlana]
        olga attaches 4          | Running 2 [6 last svetlana]
        olga revises 5           | Running 2 [7 legal irina]
        ",
    );
    for material in ["", "material: { files: [main, attachments] }\n"] {
        let mut all = play(material);
        check(
            &mut all,
            "
            anna returns money       | Rework 1 []
            olga attaches 2          | Rework 1 []
            olga resubmits answering | Running 2 [3 legal irina]
            ",
        );
    }
}

/// Goal: attachments answer nothing by themselves: whoever sends the document round says something.
#[test]
fn new_attachments_are_no_revision() {
    let mut out = play(LEFT_OUT);
    out.must("anna returns money\nolga attaches 2");
    let answer = out.line("olga resubmits");
    assert!(answer.starts_with("refused"), "{answer}");
}

/// Goal: a signature stands for its own version alone, and whoever brought the attachments approves
/// nothing that they stand in.
#[test]
fn a_signature_and_the_authors_own_vote_do_not_stand() {
    let mut out = play(LEFT_OUT);
    out.must("anna approves money\nsvetlana returns last\nirina attaches 2");
    let answer = out.line("olga resubmits answering");
    assert!(!answer.contains("money anna"), "{answer}");
    assert!(
        !out.state
            .carried
            .contains_key(&chancery_workflow::TaskNumber(1))
    );
    assert!(
        out.state
            .carried
            .contains_key(&chancery_workflow::TaskNumber(2))
    );
}

/// Goal: whoever has signed signs again over new attachments, although the approvals stand.
#[test]
fn a_signature_is_asked_for_again_over_new_attachments() {
    let source = format!(
        "{LEFT_OUT}stages:\n  - {{ id: legal, type: approve, title: {{ ru: ю, en: l }}, \
         assignees: [{{ user: irina }}] }}\n  - {{ id: ours, type: sign, title: {{ ru: м, en: w }}, \
         assignees: [{{ user: svetlana }}] }}\n  - {{ id: theirs, type: sign, \
         title: {{ ru: о, en: t }}, assignees: [{{ user: boris }}] }}\n"
    );
    let mut play = Play::new(define(&with_stages(&source)), contract("100.00"));
    play.must("olga starts\nirina approves legal\nsvetlana signs ours");
    check(
        &mut play,
        "
        olga attaches 2      | Running 1 [4 ours svetlana]
        svetlana signs ours  | Running 1 [5 theirs boris]
        boris signs theirs   | Completed 1 []
        ",
    );
}
