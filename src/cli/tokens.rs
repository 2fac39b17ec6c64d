//! `chancery token`: personal API tokens, made and revoked by the operator.

use chancery_types::Locale;
use chancery_types::id::TokenId;
use clap::{Args, Subcommand, ValueEnum};

use super::people::{find, told, with_app};
use super::{Settings, print_line, say};
use crate::app::App;
use crate::app::tokens::{Scope, TokenRow};
use crate::i18n::Formats;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; its secret is printed once, alone on standard output.
    Create(Create),
    /// List a person's tokens that are not revoked.
    List(Whose),
    /// Revoke a token.
    Revoke(Revoke),
}

/// Whose.
#[derive(Debug, Args)]
pub struct Whose {
    #[command(flatten)]
    settings: Settings,
    /// The address the person logs in with.
    email: String,
}

/// A token to be made.
#[derive(Debug, Args)]
pub struct Create {
    #[command(flatten)]
    whose: Whose,
    /// What it is called.
    #[arg(long)]
    name: String,
    /// What it may do.
    #[arg(long, value_enum, default_value_t = Allowed::Read)]
    scope: Allowed,
    /// Days it works, 1 to 366.
    #[arg(long, default_value_t = 90)]
    days: i64,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Allowed {
    /// Only read.
    Read,
    /// Everything its person may do.
    Write,
}

impl From<Allowed> for Scope {
    fn from(allowed: Allowed) -> Self {
        match allowed {
            Allowed::Read => Self::Read,
            Allowed::Write => Self::Write,
        }
    }
}

/// A token to be revoked.
#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    whose: Whose,
    /// The token's identifier, from the list.
    token: TokenId,
}

/// Does what was asked.
///
/// # Errors
///
/// Why it was not done, in one line.
pub fn run(command: TokenCommand) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create(asked) => {
            with_app(&asked.whose.settings, async |app| create(app, &asked).await)
        }
        TokenCommand::List(whose) => with_app(&whose.settings, async |app| list(app, &whose).await),
        TokenCommand::Revoke(asked) => {
            with_app(&asked.whose.settings, async |app| revoke(app, &asked).await)
        }
    }
}

async fn create(app: &App, asked: &Create) -> anyhow::Result<()> {
    let (operator, person) = find(app, &asked.whose.email).await?;
    let scope = asked.scope.into();
    let made = app
        .create_token_for(&operator, person, &asked.name, scope, asked.days)
        .await;
    let made = made.map_err(told)?;
    say(&format!(
        "token {}; its secret is not shown again:",
        made.id
    ));
    print_line(&made.secret);
    Ok(())
}

async fn list(app: &App, whose: &Whose) -> anyhow::Result<()> {
    let (operator, person) = find(app, &whose.email).await?;
    let found = app.list_tokens_of(&operator, person).await.map_err(told)?;
    for row in found {
        print_line(&line(&row));
    }
    Ok(())
}

fn line(row: &TokenRow) -> String {
    let formats = Formats::new(Locale::En, "UTC");
    let moment = |at: Option<_>, none: &str| at.map_or(none.to_owned(), |at| formats.moment(at));
    format!(
        "{} {:<5} until {}, last used {}  {}",
        row.id,
        row.scope.code(),
        moment(row.expires_at, "revoked"),
        moment(row.last_used_at, "never"),
        row.name
    )
}

async fn revoke(app: &App, asked: &Revoke) -> anyhow::Result<()> {
    let (operator, person) = find(app, &asked.whose.email).await?;
    let done = app.revoke_token_of(&operator, person, asked.token).await;
    done.map_err(told)?;
    print_line("revoked");
    Ok(())
}
