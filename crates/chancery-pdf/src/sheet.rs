//! The signature sheet: a last page for all visible marks, so that no mark ever covers text.
//!
//! The first signature of a file adds it, in its own revision, with as many empty slots as
//! signatures are expected. Every later signature only puts its widget into the next free slot:
//! adding a page then would break the signatures before it. Where even a widget would, in a
//! certified file, the certifying signature leaves empty fields in the slots: filling one in is
//! what certification lets a signer do (ISO 32000-2:2020, 12.8.2.2.2, table 257).

use std::fmt;

use crate::append::Update;
use crate::canvas::{Canvas, Style, Typefaces, Weight, rectangle};
use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};

/// The width of a slot, in points.
pub const SLOT_WIDTH: f64 = 233.0;
/// The height of a slot, in points.
pub const SLOT_HEIGHT: f64 = 108.0;
/// Most slots of one sheet.
pub const SLOTS_MAX: u16 = 64;
/// Most attachments listed by name; the caller says in its own words if there are more.
pub const ATTACHMENTS_MAX: usize = 500;

/// A4 (ISO 216) in points.
pub(crate) const PAGE_WIDTH: f64 = 595.28;
pub(crate) const PAGE_HEIGHT: f64 = 841.89;
const MARGIN: f64 = 57.0;
const RIGHT: f64 = PAGE_WIDTH - MARGIN;
const FLOOR: f64 = 64.0;
const CEILING: f64 = PAGE_HEIGHT - 62.0;
const GUTTER: f64 = PAGE_WIDTH - 2.0 * MARGIN - 2.0 * SLOT_WIDTH;
const LABEL_WIDTH: f64 = 116.0;
const COLUMN_GAP: f64 = 12.0;
const LABEL_LINES_MAX: usize = 4;
const VALUE_LINES_MAX: usize = 6;
const NAME_WIDTH: f64 = 194.0;
/// Between the rule over the small print and the edge of the page.
const FOOTER_LINES_MAX: usize = 3;

const TITLE: Style = Style::new(Weight::Bold, 19.0, 0.0);
const HEADING: Style = Style::new(Weight::Bold, 10.5, 0.0);
const LABEL: Style = Style::new(Weight::Regular, 8.2, 0.42);
const VALUE: Style = Style::new(Weight::Regular, 9.2, 0.0);
const DIGEST: Style = Style::new(Weight::Regular, 6.9, 0.15);
const FOOTER: Style = Style::new(Weight::Regular, 7.0, 0.45);
const HAIR: (f64, f64) = (0.4, 0.80);
const LINE: (f64, f64) = (0.8, 0.15);

/// A TrueType or OpenType font file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FontFile<'f>(pub &'f [u8]);

impl fmt::Debug for FontFile<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FontFile({} bytes)", self.0.len())
    }
}

/// Everything for a visible mark. All words are the caller's, already in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkPlan<'f> {
    /// For text.
    pub regular: FontFile<'f>,
    /// For names and headings.
    pub bold: FontFile<'f>,
    /// The sheet, drawn only by the first signature of the file.
    pub sheet: Sheet,
    /// This signature's own mark.
    pub mark: Mark,
}

/// The words of a signature sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The page's heading: "Signature sheet".
    pub title: String,
    /// Rows about the document: its title, number, digest.
    pub subject: Vec<Row>,
    /// The attachments; `None` where there are none to speak of.
    pub attachments: Option<Attachments>,
    /// Signatures that stand in files of their own and get no mark: whose they are, and where;
    /// `None` where none is known.
    pub apart: Option<Apart>,
    /// The heading over the slots: "Signatures".
    pub marks_heading: String,
    /// How many signatures are expected; at least 1, at most [`SLOTS_MAX`].
    pub slots: u16,
    /// The small print at the foot of each page.
    pub footer: String,
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// "Number".
    pub label: String,
    /// "77-2026/114".
    pub value: String,
}

/// Signatures in files of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// "Signatures in separate files".
    pub heading: String,
    /// One row a signature: who signed, and the name of its file with the day.
    pub rows: Vec<Row>,
}

/// The table of attachments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// "Attachments".
    pub heading: String,
    /// The head of the column of names.
    pub name_heading: String,
    /// The head of the column of digests.
    pub digest_heading: String,
    /// One row an attachment: its name and its digest as text.
    pub rows: Vec<Row>,
}

/// The words of one mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Who signs, in bold.
    pub name: String,
    /// Organisation, time with zone, serial number: one line each, wrapped where needed.
    pub lines: Vec<String>,
    /// Small print at the foot: "certificate for this signature only".
    pub note: String,
}

/// A place for a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot {
    pub(crate) page: ObjectId,
    /// From 0.
    pub(crate) page_index: u32,
    /// Left, bottom, right, top.
    pub(crate) rect: [f64; 4],
}

/// One page of the sheet under construction.
#[derive(Default)]
struct Leaf {
    canvas: Canvas,
    slots: Vec<[f64; 4]>,
}

/// The sheet under construction: pages, and how far down the last one is filled.
struct Layout<'t, 'f> {
    faces: &'t mut Typefaces<'f>,
    leaves: Vec<Leaf>,
    leaf: Leaf,
    height: f64,
}

impl Layout<'_, '_> {
    /// Begins a new page unless `needed` points are left on this one.
    fn room(&mut self, needed: f64) {
        if self.height - needed < FLOOR {
            self.leaves.push(std::mem::take(&mut self.leaf));
            self.height = CEILING;
        }
    }

    fn line(&mut self, style: Style, left: f64, text: &str) {
        self.leaf
            .canvas
            .text(self.faces, style, (left, self.height), text);
    }

    fn title(&mut self, sheet: &Sheet) {
        for line in self.faces.wrap(TITLE, &sheet.title, RIGHT - MARGIN, 2) {
            self.line(TITLE, MARGIN, &line);
            self.height -= TITLE.leading();
        }
        self.height += 10.0;
        self.leaf.canvas.rule(MARGIN, RIGHT, self.height, LINE);
    }

    /// How high a row will be with its hair line.
    fn row_height(&self, row: &Row, (left, right): (Style, Style), split: f64) -> f64 {
        let lefts = self
            .faces
            .wrap(left, &row.label, split - COLUMN_GAP, LABEL_LINES_MAX);
        let rights = self
            .faces
            .wrap(right, &row.value, RIGHT - MARGIN - split, VALUE_LINES_MAX);
        let lines = u32::try_from(lefts.len().max(rights.len()).max(1)).unwrap_or(1);
        left.leading().max(right.leading()) * f64::from(lines) + 8.0
    }

    /// Two columns of wrapped text with a hair line beneath.
    fn row(&mut self, row: &Row, styles: (Style, Style), split: f64) {
        let height = self.row_height(row, styles, split);
        self.room(height);
        let (left, right) = styles;
        let lefts = self
            .faces
            .wrap(left, &row.label, split - COLUMN_GAP, LABEL_LINES_MAX);
        let rights = self
            .faces
            .wrap(right, &row.value, RIGHT - MARGIN - split, VALUE_LINES_MAX);
        let leading = left.leading().max(right.leading());
        let top = self.height;
        for (style, at, column) in [(left, MARGIN, &lefts), (right, MARGIN + split, &rights)] {
            // Both columns stand on the same base lines, whatever their sizes.
            self.height = top - 5.0 + 2.2;
            for line in column {
                self.height -= leading;
                self.line(style, at, line);
            }
        }
        self.height = top - height;
        self.leaf.canvas.rule(MARGIN, RIGHT, self.height, HAIR);
    }

    fn heading(&mut self, text: &str, below: f64) {
        self.room(30.0 + below);
        self.height -= 30.0;
        for line in self.faces.wrap(HEADING, text, RIGHT - MARGIN, 1) {
            self.line(HEADING, MARGIN, &line);
        }
        self.height -= 8.0;
    }

    fn attachments(&mut self, attachments: &Attachments) {
        self.heading(&attachments.heading, 60.0);
        let head = Row {
            label: attachments.name_heading.clone(),
            value: attachments.digest_heading.clone(),
        };
        self.height += 4.0;
        self.row(&head, (LABEL, LABEL), NAME_WIDTH);
        let styles = (VALUE.scaled(0.9), DIGEST);
        for row in attachments.rows.iter().take(ATTACHMENTS_MAX) {
            // A table that goes on overleaf repeats its head there.
            let pages = self.leaves.len();
            self.room(self.row_height(row, styles, NAME_WIDTH));
            if self.leaves.len() > pages {
                self.row(&head, (LABEL, LABEL), NAME_WIDTH);
            }
            self.row(row, styles, NAME_WIDTH);
        }
    }

    fn apart(&mut self, apart: &Apart) {
        self.heading(&apart.heading, 30.0);
        self.height += 4.0;
        for row in apart.rows.iter().take(ATTACHMENTS_MAX) {
            self.row(row, (VALUE, VALUE), NAME_WIDTH);
        }
    }

    fn slots(&mut self, sheet: &Sheet) {
        self.heading(&sheet.marks_heading, SLOT_HEIGHT + 12.0);
        let count = sheet.slots.clamp(1, SLOTS_MAX);
        for number in 1..=count {
            let second = number % 2 == 0;
            if !second {
                self.room(SLOT_HEIGHT + 12.0);
                self.height -= SLOT_HEIGHT + 4.0;
            }
            let left = if second {
                MARGIN + SLOT_WIDTH + GUTTER
            } else {
                MARGIN
            };
            // Blank until it is used: an empty frame would say that a signature is missing, also of
            // somebody who signs in a file of their own.
            let bottom = self.height;
            self.leaf
                .slots
                .push([left, bottom, left + SLOT_WIDTH, bottom + SLOT_HEIGHT]);
            if second {
                self.height -= 8.0;
            }
        }
    }

    fn footer(&mut self, sheet: &Sheet) {
        let lines = self
            .faces
            .wrap(FOOTER, &sheet.footer, RIGHT - MARGIN, FOOTER_LINES_MAX);
        for leaf in &mut self.leaves {
            if lines.is_empty() {
                continue;
            }
            leaf.canvas.rule(MARGIN, RIGHT, 46.0, HAIR);
            let mut base = 46.0 - 3.0;
            for line in &lines {
                base -= FOOTER.leading();
                leaf.canvas.text(self.faces, FOOTER, (MARGIN, base), line);
            }
        }
    }
}

/// A sheet drawn but not yet in the file: the fonts are embedded when every glyph is known.
pub(crate) struct Drawn {
    leaves: Vec<Leaf>,
}

pub(crate) fn draw(faces: &mut Typefaces<'_>, sheet: &Sheet) -> Drawn {
    let height = CEILING - TITLE.size * 0.4;
    let mut layout = Layout {
        faces,
        leaves: Vec::new(),
        leaf: Leaf::default(),
        height,
    };
    layout.title(sheet);
    for row in &sheet.subject {
        layout.row(row, (LABEL, VALUE), LABEL_WIDTH);
    }
    if let Some(attachments) = &sheet.attachments {
        layout.attachments(attachments);
    }
    if let Some(apart) = &sheet.apart {
        layout.apart(apart);
    }
    layout.slots(sheet);
    let last = std::mem::take(&mut layout.leaf);
    layout.leaves.push(last);
    layout.footer(sheet);
    Drawn {
        leaves: layout.leaves,
    }
}

/// Adds the pages of the sheet at the end; answers the slots, at least one, in order.
pub(crate) fn enter(
    update: &mut Update<'_, '_>,
    drawn: &Drawn,
    resources: ObjectId,
    signing_time: &str,
    pages_before: usize,
) -> Result<Vec<Slot>, PdfError> {
    let parent = update.pdf().page_tree_root()?;
    let mut all = Vec::new();
    let mut pages = pages_before;
    for leaf in &drawn.leaves {
        let contents = update.add_stream(Dictionary::new(), &leaf.canvas.operators)?;
        let slots: Vec<Object> = leaf.slots.iter().map(|slot| rectangle(*slot)).collect();
        let private = Dictionary::new().with("Sheet", 1).with("Slots", slots);
        let piece = Dictionary::new()
            .with("LastModified", Object::text(signing_time))
            .with("Private", private);
        let page = Dictionary::new()
            .with("Type", Object::name("Page"))
            .with("Parent", parent)
            .with("MediaBox", rectangle([0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT]))
            .with("CropBox", rectangle([0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT]))
            .with("Rotate", 0)
            .with("Resources", resources)
            .with("Contents", contents)
            .with("LastModified", Object::text(signing_time))
            .with("PieceInfo", Dictionary::new().with("Chancery", piece));
        let page = update.add(page);
        update.push(parent, b"Kids", Object::Reference(page))?;
        let page_index = u32::try_from(pages).unwrap_or(u32::MAX);
        all.extend(leaf.slots.iter().map(|rect| Slot {
            page,
            page_index,
            rect: *rect,
        }));
        pages = pages.saturating_add(1);
    }
    let mut root = update.dictionary(parent, "the page tree")?;
    root.set(
        b"Count",
        Object::Integer(i64::try_from(pages).unwrap_or(i64::MAX)),
    );
    update.put(parent, root);
    Ok(all)
}
