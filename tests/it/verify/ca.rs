//! A certificate authority of the tests' own that is asked about revocation: its certificates name
//! where, and what it answers is made by hand, so that each rule can be broken alone.

use chancery_signature as sig;
use chancery_types::Instant;
use sig::{DigestAlgorithm, KeyKind, SigningKey};

const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
const SHA1: &str = "1.3.14.3.2.26";
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// One DER value.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    let digits: Vec<u8> = length.into_iter().skip_while(|digit| *digit == 0).collect();
    let mut value = vec![tag];
    match content.len() {
        0..0x80 => value.push(u8::try_from(content.len()).expect("short")),
        _ => {
            value.push(0x80 | u8::try_from(digits.len()).expect("short"));
            value.extend(digits);
        }
    }
    value.extend(content);
    value
}

fn oid(text: &str) -> Vec<u8> {
    der(6, &[sig::ObjectIdentifier::new_unwrap(text).as_bytes()])
}

fn name(text: &str) -> Vec<u8> {
    let attribute = der(0x30, &[&oid("2.5.4.3"), &der(0x0c, &[text.as_bytes()])]);
    der(0x30, &[&der(0x31, &[&attribute])])
}

fn time(moment: Instant) -> Vec<u8> {
    let text = moment.plus_seconds(0).to_string();
    let whole = text.split('.').next().expect("a moment");
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    der(0x18, &[format!("{digits}Z").as_bytes()])
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    der(0x30, &[&oid(id), flag, &der(4, &[value])])
}

fn sealed(tbs: &[u8], key: &SigningKey, after: &[u8]) -> Vec<u8> {
    let value = der(3, &[&[0], &key.sign(tbs).expect("a value")]);
    der(
        0x30,
        &[tbs, &der(0x30, &[&oid(ECDSA_SHA256)]), &value, after],
    )
}

/// Whoever holds a key and a certificate.
#[derive(Clone)]
pub struct Holder {
    pub key: SigningKey,
    pub certificate: Vec<u8>,
    pub name: String,
}

/// What goes into a certificate.
pub struct Draft<'a> {
    pub name: &'a str,
    pub seed: u8,
    pub is_authority: bool,
    /// The one extended purpose, if any.
    pub purpose: Option<&'a str>,
    /// `AuthorityInfoAccess` and `CRLDistributionPoints`.
    pub responders: Vec<String>,
    pub lists: Vec<String>,
    /// How many days it is valid after the tests begin.
    pub days: i64,
}

impl<'a> Draft<'a> {
    pub const fn new(name: &'a str, seed: u8) -> Self {
        Self {
            name,
            seed,
            is_authority: false,
            purpose: None,
            responders: Vec::new(),
            lists: Vec::new(),
            days: 5 * 366,
        }
    }

    fn extensions(&self) -> Vec<u8> {
        let usage: &[u8] = if self.is_authority {
            &[1, 6]
        } else {
            &[6, 0xc0]
        };
        let mut all = extension("2.5.29.15", true, &der(3, &[usage]));
        if self.is_authority {
            let constraints = der(0x30, &[&[1, 1, 0xff]]);
            all.extend(extension("2.5.29.19", true, &constraints));
        }
        if let Some(purpose) = self.purpose {
            let purposes = der(0x30, &[&oid(purpose)]);
            all.extend(extension("2.5.29.37", purpose == TIME_STAMPING, &purposes));
        }
        let address = |url: &String| der(0x86, &[url.as_bytes()]);
        let access = self.responders.iter().map(address);
        let access = access.map(|url| der(0x30, &[&oid("1.3.6.1.5.5.7.48.1"), &url]));
        let access: Vec<u8> = access.flatten().collect();
        if !access.is_empty() {
            all.extend(extension(
                "1.3.6.1.5.5.7.1.1",
                false,
                &der(0x30, &[&access]),
            ));
        }
        let points = self.lists.iter().map(address);
        let points = points.map(|url| der(0x30, &[&der(0xa0, &[&der(0xa0, &[&url])])]));
        let points: Vec<u8> = points.flatten().collect();
        if !points.is_empty() {
            all.extend(extension("2.5.29.31", false, &der(0x30, &[&points])));
        }
        all
    }

    /// The certificate, signed by `issuer`, or by itself.
    pub fn by(&self, issuer: Option<&Holder>) -> Holder {
        let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[self.seed; 32]).expect("a key");
        let (issuer_key, issuer_name) = match issuer {
            Some(issuer) => (&issuer.key, issuer.name.as_str()),
            None => (&key, self.name),
        };
        let start: Instant = crate::support::START.parse().expect("a moment");
        let validity = [
            time(start.plus_seconds(-300 * 86_400)),
            time(start.plus_seconds(self.days * 86_400)),
        ];
        let tbs = der(
            0x30,
            &[
                &der(0xa0, &[&[2, 1, 2]]),
                &[2, 1, self.seed],
                &der(0x30, &[&oid(ECDSA_SHA256)]),
                &name(issuer_name),
                &der(0x30, &[&validity.concat()]),
                &name(self.name),
                &key.spki_der(),
                &der(0xa3, &[&der(0x30, &[&self.extensions()])]),
            ],
        );
        Holder {
            certificate: sealed(&tbs, issuer_key, &[]),
            key,
            name: self.name.to_owned(),
        }
    }
}

/// What is said of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Good,
    Revoked(Instant),
    Unknown,
}

/// When something is said, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub this_update: Instant,
    pub next_update: Instant,
}

impl Holder {
    /// An OCSP answer about `serial` of `issuer`, signed by this one.
    pub fn answer(&self, issuer: &Self, serial: u8, says: Says, times: Times) -> Vec<u8> {
        let digest = |bytes: &[u8]| der(4, &[&DigestAlgorithm::Sha1.digest(&[bytes])]);
        let id = der(
            0x30,
            &[
                &der(0x30, &[&oid(SHA1)]),
                &digest(&name(&issuer.name)),
                &digest(&key_bits(&issuer.key)),
                &[2, 1, serial],
            ],
        );
        let state = match says {
            Says::Good => vec![0x80, 0],
            Says::Unknown => vec![0x82, 0],
            Says::Revoked(at) => der(0xa1, &[&time(at)]),
        };
        let single = der(
            0x30,
            &[
                &id,
                &state,
                &time(times.this_update),
                &der(0xa0, &[&time(times.next_update)]),
            ],
        );
        let tbs = der(
            0x30,
            &[
                &der(0xa1, &[&name(&self.name)]),
                &time(times.this_update),
                &der(0x30, &[&single]),
            ],
        );
        let sent = der(0xa0, &[&der(0x30, &[&self.certificate])]);
        let basic = sealed(&tbs, &self.key, &sent);
        let inside = der(0x30, &[&oid("1.3.6.1.5.5.7.48.1.1"), &der(4, &[&basic])]);
        der(0x30, &[&[0x0a, 1, 0], &der(0xa0, &[&inside])])
    }

    /// A revocation list of this authority.
    pub fn list(&self, revoked: &[(u8, Instant)], times: Times) -> Vec<u8> {
        let entries = revoked.iter();
        let entries = entries.flat_map(|(serial, at)| der(0x30, &[&[2, 1, *serial], &time(*at)]));
        let entries: Vec<u8> = entries.collect();
        let entries = match entries.is_empty() {
            true => vec![],
            false => der(0x30, &[&entries]),
        };
        let tbs = der(
            0x30,
            &[
                &[2, 1, 1],
                &der(0x30, &[&oid(ECDSA_SHA256)]),
                &name(&self.name),
                &time(times.this_update),
                &time(times.next_update),
                &entries,
            ],
        );
        sealed(&tbs, &self.key, &[])
    }

    /// A detached signature over `spans`, without a timestamp.
    pub fn signs(&self, spans: &[&[u8]]) -> Vec<u8> {
        let algorithm = KeyKind::EcdsaP256.digest_algorithm();
        let digest = algorithm.digest(spans);
        let attributes = sig::signed_attributes(algorithm, &digest, &self.certificate);
        let attributes = attributes.expect("attributes");
        let value = self.key.sign(&attributes).expect("a value");
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.certificate,
            chain: &[],
            timestamp_token: None,
        };
        sig::assemble(&parts).expect("a CMS")
    }
}

/// The bits of the public key: SubjectPublicKeyInfo ends with them.
fn key_bits(key: &SigningKey) -> Vec<u8> {
    let spki = key.spki_der();
    // An uncompressed point of P-256.
    spki[spki.len() - 65..].to_vec()
}
