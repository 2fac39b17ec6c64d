//! Reads the layers and says what is wrong with them.

use std::path::Path;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::secret::{fill_secret, fill_secrets_of_calls};
use super::{Config, MailTransport, SmtpTls, variables};

/// `config/default.toml`, compiled in: the server runs without any file.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Why a configuration cannot be used. Every message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: cannot be read: {why}; check the path and its rights")]
    Unreadable {
        /// The file.
        path: String,
        /// The operating system's words.
        why: String,
    },
    /// The file is not TOML.
    #[error("{origin}: {why}")]
    Syntax {
        /// The file.
        origin: String,
        /// Where and what.
        why: String,
    },
    /// A key that does not exist.
    #[error("{origin}: unknown setting `{key}`; did you mean `{nearest}`?")]
    UnknownKey {
        /// The file or variable.
        origin: String,
        /// The key as written.
        key: String,
        /// The nearest one that exists.
        nearest: String,
    },
    /// A variable that is a setting's but for its underscores.
    #[error("{name}: not a setting; did you mean `{meant}` (two underscores each)?")]
    NearMiss {
        /// The variable.
        name: String,
        /// The setting's own.
        meant: String,
    },
    /// A value of the wrong type or outside its range.
    #[error("{origin}: {why}")]
    Value {
        /// The file or variable.
        origin: String,
        /// What is wrong.
        why: String,
    },
}

/// Loads the defaults, then `file`, then `variables` (name and value; only `CHANCERY__…` count),
/// then the files that hold secrets.
///
/// # Errors
///
/// The first [`ConfigError`] found, in that order.
pub fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let defaults = parse_table(DEFAULTS, "config/default.toml")?;
    let mut merged = defaults.clone();
    if let Some(path) = file {
        let origin = path.display().to_string();
        let text = read(path)?;
        let layer = parse_table(&text, &origin)?;
        merge(&mut merged, layer, &origin)?;
    }
    for (name, text) in variables {
        match name.strip_prefix("CHANCERY__") {
            Some(key) => variables::set(&mut merged, &name, key, text)?,
            None => variables::refuse_near_miss(&defaults, &name)?,
        }
    }
    fill_secret(&mut merged, "blobs", "secret_key")?;
    fill_secret(&mut merged, "mail", "smtp_password")?;
    fill_secret(&mut merged, "secrets", "master_key")?;
    fill_secret(&mut merged, "keys", "pkcs11_pin")?;
    fill_secret(&mut merged, "keys", "file_passphrase")?;
    fill_secrets_of_calls(&mut merged, "webhooks")?;
    fill_secrets_of_calls(&mut merged, "lookups")?;
    let config = Config::deserialize(Value::Table(merged));
    check(config.map_err(|error| named(&error))?)
}

/// What cannot be read, with its setting's name.
fn named(error: &toml::de::Error) -> ConfigError {
    let whole = error.to_string();
    // The library names the place in a line of its own.
    let place = whole.lines().find_map(|line| line.strip_prefix("in `"));
    let why = match place.map(|place| place.trim_end().trim_end_matches('`')) {
        Some("server.trusted_proxies") => format!(
            "`server.trusted_proxies`: {}; each is an exact address such as 10.0.0.1, no network",
            error.message()
        ),
        Some(place) => format!("`{place}`: {}", error.message()),
        None => error.message().to_owned(),
    };
    ConfigError::Value {
        origin: "configuration".to_owned(),
        why,
    }
}

/// As [`load`], with the variables of this process.
///
/// # Errors
///
/// As [`load`].
pub fn from_environment(file: Option<&Path>) -> Result<Config, ConfigError> {
    // A variable that is not UTF-8 cannot be one of ours.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    load(file, variables)
}

/// The first variable of this process that is meant as a setting.
#[must_use]
pub fn first_variable() -> Option<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names
        .into_iter()
        .find(|name| name.starts_with("CHANCERY__"))
}

/// The language of the terminal by LC_ALL, LC_MESSAGES or LANG; English for any that is not ours.
#[must_use]
pub fn terminal_locale() -> chancery_types::Locale {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|text| !text.is_empty())
        .and_then(|text| chancery_types::Locale::from_code(text.get(..2)?))
        .unwrap_or(chancery_types::Locale::En)
}

pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.display().to_string(),
        why: error.to_string(),
    })
}

fn parse_table(text: &str, origin: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|error| ConfigError::Syntax {
        origin: origin.to_owned(),
        why: error.to_string(),
    })
}

fn merge(base: &mut Table, layer: Table, origin: &str) -> Result<(), ConfigError> {
    for (section, value) in layer {
        let Value::Table(keys) = value else {
            return Err(unknown(base, origin, &section));
        };
        if !base.contains_key(&section) {
            return Err(unknown(base, origin, &section));
        }
        for (key, value) in keys {
            set(base, origin, &section, &key, value)?;
        }
    }
    Ok(())
}

pub(super) fn set(
    base: &mut Table,
    origin: &str,
    section: &str,
    key: &str,
    value: Value,
) -> Result<(), ConfigError> {
    let dotted = format!("{section}.{key}");
    let known = match base.get(section) {
        Some(Value::Table(keys)) => keys.get(key).cloned(),
        _ => None,
    };
    let Some(known) = known else {
        return Err(unknown(base, origin, &dotted));
    };
    if !known.same_type(&value) {
        return Err(ConfigError::Value {
            origin: origin.to_owned(),
            why: format!(
                "`{dotted}` is {}, not {}",
                with_article(known.type_str()),
                with_article(value.type_str())
            ),
        });
    }
    if let Some(Value::Table(keys)) = base.get_mut(section) {
        keys.insert(key.to_owned(), value);
    }
    Ok(())
}

pub(super) fn with_article(kind: &str) -> String {
    match kind {
        "array" => "a list".to_owned(),
        "integer" => "a whole number".to_owned(),
        "boolean" => "true or false".to_owned(),
        "float" => "a number".to_owned(),
        "string" => "a text".to_owned(),
        other => format!("a {other}"),
    }
}

pub(super) fn unknown(base: &Table, origin: &str, key: &str) -> ConfigError {
    let mut names: Vec<String> = Vec::new();
    for (section, value) in base {
        names.push(section.clone());
        if let Value::Table(keys) = value {
            names.extend(keys.keys().map(|name| format!("{section}.{name}")));
        }
    }
    let near = |name: &String| (strsim::jaro_winkler(name, key) * 1000.0) as u32;
    ConfigError::UnknownKey {
        origin: origin.to_owned(),
        key: key.to_owned(),
        nearest: names
            .iter()
            .max_by_key(|name| near(name))
            .cloned()
            .unwrap_or_default(),
    }
}

fn check(config: Config) -> Result<Config, ConfigError> {
    let wrong = |why: String| ConfigError::Value {
        origin: "configuration".to_owned(),
        why,
    };
    let url = &config.server.public_url;
    if !(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/') {
        return Err(wrong(
            "`server.public_url` begins with http:// or https:// and has no slash at its end"
                .into(),
        ));
    }
    super::ranges::check(&config).map_err(wrong)?;
    let mail = &config.mail;
    let is_bare = mail.transport == MailTransport::Smtp && mail.smtp_tls == SmtpTls::None;
    if is_bare && !is_this_machine(&mail.smtp_host) {
        return Err(wrong(format!(
            "`mail.smtp_tls` is \"none\", which is only for a server on this machine, and \
             `mail.smtp_host` is `{}`: use \"starttls\" or \"implicit\"",
            mail.smtp_host
        )));
    }
    Ok(config)
}

/// Whether mail to this host never leaves the machine: links and codes are in it.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load(
            None,
            variables
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn the_defaults_alone_are_a_configuration() {
        let config = with(&[]).expect("defaults");
        assert_eq!(config.limits.upload_bytes_max, 104_857_600);
    }

    #[test]
    fn a_variable_overrides_and_keeps_its_type() {
        let config = with(&[
            ("CHANCERY__SERVER__LISTEN", "127.0.0.1:1"),
            ("CHANCERY__LINKS__EXPIRES_DAYS", "3"),
            ("HOME", "/root"),
        ])
        .expect("configuration");
        assert_eq!(
            (config.server.listen.as_str(), config.links.expires_days),
            ("127.0.0.1:1", 3)
        );
        let error = with(&[("CHANCERY__LINKS__EXPIRES_DAYS", "soon")]).expect_err("not a number");
        assert_eq!(
            error.to_string(),
            "CHANCERY__LINKS__EXPIRES_DAYS: `soon` is not a whole number"
        );
    }

    #[test]
    fn a_value_that_cannot_be_read_is_named() {
        for (name, text, said) in [
            (
                "CHANCERY__SERVER__TRUSTED_PROXIES",
                "[\"10.0.0.0/8\"]",
                "`server.trusted_proxies`: invalid IP address syntax; each is an exact address",
            ),
            (
                "CHANCERY__LOG__FORMAT",
                "xml",
                "`log.format`: unknown variant `xml`",
            ),
            (
                "CHANCERY__MAIL__TRANSPORT",
                "x",
                "`mail.transport`: unknown variant",
            ),
            (
                "CHANCERY__SIGNING__ALGORITHM",
                "x",
                "`signing.algorithm`: unknown variant",
            ),
            // A signature without a timestamp is not made by the server (ADR 21).
            (
                "CHANCERY__SIGNING__LEVEL",
                "b_b",
                "`signing.level`: unknown variant `b_b`, expected one of `b_t`, `b_lt`, `b_lta`",
            ),
            (
                "CHANCERY__SERVER__TRUSTED_PROXIES",
                "1",
                "`1` is not a list; write it as [\"1\", …]",
            ),
            (
                "CHANCERY__SERVER",
                "1",
                "names a whole section; set one of its settings, such as CHANCERY__SERVER__",
            ),
        ] {
            let error = with(&[(name, text)]).expect_err("wrong").to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_variable_that_lost_an_underscore_is_not_passed_over() {
        for (name, meant) in [
            ("CHANCERY_SERVER_LISTEN", "CHANCERY__SERVER__LISTEN"),
            ("CHANCERY_SERVER__LISTEN", "CHANCERY__SERVER__LISTEN"),
            ("CHANCERY_LOG_FORMATT", "CHANCERY__LOG__FORMAT"),
            (
                "CHANCERY_SECRETS_MASTER_KEY_FILE",
                "CHANCERY__SECRETS__MASTER_KEY_FILE",
            ),
        ] {
            let error = with(&[(name, "x")]).expect_err("a near miss").to_string();
            assert!(error.contains(name) && error.contains(meant), "{error}");
        }
        for name in [
            "CHANCERY_CONFIG",
            "CHANCERY_TEST_POSTGRES",
            "CHANCERY_TEST_DATABASE",
            "CHANCERY_CORPUS",
            "CHANCERY_REQUIRE",
            "CHANCERY_SERVICE_HOST",
            "CHANCERY_SERVER_PORT",
            "CHANCERY_LOG",
        ] {
            with(&[(name, "x")]).expect("none of ours");
        }
    }

    #[test]
    fn mail_leaves_this_machine_only_by_tls() {
        let to = |host, tls| {
            with(&[
                ("CHANCERY__MAIL__TRANSPORT", "smtp"),
                ("CHANCERY__MAIL__SMTP_TLS", tls),
                ("CHANCERY__MAIL__SMTP_HOST", host),
            ])
        };
        let error = to("mail.example.org", "none").expect_err("bare");
        assert!(error.to_string().contains("`mail.smtp_tls`"), "{error}");
        to("mail.example.org", "starttls").expect("by TLS");
        for here in ["localhost", "127.0.0.1", "::1", "[::1]"] {
            to(here, "none").expect("here");
        }
        with(&[("CHANCERY__MAIL__SMTP_TLS", "none")]).expect("no server at all");
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = with(&[("CHANCERY__SERVER__LISTN", "x")]).expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "CHANCERY__SERVER__LISTN: unknown setting `server.listn`; did you mean `server.listen`?"
        );
    }

    #[test]
    fn a_number_out_of_its_range_is_named_with_the_range() {
        for (name, text, said) in [
            (
                "CHANCERY__LINKS__EXPIRES_DAYS",
                "0",
                "`links.expires_days` is 0: it must be between 1 and 3650",
            ),
            (
                "CHANCERY__SESSIONS__IDLE_MINUTES",
                "-5",
                "`sessions.idle_minutes` is -5: it must be between 1 and 10080",
            ),
            (
                "CHANCERY__SIGNING__CERTIFICATE_HOURS",
                "25",
                "`signing.certificate_hours` is 25: it must be between 1 and 24",
            ),
            (
                "CHANCERY__DATABASE__CONNECTIONS_MAX",
                "0",
                "`database.connections_max` is 0: it must be between 1 and 1000",
            ),
            (
                "CHANCERY__BLOBS__OBJECT_BYTES_MAX",
                "1000",
                "`blobs.object_bytes_max` must be at least `limits.upload_bytes_max`",
            ),
        ] {
            let error = with(&[(name, text)]).expect_err("out of range");
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[test]
    fn every_number_has_a_range() {
        let ranges = include_str!("ranges.rs");
        let defaults = parse_table(DEFAULTS, "defaults").expect("TOML");
        for (section, keys) in defaults {
            let Value::Table(keys) = keys else { continue };
            for (key, value) in keys {
                let line = format!("{section}.{key} ");
                assert!(!value.is_integer() || ranges.contains(&line), "{line}");
            }
        }
    }

    #[test]
    fn every_setting_has_a_comment_with_its_default() {
        let mut before = "";
        for line in DEFAULTS.lines() {
            let setting = line.split_once(" = ").filter(|_| !line.starts_with('#'));
            if let Some((key, value)) = setting {
                assert!(before.starts_with('#'), "`{key}` has no comment");
                assert!(
                    before.ends_with(&format!("Default: {value}.")),
                    "the comment of `{key}` does not end with `Default: {value}.`"
                );
            }
            before = line;
        }
    }

    #[test]
    fn a_secret_is_never_printed() {
        let config = with(&[("CHANCERY__SECRETS__MASTER_KEY", "c0ffee")]).expect("configuration");
        assert!(!format!("{config:?}").contains("c0ffee"));
    }
}
