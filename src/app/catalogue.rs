//! What kinds of documents there are, as use cases and pages ask for them.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue};
use chancery_workflow::Kind;
use chancery_workflow::kind::FieldError;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::{App, AppError, FieldProblem};
use crate::domain::actor::Actor;
use crate::store::entity::{contacts, counterparties, departments, people};

impl App {
    /// The kinds that documents may be started of, by identifier: those of the packs that the
    /// configuration switches on.
    pub fn offered_kinds(&self) -> impl Iterator<Item = &Kind> {
        let on = &self.config.workflows.packs;
        let kinds = self.chains.kinds().values();
        kinds.filter(|kind| self.chains.offers(kind, on))
    }

    /// The kind with this identifier, if documents may be started of it.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on the field `kind`.
    pub fn kind(&self, id: &str) -> Result<&Kind, AppError> {
        let kind = self.offered_kinds().find(|kind| kind.id() == id);
        kind.ok_or_else(|| AppError::invalid("kind", "not-a-choice"))
    }

    /// The kind of a stored document.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`]: a kind's file was taken away while documents of it exist.
    pub fn kind_of_row(&self, id: &str) -> Result<&Kind, AppError> {
        let kind = self.chains.kinds().get(id);
        kind.ok_or_else(|| AppError::internal(format!("no file describes the kind `{id}`")))
    }

    /// Reads a card as it was sent, and sees to it that what it refers to is there and not in the
    /// archive, unless `before` referred to it already.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every wrong field.
    pub(crate) async fn read_card(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: &Kind,
        raw: &BTreeMap<String, String>,
        before: &Card,
    ) -> Result<Card, AppError> {
        let (card, errors) = kind.read_card(raw);
        let mut fields: Vec<FieldProblem> = errors.into_iter().map(field_problem).collect();
        fields.extend(lost_references(connection, actor, kind, &card, before).await?);
        check_contact_s_counterparty(connection, kind, &card, &mut fields).await?;
        if fields.is_empty() {
            Ok(card)
        } else {
            Err(AppError::Invalid { fields })
        }
    }
}

impl App {
    /// As [`App::read_card`], of these fields alone, each of which must be there: what a stage
    /// fills. The problems are named as forms and the API name them: `card.account`.
    pub(crate) async fn read_fields(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: &Kind,
        names: &[String],
        raw: &BTreeMap<String, String>,
        before: &Card,
    ) -> Result<Card, AppError> {
        let is_own = |name: &str| {
            let name = name.strip_suffix(".currency").unwrap_or(name);
            names.iter().any(|own| own == name)
        };
        let (mut card, errors) = kind.read_card(raw);
        card.retain(|name, _| is_own(name));
        // What the card lacks besides is not this form's; what nobody asked for is.
        let asked = errors
            .into_iter()
            .filter(|error| is_own(&error.field) || raw.contains_key(&error.field));
        let mut fields: Vec<FieldProblem> = asked.map(field_problem).collect();
        for name in raw.keys().filter(|name| !is_own(name)) {
            if !fields.iter().any(|problem| problem.field == *name) {
                fields.push(FieldProblem::new(name, "unknown"));
            }
        }
        for name in names {
            let is_told = fields.iter().any(|problem| problem.field == *name);
            if !card.contains_key(name) && !is_told {
                fields.push(FieldProblem::new(name, "required"));
            }
        }
        fields.extend(lost_references(connection, actor, kind, &card, before).await?);
        if fields.is_empty() {
            return Ok(card);
        }
        for problem in &mut fields {
            problem.field = format!("card.{}", problem.field);
        }
        Err(AppError::Invalid { fields })
    }
}

/// The fields of a card that refer to what is not there, or in the archive.
async fn lost_references(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    kind: &Kind,
    card: &Card,
    before: &Card,
) -> Result<Vec<FieldProblem>, AppError> {
    let mut lost = Vec::new();
    for field in kind.fields() {
        let Some(FieldValue::Reference(id)) = card.get(&field.name) else {
            continue;
        };
        let organisation = actor.organisation.uuid();
        let is_kept = before.get(&field.name) == card.get(&field.name);
        if !is_there(connection, organisation, field.field_type, *id, is_kept).await? {
            lost.push(FieldProblem::new(&field.name, "not-a-choice"));
        }
    }
    Ok(lost)
}

/// A card's problem as every field's problem: the code loses its `field-`, which the locales add.
fn field_problem(error: FieldError) -> FieldProblem {
    FieldProblem {
        code: error.code.strip_prefix("field-").unwrap_or(error.code),
        field: error.field,
        args: error.args,
    }
}

async fn is_there(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    field_type: FieldType,
    id: Uuid,
    is_kept: bool,
) -> Result<bool, AppError> {
    let offered = |archived_at: Option<i64>| is_kept || archived_at.is_none();
    let found = match field_type {
        FieldType::Person => people::Entity::find_by_id(id)
            .filter(people::Column::OrganisationId.eq(organisation))
            .filter(people::Column::State.ne("disabled"))
            .one(connection)
            .await?
            .is_some(),
        FieldType::Department => departments::Entity::find_by_id(id)
            .filter(departments::Column::OrganisationId.eq(organisation))
            .one(connection)
            .await?
            .is_some_and(|row| offered(row.archived_at)),
        FieldType::Counterparty => counterparties::Entity::find_by_id(id)
            .filter(counterparties::Column::OrganisationId.eq(organisation))
            .one(connection)
            .await?
            .is_some_and(|row| offered(row.archived_at)),
        FieldType::Contact => contacts::Entity::find_by_id(id)
            .filter(contacts::Column::OrganisationId.eq(organisation))
            .one(connection)
            .await?
            .is_some_and(|row| offered(row.archived_at)),
        FieldType::Text
        | FieldType::LongText
        | FieldType::Integer
        | FieldType::Money
        | FieldType::Date
        | FieldType::Boolean
        | FieldType::Choice => true,
    };
    Ok(found)
}

/// The person who will sign for the counterparty must be the counterparty's.
async fn check_contact_s_counterparty(
    connection: &impl ConnectionTrait,
    kind: &Kind,
    card: &Card,
    fields: &mut Vec<FieldProblem>,
) -> Result<(), AppError> {
    let Some(contact_field) = kind.list().contact.as_ref() else {
        return Ok(());
    };
    let counterparty = reference(card, kind.list().counterparty.as_deref());
    let Some((contact, counterparty)) = reference(card, Some(contact_field)).zip(counterparty)
    else {
        return Ok(());
    };
    let row = contacts::Entity::find_by_id(contact)
        .one(connection)
        .await?;
    let known = fields.iter().any(|problem| problem.field == *contact_field);
    if !known && row.is_some_and(|row| row.counterparty_id != counterparty) {
        fields.push(FieldProblem::new(contact_field, "contact-of-another"));
    }
    Ok(())
}

/// The reference in a card's field.
pub(crate) fn reference(card: &Card, field: Option<&str>) -> Option<Uuid> {
    match card.get(field?) {
        Some(FieldValue::Reference(id)) => Some(*id),
        _ => None,
    }
}

/// The department a card names, by the first field of that type.
pub(crate) fn department_of(kind: &Kind, card: &Card) -> Option<Uuid> {
    let mut fields = kind.fields().iter();
    let field = fields.find(|field| field.field_type == FieldType::Department)?;
    reference(card, Some(&field.name))
}

/// A card from a row.
///
/// # Errors
///
/// [`AppError::Internal`] if the row holds something else.
pub fn card_of_row(text: &str) -> Result<Card, AppError> {
    serde_json::from_str(text).map_err(|error| AppError::internal(format!("a card: {error}")))
}
