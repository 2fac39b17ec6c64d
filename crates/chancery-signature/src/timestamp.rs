//! RFC 3161 tokens: our own authority makes them, any authority's are read.

use chancery_types::Instant;
use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Asn1Error, Node, tag};
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

/// Most extensions of a token.
const EXTENSIONS_MAX: usize = 64;

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
    /// How far from it the true one may be, in microseconds, on either side.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub accuracy_micros: i64,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(micros: &i64) -> bool {
    *micros == 0
}

/// An accuracy up to which a moment counts as it is written, in whole seconds: what every authority
/// must keep to (EN 319 421, 7.7.2).
const ACCURACY_MICROS_MEANT: i64 = 1_000_000;

impl TimestampToken {
    /// The moment by which what was stamped certainly existed (RFC 3161, 2.4.2).
    pub(crate) fn latest(&self) -> Instant {
        let micros = self.gen_time.micros();
        Instant::from_micros(micros.saturating_add(self.accuracy_beyond()))
    }

    /// The moment before which the token was certainly not made.
    pub(crate) fn earliest(&self) -> Instant {
        let micros = self.gen_time.micros();
        Instant::from_micros(micros.saturating_sub(self.accuracy_beyond()))
    }

    fn accuracy_beyond(&self) -> i64 {
        match self.accuracy_micros {
            ..=ACCURACY_MICROS_MEANT => 0,
            wider => wider,
        }
    }

    /// Whether the imprint is the digest of these bytes, one part after another.
    #[must_use]
    pub fn is_over(&self, parts: &[&[u8]]) -> bool {
        self.is_over_content(&Content::of(parts)) == Some(true)
    }

    /// The same, unless it would cost too much to tell.
    pub(crate) fn is_over_content(&self, content: &Content<'_>) -> Option<bool> {
        let Some(algorithm) = self.imprint_algorithm else {
            return Some(false);
        };
        let digest = content.digest(algorithm)?;
        Some(hex::encode(digest) == self.imprint)
    }

    /// Reads `TSTInfo` (RFC 3161, 2.4.2): each part in its place, and no extension that must be
    /// understood.
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
        let accuracy_micros = match reader.optional(tag::SEQUENCE)? {
            Some(node) => accuracy(node)?,
            None => 0,
        };
        if let Some(ordering) = reader.optional(tag::BOOLEAN)? {
            ordering.boolean()?;
        }
        let nonce = match reader.optional(tag::INTEGER)? {
            Some(node) => Some(hex::encode(node.integer()?)),
            None => None,
        };
        // The name of the authority is a hint; who signed is who the certificate names.
        reader.optional(tag::context_constructed(0))?;
        if let Some(extensions) = reader.optional(tag::context_constructed(1))? {
            refuse_critical(extensions)?;
        }
        reader.finish()?;
        Ok(Self {
            gen_time,
            accuracy_micros,
            policy: policy.to_string(),
            serial: hex::encode(serial),
            imprint_algorithm: DigestAlgorithm::from_oid(algorithm.oid),
            imprint: hex::encode(hashed),
            nonce,
        })
    }
}

/// `Accuracy`, in microseconds: seconds, thousandths and millionths, each where it is not zero.
fn accuracy(node: Node<'_>) -> Result<i64, Asn1Error> {
    let mut reader = node.reader();
    let seconds = match reader.optional(tag::INTEGER)? {
        Some(node) => node.small()?,
        None => 0,
    };
    let mut part = |number: u8| -> Result<u64, Asn1Error> {
        let Some(node) = reader.optional(tag::context(number))? else {
            return Ok(0);
        };
        let integer = Node {
            tag: tag::INTEGER,
            ..node
        };
        integer.small()
    };
    let (thousandths, millionths) = (part(0)?, part(1)?);
    reader.finish()?;
    let micros = seconds
        .saturating_mul(1_000_000)
        .saturating_add(thousandths.saturating_mul(1_000))
        .saturating_add(millionths);
    Ok(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// RFC 5280, 4.2, for the extensions of a token, of which none is known here.
fn refuse_critical(extensions: Node<'_>) -> Result<(), Asn1Error> {
    for extension in extensions.children(EXTENSIONS_MAX)? {
        let mut reader = extension.expect(tag::SEQUENCE)?.reader();
        reader.expect(tag::OID)?;
        if let Some(critical) = reader.optional(tag::BOOLEAN)?
            && critical.boolean()?
        {
            return Err(Asn1Error::Value);
        }
        reader.expect(tag::OCTET_STRING)?;
        reader.finish()?;
    }
    Ok(())
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
    // A token just asked for has no excuse for a digest or a key of the past.
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
                .aging_key(&certificate)
                .is_none()
    });
    if fits {
        Ok(read)
    } else {
        Err(TokenError::Signature)
    }
}
