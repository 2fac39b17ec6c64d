//! A placed model as XML.

use std::fmt::Write as _;

use super::keys::{NAMESPACE, Pair};
use super::model::{Bounds, Element, Flow, Model};
use crate::definition::Definition;
use crate::diagram::escape;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bpmn:definitions \
xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" \
xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" \
xmlns:di=\"http://www.omg.org/spec/DD/20100524/DI\" \
xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
targetNamespace=\"urn:chancery:workflow\" exporter=\"Chancery\"";

/// The expression language of conditions, as the standard wants it named: by an address.
pub(super) const CEL: &str = "https://cel.dev";

pub(super) fn write(definition: &Definition, model: &Model) -> String {
    let mut out = String::from(HEAD);
    let id = definition.id();
    let head = format!(" xmlns:chancery=\"{NAMESPACE}\" id=\"definitions_{id}\">\n");
    put(&mut out, &head);
    if model.returns {
        out.push_str("  <bpmn:error id=\"returned\" name=\"returned\" errorCode=\"returned\"/>\n");
    }
    if model.rejects {
        out.push_str("  <bpmn:error id=\"rejected\" name=\"rejected\" errorCode=\"rejected\"/>\n");
    }
    put(
        &mut out,
        &format!("  <bpmn:process id=\"workflow_{id}\" isExecutable=\"false\">\n"),
    );
    let head = format!("workflow id=\"{id}\"");
    own_of(&mut out, &head, &model.top, "    ");
    within(&mut out, model, None, "    ");
    out.push_str("  </bpmn:process>\n");
    diagram(&mut out, id, model);
    out.push_str("</bpmn:definitions>\n");
    out
}

fn put(out: &mut String, text: &str) {
    out.push_str(text);
}

/// What stands in a sub-process, or beneath none.
fn within(out: &mut String, model: &Model, parent: Option<&str>, indent: &str) {
    let elements = model.elements.iter();
    for element in elements.filter(|one| one.parent.as_deref() == parent) {
        element_of(out, model, element, indent);
    }
    let flows = model.flows.iter();
    for flow in flows.filter(|one| one.parent.as_deref() == parent) {
        flow_of(out, flow, indent);
    }
}

/// What our own file says, beside what is drawn.
fn own_of(out: &mut String, head: &str, keys: &[Pair], indent: &str) {
    put(out, &format!("{indent}<bpmn:extensionElements>\n"));
    put(out, &format!("{indent}  <chancery:{head}>\n"));
    for (name, value) in keys {
        let (name, value) = (escape(name), escape(value));
        let key = format!("<chancery:key name=\"{name}\">{value}</chancery:key>");
        put(out, &format!("{indent}    {key}\n"));
    }
    let tag = head.split(' ').next().unwrap_or(head);
    put(out, &format!("{indent}  </chancery:{tag}>\n"));
    put(out, &format!("{indent}</bpmn:extensionElements>\n"));
}

fn element_of(out: &mut String, model: &Model, element: &Element, indent: &str) {
    let Element { id, tag, .. } = element;
    let name = match element.name.is_empty() {
        true => String::new(),
        false => format!(" name=\"{}\"", escape(&element.name)),
    };
    let by_default = model.default_of(id);
    let by_default = by_default.map_or_else(String::new, |flow| format!(" default=\"{flow}\""));
    let attributes = &element.attributes;
    put(
        out,
        &format!("{indent}<bpmn:{tag} id=\"{id}\"{name}{by_default}{attributes}>\n"),
    );
    if !element.documentation.is_empty() {
        let text = escape(&element.documentation);
        let said = format!("{indent}  <bpmn:documentation>{text}</bpmn:documentation>\n");
        put(out, &said);
    }
    if let Some(own) = &element.own {
        let said = |is: bool, word: &str| match is {
            true => format!(" {word}=\"true\""),
            false => String::new(),
        };
        let (returns, rejects) = own.refuses;
        let (returns, rejects) = (said(returns, "returns"), said(rejects, "rejects"));
        let head = format!("step id=\"{}\"{returns}{rejects}", own.id);
        own_of(out, &head, &own.keys, &format!("{indent}  "));
    }
    for flow in model.flows.iter().filter(|flow| flow.to == *id) {
        let way = format!("{indent}  <bpmn:incoming>{}</bpmn:incoming>\n", flow.id);
        put(out, &way);
    }
    for flow in model.flows.iter().filter(|flow| flow.from == *id) {
        let way = format!("{indent}  <bpmn:outgoing>{}</bpmn:outgoing>\n", flow.id);
        put(out, &way);
    }
    if !element.within.is_empty() {
        put(out, &format!("{indent}  {}\n", element.within));
    }
    if *tag == "subProcess" {
        within(out, model, Some(id), &format!("{indent}  "));
    }
    put(out, &format!("{indent}</bpmn:{tag}>\n"));
}

fn flow_of(out: &mut String, flow: &Flow, indent: &str) {
    let Flow { id, from, to, .. } = flow;
    let name = match flow.name.is_empty() {
        true => String::new(),
        false => format!(" name=\"{}\"", escape(&flow.name)),
    };
    let head = format!(
        "{indent}<bpmn:sequenceFlow id=\"{id}\"{name} sourceRef=\"{from}\" targetRef=\"{to}\""
    );
    put(out, &head);
    match &flow.condition {
        None => out.push_str("/>\n"),
        Some(condition) => put(
            out,
            &format!(
                ">\n{indent}  <bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\" \
                 language=\"{CEL}\">{}</bpmn:conditionExpression>\n{indent}</bpmn:sequenceFlow>\n",
                escape(condition)
            ),
        ),
    }
}

fn diagram(out: &mut String, id: &str, model: &Model) {
    put(
        out,
        &format!(
            "  <bpmndi:BPMNDiagram id=\"diagram_{id}\">\n    <bpmndi:BPMNPlane \
             id=\"plane_{id}\" bpmnElement=\"workflow_{id}\">\n"
        ),
    );
    for element in &model.elements {
        let marks = match element.tag {
            "subProcess" => " isExpanded=\"true\"",
            "exclusiveGateway" => " isMarkerVisible=\"true\"",
            _ => "",
        };
        let Bounds {
            x,
            y,
            width,
            height,
        } = element.bounds;
        put(
            out,
            &format!(
                "      <bpmndi:BPMNShape id=\"shape_{id}\" bpmnElement=\"{id}\"{marks}>\n        \
                 <dc:Bounds x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n      \
                 </bpmndi:BPMNShape>\n",
                id = element.id,
            ),
        );
    }
    for flow in &model.flows {
        let id = &flow.id;
        let edge = format!("      <bpmndi:BPMNEdge id=\"edge_{id}\" bpmnElement=\"{id}\">\n");
        put(out, &edge);
        for (x, y) in &flow.points {
            let _ = writeln!(out, "        <di:waypoint x=\"{x}\" y=\"{y}\"/>");
        }
        out.push_str("      </bpmndi:BPMNEdge>\n");
    }
    out.push_str("    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n");
}
