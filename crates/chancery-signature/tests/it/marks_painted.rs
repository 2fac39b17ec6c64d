//! Check 24, drawings beneath a mark: whatever is painted there and is neither one even ground nor
//! a rule of a table is told.

use crate::forge::*;
use crate::marks::{Sheet, form, hides, hides_nothing, stream};

/// Where the marks of these tests stand: 40 by 40 points.
const OVER: &str = "120 120 160 160";
const SHADINGS: &str = "/Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 400 0]\
    /Extend[true true]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>>>\
    /T<</ShadingType 2/ColorSpace/DeviceGray/Coords[139 0 140 0]\
    /Extend[true true]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>>>>>";

/// Goal: nobody paints over a bar, a triangle, a digit of boxes or a stamp without its being told.
/// Method: pages with a few filled and stroked shapes and no text, each beneath a mark, and the
/// same pages with the mark elsewhere.
#[test]
fn check_24_shapes_beneath_a_mark_are_told() {
    for content in [
        // A bar of a chart, whole and with only its end beneath the mark.
        "0.2 g 125 125 10 20 re f",
        "0.2 g 125 20 10 120 re f",
        "125 125 m 135 145 l 145 125 l f",
        "8 w 122 130 m 150 130 l S",
        "1 w 122 122 m 150 150 l S",
        // The digit 1 of three boxes, and another of thin lines.
        "125 125 15 3 re f 131 125 3 28 re f 126 148 5 3 re f",
        "0.5 w 125 125 m 140 125 l 132 125 m 132 150 l 126 148 m 132 148 l S",
        // An even ground with something on it, in its own colour's contrary.
        "0 0 1 rg 0 0 600 800 re f 1 g 130 125 6 25 re f",
        // Bars, and an area made of lines.
        "126 122 1.5 37 re f 129 122 1.5 37 re f 132 122 1.5 37 re f",
        "122 130 37 1 re f 122 131 37 1 re f 122 132 37 1 re f",
        // A box with a hole.
        "130 130 20 20 re 135 135 10 10 re f*",
        // Painted through the outline of something.
        "130 125 m 136 150 l 142 125 l h W n 0 0 600 800 re f",
        "130 125 6 25 re W n 0 0 600 800 re f",
        "130 125 6 25 re W n /S sh",
        "/S sh 0 0 400 400 re W n /T sh",
        // See-through grounds are grounds; what is on them is seen.
        "/G gs 0 0 600 800 re f 1 g 130 125 6 25 re f",
    ] {
        let extra = format!("/ExtGState<</G<</ca 0.5>>>>{SHADINGS}");
        let sheet = Sheet::new(content, &extra);
        let what = match content.contains("/T sh") {
            true => "image",
            false => "drawing",
        };
        hides(&sheet.marked(OVER), what);
        if !content.contains("/T sh") {
            hides_nothing(&sheet.marked("300 300 360 360"));
        }
    }
}

/// Goal: grounds, panels, tables and frames are no drawings. Method: what programs that write
/// documents paint beneath text, with a mark on it that covers no end of it.
#[test]
fn check_24_grounds_panels_and_rules_are_no_drawings() {
    for content in [
        "1 g 0 0 600 800 re f",
        "1 1 1 rg 0 0 600 800 re f 0 0 0 0 k 130 130 10 10 re f",
        "0.9 0.9 1 rg 50 50 400 400 re f",
        "0 0 1 rg 0 0 600 800 re f 1 g 100 100 200 200 re f 130 130 5 5 re f",
        // A panel with round corners, filled and framed.
        "0.8 g 0 G 90 100 m 90 95 95 90 100 90 c 290 90 l 295 90 300 95 300 100 c \
            300 290 l 300 295 295 300 290 300 c 100 300 l 95 300 90 295 90 290 c h B",
        // Cells of a table, their borders in pieces of one row each.
        "100 140 200 0.5 re f 140 100 0.5 14 re f 140 114 0.5 14 re f 140 128 0.5 14 re f \
            140 142 0.5 14 re f 140 156 0.5 14 re f",
        "0.5 w 100 140 m 300 140 l S 0 1 -1 0 0 0 cm 100 -130 m 300 -130 l S",
        "[3 2] 0 d 100 130 m 190 130 l S",
        // Double lines, and rows of seven and a half points.
        "122 130 37 0.5 re f 122 132 37 0.5 re f 122 139.5 37 0.5 re f 122 147 37 0.5 re f",
        // A line to sign on.
        "1 w 122 124 m 158 124 l S",
        "q 100 100 300 200 re W n 0.9 g 0 0 600 800 re f Q",
        "/S sh",
        "/C cs 1 1 1 sc 0 0 600 800 re f 130 130 10 10 re f",
        "/G gs 0 0 600 800 re f",
    ] {
        let extra = format!("/ExtGState<</G<</ca 0.5>>>>/ColorSpace<</C 21 0 R>>{SHADINGS}");
        let space = "[/CalRGB<</WhitePoint[0.95 1 1.09]>>]";
        hides_nothing(&Sheet::new(content, &extra).with(21, space).marked(OVER));
    }
    // A colour of which nothing is known is not white.
    let space = "[/CalRGB<</WhitePoint[0.95 1 1.09]>>]";
    let sheet = Sheet::new(
        "/C cs 1 1 1 sc 130 130 10 10 re f",
        "/ColorSpace<</C 21 0 R>>",
    );
    hides(&sheet.with(21, space).marked(OVER), "drawing");
}

/// Goal: a ground that may not be there is none. Method: a dark ground that is drawn in a layer, in
/// a mask, through letters, or with colours that the page explains anew, and dark digits on it.
#[test]
fn check_24_a_ground_that_may_not_be_seen_hides_no_drawing() {
    let digit = "0 g 130 125 6 25 re f";
    for ground in [
        "/OC /L BDC 0 g 0 0 600 800 re f EMC",
        "q 0 g 7 Tr BT /F1 9 Tf 1 0 0 1 400 400 Tm (a) Tj ET 0 0 600 800 re f Q",
        "q /M gs 0 g 0 0 600 800 re f Q",
        "q 0 g /O gs 0 0 600 800 re f Q",
        "/X Do",
        "/Y Do",
    ] {
        let extra = "/XObject<</X 21 0 R/Y 22 0 R>>/Properties<</L 23 0 R>>\
            /ExtGState<</M<</BM/Difference>>/O<</op true>>>>";
        let sheet = Sheet::new(&format!("{ground} {digit}"), extra)
            .with(21, &form("/OC 23 0 R", "0 g 0 0 600 800 re f"))
            .with(
                22,
                &stream(
                    "/Type/XObject/Subtype/Form/BBox[0 0 90 90]",
                    "0 g 0 0 600 800 re f",
                ),
            )
            .with(23, "<</Type/OCG/Name(L)>>");
        hides(&sheet.marked(OVER), "drawing");
    }
    let remapped = "/ColorSpace<</DefaultGray[/CalGray<</WhitePoint[1 1 1]>>]>>";
    hides(
        &Sheet::new("1 g 130 125 6 25 re f", remapped).marked(OVER),
        "drawing",
    );
}

/// Goal: a drawn stamp is signed content. Method: an annotation of the signed revision that paints
/// boxes, in black on white and in white on the dark ground of its page.
#[test]
fn check_24_a_stamp_of_shapes_is_told() {
    for (ground, boxes, expected) in [
        ("", "0 g 4 4 8 20 re f", true),
        ("0 g 0 0 600 800 re f", "1 g 4 4 8 20 re f", true),
        ("", "1 g 4 4 8 20 re f", false),
    ] {
        let stamp = "<</Type/Annot/Subtype/Stamp/Rect[125 125 155 155]/F 4/AP<</N 24 0 R>>>>";
        let forge = marked_over(ground, stamp, Some(boxes));
        match expected {
            true => hides(&forge, "drawing"),
            false => hides_nothing(&forge),
        }
    }
}

/// A page with one annotation, signed, and a mark over [`OVER`] after that.
fn marked_over(ground: &str, annotation: &str, look: Option<&str>) -> Forge {
    let mut sheet = Sheet::new(ground, "").with(23, annotation);
    if let Some(look) = look {
        let look = stream("/Type/XObject/Subtype/Form/BBox[0 0 30 30]", look);
        sheet = sheet.with(24, &look);
    }
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| ![3, 8].contains(number));
    objects.push(sheet.page(" 23 0 R"));
    objects.extend(sheet.objects.iter().cloned());
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let widget = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{OVER}]/F 132/P 3 0 R/V 11 0 R>>"
    );
    let objects = vec![
        (1, catalog.to_owned()),
        sheet.page(" 23 0 R 10 0 R"),
        (10, widget),
    ];
    forge.sign(&Plan::new(11, objects), |spans| plain(&house(), spans));
    forge
}

/// Goal: what readers draw for an annotation that brings no appearance counts where they draw it.
/// Method: lines, inks, shapes and markings whose points lie far outside their rectangle, wide
/// frames of links, buttons with a caption; the same beside the mark, and a thin frame.
#[test]
fn check_24_annotations_without_an_appearance_are_where_readers_draw_them() {
    const FAR: &str = "/Rect[10 300 20 310]/F 4";
    for (drawn, what) in [
        (format!("/Subtype/Line/L[100 130 300 130]{FAR}"), "text"),
        (
            format!("/Subtype/Line/L[180 130 300 130]/BS<</W 4>>{FAR}"),
            "text",
        ),
        (
            format!("/Subtype/Ink/InkList[[100 130 300 130][1 1]]{FAR}"),
            "text",
        ),
        (
            format!("/Subtype/Polygon/Vertices[100 130 300 130 200 200]{FAR}"),
            "text",
        ),
        (
            format!("/Subtype/Highlight/QuadPoints[100 140 200 140 100 130 200 130]{FAR}"),
            "text",
        ),
        (
            format!("/Subtype/Line/L[100 30 300 30]/LL 90/LLE 5{FAR}"),
            "text",
        ),
        // A sign of one size, and words along a line that stand beside it.
        (
            "/Subtype/Text/Rect[100 180 101 181]/F 28".to_owned(),
            "text",
        ),
        (
            format!("/Subtype/Line/L[300 330 400 330]/Cap true/CO[0 -180]/Contents(100){FAR}"),
            "text",
        ),
        (
            "/Subtype/Watermark/Rect[0 0 1 1]/FixedPrint<</Type/FixedPrint>>".to_owned(),
            "unread",
        ),
        (
            format!("/Subtype/Line/L[100 130 300 130]/AP<</N null>>{FAR}"),
            "text",
        ),
        (
            "/Subtype/Link/Rect[130 130 300 300]/Border[0 0 12]".to_owned(),
            "drawing",
        ),
        (
            "/Subtype/Widget/FT/Btn/T(B)/Rect[130 130 150 150]/MK<</CA(100)>>".to_owned(),
            "drawing",
        ),
    ] {
        let annotation = format!("<</Type/Annot{drawn}>>");
        hides(&marked_over("", &annotation, None), what);
    }
    for drawn in [
        format!("/Subtype/Line/L[300 330 400 330]{FAR}"),
        "/Subtype/Link/Rect[130 130 300 300]".to_owned(),
        "/Subtype/Link/Rect[130 130 140 140]/Border[0 0 0]".to_owned(),
        "/Subtype/Popup/Rect[130 130 300 300]".to_owned(),
        "/Subtype/Widget/FT/Btn/T(B)/Rect[130 130 150 150]".to_owned(),
    ] {
        hides_nothing(&marked_over("", &format!("<</Type/Annot{drawn}>>"), None));
    }
}

/// Goal: letters that a file draws itself are where they leave paint, whatever their widths say.
/// Method: fonts whose one letter paints far above its line and far beside it, one that paints
/// where it says, and one whose letter shows a letter of the same font.
#[test]
fn check_24_letters_drawn_by_the_file_are_where_they_paint() {
    let sheet = |drawing: &str| {
        let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 10 10]/FontMatrix[.1 0 0 .1 0 0]\
            /CharProcs<</a 22 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97\
            /Widths[1]/Resources<</Font<</F3 21 0 R>>>>>>";
        let mut sheet = Sheet::new("BT /F1 10 Tf 20 100 Td (a) Tj ET", "");
        sheet.page = sheet.page.replace("7 0 R", "21 0 R");
        sheet.with(21, font).with(22, &stream("", drawing))
    };
    hides(&sheet("1 0 d0 115 40 20 10 re f").marked(OVER), "text");
    hides(&sheet("1 0 d0 115 5 20 30 re f").marked(OVER), "text");
    hides_nothing(&sheet("1 0 d0 0 0 8 8 re f").marked(OVER));
    let endless = "1 0 d0 BT /F3 10 Tf (a) Tj ET";
    hides(&sheet(endless).marked(OVER), "unread");
}

/// Goal: what readers draw beyond what a file says counts. Method: corners of wide lines that are
/// drawn far behind where they meet, a window of a comment that brings a look, a list without one,
/// a field that its form wants drawn anew.
#[test]
fn check_24_what_readers_draw_themselves_is_beneath() {
    let spike = "20 w 1000 M 20 139 m 60 140 l 20 141 l S";
    hides(&Sheet::new(spike, "").marked(OVER), "drawing");
    for short in [
        "20 w 20 139 m 60 140 l 20 141 l S",
        "20 w 1000 M 1 j 20 139 m 60 140 l 20 141 l S",
    ] {
        hides_nothing(&Sheet::new(short, "").marked(OVER));
    }
    let look = "BT /F1 9 Tf 2 2 Td (100) Tj ET";
    let window = "<</Type/Annot/Subtype/Popup/Rect[130 130 160 160]/AP<</N 24 0 R>>>>";
    hides(&marked_over("", window, Some(look)), "text");
    let list = "<</Type/Annot/Subtype/Widget/FT/Ch/T(L)/Opt[(100)]/Rect[130 130 160 160]>>";
    hides(&marked_over("", list, None), "text");
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(L)/V(100)/Rect[130 130 160 160]\
        /AP<</N 24 0 R>>>>";
    for (asked, hidden) in [("true", true), ("false", false)] {
        let empty = stream("/Type/XObject/Subtype/Form/BBox[0 0 30 30]", "q Q");
        let sheet = Sheet::new("", "").with(23, field).with(24, &empty);
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.retain(|(number, _)| ![1, 3, 8].contains(number));
        let catalog = |more: &str| {
            let text = format!(
                "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 23 0 R{more}]\
                    /SigFlags 3/NeedAppearances {asked}>>>>"
            );
            (1, text)
        };
        objects.extend([catalog(""), sheet.page(" 23 0 R")]);
        objects.extend(sheet.objects.iter().cloned());
        forge.update(&objects);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{OVER}]/F 132/P 3 0 R/V 11 0 R>>"
        );
        let objects = vec![
            catalog(" 10 0 R"),
            sheet.page(" 23 0 R 10 0 R"),
            (10, widget),
        ];
        forge.sign(&Plan::new(11, objects), |spans| plain(&house(), spans));
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
}

/// Long thin lines that make letters, and such lines as tables and forms have.
#[test]
fn check_24_letters_made_of_rules_are_told() {
    let over = "100 100 300 200";
    for letter in [
        "120 110 m 120 190 l S",
        "120 110 m 120 190 l 120 150 m 160 150 l 160 110 m 160 190 l S",
        "120 110 m 120 190 l 160 190 l S",
        "120 110 m 160 110 l 120 110 m 120 190 l 120 150 m 160 150 l 120 190 m 160 190 l S",
        "100 190 m 180 190 l 140 190 m 140 110 l S",
    ] {
        hides(&Sheet::new(letter, "").marked(over), "drawing");
    }
    for lines in [
        "120 110 m 220 110 l S",
        "120 110 80 50 re 120 135 m 200 135 l 160 110 m 160 160 l S",
        "50 110 m 350 110 l 50 150 m 350 150 l 50 110 m 50 150 l 200 110 m 200 150 l S",
        "120 110 m 220 110 l S 250 50 m 250 250 l S",
    ] {
        hides_nothing(&Sheet::new(lines, "").marked(over));
    }
}

/// Goal: what a form lacks among its own resources it finds around, as most readers do. Method:
/// forms, letters and comments that name a form, a font or a state of the page.
#[test]
fn check_24_what_a_form_lacks_is_looked_for_around_it() {
    let place = "90 690 250 715";
    let text = "BT /F1 12 Tf 100 700 Td (Price: 100) Tj ET";
    let inner = || form("/Resources<</Font<</F1 7 0 R>>>>", text);
    let around = "/XObject<</Outer 21 0 R/Inner 22 0 R>>/ExtGState<</G<</Font[7 0 R 12]>>>>";
    let sheet = |entries: &str, content: &str| {
        Sheet::new("/Outer Do", around)
            .with(21, &form(entries, content))
            .with(22, &inner())
    };
    for own in [
        "/Resources<<>>",
        "/Resources<</XObject<</Other 22 0 R>>>>",
        "/Resources<</XObject<</Inner null>>>>",
    ] {
        hides(&sheet(own, "/Inner Do").marked(place), "text");
        hides_nothing(&sheet(own, "/Inner Do").marked("300 300 360 340"));
        hides(
            &sheet(own, "BT /F1 12 Tf ET").marked("300 300 360 340"),
            "unread",
        );
        hides(&sheet(own, "/G gs").marked("300 300 360 340"), "unread");
    }
    hides_nothing(&sheet("/Resources<<>>", "/Nowhere Do /No gs").marked(place));
    // Letters that content draws, and comments: whose page is around them is not known.
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[1 0 0 1 0 0]/FirstChar 97\
        /Widths[1]/Encoding<</Differences[97/a]>>/CharProcs<</a 24 0 R>>>>";
    let mut drawn = Sheet::new("BT /F1 1 Tf (a) Tj ET", around)
        .with(22, &inner())
        .with(23, font)
        .with(24, &stream("", "1 0 d0 /Inner Do"));
    drawn.page = drawn.page.replace("/F1 7 0 R", "/F1 23 0 R");
    hides(&drawn.marked(place), "unread");
    let letter = "BT /F1 12 Tf 0 0 Td (1) Tj ET";
    for (rect, content, what) in [
        ("300 300 330 330", "/Inner Do", Some("unread")),
        ("100 100 200 200", letter, Some("text")),
        ("300 300 330 330", letter, None),
    ] {
        let comment = format!("<</Type/Annot/Subtype/Stamp/Rect[{rect}]/F 4/AP<</N 24 0 R>>>>");
        let forge = marked_over("", &comment, Some(content));
        match what {
            Some(what) => hides(&forge, what),
            None => hides_nothing(&forge),
        }
    }
}
