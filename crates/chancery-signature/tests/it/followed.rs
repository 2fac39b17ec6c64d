//! Cross-references that readers follow each in its own way: what comes after a signature may not
//! lead some of them elsewhere.

use crate::forge::{CONTENT, Forge, Plan, codes, form_objects, house, judged, plain, sig1};
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
/// and a revision that says that it stands where it does, at the first byte, at a comment before it.
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
