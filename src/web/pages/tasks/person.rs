//! One person of a stage, in the words of a route line.

use super::view::{PersonLine, When, decided_key};
use crate::app::route::RoutePerson;
use crate::web::Shell;

impl PersonLine {
    pub(super) fn new(shell: &Shell, person: &RoutePerson, may_remind: bool) -> Self {
        let beside = beside(shell, person);
        let decision = match person.decision {
            Some(decision) => shell.t(decided_key(decision)),
            None if person.is_open || person.task_id.is_none() => String::new(),
            None if person.is_taken_by_another => shell.t("decided-claimed"),
            None => shell.t("decided-nothing"),
        };
        let remind = person.task_id.filter(|_| may_remind && person.is_open);
        Self {
            name: person.name.clone(),
            beside,
            decision,
            at: person
                .at
                .filter(|_| person.decision.is_some())
                .map(|at| When::new(shell, at)),
            comment: person.comment.clone().unwrap_or_default(),
            remind: remind.map(|id| id.to_string()).unwrap_or_default(),
            reminded: person.reminded_at.map_or_else(String::new, |at| {
                shell.t1(
                    "person-reminded",
                    "when",
                    shell.formats.relative(at, shell.now),
                )
            }),
        }
    }
}

/// What stands beside a person's name: what they are, or in whose place or name they decide; who
/// may decide as well; that they took the task.
fn beside(shell: &Shell, person: &RoutePerson) -> String {
    let who = match (&person.in_place_of, person.on_behalf_of.as_slice()) {
        (_, names @ [_, ..]) => shell.t1("person-on-behalf-of", "names", names.join(", ")),
        (Some(other), []) => shell.t1("person-in-place-of", "name", other.as_str()),
        (None, []) => person.beside.clone().unwrap_or_default(),
    };
    let away = match (person.stand_ins.as_slice(), person.away_until) {
        ([], None) => String::new(),
        ([], Some(until)) => shell.t1("person-away-alone", "when", shell.formats.moment(until)),
        (names, _) => shell.t1("person-away", "names", names.join(", ")),
    };
    let taken = match person.is_taken {
        true => shell.t("person-took"),
        false => String::new(),
    };
    let mandate = match &person.mandate {
        None => String::new(),
        Some((basis, None)) => shell.t1("person-mandate", "basis", basis.as_str()),
        Some((basis, Some(limit))) => {
            let limit = shell.formats.money(limit);
            shell.t2(
                "person-mandate-limit",
                "basis",
                basis.as_str(),
                "limit",
                limit,
            )
        }
    };
    let parts = [who, mandate, away, taken]
        .into_iter()
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}
