//! The compliance officer's worklist: every stored signature by its verdict, what needs a look, and
//! "check all again".

use std::collections::{BTreeMap, BTreeSet};

use chancery_signature::report::Reason;
use chancery_types::Instant;
use chancery_types::id::DocumentId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::audit_log::{DocumentName, after, day_start};
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::recheck::{ASKED, KIND};
use crate::app::work::enqueue_job;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{raised_signatures, signature_checks, signed_copies};
use crate::store::signature_checks::{self as rows, CheckFilter};

const DAY_SECONDS: i64 = 24 * 3600;
/// Days within which a certificate ends soon, if the reader names none.
pub const DAYS: i64 = 30;
/// The most signatures of one export.
pub const EXPORT_MAX: usize = 20_000;
/// Rows of an export that are read at once.
const EXPORT_ROWS: u64 = 500;
/// The most characters and words of a search that are looked at.
const WORDS_MAX: (usize, usize) = (200, 8);
/// The most days that may be asked for.
pub const DAYS_MAX: i64 = 3_650;

/// The verdicts, as rows and the wire name them, the worst first.
pub const VERDICTS: [&str; 3] = ["TOTAL-FAILED", "INDETERMINATE", "TOTAL-PASSED"];
/// What a signature may need a look for, as the wire names it.
pub const CONCERNS: [&str; 8] = [
    "changed",
    "ending",
    "ended",
    "proof-ending",
    "not-raised",
    "revoked",
    "without-timestamp",
    "weak",
];

/// Which signatures are wanted. Empty texts want all.
#[derive(Clone, Debug, Default)]
pub struct SignatureQuery {
    /// One of [`VERDICTS`].
    pub verdict: String,
    /// One of [`CONCERNS`].
    pub concern: String,
    /// For `ending` and `proof-ending`: within so many days; [`DAYS`] without.
    pub days: Option<i64>,
    /// Words of the signer's name or organisation, or of the document's title, number or
    /// counterparty.
    pub words: String,
    /// Proven to be signed from the beginning of this day in the organisation's time zone.
    pub from: Option<Date>,
    /// Proven to be signed to the end of this day.
    pub until: Option<Date>,
}

/// What the last check of a stored signature came to.
#[derive(Clone, Debug)]
pub struct SignatureLine {
    /// The row.
    pub check: signature_checks::Model,
    /// The document.
    pub document_id: DocumentId,
    /// Its number and title, as they are now.
    pub document: Option<DocumentName>,
    /// What weighs most against it, or should be known of it.
    pub reason: Option<Reason>,
    /// The name of its file, if it is a detached one.
    pub detached_name: Option<String>,
    /// The signed copy that it stands in; nothing for a file that came signed.
    pub copy: Option<CopyLevel>,
}

/// How long a signed copy, or what a detached signature has become, carries its signatures.
#[derive(Clone, Debug)]
pub struct CopyLevel {
    /// `B-T`, `B-LT` or `B-LTA`; empty for a detached signature that was not raised.
    pub level: String,
    /// Until when it carries them by itself.
    pub lasts_until: Option<Instant>,
    /// Why it could not be raised: a code.
    pub problem: Option<String>,
}

impl CopyLevel {
    /// Of a detached signature; nothing of one that is what came, and that nothing is wrong with.
    fn of_detached(row: raised_signatures::Model) -> Option<Self> {
        let (level, problem) = (row.level.unwrap_or_default(), row.raise_problem);
        let is_known = !level.is_empty() || problem.is_some();
        is_known.then(|| Self {
            lasts_until: row.lasts_until.map(Instant::from_micros),
            problem,
            level,
        })
    }
}

impl From<signed_copies::Model> for CopyLevel {
    fn from(row: signed_copies::Model) -> Self {
        Self {
            lasts_until: row.lasts_until.map(Instant::from_micros),
            problem: row.raise_problem,
            level: row.level,
        }
    }
}

/// How many signatures there are, and how many of them need a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignatureCounts {
    /// Proven right.
    pub passed: u64,
    /// Not decided.
    pub indeterminate: u64,
    /// Proven wrong.
    pub failed: u64,
    /// Files that were never checked as they are now.
    pub unchecked_files: u64,
    /// Whether a check of everything that somebody asked for goes on.
    pub is_going_on: bool,
    /// When the one was checked that waits longest for its next check; nothing if there is none.
    pub checked_since: Option<Instant>,
}

impl SignatureCounts {
    /// All that were checked.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.passed
            .saturating_add(self.indeterminate)
            .saturating_add(self.failed)
    }
}

impl SignatureQuery {
    fn filter(&self, now: Instant, zone: &TimeZone) -> Result<CheckFilter, AppError> {
        let days = self.days.unwrap_or(DAYS);
        if !(1..=DAYS_MAX).contains(&days) {
            let problem = FieldProblem::new("days", "days-out-of-range");
            return Err(AppError::Invalid {
                fields: vec![problem.with("max", DAYS_MAX)],
            });
        }
        let until = now.plus_seconds(days.saturating_mul(DAY_SECONDS)).micros();
        let indication = match self.verdict.as_str() {
            "" => None,
            asked => Some(known(&VERDICTS, "verdict", asked)?),
        };
        let (characters_max, words_max) = WORDS_MAX;
        let words = self.words.chars().take(characters_max);
        let words: String = words.filter(|c| !c.is_control()).collect();
        let words = words.split_whitespace().take(words_max);
        let start = |day: Date| day_start(day, zone);
        let mut filter = CheckFilter {
            indication,
            words: words.map(str::to_lowercase).collect(),
            signed_from: self.from.map(start).transpose()?,
            signed_before: self.until.map(after).map(|day| start(day?)).transpose()?,
            ..CheckFilter::default()
        };
        match self.concern.as_str() {
            "" => {}
            "changed" => filter.is_changed = true,
            // Whose end the copy's archive timestamps outlive needs no look.
            "ending" => {
                filter.ends_within = Some((now.micros(), until));
                filter.is_bare_at = Some(until);
            }
            "ended" => {
                filter.ended_by = Some(now.micros());
                filter.is_bare_at = Some(now.micros());
            }
            "proof-ending" => filter.proof_ends_by = Some(until),
            "not-raised" => filter.is_not_raised = true,
            "revoked" => filter.is_revoked = true,
            "without-timestamp" => filter.is_unproven = true,
            "weak" => filter.is_weak = true,
            _ => return Err(AppError::invalid("concern", "not-a-choice")),
        }
        Ok(filter)
    }
}

fn known(
    words: &[&'static str],
    field: &'static str,
    asked: &str,
) -> Result<&'static str, AppError> {
    let found = words.iter().find(|word| **word == asked);
    found
        .copied()
        .ok_or_else(|| AppError::invalid(field, "not-a-choice"))
}

impl App {
    /// Whether `actor` may see the list at all: asked before anything is said about a question.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if not.
    pub fn allow_signatures(&self, actor: &Actor) -> Result<(), AppError> {
        allow_whole(actor, Action::SeeSignatures)
    }

    /// The organisation's stored signatures as they were checked last, those that were seen last
    /// first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but a compliance officer; [`AppError::Invalid`] for a
    /// question that is none.
    pub async fn list_signatures(
        &self,
        actor: &Actor,
        query: &SignatureQuery,
        page: &PageRequest,
    ) -> Result<Page<SignatureLine>, AppError> {
        self.allow_signatures(actor)?;
        let zone = self.time_zone(actor).await?;
        let filter = query.filter(self.now(), &zone)?;
        let before = match &page.after {
            None => None,
            Some(cursor) => Some((cursor.micros()?, cursor.id)),
        };
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows_max = page.rows_max.saturating_add(1);
        let found = rows::list(reader, organisation, &filter, before, rows_max).await?;
        let page = Page::of(found, page.rows_max, |row| {
            Cursor::after(row.created_at, row.id)
        });
        let ids: BTreeSet<Uuid> = page.rows.iter().map(|row| row.document_id).collect();
        let documents = store::documents::list_by_ids(reader, organisation, ids).await?;
        let names: BTreeMap<Uuid, DocumentName> = documents
            .into_iter()
            .map(|row| (row.id, DocumentName::from(row)))
            .collect();
        let versions: Vec<Uuid> = page.rows.iter().map(|row| row.version_id).collect();
        let copies =
            store::signed_copies::list_of_versions(reader, organisation, &versions).await?;
        let copies: BTreeMap<Uuid, CopyLevel> = copies
            .into_iter()
            .map(|row| (row.version_id, CopyLevel::from(row)))
            .collect();
        let detached: Vec<Uuid> = page.rows.iter().filter_map(|row| row.detached_id).collect();
        let names_of_files: BTreeMap<Uuid, String> =
            store::detached_signatures::list_names(reader, organisation, &detached)
                .await?
                .into_iter()
                .collect();
        let raised = store::raised_signatures::list_of(reader, organisation, &detached).await?;
        let raised: BTreeMap<Uuid, CopyLevel> = raised
            .into_iter()
            .filter_map(|row| Some((row.detached_id, CopyLevel::of_detached(row)?)))
            .collect();
        Ok(page.map(|check| SignatureLine {
            detached_name: check
                .detached_id
                .and_then(|id| names_of_files.get(&id).cloned()),
            copy: match check.detached_id {
                Some(id) => raised.get(&id).cloned(),
                None => copies.get(&check.version_id).cloned(),
            },
            document_id: check.document_id.into(),
            document: names.get(&check.document_id).cloned(),
            // Written by ourselves as JSON; a hand in the database shows as nothing.
            reason: check
                .reason
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok()),
            check,
        }))
    }

    /// Every stored signature that is asked for, those that were seen last first.
    ///
    /// # Errors
    ///
    /// As [`App::list_signatures`]; `signatures-too-many` if they are more than [`EXPORT_MAX`].
    pub async fn export_signatures(
        &self,
        actor: &Actor,
        query: &SignatureQuery,
    ) -> Result<Vec<SignatureLine>, AppError> {
        let mut lines = Vec::new();
        let mut page = PageRequest {
            after: None,
            rows_max: EXPORT_ROWS,
        };
        loop {
            let found = self.list_signatures(actor, query, &page).await?;
            lines.extend(found.rows);
            if lines.len() > EXPORT_MAX {
                let max = EXPORT_MAX.to_string();
                return Err(AppError::refused_with(
                    "signatures-too-many",
                    [("max", max)],
                ));
            }
            page.after = found.next;
            if page.after.is_none() {
                return Ok(lines);
            }
        }
    }

    /// How many stored signatures have which verdict.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but a compliance officer.
    pub async fn count_signatures(&self, actor: &Actor) -> Result<SignatureCounts, AppError> {
        self.allow_signatures(actor)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let mut counts = SignatureCounts {
            unchecked_files: store::checked_files::count_unchecked(reader, organisation).await?,
            is_going_on: rows::is_asked_for(reader, organisation, ASKED).await?,
            ..SignatureCounts::default()
        };
        for found in rows::count_verdicts(reader, organisation).await? {
            let count = u64::try_from(found.signatures_count).unwrap_or(0);
            let since = Instant::from_micros(found.checked_since);
            let known = counts.checked_since;
            counts.checked_since = Some(known.map_or(since, |known| known.min(since)));
            match found.indication.as_str() {
                "TOTAL-PASSED" => counts.passed = count,
                "TOTAL-FAILED" => counts.failed = count,
                _ => counts.indeterminate = count,
            }
        }
        Ok(counts)
    }

    /// Asks for a check of every stored signature, now: a worker does it. Asked twice, the second
    /// answer is `recheck-going-on`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but a compliance officer; `recheck-going-on`.
    pub async fn ask_recheck(&self, actor: &Actor) -> Result<(), AppError> {
        allow_whole(actor, Action::RecheckSignatures)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        // Two who ask at the same moment wait for one another.
        store::people::lock_directory(&tx, actor.organisation.uuid()).await?;
        if rows::is_asked_for(&tx, actor.organisation.uuid(), ASKED).await? {
            return Err(AppError::refused("recheck-going-on"));
        }
        let key = format!("{ASKED}{}", now.micros());
        let payload = json!({ "before": now.micros() });
        enqueue_job(&tx, actor.organisation, now, KIND, key, &payload).await?;
        let happening = Happening::to(
            "signature.recheck_asked",
            "organisation",
            actor.organisation,
        );
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}
