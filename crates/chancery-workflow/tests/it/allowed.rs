//! What a stage allows beside deciding: each word of `allow`, and what a rejection says to whoever
//! reworks a document.

use chancery_types::Locale;
use chancery_workflow::{Decision, Definition, Phase, rights};

use crate::support::*;

/// One stage of two, with these keys besides.
fn one(rest: &str) -> Definition {
    define(&with_stages(&format!(
        "stages:
  - id: board
    type: approve
    title: {{ ru: а, en: a }}
    assignees: [{{ user: anna }}, {{ user: irina }}]
    quorum: all
{rest}"
    )))
}

fn started(rest: &str) -> Play {
    let mut play = Play::new(one(rest), contract("100.00"));
    play.must("olga starts");
    play
}

/// Goal: a list that names none of the three usual words takes none of them away, one that names
/// some leaves those alone, and the other words count only where they stand. Method: every list of
/// a few, against what each event does.
#[test]
fn each_word_of_allow_governs_what_is_possible() {
    for (list, reassigns, remarks, comments, adds) in [
        ("", true, true, true, false),
        ("    allow: []\n", true, true, true, false),
        ("    allow: [add_approver, bulk]\n", true, true, true, true),
        ("    allow: [reassign]\n", true, false, false, false),
        (
            "    allow: [remarks, add_approver]\n",
            false,
            true,
            false,
            true,
        ),
        ("    allow: [comment]\n", false, false, true, false),
        (
            "    allow: [reassign, add_approver, remarks, comment]\n",
            true,
            true,
            true,
            true,
        ),
    ] {
        let may = |line: &str| {
            let mut play = started(list);
            !play.line(line).contains("refused")
        };
        assert_eq!(may("anna passes board to nina"), reassigns, "{list} holder");
        assert_eq!(
            may("boris passes board to nina"),
            reassigns,
            "{list} manager"
        );
        assert!(may("tom passes board to nina"), "{list} administrator");
        assert_eq!(may("anna remarks board"), remarks, "{list}");
        assert_eq!(
            may("anna returns board"),
            remarks,
            "{list}: a return with remarks"
        );
        assert_eq!(may("anna adds nina board beside"), adds, "{list}");
        assert!(may("anna approves board"), "{list}");
        let play = started(list);
        let own = |login: &str| {
            rights(
                &play.definition,
                &play.state,
                person(login),
                &play.directory,
            )
            .comment
        };
        assert_eq!(own("anna"), comments, "{list}: whoever is asked");
        assert!(own("olga") && own("nina"), "{list}: whoever is not");
        let stage = play.definition.stage("board").expect("the stage");
        let offers = stage.decisions.contains(&Decision::ApproveWithRemarks);
        assert_eq!(offers, remarks, "{list}");
    }
}

/// Goal: whoever has decided takes part in the discussion again, also after the end.
#[test]
fn who_has_decided_may_comment() {
    let mut play = started("    allow: [remarks]\n");
    play.must("anna approves board");
    let may = |play: &Play, login: &str| {
        rights(
            &play.definition,
            &play.state,
            person(login),
            &play.directory,
        )
        .comment
    };
    assert!(may(&play, "anna") && !may(&play, "irina"));
    play.must("irina approves board");
    assert_eq!(play.state.phase, Phase::Completed);
    assert!(may(&play, "irina"));
}

/// Goal: a decision that needs remarks is not offered where there are none, and a file that offers
/// it all the same is refused.
#[test]
fn remarks_that_are_not_allowed_are_not_offered() {
    let offered = with_stages(
        "stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: anna }]
    decisions: [approve, approve_with_remarks, return]
    allow: [comment]
",
    );
    let found = Definition::parse(&offered, &kinds(), &vocabulary());
    let found = found.expect_err("refused");
    let keys: Vec<(&str, &str)> = found.iter().map(|one| (one.code, one.key)).collect();
    assert_eq!(keys, [("W115", "remarks-not-allowed")]);
}

/// Goal: what a file says to whoever reworks is there in both languages.
#[test]
fn a_rejection_that_sends_back_says_what_is_needed() {
    let play = started("    on_reject: { rework: { to: initiator, note: \"protocol\" } }\n");
    let note = |play: &Play, locale| {
        let stage = play.definition.stage("board").expect("the stage");
        let note = stage.rework_note.as_ref().expect("a note");
        note.get(locale).map(str::to_owned)
    };
    for locale in Locale::ALL {
        assert_eq!(note(&play, locale).as_deref(), Some("protocol"));
    }
    let both = "    on_reject: { rework: { note: { ru: Протокол, en: Protocol } } }\n";
    let mut play = started(both);
    assert_eq!(note(&play, Locale::Ru).as_deref(), Some("Протокол"));
    assert_eq!(note(&play, Locale::En).as_deref(), Some("Protocol"));
    play.must("anna rejects board");
    assert_eq!(play.state.phase, Phase::Rework);
}
