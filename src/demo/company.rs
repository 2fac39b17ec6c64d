//! Seeds the demo company through the same use cases that an administrator would use.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use chancery_types::Locale;
use chancery_types::id::{ContactId, CounterpartyId, DepartmentId, OrganisationId, PersonId};
use serde::Deserialize;

use super::mailbox;
use crate::app::App;
use crate::app::checks::TaxIds;
use crate::app::counterparties::{ContactDraft, CounterpartyDraft};
use crate::app::organisations::{DepartmentDraft, NewOrganisation};
use crate::app::people::PersonDraft;
use crate::domain::actor::{Actor, Origin};
use crate::entropy;
use crate::jobs::Runner;

/// The people, counterparties and departments that the rest of the demo works with.
pub struct Company {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Logged-in people by key.
    pub people: BTreeMap<String, Actor>,
    /// Departments by key.
    pub departments: BTreeMap<String, DepartmentId>,
    /// Counterparties in the file's order.
    pub counterparties: Vec<Counterparty>,
    /// The organisation as the file has it.
    pub plan: OrganisationPlan,
}

/// A counterparty of the demo.
#[derive(Clone, Debug)]
pub struct Counterparty {
    /// The counterparty.
    pub id: CounterpartyId,
    /// Its first contact.
    pub contact: ContactId,
    /// As the file has it.
    pub plan: CounterpartyPlan,
}

impl Company {
    /// The person with this key.
    ///
    /// # Errors
    ///
    /// If the file has none.
    pub fn person(&self, key: &str) -> anyhow::Result<&Actor> {
        self.people
            .get(key)
            .with_context(|| format!("the demo has no person `{key}`"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    organisation: OrganisationPlan,
    departments: Vec<DepartmentPlan>,
    people: Vec<PersonPlan>,
    counterparties: Vec<CounterpartyPlan>,
}

/// The demo's organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationPlan {
    /// Its name.
    pub name: String,
    country: String,
    /// Its ИНН.
    pub inn: String,
    /// Its КПП.
    pub kpp: String,
    locale: Locale,
    time_zone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentPlan {
    key: String,
    name: String,
    head: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonPlan {
    key: String,
    name: String,
    position: String,
    gloss: String,
    email: String,
    department: String,
    manager: Option<String>,
    locale: Option<Locale>,
    roles: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
}

/// A counterparty as the file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterpartyPlan {
    /// Its name.
    pub name: String,
    country: String,
    /// Its ИНН, in Russia.
    pub inn: Option<String>,
    /// Its КПП, in Russia.
    pub kpp: Option<String>,
    /// Its VAT number, elsewhere.
    pub vat_id: Option<String>,
    /// Its address.
    pub address: String,
    /// Who signs for it.
    pub contacts: Vec<ContactPlan>,
}

/// A contact as the file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactPlan {
    /// Their name.
    pub name: String,
    position: String,
    email: String,
    locale: Locale,
}

/// Who the company's people are, for readers of the other language than their own: by address.
///
/// # Errors
///
/// If the demo's file is at fault.
pub fn glosses(reader: Locale) -> anyhow::Result<BTreeMap<String, String>> {
    let plan: Plan = toml::from_str(include_str!("company.toml"))?;
    let own = plan.organisation.locale;
    let foreign = plan.people.into_iter();
    let foreign = foreign.filter(|person| person.locale.unwrap_or(own) != reader);
    Ok(foreign.map(|person| (person.email, person.gloss)).collect())
}

/// Makes the company, its people and its counterparties.
///
/// # Errors
///
/// What a use case refused: a fault of the demo's file or of this program.
pub async fn seed(app: &App) -> anyhow::Result<Company> {
    let plan: Plan = toml::from_str(include_str!("company.toml"))?;
    let (first, others) = plan.people.split_first().context("nobody in the file")?;
    let created = app
        .create_organisation(NewOrganisation {
            name: plan.organisation.name.clone(),
            tax_ids: TaxIds {
                country: plan.organisation.country.clone(),
                inn: Some(plan.organisation.inn.clone()),
                kpp: Some(plan.organisation.kpp.clone()),
                vat_id: None,
            },
            locale: plan.organisation.locale,
            time_zone: plan.organisation.time_zone.clone(),
            administrator_name: first.name.clone(),
            administrator_email: first.email.clone(),
            administrator_password: Some(entropy::secret()),
        })
        .await?;
    let administrator = log_in(app, created.administrator).await?;
    let mut company = Company {
        organisation: created.organisation,
        people: BTreeMap::from([(first.key.clone(), administrator.clone())]),
        departments: BTreeMap::new(),
        counterparties: Vec::new(),
        plan: plan.organisation,
    };
    for department in &plan.departments {
        let draft = DepartmentDraft {
            key: department.key.clone(),
            name: department.name.clone(),
            ..DepartmentDraft::default()
        };
        let id = app.create_department(&administrator, &draft).await?;
        company.departments.insert(department.key.clone(), id);
    }
    place_administrator(app, &company, &administrator, first).await?;
    for person in others {
        add_person(app, &mut company, &administrator, person).await?;
    }
    for department in &plan.departments {
        name_head(app, &company, &administrator, department).await?;
    }
    for counterparty in plan.counterparties {
        befriend(app, &mut company, &administrator, counterparty).await?;
    }
    Ok(company)
}

/// A logged-in person, as pages would have them.
async fn log_in(app: &App, person: PersonId) -> anyhow::Result<Actor> {
    let opened = app.open_session(person, Origin::default()).await?;
    let found = app
        .resume_session(&opened.secret, Origin::default(), Locale::Ru)
        .await?;
    Ok(found.context("a session that was just opened")?.actor)
}

fn draft(company: &Company, person: &PersonPlan) -> anyhow::Result<PersonDraft> {
    let department = company.departments.get(&person.department);
    let manager = match &person.manager {
        Some(key) => company.person(key)?.person().map(|manager| manager.id),
        None => None,
    };
    let mut roles = vec![("employee".to_owned(), None)];
    roles.extend(person.roles.iter().map(|role| (role.clone(), None)));
    Ok(PersonDraft {
        name: person.name.clone(),
        email: person.email.clone(),
        position: Some(person.position.clone()),
        department: department.copied(),
        manager,
        roles,
        groups: person.groups.clone(),
        locale: person.locale,
    })
}

async fn place_administrator(
    app: &App,
    company: &Company,
    administrator: &Actor,
    plan: &PersonPlan,
) -> anyhow::Result<()> {
    let own = administrator.person().context("a person")?.id;
    let known = app.load_person(administrator, own).await?;
    let draft = draft(company, plan)?;
    app.edit_person(administrator, own, known.row_version, &draft)
        .await?;
    Ok(())
}

/// Invites a person, reads the invitation from the mailbox and accepts it.
async fn add_person(
    app: &App,
    company: &mut Company,
    administrator: &Actor,
    plan: &PersonPlan,
) -> anyhow::Result<()> {
    let draft = draft(company, plan)?;
    let id = app.create_person(administrator, &draft).await?;
    Runner::new(app.clone()).drain().await?;
    let secret = invitation_of(app, &plan.email)?;
    app.set_password(&secret, &entropy::secret(), Origin::default())
        .await?;
    company
        .people
        .insert(plan.key.clone(), log_in(app, id).await?);
    Ok(())
}

/// The secret of the latest link that was mailed to `address`.
fn invitation_of(app: &App, address: &str) -> anyhow::Result<String> {
    let folder = &app.config.mail.directory;
    for name in mailbox::list(folder)? {
        let Some(mail) = mailbox::read(folder, &name)? else {
            continue;
        };
        let link = mail.link(&app.config.server.public_url);
        let secret = link.and_then(|link| link.split_once('#'));
        if let Some((_, secret)) = secret.filter(|_| mail.address() == address) {
            return Ok(secret.to_owned());
        }
    }
    Err(anyhow!("no invitation came to {address}"))
}

async fn name_head(
    app: &App,
    company: &Company,
    administrator: &Actor,
    plan: &DepartmentPlan,
) -> anyhow::Result<()> {
    let id = *company.departments.get(&plan.key).context("a department")?;
    let known = app.load_department(administrator, id).await?;
    let head = company.person(&plan.head)?.person().map(|head| head.id);
    let draft = DepartmentDraft {
        head,
        ..known.draft
    };
    app.edit_department(administrator, id, known.row_version, &draft)
        .await?;
    Ok(())
}

async fn befriend(
    app: &App,
    company: &mut Company,
    administrator: &Actor,
    plan: CounterpartyPlan,
) -> anyhow::Result<()> {
    let draft = CounterpartyDraft {
        name: plan.name.clone(),
        tax_ids: TaxIds {
            country: plan.country.clone(),
            inn: plan.inn.clone(),
            kpp: plan.kpp.clone(),
            vat_id: plan.vat_id.clone(),
        },
        address: Some(plan.address.clone()),
    };
    let id = app.create_counterparty(administrator, &draft).await?;
    let mut first = None;
    for contact in &plan.contacts {
        let draft = ContactDraft {
            name: contact.name.clone(),
            position: Some(contact.position.clone()),
            email: contact.email.clone(),
            locale: contact.locale,
        };
        let contact = app.create_contact(administrator, id, &draft).await?;
        first.get_or_insert(contact);
    }
    let contact = first.context("a counterparty without a contact")?;
    company
        .counterparties
        .push(Counterparty { id, contact, plan });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: nobody who reads one language meets people they cannot read of. Method: the file, for
    /// readers of both.
    #[test]
    fn everybody_is_introduced_to_readers_of_the_other_language() {
        let is_cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        let english = glosses(Locale::En).expect("the file");
        assert_eq!(english.len(), 17);
        assert!(english.values().all(|gloss| !is_cyrillic(gloss)));
        let russian = glosses(Locale::Ru).expect("the file");
        assert_eq!(russian.len(), 1);
        assert!(russian.values().all(|gloss| is_cyrillic(gloss)));
    }
}
