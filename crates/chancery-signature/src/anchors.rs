//! Whom somebody trusts: certificates, for good or until a moment, for everything or for times.

use chancery_types::Instant;
use indexmap::IndexMap;

use crate::asn1::{Asn1Error, tag};
use crate::certificate::Certificate;
use crate::judge_trust::Purpose;
use crate::listed::ListedIssue;

/// Most anchors in one file.
const ANCHORS_MAX: usize = 10_000;

/// Certificates that are trusted because somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    certificates: IndexMap<Vec<u8>, Terms>,
    /// Who may issue qualified certificates and who may not, as trusted lists say: trusted or not.
    listed: Vec<ListedIssue>,
}

/// Until when somebody is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Term {
    Never,
    /// For what is proven to be no later; afterwards whoever is above vouches for it no more
    /// either, by whichever certificate of its key.
    Ended(Instant),
    /// For what is proven to be no later.
    Until(Instant),
    Always,
}

/// Until when somebody is trusted to say who signed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    signers: Term,
    times: Term,
}

impl Terms {
    const ALWAYS: Self = Self {
        signers: Term::Always,
        times: Term::Always,
    };

    /// Whether one of the two is an end that nobody above takes back.
    pub fn may_end(self) -> bool {
        [self.signers, self.times]
            .iter()
            .any(|term| matches!(term, Term::Ended(_)))
    }

    /// Each as long as one of the two.
    pub fn longer(self, other: Self) -> Self {
        Self {
            signers: self.signers.max(other.signers),
            times: self.times.max(other.times),
        }
    }

    pub fn of(self, purpose: Purpose) -> Term {
        match purpose {
            Purpose::Signature => self.signers,
            Purpose::Timestamp => self.times,
        }
    }
}

impl Term {
    pub fn holds_at(self, at: Instant) -> bool {
        match self {
            Self::Never => false,
            Self::Ended(until) | Self::Until(until) => at <= until,
            Self::Always => true,
        }
    }
}

/// Why a file of anchors was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Neither PEM with certificates nor one DER certificate.
    #[error("there is no certificate")]
    None,
    /// A certificate cannot be read.
    #[error("certificate number {number} cannot be read: {why}")]
    Certificate {
        /// From 1, in the order of the file.
        number: usize,
        /// The reason.
        why: Asn1Error,
    },
    /// More than any real list has.
    #[error("there are too many certificates")]
    TooMany,
}

impl Anchors {
    /// Nobody is trusted.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads one certificate in DER, or any number of them in PEM.
    ///
    /// # Errors
    ///
    /// An [`AnchorError`]; one unreadable certificate refuses the whole file.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, AnchorError> {
        use base64::Engine as _;
        let mut certificates = Vec::new();
        if bytes.first() == Some(&tag::SEQUENCE) {
            certificates.push(bytes.to_vec());
        } else {
            let text = std::str::from_utf8(bytes).map_err(|_| AnchorError::None)?;
            for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
                let number = certificates.len().saturating_add(1);
                let broken = AnchorError::Certificate {
                    number,
                    why: Asn1Error::Truncated,
                };
                let (body, _) = block
                    .split_once("-----END CERTIFICATE-----")
                    .ok_or(broken)?;
                let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
                let der = base64::engine::general_purpose::STANDARD.decode(body.as_bytes());
                let why = Asn1Error::Value;
                certificates.push(der.map_err(|_| AnchorError::Certificate { number, why })?);
                if certificates.len() > ANCHORS_MAX {
                    return Err(AnchorError::TooMany);
                }
            }
        }
        for (index, der) in certificates.iter().enumerate() {
            let number = index.saturating_add(1);
            Certificate::parse(der).map_err(|why| AnchorError::Certificate { number, why })?;
        }
        if certificates.is_empty() {
            return Err(AnchorError::None);
        }
        let always = certificates.into_iter().map(|der| (der, Terms::ALWAYS));
        Ok(Self {
            certificates: always.collect(),
            ..Self::default()
        })
    }

    /// The same, trusted for what is proven to be no later than `until`: an authority that was
    /// replaced issues nothing any more.
    #[must_use]
    pub fn trusted_until(self, until: Instant) -> Self {
        self.at_most(Term::Until(until))
    }

    /// The same, of services that ended at `until`, as somebody says who knows of them: trusted for
    /// what is proven to be no later. For anything later nobody above them is asked: the listed
    /// service decides that is nearest (TS 119 615, 4.4).
    #[must_use]
    pub fn ended(self, until: Instant) -> Self {
        self.at_most(Term::Ended(until))
    }

    fn at_most(mut self, term: Term) -> Self {
        for terms in self.certificates.values_mut() {
            terms.signers = terms.signers.min(term);
            terms.times = terms.times.min(term);
        }
        self
    }

    /// The same, trusted for timestamps alone: who vouches for clocks need not know who signs.
    #[must_use]
    pub fn for_timestamps(mut self) -> Self {
        for terms in self.certificates.values_mut() {
            terms.signers = Term::Never;
        }
        self
    }

    /// The same, trusted for signers alone: a list says by itself whom it trusts for timestamps.
    #[must_use]
    pub fn for_signers(mut self) -> Self {
        for terms in self.certificates.values_mut() {
            terms.times = Term::Never;
        }
        self
    }

    /// The same, with what trusted lists say of authorities, whether these are trusted or not:
    /// without it, what a certificate says of itself is not confirmed.
    #[must_use]
    pub fn with_listed(mut self, listed: impl IntoIterator<Item = ListedIssue>) -> Self {
        self.listed.extend(listed);
        self
    }

    /// One certificate.
    pub(crate) fn of(der: &[u8]) -> Self {
        Self {
            certificates: std::iter::once((der.to_vec(), Terms::ALWAYS)).collect(),
            ..Self::default()
        }
    }

    /// What trusted lists say of authorities.
    pub(crate) fn listed(&self) -> &[ListedIssue] {
        &self.listed
    }

    /// The certificates, DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.keys().map(Vec::as_slice)
    }

    /// Trusts what another list trusts, too: each as long as one of the two does.
    pub fn extend(&mut self, other: Self) {
        self.listed.extend(other.listed);
        for (der, terms) in other.certificates {
            let known = self.certificates.entry(der).or_insert(terms);
            *known = known.longer(terms);
        }
    }

    /// How many certificates are trusted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether nobody is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// The certificates, each with until when it is trusted.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&[u8], Terms)> {
        let all = self.certificates.iter();
        all.map(|(der, terms)| (der.as_slice(), *terms))
    }
}
