//! Providers and services of ETSI TS 119 612, with their history and qualifications.

use chancery_types::Instant;
use chancery_xml::Element;

use crate::list::etsi::{TSL, certificates};
use crate::list::read::Budget;
use crate::list::{Provider, Qualification, Service, ServiceState, Standing};
use crate::text::{child_moment, child_text, preferred};

/// The qualifications extension.
const QUALIFICATIONS: &str =
    "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#";
/// Extensions that change nothing here.
const KNOWN_EXTENSIONS: [&str; 2] = ["ExpiredCertsRevocationInfo", "TakenOverBy"];
/// `Identifier` of a policy.
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";

pub(crate) fn provider(
    element: Element<'_>,
    budget: &mut Budget,
) -> Result<Provider, &'static str> {
    let about = element.child(TSL, "TSPInformation");
    let about = about.ok_or("TSPInformation")?;
    let name = |local| {
        about
            .child(TSL, local)
            .and_then(|one| preferred(one, TSL, "Name"))
    };
    // Since version 2 the trade name begins with the registration: `VATDE-123`, `NTRLU-…`.
    let registration = name("TSPTradeName").filter(|text| {
        ["VAT", "NTR", "PAS", "IDC", "PNO", "TIN"]
            .iter()
            .any(|prefix| text.starts_with(prefix) && text.contains('-'))
    });
    let mut services = Vec::new();
    if let Some(list) = element.child(TSL, "TSPServices") {
        for one in list.named(TSL, "TSPService") {
            budget.spend("services_max")?;
            services.push(service(one, budget)?);
        }
    }
    Ok(Provider {
        name: name("TSPName").ok_or("TSPName")?,
        registration,
        services,
    })
}

fn service(element: Element<'_>, budget: &mut Budget) -> Result<Service, &'static str> {
    let current = element.child(TSL, "ServiceInformation");
    let current = current.ok_or("ServiceInformation")?;
    let name = current.child(TSL, "ServiceName");
    let mut found = Service {
        name: name
            .and_then(|one| preferred(one, TSL, "Name"))
            .unwrap_or_default(),
        states: vec![state(current, budget)?],
        certificates: Vec::new(),
        revocation_lists: Vec::new(),
    };
    if let Some(identity) = current.child(TSL, "ServiceDigitalIdentity") {
        certificates(identity, budget, &mut found.certificates)?;
    }
    if let Some(history) = element.child(TSL, "ServiceHistory") {
        for past in history.named(TSL, "ServiceHistoryInstance") {
            budget.spend("states_max")?;
            found.states.push(state(past, budget)?);
        }
    }
    Ok(found)
}

fn state(element: Element<'_>, budget: &mut Budget) -> Result<ServiceState, &'static str> {
    let written = child_text(element, TSL, "ServiceStatus").ok_or("ServiceStatus")?;
    let since: Option<Instant> = child_moment(element, TSL, "StatusStartingTime");
    let mut found = ServiceState {
        service_type: child_text(element, TSL, "ServiceTypeIdentifier")
            .ok_or("ServiceTypeIdentifier")?,
        standing: standing(&written),
        state: written,
        since: since.ok_or("StatusStartingTime")?,
        uses: Vec::new(),
        qualifications: Vec::new(),
    };
    let extensions = element.child(TSL, "ServiceInformationExtensions");
    let extensions = extensions.into_iter();
    for extension in extensions.flat_map(|all| all.named(TSL, "Extension")) {
        let is_critical = matches!(extension.attribute("Critical"), Some("true" | "1"));
        for part in extension.children() {
            if part.is(TSL, "AdditionalServiceInformation") {
                budget.spend("uses_max")?;
                found.uses.extend(child_text(part, TSL, "URI"));
            } else if part.is(QUALIFICATIONS, "Qualifications") {
                for one in part.named(QUALIFICATIONS, "QualificationElement") {
                    budget.spend("qualifications_max")?;
                    let one = qualification(one);
                    budget.qualify(one.parts())?;
                    found.qualifications.push(one);
                }
            } else if is_critical && !KNOWN_EXTENSIONS.contains(&part.local()) {
                // TS 119 612, 5.5.9: what must be understood and is not refuses the entry.
                found.standing = Standing::Unknown;
            }
        }
    }
    Ok(found)
}

/// The meaning of a state (TS 119 612, 5.5.4 and annex J): the last part of its identifier.
fn standing(written: &str) -> Standing {
    let known = written.starts_with("http://uri.etsi.org/TrstSvc/");
    match written.rsplit('/').next().unwrap_or("") {
        _ if !known => Standing::Unknown,
        "granted" | "undersupervision" | "supervisionincessation" | "accredited" => {
            Standing::Granted
        }
        "recognisedatnationallevel" | "setbynationallaw" => Standing::National,
        "withdrawn"
        | "supervisionceased"
        | "supervisionrevoked"
        | "accreditationceased"
        | "accreditationrevoked"
        | "deprecatedatnationallevel"
        | "deprecatedbynationallaw" => Standing::Withdrawn,
        _ => Standing::Unknown,
    }
}

/// What cannot be read of its criteria leaves open whom it is for, and a qualifier that cannot be
/// read is one that is not known: neither is left out.
fn qualification(element: Element<'_>) -> Qualification {
    let mut found = Qualification::default();
    for list in element.named(QUALIFICATIONS, "Qualifiers") {
        for qualifier in list.named(QUALIFICATIONS, "Qualifier") {
            let uri = qualifier.attribute("uri").unwrap_or_default();
            found.qualifiers.push(uri.to_owned());
        }
    }
    let mut lists = element.named(QUALIFICATIONS, "CriteriaList");
    let (Some(criteria), None) = (lists.next(), lists.next()) else {
        found.incomplete = true;
        return found;
    };
    found.assertion = criteria.attribute("assert").unwrap_or("all").to_owned();
    for criterion in criteria.children() {
        let is_read = if criterion.is(QUALIFICATIONS, "PolicySet") {
            policy_set(criterion).map(|set| found.policies.push(set))
        } else if criterion.is(QUALIFICATIONS, "KeyUsage") {
            key_usage(criterion).map(|set| found.key_usages.push(set))
        } else {
            (criterion.local() == "Description").then_some(())
        };
        found.incomplete |= is_read.is_none();
    }
    found
}

/// The policies of a set, which has one at least, or nothing if one of them cannot be read.
fn policy_set(criterion: Element<'_>) -> Option<Vec<String>> {
    let policies = criterion.named(QUALIFICATIONS, "PolicyIdentifier");
    let oid = |one: Element<'_>| {
        let text = child_text(one, XADES, "Identifier")?;
        Some(text.trim_start_matches("urn:oid:").to_owned())
    };
    let set: Option<Vec<String>> = policies.map(oid).collect();
    set.filter(|set| !set.is_empty())
}

/// The bits of a set, which has one at least, or nothing if one of them cannot be read.
fn key_usage(criterion: Element<'_>) -> Option<Vec<(String, bool)>> {
    let bit = |one: Element<'_>| {
        let is_set = match one.text().trim() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        };
        Some((one.attribute("name")?.to_owned(), is_set))
    };
    let bits = criterion.named(QUALIFICATIONS, "KeyUsageBit").map(bit);
    let set: Option<Vec<(String, bool)>> = bits.collect();
    set.filter(|set| !set.is_empty())
}
