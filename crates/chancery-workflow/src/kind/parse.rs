//! Reading a kind's file.

use chancery_types::{FieldType, Money};
use rust_decimal::Decimal;

use super::numbering::read_numbering;
use super::{ActiveContent, Bounds, Choice, CompletedMail, Field, Kind, ListFields};
use crate::Vocabulary;
use crate::definition::source_digest;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::read_schema;
use crate::yaml::{self, Node};

/// The most fields of one card.
const FIELDS_MAX: usize = 100;
/// The most choices of one field.
const CHOICES_MAX: usize = 200;
/// The longest one-line text unless the field says less, in graphemes.
const TEXT_GRAPHEMES_MAX: u32 = 500;
/// The longest text of several lines unless the field says less, in graphemes.
const LONG_TEXT_GRAPHEMES_MAX: u32 = 20_000;

const KIND_KEYS: Keys = Keys {
    known: &[
        "schema",
        "id",
        "title",
        "workflow",
        "numbering",
        "fields",
        "list",
        "completed_mail",
        "active_content",
    ],
    later: &["retention", "exchange", "templates"],
};
const FIELD_KEYS: Keys = Keys {
    known: &[
        "name",
        "type",
        "label",
        "hint",
        "required",
        "material",
        "min",
        "max",
        "length_min",
        "length_max",
        "choices",
        "currencies",
    ],
    later: &["pattern", "default", "visible_to", "editable_by"],
};
const TYPES: [(&str, FieldType); 11] = [
    ("text", FieldType::Text),
    ("long_text", FieldType::LongText),
    ("integer", FieldType::Integer),
    ("money", FieldType::Money),
    ("date", FieldType::Date),
    ("boolean", FieldType::Boolean),
    ("choice", FieldType::Choice),
    ("person", FieldType::Person),
    ("department", FieldType::Department),
    ("counterparty", FieldType::Counterparty),
    ("contact", FieldType::Contact),
];

impl Kind {
    /// Reads a file of `workflows/kinds/`. Its registration numbers are none of a journal of the
    /// vocabulary.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order.
    pub fn parse(source: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Diagnostic>> {
        match Self::parse_as_far(source, vocabulary) {
            (Some(kind), found) if found.is_empty() => Ok(kind),
            (_, found) => Err(found),
        }
    }

    /// As [`Kind::parse`], with what could be read of a file that is refused beside what is wrong
    /// with it: for whoever checks a workflow on it all the same. Without findings it is whole.
    #[must_use]
    pub fn parse_as_far(source: &str, vocabulary: &Vocabulary) -> (Option<Self>, Vec<Diagnostic>) {
        let tree = match yaml::parse(source) {
            Ok(tree) => tree,
            Err(finding) => return (None, vec![finding]),
        };
        let mut findings = Findings::default();
        let kind = read_kind(&tree, source, vocabulary, &mut findings);
        match kind {
            Some(kind) if !findings.has_errors() => (Some(kind), Vec::new()),
            kind => (kind, findings.into_list()),
        }
    }
}

fn read_kind(
    tree: &Node,
    source: &str,
    vocabulary: &Vocabulary,
    findings: &mut Findings,
) -> Option<Kind> {
    let top = Fields::open(tree, KIND_KEYS, findings)?;
    read_schema(&top, findings);
    let id = top
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let workflow = top
        .require("workflow", findings)
        .and_then(|node| read::id(node, findings));
    let numbering = top
        .require("numbering", findings)
        .and_then(|node| read_numbering(node, vocabulary, findings));
    let fields = match top.require("fields", findings) {
        Some(node) => read_fields(node, findings),
        None => Vec::new(),
    };
    let list = top.get("list").map_or_else(ListFields::default, |node| {
        read_list(node, &fields, findings)
    });
    let mail = top
        .get("completed_mail")
        .and_then(|node| read::word(node, &["signed_pdf", "link"], findings));
    let active = top
        .get("active_content")
        .and_then(|node| read::word(node, &["refuse", "accept"], findings));
    Some(Kind {
        id: id?,
        title: title?,
        workflow: workflow?,
        numbering: numbering?,
        fields,
        list,
        completed_mail: match mail {
            Some("signed_pdf") => CompletedMail::SignedPdf,
            _ => CompletedMail::Link,
        },
        active_content: match active {
            Some("accept") => ActiveContent::Accept,
            _ => ActiveContent::Refuse,
        },
        digest: source_digest(source),
        id_at: top.get("id").map_or(top.at, |node| node.at),
    })
}

fn read_list(node: &Node, known: &[Field], findings: &mut Findings) -> ListFields {
    const KEYS: Keys = Keys {
        known: &["amount", "counterparty", "contact", "urgent"],
        later: &[],
    };
    let Some(fields) = Fields::open(node, KEYS, findings) else {
        return ListFields::default();
    };
    let mut read = |key: &str, wanted: FieldType| -> Option<String> {
        let node = fields.get(key)?;
        let name = read::text(node, findings)?;
        let Some(field) = known.iter().find(|field| field.name == name) else {
            findings.push(
                Diagnostic::error("W203", "unknown-card-field", node.at)
                    .arg("name", name)
                    .suggest(name, known.iter().map(|field| field.name.as_str())),
            );
            return None;
        };
        if field.field_type != wanted {
            findings.push(
                Diagnostic::error("W204", "field-of-other-type", node.at)
                    .arg("name", name)
                    .arg("expected", type_name(wanted))
                    .arg("found", type_name(field.field_type)),
            );
            return None;
        }
        Some(name.to_owned())
    };
    ListFields {
        amount: read("amount", FieldType::Money),
        counterparty: read("counterparty", FieldType::Counterparty),
        contact: read("contact", FieldType::Contact),
        urgent: read("urgent", FieldType::Boolean),
    }
}

/// The word for a type in YAML.
pub(crate) fn type_name(wanted: FieldType) -> &'static str {
    TYPES
        .iter()
        .find(|(_, known)| *known == wanted)
        .map_or("", |(name, _)| *name)
}

fn read_fields(node: &Node, findings: &mut Findings) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.len() > FIELDS_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", FIELDS_MAX));
        return fields;
    }
    for node in nodes {
        let Some(field) = read_field(node, findings) else {
            continue;
        };
        if fields.iter().any(|other| other.name == field.name) {
            findings
                .push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", &field.name));
        }
        fields.push(field);
    }
    fields
}

fn read_field(node: &Node, findings: &mut Findings) -> Option<Field> {
    let top = Fields::open(node, FIELD_KEYS, findings)?;
    let name = top
        .require("name", findings)
        .and_then(|node| read_field_name(node, findings));
    let words: Vec<&'static str> = TYPES.iter().map(|(word, _)| *word).collect();
    let field_type = top
        .require("type", findings)
        .and_then(|node| read::word(node, &words, findings))
        .and_then(|word| TYPES.iter().find(|(known, _)| *known == word))
        .map(|(_, field_type)| *field_type);
    let label = top
        .require("label", findings)
        .and_then(|node| read::localized(node, findings));
    let hint = top
        .get("hint")
        .and_then(|node| read::localized(node, findings));
    let required = top
        .get("required")
        .and_then(|node| read::boolean(node, findings));
    let material = top
        .get("material")
        .and_then(|node| read::boolean(node, findings));
    let field_type = field_type?;
    refuse_foreign_keys(&top, field_type, findings);
    let choices = match (field_type, top.get("choices")) {
        (FieldType::Choice, None) => {
            top.require("choices", findings);
            Vec::new()
        }
        (FieldType::Choice, Some(node)) => read_choices(node, findings),
        _ => Vec::new(),
    };
    let currencies = match (field_type, top.get("currencies")) {
        (FieldType::Money, None) => {
            top.require("currencies", findings);
            Vec::new()
        }
        (FieldType::Money, Some(node)) => read_currencies(node, findings),
        _ => Vec::new(),
    };
    Some(Field {
        name: name?,
        field_type,
        label: label?,
        hint,
        required: required.unwrap_or(false),
        material: material.unwrap_or(true),
        bounds: read_bounds(&top, field_type, findings),
        choices,
        currencies,
    })
}

/// A field's name stands in conditions, so it has no hyphen.
fn read_field_name(node: &Node, findings: &mut Findings) -> Option<String> {
    let name = read::id(node, findings)?;
    if name.contains('-') {
        findings.push(Diagnostic::error("W101", "bad-field-name", node.at).arg("id", name));
        return None;
    }
    Some(name)
}

/// Reports the keys that mean nothing for the field's type.
fn refuse_foreign_keys(top: &Fields<'_>, field_type: FieldType, findings: &mut Findings) {
    let ordered = matches!(
        field_type,
        FieldType::Integer | FieldType::Money | FieldType::Date
    );
    let worded = matches!(field_type, FieldType::Text | FieldType::LongText);
    let allowed = |key: &str| match key {
        "min" | "max" => ordered,
        "length_min" | "length_max" => worded,
        "choices" => field_type == FieldType::Choice,
        "currencies" => field_type == FieldType::Money,
        _ => true,
    };
    for (key, _) in top.pairs() {
        if !allowed(&key.name) {
            findings.push(
                Diagnostic::error("W006", "key-of-other-type", key.at)
                    .arg("key", &key.name)
                    .arg("type", type_name(field_type)),
            );
        }
    }
}

fn read_choices(node: &Node, findings: &mut Findings) -> Vec<Choice> {
    const KEYS: Keys = Keys {
        known: &["code", "title"],
        later: &[],
    };
    let mut choices: Vec<Choice> = Vec::new();
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() || nodes.len() > CHOICES_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", CHOICES_MAX));
    }
    for node in nodes.iter().take(CHOICES_MAX) {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        let code = fields
            .require("code", findings)
            .and_then(|node| read::id(node, findings));
        let title = fields
            .require("title", findings)
            .and_then(|node| read::localized(node, findings));
        let (Some(code), Some(title)) = (code, title) else {
            continue;
        };
        if choices.iter().any(|other| other.code == code) {
            findings.push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", &code));
        }
        choices.push(Choice { code, title });
    }
    choices
}

fn read_currencies(node: &Node, findings: &mut Findings) -> Vec<String> {
    let mut currencies: Vec<String> = Vec::new();
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() || nodes.len() > CHOICES_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", CHOICES_MAX));
    }
    for node in nodes.iter().take(CHOICES_MAX) {
        let Some(code) = read::text(node, findings) else {
            continue;
        };
        if Money::parse("0", code).is_err() || code.len() != 3 {
            findings.push(Diagnostic::error("W006", "bad-currency", node.at).arg("text", code));
        } else if currencies.iter().any(|other| other == code) {
            findings.push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", code));
        } else {
            currencies.push(code.to_owned());
        }
    }
    currencies
}

fn read_bounds(top: &Fields<'_>, field_type: FieldType, findings: &mut Findings) -> Bounds {
    let bounds = match field_type {
        FieldType::Integer => Bounds::Integer {
            min: bound(top, "min", |text| text.parse().ok(), findings),
            max: bound(top, "max", |text| text.parse().ok(), findings),
        },
        FieldType::Money => Bounds::Money {
            min: bound(top, "min", decimal, findings),
            max: bound(top, "max", decimal, findings),
        },
        FieldType::Date => Bounds::Date {
            min: bound(top, "min", |text| text.parse().ok(), findings),
            max: bound(top, "max", |text| text.parse().ok(), findings),
        },
        FieldType::Text => read_length(top, TEXT_GRAPHEMES_MAX, findings),
        FieldType::LongText => read_length(top, LONG_TEXT_GRAPHEMES_MAX, findings),
        _ => Bounds::None,
    };
    let turned = match bounds {
        Bounds::Integer {
            min: Some(min),
            max: Some(max),
        } => min > max,
        Bounds::Money {
            min: Some(min),
            max: Some(max),
        } => min > max,
        Bounds::Date {
            min: Some(min),
            max: Some(max),
        } => min > max,
        Bounds::Length { min, max } => min > max,
        _ => false,
    };
    if turned {
        findings.push(Diagnostic::error("W006", "bounds-turned", top.at));
    }
    bounds
}

fn decimal(text: &str) -> Option<Decimal> {
    Money::parse(text, "XXX").ok().map(|money| money.amount)
}

fn bound<T>(
    top: &Fields<'_>,
    key: &str,
    parse: impl Fn(&str) -> Option<T>,
    findings: &mut Findings,
) -> Option<T> {
    let node = top.get(key)?;
    let written = read::text(node, findings)?;
    let value = parse(written);
    if value.is_none() {
        findings.push(Diagnostic::error("W006", "bad-bound", node.at).arg("text", written));
    }
    value
}

fn read_length(top: &Fields<'_>, usual: u32, findings: &mut Findings) -> Bounds {
    let mut read = |key: &str, least: i64, absent: u32| {
        top.get(key)
            .and_then(|node| read::whole(node, least..=i64::from(usual), findings))
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(absent)
    };
    Bounds::Length {
        min: read("length_min", 0, 0),
        max: read("length_max", 1, usual),
    }
}
