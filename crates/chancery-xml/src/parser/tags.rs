//! Tags: names, attributes and declarations of namespaces (XML 1.0, 3.1; Namespaces in XML 1.0).

use super::{Open, Parser, Pending, index};
use crate::characters::is_space;
use crate::error::XmlError;
use crate::tree::{AttributeRecord, Declaration, ElementRecord, Kind, Run, Value};

impl<'t> Parser<'t> {
    pub(super) fn start_tag(&mut self) -> Result<(), XmlError> {
        let tag_at = self.at;
        if !self.takes("<") {
            return self.wrong("markup is expected");
        }
        if self.open.is_empty() && self.root.is_some() {
            return self.wrong("a second root element");
        }
        if self.open.len() >= self.limits.depth_max {
            return Err(XmlError::Limit { limit: "depth_max" });
        }
        let bindings = self.names.depth();
        let name = self.qualified()?;
        let declarations_start = self.declarations.len();
        let pending = self.attribute_list()?;
        let namespace = self.names.of_element(self.slice(name.prefix), tag_at)?;
        let attributes = self.resolve(pending)?;
        let declarations = Run {
            start: index(declarations_start),
            end: index(self.declarations.len()),
        };
        let node = self.push(Kind::Element(ElementRecord {
            name,
            namespace,
            attributes,
            declarations,
        }))?;
        if self.open.is_empty() {
            self.root = Some(node);
        }
        if self.takes("/>") {
            self.names.leave(bindings);
            return Ok(());
        }
        if !self.takes(">") {
            return self.wrong("a tag has no end");
        }
        let whole = self.span(tag_at + 1, name.local.end as usize);
        self.open.push(Open {
            node,
            name: self.slice(whole),
            bindings,
        });
        Ok(())
    }

    /// The attributes of a tag; declarations of namespaces come into scope at once.
    fn attribute_list(&mut self) -> Result<Vec<Pending>, XmlError> {
        let mut pending: Vec<Pending> = Vec::new();
        let mut declared: Vec<&'t str> = Vec::new();
        loop {
            let spaced = self.space();
            if self.rest().starts_with(['>', '/']) {
                return Ok(pending);
            }
            if !spaced {
                return self.wrong("white space is expected before an attribute");
            }
            if pending.len() + declared.len() >= self.limits.attributes_max {
                return Err(XmlError::Limit {
                    limit: "attributes_max",
                });
            }
            let at = self.at;
            let name = self.qualified()?;
            self.space();
            if !self.takes("=") {
                return self.wrong("an attribute has no value");
            }
            self.space();
            let value = self.attribute_value()?;
            let (prefix, local) = (self.slice(name.prefix), self.slice(name.local));
            let declares = match (prefix, local) {
                ("", "xmlns") => Some(name.prefix),
                ("xmlns", _) => Some(name.local),
                _ => None,
            };
            let Some(declares) = declares else {
                pending.push(Pending { name, at, value });
                continue;
            };
            let prefix = self.slice(declares);
            if declared.contains(&prefix) {
                return self.wrong("a namespace prefix is declared twice");
            }
            declared.push(prefix);
            let uri = match &value {
                Value::Plain(span) => self.slice(*span),
                Value::Replaced(text) => text,
            };
            let namespace = self.names.declare(prefix, uri, at)?;
            self.declarations.push(Declaration {
                prefix: declares,
                namespace,
            });
        }
    }

    /// A quoted value: references replaced, white space normalised (XML 1.0, 3.3.3).
    fn attribute_value(&mut self) -> Result<Value, XmlError> {
        let raw = self.quoted()?;
        let end = self.at;
        let text = self.slice(raw);
        if text.contains('<') {
            return self.wrong("a less-than sign in the value of an attribute");
        }
        if !text.contains(['&', '\t', '\n']) {
            return Ok(Value::Plain(raw));
        }
        let mut value = String::with_capacity(text.len());
        self.at = raw.start as usize;
        while self.at < raw.end as usize {
            let rest = self.text.get(self.at..raw.end as usize).unwrap_or("");
            if rest.starts_with('&') {
                value.push(self.reference()?);
                // The quote that ends the value cannot end a reference.
                if self.at > raw.end as usize {
                    return self.wrong("a reference has no end");
                }
                continue;
            }
            let length = rest.find('&').unwrap_or(rest.len());
            let plain = rest.get(..length).unwrap_or("");
            value.extend(plain.chars().map(|c| if is_space(c) { ' ' } else { c }));
            self.at += length;
        }
        self.at = end;
        Ok(Value::Replaced(value.into_boxed_str()))
    }

    /// Looks up the prefixes of a tag's attributes and refuses one that stands twice.
    fn resolve(&mut self, pending: Vec<Pending>) -> Result<Run, XmlError> {
        let start = self.attributes.len();
        let mut expanded: Vec<(u32, &str, usize)> = Vec::with_capacity(pending.len());
        for attribute in pending {
            let prefix = self.slice(attribute.name.prefix);
            let namespace = self.names.of_attribute(prefix, attribute.at)?;
            let local = self.slice(attribute.name.local);
            expanded.push((namespace, local, attribute.at));
            self.attributes.push(AttributeRecord {
                name: attribute.name,
                namespace,
                value: attribute.value,
            });
        }
        expanded.sort_unstable();
        let twice = expanded.windows(2).find(|pair| match pair {
            [one, other] => one.0 == other.0 && one.1 == other.1,
            _ => false,
        });
        if let Some([_, (_, _, at)]) = twice {
            let what = "an attribute stands twice";
            return Err(XmlError::Syntax { what, at: *at });
        }
        Ok(Run {
            start: index(start),
            end: index(self.attributes.len()),
        })
    }

    pub(super) fn end_tag(&mut self) -> Result<(), XmlError> {
        let Some(open) = self.open.pop() else {
            return self.wrong("an end tag without its start tag");
        };
        if !self.takes(open.name) {
            return self.wrong("an end tag of another name than its start tag");
        }
        self.space();
        if !self.takes(">") {
            return self.wrong("an end tag of another name than its start tag");
        }
        self.names.leave(open.bindings);
        let end = index(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(open.node as usize) {
            node.end = end;
        }
        Ok(())
    }
}
