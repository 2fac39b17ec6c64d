//! `chancery user`: the first organisation, people, their access. As the operator, who may do
//! everything on this machine; each change stands in the audit log under that name.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail};
use chancery_types::Locale;
use chancery_types::id::{DepartmentId, OrganisationId, PersonId};
use clap::{Args, Subcommand};

use super::mandates::{ImportMandates, import};
use super::{Migrate, Settings, in_runtime, print_line, start};
use crate::app::checks::TaxIds;
use crate::app::organisations::NewOrganisation;
use crate::app::page::PageRequest;
use crate::app::people::{PasswordLink, PersonDraft, PersonState};
use crate::app::{App, AppError};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Origin};
use crate::i18n::Formats;
use crate::web::problem::{Problem, field_text};

/// The longest password taken from a file, in bytes.
const PASSWORD_BYTES_MAX: u64 = 4_096;
/// The most people of a list.
const PEOPLE_MAX: u64 = 100_000;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Make an organisation and its administrator; prints a link that sets their password.
    Create(Box<Create>),
    /// Add a person; prints a link that sets their password, or mails an invitation.
    Add(Box<Add>),
    /// List people: access, address, name, roles.
    List(Within),
    /// Take a person's access away: sessions, tokens and links end now.
    Disable(Whose),
    /// Give a disabled person access again.
    Enable(Whose),
    /// Replace a person's roles.
    Roles(SetRoles),
    /// Print a link that sets a person's password, or mail it.
    Invite(Invite),
    /// Enter the mandates of an organisation's file in the register.
    Mandates(ImportMandates),
}

/// An organisation and its administrator.
#[derive(Debug, Args)]
pub struct Create {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's name.
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// ISO 3166, two letters.
    #[arg(long, value_name = "CODE", default_value = "RU")]
    country: String,
    /// ИНН, in Russia.
    #[arg(long)]
    inn: Option<String>,
    /// КПП, in Russia.
    #[arg(long)]
    kpp: Option<String>,
    /// VAT number, elsewhere.
    #[arg(long)]
    vat_id: Option<String>,
    /// `ru` or `en`.
    #[arg(long, value_name = "LANGUAGE", value_parser = language, default_value = "ru")]
    language: Locale,
    /// An IANA name.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Moscow")]
    time_zone: String,
    /// The administrator's name.
    #[arg(long)]
    name: String,
    /// The administrator's address, with which they log in.
    #[arg(long)]
    email: String,
    /// A file whose first line is the password, `-` for standard input; without it a link is made.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// A person to be added.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    within: Within,
    /// Their name.
    #[arg(long)]
    name: String,
    /// Their address, with which they log in.
    #[arg(long)]
    email: String,
    /// What they are.
    #[arg(long)]
    position: Option<String>,
    /// The key of their department.
    #[arg(long, value_name = "KEY")]
    department: Option<String>,
    /// A role, or `role@department` for one department; may be repeated.
    #[arg(long = "role", value_name = "ROLE", default_values = ["employee"])]
    roles: Vec<String>,
    /// Mail an invitation in place of printing a link.
    #[arg(long)]
    mail: bool,
}

/// In which organisation.
#[derive(Debug, Args)]
pub struct Within {
    #[command(flatten)]
    pub(in crate::cli) settings: Settings,
    /// The organisation's identifier; not needed if there is only one.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
}

impl Within {
    /// The organisation of the server of a configuration; the only one unless one is named.
    pub(in crate::cli) const fn of(
        config: Option<PathBuf>,
        organisation: Option<OrganisationId>,
    ) -> Self {
        Self {
            settings: Settings { config },
            organisation,
        }
    }

    /// The settings of the server.
    pub(in crate::cli) const fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// Which person.
#[derive(Debug, Args)]
pub struct Whose {
    #[command(flatten)]
    settings: Settings,
    /// The address they log in with.
    email: String,
}

/// A person and their roles.
#[derive(Debug, Args)]
pub struct SetRoles {
    #[command(flatten)]
    whose: Whose,
    /// A role, or `role@department` for one department; may be repeated. These and no others.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<String>,
}

/// A person and how the link reaches them.
#[derive(Debug, Args)]
pub struct Invite {
    #[command(flatten)]
    whose: Whose,
    /// Mail it in place of printing it.
    #[arg(long)]
    mail: bool,
}

fn language(text: &str) -> Result<Locale, String> {
    Locale::from_code(text).ok_or_else(|| "`ru` or `en`".to_owned())
}

/// Does what was asked.
///
/// # Errors
///
/// Why it was not done, in one line.
pub fn run(command: PeopleCommand) -> anyhow::Result<()> {
    match command {
        PeopleCommand::Create(asked) => {
            with_app(&asked.settings, async |app| create(app, &asked).await)
        }
        PeopleCommand::Add(asked) => {
            with_app(&asked.within.settings, async |app| add(app, &asked).await)
        }
        PeopleCommand::List(within) => {
            with_app(&within.settings, async |app| list(app, &within).await)
        }
        PeopleCommand::Disable(whose) => {
            with_app(&whose.settings, async |app| disable(app, &whose).await)
        }
        PeopleCommand::Enable(whose) => {
            with_app(&whose.settings, async |app| enable(app, &whose).await)
        }
        PeopleCommand::Roles(asked) => with_app(&asked.whose.settings, async |app| {
            set_roles(app, &asked).await
        }),
        PeopleCommand::Invite(asked) => {
            with_app(&asked.whose.settings, async |app| invite(app, &asked).await)
        }
        PeopleCommand::Mandates(asked) => with_app(&asked.within.settings, async |app| {
            import(app, &asked).await
        }),
    }
}

/// Opens everything as `serve` would, and does one thing with it.
///
/// # Errors
///
/// Why it does not open, or what `work` says.
pub fn with_app(
    settings: &Settings,
    work: impl AsyncFnOnce(&App) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = settings.load()?;
    in_runtime(async {
        let app = start(config, Clock::System, Migrate::EmbeddedOnly).await?;
        work(&app).await
    })?
}

/// A use case's answer in words: the same texts that pages show, in English as every command.
pub fn told(error: AppError) -> anyhow::Error {
    if let AppError::Internal(cause) | AppError::Unavailable { source: cause, .. } = error {
        return anyhow::Error::from_boxed(cause);
    }
    let problem = Problem::App(error);
    let facts = problem.facts();
    let fields = facts.fields.iter().map(|field| {
        let text = field_text(Locale::En, field);
        format!("{}: {text}", field.field)
    });
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() {
        anyhow!("{}", facts.detail(Locale::En))
    } else {
        anyhow!("{}", fields.join(" "))
    }
}

/// The person with this login, and the operator in their organisation.
pub async fn find(app: &App, login: &str) -> anyhow::Result<(Actor, PersonId)> {
    match app.find_login(login).await {
        Err(AppError::Hidden) => bail!("nobody logs in with {login}; see `chancery user list`"),
        other => other.map_err(told),
    }
}

async fn create(app: &App, asked: &Create) -> anyhow::Result<()> {
    let password = asked
        .password_file
        .as_ref()
        .map(read_password)
        .transpose()?;
    let new = NewOrganisation {
        name: asked.organisation.clone(),
        tax_ids: TaxIds {
            country: asked.country.clone(),
            inn: asked.inn.clone(),
            kpp: asked.kpp.clone(),
            vat_id: asked.vat_id.clone(),
        },
        locale: asked.language,
        time_zone: asked.time_zone.clone(),
        administrator_name: asked.name.clone(),
        administrator_email: asked.email.clone(),
        administrator_password: password,
    };
    let (created, link) = app.create_organisation_by_hand(new).await.map_err(told)?;
    print_line(&format!("organisation {} made", created.organisation));
    match link {
        Some(link) => print_link(&link),
        None => print_line(&format!("{} logs in with that password", asked.email)),
    }
    Ok(())
}

fn read_password(path: &PathBuf) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin()
            .take(PASSWORD_BYTES_MAX)
            .read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(path);
        file.and_then(|file| file.take(PASSWORD_BYTES_MAX).read_to_string(&mut text))
    };
    read.with_context(|| format!("{}: the password cannot be read", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn print_link(link: &PasswordLink) {
    let until = Formats::new(Locale::En, "UTC").moment(link.expires_at);
    print_line(&format!(
        "Give them this link: it sets the password, works once, and until {until} UTC."
    ));
    print_line(&link.url);
}

/// The organisation that was named, or the only one.
pub(super) async fn choose(app: &App, within: &Within) -> anyhow::Result<Actor> {
    let known = app.list_organisations().await.map_err(told)?;
    let ids: Vec<String> = known
        .iter()
        .map(|card| format!("{} ({})", card.id, card.draft.name))
        .collect();
    let chosen = match (within.organisation, known.as_slice()) {
        (Some(id), _) => known.iter().find(|card| card.id == id),
        (None, [only]) => Some(only),
        (None, []) => bail!("there is no organisation yet; make one by `chancery user create`"),
        (None, _) => bail!("say which by --organisation: {}", ids.join(", ")),
    };
    let chosen =
        chosen.with_context(|| format!("no such organisation; known: {}", ids.join(", ")))?;
    Ok(Actor::operator(chosen.id, Locale::En))
}

async fn department(app: &App, actor: &Actor, key: &str) -> anyhow::Result<DepartmentId> {
    let known = app.list_departments(actor).await.map_err(told)?;
    let found = known.iter().find(|row| row.draft.key == key);
    let keys: Vec<&str> = known.iter().map(|row| row.draft.key.as_str()).collect();
    found
        .map(|row| row.id)
        .with_context(|| format!("no department `{key}`; known: {}", keys.join(", ")))
}

async fn roles_of(
    app: &App,
    actor: &Actor,
    given: &[String],
) -> anyhow::Result<Vec<(String, Option<DepartmentId>)>> {
    let mut held = Vec::new();
    for text in given {
        let (role, within) = text
            .split_once('@')
            .map_or((text.as_str(), None), |(role, key)| (role, Some(key)));
        let known = app.chains.vocabulary().roles();
        if !known.contains_key(role) {
            let known: Vec<&str> = known.keys().map(String::as_str).collect();
            bail!("no role `{role}`; known: {}", known.join(", "));
        }
        let within = match within {
            Some(key) => Some(department(app, actor, key).await?),
            None => None,
        };
        held.push((role.to_owned(), within));
    }
    Ok(held)
}

async fn add(app: &App, asked: &Add) -> anyhow::Result<()> {
    let operator = choose(app, &asked.within).await?;
    let draft = PersonDraft {
        name: asked.name.clone(),
        email: asked.email.clone(),
        position: asked.position.clone(),
        department: match &asked.department {
            Some(key) => Some(department(app, &operator, key).await?),
            None => None,
        },
        roles: roles_of(app, &operator, &asked.roles).await?,
        ..PersonDraft::default()
    };
    if asked.mail {
        let id = app.create_person(&operator, &draft).await.map_err(told)?;
        print_line(&format!("person {id} added; the invitation will be mailed"));
        return Ok(());
    }
    let made = app.create_person_by_hand(&operator, &draft).await;
    let (id, link) = made.map_err(told)?;
    print_line(&format!("person {id} added"));
    print_link(&link);
    Ok(())
}

async fn list(app: &App, within: &Within) -> anyhow::Result<()> {
    let operator = choose(app, within).await?;
    let everybody = PageRequest {
        after: None,
        rows_max: PEOPLE_MAX,
    };
    let found = app.list_people(&operator, &everybody).await.map_err(told)?;
    for person in found.rows {
        let roles = person.draft.roles.iter();
        let mut held: Vec<&str> = roles.map(|(role, _)| role.as_str()).collect();
        held.sort_unstable();
        let state = person.state.code();
        let (email, name) = (person.draft.email, person.draft.name);
        print_line(&format!(
            "{state:<9} {email:<32} {name}  [{}]",
            held.join(", ")
        ));
    }
    Ok(())
}

async fn disable(app: &App, whose: &Whose) -> anyhow::Result<()> {
    let (operator, id) = find(app, &whose.email).await?;
    let known = app.load_person(&operator, id).await.map_err(told)?;
    let done = app.disable_person(&operator, id, known.row_version).await;
    done.map_err(told)?;
    print_line(&format!("{} has no access any more", whose.email));
    Ok(())
}

async fn enable(app: &App, whose: &Whose) -> anyhow::Result<()> {
    let (operator, id) = find(app, &whose.email).await?;
    let known = app.load_person(&operator, id).await.map_err(told)?;
    let done = app.enable_person(&operator, id, known.row_version).await;
    done.map_err(told)?;
    print_line(&format!("{} has access again", whose.email));
    Ok(())
}

async fn set_roles(app: &App, asked: &SetRoles) -> anyhow::Result<()> {
    let (operator, id) = find(app, &asked.whose.email).await?;
    let known = app.load_person(&operator, id).await.map_err(told)?;
    let draft = PersonDraft {
        roles: roles_of(app, &operator, &asked.roles).await?,
        ..known.draft
    };
    let done = app
        .edit_person(&operator, id, known.row_version, &draft)
        .await;
    done.map_err(told)?;
    print_line(&format!(
        "{} now: {}",
        asked.whose.email,
        asked.roles.join(", ")
    ));
    Ok(())
}

async fn invite(app: &App, asked: &Invite) -> anyhow::Result<()> {
    let (operator, id) = find(app, &asked.whose.email).await?;
    if !asked.mail {
        let link = app.issue_password_link(&operator, id).await.map_err(told)?;
        print_link(&link);
        return Ok(());
    }
    let known = app.load_person(&operator, id).await.map_err(told)?;
    let done = if known.state == PersonState::Active {
        let login = &known.draft.email;
        app.request_password_reset(login, Origin::default()).await
    } else {
        app.resend_invitation(&operator, id).await
    };
    done.map_err(told)?;
    print_line(&format!("a link will be mailed to {}", asked.whose.email));
    Ok(())
}
