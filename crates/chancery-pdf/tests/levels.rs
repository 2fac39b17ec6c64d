//! Existing fields, locks, timestamps and the evidence store: what is written, and what is refused
//! by name before anything is.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chancery_pdf::object::Object;
use chancery_pdf::sign::{Certification, FieldTarget, SubFilter};
use chancery_pdf::{
    Evidence, FieldLock, Limits, LockedFields, MarkPlace, Pdf, PdfError, Prepared, SignaturePlan,
    append_evidence, prepare_signature, prepare_timestamp, signature_coverage,
};
use support::{FORMS, Form, Made};

fn plan(field: &str, target: FieldTarget) -> SignaturePlan<'static> {
    SignaturePlan {
        field_name: field.to_owned(),
        target,
        contents_bytes: 64,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000Z".to_owned(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    }
}

fn lock(fields: LockedFields, permission: Option<i64>) -> FieldLock {
    FieldLock { fields, permission }
}

fn included(name: &str) -> LockedFields {
    LockedFields::Include(vec![name.to_owned()])
}

fn prepared(file: &[u8], plan: &SignaturePlan<'_>) -> Result<Prepared, PdfError> {
    prepare_signature(file, &Limits::default(), plan)
}

fn filled(file: &[u8], mut prepared: Prepared) -> Vec<u8> {
    prepared.embed(b"\x30\x03\x02\x01\x07").unwrap();
    [file, &prepared.tail].concat()
}

fn signed(file: &[u8], plan: &SignaturePlan<'_>) -> Vec<u8> {
    filled(file, prepared(file, plan).unwrap())
}

/// A form with the empty signature fields `First`, `Second` (with a lock) and `Third` (with seed
/// values), and a text field.
fn form() -> Made {
    let field = |name: &str, more: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/Rect[0 0 0 0]/F 132/P 10 0 R{more}>>"
        )
    };
    Made {
        catalog: "/AcroForm<</Fields[100 0 R 101 0 R 102 0 R 103 0 R]>>".to_owned(),
        extra: vec![
            (100, field("First", "")),
            (101, field("Second", "/Lock 104 0 R")),
            (102, field("Third", "/SV<</Type/SV/Ff 1>>")),
            (103, "<</FT/Tx/T(Text)>>".to_owned()),
            (
                104,
                "<</Type/SigFieldLock/Action/Include/Fields[(First)(Text)]/P 2>>".to_owned(),
            ),
        ],
        ..Made::default()
    }
}

#[test]
fn an_empty_field_is_signed_by_name_and_its_lock_is_taken_over() {
    for shape in FORMS {
        let original = form().write(shape);
        let once = signed(&original, &plan("Second", FieldTarget::Existing));
        assert!(once.starts_with(&original), "{shape:?}");
        let limits = Limits::default();
        let pdf = Pdf::open(&once, &limits).unwrap();
        let fields = pdf.signature_fields().unwrap();
        assert_eq!(fields.len(), 3, "{shape:?}");
        let signature = fields[1].signature.as_ref().unwrap();
        assert!(signature_coverage(&pdf, signature).unwrap().whole_file);
        let locks = chancery_pdf::lock::locks_of(&pdf, signature, &fields[1].field).unwrap();
        let names = vec!["First".to_owned(), "Text".to_owned()];
        let expected = lock(LockedFields::Include(names), Some(2));
        assert_eq!(locks, [expected.clone(), expected], "{shape:?}");
        let flags = pdf.form().unwrap().unwrap();
        assert_eq!(flags.get(b"SigFlags"), Some(&Object::Integer(3)));
        let refused = prepared(&once, &plan("First", FieldTarget::Existing));
        let (name, by) = ("First".to_owned(), "Second".to_owned());
        assert_eq!(refused, Err(PdfError::FieldLocked { name, by }));
        let refused = prepared(&once, &plan("Second", FieldTarget::Existing));
        let name = "Second".to_owned();
        assert_eq!(refused, Err(PdfError::FieldSigned { name }));
    }
}

#[test]
fn a_field_that_cannot_be_signed_is_named() {
    let original = form().write(Form::Table);
    let refused = |name: &str| {
        let refused = prepared(&original, &plan(name, FieldTarget::Existing));
        (refused.unwrap_err(), name.to_owned())
    };
    let (why, name) = refused("Fourth");
    assert_eq!(why, PdfError::FieldMissing { name });
    let (why, name) = refused("Text");
    assert_eq!(why, PdfError::FieldNotForSigning { name });
    let (why, name) = refused("Third");
    assert_eq!(why, PdfError::FieldDemands { name });
    let doubled = SignaturePlan {
        lock: Some(lock(LockedFields::All, None)),
        ..plan("Second", FieldTarget::Existing)
    };
    let why = prepared(&original, &doubled).unwrap_err();
    assert_eq!(why, PdfError::PlanInvalid { field: "lock" });
    let wild = SignaturePlan {
        lock: Some(lock(LockedFields::All, Some(4))),
        ..plan("New", FieldTarget::New)
    };
    let why = prepared(&original, &wild).unwrap_err();
    assert_eq!(why, PdfError::PlanInvalid { field: "lock" });
}

/// Goal: a lock binds whoever comes later, and only tightens. Method: locks of each kind and level
/// on a new field, then what each still lets in.
#[test]
fn locks_bind_later_signers_and_only_tighten() {
    let original = form().write(Form::Stream);
    let locking = |name: &str, fields: LockedFields, permission| SignaturePlan {
        lock: Some(lock(fields, permission)),
        ..plan(name, FieldTarget::New)
    };
    let closed = signed(&original, &locking("A", LockedFields::All, Some(1)));
    let by = "A".to_owned();
    let refused = prepared(&closed, &plan("B", FieldTarget::New));
    assert_eq!(refused, Err(PdfError::LockedAgainstChanges { by }));

    let tight = signed(&original, &locking("A", included("First"), Some(2)));
    let refused = prepared(&tight, &locking("B", LockedFields::All, Some(3)));
    let name = "B".to_owned();
    assert_eq!(refused, Err(PdfError::LockLoosens { name }));
    let (name, by) = ("First".to_owned(), "A".to_owned());
    let refused = prepared(&tight, &plan("First", FieldTarget::Existing));
    assert_eq!(refused, Err(PdfError::FieldLocked { name, by }));
    // The same level is let in, and where a field is not locked; a mark would be an annotation.
    let again = signed(&tight, &locking("B", LockedFields::All, Some(2)));
    let (name, by) = ("C".to_owned(), "B".to_owned());
    let refused = prepared(&again, &plan("C", FieldTarget::New));
    assert_eq!(refused, Err(PdfError::FieldLocked { name, by }));
    let third = prepared(&tight, &plan("C", FieldTarget::New)).unwrap();
    assert_eq!(third.mark, MarkPlace::Invisible);

    let all_but = LockedFields::Exclude(vec!["First".to_owned()]);
    let open = signed(&original, &locking("A", all_but, None));
    assert!(prepared(&open, &plan("First", FieldTarget::Existing)).is_ok());
    let (name, by) = ("Second".to_owned(), "A".to_owned());
    let refused = prepared(&open, &plan("Second", FieldTarget::Existing));
    assert_eq!(refused, Err(PdfError::FieldLocked { name, by }));
}

#[test]
fn seed_values_for_a_certification_ask_for_that_very_one() {
    let mut made = form();
    made.extra[0].1 = "<</FT/Sig/T(First)/SV<</MDP<</P 2>>>>>>".to_owned();
    let original = made.write(Form::Table);
    let plain = plan("First", FieldTarget::Existing);
    let name = "First".to_owned();
    let refused = prepared(&original, &plain);
    assert_eq!(refused, Err(PdfError::FieldDemands { name }));
    let certifying = SignaturePlan {
        certification: Some(Certification::FillAndSign),
        ..plain
    };
    assert!(prepared(&original, &certifying).is_ok());
}

#[test]
fn a_timestamp_covers_the_file_whatever_is_certified() {
    for shape in FORMS {
        let original = Made::default().write(shape);
        let certifying = SignaturePlan {
            certification: Some(Certification::NoChanges),
            ..plan("S", FieldTarget::New)
        };
        let certified = signed(&original, &certifying);
        let stamp = prepare_timestamp(&certified, &Limits::default(), 64).unwrap();
        let once = filled(&certified, stamp);
        let stamp = prepare_timestamp(&once, &Limits::default(), 64).unwrap();
        assert_eq!(stamp.field_name, "Timestamp 2");
        let twice = filled(&once, stamp);
        assert!(twice.starts_with(&once) && once.starts_with(&certified));
        let limits = Limits::default();
        let pdf = Pdf::open(&twice, &limits).unwrap();
        let fields = pdf.signature_fields().unwrap();
        let signature = fields[2].signature.as_ref().unwrap();
        assert_eq!(signature.sub_filter.as_deref(), Some("ETSI.RFC3161"));
        assert!(signature.dictionary.is_name(b"Type", b"DocTimeStamp"));
        let coverage = signature_coverage(&pdf, signature).unwrap();
        assert!(coverage.whole_file, "{shape:?}");
    }
    for bytes in [0, 1024 * 1024 + 1] {
        let original = Made::default().write(Form::Table);
        let refused = prepare_timestamp(&original, &Limits::default(), bytes);
        let field = "token_bytes";
        assert_eq!(refused, Err(PdfError::PlanInvalid { field }));
    }
}

/// The pieces of each list, decoded.
fn store(file: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let limits = Limits::default();
    let pdf = Pdf::open(file, &limits).unwrap();
    let catalog = pdf.catalog().unwrap();
    let store = pdf.value(&catalog, b"DSS").unwrap();
    let store = store.as_dictionary().unwrap();
    [b"Certs".as_slice(), b"CRLs", b"OCSPs"]
        .into_iter()
        .map(|key| {
            let list = pdf.value(store, key).unwrap();
            let ids = list.as_array().unwrap_or(&[]).iter();
            let ids = ids.filter_map(Object::as_reference);
            let decoded = ids.map(|id| match pdf.get(id).unwrap() {
                Object::Stream(stream) => pdf.stream_bytes(id, &stream).unwrap(),
                other => unreachable!("{other:?}"),
            });
            decoded.collect()
        })
        .collect()
}

#[test]
fn the_store_grows_by_what_it_lacks_wherever_its_lists_stand() {
    let catalogs = [
        "",
        "/DSS<</Certs[100 0 R]/VRI<<>>>>",
        "/DSS 101 0 R",
        "/DSS 102 0 R",
        "/DSS 100 0 R",
    ];
    for shape in FORMS {
        for catalog in catalogs {
            let made = Made {
                catalog: catalog.to_owned(),
                extra: vec![
                    (100, "<</Length 3>>\nstream\nold\nendstream".to_owned()),
                    (101, "<</Certs[100 0 R]>>".to_owned()),
                    (102, "<</Certs 103 0 R>>".to_owned()),
                    (103, "[100 0 R]".to_owned()),
                ],
                ..Made::default()
            };
            let original = made.write(shape);
            let piece = |text: &str| text.as_bytes().to_vec();
            let mut evidence = Evidence {
                certificates: vec![piece("old"), piece("new"), piece("new")],
                crls: vec![piece("list")],
                ocsps: vec![],
            };
            let limits = Limits::default();
            let tail = append_evidence(&original, &limits, &evidence).unwrap();
            let once = [original.clone(), tail.unwrap()].concat();
            let expected = vec![
                vec![piece("old"), piece("new")],
                vec![piece("list")],
                vec![],
            ];
            assert_eq!(store(&once), expected, "{shape:?} {catalog}");
            let nothing = append_evidence(&once, &limits, &evidence);
            assert_eq!(nothing, Ok(None), "{shape:?} {catalog}");
            evidence.ocsps.push(piece("answer"));
            let tail = append_evidence(&once, &limits, &evidence).unwrap();
            let twice = [once, tail.unwrap()].concat();
            assert_eq!(store(&twice)[2], [piece("answer")]);
        }
    }
}

#[test]
fn a_store_has_bounds() {
    let original = Made::default().write(Form::Stream);
    let numbered = |count: u32| (0..count).map(|one| one.to_be_bytes().to_vec()).collect();
    let many = Evidence {
        ocsps: numbered(513),
        ..Evidence::default()
    };
    let large = Evidence {
        certificates: vec![vec![0; 16 * 1024 + 1]],
        ..Evidence::default()
    };
    for (evidence, name) in [
        (many, "evidence_pieces_max"),
        (large, "evidence_piece_bytes_max"),
    ] {
        let refused = append_evidence(&original, &Limits::default(), &evidence);
        let limit = |error: PdfError| match error {
            PdfError::LimitExceeded { limit, .. } => limit,
            other => unreachable!("{other}"),
        };
        assert_eq!(refused.map_err(limit), Err(name));
    }
}
