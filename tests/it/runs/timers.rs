//! What time does to a run: reminders, due dates, escalation and the end of patience, each once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery::app::chains::Chains;
use chancery::jobs::Runner;
use chancery::store::entity::{definitions, outbox, people, runs, timers};
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};

use super::paper::Paper;
use crate::support::{Backend, TestApp, workflows_like};

const HOUR: i64 = 3600;

/// A house whose first stage of contracts has these keys beside a due date of a day of the clock,
/// and whose others remind nobody.
async fn house_with(backend: &Backend, keys: &str) -> (TestApp, tempfile::TempDir) {
    let folder = workflows_like(|path, text| {
        if path != "chains/contract.yaml" {
            return text;
        }
        let own = "    due: 1bd\n    on_timeout: { notify: [initiator] }\n";
        let all = "defaults:\n  remind: [{ before: 2bh }]\n";
        assert!(text.contains(own) && text.contains(all));
        let text = text.replacen(all, "", 1);
        text.replacen(own, &format!("    due: 1d\n{keys}"), 1)
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| {
        config.workflows.directory = directory;
    })
    .await;
    (house, folder)
}

async fn passes(house: &TestApp, seconds: i64) {
    house.advance_seconds(seconds);
    let drained = Runner::new(house.app.clone()).drain().await;
    let drained = drained.expect("drained");
    assert_eq!((drained.mails.failed, drained.jobs.failed), (0, 0));
}

/// Kind and reader of every letter about time, in their order.
async fn told(house: &TestApp) -> Vec<String> {
    let rows = outbox::Entity::find()
        .order_by_asc(outbox::Column::Id)
        .all(house.app.store.reader());
    let everybody = people::Entity::find().all(house.app.store.reader()).await;
    let everybody = everybody.expect("people");
    let name = |row: &outbox::Model| {
        let found = everybody.iter().find(|one| Some(one.id) == row.person_id);
        found.map_or("", |one| one.name.as_str()).to_owned()
    };
    let rows = rows.await.expect("letters").into_iter();
    rows.filter(|row| row.kind != "task-opened")
        .map(|row| format!("{}: {}", row.kind, name(&row)))
        .collect()
}

async fn timers_of(house: &TestApp) -> usize {
    let rows = timers::Entity::find().all(house.app.store.reader());
    rows.await.expect("rows").len()
}

/// Goal: a reminder before the due date, the due date and the step after it each happen once, at
/// their time, and what was decided stops its clocks. Method: a day and a half of an idle manager,
/// looked at again and again; then the deputy decides.
#[tokio::test]
async fn an_idle_manager_is_reminded_told_and_replaced() {
    for backend in Backend::all() {
        let keys = "    remind: [{ before: 4h }]\n    escalate: [{ after: 12h, replace: [cfo] }]\n";
        let (house, _folder) = house_with(&backend, keys).await;
        let paper = Paper::started(&house, "50000.00").await;
        assert_eq!(timers_of(&house).await, 2);
        passes(&house, 20 * HOUR - 1).await;
        assert_eq!(told(&house).await, [""; 0]);
        passes(&house, 1).await;
        passes(&house, 60).await;
        assert_eq!(told(&house).await, ["due-reminder: Павел Громов"]);
        passes(&house, 4 * HOUR).await;
        passes(&house, 60).await;
        let late = ["due-reminder: Павел Громов", "overdue: Павел Громов"];
        assert_eq!(told(&house).await, late);
        assert_eq!(paper.waiting().await, "manager: head");
        passes(&house, 12 * HOUR).await;
        assert_eq!(paper.waiting().await, "manager: cfo");
        let moved = [late.as_slice(), &["task-withdrawn: Павел Громов"]].concat();
        assert_eq!(told(&house).await, moved);

        paper.decides("cfo", Decision::Approve, "").await;
        // Legal: a due date, and nothing of the manager's is left.
        let left = timers::Entity::find().all(house.app.store.reader()).await;
        let left = left.expect("rows");
        let open: Vec<_> = paper.tasks().await.into_iter().collect();
        for timer in &left {
            let task = open.iter().find(|task| task.id == timer.task_id);
            assert_eq!(task.map(|task| task.state.as_str()), Some("open"));
        }
        assert!(!left.is_empty());
        house.close().await;
    }
}

/// Goal: a run whose patience is over ends, its holder and its initiator are told, and no clock is
/// left. Method: a stage that tells its initiator twice and then ends the run.
#[tokio::test]
async fn a_run_out_of_time_ends() {
    for backend in Backend::all() {
        let keys = "    on_timeout:\n      notify: [initiator]\n      \
                    repeat: { every: 2h, max: 1 }\n      then: { finish: expired }\n";
        let (house, _folder) = house_with(&backend, keys).await;
        let paper = Paper::started(&house, "50000.00").await;
        passes(&house, 24 * HOUR).await;
        let first = ["overdue: Павел Громов", "overdue: Ольга Соколова"];
        assert_eq!(told(&house).await, first);
        passes(&house, 2 * HOUR).await;
        assert_eq!(paper.document().await.state, "withdrawn");
        let all = told(&house).await;
        assert_eq!(all[2..4], first);
        assert!(
            all.contains(&"run-expired: Ольга Соколова".to_owned()),
            "{all:?}"
        );
        assert!(
            all.contains(&"task-withdrawn: Павел Громов".to_owned()),
            "{all:?}"
        );
        let task = paper.tasks().await.remove(0);
        assert_eq!(task.close_reason.as_deref(), Some("expired"));
        assert_eq!(timers_of(&house).await, 0);
        passes(&house, 240 * HOUR).await;
        assert_eq!(told(&house).await, all);
        house.close().await;
    }
}

/// Goal: a timer is heard once, however many workers ring. Method: four at the same moment.
#[tokio::test]
async fn workers_that_ring_at_once_tell_once() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, "").await;
        let paper = Paper::started(&house, "50000.00").await;
        house.advance_seconds(25 * HOUR);
        let ring = || house.app.ring_timers();
        let rung = futures::future::join_all([ring(), ring(), ring(), ring()]).await;
        for one in rung {
            one.expect("rung");
        }
        assert_eq!(told(&house).await, ["overdue: Павел Громов"]);
        assert_eq!(timers_of(&house).await, 0);
        let auditor = house.actor("auditor");
        let history = house.app.document_history(&auditor, paper.id).await;
        let history = history.expect("a history");
        let rung = history
            .iter()
            .find(|event| event.action == "run.timer_fired");
        let rung = rung.expect("an event");
        assert_eq!(
            (&rung.details["what"], &rung.details["stage"]),
            (&"due".into(), &"manager".into())
        );
        let name = rung.names.of_value(rung.details.get("to"));
        assert_eq!(name, Some("Павел Громов"));
        let fired = paper.events().await;
        let fired = fired.iter().filter(|event| *event == "run.timer_fired");
        assert_eq!(fired.count(), 1);
        house.close().await;
    }
}

/// The calendar of a house, in a file.
struct CalendarFile(PathBuf, String);

/// Lets contracts of the house in `folder` be due in a working day by their calendar.
fn reckons_by_a_calendar(folder: &Path) -> CalendarFile {
    let path = folder.join("calendars/ru-5x8.yaml");
    let before = std::fs::read_to_string(&path).expect("a calendar");
    let chain = folder.join("chains/contract.yaml");
    let text = std::fs::read_to_string(&chain).expect("a chain");
    let text = text.replacen("    due: 1d\n", "    due: 1bd\n", 1);
    std::fs::write(&chain, text).expect("written");
    CalendarFile(path, before)
}

impl CalendarFile {
    /// The day on which all is due is free now: START is Monday 23 November 2026.
    fn frees_the_due_day(&self) {
        let free = "holidays:\n  - { first: 2026-11-23, last: 2026-11-24 }\n";
        let after = self.1.replacen("holidays:\n", free, 1);
        std::fs::write(&self.0, after).expect("written");
    }
}

/// Goal: a holiday that is added moves the dates of what is under way, once. Method: a stage due in
/// a working day, and the calendar of the house with the next day off.
#[tokio::test]
async fn a_changed_calendar_moves_dates_to_come() {
    for backend in Backend::all() {
        let (house, folder) = house_with(&backend, "").await;
        let calendar = reckons_by_a_calendar(folder.path());
        let mut app = house.app.clone();
        app.chains = Arc::new(Chains::load(folder.path()).expect("chains"));
        let paper = Paper::draft(&house, "50000.00").await;
        let started = app.start_run(&house.actor("initiator"), paper.id).await;
        started.expect("started");
        let due = async || paper.tasks().await.remove(0).due_at.expect("a due date");
        let first = due().await;
        assert_eq!(app.adopt_calendars().await.expect("looked"), 0);

        calendar.frees_the_due_day();
        app.chains = Arc::new(Chains::load(folder.path()).expect("chains"));
        assert_eq!(app.adopt_calendars().await.expect("taken"), 1);
        let moved = due().await;
        assert!(moved > first, "{first} {moved}");
        let timers = timers::Entity::find().all(house.app.store.reader()).await;
        assert!(
            timers
                .expect("rows")
                .iter()
                .all(|timer| timer.due_at == moved)
        );
        assert_eq!(app.adopt_calendars().await.expect("looked"), 0);
        let events = paper.events().await;
        assert_eq!(events, ["run.calendar_changed", "run.started"]);
        house.close().await;
    }
}

/// Goal: what cannot take a changed calendar keeps nobody else from it: a definition that cannot be
/// read, a run that cannot be, a run of the other organisation. Method: four runs, of which the
/// first two are broken by hand, each in its way; the dates of the others.
#[tokio::test]
async fn broken_runs_and_definitions_do_not_hold_up_a_changed_calendar() {
    for backend in Backend::all() {
        let (house, folder) = house_with(&backend, "").await;
        let calendar = reckons_by_a_calendar(folder.path());
        let mut app = house.app.clone();
        app.chains = Arc::new(Chains::load(folder.path()).expect("chains"));
        let mut papers = Vec::new();
        for home in [
            &house.vector,
            &house.vector,
            &house.vector,
            &house.northwind,
        ] {
            let paper = Paper::draft_in(&house, home, "50000.00").await;
            let started = app.start_run(&home.actor("initiator"), paper.id).await;
            started.expect("started");
            papers.push(paper);
        }
        let writer = house.app.store.writer();
        let run_of = async |paper: &Paper<'_>| {
            let run = runs::Entity::find().filter(runs::Column::DocumentId.eq(paper.id.uuid()));
            run.one(writer).await.expect("read").expect("a run")
        };
        let whole = definitions::Entity::find().one(writer).await;
        let unreadable = definitions::Model {
            organisation_id: house.vector.organisation.uuid(),
            digest: "0".repeat(64),
            source: "{}".to_owned(),
            ..whole.expect("read").expect("a definition")
        };
        let unreadable = unreadable.into_active_model().reset_all();
        unreadable.insert(writer).await.expect("kept");
        let mut first = run_of(&papers[0]).await.into_active_model();
        first.definition_digest = Set("0".repeat(64));
        first.update(writer).await.expect("broken");
        let mut second = run_of(&papers[1]).await.into_active_model();
        second.state = Set("{}".to_owned());
        second.update(writer).await.expect("broken");

        calendar.frees_the_due_day();
        app.chains = Arc::new(Chains::load(folder.path()).expect("chains"));
        assert_eq!(app.adopt_calendars().await.expect("looked"), 2);
        for (paper, is_taken) in papers.iter().zip([false, false, true, true]) {
            let moved = paper
                .events()
                .await
                .contains(&"run.calendar_changed".to_owned());
            assert_eq!(moved, is_taken);
        }
        assert_eq!(app.adopt_calendars().await.expect("looked"), 0);
        house.close().await;
    }
}
