//! Cross-reference sections: tables, streams and both at once (ISO 32000-2:2020, 7.5.4, 7.5.8).
//!
//! A section says where objects are. It is read here as it stands; whether it tells the truth is
//! checked in [`reader`](crate::reader).

use std::collections::HashSet;
use std::ops::Range;

use crate::decode::decode;
use crate::error::PdfError;
use crate::lexer::Parser;
use crate::limits::Limits;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::taken_whole::{has_lone_sign, says_no_more};
pub use crate::xref_entries::Entries;
use crate::xref_table::{is_regular_table, table_entry};

/// Where one object is, by one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefEntry {
    /// The number is not in use.
    Free,
    /// `N G obj` stands at this offset.
    InFile {
        /// In bytes from the first byte of the file.
        offset: u64,
        /// The generation the table promises.
        generation: u16,
    },
    /// The object is inside an object stream.
    InStream {
        /// The number of the object stream.
        container: u32,
        /// The position within it, from 0.
        index: u32,
    },
}

/// How a section is written. An update continues in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefKind {
    /// The classic `xref … trailer`.
    Table,
    /// A stream of `/Type /XRef`.
    Stream,
    /// A table whose trailer names a stream too (`/XRefStm`).
    Hybrid,
}

/// One cross-reference section. Its trailer is told by its place: only that of the newest section
/// is ever asked for as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where it begins.
    pub offset: u64,
    /// Where it ends: after the trailer dictionary, or after `endobj`.
    pub end: usize,
    /// Its form.
    pub kind: XrefKind,
    /// What it says about each object.
    pub entries: Entries,
    /// Where the trailer dictionary stands, or the stream's.
    pub trailer: Range<usize>,
    /// Whether the trailer says that the file is encrypted.
    pub is_encrypted: bool,
    /// The trailer's `/Size`; 0 for one that is absurd or missing.
    pub size: u32,
    /// The section before it.
    pub previous: Option<u64>,
    /// The number of the cross-reference stream itself.
    pub stream: Option<ObjectId>,
    /// Whether it says two things about one object, or its trailer a key twice. The first counts
    /// here, and the last elsewhere.
    pub is_contradictory: bool,
    /// Whether it is a table that is not written as 7.5.4 says, byte for byte. Readers that take an
    /// entry to be twenty bytes find other entries in it, or search the file for objects.
    pub is_irregular: bool,
    /// Whether a comment stands within a table.
    pub is_commented: bool,
    /// Numbers that are free in the table of a hybrid file and in use in its stream.
    pub put_back: Box<[u32]>,
}

/// An absurd `/Size` must not push our own numbers out of the format's range (8,388,607).
const SIZE_MAX: u32 = 8_000_000;

fn size(trailer: &Dictionary) -> u32 {
    let size = trailer.get(b"Size").and_then(Object::as_integer);
    let size = size.and_then(|size| u32::try_from(size).ok());
    size.filter(|size| *size < SIZE_MAX).unwrap_or(0)
}

fn is_encrypted(trailer: &Dictionary) -> bool {
    !matches!(trailer.get(b"Encrypt"), None | Some(Object::Null))
}

impl Section {
    /// Its trailer dictionary, read once more.
    pub(crate) fn read_trailer(
        &self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Dictionary, PdfError> {
        let (depth, values) = (limits.depth_max, limits.values_max);
        Parser::new(bytes, self.trailer.start, depth, values).dictionary()
    }
}

/// What reading sections may still cost.
pub(crate) struct SectionReader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) limits: &'a Limits,
    pub(crate) entries_left: u64,
    pub(crate) decoded_left: u64,
}

pub(crate) fn damaged<T>(what: &'static str, offset: usize) -> Result<T, PdfError> {
    Err(PdfError::Damaged { what, offset })
}

impl<'a> SectionReader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        let entries_left = limits.objects_max;
        Self {
            bytes,
            limits,
            entries_left,
            decoded_left: limits.decoded_bytes_max,
        }
    }

    fn parser(&self, position: usize) -> Parser<'a> {
        Parser::new(
            self.bytes,
            position,
            self.limits.depth_max,
            self.limits.values_max,
        )
    }

    fn take_entries(&mut self, count: u64) -> Result<(), PdfError> {
        self.entries_left =
            self.entries_left
                .checked_sub(count)
                .ok_or(PdfError::LimitExceeded {
                    limit: "objects_max",
                    max: self.limits.objects_max,
                })?;
        Ok(())
    }

    /// Reads the section at `offset`, of whatever kind.
    pub(crate) fn section(&mut self, offset: u64) -> Result<Section, PdfError> {
        let promised = PdfError::TableDishonest { number: 0, offset };
        let start = usize::try_from(offset).map_err(|_| promised.clone())?;
        if start >= self.bytes.len() {
            return Err(promised);
        }
        let mut parser = self.parser(start);
        if parser.keyword(b"xref") {
            return self.table(offset, parser);
        }
        if parser.object_header().is_none() {
            return Err(promised);
        }
        self.stream(offset)
    }

    fn table(&mut self, offset: u64, mut parser: Parser<'a>) -> Result<Section, PdfError> {
        let mut entries = Vec::new();
        let start = parser.position;
        while !parser.keyword(b"trailer") {
            let (Some(first), Some(count)) = (parser.unsigned(), parser.unsigned()) else {
                return damaged("a cross-reference table", parser.position);
            };
            // The shortest entry ever written takes more than ten bytes.
            let room = self.bytes.len().saturating_sub(parser.position) / 10;
            if usize::try_from(count).map_or(true, |count| count > room) {
                return damaged("a cross-reference table", parser.position);
            }
            self.take_entries(count)?;
            for step in 0..count {
                let entry = table_entry(&mut parser)?;
                let number = first
                    .checked_add(step)
                    .and_then(|number| u32::try_from(number).ok());
                let Some(number) = number else {
                    return damaged("a cross-reference table", parser.position);
                };
                entries.push((number, entry));
            }
        }
        let body = self.bytes.get(start..parser.position).unwrap_or(&[]);
        let trailer = parser.dictionary()?;
        let entries = Entries::of(entries);
        let mut section = Section {
            is_irregular: !is_regular_table(body.strip_suffix(b"trailer").unwrap_or(body)),
            is_commented: body.contains(&b'%'),
            put_back: Box::default(),
            offset,
            end: parser.position,
            kind: XrefKind::Table,
            is_contradictory: entries.is_contradictory() || trailer.has_duplicate_keys(),
            entries,
            previous: previous(&trailer, parser.position)?,
            trailer: trailer.span(),
            is_encrypted: is_encrypted(&trailer),
            size: size(&trailer),
            stream: None,
        };
        self.join_hybrid(&mut section, &trailer)?;
        Ok(section)
    }

    /// Adds what the stream of a hybrid file says. Its objects are marked free in the table, so
    /// that old readers pass over them: an entry in use in the table wins, a free one does not.
    fn join_hybrid(&mut self, section: &mut Section, trailer: &Dictionary) -> Result<(), PdfError> {
        let Some(object) = trailer.get(b"XRefStm") else {
            return Ok(());
        };
        let Some(offset) = object
            .as_integer()
            .and_then(|value| u64::try_from(value).ok())
        else {
            return damaged("/XRefStm", section.end);
        };
        let hidden = self.stream(offset)?;
        let is_free = |(_, entry): &(u32, XrefEntry)| *entry == XrefEntry::Free;
        let (free, used): (Vec<_>, Vec<_>) = section.entries.iter().partition(is_free);
        let said: Vec<_> = used.into_iter().chain(hidden.entries.iter()).collect();
        // Both halves count the same objects, in rows that every reader takes.
        let narrow = hidden.read_trailer(self.bytes, self.limits);
        let narrow =
            narrow.is_ok_and(|hidden| has_narrow_fields(&hidden) && says_no_more(&hidden, trailer));
        let text = self.bytes.get(hidden.trailer.clone()).unwrap_or(&[]);
        let odd = !narrow || has_lone_sign(text);
        section.is_contradictory |= odd || hidden.size != section.size;
        // What is free in the table is meant to stand in the stream: that is what a hybrid is.
        section.is_contradictory |=
            hidden.is_contradictory || Entries::of(said.clone()).is_contradictory();
        let meant = hidden.entries.iter().filter(|entry| !is_free(entry));
        let meant: HashSet<u32> = meant.map(|(number, _)| number).collect();
        let (back, free): (Vec<_>, Vec<_>) = free
            .into_iter()
            .partition(|(number, _)| meant.contains(number));
        section.put_back = back.into_iter().map(|(number, _)| number).collect();
        section.entries = Entries::of(said.into_iter().chain(free).collect());
        section.kind = XrefKind::Hybrid;
        section.stream = hidden.stream;
        Ok(())
    }

    fn stream(&mut self, offset: u64) -> Result<Section, PdfError> {
        let promised = PdfError::TableDishonest { number: 0, offset };
        let start = usize::try_from(offset).map_err(|_| promised.clone())?;
        let mut parser = self.parser(start);
        let Some(id) = parser.object_header() else {
            return Err(promised);
        };
        let Object::Stream(stream) = parser.body()? else {
            return Err(promised);
        };
        if !stream.dictionary.is_name(b"Type", b"XRef") {
            return Err(promised);
        }
        let length = stream
            .dictionary
            .get(b"Length")
            .and_then(Object::as_integer);
        let (raw, after) = raw_bytes(self.bytes, &stream, length)?;
        let decoded_max = self.decoded_left.min(self.limits.stream_decoded_bytes_max);
        let rows = decode(&stream, id, raw, decoded_max)?;
        self.decoded_left = self.decoded_left.saturating_sub(rows.len() as u64);
        let mut end = self.parser(after);
        if !end.keyword(b"endobj") {
            return damaged("a cross-reference stream", after);
        }
        let (entries, is_unknown) = self.stream_entries(&stream, &rows)?;
        Ok(Section {
            offset,
            end: end.position,
            kind: XrefKind::Stream,
            is_contradictory: entries.is_contradictory()
                || is_unknown
                || stream.dictionary.has_duplicate_keys()
                // It belongs to a table (7.5.8.4); some readers follow it from here too.
                || stream.dictionary.get(b"XRefStm").is_some(),
            previous: previous(&stream.dictionary, start)?,
            trailer: stream.dictionary.span(),
            is_encrypted: is_encrypted(&stream.dictionary),
            size: size(&stream.dictionary),
            stream: Some(id),
            is_irregular: has_empty_range(&stream.dictionary),
            is_commented: false,
            entries,
            put_back: Box::default(),
        })
    }

    /// The entries, and whether there are some of a type that nobody knows: some readers give up
    /// the section for them.
    fn stream_entries(
        &mut self,
        stream: &Stream,
        rows: &[u8],
    ) -> Result<(Entries, bool), PdfError> {
        let broken = PdfError::Damaged {
            what: "a cross-reference stream",
            offset: stream.start,
        };
        let widths = widths(&stream.dictionary).ok_or_else(|| broken.clone())?;
        let width: usize = widths.iter().sum();
        let ranges = ranges(&stream.dictionary).ok_or_else(|| broken.clone())?;
        if width == 0 {
            return Err(broken);
        }
        self.take_entries((rows.len() / width) as u64)?;
        let mut rows = rows.chunks_exact(width);
        let (mut entries, mut is_unknown) = (Vec::new(), false);
        for (first, count) in ranges {
            for step in 0..count {
                let row = rows.next().ok_or_else(|| broken.clone())?;
                let number = first.checked_add(step).ok_or_else(|| broken.clone())?;
                let number = u32::try_from(number).map_err(|_| broken.clone())?;
                let entry = row_entry(row, widths).ok_or_else(|| broken.clone())?;
                let kind = row.get(..widths[0]).unwrap_or(&[]);
                is_unknown |= entry == XrefEntry::Free && kind.iter().any(|byte| *byte != 0);
                entries.push((number, entry));
            }
        }
        Ok((Entries::of(entries), is_unknown))
    }
}

fn previous(trailer: &Dictionary, at: usize) -> Result<Option<u64>, PdfError> {
    match trailer.get(b"Prev") {
        None | Some(Object::Null) => Ok(None),
        Some(Object::Integer(offset)) => match u64::try_from(*offset) {
            Ok(offset) => Ok(Some(offset)),
            Err(_) => damaged("/Prev", at),
        },
        Some(_) => damaged("/Prev", at),
    }
}

fn widths(dictionary: &Dictionary) -> Option<[usize; 3]> {
    let [first, second, third] = dictionary.get(b"W")?.as_array()? else {
        return None;
    };
    let width = |object: &Object| {
        object
            .as_integer()
            .and_then(|value| usize::try_from(value).ok())
            .filter(|width| *width <= 8)
    };
    Some([width(first)?, width(second)?, width(third)?])
}

/// Whether a range of no objects begins anywhere but at the first: some readers make room for it.
fn has_empty_range(stream: &Dictionary) -> bool {
    let ranges = ranges(stream).unwrap_or_default();
    ranges
        .iter()
        .any(|(first, count)| *count == 0 && *first > 0)
}

fn ranges(dictionary: &Dictionary) -> Option<Vec<(u64, u64)>> {
    let unsigned = |object: &Object| object.as_integer().and_then(|v| u64::try_from(v).ok());
    let Some(index) = dictionary.get(b"Index") else {
        return Some(vec![(0, unsigned(dictionary.get(b"Size")?)?)]);
    };
    let index = index.as_array()?;
    let (pairs, rest) = index.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[first, count]| Some((unsigned(first)?, unsigned(count)?)))
        .collect()
}

fn row_entry(row: &[u8], [kind, second, third]: [usize; 3]) -> Option<XrefEntry> {
    let value = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    let (kind_bytes, rest) = row.split_at_checked(kind)?;
    let (second_bytes, third_bytes) = rest.split_at_checked(second)?;
    // 7.5.8.2: a first field of no width means type 1.
    let kind = if kind == 0 { 1 } else { value(kind_bytes) };
    let (second, third) = (value(second_bytes), value(third_bytes.get(..third)?));
    match kind {
        0 => Some(XrefEntry::Free),
        1 => Some(XrefEntry::InFile {
            offset: second,
            generation: u16::try_from(third).ok()?,
        }),
        2 => Some(XrefEntry::InStream {
            container: u32::try_from(second).ok()?,
            index: u32::try_from(third).ok()?,
        }),
        // 7.5.8.3: other types are references to null.
        _ => Some(XrefEntry::Free),
    }
}

/// Widest fields of a cross-reference stream that all readers take.
const WIDTHS_MAX: [i64; 3] = [4, 8, 4];

/// The fields of a cross-reference stream; a table has none.
pub(crate) fn has_narrow_fields(trailer: &Dictionary) -> bool {
    let Some(widths) = trailer.get(b"W") else {
        return true;
    };
    let narrow = |(width, most): (&Object, i64)| {
        let width = width.as_integer();
        width.is_some_and(|width| (0..=most).contains(&width))
    };
    widths.as_array().is_some_and(|widths| {
        widths.len() == WIDTHS_MAX.len() && widths.iter().zip(WIDTHS_MAX).all(narrow)
    })
}

/// The raw bytes of a stream of known length and the offset after `endstream`.
pub(crate) fn raw_bytes<'b>(
    bytes: &'b [u8],
    stream: &Stream,
    length: Option<i64>,
) -> Result<(&'b [u8], usize), PdfError> {
    let broken = PdfError::Damaged {
        what: "the length of a stream",
        offset: stream.start,
    };
    let length = length.and_then(|length| usize::try_from(length).ok());
    let end = length.and_then(|length| stream.start.checked_add(length));
    let end = end.ok_or_else(|| broken.clone())?;
    let raw = bytes.get(stream.start..end).ok_or_else(|| broken.clone())?;
    let mut parser = Parser::new(bytes, end, 1, 1);
    if parser.keyword(b"endstream") {
        Ok((raw, parser.position))
    } else {
        Err(broken)
    }
}
