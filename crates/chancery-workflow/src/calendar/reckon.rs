//! Working time as a measure: how much lies between two instants, and when so much has passed.
//!
//! One function stands under all: how much of a day's working time has passed at an instant. It
//! never falls, rises by at most one part in a microsecond, and is whole when the day is over; so
//! what [`Calendar::after`] answers is the first instant at which [`Calendar::elapsed`] gives
//! exactly the budget, and both depend on nothing but the two ends.

use chancery_types::Instant;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Calendar, clock};
use crate::span::{Budget, Measure, PARTS_OF_A_DAY};

/// The most days that one answer looks at.
const DAYS_LOOKED_AT_MAX: usize = 10_000;

/// An instant that was reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// The instant.
    pub at: Instant,
    /// The first year that was counted though the calendar does not cover it: without holidays.
    pub beyond: Option<i16>,
}

/// Working time that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed {
    /// How many parts of the measure.
    pub parts: i64,
    /// The first year that was counted though the calendar does not cover it: without holidays.
    pub beyond: Option<i16>,
}

/// The working time of one date, in instants.
struct Day {
    date: Date,
    /// In order, none empty, none overlapping.
    stretches: Vec<(i64, i64)>,
}

impl Day {
    fn length(&self) -> i64 {
        self.stretches
            .iter()
            .map(|(from, until)| until - from)
            .sum()
    }

    /// The microseconds that were worked before `at`.
    fn worked(&self, at: i64) -> i64 {
        let until = |(from, until): &(i64, i64)| at.clamp(*from, *until) - from;
        self.stretches.iter().map(until).sum()
    }

    /// The same in parts of a measure, rounded down.
    fn passed(&self, at: i64, measure: Measure) -> i64 {
        let (worked, length) = (self.worked(at), self.length());
        match measure {
            Measure::WorkingDays if length > 0 => scaled(worked, PARTS_OF_A_DAY, length, false),
            _ => worked,
        }
    }

    fn whole(&self, measure: Measure) -> i64 {
        match measure {
            Measure::WorkingDays => PARTS_OF_A_DAY,
            Measure::Clock | Measure::WorkingTime => self.length(),
        }
    }

    /// The first instant at which `passed` is this many parts.
    fn when_passed(&self, parts: i64, measure: Measure) -> Option<i64> {
        let mut left = match measure {
            Measure::WorkingDays => scaled(parts, self.length(), PARTS_OF_A_DAY, true),
            Measure::Clock | Measure::WorkingTime => parts,
        };
        for (from, until) in &self.stretches {
            if left <= until - from {
                return Some(from + left);
            }
            left -= until - from;
        }
        None
    }
}

/// `value × by ÷ of`, rounded down or up. None of them is negative and `of` is not zero.
fn scaled(value: i64, by: i64, of: i64, up: bool) -> i64 {
    let product = i128::from(value) * i128::from(by);
    let add = if up { i128::from(of) - 1 } else { 0 };
    i64::try_from((product + add) / i128::from(of.max(1))).unwrap_or(i64::MAX)
}

/// Days in order.
struct Walk<'c> {
    calendar: &'c Calendar,
    next: Option<Date>,
    left: usize,
}

impl Iterator for Walk<'_> {
    type Item = Day;

    /// The next day that has working time.
    fn next(&mut self) -> Option<Day> {
        while self.left > 0 {
            self.left -= 1;
            let date = self.next?;
            self.next = date.tomorrow().ok();
            let day = self.calendar.day(date);
            if !day.stretches.is_empty() {
                return Some(day);
            }
        }
        None
    }
}

impl Calendar {
    fn day(&self, date: Date) -> Day {
        let stretch = |hours: &super::Hours| {
            let from = clock::reached(&self.zone, hours.begins(date)?)?;
            let until = clock::reached(&self.zone, hours.ends(date)?)?;
            (from < until).then_some((from, until))
        };
        Day {
            date,
            stretches: self.hours(date).iter().filter_map(stretch).collect(),
        }
    }

    fn date_of(&self, at: i64) -> Option<Date> {
        let at = Timestamp::from_microsecond(at).ok()?;
        Some(self.zone.to_datetime(at).date())
    }

    /// The days from the one before `at`: where clocks go back over midnight, the working time of a
    /// date may begin while the clock shows the date before again.
    fn walk(&self, at: i64) -> Walk<'_> {
        let today = self.date_of(at);
        Walk {
            calendar: self,
            next: today.map(|date| date.yesterday().unwrap_or(date)),
            left: DAYS_LOOKED_AT_MAX,
        }
    }

    fn uncovered(&self, day: &Day) -> Option<i16> {
        (!self.covers(day.date)).then(|| day.date.year())
    }

    /// The first instant, not before `start`, at which the budget has passed since `start`. An
    /// empty budget has passed at once. A budget that 27 years do not hold ends with them.
    #[must_use]
    pub fn after(&self, start: Instant, budget: Budget) -> Reckoned {
        let from = start.micros();
        if budget.measure == Measure::Clock || budget.parts <= 0 {
            let parts = budget.parts.max(0);
            return Reckoned {
                at: Instant::from_micros(from.saturating_add(parts)),
                beyond: None,
            };
        }
        let (mut left, mut beyond, mut last) = (budget.parts, None, from);
        for day in self.walk(from) {
            let (before, whole) = (day.passed(from, budget.measure), day.whole(budget.measure));
            if before == whole {
                continue;
            }
            beyond = beyond.or_else(|| self.uncovered(&day));
            if let Some(at) = before
                .checked_add(left)
                .filter(|parts| *parts <= whole)
                .and_then(|parts| day.when_passed(parts, budget.measure))
            {
                let at = Instant::from_micros(at.max(from));
                return Reckoned { at, beyond };
            }
            left -= whole - before;
            last = day.stretches.last().map_or(last, |(_, until)| *until);
        }
        let at = Instant::from_micros(last.max(from));
        Reckoned { at, beyond }
    }

    /// How much of a measure lies between two instants; nothing if `end` is not later. Of working
    /// time, the first 27 years are counted.
    #[must_use]
    pub fn elapsed(&self, start: Instant, end: Instant, measure: Measure) -> Elapsed {
        let (from, until) = (start.micros(), end.micros());
        let (mut parts, mut beyond) = (0_i64, None);
        if until <= from {
            return Elapsed { parts, beyond };
        }
        if measure == Measure::Clock {
            parts = until.saturating_sub(from);
            return Elapsed { parts, beyond };
        }
        for day in self.walk(from) {
            if day
                .stretches
                .first()
                .is_none_or(|(begin, _)| *begin >= until)
            {
                break;
            }
            let passed = day.passed(until, measure) - day.passed(from, measure);
            if passed > 0 {
                beyond = beyond.or_else(|| self.uncovered(&day));
                parts = parts.saturating_add(passed);
            }
        }
        Elapsed { parts, beyond }
    }

    /// The first instant, not before `at`, that is working time: `at` itself within it. `None` if
    /// there is none within 27 years.
    #[must_use]
    pub fn next_working(&self, at: Instant) -> Option<Reckoned> {
        let from = at.micros();
        self.walk(from).find_map(|day| {
            let mut stretches = day.stretches.iter();
            let (begin, _) = stretches.find(|(_, until)| *until > from)?;
            Some(Reckoned {
                at: Instant::from_micros(from.max(*begin)),
                beyond: self.uncovered(&day),
            })
        })
    }

    /// An instant, not after `end`, from which exactly the budget passes until `end`. The first
    /// working moment of the 27 years before `end` if they do not hold it.
    #[must_use]
    pub fn before(&self, end: Instant, budget: Budget) -> Instant {
        let until = end.micros();
        if budget.measure == Measure::Clock || budget.parts <= 0 {
            return Instant::from_micros(until.saturating_sub(budget.parts.max(0)));
        }
        let mut date = self
            .date_of(until)
            .map(|date| date.tomorrow().unwrap_or(date));
        let (mut left, mut first) = (budget.parts, until);
        for _ in 0..DAYS_LOOKED_AT_MAX {
            let Some(today) = date else { break };
            date = today.yesterday().ok();
            let day = self.day(today);
            let passed = day.passed(until, budget.measure);
            let Some((begin, _)) = day.stretches.first().filter(|_| passed > 0) else {
                continue;
            };
            if passed >= left {
                let at = day.when_passed(passed - left, budget.measure);
                return Instant::from_micros(at.unwrap_or(*begin).min(until));
            }
            left -= passed;
            first = *begin;
        }
        Instant::from_micros(first)
    }
}
