//! A model as elements and the ways between them.

use std::collections::BTreeMap;

use chancery_xml::{Element, Limits};

use super::own::Own;
use super::places::Lines;
use super::words::Words;
use crate::diagnostic::{Diagnostic, Position};

/// The namespace of BPMN 2.0.
pub(super) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// What a model may cost: the largest that people draw, several times over.
pub(super) const LIMITS: Limits = Limits {
    bytes_max: 4 * 1024 * 1024,
    depth_max: 64,
    nodes_max: 200_000,
    attributes_max: 64,
    declarations_max: 64,
    name_bytes_max: 256,
};
/// What an element does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Start,
    End,
    /// Something is told on the way.
    Throw,
    /// Something that happens while the task or the sub-process is open that it is drawn on.
    Boundary,
    Exclusive,
    Parallel,
    Inclusive,
    Complex,
    /// Somebody decides.
    User,
    /// Somebody does something that no program sees.
    Manual,
    /// A program is asked.
    Service,
    /// A program does something, or something is sent.
    Machine,
    SubProcess,
}

impl Tag {
    pub(super) const fn is_gateway(self) -> bool {
        matches!(
            self,
            Self::Exclusive | Self::Parallel | Self::Inclusive | Self::Complex
        )
    }

    /// Whether people are asked.
    pub(super) const fn is_human(self) -> bool {
        matches!(self, Self::User | Self::Manual)
    }

    pub(super) fn of(local: &str) -> Option<Self> {
        Some(match local {
            "startEvent" => Self::Start,
            "endEvent" => Self::End,
            "intermediateThrowEvent" => Self::Throw,
            "boundaryEvent" => Self::Boundary,
            "exclusiveGateway" => Self::Exclusive,
            "parallelGateway" => Self::Parallel,
            "inclusiveGateway" => Self::Inclusive,
            "complexGateway" => Self::Complex,
            "userTask" | "task" => Self::User,
            "manualTask" => Self::Manual,
            "serviceTask" => Self::Service,
            "sendTask" | "scriptTask" | "businessRuleTask" => Self::Machine,
            "subProcess" => Self::SubProcess,
            _ => return None,
        })
    }
}

/// A task, an event, a gateway or a sub-process.
#[derive(Debug)]
pub(super) struct Node<'d> {
    pub(super) element: Element<'d>,
    pub(super) id: &'d str,
    pub(super) tag: Tag,
    /// In which list of elements it stands: 0 is the process itself.
    pub(super) scope: usize,
    /// Of a sub-process: the list of its elements.
    pub(super) inner: Option<usize>,
    /// Of an event on an edge: what it is drawn on.
    pub(super) attached: Option<usize>,
    /// What our own file says of it.
    pub(super) own: Option<Own>,
    /// The ways out and in, in the order of the file.
    pub(super) outs: Vec<usize>,
    pub(super) ins: Vec<usize>,
}

/// A way from one element to another.
#[derive(Debug)]
pub(super) struct Flow<'d> {
    pub(super) element: Element<'d>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// The condition as written, and the language that it names.
    pub(super) condition: Option<(String, &'d str)>,
    /// Whether it is taken when no condition holds.
    pub(super) is_default: bool,
}

/// A process.
#[derive(Debug)]
pub(super) struct Model<'d> {
    pub(super) process: Element<'d>,
    pub(super) title: Option<&'d str>,
    pub(super) own: Option<Own>,
    pub(super) nodes: Vec<Node<'d>>,
    pub(super) flows: Vec<Flow<'d>>,
    pub(super) scopes: usize,
    /// The lane in which an element stands, by its identifier.
    pub(super) lanes: BTreeMap<String, Element<'d>>,
    /// The names of the file's resources, by their identifiers.
    pub(super) resources: BTreeMap<&'d str, &'d str>,
    pub(super) words: Words,
    pub(super) lines: Lines,
}

impl<'d> Node<'d> {
    pub(super) fn name(&self) -> &'d str {
        self.element.attribute("name").unwrap_or("").trim()
    }

    /// The child element that says what an event is of.
    pub(super) fn event(&self) -> Option<Element<'d>> {
        let mut children = self.element.children();
        children.find(|one| one.namespace() == BPMN && one.local().ends_with("EventDefinition"))
    }
}

impl<'d> Model<'d> {
    pub(super) fn at(&self, element: Element<'_>) -> Position {
        self.lines.position(element.name_range())
    }

    pub(super) fn node(&self, index: usize) -> Option<&Node<'d>> {
        self.nodes.get(index)
    }

    pub(super) fn flow(&self, index: usize) -> Option<&Flow<'d>> {
        self.flows.get(index)
    }

    /// An error at an element, which it names.
    pub(super) fn refuse(
        &self,
        code: &'static str,
        key: &'static str,
        element: Element<'_>,
    ) -> Diagnostic {
        Diagnostic::error(code, key, self.at(element)).arg("element", label(element))
    }

    /// A warning at an element, which it names.
    pub(super) fn warn(
        &self,
        code: &'static str,
        key: &'static str,
        element: Element<'_>,
    ) -> Diagnostic {
        Diagnostic::warning(code, key, self.at(element)).arg("element", label(element))
    }
}

/// An element as findings name it: its name and its identifier, or what it is.
pub(super) fn label(element: Element<'_>) -> String {
    let words = element.attribute("name").unwrap_or("").split_whitespace();
    let name: Vec<&str> = words.collect();
    let name: String = name.join(" ").chars().take(80).collect();
    let id = element.attribute("id").unwrap_or(element.local());
    match name.is_empty() {
        true => id.to_owned(),
        false => format!("{name} [{id}]"),
    }
}
