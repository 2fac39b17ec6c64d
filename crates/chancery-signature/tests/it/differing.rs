//! Files that readers read differently: what we take for harmless must be harmless to all of them.
//!
//! These were found by mutating signed files and by reading with that in mind; see
//! `docs/mutations.md`. Each test is a class, with a file that differs by it alone and passes.

use crate::forge::*;
use chancery_signature::Answer;

const CATALOG: &str =
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                    /Annots[5 0 R 6 0 R 10 0 R]>>";
const OLD_CATALOG: &str =
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>>>";
const OLD_PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                        /Annots[5 0 R 6 0 R]>>";

fn stopped(forge: &Forge, code: &str) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(report.crypto, Answer::Yes, "{:?}", codes(&report));
    assert_ne!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert!(codes(&report).contains(&code), "{:?}", codes(&report));
}

fn passes(forge: &Forge) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
}

fn own(number: u32, text: &str) -> (u32, String) {
    (number, text.to_owned())
}

/// A second signature in a field of its own, `field`, with these objects beside it.
fn countersigned(field: &str, more: &[(u32, String)]) -> Forge {
    countersigned_with(CATALOG, PAGE, field, more)
}

fn countersigned_with(catalog: &str, page: &str, field: &str, more: &[(u32, String)]) -> Forge {
    let mut forge = signed(&house());
    let objects = vec![own(1, catalog), own(3, page), own(10, field)];
    let plan = Plan::new(11, [objects, more.to_vec()].concat());
    forge.sign(&plan, |spans| plain(&house(), spans));
    forge
}

const FIELD: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>";

/// Goal: a key that stands twice in what came later is no harmless change, wherever it stands: one
/// reader takes the first, another the last, poppler from 32 entries on either of them. Method: a
/// second signature whose objects say everything once passes; with one key doubled, of which the
/// last says what was there, it does not.
#[test]
fn check_08_a_key_that_stands_twice_is_read_in_two_ways() {
    passes(&countersigned(FIELD, &[]));
    let page = PAGE.replace("<</Type/Page/", "<</Contents 7 0 R/Type/Page/");
    let catalog = CATALOG.replace("<</Type/Catalog/", "<</Pages 7 0 R/Type/Catalog/");
    let form = CATALOG.replace("<</Fields", "<</Fields[]/Fields");
    let field = FIELD.replace("<</Type/Annot/", "<</Rect[0 0 600 800]/Type/Annot/");
    for forge in [
        countersigned_with(CATALOG, &page, FIELD, &[]),
        countersigned_with(&catalog, PAGE, FIELD, &[]),
        countersigned_with(&form, PAGE, FIELD, &[]),
        countersigned(&field, &[]),
    ] {
        stopped(&forge, "added_after_signing");
    }
    // The same objects and a key of the page twice, without any other change.
    let mut forge = signed(&house());
    forge.update(&[own(3, OLD_PAGE)]);
    passes(&forge);
    forge.update(&[own(
        3,
        &OLD_PAGE.replace("<</Type", "<</Contents 7 0 R/Type"),
    )]);
    stopped(&forge, "added_after_signing");
    let mut forge = signed(&house());
    forge.trailer_extra = "/Root 3 0 R/Root 1 0 R".to_owned();
    forge.update(&[own(1, OLD_CATALOG)]);
    stopped(&forge, "added_after_signing");
}

/// Goal: an object that says what it said under another generation is gone for whoever refers to it
/// by the old one. Method: the content of the page, written anew as it was, with the generation 0
/// and with 1.
#[test]
fn check_08_another_generation_is_another_object() {
    for (generation, is_same) in [(0, true), (1, false)] {
        let mut forge = signed(&house());
        let place = forge.bytes.len();
        let object = format!("4 {generation} obj\n{CONTENT}\nendobj\n");
        forge.bytes.extend(object.into_bytes());
        let table = forge.bytes.len();
        let end = format!(
            "xref\n4 1\n{place:010} {generation:05} n\r\ntrailer\n<</Size 10/Root 1 0 R\
             /Prev {}>>\nstartxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        match is_same {
            true => passes(&forge),
            false => stopped(&forge, "content_changed"),
        }
    }
}

/// Goal: only a widget is part of a signature field. Method: beneath the field of a second
/// signature, a widget that shows nothing passes; a drawing, whose lines no rectangle bounds, a
/// note, and a field that is itself another annotation do not.
#[test]
fn check_24_only_widgets_belong_to_a_signature_field() {
    let field = "<</FT/Sig/T(Sig2)/V 11 0 R/Kids[12 0 R]>>";
    let page = PAGE.replace("10 0 R", "12 0 R");
    let kid = |entries: &str| {
        let text = format!("<</Type/Annot/Rect[0 0 0 0]/F 4/P 3 0 R/Parent 10 0 R{entries}>>");
        countersigned_with(CATALOG, &page, field, &[(12, text)])
    };
    passes(&kid("/Subtype/Widget"));
    for other in [
        "/Subtype/Ink/InkList[[0 0 600 800]]/C[1 1 1]/BS<</W 500>>",
        "/Subtype/Line/L[0 0 600 800]/C[1 1 1]",
        "/Subtype/Text/Contents(Void)",
        "/Subtype/Widget/OC 7 0 R",
        "",
    ] {
        stopped(&kid(other), "added_after_signing");
    }
    let note = FIELD.replace("/Subtype/Widget", "/Subtype/Text/Contents(Void)");
    stopped(&countersigned(&note, &[]), "added_after_signing");
}

/// Goal: a place that is not four numbers is no empty place. Method: a rectangle of five numbers,
/// of which some readers take the first four.
#[test]
fn check_24_a_place_that_cannot_be_read_is_not_empty() {
    for rect in ["0 0 600 800 0", "0 0 (600) 800", "0 0 600"] {
        let field = FIELD.replace("0 0 0 0", rect);
        stopped(&countersigned(&field, &[]), "mark_covers_page");
    }
}

/// Goal: the one thing that refers to a list must be the place that is looked at. Method: the list
/// of layers, which only the catalog refers to, is overwritten by the annotations of the page: they
/// are what they were, and the layers are gone.
#[test]
fn check_08_a_list_that_belongs_to_another_place_is_not_explained() {
    let layered = |forge: &mut Forge| {
        let catalog = OLD_CATALOG.replace("/Pages", "/OCProperties 20 0 R/Pages");
        let layers = "<</OCGs[21 0 R]/D<</OFF[21 0 R]/Order[]>>>>";
        forge.update(&[
            own(1, &catalog),
            own(20, layers),
            own(21, "<</Type/OCG/Name(A)>>"),
        ]);
    };
    let mut forge = Forge::form();
    forge.size = 22;
    layered(&mut forge);
    let mut catalog_plan = Plan::new(9, vec![sig1(9)]);
    catalog_plan.room = 6000;
    forge.sign(&catalog_plan, |spans| plain(&house(), spans));
    passes(&forge);
    // A list of the page's own, in a new object, passes.
    let mut listed = forge.clone();
    let page = OLD_PAGE.replace("[5 0 R 6 0 R]", " 22 0 R");
    listed.update(&[own(3, &page), own(22, "[5 0 R 6 0 R]")]);
    passes(&listed);
    let page = OLD_PAGE.replace("[5 0 R 6 0 R]", " 20 0 R");
    forge.update(&[own(3, &page), own(20, "[5 0 R 6 0 R]")]);
    stopped(&forge, "added_after_signing");
}

/// Goal: what a later signer brings for the marks of signatures does not draw the fields of others.
/// Method: a text field that names a font which the form has not got, and shows no appearance, so
/// that readers draw it. A second signature brings a font of another name, then one of that name;
/// and then the way in which fields are drawn that do not say themselves.
#[test]
fn check_16_fonts_that_come_later_draw_no_field_that_was_there() {
    let text_field_of = |form: &str, look: &str| {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects[0].1 = objects[0].1.replace("/Fields", &format!("{form}/Fields"));
        objects[4].1 = format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(100)/Rect[10 10 110 30]/P 3 0 R{look}>>"
        );
        forge.update(&objects);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        forge
    };
    let text_field = |look: &str| text_field_of("", look);
    let brings = |mut forge: Forge, entries: &str| {
        let catalog = CATALOG.replace("/SigFlags 3", &format!("/SigFlags 3{entries}"));
        let objects = vec![own(1, &catalog), own(3, PAGE), own(10, FIELD)];
        forge.sign(&Plan::new(11, objects), |spans| plain(&house(), spans));
        forge
    };
    let font = |name: &str| {
        let glyphs = "/Encoding<</Differences[49/nine/eight]>>";
        format!("/DR<</Font<</{name}<</Type/Font/Subtype/Type1/BaseFont/Courier{glyphs}>>>>>>")
    };
    let named = "/DA(/Helv 12 Tf 0 g)";
    passes(&brings(text_field(named), &font("Other")));
    stopped(
        &brings(text_field(named), &font("Helv")),
        "added_after_signing",
    );
    passes(&brings(
        text_field(&format!("{named}/AP<</N 8 0 R>>")),
        &font("Helv"),
    ));
    // A font that stands in the form itself gains nothing either.
    let direct = |more: &str, beside: &str| {
        let font = format!("<</Type/Font/Subtype/Type1/BaseFont/Courier{more}>>");
        format!("/DR<</Font<</Helv{font}{beside}>>>>")
    };
    let had = || text_field_of(&direct("", ""), named);
    passes(&brings(had(), &direct("", "/Other 7 0 R")));
    for more in ["/Encoding<</Differences[49/nine]>>", "/Widths[0 0]"] {
        stopped(&brings(had(), &direct(more, "")), "added_after_signing");
    }
    let white = "/ColorSpace<</DefaultGray[/Indexed/DeviceGray 1<FFFF>]>>";
    let beside = direct("", "").replacen("/Font", &format!("{white}/Font"), 1);
    stopped(&brings(had(), &beside), "added_after_signing");
    stopped(
        &brings(text_field(named), &format!("/DR<<{white}>>")),
        "added_after_signing",
    );
    let way = "/DA(/Helv 500 Tf 1 g)";
    let shown = "/AP<</N 8 0 R>>";
    stopped(&brings(text_field(shown), way), "added_after_signing");
    passes(&brings(text_field(shown), "/DA(/Helv 0 Tf 0 g)"));
    for odd in [
        "/Helv 1 Tf 0 g",
        "/Helv 0 Tf 1 1 1 rg",
        "/Helv 0 Tf 0 g 3 Tr",
        "x",
    ] {
        let brought = brings(text_field(shown), &format!("/DA({odd})"));
        stopped(&brought, "added_after_signing");
    }
    // A form that wants all drawn anew, and goes on to do so.
    let asking = "/NeedAppearances true";
    let goes_on = |more: &str| {
        let file = brings(text_field_of(asking, shown), &format!("{asking}{more}"));
        let report = judged(&house(), &file.bytes);
        codes(&report).contains(&"added_after_signing")
    };
    assert!(!goes_on(""));
    assert!(goes_on(way));
    // Its fields are drawn in a font that is gained, though they have an appearance.
    let drawn = format!("{named}/AP<</N 8 0 R>>");
    for (gained, is_seen) in [("Helv", true), ("Other", false)] {
        let more = format!("{asking}{}", font(gained));
        let file = brings(text_field_of(asking, &drawn), &more);
        let report = judged(&house(), &file.bytes);
        let is_told = codes(&report).contains(&"added_after_signing");
        assert_eq!(is_told, is_seen, "{gained}");
    }
    passes(&brings(text_field(named), way));
    stopped(&brings(text_field(""), way), "added_after_signing");
}

/// Goal: an empty place for a signature is a widget, too. Method: a form whose empty signature
/// field is a hidden drawing, which the second signature brings to light with the flags that
/// signing may set; and the same as a hidden widget.
#[test]
fn check_24_a_hidden_drawing_is_no_place_for_a_signature() {
    let filled = |kind: &str| {
        let place = |flags: u32, value: &str| {
            format!(
                "<</Type/Annot/Subtype/{kind}/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F {flags}/P 3 0 R\
                 {value}>>"
            )
        };
        let mut forge = Forge::form();
        forge.update(&[own(1, CATALOG), own(3, PAGE), (10, place(2, ""))]);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        let plan = Plan::new(11, vec![(10, place(4, "/V 11 0 R"))]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        forge
    };
    passes(&filled("Widget"));
    let drawing = "Ink/InkList[[0 0 600 800]]/C[1 1 1]/BS<</W 500>>";
    stopped(&filled(drawing), "added_after_signing");
}

/// Goal: a revision that writes no object may show another document still. Method: the signed file
/// holds a second catalog with pages of its own, and a revision whose trailer alone leads to it;
/// and one that leads to a copy of the first catalog.
#[test]
fn check_08_another_catalog_of_the_file_is_another_document() {
    let signed_with = |catalog: &str| {
        let mut forge = Forge::form();
        let tree = "<</Type/Pages/Kids[22 0 R]/Count 1/MediaBox[0 0 600 800]>>";
        let page = "<</Type/Page/Parent 21 0 R/Contents 23 0 R/Resources<</Font<</F1 7 0 R>>>>\
                    /Annots[5 0 R 6 0 R]>>";
        let content = CONTENT.replace("100", "900");
        forge.update(&[
            own(20, catalog),
            own(21, tree),
            own(22, page),
            (23, content),
        ]);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        passes(&forge);
        forge.root = 20;
        forge.update(&[]);
        forge
    };
    passes(&signed_with(OLD_CATALOG));
    let other = OLD_CATALOG.replace("/Pages 2 0 R", "/Pages 21 0 R");
    stopped(&signed_with(&other), "content_changed");
}

/// Goal: cross-references that say two things about one object are not true ones. Method: a signed
/// file whose page had another content before; a revision that names the place of the content that
/// was signed, and once more, or behind it the place of the earlier one.
#[test]
fn check_10_an_object_has_one_place_in_a_section() {
    let mut forge = Forge::form();
    let first = place(&forge.bytes, b"\n4 0 obj") + 1;
    forge.update(&[(4, CONTENT.replace("100", "900"))]);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    let own = forge
        .bytes
        .windows(9)
        .rposition(|at| at == b"\n4 0 obj\n")
        .unwrap()
        + 1;
    passes(&forge);
    for (other, is_same) in [(own, true), (first, false)] {
        let mut forge = forge.clone();
        let table = forge.bytes.len();
        let end = format!(
            "xref\n4 1\n{own:010} 00000 n\r\n4 1\n{other:010} 00000 n\r\ntrailer\n\
             <</Size 10/Root 1 0 R/Prev {}>>\nstartxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        match is_same {
            true => passes(&forge),
            false => stopped(&forge, "added_after_signing"),
        }
    }
}

/// A cross-reference stream, object 12, that names the places of these objects, with more entries
/// of its dictionary. It does not name its own: nothing refers to it but the end of the file.
fn reference_stream(places: &[(u32, usize)], entries: &str) -> Vec<u8> {
    let index: Vec<String> = places
        .iter()
        .map(|(number, _)| format!("{number} 1"))
        .collect();
    let rows: Vec<u8> = places
        .iter()
        .flat_map(|(_, place)| {
            let place = u32::try_from(*place).unwrap().to_be_bytes();
            [&[1], place.as_slice(), &[0]].concat()
        })
        .collect();
    let head = format!(
        "12 0 obj\n<</Type/XRef/W[1 4 1]/Index[{}]/Size 13/Length {}{entries}>>\nstream\n",
        index.join(" "),
        rows.len()
    );
    [head.as_bytes(), &rows, b"\nendstream\nendobj\n"].concat()
}

/// A signed file whose page had another content before it was signed: with the places of the
/// earlier content and of the signed one.
fn signed_over_another_content() -> (Forge, usize, usize) {
    let mut forge = Forge::form();
    let first = place(&forge.bytes, b"\n4 0 obj") + 1;
    forge.update(&[(4, CONTENT.replace("100", "900"))]);
    let mut places = forge.bytes.windows(9);
    let own = places.rposition(|at| at == b"\n4 0 obj\n").unwrap() + 1;
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    passes(&forge);
    (forge, first, own)
}

/// Goal: a key that stands twice in the dictionary of a cross-reference stream is read in two ways:
/// which objects its rows are about, say. Method: a revision whose stream names the signed content
/// once passes; with `/Index` doubled, of which the last is the true one, or `/Root`, it does not.
#[test]
fn check_10_a_cross_reference_stream_says_each_key_once() {
    let (forge, _, own) = signed_over_another_content();
    let end = |entries: &str| {
        let mut forge = forge.clone();
        let stream = forge.bytes.len();
        let entries = format!("/Prev {}{entries}", forge.table);
        forge.bytes.extend(reference_stream(&[(4, own)], &entries));
        let end = format!("startxref\n{stream}\n%%EOF\n");
        forge.bytes.extend(end.into_bytes());
        forge
    };
    passes(&end("/Root 1 0 R"));
    for doubled in ["/Root 3 0 R/Root 1 0 R", "/Root 1 0 R/Index[4 1]"] {
        stopped(&end(doubled), "added_after_signing");
    }
}

/// Goal: a table and the stream beside it (a hybrid file) that place one object differently are
/// read in two ways: old readers see the table alone. Method: a revision whose table names the
/// signed content, and whose stream names the same place, or that of the earlier content.
#[test]
fn check_10_a_table_and_its_stream_place_an_object_alike() {
    let (forge, first, own) = signed_over_another_content();
    for (other, is_same) in [(own, true), (first, false)] {
        let mut forge = forge.clone();
        let stream = forge.bytes.len();
        forge
            .bytes
            .extend(reference_stream(&[(4, other)], "/Root 1 0 R"));
        let table = forge.bytes.len();
        let end = format!(
            "xref\n4 1\n{own:010} 00000 n\r\n12 1\n{stream:010} 00000 n\r\ntrailer\n\
             <</Size 13/Root 1 0 R/Prev {}/XRefStm {stream}>>\nstartxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        match is_same {
            true => passes(&forge),
            false => stopped(&forge, "added_after_signing"),
        }
    }
}

/// Goal: a table does not free what was in use, even if the stream beside it puts it back: some
/// readers follow the table alone. Method: such a revision, and one that frees nothing.
#[test]
fn check_10_a_table_frees_nothing_that_its_stream_puts_back() {
    let (forge, _, own) = signed_over_another_content();
    for freed in [false, true] {
        let mut forge = forge.clone();
        let stream = forge.bytes.len();
        forge
            .bytes
            .extend(reference_stream(&[(4, own)], "/Root 1 0 R"));
        let table = forge.bytes.len();
        let free = match freed {
            true => "4 1\n0000000000 00001 f\r\n",
            false => "",
        };
        let end = format!(
            "xref\n{free}12 1\n{stream:010} 00000 n\r\ntrailer\n\
             <</Size 13/Root 1 0 R/Prev {}/XRefStm {stream}>>\nstartxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        match freed {
            false => passes(&forge),
            true => stopped(&forge, "added_after_signing"),
        }
    }
}
