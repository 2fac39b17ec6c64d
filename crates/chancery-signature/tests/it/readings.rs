//! Signed files whose bytes are right, and which show one thing here and another there.

use chancery_signature::{Answer, ValidationReport};

use crate::forge::{
    CONTENT, Forge, Plan, appearance, codes, form_objects, house, judged, plain, sig1,
};

/// What the report says of the file, by the code's argument.
fn said(report: &ValidationReport, code: &str, key: &str) -> Vec<String> {
    let signatures = report.signatures.iter();
    let of_signatures = signatures.flat_map(|one| one.reasons.iter().chain(&one.warnings));
    let reasons = report.reasons.iter().chain(of_signatures);
    let reasons = reasons.filter(|one| one.code.key() == code);
    let mut found: Vec<String> = reasons
        .filter_map(|one| Some(one.args.get(key)?.to_owned()))
        .collect();
    found.dedup();
    found
}

/// The form with these objects in the place of its own, signed. Its field is printed.
pub(crate) fn signed(objects: &[(u32, &str)]) -> Forge {
    let mut forge = Forge::empty();
    forge.update(&with(objects));
    sign(&mut forge);
    forge
}

fn with(objects: &[(u32, &str)]) -> Vec<(u32, String)> {
    let mut own = form_objects();
    for (_, text) in &mut own {
        *text = text.replace("/FT/Tx", "/FT/Tx/F 4");
    }
    for (number, text) in objects {
        own.retain(|(known, _)| known != number);
        own.push((*number, (*text).to_owned()));
    }
    own
}

fn sign(forge: &mut Forge) {
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
}

pub(crate) fn divided(forge: &Forge, why: &str) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(said(&report, "reads_two_ways", "why"), [why]);
    assert_eq!(report.intact, Answer::Undecided, "{why}");
}

pub(crate) fn varies(forge: &Forge, how: &[&str]) {
    let report = judged(&house(), &forge.bytes);
    let why = said(&report, "reads_two_ways", "why");
    assert_eq!(
        report.intact,
        Answer::Yes,
        "{how:?}: {why:?} {:?}",
        codes(&report)
    );
    assert_eq!(said(&report, "appearance_varies", "how"), how);
}

pub(crate) fn page(contents: &str, resources: &str, entries: &str) -> String {
    format!(
        "<</Type/Page/Parent 2 0 R/Contents {contents}/Resources<</Font<</F1 7 0 R>>{resources}>>\
            {entries}>>"
    )
}

const ANNOTATED: &str = "/Annots[5 0 R 6 0 R 20 0 R]";
const DRAWING: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12>>\nstream\n0 0 9 9 re f\
    \nendstream";

fn stamp(entries: &str) -> String {
    format!("<</Type/Annot/Subtype/Stamp/Rect[50 50 90 90]{entries}>>")
}

/// Goal: an ordinary file gets no word too many. Method: the form as it is, and annotations,
/// layers and fonts of the ordinary kind.
#[test]
fn check_10_an_ordinary_file_reads_and_looks_one_way() {
    varies(&signed(&[]), &[]);
    let page = page("4 0 R", "", ANNOTATED);
    let printed = stamp("/F 4/AP<</N 8 0 R>>");
    varies(&signed(&[(3, &page), (20, &printed)]), &[]);
    let hidden = stamp("/F 2/AP<</N 8 0 R>>");
    varies(&signed(&[(3, &page), (20, &hidden)]), &[]);
    let note = "<</Type/Annot/Subtype/Text/Rect[50 50 90 90]/AP<</N 8 0 R>>>>";
    varies(&signed(&[(3, &page), (20, note)]), &[]);
    let empty = "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length 0>>\nstream\n\nendstream";
    let flat = "<</Type/Annot/Subtype/Stamp/Rect[0 0 0 0]/AP<</N 21 0 R>>>>";
    varies(&signed(&[(3, &page), (20, flat), (21, empty)]), &[]);
    for name in ["Arial,Bold", "TimesNewRomanPSMT", "ABCDEF+Courier-Oblique"] {
        let font = format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}>>");
        varies(&signed(&[(7, &font)]), &[]);
    }
    let layers = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>\
        /OCProperties<</OCGs[20 0 R]/D<</OFF[]/BaseState/ON>>>>>>";
    varies(&signed(&[(1, layers), (20, "<</Type/OCG/Name(x)>>")]), &[]);
    // A writer that says the same twice says one thing.
    let twice = "<</Type/Font/Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    varies(&signed(&[(7, twice)]), &[]);
}

/// Goal: a signed file in which readers draw different things is not praised. Method: a reference
/// to another generation, a key with two values, bytes in which a stream ends twice, and what is
/// drawn from another file; each at a place with an ordinary name, and at one that looks like
/// none.
#[test]
fn check_10_what_readers_draw_differently_is_told() {
    divided(&signed(&[(3, &page("4 1 R", "", ""))]), "generation");
    for name in ["X", "P", "Parent", "Annots", "AF", "Metadata"] {
        let drawn = format!("/XObject<</{name} 20 1 R>>");
        let page = page("4 0 R", &drawn, "");
        divided(&signed(&[(3, &page), (20, DRAWING)]), "generation");
    }
    let page = |resources: &str| page("4 0 R", resources, "");

    let doubled = page("/XObject<</A 20 0 R/#41 8 0 R>>");
    divided(&signed(&[(3, &doubled), (20, DRAWING)]), "doubled");
    let many: String = (0..40).map(|place| format!("/N{place} 8 0 R")).collect();
    let doubled = page(&format!("/XObject<<{many}/N7 20 0 R>>"));
    divided(&signed(&[(3, &doubled), (20, DRAWING)]), "doubled");

    let inner = CONTENT.replace("/Length 46", "/Length 63");
    let inner = inner.replace("\nendstream", "\nendstream\n900 Tj \nendstream");
    divided(&signed(&[(4, &inner)]), "ending");
    // A writer that put a shorter stream in the place of a longer one left the old end.
    let left = CONTENT.replace("/Length 46", "/Length 61");
    let left = left.replace("\nendstream", "\nendstream\nendo\nendstream");
    varies(&signed(&[(4, &left)]), &[]);
    let packed = |body: &str| {
        let head = "<</Filter/ASCIIHexDecode/Length";
        format!("{head} {}>>\nstream\n{body}\nendstream", body.len())
    };
    let digits = hex::encode("0 0 9 9 re f");
    let left = packed(&format!("{digits}>\nendstream\nendobj\n"));
    varies(&signed(&[(4, &left)]), &[]);
    let inner = packed(&format!("{digits}\nendstream 30>"));
    divided(&signed(&[(4, &inner)]), "ending");

    let outer = DRAWING.replace("/BBox", "/F(other.pdf)/BBox");
    let drawn = page("/XObject<</A 20 0 R>>");
    divided(&signed(&[(3, &drawn), (20, &outer)]), "external");
    let outer = DRAWING.replace("/BBox", "/Ref<</F(other.pdf)/Page 1>>/BBox");
    divided(&signed(&[(3, &drawn), (20, &outer)]), "external");
}

/// Goal: a hybrid file may hide what old readers do without, and not what pages draw. Method: a
/// table that frees the page's content or an object that nothing draws, and a stream that places
/// it.
#[test]
fn check_10_a_hybrid_file_that_frees_what_pages_draw_is_told() {
    let hybrid = |number: u32| {
        let mut forge = Forge::empty();
        forge.update(&with(&[(30, "(nothing draws this)")]));
        let text = String::from_utf8(forge.bytes.split_off(forge.table)).unwrap();
        let header = format!("\n{number} 0 obj");
        let bytes = forge.bytes.windows(header.len());
        let place = bytes.enumerate().find(|(_, one)| *one == header.as_bytes());
        let place = place.unwrap().0 + 1;
        let stream = forge.bytes.len();
        let row = format!("01{place:08x}00");
        let head = format!(
            "31 0 obj\n<</Type/XRef/Size 40/W[1 4 1]/Index[{number} 1]/Filter/ASCIIHexDecode/Length\
                {}>>\nstream\n{row}>\nendstream\nendobj\n",
            format_args!(" {}", row.len() + 1)
        );
        forge.bytes.extend(head.into_bytes());
        forge.table = forge.bytes.len();
        let entry = format!("{place:010} 00000 n");
        let text = text.replace(&entry, "0000000000 00000 f");
        let text = text.replacen("<</Size", &format!("<</XRefStm {stream}/Size"), 1);
        let end = text.find("startxref\n").unwrap() + "startxref\n".len();
        let text = format!("{}{}\n%%EOF\n", &text[..end], forge.table);
        forge.bytes.extend(text.into_bytes());
        forge.size = 40;
        sign(&mut forge);
        forge
    };
    varies(&hybrid(30), &[]);
    divided(&hybrid(4), "hidden");
}

/// Goal: what depends on the reader, on screen and paper, or on scripts is said, without blame.
/// Method: one file of each kind.
#[test]
fn check_17_what_is_not_shown_everywhere_is_told() {
    let catalog = |entries: &str| {
        format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>{entries}>>"
        )
    };
    for configuration in [
        "/D<</OFF[20 0 R]>>",
        "/D<</BaseState/OFF>>",
        "/D<</AS[<</Event/Print/Category[/Print]/OCGs[20 0 R]>>]>>",
        "/D<<>>/Configs[<</OFF[20 0 R]>>]",
    ] {
        let layers = catalog(&format!("/OCProperties<</OCGs[20 0 R]{configuration}>>"));
        let objects = [(1, layers.as_str()), (20, "<</Type/OCG/Name(x)>>")];
        varies(&signed(&objects), &["layers"]);
    }
    let annotated = page("4 0 R", "", ANNOTATED);
    // Only on the screen, only on paper, on the screen while the mouse is over it.
    for flags in [0, 36, 260] {
        let stamp = stamp(&format!("/F {flags}/AP<</N 8 0 R>>"));
        varies(&signed(&[(3, &annotated), (20, &stamp)]), &["paper"]);
    }
    let image = DRAWING.replace("/BBox", "/Alternates[<</Image 8 0 R>>]/BBox");
    let drawn = page("4 0 R", "/XObject<</A 20 0 R>>", "");
    varies(&signed(&[(3, &drawn), (20, &image)]), &["paper"]);
    varies(
        &signed(&[(3, &annotated), (20, &stamp("/F 4"))]),
        &["unpainted"],
    );
    let film = "<</Type/Annot/Subtype/RichMedia/Rect[50 50 90 90]/F 4/AP<</N 8 0 R>>>>";
    varies(&signed(&[(3, &annotated), (20, film)]), &["media"]);
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/CorpDigits/FontDescriptor 20 0 R>>";
    let bare = "<</Type/FontDescriptor/FontName/CorpDigits>>";
    varies(&signed(&[(7, font), (20, bare)]), &["fonts"]);
    let script = "<</S/JavaScript/JS(this.getField\\(\"Amount\"\\).value = 1)>>";
    for entry in [
        "/OpenAction 20 0 R",
        "/AA<</WP 20 0 R>>",
        "/Names<</JavaScript 20 0 R>>",
    ] {
        let acting = catalog(entry);
        varies(&signed(&[(1, &acting), (20, script)]), &["scripts"]);
    }
    let acting = page(
        "4 0 R",
        "",
        "/AA<</O<</S/GoTo/D[3 0 R/Fit]/Next[20 0 R]>>>>",
    );
    varies(&signed(&[(3, &acting), (20, script)]), &["scripts"]);
    let form = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3";
    varies(
        &signed(&[(1, &format!("{form}/XFA[(a)20 0 R]>>>>"))]),
        &["xfa"],
    );
    let redrawn = format!("{form}/NeedAppearances true>>>>");
    varies(&signed(&[(1, &redrawn)]), &["fields"]);
    let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(100)/Rect[10 10 110 30]/F 4>>";
    varies(&signed(&[(5, widget)]), &["fields"]);
    let short = CONTENT.replace("/Length 46", "/Length 10");
    varies(&signed(&[(4, &short)]), &["unread"]);
}

/// Goal: what pages draw is known by what it is, whatever its name. Method: a field's appearance
/// that the page draws too, under names that lead elsewhere in other dictionaries; then it is
/// filled in.
#[test]
fn check_17_names_of_resources_do_not_hide_what_pages_draw() {
    for name in ["X", "P", "Parent", "Annots"] {
        let drawing = format!("/{name} Do BT /F1 12 Tf 40 700 Td (Price) Tj ET");
        let content = format!(
            "<</Length {}>>\nstream\n{drawing}\nendstream",
            drawing.len()
        );
        let page = page(
            "4 0 R",
            &format!("/XObject<</{name} 8 0 R>>"),
            "/Annots[5 0 R 6 0 R]",
        );
        let mut forge = signed(&[(3, &page), (4, &content)]);
        let filled = "<</Type/Annot/Subtype/Widget/FT/Tx/F 4/T(Amount)/V(250)/Rect[10 10 110 30]\
            /P 3 0 R/AP<</N 8 0 R>>>>";
        forge.update(&[(5, filled.to_owned()), (8, appearance("(250)"))]);
        let report = judged(&house(), &forge.bytes);
        assert_ne!(report.intact, Answer::Yes, "{name}: {:?}", codes(&report));
    }
}
