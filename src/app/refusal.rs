//! From the engine's refusals to answers: by name, with what a reader needs.

use chancery_workflow::Refusal;

use crate::app::{AppError, FieldProblem, name_problem};

/// The longest comment, remark or reason, in graphemes; the engine checks it, pages say it.
pub const WORDS_MAX: usize = 4000;

/// The answer to a person whose event was refused. A field that is not as it must be is invalid
/// input; a stored state that cannot be is a failure; the rest are refusals by the engine's code.
#[must_use]
pub fn refuse(refusal: Refusal) -> AppError {
    let code = refusal.code();
    match refusal {
        Refusal::CommentRequired { .. } => AppError::invalid("comment", "empty"),
        Refusal::RemarksRequired => AppError::invalid("remarks", "empty"),
        Refusal::RemarksNotOffered { .. } => AppError::invalid("remarks", "not-offered"),
        Refusal::TooManyRemarks { max } => AppError::Invalid {
            fields: vec![FieldProblem::new("remarks", "too-many").with("max", max)],
        },
        Refusal::Text { why } => name_problem("comment", why),
        Refusal::NothingChanged => AppError::invalid("comment", "empty"),
        Refusal::Corrupt { what } => AppError::internal(what),
        // The brief word for it everywhere outside the engine.
        Refusal::StaleVersion { .. } => AppError::refused("version-changed"),
        Refusal::StageHasNoAssignee { stage }
        | Refusal::VetoHolderAbsent { stage }
        | Refusal::AbstentionLeavesTooFew { stage } => {
            AppError::refused_with(code, [("stage", stage)])
        }
        Refusal::AlreadyTakesPart { stage } => AppError::refused_with(code, [("stage", stage)]),
        Refusal::QuorumUnreachable {
            stage,
            needed,
            available,
        } => AppError::refused_with(
            code,
            [
                ("stage", stage),
                ("needed", needed.to_string()),
                ("available", available.to_string()),
            ],
        ),
        Refusal::TooManyAssignees { stage, max } => {
            AppError::refused_with(code, [("stage", stage), ("max", max.to_string())])
        }
        Refusal::SeparationOfDuties { stage, rule } => {
            AppError::refused_with(code, [("stage", stage), ("rule", rule)])
        }
        Refusal::DecisionNotOffered { stage, decision } => AppError::refused_with(
            code,
            [("stage", stage), ("decision", decision.code().to_owned())],
        ),
        Refusal::TooLateToWithdraw { until } => AppError::refused_with(code, [("stage", until)]),
        Refusal::RoundsExhausted { max } => {
            AppError::refused_with(code, [("max", max.to_string())])
        }
        Refusal::Condition { subject, why } => {
            AppError::refused_with(code, [("subject", subject), ("why", why.to_string())])
        }
        Refusal::Card { field } => AppError::refused_with(code, [("field", field)]),
        Refusal::NotInThisPhase { .. }
        | Refusal::TaskUnknown { .. }
        | Refusal::TaskClosed { .. }
        | Refusal::AlreadyDecided { .. }
        | Refusal::NotAssignee { .. }
        | Refusal::NotASigningTask { .. }
        | Refusal::NotInitiator
        | Refusal::NotAPerson
        | Refusal::PersonNotActive
        | Refusal::AuthorMismatch
        | Refusal::VersionNumber { .. }
        | Refusal::MayNotReassign { .. }
        | Refusal::WrongSortOfAssignee { .. } => AppError::refused(code),
    }
}
