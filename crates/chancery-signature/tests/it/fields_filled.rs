//! Check 20, fields as the programs of many houses fill them in, and what looks like them: codes
//! and widths of fonts, flags, looks that are written anew.

use crate::fields_shown::{filled, is, widget};
use crate::forge::*;
use chancery_signature::Answer;

#[track_caller]
fn judged(forge: &Forge, good: bool) {
    match good {
        true => is(forge, "field_filled", Answer::Yes),
        false => is(forge, "added_after_signing", Answer::Undecided),
    }
}

fn form(entries: &str, content: &str) -> String {
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 7 0 R>>>>{entries}\
            /Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// A text field filled with `value` as this content shows it, in this font.
fn shown(value: &str, content: &str, font: &str) -> Forge {
    let full = widget(&format!("/FT/Tx/V{value}/AP<</N 8 0 R>>"));
    let empty = widget("/FT/Tx");
    let signed = [(5, &*empty), (7, font), (8, "null")];
    filled(&signed, &[(5, &full), (8, &form("", content))])
}

fn text(string: &str) -> String {
    format!("/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td {string} Tj ET Q EMC")
}

fn font(more: &str) -> String {
    format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica{more}>>")
}

/// The encoding that the forms of the best-known editor have.
const OF_FORMS: &str = "/Encoding<</Type/Encoding/Differences[24/breve/caron/circumflex/dotaccent\
    /hungarumlaut/ogonek/ring/tilde 39/quotesingle 96/grave 128/bullet/dagger/daggerdbl/ellipsis\
    /emdash/endash/florin/fraction/guilsinglleft/guilsinglright/minus/perthousand/quotedblbase\
    /quotedblleft/quotedblright/quoteleft/quoteright/quotesinglbase/trademark/fi/fl/Lslash/OE\
    /Scaron/Ydieresis/Zcaron/dotlessi/lslash/oe/scaron/zcaron 160/Euro 164/currency 166/brokenbar\
    168/dieresis/copyright/ordfeminine 172/logicalnot/.notdef/registered/macron/degree/plusminus\
    /twosuperior/threesuperior/acute/mu 183/periodcentered/cedilla/onesuperior/ordmasculine\
    188/onequarter/onehalf/threequarters 192/Agrave/Aacute/Acircumflex/Atilde/Adieresis/Aring/AE\
    /Ccedilla/Egrave/Eacute/Ecircumflex/Edieresis/Igrave/Iacute/Icircumflex/Idieresis/Eth/Ntilde\
    /Ograve/Oacute/Ocircumflex/Otilde/Odieresis/multiply/Oslash/Ugrave/Uacute/Ucircumflex\
    /Udieresis/Yacute/Thorn/germandbls/agrave/aacute/acircumflex/atilde/adieresis/aring/ae\
    /ccedilla/egrave/eacute/ecircumflex/edieresis/igrave/iacute/icircumflex/idieresis/eth/ntilde\
    /ograve/oacute/ocircumflex/otilde/odieresis/divide/oslash/ugrave/uacute/ucircumflex/udieresis\
    /yacute/thorn/ydieresis]>>";

/// Goal: a code is the sign that its font draws for it, whatever its number. Method: the encodings
/// of forms and of Windows with signs beyond ASCII; encodings in which a code of a blank, of a
/// comma or of nothing is a digit or a sign.
#[test]
fn check_20_a_code_is_the_sign_that_its_font_draws() {
    let windows = "/Encoding/WinAnsiEncoding";
    let differs =
        |codes: &str| format!("/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[{codes}]>>");
    for (value, string, encoding, good) in [
        ("(1000)", "(1000)", OF_FORMS.to_owned(), true),
        (
            "(\\240 5 \\205 9)",
            "(\\240 5 \\205 9)",
            OF_FORMS.to_owned(),
            true,
        ),
        (
            "(\\351t\\351 \\215a\\216)",
            "(\\351t\\351 \\215a\\216)",
            OF_FORMS.to_owned(),
            true,
        ),
        (
            "<FEFF20AC00352014201C>",
            "(\\2005\\227\\223)",
            windows.to_owned(),
            true,
        ),
        ("(\\240100)", "(\\240100)", windows.to_owned(), false),
        (
            "(5\\26110)",
            "(5\\26110)",
            "/Encoding/PDFDocEncoding".to_owned(),
            false,
        ),
        ("(100)", "(\\011100)", differs("9/endash"), false),
        ("(100)", "(100\\012)", differs("10/onehalf"), false),
        ("(100)", "(100\\015)", differs("13/perthousand"), false),
        ("(100)", "(\\011100)", windows.to_owned(), false),
        (
            "<FEFF2013003100300030>",
            "(\\011100)",
            differs("9/endash"),
            true,
        ),
        ("(100)", "(\\011100)", differs("9/uni0039"), false),
        ("(100\\255000)", "(100\\255000)", windows.to_owned(), false),
    ] {
        judged(&shown(value, &text(string), &font(&encoding)), good);
    }
}

/// Goal: a value is seen whole. Method: fonts whose blanks and letters are wider or narrower than
/// any, long texts in plain fonts.
#[test]
fn check_20_letters_and_blanks_are_as_wide_as_their_font_has_them() {
    let wide = |blank: u32, letter: u32| {
        let widths: Vec<String> = (32..=255)
            .map(|code| if code == 32 { blank } else { letter }.to_string())
            .collect();
        font(&format!(
            "/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255/Widths[{}]",
            widths.join(" ")
        ))
    };
    for (value, own, good) in [
        ("mouse now", wide(278, 600), true),
        ("mouse now", wide(30_000, 600), false),
        ("mouse now", wide(0, 600), false),
        ("mouse now", wide(278, 150), false),
        ("mouse now", wide(278, 1_200), false),
        ("I agree to pay, if", font(""), true),
        ("I agree to pay 100 EUR each year", font(""), false),
    ] {
        judged(
            &shown(&format!("({value})"), &text(&format!("({value})")), &own),
            good,
        );
    }
}

/// Goal: what a form paints in the ways of other programs is read as they paint it. Method: colours
/// of named spaces, neutral ways of letters, marked parts; and the same where they are not neutral.
#[test]
fn check_20_neutral_ways_of_painting_are_neutral() {
    for (before, good) in [
        ("/DeviceGray cs 0 sc", true),
        ("/DeviceRGB cs 0 0 1 scn /DeviceGray CS 0 SC", true),
        ("0 Tr 100 Tz 0 Ts", true),
        ("/DeviceGray cs 1 sc", false),
        ("/DeviceRGB cs 0 sc", false),
        ("/Pattern cs /P scn", false),
        ("3 Tr", false),
        ("20 Tz", false),
        ("9 Ts", false),
    ] {
        let content = format!("BT /F1 12 Tf {before} 2 5 Td (100) Tj ET");
        judged(&shown("(100)", &content, &font("")), good);
    }
    for (properties, good) in [
        ("<</MCID 0>>", true),
        ("/P", false),
        ("<</ActualText (900)>>", false),
        ("<</MCID 0/ActualText (900)>>", false),
    ] {
        let content = format!("BT /F1 12 Tf 2 5 Td /Span {properties} BDC (100) Tj EMC ET");
        judged(&shown("(100)", &content, &font("")), good);
    }
}

/// Goal: filling in changes a value and its look and nothing else. Method: flags, colours, signs
/// and places of lists that are written anew, equal and otherwise, in the field and in its widget.
#[test]
fn check_20_what_is_written_anew_beside_a_value_is_what_it_was() {
    let look = form("", &text("(100)"));
    let filled_in = |was: &str, is_now: &str| {
        let full = widget(&format!("{is_now}/V(100)/AP<</N 8 0 R>>"));
        filled(&[(5, &widget(was)), (8, "null")], &[(5, &full), (8, &look)])
    };
    for (was, is_now, good) in [
        ("/FT/Tx", "/FT/Tx/Ff 0", true),
        ("/FT/Tx", "/FT/Tx/Ff 1", true),
        ("/FT/Tx", "/FT/Tx/Ff 4096", false),
        ("/FT/Tx", "/FT/Tx/Ff (x)", false),
        (
            "/FT/Ch/Ff 131072/Opt[(100)]",
            "/FT/Ch/Ff 131072/Opt[(100)]/TI 0",
            true,
        ),
        (
            "/FT/Ch/Ff 131072/Opt[(100)]",
            "/FT/Ch/Ff 131072/Opt[(100)]/TI(x)",
            false,
        ),
        ("/FT/Tx", "/FT/Tx/TI 0", false),
        (
            "/FT/Tx/MK<</BC[0.9]/BG[0 0.5 1]>>",
            "/FT/Tx/MK<</BC[0.9019607]/BG[0 0.50196 1]>>",
            true,
        ),
        ("/FT/Tx/MK<</BG[0.9]>>", "/FT/Tx/MK<</BG[0.8]>>", false),
        (
            "/FT/Tx/MK<</BG[0.9]>>",
            "/FT/Tx/MK<</BG[0.9 0.9 0.9]>>",
            false,
        ),
        ("/FT/Tx/MK<</BG[0.9]>>", "/FT/Tx/MK<</BG[0.9]/R 90>>", false),
        ("/FT/Tx/MK<</CA(x)>>", "/FT/Tx/MK<<>>", false),
    ] {
        judged(&filled_in(was, is_now), good);
    }
    let tick = |state: &str, more: &str| {
        widget(&format!(
            "/FT/Btn/V/{state}/AS/{state}/AP<</N<</On 8 0 R/Off 30 0 R>>>>{more}"
        ))
    };
    let blank = form("", "");
    let signed = [
        (5, &*tick("Off", "/MK<</CA(4)>>")),
        (8, &*look),
        (30, &*blank),
    ];
    for (more, good) in [("/MK<<>>", true), ("/MK<</CA(8)>>", false), ("", false)] {
        judged(&filled(&signed, &[(5, &tick("On", more))]), good);
    }
    // No appearance: readers draw it in these colours.
    let (was, full) = (
        widget("/FT/Tx/MK<</BG[0.9]>>"),
        widget("/FT/Tx/MK<</BG[0.901]>>/V(100)"),
    );
    judged(&filled(&[(5, &was)], &[(5, &full)]), false);

    // Flags that the field has from above, or that its widget takes from it.
    let above = "<</FT/Tx/T(Amount)/Ff 4096/Kids[30 0 R]>>";
    let kid = |more: &str| {
        format!("<</Type/Annot/Subtype/Widget/Rect[10 10 110 30]/P 3 0 R/Parent 5 0 R{more}>>")
    };
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[30 0 R 6 0 R]>>";
    for (name, flags, good) in [
        ("", "", true),
        ("", "/Ff 1", false),
        ("/T(x)", "/Ff 4097", true),
        ("/T(x)", "/Ff 1", false),
        ("", "/I[1]", false),
    ] {
        let was = kid(name);
        let signed = [(3, page), (5, above), (8, "null"), (30, &*was)];
        let mut full = kid(&format!("{name}{flags}/AP<</N 8 0 R>>"));
        let field = above.replace("/Kids", "/V(100)/Kids");
        let mut later = vec![(8, &*look)];
        if name.is_empty() {
            later.push((5, &field));
        } else {
            full = full.replace("/AP", "/V(100)/AP");
        }
        later.push((30, &full));
        judged(&filled(&signed, &later), good);
    }
}

/// Goal: a form stands where all readers put it. Method: matrices of six numbers, of four, with a
/// string.
#[test]
fn check_20_a_form_is_placed_by_six_numbers() {
    for (matrix, good) in [
        ("[1 0 0 1 0 0]", true),
        ("[1 0 0 1]", false),
        ("[1 0 0 1 (x) 0]", false),
        ("[1 0 0 1 0 0 0]", false),
    ] {
        let look = form(&format!("/Matrix{matrix}"), &text("(100)"));
        let full = widget("/FT/Tx/V(100)/AP<</N 8 0 R>>");
        let signed = [(5, &*widget("/FT/Tx")), (8, "null")];
        judged(&filled(&signed, &[(5, &full), (8, &look)]), good);
    }
}

/// Goal: what a form paints beside its text is a border and nothing to be read. Method: short
/// lines, bars beneath letters, clips that cut the tail of a comma or a dot away.
#[test]
fn check_20_borders_run_from_corner_to_corner_and_touch_no_letter() {
    for (before, value, good) in [
        ("0.5 0.5 99 19 re s", "100", true),
        ("0.3 9 m 3.7 9 l S", "100", false),
        ("2 3 m 2 12 l S", "100", false),
        ("0 0 m 100 0 l S", "100", true),
        ("8 w 4 0 m 4 20 l S", "1900", false),
        ("0 0 3.9 20 re f", "1900", false),
        ("8 w 0 3 m 100 3 l S", "1900", false),
        ("4 w [1 30] 9 d 1 0 m 1 20 l S", "100", false),
        ("1 1 98 18 re W n", "1,00", true),
        ("0 4.5 100 15.5 re W n", "100", true),
        ("0 4.5 100 15.5 re W n", "1,00", false),
        ("0 5.9 100 14.1 re W n", "1.00", false),
    ] {
        let content = format!("q {before} BT /F1 12 Tf 0 g 2 5 Td ({value}) Tj ET Q");
        judged(&shown(&format!("({value})"), &content, &font("")), good);
    }
}

/// Goal: a value is seen where it is filled in. Method: pages that are dark where the field is, in
/// colours of several spaces; a look with a ground of its own; annotations over the field, and a
/// mark of the same revision.
#[test]
fn check_20_a_value_is_seen_on_its_ground_and_beneath_nothing() {
    let look = form("", &text("(100)"));
    let empty = widget("/FT/Tx");
    let full = widget("/FT/Tx/V(100)/AP<</N 8 0 R>>");
    let profile = "<</N 3/Alternate/DeviceRGB/Length 0>>\nstream\n\nendstream";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>\
        /ColorSpace<</C 30 0 R/S 32 0 R>>>>/Annots[5 0 R 6 0 R]>>";
    let own = form("", &format!("1 g 0 0 100 20 re f {}", text("(100)")));
    for (content, look, good) in [
        ("", &look, true),
        ("0.9 g 0 0 300 300 re f", &look, true),
        ("/C cs 1 1 1 sc 0 0 300 300 re f", &look, true),
        ("0 g 0 0 300 300 re f", &look, false),
        ("0 0 0.3 rg 0 0 300 300 re f", &look, false),
        ("/C cs 0 0 0 sc 0 0 300 300 re f", &look, false),
        ("/S cs 1 sc 0 0 300 300 re f", &look, false),
        ("0 g 0 0 300 300 re f", &own, true),
    ] {
        let content = format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        );
        let signed = [
            (3, page),
            (4, &*content),
            (5, &*empty),
            (8, "null"),
            (30, "[/ICCBased 31 0 R]"),
            (31, profile),
            (32, "[/Separation/Black/DeviceGray 33 0 R]"),
            (33, "<</FunctionType 2/Domain[0 1]/C0[1]/C1[0]/N 1>>"),
        ];
        let forge = filled(&signed, &[(5, &full), (8, look)]);
        match good {
            true => judged(&forge, true),
            false => is(&forge, "field_hides", Answer::Undecided),
        }
    }
    // Drawn by readers, in black.
    let dark = "<</Length 22>>\nstream\n0 g 0 0 300 300 re f  \nendstream";
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3\
        /DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>>>>>";
    let signed = [(1, catalog), (4, dark), (5, &*empty)];
    let forge = filled(&signed, &[(5, &widget("/FT/Tx/V(100)"))]);
    is(&forge, "field_hides", Answer::Undecided);

    let page = page.replace("[5 0 R 6 0 R]", "[30 0 R 5 0 R 6 0 R]");
    for (over, good) in [
        (
            "<</Type/Annot/Subtype/Square/Rect[0 0 200 200]/IC[1 1 1]>>",
            false,
        ),
        (
            "<</Type/Annot/Subtype/Square/F 2/Rect[0 0 200 200]/IC[1 1 1]>>",
            true,
        ),
        (
            "<</Type/Annot/Subtype/Square/Rect[130 0 200 200]/IC[1 1 1]>>",
            true,
        ),
        (
            "<</Type/Annot/Subtype/Link/Rect[0 0 200 200]/Border[0 0 0]>>",
            true,
        ),
    ] {
        let signed = [(3, &*page), (5, &*empty), (8, "null"), (30, over)];
        let forge = filled(&signed, &[(5, &full), (8, &look)]);
        match good {
            true => judged(&forge, true),
            false => is(&forge, "field_hides", Answer::Undecided),
        }
    }
}

/// Goal: a box whose states are drawn anew shows what it showed. Method: a state that is written
/// anew in the same words, in others, with other resources.
#[test]
fn check_20_states_are_drawn_anew_in_the_same_words() {
    let tick = |state: &str, off: u32| {
        widget(&format!(
            "/FT/Btn/V/{state}/AS/{state}/AP<</N<</On 8 0 R/Off {off} 0 R>>>>"
        ))
    };
    let other = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let (look, blank) = (form("", &text("(X)")), form("", "0.5 0.5 99 19 re s"));
    let signed = [
        (5, &*tick("Off", 30)),
        (8, &*look),
        (30, &*blank),
        (32, other),
    ];
    let longer = blank.replace("99 19 re s", "99 19 re S");
    let wider = blank.replace("0 0 100 20", "0 0 200 20");
    let font = blank.replace("7 0 R", "32 0 R");
    for (anew, good) in [
        (&blank, true),
        (&longer, false),
        (&wider, false),
        (&font, false),
    ] {
        let later = [(5, &*tick("On", 31)), (31, &**anew)];
        judged(&filled(&signed, &later), good);
    }
    // In its place.
    judged(
        &filled(&signed, &[(5, &tick("On", 30)), (30, &blank)]),
        true,
    );
    judged(
        &filled(&signed, &[(5, &tick("On", 30)), (30, &longer)]),
        false,
    );
}
