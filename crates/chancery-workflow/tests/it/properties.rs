//! Whatever arrives, in whatever order: what always holds. That everything is reached: `witness`.

use std::sync::LazyLock;

use chancery_workflow::{
    Definition, Directory, Effect, Event, EventKind, Phase, StageKind, StagePhase, State, Step,
    apply,
};
use proptest::prelude::*;

use crate::shared::held::{Rows, check_effects, check_monotone, check_signatures, check_state};
use crate::shared::moves::{Move, Pick, as_event};
use crate::support::*;

pub fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0_u8..120, any::<u64>(), any::<u64>()).prop_map(|(sort, pick, other)| Move {
        sort,
        pick: Pick(pick),
        other: Pick(other),
    });
    prop::collection::vec(one, 0..50)
}

/// The workflows that are played: the house's own, its impatient twin, and one that has a quorum,
/// a rule, a condition on the round and a blocking acknowledgement.
pub static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(definitions);
static DIRECTORY: LazyLock<Directory> = LazyLock::new(directory);

fn definitions() -> Vec<Definition> {
    let contract = read_chain("contract").replace("max_rounds: 5", "max_rounds: 2");
    let mixed = with_stages(
        "rework: { max_rounds: 2 }
sod: [{ id: four-eyes, stages: [last], rule: \"!(actor in voters('board'))\" }]
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }, { user: gone }]
    quorum: { count: 2 }
  - id: again
    type: approve
    title: { ru: б, en: b }
    when: round > 1
    assignees: [{ role: cfo }]
    decisions: [approve, return]
  - { id: read, type: acknowledge, title: { ru: в, en: c }, assignees: [{ department: sales }], quorum: any }
  - { id: last, type: approve, title: { ru: г, en: d }, assignees: [{ role: employee }], quorum: any }
",
    );
    let patient = define(&counting());
    let impatient = counting().replace("finish_others", "cancel_others");
    vec![
        define(&contract),
        define(&contract.replace("finish_others", "cancel_others")),
        define(&mixed),
        patient,
        define(
            &impatient
                .replace("{ count: 2 }\n      on", "any\n      on")
                .replace(
                    "max_rounds: 2",
                    "max_rounds: 1, on_exhausted: { finish: rejected }, resume: restart",
                ),
        ),
        define(&with_stages(ASKS_FOR_ROUNDS)),
    ]
}

/// A workflow in which somebody lets a document go round more often than it may.
const ASKS_FOR_ROUNDS: &str =
    "rework: { max_rounds: 1, to: author, on_exhausted: { escalate: { to: { role: cfo }, max: 2 } } }
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }]
    quorum: { count: 2 }
    on_reject: { count: true, then: rework }
    carry: \"!changed('doc.amount')\"
  - { id: last, type: approve, title: { ru: б, en: b }, assignees: [{ user: lev }], on_reject: { rework: { to: { role: lawyer } } } }
";

/// How many workflows are played.
pub const PLAYED: usize = 6;

/// A workflow that counts in every way: by percent with a veto, in sequence, by weight, by group,
/// by a condition; blocks within blocks; a stage that may be skipped for want of people.
pub fn counting() -> String {
    with_stages(
        "rework: { max_rounds: 2 }
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }, { user: boris }]
    quorum: { percent: 60, min: 2, veto: [{ user: boris }] }
    carry: \"!changed('doc.amount')\"
    allow: [add_approver]
    on_reject: { count: true }
    decisions: [approve, approve_with_remarks, return, reject, abstain, hold]
  - id: block
    title: { ru: б, en: b }
    parallel:
      join: { count: 2 }
      on_branch_reject: finish_others
      branches:
        - id: legal_way
          title: { ru: в, en: c }
          sequence:
            - id: lawyers
              type: approve
              title: { ru: г, en: d }
              mode: sequential
              assignees: [{ role: lawyer }, { who: { user: nina }, when: round > 1 }]
              decisions: [approve, reject, abstain]
              carry: always
              allow: [add_approver]
              on_reject: { count: true }
            - { id: chief, type: approve, title: { ru: д, en: e }, assignees: [{ user: lev }] }
        - id: money
          type: approve
          title: { ru: е, en: f }
          assignees: [{ department: finance }, { user: anna }]
          dedupe: same_person
          quorum: { weight: 3 }
          weights: [{ who: { role: cfo }, weight: 2 }]
          on_reject: { rework: { to: initiator } }
        - id: office
          type: approve
          title: { ru: ж, en: g }
          assignees: [{ user: nina }, { user: tom }]
          quorum: { when: [{ if: round > 1, use: all }, { else: any }] }
          decisions: [approve, reject, hold]
  - { id: audit, type: approve, title: { ru: з, en: h }, assignees: [{ role: auditor }], if_empty: skip }
  - { id: groups, type: approve, title: { ru: и, en: i }, quorum: { each_group: 1 }, assignees: [{ role: lawyer }, { department: finance }] }
",
    )
}

/// Plays moves and hands every step to `look`; the accepted events are returned.
pub fn play(
    definition: &Definition,
    moves: &[Move],
    mut look: impl FnMut(&State, &Event, &Result<Step, chancery_workflow::Refusal>),
) -> (State, Vec<Event>) {
    let mut state = State::draft();
    let mut accepted = Vec::new();
    for (minute, made) in moves.iter().enumerate() {
        let event = as_event(
            definition,
            &state,
            made,
            i64::try_from(minute).expect("small"),
        );
        let answer = apply(definition, &state, &event, &DIRECTORY);
        look(&state, &event, &answer);
        if let Ok(step) = answer {
            state = step.state;
            accepted.push(event);
        }
    }
    (state, accepted)
}

proptest! {
    /// The effects and the state never disagree about what is open, and a final run stays final.
    #[test]
    fn effects_and_state_never_disagree(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        let mut rows = Rows::default();
        play(definition, &moves, |before, event, answer| {
            if let Ok(step) = answer {
                check_effects(definition, before, event, step, &mut rows);
            }
        });
    }

    /// Every state that can be reached is sound.
    #[test]
    fn every_reachable_state_is_sound(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |_, _, answer| {
            if let Ok(step) = answer {
                check_state(definition, &step.state, &DIRECTORY);
            }
        });
    }

    /// A signature is asked for only when everything before it agrees on this very version.
    #[test]
    fn a_signature_opens_only_on_what_is_approved(which in 0_usize..2, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |_, _, answer| {
            let Ok(step) = answer else { return };
            check_signatures(definition, step);
            for effect in &step.effects {
                let Effect::OpenTask {
                    path, stage_kind: StageKind::Sign, ..
                } = effect else { continue };
                let before = definition.stages().take_while(|stage| stage.path != *path);
                for stage in before.filter(|stage| stage.blocking) {
                    let phase = &step.state.stages[&stage.path].phase;
                    let is_done = matches!(phase, StagePhase::Satisfied | StagePhase::Skipped(_));
                    assert!(is_done, "{phase:?}");
                }
            }
        });
    }

    /// A vote against and one more approver never close a stage; an approval never opens one again.
    #[test]
    fn a_quorum_is_monotone(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |before, event, answer| {
            let Ok(step) = answer else { return };
            check_monotone(before, event, step);
        });
    }

    /// Every opening of a stage has a number of its own, one more than the one before.
    #[test]
    fn every_opening_of_a_stage_is_counted(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        play(definition, &moves, |before, event, answer| {
            let Ok(step) = answer else { return };
            let anew = matches!(
                &event.kind,
                EventKind::NewVersion { .. } | EventKind::Resubmitted { .. }
            );
            for (path, now) in &step.state.stages {
                let was = before.stages.get(path).cloned().unwrap_or_default();
                let is_walked_anew = anew && step.state.phase == Phase::Running;
                let was_active = was.phase == StagePhase::Active;
                let opened =
                    now.phase == StagePhase::Active && (!was_active || is_walked_anew);
                let wanted = was.activation + u32::from(opened);
                // Votes that stand, or another branch, may close it in the step that opens it.
                let closed_at_once =
                    matches!(now.phase, StagePhase::Satisfied | StagePhase::Cancelled);
                assert!(
                    now.activation == wanted || (closed_at_once && now.activation == wanted + 1),
                    "{path}: {} after {}",
                    now.activation,
                    was.activation
                );
            }
        });
    }

    /// The same events give the same bytes.
    #[test]
    fn a_replay_gives_the_same_bytes(which in 0..PLAYED, moves in any_moves()) {
        let definition = &DEFINITIONS[which];
        let (state, events) = play(definition, &moves, |_, _, _| {});
        let mut again = State::draft();
        for event in &events {
            // Through the stored form each time, as the service does it.
            let stored = serde_json::to_string(&again).expect("a text");
            let read: State = serde_json::from_str(&stored).expect("a state");
            again = apply(definition, &read, event, &DIRECTORY).expect("accepted before").state;
        }
        let bytes = |state: &State| serde_json::to_string(state).expect("a text");
        prop_assert_eq!(bytes(&again), bytes(&state));
    }

    /// From wherever a run has got to, it completes if everybody agrees from now on. (Where the
    /// author of the version is the only one who could sign it, somebody else makes the next one.)
    #[test]
    fn whatever_happened_agreement_completes_the_run(
        which in 0..PLAYED,
        moves in any_moves(),
        pick in any::<u64>(),
    ) {
        let (definition, pick) = (&DEFINITIONS[which], Pick(pick));
        let (mut state, _) = play(definition, &moves, |_, _, _| {});
        let (mut sort, mut refused) = (60, 0_u64);
        for _ in 0..60 {
            if state.phase.is_final() {
                break;
            }
            // Whoever made the version may be one who has to agree: then another makes the next.
            let turn = Pick(pick.0.wrapping_add(refused.wrapping_mul(u64::MAX / 7)));
            let event = as_event(definition, &state, &Move { sort, pick: turn, other: turn }, 1000);
            match apply(definition, &state, &event, &DIRECTORY) {
                Ok(step) => {
                    state = step.state;
                    sort = 60;
                }
                Err(refusal) => {
                    // A draft may find no way: its initiator may leave a stage without anybody.
                    if state.phase == Phase::Draft {
                        break;
                    }
                    // Anybody (5) may be one who may not bring a version; whoever reworks (20) may.
                    prop_assert!(state.phase == Phase::Rework && sort != 20, "{}", refusal);
                    refused += 1;
                    sort = if refused.is_multiple_of(2) { 5 } else { 20 };
                }
            }
        }
        prop_assert!(state.phase.is_final() || state.phase == Phase::Draft, "{:?}", state.phase);
    }
}
