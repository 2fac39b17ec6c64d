//! Names as a report shows them to people.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::asn1::{Asn1Error, Node, tag};
use crate::names;
use crate::oid;

/// Most parts of a name.
const NAMES_MAX: usize = 64;
/// Most characters of a value that are shown: a common name has 64 at most (RFC 5280, A.1).
const VALUE_CHARACTERS_MAX: usize = 512;
/// About as long a whole name is shown, in bytes.
const NAME_BYTES_MAX: usize = 4_096;

/// A distinguished name as a report shows it.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Name {
    /// The whole name in the order of the certificate, `O=…, CN=…`.
    pub text: String,
    /// The common name; nothing where there are several different ones, of which none is the name.
    pub common_name: Option<String>,
    /// The organisation; nothing where there are several different ones.
    pub organisation: Option<String>,
    /// The old `emailAddress` attribute.
    pub email: Option<String>,
}

impl Name {
    pub(crate) fn parse(node: Node<'_>) -> Result<Self, Asn1Error> {
        let mut name = Self::default();
        let (mut parts, mut length) = (Vec::new(), 0_usize);
        let compared = names::attributes(node)?;
        for relative in node.expect(tag::SEQUENCE)?.children(NAMES_MAX)? {
            let mut within = Vec::new();
            for attribute in relative.expect(tag::SET)?.children(NAMES_MAX)? {
                let mut reader = attribute.expect(tag::SEQUENCE)?.reader();
                let kind = reader.expect(tag::OID)?.oid()?;
                let value = reader.next()?;
                // An attribute of an exotic type is shown by its bytes.
                let text = match value.text() {
                    Ok(text) => clean(&text),
                    Err(_) => {
                        let bytes = value.raw.get(..VALUE_CHARACTERS_MAX / 2);
                        cut(&format!("#{}", hex::encode(bytes.unwrap_or(value.raw))))
                    }
                };
                match kind {
                    oid::COMMON_NAME => name.common_name = Some(text.clone()),
                    oid::ORGANISATION => name.organisation = Some(text.clone()),
                    oid::EMAIL_ADDRESS => name.email = Some(text.clone()),
                    _ => {}
                }
                let shown = format!("{}={}", attribute_key(kind), escaped(&text));
                length = length.saturating_add(shown.len());
                within.push(shown);
            }
            if length <= NAME_BYTES_MAX {
                parts.push(within.join(" + "));
            }
        }
        let conflicts = names::conflicts(&compared);
        if conflicts.contains(&oid::COMMON_NAME.as_bytes()) {
            name.common_name = None;
        }
        if conflicts.contains(&oid::ORGANISATION.as_bytes()) {
            name.organisation = None;
        }
        name.text = parts.join(", ");
        if length > NAME_BYTES_MAX {
            name.text.push_str(", …");
        }
        Ok(name)
    }
}

/// The identifying attributes of which a name has several different values, as they are written in
/// the whole name: `O, CN`; nothing where there are none.
pub(crate) fn ambiguous(node: Node<'_>) -> Option<String> {
    let compared = names::attributes(node).ok()?;
    let keys = names::conflicts(&compared).into_iter().map(|kind| {
        let kind = ObjectIdentifier::from_bytes(kind);
        kind.map_or_else(|_| String::new(), attribute_key)
    });
    let keys = keys.collect::<Vec<_>>().join(", ");
    (!keys.is_empty()).then_some(keys)
}

/// A value of a name within the whole name: what parts names from one another is marked where it
/// stands in a value (RFC 4514, 2.4), or one name could be written as another.
fn escaped(text: &str) -> Cow<'_, str> {
    const PARTING: [char; 4] = [',', '+', ';', '\\'];
    if !text.contains(PARTING) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::new();
    for c in text.chars() {
        if PARTING.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Cow::Owned(escaped)
}

/// A text that is no longer than anybody reads.
fn cut(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A name is shown to people: line breaks and direction overrides in it could forge the display,
/// and a report says it many times.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: char| {
        let breaks = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if breaks || names::is_unseen(c) {
            '\u{fffd}'
        } else {
            c
        }
    };
    let text: String = text
        .chars()
        .map(shown)
        .take(VALUE_CHARACTERS_MAX + 1)
        .collect();
    cut(&text)
}

fn attribute_key(kind: ObjectIdentifier) -> String {
    let known = match kind.to_string().as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "givenName",
        "2.5.4.97" => "organizationIdentifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "0.9.2342.19200300.100.1.25" => "DC",
        // Attributes of Russian qualified certificates (order of the FSB no. 795).
        "1.2.643.3.131.1.1" => "INN",
        "1.2.643.100.1" => "OGRN",
        "1.2.643.100.3" => "SNILS",
        "1.2.643.100.4" => "INNLE",
        "1.2.643.100.5" => "OGRNIP",
        other => return other.to_owned(),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{asn1, encode};

    fn attribute(kind: ObjectIdentifier, text: &str) -> Vec<u8> {
        encode::sequence(&[&encode::oid(kind), &encode::value(0x0c, text.as_bytes())])
    }

    fn shown(parts: &[Vec<u8>]) -> Name {
        let parts = parts.iter().map(|part| encode::value(tag::SET, part));
        let whole = encode::sequence(&[&parts.collect::<Vec<_>>().concat()]);
        Name::parse(asn1::read_all(&whole, tag::SEQUENCE).unwrap()).unwrap()
    }

    #[test]
    fn a_value_does_not_read_as_another_part() {
        let one = shown(&[attribute(oid::ORGANISATION, "Small, O=Big Bank, CN=Chief")]);
        assert_eq!(one.text, "O=Small\\, O=Big Bank\\, CN=Chief");
        assert_eq!(one.organisation.unwrap(), "Small, O=Big Bank, CN=Chief");
        let both = [
            attribute(oid::COMMON_NAME, "A"),
            attribute(oid::ORGANISATION, "B"),
        ];
        assert_eq!(shown(&[both.concat()]).text, "CN=A + O=B");
        assert_eq!(shown(&both).text, "CN=A, O=B");
        let plain = shown(&[attribute(oid::COMMON_NAME, "ООО «Ромашка» \"1\" = #")]);
        assert_eq!(plain.text, "CN=ООО «Ромашка» \"1\" = #");
    }

    #[test]
    fn two_values_of_a_kind_are_no_name() {
        let two = [
            attribute(oid::ORGANISATION, "Small GmbH"),
            attribute(oid::ORGANISATION, "Big Bank"),
            attribute(oid::COMMON_NAME, "Chief"),
        ];
        let one = shown(&two);
        assert_eq!(one.organisation, None);
        assert_eq!(one.common_name.as_deref(), Some("Chief"));
        assert_eq!(one.text, "O=Small GmbH, O=Big Bank, CN=Chief");
        let within = shown(&[[two[0].clone(), two[1].clone()].concat()]);
        assert_eq!(within.organisation, None);
        // One value in two ways of writing it is one.
        let same = shown(&[
            attribute(oid::COMMON_NAME, "Chief"),
            attribute(oid::COMMON_NAME, "CHIEF "),
        ]);
        assert_eq!(same.common_name.as_deref(), Some("CHIEF "));
    }

    #[test]
    fn a_name_is_shown_no_longer_than_anybody_reads() {
        let long = "Я".repeat(100_000);
        let one = shown(&[attribute(oid::COMMON_NAME, &long)]);
        assert_eq!(
            one.common_name.unwrap().chars().count(),
            VALUE_CHARACTERS_MAX + 1
        );
        assert!(one.text.ends_with('…'));
        let many = shown(&vec![attribute(oid::ORGANISATION, &long); 60]);
        assert!(many.text.len() <= NAME_BYTES_MAX + 8 && many.text.ends_with(", …"));
    }
}
