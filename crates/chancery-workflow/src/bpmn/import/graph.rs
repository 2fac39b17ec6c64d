//! The ways of a model without those that lead back, and what is reached by them.

use std::collections::BTreeMap;

use super::source::{Model, Tag};
use crate::diagnostic::Diagnostic;

/// Which ways lead forward.
#[derive(Debug)]
pub(super) struct Graph {
    /// Ways back: to an element on the way to their own beginning.
    back: Vec<bool>,
    /// Ways over steps that the file of a step that asks nobody names itself.
    jumps: Vec<bool>,
    /// Events on the edge of an element, by the element.
    edges: BTreeMap<usize, Vec<usize>>,
}

impl Graph {
    /// # Errors
    ///
    /// A process or a sub-process without exactly one beginning; the first element that no way
    /// leads to.
    pub(super) fn of(model: &Model<'_>) -> Result<Self, Diagnostic> {
        let mut edges: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, node) in model.nodes.iter().enumerate() {
            if let Some(on) = node.attached {
                edges.entry(on).or_default().push(index);
            }
        }
        let mut graph = Self {
            back: vec![false; model.flows.len()],
            jumps: vec![false; model.flows.len()],
            edges,
        };
        graph.find_jumps(model);
        let mut reached = vec![false; model.nodes.len()];
        for scope in 0..model.scopes {
            let start = start_of(model, scope)?;
            graph.walk(model, start, &mut reached);
        }
        let mut nodes = model.nodes.iter().zip(reached);
        match nodes.find(|(_, is_reached)| !is_reached) {
            Some((node, _)) => Err(model.refuse("W902", "bpmn-unreachable", node.element)),
            None => Ok(graph),
        }
    }

    /// The events on the edge of an element.
    pub(super) fn edges(&self, node: usize) -> &[usize] {
        self.edges.get(&node).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_back(&self, flow: usize) -> bool {
        self.back.get(flow).copied().unwrap_or(false)
    }

    /// The ways out of an element, back too, without those over steps.
    pub(super) fn outs(&self, model: &Model<'_>, node: usize) -> Vec<usize> {
        let outs = model.node(node).map_or(&[][..], |node| &node.outs);
        let outs = outs.iter().copied();
        outs.filter(|flow| !self.jumps.get(*flow).copied().unwrap_or(false))
            .collect()
    }

    /// How many ways lead into an element from before it.
    pub(super) fn ins(&self, model: &Model<'_>, node: usize) -> usize {
        let ins = model.node(node).map_or(&[][..], |node| &node.ins);
        let is_forward = |flow: &&usize| {
            let is = |all: &[bool]| all.get(**flow).copied().unwrap_or(false);
            !is(&self.back) && !is(&self.jumps)
        };
        ins.iter().filter(is_forward).count()
    }

    /// The ways over steps out of the gateway after a step that asks nobody, in the order of the
    /// file, where its own file says them.
    pub(super) fn jumps_of(model: &Model<'_>, node: usize) -> Vec<usize> {
        let Some(node) = model.node(node) else {
            return Vec::new();
        };
        let has_route = node
            .own
            .as_ref()
            .is_some_and(|own| own.key("route").is_some());
        let [out] = node.outs.as_slice() else {
            return Vec::new();
        };
        let next = model.flow(*out).and_then(|flow| model.node(flow.to));
        let Some(gate) = next.filter(|next| next.tag == Tag::Exclusive && has_route) else {
            return Vec::new();
        };
        let is_default = |flow: &usize| model.flow(*flow).is_some_and(|flow| flow.is_default);
        if !gate.outs.iter().any(is_default) {
            return Vec::new();
        }
        let outs = gate.outs.iter().copied();
        outs.filter(|flow| !is_default(flow)).collect()
    }

    fn find_jumps(&mut self, model: &Model<'_>) {
        for index in 0..model.nodes.len() {
            for flow in Self::jumps_of(model, index) {
                if let Some(jump) = self.jumps.get_mut(flow) {
                    *jump = true;
                }
            }
        }
    }

    /// Goes all ways from an element, and marks those that lead back to where they came from.
    fn walk(&mut self, model: &Model<'_>, start: usize, reached: &mut [bool]) {
        let mut is_open = vec![false; model.nodes.len()];
        let mut open = vec![(start, self.next(model, start), 0)];
        mark(&mut is_open, start, true);
        mark(reached, start, true);
        while let Some((node, next, at)) = open.last_mut() {
            let Some((flow, to)) = next.get(*at).copied() else {
                mark(&mut is_open, *node, false);
                open.pop();
                continue;
            };
            *at += 1;
            if is_open.get(to).copied().unwrap_or(false) {
                if let Some(back) = flow.and_then(|flow| self.back.get_mut(flow)) {
                    *back = true;
                }
            } else if !reached.get(to).copied().unwrap_or(true) {
                mark(&mut is_open, to, true);
                mark(reached, to, true);
                open.push((to, self.next(model, to), 0));
            }
        }
    }

    /// What comes after an element: by its ways, and by what happens while it is open.
    fn next(&self, model: &Model<'_>, node: usize) -> Vec<(Option<usize>, usize)> {
        let outs = self.outs(model, node).into_iter();
        let ways = outs.filter_map(|flow| Some((Some(flow), model.flow(flow)?.to)));
        let edges = self.edges(node).iter().map(|edge| (None, *edge));
        ways.chain(edges).collect()
    }
}

fn mark(all: &mut [bool], at: usize, is: bool) {
    if let Some(one) = all.get_mut(at) {
        *one = is;
    }
}

/// Where a process or a sub-process begins.
pub(super) fn start_of(model: &Model<'_>, scope: usize) -> Result<usize, Diagnostic> {
    let all = model.nodes.iter().enumerate();
    let mut starts = all.filter(|(_, node)| node.scope == scope && node.tag == Tag::Start);
    let Some((index, start)) = starts.next() else {
        let mut nodes = model.nodes.iter();
        let around = nodes.find(|node| node.inner == Some(scope));
        let around = around.map_or(model.process, |node| node.element);
        return Err(model.refuse("W902", "bpmn-no-start", around));
    };
    if let Some((_, other)) = starts.next() {
        let finding = model.refuse("W902", "bpmn-two-starts", other.element);
        return Err(finding.arg("first", super::source::label(start.element)));
    }
    if !start.ins.is_empty() {
        return Err(model.refuse("W902", "bpmn-into-start", start.element));
    }
    Ok(index)
}
