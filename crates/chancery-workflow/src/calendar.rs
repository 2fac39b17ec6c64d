//! Working time: when people work, by a file of `workflows/calendars/`.
//!
//! A calendar is a zone, the hours of a week, the holidays, and the days that are otherwise than
//! their week says: days off that were moved, days of other hours. It is a value like a
//! definition: read from its text, equal for equal texts, without a clock of its own.
//!
//! # Which instants are working time
//!
//! Hours are what the clock on the wall shows. An hour that clocks leave out in spring is worked by
//! nobody; an hour that they show twice in autumn is worked twice if it lies within the hours, and
//! a boundary within it is its first showing.
//!
//! # A year that the file does not cover
//!
//! A file covers years. Beyond them the week alone is reckoned, without holidays, and the answer
//! says so: [`Reckoned::beyond`] names the first such year that was counted. A date like that is
//! still a date, and is reckoned anew when the calendar is; a run is not stopped because a
//! government has not decided on next year's holidays.
//!
//! # Cost
//!
//! Every answer looks at no more than 10 000 days (27 years) and at 8 stretches a day.

mod clock;
mod days;
mod parse;
mod reckon;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chancery_types::{Digest, Locale, Localized};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::diagnostic::Diagnostic;

pub use reckon::{Elapsed, Reckoned};

/// The most stretches of working time in one day.
pub const HOURS_MAX: usize = 8;

/// A stretch of working time within a day, in minutes since its midnight by the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    from: u16,
    until: u16,
}

/// A checked calendar. Equal sources give equal calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    source: String,
    digest: Digest,
    id: String,
    title: Localized,
    zone: TimeZone,
    years: RangeInclusive<i16>,
    /// From Monday.
    week: [Vec<Hours>; 7],
    /// The days that are otherwise than their week says: holidays have no hours.
    days: BTreeMap<Date, Vec<Hours>>,
    warnings: Vec<Diagnostic>,
}

impl Hours {
    /// What the clock shows when the stretch begins on `date`.
    fn begins(self, date: Date) -> Option<DateTime> {
        shown(date, self.from)
    }

    /// What the clock shows when it ends.
    fn ends(self, date: Date) -> Option<DateTime> {
        shown(date, self.until)
    }

    /// Its minutes by the wall clock, from midnight.
    #[must_use]
    pub fn minutes(self) -> RangeInclusive<u16> {
        self.from..=self.until
    }
}

/// A minute of a day; 1440 is the midnight that ends it.
fn shown(date: Date, minute: u16) -> Option<DateTime> {
    let (hour, rest) = (
        i8::try_from(minute / 60).ok()?,
        i8::try_from(minute % 60).ok()?,
    );
    if hour == 24 && rest == 0 {
        return Some(date.tomorrow().ok()?.to_datetime(Time::midnight()));
    }
    Some(date.to_datetime(Time::new(hour, rest, 0, 0).ok()?))
}

impl Calendar {
    /// The identifier: `ru-5x8`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        self.title.get(locale).unwrap_or(&self.id)
    }

    /// The name of its zone in the IANA database.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or_default()
    }

    /// The years whose holidays it knows.
    #[must_use]
    pub const fn years(&self) -> &RangeInclusive<i16> {
        &self.years
    }

    /// Whether it knows the holidays of the year of `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.years.contains(&date.year())
    }

    /// The working time of a date: none on a day off. Beyond the years that the file covers, the
    /// hours of the week.
    #[must_use]
    pub fn hours(&self, date: Date) -> &[Hours] {
        self.days
            .get(&date)
            .or_else(|| self.week.get(weekday(date)))
            .map_or(&[], Vec::as_slice)
    }

    /// The midnight that ends a date, by the calendar's clock.
    pub(crate) fn ends(&self, date: Date) -> Option<chancery_types::Instant> {
        let midnight = shown(date, 1440)?;
        clock::reached(&self.zone, midnight).map(chancery_types::Instant::from_micros)
    }

    /// What is odd but accepted.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The file as it was read. A run stores it beside its workflow.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What a run is pinned to, made as [`crate::Definition::digest`] is.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

/// The position in a week that begins on Monday.
fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default()
}
