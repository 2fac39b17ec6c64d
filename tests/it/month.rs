//! A month of a company of two hundred people on a clock that jumps: every chain that comes with
//! the program, people who decide soon, late and never, and what came of it as a table that a
//! program which shares nothing with this one reckons anew (`month/check.py`).
//!
//! `CHANCERY_TEST_MONTH_DOCUMENTS` says how many documents there are of each kind, two without it;
//! `CHANCERY_TEST_MONTH_SEED` plays another month; `CHANCERY_TEST_MONTH_TABLE` names a folder in
//! which the tables are kept.

mod acts;
mod company;
mod notary;
mod papers;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use chancery::app::App;
use chancery::app::AppError;
use chancery::cli::{self, Migrate};
use chancery::clock::Clock;
use chancery::config::{MailTransport, SmtpTls};
use chancery::jobs::Runner;
use chancery::pdf_worker::{PdfWorker, WorkerSettings};
use chancery::store::entity::{outbox, runs, tasks, timers};
use chancery_types::{Instant, Locale};
use chancery_workflow::definition::Resolver;
use chancery_workflow::{OnTimeout, Pick, Reminder, Stage};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::mail::server::{Server, WILLING};
use crate::support::{Backend, Configured, TestApp, is_required, setting, workflows_like};
use company::Company;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Which month it is, and where.
pub struct Plan {
    pub name: &'static str,
    pub person: &'static str,
    pub country: &'static str,
    pub locale: Locale,
    pub zone: &'static str,
    pub domain: &'static str,
    /// The calendar that chains go by which go by one.
    pub calendar: &'static str,
    pub from: Instant,
    pub until: Instant,
    /// How many documents there are of each kind.
    pub documents: usize,
    pub seed: u64,
}

/// Random points from a seed (splitmix64).
pub struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `least` on, below `end`.
    pub fn between(&mut self, least: i64, end: i64) -> i64 {
        let width = u64::try_from(end - least).expect("a width").max(1);
        least + i64::try_from(self.next() % width).expect("small")
    }

    /// Whether something happens that does so many times of a hundred.
    pub fn falls(&mut self, percent: i64) -> bool {
        self.between(0, 100) < percent
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let count = i64::try_from(all.len()).expect("few");
        &all[usize::try_from(self.between(0, count)).expect("small")]
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let count = i64::try_from(last + 1).expect("few");
            all.swap(
                last,
                usize::try_from(self.between(0, count)).expect("small"),
            );
        }
    }
}

/// A document under way.
#[derive(Clone)]
pub struct Paper {
    pub id: Uuid,
    pub kind: String,
    pub initiator: Uuid,
    /// Whether it is decided on only when nothing more can ring, where something escalates.
    pub is_patient: bool,
    pub digest: String,
    pub version: Uuid,
}

/// What somebody is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Start(usize),
    Decide(Uuid),
    /// Takes a task of a pool.
    Claim(Uuid),
    /// Hands a task on to somebody who decides in its holder's name.
    HandOn(Uuid),
    /// An administrator stops the run of a document, and lets it go on.
    Suspend(Uuid),
    Resume(Uuid),
    Resubmit(Uuid),
    Withdraw(Uuid),
}

/// A letter that a mail server took, and what the clock showed.
struct Delivered {
    at: Instant,
    to: String,
    message_id: String,
}

/// The month as it goes.
struct Month {
    plan: Plan,
    app: App,
    company: Company,
    drawn: Drawn,
    runner: Runner,
    server: Server,
    papers: BTreeMap<Uuid, Paper>,
    /// What is to be done, by moment and, within one, by turn.
    acts: BTreeMap<(Instant, u64), Act>,
    turns: u64,
    /// Tasks of which somebody knows what they will do.
    known: BTreeSet<Uuid>,
    /// Tasks that wait until nothing of theirs can ring any more.
    quiet: Vec<Uuid>,
    /// Until when runs stand that somebody has stopped, by document.
    stopped: BTreeMap<Uuid, Instant>,
    reworked: BTreeSet<(Uuid, i64)>,
    delivered: Vec<Delivered>,
    /// The text of the newest letter with a link or a code, by the address it went to.
    newest: BTreeMap<String, String>,
    /// The secret of the newest link of a document.
    secrets: BTreeMap<Uuid, String>,
    told: Vec<Value>,
    refused: BTreeMap<String, usize>,
    folder: TempDir,
    place: Configured,
}

impl Month {
    async fn begin(plan: Plan) -> Self {
        let by = format!("calendar: {}", plan.calendar);
        let folder = workflows_like(|_, text| text.replace("calendar: ru-5x8", &by));
        let server = Server::start(WILLING).await;
        let place = TestApp::configure(&Backend::single()).await;
        let mut config = place.config.clone();
        config.workflows.packs = vec!["all".to_owned()];
        config.workflows.directory = folder.path().to_owned();
        config.mail.transport = MailTransport::Smtp;
        "127.0.0.1".clone_into(&mut config.mail.smtp_host);
        config.mail.smtp_port = server.port;
        config.mail.smtp_tls = SmtpTls::None;
        let clock = Clock::held(plan.from);
        let started = cli::start(config, clock, Migrate::Always).await;
        let mut app = started.expect("an app");
        app.pdf = PdfWorker::new(WorkerSettings {
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_chancery"))),
            ..WorkerSettings::of(&app.config)
        });
        let mut drawn = Drawn(plan.seed);
        let company = Company::settle(&app, &plan, &mut drawn).await;
        let mut month = Self {
            runner: Runner::new(app.clone()),
            plan,
            app,
            company,
            drawn,
            server,
            papers: BTreeMap::new(),
            acts: BTreeMap::new(),
            turns: 0,
            known: BTreeSet::new(),
            quiet: Vec::new(),
            stopped: BTreeMap::new(),
            reworked: BTreeSet::new(),
            delivered: Vec::new(),
            newest: BTreeMap::new(),
            secrets: BTreeMap::new(),
            told: Vec::new(),
            refused: BTreeMap::new(),
            folder,
            place,
        };
        month.plan_starts();
        month
    }

    /// Documents start on any day and at any hour, more of them while people work; the first of
    /// each kind in the first days, so that there is time for everything.
    fn plan_starts(&mut self) {
        let kinds = self.app.chains.kinds().len();
        for number in 0..kinds * self.plan.documents {
            let days = if number < kinds { 3 } else { 24 };
            let day = self.drawn.between(0, days) * DAY;
            let second = match self.drawn.falls(75) {
                true => self.drawn.between(9 * HOUR, 18 * HOUR),
                false => self.drawn.between(0, DAY),
            };
            let at = self.plan.from.plus_seconds(day + second);
            self.will(at, Act::Start(number));
        }
    }

    fn will(&mut self, at: Instant, act: Act) {
        self.turns += 1;
        self.acts.insert((at, self.turns), act);
    }

    /// Plays the month, from one moment at which something can happen to the next.
    async fn play(&mut self) {
        let mut mornings = mornings(&self.plan).into_iter().peekable();
        let mut absences: Vec<i64> = self
            .company
            .absences
            .iter()
            .map(|row| row.from_at)
            .collect();
        absences.sort_unstable();
        let mut absences = absences.into_iter().map(Instant::from_micros).peekable();
        loop {
            let timer = self.next_timer().await;
            let act = self.acts.first_key_value().map(|((at, _), _)| *at);
            let next = [
                timer,
                act,
                mornings.peek().copied(),
                absences.peek().copied(),
            ];
            let next = next.into_iter().flatten().min().unwrap_or(self.plan.until);
            let next = next.max(self.app.now());
            if next >= self.plan.until {
                break;
            }
            self.move_to(next);
            absences.next_if(|at| *at <= next);
            if mornings.next_if(|at| *at <= next).is_some() {
                let written = self.app.enqueue_daily_letters().await;
                written.expect("the letters of the day");
            }
            self.settle().await;
            while let Some(entry) = self.acts.first_entry() {
                if entry.key().0 > next {
                    break;
                }
                let act = entry.remove();
                self.take(act).await;
                self.settle().await;
            }
        }
        self.move_to(self.plan.until);
        self.settle().await;
    }

    fn move_to(&self, at: Instant) {
        let Clock::Held(micros) = &self.app.clock else {
            panic!("a clock that is held");
        };
        micros.store(at.micros(), Ordering::SeqCst);
    }

    async fn next_timer(&self) -> Option<Instant> {
        let next = timers::Entity::find()
            .order_by_asc(timers::Column::RingsAt)
            .one(self.app.store.reader())
            .await
            .expect("timers");
        next.map(|row| Instant::from_micros(row.rings_at))
    }

    /// Does what is due, takes the letters out of the box, and lets people make up their minds
    /// about what is new to them.
    async fn settle(&mut self) {
        let drained = self.runner.drain().await.expect("drained");
        let counts = [drained.mails, drained.jobs];
        assert!(
            counts.iter().all(|all| all.failed == 0 && all.delayed == 0),
            "{drained:?}"
        );
        self.empty_box().await;
        let open = tasks::Entity::find()
            .filter(tasks::Column::State.eq("open"))
            .order_by_asc(tasks::Column::RunId)
            .order_by_asc(tasks::Column::Number)
            .all(self.app.store.reader())
            .await
            .expect("tasks");
        self.quiet
            .retain(|id| open.iter().any(|task| task.id == *id));
        for task in open {
            if self.known.insert(task.id) {
                self.make_up_mind(&task);
            }
        }
        self.notice_quiet().await;
        self.notice_returned().await;
    }

    /// Sends what is to be sent and nothing else.
    async fn settle_letters(&mut self) {
        self.runner.drain().await.expect("drained");
        self.empty_box().await;
    }

    async fn empty_box(&mut self) {
        let at = self.app.now();
        for taken in self.server.taken() {
            let id = taken.text.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("message-id")
                    .then(|| value.trim().to_owned())
            });
            let message_id = id.expect("a letter without an identifier");
            if self.company.is_contact(&taken.to) {
                self.keep_secret(&taken.text, &message_id).await;
            }
            self.delivered.push(Delivered {
                at,
                to: taken.to.clone(),
                message_id,
            });
            self.newest.insert(taken.to, taken.text);
        }
    }

    /// Keeps the way in that a letter leads to, for when its reader comes.
    async fn keep_secret(&mut self, text: &str, message_id: &str) {
        let words = notary::words_of(text);
        let start = self.app.url("/s#");
        let link = words
            .split_whitespace()
            .find_map(|word| word.strip_prefix(&start));
        let Some(secret) = link else {
            return;
        };
        let letter = outbox::Entity::find()
            .filter(outbox::Column::MessageId.eq(message_id))
            .one(self.app.store.reader())
            .await;
        let letter = letter.expect("asked").expect("the letter");
        let document = letter.document_id.expect("a document");
        self.secrets.insert(document, secret.to_owned());
    }

    /// When the holder of a task will decide, if ever.
    fn make_up_mind(&mut self, task: &tasks::Model) {
        let is_patient = self.papers[&task.document_id].is_patient;
        if is_patient && self.rings_on(task) {
            self.quiet.push(task.id);
            return;
        }
        let now = self.app.now();
        self.may_hand(task, is_patient);
        let soon = now.plus_seconds(self.drawn.between(600, 6 * HOUR));
        let due = task.due_at.map_or(soon, Instant::from_micros);
        // Whoever is patient is late more often and never stays away for good: their documents get
        // to their end, and to most of their reminders.
        let (least, end) = if is_patient { (25, 78) } else { (0, 100) };
        let chance = self.drawn.between(least, end);
        match chance {
            0..60 => self.will(soon, Act::Decide(task.id)),
            60..64 => self.will(due, Act::Decide(task.id)),
            64..78 => {
                let late = due.plus_seconds(self.drawn.between(60, 3 * HOUR));
                self.will(late, Act::Decide(task.id));
            }
            78..90 => {
                self.quiet.push(task.id);
            }
            _ => {}
        }
    }

    /// Some tasks change hands before they are decided.
    fn may_hand(&mut self, task: &tasks::Model, is_patient: bool) {
        let stage = self.stage(task);
        let is_pool = |one: &Resolver| {
            matches!(
                one,
                Resolver::One {
                    pick: Pick::Pool,
                    ..
                }
            )
        };
        let is_pool = stage.assignees.iter().any(is_pool);
        let may_hand = stage.allows.delegation && task.person_id.is_some();
        let at = self
            .app
            .now()
            .plus_seconds(self.drawn.between(60, 3 * HOUR));
        if is_pool && self.drawn.falls(30) {
            self.will(at, Act::Claim(task.id));
        } else if may_hand && !is_patient && self.drawn.falls(15) {
            self.will(at, Act::HandOn(task.id));
        }
    }

    /// Whether more happens to an overdue task of this stage than that somebody is told once.
    fn rings_on(&self, task: &tasks::Model) -> bool {
        let timing = &self.stage(task).timing;
        let reminds = |one: &Reminder| matches!(one, Reminder::After { .. });
        let tells = |one: &OnTimeout| {
            matches!(
                one,
                OnTimeout::Notify {
                    repeat: Some(_),
                    ..
                }
            )
        };
        !timing.escalation.is_empty()
            || timing.reminders.iter().any(reminds)
            || timing.on_timeout.as_ref().is_some_and(tells)
    }

    fn stage(&self, task: &tasks::Model) -> &Stage {
        let kind = &self.papers[&task.document_id].kind;
        let chain = self.app.chains.chain_of_kind(kind).expect("a chain");
        chain.definition.stage(&task.path).expect("its stage")
    }

    /// Whoever waited until nothing can ring any more decides now.
    async fn notice_quiet(&mut self) {
        if self.quiet.is_empty() {
            return;
        }
        let rings = timers::Entity::find().all(self.app.store.reader()).await;
        let rings: BTreeSet<Uuid> = rings
            .expect("timers")
            .iter()
            .map(|row| row.task_id)
            .collect();
        // In the order in which they began to wait: the same seed is the same month.
        let (rest, done) = std::mem::take(&mut self.quiet)
            .into_iter()
            .partition(|task| rings.contains(task));
        self.quiet = rest;
        let done: Vec<Uuid> = done;
        for task in done {
            let pause = self.drawn.between(60, 2 * HOUR);
            self.will(self.app.now().plus_seconds(pause), Act::Decide(task));
        }
    }

    /// What was returned is sent round again, some of it never.
    async fn notice_returned(&mut self) {
        let returned = runs::Entity::find()
            .filter(runs::Column::Phase.eq("rework"))
            .order_by_asc(runs::Column::Id)
            .all(self.app.store.reader())
            .await
            .expect("runs");
        for run in returned {
            if self.reworked.insert((run.id, run.round)) && !self.drawn.falls(10) {
                let pause = self.drawn.between(HOUR, 30 * HOUR);
                let at = self.app.now().plus_seconds(pause);
                self.will(at, Act::Resubmit(run.document_id));
            }
        }
    }

    /// Ends the house; its workflows stay for a while.
    async fn close(self) -> TempDir {
        self.app.store.close().await.expect("closed");
        self.place.remove().await;
        self.folder
    }
}

/// Eight in the morning of the weekdays of a month.
fn mornings(plan: &Plan) -> Vec<Instant> {
    let zone = TimeZone::get(plan.zone).expect("a zone");
    let first: Date = zone.to_datetime(plan.from.timestamp()).date();
    let days = (0..40).map(|ahead| first + ahead.days());
    let days = days.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    let moments = days.map(|day| {
        let at = zone.to_timestamp(day.at(8, 0, 0, 0)).expect("a moment");
        Instant::from_micros(at.as_microsecond())
    });
    moments
        .filter(|at| *at > plan.from && *at < plan.until)
        .collect()
}

/// The code of a refusal.
fn refusal_of(error: &AppError) -> String {
    match error {
        AppError::Refused { code, .. } => (*code).to_owned(),
        other => format!("{other:?}"),
    }
}

/// The Python of the test's tools.
fn python() -> Option<PathBuf> {
    const PROGRAM: &str = "CHANCERY_TEST_PYHANKO";
    let Some(program) = setting(PROGRAM) else {
        is_required(PROGRAM);
        return None;
    };
    Some(Path::new(&program).with_file_name("python"))
}

/// What the other program says of a table, and whether it found nothing wrong.
fn check(python: &Path, workflows: &Path, table: &str) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/month/check.py");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("month.jsonl");
    std::fs::write(&file, table).expect("written");
    let ran = Command::new(python)
        .arg("-B")
        .args([&script, workflows, &file])
        .output();
    let ran = ran.expect("python");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(wrong.is_empty(), "{wrong}");
    (ran.status.success(), said)
}

fn documents() -> usize {
    let said = setting("CHANCERY_TEST_MONTH_DOCUMENTS");
    said.map_or(2, |text| {
        text.parse()
            .expect("CHANCERY_TEST_MONTH_DOCUMENTS is a number")
    })
}

fn seed(usual: u64) -> u64 {
    let said = setting("CHANCERY_TEST_MONTH_SEED");
    said.map_or(usual, |text| {
        text.parse().expect("CHANCERY_TEST_MONTH_SEED is a number")
    })
}

/// A month that was played: the workflows that it went by, and its table.
struct Played {
    python: PathBuf,
    workflows: TempDir,
    table: String,
}

/// Plays a month and checks it.
async fn plays(plan: Plan) -> Option<Played> {
    let python = python()?;
    let name = plan.domain;
    let mut month = Month::begin(plan).await;
    month.play().await;
    let table = month.table().await;
    if let Some(folder) = setting("CHANCERY_TEST_MONTH_TABLE") {
        let file = Path::new(&folder).join(format!("{name}.jsonl"));
        std::fs::write(file, &table).expect("written");
    }
    // Whoever decides may; other things may come too late, or fall on somebody who may not.
    eprintln!("refused: {:?}", month.refused);
    let free = ["withdraw: ", "suspend: ", "hand on: ", "claim: "];
    let refused = month.refused.keys();
    let others = refused.filter(|what| !free.iter().any(|start| what.starts_with(start)));
    let others: Vec<_> = others.collect();
    assert!(others.is_empty(), "{others:?}");
    let workflows = month.close().await;
    let (is_right, said) = check(&python, workflows.path(), &table);
    eprintln!("{said}");
    assert!(is_right, "{said}");
    // Every rung of every chain was climbed.
    assert!(!said.contains("never:"), "{said}");
    Some(Played {
        python,
        workflows,
        table,
    })
}

impl Played {
    /// What is found wrong in a table in which one row of a sort is another, or there no more.
    fn falsified(&self, sort: &[(&str, &str)], change: impl Fn(&mut Value) -> Fate) -> String {
        let is_it = |row: &Value| sort.iter().all(|(key, value)| row[*key] == *value);
        let mut rows: Vec<Value> = self
            .table
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let place = rows.iter().position(is_it).expect("a row of this sort");
        let mut row = rows.remove(place);
        let before = row.clone();
        match change(&mut row) {
            Fate::Gone => {}
            Fate::Changed => rows.push(row),
            Fate::Beside => rows.extend([before, row]),
        }
        let table: Vec<String> = rows.iter().map(Value::to_string).collect();
        let (is_right, said) = check(&self.python, self.workflows.path(), &table.join("\n"));
        assert!(!is_right, "{said}");
        said
    }

    /// The other program notices whatever is wrong.
    fn is_looked_at_closely(&self) {
        let reminder = [("row", "mail"), ("kind", "due-reminder")];
        let twice = self.falsified(&reminder, |row| {
            row["message"] = "<another@month.example>".into();
            Fate::Beside
        });
        assert!(
            twice.contains("due-reminder") && twice.contains("twice at"),
            "{twice}"
        );
        let again = self.falsified(&reminder, |_| Fate::Beside);
        assert!(again.contains("came 2 times"), "{again}");
        let moved = |by: i64| {
            self.falsified(&reminder, |row| {
                let at = row["at"].as_i64().expect("a moment");
                row["at"] = (at + by).into();
                Fate::Changed
            })
        };
        assert!(moved(-50_000).contains("early"));
        assert!(moved(50_000).contains("late"));
        let overdue = [("row", "mail"), ("kind", "overdue")];
        let lost = self.falsified(&overdue, |_| Fate::Gone);
        assert!(
            lost.contains("overdue") && lost.contains("missing at"),
            "{lost}"
        );
        let stuck = self.falsified(&overdue, |row| {
            row["at"] = Value::Null;
            Fate::Changed
        });
        assert!(stuck.contains("never came"), "{stuck}");
        let rung = [("row", "alarm"), ("what", "escalate")];
        let silent = self.falsified(&rung, |_| Fate::Gone);
        assert!(
            silent.contains("escalate") && silent.contains("missing at"),
            "{silent}"
        );
        let due = self.falsified(&[("row", "task"), ("kind", "approve")], |row| {
            let at = row["due"].as_i64().expect("a moment");
            row["due"] = (at + HOUR * 1_000_000).into();
            Fate::Changed
        });
        assert!(due.contains("due: "), "{due}");
    }

    /// A calendar that says otherwise, or a time in a chain, is another month.
    fn goes_by(&self, file: &str, from: &str, to: &str) {
        let path = self.workflows.path().join(file);
        let before = std::fs::read_to_string(&path).expect("a file");
        assert!(before.contains(from), "{before}");
        std::fs::write(&path, before.replacen(from, to, 1)).expect("written");
        let (is_right, said) = check(&self.python, self.workflows.path(), &self.table);
        std::fs::write(&path, before).expect("written");
        assert!(!is_right && said.contains("due: "), "{said}");
    }
}

/// What becomes of a row that is falsified.
enum Fate {
    Gone,
    Changed,
    Beside,
}

/// Goal: in a month of two hundred people who go by the Russian calendar, every letter, reminder
/// and escalation comes at its time and none twice. Method: the weeks with the May holidays, every
/// chain, on a clock that jumps; a program of its own reckons from the same files. A table with one
/// letter too many, too few, too early or too late, another calendar and another time in a chain
/// are noticed.
#[tokio::test]
async fn a_month_in_russia_goes_by_its_calendar() {
    let plan = Plan {
        name: "ООО «Месяц»",
        person: "Сотрудник",
        country: "RU",
        locale: Locale::Ru,
        zone: "Europe/Moscow",
        domain: "month.example",
        calendar: "ru-5x8",
        from: "2026-04-27T05:00:00Z".parse().expect("a moment"),
        until: "2026-05-29T21:00:00Z".parse().expect("a moment"),
        documents: documents(),
        seed: seed(20_260_427),
    };
    let Some(played) = plays(plan).await else {
        return;
    };
    played.is_looked_at_closely();
    let holiday = "holidays:\n  - { date: 2026-05-12 }\n";
    played.goes_by("calendars/ru-5x8.yaml", "holidays:\n", holiday);
    played.goes_by("chains/it_access.yaml", "due: 4bh", "due: 5bh");
}

/// Goal: the same where clocks change. Method: the weeks about 29 March and Easter 2026 in
/// Brussels, with chains that go by the calendar of the Union.
#[tokio::test]
async fn a_month_in_brussels_goes_by_its_calendar() {
    let plan = Plan {
        name: "Month SA",
        person: "Employee",
        country: "BE",
        locale: Locale::En,
        zone: "Europe/Brussels",
        domain: "maand.example",
        calendar: "eu-5x8",
        from: "2026-03-16T06:00:00Z".parse().expect("a moment"),
        until: "2026-04-17T22:00:00Z".parse().expect("a moment"),
        documents: documents(),
        seed: seed(20_260_316),
    };
    let Some(played) = plays(plan).await else {
        return;
    };
    played.goes_by("calendars/eu-5x8.yaml", "Europe/Brussels", "UTC");
}
