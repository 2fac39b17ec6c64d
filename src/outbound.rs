//! Asking others on the network: the one way out beside mail and storage. Only where an
//! administrator's setting leads, never to an address of our own network unless it is allowed to,
//! without redirects, proxies or cookies, in limited time and with a limited answer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Certificate, Client, Response, Url};

use crate::domain::reach::is_public;

/// Why nothing usable was answered.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The address cannot be used.
    #[error("{0}")]
    Address(String),
    /// The address is not everybody's.
    #[error("{0} is an address of a private network, which is not allowed here")]
    Private(String),
    /// The client cannot be made.
    #[error("no client can be made")]
    Client(#[source] reqwest::Error),
    /// The authorities whose https is to be believed cannot be read.
    #[error("trust.https_ca_file: {file}: {why}")]
    Authorities {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// It does not answer, or not as HTTP asks.
    #[error("{host} does not answer")]
    Silent {
        /// Whom we asked.
        host: String,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// It answers that it will not.
    #[error("{host} answers {code}")]
    Status {
        /// Whom we asked.
        host: String,
        /// The HTTP status.
        code: u16,
    },
    /// It answers something else.
    #[error("{host} answers {found:?} where {wanted} was asked for")]
    MediaType {
        /// Whom we asked.
        host: String,
        /// What came.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// It answers too much.
    #[error("{host} answers more than {max} bytes")]
    TooLarge {
        /// Whom we asked.
        host: String,
        /// How much is read.
        max: usize,
    },
}

/// Whom we may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Only addresses of the public internet.
    Public,
    /// Those of our own network too.
    Anywhere,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The media type of what is sent, by POST; nothing is sent, by GET, without one.
    pub sent: Option<&'static str>,
    /// The media type of what must come; any without one.
    pub wanted: Option<&'static str>,
    /// How much of an answer is read, in bytes.
    pub bytes_max: usize,
}

/// Says which provider of ciphers this process has. Every client of HTTP needs that, also one that
/// speaks no TLS; whoever was first has chosen the same.
pub fn choose_ciphers() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Authorities whose https is believed beside those that the system knows.
#[derive(Clone, Debug, Default)]
pub struct Authorities(Vec<Certificate>);

impl Authorities {
    /// Reads a file of PEM; none without one.
    ///
    /// # Errors
    ///
    /// [`OutboundError::Authorities`]: it cannot be read, or holds no certificate.
    pub fn read(file: &str) -> Result<Self, OutboundError> {
        if file.is_empty() {
            return Ok(Self::default());
        }
        let wrong = |why: String| OutboundError::Authorities {
            file: file.to_owned(),
            why,
        };
        let pem = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
        let read = Certificate::from_pem_bundle(&pem).map_err(|error| wrong(error.to_string()))?;
        match read.is_empty() {
            true => Err(wrong("there is no certificate (PEM) in it".to_owned())),
            false => Ok(Self(read)),
        }
    }
}

/// Asks whoever it is told to, within its reach.
#[derive(Clone, Debug)]
pub struct Asker {
    client: Client,
    reach: Reach,
}

/// A client for one address.
#[derive(Clone, Debug)]
pub struct Outbound {
    asker: Asker,
    url: Url,
}

impl Outbound {
    /// For `url`, `http://` or `https://`; a question may take `seconds` in all. Nothing is asked
    /// yet.
    ///
    /// # Errors
    ///
    /// [`OutboundError::Address`], [`OutboundError::Private`], [`OutboundError::Client`].
    pub fn new(
        url: &str,
        reach: Reach,
        seconds: u64,
        authorities: Authorities,
    ) -> Result<Self, OutboundError> {
        let asker = Asker::new(reach, seconds, authorities)?;
        let url = asker.address(url)?;
        Ok(Self { asker, url })
    }

    /// The host that is asked.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Sends `body` and answers what came.
    ///
    /// # Errors
    ///
    /// [`OutboundError`].
    pub async fn ask(&self, question: Question, body: Vec<u8>) -> Result<Bytes, OutboundError> {
        self.asker.ask(&self.url, question, body).await
    }
}

impl Asker {
    /// A question may take `seconds` in all. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`OutboundError::Client`].
    pub fn new(
        reach: Reach,
        seconds: u64,
        authorities: Authorities,
    ) -> Result<Self, OutboundError> {
        choose_ciphers();
        let client = Client::builder()
            .tls_certs_merge(authorities.0)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Lookup { reach }))
            .timeout(Duration::from_secs(seconds))
            .build()
            .map_err(OutboundError::Client)?;
        Ok(Self { client, reach })
    }

    /// An address that may be asked, as far as it tells by itself: what its name leads to is looked
    /// at when it is asked.
    ///
    /// # Errors
    ///
    /// [`OutboundError::Address`], [`OutboundError::Private`].
    pub fn address(&self, url: &str) -> Result<Url, OutboundError> {
        let wrong = |why: &str| OutboundError::Address(format!("`{url}` {why}"));
        let parsed = Url::parse(url).map_err(|_| wrong("is not an address"))?;
        if !["http", "https"].contains(&parsed.scheme()) {
            return Err(wrong("must begin with http:// or https://"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(wrong("must not hold a name or password"));
        }
        let host = parsed.host_str().ok_or_else(|| wrong("names no host"))?;
        // A literal address is never looked up, so it is looked at here.
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        if literal.is_some_and(|address| self.reach == Reach::Public && !is_public(address)) {
            return Err(OutboundError::Private(host.to_owned()));
        }
        Ok(parsed)
    }

    /// Asks at `url`, which [`Asker::address`] let through, and answers what came.
    ///
    /// # Errors
    ///
    /// [`OutboundError`].
    pub async fn ask(
        &self,
        url: &Url,
        question: Question,
        body: Vec<u8>,
    ) -> Result<Bytes, OutboundError> {
        self.ask_with(url, &[], question, body).await
    }

    /// As [`Asker::ask`], with headers of the caller's own.
    ///
    /// # Errors
    ///
    /// [`OutboundError`].
    pub async fn ask_with(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        question: Question,
        body: Vec<u8>,
    ) -> Result<Bytes, OutboundError> {
        let answer = self.exchange(url, headers, question.sent, body).await?;
        let host = || url.host_str().unwrap_or_default().to_owned();
        let silent = |error: reqwest::Error| OutboundError::Silent {
            host: host(),
            source: error.without_url(),
        };
        if answer.status().as_u16() != 200 {
            return Err(OutboundError::Status {
                host: host(),
                code: answer.status().as_u16(),
            });
        }
        let found = answer.headers().get(CONTENT_TYPE);
        let found = found.and_then(|found| found.to_str().ok()).unwrap_or("");
        let essence = found.split(';').next().unwrap_or("").trim();
        let other = |wanted: &&str| !essence.eq_ignore_ascii_case(wanted);
        if let Some(wanted) = question.wanted.filter(other) {
            return Err(OutboundError::MediaType {
                host: host(),
                found: found.chars().take(100).collect(),
                wanted,
            });
        }
        let mut whole = BytesMut::new();
        let mut pieces = answer.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(silent)?;
            if whole.len().saturating_add(piece.len()) > question.bytes_max {
                return Err(OutboundError::TooLarge {
                    host: host(),
                    max: question.bytes_max,
                });
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// Sends `body` by POST and is content with any success: what is answered beside it is not
    /// read.
    ///
    /// # Errors
    ///
    /// [`OutboundError`].
    pub async fn tell(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        media_type: &'static str,
        body: Vec<u8>,
    ) -> Result<(), OutboundError> {
        let answer = self.exchange(url, headers, Some(media_type), body).await?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(OutboundError::Status {
                host: url.host_str().unwrap_or_default().to_owned(),
                code: answer.status().as_u16(),
            }),
        }
    }

    /// Asks for the head of what is at `url`, and answers the HTTP status, whatever it is.
    ///
    /// # Errors
    ///
    /// [`OutboundError`].
    pub async fn knock(&self, url: &Url) -> Result<u16, OutboundError> {
        let answer = self.client.head(url.clone()).send().await;
        let answer = answer.map_err(|error| OutboundError::Silent {
            host: url.host_str().unwrap_or_default().to_owned(),
            source: error.without_url(),
        })?;
        Ok(answer.status().as_u16())
    }

    /// Sends a question and answers the head of what comes.
    async fn exchange(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        sent: Option<&'static str>,
        body: Vec<u8>,
    ) -> Result<Response, OutboundError> {
        let asked = match sent {
            Some(sent) => {
                let asked = self.client.post(url.clone());
                asked.header(CONTENT_TYPE, sent).body(body)
            }
            None => self.client.get(url.clone()),
        };
        let asked = headers
            .iter()
            .fold(asked, |asked, (name, value)| asked.header(*name, value));
        let answer = asked.send().await;
        answer.map_err(|error| OutboundError::Silent {
            host: url.host_str().unwrap_or_default().to_owned(),
            source: error.without_url(),
        })
    }
}

/// Looks a name up and lets only allowed addresses through: what is connected to is what was looked
/// at, so a name that changes its address in between gains nothing.
struct Lookup {
    reach: Reach,
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = |one: &SocketAddr| reach == Reach::Anywhere || is_public(one.ip());
            let found: Vec<SocketAddr> = found.filter(allowed).collect();
            if found.is_empty() {
                let private = OutboundError::Private(name.as_str().to_owned());
                return Err(private.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
