//! Our own small authority: a root, an issuing key and a timestamping key for each organisation,
//! made with it (at the latest when a server starts) and kept sealed.
//!
//! What the operator is trusted for is identity: this authority could certify a twin key. So every
//! certificate is an audit event and a mail to its subject (`docs/threat-model.md`).

mod rotation;

use chancery_signature::{
    AuthorityRequest, IssueError, IssuingAuthority, KeyKind, LeafRequest, ObjectIdentifier,
    SigningKey, TimestampAuthority, TimestampRequest, issue_leaf, make_issuing, make_root,
    make_timestamping,
};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _};
use sea_orm::{DatabaseTransaction, QueryFilter as _};
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::signing::SigningSeat;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::StoreError;
use crate::store::entity::{authority_keys, organisations};

pub use rotation::AuthorityCard;

/// How long before its making an authority is valid: a certificate must lie within its issuer's
/// life, and the clock of another node, or ours once it is set right, may be behind the one that
/// made the authority.
const AUTHORITY_GRACE_SECONDS: i64 = 86_400;

/// How long the root, issuing and timestamping certificates are valid: twenty years, so that what
/// they prove stands as long as contracts are kept.
const AUTHORITY_SECONDS: i64 = 20 * 366 * 86_400;

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
    /// [`AppError::Internal`] if the token cannot be made.
    pub fn stamp_imprint(&self, imprint: [u8; 32], now: Instant) -> Result<Vec<u8>, AppError> {
        let request = TimestampRequest {
            imprint,
            gen_time: now,
            serial: random_serial(),
            policy: TIMESTAMP_POLICY,
            nonce: None,
        };
        self.timestamp
            .timestamp(&request)
            .map_err(|error| AppError::Internal(error.into()))
    }

    /// Issues the certificate for one signature at a seat.
    ///
    /// # Errors
    ///
    /// `name-not-certifiable` if the name or address cannot stand in a certificate.
    pub fn issue(
        &self,
        app: &App,
        seat: &SigningSeat,
        spki_der: &[u8],
        now: Instant,
    ) -> Result<IssuedCertificate, AppError> {
        let serial = random_serial();
        // A minute of grace for clocks that are a little behind ours.
        let not_before = now.plus_seconds(-60);
        let not_after = not_before.plus_seconds(app.config.signing.certificate_hours * 3600);
        let request = LeafRequest {
            spki_der: spki_der.to_vec(),
            common_name: seat.signer.name.clone(),
            organisation: Some(seat.signer.organisation_name.clone()),
            email: Some(seat.signer.email.clone()),
            serial,
            not_before,
            not_after,
            policy: None,
        };
        let der = issue_leaf(&self.issuing, &request).map_err(|error| match error {
            IssueError::Name(_) | IssueError::Email => AppError::refused("name-not-certifiable"),
            other => AppError::Internal(other.into()),
        })?;
        Ok(IssuedCertificate {
            der,
            serial: hex::encode(serial),
            key_digest: Digest::of(spki_der).hex(),
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

/// A fresh P-256 key. One seed in 2³² is out of range and drawn again.
#[must_use]
pub fn fresh_key(kind: KeyKind) -> SigningKey {
    loop {
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
    /// issuing ones are anchors too: nobody publishes whether one was revoked, and what is
    /// unchecked is never green.
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

    fn open_key(&self, row: &authority_keys::Model) -> Result<SigningKey, AppError> {
        let plain = self
            .vault
            .open(row.id.as_bytes(), &row.sealed_key)
            .map_err(|error| AppError::Internal(error.into()))?;
        SigningKey::from_pkcs8_der(&plain).map_err(|error| AppError::Internal(error.into()))
    }

    async fn make_authority(&self, organisation: OrganisationId) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = organisations::Entity::find_by_id(organisation.uuid())
            .one(&tx)
            .await?;
        let name = row.ok_or(AppError::Hidden)?.name;
        let made = Made::new(&name, now).map_err(|error| AppError::Internal(error.into()))?;
        let mut root_id = organisation.uuid();
        for (purpose, key, certificate) in made.0 {
            let id = self
                .insert_key(&tx, organisation, purpose, &key, certificate, now)
                .await?;
            if purpose == "root" {
                root_id = id;
            }
        }
        let happening = Happening::to("authority.made", "authority", root_id)
            .with(json!({ "organisation": name }));
        audit::append(&tx, &Actor::system(organisation), now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn insert_key(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        purpose: &str,
        key: &SigningKey,
        certificate: Vec<u8>,
        now: Instant,
    ) -> Result<Uuid, AppError> {
        let id = entropy::id(now);
        let plain = key
            .to_pkcs8_der()
            .map_err(|error| AppError::Internal(error.into()))?;
        let row = authority_keys::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation.uuid()),
            purpose: Set(purpose.to_owned()),
            algorithm: Set("ecdsa_p256".to_owned()),
            certificate: Set(certificate),
            sealed_key: Set(self.vault.seal(id.as_bytes(), &plain)),
            created_at: Set(now.micros()),
            retired_at: Set(None),
        };
        row.insert(tx).await?;
        Ok(id)
    }
}

/// Keys with their certificates, by purpose.
struct Made(Vec<(&'static str, SigningKey, Vec<u8>)>);

impl Made {
    /// All three.
    fn new(organisation: &str, now: Instant) -> Result<Self, IssueError> {
        let root_key = fresh_key(KeyKind::EcdsaP256);
        let (_, ends) = life(now);
        let root = make_root(&root_key, &request(organisation, "Root CA", now, ends))?;
        let root_authority = IssuingAuthority::new(root_key.clone(), root.clone())?;
        let mut made = Self::beneath(&root_authority, organisation, now, ends)?;
        made.0.insert(0, ("root", root_key, root));
        Ok(made)
    }

    /// An issuing and a timestamping key beneath a root that ends at `root_ends`.
    fn beneath(
        root: &IssuingAuthority,
        organisation: &str,
        now: Instant,
        root_ends: Instant,
    ) -> Result<Self, IssueError> {
        let (_, ends) = life(now);
        let ends = ends.min(root_ends);
        let issuing_key = fresh_key(KeyKind::EcdsaP256);
        let issuing_request = request(organisation, "Issuing CA", now, ends);
        let issuing = make_issuing(root, &issuing_key.spki_der(), &issuing_request)?;
        let stamp_key = fresh_key(KeyKind::EcdsaP256);
        let stamp_request = request(organisation, "Time Stamping", now, ends);
        // Straight from the root: a token is then provable without the issuing certificate.
        let stamp = make_timestamping(root, &stamp_key.spki_der(), &stamp_request)?;
        Ok(Self(vec![
            ("issuing", issuing_key, issuing),
            ("timestamp", stamp_key, stamp),
        ]))
    }
}

/// The first and the last moment of an authority that is made now.
const fn life(now: Instant) -> (Instant, Instant) {
    (
        now.plus_seconds(-AUTHORITY_GRACE_SECONDS),
        now.plus_seconds(AUTHORITY_SECONDS),
    )
}

fn request(organisation: &str, role: &str, now: Instant, ends: Instant) -> AuthorityRequest {
    let name = shorten(organisation);
    AuthorityRequest {
        common_name: format!("{name} {role}"),
        organisation: Some(name),
        serial: random_serial(),
        not_before: life(now).0,
        not_after: ends,
    }
}

/// A name that fits into a certificate's field of 64 characters (X.520, ub-common-name) beside a
/// role.
fn shorten(name: &str) -> String {
    name.chars().take(48).collect()
}
