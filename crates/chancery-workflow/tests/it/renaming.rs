//! `migrate` in a workflow: documents under way are found again in stages that have other names, in
//! other blocks, or in none.

use chancery_workflow::migration::{plan, successor};
use chancery_workflow::{
    Definition, EventKind, Phase, StagePhase, TaskNumber, TaskState, apply, weakenings,
};

use crate::moving::{event, login, moves, plain, signs, stage, started};
use crate::support::*;

fn text(top: &str, stages: &[String]) -> Definition {
    define(&with_stages(&format!("{top}stages:\n{}", stages.concat())))
}

/// Irina and Anna as [`plain`] has them, under other names.
fn other_names() -> Vec<String> {
    vec![
        stage("lawyers", &login("irina"), ""),
        stage("purse", &login("anna"), ""),
        signs("seal", ""),
    ]
}

const NAMES: &str = "migrate: { map: { legal: lawyers, money: purse, last: seal } }\n";

/// Goal: an open stage under another name goes on, what was decided in a finished one stands, and a
/// signature that has another name is not lost. Nobody is told of anything.
#[test]
fn renamed_stages_go_on_with_what_was_done_in_them() {
    let mut play = started(text("", &plain()));
    play.must("irina approves legal");
    let to = text(NAMES, &other_names());
    assert_eq!(moves(&mut play, &to), "Running 1 [2 purse anna]");
    assert_eq!(play.effects, []);
    let vote = &play.state.tasks[&TaskNumber(1)];
    assert_eq!(vote.stage, "lawyers");
    assert!(matches!(
        vote.state,
        TaskState::Decided {
            set_aside: false,
            ..
        }
    ));
    assert_eq!(play.state.stages["lawyers"].phase, StagePhase::Satisfied);
    let moved = play.state.moved.last().expect("written down");
    assert!(moved.stages.is_empty() && moved.tasks.is_empty());
    check(
        &mut play,
        "
        anna returns purse        | Rework 1 []
        olga resubmits answering  | Running 2 [3 purse anna]
        anna approves purse       | Running 2 [4 seal svetlana]
        svetlana signs seal       | Completed 2 []
        ",
    );
}

/// Goal: without the map the same change keeps the document where it is.
#[test]
fn without_a_map_a_renamed_open_stage_keeps_the_document() {
    let mut play = started(text("", &plain()));
    assert_eq!(
        moves(&mut play, &text("", &other_names())),
        "open-stage-gone"
    );
}

/// Goal: a stage that went into a block is found by its own name, and one of a renamed block by the
/// block's.
#[test]
fn a_stage_is_found_in_another_block_and_in_a_renamed_one() {
    let block = |id: &str, branches: &[(&str, &str)]| {
        let one = |(id, who): &(&str, &str)| {
            format!(
                "        - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, \
                 assignees: [{{ user: {who} }}] }}\n"
            )
        };
        let branches: String = branches.iter().map(one).collect();
        format!(
            "  - id: {id}\n    title: {{ ru: б, en: b }}\n    parallel:\n      join: all\n      \
             branches:\n{branches}"
        )
    };
    let from = [
        stage("alone", &login("irina"), ""),
        block("experts", &[("a", "anna"), ("b", "nina")]),
        signs("last", ""),
    ];
    let inside = [
        block(
            "experts",
            &[("alone", "irina"), ("a", "anna"), ("b", "nina")],
        ),
        signs("last", ""),
    ];
    let mut play = started(text("", &from));
    let to = text("migrate: { map: { alone: alone } }\n", &inside);
    assert_eq!(
        moves(&mut play, &to),
        "Running 1 [1 experts/alone irina, 2 experts/a anna, 3 experts/b nina]"
    );
    let mut play = started(text("", &from));
    play.must("irina approves alone\nanna approves a");
    let renamed = [
        stage("alone", &login("irina"), ""),
        block("advice", &[("a", "anna"), ("c", "nina")]),
        signs("last", ""),
    ];
    let to = text("migrate: { map: { experts: advice, b: c } }\n", &renamed);
    assert_eq!(moves(&mut play, &to), "Running 1 [3 advice/c nina]");
    play.must("nina approves c\nsvetlana signs last");
    assert_eq!(play.state.phase, Phase::Completed);
}

/// Goal: a stage becomes only one of its own sort: who has read has not agreed.
#[test]
fn a_stage_of_another_sort_is_another_stage() {
    let mut play = started(text("", &plain()));
    let reads = "  - { id: lawyers, type: acknowledge, title: { ru: а, en: a }, \
         assignees: [{ user: irina }] }\n";
    let to = [
        reads.to_owned(),
        stage("money", &login("anna"), ""),
        signs("last", ""),
    ];
    let to = text("migrate: { map: { legal: lawyers } }\n", &to);
    assert_eq!(moves(&mut play, &to), "open-stage-gone");
    play.must("irina approves legal");
    // Its place in the order is before the one that is open now: nobody is left behind.
    assert_eq!(moves(&mut play, &to), "stage-passed");
}

/// Goal: two stages change names, and one that another took the name of is kept aside.
#[test]
fn names_that_are_given_to_others_lead_nobody_astray() {
    let swapped = [
        stage("money", &login("irina"), ""),
        stage("legal", &login("anna"), ""),
        signs("last", ""),
    ];
    let mut play = started(text("", &plain()));
    play.must("irina approves legal");
    let to = text(
        "migrate: { map: { legal: money, money: legal } }\n",
        &swapped,
    );
    assert_eq!(moves(&mut play, &to), "Running 1 [2 legal anna]");
    assert_eq!(play.state.tasks[&TaskNumber(1)].stage, "money");

    let taken = [stage("legal", &login("anna"), ""), signs("last", "")];
    let mut play = started(text("", &plain()));
    play.must("irina approves legal");
    let to = text("migrate: { map: { money: legal } }\n", &taken);
    assert_eq!(moves(&mut play, &to), "Running 1 [2 legal anna]");
    let moved = play.state.moved.last().expect("written down");
    assert_eq!(moved.tasks.keys().collect::<Vec<_>>(), [&TaskNumber(1)]);
    assert_eq!(moved.stages["legal"].phase, StagePhase::Satisfied);
    // While it is open, nobody takes its place.
    let mut play = started(text("", &plain()));
    assert_eq!(moves(&mut play, &to), "open-stage-gone");
}

/// Goal: the map speaks of the versions that it names, and of no others.
#[test]
fn a_map_is_for_the_versions_that_it_names() {
    let from = |number: u32| text(&format!("version: {number}\n"), &plain());
    let top =
        "version: 3\nmigrate: { from: [2], map: { legal: lawyers, money: purse, last: seal } }\n";
    let to = text(top, &other_names());
    for (number, becomes) in [(1, "open-stage-gone"), (2, "Running 1 [1 lawyers irina]")] {
        let mut play = started(from(number));
        assert_eq!(moves(&mut play, &to), becomes);
    }
    let mut play = started(text("", &plain()));
    assert_eq!(moves(&mut play, &to), "open-stage-gone", "it has no number");
}

/// Goal: an approver whom somebody added, and one who is absorbed by their signature, keep their
/// places under the new names.
#[test]
fn added_and_absorbed_approvers_are_renamed_too() {
    let stages = |first: &str, last: &str| {
        let signs = format!(
            "  - {{ id: {last}, type: sign, title: {{ ru: п, en: s }}, assignees: [{{ user: irina }}], \
             absorb: same_person }}\n"
        );
        let who = format!("{}, {}", login("irina"), login("anna"));
        let source = format!(
            "stages:\n{}{signs}",
            stage(first, &who, ", quorum: all, allow: [add_approver]")
        );
        with_stages(&source)
    };
    let from = define_with_means(&stages("board", "last"));
    let map = "migrate: { map: { board: council, last: seal } }\n";
    let to = define_with_means(&format!("{}{map}", stages("council", "seal")));
    let mut play = started(from);
    play.must("anna adds nina board beside");
    let before = play.now();
    assert_eq!(moves(&mut play, &to), before.replace("board", "council"));
    assert_eq!(play.state.added[0].stage, "council");
    let absorbed = &play.state.absorbed[0];
    assert_eq!((&*absorbed.stage, &*absorbed.into), ("council", "seal"));
}

/// Goal: a plan that gives one place to two stages is refused, whoever made it.
#[test]
fn a_plan_that_makes_one_of_two_is_refused() {
    let (from, to) = (text("", &plain()), text(NAMES, &other_names()));
    let mut play = started(from.clone());
    play.must("irina approves legal");
    let mut made = plan(&from, &to, &play.state).expect("a plan");
    made.renamed.insert("legal".to_owned(), "purse".to_owned());
    let answer = apply(&to, &play.state, &event("tom", made), &play.directory);
    assert_eq!(answer.expect_err("refused").code(), "plan-mismatch");
}

/// Goal: what was renamed is no control that was taken away; what took its name is none that was
/// kept.
#[test]
fn the_comparison_of_controls_knows_the_names() {
    let from = text("", &plain());
    let keys = |to: &Definition| -> Vec<&str> {
        let found = weakenings(&from, to);
        found.iter().map(|one| one.key).collect()
    };
    assert_eq!(keys(&text(NAMES, &other_names())), [""; 0]);
    // Of the two who approve either may be the other; one stage alone signs.
    assert_eq!(
        keys(&text("", &other_names())),
        ["control-removed", "control-removed", "control-renamed"]
    );
    let taken = [stage("legal", &login("anna"), ""), signs("last", "")];
    let to = text("migrate: { map: { money: legal } }\n", &taken);
    assert_eq!(keys(&to), ["control-removed"]);
    assert_eq!(successor(&from, &to, "money").as_deref(), Some("legal"));
    assert_eq!(successor(&from, &to, "legal"), None);
}

/// Goal: a control that looks renamed is told with the line that says so; two that look like it are
/// no hint.
#[test]
fn a_stage_that_looks_renamed_is_hinted_at() {
    let from = text("", &plain());
    let said = |to: &Definition| -> Vec<String> {
        let found = weakenings(&from, to);
        let help = |one: &chancery_workflow::Diagnostic| one.help(chancery_types::Locale::En);
        found.iter().filter_map(help).collect()
    };
    let mut stages = plain();
    stages[0] = stage("lawyers", &login("irina"), "");
    let one = text("", &stages);
    let hint = "`legal: lawyers`";
    assert!(
        matches!(said(&one).as_slice(), [help] if help.contains(hint)),
        "{:?}",
        said(&one)
    );
    let again = stage("council", &login("irina"), "");
    stages.insert(1, again);
    assert!(matches!(said(&text("", &stages)).as_slice(), [help] if !help.contains("migrate")));
}

/// Goal: events that were stored before there was a map are read as they were.
#[test]
fn a_plan_without_a_map_is_written_as_before() {
    let (from, to) = (text("", &plain()), text("", &plain()[1..]));
    let mut play = started(from.clone());
    play.must("irina approves legal");
    let made = plan(&from, &to, &play.state).expect("a plan");
    let EventKind::Migrated { plan, .. } = event("tom", made).kind else {
        panic!("a move");
    };
    let stored = serde_json::to_string(&plan).expect("a text");
    for key in ["renamed", "left", "restarts"] {
        assert!(!stored.contains(key), "{stored}");
    }
}
