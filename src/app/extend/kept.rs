//! Evidence while it can be had (EN 319 102-1, 5.6): what is said of revocation now is kept beside
//! a signed copy that still waits for signatures, so that the copy can be raised when a certificate
//! in it has ended and nobody answers for it any more.
//!
//! The copy itself cannot grow: whoever signs next signs over its very bytes. What is kept proves
//! nothing by itself. When the copy is raised, it is judged like all other evidence, and what is
//! good for something goes into the file.
//!
//! ```text
//! signed ─► looked for at once ─► again `renew_days` before a certificate ends ─► raised: gone
//!                └─ still open: again in a day, until it has ended
//! ```

use std::sync::Arc;

use bytes::Bytes;
use chancery_signature::{
    Extension, GivenEvidence, Keepable, LongTermLevel, gather_pdf, keepable, needed_revocation,
};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{COPIES_AT_ONCE, DAY_SECONDS, IN_HAND_SECONDS, KIND};
use crate::app::validation::{Basis, limits_for};
use crate::app::versions::parse_digest;
use crate::app::work::enqueue_job;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::store::entity::{blobs, kept_evidence};
use crate::store::kept_evidence::{self as rows, WaitingCopy};
use crate::store::{self, StoreError};

/// Most pieces that are kept for one copy.
const PIECES_MAX: usize = 64;
/// Most bytes that are kept for one copy.
const BYTES_MAX: usize = 32 * 1024 * 1024;
const MEDIA_TYPE: &str = "application/octet-stream";

/// A copy that evidence was looked for.
#[derive(Clone, Debug)]
pub struct LookedAfter {
    /// Its document.
    pub document_id: Uuid,
    /// How many pieces are kept for it now.
    pub pieces_count: usize,
    /// Whether something is still missing that could be had.
    pub is_open: bool,
}

impl LookedAfter {
    /// A copy that needs nothing, or cannot be read.
    const fn nothing(copy: &WaitingCopy) -> Self {
        Self {
            document_id: copy.document_id,
            pieces_count: 0,
            is_open: false,
        }
    }
}

/// What was found for one copy.
struct Found {
    keepable: Keepable,
    /// Whether the revocation of a certificate stays open with all that is at hand.
    is_open: bool,
}

impl App {
    /// Looks for evidence for up to eight waiting copies, and says what is kept for them.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]; what it has in hand is due again when the hand is empty.
    pub async fn keep_some_evidence(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<LookedAfter>, AppError> {
        let (reader, id) = (self.store.reader(), organisation.uuid());
        let now = self.now().micros();
        let waiting = rows::list_waiting(reader, id, now, COPIES_AT_ONCE).await?;
        let mut done = Vec::with_capacity(waiting.len());
        for copy in waiting {
            match self.look_after(organisation, &copy).await {
                Ok(looked) => done.push(looked),
                // Another has it in hand, or it got a signature meanwhile.
                Err(AppError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Looks for evidence for one copy, and for when it is to be looked for again.
    async fn look_after(
        &self,
        organisation: OrganisationId,
        copy: &WaitingCopy,
    ) -> Result<LookedAfter, AppError> {
        let now = self.now();
        let until = now.plus_seconds(IN_HAND_SECONDS).micros();
        let writer = self.store.writer();
        rows::put_off(writer, copy, now.micros(), until).await?;
        let file = match self.read_for(organisation, &[&copy.digest]).await? {
            Ok(files) => files.into_iter().next(),
            // Raising finds it too, and notes why.
            Err(_) => None,
        };
        let Some(file) = file else {
            rows::put_off(writer, copy, until, i64::MAX).await?;
            return Ok(LookedAfter::nothing(copy));
        };
        let earlier = rows::list_of_version(self.store.reader(), copy.version_id).await?;
        let known = self.read_kept(organisation, &earlier).await?;
        let found = self.found(file, known, now).await?;
        let next = self.next_look(&found, now);
        if found.keepable == Keepable::default() {
            rows::put_off(writer, copy, until, next).await?;
            return Ok(LookedAfter::nothing(copy));
        }
        let pieces = bounded(found.keepable.pieces);
        self.put_pieces(organisation, &pieces, now).await?;
        let tx = self.store.begin().await?;
        rows::put_off(&tx, copy, until, next).await?;
        let mut room = Room::default();
        for piece in &pieces {
            room.takes(piece.len());
            let row = kept_evidence::Model {
                version_id: copy.version_id,
                digest: Digest::of(piece).hex(),
                organisation_id: organisation.uuid(),
                size_bytes: size_of(piece),
                kept_at: now.micros(),
            };
            match earlier.iter().any(|one| one.digest == row.digest) {
                true => {}
                false => rows::insert(&tx, row).await?,
            }
        }
        // What was kept before stays as long as there is room for it: the newest first.
        let is_new = |row: &&kept_evidence::Model| {
            let mut digests = pieces.iter().map(|piece| Digest::of(piece).hex());
            digests.any(|digest| digest == row.digest)
        };
        for row in earlier.iter().filter(|row| !is_new(row)) {
            if !room.takes(usize::try_from(row.size_bytes).unwrap_or(usize::MAX)) {
                rows::delete(&tx, row).await?;
            }
        }
        tx.commit().await?;
        metrics::counter!("chancery_kept_evidence_total").increment(1);
        Ok(LookedAfter {
            document_id: copy.document_id,
            pieces_count: room.count,
            is_open: found.is_open,
        })
    }

    /// What is at hand, asked for where that is allowed, as far as the paths of the file need it.
    /// What was kept before tells what is still open and keeps nobody from being asked anew: a
    /// later word says more.
    async fn found(&self, file: Bytes, known: Vec<Bytes>, now: Instant) -> Result<Found, AppError> {
        let read = file.clone();
        let basis = self
            .informed(self.basis().await?, now, move || {
                gather_pdf(&read, &limits_for(read.len()))
            })
            .await?;
        super::blocking(move || {
            let limits = limits_for(file.len());
            let facts = gather_pdf(&file, &limits);
            let keepable = keepable(
                &facts,
                &Extension {
                    level: LongTermLevel::Lta,
                    evidence: &basis.evidence,
                    anchors: &basis.anchors,
                    policy: &basis.policy,
                    at: now,
                    limits: &limits,
                },
            );
            let mut evidence = (*basis.evidence).clone();
            add_all(&mut evidence, &known);
            let Basis {
                anchors, policy, ..
            } = &basis;
            let needs = needed_revocation(&facts, policy, now, anchors, &evidence);
            let found = Found {
                keepable,
                is_open: !needs.is_empty(),
            };
            Ok::<_, AppError>(found)
        })
        .await?
    }

    /// When evidence is looked for again: never, if no end is ahead before which it could be had.
    fn next_look(&self, found: &Found, now: Instant) -> i64 {
        let ends = &found.keepable.ends;
        if found.is_open && !ends.is_empty() {
            return now.plus_seconds(DAY_SECONDS).micros();
        }
        let days = self.config.signing.renew_days;
        let before = |end: &Instant| end.plus_seconds(-days.saturating_mul(DAY_SECONDS));
        let mut looks = ends.iter().map(before).filter(|look| *look > now);
        looks.next().map_or(i64::MAX, Instant::micros)
    }

    /// Stores pieces: each is claimed first, so that no sweep takes it before its row is there.
    async fn put_pieces(
        &self,
        organisation: OrganisationId,
        pieces: &[Vec<u8>],
        now: Instant,
    ) -> Result<(), AppError> {
        for piece in pieces {
            let digest = Digest::of(piece);
            let blob = blobs::Model {
                organisation_id: organisation.uuid(),
                digest: digest.hex(),
                size_bytes: size_of(piece),
                media_type: MEDIA_TYPE.to_owned(),
                created_at: now.micros(),
            };
            store::blobs::claim_blob(self.store.writer(), blob).await?;
            let source = BlobSource::Bytes(Bytes::from(piece.clone()));
            self.blobs
                .put(organisation, &digest, source, MEDIA_TYPE)
                .await?;
        }
        Ok(())
    }

    /// What is kept, read; a piece that is gone helps nobody and hurts nobody.
    async fn read_kept(
        &self,
        organisation: OrganisationId,
        kept: &[kept_evidence::Model],
    ) -> Result<Vec<Bytes>, AppError> {
        let mut pieces = Vec::with_capacity(kept.len());
        for row in kept {
            match self
                .blobs
                .get(organisation, &parse_digest(&row.digest)?)
                .await
            {
                Ok(piece) => pieces.push(piece),
                Err(error) => tracing::warn!("a piece of evidence cannot be read: {error}"),
            }
        }
        Ok(pieces)
    }

    /// `basis` with what is kept for a version's copy.
    pub(super) async fn with_kept_evidence(
        &self,
        organisation: OrganisationId,
        version: Option<Uuid>,
        mut basis: Basis,
    ) -> Result<Basis, AppError> {
        let Some(version) = version else {
            return Ok(basis);
        };
        let kept = rows::list_of_version(self.store.reader(), version).await?;
        if !kept.is_empty() {
            let pieces = self.read_kept(organisation, &kept).await?;
            add_all(Arc::make_mut(&mut basis.evidence), &pieces);
        }
        Ok(basis)
    }
}

/// How much is kept for one copy.
#[derive(Default)]
struct Room {
    count: usize,
    bytes: usize,
}

impl Room {
    /// Whether one more piece fits; counts it if it does.
    fn takes(&mut self, bytes: usize) -> bool {
        let (count, bytes) = (
            self.count.saturating_add(1),
            self.bytes.saturating_add(bytes),
        );
        let fits = count <= PIECES_MAX && bytes <= BYTES_MAX;
        if fits {
            (self.count, self.bytes) = (count, bytes);
        }
        fits
    }
}

/// As many of the pieces as are kept for one copy.
fn bounded(pieces: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut room = Room::default();
    let fitting = pieces.into_iter().filter(|piece| room.takes(piece.len()));
    fitting.collect()
}

fn size_of(piece: &[u8]) -> i64 {
    i64::try_from(piece.len()).unwrap_or(i64::MAX)
}

/// A heap of evidence that is too large stays as large as it is.
fn add_all(evidence: &mut GivenEvidence, pieces: &[Bytes]) {
    for piece in pieces {
        if let Err(error) = evidence.add(piece) {
            tracing::warn!("a kept piece of evidence is of no use: {error}");
        }
    }
}

/// Writes the job `extend` down in the transaction that stores a signature: what is said of its
/// certificate is looked for as soon as a worker comes by, not within the hour. Call
/// [`App::wake_jobs`] after the commit.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub(crate) async fn enqueue_look(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    signature: Uuid,
    now: Instant,
) -> Result<(), AppError> {
    let key = format!("{KIND}:stored:{signature}");
    enqueue_job(connection, organisation, now, KIND, key, &json!({})).await
}

/// Nothing is kept any more for what holds it itself.
///
/// # Errors
///
/// [`StoreError`].
pub(super) async fn forget(
    tx: &impl ConnectionTrait,
    version: Option<Uuid>,
) -> Result<(), StoreError> {
    match version {
        Some(version) => rows::delete_of_version(tx, version).await,
        None => Ok(()),
    }
}
