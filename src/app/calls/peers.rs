//! Whom the configuration lets us call, and how a call proves that it is ours.

use std::collections::BTreeMap;
use std::sync::Arc;

use chancery_types::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Url;
use sha2::Sha256;

use crate::app::error::in_full;
use crate::config::{Config, Secret};
use crate::domain::hosts::Hosts;
use crate::outbound::{Asker, Authorities, OutboundError, Reach};

/// The shortest secret that signs calls, in characters.
pub const SECRET_CHARS_MIN: usize = 16;
/// The header that says who sends: `t=<seconds>,v1=<HMAC-SHA256>`.
pub const SIGNATURE_HEADER: &str = "Chancery-Signature";
/// The longest name of a call, in characters.
const NAME_CHARS_MAX: usize = 64;
/// The most parts of an answer.
const PARTS_MAX: usize = 50;

/// What is wrong with a setting of `[webhooks]` or `[lookups]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {why}")]
pub struct PeersError {
    /// Which: `webhooks.calls.erp.url`.
    pub setting: String,
    /// What, and what to do.
    pub why: String,
}

/// Everybody who may be called. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Peers(Arc<Both>);

#[derive(Debug, Default)]
struct Both {
    webhooks: BTreeMap<String, Peer>,
    lookups: BTreeMap<String, Peer>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) url: Url,
    pub(super) secret: Secret,
    pub(super) asker: Asker,
}

/// The hosts of a section with a client for each reach.
struct Desk {
    section: &'static str,
    hosts: Hosts,
    private_hosts: Hosts,
    public: Asker,
    anywhere: Asker,
}

impl Peers {
    /// As the settings say. Nobody is called yet.
    ///
    /// # Errors
    ///
    /// The first [`PeersError`].
    pub fn open(config: &Config) -> Result<Self, PeersError> {
        let (webhooks, lookups) = (&config.webhooks, &config.lookups);
        let file = &config.trust.https_ca_file;
        let authorities = Authorities::read(file).map_err(|error| PeersError {
            setting: "trust.https_ca_file".to_owned(),
            why: error.to_string(),
        })?;
        let desk = Desk::open(
            "webhooks",
            (&webhooks.hosts, &webhooks.private_hosts),
            webhooks.seconds_max,
            &authorities,
        )?;
        let mut both = Both::default();
        for (name, call) in &webhooks.calls {
            let peer = desk.peer(name, &call.url, &call.secret)?;
            both.webhooks.insert(name.clone(), peer);
        }
        let desk = Desk::open(
            "lookups",
            (&lookups.hosts, &lookups.private_hosts),
            lookups.seconds_max,
            &authorities,
        )?;
        for (name, call) in &lookups.calls {
            let peer = desk.peer(name, &call.url, &call.secret)?;
            desk.check_answer(name, call.answer.keys())?;
            both.lookups.insert(name.clone(), peer);
        }
        Ok(Self(Arc::new(both)))
    }

    pub(super) fn webhook(&self, name: &str) -> Option<&Peer> {
        self.0.webhooks.get(name)
    }

    pub(super) fn lookup(&self, name: &str) -> Option<&Peer> {
        self.0.lookups.get(name)
    }

    /// Section, name and host of each.
    pub fn hosts(&self) -> impl Iterator<Item = (&'static str, &str, &str)> {
        let webhooks = self.0.webhooks.iter();
        let webhooks = webhooks.map(|(name, peer)| ("webhooks", name.as_str(), peer.host()));
        let lookups = self.0.lookups.iter();
        webhooks.chain(lookups.map(|(name, peer)| ("lookups", name.as_str(), peer.host())))
    }
}

impl Peers {
    /// Each by name with whether its host answers: a HEAD without a body, a key or a signature,
    /// which tells and asks nothing. Any answer will do: what is behind it takes POST alone.
    pub async fn reach(&self) -> Vec<(String, Result<String, String>)> {
        let webhooks = self.0.webhooks.iter();
        let mut reached = Vec::new();
        for (name, peer) in webhooks.chain(&self.0.lookups) {
            let answer = peer.asker.knock(&peer.url).await;
            let told = answer.map(|code| format!("{} answers ({code})", peer.host()));
            reached.push((name.clone(), told.map_err(|error| in_full(&error.into()))));
        }
        reached
    }
}

impl Peer {
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

impl Desk {
    fn open(
        section: &'static str,
        (hosts, private_hosts): (&[String], &[String]),
        seconds_max: u64,
        authorities: &Authorities,
    ) -> Result<Self, PeersError> {
        let read = |key: &str, list: &[String]| {
            Hosts::read(list).map_err(|error| PeersError {
                setting: format!("{section}.{key}"),
                why: error.to_string(),
            })
        };
        let asker = |reach| {
            Asker::new(reach, seconds_max, authorities.clone()).map_err(|error| PeersError {
                setting: section.to_owned(),
                why: error.to_string(),
            })
        };
        Ok(Self {
            section,
            hosts: read("hosts", hosts)?,
            private_hosts: read("private_hosts", private_hosts)?,
            public: asker(Reach::Public)?,
            anywhere: asker(Reach::Anywhere)?,
        })
    }

    fn peer(&self, name: &str, url: &str, secret: &Secret) -> Result<Peer, PeersError> {
        let section = self.section;
        let wrong = |key: &str, why: String| PeersError {
            setting: format!("{section}.calls.{name}{key}"),
            why,
        };
        if !is_name(name) {
            let why = "a name has small Latin letters, digits, _ and -, a letter first, at most 64";
            return Err(wrong("", why.to_owned()));
        }
        let parsed = Url::parse(url);
        let parsed = parsed.map_err(|_| wrong(".url", format!("`{url}` is not an address")))?;
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let port = parsed.port_or_known_default().unwrap_or(0);
        let is_usual = parsed.port().is_none();
        let is_private = self.private_hosts.allow(&host, port, is_usual);
        if !is_private && !self.hosts.allow(&host, port, is_usual) {
            return Err(wrong(
                ".url",
                format!(
                    "`{host}` is not among the hosts that may be called: add it to \
                     {section}.hosts, or to {section}.private_hosts if it is in your own network \
                     (with its port, if that is another than the usual one)"
                ),
            ));
        }
        if !is_private && parsed.scheme() != "https" {
            let why =
                "what is sent is not for everybody: begin with https:// (http:// is for hosts";
            return Err(wrong(".url", format!("{why} of {section}.private_hosts)")));
        }
        let asker = if is_private {
            &self.anywhere
        } else {
            &self.public
        };
        let url = asker.address(url);
        let url = url.map_err(|error: OutboundError| wrong(".url", error.to_string()))?;
        if secret.reveal().chars().count() < SECRET_CHARS_MIN {
            return Err(wrong(
                ".secret",
                format!(
                    "give a secret of at least {SECRET_CHARS_MIN} characters here, or the file \
                     that holds it by secret_file: without it nobody could tell our calls from \
                     others'"
                ),
            ));
        }
        Ok(Peer {
            url,
            secret: secret.clone(),
            asker: asker.clone(),
        })
    }

    fn check_answer<'n>(
        &self,
        name: &str,
        parts: impl ExactSizeIterator<Item = &'n String>,
    ) -> Result<(), PeersError> {
        let wrong = |why: String| PeersError {
            setting: format!("{}.calls.{name}.answer", self.section),
            why,
        };
        if !(1..=PARTS_MAX).contains(&parts.len()) {
            let why =
                format!("name between 1 and {PARTS_MAX} parts, such as {{ ok = \"boolean\" }}");
            return Err(wrong(why));
        }
        for part in parts {
            // It stands in conditions, where a hyphen is a minus.
            if !is_name(part) || part.contains('-') {
                return Err(wrong(format!(
                    "`{part}`: a part has small Latin letters, digits and _, a letter first"
                )));
            }
        }
        Ok(())
    }
}

/// What workflows may write for a name.
fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase();
    let is_known = |c: char| is_letter(c) || c.is_ascii_digit() || "_-".contains(c);
    name.len() <= NAME_CHARS_MAX && name.starts_with(is_letter) && name.chars().all(is_known)
}

/// The value of [`SIGNATURE_HEADER`]: the second of the try, and the HMAC-SHA256 (RFC 2104) of
/// `<second>.<body>` under the secret, in hexadecimal digits. With the second in it, an old call
/// cannot be sent again by somebody else as a new one.
#[must_use]
pub fn signature(secret: &Secret, now: Instant, body: &[u8]) -> String {
    let second = now.micros().div_euclid(1_000_000);
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes keys of every length (RFC 2104, 2)"
    )]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("HMAC takes keys of every length");
    mac.update(second.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={second},v1={}", hex::encode(mac.finalize().into_bytes()))
}
