//! Detached signatures that are due.

use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use serde_json::json;

use super::subject::{Grown, Subject};
use super::{COPIES_AT_ONCE, Extended, IN_HAND_SECONDS, NO_TIMESTAMP, Outcome, again_after, code};
use crate::app::audit::{self, Happening};
use crate::app::authority::Authority;
use crate::app::signing::detached::MEDIA_TYPE;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::blobs;
use crate::store::raised_signatures::{self as rows, DueDetached};
use crate::store::signed_copies::{Raised, Wanted};

impl App {
    /// Raises some of those that are due.
    pub(super) async fn extend_detached(
        &self,
        organisation: OrganisationId,
        authority: &Authority,
        wanted: Wanted,
        done: &mut Extended,
    ) -> Result<(), AppError> {
        let now = self.now().micros();
        let reader = self.store.reader();
        let due = rows::list_due(reader, organisation.uuid(), wanted, now, COPIES_AT_ONCE);
        for one in due.await? {
            match self.extend_one(organisation, authority, &one).await {
                Ok(None) => done.raised_detached.push(one),
                Ok(Some(problem)) => {
                    done.refused_detached.push((one, problem));
                    if problem == NO_TIMESTAMP {
                        done.is_halted = true;
                        break;
                    }
                }
                Err(AppError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn extend_one(
        &self,
        organisation: OrganisationId,
        authority: &Authority,
        due: &DueDetached,
    ) -> Result<Option<&'static str>, AppError> {
        let now = self.now();
        let until = now.plus_seconds(IN_HAND_SECONDS).micros();
        rows::claim(self.store.writer(), due, now.micros(), until).await?;
        let level = self.level_of(due.level.as_deref());
        let files = [due.digest.as_str(), due.covered_digest.as_str()];
        let files = self.read_for(organisation, &files).await?;
        let outcome = match files.as_deref() {
            Ok([cms, content]) => {
                let (cms, content) = (cms.clone(), content.clone());
                let subject = Subject::Detached { cms, content };
                self.extended(&subject, level, authority, now).await?
            }
            Ok(_) => Outcome::Refused("file-unreadable"),
            Err(problem) => Outcome::Refused(problem),
        };
        match outcome {
            Outcome::Raised(grown) => {
                self.keep_raised(organisation, due, grown, now).await?;
                Ok(None)
            }
            Outcome::Refused(problem) => {
                let again = again_after(problem, now).micros();
                rows::put_off(self.store.writer(), due, problem, again).await?;
                Ok(Some(problem))
            }
        }
    }

    /// File, row and event of one that was raised.
    async fn keep_raised(
        &self,
        organisation: OrganisationId,
        due: &DueDetached,
        grown: Grown,
        now: Instant,
    ) -> Result<(), AppError> {
        let digest = Digest::of(&grown.file);
        let raised = Raised {
            digest: digest.hex(),
            size_bytes: i64::try_from(grown.file.len()).unwrap_or(i64::MAX),
            level: code(grown.level),
            lasts_until: grown.ends.map(Instant::micros),
            raise_after: self.again_at(grown.ends, now),
            at: now.micros(),
        };
        let source = BlobSource::Bytes(grown.file);
        self.blobs
            .put(organisation, &digest, source, MEDIA_TYPE)
            .await?;
        let tx = self.store.begin().await?;
        let blob = blobs::Model {
            organisation_id: organisation.uuid(),
            digest: raised.digest.clone(),
            size_bytes: raised.size_bytes,
            media_type: MEDIA_TYPE.to_owned(),
            created_at: now.micros(),
        };
        store::blobs::insert_blob(&tx, blob).await?;
        rows::replace(&tx, due, &raised).await?;
        let happening = Happening::to("signature.extended", "signature", due.detached_id)
            .on_document(due.document_id)
            .at_version(&due.version_digest)
            .with(json!({
                "level": raised.level,
                "lasts_until": grown.ends,
                "base_sha256": due.digest,
                "sha256": raised.digest,
            }));
        audit::append(&tx, &Actor::system(organisation), now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}
