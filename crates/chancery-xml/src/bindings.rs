//! Bindings of prefixes while a canonical form is written: which are in scope, which are among the
//! octets, and which values lean on one that is not.
//!
//! The exclusive form writes the bindings that names use. A value may use one as well (`xsi:type`,
//! an XPath expression): whoever binds its prefix anew changes what it says and no octet.

use std::collections::{HashMap, HashSet};

use crate::characters::{continues_name, starts_name};

/// The namespace of `xsi:type`, whose value is a name.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What a canonical form says of the bindings of its subset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings<'d> {
    /// Those among the octets: prefix and namespace.
    pub written: HashSet<(&'d str, &'d str)>,
    /// The first value that uses another one.
    pub loose: Option<Loose<'d>>,
}

/// A value that uses a prefix whose binding is not among the octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loose<'d> {
    /// The name of the element that it stands in.
    pub element: &'d str,
    /// The prefix; empty for the default namespace.
    pub prefix: String,
}

/// Bindings in the order they came into scope, each found by its prefix at once: a document may
/// have a hundred of them around a million elements.
#[derive(Default)]
pub(crate) struct Scope<'d> {
    prefixes: Vec<&'d str>,
    bound: HashMap<&'d str, Vec<&'d str>>,
}

impl<'d> Scope<'d> {
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    pub fn push(&mut self, prefix: &'d str, uri: &'d str) {
        self.prefixes.push(prefix);
        self.bound.entry(prefix).or_default().push(uri);
    }

    pub fn truncate(&mut self, length: usize) {
        while self.prefixes.len() > length {
            let Some(prefix) = self.prefixes.pop() else {
                return;
            };
            if let Some(bound) = self.bound.get_mut(prefix) {
                bound.pop();
                if bound.is_empty() {
                    self.bound.remove(prefix);
                }
            }
        }
    }

    /// What a prefix is bound to here.
    pub fn nearest(&self, prefix: &str) -> Option<&'d str> {
        self.bound.get(prefix)?.last().copied()
    }

    /// A prefix as it was declared, if it is in scope.
    pub fn declared(&self, prefix: &str) -> Option<&'d str> {
        self.bound.get_key_value(prefix).map(|(prefix, _)| *prefix)
    }

    pub fn prefixes(&self) -> impl Iterator<Item = &'d str> {
        self.prefixes.iter().copied()
    }
}

/// Whether the value of an attribute is one name, whose prefix may be left out.
pub(crate) fn is_type(namespace: &str, local: &str) -> bool {
    namespace == INSTANCE && local == "type"
}

/// The first prefix that a value uses and whose binding in `scope` is not the one in `rendered`,
/// but for those that are `known`.
pub(crate) fn loose_prefix(
    value: &str,
    is_type: bool,
    scope: &Scope<'_>,
    rendered: &Scope<'_>,
    known: fn(&str, &str) -> bool,
) -> Option<String> {
    let is_loose = |prefix: &str| match scope.nearest(prefix) {
        Some(uri) => rendered.nearest(prefix).unwrap_or("") != uri && !known(prefix, uri),
        None => is_type && !prefix.is_empty() && prefix != "xml",
    };
    if is_type && !value.contains(':') {
        return is_loose("").then(String::new);
    }
    let mut start = 0_usize;
    for (at, _) in value.match_indices(':') {
        let before = value.get(start..at).unwrap_or("");
        start = at.saturating_add(1);
        let after = value.get(start..).unwrap_or("");
        if !after.starts_with(starts_name) {
            continue;
        }
        // The last word before the colon; a number is none of it.
        let word = before.rfind(|c| !continues_name(c));
        let word = word.and_then(|gap| {
            let width = before.get(gap..)?.chars().next()?.len_utf8();
            before.get(gap.saturating_add(width)..)
        });
        let prefix = word.unwrap_or(before);
        let prefix = prefix.trim_start_matches(|c| !starts_name(c));
        if !prefix.is_empty() && is_loose(prefix) {
            return Some(prefix.to_owned());
        }
    }
    None
}
