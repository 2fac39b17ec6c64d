//! How a run starts: who may start one, and what starts one by itself.

use chancery_types::field::Card;
use chancery_types::id::PersonId;

use super::{Definition, Resolver};
use crate::directory::Directory;
use crate::expression::{Expression, Given};
use crate::refusal::Refusal;
use crate::state::Version;

/// What a file says of starting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Starting {
    /// Who may: one of those whom these find; everybody, if there are none.
    pub(super) who: Vec<Resolver>,
    /// What does it without anybody.
    pub(super) by_itself: Option<SelfStart>,
}

/// What a run starts by, without anybody who starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartEvent {
    /// Somebody has brought a document of the kind: on the page, or by a call. Not one that another
    /// workflow drafts.
    DocumentBrought,
}

impl StartEvent {
    /// As files name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocumentBrought => "document_brought",
        }
    }
}

/// A run that starts by itself, in the name of whoever the event is of: they are its initiator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfStart {
    /// By what.
    pub event: StartEvent,
    /// For which documents; for all of them without it.
    pub when: Option<Expression>,
}

impl SelfStart {
    /// Whether it is for this version of a document.
    ///
    /// # Errors
    ///
    /// [`Refusal::Condition`] if that cannot be told: the card lacks what the condition reads.
    pub fn is_for(
        &self,
        card: &Card,
        version: &Version,
        initiator: PersonId,
        directory: &Directory,
    ) -> Result<bool, Refusal> {
        let Some(when) = &self.when else {
            return Ok(true);
        };
        let given = Given {
            card,
            initiator,
            version,
            round: 1,
            directory,
            actor: None,
            changed: None,
            voters: None,
            asked: None,
        };
        when.holds(&given).map_err(|why| Refusal::Condition {
            subject: "start".to_owned(),
            why,
        })
    }
}

impl Definition {
    /// Who may start a run: one of those whom these find. Everybody, if there are none.
    #[must_use]
    pub fn starters(&self) -> &[Resolver] {
        &self.starting.who
    }

    /// What a run starts by, without anybody who starts it, if the file says that.
    #[must_use]
    pub const fn self_start(&self) -> Option<&SelfStart> {
        self.starting.by_itself.as_ref()
    }
}
