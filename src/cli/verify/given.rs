//! What the command is given: anchors, the signed content, a policy, files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_types::Instant;
use tokio::runtime::{Builder, Runtime};

use super::Verify;
use crate::app::online::Online;
use crate::app::validation::Basis;
use crate::config;
use crate::i18n::MEGABYTE;
use crate::trust_files::{Complaint, read_anchors, read_bounded, read_evidence, read_policy};

/// How long one answer about revocation may take, in seconds, and how large it may be, in bytes: as
/// the server's settings have it.
const ANSWER_SECONDS_MAX: u64 = 5;
const ANSWER_BYTES_MAX: usize = 10 * 1024 * 1024;

/// What every file is judged by.
#[derive(Debug)]
pub struct Given {
    /// Whom to trust, by which rules, with which evidence.
    pub basis: Basis,
    /// As of when, if that was chosen.
    pub at: Option<Instant>,
    /// What a detached signature signs.
    pub content: Option<Vec<u8>>,
    /// Where that lies.
    pub content_path: Option<PathBuf>,
    /// Whom to ask about revocation.
    pub online: Online,
    /// What asking runs on; nothing if nobody is asked.
    pub runtime: Option<Runtime>,
    /// Whether the files' bytes are wanted after they were judged.
    pub keeps_files: bool,
    /// The largest file that is judged, in megabytes.
    pub megabytes_max: u64,
    /// What was passed over.
    pub warnings: Vec<Complaint>,
}

/// Reads what the arguments name.
///
/// # Errors
///
/// What is wrong with which file.
pub fn read_arguments(arguments: &Verify) -> Result<Given, Complaint> {
    let at = arguments.at.as_deref().map(read_moment).transpose()?;
    let (anchors, warnings) = read_anchors(&arguments.trust)?;
    let content = arguments.content.as_ref();
    let content = content
        .map(|path| read_bounded(path, arguments.max_megabytes.saturating_mul(MEGABYTE)))
        .transpose()?;
    let (online, runtime) = ask_by(arguments)?;
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?;
    Ok(Given {
        basis: Basis {
            anchors,
            policy: policy.unwrap_or_default(),
            evidence: Arc::new(read_evidence(&arguments.evidence)?),
        },
        at,
        content,
        content_path: arguments.content.clone(),
        online,
        runtime,
        keeps_files: arguments.revisions.is_some(),
        megabytes_max: arguments.max_megabytes,
        warnings,
    })
}

/// The moment of `--at`.
fn read_moment(text: &str) -> Result<Instant, Complaint> {
    text.parse()
        .map_err(|_| Complaint::of(Path::new("--at"), "complaint-not-a-moment").with("value", text))
}

/// Whom `--online` names, and a runtime to ask them.
fn ask_by(arguments: &Verify) -> Result<(Online, Option<Runtime>), Complaint> {
    let complaint = |why: &dyn std::fmt::Display| {
        let path = Path::new("--online");
        Complaint::of(path, "complaint-other").with("why", &why.to_string())
    };
    let online = Online::open(&config::Trust {
        online: arguments.online.clone(),
        online_may_be_private: arguments.online_may_be_private,
        online_seconds_max: ANSWER_SECONDS_MAX,
        online_bytes_max: ANSWER_BYTES_MAX,
        anchors: Vec::new(),
        evidence: Vec::new(),
        policy: PathBuf::new(),
        https_ca_file: arguments.https_ca.clone().unwrap_or_default(),
    });
    let online = online.map_err(|error| complaint(&error))?;
    if online.is_off() {
        return Ok((online, None));
    }
    let mut builder = Builder::new_multi_thread();
    let runtime = builder
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| complaint(&error))?;
    Ok((online, Some(runtime)))
}
