//! Trusted lists: which services are trusted for what, since when, and who says so.

mod accredited;
mod accredited_names;
mod etsi;
mod etsi_service;
mod grants;
mod read;

use std::collections::HashSet;

use chancery_signature::Anchors;
use chancery_signature::facts::Der;
pub use chancery_signature::listed::Qualification;
use chancery_types::Instant;
use serde::{Deserialize, Serialize};

pub use read::{ListCode, ListPolicy, ListReport, parse_trusted_list, read_trusted_list};

/// How `ServiceTypeIdentifier` begins.
const SERVICE_TYPES: &str = "http://uri.etsi.org/TrstSvc/Svctype/";

/// The use that is no signature and no seal; other uses than these three (`RootCA-QC`) narrow
/// nothing (TS 119 612, 5.5.9.4).
const FOR_SITES: &str = "/ForWebSiteAuthentication";

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
            "CA/QC" | "CA/PKC" if signs() || !self.names(FOR_SITES) => ServiceUse::Signatures,
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

    /// The last part of its `ServiceTypeIdentifier`, `CA/QC`; all of one that is no usual one.
    #[must_use]
    pub fn kind(&self) -> &str {
        let kind = self.service_type.strip_prefix(SERVICE_TYPES);
        kind.unwrap_or(&self.service_type)
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
    /// What the service was at the moment, or last when it was granted.
    pub state: ServiceState,
    /// Until when it is trusted: it was granted before, and is not at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Whether the list names its certificate as one of a timestamping service too: whether times
    /// rest on it, that entry says.
    #[serde(default)]
    pub is_for_signers: bool,
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

impl Service {
    /// Its states one after another, each with the moment when the next one began. The present one
    /// stands first in a list and begins last, whatever the history says (TS 119 612, 5.5.4).
    pub(crate) fn in_order(&self) -> Vec<(&ServiceState, Option<Instant>)> {
        let Some((present, past)) = self.states.split_first() else {
            return Vec::new();
        };
        let past = past.iter().filter(|one| one.since < present.since);
        let mut states: Vec<&ServiceState> = past.collect();
        // Of two that begin together the one that stands first is the later one.
        states.sort_by_key(|one| one.since);
        states.dedup_by_key(|one| one.since);
        states.push(present);
        let ends = states.iter().skip(1).map(|next| Some(next.since));
        let ends: Vec<Option<Instant>> = ends.chain([None]).collect();
        states.into_iter().zip(ends).collect()
    }

    /// What it was when it was trusted last, if it is not at `at`, and until when.
    fn trusted_before(&self, at: Instant) -> Option<(&ServiceState, Instant)> {
        let counts = |state: &ServiceState| {
            state.standing == Standing::Granted && state.vouches_for() != ServiceUse::Other
        };
        if self.state_at(at).is_some_and(counts) {
            return None;
        }
        let states = self.in_order().into_iter().rev();
        let mut ended = states.filter_map(|(state, until)| {
            // The moment at which another state began is no more of this one.
            let until = until.filter(|until| *until <= at)?.plus_seconds(-1);
            counts(state).then_some((state, until))
        });
        ended.next()
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
                    until: None,
                    is_for_signers: false,
                })
            };
            service.certificates.iter().filter_map(entry)
        })
    }

    /// Every certificate of a service that was granted before `at` and is not any more, with until
    /// when it was.
    pub fn ended_entries(&self, at: Instant) -> impl Iterator<Item = AnchorEntry> {
        let providers = self.providers.iter();
        let services = providers.flat_map(|provider| {
            let all = provider.services.iter();
            all.map(move |one| (provider, one))
        });
        services.flat_map(move |(provider, service)| {
            let ended = service.trusted_before(at);
            let entry = move |certificate: &Der| {
                let (state, until) = ended?;
                Some(AnchorEntry {
                    certificate: certificate.clone(),
                    provider: provider.name.clone(),
                    service: service.name.clone(),
                    state: state.clone(),
                    until: Some(until),
                    is_for_signers: false,
                })
            };
            service.certificates.iter().filter_map(entry)
        })
    }

    /// The certificates that the list makes trusted at `at`, each once for each service: of those
    /// that are granted then, and of those that were before, until they were not any more, for what
    /// is proven to be so old. Those that cannot be read, or are of other services, are left out.
    pub fn trusted_at(&self, at: Instant) -> impl Iterator<Item = (AnchorEntry, Anchors)> {
        let stamps = |one: &&Service| {
            let mut states = one.states.iter();
            states.any(|state| state.vouches_for() == ServiceUse::Timestamps)
        };
        let services = self.providers.iter().flat_map(|one| &one.services);
        let stamping: HashSet<&[u8]> = services
            .filter(stamps)
            .flat_map(|one| &one.certificates)
            .map(|der| der.0.as_slice())
            .collect();
        let granted = self.entries_at(at, &[Standing::Granted]);
        let all = granted.chain(self.ended_entries(at));
        all.filter_map(move |mut entry| {
            let anchors = Anchors::from_pem_or_der(&entry.certificate.0).ok()?;
            let is_signers = entry.state.vouches_for() == ServiceUse::Signatures;
            entry.is_for_signers = is_signers && stamping.contains(entry.certificate.0.as_slice());
            let anchors = match entry.state.vouches_for() {
                ServiceUse::Signatures if entry.is_for_signers => anchors.for_signers(),
                ServiceUse::Signatures => anchors,
                ServiceUse::Timestamps => anchors.for_timestamps(),
                ServiceUse::Other => return None,
            };
            let anchors = match entry.until {
                Some(until) => anchors.ended(until),
                None => anchors,
            };
            Some((entry, anchors))
        })
    }

    /// Those certificates as anchors, with what the list says of authorities.
    #[must_use]
    pub fn anchors_at(&self, at: Instant) -> Anchors {
        let mut anchors = Anchors::none();
        for (_, one) in self.trusted_at(at) {
            anchors.extend(one);
        }
        anchors.with_listed(self.issue())
    }
}
