//! A workflow as a Mermaid flow chart.

use std::collections::BTreeMap;

use chancery_types::{Locale, Localized};

use super::{as_written, wait_words};
use crate::definition::{Definition, Join, Node, Stage, StageKind};
use crate::parameter::Parameters;

/// The chart. Conditions stand on the arrows, parallel branches between the same two points.
pub(super) fn mermaid(definition: &Definition, locale: Locale) -> String {
    let waits = definition.nodes().iter().map(|node| {
        let said = wait_words(definition, node.id(), locale).join("; ");
        (node.id().to_owned(), said)
    });
    let mut chart = Chart {
        parameters: definition.parameters(),
        waits: waits.filter(|(_, said)| !said.is_empty()).collect(),
        out: String::from("flowchart TD\n  start([ ])\n"),
        locale,
        blocks: 0,
        ways: Vec::new(),
        begins: BTreeMap::new(),
    };
    let last = chart.steps(definition.nodes(), "start".to_owned(), None);
    for (from, to, when) in &chart.ways {
        if let Some(to) = chart.begins.get(to) {
            let when = escape(when);
            chart
                .out
                .push_str(&format!("  {from} -.->|\"{when}\"| {to}\n"));
        }
    }
    let arrow = arrow(&last, "finish", None);
    format!("{}  finish([ ])\n{arrow}", chart.out)
}

struct Chart<'a> {
    /// What conditions name.
    parameters: &'a Parameters,
    out: String,
    locale: Locale,
    blocks: usize,
    /// Ways on of automatic stages: from, to which step, when.
    ways: Vec<(String, String, String)>,
    /// The point at which each step begins, by its identifier.
    begins: BTreeMap<String, String>,
    /// What is waited for before steps, by their identifier.
    waits: BTreeMap<String, String>,
}

impl Chart<'_> {
    /// Draws steps one after another and gives the name of the last point. `entry` stands on the
    /// first arrow.
    fn steps(&mut self, nodes: &[Node], mut before: String, entry: Option<&str>) -> String {
        for (index, node) in nodes.iter().enumerate() {
            before = self.node(node, &before, entry.filter(|_| index == 0));
        }
        before
    }

    /// The first point that a node draws.
    fn begins_at(&self, node: &Node) -> String {
        match node {
            Node::Stage(_) | Node::Automatic(_) => name(node.id()),
            Node::Parallel(_) => format!("fork_{}", self.blocks),
            Node::Sequence(block) => block
                .steps
                .first()
                .map_or_else(String::new, |first| self.begins_at(first)),
        }
    }

    fn node(&mut self, node: &Node, before: &str, entry: Option<&str>) -> String {
        let own = node.when();
        let own = own.map(|when| as_written(when, self.parameters, self.locale));
        let own = own.as_deref();
        let both = entry
            .zip(own)
            .map(|(outer, own)| format!("({outer}) && ({own})"));
        let when = both.as_deref().or(entry).or(own);
        let mut point = self.begins_at(node);
        let mut before = before.to_owned();
        let mut when = when;
        if let Some(said) = self.waits.get(node.id()) {
            let wait = format!("wait_{}", name(node.id()));
            self.out
                .push_str(&format!("  {wait}>\"{}\"]\n", escape(said)));
            self.out.push_str(&arrow(&before, &wait, when.take()));
            point.clone_from(&wait);
            before = wait;
        }
        let before = before.as_str();
        self.begins.insert(node.id().to_owned(), point);
        match node {
            Node::Stage(stage) => {
                self.out.push_str(&stage_line(stage, self.locale));
                self.out.push_str(&arrow(before, &name(&stage.id), when));
                name(&stage.id)
            }
            Node::Automatic(automatic) => {
                let title = label(&automatic.title, &automatic.id, self.locale);
                let own = name(&automatic.id);
                self.out.push_str(&format!("  {own}{{\"{title}\"}}\n"));
                self.out.push_str(&arrow(before, &own, when));
                self.ways.extend(automatic.route.iter().filter_map(|arm| {
                    let to = arm.goto.as_deref()?;
                    let when = as_written(&arm.when, self.parameters, self.locale);
                    Some((own.clone(), to.to_owned(), when))
                }));
                own
            }
            Node::Sequence(block) => self.steps(&block.steps, before.to_owned(), when),
            Node::Parallel(block) => {
                let (fork, join) = (
                    format!("fork_{}", self.blocks),
                    format!("join_{}", self.blocks),
                );
                self.blocks += 1;
                let title = label(&block.title, &block.id, self.locale);
                let how = match block.join {
                    Join::All => String::from(" "),
                    Join::Any => String::from("1"),
                    Join::Count(count) => count.to_string(),
                };
                self.out
                    .push_str(&format!("  {fork}{{{{\"{title}\"}}}}\n  {join}(({how}))\n"));
                self.out.push_str(&arrow(before, &fork, when));
                for branch in &block.branches {
                    let last = self.node(branch, &fork, None);
                    self.out.push_str(&arrow(&last, &join, None));
                }
                join
            }
        }
    }
}

/// An identifier of a stage may be a word of Mermaid's (`end`), so it gets a prefix.
fn name(id: &str) -> String {
    format!("s_{}", id.replace('-', "_"))
}

fn stage_line(stage: &Stage, locale: Locale) -> String {
    let title = label(&stage.title, &stage.id, locale);
    let name = name(&stage.id);
    match stage.kind {
        StageKind::Approve => format!("  {name}[\"{title}\"]\n"),
        StageKind::Sign => format!("  {name}[[\"{title}\"]]\n"),
        StageKind::Acknowledge => format!("  {name}[/\"{title}\"/]\n"),
    }
}

fn arrow(from: &str, to: &str, when: Option<&str>) -> String {
    match when {
        Some(when) => format!("  {from} -->|\"{}\"| {to}\n", escape(when)),
        None => format!("  {from} --> {to}\n"),
    }
}

fn label(title: &Localized, id: &str, locale: Locale) -> String {
    escape(title.get(locale).unwrap_or(id))
}

/// Mermaid reads entity codes of its own, `#quot;`.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '|' => out.push_str("#124;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
