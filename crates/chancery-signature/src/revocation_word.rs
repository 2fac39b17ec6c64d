//! What one list or answer says of a certificate, and what follows from all of them.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::crl::{Defect, Entry, RevocationReason};
use crate::report::RevocationSource;
use crate::revocation::{Ground, Question};

/// Most pieces that are looked at for one certificate. More of them decide nothing, so that nobody
/// hides a revocation beneath a heap.
const RELEVANT_MAX: usize = 4_096;
/// How far the clock of an issuer may be ahead of ours, in seconds.
const SKEW_SECONDS_MAX: i64 = 300;

/// What one usable piece says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    source: RevocationSource,
    this_update: Instant,
    /// Until when it speaks.
    until: Instant,
    since: Instant,
    revoked: Option<Entry>,
}

/// The answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finding {
    /// Not revoked when it was used.
    Good { source: RevocationSource },
    /// Revoked, for good or on hold.
    Revoked {
        entry: Entry,
        source: RevocationSource,
    },
    /// The newest good word is older than it may be.
    Stale {
        until: Instant,
        source: RevocationSource,
    },
    /// There is evidence, and none that may be used; the first defect.
    Unusable(Defect),
    /// There is no evidence.
    Absent,
}

/// Whether it is of a time that has not come.
pub(crate) fn is_ahead(moment: Instant, ground: Ground<'_, '_>) -> bool {
    moment > ground.existence.now.plus_seconds(SKEW_SECONDS_MAX)
}

/// The moments of one piece.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    pub keeps_expired_since: Option<Instant>,
    pub since: Instant,
}

/// What a piece says, if it may say anything of the certificate.
pub(crate) fn statement(
    source: RevocationSource,
    times: Times,
    revoked: Option<Entry>,
    certificate: &Certificate<'_>,
    ground: Ground<'_, '_>,
) -> Result<Statement, Defect> {
    if is_ahead(times.this_update, ground) {
        return Err(Defect::InFuture);
    }
    // What was said before the certificate was there is not said of it.
    if revoked.is_none() && times.this_update.seconds() < certificate.not_before.seconds() {
        return Err(Defect::Early);
    }
    // RFC 5280, 3.3: the dead are struck from the lists.
    let ended = times.this_update.seconds() > certificate.not_after.seconds();
    let kept = times.keeps_expired_since;
    if revoked.is_none() && ended && kept.is_none_or(|kept| kept > certificate.not_after) {
        return Err(Defect::Forgotten);
    }
    let until = ground
        .policy
        .speaks_until(times.this_update, times.next_update);
    Ok(Statement {
        source,
        this_update: times.this_update,
        until,
        since: times.since,
        revoked,
    })
}

/// A revocation stays, whoever says good; a hold is lifted by a newer good word; a good word counts
/// for the time that it speaks of.
pub(crate) fn conclude(
    question: Question<'_, '_>,
    statements: impl Iterator<Item = Result<Statement, Defect>>,
) -> Finding {
    let (mut usable, mut defect) = (Vec::new(), None);
    for statement in statements {
        if usable.len() >= RELEVANT_MAX {
            return Finding::Unusable(Defect::TooMany);
        }
        match statement {
            Ok(statement) => usable.push(statement),
            Err(found) => defect = defect.or(Some(found)),
        }
    }
    let revocations = usable.iter().filter_map(|one| Some((one, one.revoked?)));
    let lasting = revocations.filter(|(_, entry)| entry.reason != Some(RevocationReason::HOLD));
    if let Some((one, entry)) = lasting.min_by_key(|(_, entry)| (entry.effective(), entry.at)) {
        let source = one.source;
        return Finding::Revoked { entry, source };
    }
    // Of two words of the same moment the hold counts.
    let newest = usable
        .iter()
        .max_by_key(|one| (one.this_update, one.revoked.is_some()));
    let Some(newest) = newest else {
        return defect.map_or(Finding::Absent, Finding::Unusable);
    };
    if let Some(entry) = newest.revoked {
        let source = newest.source;
        return Finding::Revoked { entry, source };
    }
    let good = usable.iter().filter(|one| one.revoked.is_none());
    let proven = good.filter(|one| one.since <= question.control);
    match proven.max_by_key(|one| one.until) {
        Some(one) if question.used <= one.until => Finding::Good { source: one.source },
        Some(one) => Finding::Stale {
            until: one.until,
            source: one.source,
        },
        None => Finding::Unusable(Defect::NoProof),
    }
}
