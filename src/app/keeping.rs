//! What administrators and the owner of a workflow do to its runs, and whoever asked for an
//! approver: they stop a run, let it go on, end it, let it try again, drop the approver.

use chancery_types::id::{DocumentId, PersonId, RunId};
use chancery_workflow::EventKind;

use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;

impl App {
    /// Stops the run of a document: nothing is decided until it is let go on.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`] for anybody but administrators and the owner of
    /// the workflow; `no-live-run`, `suspended`; the engine's refusal of a reason.
    pub async fn suspend_run(
        &self,
        actor: &Actor,
        document: DocumentId,
        reason: &str,
    ) -> Result<(), AppError> {
        let reason = reason.to_owned();
        self.keep_run(actor, document, EventKind::Suspended { reason })
            .await
    }

    /// Lets a stopped run go on.
    ///
    /// # Errors
    ///
    /// As [`App::suspend_run`]; `not-suspended`.
    pub async fn resume_run(&self, actor: &Actor, document: DocumentId) -> Result<(), AppError> {
        self.keep_run(actor, document, EventKind::Resumed).await
    }

    /// Ends the run of a document for good, whatever it waits for.
    ///
    /// # Errors
    ///
    /// As [`App::suspend_run`].
    pub async fn cancel_run(
        &self,
        actor: &Actor,
        document: DocumentId,
        reason: &str,
    ) -> Result<(), AppError> {
        let reason = reason.to_owned();
        self.keep_run(actor, document, EventKind::Cancelled { reason })
            .await
    }

    /// Lets the run of a document, which stands still since an incident, try again.
    ///
    /// # Errors
    ///
    /// As [`App::suspend_run`]; `no-incident`; the engine's refusals, if what it needs is still not
    /// there.
    pub async fn retry_run_of(&self, actor: &Actor, document: DocumentId) -> Result<(), AppError> {
        self.keep_run(actor, document, EventKind::IncidentRetried)
            .await
    }

    /// Drops an approver whom somebody asked for, and who has not voted.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`]; `no-live-run`, `may-not-change-approvers`, `approver-not-added`.
    pub async fn drop_approver(
        &self,
        actor: &Actor,
        document: DocumentId,
        stage: &str,
        person: PersonId,
    ) -> Result<(), AppError> {
        let run = match self.live_run(actor, document, Action::KeepRun).await {
            // Whoever asked for them sees the document.
            Err(AppError::Denied) => self.live_run(actor, document, Action::MoveRun).await,
            other => other,
        };
        let stage = stage.to_owned();
        let kind = EventKind::ApproverDropped { stage, person };
        self.move_by(actor, run?, kind).await?;
        Ok(())
    }

    async fn keep_run(
        &self,
        actor: &Actor,
        document: DocumentId,
        kind: EventKind,
    ) -> Result<(), AppError> {
        let run: RunId = self.live_run(actor, document, Action::KeepRun).await?;
        self.move_by(actor, run, kind).await?;
        Ok(())
    }
}
