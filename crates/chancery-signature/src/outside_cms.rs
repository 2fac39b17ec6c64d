//! Whole CMS structures that somebody else's program made: one over a file that was prepared here,
//! or one that stands by itself over a file that must first be found.

use crate::algorithm::DigestAlgorithm;
use crate::armour::unarmour;
use crate::asn1::Asn1Error;
use crate::certificate::Certificate;
use crate::cms::{SignedData, SignerId, SignerInfo};
use crate::cms_edit::OpenedCms;
use crate::names;
use crate::oid;
use crate::sign::{SignError, attribute, check_token};

/// Why a whole structure is not the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsFault {
    /// It is not CMS, or bytes follow it.
    #[error("the structure cannot be read")]
    Unreadable,
    /// It has none or several; a signature in a PDF has one (ISO 32000-2, 12.8.3.3).
    #[error("the structure has {0} signers in place of one")]
    Signers(usize),
    /// It holds the content, which a detached one does not.
    #[error("the structure holds what it signs")]
    HoldsContent,
    /// It is over another file.
    #[error("the structure is over other bytes")]
    DigestDiffers,
    /// Another certificate signed than the one that the preparation was for.
    #[error("another certificate signed")]
    CertificateDiffers,
}

/// A whole structure over a prepared file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideCms {
    der: Vec<u8>,
    value: Vec<u8>,
}

impl OutsideCms {
    /// Reads a structure (DER, BER, PEM or Base64) over `content`, made with the key of
    /// `certificate`. The value itself is verified with the file that it goes into.
    ///
    /// # Errors
    ///
    /// A [`CmsFault`].
    pub fn read(bytes: &[u8], certificate: &[u8], content: &[&[u8]]) -> Result<Self, CmsFault> {
        let der = unarmour(bytes).bytes.into_owned();
        let (structure, rest) = SignedData::parse(&der).map_err(|_| CmsFault::Unreadable)?;
        if !rest.is_empty() {
            return Err(CmsFault::Unreadable);
        }
        let [signer] = structure.signers.as_slice() else {
            return Err(CmsFault::Signers(structure.signers.len()));
        };
        if structure.content.is_some() {
            return Err(CmsFault::HoldsContent);
        }
        if !is_named(signer, certificate) {
            return Err(CmsFault::CertificateDiffers);
        }
        let signed = SignedDigest::of(signer);
        if !signed.fits(content) {
            return Err(CmsFault::DigestDiffers);
        }
        let value = signer.value.to_vec();
        Ok(Self { der, value })
    }

    /// The signature value: what a timestamp is over.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The structure with certificates and a timestamp token put in; what was signed keeps its
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`SignError::Attributes`] if it cannot be taken apart; [`SignError::Token`] for a token over
    /// another value.
    pub fn stamped(&self, certificates: &[Vec<u8>], token: &[u8]) -> Result<Vec<u8>, SignError> {
        check_token(Some(token), &self.value)?;
        let mut opened = OpenedCms::parse(&self.der).map_err(SignError::Attributes)?;
        for der in certificates {
            opened.add_certificate(der);
        }
        opened.add_unsigned(0, attribute(oid::SIGNATURE_TIMESTAMP, token));
        Ok(opened.encode())
    }
}

/// Whether a signer names this certificate (RFC 5652, 5.3).
fn is_named(signer: &SignerInfo<'_>, certificate: &[u8]) -> bool {
    let Ok(certificate) = Certificate::parse(certificate) else {
        return false;
    };
    match signer.signer {
        SignerId::IssuerAndSerial { issuer, serial } => {
            certificate.serial == serial && names::is_same(certificate.issuer.raw, issuer)
        }
        SignerId::KeyId(id) => certificate.extensions.subject_key_id == Some(id),
    }
}

/// What one signer of a structure says of the bytes that it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDigest {
    /// By which algorithm; nothing for one that is not computed here.
    pub algorithm: Option<DigestAlgorithm>,
    /// The attribute message-digest; nothing if there is none.
    pub digest: Option<Vec<u8>>,
}

impl SignedDigest {
    fn of(signer: &SignerInfo<'_>) -> Self {
        let attributes = signer.signed.iter().flat_map(|signed| &signed.list);
        let mut found = attributes
            .filter(|one| one.kind == oid::MESSAGE_DIGEST)
            .filter_map(|one| one.values.first())
            .filter_map(|value| value.octets().ok());
        Self {
            algorithm: DigestAlgorithm::from_oid(signer.digest_algorithm.oid),
            digest: found.next().map(std::borrow::Cow::into_owned),
        }
    }

    /// Whether it is the digest of `content`.
    #[must_use]
    pub fn fits(&self, content: &[&[u8]]) -> bool {
        match (self.algorithm, &self.digest) {
            (Some(algorithm), Some(digest)) => algorithm.digest(content) == *digest,
            _ => false,
        }
    }
}

/// What each signer of a structure (DER, BER, PEM or Base64) that stands by itself covers, so that
/// the file can be looked for.
///
/// # Errors
///
/// [`CmsFault::Unreadable`]; [`CmsFault::HoldsContent`]; [`CmsFault::Signers`] if it has none.
pub fn signed_digests(bytes: &[u8]) -> Result<Vec<SignedDigest>, CmsFault> {
    let unarmoured = unarmour(bytes).bytes;
    let read: Result<_, Asn1Error> = SignedData::parse(&unarmoured);
    let (structure, _) = read.map_err(|_| CmsFault::Unreadable)?;
    if structure.content.is_some() {
        return Err(CmsFault::HoldsContent);
    }
    if structure.signers.is_empty() {
        return Err(CmsFault::Signers(0));
    }
    Ok(structure.signers.iter().map(SignedDigest::of).collect())
}
