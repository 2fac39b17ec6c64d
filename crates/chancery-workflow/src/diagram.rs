//! A workflow as a Mermaid flow chart.

use chancery_types::{Locale, Localized};

use crate::definition::{Definition, Node, Stage, StageKind};

/// The chart. Conditions stand on the arrows, parallel branches between the same two points.
pub(crate) fn mermaid(definition: &Definition, locale: Locale) -> String {
    let mut out = String::from("flowchart TD\n  start([ ])\n");
    let mut before = "start".to_owned();
    for (index, node) in definition.nodes().iter().enumerate() {
        match node {
            Node::Stage(stage) => {
                out.push_str(&stage_line(stage, locale));
                let when = stage.when.as_ref().map(|when| when.source());
                out.push_str(&arrow(&before, &name(&stage.id), when));
                before = name(&stage.id);
            }
            Node::Parallel(block) => {
                let (fork, join) = (format!("fork_{index}"), format!("join_{index}"));
                let title = label(&block.title, &block.id, locale);
                out.push_str(&format!("  {fork}{{{{\"{title}\"}}}}\n  {join}(( ))\n"));
                out.push_str(&arrow(
                    &before,
                    &fork,
                    block.when.as_ref().map(|when| when.source()),
                ));
                for stage in &block.branches {
                    out.push_str(&stage_line(stage, locale));
                    let when = stage.when.as_ref().map(|when| when.source());
                    out.push_str(&arrow(&fork, &name(&stage.id), when));
                    out.push_str(&arrow(&name(&stage.id), &join, None));
                }
                before = join;
            }
        }
    }
    out.push_str(&format!(
        "  finish([ ])\n{}",
        arrow(&before, "finish", None)
    ));
    out
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
