//! Named thresholds and times, from `workflows/parameters.yaml`: a chain writes `param('name')`,
//! and an administrator changes the value in one place.

use std::collections::BTreeMap;

use chancery_types::money::fraction_digits;
use chancery_types::{Locale, Localized, Money};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, message};
use crate::read::{self, Fields, Findings, Keys};
use crate::span::Span;
use crate::vocabulary::read_schema;
use crate::yaml::{self, Node};

/// The most parameters of a house.
const PARAMETERS_MAX: usize = 500;
/// The types that a parameter may have, as files write them.
const TYPES: [&str; 3] = ["money", "integer", "span"];

/// The parameters of a house, or those that one workflow names, by name.
pub type Parameters = BTreeMap<String, Parameter>;

/// A named value with its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Parameter {
    title: Localized,
    value: ParameterValue,
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// An amount in one currency.
    Money(Money),
    /// A whole number.
    Integer(i64),
    /// An amount of time, of the clock or of the calendar.
    Span(Span),
}

impl Parameter {
    /// The title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        self.title.get(locale).unwrap_or_default()
    }

    /// Its title with its value, as a condition names it to people; `value` is the value in words.
    #[must_use]
    pub fn told(&self, locale: Locale, value: &str) -> String {
        let args = [("title", self.title(locale)), ("value", value)];
        let args = args.map(|(name, text)| (name, text.to_owned()));
        message(locale, "parameter-told", &BTreeMap::from(args))
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &ParameterValue {
        &self.value
    }
}

impl ParameterValue {
    /// The word for its type, as files write it.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Money(_) => "money",
            Self::Integer(_) => "integer",
            Self::Span(_) => "span",
        }
    }

    /// Reads a value as files write it: `RUB 5000000.00`, `14`, `5bd`. `None` if it is not of the
    /// type, or an amount is finer than its currency.
    #[must_use]
    pub fn parse(type_name: &str, written: &str) -> Option<Self> {
        match type_name {
            "money" => {
                let (currency, amount) = written.split_once(' ')?;
                let money = Money::parse(amount, currency).ok()?;
                let is_fine = money.amount.scale() <= fraction_digits(&money.currency);
                is_fine.then_some(Self::Money(money))
            }
            "integer" => written.parse().ok().map(Self::Integer),
            "span" => Span::parse(written).map(Self::Span),
            _ => None,
        }
    }
}

impl std::fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Money(money) => write!(f, "{} {}", money.currency, money.amount),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Span(span) => write!(f, "{span}"),
        }
    }
}

/// A parameter as what a run is pinned to keeps it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: Localized,
    r#type: String,
    value: String,
}

impl From<Parameter> for Written {
    fn from(parameter: Parameter) -> Self {
        Self {
            title: parameter.title,
            r#type: parameter.value.type_name().to_owned(),
            value: parameter.value.to_string(),
        }
    }
}

impl TryFrom<Written> for Parameter {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let value = ParameterValue::parse(&written.r#type, &written.value);
        let value = value.ok_or_else(|| format!("`{}` is no {}", written.value, written.r#type))?;
        Ok(Self {
            title: written.title,
            value,
        })
    }
}

/// Reads `workflows/parameters.yaml`.
///
/// # Errors
///
/// Everything that is wrong with the file, in its order.
pub fn parse_parameters(source: &str) -> Result<Parameters, Vec<Diagnostic>> {
    const KEYS: Keys = Keys {
        known: &["schema", "parameters"],
        later: &[],
    };
    let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
    let mut findings = Findings::default();
    let mut parameters = Parameters::new();
    if let Some(fields) = Fields::open(&tree, KEYS, &mut findings) {
        read_schema(&fields, &mut findings);
        if let Some(node) = fields.require("parameters", &mut findings) {
            parameters = read_all(node, &mut findings);
        }
    }
    if findings.has_errors() {
        return Err(findings.into_list());
    }
    Ok(parameters)
}

fn read_all(node: &Node, findings: &mut Findings) -> Parameters {
    let mut parameters = Parameters::new();
    let Some(names) = Fields::open_any(node, findings) else {
        return parameters;
    };
    if names.pairs().len() > PARAMETERS_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", PARAMETERS_MAX));
        return parameters;
    }
    for (key, value) in names.pairs() {
        if !read::is_id(&key.name) {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            continue;
        }
        let parameter = read_one(value, findings);
        parameters.extend(parameter.map(|parameter| (key.name.clone(), parameter)));
    }
    parameters
}

fn read_one(node: &Node, findings: &mut Findings) -> Option<Parameter> {
    const KEYS: Keys = Keys {
        known: &["title", "type", "value"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let type_name = fields
        .require("type", findings)
        .and_then(|node| read::word(node, &TYPES, findings));
    let node = fields.require("value", findings)?;
    let written = read::text(node, findings)?;
    let type_name = type_name?;
    let value = ParameterValue::parse(type_name, written);
    if value.is_none() {
        let finding = Diagnostic::error("W204", "bad-parameter-value", node.at);
        findings.push(finding.arg("text", written).arg("type", type_name));
    }
    Some(Parameter {
        title: title?,
        value: value?,
    })
}

/// The name in `param('name')`, where a span or a value of an example may stand.
pub(crate) fn named(written: &str) -> Option<&str> {
    let inner = written.strip_prefix("param(")?.strip_suffix(')')?.trim();
    let unquoted = |quote: char| inner.strip_prefix(quote)?.strip_suffix(quote);
    unquoted('\'').or_else(|| unquoted('"'))
}

/// The parameter of this name, as named at `node`; what is wrong is said there.
pub(crate) fn find<'a>(
    known: &'a Parameters,
    name: &str,
    node: &Node,
    findings: &mut Findings,
) -> Option<&'a Parameter> {
    let found = known.get(name);
    match found {
        Some(_) => findings.name_parameter(name),
        None => findings.push(
            Diagnostic::error("W201", "unknown-parameter", node.at)
                .arg("name", name)
                .suggest(name, known.keys().map(String::as_str)),
        ),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_its_type_or_nothing() {
        for (type_name, written) in [
            ("money", "RUB 5000000.00"),
            ("money", "JPY 500"),
            ("integer", "-3"),
            ("span", "5bd"),
        ] {
            let value = ParameterValue::parse(type_name, written).expect(written);
            assert_eq!(
                (value.type_name(), value.to_string().as_str()),
                (type_name, written)
            );
        }
        for (type_name, written) in [
            ("money", "5000000.00"),
            ("money", "RUB 0.001"),
            ("money", "RUB"),
            ("integer", "1.5"),
            ("span", "0d"),
            ("text", "x"),
        ] {
            assert_eq!(ParameterValue::parse(type_name, written), None, "{written}");
        }
    }

    #[test]
    fn a_name_is_read_in_either_quotes_and_nothing_else_is_one() {
        assert_eq!(named("param('a_b')"), Some("a_b"));
        assert_eq!(named("param( \"a\" )"), Some("a"));
        for other in [
            "param(a)",
            "param('a'",
            "'a'",
            "param('a\")",
            "5bd",
            "param(')",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_pinned_is_read_as_it_was() {
        let source =
            "schema: 1\nparameters:\n  a: { type: span, value: 5bd, title: { ru: а, en: a } }\n";
        let parameters = parse_parameters(source).expect("parameters");
        let text = serde_json::to_string(&parameters).expect("a text");
        assert_eq!(
            serde_json::from_str::<Parameters>(&text).expect("read"),
            parameters
        );
        let broken = text.replace("5bd", "five");
        assert!(serde_json::from_str::<Parameters>(&broken).is_err());
    }
}
