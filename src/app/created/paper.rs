//! The first file of a document that a workflow drafts: what is known of its card, on paper.

use std::collections::BTreeMap;

use chancery_docgen::{Block, Paper, Typeface, TypesetError, typeset};
use chancery_types::field::Card;
use chancery_types::{FieldValue, Locale};
use chancery_workflow::Kind;
use chancery_workflow::kind::Field;
use uuid::Uuid;

use crate::i18n::{Formats, t};
use crate::store::entity::documents;

/// What stands on the paper.
pub(super) struct CardPaper<'a> {
    pub(super) kind: &'a Kind,
    pub(super) card: &'a Card,
    /// Of whomever the card refers to.
    pub(super) names: &'a BTreeMap<Uuid, String>,
    pub(super) origin: &'a documents::Model,
    pub(super) formats: Formats,
}

/// What stands around it.
pub(super) struct Words {
    lang: Locale,
    title: String,
    footer: String,
}

impl Words {
    /// The paper as a PDF.
    pub(super) fn pdf(&self, blocks: &[Block]) -> Result<Vec<u8>, TypesetError> {
        let paper = Paper {
            lang: self.lang.code(),
            title: &self.title,
            footer: &self.footer,
            producer: concat!("Chancery ", env!("CARGO_PKG_VERSION")),
            typeface: Typeface::Sans,
        };
        typeset(&paper, blocks)
    }
}

impl CardPaper<'_> {
    fn text(&self, key: &str) -> String {
        t(self.formats.locale, key, &[])
    }

    fn title(&self) -> String {
        self.kind.title(self.formats.locale).to_owned()
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.pdf", self.title())
    }

    pub(super) fn words(&self) -> Words {
        Words {
            lang: self.formats.locale,
            title: self.title(),
            footer: self.text("created-footer"),
        }
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        let number = self.origin.registration_number.as_deref();
        let basis = match number {
            Some(number) => format!("{}, {number}", self.origin.title),
            None => self.origin.title.clone(),
        };
        let mut blocks = vec![
            Block::Title(self.title()),
            Block::Row(self.text("created-basis"), basis),
        ];
        for field in self.kind.fields() {
            let value = self.card.get(&field.name);
            let Some(value) = value.map(|value| self.value(field, value)) else {
                continue;
            };
            let label = field.label.get(self.formats.locale).unwrap_or(&field.name);
            blocks.push(Block::Row(label.to_owned(), value));
        }
        blocks.push(Block::Note(self.text("created-note")));
        blocks
    }

    fn value(&self, field: &Field, value: &FieldValue) -> String {
        match value {
            FieldValue::Text(text) => {
                let mut choices = field.choices.iter();
                let choice = choices.find(|choice| choice.code == *text);
                let title = choice.and_then(|choice| choice.title.get(self.formats.locale));
                title.unwrap_or(text).to_owned()
            }
            FieldValue::Integer(number) => number.to_string(),
            FieldValue::Money(money) => self.formats.money(money),
            FieldValue::Date(date) => self.formats.civil_date(*date),
            FieldValue::Boolean(true) => self.text("document-yes"),
            FieldValue::Boolean(false) => self.text("document-no"),
            FieldValue::Reference(id) => self.names.get(id).cloned().unwrap_or_default(),
        }
    }
}
