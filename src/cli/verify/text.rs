//! A report as text on a terminal.

use std::io::{self, Write};
use std::path::Path;

use chancery_types::Locale;

use crate::app::validation::Checked;
use crate::cli::rows::write_row;
use crate::i18n::verdict::{FileWords, LinkWords, SignatureWords, command_words};
use crate::i18n::{Formats, t};
use crate::trust_files::named;

/// Writes the report of the file at `path`.
///
/// # Errors
///
/// Those of `out`.
pub fn write_text(
    out: &mut dyn Write,
    path: &Path,
    checked: &Checked,
    locale: Locale,
) -> io::Result<()> {
    let words = command_words(
        &checked.report,
        checked.made_at,
        &Formats::new(locale, "UTC"),
    );
    writeln!(out, "{} {}", words.tone.sign(), words.headline)?;
    if checked.swapped {
        writeln!(out, "  {}", t(locale, "verify-swapped", &[]))?;
    }
    if !words.lead.is_empty() {
        writeln!(out, "  {}", words.lead)?;
    }
    if !words.advice.is_empty() {
        writeln!(out, "  {}", words.advice)?;
    }
    for note in words.notes() {
        writeln!(out, "  {note}")?;
    }
    let text = |key: &str| t(locale, key, &[]);
    write_file_facts(out, path, (checked, &words), &text)?;
    for signature in &words.signatures {
        write_signature(out, signature, &words, &text)?;
    }
    writeln!(out)
}

fn write_file_facts(
    out: &mut dyn Write,
    path: &Path,
    (checked, words): (&Checked, &FileWords),
    text: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    write_row(out, &text("verify-file-name"), &named(path))?;
    write_row(out, &text("verify-sha256"), &words.sha256)?;
    if let Some(covered) = &checked.covered_file {
        let name = named(Path::new(&covered.name));
        write_row(out, &text("verify-covered"), &name)?;
        write_row(out, &text("verify-covered-sha256"), &covered.sha256)?;
    }
    for (key, moment) in words.moments() {
        write_row(out, &text(key), moment)?;
    }
    write_row(out, &text("verify-policy"), &words.policy)?;
    write_row(out, &text("verify-codes"), &words.codes.join("; "))
}

fn write_signature(
    out: &mut dyn Write,
    words: &SignatureWords,
    file: &FileWords,
    text: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    let sign = words.tone.sign();
    writeln!(
        out,
        "\n  {sign} {}: {} ({})",
        words.number, words.word, words.indication
    )?;
    for reason in &words.reasons {
        writeln!(out, "    — {reason}")?;
    }
    // What the file's own lines say already is not said again.
    if !words.advice.is_empty() && words.advice != file.advice {
        writeln!(out, "    {}: {}", text("verify-advice"), words.advice)?;
    }
    if !words.command.is_empty() {
        writeln!(out, "    {}", words.command)?;
    }
    let parts = [
        &words.who,
        &words.organisation,
        &words.emails,
        &words.issuer,
    ];
    let who: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    write_row(out, &text("verify-who"), &who.join(", "))?;
    let when = match words.when_source.as_str() {
        "" => words.when.clone(),
        source => format!("{} ({source})", words.when),
    };
    write_row(out, &text("verify-when"), &when)?;
    write_row(out, &text("verify-kind"), &words.kind)?;
    write_row(out, &text("verify-level"), &words.level)?;
    write_row(out, &text("verify-rights"), &words.rights.join(" "))?;
    write_row(out, &text("verify-key"), &words.key)?;
    write_row(out, &text("verify-covers"), &words.covers)?;
    write_row(out, &text("verify-after"), &words.after.join("; "))?;
    for warning in &words.warnings {
        write_row(out, &text("verify-warnings"), warning)?;
    }
    write_chain(out, &text("verify-chain"), &words.chain)?;
    for stamp in &words.timestamps {
        write_row(out, &stamp.name, &stamp.what)?;
        write_row(out, "", &stamp.objection)?;
        write_chain(out, &text("verify-chain"), &stamp.chain)?;
    }
    for (name, value) in &words.technical {
        write_row(out, name, value)?;
    }
    Ok(())
}

fn write_chain(out: &mut dyn Write, name: &str, chain: &[LinkWords]) -> io::Result<()> {
    for link in chain {
        let what = format!("{} ({}; {})", link.name, link.validity, link.revocation);
        write_row(out, name, &what)?;
        // Beneath its own certificate, in the column of values.
        write_row(out, "", &link.evidence)?;
        write_row(out, "", &link.ended)?;
    }
    Ok(())
}
