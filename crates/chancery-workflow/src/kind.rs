//! Kinds of documents: what a card holds, how it is numbered, which workflow it takes.
//!
//! A kind is a file under `workflows/kinds/`. `workflows/README.md` describes every key.

mod card;
mod numbering;
mod parse;

use std::collections::BTreeMap;

use chancery_types::field::FieldSchema;
use chancery_types::{Digest, FieldType, Locale, Localized};
use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, Position};

pub use card::FieldError;
pub(crate) use numbering::read_pattern_of;
pub(crate) use parse::type_name;

/// A kind of documents: contract, invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    id: String,
    title: Localized,
    workflow: String,
    numbering: Numbering,
    fields: Vec<Field>,
    list: ListFields,
    completed_mail: CompletedMail,
    active_content: ActiveContent,
    digest: Digest,
    /// Where its identifier stands in the file.
    id_at: Position,
}

/// How registration numbers of a kind look. Numbers count from one in each journal and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    journal: String,
    parts: Vec<NumberPart>,
    /// Where the pattern stands in the file.
    at: Position,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum NumberPart {
    Text(String),
    Journal,
    Year,
    /// With leading zeros up to this many digits; 0 for none.
    Number(usize),
}

impl Numbering {
    /// The journal's key: `contracts`.
    #[must_use]
    pub fn journal(&self) -> &str {
        &self.journal
    }

    /// What its numbers look like, the number itself aside: leading zeros do not keep two patterns
    /// apart, because a large number has none.
    fn shape(&self) -> Vec<NumberPart> {
        let mut shape: Vec<NumberPart> = Vec::new();
        for part in &self.parts {
            let text = match part {
                NumberPart::Text(text) => text,
                NumberPart::Journal => &self.journal,
                NumberPart::Year => {
                    shape.push(NumberPart::Year);
                    continue;
                }
                NumberPart::Number(_) => {
                    shape.push(NumberPart::Number(0));
                    continue;
                }
            };
            match shape.last_mut() {
                Some(NumberPart::Text(before)) => before.push_str(text),
                _ => shape.push(NumberPart::Text(text.clone())),
            }
        }
        shape
    }

    /// Whether two journals write the same numbers.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }

    /// Where the pattern stands in its file.
    pub(crate) const fn at(&self) -> Position {
        self.at
    }

    /// The registration number as it is written on the document. A number with more digits than
    /// the pattern foresees is written in full.
    #[must_use]
    pub fn format(&self, year: i16, number: u64) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                NumberPart::Text(text) => out.push_str(text),
                NumberPart::Journal => out.push_str(&self.journal),
                NumberPart::Year => out.push_str(&format!("{year:04}")),
                NumberPart::Number(digits) => {
                    out.push_str(&format!("{number:0width$}", width = *digits));
                }
            }
        }
        out
    }
}

/// A field of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name, as forms, JSON and conditions (`doc.name`) use it.
    pub name: String,
    /// The type.
    pub field_type: FieldType,
    /// What a person reads beside it.
    pub label: Localized,
    /// An explanation beneath it.
    pub hint: Option<Localized>,
    /// Whether every document of the kind has it.
    pub required: bool,
    /// Whether changing it makes a new version. See [`crate::Definition::material`].
    pub material: bool,
    /// What a value must satisfy beyond its type.
    pub bounds: Bounds,
    /// The choices of a [`FieldType::Choice`], in the order they are offered.
    pub choices: Vec<Choice>,
    /// The currencies of a [`FieldType::Money`], the usual one first.
    pub currencies: Vec<String>,
}

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What a person reads.
    pub title: Localized,
}

/// Bounds of a value, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// Nothing beyond the type.
    None,
    /// Of a whole number.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The greatest.
        max: Option<i64>,
    },
    /// Of an amount, in whatever currency.
    Money {
        /// The least.
        min: Option<Decimal>,
        /// The greatest.
        max: Option<Decimal>,
    },
    /// Of a date.
    Date {
        /// The first.
        min: Option<jiff::civil::Date>,
        /// The last.
        max: Option<jiff::civil::Date>,
    },
    /// Of a text's length, in graphemes.
    Length {
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
}

/// Which fields lists and mails show; each is `None` if the kind has no such field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFields {
    /// The amount.
    pub amount: Option<String>,
    /// The counterparty.
    pub counterparty: Option<String>,
    /// The person at the counterparty.
    pub contact: Option<String>,
    /// Whether it is urgent, yes or no.
    pub urgent: Option<String>,
}

/// What the mail about a completed document carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletedMail {
    /// The signed PDF as an attachment.
    SignedPdf,
    /// A link only.
    Link,
}

/// What happens to a PDF with scripts, embedded files or launch actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActiveContent {
    /// It is refused at upload.
    Refuse,
    /// It is accepted, and said.
    Accept,
}

impl Kind {
    /// The identifier: `contract`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the identifier stands in the file.
    pub(crate) const fn id_at(&self) -> Position {
        self.id_at
    }

    /// The title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        self.title.get(locale).unwrap_or(&self.id)
    }

    /// The title in each language.
    pub(crate) const fn titles(&self) -> &Localized {
        &self.title
    }

    /// The identifier of the workflow that a document of the kind takes unless told otherwise.
    #[must_use]
    pub fn workflow(&self) -> &str {
        &self.workflow
    }

    /// How documents of the kind are numbered.
    #[must_use]
    pub const fn numbering(&self) -> &Numbering {
        &self.numbering
    }

    /// What is wrong with this file beside `other`: both count in journals of their own but write
    /// the same numbers, so that two documents would have one.
    #[must_use]
    pub fn number_collision(&self, other: &Self) -> Option<Diagnostic> {
        let (own, others) = (&self.numbering, &other.numbering);
        if own.journal == others.journal || !own.looks_like(others) {
            return None;
        }
        let finding = Diagnostic::error("W103", "same-number-pattern", own.at);
        Some(
            finding
                .arg("kind", &other.id)
                .arg("journal", &others.journal),
        )
    }

    /// The fields, in the order of the form.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields as types only, by name.
    #[must_use]
    pub fn schema(&self) -> BTreeMap<String, FieldSchema> {
        let schema = |field: &Field| FieldSchema {
            field_type: field.field_type,
            required: field.required,
            choices: field
                .choices
                .iter()
                .map(|choice| choice.code.clone())
                .collect(),
        };
        self.fields
            .iter()
            .map(|field| (field.name.clone(), schema(field)))
            .collect()
    }

    /// Which fields lists and mails show.
    #[must_use]
    pub const fn list(&self) -> &ListFields {
        &self.list
    }

    /// What the mail about a completed document carries.
    #[must_use]
    pub const fn completed_mail(&self) -> CompletedMail {
        self.completed_mail
    }

    /// What happens to a PDF with active content.
    #[must_use]
    pub const fn active_content(&self) -> ActiveContent {
        self.active_content
    }

    /// The digest of the file, as [`crate::Definition::digest`].
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}
