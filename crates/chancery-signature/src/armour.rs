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
    /// Whether the message around it says that it is something else than CMS, or in which letters
    /// it is to be read: a mail program shows it so.
    pub other_kind: bool,
}

impl<'b> Unarmoured<'b> {
    fn plain(bytes: &'b [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(bytes),
            dropped: 0,
            other_kind: false,
        }
    }
}

/// Takes PEM or Base64 away.
pub(crate) fn unarmour(bytes: &[u8]) -> Unarmoured<'_> {
    unarmour_within(bytes, usize::MAX)
}

/// Takes PEM or Base64 away; of more than `most` bytes inside it answers a few more than those.
pub(crate) fn unarmour_within(bytes: &[u8], most: usize) -> Unarmoured<'_> {
    if bytes.first() == Some(&tag::SEQUENCE) {
        return Unarmoured::plain(bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Unarmoured::plain(bytes);
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    let (mut body, mut dropped, mut in_head) = (Body::new(most), 0_u64, true);
    let mut other_kind = false;
    for line in first_block(text).lines().map(str::trim) {
        in_head &= !line.is_empty();
        if line.starts_with("-----") {
            dropped = dropped.saturating_add(line.len() as u64);
            continue;
        }
        if line.contains(':') {
            if !(in_head && is_mime_header(line)) {
                other_kind |= speaks_of_kind(line);
                dropped = dropped.saturating_add(line.len() as u64);
            }
            continue;
        }
        if !body.take(line) {
            return Unarmoured::plain(bytes);
        }
    }
    match body.finish() {
        Some((decoded, filling)) => Unarmoured {
            bytes: Cow::Owned(decoded),
            dropped: dropped.saturating_add(filling),
            other_kind,
        },
        None => Unarmoured::plain(bytes),
    }
}

/// Base64 in the course of decoding: a piece at a time, so that a large file is held once.
struct Body {
    decoded: Vec<u8>,
    /// What is not decoded yet.
    piece: Vec<u8>,
    most: usize,
    /// Signs that fill up, within it and at its end so far.
    within: u64,
    at_end: u64,
}

/// How many characters are decoded at once: a multiple of four.
const PIECE: usize = 16 * 1024;

impl Body {
    fn new(most: usize) -> Self {
        Self {
            decoded: Vec::new(),
            piece: Vec::with_capacity(PIECE),
            most,
            within: 0,
            at_end: 0,
        }
    }

    /// Whether this is Base64 too. What is too large is taken as far as that shows.
    fn take(&mut self, line: &str) -> bool {
        for one in line.chars().filter(|one| !one.is_whitespace()) {
            if one == '=' {
                self.at_end = self.at_end.saturating_add(1);
                continue;
            }
            self.within = self.within.saturating_add(self.at_end);
            self.at_end = 0;
            let Ok(byte) = u8::try_from(one) else {
                return false;
            };
            self.piece.push(byte);
            if self.piece.len() == PIECE && !self.decode() {
                return false;
            }
        }
        true
    }

    fn decode(&mut self) -> bool {
        let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
        // One more byte than there may be tells that there is more.
        let fits = self.decoded.len() <= self.most;
        let is_right = !fits || engine.decode_vec(&self.piece, &mut self.decoded).is_ok();
        self.piece.clear();
        is_right
    }

    /// The bytes, and how many signs fill up what needs no filling: two at the end do (RFC 4648,
    /// 4), more, or others, are something else.
    fn finish(mut self) -> Option<(Vec<u8>, u64)> {
        let filling = self.within.saturating_add(self.at_end.saturating_sub(2));
        self.decode().then_some((self.decoded, filling))
    }
}

/// A header that says how the body of a message is written (RFC 2045, 5 and 6; RFC 2183), and
/// nothing to a reader: short words, none of which can begin or end an element.
fn is_mime_header(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let first = parts.next().unwrap_or_default().to_ascii_lowercase();
    let known = match name.to_ascii_lowercase().as_str() {
        "mime-version" => first == "1.0",
        "content-transfer-encoding" => first == "base64",
        "content-disposition" => ["attachment", "inline"].contains(&first.as_str()),
        "content-type" => is_kind_of_cms(&first),
        _ => false,
    };
    // `name=smime.p7m` and the like, without a space: no sentences.
    let is_parameter = |part: &str| {
        part.split_once('=').is_some_and(|(name, value)| {
            let bare = value
                .strip_prefix('"')
                .and_then(|one| one.strip_suffix('"'));
            let of_letters = name.to_ascii_lowercase().contains("charset");
            is_token(name) && is_token(bare.unwrap_or(value)) && !of_letters
        })
    };
    known
        && parts.clone().count() <= PARAMETERS_MAX
        && parts.all(|one| one.is_empty() || is_parameter(one))
}

/// The kinds under which messages carry CMS (RFC 8551, 3.2; RFC 7193, 3), and bytes of any kind.
fn is_kind_of_cms(kind: &str) -> bool {
    let Some(sort) = kind.strip_prefix("application/") else {
        return false;
    };
    let old = sort.strip_prefix("x-pkcs7-").unwrap_or(sort);
    let pkcs7 = ["pkcs7-mime", "pkcs7-signature", "cms", "octet-stream"].contains(&sort);
    pkcs7 || old.len() < sort.len() && is_token(old)
}

/// Whether a line that is no header of a message with CMS says, in some reader's eyes, what follows
/// is: its kind, how it is written, or its letters, on a line of its own as well.
fn speaks_of_kind(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let words = ["content-type", "content-transfer", "charset"];
    words.iter().any(|word| line.contains(word))
}

/// Most parameters of one header.
const PARAMETERS_MAX: usize = 8;

/// A short word of letters, digits and signs that names of files and kinds have.
fn is_token(word: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+*'/=@,".contains(&byte);
    (1..=64).contains(&word.len()) && word.bytes().all(plain)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_37_base64_is_decoded_as_far_as_it_may_be() {
        let bytes: Vec<u8> = (0..100_001_u32).map(|index| index as u8).collect();
        let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
        let found = unarmour(text.as_bytes());
        assert_eq!((found.bytes.as_ref(), found.dropped), (bytes.as_slice(), 0));
        let found = unarmour_within(text.as_bytes(), 50_000).bytes.len();
        assert!((50_001..=50_000 + PIECE).contains(&found), "{found}");
    }
}
