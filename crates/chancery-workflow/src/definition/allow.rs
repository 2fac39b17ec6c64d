//! Reading `allow`: what may be done in a stage beside deciding.

use crate::diagnostic::Diagnostic;
use crate::means::{Ability, Means};
use crate::read::{self, Findings};
use crate::yaml::Node;

/// What may be done in a stage beside deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Its assignees ask somebody else beside them.
    pub approvers: bool,
    /// Its tasks are agreed to among others, without opening their documents.
    pub bulk: bool,
    /// Its assignees hand their task on to somebody who decides for them.
    pub delegation: bool,
    /// A task goes to somebody else, who decides in their own name: by its holder, somebody above
    /// them, the owner of the workflow.
    pub reassignment: bool,
    /// A decision carries remarks.
    pub remarks: bool,
    /// Whoever holds a task takes part in the discussion of the document.
    pub comments: bool,
}

/// What is named: the first three only where they are, the others unless the list names some of
/// them.
impl Default for Allowed {
    fn default() -> Self {
        Self {
            approvers: false,
            bulk: false,
            delegation: false,
            reassignment: true,
            remarks: true,
            comments: true,
        }
    }
}

/// The words of the list.
pub(super) const WORDS: [&str; 6] = [
    "add_approver",
    "bulk",
    "comment",
    "delegate",
    "reassign",
    "remarks",
];
/// Those of which a list that names none leaves all.
const USUAL: [&str; 3] = ["comment", "reassign", "remarks"];

/// What the list says.
pub(super) fn read_allow(node: &Node, means: &Means, findings: &mut Findings) -> Allowed {
    let mut named: Vec<&'static str> = Vec::new();
    for node in read::list(node, findings).unwrap_or_default() {
        match read::word(node, &WORDS, findings) {
            Some("delegate") if !means.can(Ability::Delegation) => {
                let finding = Diagnostic::error("W010", "later-value", node.at);
                findings.push(finding.arg("key", "allow").arg("value", "delegate"));
            }
            word => named.extend(word),
        }
    }
    let says = |word: &str| named.contains(&word);
    let is_usual = !USUAL.iter().any(|word| says(word));
    Allowed {
        approvers: says("add_approver"),
        bulk: says("bulk"),
        delegation: says("delegate"),
        reassignment: is_usual || says("reassign"),
        remarks: is_usual || says("remarks"),
        comments: is_usual || says("comment"),
    }
}
