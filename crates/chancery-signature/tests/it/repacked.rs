//! Object streams that are written anew: what is in them changes, and no cross-reference says so.

use crate::forge::{codes, judged};
use crate::support::{House, key};
use chancery_signature as sig;
use sig::{Answer, KeyKind};

/// The object stream, and the objects in it in the order of their numbers, from 1.
const CONTAINER: u32 = 5;
/// What the pages draw, and what the second one could draw instead.
const DRAWN: u32 = 6;
const RESERVE: u32 = 7;
/// The catalog, the page tree and two pages: signing writes the catalog and the first page anew, as
/// objects of their own, and leaves the others where they are.
const PACKED: [&str; 4] = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]>>",
    "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<<>>>>",
    "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<<>>>>",
];

/// Appends an object, answers where it stands.
pub fn put(file: &mut Vec<u8>, number: u32, text: &str) -> usize {
    let place = file.len();
    file.extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
    place
}

fn container(packed: &[&str]) -> String {
    container_behind("", packed)
}

/// An object stream whose first member stands behind something else.
fn container_behind(before: &str, packed: &[&str]) -> String {
    let (mut head, mut body) = (String::new(), before.to_owned());
    for (index, object) in packed.iter().enumerate() {
        head += &format!("{} {} ", index + 1, body.len());
        body += &format!("{object} ");
    }
    let (count, first, length) = (packed.len(), head.len(), head.len() + body.len());
    format!(
        "<</Type/ObjStm/N {count}/First {first}/Length {length}>>\nstream\n{head}{body}\nendstream"
    )
}

/// Appends a cross-reference stream with these rows, each with its number, kind and two values.
pub fn section(
    file: &mut Vec<u8>,
    own: u32,
    rows: &[(u32, u8, usize, u16)],
    previous: Option<usize>,
) {
    let place = file.len();
    let (mut index, mut bytes) = (String::new(), Vec::new());
    for (number, kind, first, second) in rows.iter().chain(&[(own, 1, place, 0)]) {
        index += &format!("{number} 1 ");
        bytes.push(*kind);
        bytes.extend(u32::try_from(*first).unwrap().to_be_bytes());
        bytes.extend(second.to_be_bytes());
    }
    let previous = previous.map_or(String::new(), |place| format!("/Prev {place}"));
    let head = format!(
        "{own} 0 obj\n<</Type/XRef/Size {}/W[1 4 2]/Index[{index}]/Root 1 0 R{previous}\
         /Length {}>>\nstream\n",
        own + 1,
        bytes.len()
    );
    file.extend(head.into_bytes());
    file.extend(bytes);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{place}\n%%EOF\n").into_bytes());
}

fn packed_file() -> Vec<u8> {
    packed_behind("")
}

/// The same behind what nothing leads to.
fn packed_behind(before: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    file.extend(before.bytes());
    let line = |content: &str| format!("<</Length 14>>\nstream\n{content}\nendstream");
    let drawn = put(&mut file, DRAWN, &line("0 0 m 9 9 l S "));
    let reserve = put(&mut file, RESERVE, &line("9 0 m 0 9 l S "));
    let packed = put(&mut file, CONTAINER, &container(&PACKED));
    let mut rows = vec![(0, 0, 0, 0)];
    for index in 0..4 {
        rows.push((u32::from(index) + 1, 2, CONTAINER as usize, index));
    }
    rows.extend([
        (CONTAINER, 1, packed, 0),
        (DRAWN, 1, drawn, 0),
        (RESERVE, 1, reserve, 0),
    ]);
    section(&mut file, 8, &rows, None);
    file
}

/// Where the newest cross-reference section stands.
pub fn newest(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(&file[file.len() - 40..]).into_owned();
    let number = text.rsplit("startxref").next().unwrap();
    number.split_whitespace().next().unwrap().parse().unwrap()
}

/// The file with its object stream written anew; only the stream itself is named as written.
fn repacked(signed: &[u8], packed: &[&str]) -> Vec<u8> {
    let mut file = signed.to_vec();
    let previous = newest(&file);
    let place = put(&mut file, CONTAINER, &container(packed));
    section(&mut file, 99, &[(CONTAINER, 1, place, 0)], Some(previous));
    file
}

#[test]
fn what_an_object_stream_holds_anew_is_compared_without_being_named() {
    let house = House::new(KeyKind::EcdsaP256);
    let signed = house.sign_pdf(&packed_file(), &key(KeyKind::EcdsaP256, 5), "Анна", None);
    assert_eq!(judged(&house, &signed).intact, Answer::Yes);
    let page = |entries: &str| format!("<</Type/Page/Parent 2 0 R{entries}>>");
    for (place, text) in [
        // The second page draws something else, or in other resources, or on a smaller sheet.
        (3, page("/Contents 7 0 R/Resources<<>>")),
        (3, page("/Contents 6 0 R/Resources<</Font<</F 7 0 R>>>>")),
        (3, page("/Contents 6 0 R/Resources<<>>/CropBox[0 0 9 9]")),
        // So does every page; or the second one is gone, or stands twice.
        (1, PACKED[1].replace("842", "421")),
        (
            1,
            PACKED[1]
                .replace("3 0 R 4 0 R", "3 0 R")
                .replace("Count 2", "Count 1"),
        ),
        (1, PACKED[1].replace("3 0 R 4 0 R", "4 0 R 3 0 R")),
    ] {
        let mut packed = PACKED.map(str::to_owned);
        packed[place].clone_from(&text);
        let packed: Vec<&str> = packed.iter().map(String::as_str).collect();
        let report = judged(&house, &repacked(&signed, &packed));
        assert_ne!(report.intact, Answer::Yes, "{text}");
        // The tree above the pages is no place of its own: its stream is what cannot be explained.
        let code = match place {
            3 => "content_changed",
            _ => "added_after_signing",
        };
        let told = codes(&report);
        assert!(told.contains(&code), "{text}: {told:?}");
    }
}

/// Goal: the same behind a harmless revision, where tables are extended and not made anew.
#[test]
fn it_is_compared_behind_other_revisions_too() {
    let house = House::new(KeyKind::EcdsaP256);
    let mut file = packed_file();
    for seed in [5, 6, 7] {
        file = house.sign_pdf(&file, &key(KeyKind::EcdsaP256, seed), "Анна", None);
    }
    assert_eq!(judged(&house, &file).intact, Answer::Yes);
    let mut packed = PACKED;
    packed[3] = "<</Type/Page/Parent 2 0 R/Contents 7 0 R/Resources<<>>>>";
    let report = judged(&house, &repacked(&file, &packed));
    assert_ne!(report.intact, Answer::Yes);
    for signature in &report.signatures {
        let mut reasons = signature.reasons.iter();
        assert!(reasons.any(|one| one.code == sig::Code::ContentChanged));
    }
}

/// Goal: an object stream that comes later holds what is taken from it, and nothing else: readers
/// that search take all of it. Method: an empty one; one with an object that has another place, and
/// one with the same object twice.
#[test]
fn check_16_an_object_stream_holds_what_is_taken_from_it() {
    let house = House::new(KeyKind::EcdsaP256);
    let signed = house.sign_pdf(&packed_file(), &key(KeyKind::EcdsaP256, 5), "Анна", None);
    for (packed, taken, is_good) in [
        (&[][..], 0, true),
        (&["<</Type/Catalog/Pages 2 0 R>>"][..], 0, false),
        (&["<</Title(a)>>"][..], 1, false),
    ] {
        let mut file = signed.clone();
        let previous = newest(&file);
        let place = put(&mut file, 98, &container(packed));
        let mut rows = vec![(98, 1, place, 0)];
        // By an index that it does not have.
        rows.extend((0..taken).map(|_| (1, 2, 98, 1)));
        section(&mut file, 99, &rows, Some(previous));
        let report = judged(&house, &file);
        assert_eq!(
            report.intact == Answer::Yes,
            is_good,
            "{:?}",
            codes(&report)
        );
    }
}

/// Goal: objects that say the same are packed so that every reader takes them out. Method: the same
/// object stream anew, with members whose order, places or filter readers take otherwise.
#[test]
fn check_16_the_same_objects_are_packed_as_every_reader_takes_them() {
    let house = House::new(KeyKind::EcdsaP256);
    let signed = house.sign_pdf(&packed_file(), &key(KeyKind::EcdsaP256, 5), "Анна", None);
    let anew = |container: &str| {
        let mut file = signed.clone();
        let previous = newest(&file);
        let place = put(&mut file, CONTAINER, container);
        section(&mut file, 99, &[(CONTAINER, 1, place, 0)], Some(previous));
        let report = judged(&house, &file);
        let changed = codes(&report).contains(&"added_after_signing");
        assert_eq!(report.intact != Answer::Yes, changed, "{container}");
        report.intact
    };
    let same = container(&PACKED);
    assert_eq!(anew(&same), Answer::Yes);
    for before in ["null ", "%<<>>\n"] {
        let behind = container_behind(before, &PACKED);
        assert_ne!(anew(&behind), Answer::Yes, "{before}");
    }
    let later = same.find("stream\n").unwrap() + "stream\n".len();
    let order = |from: &str, to: &str| same.replacen(from, to, 1);
    let body = &same[later..];
    let second = body.split_whitespace().nth(3).unwrap().to_owned();
    for divided in [
        // The first and the second stand where the other one's number is.
        order(&format!("1 0 2 {second} "), &format!("2 {second} 1 0 ")),
        // Two at one place.
        order(
            &format!("2 {second} "),
            &format!("2 {} ", "0".repeat(second.len())),
        ),
        order("/Type/ObjStm", "/Type/ObjStm/DP<</Predictor 12>>"),
        order("/Type/ObjStm", "/Type/ObjStm/DecodeParms<<>>"),
    ] {
        assert_ne!(divided, same);
        assert_ne!(anew(&divided), Answer::Yes, "{divided}");
    }
}

/// Goal: no later revision makes readers take a draft for what was signed. Method: a page that lies
/// packed, and a draft of it in plain before; and a revision that says there are fewer objects than
/// there are, or makes room for none at a high number.
#[test]
fn check_10_a_draft_in_plain_is_not_what_lies_packed() {
    let house = House::new(KeyKind::EcdsaP256);
    let draft = "4 0 obj\n<</Type/Page/Parent 2 0 R/Contents 7 0 R/Resources<<>>>>\nendobj\n";
    let after = |before: &str, from: &str, to: &str| {
        let signed = packed_behind(before);
        let mut file = house.sign_pdf(&signed, &key(KeyKind::EcdsaP256, 5), "Анна", None);
        let previous = newest(&file);
        let same = "<</Length 14>>\nstream\n0 0 m 9 9 l S \nendstream";
        let at = file.len();
        let rows = [(DRAWN, 1, put(&mut file, DRAWN, same), 0)];
        section(&mut file, 99, &rows, Some(previous));
        let later = String::from_utf8_lossy(&file[at..]).into_owned();
        let place = later.find(from).unwrap();
        file.splice(at + place..at + place + from.len(), to.bytes());
        judged(&house, &file).intact
    };
    for (from, to, good) in [
        ("/Size 100", "/Size 100", true),
        ("/Size 100", "/Size 4", false),
        ("/Index[", "/Index[99999 0 ", false),
    ] {
        assert_eq!(after(draft, from, to) == Answer::Yes, good, "{to}");
    }
    // What lies packed alone is not found by all who search.
    assert_ne!(after("", "/Size 100", "/Size 4"), Answer::Yes);
}

/// Goal: rows that nobody knows, and keys of another kind of section, make some readers search the
/// file for objects. Method: a revision that writes what is drawn as it was, plainly, with a row of
/// type 3, and with `/XRefStm`.
#[test]
fn check_10_a_later_section_has_rows_and_keys_of_its_kind() {
    let house = House::new(KeyKind::EcdsaP256);
    let signed = house.sign_pdf(&packed_file(), &key(KeyKind::EcdsaP256, 5), "Анна", None);
    let with = |rows: &[(u32, u8, usize, u16)], entries: &str| {
        let mut file = signed.clone();
        let previous = newest(&file);
        let same = "<</Length 14>>\nstream\n0 0 m 9 9 l S \nendstream";
        let mut all = vec![(DRAWN, 1, put(&mut file, DRAWN, same), 0)];
        all.extend(rows);
        let from = file.len();
        section(&mut file, 99, &all, Some(previous));
        if !entries.is_empty() {
            let key = b"<</Type/XRef";
            let at = file[from..].windows(key.len()).position(|one| one == key);
            let at = from + at.unwrap() + key.len();
            file.splice(at..at, entries.bytes());
        }
        judged(&house, &file).intact
    };
    assert_eq!(with(&[], ""), Answer::Yes);
    assert_ne!(with(&[(97, 3, 0, 0)], ""), Answer::Yes);
    assert_ne!(with(&[], "/XRefStm 15"), Answer::Yes);
}
