//! Which hosts the administrator lets us ask. The addresses come out of strangers' files, so the
//! list is what decides, and a port that it does not name is only the usual one: else a host on the
//! list could be asked for its database.

use std::fmt;

/// Hosts that may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<Pattern>);

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// In small letters; what follows `*.`, if it begins so.
    name: String,
    /// Whether it means the hosts beneath the name, and not the name.
    is_beneath: bool,
    port: Option<u16>,
}

/// An entry that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostsError {
    /// The entry.
    pub entry: String,
}

impl fmt::Display for HostsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is no host: write ocsp.example.org, *.example.org for all beneath it, or \
             ocsp.example.org:8080 for another port than the usual one",
            self.entry
        )
    }
}

impl std::error::Error for HostsError {}

impl Hosts {
    /// Reads a list: `ocsp.example.org`, `*.example.org` (all beneath it), each with `:port` if it
    /// is another than the usual one of `http` or `https`.
    ///
    /// ```
    /// use chancery::domain::hosts::Hosts;
    ///
    /// let hosts = Hosts::read(&["*.example.org", "127.0.0.1:8080"])?;
    /// assert!(hosts.allow("OCSP.example.org", 80, true));
    /// assert!(!hosts.allow("example.org", 80, true));
    /// assert!(!hosts.allow("ocsp.example.org", 5432, false));
    /// assert!(hosts.allow("127.0.0.1", 8080, false));
    /// # Ok::<(), chancery::domain::hosts::HostsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first entry that is no host. `*` alone is none: it would be everybody.
    pub fn read(entries: &[impl AsRef<str>]) -> Result<Self, HostsError> {
        let entries = entries.iter().map(AsRef::as_ref);
        let patterns = entries.map(|entry| {
            Pattern::read(entry.trim()).ok_or_else(|| HostsError {
                entry: entry.to_owned(),
            })
        });
        patterns.collect::<Result<_, _>>().map(Self)
    }

    /// Whether nobody may be asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `host` may be asked at `port`; `is_usual` if that is the port of its scheme.
    #[must_use]
    pub fn allow(&self, host: &str, port: u16, is_usual: bool) -> bool {
        // A name with a dot at its end is the same name.
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        self.0
            .iter()
            .any(|pattern| pattern.port.map_or(is_usual, |own| own == port) && pattern.names(host))
    }
}

impl Pattern {
    fn read(entry: &str) -> Option<Self> {
        let entry = entry.to_ascii_lowercase();
        let (name, port) = match entry.rsplit_once(':') {
            // An IPv6 address has colons of its own, and brackets around them.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port.parse().ok()?)),
            _ => (entry.as_str(), None),
        };
        let beneath = name.strip_prefix("*.");
        let name = beneath.unwrap_or(name);
        let is_address = name.starts_with('[') && name.ends_with(']');
        let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
        let is_name = !name.is_empty() && name.chars().all(is_known) && !name.starts_with('.');
        (is_name || is_address && beneath.is_none()).then(|| Self {
            name: name.strip_suffix('.').unwrap_or(name).to_owned(),
            is_beneath: beneath.is_some(),
            port,
        })
    }

    fn names(&self, host: &str) -> bool {
        match self.is_beneath {
            false => host == self.name,
            true => host
                .strip_suffix(&self.name)
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: an entry means what it says and nothing beside it. Method: hosts that look alike.
    #[test]
    fn an_entry_means_one_host_or_those_beneath_it() {
        let hosts = Hosts::read(&["ocsp.example.org", "*.ca.example", "[::1]:8080"]).unwrap();
        for (host, port, usual, expected) in [
            ("ocsp.example.org", 80, true, true),
            ("ocsp.example.org.", 443, true, true),
            ("ocsp.example.org", 8080, false, false),
            ("xocsp.example.org", 80, true, false),
            ("ocsp.example.org.evil.example", 80, true, false),
            ("a.ca.example", 80, true, true),
            ("a.b.ca.example", 80, true, true),
            ("ca.example", 80, true, false),
            ("evilca.example", 80, true, false),
            ("[::1]", 8080, false, true),
            ("[::1]", 80, true, false),
        ] {
            assert_eq!(hosts.allow(host, port, usual), expected, "{host}:{port}");
        }
        assert!(!Hosts::default().allow("ocsp.example.org", 80, true));
    }

    /// Goal: what is no host stops the start. Method: addresses, everybody, nothing.
    #[test]
    fn what_is_no_host_is_refused() {
        for entry in [
            "",
            "*",
            "*.",
            "http://a.example",
            "a.example/ocsp",
            "a.example:",
            "a b",
            "**.a",
        ] {
            let refused = Hosts::read(&[entry]);
            assert_eq!(
                refused,
                Err(HostsError {
                    entry: entry.to_owned()
                }),
                "{entry}"
            );
        }
    }
}
