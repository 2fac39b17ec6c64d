//! How many must agree and until when: loops over people, dates and timers.

use chancery_xml::Element;

use super::source::BPMN;
use super::who::{bare, vendor, zeebe};
use crate::span::Span;
use crate::yaml::Tree;

/// What a loop over people says.
#[derive(Debug, Default)]
pub(super) struct Many {
    /// Whether they are asked one after another.
    pub(super) is_sequential: bool,
    /// How many must agree.
    pub(super) quorum: Votes,
    /// The list of people that a program brings, as written.
    pub(super) collection: Option<String>,
}

/// How many must agree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Votes {
    /// Nothing is said beyond that all are asked.
    #[default]
    All,
    Any,
    Count(u32),
    /// So many of a hundred; whether it is a little more than what was written.
    Percent(u32, bool),
    /// What was written.
    Unknown(String),
}

/// The loop of a task, if it has one.
pub(super) fn many(task: Element<'_>) -> Option<Many> {
    let mark = task.child(BPMN, "multiInstanceLoopCharacteristics")?;
    let text = |local: &str| {
        mark.child(BPMN, local)
            .map(|one| one.text().trim().to_owned())
    };
    let collection = vendor(mark, "collection")
        .or_else(|| zeebe(mark, "loopCharacteristics", "inputCollection"))
        .map(str::to_owned)
        .or_else(|| text("loopDataInputRef"));
    let quorum = match (text("completionCondition"), text("loopCardinality")) {
        (Some(condition), _) if !condition.is_empty() => votes(&condition),
        (_, Some(count)) if !count.is_empty() => match bare(&count).parse() {
            Ok(0) | Err(_) => Votes::Unknown(count),
            Ok(1) => Votes::Any,
            Ok(count) => Votes::Count(count),
        },
        _ => Votes::All,
    };
    Some(Many {
        is_sequential: mark.attribute("isSequential") == Some("true"),
        quorum,
        collection,
    })
}

/// `${nrOfCompletedInstances >= 2}`, `${nrOfCompletedInstances / nrOfInstances >= 0.6}`.
fn votes(condition: &str) -> Votes {
    let unknown = || Votes::Unknown(condition.to_owned());
    let text: String = bare(condition)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let done = ["nrOfCompletedInstances", "numberOfCompletedInstances"];
    let Some(rest) = done.iter().find_map(|name| text.strip_prefix(name)) else {
        return unknown();
    };
    let all = ["nrOfInstances", "numberOfInstances"];
    let over = rest.strip_prefix('/');
    let part = over.and_then(|rest| all.iter().find_map(|name| rest.strip_prefix(name)));
    let rest = match (over, part) {
        (Some(_), None) => return unknown(),
        (_, part) => part.unwrap_or(rest),
    };
    let signs = [(">=", false), ("==", false), (">", true), ("=", false)];
    let mut signs = signs.iter();
    let found = signs.find_map(|(sign, more)| Some((rest.strip_prefix(sign)?, *more)));
    let Some((number, is_more)) = found else {
        return unknown();
    };
    if part.is_some() {
        return share(number, is_more).unwrap_or_else(unknown);
    }
    if all.contains(&number) && !is_more {
        return Votes::All;
    }
    match number
        .parse::<u32>()
        .map(|count| count.saturating_add(u32::from(is_more)))
    {
        Ok(1) => Votes::Any,
        Ok(count) if (2..=1_000).contains(&count) => Votes::Count(count),
        _ => unknown(),
    }
}

/// A part of one in hundredths, rounded up.
fn share(number: &str, is_more: bool) -> Option<Votes> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || part.len() > 9 {
        return None;
    }
    let padded = format!("{part:0<9}");
    let billionths: u64 = padded.parse().ok()?;
    let billionths = whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000_000)?
        .checked_add(billionths)?;
    let hundredth = 10_000_000;
    let exact = billionths % hundredth == 0;
    let percent = billionths.div_ceil(hundredth) + u64::from(is_more && exact);
    match u32::try_from(percent).ok()? {
        100 if exact && !is_more => Some(Votes::All),
        percent if (1..=100).contains(&percent) => Some(Votes::Percent(percent, is_more || !exact)),
        _ => None,
    }
}

impl Votes {
    /// As a file of ours writes it; nothing for what is not known.
    pub(super) fn tree(&self) -> Option<Tree> {
        let number = |count: &u32| Tree::word(count.to_string());
        match self {
            Self::All => Some(Tree::word("all")),
            Self::Any => Some(Tree::word("any")),
            Self::Count(count) => Some(Tree::map([("count", number(count))])),
            Self::Percent(percent, _) => Some(Tree::map([("percent", number(percent))])),
            Self::Unknown(_) => None,
        }
    }
}

/// A timer on an edge: a duration, or so many of them one after another.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// A span of the clock.
    After(String),
    /// `R3/P1D`: after each span, so many times.
    Every(String, u32),
    /// What was written.
    Unknown(String),
}

/// What a timer's definition says.
pub(super) fn timer(event: Element<'_>) -> Timer {
    let text = |local: &str| {
        event
            .child(BPMN, local)
            .map(|one| one.text().trim().to_owned())
    };
    if let Some(duration) = text("timeDuration") {
        return match span(&duration) {
            Some(span) => Timer::After(span),
            None => Timer::Unknown(duration),
        };
    }
    let Some(cycle) = text("timeCycle") else {
        return Timer::Unknown(text("timeDate").unwrap_or_default());
    };
    let read = || {
        let (times, duration) = bare(&cycle).strip_prefix('R')?.split_once('/')?;
        let times = times
            .parse()
            .ok()
            .filter(|times| (1..=20).contains(times))?;
        Some(Timer::Every(span(duration)?, times))
    };
    read().unwrap_or(Timer::Unknown(cycle))
}

/// A duration of ISO 8601 as a span of the clock: days of 24 hours. Months and years have no fixed
/// length.
pub(super) fn span(duration: &str) -> Option<String> {
    let text = bare(duration);
    // The date of a task of Camunda 8, counted from when it opens.
    let text = text.strip_prefix("now()").map_or(text, |rest| {
        rest.trim_start()
            .strip_prefix('+')
            .unwrap_or(rest)
            .trim_start()
    });
    let inner = text
        .strip_prefix("duration(")
        .and_then(|text| text.strip_suffix(')'));
    let text = inner
        .unwrap_or(text)
        .trim()
        .trim_matches('"')
        .trim_matches('\'');
    let text = text.strip_prefix('P')?;
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    if text.ends_with('T') {
        return None;
    }
    let days = parts(date, &[('W', 604_800), ('D', 86_400)])?;
    let rest = parts(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    let seconds = days.checked_add(rest)?;
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let (length, unit) = units
        .into_iter()
        .find(|(length, _)| seconds % length == 0)?;
    let span = format!("{}{unit}", seconds / length);
    Span::parse(&span).map(|_| span)
}

/// The numbers of a duration, each with its letter, in this order.
fn parts(mut text: &str, letters: &[(char, u64)]) -> Option<u64> {
    let mut sum: u64 = 0;
    for (letter, length) in letters {
        let Some((number, rest)) = text.split_once(*letter) else {
            continue;
        };
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = number.parse().ok().filter(|_| is_number)?;
        sum = sum.checked_add(number.checked_mul(*length)?)?;
        text = rest;
    }
    text.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_a_fixed_length_are_spans() {
        let all = [
            ("P2D", Some("2d")),
            ("PT48H", Some("2d")),
            ("P1DT12H", Some("36h")),
            ("P1W", Some("7d")),
            ("PT90M", Some("90m")),
            ("PT90S", Some("90s")),
            ("${'PT4H'}", Some("4h")),
            ("=duration(\"PT4H\")", Some("4h")),
            ("=now() + duration(\"P2D\")", Some("2d")),
            ("=now() - duration(\"P2D\")", None),
            ("=now()", None),
            ("P1M", None),
            ("P1Y", None),
            ("P400D", None),
            ("P", None),
            ("PT", None),
            ("P1DT", None),
            ("PT0S", None),
            ("PT1,5H", None),
            ("P-1D", None),
            ("${due}", None),
            ("P99999999999999999999D", None),
        ];
        for (written, read) in all {
            assert_eq!(span(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn what_ends_a_loop_is_a_quorum() {
        let all = [
            ("${nrOfCompletedInstances == nrOfInstances}", Votes::All),
            ("${nrOfCompletedInstances >= 1}", Votes::Any),
            ("#{ nrOfCompletedInstances > 1 }", Votes::Count(2)),
            ("=numberOfCompletedInstances = 3", Votes::Count(3)),
            (
                "${nrOfCompletedInstances/nrOfInstances >= 0.6}",
                Votes::Percent(60, false),
            ),
            (
                "${nrOfCompletedInstances/nrOfInstances > 0.5}",
                Votes::Percent(51, true),
            ),
            (
                "${nrOfCompletedInstances/nrOfInstances >= 0.666}",
                Votes::Percent(67, true),
            ),
            ("${nrOfCompletedInstances/nrOfInstances == 1}", Votes::All),
        ];
        for (written, read) in all {
            assert_eq!(votes(written), read, "{written}");
        }
        for written in [
            "${approved}",
            "${nrOfCompletedInstances >= 0}",
            "${nrOfCompletedInstances / nrOfActiveInstances >= 1}",
            "${nrOfCompletedInstances/nrOfInstances >= 1.5}",
            "${nrOfCompletedInstances/nrOfInstances > 1}",
            "${nrOfCompletedInstances >= 1 || approved}",
        ] {
            assert_eq!(votes(written), Votes::Unknown(written.to_owned()));
        }
    }
}
