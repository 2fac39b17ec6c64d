//! What makes readers search a file for objects, and what they find then: each later revision is
//! one that nobody searches, or one in which a search finds the same.

use crate::forge::{
    CONTENT, EVIDENCE, Forge, Plan, codes, form_objects, house, judged, plain, sig1,
};
use crate::repacked::{newest, put, section};
use chancery_signature as sig;
use sig::Answer;

fn passes(forge: &Forge, what: &str) {
    let report = judged(&house(), &forge.bytes);
    assert_eq!(report.intact, Answer::Yes, "{what}: {:?}", codes(&report));
}

fn stopped(forge: &Forge, what: &str) {
    let report = judged(&house(), &forge.bytes);
    let told = codes(&report);
    assert_eq!(report.crypto, Answer::Yes, "{what}: {told:?}");
    assert_ne!(report.intact, Answer::Yes, "{what}: {told:?}");
    assert!(told.contains(&"added_after_signing"), "{what}: {told:?}");
}

fn answers(forge: &Forge, is_good: bool, what: &str) {
    match is_good {
        true => passes(forge, what),
        false => stopped(forge, what),
    }
}

/// A catalog with the form, what is in it and what is beside it.
fn catalog(in_form: &str, beside: &str) -> (u32, String) {
    let form = format!("/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3{in_form}>>");
    (1, format!("<</Type/Catalog/Pages 2 0 R{form}{beside}>>"))
}

/// The form with more objects, signed; `packs` one more object that lies in an object stream.
fn signed(more: &[(u32, String)], packs: bool) -> Forge {
    let mut objects = form_objects();
    for one in more {
        objects.retain(|(number, _)| *number != one.0);
        objects.push(one.clone());
    }
    let mut forge = Forge::empty();
    forge.update(&objects);
    if packs {
        let member = "31 0 <</Title(a)>>";
        let head = "<</Type/ObjStm/N 1/First 5/Length 18>>\nstream\n";
        let place = put(&mut forge.bytes, 32, &format!("{head}{member}\nendstream"));
        let rows = [(31, 2, 32, 0), (32, 1, place, 0)];
        section(&mut forge.bytes, 33, &rows, Some(forge.table));
        (forge.table, forge.size) = (newest(&forge.bytes), 34);
    }
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    forge
}

fn revised(forge: &Forge, objects: &[(u32, String)]) -> Forge {
    let mut forge = forge.clone();
    forge.update(objects);
    forge
}

/// Goal: no later reference leads to nothing, for which some search: what lies packed is not found
/// by everybody. Method: such a revision behind a file with an object stream, and behind one
/// without.
#[test]
fn check_10_what_lies_packed_is_not_found_by_search() {
    for (packs, entries, is_good) in [
        (false, "/DSS<</Certs[]/X 77 0 R>>", false),
        (false, "/DSS<</Certs[]/X 7 0 R>>", true),
        (true, "/DSS<</Certs[]/X 7 0 R>>", true),
        (true, "/DSS<</Certs[]/X 77 0 R>>", false),
    ] {
        let later = revised(&signed(&[], packs), &[catalog("", entries)]);
        answers(&later, is_good, entries);
    }
    let mut small = revised(&signed(&[], true), &[catalog("", "/DSS<</Certs[]>>")]);
    passes(&small, "its size");
    let place = small.bytes.len() - 100;
    let tail = String::from_utf8(small.bytes.split_off(place)).unwrap();
    let tail = tail.replace("/Size 34", "/Size 5");
    small.bytes.extend(tail.into_bytes());
    stopped(&small, "a size that makes some search");
}

/// Goal: where readers search, nothing that was signed leads to nothing, wherever it stands: it may
/// have been read by nobody before. Method: references to nothing and to another generation among
/// signed objects, with a harmless revision behind.
#[test]
fn check_10_what_was_signed_leads_to_nothing_too() {
    let own = |text: &str| (30, text.to_owned());
    for (what, objects, packed_is_good) in [
        ("whole", vec![own("<</A 7 0 R>>")], true),
        ("nothing", vec![own("<</A 99 0 R>>")], false),
        ("another generation", vec![own("<</A 4 1 R>>")], false),
        (
            "in the same object",
            vec![catalog("", "/Threads 99 0 R")],
            false,
        ),
    ] {
        let kept = match what {
            "in the same object" => "/Threads 99 0 R",
            _ => "",
        };
        for (packs, is_good) in [(false, true), (true, packed_is_good)] {
            let evidence = [
                catalog("", &format!("/DSS<</Certs[40 0 R]>>{kept}")),
                (40, EVIDENCE.to_owned()),
            ];
            let forge = signed(&objects, packs);
            passes(&forge, what);
            answers(&revised(&forge, &evidence), is_good, what);
            answers(&revised(&forge, &[]), is_good, "a revision of nothing");
        }
    }
}

/// Goal: an entry that says that an object stands where the file begins says that there is none.
/// Method: such a number, referred to among what was signed, and by a later revision.
#[test]
fn check_10_what_stands_where_a_file_begins_is_nothing() {
    for (refers, later, is_good) in [
        ("7 0 R", "", true),
        ("20 0 R", "", false),
        ("7 0 R", "/DSS<</Certs[]/X 20 0 R>>", false),
    ] {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.push((30, format!("<</A {refers}>>")));
        forge.update(&objects);
        let member = "31 0 <</Title(a)>>";
        let head = "<</Type/ObjStm/N 1/First 5/Length 18>>\nstream\n";
        let place = put(&mut forge.bytes, 32, &format!("{head}{member}\nendstream"));
        let rows = [(20, 1, 0, 0), (31, 2, 32, 0), (32, 1, place, 0)];
        section(&mut forge.bytes, 33, &rows, Some(forge.table));
        (forge.table, forge.size) = (newest(&forge.bytes), 34);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        passes(&forge, refers);
        let objects = match later {
            "" => Vec::new(),
            later => vec![catalog("", later)],
        };
        answers(&revised(&forge, &objects), is_good, refers);
    }
}

/// Goal: what a search finds is what every reader that searches finds. Method: a signed file whose
/// readers may search later, since something in it leads to nothing: an object whose header is not
/// the first in its line, or in two, and a stream whose end stands behind its content or is not the
/// first one; a revision of nothing behind them.
#[test]
fn check_10_what_is_found_by_search_is_found_by_all() {
    let stream = |text: &str| format!("<</Length {}>>\nstream\n{text}", text.len());
    for (before, object, is_good) in [
        ("", stream("a") + "\nendstream", true),
        ("  ", stream("a") + "\r\nendstream", true),
        ("", stream("a\n") + "endstream", true),
        ("%", stream("a") + "\nendstream", false),
        ("\0", stream("a") + "\nendstream", false),
        ("%%EOF", stream("a") + "\nendstream", false),
        ("", stream("a") + "endstream", false),
        ("", stream("a") + " endstream", false),
    ] {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.push((30, "<</A 99 0 R>>".to_owned()));
        forge.update(&objects);
        forge.bytes.extend(before.bytes());
        let place = put(&mut forge.bytes, 35, &object);
        forge.finish(&[(35, place)]);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        answers(
            &revised(&forge, &[]),
            is_good,
            &format!("{before:?} {object}"),
        );
    }
}

/// Goal: a later stream ends where all readers see it, also one that says what it did: those that
/// search go on to the next end that they see. Method: the content of the page and evidence written
/// anew, with other ends.
#[test]
fn check_10_a_later_stream_ends_at_a_word_by_itself() {
    for (end, is_good) in [
        ("\nendstream", true),
        ("\r\nendstream", true),
        ("endstream", false),
        (" endstream", false),
        ("\nendstream%", false),
    ] {
        for (number, text) in [(4, CONTENT), (40, EVIDENCE)] {
            let store = catalog("", "/DSS<</Certs[40 0 R]>>");
            let mut objects = vec![store, (40, EVIDENCE.to_owned())];
            objects.retain(|(known, _)| *known != number);
            objects.push((number, text.replace("\nendstream", end)));
            let later = revised(&signed(&[], false), &objects);
            match is_good {
                true => passes(&later, end),
                false => stopped(&later, end),
            }
        }
    }
}

/// Goal: a number that an old table hid, and that a stream packs openly later, is one that readers
/// had, and that a search does not find. Method: a signed file with something that leads to
/// nothing, which hides a number, or hid it, with a revision of nothing.
#[test]
fn check_10_what_was_hidden_once_is_seen_when_it_is_packed_openly() {
    for (opens, is_good) in [(false, true), (true, false)] {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.push((30, "<</A 99 0 R>>".to_owned()));
        forge.update(&objects);
        let member = "31 0 <</Title(a)>>";
        let head = "<</Type/ObjStm/N 1/First 5/Length 18>>\nstream\n";
        let packed = put(&mut forge.bytes, 32, &format!("{head}{member}\nendstream"));
        let stream = forge.bytes.len();
        let mut rows = vec![2, 0, 0, 0, 32, 0, 1];
        rows.extend(u32::try_from(packed).unwrap().to_be_bytes());
        rows.extend([0, 1]);
        rows.extend(u32::try_from(stream).unwrap().to_be_bytes());
        rows.push(0);
        let head = "33 0 obj\n<</Type/XRef/W[1 4 1]/Index[31 3]/Size 34/Length 18>>\nstream\n";
        forge.bytes.extend(head.bytes());
        forge.bytes.extend(rows);
        forge.bytes.extend(b"\nendstream\nendobj\n");
        let table = forge.bytes.len();
        let lines = "31 1\n0000000000 00000 f\r\n".to_owned()
            + &format!("32 2\n{packed:010} 00000 n\r\n{stream:010} 00000 n\r\n");
        let end = format!(
            "xref\n{lines}trailer\n<</Size 34/Root 1 0 R/Prev {}/XRefStm {stream}>>\n\
             startxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        (forge.table, forge.size) = (table, 34);
        if opens {
            section(&mut forge.bytes, 34, &[(31, 2, 32, 0)], Some(table));
            (forge.table, forge.size) = (newest(&forge.bytes), 35);
        }
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        let refused =
            codes(&judged(&house(), &revised(&forge, &[]).bytes)).contains(&"added_after_signing");
        assert_eq!(refused, !is_good, "{opens}");
    }
}

/// Goal: a table frees nothing that the stream beside it puts back, a new number neither: to most
/// readers it is free. Method: a hybrid revision with and without such a row.
#[test]
fn check_10_a_later_hybrid_table_frees_nothing_that_its_stream_has() {
    for (row, is_good) in [("", true), ("40 1\n0000000000 00000 f\r\n", false)] {
        let mut forge = signed(&[], false);
        let (root, text) = catalog("", "/DSS<</Certs[40 0 R]>>");
        let own = put(&mut forge.bytes, root, &text);
        let hidden = put(&mut forge.bytes, 40, EVIDENCE);
        let stream = forge.bytes.len();
        let mut rows = Vec::new();
        for place in [hidden, stream] {
            rows.push(1);
            rows.extend(u32::try_from(place).unwrap().to_be_bytes());
            rows.push(0);
        }
        let head = "41 0 obj\n<</Type/XRef/W[1 4 1]/Index[40 2]/Size 42/Length 12>>\nstream\n";
        forge.bytes.extend(head.bytes());
        forge.bytes.extend(rows);
        forge.bytes.extend(b"\nendstream\nendobj\n");
        let table = forge.bytes.len();
        let lines = format!("1 1\n{own:010} 00000 n\r\n{row}41 1\n{stream:010} 00000 n\r\n");
        let end = format!(
            "xref\n{lines}trailer\n<</Size 42/Root 1 0 R/Prev {}/XRefStm {stream}>>\n\
             startxref\n{table}\n%%EOF\n",
            forge.table
        );
        forge.bytes.extend(end.into_bytes());
        answers(&forge, is_good, row);
    }
}

/// Goal: the words that divide a file stand where they do, whatever a reader takes for white space
/// or a comment between them. Method: strings of a trailer and of a store that hold them.
#[test]
fn check_16_words_that_divide_a_file_stand_nowhere_else() {
    let forge = signed(&[], false);
    let long = "x".repeat(3000);
    for (text, is_good) in [
        ("a trailer, an object, 4 0 R", true),
        ("trailer %c\n<</Root 1 0 R>>", false),
        ("4\x0b0\x0bobj", false),
        ("4 0 %\n%\nobj", false),
        (&format!("4 0 %{long}\nobj"), false),
        ("endstream", false),
        ("endobj", false),
        ("xref", false),
        ("startxref 15", false),
    ] {
        let mut later = forge.clone();
        later.trailer_extra = format!("/ID[(\n{text}\n)(x)]");
        later.update(&[catalog("", "/DSS<</Certs[]>>")]);
        answers(&later, is_good, text);
        let brought = catalog("", &format!("/DSS<</Certs[](\n{text}\n)>>"));
        let brought = (1, brought.1.replace("[](", "[]/X("));
        answers(&revised(&forge, &[brought]), is_good, text);
    }
}

/// Goal: a form gains fonts, a store lists, and neither another document, which a reader that
/// searches might take. Method: everything that pages and catalogs are made of, hung up in both.
#[test]
fn check_16_no_other_document_is_hung_up_in_a_form_or_a_store() {
    let forge = signed(&[], false);
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    for (text, is_good) in [
        (font, true),
        ("<</Type/Catalog/Pages 2 0 R>>", false),
        ("<</Pages 2 0 R>>", false),
        ("<</Kids[3 0 R]/Count 1>>", false),
        ("<</Parent 2 0 R/Contents 4 0 R>>", false),
        ("<</Type/Page/Parent 2 0 R>>", false),
    ] {
        let fonts = catalog("/DR<</Font<</Q 40 0 R>>>>", "");
        answers(
            &revised(&forge, &[fonts, (40, text.to_owned())]),
            is_good,
            text,
        );
    }
    for (text, is_good) in [
        ("<</Certs[]>>", true),
        ("<</Type/VRI/TU(D:2026)>>", true),
        ("<</Pages 2 0 R>>", false),
        ("<</Contents 4 0 R>>", false),
        ("<</X 4 0 R>>", false),
    ] {
        let store = catalog("", "/DSS<</Certs[]/VRI 40 0 R>>");
        answers(
            &revised(&forge, &[store, (40, text.to_owned())]),
            is_good,
            text,
        );
    }
    // Beneath a new field for a signature to come.
    for (text, is_good) in [
        ("<</Type/SV>>", true),
        ("<</Pages 2 0 R>>", false),
        ("<</Kids[3 0 R]/Count 1>>", false),
    ] {
        let (root, own) = catalog("", "");
        let own = own.replace("6 0 R]", "6 0 R 10 0 R]");
        let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F 132/SV 40 0 R>>";
        let objects = [(root, own), (10, field.to_owned()), (40, text.to_owned())];
        let report = judged(&house(), &revised(&forge, &objects).bytes);
        let refused = codes(&report).contains(&"added_after_signing");
        assert_eq!(refused, !is_good, "{text}");
    }
    for (flags, is_good) in [("1", true), ("(3)", false), ("[3]", false)] {
        let (number, text) = catalog("", "");
        let text = text.replace("/SigFlags 3", &format!("/SigFlags {flags}"));
        answers(&revised(&forge, &[(number, text)]), is_good, flags);
    }
}

/// Goal: a form that gains a way of drawing cuts no value off. Method: sizes, where a field has a
/// look and no way of its own.
#[test]
fn check_16_a_way_that_a_form_gains_has_no_size() {
    let forge = signed(&[], false);
    for (size, is_good) in [("0", true), ("6", false), ("12", false), ("24", false)] {
        let way = catalog(&format!("/DA(/Helv {size} Tf 0 g)"), "");
        answers(&revised(&forge, &[way]), is_good, size);
    }
}

/// Goal: what looks like objects costs as much as it is long. Method: a megabyte of it before a
/// table.
#[test]
fn check_37_what_looks_like_objects_is_looked_at_once() {
    let mut forge = signed(&[], false);
    let table = forge.bytes.len();
    forge.bytes.extend(b"%1 0 obj\n".repeat(120_000));
    let end = format!(
        "xref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Size {}/Root 1 0 R/Prev {}>>\n\
         startxref\n{table}\n%%EOF\n",
        forge.size, forge.table
    );
    forge.bytes.extend(end.into_bytes());
    stopped(&forge, "comments before a table");
}
