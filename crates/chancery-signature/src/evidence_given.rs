//! Evidence that whoever asks has himself: a folder of lists, answers and certificates.

use crate::asn1::tag;
use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::ocsp::OcspAnswer;

/// Most pieces of one kind.
const PIECES_MAX: usize = 4_096;
/// Most bytes of all pieces together.
const BYTES_MAX: usize = 256 * 1024 * 1024;

/// Revocation lists, OCSP answers and certificates that are at hand beside the file. Nothing proves
/// since when they exist, so they speak for the moment of judgement and before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenEvidence {
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    ocsps: Vec<Vec<u8>>,
    bytes: usize,
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
        if !list.iter().any(|one| one == der) {
            list.push(der.to_vec());
            self.bytes = bytes;
        }
        Ok(())
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
        self.certificates.iter().map(Vec::as_slice)
    }

    pub(crate) fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(Vec::as_slice)
    }

    pub(crate) fn ocsps(&self) -> impl Iterator<Item = &[u8]> {
        self.ocsps.iter().map(Vec::as_slice)
    }
}
