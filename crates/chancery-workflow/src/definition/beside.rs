//! What stands beside a way to name people.

use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings};

/// The keys that name nobody themselves.
pub(super) const BESIDE: [&str; 5] = ["pick", "level", "except", "entity", "external"];

/// Reports what stands beside `main` and means nothing there.
pub(super) fn check_beside(main: &str, fields: Fields<'_>, findings: &mut Findings) {
    if let Some(level) = fields.get("level").filter(|_| main != "manager_of") {
        findings.push(Diagnostic::error("W125", "level-of-whom", level.at));
    }
    if let Some(entity) = fields.get("entity").filter(|_| main != "role") {
        findings.push(Diagnostic::error("W125", "entity-of-whom", entity.at));
    }
    let external = fields.get("external");
    let said = external.and_then(|node| Some((node, read::boolean(node, findings)?)));
    if let Some((node, is_external)) = said
        && is_external != (main == "contact")
    {
        findings.push(Diagnostic::error("W121", "external-contact", node.at));
    }
}
