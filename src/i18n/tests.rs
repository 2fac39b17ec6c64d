//! The locale files: the same keys and variables in both languages, none missing, none unused.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::*;

/// Every key of a language with its variables and the file it stands in.
fn keys(locale: Locale) -> BTreeMap<String, (BTreeSet<String>, String)> {
    let mut found = BTreeMap::new();
    let folder = format!("{}/", locale.code());
    for name in Files::iter().filter(|name| name.starts_with(&folder)) {
        let text = String::from_utf8(Files::get(&name).expect("a file").data.into_owned());
        let text = text.expect("UTF-8");
        let parsed = FluentResource::try_new(text.clone());
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err().map(|e| e.1));
        let mut key = None;
        for line in text.lines() {
            if let Some((start, _)) = line.split_once(" =").filter(|_| is_key(line)) {
                key = Some(start.to_owned());
                let file = name.to_string();
                let twice = found.insert(start.to_owned(), (BTreeSet::new(), file));
                assert!(twice.is_none(), "{name}: `{start}` is defined twice");
            }
            let Some(key) = &key else { continue };
            for part in line.split('$').skip(1) {
                let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
                let variable = part[..end.unwrap_or(part.len())].to_owned();
                let (variables, _) = found.get_mut(key).expect("a key");
                variables.insert(variable);
            }
        }
    }
    found
}

fn is_key(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_lowercase())
}

fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = ["src", "templates", "assets"].map(|f| root.join(f)).into();
    let mut all = String::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                path.read_dir()
                    .expect("a folder")
                    .map(|e| e.expect("one").path()),
            );
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            all.push_str(&text);
        }
    }
    all
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (ru, en) = (keys(Locale::Ru), keys(Locale::En));
    let differing: Vec<_> = ru
        .keys()
        .chain(en.keys())
        .filter(|key| ru.get(*key).map(|v| &v.0) != en.get(*key).map(|v| &v.0))
        .collect();
    assert!(
        differing.is_empty(),
        "differ between ru and en: {differing:?}"
    );
}

/// What the sources have in quotes: whole keys, and beginnings completed at run time, as in
/// `"month-{…`. Read once: to look for each key in all of the sources takes half a minute.
fn quoted(sources: &str) -> (HashSet<&str>, HashSet<&str>) {
    let (mut whole, mut begun) = (HashSet::new(), HashSet::new());
    for after in sources.split('"').skip(1) {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        match end {
            None => whole.insert(after),
            Some(end) if after[end..].starts_with('{') => begun.insert(&after[..end]),
            Some(_) => false,
        };
    }
    (whole, begun)
}

/// A key is used when it stands somewhere in quotes, or when a part of it that ends in a hyphen is
/// completed at run time.
#[test]
fn no_text_is_unused() {
    let sources = sources();
    let (whole, begun) = quoted(&sources);
    let unused: Vec<String> = keys(Locale::En)
        .into_iter()
        .filter(|(key, _)| {
            let mut beginnings = key.match_indices('-').map(|(at, _)| &key[..=at]);
            let is_completed = beginnings.any(|beginning| begun.contains(beginning));
            !whole.contains(key.as_str()) && !is_completed
        })
        .map(|(key, (_, file))| format!("{file}: {key}"))
        .collect();
    assert!(unused.is_empty(), "unused texts: {unused:#?}");
}

#[test]
fn no_text_is_missing() {
    let sources = sources();
    let known = keys(Locale::En);
    let mut missing = BTreeSet::new();
    for call in [
        ".t(\"",
        ".t1(\"",
        ".t2(\"",
        "t(locale, \"",
        "t(self.locale, \"",
    ] {
        for after in sources.split(call).skip(1) {
            let key = after.split('"').next().unwrap_or("");
            if is_key(key) && !known.contains_key(key) {
                missing.insert(key.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "missing texts: {missing:#?}");
}

#[test]
fn russian_plurals_have_three_forms() {
    let text = |n: i64| t(Locale::Ru, "duration-days", &[("count", Value::from(n))]);
    assert_eq!(
        [1, 2, 5, 21].map(text),
        ["1 день", "2 дня", "5 дней", "21 день"]
    );
}

/// Goal: the rules that every organisation begins with say of each way of signing what is true of
/// it, in paragraphs. Method: keys of the page, keys that stay outside, files beside.
#[test]
fn the_first_rules_are_true_of_each_way_of_signing() {
    for (locale, words) in [
        (
            Locale::Ru,
            [
                "в браузере подписывающего",
                "своим ключом",
                "отдельным файлом",
            ],
        ),
        (
            Locale::En,
            [
                "in the signer's browser",
                "a key of their own",
                "a file of its own",
            ],
        ),
    ] {
        let name = [("organisation", Value::from("Вектор"))];
        let rules = t(locale, "default-signing-rules", &name);
        assert_eq!(rules.lines().filter(|line| !line.is_empty()).count(), 9);
        for word in words {
            assert!(rules.contains(word), "{word}: {rules}");
        }
    }
}

/// Goal: bytes are counted in the language's own forms, and names quoted by its own marks.
#[test]
fn bytes_are_counted_and_names_quoted_as_the_language_does() {
    let ru = Formats::new(Locale::Ru, "UTC");
    let told = [1, 2, 5, 21, 8_194].map(|count| ru.bytes(count).replace('\u{a0}', " "));
    assert_eq!(
        told,
        ["1 байт", "2 байта", "5 байт", "21 байт", "8 194 байта"]
    );
    let en = Formats::new(Locale::En, "UTC");
    assert_eq!(en.bytes(1), "1 byte");
    assert_eq!(en.bytes(8_194), "8,194 bytes");
    assert_eq!(super::quoted(Locale::Ru, "Счёт"), "«Счёт»");
    assert_eq!(super::quoted(Locale::En, "Account"), "“Account”");
}

/// Goal: nobody is spoken of with a bracketed ending, and no sentence that may stand first in a
/// verdict names an object of the file by its number: that is for the technical details.
#[test]
fn sentences_are_for_people() {
    for locale in [Locale::Ru, Locale::En] {
        let folder = format!("{}/", locale.code());
        for name in Files::iter().filter(|name| name.starts_with(&folder)) {
            let text = Files::get(&name).expect("a file").data.into_owned();
            let text = String::from_utf8(text).expect("UTF-8");
            for ending in ["(а)", "(ла)", "(на)", "(ась)", "(лась)"] {
                assert!(!text.contains(ending), "{name}: {ending}");
            }
        }
        let reasons = keys(locale).into_iter();
        for (key, (variables, _)) in reasons.filter(|(key, _)| key.starts_with("verify-reason-")) {
            assert!(!variables.contains("object"), "{key}");
        }
    }
}
