//! Who may use whom: the floors of the server, the manifests of the crates, and the crates that
//! belong to one room only (rules 1, 2, 4, 7, 11 and 17).

use super::Finding;
use crate::rust::{Kind, Source};

/// Modules of the server and their floor. A module uses lower floors only; modules of one floor do
/// not know each other. `config` stands below the cellars, because each is built from it, and above
/// the law, which is handed values and never a setting; `i18n` beside it, for pages and mails;
/// `private` too, for whatever the cellars put on the disk.
const FLOORS: [(&str, Floor); 22] = [
    ("main", Floor::Entrance),
    ("cli", Floor::Entrance),
    ("demo", Floor::Entrance),
    ("web", Floor::Room),
    ("jobs", Floor::Room),
    ("app", Floor::Stair),
    ("store", Floor::Cellar),
    ("blob", Floor::Cellar),
    ("mail", Floor::Cellar),
    ("pdf_worker", Floor::Cellar),
    ("key_token", Floor::Cellar),
    ("key_file", Floor::Cellar),
    ("clock", Floor::Cellar),
    ("entropy", Floor::Cellar),
    ("outbound", Floor::Cellar),
    ("telemetry", Floor::Cellar),
    ("trust_files", Floor::Cellar),
    ("config", Floor::Settings),
    ("i18n", Floor::Settings),
    ("private", Floor::Settings),
    ("domain", Floor::Law),
    ("lib", Floor::Index),
];

/// A crate that belongs to a few modules: its name, where it may stand under `src/`, and why.
const KEPT_CRATES: [(&str, &[&str], &str); 13] = [
    ("rsa", &["entropy"], "it makes keys; ring signs with them"),
    ("cryptoki", &["key_token"], "one path to a key's token"),
    (
        "pkcs8",
        &["key_file", "entropy", "demo"],
        "one path to a key's file; the others only encode keys",
    ),
    (
        "sea_orm",
        &["store", "app"],
        "SQL lives in store; app only opens transactions (rule 7)",
    ),
    (
        "sea_orm_migration",
        &["cli", "demo"],
        "migrations are sealed (rule 17)",
    ),
    (
        "chancery_migrations",
        &["cli", "demo", "main"],
        "migrations are sealed (rule 17)",
    ),
    ("aws_sdk_s3", &["blob"], "one path to stored bytes"),
    ("s3s", &["blob"], "one path to stored bytes"),
    ("lettre", &["mail"], "one path to mail"),
    (
        "lopdf",
        &["pdf_worker"],
        "a hostile PDF aborts this parser: it runs in the worker only",
    ),
    (
        "hayro",
        &["pdf_worker"],
        "rendering runs in the worker only",
    ),
    (
        "actix_web",
        &["web", "cli", "demo"],
        "HTTP is web's alone (rule 7)",
    ),
    (
        "anyhow",
        &["cli", "demo", "jobs", "main"],
        "errors below the entrance have names",
    ),
];

/// What the pure floors (0 to 2) must not mention, and why.
const IMPURE: [(&str, &str); 12] = [
    ("async", "pure floors are synchronous"),
    ("tokio", "pure floors are synchronous"),
    ("tracing", "pure floors do not log"),
    ("log", "pure floors do not log"),
    ("reqwest", "pure floors reach no network (rule 11)"),
    ("actix_web", "pure floors know no HTTP"),
    ("sea_orm", "pure floors know no database"),
    ("println", "pure floors do not print"),
    ("eprintln", "pure floors do not print"),
    ("std::fs", "pure floors open no file"),
    ("std::net", "pure floors reach no network (rule 11)"),
    ("std::env", "pure floors read no environment"),
];

/// What each crate of ours may import of ours.
const CRATES: [(&str, &[&str]); 12] = [
    ("crates/chancery-types/", &[]),
    ("crates/chancery-pdf/", &[]),
    ("crates/chancery-gost/", &[]),
    ("crates/chancery-ledger/", &[]),
    // A model of BPMN is XML.
    (
        "crates/chancery-workflow/",
        &["chancery-types", "chancery-xml"],
    ),
    (
        "crates/chancery-signature/",
        &["chancery-types", "chancery-pdf", "chancery-gost"],
    ),
    // Its tests read what it made.
    ("crates/chancery-docgen/", &["chancery-pdf"]),
    (
        "benches/",
        &[
            "chancery-types",
            "chancery-pdf",
            "chancery-signature",
            "chancery-workflow",
        ],
    ),
    ("crates/chancery-xml/", &[]),
    (
        "crates/chancery-xades/",
        &["chancery-types", "chancery-xml", "chancery-signature"],
    ),
    (
        "crates/chancery-trust/",
        &[
            "chancery-types",
            "chancery-xml",
            "chancery-signature",
            "chancery-xades",
        ],
    ),
    ("migrations/", &[]),
];

/// Where the machines of rule 2 live: the path segment before their `apply`.
const MACHINES: [&str; 5] = ["chancery_workflow", "engine", "run", "document", "envelope"];

const HELP: &str = "a floor uses only the floors below it; hand the value in from above instead";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Law,
    Settings,
    Cellar,
    Stair,
    Room,
    Entrance,
    Index,
}

impl Floor {
    const fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Settings => "settings",
            Self::Cellar => "a cellar",
            Self::Stair => "the stair",
            Self::Room => "a room",
            Self::Entrance => "an entrance",
            Self::Index => "the index",
        }
    }
}

/// Checks one file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(path) = source.path.strip_prefix("src/") {
        let module = path.split(['/', '.']).next().unwrap_or(path);
        findings.extend(check_direction(source, module));
        findings.extend(check_kept_crates(source, module));
        findings.extend(check_one_caller(source));
        findings.extend(check_transition(source));
    }
    if source.path.starts_with("src/domain") || is_pure_crate(source.path) {
        findings.extend(check_purity(source));
    }
    findings
}

/// Checks what a crate's manifest imports of ours. Its tests may import what they like.
pub fn check_manifest(path: &str, text: &str) -> Vec<Finding> {
    let Some((_, allowed)) = CRATES.iter().find(|(folder, _)| path.starts_with(folder)) else {
        return Vec::new();
    };
    let mut section = "";
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            section = line;
        }
        let name = line.split(['.', ' ', '=']).next().unwrap_or("");
        let ours = name.starts_with("chancery") && section == "[dependencies]";
        if ours && !allowed.contains(&name) {
            findings.push(Finding {
                path: path.to_owned(),
                line: index + 1,
                rule: "floors",
                message: format!("this crate imports {name}"),
                help: "the engines and the ground import only what lies below them",
            });
        }
    }
    findings
}

fn is_pure_crate(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/")
}

/// The direction of imports between the modules of the server.
fn check_direction(source: &Source<'_>, module: &str) -> Vec<Finding> {
    let floor_of = |name: &str| {
        FLOORS
            .iter()
            .find(|(each, _)| *each == name)
            .map(|(_, at)| *at)
    };
    let Some(own) = floor_of(module) else {
        let message = format!("src/{module} stands on no floor");
        let help = "give it a floor in xtask/src/tidy/floors.rs, or a place inside a module";
        return vec![Finding::new(source, 1, "floors", message).help(help)];
    };
    let mut findings = Vec::new();
    for (line, used) in used_modules(source) {
        let Some(other) = floor_of(used) else {
            continue;
        };
        if own == Floor::Index || used == module || other < own {
            continue;
        }
        // The entrances are one hall: arguments, demo and main call one another.
        if own == Floor::Entrance && other == Floor::Entrance {
            continue;
        }
        let message = format!("{module} ({}) uses {used} ({})", own.name(), other.name());
        findings.push(Finding::new(source, line, "floors", message).help(HELP));
    }
    findings
}

/// The top modules that a file names through `crate::`, `chancery::` or enough `super::`.
fn used_modules<'a>(source: &Source<'a>) -> Vec<(usize, &'a str)> {
    let inside = source
        .path
        .trim_start_matches("src/")
        .trim_end_matches(".rs");
    let depth = inside.split('/').filter(|part| *part != "mod").count();
    let mut found = Vec::new();
    let mut climbed = 0;
    for at in 0..source.code.len() {
        let token = source.code[at];
        if source.is_test(at) || token.kind != Kind::Name || source.after(at, 1) != "::" {
            continue;
        }
        climbed = match token.text {
            "super" if source.before(at, 2) == "super" => climbed + 1,
            "super" => 1,
            _ => 0,
        };
        let root = ["crate", "chancery"].contains(&token.text) && source.before(at, 1) != "::";
        if root || (climbed > 0 && climbed >= depth) {
            push_heads(source, at + 2, &mut found);
        }
    }
    found
}

/// The first name of each branch of the import that begins at `at`: `a::b` or `{a::b, c}`.
fn push_heads<'a>(source: &Source<'a>, at: usize, found: &mut Vec<(usize, &'a str)>) {
    let Some(first) = source.code.get(at) else {
        return;
    };
    if !first.is("{") {
        found.push((first.line, first.text));
        return;
    }
    let mut depth = 0_usize;
    for index in at..source.code.len() {
        let token = source.code[index];
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && ["{", ","].contains(&source.before(index, 1)) => {
                found.push((token.line, token.text));
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// Crates that belong to a few modules.
fn check_kept_crates(source: &Source<'_>, module: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, token) in source.code.iter().enumerate() {
        let kept = KEPT_CRATES.iter().find(|(name, ..)| token.is(name));
        let Some((name, homes, why)) = kept else {
            continue;
        };
        if !source.is_test(at) && !homes.contains(&module) {
            let message = format!("{name} is used in {module}");
            findings.push(Finding::new(source, token.line, "kept-crate", message).help(why));
        }
    }
    findings
}

/// Rule 2: one `apply` a machine, called from one place.
fn check_one_caller(source: &Source<'_>) -> Vec<Finding> {
    let home = [
        "src/app/transition.rs",
        "src/app/transition/",
        "src/domain/",
    ];
    if home.iter().any(|path| source.path.starts_with(path)) {
        return Vec::new();
    }
    let own = source
        .code
        .windows(2)
        .any(|pair| pair[0].is("fn") && pair[1].is("apply"));
    let mut findings = Vec::new();
    for (at, token) in source.code.iter().enumerate() {
        let called = match source.before(at, 1) {
            "::" => MACHINES.contains(&source.before(at, 2)),
            // A function of the file's own that has this name is no machine.
            "." | "fn" => false,
            _ => source.after(at, 1) == "(" && !own,
        };
        if token.is("apply") && called && !source.is_test(at) {
            let message = "a second caller of a machine's apply".to_owned();
            let help = "transitions happen in src/app/transition.rs and nowhere else (rule 2)";
            findings.push(Finding::new(source, token.line, "one-caller", message).help(help));
        }
    }
    findings
}

/// Rule 4: a transition makes rows and calls nobody.
fn check_transition(source: &Source<'_>) -> Vec<Finding> {
    if !source.path.starts_with("src/app/transition") {
        return Vec::new();
    }
    let outside = ["mail", "blob", "pdf_worker"];
    let used = used_modules(source)
        .into_iter()
        .filter(|(_, used)| outside.contains(used));
    used.map(|(line, used)| {
        let help = "effects are rows: write an outbox row or a job (rule 4)";
        let message = format!("a transition uses {used}");
        Finding::new(source, line, "effects-are-rows", message).help(help)
    })
    .collect()
}

/// Floors 0 to 2: no async, no clock, no logging, no environment, no files.
fn check_purity(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, token) in source.code.iter().enumerate() {
        if token.kind != Kind::Name || source.is_test(at) {
            continue;
        }
        let is_path = source.after(at, 1) == "::" || source.before(at, 1) == "use";
        let from_std = source.before(at, 1) == "::" && source.before(at, 2) == "std";
        let breach = IMPURE
            .iter()
            .find(|(name, _)| match name.strip_prefix("std::") {
                Some(part) => from_std && token.text == part,
                None if *name == "async" => token.text == "async",
                None if name.ends_with("println") => {
                    token.text == *name && source.after(at, 1) == "!"
                }
                None => token.text == *name && is_path && source.before(at, 1) != "::",
            });
        if let Some((name, why)) = breach {
            let message = format!("{name} in a pure floor");
            findings.push(Finding::new(source, token.line, "pure", message).help(why));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::breaches;

    #[test]
    fn a_cellar_must_not_use_a_room() {
        assert_eq!(
            breaches("src/store/tasks.rs", "use crate::web::extract::Actor;"),
            ["floors"]
        );
    }

    #[test]
    fn rooms_and_cellars_do_not_know_each_other() {
        assert_eq!(
            breaches("src/jobs/runner.rs", "use crate::web::session;"),
            ["floors"]
        );
        assert_eq!(
            breaches("src/mail/smtp.rs", "use crate::store::Store;"),
            ["floors"]
        );
        assert_eq!(
            breaches("src/web/mod.rs", "use crate::web::session;"),
            [""; 0]
        );
    }

    #[test]
    fn a_branch_of_a_grouped_import_is_seen() {
        let text = "use crate::{domain::{access, actor}, cli::Arguments};";
        assert_eq!(breaches("src/app/people.rs", text), ["floors"]);
        assert_eq!(
            breaches("src/app/people.rs", "fn f() { crate::jobs::wake(); }"),
            ["floors"]
        );
    }

    #[test]
    fn climbing_to_the_root_is_seen() {
        assert_eq!(
            breaches("src/store/tasks.rs", "use super::super::app::App;"),
            ["floors"]
        );
        assert_eq!(
            breaches("src/store/tasks.rs", "use super::StoreError;"),
            [""; 0]
        );
    }

    #[test]
    fn a_module_without_a_floor_is_refused() {
        assert_eq!(breaches("src/things/mod.rs", ""), ["floors"]);
    }

    #[test]
    fn the_law_is_pure() {
        let text = "use std::fs;\npub async fn f() { tracing::info!(\"x\"); }";
        assert_eq!(breaches("src/domain/access.rs", text), ["pure"; 3]);
        let text = "use std::collections::BTreeMap;\nfn log(env: u8) -> u8 { env }";
        assert_eq!(
            breaches("crates/chancery-workflow/src/engine.rs", text),
            [""; 0]
        );
    }

    #[test]
    fn sql_stays_in_the_store() {
        assert_eq!(
            breaches("src/web/api/tasks.rs", "use sea_orm::EntityTrait;"),
            ["kept-crate"]
        );
        assert_eq!(
            breaches("src/app/tasks.rs", "use sea_orm::TransactionTrait;"),
            [""; 0]
        );
    }

    #[test]
    fn third_party_pdf_parsers_stay_in_the_worker() {
        assert_eq!(
            breaches("src/app/versions.rs", "use lopdf::Object;"),
            ["kept-crate"]
        );
    }

    #[test]
    fn a_second_caller_of_apply_is_found() {
        let text = "fn f() { chancery_workflow::apply(definition, state, event); }";
        assert_eq!(breaches("src/app/tasks.rs", text), ["one-caller"]);
        assert_eq!(breaches("src/app/transition.rs", text), [""; 0]);
        assert_eq!(
            breaches("src/app/tasks.rs", "fn f() { filter.apply(query); }"),
            [""; 0]
        );
    }

    #[test]
    fn a_transition_sends_nothing() {
        let found = breaches("src/app/transition.rs", "use crate::mail::Mailer;");
        assert_eq!(found, ["effects-are-rows"]);
    }

    #[test]
    fn an_engine_imports_only_the_ground() {
        let text = "[dependencies]\nchancery-types.workspace = true\nchancery-pdf.workspace = true\n\
                    [dev-dependencies]\nchancery-ledger.workspace = true\n";
        let found = check_manifest("crates/chancery-workflow/Cargo.toml", text);
        assert_eq!(
            found.iter().map(|finding| finding.line).collect::<Vec<_>>(),
            [3]
        );
        assert_eq!(
            check_manifest("crates/chancery-signature/Cargo.toml", text),
            []
        );
    }
}
