//! Who plays a run: what arrives next, and in what order.

use chancery_types::Instant;
use chancery_workflow::{Actor, Definition, Directory, Event, EventKind, State, stand_ins};

use super::invented::Draw;
use super::moves::{Move, as_event};

/// How many events one run gets.
const EVENTS_A_RUN: u32 = 200;
/// How many of them before it started and after it ended.
const IDLE_MAX: u32 = 12;

/// How an event arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// When it is made.
    Fresh,
    /// It was accepted already.
    Twice,
    /// It was overtaken by others.
    Late,
    /// A timer rings.
    Rings,
}

/// What was delivered to a run so far.
#[derive(Debug)]
pub struct Player {
    minute: i64,
    left: u32,
    idle: u32,
    before: Option<Event>,
    kept: Option<Event>,
}

impl Player {
    /// A player whose first event is one minute after `minute`.
    pub const fn since(minute: i64) -> Self {
        Self {
            minute,
            left: EVENTS_A_RUN,
            idle: 0,
            before: None,
            kept: None,
        }
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        Instant::from_seconds(self.minute * 60)
    }

    /// What arrives next, a minute later; nothing when the run has had enough.
    pub fn next(
        &mut self,
        draw: &mut Draw,
        definition: &Definition,
        state: &State,
        directory: &Directory,
    ) -> Option<(Arrival, Event)> {
        // What never started, or is over, is soon left alone.
        let still = state.subject.is_none() || state.phase.is_final();
        self.idle = if still { self.idle + 1 } else { 0 };
        self.left = self.left.checked_sub(1)?;
        if self.idle > IDLE_MAX {
            return None;
        }
        self.minute += 1;
        if let Some(rings) = self.ringing(draw, state) {
            return Some((Arrival::Rings, rings));
        }
        let fresh = self.fresh(draw, definition, state, directory);
        Some(match draw.below(40) {
            0 => match &self.before {
                Some(before) => (Arrival::Twice, before.clone()),
                None => (Arrival::Fresh, fresh),
            },
            1 => {
                let late = self.kept.replace(fresh.clone());
                (Arrival::Late, late.unwrap_or(fresh))
            }
            _ => (Arrival::Fresh, fresh),
        })
    }

    /// An event that is made of this state.
    pub fn fresh(
        &self,
        draw: &mut Draw,
        definition: &Definition,
        state: &State,
        directory: &Directory,
    ) -> Event {
        // Mostly what the run waits for, so that it gets on; one time in four anything.
        let sorts = if draw.once_in(4) { 130 } else { 61 };
        let made = Move {
            sort: u8::try_from(draw.below(sorts)).expect("small"),
            pick: draw.pick(),
            other: draw.pick(),
        };
        let mut event = as_event(definition, state, &made, self.minute);
        // Whoever stands in for somebody decides as often as they do.
        if let EventKind::Decided { task, .. } | EventKind::Signed { task, .. } = &event.kind {
            let others = stand_ins(definition, state, directory, *task, event.at);
            let others: Vec<_> = others.into_keys().collect();
            if !others.is_empty() && draw.once_in(2) {
                event.actor = Actor::Person(others[draw.pick().index(others.len())]);
            }
        }
        event
    }

    /// An event was accepted.
    pub fn took(&mut self, event: Event) {
        self.before = Some(event);
    }

    /// The timer that is due first, mostly: the shell may be late, and an alarm may be an old one.
    fn ringing(&self, draw: &mut Draw, state: &State) -> Option<Event> {
        let due = state
            .timers
            .iter()
            .filter_map(|(number, timer)| Some((timer.due_at?, *number, timer.generation)))
            .filter(|(due_at, ..)| *due_at <= self.now())
            .min()?;
        if draw.once_in(3) {
            return None;
        }
        let (_, timer, generation) = due;
        let old = u32::from(draw.once_in(8));
        Some(Event {
            at: self.now(),
            actor: Actor::System,
            kind: EventKind::TimerFired {
                timer,
                generation: generation.saturating_sub(old),
            },
        })
    }
}
