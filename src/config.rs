//! Every setting: `config/default.toml`, then a file, then `CHANCERY__SECTION__KEY` variables.
//!
//! The shape below is the list of what exists; a key that is not here is an error which names the
//! nearest one. Secrets never show in `Debug`.

mod load;
mod outside;
mod ranges;
mod secret;
mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

pub use load::{ConfigError, DEFAULTS, first_variable, from_environment, load, terminal_locale};
pub use outside::{AnswerPart, LookupCall, WebhookCall};
pub use secret::Secret;

/// The configuration of one process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How to listen and be reached.
    pub server: Server,
    /// Where rows are.
    pub database: Database,
    /// Where files are.
    pub blobs: Blobs,
    /// How mail leaves.
    pub mail: Mail,
    /// The master key.
    pub secrets: Secrets,
    /// Where the authority's keys are.
    pub keys: Keys,
    /// How long sessions last.
    pub sessions: Sessions,
    /// How signing links behave.
    pub links: Links,
    /// How we sign.
    pub signing: Signing,
    /// Limits of what comes from outside.
    pub limits: Limits,
    /// Requests a minute.
    pub rate_limits: RateLimits,
    /// Limits of the PDF worker and of jobs.
    pub worker: Worker,
    /// How stored signatures are checked again.
    pub checks: Checks,
    /// Whom the checks trust.
    pub trust: Trust,
    /// How long what has served is kept.
    pub retention: Retention,
    /// Where chains and kinds are.
    pub workflows: Workflows,
    /// Whom effects call.
    pub webhooks: Webhooks,
    /// Whom automatic stages ask.
    pub lookups: Lookups,
    /// What is logged, and how.
    pub log: Log,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        }
    };
}

section!(
    /// `[server]`
    Server {
        /// Address and port to listen on.
        listen: String,
        /// How people reach this server, without a slash at the end.
        public_url: String,
        /// Proxies whose X-Forwarded-For is believed.
        trusted_proxies: Vec<std::net::IpAddr>,
        /// Seconds a stop waits for requests in flight.
        shutdown_seconds: u64,
        /// Threads that serve requests; 0 is one a core.
        threads_count: usize,
        /// Address and port of their own for `/metrics`; empty: the main one, to this machine only.
        metrics_listen: String,
    }
);
section!(
    /// `[database]`
    Database {
        /// `sqlite://…` or `postgres://…`; may hold a password, so it is a secret.
        url: Secret,
        /// The most connections open at once.
        connections_max: u32,
        /// Milliseconds a request waits for a connection.
        acquire_timeout_ms: u64,
    }
);
section!(
    /// `[blobs]`
    Blobs {
        /// An S3 endpoint; empty for files in `directory`.
        endpoint: String,
        /// Where files are when there is no endpoint.
        directory: PathBuf,
        /// The bucket.
        bucket: String,
        /// The largest object that is read back, bytes.
        object_bytes_max: u64,
        /// The region.
        region: String,
        /// Address buckets by path.
        path_style: bool,
        /// The access key.
        access_key: String,
        /// The secret key.
        secret_key: Secret,
        /// A file with the secret key.
        secret_key_file: String,
    }
);
section!(
    /// `[mail]`
    Mail {
        /// Directory or SMTP.
        transport: MailTransport,
        /// Where `.eml` files go.
        directory: PathBuf,
        /// Host of the mail server.
        smtp_host: String,
        /// Port of the mail server.
        smtp_port: u16,
        /// How TLS is used.
        smtp_tls: SmtpTls,
        /// A PEM file with the mail server's authority; empty for the public ones.
        smtp_ca_file: String,
        /// Login; empty for none.
        smtp_login: String,
        /// Password.
        smtp_password: Secret,
        /// A file with the password.
        smtp_password_file: String,
        /// Seconds one delivery may take.
        smtp_timeout_seconds: u64,
        /// Address our mails come from.
        from_address: String,
        /// Name our mails come from.
        from_name: String,
        /// Tries before a mail is given up.
        attempts_max: i64,
        /// The largest file that goes with a mail, in bytes.
        attachment_bytes_max: u64,
    }
);
section!(
    /// `[secrets]`
    Secrets {
        /// 64 hexadecimal digits.
        master_key: Secret,
        /// A file with them.
        master_key_file: String,
    }
);
section!(
    /// `[keys]`
    Keys {
        /// Where new keys are kept.
        store: KeyStore,
        /// The PKCS#11 library; empty: no token.
        pkcs11_module: PathBuf,
        /// The token's label.
        pkcs11_token: String,
        /// The user's PIN.
        pkcs11_pin: Secret,
        /// A file with it.
        pkcs11_pin_file: String,
        /// The folder of key files; empty: none.
        file_directory: PathBuf,
        /// What they are enciphered with.
        file_passphrase: Secret,
        /// A file with it.
        file_passphrase_file: String,
    }
);
section!(
    /// `[sessions]`
    Sessions {
        /// Minutes without a request after which a session ends.
        idle_minutes: i64,
        /// Hours after which a session ends in any case.
        absolute_hours: i64,
        /// Hours an invitation works.
        invitation_hours: i64,
        /// Hours a password reset works.
        password_reset_hours: i64,
    }
);
section!(
    /// `[links]`
    Links {
        /// Days a signing link works.
        expires_days: i64,
        /// Minutes a code works.
        code_minutes: i64,
        /// Tries a code allows.
        code_tries_max: i64,
        /// Codes mailed for one link in an hour.
        codes_per_hour_max: i64,
        /// Wrong codes in a link's whole life.
        code_failures_max: i64,
        /// Links mailed for one task in an hour.
        links_per_hour_max: i64,
        /// Questions asked through one link in a day.
        questions_per_day_max: i64,
        /// Hours a visit lasts.
        visit_hours: i64,
    }
);
section!(
    /// `[signing]`
    Signing {
        /// The signers' algorithm.
        algorithm: SigningAlgorithm,
        /// Minutes a prepared signature waits.
        prepared_minutes: i64,
        /// Signatures prepared for one task in an hour.
        prepared_per_hour_max: i64,
        /// Hours a signer's certificate is valid.
        certificate_hours: i64,
        /// Whose timestamps; empty: our own authority's.
        tsa_url: String,
        /// Whether it may be in our own network.
        tsa_may_be_private: bool,
        /// Seconds it may take.
        tsa_seconds_max: u64,
        /// The level that signed copies are raised to when nobody signs them any more.
        level: SigningLevel,
        /// Days before a copy's last timestamp ends at which it gets another.
        renew_days: i64,
    }
);
section!(
    /// `[limits]`
    Limits {
        /// Largest file of a document, bytes.
        upload_bytes_max: u64,
        /// Seconds that an upload may take.
        upload_seconds_max: u64,
        /// Seconds after which an upload that hardly moves is given up.
        upload_pause_seconds_max: u64,
        /// Seconds that a JSON body or a form without files may take.
        body_seconds_max: u64,
        /// Most attachments of a version.
        attachments_max: usize,
        /// Most pages of a PDF.
        pages_max: usize,
        /// Largest file to check, bytes.
        verify_bytes_max: u64,
        /// Files checked at once.
        verify_parallel_max: usize,
        /// Most rows on a page of a list.
        page_rows_max: u64,
    }
);
section!(
    /// `[rate_limits]`
    RateLimits {
        /// Logins a minute.
        login_per_minute: u32,
        /// Link requests a minute.
        link_per_minute: u32,
        /// Checks a minute.
        verify_per_minute: u32,
    }
);
section!(
    /// `[worker]`
    Worker {
        /// Memory of one PDF process, bytes.
        memory_bytes_max: u64,
        /// CPU seconds of one request to it.
        cpu_seconds_max: u64,
        /// PDF processes at once.
        processes_max: usize,
        /// Tries of a job.
        attempts_max: i64,
    }
);
section!(
    /// `[checks]`
    Checks {
        /// Days after which a stored signature is checked again.
        recheck_days: i64,
    }
);
section!(
    /// `[trust]`
    Trust {
        /// Files and folders of root certificates.
        anchors: Vec<PathBuf>,
        /// Files and folders of revocation lists and answers.
        evidence: Vec<PathBuf>,
        /// A file of rules; empty for the built-in ones.
        policy: PathBuf,
        /// Hosts that may be asked about revocation; empty: nobody is.
        online: Vec<String>,
        /// Whether they may be in our own network.
        online_may_be_private: bool,
        /// Seconds that one answer may take.
        online_seconds_max: u64,
        /// Largest answer, bytes.
        online_bytes_max: usize,
        /// A file of authorities whose https is believed beside the usual ones; may be empty.
        https_ca_file: String,
    }
);
section!(
    /// `[retention]`
    Retention {
        /// Hours after which a file that no row names is removed.
        unnamed_file_hours: i64,
        /// Days that an ended session is kept.
        ended_session_days: i64,
        /// Days that an ended visit through a link and its codes are kept.
        ended_visit_days: i64,
        /// Days after which a failed mail loses its link or code.
        mail_secret_days: i64,
    }
);
section!(
    /// `[workflows]`
    Workflows {
        /// Where chains, kinds and the vocabulary are.
        directory: PathBuf,
        /// The packs whose kinds are offered to start documents of.
        packs: Vec<String>,
    }
);
section!(
    /// `[webhooks]`
    Webhooks {
        /// Hosts that may be called, at public addresses.
        hosts: Vec<String>,
        /// Hosts that may be called in our own network too.
        private_hosts: Vec<String>,
        /// Seconds that one call may take.
        seconds_max: u64,
        /// Tries before a call is given up.
        attempts_max: i64,
        /// Each by its name.
        calls: BTreeMap<String, WebhookCall>,
    }
);
section!(
    /// `[lookups]`
    Lookups {
        /// Hosts that may be asked, at public addresses.
        hosts: Vec<String>,
        /// Hosts that may be asked in our own network too.
        private_hosts: Vec<String>,
        /// Seconds that one try may take.
        seconds_max: u64,
        /// Largest answer, bytes.
        bytes_max: usize,
        /// Each by its name.
        calls: BTreeMap<String, LookupCall>,
    }
);
section!(
    /// `[log]`
    Log {
        /// Human or JSON.
        format: LogFormat,
        /// As `RUST_LOG`.
        filter: String,
    }
);

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// `.eml` files in a directory.
    Directory,
    /// A mail server.
    Smtp,
}

/// How TLS is used with the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// Plain text, for a server on this machine.
    None,
    /// STARTTLS, required.
    Starttls,
    /// TLS from the first byte.
    Implicit,
}

/// Where keys of the authority are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStore {
    /// In the database, under the master key.
    Sealed,
    /// In a PKCS#11 token.
    Pkcs11,
    /// In enciphered files.
    File,
}

/// The signers' algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256: accepted everywhere.
    EcdsaP256,
    /// Ed25519 with SHA-512: not accepted by every viewer.
    Ed25519,
    /// RSA of 3072 bits, PKCS#1 v1.5 with SHA-256: for what knows no elliptic curves.
    RsaPkcs1,
}

impl SigningAlgorithm {
    /// As the database keeps it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa_p256",
            Self::Ed25519 => "ed25519",
            Self::RsaPkcs1 => "rsa_pkcs1",
        }
    }
}

/// How long signed copies carry by themselves (EN 319 142-1, 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningLevel {
    /// As they were signed: each signature with its timestamp.
    BT,
    /// With everything to judge them by.
    BLt,
    /// With a timestamp over all of that.
    BLta,
}

impl SigningLevel {
    /// As the database and the standard name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}
