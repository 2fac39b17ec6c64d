//! Workflows as models of BPMN 2.0: every identifier once, every way between what is there, every
//! step of the file in the model.

use std::collections::BTreeSet;

use chancery_types::Locale;
use chancery_workflow::Node;

use crate::templates::all_chains;

/// The values of an attribute, wherever it stands.
fn values<'m>(model: &'m str, attribute: &str) -> Vec<&'m str> {
    let opening = format!(" {attribute}=\"");
    let parts = model.split(opening.as_str()).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

/// Goal: a model names each element once, leads only between elements that it has, shows and places
/// each, and has every step of the file. Method: every shipped chain, in both languages.
#[test]
fn a_model_has_every_step_and_names_each_element_once() {
    for (name, definition) in all_chains() {
        for locale in Locale::ALL {
            let model = definition.bpmn(locale);
            // Those of steps, in elements of our own, are the file's.
            let drawn: Vec<&str> = model
                .lines()
                .filter(|line| !line.contains("<chancery:"))
                .collect();
            let model = drawn.join("\n");
            let ids = values(&model, "id");
            let known: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), known.len(), "{name}: an identifier twice");
            for attribute in [
                "sourceRef",
                "targetRef",
                "attachedToRef",
                "bpmnElement",
                "default",
            ] {
                for id in values(&model, attribute) {
                    assert!(known.contains(id), "{name}: {attribute} {id}");
                }
            }
            let mut ahead: Vec<&Node> = definition.nodes().iter().collect();
            while let Some(node) = ahead.pop() {
                ahead.extend(node.children());
                let id = format!("step_{}", node.path().replace('/', "."));
                let id = match node {
                    Node::Parallel(_) => format!("fork_{id}"),
                    Node::Sequence(_) | Node::Stage(_) | Node::Automatic(_) => id,
                };
                assert!(known.contains(id.as_str()), "{name}: no {id}");
            }
        }
    }
}
