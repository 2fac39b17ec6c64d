//! Check 24, marks in places that were set aside: paint that nobody sees takes a sign, a digit or a
//! clause away; and what honest tools leave beside and around a mark.

use crate::forge::*;
use crate::marks::{AMOUNT, Sheet, form, hides, hides_nothing, report, stream};
use crate::marks_agreed::{HELVETICA, marked_in, second_field, set_aside, set_aside_as};
use chancery_signature::Answer;

const RECT: &str = "100 100 200 140";

/// Goal: what may have the colour of the paper takes nothing of a line of text away, however thin
/// it is. Method: a line of text, and white strips over its minus, its first digit, the tail of its
/// comma, white lines, letters and strokes of letters; and the same in ink, which is seen.
#[test]
fn check_24_white_paint_takes_no_sign_of_a_text_away() {
    let sheet = Sheet::new("BT /F1 16 Tf 110 112 Td (-1,000.00) Tj ET", "");
    for content in [
        "1 g 9.5 0 4 40 re f",
        "1 g 15.5 0 3.4 40 re f 19.1 0 3.4 40 re f",
        "1 g 0 8 100 3 re f",
        "1 G 0.7 w 0 14 m 100 14 l S",
        "0 0 0 0.1 k 30 12 1.5 1.5 re f",
        "BT /F1 12 Tf 1 g 10 12 Td (MMMM) Tj ET",
        "BT /F1 12 Tf 8 w 2 Tr 1 G 10 12 Td (MMMM) Tj ET",
    ] {
        hides(&marked_in(&sheet, RECT, HELVETICA, content, &[]), "text");
    }
    for content in [
        "0 G 0.7 w 0 14 m 100 14 l S",
        "BT /F1 12 Tf 0 g 10 12 Td (MMMM) Tj ET",
        "BT /F1 12 Tf 0.4 w 2 Tr 0 g 0 G 10 12 Td (MMMM) Tj ET",
        // Over the line of text.
        "1 g 0 26 100 14 re f",
    ] {
        hides_nothing(&marked_in(&sheet, RECT, HELVETICA, content, &[]));
    }
}

/// Goal: small print is text. Method: a strip over a line of six points.
#[test]
fn check_24_small_print_is_hidden_by_a_small_strip() {
    let sheet = Sheet::new("BT /F1 6 Tf 110 112 Td (not agreed at all) Tj ET", "");
    for colour in ["0 g", "1 g"] {
        let content = format!("{colour} 0 11.5 100 3.4 re f");
        hides(&marked_in(&sheet, RECT, HELVETICA, &content, &[]), "text");
    }
}

/// Goal: letters leave letters to be read as far as they are letters, beside each other. Method:
/// dark letters with wide strokes, over each other by spacing and by widths, pressed together, and
/// of a font whose codes are blocks; dense lines.
#[test]
fn check_24_letters_over_each_other_hide_what_is_beneath() {
    let sheet = Sheet::new("BT /F1 8 Tf 110 112 Td (Amount: 1000) Tj ET", "");
    let row = |more: &str| format!("BT /F1 12 Tf 0 g {more} 0 10 Td (MMMMMMMMMM) Tj ET");
    let lines: String = (0..40)
        .map(|line| format!("0 {line}.5 m 100 {line}.5 l S\n"))
        .collect();
    for content in [
        row("8 w 2 Tr"),
        row("8 w 1 Tr"),
        row("-8 Tc"),
        row("20 Tz"),
        format!("0 G 0.69 w {lines}"),
    ] {
        hides(&marked_in(&sheet, RECT, HELVETICA, &content, &[]), "text");
    }
    hides_nothing(&marked_in(&sheet, RECT, HELVETICA, &row(""), &[]));
    let entries = "/Resources<</Font<</F1 15 0 R>>>>";
    for (own, hidden) in [
        ("/FirstChar 77/LastChar 77/Widths[100]", true),
        ("/FirstChar 77/LastChar 77/Widths[833]", false),
        ("/Encoding<</Differences[77/block]>>", true),
        ("/Encoding<</Differences[77/uni2588]>>", true),
        ("/Encoding/MacExpertEncoding", true),
        ("/Encoding<</Differences[77/afii10030]>>", false),
        ("/Encoding/WinAnsiEncoding", false),
    ] {
        let font = format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold{own}>>");
        let forge = marked_in(&sheet, RECT, entries, &row(""), &[(15, font)]);
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// Goal: a border that readers draw hides what it stands over. Method: a place with borders of
/// several widths, filled without an appearance and with a colour for the border.
#[test]
fn check_24_a_border_that_readers_draw_is_a_mark() {
    let sheet = Sheet::new("BT /F1 8 Tf 110 112 Td (Sum: 100) Tj ET", "");
    for (border, hidden) in [
        ("/BS<</W 16>>", true),
        ("/BS<</W 8/S/B>>", true),
        ("/Border[0 0 16]", true),
        ("/BS<</W 1>>", false),
        ("/BS<</W 0>>", false),
    ] {
        let field = |value: &str| second_field(RECT, &format!("{border}{value}"));
        let mut forge = set_aside_as(&sheet, field(""));
        let own = field("/MK<</BC[1 1 1]>>/V 13 0 R");
        forge.sign(&Plan::new(13, vec![own]), |spans| plain(&house(), spans));
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// Goal: of a scanned page nothing is taken away that nobody sees. Method: a page that is an image,
/// with text that is not shown over it, and strips of a part of the place.
#[test]
fn check_24_a_strip_over_a_scanned_page_hides_a_clause() {
    let image = "q 600 0 0 800 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q";
    let read = "BT 3 Tr /F1 8 Tf 110 130 Td (Amount: 1000) Tj ET";
    for content in [image.to_owned(), format!("{image} {read}")] {
        let sheet = Sheet::new(&content, "");
        for (mark, hidden) in [
            ("1 g 0 5 100 8 re f", true),
            ("1 g 30 5 10 3 re f", true),
            ("0 g 0 5 40 6 re f", true),
            ("BT /F1 8 Tf 0 g 2 5 Td (Boris) Tj ET", false),
            ("0 G 1 w 2 5 m 30 15 40 2 60 12 c S", false),
        ] {
            let forge = marked_in(&sheet, RECT, HELVETICA, mark, &[]);
            match hidden {
                true => hides(&forge, "image"),
                false => hides_nothing(&forge),
            }
        }
    }
}

/// Goal: a form is seen in its box. Method: the first signer's mark with a line of text that its
/// box cuts off, and the second signer's where the rest of it would stand; and within the box.
#[test]
fn check_24_the_text_of_a_mark_ends_with_its_box() {
    let sheet = Sheet::new("q Q", "");
    for (rect, hidden) in [("210 100 300 140", false), ("150 100 190 140", true)] {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.retain(|(number, _)| ![3, 5, 8].contains(number));
        objects.push(sheet.page(""));
        let empty = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/Rect[10 10 110 30]/P 3 0 R>>";
        objects.push((5, empty.to_owned()));
        objects.extend(sheet.objects.iter().cloned());
        forge.update(&objects);
        let look = stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 100 40]/Resources<</Font<</F1 7 0 R>>>>",
            "BT /F1 12 Tf 5 10 Td (Signed by somebody with a very long name indeed) Tj ET",
        );
        let own = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/Rect[100 100 200 140]/F 132/P 3 0 R\
            /AP<</N 14 0 R>>/V 9 0 R>>";
        let objects = vec![(6, own.to_owned()), (14, look)];
        forge.sign(&Plan::new(9, objects), |spans| plain(&house(), spans));
        sheet.mark(&mut forge, 30, "5 0 R 6 0 R", rect, "");
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// Goal: a widget that is signed may say on which page it stands. Method: a place without `/P`, and
/// a signature that names its page, and another object.
#[test]
fn check_24_a_signed_field_may_name_its_page() {
    for (page, allowed) in [("3 0 R", true), ("2 0 R", false)] {
        let field = |more: &str| {
            let (number, text) = second_field("140 590 165 616", more);
            (number, text.replace("/P 3 0 R", ""))
        };
        let mut forge = set_aside_as(&Sheet::new(AMOUNT, ""), field(""));
        let own = field(&format!("/P  {page}/V 13 0 R"));
        forge.sign(&Plan::new(13, vec![own]), |spans| plain(&house(), spans));
        let report = report(&forge);
        assert_eq!(
            report.intact == Answer::Yes,
            allowed,
            "{:?}",
            codes(&report)
        );
    }
}

/// Goal: what nothing refers to and what says nothing is left behind by honest tools. Method: an
/// empty form beside a second signature; one with a program, and one that something refers to.
#[test]
fn check_24_an_empty_form_that_nothing_refers_to_is_left_behind() {
    let left = form("", "");
    let full = form("", "0 g 0 0 9 9 re f");
    for (object, entry, allowed) in [
        (&left, "", true),
        (&full, "", false),
        (&left, "/AP<</N 40 0 R>>", true),
    ] {
        let mut forge = set_aside("140 590 165 616");
        let own = second_field("140 590 165 616", &format!("{entry}/V 13 0 R"));
        let objects = vec![own, (40, object.clone())];
        forge.sign(&Plan::new(13, objects), |spans| plain(&house(), spans));
        let report = report(&forge);
        assert_eq!(
            report.intact == Answer::Yes,
            allowed,
            "{:?}",
            codes(&report)
        );
    }
}

/// Goal: a number that was counted and never written is none. Method: an entry at the start of the
/// file before the first signature; a second signature; and an entry within the header.
#[test]
fn check_16_a_number_that_was_never_written_is_no_unread_object() {
    for (place, allowed) in [(0, true), (3, false)] {
        let mut forge = Forge::empty();
        forge.update(&form_objects());
        forge.finish(&[(30, place)]);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        countersign(&mut forge, &house(), "0 0 0 0", "", plain);
        let report = report(&forge);
        assert_eq!(
            report.intact == Answer::Yes,
            allowed,
            "{:?}",
            codes(&report)
        );
    }
}
