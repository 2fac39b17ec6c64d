//! Our own small authority: a root, an issuing key and a timestamping key for each organisation,
//! made with it (at the latest when a server starts) and kept sealed, in a token, or in files.
//!
//! What the operator is trusted for is identity: this authority could certify a twin key. So every
//! certificate is an audit event and a mail to its subject (`docs/threat-model.md`).

mod keys;
mod places;
mod revocation;
pub mod roots;
mod rotation;

use chancery_signature::{
    IssueError, IssuingAuthority, KeyError, KeyKind, LeafRequest, ObjectIdentifier, SignError,
    SigningKey, TimestampAuthority, TimestampRequest, issue_leaf,
};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::app::audit::{self, Happening};
use crate::app::signing::SigningSeat;
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::StoreError;
use crate::store::entity::{authority_keys, organisations};

pub use places::KeyPlace;
pub use revocation::{PublishedList, Revocation};
pub use rotation::AuthorityCard;

use keys::{Made, Workshop};

/// The policy that our tokens name: an arc beneath `2.25`, which anybody may use and which claims
/// nothing. The token is our own and says so.
const TIMESTAMP_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.25.1963214755.1");

/// The keys of one organisation's authority, opened.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The root certificate (DER): the anchor that others are given.
    pub root: Vec<u8>,
    /// Certifies signers' keys.
    pub issuing: IssuingAuthority,
    /// Gives timestamp tokens.
    pub timestamp: TimestampAuthority,
}

/// A certificate for one signature.
#[derive(Clone, Debug)]
pub struct IssuedCertificate {
    /// DER.
    pub der: Vec<u8>,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal.
    pub key_digest: String,
    /// First moment of validity.
    pub not_before: Instant,
    /// Last second of validity.
    pub not_after: Instant,
}

impl Authority {
    /// The certificates that go into a signature beside the signer's own.
    #[must_use]
    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.issuing.certificate().to_vec(), self.root.clone()]
    }

    /// A timestamp token (RFC 3161) over a SHA-256.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the key is in a token that does not sign now;
    /// [`AppError::Internal`] if the token cannot be made.
    pub async fn stamp_imprint(
        &self,
        imprint: [u8; 32],
        now: Instant,
    ) -> Result<Vec<u8>, AppError> {
        let request = TimestampRequest {
            imprint,
            gen_time: now,
            serial: random_serial(),
            policy: TIMESTAMP_POLICY,
            nonce: None,
        };
        let timestamp = self.timestamp.clone();
        let stamped = blocking(move || timestamp.timestamp(&request)).await?;
        stamped.map_err(|error| match error {
            SignError::Key(why) => key_error(why),
            other => AppError::Internal(other.into()),
        })
    }

    /// Issues the certificate for one signature at a seat.
    ///
    /// # Errors
    ///
    /// `name-not-certifiable` if the name or address cannot stand in a certificate;
    /// [`AppError::Unavailable`] if the issuing key is in a token that does not sign now.
    pub async fn issue(
        &self,
        app: &App,
        seat: &SigningSeat,
        spki_der: Vec<u8>,
        now: Instant,
    ) -> Result<IssuedCertificate, AppError> {
        let serial = random_serial();
        // A minute of grace for clocks that are a little behind ours.
        let not_before = now.plus_seconds(-60);
        let not_after = not_before.plus_seconds(app.config.signing.certificate_hours * 3600);
        let key_digest = Digest::of(&spki_der).hex();
        let request = LeafRequest {
            spki_der,
            common_name: seat.signer.name.clone(),
            organisation: Some(seat.signer.organisation_name.clone()),
            email: Some(seat.signer.email.clone()),
            serial,
            not_before,
            not_after,
            policy: None,
        };
        let issuing = self.issuing.clone();
        let issued = blocking(move || issue_leaf(&issuing, &request)).await?;
        let der = issued.map_err(|error| match error {
            IssueError::Name(_) | IssueError::Email => AppError::refused("name-not-certifiable"),
            other => issue_error(other),
        })?;
        Ok(IssuedCertificate {
            der,
            serial: hex::encode(serial),
            key_digest,
            not_before,
            not_after,
        })
    }
}

/// 16 random bytes whose first bit is 0 and which are not all zero: a positive number.
fn random_serial() -> [u8; 16] {
    let mut serial: [u8; 16] = entropy::bytes();
    serial[0] = (serial[0] & 0x7f) | 0x40;
    serial
}

/// Whatever a certificate was not issued for.
fn issue_error(error: IssueError) -> AppError {
    match error {
        IssueError::Key(why) => key_error(why),
        other => AppError::Internal(other.into()),
    }
}

/// A token that does not answer is nobody's mistake: it can be tried again.
fn key_error(error: KeyError) -> AppError {
    match error {
        KeyError::StoreSilent => AppError::Unavailable {
            what: "keys",
            source: error.into(),
        },
        other => AppError::Internal(other.into()),
    }
}

/// The size of an RSA key that is made here, in bits: good beyond 2030 (BSI TR-02102-1, 2.3.2).
const RSA_BITS: usize = 3072;

/// A fresh key. One seed in 2³² is out of range for P-256 and drawn again. RSA takes seconds.
#[must_use]
pub fn fresh_key(kind: KeyKind) -> SigningKey {
    loop {
        if kind == KeyKind::Rsa {
            if let Ok(key) = SigningKey::from_pkcs8_der(entropy::rsa_key(RSA_BITS).as_bytes()) {
                return key;
            }
            continue;
        }
        if let Ok(key) = SigningKey::from_seed(kind, &entropy::bytes()) {
            return key;
        }
    }
}

impl App {
    /// The organisation's authority; it is made when it is first needed.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if a sealed key does not open with the master key.
    pub async fn load_authority(
        &self,
        organisation: OrganisationId,
    ) -> Result<Authority, AppError> {
        if let Some(authority) = self
            .find_authority(self.store.reader(), organisation)
            .await?
        {
            return Ok(authority);
        }
        match self.make_authority(organisation).await {
            // Another process was quicker: its keys count.
            Err(AppError::Internal(error))
                if matches!(error.downcast_ref(), Some(StoreError::Duplicate)) => {}
            other => other?,
        }
        let made = self
            .find_authority(self.store.reader(), organisation)
            .await?;
        made.ok_or_else(|| AppError::internal("the authority was made and is not there"))
    }

    /// Makes the authority of every organisation that has none yet: at the start of a server, so
    /// that its root is there to be given to others before anything is signed.
    ///
    /// # Errors
    ///
    /// As [`App::load_authority`].
    pub async fn make_authorities(&self) -> Result<(), AppError> {
        for organisation in self.list_organisations().await? {
            self.load_authority(organisation.id).await?;
        }
        Ok(())
    }

    /// The root and issuing certificates of this installation (DER), for checking files. The
    /// issuing ones are anchors too: a file says nothing of their revocation, and what is unchecked
    /// is never green.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn list_anchors(&self) -> Result<Vec<Vec<u8>>, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .all(self.store.reader())
            .await?;
        Ok(rows.into_iter().map(|row| row.certificate).collect())
    }

    async fn find_authority(
        &self,
        connection: &impl ConnectionTrait,
        organisation: OrganisationId,
    ) -> Result<Option<Authority>, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(organisation.uuid()))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .all(connection)
            .await?;
        let find = |purpose: &str| rows.iter().find(|row| row.purpose == purpose);
        let (Some(root), Some(issuing), Some(timestamp)) =
            (find("root"), find("issuing"), find("timestamp"))
        else {
            return Ok(None);
        };
        let issuing_key = self.open_key(issuing)?;
        let timestamp_key = self.open_key(timestamp)?;
        let issuing = IssuingAuthority::new(issuing_key, issuing.certificate.clone())
            .map_err(|error| AppError::Internal(error.into()))?;
        let chain = vec![root.certificate.clone()];
        let timestamp =
            TimestampAuthority::new(timestamp_key, timestamp.certificate.clone(), chain)
                .map_err(|error| AppError::Internal(error.into()))?;
        Ok(Some(Authority {
            root: root.certificate.clone(),
            issuing,
            timestamp,
        }))
    }

    async fn make_authority(&self, organisation: OrganisationId) -> Result<(), AppError> {
        let now = self.now();
        let row = organisations::Entity::find_by_id(organisation.uuid())
            .one(self.store.reader())
            .await?;
        let name = row.ok_or(AppError::Hidden)?.name;
        let workshop = Workshop::new(self, organisation, &name, now)?;
        let made = workshop.run(Made::all).await?;
        let kept = self.keep_authority(organisation, &name, &made, now).await;
        if kept.is_err() {
            made.undo().await;
        }
        kept
    }

    async fn keep_authority(
        &self,
        organisation: OrganisationId,
        name: &str,
        made: &Made,
        now: Instant,
    ) -> Result<(), AppError> {
        let tx = self.store.begin().await?;
        let root = self.insert_keys(&tx, organisation, made, now).await?;
        let happening = Happening::to("authority.made", "authority", root)
            .with(json!({ "organisation": name }));
        audit::append(&tx, &Actor::system(organisation), now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}
