//! Distinguished names as they are compared (RFC 5280, 7.1): whatever the types of their strings,
//! and without case and outer or repeated spaces. An authority that wrote its name in another type
//! of string than the certificates beneath it is one authority.

use crate::asn1::{self, Asn1Error, Node, tag};

/// Most parts of a name.
const PARTS_MAX: usize = 256;

/// A name in the one form in which equal names are equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NameKey(Vec<u8>);

impl NameKey {
    /// Of a whole `Name`. One that cannot be read is equal to itself alone.
    pub fn of(raw: &[u8]) -> Self {
        let parts = asn1::read_all(raw, tag::SEQUENCE).and_then(|name| {
            let parts = name.children(PARTS_MAX)?;
            let parts = parts.into_iter().map(relative_name);
            parts.collect::<Result<Vec<_>, _>>()
        });
        let Ok(parts) = parts else {
            return Self(raw.to_vec());
        };
        let mut key = Vec::new();
        for part in parts {
            key.extend((part.len() as u64).to_be_bytes());
            for (kind, value) in part {
                for bytes in [kind.as_slice(), value.as_slice()] {
                    key.extend((bytes.len() as u64).to_be_bytes());
                    key.extend(bytes);
                }
            }
        }
        Self(key)
    }
}

/// Whether two whole names are one.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other || NameKey::of(one) == NameKey::of(other)
}

/// The type of an attribute, and its value.
type Attribute = (Vec<u8>, Vec<u8>);

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
                let words: Vec<&str> = text.split_whitespace().collect();
                words.join(" ").to_lowercase().into_bytes()
            }
            Err(_) => value.raw.to_vec(),
        };
        parts.push((kind, value));
    }
    parts.sort();
    Ok(parts)
}
