//! Refusals as a person reads them who tries a workflow. Pages have sentences of their own.

use std::collections::BTreeMap;

use chancery_types::Locale;

use super::Refusal;
use crate::diagnostic::message;
use crate::expression::EvaluationError;

type Args = BTreeMap<&'static str, String>;

impl Refusal {
    /// One sentence in `locale`, without a point.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let mut args = self.args();
        if let Self::Condition { why, .. } = self {
            args.insert("why", why.text(locale));
        }
        message(locale, &format!("refusal-{}", self.code()), &args)
    }

    fn args(&self) -> Args {
        match self {
            Self::NotInThisPhase { phase } => one("phase", format!("{phase:?}").to_lowercase()),
            Self::DecisionNotOffered { stage, decision } => {
                two(("stage", stage), ("decision", decision.code()))
            }
            Self::FormIncomplete { stage, field } => two(("stage", stage), ("field", field)),
            Self::CommentRequired { decision } | Self::RemarksNotOffered { decision } => {
                one("decision", decision)
            }
            Self::TooManyRemarks { max } | Self::DelegatedTooOften { max, .. } => one("max", max),
            Self::SeparationOfDuties { stage, rule } => two(("stage", stage), ("rule", rule)),
            Self::VersionNumber { present } => one("present", present),
            Self::TooLateToWithdraw { until } => one("until", until),
            Self::RoundsExhausted { max } => one("max", max),
            Self::QuorumUnreachable {
                stage,
                needed,
                available,
            } => {
                let mut args = two(("stage", stage), ("needed", &needed.to_string()));
                args.insert("available", available.to_string());
                args
            }
            Self::TooManyAssignees { stage, max } => {
                two(("stage", stage), ("max", &max.to_string()))
            }
            Self::Mandate { stage, lack } => {
                let mut args = one("stage", stage);
                args.extend(lack.values());
                args
            }
            Self::Condition { subject, .. } => one("subject", subject),
            Self::Card { field } => one("field", field),
            Self::AlreadyTakesPart { stage }
            | Self::StageHasNoAssignee { stage }
            | Self::VetoHolderAbsent { stage }
            | Self::AbstentionLeavesTooFew { stage }
            | Self::StageNotOpen { stage }
            | Self::MayNotChangeApprovers { stage }
            | Self::ApproverNotAdded { stage }
            | Self::WaitsForApprover { stage }
            | Self::OpenStageGone { stage }
            | Self::OpenStageChanged { stage }
            | Self::StagePassed { stage }
            | Self::ApproverLost { stage }
            | Self::SignatureLost { stage }
            | Self::VotesWouldDecide { stage } => one("stage", stage),
            _ => Args::new(),
        }
    }
}

fn one(name: &'static str, value: impl ToString) -> Args {
    Args::from([(name, value.to_string())])
}

fn two(first: (&'static str, &str), second: (&'static str, &str)) -> Args {
    Args::from([first, second].map(|(name, value)| (name, value.to_owned())))
}

impl EvaluationError {
    /// One sentence in `locale`, without a point.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let (key, args) = match self {
            Self::FieldAbsent { field } => ("evaluation-field-absent", one("field", field)),
            Self::FactAbsent { fact } => ("evaluation-fact-absent", one("fact", fact)),
            Self::FieldType { field } => ("evaluation-field-type", one("field", field)),
            Self::DifferentCurrencies { left, right } => (
                "evaluation-different-currencies",
                two(("left", left), ("right", right)),
            ),
            Self::Overflow => ("evaluation-overflow", Args::new()),
            Self::DivisionByZero => ("evaluation-division-by-zero", Args::new()),
            Self::DepartmentUnknown { field } => {
                ("evaluation-department-unknown", one("field", field))
            }
            Self::InitiatorUnknown => ("evaluation-initiator-unknown", Args::new()),
            Self::Unfit => ("evaluation-unfit", Args::new()),
        };
        message(locale, key, &args)
    }
}
