//! `cargo xtask test`: installs what the tests need, starts it, and runs every check in order.
//!
//! Format, lints and house rules come first; a failure of theirs is remembered, and the tests run
//! all the same, so that one run says everything. The last lines are those of `cargo test`.

#[cfg(test)]
mod answers;
mod servers;
mod tools;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use servers::{Servers, WorkFolder};
use tools::{Missing, Tools};

/// How `cargo xtask test` is called.
pub const USAGE: &str = "\
  test   run all checks: install, fmt, clippy, tidy, test
           --quick        without PostgreSQL and without a browser
           --only STEP    one of fmt, clippy, tidy, test
           --database D   sqlite (default) or postgres: where tests run that need only one
           -- ARGUMENTS   for cargo test instead of --workspace: -- --test it a_name";

/// One step of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Format,
    Lints,
    Tidy,
    Tests,
}

impl Step {
    const ALL: [Self; 4] = [Self::Format, Self::Lints, Self::Tidy, Self::Tests];

    const fn name(self) -> &'static str {
        match self {
            Self::Format => "fmt",
            Self::Lints => "clippy",
            Self::Tidy => "tidy",
            Self::Tests => "test",
        }
    }
}

/// How much of the outside world the tests get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    Full,
    /// No PostgreSQL and no browser.
    Quick,
}

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    reach: Reach,
    only: Option<Step>,
    /// The value of `CHANCERY_TEST_DATABASE`, if it was asked for.
    database: Option<&'static str>,
    /// Handed to `cargo test`.
    handed_on: Vec<String>,
}

/// Runs what `arguments` ask for in the tree under `root`.
pub fn run(root: &Path, arguments: &[String]) -> ExitCode {
    let options = match parse(arguments) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("error: {why}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = crate::moved::forget_what_was_built_elsewhere(root) {
        eprintln!(
            "error: the build folder was filled from another place and cannot be changed: {error}"
        );
        return ExitCode::FAILURE;
    }
    let mut failed = Vec::new();
    for step in [Step::Format, Step::Lints, Step::Tidy] {
        let asked = options.only.is_none_or(|only| only == step);
        if asked && timed(step.name(), || check(root, step)) == Outcome::Failed {
            failed.push(step.name());
        }
    }
    if !failed.is_empty() {
        eprintln!("xtask: failed so far: {}", failed.join(", "));
    }
    let tested = if options.only.is_none_or(|only| only == Step::Tests) {
        run_tests(root, &options)
    } else {
        Outcome::Passed
    };
    if failed.is_empty() && tested == Outcome::Passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        reach: Reach::Full,
        only: None,
        database: None,
        handed_on: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--quick" => options.reach = Reach::Quick,
            "--only" => {
                let name = rest.next().ok_or("--only needs the name of a step")?;
                let step = Step::ALL.into_iter().find(|step| step.name() == name);
                options.only = Some(step.ok_or(format!("there is no step {name}"))?);
            }
            "--database" => {
                let name = rest.next().ok_or("--database needs a name")?;
                let known = ["sqlite", "postgres"];
                let known = known.into_iter().find(|known| known == name);
                options.database = Some(known.ok_or(format!("there is no database {name}"))?);
            }
            "--" => options.handed_on = rest.by_ref().cloned().collect(),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(options)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    #[expect(clippy::disallowed_methods, reason = "chores say how long they took")]
    let started = Instant::now();
    eprintln!("xtask: {name} …");
    let done = work();
    eprintln!(
        "xtask: {name} took {:.1} s",
        started.elapsed().as_secs_f64()
    );
    done
}

fn check(root: &Path, step: Step) -> Outcome {
    let mut cargo = cargo(root);
    match step {
        Step::Format => cargo.args(["fmt", "--all", "--check"]),
        Step::Lints => cargo.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        Step::Tidy => {
            let clean = crate::tidy::run(root) == ExitCode::SUCCESS;
            return if clean {
                Outcome::Passed
            } else {
                Outcome::Failed
            };
        }
        Step::Tests => cargo.args(["test", "--workspace"]),
    };
    succeeded(&mut cargo)
}

fn run_tests(root: &Path, options: &Options) -> Outcome {
    let installed = timed("install", || Tools::install(options.reach));
    let (tools, mut missing) = match installed {
        Ok(found) => found,
        Err(why) => {
            eprintln!("error: {why}");
            return Outcome::Failed;
        }
    };
    let folder = match WorkFolder::create() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("error: no folder for the test servers: {error}");
            return Outcome::Failed;
        }
    };
    let servers = timed("start servers", || {
        Servers::start(&tools, &folder, &mut missing)
    });
    for Missing { what, why } in &missing {
        eprintln!("xtask: without {what}: {why}");
    }
    let incomplete = !missing.is_empty() && requires_all();
    if incomplete {
        eprintln!("xtask: CHANCERY_REQUIRE=all, so this run fails whatever the tests say");
    }
    let mut cargo = cargo(root);
    cargo.args(["test", "--no-fail-fast"]);
    match options.handed_on.as_slice() {
        [] => cargo.arg("--workspace"),
        chosen => cargo.args(chosen),
    };
    cargo.envs(tools.variables()).envs(servers.variables());
    if let Some(database) = options.database {
        cargo.env("CHANCERY_TEST_DATABASE", database);
    }
    if std::env::var_os(THREADS).is_none() {
        cargo.env(THREADS, threads().to_string());
    }
    eprintln!("xtask: test …");
    match (succeeded(&mut cargo), incomplete) {
        (Outcome::Passed, false) => Outcome::Passed,
        (Outcome::Failed, _) | (Outcome::Passed, true) => Outcome::Failed,
    }
}

/// What libtest asks how many tests run at once.
const THREADS: &str = "RUST_TEST_THREADS";

/// Twice as many as there are cores: many tests wait for a browser, a server or a disk.
fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    cores.saturating_mul(2)
}

fn requires_all() -> bool {
    std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all")
}

/// The cargo that runs us, in `root`.
fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    // What `cargo run` told us about ourselves is not true of what this cargo builds: build scripts
    // that watch it would run again, and all that rests on them.
    let ours = ["CARGO_MANIFEST_", "CARGO_PKG_"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ours.iter().any(|beginning| text.starts_with(beginning)) {
            command.env_remove(&name);
        }
    }
    command
}

fn succeeded(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            eprintln!(
                "error: {} did not start: {error}",
                command.get_program().to_string_lossy()
            );
            Outcome::Failed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        parse(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn arguments_after_two_dashes_are_handed_on() {
        let options = parsed("--quick --only test -- --test it --quick").unwrap();
        assert_eq!(options.reach, Reach::Quick);
        assert_eq!(options.only, Some(Step::Tests));
        assert_eq!(options.handed_on, ["--test", "it", "--quick"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(parsed("--fast"), Err("unknown argument --fast".to_owned()));
        assert_eq!(
            parsed("--only lint"),
            Err("there is no step lint".to_owned())
        );
        assert_eq!(
            parsed("--database oracle"),
            Err("there is no database oracle".to_owned())
        );
        assert_eq!(
            parsed("--database postgres").unwrap().database,
            Some("postgres")
        );
        assert_eq!(
            parsed("--only"),
            Err("--only needs the name of a step".to_owned())
        );
    }
}
