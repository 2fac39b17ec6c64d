//! The organisation itself: its name, identifiers, published rules; and its departments.

mod departments;
mod offered;

use chancery_types::Locale;
use chancery_types::id::{OrganisationId, PersonId};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::app::audit::{self, Happening};
use crate::app::checks::{Checks, TaxIds};
use crate::app::people::{self, FirstAccess, PasswordLink, PersonDraft};
use crate::app::{App, AppError, allow};
use crate::domain::access::{self, Action, Resource};
use crate::domain::actor::Actor;
use crate::store::entity::organisations;
use crate::{entropy, store};

pub use departments::{DepartmentDraft, DepartmentRow};
pub use offered::OfferedText;

/// The longest published text, in characters.
pub const RULES_CHARACTERS_MAX: usize = 40_000;
/// The longest name of an organisation.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// An organisation to be made, with the person who will administer it.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// Its identifiers.
    pub tax_ids: TaxIds,
    /// Its language: that of mails to people who chose none.
    pub locale: Locale,
    /// Its time zone, an IANA name.
    pub time_zone: String,
    /// The first administrator's name.
    pub administrator_name: String,
    /// The first administrator's address.
    pub administrator_email: String,
    /// The first administrator's password; without one an invitation is mailed.
    pub administrator_password: Option<String>,
}

/// What was made.
#[derive(Clone, Copy, Debug)]
pub struct CreatedOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its first administrator.
    pub administrator: PersonId,
}

/// An organisation as its people see it.
#[derive(Clone, Debug)]
pub struct OrganisationCard {
    /// The organisation.
    pub id: OrganisationId,
    /// What can be edited.
    pub draft: OrganisationDraft,
    /// The optimistic lock.
    pub row_version: i64,
}

/// What can be edited of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationDraft {
    /// Its name.
    pub name: String,
    /// Its identifiers.
    pub tax_ids: TaxIds,
    /// Its language.
    pub locale: Locale,
    /// Its time zone, an IANA name.
    pub time_zone: String,
    /// The published rules of electronic signing, Russian.
    pub signing_rules_ru: String,
    /// The published rules of electronic signing, English.
    pub signing_rules_en: String,
    /// The consent to the processing of personal data, Russian.
    pub personal_data_ru: String,
    /// The consent to the processing of personal data, English.
    pub personal_data_en: String,
}

impl OrganisationDraft {
    fn check(&self) -> Result<Self, AppError> {
        let mut checks = Checks::default();
        let mut rules = |field: &str, text: &str| checks.text(field, text, RULES_CHARACTERS_MAX);
        let mut checked = Self {
            signing_rules_ru: rules("signing_rules_ru", &self.signing_rules_ru),
            signing_rules_en: rules("signing_rules_en", &self.signing_rules_en),
            personal_data_ru: rules("personal_data_ru", &self.personal_data_ru),
            personal_data_en: rules("personal_data_en", &self.personal_data_en),
            ..self.clone()
        };
        checked.name = checks.line("name", &self.name, NAME_CHARACTERS_MAX);
        checked.tax_ids = self.tax_ids.check(&mut checks);
        let known = jiff::tz::TimeZone::get(&self.time_zone).is_ok();
        checks.require(known, "time_zone", "time-zone");
        checks.done()?;
        Ok(checked)
    }

    fn into_row(
        self,
        id: OrganisationId,
        created_at: i64,
        row_version: i64,
    ) -> organisations::Model {
        organisations::Model {
            id: id.uuid(),
            name: self.name,
            country: self.tax_ids.country,
            inn: self.tax_ids.inn,
            kpp: self.tax_ids.kpp,
            vat_id: self.tax_ids.vat_id,
            locale: self.locale.code().to_owned(),
            time_zone: self.time_zone,
            signing_rules_ru: self.signing_rules_ru,
            signing_rules_en: self.signing_rules_en,
            personal_data_ru: self.personal_data_ru,
            personal_data_en: self.personal_data_en,
            created_at,
            row_version,
        }
    }
}

impl From<organisations::Model> for OrganisationCard {
    fn from(row: organisations::Model) -> Self {
        Self {
            id: row.id.into(),
            row_version: row.row_version,
            draft: OrganisationDraft {
                name: row.name,
                tax_ids: TaxIds {
                    country: row.country,
                    inn: row.inn,
                    kpp: row.kpp,
                    vat_id: row.vat_id,
                },
                locale: Locale::from_code(&row.locale).unwrap_or_default(),
                time_zone: row.time_zone,
                signing_rules_ru: row.signing_rules_ru,
                signing_rules_en: row.signing_rules_en,
                personal_data_ru: row.personal_data_ru,
                personal_data_en: row.personal_data_en,
            },
        }
    }
}

impl App {
    /// Makes an organisation and its first administrator: a command on the server's own machine,
    /// and the demo. The published rules begin as the texts `default-signing-rules` and
    /// `default-personal-data` of the locales, to be read and changed by the organisation.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every field that is wrong.
    pub async fn create_organisation(
        &self,
        new: NewOrganisation,
    ) -> Result<CreatedOrganisation, AppError> {
        Ok(self.make_organisation(new, false).await?.0)
    }

    /// As [`App::create_organisation`]; without a password nothing is mailed, and the operator
    /// hands the administrator's link over.
    ///
    /// # Errors
    ///
    /// As [`App::create_organisation`].
    pub async fn create_organisation_by_hand(
        &self,
        new: NewOrganisation,
    ) -> Result<(CreatedOrganisation, Option<PasswordLink>), AppError> {
        self.make_organisation(new, true).await
    }

    async fn make_organisation(
        &self,
        new: NewOrganisation,
        by_hand: bool,
    ) -> Result<(CreatedOrganisation, Option<PasswordLink>), AppError> {
        let draft = published(&new).check()?;
        let now = self.now();
        let organisation = OrganisationId::from(entropy::id(now));
        let actor = Actor::operator(organisation, new.locale);
        let administrator = PersonDraft {
            name: new.administrator_name,
            email: new.administrator_email,
            roles: vec![
                ("employee".to_owned(), None),
                ("administrator".to_owned(), None),
            ],
            locale: Some(new.locale),
            ..PersonDraft::default()
        };
        let access = match &new.administrator_password {
            Some(password) => {
                let login = administrator.email.trim().to_lowercase();
                let name = &administrator.name;
                FirstAccess::Password(people::hash_new_password(password, &login, name).await?)
            }
            None if by_hand => FirstAccess::Handed,
            None => FirstAccess::Mailed,
        };
        let is_handed = matches!(access, FirstAccess::Handed);
        let tx = self.store.begin().await?;
        let row = draft.into_row(organisation, now.micros(), 0);
        let name = row.name.clone();
        organisations::ActiveModel {
            id: Set(row.id),
            ..row.into()
        }
        .insert(&tx)
        .await?;
        let happening = Happening::to("organisation.created", "organisation", organisation)
            .with(json!({ "name": name, "administrator": administrator.email }));
        let person = people::insert(self, &tx, &actor, now, &administrator, access).await?;
        let link = if is_handed {
            Some(people::hand_over(self, &tx, &actor, now, person).await?)
        } else {
            None
        };
        audit::append(&tx, &actor, now, happening).await?;
        tx.commit().await?;
        // A change of its own. If it fails here, the next start of a server makes up for it.
        self.load_authority(organisation).await?;
        self.wake_jobs();
        let created = CreatedOrganisation {
            organisation,
            administrator: person,
        };
        Ok((created, link))
    }
}

/// A new organisation with the texts that every one begins with.
fn published(new: &NewOrganisation) -> OrganisationDraft {
    let draft = OrganisationDraft {
        name: new.name.clone(),
        tax_ids: new.tax_ids.clone(),
        locale: new.locale,
        time_zone: new.time_zone.clone(),
        signing_rules_ru: String::new(),
        signing_rules_en: String::new(),
        personal_data_ru: String::new(),
        personal_data_en: String::new(),
    };
    draft.with_own_texts()
}

impl App {
    /// The actor's organisation.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see its lists.
    pub async fn load_organisation(&self, actor: &Actor) -> Result<OrganisationCard, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let id = actor.organisation.uuid();
        Ok(store::organisations::load(self.store.reader(), id)
            .await?
            .into())
    }

    /// Changes the organisation.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]; [`AppError::Stale`] if it is not at `row_version` any more.
    pub async fn edit_organisation(
        &self,
        actor: &Actor,
        row_version: i64,
        draft: &OrganisationDraft,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageOrganisation)?;
        let draft = draft.check()?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = draft.into_row(actor.organisation, 0, row_version);
        let name = row.name.clone();
        store::organisations::update(&tx, row).await?;
        let happening = Happening::to("organisation.edited", "organisation", actor.organisation)
            .with(json!({ "name": name }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Asks whether the actor may do something to the organisation's lists.
pub(crate) fn allow_whole(actor: &Actor, action: Action) -> Result<(), AppError> {
    let whole = Resource::Organisation(actor.organisation);
    allow(access::decide(actor, action, &whole))
}
