//! The Dockerfile cannot be built by the tests: what can be known without building is checked here.

#![expect(
    clippy::unwrap_used,
    reason = "a file that cannot be read is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The instructions, each on one line, comments and continuations gone.
fn instructions(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    joined
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// What `COPY` takes from the tree: every argument but the last, unless it comes from a stage.
fn copied(instructions: &[String]) -> Vec<String> {
    let copies = instructions
        .iter()
        .filter_map(|line| line.strip_prefix("COPY "));
    let mut sources = Vec::new();
    for arguments in copies.filter(|arguments| !arguments.contains("--from=")) {
        let words: Vec<&str> = arguments
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let kept = words.len().saturating_sub(1);
        sources.extend(words[..kept].iter().map(|word| (*word).to_owned()));
    }
    sources
}

fn dockerfile() -> Vec<String> {
    instructions(&fs::read_to_string(root().join("Dockerfile")).unwrap())
}

#[test]
fn every_copied_path_is_in_the_tree() {
    let sources = copied(&dockerfile());
    assert!(sources.len() > 5, "the Dockerfile copies only {sources:?}");
    let absent: Vec<&String> = sources
        .iter()
        .filter(|path| !root().join(path).exists())
        .collect();
    assert!(absent.is_empty(), "COPY of what is not there: {absent:?}");
}

/// A file that the context leaves out cannot be copied, whether it is in the tree or not.
#[test]
fn every_copied_path_is_in_the_context() {
    let ignore = fs::read_to_string(root().join(".dockerignore")).unwrap();
    for path in copied(&dockerfile()) {
        let line = format!("!{path}");
        assert!(
            ignore.lines().any(|each| each == line),
            ".dockerignore hides {path}"
        );
    }
}

/// Every workspace member must be there, or cargo does not read the workspace.
#[test]
fn every_member_of_the_workspace_is_copied() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = "))
        .unwrap();
    let sources = copied(&dockerfile());
    for member in line.split('"').skip(1).step_by(2) {
        let folder = member.trim_end_matches("/*").to_owned();
        assert!(sources.contains(&folder), "{folder} is not copied");
    }
}

#[test]
fn the_server_runs_as_nobody_in_particular_and_is_asked_for_its_health() {
    let lines = dockerfile();
    let account = lines
        .iter()
        .rfind(|line| line.starts_with("USER "))
        .unwrap();
    assert_ne!(account, "USER root");
    assert!(lines.iter().any(|line| line.starts_with("HEALTHCHECK ")));
}

#[test]
fn a_copy_from_a_stage_and_a_continuation_are_understood() {
    let text = "# COPY no\nCOPY --chown=a:b x \\\n  y z\nCOPY --from=builder /q /r\n";
    assert_eq!(copied(&instructions(text)), ["x", "y"]);
}
