//! A document in memory: nodes in the order of the document, each knowing where its subtree ends.

use crate::encoding::decode;
use crate::error::XmlError;
use crate::limits::Limits;
use crate::parser;

/// What the prefix `xml` is bound to, always.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// A piece of the document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

/// A value: as it stands in the text, or with its references replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Plain(Span),
    Replaced(Box<str>),
}

/// A name with its prefix; the prefix is empty if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QName {
    pub prefix: Span,
    pub local: Span,
}

/// A run of records that belong to one element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttributeRecord {
    pub name: QName,
    pub namespace: u32,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Declaration {
    pub prefix: Span,
    pub namespace: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ElementRecord {
    pub name: QName,
    pub namespace: u32,
    pub attributes: Run,
    pub declarations: Run,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Element(ElementRecord),
    Text(Value),
    Comment(Span),
    Instruction { target: Span, content: Span },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub parent: u32,
    /// The index after the last node of its subtree.
    pub end: u32,
    pub kind: Kind,
}

/// The place of a node in its document; the document itself is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The document itself: the parent of its root element.
    pub const DOCUMENT: Self = Self(0);
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) text: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) attributes: Vec<AttributeRecord>,
    pub(crate) declarations: Vec<Declaration>,
    /// Every namespace once; the first is none at all.
    pub(crate) namespaces: Vec<Box<str>>,
    pub(crate) root: u32,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// An [`XmlError`]: not well-formed, with a document type declaration, in an encoding that is
    /// not read here, or larger than the limits.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        parser::parse(decode(bytes, limits)?, limits)
    }

    /// Reads a document that was decoded before, by [`crate::decode`]: for whoever shows its text.
    ///
    /// # Errors
    ///
    /// As [`Document::parse`].
    pub fn parse_decoded(text: String, limits: &Limits) -> Result<Self, XmlError> {
        if text.len() > limits.bytes_max {
            return Err(XmlError::Limit { limit: "bytes_max" });
        }
        parser::parse(text, limits)
    }

    /// The text that offsets count in: decoded, its line ends line feeds.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element {
            document: self,
            index: self.root,
        }
    }

    /// The element at `id`, if it is one of this document's elements.
    #[must_use]
    pub fn element(&self, id: NodeId) -> Option<Element<'_>> {
        let is_element = matches!(self.nodes.get(id.0 as usize)?.kind, Kind::Element(_));
        is_element.then_some(Element {
            document: self,
            index: id.0,
        })
    }

    /// The places of a node and of everything beneath it, those of the document's nodes; nothing if
    /// there is no such node.
    #[must_use]
    pub fn span(&self, id: NodeId) -> std::ops::Range<u32> {
        let node = self.nodes.get(id.0 as usize);
        id.0..node.map_or(id.0, |node| node.end)
    }

    /// What stands in the document itself, in order: the root, and the comments and instructions
    /// around it.
    pub fn contents(&self) -> impl Iterator<Item = Content<'_>> {
        let end = self.nodes.first().map_or(0, |node| node.end);
        self.contents_in(1, end)
    }

    /// The nodes from one index to another, without what stands in them.
    fn contents_in(&self, from: u32, end: u32) -> impl Iterator<Item = Content<'_>> {
        let mut at = from;
        std::iter::from_fn(move || {
            while at < end {
                let node = self.nodes.get(at as usize)?;
                let index = at;
                at = node.end.max(at.saturating_add(1));
                return Some(match &node.kind {
                    // Nothing holds the document, so it is never met here.
                    Kind::Document => continue,
                    Kind::Element(_) => Content::Element(Element {
                        document: self,
                        index,
                    }),
                    Kind::Text(value) => Content::Text(self.value(value)),
                    Kind::Comment(span) => Content::Comment(self.slice(*span)),
                    Kind::Instruction { target, .. } => Content::Instruction(self.slice(*target)),
                });
            }
            None
        })
    }

    pub(crate) fn slice(&self, span: Span) -> &str {
        let range = span.start as usize..span.end as usize;
        self.text.get(range).unwrap_or("")
    }

    pub(crate) fn value<'d>(&'d self, value: &'d Value) -> &'d str {
        match value {
            Value::Plain(span) => self.slice(*span),
            Value::Replaced(text) => text,
        }
    }

    pub(crate) fn namespace(&self, index: u32) -> &str {
        self.namespaces.get(index as usize).map_or("", |uri| uri)
    }

    pub(crate) fn attributes_in(&self, run: Run) -> &[AttributeRecord] {
        let range = run.start as usize..run.end as usize;
        self.attributes.get(range).unwrap_or(&[])
    }

    pub(crate) fn declarations_in(&self, run: Run) -> &[Declaration] {
        let range = run.start as usize..run.end as usize;
        self.declarations.get(range).unwrap_or(&[])
    }
}

/// What stands in an element or in a document: everything but attributes and declarations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content<'d> {
    /// An element.
    Element(Element<'d>),
    /// A run of text, its references replaced and its marked sections opened.
    Text(&'d str),
    /// A comment.
    Comment(&'d str),
    /// A processing instruction, by its target.
    Instruction(&'d str),
}

/// An attribute; declarations of namespaces are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// Its namespace; empty without a prefix.
    pub namespace: &'d str,
    /// Its name without the prefix.
    pub local: &'d str,
    /// Its value, normalised (XML 1.0, 3.3.3).
    pub value: &'d str,
}

/// An element of a document.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    index: u32,
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{{{}}}{}>", self.namespace(), self.local())
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl<'d> Element<'d> {
    /// Its place in the document.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId(self.index)
    }

    fn record(self) -> Option<&'d ElementRecord> {
        match &self.document.nodes.get(self.index as usize)?.kind {
            Kind::Element(record) => Some(record),
            _ => None,
        }
    }

    fn end(self) -> u32 {
        let node = self.document.nodes.get(self.index as usize);
        node.map_or(self.index, |node| node.end)
    }

    /// Where its name stands in the document's text, with the prefix, in bytes.
    #[must_use]
    pub fn name_range(self) -> std::ops::Range<usize> {
        self.record().map_or(0..0, |record| {
            let (prefix, local) = (record.name.prefix, record.name.local);
            prefix.start.min(local.start) as usize..local.end as usize
        })
    }

    /// Its name without the prefix.
    #[must_use]
    pub fn local(self) -> &'d str {
        self.record()
            .map_or("", |record| self.document.slice(record.name.local))
    }

    /// Its namespace; empty if it has none.
    #[must_use]
    pub fn namespace(self) -> &'d str {
        self.record()
            .map_or("", |record| self.document.namespace(record.namespace))
    }

    /// Whether it has this namespace and this name.
    #[must_use]
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.local() == local && self.namespace() == namespace
    }

    /// Its attributes, in the order of the document.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        let document = self.document;
        let run = self.record().map_or(Run::default(), |one| one.attributes);
        document.attributes_in(run).iter().map(|one| Attribute {
            namespace: document.namespace(one.namespace),
            local: document.slice(one.name.local),
            value: document.value(&one.value),
        })
    }

    /// The value of the attribute without a namespace that has this name.
    #[must_use]
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        let mut attributes = self.attributes();
        let found = attributes.find(|one| one.namespace.is_empty() && one.local == local);
        found.map(|one| one.value)
    }

    /// The declarations that stand on it, prefix and namespace.
    pub fn declarations(self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        let document = self.document;
        let run = self.record().map_or(Run::default(), |one| one.declarations);
        let own = document.declarations_in(run).iter();
        own.map(|one| {
            (
                document.slice(one.prefix),
                document.namespace(one.namespace),
            )
        })
    }

    /// What stands right beneath it, in order.
    pub fn contents(self) -> impl Iterator<Item = Content<'d>> + use<'d> {
        self.document
            .contents_in(self.index.saturating_add(1), self.end())
    }

    /// How many comments stand in it, at any depth.
    #[must_use]
    pub fn comments_within(self) -> usize {
        let nodes = self.index as usize..self.end() as usize;
        let nodes = self.document.nodes.get(nodes).unwrap_or(&[]);
        let comments = nodes
            .iter()
            .filter(|node| matches!(node.kind, Kind::Comment(_)));
        comments.count()
    }

    /// The elements right beneath it, in order.
    pub fn children(self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let (document, end) = (self.document, self.end());
        let mut at = self.index.saturating_add(1);
        std::iter::from_fn(move || {
            while at < end {
                let node = document.nodes.get(at as usize)?;
                let index = at;
                at = node.end.max(at.saturating_add(1));
                if matches!(node.kind, Kind::Element(_)) {
                    return Some(Element { document, index });
                }
            }
            None
        })
    }

    /// The elements right beneath it that have this namespace and this name.
    pub fn named<'n>(
        self,
        namespace: &'n str,
        local: &'n str,
    ) -> impl Iterator<Item = Element<'d>> + use<'d, 'n> {
        self.children()
            .filter(move |child| child.is(namespace, local))
    }

    /// The first element right beneath it that has this namespace and this name.
    #[must_use]
    pub fn child(self, namespace: &str, local: &str) -> Option<Element<'d>> {
        self.named(namespace, local).next()
    }

    /// The only element right beneath it that has this namespace and this name: nothing if there is
    /// none, and nothing if there are two.
    #[must_use]
    pub fn only(self, namespace: &str, local: &str) -> Option<Element<'d>> {
        let mut found = self.named(namespace, local);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// It and every element beneath it, in the order of the document.
    pub fn descendants(self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let document = self.document;
        (self.index..self.end()).filter_map(move |index| document.element(NodeId(index)))
    }

    /// The element that it stands in; nothing for the root.
    #[must_use]
    pub fn parent(self) -> Option<Element<'d>> {
        let node = self.document.nodes.get(self.index as usize)?;
        self.document.element(NodeId(node.parent))
    }

    /// Whether `other` is this element or stands somewhere beneath it.
    #[must_use]
    pub fn holds(self, other: NodeId) -> bool {
        (self.index..self.end()).contains(&other.0)
    }

    /// The texts right beneath it, joined: what stands in elements beneath is left out, comments
    /// are nothing.
    #[must_use]
    pub fn text(self) -> String {
        let mut joined = String::new();
        let mut at = self.index.saturating_add(1);
        while at < self.end() {
            let Some(node) = self.document.nodes.get(at as usize) else {
                break;
            };
            if let Kind::Text(value) = &node.kind {
                joined.push_str(self.document.value(value));
            }
            at = node.end.max(at.saturating_add(1));
        }
        joined
    }

    /// What `prefix` is bound to here; the empty prefix is the default namespace.
    #[must_use]
    pub fn namespace_of_prefix(self, prefix: &str) -> Option<&'d str> {
        if prefix == "xml" {
            return Some(XML_NAMESPACE);
        }
        let mut element = Some(self);
        while let Some(here) = element {
            let run = here.record().map(|record| record.declarations)?;
            let mut own = here.document.declarations_in(run).iter();
            if let Some(found) = own.find(|one| here.document.slice(one.prefix) == prefix) {
                let uri = here.document.namespace(found.namespace);
                return Some(uri).filter(|uri| !uri.is_empty());
            }
            element = here.parent();
        }
        None
    }
}
