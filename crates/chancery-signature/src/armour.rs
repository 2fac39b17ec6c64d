//! CMS in text: PEM (RFC 7468), Base64, the body of a message (RFC 8551).

use std::borrow::Cow;

use base64::Engine as _;

use crate::asn1::tag;

/// Whether something that cannot be read says of itself that it is CMS: it begins as a structure
/// does, names SignedData (RFC 5652, 5.1) near its beginning, or stands under a label of PEM.
pub(crate) fn claims_cms(bytes: &[u8], unarmoured: &[u8]) -> bool {
    unarmoured.first() == Some(&tag::SEQUENCE) || names_cms(bytes, unarmoured)
}

/// Whether it says what it is: by the identifier of signed data, or by a label around it.
pub(crate) fn names_cms(bytes: &[u8], unarmoured: &[u8]) -> bool {
    const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let head = unarmoured.get(..64).unwrap_or(unarmoured);
    let named = head
        .windows(SIGNED_DATA.len())
        .any(|window| window == SIGNED_DATA);
    let labelled = || std::str::from_utf8(bytes).is_ok_and(|text| first_block(text) != text);
    named || labelled()
}

/// The bytes inside PEM or Base64, or the bytes themselves.
pub(crate) struct Unarmoured<'b> {
    pub bytes: Cow<'b, [u8]>,
    /// How many bytes among the Base64 are none of it, white space left out: whoever opens the file
    /// reads them.
    pub dropped: u64,
}

impl<'b> Unarmoured<'b> {
    fn plain(bytes: &'b [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(bytes),
            dropped: 0,
        }
    }
}

pub(crate) fn unarmour(bytes: &[u8]) -> Unarmoured<'_> {
    if bytes.first() == Some(&tag::SEQUENCE) {
        return Unarmoured::plain(bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Unarmoured::plain(bytes);
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    let (mut body, mut dropped, mut in_head) = (String::new(), 0_u64, true);
    for line in first_block(text).lines().map(str::trim) {
        in_head &= !line.is_empty();
        if line.starts_with("-----") {
            dropped = dropped.saturating_add(line.len() as u64);
            continue;
        }
        if line.contains(':') {
            if !(in_head && is_mime_header(line)) {
                dropped = dropped.saturating_add(line.len() as u64);
            }
            continue;
        }
        body.extend(line.chars().filter(|c| !c.is_whitespace()));
    }
    // Two at the end fill Base64 up; more, or others, are something else (RFC 4648, 4).
    let filled = body.trim_end_matches('=');
    let filling = body.len().saturating_sub(filled.len()).saturating_sub(2);
    let within = filled.matches('=').count();
    let filled = filled.replace('=', "");
    dropped = dropped.saturating_add((filling as u64).saturating_add(within as u64));
    match base64::engine::general_purpose::STANDARD_NO_PAD.decode(filled.as_bytes()) {
        Ok(decoded) => Unarmoured {
            bytes: Cow::Owned(decoded),
            dropped,
        },
        Err(_) => Unarmoured::plain(bytes),
    }
}

/// A header that says how the body of a message is written, and nothing to a reader.
fn is_mime_header(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or("").to_ascii_lowercase();
    let known = [
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
    ];
    // Parameters have short names without a space (`name=smime.p7m`), and no sentences.
    let value = line.split_once(':').map_or("", |(_, value)| value);
    let plain = |word: &str| word.len() <= 64 && !word.trim().contains(char::is_whitespace);
    known.contains(&name.as_str()) && value.is_ascii() && value.split(';').all(plain)
}

/// Labels of PEM under which CMS stands.
const LABELS: &[&str] = &["CMS", "PKCS7", "PKCS #7 SIGNED DATA", "SIGNED MESSAGE"];

/// How many bytes stand around the block of a PEM file, white space left out; 0 for other files.
///
/// # Errors
///
/// A file that is not one whole block (RFC 7468, 3): which of several is meant nobody knows.
pub(crate) fn outside_armour(bytes: &[u8]) -> Result<u64, &'static str> {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if bytes.first() != Some(&tag::SEQUENCE) => text,
        _ => return Ok(0),
    };
    let text = text.trim_start_matches('\u{feff}');
    let (begins, ends) = (text.matches(BEGIN).count(), text.matches(END).count());
    if (begins, ends) == (0, 0) {
        return Ok(0);
    }
    if (begins, ends) != (1, 1) {
        return Err("not one whole block of PEM");
    }
    let other = "a block of PEM of another label";
    let (before, rest) = text.split_once(BEGIN).ok_or(other)?;
    let (label, _) = rest.split_once("-----").ok_or(other)?;
    let end = format!("{END}{label}-----");
    let (_, after) = rest.split_once(end.as_str()).ok_or(other)?;
    if !LABELS.contains(&label) {
        return Err(other);
    }
    Ok((before.trim().len() as u64).saturating_add(after.trim().len() as u64))
}

/// The first PEM block that can hold CMS (RFC 7468, 8 and 9), or the whole text if it has none.
fn first_block(text: &str) -> &str {
    for label in LABELS {
        let begin = format!("-----BEGIN {label}-----");
        let end = format!("-----END {label}-----");
        let block = text.split_once(begin.as_str());
        if let Some((body, _)) = block.and_then(|(_, rest)| rest.split_once(end.as_str())) {
            return body;
        }
    }
    text
}
