//! What is said where the term of a certificate has ended by the time of the check, and of pages
//! that came or went after signing.

use super::given::Folder;
use super::signed::{Authority, moment, signed_by, small_pdf};
use super::{chancery, text};

/// What the command says of a file, in a language.
fn said(language: &str, arguments: &[&str]) -> String {
    let arguments = [&["--lang", language], arguments].concat();
    text(&chancery(&arguments).stdout).to_owned()
}

/// Goal: a past end of a term never stands unexplained. Method: a signature with a timestamp and
/// one without, of a certificate that was valid for a day, judged years later and, the second one,
/// at a moment within the term; in both languages.
#[test]
fn a_term_that_has_ended_is_told_with_what_follows() {
    let folder = Folder::new();
    let authority = Authority::new();
    let root = folder.keep("root.pem", authority.root_pem().as_bytes());
    let proven = folder.keep("proven.pdf", &authority.sign_pdf(&small_pdf()));
    let bare = signed_by(&small_pdf(), |spans| authority.sign_unproven(spans));
    let bare = folder.keep("bare.pdf", &bare);
    let then = moment().plus_seconds(60).to_string();
    let judged = |file: &str, at: &str, language: &str| {
        said(language, &["--trust", &root, "--at", at, file])
    };
    let years_later = "2031-01-01T00:00:00Z";
    for (language, counts, open, chosen) in [
        (
            "en",
            "a trusted timestamp proves that the signature was made before the end",
            "nothing proves that the signature was made before the end",
            "a check of today would not confirm it",
        ),
        (
            "ru",
            "доверенный штамп времени доказывает, что подпись сделана до конца срока",
            "ничто не доказывает, что подпись сделана до его конца",
            "сегодняшняя проверка её не подтвердит",
        ),
    ] {
        let told = judged(&proven, years_later, language);
        assert!(told.contains(counts) && !told.contains(open), "{told}");
        let told = judged(&bare, years_later, language);
        assert!(told.contains(open) && !told.contains(counts), "{told}");
        let told = judged(&bare, &then, language);
        assert!(told.contains(chosen), "{told}");
        // Only one certificate of the three has ended by the day of the test.
        let told = judged(&proven, &then, language);
        assert_eq!(told.matches(counts).count(), 1, "{told}");
    }
}

/// Goal: the first sentence of a file with a page too many names the page. Method: the only page
/// stands beside a new one after signing, in both languages.
#[test]
fn a_page_that_was_put_in_is_named_in_the_first_sentence() {
    let folder = Folder::new();
    let signed = Authority::new().sign_pdf(&small_pdf());
    let grown = super::revisions::with_a_page_more(&signed);
    let file = folder.keep("grown.pdf", &grown);
    for (language, lead) in [
        ("en", "A page was put in after signing: page 2"),
        ("ru", "После подписания добавили 1 страницу: страницу 2"),
    ] {
        let told = said(language, &[&file]);
        let second = told.lines().nth(1).unwrap_or_default();
        assert!(second.contains(lead), "{told}");
    }
}
