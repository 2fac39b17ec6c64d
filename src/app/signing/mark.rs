//! The words of the visible mark and of the signature sheet, in the document's language.

use chancery_pdf::sheet::{Apart, Attachments, FontFile, Mark, MarkPlan, Row, Sheet};
use chancery_types::{Instant, Locale};

use super::detached::BesideSignature;
use super::seat::SigningSeat;
use crate::i18n::{Formats, t};

/// How many slots a sheet has: our side, theirs and room for further rounds of signatories.
const SLOTS: u16 = 6;

/// The mark and, for the first signature, the sheet it stands on. `beside` are the signatures that
/// stand in files of their own by now.
#[must_use]
pub fn plan(
    (seat, beside): (&SigningSeat, &[BesideSignature]),
    serial: &str,
    now: Instant,
    locale: Locale,
) -> MarkPlan<'static> {
    let formats = Formats::new(locale, &seat.organisation.time_zone);
    MarkPlan {
        regular: FontFile(dejavu::sans::regular()),
        bold: FontFile(dejavu::sans::bold()),
        sheet: sheet_of(seat, beside, locale),
        mark: Mark {
            name: seat.signer.name.clone(),
            lines: vec![
                seat.signer.organisation_name.clone(),
                formats.exact(now),
                t(locale, "mark-serial", &[("serial", serial.into())]),
            ],
            note: t(locale, "mark-note", &[]),
        },
    }
}

/// The sheet that the first signature of a version is put on.
#[must_use]
pub fn sheet_of(seat: &SigningSeat, beside: &[BesideSignature], locale: Locale) -> Sheet {
    let formats = Formats::new(locale, &seat.organisation.time_zone);
    Sheet {
        apart: apart(beside, &formats, locale),
        ..sheet(seat, &formats, locale)
    }
}

/// Who signed in a file of their own, by name of the file and by the day that it came.
fn apart(beside: &[BesideSignature], formats: &Formats, locale: Locale) -> Option<Apart> {
    let rows = beside.iter().map(|one| {
        let (name, on) = (one.now.name.as_str(), formats.date(one.received_at));
        Row {
            label: one.signer_name.clone(),
            value: t(
                locale,
                "sheet-apart-value",
                &[("name", name.into()), ("on", on.into())],
            ),
        }
    });
    let rows: Vec<Row> = rows.collect();
    (!rows.is_empty()).then(|| Apart {
        heading: t(locale, "sheet-apart", &[]),
        rows,
    })
}

fn sheet(seat: &SigningSeat, formats: &Formats, locale: Locale) -> Sheet {
    let say = |key: &str| t(locale, key, &[]);
    let row = |label: &str, value: &str| Row {
        label: say(label),
        value: value.to_owned(),
    };
    let mut subject = vec![row("sheet-document", &seat.document.title)];
    if let Some(number) = &seat.document.registration_number {
        let at = seat.document.registered_at.map(Instant::from_micros);
        let on = at.map(|at| formats.date(at)).unwrap_or_default();
        let value = t(
            locale,
            "sheet-number-value",
            &[("number", number.as_str().into()), ("on", on.into())],
        );
        subject.push(row("sheet-number", &value));
    }
    subject.push(row("sheet-version", &seat.version.number.to_string()));
    subject.push(row("sheet-digest", &seat.version.main_digest));
    let rows: Vec<Row> = seat
        .attachments
        .iter()
        .map(|file| Row {
            label: file.name.clone(),
            value: file.digest.clone(),
        })
        .collect();
    let attachments = (!rows.is_empty()).then(|| Attachments {
        heading: say("sheet-attachments"),
        name_heading: say("sheet-attachment-name"),
        digest_heading: say("sheet-attachment-digest"),
        rows,
    });
    Sheet {
        title: say("sheet-title"),
        subject,
        attachments,
        apart: None,
        marks_heading: say("sheet-marks"),
        slots: SLOTS,
        footer: say("sheet-footer"),
    }
}
