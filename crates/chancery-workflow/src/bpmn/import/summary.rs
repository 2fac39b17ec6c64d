//! What is said once of a whole model.

use std::collections::BTreeSet;

use super::source::BPMN;
use super::who::{VENDORS, ZEEBE};
use super::workflow::Writer;
use crate::bpmn::keys::NAMESPACE;

impl Writer<'_, '_, '_> {
    /// What is said once of all.
    pub(super) fn sum_up(&mut self) {
        let process = self.model.process;
        let count = self.one_language;
        if count > 0 {
            let finding = self.model.warn("W905", "bpmn-one-language", process);
            self.findings.push(finding.arg("count", count));
        }
        let count = self.undecided;
        if count > 0 {
            let finding = self.model.warn("W905", "bpmn-decisions", process);
            self.findings.push(finding.arg("count", count));
        }
        let names = self.extensions();
        if !names.is_empty() {
            let all: Vec<String> = names.into_iter().collect();
            let finding = self.model.warn("W905", "bpmn-extensions", process);
            self.findings.push(finding.arg("names", all.join(", ")));
        }
    }

    /// What engines say in words of their own that is not read here.
    fn extensions(&self) -> BTreeSet<String> {
        const READ: [&str; 10] = [
            "assignee",
            "candidateUsers",
            "candidateGroups",
            "dueDate",
            "initiator",
            "assignmentDefinition",
            "taskSchedule",
            "userTask",
            "collection",
            "elementVariable",
        ];
        let is_engine = |namespace: &str| VENDORS.contains(&namespace) || namespace == ZEEBE;
        let mut names = BTreeSet::new();
        for node in &self.model.nodes {
            let mut found: Vec<&str> = Vec::new();
            let attributes = node.element.attributes();
            found.extend(
                attributes
                    .filter(|one| is_engine(one.namespace))
                    .map(|one| one.local),
            );
            let extensions = node.element.child(BPMN, "extensionElements");
            for one in extensions.into_iter().flat_map(|one| one.children()) {
                let is_odd = one.namespace() == NAMESPACE && node.own.is_none();
                if is_engine(one.namespace()) || is_odd {
                    found.push(one.local());
                }
            }
            let unread = found.into_iter().filter(|name| !READ.contains(name));
            names.extend(unread.map(str::to_owned));
        }
        names
    }
}
