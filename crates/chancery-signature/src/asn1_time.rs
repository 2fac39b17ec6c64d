//! Moments in ASN.1: of two digits for the year or four, and with fractions of a second.

use chancery_types::Instant;

use crate::asn1::{Asn1Error, Node, tag};

impl Node<'_> {
    /// A moment, as `UTCTime` or `GeneralizedTime` with or without fractions of a second.
    pub fn time(&self) -> Result<Instant, Asn1Error> {
        let text = std::str::from_utf8(self.content).map_err(|_| Asn1Error::Value)?;
        match self.tag {
            tag::UTC_TIME => {
                let year: u32 = digits(text, 0, 2)?;
                // RFC 5280, 4.1.2.5.1.
                let century = if year >= 50 { "19" } else { "20" };
                moment(&format!("{century}{text}"))
            }
            tag::GENERALIZED_TIME => moment(text),
            found => Err(Asn1Error::Tag {
                expected: tag::GENERALIZED_TIME,
                found,
            }),
        }
    }
}

fn digits<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Result<T, Asn1Error> {
    let part = text.get(from..to).ok_or(Asn1Error::Value)?;
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Asn1Error::Value);
    }
    part.parse().map_err(|_| Asn1Error::Value)
}

/// `YYYYMMDDHHMMSS[.f…]Z`. The profile of RFC 5280 forbids the fraction and RFC 3161 allows it, so
/// it is read here, to the microsecond. A missing seconds part (old `UTCTime`) counts as zero.
fn moment(text: &str) -> Result<Instant, Asn1Error> {
    let body = text.strip_suffix('Z').ok_or(Asn1Error::Value)?;
    let (whole, fraction) = body.split_once(['.', ',']).unwrap_or((body, ""));
    let second: i8 = match whole.len() {
        14 => digits(whole, 12, 14)?,
        12 => 0,
        _ => return Err(Asn1Error::Value),
    };
    let nanosecond = if body.len() == whole.len() {
        0
    } else {
        let padded = format!("{fraction:0<9}");
        let nanosecond: i32 = digits(&padded, 0, 9)?;
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Asn1Error::Value);
        }
        nanosecond
    };
    let civil = jiff::civil::DateTime::new(
        digits(whole, 0, 4)?,
        digits(whole, 4, 6)?,
        digits(whole, 6, 8)?,
        digits(whole, 8, 10)?,
        digits(whole, 10, 12)?,
        second,
        nanosecond,
    );
    let civil = civil.map_err(|_| Asn1Error::Value)?;
    let zoned = civil.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    // 99991231235959Z is written where no end is meant (RFC 5280, 4.1.2.5): no moment of ours is
    // later than the last one that can be told.
    let last = jiff::Timestamp::MAX;
    Ok(zoned.map_or(last, |zoned| zoned.timestamp()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Result<String, Asn1Error> {
        let node = Node {
            tag,
            raw: &[],
            content: text.as_bytes(),
        };
        node.time().map(|instant| instant.to_string())
    }

    #[test]
    fn times_with_fractions_are_read_and_nonsense_is_refused() {
        let general = |text| time(tag::GENERALIZED_TIME, text);
        assert_eq!(
            general("20261123184000Z").as_deref(),
            Ok("2026-11-23T18:40:00Z")
        );
        assert_eq!(
            general("20261123184000.25Z").as_deref(),
            Ok("2026-11-23T18:40:00.25Z")
        );
        assert_eq!(
            time(tag::UTC_TIME, "991231235959Z").as_deref(),
            Ok("1999-12-31T23:59:59Z")
        );
        let last = Instant::from(jiff::Timestamp::MAX).to_string();
        assert_eq!(general("99991231235959Z"), Ok(last));
        for bad in [
            "",
            "Z",
            "20261323184000Z",
            "20261123184000",
            "20261123184000.Z",
            "+0261123184000Z",
        ] {
            assert_eq!(general(bad), Err(Asn1Error::Value), "{bad}");
        }
    }
}
