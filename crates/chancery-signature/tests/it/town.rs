//! A town for signatures of every level: authorities that publish lists, signatories with any kind
//! of key, and two timestamping authorities, of which one ends early.

use crate::authority::*;
use crate::support::{POLICY, at, key, pem, plan};
use chancery_pdf::{Limits, SignaturePlan, prepare_signature};
use chancery_signature as sig;
use sig::report::SignatureReport;
use sig::{
    Anchors, ExtendError, Extended, Extension, GivenEvidence, Indication, KeyKind, LongTermLevel,
    ValidationPolicy, ValidationReport,
};

/// When everybody signs, when evidence is gathered, and when others have to judge.
pub const SIGNED: &str = "2026-07-31T12:00:00Z";
pub const GATHERED: &str = "2026-08-02T12:00:00Z";
pub const YEARS_LATER: &str = "2028-06-01T00:00:00Z";
/// Before the first timestamping authority ends, and long after.
pub const RENEWED: &str = "2028-12-01T00:00:00Z";
pub const DECADE_LATER: &str = "2034-06-01T00:00:00Z";

pub struct Town {
    pub root: Holder,
    /// The ones above the timestamping authorities.
    pub stamps_roots: [Holder; 2],
    pub authority: Holder,
    /// Until January 2029.
    pub first_stamps: Holder,
    /// Until 2038.
    pub second_stamps: Holder,
}

/// Whether timestamping authorities declare that no revocation comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stamps {
    NeverRevoked,
    Listed,
}

impl Town {
    pub fn new(stamps: Stamps) -> Self {
        let root = Draft::authority("Корень", 1)
            .valid("2026-01-01T00:00:00Z", "2046-01-01T00:00:00Z")
            .own();
        let authority = Draft::authority("Издатель", 2)
            .valid("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z")
            .by(&root);
        let stamps_root = |name: &str, seed| {
            let draft = Draft::authority(name, seed);
            draft
                .valid("2026-01-01T00:00:00Z", "2046-01-01T00:00:00Z")
                .own()
        };
        let stamps_roots = [
            stamps_root("Корень времени", 6),
            stamps_root("Новый корень времени", 7),
        ];
        let service = |name: &str, seed, until: &str, by: &Holder| {
            let draft =
                Draft::service(name, seed, TIME_STAMPING).valid("2026-01-01T00:00:00Z", until);
            match stamps {
                Stamps::NeverRevoked => draft.with(NO_REV_AVAIL, false, &[5, 0]),
                Stamps::Listed => draft,
            }
            .by(by)
        };
        Self {
            first_stamps: service(
                "Служба времени",
                3,
                "2029-01-01T00:00:00Z",
                &stamps_roots[0],
            ),
            second_stamps: service(
                "Новая служба времени",
                4,
                "2038-01-01T00:00:00Z",
                &stamps_roots[1],
            ),
            root,
            stamps_roots,
            authority,
        }
    }

    /// A signatory; the certificate ends with the year.
    pub fn person(&self, kind: KeyKind, seed: u8) -> Holder {
        Draft::person(&format!("Анна {seed}"), seed)
            .valid("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
            .of_key(&key(kind, seed))
            .by(&self.authority)
    }

    /// The lists of the issuing authority, the root, and the roots above timestamps.
    pub fn lists(&self, day: &str, until: &str) -> Vec<Vec<u8>> {
        let list = List::of(day, until, vec![]);
        let [first, second] = &self.stamps_roots;
        [&self.authority, &self.root, first, second]
            .map(|issuer| list.by(issuer))
            .to_vec()
    }

    /// The lists of the week in which evidence is gathered.
    pub fn evidence(&self) -> GivenEvidence {
        given(&self.lists("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z"))
    }

    pub fn anchors(&self) -> Anchors {
        Anchors::from_pem_or_der(self.pem().as_bytes()).unwrap()
    }

    /// All roots.
    pub fn pem(&self) -> String {
        let [first, second] = &self.stamps_roots;
        [&self.root, first, second]
            .map(|root| pem(&root.certificate))
            .concat()
    }

    /// A detached CMS by `signer`, with a token if `moment` is given.
    pub fn cms(&self, signer: &Holder, attributes: &[u8], moment: Option<&str>) -> Vec<u8> {
        let value = signer.key.sign(attributes).unwrap();
        let imprint = *chancery_types::Digest::of(&value).as_bytes();
        let token = moment.map(|moment| stamp(&self.first_stamps, &imprint, moment));
        let parts = sig::Parts {
            signed_attributes: attributes,
            value: &value,
            certificate: &signer.certificate,
            chain: std::slice::from_ref(&self.authority.certificate),
            timestamp_token: token.as_deref(),
        };
        sig::assemble(&parts).unwrap()
    }

    /// `file` with one more signature by a plan.
    pub fn sign(
        &self,
        file: &[u8],
        signer: &Holder,
        plan: &SignaturePlan<'_>,
        moment: Option<&str>,
    ) -> Vec<u8> {
        let mut prepared = prepare_signature(file, &Limits::default(), plan).unwrap();
        let algorithm = signer.key.kind().digest_algorithm();
        let digest = algorithm.digest(&prepared.signed_spans(file));
        let attributes = sig::signed_attributes(algorithm, &digest, &signer.certificate).unwrap();
        let cms = self.cms(signer, &attributes, moment);
        prepared.embed(&cms).unwrap();
        [file, &prepared.tail].concat()
    }

    /// `file` signed by `count` people with keys of one kind, one after another.
    pub fn signed(&self, file: &[u8], kind: KeyKind, count: u8, moment: Option<&str>) -> Vec<u8> {
        (0..count).fold(file.to_vec(), |file, index| {
            let signer = self.person(kind, 10 + index);
            self.sign(&file, &signer, &plan(&signer.name), moment)
        })
    }

    /// `file` with its level raised, or why not.
    pub fn try_extend(
        &self,
        file: &[u8],
        level: LongTermLevel,
        (stamps, moment): (&Holder, &str),
        evidence: &GivenEvidence,
    ) -> Result<Extended, ExtendError> {
        let wanted = Extension {
            level,
            evidence,
            anchors: &self.anchors(),
            policy: &ValidationPolicy::default(),
            at: at(moment),
            limits: &sig::Limits::default(),
        };
        sig::extend_pdf(file, &wanted, |imprint| Ok(stamp(stamps, imprint, moment)))
    }

    /// `file` with its level raised in the week in which evidence is gathered.
    pub fn extended(&self, file: &[u8], level: LongTermLevel) -> Vec<u8> {
        let by = (&self.first_stamps, GATHERED);
        let extended = self.try_extend(file, level, by, &self.evidence());
        [file, &extended.unwrap().bytes].concat()
    }

    pub fn judged(&self, file: &[u8], moment: &str, given: &GivenEvidence) -> ValidationReport {
        let facts = sig::gather_pdf(file, &sig::Limits::default());
        let policy = ValidationPolicy::default();
        sig::judge_with(&facts, &policy, at(moment), &self.anchors(), given)
    }
}

/// A token over `imprint`.
pub fn stamp(authority: &Holder, imprint: &[u8; 32], moment: &str) -> Vec<u8> {
    let (key, certificate) = (authority.key.clone(), authority.certificate.clone());
    let tsa = sig::TimestampAuthority::new(key, certificate, vec![]).unwrap();
    let request = sig::TimestampRequest {
        imprint: *imprint,
        gen_time: at(moment),
        serial: [9; 16],
        policy: POLICY,
        nonce: None,
    };
    tsa.timestamp(&request).unwrap()
}

pub fn given(pieces: &[Vec<u8>]) -> GivenEvidence {
    let mut evidence = GivenEvidence::none();
    for piece in pieces {
        evidence.add(piece).expect("a piece of evidence");
    }
    evidence
}

/// Demands that the file and each of its signatures passed.
pub fn all_passed(report: &ValidationReport, count: usize, what: &str) {
    let passed = |one: &&SignatureReport| one.indication == Indication::TotalPassed;
    let codes = crate::forge::codes(report);
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{what}: {codes:?}"
    );
    let found = report.signatures.iter().filter(passed).count();
    assert_eq!(found, count, "{what}: {codes:?}");
    assert_eq!(report.signatures.len(), count, "{what}: {codes:?}");
    // Where a level is named, every signature says that it has it, whatever is given beside.
    if let Some(level) = what.split(' ').next().filter(|word| word.starts_with("B-")) {
        let stamps = sig::facts::SignatureForm::DocumentTimestamp;
        for one in report.signatures.iter().filter(|one| one.form != stamps) {
            let found = one.level.map(sig::report::SignatureLevel::name);
            assert_eq!(found, Some(level), "{what}");
        }
    }
}
