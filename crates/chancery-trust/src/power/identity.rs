//! Who a certificate names: the identifiers that Russian certificates carry (order 795 of the FSB),
//! and what can be said without them.

use chancery_signature::subject_attributes;
use serde::{Deserialize, Serialize};

use crate::power::NaturalPerson;
use crate::power::identifiers::only_digits;

/// A person, perhaps for an organisation, as a certificate names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person's ИНН, 12 digits.
    pub inn: Option<String>,
    /// The person's СНИЛС, 11 digits.
    pub snils: Option<String>,
    /// Family name, given name and patronymic, one after another; else the common name.
    pub name: Option<String>,
    /// The organisation's ИНН, 10 digits.
    pub organisation_inn: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
}

/// How a person of a power compares with a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// An identifier differs, or there is none and the name differs.
    Other,
    /// Only the name is the same.
    NameOnly,
    /// An identifier is the same, and the name is another.
    Renamed,
    /// An identifier is the same, and the name too, or there is none to compare.
    Same,
}

impl Identity {
    /// Reads a certificate (DER).
    #[must_use]
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let parts = subject_attributes(certificate).ok()?;
        let find = |oid: &str| {
            let part = parts.iter().rev().find(|(kind, _)| kind == oid);
            part.map(|(_, text)| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let number = |oid: &str, length: usize| {
            let digits = find(oid).map(|text| only_digits(&text));
            digits.filter(|digits| digits.len() == length)
        };
        // Until 2021 an organisation's ИНН stood where a person's does, after two zeros.
        let either = number("1.2.643.3.131.1.1", 12);
        let old = either
            .as_deref()
            .and_then(|digits| digits.strip_prefix("00"));
        let organisation_inn = number("1.2.643.100.4", 10).or_else(|| old.map(str::to_owned));
        let name = match (find("2.5.4.4"), find("2.5.4.42")) {
            (Some(family), Some(given)) => Some(format!("{family} {given}")),
            _ => find("2.5.4.3"),
        };
        Some(Self {
            inn: either.filter(|digits| !digits.starts_with("00")),
            snils: number("1.2.643.100.3", 11),
            name,
            organisation_inn,
            ogrn: number("1.2.643.100.1", 13).or_else(|| number("1.2.643.100.5", 15)),
        })
    }

    /// Compares with a person of a power.
    pub(crate) fn likeness(&self, person: &NaturalPerson) -> Likeness {
        let pairs = [
            (self.snils.as_deref(), person.snils.as_deref()),
            (self.inn.as_deref(), person.inn.as_deref()),
        ];
        let mut by_number = false;
        for (own, other) in pairs {
            if let (Some(own), Some(other)) = (own, other) {
                if only_digits(own) != only_digits(other) {
                    return Likeness::Other;
                }
                by_number = true;
            }
        }
        let same_name = self
            .name
            .as_deref()
            .map(|name| is_same_name(name, &person.name()));
        match (by_number, same_name) {
            (true, Some(false)) => Likeness::Renamed,
            (true, _) => Likeness::Same,
            (false, Some(true)) => Likeness::NameOnly,
            (false, _) => Likeness::Other,
        }
    }
}

/// Whether two names are the same but for letter case, white space, and Ё written as Е.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let words = name.split_whitespace().map(str::to_lowercase);
        let words: Vec<String> = words
            .map(|word| word.replace('\u{451}', "\u{435}"))
            .collect();
        words.join(" ")
    };
    plain(one) == plain(other)
}
