//! Elements of a page of the web among bytes that nobody signed, in ASCII and in UTF-16.
//!
//! A browser takes any bytes before an element for text, shows elements of any name, and styles
//! them by their attributes. Chance makes neither a name with words behind it nor an attribute.

use memchr::memchr_iter;

/// How many characters of text behind a name make it an element: a short one that HTML gives a look
/// of its own, and any other.
const WORDS: usize = 8;
const MORE_WORDS: usize = 12;
/// Longest name that is looked at, in characters.
const NAME_MAX: usize = 64;
/// Most blanks between an attribute and its sign, and longest name of one.
const BLANKS_MAX: usize = 16;
const ATTRIBUTE_MAX: usize = 40;
/// How much of what a style says is looked through.
const STYLE_MAX: usize = 512;
/// How much of it is read again behind another one: longer than the words looked for.
const OVERLAP: usize = 16;

/// Elements by which a page begins, or which show, hide or do something without words behind them.
fn is_known(name: &[u8]) -> bool {
    begins_a_page(name) || is_of_a_page(name)
}

fn begins_a_page(name: &[u8]) -> bool {
    matches!(
        name,
        b"!doctype"
            | b"html"
            | b"head"
            | b"body"
            | b"title"
            | b"script"
            | b"style"
            | b"iframe"
            | b"frameset"
            | b"object"
            | b"embed"
            | b"applet"
            | b"svg"
            | b"math"
            | b"img"
            | b"image"
            | b"table"
            | b"form"
            | b"meta"
            | b"link"
            | b"base"
            | b"div"
            | b"span"
            | b"font"
            | b"center"
            | b"video"
            | b"audio"
            | b"marquee"
            | b"textarea"
            | b"template"
            | b"plaintext"
            | b"xmp"
            | b"listing"
            | b"pre"
            | b"main"
            | b"nav"
            | b"section"
            | b"article"
            | b"aside"
            | b"header"
            | b"footer"
            | b"address"
            | b"blockquote"
            | b"figure"
            | b"fieldset"
            | b"legend"
            | b"label"
            | b"input"
            | b"button"
    )
}

fn is_of_a_page(name: &[u8]) -> bool {
    matches!(
        name,
        b"select"
            | b"option"
            | b"details"
            | b"summary"
            | b"dialog"
            | b"canvas"
            | b"big"
            | b"bdo"
            | b"bdi"
            | b"del"
            | b"ins"
            | b"sub"
            | b"sup"
            | b"mark"
            | b"small"
            | b"strong"
            | b"strike"
            | b"code"
            | b"samp"
            | b"kbd"
            | b"var"
            | b"cite"
            | b"abbr"
            | b"dfn"
            | b"time"
            | b"data"
            | b"output"
            | b"meter"
            | b"progress"
            | b"ruby"
            | b"slot"
            | b"map"
            | b"area"
            | b"picture"
            | b"source"
            | b"noscript"
            | b"nobr"
            | b"dir"
            | b"menu"
            | b"search"
            | b"hgroup"
            | b"noembed"
            | b"noframes"
            | b"datalist"
            | b"frame"
            | b"param"
            | b"portal"
            | b"optgroup"
            | b"basefont"
    )
}

/// Elements of one or two letters that have a look of their own.
fn is_short(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"b"
            | b"i"
            | b"p"
            | b"q"
            | b"s"
            | b"u"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"em"
            | b"tt"
            | b"ul"
            | b"ol"
            | b"li"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"br"
            | b"hr"
            | b"td"
            | b"th"
            | b"tr"
            | b"rb"
            | b"rt"
            | b"rp"
    )
}

/// Those that the rich text of annotations and fields does not use.
fn is_known_in_pdf(name: &[u8]) -> bool {
    matches!(
        name,
        b"!doctype"
            | b"html"
            | b"head"
            | b"script"
            | b"iframe"
            | b"frameset"
            | b"object"
            | b"embed"
            | b"applet"
            | b"svg"
            | b"meta"
            | b"plaintext"
            | b"style"
            | b"math"
            | b"template"
            | b"textarea"
            | b"noembed"
            | b"noframes"
            | b"noscript"
            | b"xmp"
    )
}

/// Characters of one or of two bytes each, from some byte on. Of two bytes one is 0; which of them
/// decides the order, and nothing here.
#[derive(Clone, Copy)]
struct Text<'b> {
    bytes: &'b [u8],
    wide: bool,
}

impl<'b> Text<'b> {
    /// What follows the byte before, if a letter does, in either width.
    fn behind(bytes: &'b [u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        let (bytes, wide) = match first {
            0 => (rest, true),
            _ => (bytes, false),
        };
        let begins = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'!';
        bytes
            .first()
            .is_some_and(begins)
            .then_some(Self { bytes, wide })
    }

    /// The character `index`, if what stands between it and the one before is as it must be.
    fn at(&self, index: usize) -> Option<u8> {
        if !self.wide {
            return self.bytes.get(index).copied();
        }
        let place = index.checked_mul(2)?;
        let between = place.checked_sub(1).map(|at| self.bytes.get(at));
        let filled = between.is_none_or(|between| between == Some(&0));
        self.bytes.get(place).copied().filter(|_| filled)
    }

    /// How many characters from `from` on are such ones, `most` at most.
    fn run(&self, from: usize, most: usize, is_one: impl Fn(u8) -> bool) -> usize {
        let mut characters = from..from.saturating_add(most);
        let end = characters.find(|at| !self.at(*at).is_some_and(&is_one));
        end.map_or(most, |end| end.saturating_sub(from))
    }
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')
}

/// Zero bytes are passed over within text.
fn is_word(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\r' | b'\n' | b' '..=b'~')
}

/// Whether an element stands in `bytes`, or an attribute of one whose name is no text.
pub(crate) fn has_element(bytes: &[u8]) -> bool {
    let is_one = |text: Text<'_>, name: &[u8], behind: usize| {
        let words = || text.run(behind, MORE_WORDS, is_word);
        is_known(name)
            || match words() {
                MORE_WORDS.. => true,
                WORDS.. => is_short(name),
                _ => false,
            }
    };
    has_name(bytes, is_one) || has_attribute(bytes, |_, _| true)
}

/// The same for what came to a PDF after signing, where names stand in brackets, and rich text has
/// elements and styles that place nothing.
pub(crate) fn has_element_in_pdf(bytes: &[u8]) -> bool {
    let mut styles = Styles::default();
    has_name(bytes, |_, name, _| is_known_in_pdf(name))
        || has_attribute(bytes, |name, value| styles.place(name, value))
}

/// Whether a `<` with a name behind it is such an element: given what follows the sign, the name in
/// small letters, and where it ends. Each sign costs a few looks, whatever follows.
fn has_name(bytes: &[u8], is_one: impl Fn(Text<'_>, &[u8], usize) -> bool) -> bool {
    memchr_iter(b'<', bytes).any(|at| {
        let rest = bytes.get(at.saturating_add(1)..).unwrap_or_default();
        let Some(text) = Text::behind(rest) else {
            return false;
        };
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_!".contains(&byte);
        let count = text.run(0, NAME_MAX, is_part);
        if !text.at(count).is_none_or(ends_name) {
            return false;
        }
        let mut name = [0; NAME_MAX];
        for (letter, index) in name.iter_mut().zip(0..count) {
            *letter = text.at(index).unwrap_or_default().to_ascii_lowercase();
        }
        is_one(text, name.get(..count).unwrap_or_default(), count)
    })
}

/// Whether a style is set, or a script that something starts (`onload=`): by an attribute behind
/// what ends a name or another attribute. Its element may have any bytes in its name. `is_one` is
/// asked of the name and of what follows the sign.
fn has_attribute(bytes: &[u8], mut is_one: impl FnMut(&[u8], Text<'_>) -> bool) -> bool {
    memchr_iter(b'=', bytes).any(|equals| {
        let before = |step: usize| bytes.get(equals.checked_sub(step)?).copied();
        let wide = before(1) == Some(0);
        // The characters before the sign, the nearest first.
        let mut read = (1_usize..).map_while(|index| match wide {
            true => {
                let place = index.checked_mul(2)?;
                before(place).filter(|_| before(place.saturating_sub(1)) == Some(0))
            }
            false => before(index),
        });
        let mut blanks = read.by_ref().take(BLANKS_MAX);
        let last = blanks.find(|byte| !byte.is_ascii_whitespace());
        let Some(last) = last.filter(u8::is_ascii_alphabetic) else {
            return false;
        };
        let (mut name, mut apart) = ([0; ATTRIBUTE_MAX], None);
        let mut count = 0_usize;
        for byte in std::iter::once(last).chain(read) {
            let Some(letter) = name.get_mut(count).filter(|_| byte.is_ascii_alphabetic()) else {
                apart = Some(byte);
                break;
            };
            *letter = byte.to_ascii_lowercase();
            count = count.saturating_add(1);
        }
        let name = name.get_mut(..count).unwrap_or_default();
        name.reverse();
        let is_apart = apart.is_none_or(|byte| ends_name(byte) || matches!(byte, b'"' | b'\''));
        let known = name == b"style" || name.starts_with(b"on") && count > 4;
        let step = if wide { 2 } else { 1 };
        let rest = bytes.get(equals.saturating_add(step)..).unwrap_or_default();
        is_apart && known && is_one(name, Text { bytes: rest, wide })
    })
}

/// Whether a style says where something stands, or is written so that its words are not seen; rich
/// text does neither, and has no scripts. Styles that stand within others are read once.
#[derive(Default)]
struct Styles {
    /// Up to where it was looked, counted from the end.
    left: Option<usize>,
}

impl Styles {
    fn place(&mut self, name: &[u8], value: Text<'_>) -> bool {
        if name != b"style" {
            return true;
        }
        let width = if value.wide { 2 } else { 1 };
        let (own, left) = (value.bytes.len(), self.left.unwrap_or(usize::MAX));
        let known = own.saturating_sub(left) / width;
        let from = match left {
            usize::MAX => 0,
            _ => known.saturating_sub(OVERLAP),
        };
        let count = value.run(from, STYLE_MAX, |byte| is_word(byte) && byte != b'>');
        let end = from.saturating_add(count);
        self.left = Some(own.saturating_sub(end.saturating_mul(width)).min(left));
        let said: Vec<u8> = (from..end)
            .filter_map(|at| value.at(at))
            .map(|byte| byte.to_ascii_lowercase())
            .collect();
        let words: [&[u8]; 5] = [b"position", b"animation", b"url(", b"\\", b"/*"];
        let mut words = words.iter();
        words.any(|word| memchr::memmem::find(&said, word).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_37_what_begins_like_elements_is_read_in_one_pass() {
        for text in [
            "<",
            "<a",
            "<a>\x01",
            "<\0a\0",
            "=",
            "s=",
            "   =",
            " style=abcd",
            "< style",
            "onload ",
        ] {
            let bytes = text.as_bytes().repeat(4 * 1024 * 1024 / text.len());
            let is_style = text.contains("style=");
            assert_eq!(has_element(&bytes), is_style, "{text:?}");
            assert!(!has_element_in_pdf(&bytes), "{text:?}");
        }
    }

    /// Rich text has styles of letters; where something stands the page says.
    #[test]
    fn check_15_a_style_of_rich_text_places_nothing() {
        for (text, places) in [
            ("<p style=\"font:12pt Arial;text-align:left\">", false),
            ("<span style='color:#f00'>position</span>", false),
            ("<x-y style=\"Position:fixed;top:0\">", true),
            ("<x-y\x01 STYLE = 'top:0;position:absolute'>", true),
            ("<p style=\"p\\6fsition:fixed\">", true),
            ("<p style=\"pos/**/ition:fixed\">", true),
            ("<p style=\"color:red\" style=\"position:fixed\">", true),
            ("<p onload=\"alert(1)\">", true),
            ("<div>", false),
            ("<template>", true),
        ] {
            assert_eq!(has_element_in_pdf(text.as_bytes()), places, "{text}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(has_element_in_pdf(&wide), places, "{text}");
        }
    }
}
