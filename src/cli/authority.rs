//! `chancery authority`: which keys an organisation's certificate authority has; replacing them.

use clap::{Args, Subcommand};

use super::people::{Within, choose, told, with_app};
use super::print_line;
use crate::app::App;

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum AuthorityCommand {
    /// List them: purpose, fingerprint of the certificate, its end, since when, until when.
    List(Within),
    /// Print the certificates that others need to check signatures made here, as PEM.
    Export(Within),
    /// Make new ones. What was signed before stays provable; the old keys are destroyed.
    Rotate(Rotate),
}

/// Which keys to replace.
#[derive(Debug, Args)]
pub struct Rotate {
    #[command(flatten)]
    within: Within,
    /// The root too: whoever trusts it must be given the new one.
    #[arg(long)]
    root: bool,
}

/// Does what the command says.
///
/// # Errors
///
/// Why it was not done, in one line.
pub fn run(command: &AuthorityCommand) -> anyhow::Result<()> {
    match command {
        AuthorityCommand::List(within) => {
            with_app(&within.settings, async |app| list(app, within).await)
        }
        AuthorityCommand::Export(within) => with_app(&within.settings, async |app| {
            let operator = choose(app, within).await?;
            let pem = app.anchors_pem(operator.organisation).await.map_err(told)?;
            print_line(pem.trim_end());
            Ok(())
        }),
        AuthorityCommand::Rotate(wanted) => with_app(&wanted.within.settings, async |app| {
            let operator = choose(app, &wanted.within).await?;
            let done = app.rotate_authority(&operator, wanted.root).await;
            done.map_err(told)?;
            list(app, &wanted.within).await?;
            if wanted.root {
                print_line(
                    "the root is new: give what `chancery authority export` prints to who checks",
                );
            }
            Ok(())
        }),
    }
}

async fn list(app: &App, within: &Within) -> anyhow::Result<()> {
    let operator = choose(app, within).await?;
    for key in app.list_authority(&operator).await.map_err(told)? {
        let state = match key.retired_at {
            Some(at) => format!("replaced {at}"),
            None => "in use".to_owned(),
        };
        print_line(&format!(
            "{:<9} {}  ends {}  made {}  {state}",
            key.purpose, key.fingerprint, key.ends_at, key.made_at
        ));
    }
    Ok(())
}
