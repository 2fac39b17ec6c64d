//! Judgements on powers of attorney and on trusted lists in words.

mod facts;

use chancery_signature::report::{CheckResult, Code};
use chancery_trust::{
    AuthorityCode, AuthorityReport, ListCode, ListReport, Outcome, Reason, Service, ServiceState,
    ServiceUse, Standing,
};
use chancery_types::{Instant, Locale};

use super::verdict::{CheckWords, Tone, reason_text, result_key, shown};
use super::{Formats, Value, t};

/// A judgement on authority in words: beside that on a signature, never part of it.
#[derive(Clone, Debug)]
pub struct AuthorityWords {
    /// What this is about: `Authority`.
    pub title: String,
    /// How it looks.
    pub tone: Tone,
    /// The conclusion.
    pub headline: String,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<String>,
    /// What else to know.
    pub warnings: Vec<String>,
    /// What the power says: names and values, which may have several lines.
    pub facts: Vec<(String, String)>,
    /// Every check.
    pub checks: Vec<CheckWords>,
}

/// A judgement on a trusted list in words.
#[derive(Clone, Debug)]
pub struct ListWords {
    /// How it looks.
    pub tone: Tone,
    /// The conclusion.
    pub headline: String,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<String>,
    /// Which list it is: names and values.
    pub facts: Vec<(String, String)>,
    /// Its services: whether one is granted, and what it is in words.
    pub services: Vec<(bool, String)>,
}

/// Puts a judgement on authority into words.
#[must_use]
pub fn authority_words(report: &AuthorityReport, formats: &Formats) -> AuthorityWords {
    let say = |key: &str| t(formats.locale, key, &[]);
    let sentence = |reason: &Reason<AuthorityCode>| sentence(reason, formats);
    let checks = report.checks.iter().map(|one| {
        let tone = match one.result {
            CheckResult::Passed => Tone::Good,
            CheckResult::NotMade | CheckResult::Warned | CheckResult::Undecided => Tone::Attention,
            CheckResult::Failed => Tone::Bad,
        };
        CheckWords {
            name: say(&format!("authority-check-{}", one.check.key())),
            result: say(result_key(one.result)),
            tone,
        }
    });
    let (word, tone) = told(report);
    AuthorityWords {
        title: say("authority-title"),
        tone,
        headline: say(&format!("authority-result-{word}")),
        reasons: report.reasons.iter().map(sentence).collect(),
        warnings: report.warnings.iter().map(sentence).collect(),
        facts: facts::facts(report, formats),
        checks: checks.collect(),
    }
}

fn sentence(reason: &Reason<AuthorityCode>, formats: &Formats) -> String {
    let key = format!("authority-reason-{}", hyphened(reason.code.key()));
    filled(reason, &key, formats)
}

/// Puts a judgement on a list into words.
#[must_use]
pub fn list_words(report: &ListReport, formats: &Formats) -> ListWords {
    let mut reasons: Vec<_> = report.reasons.iter().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.code.weight()));
    let sentences = reasons.into_iter().map(|reason| {
        let key = format!("list-reason-{}", hyphened(reason.code.key()));
        let sentence = filled(reason, &key, formats);
        match why(report, reason, formats) {
            Some(why) => format!("{sentence} {why}"),
            None => sentence,
        }
    });
    let (word, tone) = outcome(report.result);
    ListWords {
        tone,
        headline: t(formats.locale, &format!("list-result-{word}"), &[]),
        reasons: sentences.collect(),
        facts: facts::of_list(report, formats),
        services: services(report, formats),
    }
}

/// What is told of the list's signature where that alone says why it stays open.
fn why(report: &ListReport, reason: &Reason<ListCode>, formats: &Formats) -> Option<String> {
    if reason.code != ListCode::SignatureUndecided {
        return None;
    }
    let told = reason.args.get("why")?;
    let signature = report.signature.as_ref()?.signatures.first()?;
    let mut all = signature.reasons.iter().chain(&signature.warnings);
    let one = all.find(|one| one.code.key() == told.as_str());
    // That a certificate is not bound is asked of lists alone.
    let unbound = Code::SigningCertificateUnbound;
    match one {
        Some(one) => Some(reason_text(one, formats)),
        None if told.as_str() == unbound.key() => Some(reason_text(&unbound.into(), formats)),
        None => None,
    }
}

/// The services of a list as of the moment of judgement.
fn services(report: &ListReport, formats: &Formats) -> Vec<(bool, String)> {
    let providers = report.list.iter().flat_map(|list| &list.providers);
    let all = providers.flat_map(|one| one.services.iter().map(move |service| (one, service)));
    let told = all.map(|(provider, service)| {
        let state = service.state_at(report.judged_at);
        let is_granted = state.is_some_and(|state| state.standing == Standing::Granted);
        let word = match state.map(|state| state.standing) {
            Some(Standing::Granted) => "granted",
            Some(Standing::National) => "national",
            Some(Standing::Withdrawn) => "withdrawn",
            Some(Standing::Unknown) => "unknown",
            None => "none",
        };
        let since = state.map_or_else(String::new, |state| formats.exact(state.since));
        let text = t(
            formats.locale,
            &format!("list-service-{word}"),
            &[
                ("provider", Value::from(shown(&provider.name))),
                ("service", Value::from(shown(&service.name))),
                ("since", Value::from(since)),
                (
                    "kind",
                    Value::from(service_kind(service, state, formats.locale)),
                ),
            ],
        );
        (is_granted, text)
    });
    told.collect()
}

/// What a service gives, in words, or as the list writes it.
fn service_kind(service: &Service, state: Option<&ServiceState>, locale: Locale) -> String {
    let state = state.or(service.states.first());
    let kind = state.map_or("", ServiceState::kind);
    let is_other = state.is_some_and(|state| state.vouches_for() == ServiceUse::Other);
    let key = match kind {
        "CA/QC" | "CA/PKC" if is_other => "list-kind-sites",
        "CA/QC" => "list-kind-qualified",
        "CA/PKC" => "list-kind-other-certificates",
        "TSA/QTST" => "list-kind-qualified-times",
        "TSA" | "TSA/TSS-QC" | "TSA/TSS-AdESQCandQES" => "list-kind-times",
        other => return shown(other),
    };
    t(locale, key, &[])
}

/// The conclusion, which is never green where nobody asked whether the power was taken back.
const fn told(report: &AuthorityReport) -> (&'static str, Tone) {
    match report.result {
        Outcome::Confirmed if !report.register_asked => (UNASKED, Tone::Attention),
        known => outcome(known),
    }
}

/// A result of a kept power, whose register nobody asks, as its sentence is called.
#[must_use]
pub fn kept_result_key(result: &str) -> String {
    let confirmed = result == outcome(Outcome::Confirmed).0;
    let word = if confirmed { UNASKED } else { result };
    format!("authority-result-{word}")
}

/// Confirmed, but that the register was not asked.
const UNASKED: &str = "unasked";

const fn outcome(outcome: Outcome) -> (&'static str, Tone) {
    match outcome {
        Outcome::Confirmed => ("confirmed", Tone::Good),
        Outcome::Undecided => ("undecided", Tone::Attention),
        Outcome::Refused => ("refused", Tone::Bad),
    }
}

fn hyphened(key: &str) -> String {
    key.replace('_', "-")
}

/// The sentence with its values: moments and days as the reader writes them, the rest as it is.
fn filled<C>(reason: &Reason<C>, key: &str, formats: &Formats) -> String {
    let args: Vec<(&str, Value<'_>)> = reason
        .args
        .iter()
        .map(|(name, value)| {
            let text = match name.as_str() {
                "due" | "issued" | "asked" | "since" | "signed" => moment(value, formats),
                "day" => day(value, formats),
                _ => None,
            };
            let text = text.unwrap_or_else(|| shown(value));
            // A number of an organisation is no number to count with.
            let value = match text.parse::<i64>() {
                Ok(count) if name == "count" => Value::from(count),
                _ => Value::from(text),
            };
            (name.as_str(), value)
        })
        .collect();
    t(formats.locale, key, &args)
}

fn moment(text: &str, formats: &Formats) -> Option<String> {
    let at: Instant = text.parse().ok()?;
    Some(formats.exact(at))
}

fn day(text: &str, formats: &Formats) -> Option<String> {
    Some(formats.civil_date(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use chancery_types::Locale;

    use super::*;

    /// Goal: no sentence lacks a value, and none shows a code. Method: every code with every value
    /// that any of them has.
    #[test]
    fn every_reason_is_a_sentence_with_its_values() {
        let args = [
            "why",
            "element",
            "field",
            "value",
            "version",
            "file",
            "number",
            "day",
            "principal",
            "asked",
            "representative",
            "signer",
            "power",
            "limit",
            "head",
            "signed",
            "delegator",
            "since",
            "subject",
            "due",
            "issued",
            "count",
            "service",
        ];
        for locale in Locale::ALL {
            let formats = Formats::new(locale, "UTC");
            let values = || args.map(|name| (name.to_owned(), "7".to_owned())).into();
            for code in AuthorityCode::ALL {
                let reason = Reason {
                    code: *code,
                    args: values(),
                };
                let key = format!("authority-reason-{}", hyphened(code.key()));
                let text = filled(&reason, &key, &formats);
                assert!(
                    text.len() > 10 && !text.contains(&key) && !text.contains('{'),
                    "{text}"
                );
            }
            for code in ListCode::ALL {
                let reason = Reason {
                    code: *code,
                    args: values(),
                };
                let key = format!("list-reason-{}", hyphened(code.key()));
                let text = filled(&reason, &key, &formats);
                assert!(
                    text.len() > 10 && !text.contains(&key) && !text.contains('{'),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn days_and_numbers_are_shown_as_people_write_them() {
        let formats = Formats::new(Locale::Ru, "UTC");
        let reason = |code, args: &[(&str, &str)]| Reason {
            code,
            args: args
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let expired = reason(AuthorityCode::Expired, &[("day", "2026-01-09")]);
        let text = filled(&expired, "authority-reason-expired", &formats);
        assert!(
            text.contains("2026") && !text.contains("2026-01-09"),
            "{text}"
        );
        let args = [("principal", "ООО «Ромашка»"), ("asked", "0277000000")];
        let other = reason(AuthorityCode::PrincipalOther, &args);
        let text = filled(&other, "authority-reason-principal-other", &formats);
        assert!(text.contains("0277000000"), "{text}");
    }
}
