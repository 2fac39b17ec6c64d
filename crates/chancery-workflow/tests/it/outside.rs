//! What a run lets happen outside, as values, and forms that a stage fills.

use chancery_types::FieldValue;
use chancery_types::field::Card;
use chancery_workflow::{
    Assignee, Deed, Definition, Effect, Event, EventKind, Occasion, TaskNumber, apply,
};

use crate::support::*;

fn play(source: &str) -> Play {
    Play::new(define_with_means(&with_stages(source)), contract("1"))
}

/// What was done outside in the last step.
fn done(play: &Play) -> Vec<(Occasion, u32, u32, Deed)> {
    let effects = play.effects.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Perform {
                occasion,
                times,
                position,
                version_digest,
                deed,
            } => {
                let present = play.state.subject.as_ref().map(|it| it.version.digest);
                assert_eq!(present, Some(*version_digest));
                Some((*occasion, *times, *position, deed.clone()))
            }
            _ => None,
        })
        .collect()
}

const ALL_OCCASIONS: &str = "effects:
  started: [{ webhook: erp-signed }]
  completed:
    - { register: { journal: contracts } }
    - { webhook: erp-signed }
    - { notify: { to: [initiator, { role: lawyer }, { contact: doc.counterparty_contact }, { user: gone }], template: signed } }
    - { create: { type: contract, fields: { subject: doc.subject, executor: doc.executor } } }
  rejected: [{ notify: { to: [open_tasks, initiator], template: withdrawn } }]
  withdrawn: [{ notify: { to: [open_tasks], template: withdrawn } }]
  cancelled: [{ notify: { to: [open_tasks], template: withdrawn } }]
stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }, { user: anna }], quorum: any }
  - { id: money, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }, { user: nina }] }
";

/// Goal: each occasion has its deeds, in the order of the file, with the people and the fields that
/// they need; whoever has left is told nothing, and an absent field is left out.
#[test]
fn a_run_says_what_is_done_outside() {
    let mut play = play(ALL_OCCASIONS);
    play.must("olga starts");
    let webhook = || Deed::CallWebhook {
        webhook: "erp-signed".to_owned(),
    };
    assert_eq!(done(&play), [(Occasion::Started, 1, 0, webhook())]);
    play.must("irina approves legal");
    assert_eq!(done(&play), [], "a decision in between is no occasion");
    play.must("boris approves money\nnina approves money");
    let subject = FieldValue::Text("Поставка бумаги".to_owned());
    let people = ["olga", "irina", "lev", "carl"].map(assignee);
    let wanted = [
        Deed::Register {
            journal: "contracts".to_owned(),
        },
        webhook(),
        Deed::Notify {
            template: "signed".to_owned(),
            whom: people.to_vec(),
        },
        Deed::CreateDocument {
            kind: "contract".to_owned(),
            card: Card::from([("subject".to_owned(), subject)]),
        },
    ];
    let wanted: Vec<_> = (0_u32..)
        .zip(wanted)
        .map(|(position, deed)| (Occasion::Completed, 1, position, deed))
        .collect();
    assert_eq!(done(&play), wanted);
    let finish = play
        .effects
        .iter()
        .position(|effect| matches!(effect, Effect::Finish { .. }));
    let first = play
        .effects
        .iter()
        .position(|effect| matches!(effect, Effect::Perform { .. }));
    assert!(finish < first, "the end comes first");
}

/// Goal: `open_tasks` are those whose tasks the occasion closes: not who decided, nobody twice.
#[test]
fn whoever_was_still_asked_is_told_of_the_end() {
    let told = |script: &str| -> (Occasion, Vec<Assignee>) {
        let mut play = play(ALL_OCCASIONS);
        play.must(script);
        match done(&play).as_slice() {
            [(occasion, 1, 0, Deed::Notify { whom, .. })] => (*occasion, whom.clone()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        told("olga starts\nirina approves legal\nboris rejects money"),
        (Occasion::Rejected, vec![assignee("nina"), assignee("olga")])
    );
    assert_eq!(
        told("olga starts\nolga withdraws"),
        (
            Occasion::Withdrawn,
            vec![assignee("irina"), assignee("anna")]
        )
    );
    assert_eq!(
        told("olga starts\nirina approves legal\ntom cancels"),
        (
            Occasion::Cancelled,
            vec![assignee("boris"), assignee("nina")]
        )
    );
}

/// Goal: the end of a run happens once, whatever comes after it.
#[test]
fn an_occasion_of_the_end_comes_once() {
    let source = ALL_OCCASIONS.replace(
        "stages:\n",
        "stages:
  - { id: read, type: acknowledge, title: { ru: в, en: c }, assignees: [{ user: tom }], blocking: false }
",
    );
    let mut play = play(&source);
    play.must("olga starts\nirina approves legal\nboris approves money\nnina approves money");
    assert_eq!(done(&play).len(), 4);
    play.must("tom reads read");
    assert_eq!(done(&play), []);
}

const FORM: &str = "material: { fields: [amount, counterparty, subject] }
stages:
  - id: legal
    type: approve
    title: { ru: а, en: a }
    assignees: [{ user: irina }, { user: anna }]
    form: { required: [doc.valid_until, doc.executor] }
    carry: always
  - { id: money, type: approve, title: { ru: б, en: b }, assignees: [{ user: boris }] }
";

fn fills(play: &Play, who: &str, task: u32, fields: &[(&str, FieldValue)]) -> Event {
    let fields = fields.iter();
    Event {
        kind: EventKind::FormFilled {
            task: TaskNumber(task),
            version_digest: play
                .state
                .subject
                .as_ref()
                .map_or(digest(1), |it| it.version.digest),
            fields: fields
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        },
        ..play.event(&format!("{who} approves legal"))
    }
}

fn sent(play: &mut Play, event: &Event) -> String {
    match apply(&play.definition, &play.state, event, &play.directory) {
        Ok(step) => {
            play.state = step.state;
            play.effects = step.effects;
            play.now()
        }
        Err(refusal) => refusal.code().to_owned(),
    }
}

fn day(text: &str) -> FieldValue {
    FieldValue::Date(text.parse().expect("a date"))
}

fn of_person(login: &str) -> FieldValue {
    FieldValue::Reference(person(login).uuid())
}

/// Goal: nobody agrees before every field is filled, whoever refuses need not fill any; a form is
/// filled only by whoever may decide, with fields of the form and values of their type; the version
/// stays, and with it every vote.
#[test]
fn a_stage_fills_fields_before_it_agrees() {
    let mut play = play(FORM);
    play.must("olga starts");
    let until = ("valid_until", day("2027-01-31"));
    assert_eq!(
        play.line("irina approves legal"),
        "refused: field executor must be filled in stage legal"
    );
    let event = fills(&play, "lev", 1, std::slice::from_ref(&until));
    assert_eq!(sent(&mut play, &event), "not-assignee");
    let event = fills(
        &play,
        "irina",
        1,
        &[("payment_days", FieldValue::Integer(3))],
    );
    assert_eq!(sent(&mut play, &event), "card-not-accepted");
    let event = fills(&play, "irina", 1, &[("executor", FieldValue::Integer(3))]);
    assert_eq!(sent(&mut play, &event), "card-not-accepted");
    let mut event = fills(&play, "irina", 1, std::slice::from_ref(&until));
    if let EventKind::FormFilled { version_digest, .. } = &mut event.kind {
        *version_digest = digest(77);
    }
    assert_eq!(sent(&mut play, &event), "stale-version");
    let event = fills(
        &play,
        "irina",
        1,
        &[until.clone(), ("executor", of_person("nina"))],
    );
    let open = "Running 1 [1 legal irina, 2 legal anna]";
    assert_eq!(sent(&mut play, &event), open);
    let [Effect::FillCard { task, fields }] = play.effects.as_slice() else {
        panic!("{:?}", play.effects);
    };
    assert_eq!((task.0, fields.len()), (1, 2));
    let subject = play.state.subject.clone().expect("a subject");
    assert_eq!(subject.card.get("valid_until"), Some(&until.1));
    assert_eq!(subject.version, version(1, "olga"));
    play.must("irina approves legal\nanna approves legal");
    assert_eq!(play.now(), "Running 1 [3 money boris]");
    let event = fills(&play, "boris", 3, &[until]);
    assert_eq!(sent(&mut play, &event), "card-not-accepted", "not his form");
    let mut play = self::play(FORM);
    play.must("olga starts\nirina returns legal");
    assert_eq!(play.now(), "Rework 1 []");
}

/// Goal: a new version whose card lacks the fields asks for them again.
#[test]
fn a_new_version_without_the_fields_is_filled_again() {
    let mut play = play(FORM);
    play.must("olga starts");
    let both = [
        ("valid_until", day("2027-01-31")),
        ("executor", of_person("nina")),
    ];
    let event = fills(&play, "irina", 1, &both);
    sent(&mut play, &event);
    play.must("irina approves legal\nolga edits 2");
    assert_eq!(
        play.line("anna approves legal"),
        "refused: field executor must be filled in stage legal"
    );
}

/// Goal: whoever has not these means refuses each of the keys by name, and accepts the rest.
#[test]
fn without_the_means_each_key_is_refused_by_name() {
    for (source, key) in [(ALL_OCCASIONS, "effects"), (FORM, "form")] {
        let found = Definition::parse(&with_stages(source), &kinds(), &vocabulary());
        let found = found.expect_err(key);
        let said: Vec<(&str, String)> = found
            .iter()
            .map(|it| (it.code, it.args["key"].clone()))
            .collect();
        assert_eq!(said, [("W010", key.to_owned())]);
    }
}
