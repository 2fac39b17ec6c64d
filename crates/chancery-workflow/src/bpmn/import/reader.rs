//! From XML to elements and ways. What no workflow has is refused here, element by element, in the
//! order of the file.

use std::collections::{BTreeMap, BTreeSet};

use chancery_xml::{Document, Element};

use super::own::Own;
use super::places::Lines;
use super::source::{BPMN, Flow, Model, Node, Tag, label};
use super::words::Words;
use crate::diagnostic::Diagnostic;

/// The most tasks, events and gateways.
const ELEMENTS_MAX: usize = 1_000;
/// The most ways.
const FLOWS_MAX: usize = 3_000;

/// What stands in a process and leads nowhere.
const BESIDE: [&str; 21] = [
    "documentation",
    "extensionElements",
    "ioSpecification",
    "laneSet",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "textAnnotation",
    "association",
    "group",
    "property",
    "monitoring",
    "auditing",
    "category",
    "supports",
    "resourceRole",
    "performer",
    "incoming",
    "outgoing",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
];

/// Reads the process of a document: the one that is named, else the only one.
///
/// # Errors
///
/// Each element that no workflow has, or the first thing that makes the rest unreadable.
pub(super) fn read<'d>(
    document: &'d Document,
    wanted: Option<&str>,
) -> Result<Model<'d>, Vec<Diagnostic>> {
    let root = document.root();
    let lines = Lines::of(document.text());
    let at = |element: Element<'_>| lines.position(element.name_range());
    if !root.is(BPMN, "definitions") {
        let finding = Diagnostic::error("W901", "bpmn-not-bpmn", at(root));
        return Err(vec![finding.arg("element", root.local())]);
    }
    let has_steps = |process: &Element<'d>| {
        let mut children = process.children();
        children.any(|one| one.namespace() == BPMN && Tag::of(one.local()).is_some())
    };
    let is_wanted = |process: &Element<'d>| match wanted {
        Some(id) => process.attribute("id") == Some(id),
        None => true,
    };
    let mut processes = root.named(BPMN, "process");
    let mut processes = processes.by_ref().filter(has_steps).filter(is_wanted);
    let Some(process) = processes.next() else {
        let finding = Diagnostic::error("W901", "bpmn-no-process", at(root));
        return Err(vec![finding.arg("process", wanted.unwrap_or("–"))]);
    };
    if let Some(other) = processes.next() {
        let finding = Diagnostic::error("W901", "bpmn-several-processes", at(other));
        let finding = finding.arg("first", label(process));
        return Err(vec![finding.arg("element", label(other))]);
    }
    let participant = participant_of(root, process);
    let own = Own::of(process, "workflow").map_err(|key| {
        let finding = Diagnostic::error("W901", "bpmn-bad-key", at(process));
        vec![finding.arg("element", label(process)).arg("key", key)]
    })?;
    let named = |element: Element<'d>| element.attribute("name").map(str::trim);
    let title = named(process).filter(|name| !name.is_empty());
    let mut reader = Reader {
        model: Model {
            process,
            title: title.or(participant.and_then(named)),
            own,
            nodes: Vec::new(),
            flows: Vec::new(),
            scopes: 1,
            lanes: lanes_of(process),
            resources: resources_of(root),
            words: Words::read(),
            lines,
        },
        found: Vec::new(),
        ids: BTreeMap::new(),
        odd: BTreeSet::new(),
        ways: Vec::new(),
        edges: Vec::new(),
    };
    reader.scope(process, 0);
    reader.messages(root, participant);
    reader.finish()
}

/// The pool of a process.
fn participant_of<'d>(root: Element<'d>, process: Element<'d>) -> Option<Element<'d>> {
    let collaborations = root.named(BPMN, "collaboration");
    let mut all = collaborations.flat_map(|one| one.named(BPMN, "participant"));
    let id = process.attribute("id");
    all.find(|one| id.is_some() && one.attribute("processRef") == id)
}

/// What people and groups of people are called that the file declares.
fn resources_of<'d>(root: Element<'d>) -> BTreeMap<&'d str, &'d str> {
    let all = root.named(BPMN, "resource");
    all.filter_map(|one| Some((one.attribute("id")?, one.attribute("name")?.trim())))
        .collect()
}

/// Which element stands in which lane; of lanes within lanes the inner one.
fn lanes_of(process: Element<'_>) -> BTreeMap<String, Element<'_>> {
    let lanes = process.descendants().filter(|one| one.is(BPMN, "lane"));
    let mut found = BTreeMap::new();
    for lane in lanes {
        for named in lane.named(BPMN, "flowNodeRef") {
            found.insert(named.text().trim().to_owned(), lane);
        }
    }
    found
}

struct Reader<'d> {
    model: Model<'d>,
    found: Vec<Diagnostic>,
    /// Elements by identifier.
    ids: BTreeMap<&'d str, usize>,
    /// Elements that were refused, so that no way to them is refused once more.
    odd: BTreeSet<&'d str>,
    /// Sequence flows, with the list of elements that each stands in.
    ways: Vec<(Element<'d>, usize)>,
    /// Events on edges.
    edges: Vec<usize>,
}

impl<'d> Reader<'d> {
    fn refuse(&mut self, code: &'static str, key: &'static str, element: Element<'_>) {
        let finding = self.model.refuse(code, key, element);
        self.found.push(finding);
    }

    /// What no workflow has, by what it is.
    fn unsupported(&mut self, element: Element<'_>) {
        let finding = self.model.refuse("W903", "bpmn-unsupported", element);
        self.found.push(finding.arg("tag", element.local()));
    }

    /// The elements right beneath a process or a sub-process. As deep as XML may be nested.
    fn scope(&mut self, around: Element<'d>, scope: usize) {
        for element in around.children().filter(|one| one.namespace() == BPMN) {
            match element.local() {
                "sequenceFlow" => self.ways.push((element, scope)),
                "eventBasedGateway" => {
                    self.odd.extend(element.attribute("id"));
                    self.refuse("W903", "bpmn-event-gateway", element);
                }
                local => match Tag::of(local) {
                    Some(tag) => self.node(element, tag, scope),
                    None if BESIDE.contains(&local) => {}
                    None => {
                        self.odd.extend(element.attribute("id"));
                        self.unsupported(element);
                    }
                },
            }
        }
    }

    fn node(&mut self, element: Element<'d>, tag: Tag, scope: usize) {
        let Some(id) = element.attribute("id").filter(|id| !id.is_empty()) else {
            return self.refuse("W901", "bpmn-no-id", element);
        };
        let own = Own::of(element, "step").unwrap_or_else(|key| {
            let finding = self.model.refuse("W901", "bpmn-bad-key", element);
            self.found.push(finding.arg("key", key));
            None
        });
        let index = self.model.nodes.len();
        if index >= ELEMENTS_MAX {
            return;
        }
        if self.ids.insert(id, index).is_some() {
            self.refuse("W901", "bpmn-twice", element);
        }
        let inner = (tag == Tag::SubProcess).then_some(self.model.scopes);
        self.model.nodes.push(Node {
            element,
            id,
            tag,
            scope,
            inner,
            attached: None,
            own,
            outs: Vec::new(),
            ins: Vec::new(),
        });
        if tag == Tag::Boundary {
            self.edges.push(index);
        }
        self.look_inside(element, tag);
        if let Some(inner) = inner {
            self.model.scopes += 1;
            self.scope(element, inner);
        }
    }

    /// What makes an element of a known sort into one that no workflow has.
    fn look_inside(&mut self, element: Element<'d>, tag: Tag) {
        if element.attribute("triggeredByEvent") == Some("true") {
            self.unsupported(element);
        }
        let has = |local: &str| element.child(BPMN, local);
        if let Some(marker) = has("standardLoopCharacteristics") {
            let finding = self.model.refuse("W903", "bpmn-loop-marker", marker);
            self.found.push(finding.arg("element", label(element)));
        }
        let many = has("multiInstanceLoopCharacteristics");
        if let Some(marker) = many.filter(|_| !tag.is_human()) {
            let finding = self.model.refuse("W903", "bpmn-many", marker);
            self.found.push(finding.arg("element", label(element)));
        }
        let odd = match tag {
            Tag::Throw => ["linkEventDefinition", "compensateEventDefinition"].as_slice(),
            Tag::End => &["compensateEventDefinition", "cancelEventDefinition"],
            _ => &[],
        };
        for local in odd {
            if let Some(event) = has(local) {
                let finding = self.model.refuse("W903", "bpmn-unsupported", event);
                let finding = finding.arg("element", label(element));
                self.found.push(finding.arg("tag", *local));
            }
        }
    }

    /// Messages from one pool to another: a run talks with nobody while it goes on.
    fn messages(&mut self, root: Element<'d>, participant: Option<Element<'d>>) {
        let pool = participant.and_then(|one| one.attribute("id"));
        let collaborations = root.named(BPMN, "collaboration");
        for message in collaborations.flat_map(|one| one.named(BPMN, "messageFlow")) {
            let ends = ["sourceRef", "targetRef"].map(|end| message.attribute(end));
            let ours = |end: &&str| self.ids.contains_key(end) || Some(*end) == pool;
            if ends.iter().flatten().any(ours) {
                self.refuse("W903", "bpmn-message-flow", message);
            }
        }
    }

    /// Ties the ways to the elements.
    fn finish(mut self) -> Result<Model<'d>, Vec<Diagnostic>> {
        if self.model.nodes.len() >= ELEMENTS_MAX || self.ways.len() > FLOWS_MAX {
            let finding = self
                .model
                .refuse("W901", "bpmn-too-many", self.model.process);
            let finding = finding
                .arg("elements", ELEMENTS_MAX)
                .arg("flows", FLOWS_MAX);
            return Err(vec![finding]);
        }
        for index in std::mem::take(&mut self.edges) {
            self.attach(index);
        }
        let ways = std::mem::take(&mut self.ways);
        let mut known = BTreeMap::new();
        for (element, scope) in ways {
            let id = element.attribute("id").unwrap_or("");
            if id.is_empty() || self.ids.contains_key(id) || known.insert(id, ()).is_some() {
                let key = if id.is_empty() {
                    "bpmn-no-id"
                } else {
                    "bpmn-twice"
                };
                self.refuse("W901", key, element);
                continue;
            }
            self.way(element, id, scope);
        }
        if self.found.is_empty() {
            return Ok(self.model);
        }
        self.found
            .sort_by_key(|finding| (finding.line, finding.column));
        self.found.truncate(crate::diagnostic::DIAGNOSTICS_MAX);
        Err(self.found)
    }

    fn attach(&mut self, index: usize) {
        let Some(node) = self.model.nodes.get(index) else {
            return;
        };
        let (element, scope) = (node.element, node.scope);
        let to = element.attribute("attachedToRef").unwrap_or("");
        let found = self.ids.get(to).copied();
        let is_beside = |found: &usize| {
            let to = self.model.node(*found);
            to.is_some_and(|to| to.scope == scope && (!to.tag.is_gateway()))
        };
        match found.filter(is_beside) {
            Some(found) => {
                if let Some(node) = self.model.nodes.get_mut(index) {
                    node.attached = Some(found);
                }
            }
            None if self.odd.contains(to) => {}
            None => {
                let finding = self.model.refuse("W901", "bpmn-dangling", element);
                self.found.push(finding.arg("to", to));
            }
        }
    }

    fn way(&mut self, element: Element<'d>, id: &'d str, scope: usize) {
        let end = |name: &str| element.attribute(name).unwrap_or("");
        if ["sourceRef", "targetRef"]
            .iter()
            .any(|name| self.odd.contains(end(name)))
        {
            return;
        }
        let mut ends = [0; 2];
        for (place, name) in ends.iter_mut().zip(["sourceRef", "targetRef"]) {
            let known = self.ids.get(end(name)).copied();
            let Some((index, node)) = known.and_then(|at| Some((at, self.model.node(at)?))) else {
                let finding = self.model.refuse("W901", "bpmn-dangling", element);
                self.found.push(finding.arg("to", end(name)));
                return;
            };
            if node.scope != scope {
                let finding = self.model.refuse("W902", "bpmn-across", element);
                self.found.push(finding.arg("to", label(node.element)));
                return;
            }
            *place = index;
        }
        let [from, to] = ends;
        let condition = element.child(BPMN, "conditionExpression").map(|one| {
            let language = one.attribute("language").unwrap_or("");
            (one.text().trim().to_owned(), language)
        });
        let index = self.model.flows.len();
        let source = self.model.nodes.get_mut(from);
        let is_default = source.is_some_and(|node| {
            node.outs.push(index);
            node.element.attribute("default") == Some(id)
        });
        if let Some(node) = self.model.nodes.get_mut(to) {
            node.ins.push(index);
        }
        self.model.flows.push(Flow {
            element,
            from,
            to,
            condition: condition.filter(|(text, _)| !text.is_empty()),
            is_default,
        });
    }
}
