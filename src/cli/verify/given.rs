//! What the command is given: anchors, the signed content, a policy, files.

use std::path::PathBuf;
use std::sync::Arc;

use super::{FILE_BYTES_MAX, Verify};
use crate::app::validation::Basis;
use crate::trust_files::{Complaint, read_anchors, read_bounded, read_evidence, read_policy};

/// What every file is judged by.
#[derive(Debug)]
pub struct Given {
    /// Whom to trust, by which rules, with which evidence.
    pub basis: Basis,
    /// What a detached signature signs.
    pub content: Option<Vec<u8>>,
    /// Where that lies.
    pub content_path: Option<PathBuf>,
    /// What was passed over.
    pub warnings: Vec<Complaint>,
}

/// Reads what the arguments name.
///
/// # Errors
///
/// What is wrong with which file.
pub fn read_arguments(arguments: &Verify) -> Result<Given, Complaint> {
    let (anchors, warnings) = read_anchors(&arguments.trust)?;
    let content = arguments.content.as_ref();
    let content = content
        .map(|path| read_bounded(path, FILE_BYTES_MAX))
        .transpose()?;
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?;
    Ok(Given {
        basis: Basis {
            anchors,
            policy: policy.unwrap_or_default(),
            evidence: Arc::new(read_evidence(&arguments.evidence)?),
        },
        content,
        content_path: arguments.content.clone(),
        warnings,
    })
}
