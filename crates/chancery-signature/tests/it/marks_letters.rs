//! Check 24, where letters stand: fonts whose metrics readers read in different ways, or in a way
//! that few files use. A mark over a place where any reader shows them hides them.

use crate::marks::{Sheet, hides, hides_nothing, stream};

/// Where the letters are that a font moves: text begins far from there.
const PLACE: &str = "90 690 250 715";
const FAR: &str = "400 20 460 60";

/// The page shows `text` in font 21, which is `font`, from `at` on.
fn letters(font: &str, at: &str, text: &str) -> Sheet {
    let content = format!("BT /F1 12 Tf {at} Td {text} Tj ET");
    let mut sheet = Sheet::new(&content, "");
    sheet.page = sheet.page.replace("7 0 R", "21 0 R");
    sheet.with(21, font)
}

fn simple(own: &str) -> String {
    format!("<</Type/Font/Subtype/TrueType/BaseFont/Some{own}>>")
}

/// A font of two bytes a letter, with this table and these entries of the font below.
fn composite(encoding: &str, below: &str, at: &str, text: &str) -> Sheet {
    let font = format!(
        "<</Type/Font/Subtype/Type0/BaseFont/Some/Encoding{encoding}/DescendantFonts[22 0 R]>>"
    );
    let below = format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/Some/DW 500{below}>>");
    letters(&font, at, text).with(22, &below)
}

fn table(entries: &str, body: &str) -> String {
    stream(
        &format!("/Type/CMap/CMapName/Own{entries}"),
        &format!(
            "begincmap\n{body}\n1 begincodespacerange <0000> <ffff> endcodespacerange\n\
                1 begincidrange <0000> <ffff> 0 endcidrange\nendcmap"
        ),
    )
}

const EVEN: &str = "500 500 500 500 500 500 500 500 500 500";

#[test]
fn check_24_a_code_without_a_width_moves_as_far_as_the_font_says_elsewhere() {
    let missing =
        |width: &str| format!("/FontDescriptor<</Type/FontDescriptor/MissingWidth {width}>>");
    // A space of twenty ems before the amount.
    let wide = simple(&format!(
        "/FirstChar 48/LastChar 57/Widths[{EVEN}]{}",
        missing("20000")
    ));
    hides(&letters(&wide, "-140 700", "( 100)").marked(PLACE), "text");
    hides(
        &letters(&simple(&missing("20000")), "-140 700", "( 100)").marked(PLACE),
        "text",
    );
    // Between its letters, and only there.
    hides_nothing(&letters(&wide, "300 700", "(100)").marked(PLACE));
    for odd in ["-10000", "70000"] {
        let font = simple(&format!(
            "/FirstChar 48/LastChar 57/Widths[{EVEN}]{}",
            missing(odd)
        ));
        hides(&letters(&font, "300 700", "( 100)").marked(PLACE), "unread");
        hides_nothing(&letters(&font, "300 700", "(100)").marked(PLACE));
    }
}

#[test]
fn check_24_widths_count_from_the_first_code_to_the_last() {
    let font = |own: &str| letters(&simple(own), "-140 700", "( 100)");
    for own in [
        // No code, no number: some begin at 0, and some leave it all out.
        "/FirstChar -1/LastChar 255/Widths[500 20000]".to_owned(),
        "/FirstChar(32)/Widths[20000]".to_owned(),
        "/FirstChar 32/LastChar 999/Widths[500 20000]".to_owned(),
        // A width that is none, beside one that is.
        "/FirstChar 32/LastChar 33/Widths[/Wide 20000]".to_owned(),
        "/FirstChar 32/LastChar 32/Widths[20000]".to_owned(),
    ] {
        hides(&font(&own).marked(PLACE), "text");
        hides_nothing(&font(&own).marked(FAR));
    }
    // The colon is the last of the list, and `LastChar` comes before it.
    let behind = simple(&format!(
        "/FirstChar 48/LastChar 57/Widths[{EVEN} 500]/FontDescriptor<</MissingWidth 20000>>"
    ));
    hides(
        &letters(&behind, "-140 700", "(:100)").marked(PLACE),
        "text",
    );
    // Counted from 0 each letter would have its place.
    let even = [EVEN; 6].join(" ");
    let shifted = format!("/FirstChar -1/LastChar 255/Widths[{even} 20000]");
    hides(&font(&shifted).marked(PLACE), "text");
    for own in [
        "/FirstChar 32/LastChar 32/Widths[-9]",
        "/FirstChar 32/Widths[70000]",
    ] {
        hides(&font(own).marked(PLACE), "unread");
    }
}

#[test]
fn check_24_of_a_number_that_is_stated_twice_either_width_counts() {
    let hex = "<00200031>";
    for (widths, at) in [
        ("/W[32[500]32[20000]]", "-140 700"),
        ("/W[32[20000]32[500]]", "-140 700"),
        ("/W[0 65535 20000 32 127 500]", "-140 700"),
        ("/W[32[20000]]", "-140 700"),
    ] {
        hides(
            &composite("/Identity-H", widths, at, hex).marked(PLACE),
            "text",
        );
        hides_nothing(&composite("/Identity-H", widths, at, hex).marked(FAR));
    }
    // Another number of the same font is where it was.
    let sheet = composite(
        "/Identity-H",
        "/W[32[500]32[20000]]",
        "300 700",
        "<00310031>",
    );
    hides_nothing(&sheet.marked(PLACE));
    for widths in [
        "/W[32[-9000]]",
        "/W[32[/Wide]]",
        "/W 9000",
        "/W[40 32 500]",
        "/DW/Wide",
    ] {
        let sheet = composite("/Identity-H", widths, "300 700", hex);
        hides(&sheet.marked(PLACE), "unread");
    }
    // A table that may lead anywhere: also to a number of negative width.
    let sheet = composite("/GBK-EUC-H", "/W[500[-9000]]", "300 700", hex);
    hides(&sheet.marked(PLACE), "unread");
}

#[test]
fn check_24_text_from_top_to_bottom_goes_as_far_as_its_font_says() {
    let three = "<003100300030>";
    let vertical = |below: &str, at: &str| composite("/Identity-V", below, at, three);
    hides(&vertical("", "150 720").marked(PLACE), "text");
    hides_nothing(&vertical("", "300 720").marked(PLACE));
    for (below, at) in [
        ("/DW2[-9000 -1000]", "150 590"),
        ("/DW2[0 1000]", "150 680"),
        ("/DW2[880 -20000]", "150 950"),
        ("/W2[0 200 -1000 -5000 0]", "50 710"),
        ("/W2[48[-1000 0 0 -1000 -5000 0]]", "50 710"),
        ("/W2[48[-1000 0 -9000]]", "150 590"),
    ] {
        hides(&vertical(below, at).marked(PLACE), "text");
    }
    for below in [
        "/W2[0 200 -1000]",
        "/W2[0[1 2]]",
        "/DW2[1]",
        "/DW2 0",
        "/W2[0]",
    ] {
        hides(&vertical(below, "300 720").marked(PLACE), "unread");
    }
    // The shorter names of the same tables.
    hides(&composite("/V", "", "150 720", three).marked(PLACE), "text");
}

#[test]
fn check_24_a_direction_that_is_told_in_one_place_and_not_in_another_is_unread() {
    let three = "<003100300030>";
    let own = |entries: &str, body: &str| {
        composite(" 23 0 R", "", "150 720", three).with(23, &table(entries, body))
    };
    for (entries, body) in [
        ("", "/WMode 1 def"),
        ("/WMode 0", "/WMode 1 def"),
        ("/WMode 1", "/WMode 0 def"),
        ("/WMode 1", ""),
        ("", "/Identity-V usecmap"),
        ("/UseCMap/Identity-V", ""),
        ("", "/#57Mode 1 def"),
        ("/WMode/V", ""),
    ] {
        hides(&own(entries, body).marked(FAR), "unread");
    }
    for (entries, body) in [
        ("", ""),
        ("/WMode 0", "/WMode 0 def"),
        ("/UseCMap/Identity-H", ""),
    ] {
        hides_nothing(&own(entries, body).marked(FAR));
    }
    let sheet = own("/WMode 1", "/WMode 1 def");
    hides(&sheet.marked("140 690 160 715"), "text");
    hides_nothing(&sheet.marked(FAR));
    // A table that goes on from itself.
    hides(&own("/UseCMap 23 0 R", "").marked(FAR), "unread");
    for encoding in ["/Unheard", " 99 0 R", "(H)"] {
        hides(
            &composite(encoding, "", "150 720", three).marked(FAR),
            "unread",
        );
    }
}

#[test]
fn check_24_spacing_that_readers_count_otherwise_counts_both_ways() {
    // The number 32 is a space to some, and the single byte to others.
    let spaced = |text: &str, set: &str| {
        let mut sheet = composite("/Identity-H", "", "-140 700", text);
        let content = format!("BT /F1 12 Tf {set} -140 700 Td {text} Tj ET");
        sheet.objects[0].1 = stream("", &content);
        sheet
    };
    hides(&spaced("<00200031>", "300 Tw").marked(PLACE), "text");
    hides(&spaced("<00400031>", "300 Tc").marked(PLACE), "text");
    // Bytes that may be letters, or halves of them.
    let mut halves = composite("/GBK-EUC-H", "", "0 0", "(a)");
    let content = "BT /F1 12 Tf 100 Tc -50 700 Td (abc) Tj (1) Tj ET";
    halves.objects[0].1 = stream("", content);
    hides(&halves.marked("200 690 240 715"), "text");
}

#[test]
fn check_24_a_line_that_readers_begin_elsewhere_is_unread() {
    for content in [
        "BT /F1 12 Tf q 300 700 Td Q (100) Tj ET",
        "q BT /F1 12 Tf 300 700 Td Q (100) Tj ET",
        "BT /F1 12 Tf 300 700 Td ET 20 0 Td (100) Tj",
        "/F1 12 Tf (100) Tj",
    ] {
        hides(&Sheet::new(content, "").marked(PLACE), "unread");
    }
    for content in [
        "BT /F1 12 Tf q Q 1 0 0 1 300 700 Tm (100) Tj ET",
        "q BT /F1 12 Tf 300 700 Td (100) Tj ET Q BT /F1 12 Tf 300 600 Td (100) Tj ET",
    ] {
        hides_nothing(&Sheet::new(content, "").marked(PLACE));
    }
}

#[test]
fn check_24_letters_that_say_how_wide_they_are_move_as_far() {
    let drawn = |own: &str, procedure: &str| {
        let font = format!(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/Encoding<</Differences[32/a 49/b]>>\
                /CharProcs<</a 24 0 R/b 25 0 R>>/Resources<<>>{own}>>"
        );
        letters(&font, "-140 700", "( 1)")
            .with(24, &stream("", procedure))
            .with(25, &stream("", "500 0 d0 0 0 500 700 re f"))
    };
    let usual = "/FontMatrix[0.001 0 0 0.001 0 0]";
    // No width, or none that is more than nothing.
    let nothing = format!("/FirstChar 32/LastChar 49/Widths[0 {EVEN} {EVEN}]");
    for widths in ["", &nothing] {
        let sheet = drawn(&format!("{usual}{widths}"), "20000 0 d0");
        hides(&sheet.marked(PLACE), "text");
    }
    let stated = format!("{usual}/FirstChar 32/LastChar 32/Widths[500]");
    hides_nothing(&drawn(&stated, "500 0 d0").marked(PLACE));
    let climbs = "/FontMatrix[0.001 0.001 0 0.001 0 0]";
    hides(&drawn(climbs, "500 0 d0").marked(PLACE), "unread");
}

/// The same font with letters that are drawn sixteen times as large as it says elsewhere.
#[test]
fn check_24_letters_of_a_font_reach_as_far_as_its_program_draws_them() {
    let embedded = |units: u16| {
        let mut program = dejavu::sans::regular().to_vec();
        let head = program.windows(4).position(|four| four == b"head").unwrap();
        let at = program[head + 8..head + 12].try_into().unwrap();
        let at = usize::try_from(u32::from_be_bytes(at)).unwrap() + 18;
        program[at..at + 2].copy_from_slice(&units.to_be_bytes());
        let widths = [EVEN; 3].join(" ");
        let font = simple(&format!(
            "/FirstChar 32/LastChar 61/Widths[{widths}]/FontDescriptor<</FontFile2 24 0 R\
                /FontBBox[0 0 1000 1000]>>"
        ));
        let program: String = program.iter().map(|byte| format!("{byte:02x}")).collect();
        letters(&font, "20 600", "(100)").with(24, &stream("/Filter/ASCIIHexDecode", &program))
    };
    hides_nothing(&embedded(2048).marked(PLACE));
    hides(&embedded(128).marked(PLACE), "text");
    // What cannot be drawn here may be drawn anywhere.
    let font = simple("/FontDescriptor<</FontFile2 24 0 R>>");
    let broken = letters(&font, "20 600", "(100)").with(24, &stream("", "no font"));
    hides(&broken.marked(PLACE), "unread");
}
