//! Check 20, what a filled field hides: files written by hand, in which a field that is filled in
//! after signing stands over what was signed, or beside it.

use crate::forge::*;
use crate::marks::{AMOUNT, Sheet, report};
use chancery_signature as sig;
use sig::{Answer, Code, Indication};

/// A field over the page, and what it is filled with.
struct Field {
    /// Entries of the widget that stay.
    own: String,
    /// Entries that it has when the page is signed, and after.
    before: String,
    after: String,
    /// Objects of the signed revision and of the later one.
    signed: Vec<(u32, String)>,
    later: Vec<(u32, String)>,
}

fn look(size: &str, content: &str) -> String {
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 {size}]/Resources<</Font<</F1 7 0 R>>>>\
            /Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

impl Field {
    /// A text field at `rect`, empty at signing and filled with 900 later.
    fn text(rect: &str) -> Self {
        let content = "/Tx BMC q 1 g 0 0 100 20 re f BT 0 g /F1 12 Tf 2 5 Td (900) Tj ET Q EMC";
        Self {
            own: format!("/FT/Tx/T(Late)/Rect[{rect}]"),
            before: String::new(),
            after: "/V(900)/AP<</N 41 0 R>>".to_owned(),
            signed: vec![],
            later: vec![(41, look("100 20", content))],
        }
    }

    /// A box at `rect` whose ticked state was drawn before signing.
    fn tick(rect: &str) -> Self {
        let on = "1 g 0 0 100 20 re f BT 0 g /F1 12 Tf 2 5 Td (Price: 900) Tj ET";
        Self {
            own: format!("/FT/Btn/T(Late)/Rect[{rect}]/AP<</N<</On 41 0 R/Off 42 0 R>>>>"),
            before: "/V/Off/AS/Off".to_owned(),
            after: "/V/On/AS/On".to_owned(),
            signed: vec![(41, look("100 20", on)), (42, look("100 20", ""))],
            later: vec![],
        }
    }

    fn widget(&self, more: &str) -> (u32, String) {
        let own = &self.own;
        (
            40,
            format!("<</Type/Annot/Subtype/Widget/P 3 0 R{own}{more}>>"),
        )
    }

    /// The page of `sheet` with the field, signed, and the field filled in after that.
    fn filled_on(&self, sheet: &Sheet) -> Forge {
        let mut forge = self.signed_on(sheet);
        let mut later = self.later.clone();
        later.push(self.widget(&self.after));
        forge.update(&later);
        forge
    }

    fn signed_on(&self, sheet: &Sheet) -> Forge {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.retain(|(number, _)| ![1, 3, 5, 8].contains(number));
        let catalog =
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 40 0 R]/SigFlags 3>>>>";
        let empty = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/Rect[10 10 110 30]/P 3 0 R>>";
        objects.extend([
            (1, catalog.to_owned()),
            (5, empty.to_owned()),
            sheet.page(" 40 0 R"),
            self.widget(&self.before),
        ]);
        objects.extend(sheet.objects.iter().cloned());
        objects.extend(self.signed.iter().cloned());
        forge.update(&objects);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        forge
    }
}

#[track_caller]
fn hides(forge: &Forge, what: &str) {
    let report = report(forge);
    assert_ne!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert_eq!(report.indication, Indication::Indeterminate);
    let mut all = report.signatures[0].reasons.iter();
    let told = all.find(|one| one.code == Code::FieldHides);
    let told = told.map(|one| (&one.args["field"], &one.args["what"], &one.args["page"]));
    assert_eq!(told, Some(("Late", what, "1")), "{:?}", codes(&report));
}

#[track_caller]
fn only_warns(forge: &Forge) {
    let report = report(forge);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert!(codes(&report).contains(&"field_filled"));
}

const OVER: &str = "95 695 195 715";
const BESIDE: &str = "95 600 195 620";

#[test]
fn check_20_a_filled_field_over_what_was_signed_is_told_and_one_beside_it_is_not() {
    let amount = || Sheet::new(AMOUNT, "");
    for field in [Field::text, Field::tick] {
        hides(&field(OVER).filled_on(&amount()), "text");
        only_warns(&field(BESIDE).filled_on(&amount()));
    }
    let curve = "120 702 m 124 712 130 712 134 702 c f";
    hides(
        &Field::text(OVER).filled_on(&Sheet::new(curve, "")),
        "drawing",
    );
    let image = "q 50 0 0 15 100 698 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q";
    hides(
        &Field::tick(OVER).filled_on(&Sheet::new(image, "")),
        "image",
    );
    hides(&Field::tick(OVER).filled_on(&Sheet::new("(", "")), "unread");
    // The lines and the ground that forms draw where a value will stand.
    let lines = "0.9 g 95 695 100 20 re f 0 G 95 695 100 20 re S 95 696 m 195 696 l S";
    for field in [Field::text, Field::tick] {
        only_warns(&field(OVER).filled_on(&Sheet::new(lines, "")));
    }
}

#[test]
fn check_20_a_filled_field_over_another_is_told_and_over_its_own_value_is_not() {
    let blank = || Sheet::new("", "");
    let mut other = Field::text(BESIDE);
    other.before = "/V(100)/AP<</N 43 0 R>>".to_owned();
    let shown = "/Tx BMC q BT /F1 12 Tf 2 5 Td (100) Tj ET Q EMC";
    other.signed.push((43, look("100 20", shown)));
    only_warns(&other.filled_on(&blank()));
    // The mark of the first signature, beneath the field.
    let field = Field::text(OVER);
    let mut forge = field.signed_on(&blank());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 40 0 R 50 0 R]/SigFlags 3>>>>";
    let mark = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{OVER}]/F 132/P 3 0 R/V 51 0 R\
            /AP<</N 52 0 R>>>>"
    );
    let objects = vec![
        (1, catalog.to_owned()),
        blank().page(" 40 0 R 50 0 R"),
        (50, mark),
        (52, look("100 20", "BT /F1 12 Tf 2 5 Td (Anna) Tj ET")),
    ];
    forge.sign(&Plan::new(51, objects), |spans| plain(&house(), spans));
    assert_eq!(report(&forge).intact, Answer::Yes);
    let mut later = field.later.clone();
    later.push(field.widget(&field.after));
    forge.update(&later);
    hides(&forge, "text");
}
