//! The workflows, kinds and vocabulary of the house: read once at the start, refused whole when
//! anything in them is wrong.
//!
//! A run is pinned to what it started with. What is pinned is the workflow's file together with
//! those of its kind, of the vocabulary and of its calendar, because it is checked against them:
//! reading them again, in whatever year, gives the same [`Definition`].

mod circles;
mod edition;
mod files;
mod means;
mod packs;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chancery_types::{Digest, Locale};
use chancery_workflow::{
    Calendar, Definition, Diagnostic, House, Kind, Means, Pack, Parameters, Vocabulary, render,
};
use serde::{Deserialize, Serialize};

use circles::waits_in_circles;
pub use files::read;
pub(crate) use files::{load_parameters, read_folder};
pub use means::{Known, means};
use seen::Seen;

/// The largest file of `workflows/`, in bytes.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The most pinned definitions that stay parsed in memory.
const PARSED_MAX: usize = 256;

/// One workflow, with what a run that starts now is pinned to.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The workflow.
    pub definition: Arc<Definition>,
    /// SHA-256 of `pinned`, 64 hexadecimal digits.
    pub digest: String,
    /// The files that the workflow was read from, as text for the `definitions` table.
    pub pinned: String,
}

/// Everything under `workflows/`.
#[derive(Debug)]
pub struct Chains {
    vocabulary: Vocabulary,
    kinds: BTreeMap<String, Kind>,
    chains: BTreeMap<String, Chain>,
    calendars: BTreeMap<String, Calendar>,
    packs: BTreeMap<String, Pack>,
    known: Known,
    sources: Sources,
    parsed: Mutex<BTreeMap<String, Arc<Definition>>>,
    /// Those of editions, by the digest of their text.
    editions: Mutex<BTreeMap<Digest, Chain>>,
}

/// A pinned definition with the calendar that the house has now.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// The workflow.
    pub definition: Arc<Definition>,
    /// SHA-256 of `pinned`, 64 hexadecimal digits.
    pub digest: String,
    /// The files that it was read from, as text for the `definitions` table.
    pub pinned: String,
    /// The calendar's digest.
    pub calendar: Digest,
}

/// What is wrong with one file.
#[derive(Clone, Debug)]
pub struct FileFindings {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub source: String,
    /// The findings, in its order; at least one.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why the folder of workflows is refused.
#[derive(Debug, thiserror::Error)]
pub enum ChainsError {
    /// A file or folder cannot be read.
    #[error("{path}: cannot be read: {why}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The operating system's words.
        why: String,
    },
    /// A file has bytes that are not text.
    #[error("{path}:{line}:{column}: not text in UTF-8; save the file as UTF-8")]
    NotText {
        /// Which.
        path: PathBuf,
        /// The line of the first such byte, from one.
        line: u32,
        /// Its column, from one, in characters.
        column: u32,
    },
    /// Files say what the engine cannot accept.
    #[error("{} file(s) of workflows are refused:\n{}", .0.len(), rendered(.0, Locale::En))]
    Refused(Vec<FileFindings>),
    /// Two files of a folder have the same identifier: which of them counts would be chance.
    #[error(
        "{first} and {second} have the same id `{id}`; remove one of them or give it another id"
    )]
    Twice {
        /// The identifier.
        id: String,
        /// The file that was read first.
        first: PathBuf,
        /// The other one.
        second: PathBuf,
    },
    /// A kind names a workflow that is not there, or one of another kind.
    #[error("kind `{kind}` takes the workflow `{workflow}`, which is not there for this kind")]
    NoWorkflow {
        /// The kind.
        kind: String,
        /// The workflow it names.
        workflow: String,
    },
    /// The configuration switches on a pack that is not there.
    #[error(
        "workflows.packs: there is no pack `{name}`; known are {known}, and `all` for all of them"
    )]
    UnknownPack {
        /// As written.
        name: String,
        /// Those that are there.
        known: String,
    },
}

/// The texts that a definition is read from.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pinned {
    workflow: String,
    kinds: BTreeMap<String, String>,
    vocabulary: String,
    /// The calendar that it reckons by, if it does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    calendars: BTreeMap<String, String>,
    /// The parameters that it names, with the values they had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: Parameters,
    /// Whom it calls outside, and what they answer.
    #[serde(default, skip_serializing_if = "Known::is_empty")]
    outside: Known,
}

impl Chains {
    /// Reads `vocabulary.yaml`, `kinds/*.yaml`, `chains/*.yaml` and, if there are any,
    /// `parameters.yaml`, `calendars/*.yaml` and `packs/*.yaml` of a folder.
    ///
    /// # Errors
    ///
    /// The first file that cannot be read; or everything that is wrong with those that can.
    pub fn load(folder: &Path) -> Result<Self, ChainsError> {
        Self::load_knowing(folder, Known::default())
    }

    /// As [`Chains::load`], for a server whose configuration knows somebody to call.
    ///
    /// # Errors
    ///
    /// As [`Chains::load`].
    pub fn load_knowing(folder: &Path, known: Known) -> Result<Self, ChainsError> {
        let vocabulary_path = folder.join("vocabulary.yaml");
        let vocabulary_source = read(&vocabulary_path)?;
        let vocabulary = Vocabulary::parse(&vocabulary_source)
            .map_err(|diagnostics| refused(vocabulary_path, &vocabulary_source, diagnostics))?
            .with_parameters(load_parameters(folder)?);
        let (kinds, kind_sources) = load_kinds(&folder.join("kinds"), &vocabulary)?;
        let (calendars, calendar_sources) = load_calendars(&folder.join("calendars"))?;
        let house = House {
            kinds: &kinds,
            vocabulary: &vocabulary,
            calendars: &calendars,
        };
        let sources = Sources {
            kinds: kind_sources,
            vocabulary: vocabulary_source,
            calendars: calendar_sources,
        };
        let means = means(&vocabulary, &known);
        let mut chains = BTreeMap::new();
        let mut findings = Vec::new();
        let mut seen = Seen::default();
        let mut paths = BTreeMap::new();
        for (_, path, source) in read_folder(&folder.join("chains"))? {
            match Definition::parse_with(&source, &house, &means) {
                Ok(definition) => {
                    seen.take(definition.id(), &path)?;
                    paths.insert(definition.id().to_owned(), path);
                    let chain = pin(definition, source, &sources);
                    chains.insert(chain.definition.id().to_owned(), chain);
                }
                Err(diagnostics) => findings.push(FileFindings {
                    path,
                    source,
                    diagnostics,
                }),
            }
        }
        if findings.is_empty() {
            findings = waits_in_circles(&chains, &paths);
        }
        if !findings.is_empty() {
            return Err(ChainsError::Refused(findings));
        }
        let chains = Self {
            vocabulary,
            chains,
            packs: packs::load(&folder.join("packs"), &kinds)?,
            kinds,
            calendars,
            known,
            sources,
            parsed: Mutex::default(),
            editions: Mutex::default(),
        };
        chains.check_kinds()?;
        Ok(chains)
    }

    fn check_kinds(&self) -> Result<(), ChainsError> {
        for (id, kind) in &self.kinds {
            if self.chain_of_kind(id).is_none() {
                return Err(ChainsError::NoWorkflow {
                    kind: id.clone(),
                    workflow: kind.workflow().to_owned(),
                });
            }
        }
        Ok(())
    }

    /// What files of this house may ask of this server.
    #[must_use]
    pub fn means(&self) -> Means {
        means(&self.vocabulary, &self.known)
    }

    /// The roles and groups, journals and letters.
    #[must_use]
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The kinds of documents, by id.
    #[must_use]
    pub const fn kinds(&self) -> &BTreeMap<String, Kind> {
        &self.kinds
    }

    /// The workflows, by id.
    #[must_use]
    pub const fn chains(&self) -> &BTreeMap<String, Chain> {
        &self.chains
    }

    /// The workflow that a document of `kind` takes.
    #[must_use]
    pub fn chain_of_kind(&self, kind: &str) -> Option<&Chain> {
        let chain = self.chains.get(self.kinds.get(kind)?.workflow())?;
        (chain.definition.kind() == kind).then_some(chain)
    }

    /// A pinned definition that was parsed already, or `source()` parsed now.
    ///
    /// # Errors
    ///
    /// What does not fit, in words: only a hand in the database, or a newer engine that reads less,
    /// makes it.
    pub fn pinned(&self, digest: &str, source: &str) -> Result<Arc<Definition>, String> {
        if let Some(known) = self.known(digest) {
            return Ok(known);
        }
        if Digest::of(source.as_bytes()).hex() != digest {
            return Err("the text has another digest".to_owned());
        }
        let pinned: Pinned = serde_json::from_str(source).map_err(|error| error.to_string())?;
        let first = |found: Vec<Diagnostic>| {
            found
                .first()
                .map_or_else(String::new, |finding| finding.text(Locale::En))
        };
        let vocabulary = Vocabulary::parse(&pinned.vocabulary).map_err(first)?;
        let vocabulary = vocabulary.with_parameters(pinned.parameters);
        let mut kinds = BTreeMap::new();
        for (id, source) in pinned.kinds {
            kinds.insert(id, Kind::parse(&source, &vocabulary).map_err(first)?);
        }
        let mut calendars = BTreeMap::new();
        for (id, source) in pinned.calendars {
            calendars.insert(id, Calendar::parse(&source).map_err(first)?);
        }
        let house = House {
            kinds: &kinds,
            vocabulary: &vocabulary,
            calendars: &calendars,
        };
        let means = means(&vocabulary, &pinned.outside);
        let parsed = Definition::parse_pinned_with(&pinned.workflow, &house, &means);
        let parsed = Arc::new(parsed.map_err(first)?);
        let mut cache = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= PARSED_MAX {
            cache.clear();
        }
        cache.insert(digest.to_owned(), Arc::clone(&parsed));
        Ok(parsed)
    }

    /// A pinned definition with the calendars of this house in place of its own; `None` if they are
    /// the same, or it reckons by none, or by one that is not here any more.
    ///
    /// # Errors
    ///
    /// What does not fit, in words, as [`Chains::pinned`].
    pub fn renewed(&self, source: &str) -> Result<Option<Renewed>, String> {
        let mut pinned: Pinned = serde_json::from_str(source).map_err(|error| error.to_string())?;
        let mut changed = None;
        for (id, text) in &mut pinned.calendars {
            let present = self.calendars.get(id);
            if let Some(present) = present.filter(|present| present.source() != text) {
                present.source().clone_into(text);
                changed = Some(present.digest());
            }
        }
        let Some(calendar) = changed else {
            return Ok(None);
        };
        let pinned = serde_json::to_value(&pinned).map_err(|error| error.to_string())?;
        let pinned = pinned.to_string();
        let digest = Digest::of(pinned.as_bytes()).hex();
        Ok(Some(Renewed {
            definition: self.pinned(&digest, &pinned)?,
            digest,
            pinned,
            calendar,
        }))
    }

    /// The definition with this digest, if it is in memory.
    #[must_use]
    pub fn known(&self, digest: &str) -> Option<Arc<Definition>> {
        if let Some(chain) = self.chains.values().find(|chain| chain.digest == digest) {
            return Some(Arc::clone(&chain.definition));
        }
        if let Some(edition) = self.known_edition(digest) {
            return Some(edition);
        }
        let cache = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(digest).cloned()
    }
}

/// The texts of the house, by identifier.
#[derive(Debug)]
struct Sources {
    kinds: BTreeMap<String, String>,
    vocabulary: String,
    calendars: BTreeMap<String, String>,
}

fn pin(definition: Definition, workflow: String, sources: &Sources) -> Chain {
    // Only the kind that the workflow is for, those that it drafts or waits for documents of, and
    // the calendar that it reckons by: another one's change is none of its business.
    let named: BTreeSet<&str> = definition
        .related_kinds()
        .chain([definition.kind()])
        .collect();
    let own = sources
        .kinds
        .iter()
        .filter(|(id, _)| named.contains(id.as_str()));
    let mut pinned = serde_json::json!({
        "workflow": workflow,
        "kinds": own.collect::<BTreeMap<_, _>>(),
        "vocabulary": sources.vocabulary,
    });
    if let Some(calendar) = definition.calendar() {
        let source = sources.calendars.get(calendar.id());
        pinned["calendars"] = serde_json::json!({ calendar.id(): source });
    }
    if !definition.parameters().is_empty() {
        pinned["parameters"] = serde_json::json!(definition.parameters());
    }
    // Whom it calls and what they answer is pinned with it: a run goes on when they are gone from
    // the configuration, and what it asks of them then fails where one sees it.
    let outside = Known::named_by(&definition);
    if !outside.is_empty() {
        pinned["outside"] = serde_json::json!(outside);
    }
    let pinned = pinned.to_string();
    Chain {
        definition: Arc::new(definition),
        digest: Digest::of(pinned.as_bytes()).hex(),
        pinned,
    }
}

type Kinds = (BTreeMap<String, Kind>, BTreeMap<String, String>);

type Calendars = (BTreeMap<String, Calendar>, BTreeMap<String, String>);

/// The calendars of a folder; none without the folder.
fn load_calendars(folder: &Path) -> Result<Calendars, ChainsError> {
    let (mut calendars, mut sources) = (BTreeMap::<String, Calendar>::new(), BTreeMap::new());
    if !folder.exists() {
        return Ok((calendars, sources));
    }
    let mut findings = Vec::new();
    let mut seen = Seen::default();
    for (_, path, source) in read_folder(folder)? {
        match Calendar::parse(&source) {
            Ok(calendar) => {
                seen.take(calendar.id(), &path)?;
                sources.insert(calendar.id().to_owned(), source);
                calendars.insert(calendar.id().to_owned(), calendar);
            }
            Err(diagnostics) => findings.push(FileFindings {
                path,
                source,
                diagnostics,
            }),
        }
    }
    if findings.is_empty() {
        Ok((calendars, sources))
    } else {
        Err(ChainsError::Refused(findings))
    }
}

fn load_kinds(folder: &Path, vocabulary: &Vocabulary) -> Result<Kinds, ChainsError> {
    let (mut kinds, mut sources) = (BTreeMap::<String, Kind>::new(), BTreeMap::new());
    let mut findings = Vec::new();
    let mut seen = Seen::default();
    for (_, path, source) in read_folder(folder)? {
        match Kind::parse(&source, vocabulary) {
            Ok(kind) => {
                seen.take(kind.id(), &path)?;
                let collision = kinds
                    .values()
                    .find_map(|other| kind.number_collision(other));
                if let Some(diagnostic) = collision {
                    findings.push(FileFindings {
                        path,
                        source: source.clone(),
                        diagnostics: vec![diagnostic],
                    });
                }
                sources.insert(kind.id().to_owned(), source);
                kinds.insert(kind.id().to_owned(), kind);
            }
            Err(diagnostics) => findings.push(FileFindings {
                path,
                source,
                diagnostics,
            }),
        }
    }
    if findings.is_empty() {
        Ok((kinds, sources))
    } else {
        Err(ChainsError::Refused(findings))
    }
}

/// The findings of several files as a person reads them in a terminal.
#[must_use]
pub fn rendered(findings: &[FileFindings], locale: Locale) -> String {
    findings
        .iter()
        .map(|file| {
            let path = file.path.display().to_string();
            render(&file.diagnostics, &file.source, &path, locale)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn refused(path: PathBuf, source: &str, diagnostics: Vec<Diagnostic>) -> ChainsError {
    ChainsError::Refused(vec![FileFindings {
        path,
        source: source.to_owned(),
        diagnostics,
    }])
}
