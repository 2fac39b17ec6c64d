//! The form of a report that programs read: every object keeps to its schema, and the schema is
//! closed, so that a field nobody wrote down is noticed.

use std::path::{Path, PathBuf};

use chancery::app::validation::{REPORT_FORM, report_schema};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::given::Folder;
use super::signed::{Authority, small_pdf};
use super::{chancery, text};
use crate::support::{START, is_required, setting};

const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/docs/verification-report.schema.json"
);

fn validator() -> Validator {
    jsonschema::draft202012::new(&report_schema()).expect("a schema")
}

/// Fails for an object that is none of the form.
pub fn keeps_to_its_schema(report: &Value) {
    let validator = validator();
    let wrong: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Goal: the schema that is published is the one of the types, and the command prints it. Method:
/// both compared with what the types give.
#[test]
fn the_published_schema_is_that_of_the_reports() {
    let text = format!("{:#}\n", report_schema());
    if setting("CHANCERY_TEST_REFRESH").is_some() {
        std::fs::write(SCHEMA, &text).expect("written");
    }
    let agreed = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(
        text == agreed,
        "set CHANCERY_TEST_REFRESH=1, then review the difference of {SCHEMA}"
    );
    let printed = chancery(&["--schema"]);
    assert_eq!(printed.status.code(), Some(0), "{printed:?}");
    assert_eq!(super::text(&printed.stdout), text);
    assert_eq!(chancery(&[]).status.code(), Some(2), "no file, no schema");
}

/// Every file of the corpus, in its folders.
fn files_within(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files_within(&path, found),
            false => found.push(path),
        }
    }
}

/// The objects of a run of the command over files, each checked against the schema.
fn objects(arguments: &[&str]) -> Vec<Value> {
    let printed = chancery(&[&["--json"], arguments].concat());
    let reports: Value = serde_json::from_slice(&printed.stdout)
        .unwrap_or_else(|error| panic!("{error}: {printed:?}"));
    let Value::Array(reports) = reports else {
        panic!("no array")
    };
    let validator = validator();
    for report in &reports {
        let wrong = validator.iter_errors(report);
        let wrong: Vec<String> = wrong
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", report["file"]);
        assert_eq!(report["schema"], REPORT_FORM);
        assert_ne!(report["summary"], "", "{}", report["file"]);
    }
    reports
}

/// Goal: whatever a file is, its object keeps to the schema. Method: every file of the corpus, of
/// all kinds and broken in all ways, by the built-in rules and by others; files that are not read.
#[test]
fn every_report_of_the_corpus_keeps_to_the_schema() {
    let Some(corpus) = setting("CHANCERY_CORPUS") else {
        is_required("CHANCERY_CORPUS");
        return;
    };
    let mut files = Vec::new();
    files_within(&Path::new(&corpus).join("signatures"), &mut files);
    files.sort();
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    arguments.extend(["no-such-file.pdf", "/"]);
    let folder = Folder::new();
    let rules = folder.keep(
        "lax.toml",
        b"revocation_required = false\nrsa_bits_min = 1024\n",
    );
    let trusted = folder.keep("ca.pem", Authority::new().root_pem().as_bytes());
    let more = ["--trust", &trusted, "--policy", &rules, "--at", START];
    let reports = objects(&[&more[..], &arguments].concat());
    assert_eq!(reports.len(), arguments.len());
    let unread = reports.iter().filter(|one| one.get("error").is_some());
    assert_eq!(unread.count(), 2, "no file and a folder");
    let large = folder.keep("large.bin", &vec![0; 1_048_577]);
    let reports = objects(&["--max-megabytes", "1", &large]);
    assert_eq!(reports[0]["reasons"][0]["args"]["why"], "too_large");
}

/// Every object within a report that is not a bag of named values, by its pointer.
fn objects_within(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if !at.ends_with("/args") {
                found.push(at.to_owned());
            }
            for (name, one) in fields {
                objects_within(one, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(list) => {
            for (place, one) in list.iter().enumerate() {
                objects_within(one, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// Goal: the schema is closed and complete: a field that it does not name is none of a report, and
/// one that it demands is not left out. Method: a report with a signature, a change behind it and
/// rules, and each of its objects with a field more; the form taken away, and another one.
#[test]
fn an_unknown_field_anywhere_is_none_of_the_form() {
    let folder = Folder::new();
    let authority = Authority::new();
    let signed = authority.sign_pdf(&small_pdf());
    let grown = super::revisions::with_a_page_more(&signed);
    let file = folder.keep("grown.pdf", &grown);
    let trusted = folder.keep("ca.pem", authority.root_pem().as_bytes());
    let reports = objects(&[
        "--trust",
        &trusted,
        "--at",
        START,
        &file,
        "no-such-file.pdf",
    ]);
    let validator = validator();
    for report in &reports {
        let mut places = Vec::new();
        objects_within(report, "", &mut places);
        for place in &places {
            let mut changed = report.clone();
            let object = changed.pointer_mut(place).and_then(Value::as_object_mut);
            object
                .expect("an object")
                .insert("unknown".to_owned(), json!(1));
            assert!(!validator.is_valid(&changed), "{place} is open");
        }
        for other in [json!("chancery/verification-report/2"), Value::Null] {
            let mut changed = report.clone();
            changed["schema"] = other;
            assert!(!validator.is_valid(&changed));
        }
    }
    let mut places = Vec::new();
    objects_within(&reports[0], "", &mut places);
    for expected in [
        "",
        "/rules",
        "/signatures/0/chain/0",
        "/signatures/0/changes/0",
    ] {
        assert!(
            places.iter().any(|place| place == expected),
            "{expected}: {places:?}"
        );
    }
    let whole = text(&chancery(&["--schema"]).stdout);
    assert!(whole.contains("unevaluatedProperties"), "{whole}");
}
