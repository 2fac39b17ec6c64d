//! What kind of file an attachment is, told from its content. What is not on the list is refused.
//!
//! | media type | told by | name ends in |
//! | --- | --- | --- |
//! | `application/pdf` | `%PDF-` in the first 1,024 bytes | `pdf` |
//! | `image/png`, `image/jpeg` | their signatures | `png`, `jpg`, `jpeg` |
//! | Word, Excel, OpenDocument | a ZIP whose entries are theirs | `docx`, `xlsx`, `odt`, `ods` |
//! | `application/pkcs7-signature` | DER or PEM of SignedData | `p7s`, `sig` |
//! | `application/xml` | `<?xml` | `xml` |
//! | `text/plain` | UTF-8, no control characters, no markup at its head | `txt`, `csv` |
//!
//! The name must agree with the content: a page of HTML called `annex.pdf` is refused, and so is a
//! program called `annex.docx`. Everything is served as a download that cannot run in our origin.

/// Every media type that is taken.
pub const TYPES: [&str; 10] = [
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/pkcs7-signature",
    "application/xml",
    "text/plain",
];

/// The media type of a file with this beginning and this name; `None` if it is not taken.
#[must_use]
pub fn media_type(head: &[u8], name: &str) -> Option<&'static str> {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())?;
    let begins = |signature: &[u8]| head.starts_with(signature);
    let has = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
    match ending.as_str() {
        "pdf" => is_pdf(head).then_some("application/pdf"),
        "png" => begins(b"\x89PNG\r\n\x1a\n").then_some("image/png"),
        "jpg" | "jpeg" => begins(b"\xff\xd8\xff").then_some("image/jpeg"),
        "docx" => (begins(ZIP) && (has(b"word/") || has(b"[Content_Types].xml")))
            .then_some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx" => (begins(ZIP) && (has(b"xl/") || has(b"[Content_Types].xml")))
            .then_some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "odt" => (begins(ZIP) && has(b"application/vnd.oasis.opendocument.text"))
            .then_some("application/vnd.oasis.opendocument.text"),
        "ods" => (begins(ZIP) && has(b"application/vnd.oasis.opendocument.spreadsheet"))
            .then_some("application/vnd.oasis.opendocument.spreadsheet"),
        "p7s" | "sig" => is_signed_data(head).then_some("application/pkcs7-signature"),
        "xml" => without_mark(head)
            .starts_with(b"<?xml")
            .then_some("application/xml"),
        "txt" | "csv" => is_plain_text(head).then_some("text/plain"),
        _ => None,
    }
}

/// The media type of a protocol of disagreements: what people can read, mark up and answer. `None`
/// for everything else.
#[must_use]
pub fn protocol_type(head: &[u8], name: &str) -> Option<&'static str> {
    media_type(head, name).filter(|known| *known == TYPES[0] || *known == TYPES[3])
}

/// Whether a file is a Word document as a program opens it: a ZIP with its table of contents at the
/// end (APPNOTE.TXT, 4.3.16), which names `word/document.xml` and says where it begins.
#[must_use]
pub fn is_word_document(file: &[u8]) -> bool {
    names_document(file).unwrap_or(false)
}

/// Bytes of the record that ends a ZIP, without the comment after it.
const ZIP_END_BYTES: usize = 22;
/// Bytes of an entry of the table of contents, without its name.
const ZIP_ENTRY_BYTES: usize = 46;

/// `None` where the file ends before it should.
fn names_document(file: &[u8]) -> Option<bool> {
    let earliest = file
        .len()
        .saturating_sub(ZIP_END_BYTES.saturating_add(usize::from(u16::MAX)));
    let tail = file.get(earliest..)?;
    let end = tail
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    let end = tail.get(end..)?;
    end.get(..ZIP_END_BYTES.saturating_add(short(end, 20)?))?;
    let mut at = long(end, 16)?;
    for _ in 0..short(end, 10)? {
        let entry = file.get(at..)?;
        if !entry.starts_with(b"PK\x01\x02") {
            return Some(false);
        }
        let name_end = ZIP_ENTRY_BYTES.saturating_add(short(entry, 28)?);
        if entry.get(ZIP_ENTRY_BYTES..name_end)? == b"word/document.xml" {
            return Some(file.get(long(entry, 42)?..)?.starts_with(ZIP));
        }
        let beyond = short(entry, 30)?.saturating_add(short(entry, 32)?);
        at = at.checked_add(name_end)?.checked_add(beyond)?;
    }
    Some(false)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_le_bytes(*two)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}

const ZIP: &[u8] = b"PK\x03\x04";
/// The object identifier 1.2.840.113549.1.7.2 in DER.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Whether a file begins as a PDF: its header is within the first 1,024 bytes, as every reader
/// accepts it.
#[must_use]
pub fn is_pdf(head: &[u8]) -> bool {
    let beginning = head.get(..1024).unwrap_or(head);
    beginning.windows(5).any(|window| window == b"%PDF-")
}

/// Whether nothing stands before a PDF's header but a byte order mark and white space: bytes that
/// another program would not run or show as something else.
#[must_use]
pub fn starts_as_pdf(head: &[u8]) -> bool {
    without_mark(head).trim_ascii_start().starts_with(b"%PDF-")
}

/// The name of a PDF: ends as one, so that no system takes it for something else. What has another
/// ending gets this one behind it; at most `characters_max` characters, `.pdf` among them.
#[must_use]
pub fn pdf_name(name: &str, characters_max: usize) -> String {
    const ENDING: &str = ".pdf";
    let ending = name
        .rsplit_once('.')
        .map_or("", |(before, ending)| match before.is_empty() {
            true => "",
            false => ending,
        });
    if ending.eq_ignore_ascii_case("pdf") {
        return name.to_owned();
    }
    let room = characters_max.saturating_sub(ENDING.len());
    let kept: String = name.chars().take(room).collect();
    format!("{}{ENDING}", kept.trim_end())
}

fn is_signed_data(head: &[u8]) -> bool {
    let der = head.first() == Some(&0x30)
        && head
            .get(..32)
            .unwrap_or(head)
            .windows(SIGNED_DATA.len())
            .any(|window| window == SIGNED_DATA);
    der || head.starts_with(b"-----BEGIN PKCS7-----") || head.starts_with(b"-----BEGIN CMS-----")
}

fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)
}

fn is_plain_text(head: &[u8]) -> bool {
    let head = without_mark(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The beginning may end within a character.
        Err(error) if error.error_len().is_none() => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().all(plain) && !text.trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_begins_and_is_called_as_one() {
        for good in [&b"%PDF-1.7"[..], b"\xef\xbb\xbf%PDF-1.4", b"\r\n %PDF-2.0"] {
            assert!(starts_as_pdf(good), "{good:?}");
        }
        for bad in [&b"#!/bin/sh\n%PDF-1.7"[..], b"MZ%PDF-", b"", b"<html>"] {
            assert!(!starts_as_pdf(bad), "{bad:?}");
        }
        for (name, kept) in [
            ("a.pdf", "a.pdf"),
            ("A.PDF", "A.PDF"),
            ("run.sh", "run.sh.pdf"),
            (".pdf", ".pdf.pdf"),
            ("a.pdf.exe", "a.pdf.exe.pdf"),
            ("договор", "договор.pdf"),
        ] {
            assert_eq!(pdf_name(name, 16), kept);
        }
        assert_eq!(pdf_name("abcdefghijkl", 12), "abcdefgh.pdf");
    }

    #[test]
    fn content_and_name_must_agree() {
        assert_eq!(media_type(b"%PDF-1.7\n", "a.PDF"), Some("application/pdf"));
        assert_eq!(media_type(b"<html>", "a.pdf"), None);
        assert_eq!(media_type(b"MZ\x90\0", "a.docx"), None);
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n", "a.jpg"), None);
        assert_eq!(media_type(b"\xff\xd8\xff\xe0", "a.jpg"), Some("image/jpeg"));
        assert_eq!(media_type(b"#!/bin/sh", "a.sh"), None);
        assert_eq!(media_type(b"anything", "a"), None);
        assert_eq!(
            media_type(b"PK\x03\x04....word/document.xml", "a.xlsx"),
            None
        );
    }

    #[test]
    fn a_protocol_is_a_pdf_or_a_word_file() {
        let word = b"PK\x03\x04....[Content_Types].xml";
        assert_eq!(protocol_type(b"%PDF-1.4", "p.pdf"), Some(TYPES[0]));
        assert_eq!(protocol_type(word, "p.docx"), Some(TYPES[3]));
        assert_eq!(protocol_type(word, "p.xlsx"), None);
        assert_eq!(protocol_type(b"<html>", "p.pdf"), None);
        assert_eq!(protocol_type(b"words", "p.txt"), None);
    }

    /// A ZIP of empty stored entries.
    fn zip(names: &[&str]) -> Vec<u8> {
        let (mut file, mut table) = (Vec::new(), Vec::new());
        for name in names {
            let length = u16::try_from(name.len()).expect("short").to_le_bytes();
            let at = u32::try_from(file.len()).expect("small").to_le_bytes();
            file.extend([b"PK\x03\x04".as_slice(), &[0; 22], &length, &[0; 2]].concat());
            file.extend(name.as_bytes());
            let entry = [b"PK\x01\x02".as_slice(), &[0; 24], &length, &[0; 12], &at];
            table.extend(entry.concat());
            table.extend(name.as_bytes());
        }
        let count = u16::try_from(names.len()).expect("few").to_le_bytes();
        let size = u32::try_from(table.len()).expect("small").to_le_bytes();
        let at = u32::try_from(file.len()).expect("small").to_le_bytes();
        file.extend(table);
        let end = [
            b"PK\x05\x06".as_slice(),
            &[0; 4],
            &count,
            &count,
            &size,
            &at,
        ];
        file.extend(end.concat());
        file.extend([0; 2]);
        file
    }

    #[test]
    fn a_word_document_is_whole_and_names_its_text() {
        let whole = zip(&["[Content_Types].xml", "word/document.xml"]);
        assert!(is_word_document(&whole));
        assert!(!is_word_document(&zip(&["[Content_Types].xml"])));
        for end in 0..whole.len() {
            assert!(!is_word_document(&whole[..end]), "cut at {end}");
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] = 0xff;
            // Whatever it says, it says it without a panic.
            let _ = is_word_document(&other);
        }
    }

    #[test]
    fn a_text_is_text_and_not_markup() {
        assert_eq!(
            media_type("Смета\n".as_bytes(), "a.txt"),
            Some("text/plain")
        );
        let cut = &"Смета".as_bytes()[..3];
        assert_eq!(media_type(cut, "a.txt"), Some("text/plain"));
        assert_eq!(media_type(b" <script>", "a.txt"), None);
        assert_eq!(media_type(b"a\0b", "a.txt"), None);
        assert_eq!(
            media_type(b"\xef\xbb\xbf<?xml version='1.0'?>", "a.xml"),
            Some("application/xml")
        );
    }
}
