//! The demo through the program itself: where it listens, what only it serves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{TestApp, is_required, setting};

fn chancery(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// Goal: the logins without passwords exist in the demo only. Method: an ordinary server's answers.
#[tokio::test]
async fn an_ordinary_server_has_no_login_by_one_click_and_no_mailbox() {
    let house = TestApp::single().await;
    let served = house.serve();
    let client = reqwest::Client::new();
    for path in ["/demo", "/demo/mail", "/demo/mail/x"] {
        let answer = client
            .get(served.url(path))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    let login = client.post(served.url("/demo/login")).body("person=x");
    assert_eq!(login.send().await.expect("an answer").status(), 404);
    served.stop().await;
    house.close().await;
}

/// Goal: nobody but this machine reaches the demo. Method: other addresses are refused in one line.
#[test]
fn the_demo_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let output = chancery(&["demo", "--listen", address]);
        let line = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(line.contains("loopback only"), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
    }
}

/// Goal: wrong combinations are told, not guessed. Method: exit code 2.
#[test]
fn a_walk_needs_a_file_and_a_place_for_its_results() {
    for arguments in [
        ["demo", "--walk", "--out", "x"],
        ["demo", "--walk", "--file", "x"],
        ["demo", "--file", "x", "--out=x"],
    ] {
        assert_eq!(chancery(&arguments).status.code(), Some(2), "{arguments:?}");
    }
}

/// One file of each maker among the invoices of others (ZUGFeRD corpus, Mustang), by name: maker
/// and path.
fn one_file_a_maker() -> Option<BTreeMap<String, PathBuf>> {
    let root = setting("CHANCERY_CORPUS").unwrap_or_else(|| "../shared/corpus".to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let root = root.join("invoices");
    if !root.is_dir() {
        is_required("the corpus (CHANCERY_CORPUS)");
        return None;
    }
    let mut folders = vec![root];
    let mut found = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "pdf") {
                let bytes = std::fs::read(&path).expect("a file");
                let known = found.entry(maker(&bytes)).or_insert_with(|| path.clone());
                *known = std::cmp::Ord::min(known.clone(), path);
            }
        }
    }
    Some(found)
}

/// The first word of what the file says of its maker.
fn maker(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let named = ["<pdf:Producer>", "/Producer(", "/Producer ("];
    let named = named.iter().find_map(|before| text.split_once(before));
    let (_, after) = named.unwrap_or_default();
    let words = after.split([' ', ')', '<', '.', '-']);
    words.into_iter().next().unwrap_or_default().to_lowercase()
}

/// Goal: the whole life works on real files of different makers, and programs of others accept
/// both signatures. Method: the program plays it; pyHanko and pdfsig look at what it left.
#[test]
fn a_walk_leads_files_of_five_makers_to_two_signatures_that_others_accept() {
    let (Some(files), Some(pyhanko), Some(pdfsig)) = (
        one_file_a_maker(),
        tool("CHANCERY_TEST_PYHANKO"),
        tool("CHANCERY_TEST_PDFSIG"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let scan = folder.path().join("scan.pdf");
    std::fs::write(&scan, scanned()).expect("written");
    // Word-like with a cross-reference stream, plain tables, PDF/A, a rewritten file, images alone.
    let wanted = ["aspose", "fpdf", "intarsys", "itextsharp", "pypdf2"];
    let mut files: Vec<(String, PathBuf)> = files
        .into_iter()
        .filter(|(maker, _)| wanted.contains(&maker.as_str()))
        .collect();
    assert_eq!(files.len(), wanted.len(), "makers are missing: {files:?}");
    files.push(("a scanner".to_owned(), scan));
    let out = folder.path().join("out");
    let mut walk = Command::new(env!("CARGO_BIN_EXE_chancery"));
    walk.args(["demo", "--walk", "--out"]).arg(&out);
    for (_, file) in &files {
        walk.arg("--file").arg(file);
    }
    let output = walk.output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    for (number, (maker, file)) in (1..).zip(&files) {
        let stem = file.file_stem().expect("a stem").to_string_lossy();
        let results = out.join(format!("{number}-{stem}"));
        let signed = results.join("signed.pdf");
        let original = std::fs::read(file).expect("the original");
        let copy = std::fs::read(&signed).expect("the signed file");
        assert!(copy.starts_with(&original), "{maker}: bytes were rewritten");
        let said = Command::new(&pyhanko)
            .args([
                "sign",
                "validate",
                "--no-revocation-check",
                "--executive-summary",
                "--trust",
            ])
            .args([results.join("ca.pem"), signed.clone()])
            .output()
            .expect("pyHanko runs");
        let said = String::from_utf8_lossy(&said.stdout);
        assert_eq!(
            said.matches(":VALID").count(),
            2,
            "{maker}, pyHanko: {said}"
        );
        let said = Command::new(&pdfsig)
            .arg("-nocert")
            .arg(&signed)
            .output()
            .expect("pdfsig runs");
        let said = String::from_utf8_lossy(&said.stdout);
        let valid = said.matches("Signature is Valid").count();
        assert_eq!(valid, 2, "{maker}, pdfsig: {said}");
        let whole = said.matches("Total document signed").count();
        assert_eq!(whole, 1, "{maker}, pdfsig: {said}");
        let verdict = std::fs::read_to_string(results.join("verdict.json")).expect("a verdict");
        assert!(verdict.contains("\"TOTAL-PASSED\""), "{maker}: {verdict}");
        eprintln!("{maker}: two signatures, accepted by pyHanko and pdfsig");
    }
}

/// Two pages that are images and nothing else, as scanners write them.
fn scanned() -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, body: &[u8]| {
        offsets.push(file.len());
        let number = offsets.len();
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    };
    object(&mut file, b"<</Type/Catalog/Pages 2 0 R>>");
    object(&mut file, b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>");
    for _ in 0..2 {
        let page: &[u8] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R\
            /Resources<</XObject<</Scan 6 0 R>>>>>>";
        object(&mut file, page);
    }
    let content = "q 595 0 0 842 0 0 cm /Scan Do Q";
    let stream = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    object(&mut file, stream.as_bytes());
    // 64 × 64 grey dots.
    let dots: Vec<u8> = (0..64 * 64_u32).map(|at| (at * 37 % 251) as u8).collect();
    let mut image = format!(
        "<</Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray\
         /BitsPerComponent 8/Length {}>>stream\n",
        dots.len()
    )
    .into_bytes();
    image.extend(dots);
    image.extend(b"\nendstream");
    object(&mut file, &image);
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        offsets.len() + 1
    );
    file.extend(trailer.into_bytes());
    file
}

fn tool(variable: &str) -> Option<String> {
    let found = setting(variable);
    if found.is_none() {
        is_required(variable);
    }
    found
}

/// Goal: what must be refused is refused by name, and the walk goes on to the next file. Method:
/// three bad files and exit code 1; the transcript of each says why.
#[test]
fn a_walk_refuses_by_name_what_must_be_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let bad: [(&str, &[u8]); 3] = [
        ("page.pdf", b"<html><body>a page</body></html>"),
        ("empty.pdf", b""),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog"),
    ];
    let mut walk = Command::new(env!("CARGO_BIN_EXE_chancery"));
    walk.args(["demo", "--walk", "--out"]).arg(&out);
    for (name, bytes) in bad {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        walk.arg("--file").arg(path);
    }
    let output = walk.output().expect("the program runs");
    let line = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{line}");
    assert_eq!(line.trim().lines().count(), 1, "{line}");
    for (name, _) in bad {
        assert!(line.contains(&format!("{name}: refused: ")), "{line}");
    }
}
