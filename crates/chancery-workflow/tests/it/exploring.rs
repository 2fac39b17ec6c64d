//! Playing before anybody depends on it: explanations, scripts, every decision up to a bound.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_workflow::trial::{Reach, survey};
use chancery_workflow::{
    Bound, Decision, Definition, Event, Explored, Forecast, Outcome, Taken, explain, explore,
    simulate,
};

use crate::support::*;
use crate::templates::{all_chains, all_kinds};

fn explored(definition: &Definition, card: &Card, rounds_max: u32) -> Explored {
    let bound = Bound {
        card: card.clone(),
        initiator: person("olga"),
        rounds_max,
        states_max: 20_000,
    };
    explore(definition, &directory(), &bound).expect("it starts")
}

fn decisions(way: &[Taken]) -> Vec<(&str, Option<Decision>)> {
    way.iter()
        .map(|taken| (taken.stage.as_str(), taken.decision))
        .collect()
}

/// Goal: the house's own chain ends in every way, waits nowhere for ever, is never completed
/// without an approval, and says which stages a small contract does not reach.
#[test]
fn every_way_through_the_house_s_contract_ends() {
    let found = explored(&chain("contract"), &contract("90000.00"), 2);
    let ends: Vec<Outcome> = found.ends.keys().copied().collect();
    let all = [Outcome::Completed, Outcome::Rejected, Outcome::Withdrawn];
    assert_eq!(ends, all);
    assert_eq!(found.refusals, BTreeSet::from(["too-late-to-withdraw"]));
    let never: Vec<&str> = found.never_reached.iter().map(String::as_str).collect();
    assert_eq!(never, ["cfo", "expertise/finance"]);
    assert_eq!(
        (found.stuck, found.without_approval, found.is_cut),
        (None, None, false)
    );
    assert_eq!(
        decisions(&found.ends[&Outcome::Completed]),
        [
            ("manager", Some(Decision::Approve)),
            ("expertise/legal", Some(Decision::Approve)),
            ("sign_internal", Some(Decision::Sign)),
            ("sign_counterparty", Some(Decision::Sign)),
        ]
    );
    assert_eq!(
        decisions(&found.ends[&Outcome::Rejected]),
        [("manager", Some(Decision::Reject))]
    );
}

/// Goal: a way to completion that no approval stands on is found and shown.
#[test]
fn a_way_without_an_approval_is_found() {
    // Accepted once, before the linter: two conditions that leave a gap, then a reader.
    let source = with_stages(
        "stages:
  - { id: large, type: approve, title: { ru: а, en: a }, when: \"doc.payment_days > 100\", assignees: [{ user: irina }] }
  - { id: read, type: acknowledge, title: { ru: б, en: b }, assignees: [{ user: nina }] }
",
    );
    let refused = Definition::parse(&source, &kinds(), &vocabulary()).expect_err("a refusal");
    assert!(
        refused[0]
            .text(chancery_types::Locale::En)
            .contains("doc.payment_days <= 100")
    );
    let definition = Definition::parse_pinned(&source, &kinds(), &vocabulary()).expect("accepted");
    let found = explored(&definition, &contract("1"), 1);
    let way = found.without_approval.expect("the way");
    assert_eq!(decisions(&way), [("read", Some(Decision::Acknowledge))]);
}

/// Goal: a bound on states and on rounds is kept, and said.
#[test]
fn an_exploration_stops_at_its_bound() {
    let bound = |states_max, rounds_max| Bound {
        card: contract("200000.00"),
        initiator: person("olga"),
        rounds_max,
        states_max,
    };
    let definition = chain("contract");
    let few = explore(&definition, &directory(), &bound(10, 3)).expect("it starts");
    assert_eq!((few.states, few.is_cut), (10, true));
    let one = explore(&definition, &directory(), &bound(20_000, 1)).expect("it starts");
    let two = explore(&definition, &directory(), &bound(20_000, 2)).expect("it starts");
    assert!(one.states < two.states, "{} and {}", one.states, two.states);
    assert_eq!(one.stuck, None, "what was returned is left there");
}

#[test]
fn a_script_is_played_with_its_refusals() {
    let definition = chain("contract");
    let mut play = Play::new(definition.clone(), contract("90000.00"));
    let mut events: Vec<Event> = Vec::new();
    for line in [
        "olga starts",
        "irina approves manager",
        "pavel approves manager",
    ] {
        events.push(play.event(line));
        play.line(line);
    }
    let played = simulate(&definition, &play.directory, &events);
    let answers: Vec<bool> = played.events.iter().map(|one| one.answer.is_ok()).collect();
    assert_eq!(answers, [true, false, true]);
    assert_eq!(played.state.open_tasks().count(), 2);
}

#[test]
fn an_explanation_names_the_conditions_and_what_they_read() {
    let stages = explain(
        &chain("contract"),
        &contract("90000.00"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    )
    .expect("an explanation");
    let finance = stages
        .iter()
        .find(|stage| stage.path == "expertise/finance")
        .expect("it");
    assert!(matches!(finance.forecast, Forecast::Skips(_)));
    assert!(
        finance.conditions[0].contains("doc.payment_days > 30"),
        "{:?}",
        finance.conditions
    );
    let reads: Vec<(&str, Option<&str>)> = finance
        .reads
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_deref()))
        .collect();
    assert_eq!(
        reads,
        [
            ("amount", Some("RUB 90000.00")),
            ("payment_days", Some("10"))
        ]
    );
    assert!(stages[0].conditions.is_empty());
}

/// How many states a template has at most, of all its documents: a bound of work, not of time.
const STATES_MAX: usize = 25_000;

/// Goal: every decision on every template is looked at to the end: none gets stuck, none is
/// completed without an approval, each can be completed. Method: two rounds; one of the template
/// with the most branches, of which the bench plays two.
#[test]
fn every_template_is_explored_to_the_end() {
    let (kinds, chains) = (all_kinds(), all_chains());
    assert_eq!(chains.len(), 21);
    for (id, chain) in &chains {
        let reach = Reach {
            rounds_max: if id == "credit_dossier" { 1 } else { 2 },
            states_max: 20_000,
            documents_max: 400,
        };
        let found = survey(chain, &kinds[chain.kind()], reach, &mut || true);
        assert!(found.cuts.is_empty(), "{id}: {:?}", found.cuts);
        assert!(found.states <= STATES_MAX, "{id}: {} states", found.states);
        assert_eq!(found.without_approval, None, "{id}");
        assert_eq!(found.stuck, None, "{id}");
        assert_eq!(found.not_started, [], "{id}");
        assert!(found.ends.contains_key(&Outcome::Completed), "{id}");
    }
}
