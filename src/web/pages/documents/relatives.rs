//! Documents that belong together, as a document's page shows them.

use crate::app::created::{Relative, Relatives};
use crate::app::documents::Duplicate;
use crate::web::{Shell, i18n};

/// What a document belongs to, what belongs to it, and what its run waits for of that.
pub struct RelativesView {
    /// What this one belongs to.
    pub origin: Option<Duplicate>,
    /// What belongs to this one, as far as the reader sees it.
    pub created: Vec<RelativeLine>,
    /// What its run waits for, in words.
    pub waits: Vec<WaitLine>,
    /// Kinds of which the reader may make a document that belongs to this one, with their titles.
    pub kinds: Vec<(String, String)>,
}

/// A document that belongs to this one.
pub struct RelativeLine {
    /// Which.
    pub document: Duplicate,
    /// Its state in words.
    pub state: String,
    /// Whose move it is; empty for nobody's.
    pub whose_move: String,
}

/// What a run waits for.
pub struct WaitLine {
    /// In words.
    pub text: String,
    /// Whether it stands still.
    pub is_refused: bool,
}

impl RelativesView {
    /// In the reader's words.
    pub fn new(shell: &Shell, relatives: Relatives) -> Self {
        let title = |kind: &str| {
            let mut waits = relatives.waits.iter();
            let title = waits.find(|wait| wait.kind == kind);
            let title = title.and_then(|wait| wait.kind_title.get(shell.locale()));
            title.unwrap_or(kind).to_owned()
        };
        let kinds = relatives.kinds.iter();
        let kinds = kinds.map(|kind| (kind.clone(), title(kind)));
        let waits = relatives.waits.iter().map(|wait| {
            let args = [
                ("kind", title(&wait.kind).into()),
                ("completed", wait.completed.into()),
                ("open", wait.open.into()),
            ];
            let key = format!("document-wait-{}", wait.phase.code());
            WaitLine {
                text: i18n::t(shell.locale(), &key, &args),
                is_refused: wait.phase.code() == "refused",
            }
        });
        Self {
            kinds: kinds.collect(),
            waits: waits.collect(),
            created: relatives
                .created
                .into_iter()
                .map(|one| line(shell, one))
                .collect(),
            origin: relatives.origin,
        }
    }

    /// Whether there is anything to show.
    pub const fn is_empty(&self) -> bool {
        self.origin.is_none()
            && self.created.is_empty()
            && self.waits.is_empty()
            && self.kinds.is_empty()
    }
}

fn line(shell: &Shell, one: Relative) -> RelativeLine {
    let state = one.state.replace('_', "-");
    RelativeLine {
        state: shell.t(&format!("document-state-{state}")),
        document: one.document,
        whose_move: one.whose_move,
    }
}
