//! Certificates, revocation lists and OCSP answers written by hand, so that any rule can be broken
//! alone.

use crate::forge::{CONTENT_TYPE, ECDSA_SHA256, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2};
use crate::forge::{DATA, SHA256, algorithm, attribute, der, oid};
use crate::support::{at, key};
use chancery_signature as sig;
use chancery_types::Instant;
use sig::{DigestAlgorithm, KeyKind, SigningKey};

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const PURPOSES: &str = "2.5.29.37";
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub const NO_REV_AVAIL: &str = "2.5.29.56";
const ECDSA_SHA1: &str = "1.2.840.10045.4.1";
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
pub const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";

/// Bits of `KeyUsage`, as the content of the bit string.
pub const SIGNS: [u8; 2] = [6, 0xc0];
pub const CERTIFIES_AND_LISTS: [u8; 2] = [1, 0x06];
pub const CERTIFIES: [u8; 2] = [2, 0x04];

/// `Name` of one common name.
pub fn name(text: &str) -> Vec<u8> {
    let value = der(0x0c, &[text.as_bytes()]);
    let attribute = der(0x30, &[&oid("2.5.4.3"), &value]);
    der(0x30, &[&der(0x31, &[&attribute])])
}

pub fn time(moment: Instant) -> Vec<u8> {
    let text = moment.to_string();
    let text = text.chars().filter(|c| c.is_ascii_digit() || *c == 'Z');
    time_text(&text.collect::<String>())
}

/// A moment as it is written.
pub fn time_text(text: &str) -> Vec<u8> {
    der(0x18, &[text.as_bytes()])
}

pub fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    der(0x30, &[&oid(id), flag, &der(4, &[value])])
}

/// A certificate's holder: its key, its certificate and its name.
#[derive(Clone)]
pub struct Holder {
    pub key: SigningKey,
    pub certificate: Vec<u8>,
    pub name: String,
}

/// What to put into a certificate.
#[derive(Clone)]
pub struct Draft {
    pub name: String,
    pub seed: u8,
    pub serial: u8,
    pub not_before: Instant,
    pub not_after: Instant,
    pub extensions: Vec<Vec<u8>>,
    /// Signed over SHA-1.
    pub is_weak: bool,
    /// Another key than the seed makes.
    pub own_key: Option<SigningKey>,
    /// Another way to write the name.
    pub own_name: Option<Vec<u8>>,
    /// Another way to write the name of the issuer.
    pub own_issuer: Option<Vec<u8>>,
    /// Another way to write the key.
    pub own_spki: Option<Vec<u8>>,
    /// Another way to write the end.
    pub own_end: Option<Vec<u8>>,
    /// The version, as it is written.
    pub version: Vec<u8>,
}

impl Draft {
    pub fn authority(name: &str, seed: u8) -> Self {
        Self::new(name, seed)
            .with(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]))
            .with(KEY_USAGE, true, &der(3, &[&CERTIFIES_AND_LISTS]))
    }

    pub fn person(name: &str, seed: u8) -> Self {
        Self::new(name, seed).with(KEY_USAGE, true, &der(3, &[&SIGNS]))
    }

    pub fn service(name: &str, seed: u8, purpose: &str) -> Self {
        let purposes = der(0x30, &[&oid(purpose)]);
        Self::person(name, seed).with(PURPOSES, purpose == TIME_STAMPING, &purposes)
    }

    pub fn new(name: &str, seed: u8) -> Self {
        Self {
            name: name.to_owned(),
            seed,
            serial: seed,
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2030-01-01T00:00:00Z"),
            extensions: vec![],
            is_weak: false,
            own_key: None,
            own_name: None,
            own_issuer: None,
            own_spki: None,
            own_end: None,
            version: der(0xa0, &[&[2, 1, 2]]),
        }
    }

    pub fn until(mut self, end: Vec<u8>) -> Self {
        self.own_end = Some(end);
        self
    }

    pub fn of_key(mut self, key: &SigningKey) -> Self {
        self.own_key = Some(key.clone());
        self
    }

    pub fn weak(mut self) -> Self {
        self.is_weak = true;
        self
    }

    pub fn with(mut self, id: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(id, critical, value));
        self
    }

    pub fn valid(mut self, from: &str, until: &str) -> Self {
        (self.not_before, self.not_after) = (at(from), at(until));
        self
    }

    pub fn of_spki(mut self, spki: Vec<u8>) -> Self {
        self.own_spki = Some(spki);
        self
    }

    pub fn own(self) -> Holder {
        let own = self.own_key.clone();
        let issuer = own.unwrap_or_else(|| key(KeyKind::EcdsaP256, self.seed));
        let name = self.name.clone();
        self.signed(&issuer, &name)
    }

    pub fn by(self, issuer: &Holder) -> Holder {
        self.signed(&issuer.key, &issuer.name)
    }

    fn signed(self, issuer: &SigningKey, issuer_name: &str) -> Holder {
        let own = self.own_key.clone();
        let own = own.unwrap_or_else(|| key(KeyKind::EcdsaP256, self.seed));
        let extensions: Vec<&[u8]> = self.extensions.iter().map(Vec::as_slice).collect();
        let scheme = match self.is_weak {
            true => algorithm(ECDSA_SHA1),
            false => scheme_of(issuer),
        };
        let spki = self.own_spki.clone().unwrap_or_else(|| own.spki_der());
        let end = self.own_end.clone();
        let end = end.unwrap_or_else(|| time(self.not_after));
        let extensions = match extensions.as_slice() {
            [] => vec![],
            extensions => der(0xa3, &[&der(0x30, extensions)]),
        };
        let tbs = der(
            0x30,
            &[
                &self.version,
                &[2, 1, self.serial],
                &scheme,
                &self.own_issuer.unwrap_or_else(|| name(issuer_name)),
                &der(0x30, &[&time(self.not_before), &end]),
                &self.own_name.unwrap_or_else(|| name(&self.name)),
                &spki,
                &extensions,
            ],
        );
        Holder {
            certificate: match self.is_weak {
                true => sealed_weakly(&tbs, issuer),
                false => sealed(&tbs, issuer),
            },
            key: own,
            name: self.name,
        }
    }
}

/// The signed bytes, the algorithm and the value: how certificates, lists and answers end.
fn sealed(tbs: &[u8], key: &SigningKey) -> Vec<u8> {
    sealed_with(tbs, key, &[])
}

/// The same over SHA-1.
fn sealed_weakly(tbs: &[u8], key: &SigningKey) -> Vec<u8> {
    use p256::ecdsa::signature::hazmat::PrehashSigner as _;
    let SigningKey::EcdsaP256(key) = key else {
        unreachable!("authorities here have P-256 keys")
    };
    let hashed = DigestAlgorithm::Sha1.digest(&[tbs]);
    let value: p256::ecdsa::DerSignature = key.sign_prehash(&hashed).unwrap();
    let value = der(3, &[&[0], value.as_bytes()]);
    der(0x30, &[tbs, &algorithm(ECDSA_SHA1), &value])
}

fn sealed_with(tbs: &[u8], key: &SigningKey, after: &[u8]) -> Vec<u8> {
    let value = der(3, &[&[0], &key.sign(tbs).unwrap()]);
    der(0x30, &[tbs, &scheme_of(key), &value, after])
}

/// How values of this key are made: all over SHA-256.
pub fn scheme_of(key: &SigningKey) -> Vec<u8> {
    match key.kind() {
        KeyKind::Rsa => der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
        _ => algorithm(ECDSA_SHA256),
    }
}

/// An entry of a list.
pub struct Entry {
    pub serial: u8,
    pub at: Instant,
    pub extensions: Vec<Vec<u8>>,
}

pub fn entry(serial: u8, moment: &str, reason: Option<u8>) -> Entry {
    let reason = reason.map(|code| extension("2.5.29.21", false, &[0x0a, 1, code]));
    Entry {
        serial,
        at: at(moment),
        extensions: reason.into_iter().collect(),
    }
}

/// A list in the making.
pub struct List {
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    pub entries: Vec<Entry>,
    pub extensions: Vec<Vec<u8>>,
    /// The version, as it is written.
    pub version: Vec<u8>,
    /// Another way to write when the next one comes.
    pub own_next: Option<Vec<u8>>,
    /// Signed over SHA-1.
    pub is_weak: bool,
}

impl List {
    pub fn of(this_update: &str, next_update: &str, entries: Vec<Entry>) -> Self {
        Self {
            this_update: at(this_update),
            next_update: Some(at(next_update)),
            entries,
            extensions: vec![],
            version: vec![2, 1, 1],
            own_next: None,
            is_weak: false,
        }
    }

    pub fn with(mut self, id: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(extension(id, critical, value));
        self
    }

    pub fn weak(mut self) -> Self {
        self.is_weak = true;
        self
    }

    pub fn by(&self, issuer: &Holder) -> Vec<u8> {
        let entries: Vec<Vec<u8>> = self.entries.iter().map(Entry::encoded).collect();
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let entries = match entries.as_slice() {
            [] => vec![],
            entries => der(0x30, entries),
        };
        let extensions: Vec<&[u8]> = self.extensions.iter().map(Vec::as_slice).collect();
        let extensions = match extensions.as_slice() {
            [] => vec![],
            extensions => der(0xa0, &[&der(0x30, extensions)]),
        };
        let next = self.own_next.clone();
        let next = next.or_else(|| self.next_update.map(time));
        let tbs = der(
            0x30,
            &[
                &self.version,
                &match self.is_weak {
                    true => algorithm(ECDSA_SHA1),
                    false => scheme_of(&issuer.key),
                },
                &name(&issuer.name),
                &time(self.this_update),
                &next.unwrap_or_default(),
                &entries,
                &extensions,
            ],
        );
        match self.is_weak {
            true => sealed_weakly(&tbs, &issuer.key),
            false => sealed(&tbs, &issuer.key),
        }
    }
}

impl Entry {
    fn encoded(&self) -> Vec<u8> {
        let extensions: Vec<&[u8]> = self.extensions.iter().map(Vec::as_slice).collect();
        let extensions = match extensions.as_slice() {
            [] => vec![],
            extensions => der(0x30, extensions),
        };
        der(0x30, &[&[2, 1, self.serial], &time(self.at), &extensions])
    }
}

/// What an answer says.
#[derive(Clone, Copy)]
pub enum Says {
    Good,
    Revoked(&'static str, Option<u8>),
    Unknown,
}

/// An answer in the making.
pub struct Reply {
    pub says: Says,
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    pub digest: (DigestAlgorithm, &'static str),
    pub by_key: bool,
    pub extensions: Vec<Vec<u8>>,
    pub single_extensions: Vec<Vec<u8>>,
    /// When it was given, if not at the moment that it speaks of.
    pub produced_at: Option<Instant>,
}

impl Reply {
    pub fn new(says: Says, this_update: &str, next_update: Option<&str>) -> Self {
        Self {
            says,
            this_update: at(this_update),
            next_update: next_update.map(at),
            digest: (DigestAlgorithm::Sha1, "1.3.14.3.2.26"),
            by_key: false,
            extensions: vec![],
            single_extensions: vec![],
            produced_at: None,
        }
    }

    /// About `serial` of `issuer`, signed by `responder`, whose certificate goes along if it is
    /// another one.
    pub fn about(&self, serial: u8, issuer: &Holder, responder: &Holder) -> Vec<u8> {
        let (digest, named) = &self.digest;
        let id = der(
            0x30,
            &[
                &algorithm(named),
                &der(4, &[&digest.digest(&[&name(&issuer.name)])]),
                &der(4, &[&digest.digest(&[&key_bits(&issuer.key)])]),
                &[2, 1, serial],
            ],
        );
        let state = match self.says {
            Says::Good => vec![0x80, 0],
            Says::Unknown => vec![0x82, 0],
            Says::Revoked(moment, reason) => {
                let reason = reason.map(|code| der(0xa0, &[&[0x0a, 1, code]]));
                der(0xa1, &[&time(at(moment)), &reason.unwrap_or_default()])
            }
        };
        let wrapped = |extensions: &[Vec<u8>]| {
            let parts: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
            match parts.as_slice() {
                [] => vec![],
                parts => der(0xa1, &[&der(0x30, parts)]),
            }
        };
        let next = self.next_update.map(|next| der(0xa0, &[&time(next)]));
        let single = der(
            0x30,
            &[
                &id,
                &state,
                &time(self.this_update),
                &next.unwrap_or_default(),
                &wrapped(&self.single_extensions),
            ],
        );
        let by = match self.by_key {
            false => der(0xa1, &[&name(&responder.name)]),
            true => {
                let hash = DigestAlgorithm::Sha1.digest(&[&key_bits(&responder.key)]);
                der(0xa2, &[&der(4, &[&hash])])
            }
        };
        let tbs = der(
            0x30,
            &[
                &by,
                &time(self.produced_at.unwrap_or(self.this_update)),
                &der(0x30, &[&single]),
                &wrapped(&self.extensions),
            ],
        );
        let sent = der(0xa0, &[&der(0x30, &[&responder.certificate])]);
        let basic = sealed_with(&tbs, &responder.key, &sent);
        let inside = der(0x30, &[&oid("1.3.6.1.5.5.7.48.1.1"), &der(4, &[&basic])]);
        der(0x30, &[&[0x0a, 1, 0], &der(0xa0, &[&inside])])
    }
}

/// The `BasicOCSPResponse` inside an answer.
pub fn basic_of(answer: &[u8]) -> Vec<u8> {
    use crate::forge::split;
    let (_, _, outer, _) = split(answer);
    let (_, _, _, rest) = split(outer);
    let (_, _, wrapped, _) = split(rest);
    let (_, _, inside, _) = split(wrapped);
    let (_, _, _, octets) = split(inside);
    let (_, _, basic, _) = split(octets);
    basic.to_vec()
}

fn key_bits(key: &SigningKey) -> Vec<u8> {
    use crate::forge::split;
    let spki = key.spki_der();
    let (_, _, inside, _) = split(&spki);
    let (_, _, _, bits) = split(inside);
    let (_, _, content, _) = split(bits);
    content[1..].to_vec()
}

/// Makes a value over a message.
pub type Signs = fn(&[u8]) -> Vec<u8>;

/// A CMS over `spans` by `signer`, with these certificates and more signed and unsigned attributes.
#[derive(Clone, Default)]
pub struct Extras {
    pub certificates: Vec<Vec<u8>>,
    pub signed: Vec<Vec<u8>>,
    pub unsigned: Vec<Vec<u8>>,
    /// `SignedData.crls`.
    pub crls: Vec<Vec<u8>>,
    pub token_by: Option<(Holder, &'static str)>,
    /// The signer's own certificate stays out.
    pub without_own: bool,
    /// The attributes do not name the certificate.
    pub unbound: bool,
    /// Another identifier of the signer.
    pub signer_id: Option<Vec<u8>>,
    /// Another scheme than the key's own, and what signs by it.
    pub signed_by: Option<(Vec<u8>, Signs)>,
    /// Another digest of the content than SHA-256, and its object identifier.
    pub digest: Option<(DigestAlgorithm, &'static str)>,
}

pub fn signed_cms(signer: &Holder, content: &[&[u8]], extras: &Extras) -> Vec<u8> {
    let own = structure(signer, DATA, None, content, extras);
    let Some((authority, moment)) = &extras.token_by else {
        return own.cms;
    };
    let token = token(authority, &[&own.value], moment);
    let stamp = attribute("1.2.840.113549.1.9.16.2.14", &[&token]);
    let unsigned = [extras.unsigned.clone(), vec![stamp]].concat();
    let stamped = Extras {
        certificates: extras.certificates.clone(),
        signed: extras.signed.clone(),
        crls: extras.crls.clone(),
        unsigned,
        token_by: None,
        without_own: extras.without_own,
        unbound: extras.unbound,
        signer_id: extras.signer_id.clone(),
        signed_by: extras.signed_by.clone(),
        digest: extras.digest,
    };
    structure(signer, DATA, None, content, &stamped).cms
}

/// A timestamp token over `message`.
pub fn token(authority: &Holder, message: &[&[u8]], moment: &str) -> Vec<u8> {
    token_with(authority, message, moment, &Extras::default())
}

pub fn token_with(authority: &Holder, message: &[&[u8]], moment: &str, extras: &Extras) -> Vec<u8> {
    let imprint = (DigestAlgorithm::Sha256, SHA256);
    stamped(authority, message, moment, imprint, &[], extras)
}

/// A token over a digest of one's own choice, with `after` behind the moment in `TSTInfo`.
pub fn stamped(
    authority: &Holder,
    message: &[&[u8]],
    moment: &str,
    imprint: (DigestAlgorithm, &str),
    after: &[u8],
    extras: &Extras,
) -> Vec<u8> {
    const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
    let hashed = der(4, &[&imprint.0.digest(message)]);
    let tst = der(
        0x30,
        &[
            &[2, 1, 1],
            &oid("1.3.6.1.4.1.32473.1"),
            &der(0x30, &[&algorithm(imprint.1), &hashed]),
            &[2, 1, 9],
            &time(at(moment)),
            after,
        ],
    );
    structure(authority, TST_INFO, Some(&tst), &[&tst], extras).cms
}

/// The value of the one signer of what [`signed_cms`] makes.
pub fn value_of(cms: &[u8]) -> Vec<u8> {
    use crate::forge::split;
    let (_, _, outer, _) = split(cms);
    let (_, _, _, wrapped) = split(outer);
    let (_, _, structure, _) = split(wrapped);
    let (_, _, mut rest, _) = split(structure);
    let mut signers = rest;
    while !rest.is_empty() {
        let (_, _, content, more) = split(rest);
        (signers, rest) = (content, more);
    }
    let (_, _, mut rest, _) = split(signers);
    loop {
        let (tag, _, content, more) = split(rest);
        match tag {
            4 => return content.to_vec(),
            _ => rest = more,
        }
    }
}

struct Structure {
    cms: Vec<u8>,
    value: Vec<u8>,
    /// The fields of the signer up to the value.
    to_value: Vec<u8>,
}

/// An archive timestamp over what [`signed_cms`] makes with the same arguments, with an index of
/// hashes over the certificates, lists and unsigned attributes of `extras`.
pub fn archive_stamp(
    signer: &Holder,
    content: &[&[u8]],
    extras: &Extras,
    authority: &Holder,
    moment: &str,
) -> Vec<u8> {
    let index = (DigestAlgorithm::Sha256, SHA256);
    archive_stamp_by(signer, content, extras, authority, moment, index)
}

/// The same with an index of other hashes.
pub fn archive_stamp_by(
    signer: &Holder,
    content: &[&[u8]],
    extras: &Extras,
    authority: &Holder,
    moment: &str,
    (digest, named): (DigestAlgorithm, &str),
) -> Vec<u8> {
    let own = structure(signer, DATA, None, content, extras);
    let hashes = |parts: Vec<Vec<u8>>| {
        let hashes: Vec<Vec<u8>> = parts
            .iter()
            .map(|part| der(4, &[&digest.digest(&[part])]))
            .collect();
        let hashes: Vec<&[u8]> = hashes.iter().map(Vec::as_slice).collect();
        der(0x30, &hashes)
    };
    let mut certificates = match extras.without_own {
        true => vec![],
        false => vec![signer.certificate.clone()],
    };
    certificates.extend(extras.certificates.iter().cloned());
    let unsigned = extras.unsigned.iter().map(|attribute| {
        let (_, _, inside, _) = crate::forge::split(attribute);
        let (_, kind, _, rest) = crate::forge::split(inside);
        let (_, _, value, _) = crate::forge::split(rest);
        [kind, value].concat()
    });
    let index = der(
        0x30,
        &[
            &algorithm(named),
            &hashes(certificates),
            &hashes(extras.crls.clone()),
            &hashes(unsigned.collect()),
        ],
    );
    let hashed = DigestAlgorithm::Sha256.digest(content);
    let message: [&[u8]; 4] = [&oid(DATA), &hashed, &own.to_value, &index];
    let with_index = Extras {
        unsigned: vec![attribute("0.4.0.19122.1.5", &[&index])],
        ..Extras::default()
    };
    let token = token_with(authority, &message, moment, &with_index);
    attribute("0.4.0.1733.2.4", &[&token])
}

fn structure(
    signer: &Holder,
    content_type: &str,
    inner: Option<&[u8]>,
    content: &[&[u8]],
    extras: &Extras,
) -> Structure {
    let digest = DigestAlgorithm::Sha256;
    let (of_content, named_digest) = extras.digest.unwrap_or((digest, SHA256));
    let hash = der(4, &[&digest.digest(&[&signer.certificate])]);
    let named = der(0x30, &[&der(0x30, &[&der(0x30, &[&hash])])]);
    let mut attributes = vec![
        attribute(CONTENT_TYPE, &[&oid(content_type)]),
        attribute(MESSAGE_DIGEST, &[&der(4, &[&of_content.digest(content)])]),
        attribute(SIGNING_CERTIFICATE_V2, &[&named]),
    ];
    if extras.unbound {
        attributes.pop();
    }
    attributes.extend(extras.signed.iter().cloned());
    attributes.sort();
    let parts: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    let message = der(0x31, &parts);
    let (scheme, value) = match &extras.signed_by {
        None => (scheme_of(&signer.key), signer.key.sign(&message).unwrap()),
        Some((scheme, sign)) => (scheme.clone(), sign(&message)),
    };
    let unsigned: Vec<&[u8]> = extras.unsigned.iter().map(Vec::as_slice).collect();
    let unsigned = match unsigned.as_slice() {
        [] => vec![],
        unsigned => der(0xa1, unsigned),
    };
    let (_, _, certificate, _) = crate::forge::split(&signer.certificate);
    let own_id = || crate::forge::issuer_and_serial_of(certificate);
    let issuer = extras.signer_id.clone().unwrap_or_else(own_id);
    let to_value: Vec<u8> = [
        &[2, 1, 1][..],
        &issuer,
        &algorithm(named_digest),
        &der(0xa0, &parts),
        &scheme,
        &der(4, &[&value]),
    ]
    .concat();
    let signer_info = der(0x30, &[&to_value, &unsigned]);
    let mut certificates = match extras.without_own {
        true => vec![],
        false => vec![signer.certificate.as_slice()],
    };
    certificates.extend(extras.certificates.iter().map(Vec::as_slice));
    let crls: Vec<&[u8]> = extras.crls.iter().map(Vec::as_slice).collect();
    let crls = match crls.as_slice() {
        [] => vec![],
        crls => der(0xa1, crls),
    };
    let inner = inner.map(|inner| der(0xa0, &[&der(4, &[inner])]));
    let signed_data = der(
        0x30,
        &[
            &[2, 1, 3],
            &der(0x31, &[&algorithm(named_digest)]),
            &der(0x30, &[&oid(content_type), &inner.unwrap_or_default()]),
            &der(0xa0, &certificates),
            &crls,
            &der(0x31, &[&signer_info]),
        ],
    );
    let signed_data = der(0xa0, &[&signed_data]);
    let cms = der(0x30, &[&oid("1.2.840.113549.1.7.2"), &signed_data]);
    Structure {
        cms,
        value,
        to_value,
    }
}
