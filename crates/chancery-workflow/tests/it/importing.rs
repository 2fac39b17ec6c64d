//! Models of BPMN 2.0 read as workflows: what we exported comes back as it was; what others draw
//! becomes a workflow, with every gap open and named; what is not in blocks is refused by name.

use std::collections::BTreeMap;

use chancery_types::Locale;
use chancery_workflow::{
    BpmnImported, BpmnImporting, Definition, Diagnostic, House, Kind, Node, Vocabulary,
    import_bpmn, render,
};

use crate::support::*;
use crate::templates::{all_chains, all_kinds};

/// The house that models are read in.
struct Desk {
    kinds: BTreeMap<String, Kind>,
    vocabulary: Vocabulary,
    locale: Locale,
}

impl Desk {
    fn new() -> Self {
        Self {
            kinds: all_kinds(),
            vocabulary: vocabulary(),
            locale: Locale::En,
        }
    }

    fn import(&self, model: &str, document: Option<&str>) -> BpmnImported {
        let with = BpmnImporting {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            document,
            process: None,
            locale: self.locale,
        };
        import_bpmn(model.as_bytes(), &with)
    }

    /// What the house says of a file.
    fn check(&self, source: &str) -> Result<Definition, Vec<Diagnostic>> {
        let house = House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &calendars(),
        };
        Definition::parse_with(source, &house, &means())
    }

    /// A model that becomes a workflow, which the house accepts.
    fn accepted(&self, model: &str, document: Option<&str>) -> (String, Definition) {
        let read = self.import(model, document);
        let said = render(&read.findings, &read.source, "model.bpmn", Locale::En);
        let Some(workflow) = read.workflow else {
            panic!("refused:\n{said}\n{model}")
        };
        match self.check(&workflow) {
            Ok(definition) => (workflow, definition),
            Err(found) => panic!(
                "{}\n{said}\n{workflow}",
                render(&found, &workflow, "read.yaml", Locale::En)
            ),
        }
    }
}

/// Steps without their places in a file.
fn without_places(nodes: &[Node]) -> Vec<Node> {
    let mut nodes = nodes.to_vec();
    for node in &mut nodes {
        match node {
            Node::Stage(stage) => stage.at = Default::default(),
            Node::Automatic(automatic) => automatic.at = Default::default(),
            Node::Parallel(block) => block.branches = without_places(&block.branches),
            Node::Sequence(block) => block.steps = without_places(&block.steps),
        }
    }
    nodes
}

/// Everything that a run is decided by is the same in two workflows.
fn assert_same(name: &str, before: &Definition, after: &Definition) {
    assert_eq!(
        without_places(after.nodes()),
        without_places(before.nodes()),
        "{name}"
    );
    assert_eq!(after.rules(), before.rules(), "{name}");
    assert_eq!(
        format!("{:?}", after.rework()),
        format!("{:?}", before.rework()),
        "{name}"
    );
    assert_eq!(after.material(), before.material(), "{name}");
    assert_eq!(after.lookups(), before.lookups(), "{name}");
    assert_eq!(after.starters(), before.starters(), "{name}");
    assert_eq!(after.takes(), before.takes(), "{name}");
    assert_eq!(after.examples().len(), before.examples().len(), "{name}");
    assert_eq!(after.kind(), before.kind(), "{name}");
    assert_eq!(after.id(), before.id(), "{name}");
    for locale in Locale::ALL {
        assert_eq!(after.title(locale), before.title(locale), "{name}");
    }
    for occasion in chancery_workflow::Occasion::ALL {
        assert_eq!(
            after.consequences(occasion),
            before.consequences(occasion),
            "{name}"
        );
    }
}

/// Goal: what we export comes back as it was, without a word. Method: every shipped chain, in both
/// languages.
#[test]
fn every_shipped_chain_comes_back_as_it_was() {
    let desk = Desk::new();
    for (name, chain) in all_chains() {
        for locale in Locale::ALL {
            let model = chain.bpmn(locale);
            let read = desk.import(&model, None);
            assert_eq!(
                render(&read.findings, &read.source, "m", Locale::En),
                "",
                "{name}"
            );
            let (_, again) = desk.accepted(&model, None);
            assert_same(&name, &chain, &again);
            // And once more: the second text is the first.
            let (text, _) = desk.accepted(&again.bpmn(locale), None);
            assert_eq!(text, again.source(), "{name}");
        }
    }
}
