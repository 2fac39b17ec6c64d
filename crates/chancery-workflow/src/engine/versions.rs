//! New versions, which votes stand for them, and the next round.

use std::collections::BTreeSet;

use chancery_types::field::Card;

use super::Run;
use super::card::check_card;
use super::decide::check;
use super::duties::conflict;
use super::opening::decided_by;
use crate::definition::{Carry, Resume, Stage, StageKind};
use crate::event::{Actor, CloseReason, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, CarriedVote, Phase, StagePhase, TaskNumber, TaskState, Version};

/// By which rule votes stand for a version that changes nothing material.
const MATERIAL: &str = "material";

impl Run<'_> {
    /// Takes a new version. In rework it waits for the resubmission; in a running run it starts
    /// the walk anew, and only the votes that are carried over stand.
    pub(super) fn add_version(
        &mut self,
        actor: Actor,
        version: &Version,
        card: &Card,
        changed: &BTreeSet<String>,
    ) -> Result<(), Refusal> {
        if self.active_person(actor)? != version.author {
            return Err(Refusal::AuthorMismatch);
        }
        if self.asks_for_round() {
            return Err(Refusal::ExtraRoundAsked);
        }
        // The content may be the present or an earlier one again: it is a new version all the same.
        let present = self.subject()?.version.number;
        if version.number <= present {
            return Err(Refusal::VersionNumber { present });
        }
        check_card(self.definition, card)?;
        self.number_old_tasks(present);
        let standing = self.standing();
        let is_rework = self.state.phase == Phase::Rework;
        let mut changed = changed.clone();
        changed.extend(self.changed_fields(card)?);
        let is_same = self.is_immaterial(version, &changed)?;
        if let Some(subject) = &mut self.state.subject {
            subject.version = version.clone();
            subject.card = card.clone();
            subject.changed = changed;
            subject.revised = is_rework && (subject.revised || !is_same);
        }
        self.check_taken()?;
        for number in standing {
            match is_same {
                true => self.keep(number, version.number)?,
                false => self.carry(number, version.number)?,
            }
        }
        if is_rework {
            return Ok(());
        }
        self.close_tasks(CloseReason::NewVersion, |_| true);
        self.walk_anew()
    }

    /// Whether a version has nothing else than the present one but attachments, where the file says
    /// that these make none: what is decided on is the same.
    fn is_immaterial(
        &self,
        version: &Version,
        changed: &BTreeSet<String>,
    ) -> Result<bool, Refusal> {
        let definition = self.definition;
        let is_left_out = |name: &String| match name.strip_prefix("doc.") {
            Some(field) => !definition.material().contains(field),
            None => name == "file.attachments",
        };
        let attached = changed.iter().any(|name| name == "file.attachments");
        Ok(!definition.has_material_attachments()
            && attached
            && version.digest == self.subject()?.version.digest
            && changed.iter().all(is_left_out))
    }

    /// Lets a vote stand for a version on which the same is decided. A signature is of one version.
    fn keep(&mut self, number: TaskNumber, version_number: u32) -> Result<(), Refusal> {
        let stage = self.stage(&self.task(number)?.stage)?;
        if stage.kind == StageKind::Sign || self.is_excluded_now(number, stage) {
            return Ok(());
        }
        let rule = MATERIAL.to_owned();
        let carried = CarriedVote {
            version_number,
            rule: rule.clone(),
        };
        self.state.carried.insert(number, carried);
        self.effects.push(Effect::CarryVote { task: number, rule });
        Ok(())
    }

    /// The fields of the card that another card has otherwise. The caller knows of the files only.
    fn changed_fields(&self, card: &Card) -> Result<Vec<String>, Refusal> {
        let before = &self.subject()?.card;
        let names = before.keys().chain(card.keys());
        let changed = names.filter(|name| before.get(*name) != card.get(*name));
        Ok(changed.map(|name| format!("doc.{name}")).collect())
    }

    /// The favourable votes that stand for the present version.
    fn standing(&self) -> Vec<TaskNumber> {
        let tasks = self.state.tasks.iter();
        let standing = tasks.filter(|(number, task)| {
            let agrees = matches!(
                &task.state,
                TaskState::Decided { decision, set_aside: false, .. } if decision.is_favourable()
            );
            agrees && self.state.is_on_present_version(**number)
        });
        standing.map(|(number, _)| *number).collect()
    }

    /// Lets a vote stand for the version with this number, if its stage says so and its voter may
    /// still decide.
    fn carry(&mut self, number: TaskNumber, version_number: u32) -> Result<(), Refusal> {
        let stage = self.stage(&self.task(number)?.stage)?;
        let Some(rule) = self.carries(stage)? else {
            return Ok(());
        };
        if self.is_excluded_now(number, stage) {
            return Ok(());
        }
        let carried = CarriedVote {
            version_number,
            rule: rule.clone(),
        };
        self.state.carried.insert(number, carried);
        self.effects.push(Effect::CarryVote { task: number, rule });
        Ok(())
    }

    /// Whether the voter, or whoever they voted for, may not decide on the present version: they
    /// made it, say. What cannot be evaluated excludes.
    fn is_excluded_now(&self, number: TaskNumber, stage: &Stage) -> bool {
        let Some(task) = self.state.tasks.get(&number) else {
            return true;
        };
        let by = match &task.state {
            TaskState::Decided { by, .. } => *by,
            TaskState::Open | TaskState::Closed { .. } => task.assignee,
        };
        let elector = match task.elector {
            Assignee::Person(person) => Some(person),
            Assignee::Contact(_) => None,
        };
        decided_by(by, task)
            .chain(elector)
            .any(|person| !matches!(conflict(self, stage, person), Ok(None)))
    }

    /// By which rule the votes of a stage stand for the present version. An error carries nothing.
    fn carries(&self, stage: &Stage) -> Result<Option<String>, Refusal> {
        if stage.kind == StageKind::Sign {
            return Ok(None);
        }
        if self.definition.rework().resume == Resume::RefusersOnly {
            return Ok(Some("refusers_only".to_owned()));
        }
        Ok(match &stage.carry {
            Carry::Never => None,
            Carry::Always => Some("always".to_owned()),
            Carry::When(carry) => {
                let mut given = self.given()?;
                given.changed = Some(&self.subject()?.changed);
                let holds = carry.holds(&given).unwrap_or(false);
                holds.then(|| carry.source().to_owned())
            }
        })
    }

    /// Gives the tasks of a state from before numbers were kept the number of the version that is
    /// about to be replaced, so that none of them ever counts for a later one.
    fn number_old_tasks(&mut self, present: u32) {
        let old: Vec<TaskNumber> = self
            .state
            .tasks
            .iter()
            .filter(|(number, task)| {
                task.version_number == 0 && self.state.is_on_present_version(**number)
            })
            .map(|(number, _)| *number)
            .collect();
        for number in old {
            if let Some(task) = self.state.tasks.get_mut(&number) {
                task.version_number = present;
            }
        }
    }

    /// Starts the next round. Votes on the same version stay, as far as `rework.resume` lets them;
    /// refusals of it are answered and no longer count.
    pub(super) fn resubmit(&mut self, actor: Actor, comment: Option<&str>) -> Result<(), Refusal> {
        self.reworker(actor)?;
        if let Some(comment) = comment {
            check(comment)?;
        }
        if !self.subject()?.revised && comment.is_none() {
            return Err(Refusal::NothingChanged);
        }
        if let Some(subject) = &mut self.state.subject {
            subject.revised = false;
        }
        self.state.reworkers.clear();
        let again = self.asked_again();
        for task in self.state.tasks.values_mut() {
            if let TaskState::Decided {
                decision,
                set_aside,
                ..
            } = &mut task.state
            {
                *set_aside |= !decision.is_favourable() || again.contains(&task.stage);
            }
        }
        self.state.round = self.state.round.saturating_add(1);
        self.effects.push(Effect::OpenRound {
            round: self.state.round,
        });
        self.walk_anew()
    }

    /// The stages in which no vote stands after a resubmission.
    fn asked_again(&self) -> BTreeSet<String> {
        let nodes = self.definition.nodes().iter();
        let from: Vec<_> = match &self.definition.rework().resume {
            Resume::FirstUnsatisfied | Resume::RefusersOnly => Vec::new(),
            Resume::Restart => nodes.collect(),
            Resume::Step(id) => nodes.skip_while(|node| node.id() != id).collect(),
        };
        let stages = from.into_iter().flat_map(|node| node.stages());
        stages.map(|stage| stage.path.clone()).collect()
    }

    /// From the first step, whatever was reached; votes that stand are not asked for again.
    fn walk_anew(&mut self) -> Result<(), Refusal> {
        for stage in self.state.stages.values_mut() {
            stage.phase = StagePhase::Pending;
        }
        self.forget_answers();
        self.state.absorbed.clear();
        self.state.phase = Phase::Running;
        self.rehearse()?;
        self.advance()
    }
}
