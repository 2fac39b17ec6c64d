//! Two separate consents before a signature: to sign electronically by the organisation's published
//! rules, and to the processing of personal data. The digest of the text that was shown is kept.

use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryFilter as _;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::seat::SigningSeat;
use crate::app::audit::{self, Happening};
use crate::app::links::open::text_digest;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{consents, organisations};

/// The kinds of consent, in the order they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentKind {
    /// To sign electronically by the organisation's published rules.
    ElectronicSignature,
    /// To the processing of personal data.
    PersonalData,
}

impl ConsentKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ElectronicSignature, Self::PersonalData];

    /// As the row and the form's field name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ElectronicSignature => "electronic_signature",
            Self::PersonalData => "personal_data",
        }
    }

    /// The text that is agreed to.
    #[must_use]
    pub fn text(self, organisation: &organisations::Model, locale: Locale) -> &str {
        match (self, locale) {
            (Self::ElectronicSignature, Locale::Ru) => &organisation.signing_rules_ru,
            (Self::ElectronicSignature, Locale::En) => &organisation.signing_rules_en,
            (Self::PersonalData, Locale::Ru) => &organisation.personal_data_ru,
            (Self::PersonalData, Locale::En) => &organisation.personal_data_en,
        }
    }
}

/// A consent as it was given: to the text that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownConsent {
    /// Which.
    pub kind: ConsentKind,
    /// SHA-256 of the text that was shown, hexadecimal.
    pub text_digest: String,
}

impl ShownConsent {
    /// Both, to the texts as they are now.
    #[must_use]
    pub fn both(organisation: &organisations::Model, locale: Locale) -> [Self; 2] {
        ConsentKind::ALL.map(|kind| Self {
            kind,
            text_digest: text_digest(kind.text(organisation, locale)),
        })
    }
}

impl App {
    /// Records both consents for a sign task. Giving them again is no error: the first ones stand.
    ///
    /// # Errors
    ///
    /// `consent-needed` at the field that was not ticked; `consent-text-changed` if the text is not
    /// the one that was shown (any more); else as [`SigningSeat::load`].
    pub async fn give_consents(
        &self,
        actor: &Actor,
        task_id: Uuid,
        given: &[ShownConsent],
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        // Two clicks at once give them once: the second one finds them.
        let locked = store::tasks::lock_task(&tx, actor.organisation.uuid(), task_id).await;
        locked.map_err(|_| AppError::Hidden)?;
        let seat = SigningSeat::load(self, &tx, actor, task_id).await?;
        let agreed = agreed(&seat, given)?;
        if has_consents(&tx, &seat).await? {
            return Ok(());
        }
        let mut digests = serde_json::Map::new();
        for (consent, locale) in agreed {
            insert_consent(&tx, actor, &seat, consent, locale, now).await?;
            let digest = consent.text_digest.clone();
            digests.insert(consent.kind.code().to_owned(), digest.into());
        }
        let happening = Happening::to("consent.given", "task", seat.task.id)
            .on_document(seat.document.id)
            .at_version(&seat.version.digest)
            .with(json!({ "text_digests": digests, "locale": actor.locale.code() }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Both consents, each with the language of the text that was shown.
fn agreed<'g>(
    seat: &SigningSeat,
    given: &'g [ShownConsent],
) -> Result<Vec<(&'g ShownConsent, Locale)>, AppError> {
    let mut agreed = Vec::new();
    let mut fields = Vec::new();
    for kind in ConsentKind::ALL {
        let Some(consent) = given.iter().find(|consent| consent.kind == kind) else {
            fields.push(FieldProblem::new(kind.code(), "consent-needed"));
            continue;
        };
        let shown = [Locale::Ru, Locale::En].into_iter().find(|locale| {
            text_digest(kind.text(&seat.organisation, *locale)) == consent.text_digest
        });
        match shown {
            Some(locale) => agreed.push((consent, locale)),
            None => fields.push(FieldProblem::new(kind.code(), "consent-text-changed")),
        }
    }
    if fields.is_empty() {
        Ok(agreed)
    } else {
        Err(AppError::Invalid { fields })
    }
}

async fn insert_consent(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    seat: &SigningSeat,
    consent: &ShownConsent,
    locale: Locale,
    now: Instant,
) -> Result<(), AppError> {
    let row = consents::ActiveModel {
        id: Set(entropy::id(now)),
        organisation_id: Set(seat.organisation.id),
        version_id: Set(seat.version.id),
        task_id: Set(seat.task.id),
        link_id: Set(seat.link.as_ref().map(|link| link.id)),
        person_id: Set(seat.signer.person_id),
        contact_id: Set(seat.signer.contact_id),
        kind: Set(consent.kind.code().to_owned()),
        text_digest: Set(consent.text_digest.clone()),
        locale: Set(locale.code().to_owned()),
        given_at: Set(now.micros()),
        address: Set(actor.origin.address.clone()),
    };
    row.insert(connection).await?;
    Ok(())
}

/// The consents given for a seat's task, both or none.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn list_consents(
    connection: &impl ConnectionTrait,
    seat: &SigningSeat,
) -> Result<Vec<consents::Model>, AppError> {
    let rows = consents::Entity::find()
        .filter(consents::Column::OrganisationId.eq(seat.organisation.id))
        .filter(consents::Column::TaskId.eq(seat.task.id))
        .filter(consents::Column::VersionId.eq(seat.version.id))
        .all(connection)
        .await?;
    // A task may be given to another person: only the signer's own consents count.
    Ok(rows
        .into_iter()
        .filter(|row| {
            row.person_id == seat.signer.person_id && row.contact_id == seat.signer.contact_id
        })
        .collect())
}

/// Whether both consents are there.
///
/// # Errors
///
/// As [`list_consents`].
pub async fn has_consents(
    connection: &impl ConnectionTrait,
    seat: &SigningSeat,
) -> Result<bool, AppError> {
    let rows = list_consents(connection, seat).await?;
    Ok(ConsentKind::ALL
        .iter()
        .all(|kind| rows.iter().any(|row| row.kind == kind.code())))
}

/// As [`has_consents`], for the page.
///
/// # Errors
///
/// As [`list_consents`].
pub async fn has_consents_for(app: &App, seat: &SigningSeat) -> Result<bool, AppError> {
    has_consents(app.store.reader(), seat).await
}
