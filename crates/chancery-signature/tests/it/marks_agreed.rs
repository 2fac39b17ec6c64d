//! Check 24, places for marks: set aside before signing, set aside later, and how much of a page
//! they may cover.

use crate::forge::*;
use crate::marks::{AMOUNT, Sheet, hides, hides_nothing, report};
use chancery_signature::{Answer, Code};

/// The field `Sig2` as object 12.
pub fn second_field(rect: &str, value: &str) -> (u32, String) {
    let text =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/F 132/P 3 0 R{value}>>");
    (12, text)
}

/// The first signer signs another field, and sees the empty `Sig2` at this place.
pub fn set_aside(rect: &str) -> Forge {
    set_aside_on(&Sheet::new(AMOUNT, ""), rect)
}

fn set_aside_on(sheet: &Sheet, rect: &str) -> Forge {
    set_aside_as(sheet, second_field(rect, ""))
}

pub fn set_aside_as(sheet: &Sheet, field: (u32, String)) -> Forge {
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| ![1, 3].contains(number));
    objects.push(sheet.page(" 12 0 R"));
    objects.extend(sheet.objects.iter().cloned());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 12 0 R]/SigFlags 3>>>>";
    objects.push((1, catalog.to_owned()));
    objects.push(field);
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    forge
}

#[test]
fn check_24_a_place_that_was_set_aside_is_agreed() {
    let mut forge = set_aside("140 698 165 712");
    let mut moved = forge.clone();
    let plan = Plan::new(13, vec![second_field("140 698 165 712", "/V 13 0 R")]);
    forge.sign(&plan, |spans| plain(&house(), spans));
    hides_nothing(&forge);
    // At another place it is another field.
    let plan = Plan::new(13, vec![second_field("100 698 165 712", "/V 13 0 R")]);
    moved.sign(&plan, |spans| plain(&house(), spans));
    assert_ne!(report(&moved).intact, Answer::Yes);
}

/// Goal: whoever set a place aside over text saw the text, and not what would hide it. Method:
/// marks over the amount, one that fills its place, one of letters alone, one that shows nothing;
/// and the first of them over blank paper.
#[test]
fn check_24_a_mark_in_a_place_over_text_tells_what_it_covers() {
    let over = "140 690 165 716";
    let sign = |rect: &str, content: &str| {
        let mut forge = set_aside(rect);
        let look = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 25 26]/Resources<</Font<</F1 7 0 R>>>>\
                /Length {}>>\nstream\n{content}\nendstream",
            content.len()
        );
        let own = second_field(rect, "/AP<</N 14 0 R>>/V 13 0 R");
        let plan = Plan::new(13, vec![own, (14, look)]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        forge
    };
    let filled = "1 g 0 0 25 26 re f BT /F1 8 Tf 0 g 2 5 Td (900) Tj ET";
    hides(&sign(over, filled), "text");
    hides(&sign(over, "40 w 1 G 0 13 m 25 13 l S"), "text");
    hides(&sign(over, "(never closed"), "text");
    let told = |forge: &Forge| {
        let report = report(forge);
        let mut all = report.signatures[0].warnings.iter();
        let mark = all.find(|one| one.code == Code::MarkAdded).expect("a mark");
        mark.args["over"].to_owned()
    };
    let letters = sign(over, "BT /F1 8 Tf 0 g 2 5 Td (Boris) Tj ET");
    hides_nothing(&letters);
    assert_eq!(told(&letters), "text");
    let blank = sign("140 590 165 616", filled);
    hides_nothing(&blank);
    assert_eq!(told(&blank), "nothing");
}

/// Goal: shapes in a place that was set aside are not hidden without a word, and the box that the
/// place was drawn in is nothing. Method: pages with a bar, an image and a box, and two marks on
/// each: one that fills its place, and one of letters; of an image nobody can tell what it shows.
#[test]
fn check_24_a_mark_in_a_place_over_shapes_tells_what_it_covers() {
    let image = "q 10 0 0 10 150 120 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q";
    for (content, filled, letters) in [
        ("0 g 150 110 8 20 re f", None, "drawing"),
        (image, None, "image"),
        (
            "0.9 g 101 101 98 38 re f 0 G 101 101 98 38 re S",
            Some("nothing"),
            "nothing",
        ),
    ] {
        let sheet = Sheet::new(content, "");
        let rect = "100 100 200 140";
        for (mark, expected) in [
            ("1 g 0 0 100 40 re f", filled),
            ("BT /F1 8 Tf 0 g 2 5 Td (Boris) Tj ET", Some(letters)),
        ] {
            let mut forge = set_aside_on(&sheet, rect);
            let look = crate::marks::stream(
                "/Type/XObject/Subtype/Form/BBox[0 0 100 40]/Resources<</Font<</F1 7 0 R>>>>",
                mark,
            );
            let own = second_field(rect, "/AP<</N 14 0 R>>/V 13 0 R");
            forge.sign(&Plan::new(13, vec![own, (14, look)]), |spans| {
                plain(&house(), spans)
            });
            let Some(over) = expected else {
                hides(&forge, letters);
                continue;
            };
            hides_nothing(&forge);
            let report = report(&forge);
            let mut all = report.signatures[0].warnings.iter();
            let told = all.find(|one| one.code == Code::MarkAdded).expect("a mark");
            assert_eq!(&told.args["over"], over, "{content} {mark}");
        }
    }
}

/// Goal: what is agreed has an end, at half a page. Method: places a little smaller and a little
/// larger than that, set aside for the second signer.
#[test]
fn check_24_a_place_that_was_set_aside_covers_half_a_page_at_most() {
    for (rect, expected) in [
        ("0 0 600 399", Answer::Yes),
        ("0 0 600 410", Answer::Undecided),
    ] {
        let mut forge = set_aside(rect);
        let plan = Plan::new(13, vec![second_field(rect, "/V 13 0 R")]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        let report = report(&forge);
        assert_eq!(report.intact, expected, "{rect}");
        let is_told = codes(&report).contains(&"mark_covers_page");
        assert_eq!(is_told, expected != Answer::Yes, "{rect}");
    }
}

/// Goal: marks that are small enough each are not too many together. Method: strips of a tenth of
/// an empty page; the eighth is one too many.
#[test]
fn check_24_small_marks_together_have_a_limit() {
    let sheet = Sheet::new("q Q", "");
    let mut forge = sheet.signed_at("0 0 0 0");
    let mut fields = "5 0 R 6 0 R".to_owned();
    for strip in 0..8_u32 {
        let (number, bottom) = (30 + 2 * strip, 85 * strip);
        let rect = format!("0 {bottom} 590 {}", bottom + 80);
        sheet.mark(&mut forge, number, &fields, &rect, "");
        fields += &format!(" {number} 0 R");
        let report = report(&forge);
        let is_told = codes(&report).contains(&"mark_covers_page");
        assert_eq!(is_told, strip == 7, "{strip}: {:?}", codes(&report));
        assert_eq!(report.intact == Answer::Yes, strip < 7, "{strip}");
    }
}

/// Goal: a place is not agreed because it was prepared in a revision of its own. Method: an empty
/// field over the amount, added behind the first signature, and signed in a third revision.
#[test]
fn check_24_a_place_that_was_set_aside_later_is_not_agreed() {
    let sheet = Sheet::new(AMOUNT, "");
    for (rect, hidden) in [("140 698 165 712", true), ("140 598 165 612", false)] {
        let mut forge = sheet.signed_at("0 0 0 0");
        let catalog =
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
        let field = |value: &str| {
            let text = format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/P 3 0 R{value}>>"
            );
            (10, text)
        };
        forge.update(&[(1, catalog.to_owned()), sheet.page(" 10 0 R"), field("")]);
        let plan = Plan::new(11, vec![field("/V 11 0 R")]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// The second signer's mark in a place that was set aside: `content` in a form with `entries`.
pub fn marked_in(
    sheet: &Sheet,
    rect: &str,
    entries: &str,
    content: &str,
    more: &[(u32, String)],
) -> Forge {
    let mut forge = set_aside_on(sheet, rect);
    let look = crate::marks::stream(
        &format!("/Type/XObject/Subtype/Form/BBox[0 0 100 40]{entries}"),
        content,
    );
    let own = second_field(rect, "/AP<</N 14 0 R>>/V 13 0 R");
    let mut objects = vec![own, (14, look)];
    objects.extend(more.iter().cloned());
    forge.sign(&Plan::new(13, objects), |spans| plain(&house(), spans));
    forge
}

pub const HELVETICA: &str = "/Resources<</Font<</F1 7 0 R>>>>";

/// Goal: what hides letters hides them however it is painted. Method: marks of thin lines, of large
/// letters, of letters over each other and of letters that the file draws, over a line of text; and
/// marks that leave it to be read.
#[test]
fn check_24_thin_lines_and_large_letters_hide_what_is_beneath() {
    let sheet = Sheet::new("BT /F1 8 Tf 110 112 Td (Amount: 1000) Tj ET", "");
    let rect = "100 100 200 140";
    let lines = |step: f64, width: f64| {
        let lines = (0..40).map(|line| {
            let y = f64::from(line) * step;
            format!("0 {y} m 100 {y} l S\n")
        });
        format!("1 G {width} w {}", lines.collect::<String>())
    };
    let row = "BT /F1 12 Tf 0 10 Td (MMMMMMMMM) Tj ET ";
    for content in [
        lines(0.6, 1.0),
        lines(0.5, 0.0),
        "1 G 1.5 w 0 8 m 100 9 l 0 10 l 100 11 l 0 12 l 100 13 l 0 14 l 100 15 l 0 16 l 100 17 l S"
            .to_owned(),
        "1 g BT /F1 800 Tf -60 0 Td (.) Tj ET".to_owned(),
        format!("1 g {row}{row}"),
        // Over the line of text alone, and over its end.
        "1 g 0 10 100 12 re f".to_owned(),
        "1 g 40 0 30 40 re f".to_owned(),
        "1 g 10 5 m 60 5 90 30 20 30 c f".to_owned(),
        "(never closed".to_owned(),
    ] {
        hides(&marked_in(&sheet, rect, HELVETICA, &content, &[]), "text");
    }
    for content in [
        "0 G 1 w 0 14 m 100 14 l S",
        "0 G 1 w 1 1 98 38 re S",
        row,
        "BT /F1 12 Tf 12 TL 0 26 Td (Boris) Tj T* (Signer) Tj ET",
        "1 g 0 22 100 18 re f",
        "0 G 2 w 5 5 m 20 39 40 0 95 30 c S",
    ] {
        hides_nothing(&marked_in(&sheet, rect, HELVETICA, content, &[]));
    }
    // Letters of a font that the file brings may be areas, also where its program can be drawn.
    let program = dejavu::sans::regular().iter();
    let program: String = program.map(|byte| format!("{byte:02x}")).collect();
    for stream in [
        crate::marks::stream("", "glyphs"),
        crate::marks::stream("/Filter/ASCIIHexDecode", &program),
    ] {
        let own = "<</Type/Font/Subtype/TrueType/BaseFont/Helvetica/FirstChar 77/LastChar 77\
            /Widths[863]/FontDescriptor<</FontFile2 16 0 R>>>>";
        let own = [(15, own.to_owned()), (16, stream)];
        let entries = "/Resources<</Font<</F1 15 0 R>>>>";
        hides(&marked_in(&sheet, rect, entries, row, &own), "text");
    }
    // Some readers draw without a box what has one without area: anywhere.
    let empty = "/BBox[0 0 0 0]";
    let forge = marked_in(&sheet, rect, empty, "1 g 0 0 9 9 re f", &[]);
    let report = report(&forge);
    assert_ne!(report.intact, Answer::Yes, "{:?}", codes(&report));
}

/// Goal: a line of text at the edge of a place counts. Method: a mark that fills its place, over
/// lines that stand in the edge, half in it, and with no more than their tails in it.
#[test]
fn check_24_a_line_at_the_edge_of_a_place_is_beneath() {
    for (bottom, hidden) in [
        (101, true),
        (96, true),
        (93, false),
        (131, true),
        (138, true),
        (141, false),
    ] {
        let content = format!("BT /F1 8 Tf 110 {bottom} Td (Amount: 1000) Tj ET");
        let sheet = Sheet::new(&content, "");
        let forge = marked_in(
            &sheet,
            "100 100 200 140",
            HELVETICA,
            "1 g 0 0 100 40 re f",
            &[],
        );
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// Goal: of a scanned page a mark leaves most to be seen. Method: a page that is an image, and
/// marks of an area, of letters, of an image and of the same image with a mask.
#[test]
fn check_24_a_mark_over_a_scanned_page_leaves_it_to_be_seen() {
    let sheet = Sheet::new(
        "q 600 0 0 800 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q",
        "",
    );
    let image = |own: &str, content: &str| {
        let entries = format!(
            "/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray\
                /BitsPerComponent 8{own}"
        );
        crate::marks::stream(&entries, content)
    };
    let objects = |mask: &str| {
        vec![
            (15, image("/SMask 16 0 R", "0000")),
            (16, image("", mask)),
            (17, image("", "0000")),
        ]
    };
    let entries = "/Resources<</Font<</F1 7 0 R>>/XObject<</I 15 0 R/J 17 0 R>>>>";
    for (content, mask, hidden) in [
        ("1 g 0 0 100 40 re f", "", true),
        ("1 g 0 0 100 20 re f", "", true),
        ("1 g 0 0 100 8 re f", "", true),
        (
            "BT /F1 12 Tf 12 TL 2 26 Td (Boris Signer) Tj T* (Director) Tj ET",
            "",
            false,
        ),
        ("q 100 0 0 40 0 0 cm /J Do Q", "", true),
        (
            "q 100 0 0 40 0 0 cm /I Do Q",
            "\u{10}\u{10}\u{20}\u{10}",
            false,
        ),
        ("q 100 0 0 40 0 0 cm /I Do Q", "zzzz", true),
        ("q 100 0 0 40 0 0 cm /I Do Q", "z", true),
    ] {
        let more = objects(mask);
        let forge = marked_in(&sheet, "100 100 200 140", entries, content, &more);
        match hidden {
            true => hides(&forge, "image"),
            false => {
                hides_nothing(&forge);
                let report = report(&forge);
                let mut all = report.signatures[0].warnings.iter();
                let told = all.find(|one| one.code == Code::MarkAdded).expect("a mark");
                assert_eq!((&told.args["over"], &told.args["page"]), ("image", "1"));
            }
        }
    }
}

/// Goal: a place is where its rectangle says, or nowhere. Method: fields that do not turn or grow
/// with their page, set aside and signed; and a mark that is seen on paper only.
#[test]
fn check_24_a_place_that_does_not_go_with_its_page_is_unread() {
    let (rect, filled) = ("100 100 200 140", "1 g 0 0 100 40 re f");
    for (page, flags, what) in [
        ("/Rotate 90", 20, Some("unread")),
        ("", 12, Some("unread")),
        ("", 20, None),
        ("/Rotate 90", 4, None),
    ] {
        let mut sheet = Sheet::new("q Q", "");
        sheet.page += page;
        let field = |value: &str| {
            let (number, text) = second_field(rect, value);
            (number, text.replace("/F 132", &format!("/F {flags}")))
        };
        let mut forge = set_aside_as(&sheet, field(""));
        let look = crate::marks::stream("/Type/XObject/Subtype/Form/BBox[0 0 100 40]", filled);
        let objects = vec![field("/AP<</N 14 0 R>>/V 13 0 R"), (14, look)];
        forge.sign(&Plan::new(13, objects), |spans| plain(&house(), spans));
        match what {
            Some(what) => hides(&forge, what),
            None => hides_nothing(&forge),
        }
    }
    // Printed, and not shown on a screen.
    let sheet = Sheet::new("BT /F1 8 Tf 110 112 Td (Amount: 1000) Tj ET", "");
    let field = |value: &str| {
        let (number, text) = second_field(rect, value);
        (number, text.replace("/F 132", "/F 36"))
    };
    let mut forge = set_aside_as(&sheet, field(""));
    let look = crate::marks::stream("/Type/XObject/Subtype/Form/BBox[0 0 100 40]", filled);
    let objects = vec![field("/AP<</N 14 0 R>>/V 13 0 R"), (14, look)];
    forge.sign(&Plan::new(13, objects), |spans| plain(&house(), spans));
    hides(&forge, "text");
}
