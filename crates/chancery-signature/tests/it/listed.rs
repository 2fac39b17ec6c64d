//! What trusted lists say of the authorities of a path, and what of a certificate's claim they let
//! count: the nearest one, at the certificate's issue and at its use, for what it is listed.

use chancery_signature as sig;
use sig::facts::Der;
use sig::listed::{ListedAuthority, ListedIssue, ListedSpan, Qualification};
use sig::signature_kind::{KindRemark, Law, LegalClass, SignatureKind};
use sig::{Anchors, Code, GivenEvidence, Limits, ValidationPolicy};

use crate::authority::{Draft, Extras, Holder, List, NO_REV_AVAIL, TIME_STAMPING, signed_cms};
use crate::forge::{der, oid};
use crate::support::at;

const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
const QC_TYPE: &str = "0.4.0.1862.1.6";
const POLICY: &str = "1.3.6.1.4.1.32473.7";
const SIGNATURES: &str = "0.4.0.1862.1.6.1";
const SEALS: &str = "0.4.0.1862.1.6.2";
const WEB: &str = "0.4.0.1862.1.6.3";
/// When the signer's certificate begins; it holds for a day.
const ISSUED: &str = "2026-06-01T00:00:00Z";
const SIGNED: &str = "2026-06-01T12:00:00Z";
/// When the list was issued that is at hand, and when the next one is due.
const MADE: &str = "2026-05-15T00:00:00Z";
const DUE: &str = "2026-11-15T00:00:00Z";
const LONG_BEFORE: &str = "2020-01-01T00:00:00Z";

/// A root, a centre under it, and whoever signed with a certificate of the centre's.
struct Town {
    root: Holder,
    centre: Holder,
    signer: Holder,
}

impl Town {
    /// The signer's certificate says that it is a qualified one in a device, for these uses.
    fn for_uses(uses: &[&str]) -> Self {
        let root = Draft::authority("Root", 1).own();
        let centre = Draft::authority("Centre", 3).by(&root);
        let mut said: Vec<Vec<u8>> = ["0.4.0.1862.1.1", "0.4.0.1862.1.4"]
            .iter()
            .map(|id| der(0x30, &[&oid(id)]))
            .collect();
        if !uses.is_empty() {
            let uses: Vec<u8> = uses.iter().flat_map(|id| oid(id)).collect();
            said.push(der(0x30, &[&oid(QC_TYPE), &der(0x30, &[&uses])]));
        }
        let policies = der(0x30, &[&der(0x30, &[&oid(POLICY)])]);
        let signer = Draft::person("Person", 2)
            .valid(ISSUED, "2026-06-02T00:00:00Z")
            .with(NO_REV_AVAIL, false, &der(5, &[]))
            .with("2.5.29.32", false, &policies)
            .with(QC_STATEMENTS, false, &der(0x30, &[&said.concat()]))
            .by(&centre);
        Self {
            root,
            centre,
            signer,
        }
    }

    fn anchors(&self, listed: &[(&Holder, &[ListedSpan])]) -> Anchors {
        let listed = listed
            .iter()
            .map(|(holder, spans)| authority(holder, spans));
        let trusted = Anchors::from_pem_or_der(&self.root.certificate).expect("a root");
        trusted.with_listed([issue(MADE, DUE, listed.collect())])
    }

    /// What a signature of now is, by what these lists say.
    fn kind(&self, listed: &[(&Holder, &[ListedSpan])]) -> SignatureKind {
        self.judged((listed, &ValidationPolicy::default()), None, SIGNED)
    }

    /// The same by a policy, of one that a timestamp proves, or of now.
    fn judged(
        &self,
        (listed, policy): (&[(&Holder, &[ListedSpan])], &ValidationPolicy),
        stamped: Option<&'static str>,
        now: &str,
    ) -> SignatureKind {
        let stamps = Draft::service("Stamps", 4, TIME_STAMPING).by(&self.root);
        let extras = Extras {
            certificates: vec![self.centre.certificate.clone()],
            token_by: stamped.map(|moment| (stamps, moment)),
            ..Extras::default()
        };
        self.told(&self.anchors(listed), policy, &extras, now).0
    }

    /// The same with the codes of what is remarked.
    fn told(
        &self,
        anchors: &Anchors,
        policy: &ValidationPolicy,
        extras: &Extras,
        now: &str,
    ) -> (SignatureKind, Vec<Code>) {
        let content: &[u8] = b"a contract";
        let cms = signed_cms(&self.signer, &[content], extras);
        let facts = sig::gather_cms(&cms, Some(content), &Limits::default());
        let mut given = GivenEvidence::none();
        for (made, next) in [
            ("2026-06-01T11:00:00Z", "2026-06-08T00:00:00Z"),
            ("2026-09-01T00:00:00Z", "2026-09-08T00:00:00Z"),
        ] {
            let list = List::of(made, next, vec![]).by(&self.root);
            given.add(&list).expect("a list");
        }
        let report = sig::judge_with(&facts, policy, at(now), anchors, &given);
        let one = &report.signatures[0];
        assert_eq!(
            one.indication,
            sig::Indication::TotalPassed,
            "{:?}",
            one.reasons
        );
        let remarks = one.warnings.iter().map(|one| one.code);
        (one.kind.expect("a kind"), remarks.collect())
    }
}

fn authority(holder: &Holder, spans: &[ListedSpan]) -> ListedAuthority {
    ListedAuthority {
        certificates: vec![Der::from(holder.certificate.clone())],
        spans: spans.to_vec(),
    }
}

/// An issue of one list, which another is due after.
fn issue(issued: &str, due: &str, authorities: Vec<ListedAuthority>) -> ListedIssue {
    ListedIssue {
        law: Law::EuropeanUnion,
        territory: Some("DE".to_owned()),
        issued: at(issued),
        sequence: None,
        due: at(due),
        authorities,
    }
}

fn span(since: &str, until: Option<&str>, signatures: bool, seals: bool) -> ListedSpan {
    ListedSpan {
        since: at(since),
        until: until.map(at),
        signatures,
        seals,
        qualifications: vec![],
    }
}

fn granted() -> ListedSpan {
    span(LONG_BEFORE, None, true, true)
}

/// One that is granted, with this qualifier for the certificates of a policy.
fn qualified(qualifier: &str, assertion: &str, policies: &[&str]) -> ListedSpan {
    let uri = format!("http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/{qualifier}");
    let policies = policies.iter().map(|one| (*one).to_owned()).collect();
    let qualification = Qualification {
        qualifiers: vec![uri],
        assertion: assertion.to_owned(),
        policies: vec![policies],
        ..Qualification::default()
    };
    ListedSpan {
        qualifications: vec![qualification],
        ..granted()
    }
}

/// Goal: the listed authority nearest to the certificate decides, though one above it is granted.
/// Method: a root that is granted, over a centre that is granted, withdrawn or not listed; the
/// centre known by another certificate of its key; a centre that two services are of.
#[test]
fn the_nearest_listed_authority_decides() {
    let town = Town::for_uses(&[SIGNATURES]);
    let ended = [
        span(LONG_BEFORE, Some("2021-01-01T00:00:00Z"), true, true),
        span("2021-01-01T00:00:00Z", None, false, false),
    ];
    let never = [span(LONG_BEFORE, None, false, false)];
    let (root, centre) = (&town.root, &town.centre);
    let good = [granted()];
    assert!(!town.kind(&[]).confirmed, "nobody is listed");
    assert!(town.kind(&[(root, &good)]).confirmed);
    assert!(town.kind(&[(root, &never), (centre, &good)]).confirmed);
    for bad in [&ended[..], &never, &[]] {
        assert!(!town.kind(&[(root, &good), (centre, bad)]).confirmed);
        assert!(!town.kind(&[(centre, bad), (root, &good)]).confirmed);
    }
    // Its key is what it is known by: another certificate of it denies as well.
    let renewed = Draft::authority("Centre", 3).own();
    assert!(!town.kind(&[(root, &good), (&renewed, &never)]).confirmed);
    // Lists name a service for each use, and one of them may have ended.
    let both = town.kind(&[(centre, &never), (centre, &good)]);
    assert!(both.confirmed, "one of its services is granted");
}

/// Goal: who is listed for seals or web sites alone confirms no person's signature, and the other
/// way round; a certificate for web sites alone is no qualified one for signatures. Method: each
/// use of a certificate by each use of a service.
#[test]
fn a_service_confirms_what_it_is_listed_for() {
    for (uses, signature, seal) in [
        (&[SIGNATURES][..], true, false),
        (&[][..], true, false),
        (&[SIGNATURES, SEALS][..], true, false),
        (&[SEALS][..], true, true),
    ] {
        let town = Town::for_uses(uses);
        for (signatures, seals) in [(true, true), (true, false), (false, true), (false, false)] {
            let listed = [span(LONG_BEFORE, None, signatures, seals)];
            let kind = town.kind(&[(&town.centre, &listed)]);
            assert_eq!(kind.class, LegalClass::Qualified);
            assert_eq!(kind.seal, seal, "{uses:?}");
            let confirmed = if seal { seals } else { signatures && signature };
            assert_eq!(kind.confirmed, confirmed, "{uses:?} {listed:?}");
        }
    }
    let web = Town::for_uses(&[WEB]);
    let kind = web.kind(&[(&web.centre, &[granted()])]);
    assert_eq!((kind.class, kind.law), (LegalClass::Advanced, None));
}

/// Goal: what a list takes away from certificates is taken away, of those that it says it of, and
/// of those too of whom that cannot be told; what it would add is not taken. Method: each qualifier
/// for all, for the certificate's policy, for another's, and by criteria that are not read.
#[test]
fn qualifiers_take_away() {
    use LegalClass::{AdvancedWithQualifiedCertificate, Qualified};
    let town = Town::for_uses(&[SIGNATURES]);
    let kind = |span: ListedSpan| {
        let kind = town.kind(&[(&town.centre, &[span])]);
        (kind.class, kind.seal, kind.confirmed)
    };
    let untouched = (Qualified, false, true);
    for (qualifier, expected) in [
        ("NotQualified", (Qualified, false, false)),
        ("QCForWSA", (Qualified, false, false)),
        ("QCForESig", untouched),
        // The certificate says that it is for signatures: one of the two is wrong.
        ("QCForESeal", (Qualified, true, false)),
        ("QCForLegalPerson", (Qualified, true, false)),
        ("QCNoSSCD", (AdvancedWithQualifiedCertificate, false, true)),
        ("QCNoQSCD", (AdvancedWithQualifiedCertificate, false, true)),
        ("QCWithQSCD", untouched),
        ("QCQSCDStatusAsInCert", untouched),
        ("QCStatement", untouched),
        ("QCForSomethingNew", (Qualified, false, false)),
    ] {
        for (assertion, policies, applies) in [
            ("all", &[][..], true),
            ("all", &[POLICY][..], true),
            ("atLeastOne", &[POLICY][..], true),
            ("none", &["1.3.6.1.4.1.32473.8"][..], true),
            ("all", &["1.3.6.1.4.1.32473.8"][..], false),
            ("none", &[POLICY][..], false),
            // What nobody can read may be meant for it.
            ("some", &["1.3.6.1.4.1.32473.8"][..], true),
            ("all", &["no identifier"][..], true),
        ] {
            let told = kind(qualified(qualifier, assertion, policies));
            let expected = if applies { expected } else { untouched };
            assert_eq!(told, expected, "{qualifier} {assertion} {policies:?}");
        }
    }
    let mut unread = qualified("NotQualified", "all", &[POLICY]);
    unread.qualifications[0].incomplete = true;
    assert!(!kind(unread).2, "more is asked than can be read");
    let mut both = qualified("QCForESig", "all", &[]);
    let seal = qualified("QCForESeal", "all", &[]);
    both.qualifications.extend(seal.qualifications);
    assert!(!kind(both).2, "it is for one of the two");
    // One that says of neither is a seal if the list says so of it, and nothing if nobody can read
    // whether it does.
    let silent = Town::for_uses(&[]);
    for (assertion, expected) in [("all", true), ("some", false)] {
        let called = [qualified("QCForESeal", assertion, &[POLICY])];
        let kind = silent.kind(&[(&silent.centre, &called)]);
        assert_eq!((kind.seal, kind.confirmed), (true, expected), "{assertion}");
    }
    // A seal of which the list says that it is a signature is neither.
    let sealing = Town::for_uses(&[SEALS]);
    let called = [qualified("QCForESig", "all", &[POLICY])];
    let kind_of_seal = sealing.kind(&[(&sealing.centre, &called)]);
    assert_eq!((kind_of_seal.seal, kind_of_seal.confirmed), (true, false));
    // By the uses of keys: this one signs, and seals no other keys.
    for (usage, is_set, applies) in [
        ("digitalSignature", true, true),
        ("nonRepudiation", true, true),
        ("keyEncipherment", true, false),
        ("keyEncipherment", false, true),
        ("unheardOf", true, true),
    ] {
        let mut span = qualified("QCNoQSCD", "all", &[]);
        let usages = vec![vec![(usage.to_owned(), is_set)]];
        span.qualifications[0].policies.clear();
        span.qualifications[0].key_usages = usages;
        let class = kind(span).0;
        let expected = if applies {
            AdvancedWithQualifiedCertificate
        } else {
            Qualified
        };
        assert_eq!(class, expected, "{usage} {is_set}");
    }
}

/// Goal: an authority is asked what it was when the certificate was issued and when it was used, by
/// the time that is proven and else by now. Method: services that begin, end and pause about both
/// moments; a signature that a timestamp proves, judged months later.
#[test]
fn an_authority_is_asked_of_the_issue_and_of_the_use() {
    let town = Town::for_uses(&[SIGNATURES]);
    let is = |spans: &[ListedSpan]| town.kind(&[(&town.centre, spans)]).confirmed;
    let between = "2026-06-01T06:00:00Z";
    assert!(is(&[span(ISSUED, None, true, true)]), "since the issue");
    assert!(!is(&[span(between, None, true, true)]), "too late");
    assert!(!is(&[span("2026-11-01T00:00:00Z", None, true, true)]));
    assert!(!is(&[span(LONG_BEFORE, Some(between), true, true)]));
    assert!(!is(&[span(LONG_BEFORE, Some(SIGNED), true, true)]));
    let pause = ["2026-06-01T03:00:00Z", between];
    let resumed = |end: &str| {
        [
            span(LONG_BEFORE, Some(pause[0]), true, true),
            span(pause[0], Some(pause[1]), false, false),
            span(pause[1], Some(end), true, true),
        ]
    };
    assert!(is(&resumed("2027-01-01T00:00:00Z")), "the pause is neither");
    assert!(!is(&resumed("2026-06-01T09:00:00Z")));

    // Proven for a time when it was granted, it stays so; proven for an earlier one, it is not.
    let (stamp, later) = ("2026-06-01T10:00:00Z", "2026-09-01T12:00:00Z");
    let policy = ValidationPolicy::default();
    let proven = |spans: &[ListedSpan]| {
        let listed = [(&town.centre, spans)];
        town.judged((&listed, &policy), Some(stamp), later)
            .confirmed
    };
    let ended_since = span(LONG_BEFORE, Some("2026-07-01T00:00:00Z"), true, true);
    assert!(proven(&[ended_since]), "withdrawn later");
    assert!(!proven(&[span(LONG_BEFORE, Some(between), true, true)]));
    assert!(!proven(&[span("2026-07-01T00:00:00Z", None, true, true)]));
}

/// Goal: a list tells what is until its next issue is due: what is not proven to be older is not
/// confirmed by it, and that is remarked; what is proven stays. Of two issues of one list the later
/// counts alone, whichever stands first, and a list of another country is not one of them. Method:
/// lists due before and after the use and the issue of the certificate; an issue that grants beside
/// one that does not, older, newer, and of another country.
#[test]
fn a_list_tells_what_is_until_its_next_issue() {
    let town = Town::for_uses(&[SIGNATURES]);
    let policy = ValidationPolicy::default();
    let trusted = || Anchors::from_pem_or_der(&town.root.certificate).expect("a root");
    let of = |issued: &str, due: &str, spans: &[ListedSpan]| {
        issue(issued, due, vec![authority(&town.centre, spans)])
    };
    let told = |lists: Vec<ListedIssue>, stamped: Option<&'static str>, now: &str| {
        let stamps = Draft::service("Stamps", 4, TIME_STAMPING).by(&town.root);
        let extras = Extras {
            certificates: vec![town.centre.certificate.clone()],
            token_by: stamped.map(|moment| (stamps, moment)),
            ..Extras::default()
        };
        let (kind, remarks) = town.told(&trusted().with_listed(lists), &policy, &extras, now);
        (kind.confirmed, remarks.contains(&Code::ListOutdated))
    };
    let (good, never) = ([granted()], [span(LONG_BEFORE, None, false, false)]);
    let due = |due: &str| vec![of(MADE, due, &good)];
    assert_eq!(told(due(SIGNED), None, SIGNED), (true, false), "to the day");
    let passed = "2026-06-01T11:59:59Z";
    assert_eq!(told(due(passed), None, SIGNED), (false, true));
    // Proven to be older, judged when the list is long due.
    let (stamp, later) = (Some("2026-06-01T10:00:00Z"), "2026-09-01T12:00:00Z");
    assert_eq!(told(due(passed), stamp, later), (true, false));
    let before = "2026-05-31T23:59:59Z";
    assert_eq!(told(due(before), stamp, later), (false, true), "its issue");

    let newer = "2026-05-20T00:00:00Z";
    for (first, second, expected) in [
        (of(MADE, DUE, &good), of(newer, DUE, &never), false),
        (of(MADE, DUE, &never), of(newer, DUE, &good), true),
    ] {
        let both = vec![first.clone(), second.clone()];
        assert_eq!(told(both, None, SIGNED), (expected, false));
        let turned = vec![second, first];
        assert_eq!(told(turned, None, SIGNED), (expected, false));
    }
    // Of two of one moment the number decides.
    let numbered = |sequence: u64, spans: &[ListedSpan]| ListedIssue {
        sequence: Some(sequence),
        ..of(newer, DUE, spans)
    };
    for (granting, never_granting, expected) in [(17, 18, false), (18, 17, true)] {
        let both = vec![numbered(granting, &good), numbered(never_granting, &never)];
        assert_eq!(told(both, None, SIGNED), (expected, false));
    }
    // What one list tells counts, though another that names it is due.
    let other = |country: &str, due: &str, spans: &[ListedSpan]| ListedIssue {
        territory: Some(country.to_owned()),
        ..of(MADE, due, spans)
    };
    for (fresh, stale, expected) in [(&good, &never, true), (&never, &good, false)] {
        let both = vec![other("DE", DUE, fresh), other("AT", passed, stale)];
        assert_eq!(told(both, None, SIGNED), (expected, false));
    }
    // Nor is a list of another law missed by whom it could not confirm.
    let russian = ListedIssue {
        law: Law::Russia,
        ..other("RU", passed, &good)
    };
    let both = vec![of(MADE, DUE, &good), russian];
    assert_eq!(told(both, None, SIGNED), (true, false));
    // An issue that names it no more grants nothing, and an old list of another country counts.
    let empty = issue(newer, DUE, vec![]);
    let known = of(MADE, DUE, &good);
    assert_eq!(
        told(vec![known.clone(), empty.clone()], None, SIGNED),
        (false, false)
    );
    let abroad = ListedIssue {
        territory: Some("FR".to_owned()),
        ..known
    };
    assert_eq!(told(vec![abroad, empty], None, SIGNED), (true, false));
}

/// Goal: where two ways carry, of which lists grant by one and not by the other, nothing is
/// confirmed, whichever was found first. Method: a centre that is on no list, certified by two
/// roots with its one key, of which one is granted and the other was, both trusted.
#[test]
fn two_ways_must_not_disagree() {
    let town = Town::for_uses(&[SIGNATURES]);
    let other = Draft::authority("Other root", 9).own();
    let crossed = Draft::authority("Centre", 3).by(&other).certificate;
    let never = [span(LONG_BEFORE, None, false, false)];
    let good = [granted()];
    let told = |first: &[ListedSpan], second: &[ListedSpan]| {
        let mut anchors = Anchors::from_pem_or_der(&town.root.certificate).expect("a root");
        anchors.extend(Anchors::from_pem_or_der(&other.certificate).expect("a root"));
        let named = vec![authority(&town.root, first), authority(&other, second)];
        let anchors = anchors.with_listed([issue(MADE, DUE, named)]);
        let extras = Extras {
            certificates: vec![town.centre.certificate.clone(), crossed.clone()],
            crls: vec![List::of("2026-06-01T11:00:00Z", "2026-06-08T00:00:00Z", vec![]).by(&other)],
            ..Extras::default()
        };
        let policy = ValidationPolicy::default();
        town.told(&anchors, &policy, &extras, SIGNED).0.confirmed
    };
    assert!(told(&good, &good));
    assert!(!told(&good, &never));
    assert!(!told(&never, &good));
}

/// Goal: a kind that is not confirmed, or is less than the certificate says, says why. Method: each
/// of what a list can say of the issuer, a list that is due, none, and a signature that is open.
#[test]
fn a_kind_says_what_keeps_it_from_being_confirmed() {
    let town = Town::for_uses(&[SIGNATURES]);
    let of = |spans: &[ListedSpan]| town.kind(&[(&town.centre, spans)]).remark;
    assert_eq!(of(&[granted()]), None);
    let seals = span(LONG_BEFORE, None, false, true);
    let neither = span(LONG_BEFORE, None, false, false);
    let taken = qualified("NotQualified", "all", &[POLICY]);
    let device = qualified("QCNoQSCD", "all", &[POLICY]);
    for (spans, expected) in [
        (seals, KindRemark::OtherUse),
        (neither, KindRemark::NotGranted),
        (taken, KindRemark::TakenBack),
        (device, KindRemark::NoDevice),
    ] {
        assert_eq!(of(&[spans]), Some(expected));
    }
    assert_eq!(town.kind(&[]).remark, Some(KindRemark::Unlisted));
    let policy = ValidationPolicy::default();
    let extras = Extras {
        certificates: vec![town.centre.certificate.clone()],
        ..Extras::default()
    };
    let trusted = Anchors::from_pem_or_der(&town.root.certificate).expect("a root");
    let listed = authority(&town.centre, &[granted()]);
    let due = trusted.with_listed([issue(MADE, "2026-05-20T00:00:00Z", vec![listed])]);
    let (kind, _) = town.told(&due, &policy, &extras, SIGNED);
    assert_eq!(kind.remark, Some(KindRemark::Outdated));
    let web = Town::for_uses(&[WEB]);
    let kind = web.kind(&[(&web.centre, &[granted()])]);
    assert_eq!(
        (kind.class, kind.remark),
        (LegalClass::Advanced, Some(KindRemark::ForSites))
    );
}
