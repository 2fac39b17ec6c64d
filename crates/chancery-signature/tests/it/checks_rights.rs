//! One test for each check on what an author allows (`docs/signature-checks.md`).

use crate::forge::*;
use crate::support::signing_moment;
use chancery_signature as sig;
use sig::{Answer, Indication, ValidationReport};

fn report(forge: &Forge) -> ValidationReport {
    judged(&house(), &forge.bytes)
}

fn stopped(forge: &Forge, code: &str) -> ValidationReport {
    let report = report(forge);
    assert!(
        codes(&report).contains(&code),
        "{code}: {:?}",
        codes(&report)
    );
    assert_ne!(report.intact, Answer::Yes, "{code}");
    report
}

fn filling() -> [(u32, String); 2] {
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(250)/Rect[10 10 110 30]\
        /P 3 0 R/AP<</N 8 0 R>>>>";
    [(5, field.to_owned()), (8, appearance("(250)"))]
}

/// The form, certified with this level and with `/Perms`.
fn certified(level: u8) -> Forge {
    let mut forge = Forge::form();
    let catalog = "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 9 0 R>>/AcroForm\
        <</Fields[5 0 R 6 0 R]/SigFlags 3>>>>";
    let mut plan = Plan::new(9, vec![sig1(9), (1, catalog.to_owned())]);
    plan.extra = certification(level);
    forge.sign(&plan, |spans| plain(&house(), spans));
    forge
}

#[test]
fn check_21_the_authors_permissions_stay_as_they_were() {
    let plain_catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>>>";
    let mut forge = certified(2);
    forge.update(&[(1, plain_catalog.to_owned())]);
    let failed = stopped(&forge, "permissions_changed");
    assert_eq!(failed.indication, Indication::TotalFailed);
    // The dictionary behind an unchanged name.
    let mut forge = certified(1);
    forge.update(&[(9, "<</Type/Sig>>".to_owned())]);
    assert_ne!(report(&forge).intact, Answer::Yes);
    // The level is that of the first signature, whatever a later one says.
    let mut forge = certified(1);
    countersign_certified(&mut forge, &certification(3));
    stopped(&forge, "certified_against_changes");
}

#[test]
fn check_21_a_later_signature_can_only_tighten_the_level() {
    let mut forge = certified(2);
    let lock =
        "/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[]/P 1>>>>]";
    countersign_certified(&mut forge, lock);
    assert_eq!(report(&forge).intact, Answer::Yes);
    forge.update(&filling());
    stopped(&forge, "certified_against_changes");
    // What a later one leaves open beyond that stays closed to everybody after it.
    let mut forge = certified(2);
    countersign_certified(&mut forge, &lock.replace("/P 1", "/P 3"));
    annotate(&mut forge);
    let failed = stopped(&forge, "annotation_forbidden");
    assert_eq!(failed.indication, Indication::TotalFailed);
}

/// As `countersign`, in a catalog that keeps `/Perms`.
fn countersign_certified(forge: &mut Forge, extra: &str) {
    let catalog = "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 9 0 R>>/AcroForm\
        <</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let field =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>";
    let mut plan = Plan::new(11, vec![(1, catalog.to_owned()), (10, field.to_owned())]);
    plan.extra = extra.to_owned();
    forge.sign(&plan, |spans| plain(&house(), spans));
}

#[test]
fn check_22_the_level_of_the_first_signature_is_kept() {
    for (level, filled) in [(1, Some("certified_against_changes")), (2, None), (3, None)] {
        let mut forge = certified(level);
        forge.update(&filling());
        match filled {
            Some(code) => drop(stopped(&forge, code)),
            None => assert_eq!(
                report(&forge).intact,
                Answer::Yes,
                "{level}: {:?}",
                codes(&report(&forge))
            ),
        }
        let mut forge = certified(level);
        countersign_certified(&mut forge, "");
        match filled {
            Some(code) => drop(stopped(&forge, code)),
            None => assert_eq!(
                report(&forge).intact,
                Answer::Yes,
                "{level}: {:?}",
                codes(&report(&forge))
            ),
        }
    }
    let mut forge = certified(2);
    annotate(&mut forge);
    let failed = stopped(&forge, "annotation_forbidden");
    assert_eq!(failed.indication, Indication::TotalFailed);
    // What a signature locks by name, and all it does not.
    for (lock, locked) in [
        ("/Action/Include/Fields[(Amount)]", true),
        ("/Action/Include/Fields[(Amoun)]", false),
        ("/Action/Exclude/Fields[(Amount)]", false),
        ("/Action/Exclude/Fields[(Other)]", true),
        ("/Action/All", true),
    ] {
        let mut forge = signed_with(&house(), locking(lock));
        forge.update(&filling());
        match locked {
            true => drop(stopped(&forge, "field_locked")),
            false => assert_eq!(report(&forge).intact, Answer::Yes, "{lock}"),
        }
    }
    // Evidence is allowed at every level.
    let mut forge = certified(1);
    let catalog = "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 9 0 R>>/AcroForm\
        <</Fields[5 0 R 6 0 R]/SigFlags 3>>/DSS<</Certs[12 0 R]>>>>";
    forge.update(&[
        (1, catalog.to_owned()),
        (12, crate::forge::EVIDENCE.to_owned()),
    ]);
    assert_eq!(
        report(&forge).intact,
        Answer::Yes,
        "{:?}",
        codes(&report(&forge))
    );
}

/// The entries of a signature that locks fields.
fn locking(lock: &str) -> String {
    format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<</V/1.2{lock}>>>>]")
}

/// Goal: what a signature locks are names, and a field that comes later has one as well. Method:
/// a second signature in a new field, and that field alone, by the lock of the first.
#[test]
fn check_22_a_lock_closes_fields_that_come_later() {
    for (lock, locked) in [
        ("/Action/All", true),
        ("/Action/Exclude/Fields[(Amount)]", true),
        ("/Action/Include/Fields[(Sig2)]", true),
        ("/Action/Exclude/Fields[(Sig2)]", false),
        ("/Action/Include/Fields[(Amount)]", false),
    ] {
        for rect in ["0 0 0 0", "300 300 360 380"] {
            let mut forge = signed_with(&house(), locking(lock));
            countersign(&mut forge, &house(), rect, "", plain);
            match locked {
                true => drop(stopped(&forge, "field_locked")),
                false => assert_eq!(report(&forge).intact, Answer::Yes, "{lock} {rect}"),
            }
            // Empty and of no size, it shows nothing and has no value: nothing is broken yet.
            let mut forge = signed_with(&house(), locking(lock));
            forge.update(&second_field(rect, ""));
            match locked && rect != "0 0 0 0" {
                true => drop(stopped(&forge, "field_locked")),
                false => drop(stopped(&forge, "signature_field_unsigned")),
            }
        }
    }
}

/// Goal: a lock keeps nobody from proving later that the file existed, as long as that shows
/// nothing. Method: a document timestamp in a new field after everything was locked, of no size
/// and of some.
#[test]
fn check_22_a_lock_lets_timestamps_in_that_show_nothing() {
    let house = house();
    let stamp = |rect: &str, value: &str, objects: Vec<(u32, String)>| {
        let mut forge = signed_with(&house, locking("/Action/All"));
        if value.is_empty() {
            forge.update(&second_field(rect, ""));
        }
        let mut plan = Plan::new(11, objects);
        plan.sub_filter = "ETSI.RFC3161";
        forge.sign(&plan, |spans| {
            house.token(&spans.concat(), signing_moment())
        });
        forge
    };
    for (rect, is_seen) in [("0 0 0 0", false), ("300 300 360 380", true)] {
        let [_, _, field] = second_field(rect, "/V 11 0 R");
        let later = stamp(rect, "", vec![field]);
        let at_once = stamp(rect, "/V", second_field(rect, "/V 11 0 R").to_vec());
        for forge in [later, at_once] {
            match is_seen {
                true => drop(stopped(&forge, "field_locked")),
                false => assert_eq!(
                    report(&forge).intact,
                    Answer::Yes,
                    "{:?}",
                    codes(&report(&forge))
                ),
            }
        }
    }
}

/// Goal: where the author allowed no changes, what proves a time shows nothing. Method: a document
/// timestamp in a new field of a file that is certified so, of no size and of some.
#[test]
fn check_22_against_all_changes_timestamps_show_nothing() {
    for (rect, intact) in [("0 0 0 0", Answer::Yes), ("300 300 360 380", Answer::No)] {
        let mut forge = certified(1);
        let [(_, catalog), page, field] = second_field(rect, "/V 11 0 R");
        let catalog = catalog.replace("/AcroForm", "/Perms<</DocMDP 9 0 R>>/AcroForm");
        let mut plan = Plan::new(11, vec![(1, catalog), page, field]);
        plan.sub_filter = "ETSI.RFC3161";
        let house = house();
        forge.sign(&plan, |spans| {
            house.token(&spans.concat(), signing_moment())
        });
        let report = report(&forge);
        let codes = codes(&report);
        assert_eq!(report.intact, intact, "{codes:?}");
        let told = codes.contains(&"certified_against_changes");
        assert_eq!(told, intact == Answer::No, "{codes:?}");
    }
}

/// A new signature field on the page, as object 10: form, page and the field itself.
fn second_field(rect: &str, more: &str) -> [(u32, String); 3] {
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R 10 0 R]>>";
    let field =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[{rect}]/F 132/P 3 0 R{more}>>");
    [(1, catalog.to_owned()), (3, page.to_owned()), (10, field)]
}

fn annotate(forge: &mut Forge) {
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R 12 0 R]>>";
    let note = "<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(Price: 900)>>";
    forge.update(&[(3, page.to_owned()), (12, note.to_owned())]);
}

#[test]
fn check_23_annotations_where_they_are_allowed_are_listed_and_never_green() {
    for mut forge in [certified(3), signed(&house())] {
        annotate(&mut forge);
        let listed = stopped(&forge, "annotation_added");
        assert_eq!(listed.indication, Indication::Indeterminate);
        let reasons = &listed.signatures[0].reasons;
        let annotation = reasons
            .iter()
            .find(|one| one.code == sig::Code::AnnotationAdded)
            .unwrap();
        assert_eq!(
            (&annotation.args["kind"], &annotation.args["page"]),
            ("FreeText", "1")
        );
    }
}

#[test]
fn check_24_a_later_signature_is_one_and_covers_no_page() {
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "0 0 600 800", "", plain);
    stopped(&forge, "mark_covers_page");
    // In a place that whoever signed before never saw, a tenth of a page is too much already.
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "0 0 240 240", "", plain);
    stopped(&forge, "mark_covers_page");
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "300 300 360 380", "", plain);
    assert_eq!(report(&forge).intact, Answer::Yes);
    assert!(codes(&report(&forge)).contains(&"mark_added"));
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "0 0 0 0", "", |house, _| {
        plain(house, &[b"other"])
    });
    stopped(&forge, "later_signature_unsound");
    // A field that shows something and is signed by nobody.
    let mut forge = signed(&house());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R 10 0 R]>>";
    let shows =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 60 80]/P 3 0 R/AP<</N 12 0 R>>>>";
    let objects =
        [(1, catalog), (3, page), (10, shows)].map(|(number, text)| (number, text.to_owned()));
    let mut drawn = objects.to_vec();
    drawn.push((12, appearance("(900)")));
    forge.update(&drawn);
    stopped(&forge, "added_after_signing");
    let mut forge = signed(&house());
    let mut blank = objects;
    blank[2].1 = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/P 3 0 R>>".to_owned();
    forge.update(&blank);
    // Empty fields are for signing, and until somebody has, nobody can tell what they are for.
    stopped(&forge, "signature_field_unsigned");
    let signed = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>";
    let plan = Plan::new(11, vec![(10, signed.to_owned())]);
    forge.sign(&plan, |spans| plain(&house(), spans));
    assert!(codes(&report(&forge)).contains(&"signature_field_added"));
    assert_eq!(report(&forge).intact, Answer::Yes);
}

#[test]
fn check_25_no_action_comes_later() {
    for action in [
        "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
        "/AA<</WC<</S/URI/URI(http:)>>>>",
    ] {
        let mut forge = signed(&house());
        let catalog = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>{action}>>"
        );
        forge.update(&[(1, catalog)]);
        let failed = stopped(&forge, "action_added");
        assert_eq!(failed.indication, Indication::TotalFailed);
    }
    // In what a new signature brings along.
    let mut forge = signed(&house());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/V 11 0 R/MK<</R<</S\
        /Launch>>>>>>";
    let plan = Plan::new(11, vec![(1, catalog.to_owned()), (10, field.to_owned())]);
    forge.sign(&plan, |spans| plain(&house(), spans));
    stopped(&forge, "action_added");
}

#[test]
fn check_26_only_the_first_signature_certifies() {
    let mut forge = signed(&house());
    countersign(&mut forge, &house(), "0 0 0 0", &certification(2), plain);
    let open = stopped(&forge, "certification_late");
    assert_eq!(open.indication, Indication::Indeterminate);
    let mut forge = signed_with(
        &house(),
        "/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[]/P 2>>>>]"
            .to_owned(),
    );
    let loose =
        "/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[]/P 3>>>>]";
    countersign(&mut forge, &house(), "0 0 0 0", loose, plain);
    stopped(&forge, "lock_loosened");
}

#[test]
fn check_27_the_signer_is_whom_the_certificate_names() {
    let forge = signed_with(
        &house(),
        "/Name(Somebody Else)/Reason(Because)/M(D:20200101000000Z)".to_owned(),
    );
    let report = report(&forge);
    let signature = &report.signatures[0];
    assert_eq!(
        signature
            .signer
            .as_ref()
            .unwrap()
            .subject
            .common_name
            .as_deref(),
        Some("Анна")
    );
    assert_eq!(signature.time.proven, None);
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("Somebody") && !text.contains("Because"));
}

#[test]
fn check_28_signatures_that_no_field_leads_to_are_found() {
    // A second dictionary beside the signed one.
    let mut objects = form_objects();
    objects.push((
        20,
        "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>".to_owned(),
    ));
    let mut forge = Forge::empty();
    forge.update(&objects);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    assert!(codes(&report(&forge)).contains(&"stray_signature"));
    // The form was taken away: the signature is told all the same, and cannot pass.
    let mut forge = signed(&house());
    forge.update(&[(1, "<</Type/Catalog/Pages 2 0 R>>".to_owned())]);
    let told = stopped(&forge, "coverage_unsound");
    assert_eq!((told.signatures.len(), told.crypto), (1, Answer::Yes));
    // The trailer leads nowhere.
    let mut forge = Forge::form();
    forge.root = 99;
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    let told = stopped(&forge, "unreadable");
    assert_eq!((told.signatures.len(), told.crypto), (1, Answer::Yes));
}

/// Goal: whoever takes a signature out and signs the file anew is told of, however it was taken
/// out. Method: the field loses its value, another one has its number, nothing has it, the form
/// names it no more; then somebody else signs. A file that nobody signed before, and one whose
/// signatures all stand, are not told of; nor is one that holds a signed file as bytes.
#[test]
fn check_28_a_signature_that_was_taken_out_is_told() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 30 0 R]/SigFlags 3>>>>";
    let both = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 30 0 R]/SigFlags 3>>>>";
    let field = |value: u32| {
        let text = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F 132/P 3 0 R\
                /V {value} 0 R>>"
        );
        (30, text)
    };
    let empty = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/Rect[0 0 0 0]/F 132/P 3 0 R>>";
    let told = |changes: &[(u32, &str)], value: u32| {
        let mut forge = signed(&house());
        let mut objects: Vec<(u32, String)> = Vec::new();
        for (number, text) in changes {
            objects.push((*number, (*text).to_owned()));
        }
        objects.push(field(value));
        forge.sign(&Plan::new(value, objects), |spans| plain(&house(), spans));
        report(&forge)
    };
    let removed = |report: &sig::ValidationReport| {
        let mut reasons = report.reasons.iter();
        let one = reasons.find(|one| one.code == sig::Code::SignatureRemoved);
        one.map(|one| one.args["count"].to_owned())
    };
    for (changes, value) in [
        (vec![(1, both), (6, empty)], 31),
        (vec![(1, catalog)], 31),
        (vec![(1, catalog), (9, "null")], 31),
        (vec![(1, catalog), (9, "<</Some/Thing>>")], 31),
        // The new signature has the number of the old one.
        (vec![(1, catalog)], 9),
    ] {
        let report = told(&changes, value);
        assert_eq!(removed(&report).as_deref(), Some("1"), "{changes:?}");
        assert_eq!(report.signatures.len(), 1);
        // Whoever signed last signed the file as it is.
        assert_eq!(report.intact, Answer::Yes, "{changes:?}");
    }
    assert_eq!(removed(&told(&[(1, both)], 31)), None);
    assert_eq!(removed(&report(&signed(&house()))), None);
    let inner = String::from_utf8_lossy(&signed(&house()).bytes).into_owned();
    let mut forge = Forge::form();
    let held = crate::marks::stream("/Type/EmbeddedFile", &inner);
    forge.update(&[(40, held), (41, "<</Some 40 0 R>>".to_owned())]);
    forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
    assert_eq!(removed(&report(&forge)), None);
}

#[test]
fn document_timestamps_prove_each_other_to_any_depth() {
    let house = house();
    let mut forge = signed(&house);
    for step in 0..4_u32 {
        let moment = signing_moment().plus_seconds(60 * (i64::from(step) + 1));
        let (field, value) = (20 + 2 * step, 21 + 2 * step);
        let known: Vec<String> = (0..=step)
            .map(|one| format!("{} 0 R", 20 + 2 * one))
            .collect();
        let catalog = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R {}]/SigFlags 3>>>>",
            known.join(" ")
        );
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(T{step})/Rect[0 0 0 0]/F 132/V {value} 0 R>>"
        );
        let mut plan = Plan::new(value, vec![(1, catalog), (field, widget)]);
        plan.sub_filter = "ETSI.RFC3161";
        forge.sign(&plan, |spans| house.token(&spans.concat(), moment));
    }
    let facts = facts(&forge.bytes);
    let anchors = sig::Anchors::from_pem_or_der(house.pem().as_bytes()).unwrap();
    let report = sig::judge(&facts, &sig::ValidationPolicy::default(), late(), &anchors);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    // The certificate of the signer ended two years before: the first timestamp proves it was good.
    let first = &report.signatures[0];
    assert_eq!(
        first.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
    assert_eq!(first.time.proven, Some(signing_moment().plus_seconds(60)));
    // A timestamp that stands proves the moment that it states; nothing needs to come after it.
    for (place, seconds) in [(1, 60), (4, 240)] {
        let proven = report.signatures[place].time.proven;
        assert_eq!(proven, Some(signing_moment().plus_seconds(seconds)));
    }
}
