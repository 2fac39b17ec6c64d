//! `cargo xtask tidy`: what a program can check of the rules in `ARCHITECTURE.md`.
//!
//! Each rule lives in a file of its own with the list of what it allows and why. There is no
//! comment that switches a rule off: a needed exception is a line in such a list, and is reviewed.

mod floors;
mod lengths;
mod migrations;
mod sources;
mod text;
mod words;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::rust::{Source, files};

/// Folders with Rust that the rules are about.
const FOLDERS: [&str; 6] = ["src", "crates", "migrations", "tests", "benches", "xtask"];

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Path from the project's root.
    pub path: String,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// The rule's short name.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl Finding {
    fn new(source: &Source<'_>, line: usize, rule: &'static str, message: String) -> Self {
        Self {
            path: source.path.to_owned(),
            line,
            rule,
            message,
            help: "",
        }
    }

    fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "error[tidy::{}]: {}", self.rule, self.message)?;
        write!(formatter, "  --> {}:{}", self.path, self.line)?;
        if !self.help.is_empty() {
            write!(formatter, "\n  = help: {}", self.help)?;
        }
        Ok(())
    }
}

/// Checks the tree under `root`, prints what it finds, and fails if it found anything.
pub fn run(root: &Path) -> ExitCode {
    let findings = match check_tree(root) {
        Ok(findings) => findings,
        Err(error) => {
            eprintln!("error: tidy cannot read the tree: {error}");
            return ExitCode::FAILURE;
        }
    };
    for finding in &findings {
        eprintln!("{finding}\n");
    }
    if findings.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "error: tidy found {} breaches of the house rules",
        findings.len()
    );
    ExitCode::FAILURE
}

fn check_tree(root: &Path) -> std::io::Result<Vec<Finding>> {
    let relative = |path: &Path| {
        let inside = path.strip_prefix(root).unwrap_or(path);
        inside.to_string_lossy().replace('\\', "/")
    };
    let mut findings = Vec::new();
    for path in files(root, &FOLDERS, &[".rs"]) {
        let text = std::fs::read_to_string(&path)?;
        findings.extend(check_rust(&relative(&path), &text));
    }
    for path in files(root, &["templates"], &[".html", ".txt", ".xml"]) {
        let text = std::fs::read_to_string(&path)?;
        findings.extend(text::check_template(&relative(&path), &text));
    }
    for path in files(root, &["crates", "migrations"], &["Cargo.toml"]) {
        let text = std::fs::read_to_string(&path)?;
        findings.extend(floors::check_manifest(&relative(&path), &text));
    }
    findings.extend(migrations::check(root));
    Ok(findings)
}

/// Every rule over one Rust file.
fn check_rust(path: &str, text: &str) -> Vec<Finding> {
    let source = Source::read(path, text);
    let mut findings = Vec::new();
    for rule in [
        floors::check,
        lengths::check,
        sources::check,
        text::check,
        words::check,
    ] {
        findings.extend(rule(&source));
    }
    findings
}

/// The rules that a snippet at `path` breaks, in order.
#[cfg(test)]
fn breaches(path: &str, text: &str) -> Vec<&'static str> {
    let text = format!("//! A snippet.\n{text}");
    check_rust(path, &text)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_the_compiler_does() {
        let finding = Finding {
            path: "src/store/mod.rs".into(),
            line: 12,
            rule: "floors",
            message: "store (a cellar) uses web (a room)".into(),
            help: "a floor uses only the floors below it",
        };
        let expected = "error[tidy::floors]: store (a cellar) uses web (a room)\n  \
                        --> src/store/mod.rs:12\n  \
                        = help: a floor uses only the floors below it";
        assert_eq!(finding.to_string(), expected);
    }

    #[test]
    fn a_clean_file_has_no_findings() {
        let text = "use crate::domain::access::decide;\n/// Says so.\npub fn says() {}\n";
        assert_eq!(breaches("src/app/mod.rs", text), Vec::<&str>::new());
    }
}
