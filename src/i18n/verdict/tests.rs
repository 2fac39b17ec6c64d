//! The words of verdicts: complete in both languages, and honest about what is proven.

use chancery_signature::facts::Change;
use chancery_signature::report::ChangeReport;
use chancery_types::Locale;

use super::*;

/// Goal: no reason is shown by its code. Method: every code, both languages.
#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    for locale in Locale::ALL {
        for code in Code::ALL {
            let key = format!("verify-reason-{}", hyphened(code.key()));
            let text = find(locale, &key, &[]);
            assert!(
                text.is_some_and(|text| text.len() > 10),
                "{locale:?}: {key}"
            );
        }
        for check in Check::ALL {
            let key = format!("verify-check-{}", check.key());
            assert!(find(locale, &key, &[]).is_some(), "{locale:?}: {key}");
        }
    }
}

/// Goal: whoever reads one sentence reads that a signature was taken out. Method: a file of which
/// nothing but that is known, in both languages.
#[test]
fn a_signature_that_was_taken_out_is_told_first() {
    let limits = chancery_signature::Limits::default();
    let mut facts = chancery_signature::gather(b"no file", None, &limits);
    let judged = |facts: &chancery_signature::Facts| {
        let policy = chancery_signature::ValidationPolicy::default();
        let at = "2026-11-27T12:00:00Z".parse().expect("a moment");
        chancery_signature::judge(facts, &policy, at, &chancery_signature::Anchors::default())
    };
    let before = judged(&facts);
    facts.pdf = Some(chancery_signature::facts::PdfFacts {
        removed_signatures: 1,
        ..chancery_signature::facts::PdfFacts::default()
    });
    let after = judged(&facts);
    for locale in Locale::ALL {
        let formats = Formats::new(locale, "UTC");
        let told = t(locale, "verify-lead-removed", &[]);
        assert!(!file_words(&before, &formats).lead.contains(&told));
        assert!(file_words(&after, &formats).lead.starts_with(&told));
    }
}

/// Goal: a reader of Russian meets no English words of the reader of files. Method: what the
/// sentences say of codes whose arguments are free text.
#[test]
fn details_in_english_stay_among_the_technical_ones() {
    let formats = Formats::new(Locale::Ru, "UTC");
    let words = Words {
        formats: &formats,
        reader: Reader::Page,
        stamps: Vec::new(),
        signers: Vec::new(),
        seen_at: Instant::from_micros(0),
    };
    let reason = Reason {
        code: Code::Unreadable,
        args: [("why", "truncated"), ("detail", "the file ends")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    };
    let text = words.reason(&reason);
    assert!(text.starts_with("Файл обрывается"), "{text}");
    assert!(code_text(Locale::En, &reason).contains("detail=the file ends"));
    assert!(!code_text(Locale::Ru, &reason).contains("the file ends"));
}

/// A signature that breaks off is told from a file that is none.
#[test]
fn a_damaged_signature_is_not_called_none() {
    for (locale, damaged) in [
        (Locale::Ru, "Похоже на подпись"),
        (Locale::En, "This looks like a signature"),
    ] {
        let formats = Formats::new(locale, "UTC");
        let told = |why: &str| {
            let reason = Reason {
                code: Code::Unreadable,
                args: [("why".to_owned(), why.to_owned())].into(),
            };
            super::reason_text(&reason, &formats)
        };
        assert!(told("cms_damaged").starts_with(damaged));
        assert!(!told("not_cms").starts_with(damaged));
    }
}

/// Goal: no sentence has a gap where a change is on no page. Method: such changes, their page given
/// as empty, in both languages.
#[test]
fn a_change_on_no_page_names_none() {
    for locale in Locale::ALL {
        let formats = Formats::new(locale, "UTC");
        let words = Words {
            formats: &formats,
            reader: Reader::Page,
            stamps: Vec::new(),
            signers: Vec::new(),
            seen_at: Instant::from_micros(0),
        };
        for code in [
            Code::AddedAfterSigning,
            Code::ContentChanged,
            Code::FieldFilled,
        ] {
            let args = [
                ("page", ""),
                ("field", "A"),
                ("revision", "3"),
                ("object", "7"),
            ];
            let reason = Reason {
                code,
                args: args
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
            };
            let text = words.reason(&reason);
            assert!(!text.contains("  ") && text.contains('3'), "{text}");
        }
    }
}

#[test]
fn a_claimed_time_is_read_as_pdf_writes_it() {
    let read = |text| claimed_time(text).map(|at| at.to_string());
    let expected = Some("2026-11-23T15:40:05Z".to_owned());
    assert_eq!(read("D:20261123184005+03'00'"), expected);
    assert_eq!(read("D:20261123154005Z"), expected);
    assert_eq!(read("2026-11-23T15:40:05Z"), expected);
    for bad in [
        "",
        "D:",
        "D:2026",
        "yesterday",
        "D:99999999999999Z",
        "D:2026112318400é+0",
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

#[test]
fn names_out_of_a_file_cannot_forge_the_page() {
    assert_eq!(shown("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
    assert_eq!(shown(&"ы".repeat(200)).chars().count(), 121);
    assert_eq!(common_name("O=Вектор, CN=Иван Иванов, C=RU"), "Иван Иванов");
    assert_eq!(common_name("O=XCN=1"), "O=XCN=1");
}

/// Goal: of one signature one is spoken of. Method: both numbers in both languages.
#[test]
fn one_signature_is_not_called_many() {
    let said = |locale, count: usize| {
        let said = find(locale, "verify-lead-intact", &[("count", count.into())]);
        said.expect("a sentence")
    };
    assert!(said(Locale::En, 1).starts_with("The signature was made"));
    assert!(said(Locale::En, 2).starts_with("The signatures were made"));
    assert!(said(Locale::Ru, 1).starts_with("Подпись сделана"));
    for count in [2, 5, 21] {
        assert!(said(Locale::Ru, count).starts_with("Подписи сделаны"));
    }
}

/// Goal: the first sentence says nothing of what is not signed. Method: an XML document whose root
/// anybody may have renamed, and one that is signed whole, both by somebody unknown and by somebody
/// trusted.
#[test]
fn of_a_document_signed_in_part_only_that_part_is_praised() {
    const WHOLE: &str =
        include_str!("../../../crates/chancery-xades/tests/fixtures/rsa-sha384.xml");
    const PART: &str =
        include_str!("../../../crates/chancery-xades/tests/fixtures/part-exclusive.xml");
    for (document, trusted, expected) in [
        (WHOLE, false, "verify-lead-intact"),
        (PART, false, "verify-lead-elements"),
        (WHOLE, true, "verify-lead-unchanged"),
        (PART, true, "verify-lead-elements"),
    ] {
        let limits = chancery_xades::Limits::default();
        // A comment is not covered, so it may go.
        let document = document.replace("<!-- a comment -->", "");
        let facts = chancery_xades::gather_xml(document.as_bytes(), &limits);
        let own = &facts.signatures[0].certificates[0].0;
        let anchors = match trusted {
            true => chancery_signature::Anchors::from_pem_or_der(own).expect("an anchor"),
            false => chancery_signature::Anchors::none(),
        };
        let at = "2026-07-01T00:00:00Z".parse().expect("a moment");
        let policy = chancery_signature::ValidationPolicy::default();
        let report = chancery_signature::judge(&facts, &policy, at, &anchors);
        assert_eq!(report.intact, Answer::Yes);
        for locale in Locale::ALL {
            let words = file_words(&report, &Formats::new(locale, "UTC"));
            let lead = find(locale, expected, &[("count", 1.into())]).expect("a sentence");
            assert!(words.lead.ends_with(&lead), "{expected}: {}", words.lead);
        }
    }
}

/// Goal: a reason is told once, a value that was signed and is another now is not called filled in,
/// and a level that rests on revocation is not praised where nothing of that could be checked.
/// Method: the report on a real signature with what our validator says of others.
#[test]
fn what_is_said_of_a_signature_is_said_once_and_is_true() {
    const WHOLE: &str =
        include_str!("../../../crates/chancery-xades/tests/fixtures/rsa-sha384.xml");
    let facts = chancery_xades::gather_xml(WHOLE.as_bytes(), &chancery_xades::Limits::default());
    let at = "2026-07-01T00:00:00Z".parse().expect("a moment");
    let policy = chancery_signature::ValidationPolicy::default();
    let none = chancery_signature::Anchors::none();
    let mut report = chancery_signature::judge(&facts, &policy, at, &none);
    let one = &mut report.signatures[0];
    let missing = Reason::from(Code::ContentMissing);
    one.reasons = vec![missing.clone(), missing];
    let filled = |field: &str| Reason {
        code: Code::FieldFilled,
        args: [("page", ""), ("field", field), ("revision", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    };
    one.warnings = vec![filled("Sum"), filled("Place")];
    let change = |field: &str, replaces| ChangeReport {
        revision: 2,
        change: Change::FieldFilled {
            field: field.to_owned(),
            replaces,
            page: None,
            beneath: Default::default(),
        },
    };
    one.changes = vec![change("Sum", true), change("Place", false)];
    one.level = serde_json::from_str("\"B-LT\"").ok();
    let words = file_words(&report, &Formats::new(Locale::En, "UTC"));
    let one = &words.signatures[0];
    assert_eq!(one.reasons.len(), 1, "{:?}", one.reasons);
    assert!(
        one.warnings[0].contains("was replaced"),
        "{:?}",
        one.warnings
    );
    assert!(
        one.warnings[1].contains("was filled in"),
        "{:?}",
        one.warnings
    );
    assert!(
        one.level.starts_with("XAdES B-LT by its parts"),
        "{}",
        one.level
    );
}

/// Goal: nobody is told the name that we gave to a field inside of a file: a place goes by whoever
/// signed there, and an empty one by its number. A name of another program stays.
#[test]
fn a_field_goes_by_its_signer_or_its_place() {
    for (locale, empty) in [(Locale::En, "place 3"), (Locale::Ru, "место 3")] {
        let formats = Formats::new(locale, "UTC");
        let words = Words {
            formats: &formats,
            reader: Reader::Page,
            stamps: Vec::new(),
            signers: vec![("Signature1 2", "Irene Orr")],
            seen_at: Instant::from_micros(0),
        };
        assert_eq!(words.signer_in("Signature1 2"), "Irene Orr");
        assert_eq!(words.signer_in("Signature1 3"), empty);
        for other in ["Signature1", "Signature1 x", "Approval 2"] {
            assert_eq!(words.signer_in(other), other);
        }
    }
}

/// Goal: what changed after signing is not called an addition that changes nothing, a timestamp has
/// the gender of its Russian word, and sizes have their plural. Method: a report on a real
/// signature, made into one of each.
#[test]
fn words_agree_with_what_they_are_of() {
    const WHOLE: &str =
        include_str!("../../../crates/chancery-xades/tests/fixtures/rsa-sha384.xml");
    let facts = chancery_xades::gather_xml(WHOLE.as_bytes(), &chancery_xades::Limits::default());
    let at = "2026-07-01T00:00:00Z".parse().expect("a moment");
    let policy = chancery_signature::ValidationPolicy::default();
    let own = &facts.signatures[0].certificates[0].0;
    let anchors = chancery_signature::Anchors::from_pem_or_der(own).expect("an anchor");
    let mut report = chancery_signature::judge(&facts, &policy, at, &anchors);
    report.format = chancery_signature::facts::FileFormat::Pdf;
    let one = &mut report.signatures[0];
    one.form = SignatureForm::DocumentTimestamp;
    one.warnings.push(Code::MetadataChanged.into());
    if let Some(covers) = &mut one.covers {
        covers.whole_file = false;
    }
    for (bits, words) in [(3072, "3072 бита"), (2048, "2048 бит"), (4321, "4321 бит")] {
        let key = report.signatures[0].algorithm.as_mut();
        key.and_then(|algorithm| algorithm.key.as_mut())
            .expect("an RSA key")
            .bits = bits;
        let said = file_words(&report, &Formats::new(Locale::Ru, "UTC"));
        let one = &said.signatures[0];
        assert!(one.key.contains(words), "{}", one.key);
        assert_eq!(
            said.lead,
            t(Locale::Ru, "verify-lead-retitled", &[]),
            "{bits}"
        );
        assert!(one.word.starts_with("Действителен"), "{}", one.word);
    }
    for why in [
        "certificate_expired",
        "certificate_revoked",
        "chain_weak",
        "key_usage_wrong",
    ] {
        let reason = Reason {
            code: Code::TimestampUntrusted,
            args: [("why".to_owned(), why.to_owned())].into(),
        };
        for locale in Locale::ALL {
            let said = reason_text(&reason, &Formats::new(locale, "UTC"));
            let unknown = ["мы не знаем", "do not know"];
            assert!(!unknown.iter().any(|one| said.contains(one)), "{said}");
        }
    }
    let one = &mut report.signatures[0];
    one.indication = chancery_signature::Indication::Indeterminate;
    one.reasons = vec![Code::CertificateExpired.into()];
    let said = file_words(&report, &Formats::new(Locale::Ru, "UTC"));
    let advice = &said.signatures[0].advice;
    assert_eq!(*advice, t(Locale::Ru, "verify-advice-stamp-expired", &[]));
}

/// Goal: whoever reads a verdict that is not a good one learns what to do. Method: every reason
/// that keeps a signature from passing, in both languages.
#[test]
fn every_reason_that_keeps_from_passing_comes_with_advice() {
    for code in Code::ALL.iter().filter(|code| !code.only_warns()) {
        for locale in Locale::ALL {
            let own = format!("verify-advice-{}", hyphened(code.key()));
            let usual = format!("verify-advice-{}", advice::usual(*code));
            let told = find(locale, &own, &[]).or_else(|| find(locale, &usual, &[]));
            assert!(told.is_some_and(|text| !text.is_empty()), "{code:?}");
        }
    }
}

/// Goal: what is only to be known frightens nobody. Method: a remark on a file whose signature
/// passed.
#[test]
fn a_remark_on_a_good_file_comes_with_no_advice() {
    let formats = Formats::new(Locale::En, "UTC");
    let words = |code: Code| {
        let reason = Reason::from(code);
        Words {
            formats: &formats,
            reader: Reader::Page,
            stamps: Vec::new(),
            signers: Vec::new(),
            seen_at: Instant::from_micros(0),
        }
        .advice(None, Some(&reason))
    };
    assert_eq!(words(Code::ExcessBytes), "");
    assert!(words(Code::InnerContentDiffers).contains("Do not rely"));
}
