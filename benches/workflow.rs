//! The engine's step and the reading of a workflow: `apply` on the contract chain as it is, beside
//! the writing of the state that every step stores; a vote in a stage of five thousand; the linter
//! on the largest template; every decision on every template. Each as a ratio to its limit.

#[path = "../crates/chancery-workflow/tests/shared/crowd.rs"]
#[expect(dead_code, reason = "a test skips readers, a bench does not")]
mod crowd;
#[path = "workflow/house.rs"]
#[expect(
    clippy::expect_used,
    reason = "a bench that cannot be set up has nothing to say"
)]
mod house;
#[path = "../crates/chancery-workflow/tests/shared/mod.rs"]
#[expect(dead_code, reason = "simulations play with it, and their tests")]
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot be set up has nothing to say"
)]
mod shared;
#[path = "../crates/chancery-workflow/tests/it/support.rs"]
#[expect(
    dead_code,
    reason = "the tests' company has more rooms than a bench needs"
)]
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot be set up has nothing to say"
)]
mod support;

use std::hint::black_box;
use std::process::ExitCode;

use chancery_benches::{Contest, Figure, cpu_time, print_goal};
use chancery_workflow::trial::{Reach, survey};
use chancery_workflow::{Directory, Event, State, apply};
use house::Files;
use support::{Play, contract};

/// The limits of one call, in the units that are printed.
const STEP_MICROSECONDS: f64 = 20.0;
const CROWD_MILLISECONDS: f64 = 5.0;
const CHECK_MILLISECONDS: f64 = 50.0;
const EXPLORE_SECONDS: f64 = 5.0;
/// How far the command `explore --rounds 2` goes.
const REACH: Reach = Reach {
    rounds_max: 2,
    states_max: 20_000,
    documents_max: 400,
};

/// A run and what happens to it next.
struct Vote {
    definition: chancery_workflow::Definition,
    directory: Directory,
    state: State,
    event: Event,
}

impl Vote {
    fn cast(&self) -> bool {
        let step = apply(&self.definition, &self.state, &self.event, &self.directory);
        black_box(step.is_ok())
    }

    /// A lawyer approves a contract.
    fn of_contract(files: &Files) -> Option<Self> {
        let definition = files.check(files.chains.get("contract")?).ok()?;
        let mut play = Play::new(definition, contract("1250000.00"));
        play.must("olga starts\n pavel approves manager");
        let event = play.event("irina approves legal");
        Some(Self {
            definition: play.definition,
            directory: play.directory,
            state: play.state,
            event,
        })
    }

    /// One of five thousand has read, after `before` of them.
    fn of_crowd(files: &Files, before: usize) -> Option<Self> {
        let definition = files.check(&crowd::chain()).ok()?;
        let directory = crowd::company(5_000);
        let state = crowd::opened(&definition, &directory, &contract("1")).ok()?;
        let state = crowd::read_by(&definition, &directory, state, before).ok()?;
        let event = crowd::next_reads(&state)?;
        Some(Self {
            definition,
            directory,
            state,
            event,
        })
    }
}

/// Steps and readings, in turns.
fn measure(files: &Files) -> Option<bool> {
    let vote = Vote::of_contract(files)?;
    let first = Vote::of_crowd(files, 1)?;
    let last = Vote::of_crowd(files, 4_998)?;
    if ![&vote, &first, &last].into_iter().all(Vote::cast) {
        eprintln!("a step that is measured is refused");
        return None;
    }
    let (name, source) = files.largest();
    println!("CPU time of one call, median (range)");
    let mut contest = Contest::default();
    contest.enter("apply: a lawyer approves", 2_000, || {
        vote.cast();
    });
    contest.enter("the run's state written as JSON", 2_000, || {
        black_box(serde_json::to_string(&vote.state).ok());
    });
    contest.enter("apply: the second of 5,000 reads", 10, || {
        first.cast();
    });
    contest.enter("apply: the last but one of 5,000 reads", 10, || {
        last.cast();
    });
    contest.enter("that run's state written as JSON", 10, || {
        black_box(serde_json::to_string(&first.state).ok());
    });
    contest.enter(&format!("check {name}, the largest chain"), 10, || {
        black_box(files.check(source).is_ok());
    });
    let figures = contest.run();
    let [step, written, second, last, stored, checked] = figures.as_slice() else {
        return None;
    };
    let bytes = serde_json::to_string(&first.state).map_or(0, |text| text.len());
    println!(
        "{:<58} {:>10.3} MB",
        "the state of that run",
        bytes as f64 / 1e6
    );
    ratio("apply ÷ writing its state", step, written);
    ratio("apply of 5,000 ÷ writing its state", second, stored);
    let mut reached = print_goal("apply", step.median * 1e6, STEP_MICROSECONDS, "µs");
    let slowest = second.median.max(last.median);
    reached &= print_goal("a vote of 5,000", slowest * 1e3, CROWD_MILLISECONDS, "ms");
    reached &= print_goal(
        "check a chain",
        checked.median * 1e3,
        CHECK_MILLISECONDS,
        "ms",
    );
    Some(reached)
}

fn ratio(what: &str, one: &Figure, other: &Figure) {
    println!("{what:<58} {:>10.3} ×", one.median / other.median);
}

/// Every decision on every template, to the end.
fn explore(files: &Files) -> Option<bool> {
    let mut reached = true;
    for (name, source) in &files.chains {
        let definition = files.check(source).ok()?;
        let kind = files.kinds.get(definition.kind())?;
        let before = cpu_time();
        let found = survey(&definition, kind, REACH, &mut || true);
        let spent = cpu_time().saturating_sub(before).as_secs_f64();
        let what = format!("explore {name}: {} states", found.states);
        reached &= print_goal(&what, spent, EXPLORE_SECONDS, "s");
        if found.stuck.is_some() || found.without_approval.is_some() {
            println!("{:<58} MISSED", "  gets stuck, or needs no approval");
            reached = false;
        }
        if !found.cuts.is_empty() {
            println!("{:<58} {:?}: MISSED", "  is cut", found.cuts);
            reached = false;
        }
    }
    Some(reached)
}

fn main() -> ExitCode {
    let files = Files::read();
    let all = [measure(&files), explore(&files)];
    if all.into_iter().all(|reached| reached == Some(true)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
