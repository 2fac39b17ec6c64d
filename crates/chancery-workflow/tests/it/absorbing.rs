//! `absorb: same_person`: whoever signs later need not approve first, and then does sign.

use chancery_types::id::PersonId;
use chancery_workflow::{
    Assignee, Decision, Forecast, RoleHeld, SkipReason, StagePhase, TaskState, preview,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::*;

const ABSORBING: &str = "stages:
  - { id: alone, type: approve, title: { ru: а, en: a }, assignees: [{ role: signatory }] }
  - { id: two, type: approve, title: { ru: б, en: b }, assignees: [{ user: svetlana }, { user: irina }] }
  - { id: both, type: approve, title: { ru: в, en: c }, assignees: [{ user: svetlana }, { user: lev }], quorum: { count: 2 } }
  - { id: strict, type: approve, title: { ru: г, en: d }, assignees: [{ user: svetlana }, { user: anna }], quorum: { count: 1, veto: [{ user: svetlana }] } }
  - { id: sign, type: sign, title: { ru: д, en: e }, assignees: [{ role: signatory }], absorb: same_person }
";

fn play(source: &str) -> Play {
    Play::new(define_with_means(&with_stages(source)), contract("1"))
}

/// Goal: whoever signs is not asked before where the others are enough or nobody else is asked; is
/// asked where without them the quorum is out of reach, or where they have a veto.
#[test]
fn whoever_signs_is_not_asked_before() {
    let mut play = play(ABSORBING);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 two irina]
        irina approves two    | Running 1 [2 both svetlana, 3 both lev]
        svetlana approves both | Running 1 [3 both lev]
        lev approves both     | Running 1 [4 strict svetlana, 5 strict anna]
        svetlana approves strict | Running 1 [6 sign svetlana]
        svetlana signs sign   | Completed 1 []
        ",
    );
    let alone = &play.state.stages["alone"].phase;
    assert_eq!(*alone, StagePhase::Skipped(SkipReason::Absorbed));
    let stages = preview(
        &play.definition,
        &contract("1"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    )
    .expect("a preview");
    assert_eq!(stages[0].forecast, Forecast::Skips(SkipReason::Absorbed));
    let Forecast::Asks {
        assignees, needed, ..
    } = &stages[1].forecast
    else {
        panic!("{:?}", stages[1].forecast);
    };
    assert_eq!(
        (assignees.as_slice(), *needed),
        (&[assignee("irina")][..], 1)
    );
}

/// Goal: when another one signs after all, whoever was let go is asked where they were; the votes
/// of the others stand. Where the stage now asks whoever signs, it lets them go again.
#[test]
fn a_promise_that_is_not_kept_is_asked_for() {
    let mut play = play(ABSORBING);
    play.must(
        "olga starts
         irina approves two
         svetlana approves both
         lev approves both",
    );
    let roles = |play: &mut Play, from: &str, to: &str| {
        let of = |play: &mut Play, who: &str| {
            play.directory
                .people
                .get_mut(&person(who))
                .map(|it| std::mem::take(&mut it.roles))
        };
        let (held, other) = (of(play, from), of(play, to));
        let mut give = |who: &str, roles| {
            if let (Some(entry), Some(roles)) = (play.directory.people.get_mut(&person(who)), roles)
            {
                entry.roles = roles;
            }
        };
        give(to, held);
        give(from, other);
    };
    roles(&mut play, "svetlana", "boris");
    check(
        &mut play,
        "
        svetlana approves strict | Running 1 [6 two svetlana]
        svetlana approves two    | Running 1 [7 sign boris]
        boris signs sign         | Completed 1 []
        ",
    );
}

/// Goal: a new version forgets what was let go, and lets go anew.
#[test]
fn a_new_version_lets_go_anew() {
    let mut play = play(ABSORBING);
    play.must("olga starts\nirina approves two\nolga edits 2");
    assert_eq!(play.now(), "Running 1 [4 two irina]");
    let promises: Vec<&str> = play
        .state
        .absorbed
        .iter()
        .map(|one| one.stage.as_str())
        .collect();
    assert_eq!(promises, ["alone", "two"]);
}

proptest! {
    /// Whoever was let go has signed when the run is completed, or has approved after all; whatever
    /// the directory did meanwhile.
    #[test]
    fn every_promise_is_kept(moves in prop::collection::vec((0_u8..100, any::<Index>()), 0..40)) {
        let mut play = play(ABSORBING);
        play.must("olga starts");
        for (sort, pick) in moves {
            if sort < 12 {
                let who = ["svetlana", "boris", "nina"][pick.index(3)];
                let role = RoleHeld {
                    role: "signatory".to_owned(),
                    department: None,
                };
                let entry = play.directory.people.get_mut(&person(who)).expect(who);
                if !entry.roles.remove(&role) {
                    entry.roles.insert(role);
                }
                continue;
            }
            let open = play.state.open_tasks();
            let open = open.map(|(_, task)| (task.stage.clone(), task.assignee));
            let open: Vec<(String, Assignee)> = open.collect();
            if open.is_empty() {
                break;
            }
            let (stage, holder) = open[pick.index(open.len())].clone();
            let verb = if stage == "sign" { "signs" } else { "approves" };
            play.line(&format!("{} {verb} {stage}", name(holder)));
        }
        if play.state.phase != chancery_workflow::Phase::Completed {
            return Ok(());
        }
        for one in &play.state.absorbed {
            let decided = |stage: &str, person: PersonId| {
                play.state.tasks.values().any(|task| {
                    let said = matches!(
                        &task.state,
                        TaskState::Decided { decision: Decision::Approve | Decision::Sign, .. }
                    );
                    task.stage == stage && task.elector == Assignee::Person(person) && said
                })
            };
            // Somebody who may decide no more has passed the seat on to a manager.
            let asked = &play.state.stages[&one.stage].electorate;
            let gone = !asked.contains(&Assignee::Person(one.person));
            let kept = match one.stands {
                true => decided(&one.into, one.person),
                false => decided(&one.stage, one.person) || gone,
            };
            prop_assert!(kept, "{one:?}");
        }
    }
}
