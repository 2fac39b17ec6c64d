//! A document's life, as far as its content is concerned: when it may be changed.

/// Where a document is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentState {
    /// Being written; no run has begun.
    Draft,
    /// Going through a workflow.
    InRun,
    /// Returned to its initiator.
    Rework,
    /// Approved and signed by everybody.
    Effective,
    /// Rejected for good.
    Rejected,
    /// Taken back by its initiator.
    Withdrawn,
}

impl DocumentState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::InRun,
        Self::Rework,
        Self::Effective,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// As a row and the API have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InRun => "in_run",
            Self::Rework => "rework",
            Self::Effective => "effective",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// From a row's text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether its card may be edited and a new version brought: while nobody decides about it.
    #[must_use]
    pub const fn takes_changes(self) -> bool {
        matches!(self, Self::Draft | Self::Rework)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_draft_and_a_returned_document_take_changes() {
        let taking: Vec<&str> = DocumentState::ALL
            .into_iter()
            .filter(|state| state.takes_changes())
            .map(DocumentState::code)
            .collect();
        assert_eq!(taking, ["draft", "rework"]);
        assert_eq!(
            DocumentState::from_code("in_run"),
            Some(DocumentState::InRun)
        );
        assert_eq!(DocumentState::from_code("signed"), None);
    }
}
