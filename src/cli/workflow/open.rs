//! A chain with its house, for commands that try it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery_types::Locale;
use chancery_workflow::trial::SceneFile;
use chancery_workflow::{Definition, Diagnostic, Kind, Severity};

use super::{Checked, House, known_of, load_house, print_text, root_of, say};
use crate::app::chains::{ChainsError, Known, read};
use crate::trust_files::Complaint;

/// A chain that was accepted, whether its examples hold or not.
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) source: String,
    pub(super) kind: Kind,
    pub(super) house: House,
    pub(super) definition: Definition,
}

/// With what a chain is read.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    /// The folder of the house; without it the one above the chain's own.
    pub(super) workflows: Option<&'a Path>,
    /// What the server may call.
    pub(super) known: &'a Known,
}

/// Opens a chain of the house of `workflows`, or of the folder above its own.
pub(super) fn open(
    path: &Path,
    beside: Beside<'_>,
) -> Result<Result<Opened, Checked>, ChainsError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let house = match load_house(&root_of(folder, beside.workflows), beside.known)? {
        Ok(house) => house,
        Err(broken) => return Ok(Err(broken)),
    };
    let source = read(path)?;
    match Definition::parse_untried(&source, &house.files(), &house.means) {
        Ok(definition) => {
            let kind = house.kinds.get(definition.kind()).cloned();
            let Some(kind) = kind else {
                return Ok(Err(Checked::of(path, source, Vec::new())));
            };
            Ok(Ok(Opened {
                path: path.to_owned(),
                source,
                kind,
                house,
                definition,
            }))
        }
        Err(findings) => Ok(Err(Checked::of(path, source, findings))),
    }
}

/// A chain with the findings that refuse it.
type Uncontrolled = (Opened, Vec<Diagnostic>);

/// As [`open`]; of a chain that is refused only because a path of it has no control, with what is
/// said of that.
pub(super) fn open_uncontrolled(
    path: &Path,
    beside: Beside<'_>,
) -> Result<Result<Uncontrolled, Checked>, ChainsError> {
    let refused = match open(path, beside)? {
        Ok(opened) => return Ok(Ok((opened, Vec::new()))),
        Err(refused) => refused,
    };
    let mut errors = refused.findings.iter();
    let mut errors = errors
        .by_ref()
        .filter(|found| found.severity == Severity::Error);
    let is_control = |found: &Diagnostic| matches!(found.code, "W113" | "W314");
    if refused.source.is_empty() || !errors.all(is_control) || !refused.is_refused() {
        return Ok(Err(refused));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let house = match load_house(&root_of(folder, beside.workflows), beside.known)? {
        Ok(house) => house,
        Err(broken) => return Ok(Err(broken)),
    };
    let parsed = Definition::parse_pinned_with(&refused.source, &house.files(), &house.means);
    let kind = parsed
        .as_ref()
        .ok()
        .and_then(|parsed| house.kinds.get(parsed.kind()).cloned());
    let (Ok(definition), Some(kind)) = (parsed, kind) else {
        return Ok(Err(refused));
    };
    let opened = Opened {
        path: path.to_owned(),
        source: refused.source,
        kind,
        house,
        definition,
    };
    Ok(Ok((opened, refused.findings)))
}

/// Reads a file with a scene; `None` if it is refused or cannot be read, which is said.
pub(super) fn read_scene(path: &Path, opened: &Opened, locale: Locale) -> Option<SceneFile> {
    let source = match read(path) {
        Ok(source) => source,
        Err(error) => {
            say(&format!("chancery: {error}"));
            return None;
        }
    };
    match SceneFile::parse(&source, &opened.definition, &opened.kind) {
        Ok(scene) => Some(scene),
        Err(findings) => {
            print_text(&[Checked::of(path, source, findings)], locale);
            None
        }
    }
}

/// Whom the server of this configuration may call; `None` if it cannot be read, which is said.
pub(super) fn said_known(config: Option<&Path>, locale: Locale) -> Option<Known> {
    match known_of(config) {
        Ok(known) => Some(known),
        Err(complaint) => {
            say(&format!("chancery: {}", complaint.text(locale)));
            None
        }
    }
}

/// Opens a chain and does something with it. 1 if it is refused or cannot be read, said as the
/// check says it.
pub(super) fn with_chain(
    path: &Path,
    (workflows, config): (Option<&Path>, Option<&Path>),
    locale: Locale,
    act: impl FnOnce(&Opened) -> ExitCode,
) -> ExitCode {
    let Some(known) = said_known(config, locale) else {
        return ExitCode::FAILURE;
    };
    let known = &known;
    match open(path, Beside { workflows, known }) {
        Ok(Ok(opened)) => return act(&opened),
        Ok(Err(refused)) => print_text(&[refused], locale),
        Err(error) => say(&format!("chancery: {error}")),
    }
    ExitCode::FAILURE
}

/// What is read: what was named, else the whole folder of workflows.
pub(super) fn named_or_whole(
    files: &[PathBuf],
    folder: Option<&Path>,
) -> Result<Vec<PathBuf>, Complaint> {
    if !files.is_empty() {
        return Ok(files.to_vec());
    }
    let folder = folder.unwrap_or(Path::new("workflows"));
    match folder.is_dir() {
        true => Ok(vec![folder.to_owned()]),
        false => Err(Complaint::of(folder, "complaint-no-workflows")),
    }
}
