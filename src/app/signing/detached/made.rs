//! A detached signature that is made here, where the chain asks for that: judged over the file that
//! it is over, and kept as one that is brought.

use bytes::Bytes;
use chancery_types::id::SignatureId;
use chancery_types::{Digest, Instant};
use chancery_workflow::SignatureForm;
use serde_json::{Value, json};

use super::beside::revocation_code;
use super::judged::{Reported, signers, told};
use super::keep::{Rows, insert, raised};
use super::{Covers, MEDIA_TYPE, Places};
use crate::app::audit::Happening;
use crate::app::links::files::signed_name;
use crate::app::recheck::indication_code;
use crate::app::signing::CompletedSignature;
use crate::app::signing::complete::{Made, finish, signed_event};
use crate::app::signing::demanded::require_demanded;
use crate::app::signing::evidence::KeyPlace;
use crate::app::signing::outside::told_certificate;
use crate::app::signing::seat::SigningSeat;
use crate::app::signing::verdict::require_beside;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{detached_signatures, signings};

impl App {
    /// Keeps a structure that was made over the whole prepared file, if it is right, and the run
    /// moves on in the same transaction.
    ///
    /// # Errors
    ///
    /// As [`require_beside`]; `certificate-name-differs`; `detached-too-many`; as the run's step.
    pub(in crate::app::signing) async fn complete_beside(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
        signing: &mut signings::Model,
        made: Made<'_>,
        now: Instant,
    ) -> Result<CompletedSignature, AppError> {
        let demand = made.stand.demand();
        let file = Bytes::from(made.cms);
        let basis = self.basis_of(demand).await?;
        let found = self.report_over(&file, &made.prepared, basis, made.at);
        let found = found.await?;
        let report = require_beside(demand, &found.report)?;
        made.stand.conclude(signing, made.filled, &report)?;
        require_demanded(&seat.sealing, SignatureForm::Detached, &report)?;
        let earlier = self.require_place(self.store.reader(), &seat.version);
        let earlier_count = earlier.await?.len();
        let digest = Digest::of(&file);
        let row = detached_signatures::Model {
            id: entropy::id(now),
            organisation_id: seat.organisation.id,
            document_id: seat.document.id,
            version_id: seat.version.id,
            task_id: Some(seat.task.id),
            person_id: seat.signer.person_id,
            contact_id: seat.signer.contact_id,
            signing_id: Some(signing.id),
            covers: covers(seat).code().to_owned(),
            covered_digest: signing.base_digest.clone(),
            name: file_name(seat, earlier_count),
            digest: digest.hex(),
            size_bytes: i64::try_from(file.len()).unwrap_or(i64::MAX),
            signer_name: names(&found),
            indication: indication_code(report.indication).to_owned(),
            evidence: evidence(seat, signing, &found)?,
            received_at: now.micros(),
            revocation: Some(revocation_code(report.leaves_revocation_open()).to_owned()),
        };
        let source = BlobSource::Bytes(file);
        let put = self
            .blobs
            .put(actor.organisation, &digest, source, MEDIA_TYPE);
        put.await?;
        let rows = Rows {
            raised: raised(&row, None),
            signature: row,
        };
        self.keep_made(actor, seat, signing, &rows, now).await?;
        Ok(completed(&rows.signature, seat.base().1))
    }

    async fn keep_made(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
        signing: &signings::Model,
        rows: &Rows,
        now: Instant,
    ) -> Result<(), AppError> {
        let event = signed_event(actor, seat, now)?;
        self.move_run(
            actor,
            seat.task.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, advanced| {
                finish(tx, seat, signing, now).await?;
                insert(tx, rows).await?;
                // One event tells of the step and of the signature that it rests on.
                advanced.happening = happening(seat, signing, &rows.signature);
                Ok(())
            },
        )
        .await?;
        Ok(())
    }

    /// What a completed signing led to.
    pub(in crate::app::signing) async fn done_beside(
        &self,
        signing: &signings::Model,
    ) -> Result<Option<CompletedSignature>, AppError> {
        let (reader, organisation) = (self.store.reader(), signing.organisation_id);
        let found =
            store::detached_signatures::find_of_signing(reader, organisation, signing.id).await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let version = store::versions::load_version(reader, organisation, row.version_id).await?;
        let places = Places::of(reader, &version).await?;
        let mut all = places.beside.into_iter();
        let made = all.find(|one| one.id == row.id);
        let made = made.ok_or_else(|| AppError::internal("a signature of no version"))?;
        Ok(Some(completed(&row, made.covered.size_bytes)))
    }
}

fn completed(row: &detached_signatures::Model, covered_size: i64) -> CompletedSignature {
    CompletedSignature {
        id: SignatureId::from(row.id),
        document_id: row.document_id,
        form: SignatureForm::Detached,
        copy_digest: row.covered_digest.clone(),
        copy_size: covered_size,
    }
}

const fn covers(seat: &SigningSeat) -> Covers {
    match seat.signed_copy {
        Some(_) => Covers::SignedCopy,
        None => Covers::Main,
    }
}

/// By the name of the file that it is over, as programs look for it; the further ones of a version
/// are numbered, so that none takes another's place on a disk.
fn file_name(seat: &SigningSeat, earlier_count: usize) -> String {
    let covered = match &seat.signed_copy {
        Some(_) => signed_name(&seat.version.main_name),
        None => seat.version.main_name.clone(),
    };
    match earlier_count {
        0 => format!("{covered}.p7s"),
        count => format!("{covered}.{}.p7s", count.saturating_add(1)),
    }
}

fn names(found: &Reported) -> String {
    let all = signers(&found.facts, &found.report).map(|(name, _)| name);
    all.collect::<Vec<String>>().join(", ")
}

/// What was gathered when it was prepared, with what the signature is over, and what is said of a
/// certificate that is not ours.
fn evidence(
    seat: &SigningSeat,
    signing: &signings::Model,
    found: &Reported,
) -> Result<String, AppError> {
    let corrupt = || AppError::internal(format!("signing {} has no evidence", signing.id));
    let mut all: Value = serde_json::from_str(&signing.evidence).map_err(|_| corrupt())?;
    let more = all.as_object_mut().ok_or_else(corrupt)?;
    more.insert("made_as".to_owned(), SignatureForm::Detached.code().into());
    let covered = json!({
        "file": covers(seat).code(),
        "version_number": seat.version.number,
        "version_digest": seat.version.digest,
        "sha256": signing.base_digest,
    });
    more.insert("covers".to_owned(), covered);
    if signing.key_place == KeyPlace::Outside.code() {
        let stated = Some(seat.signer.name.as_str());
        let told = signers(&found.facts, &found.report).map(|(name, one)| told(stated, &name, one));
        more.insert("certificates".to_owned(), told.collect());
    }
    Ok(all.to_string())
}

fn happening(
    seat: &SigningSeat,
    signing: &signings::Model,
    row: &detached_signatures::Model,
) -> Happening {
    let mut details = json!({
        "name": seat.signer.name,
        "organisation": seat.signer.organisation_name,
        "made_as": SignatureForm::Detached.code(),
        "key_made_in": signing.key_place,
        "covers": row.covers,
        "covered_sha256": row.covered_digest,
        "sha256": row.digest,
    });
    if let (Some(told), Some(details)) = (told_certificate(signing), details.as_object_mut()) {
        details.insert("certificate".to_owned(), told);
    }
    Happening::to("document.signed", "signature", row.id)
        .on_document(row.document_id)
        .at_version(&seat.version.digest)
        .with(details)
}
