//! What a trusted list is, for people to read: whose, of when, signed by whom.

use chancery_trust::{ListCode, ListReport, Reason, Service, Standing};
use chancery_types::Instant;

use super::super::verdict::{reason_text, shown};
use super::super::{Formats, Value, t};

/// What keeps the signature of a list from being decided: reasons of its own judgement.
pub(super) fn why(
    reason: &Reason<ListCode>,
    report: &ListReport,
    formats: &Formats,
) -> Vec<String> {
    if reason.code != ListCode::SignatureUndecided {
        return Vec::new();
    }
    let unbound = reason.args.get("why");
    if unbound.is_some_and(|why| why == "signing_certificate_unbound") {
        return vec![t(formats.locale, "list-signature-unbound", &[])];
    }
    let judged = report.signature.iter().flat_map(|one| &one.signatures);
    let reasons = judged.flat_map(|one| &one.reasons);
    reasons.map(|reason| reason_text(reason, formats)).collect()
}

/// Names and values, what is absent left out.
pub(super) fn facts(report: &ListReport, formats: &Formats) -> Vec<(String, String)> {
    let list = report.list.as_ref();
    let moment = |at: Option<Instant>| at.map_or_else(String::new, |at| formats.exact(at));
    let text = |text: Option<&String>| text.map(|text| shown(text)).unwrap_or_default();
    let judged = report.signature.as_ref();
    let signer = judged.and_then(|one| one.signatures.first()?.signer.as_ref());
    let rows = [
        ("operator", text(list.and_then(|one| one.operator.as_ref()))),
        (
            "territory",
            text(list.and_then(|one| one.territory.as_ref())),
        ),
        (
            "sequence",
            list.and_then(|one| one.sequence)
                .map_or_else(String::new, |number| number.to_string()),
        ),
        ("issued", moment(list.and_then(|one| one.issued_at))),
        ("next", moment(list.and_then(|one| one.next_update_at))),
        ("signer", text(signer.map(|one| &one.subject.text))),
        ("judged", formats.exact(report.judged_at)),
        (
            "sha256",
            judged.map(|one| one.sha256.clone()).unwrap_or_default(),
        ),
    ];
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|(key, value)| (t(formats.locale, &format!("list-fact-{key}"), &[]), value))
        .collect()
}

/// What a service is at a moment: granted since when, or withdrawn; nothing before it began.
#[must_use]
pub fn standing_text(service: &Service, at: Instant, formats: &Formats) -> String {
    let Some(state) = service.state_at(at) else {
        return t(formats.locale, "list-service-not-yet", &[]);
    };
    let key = match state.standing {
        Standing::Granted => "list-service-granted",
        Standing::Withdrawn => "list-service-withdrawn",
        _ => "list-service-other",
    };
    let args = [("since", Value::from(formats.date(state.since)))];
    t(formats.locale, key, &args)
}
