//! What the evidence of a signature says, in sentences: who its signer was and how that is known,
//! how they came, what they agreed to, and which version they were sent, as what, and when. Sent is
//! what the server knows; read is the signer's own word.

use chancery_types::Instant;
use serde_json::Value;

use crate::app::signing::shown::in_ranges;
use crate::i18n::{Formats, Value as Word, t};

/// What is known of a signature's making, in the reader's words.
#[derive(Clone, Debug, Default)]
pub struct EvidenceWords {
    /// Who signed, and what is proven of that: one sentence. Empty if nothing is known.
    pub identity: String,
    /// What else is known, a paragraph each.
    pub story: Vec<String>,
}

impl EvidenceWords {
    /// Of one signature's evidence (`chancery-evidence/1`).
    #[must_use]
    pub fn of(evidence: &Value, formats: &Formats) -> Self {
        let told = Told { evidence, formats };
        let story = [
            told.way_in(),
            told.consents(),
            told.key(),
            shown_words(evidence, formats),
        ];
        Self {
            identity: told.identity(),
            story: story.into_iter().filter(|text| !text.is_empty()).collect(),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.identity.is_empty() && self.story.is_empty()
    }
}

/// Evidence, and whom it is told.
struct Told<'a> {
    evidence: &'a Value,
    formats: &'a Formats,
}

impl Told<'_> {
    fn text(&self, key: &str, args: &[(&str, Word)]) -> String {
        t(self.formats.locale, key, args)
    }

    /// A moment, to the second; nothing if it is not there.
    fn moment(&self, value: &Value) -> Option<String> {
        let at = value.as_str()?.parse::<Instant>().ok()?;
        Some(self.formats.exact(at))
    }

    fn identity(&self) -> String {
        let signer = &self.evidence["signer"];
        let key = match signer["identity"].as_str() {
            Some("mailbox control only") => "evidence-identity-mailbox",
            Some("login to this service") => "evidence-identity-login",
            _ => return String::new(),
        };
        let word = |field: &str| Word::from(signer[field].as_str().unwrap_or_default());
        let args = [
            ("name", word("name")),
            ("organisation", word("organisation")),
            ("email", word("email")),
            (
                "by",
                Word::from(signer["named_by"]["name"].as_str().unwrap_or("none")),
            ),
        ];
        self.text(key, &args)
    }

    /// How they came, from what address.
    fn way_in(&self) -> String {
        let way = &self.evidence["way_in"];
        let mut said = Vec::new();
        let steps = [
            ("evidence-link-mailed", &way["link"]["mailed_at"]),
            ("evidence-link-opened", &way["link"]["opened_at"]),
            ("evidence-code-sent", &way["code"]["sent_at"]),
            ("evidence-code-given", &way["code"]["given_at"]),
        ];
        for (key, at) in steps {
            if let Some(at) = self.moment(at) {
                said.push(self.text(key, &[("at", Word::from(at))]));
            }
        }
        if way["by"] == "token" {
            said.push(self.text("evidence-by-token", &[]));
        }
        // Whoever brought a file that another one had signed is not its signer.
        let brought = &self.evidence["brought_by"];
        let is_signers = brought["as"].as_str().is_none_or(|by| by == "signer");
        if let Some(name) = brought["name"].as_str().filter(|_| !is_signers) {
            said.push(self.text("evidence-brought", &[("name", Word::from(name))]));
        }
        let key = match is_signers {
            true => "evidence-address",
            false => "evidence-brought-address",
        };
        if let Some(address) = self.evidence["origin"]["address"].as_str() {
            said.push(self.text(key, &[("address", Word::from(address))]));
        }
        said.join(" ")
    }

    /// What they agreed to, and when.
    fn consents(&self) -> String {
        let given = self.evidence["consents"].as_array();
        let given = given.into_iter().flatten().filter_map(|one| {
            let key = match one["kind"].as_str()? {
                "electronic_signature" => "evidence-consent-electronic-signature",
                "personal_data" => "evidence-consent-personal-data",
                _ => return None,
            };
            let at = self.moment(&one["given_at"])?;
            let digest = one["text_sha256"].as_str().unwrap_or_default();
            let args = [("at", Word::from(at)), ("digest", Word::from(digest))];
            Some(self.text(key, &args))
        });
        given.collect::<Vec<String>>().join(" ")
    }

    /// Where the key was made.
    fn key(&self) -> String {
        match self.evidence["key_made_in"].as_str() {
            Some("browser") => self.text("evidence-key-browser", &[]),
            Some("server") => self.text("evidence-key-server", &[]),
            Some("outside") => self.text("evidence-key-outside", &[]),
            _ => String::new(),
        }
    }
}

/// The sentences of one signature's evidence (`chancery-evidence/1`); empty for one that says
/// nothing of the version.
fn shown_words(evidence: &Value, formats: &Formats) -> String {
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

    /// Goal: a reader learns who signed, and that no more than the mailbox is proven. Method: one
    /// who came by a link, one who logged in, and evidence that says nothing.
    #[test]
    fn who_signed_and_how_it_is_known_is_told_in_sentences() {
        let english = Formats::new(Locale::En, "UTC");
        let evidence = json!({
            "signer": {
                "name": "Irene Orr", "organisation": "Orr Ltd", "email": "orr@orr.test",
                "identity": "mailbox control only",
            },
            "key_made_in": "browser",
            "origin": { "address": "192.0.2.7", "agent": "x" },
            "way_in": {
                "by": "link",
                "link": {
                    "mailed_at": "2026-11-22T09:00:00Z", "opened_at": "2026-11-23T09:00:00Z",
                },
                "code": {
                    "sent_at": "2026-11-23T09:01:00Z", "given_at": "2026-11-23T09:02:00Z",
                },
            },
            "consents": [{
                "kind": "personal_data", "text_sha256": "cd34", "given_at": "2026-11-23T09:03:00Z",
            }],
        });
        let told = EvidenceWords::of(&evidence, &english);
        for part in ["Irene Orr", "Orr Ltd", "orr@orr.test", "only", "mailbox"] {
            assert!(told.identity.contains(part), "{part}: {}", told.identity);
        }
        assert!(told.identity.contains("the sender called the signer"));
        let mut named = evidence.clone();
        named["signer"]["named_by"] = json!({ "name": "Paul Orr", "email": "paul@orr.test" });
        let by = EvidenceWords::of(&named, &english).identity;
        assert!(by.contains("That is what Paul Orr"), "{by}");
        let story = told.story.join(" ").replace('\u{a0}', " ");
        for part in [
            "22 November 2026, 09:00:00 UTC",
            "23 November 2026, 09:02:00 UTC",
            "192.0.2.7",
            "23 November 2026, 09:03:00 UTC",
            "cd34",
            "browser",
        ] {
            assert!(story.contains(part), "{part}: {story}");
        }
        let within = json!({ "signer": {
            "name": "Irene Orr", "email": "orr@orr.test", "identity": "login to this service",
        } });
        let told = EvidenceWords::of(&within, &Formats::new(Locale::Ru, "UTC"));
        assert!(told.identity.contains("Irene Orr"), "{}", told.identity);
        assert!(!told.identity.contains("почте"), "{}", told.identity);
        assert!(EvidenceWords::of(&json!({}), &english).is_empty());
        let brought = json!({
            "key_made_in": "outside",
            "origin": { "address": "192.0.2.9", "agent": "x" },
            "brought_by": { "name": "Peter Petersen", "as": "initiator" },
        });
        let told = EvidenceWords::of(&brought, &english);
        assert_eq!(
            told.identity, "",
            "nobody knows who signed but by the certificate"
        );
        let story = told.story.join(" ");
        assert!(
            story.contains("Peter Petersen") && story.contains("192.0.2.9"),
            "{story}"
        );
        assert!(!story.contains("signer's network address"), "{story}");
    }
}
