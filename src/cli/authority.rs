//! `chancery authority`: which keys an organisation's certificate authority has; replacing them.

use chancery_signature::RevocationReason;
use chancery_types::Instant;
use clap::{Args, Subcommand};

use super::people::{Within, choose, told, with_app};
use super::print_line;
use crate::app::App;
use crate::app::authority::{KeyPlace, Revocation};

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum AuthorityCommand {
    /// List them: purpose, fingerprint of the certificate, its end, since when, until when.
    List(Within),
    /// Print the certificates that others need to check signatures made here, as PEM.
    Export(Within),
    /// Make new ones. What was signed before stays provable; the old keys are destroyed.
    Rotate(Rotate),
    /// Revoke a certificate that was issued here, and publish its issuer's list. What is proven to
    /// be older stands.
    Revoke(Revoke),
}

/// Which certificate, and why.
#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    within: Within,
    /// Its serial number as a check shows it; of one of the authority's own also the SHA-256 that
    /// `authority list` shows. Hexadecimal.
    certificate: String,
    /// Why.
    #[arg(long, value_parser = reason, default_value = "key_compromise")]
    reason: RevocationReason,
    /// Since when it counts for nothing, such as 2026-11-26T10:00:00Z; since now without it.
    #[arg(long)]
    since: Option<Instant>,
}

fn reason(text: &str) -> Result<RevocationReason, String> {
    RevocationReason::from_code(text).ok_or_else(|| {
        let known = RevocationReason::ALL.map(RevocationReason::code);
        format!("one of {}", known.join(", "))
    })
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
        AuthorityCommand::Revoke(wanted) => with_app(&wanted.within.settings, async |app| {
            revoke(app, wanted).await
        }),
    }
}

async fn revoke(app: &App, wanted: &Revoke) -> anyhow::Result<()> {
    let operator = choose(app, &wanted.within).await?;
    let revocation = Revocation {
        certificate: wanted.certificate.clone(),
        reason: wanted.reason,
        since: wanted.since,
    };
    let done = app.revoke_certificate(&operator, &revocation).await;
    done.map_err(told)?;
    print_line("revoked; the lists are at:");
    let keys = app.list_authority(&operator).await.map_err(told)?;
    let must_rotate = keys
        .iter()
        .any(|key| key.is_revoked && key.retired_at.is_none());
    for key in keys {
        if key.purpose != "timestamp" && key.retired_at.is_none() {
            let address = app.url(&format!("/crl/{}.crl", key.fingerprint));
            print_line(&format!("{:<9} {address}", key.purpose));
        }
    }
    if must_rotate {
        print_line(
            "the issuing key in use is revoked: nobody can sign until `chancery authority rotate`, \
             and `chancery authority export` no longer gives it to who checks",
        );
    }
    Ok(())
}

async fn list(app: &App, within: &Within) -> anyhow::Result<()> {
    let operator = choose(app, within).await?;
    for key in app.list_authority(&operator).await.map_err(told)? {
        let state = match key.retired_at {
            Some(at) => format!("replaced {at}"),
            None if key.is_revoked => "REVOKED, nobody can sign: rotate".to_owned(),
            None => "in use".to_owned(),
        };
        let place = match key.place {
            Some(KeyPlace::Token(label)) => format!(", in the token {label}"),
            Some(KeyPlace::File(name)) => format!(", in the file {name}"),
            Some(KeyPlace::Sealed) | None => String::new(),
        };
        print_line(&format!(
            "{:<9} {}  ends {}  made {}  {state}{place}",
            key.purpose, key.fingerprint, key.ends_at, key.made_at
        ));
    }
    Ok(())
}
