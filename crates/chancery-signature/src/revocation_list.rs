//! Revocation lists that our own authority publishes (RFC 5280, 5).

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::encode;
use crate::issue::{Criticality, IssueError, IssuingAuthority, extension, key_identifier};
use crate::oid;

/// The most entries of a list: one that names more is none that a day's certificates need.
pub const ENTRIES_MAX: usize = 100_000;

/// Why a certificate is revoked (RFC 5280, 5.3.1): those of the reasons that we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// The key was or may be in other hands.
    KeyCompromise,
    /// The subject is not, or is no longer, whom the certificate names.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// It is not needed any more.
    CessationOfOperation,
}

impl RevocationReason {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::KeyCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
    ];

    /// As rows and commands name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::KeyCompromise => "key_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// `CRLReason`.
    const fn number(self) -> u8 {
        match self {
            Self::KeyCompromise => 1,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
        }
    }
}

/// A certificate that its issuer revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its serial number, as in the certificate: big-endian.
    pub serial: Vec<u8>,
    /// Since when it counts for nothing.
    pub at: Instant,
    /// Why.
    pub reason: RevocationReason,
}

/// What a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Its number: each list of an issuer has a higher one than the list before.
    pub number: u64,
    /// When it is made.
    pub this_update: Instant,
    /// By when the next one comes.
    pub next_update: Instant,
    /// Since when certificates that have ended stay on it (RFC 5280 has none; X.509, 9.5.2.8): the
    /// beginning of the issuer, because ours never leave.
    pub ended_stay_since: Instant,
    /// Every certificate of the issuer that is revoked.
    pub revoked: Vec<RevokedCertificate>,
}

/// Makes a complete list of an issuer, DER.
///
/// # Errors
///
/// [`IssueError::Validity`] if it ends before it begins or names too many; [`IssueError::Serial`]
/// for a serial number of no bytes; [`IssueError::Key`] if the issuer's key does not sign now.
pub fn make_revocation_list(
    issuer: &IssuingAuthority,
    request: &ListRequest,
) -> Result<Vec<u8>, IssueError> {
    let is_sound = request.this_update.seconds() < request.next_update.seconds();
    if !is_sound || request.revoked.len() > ENTRIES_MAX {
        return Err(IssueError::Validity);
    }
    let own = Certificate::parse(issuer.certificate()).map_err(|_| IssueError::Issuer)?;
    let mut entries = Vec::new();
    for one in &request.revoked {
        if one.serial.is_empty() {
            return Err(IssueError::Serial);
        }
        let why = encode::value(0x0a, &[one.reason.number()]);
        let why = extension(oid::CRL_REASON, Criticality::Optional, &why);
        entries.extend(encode::sequence(&[
            &encode::unsigned(&one.serial),
            &encode::certificate_time(one.at),
            &encode::sequence(&[&why]),
        ]));
    }
    // An empty list of entries must be absent (5.1.2.6).
    let entries = match entries.is_empty() {
        true => Vec::new(),
        false => encode::sequence(&[&entries]),
    };
    let key_id = match own.extensions.subject_key_id {
        Some(id) => id.to_vec(),
        None => key_identifier(own.spki.raw),
    };
    let key_id = encode::sequence(&[&encode::value(crate::asn1::tag::context(0), &key_id)]);
    let number = encode::unsigned(&request.number.to_be_bytes());
    let since = encode::generalized_time(request.ended_stay_since);
    let extensions = [
        (oid::AUTHORITY_KEY_ID, &key_id),
        (oid::CRL_NUMBER, &number),
        (oid::EXPIRED_CERTS_ON_CRL, &since),
    ];
    let extensions: Vec<u8> = extensions
        .into_iter()
        .flat_map(|(id, value)| extension(id, Criticality::Optional, value))
        .collect();
    let algorithm = issuer.key().kind().signature_algorithm();
    let tbs = encode::sequence(&[
        // Version 2.
        &encode::unsigned(&[1]),
        &algorithm,
        own.subject.raw,
        &encode::certificate_time(request.this_update),
        &encode::certificate_time(request.next_update),
        &entries,
        &encode::explicit(0, &encode::sequence(&[&extensions])),
    ]);
    let value = issuer.key().sign(&tbs)?;
    Ok(encode::sequence(&[&tbs, &algorithm, &encode::bits(&value)]))
}
