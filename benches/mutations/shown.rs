//! Revisions that change what is shown: pages, their content and resources, annotations, fields.

use chancery_pdf::object::{Object, ObjectId};
use chancery_pdf::page::Page;
use chancery_pdf::{Dictionary, Pdf};

use crate::chance::Chance;
use crate::writer::{Revision, entries_of, stream, text_of};

/// What a stranger paints: over everything, or beside it.
const PAINTS: [&str; 7] = [
    "1 g 0 0 2000 2000 re f",
    "0 g 50 50 300 200 re f",
    "1 0 0 RG 3 w 40 40 m 400 500 l S",
    "q 1 g 100 300 300 300 re f Q",
    "0.5 g 0 0 60 60 re f",
    "BT /Helv 24 Tf 100 400 Td (77777) Tj ET",
    "1 g 20 20 200 40 re f",
];

/// A page of the file.
pub fn page(pdf: &Pdf<'_>, chance: &mut Chance) -> (Page, Dictionary) {
    let pages = pdf.pages().expect("a good file has pages");
    let page = chance.of(&pages).expect("a page").clone();
    let dictionary = pdf.get(page.id).expect("a page");
    let dictionary = dictionary.as_dictionary().expect("a dictionary").clone();
    (page, dictionary)
}

/// A dictionary with `entries` in the place of what stood under `keys`.
pub fn with(pdf: &Pdf<'_>, dictionary: &Dictionary, keys: &[&[u8]], entries: &str) -> Vec<u8> {
    let kept = entries_of(pdf, dictionary, keys);
    [b"<<", kept.as_slice(), entries.as_bytes(), b">>"].concat()
}

fn paint(chance: &mut Chance) -> Vec<u8> {
    PAINTS[chance.below(PAINTS.len())].as_bytes().to_vec()
}

/// The streams of a page's content.
fn contents(pdf: &Pdf<'_>, dictionary: &Dictionary) -> Vec<ObjectId> {
    match dictionary.get(b"Contents") {
        Some(Object::Reference(id)) => match pdf.get(*id) {
            Ok(Object::Array(array)) => array.iter().filter_map(Object::as_reference).collect(),
            _ => vec![*id],
        },
        Some(Object::Array(array)) => array.iter().filter_map(Object::as_reference).collect(),
        _ => Vec::new(),
    }
}

/// The content of a page: other letters, more of it, less of it, another stream.
pub fn content(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let (page, dictionary) = page(pdf, chance);
    let streams = contents(pdf, &dictionary);
    let Some(id) = chance.of(&streams).copied() else {
        let body = stream("", &paint(chance));
        let number = revision.add(body);
        let entries = format!("/Contents {number} 0 R");
        revision.put(
            page.id.number,
            with(pdf, &dictionary, &[b"Contents"], &entries),
        );
        return;
    };
    let old = match pdf.get(id) {
        Ok(Object::Stream(own)) => pdf.stream_bytes(id, &own).unwrap_or_default(),
        _ => Vec::new(),
    };
    match chance.below(5) {
        0 => revision.put(id.number, stream("", &digits_changed(&old, chance))),
        1 => revision.put(
            id.number,
            stream("", &[&old, b"\n".as_slice(), &paint(chance)].concat()),
        ),
        2 => revision.put(id.number, stream("", &paint(chance))),
        3 => revision.put(id.number, stream("", b"")),
        _ => {
            let number = revision.add(stream("", &paint(chance)));
            let all: Vec<String> = streams
                .iter()
                .map(|one| format!("{} {} R", one.number, one.generation))
                .collect();
            let entries = format!("/Contents[{} {number} 0 R]", all.join(" "));
            revision.put(
                page.id.number,
                with(pdf, &dictionary, &[b"Contents"], &entries),
            );
        }
    }
}

fn digits_changed(content: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut new = content.to_vec();
    let shown = |at: &usize| content[*at].is_ascii_alphanumeric();
    let places: Vec<usize> = (0..content.len()).filter(shown).collect();
    for _ in 0..=chance.below(6) {
        if let Some(place) = chance.of(&places) {
            new[*place] = b"0123456789"[chance.below(10)];
        }
    }
    new
}

/// An annotation of any kind on a page, with an appearance or without.
pub fn annotation(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    const KINDS: [&str; 16] = [
        "FreeText/DA(/Helv 20 Tf 1 0 0 rg)/Contents(77777)",
        "Stamp",
        "Square/IC[1 1 1]/C[1 1 1]",
        "Highlight/QuadPoints[0 500 500 500 0 300 500 300]/C[0 0 0]",
        "Text/Contents(77777)",
        "Link/A<</S/URI/URI(http://example.org)>>/Border[0 0 4]",
        "Redact/IC[0 0 0]",
        "Watermark",
        "Ink/InkList[[50 50 400 400]]/C[1 0 0]",
        "Line/L[10 10 400 400]/C[1 0 0]",
        "Widget/FT/Tx/T(new)/V(77777)/DA(/Helv 20 Tf 0 g)",
        "Widget/FT/Btn/T(new)/MK<</BG[1 1 1]>>",
        "Widget/FT/Sig/T(new)",
        "Popup/Open true",
        "Circle/IC[0 0 0]",
        "Caret",
    ];
    let pdf = revision.pdf;
    let (page, dictionary) = page(pdf, chance);
    let kind = KINDS[chance.below(KINDS.len())];
    let mut entries = format!("/Type/Annot/Subtype/{kind}/Rect[40 200 440 500]/F 4");
    if !chance.once_in(3) {
        let look = stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 400 300]/Resources<<>>",
            &paint(chance),
        );
        let look = revision.add(look);
        entries += &format!("/AP<</N {look} 0 R>>");
    }
    let number = revision.add(format!("<<{entries}/P {} 0 R>>", page.id.number));
    let old = pdf.value(&dictionary, b"Annots").unwrap_or(Object::Null);
    let mut all = old.as_array().unwrap_or_default().to_vec();
    all.push(Object::Reference(ObjectId {
        number,
        generation: 0,
    }));
    let all = String::from_utf8_lossy(&text_of(pdf, &Object::from(all))).into_owned();
    match dictionary.get(b"Annots") {
        Some(Object::Reference(id)) if chance.once_in(2) => revision.put(id.number, all),
        _ => {
            let entries = format!("/Annots {all}");
            revision.put(
                page.id.number,
                with(pdf, &dictionary, &[b"Annots"], &entries),
            );
        }
    }
}

/// The value, the flags or the look of a field; where the form has none, a new field.
pub fn field(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let fields = pdf.fields().unwrap_or_default();
    let usual: Vec<_> = fields
        .iter()
        .filter(|one| one.kind.as_deref() != Some(b"Sig"))
        .collect();
    let Some(field) = chance.of(&usual) else {
        return annotation(revision, chance);
    };
    let Ok(Object::Dictionary(dictionary)) = pdf.get(field.id) else {
        return annotation(revision, chance);
    };
    let look = |revision: &mut Revision<'_, '_>, text: &str| {
        let content = format!("/Tx BMC q BT /Helv 12 Tf 0 g 2 5 Td ({text}) Tj ET Q EMC");
        let entries = "/Type/XObject/Subtype/Form/BBox[0 0 200 30]";
        let fonts = "/Resources<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
        revision.add(stream(&format!("{entries}{fonts}"), content.as_bytes()))
    };
    let (keys, entries): (&[&[u8]], String) = match chance.below(8) {
        0 => (&[b"V"], "/V(77777)".to_owned()),
        1 => {
            let shown = look(revision, "77777");
            (&[b"V", b"AP"], format!("/V(77777)/AP<</N {shown} 0 R>>"))
        }
        2 => {
            let shown = look(revision, "88888");
            (&[b"V", b"AP"], format!("/V(77777)/AP<</N {shown} 0 R>>"))
        }
        3 => {
            let shown = look(revision, "88888");
            (&[b"AP"], format!("/AP<</N {shown} 0 R>>"))
        }
        4 => (&[b"V", b"AS"], "/V/Yes/AS/Yes".to_owned()),
        5 => (&[b"F"], format!("/F {}", [2, 32, 6, 0][chance.below(4)])),
        6 => (&[b"Rect"], "/Rect[10 10 500 600]".to_owned()),
        _ => (
            &[b"MK", b"BS"],
            "/MK<</BG[0 0 0]/BC[1 0 0]>>/BS<</W 5>>".to_owned(),
        ),
    };
    revision.put(field.id.number, with(pdf, &dictionary, keys, &entries));
}

/// Fonts: what letters look like, and what they are read as.
pub fn font(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let of_type = |number: u32, name: &[u8]| {
        let object = pdf.by_number(number).ok()?.object;
        let dictionary = object.as_dictionary()?;
        dictionary
            .is_name(b"Type", name)
            .then(|| (number, dictionary.clone()))
    };
    let numbers = pdf.numbers().map(|(number, _)| number);
    let fonts: Vec<_> = numbers
        .filter_map(|number| of_type(number, b"Font"))
        .collect();
    let Some((number, dictionary)) = chance.of(&fonts) else {
        return resource(revision, chance);
    };
    let (keys, entries): (&[&[u8]], String) = match chance.below(6) {
        0 => (&[b"BaseFont"], "/BaseFont/Courier".to_owned()),
        1 => {
            let differences = "/Encoding<</Type/Encoding/Differences[48/nine/eight/seven/six/five\
                               /four/three/two/one/zero 97/z/y/x/w/v]>>";
            (&[b"Encoding"], differences.to_owned())
        }
        2 => {
            let widths = vec!["300"; 256].join(" ");
            (
                &[b"Widths", b"FirstChar", b"LastChar"],
                format!("/FirstChar 0/LastChar 255/Widths[{widths}]"),
            )
        }
        3 => {
            let map = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n\
                       1 beginbfrange <20> <7e> <0041> endbfrange endcmap";
            let map = revision.add(stream("", map.as_bytes()));
            (&[b"ToUnicode"], format!("/ToUnicode {map} 0 R"))
        }
        4 => (&[b"FontDescriptor", b"DescendantFonts"], String::new()),
        _ => (&[b"Subtype", b"Encoding"], "/Subtype/TrueType".to_owned()),
    };
    revision.put(*number, with(pdf, dictionary, keys, &entries));
}

/// Resources of a page, forms and images.
pub fn resource(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let mut pictures = Vec::new();
    for (number, _) in pdf.numbers() {
        if let Ok(one) = pdf.by_number(number)
            && let Object::Stream(own) = &one.object
            && (own.dictionary.get(b"Subtype").is_some() || own.dictionary.get(b"BBox").is_some())
        {
            pictures.push((number, own.dictionary.clone()));
        }
    }
    let choice = chance.below(4);
    if choice < 2
        && let Some((number, dictionary)) = chance.of(&pictures)
    {
        let keys: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"SMask"];
        let entries = entries_of(pdf, dictionary, &keys);
        let entries = String::from_utf8_lossy(&entries).into_owned();
        let bytes = match choice {
            0 => paint(chance),
            _ => vec![chance.byte(); 3000],
        };
        revision.put(*number, stream(&entries, &bytes));
        return;
    }
    let (page, dictionary) = page(pdf, chance);
    let entries = match chance.below(4) {
        0 => "/Resources<<>>",
        1 => "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>",
        2 => "/Resources null",
        _ => "/Group<</S/Transparency/I true/K true>>/Resources<</ExtGState<</GS0<</ca 0>>>>>>",
    };
    revision.put(
        page.id.number,
        with(pdf, &dictionary, &[b"Resources"], entries),
    );
}

/// What a signature shows, and which value its field has.
pub fn mark(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let fields = pdf.signature_fields().expect("a good file's fields");
    let field = chance.of(&fields).expect("a signature");
    let Ok(Object::Dictionary(dictionary)) = pdf.get(field.field.id) else {
        return annotation(revision, chance);
    };
    let look = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<<>>",
        &paint(chance),
    );
    let (keys, entries): (&[&[u8]], String) = match chance.below(6) {
        0 => {
            let look = revision.add(look);
            (&[b"AP"], format!("/AP<</N {look} 0 R>>"))
        }
        1 => {
            let look = revision.add(look);
            let entries = format!("/AP<</N {look} 0 R>>/Rect[50 50 450 450]/F 4");
            (&[b"AP", b"Rect", b"F"], entries)
        }
        2 => (&[b"V"], String::new()),
        3 => (&[b"Rect"], "/Rect[0 0 600 800]".to_owned()),
        4 => (&[b"F"], format!("/F {}", [2, 0, 36][chance.below(3)])),
        _ => (&[b"T", b"Lock"], "/T(Other)".to_owned()),
    };
    revision.put(
        field.field.id.number,
        with(pdf, &dictionary, keys, &entries),
    );
}
