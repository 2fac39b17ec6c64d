//! What a power of attorney says, for people to read: whose it is, whose it becomes, for what and
//! until when.

use chancery_trust::{
    AuthorityReport, CheckedParent, ListReport, NaturalPerson, PowerOfAttorney, Powers, Principal,
    Representative,
};
use chancery_types::Instant;

use super::super::verdict::{shown, shown_text};
use super::super::{Formats, t};
use super::{kept_result_key, outcome, sentence};

/// Most parties, and most powers, that are listed one by one.
const LISTED_MAX: usize = 50;

/// Which list it is, who signed it, and its digest: names and values, what is absent left out.
pub(super) fn of_list(report: &ListReport, formats: &Formats) -> Vec<(String, String)> {
    let list = report.list.as_ref();
    let text = |value: Option<&String>| value.map(|one| shown(one)).unwrap_or_default();
    let moment = |at: Option<Instant>| at.map(|at| formats.exact(at)).unwrap_or_default();
    let number = list.and_then(|list| list.sequence);
    let signature = report.signature.as_ref();
    let signer = signature.and_then(|report| report.signatures.first()?.signer.as_ref());
    let rows = [
        (
            "operator",
            text(list.and_then(|list| list.operator.as_ref())),
        ),
        (
            "territory",
            text(list.and_then(|list| list.territory.as_ref())),
        ),
        (
            "number",
            number.map(|one| one.to_string()).unwrap_or_default(),
        ),
        ("issued", moment(list.and_then(|list| list.issued_at))),
        ("next", moment(list.and_then(|list| list.next_update_at))),
        ("signer", text(signer.map(|one| &one.subject.text))),
        ("digest", text(signature.map(|report| &report.sha256))),
        ("judged", moment(Some(report.judged_at))),
    ];
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let named = |(name, value)| (t(formats.locale, &format!("list-fact-{name}"), &[]), value);
    filled.map(named).collect()
}

/// Names and values, what is absent left out. A value may have several lines.
pub(super) fn facts(report: &AuthorityReport, formats: &Formats) -> Vec<(String, String)> {
    let Some(power) = &report.power else {
        return Vec::new();
    };
    let facts = Facts { formats };
    let granted_by = report.granted_by.as_ref().and_then(|one| one.name.clone());
    let first = power.parent.as_ref();
    let first = first.map(|parent| facts.principals(&parent.first_principals));
    let rows = [
        ("number", facts.number(power)),
        ("principals", facts.principals(&power.principals)),
        ("first-principals", first.unwrap_or_default()),
        (
            "representatives",
            facts.representatives(&power.representatives),
        ),
        ("powers", facts.powers(&power.powers)),
        ("term", facts.term(power)),
        (
            "granted-by",
            granted_by.as_deref().map(shown).unwrap_or_default(),
        ),
    ];
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let parents = report.parents.iter();
    let parents = parents.map(|parent| ("parent", facts.parent(parent)));
    let named = filled
        .chain(parents)
        .map(|(key, value)| (facts.name(key), value));
    named.collect()
}

struct Facts<'f> {
    formats: &'f Formats,
}

impl Facts<'_> {
    fn t(&self, key: &str, args: &[(&str, String)]) -> String {
        let args: Vec<_> = args
            .iter()
            .map(|(name, value)| (*name, value.clone().into()))
            .collect();
        t(self.formats.locale, key, &args)
    }

    fn name(&self, key: &str) -> String {
        self.t(&format!("authority-fact-{key}"), &[])
    }

    /// A power above: which it is, what it came to, who gave it to whom and for how long, and what
    /// stands against it.
    fn parent(&self, parent: &CheckedParent) -> String {
        let power = &parent.power;
        let (word, _) = outcome(parent.result);
        // The register is asked about the power that was given, not about those above it.
        let result = self.t(&kept_result_key(word), &[]);
        let granted_by = parent.granted_by.as_ref().and_then(|one| one.name.clone());
        let rows = [
            ("principals", self.principals(&power.principals)),
            (
                "representatives",
                self.representatives(&power.representatives),
            ),
            ("term", self.term(power)),
            (
                "granted-by",
                granted_by.as_deref().map(shown).unwrap_or_default(),
            ),
        ];
        let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
        let mut lines = vec![format!("{}. {result}", self.number(power))];
        lines.extend(filled.map(|(key, value)| format!("{}: {value}", self.name(key))));
        let against = parent.reasons.iter();
        lines.extend(against.map(|reason| sentence(reason, self.formats)));
        lines.join("\n")
    }

    /// A line each, up to [`LISTED_MAX`], and how many more there are.
    fn lines<T>(&self, all: &[T], line: impl Fn(&T) -> String) -> String {
        let mut lines: Vec<String> = all.iter().take(LISTED_MAX).map(line).collect();
        let more = all.len().saturating_sub(LISTED_MAX);
        if more > 0 {
            lines.push(self.t("authority-more", &[("count", more.to_string())]));
        }
        lines.join("\n")
    }

    fn number(&self, power: &PowerOfAttorney) -> String {
        let numbers = [&power.number, &power.internal_number];
        let numbers: Vec<String> = numbers
            .into_iter()
            .flatten()
            .map(|one| shown(one))
            .collect();
        numbers.join(", ")
    }

    fn principals(&self, all: &[Principal]) -> String {
        self.lines(all, |one| {
            let name = one.name.as_deref().unwrap_or_default();
            self.party(name, None, one.inn.as_deref(), one.ogrn.as_deref())
        })
    }

    fn representatives(&self, all: &[Representative]) -> String {
        self.lines(all, |one| {
            let person = one.person.as_ref();
            let name = person.map(NaturalPerson::name).or_else(|| one.name.clone());
            let inn = person.and_then(|person| person.inn.as_deref());
            self.party(
                &name.unwrap_or_default(),
                person.and_then(|person| person.position.as_deref()),
                inn.or(one.inn.as_deref()),
                one.ogrn.as_deref(),
            )
        })
    }

    fn party(
        &self,
        name: &str,
        position: Option<&str>,
        inn: Option<&str>,
        ogrn: Option<&str>,
    ) -> String {
        let number = |key: &str, value: &str| self.t(key, &[("number", shown(value))]);
        let parts = [
            Some(shown(name)).filter(|name| !name.is_empty()),
            position.map(shown),
            inn.map(|inn| number("authority-inn", inn)),
            ogrn.map(|ogrn| number("authority-ogrn", ogrn)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(", ")
    }

    fn powers(&self, powers: &Powers) -> String {
        let listed = self.lines(&powers.codes, |one| {
            let name = one.name.as_deref().map(shown).unwrap_or_default();
            format!("{} {name}", shown(&one.code)).trim_end().to_owned()
        });
        let text = powers.text.as_deref().map(shown_text);
        let parts = [Some(listed), text].into_iter().flatten();
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    fn term(&self, power: &PowerOfAttorney) -> String {
        let day = |day| self.formats.civil_date(day);
        match (power.issued_on, power.expires_on) {
            (Some(from), Some(until)) => {
                let args = [("from", day(from)), ("until", day(until))];
                self.t("authority-term", &args)
            }
            (Some(from), None) => self.t("authority-term-from", &[("from", day(from))]),
            (None, Some(until)) => self.t("authority-term-until", &[("until", day(until))]),
            (None, None) => String::new(),
        }
    }
}
