//! What is asked about authority, and the report that answers it.

use chancery_signature::facts::Der;
use chancery_signature::report::CheckResult;
use chancery_signature::{GivenEvidence, ValidationPolicy, ValidationReport};
use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use crate::outcome::{Outcome, Reason};
use crate::power::{AuthorityCheck, AuthorityCode, Identity, OwnSignature, PowerOfAttorney};

/// A power with its signature.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'g> {
    /// The file.
    pub power: &'g [u8],
    /// How it is signed.
    pub signature: OwnSignature<'g>,
}

/// A question: may this person sign this for this organisation, at this moment, by this power?
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The power.
    pub grant: Grant<'q>,
    /// The powers that it was passed on from, in any order; none for a first one.
    pub parents: &'q [Grant<'q>],
    /// Who signed the document, by the certificate of that signature.
    pub signer: Option<&'q Identity>,
    /// For whom.
    pub organisation: Option<&'q Organisation>,
    /// What for.
    pub sought: Option<&'q PowerSought>,
    /// What the register of powers answered.
    pub registry: Option<&'q RegistryAnswer>,
    /// What is at hand of revocation, beside what the signatures of the powers bring.
    pub evidence: &'q GivenEvidence,
    /// When the document was signed.
    pub at: Instant,
    /// When that is asked, which is no earlier: what says that somebody was revoked comes after the
    /// revocation.
    pub now: Instant,
}

/// An organisation by its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// ИНН, 10 digits, or 12 of an entrepreneur or person.
    pub inn: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
}

/// Powers of which one is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerSought {
    /// Codes of the register of powers.
    pub codes: Vec<String>,
    /// Beginnings of words, one of which must stand in the power's words: the stem of "contract".
    pub words: Vec<String>,
}

/// What the register of powers answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryAnswer {
    /// Its answer.
    pub state: RegistryState,
    /// When it was asked.
    pub asked_at: Instant,
}

/// How a power stands in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RegistryState {
    /// In force.
    InForce,
    /// Taken back.
    Revoked {
        /// From when.
        since: Instant,
    },
    /// Not in the register.
    Unknown,
}

/// What counts as good enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthorityPolicy {
    /// The rules for the signature of a power.
    pub signature: ValidationPolicy,
    /// Whether nothing is confirmed that the register was not asked about.
    pub registry_demanded: bool,
    /// In which zone the days of a term begin and end, in seconds east of UTC: Moscow's by default.
    pub utc_offset_seconds: i32,
}

impl Default for AuthorityPolicy {
    fn default() -> Self {
        Self {
            signature: ValidationPolicy::default(),
            registry_demanded: false,
            utc_offset_seconds: 3 * 60 * 60,
        }
    }
}

/// One check and what it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckedAuthority {
    /// The check.
    pub check: AuthorityCheck,
    /// What it came to.
    pub result: CheckResult,
}

/// A power that another one was passed on from, judged by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckedParent {
    /// The conclusion on it and on those that it comes from.
    pub result: Outcome,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<Reason<AuthorityCode>>,
    /// The power.
    pub power: PowerOfAttorney,
    /// Who signed it.
    pub granted_by: Option<Identity>,
}

/// The judgement on authority: beside that on the document's signature, never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AuthorityReport {
    /// The conclusion.
    pub result: Outcome,
    /// Whether the register of powers was asked: without it, what is confirmed may have been taken
    /// back.
    #[serde(default)]
    pub register_asked: bool,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<Reason<AuthorityCode>>,
    /// What does not stand against it and should be known.
    pub warnings: Vec<Reason<AuthorityCode>>,
    /// Every check.
    pub checks: Vec<CheckedAuthority>,
    /// The power, if it could be read.
    pub power: Option<PowerOfAttorney>,
    /// The powers that it was passed on from, as far as they were given: the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<CheckedParent>,
    /// The judgement on the power's own signature, if it has one.
    pub signature: Option<ValidationReport>,
    /// Who signed the power.
    pub granted_by: Option<Identity>,
    /// The certificate of who signed it, DER.
    pub granted_by_certificate: Option<Der>,
    /// The moment of judgement.
    pub judged_at: Instant,
}
