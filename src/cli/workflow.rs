//! `chancery workflow check FILE…`: what is wrong with workflows, kinds and the vocabulary, as a
//! compiler says it. Needs no database and no configuration, unless it is asked about today.

mod examples;
mod explain;
mod explore;
mod house;
mod import;
mod migrate;
mod names;
mod open;
mod people;
mod show;
mod simulate;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::{
    Calendar, Definition, Diagnostic, Kind, Pack, Severity, Vocabulary, outside_packs,
    parse_parameters, render, subdocument_cycles, weakenings,
};
use clap::Args;
use serde_json::json;

use super::{print_line, say};
use crate::app::chains::{Chains, ChainsError, Known, read};
use crate::config;
use crate::i18n::t;
use crate::trust_files::{Complaint, failed};

pub(super) use examples::{Test, run as test};
pub(super) use explain::{Explain, run as explain};
pub(super) use explore::{Explore, run as explore};
use house::{House, load_as_far, load_house};
pub(super) use import::{Import, import};
pub(super) use migrate::{Rehearse, run as rehearse};
pub(super) use names::{Names, run as names};
use people::People;
pub(super) use show::{Diagram, Export, Schema, draw, export, schema};
pub(super) use simulate::{Simulate, run as simulate};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files under a folder of workflows: vocabulary.yaml, parameters.yaml, kinds/*.yaml,
    /// chains/*.yaml, calendars/*.yaml, packs/*.yaml. Whatever is in none of these folders is read
    /// as a chain. Of a folder, every *.yaml in it and beneath. Without any, the folder that
    /// `--workflows` names, else `workflows`.
    #[arg(value_name = "FILE-or-DIR")]
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
    /// The configuration of the server, for the names of its webhooks and lookups; without one,
    /// chains that name any are refused.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
    /// With people it is also said whom a chain names and who is not there today (W201), and
    /// whether its calendar ends too soon (W402).
    #[command(flatten)]
    company: people::Company,
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::from_code(text).ok_or_else(|| "ru or en".to_owned())
}

/// How deep folders are walked: `workflows/chains/contract.yaml` is two down.
const DEPTH_MAX: usize = 4;
/// The most files that are checked at once.
const FILES_MAX: usize = 1_000;
/// The code of what is wrong with a file itself.
const NOT_TEXT: &str = "W001";

/// One checked file.
struct Checked {
    path: PathBuf,
    source: String,
    findings: Vec<Diagnostic>,
    /// Line and column of the first byte that is not text.
    not_text: Option<(u32, u32)>,
}

impl Checked {
    fn of(path: &Path, source: String, findings: Vec<Diagnostic>) -> Self {
        Self {
            path: path.to_owned(),
            source,
            findings,
            not_text: None,
        }
    }

    fn is_refused(&self) -> bool {
        let is_error = |finding: &Diagnostic| finding.severity == Severity::Error;
        self.not_text.is_some() || self.findings.iter().any(is_error)
    }
}

/// Checks and prints. 0: nothing but warnings; 1: errors, or a file cannot be read.
pub(super) fn run(arguments: &Check) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    let Some(people) = People::of(&arguments.company, arguments.config.as_deref()) else {
        return ExitCode::FAILURE;
    };
    let checked = check_all(arguments, &people).map_err(|complaint| complaint.text(locale));
    let mut checked = match checked {
        Ok(checked) => checked,
        Err(line) => {
            say(&format!("chancery: {line}"));
            return ExitCode::FAILURE;
        }
    };
    // A file that chains lean on is told once, not once a chain.
    let mut told = BTreeSet::new();
    checked.retain(|file| told.insert(file.path.clone()));
    if arguments.json {
        print_line(&as_json(&checked, locale).to_string());
    } else {
        print_text(&checked, locale);
    }
    if checked.iter().any(Checked::is_refused) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Whom the server of this configuration may call; nobody without one.
fn known_of(config: Option<&Path>) -> Result<Known, Complaint> {
    let Some(path) = config else {
        return Ok(Known::default());
    };
    let read = config::from_environment(Some(path)).map_err(|error| {
        let other = Complaint::of(path, "complaint-other");
        other.with("why", &error.to_string())
    })?;
    Ok(Known::of(&read))
}

/// Every file that was named, and those of folders.
fn check_all(arguments: &Check, people: &People) -> Result<Vec<Checked>, Complaint> {
    let known = known_of(arguments.config.as_deref())?;
    let mut files = Vec::new();
    let named = open::named_or_whole(&arguments.files, arguments.workflows.as_deref())?;
    for path in &named {
        match std::fs::metadata(path).map_err(failed(path))?.is_dir() {
            false => files.push(path.clone()),
            true => {
                let before = files.len();
                walk(path, 0, &mut files)?;
                if files.len() == before {
                    let none = Complaint::of(path, "complaint-no-files-here");
                    return Err(none.with("endings", ".yaml, .yml"));
                }
            }
        }
    }
    let mut checked = Vec::new();
    for path in files {
        match check(&path, arguments, (&known, people)) {
            Ok(files) => checked.extend(files),
            Err(ChainsError::NotText { path, line, column }) => checked.push(Checked {
                not_text: Some((line, column)),
                ..Checked::of(&path, String::new(), Vec::new())
            }),
            Err(ChainsError::Unreadable { path, why }) => {
                let known = std::fs::metadata(&path).map_err(failed(&path)).err();
                let other = || Complaint::of(&path, "complaint-other").with("why", &why);
                return Err(known.unwrap_or_else(other));
            }
            Err(error) => {
                let other = Complaint::of(&path, "complaint-other");
                return Err(other.with("why", &error.to_string()));
            }
        }
    }
    if !checked.iter().any(Checked::is_refused) {
        check_together(&named, &known)?;
    }
    Ok(checked)
}

/// What only shows when the files of a folder meet, as at the start of a server: two with one
/// identifier, a kind whose workflow is not there.
fn check_together(paths: &[PathBuf], known: &Known) -> Result<(), Complaint> {
    let whole = |path: &&PathBuf| path.join("vocabulary.yaml").is_file();
    for folder in paths.iter().filter(whole) {
        Chains::load_knowing(folder, known.clone()).map_err(|error| {
            let other = Complaint::of(folder, "complaint-other");
            other.with("why", &error.to_string())
        })?;
    }
    Ok(())
}

/// The chains that were named, and those of folders: no file of a folder for other files is one,
/// nor is the vocabulary or that of the parameters.
fn chains_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Complaint> {
    let mut files = Vec::new();
    for path in paths {
        if !std::fs::metadata(path).map_err(failed(path))?.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut found = Vec::new();
        walk(path, 0, &mut found)?;
        let is_other = |path: &PathBuf| {
            let above = path.parent().and_then(Path::file_name);
            let above = above.and_then(|name| name.to_str());
            let own = path.file_name().and_then(|name| name.to_str());
            matches!(own, Some("vocabulary.yaml" | "parameters.yaml"))
                || matches!(above, Some("kinds" | "calendars" | "packs"))
        };
        found.retain(|path| !is_other(path));
        if found.is_empty() {
            let none = Complaint::of(path, "complaint-no-files-here");
            return Err(none.with("endings", ".yaml, .yml"));
        }
        files.extend(found);
    }
    Ok(files)
}

/// The YAML files of a folder, those of each folder in the order of their names.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Complaint> {
    let mut paths = Vec::new();
    for entry in folder.read_dir().map_err(failed(folder))? {
        paths.push(entry.map_err(failed(folder))?.path());
    }
    paths.sort();
    for path in paths {
        let ending = path.extension().and_then(|end| end.to_str());
        if path.is_dir() && depth < DEPTH_MAX {
            walk(&path, depth + 1, files)?;
        } else if matches!(ending, Some("yaml" | "yml")) {
            files.push(path);
        }
        if files.len() > FILES_MAX {
            let many = Complaint::of(folder, "complaint-too-many-files");
            return Err(many.with("max", &FILES_MAX.to_string()));
        }
    }
    Ok(())
}

fn check(
    path: &Path,
    arguments: &Check,
    (known, people): (&Known, &People),
) -> Result<Vec<Checked>, ChainsError> {
    let source = read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = |path: &Path, name: &str| path.file_name().is_some_and(|end| end == name);
    let root = root_of(folder, arguments.workflows.as_deref());
    let done = |findings| Ok(vec![Checked::of(path, source.clone(), findings)]);
    if named(path, "vocabulary.yaml") {
        return done(Vocabulary::parse(&source).err().unwrap_or_default());
    }
    if named(path, "parameters.yaml") {
        return done(parse_parameters(&source).err().unwrap_or_default());
    }
    if named(folder, "calendars") {
        return done(match Calendar::parse(&source) {
            Ok(calendar) => calendar.warnings().to_vec(),
            Err(findings) => findings,
        });
    }
    let loaded = match load_as_far(&root, known)? {
        Ok(loaded) => loaded,
        Err(broken) => return Ok(vec![broken]),
    };
    let house = &loaded.house;
    if named(folder, "kinds") {
        return done(match Kind::parse(&source, &house.vocabulary) {
            Ok(kind) => outside_packs(&kind, &house.packs).into_iter().collect(),
            Err(findings) => findings,
        });
    }
    if named(folder, "packs") {
        return done(Pack::parse(&source, &house.kinds).err().unwrap_or_default());
    }
    // What is wrong with the house is told first, then what is wrong with the chain itself.
    let mut beside = loaded.broken;
    let mut findings = match Definition::parse_with(&source, &house.files(), &house.means) {
        Ok(definition) => {
            let mut findings = definition.warnings().to_vec();
            findings.extend(circles(&definition, &root, house));
            if let Some(before) = &arguments.against {
                match before_it(before, house)? {
                    Ok(before) => findings.extend(weakenings(&before, &definition)),
                    Err(broken) => beside.push(broken),
                }
            }
            match people.said_of(&definition, house) {
                Ok(today) => findings.extend(today),
                Err(broken) => beside.push(broken),
            }
            findings
        }
        Err(findings) => findings,
    };
    findings = loaded.files.own(findings);
    beside.push(Checked::of(path, source, findings));
    Ok(beside)
}

/// The waits of a file that lead back to its own kind over the other files of the house. One that
/// is broken is said by its own check.
fn circles(definition: &Definition, root: &Path, house: &House) -> Vec<Diagnostic> {
    if definition.subdocuments().is_empty() {
        return Vec::new();
    }
    let folder = root.join("chains").read_dir();
    let files = folder.into_iter().flatten().flatten();
    let sources = files.filter_map(|file| read(&file.path()).ok());
    let others = sources
        .filter_map(|source| Definition::parse_untried(&source, &house.files(), &house.means).ok());
    let others: Vec<Definition> = others.collect();
    subdocument_cycles(definition, &others)
}

/// The folder of the house that a file of `folder` belongs to, unless another one was named.
fn root_of(folder: &Path, named: Option<&Path>) -> PathBuf {
    let above = || {
        folder
            .parent()
            .filter(|above| above.join("vocabulary.yaml").is_file())
    };
    let root = named.or_else(above);
    root.map_or_else(|| PathBuf::from("workflows"), Path::to_owned)
}

/// The chain as it was before, read as a pinned one: it was accepted once.
fn before_it(path: &Path, house: &House) -> Result<Result<Definition, Checked>, ChainsError> {
    let source = read(path)?;
    let parsed = Definition::parse_pinned_with(&source, &house.files(), &house.means);
    Ok(parsed.map_err(|findings| Checked::of(path, source, findings)))
}

fn print_text(checked: &[Checked], locale: Locale) {
    for file in checked {
        let path = file.path.display().to_string();
        if let Some((line, column)) = file.not_text {
            let (word, text) = (said(locale, "severity"), said(locale, "text"));
            let help = said(locale, "help");
            print_line(&format!(
                "{word}[{NOT_TEXT}]: {text}\n  --> {path}:{line}:{column}\n  = {help}"
            ));
        } else if file.findings.is_empty() {
            print_line(&format!("{path}: ok"));
        } else {
            print_line(render(&file.findings, &file.source, &path, locale).trim_end());
        }
    }
}

/// A piece of what is said of a file that is not text.
fn said(locale: Locale, piece: &str) -> String {
    t(locale, &format!("workflow-not-text-{piece}"), &[])
}

/// A file that is not text, in the form of a finding.
fn not_text(path: &Path, (line, column): (u32, u32), locale: Locale) -> serde_json::Value {
    json!({
        "file": path,
        "code": NOT_TEXT,
        "key": "not-text",
        "severity": "error",
        "line": line,
        "column": column,
        "length": 1,
        "text": said(locale, "text"),
        "help": said(locale, "help"),
        "suggestion": null,
    })
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
    let of_file = |file: &Checked| -> Vec<serde_json::Value> {
        let found = file.findings.iter().map(|found| finding(&file.path, found));
        let place = file.not_text.iter();
        let bytes = place.map(|place| not_text(&file.path, *place, locale));
        found.chain(bytes).collect()
    };
    checked.iter().flat_map(of_file).collect()
}
