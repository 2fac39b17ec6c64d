//! The witness: what is played at random, and what one test each is written for, reaches every
//! phase, every phase of a stage, every event, every effect and every refusal. A new one has to be
//! named here to compile, or else to be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chancery_workflow::{Effect, EventKind, Phase, Refusal, StagePhase};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::properties::{DEFINITIONS, PLAYED, any_moves, play};

/// The variants of an enumeration by name, and the name of each.
macro_rules! named {
    ($all:ident, $name:ident, $kind:ident: $($variant:ident)*) => {
        const $all: &[&str] = &[$(stringify!($variant)),*];

        fn $name(one: &$kind) -> &'static str {
            match one {
                $($kind::$variant { .. } => stringify!($variant),)*
            }
        }
    };
}

named!(PHASES, phase, Phase: Draft Running Rework Completed Rejected Withdrawn);
named!(STAGES, stage, StagePhase: Pending Active Satisfied Returned Rejected Skipped Cancelled);
named!(EVENTS, event, EventKind:
    Started Decided FormFilled Signed NewVersion Resubmitted Reassigned Claimed Unclaimed Delegated
    DelegationEnded AbsenceBegan Withdrawn ApproverAdded ApproverDropped VoteRevoked Cancelled
    Suspended Resumed TimerFired LookupAnswered ChildrenCounted IncidentRetried CalendarChanged
    Migrated);
named!(EFFECTS, effect, Effect:
    SkipStage OpenTask CloseTask MoveTask HoldTask CarryVote RevokeVote RecordRemarks CloseStage
    OpenRework OpenRound ArmTimer DisarmTimer SetDue Remind TellOverdue Escalate EndHold FillCard
    AskLookup AwaitChildren PassChildren TakeWay OpenIncident CloseIncident Perform TellSubstitute
    Finish);

/// What the random moves do not reach: it needs a timer, another definition, an answer from
/// elsewhere, or a file, card, state or directory that is broken on purpose. Each with the test
/// that reaches it.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "event FormFilled",
        "outside::a_stage_fills_fields_before_it_agrees",
    ),
    (
        "event Claimed",
        "pools::a_pool_is_one_seat_that_somebody_takes",
    ),
    (
        "event Unclaimed",
        "pools::a_pool_is_one_seat_that_somebody_takes",
    ),
    ("event Delegated", "people::a_task_is_handed_on_and_back"),
    (
        "event DelegationEnded",
        "people::a_task_is_handed_on_and_back",
    ),
    (
        "event AbsenceBegan",
        "people::whoever_stands_in_is_told_once",
    ),
    (
        "event TimerFired",
        "timers::without_timers_nothing_is_armed_and_only_the_service_rings",
    ),
    (
        "event LookupAnswered",
        "elsewhere::only_the_service_brings_answers",
    ),
    (
        "event ChildrenCounted",
        "children::a_count_that_cannot_be_is_refused",
    ),
    (
        "event IncidentRetried",
        "elsewhere::a_failure_waits_for_an_administrator",
    ),
    (
        "event CalendarChanged",
        "timers::another_calendar_moves_what_is_to_come",
    ),
    ("event Migrated", "moving::a_moved_run_is_as_sound_as_any"),
    (
        "effect ArmTimer",
        "timers::another_calendar_moves_what_is_to_come",
    ),
    (
        "effect DisarmTimer",
        "timers::another_calendar_moves_what_is_to_come",
    ),
    (
        "effect SetDue",
        "timers::another_calendar_moves_what_is_to_come",
    ),
    (
        "effect Remind",
        "timers::defaults_give_due_dates_and_reminders_and_a_stage_has_its_own",
    ),
    (
        "effect TellOverdue",
        "timers::defaults_give_due_dates_and_reminders_and_a_stage_has_its_own",
    ),
    (
        "effect Escalate",
        "timers::defaults_give_due_dates_and_reminders_and_a_stage_has_its_own",
    ),
    (
        "effect EndHold",
        "timers::defaults_give_due_dates_and_reminders_and_a_stage_has_its_own",
    ),
    (
        "effect FillCard",
        "outside::a_stage_fills_fields_before_it_agrees",
    ),
    (
        "effect AskLookup",
        "elsewhere::an_automatic_stage_asks_waits_and_goes_on",
    ),
    (
        "effect AwaitChildren",
        "children::a_run_waits_until_all_of_them_are_through",
    ),
    (
        "effect PassChildren",
        "children::a_run_waits_until_all_of_them_are_through",
    ),
    (
        "effect TakeWay",
        "elsewhere::an_automatic_stage_asks_waits_and_goes_on",
    ),
    (
        "effect OpenIncident",
        "elsewhere::a_failure_waits_for_an_administrator",
    ),
    (
        "effect CloseIncident",
        "elsewhere::answers_are_about_one_version",
    ),
    ("effect Perform", "outside::a_run_says_what_is_done_outside"),
    (
        "effect TellSubstitute",
        "people::whoever_stands_in_is_told_once",
    ),
    (
        "refusal approver-lost",
        "moving::an_added_approver_of_a_stage_that_is_gone_keeps_the_document",
    ),
    (
        "refusal calendar-mismatch",
        "timers::another_calendar_moves_what_is_to_come",
    ),
    (
        "refusal card-not-accepted",
        "script::a_card_that_does_not_fit_its_kind_starts_nothing",
    ),
    (
        "refusal condition-not-evaluated",
        "script::a_condition_that_cannot_be_evaluated_refuses_the_event",
    ),
    (
        "refusal delegated-too-often",
        "people::a_task_is_handed_on_and_back",
    ),
    (
        "refusal form-incomplete",
        "outside::a_stage_fills_fields_before_it_agrees",
    ),
    (
        "refusal has-incident",
        "elsewhere::a_run_is_moved_only_where_its_answers_stand",
    ),
    (
        "refusal mandate-absent",
        "mandates::without_a_mandate_nobody_is_asked",
    ),
    (
        "refusal mandate-ended",
        "mandates::the_mandate_is_asked_again_when_it_is_signed",
    ),
    (
        "refusal mandate-too-small",
        "mandates::the_mandate_is_asked_again_when_it_is_signed",
    ),
    (
        "refusal may-not-delegate",
        "people::a_task_is_handed_on_and_back",
    ),
    ("refusal may-not-start", "words::only_those_named_may_start"),
    (
        "refusal may-not-withdraw",
        "rights::whoever_the_file_names_takes_the_document_back",
    ),
    (
        "refusal not-taken",
        "changes::a_chain_takes_only_documents_of_its_own",
    ),
    (
        "refusal no-incident",
        "elsewhere::a_failure_waits_for_an_administrator",
    ),
    (
        "refusal not-delegated",
        "people::a_task_is_handed_on_and_back",
    ),
    (
        "refusal not-of-pool",
        "pools::a_pool_is_one_seat_that_somebody_takes",
    ),
    (
        "refusal not-a-person",
        "script::an_outsider_and_the_service_itself_start_and_decide_nothing",
    ),
    (
        "refusal not-the-service",
        "elsewhere::only_the_service_brings_answers",
    ),
    (
        "refusal open-stage-changed",
        "moving::an_open_stage_of_another_kind_keeps_the_document",
    ),
    (
        "refusal open-stage-gone",
        "moving::an_open_stage_that_is_gone_keeps_the_document",
    ),
    (
        "refusal plan-mismatch",
        "moving::a_run_is_not_moved_to_another_workflow",
    ),
    (
        "refusal signature-lost",
        "moving::a_signature_that_would_not_be_asked_for_keeps_the_document",
    ),
    (
        "refusal stage-passed",
        "moving::a_stage_before_the_position_keeps_the_document",
    ),
    (
        "refusal state-corrupt",
        "script::a_stored_state_is_read_back_and_a_foreign_one_is_refused",
    ),
    (
        "refusal too-many-assignees",
        "crowds::more_than_five_thousand_are_refused",
    ),
    (
        "refusal veto-holder-absent",
        "quorums::nothing_goes_on_against_a_veto",
    ),
    (
        "refusal votes-would-decide",
        "moving::votes_that_would_decide_keep_the_document",
    ),
    (
        "refusal would-end",
        "moving::a_run_that_would_end_by_the_move_is_not_moved",
    ),
];

/// What the random moves reach.
fn played() -> BTreeSet<String> {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for round in 0..2500 {
        let moves = any_moves().new_tree(&mut runner).expect("moves").current();
        play(
            &DEFINITIONS[round % PLAYED],
            &moves,
            |before, given, answer| {
                seen.insert(format!("phase {}", phase(&before.phase)));
                let step = match answer {
                    Ok(step) => step,
                    Err(refusal) => {
                        seen.insert(format!("refusal {}", refusal.code()));
                        return;
                    }
                };
                seen.insert(format!("phase {}", phase(&step.state.phase)));
                seen.insert(format!("event {}", event(&given.kind)));
                for entry in step.state.stages.values() {
                    seen.insert(format!("stage {}", stage(&entry.phase)));
                }
                seen.extend(
                    step.effects
                        .iter()
                        .map(|one| format!("effect {}", effect(one))),
                );
            },
        );
    }
    seen
}

/// Goal: nothing is left out, and every test that is named is there.
#[test]
fn every_phase_event_effect_and_refusal_is_reached() {
    let of = |kind: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("{kind} {name}")).collect()
    };
    let all: BTreeSet<String> = [
        of("phase", PHASES),
        of("stage", STAGES),
        of("event", EVENTS),
        of("effect", EFFECTS),
        of("refusal", &Refusal::CODES),
    ]
    .concat()
    .into_iter()
    .collect();
    let elsewhere: BTreeMap<&str, &str> = ELSEWHERE.iter().copied().collect();
    assert_eq!(elsewhere.len(), ELSEWHERE.len(), "each once");
    let seen = played();
    let is_reached = |what: &&String| seen.contains(*what) || elsewhere.contains_key(what.as_str());
    let missing: Vec<&String> = all.iter().filter(|what| !is_reached(what)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
    for (what, test) in elsewhere {
        assert!(all.contains(what), "there is no {what}");
        let (module, name) = test.split_once("::").expect(what);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
        let source = std::fs::read_to_string(folder.join(format!("{module}.rs"))).expect(module);
        assert!(source.contains(&format!("fn {name}(")), "{what}: no {test}");
    }
}
