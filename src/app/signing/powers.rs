//! Machine-readable powers of attorney beside stored signatures: put there, judged, shown, checked
//! again with their signature. What a power comes to stands beside the verdict on the signature and
//! never changes it.
//!
//! A signature stands in a version's file, as it came in or as signed here, or is a detached one.
//! The newest power of a signature counts. Those before it stay, with their files: they were
//! believed once, and nothing is ever taken away.

mod add;
mod check;
mod list;
mod subject;

use std::fmt;
use std::str::FromStr;

use chancery_trust::{AuthorityReport, Outcome};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use add::{AddedPower, PostedPower};
pub(crate) use check::{PowerChange, PowerSeen};
pub use list::{KeptPower, PowersOfDocument};
pub use subject::Subject;

/// Most powers that a document may have: all are listed on its page.
pub const ROWS_MAX: u64 = 200;

/// What a judgement came to, as rows and the wire name it.
#[must_use]
pub const fn result_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => "confirmed",
        Outcome::Undecided => "undecided",
        Outcome::Refused => "refused",
    }
}

/// Every result as rows name it.
pub const RESULTS: [&str; 3] = [
    result_code(Outcome::Confirmed),
    result_code(Outcome::Undecided),
    result_code(Outcome::Refused),
];

/// What a file of a power is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRole {
    /// The power.
    Power,
    /// Its signature.
    Signature,
    /// A power that it was passed on from.
    Parent,
    /// The signature of one.
    ParentSignature,
}

impl FileRole {
    /// All.
    pub const ALL: [Self; 4] = [
        Self::Power,
        Self::Signature,
        Self::Parent,
        Self::ParentSignature,
    ];

    /// As rows and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Power => "power",
            Self::Signature => "signature",
            Self::Parent => "parent",
            Self::ParentSignature => "parent_signature",
        }
    }

    /// From a row's text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What it is served as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Power | Self::Parent => "application/xml",
            Self::Signature | Self::ParentSignature => "application/pkcs7-signature",
        }
    }
}

/// Which stored signature of a document: by the identifier of one that was made or brought here, or
/// by the number of a version and the place, from 0, in the report on its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignatureName {
    /// By its identifier.
    Id(Uuid),
    /// By its place.
    Within {
        /// The version's number.
        version: i64,
        /// The place.
        place: usize,
    },
}

impl fmt::Display for SignatureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Within { version, place } => write!(f, "{version}-{place}"),
        }
    }
}

/// It names no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither an identifier nor a version with a place, such as 1-0")]
pub struct NoSignatureName;

impl FromStr for SignatureName {
    type Err = NoSignatureName;

    fn from_str(text: &str) -> Result<Self, NoSignatureName> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (version, place) = text.split_once('-').ok_or(NoSignatureName)?;
        if !digits(version) || !digits(place) {
            return Err(NoSignatureName);
        }
        Ok(Self::Within {
            version: version.parse().map_err(|_| NoSignatureName)?,
            place: place.parse().map_err(|_| NoSignatureName)?,
        })
    }
}

/// Who signed, by their certificate: it is part of the signature, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KnownSigner {
    /// The signature's place in the report on its file, from 0.
    place: usize,
    /// Their certificate, DER in Base64.
    certificate: String,
}

/// The weightiest reason of a judgement, as a row keeps it.
fn reason_text(report: &AuthorityReport) -> Option<String> {
    let reason = report.reasons.first()?;
    serde_json::to_string(reason).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_named_by_identifier_or_by_place() {
        let name = SignatureName::Within {
            version: 12,
            place: 3,
        };
        assert_eq!(name.to_string().parse(), Ok(name));
        let id = SignatureName::Id(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in [
            "",
            "1",
            "-",
            "1-",
            "-1",
            "+1-0",
            "1-0-0",
            "a-0",
            "99999999999999999999-0",
        ] {
            assert_eq!(bad.parse::<SignatureName>(), Err(NoSignatureName), "{bad}");
        }
    }
}
