//! Who is asked by the register of mandates, and whether their mandate stands when they sign.

use std::collections::BTreeMap;

use chancery_types::id::MandateId;
use chancery_types::{FieldValue, Instant, Locale, Money};
use chancery_workflow::{
    Definition, Diagnostic, Directory, Effect, Kind, Mandate, Severity, explain, weakenings,
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::support::{
    Play, contract, define_with_means, name, person, read, version, vocabulary, with_stages,
};

/// What a file of contracts says, whose card names one of our entities.
fn define(source: &str) -> Definition {
    let vocabulary = vocabulary();
    let kind = format!(
        "{}  - name: entity
    type: choice
    label: {{ ru: Юридическое лицо, en: Entity }}
    required: true
    choices:
      - {{ code: north, title: {{ ru: Север, en: North }} }}
      - {{ code: south, title: {{ ru: Юг, en: South }} }}
",
        read("kinds/contract.yaml")
    );
    let kind = Kind::parse(&kind, &vocabulary).expect("a kind");
    let kinds = BTreeMap::from([("contract".to_owned(), kind)]);
    Definition::parse(source, &kinds, &vocabulary).expect("accepted")
}

/// A signature by the register, after an approval.
fn signing() -> Definition {
    define(&with_stages(
        "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - id: sign
    type: sign
    title: { ru: в, en: c }
    assignees: [{ signatory: { entity: doc.entity, amount: doc.amount } }]
    quorum: any
",
    ))
}

fn mandate(number: u128, login: &str, entity: &str, limit: Option<&str>) -> Mandate {
    Mandate {
        id: MandateId(Uuid::from_u128(number)),
        person: person(login),
        entity: (!entity.is_empty()).then(|| entity.to_owned()),
        role: None,
        limit: limit.map(|limit| Money::parse(limit, "RUB").expect("an amount")),
        from: Instant::from_seconds(0),
        until: None,
        basis: format!("Доверенность № {number}"),
    }
}

fn play(definition: Definition, amount: &str, register: Vec<Mandate>) -> Play {
    let mut card = contract(amount);
    card.insert("entity".to_owned(), FieldValue::Text("north".to_owned()));
    let mut play = Play::new(definition, card);
    play.directory.mandates = register;
    play
}

/// Goal: those are asked whose mandate is for the entity, reaches the amount exactly, and stands;
/// nobody else. Method: amounts around a limit to the kopeck, other entities, other currencies,
/// mandates that have ended or are to come, people who have left.
#[test]
fn the_register_says_who_is_asked_to_sign() {
    let register = || {
        let mut euro = mandate(4, "lev", "north", None);
        euro.limit = Some(Money::parse("9000000.00", "EUR").expect("an amount"));
        let mut ended = mandate(5, "nina", "north", None);
        ended.until = Some(Instant::from_seconds(0));
        let mut later = mandate(6, "tom", "north", None);
        later.from = Instant::from_seconds(1_000_000);
        vec![
            mandate(1, "svetlana", "north", None),
            mandate(2, "boris", "north", Some("500000.00")),
            mandate(3, "pavel", "south", None),
            euro,
            ended,
            later,
            mandate(7, "gone", "north", None),
            mandate(8, "anna", "", Some("100.00")),
        ]
    };
    for (amount, asked) in [
        ("99.99", "boris svetlana anna"),
        ("100.00", "boris svetlana anna"),
        ("100.01", "boris svetlana"),
        ("500000.00", "boris svetlana"),
        ("500000.01", "svetlana"),
    ] {
        let mut play = play(signing(), amount, register());
        play.must("olga starts\nirina approves legal");
        let mut found: Vec<String> = play
            .state
            .open_tasks()
            .map(|(_, task)| name(task.assignee))
            .collect();
        let mut wanted: Vec<&str> = asked.split(' ').collect();
        found.sort();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{amount}");
    }
}

/// Goal: nobody in the register is a clear refusal, before the start; without an amount in the file
/// only mandates without a limit are enough; the initiator's own mandate is nobody else's.
#[test]
fn without_a_mandate_nobody_is_asked() {
    let mut none = play(signing(), "100.00", Vec::new());
    let said = none.line("olga starts");
    assert!(said.contains("needs a mandate"), "{said}");
    let own = vec![mandate(1, "olga", "north", None)];
    let mut own = play(signing(), "100.00", own);
    let said = own.line("olga starts");
    assert!(said.contains("needs a mandate"), "not her manager: {said}");
    let unlimited = define(&with_stages(
        "stages:
  - { id: sign, type: sign, title: { ru: в, en: c }, quorum: any,
      assignees: [{ signatory: { entity: north } }] }
",
    ));
    let register = vec![
        mandate(1, "boris", "north", Some("999999999.00")),
        mandate(2, "svetlana", "north", None),
    ];
    let mut play = play(unlimited, "1.00", register);
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 sign svetlana]");
}

/// Goal: a mandate that has ended, or is smaller than the amount, by the moment of signing refuses
/// the signature and says why; another one signs; whoever refuses needs none. Method: the register
/// changes after the stage has opened.
#[test]
fn the_mandate_is_asked_again_when_it_is_signed() {
    let register = vec![
        mandate(1, "svetlana", "north", None),
        mandate(2, "boris", "north", Some("500000.00")),
    ];
    let mut play = play(signing(), "400000.00", register);
    play.must("olga starts\nirina approves legal");
    let seats = &play.state.stages["sign"].seats;
    let by: Vec<Option<MandateId>> = seats.iter().map(|seat| seat.mandate).collect();
    assert_eq!(by.len(), 2);
    assert!(
        by.iter().all(Option::is_some),
        "frozen with the seat: {by:?}"
    );
    play.directory.mandates[1].limit = Some(Money::parse("399999.99", "RUB").expect("it"));
    let said = play.line("boris signs sign");
    assert!(
        said.contains("is not enough") && said.contains("RUB 399999.99"),
        "{said}"
    );
    assert!(said.contains("Доверенность № 2"), "{said}");
    play.directory.mandates[0].until = Some(Instant::from_seconds(0));
    let said = play.line("svetlana signs sign");
    assert!(
        said.contains("does not stand") && said.contains("№ 1"),
        "{said}"
    );
    play.directory.mandates.clear();
    let said = play.line("svetlana signs sign");
    assert!(said.contains("there is none"), "{said}");
    // A task goes only to whoever has a mandate.
    let said = play.line("boris passes sign to lev");
    assert!(said.contains("there is none"), "{said}");
    play.directory.mandates = vec![mandate(9, "lev", "north", None)];
    play.must("boris passes sign to lev\nlev signs sign");
    let signed = play
        .state
        .tasks
        .values()
        .find(|task| task.mandate.is_some());
    let signed = signed.expect("by a mandate").mandate;
    assert_eq!(signed, Some(MandateId(Uuid::from_u128(9))));
    assert!(
        play.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Finish { .. }))
    );
}

/// Goal: whoever refuses to sign needs no mandate.
#[test]
fn a_refusal_needs_no_mandate() {
    let register = vec![mandate(1, "svetlana", "north", None)];
    let mut play = play(signing(), "100.00", register);
    play.must("olga starts\nirina approves legal");
    play.directory.mandates.clear();
    play.must("svetlana returns sign");
    assert_eq!(play.now(), "Rework 1 []");
}

/// Goal: a role with an entity is held by those who hold the role and are in the register in it.
#[test]
fn a_role_for_an_entity_needs_both() {
    let source = with_stages(
        "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, quorum: any,
      assignees: [{ role: lawyer, entity: north }] }
",
    );
    let in_role = |number, login: &str, entity: &str| Mandate {
        role: Some("lawyer".to_owned()),
        ..mandate(number, login, entity, None)
    };
    let register = vec![
        in_role(1, "irina", "north"),
        in_role(2, "lev", "south"),
        in_role(3, "anna", "north"),
        mandate(4, "lev", "north", None),
    ];
    let mut play = play(define(&source), "100.00", register);
    play.must("olga starts");
    assert_eq!(play.now(), "Running 1 [1 legal irina]");
}

/// Goal: the currency that the file wants is the amount's, or nobody is asked.
#[test]
fn a_currency_that_is_wanted_is_the_amounts() {
    let of = |currency: &str| {
        define(&with_stages(&format!(
            "stages:
  - {{ id: sign, type: sign, title: {{ ru: в, en: c }}, quorum: any,
      assignees: [{{ signatory: {{ entity: north, amount: doc.amount, currency: {currency} }} }}] }}
"
        )))
    };
    let register = || vec![mandate(1, "svetlana", "north", None)];
    let mut same = play(of("RUB"), "100.00", register());
    same.must("olga starts");
    let mut other = play(of("EUR"), "100.00", register());
    assert!(other.line("olga starts").contains("needs a mandate"));
}

/// Goal: `explain` names the row of the register; before a start the register is read as of when
/// the directory was. Method: a mandate with a term, explained before it, within it and after it.
#[test]
fn explain_names_the_row_of_the_register() {
    let mut with_term = mandate(1, "svetlana", "north", None);
    with_term.from = Instant::from_seconds(100);
    with_term.until = Some(Instant::from_seconds(200));
    let mut play = play(signing(), "100.00", vec![with_term]);
    for (read_at, finds) in [(99, false), (100, true), (199, true), (200, false)] {
        play.directory.read_at = Some(Instant::from_seconds(read_at));
        let told = explain(
            &play.definition,
            &play.card,
            &version(1, "olga"),
            person("olga"),
            &play.directory,
        );
        let told = told.expect("explained");
        let sign = told
            .iter()
            .find(|one| one.path == "sign")
            .expect("the stage");
        let text = format!("{:?}", sign.forecast);
        assert_eq!(text.contains("MandateId"), finds, "{read_at}: {text}");
        let named = &sign.named[0].0;
        assert_eq!(named, "signatory: {entity: doc.entity, amount: doc.amount}");
    }
}

/// Goal: a file's own examples are played with people who have mandates, and an organisation's file
/// brings its register. Method: an example of both stages; a file with each key, and each fault.
#[test]
fn examples_have_mandates_and_files_bring_a_register() {
    let tests = "tests:
  - name: signed by the register
    doc: { amount: RUB 100.00, entity: south }
    expect: { path: [legal, sign], outcome: completed }
";
    let stages = "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: sign, type: sign, title: { ru: в, en: c }, quorum: any,
      assignees: [{ signatory: { entity: doc.entity, amount: doc.amount } }] }
";
    let definition = define(&with_stages(&format!("{stages}{tests}")));
    assert_eq!(definition.examples().len(), 1);
    let file = "people: [{ login: svetlana }]
mandates:
  - { person: svetlana, entity: north, role: lawyer, limit: RUB 0.50, from: 2026-01-01, until: 2026-01-31, basis: x }
";
    let read = |file: &str| Directory::parse(file, &vocabulary(), &TimeZone::UTC);
    let directory = read(file).expect("read");
    let row = &directory.mandates[0];
    assert_eq!(row.limit, Money::parse("0.50", "RUB").ok());
    let day = |text: &str| text.parse::<Instant>().expect("an instant");
    assert_eq!(row.from, day("2026-01-01T00:00:00Z"));
    assert_eq!(
        row.until,
        Some(day("2026-02-01T00:00:00Z")),
        "the last day is whole"
    );
    for (from, to, key) in [
        (
            "person: svetlana, e",
            "person: nobody, e",
            "organisation-nobody",
        ),
        ("lawyer", "lawyr", "unknown-role"),
        ("RUB 0.50", "0.50", "bad-currency"),
        ("RUB 0.50", "RUB x", "bad-money-literal"),
        ("2026-01-31", "31.01.2026", "bad-date"),
        (", basis: x", "", "missing-key"),
        ("entity: north", "entity: North", "bad-id"),
    ] {
        let found = read(&file.replacen(from, to, 1)).expect_err(key);
        assert!(found.iter().any(|one| one.key == key), "{key}: {found:?}");
    }
}

/// Goal: an author is told today of whom a file names in vain, once a stage, with a cure in both
/// languages; what depends on a document is passed over. Method: one stage for each way of naming
/// people, with an organisation that has nobody, then somebody who has left, then everybody.
#[test]
fn whom_a_file_names_in_vain_today_is_told() {
    let stage = |number: usize, who: &str| {
        format!(
            "  - {{ id: s{number}, type: approve, title: {{ ru: {number}, en: {number} }}, \
             assignees: [{who}], quorum: any }}\n"
        )
    };
    let ways = [
        ("{ user: irina }", "nobody-login"),
        ("{ role: lawyer }", "nobody-role"),
        ("{ role: lawyer, department: legal }", "nobody-department"),
        ("{ group: tender_committee }", "nobody-group"),
        ("{ department: legal }", "nobody-department"),
        ("{ head_of: legal }", "nobody-head"),
        ("{ role: lawyer, except: [{ user: anna }] }", "nobody-role"),
        ("{ role: lawyer, entity: doc.entity }", "nobody-role"),
        ("{ signatory: { entity: doc.entity } }", "nobody-signs"),
        ("{ manager_of: initiator }", ""),
        ("{ head_of: doc.department }", ""),
    ];
    let stages: String = (1..)
        .zip(ways)
        .map(|(number, (who, _))| stage(number, who))
        .collect();
    let definition = define(&with_stages(&format!("stages:\n{stages}")));
    let now = Instant::from_seconds(1);
    let told = |directory: &Directory| -> Vec<(String, &str)> {
        let found = definition.absentees(directory, now);
        for one in &found {
            assert_eq!((one.code, one.severity), ("W201", Severity::Warning));
            assert!(one.line > 1, "{one:?}");
            for locale in Locale::ALL {
                assert!(one.help(locale).is_some() && !one.text(locale).contains('{'));
            }
        }
        let found = found.iter();
        found
            .map(|one| (one.args["stage"].clone(), one.key))
            .collect()
    };
    let expected: Vec<(String, &str)> = (1..)
        .zip(ways)
        .filter(|(_, (_, key))| !key.is_empty())
        .map(|(number, (_, key)): (usize, _)| (format!("s{number}"), key))
        .collect();
    assert_eq!(told(&Directory::default()), expected);
    let read = |file: &str| Directory::parse(file, &vocabulary(), &TimeZone::UTC).expect("read");
    let people = |active: bool| {
        read(&format!(
            "people: [{{ login: irina, active: {active}, departments: [legal], \
             roles: [{{ role: lawyer }}] }}]\n\
             departments: [{{ key: legal, head: irina }}]\n\
             groups: {{ tender_committee: [irina] }}\n"
        ))
    };
    let left = told(&people(false));
    assert_eq!(left.len(), expected.len(), "{left:?}");
    let mut there = people(true);
    let some = [
        ("s8".to_owned(), "nobody-mandated"),
        ("s9".to_owned(), "nobody-signs"),
    ];
    assert_eq!(told(&there), some);
    let id = there.person_by_login("irina").expect("irina").id;
    let row = |role: Option<&str>| Mandate {
        person: id,
        role: role.map(str::to_owned),
        ..mandate(1, "irina", "north", None)
    };
    there.mandates = vec![row(None), row(Some("lawyer"))];
    assert!(told(&there).is_empty());
    // A mandate that has ended is none.
    for one in &mut there.mandates {
        one.until = Some(now);
    }
    assert_eq!(told(&there), some);
    // The year of the calendar is told beside.
    assert_eq!(
        definition.warnings_today(&there, now).len(),
        some.len(),
        "a file without a calendar has none that ends"
    );
}

/// Goal: an author is told today of a stage whose late tasks go to fewer people than it needs
/// votes, though a role may have any number. Method: one company, and stages that differ in whom
/// they ask, in how many must agree, and in who takes over.
#[test]
fn a_stage_whose_late_tasks_go_to_too_few_people_today_is_told() {
    let source = |stage: &str| {
        with_stages(&format!(
            "stages:\n  - {{ id: money, type: approve, title: {{ ru: д, en: m }}, {stage} }}\n"
        ))
        .replace("\nstages:", "\ncalendar: ru-5x8\nstages:")
    };
    let people = "people:\n\
        - { login: a, roles: [{ role: accountant }] }\n\
        - { login: b, roles: [{ role: accountant }] }\n\
        - { login: c, roles: [{ role: accountant }, { role: lawyer }] }\n\
        - { login: boss, roles: [{ role: cfo }] }\n\
        - { login: left, active: false, roles: [{ role: cfo }], departments: [legal] }\n\
        departments: [{ key: legal, head: boss }]\n\
        groups: { tender_committee: [a, left] }\n";
    let there = Directory::parse(people, &vocabulary(), &TimeZone::UTC).expect("read");
    let late = |to: &str| format!("due: 2bd, on_timeout: {{ escalate: {{ to: [{to}] }} }}");
    let told = |asked: &str, to: &str| -> Vec<String> {
        let stage = format!("{asked}, {}", late(to));
        let found = define_with_means(&source(&stage)).short_of_heads(&there);
        for one in &found {
            assert_eq!((one.code, one.key), ("W315", "late-to-few-today"));
            assert_eq!(one.severity, Severity::Warning);
            for locale in Locale::ALL {
                assert!(one.help(locale).is_some() && !one.text(locale).contains('{'));
            }
        }
        let numbers = |one: &Diagnostic| format!("{}/{}", one.args["count"], one.args["needed"]);
        found.iter().map(numbers).collect()
    };
    let three = "assignees: [{ role: accountant }]";
    let two_of = format!("{three}, quorum: {{ count: 2 }}");
    let most = format!("{three}, quorum: {{ percent: 60 }}");
    let any = format!("{three}, quorum: any");
    let named = "assignees: [{ user: a }, { user: b }]";
    for (asked, to, expected) in [
        (two_of.as_str(), "{ role: cfo }", &["1/2"][..]),
        (three, "{ role: cfo }", &["1/3"]),
        (&most, "{ role: cfo }", &["1/2"]),
        (&most, "{ group: tender_committee }", &["1/2"]),
        (named, "{ role: cfo }", &["1/2"]),
        (three, "{ role: cfo }, { role: lawyer }", &["2/3"]),
        (&two_of, "{ role: cfo }, { role: lawyer }", &[]),
        (&any, "{ role: cfo }", &[]),
        ("assignees: [{ role: lawyer }]", "{ role: cfo }", &[]),
        // Nobody at all is told as such, a document says who, or the file has said it.
        (&two_of, "{ role: clerk }", &[]),
        (&two_of, "{ manager_of: assignee }", &[]),
        (&two_of, "{ head_of: legal }", &[]),
    ] {
        assert_eq!(told(asked, to), expected, "{asked} to {to}");
    }
    let both = define_with_means(&source(&format!("{two_of}, {}", late("{ role: cfo }"))));
    let now = Instant::from_seconds(1);
    let today = both.warnings_today(&there, now);
    assert!(
        today.iter().any(|one| one.key == "late-to-few-today"),
        "{today:?}"
    );
}

/// Goal: a stage that stops asking the register is a weaker control. Method: signatories by the
/// register, then whoever holds a role; and the other way.
#[test]
fn a_stage_that_stops_asking_the_register_is_weaker() {
    let stage = |who: &str| {
        define(&with_stages(&format!(
            "stages:\n  - {{ id: sign, type: sign, title: {{ ru: в, en: c }}, assignees: [{who}], \
             quorum: any }}\n"
        )))
    };
    let by_register = stage("{ signatory: { entity: doc.entity } }");
    let by_role = stage("{ role: lawyer }");
    let keys = |before: &Definition, after: &Definition| -> Vec<&str> {
        let found = weakenings(before, after);
        found.iter().map(|finding| finding.key).collect()
    };
    assert_eq!(keys(&by_register, &by_role), ["register-dropped"]);
    assert!(keys(&by_role, &by_register).is_empty());
    let in_role = stage("{ role: lawyer, entity: doc.entity }");
    assert!(keys(&by_register, &in_role).is_empty());
}
