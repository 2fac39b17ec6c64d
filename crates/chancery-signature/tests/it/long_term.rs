//! Signatures after years: what timestamps over evidence prove, and what they do not
//! (EN 319 102-1, 5.6).

use crate::authority::*;
use crate::forge::{Forge, Plan, codes, facts, form_objects};
use crate::support::at;
use chancery_signature as sig;
use sig::report::Revocation;
use sig::{Anchors, GivenEvidence, Indication, SubIndication, ValidationPolicy, ValidationReport};

/// A PDF in the making, with a store and timestamps: each step is a revision.
#[derive(Clone)]
pub struct Archive {
    forge: Forge,
    pub root: Holder,
    pub authority: Holder,
    person: Holder,
    fields: Vec<u32>,
    pieces: Vec<u32>,
    /// Whether there is a store though it holds nothing.
    empty_store: bool,
    next: u32,
}

impl Archive {
    pub fn new(person: Draft) -> Self {
        let root = Draft::authority("Корень", 1)
            .valid("2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
            .own();
        let authority = Draft::authority("Издатель", 2)
            .valid("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z")
            .by(&root);
        let person = person.by(&authority);
        let mut forge = Forge::empty();
        let objects = form_objects();
        forge.update(&objects);
        Self {
            forge,
            root,
            authority,
            person,
            fields: vec![5, 6],
            pieces: vec![],
            empty_store: false,
            next: 20,
        }
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn catalog(&self) -> (u32, String) {
        let list = |numbers: &[u32]| {
            let references = numbers.iter().map(|number| format!("{number} 0 R "));
            references.collect::<String>()
        };
        let store = match self.pieces.as_slice() {
            [] if !self.empty_store => String::new(),
            pieces => format!("/DSS<</CRLs[{}]>>", list(pieces)),
        };
        let fields = list(&self.fields);
        let text = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]/SigFlags 3>>{store}>>"
        );
        (1, text)
    }

    fn page(&self) -> (u32, String) {
        let numbers = self.fields.iter();
        let fields: String = numbers.map(|number| format!("{number} 0 R ")).collect();
        let text = format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
             /Annots[{fields}]>>"
        );
        (3, text)
    }

    /// A new field with a value, and the objects that it changes.
    fn plan(&mut self, sub_filter: &'static str) -> Plan {
        let (field, value) = (self.number(), self.number());
        self.fields.push(field);
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig{field})/Rect[0 0 0 0]/F 132/P 3 0 R\
             /V {value} 0 R>>"
        );
        let objects = vec![self.catalog(), self.page(), (field, widget)];
        let mut plan = Plan::new(value, objects);
        plan.sub_filter = sub_filter;
        plan
    }

    pub fn signed(mut self, extras: &Extras) -> Self {
        let plan = self.plan("ETSI.CAdES.detached");
        let extras = Extras {
            certificates: vec![self.authority.certificate.clone()],
            token_by: extras.token_by.clone(),
            ..Extras::default()
        };
        let person = self.person.clone();
        self.forge
            .sign(&plan, |spans| signed_cms(&person, spans, &extras));
        self
    }

    pub fn stored(mut self, pieces: &[Vec<u8>]) -> Self {
        let mut objects = vec![];
        for piece in pieces {
            let (number, digits) = (self.number(), hex::encode(piece));
            self.pieces.push(number);
            let length = digits.len() + 1;
            let text =
                format!("<</Length {length}/Filter/ASCIIHexDecode>>\nstream\n{digits}>\nendstream");
            objects.push((number, text));
        }
        objects.push(self.catalog());
        self.forge.update(&objects);
        self
    }

    /// The store written anew, with these alone.
    pub fn stored_only(mut self, pieces: &[Vec<u8>]) -> Self {
        self.pieces.clear();
        self.empty_store = pieces.is_empty();
        self.stored(pieces)
    }

    pub fn stamped(mut self, authority: &Holder, moment: &str) -> Self {
        let plan = self.plan("ETSI.RFC3161");
        self.forge
            .sign(&plan, |spans| token(authority, spans, moment));
        self
    }

    /// The lists of both authorities.
    pub fn lists(&self, of: (&str, &str)) -> Vec<Vec<u8>> {
        let list = List::of(of.0, of.1, vec![]);
        vec![list.by(&self.root), list.by(&self.authority)]
    }

    pub fn stamps(&self, name: &str, seed: u8, until: &str) -> Holder {
        Draft::service(name, seed, TIME_STAMPING)
            .with(NO_REV_AVAIL, false, &[5, 0])
            .valid("2026-01-01T00:00:00Z", until)
            .by(&self.root)
    }

    pub fn judged(&self, moment: &str, given: &[Vec<u8>]) -> ValidationReport {
        self.judged_by(moment, given, &ValidationPolicy::default())
    }

    fn judged_by(
        &self,
        moment: &str,
        given: &[Vec<u8>],
        policy: &ValidationPolicy,
    ) -> ValidationReport {
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut evidence = GivenEvidence::none();
        for piece in given {
            evidence.add(piece).expect("a piece of evidence");
        }
        let facts = facts(&self.forge.bytes);
        sig::judge_with(&facts, policy, at(moment), &anchors, &evidence)
    }
}

pub fn person() -> Draft {
    Draft::person("Анна", 5).valid("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
}

/// The signature, which is the first.
pub fn outcome(report: &ValidationReport) -> (Indication, Option<SubIndication>) {
    let first = &report.signatures[0];
    (first.indication, first.sub_indication)
}

pub const PASSED: (Indication, Option<SubIndication>) = (Indication::TotalPassed, None);

pub fn open(sub: SubIndication) -> (Indication, Option<SubIndication>) {
    (Indication::Indeterminate, Some(sub))
}

pub const JUNE: (&str, &str) = ("2026-06-02T00:00:00Z", "2026-06-09T00:00:00Z");

#[test]
fn evidence_of_the_days_after_signing_carries_a_stamped_signature_for_years() {
    let archive = Archive::new(person());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let extras = Extras {
        token_by: Some((stamps, "2026-06-01T00:00:00Z")),
        ..Extras::default()
    };
    let bare = archive.signed(&extras);
    let report = bare.judged("2028-01-01T00:00:00Z", &[]);
    assert_eq!(outcome(&report), open(SubIndication::TryLater));
    let kept = bare.clone().stored(&bare.lists(JUNE));
    let report = kept.judged("2028-01-01T00:00:00Z", &[]);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    let chain = &report.signatures[0].chain;
    let states: Vec<Revocation> = chain.iter().map(|link| link.revocation).collect();
    assert_eq!(
        states,
        [Revocation::Good, Revocation::Good, Revocation::Anchor]
    );
    // Lists that spoke only until before the signature prove nothing of it.
    let early = ("2026-05-02T00:00:00Z", "2026-05-09T00:00:00Z");
    let stale = bare.clone().stored(&bare.lists(early));
    let report = stale.judged("2028-01-01T00:00:00Z", &[]);
    assert_eq!(outcome(&report), open(SubIndication::TryLater));
}

#[test]
fn a_document_timestamp_proves_the_signature_before_its_certificate_was_revoked() {
    let archive = Archive::new(person());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let signed = archive.signed(&Extras::default());
    let stored = signed.clone().stored(&signed.lists(JUNE));
    let stamped = stored.clone().stamped(&stamps, "2026-06-03T00:00:00Z");
    let revoked = List::of(
        "2026-11-01T00:00:00Z",
        "2027-11-01T00:00:00Z",
        vec![entry(5, "2026-10-01T00:00:00Z", Some(1))],
    );
    let given = [revoked.by(&stamped.authority)];
    let now = "2027-06-01T00:00:00Z";
    let report = stamped.judged(now, &given);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    assert!(codes(&report).contains(&"certificate_revoked_later"));
    assert_eq!(
        report.signatures[0].time.proven,
        Some(at("2026-06-03T00:00:00Z"))
    );
    let report = stored.judged("2026-11-15T00:00:00Z", &given);
    assert_eq!(outcome(&report), open(SubIndication::RevokedNoPoe));
}

/// Goal: a signature that passes by a document timestamp alone is as open as whoever made that.
/// Method: a signer who was revoked later, a timestamp of an authority of whom nobody knows whether
/// it was, under a policy that does not ask; and with its list. Neither is its kind borne out as
/// long as that is open.
#[test]
fn a_document_timestamp_of_open_revocation_leaves_open_what_rests_on_it() {
    let archive = Archive::new(person());
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING)
        .valid("2026-01-01T00:00:00Z", "2035-01-01T00:00:00Z")
        .by(&archive.root);
    let stamped = archive.signed(&Extras::default());
    let stamped = stamped.stamped(&stamps, "2026-06-03T00:00:00Z");
    let list = |entries| List::of("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z", entries);
    let revoked = list(vec![entry(5, "2026-10-01T00:00:00Z", Some(1))]).by(&stamped.authority);
    let roots = list(vec![]).by(&stamped.root);
    let lenient = ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    };
    let now = "2027-06-01T00:00:00Z";
    for (given, is_open) in [(vec![revoked.clone()], true), (vec![revoked, roots], false)] {
        let report = stamped.judged_by(now, &given, &lenient);
        assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
        let one = &report.signatures[0];
        assert_eq!(one.leaves_revocation_open(), is_open);
        let subject = |text: &str| {
            let mut waived = one.warnings.iter();
            waived.any(|it| {
                it.code == sig::Code::RevocationWaived
                    && it.args.get("subject").is_some_and(|it| it.contains(text))
            })
        };
        assert_eq!(subject("Служба времени"), is_open, "{:?}", one.warnings);
        assert_eq!(one.kind.expect("a kind").confirmed, !is_open);
    }
}

#[test]
fn an_authority_that_fell_later_takes_only_what_is_not_proven_older() {
    let archive = Archive::new(person());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let extras = Extras {
        token_by: Some((stamps.clone(), "2026-06-01T00:00:00Z")),
        ..Extras::default()
    };
    let signed = archive.signed(&extras);
    let stored = signed.clone().stored(&signed.lists(JUNE));
    let stamped = stored.clone().stamped(&stamps, "2026-06-03T00:00:00Z");
    let fallen = List::of(
        "2026-11-01T00:00:00Z",
        "2028-11-01T00:00:00Z",
        vec![entry(2, "2026-10-01T00:00:00Z", Some(2))],
    );
    let given = [fallen.by(&stamped.root)];
    let now = "2027-06-01T00:00:00Z";
    let report = stamped.judged(now, &given);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    assert_eq!(
        report.signatures[0].chain[1].revocation,
        Revocation::RevokedLater
    );
    // The same without the timestamp over the lists: they could be of yesterday.
    let report = stored.judged(now, &given);
    assert_eq!(outcome(&report), open(SubIndication::NoPoe));
    // A timestamp of after the fall proves nothing either.
    let late = stored.stamped(&stamps, "2026-12-01T00:00:00Z");
    let report = late.judged(now, &given);
    assert_eq!(outcome(&report), open(SubIndication::NoPoe));
}

/// Goal: each timestamp is judged at the time that the next one proves, to any depth.
#[test]
fn timestamps_carry_one_another_past_the_ends_of_their_certificates() {
    let archive = Archive::new(person());
    let ends = [
        "2026-09-01",
        "2027-09-01",
        "2028-09-01",
        "2029-09-01",
        "2031-01-01",
    ];
    let authorities: Vec<Holder> = (0_u8..5)
        .zip(ends)
        .map(|(index, end)| {
            let name = format!("Служба времени {index}");
            archive.stamps(&name, 30 + index, &format!("{end}T00:00:00Z"))
        })
        .collect();
    let signed = archive.signed(&Extras::default());
    let mut file = signed.clone().stored(&signed.lists(JUNE));
    let moments = [
        "2026-06-03",
        "2026-08-01",
        "2027-08-01",
        "2028-08-01",
        "2029-08-01",
    ];
    let mut files = vec![];
    for (authority, moment) in authorities.iter().zip(moments) {
        file = file.stamped(authority, &format!("{moment}T00:00:00Z"));
        files.push(file.clone());
    }
    let now = "2030-06-01T00:00:00Z";
    let report = files[4].judged(now, &[]);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    assert_eq!(
        report.signatures[0].time.proven,
        Some(at("2026-06-03T00:00:00Z"))
    );
    for stamp in &report.signatures[1..] {
        assert_eq!(stamp.indication, Indication::TotalPassed);
    }
    // Without the last one the whole tower falls.
    let report = files[3].judged(now, &[]);
    assert_ne!(outcome(&report), PASSED);
    assert_eq!(report.signatures[0].time.proven, None);
    // A missing step in the middle: the second was proven only after its end.
    let gap = signed
        .clone()
        .stored(&signed.lists(JUNE))
        .stamped(&authorities[0], "2026-06-03T00:00:00Z")
        .stamped(&authorities[4], "2029-08-01T00:00:00Z");
    let report = gap.judged(now, &[]);
    assert_eq!(
        report.signatures[0].time.proven,
        Some(at("2029-08-01T00:00:00Z"))
    );
    assert_ne!(outcome(&report), PASSED);
}

#[test]
fn a_signature_over_a_timestamp_of_after_the_revocation_is_proven_late() {
    let archive = Archive::new(person());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let first = archive.signed(&Extras::default());
    let lists = first.lists(JUNE);
    let stamped = first
        .stored(&lists)
        .stamped(&stamps, "2026-11-02T00:00:00Z");
    let again = stamped.signed(&Extras::default());
    let revoked = List::of(
        "2026-11-01T00:00:00Z",
        "2027-11-01T00:00:00Z",
        vec![entry(5, "2026-10-01T00:00:00Z", Some(1))],
    );
    let report = again.judged("2026-11-15T00:00:00Z", &[revoked.by(&again.authority)]);
    assert_eq!(outcome(&report), open(SubIndication::RevokedNoPoe));
    let last = report.signatures.last().unwrap();
    assert_eq!(
        (last.indication, last.sub_indication),
        (Indication::TotalFailed, Some(SubIndication::Revoked)),
        "{:?}",
        codes(&report)
    );
}

/// Goal: a broken digest is judged by the time since when something is proven to exist. Method: the
/// signer's certificate is over SHA-1, which breaks in July; a timestamp of June, one of August.
#[test]
fn a_certificate_over_a_digest_that_broke_later_counts_if_it_is_older() {
    let policy = ValidationPolicy {
        sha1_until: Some(at("2026-07-01T00:00:00Z")),
        ..ValidationPolicy::default()
    };
    let archive = Archive::new(person().weak());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let signed = archive.signed(&Extras::default());
    let stored = signed.clone().stored(&signed.lists(JUNE));
    let now = "2026-11-01T00:00:00Z";
    let early = stored.clone().stamped(&stamps, "2026-06-03T00:00:00Z");
    let report = early.judged_by(now, &[], &policy);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    let late = stored.stamped(&stamps, "2026-08-03T00:00:00Z");
    let fresh = ("2026-08-02T00:00:00Z", "2026-12-09T00:00:00Z");
    let report = late.judged_by(now, &late.lists(fresh), &policy);
    assert_eq!(
        outcome(&report),
        open(SubIndication::CryptoConstraintsFailure)
    );
    assert!(codes(&report).contains(&"chain_weak"));
}
