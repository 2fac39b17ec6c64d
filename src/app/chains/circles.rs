//! Files whose runs would wait for one another without an end.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chancery_workflow::subdocument_cycles;

use super::{Chain, FileFindings};

/// Files whose runs would wait for documents that wait for theirs.
pub(super) fn waits_in_circles(
    chains: &BTreeMap<String, Chain>,
    paths: &BTreeMap<String, PathBuf>,
) -> Vec<FileFindings> {
    let all = || chains.values().map(|chain| chain.definition.as_ref());
    let found = all().filter_map(|definition| {
        let diagnostics = subdocument_cycles(definition, all());
        let path = paths
            .get(definition.id())
            .filter(|_| !diagnostics.is_empty())?;
        Some(FileFindings {
            path: path.clone(),
            source: definition.source().to_owned(),
            diagnostics,
        })
    });
    found.collect()
}
