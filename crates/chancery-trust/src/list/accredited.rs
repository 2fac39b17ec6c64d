//! The list of accredited certification centres that the Russian ministry publishes.
//!
//! Its form is that which public programs read: centres with the states of their accreditation,
//! their complexes, keys, and the certificates of the keys. It names no date for the next issue.

use chancery_signature::facts::Der;
use chancery_types::Instant;
use chancery_xml::Element;

use crate::list::accredited_names as names;
use crate::list::read::Budget;
use crate::list::{ListForm, Provider, Service, ServiceState, Standing, TrustedList};
use crate::text::{base64_of, child_moment, child_text, text_of};

/// What every service of such a list does.
const ISSUES_QUALIFIED: &str = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC";

/// Most letters of a state that are kept: each key of a centre has all of the centre's states.
const STATE_LETTERS_MAX: usize = 256;

pub(crate) fn is_root(root: Element<'_>) -> bool {
    root.is("", names::ROOT)
}

/// Reads a list from its root.
///
/// # Errors
///
/// A word for what every list has and this one lacks, or for the limit that it exceeds.
pub(crate) fn read(root: Element<'_>, budget: &mut Budget) -> Result<TrustedList, &'static str> {
    let mut providers = Vec::new();
    for centre in root.named("", names::CENTRE) {
        budget.spend("providers_max")?;
        providers.push(provider(centre, budget)?);
    }
    let version = child_text(root, "", names::VERSION);
    Ok(TrustedList {
        form: ListForm::AccreditedCentres,
        version: None,
        sequence: version.and_then(|text| text.parse().ok()),
        list_type: None,
        operator: None,
        territory: Some("RU".to_owned()),
        issued_at: Some(child_moment(root, "", names::DATE).ok_or("issued_at")?),
        next_update_at: None,
        pointers: Vec::new(),
        providers,
    })
}

fn provider(centre: Element<'_>, budget: &mut Budget) -> Result<Provider, &'static str> {
    let states = states(centre, budget)?;
    let mut services = Vec::new();
    let complexes = centre.child("", names::COMPLEXES).into_iter();
    for complex in complexes.flat_map(|all| all.named("", names::COMPLEX)) {
        let alias = child_text(complex, "", names::ALIAS).unwrap_or_default();
        let keys = complex.child("", names::KEYS).into_iter();
        for key in keys.flat_map(|all| all.named("", names::KEY)) {
            budget.spend("services_max")?;
            budget.share(states.len())?;
            services.push(service(key, &alias, &states, budget)?);
        }
    }
    Ok(Provider {
        name: child_text(centre, "", names::NAME).ok_or("name")?,
        registration: child_text(centre, "", names::OGRN),
        services,
    })
}

fn service(
    key: Element<'_>,
    alias: &str,
    states: &[ServiceState],
    budget: &mut Budget,
) -> Result<Service, &'static str> {
    let mut certificates = Vec::new();
    let list = key.child("", names::CERTIFICATES).into_iter();
    for one in list.flat_map(|all| all.named("", names::CERTIFICATE)) {
        let bytes = one.child("", names::BYTES);
        if let Some(der) = bytes
            .and_then(|bytes| base64_of(&bytes.text()))
            .map(Der::from)
        {
            budget.spend("certificates_max")?;
            certificates.push(der);
        }
    }
    let lists = key.child("", names::REVOCATION_LISTS).into_iter();
    let lists = lists.flat_map(|all| all.named("", names::ADDRESS));
    Ok(Service {
        name: alias.to_owned(),
        states: states.to_vec(),
        certificates,
        revocation_lists: lists.filter_map(text_of).take(16).collect(),
    })
}

/// The states of a centre, the present one first.
///
/// What is not understood is never passed over for something older: a present state that cannot be
/// read leaves the centre in a state that is not known, and so does a past one at all times before
/// the present.
fn states(centre: Element<'_>, budget: &mut Budget) -> Result<Vec<ServiceState>, &'static str> {
    let unknown = || ServiceState {
        service_type: ISSUES_QUALIFIED.to_owned(),
        standing: Standing::Unknown,
        state: String::new(),
        since: Instant::from_seconds(0),
        uses: Vec::new(),
        qualifications: Vec::new(),
    };
    let mut now = centre.named("", names::ACCREDITATION);
    let present = match (now.next().and_then(state), now.next()) {
        (Some(present), None) => present,
        _ => return Ok(vec![unknown()]),
    };
    let mut past = Vec::new();
    for history in centre.named("", names::HISTORY) {
        for one in history.named("", names::ACCREDITATION) {
            budget.spend("states_max")?;
            past.push(state(one));
        }
    }
    let past: Option<Vec<ServiceState>> = past.into_iter().collect();
    let past = past.unwrap_or_else(|| vec![unknown()]);
    Ok([vec![present], past].concat())
}

/// A state without its date says nothing about any moment.
fn state(element: Element<'_>) -> Option<ServiceState> {
    let written = child_text(element, "", names::STATE)?;
    let standing = if written == names::STATE_VALID {
        Standing::Granted
    } else if names::STATES_ENDED.contains(&written.as_str()) {
        Standing::Withdrawn
    } else {
        Standing::Unknown
    };
    Some(ServiceState {
        service_type: ISSUES_QUALIFIED.to_owned(),
        standing,
        state: written.chars().take(STATE_LETTERS_MAX).collect(),
        since: child_moment(element, "", names::SINCE)?,
        uses: Vec::new(),
        qualifications: Vec::new(),
    })
}
