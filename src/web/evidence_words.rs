//! What the evidence of a signature says of what its signer was sent, in sentences: which version,
//! as what, and when. Sent is what the server knows; read is the signer's own word.

use chancery_types::Instant;
use serde_json::Value;

use crate::app::signing::shown::in_ranges;
use crate::i18n::{Formats, Value as Word, t};

/// The sentences of one signature's evidence (`chancery-evidence/1`); empty for one that says
/// nothing of the version.
#[must_use]
pub fn shown_words(evidence: &Value, formats: &Formats) -> String {
    let shown = &evidence["shown"];
    let Some(number) = shown["version_number"].as_i64() else {
        return String::new();
    };
    let read = |value: &Value| value.as_str()?.parse::<Instant>().ok();
    let pages: Vec<&Value> = shown["pages"].as_array().into_iter().flatten().collect();
    let mut numbers: Vec<i64> = pages
        .iter()
        .filter_map(|page| page["page"].as_i64())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let moments: Vec<Instant> = pages
        .iter()
        .filter_map(|page| read(&page["shown_at"]))
        .collect();
    let file_at = read(&shown["file_given_at"]);
    let span = moments.iter().min().zip(moments.iter().max());
    let moment = |at: &Instant| formats.exact(*at);
    let locale = formats.locale;
    let own = [
        (
            "name",
            Word::from(evidence["signer"]["name"].as_str().unwrap_or_default()),
        ),
        ("number", Word::from(number)),
        (
            "digest",
            Word::from(shown["main_sha256"].as_str().unwrap_or_default()),
        ),
    ];
    let mut said = vec![t(locale, "evidence-shown-version", &own)];
    if let Some((first, last)) = span {
        let (first, last) = (moment(first), moment(last));
        // To the second, as they are told.
        let same = if first == last { "yes" } else { "no" };
        let args = [
            ("pages", Word::from(in_ranges(&numbers))),
            ("count", Word::from(numbers.len())),
            ("first", Word::from(first)),
            ("last", Word::from(last)),
            ("same", Word::from(same)),
        ];
        said.push(t(locale, "evidence-shown-pages", &args));
    }
    if let Some(at) = file_at {
        let args = [("at", Word::from(moment(&at)))];
        said.push(t(locale, "evidence-shown-file", &args));
    }
    said.push(match span.is_some() || file_at.is_some() {
        true => t(locale, "evidence-shown-means", &[]),
        false => t(locale, "evidence-shown-nothing", &[]),
    });
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use chancery_types::Locale;
    use serde_json::json;

    use super::*;

    /// Goal: a reader who is no programmer learns which version was sent to whom, as what and when.
    /// Method: pages and file, the file alone, nothing, evidence of another form; both languages.
    #[test]
    fn what_was_sent_is_told_in_sentences() {
        let evidence = |pages: Value, file: Value| {
            json!({
                "signer": { "name": "Irene Orr" },
                "shown": {
                    "version_number": 3, "main_sha256": "ab12",
                    "pages": pages, "file_given_at": file,
                },
            })
        };
        let page = |page: u8, at: &str| json!({ "page": page, "shown_at": at });
        let pages = json!([
            page(2, "2026-11-23T10:05:00Z"),
            page(1, "2026-11-23T10:00:00Z"),
            page(4, "2026-11-23T10:06:00Z"),
        ]);
        let given = json!("2026-11-23T09:00:00Z");
        let english = Formats::new(Locale::En, "UTC");
        let whole = evidence(pages, given.clone());
        let told = shown_words(&whole, &english).replace('\u{a0}', " ");
        for part in [
            "Irene Orr was asked to sign version 3",
            "ab12",
            "pages 1–2, 4",
            "from 23 November 2026, 10:00:00 UTC",
            "to 23 November 2026, 10:06:00 UTC",
            "The server sent the file itself on 23 November 2026, 09:00:00 UTC",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let alone = shown_words(&evidence(json!([]), given), &english);
        assert!(alone.contains("the file itself") && !alone.contains("images"));
        let nothing = shown_words(&evidence(json!([]), Value::Null), &english);
        assert!(nothing.contains("Nothing is recorded"), "{nothing}");
        assert_eq!(shown_words(&json!({}), &english), "");
        let russian = shown_words(&whole, &Formats::new(Locale::Ru, "UTC"));
        assert!(russian.contains("версию 3") && russian.contains("страницы 1–2, 4"));
    }
}
