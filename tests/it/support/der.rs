//! DER by hand, for certificates that nothing of ours issues: with other names in them, or keys.

use chancery_signature::ObjectIdentifier;

/// The octets that values begin with.
pub mod tag {
    pub const OCTETS: u8 = 0x04;
    pub const UTF8: u8 = 0x0c;
    pub const DIGITS: u8 = 0x12;
    pub const UTC_TIME: u8 = 0x17;
    pub const SET: u8 = 0x31;
    /// A tag of the context, `[number]`, over other values.
    pub const fn context(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One value.
pub fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match u8::try_from(length) {
        Ok(short @ ..0x80) => vec![tag, short],
        Ok(byte) => vec![tag, 0x81, byte],
        Err(_) => {
            let length = u16::try_from(length).expect("a small value");
            let [high, low] = length.to_be_bytes();
            vec![tag, 0x82, high, low]
        }
    };
    [&head, content].concat()
}

/// Values one after another, within a value.
pub fn nested(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    value(tag, &parts.concat())
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    nested(0x30, parts)
}

pub fn oid(text: &str) -> Vec<u8> {
    value(6, ObjectIdentifier::new_unwrap(text).as_bytes())
}

pub fn integer(small: u8) -> Vec<u8> {
    value(2, &[small])
}

/// Whole octets.
pub fn bits(octets: &[u8]) -> Vec<u8> {
    value(3, &[&[0], octets].concat())
}

/// A name of these parts: object identifier, tag, text.
pub fn name(parts: &[(&str, u8, &str)]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts
        .iter()
        .map(|(kind, tag, text)| {
            let part = sequence(&[&oid(kind), &value(*tag, text.as_bytes())]);
            value(tag::SET, &part)
        })
        .collect();
    value(0x30, &parts.concat())
}

/// A certificate that its own key signs, for signing, valid from 2026 to 2036.
pub fn self_signed(
    serial: u8,
    name: &[u8],
    spki: &[u8],
    algorithm: &str,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let algorithm = sequence(&[&oid(algorithm)]);
    let time = |text: &str| value(tag::UTC_TIME, text.as_bytes());
    let validity = sequence(&[&time("260101000000Z"), &time("360101000000Z")]);
    // Digital signature and non-repudiation, critical.
    let usage = value(tag::OCTETS, &[3, 2, 6, 0xc0]);
    let usage = sequence(&[&oid("2.5.29.15"), &value(1, &[0xff]), &usage]);
    let to_be_signed = sequence(&[
        &nested(tag::context(0), &[&integer(2)]),
        &integer(serial),
        &algorithm,
        name,
        &validity,
        name,
        spki,
        &nested(tag::context(3), &[&sequence(&[&usage])]),
    ]);
    let signature = bits(&sign(&to_be_signed));
    sequence(&[&to_be_signed, &algorithm, &signature])
}
