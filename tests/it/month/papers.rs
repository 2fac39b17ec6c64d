//! Documents of the month: rows with a card that its kind would take, and a small real file.

use bytes::Bytes;
use chancery::app::App;
use chancery::blob::BlobSource;
use chancery::entropy;
use chancery::store::entity::{documents, versions};
use chancery_types::field::Card;
use chancery_types::{Digest, FieldType, FieldValue, Money};
use chancery_workflow::Kind;
use chancery_workflow::kind::{Bounds, Field};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use super::company::Company;
use super::{Drawn, Paper};
use crate::signing::contract::small_pdf;
use crate::templates::WIDEST;

/// Amounts on both sides of every threshold.
const AMOUNTS: [&str; 6] = [
    "20000.00",
    "150000.00",
    "700000.00",
    "4000000.00",
    "6000000.00",
    "60000000.00",
];

/// A document that is about to start.
pub struct Draft<'m> {
    pub kind: &'m Kind,
    /// Whether its card asks as many people as there are to ask.
    pub is_widest: bool,
}

impl Draft<'_> {
    /// Writes the document and its first version.
    pub async fn write(&self, app: &App, company: &Company, drawn: &mut Drawn) -> Paper {
        let kind = self.kind;
        let initiator = *drawn.one_of(&company.ordinary);
        let department = *drawn.one_of(&company.departments);
        let mut card = self.card(company, initiator, department, drawn);
        // Paid within the month: whoever pays is late before it is over.
        if self.is_widest && card.contains_key("due_date") {
            let date = app.now().plus_seconds(10 * super::DAY);
            let date = jiff::tz::TimeZone::UTC.to_datetime(date.timestamp()).date();
            card.insert("due_date".to_owned(), FieldValue::Date(date));
        }
        // A month is too short for the board and for what comes after it.
        if self.is_widest && kind.id() == "contract" {
            let amount = Money::parse("6000000.00", "RUB").expect("an amount");
            card.insert("amount".to_owned(), FieldValue::Money(amount));
        }
        let text = serde_json::to_string(&card).expect("JSON");
        let now = app.now();
        let (id, version) = (entropy::id(now), entropy::id(now));
        let refers = |field_type| {
            let mut fields = kind.fields().iter();
            let field = fields.find(|field| field.field_type == field_type)?;
            match card.get(&field.name)? {
                FieldValue::Reference(id) => Some(*id),
                _ => None,
            }
        };
        let row = documents::ActiveModel {
            id: Set(id),
            organisation_id: Set(company.organisation.id),
            kind: Set(kind.id().to_owned()),
            title: Set(format!("{} {id}", kind.id())),
            card: Set(text.clone()),
            state: Set("draft".to_owned()),
            initiator_id: Set(initiator),
            department_id: Set(Some(department)),
            counterparty_id: Set(refers(FieldType::Counterparty)),
            registration_number: Set(None),
            registered_at: Set(None),
            current_version_id: Set(Some(version)),
            search_text: Set(String::new()),
            created_at: Set(now.micros()),
            updated_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(app.store.writer()).await.expect("a document");
        let row = first_version(app, company, id, version, initiator, text).await;
        Paper {
            id,
            kind: kind.id().to_owned(),
            initiator,
            is_patient: self.is_widest,
            digest: row.digest,
            version,
        }
    }

    fn card(
        &self,
        company: &Company,
        initiator: Uuid,
        department: Uuid,
        drawn: &mut Drawn,
    ) -> Card {
        let known = WIDEST.iter().find(|(id, _, _)| *id == self.kind.id());
        let said = known.map_or(&[][..], |(_, said, _)| *said);
        let contact = drawn.one_of(&company.contacts).clone();
        let mut card = Card::new();
        for field in self.kind.fields() {
            let own = said.iter().find(|(name, _)| *name == field.name);
            let own = own.filter(|_| self.is_widest).map(|(_, value)| *value);
            if own.is_none() && !field.required && (self.is_widest || drawn.between(0, 2) > 0) {
                continue;
            }
            let value = match field.field_type {
                FieldType::Person => {
                    let others = company.ordinary.iter().filter(|id| **id != initiator);
                    FieldValue::Reference(*drawn.one_of(&others.copied().collect::<Vec<_>>()))
                }
                FieldType::Department => FieldValue::Reference(department),
                FieldType::Counterparty => FieldValue::Reference(contact.counterparty),
                FieldType::Contact => FieldValue::Reference(contact.id),
                _ => plain(field, own, drawn),
            };
            card.insert(field.name.clone(), value);
        }
        // What stages fill is empty until then.
        card.retain(|name, _| {
            let field = self.kind.fields().iter().find(|field| field.name == *name);
            field.is_none_or(|field| field.required || said.iter().any(|(own, _)| own == name))
                || !self.is_widest
        });
        card
    }
}

/// A value that refers to nobody.
pub fn plain(field: &Field, own: Option<&str>, drawn: &mut Drawn) -> FieldValue {
    match field.field_type {
        FieldType::Money => {
            let amount = own.unwrap_or_else(|| *drawn.one_of(&AMOUNTS[..]));
            FieldValue::Money(Money::parse(amount, "RUB").expect("an amount"))
        }
        FieldType::Integer => {
            let (least, most) = match field.bounds {
                Bounds::Integer { min, max } => (min.unwrap_or(1), max.unwrap_or(100)),
                _ => (1, 100),
            };
            let drawn = || drawn.between(least, most.min(least + 100) + 1);
            FieldValue::Integer(own.map_or_else(drawn, |text| text.parse().expect("a number")))
        }
        FieldType::Date => FieldValue::Date("2026-12-15".parse().expect("a date")),
        FieldType::Boolean => FieldValue::Boolean(own.is_some() || drawn.between(0, 2) > 0),
        FieldType::Choice => {
            let choice = || drawn.one_of(&field.choices).code.clone();
            FieldValue::Text(own.map_or_else(choice, str::to_owned))
        }
        _ => FieldValue::Text("Как договорились".to_owned()),
    }
}

async fn first_version(
    app: &App,
    company: &Company,
    document: Uuid,
    id: Uuid,
    author: Uuid,
    card: String,
) -> versions::Model {
    let file = Bytes::from(small_pdf());
    let digest = Digest::of(&file);
    let source = BlobSource::Bytes(file.clone());
    let organisation = company.organisation.id.into();
    let kept = app
        .blobs
        .put(organisation, &digest, source, "application/pdf");
    kept.await.expect("kept");
    let row = versions::Model {
        id,
        organisation_id: company.organisation.id,
        document_id: document,
        number: 1,
        digest: Digest::of(id.as_bytes()).hex(),
        author_id: author,
        comment: None,
        card,
        main_digest: digest.hex(),
        main_name: "document.pdf".to_owned(),
        main_size_bytes: i64::try_from(file.len()).expect("small"),
        pages_count: 1,
        created_at: app.now().micros(),
    };
    let written = row.into_active_model().insert(app.store.writer()).await;
    written.expect("a version")
}

impl Paper {
    /// Writes a further version: the same file, another content.
    pub async fn brings_version(&mut self, app: &App) {
        let writer = app.store.writer();
        let found = versions::Entity::find_by_id(self.version).one(writer).await;
        let before = found.expect("asked").expect("a version");
        let id = entropy::id(app.now());
        let row = versions::Model {
            id,
            number: before.number + 1,
            digest: Digest::of(id.as_bytes()).hex(),
            created_at: app.now().micros(),
            ..before
        };
        self.digest.clone_from(&row.digest);
        self.version = id;
        let row = row.into_active_model().insert(writer).await;
        row.expect("a version");
        let document = documents::Entity::find_by_id(self.id).one(writer).await;
        let document = document.expect("asked").expect("a document");
        let mut document = document.into_active_model();
        document.current_version_id = Set(Some(id));
        document.update(writer).await.expect("the document");
    }
}
