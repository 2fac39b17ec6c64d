//! Whether what is drawn is written as the standard writes it: filters, images, the tree of pages
//! and the appearances of annotations. Readers mend what is written otherwise, each in its own way.

use std::collections::HashMap;

use memchr::memmem;

use crate::decode::{decode, steps};
use crate::glyph_names::is_of_texts;
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::readings::{Divided, Varies};
use crate::readings_walk::Walk;

/// Filters of streams by their full names (7.4, table 6).
const FILTERS: [&[u8]; 10] = [
    b"FlateDecode",
    b"LZWDecode",
    b"ASCIIHexDecode",
    b"ASCII85Decode",
    b"RunLengthDecode",
    b"DCTDecode",
    b"JPXDecode",
    b"CCITTFaxDecode",
    b"JBIG2Decode",
    b"Crypt",
];
/// Keys of images within a content (8.9.7, table 91), which some readers take in image objects too.
const SHORT_KEYS: [&[u8]; 8] = [b"W", b"H", b"BPC", b"CS", b"D", b"IM", b"I", b"DP"];
/// The farthest corner of a page, in points, that all readers count with.
const CORNER_MAX: f64 = 100_000.0;
/// How deep a tree of pages may be.
const TREE_DEPTH_MAX: usize = 64;
/// The widest border of a link that hides nothing, in points.
const LINK_BORDER_MAX: f64 = 3.0;
/// Flags of annotations (12.5.3, table 167): the first, and the sum of all.
const INVISIBLE: i64 = 1;
const FLAGS_MAX: i64 = 1023;

/// How the filters of a stream are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filters {
    Plain,
    /// By a name that is none, or a short one.
    Otherwise,
    /// Readers undo them differently, and find other bytes.
    Divided,
}

fn filters(dictionary: &Dictionary) -> Filters {
    let refers = |key: &[u8]| match dictionary.get(key) {
        Some(Object::Reference(_)) => true,
        Some(Object::Array(all)) => all.iter().any(|one| matches!(one, Object::Reference(_))),
        _ => false,
    };
    let has = |key: &[u8]| dictionary.get(key).is_some();
    if has(b"DP") || has(b"FFilter") || has(b"FDecodeParms") {
        return Filters::Divided;
    }
    // All readers follow references here.
    if refers(b"Filter") || refers(b"DecodeParms") || !has(b"Filter") {
        return Filters::Plain;
    }
    let Some(steps) = steps(dictionary) else {
        return Filters::Divided;
    };
    let mut found = Filters::Plain;
    for (name, parameters) in steps {
        if !FILTERS.contains(&name) {
            found = Filters::Otherwise;
        }
        if !parameters.is_none_or(are_plain) {
            return Filters::Divided;
        }
    }
    found
}

/// Parameters of filters whose numbers are whole and within bounds (7.4.4.4, table 8).
fn are_plain(parameters: &Dictionary) -> bool {
    parameters.entries().iter().all(|entry| {
        let number = match &entry.value {
            Object::Integer(number) => Some(*number),
            Object::Real(_) | Object::String(_) => return entry.key == b"K",
            _ => None,
        };
        match entry.key.as_slice() {
            b"Predictor" => number.is_some_and(|kind| matches!(kind, 1 | 2 | 10..=15)),
            b"Colors" => number.is_some_and(|colors| (1..=32).contains(&colors)),
            b"BitsPerComponent" => number.is_some_and(|bits| matches!(bits, 1 | 2 | 4 | 8 | 16)),
            b"Columns" => number.is_some_and(|columns| (1..=1_000_000).contains(&columns)),
            b"EarlyChange" => number.is_some_and(|early| matches!(early, 0 | 1)),
            _ => true,
        }
    })
}

impl Walk<'_, '_> {
    /// The filters of something that is drawn, and what an image says of itself.
    pub(crate) fn shape_of_stream(&mut self, dictionary: &Dictionary) {
        let is_image = dictionary.is_name(b"Subtype", b"Image");
        match filters(dictionary) {
            Filters::Plain => {}
            Filters::Otherwise => self.varies(Varies::Unread),
            // Of an image nobody knows what it says, whichever bytes are taken.
            Filters::Divided if is_image => self.varies(Varies::Unread),
            Filters::Divided => self.divided(Divided::Filters),
        }
        if is_image && !self.is_plain_image(dictionary) {
            self.varies(Varies::Unread);
        }
    }

    /// Whether an image says its size, depth and colours as 8.9.5 has it.
    fn is_plain_image(&mut self, image: &Dictionary) -> bool {
        let whole = |value: &Object| match value {
            Object::Integer(number) => Some(*number),
            _ => None,
        };
        if SHORT_KEYS.iter().any(|key| image.get(key).is_some()) {
            return false;
        }
        let sized = [b"Width".as_slice(), b"Height"].iter().all(|key| {
            let side = whole(&self.value(image, key));
            side.is_some_and(|side| (1..=i64::from(u16::MAX)).contains(&side))
        });
        let stencil = self.value(image, b"ImageMask");
        let is_stencil = stencil == Object::Boolean(true);
        let knows = matches!(stencil, Object::Null | Object::Boolean(_));
        let bits = self.value(image, b"BitsPerComponent");
        let packs: [&[u8]; 2] = [b"JPXDecode", b"JBIG2Decode"];
        let filter = self.value(image, b"Filter");
        let last = match &filter {
            Object::Array(all) => all.last().and_then(Object::as_name),
            one => one.as_name(),
        };
        let is_packed = last.is_some_and(|name| packs.contains(&name));
        let deep = match whole(&bits) {
            Some(1) => true,
            Some(2 | 4 | 8 | 16) => !is_stencil,
            Some(_) => false,
            None => bits == Object::Null && (is_stencil || is_packed),
        };
        let is_coloured = self.value(image, b"ColorSpace") != Object::Null;
        let coloured = is_coloured || is_stencil || is_packed;
        sized && knows && deep && coloured && self.has_plain_masks(image)
    }

    fn has_plain_masks(&mut self, image: &Dictionary) -> bool {
        let is_number = |one: &Object| matches!(one, Object::Integer(_) | Object::Real(_));
        let decodes = match self.value(image, b"Decode") {
            Object::Null => true,
            Object::Array(pairs) => pairs.len() % 2 == 0 && pairs.iter().all(is_number),
            _ => false,
        };
        let masks = match self.value(image, b"Mask") {
            Object::Null | Object::Stream(_) => true,
            Object::Array(ranges) => ranges.iter().all(|one| matches!(one, Object::Integer(_))),
            _ => false,
        };
        let soft = match self.value(image, b"SMask") {
            Object::Null => true,
            Object::Stream(mask) => {
                let mask = &mask.dictionary;
                let gray = self.value(mask, b"ColorSpace");
                let is_gray =
                    gray.as_name() == Some(b"DeviceGray".as_slice()) || gray.as_array().is_some();
                let has = |key: &[u8]| mask.get(key).is_some_and(|one| *one != Object::Null);
                is_gray && !has(b"SMask") && !has(b"Mask") && !mask.is_name(b"Subtype", b"Form")
            }
            _ => false,
        };
        decodes && masks && soft
    }

    /// A font without a program of its own whose letters have names that not all readers know: some
    /// draw another letter then, or none.
    pub(crate) fn names_of_letters(&mut self, font: &Dictionary) {
        let own = font.get(b"BaseFont").and_then(Object::as_name);
        let own = own.unwrap_or_default();
        if own.starts_with(b"Symbol") || own == b"ZapfDingbats" {
            return;
        }
        let Object::Dictionary(encoding) = self.value(font, b"Encoding") else {
            return;
        };
        let differences = self.value(&encoding, b"Differences");
        let names = differences.as_array().unwrap_or(&[]).iter();
        if names
            .filter_map(Object::as_name)
            .any(|name| !is_known(name))
        {
            self.varies(Varies::Fonts);
        }
    }

    /// One node of the tree of pages: what leads to it, and how large and upright it is.
    pub(crate) fn shape_of_node(&mut self, tree: &mut Tree, id: ObjectId, node: &Dictionary) {
        let kids = node.get(b"Kids").is_some();
        let kind = self.value(node, b"Type");
        let is_named = match kind.as_name() {
            Some(b"Pages") => kids,
            Some(b"Page") => !kids,
            _ => false,
        };
        let above = node.get(b"Parent").and_then(Object::as_reference);
        let known = tree.above.get(&id.number).copied();
        let turns = match self.value(node, b"Rotate") {
            Object::Null => true,
            Object::Integer(turn) => turn % 90 == 0 && (-3_600..=3_600).contains(&turn),
            _ => false,
        };
        let media = self.pdf.rectangle(node, b"MediaBox").ok().flatten();
        let crop = self.pdf.rectangle(node, b"CropBox").ok().flatten();
        let is_box = |written: &[u8], read: Option<[f64; 4]>| match node.get(written) {
            None => true,
            Some(_) => read.is_some_and(has_area),
        };
        let boxes = tree.boxes_of(id, media, crop);
        let meets = match boxes {
            (Some(media), Some(crop)) => meet(media, crop),
            _ => true,
        };
        let boxed = is_box(b"MediaBox", media) && is_box(b"CropBox", crop) && meets;
        if !is_named || above != known || !turns || !boxed {
            self.varies(Varies::Unread);
        }
        let children = self.value(node, b"Kids");
        let children = children.as_array().unwrap_or(&[]);
        for kid in children {
            match kid.as_reference() {
                Some(kid) => drop(tree.above.entry(kid.number).or_insert(id)),
                None => self.varies(Varies::Unread),
            }
        }
        match kids {
            true => {
                let count = self.value(node, b"Count").as_integer();
                tree.counts.push((id, count));
            }
            false => tree.count(id),
        }
    }

    /// Whether every node counts the pages beneath it: some readers go by it.
    pub(crate) fn shape_of_tree(&mut self, tree: &Tree) {
        let is_right = |(id, count): &(ObjectId, Option<i64>)| {
            let pages = tree.pages.get(&id.number).copied().unwrap_or(0);
            *count == i64::try_from(pages).ok()
        };
        if !tree.counts.iter().all(is_right) {
            self.varies(Varies::Unread);
        }
    }

    /// An annotation whose appearance not every reader shows, or not in the same state or place.
    pub(crate) fn shape_of_annotation(&mut self, annotation: &Dictionary, subtype: &[u8]) {
        let flags = self.value(annotation, b"F");
        let is_flagged = match flags {
            Object::Null => true,
            Object::Integer(flags) => (0..=FLAGS_MAX).contains(&flags),
            _ => false,
        };
        let appearance = self.value(annotation, b"AP");
        let looks = match &appearance {
            Object::Dictionary(kinds) => self.value(kinds, b"N"),
            _ => Object::Null,
        };
        let shows = match &looks {
            Object::Stream(_) => true,
            Object::Dictionary(states) => {
                let state = annotation.get(b"AS");
                let named = state.and_then(Object::as_name);
                let is_off = named == Some(b"Off".as_slice());
                let known = named.is_some_and(|name| is_off || states.get(name).is_some());
                if !known && !states.entries().is_empty() {
                    self.varies(Varies::Unpainted);
                }
                !states.entries().is_empty()
            }
            _ => false,
        };
        let own: [&[u8]; 3] = [b"Popup", b"Link", b"FileAttachment"];
        let is_invisible = flags.as_integer().unwrap_or(0) & INVISIBLE != 0;
        let differs = own.contains(&subtype) || subtype.is_empty() || is_invisible;
        let is_broad = subtype == b"Link" && self.has_broad_border(annotation);
        if !is_flagged || shows && differs || is_broad {
            self.varies(Varies::Unpainted);
        }
        let place = self.pdf.rectangle(annotation, b"Rect").ok().flatten();
        let is_blank = || self.pdf.is_blank(annotation).unwrap_or(false);
        if shows && !place.is_some_and(has_area) && !is_blank() {
            self.varies(Varies::Unpainted);
        }
    }

    fn has_broad_border(&mut self, link: &Dictionary) -> bool {
        let border = self.value(link, b"Border");
        let width = border
            .as_array()
            .and_then(|border| border.get(2)?.as_number());
        width.is_some_and(|width| width > LINK_BORDER_MAX)
    }
}

/// What is known of the tree of pages.
#[derive(Default)]
pub(crate) struct Tree {
    /// The node that a node is a kid of.
    above: HashMap<u32, ObjectId>,
    /// How many pages a node with kids says that it has.
    counts: Vec<(ObjectId, Option<i64>)>,
    /// How many it has.
    pages: HashMap<u32, usize>,
    /// The boxes of a node, its own or from above (7.7.3.4): of the medium, and what is cut out.
    boxes: HashMap<u32, Boxes>,
}

type Boxes = (Option<[f64; 4]>, Option<[f64; 4]>);

impl Tree {
    fn boxes_of(&mut self, id: ObjectId, media: Option<[f64; 4]>, crop: Option<[f64; 4]>) -> Boxes {
        let above = self.above.get(&id.number);
        let above = above.and_then(|above| self.boxes.get(&above.number).copied());
        let (outer, cut) = above.unwrap_or_default();
        let boxes = (media.or(outer), crop.or(cut));
        self.boxes.insert(id.number, boxes);
        boxes
    }

    /// Counts one page for all that stand above it.
    fn count(&mut self, page: ObjectId) {
        let mut at = page;
        for _ in 0..TREE_DEPTH_MAX {
            let Some(above) = self.above.get(&at.number).copied() else {
                return;
            };
            let pages = self.pages.entry(above.number).or_default();
            *pages = pages.saturating_add(1);
            at = above;
        }
    }
}

/// Whether a name is one of the standard Latin set (annex D.2), which all readers know.
fn is_known(name: &[u8]) -> bool {
    let is_built = name.starts_with(b"uni") || name.starts_with(b"afii");
    let is_plain = name.iter().all(u8::is_ascii_alphabetic) && !is_built;
    name == b".notdef" || is_plain && is_of_texts(name)
}

fn has_area([left, bottom, right, top]: [f64; 4]) -> bool {
    let near = [left, bottom, right, top];
    (right - left).abs() > 0.0
        && (top - bottom).abs() > 0.0
        && near.iter().all(|corner| corner.abs() <= CORNER_MAX)
}

/// Whether two rectangles have something in common.
fn meet(one: [f64; 4], other: [f64; 4]) -> bool {
    let apart = |low: usize, high: usize| {
        let ends = |rect: [f64; 4]| {
            let (from, to) = (rect.get(low).copied(), rect.get(high).copied());
            let (from, to) = (from.unwrap_or(0.0), to.unwrap_or(0.0));
            (from.min(to), from.max(to))
        };
        let (one, other) = (ends(one), ends(other));
        one.1 <= other.0 || other.1 <= one.0
    };
    !apart(0, 2) && !apart(1, 3)
}

/// Whether a reader that ends a stream at the first `endstream` gets something else than one that
/// goes by `/Length`. Writers that edit in place leave the old end behind the new one, and what is
/// behind the end of compressed bytes says nothing.
pub(crate) fn ends_twice(stream: &Stream, raw: &[u8], left: &mut u64) -> bool {
    const END: &[u8] = b"endstream";
    let Some(at) = memmem::find(raw, END) else {
        return false;
    };
    let (short, rest) = (raw.get(..at).unwrap_or(raw), raw.get(at..).unwrap_or(&[]));
    if matches!(stream.dictionary.get(b"Filter"), None | Some(Object::Null)) {
        let rest = rest.strip_prefix(END).unwrap_or(rest).trim_ascii();
        return !b"endobj".starts_with(rest);
    }
    let id = ObjectId {
        number: 0,
        generation: 0,
    };
    let mut decoded = |raw: &[u8]| {
        let decoded = decode(stream, id, raw, *left);
        // What does not decode has cost no one knows what, and is told whatever comes next.
        let cost = decoded.as_ref().map_or(u64::MAX, |all| all.len() as u64);
        *left = left.saturating_sub(cost);
        decoded
    };
    match (decoded(short), decoded(raw)) {
        (Ok(short), Ok(whole)) => short != whole,
        _ => true,
    }
}
