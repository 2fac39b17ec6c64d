//! The words that workflows may use: roles and groups of people, journals and letters, from
//! `workflows/vocabulary.yaml`, and parameters for thresholds and times, from
//! `workflows/parameters.yaml`.

mod journal;
mod letter;

use std::collections::BTreeMap;

use chancery_types::Localized;

use crate::diagnostic::Diagnostic;
use crate::parameter::Parameters;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml;

pub use journal::Journal;
pub(crate) use journal::report_shared;
pub use letter::{LetterTemplate, PLACES};

/// The role whose holders may reassign any task. The only role that the engine knows by name.
pub const ADMINISTRATOR: &str = "administrator";

/// The roles and groups of the house, each with its title in both languages, its parameters, and
/// what its effects name: journals and letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    roles: BTreeMap<String, Localized>,
    groups: BTreeMap<String, Localized>,
    parameters: Parameters,
    journals: BTreeMap<String, Journal>,
    templates: BTreeMap<String, LetterTemplate>,
}

impl Vocabulary {
    /// Reads `workflows/vocabulary.yaml`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order.
    pub fn parse(source: &str) -> Result<Self, Vec<Diagnostic>> {
        const KEYS: Keys = Keys {
            known: &["schema", "roles", "groups", "journals", "templates"],
            later: &[],
        };
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        let mut vocabulary = Self::default();
        if let Some(fields) = Fields::open(&tree, KEYS, &mut findings) {
            read_schema(&fields, &mut findings);
            if let Some(node) = fields.require("roles", &mut findings) {
                vocabulary.roles = titles(node, &mut findings);
            }
            if let Some(node) = fields.get("groups") {
                vocabulary.groups = titles(node, &mut findings);
            }
            if let Some(node) = fields.get("journals") {
                vocabulary.journals = journal::read_journals(node, &mut findings);
            }
            if let Some(node) = fields.get("templates") {
                vocabulary.templates = letter::read_templates(node, &mut findings);
            }
        }
        if findings.has_errors() {
            return Err(findings.into_list());
        }
        Ok(vocabulary)
    }

    /// The same with these parameters.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// The parameters, by name.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The roles with their titles, by key.
    #[must_use]
    pub const fn roles(&self) -> &BTreeMap<String, Localized> {
        &self.roles
    }

    /// The groups with their titles, by key.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<String, Localized> {
        &self.groups
    }

    /// The journals in which effects enter documents, by key.
    #[must_use]
    pub const fn journals(&self) -> &BTreeMap<String, Journal> {
        &self.journals
    }

    /// The letters that effects send, by name.
    #[must_use]
    pub const fn templates(&self) -> &BTreeMap<String, LetterTemplate> {
        &self.templates
    }
}

/// Every file says which form of the language it is written in; there is one so far.
pub(crate) fn read_schema(fields: &Fields<'_>, findings: &mut Findings) {
    if let Some(node) = fields.require("schema", findings) {
        read::whole(node, 1..=1, findings);
    }
}

fn titles(node: &yaml::Node, findings: &mut Findings) -> BTreeMap<String, Localized> {
    const KEYS: Keys = Keys {
        known: &["title"],
        later: &[],
    };
    let mut titles = BTreeMap::new();
    let Some(names) = Fields::open_any(node, findings) else {
        return titles;
    };
    for (key, value) in names.pairs() {
        if !read::is_id(&key.name) {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            continue;
        }
        let title = Fields::open(value, KEYS, findings)
            .and_then(|fields| fields.require("title", findings))
            .and_then(|title| read::localized(title, findings));
        if let Some(title) = title {
            titles.insert(key.name.clone(), title);
        }
    }
    titles
}
