//! Check 20, what readers see of a filled field: clips, colours, boxes and fonts of its appearance,
//! and what they draw where it has none.

use crate::fields_shown::{filled, is, widget};
use crate::forge::*;
use crate::marks::report;
use chancery_signature::{Answer, Code};

const HELVETICA: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

#[track_caller]
fn judged(forge: &Forge, good: bool) {
    match good {
        true => is(forge, "field_filled", Answer::Yes),
        false => is(forge, "added_after_signing", Answer::Undecided),
    }
}

/// A text field of 100 to 20 points filled with `value`, whose appearance is this content.
fn shown_by(value: &str, content: &str, font: &str) -> Forge {
    let full = widget(&format!("/FT/Tx/V({value})/AP<</N 8 0 R>>"));
    let look = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 7 0 R>>>>\
            /Length {}>>\nstream\n{content}\nendstream",
        content.len()
    );
    let empty = widget("/FT/Tx");
    let signed = [(5, &*empty), (7, font), (8, "null")];
    filled(&signed, &[(5, &full), (8, &look)])
}

/// Goal: of an appearance everything is seen that says the value. Method: clips that cut it,
/// colours that are none, letters out of the box, over one another and of two sizes.
#[test]
fn check_20_what_an_appearance_cuts_off_is_not_shown() {
    let text = "BT /F1 12 Tf 2 4 Td (1000) Tj ET";
    for (content, good) in [
        (text.to_owned(), true),
        (format!("1 1 98 18 re W n {text}"), true),
        (format!("1 1 m 99 1 l 99 19 l 1 19 l h W n {text}"), true),
        (format!("q 90 1 9 9 re W n Q {text}"), true),
        // Beside the first digit, beneath the letters, along an edge, empty, two at once, no box.
        (format!("9 0 91 20 re W n {text}"), false),
        (format!("0 0 100 7 re W n {text}"), false),
        (format!("0 0 20 20 re W n {text}"), false),
        (format!("0 0 100 0 re W n {text}"), false),
        (format!("0 0 m W n {text}"), false),
        (format!("W n {text}"), false),
        (format!("0 0 1 20 re 1 0 99 20 re W n {text}"), false),
        (format!("0 0 m 100 0 l 100 20 l h W n {text}"), false),
        (format!("0 0 60 20 re W n 50 0 50 20 re W n {text}"), false),
        (format!("2 g {text}"), false),
        (format!("-1 g {text}"), false),
        (format!("-5 0 0 0 k {text}"), false),
        ("BT /F1 12 Tf 85 4 Td (1000) Tj ET".to_owned(), false),
        ("BT /F1 12 Tf -1.9 4 Td (1000) Tj ET".to_owned(), false),
        ("BT /F1 12 Tf 2 -3 Td (1000) Tj ET".to_owned(), false),
        ("BT /F1 12 Tf 2 14 Td (1000) Tj ET".to_owned(), false),
        (
            "BT /F1 12 Tf 2 4 Td (1) Tj /F1 9 Tf (000) Tj ET".to_owned(),
            false,
        ),
    ] {
        judged(&shown_by("1000", &content, HELVETICA), good);
    }
    let over = "BT /F1 12 Tf 2 4 Td (N) Tj 3 0 Td (o) Tj ET";
    judged(&shown_by("No", over, HELVETICA), false);
    let cut = format!(
        "BT /F1 12 Tf 2 4 Td ({}) Tj ET",
        "only if the goods ".repeat(4)
    );
    judged(
        &shown_by(&"only if the goods ".repeat(4), &cut, HELVETICA),
        false,
    );
}

/// Goal: codes beyond ASCII are the letters that a font has there. Method: a letter of Latin-1 in
/// the encodings of forms and in the font's own, a code that they draw otherwise, a text of two
/// bytes a letter.
#[test]
fn check_20_codes_are_read_as_their_font_draws_them() {
    let named = |encoding: &str| HELVETICA.replace(">>", &format!("/Encoding/{encoding}>>"));
    let text = |shown: &str| format!("BT /F1 12 Tf 2 4 Td {shown} Tj ET");
    for (value, shown, font, good) in [
        (
            "\\351t\\351",
            "(\\351t\\351)",
            named("WinAnsiEncoding"),
            true,
        ),
        (
            "\\351t\\351",
            "(\\351t\\351)",
            named("PDFDocEncoding"),
            false,
        ),
        (
            "\\351t\\351",
            "(\\351t\\351)",
            named("MacRomanEncoding"),
            false,
        ),
        ("\\351t\\351", "(\\351t\\351)", HELVETICA.to_owned(), false),
        ("\\240100", "(\\240100)", named("WinAnsiEncoding"), false),
        ("10", "<FEFF00310030>", named("WinAnsiEncoding"), false),
    ] {
        judged(&shown_by(value, &text(shown), &font), good);
    }
}

/// Goal: an appearance stands as its page does. Method: the same turned by half.
#[test]
fn check_20_an_appearance_does_not_stand_on_its_head() {
    let full = widget("/FT/Tx/V(9660)/AP<</N 8 0 R>>");
    let content = "BT /F1 12 Tf 2 4 Td (9660) Tj ET";
    let look = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Matrix[-1 0 0 -1 0 0]\
            /Resources<</Font<</F1 7 0 R>>>>/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    );
    let empty = widget("/FT/Tx");
    let signed = [(5, &*empty), (7, HELVETICA), (8, "null")];
    judged(&filled(&signed, &[(5, &full), (8, &look)]), false);
}

/// Goal: what a signed field showed is not taken away as if it were filled in. Method: fields of
/// each kind whose appearance goes, with and without another value.
#[test]
fn check_20_an_appearance_that_is_taken_away_was_not_filled_in() {
    let look = appearance("(VOID)");
    let states = "/AP<</N<</On 8 0 R/Off 8 0 R>>>>";
    for (signed, later, code, intact) in [
        // A button with a look and no value.
        (
            "/FT/Btn/Ff 65536/AP<</N 8 0 R>>",
            "/FT/Btn/Ff 65536",
            "added_after_signing",
            Answer::Undecided,
        ),
        (
            "/FT/Btn/Ff 65537/AP<</N 8 0 R>>",
            "/FT/Btn/Ff 65537",
            "content_changed",
            Answer::No,
        ),
        (
            "/FT/Tx/AP<</N 8 0 R>>",
            "/FT/Tx",
            "added_after_signing",
            Answer::Undecided,
        ),
        (
            "/FT/Tx/V(VOID)/AP<</N 8 0 R>>",
            "/FT/Tx/V(VOID)",
            "added_after_signing",
            Answer::Undecided,
        ),
        (
            "/FT/Tx/Ff 1/V(VOID)/AP<</N 8 0 R>>",
            "/FT/Tx/Ff 1/V(VOID)",
            "content_changed",
            Answer::No,
        ),
    ] {
        let forge = filled(&[(5, &widget(signed)), (8, &look)], &[(5, &widget(later))]);
        is(&forge, code, intact);
    }
    let was = widget(&format!("/FT/Btn/V/Off/AS/Off{states}"));
    let forge = filled(
        &[(5, &was), (8, &look)],
        &[(5, &widget("/FT/Btn/V/On/AS/On"))],
    );
    is(&forge, "added_after_signing", Answer::Undecided);
}

/// Goal: where readers draw a value themselves, the form lets them draw it as it is. Method: ways
/// of drawing that were prepared: fonts, colours, turns, boxes, lengths, names of options.
#[test]
fn check_20_what_readers_draw_themselves_is_the_value() {
    let catalog = |font: &str| {
        format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3\
                /DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>>>>>{font}"
        )
    };
    let nine = HELVETICA.replace(">>", "/Encoding<</Differences[49/nine]>>>>");
    for (more, font, good) in [
        ("/FT/Tx", HELVETICA, true),
        ("/FT/Tx/DA(/F1 12 Tf 0 0 1 rg)", HELVETICA, true),
        ("/FT/Tx/MK<</BG[0.9]/BC[0]>>", HELVETICA, true),
        ("/FT/Tx/MaxLen 4", HELVETICA, true),
        ("/FT/Tx", &nine, false),
        ("/FT/Tx/DA(/F1 12 Tf 1 g)", HELVETICA, false),
        ("/FT/Tx/DA(/F1 12 Tf 2 g)", HELVETICA, false),
        ("/FT/Tx/DA(/F1 12 Tf 3 Tr)", HELVETICA, false),
        ("/FT/Tx/DA(/F1 1 Tf 0 g)", HELVETICA, false),
        ("/FT/Tx/DA(/F9 12 Tf 0 g)", HELVETICA, false),
        ("/FT/Tx/DA(/F1 12 Tf 0 g)/MK<</BG[0]>>", HELVETICA, false),
        ("/FT/Tx/MK<</R 180>>", HELVETICA, false),
        ("/FT/Tx/MaxLen 3", HELVETICA, false),
        ("/FT/Tx/DA(/F1 60 Tf 0 g)", HELVETICA, false),
        ("/FT/Ch/Ff 131072/Opt[[(1000)(Reject)]]", HELVETICA, false),
        ("/FT/Ch/Ff 131072/Opt[(1000)]", HELVETICA, true),
    ] {
        let (empty, form) = (widget(more), catalog(""));
        let full = widget(&format!("{more}/V(1000)"));
        let signed = [(1, &*form), (5, &*empty), (7, font), (8, "null")];
        let forge = filled(&signed, &[(5, &full)]);
        judged(&forge, good);
    }
}

/// Goal: whoever fills a field in honestly, in letters that no common font has, is told why that
/// proves nothing and what to do. Method: fonts that the file brings, of each kind; and one that
/// it only names.
#[test]
fn check_20_letters_that_the_file_brings_are_named_as_the_reason() {
    let value = widget("/FT/Tx/V<FEFF04340430>/AP<</N 8 0 R>>");
    let look = appearance("<00010002>").replace("/F1 7 0 R", "/F1 20 0 R");
    let told = |font: &str, more: &[(u32, &str)]| {
        let mut later = vec![(5, value.as_str()), (8, look.as_str()), (20, font)];
        later.extend(more);
        let forge = filled(&[(5, &widget("/FT/Tx")), (8, "null")], &later);
        is(&forge, "added_after_signing", Answer::Undecided);
        let report = report(&forge);
        let all = report.signatures.iter().flat_map(|one| &one.reasons);
        let mut all = all.filter(|one| one.code == Code::FieldLetters);
        all.find_map(|one| {
            Some((
                one.args.get("field")?.to_owned(),
                one.args.get("page")?.to_owned(),
            ))
        })
    };
    let named = Some(("Amount".to_owned(), "1".to_owned()));
    let program = "<</Length 0>>\nstream\n\nendstream";
    let composite = "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Sans/Encoding/Identity-H\
        /DescendantFonts[21 0 R]/ToUnicode 23 0 R>>";
    let descendant = "<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Sans/CIDToGIDMap/Identity\
        /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
        /FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Sans/Flags 4/FontFile2 22 0 R>>>>";
    let map = "<</Length 57>>\nstream\n2 beginbfchar <0001> <0434> <0002> <0430> endbfchar      \n\
        endstream";
    let parts = [(21, descendant), (22, program), (23, map)];
    assert_eq!(told(composite, &parts), named);
    let simple = "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Sans\
        /FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Sans/Flags 4/FontFile2 22 0 R>>>>";
    assert_eq!(told(simple, &[(22, program)]), named);
    let drawn = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/CharProcs<<>>>>";
    assert_eq!(told(drawn, &[]), named);
    let other = "<</Type/Font/Subtype/TrueType/BaseFont/Sans>>";
    assert_eq!(told(other, &[]), None);
}

/// Goal: a field says one thing. Method: a text with forms of its own that stays, numbers of
/// options that are not those of the value, two names of one value, radio buttons none of which
/// shows the value.
#[test]
fn check_20_a_field_says_one_thing() {
    let shown = appearance("(900)");
    for (own, good) in [("", true), ("/RV(<body>100</body>)", false)] {
        let field = |value: &str| widget(&format!("/FT/Tx/V({value}){own}/AP<</N 8 0 R>>"));
        let forge = filled(&[(5, &field("100"))], &[(5, &field("900")), (8, &shown)]);
        judged(&forge, good);
    }
    for (options, index, good) in [
        ("(100)(900)", "/I[1]", true),
        ("(100)(900)", "", true),
        ("(100)(900)", "/I[0]", false),
        ("(100)(900)", "/I[0 1]", false),
        ("[(900)(Reject)][(900)(900)]", "", false),
    ] {
        let own = format!("/FT/Ch/Ff 131072/Opt[{options}]");
        let full = widget(&format!("{own}/V(900){index}/AP<</N 8 0 R>>"));
        let signed = [(5, &*widget(&own)), (8, "null")];
        judged(&filled(&signed, &[(5, &full), (8, &shown)]), good);
    }
    // Only the numbers change.
    let own = "/FT/Ch/Opt[(100)(900)]/V(900)/AP<</N 8 0 R>>";
    let (was, is_now) = (
        widget(&format!("{own}/I[1]")),
        widget(&format!("{own}/I[0]")),
    );
    judged(&filled(&[(5, &was), (8, &shown)], &[(5, &is_now)]), false);

    let radio = |state: &str| {
        widget(&format!(
            "/FT/Btn/Ff 32768/V/{state}/AS/Off/AP<</N<</On 8 0 R/Off 8 0 R>>>>"
        ))
    };
    let hidden = filled(&[(5, &radio("Off")), (8, &shown)], &[(5, &radio("On"))]);
    judged(&hidden, false);
}
