//! A running document goes on by another edition of its workflow: what is kept, what is asked anew,
//! and every reason for which it stays where it is.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chancery_types::Instant;
use chancery_workflow::migration::{Plan, plan};
use chancery_workflow::{
    CloseReason, Definition, Effect, Event, EventKind, Phase, Refusal, StagePhase, State, Step,
    TaskNumber, TaskState, apply,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::properties::{any_moves, counting};
use crate::shared::held::{Rows, check_effects, check_state};
use crate::shared::moves::{Move, Pick, as_event};
use crate::support::*;

pub fn stage(id: &str, who: &str, rest: &str) -> String {
    format!(
        "  - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, assignees: [{who}], \
         decisions: [approve, return, reject]{rest} }}\n"
    )
}

pub fn signs(id: &str, rest: &str) -> String {
    let signatory = "assignees: [{ user: svetlana }]";
    format!("  - {{ id: {id}, type: sign, title: {{ ru: п, en: s }}, {signatory}{rest} }}\n")
}

pub fn login(login: &str) -> String {
    format!("{{ user: {login} }}")
}

pub fn with(stages: &[String]) -> Definition {
    define(&with_stages(&format!("stages:\n{}", stages.concat())))
}

/// Irina, then Anna, then Svetlana signs.
pub fn plain() -> Vec<String> {
    vec![
        stage("legal", &login("irina"), ""),
        stage("money", &login("anna"), ""),
        signs("last", ""),
    ]
}

pub fn started(definition: Definition) -> Play {
    let mut play = Play::new(definition, contract("100.00"));
    play.must("olga starts");
    play
}

pub fn event(who: &str, plan: Plan) -> Event {
    Event {
        at: Instant::from_seconds(100_000),
        actor: actor(who),
        kind: EventKind::Migrated {
            pinned_from: plan.from,
            pinned_to: plan.to,
            plan: Box::new(plan),
        },
    }
}

pub fn moved(
    (from, to): (&Definition, &Definition),
    state: &State,
    directory: &chancery_workflow::Directory,
) -> Result<Step, Refusal> {
    apply(to, state, &event("tom", plan(from, to, state)?), directory)
}

/// Lets a run go on by another definition, and says what became of it.
pub fn moves(play: &mut Play, to: &Definition) -> String {
    match moved((&play.definition, to), &play.state, &play.directory) {
        Ok(step) => {
            play.state = step.state;
            play.effects = step.effects;
            play.definition = to.clone();
            play.now()
        }
        Err(refusal) => refusal.code().to_owned(),
    }
}

fn refusal(script: &str, from: &[String], to: &[String]) -> String {
    let mut play = started(with(from));
    play.must(script);
    let before = play.state.clone();
    let answer = moves(&mut play, &with(to));
    assert_eq!(play.state, before, "a refused move changes nothing");
    answer
}

/// Goal: what is pending comes from the new route; what is done stays done, and is asked of nobody.
#[test]
fn what_is_ahead_is_of_the_new_route_and_what_is_done_stays() {
    let mut play = started(with(&plain()));
    play.must("irina approves legal");
    let to = with(&[
        stage("legal", &login("irina"), ""),
        stage("money", &login("anna"), ""),
        stage("chief", &login("boris"), ""),
        signs("last", ""),
    ]);
    assert_eq!(moves(&mut play, &to), "Running 1 [2 money anna]");
    assert_eq!(
        play.effects,
        [],
        "nobody is told twice of what stays theirs"
    );
    let moved = play.state.moved.last().expect("written down");
    assert_eq!((moved.by, moved.to), (person("tom"), to.digest()));
    check(
        &mut play,
        "
        anna approves money  | Running 1 [3 chief boris]
        boris approves chief | Running 1 [4 last svetlana]
        svetlana signs last  | Completed 1 []
        ",
    );
}

/// Goal: what the new route has no place for is kept aside with its votes, and its task numbers are
/// never given again.
#[test]
fn what_the_new_route_does_not_have_is_kept_aside() {
    let mut play = started(with(&plain()));
    play.must("irina approves legal");
    let to = with(&plain()[1..]);
    assert_eq!(moves(&mut play, &to), "Running 1 [2 money anna]");
    let moved = play.state.moved.last().expect("written down");
    let phase = moved.stages.get("legal").map(|entry| &entry.phase);
    assert_eq!(phase, Some(&StagePhase::Satisfied));
    let vote = &moved.tasks[&TaskNumber(1)];
    assert!(matches!(vote.state, TaskState::Decided { .. }));
    assert!(!play.state.tasks.contains_key(&TaskNumber(1)));
    play.must("anna returns money\nolga resubmits answering");
    assert_eq!(play.now(), "Running 2 [3 money anna]");
}

/// Goal: in an open stage whoever is asked by both keeps the task, whoever is not loses it, whoever
/// is new gets one; a vote of somebody who is asked no more stands aside.
#[test]
fn an_open_stage_asks_whom_the_new_route_asks() {
    let board = |who: &str| stage("board", who, ", quorum: all");
    let from = [
        board("{ user: irina }, { user: anna }, { user: nina }"),
        signs("last", ""),
    ];
    let to = [
        board("{ user: lev }, { user: anna }, { user: boris }"),
        signs("last", ""),
    ];
    let mut play = started(with(&from));
    play.must("irina approves board");
    assert_eq!(play.now(), "Running 1 [2 board anna, 3 board nina]");
    let answer = moves(&mut play, &with(&to));
    assert_eq!(
        answer,
        "Running 1 [2 board anna, 4 board lev, 5 board boris]"
    );
    let closed = play.effects.iter().filter_map(|effect| match effect {
        Effect::CloseTask { task, reason } => Some((task.0, *reason)),
        _ => None,
    });
    assert_eq!(closed.collect::<Vec<_>>(), [(3, CloseReason::RouteChanged)]);
    let vote = &play.state.tasks[&TaskNumber(1)].state;
    assert!(matches!(
        vote,
        TaskState::Decided {
            set_aside: true,
            ..
        }
    ));
    play.must("lev approves board\nboris approves board\nanna approves board");
    assert_eq!(play.now(), "Running 1 [6 last svetlana]");
}

/// Goal: in a pool whoever still is in it keeps the task, and a task that was taken stays taken.
#[test]
fn a_pool_is_filled_by_the_new_route_unless_its_task_was_taken() {
    let pool = |who: &str| {
        let stages = [
            stage("desk", &format!("{{ {who}, pick: pool }}"), ""),
            signs("last", ""),
        ];
        define_with_means(&with_stages(&format!("stages:\n{}", stages.concat())))
    };
    let (from, to) = (pool("group: contract_board"), pool("department: legal"));
    let mut play = started(from.clone());
    assert_eq!(
        play.now(),
        "Running 1 [1 desk irina, 2 desk anna, 3 desk nina]"
    );
    assert_eq!(
        moves(&mut play, &to),
        "Running 1 [1 desk irina, 4 desk lev]"
    );
    let mut play = started(from);
    play.must("irina claims desk");
    assert_eq!(moves(&mut play, &to), "Running 1 [1 desk irina]");
    play.must("irina approves desk");
    assert_eq!(play.now(), "Running 1 [4 last svetlana]");
}

/// Goal: a branch that the new route adds beside an open one opens with the move.
#[test]
fn a_branch_that_is_added_beside_an_open_one_opens() {
    let block = |branches: &[(&str, &str)]| {
        let one = |(id, login): &(&str, &str)| {
            let who = format!("assignees: [{{ user: {login} }}]");
            format!("        - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, {who} }}\n")
        };
        let branches: String = branches.iter().map(one).collect();
        with(&[
            format!(
                "  - id: block\n    title: {{ ru: б, en: b }}\n    parallel:\n      join: all\n      \
                 on_branch_reject: finish_others\n      branches:\n{branches}"
            ),
            signs("last", ""),
        ])
    };
    let mut play = started(block(&[("a", "irina"), ("b", "anna")]));
    play.must("irina approves a");
    let to = block(&[("a", "irina"), ("c", "boris"), ("b", "anna")]);
    assert_eq!(
        moves(&mut play, &to),
        "Running 1 [2 block/b anna, 3 block/c boris]"
    );
    play.must("anna approves b\nboris approves c\nsvetlana signs last");
    assert_eq!(play.state.phase, Phase::Completed);
}

/// Goal: a returned document takes the new route from its start, and keeps the votes that stand.
#[test]
fn a_returned_document_goes_round_by_the_new_route() {
    let mut play = started(with(&plain()));
    play.must("irina approves legal\nanna returns money");
    let to = with(&[
        stage("chief", &login("boris"), ""),
        stage("legal", &login("irina"), ""),
        stage("money", &login("lev"), ""),
        signs("last", ""),
    ]);
    assert_eq!(moves(&mut play, &to), "Rework 1 []");
    check(
        &mut play,
        "
        olga resubmits answering | Running 2 [3 chief boris]
        boris approves chief     | Running 2 [4 money lev]
        ",
    );
}

/// Goal: replay needs nothing but the events and both definitions, found by the digests in the
/// event.
#[test]
fn the_event_says_which_definition_comes_before_it_and_which_after() {
    let (from, to) = (with(&plain()), with(&plain()[1..]));
    let mut play = started(from.clone());
    play.must("irina approves legal");
    let plan = plan(&from, &to, &play.state).expect("a plan");
    assert_eq!((plan.from, plan.to), (from.digest(), to.digest()));
    let event = event("tom", plan);
    let text = serde_json::to_string(&event).expect("a text");
    let read: Event = serde_json::from_str(&text).expect("an event");
    assert_eq!(read, event);
    let under = |definition: &Definition| {
        let step = apply(definition, &play.state, &read, &play.directory);
        step.map(|step| step.state).map_err(|why| why.code())
    };
    assert_eq!(under(&from), Err("plan-mismatch"));
    let state = under(&to).expect("moved");
    let stored = serde_json::to_string(&state).expect("a text");
    assert_eq!(
        serde_json::from_str::<State>(&stored).expect("a state"),
        state
    );
}

#[test]
fn only_an_administrator_moves_a_document() {
    let (from, to) = (with(&plain()), with(&plain()[1..]));
    let play = started(from.clone());
    let plan = plan(
        &from,
        &with(&[plain()[0].clone(), signs("last", "")]),
        &play.state,
    );
    let plan = plan.expect("a plan");
    for who in ["olga", "irina", "carl"] {
        let answer = apply(&to, &play.state, &event(who, plan.clone()), &play.directory);
        assert!(answer.is_err(), "{who}");
    }
    let last = with(&[plain()[0].clone(), signs("last", "")]);
    let answer = apply(&last, &play.state, &event("olga", plan), &play.directory);
    assert_eq!(answer, Err(Refusal::NotAdministrator));
}

/// Goal: each obstacle keeps the document where it is, by its own name.
#[test]
fn a_draft_and_an_ended_run_are_not_moved() {
    let to = with(&plain()[1..]);
    let mut draft = Play::new(with(&plain()), contract("100.00"));
    assert_eq!(moves(&mut draft, &to), "not-in-this-phase");
    let mut play = started(with(&plain()));
    play.must("olga withdraws");
    assert_eq!(moves(&mut play, &to), "not-in-this-phase");
}

#[test]
fn a_suspended_run_is_not_moved() {
    assert_eq!(refusal("tom suspends", &plain(), &plain()), "suspended");
}

#[test]
fn a_run_is_not_moved_to_another_workflow() {
    let mut play = started(with(&plain()));
    let source = with_stages(&format!("stages:\n{}", plain().concat()));
    let other = define(&source.replace("id: test", "id: other"));
    assert_eq!(moves(&mut play, &other), "plan-mismatch");
}

#[test]
fn a_run_that_went_round_too_often_for_the_new_route_is_not_moved() {
    let rounds = |rounds: u32| {
        let stages = plain().concat();
        define(&with_stages(&format!(
            "rework: {{ max_rounds: {rounds} }}\nstages:\n{stages}"
        )))
    };
    let mut play = started(rounds(3));
    play.must("irina returns legal\nolga resubmits answering");
    play.must("irina returns legal\nolga resubmits answering");
    assert_eq!(moves(&mut play, &rounds(1)), "rounds-exhausted");
    let returned = {
        let mut play = started(rounds(3));
        play.must("irina returns legal\nolga resubmits answering\nirina returns legal");
        moves(&mut play, &rounds(1))
    };
    assert_eq!(
        returned, "rounds-exhausted",
        "the next round would be one too many"
    );
    assert_eq!(moves(&mut play, &rounds(2)), "Running 3 [3 legal irina]");
}

#[test]
fn an_open_stage_that_is_gone_keeps_the_document() {
    let gone = refusal("", &plain(), &plain()[1..]);
    assert_eq!(gone, "open-stage-gone");
    // The same identifier within a block is another place.
    let within = [
        format!(
            "  - id: block\n    title: {{ ru: б, en: b }}\n    sequence:\n    {}",
            stage("legal", &login("irina"), "")
        ),
        signs("last", ""),
    ];
    assert_eq!(refusal("", &plain(), &within), "open-stage-gone");
}

#[test]
fn an_open_stage_of_another_kind_keeps_the_document() {
    let to = [signs("legal", ""), signs("last", "")];
    assert_eq!(refusal("", &plain(), &to), "open-stage-changed");
}

#[test]
fn a_stage_before_the_position_keeps_the_document() {
    let mut to = plain();
    to.insert(0, stage("chief", &login("boris"), ""));
    assert_eq!(
        refusal("irina approves legal", &plain(), &to),
        "stage-passed"
    );
    // Where it does not apply to this document nobody is lost.
    let mut to = plain();
    to.insert(
        0,
        stage("chief", &login("boris"), ", when: 'doc.payment_days > 30'"),
    );
    let mut play = started(with(&plain()));
    play.must("irina approves legal");
    assert_eq!(moves(&mut play, &with(&to)), "Running 1 [2 money anna]");
}

#[test]
fn an_approver_whom_a_finished_stage_gets_keeps_the_document() {
    let mut to = plain();
    to[0] = stage("legal", "{ user: irina }, { user: lev }", "");
    assert_eq!(
        refusal("irina approves legal", &plain(), &to),
        "stage-passed"
    );
    // Where the votes are enough for the new route too, nobody is lost.
    to[0] = stage("legal", "{ user: irina }, { user: lev }", ", quorum: any");
    let mut play = started(with(&plain()));
    play.must("irina approves legal");
    assert_eq!(moves(&mut play, &with(&to)), "Running 1 [2 money anna]");
}

/// Goal: who has read a document has not agreed to it.
#[test]
fn a_vote_in_a_stage_of_another_kind_does_not_stand() {
    let who = "assignees: [{ user: irina }]";
    let reads =
        format!("  - {{ id: legal, type: acknowledge, title: {{ ru: а, en: a }}, {who} }}\n");
    let mut from = plain();
    from[0] = reads;
    assert_eq!(
        refusal("irina reads legal", &from, &plain()),
        "stage-passed"
    );
    let mut play = started(with(&from));
    play.must("irina reads legal\nanna returns money");
    assert_eq!(moves(&mut play, &with(&plain())), "Rework 1 []");
    play.must("olga resubmits answering");
    assert_eq!(play.now(), "Running 2 [3 legal irina]");
}

/// Goal: a branch that was closed because one was enough is not left behind where both are needed.
#[test]
fn a_branch_that_is_needed_after_all_keeps_the_document() {
    let block = |join: &str| {
        let branch = |id: &str, login: &str| {
            let who = format!("assignees: [{{ user: {login} }}]");
            format!("        - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, {who} }}\n")
        };
        let branches = branch("a", "irina") + &branch("b", "anna");
        let block = format!(
            "  - id: block\n    title: {{ ru: б, en: b }}\n    parallel:\n      join: {join}\n      \
             on_branch_reject: finish_others\n      branches:\n{branches}"
        );
        [block, signs("last", "")]
    };
    let script = "irina approves a";
    assert_eq!(
        refusal(script, &block("any"), &block("all")),
        "stage-passed"
    );
}

#[test]
fn a_stage_that_was_left_out_and_now_applies_keeps_the_document() {
    let when = |days: u32| {
        let when = format!(", when: 'doc.payment_days > {days}'");
        let mut stages = plain();
        stages[0] = stage("legal", &login("irina"), &when);
        stages
    };
    assert_eq!(refusal("", &when(30), &when(5)), "stage-passed");
    let mut play = started(with(&when(30)));
    assert_eq!(
        moves(&mut play, &with(&when(20))),
        "Running 1 [1 money anna]"
    );
}

#[test]
fn an_added_approver_of_a_stage_that_is_gone_keeps_the_document() {
    let mut from = plain();
    from[0] = stage("legal", &login("irina"), ", allow: [add_approver]");
    let script = "irina adds nina legal beside\nnina approves legal\nirina approves legal";
    assert_eq!(refusal(script, &from, &plain()[1..]), "approver-lost");
}

#[test]
fn a_signature_that_would_not_be_asked_for_keeps_the_document() {
    let gone = [stage("legal", &login("irina"), "")];
    assert_eq!(refusal("", &plain(), &gone), "signature-lost");
    let mut unsigned = plain();
    unsigned[2] = stage("last", &login("svetlana"), "");
    assert_eq!(refusal("", &plain(), &unsigned), "signature-lost");
    let mut narrowed = plain();
    narrowed[2] = signs("last", ", when: 'doc.payment_days > 30'");
    assert_eq!(refusal("", &plain(), &narrowed), "signature-lost");
    // A returned document would have come to it again.
    let script = "irina returns legal";
    assert_eq!(refusal(script, &plain(), &gone), "signature-lost");
}

#[test]
fn votes_that_would_decide_keep_the_document() {
    let board = |rest: &str| {
        let who = "{ user: irina }, { user: anna }, { user: nina }";
        [stage("board", who, rest), signs("last", "")]
    };
    let (all, two, any) = (
        board(""),
        board(", quorum: { count: 2 }"),
        board(", quorum: any"),
    );
    let script = "irina approves board";
    assert_eq!(refusal(script, &all, &any), "votes-would-decide");
    let mut play = started(with(&all));
    play.must(script);
    let asked = "Running 1 [2 board anna, 3 board nina]";
    assert_eq!(moves(&mut play, &with(&two)), asked);
    // A vote against that was only counted would make the quorum impossible.
    let counted = board(", quorum: { count: 2 }, on_reject: { count: true }");
    let script = "irina rejects board";
    assert_eq!(refusal(script, &counted, &all), "votes-would-decide");
    // A returned document would be sent round and pass by what was said before.
    let script = "irina approves board\nanna approves board\nnina returns board";
    assert_eq!(refusal(script, &all, &two), "votes-would-decide");
}

#[test]
fn a_run_that_would_end_by_the_move_is_not_moved() {
    let block = |join: &str| {
        let branch = |id: &str, login: &str| {
            let who = format!("assignees: [{{ user: {login} }}]");
            format!("        - {{ id: {id}, type: approve, title: {{ ru: а, en: a }}, {who} }}\n")
        };
        let branches = branch("a", "irina") + &branch("b", "anna");
        [format!(
            "  - id: block\n    title: {{ ru: б, en: b }}\n    parallel:\n      join: {join}\n      \
             on_branch_reject: finish_others\n      branches:\n{branches}"
        )]
    };
    let script = "irina approves a";
    assert_eq!(refusal(script, &block("all"), &block("any")), "would-end");
    let signed = |join: &str| [block(join)[0].clone(), signs("last", "")];
    assert_eq!(
        refusal(script, &signed("all"), &signed("any")),
        "votes-would-decide"
    );
}

#[test]
fn a_route_that_finds_nobody_later_keeps_the_document() {
    let mut to = plain();
    to[1] = stage("money", "{ role: auditor }", "");
    assert_eq!(refusal("", &plain(), &to), "stage-has-no-assignee");
}

#[test]
fn a_card_that_the_new_route_does_not_accept_keeps_the_document() {
    let mut play = started(with(&plain()));
    play.state
        .subject
        .as_mut()
        .expect("started")
        .card
        .remove("subject");
    assert_eq!(moves(&mut play, &with(&plain()[..3])), "card-not-accepted");
}

/// The route that is played, and those it is moved to: each weaker or stricter somewhere, longer or
/// shorter, or with people that the others have not.
static ROUTES: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let base = format!("{}{}", counting(), signs("end", ""));
    let longer = format!(
        "{}{}{}",
        counting(),
        stage("more", &login("nina"), ""),
        signs("end", "")
    );
    let (head, _) = base.split_once("  - { id: groups").expect("groups");
    let branch = "        - id: more\n          type: approve\n          title: { ru: р, en: r }\n          \
                  assignees: [{ user: pavel }]\n";
    let audit = "  - { id: audit, type";
    [
        base.clone(),
        longer,
        format!("{head}{}", signs("end", "")),
        base.replace("{ percent: 60, min: 2, veto: [{ user: boris }] }", "any"),
        base.replace("      join: { count: 2 }", "      join: any"),
        base.replace("      join: { count: 2 }", "      join: all"),
        base.replace(audit, &format!("{branch}{audit}")),
        base.replace(
            "{ group: contract_board }, { user: boris }",
            "{ user: lev }, { user: boris }",
        ),
        base.replace(
            "[{ user: nina }, { user: tom }]",
            "[{ user: nina }, { user: lev }]",
        ),
        base.replace("max_rounds: 2", "max_rounds: 1"),
        base.replace("id: chief, type: approve", "id: chief, type: acknowledge"),
        base.replace("id: end", "id: other_end"),
        base.replace("id: money", "id: purse"),
        with_stages(&format!("stages:\n{}", signs("end", ""))),
        renamed(
            &base,
            &[("money", "purse"), ("chief", "boss"), ("end", "last")],
        ),
        renamed(&base, &[("groups", "circles"), ("audit", "revision")]),
    ]
    .iter()
    .map(|source| define(source))
    .collect()
});

/// A route whose steps have other names, and say so.
fn renamed(source: &str, names: &[(&str, &str)]) -> String {
    let mut source = source.to_owned();
    let mut map = Vec::new();
    for (old, new) in names {
        let changed = source.replace(&format!("id: {old}"), &format!("id: {new}"));
        assert_ne!(changed, source, "{old}");
        source = changed;
        map.push(format!("{old}: {new}"));
    }
    format!("{source}migrate: {{ map: {{ {} }} }}\n", map.join(", "))
}

/// Plays moves by one route; at some of them the run goes on by another. Every step is handed on
/// with the route it was made by.
fn play(
    moves: &[Move],
    mut look: impl FnMut(&Definition, &State, &Event, &Result<Step, Refusal>),
) -> (usize, State, Vec<(usize, Event)>) {
    let directory = directory();
    let (mut route, mut state, mut accepted) = (0, State::draft(), Vec::new());
    for (minute, made) in moves.iter().enumerate() {
        let minute = i64::try_from(minute).expect("small");
        let (mut to, mut event) = (route, as_event(&ROUTES[route], &state, made, minute));
        let answer = if made.sort % 4 == 3 {
            to = made.other.index(ROUTES.len());
            match plan(&ROUTES[route], &ROUTES[to], &state) {
                Ok(plan) => {
                    let at = event.at;
                    event = Event {
                        at,
                        ..self::event("tom", plan)
                    };
                    apply(&ROUTES[to], &state, &event, &directory)
                }
                Err(refusal) => Err(refusal),
            }
        } else {
            apply(&ROUTES[route], &state, &event, &directory)
        };
        look(&ROUTES[to], &state, &event, &answer);
        if let Ok(step) = answer {
            (route, state) = (to, step.state);
            accepted.push((route, event));
        }
    }
    (route, state, accepted)
}

/// What a move itself must leave as it was.
fn check_move(definition: &Definition, before: &State, plan: &Plan, step: &Step) {
    assert_eq!(before.phase, step.state.phase, "nothing is decided");
    assert_eq!(before.round, step.state.round);
    for (path, entry) in &before.stages {
        let now = plan.path_of(path);
        let now = now.and_then(|path| step.state.stages.get(path));
        let aside = step
            .state
            .moved
            .last()
            .and_then(|moved| moved.stages.get(path));
        assert!(now.is_some() != aside.is_some(), "{path} is kept once");
        let open = |entry: &chancery_workflow::state::StageState| entry.phase == StagePhase::Active;
        assert!(!open(entry) || now.is_some_and(open), "{path} stays open");
    }
    for (number, task) in &before.tasks {
        let now = step.state.tasks.get(number);
        let Some(now) = now else {
            let moved = step.state.moved.last().expect("moved");
            assert_eq!(moved.tasks.get(number), Some(task));
            let new = plan.path_of(&task.stage);
            assert!(new.is_none_or(|path| definition.stage(path).is_none()));
            continue;
        };
        assert_eq!(plan.path_of(&task.stage), Some(now.stage.as_str()));
        assert_eq!(
            (now.assignee, now.opened_at),
            (task.assignee, task.opened_at)
        );
        if let (
            TaskState::Decided { decision, by, .. },
            TaskState::Decided {
                decision: said,
                by: who,
                ..
            },
        ) = (&task.state, &now.state)
        {
            assert_eq!((decision, by), (said, who), "nobody's word is changed");
        }
    }
    for effect in &step.effects {
        if let Effect::OpenTask { assignee, path, .. } = effect {
            let old = before.stages.keys();
            let old = old.filter(|old| plan.path_of(old) == Some(path.as_str()));
            let had = old
                .filter_map(|old| before.open_task_of(old, *assignee))
                .next();
            assert_eq!(had, None, "nobody is asked twice");
        }
    }
}

proptest! {
    /// Whatever is moved whenever: the state is sound by the route it is in, and agrees with what
    /// the effects have said.
    #[test]
    fn a_moved_run_is_as_sound_as_any(moves in any_moves()) {
        let mut rows = Rows::default();
        play(&moves, |definition, before, event, answer| {
            let Ok(step) = answer else { return };
            check_effects(definition, before, event, step, &mut rows);
            check_state(definition, &step.state, &directory());
            if let EventKind::Migrated { plan, .. } = &event.kind {
                check_move(definition, before, plan, step);
            }
        });
    }

    /// The events and the definitions that they name give the same bytes again.
    #[test]
    fn a_replay_with_moves_gives_the_same_bytes(moves in any_moves()) {
        let (_, state, events) = play(&moves, |_, _, _, _| {});
        let mut again = State::draft();
        let mut definition = &ROUTES[0];
        for (_, event) in &events {
            if let EventKind::Migrated { pinned_from, pinned_to, .. } = &event.kind {
                prop_assert_eq!(definition.digest(), *pinned_from);
                let named = ROUTES.iter().find(|one| one.digest() == *pinned_to);
                definition = named.expect("a route");
            }
            let stored = serde_json::to_string(&again).expect("a text");
            let read: State = serde_json::from_str(&stored).expect("a state");
            again = apply(definition, &read, event, &directory()).expect("accepted before").state;
        }
        let bytes = |state: &State| serde_json::to_string(state).expect("a text");
        prop_assert_eq!(bytes(&again), bytes(&state));
    }

    /// From wherever it was moved to, a run completes if everybody agrees from now on.
    #[test]
    fn agreement_completes_a_moved_run(moves in any_moves(), pick in any::<u64>()) {
        let (route, mut state, _) = play(&moves, |_, _, _, _| {});
        let (definition, pick) = (&ROUTES[route], Pick(pick));
        let mut sort = 60;
        for _ in 0..80 {
            if state.phase.is_final() || state.phase == Phase::Draft {
                break;
            }
            let event = as_event(definition, &state, &Move { sort, pick, other: pick }, 1000);
            match apply(definition, &state, &event, &directory()) {
                Ok(step) => (state, sort) = (step.state, 60),
                // Nobody is left for a seat that was added: an administrator drops it.
                Err(Refusal::QuorumUnreachable { .. }) if !state.added.is_empty() => {
                    let added = state.added[0].clone();
                    let kind = EventKind::ApproverDropped {
                        stage: added.stage,
                        person: added.person,
                    };
                    let event = Event { at: event.at, actor: actor("tom"), kind };
                    state = apply(definition, &state, &event, &directory()).expect("dropped").state;
                }
                Err(refusal) => {
                    prop_assert_eq!((state.phase, sort), (Phase::Rework, 60), "{}", refusal);
                    sort = 20;
                }
            }
        }
        prop_assert!(state.phase.is_final() || state.phase == Phase::Draft, "{:?}", state.phase);
    }
}

/// The witness: generated runs are moved while they run and while they are returned, gain and lose
/// tasks by it, and meet every obstacle that these routes have.
#[test]
fn the_generator_moves_runs_and_meets_every_obstacle() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..2500 {
        let moves = any_moves().new_tree(&mut runner).expect("moves").current();
        play(&moves, |_, before, event, answer| match answer {
            Ok(step) if matches!(event.kind, EventKind::Migrated { .. }) => {
                seen.insert(format!("{:?}", before.phase));
                if let EventKind::Migrated { plan, .. } = &event.kind {
                    let stood = before.open_tasks().map(|(_, task)| &task.stage);
                    let mut stood = stood.filter(|path| plan.renamed.contains_key(*path));
                    seen.extend(stood.next().map(|_| "renamed".to_owned()));
                }
                for effect in &step.effects {
                    match effect {
                        Effect::OpenTask { .. } => seen.insert("gained".to_owned()),
                        Effect::CloseTask { .. } => seen.insert("lost".to_owned()),
                        _ => false,
                    };
                }
                let aside = step
                    .state
                    .moved
                    .last()
                    .is_some_and(|one| !one.tasks.is_empty());
                if aside {
                    seen.insert("aside".to_owned());
                }
            }
            Ok(_) => {}
            Err(refusal) => {
                seen.insert(refusal.code().to_owned());
            }
        });
    }
    let wanted = [
        "Running",
        "Rework",
        "gained",
        "lost",
        "aside",
        "renamed",
        "suspended",
        "not-in-this-phase",
        "rounds-exhausted",
        "open-stage-gone",
        "open-stage-changed",
        "stage-passed",
        "approver-lost",
        "signature-lost",
        "votes-would-decide",
    ];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|one| !seen.contains(*one))
        .collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}
