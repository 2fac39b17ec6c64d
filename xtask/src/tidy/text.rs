//! What files say: a header on each (rule 20), and no sentence in Russian outside the locales.

use super::Finding;
use crate::rust::{Kind, Source};

/// Files whose strings are names that somebody else chose in Russian, and whose.
const FOREIGN_NAMES: [(&str, &str); 3] = [
    (
        "crates/chancery-trust/src/power/names.rs",
        "elements and attributes of the Federal Tax Service's XML",
    ),
    (
        "crates/chancery-trust/src/power/known_names.rs",
        "elements and attributes of the Federal Tax Service's XML",
    ),
    (
        "crates/chancery-trust/src/list/accredited_names.rs",
        "elements of the list of accredited certification centres",
    ),
];

/// Checks one Rust file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.text.starts_with("//!") {
        let message = "the file does not open with //!".to_owned();
        let help = "say what it is for, in one sentence (rule 20)";
        findings.push(Finding::new(source, 1, "header", message).help(help));
    }
    let foreign = FOREIGN_NAMES.iter().any(|(path, _)| *path == source.path);
    let shown = !foreign && (source.path.starts_with("src/") || source.path.starts_with("crates/"));
    for (at, token) in source.code.iter().enumerate() {
        if shown && token.kind == Kind::Text && !source.is_test(at) && has_cyrillic(token.text) {
            let message = "Cyrillic in a string".to_owned();
            let help =
                "sentences stand in locales/{ru,en}/*.ftl, names of the demo in its data files";
            findings.push(Finding::new(source, token.line, "cyrillic", message).help(help));
        }
    }
    for comment in &source.comments {
        let unfinished = ["TODO", "FIXME", "XXX"]
            .iter()
            .find(|mark| comment.text.contains(*mark));
        if let Some(mark) = unfinished.filter(|_| !source.path.starts_with("xtask/")) {
            let message = format!("{mark} in a comment");
            let help = "finish it, refuse it clearly, or open an issue";
            findings.push(Finding::new(source, comment.line, "unfinished", message).help(help));
        }
    }
    findings
}

/// Checks one template: every word a reader sees comes from the locales.
pub fn check_template(path: &str, text: &str) -> Vec<Finding> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| has_cyrillic(line));
    lines
        .map(|(index, _)| Finding {
            path: path.to_owned(),
            line: index + 1,
            rule: "cyrillic",
            message: "Cyrillic in a template".to_owned(),
            help: "sentences stand in locales/{ru,en}/*.ftl",
        })
        .collect()
}

fn has_cyrillic(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{400}'..='\u{52f}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{breaches, check_rust};

    #[test]
    fn a_file_without_a_header_is_found() {
        let found = check_rust("src/app/x.rs", "use std::fmt;\n");
        assert_eq!(
            found.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
            ["header"]
        );
    }

    #[test]
    fn russian_sentences_stand_in_the_locales() {
        assert_eq!(
            breaches("src/web/x.rs", "const A: &str = \"Договор\";"),
            ["cyrillic"]
        );
        assert_eq!(
            breaches("src/web/x.rs", "// Договор\nconst A: char = '№';"),
            [""; 0]
        );
        assert_eq!(
            breaches("tests/it/x.rs", "const A: &str = \"Договор\";"),
            [""; 0]
        );
        assert_eq!(
            check_template("templates/a.html", "<p>ok</p>\n<p>Да</p>").len(),
            1
        );
    }

    #[test]
    fn an_unfinished_mark_is_found() {
        assert_eq!(breaches("src/web/x.rs", "// TODO: later"), ["unfinished"]);
    }
}
