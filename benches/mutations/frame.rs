//! Revisions that change what leads to the pages: catalog, page tree, cross-references; and whole
//! signatures of strangers.

use chancery_pdf::object::Object;
use chancery_pdf::sign::{FieldTarget, SubFilter};
use chancery_pdf::{Limits, Pdf, SignaturePlan, prepare_signature};
use chancery_signature as sig;

use crate::chance::Chance;
use crate::original::Original;
use crate::shown;
use crate::writer::{Revision, stream, text_of};

/// Entries of the catalog.
pub fn catalog(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    const ENTRIES: [(&str, &str); 17] = [
        ("OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        ("AA", "<</WC<</S/Launch/F(x)>>>>"),
        ("OCProperties", "<</OCGs[]/D<</BaseState/OFF/OFF[]>>>>"),
        (
            "Names",
            "<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>",
        ),
        ("Lang", "(de-DE)"),
        (
            "ViewerPreferences",
            "<</HideToolbar true/HideMenubar true>>",
        ),
        ("PageMode", "/FullScreen"),
        ("PageLabels", "<</Nums[0<</S/D/St 77>>]>>"),
        ("Perms", "<<>>"),
        ("DSS", "<</Certs[]/CRLs[]/OCSPs[]>>"),
        ("Version", "/2.0"),
        (
            "Extensions",
            "<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>",
        ),
        ("AcroForm", "<</Fields[]/NeedAppearances true>>"),
        ("Collection", "<</View/D>>"),
        ("MarkInfo", "<</Marked false>>"),
        ("StructTreeRoot", "<</Type/StructTreeRoot>>"),
        ("PieceInfo", "<</X<</LastModified(D:2026)/Private(x)>>>>"),
    ];
    let pdf = revision.pdf;
    let root = pdf.catalog_id().expect("a good file's catalog");
    let dictionary = pdf.catalog().expect("a good file's catalog");
    let (key, value) = ENTRIES[chance.below(ENTRIES.len())];
    let body = match chance.below(4) {
        // The form itself, filled anew when it is shown.
        0 if key != "AcroForm" && dictionary.get(b"AcroForm").is_some() => {
            let form = pdf.value(&dictionary, b"AcroForm").expect("a form");
            let form = form.as_dictionary().expect("a dictionary").clone();
            let form = shown::with(pdf, &form, &[b"NeedAppearances"], "/NeedAppearances true");
            let entries = format!("/AcroForm {}", String::from_utf8_lossy(&form));
            shown::with(pdf, &dictionary, &[b"AcroForm"], &entries)
        }
        _ => shown::with(
            pdf,
            &dictionary,
            &[key.as_bytes()],
            &format!("/{key} {value}"),
        ),
    };
    match chance.once_in(4) {
        // Another object is the catalog now.
        true => {
            let number = revision.add(body);
            revision
                .trailer
                .push(("Root".to_owned(), format!("{number} 0 R")));
        }
        false => revision.put(root.number, body),
    }
}

/// The page tree: pages gone, doubled, in another order, turned, cut, or new.
pub fn pages(revision: &mut Revision<'_, '_>, chance: &mut Chance) {
    let pdf = revision.pdf;
    let top = pdf.page_tree_root().expect("a page tree");
    let tree = pdf.get(top).expect("a page tree");
    let tree = tree.as_dictionary().expect("a dictionary").clone();
    let kids = pdf.value(&tree, b"Kids").expect("pages");
    let mut kids = kids.as_array().unwrap_or_default().to_vec();
    let (page, dictionary) = shown::page(pdf, chance);
    let boxes: (&[u8], &str) = match chance.below(9) {
        0 => (b"Rotate", "/Rotate 180"),
        1 => (b"MediaBox", "/MediaBox[0 0 200 200]"),
        2 => (b"CropBox", "/CropBox[100 100 400 400]"),
        3 => (b"UserUnit", "/UserUnit 3"),
        4 => (b"TrimBox", "/TrimBox[10 10 50 50]"),
        choice => {
            match choice {
                5 => kids.reverse(),
                6 => kids.extend(kids.clone()),
                7 => kids.clear(),
                _ => {
                    let content = revision.add(stream("", b"0 g 10 10 500 500 re f"));
                    let new = format!(
                        "<</Type/Page/Parent {} 0 R/MediaBox[0 0 595 842]/Resources<<>>\
                         /Contents {content} 0 R>>",
                        top.number
                    );
                    let number = revision.add(new);
                    let id = chancery_pdf::ObjectId {
                        number,
                        generation: 0,
                    };
                    kids.insert(chance.below(kids.len() + 1), Object::Reference(id));
                }
            }
            let text = text_of(pdf, &Object::from(kids.clone()));
            let entries = format!(
                "/Count {}/Kids {}",
                kids.len(),
                String::from_utf8_lossy(&text)
            );
            revision.put(
                top.number,
                shown::with(pdf, &tree, &[b"Kids", b"Count"], &entries),
            );
            return;
        }
    };
    revision.put(
        page.id.number,
        shown::with(pdf, &dictionary, &[boxes.0], boxes.1),
    );
}

/// Cross-references that free, move or hide objects, or lead somewhere else.
pub fn crossed(original: &Original, revision: Revision<'_, '_>, chance: &mut Chance) -> Vec<u8> {
    let mut revision = revision;
    let pdf = revision.pdf;
    let numbers: Vec<u32> = pdf.numbers().map(|(number, _)| number).collect();
    let number = *chance.of(&numbers).expect("objects");
    let other = *chance.of(&numbers).expect("objects");
    let place = |number: u32| match pdf.by_number(number).map(|one| one.place) {
        Ok(chancery_pdf::reader::Place::File { offset, .. }) => offset,
        _ => 20,
    };
    let hidden = stream("", b"0 g 0 0 900 900 re f");
    match chance.below(9) {
        0 => revision.freed.push(number),
        7 => {
            // The same object, which nobody finds any more who knows its old generation.
            if let Ok(own) = pdf.by_number(number) {
                let generation = own.id.generation + 1;
                let body = text_of(pdf, &own.object);
                revision.objects.push((number, generation, body));
            }
        }
        1 => revision.entries.push((number, place(other))),
        2 => revision.entries.push((number, place(number))),
        3 => {
            let own: Vec<u64> = pdf.sections().map(|one| one.offset).collect();
            let previous = own[chance.below(own.len())];
            revision
                .trailer
                .push(("Prev".to_owned(), previous.to_string()));
            shown::content(&mut revision, chance);
        }
        4 => revision.trailer.push(("Size".to_owned(), "3".to_owned())),
        5 => {
            // The objects stand there, and the end leads past them.
            shown::content(&mut revision, chance);
            let start = pdf.sections().next().map_or(0, |one| one.offset);
            let mut out = revision.appended();
            out.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
            return out;
        }
        6 => {
            let head = format!("{number} 0 obj\n");
            let parts = [
                &original.bytes,
                head.as_bytes(),
                &hidden,
                b"\nendobj\n%%EOF\n",
            ];
            return parts.concat();
        }
        _ => {
            // The same, with a trailer and no table: readers that repair files take it.
            let root = pdf.catalog_id().expect("a catalog");
            let head = format!("{number} 0 obj\n");
            let end = format!("\nendobj\ntrailer\n<</Root {} 0 R>>\n", root.number);
            return [&original.bytes, head.as_bytes(), &hidden, end.as_bytes()].concat();
        }
    }
    revision.appended()
}

/// A signature of a stranger over the file, or over the file with a change behind what was signed.
pub fn signed(file: &[u8]) -> Option<Vec<u8>> {
    let limits = Limits::default();
    let plan = SignaturePlan {
        field_name: "Stranger".to_owned(),
        target: FieldTarget::New,
        contents_bytes: 4096,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000Z".to_owned(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    };
    let mut prepared = prepare_signature(file, &limits, &plan).ok()?;
    let key = sig::SigningKey::from_seed(sig::KeyKind::EcdsaP256, &[77; 32]).ok()?;
    let moment = |text: &str| text.parse().expect("a moment");
    let request = sig::AuthorityRequest {
        common_name: "Stranger".to_owned(),
        organisation: None,
        serial: [7; 16],
        not_before: moment("2026-01-01T00:00:00Z"),
        not_after: moment("2036-01-01T00:00:00Z"),
    };
    let own = sig::SigningKey::from_seed(sig::KeyKind::EcdsaP256, &[78; 32]).ok()?;
    let root = sig::make_root(&own, &request).ok()?;
    let authority = sig::IssuingAuthority::new(own, root).ok()?;
    let request = sig::LeafRequest {
        spki_der: key.spki_der(),
        common_name: "Stranger".to_owned(),
        organisation: None,
        email: None,
        serial: [8; 16],
        not_before: moment("2026-07-31T11:00:00Z"),
        not_after: moment("2026-08-01T10:00:00Z"),
        policy: None,
    };
    let leaf = sig::issue_leaf(&authority, &request).ok()?;
    let digest = sig::DigestAlgorithm::Sha256.digest(&prepared.signed_spans(file));
    let attributes = sig::signed_attributes(sig::DigestAlgorithm::Sha256, &digest, &leaf).ok()?;
    let parts = sig::Parts {
        signed_attributes: &attributes,
        value: &key.sign(&attributes).ok()?,
        certificate: &leaf,
        chain: &[authority.certificate().to_vec()],
        timestamp_token: None,
    };
    prepared.embed(&sig::assemble(&parts).ok()?).ok()?;
    Some([file, &prepared.tail].concat())
}

/// A good file, surveyed.
pub fn survey<'b>(bytes: &'b [u8], limits: &Limits) -> Pdf<'b> {
    Pdf::survey(bytes, limits).expect("a good file opens")
}
