//! The incremental-update writer: it makes a tail, and never rewrites a byte.
//!
//! The new cross-reference section is of the kind of the one before it (a hybrid file gets a
//! table), names it in `/Prev`, and keeps `/Root`, `/Info` and the first half of `/ID`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId, PdfString, Stream, StringForm};
use crate::reader::Pdf;
use crate::write;
use crate::xref::XrefKind;

/// An update under construction: objects to add and to replace.
pub struct Update<'p, 'a> {
    pdf: &'p Pdf<'a>,
    objects: BTreeMap<ObjectId, Body>,
    next_number: u32,
}

enum Body {
    /// Promised, not yet given.
    Reserved,
    Object(Object),
    /// Bytes whose inner offsets the caller knows.
    Raw(Vec<u8>),
}

/// A finished update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes to append to the file.
    pub tail: Vec<u8>,
    /// Where the value of each written object stands, as offsets into `tail`.
    pub bodies: BTreeMap<ObjectId, Range<usize>>,
}

impl<'p, 'a> Update<'p, 'a> {
    /// Begins an update of `pdf`.
    ///
    /// # Errors
    ///
    /// * [`PdfError::Encrypted`]: what we add would have to be encrypted too.
    /// * [`PdfError::TableDishonest`]: nothing sound can be appended to a file that misleads.
    pub fn new(pdf: &'p Pdf<'a>) -> Result<Self, PdfError> {
        if pdf.is_encrypted() {
            return Err(PdfError::Encrypted);
        }
        if let Some(entry) = pdf.dishonest_entries().first() {
            let (number, offset) = (entry.number, entry.offset);
            return Err(PdfError::TableDishonest { number, offset });
        }
        Ok(Self {
            pdf,
            objects: BTreeMap::new(),
            next_number: pdf.next_number(),
        })
    }

    /// The file that is updated.
    #[must_use]
    pub fn pdf(&self) -> &'p Pdf<'a> {
        self.pdf
    }

    /// Takes a new object number; the object must be given with [`Update::put`] before
    /// [`Update::write`], else it is `null`.
    pub fn reserve(&mut self) -> ObjectId {
        let id = ObjectId {
            number: self.next_number,
            generation: 0,
        };
        self.next_number = self.next_number.saturating_add(1);
        self.objects.insert(id, Body::Reserved);
        id
    }

    /// Adds a new object.
    pub fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.put(id, object);
        id
    }

    /// Adds a new stream, compressed.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if the compressor fails, which it has no reason to.
    pub fn add_stream(
        &mut self,
        dictionary: Dictionary,
        plain: &[u8],
    ) -> Result<ObjectId, PdfError> {
        use std::io::Write as _;
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        let packed = encoder.write_all(plain).and_then(|()| encoder.finish());
        let packed = packed.map_err(|_| PdfError::WrongType {
            what: "a stream to write",
        })?;
        let dictionary = dictionary.with("Filter", Object::name("FlateDecode"));
        let stream = Stream {
            dictionary,
            start: 0,
            own_bytes: Some(packed),
            key_of: None,
        };
        Ok(self.add(Object::Stream(Box::new(stream))))
    }

    /// Gives a reserved object its value, or replaces one of the file.
    pub fn put(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.objects.insert(id, Body::Object(object.into()));
    }

    /// Gives an object as the bytes of its value.
    pub(crate) fn put_raw(&mut self, id: ObjectId, bytes: Vec<u8>) {
        self.objects.insert(id, Body::Raw(bytes));
    }

    /// The object as it will be after the update.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn get(&self, id: ObjectId) -> Result<Object, PdfError> {
        match self.objects.get(&id) {
            Some(Body::Object(object)) => Ok(object.clone()),
            Some(Body::Reserved | Body::Raw(_)) => Ok(Object::Null),
            None => self.pdf.get(id),
        }
    }

    /// The dictionary that object `id` will be.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] with `what` if it is something else.
    pub fn dictionary(&self, id: ObjectId, what: &'static str) -> Result<Dictionary, PdfError> {
        match self.get(id)? {
            Object::Dictionary(dictionary) => Ok(dictionary),
            _ => Err(PdfError::WrongType { what }),
        }
    }

    /// Appends `element` to the array under `key` of the dictionary object `owner`. Where the
    /// array is an object of its own only that object is replaced.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if there is something else than an array.
    pub fn push(&mut self, owner: ObjectId, key: &[u8], element: Object) -> Result<(), PdfError> {
        let mut dictionary = self.dictionary(owner, "a dictionary to extend")?;
        if self.push_within(&mut dictionary, key, element)? {
            self.put(owner, dictionary);
        }
        Ok(())
    }

    /// As [`Update::push`] for a direct dictionary; answers whether `dictionary` was changed.
    pub(crate) fn push_within(
        &mut self,
        dictionary: &mut Dictionary,
        key: &[u8],
        element: Object,
    ) -> Result<bool, PdfError> {
        let wrong = PdfError::WrongType {
            what: "an array to extend",
        };
        let current = dictionary.get(key).cloned().unwrap_or(Object::Null);
        let (mut array, separate) = match current {
            Object::Null => (Vec::new(), None),
            Object::Array(array) => (Arc::unwrap_or_clone(array), None),
            Object::Reference(id) => match self.get(id)? {
                Object::Array(array) => (Arc::unwrap_or_clone(array), Some(id)),
                Object::Null => (Vec::new(), None),
                _ => return Err(wrong),
            },
            _ => return Err(wrong),
        };
        array.push(element);
        match separate {
            Some(id) => self.put(id, array),
            None => dictionary.set(key, Object::from(array)),
        }
        Ok(separate.is_none())
    }

    /// Writes the tail. The file's own bytes are not copied.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if the file has no `/Root`.
    pub fn write(mut self) -> Result<Written, PdfError> {
        let base = self.pdf.bytes().len();
        let xref_id = match self.pdf.xref_kind() {
            XrefKind::Stream => Some(self.reserve()),
            XrefKind::Table | XrefKind::Hybrid => None,
        };
        let mut tail = Vec::new();
        if !matches!(self.pdf.bytes().last(), Some(b'\n' | b'\r')) {
            tail.push(b'\n');
        }
        let mut bodies = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (&id, body) in self.objects.iter().filter(|(id, _)| Some(**id) != xref_id) {
            places.insert(id, base.saturating_add(tail.len()));
            write::text(
                &mut tail,
                format_args!("{} {} obj\n", id.number, id.generation),
            );
            let start = tail.len();
            match body {
                Body::Reserved => tail.extend(b"null"),
                Body::Object(object) => write::object(&mut tail, object),
                Body::Raw(bytes) => tail.extend(bytes),
            }
            bodies.insert(id, start..tail.len());
            tail.extend(b"\nendobj\n");
        }
        let section = base.saturating_add(tail.len());
        let trailer = self.trailer(&tail)?;
        match xref_id {
            None => write_table(&mut tail, &places, &trailer),
            Some(id) => {
                places.insert(id, section);
                write_stream(&mut tail, &places, id, trailer);
            }
        }
        write::text(&mut tail, format_args!("startxref\n{section}\n%%EOF\n"));
        Ok(Written { tail, bodies })
    }

    fn trailer(&self, body: &[u8]) -> Result<Dictionary, PdfError> {
        let newest = self.pdf.sections().next();
        let old = newest.ok_or(PdfError::WrongType {
            what: "the trailer",
        })?;
        let root = self.pdf.catalog_id()?;
        let previous = i64::try_from(old.offset).unwrap_or(i64::MAX);
        let mut trailer = Dictionary::new()
            .with("Size", i64::from(self.next_number))
            .with("Root", root)
            .with("Prev", previous);
        if let Some(about) = self.pdf.trailer().get(b"Info") {
            trailer.set(b"Info", about.clone());
        }
        // 14.4: the first half names the file for ever, the second this state of it.
        let digest = Sha256::new()
            .chain_update(previous.to_be_bytes())
            .chain_update(body)
            .finalize()
            .to_vec();
        let fresh = digest.into_iter().take(16).collect::<Vec<u8>>();
        let fresh = Object::String(PdfString {
            bytes: fresh,
            form: StringForm::Hexadecimal,
            enciphered: false,
        });
        let halves = self.pdf.value(self.pdf.trailer(), b"ID")?;
        let first = match halves.as_array() {
            Some([first @ Object::String(_), ..]) => first.clone(),
            _ => fresh.clone(),
        };
        trailer.set(b"ID", Object::from(vec![first, fresh]));
        Ok(trailer)
    }
}

/// Runs of consecutive numbers, as subsections need them.
fn runs(places: &BTreeMap<ObjectId, usize>) -> Vec<Vec<(ObjectId, usize)>> {
    let mut runs: Vec<Vec<(ObjectId, usize)>> = Vec::new();
    for (&id, &offset) in places {
        match runs.last_mut() {
            Some(run)
                if run
                    .last()
                    .is_some_and(|(last, _)| last.number.checked_add(1) == Some(id.number)) =>
            {
                run.push((id, offset));
            }
            _ => runs.push(vec![(id, offset)]),
        }
    }
    runs
}

fn write_table(tail: &mut Vec<u8>, places: &BTreeMap<ObjectId, usize>, trailer: &Dictionary) {
    tail.extend(b"xref\n");
    for run in runs(places) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        write::text(tail, format_args!("{first} {}\n", run.len()));
        for (id, offset) in run {
            // Exactly twenty bytes with the two-byte end of line (7.5.4).
            write::text(
                tail,
                format_args!("{offset:010} {:05} n\r\n", id.generation),
            );
        }
    }
    tail.extend(b"trailer\n");
    write::dictionary(tail, trailer);
    tail.push(b'\n');
}

fn write_stream(
    tail: &mut Vec<u8>,
    places: &BTreeMap<ObjectId, usize>,
    id: ObjectId,
    trailer: Dictionary,
) {
    let mut index = Vec::new();
    let mut rows = Vec::new();
    for run in runs(places) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        index.push(Object::Integer(i64::from(first)));
        index.push(Object::Integer(
            i64::try_from(run.len()).unwrap_or(i64::MAX),
        ));
        for (id, offset) in run {
            rows.push(1);
            rows.extend((offset as u64).to_be_bytes());
            rows.extend(id.generation.to_be_bytes());
        }
    }
    let widths = vec![Object::Integer(1), Object::Integer(8), Object::Integer(2)];
    let dictionary = trailer
        .with("Type", Object::name("XRef"))
        .with("Index", index)
        .with("W", widths);
    let stream = Stream {
        dictionary,
        start: 0,
        own_bytes: Some(rows),
        key_of: None,
    };
    write::text(tail, format_args!("{} {} obj\n", id.number, id.generation));
    write::object(tail, &Object::Stream(Box::new(stream)));
    tail.extend(b"\nendobj\n");
}
