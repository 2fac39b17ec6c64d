//! Stages that ask thousands.

use chancery_workflow::{Effect, Outcome, Phase, Refusal, apply};

use crate::crowd;
use crate::support::*;

/// Goal: a document that five thousand must read is read by each of them, and completed by the last
/// and nobody before.
#[test]
fn five_thousand_read_to_the_end() {
    let definition = define_with_means(&crowd::chain());
    let directory = crowd::company(5_000);
    let opened = crowd::opened(&definition, &directory, &contract("1")).expect("it starts");
    assert_eq!(opened.open_tasks().count(), 5_000);
    assert_eq!(
        opened.timers.len(),
        10_000,
        "a due date and a reminder each"
    );
    let few = crowd::read_by(&definition, &directory, opened.clone(), 20).expect("they read");
    assert_eq!(few, crowd::as_if_read_by(opened, 20));
    // The bench plays every one of them.
    let most = crowd::as_if_read_by(few, 4_960);
    let last = crowd::read_by(&definition, &directory, most, 19).expect("they read");
    assert_eq!((last.phase, last.open_tasks().count()), (Phase::Running, 1));
    let event = crowd::next_reads(&last).expect("the last");
    let step = apply(&definition, &last, &event, &directory).expect("the last reads");
    assert_eq!(step.state.outcome, Some(Outcome::Completed));
    assert!(step.state.timers.is_empty());
    let closed = step.effects.iter();
    let closed = closed.filter(|effect| matches!(effect, Effect::CloseTask { .. }));
    assert_eq!(closed.count(), 1, "each task is closed by its own reader");
    let again = apply(&definition, &step.state, &event, &directory);
    assert!(
        matches!(again, Err(Refusal::AlreadyDecided { .. })),
        "{again:?}"
    );
}

/// Goal: beyond the bound a stage is not opened, and the refusal says how many there may be.
#[test]
fn more_than_five_thousand_are_refused() {
    let definition = define_with_means(&crowd::chain());
    let directory = crowd::company(5_001);
    let refused = crowd::opened(&definition, &directory, &contract("1"));
    let wanted = Refusal::TooManyAssignees {
        stage: "read".to_owned(),
        max: 5_000,
    };
    assert_eq!(refused.map(|_| ()), Err(wanted));
}
