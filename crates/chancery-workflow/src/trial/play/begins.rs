//! When a trial begins, and by whom.

use chancery_types::Instant;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;

use super::Trial;
use crate::definition::Definition;
use crate::refusal::Refusal;

/// When a trial begins: as the scene says, else at ten in the morning of the first Monday of March
/// 2026, or of the first year that the calendar knows if it knows another.
pub(crate) fn begins(definition: &Definition, at: Option<DateTime>) -> Instant {
    let calendar = definition.calendar();
    let zone = calendar.and_then(|calendar| TimeZone::get(calendar.zone()).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let at = at.unwrap_or_else(|| {
        let year = calendar.map_or(2026, |calendar| {
            let years = calendar.years();
            if years.contains(&2026) {
                2026
            } else {
                *years.start()
            }
        });
        let first = date(year, 3, 1);
        let weekday = first.weekday().to_monday_zero_offset();
        let to_monday = i64::from((7 - weekday) % 7);
        let monday = first.saturating_add(jiff::Span::new().days(to_monday));
        monday.at(10, 0, 0, 0)
    });
    let at = zone.to_ambiguous_zoned_datetime(at).compatible();
    at.map_or(Instant::from_seconds(0), |at| at.timestamp().into())
}

impl Trial<'_> {
    /// Whether the run starts by itself once the initiator has brought the document; `None` where
    /// the file says nothing of that.
    ///
    /// # Errors
    ///
    /// [`Refusal::Condition`] if its condition has no answer: then it waits for somebody too.
    #[must_use]
    pub fn starts_itself(&self) -> Option<Result<bool, Refusal>> {
        let own = self.definition.self_start()?;
        let (version, company) = (self.version(1), &self.company);
        Some(own.is_for(self.card(), &version, company.initiator, &company.directory))
    }
}
