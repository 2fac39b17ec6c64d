//! `chancery workflow bpmn import FILE`: a model of BPMN 2.0 as the text of a chain, on standard
//! output; what is not known in it and what a person should look at, beside.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::{BPMN_BYTES_MAX, BpmnImporting, import_bpmn, render};
use clap::Args;

use super::{House, load_house, locale, print_line, print_text, say};
use crate::app::chains::Known;
use crate::config;
use crate::trust_files::{Complaint, failed};

/// The arguments of `bpmn import`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// A model of BPMN 2.0, as XML: .bpmn, .bpmn20.xml.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The kind of documents that the chain is for; without it the place stays open.
    #[arg(long, value_name = "KIND")]
    document: Option<String>,
    /// The identifier of the process, if the file has several.
    #[arg(long, value_name = "ID")]
    process: Option<String>,
    /// The folder with the vocabulary and the kinds: whom lanes and groups name, and what
    /// conditions read.
    #[arg(long, value_name = "DIR", default_value = "workflows")]
    workflows: PathBuf,
    /// The language of the findings and of the remarks in the chain: ru or en; by default that of
    /// LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
}

/// Prints the chain, and its findings on standard error. 1: the model is refused, or a file cannot
/// be read.
pub(in crate::cli) fn import(arguments: &Import) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    let house = match load_house(&arguments.workflows, &Known::default()) {
        Ok(Ok(house)) => house,
        Ok(Err(broken)) => {
            print_text(&[broken], locale);
            return ExitCode::FAILURE;
        }
        Err(error) => {
            say(&format!("chancery: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let bytes = match read(&arguments.file) {
        Ok(bytes) => bytes,
        Err(complaint) => {
            say(&format!("chancery: {}", complaint.text(locale)));
            return ExitCode::FAILURE;
        }
    };
    print(arguments, &house, &bytes, locale)
}

fn print(arguments: &Import, house: &House, bytes: &[u8], locale: Locale) -> ExitCode {
    let with = BpmnImporting {
        kinds: &house.kinds,
        vocabulary: &house.vocabulary,
        document: arguments.document.as_deref(),
        process: arguments.process.as_deref(),
        locale,
    };
    let imported = import_bpmn(bytes, &with);
    let path = arguments.file.display().to_string();
    if !imported.findings.is_empty() {
        let text = render(&imported.findings, &imported.source, &path, locale);
        // Standard output is the chain alone, so that it can be sent into a file.
        let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
    }
    match imported.workflow {
        Some(workflow) => {
            print_line(workflow.trim_end());
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    }
}

/// No more of a file than is read of a model: one byte beyond tells that there is more.
fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    let file = File::open(path).map_err(failed(path))?;
    let most = u64::try_from(BPMN_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed(path))?;
    Ok(bytes)
}
