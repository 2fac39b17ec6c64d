//! Writing DER: each function answers the bytes of one whole value.

use chancery_types::Instant;
use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Node, tag};

/// One value from its identifier octet and content.
pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = content.len();
    if let Some(short) = u8::try_from(len).ok().filter(|short| *short < 0x80) {
        out.push(short);
    } else {
        let digits = len.to_be_bytes();
        let skipped = digits.iter().take_while(|byte| **byte == 0).count();
        let digits = digits.get(skipped..).unwrap_or(&[]);
        // At most eight digits, so the sum fits.
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
        out.extend(digits);
    }
    out.extend(content);
    out
}

/// `SEQUENCE` of values that are encoded already.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(tag::SEQUENCE, &parts.concat())
}

/// `SET OF`: sorted by encoding, as DER asks (X.690, 11.6).
pub(crate) fn set_of(parts: &[Vec<u8>]) -> Vec<u8> {
    value(tag::SET, &sorted(parts))
}

/// The content of a `SET OF`.
pub(crate) fn sorted(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    parts.sort_unstable();
    parts.concat()
}

/// The DER of a value that may be BER: definite lengths, strings in one piece (X.690, 10). The
/// order of inner sets is left as it is.
pub(crate) fn der_of(node: &Node<'_>, depth: u32) -> Result<Vec<u8>, Asn1Error> {
    let deeper = depth.checked_sub(1).ok_or(Asn1Error::Depth)?;
    if node.tag & 0x20 == 0 {
        return Ok(value(node.tag, node.content));
    }
    if node.tag == tag::OCTET_STRING | 0x20 {
        return Ok(octets(&node.octets()?));
    }
    let mut content = Vec::new();
    let mut reader = node.reader();
    while !reader.is_empty() {
        content.extend(der_of(&reader.next()?, deeper)?);
    }
    Ok(value(node.tag, &content))
}

/// `[number] EXPLICIT`.
pub(crate) fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    value(tag::context_constructed(number), inner)
}

pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    value(tag::OID, oid.as_bytes())
}

pub(crate) fn null() -> Vec<u8> {
    value(tag::NULL, &[])
}

pub(crate) fn boolean_true() -> Vec<u8> {
    value(tag::BOOLEAN, &[0xff])
}

/// A non-negative integer from its big-endian bytes.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or(&[]);
    let mut content = Vec::new();
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend(digits);
    value(tag::INTEGER, &content)
}

pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    value(tag::OCTET_STRING, bytes)
}

pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    let mut content = vec![0];
    content.extend(bytes);
    value(tag::BIT_STRING, &content)
}

/// A named-bit list: bit 0 is the first bit of the first byte; trailing zero bits are cut (11.2.2).
pub(crate) fn named_bits(named: &[u8]) -> Vec<u8> {
    let mask = named
        .iter()
        .filter_map(|bit| 0x80_u8.checked_shr(u32::from(*bit)))
        .fold(0, |mask, bit| mask | bit);
    let unused = u8::try_from(mask.trailing_zeros()).unwrap_or(0);
    if mask == 0 {
        return value(tag::BIT_STRING, &[0]);
    }
    value(tag::BIT_STRING, &[unused, mask])
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    value(tag::UTF8, text.as_bytes())
}

/// `Time` of a certificate: `UTCTime` until 2049, `GeneralizedTime` after (RFC 5280, 4.1.2.5).
pub(crate) fn certificate_time(instant: Instant) -> Vec<u8> {
    let text = civil(instant);
    match text.strip_prefix("20") {
        Some(short) if text.as_str() < "2050" => value(tag::UTC_TIME, short.as_bytes()),
        _ => value(tag::GENERALIZED_TIME, text.as_bytes()),
    }
}

/// `GeneralizedTime` in whole seconds.
pub(crate) fn generalized_time(instant: Instant) -> Vec<u8> {
    value(tag::GENERALIZED_TIME, civil(instant).as_bytes())
}

/// `YYYYMMDDHHMMSSZ`, the fraction cut.
fn civil(instant: Instant) -> String {
    let moment = instant
        .timestamp()
        .to_zoned_datetime(jiff::tz::TimeZone::UTC);
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        moment.year().max(0),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_integers_and_bits_are_minimal() {
        assert_eq!(value(4, &[7; 3])[..2], [4, 3]);
        assert_eq!(value(4, &[7; 200])[..3], [4, 0x81, 200]);
        assert_eq!(value(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
        assert_eq!(named_bits(&[0, 1]), [3, 2, 6, 0xc0]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
    }

    #[test]
    fn the_year_2050_changes_the_type_of_a_time() {
        let before: Instant = "2049-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(
            certificate_time(before),
            value(tag::UTC_TIME, b"491231235959Z")
        );
        let after = before.plus_seconds(1);
        assert_eq!(
            certificate_time(after),
            value(tag::GENERALIZED_TIME, b"20500101000000Z")
        );
    }
}
