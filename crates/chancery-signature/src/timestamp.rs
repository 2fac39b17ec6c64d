//! RFC 3161 tokens: our own authority makes them, any authority's are read.

use chancery_types::Instant;
use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Asn1Error, tag};
use crate::certificate::{Certificate, usage};
use crate::cms::SignedData;
use crate::content::Content;
use crate::encode;
use crate::facts::Agreement;
use crate::judge_token::check_token_signer;
use crate::key::SigningKey;
use crate::oid;
use crate::policy::ValidationPolicy;
use crate::scheme::AlgorithmId;
use crate::sign::{self, Parts, SignError};

/// Whether a certificate is that of a timestamping authority: the one purpose, critical
/// (RFC 3161, 2.3).
pub(crate) fn is_timestamping(certificate: &Certificate<'_>) -> bool {
    let purposes = certificate.extensions.purposes.as_ref();
    purposes.is_some_and(|purposes| purposes.critical && purposes.oids == [oid::TIME_STAMPING])
}

/// The built-in timestamping authority.
#[derive(Clone, Debug)]
pub struct TimestampAuthority {
    key: SigningKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

/// What to put into a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    /// SHA-256 of what is stamped.
    pub imprint: [u8; 32],
    /// The moment; written in whole seconds, with an accuracy of one.
    pub gen_time: Instant,
    /// 16 random bytes, never used before.
    pub serial: [u8; 16],
    /// The policy of the authority.
    pub policy: ObjectIdentifier,
    /// Returned as given, so that an answer can be matched to its question.
    pub nonce: Option<[u8; 8]>,
}

impl TimestampAuthority {
    /// Brings a key, its certificate and the certificates above it (DER) together.
    ///
    /// # Errors
    ///
    /// [`SignError::Certificate`] if one cannot be read or the first is not a timestamping
    /// authority's; [`SignError::Value`] if the key does not belong to it.
    pub fn new(
        key: SigningKey,
        certificate: Vec<u8>,
        chain: Vec<Vec<u8>>,
    ) -> Result<Self, SignError> {
        let parsed = Certificate::parse(&certificate).map_err(SignError::Certificate)?;
        if !is_timestamping(&parsed) || !parsed.allows(usage::DIGITAL_SIGNATURE) {
            return Err(SignError::Certificate(Asn1Error::Value));
        }
        if parsed.spki.raw != key.spki_der() {
            return Err(SignError::Value(crate::ValueError::Mismatch));
        }
        for above in &chain {
            Certificate::parse(above).map_err(SignError::Certificate)?;
        }
        Ok(Self {
            key,
            certificate,
            chain,
        })
    }

    /// Its certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Makes a token: CMS `SignedData` over `TSTInfo`, DER.
    ///
    /// # Errors
    ///
    /// As [`signed_attributes`](crate::signed_attributes), of which none is expected after
    /// [`TimestampAuthority::new`]; [`SignError::Key`] if the key does not sign now.
    pub fn timestamp(&self, request: &TimestampRequest) -> Result<Vec<u8>, SignError> {
        let digest = encode::sequence(&[&encode::oid(oid::SHA256)]);
        let imprint = encode::sequence(&[&digest, &encode::octets(&request.imprint)]);
        let nonce = request
            .nonce
            .map(|nonce| encode::unsigned(&nonce))
            .unwrap_or_default();
        let tst_info = encode::sequence(&[
            &encode::unsigned(&[1]),
            &encode::oid(request.policy),
            &imprint,
            &encode::unsigned(&request.serial),
            &encode::generalized_time(request.gen_time),
            // Accuracy: one second.
            &encode::sequence(&[&encode::unsigned(&[1])]),
            &nonce,
        ]);
        let own_digest = self.key.kind().digest_algorithm().digest(&[&tst_info]);
        let attributes = sign::attributes_over(oid::TST_INFO, &own_digest, &self.certificate, &[])?;
        let value = self.key.sign(&attributes);
        let value = value.map_err(SignError::Key)?;
        let parts = Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.certificate,
            chain: &self.chain,
            timestamp_token: None,
        };
        sign::signed_data(oid::TST_INFO, Some(&tst_info), &parts)
    }
}

/// What a token says. Nothing here is verified: see [`verify_token`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimestampToken {
    /// The moment.
    pub gen_time: Instant,
    /// The authority's policy, an object identifier.
    pub policy: String,
    /// The token's serial number, hexadecimal.
    pub serial: String,
    /// The digest algorithm of the imprint; absent if it is not one we compute.
    pub imprint_algorithm: Option<DigestAlgorithm>,
    /// The digest of what was stamped, hexadecimal.
    pub imprint: String,
    /// The nonce, hexadecimal.
    pub nonce: Option<String>,
}

impl TimestampToken {
    /// Whether the imprint is the digest of these bytes, one part after another.
    #[must_use]
    pub fn is_over(&self, parts: &[&[u8]]) -> bool {
        self.is_over_content(&Content::of(parts))
    }

    pub(crate) fn is_over_content(&self, content: &Content<'_>) -> bool {
        let digest = self
            .imprint_algorithm
            .map(|algorithm| content.digest(algorithm));
        digest.is_some_and(|digest| hex::encode(digest) == self.imprint)
    }

    /// Reads `TSTInfo` (RFC 3161, 2.4.2). What follows the time is optional, and authorities differ
    /// in how they write it: only the nonce is taken.
    pub(crate) fn from_tst_info(tst_info: &[u8]) -> Result<Self, Asn1Error> {
        let mut reader = asn1::read_all(tst_info, tag::SEQUENCE)?.reader();
        if reader.next()?.small()? != 1 {
            return Err(Asn1Error::Value);
        }
        let policy = reader.expect(tag::OID)?.oid()?;
        let mut imprint = reader.expect(tag::SEQUENCE)?.reader();
        let algorithm = AlgorithmId::parse(imprint.next()?)?;
        let hashed = imprint.expect(tag::OCTET_STRING)?.content;
        imprint.finish()?;
        let serial = reader.next()?.integer()?;
        let gen_time = reader.expect(tag::GENERALIZED_TIME)?.time()?;
        let mut nonce = None;
        while !reader.is_empty() {
            let node = reader.next()?;
            if node.tag == tag::INTEGER {
                nonce = Some(hex::encode(node.content));
            }
        }
        Ok(Self {
            gen_time,
            policy: policy.to_string(),
            serial: hex::encode(serial),
            imprint_algorithm: DigestAlgorithm::from_oid(algorithm.oid),
            imprint: hex::encode(hashed),
            nonce,
        })
    }
}

/// Why bytes are not a timestamp token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not CMS, or not `TSTInfo`.
    #[error("not a timestamp token: {0}")]
    Malformed(#[from] Asn1Error),
    /// CMS of something else.
    #[error("the content of the structure is not a timestamp")]
    NotATimestamp,
    /// The authority's signature, certificate or attributes are not as they must be.
    #[error("the token's signature is not that of a timestamping authority")]
    Signature,
    /// The imprint is that of something else.
    #[error("the token is over something else")]
    Imprint,
}

/// Reads a token (DER or BER); verifies nothing.
///
/// # Errors
///
/// [`TokenError::Malformed`] and [`TokenError::NotATimestamp`].
pub fn parse_token(token: &[u8]) -> Result<TimestampToken, TokenError> {
    let (structure, rest) = SignedData::parse(token)?;
    if !rest.is_empty() {
        return Err(TokenError::Malformed(Asn1Error::Trailing));
    }
    if structure.content_type != oid::TST_INFO {
        return Err(TokenError::NotATimestamp);
    }
    let content = structure
        .content
        .as_deref()
        .ok_or(TokenError::NotATimestamp)?;
    Ok(TimestampToken::from_tst_info(content)?)
}

/// Verifies a token over `message`, given in parts: the imprint, the authority's signature, its
/// signed attributes, and that its certificate is for timestamps and was valid at that moment.
/// Whether the authority is trusted is judged elsewhere: this is for a token just asked for.
///
/// # Errors
///
/// A [`TokenError`] that names what does not fit.
pub fn verify_token(token: &[u8], message: &[&[u8]]) -> Result<TimestampToken, TokenError> {
    let read = parse_token(token)?;
    let facts = crate::gather_signer::gather_token_alone(token, message);
    if facts.imprint != Agreement::Agrees {
        return Err(TokenError::Imprint);
    }
    let signer = facts.signer.as_deref().ok_or(TokenError::Signature)?;
    check_token_signer(signer).map_err(|_| TokenError::Signature)?;
    // A token just asked for has no excuse for a digest of the past.
    let digests = [
        signer.digest,
        signer.signature_digest,
        read.imprint_algorithm,
    ];
    if digests.iter().flatten().any(|digest| digest.is_broken()) {
        return Err(TokenError::Signature);
    }
    let certificate = crate::chain::at_index(&facts.certificates, signer.certificate);
    let fits = certificate.is_some_and(|certificate| {
        is_timestamping(&certificate)
            && certificate.is_valid_at(read.gen_time)
            && ValidationPolicy::default()
                .short_key(&certificate)
                .is_none()
    });
    if fits {
        Ok(read)
    } else {
        Err(TokenError::Signature)
    }
}
