//! One file as it was read, with what it is judged by: what is missing of revocation is asked for
//! in between, if the administrator lets us.

use std::sync::Arc;

use chancery_signature::facts::FileFormat;
use chancery_signature::{
    Anchors, Facts, GivenEvidence, Limits, RevocationNeed, ValidationPolicy, ValidationReport,
    gather_with, judge_with, needed_revocation,
};
use chancery_types::{Digest, Instant};
use chancery_xades::gather_xml;
use serde::Serialize;

use super::power::{self, JudgedPower, PowerAsked};
use crate::app::online::Online;
use crate::app::{App, AppError, container};

/// The file that a detached signature was checked with, as a protocol of the check names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CoveredFile {
    /// Its name, set by whoever knows it.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

impl CoveredFile {
    fn of(bytes: &[u8]) -> Self {
        Self {
            name: String::new(),
            sha256: Digest::of(bytes).hex(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// A file that was judged.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Checked {
    /// The judgement.
    #[serde(flatten)]
    pub report: ValidationReport,
    /// Whether the signature was given as the content and the content as the signature: then they
    /// were judged the right way round.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub swapped: bool,
    /// What a detached signature was checked with: without it nobody could tell later what the
    /// judgement is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered_file: Option<CoveredFile>,
    /// When the check was made, if `judged_at` is another moment that was chosen for it: it must
    /// not be taken for a check that was made then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_at: Option<Instant>,
    /// What a power of attorney that came beside the file allows its signer: beside the judgement,
    /// never part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<JudgedPower>,
    /// The same of the powers that are kept beside its stored signatures, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<JudgedPower>,
}

impl Checked {
    /// A report on one file, judged at the moment of the check.
    #[must_use]
    pub const fn of(report: ValidationReport) -> Self {
        Self {
            report,
            swapped: false,
            covered_file: None,
            made_at: None,
            authority: None,
            authorities: Vec::new(),
        }
    }
}

/// The file holds what it signs, so the content that was given beside it would be compared with
/// nothing, and a good verdict would seem to be about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file holds what it signs, so the given content was not compared")]
pub struct NotCompared;

/// What files are judged by.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Whom to trust.
    pub anchors: Anchors,
    /// What counts as good enough.
    pub policy: ValidationPolicy,
    /// What is at hand of revocation, beside what a file brings.
    pub evidence: Arc<GivenEvidence>,
}

impl Basis {
    /// Trust in `anchors` by the built-in policy, with nothing at hand.
    #[must_use]
    pub fn of(anchors: Anchors) -> Self {
        Self {
            anchors,
            policy: ValidationPolicy::default(),
            evidence: Arc::default(),
        }
    }
}

/// A file that was read and is to be judged.
#[derive(Clone, Debug)]
pub struct Matter {
    facts: Facts,
    basis: Basis,
    at: Instant,
    swapped: bool,
    is_container: bool,
    covered: Option<CoveredFile>,
}

impl Matter {
    /// Reads bytes of any kind, to be judged at `at`. Pure, bounded by [`Limits`].
    ///
    /// # Errors
    ///
    /// [`NotCompared`].
    pub fn read(
        file: &[u8],
        content: Option<&[u8]>,
        basis: Basis,
        at: Instant,
    ) -> Result<Self, NotCompared> {
        let facts = gather_any(file, content, &basis.evidence, &Limits::default());
        let mut matter = Self::of(facts, basis, at);
        matter.is_container = container::is_signed_container(file);
        let Some(content) = content else {
            return Ok(matter);
        };
        if matter.facts.signatures.is_empty() {
            let evidence = &matter.basis.evidence;
            let other = gather_with(content, Some(file), evidence, &Limits::default());
            if other.format == FileFormat::Cms && !other.signatures.is_empty() {
                matter.facts = other;
                matter.swapped = true;
                matter.is_container = false;
                matter.covered = Some(CoveredFile::of(file));
            }
            return Ok(matter);
        }
        match matter.facts.format {
            FileFormat::Pdf | FileFormat::Xml => Err(NotCompared),
            FileFormat::Cms | FileFormat::Unknown => {
                matter.covered = Some(CoveredFile::of(content));
                Ok(matter)
            }
        }
    }

    /// What was gathered already.
    pub(crate) const fn of(facts: Facts, basis: Basis, at: Instant) -> Self {
        Self {
            facts,
            basis,
            at,
            swapped: false,
            is_container: false,
            covered: None,
        }
    }

    /// Which certificates lack evidence of revocation, and whom one may ask.
    pub(crate) fn needs(&self) -> Vec<RevocationNeed> {
        let Basis {
            anchors,
            policy,
            evidence,
        } = &self.basis;
        needed_revocation(&self.facts, policy, self.at, anchors, evidence)
    }

    /// The evidence, to add to.
    pub(crate) fn evidence_mut(&mut self) -> &mut GivenEvidence {
        Arc::make_mut(&mut self.basis.evidence)
    }

    /// What it is judged by so far.
    pub(crate) const fn basis(&self) -> &Basis {
        &self.basis
    }

    /// What it is judged by, with what was learnt.
    pub(crate) fn into_basis(self) -> Basis {
        self.basis
    }

    /// The judgement.
    #[must_use]
    pub fn judge(&self) -> ValidationReport {
        let Basis {
            anchors,
            policy,
            evidence,
        } = &self.basis;
        judge_with(&self.facts, policy, self.at, anchors, evidence)
    }

    /// The judgement on what somebody brought.
    #[must_use]
    pub fn check(&self) -> Checked {
        let mut report = self.judge();
        if self.is_container {
            report.reasons.iter_mut().for_each(container::name);
        }
        Checked {
            swapped: self.swapped,
            covered_file: self.covered.clone(),
            ..Checked::of(report)
        }
    }

    /// As [`Matter::check`], and then the judgement on a power of attorney of who signed, by a
    /// basis of its own.
    ///
    /// # Errors
    ///
    /// As [`power::judge`].
    pub(crate) fn check_with(
        &self,
        asked: Option<&(PowerAsked, Basis)>,
    ) -> Result<Checked, AppError> {
        let mut checked = self.check();
        if let Some((asked, basis)) = asked {
            let candidates = power::candidates(&self.facts);
            let judged = power::judge(asked, &candidates, &checked.report, basis)?;
            checked.authority = Some(judged);
        }
        Ok(checked)
    }

    /// Asks for what is missing, on a thread that may wait; `now` is the real moment, whatever
    /// moment is judged.
    pub async fn ask(&mut self, online: &Online, now: Instant) {
        let Some(mut inquiry) = online.begin() else {
            return;
        };
        while inquiry.ask(&self.needs(), self.evidence_mut(), now).await {}
    }
}

/// Gathers from bytes of any kind: XML is told by the first of them and read by a crate of its own.
pub(super) fn gather_any(
    file: &[u8],
    content: Option<&[u8]>,
    evidence: &GivenEvidence,
    limits: &Limits,
) -> Facts {
    let facts = gather_with(file, content, evidence, limits);
    match facts.format {
        FileFormat::Xml => gather_xml(file, &chancery_xades::Limits::default()),
        FileFormat::Pdf | FileFormat::Cms | FileFormat::Unknown => facts,
    }
}

impl App {
    /// Asks for what a judgement lacks of revocation, as far as the administrator lets us. The
    /// computing takes its turn among the checks; nobody's turn waits for a stranger's server.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`].
    pub(crate) async fn ask_for(&self, mut matter: Matter) -> Result<Matter, AppError> {
        let Some(mut inquiry) = self.online.begin() else {
            return Ok(matter);
        };
        loop {
            let looked = self.validator.run(move || {
                let needs = matter.needs();
                (matter, needs)
            });
            let needs;
            (matter, needs) = looked.await?;
            if needs.is_empty() {
                return Ok(matter);
            }
            if !inquiry.ask(&needs, matter.evidence_mut(), self.now()).await {
                return Ok(matter);
            }
        }
    }

    /// `basis` with what was asked for about the signatures that `read` gathers.
    ///
    /// # Errors
    ///
    /// As [`App::ask_for`].
    pub(crate) async fn informed(
        &self,
        basis: Basis,
        at: Instant,
        read: impl FnOnce() -> Facts + Send + 'static,
    ) -> Result<Basis, AppError> {
        if self.online.is_off() {
            return Ok(basis);
        }
        let matter = self.validator.run(move || Matter::of(read(), basis, at));
        let matter = self.ask_for(matter.await?).await?;
        Ok(matter.into_basis())
    }
}
