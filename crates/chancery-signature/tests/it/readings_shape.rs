//! Signed files whose pages, images, annotations or filters are written otherwise than the standard
//! writes them: each was drawn differently by at least one of Poppler, PDFium and MuPDF.

use crate::forge::Forge;
use crate::readings::{divided, signed, varies};

const PRICE: &str = "BT /F1 12 Tf 40 700 Td (Pays 100) Tj ET";

fn stream(entries: &str, content: &str) -> String {
    let length = content.len();
    format!("<<{entries}/Length {length}>>\nstream\n{content}\nendstream")
}

fn page_with(entries: &str) -> String {
    format!(
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
            /Annots[5 0 R 6 0 R]{entries}>>"
    )
}

/// Goal: of filters that readers undo differently nobody is told that a page is as it was signed.
/// Method: the page's content packed in one way, and in ways that lead readers to other bytes.
#[test]
fn check_10_filters_that_readers_undo_differently_are_told() {
    let hex: String = PRICE.bytes().map(|byte| format!("{byte:02x}")).collect();
    let packed = |entries: &str| signed(&[(4, &stream(entries, &format!("{hex}>")))]);
    for plain in [
        "/Filter/ASCIIHexDecode",
        "/Filter[/ASCIIHexDecode]/DecodeParms[null]",
        "/Filter/ASCIIHexDecode/DecodeParms<</Predictor 1>>",
    ] {
        varies(&packed(plain), &[]);
    }
    for entries in [
        "/Filter/ASCIIHexDecode/DP<</Predictor 12>>",
        "/Filter/ASCIIHexDecode/DecodeParms[<<>>]",
        "/Filter[/ASCIIHexDecode]/DecodeParms<<>>",
        "/Filter/ASCIIHexDecode/DecodeParms<</Predictor 12.0>>",
        "/Filter/ASCIIHexDecode/DecodeParms<</Predictor 16>>",
        "/Filter/ASCIIHexDecode/DecodeParms<</Colors 100>>",
        "/Filter/ASCIIHexDecode/DecodeParms<</Columns 200.0>>",
    ] {
        divided(&packed(entries), "filters");
    }
}

/// Goal: a page that readers find, turn or cut in ways of their own is told. Method: boxes, turns,
/// and a tree that says one thing from above and another from below.
#[test]
fn check_17_pages_that_readers_find_or_cut_differently_are_told() {
    let of_page = |entries: &str| signed(&[(3, &page_with(entries))]);
    for plain in [
        "/Rotate 90",
        "/CropBox[10 10 500 700]",
        "/MediaBox[0 0 600 800.5]",
    ] {
        varies(&of_page(plain), &[]);
    }
    for entries in [
        "/Rotate 45",
        "/Rotate 90.0",
        "/Rotate(90)",
        "/CropBox[700 900 800 950]",
        "/CropBox[0 0 0 0]",
        "/CropBox[0 0 9]",
        "/CropBox(a)",
        "/MediaBox[0 0 4294967296 800]",
        "/Kids[]",
    ] {
        varies(&of_page(entries), &["unread"]);
    }
    let tree = |text: &str| signed(&[(2, text)]);
    let own = "/MediaBox[0 0 600 800]";
    varies(
        &tree(&format!("<</Type/Pages/Kids[3 0 R]/Count 1{own}>>")),
        &[],
    );
    varies(
        &tree(&format!("<</Type/Pages/Kids[3 0 R]/Count 2{own}>>")),
        &["unread"],
    );
    varies(
        &tree(&format!("<</Type/Pages/Kids[3 0 R null]/Count 1{own}>>")),
        &["unread"],
    );
    let below = page_with("").replace("/Parent 2 0 R", "/Parent 20 0 R");
    let other = format!("<</Type/Pages/Kids[]/Count 0{own}>>");
    varies(&signed(&[(3, &below), (20, &other)]), &["unread"]);
}

/// Goal: an image that readers decode in ways of their own is told. Method: an image as it should
/// be, with short keys, numbers that are not whole, colours that are missing, masks of masks.
#[test]
fn check_17_images_that_readers_decode_differently_are_told() {
    let drawn = |image: &str, others: &[(u32, &str)]| {
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[5 0 R 6 0 R]/Resources<<\
            /Font<</F1 7 0 R>>/XObject<</Im 30 0 R>>>>>>";
        let image = stream(&format!("/Type/XObject/Subtype/Image{image}"), "abcd");
        let content = stream("", "q 9 0 0 9 40 40 cm /Im Do Q");
        let mut all = vec![(3, page), (4, content.as_str()), (30, image.as_str())];
        all.extend(others);
        signed(&all)
    };
    let sized = "/Width 2/Height 2/BitsPerComponent 8";
    let mask = |entries: &str| stream(&format!("/Subtype/Image{sized}{entries}"), "abcd");
    let gray = format!("{sized}/ColorSpace/DeviceGray");
    let soft = mask("/ColorSpace/DeviceGray");
    varies(&drawn(&gray, &[]), &[]);
    varies(&drawn(&format!("{gray}/Decode[1 0]/Mask[0 9]"), &[]), &[]);
    varies(&drawn("/Width 2/Height 2/ImageMask true", &[]), &[]);
    varies(&drawn(&format!("{gray}/SMask 31 0 R"), &[(31, &soft)]), &[]);
    let twice = mask("/ColorSpace/DeviceGray/SMask 32 0 R");
    for (image, others) in [
        (format!("{gray}/D[1 0]"), vec![]),
        (format!("{gray}/IM true"), vec![]),
        (gray.replace("Component 8", "Component 8.0"), vec![]),
        (gray.replace("Component 8", "Component 3"), vec![]),
        (gray.replace("/Width 2", "/Width 2.0"), vec![]),
        (sized.to_owned(), vec![]),
        (format!("{gray}/Decode[(a) 1]"), vec![]),
        (format!("{gray}/Mask[0.0 0.9]"), vec![]),
        (format!("{gray}/ImageMask(true)"), vec![]),
        (
            format!("{gray}/SMask 31 0 R"),
            vec![(31, twice.as_str()), (32, &soft)],
        ),
    ] {
        varies(&drawn(&image, &others), &["unread"]);
    }
}

fn annotated(entries: &str) -> Forge {
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R 20 0 R]>>";
    let look = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12>>\nstream\n0 0 9 9 re f\
        \nendstream";
    let annotation = format!("<</Type/Annot{entries}>>");
    signed(&[(3, page), (20, &annotation), (21, look)])
}

/// Goal: annotations that some readers show and some do not are told. Method: kinds that bring an
/// appearance of which readers do not ask, states that are none, flags, places without a size.
#[test]
fn check_17_annotations_that_only_some_readers_show_are_told() {
    let at = "/Rect[50 50 90 90]/F 4";
    varies(
        &annotated(&format!("/Subtype/Stamp{at}/AP<</N 21 0 R>>")),
        &[],
    );
    varies(
        &annotated("/Subtype/Link/Rect[50 50 90 90]/Border[0 0 1]"),
        &[],
    );
    for entries in [
        format!("/Subtype/Popup{at}/AP<</N 21 0 R>>"),
        format!("/Subtype/Link{at}/AP<</N 21 0 R>>"),
        format!("/Subtype/FileAttachment{at}/AP<</N 21 0 R>>"),
        "/Subtype/Link/Rect[50 50 90 90]/Border[0 0 20]".to_owned(),
        "/Subtype/Stamp/Rect[50 50 90 90]/F 5/AP<</N 21 0 R>>".to_owned(),
        "/Subtype/Stamp/Rect[50 50 50 50]/F 4/AP<</N 21 0 R>>".to_owned(),
        format!("/Subtype/Stamp{at}/AP<</N<</A 21 0 R>>>>"),
        format!("/Subtype/Stamp{at}/AP<</N<</A 21 0 R>>>>/AS/B"),
        format!("/Subtype/Stamp{at}/AP<</N<</A 21 0 R>>>>/AS(A)"),
    ] {
        varies(&annotated(&entries), &["unpainted"]);
    }
}

/// Goal: a letter that readers draw as another one is told. Method: a font that every reader has,
/// with names of letters that it has, and with names that only some readers know.
#[test]
fn check_17_names_of_letters_that_some_readers_know_are_told() {
    let font = |names: &str| {
        let font = format!(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[60{names}]>>>>"
        );
        signed(&[(7, &font)])
    };
    varies(
        &font("/zero/one/two/Euro/.notdef/eacute/bullet/quotesingle/space"),
        &[],
    );
    for name in [
        "/uni0039",
        "/u0039",
        "/nine.alt",
        "/g39",
        "/afii10017",
        "/nine_one",
        "/x39",
    ] {
        varies(&font(name), &["fonts"]);
    }
}
