//! How one certificate of a path stands to revocation, and what a report says of it.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::crl::{Defect, Entry, RevocationReason};
use crate::judge_trust::{Moment, Purpose};
use crate::reason::Weight;
use crate::report::{Code, LinkReport, Reason, Revocation};
use crate::revocation_evidence::{Piece, RevocationEvidence};
use crate::revocation_word::{Doubt, Finding};

/// How a certificate stands to revocation, and what follows.
pub(crate) struct Standing {
    pub state: Revocation,
    pub source: Option<Piece>,
    pub revoked_at: Option<Instant>,
    /// From when on nothing counts beneath it that is not proven older.
    pub control: Option<Instant>,
    pub revoked_for: Option<RevocationReason>,
    pub reason: Option<Reason>,
}

impl Standing {
    pub fn of(state: Revocation) -> Self {
        Self {
            state,
            source: None,
            revoked_at: None,
            control: None,
            revoked_for: None,
            reason: None,
        }
    }
}

impl Standing {
    /// The same beside a revocation that is not simply believed: of before the use it leaves open
    /// what would pass, of later it is told.
    pub fn with(
        mut self,
        doubt: Doubt,
        link: &Certificate<'_>,
        index: usize,
        moment: Moment,
        purpose: Purpose,
    ) -> Self {
        let Doubt { entry, source, .. } = doubt;
        let effective = entry.effective();
        let end = self.control.map_or(effective, |known| known.min(effective));
        self.control = Some(end);
        let weight = self.reason.as_ref().map(|reason| reason.code.weight());
        let is_open = weight.is_some_and(|weight| weight != Weight::Warns);
        // What is known to be revoked says more.
        if is_open && matches!(self.state, Revocation::Revoked | Revocation::OnHold) {
            return self;
        }
        let believed = Revoked { entry, source }.standing(link, index, moment, purpose);
        if believed.state == Revocation::RevokedLater || effective > moment.at {
            self.reason = self.reason.or(believed.later(link));
            return self;
        }
        let args = [
            ("subject", link.subject_text()),
            ("at", entry.at.to_string()),
            ("why", doubt.defect.key().to_owned()),
        ];
        Self {
            state: Revocation::Unknown,
            reason: Some(reason(Code::RevocationDoubted, &args)),
            control: self.control,
            ..believed
        }
    }

    /// What is told of a revocation of after the use.
    fn later(self, link: &Certificate<'_>) -> Option<Reason> {
        let at = self.revoked_at?;
        let why = self.revoked_for.unwrap_or(RevocationReason::UNSPECIFIED);
        let args = [
            ("subject", link.subject_text()),
            ("at", at.to_string()),
            ("why", why.name().to_owned()),
        ];
        Some(reason(Code::CertificateRevokedLater, &args))
    }
}

/// A revocation that is known.
pub(crate) struct Revoked {
    pub entry: Entry,
    pub source: Piece,
}

impl Revoked {
    pub fn standing(
        self,
        link: &Certificate<'_>,
        index: usize,
        moment: Moment,
        purpose: Purpose,
    ) -> Standing {
        let Entry {
            at, reason: why, ..
        } = self.entry;
        let effective = self.entry.effective();
        let on_hold = why == Some(RevocationReason::HOLD);
        // RFC 3161, 4: tokens of a key that was put aside in good order stay good.
        let harmless = why.is_some_and(|why| matches!(why.0, 0 | 3 | 4 | 5));
        let retires = purpose == Purpose::Timestamp && index == 0 && harmless;
        let before = |end: Instant| {
            let retired = retires && moment.stated.is_some_and(|stated| stated < end);
            moment.is_proven && moment.at < end || retired
        };
        let made_after = moment.made_after.is_some_and(|made| made >= at);
        let (state, code) = match index {
            _ if before(effective) => (Revocation::RevokedLater, Code::CertificateRevokedLater),
            _ if on_hold => (Revocation::OnHold, Code::CertificateOnHold),
            // RFC 5280, 5.3.2: revoked later, and in other hands before, as the issuer believes.
            _ if before(at) => (Revocation::Revoked, Code::CertificateInvalidSince),
            0 if made_after => (Revocation::Revoked, Code::CertificateRevokedBefore),
            0 => (Revocation::Revoked, Code::CertificateRevoked),
            _ => (Revocation::Revoked, Code::AuthorityRevoked),
        };
        let named = why.unwrap_or(RevocationReason::UNSPECIFIED);
        let mut args = vec![
            ("subject", link.subject_text()),
            ("at", at.to_string()),
            ("why", named.name().to_owned()),
        ];
        if code == Code::CertificateInvalidSince {
            args.push(("since", effective.to_string()));
        }
        Standing {
            state,
            source: Some(self.source),
            revoked_at: Some(at),
            control: Some(effective),
            revoked_for: why,
            reason: Some(reason(code, &args)),
        }
    }
}

pub(crate) fn link_report(
    link: &Certificate<'_>,
    standing: &Standing,
    evidence: Option<RevocationEvidence>,
) -> Option<LinkReport> {
    let described = link.describe().ok()?;
    Some(LinkReport {
        subject: described.subject.into(),
        issuer: described.issuer.into(),
        serial: described.serial,
        not_before: described.not_before,
        not_after: described.not_after,
        trusted_until: None,
        sha256: described.sha256,
        revocation: standing.state,
        revocation_source: standing.source.map(Piece::source),
        revocation_evidence: evidence,
        revoked_at: standing.revoked_at,
        revoked_for: standing.revoked_for.map(|reason| reason.name().to_owned()),
    })
}

/// How a certificate stands of which nothing settles whether it is revoked.
pub(crate) fn open_standing(finding: Finding, subject: (&str, String)) -> Standing {
    let (state, code, more) = match finding {
        Finding::Stale { until, .. } => {
            let until = Some(("until", until.to_string()));
            (Revocation::Stale, Code::RevocationStale, until)
        }
        Finding::Unusable(Defect::NoProof) => (Revocation::Unknown, Code::RevocationUnproven, None),
        Finding::Unusable(defect) => {
            let why = Some(("why", defect.key().to_owned()));
            (Revocation::Unknown, Code::RevocationUnknown, why)
        }
        _ => (Revocation::Unchecked, Code::RevocationUnchecked, None),
    };
    let args: Vec<(&str, String)> = [subject].into_iter().chain(more).collect();
    Standing {
        source: match finding {
            Finding::Stale { source, .. } => Some(source),
            _ => None,
        },
        reason: Some(reason(code, &args)),
        ..Standing::of(state)
    }
}

pub(crate) fn reason(code: Code, args: &[(&str, String)]) -> Reason {
    let args: Vec<(&str, &str)> = args
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Reason::new(code, &args)
}
