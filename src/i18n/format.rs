//! Dates, times, money and sizes as a reader of one language in one time zone expects them.

use chancery_types::{Instant, Locale, Money};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Value, t};

/// Bytes in a megabyte, as our limits and file managers count.
pub const MEGABYTE: u64 = 1_048_576;

/// No-break space: between the groups of a number, and a number and its unit.
const SPACE: char = '\u{a0}';
/// Beyond so many seconds a time is written as a date.
const RELATIVE_SECONDS_MAX: i64 = 7 * 86_400;

/// A moment, or a reference to one: templates pass references.
pub trait Moment {
    /// The moment.
    fn instant(&self) -> Instant;
}

impl Moment for Instant {
    fn instant(&self) -> Instant {
        *self
    }
}

impl<M: Moment + ?Sized> Moment for &M {
    fn instant(&self) -> Instant {
        (**self).instant()
    }
}

/// How one reader sees values.
#[derive(Clone, Debug)]
pub struct Formats {
    /// The language.
    pub locale: Locale,
    zone: TimeZone,
}

impl Formats {
    /// For a reader of `locale` in the zone with this IANA name; an unknown name is UTC.
    #[must_use]
    pub fn new(locale: Locale, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Self { locale, zone }
    }

    fn zoned(&self, at: Instant) -> ZonedDateTime {
        at.timestamp().to_zoned_datetime(self.zone.clone())
    }

    /// The day that a moment falls on for the reader.
    #[must_use]
    pub fn day(&self, at: Instant) -> Date {
        self.zoned(at).date()
    }

    /// `23 ноября 2026`, `23 November 2026`.
    #[must_use]
    pub fn date(&self, at: impl Moment) -> String {
        let at = at.instant();
        self.civil_date(self.zoned(at).date())
    }

    /// A calendar date without a time.
    #[must_use]
    pub fn civil_date(&self, date: Date) -> String {
        let month = t(self.locale, &format!("month-{}", date.month()), &[]);
        format!("{}{SPACE}{month} {}", date.day(), date.year())
    }

    /// `23 ноября 2026, 18:40`.
    #[must_use]
    pub fn moment(&self, at: impl Moment) -> String {
        let at = at.instant();
        let zoned = self.zoned(at);
        let date = self.civil_date(zoned.date());
        format!("{date}, {:02}:{:02}", zoned.hour(), zoned.minute())
    }

    /// `23 ноября 2026, 18:40 МСК`: for whoever may be in another zone.
    #[must_use]
    pub fn moment_in_zone(&self, at: impl Moment) -> String {
        let at = at.instant();
        format!("{} {}", self.moment(at), self.zone_of(at))
    }

    fn zone_of(&self, at: Instant) -> String {
        let zone = self.zoned(at).strftime("%Z").to_string();
        // The time zone database knows Latin letters only.
        let named = super::find(self.locale, &format!("zone-{zone}"), &[]);
        named.unwrap_or_else(|| match self.locale {
            Locale::Ru if zone != "UTC" => {
                let offset = self.zoned(at).strftime("%:z").to_string();
                offset.replace('-', "\u{2212}")
            }
            _ => zone,
        })
    }

    /// `23 ноября 2026, 18:40:05 МСК`: for hover, for screen readers, for evidence.
    #[must_use]
    pub fn exact(&self, at: impl Moment) -> String {
        let at = at.instant();
        let seconds = self.zoned(at).second();
        format!("{}:{seconds:02} {}", self.moment(at), self.zone_of(at))
    }

    /// For `<time datetime="…">`: RFC 3339 in UTC.
    #[must_use]
    pub fn machine(&self, at: impl Moment) -> String {
        let at = at.instant();
        at.to_string()
    }

    /// `5 минут назад`, `через 2 дня`; a date beyond a week.
    #[must_use]
    pub fn relative(&self, at: impl Moment, now: impl Moment) -> String {
        let (at, now) = (at.instant(), now.instant());
        let seconds = at.seconds_since(now);
        if seconds.abs() > RELATIVE_SECONDS_MAX {
            return self.date(at);
        }
        let direction = if seconds < 0 { "past" } else { "future" };
        let (unit, count) = match seconds.abs() {
            0..60 => return t(self.locale, "time-now", &[]),
            length @ 60..3600 => ("minutes", length / 60),
            length @ 3600..86_400 => ("hours", length / 3600),
            length => ("days", length / 86_400),
        };
        let key = format!("time-{direction}-{unit}");
        t(self.locale, &key, &[("count", Value::from(count))])
    }

    /// How long something has lasted: `2 дня`, `3 часа`, `5 минут`.
    #[must_use]
    pub fn duration(&self, seconds: i64) -> String {
        let (unit, count) = match seconds.max(0) {
            length @ 0..3600 => ("minutes", (length / 60).max(1)),
            length @ 3600..86_400 => ("hours", length / 3600),
            length => ("days", length / 86_400),
        };
        let key = format!("duration-{unit}");
        t(self.locale, &key, &[("count", Value::from(count))])
    }

    /// `1 250 000,00 ₽`, `€1,250,000.00`, `RUB 1,250,000.00`. At least two decimals.
    #[must_use]
    pub fn money(&self, money: &Money) -> String {
        let decimals = money.amount.normalize().scale().max(2) as usize;
        let plain = format!("{:.decimals$}", money.amount);
        let (sign, plain) = plain
            .strip_prefix('-')
            .map_or(("", plain.as_str()), |rest| ("\u{2212}", rest));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "00"));
        let symbol = symbol(&money.currency);
        match self.locale {
            Locale::Ru => {
                let whole = grouped(whole, SPACE);
                let unit = symbol.unwrap_or(&money.currency);
                format!("{sign}{whole},{fraction}{SPACE}{unit}")
            }
            Locale::En => {
                let whole = grouped(whole, ',');
                match symbol.filter(|_| money.currency != "RUB") {
                    Some(symbol) => format!("{sign}{symbol}{whole}.{fraction}"),
                    None => format!("{}{SPACE}{sign}{whole}.{fraction}", money.currency),
                }
            }
        }
    }

    /// A whole number with its groups: `12 345`, `12,345`.
    #[must_use]
    pub fn count(&self, number: u64) -> String {
        let separator = match self.locale {
            Locale::Ru => SPACE,
            Locale::En => ',',
        };
        grouped(&number.to_string(), separator)
    }

    /// So many bytes, to the byte, with their word: `1 024 bytes`.
    #[must_use]
    pub fn bytes(&self, bytes: u64) -> String {
        let number = self.count(bytes);
        let args = [("count", bytes.into()), ("number", number.into())];
        t(self.locale, "bytes-count", &args)
    }

    /// The size of a file: `812 Б`, `34 КБ`, `1,2 МБ`, `100 МБ` (units of 1024, as file managers
    /// and our limits count).
    #[must_use]
    pub fn size(&self, bytes: u64) -> String {
        let (key, text) = match bytes {
            0..1_024 => ("size-bytes", bytes.to_string()),
            1_024..MEGABYTE => ("size-kilobytes", (bytes / 1_024).to_string()),
            _ => {
                let (whole, rest) = (bytes / MEGABYTE, bytes % MEGABYTE);
                let point = match self.locale {
                    Locale::Ru => ',',
                    Locale::En => '.',
                };
                let text = match rest * 10 / MEGABYTE {
                    0 => whole.to_string(),
                    tenth => format!("{whole}{point}{tenth}"),
                };
                ("size-megabytes", text)
            }
        };
        t(self.locale, key, &[("size", Value::from(text))])
    }
}

fn symbol(currency: &str) -> Option<&'static str> {
    match currency {
        "RUB" => Some("₽"),
        "EUR" => Some("€"),
        "USD" => Some("$"),
        "GBP" => Some("£"),
        _ => None,
    }
}

fn grouped(digits: &str, separator: char) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moscow(locale: Locale) -> Formats {
        Formats::new(locale, "Europe/Moscow")
    }

    fn at(text: &str) -> Instant {
        text.parse().expect("a moment")
    }

    #[test]
    fn dates_are_written_as_people_of_the_zone_write_them() {
        let then = at("2026-11-23T15:40:05Z");
        let ru = moscow(Locale::Ru);
        assert_eq!(ru.moment(then), "23\u{a0}ноября 2026, 18:40");
        assert_eq!(ru.exact(then), "23\u{a0}ноября 2026, 18:40:05 МСК");
        assert_eq!(moscow(Locale::En).date(then), "23\u{a0}November 2026");
        assert_eq!(
            Formats::new(Locale::En, "No/Such").moment(then),
            "23\u{a0}November 2026, 15:40"
        );
    }

    #[test]
    fn times_are_relative_up_to_a_week() {
        let now = at("2026-11-23T12:00:00Z");
        let ru = moscow(Locale::Ru);
        assert_eq!(ru.relative(at("2026-11-21T12:00:00Z"), now), "2 дня назад");
        assert_eq!(
            ru.relative(at("2026-11-23T17:30:00Z"), now),
            "через 5 часов"
        );
        assert_eq!(
            ru.relative(at("2026-11-23T11:39:00Z"), now),
            "21 минуту назад"
        );
        assert_eq!(
            ru.relative(at("2026-11-01T12:00:00Z"), now),
            "1\u{a0}ноября 2026"
        );
        let en = moscow(Locale::En);
        assert_eq!(en.relative(at("2026-11-22T12:00:00Z"), now), "1 day ago");
        assert_eq!(en.duration(3 * 3600), "3 hours");
    }

    #[test]
    fn money_keeps_every_digit_and_shows_at_least_two() {
        let rub = Money::parse("1250000", "RUB").expect("money");
        assert_eq!(
            moscow(Locale::Ru).money(&rub),
            "1\u{a0}250\u{a0}000,00\u{a0}₽"
        );
        assert_eq!(moscow(Locale::En).money(&rub), "RUB\u{a0}1,250,000.00");
        let eur = Money::parse("-0.125", "EUR").expect("money");
        assert_eq!(moscow(Locale::En).money(&eur), "\u{2212}€0.125");
        assert_eq!(moscow(Locale::Ru).count(12_345), "12\u{a0}345");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(moscow(Locale::Ru).size(1_300_000), "1,2\u{a0}МБ");
        assert_eq!(moscow(Locale::En).size(34_900), "34\u{a0}KB");
        assert_eq!(moscow(Locale::Ru).size(104_857_600), "100\u{a0}МБ");
        assert_eq!(moscow(Locale::En).size(52_428_800), "50\u{a0}MB");
        assert_eq!(moscow(Locale::En).size(1_023), "1023\u{a0}B");
    }
}
