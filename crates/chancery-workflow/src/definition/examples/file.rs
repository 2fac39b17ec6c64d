//! A file with one scene: what an example of a chain holds, for a chain that is tried from outside.

use super::{Context, read_scene, read_script};
use crate::definition::Definition;
use crate::diagnostic::Diagnostic;
use crate::kind::Kind;
use crate::read::{Fields, Findings, Keys};
use crate::trial::{Move, Scene};
use crate::yaml;

const KEYS: Keys = Keys {
    known: &["doc", "facts", "initiator", "people", "at", "script"],
    later: &[],
};

/// A document, its people, and perhaps what is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneFile {
    /// What it begins with.
    pub scene: Scene,
    /// What is done.
    pub script: Vec<Move>,
}

impl SceneFile {
    /// Reads a file with the keys of an example: `doc`, and perhaps `facts`, `initiator`, `people`,
    /// `at`, `script`. Of parameters it may name those that the workflow names.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order.
    pub fn parse(
        source: &str,
        definition: &Definition,
        kind: &Kind,
    ) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        let context = Context {
            kind,
            lookups: definition.lookups(),
            subdocuments: definition.subdocuments(),
            parameters: definition.parameters(),
            stages: definition.every_stage().collect(),
            calendar: definition.calendar(),
        };
        let read = Fields::open(&tree, KEYS, &mut findings).and_then(|fields| {
            let script = fields.get("script");
            let script = match script {
                Some(node) => read_script(node, &context, &mut findings),
                None => Some(Vec::new()),
            };
            let scene = read_scene(&fields, &context, &mut findings)?;
            Some(Self {
                scene,
                script: script?,
            })
        });
        match read {
            Some(read) if !findings.has_errors() => Ok(read),
            _ => Err(findings.into_list()),
        }
    }
}
