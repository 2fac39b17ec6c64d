//! The protocol of a check: the report as a paper that can be kept, printed and laid before others.
//! It says what the page says, and every check, certificate and technical value with it.

use chancery_docgen::{Block, Paper, Typeface, TypesetError, html, typeset};
use chancery_types::Locale;

use super::{FileWords, LinkWords, SignatureWords};
use crate::i18n::authority::AuthorityWords;
use crate::i18n::{Formats, t};

/// The protocol of one file's check.
#[derive(Clone, Copy, Debug)]
pub struct Protocol<'a> {
    /// The verdict in words.
    pub words: &'a FileWords,
    /// The file's name as its reader gave it.
    pub name: &'a str,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Name, size in bytes and SHA-256 of the file that a detached signature was checked with.
    pub covered: Option<(&'a str, u64, &'a str)>,
    /// The reader's language: that of `words`.
    pub locale: Locale,
    /// Who made the check, and whom it trusted.
    pub origin: Origin<'a>,
    /// What powers of attorney beside its signatures allow their signers.
    pub authorities: &'a [AuthorityWords],
    /// What the server where it was signed knows of the making of its signatures.
    pub making: &'a [MakingWords],
}

/// What is known of the making of a signature besides its bytes: who its signer is, and how that is
/// known.
#[derive(Clone, Debug)]
pub struct MakingWords {
    /// Which of the report's signatures, from 0.
    pub place: usize,
    /// Sentences, a paragraph each.
    pub said: Vec<String>,
}

/// Where a check was made: that tells whom it trusted.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// On the server of this address.
    Server(&'a str),
    /// By whoever ran the command, on their own machine.
    Command,
}

impl Protocol<'_> {
    /// As a PDF.
    ///
    /// # Errors
    ///
    /// [`TypesetError`] if the report is longer than a paper may be.
    pub fn pdf(&self) -> Result<Vec<u8>, TypesetError> {
        self.set(typeset)
    }

    /// As an HTML file that needs nothing else.
    #[must_use]
    pub fn html(&self) -> String {
        self.set(html)
    }

    fn set<T>(&self, setter: impl FnOnce(&Paper<'_>, &[Block]) -> T) -> T {
        let (title, footer) = (self.text("protocol-title"), self.text("protocol-footer"));
        let paper = Paper {
            lang: self.locale.code(),
            title: &title,
            footer: &footer,
            producer: concat!("Chancery ", env!("CARGO_PKG_VERSION")),
            typeface: Typeface::Sans,
        };
        setter(&paper, &self.blocks(&title))
    }

    fn text(&self, key: &str) -> String {
        t(self.locale, key, &[])
    }

    fn origin(&self) -> String {
        match self.origin {
            Origin::Server(address) => {
                let address = [("address", address.into())];
                t(self.locale, "protocol-origin-server", &address)
            }
            Origin::Command => self.text("protocol-origin-command"),
        }
    }

    fn size(&self, bytes: u64) -> String {
        let bytes = Formats::new(self.locale, "UTC").bytes(bytes);
        t(
            self.locale,
            "protocol-size-bytes",
            &[("bytes", bytes.into())],
        )
    }

    fn blocks(&self, title: &str) -> Vec<Block> {
        let words = self.words;
        let mut blocks = vec![
            Block::Title(title.to_owned()),
            Block::Section(words.headline.clone()),
        ];
        // What the headline or the lead says already is not said twice.
        let mut said = vec![words.headline.as_str(), ""];
        let notes = [&words.lead, &words.advice].into_iter();
        for note in notes.chain(&words.reasons) {
            if !said.contains(&note.as_str()) {
                said.push(note);
                blocks.push(Block::Note(note.clone()));
            }
        }
        let named = [
            ("verify-file-name", self.name.to_owned()),
            ("protocol-size", self.size(self.size_bytes)),
            ("verify-sha256", words.sha256.clone()),
        ];
        self.rows(&mut blocks, &named);
        if let Some((name, size_bytes, sha256)) = self.covered {
            let covered = [
                ("verify-covered", name.to_owned()),
                ("verify-covered-size", self.size(size_bytes)),
                ("verify-covered-sha256", sha256.to_owned()),
            ];
            self.rows(&mut blocks, &covered);
        }
        for (key, moment) in words.moments() {
            self.rows(&mut blocks, &[(key, moment.to_owned())]);
        }
        let facts = [
            ("verify-policy", words.policy.clone()),
            (
                "protocol-program",
                concat!("Chancery ", env!("CARGO_PKG_VERSION")).to_owned(),
            ),
            ("protocol-origin", self.origin()),
            ("verify-codes", words.codes.join("; ")),
        ];
        self.rows(&mut blocks, &facts);
        if !words.copies.is_empty() {
            blocks.push(Block::Note(words.copies.clone()));
        }
        for signature in &words.signatures {
            self.signature(&mut blocks, signature);
        }
        for making in self.making {
            self.making(&mut blocks, making);
        }
        for authority in self.authorities {
            self.authority(&mut blocks, authority);
        }
        // Behind the verdicts: whoever reads these first need not know by what.
        if !words.rules.is_empty() {
            blocks.push(Block::Section(self.text("protocol-rules")));
            let rules = words.rules.iter();
            blocks.extend(rules.map(|(name, value)| Block::Row(name.clone(), value.clone())));
        }
        blocks.push(Block::Section(self.text("protocol-how")));
        blocks.push(Block::Note(self.text("protocol-how-text")));
        if self.authorities.is_empty() {
            blocks.push(Block::Note(self.text("protocol-how-authority")));
        }
        blocks
    }

    /// A section of its own after the signatures: the server's own word, which no checking of the
    /// file proves.
    fn making(&self, blocks: &mut Vec<Block>, making: &MakingWords) {
        let Some(signature) = self.words.signatures.get(making.place) else {
            return;
        };
        let number = [("number", signature.number.as_str().into())];
        blocks.push(Block::Section(t(self.locale, "protocol-making", &number)));
        blocks.push(Block::Note(self.text("protocol-making-apart")));
        blocks.extend(making.said.iter().cloned().map(Block::Note));
    }

    /// A section of its own after the signatures, which says that it is none of their verdict.
    fn authority(&self, blocks: &mut Vec<Block>, words: &AuthorityWords) {
        blocks.push(Block::Section(format!(
            "{}: {}",
            words.title, words.headline
        )));
        blocks.push(Block::Note(self.text("authority-apart")));
        let notes = words.reasons.iter().chain(&words.warnings);
        blocks.extend(notes.cloned().map(Block::Note));
        let facts = words.facts.iter();
        blocks.extend(facts.map(|(name, value)| Block::Row(name.clone(), value.clone())));
        let checks = words.checks.iter();
        blocks.extend(checks.map(|check| Block::Row(check.name.clone(), check.result.clone())));
    }

    fn rows(&self, blocks: &mut Vec<Block>, rows: &[(&str, String)]) {
        let filled = rows.iter().filter(|(_, value)| !value.is_empty());
        blocks.extend(filled.map(|(key, value)| Block::Row(self.text(key), value.clone())));
    }

    fn signature(&self, blocks: &mut Vec<Block>, words: &SignatureWords) {
        blocks.push(Block::Section(format!("{}: {}", words.number, words.word)));
        blocks.extend(words.reasons.iter().cloned().map(Block::Note));
        let when = match words.when_source.as_str() {
            "" => words.when.clone(),
            source => format!("{} ({source})", words.when),
        };
        let facts = [
            ("verify-result", words.indication.clone()),
            ("verify-advice", words.advice.clone()),
            ("verify-who", words.who.clone()),
            ("protocol-organisation", words.organisation.clone()),
            ("protocol-emails", words.emails.clone()),
            ("protocol-issuer", words.issuer.clone()),
            ("verify-when", when),
            ("verify-kind", words.kind.clone()),
            ("verify-level", words.level.clone()),
            ("verify-rights", words.rights.join("\n")),
            ("verify-key", words.key.clone()),
            ("verify-covers", words.covers.clone()),
            ("verify-after", words.after.join("\n")),
            ("verify-warnings", words.warnings.join("\n")),
        ];
        self.rows(blocks, &facts);
        let checks = words.checks.iter();
        blocks.extend(checks.map(|check| Block::Row(check.name.clone(), check.result.clone())));
        if words.chain.is_empty() {
            self.rows(blocks, &[("verify-chain", self.text("verify-chain-none"))]);
        }
        self.certificates(blocks, &words.chain);
        for stamp in &words.timestamps {
            blocks.push(Block::Row(stamp.name.clone(), stamp.what.clone()));
            self.rows(blocks, &[("protocol-objection", stamp.objection.clone())]);
            self.certificates(blocks, &stamp.chain);
        }
        // The result stands above.
        let result = self.text("verify-result");
        let technical = words.technical.iter().filter(|(name, _)| *name != result);
        blocks.extend(technical.map(|(name, value)| Block::Row(name.clone(), value.clone())));
    }

    fn certificates(&self, blocks: &mut Vec<Block>, chain: &[LinkWords]) {
        for link in chain {
            let fingerprint = format!("SHA-256 {}", link.sha256);
            let parts = [
                &link.name,
                &link.validity,
                &link.ended,
                &link.serial,
                &fingerprint,
                &link.revocation,
                &link.evidence,
            ];
            let lines: Vec<&str> = parts
                .into_iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            self.rows(blocks, &[("protocol-certificate", lines.join("\n"))]);
        }
    }
}
