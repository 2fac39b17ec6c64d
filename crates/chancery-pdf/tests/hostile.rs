//! Files that want to hurt: each is answered, quickly and in bounded memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::Write as _;

use chancery_pdf::intake::{ActiveContentRule, examine};
use chancery_pdf::sign::{FieldTarget, SubFilter};
use chancery_pdf::{
    IntakePolicy, IntakeRefusal, Limits, Pdf, PdfError, SignaturePlan, prepare_signature,
    signature_coverage,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use support::{FORMS, Form, Made, pdfs, revise};

/// Asks everything there is to ask; the answers do not matter, coming back does.
fn ask_everything(bytes: &[u8]) {
    let limits = Limits {
        parsed_bytes_max: 64 * 1024 * 1024,
        decoded_bytes_max: 16 * 1024 * 1024,
        ..Limits::default()
    };
    let _ = examine(bytes, &limits, &IntakePolicy::default());
    let Ok(pdf) = Pdf::survey(bytes, &limits) else {
        return;
    };
    let _ = (
        pdf.version(),
        pdf.revisions(),
        pdf.trailing(),
        pdf.is_linearized(),
    );
    let _ = (
        pdf.pages(),
        pdf.fields(),
        pdf.active_content(),
        pdf.certification(),
    );
    for field in pdf.signature_fields().unwrap_or_default() {
        if let Some(signature) = &field.signature {
            let _ = signature_coverage(&pdf, signature);
        }
    }
}

fn refusal(bytes: &[u8]) -> &'static str {
    let answer = examine(bytes, &Limits::default(), &IntakePolicy::default());
    answer.err().map_or("accepted", |refusal| refusal.code())
}

fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A file whose object 5 is in an object stream that inflates to `decoded` bytes of `fill`.
fn with_object_stream(head: &str, fill: &[u8], decoded: usize) -> Vec<u8> {
    let mut plain = head.as_bytes().to_vec();
    plain.extend(fill.iter().cycle().take(decoded));
    let packed = deflated(&plain);
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = vec![];
    for (number, text) in [
        (1, "<</Type/Catalog/Pages 2 0 R>>"),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, "<</Type/Page/Parent 2 0 R/X 5 0 R>>"),
    ] {
        places.push((number, out.len()));
        out.extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
    }
    places.push((4, out.len()));
    out.extend(
        format!(
            "4 0 obj\n<</Type/ObjStm/N 1/First {}/Filter/FlateDecode/Length {}>>\nstream\n",
            head.len(),
            packed.len()
        )
        .into_bytes(),
    );
    out.extend(&packed);
    out.extend(b"\nendstream\nendobj\n");
    let section = out.len();
    let mut rows = vec![0_u8; 6];
    for (_, offset) in &places {
        rows.push(1);
        rows.extend((*offset as u32).to_be_bytes());
        rows.push(0);
    }
    rows.extend([2, 0, 0, 0, 4, 0]);
    rows.push(1);
    rows.extend((section as u32).to_be_bytes());
    rows.push(0);
    out.extend(
        format!(
            "6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length {}>>\nstream\n",
            rows.len()
        )
        .into_bytes(),
    );
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{section}\n%%EOF\n").into_bytes());
    out
}

#[test]
fn what_must_be_refused_is_refused_by_its_own_code() {
    let good = Made::default().write(Form::Table);
    assert_eq!(refusal(&good), "accepted");
    assert_eq!(refusal(b""), "empty");
    assert_eq!(
        refusal(b"<!DOCTYPE html><title>contract.pdf</title>"),
        "not_a_pdf"
    );
    assert_eq!(refusal(&good[..good.len() - 200]), "truncated");
    let small = Limits {
        bytes_max: 100,
        ..Limits::default()
    };
    let answer = examine(&good, &small, &IntakePolicy::default());
    assert_eq!(
        answer.unwrap_err(),
        IntakeRefusal::TooLarge { bytes_max: 100 }
    );
    let made = |made: Made| refusal(&made.write(Form::Table));
    assert_eq!(
        made(Made {
            trailer: "/Encrypt 7 0 R".into(),
            ..Made::default()
        }),
        "encrypted"
    );
    assert_eq!(
        made(Made {
            pages: 0,
            ..Made::default()
        }),
        "no_pages"
    );
    assert_eq!(
        made(Made {
            pages: 2_001,
            ..Made::default()
        }),
        "too_many_pages"
    );
    let moved = [b"%PDF-1.7\n%more\n".as_slice(), &good[9..]].concat();
    assert_eq!(refusal(&moved), "table_dishonest");
    let lying = String::from_utf8_lossy(&good).replace("10 1\n0000000", "10 1\n0000001");
    assert_eq!(refusal(&good.clone()), "accepted");
    assert_ne!(refusal(lying.as_bytes()), "accepted");
}

#[test]
fn a_page_tree_that_bites_its_tail_is_named() {
    let original = Made::default().write(Form::Table);
    let kids = revise(
        &original,
        &[(10, "<</Type/Pages/Kids[2 0 R]/Count 1>>")],
        "",
    );
    assert_eq!(refusal(&kids), "page_tree_loop");
    let own = revise(&original, &[(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>")], "");
    assert_eq!(refusal(&own), "page_tree_loop");
}

#[test]
fn a_page_tree_that_doubles_at_each_level_ends_at_a_limit() {
    let nodes: Vec<(u32, String)> = (100..160)
        .map(|number| {
            let next = number + 1;
            (
                number,
                format!("<</Type/Pages/Kids[{next} 0 R {next} 0 R]/Count 2>>"),
            )
        })
        .collect();
    let borrowed: Vec<(u32, &str)> = nodes.iter().map(|(n, text)| (*n, text.as_str())).collect();
    let mut objects = vec![
        (2, "<</Type/Pages/Kids[100 0 R]/Count 1>>"),
        (160, "<</Type/Page>>"),
    ];
    objects.extend(borrowed);
    let bytes = revise(&Made::default().write(Form::Table), &objects, "");
    assert_eq!(refusal(&bytes), "page_tree_loop");
}

#[test]
fn each_kind_of_active_content_is_refused_or_reported() {
    for (text, form) in [
        ("<</S/JavaScript/JS(app.alert(1))>>", Form::Table),
        ("<</Type/Action/S/Launch/F(cmd.exe)>>", Form::ObjectStream),
        ("<</S/SubmitForm/F(http://example.org)>>", Form::Stream),
        ("<</S/ImportData/F(x)>>", Form::Hybrid),
        ("<</Type/Annot/Subtype/RichMedia>>", Form::Table),
        ("<</S/Rendition/OP 0/JS(x)>>", Form::Table),
        ("[[<</Next[<</S/JavaScript>>]>>]]", Form::ObjectStream),
        ("<</S/JavaScript/S/GoTo>>", Form::Table),
        ("<</S#20/x/#53/Java#53cript>>", Form::Table),
    ] {
        let made = Made {
            extra: vec![(100, text.into())],
            ..Made::default()
        };
        let bytes = made.write(form);
        assert_eq!(refusal(&bytes), "active_content", "{text}");
        let policy = IntakePolicy {
            active_content: ActiveContentRule::Report,
            ..IntakePolicy::default()
        };
        let intake = examine(&bytes, &Limits::default(), &policy).unwrap();
        assert_eq!(intake.active.found[0].object.number, 100, "{text}");
    }
    let xfa = Made {
        catalog: "/AcroForm<</XFA 100 0 R>>".into(),
        ..Made::default()
    };
    assert_eq!(refusal(&xfa.write(Form::Stream)), "active_content");
    let harmless = Made {
        catalog: "/OpenAction[10 0 R/Fit]".into(),
        extra: vec![
            (100, "<</S/URI/URI(https://example.org)>>".into()),
            (101, "<</Type/Filespec/EF<</F 102 0 R>>>>".into()),
        ],
        ..Made::default()
    };
    let intake = examine(
        &harmless.write(Form::Table),
        &Limits::default(),
        &IntakePolicy::default(),
    );
    assert_eq!(intake.unwrap().active.embedded_files.len(), 1);
}

#[test]
fn a_chain_of_revisions_that_loops_is_named() {
    let text = String::from_utf8(
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Size 1/Prev 9>>\n\
        startxref\n9\n%%EOF\n"
            .to_vec(),
    )
    .unwrap();
    let error = Pdf::open(text.as_bytes(), &Limits::default()).err();
    assert_eq!(error, Some(PdfError::RevisionLoop { offset: 9 }));
}

#[test]
fn a_table_of_four_thousand_million_entries_is_refused_before_it_is_read() {
    for count in ["4294967295", "99999999999999999999", "18446744073709551615"] {
        let text =
            format!("%PDF-1.7\nxref\n0 {count}\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF\n");
        assert_eq!(refusal(text.as_bytes()), "table_dishonest", "{count}");
    }
}

#[test]
fn an_object_stream_of_zeros_without_end_stops_at_the_limit() {
    let bytes = with_object_stream("5 0 ", b"[0 0 0 0", 60_000_000);
    assert!(bytes.len() < 100_000);
    assert_eq!(refusal(&bytes), "limit_exceeded");
    let below = with_object_stream("5 0 ", b"[0 0 0 0", 30_000_000);
    assert_eq!(refusal(&below), "limit_exceeded");
}

#[test]
fn nesting_two_hundred_thousand_deep_stops_at_the_limit() {
    for opening in ["[", "<</A"] {
        let text = opening.repeat(200_000);
        let made = Made {
            extra: vec![(100, text)],
            ..Made::default()
        };
        assert_eq!(refusal(&made.write(Form::Table)), "limit_exceeded");
    }
    let strings = Made {
        extra: vec![(100, "(".repeat(200_000))],
        ..Made::default()
    };
    assert_eq!(refusal(&strings.write(Form::Table)), "damaged");
}

#[test]
fn an_object_stream_whose_length_is_inside_itself_is_refused() {
    let original = Made::default().write(Form::ObjectStream);
    let text = String::from_utf8_lossy(&original).into_owned();
    let length = text.find("/Length ").unwrap();
    let mut bytes = original.clone();
    let end = text[length + 8..].find(">>").unwrap() + length + 8;
    // The same width, so that every offset stays true.
    let width = end - length - 8;
    bytes.splice(
        length + 8..end,
        format!("{:<width$}", "1 0 R"[..width.min(5)].to_owned()).bytes(),
    );
    assert_ne!(refusal(&bytes), "accepted");
}

#[test]
fn an_untrue_entry_is_listed_by_a_survey_and_refused_when_asked_for() {
    let original = Made::default().write(Form::Table);
    let at = original
        .windows(5)
        .position(|window| window == b"11 1\n")
        .unwrap()
        + 5;
    let mut bytes = original.clone();
    bytes[at..at + 10].copy_from_slice(b"0000000000");
    assert!(matches!(
        Pdf::open(&bytes, &Limits::default()).err(),
        Some(PdfError::TableDishonest {
            number: 11,
            offset: 0
        })
    ));
    let pdf = Pdf::survey(&bytes, &Limits::default()).unwrap();
    assert_eq!(pdf.dishonest_entries().len(), 1);
    assert!(matches!(
        pdf.by_number(11),
        Err(PdfError::TableDishonest { .. })
    ));
    assert_eq!(pdf.pages().unwrap().len(), 1);
}

/// One inherited value of a megabyte with ten thousand heirs: kept once, or refused.
#[test]
fn a_value_with_ten_thousand_heirs_costs_no_more_than_the_limit() {
    let kids: String = (1_000..11_000)
        .map(|number| format!("{number} 0 R "))
        .collect();
    let big = format!(
        "<</FT/Sig/T(a)/Kids[{kids}]/V<</Contents<{}>>>>>",
        "00".repeat(1_000_000)
    );
    let long = format!("<</FT/Tx/T({})/Kids[{kids}]>>", "n".repeat(1_000_000));
    let stem = format!("<</FT/Tx/T({})/Kids[{kids}]>>", "n".repeat(3_000));
    let wide = format!("<</FT/Sig/T(a)/V[{}]>>", "0 ".repeat(900_000));
    let many = format!("<</FT/Sig/T(a)/V<</X[{}]>>>>", "0 ".repeat(900_000));
    for (root, expected) in [
        (big, "signatures_bytes_max"),
        (long, "field_name_bytes_max"),
        (stem, "field_names_bytes_max"),
        (many, "signature_values_max"),
        (wide, ""),
    ] {
        let mut extra = vec![(100, "<</Fields[101 0 R]>>".to_owned()), (101, root)];
        extra.extend((1_000..11_000).map(|number| (number, format!("<</T({number})>>"))));
        let made = Made {
            catalog: "/AcroForm 100 0 R".into(),
            extra,
            ..Made::default()
        };
        let bytes = made.write(Form::Table);
        let answer = examine(&bytes, &Limits::default(), &IntakePolicy::default());
        match answer.unwrap_err() {
            IntakeRefusal::LimitExceeded { limit, .. } => assert_eq!(limit, expected),
            IntakeRefusal::Damaged { what, .. } => {
                assert_eq!((what, expected), ("a signature", ""))
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Changes at random places, of the kinds that break parsers.
fn mutated(bytes: &[u8], changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    const WORDS: [&[u8]; 12] = [
        b"99999999999",
        b"-1",
        b"<<",
        b">>",
        b"[",
        b"(",
        b"endobj",
        b"stream\n",
        b"/Prev 9",
        b" R ",
        b"\xFF\xFE",
        b"0 0 R",
    ];
    let mut out = bytes.to_vec();
    for (place, kind, value) in changes {
        if out.is_empty() {
            break;
        }
        let at = place.index(out.len());
        match kind % 5 {
            0 => out[at] = *value,
            1 => out[at] ^= 1 << (value % 8),
            2 => {
                let word = WORDS[usize::from(*value) % WORDS.len()];
                let end = (at + word.len()).min(out.len());
                out.splice(at..end, word.iter().copied());
            }
            3 => {
                let end = (at + usize::from(*value)).min(out.len());
                out.drain(at..end);
            }
            _ => {
                let end = (at + usize::from(*value)).min(out.len());
                let copy = out[at..end].to_vec();
                out.splice(at..at, copy);
            }
        }
    }
    out
}

/// Signs what can be signed: the result begins with the input, opens, and the new signature
/// covers all of it. Answers whether it was signed.
fn sign_if_possible(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let plan = SignaturePlan {
        field_name: "S".into(),
        target: FieldTarget::New,
        contents_bytes: 16,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000Z".into(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: None,
        kept_fields: 0,
    };
    let Ok(mut prepared) = prepare_signature(bytes, &Limits::default(), &plan) else {
        return Ok(false);
    };
    prop_assert_eq!(prepared.embed(&[0x30, 0]), Ok(()));
    let whole = [bytes, &prepared.tail].concat();
    let limits = Limits::default();
    let pdf = Pdf::open(&whole, &limits).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let fields = pdf
        .signature_fields()
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    let ours = fields
        .iter()
        .find(|field| field.field.name == prepared.field_name);
    let signature = ours.and_then(|field| field.signature.as_ref());
    prop_assert!(signature.is_some());
    let coverage = signature.map(|signature| signature_coverage(&pdf, signature));
    prop_assert!(
        matches!(coverage, Some(Ok(coverage)) if coverage.whole_file),
        "{coverage:?}"
    );
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Whatever is done to a file, every question comes back with an answer.
    #[test]
    fn a_broken_file_is_answered(
        form in prop::sample::select(FORMS.to_vec()),
        changes in prop::collection::vec(any::<(prop::sample::Index, u8, u8)>(), 1..12),
    ) {
        let made = Made {
            pages: 2,
            catalog: "/AcroForm 100 0 R".into(),
            extra: vec![
                (100, "<</Fields[101 0 R]>>".into()),
                (101, "<</FT/Sig/T(x)/V<</ByteRange[0 1 2 3]/Contents<00>>>>>".into()),
            ],
            trailer: String::new(),
        };
        let original = made.write(form);
        let broken = mutated(&original, &changes);
        ask_everything(&broken);
        sign_if_possible(&broken)?;
    }

    /// A file that is only changed in ways that keep it sound is still signed.
    #[test]
    fn a_sound_file_is_signed_whatever_its_shape(
        form in prop::sample::select(FORMS.to_vec()),
        pages in 1_u32..5,
        catalog in prop::sample::select(vec![
            "", "/AcroForm 100 0 R", "/AcroForm<</Fields 101 0 R>>", "/AcroForm null",
        ]),
        end in prop::sample::select(vec!["", "\n", "\r\n", "\n\n  \n", "\0\0"]),
    ) {
        let made = Made {
            pages,
            catalog: catalog.into(),
            extra: vec![(100, "<</Fields 101 0 R/SigFlags 1>>".into()), (101, "[]".into())],
            trailer: String::new(),
        };
        let original = [made.write(form).trim_ascii_end(), end.as_bytes()].concat();
        prop_assert!(sign_if_possible(&original)?);
    }
}

/// The witness of the properties above: their generator reaches sound files and every way to fail.
#[test]
fn the_generator_reaches_every_refusal_that_damage_can_cause() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let changes = prop::collection::vec(any::<(prop::sample::Index, u8, u8)>(), 1..12);
    let original = Made {
        pages: 2,
        ..Made::default()
    }
    .write(Form::Table);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..4_000 {
        let broken = changes.new_tree(&mut runner).unwrap().current();
        let broken = mutated(&original, &broken);
        reached.insert(refusal(&broken));
        if sign_if_possible(&broken).unwrap() {
            reached.insert("signed");
        }
    }
    for code in [
        "accepted",
        "signed",
        "damaged",
        "table_dishonest",
        "truncated",
        "not_a_pdf",
    ] {
        assert!(reached.contains(code), "{code} is not in {reached:?}");
    }
}

#[test]
fn every_file_of_the_corpus_is_answered_whole_and_broken() {
    let Some(root) = support::corpus() else {
        return;
    };
    let (mut opened, mut codes) = (0, std::collections::BTreeMap::<_, u32>::new());
    let files = pdfs(&root);
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        opened += u32::from(Pdf::open(&bytes, &Limits::default()).is_ok());
        *codes.entry(refusal(&bytes)).or_default() += 1;
        ask_everything(&bytes);
        // A few fixed wounds: cut short, a bit flipped in every 997th byte of the last kilobytes.
        ask_everything(&bytes[..bytes.len() / 2]);
        let mut flipped = bytes;
        let from = flipped.len().saturating_sub(8_192);
        for at in (from..flipped.len()).step_by(97) {
            flipped[at] ^= 0x11;
            if at % 21 == 0 {
                ask_everything(&flipped);
            }
        }
    }
    eprintln!("{} files, {opened} opened, intake: {codes:?}", files.len());
    assert!(
        opened * 10 > files.len() as u32 * 8,
        "{opened} of {}",
        files.len()
    );
}
