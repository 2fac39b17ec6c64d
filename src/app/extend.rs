//! Signed copies are raised to a level that lasts (EN 319 142-1, 6.1): once nobody is to sign a
//! copy any more it gets everything to judge it by, and a timestamp over that; before the last
//! timestamp's certificate ends, or the policy takes its digests or keys no more, another.
//!
//! The copy grows by what is appended: every earlier byte stays. A worker takes a copy in hand for
//! a while, extends it outside of any transaction, and puts the result in the place of exactly the
//! bytes it extended, or not at all. What cannot be raised is noted and tried again later.
//!
//! A detached one is made anew around what was signed, and the one that came is kept beside.

pub mod kept;
mod raising;
mod subject;

use std::sync::Arc;

use bytes::Bytes;
use chancery_signature::{
    DigestAlgorithm, ExtendError, Ground, Limits, LongTermLevel, ValidationPolicy,
    describe_certificate, gather_cms,
};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use tokio::runtime::Handle;

use crate::app::audit;
use crate::app::authority::Authority;
use crate::app::error::in_full;
use crate::app::recheck;
use crate::app::signing::prepare::blocking;
use crate::app::stamps::Stamps;
use crate::app::validation::Basis;
use crate::app::versions::parse_digest;
use crate::app::work::Progress;
use crate::app::{App, AppError};
use crate::blob::{BlobError, BlobSource};
use crate::config::SigningLevel;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::blobs;
use crate::store::raised::{self as rows, Raised, Wanted};
use crate::store::raised_signatures::{self, DueDetached};
use crate::store::signed_copies::{self, DueCopy};
use kept::LookedAfter;
use raising::Raising;
use subject::{Grown, Subject};

/// The kind of job.
pub const KIND: &str = "extend";
const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;
/// How many copies one claim of the job raises before it makes way for others.
const COPIES_AT_ONCE: u64 = 8;
/// How long a copy stays in hand, in seconds: longer than raising the largest.
const IN_HAND_SECONDS: i64 = 900;
/// When a copy that could not be raised is tried again, in seconds: a week.
const AGAIN_SECONDS: i64 = 7 * DAY_SECONDS;
/// The code of a timestamp that could not be had.
const NO_TIMESTAMP: &str = "no-timestamp";
/// The code of a timestamp that rests on keys which the policy takes no more, or soon no more.
const STAMP_KEY: &str = "timestamp-key";
/// The shortest time between two renewals, in seconds: a month.
const RENEWAL_SECONDS: i64 = 30 * DAY_SECONDS;

/// What became of the copies that were due.
#[derive(Clone, Debug, Default)]
pub struct Extended {
    /// Those that were raised.
    pub raised: Vec<DueCopy>,
    /// Those that were not, each with the code of its reason.
    pub refused: Vec<(DueCopy, &'static str)>,
    /// Detached signatures that were raised.
    pub raised_detached: Vec<DueDetached>,
    /// Those that were not, each with the code of its reason.
    pub refused_detached: Vec<(DueDetached, &'static str)>,
    /// Copies that wait for signatures, for which evidence was looked for.
    pub looked_after: Vec<LookedAfter>,
    /// Whether the rest waits, because no timestamp can be had now.
    pub is_halted: bool,
}

impl Extended {
    /// Whether nothing is left that could be done now.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let copies = self.raised.is_empty() && self.refused.is_empty();
        let detached = self.raised_detached.is_empty() && self.refused_detached.is_empty();
        self.is_halted || (copies && detached && self.looked_after.is_empty())
    }
}

/// What became of one.
enum Outcome {
    Raised(Grown),
    Refused(&'static str),
}

impl App {
    /// Writes this hour's look at the signed copies down for every organisation, once however many
    /// processes ask.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn enqueue_extensions(&self) -> Result<(), AppError> {
        self.enqueue_every(KIND, HOUR_SECONDS).await
    }

    /// Raises some of what is due: the job `extend`. It may run twice, and beside another.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]; what it has in hand is due again when the hand is empty.
    pub async fn extend_due(&self, organisation: OrganisationId) -> Result<Progress, AppError> {
        let done = self.extend_some(organisation).await?;
        Ok(match done.is_over() {
            true => Progress::Finished,
            false => Progress::Unfinished,
        })
    }

    /// Makes due at once what was put off.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn retry_extensions(&self, organisation: OrganisationId) -> Result<(), AppError> {
        let (writer, id) = (self.store.writer(), organisation.uuid());
        rows::retry::<DueCopy>(writer, id).await?;
        Ok(rows::retry::<DueDetached>(writer, id).await?)
    }

    /// Keeps evidence for up to eight copies that wait, raises as many copies and detached
    /// signatures that are due, and says which.
    ///
    /// # Errors
    ///
    /// As [`App::extend_due`].
    pub async fn extend_some(&self, organisation: OrganisationId) -> Result<Extended, AppError> {
        let now = self.now();
        let authority = self.load_authority(organisation).await?;
        // Of somebody else's next certificate nothing is known.
        let would_end = match &self.stamps {
            Stamps::Own => authority.timestamp_ends()?.micros(),
            Stamps::Asked(_) => i64::MAX,
        };
        let policy = self.basis().await?.policy;
        // What is raised now is stamped over SHA-256, and ends with it.
        let stamped = policy.accepted_until(DigestAlgorithm::Sha256);
        let would_end = stamped.map_or(would_end, |until| would_end.min(until.micros()));
        let renewed_by = self.renewed_by(now);
        let ends_by = renewed_by.micros();
        let (aged, is_ahead) = aged(&policy, now.micros(), ends_by, would_end);
        let wanted = Wanted {
            below: match self.config.signing.level {
                SigningLevel::BT => &[],
                SigningLevel::BLt => &["B-T"],
                SigningLevel::BLta => &["B-T", "B-LT"],
            },
            ends_by,
            would_end,
            aged: &aged,
            are_unknown_due: is_ahead,
            rsa_bits_below: i64::from(policy.rsa_bits_taken_at(renewed_by)),
            are_unknown_keys_due: is_key_day_ahead(&policy, now, renewed_by),
        };
        let (reader, id, at) = (self.store.reader(), organisation.uuid(), now.micros());
        // What can be had today may be gone tomorrow; what is raised waits better.
        let mut done = Extended {
            looked_after: self.keep_some_evidence(organisation).await?,
            ..Extended::default()
        };
        let due = signed_copies::list_due(reader, id, wanted, at, COPIES_AT_ONCE).await?;
        let became = (&mut done.raised, &mut done.refused);
        done.is_halted = self
            .extend_each(organisation, &authority, due, became)
            .await?;
        if !done.is_halted {
            let due = raised_signatures::list_due(reader, id, wanted, at, COPIES_AT_ONCE).await?;
            let became = (&mut done.raised_detached, &mut done.refused_detached);
            done.is_halted = self
                .extend_each(organisation, &authority, due, became)
                .await?;
        }
        let raised = done.raised.len().saturating_add(done.raised_detached.len());
        let raised = u64::try_from(raised).unwrap_or(u64::MAX);
        metrics::counter!("chancery_extended_copies_total").increment(raised);
        Ok(done)
    }

    /// Raises one after the other of what is due. `raised` and `refused` get each by what became of
    /// it; answers whether the rest waits.
    async fn extend_each<R: Raising>(
        &self,
        organisation: OrganisationId,
        authority: &Authority,
        due: Vec<R>,
        (raised, refused): (&mut Vec<R>, &mut Vec<(R, &'static str)>),
    ) -> Result<bool, AppError> {
        if !due.is_empty() {
            // What is raised holds the lists of our own authority: once for all of these.
            self.publish_lists().await?;
        }
        for one in due {
            match self.extend_one(organisation, authority, &one).await {
                Ok(None) => raised.push(one),
                Ok(Some(problem)) => {
                    refused.push((one, problem));
                    // The next one would wait for the same authority, and so would signers.
                    if problem == NO_TIMESTAMP {
                        return Ok(true);
                    }
                }
                // Another has it in hand, or it got a signature meanwhile.
                Err(AppError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Raises one; the code of the reason if it cannot be.
    async fn extend_one<R: Raising>(
        &self,
        organisation: OrganisationId,
        authority: &Authority,
        due: &R,
    ) -> Result<Option<&'static str>, AppError> {
        let now = self.now();
        let until = now.plus_seconds(IN_HAND_SECONDS).micros();
        rows::claim(self.store.writer(), due, now.micros(), until).await?;
        let level = self.level_of(due.raised_to());
        let files = self.read_for(organisation, &due.files()).await?;
        let outcome = match files.map(|files| R::subject(&files)) {
            Ok(Some(subject)) => {
                let basis = self.raising_basis(organisation).await?;
                let basis = self
                    .with_kept_evidence(organisation, due.copy_of(), basis)
                    .await?;
                let outcome = self
                    .extended(&subject, basis, level, authority, now)
                    .await?;
                self.worth_its_key(outcome, due.raised_to().is_some(), now)
            }
            Ok(None) => Outcome::Refused("file-unreadable"),
            Err(problem) => Outcome::Refused(problem),
        };
        match outcome {
            Outcome::Raised(grown) => {
                self.keep_extended(organisation, due, grown).await?;
                Ok(None)
            }
            Outcome::Refused(problem) => {
                let again = again_after(problem, now).micros();
                rows::put_off(self.store.writer(), due, problem, again).await?;
                Ok(Some(problem))
            }
        }
    }

    /// A timestamp by keys that end no later than those before it makes the file grow and helps
    /// nobody: the next one may be by others.
    fn worth_its_key(&self, outcome: Outcome, is_renewal: bool, now: Instant) -> Outcome {
        let ends_by_key = |grown: &Grown| {
            let until = grown
                .key_ends
                .filter(|until| *until <= self.renewed_by(now));
            until.is_some_and(|until| grown.ended.is_some_and(|ended| until <= ended))
        };
        match outcome {
            Outcome::Raised(grown) if is_renewal && ends_by_key(&grown) => {
                Outcome::Refused(STAMP_KEY)
            }
            other => other,
        }
    }

    /// Stored files, or the code of the reason for which one cannot be read.
    async fn read_for(
        &self,
        organisation: OrganisationId,
        digests: &[&str],
    ) -> Result<Result<Vec<Bytes>, &'static str>, AppError> {
        let mut files = Vec::with_capacity(digests.len());
        for digest in digests {
            let digest = parse_digest(digest)?;
            match self.blobs.get(organisation, &digest).await {
                Ok(file) => files.push(file),
                Err(BlobError::TooLarge { .. }) => return Ok(Err("file-too-large")),
                // The schedule of checks finds it too, and tells the compliance officers.
                Err(BlobError::Absent { .. } | BlobError::Damaged { .. }) => {
                    return Ok(Err("file-unreadable"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Ok(files))
    }

    async fn extended(
        &self,
        subject: &Subject,
        basis: Basis,
        level: LongTermLevel,
        authority: &Authority,
        now: Instant,
    ) -> Result<Outcome, AppError> {
        let _turn = self.signing_turn().await?;
        let read = subject.clone();
        let basis = self.informed(basis, now, move || read.gather()).await?;
        let mut raised = self.raise(subject, &basis, level, authority, now).await?;
        // An authority that gives its first timestamp here stood in no file before: what is to be
        // known of its certificate can only be asked for now.
        if let (Err(ExtendError::NotProven(_)), Some(token)) = &raised {
            let (token, known) = (token.clone(), Arc::clone(&basis.evidence));
            let gathered = move || gather_cms(&token, None, &Limits::default());
            let basis = self.informed(basis, now, gathered).await?;
            if *basis.evidence != *known {
                raised = self.raise(subject, &basis, level, authority, now).await?;
            }
        }
        Ok(match raised.0 {
            Ok(grown) => Outcome::Raised(grown),
            Err(error) => {
                tracing::warn!("a stored signature cannot be raised: {error}");
                Outcome::Refused(code_of(&error))
            }
        })
    }

    /// What was raised, or why it was not; and the last timestamp that was given for it.
    async fn raise(
        &self,
        subject: &Subject,
        basis: &Basis,
        level: LongTermLevel,
        authority: &Authority,
        now: Instant,
    ) -> Result<(Result<Grown, ExtendError>, Option<Vec<u8>>), AppError> {
        let (subject, basis) = (subject.clone(), basis.clone());
        let (app, authority) = (self.clone(), authority.clone());
        let runtime = Handle::current();
        blocking(move || {
            let mut given = None;
            let stamp = |imprint: &[u8; 32]| {
                // The library is synchronous, and this thread is one that may wait.
                let asked = runtime.block_on(app.stamp_imprint(&authority, *imprint, now));
                let token = asked.map_err(|error| match error {
                    AppError::Unavailable { source, .. } => in_full(&source),
                    other => other.to_string(),
                })?;
                given = Some(token.clone());
                Ok(token)
            };
            let raised = subject.extend(&basis, level, now, stamp);
            (raised, given)
        })
        .await
    }

    /// What is raised next, by what it was raised to before. What has everything by it and ends
    /// needs a timestamp, whatever the settings say.
    fn level_of(&self, raised: Option<&str>) -> LongTermLevel {
        match (self.config.signing.level, raised) {
            (SigningLevel::BT | SigningLevel::BLt, None) => LongTermLevel::Lt,
            _ => LongTermLevel::Lta,
        }
    }

    /// When a raised copy may be raised again: its authority may give no timestamp that lasts long
    /// enough, and each one makes the file grow.
    fn again_at(&self, ends: Option<Instant>, now: Instant) -> i64 {
        match ends.is_some_and(|ends| ends <= self.renewed_by(now)) {
            true => now.plus_seconds(RENEWAL_SECONDS).micros(),
            false => 0,
        }
    }

    /// What ends by this moment is renewed now.
    fn renewed_by(&self, now: Instant) -> Instant {
        now.plus_seconds(self.config.signing.renew_days.saturating_mul(DAY_SECONDS))
    }

    /// File, row and event of one that was raised.
    async fn keep_extended<R: Raising>(
        &self,
        organisation: OrganisationId,
        due: &R,
        grown: Grown,
    ) -> Result<(), AppError> {
        let now = self.now();
        let digest = Digest::of(&grown.file);
        let raised = Raised {
            digest: digest.hex(),
            size_bytes: i64::try_from(grown.file.len()).unwrap_or(i64::MAX),
            level: code(grown.level),
            lasts_until: grown.ground.ends.map(Instant::micros),
            rests_on: rests_on(&grown.ground),
            rests_on_rsa_bits: grown.ground.rsa_bits.map_or(0, i64::from),
            raise_after: self.again_at(grown.ground.ends, now),
            at: now.micros(),
        };
        let source = BlobSource::Bytes(grown.file);
        let blobs = &self.blobs;
        blobs
            .put(organisation, &digest, source, R::MEDIA_TYPE)
            .await?;
        let tx = self.store.begin().await?;
        let blob = blobs::Model {
            organisation_id: organisation.uuid(),
            digest: raised.digest.clone(),
            size_bytes: raised.size_bytes,
            media_type: R::MEDIA_TYPE.to_owned(),
            created_at: now.micros(),
        };
        store::blobs::insert_blob(&tx, blob).await?;
        rows::replace(&tx, due, &raised).await?;
        kept::forget(&tx, due.copy_of()).await?;
        let happening = due.happening(&raised, grown.ground.ends);
        audit::append(&tx, &Actor::system(organisation), now, happening).await?;
        recheck::enqueue_check(&tx, organisation, digest, now).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}

/// Names of the digests that the policy takes no more by `ends_by`, if that is before what is
/// raised now would end; and whether the moment of one of them is ahead. In microseconds.
fn aged(
    policy: &ValidationPolicy,
    now: i64,
    ends_by: i64,
    would_end: i64,
) -> (Vec<&'static str>, bool) {
    let until = |digest: DigestAlgorithm| Some(policy.accepted_until(digest)?.micros());
    let all = DigestAlgorithm::ALL.iter().copied();
    let aged: Vec<_> = all
        .filter_map(|digest| Some((digest, until(digest)?)))
        .filter(|(_, until)| *until <= ends_by && *until < would_end)
        .collect();
    let is_ahead = aged.iter().any(|(_, until)| *until > now);
    let names = aged.into_iter().map(|(digest, _)| digest.name());
    (names.collect(), is_ahead)
}

/// Whether the policy takes keys of a size until then that it takes no more by `renewed_by`.
fn is_key_day_ahead(policy: &ValidationPolicy, now: Instant, renewed_by: Instant) -> bool {
    let sizes = policy.rsa_until.iter().map(|day| day.bits);
    let mut days = sizes.filter_map(|bits| policy.rsa_accepted_until(bits));
    days.any(|until| now < until && until <= renewed_by)
}

/// The digests of a ground as they are kept.
fn rests_on(ground: &Ground) -> String {
    let names = ground.digests.iter().map(|digest| digest.name());
    rows::joined(names)
}

/// When one that could not be raised is tried again: somebody else's failure may be over soon; a
/// file does not change by itself.
fn again_after(problem: &str, now: Instant) -> Instant {
    now.plus_seconds(match problem {
        NO_TIMESTAMP => HOUR_SECONDS,
        _ => AGAIN_SECONDS,
    })
}

impl Authority {
    /// The last moment of the timestamping certificate.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if it cannot be read.
    pub fn timestamp_ends(&self) -> Result<Instant, AppError> {
        let described = describe_certificate(self.timestamp.certificate());
        let described = described.map_err(|error| AppError::Internal(error.into()))?;
        Ok(described.not_after)
    }
}

const fn code(level: LongTermLevel) -> &'static str {
    match level {
        LongTermLevel::Lt => "B-LT",
        LongTermLevel::Lta => "B-LTA",
    }
}

/// Why a copy was not raised, as it is kept: `raise-<code>` puts it into words.
const fn code_of(error: &ExtendError) -> &'static str {
    match error {
        ExtendError::NothingSigned => "nothing-signed",
        ExtendError::NotTimestamped { .. } => "not-timestamped",
        ExtendError::PathMissing { .. } => "path-missing",
        ExtendError::NotProven(_) => "not-proven",
        ExtendError::StampKey { .. } => STAMP_KEY,
        ExtendError::Timestamp(_) | ExtendError::Token(_) | ExtendError::Room(_) => NO_TIMESTAMP,
        ExtendError::Pdf(_) | ExtendError::Cms(_) => "file-unreadable",
    }
}
