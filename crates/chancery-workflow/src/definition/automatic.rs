//! What a workflow asks elsewhere, and the stages that go their way by the answers.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::{FieldType, Localized};

use super::Node;
use crate::diagnostic::Position;
use crate::expression::Expression;
use crate::span::Span;

/// A question to somebody outside, by its name under `facts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Which of the calls that the house knows.
    pub call: String,
    /// The fields of the card that go with it, by the name that the call gives them.
    pub args: BTreeMap<String, String>,
    /// How long an answer is waited for, of the clock. Whoever calls keeps to it.
    pub timeout: Span,
    /// What happens without an answer.
    pub on_error: OnError,
    /// What an answer consists of.
    pub answer: BTreeMap<String, FieldType>,
}

/// What happens when there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The run waits for an administrator.
    Incident,
    /// This is taken for the answer.
    Assume(Card),
}

/// A stage that asks nobody: it waits for answers and chooses the way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// The identifier.
    pub id: String,
    /// The identifiers of the blocks around it and its own.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// Whether it applies.
    pub when: Option<Expression>,
    /// The names of the questions that it waits for.
    pub need: Vec<String>,
    /// The ways on, the first that holds is taken; where none does, the next step is.
    pub route: Vec<Arm>,
    /// Where its identifier stands in the file.
    pub at: Position,
}

/// One way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// When it is taken.
    pub when: Expression,
    /// To which step, by identifier, over all steps between; `None` for the next one.
    pub goto: Option<String>,
}

impl Lookup {
    /// What stands for a question that was refused while its file is read on. No such file is
    /// accepted, so nobody ever asks it.
    pub(crate) fn refused() -> Self {
        Self {
            call: String::new(),
            args: BTreeMap::new(),
            timeout: Span::SECOND,
            on_error: OnError::Incident,
            answer: BTreeMap::new(),
        }
    }

    pub(crate) fn was_refused(&self) -> bool {
        self.call.is_empty()
    }
}

impl Automatic {
    /// Where its ways lead to beside the next step.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.route.iter().filter_map(|arm| arm.goto.as_deref())
    }
}

/// Whether a step of a list may be jumped over by an automatic stage before it.
pub(crate) fn is_jumped(nodes: &[Node], index: usize) -> bool {
    let before = nodes.iter().take(index);
    let later = |target: &str| {
        let mut rest = nodes.iter().skip(index.saturating_add(1));
        rest.any(|node| node.id() == target)
    };
    before
        .filter_map(|node| match node {
            Node::Automatic(automatic) => Some(automatic),
            Node::Stage(_) | Node::Parallel(_) | Node::Sequence(_) => None,
        })
        .any(|automatic| automatic.targets().any(later))
}
