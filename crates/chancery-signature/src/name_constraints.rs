//! Which names an authority may speak of (RFC 5280, 4.2.1.10): directory names, addresses, hosts,
//! URIs and IP addresses.

use std::cell::OnceCell;

use crate::asn1::{Asn1Error, Node, tag};
use crate::certificate::Certificate;
use crate::names::{self, Attribute, relative_name};
use crate::oid;

/// Most subtrees of one kind, and most parts of a name.
const SUBTREES_MAX: usize = 256;

/// Kinds of `GeneralName` by their number.
mod kind {
    pub const OTHER: u8 = 0;
    pub const EMAIL: u8 = 1;
    pub const HOST: u8 = 2;
    pub const DIRECTORY: u8 = 4;
    pub const URI: u8 = 6;
    pub const IP: u8 = 7;
}

/// Why the names of a certificate do not keep to the constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameFailure {
    /// A name is outside of what is permitted, or within what is excluded.
    Forbidden,
    /// The constraints, or a name under them, cannot be applied.
    Unknown,
}

impl From<Asn1Error> for NameFailure {
    fn from(_: Asn1Error) -> Self {
        Self::Unknown
    }
}

/// A name, or the base of a subtree.
struct General<'a> {
    node: Node<'a>,
    /// A directory name in the form in which it is compared, made once: every name is compared with
    /// every base.
    directory: OnceCell<Result<Vec<Part>, NameFailure>>,
}

/// A relative name.
#[derive(PartialEq, Eq)]
struct Part {
    attributes: Vec<Attribute>,
    /// Whether every value is a text.
    is_text: bool,
}

impl<'a> General<'a> {
    fn new(node: Node<'a>) -> Self {
        Self {
            node,
            directory: OnceCell::new(),
        }
    }

    fn kind(&self) -> u8 {
        self.node.tag & 0x1f
    }

    fn directory(&self) -> Result<&[Part], NameFailure> {
        let parts = self.directory.get_or_init(|| parts_of(self.node.only()?));
        parts
            .as_ref()
            .map(Vec::as_slice)
            .map_err(|failure| *failure)
    }
}

fn parts_of(name: Node<'_>) -> Result<Vec<Part>, NameFailure> {
    let parts = name.expect(tag::SEQUENCE)?.children(SUBTREES_MAX)?;
    let parts = parts.into_iter().map(|part| {
        Ok(Part {
            attributes: relative_name(part)?,
            is_text: is_text(part)?,
        })
    });
    parts.collect()
}

/// Checks every name of `certificate` against `NameConstraints`.
///
/// A kind of name that is constrained and cannot be compared here fails if the certificate has such
/// a name; a kind that the certificate does not have is not constrained.
pub(crate) fn check(
    constraints: Node<'_>,
    certificate: &Certificate<'_>,
) -> Result<(), NameFailure> {
    let mut reader = constraints.reader();
    let permitted = subtrees(reader.optional(tag::context_constructed(0))?)?;
    let excluded = subtrees(reader.optional(tag::context_constructed(1))?)?;
    reader.finish()?;
    for name in names_of(certificate)?.into_iter().map(General::new) {
        let same_kind = |base: &&General<'_>| base.kind() == name.kind();
        for base in excluded.iter().filter(same_kind) {
            if is_within(&name, base)? {
                return Err(NameFailure::Forbidden);
            }
        }
        if name.kind() == kind::DIRECTORY {
            let bases = permitted.iter().chain(&excluded).filter(same_kind);
            unambiguous(&name, bases)?;
        }
        let mut constrained = false;
        let mut within = false;
        for base in permitted.iter().filter(same_kind) {
            constrained = true;
            within |= is_within(&name, base)?;
        }
        if constrained && !within {
            return Err(NameFailure::Forbidden);
        }
    }
    Ok(())
}

/// The bases of `GeneralSubtrees`. Minimum and maximum have no use (4.2.1.10), and one that is
/// written makes the constraint unknown.
fn subtrees<'a>(list: Option<Node<'a>>) -> Result<Vec<General<'a>>, NameFailure> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let mut bases = Vec::new();
    for subtree in list.children(SUBTREES_MAX)? {
        let mut reader = subtree.expect(tag::SEQUENCE)?.reader();
        bases.push(General::new(reader.next()?));
        reader.finish()?;
    }
    Ok(bases)
}

/// The alternative names, the subject, and the address in a subject of old where no alternative
/// name holds one.
fn names_of<'a>(certificate: &Certificate<'a>) -> Result<Vec<Node<'a>>, NameFailure> {
    let mut names = certificate.extensions.alternative_names.clone();
    let has_email = names.iter().any(|name| name.tag & 0x1f == kind::EMAIL);
    let mailboxes = names.iter().map(mailbox);
    let mailboxes = mailboxes.collect::<Result<Vec<_>, _>>()?;
    names.extend(mailboxes.into_iter().flatten());
    for relative in certificate.subject.children(SUBTREES_MAX)? {
        for attribute in relative.children(SUBTREES_MAX)? {
            let mut reader = attribute.reader();
            if !has_email && reader.next()?.oid()? == oid::EMAIL_ADDRESS {
                let value = reader.next()?;
                names.push(Node {
                    tag: tag::context(kind::EMAIL),
                    ..value
                });
            }
        }
    }
    // An empty subject is no name.
    if !certificate.subject.content.is_empty() {
        names.push(Node {
            tag: tag::context_constructed(kind::DIRECTORY),
            raw: certificate.subject.raw,
            content: certificate.subject.raw,
        });
    }
    Ok(names)
}

/// An address in Unicode: what binds addresses binds it too (RFC 9598, 6).
fn mailbox<'a>(name: &Node<'a>) -> Result<Option<Node<'a>>, NameFailure> {
    if name.tag != tag::context_constructed(kind::OTHER) {
        return Ok(None);
    }
    let mut reader = name.reader();
    if oid::or_unknown(&reader.next()?)? != oid::SMTP_UTF8_MAILBOX {
        return Ok(None);
    }
    let value = reader.expect(tag::context_constructed(0))?.only()?;
    Ok(Some(Node {
        tag: tag::context(kind::EMAIL),
        ..value
    }))
}

fn is_within(general: &General<'_>, of: &General<'_>) -> Result<bool, NameFailure> {
    let (name, base) = (&general.node, &of.node);
    match general.kind() {
        kind::EMAIL => {
            let email = ascii(name)?;
            // Readers take it for one, and nobody knows of which host.
            if !is_mailbox(&email) {
                return Err(NameFailure::Unknown);
            }
            Ok(email_within(&email, &ascii(base)?))
        }
        kind::HOST => Ok(host_within(&ascii(name)?, &ascii(base)?)),
        kind::URI => {
            let host = uri_host(&ascii(name)?).ok_or(NameFailure::Unknown)?;
            Ok(uri_within(&host, &ascii(base)?))
        }
        kind::DIRECTORY => directory_within(general.directory()?, of.directory()?),
        kind::IP => ip_within(name.content, base.content),
        _ => Err(NameFailure::Unknown),
    }
}

/// Hosts and addresses are compared in ASCII without case; anything else cannot be compared.
fn ascii(node: &Node<'_>) -> Result<String, NameFailure> {
    let text = std::str::from_utf8(node.content).map_err(|_| NameFailure::Unknown)?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NameFailure::Unknown);
    }
    // A final dot only says that the name is whole.
    let text = text.strip_suffix('.').unwrap_or(text);
    Ok(text.to_ascii_lowercase())
}

/// A whole mailbox, a host with all its mailboxes, or `.domain` with all its hosts. The local part
/// keeps its case by the letter of RFC 5321; to ignore it here only widens what is excluded, and
/// what is permitted by whoever runs the host anyway.
fn email_within(email: &str, base: &str) -> bool {
    let Some((_, host)) = email.rsplit_once('@') else {
        return false;
    };
    if base.contains('@') {
        return email == base;
    }
    match base.strip_prefix('.') {
        Some(_) => host.ends_with(base) && host.len() > base.len(),
        None => host == base,
    }
}

/// The host itself or any beneath it; an empty base is all of them.
fn host_within(host: &str, base: &str) -> bool {
    let base = base.strip_prefix('.').unwrap_or(base);
    let Some(rest) = host.strip_suffix(base) else {
        return false;
    };
    base.is_empty() || rest.is_empty() || rest.ends_with('.')
}

/// A host exactly, or `.domain` with the hosts beneath it.
fn uri_within(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(_) => host.ends_with(base) && host.len() > base.len(),
        None => host == base,
    }
}

/// The address of RFC 5280, 4.2.1.6, as everybody reads it: a plain local part, one `@` and a host.
fn is_mailbox(text: &str) -> bool {
    const ATOM: &str = "!#$%&'*+-/=?^_`{|}~.";
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_alphanumeric() || ATOM.contains(c);
    let mut labels = host.split('.');
    !local.is_empty() && local.chars().all(plain) && labels.all(is_label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// The host in `scheme://person@host:port/path`. RFC 5280 leaves no other form under constraints.
fn uri_host(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    // One that is written in another way (`%69`) is the host that readers make of it.
    host.split('.').all(is_label).then(|| host.to_owned())
}

/// An address in a network: the base is the network and its mask.
fn ip_within(address: &[u8], base: &[u8]) -> Result<bool, NameFailure> {
    if ![4, 16].contains(&address.len()) || ![8, 32].contains(&base.len()) {
        return Err(NameFailure::Unknown);
    }
    if base.len() != address.len().saturating_mul(2) {
        // An old address may be written as a new one (RFC 4291, 2.5.5.2).
        const MAPPED: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        return match address.starts_with(MAPPED) {
            true => Err(NameFailure::Unknown),
            false => Ok(false),
        };
    }
    let (network, mask) = base.split_at(address.len());
    // RFC 5280, 4.2.1.10: a mask as of RFC 4632, which has no holes.
    let mut bits = mask
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let mut ended = bits.by_ref().skip_while(|bit| *bit == 1);
    if ended.any(|bit| bit == 1) {
        return Err(NameFailure::Unknown);
    }
    let parts = address.iter().zip(network).zip(mask);
    let mut parts = parts.map(|((address, network), mask)| address & mask == network & mask);
    Ok(parts.all(|same| same))
}

/// Fails where a name has several different values of what the constraints speak of: they bind the
/// one at the beginning, and whoever reads the name may take the other.
fn unambiguous<'b, 'a: 'b>(
    name: &General<'a>,
    bases: impl Iterator<Item = &'b General<'a>>,
) -> Result<(), NameFailure> {
    let own = name.directory()?.iter().flat_map(|part| &part.attributes);
    let conflicts = names::conflicts(own);
    if conflicts.is_empty() {
        return Ok(());
    }
    for base in bases {
        let mut bound = base.directory()?.iter().flat_map(|part| &part.attributes);
        if bound.any(|(kind, _)| conflicts.contains(&kind.as_slice())) {
            return Err(NameFailure::Unknown);
        }
    }
    Ok(())
}

/// Whether `name` begins with every part of `base`.
fn directory_within(name: &[Part], base: &[Part]) -> Result<bool, NameFailure> {
    if name.len() < base.len() {
        return Ok(false);
    }
    for (own, wanted) in name.iter().zip(base) {
        if own.attributes != wanted.attributes {
            // What is no text is not compared with one.
            return match own.is_text == wanted.is_text {
                true => Ok(false),
                false => Err(NameFailure::Unknown),
            };
        }
    }
    Ok(true)
}

/// Whether every value of a relative name is a text.
fn is_text(name: Node<'_>) -> Result<bool, NameFailure> {
    for attribute in name.children(SUBTREES_MAX)? {
        let mut reader = attribute.expect(tag::SEQUENCE)?.reader();
        reader.expect(tag::OID)?;
        if reader.next()?.text().is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hosts_and_networks_are_within_what_names_them() {
        for (email, base, expected) in [
            ("a@example.org", "example.org", true),
            ("a@mail.example.org", "example.org", false),
            ("a@mail.example.org", ".example.org", true),
            ("a@example.org", ".example.org", false),
            ("a@example.org", "a@example.org", true),
            ("b@example.org", "a@example.org", false),
            ("a@badexample.org", "example.org", false),
        ] {
            assert_eq!(email_within(email, base), expected, "{email} {base}");
        }
        for (host, base, expected) in [
            ("example.org", "example.org", true),
            ("www.example.org", "example.org", true),
            ("badexample.org", "example.org", false),
            ("example.org", "", true),
        ] {
            assert_eq!(host_within(host, base), expected, "{host} {base}");
        }
        let host = |uri: &str| uri_host(uri);
        assert_eq!(
            host("https://a@b.example:8/x").as_deref(),
            Some("b.example")
        );
        assert_eq!(host("mailto:a@b"), None);
        assert_eq!(host("https://v%69ctim.example/"), None);
        for plain in ["a@b.example", "a.b+c@b-1.example", "анна@почта.example"] {
            assert!(is_mailbox(plain), "{plain}");
        }
        for other in [
            "a@b.example@c.example",
            "\"a@b.example\"@c.example",
            "a@b.example(c)",
            "a@b.example..",
            "a@[b.example]",
            "@b.example",
            "a b@c.example",
        ] {
            assert!(!is_mailbox(other), "{other}");
        }
        assert!(uri_within("b.example", ".example"));
        let network = [10, 1, 0, 0, 255, 255, 0, 0];
        assert_eq!(ip_within(&[10, 1, 2, 3], &network), Ok(true));
        assert_eq!(ip_within(&[10, 2, 2, 3], &network), Ok(false));
        assert_eq!(ip_within(&[10, 2], &network), Err(NameFailure::Unknown));
        let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3];
        assert_eq!(ip_within(&mapped, &network), Err(NameFailure::Unknown));
        let holes = [10, 0, 3, 0, 255, 0, 255, 0];
        assert_eq!(ip_within(&[10, 2, 3, 4], &holes), Err(NameFailure::Unknown));
    }
}
