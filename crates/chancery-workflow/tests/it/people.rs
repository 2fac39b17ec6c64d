//! Deciding for somebody else: who stands in, who was handed a task, and that nobody comes to a
//! decision through another that they may not give themselves.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;
use chancery_types::{FieldValue, Instant};
use chancery_workflow::{
    Absence, Actor, Assignee, Decision, Definition, Directory, Effect, Event, EventKind, Matter,
    Phase, StageKind, StagePhase, State, Substitute, TaskNumber, TaskState, apply, stand_ins,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::*;

/// Minutes of a play.
fn minute(number: i64) -> Instant {
    Instant::from_seconds(number * 60)
}

/// Somebody is away from one minute until another, with somebody in their place.
fn away(who: &str, minutes: (i64, i64), substitute: &str) -> Absence {
    Absence {
        person: person(who),
        from: minute(minutes.0),
        until: minute(minutes.1),
        substitute: (!substitute.is_empty()).then(|| Substitute {
            person: person(substitute),
            kinds: BTreeSet::new(),
            signs: false,
        }),
    }
}

fn play(source: &str, absences: &[Absence]) -> Play {
    let mut play = Play::new(define_with_means(&with_stages(source)), contract("1"));
    play.directory.absences = absences.iter().cloned().collect();
    play
}

const TWO: &str = "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }, { user: anna }] }
  - { id: money, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
";

fn names(people: &[PersonId]) -> Vec<String> {
    let people = people.iter();
    people.map(|id| name(Assignee::Person(*id))).collect()
}

/// Goal: whoever stands in decides in a task that was open before and in one that opens while the
/// other is away; both names stay; and they may decide only from the first instant on, until before
/// the last.
#[test]
fn a_substitute_decides_in_open_and_future_tasks_and_both_names_stay() {
    let mut play = play(
        TWO,
        &[away("irina", (3, 5), "lev"), away("boris", (5, 6), "tom")],
    );
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 legal irina, 2 legal anna]
        lev approves legal    | refused: task 1 is assigned to somebody else
        lev approves legal    | Running 1 [2 legal anna]
        anna approves legal   | Running 1 [3 money boris]
        tom approves money    | Completed 1 []
        ",
    );
    let view = play.state.nodes(&play.definition);
    let task = &view[0].stages[0].tasks[0];
    assert_eq!(task.by, Some(assignee("lev")));
    assert_eq!(task.assignee, assignee("irina"));
    assert_eq!(names(&task.on_behalf_of), ["irina"]);
    assert!(task.counts);
    // The fifth minute is the first that is too late, the third the first that is not too early.
    let mut play = self::play(TWO, &[away("irina", (1, 2), "lev")]);
    play.must("olga starts");
    let refused = "refused: task 1 is assigned to somebody else";
    assert_eq!(play.line("lev approves legal"), refused);
    assert_eq!(
        play.line("irina approves legal"),
        "Running 1 [2 legal anna]"
    );
}

/// Goal: whoever is away may decide all the same, and then nobody does it for them.
#[test]
fn whoever_is_away_may_decide_and_the_seat_has_one_vote() {
    let mut play = play(TWO, &[away("irina", (0, 99), "lev")]);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 legal irina, 2 legal anna]
        irina approves legal  | Running 1 [2 legal anna]
        lev approves legal    | refused: task 2 is assigned to somebody else
        ",
    );
    let view = play.state.nodes(&play.definition);
    assert_eq!(view[0].stages[0].tasks[0].on_behalf_of, []);
}

/// Goal: a chain leads on where the one in between is away too, three people far, never in a
/// circle, and not through somebody who has left.
#[test]
fn a_chain_of_substitutes_is_bounded_and_has_no_circle() {
    let chain = [
        away("irina", (0, 99), "lev"),
        away("lev", (0, 99), "nina"),
        away("nina", (0, 99), "tom"),
        away("tom", (0, 99), "svetlana"),
        away("tom", (0, 99), "irina"),
    ];
    let mut directory = directory();
    directory.absences = chain.into_iter().collect();
    let matter = Matter {
        kind: "contract",
        stage_kind: StageKind::Approve,
        at: minute(1),
    };
    let who = |directory: &Directory, of: &str| -> Vec<(String, Vec<String>)> {
        let found = directory.substitutes(person(of), &matter, |_| true);
        let found = found.iter();
        found
            .map(|(id, way)| (name(Assignee::Person(*id)), names(way)))
            .collect()
    };
    let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let row = |name: &str, way: &[&str]| (name.to_owned(), text(way));
    assert_eq!(
        who(&directory, "irina"),
        [
            row("lev", &["irina"]),
            row("tom", &["irina", "lev", "nina"]),
            row("nina", &["irina", "lev"]),
        ],
        "svetlana is a fourth, and irina does not come back to herself"
    );
    directory
        .people
        .get_mut(&person("lev"))
        .expect("lev")
        .active = false;
    assert_eq!(who(&directory, "irina"), []);
    // Nothing leads through somebody whom the caller rules out, though they are found themselves.
    directory
        .people
        .get_mut(&person("lev"))
        .expect("lev")
        .active = true;
    let found = directory.substitutes(person("irina"), &matter, |id| id != person("lev"));
    assert_eq!(found.len(), 1);
    assert!(found.contains_key(&person("lev")));
}

/// Goal: standing in is limited to kinds of documents, and is no authority to sign unless it says
/// so.
#[test]
fn standing_in_has_limits() {
    let source = "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: sign, type: sign, title: { ru: б, en: b }, assignees: [{ user: irina }] }
";
    let limited = |kinds: &[&str], signs: bool| {
        let mut absence = away("irina", (0, 99), "lev");
        absence.substitute = Some(Substitute {
            person: person("lev"),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            signs,
        });
        let mut play = play(source, &[absence]);
        play.must("olga starts");
        let approved = play.line("lev approves legal");
        if approved.starts_with("refused") {
            play.must("irina approves legal");
        }
        (approved, play.line("lev signs sign"))
    };
    let (first, second) = limited(&["invoice"], true);
    assert_eq!(first, "refused: task 1 is assigned to somebody else");
    assert_eq!(second, "refused: task 2 is assigned to somebody else");
    let (first, second) = limited(&["contract"], false);
    assert_eq!(first, "Running 1 [2 sign irina]");
    assert_eq!(second, "refused: task 2 is assigned to somebody else");
    assert_eq!(limited(&["contract"], true).1, "Completed 1 []");
}

/// Goal: nobody decides through another what they may not decide: the initiator, the author,
/// whoever a rule excludes; nor does a way lead through them.
#[test]
fn duties_are_separate_through_a_substitute() {
    let mut play = play(
        TWO,
        &[
            away("irina", (0, 99), "olga"),
            away("olga", (0, 99), "nina"),
        ],
    );
    check(
        &mut play,
        "
        olga starts          | Running 1 [1 legal irina, 2 legal anna]
        olga approves legal  | refused: separation of duties: rule initiator of stage legal
        nina approves legal  | refused: task 1 is assigned to somebody else
        ",
    );
    let rule = format!(
        "sod: [{{ id: four-eyes, stages: [money], rule: \"!(actor in voters('legal'))\" }}]\n{TWO}"
    );
    // Lev votes for irina: neither of them decides on the money, not even for boris.
    let absences = [
        away("irina", (0, 99), "lev"),
        away("boris", (0, 99), "lev"),
        away("boris", (0, 99), "irina"),
        away("boris", (0, 99), "tom"),
    ];
    let mut play = self::play(&rule, &absences);
    check(
        &mut play,
        "
        olga starts           | Running 1 [1 legal irina, 2 legal anna]
        lev approves legal    | Running 1 [2 legal anna]
        anna approves legal   | Running 1 [3 money boris]
        lev approves money    | refused: separation of duties: rule four-eyes of stage money
        irina approves money  | refused: separation of duties: rule four-eyes of stage money
        tom approves money    | Completed 1 []
        ",
    );
}

/// Goal: one person has one vote in a stage, whoever they stand in for.
#[test]
fn a_substitute_has_one_vote_in_a_stage() {
    let absences = [
        away("irina", (0, 99), "anna"),
        away("irina", (0, 99), "lev"),
    ];
    let mut play = play(TWO, &absences);
    check(
        &mut play,
        "
        olga starts          | Running 1 [1 legal irina, 2 legal anna]
        ",
    );
    let event = Event {
        kind: EventKind::Decided {
            task: TaskNumber(1),
            decision: Decision::Approve,
            version_digest: digest(1),
            comment: None,
            remarks: Vec::new(),
        },
        ..play.event("anna approves legal")
    };
    let answer = apply(&play.definition, &play.state, &event, &play.directory);
    let refusal = answer.expect_err("anna has a seat of her own");
    assert_eq!(refusal.code(), "already-takes-part");
    // Lev for irina and then, in the same stage, for anna as well: the second is refused.
    play.directory.absences.insert(away("anna", (0, 99), "lev"));
    play.must("lev approves legal");
    assert_eq!(
        play.line("lev approves legal"),
        "refused: the new assignee already takes part in stage legal"
    );
}

/// Goal: whoever may decide in another's place is told, once for each task: when it opens, when it
/// moves, when the absence begins; not while the run is stopped, and nobody who could not decide.
#[test]
fn whoever_stands_in_is_told_once() {
    let absences = [
        away("irina", (3, 99), "lev"),
        away("boris", (0, 99), "olga"),
    ];
    let mut play = play(TWO, &absences);
    let told = |play: &Play| -> Vec<(u32, String, Vec<String>)> {
        let effects = play.effects.iter();
        effects
            .filter_map(|effect| match effect {
                Effect::TellSubstitute {
                    task,
                    substitute,
                    stands_for,
                } => Some((
                    task.0,
                    name(Assignee::Person(*substitute)),
                    names(stands_for),
                )),
                _ => None,
            })
            .collect()
    };
    play.must("olga starts");
    assert_eq!(told(&play), [], "nobody is away yet");
    let began = |minutes: i64, actor: Actor| Event {
        at: minute(minutes),
        actor,
        kind: EventKind::AbsenceBegan {
            person: person("irina"),
        },
    };
    let send = |play: &mut Play, event: &Event| {
        let step = apply(&play.definition, &play.state, event, &play.directory);
        step.map(|step| {
            play.state = step.state;
            play.effects = step.effects;
        })
    };
    let refused = send(&mut play, &began(3, actor("tom"))).expect_err("a person");
    assert_eq!(refused.code(), "not-the-service");
    send(&mut play, &began(2, Actor::System)).expect("not yet");
    assert_eq!(told(&play), []);
    play.must("tom suspends");
    send(&mut play, &began(3, Actor::System)).expect("stopped");
    assert_eq!(told(&play), [], "nobody decides while the run stands");
    play.must("tom resumes");
    assert_eq!(
        told(&play),
        [(1, "lev".to_owned(), vec!["irina".to_owned()])]
    );
    send(&mut play, &began(4, Actor::System)).expect("again");
    assert_eq!(told(&play), [], "once");
    play.must("irina approves legal\nanna approves legal");
    assert_eq!(told(&play), [], "olga could not decide for boris");
}

const HANDED: &str = "stages:
  - id: legal
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: irina }, { user: anna }]
    allow: [delegate]
  - { id: money, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
";

/// Goal: a task is handed on only where the file says so, by its holder, to somebody who may decide
/// and takes no part; three times; never in a circle; and back again.
#[test]
fn a_task_is_handed_on_and_back() {
    let mut play = play(HANDED, &[]);
    check(
        &mut play,
        "
        olga starts                | Running 1 [1 legal irina, 2 legal anna]
        lev hands legal to nina    | refused: task 1 is assigned to somebody else
        irina hands legal to olga  | refused: separation of duties: rule initiator of stage legal
        irina hands legal to gone  | refused: the person is unknown or not active
        irina hands legal to anna  | refused: the new assignee already takes part in stage legal
        irina takes-back legal     | refused: task 1 was not handed on by or to this actor
        irina hands legal to lev   | Running 1 [1 legal lev, 2 legal anna]
        irina approves legal       | refused: task 1 is assigned to somebody else
        lev hands legal to irina   | refused: the new assignee already takes part in stage legal
        lev hands legal to nina    | Running 1 [1 legal nina, 2 legal anna]
        nina hands legal to lev    | refused: the new assignee already takes part in stage legal
        nina hands legal to tom    | Running 1 [1 legal tom, 2 legal anna]
        tom hands legal to pavel   | refused: task 1 was handed on 3 times already
        pavel takes-back legal     | refused: task 1 was not handed on by or to this actor
        tom takes-back legal       | Running 1 [1 legal nina, 2 legal anna]
        lev takes-back legal       | Running 1 [1 legal lev, 2 legal anna]
        lev approves legal         | Running 1 [2 legal anna]
        anna approves legal        | Running 1 [3 money boris]
        boris hands money to tom   | refused: task 3 may not be handed on
        ",
    );
    let view = play.state.nodes(&play.definition);
    let task = &view[0].stages[0].tasks[0];
    assert_eq!(
        (task.elector, task.by, names(&task.on_behalf_of)),
        (
            assignee("irina"),
            Some(assignee("lev")),
            vec!["irina".to_owned()]
        )
    );
}

/// Goal: whoever handed a task on and then voted in another's place does not get it back, by
/// whomever it is asked: they would have two votes. Method: a delegate who hands a task on and
/// stands in for another seat of the same stage; whoever has the task decides.
#[test]
fn a_task_does_not_go_back_to_whoever_has_voted_since() {
    let mut play = play(HANDED, &[away("irina", (0, 99), "nina")]);
    check(
        &mut play,
        "
        olga starts               | Running 1 [1 legal irina, 2 legal anna]
        anna hands legal to nina  | Running 1 [1 legal irina, 2 legal nina]
        nina hands legal to tom   | Running 1 [1 legal irina, 2 legal tom]
        nina approves legal       | Running 1 [2 legal tom]
        tom takes-back legal      | refused: the new assignee already takes part in stage legal
        nina takes-back legal     | refused: the new assignee already takes part in stage legal
        anna takes-back legal     | Running 1 [2 legal anna]
        anna hands legal to tom   | Running 1 [2 legal tom]
        tom approves legal        | Running 1 [3 money boris]
        ",
    );
}

/// Goal: whoever handed a task on and comes under a rule afterwards decides through nobody: it is
/// asked of everybody behind the vote, and not of whoever gives it alone.
#[test]
fn a_rule_that_comes_later_holds_for_whoever_handed_the_task_on() {
    let rule = "sod: [{ id: four-eyes, stages: [legal], rule: \"!(actor in voters('reading'))\" }]
stages:
  - { id: reading, type: acknowledge, title: { ru: ч, en: r }, assignees: [{ user: irina }], blocking: false }
  - id: legal
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: irina }]
    allow: [delegate]
";
    let mut play = play(rule, &[]);
    check(
        &mut play,
        "
        olga starts              | Running 1 [1 reading irina, 2 legal irina]
        irina hands legal to lev | Running 1 [1 reading irina, 2 legal lev]
        irina reads reading      | Running 1 [2 legal lev]
        lev approves legal       | refused: separation of duties: rule four-eyes of stage legal
        ",
    );
}

/// Goal: rules hold for whoever handed a task on too, and for all of a chain together with a
/// substitute; a reassignment and an escalation are no delegation.
#[test]
fn duties_are_separate_through_every_hand() {
    let rule = format!(
        "sod: [{{ id: four-eyes, stages: [money], rule: \"!(actor in voters('legal'))\" }}]\n{}",
        HANDED.replace("{ user: boris }", "{ user: lev }, { user: irina }")
    );
    let mut play = play(&rule, &[away("nina", (0, 99), "tom")]);
    check(
        &mut play,
        "
        olga starts              | Running 1 [1 legal irina, 2 legal anna]
        irina hands legal to nina | Running 1 [1 legal nina, 2 legal anna]
        tom approves legal       | Running 1 [2 legal anna]
        anna approves legal      | Running 1 [3 money lev, 4 money svetlana]
        lev passes money to tom  | refused: separation of duties: rule four-eyes of stage money
        lev passes money to nina | refused: separation of duties: rule four-eyes of stage money
        lev passes money to irina | refused: separation of duties: rule four-eyes of stage money
        ",
    );
    assert_eq!(
        names(&play.state.tasks[&TaskNumber(1)].on_behalf_of),
        ["irina", "nina"]
    );
    let mut play = self::play(HANDED, &[]);
    play.must("olga starts\nirina hands legal to lev\ntom passes legal to nina");
    assert_eq!(play.state.tasks[&TaskNumber(1)].on_behalf_of, []);
}

/// Goal: a way of substitutes does not lead through whoever handed the task on: that would be a
/// circle, found by the property below.
#[test]
fn a_task_does_not_come_back_through_its_own_hands() {
    let absences = [
        away("lev", (0, 99), "irina"),
        away("irina", (0, 99), "nina"),
    ];
    let mut play = play(HANDED, &absences);
    check(
        &mut play,
        "
        olga starts              | Running 1 [1 legal irina, 2 legal anna]
        irina hands legal to lev | Running 1 [1 legal lev, 2 legal anna]
        nina approves legal      | refused: task 1 is assigned to somebody else
        irina takes-back legal   | Running 1 [1 legal irina, 2 legal anna]
        nina approves legal      | Running 1 [2 legal anna]
        ",
    );
}

/// Goal: a vote that was given in somebody's name does not stand for a version of theirs, and
/// somebody who made the version is asked no more through a delegate.
#[test]
fn a_vote_in_somebody_s_name_is_not_carried_to_their_version() {
    let source = HANDED.replace("allow: [delegate]", "allow: [delegate]\n    carry: always");
    let mut play = play(&source, &[away("anna", (0, 99), "pavel")]);
    play.must(
        "olga starts
         irina hands legal to nina
         nina approves legal
         irina edits 2",
    );
    assert_eq!(
        play.now(),
        "Running 1 [3 legal lev, 4 legal anna]",
        "irina made the version: her vote through nina is gone"
    );
    play.must("lev approves legal\npavel approves legal\nanna edits 3");
    let open = play.now();
    assert!(
        !open.contains("legal lev") && open.contains("legal boris"),
        "anna's vote through pavel is gone, lev's for irina stands: {open}"
    );
}

/// Goal: what nobody uses is not stored, and a plain house refuses the word.
#[test]
fn a_state_without_others_names_is_stored_as_before() {
    let mut play = play(TWO, &[]);
    play.must("olga starts\nirina approves legal");
    let stored = serde_json::to_string(&play.state).expect("a text");
    assert!(
        !stored.contains("on_behalf_of") && !stored.contains("told"),
        "{stored}"
    );
    let source = with_stages(HANDED);
    let refused = Definition::parse(&source, &kinds(), &vocabulary()).expect_err("no means");
    let keys: Vec<(&str, &str)> = refused.iter().map(|it| (it.code, it.key)).collect();
    assert_eq!(keys, [("W010", "later-value")]);
}

// ---- against a small model

/// Who stands in for whom, as sets: people reach one another over absences, at most three far.
fn reachable(
    absences: &[(usize, usize, i64, i64)],
    from: usize,
    at: i64,
    excluded: &[usize],
) -> BTreeSet<usize> {
    let mut levels = vec![BTreeSet::from([from])];
    for _ in 0..3 {
        let last = levels.last().expect("a level");
        let next: BTreeSet<usize> = absences
            .iter()
            .filter(|(who, _, first, until)| last.contains(who) && *first <= at && at < *until)
            .filter(|(who, ..)| *who == from || !excluded.contains(who))
            .map(|(_, to, ..)| *to)
            .collect();
        levels.push(next);
    }
    let mut all: BTreeSet<usize> = levels.into_iter().flatten().collect();
    all.remove(&from);
    all
}

/// The people of the model, none of whom is asked in the stage but the first.
const CIRCLE: [&str; 6] = ["irina", "lev", "nina", "tom", "pavel", "olga"];

proptest! {
    /// Whoever the engine lets decide in irina's place is exactly whom the model reaches, without
    /// the initiator, and without ways through the initiator; and `stand_ins` says the same.
    #[test]
    fn the_engine_lets_stand_in_whom_the_model_reaches(
        absences in prop::collection::vec((0_usize..6, 0_usize..6, 0_i64..6, 0_i64..9), 0..12),
        at in 2_i64..8,
    ) {
        let source = "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
";
        let rows: Vec<Absence> = absences
            .iter()
            .map(|(who, to, first, until)| away(CIRCLE[*who], (*first, *until), CIRCLE[*to]))
            .collect();
        let mut play = play(source, &rows);
        play.must("olga starts");
        let mut wanted = reachable(&absences, 0, at, &[5]);
        wanted.remove(&5);
        let (definition, directory) = (&play.definition, &play.directory);
        let allowed = stand_ins(definition, &play.state, directory, TaskNumber(1), minute(at));
        let found: BTreeSet<usize> = (0..6)
            .filter(|index| allowed.contains_key(&person(CIRCLE[*index])))
            .collect();
        prop_assert_eq!(&found, &wanted);
        for (index, who) in CIRCLE.iter().enumerate().skip(1) {
            let mut event = play.event(&format!("{who} approves legal"));
            event.at = minute(at);
            let answer = apply(&play.definition, &play.state, &event, &play.directory);
            prop_assert_eq!(answer.is_ok(), wanted.contains(&index), "{}: {:?}", who, answer.err());
            if let Ok(step) = answer {
                let behind = &step.state.tasks[&TaskNumber(1)].on_behalf_of;
                prop_assert_eq!(behind.first(), Some(&person("irina")));
                prop_assert!(behind.len() <= 3 && !behind.contains(&person(who)));
            }
        }
    }
}

// ---- whatever happens

static CHAIN: std::sync::LazyLock<Definition> = std::sync::LazyLock::new(|| {
    define_with_means(&with_stages(
        "rework: { max_rounds: 2 }
sod: [{ id: four-eyes, stages: [money], rule: \"!(actor in voters('legal'))\" }]
defaults: { allow: [delegate], carry: \"!changed('doc.amount')\" }
stages:
  - id: legal
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: irina }, { user: lev }, { user: anna }]
    quorum: { count: 2 }
    on_reject: { count: true, then: rework }
  - id: money
    type: approve
    title: { ru: б, en: b }
    assignees: [{ role: cfo }, { user: nina }]
  - { id: sign, type: sign, title: { ru: в, en: c }, assignees: [{ role: signatory }] }
",
    ))
});

static SUMMER: std::sync::LazyLock<Directory> = std::sync::LazyLock::new(|| {
    let mut directory = directory();
    let mut signs = away("svetlana", (10, 400), "boris");
    if let Some(substitute) = &mut signs.substitute {
        substitute.signs = true;
    }
    directory.absences = BTreeSet::from([
        away("irina", (0, 20), "lev"),
        away("irina", (0, 400), "nina"),
        away("nina", (5, 400), "tom"),
        away("tom", (5, 400), "olga"),
        away("boris", (0, 400), "anna"),
        away("boris", (0, 400), "tom"),
        away("lev", (0, 400), "pavel"),
        signs,
    ]);
    directory
});

fn moves() -> impl Strategy<Value = Vec<(u8, Index, Index)>> {
    prop::collection::vec((0_u8..100, any::<Index>(), any::<Index>()), 0..60)
}

fn made(state: &State, sort: u8, pick: Index, other: Index, at: Instant) -> Event {
    let everybody: Vec<&str> = logins().filter(|login| *login != "gone").collect();
    let somebody = everybody[other.index(everybody.len())];
    let open: Vec<TaskNumber> = state.open_tasks().map(|(number, _)| number).collect();
    let initiator = Actor::Person(person("olga"));
    let seen = state
        .subject
        .as_ref()
        .map_or(digest(1), |it| it.version.digest);
    let mut event = Event {
        at,
        actor: initiator,
        kind: EventKind::Started {
            card: contract("1"),
            version: version(1, "olga"),
        },
    };
    if state.phase == Phase::Draft {
        return event;
    }
    let number = state.subject.as_ref().map_or(0, |it| it.version.number) + 1;
    if sort < 8 {
        let days = i64::try_from(pick.index(2)).expect("small");
        let mut card = contract(["1", "2"][other.index(2)]);
        card.insert("payment_days".to_owned(), FieldValue::Integer(days));
        event.actor = actor(somebody);
        event.kind = EventKind::NewVersion {
            version: version(number, somebody),
            card,
            changed: BTreeSet::new(),
        };
        return event;
    }
    let Some(task) = (!open.is_empty()).then(|| open[pick.index(open.len())]) else {
        event.kind = EventKind::Resubmitted {
            comment: Some("Исправлено".to_owned()),
        };
        return event;
    };
    let holder = name(state.tasks[&task].assignee);
    // Mostly somebody else than the holder tries: that is what is looked at here.
    event.actor = actor(if sort.is_multiple_of(3) {
        &holder
    } else {
        somebody
    });
    event.kind = match sort {
        8..30 => EventKind::Delegated {
            task,
            to: person(somebody),
        },
        30..36 => EventKind::DelegationEnded { task },
        36..40 => EventKind::Reassigned {
            task,
            to: assignee(somebody),
        },
        _ if state.tasks[&task].stage == "sign" => EventKind::Signed {
            task,
            version_digest: seen,
        },
        _ => EventKind::Decided {
            task,
            decision: if sort < 46 {
                Decision::Reject
            } else {
                Decision::Approve
            },
            version_digest: seen,
            comment: (sort < 46).then(|| "Нет".to_owned()),
            remarks: Vec::new(),
        },
    };
    if matches!(event.kind, EventKind::Delegated { .. }) {
        event.actor = actor(&holder);
    }
    event
}

/// Plays moves; whatever was accepted is looked at.
fn played(moves: &[(u8, Index, Index)], mut look: impl FnMut(&Event, &State)) {
    let mut state = State::draft();
    for (index, (sort, pick, other)) in (0_i64..).zip(moves) {
        let event = made(&state, *sort, *pick, *other, minute(index));
        if let Ok(step) = apply(&CHAIN, &state, &event, &SUMMER) {
            state = step.state;
            look(&event, &state);
        }
    }
}

/// Everybody behind a counted vote: who gave it and in whose name.
fn behind(by: Assignee, others: &[PersonId]) -> Vec<PersonId> {
    let own = match by {
        Assignee::Person(person) => person,
        Assignee::Contact(_) => panic!("no contact is asked here"),
    };
    std::iter::once(own).chain(others.iter().copied()).collect()
}

proptest! {
    /// No counted vote was given by, or in the name of, anybody who may not decide; nobody has two
    /// votes in a stage; chains are short and have no circle.
    #[test]
    fn no_vote_comes_from_whoever_may_not_decide(moves in moves()) {
        played(&moves, |_, state| {
            let subject = state.subject.as_ref().expect("started");
            let mut voters: BTreeMap<&str, Vec<PersonId>> = BTreeMap::new();
            // Votes of a stage that waits for an earlier one are looked through when it opens.
            let is_reached = |path: &str| {
                let phase = state.stages.get(path).map(|entry| &entry.phase);
                matches!(phase, Some(StagePhase::Active | StagePhase::Satisfied))
            };
            for (number, task) in &state.tasks {
                let mut chain = task.on_behalf_of.clone();
                chain.sort();
                chain.dedup();
                assert_eq!(chain.len(), task.on_behalf_of.len(), "a circle: {task:?}");
                assert!(task.on_behalf_of.len() <= 6, "{task:?}");
                let TaskState::Decided { by, decision, set_aside: false, .. } = &task.state else {
                    continue;
                };
                let counts = decision.is_favourable() && state.is_on_present_version(*number);
                if !counts || !is_reached(&task.stage) {
                    continue;
                }
                for person in behind(*by, &task.on_behalf_of) {
                    assert_ne!(person, subject.initiator, "{task:?}");
                    assert_ne!(person, subject.version.author, "{task:?}");
                }
                voters.entry(&task.stage).or_default().extend(behind(*by, &task.on_behalf_of));
            }
            let legal = voters.get("legal").into_iter().flatten().copied();
            let legal: BTreeSet<PersonId> = legal.collect();
            let money = voters.get("money").into_iter().flatten();
            for person in money {
                assert!(!legal.contains(person), "four eyes");
            }
            for (stage, people) in &voters {
                let by: Vec<Assignee> = state
                    .tasks
                    .iter()
                    .filter(|(_, task)| task.stage == *stage)
                    .filter(|(number, _)| state.is_on_present_version(**number))
                    .filter_map(|(_, task)| match &task.state {
                        TaskState::Decided { by, decision, set_aside: false, .. }
                            if decision.is_favourable() => Some(*by),
                        _ => None,
                    })
                    .collect();
                let distinct: BTreeSet<Assignee> = by.iter().copied().collect();
                assert_eq!(distinct.len(), by.len(), "{stage}: {people:?}");
            }
        });
    }
}

/// The witness: the generated runs have votes of substitutes, of delegates, of a substitute of a
/// delegate, and a completed run.
#[test]
fn the_generator_reaches_every_sort_of_vote() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..1500 {
        let moves = moves().new_tree(&mut runner).expect("moves").current();
        played(&moves, |event, state| {
            if state.phase == Phase::Completed {
                seen.insert("completed");
            }
            let task = match &event.kind {
                EventKind::Decided { task, .. } | EventKind::Signed { task, .. } => task,
                EventKind::DelegationEnded { .. } => {
                    seen.insert("given back");
                    return;
                }
                _ => return,
            };
            let task = &state.tasks[task];
            let is_holder = event.actor.assignee() == Some(task.assignee);
            seen.insert(match (is_holder, task.on_behalf_of.len()) {
                (true, 0) => "holder",
                (true, _) => "delegate",
                (false, 1) => "substitute",
                (false, _) => "substitute of another",
            });
        });
    }
    let wanted = [
        "completed",
        "delegate",
        "given back",
        "holder",
        "substitute",
        "substitute of another",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), wanted);
}
