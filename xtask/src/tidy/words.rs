//! One word, one thing (rules 18 and 24): names that say nothing, and words that mean too much.
//!
//! A banned word is looked for as a whole identifier, where we chose the name. Where somebody else
//! chose it, it may stand: a method or field after a dot, a path segment after `::`, a macro, an
//! attribute, an import. Types of other crates (`web::Data`, `StatusCode`) are spelt with a capital
//! and are not looked at unless we declare one.

use super::Finding;
use crate::rust::{Kind, Source};

/// Words banned as identifiers, with the word that is meant.
const BANNED: [(&str, &str); 6] = [
    ("doc", "document"),
    ("data", "say which: bytes, row, card, fields"),
    ("info", "say which: facts, summary, details"),
    ("item", "say which: task, row, entry, part"),
    ("status", "state; `status` is HTTP's alone"),
    ("user", "actor, assignee, person or login"),
];

/// Where a banned word is the standard's own, and whose.
const FOREIGN: [(&str, &str, &str); 8] = [
    (
        "crates/chancery-pdf/",
        "info",
        "ISO 32000-2, 14.3.3: the Info dictionary",
    ),
    (
        "src/pdf_worker",
        "info",
        "ISO 32000-2, 14.3.3: the Info dictionary",
    ),
    (
        "crates/chancery-signature/",
        "status",
        "RFC 6960 and RFC 3161 name it so",
    ),
    ("src/web/", "status", "HTTP"),
    (
        "src/app/idempotency",
        "status",
        "HTTP: the answer that is repeated",
    ),
    ("src/demo", "status", "HTTP"),
    ("src/blob/", "status", "HTTP"),
    ("src/pdf_worker", "status", "the exit status of a process"),
];

/// Modules and types that are named by what they are not.
const EMPTY_NAMES: [&str; 10] = [
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "managers",
    "processor",
    "processors",
];

/// Checks one file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = check_path(source).into_iter().collect();
    let mut in_use = false;
    for (at, token) in source.code.iter().enumerate() {
        if token.kind != Kind::Name || source.is_attribute(at) {
            in_use &= !token.is(";");
            continue;
        }
        in_use |= token.text == "use";
        findings.extend(check_declaration(source, at));
        if !in_use || source.before(at, 1) == "as" {
            findings.extend(check_word(source, at));
        }
    }
    findings
}

fn check_path(source: &Source<'_>) -> Option<Finding> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    let named = parts.into_iter().find(|part| EMPTY_NAMES.contains(part))?;
    let message = format!("a file or folder is called {named}");
    Some(Finding::new(source, 1, "empty-name", message).help("name it by what is in it (rule 18)"))
}

/// `mod utils`, `struct TaskManager`, `struct Data`.
fn check_declaration(source: &Source<'_>, at: usize) -> Option<Finding> {
    let keyword = source.before(at, 1);
    let name = source.code[at].text;
    let (rule, help) = match keyword {
        "mod" if EMPTY_NAMES.contains(&name) => ("empty-name", "name it by what is in it"),
        "struct" | "enum" | "trait" | "union" => {
            let last = last_word(name).to_lowercase();
            let whole = BANNED.iter().find(|(word, _)| *word == name.to_lowercase());
            match (EMPTY_NAMES.contains(&last.as_str()), whole) {
                (true, _) => ("empty-name", "name the type by what it is (rule 18)"),
                (false, Some((_, instead))) => ("banned-word", *instead),
                (false, None) => return None,
            }
        }
        _ => return None,
    };
    let line = source.code[at].line;
    Some(Finding::new(source, line, rule, format!("{keyword} {name}")).help(help))
}

fn check_word(source: &Source<'_>, at: usize) -> Option<Finding> {
    let name = source.code[at].text;
    let (word, instead) = BANNED.iter().find(|(word, _)| *word == name)?;
    let theirs = [".", "::"].contains(&source.before(at, 1))
        || ["!", "::"].contains(&source.after(at, 1))
        || (source.before(at, 1) == ":" && source.before(at, 3) == "$");
    let http_in_tests = *word == "status" && source.is_test(at);
    let foreign = FOREIGN
        .iter()
        .any(|(path, each, _)| each == word && source.path.starts_with(path));
    let chores = *word == "status" && source.path.starts_with("xtask/");
    if theirs || http_in_tests || foreign || chores {
        return None;
    }
    let message = format!("`{name}` as a name");
    Some(Finding::new(source, source.code[at].line, "banned-word", message).help(instead))
}

/// The last word of `CamelCase`.
fn last_word(name: &str) -> &str {
    name.rfind(|letter: char| letter.is_uppercase())
        .map_or(name, |at| &name[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::breaches;

    #[test]
    fn each_banned_word_is_found() {
        for (word, _) in BANNED {
            for text in [
                format!("fn f({word}: u8) {{}}"),
                format!("struct A {{ {word}: u8 }}"),
                format!("fn f() {{ let {word} = 1; }}"),
                format!("use other::thing as {word};"),
            ] {
                assert_eq!(breaches("src/app/x.rs", &text), ["banned-word"], "{text}");
            }
        }
        assert_eq!(breaches("src/app/x.rs", "struct User;"), ["banned-word"]);
    }

    #[test]
    fn words_of_others_may_stand() {
        for text in [
            "fn f(app: web::Data<App>) { answer.status(); }",
            "use tracing::info;\nfn f() { info!(\"sent\"); tracing::info!(\"x\"); }",
            "#[doc(hidden)]\nfn f() { let code = StatusCode::OK; }",
            "impl Iterator for A { type Item = u8; }",
            "// the user's data\nfn f() { say(\"item\"); }",
        ] {
            assert_eq!(breaches("src/jobs/x.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_status_of_http_may_stand_in_web() {
        let text = "fn f() { let status = answer.status(); }";
        assert_eq!(breaches("src/web/problem.rs", text), [""; 0]);
        assert_eq!(breaches("src/domain/document.rs", text), ["banned-word"]);
    }

    #[test]
    fn empty_names_are_found() {
        assert_eq!(breaches("src/app/utils.rs", ""), ["empty-name"]);
        assert_eq!(breaches("src/web/common/mod.rs", ""), ["empty-name"]);
        assert_eq!(breaches("src/app/mod.rs", "mod helpers;"), ["empty-name"]);
        assert_eq!(
            breaches("src/app/x.rs", "pub struct TaskManager;"),
            ["empty-name"]
        );
        assert_eq!(
            breaches("src/app/x.rs", "fn f(manager_id: u8, manager: u8) {}"),
            [""; 0]
        );
    }
}
