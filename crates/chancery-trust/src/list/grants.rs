//! What a list grants: by whose law, to whom, from when until when, and for what (TS 119 615, 4.4).

use chancery_signature::Anchors;
use chancery_signature::listed::{ListedAuthority, ListedIssue, ListedSpan};
use chancery_signature::signature_kind::Law;
use chancery_types::Instant;

use crate::list::{FOR_SITES, ListForm, Service, ServiceState, Standing, TrustedList};

/// Countries where eIDAS holds, as lists name them (TS 119 612, 5.3.10): of the Union, and of the
/// European Economic Area.
const EUROPEAN: [&str; 31] = [
    "EU", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];
/// What lists of services, and not of other lists, call themselves (TS 119 612, annex D.4; before
/// the regulation).
const EUROPEAN_TYPES: [&str; 3] = [
    "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric",
    "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/TSLType/generic",
    "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/TSLtype/generic",
];
/// Since when eIDAS applies (article 52(2)), as lists write it: the first of July 2016 in Brussels.
const REGULATION: Instant = Instant::from_seconds(1_467_324_000);
/// What a qualified service is called since then.
const GRANTED: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted";
/// How long a list that names no date for its next issue tells what is, in seconds from its own.
pub(crate) const UNDATED_SECONDS: i64 = 31 * 24 * 60 * 60;

impl ServiceState {
    /// Whether it may issue qualified certificates for signatures, and whether for seals.
    ///
    /// Before the regulation there were no seals, and uses need not be named. Since then only
    /// `granted` counts, for the uses that are named. The Russian list knows one kind.
    fn issues(&self, law: Law, is_before: bool) -> (bool, bool) {
        let is_granted = self.standing == Standing::Granted && self.kind() == "CA/QC";
        let names = |use_of| self.names(use_of);
        match law {
            _ if !is_granted => (false, false),
            Law::EuropeanUnion if is_before => {
                let is_other = names("/ForeSeals") || names(FOR_SITES);
                (names("/ForeSignatures") || !is_other, false)
            }
            Law::EuropeanUnion if self.state != GRANTED => (false, false),
            Law::EuropeanUnion => (names("/ForeSignatures"), names("/ForeSeals")),
            Law::Russia | Law::Other => (true, false),
        }
    }
}

impl Service {
    /// What it may issue, from when until when.
    fn spans(&self, law: Law) -> Vec<ListedSpan> {
        let spans = self.in_order().into_iter();
        let spans = spans.flat_map(|(state, until)| {
            let span = |since: Instant, until: Option<Instant>| {
                let (signatures, seals) = state.issues(law, since < REGULATION);
                ListedSpan {
                    since,
                    until,
                    signatures,
                    seals,
                    qualifications: state.qualifications.clone(),
                }
            };
            let is_split = law == Law::EuropeanUnion
                && state.since < REGULATION
                && until.is_none_or(|until| REGULATION < until);
            match is_split {
                false => vec![span(state.since, until)],
                true => vec![span(state.since, Some(REGULATION)), span(REGULATION, until)],
            }
        });
        spans.collect()
    }

    /// Whether it is, or was, an authority of which no certificate can be read: nobody can say
    /// which certificates its entry is about.
    pub(crate) fn is_nobodys(&self) -> bool {
        let can_be_read =
            |der: &chancery_signature::facts::Der| Anchors::from_pem_or_der(&der.0).is_ok();
        self.is_authority() && !self.certificates.iter().any(can_be_read)
    }

    fn is_authority(&self) -> bool {
        self.states.iter().any(ServiceState::is_authority)
    }
}

impl TrustedList {
    /// By whose law its services issue qualified certificates; nothing for a list of a country
    /// whose law is not known here, and for one that lists no services but other lists.
    #[must_use]
    pub fn law(&self) -> Option<Law> {
        let is_european = || {
            let territory = self.territory.as_deref().unwrap_or_default();
            let kind = self.list_type.as_deref().unwrap_or_default();
            EUROPEAN.contains(&territory) && EUROPEAN_TYPES.contains(&kind)
        };
        match self.form {
            ListForm::AccreditedCentres => Some(Law::Russia),
            ListForm::Etsi => is_european().then_some(Law::EuropeanUnion),
        }
    }

    /// Every authority that the list names, with what it may issue from when until when: of those
    /// as well that may issue nothing (any more). Nothing for a list of no law known here.
    #[must_use]
    pub fn issue(&self) -> Option<ListedIssue> {
        let law = self.law()?;
        let issued = self.issued_at?;
        let services = self.providers.iter().flat_map(|one| &one.services);
        let services = services.filter(|one| one.is_authority() && !one.certificates.is_empty());
        let undated = || issued.plus_seconds(UNDATED_SECONDS);
        Some(ListedIssue {
            law,
            territory: self.territory.clone(),
            issued,
            sequence: self.sequence,
            due: self.next_update_at.unwrap_or_else(undated),
            authorities: services
                .map(|service| ListedAuthority {
                    certificates: service.certificates.clone(),
                    spans: service.spans(law),
                })
                .collect(),
        })
    }

    /// Whether an authority of it may issue qualified certificates at `at`.
    pub(crate) fn confirms_at(&self, at: Instant) -> bool {
        let authorities = self.issue().into_iter().flat_map(|one| one.authorities);
        authorities.flat_map(|one| one.spans).any(|span| {
            let holds = span.since <= at && span.until.is_none_or(|until| at < until);
            holds && (span.signatures || span.seals)
        })
    }
}
