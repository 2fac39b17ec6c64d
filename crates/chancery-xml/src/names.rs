//! Namespaces while a document is read: which prefix means what, and which bindings are forbidden
//! (Namespaces in XML 1.0).

use std::collections::HashMap;

use crate::error::XmlError;
use crate::limits::Limits;
use crate::tree::XML_NAMESPACE;

/// What the prefix `xmlns` is bound to; nothing may use it.
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// Every namespace of a document once, and the bindings in scope.
pub(crate) struct Names<'t> {
    known: HashMap<Box<str>, u32>,
    pub namespaces: Vec<Box<str>>,
    bindings: Vec<(&'t str, u32)>,
    declarations_max: usize,
}

impl<'t> Names<'t> {
    pub fn new(limits: &Limits) -> Self {
        let mut names = Self {
            known: HashMap::new(),
            namespaces: Vec::new(),
            bindings: Vec::new(),
            declarations_max: limits.declarations_max,
        };
        names.intern("");
        names
    }

    fn intern(&mut self, uri: &str) -> u32 {
        if let Some(index) = self.known.get(uri) {
            return *index;
        }
        let index = u32::try_from(self.namespaces.len()).unwrap_or(u32::MAX);
        self.namespaces.push(uri.into());
        self.known.insert(uri.into(), index);
        index
    }

    /// How many bindings are in scope: to be given to [`Names::leave`] later.
    pub fn depth(&self) -> usize {
        self.bindings.len()
    }

    pub fn leave(&mut self, depth: usize) {
        self.bindings.truncate(depth);
    }

    /// Takes a declaration into scope.
    pub fn declare(&mut self, prefix: &'t str, uri: &str, at: usize) -> Result<u32, XmlError> {
        let wrong = |what| Err(XmlError::Namespace { what, at });
        match (prefix, uri) {
            ("xmlns", _) => return wrong("the prefix xmlns is declared"),
            ("xml", uri) if uri != XML_NAMESPACE => return wrong("the prefix xml is rebound"),
            ("xml", _) => {}
            (_, XML_NAMESPACE | XMLNS_NAMESPACE) => return wrong("a reserved namespace is bound"),
            ("", _) => {}
            (_, "") => return wrong("a prefix is bound to nothing"),
            _ => {}
        }
        if self.bindings.len() >= self.declarations_max {
            return Err(XmlError::Limit {
                limit: "declarations_max",
            });
        }
        let index = self.intern(uri);
        self.bindings.push((prefix, index));
        Ok(index)
    }

    /// The namespace of an element's prefix.
    pub fn of_element(&mut self, prefix: &str, at: usize) -> Result<u32, XmlError> {
        match prefix {
            "xml" => Ok(self.intern(XML_NAMESPACE)),
            "" => Ok(self.bound("").unwrap_or(0)),
            _ => self.bound(prefix).ok_or(XmlError::Namespace {
                what: "a prefix that nothing declares",
                at,
            }),
        }
    }

    /// The namespace of an attribute's prefix: none without one, whatever the default is.
    pub fn of_attribute(&mut self, prefix: &str, at: usize) -> Result<u32, XmlError> {
        if prefix.is_empty() {
            return Ok(0);
        }
        self.of_element(prefix, at)
    }

    fn bound(&self, prefix: &str) -> Option<u32> {
        let mut bindings = self.bindings.iter().rev();
        let found = bindings.find(|(one, _)| *one == prefix);
        found.map(|(_, index)| *index)
    }
}
