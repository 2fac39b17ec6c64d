//! Reading a file of `workflows/calendars/`.

use std::ops::RangeInclusive;

use jiff::tz::TimeZone;

use super::days::{Days, read_hours};
use super::{Calendar, Hours, clock};
use crate::definition::source_digest;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::read_schema;
use crate::yaml::{self, Node};

/// The most years of one file. A calendar is a plan of people's work, not of history.
const YEARS_MAX: i64 = 40;

const TOP_KEYS: Keys = Keys {
    known: &[
        "schema", "id", "title", "zone", "years", "week", "holidays", "moved", "days",
    ],
    later: &[],
};
const WEEK_KEYS: Keys = Keys {
    known: &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ],
    later: &[],
};

impl Calendar {
    /// Reads a file of `workflows/calendars/`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order, up to
    /// [`crate::diagnostic::DIAGNOSTICS_MAX`] findings.
    pub fn parse(source: &str) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        let calendar = read(source, &tree, &mut findings);
        match calendar {
            Some(mut calendar) if !findings.has_errors() => {
                calendar.warnings = findings.into_list();
                Ok(calendar)
            }
            _ => Err(findings.into_list()),
        }
    }
}

fn read(source: &str, tree: &Node, findings: &mut Findings) -> Option<Calendar> {
    let top = Fields::open(tree, TOP_KEYS, findings)?;
    read_schema(&top, findings);
    let id = top
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let zone = top
        .require("zone", findings)
        .and_then(|node| read_zone(node, findings));
    let years = top
        .require("years", findings)
        .and_then(|node| read_years(node, findings));
    let week = top
        .require("week", findings)
        .and_then(|node| read_week(node, findings));
    // Without years and week no day could be judged: what is said of days would be noise.
    let (years, week) = (years?, week?);
    let mut days = Days::new(&week, &years);
    // In this order: whether a moved day off was a holiday, whether a day is worked by a move.
    if let Some(node) = top.get("holidays") {
        days.read_holidays(node, findings);
    }
    if let Some(node) = top.get("moved") {
        days.read_moved(node, findings);
    }
    if let Some(node) = top.get("days") {
        days.read_days(node, findings);
    }
    let days = days.into_hours();
    Some(Calendar {
        source: source.to_owned(),
        digest: source_digest(source),
        id: id?,
        title: title?,
        zone: zone?,
        years,
        week,
        days,
        warnings: Vec::new(),
    })
}

fn read_zone(node: &Node, findings: &mut Findings) -> Option<TimeZone> {
    let name = read::text(node, findings)?;
    let found = clock::zone(name);
    if found.is_none() {
        let mut finding = Diagnostic::error("W410", "unknown-zone", node.at).arg("name", name);
        finding.suggestion = clock::nearest_zone(name);
        findings.push(finding);
    }
    found
}

fn read_years(node: &Node, findings: &mut Findings) -> Option<RangeInclusive<i16>> {
    const KEYS: Keys = Keys {
        known: &["first", "last"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let first = fields
        .require("first", findings)
        .and_then(|node| read::whole(node, 1970..=2200, findings));
    let last = fields.require("last", findings)?;
    let first = first?;
    let last = read::whole(last, first..=first + YEARS_MAX - 1, findings)?;
    Some(i16::try_from(first).ok()?..=i16::try_from(last).ok()?)
}

/// The hours of each weekday; a day that is not named is free.
fn read_week(node: &Node, findings: &mut Findings) -> Option<[Vec<Hours>; 7]> {
    let fields = Fields::open(node, WEEK_KEYS, findings)?;
    let mut week: [Vec<Hours>; 7] = Default::default();
    let mut is_whole = true;
    for (day, name) in week.iter_mut().zip(WEEK_KEYS.known) {
        if let Some(node) = fields.get(name) {
            match read_hours(node, findings) {
                Some(hours) => *day = hours,
                None => is_whole = false,
            }
        }
    }
    if is_whole && week.iter().all(Vec::is_empty) {
        findings.push(Diagnostic::error("W414", "week-without-work", node.at));
        return None;
    }
    is_whole.then_some(week)
}
