//! Cross-references that readers follow each in its own way: what comes after a signature may not
//! lead some of them elsewhere.

use crate::forge::{
    CONTENT, EVIDENCE, Forge, Plan, codes, form_objects, house, judged, plain, sig1,
};
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

fn sign(forge: &mut Forge) {
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
}

/// A revision of a table alone, with these lines and these entries of its trailer.
fn tabled(forge: &Forge, lines: &str, entries: &str) -> Forge {
    let mut forge = forge.clone();
    let table = forge.bytes.len();
    let end = format!(
        "xref\n{lines}trailer\n<</Size {}/Root 1 0 R/Prev {}{entries}>>\n\
         startxref\n{table}\n%%EOF\n",
        forge.size, forge.table
    );
    forge.bytes.extend(end.into_bytes());
    forge.table = table;
    forge
}

/// Goal: an object begins with its number. Method: a signed file whose first object is its content,
/// and a revision that says that it stands where it does, at the first byte, at a comment before
/// it.
#[test]
fn check_10_an_object_does_not_begin_where_the_file_does() {
    let mut forge = Forge::empty();
    let own = forge.bytes.len();
    let mut objects = form_objects();
    objects.sort_by_key(|(number, _)| *number != 4);
    assert_eq!(objects[0].1, CONTENT);
    forge.update(&objects);
    sign(&mut forge);
    passes(&forge, "as it was signed");
    for (place, is_good) in [(own, true), (0, false), (9, false)] {
        let row = format!("4 1\n{place:010} 00000 n\r\n");
        let later = tabled(&forge, &row, "");
        match is_good {
            true => passes(&later, "the same place"),
            false => stopped(&later, &row),
        }
    }
    let row = format!("0 1\n{own:010} 00000 n\r\n");
    stopped(&tabled(&forge, &row, ""), "an object without a number");
}

/// Goal: a later table is one that no reader mends, where a search finds something else. Method: a
/// signed file from which an object was deleted, and tables that say nothing: as they should be,
/// with more blanks behind the numbers of a part, with empty lines and blanks between parts.
#[test]
fn check_10_a_later_table_has_nothing_between_its_parts() {
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.push((30, "<</Title(a draft)>>".to_owned()));
    forge.update(&objects);
    let freed = "0 1\n0000000030 65535 f\r\n30 1\n0000000000 00001 f\r\n";
    let mut forge = tabled(&forge, freed, "");
    sign(&mut forge);
    let row = "0000000030 65535 f \n";
    for (lines, is_good) in [
        (format!("0 1\n{row}"), true),
        (format!("0 1 \r\n{row}\n"), true),
        (format!("0 1\r{row}"), true),
        (format!("0 1  \n{row}"), false),
        (format!("0 1\t\n{row}"), false),
        (format!("0 1\n\n{row}"), false),
        (format!("0 1\n{row}\n0 1\n{row}"), false),
        (format!("0 1\n{row} 0 1\n{row}"), false),
        (format!("0 1\n{row}0 1\n{row}"), true),
    ] {
        let later = tabled(&forge, &lines, "");
        match is_good {
            true => passes(&later, &lines),
            false => stopped(&later, &lines),
        }
    }
}

fn signed() -> Forge {
    let mut forge = Forge::form();
    sign(&mut forge);
    forge
}

fn catalog(entries: &str) -> (u32, String) {
    let form = "/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>";
    (1, format!("<</Type/Catalog/Pages 2 0 R{form}{entries}>>"))
}

/// A revision of these objects.
fn with(forge: &Forge, objects: &[(u32, String)]) -> Forge {
    let mut forge = forge.clone();
    forge.update(objects);
    forge
}

/// Evidence, and these entries of its store.
fn stored(forge: &Forge, entries: &str) -> Forge {
    let store = format!("/DSS<</Certs[40 0 R]{entries}>>");
    with(forge, &[catalog(&store), (40, EVIDENCE.to_owned())])
}

fn deep(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

/// Goal: nobody leaves a value of a later revision half read and takes the rest of it for keys.
/// Method: lists that are deep and references to the highest numbers, where values are looked at
/// and where nobody looked: the identifier, the version of the catalog, the date of a page.
#[test]
fn check_10_no_later_value_is_left_half_read() {
    let forge = signed();
    for (entries, is_good) in [
        (format!("/X {}", deep(40)), true),
        (format!("/X {}", deep(70)), false),
        ("/X[4294967295 0 R/Y 1]".to_owned(), false),
    ] {
        match is_good {
            true => passes(&stored(&forge, &entries), &entries),
            false => stopped(&stored(&forge, &entries), &entries),
        }
    }
    for (identifier, is_good) in [
        ("[(a)(b)]".to_owned(), true),
        ("[<61><62>]".to_owned(), true),
        ("[(a)]".to_owned(), false),
        ("[(a)(b)(c)]".to_owned(), false),
        ("(a)".to_owned(), false),
        ("[4294967295 0 R/Prev 602]".to_owned(), false),
        (deep(70), false),
    ] {
        let later = tabled(&forge, "", &format!("/ID{identifier}"));
        match is_good {
            true => passes(&later, &identifier),
            false => stopped(&later, &identifier),
        }
    }
    for (entries, is_good) in [
        ("/Version/1.7", true),
        ("/Version 40 0 R", false),
        ("/Version[4294967295 0 R/Pages 3 0 R]", false),
        (
            "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>",
            true,
        ),
        (
            "/Extensions<</Type/Extensions/ISO_[<</BaseVersion/2.0/URL(a)>>]>>",
            true,
        ),
        ("/Extensions<</ADBE<</BaseVersion/1.7/X 40 0 R>>>>", false),
        ("/Extensions<</ADBE 40 0 R>>", false),
    ] {
        let other = "<</Type/Catalog/Pages 2 0 R>>".to_owned();
        let later = with(&forge, &[catalog(entries), (40, other)]);
        let later = match entries.contains("40 0 R") {
            true => later,
            false => with(&forge, &[catalog(entries)]),
        };
        match is_good {
            true => passes(&later, entries),
            false => stopped(&later, entries),
        }
    }
    let page = |entries: &str| {
        let resources = "/Resources<</Font<</F1 7 0 R>>>>/Annots[5 0 R 6 0 R]";
        let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{resources}{entries}>>");
        with(&forge, &[(3, page)])
    };
    passes(&page("/LastModified(D:2026)"), "a date");
    stopped(
        &page("/LastModified[4294967295 0 R/Contents 4 0 R]"),
        "no date",
    );
    stopped(&page("/LastModified 8"), "a number");
}

/// A hybrid revision, whose stream says more than where it stands itself.
fn hybrid(forge: &Forge, hidden: &str, trailer: &str) -> Forge {
    let mut forge = forge.clone();
    let (stream, own) = (forge.bytes.len(), forge.size);
    let head = format!(
        "{own} 0 obj\n<</Type/XRef/W[1 4 1]/Index[{own} 1]/Size {}/Length 6{hidden}>>\nstream\n",
        own + 1
    );
    forge.bytes.extend(head.into_bytes());
    forge.bytes.push(1);
    forge
        .bytes
        .extend(u32::try_from(stream).unwrap().to_be_bytes());
    forge.bytes.extend(b"\0\nendstream\nendobj\n");
    forge.size += 1;
    let row = format!("{own} 1\n{stream:010} 00000 n\r\n");
    tabled(&forge, &row, &format!("/XRefStm {stream}{trailer}"))
}

/// Goal: the stream beside a table says what the trailer says, since some readers take entries from
/// it. Method: such a revision with entries that are the trailer's, and with others.
#[test]
fn check_10_the_stream_beside_a_table_says_no_more_than_its_trailer() {
    let forge = signed();
    let (previous, identifier) = (format!("/Prev {}", forge.table), "/ID[(a)(b)]");
    for (hidden, trailer, is_good) in [
        ("", "", true),
        ("/Root 1 0 R", "", true),
        (previous.as_str(), "", true),
        (identifier, identifier, true),
        ("/Prev 15", "", false),
        ("/Root 2 0 R", "", false),
        ("/Encrypt<</Filter/Company>>", "", false),
        (identifier, "/ID[(a)(c)]", false),
        ("/X 1", "", false),
    ] {
        let later = hybrid(&forge, hidden, trailer);
        match is_good {
            true => passes(&later, hidden),
            false => stopped(&later, hidden),
        }
    }
}

/// Goal: a later reference to nothing, which makes some readers search, is not taken, whatever they
/// find. Method: a reference to a number that is free, where a draft of something was deleted and
/// where nothing was; and one to another generation, which makes others search in any case.
#[test]
fn check_10_a_later_revision_refers_to_what_is_there() {
    let mut drafted = Forge::empty();
    let mut objects = form_objects();
    objects.push((30, "<</Title(a draft)>>".to_owned()));
    drafted.update(&objects);
    let freed = "0 1\n0000000030 65535 f\r\n30 1\n0000000000 00001 f\r\n";
    let mut drafted = tabled(&drafted, freed, "");
    sign(&mut drafted);
    let same = signed();
    for (entries, in_drafted, in_same) in [
        ("/X 7 0 R", true, true),
        ("/X 29 0 R", false, false),
        ("/X 30 0 R", false, false),
        ("/X 4 1 R", false, false),
    ] {
        for (forge, is_good) in [(&drafted, in_drafted), (&same, in_same)] {
            match is_good {
                true => passes(&stored(forge, entries), entries),
                false => stopped(&stored(forge, entries), entries),
            }
        }
    }
}

/// Goal: the same of what was signed, where a table follows a stream: behind a stream nobody
/// searches. Method: a signed file that ends with a stream, with such a reference and without.
#[test]
fn check_10_no_table_follows_a_stream_where_a_search_finds_something_else() {
    for (font, is_good) in [("7 0 R", true), ("30 0 R", false)] {
        let mut forge = Forge::empty();
        let mut objects = form_objects();
        objects.push((30, "<</Title(a draft)>>".to_owned()));
        objects.push((31, format!("<</Font<</F1 {font}>>>>")));
        forge.update(&objects);
        let freed = "0 1\n0000000030 65535 f\r\n30 1\n0000000000 00001 f\r\n";
        let mut forge = tabled(&forge, freed, "");
        sign(&mut forge);
        let mut later = forge.clone();
        let place = later.bytes.len();
        let head = format!(
            "32 0 obj\n<</Type/XRef/W[1 4 1]/Index[32 1]/Size 33/Root 1 0 R/Prev {}/Length 6>>\n\
             stream\n",
            later.table
        );
        later.bytes.extend(head.into_bytes());
        later.bytes.push(1);
        later
            .bytes
            .extend(u32::try_from(place).unwrap().to_be_bytes());
        let end = format!("\0\nendstream\nendobj\nstartxref\n{place}\n%%EOF\n");
        later.bytes.extend(end.into_bytes());
        (later.table, later.size) = (place, 33);
        passes(&later, "a stream");
        let later = tabled(&later, "0 1\n0000000030 65535 f\r\n", "");
        match is_good {
            true => passes(&later, font),
            false => stopped(&later, font),
        }
    }
}

/// Goal: no later number is a sign or a point alone, for which some readers search. Method: such
/// values in an object and in a trailer, and signs in texts and names.
#[test]
fn check_10_no_later_number_is_a_sign_alone() {
    let forge = signed();
    for (entries, is_good) in [
        ("/X -1", true),
        ("/X(-)", true),
        ("/X/-", true),
        ("/X -", false),
        ("/X[+]", false),
        ("/X<</Y .>>", false),
    ] {
        match is_good {
            true => passes(&stored(&forge, entries), entries),
            false => stopped(&stored(&forge, entries), entries),
        }
    }
}

/// Goal: what the catalog calls the description of the file is one: some readers decipher
/// everything else. Method: the description of a signed file, left out or exchanged for its
/// content.
#[test]
fn check_16_no_other_object_becomes_the_description() {
    let described = "<</Type/Metadata/Subtype/XML/Length 1>>\nstream\na\nendstream".to_owned();
    let mut forge = Forge::empty();
    let mut objects = form_objects();
    objects.retain(|(number, _)| *number != 1);
    objects.extend([catalog("/Metadata 30 0 R"), (30, described.clone())]);
    forge.update(&objects);
    sign(&mut forge);
    passes(&with(&forge, &[catalog("")]), "none");
    passes(
        &with(&forge, &[catalog("/Metadata 30 0 R/Version/1.7")]),
        "the same",
    );
    let another = with(&forge, &[catalog("/Metadata 40 0 R"), (40, described)]);
    passes(&another, "another one");
    for other in ["4 0 R", "8 0 R", "99 0 R", "<</Type/Metadata>>"] {
        let later = with(&forge, &[catalog(&format!("/Metadata {other}"))]);
        stopped(&later, other);
    }
}

/// Goal: a mark is hidden only by flags that all readers take. Method: a second signature over
/// text, whose flags have 32 bits or more, or a sign.
#[test]
fn check_24_flags_of_more_bits_hide_no_mark() {
    let told = |flags: &str| {
        let mut forge = signed();
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
                    /Annots[5 0 R 6 0 R 10 0 R]>>";
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[30 690 200 720]/F {flags}\
             /P 3 0 R/V 11 0 R/AP<</N 12 0 R>>>>"
        );
        let look = "<</Type/XObject/Subtype/Form/BBox[0 0 170 30]/Resources<<>>/Length 24>>\n\
                    stream\n1 g 0 0 170 30 re f     \nendstream";
        let form = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]\
                    /SigFlags 3>>>>";
        let objects = [(1, form), (3, page), (10, field.as_str()), (12, look)];
        let objects = objects.map(|(number, text)| (number, text.to_owned()));
        let plan = Plan::new(11, objects.to_vec());
        forge.sign(&plan, |spans| plain(&house(), spans));
        judged(&house(), &forge.bytes).intact
    };
    assert_eq!(told("2"), Answer::Yes);
    for flags in ["132", "4294967298", "-4294967294", "1099511627778", "1026"] {
        assert_ne!(told(flags), Answer::Yes, "{flags}");
    }
}
