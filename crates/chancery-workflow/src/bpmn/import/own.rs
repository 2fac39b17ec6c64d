//! What an exported model says in elements of our own, beside what is drawn.

use std::collections::BTreeSet;

use chancery_xml::Element;

use super::source::BPMN;
use crate::bpmn::keys::NAMESPACE;
use crate::read::is_id;
use crate::yaml::{self, Tree};

/// What the drawing says, so that nothing else may.
const SHOWN: [&str; 8] = [
    "id", "when", "stages", "parallel", "branches", "join", "sequence", "",
];

/// What our own file says of a step or of the whole.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub(super) id: String,
    /// Whether it was drawn to send the document back, and to end the run.
    pub(super) refuses: (bool, bool),
    pub(super) keys: Vec<(String, Tree)>,
}

impl Own {
    /// What stands in an element; `None` if it has nothing of ours.
    ///
    /// # Errors
    ///
    /// The key that is not one, or whose value is not YAML.
    pub(super) fn of(element: Element<'_>, local: &str) -> Result<Option<Self>, String> {
        let extensions = element.child(BPMN, "extensionElements");
        let Some(own) = extensions.and_then(|one| one.child(NAMESPACE, local)) else {
            return Ok(None);
        };
        let id = own.attribute("id").unwrap_or("");
        if !is_id(id) {
            return Err(format!("id: {id}"));
        }
        let mut keys = Vec::new();
        let mut seen = BTreeSet::new();
        for key in own.named(NAMESPACE, "key") {
            let name = key.attribute("name").unwrap_or("");
            if SHOWN.contains(&name) || !seen.insert(name) {
                return Err(name.to_owned());
            }
            let value = yaml::parse(&key.text()).map_err(|_| name.to_owned())?;
            keys.push((name.to_owned(), Tree::of(&value)));
        }
        let is = |name: &str| own.attribute(name) == Some("true");
        Ok(Some(Self {
            id: id.to_owned(),
            refuses: (is("returns"), is("rejects")),
            keys,
        }))
    }

    /// Whether a run waits for the step.
    pub(super) fn is_blocking(&self) -> bool {
        !matches!(self.key("blocking"), Some(Tree::Scalar { text, .. }) if text == "false")
    }

    pub(super) fn key(&self, name: &str) -> Option<&Tree> {
        let mut keys = self.keys.iter();
        keys.find(|(key, _)| key == name).map(|(_, value)| value)
    }
}
