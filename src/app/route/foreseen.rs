//! A route before its start: whom each stage would ask, why it applies or not, and who is away.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;
use chancery_types::{FieldValue, Instant, Locale, Money};
use chancery_workflow::view::Forecast;
use chancery_workflow::{
    Assignee, Explanation, Kind, Matter, PreviewStage, Seat, StageKind, StagePhase, Subdocument,
    WaitPhase,
};

use super::drawing::asked;
use super::{Reason, RouteNode, RoutePerson, RouteStage, RouteWait};
use crate::app::names::Names;
use crate::app::runs::Foreseen;

/// What drawing a forecast needs.
pub(super) struct Sketch<'a> {
    pub(super) foreseen: &'a Foreseen,
    pub(super) names: &'a Names,
    pub(super) kind: Option<&'a Kind>,
    pub(super) locale: Locale,
    pub(super) now: Instant,
}

/// Who is named in a forecast: those who are asked, and those who stand in for them.
pub(super) fn mentioned(
    foreseen: &Foreseen,
    now: Instant,
) -> (BTreeSet<uuid::Uuid>, BTreeSet<uuid::Uuid>) {
    let (mut people, mut contacts) = (BTreeSet::new(), BTreeSet::new());
    for stage in &foreseen.stages {
        let Forecast::Asks { assignees, .. } = &stage.forecast else {
            continue;
        };
        for assignee in assignees {
            match assignee {
                Assignee::Person(id) => {
                    people.insert(id.uuid());
                    let others = stand_ins(foreseen, stage.kind, *id, now);
                    people.extend(others.iter().map(|id| id.uuid()));
                }
                Assignee::Contact(id) => {
                    contacts.insert(id.uuid());
                }
            }
        }
    }
    (people, contacts)
}

/// Who may decide in somebody's place, if they are away.
fn stand_ins(
    foreseen: &Foreseen,
    stage_kind: StageKind,
    person: PersonId,
    now: Instant,
) -> Vec<PersonId> {
    if !foreseen.directory.is_away(person, now) {
        return Vec::new();
    }
    let matter = Matter {
        kind: foreseen.definition.kind(),
        stage_kind,
        at: now,
    };
    let found = foreseen.directory.substitutes(person, &matter, |_| true);
    found.into_keys().collect()
}

impl Sketch<'_> {
    /// Neighbours within one block stand together.
    pub(super) fn nodes(&self) -> Vec<RouteNode> {
        let reasons = self.foreseen.reasons.iter();
        let reasons: BTreeMap<&str, &Explanation> = reasons
            .map(|reason| (reason.path.as_str(), reason))
            .collect();
        let mut nodes: Vec<(Option<String>, RouteNode)> = Vec::new();
        for stage in &self.foreseen.stages {
            let block = stage.path.split_once('/');
            let block = block.map(|(block, _)| block.to_owned());
            let title = stage.block_title.as_ref();
            let title = title.and_then(|title| title.get(self.locale));
            let drawn = self.stage(stage, reasons.get(stage.path.as_str()).copied());
            match nodes.last_mut() {
                Some((Some(last), open)) if block.as_ref() == Some(last) => {
                    open.stages.push(drawn);
                }
                _ => nodes.push((
                    block,
                    RouteNode {
                        title: title.map(str::to_owned),
                        stages: vec![drawn],
                        automatics: Vec::new(),
                        waits: stage.waits.iter().map(|one| self.wait(one)).collect(),
                    },
                )),
            }
        }
        nodes.into_iter().map(|(_, node)| node).collect()
    }

    fn wait(&self, wait: &Subdocument) -> RouteWait {
        let title = wait.kind_title.get(self.locale);
        RouteWait {
            title: title.unwrap_or(&wait.kind).to_owned(),
            join: wait.join,
            phase: WaitPhase::Pending,
            counts: (0, 0),
        }
    }

    fn stage(&self, stage: &PreviewStage, why: Option<&Explanation>) -> RouteStage {
        let (phase, assignees, needed) = match &stage.forecast {
            Forecast::Asks {
                assignees, needed, ..
            } => (StagePhase::Pending, assignees.as_slice(), *needed),
            Forecast::Skips(reason) => (StagePhase::Skipped(*reason), &[][..], 0),
            Forecast::Blocks(_) | Forecast::Depends { .. } => (StagePhase::Pending, &[][..], 0),
        };
        let title = stage.title.get(self.locale);
        let seats: &[Seat] = match &stage.forecast {
            Forecast::Asks { seats, .. } => seats,
            _ => &[],
        };
        let people = assignees.iter().enumerate();
        let people = people.map(|(place, one)| RoutePerson {
            mandate: seats.get(place).and_then(|seat| self.mandate(seat)),
            ..self.person(stage.kind, *one)
        });
        RouteStage {
            title: title.unwrap_or(&stage.path).to_owned(),
            path: stage.path.clone(),
            kind: stage.kind,
            phase,
            is_unreached: true,
            approvals: 0,
            needed,
            due_at: None,
            is_overdue: false,
            people: people.collect(),
            reasons: why.map(|why| self.reasons(why)).unwrap_or_default(),
            conditions: why.map(|why| why.conditions.clone()).unwrap_or_default(),
        }
    }

    /// The row by which somebody is asked, as it names itself, and up to which amount.
    fn mandate(&self, seat: &Seat) -> Option<(String, Option<Money>)> {
        let mut register = self.foreseen.directory.mandates.iter();
        let row = register.find(|row| Some(row.id) == seat.mandate)?;
        Some((row.basis.clone(), row.limit.clone()))
    }

    fn person(&self, stage_kind: StageKind, assignee: Assignee) -> RoutePerson {
        let mut drawn = asked(assignee, self.names);
        if let Assignee::Person(person) = assignee {
            let absences = self.foreseen.directory.absences.iter();
            let now = absences.filter(|away| away.person == person && away.holds_at(self.now));
            drawn.away_until = now.map(|away| away.until).max();
            let others = stand_ins(self.foreseen, stage_kind, person, self.now);
            let others = others.into_iter().map(Assignee::Person);
            drawn.stand_ins = others.map(|other| self.names.of(other)).collect();
        }
        drawn
    }

    /// What the conditions of a stage read in the card, by the labels of the form.
    fn reasons(&self, why: &Explanation) -> Vec<Reason> {
        if why.conditions.is_empty() {
            return Vec::new();
        }
        let fields = why.reads.keys();
        fields
            .map(|name| {
                let field = self.kind.and_then(|kind| kind.field(name));
                let label = field.and_then(|field| field.label.get(self.locale));
                let value = self.foreseen.card.get(name);
                let choices = field.map_or(&[][..], |field| &field.choices);
                let choice = choices
                    .iter()
                    .find(|one| matches!(value, Some(FieldValue::Text(code)) if *code == one.code));
                let choice = choice.and_then(|choice| choice.title.get(self.locale));
                Reason {
                    field: name.clone(),
                    label: label.unwrap_or(name).to_owned(),
                    value: value.cloned(),
                    choice: choice.map(str::to_owned),
                }
            })
            .collect()
    }
}
