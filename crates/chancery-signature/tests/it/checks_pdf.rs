//! One test for each check on PDFs (`docs/signature-checks.md`): what it stops, and nothing else.

use crate::forge::*;
use chancery_signature as sig;
use sig::facts::Change;
use sig::{Answer, Indication, ValidationReport};

/// The file is refused, or left open, for this reason.
fn stopped(file: &[u8], code: &str) -> ValidationReport {
    let report = judged(&house(), file);
    assert!(
        codes(&report).contains(&code),
        "{code}: {:?}",
        codes(&report)
    );
    assert_ne!(report.intact, Answer::Yes, "{code}");
    assert_ne!(report.indication, Indication::TotalPassed, "{code}");
    report
}

/// The file passes with this warning.
fn warned(file: &[u8], code: &str) {
    let report = judged(&house(), file);
    assert!(
        codes(&report).contains(&code),
        "{code}: {:?}",
        codes(&report)
    );
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
}

fn why(report: &ValidationReport) -> Vec<String> {
    let signatures = report.signatures.iter().flat_map(|one| &one.reasons);
    signatures
        .filter_map(|one| Some(one.args.get("why")?.to_owned()))
        .collect()
}

fn passes(file: &[u8]) -> ValidationReport {
    let report = judged(&house(), file);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    report
}

#[test]
fn the_untouched_files_of_these_tests_pass() {
    let mut forge = signed(&house());
    // Their field is shown on the screen and not printed.
    let paper = "appearance_varies";
    assert_eq!(codes(&passes(&forge.bytes)), [paper, "time_unproven"]);
    countersign(&mut forge, &house(), "0 0 0 0", "", plain);
    let twice = [paper, "time_unproven", "time_unproven"];
    assert_eq!(codes(&passes(&forge.bytes)), twice);
}

#[test]
fn check_01_contents_is_one_direct_hexadecimal_structure_with_a_signer() {
    let file = signed(&house()).bytes;
    let gone = patched(&file, "/Contents<", "/Kontents<");
    assert!(why(&stopped(&gone, "coverage_unsound")).contains(&"no_contents".to_owned()));
    let mut spaced = file.clone();
    let end = place(&file, b">>\nendobj\nxref") - 2;
    spaced[end..end + 1].copy_from_slice(b" ");
    let report = stopped(&spaced, "coverage_unsound");
    assert!(why(&report).contains(&"contents_not_hexadecimal".to_owned()));
    let mut none = Forge::form();
    none.sign(&Plan::new(9, vec![sig1(9)]), |spans| {
        Cms::over(&house(), spans).with_signers(&[])
    });
    assert!(why(&stopped(&none.bytes, "structure_malformed")).contains(&"no_signer".to_owned()));
    let mut two = Forge::form();
    two.sign(&Plan::new(9, vec![sig1(9)]), |spans| {
        let cms = Cms::over(&house(), spans);
        cms.with_signers(&[cms.signer_info(spans), cms.signer_info(spans)])
    });
    stopped(&two.bytes, "several_signers");
}

#[test]
fn check_02_byte_range_is_four_numbers_within_the_file() {
    let file = signed(&house()).bytes;
    for (from, to, expected) in [
        ("/ByteRange[0", "/ByteRenge[0", "no_byte_range"),
        ("/ByteRange[0", "/ByteRange[-", "malformed_byte_range"),
        ("/ByteRange[0", "/ByteRange[1", "not_from_start"),
    ] {
        let report = stopped(&patched(&file, from, to), "coverage_unsound");
        assert!(
            why(&report).contains(&expected.to_owned()),
            "{:?}",
            why(&report)
        );
    }
    let mut past = file.clone();
    let end = place(&file, b"/ByteRange[") + 50;
    past[end - 2..end].copy_from_slice(b"99");
    // Behind the numbers there is room: what was blank is now a fifth number.
    let report = stopped(&past, "coverage_unsound");
    assert!(
        why(&report).contains(&"malformed_byte_range".to_owned()),
        "{:?}",
        why(&report)
    );
    let range = place(&file, b"/ByteRange[") + 11;
    let mut far = file;
    let text = String::from_utf8_lossy(&far[range..range + 40]).into_owned();
    let mut numbers: Vec<&str> = text.split_whitespace().collect();
    numbers[3] = "9999999";
    let text = numbers.join(" ");
    far[range..range + text.len()].copy_from_slice(text.as_bytes());
    let report = stopped(&far, "coverage_unsound");
    assert!(
        why(&report).contains(&"byte_range_outside_file".to_owned()),
        "{:?}",
        why(&report)
    );
}

#[test]
fn check_03_an_unknown_kind_is_not_valid() {
    let file = signed(&house()).bytes;
    stopped(
        &patched(&file, "ETSI.CAdES.detached", "ETSI.CAdES.detoured"),
        "kind_unsupported",
    );
}

#[test]
fn check_04_what_cannot_be_read_is_a_verdict_against_the_signature() {
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| {
        plain(&house(), spans)[..500].to_vec()
    });
    assert_eq!(
        stopped(&forge.bytes, "structure_malformed").indication,
        Indication::TotalFailed
    );
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |_| {
        b"not a structure".to_vec()
    });
    assert_eq!(
        stopped(&forge.bytes, "structure_malformed").indication,
        Indication::TotalFailed
    );
}

#[test]
fn check_05_an_empty_value_is_a_broken_signature_and_an_empty_field_is_none() {
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |_| vec![]);
    assert!(why(&stopped(&forge.bytes, "coverage_unsound")).contains(&"empty_contents".to_owned()));
    let report = judged(&house(), &Forge::form().bytes);
    assert_eq!(codes(&report), ["no_signature"]);
}

#[test]
fn check_06_the_covered_bytes_end_with_a_revision() {
    let mut forge = Forge::form();
    let plan = Plan::new(9, vec![sig1(9)]);
    // Signed over everything but the last line of the file, by numbers that say so.
    forge.sign(&plan, |spans| plain(&house(), spans));
    let file = forge.bytes.clone();
    let range = place(&file, b"/ByteRange[") + 11;
    let text = String::from_utf8_lossy(&file[range..range + 40]).into_owned();
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(|one| one.parse().unwrap())
        .collect();
    let short = format!("0 {} {} {}", numbers[1], numbers[2], numbers[3] - 20);
    let mut copy = file;
    copy[range..range + 40].fill(b' ');
    copy[range..range + short.len()].copy_from_slice(short.as_bytes());
    let value = plain(
        &house(),
        &[&copy[..numbers[1]], &copy[numbers[2]..copy.len() - 20]],
    );
    let digits = hex::encode(value);
    let gap = numbers[1] + 1;
    copy[gap..numbers[2] - 1].fill(b'0');
    copy[gap..gap + digits.len()].copy_from_slice(digits.as_bytes());
    let report = stopped(&copy, "coverage_unsound");
    assert_eq!(why(&report), ["not_a_revision_end"]);
    assert_eq!(report.crypto, Answer::Yes);
}

#[test]
fn check_07_every_byte_behind_belongs_to_a_revision() {
    let file = signed(&house()).bytes;
    for tail in [
        "4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n",
        "garbage",
        "%%EOF\n4 0 obj\n<<>>\nendobj\n%%EOF\n",
    ] {
        stopped(&[&file, tail.as_bytes()].concat(), "hidden_bytes");
    }
    // Between the objects of a later revision, where the table does not lead.
    let mut forge = signed(&house());
    forge
        .bytes
        .extend(b"4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n");
    forge.update(&[(12, "<</Producer(x)>>".to_owned())]);
    stopped(&forge.bytes, "hidden_bytes");
}

#[test]
fn check_08_what_no_place_explains_is_not_allowed() {
    let mut forge = signed(&house());
    forge.update(&[(12, "<</Type/Whatever>>".to_owned())]);
    stopped(&forge.bytes, "added_after_signing");
    let mut forge = signed(&house());
    forge.update(&[(
        3,
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font\
        <</F1 7 0 R>>>>/Annots[5 0 R 6 0 R]/Tabs/S>>"
            .to_owned(),
    )]);
    stopped(&forge.bytes, "added_after_signing");
}

#[test]
fn private_entries_of_the_trailer_may_be_copied_and_not_changed() {
    let stream = |text: &str| format!("<</Length {}>>\nstream\n{text}\nendstream", text.len());
    let made = |copy: &str| {
        let mut objects = form_objects();
        objects.push((20, stream("another form of the text")));
        let mut forge = Forge::empty();
        forge.trailer_extra = "/Private[/x 20 0 R]".to_owned();
        forge.update(&objects);
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        forge.trailer_extra = "/Private[/x 30 0 R]".to_owned();
        forge.update(&[(30, stream(copy))]);
        forge.bytes
    };
    // A number that stands for nothing yet binds nobody.
    let mut dangling = Forge::form();
    dangling.trailer_extra = "/Private[/x 10 0 R]".to_owned();
    dangling.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    countersign(&mut dangling, &house(), "0 0 0 0", "", plain);
    passes(&dangling.bytes);
    passes(&made("another form of the text"));
    stopped(&made("another form of the tale"), "added_after_signing");
}

#[test]
fn check_09_only_a_signature_to_the_end_covers_the_whole_file() {
    let mut forge = signed(&house());
    let whole = |file: &[u8]| {
        let report = judged(&house(), file);
        let all = report
            .signatures
            .iter()
            .map(|one| one.covers.as_ref().unwrap().whole_file);
        all.collect::<Vec<bool>>()
    };
    assert_eq!(whole(&forge.bytes), [true]);
    warned(&[&forge.bytes, b"\n\n".as_slice()].concat(), "tail_blank");
    countersign(&mut forge, &house(), "0 0 0 0", "", plain);
    assert_eq!(whole(&forge.bytes), [false, true]);
}

#[test]
fn check_10_cross_references_hit_what_they_promise() {
    // The later revision names a place where no object stands.
    let mut forge = signed(&house());
    let at = forge.bytes.len();
    forge.bytes.extend(b"12 0 obj\n<</Producer(x)>>\nendobj\n");
    forge.finish(&[(4, at + 3), (12, at)]);
    let report = stopped(&forge.bytes, "added_after_signing");
    let told = report.signatures[0].changes.iter().any(
        |one| matches!(&one.change, Change::Unexplained { what, .. } if what.contains("untrue")),
    );
    assert!(told);
    // The end leads back to an older section.
    let forge = signed(&house());
    let older = format!("startxref\n{}\n%%EOF\n", place(&forge.bytes, b"xref\n"));
    stopped(&[&forge.bytes, older.as_bytes()].concat(), "hidden_bytes");
}

#[test]
fn check_11_the_gap_is_exactly_the_value() {
    let file = signed(&house()).bytes;
    let range = place(&file, b"/ByteRange[") + 11;
    let text = String::from_utf8_lossy(&file[range..range + 40]).into_owned();
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(|one| one.parse().unwrap())
        .collect();
    let mut wide = file.clone();
    let text = format!("0 {} {} {}", numbers[1], numbers[2] + 2, numbers[3] - 2);
    wide[range..range + 40].fill(b' ');
    wide[range..range + text.len()].copy_from_slice(text.as_bytes());
    assert_eq!(
        why(&stopped(&wide, "coverage_unsound")),
        ["gap_is_not_contents"]
    );
}

#[test]
fn check_12_the_dictionary_stands_at_its_gap_with_each_key_once() {
    let mut forge = Forge::form();
    let mut plan = Plan::new(9, vec![sig1(9)]);
    plan.extra = "/Reason(a)/Reason(b)".to_owned();
    forge.sign(&plan, |spans| plain(&house(), spans));
    assert_eq!(
        why(&stopped(&forge.bytes, "coverage_unsound")),
        ["duplicate_keys"]
    );
    // The field names a dictionary of a later revision that claims the gap of the first.
    let mut forge = signed(&house());
    let file = forge.bytes.clone();
    let range = place(&file, b"/ByteRange[");
    let text = String::from_utf8_lossy(&file[range..range + 52]).into_owned();
    let gap = place(&file, b"/Contents<") + 9;
    let end = place(&file[gap..], b">") + gap + 1;
    let copied = String::from_utf8_lossy(&file[gap..end]).into_owned();
    let moved = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{text}/Contents{copied}>>"
    );
    forge.update(&[sig1(12), (12, moved)]);
    assert!(
        why(&stopped(&forge.bytes, "coverage_unsound")).contains(&"gap_is_not_contents".to_owned())
    );
}

#[test]
fn check_13_no_two_signatures_share_a_gap() {
    // Object 12 stands in a comment within object 9: both are one dictionary.
    let house = house();
    let mut forge = Forge::form();
    let field =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Twin)/Rect[0 0 0 0]/F 132/P 3 0 R/V 12 0 R>>";
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let objects = [sig1(9), (10, field.to_owned()), (1, catalog.to_owned())];
    let mut places = vec![];
    for (number, text) in objects {
        places.push((number, forge.bytes.len()));
        forge
            .bytes
            .extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
    }
    places.push((9, forge.bytes.len()));
    places.push((12, forge.bytes.len() + 9));
    forge.bytes.extend(
        b"9 0 obj %12 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter\
        /ETSI.CAdES.detached/ByteRange[",
    );
    let range = forge.bytes.len();
    forge.bytes.extend([b' '; 40]);
    forge.bytes.extend(b"]/Contents");
    let gap = forge.bytes.len();
    forge
        .bytes
        .extend(format!("<{}>", "0".repeat(8000)).into_bytes());
    let resume = forge.bytes.len();
    forge.bytes.extend(b">>\nendobj\n");
    forge.finish(&places);
    let numbers = format!("0 {gap} {resume} {}", forge.bytes.len() - resume);
    forge.bytes[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
    let value = plain(&house, &[&forge.bytes[..gap], &forge.bytes[resume..]]);
    let digits = hex::encode(value);
    forge.bytes[gap + 1..gap + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    let report = stopped(&forge.bytes, "gap_shared");
    assert_eq!(report.signatures.len(), 2);
}

#[test]
fn check_14_a_digest_that_fits_excuses_no_placement() {
    // Everything is signed, the gap is honest, the first byte is not covered.
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    let file = forge.bytes.clone();
    let range = place(&file, b"/ByteRange[") + 11;
    let text = String::from_utf8_lossy(&file[range..range + 40]).into_owned();
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(|one| one.parse().unwrap())
        .collect();
    let mut copy = file;
    let text = format!("1 {} {} {}", numbers[1] - 1, numbers[2], numbers[3]);
    copy[range..range + 40].fill(b' ');
    copy[range..range + text.len()].copy_from_slice(text.as_bytes());
    let value = plain(&house(), &[&copy[1..numbers[1]], &copy[numbers[2]..]]);
    let digits = hex::encode(value);
    copy[numbers[1] + 1..numbers[2] - 1].fill(b'0');
    copy[numbers[1] + 1..numbers[1] + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    let report = stopped(&copy, "coverage_unsound");
    assert_eq!(
        (report.crypto, report.indication),
        (Answer::Yes, Indication::TotalFailed)
    );
}

#[test]
fn check_15_bytes_behind_the_structure_are_told() {
    let mut forge = Forge::form();
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| {
        [plain(&house(), spans), b"\0\0hidden".to_vec()].concat()
    });
    warned(&forge.bytes, "excess_bytes");
}

/// Goal: the first reason names pages that were put in, taken out, or both. Method: a page beside
/// the only one, and another one in its place.
#[test]
fn check_16_pages_that_come_and_go_are_counted() {
    let other = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>>>";
    let tree = |kids: &str, count: u8| {
        format!("<</Type/Pages/Kids[{kids}]/Count {count}/MediaBox[0 0 600 800]>>")
    };
    for (kids, count, expected) in [
        ("3 0 R 40 0 R", 2, [None, Some("0"), Some("1"), Some("2")]),
        ("40 0 R", 1, [Some("1"), Some("1"), Some("1"), Some("1")]),
    ] {
        let mut forge = signed(&house());
        forge.update(&[(2, tree(kids, count)), (40, other.to_owned())]);
        let report = stopped(&forge.bytes, "content_changed");
        let first = &report.signatures[0].reasons[0];
        let names = ["removed_first", "removed", "added", "added_first"];
        let told = names.map(|name| first.args.get(name));
        assert_eq!(told, expected, "{kids}: {first:?}");
    }
    // A page that is changed within is none that came.
    let mut forge = signed(&house());
    forge.update(&[(4, CONTENT.replace("100", "900"))]);
    let report = stopped(&forge.bytes, "content_changed");
    assert_eq!(report.signatures[0].reasons[0].args.get("added"), None);
}

#[test]
fn check_16_what_pages_and_appearances_draw_may_not_be_replaced() {
    for (number, text) in [
        (4, CONTENT.replace("100", "900")),
        (7, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".to_owned()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/Contents 12 0 R/Resources<<>>/Annots[5 0 R 6 0 R]>>"
                .to_owned(),
        ),
        (
            2,
            "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2/MediaBox[0 0 600 800]>>".to_owned(),
        ),
    ] {
        let mut forge = signed(&house());
        forge.update(&[(number, text)]);
        let report = stopped(&forge.bytes, "content_changed");
        let changes = &report.signatures[0].changes;
        let paged = |one: &Change| matches!(one, Change::ContentChanged { page: Some(1), .. });
        assert!(
            number == 2 || changes.iter().any(|one| paged(&one.change)),
            "{changes:?}"
        );
    }
    // An appearance that the page draws as well is not the field's alone.
    let mut objects = form_objects();
    objects[2].1 = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>\
        /XObject<</X 8 0 R>>>>/Annots[5 0 R 6 0 R]>>"
        .to_owned();
    let mut forge = Forge::empty();
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    forge.update(&[(5, field("900")), (8, appearance("(900)"))]);
    stopped(&forge.bytes, "content_changed");
}

fn field(value: &str) -> String {
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V({value})/Rect[10 10 110 30]/P 3 0 R/AP\
            <</N 8 0 R>>>>"
    )
}

#[test]
fn check_17_objects_out_of_nowhere_and_of_another_type_are_told() {
    let mut objects = form_objects();
    objects.push((20, "<</Type/Annot/Subtype/FreeText>>".to_owned()));
    let mut forge = Forge::empty();
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    // Another type under the number that the signed revision held in reserve.
    forge.update(&[(20, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned())]);
    stopped(&forge.bytes, "added_after_signing");
    // The signed page draws a number that stands for nothing; a later mark gives it a meaning.
    let mut objects = form_objects();
    objects[2].1 = objects[2]
        .1
        .replace("/Resources<<", "/Resources<</XObject<</X 20 0 R>>");
    let mut reserve = Forge::empty();
    reserve.update(&objects);
    reserve.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let marked =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/V 11 0 R/AP<</N 20 0 R>>>>";
    let added = vec![
        (1, catalog.to_owned()),
        (10, marked.to_owned()),
        (20, appearance("(900)")),
    ];
    reserve.sign(&Plan::new(11, added), |spans| plain(&house(), spans));
    stopped(&reserve.bytes, "content_changed");
    // A bare stream that nothing refers to is told, one that something refers to is not explained.
    let bare = "<</Length 1>>\nstream\nx\nendstream".to_owned();
    let mut leftover = signed(&house());
    leftover.update(&[(30, bare.clone())]);
    warned(&leftover.bytes, "orphan_added");
    let mut used = signed(&house());
    used.update(&[(30, bare), (31, "[30 0 R]".to_owned())]);
    stopped(&used.bytes, "added_after_signing");
    let pdf = chancery_pdf::Pdf::open(&forge.bytes, &chancery_pdf::Limits::default()).unwrap();
    assert_eq!(
        pdf.unused_objects()
            .unwrap()
            .iter()
            .map(|id| id.number)
            .collect::<Vec<_>>(),
        [20]
    );
}

#[test]
fn check_18_the_signed_revision_is_exactly_the_signed_bytes() {
    let mut forge = signed(&house());
    let first = forge.bytes.clone();
    countersign(&mut forge, &house(), "0 0 0 0", "", plain);
    let report = judged(&house(), &forge.bytes);
    assert_eq!(
        report.signatures[0].signed_revision(&forge.bytes),
        Some(first.as_slice())
    );
    assert_eq!(
        report.signatures[1].signed_revision(&forge.bytes),
        Some(forge.bytes.as_slice())
    );
    // Each names the digest of the copy that it completed: the first that of the earlier copy.
    let named = report.signatures.iter().map(|one| {
        let covers = one.covers.as_ref().expect("covered");
        covers.revision_sha256.clone().expect("a digest")
    });
    let copies = [&first, &forge.bytes].map(|copy| chancery_types::Digest::of(copy).hex());
    assert_eq!(named.collect::<Vec<_>>(), copies);
}

#[test]
fn check_19_objects_in_reserve_are_found_before_signing() {
    let limits = chancery_pdf::Limits::default();
    let mut objects = form_objects();
    let forge = Forge::form();
    let pdf = chancery_pdf::Pdf::open(&forge.bytes, &limits).unwrap();
    assert_eq!(pdf.unused_objects().unwrap(), []);
    objects.push((20, CONTENT.replace("100", "900")));
    let mut forge = Forge::empty();
    forge.update(&objects);
    let pdf = chancery_pdf::Pdf::open(&forge.bytes, &limits).unwrap();
    assert_eq!(pdf.unused_objects().unwrap()[0].number, 20);
}

#[test]
fn check_20_a_filled_field_shows_its_value_and_nothing_else() {
    let filled = |value: &str, shown: &str| {
        let mut forge = signed(&house());
        forge.update(&[(5, field(value)), (8, appearance(shown))]);
        forge.bytes
    };
    warned(&filled("250", "(2) Tj 7 0 Td (50)"), "field_filled");
    stopped(&filled("250", "(900)"), "added_after_signing");
    stopped(&filled("250", "(1250)"), "added_after_signing");
    stopped(&filled("100", "(900)"), "added_after_signing");
    stopped(&filled("250", "3 Tr (250)"), "added_after_signing");
    stopped(&filled("250", "(250) Tj /X Do ()"), "added_after_signing");
    // The old appearance stays while the value changes.
    let mut forge = signed(&house());
    forge.update(&[(5, field("900"))]);
    stopped(&forge.bytes, "added_after_signing");
    // Letters of a font that came with the update, and is no font of every reader.
    let mut forge = signed(&house());
    let font = appearance("(250)").replace("7 0 R", "12 0 R");
    forge.update(&[
        (5, field("250")),
        (8, font),
        (
            12,
            "<</Type/Font/Subtype/Type3/BaseFont/Helvetica>>".to_owned(),
        ),
    ]);
    stopped(&forge.bytes, "added_after_signing");
    // Whoever fills a field in may close it, and do nothing else to its flags.
    for (flags, open) in [("1", true), ("8192", false)] {
        let mut forge = signed(&house());
        let flagged = field("250").replace("/V", &format!("/Ff {flags}/V"));
        forge.update(&[(5, flagged), (8, appearance("(250)"))]);
        match open {
            true => warned(&forge.bytes, "field_filled"),
            false => drop(stopped(&forge.bytes, "added_after_signing")),
        }
    }
    // Another rectangle: the field covers what it did not.
    let mut forge = signed(&house());
    forge.update(&[(5, field("100").replace("110 30", "600 800"))]);
    stopped(&forge.bytes, "added_after_signing");
}
