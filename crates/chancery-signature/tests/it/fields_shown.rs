//! Check 20, what a filled field may say and show: fonts, states, options, fields that are closed.

use crate::forge::*;
use crate::marks::report;
use chancery_signature::{Answer, Indication};

/// The form of `forge.rs` with these objects instead of its own, signed, and then with others.
pub fn filled(signed: &[(u32, &str)], later: &[(u32, &str)]) -> Forge {
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| signed.iter().all(|(other, _)| other != number));
    let owned = |all: &[(u32, &str)]| -> Vec<(u32, String)> {
        let all = all.iter();
        all.map(|(number, text)| (*number, (*text).to_owned()))
            .collect()
    };
    objects.extend(owned(signed));
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    forge.update(&owned(later));
    forge
}

#[track_caller]
pub fn is(forge: &Forge, code: &str, intact: Answer) {
    let report = report(forge);
    let codes = codes(&report);
    assert!(codes.contains(&code), "{codes:?}");
    assert_eq!(report.intact, intact, "{codes:?}");
    if intact != Answer::Yes {
        assert_ne!(report.indication, Indication::TotalPassed);
    }
}

pub fn widget(more: &str) -> String {
    format!("<</Type/Annot/Subtype/Widget/T(Amount)/Rect[10 10 110 30]/P 3 0 R{more}>>")
}

/// Filled with 1000 in a font that was there at signing.
fn in_font(font: &str, more: &[(u32, &str)]) -> Forge {
    let empty = widget("/FT/Tx");
    let full = widget("/FT/Tx/V(1000)/AP<</N 8 0 R>>");
    let shown = appearance("(1000)");
    let mut signed = vec![(5, empty.as_str()), (7, font), (8, "null")];
    signed.extend(more);
    filled(&signed, &[(5, &full), (8, &shown)])
}

#[test]
fn check_20_a_prepared_font_is_not_believed() {
    let font = |more: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica{more}>>");
    for good in [
        font(""),
        font("/Encoding/WinAnsiEncoding"),
        font("/Encoding<</Differences[24/breve 39/quotesingle 48/zero/one 128/bullet]>>"),
        font("/FirstChar 48/LastChar 49/Widths[556 556]"),
        "<</Type/Font/Subtype/TrueType/BaseFont/ArialMT/Encoding/WinAnsiEncoding>>".to_owned(),
    ] {
        is(&in_font(&good, &[]), "field_filled", Answer::Yes);
    }
    let drawn = "<</Length 0>>\nstream\n\nendstream";
    for prepared in [
        font("/Encoding<</Differences[49/nine]>>"),
        font("/Encoding<</Differences[65/nine 200/one]>>"),
        font("/Encoding/Identity-H"),
        font("/FontDescriptor<</Type/FontDescriptor/FontFile 30 0 R>>"),
        font("/FirstChar 48/LastChar 49/Widths[-600 600]"),
        font("/FirstChar 49/LastChar 49/Widths[600]"),
        font("").replace("Helvetica", "ZapfDingbats"),
        font("").replace("Helvetica", "Evil"),
        "<</Type/Font/Subtype/Type3/BaseFont/Helvetica/FontBBox[0 0 1 1]/CharProcs<<>>>>"
            .to_owned(),
    ] {
        let forge = in_font(&prepared, &[(30, drawn)]);
        is(&forge, "added_after_signing", Answer::Undecided);
    }
}

#[test]
fn check_20_an_appearance_paints_the_value_and_nothing_that_reads_otherwise() {
    for (shown, good) in [
        ("BT /F1 12 Tf 2 2 Td (1000) Tj ET", true),
        (
            "0.9 g 0 0 100 20 re f 0 g BT /F1 12 Tf 2 2 Td (1000) Tj ET",
            true,
        ),
        (
            "1 g 40 0 20 20 re f 0 g BT /F1 12 Tf 2 2 Td (1000) Tj ET",
            false,
        ),
        ("BT /F1 1 Tf 2 2 Td (1000) Tj ET", false),
        ("BT 1 g /F1 12 Tf 2 2 Td (1000) Tj ET", false),
        ("BT /F1 12 Tf 2 2 Td (10) Tj /F1 4 Tf (00) Tj ET", false),
        (
            "BT /F1 12 Tf 2 2 Td (1000) Tj ET 1 g 0 0 100 20 re f",
            false,
        ),
    ] {
        let full = widget("/FT/Tx/V(1000)/AP<</N 8 0 R>>");
        let look = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 7 0 R>>>>\
                /Length {}>>\nstream\n{shown}\nendstream",
            shown.len()
        );
        let forge = filled(
            &[(5, &widget("/FT/Tx")), (8, "null")],
            &[(5, &full), (8, &look)],
        );
        match good {
            true => is(&forge, "field_filled", Answer::Yes),
            false => is(&forge, "added_after_signing", Answer::Undecided),
        }
    }
}

/// Goal: letters are as large as they are said to be, and upright. Method: the same appearance as
/// it is, in a box of its own size, mirrored, stretched to one side, and turned by a little.
#[test]
fn check_20_an_appearance_is_neither_stretched_nor_mirrored() {
    for (placed, good) in [
        ("/BBox[0 0 100 20]", true),
        ("/BBox[0 0 100 20]/Matrix[-1 0 0 1 0 0]", false),
        ("/BBox[0 0 100 200]", false),
        ("/BBox[0 0 100 20]/Matrix[1 0.3 -0.3 1 0 0]", false),
        ("", false),
    ] {
        let shown = "BT /F1 12 Tf 2 2 Td (1000) Tj ET";
        let full = widget("/FT/Tx/V(1000)/AP<</N 8 0 R>>");
        let look = format!(
            "<</Type/XObject/Subtype/Form{placed}/Resources<</Font<</F1 7 0 R>>>>/Length {}>>\n\
                stream\n{shown}\nendstream",
            shown.len()
        );
        let empty = widget("/FT/Tx");
        let forge = filled(&[(5, &empty), (8, "null")], &[(5, &full), (8, &look)]);
        match good {
            true => is(&forge, "field_filled", Answer::Yes),
            false => is(&forge, "added_after_signing", Answer::Undecided),
        }
    }
}

#[test]
fn check_20_a_box_shows_the_state_that_its_value_names() {
    let tick = |value: &str, state: &str| {
        widget(&format!(
            "/FT/Btn/V/{value}/AS/{state}/AP<</N<</On 8 0 R/Off 30 0 R>>>>"
        ))
    };
    let blank = appearance("()");
    for (value, state, intact) in [
        ("On", "On", Answer::Yes),
        ("On", "Off", Answer::Undecided),
        ("Off", "On", Answer::Undecided),
        ("Off", "Other", Answer::Undecided),
    ] {
        let signed = [(5, &*tick("Off", "Off")), (30, &blank)];
        let forge = filled(&signed, &[(5, &tick(value, state))]);
        let code = match intact {
            Answer::Yes => "field_filled",
            _ => "added_after_signing",
        };
        is(&forge, code, intact);
    }
}

#[test]
fn check_20_a_choice_is_one_of_the_options() {
    for (flags, value, intact) in [
        (131_072, "one", Answer::Yes),
        (131_072, "1000", Answer::Undecided),
        (0, "1000", Answer::Undecided),
        // A list in which one may write.
        (393_216, "1000", Answer::Yes),
    ] {
        let own = format!("/FT/Ch/Ff {flags}/Opt[(one)[(two)(Two)]]");
        let full = widget(&format!("{own}/V({value})/AP<</N 8 0 R>>"));
        let shown = appearance(&format!("({value})"));
        let signed = [(5, &*widget(&own)), (8, "null")];
        let forge = filled(&signed, &[(5, &full), (8, &shown)]);
        let code = match intact {
            Answer::Yes => "field_filled",
            _ => "added_after_signing",
        };
        is(&forge, code, intact);
    }
}

#[test]
fn check_20_a_field_that_nobody_could_fill_in_keeps_its_value() {
    for (flags, code, intact) in [
        (0, "field_filled", Answer::Yes),
        (1, "content_changed", Answer::No),
    ] {
        let field = |value: &str| widget(&format!("/FT/Tx/Ff {flags}/V({value})/AP<</N 8 0 R>>"));
        let shown = appearance("(900)");
        let forge = filled(&[(5, &field("100"))], &[(5, &field("900")), (8, &shown)]);
        is(&forge, code, intact);
        // Above the field, whose kid is the widget.
        let above = format!("<</FT/Tx/T(Amount)/Ff {flags}/V(100)/Kids[30 0 R]>>");
        let kid =
            "<</Type/Annot/Subtype/Widget/Rect[10 10 110 30]/P 3 0 R/Parent 5 0 R/AP<</N 8 0 R>>>>";
        let later = above.replace("100", "900");
        let forge = filled(&[(5, &above), (30, kid)], &[(5, &later), (8, &shown)]);
        is(&forge, code, intact);
    }
}

/// A field with two widgets, 30 and 31, which show what streams 8 and 32 paint; `more` are entries
/// of the field, `kid` those of each widget.
fn twins(more: &str, kid: [&str; 2]) -> Vec<(u32, String)> {
    let widget = |place: &str, kid: &str| {
        format!("<</Type/Annot/Subtype/Widget/Rect[{place}]/P 3 0 R/Parent 5 0 R{kid}>>")
    };
    vec![
        (5, format!("<</T(Amount)/Kids[30 0 R 31 0 R]{more}>>")),
        (30, widget("10 10 110 30", kid[0])),
        (31, widget("10 50 110 70", kid[1])),
        (3, page(&["30 0 R", "31 0 R"])),
    ]
}

fn page(widgets: &[&str]) -> String {
    let widgets = widgets.join(" ");
    format!(
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
            /Annots[{widgets} 6 0 R]>>"
    )
}

#[test]
fn check_20_every_widget_of_a_field_shows_its_value() {
    let text = |value: &str| {
        let shown = ["/AP<</N 8 0 R>>", "/AP<</N 32 0 R>>"];
        twins(&format!("/FT/Tx/V({value})"), shown)
    };
    let (old, new) = (appearance("(100)"), appearance("(900)"));
    let mut before = text("100");
    before.extend([(8, old.clone()), (32, old.clone())]);
    let signed: Vec<(u32, &str)> = before.iter().map(|(id, text)| (*id, &**text)).collect();
    let field = text("900").swap_remove(0).1;
    let kid = before[1].1.replace("/P 3", "/M(D:2026)/P 3");
    for (later, intact) in [
        (vec![(5, &*field), (8, &new), (32, &new)], Answer::Yes),
        (vec![(5, &field), (8, &new)], Answer::Undecided),
        (vec![(5, &field)], Answer::Undecided),
        (vec![(8, &new), (32, &new)], Answer::Undecided),
        // Written anew without being drawn anew.
        (vec![(5, &field), (30, &kid), (32, &new)], Answer::Undecided),
    ] {
        let code = match intact {
            Answer::Yes => "field_filled",
            _ => "added_after_signing",
        };
        is(&filled(&signed, &later), code, intact);
    }
    // Two boxes of one name are ticked together.
    let states = "/AP<</N<</On 8 0 R/Off 32 0 R>>>>";
    let tick = |value: &str, one: &str, other: &str| {
        let kids = [one, other].map(|state| format!("/AS/{state}{states}"));
        twins(&format!("/FT/Btn/V/{value}"), [&kids[0], &kids[1]])
    };
    let mut before = tick("Off", "Off", "Off");
    before.extend([(8, new), (32, old)]);
    let signed: Vec<(u32, &str)> = before.iter().map(|(id, text)| (*id, &**text)).collect();
    for (one, other, intact) in [
        ("On", "On", Answer::Yes),
        ("On", "Off", Answer::Undecided),
        ("Off", "Off", Answer::Undecided),
    ] {
        let later = tick("On", one, other);
        // What stays as it was is not written.
        let later: Vec<(u32, &str)> = later
            .iter()
            .filter(|(id, text)| !signed.contains(&(*id, text)))
            .map(|(id, text)| (*id, &**text))
            .collect();
        let code = match intact {
            Answer::Yes => "field_filled",
            _ => "added_after_signing",
        };
        is(&filled(&signed, &later), code, intact);
    }
}

#[test]
fn check_20_a_choice_is_shown_by_its_name() {
    let own = "/FT/Ch/Ff 131072/Opt[[(two)(Two)]]";
    for (shows, intact) in [("Two", Answer::Yes), ("two", Answer::Undecided)] {
        let full = widget(&format!("{own}/V(two)/AP<</N 8 0 R>>"));
        let shown = appearance(&format!("({shows})"));
        let signed = [(5, &*widget(own)), (8, "null")];
        let code = match intact {
            Answer::Yes => "field_filled",
            _ => "added_after_signing",
        };
        is(&filled(&signed, &[(5, &full), (8, &shown)]), code, intact);
    }
}
