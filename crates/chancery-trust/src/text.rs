//! Values out of elements: shown texts, whole numbers, moments, Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Instant;
use chancery_xml::{Element, XML_NAMESPACE};

/// Longest text that is kept of a field, in characters.
const CHARACTERS_MAX: usize = 2000;

/// One line of text as it may be shown: white space joined, what could forge a display replaced.
pub(crate) fn shown(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = |c: char| {
        let hostile = c.is_control()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
                | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
        if hostile { '\u{fffd}' } else { c }
    };
    joined.chars().take(CHARACTERS_MAX).map(safe).collect()
}

/// The text of an element, if it has one.
pub(crate) fn text_of(element: Element<'_>) -> Option<String> {
    Some(shown(&element.text())).filter(|text| !text.is_empty())
}

/// The text of the first child of this name.
pub(crate) fn child_text(element: Element<'_>, namespace: &str, local: &str) -> Option<String> {
    text_of(element.child(namespace, local)?)
}

/// The text of an attribute, if it is there and not empty.
pub(crate) fn attribute_text(element: Element<'_>, local: &str) -> Option<String> {
    Some(shown(element.attribute(local)?)).filter(|text| !text.is_empty())
}

/// The English one of several texts in different languages, else the first.
pub(crate) fn preferred(element: Element<'_>, namespace: &str, local: &str) -> Option<String> {
    let is_english = |one: &Element<'_>| {
        one.attributes()
            .any(|attribute| attribute.namespace == XML_NAMESPACE && attribute.value == "en")
    };
    let english = element.named(namespace, local).find(is_english);
    text_of(english.or_else(|| element.child(namespace, local))?)
}

/// A moment as XML writes it; without a zone it is UTC.
pub(crate) fn moment(text: &str) -> Option<Instant> {
    let zoned = text.parse().ok();
    zoned.or_else(|| format!("{text}Z").parse().ok())
}

/// The moment in the first child of this name.
pub(crate) fn child_moment(element: Element<'_>, namespace: &str, local: &str) -> Option<Instant> {
    moment(element.child(namespace, local)?.text().trim())
}

/// The bytes of a Base64 text.
pub(crate) fn base64_of(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(packed)
        .ok()
        .filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_shown() {
        for hidden in [
            '\u{ad}', '\u{34f}', '\u{61c}', '\u{115f}', '\u{180e}', '\u{3164}', '\u{fe0f}',
        ] {
            assert_eq!(shown(&format!("a{hidden}b")), "a\u{fffd}b");
        }
        assert_eq!(shown("a\u{2028} b"), "a b");
    }
}
