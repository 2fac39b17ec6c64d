//! The walk over all that pages and annotations draw, for [`Readings`].
//!
//! Things are taken by what they are and not by what they call themselves, since names of resources
//! are the author's choice.

use std::collections::{HashMap, HashSet};

use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId, Stream, StringForm};
use crate::reader::{Indirect, Pdf};
use crate::readings::{
    Divided, Readings, Varies, has_conflicting_keys, is_drawn_by_readers, is_media, is_of_readers,
    screen_and_paper,
};
use crate::readings_colours::FUNCTION_BYTES_MAX;
use crate::readings_content::{Contents, is_content};
use crate::readings_layers::Layers;
use crate::readings_shape::{Tree, ends_twice};
use crate::readings_truetype::PROGRAM_BYTES_MAX;
use crate::readings_values::Values;
use crate::xref::XrefEntry;

/// Entries of a node of the page tree that say what is drawn.
const DRAWN: [&[u8]; 7] = [
    b"Contents",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"Rotate",
    b"UserUnit",
    b"Group",
];
/// Most objects that all actions lead to; with more, they count as acting.
const ACTIONS_MAX: usize = 10_000;
/// Most bytes of the streams that seem to end twice.
const TWICE_BYTES_MAX: u64 = 8 * 1024 * 1024;

impl Pdf<'_> {
    /// Walks all that pages and their annotations draw. What cannot be read is [`Varies::Unread`].
    #[must_use]
    pub fn readings(&self) -> Readings {
        let put_back = self.sections().flat_map(|section| section.put_back.iter());
        let mut walk = Walk {
            pdf: self,
            found: Readings::default(),
            put_back: put_back.copied().collect(),
            nodes: HashSet::new(),
            met: HashSet::new(),
            waiting: Vec::new(),
            annotated: HashSet::new(),
            maps: HashSet::new(),
            known: HashMap::new(),
            fields: HashMap::new(),
            actions_left: ACTIONS_MAX,
            decoded_left: TWICE_BYTES_MAX,
            has_values: false,
            contents: Contents::default(),
            layers: Layers::default(),
            values: Values::default(),
            profiles: HashMap::new(),
            inks: HashMap::new(),
            functions_left: FUNCTION_BYTES_MAX,
            programs: HashSet::new(),
            programs_left: PROGRAM_BYTES_MAX,
            unsigned: Vec::new(),
        };
        walk.found.divided = self.divided_by_keys();
        walk.trailers();
        match self.catalog() {
            Ok(catalog) => {
                walk.catalog(&catalog);
                walk.names_nowhere();
            }
            Err(error) => walk.failed(&error),
        }
        if self.has_odd_members() {
            walk.divided(Divided::Members);
        }
        walk.found
    }
}

pub(crate) struct Walk<'p, 'a> {
    pub(crate) pdf: &'p Pdf<'a>,
    pub(crate) found: Readings,
    put_back: HashSet<u32>,
    /// Nodes of the page tree: what leads back to them draws nothing.
    nodes: HashSet<u32>,
    met: HashSet<u32>,
    waiting: Vec<u32>,
    /// Annotations and lists of them.
    annotated: HashSet<u32>,
    /// Maps of what is drawn by name.
    maps: HashSet<u32>,
    /// Whether appearances and descriptors of fonts have something in them: many share one.
    known: HashMap<u32, bool>,
    /// Whether fields, not signatures, have a value.
    pub(crate) fields: HashMap<u32, bool>,
    actions_left: usize,
    decoded_left: u64,
    /// Whether some field, not a signature, has a value.
    pub(crate) has_values: bool,
    pub(crate) contents: Contents,
    pub(crate) layers: Layers,
    pub(crate) values: Values,
    /// Whether profiles of colours are such.
    pub(crate) profiles: HashMap<u32, bool>,
    /// What functions give for a full ink, and how many bytes of programs may still be tried.
    pub(crate) inks: HashMap<u32, Option<Vec<f64>>>,
    pub(crate) functions_left: u64,
    /// Programs of fonts that were looked at, and how many bytes of them, of profiles and of tables
    /// may still be.
    pub(crate) programs: HashSet<u32>,
    pub(crate) programs_left: u64,
    /// Places for signatures, each with its page.
    pub(crate) unsigned: Vec<(ObjectId, [f64; 4])>,
}

impl Walk<'_, '_> {
    pub(crate) fn varies(&mut self, how: Varies) {
        self.found.varies.insert(how);
    }

    pub(crate) fn divided(&mut self, why: Divided) {
        let known = self.found.divided.unwrap_or(why);
        self.found.divided = Some(known.min(why));
    }

    pub(crate) fn value(&mut self, dictionary: &Dictionary, key: &[u8]) -> Object {
        match self.pdf.value(dictionary, key) {
            Ok(value) => value,
            Err(error) => {
                self.failed(&error);
                Object::Null
            }
        }
    }

    fn trailers(&mut self) {
        let pdf = self.pdf;
        for section in pdf.sections().filter(|one| one.is_contradictory) {
            let trailer = section.read_trailer(pdf.bytes(), &pdf.limits);
            if trailer.is_ok_and(|trailer| has_conflicting_keys(&trailer)) {
                self.divided(Divided::Doubled);
            }
        }
        if let Some(root) = pdf.trailer().get(b"Root").and_then(Object::as_reference) {
            self.refer(root);
            self.waiting.clear();
        }
    }

    fn catalog(&mut self, catalog: &Dictionary) {
        self.look_at(catalog);
        self.read_layers(catalog);
        self.pages(catalog);
        self.unsigned_places();
        let names = self.value(catalog, b"Names");
        let names = names.as_dictionary().cloned().unwrap_or_default();
        let scripts = !matches!(self.value(&names, b"JavaScript"), Object::Null);
        if scripts || self.acts(catalog, b"OpenAction") || self.acts(catalog, b"AA") {
            self.varies(Varies::Scripts);
        }
        let form = self.value(catalog, b"AcroForm");
        let Some(form) = form.as_dictionary() else {
            return;
        };
        let is_empty = |value: &Object| match value {
            Object::Null => true,
            Object::Array(parts) => parts.is_empty(),
            _ => false,
        };
        if !is_empty(&self.value(form, b"XFA")) {
            self.varies(Varies::Xfa);
        }
        let redrawn = self.value(form, b"NeedAppearances") == Object::Boolean(true);
        if redrawn && self.has_values {
            self.varies(Varies::Fields);
        }
    }

    fn pages(&mut self, catalog: &Dictionary) {
        let Some(root) = catalog.get(b"Pages").and_then(Object::as_reference) else {
            // Written into the catalog itself it is read by some, and by us no further.
            return self.varies(Varies::Unread);
        };
        let (mut nodes, mut annotated) = (vec![root], Vec::new());
        let mut tree = Tree::default();
        while let Some(id) = nodes.pop() {
            self.refer(id);
            let Some(indirect) = self
                .read(id.number)
                .filter(|_| self.nodes.insert(id.number))
            else {
                continue;
            };
            let Some(node) = indirect.object.as_dictionary() else {
                self.varies(Varies::Unread);
                continue;
            };
            self.look_at(node);
            self.shape_of_node(&mut tree, id, node);
            if self.acts(node, b"AA") {
                self.varies(Varies::Scripts);
            }
            let kids = self.value(node, b"Kids");
            let kids = kids.as_array().unwrap_or(&[]).iter();
            nodes.extend(kids.filter_map(Object::as_reference));
            annotated.extend(node.get(b"Annots").cloned().map(|all| (id, all)));
            self.page_content(node);
            for entry in node.entries() {
                if DRAWN.contains(&entry.key.as_slice()) {
                    self.walk(&entry.value);
                }
            }
        }
        self.shape_of_tree(&tree);
        for (page, annotations) in annotated {
            self.annotations(page, &annotations);
        }
        while let Some(number) = self.waiting.pop() {
            if !self.nodes.contains(&number)
                && let Some(indirect) = self.read(number)
            {
                if self.pdf.is_glued(&indirect) {
                    self.divided(Divided::Numbers);
                }
                self.walk(&indirect.object);
            }
        }
    }

    fn read(&mut self, number: u32) -> Option<Indirect> {
        match self.pdf.by_number(number) {
            Ok(read) => Some(read),
            // Readers that know the end of the name read what is drawn.
            Err(PdfError::Damaged { what: "a name", .. }) => {
                self.divided(Divided::Tokens);
                None
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    /// Takes note of a reference to what is drawn.
    fn refer(&mut self, id: ObjectId) {
        self.refer_to(id);
        if self.met.insert(id.number) {
            self.waiting.push(id.number);
        }
    }

    /// The length of a stream is taken from where it ends, too: how it is written does not matter.
    fn refer_to_length(&mut self, length: &Object) {
        if let Some(id) = length.as_reference() {
            self.refer_to(id);
        }
    }

    fn refer_to(&mut self, id: ObjectId) {
        let fits = match self.pdf.entry(id.number) {
            Some(XrefEntry::InFile { generation, .. }) => generation == id.generation,
            Some(XrefEntry::InStream { .. }) => id.generation == 0,
            Some(XrefEntry::Free) | None => true,
        };
        if !fits {
            self.divided(Divided::Generation);
        }
        if self.put_back.contains(&id.number) {
            self.divided(Divided::Hidden);
        }
    }

    /// A palette's bytes are what readers make of its string (8.6.6.3).
    fn palette(&mut self, space: &[Object]) {
        if let [Object::Name(kind), _, _, Object::String(colours)] = space
            && kind == b"Indexed"
            && colours.form == StringForm::Folded
        {
            self.divided(Divided::Tokens);
        }
    }

    /// Walks one value with an own stack; its depth is bounded by the parser.
    fn walk(&mut self, object: &Object) {
        let mut waiting = vec![object];
        while let Some(object) = waiting.pop() {
            match object {
                Object::Reference(id) => self.refer(*id),
                Object::Array(array) => {
                    self.palette(array);
                    self.colours(array);
                    waiting.extend(array.iter());
                }
                Object::Dictionary(dictionary) => {
                    self.look_at(dictionary);
                    waiting.extend(walked(dictionary));
                }
                Object::Stream(stream) => {
                    self.look_at(&stream.dictionary);
                    self.look_at_stream(stream);
                    waiting.extend(walked(&stream.dictionary));
                    if let Some(length) = stream.dictionary.get(b"Length") {
                        self.refer_to_length(length);
                    }
                }
                Object::String(text) if text.enciphered && self.pdf.unopened().is_none() => {
                    self.divided(Divided::Cipher);
                }
                _ => {}
            }
        }
    }

    fn look_at(&mut self, dictionary: &Dictionary) {
        if has_conflicting_keys(dictionary) {
            self.divided(Divided::Doubled);
        }
        if dictionary.get(b"CharProcs").is_some() {
            self.letters(dictionary);
        }
        self.colours_in(dictionary);
        if let Some(owner) = dictionary.get(b"OC") {
            self.layer(owner);
        }
        if dictionary.get(b"Properties").is_some() {
            self.layers_in(dictionary);
        }
        for drawn in self.pdf.drawn_metadata(dictionary, &mut self.maps) {
            self.refer(drawn);
        }
        if dictionary.get(b"BaseFont").is_some() {
            let programs: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
            if !self.holds(dictionary, b"FontDescriptor", &programs) {
                if is_of_readers(dictionary) {
                    self.varies(Varies::Fonts);
                }
                self.names_of_letters(dictionary);
            }
            self.tables_of_codes(dictionary);
        }
    }

    /// Whether the dictionary beneath `key` has one of these entries.
    fn holds(&mut self, dictionary: &Dictionary, key: &[u8], entries: &[&[u8]]) -> bool {
        let number = dictionary.get(key).and_then(Object::as_reference);
        let number = number.map(|id| id.number);
        if let Some(known) = number.and_then(|number| self.known.get(&number)) {
            return *known;
        }
        let value = self.value(dictionary, key);
        let has = |one: &Dictionary| {
            let mut entries = entries.iter();
            entries.any(|entry| !matches!(one.get(entry), None | Some(Object::Null)))
        };
        let holds = value.as_dictionary().is_some_and(has);
        self.known.extend(number.map(|number| (number, holds)));
        holds
    }

    fn look_at_stream(&mut self, stream: &Stream) {
        let dictionary = &stream.dictionary;
        let has = |key: &[u8]| !matches!(dictionary.get(key), None | Some(Object::Null));
        if has(b"F") || dictionary.is_name(b"Subtype", b"Form") && has(b"Ref") {
            self.divided(Divided::External);
        }
        self.shape_of_stream(dictionary);
        self.function(stream);
        if is_content(dictionary) {
            self.content(stream);
        }
        if has(b"Alternates") || has(b"OPI") {
            self.varies(Varies::Paper);
        }
        if let Some(why) = self.pdf.divided_by_cipher(stream) {
            self.divided(why);
        }
        match self.pdf.stream_raw(stream) {
            Ok(raw) if ends_twice(stream, raw, &mut self.decoded_left) => {
                self.divided(Divided::Ending)
            }
            Ok(_) => {}
            Err(error) => self.failed(&error),
        }
    }

    fn annotations(&mut self, page: ObjectId, list: &Object) {
        if let Object::Reference(id) = list {
            self.refer(*id);
            if !self.annotated.insert(id.number) {
                return;
            }
        }
        let list = match self.pdf.resolve(list) {
            Ok(list) => list,
            Err(error) => return self.failed(&error),
        };
        for one in list.as_array().unwrap_or(&[]) {
            if let Object::Reference(id) = one {
                self.refer(*id);
                if !self.annotated.insert(id.number) {
                    continue;
                }
            }
            match self.pdf.resolve(one) {
                Ok(Object::Dictionary(annotation)) => self.annotation(page, &annotation),
                Ok(_) => {}
                Err(error) => self.failed(&error),
            }
        }
    }

    fn annotation(&mut self, page: ObjectId, annotation: &Dictionary) {
        self.look_at(annotation);
        let looks = self.holds(annotation, b"AP", &[b"N"]);
        if let Some(appearance) = annotation.get(b"AP") {
            self.walk(appearance);
            self.appearances(annotation);
        }
        let subtype = self.value(annotation, b"Subtype");
        let subtype = subtype.as_name().unwrap_or_default();
        if looks && screen_and_paper(annotation, subtype) {
            self.varies(Varies::Paper);
        }
        if !looks && is_drawn_by_readers(subtype) {
            self.varies(Varies::Unpainted);
        }
        self.shape_of_annotation(annotation, subtype);
        if is_media(subtype) {
            self.varies(Varies::Media);
        }
        if subtype == b"Widget" {
            self.field(annotation, looks);
            if !looks {
                self.unsigned_place(page, annotation);
            }
        }
        if self.acts(annotation, b"AA") {
            self.varies(Varies::Scripts);
        }
    }

    /// Whether the actions beneath `key` can change what is shown.
    fn acts(&mut self, dictionary: &Dictionary, key: &[u8]) -> bool {
        let mut waiting: Vec<Object> = dictionary.get(key).cloned().into_iter().collect();
        while let Some(object) = waiting.pop() {
            let Some(left) = self.actions_left.checked_sub(1) else {
                return true;
            };
            self.actions_left = left;
            match self.resolved(&object) {
                Ok(Object::Dictionary(one)) => {
                    let kind = one.get(b"S").and_then(Object::as_name);
                    let shows = [&b"JavaScript"[..], b"Hide", b"SetOCGState"];
                    if kind.is_some_and(|kind| shows.contains(&kind)) {
                        return true;
                    }
                    let next = one.entries().iter();
                    let next = next.filter(|entry| entry.key != b"D" && entry.key != b"Parent");
                    waiting.extend(next.map(|entry| entry.value.clone()));
                }
                Ok(Object::Array(list)) => waiting.extend(list.iter().cloned()),
                _ => {}
            }
        }
        false
    }

    /// The value of an object, unless it is a node of the page tree.
    fn resolved(&self, object: &Object) -> Result<Object, PdfError> {
        match object.as_reference() {
            Some(id) if self.nodes.contains(&id.number) => Ok(Object::Null),
            _ => self.pdf.resolve(object),
        }
    }
}

/// The values of a dictionary that are walked on: embedded files draw nothing, and may be PDFs; nor
/// does metadata ([`Pdf::drawn_metadata`]), which may be enciphered otherwise.
fn walked(dictionary: &Dictionary) -> impl Iterator<Item = &Object> {
    let embeds = |key: &[u8], value: &Object| match key {
        b"Length" => value.as_reference().is_some(),
        b"EF" => value.as_dictionary().is_some(),
        b"Metadata" => value.as_reference().is_some(),
        _ => false,
    };
    let entries = dictionary.entries().iter();
    let entries = entries.filter(move |entry| !embeds(&entry.key, &entry.value));
    entries.map(|entry| &entry.value)
}
