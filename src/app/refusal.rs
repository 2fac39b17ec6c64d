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
        Refusal::QuorumUnreachable {
            stage,
            needed,
            available,
        } => too_few(code, stage, needed, available),
        Refusal::TooManyAssignees { stage, max } => in_stage(code, stage, "max", max.to_string()),
        Refusal::SeparationOfDuties { stage, rule } => in_stage(code, stage, "rule", rule),
        Refusal::DecisionNotOffered { stage, decision } => {
            in_stage(code, stage, "decision", decision.code().to_owned())
        }
        Refusal::TooLateToWithdraw { until } => AppError::refused_with(code, [("stage", until)]),
        Refusal::Condition { subject, why } => {
            AppError::refused_with(code, [("subject", subject), ("why", why.to_string())])
        }
        Refusal::Card { field } => AppError::refused_with(code, [("field", field)]),
        Refusal::Mandate { stage, lack } => AppError::Refused {
            code,
            args: [("stage", stage)]
                .into_iter()
                .chain(lack.values())
                .collect(),
        },
        Refusal::FormIncomplete { stage, field } => in_stage(code, stage, "field", field),
        Refusal::RoundsExhausted { max } => at_most(code, max),
        Refusal::DelegatedTooOften { max, .. } => at_most(code, max),
        other => by_code(other),
    }
}

/// A refusal of which the code says everything but perhaps the stage.
fn by_code(refusal: Refusal) -> AppError {
    let code = refusal.code();
    match refusal {
        Refusal::StageHasNoAssignee { stage }
        | Refusal::VetoHolderAbsent { stage }
        | Refusal::AbstentionLeavesTooFew { stage }
        | Refusal::StageNotOpen { stage }
        | Refusal::MayNotChangeApprovers { stage }
        | Refusal::ApproverNotAdded { stage }
        | Refusal::WaitsForApprover { stage }
        | Refusal::OpenStageGone { stage }
        | Refusal::OpenStageChanged { stage }
        | Refusal::StagePassed { stage }
        | Refusal::ApproverLost { stage }
        | Refusal::SignatureLost { stage }
        | Refusal::VotesWouldDecide { stage }
        | Refusal::AlreadyTakesPart { stage } => AppError::refused_with(code, [("stage", stage)]),
        _ => AppError::refused(code),
    }
}

fn at_most(code: &'static str, max: impl ToString) -> AppError {
    AppError::refused_with(code, [("max", max.to_string())])
}

/// A refusal of a stage, with one thing more about it.
fn in_stage(code: &'static str, stage: String, name: &'static str, value: String) -> AppError {
    AppError::refused_with(code, [("stage", stage), (name, value)])
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
