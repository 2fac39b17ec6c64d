//! A task as a stage.

use super::blocks::Marks;
use super::count::{Many, Timer, Votes, many, span, timer};
use super::names::id_of;
use super::own::Own;
use super::source::{BPMN, Node, Tag};
use super::who::{performers, vendor, zeebe};
use super::workflow::{UNKNOWN, When, Writer, with_when};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Entry, Tree};

/// How many lines of a task's description are kept as remarks.
const REMARKS_MAX: usize = 10;

impl Writer<'_, '_, '_> {
    /// The keys of a stage.
    pub(super) fn stage(&mut self, index: usize, when: Option<When>) -> Vec<Entry> {
        let Some(node) = self.model.node(index) else {
            return Vec::new();
        };
        let marks = self.marks.get(&index).cloned().unwrap_or_default();
        match &node.own {
            Some(own) => self.own_stage(node, own, &marks, when),
            None => self.new_stage(node, &marks, when),
        }
    }

    fn warn(&mut self, code: &'static str, key: &'static str, node: &Node<'_>) -> Diagnostic {
        self.model.warn(code, key, node.element)
    }

    /// A stage that we exported: what is drawn gives its place and its condition, all else is said.
    fn own_stage(
        &mut self,
        node: &Node<'_>,
        own: &Own,
        marks: &Marks,
        when: Option<When>,
    ) -> Vec<Entry> {
        let drawn = (marks.returns, marks.rejects);
        let is_said = performers(self.model, node, &self.known);
        let is_said = !is_said.found.is_empty() || !is_said.unknown.is_empty();
        let more = is_said || many(node.element).is_some() || !marks.timers.is_empty();
        if drawn != own.refuses || marks.is_beside == own.is_blocking() || more {
            let finding = self.warn("W905", "bpmn-keys-win", node);
            self.findings.push(finding);
        }
        let id = self.ids.give(&own.id);
        let title = self.own_title(own, node.name(), &id);
        let mut head = vec![Entry::new("id", Tree::word(id))];
        let (types, rest): (Vec<_>, Vec<_>) = own
            .keys
            .iter()
            .filter(|(name, _)| name != "title")
            .map(|(name, value)| Entry::new(name, value.clone()))
            .partition(|one| one.key == "type");
        head.extend(types);
        head.push(Entry::new("title", title));
        let mut entries = with_when(head, when);
        entries.extend(rest);
        entries
    }

    fn new_stage(&mut self, node: &Node<'_>, marks: &Marks, when: Option<When>) -> Vec<Entry> {
        let id = id_of(node.id, node.name(), "step");
        let id = self.ids.give(&id);
        let is_read = node.tag == Tag::Manual;
        let kind = if is_read { "acknowledge" } else { "approve" };
        let mut first = Entry::new("id", Tree::word(&id));
        first.comments = self.described(node);
        let title = self.title(node.name(), &id);
        let head = vec![
            first,
            Entry::new("type", Tree::word(kind)),
            Entry::new("title", title),
        ];
        let mut entries = with_when(head, when);
        self.people(node, &id, &mut entries);
        if !is_read {
            self.decisions(marks, &mut entries);
            // A task of BPMN is never a signature by itself.
            if self.model.words.sounds_signing(node.name()) {
                let finding = self.warn("W905", "bpmn-sounds-signing", node);
                self.findings.push(finding);
            }
        }
        self.time(node, marks, &mut entries);
        if marks.is_beside {
            entries.push(Entry::new("blocking", Tree::word("false")));
        }
        entries
    }

    /// What the model says of a task in words.
    fn described(&self, node: &Node<'_>) -> Vec<String> {
        let texts = node.element.named(BPMN, "documentation");
        let texts: Vec<String> = texts.map(|one| one.text()).collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let lines = lines.map(str::trim).filter(|line| !line.is_empty());
        lines.take(REMARKS_MAX).map(str::to_owned).collect()
    }

    /// Who is asked, in which order, and how many must agree.
    fn people(&mut self, node: &Node<'_>, id: &str, entries: &mut Vec<Entry>) {
        let who = performers(self.model, node, &self.known);
        let many = many(node.element);
        let mut unknown = who.unknown;
        let collection = many.as_ref().and_then(|many| many.collection.clone());
        if let Some(collection) = collection {
            // One variable for each of the people of a list: the list is who is asked.
            unknown = vec![collection];
        }
        let mut assignees = who.found;
        let mut remarks = Vec::new();
        if assignees.is_empty() || !unknown.is_empty() {
            let names = unknown.join(", ");
            let shown = if unknown.is_empty() { "–" } else { &names };
            let key = match who.initiator && unknown.is_empty() {
                true => "bpmn-initiator-decides",
                false => "bpmn-who",
            };
            let finding = self.warn("W904", key, node).arg("who", shown);
            self.findings.push(finding);
            if !unknown.is_empty() {
                remarks.push(self.say("bpmn-note-who", &[("who", names)]));
            }
            assignees.push(Tree::word(format!("who_{id}")));
        }
        let mut entry = Entry::new("assignees", Tree::List(assignees));
        entry.comments = remarks;
        entries.push(entry);
        match many {
            Some(many) => self.votes(node, &many, entries),
            None if who.is_any => entries.push(Entry::new("quorum", Tree::word("any"))),
            None => {}
        }
    }

    fn votes(&mut self, node: &Node<'_>, many: &Many, entries: &mut Vec<Entry>) {
        if many.is_sequential {
            entries.push(Entry::new("mode", Tree::word("sequential")));
        }
        if let Votes::Percent(percent, true) = many.quorum {
            let finding = self.warn("W905", "bpmn-percent", node);
            self.findings.push(finding.arg("percent", percent));
        }
        let mut quorum = Entry::new("quorum", many.quorum.tree().unwrap_or(Tree::word(UNKNOWN)));
        if let Votes::Unknown(condition) = &many.quorum {
            let finding = self.warn("W904", "bpmn-quorum", node);
            self.findings.push(finding.arg("condition", condition));
            let args = [("condition", condition.clone())];
            quorum.comments.push(self.say("bpmn-note-quorum", &args));
        }
        entries.push(quorum);
    }

    /// What may be decided, where the model says it.
    fn decisions(&mut self, marks: &Marks, entries: &mut Vec<Entry>) {
        let refusal = match (marks.returns, marks.rejects) {
            (true, true) => return,
            (false, false) => {
                self.undecided += 1;
                return;
            }
            (true, false) => "return",
            (false, true) => "reject",
        };
        let all = ["approve", "approve_with_remarks", refusal];
        let all = all.into_iter().map(Tree::word).collect();
        entries.push(Entry::new("decisions", Tree::List(all)));
    }

    /// Until when, and what happens as time passes.
    fn time(&mut self, node: &Node<'_>, marks: &Marks, entries: &mut Vec<Entry>) {
        let element = node.element;
        let date = vendor(element, "dueDate").or_else(|| zeebe(element, "taskSchedule", "dueDate"));
        let mut due = date.map(|date| span(date).ok_or(date.to_owned()));
        let (mut remind, mut ends) = (Vec::new(), false);
        for (edge, is_interrupting) in &marks.timers {
            let Some(edge) = self.model.node(*edge) else {
                continue;
            };
            let read = edge.event().map_or(Timer::Unknown(String::new()), timer);
            match (read, is_interrupting) {
                (Timer::Every(span, times), false) => {
                    remind.push(reminder(&span, times));
                    let finding = self.warn("W905", "bpmn-read-as-reminder", edge);
                    self.findings.push(finding);
                }
                (_, _) if ends || (due.is_some() && !is_interrupting) => {
                    let finding = self.model.refuse("W903", "bpmn-two-dates", edge.element);
                    self.findings.push(finding);
                }
                (Timer::After(span), is_interrupting) => {
                    due = Some(Ok(span));
                    ends = *is_interrupting;
                    let finding = self.warn("W905", "bpmn-read-as-due", edge);
                    self.findings.push(finding);
                }
                (Timer::Every(..), true) => due = Some(Err("R…".to_owned())),
                (Timer::Unknown(text), is_interrupting) => {
                    due = Some(Err(text));
                    ends = *is_interrupting;
                }
            }
        }
        self.put_due(node, due, entries);
        if !remind.is_empty() {
            entries.push(Entry::new("remind", Tree::List(remind)));
        }
        if ends {
            let whom = Tree::List(vec![Tree::word("initiator")]);
            let then = Tree::map([("finish", Tree::word("expired"))]);
            let tree = Tree::map([("notify", whom), ("then", then)]);
            entries.push(Entry::new("on_timeout", tree));
        }
    }

    fn put_due(
        &mut self,
        node: &Node<'_>,
        due: Option<Result<String, String>>,
        entries: &mut Vec<Entry>,
    ) {
        match due {
            None => {}
            Some(Ok(span)) => entries.push(Entry::new("due", Tree::word(span))),
            Some(Err(date)) => {
                let finding = self.warn("W904", "bpmn-date", node).arg("date", &date);
                self.findings.push(finding);
                let mut entry = Entry::new("due", Tree::word(UNKNOWN));
                entry
                    .comments
                    .push(self.say("bpmn-note-date", &[("date", date)]));
                entries.push(entry);
            }
        }
    }
}

fn reminder(span: &str, times: u32) -> Tree {
    let span = Tree::word(span);
    match times {
        0 | 1 => Tree::map([("after", span)]),
        times => Tree::map([
            ("after", span.clone()),
            ("every", span),
            ("max", Tree::word(times.to_string())),
        ]),
    }
}
