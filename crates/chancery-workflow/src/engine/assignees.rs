//! Who is asked when a stage opens: resolvers, separation of duties, quorum.

use std::collections::BTreeSet;

use chancery_types::FieldValue;
use chancery_types::id::{ContactId, DepartmentId, PersonId};

use super::Run;
use crate::definition::{DepartmentRef, Resolver, Stage, StageKind};
use crate::refusal::Refusal;
use crate::state::{Assignee, Subject};

/// The most assignees of one stage.
const ASSIGNEES_MAX: usize = 200;

/// The assignees of a stage on the present version, in the order of the file; nobody twice.
///
/// A resolver that finds nobody is replaced by `if_empty`. Whoever may not decide (the initiator,
/// the author, a rule) is replaced by the nearest manager above them who may and has no slot yet.
/// Where there is no such manager, a member of a role, a group or a department is left out if
/// others of the same resolver remain: they hold the same authority.
pub(crate) fn resolve(run: &Run<'_>, stage: &Stage) -> Result<Vec<Assignee>, Refusal> {
    let mut chosen: Vec<Assignee> = Vec::new();
    let nobody = || Refusal::StageHasNoAssignee {
        stage: stage.path.clone(),
    };
    for resolver in &stage.assignees {
        if find(run, stage, resolver, &mut chosen)? {
            continue;
        }
        let mut found = false;
        for resolver in &stage.if_empty {
            found |= find(run, stage, resolver, &mut chosen)?;
        }
        if !found {
            return Err(nobody());
        }
    }
    if chosen.len() > ASSIGNEES_MAX {
        let stage = stage.path.clone();
        return Err(Refusal::TooManyAssignees {
            stage,
            max: ASSIGNEES_MAX,
        });
    }
    let available = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let needed = stage.quorum.needed(available);
    if chosen.is_empty() {
        return Err(nobody());
    }
    if needed > available {
        let stage = stage.path.clone();
        return Err(Refusal::QuorumUnreachable {
            stage,
            needed,
            available,
        });
    }
    Ok(chosen)
}

/// Adds what a resolver finds; whether it found anybody, those with a slot already included.
fn find(
    run: &Run<'_>,
    stage: &Stage,
    resolver: &Resolver,
    chosen: &mut Vec<Assignee>,
) -> Result<bool, Refusal> {
    let subject = run.subject()?;
    if let Resolver::Contact(name) = resolver {
        let Some(FieldValue::Reference(id)) = subject.card.get(name) else {
            return Ok(false);
        };
        let contact = Assignee::Contact(ContactId(*id));
        if !chosen.contains(&contact) {
            chosen.push(contact);
        }
        return Ok(true);
    }
    let mut found = false;
    let mut conflicted = Vec::new();
    for person in people(run, subject, resolver) {
        let may = run.directory.active(person).is_some() && conflict(run, stage, person)?.is_none();
        if !may {
            conflicted.push(person);
            continue;
        }
        found = true;
        let slot = Assignee::Person(person);
        if !chosen.contains(&slot) {
            chosen.push(slot);
        }
    }
    for person in conflicted {
        for manager in run.directory.managers_above(person) {
            let slot = Assignee::Person(manager);
            if chosen.contains(&slot) || conflict(run, stage, manager)?.is_some() {
                continue;
            }
            chosen.push(slot);
            found = true;
            break;
        }
    }
    Ok(found)
}

/// The people a resolver names, before separation of duties. A single person may be inactive:
/// they are replaced by their manager like a conflicted one, never left out silently.
fn people(run: &Run<'_>, subject: &Subject, resolver: &Resolver) -> BTreeSet<PersonId> {
    let directory = run.directory;
    let departments = |name: &DepartmentRef| departments(run, subject, name);
    match resolver {
        Resolver::Login(login) => directory
            .person_by_login(login)
            .map(|person| person.id)
            .into_iter()
            .collect(),
        Resolver::Role {
            role,
            department: None,
        } => directory.holders(role, None),
        Resolver::Role {
            role,
            department: Some(name),
        } => departments(name)
            .into_iter()
            .flat_map(|department| directory.holders(role, Some(department)))
            .collect(),
        Resolver::Group(group) => directory
            .groups
            .get(group)
            .into_iter()
            .flatten()
            .copied()
            .filter(|person| directory.active(*person).is_some())
            .collect(),
        Resolver::Department(name) => departments(name)
            .into_iter()
            .flat_map(|department| directory.members(department))
            .collect(),
        Resolver::HeadOf(name) => departments(name)
            .into_iter()
            .find_map(|department| directory.head_of(department))
            .into_iter()
            .collect(),
        Resolver::ManagerOfInitiator => directory
            .managers_above(subject.initiator)
            .into_iter()
            .take(1)
            .collect(),
        Resolver::Field(name) => match subject.card.get(name) {
            Some(FieldValue::Reference(id)) => {
                let person = PersonId(*id);
                directory
                    .people
                    .contains_key(&person)
                    .then_some(person)
                    .into_iter()
                    .collect()
            }
            _ => BTreeSet::new(),
        },
        Resolver::Contact(_) => BTreeSet::new(),
    }
}

fn departments(run: &Run<'_>, subject: &Subject, name: &DepartmentRef) -> Vec<DepartmentId> {
    let directory = run.directory;
    match name {
        DepartmentRef::Key(key) => directory
            .department_by_key(key)
            .map(|found| found.id)
            .into_iter()
            .collect(),
        DepartmentRef::Field(field) => match subject.card.get(field) {
            Some(FieldValue::Reference(id)) => {
                let id = DepartmentId(*id);
                directory
                    .departments
                    .contains_key(&id)
                    .then_some(id)
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        },
        DepartmentRef::Initiator => directory
            .people
            .get(&subject.initiator)
            .map(|person| person.departments.iter().copied().collect())
            .unwrap_or_default(),
    }
}

/// The rule by which `person` may not decide in `stage`, if there is one: `initiator`, `author`
/// or the id of a rule of the workflow. An acknowledgement decides nothing, so only a rule that
/// names it applies to it.
pub(super) fn conflict(
    run: &Run<'_>,
    stage: &Stage,
    person: PersonId,
) -> Result<Option<String>, Refusal> {
    let subject = run.subject()?;
    let decides = stage.kind != StageKind::Acknowledge;
    if decides && person == subject.initiator {
        return Ok(Some("initiator".to_owned()));
    }
    if decides && person == subject.version.author {
        return Ok(Some("author".to_owned()));
    }
    let mut voters = None;
    for rule in run.definition.rules() {
        let applies = if rule.stages.is_empty() {
            decides
        } else {
            rule.stages.contains(&stage.id)
        };
        if !applies {
            continue;
        }
        let voters = match &voters {
            Some(voters) => voters,
            None => voters.insert(run.voters()?),
        };
        let mut given = run.given()?;
        given.actor = Some(person);
        given.voters = Some(voters);
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
