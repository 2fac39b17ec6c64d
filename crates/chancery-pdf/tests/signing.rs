//! A prepared and filled signature: the original is its prefix, and our own reader agrees.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chancery_pdf::object::Object;
use chancery_pdf::sign::{Certification, FieldTarget, SubFilter};
use chancery_pdf::{
    EmbedError, Limits, Pdf, PdfError, SignaturePlan, prepare_signature, signature_coverage,
};
use support::{FORMS, Form, Made, revise};

fn plan(field: &str) -> SignaturePlan<'static> {
    SignaturePlan {
        field_name: field.to_owned(),
        target: FieldTarget::New,
        contents_bytes: 64,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000+03'00'".to_owned(),
        name: Some("Ёлкина Ольга № 1".to_owned()),
        reason: Some("Договор (поставка)".to_owned()),
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    }
}

fn signed(original: &[u8], plan: &SignaturePlan<'_>) -> Vec<u8> {
    let mut prepared = prepare_signature(original, &Limits::default(), plan).unwrap();
    let spans = prepared.signed_spans(original);
    let total: usize = spans.iter().map(|span| span.len()).sum();
    assert_eq!(
        total as u64,
        prepared.byte_range.end() - (prepared.contents_gap.end - prepared.contents_gap.start)
    );
    prepared.embed(b"\x30\x03\x02\x01\x07").unwrap();
    [original, &prepared.tail].concat()
}

#[test]
fn two_signatures_of_every_form_of_file_cover_their_revisions() {
    for form in FORMS {
        for extra in ["", "/AcroForm<</Fields[]/DR<<>>>>", "/AcroForm 100 0 R"] {
            let made = Made {
                catalog: extra.to_owned(),
                extra: vec![(100, "<</Fields 101 0 R>>".into()), (101, "[]".into())],
                ..Made::default()
            };
            let original = made.write(form);
            let once = signed(&original, &plan("Signature"));
            let twice = signed(&once, &plan("Signature"));
            assert!(
                once.starts_with(&original) && twice.starts_with(&once),
                "{form:?}"
            );
            let limits = Limits::default();
            let pdf = Pdf::open(&twice, &limits).unwrap();
            assert_eq!(pdf.revisions().len(), 3, "{form:?}");
            assert!(pdf.trailing().is_empty(), "{form:?}");
            let fields = pdf.signature_fields().unwrap();
            let names: Vec<_> = fields
                .iter()
                .map(|field| field.field.name.as_str())
                .collect();
            assert_eq!(names, ["Signature", "Signature 2"], "{form:?} {extra}");
            for (index, field) in fields.iter().enumerate() {
                let signature = field.signature.as_ref().unwrap();
                let coverage = signature_coverage(&pdf, signature).unwrap();
                assert_eq!(coverage.revision, index + 1, "{form:?}");
                assert_eq!(coverage.whole_file, index == 1, "{form:?}");
                assert_eq!(signature.name.as_deref(), Some("Ёлкина Ольга № 1"));
                assert_eq!(signature.reason.as_deref(), Some("Договор (поставка)"));
                let contents = &signature.contents.as_ref().unwrap().bytes;
                assert!(contents.starts_with(b"\x30\x03\x02\x01\x07") && contents.len() == 64);
            }
            let kinds: Vec<_> = pdf
                .revisions()
                .iter()
                .map(|revision| revision.kind)
                .collect();
            assert_eq!(kinds[1], kinds[2]);
            assert_eq!(
                kinds[1] == chancery_pdf::xref::XrefKind::Stream,
                form != Form::Table && form != Form::Hybrid
            );
        }
    }
}

#[test]
fn a_signature_too_large_for_its_hole_says_how_much_it_needs() {
    let original = Made::default().write(Form::Table);
    let mut prepared = prepare_signature(&original, &Limits::default(), &plan("S")).unwrap();
    let before = prepared.tail.clone();
    let refused = prepared.embed(&[1; 65]);
    assert_eq!(
        refused,
        Err(EmbedError::TooLarge {
            needed: 65,
            reserved: 64
        })
    );
    assert_eq!(prepared.tail, before);
}

#[test]
fn certification_is_for_the_first_signature_and_its_first_level_ends_signing() {
    let original = Made::default().write(Form::Stream);
    let certifying = |certification| SignaturePlan {
        certification,
        ..plan("S")
    };
    let closed = signed(&original, &certifying(Some(Certification::NoChanges)));
    let refused = prepare_signature(&closed, &Limits::default(), &plan("T"));
    assert_eq!(refused, Err(PdfError::CertifiedAgainstChanges));
    let open = signed(&original, &certifying(Some(Certification::FillAndSign)));
    let again = certifying(Some(Certification::FillAndSign));
    let late = prepare_signature(&open, &Limits::default(), &again);
    assert_eq!(late, Err(PdfError::CertificationTooLate));
    let both = signed(&open, &plan("T"));
    assert_eq!(
        Pdf::open(&both, &Limits::default())
            .unwrap()
            .certification(),
        Ok(Some(2))
    );
}

#[test]
fn a_plan_that_cannot_be_written_is_refused_by_field() {
    let original = Made::default().write(Form::Table);
    for (field, broken) in [
        (
            "field_name",
            SignaturePlan {
                field_name: "a.b".into(),
                ..plan("S")
            },
        ),
        (
            "field_name",
            SignaturePlan {
                field_name: String::new(),
                ..plan("S")
            },
        ),
        (
            "contents_bytes",
            SignaturePlan {
                contents_bytes: 0,
                ..plan("S")
            },
        ),
        (
            "signing_time",
            SignaturePlan {
                signing_time: "2026-07-31".into(),
                ..plan("S")
            },
        ),
        (
            "signing_time",
            SignaturePlan {
                signing_time: "D:20260731120000".into(),
                ..plan("S")
            },
        ),
    ] {
        let refused = prepare_signature(&original, &Limits::default(), &broken);
        assert_eq!(refused, Err(PdfError::PlanInvalid { field }));
    }
}

#[test]
fn a_file_without_a_final_end_of_line_is_signed_after_one_more() {
    let mut original = Made::default().write(Form::Table);
    while original.last() == Some(&b'\n') {
        original.pop();
    }
    let once = signed(&original, &plan("S"));
    let pdf = Pdf::open(&once, &Limits::default()).unwrap();
    assert_eq!(pdf.revisions()[0].marker_end, Some(original.len()));
    assert_eq!(pdf.revisions()[0].end, Some(original.len() + 1));
}

#[test]
fn a_revision_of_another_hand_between_two_signatures_is_its_own() {
    let original = Made::default().write(Form::Table);
    let once = signed(&original, &plan("S"));
    let edited = revise(&once, &[(200, "<</Edited true>>")], "");
    let twice = signed(&edited, &plan("T"));
    let pdf = Pdf::open(&twice, &Limits::default()).unwrap();
    let fields = pdf.signature_fields().unwrap();
    let covered = |index: usize| {
        signature_coverage(&pdf, fields[index].signature.as_ref().unwrap())
            .unwrap()
            .revision
    };
    assert_eq!((pdf.revisions().len(), covered(0), covered(1)), (4, 1, 3));
}

#[test]
fn a_signature_that_no_field_leads_to_is_found() {
    let once = signed(&Made::default().write(Form::Table), &plan("S"));
    let pdf = Pdf::open(&once, &Limits::default()).unwrap();
    assert_eq!(pdf.loose_signatures(), Ok(vec![]));
    let bare = revise(&once, &[(1, "<</Type/Catalog/Pages 2 0 R>>")], "");
    let pdf = Pdf::open(&bare, &Limits::default()).unwrap();
    assert_eq!(pdf.signature_fields().unwrap().len(), 0);
    assert_eq!(pdf.loose_signatures().unwrap().len(), 1);
}

/// The ways to move a signature's bytes about, each with the name of what is wrong.
#[test]
fn a_signature_whose_bytes_were_moved_is_refused_by_name() {
    use chancery_pdf::CoverageFailure as Failure;
    let original = Made::default().write(Form::Table);
    let once = signed(&original, &plan("S"));
    let failure = |bytes: &[u8]| {
        let pdf = Pdf::open(bytes, &Limits::default()).unwrap();
        let fields = pdf.signature_fields().unwrap();
        signature_coverage(&pdf, fields[0].signature.as_ref().unwrap()).err()
    };
    let place = |what: &[u8]| {
        once.windows(what.len())
            .position(|window| window == what)
            .unwrap()
    };
    let patched = |at: usize, with: &[u8]| {
        let mut bytes = once.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    assert_eq!(failure(&once), None);
    let range = place(b"/ByteRange[") + 11;
    let contents = place(b"/Contents<") + 9;
    assert_eq!(failure(&patched(range, b"1")), Some(Failure::NotFromStart));
    assert_eq!(
        failure(&patched(range, b"-")),
        Some(Failure::MalformedByteRange)
    );
    assert_eq!(
        failure(&patched(range - 11, b"/ByteRangX")),
        Some(Failure::NoByteRange)
    );
    assert_eq!(
        failure(&patched(contents + 1, b" ")),
        Some(Failure::ContentsNotHexadecimal)
    );
    assert_eq!(
        failure(&patched(contents + 1, &[b'0'; 128])),
        Some(Failure::EmptyContents)
    );
    assert_eq!(
        failure(&patched(place(b"/SubFilter"), b"/ByteRange")),
        Some(Failure::DuplicateKeys)
    );
    let numbers = format!("0 {} {} ", contents, contents + 130);
    let shorter = format!("0 {} {} ", contents - 1, contents + 130);
    assert!(once[range..].starts_with(numbers.as_bytes()));
    assert_eq!(
        failure(&patched(range, shorter.as_bytes())),
        Some(Failure::GapIsNotContents)
    );
    let length = once.len() - contents - 130;
    let early = format!("0 {} {} {} ", contents, contents + 130, length - 20);
    assert_eq!(
        failure(&patched(range, early.as_bytes())),
        Some(Failure::NotARevisionEnd)
    );
    let late = format!("0 {} {} {} ", contents, contents + 130, length + 1);
    let past = Failure::ByteRange(chancery_pdf::ByteRangeError::PastEnd);
    assert_eq!(failure(&patched(range, late.as_bytes())), Some(past));
}

/// Goal: what is compared between revisions has object numbers from the first signature on, and
/// later signatures lift nothing more. Method: annotations and fields written in place.
#[test]
fn direct_annotations_and_fields_become_objects_before_the_first_signature_only() {
    let page = "<</Type/Page/Parent 2 0 R/Contents 11 0 R/Resources<<>>\
        /Annots[<</Type/Annot/Subtype/Text/Rect[1 2 3 4]/Contents(note)>> null 101 0 R]>>";
    let form = "/AcroForm<</Fields[<</FT/Tx/T(direct)>> 102 0 R]>>";
    let made = Made {
        catalog: form.to_owned(),
        extra: vec![
            (101, "<</Type/Annot/Subtype/Text/Rect[5 6 7 8]>>".into()),
            (102, "<</FT/Tx/T(apart)>>".into()),
        ],
        ..Made::default()
    };
    let original = revise(&made.write(Form::Table), &[(10, page)], "");
    let once = signed(&original, &plan("S"));
    let twice = signed(&once, &plan("T"));
    let limits = Limits::default();
    for (file, widgets) in [(&once, 1), (&twice, 2)] {
        let pdf = Pdf::open(file, &limits).unwrap();
        let page = pdf.get(pdf.pages().unwrap()[0].id).unwrap();
        let annotations = pdf.value(page.as_dictionary().unwrap(), b"Annots").unwrap();
        let annotations = annotations.as_array().unwrap().to_vec();
        assert!(
            annotations
                .iter()
                .all(|each| matches!(each, Object::Reference(_)))
        );
        assert_eq!(annotations.len(), 2 + widgets);
        let note = pdf.resolve(&annotations[0]).unwrap();
        let text = note.as_dictionary().unwrap().get(b"Contents").cloned();
        assert!(matches!(text, Some(Object::String(text)) if text.bytes == b"note"));
        let names: Vec<_> = pdf
            .fields()
            .unwrap()
            .into_iter()
            .map(|field| field.name)
            .collect();
        assert!(names.contains(&"direct".to_owned()) && names.contains(&"apart".to_owned()));
    }
    let untouched = signed(&signed(&made.write(Form::Table), &plan("S")), &plan("T"));
    let lifted = String::from_utf8_lossy(&untouched)
        .matches("(direct)")
        .count();
    assert_eq!(lifted, 2, "once in the file, once lifted, never again");
}
