//! Reading the days of a calendar: hours, holidays, days off that were moved, other hours.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{HOURS_MAX, Hours, weekday};
use crate::diagnostic::{Diagnostic, Position};
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

/// The longest row of holidays that one entry may name, in days.
const HOLIDAY_DAYS_MAX: usize = 60;
/// The most entries of one list.
const ENTRIES_MAX: usize = 2_000;

/// The days as they are read, each with the place that says so.
pub(super) struct Days<'w> {
    week: &'w [Vec<Hours>; 7],
    years: &'w RangeInclusive<i16>,
    found: BTreeMap<Date, (Vec<Hours>, Position)>,
}

impl<'w> Days<'w> {
    pub(super) const fn new(week: &'w [Vec<Hours>; 7], years: &'w RangeInclusive<i16>) -> Self {
        Self {
            week,
            years,
            found: BTreeMap::new(),
        }
    }

    /// What was read: the days that are otherwise than their week.
    pub(super) fn into_hours(self) -> BTreeMap<Date, Vec<Hours>> {
        let found = self.found.into_iter();
        found.map(|(date, (hours, _))| (date, hours)).collect()
    }

    /// `holidays`: dates, or first and last, without working time.
    pub(super) fn read_holidays(&mut self, node: &Node, findings: &mut Findings) {
        const KEYS: Keys = Keys {
            known: &["date", "first", "last", "title"],
            later: &[],
        };
        for node in entries(node, findings) {
            let Some(fields) = Fields::open(node, KEYS, findings) else {
                continue;
            };
            read_title(&fields, findings);
            for (date, at) in self.read_row(&fields, findings) {
                self.say(date, Vec::new(), at, findings);
            }
        }
    }

    /// One date, or all from the first to the last.
    fn read_row(&self, fields: &Fields<'_>, findings: &mut Findings) -> Vec<(Date, Position)> {
        if fields.get("first").is_none() && fields.get("last").is_none() {
            let node = fields.require("date", findings);
            let date = node.and_then(|node| Some((self.read_date(node, findings)?, node.at)));
            return date.into_iter().collect();
        }
        if fields.get("date").is_some() {
            let at = fields.key_at("date");
            findings.push(Diagnostic::error("W412", "date-or-row", at));
            return Vec::new();
        }
        let mut read = |key| {
            let node = fields.require(key, findings)?;
            Some((self.read_date(node, findings)?, node.at))
        };
        let (Some((first, first_at)), Some((last, last_at))) = (read("first"), read("last")) else {
            return Vec::new();
        };
        let mut row = Vec::new();
        let mut next = Some(first);
        while let Some(date) = next.filter(|date| *date <= last) {
            if row.len() >= HOLIDAY_DAYS_MAX {
                break;
            }
            row.push((date, first_at));
            next = date.tomorrow().ok();
        }
        if row.last().is_none_or(|(date, _)| *date != last) {
            let finding = Diagnostic::error("W412", "dates-turned", last_at);
            findings.push(finding.arg("max", HOLIDAY_DAYS_MAX));
            return Vec::new();
        }
        row
    }

    /// `moved`: a day off of the week that is taken on another day. Unless it is a holiday anyway,
    /// it is worked instead, with the hours of the day that became free.
    pub(super) fn read_moved(&mut self, node: &Node, findings: &mut Findings) {
        const KEYS: Keys = Keys {
            known: &["from", "to", "title"],
            later: &[],
        };
        for node in entries(node, findings) {
            let Some(fields) = Fields::open(node, KEYS, findings) else {
                continue;
            };
            read_title(&fields, findings);
            let mut read = |key| {
                let node = fields.require(key, findings)?;
                Some((self.read_date(node, findings)?, node.at))
            };
            let (Some((from, from_at)), Some((to, to_at))) = (read("from"), read("to")) else {
                continue;
            };
            let hours = self.of_week(to).to_vec();
            let is_holiday = self
                .found
                .get(&from)
                .is_some_and(|(said, _)| said.is_empty());
            if !self.of_week(from).is_empty() && !is_holiday {
                findings.push(Diagnostic::error("W413", "moved-works", from_at).arg("date", from));
                continue;
            }
            if hours.is_empty() {
                findings.push(Diagnostic::error("W413", "moved-free", to_at).arg("date", to));
                continue;
            }
            self.say(to, Vec::new(), to_at, findings);
            if !is_holiday {
                self.say(from, hours, from_at, findings);
            }
        }
    }

    /// `days`: dates with hours of their own. A day off that is worked because of a move may be
    /// said more exactly here.
    pub(super) fn read_days(&mut self, node: &Node, findings: &mut Findings) {
        const KEYS: Keys = Keys {
            known: &["date", "hours", "title"],
            later: &[],
        };
        for node in entries(node, findings) {
            let Some(fields) = Fields::open(node, KEYS, findings) else {
                continue;
            };
            read_title(&fields, findings);
            let date = fields
                .require("date", findings)
                .and_then(|node| Some((self.read_date(node, findings)?, node.at)));
            let hours = fields
                .require("hours", findings)
                .and_then(|node| read_hours(node, findings));
            let (Some((date, at)), Some(hours)) = (date, hours) else {
                continue;
            };
            let is_worked = |(said, _): &(Vec<Hours>, Position)| !said.is_empty();
            if self.of_week(date).is_empty() && self.found.get(&date).is_some_and(is_worked) {
                self.found.remove(&date);
            }
            self.say(date, hours, at, findings);
        }
    }

    fn of_week(&self, date: Date) -> &[Hours] {
        self.week.get(weekday(date)).map_or(&[], Vec::as_slice)
    }

    fn say(&mut self, date: Date, hours: Vec<Hours>, at: Position, findings: &mut Findings) {
        if let Some((_, first)) = self.found.get(&date) {
            let finding = Diagnostic::error("W413", "day-twice", at);
            findings.push(finding.arg("date", date).arg("line", first.line));
            return;
        }
        self.found.insert(date, (hours, at));
    }

    /// A date within the years of the file.
    fn read_date(&self, node: &Node, findings: &mut Findings) -> Option<Date> {
        let written = read::text(node, findings)?;
        // The library reads a date at the head of a longer text too.
        let date = Some(written).filter(|text| text.len() == 10 && text.is_ascii());
        let Some(date) = date.and_then(|text| text.parse::<Date>().ok()) else {
            findings.push(Diagnostic::error("W412", "bad-date", node.at).arg("text", written));
            return None;
        };
        if self.years.contains(&date.year()) {
            return Some(date);
        }
        findings.push(
            Diagnostic::error("W412", "date-outside-years", node.at)
                .arg("date", date)
                .arg("first", self.years.start())
                .arg("last", self.years.end()),
        );
        None
    }
}

/// The entries of a list, not too many.
fn entries<'n>(node: &'n Node, findings: &mut Findings) -> &'n [Node] {
    let list = read::list(node, findings).unwrap_or_default();
    if list.len() > ENTRIES_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", ENTRIES_MAX));
        return &[];
    }
    list
}

/// A title is for whoever reads the file; it is checked like any other.
fn read_title(fields: &Fields<'_>, findings: &mut Findings) {
    if let Some(node) = fields.get("title") {
        read::localized(node, findings);
    }
}

/// A list of stretches in the order of the day, like `["09:00-13:00", "14:00-18:00"]`.
pub(super) fn read_hours(node: &Node, findings: &mut Findings) -> Option<Vec<Hours>> {
    let nodes = read::list(node, findings)?;
    if nodes.is_empty() || nodes.len() > HOURS_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", HOURS_MAX));
        return None;
    }
    let mut all: Vec<Hours> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let written = read::text(node, findings)?;
        let Some(hours) = parse_hours(written) else {
            findings.push(Diagnostic::error("W411", "bad-hours", node.at).arg("text", written));
            return None;
        };
        if all.last().is_some_and(|last| hours.from < last.until) {
            findings.push(Diagnostic::error("W411", "hours-overlap", node.at).arg("text", written));
            return None;
        }
        all.push(hours);
    }
    Some(all)
}

/// `09:00-18:00`; `24:00` is the midnight that ends the day.
fn parse_hours(written: &str) -> Option<Hours> {
    let (from, until) = written.split_once('-')?;
    let (from, until) = (parse_minute(from)?, parse_minute(until)?);
    (from < until).then_some(Hours { from, until })
}

fn parse_minute(written: &str) -> Option<u16> {
    let (hour, minute) = written.split_once(':')?;
    let two = |digits: &str, max: u16| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u16 = digits.parse().ok()?;
        (plain && number <= max).then_some(number)
    };
    let minutes = two(hour, 24)? * 60 + two(minute, 59)?;
    (minutes <= 24 * 60).then_some(minutes)
}
