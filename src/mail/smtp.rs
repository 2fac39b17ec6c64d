//! Mail through a server: one connection a mail.
//!
//! No connection is kept for the next mail. A conversation that was given up half way would be
//! found in a pool by the next mail, which would then read the answers to the one before it. And
//! lettre's own time limit bounds the TCP connection alone: a server that accepts and says nothing
//! would hold the worker for ever, so the whole conversation is bounded here.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, response::Severity};
use lettre::{Address, Message};
use tokio::time::timeout;

use super::MailError;
use crate::config::{self, SmtpTls};

/// How long a server may take to say good-bye to a mail that it took, in seconds.
const GOODBYE_SECONDS_MAX: u64 = 2;
/// "Authentication required" (RFC 4954, 6): said of us, not of the mail.
const LOGIN_REQUIRED: u16 = 530;
const WHY_CHARS_MAX: usize = 300;

/// How one mail server is talked to.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    seconds_max: u64,
}

#[derive(Clone)]
enum Tls {
    None,
    Starttls(TlsParameters),
    Implicit(TlsParameters),
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Prepares for a server; no connection is made.
///
/// # Errors
///
/// [`MailError::Settings`] if the authority's file cannot be read or TLS cannot be set up.
pub fn open(settings: &config::Mail) -> Result<Smtp, MailError> {
    let tls = match settings.smtp_tls {
        SmtpTls::None => Tls::None,
        SmtpTls::Starttls => Tls::Starttls(parameters(settings)?),
        SmtpTls::Implicit => Tls::Implicit(parameters(settings)?),
    };
    let credentials = (!settings.smtp_login.is_empty()).then(|| {
        let password = settings.smtp_password.reveal().to_owned();
        Credentials::new(settings.smtp_login.clone(), password)
    });
    Ok(Smtp {
        host: settings.smtp_host.clone(),
        port: settings.smtp_port,
        tls,
        credentials,
        seconds_max: settings.smtp_timeout_seconds,
    })
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

impl Smtp {
    /// Hands one message to the server.
    ///
    /// # Errors
    ///
    /// [`MailError::Unwritable`] if the server will never take it (it answers RCPT or DATA with
    /// 5xx); [`MailError::Undelivered`] for everything that may pass: silence, a refused login, a
    /// full queue.
    pub async fn deliver(&self, message: &Message) -> Result<(), MailError> {
        let mut connection = self.in_time(self.hand_over(message)).await?;
        // The mail is taken: whatever the server makes of the good-bye, it is not sent again.
        let _ = timeout(Duration::from_secs(GOODBYE_SECONDS_MAX), connection.quit()).await;
        Ok(())
    }

    /// Asks whether the server is there and takes our login.
    ///
    /// # Errors
    ///
    /// [`MailError::Undelivered`].
    pub async fn check(&self) -> Result<(), MailError> {
        let asked = async {
            let mut connection = self.connect().await?;
            connection.command(Noop).await.map_err(passing)?;
            Ok(connection)
        };
        let mut connection = self.in_time(asked).await?;
        let _ = timeout(Duration::from_secs(GOODBYE_SECONDS_MAX), connection.quit()).await;
        Ok(())
    }

    /// A conversation that takes too long is dropped, and its connection with it.
    async fn in_time<T>(
        &self,
        talk: impl Future<Output = Result<T, MailError>>,
    ) -> Result<T, MailError> {
        let limit = Duration::from_secs(self.seconds_max);
        timeout(limit, talk).await.unwrap_or_else(|_| {
            Err(MailError::Undelivered {
                why: format!(
                    "the mail server was not done within {} s (mail.smtp_timeout_seconds)",
                    self.seconds_max
                ),
            })
        })
    }

    /// Connects, secures and logs in. Whatever fails here is about us and the server, never about
    /// a mail: it may pass.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let hello = ClientId::default();
        let tls = match &self.tls {
            Tls::Implicit(parameters) => Some(parameters.clone()),
            Tls::None | Tls::Starttls(_) => None,
        };
        let server = (self.host.as_str(), self.port);
        let limit = Some(Duration::from_secs(self.seconds_max));
        let connected = AsyncSmtpConnection::connect_tokio1(server, limit, &hello, tls, None).await;
        let mut connection = connected.map_err(passing)?;
        if let Tls::Starttls(parameters) = &self.tls {
            let secured = connection.starttls(parameters.clone(), &hello).await;
            secured.map_err(passing)?;
        }
        if let Some(credentials) = &self.credentials {
            let known = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            known.map_err(passing)?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, message: &Message) -> Result<AsyncSmtpConnection, MailError> {
        let bytes = message.formatted();
        let envelope = message.envelope();
        let mut connection = self.connect().await?;
        let parameters = parameters_of(&connection, envelope.to(), envelope.from(), &bytes);
        let sender = Mail::new(envelope.from().cloned(), parameters);
        connection.command(sender).await.map_err(passing)?;
        for address in envelope.to() {
            let recipient = Rcpt::new(address.clone(), Vec::new());
            connection.command(recipient).await.map_err(judged)?;
        }
        connection.command(Data).await.map_err(judged)?;
        connection.message(&bytes).await.map_err(judged)?;
        Ok(connection)
    }
}

/// What a mail needs of the server beyond plain ASCII, where the server offers it.
fn parameters_of(
    connection: &AsyncSmtpConnection,
    to: &[Address],
    from: Option<&Address>,
    bytes: &[u8],
) -> Vec<MailParameter> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let is_foreign = |address: &Address| !AsRef::<str>::as_ref(address).is_ascii();
    let mut parameters = Vec::new();
    if to.iter().chain(from).any(is_foreign) && offers(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() && offers(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    parameters
}

/// A failure that says nothing of the mail itself.
fn passing(error: Error) -> MailError {
    MailError::Undelivered { why: why(&error) }
}

/// A failure after the server knew of which mail we speak.
fn judged(error: Error) -> MailError {
    let is_final = error.status().is_some_and(|code| {
        code.severity == Severity::PermanentNegativeCompletion && u16::from(code) != LOGIN_REQUIRED
    });
    if is_final {
        MailError::Unwritable { why: why(&error) }
    } else {
        passing(error)
    }
}

fn why(error: &Error) -> String {
    super::causes(error).chars().take(WHY_CHARS_MAX).collect()
}
