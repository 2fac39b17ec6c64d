//! The corpus of signed files with known verdicts, read in place: what of it is GOST.
//!
//! The folder is `$CHANCERY_CORPUS`, by default beside the project. Without it these tests say so
//! and pass, unless `CHANCERY_REQUIRE=all`.

use std::path::{Path, PathBuf};

use chancery_gost::{Identifier, KeyError, PublicKey, verify};

use crate::certificates::{self, der};
use crate::support::{Node, Signed};

struct Row {
    file: String,
    expected: String,
    content: Option<Vec<u8>>,
    bytes: Vec<u8>,
}

/// Files whose digest begins below this are set aside, so that something is left that no rule was
/// ever fitted to. They are not opened.
const SET_ASIDE_BELOW: &str = "33";

fn corpus() -> Option<Vec<Row>> {
    let root = std::env::var("CHANCERY_CORPUS").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    let signatures = root.join("signatures");
    let Ok(manifest) = std::fs::read_to_string(signatures.join("MANIFEST.tsv")) else {
        let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
        assert!(
            !required,
            "the corpus is required: set CHANCERY_CORPUS ({})",
            root.display()
        );
        eprintln!(
            "SKIPPED: no corpus at {} (set CHANCERY_CORPUS)",
            root.display()
        );
        return None;
    };
    let mut lines = manifest.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = |name: &str| header.iter().position(|one| *one == name);
    let [file, digest, class, expected, content] =
        ["file", "sha256", "class", "expected", "detached_content"]
            .map(|name| column(name).expect("a column"));
    let rows = lines.filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let path = signatures.join(cells[file]);
        if cells[class] != "gost" || cells[digest] < SET_ASIDE_BELOW {
            return None;
        }
        let bytes = std::fs::read(&path).ok()?;
        let beside = path.parent().expect("a folder");
        let content = Some(cells[content].trim()).filter(|name| !name.is_empty());
        Some(Row {
            file: cells[file].to_owned(),
            expected: cells[expected].to_owned(),
            content: content.map(|name| std::fs::read(beside.join(name)).expect("its content")),
            bytes,
        })
    });
    Some(rows.collect())
}

/// The one signer of a CMS message (RFC 5652, 5.1 and 5.3).
struct Message<'a> {
    content: Option<&'a [u8]>,
    certificate: Option<&'a [u8]>,
    digest_algorithm: Option<Identifier>,
    attributes: Option<Node<'a>>,
    signature_algorithm: Option<Identifier>,
    signature: &'a [u8],
}

impl<'a> Message<'a> {
    fn read(der: &'a [u8]) -> Self {
        let parts = Node::whole(der).children();
        let message = Node::whole(parts[1].content).children();
        let enclosed = message[2].children();
        let content = enclosed.get(1);
        let certificates = message.iter().find(|part| part.tag == 0xa0);
        let signers = message.last().expect("signers").children();
        assert_eq!(signers.len(), 1, "one signer");
        let signer = signers[0].children();
        let attributes = signer.iter().find(|part| part.tag == 0xa0);
        let algorithm = if attributes.is_some() { 4 } else { 3 };
        let meaning = |node: &Node<'_>| Identifier::of(node.children()[0].oid());
        Self {
            content: content.map(|explicit| Node::whole(explicit.content).content),
            certificate: certificates.map(|set| set.children()[0].raw),
            digest_algorithm: meaning(&signer[2]),
            attributes: attributes.copied(),
            signature_algorithm: meaning(&signer[algorithm]),
            signature: signer[algorithm + 1].content,
        }
    }

    /// The value of the attribute message-digest.
    fn message_digest(&self) -> Option<&'a [u8]> {
        let oid = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
        let attributes = self.attributes?.children();
        let parts = attributes.iter().map(Node::children);
        let mut found = parts.filter(|parts| parts[0].oid() == oid);
        found.next().map(|parts| parts[1].children()[0].content)
    }
}

/// What this crate says of the signature in a file of the corpus.
fn judged(row: &Row) -> Result<(), String> {
    let message = Message::read(&row.bytes);
    // One file brings no certificate: its key is that of the standard's own example.
    let example = der(certificates::CERTIFICATE_XCH_A);
    let certificate = Signed::read(message.certificate.unwrap_or(&example));
    let key = PublicKey::from_spki(certificate.spki().raw).map_err(|error| match error {
        KeyError::Algorithm(oid) => match Identifier::of(oid) {
            Some(known) => known.name().to_owned(),
            None => error.to_string(),
        },
        other => other.to_string(),
    })?;
    let size = key.size();
    assert_eq!(message.digest_algorithm, Some(Identifier::Digest(size)));
    assert!(
        [Identifier::Key(size), Identifier::Signature(size)]
            .map(Some)
            .contains(&message.signature_algorithm),
        "{:?}",
        message.signature_algorithm
    );
    let own = size.digest(&[certificate.to_be_signed.raw]);
    assert_eq!(verify(&key, &own, certificate.signature), Ok(()));

    let content = row.content.as_deref().or(message.content);
    let content = size.digest(&[content.expect("content")]);
    let digest = match message.attributes {
        // RFC 5652, 5.4: signed as a SET, sent as [0].
        Some(attributes) => {
            assert_eq!(message.message_digest(), Some(&content[..]));
            size.digest(&[&[0x31], &attributes.raw[1..]])
        }
        None => content,
    };
    verify(&key, &digest, message.signature).map_err(|error| error.to_string())
}

#[test]
fn every_file_of_the_corpus_is_judged_as_its_manifest_says() {
    let Some(rows) = corpus() else { return };
    let (mut good, mut bad, mut old) = (0, 0, 0);
    for row in &rows {
        let found = judged(row);
        match row.expected.as_str() {
            "VALID" | "VALID_NO_SIGNED_ATTRS" => {
                good += 1;
                assert_eq!(found, Ok(()), "{}", row.file);
            }
            "CRYPTO_INVALID" => {
                bad += 1;
                let refused = "the signature does not fit the key and the digest";
                assert_eq!(found, Err(refused.to_owned()), "{}", row.file);
            }
            "WEAK" => {
                old += 1;
                assert_eq!(found, Err("GOST R 34.10-2001".to_owned()), "{}", row.file);
            }
            other => panic!("{}: {other} is not expected here", row.file),
        }
    }
    println!("{good} good, {bad} bad, {old} of 2001");
    assert!(good >= 12 && bad >= 2 && old >= 1, "{good} {bad} {old}");
}

/// Goal: no byte of a signed file can change without the signature failing. Method: every tenth bit
/// of the signed attributes and every bit of the signature of one file of each size.
#[test]
fn no_changed_bit_of_a_file_of_the_corpus_verifies() {
    let Some(rows) = corpus() else { return };
    let mut changed = 0;
    for name in ["gen/g256_A.p7s", "gen/g512_C.p7s"] {
        let row = rows.iter().find(|row| row.file == name);
        let row = row.expect("a file of the corpus");
        let message = Message::read(&row.bytes);
        let certificate = Signed::read(message.certificate.expect("a certificate"));
        let key = PublicKey::from_spki(certificate.spki().raw).expect("a key");
        let attributes = message.attributes.expect("attributes").raw;
        let signed = [&[0x31], &attributes[1..]].concat();
        let fits = |signed: &[u8], signature: &[u8]| {
            verify(&key, &key.size().digest(&[signed]), signature).is_ok()
        };
        assert!(fits(&signed, message.signature));
        for bit in (0..signed.len() * 8).step_by(10) {
            let mut other = signed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!fits(&other, message.signature), "{name} {bit}");
            changed += 1;
        }
        for bit in 0..message.signature.len() * 8 {
            let mut other = message.signature.to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!fits(&signed, &other), "{name} {bit}");
            changed += 1;
        }
    }
    assert!(changed > 1500, "{changed}");
}
