//! The pieces of a verdict in words, as pages and the command show them.

use chancery_signature::report::SignatureReport;
use chancery_signature::{Indication, ValidationReport};

/// How a conclusion looks beside its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Proven.
    Good,
    /// Not decided.
    Attention,
    /// Proven wrong.
    Bad,
}

impl Tone {
    /// The tone of the judgement on a file.
    #[must_use]
    pub fn of_file(report: &ValidationReport) -> Self {
        Self::of(report.indication, report.leaves_revocation_open())
    }

    /// The tone of the judgement on a signature.
    #[must_use]
    pub fn of_signature(report: &SignatureReport) -> Self {
        Self::of(report.indication, report.leaves_revocation_open())
    }

    /// The tone of a conclusion. What nobody knows of a revocation is never shown as proven, though
    /// the policy does not ask.
    const fn of(indication: Indication, is_open: bool) -> Self {
        match indication {
            Indication::TotalPassed if is_open => Self::Attention,
            Indication::TotalPassed => Self::Good,
            Indication::Indeterminate => Self::Attention,
            Indication::TotalFailed => Self::Bad,
        }
    }

    /// The class of the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "bad",
        }
    }

    /// The sign that a terminal shows.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Attention => "?",
            Self::Bad => "✕",
        }
    }
}

/// A file's verdict in words.
#[derive(Clone, Debug)]
pub struct FileWords {
    /// How it looks.
    pub tone: Tone,
    /// The verdict: `Do not trust this file.`
    pub headline: String,
    /// Why, or what else matters most; may be empty.
    pub lead: String,
    /// What the reader can do; may be empty.
    pub advice: String,
    /// What concerns the file and not one signature.
    pub reasons: Vec<String>,
    /// The signatures.
    pub signatures: Vec<SignatureWords>,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The moment of judgement.
    pub judged_at: String,
    /// When the check was made, if the moment of judgement was chosen; else empty.
    pub made_at: String,
    /// The policy's name.
    pub policy: String,
    /// Names and values of what it demanded; nothing where only the name is known.
    pub rules: Vec<(String, String)>,
    /// Codes of the file's reasons with their values.
    pub codes: Vec<String>,
    /// Why a copy that was kept earlier has another digest; empty where nothing came after the
    /// first signature.
    pub copies: String,
}

impl FileWords {
    /// What is said of the file beside what the first sentences say.
    #[must_use]
    pub fn notes(&self) -> Vec<&str> {
        let notes = self.reasons.iter().map(String::as_str);
        notes.filter(|note| !self.lead.contains(note)).collect()
    }

    /// Of which moment the verdict is, and when it was made: keys of names, with values.
    #[must_use]
    pub fn moments(&self) -> Vec<(&'static str, &str)> {
        match self.made_at.as_str() {
            "" => vec![("verify-judged", &self.judged_at)],
            made_at => vec![
                ("verify-judged-chosen", &self.judged_at),
                ("verify-made", made_at),
            ],
        }
    }
}

/// A signature's verdict in words.
#[derive(Clone, Debug)]
pub struct SignatureWords {
    /// How it looks.
    pub tone: Tone,
    /// `Signature 1`.
    pub number: String,
    /// `Valid`, `Not fully checked`, `Invalid`.
    pub word: String,
    /// `TOTAL-FAILED · HASH_FAILURE`: as the standard writes it.
    pub indication: String,
    /// The person or thing named by the certificate.
    pub who: String,
    /// Their organisation by the certificate; may be empty.
    pub organisation: String,
    /// Addresses in the certificate, separated by commas; may be empty.
    pub emails: String,
    /// Who certified it; may be empty.
    pub issuer: String,
    /// The best known time.
    pub when: String,
    /// Where that time comes from.
    pub when_source: String,
    /// What it is in law; empty for a timestamp.
    pub kind: String,
    /// How far it carries by itself: `PAdES B-LTA`; empty where nothing is known of it.
    pub level: String,
    /// What it leaves open to those who come later; empty for a plain approval.
    pub rights: Vec<String>,
    /// The key; may be empty.
    pub key: String,
    /// Which bytes.
    pub covers: String,
    /// What came after, at least one sentence.
    pub after: Vec<String>,
    /// What stands against it, the weightiest first.
    pub reasons: Vec<String>,
    /// What else to know.
    pub warnings: Vec<String>,
    /// What the reader can do; may be empty.
    pub advice: String,
    /// What a reader of the command can type; may be empty.
    pub command: String,
    /// Every check.
    pub checks: Vec<CheckWords>,
    /// The chain, from the signer to the anchor.
    pub chain: Vec<LinkWords>,
    /// The timestamps within its structure.
    pub timestamps: Vec<StampWords>,
    /// Names and values of the technical part.
    pub technical: Vec<(String, String)>,
}

/// A check in words.
#[derive(Clone, Debug)]
pub struct CheckWords {
    /// What was checked.
    pub name: String,
    /// What it came to.
    pub result: String,
    /// How it looks.
    pub tone: Tone,
}

/// A certificate of the chain in words.
#[derive(Clone, Debug)]
pub struct LinkWords {
    /// Whom it names.
    pub name: String,
    /// From when to when it is valid.
    pub validity: String,
    /// What follows of its term having ended; empty if it has not.
    pub ended: String,
    /// Its serial number.
    pub serial: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// How it stands to revocation.
    pub revocation: String,
    /// Which list or answer says so, by whom and of when; empty where none spoke of it.
    pub evidence: String,
}

/// A timestamp within the structure of a signature in words.
#[derive(Clone, Debug)]
pub struct StampWords {
    /// What it is over: `Timestamp of the signature`.
    pub name: String,
    /// The moment that it states, and who vouches for it.
    pub what: String,
    /// Why it proves nothing; empty for one that does.
    pub objection: String,
    /// The chain, from the authority to the anchor.
    pub chain: Vec<LinkWords>,
}
