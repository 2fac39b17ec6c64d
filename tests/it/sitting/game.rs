//! One run, event by event, in the tables and in memory.

use chancery::app::AppError;
use chancery_types::id::RunId;
use chancery_workflow::{
    Actor as Cause, Definition, Directory, Event, EventKind, Phase, Refusal, State, Step, apply,
};

use super::Tally;
use super::expected::Expected;
use super::firm::{Firm, WORKFLOW};
use super::paper::{Paper, Stored};
use crate::shared::held::{Rows, check_effects, check_monotone, check_signatures, check_state};
use crate::shared::invented::{Draw, organisation, workflow};
use crate::shared::player::{Arrival, Player};
use crate::support::{TestApp, cut, faults};

/// The most rows that a step writes before one fails.
const ROWS_MAX: u64 = 24;
/// How often a request is polled, at the most, before it is dropped.
const POLLS_MAX: u64 = 90;

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It is answered.
    Answered,
    /// The row that it writes as this one fails.
    RowFails(u64),
    /// It is dropped when it was polled so often.
    Dropped(u64),
}

/// A run that is played.
struct Game<'g> {
    house: &'g TestApp,
    firm: &'g Firm<'g>,
    definition: Definition,
    directory: Directory,
    paper: Paper<'g>,
    expected: Expected,
    before: Stored,
    rows: Rows,
    tally: &'g mut Tally,
}

/// Plays the run of a seed.
pub async fn play(house: &TestApp, firm: &Firm<'_>, seed: u64, tally: &mut Tally) {
    let mut draw = Draw(seed);
    let source = workflow(&mut draw).replace("id: test\n", &format!("id: {WORKFLOW}\n"));
    let Ok(chain) = house.app.chains.read_edition(WORKFLOW, &source) else {
        tally.refused_files += 1;
        return;
    };
    let definition = Definition::clone(&chain.definition);
    let minute = house.app.now().micros() / 60_000_000;
    let directory = organisation(&mut draw, minute);
    firm.goes_by(&source).await;
    firm.becomes(&directory).await;
    check_directory(house, firm, &definition, &directory).await;
    tally.runs += 1;
    let paper = Paper::draft(house, firm.id).await;
    let before = paper.read().await;
    let mut game = Game {
        house,
        firm,
        definition,
        directory,
        paper,
        expected: Expected::draft(&before),
        before,
        rows: Rows::default(),
        tally,
    };
    game.play(&mut draw, minute).await;
}

/// What the service reads of the organisation is what was written.
async fn check_directory(
    house: &TestApp,
    firm: &Firm<'_>,
    definition: &Definition,
    directory: &Directory,
) {
    let actor = firm.actor(directory, Cause::System);
    let read = house.app.directory_for(&actor, definition).await;
    let mut read = read.expect("a directory");
    read.read_at = None;
    assert_eq!(read, *directory);
}

impl Game<'_> {
    async fn play(&mut self, draw: &mut Draw, minute: i64) {
        let mut player = Player::since(minute);
        loop {
            let state = self.expected.state.clone();
            let Some((arrival, event)) =
                player.next(draw, &self.definition, &state, &self.directory)
            else {
                break;
            };
            let late = player.now().micros() - self.house.app.now().micros();
            self.house.advance_seconds(late / 1_000_000);
            match arrival {
                Arrival::Fresh => {}
                Arrival::Twice => self.tally.disturbed("twice"),
                Arrival::Late => self.tally.disturbed("late"),
                Arrival::Rings => self.tally.disturbed("rings"),
            }
            let mut events = vec![event];
            let fate = match draw.below(32) {
                0..3 => Fate::RowFails(1 + draw.below(ROWS_MAX)),
                3..5 => Fate::Dropped(1 + draw.below(POLLS_MAX)),
                5..7 if state.subject.is_some() => {
                    let other = match draw.once_in(3) {
                        true => events[0].clone(),
                        false => player.fresh(draw, &self.definition, &state, &self.directory),
                    };
                    events.push(other);
                    Fate::Answered
                }
                _ => Fate::Answered,
            };
            let again = draw.once_in(2);
            let accepted = self.arrive(&events, fate).await;
            if accepted.is_empty() && again && !matches!(fate, Fate::Answered) {
                // Whoever got no answer sends it again.
                let accepted = self.arrive(&events, Fate::Answered).await;
                accepted.into_iter().for_each(|event| player.took(event));
            }
            accepted.into_iter().for_each(|event| player.took(event));
        }
        self.replay().await;
        // Nobody rings for this run any more.
        faults::run(self.house, "DELETE FROM timers").await;
        let end = format!("{:?}", self.expected.state.phase).to_lowercase();
        *self.tally.ends.entry(end).or_default() += 1;
    }

    /// One event arrives, or two at once. Says which of them the run has taken.
    async fn arrive(&mut self, events: &[Event], fate: Fate) -> Vec<Event> {
        let sendable = events.iter().filter_map(|event| self.sendable(event));
        let mut events: Vec<Event> = sendable.collect();
        self.tally.events += events.len() as u64;
        let subject = self.expected.state.subject.as_ref();
        let present = subject.map_or(0, |subject| subject.version.number);
        let mut is_written = false;
        for event in &mut events {
            is_written |= self.paper.prepare(event, &self.before, present).await;
        }
        if is_written {
            self.before = self.paper.read().await;
        }
        let answers = self.send(&events, fate).await;
        let taken = self.follow(&events, &answers).await;
        self.name_end(fate, &events, &taken);
        taken
    }

    /// The event as a request can bring it: a run that is not there moves by nothing but its start,
    /// which is of this moment, and brings what the draft has.
    fn sendable(&self, event: &Event) -> Option<Event> {
        let is_start = matches!(event.kind, EventKind::Started { .. });
        let is_draft = self.expected.state.phase == Phase::Draft;
        let mut event = event.clone();
        if is_start {
            event.at = self.house.app.now();
        }
        (is_start || !is_draft).then_some(event)
    }

    async fn send(&self, events: &[Event], fate: Fate) -> Vec<Option<Result<(), AppError>>> {
        let run = self.before.run.as_ref().map(|run| run.id.into());
        match (events, fate) {
            ([], _) => Vec::new(),
            ([one, other], _) => {
                let (one, other) = tokio::join!(self.bring(run, one), self.bring(run, other));
                vec![Some(one), Some(other)]
            }
            ([one, ..], Fate::Answered) => vec![Some(self.bring(run, one).await)],
            ([one, ..], Fate::RowFails(turn)) => {
                faults::set(self.house, turn).await;
                let answer = self.bring(run, one).await;
                faults::set(self.house, 0).await;
                vec![Some(answer)]
            }
            ([one, ..], Fate::Dropped(polls)) => {
                let answer = cut::after(polls, self.bring(run, one)).await;
                self.paper.settle().await;
                vec![answer]
            }
        }
    }

    /// One request.
    async fn bring(&self, run: Option<RunId>, event: &Event) -> Result<(), AppError> {
        let app = &self.house.app;
        let actor = self.firm.actor(&self.directory, event.actor);
        match (&event.kind, run) {
            (EventKind::TimerFired { .. }, _) => app.ring_timers().await.map(drop),
            (EventKind::Started { .. }, _) => app.start_run(&actor, self.paper.id).await.map(drop),
            (_, Some(run)) => {
                let events = async |_: &_| Ok(vec![event.clone()]);
                let nothing = async |_: &_, _: &_, _: &mut _| Ok(());
                app.move_run(&actor, run, events, nothing).await.map(drop)
            }
            (_, None) => Err(AppError::Hidden),
        }
    }

    /// Takes the engine along with what the journal has, compares the answers with it, and the
    /// tables with the state.
    async fn follow(
        &mut self,
        events: &[Event],
        answers: &[Option<Result<(), AppError>>],
    ) -> Vec<Event> {
        let stored = self.paper.read().await;
        let journal = match &stored.run {
            Some(run) => self.paper.events_after(run.id, self.expected.seq).await,
            None => Vec::new(),
        };
        let mut visited = vec![self.expected.state.clone()];
        let mut taken = Vec::new();
        for (seq, event) in journal {
            assert_eq!(seq, self.expected.seq + 1, "revisions are dense");
            let step = apply(
                &self.definition,
                &self.expected.state,
                &event,
                &self.directory,
            );
            let step: Step = step.expect("the engine takes what was stored");
            check_effects(
                &self.definition,
                &self.expected.state,
                &event,
                &step,
                &mut self.rows,
            );
            check_state(&self.definition, &step.state, &self.directory);
            check_monotone(&self.expected.state, &event, &step);
            check_signatures(&self.definition, &step);
            self.expected.take(&event, step, &self.directory, &stored);
            visited.push(self.expected.state.clone());
            taken.push(event);
        }
        self.tally.accepted += taken.len() as u64;
        self.expected.check(&stored);
        let mut unclaimed = taken.clone();
        for (event, answer) in events.iter().zip(answers) {
            self.check_answer(event, answer.as_ref(), &visited, &mut unclaimed);
        }
        assert!(unclaimed.is_empty(), "nobody sent {unclaimed:?}");
        if taken.is_empty() {
            let is_ring = events.iter().any(is_ring);
            assert!(
                is_ring || self.before == stored,
                "it left something behind:\n{:?}\n{stored:?}",
                self.before
            );
        }
        self.before = stored;
        taken
    }

    /// An answer is true: what was accepted is in the journal once, what was refused is what the
    /// engine refuses, and what got no answer is there wholly or not at all.
    fn check_answer(
        &self,
        event: &Event,
        answer: Option<&Result<(), AppError>>,
        visited: &[State],
        unclaimed: &mut Vec<Event>,
    ) {
        if is_ring(event) {
            unclaimed.retain(|taken| !is_ring(taken));
            assert!(
                matches!(
                    answer,
                    None | Some(Ok(()) | Err(AppError::Unavailable { .. }))
                ),
                "{answer:?}"
            );
            return;
        }
        let place = unclaimed.iter().position(|taken| taken == event);
        match answer {
            None => {
                place.map(|place| unclaimed.remove(place));
            }
            Some(Ok(())) => {
                unclaimed.remove(place.expect("what was accepted is in the journal"));
            }
            // The row that failed.
            Some(Err(AppError::Unavailable { source, .. })) => {
                assert!(
                    chancery::app::error::in_full(source).contains("fault"),
                    "{source:?}"
                );
            }
            Some(Err(answer)) => {
                let refusals: Vec<Refusal> = visited
                    .iter()
                    .filter_map(|state| self.refusal(state, event))
                    .collect();
                let is_said = refusals.iter().any(|refusal| says(answer, refusal, event));
                assert!(is_said, "{event:?}\n{answer:?}\n{refusals:?}");
            }
        }
    }

    fn refusal(&self, state: &State, event: &Event) -> Option<Refusal> {
        apply(&self.definition, state, event, &self.directory).err()
    }

    fn name_end(&mut self, fate: Fate, events: &[Event], taken: &[Event]) {
        let what = match (fate, events.len(), taken.len()) {
            (_, 2, 2) => "at once: both",
            (_, 2, 1) => "at once: one",
            (Fate::RowFails(_), 1, 0) => "row fails: before",
            (Fate::RowFails(_), 1, _) => "row fails: after",
            (Fate::Dropped(_), 1, 0) => "dropped: before",
            (Fate::Dropped(_), 1, _) => "dropped: after",
            _ => return,
        };
        self.tally.disturbed(what);
    }

    /// The whole journal leads to the state that is stored.
    async fn replay(&self) {
        let Some(run) = &self.before.run else { return };
        let mut state = State::draft();
        let journal = self.paper.events_after(run.id, 0).await;
        for (expected, (seq, event)) in (1_i64..).zip(&journal) {
            assert_eq!(*seq, expected, "revisions are dense");
            let step = apply(&self.definition, &state, event, &self.directory);
            state = step.expect("the engine takes what was stored").state;
        }
        assert!(state == self.expected.state, "a replay comes to the same");
    }
}

const fn is_ring(event: &Event) -> bool {
    matches!(event.kind, EventKind::TimerFired { .. })
}

/// Whether an answer is what a refusal of the engine becomes.
fn says(answer: &AppError, refusal: &Refusal, event: &Event) -> bool {
    // A start is refused before the engine hears of it: the document is no draft any more.
    let is_start = matches!(event.kind, EventKind::Started { .. });
    match answer {
        AppError::Refused { code, .. } => {
            let stale = matches!(refusal, Refusal::StaleVersion { .. });
            let wanted = if stale {
                "version-changed"
            } else {
                refusal.code()
            };
            *code == wanted || is_start && *code == "document-not-draft"
        }
        AppError::Invalid { .. } => true,
        AppError::Hidden | AppError::Denied => is_start,
        _ => false,
    }
}
