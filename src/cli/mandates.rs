//! `chancery user mandates FILE`: the register of mandates from an organisation's file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail};
use chancery_types::Locale;
use chancery_types::id::PersonId;
use chancery_workflow::{Directory, render};
use clap::Args;
use jiff::tz::TimeZone;

use super::people::{Within, choose, told};
use super::print_line;
use crate::app::App;
use crate::app::chains::read;
use crate::app::mandates::{MandateDraft, MandateRow};
use crate::app::page::PageRequest;
use crate::domain::actor::Actor;

/// The most people whose logins are looked up.
const PEOPLE_MAX: u64 = 100_000;

/// An organisation's file.
#[derive(Debug, Args)]
pub struct ImportMandates {
    #[command(flatten)]
    pub(super) within: Within,
    /// The file: `people` with the logins that are named, and `mandates`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The zone of its days, an IANA name.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Moscow")]
    time_zone: String,
}

/// Enters what the register does not have yet: the same file twice enters it once.
pub(super) async fn import(app: &App, asked: &ImportMandates) -> anyhow::Result<()> {
    let operator = choose(app, &asked.within).await?;
    let directory = parsed(app, asked)?;
    let people = logins(app, &operator).await?;
    let known = app.list_mandates(&operator).await.map_err(told)?;
    let (mut entered, mut there) = (0_usize, 0_usize);
    for mandate in &directory.mandates {
        let login = directory.people.get(&mandate.person);
        let login = login
            .map(|person| person.login.as_str())
            .unwrap_or_default();
        let draft = MandateDraft {
            person: *people.get(login).with_context(|| {
                format!("nobody logs in with {login}; see `chancery user list`")
            })?,
            entity: mandate.entity.clone(),
            role: mandate.role.clone(),
            limit: mandate.limit.clone(),
            from: mandate.from,
            until: mandate.until,
            basis: mandate.basis.clone(),
        };
        let is_known = |row: &MandateRow| row.ended_at.is_none() && row.draft == draft;
        if known.iter().any(is_known) {
            there += 1;
            continue;
        }
        let done = app.record_mandate(&operator, &draft).await.map_err(told);
        done.with_context(|| format!("{login}, {}", draft.basis))?;
        entered += 1;
    }
    print_line(&format!(
        "{entered} mandates entered, {there} were there already"
    ));
    Ok(())
}

fn parsed(app: &App, asked: &ImportMandates) -> anyhow::Result<Directory> {
    let source = read(&asked.file).map_err(|error| anyhow!("{error}"))?;
    let zone = TimeZone::get(&asked.time_zone);
    let zone = zone.with_context(|| format!("no time zone `{}`", asked.time_zone))?;
    match Directory::parse(&source, app.chains.vocabulary(), &zone) {
        Ok(directory) => Ok(directory),
        Err(findings) => {
            let name = asked.file.display().to_string();
            bail!("{}", render(&findings, &source, &name, Locale::En))
        }
    }
}

async fn logins(app: &App, operator: &Actor) -> anyhow::Result<BTreeMap<String, PersonId>> {
    let everybody = PageRequest {
        after: None,
        rows_max: PEOPLE_MAX,
    };
    let found = app.list_people(operator, &everybody).await.map_err(told)?;
    let rows = found.rows.into_iter();
    Ok(rows.map(|person| (person.draft.email, person.id)).collect())
}
