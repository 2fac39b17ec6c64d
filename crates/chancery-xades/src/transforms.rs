//! Transforms: from the element that a reference leads to, to the octets that are digested.

use std::collections::HashSet;

use chancery_xml::{
    Bindings, Canonical, CanonicalError, Document, Element, NodeId, Subset, canonicalize_told,
};

use crate::budget::Budget;
use crate::declared::is_usual;
use crate::names::{DSIG, XPATH_FILTER, base64_of};
use crate::structure::form_of;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";

/// Most subtrees that the transforms of one reference may take out.
const WITHOUT_MAX: usize = 64;

/// What came out of the transforms.
pub(crate) struct Transformed<'d> {
    pub subset: Subset,
    pub octets: Vec<u8>,
    /// What the octets say of the bindings of prefixes.
    pub bindings: Bindings<'d>,
    /// Whether the comments of the subset are among the octets.
    pub comments: bool,
    /// Whether the octets are those that its text writes in Base64.
    pub text_only: bool,
}

/// Why nothing came out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TransformError {
    /// Not computed here.
    Unsupported(String),
    /// Longer than allowed.
    TooLong,
    /// More to look at than allowed.
    TooDear,
}

impl From<CanonicalError> for TransformError {
    fn from(error: CanonicalError) -> Self {
        match error {
            CanonicalError::TooLong => Self::TooLong,
            CanonicalError::RelativeNamespace => Self::Unsupported("relative namespace".to_owned()),
        }
    }
}

/// Applies the transforms of a reference in `signature` to `subset`.
pub(crate) fn apply_all<'d>(
    document: &'d Document,
    signature: Element<'_>,
    mut subset: Subset,
    transforms: &[Element<'_>],
    budget: &Budget,
) -> Result<Transformed<'d>, TransformError> {
    let mut octets: Option<Vec<u8>> = None;
    let mut bindings = Bindings::default();
    let (bytes_max, nodes) = (budget.bytes(), document.span(subset.apex).len());
    let affordable = |can: bool| can.then_some(()).ok_or(TransformError::TooDear);
    let write = |subset: &Subset, form: &Canonical| {
        affordable(budget.spend_written(nodes, form.inclusive_prefixes.len()))?;
        let told = canonicalize_told(document, subset, form, bytes_max, is_usual);
        told.map_err(TransformError::from)
    };
    let (mut comments, mut text_only) = (false, false);
    for transform in transforms {
        let name = transform.attribute("Algorithm").unwrap_or("");
        let unsupported = || TransformError::Unsupported(name.to_owned());
        // Every transform here takes nodes; one that follows octets would have to parse them.
        if octets.is_some() {
            return Err(unsupported());
        }
        match name {
            ENVELOPED => take_out(&mut subset, [signature])?,
            XPATH => {
                let selected = signatures_expression(*transform).ok_or_else(unsupported)?;
                affordable(budget.spend(nodes))?;
                take_selected(document, signature, &mut subset, selected)?;
            }
            XPATH_FILTER => {
                for selected in filter_expressions(*transform).ok_or_else(unsupported)? {
                    affordable(budget.spend(nodes))?;
                    take_selected(document, signature, &mut subset, selected)?;
                }
            }
            BASE64 => {
                affordable(budget.spend(nodes))?;
                let text = text_of(document, &subset);
                octets = Some(base64_of(&text).ok_or_else(unsupported)?);
                text_only = true;
            }
            _ => {
                let form = form_of(*transform).ok_or_else(unsupported)?;
                let (written, told) = write(&subset, &form)?;
                (octets, bindings) = (Some(written), told);
                comments = form.comments && !subset.drops_comments;
            }
        }
    }
    let (octets, bindings) = match octets {
        Some(octets) => (octets, bindings),
        // XML Signature 1.1, 4.4.3.2: what is still nodes is written in the inclusive form.
        None => write(&subset, &Canonical::inclusive())?,
    };
    if octets.len() > bytes_max {
        return Err(TransformError::TooLong);
    }
    Ok(Transformed {
        subset,
        octets,
        bindings,
        comments,
        text_only,
    })
}

fn take_out<'d>(
    subset: &mut Subset,
    elements: impl IntoIterator<Item = Element<'d>>,
) -> Result<(), TransformError> {
    for element in elements {
        if !subset.without.contains(&element.id()) {
            subset.without.push(element.id());
        }
        if subset.without.len() > WITHOUT_MAX {
            return Err(TransformError::TooLong);
        }
    }
    Ok(())
}

fn take_selected(
    document: &Document,
    signature: Element<'_>,
    subset: &mut Subset,
    selected: Selected,
) -> Result<(), TransformError> {
    match selected {
        Selected::Own => take_out(subset, [signature]),
        Selected::Every => {
            let every = every_signature(document, subset);
            take_out(subset, every)
        }
    }
}

/// Which signatures an expression takes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Selected {
    Every,
    Own,
}

/// Every signature within a subset that stands in no other one.
fn every_signature<'d>(document: &'d Document, subset: &Subset) -> Vec<Element<'d>> {
    let top = match document.element(subset.apex) {
        Some(apex) => apex,
        None => document.root(),
    };
    let mut found: Vec<Element<'d>> = Vec::new();
    for element in top.descendants() {
        let inside = found.last().is_some_and(|last| last.holds(element.id()));
        if !inside && element.is(DSIG, "Signature") {
            found.push(element);
            if found.len() > WITHOUT_MAX {
                break;
            }
        }
    }
    found
}

/// The expression of an XPath transform, if it is one of those that take signatures out.
fn signatures_expression(transform: Element<'_>) -> Option<Selected> {
    let xpath = transform.only(DSIG, "XPath")?;
    let expression = packed(&xpath.text());
    let prefix = expression
        .strip_prefix("not(ancestor-or-self::")?
        .strip_suffix(":Signature)")?;
    is_dsig(xpath, prefix).then_some(Selected::Every)
}

/// The expressions of a filter, if all of them take signatures out.
fn filter_expressions(transform: Element<'_>) -> Option<Vec<Selected>> {
    let mut selected = Vec::new();
    for xpath in transform.children() {
        if !xpath.is(XPATH_FILTER, "XPath") || xpath.attribute("Filter") != Some("subtract") {
            return None;
        }
        let expression = packed(&xpath.text());
        let every = expression
            .strip_prefix("/descendant::")
            .or_else(|| expression.strip_prefix("//"))
            .and_then(|rest| rest.strip_suffix(":Signature"));
        let own = expression
            .strip_prefix("here()/ancestor::")
            .and_then(|rest| rest.strip_suffix(":Signature[1]"));
        let (prefix, kind) = match (every, own) {
            (Some(prefix), _) => (prefix, Selected::Every),
            (None, Some(prefix)) => (prefix, Selected::Own),
            (None, None) => return None,
        };
        if !is_dsig(xpath, prefix) {
            return None;
        }
        // What was taken out once is out.
        if !selected.contains(&kind) {
            selected.push(kind);
        }
    }
    (!selected.is_empty()).then_some(selected)
}

fn packed(expression: &str) -> String {
    expression.split_ascii_whitespace().collect()
}

fn is_dsig(at: Element<'_>, prefix: &str) -> bool {
    at.namespace_of_prefix(prefix) == Some(DSIG)
}

/// The texts of a subset, joined, as the Base64 transform takes them.
fn text_of(document: &Document, subset: &Subset) -> String {
    let top = match document.element(subset.apex) {
        Some(apex) => apex,
        None => document.root(),
    };
    let mut joined = String::new();
    gather_text(top, &subset.without, &mut joined);
    joined
}

/// Whatever is taken out is passed over whole, so that each element is met once.
fn gather_text(top: Element<'_>, without: &[NodeId], joined: &mut String) {
    let without: HashSet<NodeId> = without.iter().copied().collect();
    let mut out: Option<Element<'_>> = None;
    for element in top.descendants() {
        if out.is_some_and(|out| out.holds(element.id())) {
            continue;
        }
        if without.contains(&element.id()) {
            out = Some(element);
            continue;
        }
        joined.push_str(&element.text());
    }
}
