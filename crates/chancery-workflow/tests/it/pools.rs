//! One of several: the least loaded, and a pool out of which a task is taken.

use std::collections::BTreeSet;

use chancery_workflow::{Absence, Phase, TaskState};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::*;

fn play(stages: &str) -> Play {
    Play::new(define_with_means(&with_stages(stages)), contract("1"))
}

const POOL: &str = "stages:
  - id: desk
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board, pick: pool }, { user: lev }]
    carry: always
  - { id: last, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
";

/// Goal: everybody of a pool sees the task, one takes it, gives it back, and it is one seat with
/// one vote: who votes first without taking it has it.
#[test]
fn a_pool_is_one_seat_that_somebody_takes() {
    let mut play = play(POOL);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 desk lev, 2 desk irina, 3 desk anna, 4 desk nina]
        lev claims desk       | refused: task 1 is not of a pool
        boris claims desk     | refused: task 1 is assigned to somebody else
        anna claims desk      | Running 1 [1 desk lev, 3 desk anna]
        anna claims desk      | Running 1 [1 desk lev, 3 desk anna]
        nina approves desk    | refused: task 1 is assigned to somebody else
        anna unclaims desk    | Running 1 [1 desk lev, 3 desk anna, 5 desk irina, 6 desk nina]
        nina approves desk    | Running 1 [1 desk lev]
        lev approves desk     | Running 1 [7 last boris]
        ",
    );
    assert_eq!(
        play.state
            .tasks
            .values()
            .filter(|task| task.is_escalated)
            .count(),
        0
    );
    let view = play.state.nodes(&play.definition);
    assert_eq!(
        (view[0].stages[0].approvals, view[0].stages[0].needed),
        (2, 2)
    );
    // The vote of the pool stands for the next version, and nobody in it is asked anew.
    play.must("olga edits 2");
    assert_eq!(play.now(), "Running 1 [8 last boris]");
}

/// Goal: whoever may not decide is in no pool, whoever has a seat of their own neither; where
/// nobody is left, whoever replaces them is asked.
#[test]
fn a_pool_has_only_those_who_may_take_it() {
    let mut play = self::play(&POOL.replace("{ user: lev }", "{ user: anna }"));
    play.must("irina starts");
    assert_eq!(play.now(), "Running 1 [1 desk anna, 2 desk nina]");
    let source = POOL.replace(
        "[{ group: contract_board, pick: pool }, { user: lev }]",
        "[{ role: cfo, pick: pool }]",
    );
    let mut play = self::play(&source);
    play.must("boris starts");
    assert_eq!(play.now(), "Running 1 [1 desk svetlana]");
}

/// Goal: the least loaded is asked, of those who are here if there are any; whoever has voted
/// keeps the seat.
#[test]
fn the_least_loaded_is_asked() {
    let source = POOL
        .replace("pick: pool }, { user: lev }", "pick: least_loaded }")
        .replace("carry: always", "carry: \"!changed('doc.amount')\"");
    let mut play = play(&source);
    for (who, load) in [("irina", 3), ("anna", 1), ("nina", 2)] {
        play.directory.loads.insert(person(who), load);
    }
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 desk anna]");
    play.must("anna approves desk");
    play.directory.loads.insert(person("anna"), 9);
    play.must("olga edits 2");
    assert_eq!(play.now(), "Running 1 [3 last boris]", "anna's vote stands");
    play.card = contract("2");
    play.must("olga edits 3");
    assert_eq!(play.now(), "Running 1 [4 desk nina]");
    play.directory.absences = BTreeSet::from([Absence {
        person: person("nina"),
        from: chancery_types::Instant::from_seconds(0),
        until: chancery_types::Instant::from_seconds(1_000_000),
        substitute: None,
    }]);
    play.card = contract("3");
    play.must("olga edits 4");
    assert_eq!(play.now(), "Running 1 [5 desk irina]");
}

/// Goal: a manager may be named by how far above the initiator; where the organisation ends below,
/// nobody is found, and the stage says so.
#[test]
fn a_manager_s_manager_is_asked_by_level() {
    let stage = |level: u8| {
        format!(
            "stages:
  - {{ id: desk, type: approve, title: {{ ru: а, en: a }},
      assignees: [{{ manager_of: initiator, level: {level} }}] }}
"
        )
    };
    let above = directory().managers_above(person("olga"));
    assert!(above.len() >= 2, "olga's manager has one too");
    for (level, manager) in (1..).zip(&above) {
        let mut play = self::play(&stage(level));
        play.must("olga starts");
        let task = play.state.tasks.values().next().expect("a task");
        assert_eq!(task.assignee, chancery_workflow::Assignee::Person(*manager));
    }
    let level = u8::try_from(above.len() + 1).expect("a short chain");
    let mut play = self::play(&stage(level));
    let said = play.line("olga starts");
    assert!(said.contains("refused"), "{said}");
}

/// Goal: whoever `except` names has no seat and nobody in their stead, and is in no pool.
#[test]
fn some_are_left_out() {
    let asked = |who: &str| {
        let mut play = self::play(&POOL.replace(
            "[{ group: contract_board, pick: pool }, { user: lev }]",
            &format!("[{who}]"),
        ));
        play.must("olga starts");
        play.now()
    };
    let all = "{ group: contract_board, except: [{ user: anna }, { field: doc.executor }] }";
    assert_eq!(asked(all), "Running 1 [1 desk irina, 2 desk nina]");
    let pool = "{ group: contract_board, except: [{ user: nina }], pick: pool }";
    assert_eq!(asked(pool), "Running 1 [1 desk irina, 2 desk anna]");
}

fn any_moves() -> impl Strategy<Value = Vec<(u8, Index)>> {
    prop::collection::vec((0_u8..6, any::<Index>()), 0..40)
}

proptest! {
    /// A seat of a pool has at most one vote that counts, and while it has none and its stage is
    /// open, somebody is asked in it.
    #[test]
    fn a_pool_is_never_empty_and_never_votes_twice(moves in any_moves()) {
        let mut play = play(POOL);
        play.must("olga starts");
        let mut version = 1;
        for (sort, pick) in moves {
            let who = ["irina", "anna", "nina", "lev", "boris"][pick.index(5)];
            let stage = if who == "boris" { "last" } else { "desk" };
            match sort {
                0 | 1 => play.line(&format!("{who} claims {stage}")),
                2 | 3 => play.line(&format!("{who} unclaims {stage}")),
                4 => play.line(&format!("{who} approves {stage}")),
                _ => {
                    version += 1;
                    play.line(&format!("olga edits {version}"))
                }
            };
            if play.state.phase != Phase::Running {
                continue;
            }
            let entry = &play.state.stages["desk"];
            for (slot, seat) in entry.electorate.iter().zip(&entry.seats) {
                if seat.pool.is_empty() {
                    continue;
                }
                let votes = play.state.tasks.iter().filter(|(number, task)| {
                    let said = matches!(&task.state, TaskState::Decided { set_aside: false, .. });
                    said && task.stage == "desk" && task.elector == *slot
                        && play.state.is_on_present_version(**number)
                });
                let votes = votes.count();
                let mut asked = play.state.open_tasks();
                let is_asked = asked.any(|(_, task)| task.stage == "desk" && task.elector == *slot);
                prop_assert!(votes == usize::from(!is_asked), "{votes} votes, {is_asked}");
            }
        }
    }
}

/// Goal: in turn goes by when people were asked last in this stage, whoever was never asked first,
/// and not by how much they have; whoever is asked already keeps the seat.
#[test]
fn a_turn_goes_to_whoever_was_asked_the_longest_ago() {
    let source = with_stages(
        "stages:
  - { id: legal, type: approve, title: { ru: а, en: a },
      assignees: [{ role: lawyer, pick: round_robin }] }
",
    );
    for (irina, lev, asked) in [
        (None, None, "irina"),
        (Some(1), None, "lev"),
        (Some(1), Some(2), "irina"),
        (Some(3), Some(2), "lev"),
    ] {
        let mut play = Play::new(define_with_means(&source), contract("100.00"));
        let turns = [("irina", irina), ("lev", lev)];
        let turns = turns.into_iter().filter_map(|(login, at)| {
            Some((person(login), chancery_types::Instant::from_seconds(at?)))
        });
        let turns = turns.collect();
        play.directory.turns.insert("legal".to_owned(), turns);
        play.directory.loads.insert(person(asked), 9);
        play.must("olga starts");
        assert_eq!(play.now(), format!("Running 1 [1 legal {asked}]"));
    }
}

/// Goal: nobody has two votes in a stage, so nobody is in two of its pools, and as far as it can be
/// each pool keeps somebody. Method: somebody who is in both, whichever pool comes first; a pool of
/// whom another has too; two pools of the same one.
#[test]
fn nobody_is_in_two_pools_of_a_stage() {
    let asked = |who: &str| {
        let pools = POOL.replace(
            "[{ group: contract_board, pick: pool }, { user: lev }]",
            &format!("[{who}]"),
        );
        let mut play = self::play(&pools);
        play.must("olga starts");
        play.now()
    };
    let (board, finance) = (
        "{ group: contract_board, pick: pool }",
        "{ department: finance, pick: pool }",
    );
    assert_eq!(
        asked(&format!("{board}, {finance}")),
        "Running 1 [1 desk irina, 2 desk anna, 3 desk nina, 4 desk boris]"
    );
    assert_eq!(
        asked(&format!("{finance}, {board}")),
        "Running 1 [1 desk anna, 2 desk boris, 3 desk irina, 4 desk nina]"
    );
    let accountant = "{ role: accountant, pick: pool }";
    assert_eq!(
        asked(&format!("{board}, {accountant}")),
        "Running 1 [1 desk irina, 2 desk nina, 3 desk anna]"
    );
    let another = "{ department: finance, except: [{ user: boris }], pick: pool }";
    assert_eq!(
        asked(&format!("{accountant}, {another}")),
        "Running 1 [1 desk anna]"
    );
}

/// Goal: nor when a later round has one more pool: whose vote was carried from a pool that they
/// have left for another is asked in that one, and their old seat is asked anew.
#[test]
fn whoever_is_put_in_another_pool_takes_their_vote_along() {
    let board = "{ group: contract_board, pick: pool }";
    let later = "{ group: contract_board, except: [{ user: olga }], pick: pool }";
    let source = POOL.replace(
        "[{ group: contract_board, pick: pool }, { user: lev }]",
        &format!("[{{ who: {later}, when: round > 1 }}, {board}]"),
    );
    let mut play = play(&source);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 desk irina, 2 desk anna, 3 desk nina]
        nina approves desk    | Running 1 [4 last boris]
        boris returns last    | Rework 1 []
        olga revises 2       | Rework 1 []
        olga resubmits        | Running 2 [5 desk anna, 6 desk nina, 7 desk irina]
        nina approves desk    | Running 2 [7 desk irina]
        irina approves desk   | Running 2 [8 last boris]
        ",
    );
}

/// Goal: nor is whoever decides in place of a pool in which nobody may in another pool as well:
/// boris stands in for anna, who made the document.
#[test]
fn whoever_replaces_a_pool_is_in_no_other() {
    let source = POOL.replace(
        "[{ group: contract_board, pick: pool }, { user: lev }]",
        "[{ role: employee, pick: pool }, { role: accountant, pick: pool }]",
    );
    let mut play = play(&source);
    play.must("anna starts");
    let now = play.now();
    assert_eq!(now.matches("boris").count(), 1, "{now}");
    play.must("boris approves desk\nlev approves desk");
    let now = play.now();
    assert!(now.ends_with("last boris]"), "{now}");
}

/// Goal: nor does anybody get a second vote by being handed a task of the stage whose pool they are
/// in, though its turn has not come; within the pool a task goes on. Method: reassignment,
/// delegation, a stand-in and one more approver, of somebody in the pool and of somebody else.
#[test]
fn whoever_is_in_a_pool_is_handed_no_other_task_of_the_stage() {
    let source = POOL.replace(
        "assignees: [{ group: contract_board, pick: pool }, { user: lev }]",
        "assignees: [{ user: lev }, { group: contract_board, pick: pool }]
    mode: sequential
    allow: [delegate, add_approver]",
    );
    let mut play = play(&source);
    play.directory.absences = BTreeSet::from([Absence {
        person: person("lev"),
        from: chancery_types::Instant::from_seconds(0),
        until: chancery_types::Instant::from_seconds(1_000_000),
        substitute: Some(chancery_workflow::Substitute {
            person: person("anna"),
            kinds: BTreeSet::new(),
            signs: false,
        }),
    }]);
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 desk lev]");
    for refused in [
        "lev passes desk to nina",
        "lev hands desk to nina",
        "lev adds nina desk beside",
        "anna approves desk",
    ] {
        let said = play.line(refused);
        assert!(said.contains("takes part"), "{refused}: {said}");
    }
    play.must("lev passes desk to boris\nboris approves desk\nnina claims desk");
    play.must("nina passes desk to irina\nirina approves desk");
    assert_eq!(play.now(), "Running 1 [5 last boris]");
}
