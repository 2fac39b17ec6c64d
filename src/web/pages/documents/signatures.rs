//! The verdict on a document's signatures, in the reader's words.

use chancery_signature::ValidationReport;
use chancery_signature::report::Code;
use chancery_types::Instant;
use chancery_types::id::DocumentId;

use super::powers::{Beside, PowerBlock, PowerDesk};
use crate::app::signing::judged::{FileVerdict, Known, Lasting};
use crate::app::signing::list::SignatureRow;
use crate::app::signing::powers::SignatureName;
use crate::app::validation::power::signs_file;
use crate::i18n::verdict::{FileWords, file_words};
use crate::web::Shell;
use crate::web::evidence_words::EvidenceWords;

/// `partials/document/signatures.html` takes it as `signatures`.
pub struct SignaturesView {
    /// The verdict; `None` where there is nothing to judge or nothing known.
    pub verdict: Option<FileWords>,
    /// Why there is no verdict, in words; empty if there is one.
    pub note: String,
    /// Whether `note` says that something is wrong.
    pub is_alarming: bool,
    /// What was judged, in words; empty without a verdict.
    pub what: String,
    /// How long the signed copy carries by itself, in words; empty if nothing is to be said.
    pub lasting: String,
    /// Why it could not be raised, in words; empty if it could.
    pub problem: String,
    /// Where the signed copy is saved from; empty if there is none.
    pub file: String,
    /// Where the image of the signature sheet is; empty without a signed copy.
    pub sheet: String,
    /// Where the protocol of the check is saved from.
    pub protocol: String,
    /// Where the evidence of every signature is saved from; empty if nobody signed here.
    pub evidence: String,
    /// Other versions with a signed copy.
    pub also: Vec<i64>,
    /// Where the file as each signature of the verdict found it is, in its order; nothing for one
    /// that covers no sound range.
    revisions: Vec<Option<String>>,
    /// What stands of powers of attorney beside each signature of the verdict, in its order.
    powers: Vec<Option<PowerBlock>>,
    /// What is known of the making of each signature of the verdict, in its order; empty for those
    /// that were not made here.
    told: Vec<EvidenceWords>,
}

impl SignaturesView {
    /// In the reader's words.
    pub fn new(shell: &Shell, id: DocumentId, verdict: &FileVerdict) -> Self {
        let is_copy = verdict.is_signed_copy;
        let (words, note) = match &verdict.known {
            Known::Report(report) if !is_copy && is_unsigned(report) => (None, "signatures-none"),
            Known::Report(report) => (Some(file_words(report, &shell.formats)), ""),
            Known::Later => (None, "signatures-later"),
            Known::Unreadable => (None, "signatures-unreadable"),
            Known::TooLarge => (None, "signatures-too-large"),
        };
        let what = match (&words, is_copy) {
            (None, _) => "",
            (Some(_), true) => "signatures-of-copy",
            (Some(_), false) => "signatures-of-main",
        };
        let said = |key: &str| {
            let number = verdict.version;
            if key.is_empty() {
                String::new()
            } else {
                shell.t1(key, "number", number)
            }
        };
        let file = format!("/documents/{id}/versions/{}/signed.pdf", verdict.version);
        let (lasting, problem) = match &verdict.lasting {
            Some(lasting) => (lasts(shell, lasting), problem(shell, lasting)),
            None => (String::new(), String::new()),
        };
        Self {
            is_alarming: matches!(verdict.known, Known::Unreadable),
            note: said(note),
            what: said(what),
            lasting,
            problem,
            evidence: match is_copy {
                true => format!("/documents/{id}/evidence.json"),
                false => String::new(),
            },
            sheet: match is_copy {
                true => format!("/documents/{id}/versions/{}/sheet.png", verdict.version),
                false => String::new(),
            },
            file: if is_copy { file } else { String::new() },
            protocol: format!("/documents/{id}/versions/{}/protocol", verdict.version),
            also: verdict.also_signed.clone(),
            verdict: words,
            powers: Vec::new(),
            told: Vec::new(),
            revisions: revisions(id, verdict),
        }
    }

    /// With what stands of powers beside each signature; `made` are those that were made here.
    pub async fn with_powers(
        mut self,
        desk: &PowerDesk<'_>,
        verdict: &FileVerdict,
        made: &[SignatureRow],
    ) -> Self {
        let (Known::Report(report), Some(words)) = (&verdict.known, &self.verdict) else {
            return self;
        };
        for (place, one) in report.signatures.iter().enumerate() {
            if !signs_file(one) {
                self.powers.push(None);
                self.told.push(EvidenceWords::default());
                continue;
            }
            let mut made = made.iter();
            let made = made.find(|row| {
                let is_here = row.version_number == verdict.version;
                is_here && one.field.as_ref() == Some(&row.signature.field_name)
            });
            self.told.push(
                made.and_then(|row| serde_json::from_str(&row.signature.evidence).ok())
                    .map(|evidence| EvidenceWords::of(&evidence, &desk.shell.formats))
                    .unwrap_or_default(),
            );
            let version = verdict.version;
            let beside = Beside {
                name: SignatureName::Within { version, place },
                subject: verdict.subject_id,
                place,
                by: made.and_then(|row| row.signature.person_id),
                report: Some(report),
                words: &words.signatures,
            };
            self.powers.push(Some(desk.block(beside).await));
        }
        self
    }

    /// What is known of the making of the signature at a place of the verdict.
    #[must_use]
    pub fn told(&self, place: &usize) -> Option<&EvidenceWords> {
        self.told.get(*place).filter(|told| !told.is_empty())
    }

    /// Where the file as the signature at a place of the verdict found it is.
    #[must_use]
    pub fn revision(&self, place: &usize) -> Option<&String> {
        self.revisions.get(*place)?.as_ref()
    }

    /// The block beside the signature at a place of the verdict, if there is something in it.
    #[must_use]
    pub fn power(&self, place: &usize) -> Option<&PowerBlock> {
        let block = self.powers.get(*place)?.as_ref()?;
        (!block.is_empty()).then_some(block)
    }
}

fn revisions(id: DocumentId, verdict: &FileVerdict) -> Vec<Option<String>> {
    let Known::Report(report) = &verdict.known else {
        return Vec::new();
    };
    let version = verdict.version;
    let named = report.signatures.iter().enumerate().map(|(place, one)| {
        one.covers.as_ref()?.byte_range?;
        let name = SignatureName::Within { version, place };
        Some(format!("/documents/{id}/signatures/{name}"))
    });
    named.collect()
}

/// Until when a raised copy can be judged by what it holds.
fn lasts(shell: &Shell, lasting: &Lasting) -> String {
    match lasting.until {
        None => String::new(),
        Some(until) => {
            let date = shell.formats.date(Instant::from_micros(until));
            shell.t2("signatures-lasting", "level", &lasting.level, "date", date)
        }
    }
}

fn problem(shell: &Shell, lasting: &Lasting) -> String {
    match &lasting.problem {
        None => String::new(),
        Some(code) => shell.t1(
            "signatures-not-raised",
            "reason",
            shell.t(&format!("raise-{code}")),
        ),
    }
}

fn is_unsigned(report: &ValidationReport) -> bool {
    let mut codes = report.reasons.iter().map(|reason| reason.code);
    report.signatures.is_empty() && codes.all(|code| code == Code::NoSignature)
}
