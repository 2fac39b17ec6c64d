//! What calls say: JSON of a form with a number, so that whoever reads it knows when it changes.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::{FieldValue, Instant};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::app::AppError;
use crate::store;
use crate::store::entity::{counterparties, documents, organisations, runs, versions};

/// The form of both bodies.
const SCHEMA: u32 = 1;

/// What a webhook is told of.
pub(crate) struct WebhookBody<'a> {
    /// The key of the call.
    pub(crate) key: &'a str,
    /// The occasion: `completed`.
    pub(crate) occasion: &'static str,
    /// When it came.
    pub(crate) at: Instant,
    /// Whose document it is.
    pub(crate) organisation: &'a organisations::Model,
    /// The document.
    pub(crate) document: &'a documents::Model,
    /// The document's state from this occasion on.
    pub(crate) state: &'static str,
    /// The document's address on this server.
    pub(crate) url: String,
    /// The version concerned.
    pub(crate) version: &'a versions::Model,
    /// The version's card, by [`plain_card`].
    pub(crate) card: Value,
    /// The run.
    pub(crate) run: &'a runs::Model,
    /// The run's phase from this occasion on.
    pub(crate) phase: &'static str,
    /// The document's numbers in journals.
    pub(crate) entries: Vec<(String, String)>,
}

impl WebhookBody<'_> {
    /// As it is sent.
    pub(crate) fn to_json(&self) -> Value {
        let entries = self.entries.iter();
        let entries: Vec<Value> = entries
            .map(|(journal, number)| json!({ "journal": journal, "number": number }))
            .collect();
        json!({
            "schema": SCHEMA,
            "event": format!("run.{}", self.occasion),
            "key": self.key,
            "at": self.at,
            "organisation": { "id": self.organisation.id, "name": self.organisation.name },
            "document": {
                "id": self.document.id,
                "url": self.url,
                "kind": self.document.kind,
                "title": self.document.title,
                "registration_number": self.document.registration_number,
                "registered_at": self.document.registered_at.map(Instant::from_micros),
                "state": self.state,
                "version": { "number": self.version.number, "digest": self.version.digest },
                "card": self.card,
                "entries": entries,
            },
            "run": {
                "id": self.run.id,
                "workflow": self.run.workflow_id,
                "definition_digest": self.run.definition_digest,
                "phase": self.phase,
                "round": self.run.round,
            },
        })
    }
}

/// What a lookup asks. Unknown parts are passed over when it is read again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookupBody {
    /// The form.
    schema: u32,
    /// The key of the call.
    pub(crate) key: String,
    /// The name of the question in its workflow.
    pub(crate) lookup: String,
    /// Which asking, from one.
    pub(crate) times: u32,
    /// What is asked with.
    pub(crate) args: Value,
    /// The document that it is about.
    pub(crate) document: Value,
    /// The run that waits.
    pub(crate) run: Value,
}

impl LookupBody {
    /// A question of `run` about `document`.
    pub(crate) fn new(
        key: &str,
        (lookup, times): (&str, u32),
        args: Value,
        document: &documents::Model,
        run: &runs::Model,
    ) -> Self {
        Self {
            schema: SCHEMA,
            key: key.to_owned(),
            lookup: lookup.to_owned(),
            times,
            args,
            document: json!({
                "id": document.id,
                "kind": document.kind,
                "registration_number": document.registration_number,
            }),
            run: json!({ "id": run.id, "workflow": run.workflow_id }),
        }
    }
}

/// A card in plain JSON: amounts as `{ "amount", "currency" }`, days as texts, and whatever it
/// refers to as `{ "id", "name" }`, counterparties with their tax numbers.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn plain_card(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    card: &Card,
) -> Result<Value, AppError> {
    let referred = card.values().filter_map(|value| match value {
        FieldValue::Reference(id) => Some(*id),
        _ => None,
    });
    let referred: BTreeSet<Uuid> = referred.collect();
    let names = store::names::list_names(connection, organisation, &referred).await?;
    let companies = match referred.is_empty() {
        true => Vec::new(),
        false => {
            counterparties::Entity::find()
                .filter(counterparties::Column::OrganisationId.eq(organisation))
                .filter(counterparties::Column::Id.is_in(referred.iter().copied()))
                .all(connection)
                .await?
        }
    };
    let mut plain = Map::new();
    for (name, value) in card {
        let told = match value {
            FieldValue::Text(text) => json!(text),
            FieldValue::Integer(number) => json!(number),
            FieldValue::Money(money) => {
                json!({ "amount": money.amount.to_string(), "currency": money.currency })
            }
            FieldValue::Date(day) => json!(day.to_string()),
            FieldValue::Boolean(yes) => json!(yes),
            FieldValue::Reference(id) => {
                let company = companies.iter().find(|company| company.id == *id);
                let mut told = json!({ "id": id, "name": names.get(id) });
                if let (Some(company), Value::Object(told)) = (company, &mut told) {
                    told.insert("inn".to_owned(), json!(company.inn));
                    told.insert("kpp".to_owned(), json!(company.kpp));
                    told.insert("vat_id".to_owned(), json!(company.vat_id));
                }
                told
            }
        };
        plain.insert(name.clone(), told);
    }
    Ok(Value::Object(plain))
}
