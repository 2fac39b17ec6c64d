//! The register of mandates: who may act for which of our legal entities, up to what amount, from
//! when until when. Administrators keep it; a row is never changed, only ended.

use std::collections::BTreeSet;

use chancery_types::id::{MandateId, PersonId};
use chancery_types::{Instant, Money};
use chancery_workflow::Mandate;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::checks::Checks;
use crate::app::names::names_of;
use crate::app::organisations::allow_whole;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::mandates;

/// The most mandates of an organisation, those that have ended among them.
pub const MANDATES_MAX: u64 = 5_000;
/// The longest basis, in graphemes.
pub const BASIS_GRAPHEMES_MAX: usize = 200;
/// The longest key of an entity, in characters.
const ENTITY_CHARS_MAX: usize = 64;

/// A mandate as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MandateDraft {
    /// Who may act.
    pub person: PersonId,
    /// For which of our entities, by its key; for each of them without.
    pub entity: Option<String>,
    /// In which role; to sign without.
    pub role: Option<String>,
    /// Up to which amount; any without.
    pub limit: Option<Money>,
    /// From when.
    pub from: Instant,
    /// Until when; without, until it is ended.
    pub until: Option<Instant>,
    /// By what: a charter, a power of attorney with its number and date.
    pub basis: String,
}

/// One row of the register.
#[derive(Clone, Debug)]
pub struct MandateRow {
    /// The mandate.
    pub id: MandateId,
    /// What it says.
    pub draft: MandateDraft,
    /// The name of who may act.
    pub name: String,
    /// When it was ended early.
    pub ended_at: Option<Instant>,
    /// Whether it stands now.
    pub stands: bool,
}

impl App {
    /// The register, those first that were recorded last.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators.
    pub async fn list_mandates(&self, actor: &Actor) -> Result<Vec<MandateRow>, AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows = store::mandates::list(reader, organisation, MANDATES_MAX).await?;
        let people: BTreeSet<Uuid> = rows.iter().map(|row| row.person_id).collect();
        let names = names_of(reader, organisation, people, BTreeSet::new()).await?;
        let now = self.now();
        let told = rows.into_iter().rev().map(|row| {
            let mandate = mandate_of(&row)?;
            Ok(MandateRow {
                id: mandate.id,
                name: names.either(Some(row.person_id), None),
                ended_at: row.ended_at.map(Instant::from_micros),
                stands: mandate.stands(now),
                draft: MandateDraft {
                    person: mandate.person,
                    entity: mandate.entity,
                    role: mandate.role,
                    limit: mandate.limit,
                    from: mandate.from,
                    until: row.until_at.map(Instant::from_micros),
                    basis: mandate.basis,
                },
            })
        });
        told.collect()
    }

    /// Enters a mandate in the register.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators; [`AppError::Invalid`] with every field
    /// that is wrong; `mandates-full`.
    pub async fn record_mandate(
        &self,
        actor: &Actor,
        draft: &MandateDraft,
    ) -> Result<MandateId, AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let basis = self.check_mandate(&tx, actor, draft).await?;
        let organisation = actor.organisation.uuid();
        if store::mandates::count(&tx, organisation).await? >= MANDATES_MAX {
            return Err(AppError::refused("mandates-full"));
        }
        let row = mandates::Model {
            id: entropy::id(now),
            organisation_id: organisation,
            person_id: draft.person.uuid(),
            entity: draft.entity.clone(),
            role: draft.role.clone(),
            limit_amount: draft.limit.as_ref().map(|limit| limit.amount.to_string()),
            limit_currency: draft.limit.as_ref().map(|limit| limit.currency.clone()),
            from_at: draft.from.micros(),
            until_at: draft.until.map(Instant::micros),
            basis: basis.clone(),
            recorded_at: now.micros(),
            ended_at: None,
        };
        let id = MandateId::from(row.id);
        let happening = Happening::to("mandate.recorded", "person", draft.person).with(json!({
            "mandate": id, "what": basis, "entity": draft.entity, "role": draft.role,
            "limit": draft.limit.as_ref().map(ToString::to_string),
            "from_at": draft.from, "until_at": draft.until,
        }));
        store::mandates::insert(&tx, row).await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// From the beginning of the first day to the end of the last one, if there is one, in the
    /// organisation's zone.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for days that are beyond reckoning.
    pub async fn days_of_mandate(
        &self,
        actor: &Actor,
        first: Date,
        last: Option<Date>,
    ) -> Result<(Instant, Option<Instant>), AppError> {
        let zone = self.time_zone(actor).await?;
        let begins = |field: &str, day: Date| {
            let start = day.to_zoned_datetime(zone.clone());
            start
                .map(|start| Instant::from_micros(start.timestamp().as_microsecond()))
                .map_err(|_| AppError::invalid(field, "not-a-date"))
        };
        let until = match last.map(Date::tomorrow) {
            Some(Ok(after)) => Some(begins("until", after)?),
            Some(Err(_)) => return Err(AppError::invalid("until", "not-a-date")),
            None => None,
        };
        Ok((begins("from", first)?, until))
    }

    /// The basis as it is kept, if everything is right.
    async fn check_mandate(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        draft: &MandateDraft,
    ) -> Result<String, AppError> {
        let mut checks = Checks::default();
        let person = draft.person.uuid();
        let found = store::people::load(tx, actor.organisation.uuid(), person).await;
        let works_here = found.is_ok_and(|row| row.state == "active");
        checks.require(works_here, "person", "not-a-choice");
        let is_key = draft.entity.as_deref().is_none_or(is_entity);
        checks.require(is_key, "entity", "key-form");
        let roles = self.chains.vocabulary().roles();
        let is_role = draft
            .role
            .as_ref()
            .is_none_or(|role| roles.contains_key(role));
        checks.require(is_role, "role", "not-a-choice");
        let is_above = |limit: &Money| limit.amount > 0.into();
        checks.require(
            draft.limit.as_ref().is_none_or(is_above),
            "limit",
            "mandate-limit",
        );
        // In a role somebody decides; how much they may is the workflow's to say.
        let is_judged = draft.role.is_none() || draft.limit.is_none();
        checks.require(is_judged, "limit", "mandate-limit-of-role");
        let is_later = draft.until.is_none_or(|until| draft.from < until);
        checks.require(is_later, "until", "before-from");
        let lasts = draft.until.is_none_or(|until| until > self.now());
        checks.require(lasts, "until", "mandate-over");
        let basis = checks.line("basis", &draft.basis, BASIS_GRAPHEMES_MAX);
        checks.done()?;
        Ok(basis)
    }

    /// Ends a mandate now: nobody is asked by it any more, and nobody signs by it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators, and if there is none;
    /// `mandate-is-over`.
    pub async fn end_mandate(&self, actor: &Actor, id: MandateId) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = store::mandates::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        let is_over = row.until_at.is_some_and(|until| until <= now.micros());
        if is_over || row.ended_at.is_some() {
            return Err(AppError::refused("mandate-is-over"));
        }
        store::mandates::update_ended(&tx, &row, now.micros()).await?;
        let person = PersonId::from(row.person_id);
        let happening = Happening::to("mandate.ended", "person", person)
            .with(json!({ "mandate": id, "what": row.basis, "entity": row.entity }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether a text can be the key of an entity, as workflows write it.
fn is_entity(key: &str) -> bool {
    key.len() <= ENTITY_CHARS_MAX
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

/// The register as the engine takes it.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails; [`AppError::Internal`] for a limit that is no
/// amount.
pub(crate) async fn register_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<Mandate>, AppError> {
    let rows = store::mandates::list(connection, organisation, MANDATES_MAX).await?;
    rows.iter().map(mandate_of).collect()
}

/// A row as the engine takes it: what was ended early ends then.
fn mandate_of(row: &mandates::Model) -> Result<Mandate, AppError> {
    let limit = match row
        .limit_amount
        .as_deref()
        .zip(row.limit_currency.as_deref())
    {
        Some((amount, currency)) => {
            let limit = Money::parse(amount, currency);
            Some(limit.map_err(|why| AppError::internal(why.to_string()))?)
        }
        None => None,
    };
    let end = row.ended_at.into_iter().chain(row.until_at).min();
    Ok(Mandate {
        id: row.id.into(),
        person: row.person_id.into(),
        entity: row.entity.clone(),
        role: row.role.clone(),
        limit,
        from: Instant::from_micros(row.from_at),
        until: end.map(Instant::from_micros),
        basis: row.basis.clone(),
    })
}
