//! The captured mailbox: `.eml` files in a folder, read as a mail program reads them.
//!
//! It reads what our own mail writes (RFC 5322, RFC 2047, multipart of RFC 2046, quoted-printable
//! and base64), and takes anything else as plain text.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The largest mail that is read, in bytes: one with a signed file of 100 MB in base64.
const MAIL_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// The deepest multipart in a multipart.
const DEPTH_MAX: usize = 4;

/// One mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its file's name without the ending: ordered by the time it was written down.
    pub name: String,
    /// The `To` header: name and address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was sent, as the header has it.
    pub date: String,
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

/// Reads the bytes of a mail.
#[must_use]
pub fn parse(bytes: &[u8]) -> Mail {
    let (headers, body) = split(bytes);
    let header = |name: &str| decode_words(&header(&headers, name));
    let mut mail = Mail {
        to: header("to"),
        subject: header("subject"),
        date: header("date"),
        ..Mail::default()
    };
    collect(&headers, body, 0, &mut mail);
    mail
}

type Headers = Vec<(String, String)>;

/// Unfolded headers, and what comes after the empty line.
fn split(bytes: &[u8]) -> (Headers, &[u8]) {
    let mut headers: Headers = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end.saturating_add(1));
        rest = after;
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, rest)
}

fn header(headers: &Headers, name: &str) -> String {
    let found = headers.iter().find(|(held, _)| held == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, text) = part.trim().split_once('=')?;
        let text = text.trim().trim_matches('"');
        if key.eq_ignore_ascii_case(name) {
            return Some(text.to_owned());
        }
        // RFC 2231: `filename*0*=utf-8''%D0…`.
        let extended = key.split('*').next()?.eq_ignore_ascii_case(name);
        let encoded = text.rsplit("''").next()?;
        (extended && key.contains('*')).then(|| percent_decode(encoded))
    })
}

fn collect(headers: &Headers, body: &[u8], depth: usize, mail: &mut Mail) {
    let kind = header(headers, "content-type");
    let media_type = kind.split(';').next().unwrap_or("").trim().to_lowercase();
    if media_type.starts_with("multipart/") && depth < DEPTH_MAX {
        let Some(boundary) = parameter(&kind, "boundary") else {
            return;
        };
        for part in parts(body, &boundary) {
            let (headers, body) = split(part);
            collect(&headers, body, depth.saturating_add(1), mail);
        }
        return;
    }
    let content = decode(&header(headers, "content-transfer-encoding"), body);
    let disposition = header(headers, "content-disposition");
    if disposition.starts_with("attachment") {
        let name = parameter(&disposition, "filename").map(|name| decode_words(&name));
        let name = name.unwrap_or_else(|| "file".to_owned());
        mail.files.push(AttachedFile { name, content });
        return;
    }
    let text = String::from_utf8_lossy(&content).replace("\r\n", "\n");
    if media_type == "text/html" {
        mail.html = text;
    } else if mail.text.is_empty() {
        mail.text = text;
    }
}

/// What stands between the boundaries (RFC 2046, 5.1.1).
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let starts: Vec<usize> = body
        .windows(mark.len())
        .enumerate()
        .filter(|(at, window)| {
            let begins_line = at.checked_sub(1).and_then(|i| body.get(i)) == Some(&b'\n');
            *window == mark.as_bytes() && (*at == 0 || begins_line)
        })
        .map(|(at, _)| at)
        .collect();
    starts
        .windows(2)
        .filter_map(|pair| {
            let part = body.get(pair.first()?.saturating_add(mark.len())..*pair.get(1)?)?;
            let begin = part
                .iter()
                .position(|byte| *byte == b'\n')?
                .saturating_add(1);
            let part = part.get(begin..)?;
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            Some(part.strip_suffix(b"\r").unwrap_or(part))
        })
        .collect()
}

fn decode(encoding: &str, body: &[u8]) -> Vec<u8> {
    match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            let mut text = body.to_vec();
            text.retain(|byte| !byte.is_ascii_whitespace());
            STANDARD.decode(text).unwrap_or_default()
        }
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    }
}

/// RFC 2045, 6.7.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            out.push(*first);
        } else if let Some(more) = after.strip_prefix(b"\r\n").or(after.strip_prefix(b"\n")) {
            rest = more;
        } else if let Some(byte) = after.get(..2).and_then(hexadecimal) {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        }
    }
    out
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn percent_decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let coded = (*first == b'%').then(|| after.get(..2).and_then(hexadecimal));
        if let Some(Some(byte)) = coded {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// RFC 2047: `=?utf-8?b?…?=`; blanks between two such words are not text.
fn decode_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, coded)) = rest.split_once("=?") {
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        let mut fields = coded.splitn(4, '?');
        let parts = (fields.next(), fields.next(), fields.next(), fields.next());
        let (Some(_), Some(way), Some(text), Some(tail)) = parts else {
            return out + "=?" + coded;
        };
        let bytes = if way.eq_ignore_ascii_case("b") {
            STANDARD.decode(text).unwrap_or_default()
        } else {
            quoted_printable(text.replace('_', " ").as_bytes())
        };
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = tail.strip_prefix('=').unwrap_or(tail);
        after_word = true;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?b?0JrQsNC90YbQtdC70Y/RgNC40Y8=?= <c@x.example>\r\n\
        To: =?utf-8?b?0JjQstCw0L0g?= =?utf-8?b?0JjQstCw0L3QvtCy?= <ivanov@x.example>\r\n\
        Subject: Sign =?utf-8?q?=D0=94_17?=\r\n\
        Content-Type: multipart/mixed;\r\n boundary=\"m\"\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=\"a\"\r\n\r\n\
        --a\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n\
        =D0=94=D0=B0:\r\nhttp://127.0.0.1:8080/s#abc=\r\ndef\r\n\
        --a\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--a--\r\n\
        --m\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=\"s.pdf\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBE\r\nRg==\r\n--m--\r\n";

    #[test]
    fn a_mail_is_read_with_its_headers_both_texts_and_its_file() {
        let mail = parse(MAIL.as_bytes());
        assert_eq!(mail.to, "Иван Иванов <ivanov@x.example>");
        assert_eq!(mail.address(), "ivanov@x.example");
        assert_eq!(mail.subject, "Sign Д 17");
        let link = mail.link("http://127.0.0.1:8080/s#");
        assert_eq!(link, Some("http://127.0.0.1:8080/s#abcdef"));
        assert!(mail.text.starts_with("Да:"));
        assert_eq!(mail.html, "<p>x</p>");
        let content = b"%PDF".to_vec();
        let name = "s.pdf".to_owned();
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
