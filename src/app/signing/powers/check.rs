//! What a kept power comes to: when it is added, on a page, and whenever its signature is checked
//! again.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chancery_signature::ValidationReport;
use chancery_trust::{Identity, Outcome, PowerSought};
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{FileRole, KnownSigner, reason_text, result_code};
use crate::app::audit::{self, Happening};
use crate::app::validation::power::{Candidate, GivenPower, JudgedPower, PowerAsked, organisation};
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store::entity::{power_checks, signature_power_files, signature_powers};
use crate::store::{self, StoreError};

/// The powers of the signatures in one file that count, with their files.
#[derive(Clone, Debug, Default)]
pub struct SubjectPowers(Vec<(signature_powers::Model, Vec<signature_power_files::Model>)>);

/// What a power came to when its signature was checked again.
#[derive(Clone, Debug)]
pub struct PowerSeen {
    row: signature_powers::Model,
    result: &'static str,
    reason: Option<String>,
}

/// A power that came to something else than before.
#[derive(Clone, Debug)]
pub struct PowerChange {
    row: signature_powers::Model,
    before: String,
    after: &'static str,
}

/// Whom the signatures in `report` that a power stands beside may be of.
///
/// # Errors
///
/// [`AppError::Internal`] for a row that does not tell whose signature it was: taken for nobody's,
/// the power would be judged as one that nobody is compared with.
pub(super) fn candidates_of(
    row: &signature_powers::Model,
    report: &ValidationReport,
) -> Result<Vec<Candidate>, AppError> {
    let signers: Vec<KnownSigner> =
        serde_json::from_str(&row.signers).map_err(|error| StoreError::Corrupt {
            table: "signature_powers",
            id: row.id.to_string(),
            why: format!("its signers cannot be read: {error}"),
        })?;
    let found = signers.into_iter().filter_map(|signer| {
        let certificate = BASE64_STANDARD.decode(signer.certificate).ok()?;
        // A copy only grows, so what stood at a place in it still stands there.
        let one = report.signatures.get(signer.place)?;
        let is_same = row.field_name.is_none() || one.field == row.field_name;
        let identity = Identity::of_certificate(&certificate)?;
        is_same.then_some(Candidate {
            place: signer.place,
            identity,
        })
    });
    Ok(found.collect())
}

impl PowerSeen {
    /// Of a power that was judged.
    pub(super) fn of(row: signature_powers::Model, judged: &JudgedPower) -> Self {
        Self {
            row,
            result: result_code(judged.report.result),
            reason: reason_text(&judged.report),
        }
    }
}

/// The row of the first check.
pub(super) fn first(seen: &PowerSeen, now: Instant) -> power_checks::Model {
    power_checks::Model {
        power_id: seen.row.id,
        organisation_id: seen.row.organisation_id,
        result: seen.result.to_owned(),
        reason: seen.reason.clone(),
        checked_at: now.micros(),
        previous_result: None,
        changed_at: None,
    }
}

/// The row in the place of the one before.
fn following(before: &power_checks::Model, row: power_checks::Model) -> power_checks::Model {
    let (previous_result, changed_at) = match before.result == row.result {
        true => (before.previous_result.clone(), before.changed_at),
        false => (Some(before.result.clone()), Some(row.checked_at)),
    };
    power_checks::Model {
        previous_result,
        changed_at,
        ..row
    }
}

impl App {
    /// The powers that count beside the signatures in a file: the last of each signature.
    pub(crate) async fn powers_of_subject(
        &self,
        organisation: OrganisationId,
        subject: Uuid,
    ) -> Result<SubjectPowers, AppError> {
        let reader = self.store.reader();
        let mut rows = store::signature_powers::list_of_subject(reader, subject).await?;
        rows.retain(|row| row.organisation_id == organisation.uuid());
        // In order of places and ordinals: the last of a place is the one that counts.
        rows.reverse();
        rows.dedup_by_key(|row| row.place);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let files = store::signature_powers::list_files(reader, organisation.uuid(), &ids).await?;
        let with_files = rows.into_iter().map(|row| {
            let own = files.iter().filter(|file| file.power_id == row.id);
            let own = own.cloned().collect();
            (row, own)
        });
        Ok(SubjectPowers(with_files.collect()))
    }

    /// What a kept power is and what is asked of it, from its rows and files.
    async fn asked_of(
        &self,
        row: &signature_powers::Model,
        files: &[signature_power_files::Model],
    ) -> Result<PowerAsked, AppError> {
        let of = OrganisationId::from(row.organisation_id);
        let find = |role: FileRole| files.iter().filter(move |file| file.role == role.code());
        let power = find(FileRole::Power).next();
        let power = power.ok_or_else(|| AppError::internal("a power without its file"))?;
        let given = self.given_of(of, power, find(FileRole::Signature)).await?;
        let mut parents = Vec::new();
        for parent in find(FileRole::Parent) {
            let signed = find(FileRole::ParentSignature);
            parents.push(self.given_of(of, parent, signed).await?);
        }
        let number = row.asked_organisation.as_deref().unwrap_or_default();
        Ok(PowerAsked {
            given,
            parents,
            organisation: organisation(number)?,
            sought: row.asked_code.as_ref().map(|code| PowerSought {
                codes: vec![code.clone()],
                words: Vec::new(),
            }),
        })
    }

    async fn given_of<'f>(
        &self,
        organisation: OrganisationId,
        power: &signature_power_files::Model,
        mut signatures: impl Iterator<Item = &'f signature_power_files::Model>,
    ) -> Result<GivenPower, AppError> {
        let signature = signatures.find(|one| one.signs_position == Some(power.position));
        let signature = match signature {
            Some(file) => {
                let digest = parse_digest(&file.digest)?;
                Some(self.blobs.get(organisation, &digest).await?)
            }
            None => None,
        };
        let digest = parse_digest(&power.digest)?;
        Ok(GivenPower {
            power: self.blobs.get(organisation, &digest).await?,
            signature,
        })
    }

    /// What a kept power comes to beside this judgement on its signature.
    pub(super) async fn judge_kept(
        &self,
        row: &signature_powers::Model,
        files: &[signature_power_files::Model],
        report: &Arc<ValidationReport>,
    ) -> Result<Arc<JudgedPower>, AppError> {
        if let Some(judged) = self.recall_power(row.id, report) {
            return Ok(judged);
        }
        let asked = self.asked_of(row, files).await?;
        let candidates = candidates_of(row, report)?;
        self.judge_power(row.id, asked, candidates, report).await
    }

    /// What the powers of a file come to beside this judgement on its signatures. What cannot be
    /// had now stays as it was; what cannot be read at all leaves the power undecided.
    pub(crate) async fn see_powers(
        &self,
        powers: SubjectPowers,
        report: &Arc<ValidationReport>,
    ) -> Vec<PowerSeen> {
        let mut seen = Vec::new();
        for (row, files) in powers.0 {
            match self.judge_kept(&row, &files, report).await {
                Ok(judged) => seen.push(PowerSeen::of(row, &judged)),
                Err(error) => {
                    tracing::error!(power = %row.id, "a kept power cannot be judged: {error:?}");
                    if matches!(error, AppError::Internal(_)) {
                        seen.push(PowerSeen {
                            row,
                            result: result_code(Outcome::Undecided),
                            reason: None,
                        });
                    }
                }
            }
        }
        seen
    }

    /// Writes down what powers came to, with an event for each that came to something else; answers
    /// these.
    pub(crate) async fn keep_power_checks(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        seen: &[PowerSeen],
        now: Instant,
    ) -> Result<Vec<PowerChange>, AppError> {
        let mut changes = Vec::new();
        let ids: Vec<Uuid> = seen.iter().map(|one| one.row.id).collect();
        let known = store::signature_powers::list_checks(tx, organisation.uuid(), &ids).await?;
        for one in seen {
            let row = first(one, now);
            let before = known.iter().find(|known| known.power_id == row.power_id);
            let change = before
                .filter(|before| before.result != row.result)
                .map(|before| PowerChange {
                    row: one.row.clone(),
                    before: before.result.clone(),
                    after: one.result,
                });
            let row = match before {
                Some(before) => following(before, row),
                None => row,
            };
            store::signature_powers::put_check(tx, row).await?;
            if let Some(change) = change {
                let actor = Actor::system(organisation);
                audit::append(tx, &actor, now, change.happening()).await?;
                changes.push(change);
            }
        }
        Ok(changes)
    }
}

impl PowerChange {
    /// For the letters.
    #[must_use]
    pub fn value(&self) -> Value {
        json!({
            "signer_name": self.row.signer_name,
            "number": self.row.number,
            "before": self.before,
            "after": self.after,
        })
    }

    fn happening(&self) -> Happening {
        Happening::to("power.result_changed", "power", self.row.id)
            .on_document(self.row.document_id)
            .with(json!({
                "name": self.row.signer_name,
                "signature": self.row.detached_id,
                "place": self.row.place,
                "number": self.row.number,
                "before": self.before,
                "after": self.after,
            }))
    }
}
