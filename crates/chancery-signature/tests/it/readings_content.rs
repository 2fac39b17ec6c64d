//! Signed files whose drawing commands readers take apart differently.
//!
//! Each was drawn by Poppler, PDFium and MuPDF: those that are refused are drawn differently by at
//! least one of them, and those that are not are drawn alike by all.

use crate::forge::Forge;
use crate::readings::{divided, page, signed, varies};

const PRICE: &str = "BT /F1 12 Tf 40 700 Td (Pays 100) Tj ET ";
/// An image of four bytes, without its data.
const IMAGE: &str = "q BI /W 4 /H 1 /BPC 8 /CS /G ID ";

fn stream(entries: &str, content: &str) -> String {
    let length = content.len();
    format!("<<{entries}/Length {length}>>\nstream\n{content}\nendstream")
}

/// The form, whose page draws `content`.
fn drawing(content: &str) -> Forge {
    signed(&[(4, &stream("", content))])
}

/// Goal: what all readers draw alike stays as it was. Method: unusual content of each kind.
#[test]
fn check_10_unusual_content_that_all_draw_alike_is_no_fault() {
    let ordinary = [
        format!("q {PRICE}Q Q Q"),
        format!("q q {PRICE}"),
        "BT /F1 +12. Tf .5 0700.50 Td -0 Ts (Pays 100) Tj ET".to_owned(),
        "BT/F1 12 Tf 40 700 Td[(Pays)-250.5(100)]TJ(\\(x\\))' 0 0<5 0>\" ET".to_owned(),
        format!("5 BT {PRICE}ET 0 0 9 9 re 5 f"),
        format!("{PRICE}0 0 9 9 re W n 50 60 m 70 80 l 5 6 7 8 9 9 c h S"),
        format!("/Span <</MCID 0/A[1 [2]]>> BDC {PRICE}EMC EMC"),
        format!("/DeviceRGB cs 1 0 0 sc /Pattern cs 1 0 0 /P scn 0 g /C cs 1 1 scn {PRICE}"),
        format!("BT {PRICE}q 1 0 0 1 3 0 cm Q /F1 12 Tf 1 0 0 1 4 700 Tm (x) Tj"),
        "BT /F1 12 Tf 1 2 m 3 4 l S 40 700 Td (Pays) Tj ET".to_owned(),
        format!("BX 1 2 new EX {PRICE}"),
        "BT /F1 12 Tf 40 700 Td (a) Tj q 1 0 0 rg Q (b) Tj ET".to_owned(),
        format!("q W* 1 g 0 0 9 9 re f Q {PRICE}"),
        format!("0 0 9 9 re /S sh {IMAGE}abcd\nEI Q f {PRICE}"),
        format!("q W n Q {PRICE}[] 0 d [3 0] 1 d 0 w % a comment (\n{PRICE}"),
        format!("{IMAGE}\0\0\0\0\nEI Q {PRICE}"),
        format!("{IMAGE}\0\0\0\0\0\0 EI Q {PRICE}"),
        format!("q BI /W 1 /H 1 /IM true ID xEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/AHx ID 00 00>\nEI Q {PRICE}"),
    ];
    for content in &ordinary {
        varies(&drawing(content), &[]);
    }
}

/// Goal: what some readers cut is told. Method: names, numbers and texts that are too long, and
/// bytes at which some readers end a name.
#[test]
fn check_10_what_readers_cut_is_told() {
    let shows = |name: &str, text: &str| {
        drawing(&format!(
            "/{name} BMC BT /F1 12 Tf 40 700 Td ({text}) Tj ET EMC"
        ))
    };
    varies(&shows(&"A".repeat(250), &"1".repeat(32_000)), &[]);
    divided(&shows(&"A".repeat(251), "1"), "tokens");
    divided(&shows("A", &"1".repeat(32_768)), "tokens");
    divided(&shows("\u{440}", "1"), "tokens");
    let hexadecimal = "31".repeat(32_768);
    divided(
        &drawing(&format!("BT /F1 12 Tf <{hexadecimal}> Tj ET")),
        "tokens",
    );
    let long = format!("BT /F1 {}12 Tf (1) Tj ET", "0".repeat(47));
    divided(&drawing(&long), "numbers");
    let resources = page("4 0 R", "/XObject<</A\u{440} 20 0 R>>", "");
    divided(&signed(&[(3, &resources)]), "tokens");
    let colours = |palette: &str| {
        let image = format!(
            "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8\
             /ColorSpace[/Indexed/DeviceGray 1({palette})]"
        );
        let drawn = page("4 0 R", "/XObject<</A 20 0 R>>", "");
        signed(&[(3, &drawn), (20, &stream(&image, "0"))])
    };
    varies(&colours("\\n0"), &[]);
    divided(&colours("\r\n0"), "tokens");
}

/// Goal: numbers that are none divide readers. Method: one of each kind in a page.
#[test]
fn check_10_numbers_that_readers_differ_over_are_told() {
    for number in [
        "7-2",
        "--5",
        "+-5",
        "5e1",
        "5.5.5",
        "5,0",
        "0x32",
        "50f",
        "99999999999",
        "140Td",
    ] {
        let content = format!("BT /F1 12 Tf 40 {number} Td (Pays 100) Tj ET");
        divided(&drawing(&content), "numbers");
    }
    divided(
        &drawing("BT /F1 12 Tf 40 700 Td [(Pays)--500(100)] TJ ET"),
        "numbers",
    );
}

/// Goal: operators with other operands than theirs divide readers. Method: too few, too many, and
/// of other kinds.
#[test]
fn check_10_operands_that_readers_differ_over_are_told() {
    for command in [
        "50 Td",
        "9 50 700 Td",
        "/A 700 Td",
        "1 0 0 1 50 Tm",
        "0 1 g",
        "1 1 rg",
        "re",
        "Tj",
        "[/A (x)] TJ",
        "3.0 Tr",
        "9 Tr",
        "-1 Tr",
        "[0 0] 0 d",
        "[-3 3] 0 d",
        "[-3 9] 0 d",
        "[3] 1 d",
        "BMC",
        "/F1 Tf",
        "1 0 0 1 /A 30 cm",
        "scn",
        "50 foo Td",
        "50 700 ] Td",
        "null 700 Td",
        "/DeviceCMYK cs 0 0 0 sc",
        "0 0 0 rg 1 1 1 0 scn",
        "1 G 1 1 1 SC",
    ] {
        let content = format!("BT /F1 12 Tf {command} {PRICE}");
        divided(&drawing(&content), "operands");
    }
    // The colours of a page begin with gray; those of a form are not known.
    divided(&drawing(&format!("1 1 1 sc {PRICE}")), "operands");
}

/// Goal: content that is out of order divides readers. Method: more restored than saved, text
/// that is placed by what came between, paint within a path, and through a path that is none.
#[test]
fn check_10_commands_out_of_order_are_told() {
    for content in [
        format!("Q {PRICE}"),
        format!("q {PRICE}Q Q 0 0 9 9 re f"),
        format!("{PRICE}Q /X Do"),
        format!("Q {IMAGE}\0\0\0\0\nEI Q"),
        "BT /F1 12 Tf q 40 700 Td (a) Tj Q 0 9 Td (b) Tj ET".to_owned(),
        "BT /F1 12 Tf 40 700 Td 1 2 3 4 re f (Pays 100) Tj ET".to_owned(),
        format!("0 0 9 9 re /X Do f {PRICE}"),
        format!("W n {PRICE}"),
        "W* n 0 0 9 9 re f".to_owned(),
        format!("{}{PRICE}", "q ".repeat(600)),
    ] {
        divided(&drawing(&content), "states");
    }
}

/// Goal: tokens that do not end, or end in two ways, divide readers. Method: one of each kind.
#[test]
fn check_10_tokens_that_readers_differ_over_are_told() {
    let nested = format!("{}{} {PRICE}", "[".repeat(300), "]".repeat(300));
    for content in [
        format!("[ {PRICE}"),
        format!("<< {PRICE}"),
        format!("<</A>> {PRICE}"),
        format!("<<A 1>> {PRICE}"),
        format!("/Span <</A 1> BDC {PRICE}"),
        "BT /F1 12 Tf 40 700 Td <50x6> Tj ET".to_owned(),
        "BT /F1 12 Tf 40 700 Td (a\rb) Tj ET".to_owned(),
        "BT /F1 12 Tf 40 700 Td [(a) q (b)] TJ ET".to_owned(),
        "BT /F# 12 Tf 40 700 Td (a) Tj ET".to_owned(),
        "BT /F1#00 12 Tf 40 700 Td (a) Tj ET".to_owned(),
        nested,
        format!("{IMAGE}\0 EI Q {PRICE}"),
        format!("{IMAGE}EI Q EI Q {PRICE}"),
        format!("{IMAGE}\0\0\0\0{PRICE}"),
        format!("{IMAGE}\0\0\0\0EIQ {PRICE}"),
        format!("BI /W 4 /H 1 /BPC 8 /CS ID abcd\nEI Q {PRICE}"),
        format!("BI /W 4 q ID abcd\nEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/AHx ID 00 EI 00>\nEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/A85 ID zz\nEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/Fl ID zz\nEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/RL ID \u{1}\0\nEI Q {PRICE}"),
        format!("q BI /W 2 /H 1 /BPC 8 /CS /G /F/No ID zz\nEI Q {PRICE}"),
        format!("{}{PRICE}", "foo ".repeat(100)),
    ] {
        divided(&drawing(&content), "tokens");
    }
}

/// Goal: words that mean nothing are told without blame. Method: a few, delimiters, and texts
/// that do not end.
#[test]
fn check_17_words_without_meaning_are_told() {
    for content in ["foo ", "1 2 foo ", "] ", "> ", "EX foo "] {
        varies(&drawing(&format!("{content}{PRICE}")), &["content"]);
    }
    for rest in ["(Pays (100)", "<41"] {
        varies(&drawing(&format!("{PRICE}{rest}")), &["content"]);
    }
}

/// Goal: text that some readers leave out divides them. Method: a font that the page lacks, as the
/// only one, as one of two and behind another name; one that a form lacks and nothing else names;
/// and, as it should be, resources from above, of a form and around it, a name in another spelling,
/// and a font that is chosen and not used.
#[test]
fn check_10_text_in_a_font_that_is_not_named_is_told() {
    for content in [
        "BT /G 12 Tf 40 700 Td (Pays 100) Tj ET",
        "BT /F1 12 Tf 40 700 Td (Pays) Tj q /G 12 Tf (100) Tj Q ET",
        "BT /F#322 12 Tf 40 700 Td (Pays 100) Tj ET",
    ] {
        divided(&drawing(content), "names");
    }
    for content in [
        "BT /#46#31 12 Tf 40 700 Td (Pays 100) Tj ET",
        "BT /G 12 Tf /F1 12 Tf 40 700 Td (Pays 100) Tj q /G 12 Tf Q (x) Tj ET",
    ] {
        varies(&drawing(content), &[]);
    }
    let text = "BT /F1 12 Tf 40 700 Td (Pays 100) Tj ET";
    let form = |resources: &str, text: &str| {
        stream(&format!("/Subtype/Form/BBox[0 0 9 9]{resources}"), text)
    };
    let drawn = page("4 0 R", "/XObject<</A 20 0 R>>", "");
    let own = text.replace("F1", "Own");
    for good in [
        form("", text),
        form("/Resources<<>>", text),
        form("/Resources<</Font<</Own 7 0 R>>>>", &own),
    ] {
        varies(&signed(&[(3, &drawn), (20, &good)]), &[]);
    }
    let lacks = form("/Resources<</Font<</F1 7 0 R/Own null>>>>", &own);
    divided(&signed(&[(3, &drawn), (20, &lacks)]), "names");
    let above = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]\
        /Resources<</Font<</F1 7 0 R>>>>>>";
    let bare = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[5 0 R 6 0 R]>>";
    varies(&signed(&[(2, above), (3, bare)]), &[]);
    // One content of two pages, one of which lacks its font.
    let two = above.replace("[3 0 R]/Count 1", "[3 0 R 20 0 R]/Count 2");
    let other = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>";
    divided(&signed(&[(2, &two), (3, bare), (20, other)]), "names");
}

/// Goal: content is looked at wherever it is drawn. Method: a form, an appearance, a pattern, a
/// letter, a page in parts, packed content, and more than is looked at.
#[test]
fn check_10_content_is_looked_at_wherever_it_is_drawn() {
    let wrong = "Q 0 0 9 9 re f";
    let form = stream("/Subtype/Form/BBox[0 0 9 9]", wrong);
    let uses = |resources: &str| page("4 0 R", resources, "");
    let drawn = uses("/XObject<</A 20 0 R>>");
    divided(&signed(&[(3, &drawn), (20, &form)]), "states");
    let stamp = "<</Type/Annot/Subtype/Stamp/F 4/Rect[50 50 90 90]/AP<</N 21 0 R>>>>";
    let bare = stream("/BBox[0 0 9 9]", wrong);
    let annotated = page("4 0 R", "", "/Annots[5 0 R 6 0 R 20 0 R]");
    divided(
        &signed(&[(3, &annotated), (20, stamp), (21, &bare)]),
        "states",
    );
    let pattern = stream(
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9",
        wrong,
    );
    let drawn = uses("/Pattern<</P 20 0 R>>");
    divided(&signed(&[(3, &drawn), (20, &pattern)]), "states");
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65\
        /LastChar 65/Widths[9]/Encoding<</Differences[65/A]>>/CharProcs<</A 20 0 R>>>>";
    let letter = stream("", &format!("9 0 d0 {wrong}"));
    divided(&signed(&[(7, font), (20, &letter)]), "states");

    let form = stream("/Subtype/Form", "0 0 9 9 re f");
    let drawn = uses("/XObject<</A 20 0 R>>");
    divided(&signed(&[(3, &drawn), (20, &form)]), "boxless");
    let bare = stream("", "0 0 9 9 re f");
    divided(
        &signed(&[(3, &annotated), (20, stamp), (21, &bare)]),
        "boxless",
    );

    for (open, rest) in [("9 9 m 0 9 l 0 0 l", "f"), ("BT /F1 12 Tf", "(1) Tj ET")] {
        let form = stream("/Subtype/Form/BBox[0 0 9 9]", open);
        let drawn = uses("/XObject<</A 20 0 R>>");
        let goes_on = |rest: &str| {
            let content = stream("", &format!("{PRICE} /A Do {rest}"));
            signed(&[(3, &drawn), (4, &content), (20, &form)])
        };
        varies(&goes_on(PRICE), &[]);
        divided(&goes_on(rest), "states");
    }

    let parts = |first: &str, second: &str| {
        let page = page("[20 0 R 21 0 R]", "", "");
        signed(&[
            (3, &page),
            (20, &stream("", first)),
            (21, &stream("", second)),
        ])
    };
    varies(
        &parts("q BT /F1 12 Tf 40 700 Td [(Pays)", "(100)] TJ ET Q"),
        &[],
    );
    divided(
        &parts("q BT /F1 12 Tf 40 700 Td (Pays ", "100) Tj ET Q"),
        "tokens",
    );
    divided(&parts(PRICE, "Q 0 0 9 9 re f"), "states");
    let lost = page("[4 0 R null]", "", "");
    divided(&signed(&[(3, &lost)]), "tokens");

    let packed = stream("/Filter/ASCIIHexDecode", &hex::encode(wrong));
    divided(&signed(&[(4, &packed)]), "states");
    let packed = stream(
        "/Filter/ASCIIHexDecode",
        &hex::encode("endstream 0 0 9 9 re f"),
    );
    divided(&signed(&[(4, &packed)]), "states");
    let large = stream(
        "/Filter/ASCII85Decode",
        &format!("{}~>", "z".repeat(17_000_000)),
    );
    divided(&signed(&[(4, &large)]), "large");
}
