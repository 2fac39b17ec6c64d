//! Check 24, what a later signer's mark hides: files written by hand, in which a second signer puts
//! a small mark over what the first one signed, or beside it.

use crate::forge::*;
use chancery_signature as sig;
use sig::facts::{Beneath, Change};
use sig::{Answer, Code, Indication, ValidationReport};

/// What a page draws, with everything that it may need.
pub struct Sheet {
    /// Entries of the page.
    pub page: String,
    /// Objects from 20 on.
    pub objects: Vec<(u32, String)>,
}

impl Sheet {
    /// A page with this content as object 20, and this among its resources.
    pub fn new(content: &str, resources: &str) -> Self {
        let page = format!("/Contents 20 0 R/Resources<</Font<</F1 7 0 R>>{resources}>>");
        Self {
            page,
            objects: vec![(20, stream("", content))],
        }
    }

    pub fn with(mut self, number: u32, text: &str) -> Self {
        self.objects.push((number, text.to_owned()));
        self
    }

    pub fn page(&self, annotations: &str) -> (u32, String) {
        let text = format!(
            "<</Type/Page/Parent 2 0 R{}/Annots[5 0 R 6 0 R{annotations}]>>",
            self.page
        );
        (3, text)
    }

    /// Signed in `Sig1`, whose place is `first`.
    pub fn signed_at(&self, first: &str) -> Forge {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.retain(|(number, _)| ![3, 5, 8].contains(number));
        objects.push(self.page(""));
        // The text field is empty, and shows nothing.
        let empty = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/Rect[10 10 110 30]/P 3 0 R>>";
        objects.push((5, empty.to_owned()));
        objects.extend(self.objects.iter().cloned());
        forge.update(&objects);
        let own = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/Rect[{first}]/F 132/P 3 0 R/V 9 0 R>>"
        );
        forge.sign(&Plan::new(9, vec![(6, own)]), |spans| {
            plain(&house(), spans)
        });
        forge
    }

    /// Signed twice, the second time with a mark at `rect`.
    pub fn marked(&self, rect: &str) -> Forge {
        let mut forge = self.signed_at("0 0 0 0");
        self.mark(&mut forge, 10, "5 0 R 6 0 R", rect, "");
        forge
    }

    /// A signature in a new field, object `number`, beside the fields that there are.
    pub fn mark(&self, forge: &mut Forge, number: u32, fields: &str, rect: &str, extra: &str) {
        let catalog = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields} {number} 0 R]/SigFlags 3>>>>"
        );
        let annotations = format!("{} {number} 0 R", fields.trim_start_matches("5 0 R 6 0 R"));
        let value = number + 1;
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig{number})/Rect[{rect}]/F 132/P 3 0 R\
                /V {value} 0 R{extra}>>"
        );
        let objects = vec![(1, catalog), self.page(&annotations), (number, widget)];
        forge.sign(&Plan::new(value, objects), |spans| plain(&house(), spans));
    }
}

pub fn stream(entries: &str, content: &str) -> String {
    let length = content.len();
    format!("<<{entries}/Length {length}>>\nstream\n{content}\nendstream")
}

pub fn form(entries: &str, content: &str) -> String {
    let own = format!("/Type/XObject/Subtype/Form/BBox[0 0 600 800]{entries}");
    stream(&own, content)
}

pub fn report(forge: &Forge) -> ValidationReport {
    judged(&house(), &forge.bytes)
}

/// What the first signer is told of the mark: the code, `what` and the page.
fn told(report: &ValidationReport) -> Option<(Code, String, String)> {
    let all = report.signatures[0].reasons.iter();
    let mut marks = all.filter(|one| matches!(one.code, Code::MarkHides | Code::MarkUnread));
    let reason = marks.next()?;
    Some((
        reason.code,
        reason.args["what"].to_owned(),
        reason.args["page"].to_owned(),
    ))
}

#[track_caller]
pub fn hides(forge: &Forge, what: &str) {
    let report = report(forge);
    assert_ne!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert_eq!(report.indication, Indication::Indeterminate);
    assert_eq!(report.signatures[0].indication, Indication::Indeterminate);
    let code = match what {
        "unread" => Code::MarkUnread,
        _ => Code::MarkHides,
    };
    let expected = (code, what.to_owned(), "1".to_owned());
    assert_eq!(told(&report), Some(expected));
}

#[track_caller]
pub fn hides_nothing(forge: &Forge) {
    let report = report(forge);
    assert_eq!(told(&report), None);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
}

/// One line of text at (100, 700), about 66 points wide.
pub const AMOUNT: &str = "BT /F1 12 Tf 100 700 Td (Price: 100) Tj ET";
const WIDTHS: &str = "<</Type/Font/Subtype/TrueType/BaseFont/Some/FirstChar 32/LastChar 131/Widths[\
    500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 \
    500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 \
    500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 \
    500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 \
    500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500]>>";

#[test]
fn check_24_a_small_mark_over_an_amount_is_told_and_one_beside_it_is_not() {
    let sheet = Sheet::new(AMOUNT, "");
    hides(&sheet.marked("140 698 165 712"), "text");
    hides(&sheet.marked("165 712 140 698"), "text");
    for beside in ["100 720 160 740", "100 600 160 690", "20 690 95 720"] {
        hides_nothing(&sheet.marked(beside));
    }
    let facts = facts(&sheet.marked("100 720 160 740").bytes);
    let changes = &facts.pdf.as_ref().unwrap().changes[0].changes;
    assert!(
        matches!(
            &changes[..],
            [Change::SignatureAdded {
                beneath: Beneath::Nothing,
                page: Some(1),
                ..
            }]
        ),
        "{changes:?}"
    );
}

#[test]
fn check_24_text_is_found_wherever_matrices_carry_it() {
    let amount = "BT /F1 12 Tf (Price: 100) Tj ET";
    let over = "295 395 320 405";
    // Moved, turned by a quarter, and made of single pieces.
    for content in [
        format!("q 1 0 0 1 290 396 cm {amount} Q"),
        format!("q 0 1 -1 0 305 380 cm {amount} Q"),
        format!("q 2 0 0 2 0 0 cm q 1 0 0 1 145 198 cm {amount} Q Q"),
        "BT /F1 12 Tf 1 0 0 1 250 396 Tm [(P) -3000 (100)] TJ ET".to_owned(),
        "BT /F1 12 Tf 14 TL 290 424 Td (one) Tj T* (two) Tj (three) ' ET".to_owned(),
        "BT /F1 12 Tf 14 TL 290 410 Td 0 0 (three) \" ET".to_owned(),
        "BT /F1 1 Tf 12 0 0 12 290 396 Tm (Price) Tj ET".to_owned(),
        "q 1 0 0 1 290 396 cm /G gs BT (Price) Tj ET Q".to_owned(),
    ] {
        let sheet = Sheet::new(&content, "/ExtGState<</G<</Font[7 0 R 12]>>>>");
        hides(&sheet.marked(over), "text");
        // Restored states leave nothing behind at the beginning.
        hides_nothing(&sheet.marked("400 20 460 60"));
    }
    // A page that is turned as a whole has its marks turned with it.
    let mut turned = Sheet::new(AMOUNT, "");
    turned.page += "/Rotate 90";
    hides(&turned.marked("140 698 165 712"), "text");
    hides_nothing(&turned.marked("100 600 160 690"));
}

#[test]
fn check_24_text_within_forms_is_found() {
    let inner = "/Matrix[1 0 0 1 0 300]/Resources<</Font<</F1 7 0 R>>>>";
    let sheet = || {
        let outer = "/Resources<</XObject<</Inner 22 0 R>>>>/Matrix[1 0 0 1 40 0]";
        Sheet::new(
            "q 1 0 0 1 0 100 cm /Outer Do Q",
            "/XObject<</Outer 21 0 R>>",
        )
        .with(21, &form(outer, "/Inner Do"))
        .with(
            22,
            &form(inner, "BT /F1 12 Tf 100 300 Td (Price: 100) Tj ET"),
        )
    };
    hides(&sheet().marked("180 698 200 712"), "text");
    hides_nothing(&sheet().marked("180 640 200 690"));
    // The resources of the page, where a form has none.
    let old = Sheet::new("/Outer Do", "/XObject<</Outer 21 0 R>>").with(21, &form("", AMOUNT));
    hides(&old.marked("140 698 165 712"), "text");
    // A form within itself has no end.
    let endless = Sheet::new("/Outer Do", "/XObject<</Outer 21 0 R>>").with(
        21,
        &form(
            "/Resources<</XObject<</Outer 21 0 R>>>>",
            "/Outer Do /Outer Do",
        ),
    );
    hides(&endless.marked("140 698 165 712"), "unread");
}

#[test]
fn check_24_images_and_drawings_may_be_letters_and_lines_are_not() {
    let image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray\
        /BitsPerComponent 8/Length 1>>\nstream\n0\nendstream";
    let pattern = stream(
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<>>",
        "0 0 5 5 re f",
    );
    let resources = "/XObject<</I 21 0 R>>/Pattern<</P 22 0 R>>/ColorSpace<</C/Pattern>>";
    let sheet = |content: &str| {
        Sheet::new(content, resources)
            .with(21, image)
            .with(22, &pattern)
    };
    let over = "120 120 160 150";
    for (content, what) in [
        ("q 50 0 0 50 100 100 cm /I Do Q", "image"),
        (
            "q 50 0 0 50 100 100 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q",
            "image",
        ),
        ("/Pattern cs /P scn 100 100 50 50 re f", "image"),
        ("125 125 m 130 140 135 140 140 125 c f", "drawing"),
    ] {
        hides(&sheet(content).marked(over), what);
        hides_nothing(&sheet(content).marked("300 300 360 340"));
    }
    let many = "125 125 m 140 125 l S ".repeat(40);
    hides(&sheet(&many).marked(over), "drawing");
    for lines in [
        "100 130 m 500 130 l S 110 100 m 110 300 l S",
        "100 100 400 60 re S",
        // A coloured ground.
        "1 0 0 rg 0 0 600 800 re f",
        "120 120 160 150 re W n",
    ] {
        hides_nothing(&sheet(lines).marked(over));
    }
    let frame = "90 90 m 300 90 l 320 90 320 110 320 120 c 320 300 l 90 300 l h S";
    hides_nothing(&sheet(frame).marked("120 120 160 156"));
    hides(&sheet(frame).marked(over), "drawing");
}

/// Text that was turned into outlines: a small mark within an 8 makes it a 0, and one over the
/// first digit of an amount makes it another amount.
#[test]
fn check_24_outlines_of_letters_are_no_frames_and_no_lines() {
    let eight = "200 200 m 212 200 212 214 206 214 c 198 214 198 200 200 200 c f";
    hides(&Sheet::new(eight, "").marked("203 205 207 209"), "drawing");
    let one = "200 200 m 200 214 l 208 214 l 208 212 l 202 212 l 202 200 l h f";
    hides(&Sheet::new(one, "").marked("190 190 230 230"), "drawing");
    hides_nothing(&Sheet::new(one, "").marked("300 300 340 340"));
}

#[test]
fn check_24_what_cannot_be_read_is_not_called_empty() {
    let far = "400 20 460 60";
    for content in [
        "BT /F1 12 Tf (never closed Tj ET",
        "q 1 0 0 cm Q",
        "BI /W 1 /H 1 ID 0 0 0",
        "(a) Tj ] ET",
        "1 2 unheard-of",
    ] {
        hides(&Sheet::new(content, "").marked(far), "unread");
    }
    // Packed in a way that is not read here, or not packed as it says.
    for filter in ["/Filter/JPXDecode", "/Filter/FlateDecode", "/Filter/Crypt"] {
        let mut sheet = Sheet::new("", "");
        sheet.objects[0].1 = stream(filter, "BT ET");
        hides(&sheet.marked(far), "unread");
    }
    let endless = "q Q ".repeat(1_100_000);
    hides(&Sheet::new(&endless, "").marked(far), "unread");
    let deep = "q ".repeat(300);
    hides(&Sheet::new(&deep, "").marked(far), "unread");
    let lost = "1e9 0 0 1 0 0 cm";
    hides(&Sheet::new(lost, "").marked(far), "unread");
    // No content is an empty page; a mark on nothing hides nothing.
    let mut none = Sheet::new("", "");
    none.page = String::new();
    hides_nothing(&none.marked(far));
    // Unread pages disturb nobody who put no mark on them.
    hides_nothing(&Sheet::new("(", "").marked("0 0 0 0"));
}

#[test]
fn check_24_a_font_without_widths_reaches_as_far_as_it_could() {
    let stated = Sheet::new(AMOUNT, "");
    let known = || {
        let mut sheet = Sheet::new(AMOUNT, "");
        sheet.page = sheet.page.replace("7 0 R", "21 0 R");
        sheet.with(21, WIDTHS)
    };
    // Ten letters of half an em end at 160; of unknown ones, each may be an em.
    hides(&known().marked("150 698 159 712"), "text");
    hides_nothing(&known().marked("170 698 200 712"));
    hides(&stated.marked("170 698 200 712"), "text");
    hides_nothing(&stated.marked("240 698 280 712"));
    // What follows on the same line may begin as early as the letters before it allow.
    let row = "BT /F1 12 Tf 100 700 Td (iiiiiiiiii) Tj (100) Tj ET";
    hides(&Sheet::new(row, "").marked("125 698 140 712"), "text");
    // A font that is not there at all.
    hides(
        &Sheet::new(&AMOUNT.replace("/F1", "/F9"), "").marked("140 698 165 712"),
        "text",
    );
    // Two bytes a letter, with widths by number and in runs.
    let below = "<</Type/Font/Subtype/CIDFontType2/BaseFont/Some/DW 2000/W[1[500 500] 3 9 500]>>";
    let wide = |text: &str| {
        let content = format!("BT /F1 12 Tf 100 700 Td <{text}> Tj ET");
        let mut sheet = Sheet::new(&content, "");
        sheet.page = sheet.page.replace("7 0 R", "21 0 R");
        let font = "<</Type/Font/Subtype/Type0/BaseFont/Some/Encoding/Identity-H\
            /DescendantFonts[22 0 R]>>";
        sheet.with(21, font).with(22, below)
    };
    hides_nothing(&wide("0001000200030009").marked("130 698 140 712"));
    hides(&wide("000100020003000A").marked("130 698 140 712"), "text");
}

#[test]
fn check_24_what_annotations_and_earlier_marks_show_counts_as_signed() {
    let mut sheet = Sheet::new("", "");
    sheet.page = String::new();
    // A comment that was there at signing, and what it shows.
    let comment = "<</Type/Annot/Subtype/FreeText/Rect[100 100 200 120]/Contents(100)/AP\
        <</N 24 0 R>>>>";
    let shows = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 50 10]/Resources<</Font<</F1 7 0 R>>>>",
        "BT /F1 6 Tf 20 2 Td (100) Tj ET",
    );
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| *number != 3);
    objects.extend([sheet.page(" 23 0 R"), (23, comment.to_owned()), (24, shows)]);
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    for (rect, hidden) in [
        // The form is stretched to twice its size: its text stands from 140 on.
        ("145 104 160 112", true),
        ("101 104 130 112", false),
        // The text field with its value.
        ("14 12 30 20", true),
    ] {
        let mut forge = forge.clone();
        let catalog =
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/F 132/P 3 0 R/V 11 0 R>>"
        );
        let objects = vec![
            (1, catalog.to_owned()),
            sheet.page(" 23 0 R 10 0 R"),
            (10, widget),
        ];
        forge.sign(&Plan::new(11, objects), |spans| plain(&house(), spans));
        match hidden {
            true => hides(&forge, "text"),
            false => hides_nothing(&forge),
        }
    }
    // The second signer's mark shows a name, and the third one's stands over it.
    let sheet = sheet.with(21, &form("/Resources<</Font<</F1 7 0 R>>>>", AMOUNT));
    let mut forge = sheet.signed_at("0 0 0 0");
    let shows = "/AP<</N 21 0 R>>";
    sheet.mark(&mut forge, 10, "5 0 R 6 0 R", "100 300 160 380", shows);
    hides_nothing(&forge);
    let mut beside = forge.clone();
    sheet.mark(
        &mut beside,
        12,
        "5 0 R 6 0 R 10 0 R",
        "160 300 220 380",
        shows,
    );
    hides_nothing(&beside);
    sheet.mark(
        &mut forge,
        12,
        "5 0 R 6 0 R 10 0 R",
        "105 360 125 380",
        shows,
    );
    let report = report(&forge);
    assert_ne!(report.intact, Answer::Yes);
    // Both are told: the first signer, and the one whose mark it is.
    for signature in &report.signatures[..2] {
        let mut reasons = signature.reasons.iter();
        assert!(reasons.any(|one| one.code == Code::MarkHides));
    }
}

#[test]
fn check_24_a_rectangle_that_is_read_elsewhere_is_a_rectangle() {
    let sheet = || Sheet::new(AMOUNT, "").with(25, "140").with(26, "165");
    hides(&sheet().marked("25 0 R 698 26 0 R 712"), "text");
    // A mark that stands still while the page is enlarged covers another place on every screen.
    let mut forge = sheet().signed_at("0 0 0 0");
    sheet().mark(&mut forge, 10, "5 0 R 6 0 R", "300 300 310 310", "/F 140");
    hides(&forge, "unread");
}
