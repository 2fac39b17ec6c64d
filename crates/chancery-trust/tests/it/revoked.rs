//! Powers whose signer was revoked: lists tell of it afterwards, and nothing but a timestamp proves
//! that a power is older than that.

use chancery_signature as sig;
use chancery_signature::{Anchors, GivenEvidence};
use chancery_trust::{
    AuthorityPolicy, AuthorityReport, Grant, OwnSignature, Question, judge_authority,
};
use chancery_types::Instant;
use chancery_xades::Limits;
use sig::{IssuingAuthority, KeyKind, RevocationReason, RevokedCertificate, SigningKey};

use crate::forge::Person;
use crate::support::{at, bytes};

/// When the document was signed, and when that is asked.
const SIGNED: &str = "2026-06-01T12:00:00Z";
const ASKED: &str = "2026-11-28T00:00:00Z";
const START: &str = "2026-01-01T00:00:00Z";
const STARTED: &str = "260101000000Z";
const MAY: &str = "2026-05-31T00:00:00Z";
const NOVEMBER: &str = "2026-11-20T00:00:00Z";
const SERIAL: [u8; 1] = [2];

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(KeyKind::EcdsaP256, &[seed; 32]).expect("a key")
}

fn request(name: &str, serial: u8) -> sig::AuthorityRequest {
    sig::AuthorityRequest {
        common_name: name.to_owned(),
        organisation: None,
        serial: [serial; 16],
        not_before: at(START),
        not_after: at("2036-01-01T00:00:00Z"),
    }
}

struct Town {
    authority: IssuingAuthority,
    head: Vec<u8>,
}

impl Town {
    /// The head's certificate begins then, as it is written.
    fn new(since: &str) -> Self {
        let root = sig::make_root(&key(1), &request("Root", 1)).expect("a root");
        let by = Some((&key(1), root.as_slice()));
        let head = Person::certified(2, &[("2.5.4.3", "Head")], since, by).certificate;
        let authority = IssuingAuthority::new(key(1), root).expect("an authority");
        Self { authority, head }
    }

    /// The head revoked on that day, told on the other.
    fn list(&self, told: &str, revoked: Option<&str>) -> Vec<u8> {
        let revoked = revoked.map(|day| RevokedCertificate {
            serial: SERIAL.to_vec(),
            at: at(day),
            reason: RevocationReason::KeyCompromise,
        });
        let request = sig::ListRequest {
            number: 1,
            this_update: at(told),
            next_update: at("2026-12-30T00:00:00Z"),
            ended_stay_since: at(START),
            revoked: revoked.into_iter().collect(),
        };
        sig::make_revocation_list(&self.authority, &request).expect("a list")
    }

    /// The signature of a power, stamped then.
    fn signs(&self, power: &[u8], stamped: Option<&str>) -> Vec<u8> {
        let digest = sig::DigestAlgorithm::Sha256;
        let attributes = sig::signed_attributes(digest, &digest.digest(&[power]), &self.head);
        let attributes = attributes.expect("attributes");
        let value = key(2).sign(&attributes).expect("a value");
        let token = stamped.map(|moment| self.token(&value, at(moment)));
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.head,
            chain: &[],
            timestamp_token: token.as_deref(),
        };
        sig::assemble(&parts).expect("a signature")
    }

    fn token(&self, value: &[u8], gen_time: Instant) -> Vec<u8> {
        let own = key(3);
        let request = request("Stamps", 3);
        let certificate = sig::make_timestamping(&self.authority, &own.spki_der(), &request);
        let certificate = certificate.expect("a certificate");
        let stamps = sig::TimestampAuthority::new(own, certificate, vec![]).expect("stamps");
        let request = sig::TimestampRequest {
            imprint: *chancery_types::Digest::of(value).as_bytes(),
            gen_time,
            serial: [9; 16],
            policy: chancery_signature::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1"),
            nonce: None,
        };
        stamps.timestamp(&request).expect("a token")
    }

    fn judged(&self, stamped: Option<&str>, asked: &str, lists: &[Vec<u8>]) -> AuthorityReport {
        let power = bytes("power.xml");
        let cms = self.signs(&power, stamped);
        let mut evidence = GivenEvidence::none();
        for list in lists {
            evidence.add(list).expect("a list");
        }
        let question = Question {
            grant: Grant {
                power: &power,
                signature: OwnSignature::Detached(&cms),
            },
            parents: &[],
            signer: None,
            organisation: None,
            sought: None,
            registry: None,
            evidence: &evidence,
            at: at(SIGNED),
            now: at(asked),
        };
        let anchors = Anchors::from_pem_or_der(self.authority.certificate()).expect("a root");
        judge_authority(
            &question,
            &AuthorityPolicy::default(),
            &anchors,
            &Limits::default(),
        )
    }
}

/// Why its signature is undecided, and whether its age is unproven.
fn told(report: &AuthorityReport) -> (Option<String>, bool) {
    let mut reasons = report.reasons.iter();
    let undecided = reasons.find(|one| one.code.key() == "signature_undecided");
    let mut warnings = report.warnings.iter();
    (
        undecided.map(|one| one.args["why"].clone()),
        warnings.any(|one| one.code.key() == "signature_unproven"),
    )
}

#[test]
fn a_revocation_that_was_told_after_the_document_counts() {
    let town = Town::new(STARTED);
    let open = (Some("certificate_revoked".to_owned()), false);
    for day in ["2026-05-15T00:00:00Z", "2026-07-15T00:00:00Z"] {
        let lists = [town.list(MAY, None), town.list(NOVEMBER, Some(day))];
        assert_eq!(told(&town.judged(None, ASKED, &lists)), open, "{day}");
    }
    // It was there before: its own timestamp proves that.
    let stamped = Some("2026-02-01T00:00:00Z");
    let lists = [town.list(NOVEMBER, Some("2026-07-15T00:00:00Z"))];
    assert_eq!(told(&town.judged(stamped, ASKED, &lists)), (None, false));
}

#[test]
fn a_power_is_judged_by_what_is_known_now() {
    let town = Town::new(STARTED);
    // As a rule every list at hand is younger than the document.
    let lists = [town.list(NOVEMBER, None)];
    assert_eq!(told(&town.judged(None, ASKED, &lists)), (None, true));
    let stamped = Some("2026-02-01T00:00:00Z");
    assert_eq!(told(&town.judged(stamped, ASKED, &lists)), (None, false));
    // Asked when the document was signed nothing more can be proven.
    let lists = [town.list(MAY, None)];
    assert_eq!(told(&town.judged(None, SIGNED, &lists)), (None, false));
    // The head had no such certificate yet.
    let town = Town::new("260801000000Z");
    let lists = [town.list(NOVEMBER, None)];
    let open = (Some("certificate_in_future".to_owned()), false);
    assert_eq!(told(&town.judged(None, ASKED, &lists)), open);
}
