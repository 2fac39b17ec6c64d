//! Somebody who signs elsewhere: with a key and a certificate of an authority that is not ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery::app::signing::presented::Presented;
use chancery_signature as sig;
use chancery_types::Instant;

use crate::support::der::{nested, sequence, tag, value as der};

/// A signer with their own key.
pub struct Elsewhere {
    /// The authority's certificate, DER.
    pub root: Vec<u8>,
    /// The signer's certificate, DER.
    pub certificate: Vec<u8>,
    /// The signer's key.
    pub key: sig::SigningKey,
}

fn key(seed: u8) -> sig::SigningKey {
    sig::SigningKey::from_seed(sig::KeyKind::EcdsaP256, &[seed; 32]).expect("a key")
}

impl Elsewhere {
    /// Certified as `name`, from an hour before `now` for a day less that hour.
    pub fn named(name: &str, now: Instant) -> Self {
        Self::with_key(name, 42, now)
    }

    /// The same with another key.
    pub fn with_key(name: &str, seed: u8, now: Instant) -> Self {
        let request = sig::AuthorityRequest {
            common_name: "Another Authority".to_owned(),
            organisation: None,
            serial: [0x41; 16],
            not_before: now.plus_seconds(-86_400 * 30),
            not_after: now.plus_seconds(86_400 * 3_000),
        };
        let root = sig::make_root(&key(41), &request).expect("a root");
        let issuing = sig::IssuingAuthority::new(key(41), root.clone()).expect("an authority");
        let leaf = sig::LeafRequest {
            spki_der: key(seed).spki_der(),
            common_name: name.to_owned(),
            organisation: None,
            email: None,
            serial: [seed; 16],
            not_before: now.plus_seconds(-3_600),
            not_after: now.plus_seconds(20 * 3_600),
            policy: None,
        };
        Self {
            certificate: sig::issue_leaf(&issuing, &leaf).expect("a certificate"),
            root,
            key: key(seed),
        }
    }

    /// What a program sends before it signs.
    pub fn presented(&self) -> Presented {
        Presented {
            certificates: vec![self.base64(), pem("CERTIFICATE", &self.root)],
            algorithm: None,
        }
    }

    /// The certificate as a call has it.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.certificate)
    }

    /// A detached signature over `content` whose signed attributes name no certificate (RFC 5652,
    /// 11.1 and 11.2, and nothing more), DER.
    pub fn unbound(&self, content: &[u8]) -> Vec<u8> {
        let digest = sig::DigestAlgorithm::Sha256.digest(&[content]);
        let kind = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9];
        let bare = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
        let attribute = |last: u8, value: &[u8]| {
            let oid = [&kind[..], &[last]].concat();
            sequence(&[&oid, &der(tag::SET, value)])
        };
        let parts = [
            attribute(3, &bare),
            attribute(4, &der(tag::OCTETS, &digest)),
        ];
        let attributes = nested(tag::SET, &[&parts[0], &parts[1]]);
        let value = self.key.sign(&attributes).expect("a value");
        let made = sig::assemble(&sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.certificate,
            chain: std::slice::from_ref(&self.root),
            timestamp_token: None,
        });
        made.expect("a signature")
    }

    /// A detached CAdES signature over `content`, DER.
    pub fn detached(&self, content: &[u8], at: Instant) -> Vec<u8> {
        let algorithm = sig::DigestAlgorithm::Sha256;
        let digest = algorithm.digest(&[content]);
        let attributes = sig::detached_attributes(algorithm, &digest, &self.certificate, at);
        let attributes = attributes.expect("attributes");
        let value = self.key.sign(&attributes).expect("a value");
        let made = sig::assemble(&sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.certificate,
            chain: std::slice::from_ref(&self.root),
            timestamp_token: None,
        });
        made.expect("a signature")
    }
}

/// DER under a label of PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("Base64"))
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
