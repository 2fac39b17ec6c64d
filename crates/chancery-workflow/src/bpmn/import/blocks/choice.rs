//! Gateways after which one way is taken: by a decision, or by a condition on the document.

use super::{Fate, Next, Reader, Step, Stop, Tag, Term, as_one, stages_of};
use crate::bpmn::import::source::Flow;
use crate::diagnostic::Diagnostic;

/// A way without branches to an end, or back.
pub(super) struct Tail {
    /// What stands on it.
    pub(super) nodes: Vec<usize>,
    pub(super) to: TailEnd,
}

/// Where such a way leads.
#[derive(Clone, Copy)]
pub(super) enum TailEnd {
    /// To an end.
    End(usize),
    /// To an earlier element.
    Back(usize),
}

/// How a condition that speaks of an agreement says that there is none.
const DENYING: [&str; 5] = ["false", "!", "not(", "'no'", "\"no\""];

impl Reader<'_, '_> {
    /// What comes after an exclusive gateway.
    pub(super) fn choice(&mut self, at: usize, steps: &mut Vec<Step>) -> Result<Next, Diagnostic> {
        let outs = self.graph.outs(self.model, at);
        if let [flow] = outs.as_slice()
            && !self.graph.is_back(*flow)
        {
            return self.only_way(at);
        }
        if outs.is_empty() {
            return Ok(Next::Stop(Stop::End(at)));
        }
        let asked = steps.last().map(|step| stages_of(self.model, step));
        let asked = asked.unwrap_or_default();
        let mut rest = Vec::new();
        for flow in outs.iter().copied() {
            if !self.refusal(flow, &asked)? {
                rest.push(flow);
            }
        }
        match rest.as_slice() {
            [] => Err(self.refuse("bpmn-which-end", at)),
            [flow] => match self.model.flow(*flow) {
                Some(way) => Ok(Next::Go(way.to)),
                None => Err(self.refuse("bpmn-loop", at)),
            },
            _ => self.legs(at, rest, steps),
        }
    }

    /// Whether a way is that of a return or a rejection by those who were asked just before; then
    /// it is noted.
    fn refusal(&mut self, flow: usize, asked: &[usize]) -> Result<bool, Diagnostic> {
        let Some(way) = self.model.flow(flow) else {
            return Ok(false);
        };
        let (from, element) = (way.from, way.element);
        if self.graph.is_back(flow) && asked.is_empty() {
            return Err(self.model.refuse("W902", "bpmn-loop", element));
        }
        let Some(tail) = self.tail(flow) else {
            return Ok(false);
        };
        if asked.is_empty() {
            // Nobody was asked whose decision this could be.
            return match tail.to {
                TailEnd::Back(_) => Err(self.refuse("bpmn-loop", from)),
                TailEnd::End(_) => Ok(false),
            };
        }
        let fate = match tail.to {
            TailEnd::Back(back) => {
                self.look_back(back)?;
                Fate::Returned
            }
            TailEnd::End(end) => match self.fate_of(flow, end, &tail) {
                Some(fate) => fate,
                None => return Ok(false),
            },
        };
        self.note(&tail, fate, asked, flow);
        Ok(true)
    }

    /// Notes that those who were asked may refuse.
    fn note(&mut self, tail: &Tail, fate: Fate, asked: &[usize], flow: usize) {
        self.take(tail);
        let is_known = |node: &usize| self.model.node(*node).is_some_and(|one| one.own.is_some());
        if !asked.iter().all(is_known) {
            let key = match fate {
                Fate::Returned => "bpmn-read-as-return",
                Fate::Rejected => "bpmn-read-as-rejection",
            };
            let of: Vec<String> = asked.iter().map(|node| self.label(*node)).collect();
            if let Some(way) = self.model.flow(flow) {
                let finding = self.model.warn("W905", key, way.element);
                let finding = finding.arg("asked", of.join(", "));
                self.blocks.warnings.push(finding);
            }
        }
        for node in asked {
            let marks = self.blocks.marks.entry(*node).or_default();
            match fate {
                Fate::Returned => marks.returns = true,
                Fate::Rejected => marks.rejects = true,
            }
        }
    }

    /// What stands on a tail is read.
    pub(super) fn take(&mut self, tail: &Tail) {
        for node in &tail.nodes {
            self.visit(*node);
            if !self.is_ours() {
                let key = match tail.to {
                    TailEnd::Back(_) => "bpmn-rework-step",
                    TailEnd::End(_) => "bpmn-left-out",
                };
                self.warn(key, *node);
            }
        }
        match tail.to {
            TailEnd::End(end) => self.visit(end),
            TailEnd::Back(flow) => {
                let to = self.model.flow(flow).map(|flow| flow.to);
                self.blocks.targets.extend(to);
            }
        }
    }

    /// Whether a way back leads to where every way to here has come through.
    pub(super) fn look_back(&self, flow: usize) -> Result<(), Diagnostic> {
        let Some(way) = self.model.flow(flow) else {
            return Ok(());
        };
        let path = self.path.get(self.floor..).unwrap_or(&[]);
        if path.contains(&way.to) {
            return Ok(());
        }
        let finding = self.model.refuse("W902", "bpmn-out-of-block", way.element);
        Err(finding.arg("to", self.label(way.to)))
    }

    /// The way from a flow on, if it leads to an end or back without branches.
    pub(super) fn tail(&self, flow: usize) -> Option<Tail> {
        let (mut flow, mut nodes) = (flow, Vec::new());
        loop {
            if self.graph.is_back(flow) {
                let to = TailEnd::Back(flow);
                return Some(Tail { nodes, to });
            }
            let at = self.model.flow(flow)?.to;
            let tag = self.tag(at);
            if tag == Tag::End {
                let to = TailEnd::End(at);
                return Some(Tail { nodes, to });
            }
            let is_alone = self.graph.ins(self.model, at) == 1 && self.graph.edges(at).is_empty();
            let outs = self.graph.outs(self.model, at);
            let [only] = outs.as_slice() else {
                return None;
            };
            let is_step = tag.is_human() || matches!(tag, Tag::Machine | Tag::Service | Tag::Throw);
            if !is_alone || !(is_step || tag == Tag::Exclusive) {
                return None;
            }
            if is_step {
                nodes.push(at);
            }
            flow = *only;
        }
    }

    /// What the end of a way says of the decision before it; nothing, if it is not a refusal.
    fn fate_of(&self, flow: usize, end: usize, tail: &Tail) -> Option<Fate> {
        let event = self.model.node(end)?.event();
        let event = event.map(|event| (event.local(), event.attribute("errorRef")));
        let asks = tail.nodes.iter().any(|node| self.tag(*node).is_human());
        match event {
            Some(("errorEventDefinition" | "escalationEventDefinition", thrown)) => {
                let mut caught = self.catchers.iter().rev();
                let found = caught.find(|(error, _)| error.is_none() || error.as_deref() == thrown);
                Some(found.map_or(Fate::Rejected, |(_, fate)| *fate))
            }
            _ if asks => None,
            Some(("terminateEventDefinition", _)) => {
                Some(self.sounds(flow, end).unwrap_or(Fate::Rejected))
            }
            _ => self.sounds(flow, end),
        }
    }

    /// What the names on a way to an end, or its condition, say of a refusal.
    fn sounds(&self, flow: usize, end: usize) -> Option<Fate> {
        let (way, end) = self.model.flow(flow).zip(self.model.node(end))?;
        let name = way.element.attribute("name").unwrap_or("");
        let names = [name, end.name()].map(|text| text.trim().to_lowercase());
        let condition = way.condition.as_ref().map_or("", |(text, _)| text.as_str());
        let condition = condition.to_lowercase();
        let words = &self.model.words;
        let has = |text: &str, all: &[String]| all.iter().any(|word| text.contains(word.as_str()));
        if names.iter().any(|text| has(text, &words.returning)) {
            return Some(Fate::Returned);
        }
        let mut names = names.iter();
        let is_named = names.any(|text| words.no.contains(text) || has(text, &words.rejecting));
        let speaks_of_it = has(&condition, &words.rejecting);
        // `decision != 'rejected'` speaks of a rejection and is none.
        let is_meant = speaks_of_it && !condition.contains("!=");
        let is_denied = DENYING.iter().any(|sign| condition.contains(sign));
        let is_denied = is_denied && has(&condition, &words.agreeing) && !speaks_of_it;
        (is_named || is_meant || is_denied).then_some(Fate::Rejected)
    }

    /// The ways out of a gateway that a condition on the document chooses from.
    fn legs(
        &mut self,
        at: usize,
        mut ways: Vec<usize>,
        steps: &mut Vec<Step>,
    ) -> Result<Next, Diagnostic> {
        let otherwise = self.else_of(at);
        if !ways.iter().any(|flow| Some(*flow) == otherwise) {
            self.warn("bpmn-no-default", at);
        }
        ways.sort_by_key(|flow| Some(*flow) == otherwise);
        let mut read = Vec::new();
        for flow in &ways {
            let Some(way) = self.model.flow(*flow) else {
                continue;
            };
            let (to, is_back) = (way.to, self.graph.is_back(*flow));
            if is_back {
                return Err(self.model.refuse("W902", "bpmn-loop", way.element));
            }
            read.push(self.deeper(at, |reader| reader.list(to, false))?);
        }
        let stops: Vec<Stop> = read.iter().map(|(_, stop)| *stop).collect();
        let stop = self.meet(at, &stops)?;
        if matches!(stop, Stop::End(_)) && read.iter().all(|(legs, _)| legs.is_empty()) {
            return Err(self.refuse("bpmn-which-end", at));
        }
        if let Stop::Join(join, _) = stop
            && self.tag(join).is_gateway()
            && self.tag(join) != Tag::Exclusive
        {
            return Err(self.mismatch(at, join));
        }
        let mut before: Vec<Term> = Vec::new();
        for ((legs, _), flow) in read.into_iter().zip(&ways) {
            let own = (Some(*flow) != otherwise).then_some(Term {
                flow: *flow,
                is_not: false,
            });
            if let Some(mut step) = as_one(legs, *flow) {
                let mut when = before.clone();
                when.extend(own);
                when.append(&mut step.when);
                step.when = when;
                steps.push(step);
            }
            before.extend(own.map(|own| Term {
                is_not: true,
                ..own
            }));
        }
        Ok(match stop {
            Stop::Join(join, count) if count == self.graph.ins(self.model, join) => {
                Next::Opened(join)
            }
            stop => Next::Stop(stop),
        })
    }

    /// The way that is taken when no condition holds. Where none is marked, one without a condition
    /// among others that have one is it.
    fn else_of(&self, gate: usize) -> Option<usize> {
        let outs = self.graph.outs(self.model, gate);
        let is = |wanted: fn(&Flow<'_>) -> bool| {
            let found = outs.iter().copied();
            let found = found.filter(|flow| self.model.flow(*flow).is_some_and(wanted));
            found.collect::<Vec<usize>>()
        };
        let plain = is(|way| way.condition.is_none());
        match (is(|way| way.is_default).as_slice(), plain.as_slice()) {
            ([marked, ..], _) | ([], [marked]) => Some(*marked),
            _ => None,
        }
    }

    /// Where ways that were divided end: all at one place, or all at ends.
    pub(super) fn meet(&self, gate: usize, stops: &[Stop]) -> Result<Stop, Diagnostic> {
        let mut all = stops.iter().copied();
        let Some(mut first) = all.next() else {
            return Err(self.refuse("bpmn-loop", gate));
        };
        for stop in all {
            first = match (first, stop) {
                (Stop::Join(one, count), Stop::Join(other, more)) if one == other => {
                    Stop::Join(one, count + more)
                }
                (Stop::End(_), Stop::End(end)) => Stop::End(end),
                (Stop::Join(..), Stop::Join(other, _)) => {
                    let finding = self.refuse("bpmn-crossing", other);
                    return Err(finding.arg("gate", self.label(gate)));
                }
                (Stop::End(end), Stop::Join(..)) | (Stop::Join(..), Stop::End(end)) => {
                    let finding = self.refuse("bpmn-early-end", end);
                    return Err(finding.arg("gate", self.label(gate)));
                }
            };
        }
        Ok(first)
    }

    /// A gateway that joins what another sort of gateway divided.
    pub(super) fn mismatch(&self, opened: usize, closed: usize) -> Diagnostic {
        let finding = self.refuse("bpmn-gate-mismatch", closed);
        finding.arg("gate", self.label(opened))
    }
}
