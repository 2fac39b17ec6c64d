//! How a trial of a chain is put into words: people, documents, moments.

use chancery_types::field::Card;
use chancery_types::{FieldValue, Instant, Locale};
use chancery_workflow::trial::{Company, Initiator, Way};
use chancery_workflow::{Assignee, Definition, Taken};
use jiff::tz::TimeZone;

use crate::i18n::t;

/// The clock of a chain: of its calendar, else UTC.
pub(super) struct Clock {
    zone: TimeZone,
}

impl Clock {
    pub(super) fn of(definition: &Definition) -> Self {
        let zone = definition.calendar();
        let zone = zone.and_then(|calendar| TimeZone::get(calendar.zone()).ok());
        Self {
            zone: zone.unwrap_or(TimeZone::UTC),
        }
    }

    /// `2026-03-02 10:00`.
    pub(super) fn shown(&self, at: Instant) -> String {
        let at = self.zone.to_datetime(at.timestamp());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// The word for a code of the engine, one of a kind: `close`, `skip`, `occasion`, `outcome`.
pub(super) fn word(locale: Locale, of: &str, code: &str) -> String {
    let code = code.replace('_', "-");
    t(locale, &format!("workflow-{of}-{code}"), &[])
}

/// A value as files write it; whom a reference names, if that is known.
pub(super) fn value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Money(money) => money.to_string(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Boolean(answer) => answer.to_string(),
        FieldValue::Reference(_) => "…".to_owned(),
    }
}

/// `amount: RUB 1.00, payment_days: 30`.
pub(super) fn card(card: &Card, initiator: Option<&Initiator>, locale: Locale) -> String {
    let mut parts: Vec<String> = card
        .iter()
        .map(|(name, held)| format!("{name}: {}", value(held)))
        .collect();
    if let Some(initiator) = initiator {
        parts.extend(
            initiator
                .login
                .iter()
                .map(|login| format!("initiator: {login}")),
        );
        let own = initiator.departments.iter();
        parts.extend(own.map(|key| format!("initiator.departments: {key}")));
        let own = initiator.groups.iter();
        parts.extend(own.map(|key| format!("initiator.groups: {key}")));
    }
    if parts.is_empty() {
        return t(locale, "workflow-any-document", &[]);
    }
    parts.join(", ")
}

/// `approve manager by manager-of-initiator`, as a script says it.
pub(super) fn taken(taken: &Taken, company: &Company, locale: Locale) -> String {
    let by = taken.by.map(|by| company.name_of(by));
    match (taken.decision, by) {
        (Some(decision), Some(by)) => format!("{decision} {} by {by}", taken.stage),
        (Some(decision), None) => format!("{decision} {}", taken.stage),
        (None, Some(_)) => "resubmit".to_owned(),
        (None, None) => t(
            locale,
            "workflow-an-answer",
            &[("stage", taken.stage.as_str().into())],
        ),
    }
}

/// The steps of a way.
pub(super) fn steps(way: &Way, locale: Locale) -> Vec<String> {
    let all = way.taken.iter();
    all.map(|step| taken(step, &way.company, locale)).collect()
}

/// The name of somebody in a trial.
pub(super) fn name(company: &Company, assignee: Assignee) -> String {
    company.name_of(assignee).to_owned()
}

/// A list, or a dash for none.
pub(super) fn listed(all: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| one.as_ref().to_owned()).collect();
    if all.is_empty() {
        return "–".to_owned();
    }
    all.join(", ")
}
