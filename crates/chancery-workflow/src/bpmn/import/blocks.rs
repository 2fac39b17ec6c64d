//! From elements and ways to blocks: each gateway that divides has one that joins, of the same
//! sort, and nothing leads into or out of what stands between them.

mod choice;
mod edges;
mod fork;

use std::collections::BTreeMap;

use super::graph::{Graph, start_of};
use super::source::{Model, Tag, label};
use super::who;
use crate::definition::Join;
use crate::diagnostic::Diagnostic;

/// How deep blocks and conditions may stand within one another: the deepest file of ours is drawn
/// with fewer.
const DEPTH_MAX: usize = 32;

/// A part of the condition of a step: that a way is taken, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) flow: usize,
    pub(super) is_not: bool,
}

/// A step, with the conditions under which it applies: all of them must hold.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) what: What,
    pub(super) when: Vec<Term>,
}

/// What a step is, by the element that it was.
#[derive(Clone, Debug)]
pub(super) enum What {
    Stage(usize),
    Automatic(usize),
    Parallel {
        fork: usize,
        join: Join,
        branches: Vec<Step>,
    },
    /// A sub-process, or several steps on one way out of a gateway.
    Sequence {
        origin: Origin,
        steps: Vec<Step>,
    },
}

/// Where a sequence comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    SubProcess(usize),
    Way(usize),
}

/// What the drawing says of a stage beside its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// It sends the document back.
    pub(super) returns: bool,
    /// It ends the run.
    pub(super) rejects: bool,
    /// Nothing waits for it.
    pub(super) is_beside: bool,
    /// Timers on its edge, with whether each ends the run.
    pub(super) timers: Vec<(usize, bool)>,
}

/// A process in blocks.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) steps: Vec<Step>,
    pub(super) marks: BTreeMap<usize, Marks>,
    /// The elements to which documents are sent back.
    pub(super) targets: Vec<usize>,
    /// The sub-process that held all steps.
    pub(super) outer: Option<usize>,
    /// Steps of the initiator before the first one.
    pub(super) prepared: Vec<usize>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Where a list of steps ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// At an element into which several ways lead, by so many of them.
    Join(usize, usize),
    /// At an end.
    End(usize),
}

/// What comes after an element.
enum Next {
    Go(usize),
    /// The ways into it were looked at.
    Opened(usize),
    Stop(Stop),
}

/// What an error that is thrown inside a sub-process comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Returned,
    Rejected,
}

/// Reads the blocks of a model.
///
/// # Errors
///
/// The first element that is in no block.
pub(super) fn read(model: &Model<'_>, graph: &Graph) -> Result<Blocks, Diagnostic> {
    let mut reader = Reader {
        model,
        graph,
        blocks: Blocks::default(),
        visited: vec![false; model.nodes.len()],
        path: Vec::new(),
        floor: 0,
        depth: 0,
        catchers: Vec::new(),
    };
    let mut steps = reader.scope(0)?;
    // A process that is one sub-process is what stands in it.
    if let [
        Step {
            what:
                What::Sequence {
                    origin: Origin::SubProcess(node),
                    steps: inner,
                },
            when,
        },
    ] = steps.as_mut_slice()
        && when.is_empty()
        && model.node(*node).is_some_and(|node| node.own.is_none())
    {
        reader.blocks.outer = Some(*node);
        steps = std::mem::take(inner);
    }
    if steps.is_empty() {
        return Err(model.refuse("W902", "bpmn-empty", model.process));
    }
    let mut nodes = model.nodes.iter().zip(&reader.visited);
    if let Some((node, _)) = nodes.find(|(_, is_visited)| !**is_visited) {
        return Err(model.refuse("W902", "bpmn-unreachable", node.element));
    }
    reader.blocks.steps = steps;
    Ok(reader.blocks)
}

struct Reader<'m, 'd> {
    model: &'m Model<'d>,
    graph: &'m Graph,
    blocks: Blocks,
    visited: Vec<bool>,
    /// The elements that every way to the present one goes through.
    path: Vec<usize>,
    /// From which of them on a way may lead back: none leads out of a parallel branch.
    floor: usize,
    depth: usize,
    /// Errors that the sub-processes around catch: by whom, by which error, and what follows.
    catchers: Vec<(Option<String>, Fate)>,
}

impl Reader<'_, '_> {
    fn refuse(&self, key: &'static str, node: usize) -> Diagnostic {
        let element = self.model.node(node).map(|node| node.element);
        self.model
            .refuse("W902", key, element.unwrap_or(self.model.process))
    }

    /// What no workflow has, by what it is.
    fn unsupported(&self, key: &'static str, node: usize) -> Diagnostic {
        let element = self.model.node(node).map(|node| node.element);
        let element = element.unwrap_or(self.model.process);
        let finding = self.model.refuse("W903", key, element);
        finding.arg("tag", element.local())
    }

    fn label(&self, node: usize) -> String {
        let node = self.model.node(node);
        node.map(|node| label(node.element)).unwrap_or_default()
    }

    fn warn(&mut self, key: &'static str, node: usize) {
        if let Some(node) = self.model.node(node) {
            let finding = self.model.warn("W905", key, node.element);
            self.blocks.warnings.push(finding);
        }
    }

    fn tag(&self, node: usize) -> Tag {
        self.model.node(node).map_or(Tag::Throw, |node| node.tag)
    }

    fn visit(&mut self, node: usize) {
        if let Some(visited) = self.visited.get_mut(node) {
            *visited = true;
        }
    }

    /// Whether the model is one that we wrote: what it has beyond the steps is known.
    const fn is_ours(&self) -> bool {
        self.model.own.is_some()
    }

    /// The steps of a process or a sub-process.
    fn scope(&mut self, scope: usize) -> Result<Vec<Step>, Diagnostic> {
        let start = start_of(self.model, scope)?;
        if self
            .model
            .node(start)
            .and_then(|node| node.event())
            .is_some()
        {
            self.warn("bpmn-start-event", start);
        }
        let (steps, stop) = self.deeper(start, |reader| reader.list(start, scope == 0))?;
        match stop {
            Stop::End(_) => Ok(steps),
            Stop::Join(join, _) => {
                let finding = self.refuse("bpmn-crossing", join);
                Err(finding.arg("gate", self.label(start)))
            }
        }
    }

    /// One level of blocks deeper.
    fn deeper<T>(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        if self.depth >= DEPTH_MAX {
            return Err(self.refuse("bpmn-too-deep", at).arg("max", DEPTH_MAX));
        }
        self.depth += 1;
        let length = self.path.len();
        let answer = read(self);
        self.path.truncate(length);
        self.depth -= 1;
        answer
    }

    /// The steps from an element on, up to where several ways meet or to an end.
    fn list(&mut self, start: usize, is_top: bool) -> Result<(Vec<Step>, Stop), Diagnostic> {
        let (mut at, mut is_opened) = (start, false);
        let mut steps = Vec::new();
        loop {
            let tag = self.tag(at);
            let ins = self.graph.ins(self.model, at);
            if ins > 1 && !is_opened && tag != Tag::End {
                return Ok((steps, Stop::Join(at, 1)));
            }
            let is_visited = self.visited.get(at).copied().unwrap_or(true);
            if is_visited && tag != Tag::End {
                return Err(self.refuse("bpmn-loop", at));
            }
            self.visit(at);
            self.path.push(at);
            let next = self.element(at, is_top, &mut steps)?;
            (at, is_opened) = match next {
                Next::Go(next) => (next, false),
                Next::Opened(next) => (next, true),
                Next::Stop(stop) => return Ok((steps, stop)),
            };
        }
    }

    fn element(
        &mut self,
        at: usize,
        is_top: bool,
        steps: &mut Vec<Step>,
    ) -> Result<Next, Diagnostic> {
        let tag = self.tag(at);
        match tag {
            Tag::End => return self.end(at).map(Next::Stop),
            Tag::Start | Tag::Boundary => {}
            Tag::Throw => self.warn("bpmn-left-out", at),
            Tag::Machine => return Err(self.unsupported("bpmn-machine", at)),
            Tag::Exclusive => return self.choice(at, steps),
            Tag::Parallel | Tag::Inclusive => return self.fork(at, steps),
            Tag::Complex => {
                if self.graph.outs(self.model, at).len() > 1 {
                    return Err(self.unsupported("bpmn-unsupported", at));
                }
            }
            Tag::User | Tag::Manual => {
                self.look_at_edges(at)?;
                let is_first = is_top && steps.is_empty();
                let node = self.model.node(at);
                if is_first && node.is_some_and(|node| who::is_initiator(self.model, node)) {
                    self.warn("bpmn-initiator-step", at);
                    self.blocks.prepared.push(at);
                } else {
                    self.blocks.marks.entry(at).or_default();
                    steps.push(bare(What::Stage(at)));
                }
            }
            Tag::Service => {
                self.look_at_edges(at)?;
                steps.push(bare(What::Automatic(at)));
            }
            Tag::SubProcess => steps.push(self.sub_process(at)?),
        }
        self.only_way(at)
    }

    /// An end that nobody leads to by refusing.
    fn end(&mut self, at: usize) -> Result<Stop, Diagnostic> {
        let event = self.model.node(at).and_then(|node| node.event());
        match event.map(|event| event.local()) {
            None | Some("terminateEventDefinition") => {}
            Some("errorEventDefinition" | "escalationEventDefinition") => {
                return Err(self.refuse("bpmn-error-end", at));
            }
            Some(_) => self.warn("bpmn-left-out", at),
        }
        Ok(Stop::End(at))
    }

    fn sub_process(&mut self, at: usize) -> Result<Step, Diagnostic> {
        let caught = self.catchers.len();
        self.look_at_edges(at)?;
        let inner = self.model.node(at).and_then(|node| node.inner);
        let floor = std::mem::replace(&mut self.floor, self.path.len());
        let steps = self.scope(inner.unwrap_or(0))?;
        self.floor = floor;
        self.catchers.truncate(caught);
        if steps.is_empty() {
            return Err(self.refuse("bpmn-empty", at));
        }
        let origin = Origin::SubProcess(at);
        Ok(bare(What::Sequence { origin, steps }))
    }

    /// What comes after an element from which one way leads on.
    fn only_way(&self, at: usize) -> Result<Next, Diagnostic> {
        let outs = self.graph.outs(self.model, at);
        let is_gateway = self.tag(at).is_gateway();
        match outs.as_slice() {
            [] => Ok(Next::Stop(Stop::End(at))),
            [flow] if self.graph.is_back(*flow) => Err(self.refuse("bpmn-loop", at)),
            [flow] => match self.model.flow(*flow) {
                Some(way) if way.condition.is_none() || is_gateway => Ok(Next::Go(way.to)),
                _ => Err(self.refuse("bpmn-two-ways-out", at)),
            },
            _ => Err(self.refuse("bpmn-two-ways-out", at)),
        }
    }
}

fn bare(what: What) -> Step {
    Step {
        what,
        when: Vec::new(),
    }
}

/// One step of several: itself, or a sequence that comes from a way.
fn as_one(mut steps: Vec<Step>, flow: usize) -> Option<Step> {
    if steps.len() > 1 {
        let origin = Origin::Way(flow);
        return Some(bare(What::Sequence { origin, steps }));
    }
    steps.pop()
}

/// The stages within a step that somebody decides, by their elements.
fn stages_of(model: &Model<'_>, step: &Step) -> Vec<usize> {
    match &step.what {
        What::Stage(node) => {
            let is_user = model.node(*node).is_some_and(|node| node.tag == Tag::User);
            is_user.then_some(*node).into_iter().collect()
        }
        What::Automatic(_) => Vec::new(),
        What::Parallel {
            branches: steps, ..
        }
        | What::Sequence { steps, .. } => {
            let all = steps.iter().flat_map(|step| stages_of(model, step));
            all.collect()
        }
    }
}
