//! What every step of a workflow has, whatever it is.

use chancery_types::Localized;

use super::{Automatic, Node, Stage};
use crate::expression::Expression;

/// Branches that are open at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parallel {
    /// The identifier.
    pub id: String,
    /// The identifiers of the blocks around it and its own: `expertise/money`.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// Whether the block applies.
    pub when: Option<Expression>,
    /// How many branches end the block.
    pub join: Join,
    /// What a return or a rejection in one branch does to the others.
    pub on_branch_reject: OnBranchReject,
    /// The branches.
    pub branches: Vec<Node>,
}

/// Steps in order: a branch of several steps, or several steps under one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The identifier.
    pub id: String,
    /// The identifiers of the blocks around it and its own.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// Whether the block applies.
    pub when: Option<Expression>,
    /// The steps.
    pub steps: Vec<Node>,
}

/// How many branches of a parallel block must agree. Branches that do not apply, and branches
/// that only acknowledge without blocking, are not counted: where fewer are left, all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Every branch.
    All,
    /// One; the others are then closed.
    Any,
    /// This many; the others are then closed.
    Count(u32),
}

/// What a return or a rejection in one branch does to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBranchReject {
    /// They go on, so that all remarks come at once.
    FinishOthers,
    /// They are closed.
    CancelOthers,
}

impl Node {
    /// The identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Stage(stage) => &stage.id,
            Self::Parallel(block) => &block.id,
            Self::Sequence(block) => &block.id,
            Self::Automatic(automatic) => &automatic.id,
        }
    }

    /// The identifiers of the blocks around it and its own.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Stage(stage) => &stage.path,
            Self::Parallel(block) => &block.path,
            Self::Sequence(block) => &block.path,
            Self::Automatic(automatic) => &automatic.path,
        }
    }

    /// The title.
    #[must_use]
    pub const fn title(&self) -> &Localized {
        match self {
            Self::Stage(stage) => &stage.title,
            Self::Parallel(block) => &block.title,
            Self::Sequence(block) => &block.title,
            Self::Automatic(automatic) => &automatic.title,
        }
    }

    /// Whether it applies.
    #[must_use]
    pub const fn when(&self) -> Option<&Expression> {
        match self {
            Self::Stage(stage) => stage.when.as_ref(),
            Self::Parallel(block) => block.when.as_ref(),
            Self::Sequence(block) => block.when.as_ref(),
            Self::Automatic(automatic) => automatic.when.as_ref(),
        }
    }

    /// The steps or branches of a block; none of a stage.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Stage(_) | Self::Automatic(_) => &[],
            Self::Parallel(block) => &block.branches,
            Self::Sequence(block) => &block.steps,
        }
    }

    /// The node's stages in order: itself, or those within it.
    #[must_use]
    pub fn stages(&self) -> Vec<&Stage> {
        match self {
            Self::Stage(stage) => vec![stage.as_ref()],
            Self::Automatic(_) => Vec::new(),
            Self::Parallel(_) | Self::Sequence(_) => {
                self.children().iter().flat_map(Self::stages).collect()
            }
        }
    }

    /// The node's stages that ask nobody, in order.
    #[must_use]
    pub fn automatics(&self) -> Vec<&Automatic> {
        match self {
            Self::Automatic(automatic) => vec![automatic.as_ref()],
            Self::Stage(_) => Vec::new(),
            Self::Parallel(_) | Self::Sequence(_) => {
                let children = self.children().iter();
                children.flat_map(Self::automatics).collect()
            }
        }
    }
}
