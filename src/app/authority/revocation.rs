//! Revoking certificates that an authority of ours issued, and the lists that say so.
//!
//! A list is complete, signed by the issuer, and stays the answer until the next one: a new one is
//! made at every revocation and when the half of its time is over. An issuer that is replaced
//! leaves a last list that does not end before the issuer does: its key is destroyed.

use std::collections::{BTreeMap, BTreeSet};

use chancery_signature::{
    GivenEvidence, IssuingAuthority, ListRequest, RevocationReason, RevokedCertificate,
    describe_certificate, make_revocation_list,
};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use super::issue_error;
use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::recheck;
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::entity::{authority_keys, certificates, revocation_lists, revoked_certificates};
use crate::store::{self, StoreError};

/// How long a list is the answer, in seconds.
const LIST_SECONDS: i64 = 30 * 86_400;
/// How long before its end the next one is made, in seconds.
const LIST_AHEAD_SECONDS: i64 = LIST_SECONDS / 2;

/// What to revoke.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// The certificate's serial number; of one of the authority's own also its SHA-256.
    /// Hexadecimal, with or without colons.
    pub certificate: String,
    /// Why.
    pub reason: RevocationReason,
    /// Since when it counts for nothing; `None`: since now. What is proven to be older stands.
    pub since: Option<Instant>,
}

/// A list that anybody may fetch.
#[derive(Clone, Debug)]
pub struct PublishedList {
    /// DER.
    pub der: Vec<u8>,
    /// By when the next one comes.
    pub next_at: Instant,
}

/// A certificate and who issued it.
struct Issued {
    /// The key of the authority that it is of, if it is one's.
    own_key: Option<Uuid>,
    serial: String,
    der: Vec<u8>,
    issuer: Uuid,
}

impl App {
    /// Revokes a certificate that a key of the organisation's authority issued, publishes the
    /// issuer's new list, and makes due every stored signature that it may stand beneath, in one
    /// transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators and the operator;
    /// `certificate-unknown`; `certificate-is-root`, which only a new root replaces;
    /// `certificate-issuer-replaced`, because nobody signs its lists any more;
    /// `certificate-revoked-already`; `revocation-moment` if it is to come or before the
    /// certificate; [`AppError::Unavailable`] if the issuer's token does not sign now.
    pub async fn revoke_certificate(
        &self,
        actor: &Actor,
        wanted: &Revocation,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let now = self.now();
        let keys = self.authority_rows(actor).await?;
        let issued = self.find_issued(actor, &keys, &wanted.certificate).await?;
        let described = describe_certificate(&issued.der);
        let described = described.map_err(|error| AppError::Internal(error.into()))?;
        let since = wanted.since.unwrap_or(now);
        if since > now || since < described.not_before {
            return Err(AppError::refused("revocation-moment"));
        }
        let issuer = keys.iter().find(|key| key.id == issued.issuer);
        let issuer = issuer.ok_or_else(|| AppError::internal("an issuer without a row"))?;
        let row = revoked_certificates::Model {
            id: entropy::id(now),
            organisation_id: actor.organisation.uuid(),
            authority_key_id: issued.issuer,
            revoked_key_id: issued.own_key,
            serial: issued.serial.clone(),
            reason: wanted.reason.code().to_owned(),
            since: since.micros(),
            created_at: now.micros(),
        };
        let tx = self.store.begin().await?;
        store::people::lock_directory(&tx, actor.organisation.uuid()).await?;
        match store::revocations::insert_revoked(&tx, row).await {
            Err(StoreError::Duplicate) => {
                return Err(AppError::refused("certificate-revoked-already"));
            }
            written => written?,
        }
        self.publish(&tx, issuer, now, now.plus_seconds(LIST_SECONDS))
            .await?;
        // Beneath an authority's own certificate anything may stand. Files before the event: in
        // that order a check writes them too, and neither waits for the other.
        let is_leaf = issued.own_key.is_none();
        let ends_at = is_leaf.then(|| described.not_after.micros());
        let affected = store::checked_files::make_due(&tx, ends_at).await?;
        let happening =
            Happening::to("certificate.revoked", "authority", issued.issuer).with(json!({
                "serial": issued.serial,
                "certificate_sha256": Digest::of(&issued.der).hex(),
                "subject": described.subject.text,
                "reason": wanted.reason.code(),
                "since": since,
            }));
        audit::append(&tx, actor, now, happening).await?;
        for organisation in affected {
            recheck::enqueue_check(&tx, organisation.into(), &issued.serial, now).await?;
        }
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Makes the lists that are missing or half over, of every organisation. It may run beside
    /// another: the second finds nothing to do.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]. An issuer that cannot sign now is told of in the log, and has its
    /// turn again within the hour.
    pub async fn publish_lists(&self) -> Result<(), AppError> {
        let now = self.now();
        let keys = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .all(self.store.reader())
            .await?;
        for key in keys {
            let wanted = now.plus_seconds(LIST_AHEAD_SECONDS).micros();
            let list = store::revocations::find_list(self.store.reader(), key.id).await?;
            if list.is_some_and(|list| list.next_at > wanted) {
                continue;
            }
            let tx = self.store.begin().await?;
            // As a revocation does: else a list that was begun before it would take its place.
            store::people::lock_directory(&tx, key.organisation_id).await?;
            let list = store::revocations::find_list(&tx, key.id).await?;
            if list.is_some_and(|list| list.next_at > wanted) {
                continue;
            }
            let published = self.publish(&tx, &key, now, now.plus_seconds(LIST_SECONDS));
            match published.await {
                Ok(()) => tx.commit().await?,
                Err(error) => tracing::error!(
                    key = %key.id, ?error,
                    "an issuer's revocation list cannot be made"
                ),
            }
        }
        Ok(())
    }

    /// The newest list of the issuer whose certificate has this SHA-256 (64 hexadecimal digits).
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if nobody here is called so.
    pub async fn published_list(&self, fingerprint: &str) -> Result<PublishedList, AppError> {
        let reader = self.store.reader();
        let found = store::revocations::find_list_by_fingerprint(reader, fingerprint).await?;
        let found = found.ok_or(AppError::Hidden)?;
        Ok(PublishedList {
            der: found.der,
            next_at: Instant::from_micros(found.next_at),
        })
    }

    /// The issuing keys of all organisations whose certificates their roots revoked.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn revoked_authorities(&self) -> Result<BTreeSet<Uuid>, AppError> {
        let reader = self.store.reader();
        let revoked = store::revocations::list_revoked_authorities(reader).await?;
        Ok(revoked.into_iter().collect())
    }

    /// Refuses to certify anybody by an issuing key that is revoked: what it certified would fail
    /// every check.
    ///
    /// # Errors
    ///
    /// `authority-revoked`, until the key is replaced.
    pub(crate) async fn require_issuing(&self, organisation: Uuid) -> Result<(), AppError> {
        let revoked = self.revoked_authorities().await?;
        if revoked.is_empty() {
            return Ok(());
        }
        let in_use = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(organisation))
            .filter(authority_keys::Column::Purpose.eq("issuing"))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .all(self.store.reader())
            .await?;
        match in_use.iter().any(|key| revoked.contains(&key.id)) {
            true => Err(AppError::refused("authority-revoked")),
            false => Ok(()),
        }
    }

    /// What our own lists say, for our own checks: those that name somebody.
    pub(crate) async fn add_own_lists(&self, evidence: &mut GivenEvidence) -> Result<(), AppError> {
        for list in store::revocations::list_filled(self.store.reader()).await? {
            let added = evidence.add(&list.der);
            added.map_err(|error| AppError::Internal(error.into()))?;
        }
        Ok(())
    }

    /// An organisation's lists, also those that name nobody: what a file must hold so that whoever
    /// has only our root knows that nothing beneath it was revoked. See [`App::publish_lists`].
    pub(crate) async fn add_lists_of(
        &self,
        organisation: OrganisationId,
        evidence: &mut GivenEvidence,
    ) -> Result<(), AppError> {
        let reader = self.store.reader();
        let lists = store::revocations::list_of_organisation(reader, organisation.uuid());
        for list in lists.await? {
            let added = evidence.add(&list.der);
            added.map_err(|error| AppError::Internal(error.into()))?;
        }
        Ok(())
    }

    /// The last lists of issuers that are about to be replaced: they last as long as the issuers.
    pub(super) async fn publish_last_lists(
        &self,
        tx: &DatabaseTransaction,
        replaced: &[authority_keys::Model],
        now: Instant,
    ) -> Result<(), AppError> {
        for key in replaced.iter().filter(|key| key.purpose != "timestamp") {
            let ends = describe_certificate(&key.certificate)
                .map_err(|error| AppError::Internal(error.into()))?
                .not_after;
            self.publish(tx, key, now, ends).await?;
        }
        Ok(())
    }

    /// Signs the list of an issuer as the rows are now, and puts it in place of the one before.
    async fn publish(
        &self,
        tx: &DatabaseTransaction,
        issuer: &authority_keys::Model,
        now: Instant,
        next: Instant,
    ) -> Result<(), AppError> {
        let before = store::revocations::find_list(tx, issuer.id).await?;
        let number = before.map_or(1, |list| list.number.saturating_add(1));
        let revoked = store::revocations::list_revoked(tx, issuer.id).await?;
        let revoked = revoked.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        let entries_count = i64::try_from(revoked.len()).unwrap_or(i64::MAX);
        let request = ListRequest {
            number: u64::try_from(number).unwrap_or(0),
            this_update: now,
            next_update: next,
            ended_stay_since: Instant::from_micros(issuer.created_at).plus_seconds(-86_400),
            revoked,
        };
        let authority = IssuingAuthority::new(self.open_key(issuer)?, issuer.certificate.clone());
        let authority = authority.map_err(issue_error)?;
        let made = blocking(move || make_revocation_list(&authority, &request)).await?;
        let row = revocation_lists::Model {
            authority_key_id: issuer.id,
            organisation_id: issuer.organisation_id,
            fingerprint: Digest::of(&issuer.certificate).hex(),
            number,
            entries_count,
            der: made.map_err(issue_error)?,
            made_at: now.micros(),
            next_at: next.micros(),
        };
        Ok(store::revocations::put_list(tx, row).await?)
    }

    async fn authority_rows(&self, actor: &Actor) -> Result<Vec<authority_keys::Model>, AppError> {
        Ok(authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(actor.organisation.uuid()))
            .order_by_asc(authority_keys::Column::CreatedAt)
            .all(self.store.reader())
            .await?)
    }

    async fn find_issued(
        &self,
        actor: &Actor,
        keys: &[authority_keys::Model],
        wanted: &str,
    ) -> Result<Issued, AppError> {
        let wanted: String = wanted.chars().filter(|c| *c != ':').collect();
        let wanted = wanted.to_ascii_lowercase();
        let by_serial = certificates::Entity::find()
            .filter(certificates::Column::OrganisationId.eq(actor.organisation.uuid()))
            .filter(certificates::Column::Serial.eq(&wanted))
            .one(self.store.reader())
            .await?;
        let mut known = BTreeMap::new();
        for key in keys {
            let described = describe_certificate(&key.certificate);
            let described = described.map_err(|error| AppError::Internal(error.into()))?;
            let is_it = described.serial == wanted || described.sha256 == wanted;
            if is_it && key.purpose == "root" {
                return Err(AppError::refused("certificate-is-root"));
            }
            if is_it {
                known.insert(described.serial, (Some(key.id), key.certificate.clone()));
            }
        }
        known.extend(by_serial.map(|row| (row.serial, (None, row.der))));
        let (serial, (own_key, der)) = known
            .pop_first()
            .ok_or_else(|| AppError::refused("certificate-unknown"))?;
        let issuer = keys
            .iter()
            .filter(|key| key.purpose != "timestamp")
            .find(|key| {
                // No key is opened to ask: only the certificate says who may have issued.
                chancery_signature::is_issued_by(&der, &key.certificate)
            });
        match issuer {
            Some(issuer) if issuer.retired_at.is_none() => Ok(Issued {
                own_key,
                serial,
                der,
                issuer: issuer.id,
            }),
            _ => Err(AppError::refused("certificate-issuer-replaced")),
        }
    }
}

fn entry(row: &revoked_certificates::Model) -> Result<RevokedCertificate, AppError> {
    let corrupt = || AppError::internal("a revocation cannot be read");
    Ok(RevokedCertificate {
        serial: hex::decode(&row.serial).map_err(|_| corrupt())?,
        at: Instant::from_micros(row.since),
        reason: RevocationReason::from_code(&row.reason).ok_or_else(corrupt)?,
    })
}
