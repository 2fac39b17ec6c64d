//! Where a document that was sent back goes on.

use std::collections::BTreeSet;

use super::blocks::{Blocks, Origin, Step, What};
use super::source::Tag;
use super::workflow::Writer;
use crate::definition::REWORK_ROUNDS_DEFAULT;
use crate::yaml::{Entry, Tree};

impl Writer<'_, '_, '_> {
    /// Where a document that was sent back goes on, if the model says it.
    pub(super) fn rework(&mut self, blocks: &Blocks, stages: &Tree) -> Option<Entry> {
        let first = blocks.targets.first()?;
        let rounds = Tree::word(REWORK_ROUNDS_DEFAULT.to_string());
        let finding = self.model.warn("W905", "bpmn-rounds", self.model.process);
        self.findings
            .push(finding.arg("max", REWORK_ROUNDS_DEFAULT));
        let mut pairs = vec![Entry::new("max_rounds", rounds)];
        let places: BTreeSet<Option<usize>> = blocks
            .targets
            .iter()
            .map(|node| self.place(blocks, *node))
            .collect();
        let mut places = places.into_iter();
        match (places.next().flatten(), places.next()) {
            (Some(0), None) => pairs.push(Entry::new("resume", Tree::word("restart"))),
            (Some(step), None) => {
                let id = nth_id(stages, step).unwrap_or_default();
                let resume = Tree::quoted(format!("stage:{id}"));
                pairs.push(Entry::new("resume", resume));
            }
            _ => {
                if let Some(node) = self.model.node(*first) {
                    let finding = self.model.warn("W905", "bpmn-resume", node.element);
                    self.findings.push(finding);
                }
            }
        }
        Some(Entry::new("rework", Tree::Map(pairs)))
    }

    /// At which step of the top level an element stands at the beginning.
    fn place(&self, blocks: &Blocks, node: usize) -> Option<usize> {
        let mut at = node;
        for _ in 0..self.model.nodes.len() {
            if blocks.prepared.contains(&at) || blocks.outer == Some(at) {
                return Some(0);
            }
            let begins = |step: &Step| self.beginning(step).contains(&at);
            if let Some(step) = blocks.steps.iter().position(begins) {
                return Some(step);
            }
            // A gateway where the way back joins the line: what comes after it.
            let node = self.model.node(at)?;
            let [flow] = node.outs.as_slice() else {
                return None;
            };
            let is_open = node.tag.is_gateway() || node.tag == Tag::Start;
            at = self.model.flow(*flow).filter(|_| is_open)?.to;
        }
        None
    }

    /// The elements at which a step begins: its own, and the gateway of its condition.
    fn beginning(&self, step: &Step) -> Vec<usize> {
        let mut all = match &step.what {
            What::Stage(node)
            | What::Automatic(node)
            | What::Parallel { fork: node, .. }
            | What::Sequence {
                origin: Origin::SubProcess(node),
                ..
            } => vec![*node],
            What::Sequence { steps, .. } => {
                let first = steps.first();
                first.map_or_else(Vec::new, |first| self.beginning(first))
            }
        };
        let ways = step
            .when
            .iter()
            .filter_map(|term| self.model.flow(term.flow));
        all.extend(ways.map(|way| way.from));
        all
    }
}

/// The identifier of one of the steps as they were written.
fn nth_id(stages: &Tree, at: usize) -> Option<&str> {
    let Tree::Lines(all) = stages else {
        return None;
    };
    let Tree::Block(entries) = all.get(at)? else {
        return None;
    };
    match &entries.first()?.value {
        Tree::Scalar { text, .. } => Some(text),
        _ => None,
    }
}
