//! Elements and attributes of the form `EMCHD_1`. What is not among them may take away what the
//! rest gives, so that it is named.

use chancery_xml::Element;

use crate::power::form::Flaws;
use crate::power::known_names::{ATTRIBUTES, ELEMENTS};
use crate::power::{AuthorityCode, names};
use crate::text::shown;

/// Most unknown names that are told of one file.
const TOLD_MAX: usize = 20;
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Notes every name within `root` that is not of the form, each once. Signatures are left out.
pub(crate) fn note_unknown(root: Element<'_>, flaws: &mut Flaws) {
    let mut told: Vec<&str> = Vec::new();
    let mut pending = vec![root];
    while let Some(one) = pending.pop() {
        if one.namespace() == names::SIGNATURES {
            continue;
        }
        let own = one.namespace() == root.namespace();
        let element = (!own || !ELEMENTS.contains(&one.local())).then(|| one.local());
        let attributes = one
            .attributes()
            .filter(|attribute| attribute.namespace != INSTANCE)
            .filter(|attribute| {
                !attribute.namespace.is_empty() || !ATTRIBUTES.contains(&attribute.local)
            })
            .map(|attribute| attribute.local);
        for name in element.into_iter().chain(attributes) {
            if told.len() < TOLD_MAX && !told.contains(&name) {
                told.push(name);
            }
        }
        pending.extend(one.children());
    }
    for name in told {
        let args = [("element", shown(name))];
        let args = args.each_ref().map(|(key, name)| (*key, name.as_str()));
        flaws.note(AuthorityCode::ElementUnknown, &args);
    }
}
