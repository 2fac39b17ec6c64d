//! Content that is drawn, taken apart: of pages, forms, appearances, patterns and letters.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::decode::decode_within;
use crate::error::PdfError;
use crate::grammar::{self, Grammar};
use crate::object::{Dictionary, Object, ObjectId, Stream};
use crate::readings::{Divided, Varies};
use crate::readings_names::Names;
use crate::readings_walk::Walk;

/// Most bytes that all content of a file may decode to.
const CONTENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What was looked at, and what may still be.
pub(crate) struct Contents {
    left: u64,
    /// Content that was looked at, and lists of letters: pages and fonts may share it.
    /// Pages' with the fonts in which it shows text.
    pages: HashMap<Vec<u32>, Names>,
    letters: HashSet<u32>,
    /// Appearances that were looked at.
    looks: HashSet<u32>,
    /// The fonts that resources name, by the object of these or of their fonts (`true`).
    pub(crate) fonts: HashMap<(u32, bool), Names>,
    /// All of them, and those that forms show text in and do not name themselves.
    pub(crate) named: HashSet<Vec<u8>>,
    pub(crate) lacking: HashSet<Vec<u8>>,
}

impl Default for Contents {
    fn default() -> Self {
        Self {
            left: CONTENT_BYTES_MAX,
            pages: HashMap::new(),
            letters: HashSet::new(),
            looks: HashSet::new(),
            fonts: HashMap::new(),
            named: HashSet::new(),
            lacking: HashSet::new(),
        }
    }
}

/// Whether a stream is drawn by its content: forms, appearances and patterns have a box.
pub(crate) fn is_content(dictionary: &Dictionary) -> bool {
    dictionary.is_name(b"Subtype", b"Form") || dictionary.get(b"BBox").is_some()
}

impl Walk<'_, '_> {
    /// Looks at the content of a page, whose parts are one stream (7.7.3.3, 7.8.2).
    pub(crate) fn page_content(&mut self, page: &Dictionary) {
        let Some(contents) = page.get(b"Contents") else {
            // What it names its annotations may use.
            return self.page_names(page, &HashSet::new());
        };
        if self.found.divided.is_some() {
            return;
        }
        let value = match self.pdf.resolve(contents) {
            Ok(value) => value,
            Err(error) => return self.failed(&error),
        };
        let parts = match value {
            Object::Array(parts) => parts.to_vec(),
            Object::Stream(_) => vec![contents.clone()],
            _ => return,
        };
        let numbers = parts.iter().filter_map(Object::as_reference);
        let numbers: Vec<u32> = numbers.map(|id| id.number).collect();
        if let Some(shown) = self.contents.pages.get(&numbers).map(Rc::clone) {
            return self.page_names(page, &shown);
        }
        let (mut content, mut joints) = (Vec::new(), Vec::new());
        for part in &parts {
            match self.pdf.resolve(part) {
                // Some readers then draw nothing of the page.
                Ok(Object::Stream(stream)) => match self.decoded(&stream) {
                    Ok(decoded) => content.extend(decoded),
                    Err(error) => return self.failed(&error),
                },
                Ok(_) => return self.divided(Divided::Tokens),
                Err(error) => return self.failed(&error),
            }
            joints.push(content.len());
            content.push(b'\n');
        }
        let shown = Rc::new(self.read_content(&content, &joints, true));
        self.contents.pages.insert(numbers, Rc::clone(&shown));
        self.page_names(page, &shown);
    }

    /// Looks at the content of a form, an appearance or a pattern.
    pub(crate) fn content(&mut self, stream: &Stream) {
        self.has_box(stream);
        self.read_stream(stream, &stream.dictionary);
    }

    /// Looks at content with the resources of `owner`.
    fn read_stream(&mut self, stream: &Stream, owner: &Dictionary) {
        // One fault is enough; looking on would only cost.
        if self.found.divided.is_some() {
            return;
        }
        match self.decoded(stream) {
            Ok(content) => {
                let shown = self.read_content(&content, &[], false);
                self.form_names(owner, shown);
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Looks at the appearances of an annotation, which need not say that they are forms.
    pub(crate) fn appearances(&mut self, annotation: &Dictionary) {
        let looks = annotation.get(b"AP").cloned();
        let mut waiting: Vec<(Object, u32)> = looks.into_iter().map(|look| (look, 0)).collect();
        while let Some((look, depth)) = waiting.pop() {
            if let Some(id) = look.as_reference()
                && !self.contents.looks.insert(id.number)
            {
                continue;
            }
            match self.pdf.resolve(&look) {
                Ok(Object::Stream(stream)) => self.has_box(&stream),
                // The kinds of appearances, and the states of one kind (12.5.5).
                Ok(Object::Dictionary(states)) if depth < 2 => {
                    let states = states.entries().iter();
                    waiting.extend(states.map(|state| (state.value.clone(), depth + 1)));
                }
                Ok(_) => {}
                Err(error) => self.failed(&error),
            }
        }
    }

    /// Some readers draw a form without a box, and some do not.
    fn has_box(&mut self, stream: &Stream) {
        match self.pdf.rectangle(&stream.dictionary, b"BBox") {
            Ok(Some(_)) => {}
            Ok(None) => self.divided(Divided::Boxless),
            Err(error) => self.failed(&error),
        }
    }

    /// Looks at letters that content draws (9.6.4).
    pub(crate) fn letters(&mut self, font: &Dictionary) {
        // Thousands of fonts may share one list.
        let shared = font.get(b"CharProcs").and_then(Object::as_reference);
        if shared.is_some_and(|id| !self.contents.letters.insert(id.number)) {
            return;
        }
        let letters = self.value(font, b"CharProcs");
        let letters = letters.as_dictionary().cloned().unwrap_or_default();
        for letter in letters.entries() {
            let number = letter.value.as_reference().map(|id| id.number);
            if number.is_some_and(|number| !self.contents.letters.insert(number)) {
                continue;
            }
            match self.pdf.resolve(&letter.value) {
                Ok(Object::Stream(stream)) => self.read_stream(&stream, font),
                Ok(_) => {}
                Err(error) => self.failed(&error),
            }
        }
    }

    fn decoded(&mut self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let mut left = self.contents.left;
        let decoded = self.decode_some(stream, &mut left);
        self.contents.left = left;
        decoded
    }

    /// Decodes a stream, deciphered before, as long as there is something of `left`.
    pub(crate) fn decode_some(&self, stream: &Stream, left: &mut u64) -> Result<Vec<u8>, PdfError> {
        let id = ObjectId {
            number: 0,
            generation: 0,
        };
        let raw = self.pdf.stream_raw(stream)?.len() as u64;
        if raw > *left || *left == 0 {
            return Err(PdfError::LimitExceeded {
                limit: "content_bytes_max",
                max: CONTENT_BYTES_MAX,
            });
        }
        let plain = self.pdf.stream_plain(stream)?;
        let before = *left;
        let decoded = decode_within(stream, id, &plain, before, left);
        // To read the raw bytes was not for nothing.
        *left = (*left).min(before.saturating_sub(raw));
        decoded
    }

    fn spend(&mut self, bytes: u64) {
        self.contents.left = self.contents.left.saturating_sub(bytes);
    }

    /// Something cannot be read. Where a file costs too much, what is not looked at any more may be
    /// what readers draw differently.
    pub(crate) fn failed(&mut self, error: &PdfError) {
        match error.is_spent() {
            true => self.divided(Divided::Large),
            false => self.varies(Varies::Unread),
        }
    }

    fn read_content(
        &mut self,
        content: &[u8],
        joints: &[usize],
        is_page: bool,
    ) -> HashSet<Vec<u8>> {
        let Grammar {
            divided,
            is_strange,
            inflated,
            fonts,
        } = grammar::look(content, joints, is_page, self.contents.left);
        self.spend(inflated);
        if let Some(why) = divided {
            self.divided(why);
        }
        if is_strange {
            self.varies(Varies::Content);
        }
        fonts
    }
}
