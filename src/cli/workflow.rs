//! `chancery workflow check FILE…`: what is wrong with workflows, kinds and the vocabulary, as a
//! compiler says it. Needs no database and no configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::{
    Calendar, Definition, Diagnostic, Kind, Severity, Vocabulary, render, weakenings,
};
use clap::Args;
use serde_json::json;

use super::{print_line, say};
use crate::app::chains::{ChainsError, read};
use crate::config;

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files under a folder of workflows: vocabulary.yaml, kinds/*.yaml, chains/*.yaml. Whatever is
    /// in neither of these folders is read as a chain.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder with the vocabulary and the kinds that chains are checked against; by default the
    /// one above the file's own, else `workflows`.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The language of the findings: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// The chain as it was before: what the checked one has weaker is shown as warnings.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// One JSON array, one object a finding.
    #[arg(long)]
    json: bool,
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::from_code(text).ok_or_else(|| "ru or en".to_owned())
}

/// One checked file.
struct Checked {
    path: PathBuf,
    source: String,
    findings: Vec<Diagnostic>,
}

/// What chains are checked against.
struct House {
    vocabulary: Vocabulary,
    kinds: BTreeMap<String, Kind>,
}

/// Checks and prints. 0: nothing but warnings; 1: errors, or a file cannot be read.
pub(super) fn run(arguments: &Check) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    let mut checked = Vec::new();
    for path in &arguments.files {
        match check(path, arguments) {
            Ok(files) => checked.extend(files),
            Err(error) => {
                say(&format!("chancery: {error}"));
                return ExitCode::FAILURE;
            }
        }
    }
    // A broken vocabulary is found once, not once a chain.
    checked.dedup_by(|a, b| a.path == b.path);
    if arguments.json {
        print_line(&as_json(&checked, locale).to_string());
    } else {
        print_text(&checked, locale);
    }
    let is_error = |finding: &Diagnostic| finding.severity == Severity::Error;
    if checked
        .iter()
        .any(|file| file.findings.iter().any(is_error))
    {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn check(path: &Path, arguments: &Check) -> Result<Vec<Checked>, ChainsError> {
    let source = read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = |path: &Path, name: &str| path.file_name().is_some_and(|end| end == name);
    let above = || {
        folder
            .parent()
            .filter(|above| above.join("vocabulary.yaml").is_file())
    };
    let root = match &arguments.workflows {
        Some(root) => root.clone(),
        None => above().map_or_else(|| PathBuf::from("workflows"), Path::to_owned),
    };
    let done = |findings| {
        Ok(vec![Checked {
            path: path.to_owned(),
            source: source.clone(),
            findings,
        }])
    };
    if named(path, "vocabulary.yaml") {
        return done(Vocabulary::parse(&source).err().unwrap_or_default());
    }
    if named(folder, "calendars") {
        return done(match Calendar::parse(&source) {
            Ok(calendar) => calendar.warnings().to_vec(),
            Err(findings) => findings,
        });
    }
    let house = match load_house(&root)? {
        Ok(house) => house,
        Err(broken) => return Ok(vec![broken]),
    };
    if named(folder, "kinds") {
        return done(
            Kind::parse(&source, &house.vocabulary)
                .err()
                .unwrap_or_default(),
        );
    }
    match Definition::parse(&source, &house.kinds, &house.vocabulary) {
        Ok(definition) => {
            let mut findings = definition.warnings().to_vec();
            if let Some(before) = &arguments.against {
                match before_it(before, &house)? {
                    Ok(before) => findings.extend(weakenings(&before, &definition)),
                    Err(broken) => return Ok(vec![broken]),
                }
            }
            done(findings)
        }
        Err(findings) => done(findings),
    }
}

/// The chain as it was before, read as a pinned one: it was accepted once.
fn before_it(path: &Path, house: &House) -> Result<Result<Definition, Checked>, ChainsError> {
    let source = read(path)?;
    let parsed = Definition::parse_pinned(&source, &house.kinds, &house.vocabulary);
    Ok(parsed.map_err(|findings| Checked {
        path: path.to_owned(),
        source,
        findings,
    }))
}

/// The vocabulary and the kinds, or the first of their files that is refused.
fn load_house(root: &Path) -> Result<Result<House, Checked>, ChainsError> {
    let path = root.join("vocabulary.yaml");
    let source = read(&path)?;
    let vocabulary = match Vocabulary::parse(&source) {
        Ok(vocabulary) => vocabulary,
        Err(findings) => {
            return Ok(Err(Checked {
                path,
                source,
                findings,
            }));
        }
    };
    let mut kinds = BTreeMap::new();
    for (_, path, source) in crate::app::chains::read_folder(&root.join("kinds"))? {
        match Kind::parse(&source, &vocabulary) {
            Ok(kind) => kinds.insert(kind.id().to_owned(), kind),
            Err(findings) => {
                return Ok(Err(Checked {
                    path,
                    source,
                    findings,
                }));
            }
        };
    }
    Ok(Ok(House { vocabulary, kinds }))
}

fn print_text(checked: &[Checked], locale: Locale) {
    for file in checked {
        let path = file.path.display().to_string();
        if file.findings.is_empty() {
            print_line(&format!("{path}: ok"));
        } else {
            print_line(render(&file.findings, &file.source, &path, locale).trim_end());
        }
    }
}

fn as_json(checked: &[Checked], locale: Locale) -> serde_json::Value {
    let finding = |path: &Path, found: &Diagnostic| {
        json!({
            "file": path,
            "code": found.code,
            "key": found.key,
            "severity": match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            "line": found.line,
            "column": found.column,
            "length": found.length,
            "text": found.text(locale),
            "help": found.help(locale),
            "suggestion": found.suggestion,
        })
    };
    checked
        .iter()
        .flat_map(|file| file.findings.iter().map(|found| finding(&file.path, found)))
        .collect()
}
