//! Keys and digests that were strong enough once (ETSI TS 119 312, 8; EN 319 102-1, 5.2.8).

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::judge_trust::{Moment, Trust};
use crate::report::{Code, Reason};
use crate::scheme::scheme_of;
use crate::standing::reason;

impl Trust<'_> {
    /// What is to be said of the size of a key: one that has an end counts in what is proven to be
    /// older.
    pub fn key_reason(
        &self,
        leaf: &Certificate<'_>,
        moment: Moment,
        now: Instant,
    ) -> Option<Reason> {
        let (bits, until) = self.policy.aging_key(leaf)?;
        let code = match moment.at < until {
            false => Code::KeyWeak,
            true if self.policy.short_key(leaf, now).is_some() => Code::KeyAged,
            true => return None,
        };
        let args = [("algorithm", "RSA".to_owned()), ("bits", bits.to_string())];
        Some(reason(code, &args))
    }

    /// A certificate signed with a broken digest, or with a key that is too short by now, counts if
    /// it is proven to be older than the end of that (EN 319 102-1, 5.2.8: the constraints hold for
    /// every certificate of the path).
    pub fn weak_link(
        &self,
        link: &Certificate<'_>,
        issuer: &Certificate<'_>,
        since: Instant,
    ) -> Option<Reason> {
        let digest = || scheme_of(&link.algorithm, None).ok()?.digest();
        let digest = || digest().filter(|digest| !self.policy.is_reliable(*digest, since));
        let weak = match self.policy.short_key(issuer, since) {
            Some(bits) => format!("RSA-{bits}"),
            None => digest()?.name().to_owned(),
        };
        let args = [("subject", link.subject_text()), ("algorithm", weak)];
        Some(reason(Code::ChainWeak, &args))
    }
}
