//! Nothing makes the reader panic, and the canonical form is a fixed point.

use chancery_xml::{Canonical, Document, Limits, Method, Subset, canonicalize};
use proptest::prelude::*;

fn small() -> Limits {
    Limits {
        bytes_max: 4096,
        depth_max: 16,
        ..Limits::default()
    }
}

/// Pieces of markup, so that many of the texts are nearly documents.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<a>",
        "</a>",
        "<b x='1' y=\"&#9;\">",
        "</b>",
        "<p:c xmlns:p='urn:p' p:z='&lt;'/>",
        "<d xmlns='urn:d'>",
        "</d>",
        "<d xmlns=''/>",
        "text",
        "&amp;",
        "&#13;",
        "<!--c-->",
        "<![CDATA[<&]]>",
        "<?p i?>",
        " ",
        "\r\n",
        "ж",
        "<",
        ">",
        "&",
        "]]>",
        "=",
        "\"",
        "'",
        "xmlns:",
        "<!DOCTYPE",
        "<?xml version='1.0'?>",
        "\u{0}",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| format!("<a>{}</a>", pieces.concat()))
}

/// A document that is one by construction.
fn document() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "text",
        "&amp;&#13;",
        "<!--c-->",
        "<![CDATA[<&]]>",
        "<?p i?>",
        "<b y='&#10;\t' x='\"'/>",
        "ж",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(4, 32, 4, |inner| {
        let tag = prop::sample::select(vec![
            ("a", ""),
            ("d", " xmlns='urn:d'"),
            ("d", " xmlns=''"),
            ("p:e", " xmlns:p='urn:p' p:q='1'"),
            ("p:e", " xmlns:p='urn:other' xml:lang='ru'"),
        ]);
        (tag, prop::collection::vec(inner, 0..4)).prop_map(|((name, rest), inside)| {
            format!("<{name}{rest}>{}</{name}>", inside.concat())
        })
    })
    .prop_map(|inside| format!("<r>{inside}</r>"))
}

fn forms() -> Vec<Canonical> {
    [
        Method::Inclusive10,
        Method::Inclusive11,
        Method::Exclusive10,
    ]
    .map(|method| Canonical {
        method,
        comments: true,
        inclusive_prefixes: vec!["p".to_owned()],
    })
    .to_vec()
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = Document::parse(&bytes, &small());
    }

    #[test]
    fn what_is_read_has_a_canonical_form_that_is_read(text in nearly()) {
        if let Ok(read) = Document::parse(text.as_bytes(), &small()) {
            for form in forms() {
                let octets = canonicalize(&read, &Subset::whole(), &form, 1 << 16);
                prop_assert!(octets.is_ok_and(|octets| Document::parse(&octets, &small()).is_ok()));
            }
        }
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form(text in document()) {
        let read = Document::parse(text.as_bytes(), &small());
        let read = read.expect("a document by construction");
        for form in forms() {
            let once = canonicalize(&read, &Subset::whole(), &form, 1 << 16).expect("a form");
            let again = Document::parse(&once, &small()).expect("a document");
            let twice = canonicalize(&again, &Subset::whole(), &form, 1 << 16).expect("a form");
            prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn a_flipped_byte_never_panics(
        text in document(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let _ = Document::parse(&bytes, &small());
    }
}

/// The generator of documents that may be broken makes both kinds.
#[test]
fn the_generator_makes_documents_and_others() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut read = (0, 0);
    for _ in 0..400 {
        let text = nearly().new_tree(&mut runner).expect("a text").current();
        match Document::parse(text.as_bytes(), &small()) {
            Ok(_) => read.0 += 1,
            Err(_) => read.1 += 1,
        }
    }
    assert!(read.0 > 20 && read.1 > 20, "{read:?}");
}
