//! From what a clock on the wall shows to an instant.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use crate::suggest::nearest;

/// A zone of the IANA database by its exact name. The bundled database, not the machine's: the same
/// file must mean the same on every machine.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    let found = TimeZoneDatabase::bundled().get(name).ok()?;
    // The database is lenient about capitals; a file has one way to write a name.
    (found.iana_name() == Some(name)).then_some(found)
}

/// The zone whose name is nearest to `given`.
pub(super) fn nearest_zone(given: &str) -> Option<String> {
    let database = TimeZoneDatabase::bundled();
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    nearest(given, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The first instant, in microseconds, at which the clock shows `shown` or has passed it.
///
/// Where clocks go back and show an hour twice, that is the first time. Where they go forward and
/// leave an hour out, it is the moment they do: nobody works in an hour that is not. So a later
/// `shown` never gives an earlier instant, and what ends at a time touches what begins at it.
/// `None` outside the years that jiff knows.
pub(super) fn reached(zone: &TimeZone, shown: DateTime) -> Option<i64> {
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    let is_gap = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let earlier = ambiguous.earlier().ok()?;
    let at = if is_gap {
        zone.following(earlier).next()?.timestamp()
    } else {
        earlier
    };
    Some(at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone_name: &str, shown: &str) -> String {
        let zone = zone(zone_name).expect("a zone");
        let micros = reached(&zone, shown.parse().expect("a time")).expect("an instant");
        jiff::Timestamp::from_microsecond(micros)
            .expect("an instant")
            .to_string()
    }

    #[test]
    fn a_gap_is_passed_at_its_end_and_a_fold_is_reached_first() {
        // Berlin, 2026: clocks leave 02:00–03:00 out on 29 March and show it twice on 25 October.
        assert_eq!(
            at("Europe/Berlin", "2026-03-29T01:59"),
            "2026-03-29T00:59:00Z"
        );
        assert_eq!(
            at("Europe/Berlin", "2026-03-29T02:30"),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            at("Europe/Berlin", "2026-03-29T03:00"),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            at("Europe/Berlin", "2026-10-25T02:30"),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            at("Europe/Berlin", "2026-10-25T03:00"),
            "2026-10-25T02:00:00Z"
        );
        assert_eq!(
            at("Europe/Moscow", "2026-03-29T02:30"),
            "2026-03-28T23:30:00Z"
        );
        // Samoa left out the whole 30 December 2011.
        assert_eq!(
            at("Pacific/Apia", "2011-12-30T00:00"),
            "2011-12-30T10:00:00Z"
        );
        assert_eq!(
            at("Pacific/Apia", "2011-12-31T00:00"),
            "2011-12-30T10:00:00Z"
        );
    }

    #[test]
    fn a_zone_has_one_name() {
        assert!(zone("Europe/Moscow").is_some());
        for name in [
            "europe/moscow",
            "Europe/Moskow",
            "Moscow",
            "UTC+3",
            "",
            "../x",
        ] {
            assert!(zone(name).is_none(), "{name}");
        }
        assert_eq!(
            nearest_zone("Europe/Moskow").as_deref(),
            Some("Europe/Moscow")
        );
    }
}
