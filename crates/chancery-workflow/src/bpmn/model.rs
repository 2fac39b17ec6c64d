//! The parts of a model: what stands where, and what leads from one to the other.

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
    /// Whether it stands in the sub-process.
    pub(super) is_inner: bool,
    pub(super) bounds: Bounds,
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
    pub(super) is_inner: bool,
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
    /// Where the sub-process stands.
    pub(super) body: Option<Bounds>,
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
