//! Mail through a server.

use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::MailError;
use crate::config::{self, SmtpTls};

const CONNECTIONS_MAX: u32 = 4;

/// A pool of connections to one mail server.
pub type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// Prepares the connections; none is made yet.
///
/// # Errors
///
/// [`MailError::Settings`] if the authority's file cannot be read or TLS cannot be set up.
pub fn open(settings: &config::Mail) -> Result<Smtp, MailError> {
    let tls = match settings.smtp_tls {
        SmtpTls::None => Tls::None,
        SmtpTls::Starttls => Tls::Required(parameters(settings)?),
        SmtpTls::Implicit => Tls::Wrapper(parameters(settings)?),
    };
    let mut builder = Smtp::builder_dangerous(settings.smtp_host.as_str())
        .port(settings.smtp_port)
        .tls(tls)
        .timeout(Some(Duration::from_secs(settings.smtp_timeout_seconds)))
        .pool_config(PoolConfig::new().max_size(CONNECTIONS_MAX));
    if !settings.smtp_login.is_empty() {
        let password = settings.smtp_password.reveal().to_owned();
        builder = builder.credentials(Credentials::new(settings.smtp_login.clone(), password));
    }
    Ok(builder.build())
}

fn parameters(settings: &config::Mail) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(settings.smtp_host.clone());
    if !settings.smtp_ca_file.is_empty() {
        let wrong = |why: String| MailError::Settings {
            setting: "mail.smtp_ca_file",
            why,
        };
        let pem =
            std::fs::read(&settings.smtp_ca_file).map_err(|error| wrong(error.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build().map_err(|error| MailError::Settings {
        setting: "mail.smtp_tls",
        why: error.to_string(),
    })
}

/// Hands one message to the server.
///
/// # Errors
///
/// [`MailError::Unwritable`] if the server will never take it (an answer of 5xx);
/// [`MailError::Undelivered`] for everything that may pass.
pub async fn deliver(smtp: &Smtp, message: Message) -> Result<(), MailError> {
    match smtp.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let why: String = super::causes(&error).chars().take(300).collect();
            if error.is_permanent() {
                Err(MailError::Unwritable { why })
            } else {
                Err(MailError::Undelivered { why })
            }
        }
    }
}
