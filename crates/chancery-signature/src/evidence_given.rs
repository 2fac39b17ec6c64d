//! Evidence that whoever asks has himself: a folder of lists, answers and certificates.

use std::sync::Arc;

use crate::asn1::tag;
use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::ocsp::OcspAnswer;
use crate::revocation_fetched::Asked;

/// Most pieces of one kind.
const PIECES_MAX: usize = 4_096;
/// Most bytes of all pieces together.
const BYTES_MAX: usize = 256 * 1024 * 1024;
/// Most notes of who was asked.
const ASKED_MAX: usize = 1_024;

/// Revocation lists, OCSP answers and certificates that are at hand beside the file. Nothing proves
/// since when they exist, so they speak for the moment of judgement and before. With it stands who
/// was asked for more, and what came, so that a report can tell. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenEvidence {
    certificates: Vec<Arc<[u8]>>,
    crls: Vec<Arc<[u8]>>,
    ocsps: Vec<Arc<[u8]>>,
    bytes: usize,
    asked: Vec<Asked>,
}

/// Why a piece of evidence was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// Neither a revocation list nor an OCSP answer nor a certificate, in DER or PEM.
    #[error("neither a revocation list nor an OCSP answer nor a certificate")]
    Unreadable,
    /// More than any real folder holds.
    #[error("there is too much evidence")]
    TooMuch,
}

impl GivenEvidence {
    /// Nothing at hand.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Takes one piece in DER, or any number of pieces in PEM.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Unreadable`] if any piece cannot be read, [`EvidenceError::TooMuch`]. What
    /// was taken before stays.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), EvidenceError> {
        use base64::Engine as _;
        if bytes.first() == Some(&tag::SEQUENCE) {
            return self.add_der(bytes);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| EvidenceError::Unreadable)?;
        let mut found = false;
        for block in text.split("-----BEGIN ").skip(1) {
            let (_, body) = block.split_once("-----").ok_or(EvidenceError::Unreadable)?;
            let (body, _) = body
                .split_once("-----END ")
                .ok_or(EvidenceError::Unreadable)?;
            let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            let der = base64::engine::general_purpose::STANDARD.decode(body.as_bytes());
            self.add_der(&der.map_err(|_| EvidenceError::Unreadable)?)?;
            found = true;
        }
        found.then_some(()).ok_or(EvidenceError::Unreadable)
    }

    fn add_der(&mut self, der: &[u8]) -> Result<(), EvidenceError> {
        let list = if Crl::parse(der).is_ok() {
            &mut self.crls
        } else if Certificate::parse(der).is_ok() {
            &mut self.certificates
        } else if OcspAnswer::parse(der).is_ok() {
            &mut self.ocsps
        } else {
            return Err(EvidenceError::Unreadable);
        };
        let bytes = self.bytes.saturating_add(der.len());
        if list.len() >= PIECES_MAX || bytes > BYTES_MAX {
            return Err(EvidenceError::TooMuch);
        }
        if !list.iter().any(|one| one.as_ref() == der) {
            list.push(Arc::from(der));
            self.bytes = bytes;
        }
        Ok(())
    }

    /// Notes who was asked about a certificate, and what came: a report tells it where the
    /// certificate's revocation stays open.
    pub fn note(&mut self, asked: Asked) {
        if self.asked.len() < ASKED_MAX && !self.asked.contains(&asked) {
            self.asked.push(asked);
        }
    }

    /// Who was asked about the certificate with these bytes.
    pub(crate) fn asked_about(&self, certificate: &[u8]) -> impl Iterator<Item = &Asked> {
        let nobody = self.asked.is_empty();
        let digest = (!nobody).then(|| *chancery_types::Digest::of(certificate).as_bytes());
        let asked = self.asked.iter();
        asked.filter(move |one| Some(one.certificate) == digest)
    }

    /// How many pieces there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let lists = [&self.certificates, &self.crls, &self.ocsps];
        lists.iter().map(|list| list.len()).sum()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(AsRef::as_ref)
    }

    pub(crate) fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(AsRef::as_ref)
    }

    pub(crate) fn ocsps(&self) -> impl Iterator<Item = &[u8]> {
        self.ocsps.iter().map(AsRef::as_ref)
    }
}
