//! Files of many revisions and of many signatures: judged as small ones are, and never by less.

use crate::crowd::{Crowd, many_packed_revisions, many_revisions, many_signatures};
use crate::forge::{CONTENT, Forge, Plan, form_objects, house, judge_facts, plain, signer};
use chancery_signature as sig;
use sig::facts::Change;
use sig::{Answer, Code, Facts, Indication, Limits};

fn gathered(bytes: &[u8]) -> Facts {
    sig::gather(bytes, None, &Limits::default())
}

#[test]
fn each_of_two_thousand_signatures_is_judged_and_one_more_is_too_many() {
    let (house, signer) = (house(), signer());
    let mut crowd = Crowd::new(&house, &signer);
    for _ in 0..2_000 {
        crowd.sign();
    }
    let facts = gathered(&crowd.bytes);
    let digest = sig::DigestAlgorithm::Sha256.digest(&[&crowd.bytes]);
    assert_eq!(facts.sha256, hex::encode(digest));
    let changes = &facts.pdf.as_ref().unwrap().changes;
    assert_eq!(changes.len(), 1_999);
    for one in changes {
        assert!(
            matches!(
                &one.changes[..],
                [Change::SignatureAdded {
                    existing: false,
                    ..
                }]
            ),
            "{one:?}"
        );
    }
    let report = judge_facts(&house, &facts);
    assert_eq!(report.signatures.len(), 2_000);
    assert_eq!(report.intact, Answer::Yes);
    assert_eq!(report.crypto, Answer::Yes);
    crowd.sign();
    let report = judge_facts(&house, &gathered(&crowd.bytes));
    assert_ne!(report.intact, Answer::Yes);
    assert_eq!(&report.reasons[0].args["why"], "limit_exceeded");
}

#[test]
fn each_of_ten_thousand_revisions_is_compared_and_one_more_is_too_many() {
    let (house, signer) = (house(), signer());
    let mut crowd = Crowd::new(&house, &signer);
    crowd.sign();
    for number in 2..10_000 {
        crowd.fill(number);
    }
    let facts = gathered(&crowd.bytes);
    let changes = &facts.pdf.as_ref().unwrap().changes;
    assert_eq!(changes.len(), 9_998);
    for one in changes {
        let expected = Change::FieldFilled {
            beneath: sig::facts::Beneath::Nothing,
            field: "Amount".to_owned(),
            replaces: true,
            page: Some(1),
        };
        assert_eq!(one.changes, [expected]);
    }
    assert_eq!(judge_facts(&house, &facts).intact, Answer::Yes);
    crowd.fill(10_000);
    let report = judge_facts(&house, &gathered(&crowd.bytes));
    assert_ne!(report.intact, Answer::Yes);
    assert_ne!(report.indication, Indication::TotalPassed);
    assert_eq!(&report.reasons[0].args["why"], "limit_exceeded");
}

/// Goal: what comes late in a long row is seen like what comes early. Method: a replaced page and a
/// field that shows something else than it says, behind two hundred harmless revisions.
#[test]
fn an_attack_behind_many_harmless_revisions_is_seen() {
    let (house, signer) = (house(), signer());
    let attacks: [(&[(u32, &str)], Code); 3] = [
        (
            &[
                (
                    10,
                    "<</Type/Page/Parent 2 0 R/Annots[4 0 R 30 0 R]/Contents 40 0 R>>",
                ),
                (40, "<</Length 1>>\nstream\n \nendstream"),
            ],
            Code::ContentChanged,
        ),
        (
            &[(
                5,
                "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 45>>\nstream\n\
                /Tx BMC q BT /F1 12 Tf (999999) Tj ET Q EMC  \nendstream",
            )],
            Code::AddedAfterSigning,
        ),
        (
            &[(
                2,
                "<</Type/Pages/Kids[11 0 R]/Count 1/MediaBox[0 0 600 800]>>",
            )],
            Code::ContentChanged,
        ),
    ];
    for (objects, code) in attacks {
        let mut crowd = Crowd::new(&house, &signer);
        crowd.sign();
        for number in 1..200 {
            crowd.fill(number);
        }
        let objects = objects.iter();
        let objects: Vec<(u32, String)> = objects
            .map(|(number, text)| (*number, (*text).to_owned()))
            .collect();
        crowd.update(&objects);
        crowd.sign();
        let report = judge_facts(&house, &gathered(&crowd.bytes));
        assert_ne!(report.intact, Answer::Yes, "{code:?}");
        let found = report.signatures[0].reasons.iter().map(|one| one.code);
        let found: Vec<Code> = found.collect();
        assert!(found.contains(&code), "{code:?} in {found:?}");
        assert_eq!(
            report.signatures[1].intact,
            Answer::Yes,
            "signed afterwards"
        );
    }
}

/// Goal: no number of harmless changes hides the one that counts. Method: a hundred and fifty
/// fields are filled in, in the revision that replaces the page's content.
#[test]
fn many_harmless_changes_hide_no_harmful_one() {
    let own = |number: u32, value: &str| {
        let text = format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(F{number})/V({value})/Rect[0 0 9 9]/P 3 0 R>>"
        );
        (number, text)
    };
    let house = house();
    let numbers = 100..250_u32;
    let list: String = numbers.clone().map(|one| format!("{one} 0 R ")).collect();
    let mut objects = form_objects();
    objects[0].1 = format!(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R {list}]/DA(/F1 0 Tf 0 g)\
            /DR<</Font<</F1 7 0 R>>>>>>>>"
    );
    objects.extend(numbers.clone().map(|number| own(number, "")));
    for (content, expected) in [(None, Answer::Yes), (Some(CONTENT), Answer::No)] {
        let mut forge = Forge::empty();
        forge.update(&objects);
        let plan = Plan::new(9, vec![crate::forge::sig1(9)]);
        forge.sign(&plan, |spans| plain(&house, spans));
        let mut filled: Vec<_> = numbers.clone().map(|number| own(number, "x")).collect();
        let content = content.map(|text| text.replace("100", "999"));
        filled.extend(content.map(|text| (4, text)));
        forge.update(&filled);
        let facts = gathered(&forge.bytes);
        assert_eq!(judge_facts(&house, &facts).intact, expected);
    }
}

/// Goal: a revision costs what it wrote, however large the file is. Method: a limit of objects that
/// is three for each revision; to walk the file, of some thirty and more objects, costs ten times
/// as much.
#[test]
fn a_revision_costs_what_it_wrote_and_not_the_file() {
    let (house, signer) = (house(), signer());
    let files = [
        (many_revisions(&house, &signer, 300), 300),
        (many_packed_revisions(&house, &signer, 300), 300),
        (many_signatures(&house, &signer, 100), 100),
    ];
    for (bytes, revisions) in files {
        let mut limits = Limits::default();
        limits.signatures.reopened_revisions_max = 1;
        // The tables are made once.
        limits.signatures.compared_objects_max = 100 + 3 * revisions;
        let facts = sig::gather(&bytes, None, &limits);
        assert_eq!(judge_facts(&house, &facts).intact, Answer::Yes);
        limits.signatures.compared_bytes_max = 1_000;
        let facts = sig::gather(&bytes, None, &limits);
        assert_ne!(judge_facts(&house, &facts).intact, Answer::Yes);
        let mut limits = Limits::default();
        limits.signatures.changes_max = 10;
        let facts = sig::gather(&bytes, None, &limits);
        assert_ne!(judge_facts(&house, &facts).intact, Answer::Yes);
    }
}

/// Goal: what is decoded costs like what is parsed. Method: a hundred object streams of twenty
/// kilobytes with a few hundred bytes of objects each.
#[test]
fn what_object_streams_decode_to_is_paid_for() {
    let (house, signer) = (house(), signer());
    let mut crowd = Crowd::new(&house, &signer);
    crowd.sign();
    for number in 1..100 {
        crowd.fill_packed(number, 20_000);
    }
    let mut limits = Limits::default();
    limits.signatures.reopened_revisions_max = 1;
    for (bytes_max, expected) in [(20_000_000, Answer::Yes), (1_000_000, Answer::Undecided)] {
        limits.signatures.compared_bytes_max = bytes_max;
        let facts = sig::gather(&crowd.bytes, None, &limits);
        assert_eq!(judge_facts(&house, &facts).intact, expected);
    }
}

/// Goal: a name that is written once and named often fills no memory. Method: twelve hundred fields
/// beneath one whose name is short, and beneath one whose name is long; all are filled in.
#[test]
fn long_names_are_not_repeated_without_end() {
    let house = house();
    let numbers = 100..1_300_u32;
    let kid = |number: u32, value: &str| {
        let text = format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(F{number})/V({value})/Rect[0 0 9 9]/P 3 0 R\
                /Parent 20 0 R>>"
        );
        (number, text)
    };
    let list: String = numbers.clone().map(|one| format!("{one} 0 R ")).collect();
    for (length, expected) in [(10, Answer::Yes), (4_000, Answer::Undecided)] {
        let mut objects = form_objects();
        objects[0].1 = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 20 0 R]\
            /DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>>>>>"
            .to_owned();
        let name = "n".repeat(length);
        objects.push((20, format!("<</T({name})/Kids[{list}]>>")));
        objects.extend(numbers.clone().map(|number| kid(number, "")));
        let mut forge = Forge::empty();
        forge.update(&objects);
        let plan = Plan::new(9, vec![crate::forge::sig1(9)]);
        forge.sign(&plan, |spans| plain(&house, spans));
        let filled: Vec<_> = numbers.clone().map(|number| kid(number, "x")).collect();
        forge.update(&filled);
        let report = judge_facts(&house, &gathered(&forge.bytes));
        let found = crate::forge::codes(&report);
        assert_eq!(report.intact, expected, "{:?}", found.first());
    }
}
