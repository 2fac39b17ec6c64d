//! Objects inside object streams (ISO 32000-2:2020, 7.5.7).
//!
//! A stream is decoded once and kept; what it decodes to and its index count against
//! `decoded_bytes_max`, so many streams together cost no more than one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::PdfError;
use crate::lexer::{Parser, is_space};
use crate::object::{Object, ObjectId};
use crate::reader::{Indirect, Pdf, Place};
use crate::xref::XrefEntry;

/// What one member costs beside its text: a number, where it begins and where it ends.
const MEMBER_BYTES: u64 = 12;

/// A decoded object stream.
pub(crate) struct Container {
    decoded: Vec<u8>,
    /// Object number and offset into `decoded`, in the order of the stream.
    members: Vec<(u32, u32)>,
    /// Where the text of each ends, white space behind it left away; where it begins, if the index
    /// is out of order: then none is read.
    ends: Vec<u32>,
    /// Whether its dictionary refers to nothing: then it stays what it is in later revisions.
    self_contained: bool,
}

/// A decoded object stream that is kept.
pub(crate) struct Kept {
    pub container: Arc<Container>,
    /// How many objects the cross-references take from it.
    taken: u32,
}

impl Container {
    fn holds(&self, number: u32, index: u32) -> bool {
        let index = usize::try_from(index).ok();
        let member = index.and_then(|index| self.members.get(index));
        member.is_some_and(|(known, _)| *known == number)
    }

    /// How many of its members are taken from here, where it is object `own`.
    fn taken(&self, own: u32, entries: &BTreeMap<u32, XrefEntry>) -> u32 {
        let members = self.members.iter().zip(0_u32..);
        let taken = members.filter(|((number, _), place)| {
            let (container, index) = (own, *place);
            entries.get(number) == Some(&XrefEntry::InStream { container, index })
        });
        u32::try_from(taken.count()).unwrap_or(u32::MAX)
    }

    /// What it counts against `decoded_bytes_max`.
    pub(crate) fn weight(&self) -> u64 {
        let index_bytes = (self.members.len() as u64).saturating_mul(MEMBER_BYTES);
        (self.decoded.len() as u64).saturating_add(index_bytes)
    }
}

impl Pdf<'_> {
    pub(crate) fn in_stream(
        &self,
        id: ObjectId,
        container: u32,
        index: u32,
    ) -> Result<Indirect, PdfError> {
        let stream = self.container(container)?;
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let member = stream.members.get(index);
        let Some((_, offset)) = member.filter(|(number, _)| *number == id.number) else {
            // Some readers go by the number alone.
            self.odd_members.set(true);
            return Err(PdfError::TableDishonest {
                number: id.number,
                offset: 0,
            });
        };
        let limits = &self.limits;
        let start = usize::try_from(*offset).unwrap_or(usize::MAX);
        let mut parser = Parser::new(&stream.decoded, start, limits.depth_max, limits.values_max);
        self.may_parse()?;
        let object = parser.object();
        let end = stream
            .ends
            .get(index)
            .and_then(|end| usize::try_from(*end).ok());
        let mut alone = end == Some(parser.position);
        if end.is_some_and(|end| parser.position < end) {
            // Comments.
            parser.skip_space();
            alone = end.is_some_and(|end| parser.position >= end);
        }
        self.spend_parsing(parser.cost_since(start))?;
        let object = object?;
        // 7.5.7: neither a stream, which some readers find all the same, nor a mere reference.
        if !alone || matches!(object, Object::Reference(_)) {
            self.odd_members.set(true);
            return Err(PdfError::Damaged {
                what: "a member of an object stream",
                offset: start,
            });
        }
        Ok(Indirect {
            id,
            object,
            place: Place::ObjectStream { container },
        })
    }

    /// Whether some member of an object stream was asked for that readers take each in its own way.
    pub(crate) fn has_odd_members(&self) -> bool {
        self.odd_members.get()
    }

    /// The numbers of the objects that an object stream holds, in its order, wherever the
    /// cross-references find objects of these numbers.
    ///
    /// # Errors
    ///
    /// As [`Pdf::indirect`]; [`PdfError::WrongType`] for what is no object stream.
    pub fn packed(&self, container: u32) -> Result<Vec<u32>, PdfError> {
        let container = self.container(container)?;
        Ok(container
            .members
            .iter()
            .map(|(number, _)| *number)
            .collect())
    }

    fn container(&self, number: u32) -> Result<Arc<Container>, PdfError> {
        if let Some(kept) = self.containers.borrow().get(&number) {
            return Ok(Arc::clone(&kept.container));
        }
        // /Length of an object stream may be a reference into the very same stream.
        if !self.opening.borrow_mut().insert(number) {
            return Err(PdfError::WrongType {
                what: "an object stream",
            });
        }
        let opened = self.open_container(number);
        self.opening.borrow_mut().remove(&number);
        let container = Arc::new(opened?);
        if !container.self_contained {
            self.dependent.borrow_mut().insert(number);
            self.any_dependent.set(true);
        }
        let weight = self.containers_weight.get();
        self.containers_weight
            .set(weight.saturating_add(container.weight()));
        let kept = Kept {
            container: Arc::clone(&container),
            taken: container.taken(number, &self.entries),
        };
        self.containers.borrow_mut().insert(number, kept);
        Ok(container)
    }

    /// Takes in what a later section says of one object. An object stream from which nothing is
    /// taken any more is let go: thousands of revisions may each bring one.
    pub(crate) fn take_entry(&mut self, number: u32, entry: XrefEntry) {
        let old = self.entries.insert(number, entry);
        if old == Some(entry) {
            return;
        }
        let containers = self.containers.get_mut();
        if let XrefEntry::InStream { container, index } = entry
            && let Some(kept) = containers.get_mut(&container)
            && kept.container.holds(number, index)
        {
            kept.taken = kept.taken.saturating_add(1);
        }
        if let Some(XrefEntry::InStream { container, index }) = old
            && let Some(kept) = containers.get_mut(&container)
            && kept.container.holds(number, index)
        {
            kept.taken = kept.taken.saturating_sub(1);
            if kept.taken == 0 {
                self.forget_container(container);
            }
        }
    }

    /// Forgets one decoded object stream.
    pub(crate) fn forget_container(&mut self, number: u32) {
        if let Some(kept) = self.containers.get_mut().remove(&number) {
            let weight = self.containers_weight.get_mut();
            *weight = weight.saturating_sub(kept.container.weight());
        }
    }

    fn open_container(&self, number: u32) -> Result<Container, PdfError> {
        let wrong = PdfError::WrongType {
            what: "an object stream",
        };
        if !matches!(self.entries.get(&number), Some(XrefEntry::InFile { .. })) {
            return Err(wrong);
        }
        let indirect = self.by_number(number)?;
        let Object::Stream(stream) = &indirect.object else {
            return Err(wrong);
        };
        if !stream.dictionary.is_name(b"Type", b"ObjStm") {
            return Err(wrong);
        }
        let decoded = self.stream_bytes(indirect.id, stream)?;
        // Some readers follow no reference here.
        let unsigned = |key: &[u8]| {
            let value = stream.dictionary.get(key).and_then(Object::as_integer);
            value
                .and_then(|value| u32::try_from(value).ok())
                .ok_or_else(|| wrong.clone())
        };
        let (count, first) = (unsigned(b"N")?, unsigned(b"First")?);
        if u64::from(count) > decoded.len() as u64 {
            return Err(wrong);
        }
        let mut parser = Parser::new(&decoded, 0, 1, 1);
        let mut members = Vec::new();
        for _ in 0..count {
            let number = parser
                .unsigned()
                .and_then(|number| u32::try_from(number).ok());
            let offset = parser
                .unsigned()
                .and_then(|offset| u32::try_from(offset).ok());
            let offset = offset.and_then(|offset| offset.checked_add(first));
            let (Some(number), Some(offset)) = (number, offset) else {
                return Err(wrong);
            };
            members.push((number, offset));
        }
        // The index costs memory like the bytes it describes: at most three bytes for each of them.
        let index_bytes = (members.len() as u64).saturating_mul(MEMBER_BYTES);
        self.decoded_left
            .set(self.decoded_left.get().saturating_sub(index_bytes));
        let entries = stream.dictionary.entries().iter();
        let plain =
            |value: &Object| matches!(value, Object::Integer(_) | Object::Name(_) | Object::Null);
        let is_plain = begins_plainly(&decoded, &mut parser, &members, first);
        let ends = match is_plain && is_ordered(&members) {
            true => ends_of(&decoded, &members),
            false => members.iter().map(|(_, offset)| *offset).collect(),
        };
        Ok(Container {
            decoded,
            members,
            ends,
            self_contained: entries.map(|entry| &entry.value).all(plain),
        })
    }
}

/// Where the texts of members end that stand in order: before the next one, or what is decoded,
/// ends.
fn ends_of(decoded: &[u8], members: &[(u32, u32)]) -> Vec<u32> {
    let next = members.iter().skip(1).map(|(_, offset)| place_of(*offset));
    let next = next.chain([decoded.len()]);
    let ends = members.iter().zip(next).map(|((_, offset), next)| {
        let text = decoded.get(place_of(*offset)..next).unwrap_or(&[]);
        let space = text.iter().rev().take_while(|byte| is_space(**byte));
        let len = text.len().saturating_sub(space.count());
        offset.saturating_add(u32::try_from(len).unwrap_or(u32::MAX))
    });
    ends.collect()
}

fn place_of(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Whether nothing but white space stands between where members begin and the first of them, and
/// behind the index, where some readers count from then. Comments are no harm where they are one
/// place.
fn begins_plainly(
    decoded: &[u8],
    index: &mut Parser<'_>,
    members: &[(u32, u32)],
    first: u32,
) -> bool {
    let Some((_, offset)) = members.first() else {
        return true;
    };
    let end = index.position;
    if *offset == first {
        index.skip_space();
        return index.position >= place_of(first);
    }
    let between = decoded.get(end..place_of(*offset));
    between.is_some_and(|between| between.iter().all(|byte| is_space(*byte)))
}

/// Whether members stand one behind the other, and each once: of a number that stands twice readers
/// take the first or the last, and some end a member where the next one of the index begins.
fn is_ordered(members: &[(u32, u32)]) -> bool {
    let ascend = members.windows(2).all(|pair| match pair {
        [(_, one), (_, next)] => one < next,
        _ => true,
    });
    let mut numbers: Vec<u32> = members.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    let twice = numbers.windows(2).any(|pair| match pair {
        [one, next] => one == next,
        _ => false,
    });
    ascend && !twice
}
