//! What a file says that BPMN has no sign for: key by key, as YAML on one line, in elements of our
//! own beside what is drawn. Whatever the drawing shows is not said a second time.

use std::collections::BTreeMap;

use crate::yaml::{self, Node, Tree, Value};

/// The namespace of our elements.
pub(super) const NAMESPACE: &str = "urn:chancery:bpmn:1";

/// A key and its value.
pub(super) type Pair = (String, String);

/// The keys of a file.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Those of the top level.
    pub(super) top: Vec<Pair>,
    /// Those of steps, by path.
    pub(super) steps: BTreeMap<String, Vec<Pair>>,
}

/// What the elements, their order and their conditions show.
const SHOWN: [&str; 5] = ["id", "when", "sequence", "branches", "join"];

impl Kept {
    /// Of a file that was accepted.
    pub(super) fn of(source: &str) -> Self {
        let mut kept = Self::default();
        let Ok(Node {
            value: Value::Map(pairs),
            ..
        }) = yaml::parse(source)
        else {
            return kept;
        };
        for (key, node) in &pairs {
            match key.name.as_str() {
                "stages" => kept.list(node, ""),
                "id" => {}
                name => kept.top.push((name.to_owned(), Tree::of(node).in_line())),
            }
        }
        kept
    }

    fn list(&mut self, node: &Node, around: &str) {
        let Value::List(nodes) = &node.value else {
            return;
        };
        for node in nodes {
            self.step(node, around);
        }
    }

    fn step(&mut self, node: &Node, around: &str) {
        let Value::Map(pairs) = &node.value else {
            return;
        };
        let id = pairs.iter().find_map(|(key, node)| match &node.value {
            Value::Scalar(scalar) if key.name == "id" => Some(scalar.text.as_str()),
            _ => None,
        });
        let path = format!("{around}{}", id.unwrap_or_default());
        let inside = format!("{path}/");
        let mut own = Vec::new();
        for (key, node) in pairs {
            match (key.name.as_str(), &node.value) {
                ("sequence", _) => self.list(node, &inside),
                ("parallel", Value::Map(inner)) => {
                    for (key, node) in inner {
                        if key.name == "branches" {
                            self.list(node, &inside);
                        } else if !SHOWN.contains(&key.name.as_str()) {
                            own.push((key.name.clone(), Tree::of(node).in_line()));
                        }
                    }
                }
                (name, _) if !SHOWN.contains(&name) => {
                    own.push((name.to_owned(), Tree::of(node).in_line()));
                }
                _ => {}
            }
        }
        self.steps.insert(path, own);
    }
}
