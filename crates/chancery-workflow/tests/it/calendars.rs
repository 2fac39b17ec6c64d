//! Calendars: their files, what is said of broken ones, and working time against another counting.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chancery_types::{Instant, Locale};
use chancery_workflow::{Budget, Calendar, Measure, Span, render};
use proptest::prelude::*;

use crate::support::*;

fn tests_folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(tests_folder("fixtures").join(name)).expect(name)
}

pub fn parse(source: &str) -> Calendar {
    Calendar::parse(source)
        .unwrap_or_else(|found| panic!("{}", render(&found, source, "x", Locale::En)))
}

pub fn calendar(id: &str) -> Calendar {
    if id == "night-watch" {
        parse(&fixture("night-watch.yaml"))
    } else {
        parse(&read(&format!("calendars/{id}.yaml")))
    }
}

fn instant(text: &str) -> Instant {
    text.parse().expect(text)
}

fn budget(text: &str) -> Budget {
    Span::parse(text).expect(text).budget()
}

/// A minute of UTC, as the golden table writes it.
fn minute(text: &str) -> Instant {
    instant(&text.replace('Z', ":00Z"))
}

#[test]
fn every_calendar_of_the_house_is_accepted_and_named_after_its_id() {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(folder().join("calendars")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let source = std::fs::read_to_string(&path).expect("a text");
        let read = parse(&source);
        assert_eq!(read.warnings(), []);
        assert_eq!(
            path.file_stem().and_then(|stem| stem.to_str()),
            Some(read.id())
        );
        assert_eq!(parse(read.source()), read);
        ids.push(read.id().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["eu-5x8", "ru-5x8"]);
}

/// Goal: the same answers as a count of every minute by another clock library. Method: the table
/// that `tests/oracle/working_time.py` writes, from days off that were written down separately.
#[test]
fn working_time_agrees_with_a_count_of_every_minute() {
    let table = std::fs::read_to_string(tests_folder("golden/calendars/working-time.txt"));
    let (mut spans, mut years) = (0, 0);
    for line in table.expect("the table").lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let calendar = calendar(parts[0]);
        if let Some(days) = parts[2].strip_suffix(" days") {
            let from = instant(&format!("{}-01-01T00:00:00Z", parts[1]));
            let next: i32 = parts[1].parse::<i32>().expect("a year") + 1;
            let until = instant(&format!("{next}-01-01T00:00:00Z"));
            let time = calendar.elapsed(from, until, Measure::WorkingTime);
            // The year of UTC begins and ends within nobody's hours but the night watch's.
            if calendar.id() != "night-watch" {
                let minutes = parts[3].strip_suffix(" minutes").expect("minutes");
                assert_eq!((time.parts / 60_000_000).to_string(), minutes, "{line}");
                let count = calendar.elapsed(from, until, Measure::WorkingDays).parts;
                let whole = budget("1bd").parts;
                assert_eq!((count / whole).to_string(), days, "{line}");
                assert_eq!(count % whole, 0);
                years += 1;
            }
            continue;
        }
        let (start, span, end) = (minute(parts[1]), budget(parts[2]), minute(parts[3]));
        let found = calendar.after(start, span);
        // A part of an odd day is a millisecond or two: what falls on a minute may come that early.
        let early = end.micros() - found.at.micros();
        let rounds = span.measure == Measure::WorkingDays && calendar.id() == "night-watch";
        assert!(
            (0..=if rounds { 2_000 } else { 0 }).contains(&early),
            "{line}: {found:?}"
        );
        assert_eq!(
            calendar.elapsed(start, found.at, span.measure).parts,
            span.parts,
            "{line}"
        );
        spans += 1;
    }
    assert!(
        spans > 590 && years == 4,
        "the table was read: {spans} and {years}"
    );
}

#[test]
fn the_year_2026_in_russia_is_as_the_decree_has_it() {
    let calendar = calendar("ru-5x8");
    for (start, span, end) in [
        // Thursday evening before the New Year holidays: the first working day is Monday the 12th.
        (
            "2026-01-01T10:00:00+03:00",
            "1bd",
            "2026-01-12T18:00:00+03:00",
        ),
        (
            "2026-01-09T10:00:00+03:00",
            "1bh",
            "2026-01-12T10:00:00+03:00",
        ),
        // Friday 15:17, a day later is Monday 15:17.
        (
            "2026-03-20T15:17:00+03:00",
            "1bd",
            "2026-03-23T15:17:00+03:00",
        ),
        // The lunch is not worked.
        (
            "2026-03-20T12:30:00+03:00",
            "1bh",
            "2026-03-20T14:30:00+03:00",
        ),
        // Thursday 30 April is an hour shorter, and the first three of May are free.
        (
            "2026-04-30T16:00:00+03:00",
            "2bh",
            "2026-05-04T10:00:00+03:00",
        ),
        // Half of a long day, then half of the short one.
        (
            "2026-04-29T14:00:00+03:00",
            "1bd",
            "2026-04-30T12:30:00+03:00",
        ),
        // 31 December is free: the day off of 4 January is taken there.
        (
            "2026-12-30T17:00:00+03:00",
            "1bh",
            "2026-12-30T18:00:00+03:00",
        ),
        (
            "2026-12-31T10:00:00+03:00",
            "1bh",
            "2027-01-11T10:00:00+03:00",
        ),
        // Spans of the clock know no holidays.
        (
            "2026-01-01T10:00:00+03:00",
            "2d",
            "2026-01-03T10:00:00+03:00",
        ),
    ] {
        let found = calendar.after(instant(start), budget(span));
        assert_eq!(found.at, instant(end), "{start} {span}");
        assert_eq!(found.beyond, None);
    }
}

#[test]
fn a_year_that_the_file_does_not_cover_is_reckoned_by_the_week_and_named() {
    let calendar = calendar("ru-5x8");
    let found = calendar.after(instant("2027-12-30T17:00:00+03:00"), budget("2bd"));
    assert_eq!(found.at, instant("2028-01-03T17:00:00+03:00"));
    assert_eq!(found.beyond, Some(2028));
    let found = calendar.after(instant("2025-12-30T17:00:00+03:00"), budget("1bh"));
    assert_eq!(
        (found.at, found.beyond),
        (instant("2025-12-30T18:00:00+03:00"), Some(2025))
    );
    let (from, until) = (
        instant("2027-12-31T09:00:00+03:00"),
        instant("2028-01-04T09:00:00+03:00"),
    );
    let count = calendar.elapsed(from, until, Measure::WorkingDays);
    assert_eq!(
        (count.parts, count.beyond),
        (2 * budget("1bd").parts, Some(2028))
    );
    let within = calendar.elapsed(
        from,
        instant("2028-01-01T09:00:00+03:00"),
        Measure::WorkingDays,
    );
    assert_eq!(
        within.beyond, None,
        "a Saturday that nobody works decides nothing"
    );
}

/// Goal: no instant, however absurd, and no budget makes it go wrong or go on for long.
#[test]
fn the_ends_of_time_are_answered_too() {
    let calendar = calendar("night-watch");
    for at in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX].map(Instant::from_micros) {
        for parts in [i64::MIN, 0, 1, i64::MAX] {
            for measure in [Measure::Clock, Measure::WorkingTime, Measure::WorkingDays] {
                let budget = Budget { measure, parts };
                assert!(calendar.after(at, budget).at >= at);
                assert!(calendar.before(at, budget) <= at);
                assert!(calendar.elapsed(Instant::from_micros(0), at, measure).parts >= 0);
            }
        }
        let _ = calendar.next_working(at);
    }
}

#[test]
fn the_hours_around_the_changes_of_the_clock_are_the_real_ones() {
    let calendar = calendar("night-watch");
    let hours = |from: &str, until: &str| {
        let elapsed = calendar.elapsed(instant(from), instant(until), Measure::WorkingTime);
        elapsed.parts / 60_000_000
    };
    // Sunday 00:00–06:00 is six hours, but five in spring and seven in autumn.
    let day = |date: &str, offset: &str| format!("{date}T12:00:00{offset}");
    for (before, after, minutes) in [
        (
            day("2026-03-21", "+01:00"),
            day("2026-03-22", "+01:00"),
            525,
        ),
        (
            day("2026-03-28", "+01:00"),
            day("2026-03-29", "+02:00"),
            465,
        ),
        (
            day("2026-10-24", "+02:00"),
            day("2026-10-25", "+01:00"),
            585,
        ),
    ] {
        assert_eq!(hours(&before, &after), minutes, "{before}");
    }
    let next = calendar.next_working(instant("2026-03-29T06:30:00+02:00"));
    assert_eq!(
        next.map(|next| next.at),
        Some(instant("2026-03-29T07:15:00+02:00"))
    );
    let now = instant("2026-03-29T07:20:00+02:00");
    assert_eq!(calendar.next_working(now).map(|next| next.at), Some(now));
}

#[test]
fn every_broken_calendar_gets_its_golden_message_in_both_languages() {
    let write = std::env::var_os("CHANCERY_GOLDEN").is_some_and(|value| value == "write");
    let mut different = Vec::new();
    for (name, source) in broken() {
        let found = Calendar::parse(&source).expect_err(&name);
        if let Some((code, key)) = name
            .split_once('-')
            .filter(|(code, _)| code.starts_with('w'))
        {
            let said = found
                .iter()
                .any(|it| it.code == code.to_uppercase() && it.key == key);
            assert!(said, "{name}: {found:?}");
        }
        for locale in Locale::ALL {
            for finding in &found {
                assert!(
                    finding.help(locale).is_some(),
                    "{name}: no cure for {}",
                    finding.key
                );
            }
            let text = render(&found, &source, &format!("{name}.yaml"), locale);
            let language = if locale == Locale::Ru { "ru" } else { "en" };
            let path = tests_folder("golden/calendars").join(format!("{name}.{language}.txt"));
            if write {
                std::fs::write(&path, &text).expect("written");
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                different.push(format!("{name} ({language}):\n{text}"));
            }
        }
    }
    assert!(
        different.is_empty(),
        "other words than the golden ones:\n{}",
        different.join("\n")
    );
}

fn broken() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(tests_folder("fixtures/calendars")).expect("the folder");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let source = std::fs::read_to_string(&path).expect("a text");
            (name.expect("a name").to_owned(), source)
        })
        .collect();
    files.sort();
    files
}

/// The codes and keys that broken calendars show.
pub fn shown() -> BTreeSet<(String, String)> {
    let all = broken();
    let found = all
        .iter()
        .filter_map(|(_, source)| Calendar::parse(source).err());
    let each = found.flatten();
    each.map(|finding| (finding.code.to_owned(), finding.key.to_owned()))
        .collect()
}

const ZONES: [&str; 7] = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
];

/// Any week over any of several zones, holidays among them.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let stretch = (0_u16..1440, 1_u16..1440);
    let day = prop::collection::vec(stretch, 0..4).prop_map(|stretches| {
        let mut until = 0;
        let mut all = Vec::new();
        for (gap, length) in stretches {
            let from = until + gap % 400;
            let end = from + length % 500 + 1;
            if end <= 1440 {
                let shown = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
                all.push(format!("\"{}-{}\"", shown(from), shown(end)));
                until = end;
            }
        }
        all
    });
    let week = prop::collection::vec(day, 7);
    let holidays = prop::collection::btree_set(0_i32..730, 0..40);
    (week, holidays, prop::sample::select(ZONES.to_vec())).prop_map(|(week, holidays, zone)| {
        let names = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ];
        let mut text = format!(
            "schema: 1\nid: any\ntitle: {{ ru: а, en: a }}\nzone: {zone}\n\
             years: {{ first: 2026, last: 2027 }}\nweek:\n  monday: [\"10:00-10:01\"]\n"
        );
        for (name, hours) in names.iter().zip(week) {
            if hours.is_empty() {
                continue;
            }
            if *name == "monday" {
                text = text.replace("[\"10:00-10:01\"]", &format!("[{}]", hours.join(", ")));
            } else {
                text.push_str(&format!("  {name}: [{}]\n", hours.join(", ")));
            }
        }
        text.push_str("holidays:\n  - { date: 2027-12-31 }\n");
        let first: jiff::civil::Date = "2026-01-01".parse().expect("a date");
        for day in holidays.into_iter().filter(|day| *day != 729) {
            let date = first
                .checked_add(jiff::Span::new().days(day))
                .expect("a date");
            text.push_str(&format!("  - {{ date: {date} }}\n"));
        }
        parse(&text)
    })
}

/// Instants around both years, often on a minute and around a change of the clock.
fn any_instant() -> impl Strategy<Value = Instant> {
    let year = 1_767_225_600_000_000_i64;
    prop_oneof![
        (-40_000_000_i64..80_000_000).prop_map(move |s| Instant::from_micros(year + s * 1_000_000)),
        (0_i64..60_000_000_000_000).prop_map(move |us| Instant::from_micros(year + us)),
        (0_i64..2000).prop_map(move |m| {
            Instant::from_micros(year + (297 * 1440 - 1000 + m) * 60_000_000)
        }),
    ]
}

fn any_budget() -> impl Strategy<Value = Budget> {
    prop_oneof![
        (1_i64..30 * 28_828_800).prop_map(|parts| Budget {
            measure: Measure::WorkingDays,
            parts
        }),
        (1_i64..30).prop_map(|days| Budget {
            measure: Measure::WorkingDays,
            parts: days * 28_828_800
        }),
        (1_i64..200_000_000_000).prop_map(|parts| Budget {
            measure: Measure::WorkingTime,
            parts
        }),
        (1_i64..40).prop_map(|hours| Budget {
            measure: Measure::WorkingTime,
            parts: hours * 3_600_000_000
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Adding and measuring are each other's inverse, and the sum of the pieces is the whole: so a
    /// clock that is stopped and started again loses nothing and gains nothing.
    #[test]
    fn what_is_added_is_what_is_measured(
        calendar in any_calendar(),
        start in any_instant(),
        budget in any_budget(),
        part in 0_i64..=100,
    ) {
        let end = calendar.after(start, budget).at;
        let measure = budget.measure;
        prop_assert!(end >= start);
        prop_assert_eq!(calendar.elapsed(start, end, measure).parts, budget.parts);
        // The first such instant: a microsecond earlier it has not passed.
        let just_before = Instant::from_micros(end.micros() - 1);
        prop_assert!(calendar.elapsed(start, just_before, measure).parts < budget.parts);
        // In two pieces.
        let first = Budget { measure, parts: budget.parts * part / 100 };
        let second = Budget { measure, parts: budget.parts - first.parts };
        prop_assert_eq!(calendar.after(calendar.after(start, first).at, second).at, end);
        // Backwards.
        let begin = calendar.before(end, budget);
        prop_assert_eq!(calendar.elapsed(begin, end, measure).parts, budget.parts);
    }

    /// A later start, and a longer budget, never end earlier; time is additive.
    #[test]
    fn working_time_is_monotone_and_additive(
        calendar in any_calendar(),
        budget in any_budget(),
        more in 0_i64..100_000_000,
        instants in prop::collection::vec(any_instant(), 3),
    ) {
        let mut instants = instants;
        instants.sort();
        let [a, b, c] = instants[..] else { panic!("three") };
        let measure = budget.measure;
        let ends = |at| calendar.after(at, budget).at;
        prop_assert!(ends(a) <= ends(b) && ends(b) <= ends(c));
        let longer = Budget { measure, parts: budget.parts + more };
        prop_assert!(ends(a) <= calendar.after(a, longer).at);
        let elapsed = |from, until| calendar.elapsed(from, until, measure).parts;
        prop_assert_eq!(elapsed(a, b) + elapsed(b, c), elapsed(a, c));
        prop_assert_eq!(elapsed(b, a.min(b)), 0);
        // The next working moment: nothing passes until it, something does from it.
        let next = calendar.next_working(a).expect("somebody works").at;
        prop_assert!(next >= a);
        prop_assert_eq!(calendar.elapsed(a, next, Measure::WorkingTime).parts, 0);
        let after = Instant::from_micros(next.micros() + 1);
        prop_assert_eq!(calendar.elapsed(next, after, Measure::WorkingTime).parts, 1);
    }
}
