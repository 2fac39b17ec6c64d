//! An absence that somebody else records: what they may not say, and who hears of it.

use chancery_types::Instant;
use chancery_types::id::{AbsenceId, PersonId};
use chancery_workflow::Absence;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::{AbsenceDraft, People, Powers};
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;

/// The person who records the absence of `person`, if it is not their own.
pub(super) fn recorder_of(actor: &Actor, person: PersonId) -> Option<PersonId> {
    actor.person().map(|own| own.id).filter(|id| *id != person)
}

/// Whoever records an absence of somebody else gains nothing by it: they do not stand in
/// themselves, nor through others who are away in the same time, and nobody signs because of it.
///
/// # Errors
///
/// [`AppError::Invalid`]: `absence-recorder` at `substitute`, `absence-sign-own` at `powers`.
pub(super) fn check_recorder(
    actor: &Actor,
    person: PersonId,
    draft: &AbsenceDraft,
    known: &[Absence],
) -> Result<(), AppError> {
    let Some(recorder) = recorder_of(actor, person) else {
        return Ok(());
    };
    if draft.powers == Powers::Sign {
        return Err(AppError::invalid("powers", "absence-sign-own"));
    }
    let reached = draft.substitute.is_some_and(|first| {
        crate::domain::absence::leads_to(known, first, recorder, draft.from, draft.until)
    });
    match reached {
        true => Err(AppError::invalid("substitute", "absence-recorder")),
        false => Ok(()),
    }
}

impl App {
    /// Writes to whoever is said to be away, and to whoever is to stand in, if somebody else
    /// recorded it.
    pub(super) async fn tell_recorded(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        (id, person): (AbsenceId, PersonId),
        draft: &AbsenceDraft,
        now: Instant,
    ) -> Result<(), AppError> {
        if recorder_of(actor, person).is_none() {
            return Ok(());
        }
        let organisation = actor.organisation.uuid();
        let house = store::organisations::load(tx, organisation).await?;
        let away = store::people::load(tx, organisation, person.uuid()).await?;
        let substitute = match draft.substitute {
            Some(id) => Some(store::people::load(tx, organisation, id.uuid()).await?),
            None => None,
        };
        let recorder = actor.person().map_or("", |own| own.name.as_str());
        let mut told = People::new();
        for reader in std::iter::once(&away).chain(&substitute) {
            // Whoever has no login yet or no more reads no letters of ours.
            if reader.state != "active" || !told.insert(reader.id) {
                continue;
            }
            let letter = Letter {
                key: format!("absence:{id}:recorded:{}", reader.id),
                kind: MailKind::AbsenceRecorded,
                to: MailTo::of_person(&house, reader),
                document_id: None,
                payload: json!({
                    "organisation_name": house.name,
                    "person_name": away.name,
                    "recorder_name": recorder,
                    "substitute_name": substitute.as_ref().map(|one| &one.name),
                    "away_from": draft.from,
                    "away_until": draft.until,
                    "powers": draft.powers.code(),
                    "is_substitute": reader.id != away.id,
                    "url": self.url(&format!("/people/{person}/absences")),
                    "time_zone": house.time_zone,
                }),
                secret: None,
            };
            outbox::enqueue(tx, self, organisation, now, letter).await?;
        }
        Ok(())
    }
}
