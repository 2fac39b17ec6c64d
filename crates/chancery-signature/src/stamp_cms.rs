//! Timestamps for the signers of a structure that somebody else made (EN 319 122-1, 5.3:
//! signature-time-stamp), so that the time of each is proven from the day it came.

use crate::armour::unarmour;
use crate::cms::SignedData;
use crate::cms_edit::OpenedCms;
use crate::oid;
use crate::outside_cms::CmsFault;
use crate::sign::{SignError, attribute, check_token};

/// The value of each signer of a structure (DER, BER, PEM or Base64), in its order: what a
/// timestamp token of theirs is over.
///
/// # Errors
///
/// [`CmsFault::Unreadable`].
pub fn signer_values(bytes: &[u8]) -> Result<Vec<Vec<u8>>, CmsFault> {
    let der = unarmour(bytes).bytes;
    let (structure, _) = SignedData::parse(&der).map_err(|_| CmsFault::Unreadable)?;
    let values = structure.signers.iter().map(|signer| signer.value.to_vec());
    Ok(values.collect())
}

/// The structure with these tokens, each of the signer at a place; what was signed keeps its bytes.
///
/// # Errors
///
/// [`SignError::Attributes`] if it cannot be taken apart, or has no such signer;
/// [`SignError::Token`] for a token over something else than that signer's value.
pub fn stamp_signers(bytes: &[u8], tokens: &[(usize, Vec<u8>)]) -> Result<Vec<u8>, SignError> {
    let der = unarmour(bytes).bytes;
    let (structure, _) = SignedData::parse(&der).map_err(SignError::Attributes)?;
    let mut opened = OpenedCms::parse(&der).map_err(SignError::Attributes)?;
    for (place, token) in tokens {
        let signer = structure.signers.get(*place);
        let value = signer.map_or(&[][..], |signer| &signer.value);
        check_token(Some(token), value)?;
        opened.add_unsigned(*place, attribute(oid::SIGNATURE_TIMESTAMP, token));
    }
    Ok(opened.encode())
}
