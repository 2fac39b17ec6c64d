//! What a signature covers, as its report tells it.

use crate::facts::{SignatureFacts, SignatureForm};
use crate::judge::Judge;
use crate::report::CoversReport;

/// Whether a change to the file would be seen: a signature over some elements of an XML document
/// says nothing of those beside them.
pub(crate) fn sees_changes(facts: &SignatureFacts) -> bool {
    let coverage = facts.coverage.as_ref();
    coverage.is_ok_and(|coverage| facts.form != SignatureForm::Xml || coverage.whole_file)
}

impl Judge<'_> {
    /// Which bytes it covers, and how many came after them.
    pub(crate) fn covers(&self, facts: &SignatureFacts) -> Option<CoversReport> {
        let coverage = facts.coverage.as_ref().ok()?;
        let [_, first, restart, second] = coverage.byte_range;
        let end = restart.saturating_add(second);
        let revisions = self.facts.pdf.as_ref().map_or(1, |pdf| pdf.revisions);
        let revision = coverage.revision.saturating_add(1);
        let in_pdf = facts.form.is_in_pdf();
        Some(CoversReport {
            byte_range: in_pdf.then_some(coverage.byte_range),
            bytes: first.saturating_add(second),
            whole_file: coverage.whole_file,
            revision_sha256: coverage.revision_sha256.clone(),
            revision,
            revisions_after: match in_pdf {
                true => revisions.saturating_sub(revision),
                false => 0,
            },
            bytes_after: if in_pdf {
                self.facts.bytes.saturating_sub(end)
            } else {
                0
            },
        })
    }
}
