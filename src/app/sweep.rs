//! The daily sweep: bytes that nothing names, and rows that have served.
//!
//! Bytes are put into storage before the transaction that names them, so a refused or lost request
//! leaves some behind, and a completed signature its prepared file. Why none is taken away that a
//! transaction may still come to name:
//!
//! 1. Whoever may put bytes that were there before (an upload, a page's image) writes them down
//!    first, in `blobs`, or makes the row that is there young again; only then it asks the storage.
//! 2. The sweep takes rows away that are old and that no other row names, and removes the bytes
//!    before that transaction ends. A claim of the same bytes waits for it; then it finds neither
//!    row nor object, and puts both.
//! 3. Bytes without a row (a process died between 1 and its own end, or is at this moment storing a
//!    signature) are written down by the sweep as young, and looked at again a day later. No
//!    request lives that long: the settings' ranges see to it.

use chancery_types::Instant;
use chancery_types::id::OrganisationId;

use crate::app::versions::parse_digest;
use crate::app::work::Progress;
use crate::app::{App, AppError, idempotency};
use crate::store::entity::blobs;
use crate::store::{self, blobs as rows, remains};

/// The kind of job.
pub const KIND: &str = "sweep";
const DAY_SECONDS: i64 = 24 * 3600;
/// How many bytes' rows one transaction takes away: SQLite's one writer is held meanwhile.
const AT_ONCE: u64 = 32;
/// How many of those transactions one claim of the job makes.
const ROUNDS_MAX: usize = 64;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Swept {
    files: u64,
    adopted: u64,
    keys: u64,
    sessions: u64,
    codes: u64,
    visits: u64,
    secrets: u64,
}

impl App {
    /// Writes today's sweep down for every organisation, once however many processes ask.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn enqueue_sweeps(&self) -> Result<(), AppError> {
        self.enqueue_every(KIND, DAY_SECONDS).await
    }

    /// Does a part of a sweep: the job `sweep`. It may run twice, and beside another.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn sweep(&self, organisation: OrganisationId) -> Result<Progress, AppError> {
        let now = self.now();
        let mut swept = Swept::default();
        let progress = self.remove_unnamed(organisation, now, &mut swept).await?;
        if progress == Progress::Finished {
            self.adopt_strays(organisation, now, &mut swept).await?;
            self.forget(organisation, now, &mut swept).await?;
        }
        tell(organisation, &swept);
        Ok(progress)
    }

    /// Removes bytes that were claimed long ago and that no row names.
    async fn remove_unnamed(
        &self,
        organisation: OrganisationId,
        now: Instant,
        swept: &mut Swept,
    ) -> Result<Progress, AppError> {
        let hours = self.config.retention.unnamed_file_hours;
        let claimed_before = now.plus_seconds(-hours.saturating_mul(3600)).micros();
        for _ in 0..ROUNDS_MAX {
            let tx = self.store.begin().await?;
            let digests =
                rows::delete_unnamed(&tx, organisation.uuid(), claimed_before, AT_ONCE).await?;
            for digest in &digests {
                self.blobs
                    .delete(organisation, &parse_digest(digest)?)
                    .await?;
            }
            tx.commit().await?;
            swept.files = swept.files.saturating_add(digests.len() as u64);
            if digests.is_empty() {
                return Ok(Progress::Finished);
            }
        }
        Ok(Progress::Unfinished)
    }

    /// Writes down objects that have no row, as if they had just come.
    async fn adopt_strays(
        &self,
        organisation: OrganisationId,
        now: Instant,
        swept: &mut Swept,
    ) -> Result<(), AppError> {
        let mut after = None;
        loop {
            let listed = self.blobs.list(organisation, after.as_ref()).await?;
            let Some(last) = listed.last().copied() else {
                return Ok(());
            };
            let names = listed.iter().map(chancery_types::Digest::hex).collect();
            let known = rows::list_known(self.store.reader(), organisation.uuid(), names).await?;
            for digest in listed
                .iter()
                .filter(|digest| !known.contains(&digest.hex()))
            {
                let size = self.blobs.size(organisation, digest).await?.unwrap_or(0);
                let row = blobs::Model {
                    organisation_id: organisation.uuid(),
                    digest: digest.hex(),
                    size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
                    media_type: "application/octet-stream".to_owned(),
                    created_at: now.micros(),
                };
                store::blobs::insert_blob(self.store.writer(), row).await?;
                swept.adopted = swept.adopted.saturating_add(1);
            }
            after = Some(last);
        }
    }

    /// Takes rows away that have served.
    async fn forget(
        &self,
        organisation: OrganisationId,
        now: Instant,
        swept: &mut Swept,
    ) -> Result<(), AppError> {
        let kept = &self.config.retention;
        let before = |days: i64| now.plus_seconds(-days.saturating_mul(DAY_SECONDS)).micros();
        let (writer, id) = (self.store.writer(), organisation.uuid());
        let keys = now.plus_seconds(-idempotency::KEPT_SECONDS).micros();
        swept.keys = remains::delete_keys(writer, id, keys).await?;
        let ended = before(kept.ended_session_days);
        swept.sessions = remains::delete_sessions(writer, id, ended).await?;
        let ended = before(kept.ended_visit_days);
        swept.codes = remains::delete_codes(writer, id, ended).await?;
        swept.visits = remains::delete_visits(writer, id, ended).await?;
        let written = before(kept.mail_secret_days);
        swept.secrets = remains::erase_secrets(writer, id, written).await?;
        // A round's own row is needed only until its day is over, everywhere.
        remains::delete_rounds(writer, id, before(7)).await?;
        Ok(())
    }
}

/// One line, and counters.
fn tell(organisation: OrganisationId, swept: &Swept) {
    let counts = [
        ("files", swept.files),
        ("adopted", swept.adopted),
        ("keys", swept.keys),
        ("sessions", swept.sessions),
        ("codes", swept.codes),
        ("visits", swept.visits),
        ("secrets", swept.secrets),
    ];
    for (what, count) in counts {
        metrics::counter!("chancery_swept_total", "what" => what).increment(count);
    }
    tracing::info!(
        %organisation,
        files = swept.files,
        adopted = swept.adopted,
        keys = swept.keys,
        sessions = swept.sessions,
        codes = swept.codes,
        visits = swept.visits,
        secrets = swept.secrets,
        "swept"
    );
}
