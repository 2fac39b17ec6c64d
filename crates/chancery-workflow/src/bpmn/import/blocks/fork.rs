//! Gateways after which several ways are gone at once.

use super::choice::TailEnd;
use super::{Next, Reader, Step, Stop, Tag, Term, What, as_one, bare};
use crate::bpmn::import::source::BPMN;
use crate::definition::Join;
use crate::diagnostic::Diagnostic;

impl Reader<'_, '_> {
    /// What comes after a parallel or an inclusive gateway.
    pub(super) fn fork(&mut self, at: usize, steps: &mut Vec<Step>) -> Result<Next, Diagnostic> {
        let outs = self.graph.outs(self.model, at);
        if outs.len() < 2 {
            return self.only_way(at);
        }
        if let Some(way) = outs.iter().find(|flow| self.graph.is_back(**flow)) {
            let element = self.model.flow(*way).map(|way| way.element);
            let element = element.unwrap_or(self.model.process);
            return Err(self.model.refuse("W902", "bpmn-loop", element));
        }
        let is_parallel = self.tag(at) == Tag::Parallel;
        let is_beside = |flow: &usize| is_parallel && self.beside(*flow).is_some();
        let (beside, ways): (Vec<usize>, Vec<usize>) =
            outs.iter().partition(|flow| is_beside(flow));
        let (beside, ways) = match ways.is_empty() {
            true => (Vec::new(), outs),
            false => (beside, ways),
        };
        for flow in beside {
            self.take_beside(flow, steps);
        }
        if let [flow] = ways.as_slice() {
            let way = self.model.flow(*flow);
            return way
                .map(|way| Next::Go(way.to))
                .ok_or_else(|| self.refuse("bpmn-loop", at));
        }
        self.branches(at, &ways, steps)
    }

    /// What is only read, beside the line, with an end of its own.
    fn beside(&self, flow: usize) -> Option<usize> {
        let tail = self.tail(flow)?;
        let [node] = tail.nodes.as_slice() else {
            return None;
        };
        let is_end = matches!(tail.to, TailEnd::End(_));
        // Two that are only read, each with its end, look alike: of ours it is known which waits.
        let own = self.model.node(*node).and_then(|node| node.own.as_ref());
        let is_beside = match own {
            Some(own) => !own.is_blocking(),
            None => self.tag(*node) == Tag::Manual,
        };
        (is_end && is_beside).then_some(*node)
    }

    fn take_beside(&mut self, flow: usize, steps: &mut Vec<Step>) {
        let (Some(node), Some(tail)) = (self.beside(flow), self.tail(flow)) else {
            return;
        };
        self.visit(node);
        if let TailEnd::End(end) = tail.to {
            self.visit(end);
        }
        self.blocks.marks.entry(node).or_default().is_beside = true;
        steps.push(bare(What::Stage(node)));
    }

    fn branches(
        &mut self,
        at: usize,
        ways: &[usize],
        steps: &mut Vec<Step>,
    ) -> Result<Next, Diagnostic> {
        let floor = std::mem::replace(&mut self.floor, self.path.len());
        let mut read = Vec::new();
        for flow in ways {
            let to = self.model.flow(*flow).map_or(at, |way| way.to);
            read.push(self.deeper(at, |reader| reader.list(to, false))?);
        }
        self.floor = floor;
        let stops: Vec<Stop> = read.iter().map(|(_, stop)| *stop).collect();
        let stop = self.meet(at, &stops)?;
        let join = self.join(at, stop)?;
        let mut branches = Vec::new();
        for ((legs, _), flow) in read.into_iter().zip(ways) {
            if let Some(mut step) = as_one(legs, *flow) {
                let mut when = self.terms(at, *flow, ways);
                when.append(&mut step.when);
                step.when = when;
                branches.push(step);
            }
        }
        match branches.len() {
            0 | 1 => steps.append(&mut branches),
            _ => steps.push(bare(What::Parallel {
                fork: at,
                join,
                branches,
            })),
        }
        Ok(match stop {
            Stop::Join(join, _) => Next::Opened(join),
            stop => Next::Stop(stop),
        })
    }

    /// When a way out of an inclusive gateway is gone.
    fn terms(&self, gate: usize, flow: usize, ways: &[usize]) -> Vec<Term> {
        if self.tag(gate) != Tag::Inclusive {
            return Vec::new();
        }
        let way = self.model.flow(flow);
        if way.is_some_and(|way| way.is_default) {
            let others = ways.iter().filter(|other| **other != flow);
            let is_not = true;
            return others
                .map(|flow| Term {
                    flow: *flow,
                    is_not,
                })
                .collect();
        }
        // Without a condition it is always gone.
        let conditional = way.is_some_and(|way| way.condition.is_some());
        let is_not = false;
        conditional
            .then_some(Term { flow, is_not })
            .into_iter()
            .collect()
    }

    /// How many of the branches that were divided at one gateway end the block, by the gateway
    /// where they meet.
    fn join(&self, at: usize, stop: Stop) -> Result<Join, Diagnostic> {
        let Stop::Join(join, count) = stop else {
            return Ok(Join::All);
        };
        let (opened, closed) = (self.tag(at), self.tag(join));
        if closed != opened && (opened, closed) != (Tag::Parallel, Tag::Complex) {
            return Err(self.mismatch(at, join));
        }
        if count != self.graph.ins(self.model, join) {
            let finding = self.refuse("bpmn-crossing", join);
            return Err(finding.arg("gate", self.label(at)));
        }
        if closed != Tag::Complex {
            return Ok(Join::All);
        }
        self.needed(join)
            .ok_or_else(|| self.refuse("bpmn-join-count", join))
    }

    /// `activationCount >= 2`.
    fn needed(&self, join: usize) -> Option<Join> {
        let element = self.model.node(join)?.element;
        let condition = element.child(BPMN, "activationCondition")?.text();
        let text: String = condition
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '$' | '#' | '{' | '}'))
            .collect();
        let count = text
            .trim_start_matches('=')
            .strip_prefix("activationCount>=")?;
        match count.parse().ok()? {
            0 => None,
            1 => Some(Join::Any),
            count => Some(Join::Count(count)),
        }
    }
}
