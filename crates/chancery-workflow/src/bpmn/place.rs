//! Where the elements of a model stand: steps from left to right, branches beneath one another.

use std::collections::BTreeMap;

use chancery_types::Locale;

use super::keys::{Kept, Pair};
use super::model::{Bounds, Element, Flow, Model, Own};
use super::room::{
    AROUND, EVENT, GAP, GATE, PADDING, TASK, boxed_room, branches_room, node_room, refuses,
    steps_room,
};
use super::write::CEL;
use crate::definition::{Automatic, Definition, Join, Node, Parallel, Sequence, Stage, StageKind};
use crate::diagnostic::message;
use crate::diagram::stage_words;

/// The sub-process of all steps.
pub(super) const BODY: &str = "approval";

/// The first and the last element of placed steps, with where a way comes in and goes out.
#[derive(Clone, Debug)]
struct Ends {
    first: String,
    last: String,
    left: i32,
    right: i32,
}

pub(super) struct Placer {
    pub(super) model: Model,
    pub(super) locale: Locale,
    /// The sub-process in which elements are placed now.
    pub(super) parent: Option<String>,
    /// What the file says of steps that is not drawn, by path.
    kept: BTreeMap<String, Vec<Pair>>,
    /// Ways over steps: from which gateway at which point, to which step, when.
    jumps: Vec<(String, (i32, i32), String, String)>,
    /// The element at which each step begins, by its identifier, and its point beneath.
    begins: BTreeMap<String, (String, (i32, i32))>,
}

/// The model of a workflow with a place for everything.
pub(super) fn placed(definition: &Definition, locale: Locale) -> Model {
    let kept = Kept::of(definition.source());
    let mut placer = Placer {
        model: Model {
            top: kept.top,
            ..Model::default()
        },
        locale,
        parent: Some(BODY.to_owned()),
        kept: kept.steps,
        jumps: Vec::new(),
        begins: BTreeMap::new(),
    };
    let nodes = definition.nodes();
    let room = steps_room(nodes);
    let body = Bounds {
        x: EVENT + GAP + PADDING,
        y: PADDING,
        width: room.width + 2 * (PADDING + EVENT + GAP),
        height: room.above.max(GATE) + room.beneath.max(GATE) + 2 * PADDING,
    };
    let line = body.y + PADDING + room.above.max(GATE);
    placer.body(definition, body, line);
    placer.around(definition, body, line);
    placer.model
}

impl Placer {
    pub(super) fn say(&self, key: &str) -> String {
        message(self.locale, key, &BTreeMap::new())
    }

    pub(super) fn add(
        &mut self,
        tag: &'static str,
        id: &str,
        name: String,
        bounds: Bounds,
    ) -> &mut Element {
        self.model.elements.push(Element {
            id: id.to_owned(),
            tag,
            name,
            documentation: String::new(),
            within: String::new(),
            attributes: String::new(),
            own: None,
            parent: self.parent.clone(),
            bounds,
        });
        let last = self.model.elements.len().saturating_sub(1);
        &mut self.model.elements[last]
    }

    fn gate(&mut self, tag: &'static str, id: &str, x: i32, y: i32) -> &mut Element {
        let bounds = Bounds {
            x,
            y: y - GATE / 2,
            width: GATE,
            height: GATE,
        };
        self.add(tag, id, String::new(), bounds)
    }

    pub(super) fn event(
        &mut self,
        tag: &'static str,
        id: &str,
        name: String,
        at: (i32, i32),
    ) -> &mut Element {
        let bounds = Bounds {
            x: at.0,
            y: at.1 - EVENT / 2,
            width: EVENT,
            height: EVENT,
        };
        self.add(tag, id, name, bounds)
    }

    pub(super) fn lead(&mut self, from: &str, to: &str, points: Vec<(i32, i32)>) -> &mut Flow {
        self.model.lead(Flow {
            id: String::new(),
            from: from.to_owned(),
            to: to.to_owned(),
            name: String::new(),
            condition: None,
            is_default: false,
            parent: self.parent.clone(),
            points,
        });
        let last = self.model.flows.len().saturating_sub(1);
        &mut self.model.flows[last]
    }

    /// The steps in their sub-process, with where they begin and end.
    fn body(&mut self, definition: &Definition, body: Bounds, line: i32) {
        let start = body.x + PADDING;
        self.event("startEvent", "begin", String::new(), (start, line));
        let ends = self.steps(definition.nodes(), start + EVENT + GAP, line);
        let end = ends.right + GAP;
        self.event("endEvent", "agreed", self.say("bpmn-agreed"), (end, line));
        self.lead(
            "begin",
            &ends.first,
            vec![(start + EVENT, line), (ends.left, line)],
        );
        self.go_on(&ends, "agreed", end, line);
        self.jump(body.y + body.height - PADDING / 2);
    }

    /// Draws the ways over steps of the list that was placed last, at this height.
    fn jump(&mut self, floor: i32) {
        for (from, at, to, condition) in std::mem::take(&mut self.jumps) {
            let Some((first, under)) = self.begins.get(&to).cloned() else {
                continue;
            };
            let points = vec![at, (at.0, floor), (under.0, floor), under];
            self.lead(&from, &first, points).condition = Some(condition);
        }
    }

    /// The way from the end of steps to what comes next. Out of a gateway that chooses it is what
    /// is taken when nothing else is.
    fn go_on(&mut self, ends: &Ends, next: &str, left: i32, line: i32) {
        let chooses = ["refused_", "ways_"]
            .iter()
            .any(|kind| ends.last.starts_with(kind));
        let name = match ends.last.starts_with("refused_") {
            true => self.say("bpmn-agreed"),
            false => String::new(),
        };
        let flow = self.lead(&ends.last, next, vec![(ends.right, line), (left, line)]);
        flow.is_default = chooses;
        flow.name = name;
    }

    fn steps(&mut self, nodes: &[Node], mut x: i32, line: i32) -> Ends {
        let mut all: Option<Ends> = None;
        for node in nodes {
            let ends = self.node(node, x, line);
            x = ends.right + GAP;
            all = Some(match all {
                None => ends,
                Some(before) => {
                    self.go_on(&before, &ends.first, ends.left, line);
                    Ends {
                        first: before.first,
                        left: before.left,
                        ..ends
                    }
                }
            });
        }
        // The checks of a file refuse a list of steps without one.
        all.unwrap_or(Ends {
            first: String::new(),
            last: String::new(),
            left: x,
            right: x,
        })
    }

    fn node(&mut self, node: &Node, x: i32, line: i32) -> Ends {
        let id = name_of(node.path());
        let when = node.when().map(|when| when.source().to_owned());
        let left = when.as_ref().map_or(x, |_| x + GATE + GAP);
        let inner = match node {
            Node::Stage(stage) => self.stage(stage, &id, left, line),
            Node::Automatic(automatic) => self.automatic(automatic, &id, left, line),
            Node::Sequence(block) => self.sequence(block, &id, left, line),
            Node::Parallel(block) => self.parallel(block, &id, left, line),
        };
        let ends = match when {
            None => inner,
            Some(when) => self.choice(node, &id, (when, x), inner, line),
        };
        let under = (ends.left + GATE / 2, line + GATE / 2);
        let begin = (ends.first.clone(), under);
        self.begins.entry(node.id().to_owned()).or_insert(begin);
        ends
    }

    /// Steps in order: a sub-process of their own.
    fn sequence(&mut self, block: &Sequence, id: &str, x: i32, line: i32) -> Ends {
        let title = block.title.get(self.locale).unwrap_or(&block.id).to_owned();
        let room = boxed_room(&block.steps);
        let bounds = Bounds {
            x,
            y: line - room.above,
            width: room.width,
            height: room.above + room.beneath,
        };
        self.add("subProcess", id, title, bounds);
        self.own(&block.id, &block.path, (false, false));
        let around = self.parent.replace(id.to_owned());
        let jumps = std::mem::take(&mut self.jumps);
        let (begin, done) = (format!("begin_{id}"), format!("done_{id}"));
        let start = x + PADDING;
        self.event("startEvent", &begin, String::new(), (start, line));
        let ends = self.steps(&block.steps, start + EVENT + GAP, line);
        let end = ends.right + GAP;
        self.event("endEvent", &done, String::new(), (end, line));
        let into = vec![(start + EVENT, line), (ends.left, line)];
        self.lead(&begin, &ends.first, into);
        self.go_on(&ends, &done, end, line);
        self.jump(line + room.beneath - PADDING / 2);
        self.jumps = jumps;
        self.parent = around;
        Ends {
            first: id.to_owned(),
            last: id.to_owned(),
            left: x,
            right: x + room.width,
        }
    }

    /// What the file says of the step whose element was placed last.
    fn own(&mut self, id: &str, path: &str, refuses: (bool, bool)) {
        let keys = self.kept.remove(path).unwrap_or_default();
        if let Some(element) = self.model.elements.last_mut() {
            let id = id.to_owned();
            element.own = Some(Own { id, refuses, keys });
        }
    }

    /// A step that applies only where a condition holds, and the way around it.
    fn choice(
        &mut self,
        node: &Node,
        id: &str,
        (when, x): (String, i32),
        inner: Ends,
        line: i32,
    ) -> Ends {
        let (split, join) = (format!("if_{id}"), format!("endif_{id}"));
        self.gate("exclusiveGateway", &split, x, line);
        let right = inner.right + GAP;
        self.gate("exclusiveGateway", &join, right, line);
        let into = vec![(x + GATE, line), (inner.left, line)];
        self.lead(&split, &inner.first, into).condition = Some(when);
        self.go_on(&inner, &join, right, line);
        let room = node_room(node);
        let (from, to, over) = (x + GATE / 2, right + GATE / 2, line - room.above);
        let top = line - GATE / 2;
        let around = vec![(from, top), (from, over), (to, over), (to, top)];
        self.lead(&split, &join, around).is_default = true;
        Ends {
            first: split,
            last: join,
            left: x,
            right: right + GATE,
        }
    }

    pub(super) fn task(
        &mut self,
        tag: &'static str,
        id: &str,
        name: &str,
        x: i32,
        line: i32,
    ) -> &mut Element {
        let bounds = Bounds {
            x,
            y: line - TASK.1 / 2,
            width: TASK.0,
            height: TASK.1,
        };
        self.add(tag, id, name.to_owned(), bounds)
    }

    fn stage(&mut self, stage: &Stage, id: &str, x: i32, line: i32) -> Ends {
        let title = stage.title.get(self.locale).unwrap_or(&stage.id).to_owned();
        let words = stage_words(stage, self.locale).join("; ");
        if !stage.blocking {
            return self.beside(stage, (&title, words), id, x, line);
        }
        let tag = match stage.kind {
            StageKind::Acknowledge => "manualTask",
            StageKind::Approve | StageKind::Sign => "userTask",
        };
        self.task(tag, id, &title, x, line).documentation = words;
        let right = x + TASK.0;
        let (returns, rejects) = refuses(stage);
        self.own(&stage.id, &stage.path, (returns, rejects));
        if !returns && !rejects {
            return Ends {
                first: id.to_owned(),
                last: id.to_owned(),
                left: x,
                right,
            };
        }
        let gate = format!("refused_{id}");
        let at = right + GAP;
        self.gate("exclusiveGateway", &gate, at, line);
        self.lead(id, &gate, vec![(right, line), (at, line)]);
        let mut y = line + GATE / 2;
        for (is, error, condition) in [
            (returns, "returned", "decision == 'return'"),
            (rejects, "rejected", "decision == 'reject'"),
        ] {
            if !is {
                continue;
            }
            let end = format!("{error}_{id}");
            let name = self.say(&format!("bpmn-{error}"));
            let middle = y + AROUND + EVENT / 2;
            let centre = at + GATE / 2;
            self.event("endEvent", &end, name, (centre - EVENT / 2, middle))
                .within = format!("<bpmn:errorEventDefinition errorRef=\"{error}\"/>");
            // The second leads past the first, at its side.
            let points = match y == line + GATE / 2 {
                true => vec![(centre, y), (centre, middle - EVENT / 2)],
                false => vec![
                    (at + GATE, line),
                    (at + GATE + 10, line + GATE / 2),
                    (at + GATE + 10, middle),
                    (centre + EVENT / 2, middle),
                ],
            };
            self.lead(&gate, &end, points).condition = Some(condition.to_owned());
            y = middle + EVENT / 2;
        }
        self.model.returns |= returns;
        self.model.rejects |= rejects;
        Ends {
            first: id.to_owned(),
            last: gate,
            left: x,
            right: at + GATE,
        }
    }

    /// An acknowledgement that nothing waits for: beside the line, with an end of its own.
    fn beside(
        &mut self,
        stage: &Stage,
        (title, words): (&str, String),
        id: &str,
        x: i32,
        line: i32,
    ) -> Ends {
        let (gate, end) = (format!("beside_{id}"), format!("read_{id}"));
        self.gate("parallelGateway", &gate, x, line);
        let low = line + GATE / 2 + AROUND + TASK.1 / 2;
        let left = x + GATE + GAP;
        self.task("manualTask", id, title, left, low).documentation = words;
        self.own(&stage.id, &stage.path, (false, false));
        let (from, centre) = (left + TASK.0, x + GATE / 2);
        self.lead(
            &gate,
            id,
            vec![(centre, line + GATE / 2), (centre, low), (left, low)],
        );
        let name = self.say("bpmn-read");
        self.event("endEvent", &end, name, (from + GAP, low));
        self.lead(id, &end, vec![(from, low), (from + GAP, low)]);
        Ends {
            first: gate.clone(),
            last: gate,
            left: x,
            right: x + GATE,
        }
    }

    fn automatic(&mut self, automatic: &Automatic, id: &str, x: i32, line: i32) -> Ends {
        let title = automatic.title.get(self.locale).unwrap_or(&automatic.id);
        let title = title.to_owned();
        self.task("serviceTask", id, &title, x, line).documentation = automatic.need.join(", ");
        self.own(&automatic.id, &automatic.path, (false, false));
        let right = x + TASK.0;
        let mut ends = Ends {
            first: id.to_owned(),
            last: id.to_owned(),
            left: x,
            right,
        };
        let ways = automatic.route.iter();
        let ways = ways.filter_map(|arm| Some((arm.goto.clone()?, arm.when.source().to_owned())));
        let ways: Vec<(String, String)> = ways.collect();
        if !ways.is_empty() {
            let (gate, at) = (format!("ways_{id}"), right + GAP);
            self.gate("exclusiveGateway", &gate, at, line);
            self.lead(id, &gate, vec![(right, line), (at, line)]);
            let under = (at + GATE / 2, line + GATE / 2);
            for (to, when) in ways {
                self.jumps.push((gate.clone(), under, to, when));
            }
            (ends.last, ends.right) = (gate, at + GATE);
        }
        ends
    }

    fn parallel(&mut self, block: &Parallel, id: &str, x: i32, line: i32) -> Ends {
        let (fork, join) = (format!("fork_{id}"), format!("join_{id}"));
        let title = block.title.get(self.locale).unwrap_or(&block.id).to_owned();
        self.gate("parallelGateway", &fork, x, line).name = title;
        self.own(&block.id, &block.path, (false, false));
        let room = branches_room(block);
        let right = x + room.width;
        let needed = match block.join {
            Join::All => None,
            Join::Any => Some(1),
            Join::Count(count) => Some(count),
        };
        let tag = needed.map_or("parallelGateway", |_| "complexGateway");
        let gate = self.gate(tag, &join, right - GATE, line);
        if let Some(needed) = needed {
            gate.within = format!(
                "<bpmn:activationCondition xsi:type=\"bpmn:tFormalExpression\" \
                 language=\"{CEL}\">activationCount &gt;= {needed}</bpmn:activationCondition>"
            );
        }
        let mut top = line - room.above;
        for branch in &block.branches {
            let own = node_room(branch);
            let y = top + own.above;
            let ends = self.node(branch, x + GATE + GAP, y);
            let (out, into) = (x + GATE / 2, right - GATE / 2);
            let edge = |y: i32| {
                if y < line {
                    line - GATE / 2
                } else {
                    line + GATE / 2
                }
            };
            let straight = y == line;
            self.lead(
                &fork,
                &ends.first,
                match straight {
                    true => vec![(x + GATE, y), (ends.left, y)],
                    false => vec![(out, edge(y)), (out, y), (ends.left, y)],
                },
            );
            self.go_on(&ends, &join, right - GATE, y);
            if let Some(last) = self.model.flows.last_mut().filter(|_| !straight) {
                last.points = vec![(ends.right, y), (into, y), (into, edge(y))];
            }
            top = y + own.beneath + GAP;
        }
        Ends {
            first: fork,
            last: join,
            left: x,
            right,
        }
    }
}

/// The identifier of a step's element: a name of XML.
fn name_of(path: &str) -> String {
    format!("step_{}", path.replace('/', "."))
}
