//! Canonical XML: inclusive 1.0 and 1.1, exclusive 1.0, with and without comments.
//!
//! A subset here is a subtree without some of the subtrees inside it: what same-document references
//! and the enveloped-signature transform select. Every element of such a subset but its apex has
//! its parent in the subset, so what is inherited from outside is inherited by the apex alone.

use crate::base::is_scheme;
use crate::bindings::{Bindings, Loose, Scope, is_type, loose_prefix};
use crate::inherited::{ancestors, inherited};
use crate::tree::{Document, ElementRecord, Kind, NodeId, XML_NAMESPACE};

/// Which canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Canonical XML 1.0: every namespace in scope, every `xml:` attribute of ancestors left out.
    Inclusive10,
    /// Canonical XML 1.1: of the `xml:` attributes `lang` and `space`, and `base` joined.
    Inclusive11,
    /// Exclusive XML Canonicalization 1.0: only the namespaces that are visibly used.
    Exclusive10,
}

/// A canonical form with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// Which form.
    pub method: Method,
    /// Whether comments stay.
    pub comments: bool,
    /// The prefixes that the exclusive form treats as the inclusive one does
    /// (`InclusiveNamespaces`); the default namespace is `#default`.
    pub inclusive_prefixes: Vec<String>,
}

impl Canonical {
    /// The inclusive form 1.0 without comments.
    #[must_use]
    pub const fn inclusive() -> Self {
        Self::new(Method::Inclusive10, false)
    }

    /// The exclusive form without comments.
    #[must_use]
    pub const fn exclusive() -> Self {
        Self::new(Method::Exclusive10, false)
    }

    const fn new(method: Method, comments: bool) -> Self {
        Self {
            method,
            comments,
            inclusive_prefixes: Vec::new(),
        }
    }

    /// The form of an algorithm identifier (XML Signature 1.1, 6.5).
    #[must_use]
    pub fn of_algorithm(identifier: &str) -> Option<Self> {
        let (form, comments) = match identifier.strip_suffix("WithComments") {
            Some(form) => (form, true),
            None => (identifier, false),
        };
        // The mark of the exclusive form is there without comments, too.
        let method = match (form, comments) {
            ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", false)
            | ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#", true) => Method::Inclusive10,
            ("http://www.w3.org/2006/12/xml-c14n11", false)
            | ("http://www.w3.org/2006/12/xml-c14n11#", true) => Method::Inclusive11,
            ("http://www.w3.org/2001/10/xml-exc-c14n#", _) => Method::Exclusive10,
            _ => return None,
        };
        Some(Self::new(method, comments))
    }
}

/// What of a document is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subset {
    /// The node at its top.
    pub apex: NodeId,
    /// The elements that are left out, each with everything beneath it.
    pub without: Vec<NodeId>,
    /// Whether comments are no part of it, whatever the form keeps.
    pub drops_comments: bool,
}

impl Subset {
    /// The document, comments included.
    #[must_use]
    pub const fn whole() -> Self {
        Self::of(NodeId::DOCUMENT)
    }

    /// A node with everything beneath it.
    #[must_use]
    pub const fn of(apex: NodeId) -> Self {
        Self {
            apex,
            without: Vec::new(),
            drops_comments: false,
        }
    }
}

/// Why a subset has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A namespace name that is a relative reference (Canonical XML 1.0, 1.3).
    #[error("a namespace is named by a relative reference")]
    RelativeNamespace,
    /// Longer than allowed: namespaces that are written again and again.
    #[error("the canonical form is longer than allowed")]
    TooLong,
}

/// Writes the canonical form of a subset, at most `bytes_max` bytes.
///
/// # Errors
///
/// A [`CanonicalError`].
pub fn canonicalize(
    document: &Document,
    subset: &Subset,
    form: &Canonical,
    bytes_max: usize,
) -> Result<Vec<u8>, CanonicalError> {
    write(document, subset, form, bytes_max, None).map(|(octets, _)| octets)
}

/// As [`canonicalize`], and what the octets say of the bindings of prefixes. A value may use those
/// that are `known`, by prefix and namespace, whether they are among the octets or not.
///
/// # Errors
///
/// A [`CanonicalError`].
pub fn canonicalize_told<'d>(
    document: &'d Document,
    subset: &Subset,
    form: &Canonical,
    bytes_max: usize,
    known: fn(&str, &str) -> bool,
) -> Result<(Vec<u8>, Bindings<'d>), CanonicalError> {
    let told = Told {
        bindings: Bindings::default(),
        known,
    };
    let (octets, told) = write(document, subset, form, bytes_max, Some(told))?;
    Ok((octets, told.map(|told| told.bindings).unwrap_or_default()))
}

/// What is noted of bindings while a form is written.
struct Told<'d> {
    bindings: Bindings<'d>,
    known: fn(&str, &str) -> bool,
}

fn write<'d>(
    document: &'d Document,
    subset: &Subset,
    form: &Canonical,
    bytes_max: usize,
    told: Option<Told<'d>>,
) -> Result<(Vec<u8>, Option<Told<'d>>), CanonicalError> {
    let mut writer = Writer {
        document,
        form,
        bytes_max,
        octets: Vec::new(),
        scope: Scope::default(),
        rendered: Scope::default(),
        open: Vec::new(),
        told,
    };
    let end = match document.nodes.get(subset.apex.0 as usize) {
        Some(node) => node.end,
        None => return Ok((Vec::new(), writer.told)),
    };
    let keeps_comments = form.comments && !subset.drops_comments;
    let mut without: Vec<u32> = subset.without.iter().map(|out| out.0).collect();
    without.sort_unstable_by_key(|out| std::cmp::Reverse(*out));
    let mut at = subset.apex.0;
    while at < end {
        writer.close_until(at);
        let Some(node) = document.nodes.get(at as usize) else {
            break;
        };
        while without.pop_if(|out| *out < at).is_some() {}
        if without.last() == Some(&at) {
            at = node.end.max(at.saturating_add(1));
            continue;
        }
        match &node.kind {
            Kind::Document => {}
            Kind::Element(record) => writer.start(at, node.end, record, at == subset.apex.0)?,
            Kind::Text(value) => writer.text(document.value(value)),
            Kind::Comment(_) if !keeps_comments => {}
            Kind::Comment(content) => {
                let content = ["<!--", document.slice(*content), "-->"];
                writer.beside_root(at, node.parent, &content);
            }
            Kind::Instruction { target, content } => {
                let (target, content) = (document.slice(*target), document.slice(*content));
                let gap = if content.is_empty() { "" } else { " " };
                writer.beside_root(at, node.parent, &["<?", target, gap, content, "?>"]);
            }
        }
        if writer.octets.len() > bytes_max {
            return Err(CanonicalError::TooLong);
        }
        at = at.saturating_add(1);
    }
    writer.close_until(u32::MAX);
    if writer.octets.len() > bytes_max {
        return Err(CanonicalError::TooLong);
    }
    Ok((writer.octets, writer.told))
}

/// An element whose end tag is still to be written.
struct Open<'d> {
    end: u32,
    prefix: &'d str,
    local: &'d str,
    scope: usize,
    rendered: usize,
}

struct Writer<'d, 'f> {
    document: &'d Document,
    form: &'f Canonical,
    bytes_max: usize,
    octets: Vec<u8>,
    /// Every declaration in scope, the nearest last.
    scope: Scope<'d>,
    /// Every declaration that open elements were written with, the nearest last.
    rendered: Scope<'d>,
    open: Vec<Open<'d>>,
    told: Option<Told<'d>>,
}

impl<'d> Writer<'d, '_> {
    fn write(&mut self, text: &str) {
        self.octets.extend_from_slice(text.as_bytes());
    }

    fn write_name(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.write(prefix);
            self.write(":");
        }
        self.write(local);
    }

    /// Writes the end tags of elements that end before the node at `at`.
    fn close_until(&mut self, at: u32) {
        while let Some(open) = self.open.pop_if(|open| open.end <= at) {
            self.write("</");
            self.write_name(open.prefix, open.local);
            self.write(">");
            self.scope.truncate(open.scope);
            self.rendered.truncate(open.rendered);
        }
    }

    /// Comments and instructions beside the root element stand on lines of their own.
    fn beside_root(&mut self, at: u32, parent: u32, parts: &[&str]) {
        let outside = parent == 0 && self.open.is_empty() && at != 0;
        if outside && at > self.document.root {
            self.write("\n");
        }
        for part in parts {
            self.write(part);
        }
        if outside && at < self.document.root {
            self.write("\n");
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.write("&amp;"),
                '<' => self.write("&lt;"),
                '>' => self.write("&gt;"),
                '\r' => self.write("&#xD;"),
                other => self.write(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn attribute_value(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.write("&amp;"),
                '<' => self.write("&lt;"),
                '"' => self.write("&quot;"),
                '\t' => self.write("&#x9;"),
                '\n' => self.write("&#xA;"),
                '\r' => self.write("&#xD;"),
                other => self.write(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn start(
        &mut self,
        at: u32,
        end: u32,
        record: &'d ElementRecord,
        is_apex: bool,
    ) -> Result<(), CanonicalError> {
        let (scope, rendered) = (self.scope.len(), self.rendered.len());
        if is_apex {
            self.inherit_scope(at);
        }
        let document = self.document;
        self.declare(record);
        let (prefix, local) = (
            document.slice(record.name.prefix),
            document.slice(record.name.local),
        );
        self.write("<");
        self.write_name(prefix, local);
        self.declarations(record, is_apex)?;
        self.attributes(at, record, is_apex);
        self.note_loose(at, record);
        self.write(">");
        self.open.push(Open {
            end,
            prefix,
            local,
            scope,
            rendered,
        });
        Ok(())
    }

    /// The declarations that stand on ancestors of the apex.
    fn inherit_scope(&mut self, apex: u32) {
        let chain: Vec<&'d ElementRecord> = ancestors(self.document, apex).collect();
        for record in chain.iter().rev() {
            self.declare(record);
        }
    }

    /// Takes the declarations of an element into scope.
    fn declare(&mut self, record: &'d ElementRecord) {
        let document = self.document;
        for own in document.declarations_in(record.declarations) {
            let prefix = document.slice(own.prefix);
            self.scope.push(prefix, document.namespace(own.namespace));
        }
    }

    /// Notes the first value of an element that uses a binding which is not among the octets. Its
    /// texts are read as one: what stands between them may be left out.
    fn note_loose(&mut self, at: u32, record: &'d ElementRecord) {
        let Some(told) = &mut self.told else {
            return;
        };
        if self.form.method != Method::Exclusive10 || told.bindings.loose.is_some() {
            return;
        }
        let (document, known) = (self.document, told.known);
        let find = |value: &str, is_type: bool| {
            loose_prefix(value, is_type, &self.scope, &self.rendered, known)
        };
        let attributes = document.attributes_in(record.attributes).iter();
        let mut found = attributes.filter_map(|one| {
            let (namespace, local) = (document.namespace(one.namespace), one.name.local);
            find(
                document.value(&one.value),
                is_type(namespace, document.slice(local)),
            )
        });
        let element = document.element(NodeId(at));
        let in_text = || find(&element?.text(), false);
        told.bindings.loose = found.next().or_else(in_text).map(|prefix| Loose {
            element: document.slice(record.name.local),
            prefix,
        });
    }

    fn declarations(
        &mut self,
        record: &'d ElementRecord,
        is_apex: bool,
    ) -> Result<(), CanonicalError> {
        let mut wanted: Vec<&'d str> = match self.form.method {
            Method::Exclusive10 => self.utilized(record),
            Method::Inclusive10 | Method::Inclusive11 if is_apex => self.scope.prefixes().collect(),
            Method::Inclusive10 | Method::Inclusive11 => {
                let own = self.document.declarations_in(record.declarations).iter();
                own.map(|one| self.document.slice(one.prefix)).collect()
            }
        };
        wanted.sort_unstable();
        wanted.dedup();
        for prefix in wanted {
            let uri = self.scope.nearest(prefix).unwrap_or("");
            let shown = self.rendered.nearest(prefix).unwrap_or("");
            // The prefix `xml` is bound without being declared.
            if prefix == "xml" || uri == shown {
                continue;
            }
            if !uri.is_empty()
                && !uri
                    .split_once(':')
                    .is_some_and(|(scheme, _)| is_scheme(scheme))
            {
                return Err(CanonicalError::RelativeNamespace);
            }
            self.rendered.push(prefix, uri);
            if let Some(told) = &mut self.told {
                told.bindings.written.insert((prefix, uri));
            }
            self.write(if prefix.is_empty() {
                " xmlns"
            } else {
                " xmlns:"
            });
            self.write(prefix);
            self.write("=\"");
            self.attribute_value(uri);
            self.write("\"");
            if self.octets.len() > self.bytes_max {
                return Err(CanonicalError::TooLong);
            }
        }
        Ok(())
    }

    /// The prefixes that an element and its attributes are written with, and the listed ones that
    /// are in scope (Exclusive XML Canonicalization 1.0, 3).
    fn utilized(&self, record: &'d ElementRecord) -> Vec<&'d str> {
        let document = self.document;
        let mut prefixes = vec![document.slice(record.name.prefix)];
        let attributes = document.attributes_in(record.attributes).iter();
        prefixes.extend(
            attributes
                .map(|one| document.slice(one.name.prefix))
                .filter(|prefix| !prefix.is_empty()),
        );
        for listed in &self.form.inclusive_prefixes {
            let listed = if listed == "#default" { "" } else { listed };
            prefixes.extend(self.scope.declared(listed));
        }
        prefixes
    }

    fn attributes(&mut self, at: u32, record: &'d ElementRecord, is_apex: bool) {
        let document = self.document;
        let own = document.attributes_in(record.attributes);
        let mut all: Vec<(&str, &str, &str, std::borrow::Cow<'d, str>)> = own
            .iter()
            .map(|one| {
                let value = document.value(&one.value);
                (
                    document.namespace(one.namespace),
                    document.slice(one.name.local),
                    document.slice(one.name.prefix),
                    value.into(),
                )
            })
            .collect();
        if is_apex {
            let inherited = inherited(document, self.form.method, at, own);
            for (local, value) in inherited {
                all.retain(|one| one.0 != XML_NAMESPACE || one.1 != local);
                all.push((XML_NAMESPACE, local, "xml", value.into()));
            }
        }
        all.sort_unstable_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        for (_, local, prefix, value) in all {
            self.write(" ");
            self.write_name(prefix, local);
            self.write("=\"");
            self.attribute_value(&value);
            self.write("\"");
        }
    }
}
