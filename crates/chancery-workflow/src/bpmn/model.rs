//! The parts of a model: what stands where, and what leads from one to the other.

use super::keys::Pair;

/// An element with its place.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) id: String,
    /// The element's name in the standard: `userTask`.
    pub(super) tag: &'static str,
    pub(super) name: String,
    pub(super) documentation: String,
    /// What it holds beside, as XML of ours.
    pub(super) within: String,
    /// More attributes, as XML of ours.
    pub(super) attributes: String,
    /// What our own file says of it.
    pub(super) own: Option<Own>,
    /// The sub-process that it stands in.
    pub(super) parent: Option<String>,
    pub(super) bounds: Bounds,
}

/// What our own file says of a step that is not drawn.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// The step's identifier.
    pub(super) id: String,
    /// Whether it is drawn to send the document back, and to end the run.
    pub(super) refuses: (bool, bool),
    pub(super) keys: Vec<Pair>,
}

/// A place, in the diagram's units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A way from one element to another.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) name: String,
    /// A condition in CEL.
    pub(super) condition: Option<String>,
    /// Whether it is what is taken when no condition holds.
    pub(super) is_default: bool,
    /// The sub-process that it stands in.
    pub(super) parent: Option<String>,
    pub(super) points: Vec<(i32, i32)>,
}

/// A whole model.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) elements: Vec<Element>,
    pub(super) flows: Vec<Flow>,
    /// Whether a stage may return the document.
    pub(super) returns: bool,
    /// Whether a stage may end the run.
    pub(super) rejects: bool,
    /// What the file says at its top.
    pub(super) top: Vec<Pair>,
}

impl Model {
    /// Adds a way, numbered.
    pub(super) fn lead(&mut self, flow: Flow) {
        let id = format!("flow_{}", self.flows.len().saturating_add(1));
        self.flows.push(Flow { id, ..flow });
    }

    /// What leads out of an element when no condition holds.
    pub(super) fn default_of(&self, id: &str) -> Option<&str> {
        let mut ways = self.flows.iter();
        let way = ways.find(|flow| flow.from == id && flow.is_default);
        way.map(|flow| flow.id.as_str())
    }
}
