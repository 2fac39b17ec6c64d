//! What may happen while a task or a sub-process is open.

use super::choice::{Tail, TailEnd};
use super::{Fate, Reader, Tag};
use crate::diagnostic::Diagnostic;

impl Reader<'_, '_> {
    /// Reads the events on the edge of an element.
    pub(super) fn look_at_edges(&mut self, at: usize) -> Result<(), Diagnostic> {
        for edge in self.graph.edges(at).to_vec() {
            self.visit(edge);
            self.edge(at, edge)?;
        }
        Ok(())
    }

    fn edge(&mut self, at: usize, edge: usize) -> Result<(), Diagnostic> {
        let Some(node) = self.model.node(edge) else {
            return Ok(());
        };
        let event = node.event();
        let error = event.and_then(|event| event.attribute("errorRef"));
        let error = error.map(str::to_owned);
        let is_interrupting = node.element.attribute("cancelActivity") != Some("false");
        let what = event.map_or("", |event| event.local());
        let (on, tail) = (self.tag(at), self.tail_of(edge)?);
        match (what, tail.to, on) {
            ("timerEventDefinition", TailEnd::End(_), Tag::User | Tag::Manual) => {
                let marks = self.blocks.marks.entry(at).or_default();
                marks.timers.push((edge, is_interrupting));
            }
            ("errorEventDefinition" | "escalationEventDefinition", to, _) => {
                self.caught(at, edge, error, to)?;
            }
            (
                "messageEventDefinition" | "signalEventDefinition",
                TailEnd::End(_),
                Tag::SubProcess,
            ) if is_interrupting => {
                if !self.is_ours() {
                    self.warn("bpmn-read-as-withdrawal", edge);
                }
            }
            _ => return Err(self.unmapped(edge)),
        }
        self.take(&tail);
        Ok(())
    }

    /// What an error comes to: of a task, a decision in it; of a sub-process, that of whoever
    /// throws it inside.
    fn caught(
        &mut self,
        at: usize,
        edge: usize,
        error: Option<String>,
        to: TailEnd,
    ) -> Result<(), Diagnostic> {
        let fate = match to {
            TailEnd::End(_) => Fate::Rejected,
            TailEnd::Back(flow) => {
                // The element itself is where the way may lead: it stands on the path already.
                self.look_back(flow)?;
                Fate::Returned
            }
        };
        match self.tag(at) {
            Tag::SubProcess => self.catchers.push((error, fate)),
            Tag::User => {
                let marks = self.blocks.marks.entry(at).or_default();
                match fate {
                    Fate::Returned => marks.returns = true,
                    Fate::Rejected => marks.rejects = true,
                }
            }
            _ => return Err(self.unmapped(edge)),
        }
        Ok(())
    }

    fn tail_of(&self, edge: usize) -> Result<Tail, Diagnostic> {
        let outs = self.graph.outs(self.model, edge);
        let tail = match outs.as_slice() {
            [flow] => self.tail(*flow),
            _ => None,
        };
        tail.ok_or_else(|| self.unmapped(edge))
    }

    fn unmapped(&self, edge: usize) -> Diagnostic {
        let element = self.model.node(edge).map(|node| node.element);
        let element = element.unwrap_or(self.model.process);
        self.model.refuse("W903", "bpmn-boundary", element)
    }
}
