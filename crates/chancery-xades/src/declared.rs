//! Declarations of namespaces that no digest covers.
//!
//! The exclusive canonical form writes those that names use. Any other may be put in, changed and
//! taken out: it says nothing to a program that goes by names, and something to whoever reads the
//! file, or to a value that is a name itself.

use std::collections::HashSet;

use chancery_signature::facts::XmlDeclarations;
use chancery_xml::{Element, Loose, XML_NAMESPACE};

use crate::budget::Budget;
use crate::names::{
    DSIG, DSIG11, EXCLUSIVE, INSTANCE, PSS, SCHEMA, XADES, XADES_141, XPATH_FILTER,
};
use crate::standing::Cover;

/// The longest prefix that says nothing, in bytes.
const PREFIX_BYTES_MAX: usize = 12;

/// Whether a prefix is bound as everybody binds it, so that a value may use it: the types of XML
/// Schema are called so in files whose canonical form leaves their prefix out.
pub(crate) fn is_usual(prefix: &str, namespace: &str) -> bool {
    match namespace {
        SCHEMA => matches!(prefix, "xs" | "xsd"),
        INSTANCE => prefix == "xsi",
        DSIG => matches!(prefix, "ds" | "dsig"),
        _ => false,
    }
}

/// Whether a declaration is of a namespace that files with signatures declare whether they use it
/// or not, and says nothing else.
fn says_nothing(prefix: &str, namespace: &str) -> bool {
    let known = [
        "",
        SCHEMA,
        INSTANCE,
        XML_NAMESPACE,
        DSIG,
        DSIG11,
        EXCLUSIVE,
        PSS,
        XADES_141,
        XPATH_FILTER,
    ];
    let is_known = known.contains(&namespace) || XADES.contains(&namespace);
    is_known && prefix.len() <= PREFIX_BYTES_MAX
}

/// How a report names a binding that a value uses.
pub(crate) fn spelled_binding(loose: &Loose<'_>) -> String {
    format!("{}/@{}", loose.element, spelled(&loose.prefix))
}

fn spelled(prefix: &str) -> String {
    match prefix {
        "" => "xmlns".to_owned(),
        prefix => format!("xmlns:{prefix}"),
    }
}

/// The declarations in `top`, around and in what the signature `own` covers, that are not among
/// those that were digested. Other signatures answer for theirs.
pub(crate) fn uncovered<'d>(
    (own, top): (Element<'d>, Element<'d>),
    cover: &Cover<'d, '_>,
    written: &HashSet<(&'d str, &'d str)>,
    budget: &Budget,
) -> Option<XmlDeclarations> {
    let mut found: HashSet<(&str, &str)> = HashSet::new();
    let mut first = None;
    let mut done: Option<Element<'_>> = None;
    for element in top.descendants() {
        if !budget.spend(1) {
            return None;
        }
        if done.is_some_and(|done| done.holds(element.id())) {
            continue;
        }
        let is_other = element.is(DSIG, "Signature")
            && element != own
            && !element.holds(own.id())
            && !cover.leads_beneath(element)
            && !cover.of_node(element.id()).holds;
        if is_other {
            done = Some(element);
            continue;
        }
        for (prefix, namespace) in element.declarations() {
            let is_told = written.contains(&(prefix, namespace)) || says_nothing(prefix, namespace);
            if !is_told && found.insert((prefix, namespace)) {
                first.get_or_insert(prefix);
            }
        }
    }
    Some(XmlDeclarations {
        count: found.len() as u64,
        first: spelled(first?),
    })
}
