//! Invented workflows over an invented organisation, played at length in the two databases: what
//! `docs/simulation.md` tells.
//!
//! Each event goes the way that those of requests go (`App::start_run`, `App::move_run`,
//! `App::ring_timers`), and the engine is taken along in memory. Now and then the row that is
//! written next fails, a request is dropped between two statements, two events arrive at once, one
//! comes twice or late. After every event the tables are read: they have what the state in memory
//! says, and what was refused or interrupted has left nothing.
//!
//! `CHANCERY_SIMULATED_EVENTS` says how many events, `CHANCERY_SIMULATED_SEED` where to begin. What
//! fails names the seed of its run: that number as the seed, and one event, plays it again.

mod expected;
mod firm;
mod game;
mod paper;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, resume_unwind};

use chancery::clock::Stopwatch;
use futures::FutureExt as _;

use crate::shared::invented::{Draw, workflow};
use crate::support::{Backend, TestApp, faults};
use firm::Firm;

/// How many events without the variable.
const EVENTS: u64 = 1500;
/// After so many runs a new house begins, so that tables stay small.
const RUNS_A_HOUSE: u64 = 60;

/// What was played.
#[derive(Debug, Default)]
struct Tally {
    events: u64,
    accepted: u64,
    runs: u64,
    refused_files: u64,
    /// How often something went wrong, and how it ended: `row fails: before`.
    disturbed: BTreeMap<String, u64>,
    ends: BTreeMap<String, u64>,
}

impl Tally {
    fn disturbed(&mut self, what: &str) {
        *self.disturbed.entry(what.to_owned()).or_default() += 1;
    }
}

fn number(name: &str, without: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(without, |text| text.parse().expect("a number"))
}

/// Goal: no invariant is broken in the tables either, wherever a step is interrupted. Method: as
/// many events as are asked for, on this database; every sort of disturbance happened, and requests
/// that were dropped ended both ways.
async fn sit(backend: &Backend) {
    let wanted = number("CHANCERY_SIMULATED_EVENTS", EVENTS);
    let first = number("CHANCERY_SIMULATED_SEED", 1);
    let (begun, mut tally, mut seed) = (Stopwatch::start(), Tally::default(), first);
    while tally.events < wanted {
        let house = TestApp::start(backend).await;
        let firm = Firm::found(&house).await;
        faults::arm(&house).await;
        let until = seed + RUNS_A_HOUSE;
        while tally.events < wanted && seed < until {
            let one = AssertUnwindSafe(game::play(&house, &firm, seed, &mut tally));
            if let Err(why) = one.catch_unwind().await {
                eprintln!(
                    "{backend:?}: CHANCERY_SIMULATED_SEED={seed} CHANCERY_SIMULATED_EVENTS=1 \
                     plays it again, after {} events\n{}",
                    tally.events,
                    workflow(&mut Draw(seed))
                );
                resume_unwind(why);
            }
            seed += 1;
        }
        house.close().await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{backend:?}, seeds {first} to {}: {tally:?}; {seconds:.1} s, {:.0} events a second",
        seed - 1,
        tally.events as f64 / seconds
    );
    if wanted < EVENTS {
        return;
    }
    assert!(tally.accepted * 4 > tally.events, "runs get on: {tally:?}");
    for end in ["completed", "rejected"] {
        assert!(tally.ends.contains_key(end), "{end}: {tally:?}");
    }
    for what in [
        "row fails: before",
        "dropped: before",
        "dropped: after",
        "at once: both",
        "at once: one",
        "twice",
        "late",
        "rings",
    ] {
        assert!(tally.disturbed.contains_key(what), "{what}: {tally:?}");
    }
}

#[tokio::test]
async fn invented_workflows_hold_every_invariant_on_sqlite() {
    sit(&Backend::Sqlite).await;
}

#[tokio::test]
async fn invented_workflows_hold_every_invariant_on_postgres() {
    if let Some(backend) = Backend::postgres() {
        sit(&backend).await;
    }
}
