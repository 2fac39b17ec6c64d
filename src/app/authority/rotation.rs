//! Replacing the keys of an authority. What was signed before stays provable: its certificates are
//! kept and still trusted for what is proven to be older, while the keys that are out of use are
//! destroyed.

use chancery_signature::{IssuingAuthority, describe_certificate};
use chancery_types::{Digest, Instant};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use super::keys::{Made, Workshop};
use super::places::{KeyPlace, Stores};
use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::signing::blocking;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{authority_keys, organisations};

/// One key of an authority, without anything secret.
#[derive(Clone, Debug)]
pub struct AuthorityCard {
    /// `root`, `issuing` or `timestamp`.
    pub purpose: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
    /// The last second of the certificate.
    pub ends_at: Instant,
    /// When it was made.
    pub made_at: Instant,
    /// When it was replaced.
    pub retired_at: Option<Instant>,
    /// Whether its root revoked it: nobody is certified by it any more.
    pub is_revoked: bool,
    /// Where it is; `None` if it is destroyed.
    pub place: Option<KeyPlace>,
}

impl App {
    /// Every key that the organisation's authority has or had, the oldest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators and the operator.
    pub async fn list_authority(&self, actor: &Actor) -> Result<Vec<AuthorityCard>, AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(actor.organisation.uuid()))
            .order_by_asc(authority_keys::Column::CreatedAt)
            .order_by_asc(authority_keys::Column::Purpose)
            .all(self.store.reader())
            .await?;
        let revoked = self.revoked_authorities().await?;
        let card = |row: authority_keys::Model| {
            let is_revoked = revoked.contains(&row.id);
            self.card(row, is_revoked)
        };
        rows.into_iter().map(card).collect()
    }

    /// Makes a new issuing and a new timestamping key, with `with_root` beneath a new root, and
    /// destroys those they replace. A signature that is being made has to be prepared again.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but administrators and the operator;
    /// [`AppError::Internal`] if a sealed key does not open.
    pub async fn rotate_authority(&self, actor: &Actor, with_root: bool) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let organisation = actor.organisation;
        self.load_authority(organisation).await?;
        let now = self.now();
        let row = organisations::Entity::find_by_id(organisation.uuid())
            .one(self.store.reader())
            .await?;
        let name = row.ok_or(AppError::Hidden)?.name;
        let root = present_root(self.store.reader(), organisation.uuid()).await?;
        // Before the transaction: a token or a file may take seconds, and nobody is to wait for it.
        let workshop = Workshop::new(self, organisation, &name, now)?;
        let made = match with_root {
            true => workshop.run(Made::all).await?,
            false => {
                let authority = IssuingAuthority::new(self.open_key(&root)?, root.certificate)
                    .map_err(|error| AppError::Internal(error.into()))?;
                let beneath = move |shop: &Workshop| Made::beneath(shop, &authority);
                workshop.run(beneath).await?
            }
        };
        let replaced = self.replace(actor, &name, root.id, &made, now).await;
        if replaced.is_err() {
            made.undo().await;
        }
        let replaced = replaced?;
        self.destroy_keys(replaced).await?;
        // Whoever checks a signature of the new key asks for its list at once.
        self.publish_lists().await
    }

    /// In one transaction: the new rows in place of those of the same purposes, which are answered
    /// with. `root` is the one that the new keys were made beneath, or in place of.
    async fn replace(
        &self,
        actor: &Actor,
        name: &str,
        root: Uuid,
        made: &Made,
        now: Instant,
    ) -> Result<Vec<authority_keys::Model>, AppError> {
        let organisation = actor.organisation;
        let tx = self.store.begin().await?;
        // Two who rotate at once wait for one another, and the second tries again.
        store::people::lock_directory(&tx, organisation.uuid()).await?;
        if present_root(&tx, organisation.uuid()).await?.id != root {
            return Err(AppError::Stale);
        }
        let purposes: Vec<&str> = made.0.iter().map(|one| one.purpose).collect();
        let replaced = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(organisation.uuid()))
            .filter(authority_keys::Column::Purpose.is_in(purposes.iter().copied()))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .all(&tx)
            .await?;
        self.publish_last_lists(&tx, &replaced, now).await?;
        retire(&tx, organisation.uuid(), &purposes, now).await?;
        let first = self.insert_keys(&tx, organisation, made, now).await?;
        let fingerprints = made.0.iter().map(|one| {
            json!({
                "purpose": one.purpose,
                "certificate_sha256": Digest::of(&one.certificate).hex(),
            })
        });
        let happening = Happening::to("authority.rotated", "authority", first)
            .with(json!({ "organisation": name, "made": fingerprints.collect::<Vec<_>>() }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(replaced)
    }

    fn card(
        &self,
        row: authority_keys::Model,
        is_revoked: bool,
    ) -> Result<AuthorityCard, AppError> {
        let described = describe_certificate(&row.certificate);
        let described = described.map_err(|error| AppError::Internal(error.into()))?;
        Ok(AuthorityCard {
            fingerprint: Digest::of(&row.certificate).hex(),
            ends_at: described.not_after,
            made_at: Instant::from_micros(row.created_at),
            retired_at: row.retired_at.map(Instant::from_micros),
            is_revoked,
            place: self.place_of(&row)?,
            purpose: row.purpose,
        })
    }

    /// Destroys keys in the token and in files; those in rows are gone with the rows' change.
    async fn destroy_keys(&self, replaced: Vec<authority_keys::Model>) -> Result<(), AppError> {
        let mut left = Vec::new();
        for row in replaced {
            if let Some(place) = self.place_of(&row)? {
                left.push((row.id, place));
            }
        }
        let stores = Stores::of(self);
        blocking(move || {
            for (id, place) in left {
                stores.destroy(id, &place);
            }
        })
        .await
    }
}

async fn present_root(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<authority_keys::Model, AppError> {
    let root = authority_keys::Entity::find()
        .filter(authority_keys::Column::OrganisationId.eq(organisation))
        .filter(authority_keys::Column::Purpose.eq("root"))
        .filter(authority_keys::Column::RetiredAt.is_null())
        .one(connection)
        .await?;
    root.ok_or_else(|| AppError::internal("an authority without a root"))
}

/// Ends the use of these keys. A key that signs nothing any more is a key that can only be stolen.
async fn retire(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    purposes: &[&str],
    now: Instant,
) -> Result<(), AppError> {
    use authority_keys::Column;
    authority_keys::Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(now.micros()))
        .col_expr(Column::SealedKey, Expr::value(Vec::<u8>::new()))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Purpose.is_in(purposes.iter().copied()))
        .filter(Column::RetiredAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}
