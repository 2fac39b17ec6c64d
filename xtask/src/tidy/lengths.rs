//! How long things may be (rules 7 and 19): what fits a screen is read whole.

use super::Finding;
use crate::rust::{Kind, Source, Token};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const HANDLER_LINES_MAX: usize = 25;
const LINE_CHARACTERS_MAX: usize = 100;

const HANDLER_FOLDERS: [&str; 2] = ["src/web/api/", "src/web/pages/"];
const HANDLER_VERBS: [&str; 5] = ["get_", "post_", "put_", "patch_", "delete_"];

/// Checks one file.
pub fn check(source: &Source<'_>) -> Vec<Finding> {
    let mut findings = check_lines(source);
    let lines = if source.is_test_file() {
        0
    } else {
        source.lines_outside_tests()
    };
    if lines > FILE_LINES_MAX {
        let message = format!("{lines} lines without tests; at most {FILE_LINES_MAX}");
        findings.push(Finding::new(source, 1, "file-length", message).help("split it by meaning"));
    }
    for (at, body) in source.functions() {
        if source.is_test(at) {
            continue;
        }
        let first = source.code[at].line;
        let (open, close) = (source.code[body.start].line, source.code[body.end - 1].line);
        let name = source.after(at, 1);
        let lines = close - first + 1;
        if lines > FUNCTION_LINES_MAX {
            let message = format!("{name} has {lines} lines; at most {FUNCTION_LINES_MAX}");
            let help = "keep the branches in the parent and move the leaves out";
            findings.push(Finding::new(source, first, "function-length", message).help(help));
        }
        let is_handler = HANDLER_FOLDERS
            .iter()
            .any(|folder| source.path.starts_with(folder))
            && HANDLER_VERBS.iter().any(|verb| name.starts_with(verb));
        let inside = (close - open).saturating_sub(1);
        if is_handler && inside > HANDLER_LINES_MAX {
            let message = format!("handler {name} has {inside} lines; at most {HANDLER_LINES_MAX}");
            let help = "a handler extracts, calls one use case and presents (rule 7)";
            findings.push(Finding::new(source, first, "handler-length", message).help(help));
        }
    }
    findings
}

/// Lines too long. A line that is one unbroken word, such as a digest or an address, cannot be
/// broken and may stand; so may what a test expects to read, within a text of several lines.
fn check_lines(source: &Source<'_>) -> Vec<Finding> {
    let expected = |line: usize| {
        let longer = |token: &Token<'_>| token.kind == Kind::Text && token.last_line > token.line;
        let around = |token: &Token<'_>| (token.line..=token.last_line).contains(&line);
        let mut texts = source.code.iter().enumerate();
        texts.any(|(at, token)| source.is_test(at) && longer(token) && around(token))
    };
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(source.text.lines()) {
        let characters = text.chars().count();
        let words = text.trim_start_matches([' ', '/', '!']);
        let breakable = words.trim_end().contains(char::is_whitespace);
        if characters > LINE_CHARACTERS_MAX && breakable && !expected(line) {
            let message = format!("{characters} characters; at most {LINE_CHARACTERS_MAX}");
            findings.push(Finding::new(source, line, "line-length", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::tidy::breaches;

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "fn f() {}\n".repeat(500);
        assert_eq!(breaches("src/app/x.rs", &long), ["file-length"]);
        assert_eq!(breaches("tests/it/x.rs", &long), [""; 0]);
        let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert_eq!(breaches("src/app/x.rs", &tested), [""; 0]);
    }

    #[test]
    fn a_long_function_is_found() {
        let body = "    work();\n".repeat(69);
        let function = format!("fn f(\n) {{\n{body}}}\n");
        assert_eq!(breaches("src/app/x.rs", &function), ["function-length"]);
        let in_test = format!("#[test]\n{function}");
        assert_eq!(breaches("src/app/x.rs", &in_test), [""; 0]);
    }

    #[test]
    fn a_long_handler_is_found() {
        let body = "    work();\n".repeat(26);
        let handler = format!("pub async fn post_decision(\n) {{\n{body}}}\n");
        assert_eq!(
            breaches("src/web/api/tasks.rs", &handler),
            ["handler-length"]
        );
        assert_eq!(breaches("src/web/session.rs", &handler), [""; 0]);
    }

    #[test]
    fn a_test_may_expect_a_long_line_of_text() {
        let text = format!("const A: &str = \"\n{}\n\";", "ab ".repeat(40));
        assert_eq!(breaches("tests/it/x.rs", &text), [""; 0]);
        assert_eq!(breaches("src/app/x.rs", &text), ["line-length"]);
    }

    #[test]
    fn a_long_line_is_found_unless_it_is_one_word() {
        assert_eq!(
            breaches("src/app/x.rs", &format!("// {}", "ab ".repeat(40))),
            ["line-length"]
        );
        assert_eq!(
            breaches("src/app/x.rs", &format!("// {}", "ab".repeat(60))),
            [""; 0]
        );
    }
}
