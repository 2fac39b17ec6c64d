//! Which file a detached signature is over: found by the digest that its signers signed.

use bytes::Bytes;
use chancery_signature::{CmsFault, DigestAlgorithm, SignedDigest, signed_digests};
use chancery_types::id::OrganisationId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::{Bringer, SIGNERS_MAX};
use crate::app::signing::prepare::blocking;
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{signatures, versions};

/// Most files that are read because their digest by the signature's algorithm is not written down;
/// those of the present version first.
const FILES_READ_MAX: usize = 16;

/// Which file of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// As it came in.
    Main,
    /// With signatures appended, as it is or was.
    SignedCopy,
}

impl Covers {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Main, Self::SignedCopy];

    /// As rows and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::SignedCopy => "signed_copy",
        }
    }
}

/// A file that may be covered.
#[derive(Clone, Debug)]
pub(super) struct Covered {
    /// Its version.
    pub version: versions::Model,
    /// Which file of it.
    pub covers: Covers,
    /// Its SHA-256, hexadecimal.
    pub digest: String,
}

impl App {
    /// The file that the signature in `file` is over.
    pub(super) async fn find_covered(
        &self,
        bringer: &Bringer,
        file: &Bytes,
    ) -> Result<Covered, AppError> {
        let signed = one_digest(file)?;
        let candidates = self.candidates(bringer).await?;
        let mut read_count = 0_usize;
        for candidate in candidates {
            let fits = match known_fit(&signed, &candidate) {
                Some(fits) => fits,
                None if read_count >= FILES_READ_MAX => false,
                None => {
                    read_count = read_count.saturating_add(1);
                    self.fits(bringer, &signed, &candidate).await?
                }
            };
            if fits {
                return current(bringer, candidate);
            }
        }
        Err(AppError::refused("detached-covers-nothing"))
    }

    async fn fits(
        &self,
        bringer: &Bringer,
        signed: &SignedDigest,
        candidate: &Covered,
    ) -> Result<bool, AppError> {
        let organisation = OrganisationId::from(bringer.document.organisation_id);
        let digest = parse_digest(&candidate.digest)?;
        let content = self.blobs.get(organisation, &digest).await?;
        let signed = signed.clone();
        blocking(move || signed.fits(&[&content])).await
    }

    /// Every file of the document that a signature may be over, those of the present version first:
    /// main files, signed copies as they are, and as each signature left them.
    async fn candidates(&self, bringer: &Bringer) -> Result<Vec<Covered>, AppError> {
        let reader = self.store.reader();
        let document = &bringer.document;
        let (organisation, id) = (document.organisation_id, document.id);
        let mut versions = store::versions::list_versions(reader, organisation, id).await?;
        versions.sort_by_key(|row| Some(row.id) != document.current_version_id);
        let copies = store::versions::list_signed_copies(reader, organisation, id).await?;
        let grown = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(organisation))
            .filter(signatures::Column::DocumentId.eq(id))
            .order_by_desc(signatures::Column::SignedAt)
            .all(reader)
            .await?;
        let mut found = Vec::new();
        for version in versions {
            let now = copies
                .iter()
                .filter(|(number, _)| *number == version.number);
            let now = now.map(|(_, copy)| copy.digest.clone());
            let then = grown.iter().filter(|row| row.version_id == version.id);
            let then = then.map(|row| row.copy_digest.clone());
            let mut digests = vec![(Covers::Main, version.main_digest.clone())];
            digests.extend(now.chain(then).map(|digest| (Covers::SignedCopy, digest)));
            digests.dedup();
            found.extend(digests.into_iter().map(|(covers, digest)| Covered {
                version: version.clone(),
                covers,
                digest,
            }));
        }
        Ok(found)
    }
}

/// The one digest that all signers of a structure signed.
fn one_digest(file: &[u8]) -> Result<SignedDigest, AppError> {
    let signers = signed_digests(file).map_err(|fault| match fault {
        CmsFault::HoldsContent => AppError::refused("detached-holds-content"),
        _ => AppError::refused("detached-unreadable"),
    })?;
    let Some(first) = signers.first().filter(|_| signers.len() <= SIGNERS_MAX) else {
        return Err(AppError::refused("detached-unreadable"));
    };
    if signers.iter().any(|one| one.digest.is_none()) {
        return Err(AppError::refused("detached-without-digest"));
    }
    // Two algorithms give two digests of one file: the validator compares each with it.
    let differs = |one: &SignedDigest| one.algorithm == first.algorithm && one != first;
    if signers.iter().any(differs) {
        return Err(AppError::refused("detached-digests-differ"));
    }
    Ok(first.clone())
}

/// Whether it is the digest of a file, where that is known without reading it.
fn known_fit(signed: &SignedDigest, candidate: &Covered) -> Option<bool> {
    match (signed.algorithm, &signed.digest) {
        (Some(DigestAlgorithm::Sha256), Some(digest)) => {
            Some(hex::encode(digest) == candidate.digest)
        }
        (None, _) | (_, None) => Some(false),
        (Some(_), Some(_)) => None,
    }
}

/// A signature over an earlier version says nothing of the present one.
fn current(bringer: &Bringer, found: Covered) -> Result<Covered, AppError> {
    let asked = bringer.seat.as_ref().map(|seat| seat.version.id);
    let asked: Option<Uuid> = asked.or(bringer.document.current_version_id);
    if asked == Some(found.version.id) {
        return Ok(found);
    }
    let number = found.version.number.to_string();
    Err(AppError::refused_with(
        "detached-covers-old",
        [("number", number)],
    ))
}
