//! Object streams whose members readers take each in its own way (ISO 32000-2:2020, 7.5.7).

use chancery_signature::{Answer, ValidationReport};

use crate::forge::{codes, house, judged, plain};
use crate::repacked::{newest, put, section};

const CONTAINER: u32 = 5;
const DRAWN: u32 = 6;
const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<<>>>>";

/// An object stream of these members, each with its number, its place within the text and the text.
fn container(members: &[(u32, usize)], text: &str) -> String {
    let index = members.iter().map(|(number, at)| format!("{number} {at} "));
    let index: String = index.collect();
    let (count, first, length) = (members.len(), index.len(), index.len() + text.len());
    format!(
        "<</Type/ObjStm/N {count}/First {first}/Length {length}>>\nstream\n{index}{text}\nendstream"
    )
}

/// The same of members that stand one behind the other.
fn row(members: &[(u32, &str)]) -> String {
    let (mut places, mut text) = (Vec::new(), String::new());
    for (number, member) in members {
        places.push((*number, text.len()));
        text += &format!("{member}\n");
    }
    container(&places, &text)
}

/// A file of one page whose objects are packed so; `rows` say which member is which object.
fn file(container: &str, rows: &[(u32, u16)]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let content = "<</Length 14>>\nstream\n0 0 m 9 9 l S \nendstream";
    let drawn = put(&mut file, DRAWN, content);
    let packed = put(&mut file, CONTAINER, container);
    let mut all = vec![(0, 0, 0, 0)];
    for (number, index) in rows {
        all.push((*number, 2, CONTAINER as usize, *index));
    }
    all.extend([(CONTAINER, 1, packed, 0), (DRAWN, 1, drawn, 0)]);
    section(&mut file, 20, &all, None);
    file
}

fn usual(members: &[(u32, &str)]) -> Vec<u8> {
    let rows = members.iter().zip(0_u16..);
    let rows: Vec<_> = rows.map(|((number, _), index)| (*number, index)).collect();
    file(&row(members), &rows)
}

/// The file with a signature in a field of no page, in a revision that brings its own catalog.
fn signed(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let previous = newest(&file);
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[30 0 R]/SigFlags 3>>>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/F 132/Rect[0 0 0 0]/V 31 0 R>>";
    let (range, gap) = (" ".repeat(40), "0".repeat(12_000));
    let value = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[{range}]\
            /Contents<{gap}>>>"
    );
    let objects = [(1, catalog), (30, field), (31, value.as_str())];
    let rows = objects.map(|(number, text)| (number, 1, put(&mut file, number, text), 0));
    section(&mut file, 40, &rows, Some(previous));
    let place = |text: &str| {
        let mut windows = file.windows(text.len());
        windows.position(|one| one == text.as_bytes()).unwrap()
    };
    let (range, gap) = (place(&range), place(&gap) - 1);
    let end = gap + 12_002;
    let numbers = format!("0 {gap} {end} {}", file.len() - end);
    file[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
    let cms = plain(&house(), &[&file[..gap], &file[end..]]);
    let digits = hex::encode(cms);
    file[gap + 1..gap + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    file
}

/// The same with a revision that brings an object stream, of which `rows` say what is taken.
fn grown(signed: &[u8], container: &str, rows: &[(u32, u16)]) -> Vec<u8> {
    let mut file = signed.to_vec();
    let previous = newest(&file);
    let place = put(&mut file, 50, container);
    let rows = rows.iter().map(|(number, index)| (*number, 2, 50, *index));
    let rows: Vec<_> = rows.chain([(50, 1, place, 0)]).collect();
    section(&mut file, 51, &rows, Some(previous));
    file
}

fn continued(signed: &[u8], member: &str) -> Vec<u8> {
    grown(signed, &row(&[(7, member)]), &[(7, 0)])
}

fn why(report: &ValidationReport) -> Vec<String> {
    let reasons = report.reasons.iter();
    let reasons = reasons.filter(|one| one.code.key() == "reads_two_ways");
    let words = reasons.filter_map(|one| Some(one.args.get("why")?.to_owned()));
    words.collect()
}

const STREAM: &str = "<</Length 14>> stream\n0 0 m 9 9 l S \nendstream";

/// Goal: of a member of an object stream every reader takes the same. Method: an object twice, a
/// stream, what follows a member, a mere reference, members within others and in another order, and
/// cross-references that name another member; and what all of them take alike.
#[test]
fn check_10_members_that_readers_take_in_two_ways_are_told() {
    let one = |member: &str| {
        let members = [(1, CATALOG), (2, PAGES), (3, PAGE), (7, member)];
        let named = PAGE.replace("/Resources<<>>", "/Resources<</X 7 0 R>>");
        let members = members.map(|(number, text)| match number {
            3 => (3, named.clone()),
            number => (number, text.to_owned()),
        });
        let members: Vec<_> = members
            .iter()
            .map(|(n, text)| (*n, text.as_str()))
            .collect();
        usual(&members)
    };
    for member in [
        "<<>>",
        "7",
        "(7 0 R)",
        "<<>> %a comment",
        "<<>>\n\n \t",
        "[7 0 R 9]",
    ] {
        let report = judged(&house(), &signed(&one(member)));
        assert_eq!(report.intact, Answer::Yes, "{member}: {:?}", codes(&report));
    }
    let tail = [
        STREAM,
        "7 0 R",
        "<<>> endobj",
        "<<>> <<>>",
        "7 0 obj <<>> endobj",
        "<<>> 8 %",
    ];
    let mut odd: Vec<_> = tail.map(|member| (member.to_owned(), one(member))).to_vec();
    let all = [(1, 0), (2, 1), (3, 2)];
    let other = PAGE.replace("6 0 R", "8 0 R");
    let twice = row(&[(1, CATALOG), (2, PAGES), (3, PAGE), (3, &other)]);
    odd.push(("twice".to_owned(), file(&twice, &all)));
    let twice = row(&[(1, CATALOG), (2, PAGES), (3, &other), (3, PAGE)]);
    odd.push((
        "the second of two".to_owned(),
        file(&twice, &[(1, 0), (2, 1), (3, 3)]),
    ));
    let text = format!("{CATALOG}\n{PAGES}\n{PAGE}\n");
    let (pages, page) = (CATALOG.len() + 1, CATALOG.len() + PAGES.len() + 2);
    let backwards = container(&[(3, page), (2, pages), (1, 0)], &text);
    odd.push((
        "backwards".to_owned(),
        file(&backwards, &[(3, 0), (2, 1), (1, 2)]),
    ));
    let behind = [(1, 5), (2, pages + 5), (3, page + 5)];
    let behind = container(&behind, &format!("null {text}"));
    odd.push(("behind something".to_owned(), file(&behind, &all)));
    let within = container(&[(1, 0), (2, pages), (3, page), (7, page + 20)], &text);
    odd.push(("one within another".to_owned(), file(&within, &all)));
    let in_order = row(&[(1, CATALOG), (2, PAGES), (3, PAGE), (7, "<<>>")]);
    let rows = [(1, 0), (2, 1), (3, 3)];
    odd.push(("another place".to_owned(), file(&in_order, &rows)));
    for (what, file) in odd {
        let report = judged(&house(), &signed(&file));
        assert_eq!(why(&report), ["members"], "{what}: {:?}", codes(&report));
        assert_eq!(report.intact, Answer::Undecided, "{what}");
    }
}

/// Goal: a page that nobody shows is not passed over. Method: one that stands in the object stream,
/// and that no entry takes from there.
#[test]
fn check_17_a_page_that_is_none_is_told() {
    let members = row(&[(1, CATALOG), (2, PAGES), (3, PAGE)]);
    let report = judged(&house(), &signed(&file(&members, &[(1, 0), (2, 1)])));
    let said = report.reasons.iter();
    let mut said = said.filter(|one| one.code.key() == "appearance_varies");
    assert_eq!(&said.next().expect("a word").args["how"], "unread");
}

/// Goal: what a later object stream holds is compared as a whole. Method: a content that is a
/// member with other bytes, which some readers draw; what follows a member, and members that stand
/// twice.
#[test]
fn check_08_what_follows_a_member_is_no_part_of_what_is_compared() {
    let sound = [(1, CATALOG), (2, PAGES), (3, PAGE), (7, "<<>>")];
    let plain = signed(&usual(&sound));
    let passes = |file: &[u8], what: &str| {
        let report = judged(&house(), file);
        assert_eq!(report.intact, Answer::Yes, "{what}: {:?}", codes(&report));
    };
    let stopped = |file: &[u8], what: &str| {
        let report = judged(&house(), file);
        let codes = codes(&report);
        assert!(codes.contains(&"added_after_signing"), "{what}: {codes:?}");
        assert_ne!(report.intact, Answer::Yes, "{what}");
    };
    passes(&plain, "as it was");
    passes(&continued(&plain, "<<>>"), "written anew");
    for tail in ["<<>> <</X 1>>", "<<>> endobj", STREAM, "7 0 R"] {
        stopped(&continued(&plain, tail), tail);
    }
    let both = format!("{PAGE}\n<<>>\n");
    let behind = PAGE.len() + 1;
    let in_order = container(&[(3, 0), (7, behind)], &both);
    passes(&grown(&plain, &in_order, &[(3, 0), (7, 1)]), "in order");
    let backwards = container(&[(7, behind), (3, 0)], &both);
    stopped(&grown(&plain, &backwards, &[(7, 0), (3, 1)]), "backwards");
    let page = PAGE.replace("6 0 R", "7 0 R");
    let drawn = signed(&usual(&[(1, CATALOG), (2, PAGES), (3, &page), (7, STREAM)]));
    let other = STREAM.replace("9 9 l", "7 7 l");
    stopped(&continued(&drawn, &other), "another content");
}
