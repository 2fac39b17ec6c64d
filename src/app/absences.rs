//! Who is away, and who stands in for them: recorded by themselves or by an administrator. Whom it
//! lets decide what follows from the engine (`chancery_workflow::absence`).

mod begin;
mod others;
mod standing;

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::{AbsenceId, OrganisationId, PersonId};
use chancery_workflow::{Absence, Substitute};
use jiff::civil::Date;
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::checks::Checks;
use crate::app::names::names_of;
use crate::app::organisations::allow_whole;
use crate::app::sessions::own_profile;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::absence::{ChainError, check_chain};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::absences;

use others::check_recorder;

pub(crate) use standing::standing_of_document;

/// The most absences of one person that last or are to come.
pub const ABSENCES_MAX: usize = 10;
/// The longest absence, in days.
pub const DAYS_MAX: i64 = 366;
/// How long ago one may have begun that becomes known now, in days.
const DAYS_AGO_MAX: i64 = 31;
const DAY_SECONDS: i64 = 86_400;

/// What whoever stands in may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Powers {
    /// Approve, return, reject, acknowledge.
    Decide,
    /// Sign besides: standing in for an approver is no authority to sign.
    Sign,
}

impl Powers {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Decide, Self::Sign];

    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Sign => "sign",
        }
    }

    /// From a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|powers| powers.code() == code)
    }
}

/// An absence as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceDraft {
    /// From when.
    pub from: Instant,
    /// When they are back.
    pub until: Instant,
    /// Who stands in; nobody without.
    pub substitute: Option<PersonId>,
    /// For which kinds of documents; all without any.
    pub kinds: BTreeSet<String>,
    /// What whoever stands in may do.
    pub powers: Powers,
}

/// An absence that lasts or is to come.
#[derive(Clone, Debug)]
pub struct AbsenceRow {
    /// The absence.
    pub id: AbsenceId,
    /// Who is away.
    pub person: PersonId,
    /// What was said.
    pub draft: AbsenceDraft,
    /// The name of whoever stands in.
    pub substitute_name: Option<String>,
    /// Whether it has begun.
    pub has_begun: bool,
}

impl App {
    /// The absences of a person that last or are to come, the first first: colleagues see who
    /// stands in.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is no such person here.
    pub async fn list_absences(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<Vec<AbsenceRow>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        store::people::load(reader, organisation, person.uuid()).await?;
        self.absences_of(actor.organisation, person).await
    }

    /// As [`App::list_absences`], of whoever may be told.
    pub(super) async fn absences_of(
        &self,
        organisation: OrganisationId,
        person: PersonId,
    ) -> Result<Vec<AbsenceRow>, AppError> {
        let (reader, organisation) = (self.store.reader(), organisation.uuid());
        let (now, person) = (self.now(), Some(person.uuid()));
        let rows =
            store::absences::list_lasting(reader, organisation, person, now.micros()).await?;
        let substitutes = rows.iter().filter_map(|row| row.substitute_id).collect();
        let names = names_of(reader, organisation, substitutes, BTreeSet::new()).await?;
        let told = |row: absences::Model| AbsenceRow {
            id: row.id.into(),
            person: row.person_id.into(),
            substitute_name: row.substitute_id.map(|id| names.either(Some(id), None)),
            has_begun: row.from_at <= now.micros(),
            draft: draft_of(row),
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// Records that a person is away. Whoever stands in is told of what is open when it begins; of
    /// what somebody else recorded, both are told at once. What is recorded already stays as it is.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but the person and an administrator; [`AppError::Invalid`]
    /// with every field that is wrong: people who would stand in for one another in a circle
    /// (`absence-circle`), or too far (`absence-too-far`); of somebody else, whoever records it in
    /// their place (`absence-recorder`), or somebody to sign for them (`absence-sign-own`).
    pub async fn record_absence(
        &self,
        actor: &Actor,
        person: PersonId,
        draft: &AbsenceDraft,
    ) -> Result<AbsenceId, AppError> {
        allow_for(actor, person)?;
        let (now, organisation) = (self.now(), actor.organisation.uuid());
        let tx = self.store.begin().await?;
        // Two absences that are recorded at once see one another.
        store::people::lock_directory(&tx, organisation).await?;
        store::people::load(&tx, organisation, person.uuid()).await?;
        let own = Some(person.uuid());
        let own = store::absences::list_lasting(&tx, organisation, own, now.micros()).await?;
        let mut same = own
            .into_iter()
            .filter(|row| draft_of(row.clone()) == *draft);
        if let Some(row) = same.next() {
            return Ok(row.id.into());
        }
        self.check_absence(&tx, actor, person, draft).await?;
        let row = absences::Model {
            id: entropy::id(now),
            organisation_id: organisation,
            person_id: person.uuid(),
            substitute_id: draft.substitute.map(PersonId::uuid),
            kinds: json!(draft.kinds).to_string(),
            powers: draft.powers.code().to_owned(),
            from_at: draft.from.micros(),
            until_at: draft.until.micros(),
            recorded_at: now.micros(),
            ended_at: None,
            told_at: None,
        };
        let id = AbsenceId::from(row.id);
        let happening = Happening::to("absence.recorded", "person", person).with(json!({
            "from_at": draft.from, "until_at": draft.until,
            "to": draft.substitute, "kinds": draft.kinds, "powers": draft.powers.code(),
        }));
        store::absences::insert(&tx, row).await?;
        audit::append(&tx, actor, now, happening).await?;
        self.tell_recorded(&tx, actor, (id, person), draft, now)
            .await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(id)
    }

    async fn check_absence(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        person: PersonId,
        draft: &AbsenceDraft,
    ) -> Result<(), AppError> {
        let (now, organisation) = (self.now(), actor.organisation.uuid());
        let mut checks = Checks::default();
        checks.require(draft.from < draft.until, "away_until", "before-from");
        checks.require(draft.until > now, "away_until", "absence-over");
        let earliest = now.plus_seconds(-DAYS_AGO_MAX.saturating_mul(DAY_SECONDS));
        checks.require(draft.from >= earliest, "away_from", "absence-long-ago");
        if draft.until.seconds_since(draft.from) > DAYS_MAX.saturating_mul(DAY_SECONDS) {
            checks.add(FieldProblem::new("away_until", "absence-too-long").with("max", DAYS_MAX));
        }
        let known = self.chains.kinds();
        let are_known = draft.kinds.iter().all(|kind| known.contains_key(kind));
        checks.require(are_known, "kinds", "not-a-choice");
        if let Some(substitute) = draft.substitute {
            let found = store::people::load(tx, organisation, substitute.uuid()).await;
            let works_here = found.is_ok_and(|row| row.state == "active");
            checks.require(works_here, "substitute", "not-a-choice");
            checks.require(substitute != person, "substitute", "absence-oneself");
        }
        checks.done()?;
        let rows = store::absences::list_lasting(tx, organisation, None, now.micros()).await?;
        let own = rows.iter().filter(|row| row.person_id == person.uuid());
        if own.count() >= ABSENCES_MAX {
            let many = FieldProblem::new("away_from", "absence-too-many").with("max", ABSENCES_MAX);
            return Err(AppError::Invalid { fields: vec![many] });
        }
        let known: Vec<Absence> = rows.iter().map(absence_of).collect();
        check_recorder(actor, person, draft, &known)?;
        let new = of_engine(person, draft);
        check_chain(&known, &new).map_err(|why| match why {
            ChainError::Circle => AppError::invalid("substitute", "absence-circle"),
            ChainError::TooFar => AppError::invalid("substitute", "absence-too-far"),
        })
    }

    /// Ends an absence now, or takes back one that is to come. From this moment on nobody stands in
    /// because of it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is none, and for anybody but the person and an administrator;
    /// `absence-ended`.
    pub async fn end_absence(&self, actor: &Actor, id: AbsenceId) -> Result<PersonId, AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = store::absences::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        let person = PersonId::from(row.person_id);
        allow_for(actor, person)?;
        if row.ended_at.is_some() || row.until_at <= now.micros() {
            return Err(AppError::refused("absence-ended"));
        }
        store::absences::update_ended(&tx, &row, now.micros()).await?;
        let happening = Happening::to("absence.ended", "person", person)
            .with(json!({ "from_at": Instant::from_micros(row.from_at), "to": row.substitute_id }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(person)
    }
}

impl App {
    /// From the beginning of the first day to the end of the last one, in the organisation's zone.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for days that are beyond reckoning.
    pub async fn whole_days(
        &self,
        actor: &Actor,
        first: Date,
        last: Date,
    ) -> Result<(Instant, Instant), AppError> {
        let zone = self.time_zone(actor).await?;
        let start = |field: &str, day: Date| {
            let start = day.to_zoned_datetime(zone.clone());
            start
                .map(|start| Instant::from_micros(start.timestamp().as_microsecond()))
                .map_err(|_| AppError::invalid(field, "not-a-date"))
        };
        let after = last.tomorrow();
        let after = after.map_err(|_| AppError::invalid("away_until", "not-a-date"))?;
        Ok((start("away_from", first)?, start("away_until", after)?))
    }
}

/// Whether `actor` speaks for `person` about their absences: themselves, or an administrator.
fn allow_for(actor: &Actor, person: PersonId) -> Result<(), AppError> {
    if actor.person().is_some_and(|own| own.id == person) {
        own_profile(actor)?;
        return Ok(());
    }
    allow_whole(actor, Action::ManagePeople)
}

fn of_engine(person: PersonId, draft: &AbsenceDraft) -> Absence {
    Absence {
        person,
        from: draft.from,
        until: draft.until,
        substitute: draft.substitute.map(|person| Substitute {
            person,
            kinds: draft.kinds.clone(),
            signs: draft.powers == Powers::Sign,
        }),
    }
}

fn draft_of(row: absences::Model) -> AbsenceDraft {
    AbsenceDraft {
        from: Instant::from_micros(row.from_at),
        until: Instant::from_micros(row.until_at),
        substitute: row.substitute_id.map(PersonId::from),
        kinds: kinds_of(&row.kinds),
        powers: Powers::from_code(&row.powers).unwrap_or(Powers::Decide),
    }
}

/// Kinds as the row keeps them. What cannot be read stands for no kind, never for all.
fn kinds_of(text: &str) -> BTreeSet<String> {
    serde_json::from_str(text).unwrap_or_else(|_| BTreeSet::from([String::new()]))
}

/// An absence as the engine takes it.
pub(crate) fn absence_of(row: &absences::Model) -> Absence {
    of_engine(row.person_id.into(), &draft_of(row.clone()))
}

/// People as a set of identifiers.
type People = BTreeSet<Uuid>;
