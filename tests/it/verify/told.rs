//! What a verdict tells so that it can be held against the papers, and what it never shows as
//! proven.

use serde_json::Value;

use super::ca::{Draft, Holder, Times};
use super::given::Folder;
use super::signed::{Authority, signed_by, small_pdf};
use super::{chancery, text};
use crate::support::START;

/// An authority of our own making, one whom it certified, and a file that this one signed.
struct Town {
    folder: Folder,
    root: Holder,
    file: String,
    trusted: String,
}

fn town() -> Town {
    use base64::Engine as _;
    let folder = Folder::new();
    let mut root = Draft::new("Корень", 1);
    root.is_authority = true;
    let root = root.by(None);
    let person = Draft::new("Анна Иванова", 9).by(Some(&root));
    let signed = signed_by(&small_pdf(), |spans| person.signs(spans));
    let pem = base64::prelude::BASE64_STANDARD.encode(&root.certificate);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
    Town {
        file: folder.keep("contract.pdf", &signed),
        trusted: folder.keep("root.pem", pem.as_bytes()),
        folder,
        root,
    }
}

impl Town {
    /// The list of the root, which names nobody.
    fn list(&self) -> String {
        let start: chancery_types::Instant = START.parse().expect("a moment");
        let times = Times {
            this_update: start.plus_seconds(-3_600),
            next_update: start.plus_seconds(86_400),
        };
        self.folder.keep("root.crl", &self.root.list(&[], times))
    }

    fn lax(&self) -> String {
        self.folder
            .keep("lax.toml", b"revocation_required = false\n")
    }

    fn verify(&self, more: &[&str]) -> std::process::Output {
        let own = ["--trust", &self.trusted, "--at", START];
        chancery(&[&own[..], more].concat())
    }
}

/// Goal: what nobody knows of a revocation is never shown as proven, though the rules do not ask:
/// mark, headline, word and protocol say it; what is known is green. The exit code and the
/// indication stay those of the rules. Method: a policy that does not ask, without and with a list.
#[test]
fn an_unchecked_revocation_is_never_green() {
    let town = town();
    let lax = town.lax();
    let rules = ["--policy", &lax];
    let list = town.list();
    for (lang, headline, word) in [
        (
            "en",
            "The signature is valid, but nobody knows whether the certificate was revoked.",
            "Valid, revocation unknown",
        ),
        (
            "ru",
            "Подпись действительна, но не отозван ли сертификат, неизвестно.",
            "Действительна, отзыв не известен",
        ),
    ] {
        let out = town.folder.path(&format!("open-{lang}"));
        let open = ["--lang", lang, "--report", &out, &town.file];
        let open = town.verify(&[&rules[..], &open].concat());
        assert_eq!(
            open.status.code(),
            Some(0),
            "the rules' owner chose: {open:?}"
        );
        let said = text(&open.stdout);
        assert!(said.starts_with(&format!("? {headline}")), "{said}");
        assert!(said.contains(word) && !said.contains('✓'), "{said}");
        let protocol = std::fs::read_to_string(format!("{out}/1-contract.html"));
        let protocol = protocol.expect("a protocol");
        assert!(
            protocol.contains(headline) && protocol.contains(word),
            "{protocol}"
        );
        let known = ["--evidence", &list, "--lang", lang, &town.file];
        let known = text(&town.verify(&[&rules[..], &known].concat()).stdout);
        assert!(known.starts_with("✓ "), "{known}");
        assert!(!known.contains(word), "{known}");
    }
    let json = town.verify(&[&rules[..], &["--json", &town.file]].concat());
    let reports: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(reports[0]["indication"], "TOTAL-PASSED");
    let summary = reports[0]["summary"].as_str().expect("a summary");
    assert!(summary.contains("nobody knows"), "{summary}");
}

/// Goal: a protocol tells what a court asks for: each certificate by its digest, which list says
/// that it is not revoked, by whom and of when, who vouches for the time, and what the rules were.
/// Method: a file with a list at hand, and one with a timestamp; both languages.
#[test]
fn a_protocol_names_certificates_lists_timestamps_and_rules() {
    let town = town();
    let list = town.list();
    let authority = Authority::new();
    let stamped = town
        .folder
        .keep("stamped.pdf", &authority.sign_pdf(&small_pdf()));
    let trusted = town.folder.keep("ca.pem", authority.root_pem().as_bytes());
    for (lang, by, stamp, rule) in [
        (
            "en",
            "revocation list of CN=Корень as of 23 November 2026",
            "Timestamp over the signature",
            "Revocation must be checked</dt><dd>yes",
        ),
        (
            "ru",
            "составил CN=Корень, на 23 ноября 2026",
            "Штамп времени на подпись",
            "Отзыв должен быть проверен</dt><dd>да",
        ),
    ] {
        let out = town.folder.path(&format!("protocols-{lang}"));
        let more = ["--evidence", &list, "--trust", &trusted, "--lang", lang];
        let files = ["--report", &out, &town.file, &stamped];
        let done = town.verify(&[&more[..], &files].concat());
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        let read = |name: &str| {
            let path = format!("{out}/{name}");
            let html = std::fs::read_to_string(path).expect("a protocol");
            html.replace('\u{a0}', " ")
        };
        let plain = read("1-contract.html");
        for told in [by, rule, "2048"] {
            assert!(plain.contains(told), "{told}: {plain}");
        }
        let root = chancery_types::Digest::of(&town.root.certificate).hex();
        assert!(plain.contains(&format!("SHA-256 {root}")), "{plain}");
        let crl = std::fs::read(&list).expect("the list");
        assert!(
            plain.contains(&chancery_types::Digest::of(&crl).hex()),
            "{plain}"
        );
        assert!(!plain.contains(stamp), "{plain}");
        let with_stamp = read("2-stamped.html");
        assert!(with_stamp.contains(stamp), "{with_stamp}");
        assert!(with_stamp.contains("CN=Время"), "{with_stamp}");
        let pdf = std::fs::metadata(format!("{out}/2-stamped.pdf")).expect("a PDF");
        assert!(pdf.len() > 1_000);
    }
}

/// Goal: each file is told in one sentence: the verdict, who signed, and whether the time is proven
/// or claimed; of several files each has its line behind the details. Method: a file with a
/// timestamp, one with a claim alone, one without a signature, one that is not there; one alone.
#[test]
fn each_file_is_told_in_one_sentence() {
    let town = town();
    let authority = Authority::new();
    let stamped = town
        .folder
        .keep("stamped.pdf", &authority.sign_pdf(&small_pdf()));
    let plain = town.folder.keep("plain.pdf", &small_pdf());
    let trusted = town.folder.keep("ca.pem", authority.root_pem().as_bytes());
    let list = town.list();
    let more = ["--trust", &trusted, "--evidence", &list];
    let files = [stamped.as_str(), &town.file, &plain, "no-such-file.pdf"];
    let all = town.verify(&[&more[..], &files].concat());
    let said = text(&all.stdout).replace('\u{a0}', " ");
    let lines: Vec<&str> = said.lines().collect();
    let last = lines.get(lines.len() - 4..).expect("four lines");
    for (line, start, told) in [
        (last[0], "✓ ", "Иван Иванов (23 November 2026"),
        (last[0], "✓ ", ", proven by a timestamp)."),
        (last[1], "✓ ", "Анна Иванова (23 November 2026"),
        (last[1], "✓ ", " by their own clock, not proven)."),
        (last[2], "? ", "plain.pdf: The file has no signature."),
        (last[3], "✕ ", "no-such-file.pdf"),
    ] {
        assert!(
            line.starts_with(start) && line.contains(told),
            "{told}: {line}"
        );
    }
    let alone = text(
        &town
            .verify(&[&more[..], &[stamped.as_str()]].concat())
            .stdout,
    );
    assert!(!alone.contains("proven by a timestamp)."), "{alone}");
    let json = ["--json", "--lang", "ru", &stamped, "no-such-file.pdf"];
    let json = town.verify(&[&more[..], &json].concat());
    let reports: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let summary = reports[0]["summary"].as_str().expect("a summary");
    assert!(summary.starts_with("Подпись действительна; "), "{summary}");
    assert_eq!(reports[1]["summary"], reports[1]["error"]);
}
