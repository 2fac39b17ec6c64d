//! `TrustServiceStatusList` of ETSI TS 119 612: the scheme and its pointers.

use chancery_signature::facts::Der;
use chancery_xml::Element;

use crate::list::etsi_service::provider;
use crate::list::read::Budget;
use crate::list::{ListForm, Pointer, TrustedList};
use crate::text::{base64_of, child_moment, child_text, moment, preferred};

/// The lists themselves.
pub(crate) const TSL: &str = "http://uri.etsi.org/02231/v2#";
/// `MimeType` among the additional information of a pointer.
const ADDITIONAL: &str = "http://uri.etsi.org/02231/v2/additionaltypes#";

/// Most certificates of one identity, which are compared with one another.
const IDENTITY_MAX: usize = 1000;

/// Reads a list from its root.
///
/// # Errors
///
/// A word for what every list has and this one lacks, or for the limit that it exceeds.
pub(crate) fn read(root: Element<'_>, budget: &mut Budget) -> Result<TrustedList, &'static str> {
    let scheme = root.only(TSL, "SchemeInformation");
    let scheme = scheme.ok_or("SchemeInformation")?;
    let number = |local| child_text(scheme, TSL, local).and_then(|text| text.parse().ok());
    let due = scheme
        .child(TSL, "NextUpdate")
        .and_then(|next| child_text(next, TSL, "dateTime"));
    let next_update_at = match due {
        Some(due) => Some(moment(&due).ok_or("NextUpdate")?),
        None => None,
    };
    let operator = scheme.child(TSL, "SchemeOperatorName");
    let mut providers = Vec::new();
    if let Some(list) = root.child(TSL, "TrustServiceProviderList") {
        for one in list.named(TSL, "TrustServiceProvider") {
            budget.spend("providers_max")?;
            providers.push(provider(one, budget)?);
        }
    }
    let issued_at = child_moment(scheme, TSL, "ListIssueDateTime");
    Ok(TrustedList {
        form: ListForm::Etsi,
        version: number("TSLVersionIdentifier").and_then(|one: u64| u32::try_from(one).ok()),
        sequence: number("TSLSequenceNumber"),
        list_type: child_text(scheme, TSL, "TSLType"),
        operator: operator.and_then(|one| preferred(one, TSL, "Name")),
        territory: child_text(scheme, TSL, "SchemeTerritory"),
        issued_at: Some(issued_at.ok_or("ListIssueDateTime")?),
        next_update_at,
        pointers: pointers(scheme, budget)?,
        providers,
    })
}

fn pointers(scheme: Element<'_>, budget: &mut Budget) -> Result<Vec<Pointer>, &'static str> {
    let mut found = Vec::new();
    let Some(list) = scheme.child(TSL, "PointersToOtherTSL") else {
        return Ok(found);
    };
    for one in list.named(TSL, "OtherTSLPointer") {
        budget.spend("pointers_max")?;
        let Some(location) = child_text(one, TSL, "TSLLocation") else {
            continue;
        };
        let mut pointer = Pointer {
            location,
            list_type: None,
            territory: None,
            mime_type: None,
            certificates: Vec::new(),
        };
        if let Some(identities) = one.child(TSL, "ServiceDigitalIdentities") {
            for identity in identities.named(TSL, "ServiceDigitalIdentity") {
                certificates(identity, budget, &mut pointer.certificates)?;
            }
        }
        let additional = one.child(TSL, "AdditionalInformation");
        let additional = additional.into_iter();
        for other in additional.flat_map(|all| all.named(TSL, "OtherInformation")) {
            if let Some(text) = child_text(other, TSL, "TSLType") {
                pointer.list_type = Some(text);
            }
            if let Some(text) = child_text(other, TSL, "SchemeTerritory") {
                pointer.territory = Some(text);
            }
            if let Some(text) = child_text(other, ADDITIONAL, "MimeType") {
                pointer.mime_type = Some(text);
            }
        }
        found.push(pointer);
    }
    Ok(found)
}

/// The certificates of a `ServiceDigitalIdentity`.
///
/// # Errors
///
/// A word for a certificate that is not Base64, so that nobody can say whom the entry is about, or
/// for the limit that is exceeded.
pub(crate) fn certificates(
    identity: Element<'_>,
    budget: &mut Budget,
    found: &mut Vec<Der>,
) -> Result<(), &'static str> {
    for one in identity.named(TSL, "DigitalId") {
        for certificate in one.named(TSL, "X509Certificate") {
            let der = base64_of(&certificate.text()).map(Der::from);
            let der = der.ok_or("X509Certificate")?;
            if found.len() >= IDENTITY_MAX {
                return Err("identity_certificates_max");
            }
            if !found.contains(&der) {
                budget.spend("certificates_max")?;
                found.push(der);
            }
        }
    }
    Ok(())
}
