//! Spans of time as files write them: `3bd`, `8bh`, `2d`, `4h`, `30m`, `45s`.
//!
//! A working day is not eight hours and not twenty-four: it is whatever the calendar says of that
//! day. So a span in working days is kept in parts of a day, a span in working hours in
//! microseconds of working time, and the others in microseconds of the clock. Each of the three is
//! a [`Measure`]; a [`Budget`] is a number of parts of one of them, and can be used up in pieces.

use serde::{Deserialize, Serialize};

/// Into how many parts a working day is divided, whatever its length: 2⁷·3²·5²·7·11·13.
///
/// Divisible by the seconds of eight hours and of seven, and by the minutes of most other days, so
/// that a working day from 15:17 is 15:17 again and not a hair before. Not more than a minute has
/// microseconds, and no working day is shorter than a minute, so every part is reached at some
/// microsecond: adding a budget and measuring it gives the budget.
pub const PARTS_OF_A_DAY: i64 = 28_828_800;
/// The longest span of working days, and of calendar days.
pub const DAYS_MAX: i64 = 366;

const SECOND: i64 = 1_000_000;

/// In what a budget is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Microseconds of the clock: day and night, on holidays too.
    Clock,
    /// Microseconds of working time.
    WorkingTime,
    /// Working days, in parts ([`PARTS_OF_A_DAY`]).
    WorkingDays,
}

impl Measure {
    /// Whether it needs a calendar.
    #[must_use]
    pub const fn is_working(self) -> bool {
        !matches!(self, Self::Clock)
    }
}

/// An amount of time of one measure, in its parts. Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// In what it is counted.
    pub measure: Measure,
    /// How many parts.
    pub parts: i64,
}

/// A unit of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `bd`: days of the calendar's working time.
    WorkingDays,
    /// `bh`: hours of it.
    WorkingHours,
    /// `d`: twenty-four hours.
    Days,
    /// `h`.
    Hours,
    /// `m`.
    Minutes,
    /// `s`.
    Seconds,
}

impl Unit {
    const ALL: [(&'static str, Self); 6] = [
        ("bd", Self::WorkingDays),
        ("bh", Self::WorkingHours),
        ("d", Self::Days),
        ("h", Self::Hours),
        ("m", Self::Minutes),
        ("s", Self::Seconds),
    ];

    /// The measure, and how many of its parts one unit is.
    const fn parts(self) -> (Measure, i64) {
        match self {
            Self::WorkingDays => (Measure::WorkingDays, PARTS_OF_A_DAY),
            Self::WorkingHours => (Measure::WorkingTime, 3_600 * SECOND),
            Self::Days => (Measure::Clock, 86_400 * SECOND),
            Self::Hours => (Measure::Clock, 3_600 * SECOND),
            Self::Minutes => (Measure::Clock, 60 * SECOND),
            Self::Seconds => (Measure::Clock, SECOND),
        }
    }
}

/// A span as written: a number and a unit. Not zero, at most 366 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    count: i64,
    unit: Unit,
}

impl Span {
    /// One second of the clock.
    pub(crate) const SECOND: Self = Self {
        count: 1,
        unit: Unit::Seconds,
    };

    /// Reads `3bd`. `None` if it is anything else, nothing, or longer than 366 days.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let unit_at = written.find(|c: char| !c.is_ascii_digit())?;
        let (digits, unit) = written.split_at(unit_at);
        let (_, unit) = Unit::ALL.into_iter().find(|(word, _)| *word == unit)?;
        let count: i64 = digits.parse().ok()?;
        let span = Self { count, unit };
        let (measure, parts) = unit.parts();
        let longest = match measure {
            Measure::WorkingDays => DAYS_MAX * PARTS_OF_A_DAY,
            Measure::Clock | Measure::WorkingTime => DAYS_MAX * 86_400 * SECOND,
        };
        let parts = count.checked_mul(parts)?;
        (parts > 0 && parts <= longest).then_some(span)
    }

    /// How much time it is.
    #[must_use]
    pub const fn budget(self) -> Budget {
        let (measure, parts) = self.unit.parts();
        Budget {
            measure,
            parts: self.count.saturating_mul(parts),
        }
    }

    /// How many units.
    #[must_use]
    pub const fn count(self) -> i64 {
        self.count
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The seconds of a span of the clock; `None` for working time, which has no fixed length.
    #[must_use]
    pub fn clock_seconds(self) -> Option<i64> {
        let budget = self.budget();
        (budget.measure == Measure::Clock).then_some(budget.parts / SECOND)
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = Unit::ALL.iter().find(|(_, unit)| *unit == self.unit);
        write!(f, "{}{}", self.count, word.map_or("", |(word, _)| word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_written_and_nothing_else_is() {
        for written in ["1bd", "366bd", "8bh", "2d", "366d", "4h", "30m", "45s"] {
            let span = Span::parse(written).expect(written);
            assert_eq!(span.to_string(), written);
            assert!(span.budget().parts > 0);
        }
        for written in [
            "",
            "1",
            "d",
            "0d",
            "367d",
            "367bd",
            "1 d",
            "1D",
            "1wd",
            "-1d",
            "+1d",
            "1.5d",
            "P1D",
            "P3D",
            "1bm",
            "99999999999999999999d",
            "9223372036854775807s",
            "один",
        ] {
            assert_eq!(Span::parse(written), None, "{written}");
        }
    }

    #[test]
    fn a_working_day_is_a_day_and_not_a_number_of_hours() {
        let day = Span::parse("1bd").expect("a day").budget();
        assert_eq!(
            (day.measure, day.parts),
            (Measure::WorkingDays, PARTS_OF_A_DAY)
        );
        assert_eq!(
            Span::parse("2d").and_then(Span::clock_seconds),
            Some(172_800)
        );
        assert_eq!(Span::parse("2bd").and_then(Span::clock_seconds), None);
    }
}
