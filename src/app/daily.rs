//! One letter a day about all tasks, for people who chose it in place of one about each.
//!
//! It is written on weekdays from eight in the morning, by the clock of the organisation. A task
//! that is due before the next one is told of at once.

use chancery_types::id::{OrganisationId, PersonId};
use chancery_types::{Instant, Locale};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::people::Letters;
use crate::app::work::{Progress, enqueue_job};
use crate::app::{App, AppError};
use crate::store;
use crate::store::desk::{DeskFilter, DeskRow, Seat};
use crate::store::entity::{organisations, people};

/// The kind of job.
pub const KIND: &str = "daily_letters";
/// From which hour of the day the letter is written.
const HOUR: i8 = 8;
/// How many tasks a letter names; the desk has all.
const TASKS_MAX: u64 = 30;

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day whose letter is due at `now` in `zone`; `None` before eight and at the weekend.
#[must_use]
pub fn due_day(now: Instant, zone: &TimeZone) -> Option<Date> {
    let local = zone.to_datetime(now.timestamp());
    let is_due = is_weekday(local.date()) && local.hour() >= HOUR;
    is_due.then(|| local.date())
}

/// When the first letter after `now` is written.
#[must_use]
pub fn next_letter(now: Instant, zone: &TimeZone) -> Instant {
    let today = zone.to_datetime(now.timestamp()).date();
    let days = (0..7).filter_map(|ahead| today.checked_add(ahead.days()).ok());
    let moments = days.filter(|day| is_weekday(*day)).filter_map(|day| {
        let at = zone.to_timestamp(day.at(HOUR, 0, 0, 0)).ok()?;
        Some(Instant::from_micros(at.as_microsecond()))
    });
    let mut later = moments.filter(|at| *at > now);
    // Only beyond the years that are known there is none.
    later.next().unwrap_or(now)
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whether `person` reads of a task in the daily letter and not at once.
#[must_use]
pub fn waits_for_letter(
    person: &people::Model,
    house: &organisations::Model,
    due_at: Option<i64>,
    now: Instant,
) -> bool {
    let next = next_letter(now, &zone_of(&house.time_zone));
    person.letters == Letters::Daily.code() && due_at.is_none_or(|due| due > next.micros())
}

impl App {
    /// Writes today's letters down as a job of each organisation where it is time for them, once
    /// however many processes ask.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn enqueue_daily_letters(&self) -> Result<(), AppError> {
        let now = self.now();
        for organisation in self.list_organisations().await? {
            if let Some(day) = due_day(now, &zone_of(&organisation.draft.time_zone)) {
                let payload = json!({ "day": day.to_string() });
                let key = format!("{KIND}:{day}");
                let writer = self.store.writer();
                enqueue_job(writer, organisation.id, now, KIND, key, &payload).await?;
            }
        }
        Ok(())
    }

    /// Writes the letters of a day: to everybody who chose them and has open tasks. A letter that
    /// is there already is not written again.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]; [`AppError::Internal`] for a payload of another kind.
    pub async fn write_daily_letters(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let day = payload["day"].as_str();
        let day = day.ok_or_else(|| AppError::internal("daily letters without a day"))?;
        let reader = self.store.reader();
        let house = store::organisations::load(reader, organisation.uuid()).await?;
        for person in store::people::list_daily(reader, organisation.uuid()).await? {
            let Some(payload) = self.daily_payload(&house, &person).await? else {
                continue;
            };
            let letter = Letter {
                key: format!("d:{}:{day}", person.id),
                kind: MailKind::TaskDigest,
                to: MailTo::of_person(&house, &person),
                document_id: None,
                payload,
                secret: None,
            };
            let tx = self.store.begin().await?;
            outbox::enqueue(&tx, self, house.id, self.now(), letter).await?;
            tx.commit().await?;
        }
        self.wake_jobs();
        Ok(Progress::Finished)
    }

    /// What a person's letter says; `None` if nothing waits for them.
    async fn daily_payload(
        &self,
        house: &organisations::Model,
        person: &people::Model,
    ) -> Result<Option<Value>, AppError> {
        let (reader, organisation) = (self.store.reader(), OrganisationId::from(house.id));
        let standing = self
            .list_standing(reader, organisation, PersonId::from(person.id))
            .await?;
        let seat = Seat {
            organisation_id: house.id,
            person_id: person.id,
            standing,
        };
        let now = self.now().micros();
        let filter = DeskFilter::default();
        let rows = store::desk::list_open_tasks(reader, &seat, &filter, TASKS_MAX).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let counts = store::desk::list_open_counts(reader, &seat, now).await?;
        let locale = MailTo::of_person(house, person).locale;
        let mut tasks = Vec::with_capacity(rows.len());
        for row in rows {
            tasks.push(self.daily_task(house, row, locale).await?);
        }
        Ok(Some(json!({
            "organisation_name": house.name,
            "time_zone": house.time_zone,
            "tasks_count": counts.iter().map(|count| count.tasks_count).sum::<i64>(),
            "late_count": counts.iter().map(|count| count.urgent_count).sum::<i64>(),
            "tasks": tasks,
            "url": self.url("/tasks"),
        })))
    }

    async fn daily_task(
        &self,
        house: &organisations::Model,
        row: DeskRow,
        locale: Locale,
    ) -> Result<Value, AppError> {
        let reader = self.store.reader();
        let definition = self
            .definition_of(reader, house.id, &row.definition_digest)
            .await?;
        let stage = definition.stage(&row.path);
        let title = stage.and_then(|stage| stage.title.get(locale));
        Ok(json!({
            "document_title": row.title,
            "registration_number": row.registration_number,
            "stage_title": title.unwrap_or(&row.path),
            "due_at": row.due_at.map(Instant::from_micros),
            "url": self.url(&format!("/tasks/{}", row.id)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        let at: jiff::Timestamp = text.parse().expect("a moment");
        Instant::from_micros(at.as_microsecond())
    }

    /// Goal: the letter is due from eight on a weekday of the organisation, and the next one skips
    /// the weekend. Method: moments around Friday's and Saturday's morning in Moscow (UTC+3).
    #[test]
    fn letters_come_on_weekday_mornings() {
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        for (now, due, next) in [
            ("2026-11-27T04:59:00Z", None, "2026-11-27T05:00:00Z"),
            (
                "2026-11-27T05:00:00Z",
                Some("2026-11-27"),
                "2026-11-30T05:00:00Z",
            ),
            (
                "2026-11-27T20:59:00Z",
                Some("2026-11-27"),
                "2026-11-30T05:00:00Z",
            ),
            ("2026-11-28T09:00:00Z", None, "2026-11-30T05:00:00Z"),
            ("2026-11-30T04:00:00Z", None, "2026-11-30T05:00:00Z"),
            (
                "2026-11-30T06:00:00Z",
                Some("2026-11-30"),
                "2026-12-01T05:00:00Z",
            ),
        ] {
            let day = due_day(at(now), &moscow).map(|day| day.to_string());
            assert_eq!(day.as_deref(), due, "{now}");
            assert_eq!(next_letter(at(now), &moscow), at(next), "{now}");
        }
    }
}
