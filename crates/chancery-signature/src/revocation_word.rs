//! What one list or answer says of a certificate, and what follows from all of them.

use chancery_types::Instant;

use crate::certificate::Certificate;
use crate::crl::{Defect, Entry};
use crate::revocation::{Ground, Question};
use crate::revocation_evidence::Piece;

/// Most pieces that are looked at for one certificate. More of them decide nothing, so that nobody
/// hides a revocation beneath a heap.
const RELEVANT_MAX: usize = 4_096;
/// How far the clock of an issuer may be ahead of ours, in seconds.
const SKEW_SECONDS_MAX: i64 = 300;

/// What one usable piece says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    source: Piece,
    this_update: Instant,
    /// Until when it speaks.
    until: Instant,
    since: Instant,
    revoked: Option<Entry>,
}

/// A piece that may not be used, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Objection {
    pub defect: Defect,
    /// What it says against the certificate all the same, with the moment of which it is.
    pub revokes: Option<(Entry, Piece, Instant)>,
}

impl From<Defect> for Objection {
    fn from(defect: Defect) -> Self {
        Self {
            defect,
            revokes: None,
        }
    }
}

/// A revocation by one that the issuer let speak, in a piece that may not be used for what it is
/// worth: to distrust takes less than to trust, and so it is not passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubt {
    pub entry: Entry,
    pub source: Piece,
    /// Why the piece is not simply believed.
    pub defect: Defect,
}

impl Doubt {
    /// The one of the two that reaches further back.
    pub fn earlier(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let both = one.into_iter().chain(other);
        both.min_by_key(|doubt| (doubt.entry.effective(), doubt.entry.at))
    }
}

/// What the pieces at hand come to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub finding: Finding,
    pub doubt: Option<Doubt>,
}

/// What those pieces say that may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finding {
    /// Not revoked when it was used.
    Good { source: Piece },
    /// Revoked, for good or on hold.
    Revoked { entry: Entry, source: Piece },
    /// On hold when it was used, and not any more.
    HeldThen { entry: Entry, source: Piece },
    /// The newest good word is older than it may be.
    Stale { until: Instant, source: Piece },
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
    source: Piece,
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

/// What follows from all pieces.
pub(crate) fn conclude(
    question: Question<'_, '_>,
    statements: impl Iterator<Item = Result<Statement, Objection>>,
) -> Word {
    let (mut usable, mut objections) = (Vec::new(), Vec::new());
    for statement in statements {
        if usable.len() >= RELEVANT_MAX {
            return Word {
                finding: Finding::Unusable(Defect::TooMany),
                doubt: None,
            };
        }
        match statement {
            Ok(statement) => usable.push(statement),
            Err(objection) => objections.push(objection),
        }
    }
    let newest = usable.iter().map(|one| one.this_update).max();
    let doubts = objections.iter().filter_map(|one| {
        let (entry, source, of) = one.revokes?;
        // A hold is over once a newer word is there.
        let is_over = entry.is_hold() && newest.is_some_and(|newest| newest > of);
        let defect = one.defect;
        (!is_over).then_some(Doubt {
            entry,
            source,
            defect,
        })
    });
    Word {
        doubt: doubts.fold(None, |known, doubt| Doubt::earlier(known, Some(doubt))),
        finding: settle(question, &usable).unwrap_or_else(|| {
            let first = objections.first();
            first.map_or(Finding::Absent, |one| Finding::Unusable(one.defect))
        }),
    }
}

/// A revocation stays, whoever says good; a hold is lifted by a newer good word; a good word counts
/// for the time that it speaks of. Nothing where there is no word.
fn settle(question: Question<'_, '_>, usable: &[Statement]) -> Option<Finding> {
    let revocations = usable.iter().filter_map(|one| Some((one, one.revoked?)));
    let lasting = revocations.filter(|(_, entry)| !entry.is_hold());
    if let Some((one, entry)) = lasting.min_by_key(|(_, entry)| (entry.effective(), entry.at)) {
        let source = one.source;
        return Some(Finding::Revoked { entry, source });
    }
    // Of two words of the same moment the hold counts.
    let newest = usable
        .iter()
        .max_by_key(|one| (one.this_update, one.revoked.is_some()))?;
    if let Some((entry, source)) = hold_then(question, usable) {
        return Some(match newest.revoked {
            Some(_) => Finding::Revoked { entry, source },
            None => Finding::HeldThen { entry, source },
        });
    }
    if let Some(entry) = newest.revoked {
        let source = newest.source;
        return Some(Finding::Revoked { entry, source });
    }
    let good = usable.iter().filter(|one| one.revoked.is_none());
    let proven = good.filter(|one| one.since <= question.control);
    Some(match proven.max_by_key(|one| one.until) {
        Some(one) if question.used <= one.until => Finding::Good { source: one.source },
        Some(one) => Finding::Stale {
            until: one.until,
            source: one.source,
        },
        None => Finding::Unusable(Defect::NoProof),
    })
}

/// A hold that nobody had lifted by the moment of use: what was done meanwhile stays in doubt,
/// though the certificate came back.
fn hold_then(question: Question<'_, '_>, usable: &[Statement]) -> Option<(Entry, Piece)> {
    let by_then = question.used.plus_seconds(SKEW_SECONDS_MAX);
    let is_lifted = |of: Instant| {
        let mut good = usable.iter().filter(|one| one.revoked.is_none());
        good.any(|one| of < one.this_update && one.this_update <= by_then)
    };
    let mut holds = usable.iter().filter_map(|one| Some((one, one.revoked?)));
    let (one, entry) = holds
        .find(|(one, entry)| entry.effective() <= question.used && !is_lifted(one.this_update))?;
    Some((entry, one.source))
}
