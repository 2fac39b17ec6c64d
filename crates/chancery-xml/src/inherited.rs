//! What the apex of a subset takes over from the elements that it stands in.

use crate::base::join;
use crate::canonical::Method;
use crate::tree::{AttributeRecord, Document, ElementRecord, Kind, XML_NAMESPACE};

/// The attributes of the `xml` namespace that the apex takes over from its ancestors.
pub(crate) fn inherited<'d>(
    document: &'d Document,
    method: Method,
    apex: u32,
    own: &[AttributeRecord],
) -> Vec<(&'d str, String)> {
    let xml = |list: &'d [AttributeRecord]| {
        let list = list.iter();
        let list = list.filter(|one| document.namespace(one.namespace) == XML_NAMESPACE);
        list.map(|one| (document.slice(one.name.local), document.value(&one.value)))
    };
    let has = |local: &str| {
        own.iter().any(|one| {
            document.namespace(one.namespace) == XML_NAMESPACE
                && document.slice(one.name.local) == local
        })
    };
    let mut found: Vec<(&'d str, String)> = Vec::new();
    let mut bases: Vec<&'d str> = Vec::new();
    for record in ancestors(document, apex) {
        for (local, value) in xml(document.attributes_in(record.attributes)) {
            let simple = match method {
                Method::Exclusive10 => false,
                Method::Inclusive10 => true,
                Method::Inclusive11 => matches!(local, "lang" | "space"),
            };
            if local == "base" && method == Method::Inclusive11 {
                bases.push(value);
            }
            if simple && !has(local) && !found.iter().any(|(known, _)| *known == local) {
                found.push((local, value.to_owned()));
            }
        }
    }
    if !bases.is_empty() {
        let own_base = own.iter().find(|one| {
            document.namespace(one.namespace) == XML_NAMESPACE
                && document.slice(one.name.local) == "base"
        });
        let mut joined = String::new();
        for base in bases.iter().rev() {
            joined = join(&joined, base);
        }
        if let Some(one) = own_base {
            joined = join(&joined, document.value(&one.value));
        }
        if !joined.is_empty() {
            found.push(("base", joined));
        }
    }
    found
}

/// The elements that a node stands in, the nearest first.
pub(crate) fn ancestors(document: &Document, index: u32) -> impl Iterator<Item = &ElementRecord> {
    let parent = move |at: u32| {
        let node = document.nodes.get(at as usize)?;
        (node.parent != at).then_some(node.parent)
    };
    std::iter::successors(parent(index), move |at| parent(*at)).filter_map(|at| {
        match &document.nodes.get(at as usize)?.kind {
            Kind::Element(record) => Some(record),
            _ => None,
        }
    })
}
