//! To whom a returned document goes.

use chancery_types::id::PersonId;
use chancery_workflow::{Effect, Phase, Reworker};

use crate::support::*;

const CHAIN: &str = "rework: { max_rounds: 5, to: author }
stages:
  - id: both
    title: { ru: а, en: a }
    parallel:
      branches:
        - { id: money, type: approve, title: { ru: б, en: b }, assignees: [{ user: anna }], on_reject: { rework: { to: { user: lev }, note: сметы } } }
        - { id: law, type: approve, title: { ru: в, en: c }, assignees: [{ user: irina }], on_reject: { rework: { to: { role: cfo } } } }
  - { id: last, type: approve, title: { ru: г, en: d }, assignees: [{ user: svetlana }] }
  - { id: end, type: approve, title: { ru: д, en: e }, assignees: [{ user: tom }], on_reject: { rework: { to: initiator } } }
";

fn played() -> Play {
    Play::new(define(&with_stages(CHAIN)), contract("90000.00"))
}

fn reworkers(play: &Play) -> Vec<PersonId> {
    let told = play.effects.iter().find_map(|effect| match effect {
        Effect::OpenRework { to, .. } => Some(to.clone()),
        _ => None,
    });
    let told = told.expect("a rework");
    assert_eq!(told, play.state.reworkers);
    told
}

/// Goal: each returning branch names its own people, and they and the initiator, and nobody else,
/// send it round again.
#[test]
fn each_branch_that_returns_names_who_reworks() {
    let mut play = played();
    play.must("olga starts\nanna returns money\nirina rejects law");
    assert_eq!(play.state.phase, Phase::Rework);
    assert_eq!(reworkers(&play), [person("lev"), person("boris")]);
    check(
        &mut play,
        "
        anna resubmits answering  | refused: only the initiator may do this
        lev revises 2             | Rework 1 []
        boris resubmits           | Running 2 [3 both/money anna, 4 both/law irina]
        ",
    );
    assert!(play.state.reworkers.is_empty());
    // Whoever made the version does not decide on it; whoever sent it on might.
    play.must("anna returns money\nirina approves law");
    assert_eq!(reworkers(&play), [person("lev")]);
    play.must("olga resubmits answering");
    assert_eq!(play.state.phase, Phase::Running);
}

/// Goal: without a word of the stage it goes to whom the file names for all: the author of the
/// version; and where that is the initiator, to the initiator alone.
#[test]
fn the_author_of_the_version_reworks_it_where_the_file_says_so() {
    let mut play = played();
    play.must("olga starts\nanna approves money\nirina approves law\nsvetlana returns last");
    assert!(reworkers(&play).is_empty(), "olga made it and started it");
    let mut play = played();
    play.must(
        "olga starts-for nina
         anna approves money
         irina approves law
         svetlana returns last",
    );
    assert_eq!(reworkers(&play), [person("nina")]);
    play.must("nina resubmits answering");
    // A stage that says `initiator` goes before what the file says for all.
    play.must("svetlana approves last\ntom rejects end");
    assert!(reworkers(&play).is_empty());
    assert_eq!(
        play.line("nina resubmits answering"),
        "refused: only the initiator may do this"
    );
}

/// Goal: nobody stands still because those whom the file names are not there.
#[test]
fn where_nobody_is_found_it_is_the_initiator_s() {
    let source = CHAIN.replace("{ user: lev }", "{ user: gone }");
    let mut play = Play::new(define(&with_stages(&source)), contract("90000.00"));
    play.must("olga starts\nanna returns money\nirina approves law");
    assert!(reworkers(&play).is_empty());
    play.must("olga resubmits answering");
}

/// Goal: a run that ends is nobody's to rework.
#[test]
fn what_is_taken_back_is_nobody_s_to_rework() {
    let mut play = played();
    play.must("olga starts\nanna returns money\nirina approves law\nolga withdraws");
    assert!(play.state.reworkers.is_empty());
}

/// Goal: the default of all stages may name somebody, and participants so named are used.
#[test]
fn the_default_of_all_stages_names_who_reworks() {
    let source = with_stages(
        "participants: { office: { role: clerk } }
defaults: { on_reject: { rework: { to: office } } }
stages:
  - { id: one, type: approve, title: { ru: а, en: a }, assignees: [{ user: anna }] }
",
    );
    let definition = define(&source);
    assert!(
        definition.warnings().is_empty(),
        "{:?}",
        definition.warnings()
    );
    let named: Vec<String> = definition
        .reworkers()
        .filter_map(|one| match one {
            Reworker::Found(resolver) => Some(resolver.to_string()),
            Reworker::Initiator | Reworker::Author => None,
        })
        .collect();
    assert_eq!(named, ["role: clerk"]);
    let mut play = Play::new(definition, contract("90000.00"));
    play.must("olga starts\nanna returns one");
    assert_eq!(reworkers(&play), [person("nina")]);
}
