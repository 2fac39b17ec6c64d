//! What the command is given: anchors, the signed content, a policy, files.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chancery_signature::{Anchors, GivenEvidence, ValidationPolicy};

use super::{FILE_BYTES_MAX, Verify};
use crate::app::validation::Basis;
use crate::i18n::MEGABYTE;
use crate::i18n::verdict::shown;

/// The largest file of trusted certificates, in bytes.
const TRUST_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most files of a folder of trusted certificates.
const TRUST_FILES_MAX: usize = 1_000;
/// What files of trusted certificates end with, in a folder.
const TRUST_ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];
/// What files of evidence end with, in a folder.
const EVIDENCE_ENDINGS: [&str; 7] = ["crl", "ocsp", "ors", "pem", "crt", "cer", "der"];
/// The largest policy, in bytes.
const POLICY_BYTES_MAX: u64 = 64 * 1024;

/// What every file is judged by.
#[derive(Debug)]
pub struct Given {
    /// Whom to trust, by which rules, with which evidence.
    pub basis: Basis,
    /// What a detached signature signs.
    pub content: Option<Vec<u8>>,
    /// Where that lies.
    pub content_path: Option<PathBuf>,
}

/// Reads what the arguments name.
///
/// # Errors
///
/// What is wrong with which file, in one line.
pub fn read_arguments(arguments: &Verify) -> Result<Given, String> {
    let anchors = read_anchors(&arguments.trust)?;
    let content = arguments.content.as_ref();
    let content = content
        .map(|path| read_bounded(path, FILE_BYTES_MAX))
        .transpose()?;
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?;
    Ok(Given {
        basis: Basis {
            anchors,
            policy: policy.unwrap_or_default(),
            evidence: read_evidence(&arguments.evidence)?,
        },
        content,
        content_path: arguments.content.clone(),
    })
}

/// A policy as TOML: any of the fields of [`ValidationPolicy`], the rest by default. Its name is
/// the file's unless it says another, so that no report names the built-in policy for other rules.
fn read_policy(path: &Path) -> Result<ValidationPolicy, String> {
    let bytes = read_bounded(path, POLICY_BYTES_MAX)?;
    let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", named(path));
    let text = String::from_utf8(bytes).map_err(|_| failed(&"not a text in UTF-8"))?;
    let mut table: toml::Table = toml::from_str(&text).map_err(|error| failed(&error))?;
    if !table.contains_key("name") {
        let stem = path.file_stem().unwrap_or_default();
        let name = toml::Value::String(stem.to_string_lossy().into_owned());
        table.insert("name".to_owned(), name);
    }
    table.try_into().map_err(|error| failed(&error))
}

/// Root certificates from files and folders.
///
/// # Errors
///
/// What is wrong with which file, in one line.
pub fn read_anchors(paths: &[PathBuf]) -> Result<Anchors, String> {
    let mut anchors = Anchors::none();
    for path in paths {
        for file in files_of(path, &TRUST_ENDINGS)? {
            let bytes = read_bounded(&file, TRUST_BYTES_MAX)?;
            let read = Anchors::from_pem_or_der(&bytes);
            anchors.extend(read.map_err(|error| format!("{}: {error}", named(&file)))?);
        }
    }
    Ok(anchors)
}

/// What is known of revocation, from files and folders.
fn read_evidence(paths: &[PathBuf]) -> Result<GivenEvidence, String> {
    let mut evidence = GivenEvidence::none();
    for path in paths {
        for file in files_of(path, &EVIDENCE_ENDINGS)? {
            let bytes = read_bounded(&file, TRUST_BYTES_MAX)?;
            let taken = evidence.add(&bytes);
            taken.map_err(|error| format!("{}: {error}", named(&file)))?;
        }
    }
    Ok(evidence)
}

/// The file, or the files of a folder that have one of these endings, in the order of their names.
fn files_of(path: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error: io::Error| format!("{}: {error}", named(path));
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let ending = file
            .extension()
            .and_then(|end| end.to_str())
            .map(str::to_ascii_lowercase);
        if ending.is_some_and(|end| endings.contains(&end.as_str())) {
            files.push(file);
        }
        if files.len() > TRUST_FILES_MAX {
            return Err(format!(
                "{}: more than {TRUST_FILES_MAX} files",
                named(path)
            ));
        }
    }
    if files.is_empty() {
        let endings = endings.join(", ");
        return Err(format!("{}: no such files here ({endings})", named(path)));
    }
    files.sort();
    Ok(files)
}

/// Reads a file to its end, but never more than `bytes_max`.
///
/// # Errors
///
/// What the operating system says, or that it is too large, in one line.
pub fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| format!("{}: {error}", named(path));
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let limit = bytes_max.saturating_add(1);
    let read = file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if read as u64 > bytes_max {
        return Err(format!(
            "{}: larger than {} MB",
            named(path),
            bytes_max / MEGABYTE
        ));
    }
    Ok(bytes)
}

/// A path as it may stand on a terminal.
#[must_use]
pub fn named(path: &Path) -> String {
    shown(&path.display().to_string())
}
