//! Whether every reader draws the same from a file, and draws the same everywhere.
//!
//! A signature protects bytes. What a page shows depends on how a reader takes them, and some
//! files are written so that two readers show two documents, or one shows another on paper than on
//! the screen.

use std::collections::BTreeSet;

use crate::object::{Dictionary, Entry, Object};

/// Why readers draw different things from one file, what the file says of its objects first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Divided {
    /// A reference names another generation of an object than there is: some readers take it, some
    /// take nothing (ISO 32000-2, 7.3.10).
    Generation,
    /// The table of a hybrid file frees what its stream places, and pages draw it (7.5.8.4).
    Hidden,
    /// A dictionary gives one key two values (7.3.7).
    Doubled,
    /// The bytes of a stream hold `endstream`, where some readers end it (7.3.8).
    Ending,
    /// What is drawn stands in another file (7.3.8.2, table 5; 8.10.4).
    External,
    /// An enciphered file has one key for its owner and another for its user, and both of them have
    /// no password; or permissions that were not sealed with the key (7.6.4).
    Keys,
    /// An enciphered file says in two ways how something is enciphered, or something that is drawn
    /// is not what its key makes (7.6); a `/Crypt` filter, of any file (7.4.10).
    Cipher,
    /// An object stream holds an object twice, one within another, a stream, or something else than
    /// its index and the cross-references say (7.5.7).
    Members,
    /// The filters of what is drawn are such that readers find other bytes (7.3.8.2, table 5).
    Filters,
    /// Content has a number that is none (7.3.3).
    Numbers,
    /// An operator of content has other operands than it must (annex A).
    Operands,
    /// Content restores more than it saved, or draws in the midst of something else (8.2).
    States,
    /// Content has tokens that do not end, end in two ways or mean nothing (7.2, 8.9.7).
    Tokens,
    /// Text is shown in a font that no resources name (7.8.3).
    Names,
    /// A form or an appearance does not say how large it is (8.10.2, table 93).
    Boxless,
    /// Content is larger than is looked at.
    Large,
}

impl Divided {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Generation => "generation",
            Self::Hidden => "hidden",
            Self::Doubled => "doubled",
            Self::Ending => "ending",
            Self::External => "external",
            Self::Keys => "keys",
            Self::Cipher => "cipher",
            Self::Members => "members",
            Self::Filters => "filters",
            Self::Numbers => "numbers",
            Self::Operands => "operands",
            Self::States => "states",
            Self::Tokens => "tokens",
            Self::Names => "names",
            Self::Boxless => "boxless",
            Self::Large => "large",
        }
    }
}

/// What makes a document look different from reader to reader, or from screen to paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Varies {
    /// Layers that are not all shown always (8.11.4).
    Layers,
    /// Annotations or images that are only on the screen, or only on paper (12.5.3, 8.9.5.4).
    Paper,
    /// Annotations without an appearance (12.5.5).
    Unpainted,
    /// Values of fields that readers draw themselves (12.7.3).
    Fields,
    /// Fields whose values are others than those that they show (12.7.4.3).
    Values,
    /// Fonts that are only named (9.9).
    Fonts,
    /// Fonts whose codes stand for several letters (9.6.5.4).
    Letters,
    /// Colours that readers make differently (8.6).
    Colours,
    /// Scripts and actions that show and hide (12.6.4).
    Scripts,
    /// A form of its own beside the pages (annex K).
    Xfa,
    /// Film, sound and bodies in space (13).
    Media,
    /// Content with words that mean nothing, which readers pass over.
    Content,
    /// Something that is drawn and is not written as it should be.
    Unread,
}

impl Varies {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Layers => "layers",
            Self::Paper => "paper",
            Self::Unpainted => "unpainted",
            Self::Fields => "fields",
            Self::Values => "values",
            Self::Fonts => "fonts",
            Self::Letters => "letters",
            Self::Colours => "colours",
            Self::Scripts => "scripts",
            Self::Xfa => "xfa",
            Self::Media => "media",
            Self::Content => "content",
            Self::Unread => "unread",
        }
    }
}

/// What a file says of its pages in more than one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Why readers draw different things, if they do.
    pub divided: Option<Divided>,
    /// What depends on the reader, or on screen and paper.
    pub varies: BTreeSet<Varies>,
}

/// Families that every reader has, or has the like of with the same widths (9.6.2.2): their names
/// begin so.
const FAMILIES: [&[u8]; 9] = [
    b"Helvetica",
    b"Courier",
    b"Times",
    b"Symbol",
    b"ZapfDingbats",
    b"Arial",
    b"ArialMT",
    b"CourierNew",
    b"TimesNewRoman",
];

/// Most entries that are compared one by one.
const FEW: usize = 16;

/// Whether a dictionary gives one key two values. Writers that repeat an entry say one thing.
pub(crate) fn has_conflicting_keys(dictionary: &Dictionary) -> bool {
    let entries = dictionary.entries();
    let conflict = |a: &Entry, b: &Entry| a.key == b.key && a.value != b.value;
    if entries.len() <= FEW {
        let mut rest = entries;
        while let [first, others @ ..] = rest {
            if others.iter().any(|other| conflict(first, other)) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    let mut pairs = sorted.windows(2);
    pairs.any(|pair| matches!(pair, [a, b] if conflict(a, b)))
}

/// Whether a font without a program is one that readers choose, being of no family they all have.
pub(crate) fn is_of_readers(font: &Dictionary) -> bool {
    let kinds: [&[u8]; 5] = [
        b"Type1",
        b"MMType1",
        b"TrueType",
        b"CIDFontType0",
        b"CIDFontType2",
    ];
    let kind = font.get(b"Subtype").and_then(Object::as_name);
    if !kind.is_some_and(|kind| kinds.contains(&kind)) {
        return false;
    }
    let name = font.get(b"BaseFont").and_then(Object::as_name);
    let name = name.unwrap_or_default();
    let name = name
        .get(7..)
        .filter(|_| name.get(6) == Some(&b'+'))
        .unwrap_or(name);
    let rest = FAMILIES
        .iter()
        .filter_map(|family| name.strip_prefix(*family));
    let is_known = |rest: &[u8]| {
        let behind = [&b"PSMT"[..], b"PS", b"MT"];
        let rest = behind
            .iter()
            .find_map(|one| rest.strip_prefix(*one))
            .unwrap_or(rest);
        rest.is_empty() || matches!(rest.first(), Some(b'-' | b','))
    };
    !rest.into_iter().any(is_known)
}

/// Kinds that readers draw themselves where they have no appearance.
pub(crate) fn is_drawn_by_readers(subtype: &[u8]) -> bool {
    let kinds: [&[u8]; 12] = [
        b"FreeText",
        b"Line",
        b"Square",
        b"Circle",
        b"Polygon",
        b"PolyLine",
        b"Highlight",
        b"Underline",
        b"Squiggly",
        b"StrikeOut",
        b"Stamp",
        b"Ink",
    ];
    kinds.contains(&subtype)
}

/// Kinds that play or turn.
pub(crate) fn is_media(subtype: &[u8]) -> bool {
    let kinds: [&[u8]; 5] = [b"Screen", b"Movie", b"Sound", b"3D", b"RichMedia"];
    kinds.contains(&subtype)
}

/// Whether an annotation with an appearance is only on the screen, or only on paper (12.5.3, table
/// 167). Notes and links are of the screen by nature.
pub(crate) fn screen_and_paper(annotation: &Dictionary, subtype: &[u8]) -> bool {
    let natural: [&[u8]; 4] = [b"Text", b"Popup", b"Link", b"FileAttachment"];
    if natural.contains(&subtype) || is_media(subtype) || has_no_area(annotation) {
        return false;
    }
    let flags = annotation
        .get(b"F")
        .and_then(Object::as_integer)
        .unwrap_or(0);
    let has = |place: u32| flags & (1 << place) != 0;
    let (hidden, print, no_view, toggles) = (has(1), has(2), has(5), has(8));
    let (screen, paper) = (!hidden && !no_view, print && !hidden);
    screen != paper || toggles && !hidden
}

fn has_no_area(annotation: &Dictionary) -> bool {
    let corners = annotation.get(b"Rect").and_then(Object::as_array);
    let corners: Vec<f64> = corners
        .unwrap_or(&[])
        .iter()
        .filter_map(Object::as_number)
        .collect();
    match corners.as_slice() {
        [left, bottom, right, top] => left == right || bottom == top,
        _ => false,
    }
}
