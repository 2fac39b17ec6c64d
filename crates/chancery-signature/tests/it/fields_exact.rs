//! Check 20, filled fields whose appearance other readers would read otherwise, or that changed
//! where nobody looks first: operators with other operands, objects deep beneath an appearance,
//! states, fields that are closed.

use crate::fields_shown::{filled, is, widget};
use crate::forge::*;
use chancery_signature::Answer;

fn form(entries: &str, content: &str) -> String {
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]{entries}/Length {}>>\nstream\n{content}\n\
            endstream",
        content.len()
    )
}

const FONT: &str = "/Resources<</Font<</F1 7 0 R>>>>";

/// Filled with `value`, shown by this.
fn shown(value: &str, look: &str) -> Forge {
    let full = widget(&format!("/FT/Tx/V({value})/AP<</N 8 0 R>>"));
    let empty = widget("/FT/Tx");
    filled(&[(5, &empty), (8, "null")], &[(5, &full), (8, look)])
}

#[track_caller]
fn judged_as(forge: &Forge, intact: Answer) {
    let code = match intact {
        Answer::Yes => "field_filled",
        Answer::No => "content_changed",
        Answer::Undecided => "added_after_signing",
    };
    is(forge, code, intact);
}

/// Goal: what is read as the text is what every reader draws. Method: content in which operators
/// have other operands than they take, names are written in another way, text stands outside of
/// text, and what was begun is not ended; beside each, what is written as it should be.
#[test]
fn check_20_operators_have_the_operands_that_they_take() {
    let text = |value: &str, content: &str, intact| {
        judged_as(&shown(value, &form(FONT, content)), intact);
    };
    for content in [
        "BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "/Tx BMC q BT /F1 12 Tf 0 g 2 2 Td [(1) -20 (00)] TJ ET Q EMC %end",
        "q 1 w [3 1] 0 d 0 G 0.5 0.5 99 19 re s Q BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "/F1 12 Tf BT 2 2 Td (100) Tj ET",
        "BT /F1 12 Tf 20 TL 2 22 Td (100) ' ET",
    ] {
        text("100", content, Answer::Yes);
    }
    for content in [
        "BT /F#31 12 Tf 2 2 Td (100) Tj ET",
        "BT /F2 /F1 12 Tf 2 2 Td (100) Tj ET",
        "BT 12 /F1 Tf 2 2 Td (100) Tj ET",
        "BT /F1 7 12 Tf 2 2 Td (100) Tj ET",
        "BT /F1 12 Tf 2 2 Td (1) (00) Tj ET",
        "BT /F1 12 Tf 2 2 Td [(1) (00)] Tj ET",
        "BT /F1 12 Tf 2 2 Td (100) TJ ET",
        "BT /F1 12 Tf 2 2 Td [[(100)]] TJ ET",
        "BT /F1 12 Tf 2 2 Td (100) 1 Tj ET",
        "BT /F1 12 Tf 7 2 2 Td (100) Tj ET",
        "BT /F1 12 Tf 2 2 Td <</X (1)>> (00) Tj ET",
        "/Span <</ActualText (900)>> BDC BT /F1 12 Tf 2 2 Td (100) Tj ET EMC",
        "/Tx 1 BMC BT /F1 12 Tf 2 2 Td (100) Tj ET EMC",
        "/F1 12 Tf 2 2 Td (100) Tj",
        "BT /F1 12 Tf 2 2 Td q (100) Tj Q ET",
        "BT /F1 12 Tf 2 2 Td BT (100) Tj ET ET",
        "q BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "Q BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "BT /F1 12 Tf 2 2 Td (100) Tj",
        "/Tx BMC BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "EMC BT /F1 12 Tf 2 2 Td (100) Tj ET",
        "BT /F1 12 Tf 2 2 Td (100) Tj ET 7",
        "BT /F1 12 Tf 2 2 Td (1) Tj 60 0 Td (00) Tj ET",
        "BT /F1 6 Tf 2 2 Td [(1) -9000 (00)] TJ ET",
        "BT /F1 6 Tf 2 2 Td (1          00) Tj ET",
        "BT /F1 6 Tf 20 Tc 2 2 Td (100) Tj ET",
    ] {
        text("100", content, Answer::Undecided);
    }
    // Many small steps back, and a frame that is no ground.
    let back = "250 ".repeat(30);
    for (value, content) in [
        (
            "not 100",
            format!("BT /F1 6 Tf 2 2 Td [{back}(not ) -3000 (100)] TJ ET"),
        ),
        (
            "100900",
            "BT /F1 6 Tf 2 2 Td [(100)250 250 250 250 250 250 250(900)] TJ ET".to_owned(),
        ),
        (
            "900",
            "0 g 0 0 100 20 re f 1 g 0 0 100 20 re 3 3 94 14 re f* BT 0 g /F1 12 Tf 2 4 Td \
                (900) Tj ET"
                .to_owned(),
        ),
        (
            "900",
            "0 g 0 0 100 20 re f 1 g 0 0 100 3 re 0 17 100 3 re f BT 0 g /F1 12 Tf 2 4 Td \
                (900) Tj ET"
                .to_owned(),
        ),
        (
            // Along the edges and back: it fills nothing.
            "900",
            "0 g 0 0 100 20 re f 1 g 0 0 m 0 20 l 100 20 l 0 20 l h f BT 0 g /F1 12 Tf 2 4 Td \
                (900) Tj ET"
                .to_owned(),
        ),
    ] {
        text(value, &content, Answer::Undecided);
    }
    let dark = "0 g 0 0 100 20 re f BT 1 g /F1 12 Tf 2 4 Td (900) Tj ET";
    text("900", dark, Answer::Yes);
    let joined = "BT /F1 12 Tf 2 2 Td (not ) (paid) Tj ET";
    text("not paid", joined, Answer::Undecided);
}

/// Goal: words that the value keeps apart are seen to be two. Method: texts in which a blank, a gap
/// or a line stands between words, and such in which there is next to nothing.
#[test]
fn check_20_words_stand_apart() {
    let text = |value: &str, content: &str, intact| {
        let content = format!("BT /F1 10 Tf 2 11 Td {content} ET");
        judged_as(&shown(value, &form(FONT, &content)), intact);
    };
    for content in [
        "(10 0) Tj",
        "[(10) -200 (0)] TJ",
        "[(10 ) 50 (0)] TJ",
        "(10) Tj 13.3 0 Td (0) Tj",
        "(10) Tj ( ) Tj (0) Tj",
        "(10) Tj 0 -9 Td (0) Tj",
        "12 Tc (100) Tj",
    ] {
        text("10 0", content, Answer::Yes);
    }
    for content in [
        "(100) Tj",
        "[(10) -100 (0)] TJ",
        "[(10 ) 150 (0)] TJ",
        "(10) Tj 12.5 0 Td (0) Tj",
        "(1) Tj 7.6 0 Td (00) Tj",
        "(10) Tj (0) Tj",
    ] {
        text("10 0", content, Answer::Undecided);
    }
    text("100", "[(10) -200 (0)] TJ", Answer::Yes);
}

/// Goal: an appearance is drawn by every reader, always, from its own bytes and in the fonts that
/// it names. Method: forms of a layer, of another file, that are called an image, with two fonts
/// of one name, with a font that is read aloud as something else.
#[test]
fn check_20_an_appearance_is_drawn_by_every_reader_from_its_own_bytes() {
    let content = "BT /F1 12 Tf 2 2 Td (100) Tj ET";
    for (entries, intact) in [
        (FONT.to_owned(), Answer::Yes),
        (format!("{FONT}/OC<</Type/OCG/Name(x)>>"), Answer::Undecided),
        (
            format!("{FONT}/Ref<</F(other.pdf)/Page 0>>"),
            Answer::Undecided,
        ),
        (format!("{FONT}/F(other.bin)"), Answer::Undecided),
        (format!("{FONT}/OPI<<>>"), Answer::Undecided),
        (
            "/Resources<</Font<</F1 7 0 R/F1 30 0 R>>>>".to_owned(),
            Answer::Undecided,
        ),
        (
            "/Resources<</Font<</F1 31 0 R>>>>".to_owned(),
            Answer::Undecided,
        ),
    ] {
        let full = widget("/FT/Tx/V(100)/AP<</N 8 0 R>>");
        let other = "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>";
        let aloud = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 32 0 R>>";
        let map = "<</Length 0>>\nstream\n\nendstream";
        let signed = [
            (5, &*widget("/FT/Tx")),
            (8, "null"),
            (30, other),
            (31, aloud),
            (32, map),
        ];
        let look = form(&entries, content);
        judged_as(&filled(&signed, &[(5, &full), (8, &look)]), intact);
        // Decoded, the name is that of the other font.
        let twofold = "/Resources<</Font<</F#2331 7 0 R/F1 33 0 R>>>>";
        let look_alike = form(twofold, "BT /F#31 12 Tf 2 2 Td (100) Tj ET");
        let forge = filled(&signed, &[(5, &full), (8, &look_alike)]);
        judged_as(&forge, Answer::Undecided);
        let image = look.replace("Subtype/Form", "Subtype/Image");
        let forge = filled(&signed, &[(5, &full), (8, &image)]);
        judged_as(&forge, Answer::Undecided);
    }
}

/// Goal: nothing is drawn anew under the name of filling in. Method: the widget gets a date, and
/// objects are written anew that its appearance leads to: its state, a form within it, its font.
#[test]
fn check_20_nothing_deep_beneath_an_appearance_is_drawn_anew() {
    let dated = |more: &str| [widget(more), widget(&format!("{more}/M(D:2026)"))];
    let nested = form("/Resources<</XObject<</X 30 0 R>>>>", "/X Do");
    let inner = [form("", ""), form("", "0 0 9 9 re f")];
    let tick = "/FT/Btn/V/On/AS/On/AP<</N<</On 8 0 R/Off 31 0 R>>>>";
    let states = "<</On 8 0 R/Off 31 0 R>>";
    for (field, closed) in [
        ("/FT/Btn/Ff 65536/AP<</N 8 0 R>>", false),
        ("/FT/Btn/Ff 65537/AP<</N 8 0 R>>", true),
        (tick, false),
        ("/FT/Btn/V/On/AS/On/AP<</N 32 0 R>>", false),
        ("/FT/Btn/V/On/AS/On/AP 33 0 R", false),
        ("/FT/Tx/V(1)/AP<</N 8 0 R>>", false),
        ("/FT/Tx/V(1)/Ff 1/AP<</N 8 0 R>>", true),
    ] {
        let [was, is] = dated(field);
        let signed = [
            (5, &*was),
            (8, &*nested),
            (30, &*inner[0]),
            (31, &*inner[0]),
            (32, states),
            (33, "<</N 32 0 R>>"),
        ];
        judged_as(&filled(&signed, &[(5, &is)]), Answer::Yes);
        let intact = if closed {
            Answer::No
        } else {
            Answer::Undecided
        };
        let forge = filled(&signed, &[(5, &is), (30, &inner[1])]);
        judged_as(&forge, intact);
    }
    // The form itself is the one that was there, and its font another.
    let [was, is] = dated("/FT/Tx/V(100)/AP<</N 8 0 R>>");
    let own = appearance("(100)");
    let signed = [(5, &*was), (8, &*own)];
    let prepared =
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[49/nine]>>>>";
    let forge = filled(&signed, &[(5, &is), (7, prepared)]);
    assert_ne!(crate::marks::report(&forge).intact, Answer::Yes);
}

/// Goal: a field does not show something else while its value stays. Method: a text with two
/// states, of which another is chosen; a closed field that is drawn anew; radio buttons of one
/// name whose mark moves, or vanishes; a field with the value of its parent, emptied to the eye.
#[test]
fn check_20_a_value_that_stays_is_shown_as_it_was() {
    let states = |state: &str| {
        widget(&format!(
            "/FT/Tx/V(100)/AS/{state}/AP<</N<</A 8 0 R/B 30 0 R>>>>"
        ))
    };
    let (old, new) = (appearance("(100)"), appearance("(900)"));
    let signed = [(5, &*states("A")), (8, &*old), (30, &*new)];
    judged_as(&filled(&signed, &[(5, &states("B"))]), Answer::Undecided);

    let hidden = widget("/FT/Tx/V(900)/Ff 1/AP<</N 8 0 R>>");
    let signed = [(5, &*hidden), (8, &*old)];
    let written = hidden.replace("/P 3", "/M(D:2026)/P 3");
    judged_as(&filled(&signed, &[(5, &written)]), Answer::Yes);
    let forge = filled(&signed, &[(5, &written), (8, &new)]);
    judged_as(&forge, Answer::No);

    let radio = |one: &str, other: &str| {
        let kid = |place: &str, state: &str| {
            format!(
                "<</Type/Annot/Subtype/Widget/Rect[{place}]/P 3 0 R/Parent 5 0 R/AS/{state}\
                    /AP<</N<</On 8 0 R/Off 32 0 R>>>>>>"
            )
        };
        [kid("10 10 110 30", one), kid("10 50 110 70", other)]
    };
    let field = "<</T(Amount)/FT/Btn/Ff 32768/V/On/Kids[30 0 R 31 0 R]>>";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[30 0 R 31 0 R 6 0 R]>>";
    let [one, other] = radio("On", "Off");
    let signed = [
        (3, page),
        (5, field),
        (30, &*one),
        (31, &*other),
        (8, &*new),
        (32, &*old),
    ];
    for (first, second) in [("Off", "On"), ("Off", "Off")] {
        let [one, other] = radio(first, second);
        let forge = filled(&signed, &[(30, &one), (31, &other)]);
        judged_as(&forge, Answer::Undecided);
    }

    let above = "<</T(All)/FT/Tx/V(100)/Kids[30 0 R]>>";
    let kid = |more: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/T(Amount)/Rect[10 10 110 30]/P 3 0 R/Parent 5 0 R\
                /AP<</N 8 0 R>>{more}>>"
        )
    };
    let page = page.replace("30 0 R 31", "30");
    let page = page.replace(" 0 R 0 R", " 0 R");
    let signed = [(3, &*page), (5, above), (30, &*kid("")), (8, &*old)];
    let later = kid("/M(D:2026)");
    judged_as(&filled(&signed, &[(30, &later)]), Answer::Yes);
    let blank = appearance("()");
    let forge = filled(&signed, &[(30, &later), (8, &blank)]);
    judged_as(&forge, Answer::Undecided);
}

/// Goal: a value counts as shown where every reader has room for it. Method: fields without an
/// appearance: lines above what is seen, more digits than fit in any size, a password; and a form
/// of another kind beside.
#[test]
fn check_20_readers_have_room_for_what_they_draw_themselves() {
    let catalog = |more: &str| {
        format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3\
                /DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>{more}>>>>"
        )
    };
    let digits = "1".repeat(200);
    for (flags, value, intact) in [
        (0, "1000", Answer::Yes),
        (0, digits.as_str(), Answer::Undecided),
        (1 << 13, "1000", Answer::Undecided),
        (1 << 12, "1000", Answer::Yes),
        (1 << 12, r"\n\n\n\nI pay 900", Answer::Undecided),
    ] {
        let own = format!("/FT/Tx/Ff {flags}");
        let signed = [(1, &*catalog("")), (5, &*widget(&own))];
        let full = widget(&format!("{own}/V({value})"));
        judged_as(&filled(&signed, &[(5, &full)]), intact);
    }
    let signed = [(1, &*catalog("/XFA[(a)30 0 R]")), (5, &*widget("/FT/Tx"))];
    let full = widget("/FT/Tx/V(1000)");
    judged_as(&filled(&signed, &[(5, &full)]), Answer::Undecided);
}
