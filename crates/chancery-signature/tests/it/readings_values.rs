//! Signed files whose fields say one thing and show another, and places for signatures in which
//! some readers paint.

use crate::forge::{Forge, appearance};
use crate::readings::{signed, varies};

fn widget(entries: &str) -> String {
    format!("<</Type/Annot/Subtype/Widget/T(Amount)/Rect[10 10 110 30]/F 4/P 3 0 R{entries}>>")
}

/// A text field with this value that shows this text.
fn field(entries: &str, text: &str) -> Forge {
    let widget = widget(&format!("{entries}/AP<</N 8 0 R>>"));
    signed(&[(5, &widget), (8, &appearance(text))])
}

/// Goal: a field that shows another value than it has is told: programs in which forms are filled
/// out show the value, others what it shows. Method: values and appearances that agree, in several
/// ways of writing, and such that do not.
#[test]
fn check_17_a_field_that_shows_another_value_is_told() {
    for (entries, text) in [
        ("/FT/Tx/V(100)", "(100)"),
        ("/FT/Tx/V(1 000)", "[(1) -278 (000)] TJ ()"),
        ("/FT/Tx/V(one two)", "(one) Tj 0 -9 Td (two)"),
        ("/FT/Tx/V<FEFF0031>", "<31>"),
        ("/FT/Tx/V(na\\357ve)", "(na\\357ve)"),
        ("/FT/Tx/V(10 \\240 \\205)", "(10 \\200 \\226)"),
        ("/FT/Tx", "()"),
        ("/FT/Tx", "(\\240)"),
        ("/FT/Tx/Ff 8192/V(secret)", "(******)"),
        (
            "/FT/Ch/Ff 131072/Opt[[(a)(Alpha)][(b)(Beta)]]/V(b)",
            "(Beta)",
        ),
        ("/FT/Ch/Ff 131072/Opt[(a)(b)]/V(b)", "(b)"),
        ("/FT/Ch/Opt[(a)(b)]/V(b)", "(a) Tj 0 -9 Td (b)"),
    ] {
        varies(&field(entries, text), &[]);
    }
    for (entries, text) in [
        ("/FT/Tx/V(900)", "(100)"),
        ("/FT/Tx/V(100)", "(100) Tj (0)"),
        ("/FT/Tx/V(1000)", "(100)"),
        ("/FT/Tx/V(10 \\240)", "(10)"),
        ("/FT/Tx", "(100)"),
        ("/FT/Ch/Ff 131072/Opt[(900)(100)]/V(900)", "(100)"),
        (
            "/FT/Ch/Ff 131072/Opt[[(a)(Alpha)][(b)(Beta)]]/V(b)",
            "(Alpha)",
        ),
    ] {
        varies(&field(entries, text), &["values"]);
    }
    // From above.
    let above = "<</FT/Tx/T(Amount)/V(900)/Kids[20 0 R]>>";
    let kid =
        "<</Type/Annot/Subtype/Widget/Rect[10 10 110 30]/F 4/P 3 0 R/Parent 5 0 R/AP<</N 8 0 R>>>>";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[20 0 R 6 0 R]>>";
    let forge = |above: &str| signed(&[(5, above), (20, kid), (3, page)]);
    varies(&forge(above), &["values"]);
    varies(&forge(&above.replace("900", "100")), &[]);
    // Hidden, it shows nothing.
    let hidden = widget("/FT/Tx/V(900)/AP<</N 8 0 R>>").replace("/F 4", "/F 2");
    varies(&signed(&[(5, &hidden)]), &[]);
}

/// Goal: what the codes of a font stand for is asked of the font. Method: a field whose appearance
/// is written in a font with names of its own, with a table of its own, and with none.
#[test]
fn check_17_what_a_field_shows_is_read_by_its_font() {
    let shown = |font: &str, text: &str, table: &str| {
        let table = format!("<</Length {}>>\nstream\n{table}\nendstream", table.len());
        let look = appearance(text).replace("/F1 7 0 R", "/F1 20 0 R");
        let widget = widget("/FT/Tx/V(100)/AP<</N 8 0 R>>");
        signed(&[(5, &widget), (8, &look), (20, font), (21, &table)])
    };
    let plain = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica";
    let named = format!("{plain}/Encoding<</Differences[65/one/zero]>>>>");
    varies(&shown(&named, "(ABB)", ""), &[]);
    varies(&shown(&named, "(BAA)", ""), &["values"]);
    let told = format!("{plain}/ToUnicode 21 0 R>>");
    let table = "1 beginbfrange <41> <42> [<0031> <0030>] endbfrange";
    varies(&shown(&told, "(ABB)", table), &[]);
    varies(&shown(&told, "(BAA)", table), &["values"]);
    let pairs = "<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding/Identity-H/ToUnicode 21 0 R\
        /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Helvetica>>]>>";
    let table = "2 beginbfchar <0001> <0031> <0002> <0030> endbfchar";
    varies(&shown(pairs, "<000100020002>", table), &[]);
    varies(&shown(pairs, "<000100020001>", table), &["values"]);
    let untold = pairs.replace("/ToUnicode 21 0 R", "");
    varies(&shown(&untold, "<000100020002>", ""), &["values"]);
}

/// Goal: a box that is ticked for some and not for others is told. Method: states and values that
/// agree, and such that do not.
#[test]
fn check_17_a_box_that_is_ticked_by_its_value_alone_is_told() {
    let ticked = |entries: &str| {
        let widget = widget(&format!(
            "/FT/Btn/AP<</N<</Yes 8 0 R/Off 20 0 R>>>>{entries}"
        ));
        signed(&[(5, &widget), (20, &appearance("()"))])
    };
    for entries in [
        "/V/Yes/AS/Yes",
        "/V/Off/AS/Off",
        "/AS/Off",
        "/V/Other/AS/Off",
    ] {
        varies(&ticked(entries), &[]);
    }
    for entries in ["/V/Yes/AS/Off", "/V/Off/AS/Yes", "/AS/Yes"] {
        varies(&ticked(entries), &["values"]);
    }
}

/// Goal: text that some readers paint over is told. Method: places for a signature over text, over
/// an image, over lines and over nothing; one with an appearance, one that is hidden.
#[test]
fn check_17_an_empty_place_for_a_signature_over_text_is_told() {
    let content = "BT /F1 12 Tf 50 600 Td (Price: 100) Tj ET q 50 0 0 50 50 400 cm /Im Do Q \
        0 G 50 300 m 150 300 l S";
    let content = format!(
        "<</Length {}>>\nstream\n{content}\nendstream",
        content.len()
    );
    let image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8\
        /ColorSpace/DeviceGray/Length 1>>\nstream\nx\nendstream";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>\
        /XObject<</Im 21 0 R>>>>/Annots[5 0 R 6 0 R 20 0 R]>>";
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 20 0 R]/SigFlags 3>>>>";
    let place = |entries: &str| {
        let place = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Next)/P 3 0 R{entries}>>");
        let look = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream";
        signed(&[
            (1, catalog),
            (3, page),
            (4, &content),
            (20, &place),
            (21, image),
            (22, look),
        ])
    };
    for rect in ["[60 590 160 620]", "[60 410 160 430]"] {
        varies(&place(&format!("/F 4/Rect{rect}")), &["unpainted"]);
    }
    for entries in [
        "/F 4/Rect[60 500 160 530]",
        "/F 4/Rect[60 290 160 320]",
        "/F 4/Rect[60 600 60 600]",
        "/F 2/Rect[60 590 160 620]",
        "/F 4/Rect[60 590 160 620]/AP<</N 22 0 R>>",
    ] {
        varies(&place(entries), &[]);
    }
}
