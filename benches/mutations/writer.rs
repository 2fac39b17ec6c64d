//! Revisions written by a stranger: nothing here checks that what it appends makes sense.

use std::fmt::Write as _;

use chancery_pdf::object::{Object, StringForm};
use chancery_pdf::xref::XrefKind;
use chancery_pdf::{Dictionary, Pdf};

/// How cross-references are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Table,
    Stream,
    /// Objects within an object stream, found through a cross-reference stream.
    Packed,
    /// A table, and a stream beside it that old readers do not see.
    Hybrid,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Table, Self::Stream, Self::Packed, Self::Hybrid];

    /// The form that the file has already.
    pub fn of(pdf: &Pdf<'_>) -> Self {
        match pdf.xref_kind() {
            XrefKind::Stream => Self::Stream,
            XrefKind::Table | XrefKind::Hybrid => Self::Table,
        }
    }
}

/// A revision in the making.
pub struct Revision<'p, 'b> {
    pub pdf: &'p Pdf<'b>,
    pub form: Form,
    /// Numbers, generations and bodies.
    pub objects: Vec<(u32, u16, Vec<u8>)>,
    /// Numbers that are freed.
    pub freed: Vec<u32>,
    /// Entries that lie: numbers and the places they are said to be at.
    pub entries: Vec<(u32, usize)>,
    /// More entries of the trailer; one that is there is replaced.
    pub trailer: Vec<(String, String)>,
    next: u32,
}

impl<'p, 'b> Revision<'p, 'b> {
    pub fn new(pdf: &'p Pdf<'b>, form: Form) -> Self {
        let used = pdf.numbers().map(|(number, _)| number).max().unwrap_or(0);
        let stated = pdf.sections().map(|one| one.size).max();
        Self {
            pdf,
            form,
            objects: Vec::new(),
            freed: Vec::new(),
            entries: Vec::new(),
            trailer: Vec::new(),
            next: stated.unwrap_or(0).max(used + 1),
        }
    }

    /// A new object.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        let number = self.next;
        self.next += 1;
        self.objects.push((number, 0, body.into()));
        number
    }

    /// An object of the file gets another value.
    pub fn put(&mut self, number: u32, body: impl Into<Vec<u8>>) {
        let generation = self
            .pdf
            .by_number(number)
            .map_or(0, |one| one.id.generation);
        self.objects.push((number, generation, body.into()));
    }

    /// The file with the revision behind it.
    pub fn appended(mut self) -> Vec<u8> {
        let mut out = self.pdf.bytes().to_vec();
        if !matches!(out.last(), Some(b'\n' | b'\r')) {
            out.push(b'\n');
        }
        let packed = matches!(self.form, Form::Packed | Form::Hybrid);
        let mut places = Vec::new();
        let mut inside = Vec::new();
        for (number, generation, body) in std::mem::take(&mut self.objects) {
            let is_stream = body.windows(6).any(|window| window == b"stream");
            if packed && !is_stream && generation == 0 {
                inside.push((number, body));
                continue;
            }
            places.push((number, generation, out.len()));
            out.extend(format!("{number} {generation} obj\n").into_bytes());
            out.extend(body);
            out.extend(b"\nendobj\n");
        }
        let container = (!inside.is_empty()).then(|| {
            let number = self.next;
            self.next += 1;
            places.push((number, 0, out.len()));
            out.extend(container(number, &inside));
            number
        });
        places.extend(
            self.entries
                .iter()
                .map(|(number, place)| (*number, 0, *place)),
        );
        let inside: Vec<u32> = inside.iter().map(|one| one.0).collect();
        match self.form {
            Form::Table => self.table(&mut out, &places, None),
            Form::Stream | Form::Packed => self.stream(&mut out, &places, container, &inside, true),
            Form::Hybrid => {
                let beside = out.len();
                self.stream(&mut out, &[], container, &inside, false);
                self.table(&mut out, &places, Some(beside));
            }
        }
        out
    }

    fn head(&self) -> String {
        let old = self.pdf.sections().next().expect("a section");
        let mut entries = vec![
            ("Size".to_owned(), (self.next + 1).to_string()),
            ("Prev".to_owned(), old.offset.to_string()),
        ];
        for key in ["Root", "Info", "ID", "Encrypt"] {
            if let Some(value) = self.pdf.trailer().get(key.as_bytes()) {
                let text = text_of(self.pdf, value);
                entries.push((key.to_owned(), String::from_utf8_lossy(&text).into_owned()));
            }
        }
        for (key, value) in &self.trailer {
            entries.retain(|(old, _)| old != key);
            entries.push((key.clone(), value.clone()));
        }
        let text = entries.iter().map(|(key, value)| format!("/{key} {value}"));
        text.collect()
    }

    fn table(&self, out: &mut Vec<u8>, places: &[(u32, u16, usize)], beside: Option<usize>) {
        let start = out.len();
        let mut text = "xref\n".to_owned();
        for (number, generation, place) in places {
            let _ = write!(text, "{number} 1\n{place:010} {generation:05} n\r\n");
        }
        for number in &self.freed {
            let _ = write!(text, "{number} 1\n0000000000 00001 f\r\n");
        }
        let beside = beside
            .map(|place| format!("/XRefStm {place}"))
            .unwrap_or_default();
        let head = self.head();
        let _ = write!(
            text,
            "trailer\n<<{head}{beside}>>\nstartxref\n{start}\n%%EOF\n"
        );
        out.extend(text.into_bytes());
    }

    fn stream(
        &self,
        out: &mut Vec<u8>,
        places: &[(u32, u16, usize)],
        container: Option<u32>,
        inside: &[u32],
        is_end: bool,
    ) {
        let start = out.len();
        let mut rows: Vec<(u32, [u8; 7])> = Vec::new();
        let row = |kind: u8, second: usize, third: usize| {
            let second = u32::try_from(second).expect("a small file").to_be_bytes();
            let third = u16::try_from(third).expect("few objects").to_be_bytes();
            let [a, b, c, d] = second;
            [kind, a, b, c, d, third[0], third[1]]
        };
        for (number, generation, place) in places {
            rows.push((*number, row(1, *place, usize::from(*generation))));
        }
        for (index, number) in inside.iter().enumerate() {
            let container = container.expect("what is inside has a container");
            rows.push((*number, row(2, container as usize, index)));
        }
        rows.extend(self.freed.iter().map(|number| (*number, row(0, 0, 1))));
        // The number behind all others is the section's own.
        let own = self.next;
        rows.push((own, row(1, start, 0)));
        rows.sort_by_key(|row| row.0);
        let index: Vec<String> = rows.iter().map(|row| format!("{} 1", row.0)).collect();
        let head = format!(
            "{own} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{}]{}/Length {}>>\nstream\n",
            index.join(" "),
            self.head(),
            rows.len() * 7
        );
        out.extend(head.into_bytes());
        out.extend(rows.iter().flat_map(|row| row.1));
        out.extend(b"\nendstream\nendobj\n");
        if is_end {
            out.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
        }
    }
}

fn container(number: u32, inside: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let (mut head, mut body) = (String::new(), Vec::new());
    for (number, object) in inside {
        let _ = write!(head, "{number} {} ", body.len());
        body.extend(object);
        body.push(b' ');
    }
    let start = format!(
        "{number} 0 obj\n<</Type/ObjStm/N {}/First {}/Length {}>>\nstream\n",
        inside.len(),
        head.len(),
        head.len() + body.len()
    );
    [
        start.as_bytes(),
        head.as_bytes(),
        &body,
        b"\nendstream\nendobj\n",
    ]
    .concat()
}

/// A stream as it stands in a file.
pub fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A value as it stands in a file; streams keep their bytes.
pub fn text_of(pdf: &Pdf<'_>, object: &Object) -> Vec<u8> {
    match object {
        Object::Null => b"null".to_vec(),
        Object::Boolean(value) => value.to_string().into_bytes(),
        Object::Integer(value) => value.to_string().into_bytes(),
        Object::Real(value) => value.to_string().into_bytes(),
        Object::Reference(id) => format!("{} {} R", id.number, id.generation).into_bytes(),
        Object::Name(name) => text_of_name(name),
        Object::String(string) => {
            let digits: String = string
                .bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let plain = |byte: &u8| byte.is_ascii_graphic() && !b"()\\".contains(byte);
            if string.form == StringForm::Literal && string.bytes.iter().all(plain) {
                return [b"(", string.bytes.as_slice(), b")"].concat();
            }
            format!("<{digits}>").into_bytes()
        }
        Object::Array(array) => {
            let parts: Vec<Vec<u8>> = array.iter().map(|one| text_of(pdf, one)).collect();
            [b"[", parts.join(&b' ').as_slice(), b"]"].concat()
        }
        Object::Dictionary(dictionary) => {
            [b"<<", entries_of(pdf, dictionary, &[]).as_slice(), b">>"].concat()
        }
        Object::Stream(own) => {
            let entries = entries_of(pdf, &own.dictionary, &[b"Length"]);
            let bytes = own.own_bytes.as_deref();
            let bytes = bytes
                .or_else(|| pdf.stream_raw(own).ok())
                .unwrap_or_default();
            let head = format!("/Length {}>>\nstream\n", bytes.len());
            [
                b"<<",
                entries.as_slice(),
                head.as_bytes(),
                bytes,
                b"\nendstream",
            ]
            .concat()
        }
    }
}

/// The entries of a dictionary but for some, without its delimiters.
pub fn entries_of(pdf: &Pdf<'_>, dictionary: &Dictionary, without: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in dictionary.entries() {
        if !without.contains(&entry.key.as_slice()) {
            out.extend(text_of_name(&entry.key));
            out.push(b' ');
            out.extend(text_of(pdf, &entry.value));
        }
    }
    out
}

fn text_of_name(name: &[u8]) -> Vec<u8> {
    let mut out = vec![b'/'];
    for byte in name {
        match byte.is_ascii_alphanumeric() || b"-_.+,".contains(byte) {
            true => out.push(*byte),
            false => out.extend(format!("#{byte:02X}").into_bytes()),
        }
    }
    out
}
