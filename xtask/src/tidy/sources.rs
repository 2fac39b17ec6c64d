//! Where time, chance and settings come from, and that tests do not wait (rules 5 and 23).

use super::Finding;
use crate::rust::{Kind, Source};

/// Names that read the machine's clock, as `Type::now`.
const CLOCKS: [&str; 7] = [
    "SystemTime",
    "Instant",
    "Timestamp",
    "Zoned",
    "Utc",
    "Local",
    "OffsetDateTime",
];

/// Names that draw random numbers. Traits of `rand_core` are not among them: a seeded generator of
/// `entropy` is handed to who needs one.
const CHANCE: [&str; 9] = [
    "getrandom",
    "OsRng",
    "SysRng",
    "ThreadRng",
    "thread_rng",
    "fastrand",
    "new_v4",
    "now_v7",
    "try_from_os_rng",
];

/// Who may name a source of chance: the one that draws, and the one that must hand ring a source to
/// sign with RSA by PKCS#1 v1.5, which draws nothing from it.
const CHANCE_PLACES: [&str; 2] = ["src/entropy.rs", "crates/chancery-signature/src/rsa_key.rs"];

/// Checks one file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    if source.path.starts_with("xtask/") {
        // Chores measure themselves and wait for the servers they start.
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (at, token) in source.code.iter().enumerate() {
        if token.kind != Kind::Name {
            continue;
        }
        let found = if source.is_test(at) {
            sleeps(source, at)
        } else {
            reads_clock(source, at)
                .or_else(|| draws(source, at))
                .or_else(|| reads_environment(source, at))
        };
        if let Some((rule, help)) = found {
            let message = format!("{} here", token.text);
            findings.push(Finding::new(source, token.line, rule, message).help(help));
        }
    }
    findings
}

fn reads_clock(source: &Source<'_>, at: usize) -> Option<(&'static str, &'static str)> {
    let is_call = source.code[at].is("now") && source.before(at, 1) == "::";
    let reads = is_call && CLOCKS.contains(&source.before(at, 2));
    (reads && source.path != "src/clock.rs").then_some((
        "clock",
        "the clock is read in src/clock.rs; take an Instant (rule 5)",
    ))
}

fn draws(source: &Source<'_>, at: usize) -> Option<(&'static str, &'static str)> {
    let name = source.code[at].text;
    let draws = CHANCE.contains(&name) || (name == "rand" && source.after(at, 1) == "::");
    (draws && !CHANCE_PLACES.contains(&source.path)).then_some((
        "entropy",
        "random numbers are drawn in src/entropy.rs; take them as values",
    ))
}

fn reads_environment(source: &Source<'_>, at: usize) -> Option<(&'static str, &'static str)> {
    let name = source.code[at].text;
    let from_env = source.before(at, 1) == "::" && source.before(at, 2) == "env";
    let reads = from_env && ["var", "var_os", "vars", "vars_os"].contains(&name);
    (reads && !source.path.starts_with("src/config")).then_some((
        "environment",
        "settings are read in src/config and stand in default.toml",
    ))
}

fn sleeps(source: &Source<'_>, at: usize) -> Option<(&'static str, &'static str)> {
    let name = source.code[at].text;
    let sleeps = ["sleep", "sleep_until"].contains(&name) && source.before(at, 1) != ".";
    sleeps.then_some((
        "sleep",
        "tests move the clock and drain the queue (rule 23)",
    ))
}

#[cfg(test)]
mod tests {
    use crate::tidy::breaches;

    #[test]
    fn the_clock_is_read_in_one_file() {
        for call in [
            "SystemTime::now()",
            "std::time::Instant::now()",
            "jiff::Zoned::now()",
        ] {
            let text = format!("fn f() {{ {call}; }}");
            assert_eq!(breaches("src/app/tasks.rs", &text), ["clock"], "{call}");
            assert_eq!(breaches("src/clock.rs", &text), [""; 0]);
        }
        assert_eq!(
            breaches("src/app/tasks.rs", "fn f() { app.clock.now(); }"),
            [""; 0]
        );
    }

    #[test]
    fn chance_has_one_source() {
        for call in [
            "getrandom::fill(&mut b)",
            "Uuid::now_v7()",
            "rand::random::<u8>()",
        ] {
            let text = format!("fn f() {{ {call}; }}");
            assert_eq!(breaches("src/app/signing.rs", &text), ["entropy"], "{call}");
            for place in super::CHANCE_PLACES {
                assert_eq!(breaches(place, &text), [""; 0]);
            }
        }
    }

    #[test]
    fn the_environment_is_read_by_the_configuration() {
        let text = "fn f() { std::env::var(\"X\"); }";
        assert_eq!(breaches("src/web/mod.rs", text), ["environment"]);
        assert_eq!(breaches("src/config/load.rs", text), [""; 0]);
        assert_eq!(breaches("tests/it/main.rs", text), [""; 0]);
    }

    #[test]
    fn tests_do_not_sleep() {
        let text = "async fn f() { tokio::time::sleep(x).await; }";
        assert_eq!(breaches("tests/it/api/tasks.rs", text), ["sleep"]);
        assert_eq!(breaches("src/jobs/runner.rs", text), [""; 0]);
        let inside = "#[test]\nfn f() { std::thread::sleep(x); }";
        assert_eq!(breaches("src/jobs/runner.rs", inside), ["sleep"]);
    }
}
