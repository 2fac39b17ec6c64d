//! Tokens from bytes that lie.

use super::*;
use crate::write;

fn parse(text: &[u8]) -> Result<Object, PdfError> {
    Parser::new(text, 0, 10, 100).object()
}

fn written(text: &[u8]) -> String {
    let mut out = Vec::new();
    write::object(&mut out, &parse(text).unwrap());
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn each_kind_of_object_is_read_and_written() {
    for (text, expected) in [
        ("true", "true"),
        (" %comment\n null ", "null"),
        ("-17", "-17"),
        ("+.5", "0.5"),
        ("4.", "4"),
        ("-0.002", "-0.002"),
        ("12 0 R", "12 0 R"),
        ("12\n0 %\n R", "12 0 R"),
        ("0000000012 0 R", "12 0 R"),
        ("4294967295 65535 R", "4294967295 65535 R"),
        ("4294967296", "4294967296"),
        ("[1 65536 3 0 R]", "[1 65536 3 0 R]"),
        ("[1 0 R/R 2 0 R]", "[1 0 R /R 2 0 R]"),
        ("[12 0 R 12 0]", "[12 0 R 12 0]"),
        ("[1 2 3 0 R/A(b)<</C[]>>]", "[1 2 3 0 R /A (b) <</C[]>>]"),
        ("/A#42#20#2F", "/AB#20#2F"),
        ("/", "/"),
        ("(a\\(b\\)\\101\\n\\\n(c))", "(a\\(b\\)A\\n\\(c\\))"),
        ("(a\r\nb)", "(a\\nb)"),
        ("<48 65 6>", "<486560>"),
        ("<4865Ff>", "<4865FF>"),
        ("<>", "<>"),
        ("<</A 1/B/C/D<AB>>>", "<</A 1/B/C/D<AB>>>"),
    ] {
        assert_eq!(written(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn what_is_no_object_is_refused_where_it_breaks() {
    for text in [
        "", "(a", "<4", "<4x>", "[1", "<</A", "<</A 1", "<<1 2>>", "--", "1x", "nul", ">", "<4g>",
        "<4865", "[1 0 Rx]",
    ] {
        assert!(
            matches!(parse(text.as_bytes()), Err(PdfError::Damaged { .. })),
            "{text}"
        );
    }
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    assert!(parse(b"[[[[[[[[[[]]]]]]]]]]").is_ok());
    let deep = parse(b"[[[[[[[[[[[]]]]]]]]]]]");
    assert_eq!(
        deep,
        Err(PdfError::LimitExceeded {
            limit: "depth_max",
            max: 10
        })
    );
    assert!(parse(format!("[{}]", "0 ".repeat(99)).as_bytes()).is_ok());
    let many = parse(format!("[{}]", "0 ".repeat(100)).as_bytes());
    assert_eq!(
        many,
        Err(PdfError::LimitExceeded {
            limit: "values_max",
            max: 100
        })
    );
    // Depth is given back: siblings are not nested.
    assert!(parse(format!("[{}]", "[]".repeat(50)).as_bytes()).is_ok());
}

#[test]
fn spans_hold_exactly_the_tokens() {
    let text = b"  <</Contents <00ff> /N 1>> rest";
    let mut parser = Parser::new(text, 0, 10, 100);
    let Object::Dictionary(dictionary) = parser.object().unwrap() else {
        panic!()
    };
    assert_eq!(&text[dictionary.span()], b"<</Contents <00ff> /N 1>>");
    let contents = dictionary.entry(b"Contents").unwrap();
    assert_eq!(&text[contents.value_span.clone()], b"<00ff>");
    assert!(!dictionary.has_duplicate_keys());
}

#[test]
fn a_key_that_stands_twice_is_seen_and_the_last_one_counts() {
    let Object::Dictionary(twice) = parse(b"<</A 1/B 2/#41 3>>").unwrap() else {
        panic!()
    };
    assert!(twice.has_duplicate_keys());
    assert_eq!(twice.get(b"A"), Some(&Object::Integer(3)));
}

#[test]
fn a_header_needs_both_numbers_and_the_word() {
    let header = |text: &str| Parser::new(text.as_bytes(), 0, 1, 1).object_header();
    assert_eq!(
        header("12 3 obj<<"),
        Some(ObjectId {
            number: 12,
            generation: 3
        })
    );
    assert_eq!(
        header("\n 12 3 obj"),
        Some(ObjectId {
            number: 12,
            generation: 3
        })
    );
    for text in [
        "12 obj",
        "12 3 objx",
        "-1 0 obj",
        "4294967296 0 obj",
        "1 65536 obj",
        "xref",
    ] {
        assert_eq!(header(text), None, "{text}");
    }
}

/// Some readers cut long names, and end names at bytes that are letters to others.
#[test]
fn names_are_short_and_end_for_all_alike() {
    let name = |bytes: &[u8]| parse(&[b"/", bytes].concat());
    assert!(name(&[b'A'; 250]).is_ok());
    assert!(name(&[b'A'; 251]).is_err());
    assert!(name("\u{430}".as_bytes()).is_ok());
    // The letter has the byte 80.
    assert!(name("\u{440}".as_bytes()).is_err());
    assert!(name(b"A\xffB").is_err());
    assert!(name(b"A#ffB").is_ok());
}

#[test]
fn a_carriage_return_in_a_string_is_known_for_it() {
    for (text, form) in [
        (&b"(a\nb)"[..], StringForm::Literal),
        (b"(a\\r\\\r\nb)", StringForm::Literal),
        (b"(a\rb)", StringForm::Folded),
        (b"(a\r\nb)", StringForm::Folded),
        (b"(a\\377b)", StringForm::Literal),
        (b"(a\\400b)", StringForm::Folded),
    ] {
        let Ok(Object::String(string)) = parse(text) else {
            panic!("a string");
        };
        assert_eq!(string.form, form, "{text:?}");
    }
}
