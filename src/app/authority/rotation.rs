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

use super::Made;
use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
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
        let tx = self.store.begin().await?;
        // Two who rotate at once wait for one another.
        store::people::lock_directory(&tx, organisation.uuid()).await?;
        let row = organisations::Entity::find_by_id(organisation.uuid())
            .one(&tx)
            .await?;
        let name = row.ok_or(AppError::Hidden)?.name;
        let made = match with_root {
            true => Made::new(&name, now).map_err(|error| AppError::Internal(error.into()))?,
            false => self.beneath_present_root(&tx, actor, &name, now).await?,
        };
        let purposes: Vec<&str> = made.0.iter().map(|(purpose, _, _)| *purpose).collect();
        retire(&tx, organisation.uuid(), &purposes, now).await?;
        let mut first = organisation.uuid();
        let mut fingerprints = Vec::new();
        for (purpose, key, certificate) in made.0 {
            fingerprints.push(json!({
                "purpose": purpose,
                "certificate_sha256": Digest::of(&certificate).hex(),
            }));
            first = self
                .insert_key(&tx, organisation, purpose, &key, certificate, now)
                .await?;
        }
        let happening = Happening::to("authority.rotated", "authority", first)
            .with(json!({ "organisation": name, "made": fingerprints }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn beneath_present_root(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        name: &str,
        now: Instant,
    ) -> Result<Made, AppError> {
        let root = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(actor.organisation.uuid()))
            .filter(authority_keys::Column::Purpose.eq("root"))
            .filter(authority_keys::Column::RetiredAt.is_null())
            .one(connection)
            .await?
            .ok_or_else(|| AppError::internal("an authority without a root"))?;
        let key = self.open_key(&root)?;
        let ends = describe_certificate(&root.certificate)
            .map_err(|error| AppError::Internal(error.into()))?;
        let authority = IssuingAuthority::new(key, root.certificate)
            .map_err(|error| AppError::Internal(error.into()))?;
        Made::beneath(&authority, name, now, ends.not_after)
            .map_err(|error| AppError::Internal(error.into()))
    }
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

fn card(row: authority_keys::Model) -> Result<AuthorityCard, AppError> {
    let described = describe_certificate(&row.certificate);
    let described = described.map_err(|error| AppError::Internal(error.into()))?;
    Ok(AuthorityCard {
        fingerprint: Digest::of(&row.certificate).hex(),
        ends_at: described.not_after,
        made_at: Instant::from_micros(row.created_at),
        retired_at: row.retired_at.map(Instant::from_micros),
        purpose: row.purpose,
    })
}
