//! Trying a workflow without people and without waiting: examples, surveys, pictures.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{FieldValue, Locale};
use chancery_workflow::span::PARTS_OF_A_DAY;
use chancery_workflow::trial::{Cut, Reach, SceneFile, Survey, Trial, outcome, survey, test};
use chancery_workflow::{
    Assignee, Definition, Directory, Drawing, Effect, House, Measure, Outcome, Standing, render,
};

use crate::support::*;

const CHAIN: &str = "calendar: ru-5x8
material: { fields: [amount, payment_days] }
stages:
  - id: chief
    type: approve
    title: { ru: а, en: a }
    assignees: [{ manager_of: initiator }]
    due: 1bd
    remind: [{ before: 4bh }]
    on_timeout: { escalate: { to: [{ role: cfo }] } }
  - id: board
    type: approve
    title: { ru: б, en: b }
    when: \"doc.amount.currency != 'RUB' || doc.amount > money('RUB', '100.00')\"
    assignees: [{ role: lawyer }, { role: accountant }]
    quorum: { each_group: 2 }
    carry: \"!changed('doc.amount')\"
    due: 2bd
  - id: sign
    type: sign
    title: { ru: в, en: c }
    assignees: [{ role: signatory }]
    due: 1bd
";

fn said(example: &str) -> Vec<String> {
    let source = with_stages(&format!("tests:\n  - {example}\n{CHAIN}"));
    let (kinds, vocabulary, calendars) = (kinds(), vocabulary(), crate::support::calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    let shown = |found: &[chancery_workflow::Diagnostic]| -> Vec<String> {
        let shown = render(found, &source, "x", Locale::En);
        let first = |line: &&str| line.starts_with("error");
        shown.lines().filter(first).map(str::to_owned).collect()
    };
    let refused = match Definition::parse_with(&source, &house, &means()) {
        Ok(_) => Vec::new(),
        Err(found) => shown(&found),
    };
    // Whoever reads a file to use it is told the same as whoever tries its examples.
    let definition = Definition::parse_untried(&source, &house, &means()).expect("it is read");
    let tried = test(&definition).into_iter();
    let tried: Vec<_> = tried.flat_map(|example| example.findings).collect();
    assert_eq!(shown(&tried), refused);
    refused
}

/// Goal: a script plays decisions, versions and time by the engine, with as many people as the
/// quorum needs: what is carried, reminded and escalated is what a run would do.
#[test]
fn a_script_is_played_by_the_engine() {
    let passes = |rest: &str| {
        let document = "doc: { amount: RUB 200.00, payment_days: 1 }";
        let example = format!("{{ name: x, {document}, {rest} }}");
        assert_eq!(said(&example), [""; 0], "{example}");
    };
    passes("expect: { path: [chief, board, sign], outcome: completed }");
    passes("script: [], expect: { open: [chief], pending: [board, sign], outcome: running }");
    let four =
        "approve board, approve board, approve board by accountant, approve board by accountant-2";
    passes(&format!(
        "script: [approve chief, {four}, sign sign], expect: {{ outcome: completed }}"
    ));
    passes("script: [approve chief, return board, resubmit], expect: { open: [board] }");
    // Of another price nobody has voted; of another term the board has.
    let changed = |what: &str| {
        format!("script: [approve chief, {four}, {{ version: {{ {what} }} }}, approve chief]")
    };
    passes(&format!(
        "{}, expect: {{ open: [board] }}",
        changed("doc.amount: RUB 300.00")
    ));
    passes(&format!(
        "{}, expect: {{ open: [sign] }}",
        changed("doc.payment_days: 2")
    ));
    passes(&format!(
        "{}, expect: {{ open: [board] }}",
        changed("doc.amount: RUB 200.01, file.main: true")
    ));
    // Before the day is over the manager holds the task, after it the CFO.
    passes(
        "script: [wait 7bh, { refused: approve chief by cfo, code: not-assignee }, wait 2bh, \
         approve chief by cfo], expect: { open: [board] }",
    );
    passes(
        "script: [reject chief, { refused: approve chief }, { refused: resubmit }], \
         expect: { path: [chief], outcome: rejected }",
    );
    passes(
        "script: [suspend, { refused: approve chief, code: suspended }, resume, cancel], \
         expect: { outcome: cancelled }",
    );
    passes("script: [withdraw], expect: { outcome: withdrawn }");
    passes(
        "people: { manager-of-initiator: [irina], lawyer: [irina, lev], \
         accountant: [irina, anna, boris] }, script: [approve chief by irina], \
         expect: { open: [board] }",
    );
}

/// Goal: nobody is invented who would decide a condition, and nothing that a script says passes by
/// accident.
#[test]
fn what_does_not_hold_is_said() {
    let document = "doc: { amount: RUB 200.00, payment_days: 1 }";
    let fails = |rest: &str| said(&format!("{{ name: x, {document}, {rest} }}"));
    assert_eq!(
        fails("expect: { path: [chief, sign] }"),
        [
            "error[W801]: the example “x” takes another way: chief, board, sign; \
          expected: chief, sign"
        ]
    );
    assert_eq!(
        fails("script: [approve chief, approve board by nobody], expect: { outcome: running }"),
        [
            "error[W801]: step `approve board by nobody` of the example “x” cannot be: \
             there is no `nobody`"
        ]
    );
    assert_eq!(
        fails(
            "script: [approve chief], expect: { open: [sign], pending: [chief], outcome: rework }"
        ),
        [
            "error[W801]: the example “x” waits for somebody in: board; expected: sign",
            "error[W801]: in the example “x” these will not ask anybody, or have already: chief",
            "error[W801]: the example “x” ends as `running`, not as `rework`",
        ]
    );
    // A stage that will be skipped is not pending, though it is not reached.
    assert_eq!(
        said(
            "{ name: small, doc: { amount: RUB 1.00, payment_days: 1 }, script: [], \
             expect: { pending: [board] } }"
        ),
        ["error[W801]: in the example “small” these will not ask anybody, or have already: board"]
    );
    // The amount decides the way: it is not invented.
    assert_eq!(
        said("{ name: bare, doc: { payment_days: 1 }, script: [], expect: { open: [chief] } }"),
        ["error[W801]: the run of the example “bare” cannot start: \
             field `amount` is absent or of another type"]
    );
}

fn house_of(source: &str) -> Definition {
    define_with_means(source)
}

fn surveyed(source: &str, rounds_max: u32) -> Survey {
    let kinds = kinds();
    let (vocabulary, calendars) = (vocabulary(), crate::support::calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    let definition = Definition::parse_pinned_with(source, &house, &means()).expect("it is read");
    let reach = Reach {
        rounds_max,
        states_max: 20_000,
        documents_max: 400,
    };
    survey(&definition, &kinds["contract"], reach, &mut || true)
}

/// Goal: the chains of the house: every stage is reached by some document, no run is completed
/// without an approval, nothing is cut.
#[test]
fn the_chains_of_the_house_have_no_way_without_an_approval() {
    let kinds = kinds();
    for id in ["contract", "invoice"] {
        let definition = house_of(&read(&format!("chains/{id}.yaml")));
        let reach = Reach {
            rounds_max: 2,
            states_max: 20_000,
            documents_max: 400,
        };
        let found = survey(&definition, &kinds[id], reach, &mut || true);
        let ends: Vec<Outcome> = found.ends.keys().copied().collect();
        let all = [Outcome::Completed, Outcome::Rejected, Outcome::Withdrawn];
        assert_eq!(ends, all, "{id}");
        assert_eq!(
            found.refusals,
            BTreeSet::from(["too-late-to-withdraw"]),
            "{id}"
        );
        assert_eq!(found.never_reached, BTreeSet::new(), "{id}");
        assert_eq!(found.cuts, BTreeSet::new(), "{id}");
        assert_eq!(
            (&found.without_approval, &found.stuck),
            (&None, &None),
            "{id}"
        );
        assert!(found.documents >= 3, "{id}: {}", found.documents);
        assert!(
            found.longest.is_some() && found.not_started.is_empty(),
            "{id}"
        );
    }
}

/// Goal: a gap between two conditions is found by the values beside their bounds, and shown with
/// them: neither an empty card nor a round number would have found it.
#[test]
fn a_gap_between_two_conditions_is_found_by_its_values() {
    let source = with_stages(
        "stages:
  - { id: small, type: approve, title: { ru: а, en: a }, when: \"doc.payment_days < 100\", assignees: [{ role: cfo }] }
  - { id: large, type: approve, title: { ru: б, en: b }, when: \"doc.payment_days > 100\", assignees: [{ role: lawyer }] }
  - { id: read, type: acknowledge, title: { ru: в, en: c }, assignees: [{ role: clerk }] }
",
    );
    let found = surveyed(&source, 1);
    let way = found.without_approval.expect("the gap");
    assert_eq!(
        way.card.get("payment_days"),
        Some(&FieldValue::Integer(100))
    );
    assert_eq!(
        way.card.len(),
        1,
        "only what conditions read: {:?}",
        way.card
    );
    let steps: Vec<&str> = way.taken.iter().map(|taken| taken.stage.as_str()).collect();
    assert_eq!(steps, ["read"]);
    assert_eq!(found.documents, 3);
    // Closed, there is none.
    let closed = surveyed(&source.replace("> 100", ">= 100"), 1);
    assert_eq!((closed.without_approval, closed.documents), (None, 2));
}

/// Goal: a stage that is skipped for want of people is tried without them.
#[test]
fn a_control_that_nobody_holds_is_found() {
    let source = with_stages(
        "stages:
  - { id: only, type: approve, title: { ru: а, en: a }, assignees: [{ role: cfo }], if_empty: skip }
  - { id: read, type: acknowledge, title: { ru: б, en: b }, assignees: [{ role: clerk }] }
",
    );
    let found = surveyed(&source, 1);
    assert!(found.without_approval.is_some());
    let kept = surveyed(&source.replace(", if_empty: skip", ""), 1);
    assert_eq!(kept.without_approval, None);
}

/// Goal: presence, choices of currencies and the initiator are varied as numbers are.
#[test]
fn absence_currencies_and_initiators_are_varied() {
    let source = with_stages(
        "stages:
  - { id: a, type: approve, title: { ru: а, en: a }, when: \"has(doc.executor)\", assignees: [{ role: cfo }] }
  - { id: b, type: approve, title: { ru: б, en: b }, when: \"!has(doc.executor) && doc.amount.currency == 'EUR'\", assignees: [{ role: cfo }] }
  - { id: c, type: approve, title: { ru: в, en: c }, when: \"!has(doc.executor) && doc.amount.currency != 'EUR' && initiator.login != 'olga'\", assignees: [{ role: cfo }] }
  - { id: r, type: acknowledge, title: { ru: г, en: d }, assignees: [{ role: clerk }] }
",
    );
    let found = surveyed(&source, 1);
    assert_eq!(found.never_reached, BTreeSet::new());
    let way = found
        .without_approval
        .expect("nobody asks olga's contracts in roubles");
    let login = way.initiator.and_then(|initiator| initiator.login);
    assert_eq!(login.as_deref(), Some("olga"));
    assert!(!way.card.contains_key("executor"));
}

/// Goal: bounds are kept and named.
#[test]
fn a_survey_says_which_bound_it_hit() {
    let definition = house_of(&read("chains/contract.yaml"));
    let kinds = kinds();
    let mut left = 3;
    let reach = |states_max, documents_max| Reach {
        rounds_max: 2,
        states_max,
        documents_max,
    };
    let kind = &kinds["contract"];
    let few = survey(&definition, kind, reach(5, 400), &mut || true);
    assert_eq!(few.cuts, BTreeSet::from([Cut::States]));
    let fewer = survey(&definition, kind, reach(5, 2), &mut || true);
    assert_eq!(
        (fewer.documents, fewer.cuts),
        (2, BTreeSet::from([Cut::Documents, Cut::States]))
    );
    let short = survey(&definition, kind, reach(20_000, 400), &mut || {
        left -= 1;
        left > 0
    });
    assert_eq!(short.cuts, BTreeSet::from([Cut::Time]));
}

/// Goal: the longest run is measured by the clock of the file: each task at its due date, once a
/// round. From Monday the 2nd of March at ten: the chief until Tuesday at ten, the board until
/// Thursday, the signature until Friday. Then whoever signs returns it; the 9th is a holiday,
/// so the chief has until Tuesday; what the board said stands; the signature comes on Wednesday.
#[test]
fn the_longest_run_is_measured() {
    let source = with_stages(CHAIN);
    for (rounds, days) in [(1, 4), (2, 11)] {
        let found = surveyed(&source, rounds);
        let longest = found.longest.expect("it is completed");
        assert_eq!(longest.rounds, rounds);
        assert_eq!(
            longest.until.seconds_since(longest.from),
            days * 24 * 3600,
            "{rounds}"
        );
        assert_eq!(found.without_due, BTreeSet::new());
    }
    let bare = surveyed(&source.replacen("    due: 2bd\n", "", 1), 1);
    assert_eq!(bare.without_due, BTreeSet::from(["board".to_owned()]));
}

/// Goal: the longest run is one that the stage sends back which costs the most, not the last one;
/// and votes that could be carried over are not. Method: two working days of lawyers, a signature
/// that is never due; a rejection that sends back in place of a return.
#[test]
fn the_longest_run_is_sent_back_where_it_costs_the_most() {
    let chain = "calendar: ru-5x8
rework: { max_rounds: 5 }
defaults: { carry: \"!changed('doc.amount')\" }
stages:
  - { id: chief, type: approve, title: { ru: а, en: a }, assignees: [{ user: boris }], due: 1bd }
  - { id: law, type: approve, title: { ru: б, en: b }, assignees: [{ user: irina }], due: 2bd }
  - { id: sign, type: sign, title: { ru: в, en: c }, assignees: [{ user: anna }] }
";
    let rejecting = chain.replace(
        "[{ user: irina }], due",
        "[{ user: irina }], decisions: [approve, reject], \
         on_reject: { rework: { to: author } }, due",
    );
    let length = |chain: &str, rounds: u32| {
        let found = surveyed(&with_stages(chain), rounds);
        let longest = found.longest.expect("it is completed");
        assert_eq!(longest.rounds, rounds);
        let calendar = house_of(&with_stages(chain)).calendar().cloned();
        let calendar = calendar.expect("a calendar");
        let passed = calendar.elapsed(longest.from, longest.until, Measure::WorkingDays);
        passed.parts * 100 / PARTS_OF_A_DAY
    };
    for chain in [chain, &rejecting] {
        let days: Vec<_> = [1, 2, 3].map(|rounds| length(chain, rounds)).to_vec();
        assert_eq!(days, [300, 600, 900], "{chain}");
    }
}

/// Goal: a scene of its own is read and played with its timers, each effect at its time.
#[test]
fn a_scene_is_played_with_its_timers() {
    let definition = house_of(&with_stages(CHAIN));
    let kinds = kinds();
    let source = "doc: { amount: RUB 1.00, payment_days: 1 }
at: 2026-04-30T16:00
script: [wait 1bd]
";
    let scene = SceneFile::parse(source, &definition, &kinds["contract"]).expect("a scene");
    let mut trial = Trial::new(&definition, &scene.scene, &scene.script);
    trial.start().expect("it starts");
    for step in &scene.script {
        trial.take(step).expect("it is taken");
    }
    let effects = trial.history.iter().map(|one| (one.event.at, &one.answer));
    let reminded: Vec<String> = effects
        .filter(|(_, answer)| {
            let all = answer.as_ref().expect("accepted");
            all.iter()
                .any(|effect| matches!(effect, Effect::Remind { .. }))
        })
        .map(|(at, _)| at.to_string())
        .collect();
    // The 30th of April is an hour shorter; the 1st of May is a holiday, then a weekend: due on
    // Monday, and reminded of four working hours before.
    assert_eq!(reminded.len(), 1, "{reminded:?}");
    assert!(reminded[0].starts_with("2026-05-04T"), "{reminded:?}");
    assert_eq!(outcome(&trial.state), "running");
    let open = trial
        .state
        .open_tasks()
        .next()
        .expect("the task")
        .1
        .assignee;
    assert_eq!(trial.company.name_of(open), "cfo");
    let wrong = SceneFile::parse(
        "doc: { amont: RUB 1.00 }\nscript: [wait 1]\n",
        &definition,
        &kinds["contract"],
    );
    let keys: Vec<&str> = wrong
        .expect_err("refused")
        .iter()
        .map(|found| found.key)
        .collect();
    assert_eq!(keys, ["unknown-field", "test-bad-span"]);
}

/// Goal: an organisation is read from a file with whoever is away, its names known to scenes.
#[test]
fn an_organisation_is_read() {
    let source = "people:
  - { login: olga, departments: [sales], roles: [employee] }
  - { login: irina, roles: [{ role: lawyer, department: sales }], manager: olga, away: { from: 2026-03-01, until: 2026-03-03, substitute: lev } }
  - { login: lev, active: true }
departments: [{ key: sales, head: olga }]
groups: { contract_board: [irina, lev] }
";
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let directory = Directory::parse(source, &vocabulary(), &zone).expect("an organisation");
    let irina = directory.person_by_login("irina").expect("irina").id;
    let at = |text: &str| text.parse().expect("an instant");
    assert!(directory.is_away(irina, at("2026-03-03T20:59:59Z")));
    assert!(!directory.is_away(irina, at("2026-03-03T21:00:00Z")));
    assert!(!directory.is_away(irina, at("2026-02-28T20:59:59Z")));
    let sales = directory.department_by_key("sales").expect("sales").id;
    assert_eq!(
        directory.holders("lawyer", Some(sales)),
        BTreeSet::from([irina])
    );
    assert_eq!(directory.groups["contract_board"].len(), 2);
    let keys = |source: &str| -> Vec<&'static str> {
        let found = Directory::parse(source, &vocabulary(), &zone).expect_err("refused");
        found.iter().map(|finding| finding.key).collect()
    };
    assert_eq!(
        keys(
            "people:\n  - { login: a, manager: b }\n  - { login: a, departments: [x] }\n  \
             - { login: c, roles: [king] }\ngroups: { none: [] }\n"
        ),
        [
            "organisation-nobody",
            "duplicate-id",
            "organisation-no-department",
            "unknown-role",
            "unknown-group"
        ]
    );
}

/// Goal: an organisation that was read elsewhere has the people of a scene: the same login is the
/// same person wherever they are named. Method: the house of the tests, whose identifiers are its
/// own, against the same written as a file.
#[test]
fn an_organisation_from_elsewhere_names_people_as_scenes_do() {
    let mut house = directory();
    let at = |text: &str| text.parse().expect("an instant");
    house.absences.insert(chancery_workflow::Absence {
        person: person("pavel"),
        from: at("2026-03-01T00:00:00Z"),
        until: at("2026-03-02T00:00:00Z"),
        substitute: Some(chancery_workflow::Substitute {
            person: person("irina"),
            kinds: BTreeSet::new(),
            signs: false,
        }),
    });
    house.loads.insert(person("lev"), 3);
    let seen = house.clone().as_in_scenes();
    let written = "people:
  - { login: olga, manager: pavel, departments: [sales] }
  - { login: pavel }
  - { login: irina }
  - { login: lev }
departments: [{ key: sales, head: pavel }]
";
    let zone = jiff::tz::TimeZone::UTC;
    let file = Directory::parse(written, &vocabulary(), &zone).expect("an organisation");
    let id = |login: &str| file.person_by_login(login).expect(login).id;
    let olga = seen.person_by_login("olga").expect("olga");
    assert_eq!((olga.id, olga.manager), (id("olga"), Some(id("pavel"))));
    let sales = file.department_by_key("sales").expect("sales");
    assert_eq!(olga.departments, BTreeSet::from([sales.id]));
    assert_eq!(
        seen.department_by_key("sales").map(|it| (it.id, it.head)),
        Some((sales.id, sales.head))
    );
    let away = seen.absences.first().expect("an absence");
    let stands_in = away.substitute.as_ref().map(|one| one.person);
    assert_eq!((away.person, stands_in), (id("pavel"), Some(id("irina"))));
    assert_eq!(seen.loads[&id("lev")], 3);
    assert_eq!(seen.people.len(), house.people.len());
    assert_eq!(seen.holders("lawyer", None).len(), 2);
    assert_eq!(seen.groups["contract_board"].len(), 3);
}

/// Goal: a picture is safe, whatever its titles say; it has no script and no style of its own on
/// a page; standings are words and classes; steps lie inside, and beside one another.
#[test]
fn a_picture_is_safe_and_says_where_stages_stand() {
    let source = read_small("contract").replace(
        "en: Legal }",
        "en: \"<script>alert('1')</script> & “law”\" }",
    );
    let definition = house_of(source.split("\ntests:").next().expect("a chain"));
    let standings = BTreeMap::from([
        ("manager".to_owned(), Standing::Done),
        ("expertise/legal".to_owned(), Standing::Open),
        ("cfo".to_owned(), Standing::Skipped),
        ("sign_internal".to_owned(), Standing::Refused),
    ]);
    let when = |node: &chancery_workflow::Node| node.when().map(|it| it.source().to_owned());
    let nodes = definition.nodes().iter();
    let nodes = nodes.flat_map(|node| std::iter::once(node).chain(node.children()));
    let conditions: Vec<String> = nodes.filter_map(when).collect();
    assert!(!conditions.is_empty());
    let words = |source: &String| (source.clone(), "<i>dear</i>".to_owned());
    let drawing = Drawing {
        standings,
        conditions: conditions.iter().map(words).collect(),
        prefix: "x\"><b>".to_owned(),
        is_file: false,
    };
    for locale in Locale::ALL {
        let drawn = definition.drawing(&drawing, locale);
        assert!(!drawn.contains("<script") && !drawn.contains("style") && !drawn.contains("<b>"));
        assert!(
            drawn.contains("class=\"diagram-box diagram-open\""),
            "{drawn}"
        );
        let (role, desc) = (
            "role=\"img\" aria-labelledby=\"xb-title xb-desc\"",
            "<desc id=\"xb-desc\">",
        );
        assert!(drawn.contains(role) && drawn.contains(desc), "{drawn}");
    }
    let english = definition.drawing(&drawing, Locale::En);
    assert!(
        english.contains("&lt;script&gt;alert(&#39;1&#39;)"),
        "{english}"
    );
    assert!(
        !english.contains("doc."),
        "a condition as written: {english}"
    );
    for word in [
        "if &lt;i&gt;dear&lt;/i&gt;",
        "✓ done",
        "● open now",
        "– not needed",
        "✕ returned or rejected",
    ] {
        assert!(english.contains(word), "{word}");
    }
    let alone = Drawing {
        is_file: true,
        ..Drawing::default()
    };
    let alone = definition.drawing(&alone, Locale::En);
    assert!(alone.starts_with("<svg xmlns=") && alone.contains("prefers-color-scheme:dark"));
    assert!(!alone.contains("<script"));
    let boxes = boxes(&english);
    assert_eq!(boxes.len(), 7, "one a stage");
    let width = number(&english, " width=\"");
    for (index, (x, y, w, h)) in boxes.iter().enumerate() {
        assert!(*x >= 0 && x + w <= width, "inside: {x} {w} of {width}");
        for (x2, y2, w2, h2) in &boxes[index + 1..] {
            let apart = x + w <= *x2 || x2 + w2 <= *x || y + h <= *y2 || y2 + h2 <= *y;
            assert!(apart, "two stages lie over one another");
        }
    }
}

fn number(text: &str, after: &str) -> i32 {
    let rest = text.split(after).nth(1).expect("it");
    rest.split('"')
        .next()
        .and_then(|it| it.parse().ok())
        .expect("a number")
}

fn boxes(drawn: &str) -> Vec<(i32, i32, i32, i32)> {
    let boxes = drawn.split("<rect class=\"diagram-box ").skip(1);
    boxes
        .map(|one| {
            (
                number(one, " x=\""),
                number(one, " y=\""),
                number(one, " width=\""),
                number(one, " height=\""),
            )
        })
        .collect()
}

/// Goal: who is asked and why, with how each condition answers, and whom the file names.
#[test]
fn an_explanation_says_how_conditions_answer_and_whom_the_file_names() {
    let definition = house_of(&read("chains/contract.yaml"));
    let explained = chancery_workflow::explain(
        &definition,
        &contract("200000.00"),
        &version(1, "olga"),
        person("olga"),
        &directory(),
    )
    .expect("explained");
    let finance = explained
        .iter()
        .find(|stage| stage.path == "expertise/finance")
        .expect("it");
    assert_eq!(finance.answers, [Some(true)]);
    assert_eq!(finance.named, [("role: accountant".to_owned(), None)]);
    let chancery_workflow::view::Forecast::Asks {
        assignees, seats, ..
    } = &finance.forecast
    else {
        panic!("{finance:?}");
    };
    assert_eq!(assignees, &[Assignee::Person(person("anna"))]);
    assert_eq!(seats[0].groups, BTreeSet::from([0]));
}

/// Goal: a file that not everybody may start by is played by somebody who may, whatever stands in
/// `who`; where the example names who holds the role, it is as the example says.
#[test]
fn whoever_starts_an_example_may_start() {
    const SIMPLE: &str = "{ name: one, doc: { amount: 'RUB 1.00', payment_days: 1 }, \
        expect: { outcome: completed } }";
    let starters = [
        "{ role: lawyer }",
        "{ role: lawyer, department: legal }",
        "{ role: cfo }, { role: lawyer }",
        "{ group: contract_board }",
        "{ department: legal }",
        "{ head_of: legal }",
    ];
    for who in starters {
        let example = format!("{SIMPLE}\nstart: {{ who: [{who}] }}");
        assert_eq!(said(&example), Vec::<String>::new(), "{who}");
    }
    let named = SIMPLE.replace("expect:", "people: { lawyer: [irina] }, expect:");
    let example = format!("{named}\nstart: {{ who: [{{ role: lawyer }}] }}");
    assert_eq!(said(&example).len(), 1, "{:?}", said(&example));
}
