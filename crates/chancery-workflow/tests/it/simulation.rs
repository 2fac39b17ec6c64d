//! Invented workflows over invented organisations, played at length: crashes (the state goes
//! through its stored form), deliveries that come twice or late. Everything that `properties` says
//! of a state and of a step must hold at each step.
//!
//! `CHANCERY_SIMULATED_EVENTS` says how many events (20,000 without it), `CHANCERY_SIMULATED_SEED`
//! where to begin. What fails names the seed of its run: that number as the seed, and one event,
//! plays it again.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant as Clock;

use chancery_workflow::{Definition, Event, Kind, State, Vocabulary, apply};

use crate::shared::held::{check_effects, check_state};
use crate::shared::invented::{Draw, organisation, workflow};
use crate::shared::moves::{Move, as_event};
use crate::support::*;

/// How many events one run gets.
const EVENTS_A_RUN: u32 = 200;
/// How many of them before it started and after it ended.
const IDLE_MAX: u32 = 12;

/// The kinds and the vocabulary that workflows are read with.
type Files = (BTreeMap<String, Kind>, Vocabulary);

/// What was played.
#[derive(Default)]
struct Tally {
    events: u64,
    accepted: u64,
    runs: u64,
    refused_files: u64,
    refusals: BTreeMap<String, u64>,
    crashes: u64,
    repeated: u64,
    late: u64,
    ends: BTreeMap<String, u64>,
}

fn play(seed: u64, house: &Files, tally: &mut Tally) {
    let mut draw = Draw(seed);
    let source = workflow(&mut draw);
    // What the linter refuses is nobody's workflow.
    let definition = match Definition::parse(&source, &house.0, &house.1) {
        Ok(definition) => definition,
        Err(findings) => {
            tally.refused_files += 1;
            if let Some(finding) = findings.first() {
                let why = format!("{} {}", finding.code, finding.key);
                *tally.refusals.entry(why).or_default() += 1;
            }
            return;
        }
    };
    let directory = organisation(&mut draw);
    tally.runs += 1;
    let (mut state, mut open) = (State::draft(), BTreeMap::new());
    let mut before: Option<Event> = None;
    let mut kept: Option<Event> = None;
    let mut idle = 0;
    for minute in 0..EVENTS_A_RUN {
        // What never started, or is over, is soon left alone.
        let still = state.subject.is_none() || state.phase.is_final();
        idle = if still { idle + 1 } else { 0 };
        if idle > IDLE_MAX {
            break;
        }
        // Mostly what the run waits for, so that it gets on; one time in four anything.
        let sorts = if draw.once_in(4) { 120 } else { 61 };
        let sort = u8::try_from(draw.below(sorts)).expect("small");
        let made = Move {
            sort,
            pick: draw.pick(),
            other: draw.pick(),
        };
        let fresh = as_event(&definition, &state, &made, i64::from(minute));
        let event = match draw.below(40) {
            // The same delivery a second time.
            0 if before.is_some() => {
                tally.repeated += 1;
                before.clone().unwrap_or(fresh)
            }
            // One is overtaken by the next.
            1 => {
                tally.late += 1;
                kept.replace(fresh.clone()).unwrap_or(fresh)
            }
            _ => fresh,
        };
        if draw.once_in(20) {
            tally.crashes += 1;
            let stored = serde_json::to_string(&state).expect("a text");
            state = serde_json::from_str(&stored).expect("a state");
        }
        tally.events += 1;
        if let Ok(step) = apply(&definition, &state, &event, &directory) {
            if std::env::var_os("CHANCERY_SIMULATED_TOLD").is_some() {
                eprintln!("{event:?}\n  {:?}\n", step.effects);
            }
            check_effects(&definition, &state, &step, &mut open);
            check_state(&definition, &step.state, &directory);
            state = step.state;
            tally.accepted += 1;
            before = Some(event);
        }
    }
    let end = format!("{:?}", state.phase).to_lowercase();
    *tally.ends.entry(end).or_default() += 1;
}

fn number(name: &str, without: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(without, |text| text.parse().expect("a number"))
}

/// Goal: no invariant is broken, whatever the workflow, the organisation and the order of what
/// arrives. Method: as many events as are asked for; every tenth run and more ends, most files are
/// accepted, every sort of disturbance happened.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long it took is printed, and decides nothing"
)]
fn invented_workflows_over_invented_organisations_hold_every_invariant() {
    let wanted = number("CHANCERY_SIMULATED_EVENTS", 20_000);
    let first = number("CHANCERY_SIMULATED_SEED", 1);
    let house = (kinds(), vocabulary());
    let (begun, mut tally, mut seed) = (Clock::now(), Tally::default(), first);
    while tally.events < wanted {
        let one = catch_unwind(AssertUnwindSafe(|| play(seed, &house, &mut tally)));
        if let Err(why) = one {
            let source = workflow(&mut Draw(seed));
            eprintln!(
                "CHANCERY_SIMULATED_SEED={seed} CHANCERY_SIMULATED_EVENTS=1 plays it again
{source}"
            );
            resume_unwind(why);
        }
        seed += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "seeds {first} to {}: {} events, {} accepted, {} runs, {} files refused; {} crashes, \
         {} deliveries twice, {} late; ends {:?}; refused {:?}; {seconds:.1} s",
        seed - 1,
        tally.events,
        tally.accepted,
        tally.runs,
        tally.refused_files,
        tally.crashes,
        tally.repeated,
        tally.late,
        tally.ends,
        tally.refusals
    );
    if wanted < 20_000 {
        return;
    }
    assert!(
        tally.refused_files < tally.runs,
        "the generator writes workflows"
    );
    assert!(tally.accepted * 3 > tally.events, "and plays them");
    for end in ["completed", "rejected", "withdrawn"] {
        assert!(tally.ends.contains_key(end), "{end}: {:?}", tally.ends);
    }
    assert!(tally.crashes > 0 && tally.repeated > 0 && tally.late > 0);
}
