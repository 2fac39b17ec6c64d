//! What a workflow lacks today: people for its roles and groups, years in its calendar.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::PersonId;

use super::lint_time::goes_late_to_one;
use super::timing::{OnTimeout, Successor};
use super::{Definition, DepartmentRef, Mode, Quorum, Resolver, Stage};
use crate::diagnostic::Diagnostic;
use crate::directory::Directory;

impl Definition {
    /// What holds of it today only: [`Self::absentees`], [`Self::short_of_heads`] and
    /// [`Self::calendar_shortfall`].
    #[must_use]
    pub fn warnings_today(&self, directory: &Directory, now: Instant) -> Vec<Diagnostic> {
        let mut findings = self.absentees(directory, now);
        findings.extend(self.short_of_heads(directory));
        findings.extend(self.calendar_shortfall(now));
        findings
    }

    /// Whom its stages name and who is not there today: one warning for each of them in each stage
    /// (W201), at the stage's place, those included to whom late tasks go. What depends on a
    /// document (a field, its initiator, the entity it is of) is not looked at. A condition that
    /// leaves a stage or a person out is no excuse: it may hold tomorrow.
    #[must_use]
    pub fn absentees(&self, directory: &Directory, now: Instant) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for stage in self.stages() {
            let mut missing = BTreeSet::new();
            let asked = stage.assignees.iter().chain(&stage.if_empty);
            for resolver in asked.chain(stage.successors()) {
                missing.extend(lacking(directory, resolver, now));
            }
            findings.extend(missing.iter().map(|one| told(stage, one)));
        }
        findings
    }

    /// The stages whose late tasks go to fewer people today than the stage needs votes (W315, a
    /// warning at the stage's place): each takes one, the others stay where they are. What the
    /// file alone says is told whenever it is read; what depends on a document is not looked at.
    #[must_use]
    pub fn short_of_heads(&self, directory: &Directory) -> Vec<Diagnostic> {
        let told = |stage: &Stage| {
            let takers = late_takers(directory, stage)?.len();
            let needed = votes_needed(directory, stage);
            let finding = Diagnostic::warning("W315", "late-to-few-today", stage.at);
            let finding = finding.arg("stage", &stage.id).arg("needed", needed);
            (takers > 0 && takers < needed).then(|| finding.arg("count", takers))
        };
        self.stages().filter_map(told).collect()
    }
}

/// Who may take late tasks of a stage over; `None` where nobody does, where a document says who,
/// or where [`goes_late_to_one`] has said it.
fn late_takers(directory: &Directory, stage: &Stage) -> Option<BTreeSet<PersonId>> {
    let Some(OnTimeout::Escalate(to)) = &stage.timing.on_timeout else {
        return None;
    };
    if stage.mode != Mode::Parallel || goes_late_to_one(stage) {
        return None;
    }
    let named = to.iter().map(|successor| match successor {
        Successor::Resolver(resolver) => named_today(directory, resolver),
        Successor::ManagerOfAssignee | Successor::Initiator => None,
    });
    let named: Option<Vec<_>> = named.collect();
    Some(named?.into_iter().flatten().collect())
}

/// How many votes a stage needs at least, of those whom it asks today.
fn votes_needed(directory: &Directory, stage: &Stage) -> usize {
    let asked = stage.assignees.iter();
    let asked: Option<Vec<_>> = asked.map(|one| named_today(directory, one)).collect();
    let asked: Option<BTreeSet<_>> = asked.map(|all| all.into_iter().flatten().collect());
    let asked = asked.map_or(1, |people| people.len());
    match stage.quorum {
        // Of weights and groups: two votes are not too many to expect of several people.
        Quorum::Weight(_) | Quorum::EachGroup(_) => asked.min(2),
        quorum => quorum.needed(u32::try_from(asked).unwrap_or(u32::MAX)) as usize,
    }
}

/// Whom a resolver names today; `None` where that depends on a document.
fn named_today(directory: &Directory, resolver: &Resolver) -> Option<BTreeSet<PersonId>> {
    let department = |key: &str| directory.department_by_key(key).map(|found| found.id);
    let active = |person: &PersonId| directory.active(*person).is_some();
    match resolver {
        Resolver::Login(login) => {
            let found = directory.person_by_login(login);
            Some(found.map(|one| one.id).filter(active).into_iter().collect())
        }
        Resolver::Role {
            role,
            department: None,
        } => Some(directory.holders(role, None)),
        Resolver::Role {
            role,
            department: Some(DepartmentRef::Key(key)),
        } => Some(match department(key) {
            Some(id) => directory.holders(role, Some(id)),
            None => BTreeSet::new(),
        }),
        Resolver::Group(group) => {
            let members = directory.groups.get(group).into_iter().flatten();
            Some(members.copied().filter(active).collect())
        }
        Resolver::Department(DepartmentRef::Key(key)) => {
            let id = department(key);
            Some(id.map(|id| directory.members(id)).unwrap_or_default())
        }
        Resolver::HeadOf(DepartmentRef::Key(key)) => {
            let head = department(key).and_then(|id| directory.head_of(id));
            Some(head.into_iter().collect())
        }
        _ => None,
    }
}

/// Whom a stage names in vain: the key of the message, and their name.
type Missing = (&'static str, String);

fn told(stage: &Stage, (key, name): &Missing) -> Diagnostic {
    let finding = Diagnostic::warning("W201", key, stage.at);
    finding.arg("stage", &stage.id).arg("name", name)
}

/// What is wrong with one resolver today.
fn lacking(directory: &Directory, resolver: &Resolver, now: Instant) -> Option<Missing> {
    match resolver {
        Resolver::Login(login) => {
            let found = directory.person_by_login(login);
            missing(found.is_some_and(|one| one.active), "nobody-login", login)
        }
        Resolver::Role { role, department } => lacking_role(directory, role, department.as_ref()),
        Resolver::RoleFor {
            role, department, ..
        } => lacking_role(directory, role, department.as_ref()).or_else(|| {
            let is_there = has_mandate(directory, Some(role), now);
            missing(is_there, "nobody-mandated", role)
        }),
        Resolver::Signatory { .. } => {
            missing(has_mandate(directory, None, now), "nobody-signs", "")
        }
        Resolver::Group(group) => {
            let mut members = directory.groups.get(group).into_iter().flatten();
            let is_there = members.any(|person| directory.active(*person).is_some());
            missing(is_there, "nobody-group", group)
        }
        Resolver::Department(DepartmentRef::Key(key)) => {
            let found = directory.department_by_key(key);
            let is_there = found.is_some_and(|one| !directory.members(one.id).is_empty());
            missing(is_there, "nobody-department", key)
        }
        Resolver::HeadOf(DepartmentRef::Key(key)) => {
            let found = directory.department_by_key(key);
            let is_there = found.is_some_and(|one| directory.head_of(one.id).is_some());
            missing(is_there, "nobody-head", key)
        }
        Resolver::One { of, .. } | Resolver::Except { of, .. } => lacking(directory, of, now),
        Resolver::Department(_)
        | Resolver::HeadOf(_)
        | Resolver::ManagerOfInitiator { .. }
        | Resolver::Field(_)
        | Resolver::Contact(_) => None,
    }
}

fn missing(is_there: bool, key: &'static str, name: &str) -> Option<Missing> {
    (!is_there).then(|| (key, name.to_owned()))
}

fn lacking_role(
    directory: &Directory,
    role: &str,
    department: Option<&DepartmentRef>,
) -> Option<Missing> {
    let Some(DepartmentRef::Key(key)) = department else {
        let found = directory.holders(role, None);
        return missing(!found.is_empty(), "nobody-role", role);
    };
    let Some(department) = directory.department_by_key(key) else {
        return missing(false, "nobody-department", key);
    };
    let found = directory.holders(role, Some(department.id));
    let name = format!("{role} ({key})");
    missing(!found.is_empty(), "nobody-role", &name)
}

/// Whether somebody stands in the register in this role; without one, to sign.
fn has_mandate(directory: &Directory, role: Option<&str>, now: Instant) -> bool {
    directory.mandates.iter().any(|row| {
        row.role.as_deref() == role && row.stands(now) && directory.active(row.person).is_some()
    })
}
