//! What a document's run has asked and told outside, for whoever may see the document.

use chancery_types::Instant;
use chancery_types::field::Card;
use chancery_types::id::{DocumentId, RunId};
use chancery_workflow::Heard;

use super::list::automatic_title;
use super::{CallKind, CallLine};
use crate::app::organisations::allow_whole;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;

/// The most calls of a document that are shown.
const CALLS_MAX: u64 = 50;

/// Everything outside about a document.
#[derive(Clone, Debug, Default)]
pub struct DocumentCalls {
    /// The questions of its present run, by name.
    pub asked: Vec<AskedLine>,
    /// Why its run stands still, if it does.
    pub stands: Option<StandStill>,
    /// Who was told, newest first.
    pub told: Vec<CallLine>,
}

/// A question and what was heard.
#[derive(Clone, Debug)]
pub struct AskedLine {
    /// Its name in the workflow.
    pub name: String,
    /// Who was asked, by the name of the configuration.
    pub call: String,
    /// When.
    pub at: Instant,
    /// What was heard.
    pub heard: Heard,
}

impl AskedLine {
    /// The parts of the answer, or of what was taken for it.
    #[must_use]
    pub const fn values(&self) -> Option<&Card> {
        match &self.heard {
            Heard::Answer { values, .. } | Heard::Assumed { values, .. } => Some(values),
            Heard::Nothing | Heard::Failure { .. } | Heard::Void => None,
        }
    }
}

/// A run that waits for an administrator.
#[derive(Clone, Debug)]
pub struct StandStill {
    /// The run.
    pub run_id: RunId,
    /// The title of the stage.
    pub stage: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub at: Instant,
    /// Whether the reader may let it try again.
    pub may_retry: bool,
}

impl App {
    /// What the document's run has asked and told outside.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the document.
    pub async fn document_calls(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<DocumentCalls, AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let (reader, organisation) = (self.store.reader(), row.organisation_id);
        let calls = store::calls::list_of_document(reader, organisation, row.id, CALLS_MAX).await?;
        let run = store::runs::find_newest_run(reader, organisation, row.id).await?;
        let has_asked = calls
            .iter()
            .any(|call| call.kind == CallKind::Lookup.code());
        let webhooks = calls
            .into_iter()
            .filter(|call| call.kind == CallKind::Webhook.code());
        let mut found = DocumentCalls {
            told: webhooks.map(CallLine::from).collect(),
            ..DocumentCalls::default()
        };
        // Most runs ask nobody: theirs is not read.
        let Some(run) = run.filter(|run| has_asked || run.incident_at.is_some()) else {
            return Ok(found);
        };
        let run = self.complete_run(reader, run).await?;
        for (name, asked) in &run.state.asked {
            let lookup = run.definition.lookups().get(name);
            found.asked.push(AskedLine {
                name: name.clone(),
                call: lookup.map_or_else(String::new, |lookup| lookup.call.clone()),
                at: asked.at,
                heard: asked.heard.clone(),
            });
        }
        found.stands = run.state.incident.as_ref().map(|incident| StandStill {
            run_id: run.row.id.into(),
            stage: automatic_title(&run, &incident.stage, actor),
            why: incident.why.clone(),
            at: incident.at,
            may_retry: allow_whole(actor, Action::ManageCalls).is_ok(),
        });
        Ok(found)
    }
}
