//! Check 24, places for marks: set aside before signing, set aside later, and how much of a page
//! they may cover.

use crate::forge::*;
use crate::marks::{AMOUNT, Sheet, hides, hides_nothing, report};
use chancery_signature::{Answer, Code};

/// The field `Sig2` as object 12.
fn second_field(rect: &str, value: &str) -> (u32, String) {
    let text =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/F 132/P 3 0 R{value}>>");
    (12, text)
}

/// The first signer signs another field, and sees the empty `Sig2` at this place.
fn set_aside(rect: &str) -> Forge {
    set_aside_on(&Sheet::new(AMOUNT, ""), rect)
}

fn set_aside_on(sheet: &Sheet, rect: &str) -> Forge {
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| ![1, 3].contains(number));
    objects.push(sheet.page(" 12 0 R"));
    objects.extend(sheet.objects.iter().cloned());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 12 0 R]/SigFlags 3>>>>";
    objects.push((1, catalog.to_owned()));
    objects.push(second_field(rect, ""));
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
/// each: one that fills its place, and one of letters.
#[test]
fn check_24_a_mark_in_a_place_over_shapes_tells_what_it_covers() {
    let image = "q 10 0 0 10 150 120 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q";
    for (content, filled, letters) in [
        ("0 g 150 110 8 20 re f", None, "drawing"),
        (image, Some("image"), "image"),
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
                hides(&forge, "drawing");
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
