//! What may be done to a run from outside its tasks: by its owner, by whoever may take it back.

use chancery_types::id::DepartmentId;
use chancery_workflow::{Definition, Phase, RoleHeld, State, rights};

use crate::support::*;

/// A board of two, then one who signs; lawyers of the legal department answer for it.
fn owned(rest: &str) -> Definition {
    define(&with_stages(&format!(
        "owner: {{ role: lawyer, department: legal }}
{rest}stages:
  - id: board
    type: approve
    title: {{ ru: а, en: a }}
    assignees: [{{ user: anna }}, {{ user: boris }}]
    allow: [add_approver]
  - {{ id: last, type: sign, title: {{ ru: в, en: c }}, assignees: [{{ user: svetlana }}] }}
"
    )))
}

fn started(rest: &str) -> Play {
    let mut play = Play::new(owned(rest), contract("100.00"));
    play.must("olga starts");
    play
}

/// Goal: the owner does to a run what administrators do, and whoever is neither does none of it.
#[test]
fn the_owner_keeps_the_run_and_nobody_else_does() {
    let mut play = started("");
    check(
        &mut play,
        "
        pavel suspends   | refused: only an administrator or the owner of the workflow may do this
        irina suspends   | Running 1 [1 board anna, 2 board boris]
        anna approves board | refused: the run is suspended
        lev resumes      | Running 1 [1 board anna, 2 board boris]
        nina passes board to tom | refused: task 1 may not be reassigned by this actor
        irina passes board to nina | Running 1 [1 board nina, 2 board boris]
        pavel adds tom board beside | refused: this actor may not change who is asked in stage board
        irina adds tom board beside | Running 1 [1 board nina, 2 board boris, 3 board tom]
        boris drops tom board | refused: this actor may not change who is asked in stage board
        lev drops tom board | Running 1 [1 board nina, 2 board boris]
        pavel cancels    | refused: only an administrator or the owner of the workflow may do this
        irina cancels    | Withdrawn 1 []
        ",
    );
}

/// Goal: a role counts in the owner's department alone. Method: the same role held in another one,
/// held everywhere by somebody of another department, and by somebody who has left.
#[test]
fn the_owner_s_role_counts_in_its_department_alone() {
    let mut play = started("");
    let held = |within: Option<DepartmentId>| RoleHeld {
        role: "lawyer".to_owned(),
        department: within,
    };
    for (login, within) in [
        ("pavel", Some(department("sales"))),
        ("nina", None),
        ("gone", None),
    ] {
        let person = play.directory.people.get_mut(&person(login));
        person.expect("a person").roles.insert(held(within));
    }
    for login in ["pavel", "nina", "gone"] {
        assert!(play.line(&format!("{login} suspends")).contains("refused"));
    }
    let boris = play.directory.people.get_mut(&person("boris"));
    let roles = &mut boris.expect("a person").roles;
    roles.insert(held(Some(department("legal"))));
    play.must("boris suspends");
}

/// Goal: a workflow without an owner is kept by administrators alone, as before there were owners.
#[test]
fn without_an_owner_administrators_alone_keep_a_run() {
    let source = with_stages(
        "stages:
  - { id: last, type: sign, title: { ru: в, en: c }, assignees: [{ user: svetlana }] }
",
    );
    let mut play = Play::new(define(&source), contract("100.00"));
    play.must("olga starts");
    assert!(play.line("irina suspends").contains("refused"));
    play.must("tom suspends\ntom resumes");
}

/// Goal: whom `withdraw.who` names may take the document back until its step opens, and nobody
/// else. Method: a list with the initiator and a role, and one without the initiator.
#[test]
fn whoever_the_file_names_takes_the_document_back() {
    let both = "withdraw: { who: [initiator, { role: accountant }], until: last }\n";
    for who in ["olga", "anna"] {
        let mut play = started(both);
        assert!(play.line("pavel withdraws").contains("may not take"));
        play.must(&format!("{who} withdraws"));
        assert_eq!(play.state.phase, Phase::Withdrawn);
    }
    let mut play = started(both);
    play.must("anna approves board\nboris approves board");
    for who in ["olga", "anna"] {
        let said = play.line(&format!("{who} withdraws"));
        assert!(said.contains("no longer be withdrawn"), "{said}");
    }
    let mut play = started("withdraw: { who: [{ role: accountant }] }\n");
    assert!(play.line("olga withdraws").contains("may not take"));
    play.must("anna approves board\nboris approves board\nanna withdraws");
    assert_eq!(play.state.phase, Phase::Withdrawn);
}

/// Goal: what a page offers is what the engine lets happen. Method: everybody, in every phase of
/// two chains, against a trial of the event itself.
#[test]
fn rights_say_what_events_would_be_refused() {
    let files = [
        "",
        "withdraw: { who: [initiator, { role: accountant }], until: last }\n",
        "withdraw: { who: [{ role: lawyer }] }\n",
    ];
    let mut seen = 0;
    for rest in files {
        for script in [
            "",
            "anna approves board\nboris approves board",
            "anna returns board",
            "irina cancels",
        ] {
            let mut play = started(rest);
            play.must(script);
            for login in logins() {
                let tries = |verb: &str| {
                    let event = play.event(&format!("{login} {verb}"));
                    let applied = chancery_workflow::apply(
                        &play.definition,
                        &play.state,
                        &event,
                        &play.directory,
                    );
                    applied.is_ok()
                };
                let may = rights(
                    &play.definition,
                    &play.state,
                    person(login),
                    &play.directory,
                );
                assert_eq!(may.withdraw, tries("withdraws"), "{login} {script}");
                assert_eq!(may.keep, tries("suspends"), "{login} {script}");
                assert_eq!(may.keep, tries("cancels"), "{login} {script}");
                seen += usize::from(may.withdraw) + usize::from(may.own);
            }
        }
    }
    assert!(seen > 10, "somebody may: {seen}");
    let may = rights(&owned(""), &State::draft(), person("olga"), &directory());
    assert_eq!(may, chancery_workflow::Rights::default());
}

/// Goal: the day from which a text is in force is read, and another text of the same says none.
#[test]
fn a_text_says_from_which_day_it_is_in_force() {
    let stages = "stages:
  - { id: one, type: approve, title: { ru: а, en: a }, assignees: [{ user: anna }] }
";
    let dated = define(&with_stages(&format!(
        "effective_from: 2027-02-01\n{stages}"
    )));
    let day = dated.effective_from().map(|day| day.to_string());
    assert_eq!(day.as_deref(), Some("2027-02-01"));
    assert_eq!(define(&with_stages(stages)).effective_from(), None);
}
