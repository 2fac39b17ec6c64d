//! What we append, seen by other programs: qpdf, poppler and OpenSSL.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::process::Command;

use chancery_pdf::sheet::{Attachments, FontFile, Mark, MarkPlan, Row, Sheet};
use chancery_pdf::sign::{FieldTarget, SubFilter};
use chancery_pdf::{Limits, MarkPlace, SignaturePlan, prepare_signature};
use support::{FORMS, Made, pdfs, scratch, tool};

fn row(label: &str, value: &str) -> Row {
    Row {
        label: label.into(),
        value: value.into(),
    }
}

fn plan(person: &str, slots: u16, attached: usize) -> SignaturePlan<'static> {
    let rows = (1..=attached)
        .map(|number| {
            let name =
                format!("Приложение № {number} «Спецификация поставки, редакция от июля».xlsx");
            row(
                &name,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            )
        })
        .collect();
    let attachments = Attachments {
        heading: "Приложения".into(),
        name_heading: "Файл".into(),
        digest_heading: "SHA-256".into(),
        rows,
    };
    let sheet = Sheet {
        title: "Лист подписей".into(),
        subject: vec![
            row(
                "Документ",
                "Договор поставки бумаги и канцелярских товаров между ООО «Ёлка» и АО \
«Объединённая бумажная компания» на сумму 1 250 000 ₽",
            ),
            row("Номер", "77-2026/114 от 31 июля 2026 г."),
            row(
                "SHA-256 файла",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
        ],
        attachments: (attached > 0).then_some(attachments),
        apart: None,
        marks_heading: "Подписи".into(),
        slots,
        footer: "Отметки на этом листе показывают, кто подписал документ. Подлинность \
удостоверяет только электронная подпись внутри файла: её проверяет любая программа, \
понимающая PAdES."
            .into(),
    };
    let mark = Mark {
        name: person.into(),
        lines: vec![
            "ООО «Ёлка», генеральный директор".into(),
            "31 июля 2026 г., 12:00:00 UTC+03:00".into(),
            "Сертификат 4f:9a:11:c0:52:7e:d3:08:6b:aa:90:17:33:fe:21:5d".into(),
        ],
        note: "Сертификат выдан только для этой подписи. Выдан: Chancery Demo CA".into(),
    };
    SignaturePlan {
        kept_fields: 0,
        field_name: "Подпись".into(),
        target: FieldTarget::New,
        contents_bytes: 8192,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20260731120000+03'00'".into(),
        name: Some(person.into()),
        reason: None,
        location: None,
        contact: None,
        certification: None,
        lock: None,
        mark: Some(MarkPlan {
            regular: FontFile(dejavu::sans::regular()),
            bold: FontFile(dejavu::sans::bold()),
            sheet,
            mark,
        }),
    }
}

fn run(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// A self-made P-256 key and certificate, once a folder.
fn make_key(folder: &Path) {
    let (code, text) = run(Command::new("openssl").current_dir(folder).args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-subj",
        "/CN=Test signer",
        "-days",
        "30",
    ]));
    assert_eq!(code, 0, "{text}");
}

fn sign(folder: &Path, original: &[u8], plan: &SignaturePlan<'_>) -> (Vec<u8>, MarkPlace) {
    let mut prepared = prepare_signature(original, &Limits::default(), plan).unwrap();
    std::fs::write(
        folder.join("spans"),
        prepared.signed_spans(original).concat(),
    )
    .unwrap();
    let (code, text) = run(Command::new("openssl").current_dir(folder).args([
        "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-signer", "cert.pem", "-inkey",
        "key.pem", "-outform", "DER", "-in", "spans", "-out", "cms.der",
    ]));
    assert_eq!(code, 0, "{text}");
    prepared
        .embed(&std::fs::read(folder.join("cms.der")).unwrap())
        .unwrap();
    ([original, &prepared.tail].concat(), prepared.mark)
}

fn page_count(path: &Path) -> u32 {
    let (_, text) = run(Command::new("pdfinfo").arg(path));
    let line = text
        .lines()
        .find(|line| line.starts_with("Pages:"))
        .unwrap_or("Pages: 0");
    line.trim_start_matches("Pages:").trim().parse().unwrap()
}

#[test]
fn qpdf_and_poppler_accept_two_signatures_with_cyrillic_marks_on_every_form() {
    if !["qpdf", "pdfsig", "pdfinfo", "pdftotext", "openssl"]
        .into_iter()
        .all(tool)
    {
        return;
    }
    let folder = scratch("marks");
    make_key(&folder);
    for form in FORMS {
        let original = Made {
            pages: 3,
            extra: vec![(100, "<</Hidden true>>".into())],
            ..Made::default()
        }
        .write(form);
        let (once, first) = sign(&folder, &original, &plan("Ёлкина Ольга Сергеевна", 2, 2));
        let long = "Константинопольский-Преображенский Александр Владиславович, \
действующий по доверенности";
        let (twice, second) = sign(&folder, &once, &plan(long, 2, 2));
        let (thrice, third) = sign(&folder, &twice, &plan("Третий", 2, 2));
        let on_sheet = |mark| matches!(mark, MarkPlace::Sheet { page_index: 3, .. });
        assert!(on_sheet(first) && on_sheet(second) && first != second);
        assert_eq!(third, MarkPlace::Invisible, "no slot is left");
        let path = folder.join(format!("{form:?}.pdf"));
        std::fs::write(&path, &thrice).unwrap();
        assert_eq!(page_count(&path), 4);
        let (code, text) = run(Command::new("qpdf").arg("--check").arg(&path));
        assert_eq!(code, 0, "{form:?}: {text}");
        let (_, text) = run(Command::new("pdfsig").arg("-nocert").arg(&path));
        assert_eq!(text.matches("Signature is Valid").count(), 3, "{text}");
        assert_eq!(text.matches("Total document signed").count(), 1, "{text}");
        let (_, text) = run(Command::new("pdftotext").arg("-layout").arg(&path).arg("-"));
        for word in [
            "Лист подписей",
            "Ёлкина Ольга Сергеевна",
            "«Ёлка»",
            "№ 2",
            "1 250 000 ₽",
            "действующий",
        ] {
            assert!(text.contains(word), "{word} is not in:\n{text}");
        }
    }
}

#[test]
fn a_sheet_that_is_longer_than_a_page_goes_on_and_its_slots_are_found_again() {
    if !["qpdf", "pdfinfo", "openssl"].into_iter().all(tool) {
        return;
    }
    let folder = scratch("long");
    make_key(&folder);
    let mut current = Made::default().write(support::Form::Stream);
    for number in 0..9_u16 {
        let person = format!("Подписант {number}");
        let (signed, mark) = sign(&folder, &current, &plan(&person, 9, 30));
        assert!(matches!(mark, MarkPlace::Sheet { .. }), "{number}");
        current = signed;
    }
    let path = folder.join("long.pdf");
    std::fs::write(&path, &current).unwrap();
    assert!(page_count(&path) >= 4);
    let (code, text) = run(Command::new("qpdf").arg("--check").arg(&path));
    assert_eq!(code, 0, "{text}");
}

/// Real files of many makers: what we accept must come out sound.
#[test]
fn real_files_of_other_makers_stay_sound_for_qpdf_and_poppler() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    if !["qpdf", "pdfsig", "pdfinfo", "openssl"]
        .into_iter()
        .all(tool)
    {
        return;
    }
    let folder = scratch("real");
    make_key(&folder);
    let (mut signed, mut refused) = (0, 0);
    for path in pdfs(&corpus).iter().step_by(17) {
        let original = std::fs::read(path).unwrap();
        if prepare_signature(&original, &Limits::default(), &plan("Ё", 2, 0)).is_err() {
            refused += 1;
            continue;
        }
        let before = run(Command::new("qpdf").arg("--check").arg(path)).0;
        let (once, mark) = sign(&folder, &original, &plan("Ёлкина", 2, 1));
        let out = folder.join(path.file_name().unwrap());
        std::fs::write(&out, &once).unwrap();
        let after = run(Command::new("qpdf").arg("--check").arg(&out));
        assert!(
            after.0 <= before,
            "{}: {before} -> {}",
            path.display(),
            after.1
        );
        // What poppler itself cannot open before, it cannot judge after.
        if page_count(path) == 0 {
            continue;
        }
        let added = u32::from(mark != MarkPlace::Invisible && page_count(&out) > page_count(path));
        assert_eq!(
            page_count(&out),
            page_count(path) + added,
            "{}",
            path.display()
        );
        let (_, text) = run(Command::new("pdfsig").arg("-nocert").arg(&out));
        assert!(
            text.contains("Total document signed"),
            "{}: {text}",
            path.display()
        );
        signed += 1;
    }
    eprintln!("{signed} signed, {refused} refused");
    assert!(signed > 10, "{signed} signed, {refused} refused");
}
