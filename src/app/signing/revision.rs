//! The file as a stored signature found it: exactly the bytes that were signed, and how the present
//! file looks beside them.

use bytes::Bytes;
use chancery_signature::ValidationReport;
use chancery_signature::facts::SignatureForm;
use chancery_signature::report::SignatureReport;
use chancery_types::id::DocumentId;
use sea_orm::EntityTrait as _;

use super::named::NamedSignature;
use super::powers::SignatureName;
use crate::app::revisions::{Seen, Share, States};
use crate::app::validation::Stored;
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store::entity::signed_copies;

/// The bytes that a signature covers.
#[derive(Clone, Debug)]
pub struct Revision {
    /// What the file goes by.
    pub name: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// A signature with what is seen otherwise since it was made.
#[derive(Clone, Debug)]
pub struct SeenSince {
    /// The signature.
    pub signature: NamedSignature,
    /// What is seen otherwise.
    pub seen: Seen,
}

impl App {
    /// The file as a stored signature found it: of one in the file, everything up to the end of
    /// what it covers; of a detached one, the file that it is over.
    ///
    /// # Errors
    ///
    /// As [`App::named_signature`]; [`AppError::Hidden`] also for a signature that covers no sound
    /// range, and for one within another (a counter-signature).
    pub async fn open_revision(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
    ) -> Result<Revision, AppError> {
        let found = self.named_signature(actor, document, name).await?;
        let states = self.states_of(&found).await?;
        Ok(Revision {
            name: revision_name(&found.version.main_name, &found.report, found.place),
            bytes: states.signed,
        })
    }

    /// How the present file looks beside the one that a stored signature found.
    ///
    /// # Errors
    ///
    /// As [`App::open_revision`] and [`App::see_changes`].
    pub async fn compare_revision(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
    ) -> Result<SeenSince, AppError> {
        let signature = self.named_signature(actor, document, name).await?;
        let states = self.states_of(&signature).await?;
        let share = Share::Person(signature.version.author_id);
        Ok(SeenSince {
            seen: self.see_changes(&share, states).await?,
            signature,
        })
    }

    async fn states_of(&self, found: &NamedSignature) -> Result<States, AppError> {
        let organisation = found.version.organisation_id.into();
        if let Stored::File(digest) = found.stored {
            let now = self.blobs.get(organisation, &digest).await?;
            let one = found.report.signatures.get(found.place);
            let length = one
                .and_then(|one| one.signed_revision(&now))
                .map(<[u8]>::len);
            let signed = now.slice(..length.ok_or(AppError::Hidden)?);
            return Ok(States { signed, now });
        }
        let detached = found.detached.as_ref().ok_or(AppError::Hidden)?;
        let covered = parse_digest(&detached.covered_digest)?;
        let copy = signed_copies::Entity::find_by_id(found.version.id)
            .one(self.store.reader())
            .await?;
        let present = copy.map_or_else(|| found.version.main_digest.clone(), |copy| copy.digest);
        Ok(States {
            signed: self.blobs.get(organisation, &covered).await?,
            now: self
                .blobs
                .get(organisation, &parse_digest(&present)?)
                .await?,
        })
    }
}

/// `contract.pdf` as its first signature found it is `contract.signature-1.pdf`.
#[must_use]
pub fn revision_name(name: &str, report: &ValidationReport, place: usize) -> String {
    let stem = name
        .strip_suffix(".pdf")
        .or_else(|| name.strip_suffix(".PDF"))
        .unwrap_or(name);
    format!("{stem}.{}.pdf", number_of(report, place))
}

/// What the signature at a place of a report is called, as people are told its number:
/// `signature-2`, `timestamp-1`.
#[must_use]
pub fn number_of(report: &ValidationReport, place: usize) -> String {
    let is_stamp = |one: &SignatureReport| one.form == SignatureForm::DocumentTimestamp;
    let one = report.signatures.get(place).is_some_and(is_stamp);
    let before = report.signatures.iter().take(place);
    let before = before.filter(|other| is_stamp(other) == one).count();
    let kind = if one { "timestamp" } else { "signature" };
    format!("{kind}-{}", before.saturating_add(1))
}
