//! Readers that search a file for objects instead of following its cross-references, or that mend
//! what they cannot read: nothing that comes after a signature may make them show something else.

use crate::forge::{
    CONTENT, EVIDENCE, Forge, Plan, codes, form_objects, house, judged, plain, sig1,
};
use chancery_signature as sig;
use sig::{Answer, ValidationReport};

fn report(forge: &Forge) -> ValidationReport {
    judged(&house(), &forge.bytes)
}

fn passes(forge: &Forge, what: &str) {
    let report = report(forge);
    assert_eq!(report.intact, Answer::Yes, "{what}: {:?}", codes(&report));
}

fn stopped(forge: &Forge, code: &str, what: &str) {
    let report = report(forge);
    assert!(
        codes(&report).contains(&code),
        "{what}: {:?}",
        codes(&report)
    );
    assert_ne!(report.intact, Answer::Yes, "{what}");
}

/// The form with these objects in the place of its own, signed.
fn signed(objects: &[(u32, &str)]) -> Forge {
    let mut own = form_objects();
    for (number, text) in objects {
        own.retain(|(known, _)| known != number);
        own.push((*number, (*text).to_owned()));
    }
    let mut forge = Forge::empty();
    forge.update(&own);
    sign(&mut forge);
    forge
}

fn sign(forge: &mut Forge) {
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
}

fn catalog(entries: &str) -> (u32, String) {
    let form = "/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>";
    (1, format!("<</Type/Catalog/Pages 2 0 R{form}{entries}>>"))
}

/// A revision that brings evidence: object 40, which is this.
fn evidence(text: &str) -> [(u32, String); 2] {
    [catalog("/DSS<</Certs[40 0 R]>>"), (40, text.to_owned())]
}

/// The same, with what `write` makes of its table and its end.
fn revised(forge: &Forge, write: impl Fn(&str) -> String) -> Forge {
    let mut forge = forge.clone();
    forge.update(&evidence(EVIDENCE));
    let end = forge.bytes.split_off(forge.table);
    let end = write(std::str::from_utf8(&end).unwrap());
    forge.bytes.extend(end.into_bytes());
    forge
}

/// What a reader finds that searches a file: a page's content, with another amount.
fn decoy() -> String {
    format!("4 0 obj\n{}\nendobj\n", CONTENT.replace("100", "900"))
}

/// Goal: a later revision is taken in the one form that no reader mends. Method: its table and its
/// end, written in every other way that some reader mends.
#[test]
fn check_10_a_later_revision_is_written_as_every_reader_takes_it() {
    let forge = signed(&[]);
    let plain: [(&str, &str); 4] = [
        ("", ""),
        ("startxref", "%made by a program\nstartxref"),
        ("startxref\n", "startxref\n000"),
        ("\nstartxref\n", "\r\n\r\nstartxref\r\n"),
    ];
    for (from, to) in plain {
        passes(&revised(&forge, |end| end.replacen(from, to, 1)), to);
    }
    let odd = [
        (" 00000 n\r\n", " 00000 n\n"),
        (" 00000 n\r\n", " 00000 n  \n"),
        (" 00000 n\r\n", " 00000 n %4 1 0000000017 00000 n\n"),
        ("xref\n", "xref\n%a comment\n"),
        ("xref\n", "xref "),
        ("1 1\n", "1 1 "),
        ("/Size 41", "/Size -1"),
        ("/Size 41", ""),
        ("/Size 41", "/Size 99999999"),
        ("/Size 41", "/Size (41)"),
        ("/Root", "/Info 99 0 R/Root"),
        ("trailer", "9999999 1\n0000000000 00000 f\r\ntrailer"),
        ("startxref\n", "startxref\0"),
        ("startxref\n", "startxref\n%a comment\n"),
        ("\n%%EOF", "\0%%EOF"),
    ];
    for (from, to) in odd {
        let written = revised(&forge, |end| end.replacen(from, to, 1));
        assert_ne!(
            written.bytes,
            revised(&forge, str::to_owned).bytes,
            "{from}"
        );
        assert_ne!(report(&written).intact, Answer::Yes, "{from} {to}");
    }
}

/// Goal: a `/Size` that is too small makes some readers search, and harms where they find something
/// else. Method: such a size behind a file that says one thing and behind one with another object
/// of the same number among its signed bytes, before it and behind it.
#[test]
fn check_10_a_size_harms_where_a_search_finds_something_else() {
    let small = |forge: &Forge| revised(forge, |end| end.replacen("/Size 41", "/Size 5", 1));
    passes(&small(&signed(&[])), "one of each");
    for (decoy_first, harms) in [(true, false), (false, true)] {
        let (mut forge, mut own) = (Forge::empty(), form_objects());
        let comment = format!("%{}", decoy().replace('\n', " ")) + "\n";
        if decoy_first {
            forge.bytes.extend(comment.bytes());
        } else {
            // Behind the object that it stands for.
            own.push((30, format!("<</A 1>>\nendobj\n{comment}")));
        }
        forge.update(&own);
        sign(&mut forge);
        passes(&revised(&forge, str::to_owned), "a plain size");
        match harms {
            false => passes(&small(&forge), "before it"),
            true => stopped(&small(&forge), "added_after_signing", "behind it"),
        }
    }
}

/// Goal: nothing that is brought looks like an object within another. Method: evidence, a string
/// and a field's value that hold one; and a trailer.
#[test]
fn check_16_what_looks_like_an_object_within_another_is_refused() {
    let forge = signed(&[]);
    let bytes = |text: &str| {
        let der = crate::forge::list_of(text.as_bytes());
        let head = format!("<</Length {}>>\nstream\n", der.len());
        // Every byte is below 128.
        head + std::str::from_utf8(&der).unwrap() + "\nendstream"
    };
    let mut good = forge.clone();
    good.update(&evidence(&bytes("4 0 R, an object, a trailer")));
    passes(&good, "words");
    for text in [
        "4 0 obj",
        "\n4 0\nobj\n",
        "4 0 % comment\nobj",
        "trailer <</Root 1 0 R>>",
    ] {
        let mut bad = forge.clone();
        bad.update(&evidence(&bytes(text)));
        stopped(&bad, "added_after_signing", text);
        let mut bad = forge.clone();
        let text = format!("/Extensions<</A(x {text} x)>>");
        bad.update(&[catalog(&text)]);
        stopped(&bad, "added_after_signing", &text);
    }
}

/// Goal: evidence is what it says in bare streams, which can be nothing else. Method: all else.
#[test]
fn check_16_evidence_is_nothing_else() {
    let forge = signed(&[]);
    let mut good = forge.clone();
    good.update(&evidence(EVIDENCE));
    passes(&good, "one value");
    for bad in [
        EVIDENCE.replace("\nendstream", "00\nendstream"),
        EVIDENCE.replace("\n3041", "\n2441"),
        // One value, and neither a certificate nor a list nor an answer.
        "<</Length 10/Filter/ASCIIHexDecode>>\nstream\n3003020105\nendstream".to_owned(),
        EVIDENCE.replace("/Filter", "/Type/ObjStm/Filter"),
        EVIDENCE.replace("/Filter", "/Subtype/Form/Filter"),
        CONTENT.to_owned(),
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
    ] {
        let mut forge = forge.clone();
        forge.update(&evidence(&bad));
        assert_ne!(report(&forge).intact, Answer::Yes, "{bad}");
    }
    for text in [EVIDENCE, CONTENT] {
        let mut forge = forge.clone();
        forge.update(&[catalog("/Extensions<</A 40 0 R>>"), (40, text.to_owned())]);
        stopped(
            &forge,
            "added_after_signing",
            "a stream beneath the extensions",
        );
    }
}

/// Goal: nothing is proven of what comes after something that cannot be read, because others mend
/// it and more bytes may mend it. Method: files with such an object that is signed; alone they are
/// as their signer signed them.
#[test]
fn check_10_nothing_is_added_after_what_cannot_be_read() {
    let resources = "<</Font<</F1 7 0 R>>/XObject<</X 40 0 R>>";
    let open = |text: &str| format!("{resources}{text}");
    for (what, text) in [
        ("no end", open("") + ">>\nendjob"),
        ("an unknown word", open("/Q foo>>")),
        ("a number that is none", open("/Q 1.2.3>>")),
        (
            "nested deep",
            open(&format!("/Q {}{}>>", "[".repeat(300), "]".repeat(300))),
        ),
        ("a string without an end", open("/Q (")),
        ("a wrong length", CONTENT.replace("46", "4600")),
    ] {
        let mut forge = signed(&[(30, &text)]);
        passes(&forge, what);
        forge.update(&evidence(EVIDENCE));
        stopped(&forge, "added_after_signing", what);
    }
    // Its place is behind the end of the file, or an object stream that is not there.
    let mut own = Forge::empty();
    own.update(&form_objects());
    let table = own.bytes.split_off(own.table);
    let table = String::from_utf8(table).unwrap();
    let beyond = table.replacen("trailer", "30 1\n0000099999 00000 n\r\ntrailer", 1);
    own.bytes.extend(beyond.into_bytes());
    sign(&mut own);
    passes(&own, "beyond the end");
    own.update(&evidence(EVIDENCE));
    stopped(&own, "added_after_signing", "beyond the end");
}

/// Goal: what calls itself a cross-reference stream and is none is read like everything else.
/// Method: a dictionary of resources that does, and names an object that is still to come.
#[test]
fn check_16_an_object_that_calls_itself_a_section_is_read() {
    for (kind, harms) in [("", true), ("/Type/XRef", true)] {
        for (reference, harms) in [("40 0 R", harms), ("41 0 R", false)] {
            let text = format!("<<{kind}/Font<</F1 7 0 R>>/XObject<</X {reference}>>>>");
            let mut forge = signed(&[(30, &text)]);
            forge.update(&evidence(EVIDENCE));
            match harms {
                true => stopped(&forge, "added_after_signing", &text),
                false => passes(&forge, &text),
            }
        }
    }
    // A section that is none, which a reader that searches would take for the newest.
    let mut forge = signed(&[]);
    let stream = |root: u32| {
        let head = format!("<</Type/XRef/W[1 1 1]/Size 1/Root {root} 0 R/Length 3>>");
        (41, head + "\nstream\nabc\nendstream")
    };
    forge.update(&[stream(1)]);
    passes(&forge, "one that was left behind");
    forge.update(&[stream(8)]);
    stopped(&forge, "added_after_signing", "one with another root");
}

/// Goal: the description of a file takes no other object's place. Method: what was an attachment, a
/// script, the appearance of an annotation that has no number; and a first description.
#[test]
fn check_16_metadata_is_what_it_was() {
    let stream = |kind: &str, text: &str| {
        let head = format!(
            "<</Type/{kind}/Subtype/XML/Length {}>>\nstream\n",
            text.len()
        );
        head + text + "\nendstream"
    };
    let (old, new) = (stream("EmbeddedFile", "100"), stream("Metadata", "900"));
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R <</Type/Annot/Subtype/Stamp/Rect[9 9 99 99]/AP<</N 31 0 R>>>>]>>";
    let (attachment, script) = ("/AF[31 0 R]", "/OpenAction<</S/JavaScript/JS 31 0 R>>");
    for (what, entries, page) in [
        ("attachment", attachment, None),
        ("script", script, None),
        ("appearance", "", Some(page)),
    ] {
        let mut objects = vec![(31, old.clone()), catalog(entries)];
        objects.extend(page.map(|page| (3, page.to_owned())));
        let objects: Vec<(u32, &str)> = objects.iter().map(|(at, text)| (*at, &**text)).collect();
        let mut forge = signed(&objects);
        let entries = format!("{entries}/Metadata 31 0 R");
        forge.update(&[catalog(&entries), (31, new.clone())]);
        assert_ne!(report(&forge).intact, Answer::Yes, "{what}");
    }
    let described = catalog("/Metadata 31 0 R");
    let mut forge = signed(&[(31, &new), (described.0, &described.1)]);
    forge.update(&[(31, stream("Metadata", "950"))]);
    passes(&forge, "its own");
    let mut forge = signed(&[]);
    forge.update(&[catalog("/Metadata 40 0 R"), (40, new)]);
    passes(&forge, "a first one");
}

/// Goal: a file does not become linearized by growing. Method: a first object that states a length,
/// which the file has only after a revision; and another one.
#[test]
fn check_10_a_linearization_does_not_begin_to_hold() {
    let mut length = 0;
    for round in 0..3 {
        let mut forge = Forge::empty();
        let first = (
            30,
            format!("<</Linearized 1/L {length:06}/H[1 1]/O 3/E 1/N 1/T 1>>"),
        );
        let mut own = vec![first];
        own.extend(form_objects());
        forge.update(&own);
        sign(&mut forge);
        forge.update(&evidence(EVIDENCE));
        match round {
            0 => length = forge.bytes.len(),
            1 => {
                stopped(&forge, "added_after_signing", "the length that it has now");
                length += 1;
            }
            _ => passes(&forge, "another length"),
        }
    }
}

/// A file whose table names an old place of its description before the new one.
fn described_twice() -> Forge {
    let mut forge = Forge::empty();
    let mut own = form_objects();
    own.push((31, "<</Title(new)>>".to_owned()));
    forge.trailer_extra = "/Info 31 0 R".to_owned();
    let old = forge.bytes.len();
    let first = b"31 0 obj\n<</Title(old)>>\nendobj\n";
    forge.bytes.extend(first);
    forge.update(&own);
    let table = String::from_utf8(forge.bytes.split_off(forge.table)).unwrap();
    let doubled = format!("31 1\n{old:010} 00000 n\r\ntrailer");
    let table = table.replacen("trailer", &doubled, 1);
    forge.bytes.extend(table.into_bytes());
    forge
}

/// Goal: a signed file in which readers find different objects is not praised. Method: a table that
/// gives an object two places, one with a comment in it, bytes before the header that offsets
/// count; and what is no such file: the description's old place, bytes that offsets do not count.
#[test]
fn check_10_a_file_that_reads_in_two_ways_is_told() {
    let written = |change: &dyn Fn(&str, usize) -> String| {
        let mut forge = Forge::empty();
        let other = forge.bytes.len();
        forge.bytes.extend(decoy().into_bytes());
        forge.update(&form_objects());
        let table = String::from_utf8(forge.bytes.split_off(forge.table)).unwrap();
        forge.bytes.extend(change(&table, other).into_bytes());
        sign(&mut forge);
        forge
    };
    passes(&written(&|table, _| table.to_owned()), "a plain table");
    let twice = |table: &str, other: usize| {
        table.replacen(
            "trailer",
            &format!("4 1\n{other:010} 00000 n\r\ntrailer"),
            1,
        )
    };
    stopped(&written(&twice), "reads_two_ways", "two places");
    let comment = |table: &str, _: usize| table.replacen("xref\n", "xref\n%4 1\n", 1);
    stopped(&written(&comment), "reads_two_ways", "a comment");

    let behind = |change: &dyn Fn(&str) -> String| {
        let mut forge = Forge::form();
        let table = String::from_utf8(forge.bytes.split_off(forge.table)).unwrap();
        forge.bytes.extend(decoy().into_bytes());
        let place = |at: usize| format!("startxref\n{at}\n");
        let table = table.replace(&place(forge.table), &place(forge.bytes.len()));
        forge.table = forge.bytes.len();
        forge.bytes.extend(change(&table).into_bytes());
        sign(&mut forge);
        forge
    };
    passes(&behind(&str::to_owned), "nobody has a reason to search");
    for (from, to) in [
        (" 00000 n\r\n", " 00000 n\n"),
        ("0 1\n", "0  1\n"),
        ("0 1\n", "4294967290 0\n0 1\n"),
    ] {
        let odd = behind(&|table| table.replace(from, to));
        stopped(&odd, "reads_two_ways", to);
    }

    let mut forge = described_twice();
    sign(&mut forge);
    passes(&forge, "an old place of the description");

    let mut forge = Forge::empty();
    forge.bytes.splice(0..0, *b"junk before it\n");
    forge.update(&form_objects());
    sign(&mut forge);
    stopped(&forge, "reads_two_ways", "offsets from the first byte");
    // Nobody signed what stands before the header, unless it is as good as nothing.
    let mut forge = signed(&[]);
    forge.bytes.splice(0..0, *b"PK junk\n");
    stopped(&forge, "reads_two_ways", "bytes before the header");
    let mut forge = signed(&[]);
    forge.bytes.splice(0..0, *b"\xEF\xBB\xBF");
    let report = report(&forge);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert!(codes(&report).contains(&"excess_bytes"));
    assert_eq!(report.bytes as usize, forge.bytes.len());
    let digest = sig::DigestAlgorithm::Sha256.digest(&[&forge.bytes]);
    assert_eq!(report.sha256, hex::encode(digest));
}

/// Goal: in an enciphered file nobody knows which field a lock names. Method: a lock by names and
/// one of all fields, and a field that is filled in.
#[test]
fn check_22_a_lock_by_name_is_unknown_in_an_enciphered_file() {
    let filled = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(250)/Rect[10 10 110 30]\
        /P 3 0 R/AP<</N 8 0 R>>>>";
    for (lock, code) in [
        ("/Action/Include/Fields[(x)]", "field_enciphered"),
        ("/Action/Exclude/Fields[(x)]", "field_enciphered"),
        ("/Action/All", "field_locked"),
    ] {
        let mut forge = Forge::empty();
        forge.trailer_extra = "/Encrypt<</Filter/Standard/V 4>>/ID[(a)(b)]".to_owned();
        forge.update(&form_objects());
        let mut plan = Plan::new(9, vec![sig1(9)]);
        let parameters = format!("/TransformParams<</V/1.2{lock}>>");
        plan.extra = format!("/Reference[<</TransformMethod/FieldMDP{parameters}>>]");
        forge.sign(&plan, |spans| plain(&house(), spans));
        forge.update(&[
            (5, filled.to_owned()),
            (8, crate::forge::appearance("(250)")),
        ]);
        stopped(&forge, code, lock);
    }
}

/// Goal: of several levels of certification the tightest counts, however it is written. Method: a
/// field that is filled in after each.
#[test]
fn check_21_the_tightest_level_counts() {
    let level = |level: &str| {
        format!("<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</V/1.2{level}>>>>")
    };
    let several = |levels: &[&str]| {
        let each: Vec<String> = levels.iter().map(|one| level(one)).collect();
        format!("/Reference[{}]", each.concat())
    };
    for (reference, forbids) in [
        (several(&["/P 2"]), false),
        (several(&[""]), false),
        (several(&["/P 3", "/P 1"]), true),
        (several(&["/P 1", "/P 3"]), true),
        (several(&["/P 1.0"]), true),
        (several(&["/P(2)"]), true),
        (format!("/Reference {}", level("/P 1")), true),
    ] {
        let mut forge = Forge::form();
        let mut plan = Plan::new(9, vec![sig1(9), catalog("/Perms<</DocMDP 9 0 R>>")]);
        plan.extra = reference.clone();
        forge.sign(&plan, |spans| plain(&house(), spans));
        let filled = form_objects().into_iter().find(|one| one.0 == 5).unwrap().1;
        forge.update(&[
            (5, filled.replace("(100)", "(250)")),
            (8, crate::forge::appearance("(250)")),
        ]);
        match forbids {
            true => stopped(&forge, "certified_against_changes", &reference),
            false => passes(&forge, &reference),
        }
    }
}

/// Goal: the first half of the identifier of an enciphered file stays, as its key is made with it.
/// Method: a revision with the same, with another second half, with another first one.
#[test]
fn check_10_the_identifier_of_an_enciphered_file_stays() {
    for (identifier, holds) in [("(a)(b)", true), ("(a)(c)", true), ("(c)(b)", false)] {
        let mut forge = Forge::empty();
        let extra = |identifier| format!("/Encrypt<</Filter/Company/V 4>>/ID[{identifier}]");
        forge.trailer_extra = extra("(a)(b)");
        forge.update(&form_objects());
        sign(&mut forge);
        forge.trailer_extra = extra(identifier);
        forge.update(&evidence(EVIDENCE));
        match holds {
            true => passes(&forge, identifier),
            false => stopped(&forge, "added_after_signing", identifier),
        }
    }
}
