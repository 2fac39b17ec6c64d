//! Counter-signatures inside the structure of a PDF signature.

use crate::forge::*;
use chancery_signature as sig;
use sig::facts::SignatureForm;
use sig::{Answer, ValidationReport};

/// A signature over `spans` with a counter-signature over its value, or over something else.
fn countersigned(spans: &[&[u8]], over_value: bool) -> Vec<u8> {
    let mut cms = Cms::over(&house(), spans);
    let own = cms.signer_info(spans);
    let (_, _, mut rest, _) = split(&own);
    let mut value: &[u8] = &[];
    while !rest.is_empty() {
        let (_, _, content, more) = split(rest);
        (value, rest) = (content, more);
    }
    let over = if over_value { value } else { b"something else" };
    let mut counter = Cms::over(&house(), &[over]);
    counter.replace(CONTENT_TYPE, &[]);
    let counter = counter.signer_info(&[]);
    cms.unsigned = vec![attribute("1.2.840.113549.1.9.6", &[&counter])];
    cms.build(spans)
}

fn file(over_value: bool) -> Forge {
    let mut forge = Forge::form();
    let plan = Plan::new(9, vec![sig1(9)]);
    forge.sign(&plan, |spans| countersigned(spans, over_value));
    forge
}

fn forms(report: &ValidationReport) -> Vec<(SignatureForm, Option<u32>)> {
    let signatures = report.signatures.iter();
    signatures
        .map(|one| (one.form, one.counter_signs))
        .collect()
}

#[test]
fn a_counter_signature_in_a_pdf_is_a_signature_of_its_own() {
    let mut forge = file(true);
    let report = judged(&house(), &forge.bytes);
    let expected = [
        (SignatureForm::Pdf, None),
        (SignatureForm::CounterSignature, Some(0)),
    ];
    assert_eq!(forms(&report), expected);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    let counter = &report.signatures[1];
    assert_eq!(
        (counter.crypto, counter.field.as_deref()),
        (Answer::Yes, None)
    );
    assert_eq!(counter.signed_revision(&forge.bytes), None);
    // A later signature stands behind the counter-signature, and sees what came before it.
    countersign(&mut forge, &house(), "0 0 0 0", "", plain);
    let report = judged(&house(), &forge.bytes);
    let expected = [
        (SignatureForm::Pdf, None),
        (SignatureForm::CounterSignature, Some(0)),
        (SignatureForm::Pdf, None),
    ];
    assert_eq!(forms(&report), expected);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    // What came after concerns the signature, not what was signed over its value.
    let changes: Vec<usize> = report
        .signatures
        .iter()
        .map(|one| one.changes.len())
        .collect();
    assert_eq!(changes, [1, 0, 0]);
    let covers = |index: usize| report.signatures[index].covers.as_ref().unwrap();
    assert_eq!(
        (covers(0).revisions_after, covers(1).revisions_after),
        (1, 0)
    );
}

#[test]
fn a_counter_signature_over_something_else_is_told() {
    let report = judged(&house(), &file(false).bytes);
    assert_eq!(report.signatures[0].intact, Answer::Yes);
    let counter = &report.signatures[1];
    assert_eq!((counter.intact, counter.crypto), (Answer::No, Answer::No));
    assert_eq!(report.intact, Answer::No);
}
