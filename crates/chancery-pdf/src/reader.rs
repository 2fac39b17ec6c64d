//! A PDF opened: its cross-references checked, its objects parsed when asked for.
//!
//! Nothing is ever repaired. A file whose table is wrong shows one thing to readers that follow the
//! table and another to readers that search for `obj`, so it can be neither signed nor trusted.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::decode::decode_within;
use crate::encryption::Cipher;
use crate::error::PdfError;
use crate::lexer::Parser;
use crate::limits::Limits;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::object_stream::Kept;
use crate::opening::{chain, header_version, last_startxref};
use crate::recent::Recent;
use crate::revision::Revision;
use crate::xref::{Section, SectionReader, XrefEntry, XrefKind, raw_bytes};

/// A PDF opened over its bytes.
///
/// Reading is bounded by [`Limits`] over the whole life of the value. It may be moved to another
/// thread but not shared.
pub struct Pdf<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) limits: Limits,
    pub(crate) version: String,
    /// Oldest first: a revision that is joined costs no move of the others.
    pub(crate) sections: Vec<Arc<Section>>,
    /// That of the newest section.
    pub(crate) trailer: Dictionary,
    /// How many of the sections are known to stand before the last revision's first byte.
    pub(crate) settled: usize,
    pub(crate) entries: BTreeMap<u32, XrefEntry>,
    pub(crate) dishonest: Vec<DishonestEntry>,
    pub(crate) revisions: Vec<Arc<Revision>>,
    pub(crate) decoded_left: Cell<u64>,
    /// What was left to decode when the file was opened or grew.
    pub(crate) decoded_start: u64,
    pub(crate) parsed_left: Cell<u64>,
    /// What was left to parse then.
    pub(crate) parsed_start: u64,
    pub(crate) containers: RefCell<HashMap<u32, Kept>>,
    /// Object streams that were opened and whose dictionaries refer to other objects.
    pub(crate) dependent: RefCell<HashSet<u32>>,
    /// Whether there ever was one.
    pub(crate) any_dependent: Cell<bool>,
    pub(crate) recent: RefCell<Recent>,
    /// What the streams in `containers` count against `decoded_bytes_max`.
    pub(crate) containers_weight: Cell<u64>,
    pub(crate) opening: RefCell<HashSet<u32>>,
    /// Whether a member of an object stream was asked for that readers take in two ways.
    pub(crate) odd_members: Cell<bool>,
    /// How the file is enciphered, once it was asked for; nothing if it is not.
    pub(crate) cipher: OnceCell<Option<Arc<Cipher>>>,
}

/// A promise of the cross-reference table that the bytes do not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DishonestEntry {
    /// The object promised.
    pub number: u32,
    /// Where it should stand and does not.
    pub offset: u64,
    /// The section that promised it, as its offset.
    pub section: u64,
}

/// An indirect object and where it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Indirect {
    /// Its name.
    pub id: ObjectId,
    /// Its value.
    pub object: Object,
    /// Where it stands; spans within `object` are offsets into the same bytes.
    pub place: Place,
}

/// Which bytes the spans of an object speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file itself.
    File {
        /// The first byte of `N G obj`.
        offset: usize,
        /// The byte after the object's value.
        end: usize,
    },
    /// The decoded bytes of an object stream.
    ObjectStream {
        /// The number of the stream.
        container: u32,
    },
}

impl<'a> Pdf<'a> {
    /// Opens a file whose cross-references are true in every revision.
    ///
    /// # Errors
    ///
    /// * [`PdfError::Empty`], [`PdfError::NotAPdf`], [`PdfError::Truncated`],
    ///   [`PdfError::Damaged`]: not a PDF, or not a whole one.
    /// * [`PdfError::TableDishonest`]: some entry does not hit `N G obj` with the same numbers.
    /// * [`PdfError::RevisionLoop`], [`PdfError::LimitExceeded`]: built to cost.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, PdfError> {
        let pdf = Self::survey(bytes, limits)?;
        match pdf.dishonest.first() {
            None => Ok(pdf),
            Some(entry) => Err(PdfError::TableDishonest {
                number: entry.number,
                offset: entry.offset,
            }),
        }
    }

    /// Opens a file like [`Pdf::open`], but lists untrue entries in [`Pdf::dishonest_entries`]
    /// instead of refusing the file. Asking for such an object still fails. For validators, which
    /// owe a verdict on any file.
    ///
    /// # Errors
    ///
    /// As [`Pdf::open`]; `TableDishonest` remains only for the sections themselves.
    pub fn survey(bytes: &'a [u8], limits: &Limits) -> Result<Self, PdfError> {
        if bytes.is_empty() {
            return Err(PdfError::Empty);
        }
        if bytes.len() as u64 > limits.bytes_max {
            return Err(PdfError::LimitExceeded {
                limit: "bytes_max",
                max: limits.bytes_max,
            });
        }
        let version = header_version(bytes).ok_or(PdfError::NotAPdf)?;
        let start = last_startxref(bytes)?;
        let mut reader = SectionReader::new(bytes, limits);
        let sections = chain(&mut reader, start, limits)?;
        let mut entries = BTreeMap::new();
        for section in &sections {
            entries.extend(section.entries.iter());
        }
        let newest = sections.last().ok_or(PdfError::Truncated)?;
        let trailer = newest.read_trailer(bytes, limits)?;
        let mut pdf = Self {
            bytes,
            limits: limits.clone(),
            version,
            sections,
            trailer,
            settled: 0,
            entries,
            dishonest: Vec::new(),
            revisions: Vec::new(),
            decoded_left: Cell::new(reader.decoded_left),
            decoded_start: limits.decoded_bytes_max,
            parsed_left: Cell::new(limits.parsed_bytes(bytes.len())),
            parsed_start: limits.parsed_bytes(bytes.len()),
            containers: RefCell::new(HashMap::new()),
            dependent: RefCell::new(HashSet::new()),
            any_dependent: Cell::new(false),
            recent: RefCell::default(),
            containers_weight: Cell::new(0),
            opening: RefCell::new(HashSet::new()),
            odd_members: Cell::new(false),
            cipher: OnceCell::new(),
        };
        pdf.dishonest = pdf.find_dishonest();
        pdf.revisions = pdf.find_revisions();
        Ok(pdf)
    }

    fn find_dishonest(&self) -> Vec<DishonestEntry> {
        self.sections()
            .flat_map(|section| self.dishonest_in(section))
            .collect()
    }

    pub(crate) fn dishonest_in(&self, section: &Section) -> Vec<DishonestEntry> {
        let mut found = Vec::new();
        for (number, entry) in section.entries.iter() {
            let honest = match entry {
                XrefEntry::Free => continue,
                XrefEntry::InFile { offset, generation } => {
                    self.hits(offset, ObjectId { number, generation })
                }
                XrefEntry::InStream { container, .. } => {
                    matches!(self.entries.get(&container), Some(XrefEntry::InFile { .. }))
                }
            };
            if !honest {
                let offset = match entry {
                    XrefEntry::InFile { offset, .. } => offset,
                    _ => 0,
                };
                found.push(DishonestEntry {
                    number,
                    offset,
                    section: section.offset,
                });
            }
        }
        found
    }

    fn hits(&self, offset: u64, id: ObjectId) -> bool {
        // A header is at most "4294967295 65535 obj" and some white space: never read further.
        let Ok(start) = usize::try_from(offset) else {
            return false;
        };
        // A file begins with its marker. For other readers 0 is the place of nothing.
        if start == 0 {
            return false;
        }
        let end = start.saturating_add(64).min(self.bytes.len());
        let Some(window) = self.bytes.get(start..end) else {
            return false;
        };
        Parser::new(window, 0, 1, 1).object_header() == Some(id)
    }

    /// The bytes the file consists of.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The version of the header (`1.7`), or of the catalog where that is later.
    #[must_use]
    pub fn version(&self) -> String {
        let catalog = self.catalog().ok();
        let later = catalog
            .as_ref()
            .and_then(|catalog| catalog.get(b"Version")?.as_name());
        match later.and_then(|name| std::str::from_utf8(name).ok()) {
            Some(later) if later.len() == 3 && later > self.version.as_str() => later.to_owned(),
            _ => self.version.clone(),
        }
    }

    /// The entries that do not hit what they promise, of every revision, newest first.
    #[must_use]
    pub fn dishonest_entries(&self) -> &[DishonestEntry] {
        &self.dishonest
    }

    /// The cross-reference sections, newest first.
    #[must_use]
    pub fn sections(&self) -> impl DoubleEndedIterator<Item = &Arc<Section>> {
        self.sections.iter().rev()
    }

    /// The cross-reference sections that stand at `start` or behind it, newest first, where `start`
    /// is the first byte of the last revision.
    pub fn sections_of_last(&self, start: usize) -> impl Iterator<Item = &Arc<Section>> {
        let unsettled = self.sections.get(self.settled..).unwrap_or(&[]);
        let stands = move |section: &&Arc<Section>| section.offset >= start as u64;
        unsettled.iter().rev().filter(stands)
    }

    /// The newest trailer dictionary.
    #[must_use]
    pub fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    /// The form of the newest cross-reference section.
    #[must_use]
    pub fn xref_kind(&self) -> XrefKind {
        self.sections
            .last()
            .map_or(XrefKind::Table, |section| section.kind)
    }

    /// Whether any revision says that the file is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.sections.iter().any(|section| section.is_encrypted)
    }

    /// What the cross-references say of this number.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<XrefEntry> {
        self.entries.get(&number).copied()
    }

    /// Every object number in use, with the entry that rules it.
    pub fn numbers(&self) -> impl Iterator<Item = (u32, XrefEntry)> + '_ {
        let used = self
            .entries
            .iter()
            .filter(|(_, entry)| **entry != XrefEntry::Free);
        used.map(|(number, entry)| (*number, *entry))
    }

    /// The lowest number that no object of the file has or may have.
    pub(crate) fn next_number(&self) -> u32 {
        let sizes = self.sections.iter().map(|section| section.size);
        let last = self
            .entries
            .keys()
            .next_back()
            .copied()
            .unwrap_or(0)
            .saturating_add(1);
        sizes.max().unwrap_or(1).max(last)
    }

    /// The object `id`, with its place. An object that is not there is `null` (7.3.10).
    ///
    /// # Errors
    ///
    /// [`PdfError::TableDishonest`] if the table is wrong about it, [`PdfError::Damaged`] if it
    /// does not parse, [`PdfError::LimitExceeded`].
    pub fn indirect(&self, id: ObjectId) -> Result<Indirect, PdfError> {
        let absent = Indirect {
            id,
            object: Object::Null,
            place: Place::File { offset: 0, end: 0 },
        };
        match self.entries.get(&id.number) {
            Some(XrefEntry::InFile { offset, generation }) if *generation == id.generation => {
                self.in_file(id, *offset)
            }
            Some(XrefEntry::InStream { container, index }) if id.generation == 0 => {
                self.in_stream(id, *container, *index)
            }
            _ => Ok(absent),
        }
    }

    /// The value of `id`: see [`Pdf::indirect`].
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn get(&self, id: ObjectId) -> Result<Object, PdfError> {
        Ok(self.indirect(id)?.object)
    }

    /// The object with this number, whatever its generation.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn by_number(&self, number: u32) -> Result<Indirect, PdfError> {
        let generation = match self.entries.get(&number) {
            Some(XrefEntry::InFile { generation, .. }) => *generation,
            _ => 0,
        };
        self.indirect(ObjectId { number, generation })
    }

    /// Follows references until there is a value, at most `depth_max` of them.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        let mut current = object.clone();
        for _ in 0..self.limits.depth_max {
            match current {
                Object::Reference(id) => current = self.get(id)?,
                value => return Ok(value),
            }
        }
        Err(PdfError::LimitExceeded {
            limit: "depth_max",
            max: u64::from(self.limits.depth_max),
        })
    }

    /// The value of `key` with references followed; `null` when absent.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`].
    pub fn value(&self, dictionary: &Dictionary, key: &[u8]) -> Result<Object, PdfError> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |object| self.resolve(object))
    }

    /// The reference to the document catalog.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if the trailer has none.
    pub fn catalog_id(&self) -> Result<ObjectId, PdfError> {
        let root = self.trailer.get(b"Root").and_then(Object::as_reference);
        root.ok_or(PdfError::WrongType { what: "/Root" })
    }

    /// The document catalog.
    ///
    /// # Errors
    ///
    /// [`PdfError::WrongType`] if it is not a dictionary.
    pub fn catalog(&self) -> Result<Dictionary, PdfError> {
        match self.get(self.catalog_id()?)? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(PdfError::WrongType {
                what: "the catalog",
            }),
        }
    }

    pub(crate) fn spend_parsing(&self, count: usize) -> Result<(), PdfError> {
        let left = self.parsed_left.get().checked_sub(count as u64);
        self.parsed_left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| self.parsed_enough())
    }

    /// Nothing more is read once too much was: the next object may be as long as the last one.
    pub(crate) fn may_parse(&self) -> Result<(), PdfError> {
        match self.parsed_left.get() {
            0 => Err(self.parsed_enough()),
            _ => Ok(()),
        }
    }

    fn parsed_enough(&self) -> PdfError {
        PdfError::LimitExceeded {
            limit: "parsed_bytes_max",
            max: self.parsed_start,
        }
    }

    fn in_file(&self, id: ObjectId, offset: u64) -> Result<Indirect, PdfError> {
        if let Some(known) = self.recent.borrow().at(id, offset) {
            return Ok(Indirect::clone(known));
        }
        let dishonest = PdfError::TableDishonest {
            number: id.number,
            offset,
        };
        if !self.hits(offset, id) {
            return Err(dishonest);
        }
        let start = usize::try_from(offset).map_err(|_| dishonest.clone())?;
        let limits = &self.limits;
        let mut parser = Parser::new(self.bytes, start, limits.depth_max, limits.values_max);
        parser.object_header().ok_or(dishonest)?;
        self.may_parse()?;
        let object = parser.body();
        self.spend_parsing(parser.cost_since(start))?;
        let (mut object, end) = (object?, parser.position);
        if !matches!(object, Object::Stream(_)) && !parser.keyword(b"endobj") {
            return Err(PdfError::Damaged {
                what: "the end of an object",
                offset: end,
            });
        }
        self.decipher(id, offset, &mut object)?;
        Ok(Indirect {
            id,
            object,
            place: Place::File { offset: start, end },
        })
    }

    /// The raw bytes of a stream that was read, as they stand in the file.
    ///
    /// # Errors
    ///
    /// [`PdfError::Damaged`] if `endstream` does not follow after `/Length` bytes.
    pub fn stream_raw(&self, stream: &Stream) -> Result<&'a [u8], PdfError> {
        let length = self.value(&stream.dictionary, b"Length")?.as_integer();
        raw_bytes(self.bytes, stream, length).map(|(raw, _)| raw)
    }

    /// The decoded bytes of a stream, deciphered before, for Flate, `ASCIIHex` and ASCII85. Nothing
    /// of one that readers decipher each in its own way where it is drawn.
    ///
    /// # Errors
    ///
    /// [`PdfError::FilterUnsupported`], and as [`Pdf::stream_plain`].
    pub fn stream_bytes(&self, id: ObjectId, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        if self.divided_by_cipher(stream).is_some() {
            return Err(PdfError::Damaged {
                what: "an enciphered stream",
                offset: stream.start,
            });
        }
        let plain = self.stream_plain(stream)?;
        let mut left = self.decoded_left.get();
        let most = self.limits.stream_decoded_bytes_max;
        let decoded = decode_within(stream, id, &plain, most, &mut left);
        self.decoded_left.set(left);
        decoded
    }
}
