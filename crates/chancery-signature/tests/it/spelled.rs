//! Later revisions that say the same in other words, of which readers make another thing: numbers,
//! names and nothing; marks where no place is; states and values that stand where they do not
//! belong.

use crate::fields_shown::{filled, widget};
use crate::forge::*;
use crate::marks::{AMOUNT, Sheet, form, report, stream};
use chancery_signature::Answer;

/// The form with `first` among its objects, signed; then `later` is written.
fn rewritten(first: &[(u32, &str)], later: &[(u32, &str)]) -> Answer {
    let forge = filled(first, later);
    report(&forge).intact
}

/// Goal: an object that was written anew says what it said, in a way in which every reader reads
/// the same. Method: a page, a node of the tree and a stamp, written with other numbers, names and
/// with `null`; beside them, what readers read alike.
#[test]
fn check_16_what_is_spelled_otherwise_is_another_value() {
    let page = |more: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                /Annots[5 0 R 6 0 R]{more}>>"
        )
    };
    let zeros = "0".repeat(300);
    let first = page("/Rotate 90/MediaBox[0 0 600 800]");
    let is = |more: &str| rewritten(&[(3, &first)], &[(3, &page(more))]);
    assert_eq!(is("/Rotate 90/MediaBox[0 0 600 800.0]"), Answer::Yes);
    for more in [
        "/Rotate 90.0/MediaBox[0 0 600 800]".to_owned(),
        format!("/Rotate {zeros}90/MediaBox[0 0 600 800]"),
        "/Rotate 90/MediaBox[0 0 600 800]/CropBox null".to_owned(),
        "/Rotate 90/MediaBox[0 0 600 800]/Contents#00 7 0 R".to_owned(),
        "/Rotate 18446744073709551706/MediaBox[0 0 600 800]".to_owned(),
    ] {
        assert_ne!(is(&more), Answer::Yes, "{more}");
    }
    let tree =
        |more: &str| format!("<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]{more}>>");
    let is = |more: &str| rewritten(&[(2, &tree(""))], &[(2, &tree(more))]);
    assert_eq!(is("/Mark 1"), Answer::Yes, "a private mark means nothing");
    for more in [
        "/Rotate#00 90",
        "/Kids#00 null",
        "/Rot#61te 90",
        "/Count#2e 0",
    ] {
        assert_ne!(is(more), Answer::Yes, "{more}");
    }
}

/// Goal: as above, for objects beneath. Method: lists, strings and numbers that are objects of
/// their own; where the numbers of a list are a place, they may be whole or not.
#[test]
fn check_16_lists_and_strings_are_compared_as_they_are_written() {
    let is = |old: &str, new: &str| rewritten(&[(20, old)], &[(20, new)]);
    for (old, new) in [
        ("<</Rect[1 2 3 4]>>", "<</Rect[1.0 2 3 4]>>"),
        ("<</C[1 0 0]>>", "<</C[1. .0 0]>>"),
        ("(a\nb)", "(a\\nb)"),
        ("(a)", "<61>"),
    ] {
        assert_eq!(is(old, new), Answer::Yes, "{new}");
    }
    for (old, new) in [
        ("[1 2]", "[1.0 2]"),
        ("[36 60 600]", "[36.0 60 600]"),
        ("<</Size[2]>>", "<</Size[2.0]>>"),
        ("<</Mask[0 0]>>", "<</Mask[0.0 0.0]>>"),
        ("(a\nb)", "(a\rb)"),
        ("(a\r\nb)", "(a\r\nb)"),
        ("<</Indexed(\n\n)>>", "<</Indexed(\r\n\n)>>"),
    ] {
        assert_ne!(is(old, new), Answer::Yes, "{new}");
    }
}

/// Goal: nothing that a later signature brings is too thin, too small or nowhere. Method: marks of
/// thin strips, of a rectangle without area or without numbers, of an appearance without a box or
/// beyond every sheet; beside them, an invisible signature whose appearance is empty.
#[test]
fn check_24_marks_have_a_place_and_a_size() {
    let sheet = Sheet::new(AMOUNT, "").with(30, &form("", "1 g 0 0 600 800 re f"));
    let without_box = stream("/Type/XObject/Subtype/Form", "1 g 0 0 600 800 re f");
    let sheet = sheet.with(31, &without_box).with(32, &form("", " \n"));
    let flat = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Matrix[1 0 0 0 0 0]";
    let sheet = sheet.with(33, &stream(flat, "1 g 0 0 600 800 re f"));
    let intact = |rect: &str, look: u32| {
        let mut forge = sheet.signed_at("0 0 0 0");
        let extra = format!("/AP<</N {look} 0 R>>");
        sheet.mark(&mut forge, 10, "5 0 R 6 0 R", rect, &extra);
        report(&forge).intact
    };
    assert_eq!(intact("0 0 0 0", 32), Answer::Yes, "an empty appearance");
    assert_eq!(
        intact("400 100 500 130", 30),
        Answer::Yes,
        "beside the text"
    );
    for (rect, look) in [
        ("100 703 170 703.4", 30),
        ("160 700 160 700", 30),
        ("0 0 0 0", 30),
        ("400 100 500 130", 31),
        ("400 100 500 130", 33),
        ("400 100 4294967296 130", 30),
        ("400 100 /a 130", 30),
        ("0 0 0 0", 31),
    ] {
        assert_ne!(intact(rect, look), Answer::Yes, "{rect} {look}");
    }
}

/// Goal: what readers draw of a field is what the field says. Method: states that are no names,
/// values in the widget beneath a field, a look for all fields that draws a button's caption.
#[test]
fn check_20_states_and_values_stand_where_they_belong() {
    let ticks = "/AP<</N<</Yes 8 0 R/Off 10 0 R>>>>";
    let look = form("", "0 0 9 9 re f");
    let blank = form("", "");
    let box_of = |more: &str| widget(&format!("/FT/Btn{ticks}{more}"));
    let first = box_of("/V/Off/AS/Off");
    let is = |more: &str| {
        let objects = [(5, first.as_str()), (8, &look), (10, &blank)];
        rewritten(&objects, &[(5, &box_of(more))])
    };
    assert_eq!(is("/V/Yes/AS/Yes"), Answer::Yes);
    for more in [
        "/V/Off/AS(Yes)",
        "/V/Off/AS[/Yes]",
        "/V/Off",
        "/V/Yes/AS(Yes)",
        "/AS/Yes",
    ] {
        assert_ne!(is(more), Answer::Yes, "{more}");
    }
    let field = |value: &str| format!("<</FT/Tx/T(Amount)/Kids[20 0 R]{value}>>");
    let kid = |value: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/Parent 5 0 R/Rect[10 10 110 30]/P 3 0 R\
                /DA(/F1 12 Tf 0 g){value}>>"
        )
    };
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[20 0 R 6 0 R]>>";
    let shown = appearance("(100)");
    let is = |value: &str, own: &str| {
        let objects = [(3, page), (5, &field("")), (20, &kid(""))];
        let full = kid(&format!("/AP<</N 21 0 R>>{own}"));
        rewritten(&objects, &[(5, &field(value)), (20, &full), (21, &shown)])
    };
    assert_eq!(is("/V(100)", ""), Answer::Yes);
    assert_eq!(is("/V(100)", "/V(100)"), Answer::Yes);
    assert_ne!(is("/V(100)", "/V(999)"), Answer::Yes);
}

/// Goal: one name is one field, found in one way. Method: a new signature with the name of a field
/// that was there; two fields of one name of which one is filled; a widget that names another
/// parent than the field whose kid it is; the order of the fields turned round.
#[test]
fn check_20_a_field_has_a_name_of_its_own_and_one_place() {
    let written = |name: &str| {
        let mut forge = Forge::form();
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig{name}/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>"
        );
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
            /Annots[5 0 R 6 0 R 10 0 R]>>";
        let catalog =
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
        let objects = vec![(1, catalog.to_owned()), (3, page.to_owned()), (10, field)];
        forge.sign(&Plan::new(11, objects), |spans| plain(&house(), spans));
        report(&forge).intact
    };
    let named = |name: &str| written(&format!("/T({name})"));
    assert_eq!(named("Sig2"), Answer::Yes);
    assert_eq!(written("/T<FEFF00530032>"), Answer::Yes);
    for name in [
        "",
        "/T()",
        "/T/Sig2",
        "/T(Sig2.)",
        "/T(Sig\\n2)",
        "/T<FEFF001B0065006E001B00530032>",
        "/T<FFFE53003200>",
        "/T(Sig2)/Parent 5 0 R",
        "/T(Sig2)/Kids[<</T(Amount)>>]",
    ] {
        assert_ne!(written(name), Answer::Yes, "{name}");
    }
    assert_ne!(named("Amount"), Answer::Yes);
    let catalog = |fields: &str| {
        format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]/SigFlags 3>>>>")
    };
    assert_ne!(
        rewritten(&[], &[(1, &catalog("6 0 R 5 0 R"))]),
        Answer::Yes,
        "turned round"
    );
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 20 0 R 6 0 R]>>";
    let shown = appearance("(100)");
    let twice = |name: &str| {
        let other = format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/Rect[10 50 110 70]/P 3 0 R/DA(/F1 9 Tf)>>"
        );
        let all = catalog("5 0 R 20 0 R 6 0 R");
        let objects = [
            (1, all.as_str()),
            (3, page),
            (5, &widget("/FT/Tx")),
            (20, &other),
        ];
        let full = widget("/FT/Tx/V(100)/AP<</N 21 0 R>>");
        rewritten(&objects, &[(5, &full), (21, &shown)])
    };
    assert_eq!(twice("Other"), Answer::Yes);
    assert_ne!(twice("Amount"), Answer::Yes);
}
