//! `chancery workflow test FILE…`: the examples inside chains, played without people and without
//! waiting.

use std::path::PathBuf;
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::trial::{Tested, test};
use chancery_workflow::{Diagnostic, render};
use clap::Args;
use serde_json::{Value, json};

use super::open::{Beside, Opened, open, said_known};
use super::{Checked, chains_of, locale, print_line, print_text, say};
use crate::app::chains::ChainsError;
use crate::config;
use crate::i18n::t;

/// The arguments of `test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    /// Chains: files of workflows/chains. Of a folder, every chain in it and beneath.
    #[arg(required = true, value_name = "FILE-or-DIR")]
    files: Vec<PathBuf>,
    /// The folder with the vocabulary and the kinds; by default the one above the file's own, else
    /// `workflows`.
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The configuration of the server, for the names of its webhooks and lookups.
    #[arg(long, value_name = "FILE", env = "CHANCERY_CONFIG")]
    config: Option<PathBuf>,
    /// The language of the findings: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// One JSON array, one object an example.
    #[arg(long)]
    json: bool,
}

/// Tries every example and prints. 0: all hold; 1: one does not, or a file is refused.
pub(in crate::cli) fn run(arguments: &Test) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    let files = match chains_of(&arguments.files) {
        Ok(files) => files,
        Err(complaint) => {
            say(&format!("chancery: {}", complaint.text(locale)));
            return ExitCode::FAILURE;
        }
    };
    let Some(known) = said_known(arguments.config.as_deref(), locale) else {
        return ExitCode::FAILURE;
    };
    let beside = Beside {
        workflows: arguments.workflows.as_deref(),
        known: &known,
    };
    let mut all = Vec::new();
    for file in &files {
        match open(file, beside) {
            Ok(opened) => all.push(opened.map(|opened| {
                let tested = test(&opened.definition);
                (opened, tested)
            })),
            Err(error) => return unreadable(&error),
        }
    }
    if arguments.json {
        let list: Vec<Value> = all.iter().flat_map(|one| as_json(one, locale)).collect();
        print_line(&Value::from(list).to_string());
    } else {
        print(&all, locale);
    }
    let holds = |one: &Tried| {
        one.as_ref()
            .is_ok_and(|(_, tested)| tested.iter().all(passes))
    };
    if all.iter().all(holds) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A chain with its examples, or what is wrong with its file.
type Tried = Result<(Opened, Vec<Tested>), Checked>;

fn unreadable(error: &ChainsError) -> ExitCode {
    say(&format!("chancery: {error}"));
    ExitCode::FAILURE
}

fn passes(tested: &Tested) -> bool {
    tested.findings.is_empty()
}

fn print(all: &[Tried], locale: Locale) {
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for one in all {
        let (opened, tested) = match one {
            Ok(tried) => tried,
            Err(refused) => {
                print_text(std::slice::from_ref(refused), locale);
                continue;
            }
        };
        let path = opened.path.display().to_string();
        print_line(&format!("{path}:"));
        if tested.is_empty() {
            print_line(&format!("  {}", t(locale, "workflow-test-none", &[])));
        }
        for example in tested {
            let key = if passes(example) {
                passed += 1;
                "workflow-test-holds"
            } else {
                failed += 1;
                "workflow-test-fails"
            };
            print_line(&format!(
                "  {}",
                t(locale, key, &[("name", example.name.as_str().into())])
            ));
            if !passes(example) {
                let shown = render(&example.findings, &opened.source, &path, locale);
                print_line(shown.trim_end());
            }
        }
    }
    let counts = [("passed", passed.into()), ("failed", failed.into())];
    print_line(&t(locale, "workflow-test-sum", &counts));
}

fn as_json(tried: &Tried, locale: Locale) -> Vec<Value> {
    match tried {
        Ok((opened, tested)) => tested
            .iter()
            .map(|example| {
                json!({
                    "file": opened.path,
                    "name": example.name,
                    "line": example.line,
                    "passed": passes(example),
                    "findings": findings(&example.findings, locale),
                })
            })
            .collect(),
        Err(refused) => vec![json!({
            "file": refused.path,
            "name": null,
            "line": null,
            "passed": false,
            "findings": findings(&refused.findings, locale),
        })],
    }
}

fn findings(all: &[Diagnostic], locale: Locale) -> Vec<Value> {
    let all = all.iter();
    all.map(|found| {
        json!({
            "code": found.code,
            "key": found.key,
            "line": found.line,
            "column": found.column,
            "length": found.length,
            "text": found.text(locale),
            "help": found.help(locale),
        })
    })
    .collect()
}
