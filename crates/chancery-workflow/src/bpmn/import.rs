//! From a model of BPMN 2.0 to the text of a workflow.
//!
//! ```text
//! bytes ── reader ──► elements ── graph, blocks ──► blocks ── workflow, stage ──► YAML
//! ```
//!
//! Only models in blocks are read; the first element that is in none is named. Whatever a workflow
//! of ours has and the model does not say is left open: a word stands there that the check of the
//! file refuses at its place, never a guess. A model that we exported says in elements of its own
//! what BPMN has no sign for, and comes back as it was; of what is drawn the drawing counts.

mod blocks;
mod condition;
mod count;
mod graph;
mod names;
mod own;
mod places;
mod reader;
mod rework;
mod source;
mod stage;
mod summary;
mod who;
mod words;
mod workflow;

use std::collections::BTreeMap;

use chancery_types::Locale;
use chancery_xml::{Document, XmlError, decode};

use crate::diagnostic::{Diagnostic, Position};
use crate::kind::Kind;
use crate::vocabulary::Vocabulary;

/// With what a model is read.
#[derive(Clone, Copy, Debug)]
pub struct BpmnImporting<'a> {
    /// The kinds of the house: conditions and people are read by their fields.
    pub kinds: &'a BTreeMap<String, Kind>,
    /// The roles and groups of the house.
    pub vocabulary: &'a Vocabulary,
    /// The kind of documents that the workflow is for, if somebody says it.
    pub document: Option<&'a str>,
    /// Which process is read, by its identifier; without it the file must have one.
    pub process: Option<&'a str>,
    /// The language of the remarks in the text.
    pub locale: Locale,
}

/// What came of a model.
#[derive(Clone, Debug)]
pub struct BpmnImported {
    /// The model as text, in which findings have their places.
    pub source: String,
    /// The workflow as YAML; none, if a finding is an error.
    pub workflow: Option<String>,
    /// What is wrong with the model; what is not known and was left open (`W904`); what was left
    /// out, or read in a way that a person should look at (`W905`).
    pub findings: Vec<Diagnostic>,
}

/// What the words of the house say of a model's names.
pub(crate) struct Known<'a> {
    kind: Option<&'a Kind>,
    vocabulary: &'a Vocabulary,
    locale: Locale,
}

/// The largest model that is read, in bytes.
pub const BPMN_BYTES_MAX: usize = source::LIMITS.bytes_max;

/// Reads a model of BPMN 2.0 as a workflow. Never panics, and takes no more memory and time than
/// the size of the file allows.
#[must_use]
pub fn import_bpmn(bytes: &[u8], with: &BpmnImporting<'_>) -> BpmnImported {
    let text = match decode(bytes, &source::LIMITS) {
        Ok(text) => text,
        Err(error) => return refused(String::new(), vec![unread(error, "")]),
    };
    let document = match Document::parse_decoded(text.clone(), &source::LIMITS) {
        Ok(document) => document,
        Err(error) => {
            let finding = unread(error, &text);
            return refused(text, vec![finding]);
        }
    };
    match written(&document, with) {
        Ok((workflow, findings)) => BpmnImported {
            source: text,
            workflow: Some(workflow),
            findings: printable(findings),
        },
        Err(findings) => refused(text, findings),
    }
}

fn refused(source: String, findings: Vec<Diagnostic>) -> BpmnImported {
    BpmnImported {
        source,
        workflow: None,
        findings: printable(findings),
    }
}

/// Findings whose words from the file do nothing to a terminal: XML allows some controls.
fn printable(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for value in findings.iter_mut().flat_map(|one| one.args.values_mut()) {
        if value.contains(char::is_control) {
            *value = value.replace(char::is_control, " ");
        }
    }
    findings
}

fn written(
    document: &Document,
    with: &BpmnImporting<'_>,
) -> Result<(String, Vec<Diagnostic>), Vec<Diagnostic>> {
    let model = reader::read(document, with.process)?;
    let graph = graph::Graph::of(&model).map_err(|finding| vec![finding])?;
    let blocks = blocks::read(&model, &graph).map_err(|finding| vec![finding])?;
    workflow::write(&model, blocks, with)
}

/// What is said of a file that is no XML, or more of it than is read.
fn unread(error: XmlError, text: &str) -> Diagnostic {
    let top = Position {
        line: 1,
        column: 1,
        length: 1,
    };
    let at = error
        .at()
        .map_or(top, |at| places::Lines::of(text).position(at..at));
    match error {
        XmlError::Doctype { .. } | XmlError::Entity { .. } => {
            Diagnostic::error("W901", "bpmn-doctype", at)
        }
        XmlError::EncodingUnsupported | XmlError::EncodingBroken => {
            Diagnostic::error("W901", "bpmn-encoding", at)
        }
        XmlError::Limit { limit } => {
            Diagnostic::error("W901", "bpmn-too-large", at).arg("limit", limit)
        }
        XmlError::Syntax { what, .. } | XmlError::Namespace { what, .. } => {
            Diagnostic::error("W901", "bpmn-not-xml", at).arg("why", what)
        }
    }
}
