//! What others say of a file that was signed here: our own validator, pyHanko and pdfsig.

use std::path::Path;
use std::process::Command;

use chancery_signature::{Anchors, Indication, Limits, ValidationPolicy, gather_pdf, judge};
use chancery_types::id::OrganisationId;

use crate::support::{TestApp, is_required, setting};

/// Demands that each of `count` signatures in `file` is valid, for us and for the others.
pub async fn all_call_it_valid(
    house: &TestApp,
    organisation: OrganisationId,
    file: &[u8],
    count: usize,
) {
    let pem = house.app.anchors_pem(organisation).await.expect("anchors");
    let anchors = Anchors::from_pem_or_der(pem.as_bytes()).expect("anchors");
    let facts = gather_pdf(file, &Limits::default());
    let report = judge(
        &facts,
        &ValidationPolicy::default(),
        house.app.now(),
        &anchors,
    );
    let found: Vec<Indication> = report.signatures.iter().map(|one| one.indication).collect();
    assert_eq!(found, vec![Indication::TotalPassed; count]);

    let folder = tempfile::tempdir().expect("a folder");
    let (signed, trusted) = (
        folder.path().join("signed.pdf"),
        folder.path().join("ca.pem"),
    );
    std::fs::write(&signed, file).expect("written");
    std::fs::write(&trusted, pem).expect("written");
    pdfsig(&signed, count);
    pyhanko(&signed, &trusted, count);
}

fn pdfsig(signed: &Path, count: usize) {
    const PROGRAM: &str = "CHANCERY_TEST_PDFSIG";
    let Some(program) = setting(PROGRAM) else {
        is_required(PROGRAM);
        return;
    };
    let said = run(Command::new(program).arg("-nocert").arg(signed));
    let valid = said.matches("Signature is Valid.").count();
    assert_eq!(valid, count, "pdfsig: {said}");
}

fn pyhanko(signed: &Path, trusted: &Path, count: usize) {
    const PROGRAM: &str = "CHANCERY_TEST_PYHANKO";
    let Some(program) = setting(PROGRAM) else {
        is_required(PROGRAM);
        return;
    };
    // The certificates live a day by the house's clock, which stands still in these tests; each
    // signature carries a timestamp, and pyHanko looks from there.
    let said = run(Command::new(program)
        .args([
            "sign",
            "validate",
            "--no-revocation-check",
            "--pretty-print",
        ])
        .arg("--trust")
        .arg(trusted)
        .arg(signed));
    let intact = said
        .matches("The signature is cryptographically sound.")
        .count();
    assert_eq!(intact, count, "pyHanko: {said}");
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}
