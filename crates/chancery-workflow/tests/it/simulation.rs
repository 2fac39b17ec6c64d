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

use chancery_workflow::{
    Calendar, Definition, Diagnostic, House, Kind, Means, State, Vocabulary, apply,
};

use crate::shared::held::{Rows, check_effects, check_monotone, check_signatures, check_state};
use crate::shared::invented::{Draw, organisation, workflow};
use crate::shared::player::{Arrival, Player};
use crate::support::*;

/// What workflows are read with.
struct Files {
    kinds: BTreeMap<String, Kind>,
    vocabulary: Vocabulary,
    calendars: BTreeMap<String, Calendar>,
    means: Means,
}

impl Files {
    fn of_house() -> Self {
        Self {
            kinds: kinds(),
            vocabulary: vocabulary(),
            calendars: calendars(),
            means: means(),
        }
    }

    fn read(&self, source: &str) -> Result<Definition, Vec<Diagnostic>> {
        let house = House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &self.calendars,
        };
        Definition::parse_with(source, &house, &self.means)
    }
}

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
    rung: u64,
    ends: BTreeMap<String, u64>,
}

fn play(seed: u64, house: &Files, tally: &mut Tally) {
    let mut draw = Draw(seed);
    let source = workflow(&mut draw);
    // What the linter refuses is nobody's workflow.
    let definition = match house.read(&source) {
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
    let directory = organisation(&mut draw, 0);
    tally.runs += 1;
    let (mut state, mut rows) = (State::draft(), Rows::default());
    let mut player = Player::since(0);
    let mut accepted = Vec::new();
    while let Some((arrival, event)) = player.next(&mut draw, &definition, &state, &directory) {
        match arrival {
            Arrival::Fresh => {}
            Arrival::Twice => tally.repeated += 1,
            Arrival::Late => tally.late += 1,
            Arrival::Rings => tally.rung += 1,
        }
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
            check_effects(&definition, &state, &event, &step, &mut rows);
            check_state(&definition, &step.state, &directory);
            check_monotone(&state, &event, &step);
            check_signatures(&definition, &step);
            state = step.state;
            tally.accepted += 1;
            player.took(event.clone());
            accepted.push(event);
        }
    }
    let again = accepted.iter().fold(State::draft(), |state, event| {
        let step = apply(&definition, &state, event, &directory);
        step.expect("I11: accepted before").state
    });
    assert_eq!(again, state, "I11: a replay gives the same");
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
    let house = Files::of_house();
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
         {} deliveries twice, {} late, {} timers; ends {:?}; refused {:?}; {seconds:.1} s",
        seed - 1,
        tally.events,
        tally.accepted,
        tally.runs,
        tally.refused_files,
        tally.crashes,
        tally.repeated,
        tally.late,
        tally.rung,
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
    assert!(tally.crashes > 0 && tally.repeated > 0 && tally.late > 0 && tally.rung > 0);
}
