//! Every dependency has a licence that `deny.toml` allows. `cargo deny` says more; this needs
//! nothing installed.

#![expect(
    clippy::unwrap_used,
    reason = "a file that cannot be read is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The strings of the list `allow` in `[licenses]`, and the crates that are exceptions.
fn rules() -> (Vec<String>, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
    let text = fs::read_to_string(path).unwrap();
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split(" #").next().unwrap())
        .collect();
    let quoted = |part: &str| {
        part.split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let code = code.join("\n");
    let allow = code
        .split_once("\nallow = [")
        .unwrap()
        .1
        .split_once(']')
        .unwrap()
        .0;
    let exceptions = code
        .split_once("\nexceptions = [")
        .unwrap()
        .1
        .split_once("\n[")
        .unwrap()
        .0;
    let crates = exceptions.split("crate = ").skip(1);
    let names = crates
        .map(|rest| rest.split('"').nth(1).unwrap().to_owned())
        .collect();
    (quoted(allow), names)
}

/// Whether an SPDX expression can be met with what is allowed: `/` is an old way to write `OR`,
/// `AND` binds more strongly, and a bracket holds alternatives.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some(open) = expression.find('(') {
        let close = expression[open..]
            .find(')')
            .map_or(expression.len(), |at| open + at);
        let inside = is_met(&expression[open + 1..close], allowed);
        let value = if inside { &allowed[0] } else { "refused" };
        let rest = expression.get(close + 1..).unwrap_or("");
        return is_met(&format!("{}{value}{rest}", &expression[..open]), allowed);
    }
    let one = |licence: &str| allowed.iter().any(|each| each == licence.trim());
    expression
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(one))
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let (allowed, exceptions) = rules();
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--workspace",
            "--edges",
            "normal,build,dev",
            "--prefix",
            "none",
        ])
        .args([
            "--target",
            "x86_64-unknown-linux-gnu",
            "--format",
            "{p}|{l}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    let mut seen = 0;
    let mut refused = BTreeSet::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('|').unwrap();
        let name = package.split(' ').next().unwrap().to_owned();
        seen += 1;
        if !is_met(licence, &allowed) && !exceptions.contains(&name) {
            refused.insert(format!("{name}: {licence}"));
        }
    }
    assert!(seen > 100, "only {seen} packages were seen");
    assert!(
        refused.is_empty(),
        "licences that deny.toml does not allow: {refused:#?}"
    );
}

#[test]
fn an_expression_is_met_only_by_what_is_allowed() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for met in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/Apache-2.0",
        "MIT AND ISC",
        "(GPL-3.0 OR MIT) AND ISC",
    ] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for refused in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(GPL-3.0 OR MPL-2.0) AND MIT",
    ] {
        assert!(!is_met(refused, &allowed), "{refused}");
    }
}
