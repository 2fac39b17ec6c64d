//! What of a document a signature covers, and what stands beside it.

use chancery_signature::facts::XmlCoverage;
use chancery_xml::{Document, Element, NodeId};

use crate::names::DSIG;
use crate::reference::Covered;

/// Walks the document: signatures are no content, an element with covered ones beneath it is a
/// wrapper, and any other element that is not covered is a part that was not signed.
pub(crate) fn of(document: &Document, covered: &[Covered]) -> XmlCoverage {
    let mut wrapper: Option<Element<'_>> = None;
    let mut skipped: Option<Element<'_>> = None;
    for element in document.root().descendants() {
        if skipped.is_some_and(|skipped| skipped.holds(element.id())) {
            continue;
        }
        let is_signature = element.is(DSIG, "Signature");
        if is_signature && !holds_object(element) {
            skipped = Some(element);
            continue;
        }
        if in_signature_itself(element) {
            skipped = Some(element);
            continue;
        }
        if covered.iter().any(|one| one.holds(document, element.id())) {
            // What is taken out of it again is looked at as well.
            let whole = covered.iter().any(|one| {
                one.holds(document, element.id())
                    && !one.without.iter().any(|out| element.holds(*out))
            });
            if whole {
                skipped = Some(element);
            }
            continue;
        }
        let around = |id: NodeId| id != element.id() && element.holds(id);
        if covered.iter().any(|one| around(one.apex)) {
            // A signature around its own content says nothing of it.
            if element.namespace() != DSIG {
                wrapper.get_or_insert(element);
            }
            continue;
        }
        return XmlCoverage::Part {
            element: element.local().to_owned(),
        };
    }
    match wrapper {
        Some(wrapper) => XmlCoverage::Wrapped {
            element: wrapper.local().to_owned(),
        },
        None => XmlCoverage::Whole,
    }
}

/// Whether a signature carries content of its own, beside the properties of XAdES.
fn holds_object(signature: Element<'_>) -> bool {
    signature.named(DSIG, "Object").any(is_content)
}

fn is_content(object: Element<'_>) -> bool {
    let mut children = object.children().peekable();
    let bare = children.peek().is_none();
    let foreign = children.any(|child| child.local() != "QualifyingProperties");
    foreign || (bare && !object.text().trim().is_empty())
}

/// The parts of a signature that are no content: all but its objects.
fn in_signature_itself(element: Element<'_>) -> bool {
    let of_signature = element
        .parent()
        .is_some_and(|parent| parent.is(DSIG, "Signature"));
    let is_object = element.is(DSIG, "Object");
    of_signature && (!is_object || !is_content(element))
}
