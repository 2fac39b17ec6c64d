//! From the engine's refusals to answers: by name, with what a reader needs.

use chancery_workflow::{Definition, Refusal};

use crate::app::error::name_stage;
use crate::app::{AppError, FieldProblem, name_problem};

/// The longest comment, remark or reason, in graphemes; the engine checks it, pages say it.
pub const WORDS_MAX: usize = 4000;

/// As [`refuse`], with the titles of the stages that the refusal names: people know no paths.
#[must_use]
pub fn refuse_in(definition: &Definition, refusal: Refusal) -> AppError {
    let mut error = refuse(refusal);
    if let AppError::Refused { args, .. } = &mut error {
        let path = args.get("stage").cloned().unwrap_or_default();
        let stage = definition.stage(&path).map(|stage| &stage.title);
        let block = || {
            let node = definition.nodes().iter().find(|node| node.id() == path)?;
            node.stages().first().map(|stage| &stage.title)
        };
        if let Some(title) = stage.or_else(block) {
            name_stage(args, title);
        }
    }
    error
}

/// The answer to a person whose event was refused. A field that is not as it must be is invalid
/// input; a stored state that cannot be is a failure; the rest are refusals by the engine's code.
#[must_use]
fn refuse(refusal: Refusal) -> AppError {
    let code = refusal.code();
    match refusal {
        Refusal::CommentRequired { .. } | Refusal::NothingChanged => {
            AppError::invalid("comment", "empty")
        }
        Refusal::RemarksRequired => AppError::invalid("remarks", "empty"),
        Refusal::RemarksNotOffered { .. } => AppError::invalid("remarks", "not-offered"),
        Refusal::TooManyRemarks { max } => AppError::Invalid {
            fields: vec![FieldProblem::new("remarks", "too-many").with("max", max)],
        },
        Refusal::Text { why } => name_problem("comment", why),
        Refusal::Corrupt { what } => AppError::internal(what),
        // The brief word for it everywhere outside the engine.
        Refusal::StaleVersion { .. } => AppError::refused("version-changed"),
        Refusal::StageHasNoAssignee { stage }
        | Refusal::VetoHolderAbsent { stage }
        | Refusal::AbstentionLeavesTooFew { stage }
        | Refusal::StageNotOpen { stage }
        | Refusal::MayNotChangeApprovers { stage }
        | Refusal::ApproverNotAdded { stage }
        | Refusal::WaitsForApprover { stage }
        | Refusal::AlreadyTakesPart { stage } => AppError::refused_with(code, [("stage", stage)]),
        Refusal::QuorumUnreachable {
            stage,
            needed,
            available,
        } => too_few(code, stage, needed, available),
        Refusal::TooManyAssignees { stage, max } => {
            AppError::refused_with(code, [("stage", stage), ("max", max.to_string())])
        }
        Refusal::SeparationOfDuties { stage, rule } => {
            AppError::refused_with(code, [("stage", stage), ("rule", rule)])
        }
        Refusal::DecisionNotOffered { stage, decision } => {
            let decision = decision.code().to_owned();
            AppError::refused_with(code, [("stage", stage), ("decision", decision)])
        }
        Refusal::TooLateToWithdraw { until } => AppError::refused_with(code, [("stage", until)]),
        Refusal::RoundsExhausted { max } => {
            AppError::refused_with(code, [("max", max.to_string())])
        }
        Refusal::Condition { subject, why } => {
            AppError::refused_with(code, [("subject", subject), ("why", why.to_string())])
        }
        Refusal::Card { field } => AppError::refused_with(code, [("field", field)]),
        Refusal::FormIncomplete { stage, field } => {
            AppError::refused_with(code, [("stage", stage), ("field", field)])
        }
        Refusal::DelegatedTooOften { max, .. } => {
            AppError::refused_with(code, [("max", max.to_string())])
        }
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
        | Refusal::MayNotDelegate { .. }
        | Refusal::NotOfPool { .. }
        | Refusal::NotDelegated { .. }
        | Refusal::NoIncident
        | Refusal::WrongSortOfAssignee { .. }
        | Refusal::Suspended
        | Refusal::NotSuspended
        | Refusal::NotAdministrator
        | Refusal::NotTheService
        | Refusal::CalendarMismatch
        | Refusal::TooLateToRevoke { .. } => AppError::refused(code),
    }
}

fn too_few(code: &'static str, stage: String, needed: u32, available: u32) -> AppError {
    let (needed, available) = (needed.to_string(), available.to_string());
    AppError::refused_with(
        code,
        [
            ("stage", stage),
            ("needed", needed),
            ("available", available),
        ],
    )
}
