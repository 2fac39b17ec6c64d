//! A validation report in words, for pages and for the command: verdict first, then who, when, what
//! was signed, what came after, the chain and the reasons.
//!
//! Everything here is said of the certificate, never of what a file says of itself. The report's
//! English details stand only among the technical ones.

mod advice;
mod algorithm;
mod chain;
mod change;
mod kind;
mod lead;
mod level;
mod one;
mod parts;
mod protocol;
mod rights;
mod rules;
mod shown;
mod summary;
mod technical;
mod time;

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::{
    Answer, Check, CheckResult, Code, CoversReport, Reason, SignatureReport, TimeReport,
};
use chancery_signature::{Indication, Name, ValidationReport};
use chancery_types::Instant;

use super::{Formats, Value, find, t, t_named};
use algorithm::algorithm_text;
use change::differs;
pub use level::level_words;
use one::word_key_of;
pub use one::{file_word, open_word, reason_text, verdict_word};
pub use parts::{CheckWords, FileWords, LinkWords, SignatureWords, StampWords, Tone};
pub use protocol::{MakingWords, Origin, Protocol};
pub use rights::rights_sentences;
pub use shown::{shown, shown_text};
pub use summary::summary;
use technical::{code_text, standard_text};
use time::claimed_time;

/// Where the words are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// On a page.
    Page,
    /// On a terminal, or in what the command wrote.
    Command,
}

/// Puts a report into words, for a page.
#[must_use]
pub fn file_words(report: &ValidationReport, formats: &Formats) -> FileWords {
    let reader = Reader::Page;
    words_of(report, &Words::of(report, formats, reader))
}

/// Puts what the command checked into words: its advice is of the command, and `made_at` tells when
/// the check was made if its moment was chosen.
#[must_use]
pub fn command_words(
    report: &ValidationReport,
    made_at: Option<Instant>,
    formats: &Formats,
) -> FileWords {
    words_made_at(report, made_at, formats, Reader::Command)
}

/// The same for a protocol that the command writes: whoever reads it has no command line.
#[must_use]
pub fn protocol_words(
    report: &ValidationReport,
    made_at: Option<Instant>,
    formats: &Formats,
) -> FileWords {
    words_made_at(report, made_at, formats, Reader::Page)
}

fn words_made_at(
    report: &ValidationReport,
    made_at: Option<Instant>,
    formats: &Formats,
    reader: Reader,
) -> FileWords {
    let mut words = Words::of(report, formats, reader);
    words.seen_at = made_at.map_or(words.seen_at, |at| at.max(report.judged_at));
    let words = words_of(report, &words);
    FileWords {
        made_at: made_at.map_or_else(String::new, |at| formats.exact(at)),
        ..words
    }
}

fn words_of(report: &ValidationReport, words: &Words<'_>) -> FileWords {
    let formats = words.formats;
    let mut counts = (0_usize, 0_usize);
    let mut counters = 0_usize;
    let signatures = report.signatures.iter().map(|signature| {
        let number = match signature.form {
            SignatureForm::Xml if signature.counter_signs.is_some() => {
                counters += 1;
                words.t1("verify-counter-number", "number", counters)
            }
            SignatureForm::DocumentTimestamp => {
                counts.1 += 1;
                words.t1("verify-timestamp-number", "number", counts.1)
            }
            SignatureForm::Pdf | SignatureForm::Cms | SignatureForm::Xml => {
                counts.0 += 1;
                words.t1("verify-signature-number", "number", counts.0)
            }
            SignatureForm::CounterSignature => {
                counters += 1;
                words.t1("verify-counter-number", "number", counters)
            }
        };
        words.signature(signature, number)
    });
    let signatures: Vec<SignatureWords> = signatures.collect();
    let (headline, lead) = words.headline(report);
    let lead = format!("{}{lead}", words.whose(report, &signatures));
    let lead = words.with_removed(report, lead);
    FileWords {
        tone: Tone::of_file(report),
        headline,
        lead,
        advice: words.advice(None, report.reasons.first()),
        // The headline says of such a file all that there is.
        reasons: report
            .reasons
            .iter()
            .filter(|reason| reason.code != Code::NoSignature)
            .map(|reason| words.reason(reason))
            .collect(),
        signatures,
        sha256: report.sha256.clone(),
        judged_at: formats.exact(report.judged_at),
        made_at: String::new(),
        policy: report.policy.clone(),
        rules: words.rules(report.rules.as_deref()),
        codes: report
            .reasons
            .iter()
            .map(|reason| code_text(formats.locale, reason))
            .collect(),
        copies: words.copies(report),
    }
}

struct Words<'a> {
    formats: &'a Formats,
    reader: Reader,
    /// The fields of document timestamps.
    stamps: Vec<&'a str>,
    /// Who signed in which field.
    signers: Vec<(&'a str, &'a str)>,
    /// The moment as of which the reader looks at terms: that of the check, or a later one that was
    /// chosen.
    seen_at: Instant,
}

impl Words<'_> {
    fn t(&self, key: &str) -> String {
        t(self.formats.locale, key, &[])
    }

    fn t1<'v>(&self, key: &str, name: &str, value: impl Into<Value<'v>>) -> String {
        t(self.formats.locale, key, &[(name, value.into())])
    }

    fn signature(&self, report: &SignatureReport, number: String) -> SignatureWords {
        let signer = report.signer.as_ref();
        let who = signer.map(|signer| name_of(&signer.subject).to_owned());
        let organisation = signer.and_then(|signer| signer.subject.organisation.clone());
        let (when, when_source) = self.when(&report.time);
        SignatureWords {
            tone: Tone::of_signature(report),
            number,
            word: self.t(word_key_of(report)),
            indication: standard_text(report),
            organisation: organisation
                .filter(|name| Some(name) != who.as_ref())
                .unwrap_or_default(),
            who: who.unwrap_or_else(|| self.t("verify-who-unknown")),
            emails: signer
                .map(|signer| signer.emails.join(", "))
                .unwrap_or_default(),
            issuer: signer
                .map(|signer| self.t1("verify-issued-by", "issuer", name_of(&signer.issuer)))
                .unwrap_or_default(),
            when,
            when_source,
            kind: report.kind.map(|kind| self.kind(kind)).unwrap_or_default(),
            level: self.level(report),
            rights: rights_sentences(self.formats.locale, report.rights.as_ref()),
            key: self.key(report),
            covers: self.covers(report),
            after: self.after(report),
            reasons: self.sentences(report, &report.reasons),
            warnings: self.sentences(report, &report.warnings),
            advice: self.advice(Some(report), report.reasons.first()),
            command: self.command(report.reasons.first()),
            checks: report
                .checks
                .iter()
                .map(|checked| self.check(report, checked.check, checked.result))
                .collect(),
            chain: report
                .chain
                .iter()
                .map(|link| self.link(link, &report.time))
                .collect(),
            timestamps: report
                .timestamps
                .iter()
                .map(|one| self.stamp(one))
                .collect(),
            technical: self.technical(report),
        }
    }

    fn when(&self, time: &TimeReport) -> (String, String) {
        if let Some(proven) = time.proven {
            let by = time.proven_by.as_deref().unwrap_or_default();
            let source = self.t1("verify-when-proven", "by", common_name(by));
            return (self.formats.exact(proven), source);
        }
        match &time.claimed {
            Some(claimed) => {
                let read = claimed_time(claimed).map(|at| self.formats.exact(at));
                let source = self.t("verify-when-claimed");
                (read.unwrap_or_else(|| shown(claimed)), source)
            }
            None => (self.t("verify-when-unknown"), String::new()),
        }
    }

    fn key(&self, report: &SignatureReport) -> String {
        let Some(algorithm) = &report.algorithm else {
            return String::new();
        };
        let digest = algorithm_text(self.formats.locale, &algorithm.digest);
        let digest = self.t1("verify-key-digest", "digest", digest);
        let Some(key) = &algorithm.key else {
            return digest;
        };
        // A curve's name tells its size.
        if key.bits == 0 || key.algorithm != "RSA" {
            return format!(
                "{}, {digest}",
                algorithm_text(self.formats.locale, &key.algorithm)
            );
        }
        let args = [
            (
                "algorithm",
                Value::from(algorithm_text(self.formats.locale, &key.algorithm)),
            ),
            ("bits", Value::from(key.bits)),
        ];
        let key = t(self.formats.locale, "verify-key-bits", &args);
        format!("{key}, {digest}")
    }

    fn covers(&self, report: &SignatureReport) -> String {
        let Some(covers) = &report.covers else {
            return self.t("verify-covers-unknown");
        };
        let elements = self.covered_elements(report);
        let key = match (report.form, covers.whole_file) {
            (SignatureForm::CounterSignature, _) => "verify-covers-signature",
            (SignatureForm::Xml, _) if report.counter_signs.is_some() => "verify-covers-signature",
            (SignatureForm::Cms, _) if differs(report) => "verify-covers-other",
            (SignatureForm::Cms, _) => "verify-covers-content",
            (SignatureForm::Xml, _) if covers.bytes == 0 => "verify-covers-unknown",
            (SignatureForm::Xml, true) => "verify-covers-document",
            (SignatureForm::Xml, false) => "verify-covers-elements",
            (_, true) => "verify-covers-whole",
            (_, false) => "verify-covers-part",
        };
        // The place of the signature itself, which cannot cover its own bytes.
        let own = covers
            .byte_range
            .map_or(0, |[_, before, after, _]| after.saturating_sub(before));
        let args = [
            ("bytes", Value::from(self.formats.bytes(covers.bytes))),
            ("own", Value::from(self.formats.bytes(own))),
            ("elements", Value::from(elements)),
        ];
        t(self.formats.locale, key, &args)
    }

    /// The elements that a signature in XML covers with their sizes, as its reasons list them
    /// wherever it does not cover the whole document.
    fn covered_elements(&self, report: &SignatureReport) -> String {
        let mut reasons = report.reasons.iter().chain(&report.warnings);
        let listed = reasons.find_map(|reason| reason.args.get("covered"));
        let listed = listed.map(shown).unwrap_or_default();
        let named = |piece: &str| match piece.strip_prefix("/ ") {
            // The document's own element.
            Some(bytes) => format!("{} {bytes}", self.t("verify-element-document")),
            None => piece.to_owned(),
        };
        let pieces: Vec<String> = listed.split(", ").map(named).collect();
        pieces.join(", ")
    }

    fn after(&self, report: &SignatureReport) -> Vec<String> {
        let bytes = report
            .covers
            .as_ref()
            .map_or(0, |covers| covers.bytes_after);
        let mut after = self.changes(&report.changes);
        if differs(report) {
            let key = match report.form {
                SignatureForm::Cms => "verify-after-other",
                _ => "verify-after-altered",
            };
            after.push(self.t(key));
        }
        // A failed signature proves nothing, so not that nothing happened either; one over some
        // elements says nothing of what came beside them.
        let of_all = |covers: &CoversReport| report.form != SignatureForm::Xml || covers.whole_file;
        let proves = report.indication != Indication::TotalFailed
            && report.crypto == Answer::Yes
            && report.covers.as_ref().is_some_and(of_all);
        if bytes > 0 {
            after.push(self.t1("verify-after-bytes", "bytes", self.formats.bytes(bytes)));
        } else if after.is_empty() && proves {
            after.push(self.t("verify-after-nothing"));
        } else if after.is_empty() {
            let is_part = report.form == SignatureForm::Xml
                && report.crypto == Answer::Yes
                && report.indication != Indication::TotalFailed;
            after.push(self.t(match is_part {
                true => "verify-after-elements",
                false => "verify-covers-unknown",
            }));
        }
        after
    }

    /// The sentence of a reason.
    fn reason(&self, reason: &Reason) -> String {
        match change::pages_key(reason) {
            Some(key) => self.reason_as(reason, key),
            None => self.reason_as(reason, &hyphened(reason.code.key())),
        }
    }

    /// The sentence `key` of a reason.
    fn reason_as(&self, reason: &Reason, key: &str) -> String {
        let locale = self.formats.locale;
        if reason.code == Code::Unreadable {
            let arg = |name: &str| reason.args.get(name).unwrap_or_default();
            let key = format!("verify-unreadable-{}", hyphened(arg("why")));
            if let Some(text) = find(locale, &key, &[("max", arg("megabytes_max").into())]) {
                return text;
            }
        }
        let args: Vec<(&str, String)> = reason
            .args
            .iter()
            .map(|(name, value)| match name {
                "subject" => ("subject", shown(common_name(value))),
                "field" => ("field", self.signer_in(value)),
                name @ ("until" | "since") => {
                    let date = value
                        .parse::<Instant>()
                        .map(|moment| self.formats.date(moment));
                    (name, date.unwrap_or_else(|_| shown(value)))
                }
                // Revocation and signing may be of one day, or of one minute.
                name @ ("at" | "claimed" | "proven" | "judged" | "content") => {
                    let moment = value.parse::<Instant>();
                    let text = moment.map(|moment| self.formats.exact(moment));
                    (name, text.unwrap_or_else(|_| shown(value)))
                }
                name @ ("algorithm" | "digest" | "signature") => {
                    (name, algorithm_text(self.formats.locale, &shown(value)))
                }
                name => (name, shown(value)),
            })
            .collect();
        // A reason has these or not, and its sentence must say either.
        let has_page = reason.args.get("page").is_some_and(|page| !page.is_empty());
        let no_page = (!has_page).then_some(("page", "none"));
        let args = args.iter().map(|(name, value)| (*name, value.as_str()));
        let args = args.filter(|(name, _)| *name != "page" || has_page);
        let no_self = (!reason.args.contains_key("self_signed")).then_some(("self_signed", "no"));
        let revoked_for = self.revoked_for(reason);
        let revoked_for = std::iter::once(("revoked_for", revoked_for.as_str()));
        let args = args.chain(no_page).chain(no_self).chain(revoked_for);
        t_named(locale, &format!("verify-reason-{key}"), args)
    }

    fn check(&self, report: &SignatureReport, check: Check, result: CheckResult) -> CheckWords {
        let tone = match result {
            CheckResult::Passed => Tone::Good,
            CheckResult::NotMade | CheckResult::Warned | CheckResult::Undecided => Tone::Attention,
            CheckResult::Failed => Tone::Bad,
        };
        CheckWords {
            name: self.t(&format!("verify-check-{}", check.key())),
            result: self.t(match (check, result) {
                // Nothing is in order where there is no proof.
                (Check::Time, CheckResult::Warned) if report.time.proven.is_none() => {
                    "verify-result-unproven"
                }
                _ => result_key(result),
            }),
            tone,
        }
    }
}

/// The key of what a check came to.
#[must_use]
pub const fn result_key(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Passed => "verify-result-passed",
        CheckResult::NotMade => "verify-result-not-made",
        CheckResult::Warned => "verify-result-warned",
        CheckResult::Undecided => "verify-result-undecided",
        CheckResult::Failed => "verify-result-failed",
    }
}

fn hyphened(key: &str) -> String {
    key.replace('_', "-")
}

fn name_of(name: &Name) -> &str {
    let whole = Some(name.text.as_str());
    let parts = [
        name.common_name.as_deref(),
        name.organisation.as_deref(),
        whole,
    ];
    parts
        .into_iter()
        .flatten()
        .find(|part| !part.trim().is_empty())
        .unwrap_or_default()
}

/// The common name out of `O=…, CN=…`, else the whole.
fn common_name(text: &str) -> &str {
    match text.rsplit_once("CN=") {
        Some((before, name)) if before.is_empty() || before.ends_with(", ") => {
            name.split(", ").next().unwrap_or(name)
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests;
