//! References: where they lead, and whether their digest is that of what is there.

use std::collections::HashSet;

use chancery_signature::facts::{XmlReference, XmlReferenceState};
use chancery_xml::{Document, Element, NodeId, Subset};

use crate::algorithms::digest_of;
use crate::budget::Budget;
use crate::declared::spelled_binding;
use crate::identifiers::{Found, Identifiers};
use crate::names::DSIG;
use crate::structure::{ReferenceParts, Structure, read_reference};
use crate::transforms::{TransformError, apply_all};

/// A manifest's own references are not those of the signature (XML Signature 1.1, 5.1).
const MANIFEST: &str = "http://www.w3.org/2000/09/xmldsig#Manifest";

/// What one reference covers: its digest was compared and agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The reference, as written.
    pub uri: String,
    /// Where it leads.
    pub apex: NodeId,
    /// The elements that its transforms took out, with everything beneath them.
    pub without: Vec<NodeId>,
    /// The octets that were digested.
    pub octets: Vec<u8>,
    /// Whether comments are among them.
    pub(crate) comments: bool,
    /// Whether they are the text of an element, decoded: then nothing but its text is covered.
    pub(crate) text_only: bool,
}

impl Covered {
    /// Whether a node stands in what is covered as XML.
    pub(crate) fn holds(&self, document: &Document, id: NodeId) -> bool {
        let within = |top: NodeId| match document.element(top) {
            Some(element) => element.holds(id),
            None => top == NodeId::DOCUMENT,
        };
        !self.text_only && within(self.apex) && !self.without.iter().any(|out| within(*out))
    }
}

/// All references of one signature.
pub(crate) struct References<'d> {
    pub reports: Vec<XmlReference>,
    pub covered: Vec<Covered>,
    /// The bindings of prefixes that were digested.
    pub written: HashSet<(&'d str, &'d str)>,
    /// A binding that a covered value uses and that was not digested.
    pub loose: Option<String>,
    /// The digests that were used, by identifier.
    pub digests: Vec<String>,
}

/// Computes every reference of a signature, within what is left for all of the document.
pub(crate) fn compute<'d>(
    document: &'d Document,
    identifiers: &Identifiers<'_>,
    structure: &Structure<'_>,
    transforms_max: usize,
    budget: &Budget,
) -> Result<References<'d>, &'static str> {
    let mut found = References {
        reports: Vec::new(),
        covered: Vec::new(),
        written: HashSet::new(),
        loose: None,
        digests: Vec::new(),
    };
    for element in &structure.references {
        let parts = read_reference(*element, transforms_max)?;
        let signature = structure.element;
        let (state, covered) = one(document, identifiers, signature, &parts, budget, &mut found)?;
        let apex = covered.as_ref().and_then(|one| document.element(one.apex));
        found.digests.push(parts.digest_name.to_owned());
        found.reports.push(XmlReference {
            uri: parts.uri.unwrap_or("").to_owned(),
            digest: parts.digest_name.to_owned(),
            state,
            element: apex.map(|apex| apex.local().to_owned()),
            canonical_bytes: covered.as_ref().map(|one| one.octets.len() as u64),
        });
        found.covered.extend(covered);
    }
    Ok(found)
}

fn one<'d>(
    document: &'d Document,
    identifiers: &Identifiers<'_>,
    signature: Element<'_>,
    parts: &ReferenceParts<'_>,
    budget: &Budget,
    found: &mut References<'d>,
) -> Result<(XmlReferenceState, Option<Covered>), &'static str> {
    let unsupported = |algorithm: &str| XmlReferenceState::Unsupported {
        algorithm: algorithm.to_owned(),
    };
    let subset = match target(identifiers, parts.uri) {
        Ok(subset) => subset,
        Err(state) => return Ok((state, None)),
    };
    if !budget.spend(document.span(subset.apex).len()) {
        return Err("steps_max");
    }
    if parts.kind == Some(MANIFEST) || is_manifest(document, subset.apex) {
        return Ok((unsupported(MANIFEST), None));
    }
    let Some(digest) = digest_of(parts.digest_name) else {
        return Ok((unsupported(parts.digest_name), None));
    };
    let transformed = apply_all(document, signature, subset, &parts.transforms, budget);
    let transformed = match transformed {
        Ok(transformed) => transformed,
        Err(TransformError::Unsupported(algorithm)) => return Ok((unsupported(&algorithm), None)),
        Err(TransformError::TooLong) => return Err("canonical_bytes_max"),
        Err(TransformError::TooDear) => return Err("steps_max"),
    };
    if !budget.spend_bytes(transformed.octets.len(), digest) {
        return Err("canonical_bytes_max");
    }
    if digest.digest(&[&transformed.octets]) != parts.digest {
        return Ok((XmlReferenceState::Differs, None));
    }
    let bindings = transformed.bindings;
    found.written.extend(bindings.written);
    let loose = bindings.loose.as_ref().map(spelled_binding);
    found.loose = found.loose.take().or(loose);
    let covered = Covered {
        uri: parts.uri.unwrap_or("").to_owned(),
        apex: transformed.subset.apex,
        without: transformed.subset.without,
        octets: transformed.octets,
        comments: transformed.comments,
        text_only: transformed.text_only,
    };
    Ok((XmlReferenceState::Agrees, Some(covered)))
}

/// Whether a reference leads to a manifest, alone or in its object. `Type` is only a hint, and
/// whoever leaves it out does not make what the manifest refers to less unchecked.
fn is_manifest(document: &Document, apex: NodeId) -> bool {
    document.element(apex).is_some_and(|element| {
        let in_object = element.is(DSIG, "Object") && element.child(DSIG, "Manifest").is_some();
        in_object || element.is(DSIG, "Manifest")
    })
}

/// What a reference leads to (XML Signature 1.1, 4.4.3.3).
fn target(identifiers: &Identifiers<'_>, uri: Option<&str>) -> Result<Subset, XmlReferenceState> {
    let without_comments = |apex| Subset {
        drops_comments: true,
        ..Subset::of(apex)
    };
    let by_identifier = |value: &str| match identifiers.find(value) {
        Some(Found::One(element)) => Ok(element.id()),
        Some(Found::Several) => Err(XmlReferenceState::Ambiguous),
        None => Err(XmlReferenceState::Unresolved),
    };
    let uri = uri.ok_or(XmlReferenceState::Unresolved)?;
    if uri.is_empty() {
        return Ok(without_comments(NodeId::DOCUMENT));
    }
    let fragment = uri.strip_prefix('#').ok_or(XmlReferenceState::Unresolved)?;
    if fragment == "xpointer(/)" {
        return Ok(Subset::of(NodeId::DOCUMENT));
    }
    let pointed = fragment
        .strip_prefix("xpointer(id(")
        .and_then(|rest| rest.strip_suffix("))"));
    match pointed {
        Some(quoted) => {
            let value = ['\'', '"'].iter().find_map(|quote| {
                let inner = quoted.strip_prefix(*quote)?.strip_suffix(*quote)?;
                Some(inner)
            });
            let value = value.ok_or(XmlReferenceState::Unresolved)?;
            Ok(Subset::of(by_identifier(value)?))
        }
        None => Ok(without_comments(by_identifier(fragment)?)),
    }
}
