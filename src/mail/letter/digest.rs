//! All open tasks of the reader in one letter.

use super::{Button, Input, Letter, PayloadError};
use crate::i18n::{self, Value};
use crate::mail::message::{DigestTask, TaskDigest};

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: TaskDigest = input.read()?;
    let count = [("count", Value::from(mail.tasks_count))];
    let tasks = mail.tasks.iter();
    let named = i64::try_from(mail.tasks.len()).unwrap_or(i64::MAX);
    let more = mail.tasks_count.saturating_sub(named);
    let more = (more > 0).then(|| {
        let args = [("count", Value::from(more))];
        i18n::t(input.locale, "mail-task-digest-more", &args)
    });
    let settings = input.own("settings", &[]);
    Ok(Letter {
        subject: i18n::t(input.locale, "mail-task-digest-subject", &count),
        lead: input.own("lead", &[]),
        facts: vec![
            input.fact("tasks", mail.tasks_count.to_string()),
            input.fact("late", mail.late_count.to_string()),
        ],
        ways: tasks.map(|task| line(input, &mail, task)).collect(),
        button: Some(Button {
            label: input.own("button", &[]),
            url: mail.url.clone(),
        }),
        notes: more.into_iter().chain([settings]).collect(),
        footer: input.footer(&mail.organisation_name),
        ..Letter::default()
    })
}

/// `Договор поставки · Д-2026-00017 · Юристы · срок 27 ноября 2026, 18:00`
fn line(input: &Input<'_>, mail: &TaskDigest, task: &DigestTask) -> Button {
    let due = task.due_at.map(|due| {
        let when = input.formats(&mail.time_zone).moment(due);
        input.own("due", &[("when", &when)])
    });
    let parts = [
        Some(task.document_title.clone()),
        task.registration_number.clone(),
        Some(task.stage_title.clone()),
        due,
    ];
    Button {
        label: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        url: task.url.clone(),
    }
}
