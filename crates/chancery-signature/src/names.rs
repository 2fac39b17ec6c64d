//! Distinguished names as they are compared (RFC 5280, 7.1): whatever the types of their strings,
//! and without case, outer or repeated spaces and characters that show nothing. An authority that
//! wrote its name in another type of string than the certificates beneath it is one authority.

use std::collections::HashMap;

use const_oid::ObjectIdentifier;

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::oid;

/// Most parts of a name.
const PARTS_MAX: usize = 256;
/// The longest name that is compared by what it says, in bytes: a common name has 64 letters at
/// most (RFC 5280, A.1).
const COMPARED_BYTES_MAX: usize = 16 * 1024;

/// A name in the one form in which equal names are equal: SHA-256 of that form, so that to compare
/// costs the same however long names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NameKey([u8; 32]);

impl NameKey {
    /// Of a whole `Name`. One that cannot be read, or is too long, is equal to itself alone.
    pub fn of(raw: &[u8]) -> Self {
        let form = Self::form(raw).unwrap_or_else(|| [b"as it is", raw].concat());
        Self(*chancery_types::Digest::of(&form).as_bytes())
    }

    fn form(raw: &[u8]) -> Option<Vec<u8>> {
        if raw.len() > COMPARED_BYTES_MAX {
            return None;
        }
        let parts = asn1::read_all(raw, tag::SEQUENCE).and_then(|name| {
            let parts = name.children(PARTS_MAX)?;
            let parts = parts.into_iter().map(relative_name);
            parts.collect::<Result<Vec<_>, _>>()
        });
        let mut key = Vec::new();
        for part in parts.ok()? {
            key.extend((part.len() as u64).to_be_bytes());
            for (kind, value) in part {
                for bytes in [kind.as_slice(), value.as_slice()] {
                    key.extend((bytes.len() as u64).to_be_bytes());
                    key.extend(bytes);
                }
            }
        }
        Some(key)
    }
}

/// Whether two whole names are one.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other || NameKey::of(one) == NameKey::of(other)
}

/// Characters that show nothing, or change what is read beside them: two texts that differ in them
/// alone look the same.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
            | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A letter of full width as the plain one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = u32::from(c).checked_sub(0xfee0).and_then(char::from_u32);
            plain.unwrap_or(c)
        }
        _ => c,
    }
}

/// The attributes by which people and programs tell who somebody is: whoever has two of a kind is
/// two to whom takes the first and to whom takes the last. Units, places and domains may stand
/// several times, each within the one before.
const IDENTIFYING: [ObjectIdentifier; 12] = [
    oid::COMMON_NAME,
    oid::ORGANISATION,
    ObjectIdentifier::new_unwrap("2.5.4.4"),
    ObjectIdentifier::new_unwrap("2.5.4.5"),
    ObjectIdentifier::new_unwrap("2.5.4.42"),
    ObjectIdentifier::new_unwrap("2.5.4.97"),
    // ИНН, ОГРН, СНИЛС, ИНН ЮЛ, ОГРНИП (order of the FSB no. 795).
    ObjectIdentifier::new_unwrap("1.2.643.3.131.1.1"),
    ObjectIdentifier::new_unwrap("1.2.643.100.1"),
    ObjectIdentifier::new_unwrap("1.2.643.100.3"),
    ObjectIdentifier::new_unwrap("1.2.643.100.4"),
    ObjectIdentifier::new_unwrap("1.2.643.100.5"),
    ObjectIdentifier::new_unwrap("2.5.4.65"),
];

/// The identifying attributes of which these have several different values, by the bytes of their
/// types, each once.
pub(crate) fn conflicts<'n>(attributes: impl IntoIterator<Item = &'n Attribute>) -> Vec<&'n [u8]> {
    let mut known: HashMap<&[u8], &[u8]> = HashMap::new();
    let mut found: Vec<&[u8]> = Vec::new();
    for (kind, value) in attributes {
        let kind = kind.as_slice();
        if !IDENTIFYING.iter().any(|one| one.as_bytes() == kind) {
            continue;
        }
        let first = known.entry(kind).or_insert(value);
        if *first != value.as_slice() && !found.contains(&kind) {
            found.push(kind);
        }
    }
    found
}

/// The attributes of a whole name, as those of [`relative_name`]; of one that is too long to be
/// compared by what it says, the values as they are.
pub(crate) fn attributes(name: Node<'_>) -> Result<Vec<Attribute>, Asn1Error> {
    let mut found = Vec::new();
    let is_long = name.raw.len() > COMPARED_BYTES_MAX;
    for relative in name.expect(tag::SEQUENCE)?.children(PARTS_MAX)? {
        if !is_long {
            found.extend(relative_name(relative)?);
            continue;
        }
        for attribute in relative.expect(tag::SET)?.children(PARTS_MAX)? {
            let mut reader = attribute.expect(tag::SEQUENCE)?.reader();
            let kind = reader.expect(tag::OID)?.content.to_vec();
            found.push((kind, reader.next()?.raw.to_vec()));
        }
    }
    Ok(found)
}

/// The type of an attribute, and its value.
pub(crate) type Attribute = (Vec<u8>, Vec<u8>);

/// The attributes of a relative name, each as the bytes of its type and its value: texts in the
/// form in which they are compared, other values as they are.
pub(crate) fn relative_name(node: Node<'_>) -> Result<Vec<Attribute>, Asn1Error> {
    let mut parts = Vec::new();
    for attribute in node.expect(tag::SET)?.children(PARTS_MAX)? {
        let mut reader = attribute.expect(tag::SEQUENCE)?.reader();
        let kind = reader.expect(tag::OID)?.content.to_vec();
        let value = reader.next()?;
        let value = match value.text() {
            Ok(text) => {
                // RFC 4518, 2.2 and 2.3: mapped to nothing, and to the plain letters.
                let seen = text.chars().filter(|c| !is_unseen(*c));
                let text: String = seen.map(narrow).collect();
                let words: Vec<&str> = text.split_whitespace().collect();
                // Through upper case: one letter may be two there.
                words.join(" ").to_uppercase().to_lowercase().into_bytes()
            }
            Err(_) => value.raw.to_vec(),
        };
        parts.push((kind, value));
    }
    parts.sort();
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    fn name(text: &str) -> Vec<u8> {
        let value = encode::value(0x0c, text.as_bytes());
        let attribute = encode::sequence(&[&encode::oid(crate::oid::COMMON_NAME), &value]);
        encode::sequence(&[&encode::value(tag::SET, &attribute)])
    }

    #[test]
    fn check_37_a_name_of_many_letters_is_compared_as_it_is() {
        let spaced = |count: usize| name(&format!("R{}S", " ".repeat(count)));
        assert!(is_same(&spaced(1), &spaced(1_000)));
        assert!(!is_same(&spaced(1), &spaced(COMPARED_BYTES_MAX)));
        assert!(is_same(
            &spaced(COMPARED_BYTES_MAX),
            &spaced(COMPARED_BYTES_MAX)
        ));
    }
}
