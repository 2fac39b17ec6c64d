//! The engine's step and the reading of a workflow: `apply` on the contract chain as it is, beside
//! the writing of the state that every step stores; the linter on the same chain.

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

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::process::ExitCode;

use chancery_benches::{Contest, print_goal};
use chancery_workflow::{Ability, Definition, Diagnostic, House, Kind, Means, Vocabulary, apply};
use support::{Play, contract};

const VOCABULARY: &str = include_str!("../workflows/vocabulary.yaml");
const KIND: &str = include_str!("../workflows/kinds/contract.yaml");
const CHAIN: &str = include_str!("../workflows/chains/contract.yaml");

/// Everything that a start reads of one workflow.
fn read() -> Result<Definition, Vec<Diagnostic>> {
    let vocabulary = Vocabulary::parse(VOCABULARY)?;
    let kind = Kind::parse(KIND, &vocabulary)?;
    let kinds = BTreeMap::from([("contract".to_owned(), kind)]);
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &BTreeMap::new(),
    };
    let means = Means {
        abilities: BTreeSet::from(Ability::ALL),
        journals: vocabulary.journals().keys().cloned().collect(),
        templates: vocabulary.templates().keys().cloned().collect(),
        ..Means::default()
    };
    Definition::parse_with(CHAIN, &house, &means)
}

fn main() -> ExitCode {
    let definition = match read() {
        Ok(definition) => definition,
        Err(findings) => {
            eprintln!("the contract chain has findings: {findings:?}");
            return ExitCode::FAILURE;
        }
    };
    let mut play = Play::new(definition, contract("1250000.00"));
    play.must("olga starts\n pavel approves manager");
    let event = play.event("irina approves legal");
    let step = || {
        let step = apply(&play.definition, &play.state, &event, &play.directory);
        black_box(step.is_ok())
    };
    if !step() {
        eprintln!("the step that is measured is refused");
        return ExitCode::FAILURE;
    }
    println!("the contract chain; CPU time of one call, median (range)");
    let mut contest = Contest::default();
    contest.enter("apply: a lawyer approves", 2_000, || {
        step();
    });
    contest.enter("the run's state written as JSON", 2_000, || {
        black_box(serde_json::to_string(&play.state).ok());
    });
    contest.enter("read and check vocabulary, kind and chain", 20, || {
        black_box(read().is_ok());
    });
    let figures = contest.run();
    let [step, written, checked] = figures.as_slice() else {
        return ExitCode::FAILURE;
    };
    let mut reached = print_goal("apply", step.median * 1e6, 20.0, "µs");
    println!(
        "{:<58} {:>10.3} ×",
        "apply ÷ writing its state",
        step.median / written.median
    );
    reached &= print_goal("check a chain", checked.median * 1000.0, 50.0, "ms");
    if reached {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
