//! Judging a stored detached signature over the stored file that it covers.

use std::sync::Arc;

use chancery_signature::{ValidationReport, gather_cms};
use chancery_types::Digest;
use chancery_types::id::OrganisationId;
use tokio::time::timeout;

use super::{Judgement, Matter, PAGE_WAITS, limits_for};
use crate::app::{App, AppError};

impl App {
    /// As [`App::judge_stored`], for a detached signature (`signature`) over a stored file
    /// (`content`), both by their digests.
    ///
    /// # Errors
    ///
    /// If one of them, or the roots, cannot be read.
    pub async fn judge_detached(
        &self,
        organisation: OrganisationId,
        signature: Digest,
        content: Digest,
    ) -> Result<Judgement, AppError> {
        // The same bytes may be remembered as a file by themselves: this is the judgement on two.
        let both = [signature.as_bytes().as_slice(), content.as_bytes()].concat();
        let pair = Digest::of(&both);
        if let Some(report) = self.validator.recall(&pair, self.now()) {
            return Ok(Judgement::Done(report));
        }
        let app = self.clone();
        let judging = tokio::spawn(async move {
            let cell = app.validator.join(pair);
            let judged =
                cell.get_or_try_init(|| app.judge_pair(organisation, signature, content, pair));
            let judged = judged.await.cloned();
            app.validator.leave(&pair);
            judged
        });
        match timeout(PAGE_WAITS, judging).await {
            Ok(joined) => {
                let judged = joined.map_err(|error| AppError::Internal(error.into()))?;
                judged.map(Judgement::Done)
            }
            Err(_) => Ok(Judgement::GoesOn),
        }
    }

    async fn judge_pair(
        &self,
        organisation: OrganisationId,
        signature: Digest,
        content: Digest,
        pair: Digest,
    ) -> Result<Arc<ValidationReport>, AppError> {
        let turn = Arc::clone(&self.validator.stored).acquire_owned().await;
        let _turn = turn.map_err(|_| AppError::internal("the queue of checks is closed"))?;
        let signature = self.blobs.get(organisation, &signature).await?;
        let content = self.blobs.get(organisation, &content).await?;
        let (now, basis) = (self.now(), self.basis().await?);
        let read = self.validator.run(move || {
            let facts = gather_cms(&signature, Some(&content), &limits_for(content.len()));
            Matter::of(facts, basis, now)
        });
        let matter = self.ask_for(read.await?).await?;
        let report = Arc::new(self.validator.run(move || matter.judge()).await?);
        self.validator.remember(pair, now, &report);
        Ok(report)
    }
}
