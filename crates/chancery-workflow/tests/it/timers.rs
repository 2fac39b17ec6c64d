//! Timers: due dates, reminders, escalation, and clocks that stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chancery_types::field::Card;
use chancery_types::{FieldValue, Instant, Locale};
use chancery_workflow::{
    Actor, Calendar, CloseReason, Decision, Definition, Directory, Effect, Event, EventKind, House,
    Outcome, Phase, Refusal, State, TaskNumber, TaskState, TimerKind, TimerNumber, apply, render,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::*;

fn timed_with(source: &str, calendars: &BTreeMap<String, Calendar>) -> Definition {
    let house = House {
        kinds: &kinds(),
        vocabulary: &vocabulary(),
        calendars,
    };
    Definition::parse_in(source, &house)
        .unwrap_or_else(|found| panic!("{}", render(&found, source, "x", Locale::En)))
}

fn timed(stages: &str) -> Definition {
    timed_with(&with_stages(stages), &crate::support::calendars())
}

/// One stage of Irina's, with these keys, in Russian working time.
fn one_stage(keys: &str) -> String {
    format!(
        "calendar: ru-5x8
stages:
  - id: legal
    type: approve
    title: {{ ru: а, en: a }}
    assignees: [{{ user: irina }}]
{keys}"
    )
}

/// A time of Moscow: `03-16 10:00`, of 2026 unless a year is given.
fn at(text: &str) -> Instant {
    let text = if text.len() > 11 {
        text.to_owned()
    } else {
        format!("2026-{text}")
    };
    let text = text.replace(' ', "T");
    format!("{text}:00+03:00").parse().expect("a time")
}

fn shown(at: Instant) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let shown = zone.to_datetime(at.timestamp());
    shown.strftime("%m-%d %H:%M").to_string()
}

/// A run and the alarm clocks that a shell would keep for it.
struct Watch {
    definition: Definition,
    directory: Directory,
    state: State,
    now: Instant,
    /// What the effects say is armed.
    alarms: BTreeMap<TimerNumber, (u32, Instant)>,
}

impl Watch {
    fn start(definition: Definition, when: &str) -> Self {
        Self::start_with(definition, when, contract("90000.00"))
    }

    fn start_with(definition: Definition, when: &str, card: Card) -> Self {
        let mut watch = Self {
            definition,
            directory: directory(),
            state: State::draft(),
            now: at(when),
            alarms: BTreeMap::new(),
        };
        let kind = EventKind::Started {
            card,
            version: version(1, "olga"),
        };
        watch.does("olga", kind).expect("started");
        watch
    }

    fn does(&mut self, who: &str, kind: EventKind) -> Result<Vec<Effect>, Refusal> {
        let actor = if who == "service" {
            Actor::System
        } else {
            actor(who)
        };
        let event = Event {
            at: self.now,
            actor,
            kind,
        };
        let step = apply(&self.definition, &self.state, &event, &self.directory)?;
        self.state = step.state;
        for effect in &step.effects {
            match effect {
                Effect::ArmTimer {
                    timer,
                    generation,
                    due_at,
                    ..
                } => {
                    let before = self.alarms.insert(*timer, (*generation, *due_at));
                    assert!(before.is_none_or(|(before, _)| before < *generation));
                }
                Effect::DisarmTimer { timer } => {
                    assert!(self.alarms.remove(timer).is_some(), "{timer} was not armed");
                }
                _ => {}
            }
        }
        Ok(step.effects)
    }

    /// The run goes on by another definition.
    fn moves(&mut self, to: Definition) -> Result<Vec<Effect>, Refusal> {
        let plan = chancery_workflow::migration::plan(&self.definition, &to, &self.state)?;
        let (pinned_from, pinned_to) = (plan.from, plan.to);
        let before = std::mem::replace(&mut self.definition, to);
        let kind = EventKind::Migrated {
            pinned_from,
            pinned_to,
            plan: Box::new(plan),
        };
        let moved = self.does("tom", kind);
        if moved.is_err() {
            self.definition = before;
        }
        moved
    }

    fn decides(&mut self, who: &str, decision: Decision) -> Result<Vec<Effect>, Refusal> {
        let mine = |(number, task): (TaskNumber, &chancery_workflow::Task)| {
            (task.assignee == assignee(who)).then_some(number)
        };
        let task = self
            .state
            .open_tasks()
            .find_map(mine)
            .unwrap_or(TaskNumber(99));
        let kind = EventKind::Decided {
            task,
            decision,
            version_digest: self.state.subject.as_ref().expect("started").version.digest,
            comment: Some("Ждём".to_owned()),
            remarks: Vec::new(),
        };
        self.does(who, kind)
    }

    fn ring(&mut self, timer: TimerNumber, generation: u32) -> Vec<Effect> {
        let kind = EventKind::TimerFired { timer, generation };
        self.does("service", kind)
            .expect("an alarm is never refused")
    }

    /// The first alarm rings, at its time or now if that has passed.
    fn next(&mut self) -> Option<String> {
        let first = self
            .alarms
            .iter()
            .min_by_key(|(number, (_, at))| (*at, **number));
        let (number, (generation, due_at)) = first.map(|(number, alarm)| (*number, *alarm))?;
        self.now = self.now.max(due_at);
        self.alarms.remove(&number);
        let effects = self.ring(number, generation);
        Some(format!("{} {}", shown(self.now), words(&effects)))
    }

    fn all(&mut self) -> String {
        let mut out = String::new();
        while let Some(line) = self.next() {
            writeln!(out, "{line}").expect("written");
        }
        out
    }

    fn due(&self) -> Vec<String> {
        let open = self.state.open_tasks();
        open.map(|(_, task)| task.due_at.map_or("stands".to_owned(), shown))
            .collect()
    }
}

/// What the effects are, but for alarms.
fn words(effects: &[Effect]) -> String {
    let names = |all: &[_]| {
        all.iter()
            .map(|who| name(*who))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let said = effects.iter().filter_map(|effect| match effect {
        Effect::Remind { task, rule, number } => Some(format!("remind {task} ({rule}.{number})")),
        Effect::TellOverdue { task, whom, number } => {
            Some(format!("overdue {task} ({number}) [{}]", names(whom)))
        }
        Effect::Escalate { task, rung, to } => {
            Some(format!("escalate {task} ({rung}) [{}]", names(to)))
        }
        Effect::OpenTask { task, assignee, .. } => Some(format!("ask {task} {}", name(*assignee))),
        Effect::MoveTask { task, to, .. } => Some(format!("move {task} {}", name(*to))),
        Effect::EndHold { task } => Some(format!("go on {task}")),
        Effect::Finish { outcome } => Some(format!("{outcome:?}")),
        _ => None,
    });
    said.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_task_is_reminded_of_then_overdue_then_escalated_in_working_time() {
    let stage = one_stage(
        "    due: 2bd
    remind: [{ before: 4bh }, { after: 1bd, every: 1bd, max: 2 }]
    escalate: [{ after: 1bd, add: [{ manager_of: assignee }] }, { after: 2bd, replace: [{ user: anna }] }]
",
    );
    let mut watch = Watch::start(timed(&stage), "03-19 10:00");
    assert_eq!(watch.due(), ["03-23 10:00"], "a weekend lies between");
    assert_eq!(
        watch.all(),
        "03-20 10:00 remind 1 (1.1)
03-20 15:00 remind 1 (0.1)
03-23 10:00 overdue 1 (0) []
03-23 10:00 remind 1 (1.2)
03-24 10:00 escalate 1 (1) [lev]; ask 2 lev
03-25 10:00 escalate 1 (2) [anna]; move 1 anna
03-25 10:00 remind 2 (1.1)
03-25 15:00 remind 2 (0.1)
03-26 10:00 overdue 2 (0) []
03-26 10:00 remind 2 (1.2)
"
    );
    // Whoever decides first decides for the seat; the other is not asked any more.
    let effects = watch.decides("lev", Decision::Approve).expect("accepted");
    let seat = Effect::CloseTask {
        task: TaskNumber(1),
        reason: CloseReason::SeatTaken,
    };
    assert!(effects.contains(&seat), "{effects:?}");
    assert_eq!(watch.state.phase, Phase::Completed);
    assert_eq!(watch.alarms, BTreeMap::new());
}

#[test]
fn a_rung_that_finds_nobody_says_so_and_changes_nothing() {
    // The initiator never decides, and who is gone is not asked.
    let stage = one_stage(
        "    due: 1bd
    escalate: [{ after: 1bh, replace: [{ user: olga }, { user: gone }] }]
",
    );
    let mut watch = Watch::start(timed(&stage), "03-16 10:00");
    assert_eq!(
        watch.all(),
        "03-17 10:00 overdue 1 (0) []\n03-17 11:00 escalate 1 (1) []\n"
    );
    assert_eq!(watch.state.open_tasks().count(), 1);
}

#[test]
fn a_stage_may_tell_tell_again_and_end_the_run() {
    let stage = one_stage(
        "    due: 4bh
    on_timeout: { notify: [initiator, { manager_of: assignee }], repeat: { every: 1bh, max: 2 }, then: { finish: expired } }
",
    );
    let mut watch = Watch::start(timed(&stage), "03-16 10:00");
    assert_eq!(
        watch.all(),
        "03-16 15:00 overdue 1 (0) [olga, lev]
03-16 16:00 overdue 1 (1) [olga, lev]
03-16 17:00 overdue 1 (2) [olga, lev]; Expired
"
    );
    assert_eq!(watch.state.phase, Phase::Withdrawn);
    assert_eq!(watch.state.outcome, Some(Outcome::Expired));
    assert_eq!(watch.state.open_tasks().count(), 0);
    let handed = one_stage("    due: 4bh\n    on_timeout: { escalate: { to: [{ role: cfo }] } }\n");
    let mut watch = Watch::start(timed(&handed), "03-16 10:00");
    assert_eq!(
        watch.all(),
        "03-16 15:00 overdue 1 (0) []; escalate 1 (0) [boris]; move 1 boris\n"
    );
}

#[test]
fn a_late_alarm_delays_nothing_and_a_long_silence_is_not_made_up_for() {
    let stage = one_stage("    remind: [{ after: 1bd, every: 1bd, max: 4 }]\n");
    let mut watch = Watch::start(timed(&stage), "03-16 10:00");
    // An hour late: the next comes at its time all the same.
    watch.now = at("03-17 11:00");
    assert_eq!(watch.next().as_deref(), Some("03-17 11:00 remind 1 (0.1)"));
    assert_eq!(watch.next().as_deref(), Some("03-18 10:00 remind 1 (0.2)"));
    // A week late: one reminder, and the next a day from then.
    watch.now = at("03-26 12:00");
    assert_eq!(watch.next().as_deref(), Some("03-26 12:00 remind 1 (0.3)"));
    assert_eq!(watch.next().as_deref(), Some("03-27 12:00 remind 1 (0.4)"));
    assert_eq!(watch.next(), None);
}

#[test]
fn a_suspended_run_uses_up_no_time() {
    let mut watch = Watch::start(timed(&one_stage("    due: 1bd\n")), "03-16 10:00");
    let (number, (generation, _)) = watch.alarms.first_key_value().expect("armed");
    let (number, generation) = (*number, *generation);
    watch.now = at("03-16 12:00");
    let reason = "Проверка".to_owned();
    watch
        .does("tom", EventKind::Suspended { reason })
        .expect("suspended");
    assert_eq!(
        (watch.due(), watch.alarms.len()),
        (vec!["stands".to_owned()], 0)
    );
    // An alarm that was on its way is not heard.
    watch.now = at("03-17 10:00");
    assert_eq!(watch.ring(number, generation), []);
    watch.now = at("03-18 12:00");
    watch.does("tom", EventKind::Resumed).expect("resumed");
    // Two of eight hours were used up: six are left.
    assert_eq!(watch.due(), ["03-19 10:00"]);
    watch.now = at("03-19 10:00");
    assert_eq!(watch.ring(number, generation), [], "an arm of before");
    watch.now = at("03-19 09:59");
    assert_eq!(watch.ring(number, generation + 1), [], "too early");
    assert_eq!(
        watch.next().as_deref(),
        Some("03-19 10:00 overdue 1 (0) []")
    );
}

#[test]
fn a_hold_stops_the_clock_once_and_for_so_long() {
    let stage = one_stage(
        "    due: 1bd
    decisions: [approve, reject, { id: hold, title: { ru: Жду, en: Wait }, effect: suspend_sla, max: 2bd }]
",
    );
    let mut watch = Watch::start(timed(&stage), "03-16 10:00");
    watch.now = at("03-16 12:00");
    watch.decides("irina", Decision::Hold).expect("held");
    assert_eq!(watch.due(), ["stands"]);
    watch.now = at("03-17 12:00");
    watch
        .decides("irina", Decision::Hold)
        .expect("held again: it is no longer by that");
    assert_eq!(watch.next().as_deref(), Some("03-18 12:00 go on 1"));
    assert_eq!(watch.due(), ["03-19 10:00"]);
    watch.now = at("03-18 15:00");
    watch.decides("irina", Decision::Hold).expect("held");
    assert_eq!(watch.due(), ["03-19 10:00"], "a second hold stops nothing");
    assert_eq!(watch.all(), "03-19 10:00 overdue 1 (0) []\n");
}

#[test]
fn another_calendar_moves_what_is_to_come() {
    let stage = with_stages(&one_stage("    due: 2bd\n"));
    let mut watch = Watch::start(
        timed_with(&stage, &crate::support::calendars()),
        "03-16 10:00",
    );
    assert_eq!(watch.due(), ["03-18 10:00"]);
    let source = read("calendars/ru-5x8.yaml");
    let holiday = source.replace("holidays:\n", "holidays:\n  - { date: 2026-03-17 }\n");
    let changed = crate::calendars::parse(&holiday);
    let digest = changed.digest();
    let before = watch.state.calendar.expect("pinned");
    let other = BTreeMap::from([("ru-5x8".to_owned(), changed)]);
    watch.now = at("03-16 11:00");
    let wrong = watch.does("service", EventKind::CalendarChanged { digest });
    assert_eq!(
        wrong,
        Err(Refusal::CalendarMismatch),
        "the definition has the one of before"
    );
    watch.definition = timed_with(&stage, &other);
    let stale = watch.does("service", EventKind::CalendarChanged { digest: before });
    assert_eq!(stale, Err(Refusal::CalendarMismatch));
    let outsider = watch.does("olga", EventKind::CalendarChanged { digest });
    assert_eq!(outsider, Err(Refusal::NotAdministrator));
    watch
        .does("service", EventKind::CalendarChanged { digest })
        .expect("changed");
    assert_eq!(
        (watch.due(), watch.state.calendar),
        (vec!["03-19 10:00".to_owned()], Some(digest))
    );
    let again = watch
        .does("tom", EventKind::CalendarChanged { digest })
        .expect("the same");
    assert_eq!(again, []);
    assert_eq!(watch.all(), "03-19 10:00 overdue 1 (0) []\n");
}

/// Goal: what is used up of a clock stays used up, what there is is what the new route gives; what
/// it does not have is stopped, and nothing that is past is said late.
#[test]
fn a_moved_run_keeps_its_clocks_and_takes_the_new_budgets() {
    let hold = "    decisions:
      - approve
      - { id: hold, title: { ru: ж, en: w }, effect: suspend_sla, max: 10bd }
";
    let stage = |keys: &str| timed(&one_stage(&format!("{hold}{keys}")));
    let mut watch = Watch::start(
        stage("    due: 2bd\n    remind: [{ after: 4bh }]\n"),
        "03-16 10:00",
    );
    watch.now = at("03-16 12:00");
    watch.decides("irina", Decision::Hold).expect("held");
    watch.now = at("03-17 10:00");
    // A standing clock takes its budget and goes on standing.
    assert_eq!(watch.moves(stage("    due: 3bd\n")).expect("moved"), []);
    assert_eq!(watch.due(), ["stands"]);
    assert_eq!(watch.next().as_deref(), Some("03-30 12:00 go on 1"));
    // Two hours of three days were used up before it stood.
    assert_eq!(watch.due(), ["04-02 10:00"]);
    watch.now = at("03-31 09:00");
    watch.moves(stage("    due: 1bd\n")).expect("moved");
    assert_eq!(watch.due(), ["03-31 10:00"], "of a running one, too");
    watch.moves(stage("")).expect("moved");
    assert_eq!(
        (watch.due(), watch.alarms.len()),
        (vec!["stands".to_owned()], 0)
    );
    // Its reminder and its due date are reckoned from when the task was opened.
    let again =
        stage("    due: 30bd\n    remind: [{ after: 1bd }, { after: 20bd }, { before: 1bd }]\n");
    watch.moves(again).expect("moved");
    assert_eq!(watch.due(), ["04-27 10:00"]);
    assert_eq!(
        watch.all(),
        "04-13 10:00 remind 1 (1.1)\n04-24 10:00 remind 1 (2.1)\n04-27 10:00 overdue 1 (0) []\n"
    );
}

/// Goal: where the new route says so, the clocks of open tasks begin anew: due dates, reminders and
/// what was climbed already. Only for how long a task may be on hold goes on.
#[test]
fn a_route_that_restarts_clocks_forgets_what_was_used_up() {
    let keys = "    due: 2bd\n    remind: [{ after: 1bd }]\n    \
         decisions: [approve, reject, { id: hold, title: { ru: Жду, en: Wait }, \
         effect: suspend_sla, max: 2bd }]\n";
    let restarting = format!("{}migrate: {{ timers: restart }}\n", one_stage(keys));
    let mut watch = Watch::start(timed(&one_stage(keys)), "03-16 10:00");
    assert_eq!(watch.next().as_deref(), Some("03-17 10:00 remind 1 (0.1)"));
    assert_eq!(watch.due(), ["03-18 10:00"]);
    watch.now = at("03-17 12:00");
    watch.moves(timed(&restarting)).expect("moved");
    assert_eq!(watch.due(), ["03-19 12:00"]);
    assert_eq!(watch.next().as_deref(), Some("03-18 12:00 remind 1 (0.1)"));

    let mut watch = Watch::start(timed(&one_stage(keys)), "03-16 10:00");
    watch.now = at("03-16 12:00");
    watch.decides("irina", Decision::Hold).expect("held");
    watch.now = at("03-17 12:00");
    watch.moves(timed(&restarting)).expect("moved");
    assert_eq!(watch.due(), ["stands"]);
    assert_eq!(watch.next().as_deref(), Some("03-18 12:00 go on 1"));
    assert_eq!(watch.due(), ["03-20 12:00"], "two whole days are left");
    sound(&watch);
}

/// Goal: a rung that was armed takes the new span, and one that is gone is not climbed.
#[test]
fn a_moved_run_climbs_the_rungs_of_the_new_route() {
    let rungs = |rungs: &str| {
        let keys = format!("    due: 1bd\n    escalate: [{rungs}]\n");
        timed(&one_stage(&keys))
    };
    let two = "{ after: 1bd, add: [{ user: lev }] }, { after: 2bd, replace: [{ user: anna }] }";
    let mut watch = Watch::start(rungs(two), "03-16 10:00");
    assert_eq!(
        watch.next().as_deref(),
        Some("03-17 10:00 overdue 1 (0) []")
    );
    watch.now = at("03-17 11:00");
    watch
        .moves(rungs("{ after: 2bh, add: [{ user: boris }] }"))
        .expect("moved");
    assert_eq!(
        watch.next().as_deref(),
        Some("03-17 12:00 escalate 1 (1) [boris]; ask 2 boris")
    );
    assert_eq!(
        watch.alarms.len(),
        1,
        "what is left is the new task's due date"
    );
}

/// Goal: a route with another calendar reckons by that from then on.
#[test]
fn a_moved_run_takes_the_calendar_of_the_new_route() {
    let stage = one_stage("    due: 2bd\n");
    let mut watch = Watch::start(timed(&stage), "03-16 10:00");
    let source = read("calendars/ru-5x8.yaml");
    let holiday = source.replace("holidays:\n", "holidays:\n  - { date: 2026-03-17 }\n");
    let changed = crate::calendars::parse(&holiday);
    let digest = changed.digest();
    let other = BTreeMap::from([("ru-5x8".to_owned(), changed)]);
    watch
        .moves(timed_with(&with_stages(&stage), &other))
        .expect("moved");
    assert_eq!(
        (watch.due(), watch.state.calendar),
        (vec!["03-19 10:00".to_owned()], Some(digest))
    );
}

#[test]
fn a_date_beyond_the_calendar_is_marked_and_the_file_is_warned_of() {
    let definition = timed(&one_stage("    due: 5bd\n"));
    let watch = Watch::start(definition.clone(), "2027-12-29 10:00");
    let timer = watch.state.timers.values().next().expect("armed");
    assert_eq!((timer.kind, timer.beyond), (TimerKind::Due, Some(2028)));
    assert_eq!(definition.calendar_shortfall(at("03-16 10:00")), None);
    let said = definition
        .calendar_shortfall(at("2027-12-29 10:00"))
        .expect("said");
    assert_eq!(
        (said.code, said.key, said.line),
        ("W402", "calendar-ends", 5)
    );
    for locale in Locale::ALL {
        assert!(said.help(locale).is_some() && said.text(locale).contains("2027"));
    }
    // In order the spans add up, side by side the longest counts.
    let two = |block: &str| {
        let stage = |id: &str, due: &str| {
            format!(
                "{{ id: {id}, type: approve, title: {{ ru: {id}, en: {id} }}, \
                 assignees: [{{ user: irina }}], due: {due} }}"
            )
        };
        timed(&format!(
            "calendar: ru-5x8\nstages:\n  - id: both\n    title: {{ ru: а, en: a }}\n    {block}\n\
             {0}- {1}\n{0}- {2}\n",
            if block == "sequence:" {
                "      "
            } else {
                "        "
            },
            stage("one", "8bd"),
            stage("two", "7bd"),
        ))
    };
    let start = at("2027-12-15 10:00");
    assert!(two("sequence:").calendar_shortfall(start).is_some());
    assert!(
        two("parallel:\n      branches:")
            .calendar_shortfall(start)
            .is_none()
    );
}

#[test]
fn without_timers_nothing_is_armed_and_only_the_service_rings() {
    let plain = "stages:
  - { id: legal, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }], due: 1d }
";
    let mut watch = Watch::start(define(&with_stages(plain)), "03-16 10:00");
    assert_eq!(
        (watch.due(), watch.alarms.len()),
        (vec!["03-17 10:00".to_owned()], 0)
    );
    let json = serde_json::to_string(&watch.state).expect("written");
    for word in ["timer", "calendar", "hold_spent", "escalated"] {
        assert!(
            !json.contains(word),
            "an older reader knows no {word}: {json}"
        );
    }
    // A state that was stored before there were timers goes on under a definition that has them.
    watch.state = serde_json::from_str(&json).expect("read");
    watch.definition = timed(plain);
    watch.now = at("03-18 10:00");
    assert_eq!(watch.ring(TimerNumber(1), 1), []);
    let by_hand = EventKind::TimerFired {
        timer: TimerNumber(1),
        generation: 1,
    };
    assert_eq!(watch.does("tom", by_hand), Err(Refusal::NotTheService));
    watch.decides("irina", Decision::Approve).expect("accepted");
    assert_eq!(watch.state.phase, Phase::Completed);
}

#[test]
fn defaults_give_due_dates_and_reminders_and_a_stage_has_its_own() {
    let stages = "calendar: ru-5x8
defaults: { due: 2bd, remind: [{ before: 4bh }] }
rework: { max_rounds: 2, pause_sla: true }
stages:
  - { id: one, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
  - { id: two, type: approve, title: { ru: б, en: b }, assignees: [{ user: anna }], due: 1bd, remind: [] }
";
    let definition = timed(stages);
    let timing = |path| definition.stage(path).expect("a stage").timing.clone();
    assert_eq!(
        timing("one").due.map(|due| due.to_string()).as_deref(),
        Some("2bd")
    );
    assert_eq!(timing("one").reminders.len(), 1);
    assert_eq!(
        timing("two").due.map(|due| due.to_string()).as_deref(),
        Some("1bd")
    );
    assert_eq!(timing("two").reminders, []);
}

/// A move of the clock or of somebody.
#[derive(Clone, Debug)]
struct Move {
    sort: u8,
    minutes: i64,
    pick: Index,
}

fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0_u8..100, 0_i64..3_000, any::<Index>());
    let one = one.prop_map(|(sort, minutes, pick)| Move {
        sort,
        minutes,
        pick,
    });
    prop::collection::vec(one, 0..60)
}

fn everything() -> Definition {
    timed(
        "calendar: ru-5x8
rework: { max_rounds: 3 }
defaults: { remind: [{ before: 4bh }, { after: 1bd, every: 4bh, max: 3 }], due: 2bd }
stages:
  - id: board
    type: approve
    title: { ru: а, en: a }
    assignees: [{ group: contract_board }]
    quorum: { count: 2 }
    escalate: [{ after: 4bh, add: [{ manager_of: assignee }] }, { after: 1bd, replace: [{ role: cfo }] }]
    decisions: [approve, return, { id: hold, title: { ru: Жду, en: Wait }, effect: suspend_sla, max: 6bh }]
  - id: chief
    type: approve
    title: { ru: б, en: b }
    assignees: [{ user: lev }]
    due: 1d
    remind: []
    on_timeout: { notify: [initiator], repeat: { every: 1bh, max: 2 }, then: { finish: expired } }
  - { id: read, type: acknowledge, blocking: false, title: { ru: в, en: c }, assignees: [{ user: nina }] }
",
    )
}

/// What must hold after every event.
fn sound(watch: &Watch) {
    let state = &watch.state;
    let armed: BTreeMap<TimerNumber, (u32, Instant)> = state
        .timers
        .iter()
        .filter_map(|(number, timer)| Some((*number, (timer.generation, timer.due_at?))))
        .collect();
    assert_eq!(armed, watch.alarms, "effects and state disagree");
    for timer in state.timers.values() {
        assert!(
            state.tasks[&timer.task].is_open(),
            "{timer:?} of a task that is closed"
        );
        assert!(
            (0..=timer.budget.parts).contains(&timer.consumed),
            "{timer:?}"
        );
        assert_eq!(timer.due_at.is_some(), timer.running_since.is_some());
        if timer.kind == TimerKind::Due {
            assert_eq!(state.tasks[&timer.task].due_at, timer.due_at);
        }
    }
    assert!(state.suspension.is_none() || armed.is_empty());
    if state.phase.is_final() {
        let open = state.open_tasks();
        assert!(open.into_iter().all(|(_, task)| task.stage == "read"));
    }
    let json = serde_json::to_string(state).expect("written");
    assert_eq!(&serde_json::from_str::<State>(&json).expect("read"), state);
}

fn play(watch: &mut Watch, made: &Move, seen: &mut BTreeSet<&'static str>) {
    let open: Vec<(TaskNumber, String)> = watch
        .state
        .open_tasks()
        .map(|(number, task)| (number, name(task.assignee)))
        .collect();
    let who = open
        .get(made.pick.index(open.len().max(1)))
        .map(|(_, who)| who.clone());
    let who = who.unwrap_or_else(|| "tom".to_owned());
    let dates = |watch: &Watch| -> BTreeMap<TaskNumber, Instant> {
        let open = watch.state.open_tasks();
        open.filter_map(|(number, task)| Some((number, task.due_at?)))
            .collect()
    };
    match made.sort {
        0..45 => {
            watch.now = watch.now.plus_seconds(made.minutes * 60);
        }
        45..60 => {
            let _ = watch.decides(&who, Decision::Hold);
        }
        60..66 => {
            let _ = watch.decides(&who, Decision::Approve);
        }
        66..68 => {
            let _ = watch.decides(&who, Decision::Return);
        }
        68..72 => {
            let comment = Some("Исправлено".to_owned());
            let _ = watch.does("olga", EventKind::Resubmitted { comment });
        }
        72..90 => {
            // Stopped and let go on after a while: no date comes earlier.
            let before = dates(watch);
            let reason = "Проверка".to_owned();
            if watch.does("tom", EventKind::Suspended { reason }).is_err() {
                return;
            }
            sound(watch);
            watch.now = watch.now.plus_seconds(made.minutes * 60);
            watch.does("tom", EventKind::Resumed).expect("resumed");
            let after = dates(watch);
            for (task, due_at) in before {
                let later = after.get(&task).is_some_and(|after| *after >= due_at);
                assert!(
                    later,
                    "task {task} was due {due_at} and is {:?}",
                    after.get(&task)
                );
            }
            seen.insert("suspended");
        }
        _ => {
            // An alarm that nobody set, or that was set anew since.
            let timer = TimerNumber(u32::try_from(made.minutes).expect("small") % 40);
            let generation = watch
                .state
                .timers
                .get(&timer)
                .map_or(1, |it| it.generation + 1);
            let before = watch.state.clone();
            assert_eq!(watch.ring(timer, generation), []);
            assert_eq!(watch.state, before);
        }
    }
    sound(watch);
    // Then the shell lets every alarm ring whose time has come.
    for _ in 0..200 {
        let due = watch.alarms.iter().find(|(_, (_, at))| *at <= watch.now);
        let Some((number, (generation, _))) = due.map(|(number, alarm)| (*number, *alarm)) else {
            return;
        };
        watch.alarms.remove(&number);
        for effect in watch.ring(number, generation) {
            seen.insert(match effect {
                Effect::Remind { .. } => "reminded",
                Effect::TellOverdue { .. } => "overdue",
                Effect::Escalate { .. } => "escalated",
                Effect::EndHold { .. } => "hold ended",
                Effect::Finish {
                    outcome: Outcome::Expired,
                } => "expired",
                _ => "other",
            });
        }
        sound(watch);
    }
    panic!("alarms without end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever happens, in whatever order: the alarms that the effects leave are those of the
    /// state, of open tasks, none while the run is suspended; a pause makes no date earlier; and
    /// the state is the same when it is read again.
    #[test]
    fn alarms_and_state_never_disagree(moves in any_moves()) {
        let mut watch = Watch::start(everything(), "03-16 10:00");
        sound(&watch);
        for made in &moves {
            play(&mut watch, made, &mut BTreeSet::new());
        }
    }
}

/// A property without a witness is decoration: the moves reach everything there is.
#[test]
fn the_moves_reach_every_effect_of_time() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    let mut carried = false;
    for _ in 0..60 {
        let moves = any_moves().new_tree(&mut runner).expect("moves").current();
        let mut watch = Watch::start(everything(), "03-16 10:00");
        for made in &moves {
            play(&mut watch, made, &mut seen);
        }
        carried |= watch
            .state
            .tasks
            .values()
            .any(|task| task.is_escalated && matches!(task.state, TaskState::Decided { .. }));
    }
    for wanted in [
        "reminded",
        "overdue",
        "escalated",
        "hold ended",
        "expired",
        "suspended",
    ] {
        assert!(seen.contains(wanted), "{wanted}: {seen:?}");
    }
    assert!(carried, "nobody ever decided in another's seat");
}

/// One stage of a run of an invoice that is to be paid by a date.
fn invoice_stage(keys: &str) -> String {
    with_stages(&one_stage(keys)).replace("type: contract", "type: invoice")
}

fn invoice(pay_by: &str) -> Card {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let date = |text: &str| FieldValue::Date(text.parse().expect("a date"));
    let fields = [
        ("counterparty", FieldValue::Reference(COUNTERPARTY)),
        ("invoice_number", text("17")),
        ("invoice_date", date("2026-03-02")),
        ("amount", money("1.00", "RUB")),
        ("due_date", date(pay_by)),
        (
            "department",
            FieldValue::Reference(department("sales").uuid()),
        ),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    Card::from(fields)
}

/// Goal: a task is due by a date of the document, when the working time of that date is over, or so
/// long before; a date that is a day off falls on the working day before, one that has passed is
/// due at once.
/// Method: by hand, in Moscow's working week of 16 to 20 March 2026, nine to six with an hour's
/// break.
#[test]
fn a_task_is_due_by_a_date_of_the_document() {
    for (due, pay_by, expected) in [
        ("doc.due_date", "2026-03-20", "03-20 18:00"),
        ("doc.due_date - bd(1)", "2026-03-20", "03-19 18:00"),
        ("doc.due_date - bd(3)", "2026-03-20", "03-17 18:00"),
        ("doc.due_date-bh( 4 )", "2026-03-20", "03-20 13:00"),
        ("doc.due_date", "2026-03-22", "03-20 18:00"),
        ("doc.due_date - bd(1)", "2026-03-22", "03-19 18:00"),
        ("doc.due_date", "2026-03-16", "03-16 18:00"),
        ("doc.due_date - bd(1)", "2026-03-16", "03-16 10:00"),
        ("doc.due_date", "2026-03-06", "03-16 10:00"),
    ] {
        let stage = invoice_stage(&format!("    due: \"{due}\"\n"));
        let definition = timed_with(&stage, &crate::support::calendars());
        let watch = Watch::start_with(definition, "03-16 10:00", invoice(pay_by));
        assert_eq!(watch.due(), [expected], "{due} of {pay_by}");
    }
}

/// Goal: the date of a document does not move because a run stood still, or because its calendar
/// has another holiday before it; the reminder comes before it.
#[test]
fn a_date_of_the_document_stands_whatever_the_clocks_do() {
    let stage = invoice_stage("    due: doc.due_date\n    remind: [{ before: 4bh }]\n");
    let start = || {
        let definition = timed_with(&stage, &crate::support::calendars());
        Watch::start_with(definition, "03-16 10:00", invoice("2026-03-20"))
    };
    assert_eq!(
        start().all(),
        "03-20 13:00 remind 1 (0.1)\n03-20 18:00 overdue 1 (0) []\n"
    );
    let mut watch = start();
    watch.now = at("03-16 12:00");
    let reason = "Проверка".to_owned();
    watch
        .does("tom", EventKind::Suspended { reason })
        .expect("suspended");
    assert_eq!(watch.due(), ["stands"]);
    watch.now = at("03-18 12:00");
    watch.does("tom", EventKind::Resumed).expect("resumed");
    assert_eq!(watch.due(), ["03-20 18:00"]);
    assert_eq!(
        watch.all(),
        "03-20 13:00 remind 1 (0.1)\n03-20 18:00 overdue 1 (0) []\n"
    );

    let mut watch = start();
    let source = read("calendars/ru-5x8.yaml");
    let holiday = source.replace(
        "holidays:\n",
        "holidays:\n  - { date: 2026-03-17 }\n  - { date: 2026-03-20 }\n",
    );
    let changed = crate::calendars::parse(&holiday);
    let digest = changed.digest();
    let other = BTreeMap::from([("ru-5x8".to_owned(), changed)]);
    watch.now = at("03-16 11:00");
    watch.definition = timed_with(&stage, &other);
    watch
        .does("service", EventKind::CalendarChanged { digest })
        .expect("changed");
    assert_eq!(watch.due(), ["03-19 18:00"]);
    assert_eq!(
        watch.all(),
        "03-19 13:00 remind 1 (0.1)\n03-19 18:00 overdue 1 (0) []\n"
    );
}

/// Goal: a due date that could not be reckoned for some document is refused, with the place.
#[test]
fn a_date_that_a_document_may_lack_is_no_due_date() {
    let refused = |source: &str| {
        let house = House {
            kinds: &kinds(),
            vocabulary: &vocabulary(),
            calendars: &crate::support::calendars(),
        };
        let found = Definition::parse_in(source, &house).expect_err("refused");
        let first = found.first().expect("a finding");
        assert!(first.line > 0 && first.text(Locale::Ru) != first.key);
        format!("{} {}", first.code, first.key)
    };
    for (due, why) in [
        ("doc.due_dat", "W203 unknown-field"),
        ("doc.amount", "W204 type-mismatch"),
        ("doc.due_date - bd(0)", "W405 bad-due"),
        ("doc.due_date - d(1)", "W405 bad-due"),
        ("doc.due_date + bd(1)", "W203 unknown-field"),
        ("doc.due_date - bd(1) - bd(1)", "W405 bad-due"),
    ] {
        let source = invoice_stage(&format!("    due: \"{due}\"\n"));
        assert_eq!(refused(&source), why, "{due}");
    }
    let without = invoice_stage("    due: doc.due_date\n").replace("calendar: ru-5x8\n", "");
    assert_eq!(refused(&without), "W401 calendar-missing");
    let other = invoice_stage("    due: doc.due_date\n")
        .replace("stages:", "material: { fields: [amount] }\nstages:");
    assert_eq!(refused(&other), "W210 field-not-material");
    let optional = with_stages(&one_stage("    due: doc.valid_until\n"));
    assert_eq!(refused(&optional), "W206 optional-due");
}
