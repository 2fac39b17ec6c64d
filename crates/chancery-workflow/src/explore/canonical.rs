//! What makes two states the same for the way on.
//!
//! Two states with one key have the same ways before them, but for who takes them. Left out is what
//! nothing reads again: when and in which order things happened, tasks that were closed without a
//! decision, how often a stage was opened, and decisions that count no more, unless a rule asks who
//! has voted there; and in a block whose refusal is certain, what its closed stages have come to.
//!
//! People whom nothing tells apart change places: of a committee it matters how many have agreed,
//! not who. They are in the same departments and groups, with the same roles under the same
//! manager; nobody reports to them, and neither the file nor the card names them. Where the order
//! of people matters (one after another, one of several, a replacement that is chosen), nobody
//! changes places.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldValue;
use chancery_types::field::Card;
use chancery_types::id::PersonId;

use super::{Bound, branch};
use crate::definition::{Definition, Mode, Node, Resolver, Stage};
use crate::directory::{Directory, Person};
use crate::event::Decision;
use crate::state::{Assignee, StagePhase, State, Task, TaskNumber, TaskState};

/// What a state is for the way on. Equal for equal ways.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The phase, the rounds, each stage, and what is asked elsewhere.
    course: Vec<u8>,
    /// What each of those who take part has said and is asked, sorted; people who may change places
    /// under one name.
    people: Vec<(Assignee, Vec<Said>)>,
}

/// One thing that somebody has said or is asked: the stage by its place in the file, and what.
type Said = (usize, Mark, Option<Assignee>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// Has a seat in an open stage.
    Sits,
    /// Is asked.
    Asked,
    /// Has decided, and it counts.
    Decided(Decision),
    /// Has decided, and it counts no more.
    Aside,
    /// Was left out because they sign later, and still is.
    Absorbed,
    /// Was left out because they sign later, and is asked all the same.
    Restored,
}

/// What a definition and an organisation say of keys.
pub(super) struct Canon<'a> {
    definition: &'a Definition,
    places: BTreeMap<&'a str, usize>,
    /// The stages of which a rule may ask who has voted there.
    remembered: BTreeSet<&'a str>,
    /// Under whose name people stand who may change places with others.
    names: BTreeMap<PersonId, PersonId>,
}

impl<'a> Canon<'a> {
    pub(super) fn new(definition: &'a Definition, directory: &Directory, bound: &Bound) -> Self {
        let stages = definition.every_stage().enumerate();
        let rules = definition.rules();
        let is_remembered = |stage: &&Stage| {
            let mut rules = rules.iter();
            rules.any(|rule| rule.rule.source().contains(&stage.id))
        };
        let remembered = definition.every_stage().filter(is_remembered);
        Self {
            definition,
            places: stages
                .map(|(at, stage)| (stage.path.as_str(), at))
                .collect(),
            remembered: remembered.map(|stage| stage.path.as_str()).collect(),
            names: interchangeable(definition, directory, bound),
        }
    }

    /// The open tasks, but of people who may change places as things stand only the first one's.
    pub(super) fn distinct_tasks<'s>(&self, state: &'s State) -> Vec<(TaskNumber, &'s Task)> {
        let said = self.said(state, None);
        let mut seen = BTreeSet::new();
        let mut tasks = Vec::new();
        for (number, task) in state.open_tasks() {
            let own = said.get(&task.elector);
            let is_own = task.assignee == task.elector;
            if !is_own || seen.insert((task.stage.as_str(), self.name(task.elector), own)) {
                tasks.push((number, task));
            }
        }
        tasks
    }

    pub(super) fn key(&self, state: &State) -> Key {
        let lost = branch::lost(self.definition, state);
        let mut people: Vec<(Assignee, Vec<Said>)> = self
            .said(state, lost)
            .into_iter()
            .map(|(who, said)| (self.name(who), said.into_iter().collect()))
            .collect();
        people.sort_unstable();
        Key {
            course: self.course(state, lost),
            people,
        }
    }

    /// What each of those who take part has said and is asked; in a block that is lost only in
    /// the stages that are open.
    fn said(&self, state: &State, lost: Option<&Node>) -> BTreeMap<Assignee, BTreeSet<Said>> {
        let is_open = |path: &str| {
            let entry = state.stages.get(path);
            entry.is_some_and(|entry| entry.phase == StagePhase::Active)
        };
        let is_lost = |path: &str| {
            let in_it = lost.is_some_and(|node| branch::holds(node, path));
            in_it && !is_open(path)
        };
        let mut said: BTreeMap<Assignee, BTreeSet<Said>> = BTreeMap::new();
        for task in state.tasks.values() {
            if is_lost(&task.stage) {
                continue;
            }
            if let Some((mark, other)) = self.mark(task) {
                let said = said.entry(task.elector).or_default();
                said.insert((self.place(&task.stage), mark, other));
            }
        }
        for (path, entry) in &state.stages {
            if entry.phase == StagePhase::Active {
                for slot in &entry.electorate {
                    let said = said.entry(*slot).or_default();
                    said.insert((self.place(path), Mark::Sits, None));
                }
            }
        }
        for one in &state.absorbed {
            let mark = if one.stands {
                Mark::Absorbed
            } else {
                Mark::Restored
            };
            let said = said.entry(Assignee::Person(one.person)).or_default();
            said.insert((self.place(&one.stage), mark, None));
        }
        said
    }

    /// What a task says, and who else stands in it where that is not its elector alone.
    fn mark(&self, task: &Task) -> Option<(Mark, Option<Assignee>)> {
        let other = |who: Assignee| (who != task.elector).then_some(who);
        match &task.state {
            TaskState::Open => Some((Mark::Asked, other(task.assignee))),
            TaskState::Closed { .. } => None,
            TaskState::Decided {
                set_aside: true,
                by,
                ..
            } => {
                let is_remembered = self.remembered.contains(task.stage.as_str());
                is_remembered.then(|| (Mark::Aside, other(*by)))
            }
            TaskState::Decided { decision, by, .. } => Some((Mark::Decided(*decision), other(*by))),
        }
    }

    fn place(&self, path: &str) -> usize {
        self.places.get(path).copied().unwrap_or(usize::MAX)
    }

    fn name(&self, who: Assignee) -> Assignee {
        match who {
            Assignee::Person(person) => {
                Assignee::Person(self.names.get(&person).copied().unwrap_or(person))
            }
            Assignee::Contact(_) => who,
        }
    }

    /// The phase, the rounds, each stage, and what is asked elsewhere.
    pub(super) fn course(&self, state: &State, lost: Option<&Node>) -> Vec<u8> {
        let phases = self.definition.every_stage().map(|stage| {
            let entry = state.stages.get(&stage.path);
            let phase = entry.map_or(&StagePhase::Pending, |entry| &entry.phase);
            match lost {
                // What it has come to decides nothing there.
                Some(node) if branch::holds(node, &stage.path) => match phase {
                    StagePhase::Active => phase,
                    _ => &StagePhase::Rejected,
                },
                _ => phase,
            }
        });
        let mut course = vec![state.phase as u8];
        course.extend(state.round.to_le_bytes());
        course.extend(state.extra_rounds.to_le_bytes());
        course.extend(phases.map(number));
        let is_asked = !(state.automatic.is_empty() && state.asked.is_empty());
        if is_asked || !(state.awaited.is_empty() && state.children.is_empty()) {
            course.extend(elsewhere(state).into_bytes());
        }
        course
    }
}

const fn number(phase: &StagePhase) -> u8 {
    match phase {
        StagePhase::Pending => 0,
        StagePhase::Active => 1,
        StagePhase::Satisfied => 2,
        StagePhase::Returned => 3,
        StagePhase::Rejected => 4,
        StagePhase::Cancelled => 5,
        StagePhase::Skipped(reason) => 6 + *reason as u8,
    }
}

/// What was asked elsewhere and the documents that are waited for.
fn elsewhere(state: &State) -> String {
    let ways = state.automatic.iter();
    let ways: Vec<String> = ways
        .map(|(path, entry)| format!("{path} {:?} {:?}", entry.phase, entry.taken))
        .collect();
    let heard = state.asked.iter();
    let heard: Vec<String> = heard
        .map(|(name, asked)| format!("{name} {:?}", asked.heard))
        .collect();
    let waits = state.awaited.iter();
    let waits: Vec<String> = waits
        .map(|(name, entry)| format!("{name} {:?}", entry.phase))
        .collect();
    let children = state.children.iter();
    let children: Vec<String> = children
        .map(|child| format!("{} {:?}", child.kind, child.fate))
        .collect();
    format!("{ways:?} {heard:?} {waits:?} {children:?}")
}

/// People who may change places, each with the name under which all of their sort stand.
fn interchangeable(
    definition: &Definition,
    directory: &Directory,
    bound: &Bound,
) -> BTreeMap<PersonId, PersonId> {
    let mut names = BTreeMap::new();
    if is_order_read(definition) || !directory.absences.is_empty() || !directory.mandates.is_empty()
    {
        return names;
    }
    let managers = directory.people.values().filter_map(|one| one.manager);
    let heads = directory.departments.values().filter_map(|one| one.head);
    let mut apart: BTreeSet<PersonId> = managers.chain(heads).collect();
    apart.insert(bound.initiator);
    apart.extend(named_by(&bound.card));
    let mut sorts: Vec<(&Person, Vec<&str>)> = Vec::new();
    for person in directory.people.values() {
        if apart.contains(&person.id) || is_named(definition, &person.login) {
            continue;
        }
        let groups = directory.groups.iter();
        let groups = groups.filter(|(_, members)| members.contains(&person.id));
        let groups: Vec<&str> = groups.map(|(group, _)| group.as_str()).collect();
        let is_alike = |other: &Person| {
            person.active == other.active
                && person.departments == other.departments
                && person.roles == other.roles
                && person.manager == other.manager
        };
        let mut known = sorts.iter();
        match known.find(|(other, theirs)| *theirs == groups && is_alike(other)) {
            Some((other, _)) => {
                names.insert(person.id, other.id);
            }
            None => sorts.push((person, groups)),
        }
    }
    names
}

/// Whether a run depends on the order of people.
fn is_order_read(definition: &Definition) -> bool {
    let chosen = |stage: &Stage| {
        let mut all = stage.assignees.iter().chain(&stage.if_empty);
        stage.mode == Mode::Sequential || all.any(is_choice)
    };
    let mut rules = definition.rules().iter();
    definition.every_stage().any(chosen) || rules.any(|rule| rule.replacement.is_some())
}

fn is_choice(resolver: &Resolver) -> bool {
    match resolver {
        Resolver::One { .. } => true,
        Resolver::Except { of, who } => is_choice(of) || who.iter().any(is_choice),
        Resolver::Login(_)
        | Resolver::Role { .. }
        | Resolver::RoleFor { .. }
        | Resolver::Signatory { .. }
        | Resolver::Group(_)
        | Resolver::Department(_)
        | Resolver::HeadOf(_)
        | Resolver::ManagerOfInitiator { .. }
        | Resolver::Field(_)
        | Resolver::Contact(_) => false,
    }
}

/// Whether the file names this person where it says who is asked.
fn is_named(definition: &Definition, login: &str) -> bool {
    definition.every_stage().any(|stage| {
        let asked = stage.assignees.iter().chain(&stage.if_empty);
        let weighed = stage.weights.iter().map(|(who, _)| who);
        let mut all = asked.chain(&stage.veto).chain(weighed);
        all.any(|resolver| means(resolver, login))
    })
}

fn means(resolver: &Resolver, login: &str) -> bool {
    match resolver {
        Resolver::Login(named) => named == login,
        Resolver::One { of, .. } => means(of, login),
        Resolver::Except { of, who } => means(of, login) || who.iter().any(|one| means(one, login)),
        Resolver::Role { .. }
        | Resolver::RoleFor { .. }
        | Resolver::Signatory { .. }
        | Resolver::Group(_)
        | Resolver::Department(_)
        | Resolver::HeadOf(_)
        | Resolver::ManagerOfInitiator { .. }
        | Resolver::Field(_)
        | Resolver::Contact(_) => false,
    }
}

/// Whom the fields of a card may mean.
fn named_by(card: &Card) -> impl Iterator<Item = PersonId> {
    card.values().filter_map(|value| match value {
        FieldValue::Reference(id) => Some(PersonId(*id)),
        _ => None,
    })
}
