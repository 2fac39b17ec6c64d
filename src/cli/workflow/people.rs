//! The organisation that a chain is tried with: of a file, or of the server as it is today.

use std::path::{Path, PathBuf};

use chancery_types::Locale;
use chancery_types::id::OrganisationId;
use chancery_workflow::{Definition, Diagnostic, Directory, Vocabulary};
use clap::Args;
use jiff::tz::TimeZone;

use super::{Checked, House, print_text, say};
use crate::app::App;
use crate::app::chains::read;
use crate::cli::in_one_line;
use crate::cli::people::{Within, choose, told, with_app};
use crate::clock::Clock;
use crate::domain::actor::Actor;

/// Whose people are meant, if any.
#[derive(Debug, Args)]
pub(in crate::cli) struct Company {
    /// The organisation: `people`, `departments`, `groups`, `mandates`.
    #[arg(long, value_name = "FILE")]
    pub(super) org: Option<PathBuf>,
    /// The organisation of the server as it is today, from its database.
    #[arg(long, conflicts_with = "org")]
    pub(super) today: bool,
    /// The organisation's identifier; not needed if there is only one.
    #[arg(long, value_name = "ID", requires = "today")]
    organisation: Option<OrganisationId>,
}

impl Company {
    /// Asks the server of a configuration something about its organisation; `None` if it cannot be
    /// read, which is said.
    pub(super) fn ask<T>(
        &self,
        config: Option<&Path>,
        work: impl AsyncFnOnce(&App, &Actor) -> anyhow::Result<T>,
    ) -> Option<T> {
        let within = Within::of(config.map(Path::to_owned), self.organisation);
        let mut found = None;
        let read = with_app(within.settings(), async |app| {
            let operator = choose(app, &within).await?;
            found = Some(work(app, &operator).await?);
            Ok(())
        });
        match read {
            Ok(()) => found,
            Err(error) => {
                say(&format!("chancery: {}", in_one_line(&error)));
                None
            }
        }
    }

    /// The organisation of the server as it is today, with its register.
    pub(super) fn now(&self, config: Option<&Path>) -> Option<Directory> {
        self.ask(config, async |app, operator| {
            app.directory_today(operator).await.map_err(told)
        })
    }
}

/// The people that chains are checked with, if any.
pub(super) enum People {
    Unknown,
    /// Of a file, with its text.
    File(PathBuf, String),
    Today(Directory),
}

impl People {
    /// `None` if they cannot be read, which is said.
    pub(super) fn of(company: &Company, config: Option<&Path>) -> Option<Self> {
        match &company.org {
            Some(path) => Some(Self::File(path.clone(), source_of(path)?)),
            None if company.today => company.now(config).map(Self::Today),
            None => Some(Self::Unknown),
        }
    }

    /// What is to be said of a chain today; the file with the people, if it is refused.
    pub(super) fn said_of(
        &self,
        definition: &Definition,
        house: &House,
    ) -> Result<Vec<Diagnostic>, Checked> {
        let read;
        let directory = match self {
            Self::Unknown => return Ok(Vec::new()),
            Self::Today(directory) => directory,
            Self::File(path, source) => {
                let parsed = parse(source, definition, &house.vocabulary);
                read = parsed.map_err(|found| Checked::of(path, source.clone(), found))?;
                &read
            }
        };
        Ok(definition.warnings_today(directory, Clock::System.now()))
    }
}

/// The text of a file with an organisation; `None` if it cannot be read, which is said.
pub(super) fn source_of(path: &Path) -> Option<String> {
    match read(path) {
        Ok(source) => Some(source),
        Err(error) => {
            say(&format!("chancery: {error}"));
            None
        }
    }
}

/// The organisation of a file, whose times are of the zone of the chain's calendar.
pub(super) fn parse(
    source: &str,
    definition: &Definition,
    vocabulary: &Vocabulary,
) -> Result<Directory, Vec<Diagnostic>> {
    let zone = definition.calendar();
    let zone = zone.and_then(|calendar| TimeZone::get(calendar.zone()).ok());
    Directory::parse(source, vocabulary, &zone.unwrap_or(TimeZone::UTC))
}

/// The organisation of a file; `None` if it is refused or cannot be read, which is said.
pub(super) fn read_directory(
    path: &Path,
    (definition, vocabulary): (&Definition, &Vocabulary),
    locale: Locale,
) -> Option<Directory> {
    let source = source_of(path)?;
    match parse(&source, definition, vocabulary) {
        Ok(directory) => Some(directory),
        Err(findings) => {
            print_text(&[Checked::of(path, source, findings)], locale);
            None
        }
    }
}
