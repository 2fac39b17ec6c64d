//! Workflows that are not what they should be: the command and the start of the server.

use std::process::Command;

use tempfile::TempDir;

use crate::support::write_workflows;

const CHAIN: &str = "apiVersion: approvals/v1
id: bad
version: 1
title: { ru: Плохой, en: Bad }
document: { type: contract }
stages:
  - id: two
    type: approve
    title: { ru: Двое, en: Two }
    assignees: [{ manager_of: initiator }, { head_of: initiator }]
    quorum: all
";

/// A chain, and what the command says of it after its path.
struct Bad {
    from: &'static str,
    to: &'static str,
    place: &'static str,
    ru: &'static str,
    en: &'static str,
}

const BAD: [Bad; 3] = [
    Bad {
        from: "quorum: all",
        to: "quorm: all",
        place: ":11:5",
        ru: "ошибка[W005]: неизвестный ключ `quorm`; возможно, имелось в виду `quorum`?",
        en: "error[W005]: unknown key `quorm`; did you mean `quorum`?",
    },
    Bad {
        from: "{ head_of: initiator }",
        to: "{ role: lawer }",
        place: ":10:52",
        ru: "ошибка[W201]: в словаре нет роли `lawer`; возможно, имелось в виду `lawyer`?",
        en: "error[W201]: there is no role `lawer` in the vocabulary; did you mean `lawyer`?",
    },
    Bad {
        from: "quorum: all",
        to: "quorum: { count: 3 }",
        place: ":11:13",
        ru: "ошибка[W310]: этапу `two` нужно согласований: 3, а исполнителей не больше 2",
        en: "error[W310]: stage `two` needs 3 approvals, but its assignees are at most 2 people",
    },
];

fn chancery(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.current_dir(folder).env_clear().args(arguments);
    command.env(
        "CHANCERY__WORKFLOWS__DIRECTORY",
        folder.path().join("workflows"),
    );
    command.env(
        "CHANCERY__SECRETS__MASTER_KEY",
        "0123456789abcdef".repeat(4),
    );
    command.env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0");
    let done = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Goal: two kinds that would write the same numbers from journals of their own start no server,
/// and the second file's pattern is pointed at.
#[test]
fn two_journals_with_one_pattern_are_refused_with_their_place() {
    let folder = TempDir::new().expect("a folder");
    write_workflows(&folder.path().join("workflows"), |_, text| text);
    let path = folder.path().join("workflows/kinds/invoice.yaml");
    let source = std::fs::read_to_string(&path).expect("a kind");
    let start = source.find("pattern: \"").expect("a pattern") + "pattern: \"".len();
    let end = start + source[start..].find('"').expect("its end");
    let mut bad = source.clone();
    bad.replace_range(start..end, "Д-{year}-{number}");
    std::fs::write(&path, &bad).expect("written");
    let line = bad[..start].lines().count();
    let (code, _, said) = chancery(&folder, &["serve"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error[W103]: kind `contract` counts in the journal `contracts`"));
    assert!(said.contains(&format!("invoice.yaml:{line}:")), "{said}");
}

/// Goal: a misspelt key, an unknown role and a quorum of three among two are each shown with line,
/// column and what to do, in both languages and as JSON; the server does not start on such a file,
/// says the same, and makes nothing.
#[test]
fn a_bad_chain_is_shown_with_its_place_and_starts_no_server() {
    for bad in BAD {
        let folder = TempDir::new().expect("a folder");
        write_workflows(&folder.path().join("workflows"), |_, text| text);
        let path = "workflows/chains/bad.yaml";
        assert!(CHAIN.contains(bad.from));
        let source = CHAIN.replacen(bad.from, bad.to, 1);
        std::fs::write(folder.path().join(path), source).expect("written");
        for (lang, words) in [("ru", bad.ru), ("en", bad.en)] {
            let arguments = ["workflow", "check", "--lang", lang, path];
            let (code, said, wrong) = chancery(&folder, &arguments);
            assert_eq!(code, Some(1), "{said}{wrong}");
            let start = format!("{words}\n  --> {path}{}\n", bad.place);
            assert!(said.starts_with(&start), "{said}\nis not\n{start}");
            assert!(said.contains("^"), "{said}");
            let arguments = ["workflow", "check", "--json", "--lang", lang, path];
            let (_, said, _) = chancery(&folder, &arguments);
            let found: serde_json::Value = serde_json::from_str(&said).expect("JSON");
            let place = format!(":{}:{}", found[0]["line"], found[0]["column"]);
            assert_eq!(place, bad.place);
            assert!(
                words.ends_with(found[0]["text"].as_str().expect("words")),
                "{said}"
            );
        }
        let (code, _, said) = chancery(&folder, &["serve"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(bad.en) && said.contains(bad.place), "{said}");
        let made = folder.path().join("data");
        assert!(!made.exists(), "it touched nothing");
    }
}
