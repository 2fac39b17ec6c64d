//! Help in both languages, and complaints about arguments.

use std::collections::BTreeSet;

use super::*;
use crate::cli::{Arguments, understood};
use clap::CommandFactory as _;

/// Every text of a command and of those beneath it.
fn texts(command: &Command, found: &mut BTreeSet<String>) {
    let own = [
        command.get_about(),
        command.get_long_about(),
        command.get_after_help(),
    ];
    found.extend(own.into_iter().flatten().map(ToString::to_string));
    for argument in command.get_arguments() {
        let helps = [argument.get_help(), argument.get_long_help()];
        found.extend(helps.into_iter().flatten().map(ToString::to_string));
        let values = argument.get_possible_values();
        if argument.get_action().takes_values() {
            found.extend(
                values
                    .iter()
                    .filter_map(|one| one.get_help())
                    .map(ToString::to_string),
            );
        }
    }
    command.get_subcommands().for_each(|one| texts(one, found));
}

/// What parsers of values say of a value that is none: causes of complaints.
const CAUSES: [&str; 2] = ["ru or en", "`ru` or `en`"];

#[test]
fn every_text_of_the_help_is_there_in_russian_and_none_is_left_over() {
    let mut command = Arguments::command();
    command.build();
    let mut found = BTreeSet::new();
    texts(&command, &mut found);
    found.extend(CAUSES.map(str::to_owned));
    assert!(found.len() > 100, "{}", found.len());
    let missing: Vec<_> = found
        .iter()
        .filter(|text| !RUSSIAN.contains_key(*text))
        .collect();
    assert!(missing.is_empty(), "no Russian for {missing:#?}");
    let left: Vec<_> = RUSSIAN
        .keys()
        .filter(|text| !found.contains(*text))
        .collect();
    assert!(left.is_empty(), "not said any more: {left:#?}");
}

/// Whether a line speaks English: two words of Latin letters beside each other.
fn is_english(line: &str) -> bool {
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<_> = line.split(' ').collect();
    words.windows(2).any(|pair| pair.iter().all(is_word))
}

fn helps(command: &mut Command, found: &mut Vec<String>) {
    found.push(command.render_long_help().to_string());
    found.push(command.render_help().to_string());
    for one in command.get_subcommands_mut() {
        helps(one, found);
    }
}

#[test]
fn help_in_russian_has_no_line_in_english() {
    let mut found = Vec::new();
    helps(&mut told(Arguments::command(), Locale::Ru), &mut found);
    assert!(found.len() > 60, "{}", found.len());
    for help in &found {
        assert!(help.contains("Использование: chancery"), "{help}");
        for line in help.lines().filter(|line| !line.contains("Использование")) {
            assert!(!is_english(line), "{line}\nof\n{help}");
        }
    }
}

fn said(locale: Locale, arguments: &str) -> String {
    let arguments: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
    let mut command = told(Arguments::command(), locale);
    let name = named(&command, &arguments);
    let refused = command.try_get_matches_from_mut(arguments).err();
    complaint(&refused.expect("refused"), &name, locale).expect("a complaint")
}

#[test]
fn what_is_wrong_with_arguments_is_said_in_the_readers_language() {
    for (arguments, russian, english) in [
        (
            "chancery verify --jsn a.pdf",
            "chancery: неизвестный аргумент --jsn\n  похоже на --json\n\
             Что принимает команда: chancery verify --help\n",
            "chancery: unknown argument --jsn\n  did you mean --json?\n\
             What the command takes: chancery verify --help\n",
        ),
        (
            "chancery verfy a.pdf",
            "chancery: неизвестная команда verfy\n  похоже на verify\n\
             Что принимает команда: chancery --help\n",
            "chancery: unknown command verfy\n  did you mean verify?\n\
             What the command takes: chancery --help\n",
        ),
        (
            "chancery verify",
            "chancery: не хватает: <FILE>...\nЧто принимает команда: chancery verify --help\n",
            "chancery: missing: <FILE>...\nWhat the command takes: chancery verify --help\n",
        ),
        (
            "chancery workflow explore a.yaml --rounds 1000",
            "chancery: --rounds <N> не принимает значение «1000»: 1000 is not in 1..=10\n\
             Что принимает команда: chancery workflow explore --help\n",
            "chancery: --rounds <N> does not take the value “1000”: 1000 is not in 1..=10\n\
             What the command takes: chancery workflow explore --help\n",
        ),
        (
            "chancery verify --lang de a.pdf",
            "chancery: --lang <ru|en> не принимает значение «de»: ru или en\n\
             Что принимает команда: chancery verify --help\n",
            "chancery: --lang <ru|en> does not take the value “de”: ru or en\n\
             What the command takes: chancery verify --help\n",
        ),
        (
            "chancery workflow diagram --format pdf a.yaml",
            "chancery: --format <FORMAT> не принимает значение «pdf»\n  возможные значения: mermaid, svg\n\
             Что принимает команда: chancery workflow diagram --help\n",
            "chancery: --format <FORMAT> does not take the value “pdf”\n  possible values: mermaid, svg\n\
             What the command takes: chancery workflow diagram --help\n",
        ),
        (
            "chancery verify --at",
            "chancery: для --at <RFC3339> не указано значение\n\
             Что принимает команда: chancery verify --help\n",
            "chancery: --at <RFC3339> needs a value\n\
             What the command takes: chancery verify --help\n",
        ),
        (
            "chancery verify --json --json a.pdf",
            "chancery: --json нельзя указать дважды\n\
             Что принимает команда: chancery verify --help\n",
            "chancery: --json cannot be given twice\n\
             What the command takes: chancery verify --help\n",
        ),
    ] {
        assert_eq!(said(Locale::Ru, arguments), russian);
        assert_eq!(said(Locale::En, arguments), english);
    }
}

#[test]
fn the_language_is_read_before_the_arguments_are() {
    let of = |text: &str| {
        let arguments: Vec<OsString> = text.split(' ').map(OsString::from).collect();
        language(&arguments)
    };
    assert_eq!(of("chancery verify --lang ru --nonsense"), Locale::Ru);
    assert_eq!(of("chancery verify --lang=ru"), Locale::Ru);
    assert_eq!(of("chancery verify --lang en"), Locale::En);
    assert_eq!(of("chancery verify --lang"), config::terminal_locale());
}

/// The program understands the same in both languages.
#[test]
fn arguments_are_understood_whatever_the_language() {
    for lang in ["ru", "en"] {
        let line = ["chancery", "verify", "--lang", lang, "--json", "a.pdf"];
        assert!(understood(line.map(OsString::from).to_vec()).is_ok());
    }
}
