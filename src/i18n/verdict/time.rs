//! Times as signers claim them.

use chancery_types::Instant;

/// A PDF date (ISO 32000-2, 7.9.4) or RFC 3339.
pub(super) fn claimed_time(text: &str) -> Option<Instant> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let text = text.strip_prefix("D:")?;
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then_some(part)
    };
    let (year, month, day) = (digits(0..4)?, digits(4..6)?, digits(6..8)?);
    let (hour, minute, second) = (digits(8..10)?, digits(10..12)?, digits(12..14)?);
    let zone = text.get(14..)?.replace('\'', "");
    let zone = match (zone.get(..1), zone.get(1..3), zone.get(3..5)) {
        (Some(sign @ ("+" | "-")), Some(hours), minutes) => {
            format!("{sign}{hours}:{}", minutes.unwrap_or("00"))
        }
        _ => "Z".to_owned(),
    };
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")
        .parse()
        .ok()
}
