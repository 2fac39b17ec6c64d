//! Separation of duties: who may not decide in a stage.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;

use super::Run;
use crate::definition::{Rule, Stage, StageKind};
use crate::refusal::Refusal;

/// What keeps people out of one stage. Who voted where is gathered once, however many are asked
/// about: a stage may have thousands.
pub(super) struct Duties<'r, 'a> {
    run: &'r Run<'a>,
    decides: bool,
    rules: Vec<&'a Rule>,
    voters: OnceCell<BTreeMap<String, BTreeSet<PersonId>>>,
}

impl<'r, 'a> Duties<'r, 'a> {
    /// Of this stage as the run is now. An acknowledgement decides nothing, so only a rule that
    /// names it applies to it.
    pub(super) fn of(run: &'r Run<'a>, stage: &Stage) -> Self {
        let decides = stage.kind != StageKind::Acknowledge;
        let applies = |rule: &&Rule| {
            if rule.stages.is_empty() {
                decides
            } else {
                rule.stages.contains(&stage.id)
            }
        };
        Self {
            run,
            decides,
            rules: run.definition.rules().iter().filter(applies).collect(),
            voters: OnceCell::new(),
        }
    }

    /// The rule by which `person` may not decide, if there is one: `initiator`, `author` or the id
    /// of a rule of the workflow.
    pub(super) fn forbid(&self, person: PersonId) -> Result<Option<String>, Refusal> {
        let subject = self.run.subject()?;
        if self.decides && person == subject.initiator {
            return Ok(Some("initiator".to_owned()));
        }
        if self.decides && person == subject.version.author {
            return Ok(Some("author".to_owned()));
        }
        for rule in &self.rules {
            let mut given = self.run.given()?;
            given.actor = Some(person);
            given.voters = Some(self.voters.get_or_init(|| self.run.voters()));
            let holds = rule.rule.holds(&given).map_err(|why| Refusal::Condition {
                subject: rule.id.clone(),
                why,
            })?;
            if !holds {
                return Ok(Some(rule.id.clone()));
            }
        }
        Ok(None)
    }
}

/// The rule by which `person` may not decide in `stage`, if there is one.
pub(super) fn conflict(
    run: &Run<'_>,
    stage: &Stage,
    person: PersonId,
) -> Result<Option<String>, Refusal> {
    Duties::of(run, stage).forbid(person)
}
