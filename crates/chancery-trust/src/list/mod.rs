//! Trusted lists: which services are trusted for what, since when, and who says so.

mod accredited;
mod accredited_names;
mod etsi;
mod etsi_service;
mod grants;
mod read;

use chancery_signature::Anchors;
use chancery_signature::facts::Der;
pub use chancery_signature::listed::Qualification;
use chancery_types::Instant;
use serde::{Deserialize, Serialize};

pub use read::{ListCode, ListPolicy, ListReport, parse_trusted_list, read_trusted_list};

/// How `ServiceTypeIdentifier` begins.
const SERVICE_TYPES: &str = "http://uri.etsi.org/TrstSvc/Svctype/";

/// Whose form a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListForm {
    /// ETSI TS 119 612, versions 1 and 2.
    Etsi,
    /// The list of accredited certification centres of the Russian ministry.
    AccreditedCentres,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedList {
    /// Whose form it has.
    pub form: ListForm,
    /// `TSLVersionIdentifier`.
    pub version: Option<u32>,
    /// `TSLSequenceNumber`: each issue has a larger one.
    pub sequence: Option<u64>,
    /// `TSLType`: a list, or a list of lists.
    pub list_type: Option<String>,
    /// Who keeps it.
    pub operator: Option<String>,
    /// For which country, `DE`.
    pub territory: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// When the next one is due; absent for a closed list and in forms that do not say.
    pub next_update_at: Option<Instant>,
    /// Lists that it points at.
    pub pointers: Vec<Pointer>,
    /// Those whose services are listed.
    pub providers: Vec<Provider>,
}

/// A list that another one points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Where it is published.
    pub location: String,
    /// `TSLType` of the list there.
    pub list_type: Option<String>,
    /// For which country.
    pub territory: Option<String>,
    /// `application/vnd.etsi.tsl+xml` for the form that is read here.
    pub mime_type: Option<String>,
    /// The certificates that may sign it, DER.
    pub certificates: Vec<Der>,
}

/// A trust service provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its registration: a VAT number, ОГРН.
    pub registration: Option<String>,
    /// Its services.
    pub services: Vec<Service>,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it was and is, the latest state first.
    pub states: Vec<ServiceState>,
    /// The certificates it is known by, DER.
    pub certificates: Vec<Der>,
    /// Where its revocation lists are, if the list says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocation_lists: Vec<String>,
}

/// What a service was from one moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceState {
    /// `ServiceTypeIdentifier`: issues certificates, stamps time, …
    pub service_type: String,
    /// What its state means.
    pub standing: Standing,
    /// The state as written.
    pub state: String,
    /// From when.
    pub since: Instant,
    /// `AdditionalServiceInformation`: for signatures, seals, web sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// What its certificates are, beyond what they say of themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Qualification>,
}

/// What the certificates of a service vouch for (TS 119 612, 5.5.1; TS 119 615, 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUse {
    /// Who signs or seals.
    Signatures,
    /// When.
    Timestamps,
    /// Something else: web sites, delivery, who answers on revocation. No signature is trusted
    /// because of it.
    Other,
}

impl ServiceState {
    /// What it vouches for.
    #[must_use]
    pub fn vouches_for(&self) -> ServiceUse {
        let signs = || self.names("/ForeSignatures") || self.names("/ForeSeals");
        match self.kind() {
            "CA/QC" | "CA/PKC" if self.uses.is_empty() || signs() => ServiceUse::Signatures,
            "TSA" | "TSA/QTST" | "TSA/TSS-QC" | "TSA/TSS-AdESQCandQES" => ServiceUse::Timestamps,
            _ => ServiceUse::Other,
        }
    }
}

impl ServiceState {
    /// Whether it issues certificates, qualified or not.
    fn is_authority(&self) -> bool {
        matches!(self.kind(), "CA/QC" | "CA/PKC")
    }

    fn kind(&self) -> &str {
        let kind = self.service_type.strip_prefix(SERVICE_TYPES);
        kind.unwrap_or_default()
    }

    /// Whether a use is named whose URI ends so.
    fn names(&self, end: &str) -> bool {
        self.uses.iter().any(|one| one.ends_with(end))
    }
}

/// What a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Supervised and qualified: `granted`, and the states before 2016 that it followed.
    Granted,
    /// Known to the country, not qualified.
    National,
    /// No longer.
    Withdrawn,
    /// A state that is not known here: nothing is trusted because of it.
    Unknown,
}

/// A certificate that a list makes trusted at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorEntry {
    /// The certificate, DER.
    pub certificate: Der,
    /// Whose service it is.
    pub provider: String,
    /// The service.
    pub service: String,
    /// What the service was at the moment.
    pub state: ServiceState,
}

impl Service {
    /// What the service was at `at`; nothing before its first state.
    #[must_use]
    pub fn state_at(&self, at: Instant) -> Option<&ServiceState> {
        // The first is the present one, whatever the history says (TS 119 612, 5.5.4).
        let present = self.states.first().filter(|state| state.since <= at);
        if present.is_some() {
            return present;
        }
        let past = self.states.iter().filter(|state| state.since <= at);
        // Of two that begin together the one that stands first is the later one.
        past.fold(None, |best: Option<&ServiceState>, state| match best {
            Some(best) if best.since >= state.since => Some(best),
            _ => Some(state),
        })
    }
}

impl TrustedList {
    /// Whether its successor was due at `at`. Nothing if the list names no date.
    #[must_use]
    pub fn is_expired_at(&self, at: Instant) -> Option<bool> {
        self.next_update_at.map(|due| due < at)
    }

    /// Every certificate of a service whose standing at `at` was one of `standings`.
    pub fn entries_at<'l>(
        &'l self,
        at: Instant,
        standings: &'l [Standing],
    ) -> impl Iterator<Item = AnchorEntry> + 'l {
        let services = self
            .providers
            .iter()
            .flat_map(|provider| provider.services.iter().map(move |one| (provider, one)));
        services.flat_map(move |(provider, service)| {
            let state = service.state_at(at);
            let state = state.filter(|state| standings.contains(&state.standing));
            let entry = move |certificate: &Der| {
                Some(AnchorEntry {
                    certificate: certificate.clone(),
                    provider: provider.name.clone(),
                    service: service.name.clone(),
                    state: state?.clone(),
                })
            };
            service.certificates.iter().filter_map(entry)
        })
    }

    /// The certificates of services that were granted at `at`, as anchors for what they vouch for.
    /// Certificates that cannot be read, and those of other services, are left out.
    #[must_use]
    pub fn anchors_at(&self, at: Instant) -> Anchors {
        let mut anchors = Anchors::none();
        for entry in self.entries_at(at, &[Standing::Granted]) {
            let Ok(one) = Anchors::from_pem_or_der(&entry.certificate.0) else {
                continue;
            };
            match entry.state.vouches_for() {
                ServiceUse::Signatures => anchors.extend(one),
                ServiceUse::Timestamps => anchors.extend(one.for_timestamps()),
                ServiceUse::Other => {}
            }
        }
        anchors.with_listed(self.issue())
    }
}
