//! The certificates of a path in words, and what follows where the term of one has ended.

use chancery_signature::report::{
    Code, LinkReport, Reason, Revocation, RevocationSource, TimeReport, TimestampOver,
    TimestampReport,
};

use super::{LinkWords, StampWords, Words, name_of, shown};
use crate::i18n::{Value, t};

impl Words<'_> {
    /// Why a certificate was revoked, in brackets behind the moment; empty where nobody said so.
    pub(super) fn revoked_for(&self, reason: &Reason) -> String {
        // Other reasons have a "why" of other words.
        let why = reason
            .args
            .get("why")
            .filter(|_| reason.args.contains_key("at") && reason.code != Code::RevocationDoubted);
        let key = match why {
            Some("keyCompromise" | "cACompromise" | "aACompromise") => "key",
            Some("affiliationChanged") => "affiliation",
            Some("superseded") => "superseded",
            Some("cessationOfOperation") => "ended",
            Some("privilegeWithdrawn") => "withdrawn",
            _ => return String::new(),
        };
        self.t(&format!("verify-revoked-for-{key}"))
    }

    /// A certificate of the path of a signature that was made at `time`.
    pub(super) fn link(&self, link: &LinkReport, time: &TimeReport) -> LinkWords {
        let revocation = match link.revocation {
            Revocation::Anchor => "verify-revocation-anchor",
            Revocation::NotNeeded => "verify-revocation-not-needed",
            Revocation::Good => "verify-revocation-good",
            Revocation::RevokedLater => "verify-revocation-revoked-later",
            Revocation::Revoked => "verify-revocation-revoked",
            Revocation::OnHold => "verify-revocation-on-hold",
            Revocation::Stale => "verify-revocation-stale",
            Revocation::Unknown => "verify-revocation-unknown",
            Revocation::Unchecked => "verify-revocation-unchecked",
        };
        let dates = [
            ("from", Value::from(self.formats.date(link.not_before))),
            ("until", Value::from(self.formats.date(link.not_after))),
        ];
        LinkWords {
            name: link.subject.text.clone(),
            validity: t(self.formats.locale, "verify-chain-validity", &dates),
            ended: self.ended(link, time),
            serial: self.t1("verify-chain-serial", "serial", link.serial.as_str()),
            sha256: link.sha256.clone(),
            revocation: match (link.revocation, link.trusted_until) {
                (Revocation::Anchor, Some(until)) => {
                    let until = self.formats.exact(until);
                    self.t1("verify-revocation-anchor-until", "until", until)
                }
                _ => self.t(revocation),
            },
            evidence: self.evidence(link),
        }
    }

    /// Which list or answer spoke of a certificate, who signed it, and of when it is.
    fn evidence(&self, link: &LinkReport) -> String {
        let Some((evidence, source)) = link
            .revocation_evidence
            .as_ref()
            .zip(link.revocation_source)
        else {
            return String::new();
        };
        let key = match source {
            RevocationSource::Crl => "verify-evidence-crl",
            RevocationSource::Ocsp => "verify-evidence-ocsp",
        };
        let exact = |moment| self.formats.exact(moment);
        let issuer = evidence.issuer.as_deref();
        let args = [
            (
                "named",
                Value::from(if issuer.is_some() { "yes" } else { "no" }),
            ),
            ("by", Value::from(issuer.map_or_else(String::new, shown))),
            ("at", Value::from(exact(evidence.this_update))),
            (
                "produced",
                Value::from(evidence.produced_at.map(exact).unwrap_or_default()),
            ),
            ("sha256", Value::from(evidence.sha256.as_str())),
        ];
        t(self.formats.locale, key, &args)
    }

    /// A timestamp within the structure of a signature.
    pub(super) fn stamp(&self, stamp: &TimestampReport) -> StampWords {
        let name = match stamp.over {
            TimestampOver::Content => "verify-stamp-content",
            TimestampOver::Signature => "verify-stamp-signature",
            TimestampOver::Archive => "verify-stamp-archive",
        };
        let at = stamp.at.map(|at| self.formats.exact(at));
        let authority = stamp.authority.as_ref();
        let by = authority.map(|authority| shown(name_of(&authority.subject)));
        let what: Vec<String> = at.into_iter().chain(by).collect();
        let objection = stamp.objection.as_ref();
        // The certificates of the authority are judged as of the moment that it states.
        let time = TimeReport {
            claimed: None,
            proven: None,
            proven_by: None,
            judged_at: stamp.at.unwrap_or(self.seen_at),
        };
        let chain = stamp.chain.iter();
        StampWords {
            name: self.t(name),
            what: what.join(", "),
            objection: objection.map(|one| self.reason(one)).unwrap_or_default(),
            chain: chain
                .map(|link| LinkWords {
                    ended: String::new(),
                    ..self.link(link, &time)
                })
                .collect(),
        }
    }

    /// Why a certificate counts, or does not, whose term has ended by now; empty for one that is
    /// in its term.
    fn ended(&self, link: &LinkReport, time: &TimeReport) -> String {
        if link.not_after >= self.seen_at {
            return String::new();
        }
        let is_after = time.judged_at > link.not_after;
        let (key, at) = match (is_after, time.proven) {
            (true, Some(proven)) => ("verify-ended-before", Some(proven)),
            (true, None) => ("verify-ended-unproven", None),
            (false, Some(proven)) => ("verify-ended-proven", Some(proven)),
            (false, None) => ("verify-ended-judged", Some(time.judged_at)),
        };
        let at = at.map(|at| self.formats.exact(at)).unwrap_or_default();
        self.t1(key, "at", at)
    }
}
