//! `ds:Signature` in its parts (XML Signature 1.1, 4).

use chancery_xml::{Canonical, Element};

use crate::names::{DSIG, EXCLUSIVE, algorithm_of, base64_child, base64_of};

/// Most prefixes of one `InclusiveNamespaces`.
pub(crate) const PREFIXES_MAX: usize = 64;

/// A signature, its parts where the grammar puts them.
pub(crate) struct Structure<'d> {
    pub element: Element<'d>,
    pub signed: Element<'d>,
    pub form: Option<Canonical>,
    pub form_name: &'d str,
    pub method: Element<'d>,
    pub method_name: &'d str,
    pub references: Vec<Element<'d>>,
    pub value_element: Element<'d>,
    pub value: Vec<u8>,
    /// The certificates of `KeyInfo`, in order.
    pub certificates: Vec<Vec<u8>>,
    pub objects: Vec<Element<'d>>,
}

/// Reads a signature.
///
/// # Errors
///
/// A word for what is not as the grammar has it, or exceeds a limit.
pub(crate) fn read(
    element: Element<'_>,
    references_max: usize,
    certificates_max: usize,
) -> Result<Structure<'_>, &'static str> {
    check_order(element)?;
    let signed = element.only(DSIG, "SignedInfo").ok_or("signed_info")?;
    let method = signed.only(DSIG, "SignatureMethod");
    let method = method.ok_or("signature_method")?;
    let form = signed.only(DSIG, "CanonicalizationMethod");
    let form = form.ok_or("canonicalization_method")?;
    let references: Vec<Element<'_>> = signed.named(DSIG, "Reference").collect();
    let expected = references.len().saturating_add(2);
    if references.is_empty() || signed.children().count() != expected {
        return Err("references");
    }
    if references.len() > references_max {
        return Err("references_max");
    }
    let value_element = element.only(DSIG, "SignatureValue");
    let value_element = value_element.ok_or("signature_value")?;
    Ok(Structure {
        element,
        signed,
        form_name: form.attribute("Algorithm").unwrap_or(""),
        form: form_of(form),
        method,
        method_name: method.attribute("Algorithm").unwrap_or(""),
        references,
        value_element,
        value: base64_child(element, DSIG, "SignatureValue").ok_or("signature_value")?,
        certificates: certificates(element, certificates_max)?,
        objects: element.named(DSIG, "Object").collect(),
    })
}

/// `SignedInfo, SignatureValue, KeyInfo?, Object*`.
fn check_order(element: Element<'_>) -> Result<(), &'static str> {
    let place = |child: Element<'_>| match (child.namespace(), child.local()) {
        (DSIG, "SignedInfo") => Some(0),
        (DSIG, "SignatureValue") => Some(1),
        (DSIG, "KeyInfo") => Some(2),
        (DSIG, "Object") => Some(3),
        _ => None,
    };
    is_bare(element)?;
    let mut last = None;
    for child in element.children() {
        let place = place(child).ok_or("unknown_part")?;
        if last.is_some_and(|last| place < last || (place == last && place < 3)) {
            return Err("order");
        }
        last = Some(place);
    }
    Ok(())
}

/// No text stands beside the parts: nothing there is signed, so nothing there may say anything.
fn is_bare(element: Element<'_>) -> Result<(), &'static str> {
    let blank = element.text().trim().is_empty();
    blank.then_some(()).ok_or("text")
}

fn certificates(
    element: Element<'_>,
    certificates_max: usize,
) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut found = Vec::new();
    let Some(key) = element.child(DSIG, "KeyInfo") else {
        return Ok(found);
    };
    is_bare(key)?;
    for x509 in key.named(DSIG, "X509Data") {
        is_bare(x509)?;
        for certificate in x509.named(DSIG, "X509Certificate") {
            if found.len() >= certificates_max {
                return Err("certificates_max");
            }
            found.push(base64_of(&certificate.text()).ok_or("certificate")?);
        }
    }
    Ok(found)
}

/// The canonical form that a `CanonicalizationMethod` or a `Transform` names.
pub(crate) fn form_of(element: Element<'_>) -> Option<Canonical> {
    let mut form = Canonical::of_algorithm(element.attribute("Algorithm")?)?;
    if let Some(listed) = element.child(EXCLUSIVE, "InclusiveNamespaces") {
        let prefixes = listed.attribute("PrefixList").unwrap_or("");
        let prefixes = prefixes.split_ascii_whitespace().map(str::to_owned);
        form.inclusive_prefixes = prefixes.take(PREFIXES_MAX.saturating_add(1)).collect();
    }
    (form.inclusive_prefixes.len() <= PREFIXES_MAX).then_some(form)
}

/// A reference in its parts.
pub(crate) struct ReferenceParts<'d> {
    pub uri: Option<&'d str>,
    pub transforms: Vec<Element<'d>>,
    pub digest_name: &'d str,
    pub digest: Vec<u8>,
    pub kind: Option<&'d str>,
}

/// Reads a `Reference`.
pub(crate) fn read_reference(
    element: Element<'_>,
    transforms_max: usize,
) -> Result<ReferenceParts<'_>, &'static str> {
    let mut transforms = Vec::new();
    let mut expected = 2_usize;
    if let Some(list) = element.only(DSIG, "Transforms") {
        expected = 3;
        transforms.extend(list.named(DSIG, "Transform"));
        if transforms.len() != list.children().count() {
            return Err("transforms");
        }
    }
    if transforms.len() > transforms_max {
        return Err("transforms_max");
    }
    if element.children().count() != expected {
        return Err("reference");
    }
    Ok(ReferenceParts {
        uri: element.attribute("URI"),
        transforms,
        digest_name: algorithm_of(element, "DigestMethod").ok_or("digest_method")?,
        digest: base64_child(element, DSIG, "DigestValue").ok_or("digest_value")?,
        kind: element.attribute("Type"),
    })
}
