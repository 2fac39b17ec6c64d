//! Somebody else recorded an absence: to whoever is said to be away and to their substitute.

use super::{Button, Input, Letter, PayloadError};
use crate::mail::message::AbsenceRecorded;

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: AbsenceRecorded = input.read()?;
    let args = [
        ("organisation", mail.organisation_name.as_str()),
        ("person", mail.person_name.as_str()),
        ("recorder", mail.recorder_name.as_str()),
    ];
    let way = match mail.is_substitute {
        true => "-substitute",
        false => "",
    };
    let formats = input.formats(&mail.time_zone);
    let moment = |label, at| input.fact(label, formats.moment_in_zone(at));
    let powers = match mail.powers.as_str() {
        "sign" => "powers-sign",
        _ => "powers-decide",
    };
    let nobody = || input.own("nobody", &[]);
    let substitute = mail.substitute_name.clone().unwrap_or_else(nobody);
    let mut facts = vec![
        input.fact("away", &mail.person_name),
        input.fact("recorded-by", &mail.recorder_name),
        moment("away-from", mail.away_from),
        moment("away-until", mail.away_until),
        input.fact("substitute", substitute),
    ];
    if mail.substitute_name.is_some() {
        facts.push(input.fact("powers", input.own(powers, &[])));
    }
    Ok(Letter {
        subject: input.own(&format!("subject{way}"), &args),
        lead: input.own(&format!("lead{way}"), &args),
        facts,
        button: Some(Button {
            label: input.own("button", &[]),
            url: mail.url,
        }),
        notes: vec![input.own(&format!("objection{way}"), &args)],
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}
