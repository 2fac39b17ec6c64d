//! `chancery workflow names`: the words that a chain may use, as the files of the house have them.

use std::path::PathBuf;
use std::process::ExitCode;

use chancery_types::{Locale, Localized};
use chancery_workflow::kind::Field;
use chancery_workflow::{Kind, Parameter, ParameterValue};
use clap::Args;
use serde_json::Value;

use super::show::{in_house, print};
use super::{House, locale};
use crate::config;
use crate::i18n::t;

/// The arguments.
#[derive(Debug, Args)]
pub(in crate::cli) struct Names {
    /// A kind of documents, whose fields are listed too.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The folder with the vocabulary, the kinds and the calendars.
    #[arg(long, value_name = "DIR", default_value = "workflows")]
    workflows: PathBuf,
    /// The language of the titles: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
}

/// A name, and what is to be known of it.
type Row = (String, String);

/// Prints them. 1: the house is refused, or there is no such kind.
pub(in crate::cli) fn run(arguments: &Names) -> ExitCode {
    let locale = arguments.lang.unwrap_or_else(config::terminal_locale);
    let mut missing = None;
    let listed = in_house(&arguments.workflows, None, locale, |house| {
        let asked = arguments.kind.as_deref();
        missing = asked.filter(|id| !house.kinds.contains_key(*id));
        let kind = asked.and_then(|id| house.kinds.get(id));
        Ok(Ok(listed(house, kind, locale)))
    });
    if let (Some(id), Ok(Ok(_))) = (missing, &listed) {
        let text = t(locale, "workflow-names-no-kind", &[("kind", id.into())]);
        super::say(&format!("chancery: {text}"));
        return ExitCode::FAILURE;
    }
    print(listed, locale)
}

/// Every name of the house in sections; of one kind, its fields.
fn listed(house: &House, kind: Option<&Kind>, locale: Locale) -> String {
    let words = &house.vocabulary;
    let title = |title: &Localized| title.get(locale).unwrap_or_default().to_owned();
    let titled = |(name, of): (&String, &Localized)| (name.clone(), title(of));
    let parameters = words.parameters().iter();
    let mut sections: Vec<(&str, Vec<Row>)> = vec![
        (
            "kinds",
            house
                .kinds
                .values()
                .map(|one| (one.id().to_owned(), one.title(locale).to_owned()))
                .collect(),
        ),
        ("roles", words.roles().iter().map(titled).collect()),
        ("groups", words.groups().iter().map(titled).collect()),
        (
            "calendars",
            house
                .calendars
                .values()
                .map(|one| (one.id().to_owned(), one.title(locale).to_owned()))
                .collect(),
        ),
        (
            "parameters",
            parameters
                .map(|(name, one)| (name.clone(), parameter(one, locale)))
                .collect(),
        ),
        (
            "journals",
            words
                .journals()
                .iter()
                .map(|(name, one)| (name.clone(), one.title(locale).to_owned()))
                .collect(),
        ),
        (
            "letters",
            words
                .templates()
                .iter()
                .map(|(name, one)| {
                    (
                        name.clone(),
                        one.subject(locale, |value| format!("{{{value}}}")),
                    )
                })
                .collect(),
        ),
    ];
    if let Some(kind) = kind {
        let fields = kind.fields().iter().map(|one| field(one, locale));
        sections = vec![("fields", fields.collect())];
    }
    let sections = sections
        .iter()
        .map(|(key, rows)| section(key, rows, locale));
    sections.collect::<Vec<_>>().join("\n\n")
}

fn section(key: &str, rows: &[Row], locale: Locale) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default();
    let rows = rows
        .iter()
        .map(|(name, of)| format!("  {name:width$}  {of}"));
    let head = t(locale, &format!("workflow-names-{key}"), &[]);
    let lines: Vec<String> = [head].into_iter().chain(rows).collect();
    lines.join("\n")
}

fn parameter(one: &Parameter, locale: Locale) -> String {
    let value = match one.value() {
        ParameterValue::Money(money) => money.to_string(),
        ParameterValue::Integer(number) => number.to_string(),
        ParameterValue::Span(span) => span.to_string(),
    };
    format!("{value}: {}", one.title(locale))
}

/// `doc.amount`: money (RUB, USD), required, material: the amount.
fn field(one: &Field, locale: Locale) -> Row {
    let word = |key: &str| t(locale, &format!("workflow-names-{key}"), &[]);
    let mut said = match serde_json::to_value(one.field_type) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    };
    let codes = one.choices.iter().map(|choice| choice.code.clone());
    let of: Vec<String> = codes.chain(one.currencies.iter().cloned()).collect();
    if !of.is_empty() {
        said += &format!(" ({})", of.join(", "));
    }
    if one.required {
        said += &format!(", {}", word("required"));
    }
    if one.material {
        said += &format!(", {}", word("material"));
    }
    (
        format!("doc.{}", one.name),
        format!("{said}: {}", one.label.get(locale).unwrap_or_default()),
    )
}
