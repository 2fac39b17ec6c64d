//! The report: what was concluded, and why, in words for machines.
//!
//! Sentences are made by whoever shows the report, from the keys here: [`Code::key`],
//! [`Check::key`], [`crate::facts::Change`].

use chancery_types::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::args::Args;
use crate::certificate::{CertificateDescription, Name};
use crate::facts::{Change, FieldLock, FileFormat, SignatureForm};
pub use crate::level::SignatureLevel;
use crate::policy::ValidationPolicy;
use crate::public_key::KeyDescription;
pub use crate::reason::{Check, CheckResult, CheckedResult, Code, Reason};
pub use crate::revocation_evidence::RevocationEvidence;
use crate::shared::{Met, Shared};
use crate::signature_kind::SignatureKind;

/// The conclusion of EN 319 102-1, 5.1.3.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Indication {
    /// Every check passed.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// Nothing is proven wrong, and not everything is proven right.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// Something is proven wrong.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

/// The reason of EN 319 102-1, 5.1.3, tables 5 and 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    SigConstraintsFailure,
    ChainConstraintsFailure,
    CryptoConstraintsFailure,
    CryptoConstraintsFailureNoPoe,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    OutOfBoundsNoPoe,
    NotYetValid,
    Expired,
    Revoked,
    RevokedNoPoe,
    RevokedCaNoPoe,
    NoPoe,
    TryLater,
    TimestampOrderFailure,
    SignedDataNotFound,
}

/// Yes, no, or not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not decided.
    Undecided,
}

/// Who signed: from the certificate only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignerReport {
    /// The subject.
    pub subject: Shared<Name>,
    /// Addresses in the certificate.
    pub emails: Vec<String>,
    /// Who says so.
    pub issuer: Shared<Name>,
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
}

impl From<CertificateDescription> for SignerReport {
    fn from(described: CertificateDescription) -> Self {
        Self {
            subject: described.subject.into(),
            emails: described.emails,
            issuer: described.issuer.into(),
            serial: described.serial,
        }
    }
}

/// How it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlgorithmReport {
    /// The key.
    pub key: Option<KeyDescription>,
    /// The digest, `SHA-256`, or its object identifier.
    pub digest: String,
    /// The object identifier of the signature algorithm.
    pub signature: String,
}

/// When it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimeReport {
    /// What the signer claims, as it is written. Proof of nothing.
    pub claimed: Option<String>,
    /// The earliest moment at which a trusted timestamp proves that the signature existed.
    pub proven: Option<Instant>,
    /// The authority that proves it.
    pub proven_by: Option<String>,
    /// The moment at which the certificates were judged: the proven one, else that of the report.
    pub judged_at: Instant,
}

/// What it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoversReport {
    /// `/ByteRange`: of a signature in a PDF, and of no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte_range: Option<[u64; 4]>,
    /// How many bytes.
    pub bytes: u64,
    /// Whether every byte but the signature itself.
    pub whole_file: bool,
    /// The revision it ends with, from 1.
    pub revision: u32,
    /// Revisions added afterwards.
    pub revisions_after: u32,
    /// Bytes added afterwards.
    pub bytes_after: u64,
    /// SHA-256 of the file up to the end of that revision, hexadecimal: of the copy that this
    /// signature completed. Of a signature in a PDF, and of no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision_sha256: Option<String>,
}

/// What a signature leaves open to those who come later (ISO 32000-2:2020, 12.8.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RightsReport {
    /// It certifies the file, and allows nothing (1), forms and signatures (2), comments too (3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<i64>,
    /// The level that its lock leaves to the whole file, as that of a certification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_permission: Option<i64>,
    /// The fields of the form that it locks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<FieldLock>,
}

/// A change made after signing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeReport {
    /// The revision that made it, from 1.
    pub revision: u32,
    /// What it is.
    #[serde(flatten)]
    pub change: Change,
}

/// How a certificate of the path stands to revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Trusted by itself.
    Anchor,
    /// Says that none will ever be published, and is such that none is needed (RFC 9608).
    NotNeeded,
    /// Not revoked when it was used.
    Good,
    /// Revoked after the proven time of its use.
    RevokedLater,
    /// Revoked.
    Revoked,
    /// Put on hold.
    OnHold,
    /// What is known of it is of too long ago.
    Stale,
    /// What says so cannot be used.
    Unknown,
    /// Nothing at hand speaks of it.
    Unchecked,
}

impl Revocation {
    /// Whether it is known that the certificate was good when it was used.
    #[must_use]
    pub fn is_known_good(self) -> bool {
        match self {
            Self::Anchor | Self::NotNeeded | Self::Good | Self::RevokedLater => true,
            Self::Revoked | Self::OnHold | Self::Stale | Self::Unknown | Self::Unchecked => false,
        }
    }
}

/// What spoke of a certificate's revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevocationSource {
    /// A revocation list.
    Crl,
    /// An OCSP answer.
    Ocsp,
}

/// A certificate of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkReport {
    /// Until when it, or whoever has its key, was trusted, if that is known to have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted_until: Option<Instant>,
    /// Whom it names.
    pub subject: Shared<Name>,
    /// Who issued it.
    pub issuer: Shared<Name>,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its validity begins.
    pub not_before: Instant,
    /// Its validity ends.
    pub not_after: Instant,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// How it stands to revocation.
    pub revocation: Revocation,
    /// What spoke of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_source: Option<RevocationSource>,
    /// Which list or answer that was; absent in reports that were stored before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_evidence: Option<RevocationEvidence>,
    /// Since when it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
    /// Why, by the name of RFC 5280, 5.3.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_for: Option<String>,
}

/// What a timestamp within the structure of a signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimestampOver {
    /// What was signed: the signature was made afterwards.
    Content,
    /// The signature's value: the signature was made before.
    Signature,
    /// Everything in the structure with what proves it.
    Archive,
}

/// A timestamp within the structure of a signature, and who vouches for it. A timestamp of the
/// document is a signature of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimestampReport {
    /// What it is over.
    pub over: TimestampOver,
    /// The moment that it states (`genTime`), if it could be read.
    pub at: Option<Instant>,
    /// The authority: from its certificate only.
    pub authority: Option<SignerReport>,
    /// Why it proves nothing; absent for one that proves its moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Reason>,
    /// The path, from the authority to the anchor, as far as it was found; empty for a timestamp
    /// that does not stand by itself.
    pub chain: Vec<LinkReport>,
}

/// The judgement on one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureReport {
    /// The field's name in a PDF.
    pub field: Option<String>,
    /// How it is kept.
    pub form: SignatureForm,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// For a counter-signature, the place in this list, from 0, of the signature that it signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter_signs: Option<u32>,
    /// The conclusion.
    pub indication: Indication,
    /// Its reason by the standard; absent when passed.
    pub sub_indication: Option<SubIndication>,
    /// Leaving trust aside: is it right, and is the file unmodified or harmlessly extended?
    pub intact: Answer,
    /// Does the value verify over the bytes it names?
    pub crypto: Answer,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// What does not stand against it and should be known.
    pub warnings: Vec<Reason>,
    /// Every check.
    pub checks: Vec<CheckedResult>,
    /// Who signed.
    pub signer: Option<SignerReport>,
    /// What it is in law, as far as the certificate tells; nothing for a timestamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SignatureKind>,
    /// How far it carries by what the file holds; nothing for a timestamp, a counter-signature, a
    /// form without levels, and what does not verify. It says nothing of trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<SignatureLevel>,
    /// What it does to the file beyond standing in it; nothing for a plain approval signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<RightsReport>,
    /// How.
    pub algorithm: Option<AlgorithmReport>,
    /// When.
    pub time: TimeReport,
    /// What is covered.
    pub covers: Option<CoversReport>,
    /// What came after.
    pub changes: Vec<ChangeReport>,
    /// How many more came after than are listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changes_left_out: u32,
    /// The path, from the signer to the anchor, as far as it was found.
    pub chain: Vec<LinkReport>,
    /// The timestamps within its structure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timestamps: Vec<TimestampReport>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl SignatureReport {
    /// Holds the names of its certificates once with those that were met in other reports.
    pub(crate) fn share_names(&mut self, met: &mut Met<Name>) {
        let (mut signers, mut links) = (Vec::new(), Vec::new());
        signers.extend(&mut self.signer);
        links.extend(&mut self.chain);
        for stamp in &mut self.timestamps {
            signers.extend(&mut stamp.authority);
            links.extend(&mut stamp.chain);
        }
        let signers = signers.into_iter();
        let signer = signers.flat_map(|one| [&mut one.subject, &mut one.issuer]);
        let chain = links.into_iter();
        let chain = chain.flat_map(|one| [&mut one.subject, &mut one.issuer]);
        for name in signer.chain(chain) {
            met.share(name);
        }
    }

    /// Whether it passed although nobody knows whether a certificate that it rests on was revoked,
    /// because the policy does not ask: nobody may show it as proven.
    #[must_use]
    pub fn leaves_revocation_open(&self) -> bool {
        let mut warnings = self.warnings.iter();
        self.indication == Indication::TotalPassed
            && warnings.any(|warning| warning.code == Code::RevocationWaived)
    }

    /// Whether what it covers is known to be something else than what was signed.
    #[must_use]
    pub fn is_content_changed(&self) -> bool {
        let mut reasons = self.reasons.iter();
        reasons.any(|one| one.code.check() == Check::Digest && one.code.fails())
    }

    /// The file as it was signed: the first bytes of `file`, up to the end of what is covered.
    /// Nothing for a signature that covers no sound range, for one that is no part of a PDF, and
    /// where what is covered was changed: those bytes nobody signed.
    #[must_use]
    pub fn signed_revision<'f>(&self, file: &'f [u8]) -> Option<&'f [u8]> {
        if self.is_content_changed() {
            return None;
        }
        let [_, _, start, length] = self.covers.as_ref()?.byte_range?;
        let end = usize::try_from(start.checked_add(length)?).ok()?;
        file.get(..end)
    }
}

/// The judgement on one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidationReport {
    /// The file's name, set by whoever knows it.
    pub file: Option<String>,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// What it was read as.
    pub format: FileFormat,
    /// The worst conclusion over all signatures.
    pub indication: Indication,
    /// That signature's reason, or the file's.
    pub sub_indication: Option<SubIndication>,
    /// Leaving trust aside: signed, cryptographically right, unmodified or harmlessly extended.
    pub intact: Answer,
    /// Does every signature verify over the bytes it names? Undecided where there is none, and none
    /// is claimed.
    pub crypto: Answer,
    /// What concerns the file and not one signature.
    pub reasons: Vec<Reason>,
    /// The signatures.
    pub signatures: Vec<SignatureReport>,
    /// The moment of judgement.
    pub judged_at: Instant,
    /// The policy's name.
    pub policy: String,
    /// What that policy demanded; absent in reports that were stored before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Box<ValidationPolicy>>,
}

/// How far a chosen moment may be ahead of the clock and still be now.
const CLOCKS_DIFFER_SECONDS: i64 = 60;

impl ValidationReport {
    /// Whether it passed although one of its signatures leaves open whether a certificate was
    /// revoked.
    #[must_use]
    pub fn leaves_revocation_open(&self) -> bool {
        let mut signatures = self.signatures.iter();
        self.indication == Indication::TotalPassed
            && signatures.any(SignatureReport::leaves_revocation_open)
    }

    /// Takes note of the moment at which the check was made. What passes by what is known then may
    /// be revoked, or rest on an algorithm that is trusted no more, by a moment that is to come: a
    /// verdict of such a moment stays open (EN 319 102-1, 5.1.3: what passes is proven, not
    /// expected).
    pub fn made_at(&mut self, made: Instant) {
        if self.judged_at.seconds_since(made) <= CLOCKS_DIFFER_SECONDS {
            return;
        }
        let ahead = || Reason::from(Code::MomentAhead);
        for one in &mut self.signatures {
            if one.indication == Indication::TotalPassed {
                one.indication = Indication::Indeterminate;
                one.sub_indication = Some(SubIndication::TryLater);
                one.reasons.push(ahead());
            }
        }
        if self.indication == Indication::TotalPassed {
            self.indication = Indication::Indeterminate;
            self.sub_indication = Some(SubIndication::TryLater);
        }
    }
}
