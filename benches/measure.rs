//! How the benches measure: CPU time of this process, in rounds that take the contestants in turns,
//! so that a machine that is busy for a while is busy for all of them. Figures are medians with
//! their range; what is compared stands in the same table.
//!
//! Run one with `cargo bench --package chancery-benches --bench signature`.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// How many rounds there are.
pub const ROUNDS: usize = 7;

/// CPU time that this process has used so far.
#[must_use]
pub fn cpu_time() -> Duration {
    // Linux has had this clock for longer than Rust has run on it.
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// One thing that is measured.
pub struct Contestant<'a> {
    name: String,
    repeats: u32,
    work: Box<dyn FnMut() + 'a>,
    seconds: Vec<f64>,
}

/// Everything that is measured together.
#[derive(Default)]
pub struct Contest<'a> {
    contestants: Vec<Contestant<'a>>,
}

/// What was measured, in seconds of CPU time for one call.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The median of the rounds.
    pub median: f64,
    /// The fastest round.
    pub least: f64,
    /// The slowest round.
    pub most: f64,
}

impl Figure {
    /// From the seconds of each round; all zero without any.
    #[must_use]
    pub fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let at = |index: usize| seconds.get(index).copied().unwrap_or(0.0);
        Self {
            median: at(seconds.len() / 2),
            least: at(0),
            most: at(seconds.len().saturating_sub(1)),
        }
    }

    /// Prints it under `name`.
    pub fn print(&self, name: &str) {
        let text = |seconds: f64| format!("{:.4}", seconds * 1000.0);
        let (least, most) = (text(self.least), text(self.most));
        println!(
            "{name:<58} {:>10} ms  ({least} – {most})",
            text(self.median)
        );
    }
}

impl<'a> Contest<'a> {
    /// Adds `work`, which is called `repeats` times in each round.
    pub fn enter(&mut self, name: &str, repeats: u32, work: impl FnMut() + 'a) {
        self.contestants.push(Contestant {
            name: name.to_owned(),
            repeats,
            work: Box::new(work),
            seconds: Vec::new(),
        });
    }

    /// Runs [`ROUNDS`] rounds after one that warms up, prints the figures, and returns them in the
    /// order of entering.
    #[must_use]
    pub fn run(mut self) -> Vec<Figure> {
        for round in 0..=ROUNDS {
            for contestant in &mut self.contestants {
                let before = cpu_time();
                for _ in 0..contestant.repeats {
                    (contestant.work)();
                }
                let spent = cpu_time().saturating_sub(before).as_secs_f64();
                if round > 0 {
                    contestant
                        .seconds
                        .push(spent / f64::from(contestant.repeats));
                }
            }
        }
        let figures = self.contestants.into_iter().map(|contestant| {
            let figure = Figure::of(contestant.seconds);
            figure.print(&contestant.name);
            figure
        });
        figures.collect()
    }
}

/// The most memory that `work` had resident at once, over what was resident before it, in bytes;
/// nothing where Linux does not tell. Only the first call in a process is worth anything: what was
/// freed is used again.
pub fn memory_over(work: impl FnOnce()) -> Option<u64> {
    let resident = |key: &str| -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes.saturating_mul(1024))
    };
    // 5: the peak begins again at what is resident now (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = resident("VmRSS:")?;
    work();
    Some(resident("VmHWM:")?.saturating_sub(before))
}

/// Prints `what` as a ratio to its limit with the goal beside; says whether the goal was reached.
pub fn print_goal(what: &str, value: f64, goal: f64, unit: &str) -> bool {
    let reached = value <= goal;
    let word = if reached { "reached" } else { "MISSED" };
    println!("{what:<58} {value:>10.3} {unit}  goal ≤ {goal} {unit}: {word}");
    reached
}
