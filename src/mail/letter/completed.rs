//! A document is signed by all sides: the files, where the signatures stand, and what our check of
//! those beside the file came to.

use super::{Button, Input, Letter, PayloadError};
use crate::i18n;
use crate::i18n::verdict::{open_word, verdict_word};
use crate::mail::message::Completed;

pub(super) fn write(input: &Input<'_>) -> Result<Letter, PayloadError> {
    let mail: Completed = input.read()?;
    let mut letter = input.about(&mail.about, &[]);
    let files = mail.files();
    let mut notes = match (files.is_empty(), mail.is_too_large) {
        (false, _) if mail.beside.is_empty() => vec!["with-file"],
        (false, _) if mail.attachment.is_some() => vec!["with-files"],
        (false, _) => vec!["with-signatures"],
        (true, true) => vec!["too-large"],
        (true, false) => vec!["without-file"],
    };
    match (files.is_empty(), &mail.entry_url) {
        (false, _) => {}
        (true, None) => notes.push("on-the-page"),
        (true, Some(_)) => notes.push("by-link"),
    }
    letter.notes = notes.into_iter().map(|note| input.own(note, &[])).collect();
    if !mail.beside.is_empty() {
        beside(input, &mail, &mut letter);
    }
    if let Some(url) = mail.entry_url.filter(|_| files.is_empty()) {
        let label = input.own("button", &[]);
        letter.button = Some(Button { label, url });
    }
    letter.attachments = files.into_iter().map(|(file, _)| file).collect();
    Ok(letter)
}

/// Where the signatures stand, and which file each of those beside is over.
fn beside(input: &Input<'_>, mail: &Completed, letter: &mut Letter) {
    let count = i18n::Value::from(mail.beside.len());
    let inside = i18n::Value::from(mail.inside_count);
    let places = [("inside", inside), ("beside", count)];
    letter
        .notes
        .push(i18n::t(input.locale, "mail-completed-places", &places));
    letter.notes.push(input.own("keep-together", &[]));
    for one in &mail.beside {
        let verdict = match one.leaves_revocation_open {
            true => open_word(input.locale, &one.indication),
            false => verdict_word(input.locale, &one.indication),
        };
        let named = [
            ("name", one.signature.name.as_str()),
            ("signer", one.signer_name.as_str()),
            ("file", one.covered.name.as_str()),
            ("verdict", verdict.as_str()),
        ];
        let key = match one.indication.is_empty() {
            true => "beside",
            false => "beside-judged",
        };
        let text = input.own(key, &named);
        letter.facts.push(input.fact("detached", text));
    }
}
