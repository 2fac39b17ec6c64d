//! What the program says of its own arguments, in the reader's language: help and complaints.
//!
//! The English help is the documentation of the arguments, as `clap` takes it. The Russian one is
//! found by it in `locales/help.ru.toml`; a test sees to it that no text is missing there and none
//! is left over.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::sync::LazyLock;

use chancery_types::Locale;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::config;
use crate::i18n::{self, Value};

/// By the English text.
static RUSSIAN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../locales/help.ru.toml")).unwrap_or_default()
});

/// The usage behind the heading, which `clap` writes in English only.
const TEMPLATE: &str =
    "{before-help}{about-with-newline}\n%usage%: {usage}\n\n{all-args}{after-help}";

/// The language that the arguments ask for, else the terminal's: before they are understood, since
/// what is wrong with them is said in it.
pub(super) fn language(arguments: &[OsString]) -> Locale {
    let texts = || arguments.iter().map(|text| text.to_string_lossy());
    let joined = texts().find_map(|text| Some(text.strip_prefix("--lang=")?.to_owned()));
    let behind = texts().skip_while(|text| text != "--lang").nth(1);
    let asked = joined.or_else(|| behind.map(String::from));
    let asked = asked.and_then(|code| Locale::from_code(&code));
    asked.unwrap_or_else(config::terminal_locale)
}

/// The command with its help in `locale`.
pub(super) fn told(mut command: Command, locale: Locale) -> Command {
    match locale {
        Locale::En => command,
        Locale::Ru => {
            // What `clap` adds is there only then.
            command.build();
            in_russian(command)
        }
    }
}

fn in_russian(command: Command) -> Command {
    let about = command.get_about().map(russian);
    let long_about = command.get_long_about().map(russian);
    let after = command.get_after_help().map(russian);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect();
    let usage = i18n::t(Locale::Ru, "cli-usage", &[]);
    let mut command = command
        .subcommand_help_heading(i18n::t(Locale::Ru, "cli-commands", &[]))
        .help_template(TEMPLATE.replace("%usage%", &usage))
        .mut_args(argument_in_russian);
    if let Some(text) = about {
        command = command.about(text);
    }
    if let Some(text) = long_about {
        command = command.long_about(text);
    }
    if let Some(text) = after {
        command = command.after_help(text);
    }
    for name in names {
        command = command.mut_subcommand(name, in_russian);
    }
    command
}

fn argument_in_russian(argument: Arg) -> Arg {
    let heading = match argument.is_positional() {
        true => "cli-arguments",
        false => "cli-options",
    };
    let notes = notes(&argument);
    let said = |text: &StyledStr| format!("{}{notes}", russian(text));
    let help = argument.get_help().map(said).unwrap_or_default();
    let long = argument.get_long_help().map(said);
    let argument = match long {
        Some(text) => argument.long_help(text),
        None => argument,
    };
    argument
        .help_heading(i18n::t(Locale::Ru, heading, &[]))
        .help(help)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

/// What is known of an argument beside its help, as `clap` says it behind that in English only.
fn notes(argument: &Arg) -> String {
    let mut notes = String::new();
    let mut note = |key: &str, value: &str| {
        let text = i18n::t(Locale::Ru, key, &[("value", Value::from(value))]);
        let _ = write!(notes, " [{text}]");
    };
    if argument.get_action().takes_values() {
        let values = argument.get_possible_values();
        let told = values.iter().map(|value| match value.get_help() {
            Some(help) => format!("{} ({})", value.get_name(), russian(help)),
            None => value.get_name().to_owned(),
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            note("cli-values", &told.join(", "));
        }
        let defaults = argument.get_default_values().iter();
        let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() && !argument.is_hide_default_value_set() {
            note("cli-default", &defaults.join(","));
        }
    }
    if let Some(name) = argument.get_env() {
        note("cli-variable", &name.to_string_lossy());
    }
    notes
}

fn russian(text: &StyledStr) -> String {
    let text = text.to_string();
    RUSSIAN.get(&text).cloned().unwrap_or(text)
}

/// What is wrong with the arguments, what they should be, and where more is told. `None` for what
/// is no complaint, such as the help that was asked for.
pub(super) fn complaint(error: &clap::Error, command: &str, locale: Locale) -> Option<String> {
    let context = |kind: ContextKind| error.get(kind).map(values).filter(|text| !text.is_empty());
    let argument = || context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue);
    // As texts: a number that was typed stays as it was typed.
    let say = |key: &str, args: &[(&str, &str)]| {
        let args: Vec<_> = args
            .iter()
            .map(|(name, text)| (*name, Value::from(*text)))
            .collect();
        i18n::t(locale, key, &args)
    };
    let mut text = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::UnknownArgument => say("cli-unknown", &[("argument", &argument())]),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            say("cli-unknown-command", &[("command", &name)])
        }
        ErrorKind::MissingSubcommand => say("cli-missing-command", &[]),
        ErrorKind::MissingRequiredArgument => say("cli-missing", &[("arguments", &argument())]),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            match other == argument() || other.is_empty() {
                true => say("cli-twice", &[("argument", &argument())]),
                false => say(
                    "cli-conflict",
                    &[("argument", &argument()), ("other", &other)],
                ),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_some() => {
            let value = value.unwrap_or_default();
            say("cli-value", &[("argument", &argument()), ("value", &value)])
        }
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say("cli-no-value", &[("argument", &argument())])
        }
        ErrorKind::TooManyValues => say("cli-too-many", &[("argument", &argument())]),
        ErrorKind::InvalidUtf8 => say("cli-not-unicode", &[]),
        _ => say("cli-other", &[]),
    };
    if error.kind() == ErrorKind::ValueValidation
        && let Some(why) = std::error::Error::source(error)
    {
        let why = why.to_string();
        let why = RUSSIAN
            .get(&why)
            .filter(|_| locale == Locale::Ru)
            .unwrap_or(&why);
        let _ = write!(text, ": {why}");
    }
    let hints = [
        ("cli-may-be", ContextKind::ValidValue),
        ("cli-did-you-mean", ContextKind::SuggestedArg),
        ("cli-did-you-mean", ContextKind::SuggestedSubcommand),
        ("cli-did-you-mean", ContextKind::SuggestedValue),
    ];
    for (key, kind) in hints {
        if let Some(found) = context(kind) {
            let _ = write!(text, "\n  {}", say(key, &[("value", &found)]));
        }
    }
    let more = say("cli-more", &[("command", command)]);
    Some(format!("chancery: {text}\n{more}\n"))
}

fn values(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}

/// The command that the arguments name, as far as they name one: `chancery workflow check`.
pub(super) fn named(command: &Command, arguments: &[OsString]) -> String {
    let mut name = command.get_name().to_owned();
    let mut here = command;
    for argument in arguments.iter().skip(1) {
        let Some(next) = here.find_subcommand(argument) else {
            break;
        };
        here = next;
        let _ = write!(name, " {}", here.get_name());
    }
    name
}

#[cfg(test)]
mod tests;
