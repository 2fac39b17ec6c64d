//! The captured mailbox: `.eml` files in a folder, read as a mail program reads them.
//!

use std::path::{Path, PathBuf};

use chancery_types::Instant;
use mail_parser::{
    Addr, Address, DateTime, MessageParser, MessagePart, MimeHeaders as _, PartType,
};

/// The largest mail that is read, in bytes: one with a signed file of 100 MB in base64.
const MAIL_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// One mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its file's name without the ending: ordered by the time it was written down.
    pub name: String,
    /// The `To` header: name and address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was sent, as its header says.
    pub sent_at: Option<Instant>,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Files that came with it.
    pub files: Vec<AttachedFile>,
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Mail {
    /// The reader's address.
    #[must_use]
    pub fn address(&self) -> &str {
        let inner = self
            .to
            .rsplit_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        inner.map_or(self.to.as_str(), |(address, _)| address)
    }

    /// The first address of a page in the text that begins with `start`.
    #[must_use]
    pub fn link(&self, start: &str) -> Option<&str> {
        self.text
            .split_whitespace()
            .find(|word| word.starts_with(start))
    }

    /// The code of a mail that carries one: the first line that is six digits and nothing else.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.text
            .lines()
            .map(str::trim)
            .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// The names of all mails in `folder`, the latest first.
///
/// # Errors
///
/// The file system's.
pub fn list(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "eml") {
            names.extend(path.file_stem().and_then(|s| s.to_str()).map(str::to_owned));
        }
    }
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names)
}

/// One mail by its name; `None` if there is none.
///
/// # Errors
///
/// The file system's.
pub fn read(folder: &Path, name: &str) -> std::io::Result<Option<Mail>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        return Ok(None);
    }
    let path: PathBuf = folder.join(format!("{name}.eml"));
    let found = std::fs::metadata(&path);
    if !found.is_ok_and(|file| file.is_file() && file.len() <= MAIL_BYTES_MAX) {
        return Ok(None);
    }
    let mut mail = parse(&std::fs::read(path)?);
    name.clone_into(&mut mail.name);
    Ok(Some(mail))
}

/// Reads the bytes of a mail. What is no mail is plain text, or nothing.
#[must_use]
pub fn parse(bytes: &[u8]) -> Mail {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return Mail::default();
    };
    let plain = |text: &str| text.replace("\r\n", "\n");
    let texts = message.text_bodies();
    let pages = message.html_bodies();
    Mail {
        name: String::new(),
        to: message
            .to()
            .and_then(Address::first)
            .map_or_else(String::new, written),
        subject: message.subject().unwrap_or_default().to_owned(),
        sent_at: message.date().and_then(moment),
        text: texts
            .filter_map(|part| match &part.body {
                PartType::Text(text) => Some(plain(text)),
                _ => None,
            })
            .next()
            .unwrap_or_default(),
        html: pages
            .filter_map(|part| match &part.body {
                PartType::Html(page) => Some(plain(page)),
                _ => None,
            })
            .next()
            .unwrap_or_default(),
        files: message.attachments().map(file).collect(),
    }
}

/// Name and address, as a header has them.
fn written(reader: &Addr<'_>) -> String {
    let address = reader.address().unwrap_or_default();
    match reader.name() {
        Some(name) => format!("{name} <{address}>"),
        None => address.to_owned(),
    }
}

fn moment(date: &DateTime) -> Option<Instant> {
    let micros = date.to_timestamp().checked_mul(1_000_000)?;
    date.is_valid().then_some(Instant::from_micros(micros))
}

fn file(part: &MessagePart<'_>) -> AttachedFile {
    AttachedFile {
        name: part.attachment_name().unwrap_or("file").to_owned(),
        content: part.contents().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?b?0JrQsNC90YbQtdC70Y/RgNC40Y8=?= <c@x.example>\r\n\
        To: =?utf-8?b?0JjQstCw0L0g?= =?utf-8?b?0JjQstCw0L3QvtCy?= <ivanov@x.example>\r\n\
        Subject: Sign =?utf-8?q?=D0=94_17?=\r\n\
        Date: Thu, 26 Nov 2026 12:30:00 +0300\r\n\
        Content-Type: multipart/mixed;\r\n boundary=\"m\"\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=\"a\"\r\n\r\n\
        --a\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n\
        =D0=94=D0=B0:\r\nhttp://127.0.0.1:8080/s#abc=\r\ndef\r\n\
        --a\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--a--\r\n\
        --m\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment;\r\n filename*0*=utf-8''%D0%94%D0%BE;\r\n filename*1*=%D0%B3.pdf\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBE\r\nRg==\r\n--m--\r\n";

    #[test]
    fn a_mail_is_read_with_its_headers_both_texts_and_its_file() {
        let mail = parse(MAIL.as_bytes());
        assert_eq!(mail.to, "Иван Иванов <ivanov@x.example>");
        assert_eq!(mail.address(), "ivanov@x.example");
        assert_eq!(mail.subject, "Sign Д 17");
        let sent_at = mail.sent_at.map(|at| at.to_string());
        assert_eq!(sent_at.as_deref(), Some("2026-11-26T09:30:00Z"));
        let link = mail.link("http://127.0.0.1:8080/s#");
        assert_eq!(link, Some("http://127.0.0.1:8080/s#abcdef"));
        assert!(mail.text.starts_with("Да:"));
        assert_eq!(mail.html, "<p>x</p>");
        let content = b"%PDF".to_vec();
        let name = "Дог.pdf".to_owned();
        assert_eq!(mail.files, [AttachedFile { name, content }]);
    }

    #[test]
    fn what_is_no_mail_is_plain_text_or_nothing() {
        assert_eq!(parse(b"").text, "");
        assert_eq!(parse(b"Subject: x\n\nhello").text, "hello");
        let cut = parse(MAIL.get(..300).expect("a start").as_bytes());
        assert_eq!(cut.files, []);
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["../x", "", "a/b", ".hidden"] {
            assert_eq!(read(folder.path(), name).expect("readable"), None, "{name}");
        }
    }
}
