//! From a file of any kind to [`Facts`], by the reader that its first bytes ask for.

use crate::evidence_given::GivenEvidence;
use crate::facts::{Facts, FileFormat, Unreadable};
use crate::gather::{Limits, gather_cms_with};
use crate::gather_pdf::gather_pdf;

/// Gathers from a file: a PDF, or CMS with its content inside, told by its first bytes.
#[must_use]
pub fn gather(bytes: &[u8], content: Option<&[u8]>, limits: &Limits) -> Facts {
    gather_with(bytes, content, &GivenEvidence::none(), limits)
}

/// As [`gather`], with what is at hand beside the file: certificates of signers that CMS brings
/// none of. A PDF has to bring its own (ISO 32000-2, 12.8.3.3.1).
#[must_use]
pub fn gather_with(
    bytes: &[u8],
    content: Option<&[u8]>,
    given: &GivenEvidence,
    limits: &Limits,
) -> Facts {
    let window = bytes.get(..bytes.len().min(1024)).unwrap_or(&[]);
    // CMS may hold a PDF whose header is near its beginning.
    let asn1 = bytes.first() == Some(&crate::asn1::tag::SEQUENCE);
    if !asn1 && window.windows(5).any(|window| window == b"%PDF-") {
        return gather_pdf(bytes, limits);
    }
    let other = |format, code, detail| {
        let mut facts = Facts::of(bytes, format);
        facts.unreadable = Some(Unreadable::new(code, detail));
        facts
    };
    if bytes.is_empty() {
        return other(FileFormat::Unknown, "empty", "0 bytes");
    }
    // A page of the web is no signature, whatever its file is called.
    if is_html(window) {
        return other(FileFormat::Unknown, "not_a_pdf", "HTML");
    }
    if is_xml(window) {
        return other(FileFormat::Xml, "xml_not_supported", "XML");
    }
    gather_cms_with(bytes, content, given, limits)
}

/// Whether it begins as HTML does: with its document type, or with one of the elements that only a
/// page has.
fn is_html(window: &[u8]) -> bool {
    let plain = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    let mut plain = plain.trim_ascii_start();
    while let Some(comment) = plain.strip_prefix(b"<!--") {
        let Some(end) = comment.windows(3).position(|window| window == b"-->") else {
            return false;
        };
        let after = comment.get(end.saturating_add(3)..).unwrap_or_default();
        plain = after.trim_ascii_start();
    }
    let begins = |start: &[u8]| {
        let head = plain.get(..start.len()).unwrap_or_default();
        let next = plain.get(start.len()).copied().unwrap_or(b'>');
        head.eq_ignore_ascii_case(start) && !next.is_ascii_alphanumeric()
    };
    let pages: [&[u8]; 6] = [
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<title",
    ];
    // `<html xmlns=…>` of XHTML is a page as well.
    pages.into_iter().any(begins)
}

/// Whether it begins as XML does, in UTF-8 or UTF-16.
fn is_xml(window: &[u8]) -> bool {
    let plain = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    let plain = plain.trim_ascii_start();
    let tagged = matches!(plain, [b'<', next, ..]
        if next.is_ascii_alphabetic() || !next.is_ascii() || matches!(next, b'?' | b'!' | b'_'));
    tagged || window.starts_with(b"\xff\xfe<\0") || window.starts_with(b"\xfe\xff\0<")
}
