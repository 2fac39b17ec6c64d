//! What a workflow's effects let people know, that a run stands still, what becomes of an edition.

use super::{Button, Fact, Input, Letter, PayloadError};
use crate::mail::message::{EditionMail, Incident, NotStarted, Notice, RouteChanged, VoteSetAside};

/// The words are the vocabulary's own.
pub(super) fn notice(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Notice = input.read()?;
    let args = [
        ("subject", mail.subject.as_str()),
        ("text", mail.text.as_str()),
    ];
    let mut letter = input.about(&mail.about, &args);
    letter
        .facts
        .extend(mail.entries.into_iter().map(|entry| Fact {
            label: entry.journal_title,
            value: entry.number,
        }));
    Ok(letter)
}

/// The button leads to where its reader lets the run try again.
pub(super) fn incident(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Incident = input.read()?;
    let way = if mail.is_owner { "-owner" } else { "" };
    let mut letter = input.about_as(&mail.about, &[], way);
    letter.facts.push(input.fact("stage", mail.stage_title));
    letter.quotes.push(input.fact("happened", mail.why));
    if !mail.is_owner {
        let label = input.own("open", &[]);
        letter.button = letter.button.map(|button| Button { label, ..button });
    }
    Ok(letter)
}

/// The button leads to the draft, from which its initiator starts the run themselves.
pub(super) fn not_started(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: NotStarted = input.read()?;
    let mut letter = input.about(&mail.about, &[]);
    letter.quotes.push(input.fact("happened", mail.why));
    Ok(letter)
}

/// What is decided so far stands; who is asked from now on is told with their tasks.
pub(super) fn route_changed(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: RouteChanged = input.read()?;
    let text = |code: &str, number: Option<i64>| {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let key = match code {
            "edition" => "text-edition",
            "file" => "text-file",
            "same" => "text-same",
            _ => "text-earlier",
        };
        input.own(key, &[("number", number.as_str())])
    };
    let args = [("person", mail.person_name.as_str())];
    let mut letter = input.about(&mail.about, &args);
    letter
        .facts
        .push(input.fact("workflow", mail.workflow_title));
    let before = text(&mail.before, mail.before_number);
    let after = text(&mail.after, mail.after_number);
    letter.facts.push(input.fact("route-before", before));
    letter.facts.push(input.fact("route-after", after));
    Ok(letter)
}

/// What was agreed to stays in the history; it is asked for no more.
pub(super) fn vote_set_aside(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: VoteSetAside = input.read()?;
    let args = [("person", mail.person_name.as_str())];
    let mut letter = input.about(&mail.about, &args);
    letter
        .facts
        .push(input.fact("workflow", mail.workflow_title));
    let stages = mail.stage_titles.join(", ");
    letter.facts.push(input.fact("stage", stages));
    Ok(letter)
}

/// One of three ways, by what happened.
pub(super) fn edition(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: EditionMail = input.read()?;
    let number = mail.number.to_string();
    let args = [
        ("title", mail.workflow_title.as_str()),
        ("number", number.as_str()),
        ("person", mail.person_name.as_str()),
    ];
    let known = ["proposed", "published", "returned", "withdrawn"];
    let way = known.into_iter().find(|way| *way == mail.what);
    let way = way.ok_or_else(|| PayloadError {
        kind: input.kind.code(),
        why: "`what` is none of proposed, published, returned, withdrawn".to_owned(),
    })?;
    let mut facts = vec![
        input.fact("workflow", mail.workflow_title.clone()),
        input.fact("edition", number.clone()),
    ];
    if let Some(at) = mail.effective_at {
        let formats = input.formats(&mail.time_zone);
        facts.push(input.fact("effective-at", formats.moment_in_zone(at)));
    }
    let words = mail.words.filter(|words| !words.is_empty());
    Ok(Letter {
        subject: input.own(&format!("subject-{way}"), &args),
        lead: input.own(&format!("lead-{way}"), &args),
        facts,
        quotes: words
            .map(|words| Fact {
                label: mail.person_name.clone(),
                value: words,
            })
            .into_iter()
            .collect(),
        button: Some(Button {
            label: input.own("open", &[]),
            url: mail.url,
        }),
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}
