//! The certificates of a path in words, and what follows where the term of one has ended.

use chancery_signature::report::{LinkReport, Revocation, TimeReport};

use super::{LinkWords, Words};
use crate::i18n::{Value, t};

impl Words<'_> {
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
            revocation: self.t(revocation),
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
