//! How a link ends without a signature: refused, or handed over to who signs instead. Returned with
//! disagreements is in `disagreement`.

use chancery_types::DisplayName;
use chancery_workflow::{Assignee, Decision, Event, EventKind, TaskNumber};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryFilter as _;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::outcome::check_words;
use super::visit::Visit;
use crate::app::audit::{self, Happening};
use crate::app::runs::engine_actor;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::entity::{contacts, links};

/// Who signs instead, as the reader of a link named them.
#[derive(Clone, Debug)]
pub struct NewSignatory {
    /// Their name.
    pub name: String,
    /// Their address: the new link and code go there.
    pub email: String,
    /// Their position.
    pub position: Option<String>,
}

impl App {
    /// Refuses to sign, with a reason: the run ends as its workflow says.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; an invalid reason; the engine's refusal.
    pub async fn refuse_to_sign(
        &self,
        actor: &Actor,
        visit: &Visit,
        reason: &str,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let reason = check_words("reason", reason)?;
        let event = self.decided(actor, visit, Decision::Reject, reason)?;
        let at = event.at.micros();
        self.move_run(
            actor,
            visit.link.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, _| close_link(tx, visit.link.id, "refused", at).await,
        )
        .await?;
        Ok(())
    }

    /// The event of a reader's decision about the version that their link is bound to.
    pub(super) fn decided(
        &self,
        actor: &Actor,
        visit: &Visit,
        decision: Decision,
        comment: String,
    ) -> Result<Event, AppError> {
        let digest = &visit.subject.version.digest;
        let corrupt = || AppError::internal(format!("link {} has no version", visit.link.id));
        Ok(Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind: EventKind::Decided {
                task: task_number(visit)?,
                decision,
                version_digest: digest.parse().map_err(|_| corrupt())?,
                comment: Some(comment),
                remarks: Vec::new(),
            },
        })
    }

    /// "I am not the signatory": the task goes to whom the reader named, at the same counterparty,
    /// with a link and codes of their own.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; an invalid name or address; `hand-over-same` for the
    /// reader's own address; the engine's refusal.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        visit: &Visit,
        named: &NewSignatory,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let contact = self.named_contact(actor, visit, named).await?;
        let now = self.now();
        let kind = EventKind::Reassigned {
            task: task_number(visit)?,
            to: Assignee::Contact(contact.into()),
        };
        let event = Event {
            at: now,
            actor: engine_actor(actor),
            kind,
        };
        self.move_run(
            actor,
            visit.link.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, _| close_link(tx, visit.link.id, "handed_over", now.micros()).await,
        )
        .await?;
        Ok(())
    }

    /// The named person among the counterparty's contacts; a new one if they were not known.
    async fn named_contact(
        &self,
        actor: &Actor,
        visit: &Visit,
        named: &NewSignatory,
    ) -> Result<Uuid, AppError> {
        let (name, email, position) = checked(named)?;
        if email == visit.subject.contact.email.to_lowercase() {
            return Err(AppError::invalid("email", "hand-over-same"));
        }
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = contacts::Entity::find()
            .filter(contacts::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(contacts::Column::CounterpartyId.eq(visit.subject.counterparty.id))
            .filter(contacts::Column::Email.eq(&email))
            .filter(contacts::Column::Name.eq(&name))
            .filter(contacts::Column::ArchivedAt.is_null())
            .one(&tx)
            .await?;
        if let Some(contact) = known {
            return Ok(contact.id);
        }
        let id = entropy::id(now);
        let row = contacts::ActiveModel {
            id: Set(id),
            organisation_id: Set(visit.link.organisation_id),
            counterparty_id: Set(visit.subject.counterparty.id),
            name: Set(name.clone()),
            position: Set(position),
            email: Set(email.clone()),
            locale: Set(actor.locale.code().to_owned()),
            archived_at: Set(None),
            created_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(&tx).await?;
        let happening = Happening::to("contact.named", "contact", id)
            .on_document(visit.link.document_id)
            .with(json!({ "name": name, "email": email, "named_by": visit.subject.contact.name }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }
}

fn task_number(visit: &Visit) -> Result<TaskNumber, AppError> {
    let number = u32::try_from(visit.subject.task.number);
    number
        .map(TaskNumber)
        .map_err(|_| AppError::internal("a task's number is out of range"))
}

/// Ends a link in the transaction that ends what it was for.
pub(super) async fn close_link(
    tx: &DatabaseTransaction,
    link: Uuid,
    state: &'static str,
    at: i64,
) -> Result<(), AppError> {
    links::Entity::update_many()
        .col_expr(links::Column::State, Expr::value(state))
        .col_expr(links::Column::ClosedAt, Expr::value(at))
        .filter(links::Column::Id.eq(link))
        .exec(tx)
        .await?;
    Ok(())
}

/// Name, address (lower case) and position, each as it may be kept.
fn checked(named: &NewSignatory) -> Result<(String, String, Option<String>), AppError> {
    let mut fields = Vec::new();
    let mut line = |field: &'static str, text: &str| match DisplayName::new(text) {
        Ok(name) => name.as_str().to_owned(),
        Err(error) => {
            fields.push(FieldProblem::of_name(field, error));
            String::new()
        }
    };
    let name = line("name", &named.name);
    let position = named.position.as_deref().map(|text| line("position", text));
    let email = crate::domain::email::check(&named.email).unwrap_or_else(|| {
        fields.push(FieldProblem::new("email", "email"));
        String::new()
    });
    if fields.is_empty() {
        Ok((name, email, position))
    } else {
        Err(AppError::Invalid { fields })
    }
}
