//! Who a certificate names: the identifiers that Russian certificates carry (order 795 of the FSB),
//! and what can be said without them.

use chancery_signature::subject_attributes;
use serde::{Deserialize, Serialize};

use crate::power::identifiers::{is_nothing, pair, snils_digits};
use crate::power::{NaturalPerson, is_false};

const COMMON_NAME: &str = "2.5.4.3";
const OGRN: &str = "1.2.643.100.1";
const OGRNIP: &str = "1.2.643.100.5";
const FAMILY_NAME: &str = "2.5.4.4";
const GIVEN_NAME: &str = "2.5.4.42";
const INN: &str = "1.2.643.3.131.1.1";
const SNILS: &str = "1.2.643.100.3";
const INN_OF_ORGANISATION: &str = "1.2.643.100.4";

/// A person, perhaps for an organisation, as a certificate names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// Whether a person is named, and not an organisation alone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub names_person: bool,
    /// Whether the certificate has several different values of a name or a number: then none of
    /// them is taken, and nobody can be told by the others alone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ambiguous: bool,
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
        let all = |oid: &str| {
            let texts = parts.iter().filter(move |(kind, _)| kind == oid);
            let texts = texts.map(|(_, text)| text.trim());
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        // Whoever takes the first and whoever takes the last would meet two people.
        let mut ambiguous = [
            COMMON_NAME,
            FAMILY_NAME,
            GIVEN_NAME,
            OGRN,
            OGRNIP,
            INN_OF_ORGANISATION,
        ]
        .into_iter()
        .any(|oid| differ(&all(oid), is_same_name));
        let find = |oid: &str| {
            let texts = all(oid);
            let first = texts.first().map(|text| (*text).to_owned());
            first.filter(|_| !differ(&texts, is_same_name))
        };
        // What only has such a number somewhere within names nobody.
        let fits = |text: &str, length: usize| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.len() == length && digits && !is_nothing(text)
        };
        let number = |oid: &str, length: usize| find(oid).filter(|text| fits(text, length));
        let snils = all(SNILS).into_iter().filter_map(snils_digits);
        let snils: Vec<String> = snils.filter(|digits| !is_nothing(digits)).collect();
        // Until 2021 an organisation's ИНН stood where a person's does, after two zeros.
        let twelve = all(INN).into_iter().filter(|text| fits(text, 12));
        let (old, inn): (Vec<&str>, Vec<&str>) = twelve.partition(|text| text.starts_with("00"));
        let exact = |one: &str, other: &str| one == other;
        ambiguous |= differ(&inn, exact) || differ(&old, exact);
        ambiguous |= snils.iter().any(|one| Some(one) != snils.first());
        let old = one_of(old).and_then(|digits| digits.strip_prefix("00"));
        let own = number(INN_OF_ORGANISATION, 10);
        let is_two = matches!((own.as_deref(), old), (Some(own), Some(old)) if own != old);
        ambiguous |= is_two;
        let organisation_inn = match all(INN_OF_ORGANISATION).is_empty() {
            true => old.map(str::to_owned),
            false => own.filter(|_| !is_two),
        };
        let (family, given) = (find(FAMILY_NAME), find(GIVEN_NAME));
        let mut personal = [FAMILY_NAME, GIVEN_NAME].into_iter();
        let named = personal.any(|oid| !all(oid).is_empty());
        let name = match (family, given) {
            (Some(family), Some(given)) => Some(format!("{family} {given}")),
            _ => find(COMMON_NAME),
        };
        Some(Self {
            ambiguous,
            names_person: named || !inn.is_empty() || !snils.is_empty(),
            inn: one_of(inn).map(str::to_owned),
            snils: one_of(snils.iter().map(String::as_str).collect()).map(str::to_owned),
            name,
            organisation_inn,
            ogrn: number(OGRN, 13).or_else(|| number(OGRNIP, 15)),
        })
    }

    /// Compares with a person of a power: whom a certificate names in two ways is nobody by number.
    pub(crate) fn likeness(&self, person: &NaturalPerson) -> Likeness {
        let likeness = self.likeness_by_all(person);
        match self.ambiguous {
            true => likeness.min(Likeness::NameOnly),
            false => likeness,
        }
    }

    fn likeness_by_all(&self, person: &NaturalPerson) -> Likeness {
        let pairs = [
            pair(self.snils.as_deref(), person.snils.as_deref()),
            pair(self.inn.as_deref(), person.inn.as_deref()),
        ];
        let mut by_number = false;
        for same in pairs.into_iter().flatten() {
            if !same {
                return Likeness::Other;
            }
            by_number = true;
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

/// The text that all of these are. Two that differ name nobody: an authority that is bound to one
/// name may write another beside it.
fn one_of(texts: Vec<&str>) -> Option<&str> {
    let first = *texts.first()?;
    texts.iter().all(|text| *text == first).then_some(first)
}

/// Whether two of these are not the same.
fn differ(texts: &[&str], is_same: impl Fn(&str, &str) -> bool) -> bool {
    let first = texts.first();
    first.is_some_and(|first| texts.iter().any(|text| !is_same(first, text)))
}

/// Cyrillic letters as a letter and its mark, and as one: canonically the same (Unicode, UAX 15).
const COMPOSED: [(&str, &str); 6] = [
    ("\u{438}\u{306}", "\u{439}"),
    ("\u{435}\u{308}", "\u{451}"),
    ("\u{456}\u{308}", "\u{457}"),
    ("\u{443}\u{306}", "\u{45e}"),
    ("\u{43a}\u{301}", "\u{45c}"),
    ("\u{433}\u{301}", "\u{453}"),
];

/// Whether two names are the same but for letter case, white space, Ё written as Е, and letters
/// written as a letter and its mark.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let words = name.split_whitespace().map(str::to_lowercase);
        let words: Vec<String> = words.collect();
        let name = words.join(" ");
        let composed = COMPOSED
            .iter()
            .fold(name, |name, (apart, one)| name.replace(apart, one));
        composed.replace('\u{451}', "\u{435}")
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_its_letters_are_written() {
        for (one, other) in [
            ("Пробный Иван", "ПРОБНЫИ\u{306}  иван"),
            ("Пётр", "Петр"),
            ("Пе\u{308}тр", "Петр"),
        ] {
            assert!(is_same_name(one, other), "{one} {other}");
        }
        assert!(!is_same_name("Пробный", "Пробныи"));
        assert!(!is_same_name("Пробный", "Пpoбный"), "Latin letters");
    }
}
